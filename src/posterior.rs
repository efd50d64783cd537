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
//!
//! Under a prior of several segments each has its own draws, in proportion to the chance that the person is of it. That
//! chance is its share times the likelihood of the evidence in it, by bridge sampling (Meng & Wong 1996) between the
//! draws and the Gaussian.

use crate::answer::log_sum_exp;
use crate::belief::{Belief, Mode, Point, SegmentBelief, shares};
use crate::linear::{dot, norm_squared};
use crate::list::List;
use crate::math;
use crate::order::{Keyed, descending};
use crate::random::Random;
use alloc::vec::Vec;

/// Draws of a posterior. A chance of one half has a standard error of 0.016.
const DRAWS: usize = 1000;
/// Left out at the start, which is the mode and so too good.
const BURN_IN: usize = 20;
/// Degrees of freedom of the reference around the mode.
const FREEDOM: usize = 5;
/// So often another point of an ellipse is tried before a step stays where it is. Ellipse and threshold are the same
/// seen from either end of a step, so giving up leaves the posterior invariant as well.
const NEAR_TRIES: usize = 50;
/// Fewer around the prior: where answers have said much, nearly every try is in vain.
const FAR_TRIES: usize = 5;
/// For each of several segments so many draws, and as many of its Gaussian, to tell how likely the evidence is in it.
const BRIDGE_DRAWS: usize = 300;
const BRIDGE_STEPS: usize = 30;
/// The draws are part of what is shown for a log, so their seed is fixed: the same log shows the same on each device.
const SEED: u64 = 0x1ea9;

/// Equally weighted draws from the exact posterior over the weights.
#[derive(Debug, Clone)]
pub struct Posterior {
    dimensions: usize,
    /// One draw after another, d numbers each.
    weights: Vec<f64>,
    /// The chance of each of the prior's segments.
    segments: Vec<f64>,
}

impl Posterior {
    /// Draws from the posterior that `belief` approximates. The same belief always gives the same draws.
    pub fn sample(belief: &Belief) -> Self {
        Posterior::sample_seeded(belief, SEED, DRAWS)
    }

    /// A fifth as many: enough to choose by, and all that there is time for where each answer to a question is worked out
    /// ahead.
    pub(crate) fn sample_few(belief: &Belief) -> Self {
        Posterior::sample_seeded(belief, SEED, DRAWS / 5)
    }

    /// As [`Posterior::sample`], with a seed and a number of draws (at least 1).
    pub fn sample_seeded(belief: &Belief, seed: u64, draws: usize) -> Self {
        let mut drawing = Drawing::new(belief, seed, draws);
        drawing.go_on(belief, usize::MAX);
        drawing.posterior
    }

    /// The chance that the person is of each of the prior's segments.
    pub fn segments(&self) -> &[f64] {
        &self.segments
    }

    /// The draws, d weights each.
    pub fn draws(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.weights.chunks_exact(self.dimensions)
    }

    /// About so many of the draws, evenly spaced.
    pub(crate) fn thinned(&self, count: usize) -> impl ExactSizeIterator<Item = &[f64]> {
        self.draws().step_by(self.draws().len().div_ceil(count))
    }

