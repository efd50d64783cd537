//! The Laplace approximation of the posterior: a Gaussian at its mode.
//!
//! The mean is the posterior's mode. The covariance is the inverse of the prior's precision plus the
//! expected Fisher information of every answer at the mode. Both are exact by definition: the same
//! log gives the same bits on every machine. People are *shown* numbers from
//! [`super::PosteriorSamples`], which are right where this Gaussian is overconfident.
//!
//! Under a mixture prior there is such a Gaussian for each component, with the probability that the
//! person belongs to it. Mean and covariance are those of their mixture.

use super::fisher_scoring::FoundMode;
use super::log_posterior::{BLOCK, LogPosterior};
use crate::error::Error;
use crate::model::{AnswerModel, Evidence, MixtureComponent, Prior};
use crate::numeric::{log_sum_exp, softmax};
use nalgebra::{Cholesky, DMatrix, DVector, DVectorView};

/// Components less probable than this are left out of scores and samples.
const NEGLIGIBLE: f64 = 1e-4;

/// A Gaussian N(mean, covariance) over the weights, or a mixture of one per component of the prior,
/// and the exact posterior that it approximates.
#[derive(Debug, Clone)]
pub struct LaplaceApproximation {
    mean: DVector<f64>,
    /// R with RRᵀ = covariance.
    factor: DMatrix<f64>,
    objective: f64,
    components: Vec<ComponentApproximation>,
}

/// The approximation given that the person belongs to one component of the prior.
#[derive(Debug, Clone)]
pub(super) struct ComponentApproximation {
    /// The probability that they do, by Laplace's approximation of the evidence.
    pub probability: f64,
    pub gaussian: GaussianApproximation,
}

/// The mode of the exact posterior under a Gaussian prior, and the Gaussian around it.
#[derive(Debug, Clone)]
pub(super) struct GaussianApproximation {
    mean: DVector<f64>,
    /// R with RRᵀ = covariance, d rows and a column for each coordinate of η.
    factor: DMatrix<f64>,
    /// The person's leniency b.
    leniency: Leniency,
    log_posterior: LogPosterior,
    /// η at the mode.
    eta: DVector<f64>,
    /// W with WWᵀ = H⁻¹, the covariance of η.
    root: DMatrix<f64>,
    /// W⁻¹ = Cᵀ, with CCᵀ = H.
    root_inverse: DMatrix<f64>,
}

/// The approximation of a person's leniency b.
#[derive(Debug, Clone)]
struct Leniency {
    mean: f64,
    /// r with rᵀr = Var b and Rr = Cov(λ, b). `None` while there is no rating: then b is
    /// independent of the weights.
    row: Option<DVector<f64>>,
    /// Var b.
    variance: f64,
}

impl LaplaceApproximation {
    /// Infers the weights from evidence that all counts in full.
    ///
    /// # Errors
    /// As [`LaplaceApproximation::infer_weighted`].
    pub fn infer(prior: &Prior, model: AnswerModel, evidence: &[Evidence]) -> Result<Self, Error> {
        Self::infer_weighted(prior, model, evidence, &vec![1.0; evidence.len()])
    }

    /// Infers the weights with a factor from 0 to 1 for the log-likelihood of each piece of evidence.
    ///
    /// The mode under each component is found by Fisher scoring from μ₀, in the coordinates in which
    /// its prior is N(0, I), so that neither the units of the scores nor a nearly singular prior
    /// matter. A component's probability is its share times the likelihood of the evidence in it.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if the numbers are too extreme for double precision, and
    /// [`Error::Answer`] for impossible evidence: of other dimensions than the prior's, or of an
    /// outcome that does not exist.
    pub fn infer_weighted(
        prior: &Prior,
        model: AnswerModel,
        evidence: &[Evidence],
        weights: &[f64],
    ) -> Result<Self, Error> {
        let (mut gaussians, mut logs) = (Vec::new(), Vec::new());
        for component in prior.components() {
            let log_posterior = LogPosterior::new(component, model, evidence, weights)?;
            let gaussian = GaussianApproximation::new(component, model.leniency(), log_posterior)?;
            logs.push(libm::log(component.weight()) + gaussian.log_evidence());
            gaussians.push(gaussian);
        }
        let objective = match &gaussians[..] {
            [only] => only.objective(),
            _ => -log_sum_exp(&logs),
        };
        let components: Vec<ComponentApproximation> = softmax(&logs)
            .into_iter()
            .zip(gaussians)
            .map(|(probability, gaussian)| ComponentApproximation {
                probability,
                gaussian,
            })
            .collect();
        Self::of(components, objective)
    }

