//! Importance samples of one person's weights.

use leaning::numeric::quadrature::normal_nodes;
use leaning::numeric::{Random, log_sum_exp, softmax};
use leaning::{AnswerModel, Error, Evidence, LaplaceApproximation, MixtureComponent, Prior};
use nalgebra::{Cholesky, DMatrix, DVector, DVectorView};

/// The proposal is a Student t distribution with this many degrees of freedom. Its tails are heavier
/// than the posterior's, so no sample gets an extreme weight.
const DEGREES_OF_FREEDOM: usize = 12;
/// Standard deviations of people's leniency that are integrated over.
const REACH: f64 = 5.0;
/// The seed is fixed because the samples are a means of integration: the same answers always give
/// the same prior.
const SEED: u64 = 0x1ea9;

/// Samples of a person's weights λ from a proposal q around the mode, with importance weights that
/// can follow the prior.
pub(crate) struct ImportanceSamples {
    /// λ, d × n: a column per sample.
    weights: DMatrix<f64>,
    /// log of P(evidence | λ) / (n · q(λ)) for each sample, without q's factor (2π)^(−d/2).
    log_ratios: Vec<f64>,
}

/// Posterior moments of one person's weights, given the component that the person belongs to.
#[derive(Debug, Clone)]
pub(crate) struct PosteriorMoments {
    /// d numbers.
    pub mean: DVector<f64>,
    /// d × d.
    pub covariance: DMatrix<f64>,
    /// log P(evidence | component).
    pub log_evidence: f64,
}

impl ImportanceSamples {
    /// Draws `count` (even) samples around the posterior's mode under `prior`, which has one
    /// component. Each sample comes with its reflection at the mode. `person` tells apart the random
    /// numbers of different people.
    ///
    /// # Errors
    /// As [`LaplaceApproximation::infer`].
    pub fn draw(
        prior: &Prior,
        model: AnswerModel,
        evidence: &[Evidence],
        count: usize,
        person: usize,
    ) -> Result<Self, Error> {
        let laplace = LaplaceApproximation::infer(prior, model, evidence)?;
        let factor = Cholesky::new(laplace.covariance())
            .ok_or(Error::NotConverged)?
            .l();
        let (d, half, mode) = (laplace.dimensions(), count / 2, laplace.mean());
        let mut random = Random::new(SEED, person as u64);
        let mut points = DMatrix::zeros(d, half);
        let log_constant = log_determinant(&factor) - libm::log(count as f64);
        let mut log_proposals = Vec::with_capacity(half);
        for mut point in points.column_iter_mut() {
            let scale = DEGREES_OF_FREEDOM as f64 / random.chi_squared(DEGREES_OF_FREEDOM);
            point.copy_from(&(scale.sqrt() * random.normals(d)));
            log_proposals.push(log_student(point.norm_squared(), d) - log_constant);
        }
        let steps = factor * points;
        let mut weights = DMatrix::zeros(d, 2 * half);
        for (i, step) in steps.column_iter().enumerate() {
            weights.set_column(i, &(mode + step));
            weights.set_column(half + i, &(mode - step));
        }
        let log_ratios = log_likelihoods(&model, evidence, &weights)
            .into_iter()
            .zip(log_proposals.iter().chain(&log_proposals))
            .map(|(log_likelihood, log_proposal)| log_likelihood - log_proposal)
            .collect();
        Ok(ImportanceSamples {
            weights,
            log_ratios,
        })
    }

    /// The moments of the weights given that the person belongs to the component of this density.
    pub fn moments(&self, density: &ComponentDensity) -> PosteriorMoments {
        let log_densities = density.log(&self.weights);
        let logs: Vec<f64> = self
            .log_ratios
            .iter()
            .zip(&log_densities)
            .map(|(ratio, log)| ratio + log)
            .collect();
        let shares = DVector::from_vec(softmax(&logs));
        let mean = &self.weights * &shares;
        let mut away = self.weights.clone();
        away.column_iter_mut()
            .for_each(|mut weights| weights -= &mean);
        let mut shared = away.clone();
        shared
            .column_iter_mut()
            .zip(&shares)
            .for_each(|(mut weights, share)| weights *= *share);
        let covariance = shared * away.transpose();
        PosteriorMoments {
            mean,
            covariance,
            log_evidence: log_sum_exp(&logs),
        }
    }
}

