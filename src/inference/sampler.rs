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
}

impl<'a> Sampler<'a> {
    /// A chain that has left the mode behind it.
    pub fn new(gaussian: &'a GaussianApproximation, random: Random) -> Self {
        let mut sampler = Sampler {
            gaussian,
            random,
            at: gaussian.mode(),
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
            let eta = gaussian.eta_of(&x);
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
        } = self;
        let d = at.x.len();
        // The t distribution is a mixture of Gaussians N(0, s·I): first draw the s that belongs to
        // x, then take a step for it.
        let scale = ((DEGREES_OF_FREEDOM as f64 + at.x.norm_squared())
            / random.chi_squared(d + DEGREES_OF_FREEDOM))
        .sqrt();
        let other = scale * random.normals(d);
        let threshold =
            at.log_likelihood + log_prior(&at.eta) - log_reference(&at.x) + random.log_uniform();
        for _ in 0..TRIES_AROUND_MODE {
            let x = on_ellipse(random.direction(), &at.x, &other);
            let eta = gaussian.eta_of(&x);
            let floor = threshold - log_prior(&eta) + log_reference(&x);
            if let Some(log_likelihood) = gaussian.log_likelihood_above(floor, &eta) {
                *at = Point {
                    x,
                    eta,
                    log_likelihood,
                };
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
        } = self;
        let other = random.normals(at.eta.len());
        let floor = at.log_likelihood + random.log_uniform();
        for _ in 0..TRIES_AROUND_PRIOR {
            let eta = on_ellipse(random.direction(), &at.eta, &other);
            if let Some(log_likelihood) = gaussian.log_likelihood_above(floor, &eta) {
                *at = Point {
                    x: gaussian.x_of(&eta),
                    eta,
                    log_likelihood,
                };
                return;
            }
        }
    }
}

/// The point in some direction on the ellipse around 0 that a and b span.
fn on_ellipse((cos, sin): (f64, f64), a: &DVector<f64>, b: &DVector<f64>) -> DVector<f64> {
    cos * a + sin * b
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