    /// The mean of the weights.
    pub(crate) fn mean(&self) -> Vec<f64> {
        (0..self.dimensions).map(|dimension| self.weight_moments(dimension).0).list()
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

/// A posterior of which the draws are still being made.
#[derive(Debug, Clone)]
pub(crate) struct Drawing {
    pub posterior: Posterior,
    /// One for each segment that the person can be of.
    samplers: Vec<Sampler>,
}

impl Drawing {
    /// All that [`Posterior::sample`] makes, of which none is made yet.
    pub fn begin(belief: &Belief) -> Self {
        Drawing::new(belief, SEED, DRAWS)
    }

    fn new(belief: &Belief, seed: u64, draws: usize) -> Self {
        let modes: Vec<(usize, &SegmentBelief)> = belief.modes().list();
        let random = |index: usize| Random::new(seed, index as u64);
        let mut samplers: Vec<Sampler> = modes.iter().map(|&(index, of)| Sampler::new(&of.mode, random(index))).list();
        let mut log_chances = vec![0.0];
        if modes.len() > 1 {
            // Laplace's approximation is in the chance already: what is left is by how much it is off.
            let exact = modes.iter().zip(&mut samplers);
            log_chances = exact.map(|((_, of), sampler)| libm::log(of.chance) + sampler.log_bridge(&of.mode)).list();
        }
        let mut segments = vec![0.0; belief.segments().len()];
        let mut sum = 0.0;
        for ((sampler, (index, _)), chance) in samplers.iter_mut().zip(&modes).zip(shares(&log_chances)) {
            segments[*index] = chance;
            sum += chance;
            sampler.until = libm::round(sum * draws.max(1) as f64) as usize;
        }
        Drawing { posterior: Posterior { dimensions: belief.dimensions(), weights: Vec::new(), segments }, samplers }
    }

    /// Makes up to `count` draws more of the posterior that `belief` approximates; whether any are left to make.
    pub fn go_on(&mut self, belief: &Belief, mut count: usize) -> bool {
        let Drawing { posterior, samplers } = self;
        for (sampler, (_, of)) in samplers.iter_mut().zip(belief.modes()) {
            while posterior.weights.len() < sampler.until * posterior.dimensions {
                if count == 0 {
                    return true;
                }
                count -= 1;
                sampler.step(&of.mode);
                posterior.weights.extend(of.mode.weights(&sampler.at));
            }
        }
        false
    }
}

/// Mean and standard deviation.
pub(crate) fn moments(values: impl Iterator<Item = f64>) -> (f64, f64) {
    // Welford's update: no cancellation however far the mean is from zero.
    let (mut mean, mut squares, mut count) = (0.0, 0.0, 0.0);
    for value in values {
        count += 1.0;
        let away = value - mean;
        mean += away / count;
        squares += away * (value - mean);
    }
    (mean, math::sqrt(squares / count))
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
#[derive(Debug, Clone)]
struct Sampler {
    random: Random,
    at: Point,
    /// How many draws there are once its own are made.
    until: usize,
}

impl Sampler {
    /// A sampler that has left the mode behind it.
    fn new(mode: &Mode, random: Random) -> Self {
        let mut sampler = Sampler { random, at: mode.point(), until: 0 };
        for _ in 0..BURN_IN {
            sampler.step(mode);
        }
        sampler
    }

    /// By how much the log likelihood of the evidence under this prior is above Laplace's approximation.
    fn log_bridge(&mut self, mode: &Mode) -> f64 {
        if mode.is_prior() {
            return 0.0;
        }
        let at_mode = mode.point();
        let peak = at_mode.log_likelihood + log_prior(&at_mode.from_prior);
        // Log of the posterior over its Gaussian approximation, both scaled to be 1 at the mode.
        let log_ratio = |x: &[f64], point: f64| point - peak + 0.5 * norm_squared(x);
        let (mut exact, mut gaussian) = (Vec::new(), Vec::new());
        for _ in 0..BRIDGE_DRAWS {
            self.step(mode);
            let Point { from_mode, from_prior, log_likelihood } = &self.at;
            exact.push(log_ratio(from_mode, log_likelihood + log_prior(from_prior)));
            let x = self.random.normals(from_mode.len());
            let eta = mode.eta_of(&x);
            gaussian.push(log_ratio(&x, mode.log_likelihood(&eta) + log_prior(&eta)));
        }
        // The log of the ratio of their volumes, where both ways of estimating it agree.
        let mut bridge = 0.0;
        for _ in 0..BRIDGE_STEPS {
            let below = |log: &f64| -log_sum_exp(&[*log, bridge]);
            let from_gaussian: Vec<f64> = gaussian.iter().map(|log| log + below(log)).list();
            let from_exact: Vec<f64> = exact.iter().map(below).list();
            bridge = log_sum_exp(&from_gaussian) - log_sum_exp(&from_exact);
        }
        bridge
    }

    fn step(&mut self, mode: &Mode) {
        self.step_near(mode);
        self.step_far(mode);
    }

    /// Generalized elliptical slice sampling around the mode.
    fn step_near(&mut self, mode: &Mode) {
        let Sampler { random, at, .. } = self;
        let x = &at.from_mode;
        // The t distribution is a mixture of Gaussians N(0, s·I): first the s that belongs to x, then a step for it.
        let scale = math::sqrt((FREEDOM as f64 + norm_squared(x)) / random.chi_squared(x.len() + FREEDOM));
        let other: Vec<f64> = random.normals(x.len()).iter().map(|normal| scale * normal).list();
        let threshold = at.log_likelihood + log_prior(&at.from_prior) - log_reference(x) + random.log_uniform();
        for _ in 0..NEAR_TRIES {
            let from_mode = on_ellipse(random.direction(), x, &other);
            let from_prior = mode.eta_of(&from_mode);
            let floor = threshold - log_prior(&from_prior) + log_reference(&from_mode);
            if let Some(log_likelihood) = mode.log_likelihood_above(floor, &from_prior) {
                *at = Point { from_mode, from_prior, log_likelihood };
                return;
            }
        }
    }

    /// Elliptical slice sampling around the prior.
    fn step_far(&mut self, mode: &Mode) {
        let Sampler { random, at, .. } = self;
        let eta = &at.from_prior;
        let other = random.normals(eta.len());
        let floor = at.log_likelihood + random.log_uniform();
        for _ in 0..FAR_TRIES {
            let from_prior = on_ellipse(random.direction(), eta, &other);
            if let Some(log_likelihood) = mode.log_likelihood_above(floor, &from_prior) {
                *at = Point { from_mode: mode.x_of(&from_prior), from_prior, log_likelihood };
                return;
            }
        }
    }
}

/// The point in some direction on the ellipse around 0 that a and b span.
fn on_ellipse((cos, sin): (f64, f64), a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| cos * a + sin * b).collect()
}

/// Log density of the prior N(0, I), up to a constant.
fn log_prior(eta: &[f64]) -> f64 {
    -0.5 * norm_squared(eta)
}

/// Log density of the standard t distribution, up to a constant.
fn log_reference(x: &[f64]) -> f64 {
    let freedom = FREEDOM as f64;
    -0.5 * (x.len() as f64 + freedom) * libm::log1p(norm_squared(x) / freedom)
}
