//! What is believed about a person's weights: a Gaussian, from a prior and answers.
//!
//! The mean is the posterior's mode. The covariance is the inverse of the prior's precision plus the expected Fisher
//! information of every answer at the mode. Both are exact by definition: the same log gives the same bits on every
//! machine. What people are *shown* comes from [`crate::Posterior`], which is right where this Gaussian is
//! overconfident.

use crate::answer::{AnswerModel, Evidence};
use crate::error::Error;
use crate::linear::{Matrix, dot, norm_squared, plus};
use crate::prior::Prior;
use crate::target::Target;
use alloc::vec::Vec;

/// The Gaussian N(mean, covariance) over the weights, and the exact posterior that it approximates.
#[derive(Debug, Clone)]
pub struct Belief {
    mean: Vec<f64>,
    /// R with RRᵀ = covariance.
    factor: Matrix,
    /// Rᵀ.
    factor_transpose: Matrix,
    target: Target,
    /// η at the mode.
    mode: Vec<f64>,
    /// W with WWᵀ = H⁻¹, the covariance of η.
    root: Matrix,
    /// W⁻¹ = Cᵀ, with CCᵀ = H.
    root_inverse: Matrix,
}

impl Belief {
    /// Infers the weights: finds the mode by Fisher scoring from μ₀, in the coordinates in which the prior is
    /// N(0, I), so that neither the units of the scores nor a nearly singular prior matter.
    ///
    /// Each step solves with the expected information and is halved until the objective falls enough. Once close, or
    /// after many steps, it solves with the observed information where that is positive definite: with a lapse the
    /// expected information can be a tenth of the curvature, and Fisher steps would then circle the mode instead of
    /// reaching it.
    ///
    /// # Errors
    /// [`Error::NotConverged`] where the numbers are too extreme for double precision, and [`Error::Answer`] for
    /// evidence that cannot be: of other dimensions than the prior's, or of an outcome that is not there.
    pub fn infer(prior: &Prior, model: AnswerModel, evidence: &[Evidence]) -> Result<Self, Error> {
        let target = Target::new(prior, model, evidence)?;
        let (mode, precision) = target.find_mode()?;
        let mean = prior.factor().times_plus(&mode, prior.mean());
        // H⁻¹ = WWᵀ with W = C⁻ᵀ, H = CCᵀ; covariance = L H⁻¹ Lᵀ = RRᵀ with R = LW.
        let root = precision.inverse_root();
        let factor = prior.factor().times_transpose(&root.transpose());
        let factor_transpose = factor.transpose();
        if !(factor.is_finite() && mean.iter().all(|number| number.is_finite())) {
            return Err(Error::NotConverged);
        }
        Ok(Belief { mean, factor, factor_transpose, target, mode, root, root_inverse: precision.0.transpose() })
    }

    /// Number of dimensions d.
    pub fn dimensions(&self) -> usize {
        self.mean.len()
    }

    /// The posterior's mode, d weights.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The covariance, d rows of d; symmetric positive definite.
    pub fn covariance(&self) -> Vec<Vec<f64>> {
        self.factor.times_transpose(&self.factor).rows().map(<[f64]>::to_vec).collect()
    }

    /// Negative log posterior density at the mean, up to the constant that makes the prior's part zero at μ₀.
    pub fn objective(&self) -> f64 {
        self.target.objective(&self.mode)
    }

    /// Mean and variance of the reward difference λᵀz under the Gaussian.
    pub(crate) fn project(&self, z: &[f64]) -> (f64, f64) {
        // λᵀz has the variance ‖Rᵀz‖².
        (dot(&self.mean, z), norm_squared(&self.factor_transpose.times(z)))
    }

    /// The mode as a point of the exact posterior.
    pub(crate) fn mode_point(&self) -> Point {
        Point {
            from_mode: vec![0.0; self.dimensions()],
            from_prior: self.mode.clone(),
            log_likelihood: self.target.log_likelihood(&self.mode),
        }
    }

    /// η of a point given by x.
    pub(crate) fn eta_of(&self, x: &[f64]) -> Vec<f64> {
        self.root.times_plus(x, &self.mode)
    }

    /// x of a point given by η.
    pub(crate) fn x_of(&self, eta: &[f64]) -> Vec<f64> {
        self.root_inverse.times(&plus(eta, -1.0, &self.mode))
    }

    /// log P(evidence | η) where it is above `floor`.
    pub(crate) fn log_likelihood_above(&self, floor: f64, eta: &[f64]) -> Option<f64> {
        self.target.log_likelihood_above(floor, eta)
    }

    /// λ at a point.
    pub(crate) fn weights(&self, point: &Point) -> Vec<f64> {
        self.factor.times_plus(&point.from_mode, &self.mean)
    }
}

/// A point of the exact posterior, in both coordinates in which it is sampled.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    /// x with η = mode + Wx, in which the Gaussian is N(0, I).
    pub from_mode: Vec<f64>,
    /// η, in which the prior is N(0, I).
    pub from_prior: Vec<f64>,
    /// log P(evidence | η).
    pub log_likelihood: f64,
}
