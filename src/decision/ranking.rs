//! Ranking candidates: rewards, best-of-N, and the probability of being best.

use crate::inference::{LaplaceApproximation, PosteriorSamples};
use crate::numeric::{ScoredIndex, descending};
use nalgebra::{DMatrix, DVector};

/// One candidate in a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedCandidate {
    /// Its place in the list that was handed in, from 0.
    pub index: usize,
    /// λᵀφ at the mean of the Laplace approximation. Only differences between candidates of one
    /// prompt mean anything.
    pub reward: f64,
    /// Posterior standard deviation of its reward minus the average reward of the candidates.
    pub sd: f64,
    /// The posterior probability that it is the best of the candidates. Equals share theirs.
    pub probability_best: f64,
    /// The contribution of each dimension to its reward minus the average candidate's: d numbers
    /// that sum to its reward minus the average reward.
    pub contributions: DVector<f64>,
    /// Its scores minus the average candidate's: d numbers.
    pub deviation: DVector<f64>,
    /// Its share in softmax(reward / temperature), soft best-of-N. `None` without a temperature.
    pub softmax_probability: Option<f64>,
}

/// Why a candidate stands where it does, as far as one dimension goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankingReason {
    /// Place of the dimension in the deck, from 0.
    pub dimension: usize,
    /// Whether the candidate lies on the `high` side of the average candidate, or on the `low` side.
    pub towards_high: bool,
    /// The contribution to its reward.
    pub contribution: f64,
}

impl RankedCandidate {
    /// The dimensions that make the candidate better or worse than the average one, the largest
    /// contribution first.
    pub fn reasons(&self) -> Vec<RankingReason> {
        descending(
            self.contributions
                .iter()
                .map(|contribution| contribution.abs()),
        )
        .into_iter()
        .filter(|scored| scored.score > 0.0)
        .map(|ScoredIndex { index, .. }| RankingReason {
            dimension: index,
            towards_high: self.deviation[index] > 0.0,
            contribution: self.contributions[index],
        })
        .collect()
    }
}

/// Ranks candidates of one prompt, best first. Equals stay in their order.
///
/// `scores` is d × N: a column per candidate. The first in the result is best-of-N. With a
/// `temperature` (above 0, in units of reward) each candidate also gets its probability under soft
/// best-of-N, for callers who want to vary what is shown.
pub fn rank(
    laplace: &LaplaceApproximation,
    samples: &PosteriorSamples,
    scores: &DMatrix<f64>,
    temperature: Option<f64>,
) -> Vec<RankedCandidate> {
    if scores.ncols() == 0 {
        return Vec::new();
    }
    let average = scores.column_mean();
    let probabilities = probabilities_best(samples, scores);
    let order = descending(scores.tr_mul(laplace.mean()).iter().copied());
    let mut ranked: Vec<RankedCandidate> = order
        .into_iter()
        .map(
            |ScoredIndex {
                 score: reward,
                 index,
             }| {
                let deviation = scores.column(index) - &average;
                RankedCandidate {
                    index,
                    reward,
                    sd: samples.moments(&deviation).1,
                    probability_best: probabilities[index],
                    contributions: laplace.mean().component_mul(&deviation),
                    deviation,
                    softmax_probability: None,
                }
            },
        )
        .collect();
    if let Some(temperature) = temperature {
        let best = ranked[0].reward;
        let weight = |ranked: &RankedCandidate| libm::exp((ranked.reward - best) / temperature);
        let sum: f64 = ranked.iter().map(weight).sum();
        for ranked in &mut ranked {
            ranked.softmax_probability = Some(weight(ranked) / sum);
        }
    }
    ranked
}

/// Best-of-N: the place of the candidate with the largest λᵀφ, the first of equals. `None` if there
/// are no candidates. `scores` is d × N: a column per candidate.
pub fn best_of(weights: &DVector<f64>, scores: &DMatrix<f64>) -> Option<usize> {
    first_largest(scores.tr_mul(weights).iter().copied())
}

pub(super) fn first_largest(rewards: impl Iterator<Item = f64>) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (index, reward) in rewards.enumerate() {
        if best.is_none_or(|(_, largest)| reward > largest) {
            best = Some((index, reward));
        }
    }
    best.map(|(index, _)| index)
}

fn probabilities_best(samples: &PosteriorSamples, scores: &DMatrix<f64>) -> Vec<f64> {
    let mut probabilities = vec![0.0; scores.ncols()];
    let rewards = scores.tr_mul(samples.weights());
    for (rewards, of_sample) in rewards.column_iter().zip(samples.probabilities()) {
        let best = rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let equals = rewards.iter().filter(|&&reward| reward == best).count() as f64;
        for (probability, &reward) in probabilities.iter_mut().zip(rewards.iter()) {
            if reward == best {
                *probability += of_sample / equals;
            }
        }
    }
    probabilities
}
