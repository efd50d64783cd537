//! Acquisition rules: how much is expected from asking about a pair. One file each.
//!
//! A rule takes the distribution of the pair's reward difference u = λᵀz under the Laplace
//! approximation: its mean mᵀz, its variance v = zᵀSz, and, if it aims at something beyond the answer
//! itself, how far the answer would move the weights, Sz. I is the Fisher information about u of the
//! answer at the mean: p(1−p) for a plain pair, and the scale's with ties, grades or a lapse.
//!
//! Where one candidate is rated, z is how it differs from what it is compared with, and the person's
//! leniency is part of u.

pub mod a_optimal;
pub mod d_optimal;
pub mod decision;
mod gain_table;
pub mod information_gain;
pub mod margin;
mod projector;
pub mod random;
pub mod thompson;

pub(crate) use gain_table::GainTable;
pub(crate) use projector::Projections;

use crate::inference::{LaplaceApproximation, PosteriorSamples, Projection, RewardMap};
use crate::model::{AnswerKind, AnswerModel, Evidence, Offered, OrdinalScale};
use crate::numeric::{Random, ScoredIndex, descending};
use crate::question::{Differences, Places};
use nalgebra::{DMatrix, DVector, DVectorView};
use std::fmt::{self, Debug};

/// A rule, chosen by name with [`by_name`] or written by the caller.
pub type Strategy = &'static dyn AcquisitionRule;

/// The rules that come with the library.
pub const RULES: [Strategy; 7] = [
    &random::RandomPair,
    &margin::Margin,
    &d_optimal::DOptimal,
    &a_optimal::AOptimal,
    &information_gain::InformationGain,
    &decision::Decision,
    &thompson::Thompson,
];

/// The rule that is used unless another is chosen: information gain.
pub const DEFAULT: Strategy = &information_gain::InformationGain;

/// The rule of this name among [`RULES`].
pub fn by_name(name: &str) -> Option<Strategy> {
    RULES.into_iter().find(|rule| rule.name() == name)
}

/// A rule for choosing the next question.
pub trait AcquisitionRule: Debug + Send + Sync {
    /// Its name in options and output.
    fn name(&self) -> &'static str;

    /// Scores `pairs`, places in [`AcquisitionContext::differences`], and returns them best first. The
    /// result may leave out pairs that are not among the best `count`.
    ///
    /// If scores are amounts, best is what has the highest score times [`AcquisitionContext::worth`].
    fn rank(
        &self,
        context: &mut AcquisitionContext,
        pairs: &Places,
        count: usize,
    ) -> Vec<ScoredIndex>;

    /// The worth of a question about these candidates (d × K, K ≥ 2) relative to others with as many
    /// candidates. In bits unless the rule says otherwise.
    fn score_group(
        &self,
        context: &mut AcquisitionContext,
        samples: &PosteriorSamples,
        scores: &DMatrix<f64>,
    ) -> f64 {
        information_gain::of_group(context, samples, scores)
    }

    /// Whether its scores are amounts, so that twice the score is worth twice the reading. By default
    /// they only put pairs in order.
    fn is_amount(&self) -> bool {
        false
    }

    /// The number of best pairs, of different prompts, that are extended to questions about more
    /// candidates and compared then.
    fn starts(&self) -> usize {
        1
    }
}

/// The state that questions are chosen in.
pub struct AcquisitionContext<'a> {
    /// The approximation of the posterior over the weights.
    pub laplace: &'a LaplaceApproximation,
    /// How people answer.
    pub model: AnswerModel,
    /// The kind of the questions, and the answers on offer.
    pub offered: Offered,
    /// z = φ₁ − φ₂ of all pairs, or φ − φ̄ of all candidates to rate.
    pub differences: &'a Differences,
    /// A factor from 0 to 1 for an amount that is told by this pair: less if the question is long or
    /// its prompt comes again. `None` where all count alike.
    pub worth: Option<&'a dyn Fn(usize) -> f64>,
    /// Information gains on [`AcquisitionContext::scale`].
    pub(crate) gains: &'a GainTable,
    /// Samples of the posterior. They take time, so they are drawn when first asked for.
    pub samples: &'a dyn Fn() -> &'a PosteriorSamples,
    /// The evidence so far.
    pub evidence: &'a dyn Fn() -> Vec<Evidence>,
    /// The prompts that will have to be decided about: d × N each, a column per candidate.
    pub prompts: &'a dyn Fn() -> Vec<DMatrix<f64>>,
    /// Random numbers for this question.
    pub random: Random,
}

impl Debug for AcquisitionContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcquisitionContext")
            .field("laplace", self.laplace)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

impl AcquisitionContext<'_> {
    /// The outcomes of a question about a pair or a candidate, by u.
    pub fn scale(&self) -> OrdinalScale {
        self.model.scale(self.offered)
    }

    fn is_rating(&self) -> bool {
        matches!(self.offered.kind, AnswerKind::Rating { .. })
    }

    /// The distribution of u.
    pub fn project(&self, z: DVectorView<f64>) -> Projection {
        if self.is_rating() {
            self.laplace.project_lenient(z)
        } else {
            self.laplace.project(z)
        }
    }

    /// Mean and variance of u, and its covariance with the weights.
    pub fn shift(&self, z: DVectorView<f64>) -> (f64, f64, DVector<f64>) {
        if self.is_rating() {
            self.laplace.shift_lenient(z)
        } else {
            self.laplace.shift(z)
        }
    }

    /// The pairs by a score of their difference z, best first. Of equals the one that comes first in
    /// `pairs` is first, so that the choice is the same on every machine.
    pub fn rank_by(
        &self,
        pairs: &Places,
        score: impl Fn(DVectorView<f64>) -> f64,
    ) -> Vec<ScoredIndex> {
        let scored = pairs.iter().map(|index| ScoredIndex {
            score: score(self.differences.of(index).as_view()),
            index,
        });
        self.in_order(scored.collect())
    }

    /// The pairs by a score of mean and variance of u, best first.
    pub fn rank_by_moments(
        &self,
        pairs: &Places,
        score: impl Fn(f64, f64) -> f64,
    ) -> Vec<ScoredIndex> {
        let mut scored = Vec::with_capacity(pairs.count());
        self.projections().of_all(pairs, &mut |index, projection| {
            let (mean, variance) = projection.moments();
            scored.push(ScoredIndex {
                score: score(mean, variance),
                index,
            });
        });
        self.in_order(scored)
    }

    /// The distributions of u.
    fn projections(&self) -> Projections<'_> {
        Projections::new(self.reward_maps(), self.differences)
    }

    fn reward_maps(&self) -> Vec<RewardMap<'_>> {
        self.laplace.reward_maps(self.is_rating())
    }

    /// Best first, by score times worth.
    fn in_order(&self, scored: Vec<ScoredIndex>) -> Vec<ScoredIndex> {
        let worth = |one: &ScoredIndex| one.score * self.worth_of(one.index);
        descending(scored.iter().map(worth))
            .into_iter()
            .map(|place| scored[place.index])
            .collect()
    }

    fn worth_of(&self, pair: usize) -> f64 {
        self.worth.map_or(1.0, |worth| worth(pair))
    }
}

/// I / (1 + I·v): S falls by this times Sz·(Sz)ᵀ.
fn reduction(scale: &OrdinalScale, mean: f64, variance: f64) -> f64 {
    let information = scale.outcomes(mean).information();
    information / (1.0 + information * variance)
}
