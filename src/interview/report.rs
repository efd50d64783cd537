//! The state of an interview, the profile, and rankings.

use super::{Derived, Interview, checked_weight};
use crate::decision::ranking::rank;
use crate::decision::regret::expected_regret;
use crate::decision::stopping::StopContext;
use crate::decision::{RankOptions, RankedCandidate, StopReason};
use crate::error::Error;
use crate::format::candidates::Candidate;

use crate::model::Answer;
use crate::model::log::EntryKind;
use crate::profile::archetype::nearest_archetype;
use crate::profile::person_fit::person_fit;
use crate::profile::{NearestArchetype, PersonFitFinding, PersonFitKind, Profile, WhatIf};
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
    /// Those of them that were not the deck's: the answers given to [`Interview::observe`] about other
    /// candidates, except those that the log keeps as a sum.
    pub observed: usize,
    /// Number of questions still to come: an estimate if the stop rule has more than a number of
    /// answers.
    pub remaining: usize,
    /// Why it is over, if it is.
    pub stop_reason: Option<StopReason>,
}

impl Interview {
    /// The changes in the picks from the deck's prompts if the weight of a dimension, by its id, were
    /// `weight`, or if it had the other sign.
    ///
    /// # Errors
    /// [`Error::Answer`] for an unknown dimension or a weight out of range, else as
    /// [`Interview::laplace_approximation`].
    pub fn what_if(&self, dimension: &str, weight: Option<f64>) -> Result<WhatIf, Error> {
        let place = self.dimension(dimension)?;
        let weights = self.laplace_approximation()?.mean();
        let mut alternative = weights.clone();
        alternative[place] = match weight {
            Some(weight) => checked_weight(weight)?,
            None => -weights[place],
        };
        Ok(WhatIf::new(&self.deck, weights, &alternative))
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
            observed: self.observed(),
            remaining,
            stop_reason,
        })
    }

    /// Numbers of questions dealt with, and of those that were answered.
    pub fn counts(&self) -> (usize, usize) {
        let summed_up = self.log.summed_up();
        let (mut asked, mut answered) = (summed_up.asked, summed_up.answered());
        for entry in self.log.live() {
            if let EntryKind::Answer { answer, .. } = &entry.kind {
                asked += 1;
                answered += usize::from(*answer != Answer::Skip);
            }
        }
        (asked, answered)
    }

    /// Number of live answers about candidates that the deck does not have.
    fn observed(&self) -> usize {
        let is_observed = |kind: &EntryKind| match kind {
            EntryKind::Answer { shown, answer, .. } => {
                *answer != Answer::Skip && self.deck.find_candidates(shown).is_none()
            }
            EntryKind::Statement { .. } | EntryKind::Retraction { .. } => false,
        };
        self.log
            .live()
            .filter(|entry| is_observed(&entry.kind))
            .count()
    }

    /// Why the interview is over, if it is.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn stop_reason(&self) -> Result<Option<StopReason>, Error> {
        let derived = self.derived()?;
        let context = StopContext {
            answered: self.counts().1,
            remaining_pairs: self.pool.questions_left(&derived.asked, 2),
            expected_regret: &|| {
                let regret = self.regret_of(derived);
                // Person fit takes longer, and matters only to somebody who would be done.
                let is_low = self.options.stop.regret.is_some_and(|share| regret < share);
                if is_low && self.is_nonlinear(derived) {
                    f64::INFINITY
                } else {
                    regret
                }
            },
            best_gain: &|| self.best_gain(derived),
        };
        Ok(self.options.stop.check(&context))
    }

    /// The expected regret ([`expected_regret`]) over the sample of the options, or else over the
    /// deck's own prompts. `None` if person fit finds that no weights describe this person: then
    /// nobody knows how far off the picks are, and the regret ends no interview.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn expected_regret(&self) -> Result<Option<f64>, Error> {
        let derived = self.derived()?;
        Ok((!self.is_nonlinear(derived)).then(|| self.regret_of(derived)))
    }

    /// Whether person fit finds that no weights describe this person.
    pub(super) fn is_nonlinear(&self, derived: &Derived) -> bool {
        *derived.is_nonlinear.get_or_init(|| {
            let findings = self.person_fit();
            findings
                .iter()
                .any(|finding| finding.kind == PersonFitKind::Nonlinear)
        })
    }

    pub(super) fn regret_of(&self, derived: &Derived) -> f64 {
        *derived
            .expected_regret
            .get_or_init(|| expected_regret(&derived.laplace, derived.samples(), &self.sample()))
    }

    /// Ranks candidates of one prompt for this person, best first. With
    /// [`RankOptions::at_least`], the population's pick comes first where a personal pick might
    /// well be worse.
    ///
    /// # Errors
    /// [`Error::Options`] for an option out of range, [`Error::Candidates`] for scores of other
    /// dimensions, else as [`Interview::laplace_approximation`].
    pub fn rank(
        &self,
        candidates: &[Candidate],
        options: RankOptions,
    ) -> Result<Vec<RankedCandidate>, Error> {
        options.check()?;
        self.check_candidates(candidates)?;
        let derived = self.derived()?;
        let features = self.deck.features();
        let mut ranked = rank(
            &derived.laplace,
            derived.samples(),
            self.deck.prior().mean(),
            &features.columns(candidates),
            options,
        );
        let d = self.deck.dimensions().len();
        let middle = features.likes_middle(derived.laplace.mean());
        for one in &mut ranked {
            one.middle.clone_from(&middle);
            one.contributions = features.by_dimension(&one.contributions);
            one.deviation = one.deviation.rows(0, d).into_owned();
        }
        Ok(ranked)
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

    /// The archetype of the deck that the person is most probably closest to. `None` before anything
    /// was answered or stated, and unless the probability is at least 0.5.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn archetype(&self) -> Result<Option<NearestArchetype>, Error> {
        if self.deck.archetypes().is_empty() || self.log.evidence(&self.deck).is_empty() {
            return Ok(None);
        }
        Ok(nearest_archetype(&self.deck, self.derived()?.samples()))
    }

    /// The findings of the person-fit tests, the least probable first. Usually none.
    pub fn person_fit(&self) -> Vec<PersonFitFinding> {
        person_fit(
            self.deck.prior(),
            self.model(),
            &self.log.observations(&self.deck),
        )
    }

    /// The prompts that stand for the decisions to come: features of each one's candidates, a column
    /// each.
    pub(super) fn sample(&self) -> Vec<DMatrix<f64>> {
        let stride = |count: usize| count.div_ceil(REGRET_PROMPTS).max(1);
        let sample = &self.options.sample;
        if !sample.is_empty() {
            return sample
                .iter()
                .step_by(stride(sample.len()))
                .map(|prompt| self.deck.features().map_columns(prompt))
                .collect();
        }
        let prompts = self.deck.prompts().len();
        (0..prompts)
            .step_by(stride(prompts))
            .map(|prompt| self.deck.prompt_features(prompt))
            .collect()
    }
}
