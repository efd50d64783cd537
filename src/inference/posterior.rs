//! Samples of the exact posterior.
//!
//! After 5–20 answers the Laplace approximation is overconfident: its 90% intervals cover too
//! little, and its probabilities are off by several hundredths. Everything a person is shown
//! therefore comes from samples of the exact posterior.
//!
//! Under a mixture prior each component has its own samples, in proportion to the probability that
//! the person belongs to it: its share times the likelihood of the evidence in it.

use super::importance::ImportanceSample;
use super::laplace::{ComponentApproximation, LaplaceApproximation};
use crate::numeric::smooth::SmoothDistribution;
use crate::numeric::stats::{moments, quantile};
use crate::numeric::{Random, ScoredIndex, descending, softmax};
use nalgebra::{DMatrix, DVector};

/// Number of samples in at most [`FEW_DIMENSIONS`]: 1024 from the Gaussian of the importance sample, and
/// those that go with them. In four to 32 dimensions, after 3 to 30 answers, a probability then has a root
/// mean square error of 0.0005 to 0.005, and the end of an interval one of 0.005 to 0.035 standard
/// deviations: `leaning experiments --only draws --tiny`.
const SAMPLES: usize = 1664;
/// In more dimensions there are twice as many samples.
const FEW_DIMENSIONS: usize = 8;
/// Enough to choose questions by.
const FEW_SAMPLES: usize = 208;
/// Of all samples, at least this share is for each component that is not negligible: its probability
/// is estimated from them.
const SMALLEST_SHARE: f64 = 1.0 / 16.0;
/// The samples are part of what is shown for a log, so their seed is fixed: the same log shows the
/// same numbers on each device.
const SEED: u64 = 0x1ea9;

/// Weighted samples of the exact posterior over the weights.
#[derive(Debug, Clone)]
pub struct PosteriorSamples {
    /// n × d: a row per sample.
    weights: DMatrix<f64>,
    /// The probability of each sample; they sum to 1.
    probabilities: DVector<f64>,
    component_probabilities: Vec<f64>,
}

impl PosteriorSamples {
    /// Samples the posterior that `laplace` approximates. The same approximation always gives the
    /// same samples.
    pub fn draw(laplace: &LaplaceApproximation) -> Self {
        let is_small = laplace.dimensions() <= FEW_DIMENSIONS;
        let samples = if is_small { SAMPLES } else { 2 * SAMPLES };
        Self::draw_seeded(laplace, SEED, samples)
    }

    /// As [`PosteriorSamples::draw`], but few.
    pub(crate) fn draw_few(laplace: &LaplaceApproximation) -> Self {
        Self::draw_seeded(laplace, SEED, FEW_SAMPLES)
    }

    /// As [`PosteriorSamples::draw`], with a seed and at least so many samples, 1 or more.
    pub fn draw_seeded(laplace: &LaplaceApproximation, seed: u64, samples: usize) -> Self {
        let likely: Vec<(usize, &ComponentApproximation)> = laplace.likely_components().collect();
        let parts: Vec<ImportanceSample> = likely
            .iter()
            .map(|&(index, of)| {
                let share = of.probability.max(SMALLEST_SHARE);
                let count = (share * samples as f64).round() as usize;
                let mut random = Random::new(seed, index as u64);
                ImportanceSample::draw(&of.gaussian, &mut random, count.max(1))
            })
            .collect();
        let logs: Vec<f64> = likely
            .iter()
            .zip(&parts)
            .map(|((_, of), part)| libm::log(of.probability) + part.log_evidence_correction)
            .collect();
        let mut component_probabilities = vec![0.0; laplace.component_probabilities().len()];
        let count = parts.iter().map(|part| part.probabilities.len()).sum();
        let mut weights = DMatrix::zeros(count, laplace.dimensions());
        let mut probabilities = Vec::with_capacity(count);
        for ((part, (index, _)), probability) in parts.iter().zip(&likely).zip(softmax(&logs)) {
            component_probabilities[*index] = probability;
            weights
                .rows_mut(probabilities.len(), part.probabilities.len())
                .copy_from(&part.weights);
            probabilities.extend(part.probabilities.iter().map(|of| probability * of));
        }
        PosteriorSamples {
            weights,
            probabilities: DVector::from_vec(probabilities),
            component_probabilities,
        }
    }

