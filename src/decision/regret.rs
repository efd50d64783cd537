//! The expected regret, and the directions in which it lies.

use super::ranking::{best_of, first_largest};
use crate::inference::{LaplaceApproximation, PosteriorSamples};
use nalgebra::DMatrix;

/// The regret to expect from picking each prompt's candidate that ranks first:
/// E Σ (best − picked) / E Σ (best − average), with sums over prompts and expectations over the
/// posterior. 0 if nothing can be lost.
///
/// `prompts` are the scores of each prompt's candidates, d × N.
pub fn expected_regret<'a>(
    laplace: &LaplaceApproximation,
    samples: &PosteriorSamples,
    prompts: impl IntoIterator<Item = &'a DMatrix<f64>>,
) -> f64 {
    let mean = samples.mean();
    let (mut lost, mut at_stake) = (0.0, 0.0);
    for scores in prompts {
        let Some(picked) = best_of(laplace.mean(), scores) else {
            continue;
        };
        let mut from_picked = scores.clone();
        from_picked
            .column_iter_mut()
            .for_each(|mut column| column -= scores.column(picked));
        // With rewards counted from the picked one's, the best reward is what is lost. The average
        // is linear in the weights, so its expectation needs only their mean.
        let rewards = samples.weights() * &from_picked;
        let best: f64 = rewards
            .row_iter()
            .zip(samples.probabilities())
            .map(|(row, probability)| probability * row.iter().copied().fold(0.0, f64::max))
            .sum();
        lost += best;
        at_stake += best - mean.dot(&from_picked.column_mean());
    }
    if at_stake > 0.0 { lost / at_stake } else { 0.0 }
}

/// The mean outer product of the differences z = φ_best − φ_picked over prompts and `draws`
/// posterior samples, d × d: the directions in which being wrong about the weights would cost
/// something. Whatever all candidates in contention share, such as the length of λ, does not matter.
pub(crate) fn contention(
    laplace: &LaplaceApproximation,
    samples: &PosteriorSamples,
    draws: usize,
    prompts: &[DMatrix<f64>],
) -> DMatrix<f64> {
    let d = laplace.dimensions();
    let mut mean = DMatrix::zeros(d, d);
    for scores in prompts {
        let Some(picked) = best_of(laplace.mean(), scores) else {
            continue;
        };
        let draws = samples.resampled(draws);
        let share = 1.0 / (prompts.len() * draws.len()) as f64;
        for draw in draws {
            let best = first_largest(scores.tr_mul(&draw).iter().copied());
            if let Some(best) = best.filter(|&best| best != picked) {
                let z = scores.column(best) - scores.column(picked);
                mean.ger(share, &z, &z, 1.0);
            }
        }
    }
    mean
}
