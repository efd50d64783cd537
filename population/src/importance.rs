//! Importance samples of one person's weights.

use crate::mode::{Mode, Modes};
use leaning::model::OrdinalScale;
use leaning::numeric::quadrature::normal_nodes;
use leaning::numeric::{Random, exp, log_sum_exp, softmax};
use leaning::{AnswerModel, Error, Evidence, MixtureComponent};
use nalgebra::{DMatrix, DVector, RowDVector};

/// The proposal is a Student t distribution with this many degrees of freedom. Its tails are heavier
/// than the posterior's, so no sample gets an extreme weight.
const DEGREES_OF_FREEDOM: usize = 12;
/// Standard deviations of people's leniency that are integrated over.
const REACH: f64 = 5.0;
/// The seed is fixed because the samples are a means of integration: the same answers always give
/// the same prior.
const SEED: u64 = 0x1ea9;

/// Below it a product of probabilities gives way to its logarithm. A double holds its product with
/// any probability that allows for lapses.
const SMALL_PRODUCT: f64 = 1e-150;

/// Samples of a person's weights λ from a proposal q around the mode, with importance weights that
/// can follow the prior.
pub(crate) struct ImportanceSamples {
    /// λ, n × d: a row per sample.
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
    /// Draws `count` (even) samples around the posterior's mode. Each sample comes with its reflection
    /// at the mode. `person` tells apart the random numbers of different people.
    ///
    /// # Errors
    /// As [`Modes::find`].
    pub fn draw(
        modes: &Modes,
        model: AnswerModel,
        evidence: &[Evidence],
        count: usize,
        person: usize,
    ) -> Result<Self, Error> {
        let Mode { mean: mode, factor } = modes.find(model, evidence)?;
        let (d, half) = (mode.len(), count / 2);
        let mut random = Random::new(SEED, person as u64);
        let mut points = DMatrix::zeros(half, d);
        let student = LogStudent::new(d);
        let log_constant = log_determinant(&factor) - libm::log(count as f64);
        let mut log_proposals = Vec::with_capacity(half);
        let mut normals = RowDVector::zeros(d);
        for mut point in points.row_iter_mut() {
            let scale = DEGREES_OF_FREEDOM as f64 / random.chi_squared(DEGREES_OF_FREEDOM);
            random.fill_normal(normals.as_mut_slice());
            normals *= scale.sqrt();
            point.copy_from(&normals);
            log_proposals.push(student.log(normals.norm_squared()) - log_constant);
        }
        let steps = points * factor.transpose();
        let mut weights = DMatrix::zeros(2 * half, d);
        for (j, step) in steps.column_iter().enumerate() {
            let mut column = weights.column_mut(j);
            for (i, step) in step.iter().enumerate() {
                column[i] = mode[j] + step;
                column[half + i] = mode[j] - step;
            }
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
        let mean = self.weights.tr_mul(&shares);
        let mut away = self.weights.clone();
        for (mut column, mean) in away.column_iter_mut().zip(&mean) {
            column.add_scalar_mut(-mean);
        }
        let mut shared = away.clone();
        shared
            .column_iter_mut()
            .for_each(|mut column| column.component_mul_assign(&shares));
        PosteriorMoments {
            covariance: shared.tr_mul(&away),
            mean,
            log_evidence: log_sum_exp(&logs),
        }
    }
}

/// log P(evidence | λ) for each row λ of `weights`, n × d. A person's leniency, where it matters, is
/// integrated out.
fn log_likelihoods(model: &AnswerModel, evidence: &[Evidence], weights: &DMatrix<f64>) -> Vec<f64> {
    let sd = model.leniency();
    let nodes: Vec<(f64, f64)> = if evidence.iter().any(Evidence::is_lenient) {
        normal_nodes(sd, REACH).collect()
    } else {
        vec![(0.0, 1.0)]
    };
    let total: f64 = nodes.iter().map(|(_, weight)| weight).sum();
    let at = |node: &(f64, f64)| {
        let mut likelihoods = Likelihoods::new(weights.nrows(), libm::log(node.1 / total));
        for evidence in evidence {
            likelihoods.multiply(model, evidence, weights, sd * node.0);
        }
        likelihoods.logs()
    };
    let by_node: Vec<Vec<f64>> = nodes.iter().map(at).collect();
    match &by_node[..] {
        [only] => only.clone(),
        _ => (0..weights.nrows())
            .map(|i| log_sum_exp(&by_node.iter().map(|logs| logs[i]).collect::<Vec<_>>()))
            .collect(),
    }
}

/// The likelihood of some evidence at each sample: e^log · product. Logarithms cost as much as all
/// else, so probabilities are multiplied as long as a double holds their product.
struct Likelihoods {
    logs: Vec<f64>,
    products: Vec<f64>,
    /// Room for a utility, and then a probability, at each sample.
    utilities: DVector<f64>,
}

impl Likelihoods {
    fn new(count: usize, log: f64) -> Self {
        Likelihoods {
            logs: vec![log; count],
            products: vec![1.0; count],
            utilities: DVector::zeros(count),
        }
    }