    /// The probability that the person belongs to each component of the prior.
    pub fn component_probabilities(&self) -> &[f64] {
        &self.component_probabilities
    }

    /// The samples, n × d: a row per sample.
    pub fn weights(&self) -> &DMatrix<f64> {
        &self.weights
    }

    /// Number of samples n.
    pub fn count(&self) -> usize {
        self.weights.nrows()
    }

    /// The probability of each sample, n numbers that sum to 1.
    pub fn probabilities(&self) -> &DVector<f64> {
        &self.probabilities
    }

    /// `count` equally probable samples, by systematic resampling: a sample comes as often as its
    /// probability demands.
    pub(crate) fn resampled(&self, count: usize) -> impl ExactSizeIterator<Item = DVector<f64>> {
        let (mut place, mut below) = (0, self.probabilities[0]);
        (0..count).map(move |k| {
            let until = (k as f64 + 0.5) / count as f64;
            while below < until && place + 1 < self.count() {
                place += 1;
                below += self.probabilities[place];
            }
            self.weights.row(place).transpose()
        })
    }

    /// One sample at random.
    pub(crate) fn pick(&self, random: &mut Random) -> DVector<f64> {
        let mut left = random.uniform();
        let place = self.probabilities.iter().position(|probability| {
            left -= probability;
            left < 0.0
        });
        let place = place.unwrap_or(self.count() - 1);
        self.weights.row(place).transpose()
    }

    /// The mean of the weights, d numbers.
    pub(crate) fn mean(&self) -> DVector<f64> {
        self.weights.tr_mul(&self.probabilities)
    }

    /// The reward difference λᵀz of each sample, n numbers.
    fn project(&self, z: &DVector<f64>) -> DVector<f64> {
        &self.weights * z
    }

    /// Mean and standard deviation of the reward difference λᵀz.
    pub fn moments(&self, z: &DVector<f64>) -> (f64, f64) {
        self.value_moments(&self.project(z))
    }

    /// Mean and standard deviation of a number that has this value in each sample.
    pub(crate) fn value_moments(&self, values: &DVector<f64>) -> (f64, f64) {
        moments(values, &self.probabilities)
    }

    /// Mean and standard deviation of one weight.
    pub fn weight_moments(&self, dimension: usize) -> (f64, f64) {
        self.value_moments(&self.weights.column(dimension).into_owned())
    }

    /// P(λᵀz > 0): the probability that the first of two candidates is the better one, for
    /// z = φ₁ − φ₂. A difference of exactly 0 counts half.
    pub fn probability_positive(&self, z: &DVector<f64>) -> f64 {
        self.probability_above_zero(self.project(z))
    }

    /// P(λ_j > 0).
    pub fn probability_weight_positive(&self, dimension: usize) -> f64 {
        self.probability_above_zero(self.weights.column(dimension).into_owned())
    }

    /// P(value > 0) of a number that has this value in each sample. A value of exactly 0 counts half.
    pub(crate) fn probability_above_zero(&self, values: DVector<f64>) -> f64 {
        SmoothDistribution::new(values, &self.probabilities).probability_positive()
    }

    /// The central credible interval that holds one weight with probability `level`
    /// (0 < level < 1).
    pub fn interval(&self, dimension: usize, level: f64) -> (f64, f64) {
        let weights = self.weights.column(dimension);
        let ascending: Vec<(f64, f64)> = descending(weights.iter().copied())
            .into_iter()
            .rev()
            .map(|ScoredIndex { score, index }| (score, self.probabilities[index]))
            .collect();
        let tail = 0.5 * (1.0 - level);
        let smooth = SmoothDistribution::new(weights.into_owned(), &self.probabilities);
        let end = |probability| smooth.quantile(probability, quantile(&ascending, probability));
        (end(tail), end(1.0 - tail))
    }
}
