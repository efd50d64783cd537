//! The state of an interview, the entries of its log, the profile, and rankings.

use super::Interview;
use crate::decision::ranking::{expected_regret, rank};
use crate::decision::stopping::StopContext;
use crate::decision::{RankedCandidate, StopReason};
use crate::error::{Error, Flaw};
use crate::format::candidates::Candidate;
use crate::inference::{LaplaceApproximation, half_life_weights};
use crate::model::answer::columns;
use crate::model::log::{EntryKind, LogEntry};
use crate::model::{Answer, Prompt};
use crate::profile::person_fit::person_fit;
use crate::profile::{PersonFitFinding, Profile, WhatIf};
use nalgebra::{DMatrix, DVector};

/// The expected regret is averaged over at most this many prompts of the deck, evenly spaced.
const REGRET_PROMPTS: usize = 64;

/// The state of an interview.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Status {
    /// Questions that the person has dealt with, skips included.
    pub asked: usize,
    /// Questions answered.
    pub answered: usize,
    /// Number of questions still to come: an estimate if the stop rule has more than a number of
    /// answers.
    pub remaining: usize,
    /// Why it is over, if it is.
    pub stop_reason: Option<StopReason>,
}

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
            .filter_map(|entry| entry.observation(&self.model()));
        let evidence: Vec<_> = observations
            .map(|observation| observation.evidence)
            .collect();
        let weights = half_life_weights(&evidence, self.options.half_life);
        let (prior, model) = (self.deck.prior(), self.model());
        let laplace = LaplaceApproximation::infer_weighted(prior, model, &evidence, &weights)?;
        Ok(laplace.mean().clone())
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

    /// The changes in the picks from the deck's prompts if the weight of a dimension, by its id, had
    /// the other sign.
    ///
    /// # Errors
    /// [`Error::Answer`] for an unknown dimension, else as [`Interview::laplace_approximation`].
    pub fn what_if(&self, dimension: &str) -> Result<WhatIf, Error> {
        let place = self.dimension(dimension)?;
        Ok(WhatIf::new(
            &self.deck,
            self.laplace_approximation()?.mean(),
            place,
        ))
    }

    /// The state of the interview.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn status(&self) -> Result<Status, Error> {
        let (asked, answered) = self.counts();
        let (remaining, stop_reason) = (self.remaining()?, self.stop_reason()?);
        Ok(Status {
            asked,
            answered,
            remaining,
            stop_reason,
        })
    }

    /// Numbers of questions dealt with, and of those that were answered.
    pub fn counts(&self) -> (usize, usize) {
        let (mut asked, mut answered) = (0, 0);
        for entry in self.log.live() {
            if let EntryKind::Answer { answer, .. } = &entry.kind {
                asked += 1;
                answered += usize::from(*answer != Answer::Skip);
            }
        }
        (asked, answered)
    }

    /// Why the interview is over, if it is.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn stop_reason(&self) -> Result<Option<StopReason>, Error> {
        let derived = self.derived()?;
        let context = StopContext {
            answered: self.counts().1,
            remaining_pairs: derived.asked.remaining(),
            expected_regret: &|| self.regret_of(derived),
            best_gain: &|| self.best_gain(derived),
        };
        Ok(self.options.stop.check(&context))
    }

    /// The expected regret ([`expected_regret`]) over the sample of the options, or else over the
    /// deck's own prompts.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn expected_regret(&self) -> Result<f64, Error> {
        Ok(self.regret_of(self.derived()?))
    }

    fn regret_of(&self, derived: &super::Derived) -> f64 {
        *derived
            .expected_regret
            .get_or_init(|| expected_regret(&derived.laplace, derived.samples(), &self.sample()))
    }

    /// Ranks candidates of one prompt for this person, best first. With a `temperature` (above 0, in
    /// units of reward) each also gets its probability under soft best-of-N.
    ///
    /// # Errors
    /// [`Error::Options`] for a temperature that is not above 0, [`Error::Candidates`] for scores of
    /// other dimensions, else as [`Interview::laplace_approximation`].
    pub fn rank(
        &self,
        candidates: &[Candidate],
        temperature: Option<f64>,
    ) -> Result<Vec<RankedCandidate>, Error> {
        if temperature.is_some_and(|number| !(number > 0.0 && number.is_finite())) {
            return Err(Error::Options(Flaw::new(
                "temperature",
                "expected a number above 0",
            )));
        }
        self.check_candidates(candidates)?;
        let derived = self.derived()?;
        Ok(rank(
            &derived.laplace,
            derived.samples(),
            &columns(candidates),
            temperature,
        ))
    }

    /// The weights of the person, for the person.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn profile(&self) -> Result<Profile, Error> {
        let derived = self.derived()?;
        let (_, answers) = self.counts();
        let (laplace, samples) = (&derived.laplace, derived.samples());
        Ok(Profile::new(
            &self.deck,
            laplace,
            samples,
            answers,
            self.person_fit(),
        ))
    }

    /// The findings of the person-fit tests, the least probable first. Usually none.
    pub fn person_fit(&self) -> Vec<PersonFitFinding> {
        person_fit(
            self.deck.prior(),
            self.model(),
            &self.log.observations(&self.model()),
        )
    }

    /// The prompts that stand for the decisions to come: scores of each one's candidates, d × N.
    pub(super) fn sample(&self) -> Vec<DMatrix<f64>> {
        let stride = |count: usize| count.div_ceil(REGRET_PROMPTS).max(1);
        let sample = &self.options.sample;
        if !sample.is_empty() {
            return sample
                .iter()
                .step_by(stride(sample.len()))
                .cloned()
                .collect();
        }
        let prompts = self.deck.prompts();
        prompts
            .iter()
            .step_by(stride(prompts.len()))
            .map(Prompt::scores)
            .collect()
    }
}