    /// The approximation whose mean and covariance are those of the mixture of `components`.
    fn of(components: Vec<ComponentApproximation>, objective: f64) -> Result<Self, Error> {
        if let [only] = &components[..] {
            // Unchanged, bit for bit.
            let GaussianApproximation { mean, factor, .. } = only.gaussian.clone();
            return Ok(LaplaceApproximation {
                mean,
                factor,
                objective,
                components,
            });
        }
        let d = components[0].gaussian.mean.len();
        let mean = components.iter().fold(DVector::zeros(d), |sum, of| {
            sum + of.probability * &of.gaussian.mean
        });
        let covariance = components.iter().fold(DMatrix::zeros(d, d), |sum, of| {
            let within = &of.gaussian.factor * of.gaussian.factor.transpose();
            let away = &of.gaussian.mean - &mean;
            sum + of.probability * (within + &away * away.transpose())
        });
        let factor = Cholesky::new(covariance).ok_or(Error::NotConverged)?.l();
        Ok(LaplaceApproximation {
            mean,
            factor,
            objective,
            components,
        })
    }

    /// Number of dimensions d.
    pub fn dimensions(&self) -> usize {
        self.mean.len()
    }

    /// The posterior's mode, d weights; the mean of the modes under a mixture prior.
    pub fn mean(&self) -> &DVector<f64> {
        &self.mean
    }

    /// The mode under the most probable component: d weights, and the person's leniency.
    pub fn mode(&self) -> (&DVector<f64>, f64) {
        let more_probable = |one: &&ComponentApproximation, other: &&ComponentApproximation| {
            one.probability.total_cmp(&other.probability)
        };
        let of = self.components.iter().max_by(more_probable);
        of.map_or((&self.mean, 0.0), |of| {
            (&of.gaussian.mean, of.gaussian.leniency.mean)
        })
    }

    /// The covariance, d × d, symmetric positive definite.
    pub fn covariance(&self) -> DMatrix<f64> {
        &self.factor * self.factor.transpose()
    }

    /// R with RRᵀ = covariance: d rows, and as many columns or one more.
    pub fn factor(&self) -> &DMatrix<f64> {
        &self.factor
    }

    /// The probability that the person belongs to each component of the prior, by Laplace's
    /// approximation.
    pub fn component_probabilities(&self) -> Vec<f64> {
        self.components
            .iter()
            .map(|component| component.probability)
            .collect()
    }

    /// Negative log posterior density at the mean, up to the constant that makes the prior's part
    /// zero at μ₀. Under a mixture prior it is −log of the likelihood of the evidence by Laplace's
    /// approximation.
    pub fn objective(&self) -> f64 {
        self.objective
    }

    /// All components, in the prior's order.
    pub(super) fn components(&self) -> &[ComponentApproximation] {
        &self.components
    }

    /// The components that are not negligible, with their places in the prior.
    pub(super) fn likely_components(
        &self,
    ) -> impl Iterator<Item = (usize, &ComponentApproximation)> {
        let likely = |(_, of): &(usize, &ComponentApproximation)| of.probability > NEGLIGIBLE;
        self.components.iter().enumerate().filter(likely)
    }

    /// Whether one component of the prior alone is not negligible.
    pub(crate) fn is_gaussian(&self) -> bool {
        self.likely_components().nth(1).is_none()
    }

    /// The distribution of the reward difference λᵀz.
    pub fn project(&self, z: DVectorView<f64>) -> Projection {
        self.project_by(|gaussian| gaussian.project(z))
    }

    /// The distribution of b + λᵀz, of which a rating is a level: b is the person's leniency, and z
    /// how a candidate differs from what it is compared with.
    pub fn project_lenient(&self, z: DVectorView<f64>) -> Projection {
        self.project_by(|gaussian| gaussian.project_lenient(z))
    }

    fn project_by(&self, project: impl Fn(&GaussianApproximation) -> (f64, f64)) -> Projection {
        let parts = self.likely_components().map(|(_, of)| {
            let (mean, variance) = project(&of.gaussian);
            ComponentMoments {
                probability: of.probability,
                mean,
                variance,
            }
        });
        Projection(parts.collect())
    }

    /// How the distribution of λᵀz, or with `lenient` that of b + λᵀz, follows from z, under each
    /// component that is not negligible.
    pub(crate) fn reward_maps(&self, lenient: bool) -> Vec<RewardMap<'_>> {
        self.likely_components()
            .map(|(_, of)| of.reward_map(lenient))
            .collect()
    }

    /// Mean and variance of the reward difference λᵀz, and Sz, by how much an answer about z moves
    /// the weights.
    pub fn shift(&self, z: DVectorView<f64>) -> (f64, f64, DVector<f64>) {
        let root = self.factor.tr_mul(&z);
        (self.mean.dot(&z), root.norm_squared(), &self.factor * root)
    }

    /// Mean and variance of b + λᵀz, b being the person's leniency, and its covariance with the
    /// weights, by how much a rating moves them.
    pub fn shift_lenient(&self, z: DVectorView<f64>) -> (f64, f64, DVector<f64>) {
        let (mean, variance) = self.project_lenient(z).moments();
        let shift = match &self.components[..] {
            [only] => only.gaussian.covariance_lenient(z),
            // The leniency's part is left out where it differs between components.
            _ => self.shift(z).2,
        };
        (mean, variance, shift)
    }
}

