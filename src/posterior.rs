//! How sure: draws from the exact posterior.
//!
//! After 5–20 answers the Gaussian of [`Belief`] is overconfident: its 90% intervals cover too little, and its chances
//! are off by several hundredths. What a person is shown therefore comes from draws of the exact posterior, made by two
//! kinds of steps in turn:
//!
//! - generalized elliptical slice sampling (Nishihara, Murray & Adams 2014) with a Student t distribution of that
//!   Gaussian's location and scale as the reference: what is left for the sampler to correct is nearly flat, so that
//!   nearly every draw is a fresh one whatever the number of dimensions;
//! - elliptical slice sampling (Murray, Adams & MacKay 2010) around the prior, which gets to and fro where answers that
//!   agree leave a long tail, or a lapse leaves a plateau.
//!
//! In both, a point of the ellipse is drawn anew where the papers shrink a bracket of angles: no trigonometry needed.

use crate::belief::{Belief, Point};
use crate::order::{Keyed, descending};
use crate::random::Random;
use nalgebra::DVector;

/// Draws of a posterior. A chance of one half has a standard error of 0.016.
const DRAWS: usize = 1000;
/// Left out at the start, which is the mode and so too good.
const BURN_IN: usize = 20;
/// Degrees of freedom of the reference around the mode.
const FREEDOM: f64 = 5.0;
/// So often another point of an ellipse is tried before a step stays where it is. Ellipse and threshold are the same
/// seen from either end of a step, so giving up leaves the posterior invariant as well.
const NEAR_TRIES: usize = 50;
/// Fewer around the prior: where answers have said much, nearly every try is in vain.
const FAR_TRIES: usize = 5;
/// The draws are part of what is shown for a log, so their seed is fixed: the same log shows the same on each device.
const SEED: u64 = 0x1ea9;

/// Equally weighted draws from the exact posterior over the weights.
#[derive(Debug, Clone)]
pub struct Posterior {
    dimensions: usize,
    /// One draw after another, d numbers each.
    weights: Vec<f64>,
}

impl Posterior {
    /// Draws from the posterior that `belief` approximates. The same belief always gives the same draws.
    pub fn sample(belief: &Belief) -> Self {
        Posterior::sample_seeded(belief, SEED, DRAWS)
    }

    /// As [`Posterior::sample`], with a seed and a number of draws (at least 1).
    pub fn sample_seeded(belief: &Belief, seed: u64, draws: usize) -> Self {
        let mut sampler = Sampler::new(belief, Random::new(seed, 0));
        for _ in 0..BURN_IN {
            sampler.step();
        }
        let dimensions = belief.dimensions();
        let mut weights = Vec::with_capacity(draws.max(1) * dimensions);
        for _ in 0..draws.max(1) {
            sampler.step();
            weights.extend(belief.weights(&sampler.at).iter());
        }
        Posterior { dimensions, weights }
    }

    /// The draws, d weights each.
    pub fn draws(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.weights.chunks_exact(self.dimensions)
    }

    /// One weight over all draws.
    fn weight(&self, dimension: usize) -> impl Iterator<Item = f64> {
        self.draws().map(move |draw| draw[dimension])
    }

    /// Mean and standard deviation of the reward difference λᵀz, `z` of d numbers.
    pub fn moments(&self, z: &[f64]) -> (f64, f64) {
        moments(self.draws().map(|draw| dot(draw, z)))
    }

    /// Mean and standard deviation of one weight.
    pub fn weight_moments(&self, dimension: usize) -> (f64, f64) {
        moments(self.weight(dimension))
    }

    /// P(λᵀz > 0): how sure it is that the first of two candidates is the better one, for z = φ₁ − φ₂. A difference
    /// of exactly zero counts half.
    pub fn chance_positive(&self, z: &[f64]) -> f64 {
        share_positive(self.draws().map(|draw| dot(draw, z)))
    }

    /// P(λ_j > 0).
    pub fn chance_weight_positive(&self, dimension: usize) -> f64 {
        share_positive(self.weight(dimension))
    }

