//! How many questions are still to come: an estimate, by asking on in thought.
//!
//! The next questions are taken to be those that shrink the Gaussian N(m, S) most (D-optimal), each
//! telling as much as is expected of it today. The covariance S_t after t of them does not depend on
//! the answers then, and the mean m_t that they lead to is N(m, S − S_t).
//!
//! The loss by then follows in closed form if the scores of the candidates to pick from are normal,
//! with covariance R within a prompt. Among many candidates the one that weights w rank first is then
//! worth λᵀRw / ‖w‖ on average, with ‖w‖² = wᵀRw, times a number that depends on how many there are.
//! The best one is worth ‖λ‖ times that, and since E[λ | m_t] = m_t, the expected regret after t
//! questions is 1 − E‖m_t‖ / E‖λ‖. Only its fall from today is taken from this: today's is known.

use super::acquisition::Projections;
use super::acquisition::information_gain::{information_gain, mean_information};
use super::{Differences, Places};
use crate::decision::StopRule;
use crate::inference::{LaplaceApproximation, Projection};
use crate::model::OrdinalScale;
use crate::numeric::{ScoredIndex, descending};
use nalgebra::{DMatrix, DVector};

/// The state from which to ask on.
pub(crate) struct Forecast<'a> {
    pub rule: &'a StopRule,
    pub laplace: &'a LaplaceApproximation,
    /// The outcomes of a question.
    pub scale: &'a OrdinalScale,
    /// Today's expected regret.
    pub expected_regret: f64,
    /// z of all pairs.
    pub differences: &'a Differences,
    /// The pairs that can be asked about.
    pub pairs: &'a Places,
    /// The prompts to decide about, d × N each.
    pub prompts: &'a [DMatrix<f64>],
}

impl Forecast<'_> {
    /// The number of questions until the rule ends the interview, at most `limit`.
    pub fn remaining(&self, limit: usize) -> usize {
        let mean = self.laplace.mean();
        let d = self.laplace.dimensions();
        let mut covariance = self.laplace.covariance();
        let mut resolved = DMatrix::zeros(d, d);
        let scatter = scatter(d, self.prompts);
        let in_full = mean_length(&scatter, mean, &covariance);
        let loss = |resolved: &DMatrix<f64>| in_full - mean_length(&scatter, mean, resolved);
        let today = loss(&resolved);
        // Answers only take away from the worth of another question, so its worth before bounds its
        // worth now, and few need to be looked at again (lazy greedy search, Minoux 1978). The best
        // comes last.
        let (mut places, mut information, mut worths) = (Vec::new(), Vec::new(), Vec::new());
        let maps = self.laplace.reward_maps(false);
        let mut projections = Projections::new(maps, self.differences);
        projections.of_all(self.pairs, &mut |place, projection| {
            let (mean, variance) = projection.moments();
            let of_answer = self.scale.outcomes(mean).information();
            places.push(place);
            information.push(of_answer);
            worths.push(of_answer * variance);
        });
        let worth = |index: usize, covariance: &DMatrix<f64>| {
            information[index] * quadratic(covariance, &self.differences.of(places[index]))
        };
        let mut bounds = descending(worths);
        bounds.reverse();
        for asked in 0..limit {
            let regret = self.expected_regret * loss(&resolved) / today;
            if self.rule.regret.is_some_and(|share| regret < share) {
                return asked;
            }
            let z = loop {
                let Some(ScoredIndex { index, .. }) = bounds.pop() else {
                    return asked;
                };
                let score = worth(index, &covariance);
                let place = bounds.partition_point(|other| other.score < score);
                if place == bounds.len() {
                    break self.differences.of(places[index]);
                }
                bounds.insert(place, ScoredIndex { score, index });
            };
            let (u, variance) = (mean.dot(&z), quadratic(&covariance, &z));
            let gain = || information_gain(self.scale, &Projection::gaussian(u, variance));
            if self.rule.gain.is_some_and(|bits| gain() < bits) {
                return asked;
            }
            let information = mean_information(self.scale, u, variance);
            let shift = &covariance * &z;
            let weight = information / (1.0 + information * variance);
            covariance.ger(-weight, &shift, &shift, 1.0);
            resolved.ger(weight, &shift, &shift, 1.0);
        }
        limit
    }
}

/// zᵀMz.
fn quadratic(matrix: &DMatrix<f64>, z: &DVector<f64>) -> f64 {
    z.dot(&(matrix * z))
}

/// R up to a factor: Σ (φ − φ̄)(φ − φ̄)ᵀ over the candidates of prompts, φ̄ the average of a prompt's.
fn scatter(d: usize, prompts: &[DMatrix<f64>]) -> DMatrix<f64> {
    let mut scatter = DMatrix::zeros(d, d);
    for scores in prompts.iter().filter(|scores| scores.ncols() > 0) {
        let average = scores.column_mean();
        for scores in scores.column_iter() {
            let away = scores - &average;
            scatter.ger(1.0, &away, &away, 1.0);
        }
    }
    scatter
}

/// E‖w‖ with ‖w‖² = wᵀRw for w ~ N(m, S): the square root's series to second order around the mean of
/// ‖w‖². Exact for S = 0, and 6% too low at worst, where only one dimension matters and m = 0.
fn mean_length(scatter: &DMatrix<f64>, mean: &DVector<f64>, covariance: &DMatrix<f64>) -> f64 {
    let pull = scatter * mean;
    let product = scatter * covariance;
    let squared = mean.dot(&pull) + product.trace();
    let variance = 2.0 * (&product * &product).trace() + 4.0 * quadratic(covariance, &pull);
    if squared > 0.0 {
        squared.sqrt() * (1.0 - variance / (8.0 * squared * squared))
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::evidence::columns;

    #[test]
    fn the_mean_length_of_a_normal_vector_is_that_of_the_chi_distribution() {
        // √2·Γ((d + 1)/2) / Γ(d/2).
        for (d, exact, tolerance) in [
            (1, 0.797_885, 0.061),
            (3, 1.595_769, 0.01),
            (8, 2.741_636, 0.001),
        ] {
            let identity = DMatrix::identity(d, d);
            let found = mean_length(&identity, &DVector::zeros(d), &identity);
            assert!((found / exact - 1.0).abs() <= tolerance, "{d}: {found}");
        }
    }

    #[test]
    fn weights_that_are_known_exactly_have_their_own_length() {
        let scatter = DMatrix::from_diagonal(&DVector::from_vec(vec![4.0, 1.0]));
        let mean = DVector::from_vec(vec![1.5, 4.0]);
        assert_eq!(mean_length(&scatter, &mean, &DMatrix::zeros(2, 2)), 5.0);
    }

    #[test]
    fn scores_that_all_candidates_of_a_prompt_share_do_not_scatter() {
        let prompts = [columns(&[[7.0, 1.0], [9.0, 1.0]]), columns(&[[-3.0, 0.0]])];
        assert_eq!(
            scatter(2, &prompts),
            DMatrix::from_row_slice(2, 2, &[2.0, 0.0, 0.0, 0.0])
        );
    }
}
