//! Samples of the exact posterior.
//!
//! After 5–20 answers the Laplace approximation is overconfident: its 90% intervals cover too
//! little, and its probabilities are off by several hundredths. Everything a person is shown
//! therefore comes from samples of the exact posterior.
//!
//! Under a mixture prior each component has its own samples, in proportion to the probability that
//! the person belongs to it: its share times the likelihood of the evidence in it.

use super::laplace::{ComponentApproximation, LaplaceApproximation};
use super::sampler::Sampler;
use crate::numeric::stats::{moments, quantile, share_positive};
use crate::numeric::{Random, softmax};
use nalgebra::{DMatrix, DVector, DVectorView};

/// Number of samples. A probability of one half has a standard error of 0.016.
const SAMPLES: usize = 1000;
/// A fifth as many: enough to choose questions by.
const FEW_SAMPLES: usize = SAMPLES / 5;
/// The samples are part of what is shown for a log, so their seed is fixed: the same log shows the
/// same numbers on each device.
const SEED: u64 = 0x1ea9;

/// Equally weighted samples of the exact posterior over the weights.
#[derive(Debug, Clone)]
pub struct PosteriorSamples {
    /// d × n: a column per sample.
    weights: DMatrix<f64>,
    component_probabilities: Vec<f64>,
}

impl PosteriorSamples {
    /// Samples the posterior that `laplace` approximates. The same approximation always gives the
    /// same samples.
    pub fn draw(laplace: &LaplaceApproximation) -> Self {
        Self::draw_seeded(laplace, SEED, SAMPLES)
    }

    /// As [`PosteriorSamples::draw`], a fifth as many.
    pub(crate) fn draw_few(laplace: &LaplaceApproximation) -> Self {
        Self::draw_seeded(laplace, SEED, FEW_SAMPLES)
    }

    /// As [`PosteriorSamples::draw`], with a seed and a number of samples (at least 1).
    pub fn draw_seeded(laplace: &LaplaceApproximation, seed: u64, samples: usize) -> Self {
        let likely: Vec<(usize, &ComponentApproximation)> = laplace.likely_components().collect();
        let mut samplers: Vec<Sampler> = likely
            .iter()
            .map(|&(index, of)| Sampler::new(&of.gaussian, Random::new(seed, index as u64)))
            .collect();
        let probabilities = if likely.len() > 1 {
            let log = |((_, of), sampler): (&(usize, &ComponentApproximation), &mut Sampler)| {
                libm::log(of.probability) + sampler.log_evidence_correction()
            };
            softmax(
                &likely
                    .iter()
                    .zip(&mut samplers)
                    .map(log)
                    .collect::<Vec<_>>(),
            )
        } else {
            vec![1.0]
        };
        let mut component_probabilities = vec![0.0; laplace.component_probabilities().len()];
        let mut columns: Vec<DVector<f64>> = Vec::with_capacity(samples);
        let mut cumulative = 0.0;
        for ((sampler, (index, _)), probability) in
            samplers.iter_mut().zip(&likely).zip(probabilities)
        {
            component_probabilities[*index] = probability;
            cumulative += probability;
            let until = (cumulative * samples.max(1) as f64).round() as usize;
            while columns.len() < until {
                columns.push(sampler.draw());
            }
        }
        PosteriorSamples {
            weights: DMatrix::from_columns(&columns),
            component_probabilities,
        }
    }

    /// The probability that the person belongs to each component of the prior.
    pub fn component_probabilities(&self) -> &[f64] {
        &self.component_probabilities
    }

    /// The samples, d × n: a column per sample.
    pub fn weights(&self) -> &DMatrix<f64> {
        &self.weights
    }

    /// Number of samples n.
    pub fn count(&self) -> usize {
        self.weights.ncols()
    }

    /// About `count` of the samples, evenly spaced.
    pub(crate) fn thinned(
        &self,
        count: usize,
    ) -> impl ExactSizeIterator<Item = DVectorView<'_, f64>> {
        self.weights
            .column_iter()
            .step_by(self.count().div_ceil(count))
    }

    /// The mean of the weights, d numbers.
    pub(crate) fn mean(&self) -> DVector<f64> {
        let mean = |j| self.weight_moments(j).0;
        DVector::from_fn(self.weights.nrows(), |j, _| mean(j))
    }

    /// The reward difference λᵀz of each sample.
    fn project(&self, z: &DVector<f64>) -> DVector<f64> {
        self.weights.tr_mul(z)
    }

    /// Mean and standard deviation of the reward difference λᵀz.
    pub fn moments(&self, z: &DVector<f64>) -> (f64, f64) {
        moments(self.project(z).iter().copied())
    }

    /// Mean and standard deviation of one weight.
    pub fn weight_moments(&self, dimension: usize) -> (f64, f64) {
        moments(self.weights.row(dimension).iter().copied())
    }

    /// P(λᵀz > 0): the probability that the first of two candidates is the better one, for
    /// z = φ₁ − φ₂. A difference of exactly 0 counts half.
    pub fn probability_positive(&self, z: &DVector<f64>) -> f64 {
        share_positive(self.project(z).iter().copied())
    }

    /// P(λ_j > 0).
    pub fn probability_weight_positive(&self, dimension: usize) -> f64 {
        share_positive(self.weights.row(dimension).iter().copied())
    }

    /// The central credible interval that holds one weight with probability `level`
    /// (0 < level < 1).
    pub fn interval(&self, dimension: usize, level: f64) -> (f64, f64) {
        let mut weights: Vec<f64> = self.weights.row(dimension).iter().copied().collect();
        weights.sort_by(f64::total_cmp);
        let tail = 0.5 * (1.0 - level);
        (quantile(&weights, tail), quantile(&weights, 1.0 - tail))
    }
}
