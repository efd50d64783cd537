//! What is believed about a person's weights: a Gaussian, from a prior and answers.
//!
//! The mean is the posterior's mode. The covariance is the inverse of the prior's precision plus the expected Fisher
//! information of every answer at the mode. Both are exact by definition: the same log gives the same bits on every
//! machine. What people are *shown* comes from [`crate::Posterior`], which is right where this Gaussian is
//! overconfident.
//!
//! Under a prior of several segments there is such a Gaussian for each, with the chance that the person is of that
//! segment; mean and covariance are those of their mixture.

use crate::answer::{AnswerModel, Evidence, log_sum_exp};
use crate::error::Error;
use crate::linear::{Cholesky, Matrix, dot, norm_squared, plus};
use crate::list::List;
use crate::prior::{Gaussian, Prior};
use crate::target::Target;
use alloc::vec::Vec;

/// The Gaussian N(mean, covariance) over the weights, and the exact posterior that it approximates.
#[derive(Debug, Clone)]
pub struct Belief {
    mean: Vec<f64>,
    /// R with RRᵀ = covariance.
    factor: Matrix,
    segments: Vec<SegmentBelief>,
}

/// What is believed of the person if they are of one segment.
#[derive(Debug, Clone)]
pub(crate) struct SegmentBelief {
    /// The chance that they are, by Laplace's approximation.
    pub chance: f64,
    pub mode: Mode,
}

/// The mode of an exact posterior under a Gaussian prior, and the Gaussian around it.
#[derive(Debug, Clone)]
pub(crate) struct Mode {
    mean: Vec<f64>,
    /// R with RRᵀ = covariance.
    factor: Matrix,
    /// Rᵀ.
    factor_transpose: Matrix,
    target: Target,
    /// η at the mode.
    eta: Vec<f64>,
    /// W with WWᵀ = H⁻¹, the covariance of η.
    root: Matrix,
    /// W⁻¹ = Cᵀ, with CCᵀ = H.
    root_inverse: Matrix,
}

impl Belief {
    /// Infers the weights from evidence that all counts in full.
    ///
    /// # Errors
    /// As [`Belief::infer_weighted`].
    pub fn infer(prior: &Prior, model: AnswerModel, evidence: &[Evidence]) -> Result<Self, Error> {
        Belief::infer_weighted(prior, model, evidence, &vec![1.0; evidence.len()])
    }

    /// Infers the weights where each piece of evidence counts by its weight, a number from 0 to 1 by which its
    /// log-likelihood is multiplied.
    ///
    /// The mode of each segment is found by Fisher scoring from μ₀, in the coordinates in which its prior is N(0, I),
    /// so that neither the units of the scores nor a nearly singular prior matter. A segment's chance is its share
    /// times the likelihood of the evidence in it.
    ///
    /// # Errors
    /// [`Error::NotConverged`] where the numbers are too extreme for double precision, and [`Error::Answer`] for
    /// evidence that cannot be: of other dimensions than the prior's, or of an outcome that is not there.
    pub fn infer_weighted(
        prior: &Prior,
        model: AnswerModel,
        evidence: &[Evidence],
        weights: &[f64],
    ) -> Result<Self, Error> {
        let (mut modes, mut logs) = (Vec::new(), Vec::new());
        for segment in prior.segments() {
            let gaussian = segment.gaussian();
            let mode = Mode::find(Target::new(gaussian, model, evidence, weights)?, gaussian)?;
            logs.push(libm::log(segment.weight()) + mode.log_evidence());
            modes.push(mode);
        }
        let chances = shares(&logs);
        let segments = chances.into_iter().zip(modes).map(|(chance, mode)| SegmentBelief { chance, mode }).list();
        Belief::of(segments)
    }

    fn of(segments: Vec<SegmentBelief>) -> Result<Self, Error> {
        if let [only] = &segments[..] {
            // As they are, bit for bit.
            return Ok(Belief { mean: only.mode.mean.clone(), factor: only.mode.factor.clone(), segments });
        }
        let d = segments[0].mode.mean.len();
        let mean = segments.iter().fold(vec![0.0; d], |sum, of| plus(&sum, of.chance, &of.mode.mean));
        let covariances: Vec<Matrix> = segments.iter().map(|of| of.mode.factor.square()).list();
        let within = |i, j| segments.iter().zip(&covariances).map(|(of, within)| of.chance * within.at(i, j)).sum();
        let mut covariance = Matrix::from_fn(d, within);
        for of in &segments {
            covariance.add_square(of.chance, &plus(&of.mode.mean, -1.0, &mean));
        }
        let Cholesky(factor) = Cholesky::new(&covariance).ok_or(Error::NotConverged)?;
        Ok(Belief { mean, factor, segments })
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
        self.covariance_matrix().to_rows()
    }

    pub(crate) fn covariance_matrix(&self) -> Matrix {
        self.factor.square()
    }

    /// The chance, by Laplace's approximation, that the person is of each of the prior's segments.
    pub fn segments(&self) -> Vec<f64> {
        self.segments.iter().map(|segment| segment.chance).list()
    }

    /// Negative log posterior density at the mean, up to the constant that makes the prior's part zero at μ₀; under
    /// several segments, −log of the likelihood of the evidence by Laplace's approximation.
    pub fn objective(&self) -> f64 {
        match &self.segments[..] {
            [only] => only.mode.objective(),
            several => {
                let log = |of: &SegmentBelief| libm::log(of.chance) + of.mode.log_evidence();
                -log_sum_exp(&several.iter().map(log).list())
            }
        }
    }