    /// Takes in this evidence, given a row λ of `weights` for each sample and this leniency.
    fn multiply(
        &mut self,
        model: &AnswerModel,
        evidence: &Evidence,
        weights: &DMatrix<f64>,
        leniency: f64,
    ) {
        match evidence {
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
                self.multiply_level(model, &scale, level, (weights, difference, 0.0));
            }
            Evidence::Ordinal {
                scores,
                lenient,
                scale,
                level,
            } => {
                let leniency = if *lenient { leniency } else { 0.0 };
                self.multiply_level(model, scale, *level, (weights, scores, leniency));
            }
            Evidence::Choice { scores, chose } if model.lapse() > 0.0 => {
                self.multiply_choice(model, scores, *chose, weights);
            }
            other => {
                for (log, weights) in self.logs.iter_mut().zip(weights.row_iter()) {
                    let weights = weights.transpose();
                    *log += other.log_likelihood_with(model, weights.as_view(), leniency);
                }
            }
        }
    }

    /// Takes in a level of the utility b + λᵀ`scores`.
    fn multiply_level(
        &mut self,
        model: &AnswerModel,
        scale: &OrdinalScale,
        level: usize,
        (weights, scores, leniency): (&DMatrix<f64>, &DVector<f64>, f64),
    ) {
        self.utilities.fill(leniency);
        self.utilities.gemv(1.0, weights, scores, 1.0);
        if model.lapse() > 0.0 {
            scale.utilities_to_probabilities(self.utilities.as_mut_slice(), level);
            self.multiply_probabilities();
        } else {
            // A double may not hold so small a probability.
            for (log, utility) in self.logs.iter_mut().zip(&self.utilities) {
                *log += scale.log_probability(*utility, level);
            }
        }
    }

    /// Takes in the choice among candidates with these scores, d × K: (1 − ε) / Σ exp(u_j − u_k) + ε/K.
    fn multiply_choice(
        &mut self,
        model: &AnswerModel,
        scores: &DMatrix<f64>,
        chose: usize,
        weights: &DMatrix<f64>,
    ) {
        let mut sums = DVector::repeat(weights.nrows(), 1.0);
        for (_, other) in scores
            .column_iter()
            .enumerate()
            .filter(|(k, _)| *k != chose)
        {
            let difference = other - scores.column(chose);
            self.utilities.gemv(1.0, weights, &difference, 0.0);
            for (sum, utility) in sums.iter_mut().zip(&self.utilities) {
                *sum += exp(*utility);
            }
        }
        let slip = model.lapse() / scores.ncols() as f64;
        for (probability, sum) in self.utilities.iter_mut().zip(&sums) {
            *probability = (1.0 - model.lapse()) / sum + slip;
        }
        self.multiply_probabilities();
    }

    fn multiply_probabilities(&mut self) {
        let products = self.products.iter_mut().zip(&self.utilities);
        products.for_each(|(product, probability)| *product *= probability);
        if self.products.iter().any(|product| *product < SMALL_PRODUCT) {
            self.take_logarithms();
        }
    }

    fn take_logarithms(&mut self) {
        for (log, product) in self.logs.iter_mut().zip(&mut self.products) {
            *log += libm::log(*product);
            *product = 1.0;
        }
    }

    fn logs(mut self) -> Vec<f64> {
        self.take_logarithms();
        self.logs
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

    /// Its logarithm at each row of `weights` (n × d), without the factor (2π)^(−d/2).
    fn log(&self, weights: &DMatrix<f64>) -> Vec<f64> {
        let mut away = weights.clone();
        for (mut column, mean) in away.column_iter_mut().zip(&self.mean) {
            column.add_scalar_mut(-mean);
        }
        let whitened = away * self.whitening.transpose();
        let mut squares = DVector::zeros(weights.nrows());
        for column in whitened.column_iter() {
            squares.cmpy(1.0, &column, &column, 1.0);
        }
        squares
            .iter()
            .map(|square| self.log_constant - 0.5 * square)
            .collect()
    }
}

/// The log density of the d-dimensional Student t distribution at a point, without the factor
/// (2π)^(−d/2).
struct LogStudent {
    dimensions: f64,
    constant: f64,
}

impl LogStudent {
    fn new(dimensions: usize) -> Self {
        let (freedom, d) = (DEGREES_OF_FREEDOM as f64, dimensions as f64);
        let constant = libm::lgamma(0.5 * (freedom + d))
            - libm::lgamma(0.5 * freedom)
            - 0.5 * d * libm::log(0.5 * freedom);
        LogStudent {
            dimensions: d,
            constant,
        }
    }

    /// At a point of this squared length.
    fn log(&self, squared: f64) -> f64 {
        let freedom = DEGREES_OF_FREEDOM as f64;
        self.constant - 0.5 * (freedom + self.dimensions) * libm::log1p(squared / freedom)
    }
}

/// log det L of a triangular matrix.
fn log_determinant(factor: &DMatrix<f64>) -> f64 {
    factor
        .diagonal()
        .iter()
        .map(|number| libm::log(*number))
        .sum()
}