/// How the distribution of a reward difference u follows from z: u ~ N(m + μᵀz, v + ‖r + Rᵀz‖²).
#[derive(Debug, Clone)]
pub(crate) struct RewardMap<'a> {
    /// The probability of the component.
    pub probability: f64,
    /// μ, d numbers.
    pub mean: &'a DVector<f64>,
    /// R, d × k.
    pub root: &'a DMatrix<f64>,
    /// m.
    pub mean_offset: f64,
    /// r, k numbers, if it is not 0.
    pub root_offset: Option<&'a DVector<f64>>,
    /// v.
    pub variance_offset: f64,
}

impl<'a> RewardMap<'a> {
    /// Before anything was answered, for people of one component of the prior. `leniency` is the standard
    /// deviation of b, 0 without.
    pub fn of_prior(component: &'a MixtureComponent, leniency: f64) -> Self {
        RewardMap {
            probability: component.weight(),
            mean: component.mean(),
            root: component.factor(),
            mean_offset: 0.0,
            root_offset: None,
            variance_offset: leniency * leniency,
        }
    }
}

impl ComponentApproximation {
    fn reward_map(&self, lenient: bool) -> RewardMap<'_> {
        let leniency = lenient.then_some(&self.gaussian.leniency);
        let row = leniency.and_then(|leniency| leniency.row.as_ref());
        RewardMap {
            probability: self.probability,
            mean: &self.gaussian.mean,
            root: &self.gaussian.factor,
            mean_offset: leniency.map_or(0.0, |leniency| leniency.mean),
            root_offset: row,
            variance_offset: match (leniency, row) {
                (Some(leniency), None) => leniency.variance,
                _ => 0.0,
            },
        }
    }
}

/// The distribution of one number: a Gaussian for each component that is not negligible.
#[derive(Debug, Clone)]
pub struct Projection(pub Vec<ComponentMoments>);

/// N(mean, variance), and the probability of its component.
#[derive(Debug, Clone, Copy)]
pub struct ComponentMoments {
    /// Within the mixture; they sum to about 1.
    pub probability: f64,
    /// Given the component.
    pub mean: f64,
    /// Given the component.
    pub variance: f64,
}

impl Projection {
    /// N(mean, variance).
    pub fn gaussian(mean: f64, variance: f64) -> Self {
        Projection(vec![ComponentMoments {
            probability: 1.0,
            mean,
            variance,
        }])
    }

    /// Mean and variance over the components.
    pub fn moments(&self) -> (f64, f64) {
        if let [ComponentMoments { mean, variance, .. }] = self.0[..] {
            return (mean, variance);
        }
        let total: f64 = self.0.iter().map(|part| part.probability).sum();
        let mean = self
            .0
            .iter()
            .map(|part| part.probability * part.mean)
            .sum::<f64>()
            / total;
        let second = |part: &ComponentMoments| {
            part.probability * (part.variance + (part.mean - mean) * (part.mean - mean))
        };
        (mean, self.0.iter().map(second).sum::<f64>() / total)
    }
}

impl GaussianApproximation {
    /// `leniency` is its prior standard deviation.
    fn new(
        prior: &MixtureComponent,
        leniency: f64,
        log_posterior: LogPosterior,
    ) -> Result<Self, Error> {
        let FoundMode { eta, precision } = log_posterior.find_mode()?;
        let d = prior.mean().len();
        let mean = prior.factor() * eta.rows(0, d) + prior.mean();
        // H⁻¹ = WWᵀ with W = C⁻ᵀ, H = CCᵀ; covariance = L H⁻¹ Lᵀ = RRᵀ with R = LW.
        let root_inverse = precision.l().transpose();
        let identity = DMatrix::identity(eta.len(), eta.len());
        let root = root_inverse
            .solve_upper_triangular(&identity)
            .ok_or(Error::NotConverged)?;
        let factor = prior.factor() * root.rows(0, d);
        let leniency = if eta.len() > d {
            let row = leniency * root.row(d).transpose();
            Leniency {
                mean: leniency * eta[d],
                variance: row.norm_squared(),
                row: Some(row),
            }
        } else {
            Leniency {
                mean: 0.0,
                row: None,
                variance: leniency * leniency,
            }
        };
        if !factor.iter().chain(&mean).all(|number| number.is_finite()) {
            return Err(Error::NotConverged);
        }
        Ok(GaussianApproximation {
            mean,
            factor,
            leniency,
            log_posterior,
            eta,
            root,
            root_inverse,
        })
    }

