//! How many questions are still to come: an estimate, by asking on in thought.
//!
//! The next questions are taken to be those that shrink the Gaussian belief N(m, S) most (D-optimal), and what they tell
//! to be as much as is expected of them today. The covariance S_t after them does not depend on the answers then, and
//! the mean m_t that they will lead to is N(m, S − S_t).
//!
//! What is lost by then follows in closed form if the scores of what has to be picked from are taken to be normal, with
//! the covariance R within a prompt: of many candidates, the one that weights w rank first is then worth λᵀRw / ‖w‖ on
//! average, with ‖w‖² = wᵀRw, times a number that depends on how many there are. The best one is worth ‖λ‖ times that,
//! and since E[λ | m_t] = m_t, the expected regret after t questions is 1 − E‖m_t‖ / E‖λ‖. Only how it falls from today
//! is taken from this: where it stands today is known.

use crate::answer::AnswerModel;
use crate::belief::Belief;
use crate::linear::{Matrix, dot, plus};
use crate::list::List;
use crate::math;
use crate::order::{Keyed, descending};
use crate::question::score;
use crate::ranking::average;
use crate::stopping::StopRule;
use alloc::vec::Vec;

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
    let tie = model.has_tie(true);
    let mut covariance = belief.covariance_matrix();
    let mut resolved = Matrix::zeros(belief.dimensions());
    let scatter = scatter(belief.dimensions(), prompts);
    let in_full = mean_length(&scatter, belief.mean(), &covariance);
    let loss = |resolved: &Matrix| in_full - mean_length(&scatter, belief.mean(), resolved);
    let today = loss(&resolved);
    // Answers only take away from what another question tells, so that what it told before bounds what it tells now:
    // few need to be looked at again (lazy greedy search, Minoux 1978). The best comes last.
    let information: Vec<f64> = pairs.iter().map(|z| model.pair(dot(belief.mean(), z), tie).information()).list();
    let value = |index: usize, covariance: &Matrix| information[index] * covariance.quadratic(pairs[index]);
    let mut bounds = descending((0..pairs.len()).map(|index| value(index, &covariance)));
    bounds.reverse();
    for asked in 0..most {
        if rule.regret.is_some_and(|share| expected_regret * loss(&resolved) / today < share) {
            return asked;
        }
        let z = loop {
            let Some(Keyed { index, .. }) = bounds.pop() else { return asked };
            let key = value(index, &covariance);
            let place = bounds.partition_point(|other| other.key < key);
            if place == bounds.len() {
                break pairs[index];
            }
            bounds.insert(place, Keyed { key, index });
        };
        let (mean, variance) = (dot(belief.mean(), z), covariance.quadratic(z));
        if rule.gain.is_some_and(|bits| score::information_gain(model, tie, mean, variance) < bits) {
            return asked;
        }
        let information = score::mean_information(model, tie, mean, variance);
        let shift = covariance.times(z);
        let weight = information / (1.0 + information * variance);
        covariance.add_square(-weight, &shift);
        resolved.add_square(weight, &shift);
    }
    most
}

/// R, up to a factor: Σ (φ − φ̄)(φ − φ̄)ᵀ over the candidates of prompts, φ̄ the average of a prompt's.
fn scatter(dimensions: usize, prompts: &[Vec<Vec<f64>>]) -> Matrix {
    let mut scatter = Matrix::zeros(dimensions);
    for scores in prompts.iter().filter(|scores| !scores.is_empty()) {
        let average = average(scores);
        scores.iter().for_each(|scores| scatter.add_square(1.0, &plus(scores, -1.0, &average)));
    }
    scatter
}

/// E‖w‖ with ‖w‖² = wᵀRw for w ~ N(m, S): the square root's series to second order around the mean of ‖w‖². Exact for
/// S = 0, and 6% too low at worst, where only one dimension matters and m = 0.
fn mean_length(scatter: &Matrix, mean: &[f64], covariance: &Matrix) -> f64 {
    let pull = scatter.times(mean);
    let product = scatter.times_transpose(covariance);
    let d = mean.len();
    let trace = |number: &dyn Fn(usize) -> f64| (0..d).map(number).sum::<f64>();
    let squared = dot(mean, &pull) + trace(&|i| product.at(i, i));
    let of_square = trace(&|i| (0..d).map(|j| product.at(i, j) * product.at(j, i)).sum());
    let variance = 2.0 * of_square + 4.0 * covariance.quadratic(&pull);
    if squared > 0.0 { math::sqrt(squared) * (1.0 - variance / (8.0 * squared * squared)) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_length_of_a_normal_vector_is_that_of_the_chi_distribution() {
        // √2·Γ((d + 1)/2) / Γ(d/2).
        for (d, exact, tolerance) in [(1, 0.797_885, 0.061), (3, 1.595_769, 0.01), (8, 2.741_636, 0.001)] {
            let identity = Matrix::identity(d);
            let found = mean_length(&identity, &vec![0.0; d], &identity);
            assert!((found / exact - 1.0).abs() <= tolerance, "{d}: {found}");
        }
    }

    #[test]
    fn what_is_known_exactly_has_its_own_length() {
        let nothing = Matrix::diagonal(&[0.0, 0.0]);
        assert_eq!(mean_length(&Matrix::diagonal(&[4.0, 1.0]), &[1.5, 4.0], &nothing), 5.0);
    }

    #[test]
    fn where_all_candidates_of_a_prompt_are_is_no_difference_between_them() {
        let prompts = [vec![vec![7.0, 1.0], vec![9.0, 1.0]], vec![vec![-3.0, 0.0]]];
        let scatter = scatter(2, &prompts);
        assert_eq!(scatter.rows().collect::<Vec<_>>(), [[2.0, 0.0], [0.0, 0.0]]);
    }
}
