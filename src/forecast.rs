//! How many questions are still to come: an estimate, by asking on in thought.
//!
//! The next questions are taken to be those that shrink the Gaussian belief most (D-optimal), and their answers to leave
//! its mean where it is. The covariance after them does not depend on the answers then, and from it follows, in closed
//! form, how much less there is to lose.

use crate::answer::AnswerModel;
use crate::belief::Belief;
use crate::linear::{Matrix, dot, norm_squared, plus};
use crate::question::score;
use crate::ranking::best_of;
use crate::stopping::StopRule;
use alloc::vec::Vec;

/// At most so many of the pairs that can be asked stand for all of them.
const PAIRS: usize = 128;
/// At most so many differences stand for all that will have to be ranked.
const DECISIONS: usize = 256;

/// How many questions are to come by `rule`, at most `most`. `expected_regret` is today's, `pairs` are the differences
/// that can be asked about, and `prompts` what will have to be picked from.
pub(crate) fn remaining(
    rule: &StopRule,
    belief: &Belief,
    model: &AnswerModel,
    most: usize,
    expected_regret: f64,
    pairs: &[&[f64]],
    prompts: &[Vec<Vec<f64>>],
) -> usize {
    let mut pairs: Vec<&[f64]> = pairs.iter().step_by(pairs.len().div_ceil(PAIRS).max(1)).copied().collect();
    let decisions = decisions(belief, prompts);
    let tie = model.has_tie(true);
    let mut covariance = Matrix::from_rows(&belief.covariance());
    let start: Vec<f64> = decisions.iter().map(|z| variance(&covariance, z)).collect();
    let at_stake = |covariance: &Matrix| -> f64 {
        let loss = |(z, start): (&Vec<f64>, &f64)| {
            let mean = dot(belief.mean(), z);
            // Deciding again once the answers are in is worth the difference to deciding in full knowledge.
            let resolved = (start - variance(covariance, z)).max(0.0);
            expected_gain(mean, *start) - expected_gain(mean, resolved)
        };
        decisions.iter().zip(&start).map(loss).sum()
    };
    let today = at_stake(&covariance);
    for asked in 0..most {
        let least = expected_regret * at_stake(&covariance) / today;
        if rule.regret.is_some_and(|share| least < share) {
            return asked;
        }
        let value = |z: &&[f64]| score::d_optimal(model, tie, dot(belief.mean(), z), variance(&covariance, z));
        let mut best = None;
        for (place, value) in pairs.iter().map(value).enumerate() {
            if best.is_none_or(|(_, most)| value > most) {
                best = Some((place, value));
            }
        }
        let Some((place, _)) = best else { return asked };
        let z = pairs.swap_remove(place);
        let (mean, variance) = (dot(belief.mean(), z), variance(&covariance, z));
        if rule.gain.is_some_and(|bits| score::information_gain(model, tie, mean, variance) < bits) {
            return asked;
        }
        let information = score::mean_information(model, tie, mean, variance);
        let shift = covariance.times(z);
        covariance.add_square(-information / (1.0 + information * variance), &shift);
    }
    most
}

/// φ_other − φ_picked for the candidates of prompts.
fn decisions(belief: &Belief, prompts: &[Vec<Vec<f64>>]) -> Vec<Vec<f64>> {
    let mut decisions = Vec::new();
    for scores in prompts {
        let Some(picked) = best_of(belief.mean(), scores) else { continue };
        decisions
            .extend(scores.iter().map(|other| plus(other, -1.0, &scores[picked])).filter(|z| norm_squared(z) > 0.0));
    }
    let step = decisions.len().div_ceil(DECISIONS).max(1);
    decisions.into_iter().step_by(step).collect()
}

/// zᵀSz.
fn variance(covariance: &Matrix, z: &[f64]) -> f64 {
    dot(z, &covariance.times(z))
}

/// E max(u, 0) for u of this mean and variance, with a logistic distribution in the place of a normal one: no error
/// function needed.
fn expected_gain(mean: f64, variance: f64) -> f64 {
    // √3/π: the scale of a logistic distribution of variance 1.
    let scale = 0.551_328_895_421_792 * libm::sqrt(variance);
    if scale > 0.0 { mean.max(0.0) + scale * libm::log1p(libm::exp(-mean.abs() / scale)) } else { mean.max(0.0) }
}