    /// The Gaussians of the segments that are not ruled out, with their places in the prior.
    pub(crate) fn modes(&self) -> impl Iterator<Item = (usize, &SegmentBelief)> {
        self.segments.iter().enumerate().filter(|(_, segment)| segment.chance > RULED_OUT)
    }

    /// What is believed of the reward difference λᵀz.
    pub(crate) fn project(&self, z: &[f64]) -> Projection {
        let parts = self.modes().map(|(_, of)| {
            let (mean, variance) = of.mode.project(z);
            Part { chance: of.chance, mean, variance }
        });
        Projection(parts.list())
    }

    /// Rᵀz with RRᵀ = covariance: its square is the variance of λᵀz.
    pub(crate) fn spread_of(&self, z: &[f64]) -> Vec<f64> {
        self.factor.transpose_times(z)
    }

    /// Σz, from Rᵀz.
    pub(crate) fn shift(&self, spread: &[f64]) -> Vec<f64> {
        self.factor.times(spread)
    }
}

/// What is believed of one number: a Gaussian for each segment that is not ruled out.
#[derive(Debug, Clone)]
pub(crate) struct Projection(pub Vec<Part>);

/// N(mean, variance), and how likely the segment is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub chance: f64,
    pub mean: f64,
    pub variance: f64,
}

impl Projection {
    /// Mean and variance over the segments.
    pub fn moments(&self) -> (f64, f64) {
        if let [Part { mean, variance, .. }] = self.0[..] {
            return (mean, variance);
        }
        let total: f64 = self.0.iter().map(|part| part.chance).sum();
        let mean = self.0.iter().map(|part| part.chance * part.mean).sum::<f64>() / total;
        let second = |part: &Part| part.chance * (part.variance + (part.mean - mean) * (part.mean - mean));
        (mean, self.0.iter().map(second).sum::<f64>() / total)
    }
}

/// Segments less likely than this are left out of scores and draws.
const RULED_OUT: f64 = 1e-4;

impl Mode {
    /// Each step of Fisher scoring solves with the expected information and is halved until the objective falls enough.
    /// Once close, or after many steps, it solves with the observed information where that is positive definite: with
    /// a lapse the expected information can be a tenth of the curvature, and Fisher steps would then circle the mode
    /// instead of reaching it.
    fn find(target: Target, prior: &Gaussian) -> Result<Self, Error> {
        let (eta, precision) = target.find_mode()?;
        let mean = prior.factor.times_plus(&eta, &prior.mean);
        // H⁻¹ = WWᵀ with W = C⁻ᵀ, H = CCᵀ; covariance = L H⁻¹ Lᵀ = RRᵀ with R = LW.
        let root = precision.inverse_root();
        let factor = prior.factor.times_transpose(&root.transpose());
        let factor_transpose = factor.transpose();
        if !(factor.is_finite() && mean.iter().all(|number| number.is_finite())) {
            return Err(Error::NotConverged);
        }
        Ok(Mode { mean, factor, factor_transpose, target, eta, root, root_inverse: precision.0.transpose() })
    }

    /// Mean and variance of the reward difference λᵀz under the Gaussian.
    pub fn project(&self, z: &[f64]) -> (f64, f64) {
        // λᵀz has the variance ‖Rᵀz‖².
        (dot(&self.mean, z), norm_squared(&self.factor_transpose.times(z)))
    }

    /// Whether there is any evidence: without, the posterior is the prior.
    pub fn is_prior(&self) -> bool {
        self.target.is_empty()
    }

    fn objective(&self) -> f64 {
        self.target.objective(&self.eta)
    }

    /// log P(evidence) by Laplace's approximation.
    fn log_evidence(&self) -> f64 {
        self.log_volume() - self.objective()
    }

    /// log |W|: by how much the evidence has shrunk what is possible.
    pub fn log_volume(&self) -> f64 {
        -(0..self.eta.len()).map(|j| libm::log(self.root_inverse.at(j, j))).sum::<f64>()
    }

    /// The mode as a point of the exact posterior.
    pub fn point(&self) -> Point {
        Point {
            from_mode: vec![0.0; self.eta.len()],
            from_prior: self.eta.clone(),
            log_likelihood: self.target.log_likelihood(&self.eta),
        }
    }

    /// η of a point given by x.
    pub fn eta_of(&self, x: &[f64]) -> Vec<f64> {
        self.root.times_plus(x, &self.eta)
    }

    /// x of a point given by η.
    pub fn x_of(&self, eta: &[f64]) -> Vec<f64> {
        self.root_inverse.times(&plus(eta, -1.0, &self.eta))
    }

    /// log P(evidence | η).
    pub fn log_likelihood(&self, eta: &[f64]) -> f64 {
        self.target.log_likelihood(eta)
    }

    /// log P(evidence | η) where it is above `floor`.
    pub fn log_likelihood_above(&self, floor: f64, eta: &[f64]) -> Option<f64> {
        self.target.log_likelihood_above(floor, eta)
    }

    /// λ at a point.
    pub fn weights(&self, point: &Point) -> Vec<f64> {
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

/// The numbers whose logarithms these are, relative to their sum.
pub(crate) fn shares(logs: &[f64]) -> Vec<f64> {
    let sum = log_sum_exp(logs);
    logs.iter().map(|log| libm::exp(log - sum)).list()
}
