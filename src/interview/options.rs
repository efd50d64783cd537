//! How an interview goes.

use crate::answer::Evidence;
use crate::deck::Deck;
use crate::error::{Error, Flaw};
use crate::json::MOST;
use crate::question::{MOST_SHOWN, Strategy};
use crate::stopping::StopRule;
use alloc::vec::Vec;
use core::f64::consts::LN_2;

/// How an interview goes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// How questions are chosen.
    pub strategy: Strategy,
    /// When it ends.
    pub stop: StopRule,
    /// How many candidates a question shows, 2 to [`crate::question::MOST_SHOWN`]; what the deck says unless given.
    pub choose: Option<usize>,
    /// For somebody whose taste changes: after so many further answers an answer counts half. `None` forgets nothing.
    pub half_life: Option<f64>,
    /// Prompts, each as its candidates' scores (d numbers each), that stand for what will have to be picked from: what
    /// the expected regret is about. The deck's own prompts where there are none.
    pub sample: Vec<Vec<Vec<f64>>>,
    /// Makes the sides on which candidates are shown, and what [`Strategy::Random`] draws, predictable. For tests.
    /// The ids in the log are random all the same: two logs of one seed must not be taken for one.
    pub seed: Option<u64>,
}

impl Options {
    /// Fails where they are out of range, or not about this deck.
    pub(super) fn check(&self, deck: &Deck) -> Result<(), Error> {
        let wrong = |place: &str, message: &str| Err(Error::Options(Flaw::new(place, message)));
        if self.choose.is_some_and(|choose| !(2..=MOST_SHOWN).contains(&choose)) {
            return wrong("choose", "expected 2 to 4");
        }
        if self.half_life.is_some_and(|answers| !(answers > 0.0)) {
            return wrong("halfLife", "expected a number above 0");
        }
        if self.stop.regret.is_some_and(|share| !(share >= 0.0)) {
            return wrong("stop.regret", "expected a number of at least 0");
        }
        if self.stop.gain.is_some_and(|bits| !(bits >= 0.0)) {
            return wrong("stop.gain", "expected a number of at least 0");
        }
        let fits = |scores: &Vec<f64>| {
            scores.len() == deck.dimensions().len() && scores.iter().all(|score| score.abs() <= MOST)
        };
        if !self.sample.iter().all(|prompt| prompt.iter().all(fits)) {
            return wrong("sample", "expected the scores of the deck's dimensions");
        }
        Ok(())
    }

    /// By how much each piece of evidence counts: half for each half-life of answers since.
    pub(super) fn weights(&self, evidence: &[Evidence]) -> Vec<f64> {
        let Some(half_life) = self.half_life else { return vec![1.0; evidence.len()] };
        let mut since = 0.0;
        let mut weights: Vec<f64> = Vec::with_capacity(evidence.len());
        for evidence in evidence.iter().rev() {
            // What people say of themselves is no answer: it holds until they take it back.
            let is_answer = !matches!(evidence, Evidence::Statement { .. });
            weights.push(if is_answer { libm::exp(-LN_2 * since / half_life) } else { 1.0 });
            since += f64::from(is_answer);
        }
        weights.reverse();
        weights
    }
}