/// log P(evidence | λ) for each column λ of `weights`, d × n. A person's leniency, where it matters,
/// is integrated out.
fn log_likelihoods(model: &AnswerModel, evidence: &[Evidence], weights: &DMatrix<f64>) -> Vec<f64> {
    let sd = model.leniency();
    let nodes: Vec<(f64, f64)> = if evidence.iter().any(Evidence::is_lenient) {
        normal_nodes(sd, REACH).collect()
    } else {
        vec![(0.0, 1.0)]
    };
    let total: f64 = nodes.iter().map(|(_, weight)| weight).sum();
    let at = |node: &(f64, f64)| {
        let mut logs = vec![libm::log(node.1 / total); weights.ncols()];
        for evidence in evidence {
            add_log_likelihoods(&mut logs, model, evidence, weights, sd * node.0);
        }
        logs
    };
    let by_node: Vec<Vec<f64>> = nodes.iter().map(at).collect();
    match &by_node[..] {
        [only] => only.clone(),
        _ => (0..weights.ncols())
            .map(|i| log_sum_exp(&by_node.iter().map(|logs| logs[i]).collect::<Vec<_>>()))
            .collect(),
    }
}

/// Adds log P(this evidence | λ, leniency) for each column λ of `weights`.
fn add_log_likelihoods(
    logs: &mut [f64],
    model: &AnswerModel,
    evidence: &Evidence,
    weights: &DMatrix<f64>,
    leniency: f64,
) {
    // The scale of a pair is worked out once, and not for each sample.
    let (scores, scale, level, leniency) = match evidence {
        Evidence::Pair {
            difference,
            tie,
            outcome,
        } => {
            let scale = model.pair_scale(*tie);
            let level = match outcome {
                0 => scale.levels() - 1,
                1 => 0,
                _ => 1,
            };
            (difference, scale, level, 0.0)
        }
        Evidence::Ordinal {
            scores,
            lenient,
            scale,
            level,
        } => {
            let leniency = if *lenient { leniency } else { 0.0 };
            (scores, *scale, *level, leniency)
        }
        other => {
            for (log, weights) in logs.iter_mut().zip(weights.column_iter()) {
                *log += other.log_likelihood_with(model, weights.as_view(), leniency);
            }
            return;
        }
    };
    for (log, reward) in logs.iter_mut().zip(&weights.tr_mul(scores)) {
        *log += scale.log_probability(reward + leniency, level);
    }
}

/// N(m, S) of a mixture component, ready to be evaluated.
pub(crate) struct ComponentDensity {
    mean: DVector<f64>,
    /// L⁻¹ with LLᵀ = S.
    whitening: DMatrix<f64>,
    /// −½ log det S.
    log_constant: f64,
}

impl ComponentDensity {
    /// The density of this component.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if S is singular in double precision.
    pub fn new(component: &MixtureComponent) -> Result<Self, Error> {
        let (mean, factor) = (component.mean().clone(), component.factor());
        let identity = DMatrix::identity(mean.len(), mean.len());
        let whitening = factor
            .solve_lower_triangular(&identity)
            .ok_or(Error::NotConverged)?;
        Ok(ComponentDensity {
            mean,
            whitening,
            log_constant: -log_determinant(factor),
        })
    }

    /// Its logarithm at each column of `weights` (d × n), without the factor (2π)^(−d/2).
    fn log(&self, weights: &DMatrix<f64>) -> Vec<f64> {
        let mut away = weights.clone();
        away.column_iter_mut()
            .for_each(|mut weights| weights -= &self.mean);
        let whitened = &self.whitening * away;
        let log = |whitened: DVectorView<f64>| self.log_constant - 0.5 * whitened.norm_squared();
        whitened.column_iter().map(log).collect()
    }
}

/// The log density of the d-dimensional Student t distribution at a point of this squared length,
/// without the factor (2π)^(−d/2).
fn log_student(squared: f64, dimensions: usize) -> f64 {
    let (freedom, d) = (DEGREES_OF_FREEDOM as f64, dimensions as f64);
    let constant = libm::lgamma(0.5 * (freedom + d))
        - libm::lgamma(0.5 * freedom)
        - 0.5 * d * libm::log(0.5 * freedom);
    constant - 0.5 * (freedom + d) * libm::log1p(squared / freedom)
}

/// log det L of a triangular matrix.
fn log_determinant(factor: &DMatrix<f64>) -> f64 {
    factor
        .diagonal()
        .iter()
        .map(|number| libm::log(*number))
        .sum()
}
