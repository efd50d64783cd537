//! The shift of each log entry: by how much it moved the estimates.

use super::Interview;
use crate::error::Error;
use crate::inference::{LaplaceApproximation, half_life_weights};
use crate::model::log::{EntryKind, LogEntry};
use nalgebra::DVector;

/// An answer or statement that holds, and its effect.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryReport<'a> {
    /// The entry in the log.
    pub entry: &'a LogEntry,
    /// The place of the prompt in the deck and the places of the candidates shown, if the deck has
    /// them.
    pub question: Option<(usize, Vec<usize>)>,
    /// The change of each mean weight × RMS difference from before the entry to after it: d numbers.
    /// Over all live entries the shifts sum to the way from the prior's mean to the current one.
    pub shift: DVector<f64>,
}

impl Interview {
    /// The last `last` answers and statements that hold, oldest first, each with its effect.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn entry_reports(&self, last: usize) -> Result<Vec<EntryReport<'_>>, Error> {
        let live: Vec<&LogEntry> = self.log.live().collect();
        let first = live.len().saturating_sub(last);
        let mut reports = Vec::with_capacity(live.len() - first);
        let mut before = self.mean_after(&live[..first])?;
        for (place, entry) in live.iter().enumerate().skip(first) {
            let after = self.mean_after(&live[..=place])?;
            let rms = DVector::from_column_slice(self.deck.rms_differences());
            let shift = (&after - &before).component_mul(&rms);
            let question = match &entry.kind {
                EntryKind::Answer { shown, .. } => self.deck.find_candidates(shown),
                EntryKind::Statement { .. } | EntryKind::Retraction { .. } => None,
            };
            reports.push(EntryReport {
                entry,
                question,
                shift,
            });
            before = after;
        }
        Ok(reports)
    }

    /// The mean weights after these entries, under the half-life of that time.
    fn mean_after(&self, entries: &[&LogEntry]) -> Result<DVector<f64>, Error> {
        let observations = entries
            .iter()
            .flat_map(|entry| entry.observations(&self.deck));
        let evidence: Vec<_> = observations
            .map(|observation| observation.evidence)
            .collect();
        let weights = half_life_weights(&evidence, self.options.half_life);
        let (prior, model) = (self.deck.prior(), self.model());
        let laplace = LaplaceApproximation::infer_weighted(prior, model, &evidence, &weights)?;
        let d = self.deck.dimensions().len();
        Ok(laplace.mean().rows(0, d).into_owned())
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
