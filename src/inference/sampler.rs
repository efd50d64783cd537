//! Markov chains that leave the exact posterior invariant.
//!
//! Two kinds of steps take turns:
//!
//! - generalized elliptical slice sampling (Nishihara, Murray & Adams 2014), with a Student t
//!   distribution at the Laplace approximation as the reference: little is left for the sampler to
//!   correct, so nearly every draw is a fresh one in any number of dimensions;
//! - elliptical slice sampling (Murray, Adams & MacKay 2010) around the prior, which mixes well when
//!   consistent answers leave a heavy tail or a lapse leaves a plateau.
//!
//! Instead of shrinking the bracket of angles as in the papers, both redraw the angle uniformly,
//! which avoids sin and cos.

use super::laplace::{GaussianApproximation, Point};
use crate::numeric::{Random, log_sum_exp};
use nalgebra::DVector;
use std::mem;

/// Steps left out at the start, which is the mode and so too good.
const BURN_IN: usize = 20;
/// Degrees of freedom of the Student t reference around the mode.
const DEGREES_OF_FREEDOM: usize = 5;
/// Points of an ellipse that are tried before a step stays where it is. Ellipse and threshold are
/// the same seen from either end of a step, so giving up leaves the posterior invariant as well.
const TRIES_AROUND_MODE: usize = 50;
/// Fewer around the prior: after many answers nearly every try fails.
const TRIES_AROUND_PRIOR: usize = 5;
/// Draws of the posterior, and as many of its Gaussian approximation, that estimate the evidence.
const BRIDGE_DRAWS: usize = 300;
const BRIDGE_STEPS: usize = 30;

/// A chain of draws from the exact posterior under one component of the prior.
#[derive(Debug, Clone)]
pub(super) struct Sampler<'a> {
    gaussian: &'a GaussianApproximation,
    random: Random,
    at: Point,
    /// The point that is tried, kept so that a step allocates nothing.
    proposal: Point,
    /// The other direction of an ellipse.
    other: DVector<f64>,
}

impl<'a> Sampler<'a> {
    /// A chain that has left the mode behind it.
    pub fn new(gaussian: &'a GaussianApproximation, random: Random) -> Self {
        let mode = gaussian.mode();
        let mut sampler = Sampler {
            gaussian,
            random,
            proposal: mode.clone(),
            other: DVector::zeros(mode.x.len()),
            at: mode,
        };
        for _ in 0..BURN_IN {
            sampler.step();
        }
        sampler
    }

    /// The next draw of the weights, d numbers.
    pub fn draw(&mut self) -> DVector<f64> {
        self.step();
        self.gaussian.weights(&self.at)
    }

    /// log P(evidence) minus its Laplace approximation, by bridge sampling (Meng & Wong 1996)
    /// between draws of the posterior and of the Gaussian.
    pub fn log_evidence_correction(&mut self) -> f64 {
        let gaussian = self.gaussian;
        if gaussian.is_prior() {
            return 0.0;
        }
        let mode = gaussian.mode();
        let peak = mode.log_likelihood + log_prior(&mode.eta);
        // Log of the posterior over its Gaussian approximation, both scaled to be 1 at the mode.
        let log_ratio =
            |x: &DVector<f64>, log_posterior: f64| log_posterior - peak + 0.5 * x.norm_squared();
        let (mut at_posterior, mut at_gaussian) = (Vec::new(), Vec::new());
        for _ in 0..BRIDGE_DRAWS {
            self.step();
            let Point {
                x,
                eta,
                log_likelihood,
            } = &self.at;
            at_posterior.push(log_ratio(x, log_likelihood + log_prior(eta)));
            let x = self.random.normals(mode.x.len());
            let mut eta = DVector::zeros(x.len());
            gaussian.eta_of(&x, &mut eta);
            at_gaussian.push(log_ratio(
                &x,
                gaussian.log_likelihood(&eta) + log_prior(&eta),
            ));
        }
        // The log of the ratio of the volumes, where both ways of estimating it agree.
        let mut bridge = 0.0;
        for _ in 0..BRIDGE_STEPS {
            let below = |log: &f64| -log_sum_exp(&[*log, bridge]);
            let from_gaussian: Vec<f64> = at_gaussian.iter().map(|log| log + below(log)).collect();
            let from_posterior: Vec<f64> = at_posterior.iter().map(below).collect();
            bridge = log_sum_exp(&from_gaussian) - log_sum_exp(&from_posterior);
        }
        bridge
    }

    fn step(&mut self) {
        self.step_around_mode();
        self.step_around_prior();
    }

    /// Generalized elliptical slice sampling.
    fn step_around_mode(&mut self) {
        let Sampler {
            gaussian,
            random,
            at,
            proposal,
            other,
        } = self;
        let d = at.x.len();
        // The t distribution is a mixture of Gaussians N(0, s·I): first draw the s that belongs to
        // x, then take a step for it.
        let scale = ((DEGREES_OF_FREEDOM as f64 + at.x.norm_squared())
            / random.chi_squared(d + DEGREES_OF_FREEDOM))
        .sqrt();
        random.fill_normal(other.as_mut_slice());
        *other *= scale;
        let threshold =
            at.log_likelihood + log_prior(&at.eta) - log_reference(&at.x) + random.log_uniform();
        for _ in 0..TRIES_AROUND_MODE {
            to_ellipse(&mut proposal.x, random.direction(), &at.x, other);
            gaussian.eta_of(&proposal.x, &mut proposal.eta);
            let floor = threshold - log_prior(&proposal.eta) + log_reference(&proposal.x);
            if let Some(log_likelihood) = gaussian.log_likelihood_above(floor, &proposal.eta) {
                proposal.log_likelihood = log_likelihood;
                mem::swap(at, proposal);
                return;
            }
        }
    }

    /// Elliptical slice sampling.
    fn step_around_prior(&mut self) {
        let Sampler {
            gaussian,
            random,
            at,
            proposal,
            other,
        } = self;
        random.fill_normal(other.as_mut_slice());
        let floor = at.log_likelihood + random.log_uniform();
        for _ in 0..TRIES_AROUND_PRIOR {
            to_ellipse(&mut proposal.eta, random.direction(), &at.eta, other);
            if let Some(log_likelihood) = gaussian.log_likelihood_above(floor, &proposal.eta) {
                gaussian.x_of(&proposal.eta, &mut proposal.x);
                proposal.log_likelihood = log_likelihood;
                mem::swap(at, proposal);
                return;
            }
        }
    }
}

/// Sets `point` to the point in some direction on the ellipse around 0 that a and b span.
fn to_ellipse(
    point: &mut DVector<f64>,
    (cos, sin): (f64, f64),
    a: &DVector<f64>,
    b: &DVector<f64>,
) {
    point.copy_from(a);
    point.axpy(sin, b, cos);
}

/// Log density of the prior N(0, I), up to a constant.
fn log_prior(eta: &DVector<f64>) -> f64 {
    -0.5 * eta.norm_squared()
}

/// Log density of the standard t distribution, up to a constant.
fn log_reference(x: &DVector<f64>) -> f64 {
    let degrees = DEGREES_OF_FREEDOM as f64;
    -0.5 * (x.len() as f64 + degrees) * libm::log1p(x.norm_squared() / degrees)
}
