//! The shift of each log entry: by how much it moved the estimates.

use super::Interview;
use crate::error::Error;
use crate::inference::{LaplaceApproximation, expand, half_life_weights};
use crate::model::Evidence;
use crate::model::log::{EntryKind, LogEntry};
use nalgebra::DVector;

/// From this many pieces of evidence on, the mean after each entry is exact only for every
/// [`EXACT_EVERY`]th one. In between, what came before the last of these counts by its expansion.
const EXPANDED_FROM: usize = 128;
const EXACT_EVERY: usize = 32;

/// An answer or statement that holds, and its effect.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryReport<'a> {
    /// The entry in the log.
    pub entry: &'a LogEntry,
    /// The place of the prompt in the deck and the places of the candidates shown, if the deck has
    /// them.
    pub question: Option<(usize, Vec<usize>)>,
    /// The change of each mean weight × RMS difference from before the entry to after it: d numbers.
    /// Over all live entries the shifts sum to the way from the prior's mean to the current one, less
    /// what is summed up.
    pub shift: DVector<f64>,
}

impl Interview {
    /// The last `last` answers and statements that hold, oldest first, each with its effect. What is
    /// summed up is not among them.
    ///
    /// In a long log a shift is within a twentieth of a standard deviation of the exact one, and their sum
    /// is exact.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn entry_reports(&self, last: usize) -> Result<Vec<EntryReport<'_>>, Error> {
        let live: Vec<&LogEntry> = self.log.live().collect();
        let first = live.len().saturating_sub(last);
        let mut reports = Vec::with_capacity(live.len() - first);
        let summary = self.log.summary();
        let mut evidence: Vec<Evidence> = summary
            .and_then(|summary| summary.evidence(&self.deck))
            .into_iter()
            .collect();
        for entry in &live[..first] {
            evidence.extend(self.evidence_in(entry));
        }
        let d = self.deck.dimensions().len();
        let mean = |laplace: &LaplaceApproximation| laplace.mean().rows(0, d).into_owned();
        let rms = DVector::from_column_slice(self.deck.rms_differences());
        let exact = self.inferred(&evidence)?;
        let mut before = mean(&exact);
        let mut recent = self.expanded(&evidence, &exact)?;
        for (place, entry) in live.iter().enumerate().skip(first) {
            let news = self.evidence_in(entry);
            evidence.extend(news.iter().cloned());
            recent.extend(news);
            let is_last = place + 1 == live.len();
            let after = if is_last || (place - first) % EXACT_EVERY == EXACT_EVERY - 1 {
                let exact = self.inferred(&evidence)?;
                recent = self.expanded(&evidence, &exact)?;
                mean(&exact)
            } else {
                mean(&self.inferred(&recent)?)
            };
            let question = match &entry.kind {
                EntryKind::Answer { shown, .. } => self.deck.find_candidates(shown),
                EntryKind::Statement { .. } | EntryKind::Retraction { .. } => None,
            };
            reports.push(EntryReport {
                entry,
                question,
                shift: (&after - &before).component_mul(&rms),
            });
            before = after;
        }
        Ok(reports)
    }

    fn evidence_in(&self, entry: &LogEntry) -> Vec<Evidence> {
        let observations = entry.observations(&self.deck).into_iter();
        observations
            .map(|observation| observation.evidence)
            .collect()
    }

    /// The evidence, with its answers replaced by their expansion at the mode if they are many.
    fn expanded(
        &self,
        evidence: &[Evidence],
        laplace: &LaplaceApproximation,
    ) -> Result<Vec<Evidence>, Error> {
        if evidence.len() < EXPANDED_FROM {
            return Ok(evidence.to_vec());
        }
        let is_statement = |one: &Evidence| matches!(one, Evidence::Statement { .. });
        let (mut expanded, answers): (Vec<_>, Vec<_>) =
            evidence.iter().cloned().partition(is_statement);
        let factors = half_life_weights(&answers, self.options.half_life);
        let (mode, leniency) = laplace.mode();
        let summary = Evidence::Summary {
            likelihood: expand(self.model(), &answers, &factors, mode, leniency)?,
            answers: answers.len(),
            half_life: self.options.half_life,
        };
        expanded.insert(0, summary);
        Ok(expanded)
    }

    /// The approximation after this evidence, under the half-life of that time.
    fn inferred(&self, evidence: &[Evidence]) -> Result<LaplaceApproximation, Error> {
        let weights = half_life_weights(evidence, self.options.half_life);
        let (prior, model) = (self.deck.prior(), self.model());
        LaplaceApproximation::infer_weighted(prior, model, evidence, &weights)
    }

    /// The statement about each dimension that holds, if any: the log entry and the stated weight.
    pub fn statements(&self) -> Vec<Option<(&LogEntry, f64)>> {
        let mut statements = vec![None; self.deck.dimensions().len()];
        for entry in self.log.live() {
            if let EntryKind::Statement {
                dimension, weight, ..
            } = entry.kind
            {
                statements[dimension] = Some((entry, weight));
            }
        }
        statements
    }
}
