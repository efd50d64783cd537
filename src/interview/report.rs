//! The state of an interview, the profile, and rankings.

use super::Interview;
use crate::decision::ranking::rank;
use crate::decision::regret::expected_regret;
use crate::decision::stopping::StopContext;
use crate::decision::{RankedCandidate, StopReason};
use crate::error::{Error, Flaw};
use crate::format::candidates::Candidate;

use crate::model::evidence::columns;
use crate::model::log::EntryKind;
use crate::model::{Answer, Prompt};
use crate::profile::person_fit::person_fit;
use crate::profile::{PersonFitFinding, Profile, WhatIf};
use nalgebra::DMatrix;

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

impl Interview {
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