    /// The central credible interval that holds one weight with the chance `level` (0 < level < 1).
    pub fn interval(&self, dimension: usize, level: f64) -> (f64, f64) {
        let weights = descending(self.weight(dimension));
        let tail = 0.5 * (1.0 - level);
        (quantile(&weights, 1.0 - tail), quantile(&weights, tail))
    }
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn moments(values: impl Iterator<Item = f64>) -> (f64, f64) {
    // Welford's update: no cancellation however far the mean is from zero.
    let (mut mean, mut squares, mut count) = (0.0, 0.0, 0.0);
    for value in values {
        count += 1.0;
        let away = value - mean;
        mean += away / count;
        squares += away * (value - mean);
    }
    (mean, libm::sqrt(squares / count))
}

fn share_positive(values: impl Iterator<Item = f64>) -> f64 {
    let (mut positive, mut count) = (0.0, 0.0);
    for value in values {
        count += 1.0;
        positive += if value > 0.0 {
            1.0
        } else if value == 0.0 {
            0.5
        } else {
            0.0
        };
    }
    positive / count
}

/// What a share of `chance` of the numbers exceeds, interpolated between order statistics.
fn quantile(descending: &[Keyed], chance: f64) -> f64 {
    let place = chance.clamp(0.0, 1.0) * (descending.len() - 1) as f64;
    let below = place as usize;
    let above = (below + 1).min(descending.len() - 1);
    let (below_key, above_key) = (descending[below].key, descending[above].key);
    below_key + (place - below as f64) * (above_key - below_key)
}

/// Two kinds of steps in turn, each of which leaves the posterior invariant.
struct Sampler<'a> {
    belief: &'a Belief,
    random: Random,
    at: Point,
}

impl<'a> Sampler<'a> {
    fn new(belief: &'a Belief, random: Random) -> Self {
        Sampler { belief, random, at: belief.mode_point() }
    }

    fn step(&mut self) {
        self.step_near();
        self.step_far();
    }

    /// Generalized elliptical slice sampling around the mode.
    fn step_near(&mut self) {
        // The t distribution is a mixture of Gaussians N(0, s·I): first the s that belongs to x, then a step for it.
        let x = self.at.from_mode.clone();
        let scale = libm::sqrt((FREEDOM + x.norm_squared()) / self.chi_squared(x.len()));
        let other = self.normal(x.len()) * scale;
        let threshold = self.at.log_density - log_reference(&x) + self.log_uniform();
        for _ in 0..NEAR_TRIES {
            let (cos, sin) = self.random.direction();
            let there = &x * cos + &other * sin;
            let reference = log_reference(&there);
            let there = self.belief.point_from_mode(there);
            if there.log_density - reference > threshold {
                self.at = there;
                return;
            }
        }
    }

    /// Elliptical slice sampling around the prior.
    fn step_far(&mut self) {
        let eta = self.at.from_prior.clone();
        let other = self.normal(eta.len());
        let threshold = self.at.log_density + 0.5 * eta.norm_squared() + self.log_uniform();
        for _ in 0..FAR_TRIES {
            let (cos, sin) = self.random.direction();
            let there = self.belief.point_from_prior(&eta * cos + &other * sin);
            if there.log_density + 0.5 * there.from_prior.norm_squared() > threshold {
                self.at = there;
                return;
            }
        }
    }

    fn normal(&mut self, length: usize) -> DVector<f64> {
        DVector::from_fn(length, |_, _| self.random.normal())
    }

    /// Chi squared with `FREEDOM` more degrees of freedom than there are dimensions.
    fn chi_squared(&mut self, dimensions: usize) -> f64 {
        self.normal(dimensions + FREEDOM as usize).norm_squared()
    }

    /// The logarithm of a uniform number; that number can be 0, and a threshold of −∞ would be no threshold.
    fn log_uniform(&mut self) -> f64 {
        libm::log(1.0 - self.random.uniform())
    }
}

/// Log density of the standard t distribution, up to a constant.
fn log_reference(x: &DVector<f64>) -> f64 {
    -0.5 * (x.len() as f64 + FREEDOM) * libm::log1p(x.norm_squared() / FREEDOM)
}