    /// The mode, d weights.
    pub fn mean(&self) -> &DVector<f64> {
        &self.mean
    }

    /// R with RRᵀ = covariance.
    pub fn factor(&self) -> &DMatrix<f64> {
        &self.factor
    }

    /// Mean and variance of the reward difference λᵀz.
    fn project(&self, z: DVectorView<f64>) -> (f64, f64) {
        // λᵀz has the variance ‖Rᵀz‖².
        (self.mean.dot(&z), self.factor.tr_mul(&z).norm_squared())
    }

    /// Mean and variance of b + λᵀz.
    fn project_lenient(&self, z: DVectorView<f64>) -> (f64, f64) {
        let Leniency {
            mean,
            row,
            variance,
        } = &self.leniency;
        match row {
            Some(row) => (
                self.mean.dot(&z) + mean,
                (self.factor.tr_mul(&z) + row).norm_squared(),
            ),
            None => {
                let (of_weights, spread) = self.project(z);
                (of_weights + mean, spread + variance)
            }
        }
    }

    /// The covariance of b + λᵀz with the weights.
    fn covariance_lenient(&self, z: DVectorView<f64>) -> DVector<f64> {
        let root = self.factor.tr_mul(&z);
        match &self.leniency.row {
            Some(row) => &self.factor * (root + row),
            None => &self.factor * root,
        }
    }

    /// Whether there is no evidence: then the posterior is the prior.
    pub fn is_prior(&self) -> bool {
        self.log_posterior.is_prior()
    }

    /// −log of the posterior density at the mode, up to the constant of [`LogPosterior::objective`].
    pub fn objective(&self) -> f64 {
        self.log_posterior.objective(&self.eta)
    }

    /// log P(evidence) by Laplace's approximation.
    fn log_evidence(&self) -> f64 {
        self.log_volume() - self.objective()
    }

    /// log |W|: by how much the evidence has shrunk the volume of plausible weights.
    pub fn log_volume(&self) -> f64 {
        -self
            .root_inverse
            .diagonal()
            .iter()
            .map(|c| libm::log(*c))
            .sum::<f64>()
    }

    /// Number of coordinates of η.
    pub fn dimensions(&self) -> usize {
        self.eta.len()
    }

    /// log P(evidence | η) of each point, a row each.
    pub fn log_likelihoods(&self, eta: &DMatrix<f64>) -> Vec<f64> {
        self.log_posterior.log_likelihoods(eta)
    }

    /// η at the mode.
    pub fn mode(&self) -> &DVector<f64> {
        &self.eta
    }

    /// W with WWᵀ = the covariance of η.
    pub fn root(&self) -> &DMatrix<f64> {
        &self.root
    }

    /// W⁻¹.
    pub fn root_inverse(&self) -> &DMatrix<f64> {
        &self.root_inverse
    }

    /// λ of each point, given by its η, a row each.
    pub fn weights(&self, eta: &DMatrix<f64>) -> DMatrix<f64> {
        // λ = mean + R W⁻¹ (η − mode)
        let factor = &self.factor * &self.root_inverse;
        affine(eta, &factor, &(&self.mean - &factor * &self.eta))
    }
}

/// origin + factor·x of each point x, a row each. Zeros before and behind the others in a row of the
/// factor, as in a triangle, cost nothing.
pub(super) fn affine(
    points: &DMatrix<f64>,
    factor: &DMatrix<f64>,
    origin: &DVector<f64>,
) -> DMatrix<f64> {
    let mut images = DMatrix::zeros(points.nrows(), origin.len());
    let rows: Vec<(usize, DVector<f64>)> = factor
        .row_iter()
        .map(|row| without_outer_zeros(row.transpose()))
        .collect();
    for start in (0..points.nrows()).step_by(BLOCK) {
        let count = BLOCK.min(points.nrows() - start);
        let mut images = images.rows_mut(start, count);
        for (mut image, ((first, row), origin)) in
            images.column_iter_mut().zip(rows.iter().zip(origin))
        {
            image.fill(*origin);
            let points = points.view((start, *first), (count, row.len()));
            image.gemv(1.0, &points, row, 1.0);
        }
    }
    images
}

/// The numbers from the first to the last that is not 0, and the place of the first.
fn without_outer_zeros(row: DVector<f64>) -> (usize, DVector<f64>) {
    let first = row.iter().position(|x| *x != 0.0).unwrap_or(row.len());
    let end = row
        .iter()
        .rposition(|x| *x != 0.0)
        .map_or(first, |last| last + 1);
    (first, row.rows(first, end - first).into_owned())
}
