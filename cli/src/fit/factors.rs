//! Base rewards and weights together, by penalised maximum likelihood: reward factorization (PReF,
//! arXiv 2503.06358).
//!
//! φ_r = Wᵀx_r, with x_r the inputs of response r, and u = λ_iᵀφ_r with λ_i = m + δ_i for person i.
//! The loss over W, m and all δ_i is −Σ log P(answer | u) + ½ Σ |δ_i|² + ½ |W|²·κ/v: Gaussian priors
//! on δ_i and W. With κ = 1, the usual penalty, v is such that reward differences have a standard
//! deviation of [`UTILITY_SD`]. The loss is minimised by L-BFGS, from the leading singular vectors of
//! people's preferences.
//!
//! With *consensus*, u = cᵀx_r + δ_iᵀφ_r: what everybody thinks of a response need not lie in the d
//! directions that people differ in. The loss has ½ |c|²/v for it, with the v of d = 1.

use super::inputs::Inputs;
use super::minimise::{Objective, minimise};
use super::progress::FitProgress;
use argmin::core::Error;
use leaning::AnswerModel;
use leaning_population::Sample;
use nalgebra::{DMatrix, DVector, RowDVector};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// The standard deviation of reward differences that the penalty assumes.
const UTILITY_SD: f64 = 2.0;
/// Rounds of subspace iteration.
const ROUNDS: usize = 12;
/// Further directions that are carried along in the iteration.
const OVERSAMPLING: usize = 8;

/// The start of the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Start {
    /// At the leading singular vectors of the matrix of people × preferences
    Svd,
    /// At random, for comparison
    Random,
}

/// The base rewards to look for.
#[derive(Debug, Clone, Copy)]
pub struct FactorShape {
    /// Number of base rewards that people differ in, d.
    pub dimensions: usize,
    /// Whether a further base reward holds what everybody thinks of a response.
    pub consensus: bool,
    /// κ: the penalty on W, as a multiple of the usual one.
    pub penalty: f64,
}

impl FactorShape {
    /// The usual penalty, and no consensus.
    pub fn usual(dimensions: usize) -> Self {
        FactorShape {
            dimensions,
            consensus: false,
            penalty: 1.0,
        }
    }
}

/// Base rewards, and people's weights over them.
#[derive(Debug, Clone)]
pub struct Factors {
    /// W, p × d; or (W, c), p × (d + 1), with consensus.
    pub head: DMatrix<f64>,
    /// λ, people × d; or (δ, 1), people × (d + 1), with consensus.
    pub weights: DMatrix<f64>,
    /// The penalised loss, by step.
    pub losses: Vec<f64>,
}

impl Factors {
    /// Fits d base rewards and everybody's weights in one search. Ctrl-C ends it early, with the state
    /// so far.
    pub fn fit(
        sample: &Sample,
        inputs: &Inputs,
        model: &AnswerModel,
        shape: FactorShape,
        (start, seed): (Start, u64),
        progress: &FitProgress,
    ) -> Result<Self, Error> {
        let (p, dimensions) = (inputs.count(), shape.dimensions);
        let of_consensus = consensus_variance(inputs);
        let variance = of_consensus / (dimensions as f64 * shape.penalty);
        let variances = (variance, shape.consensus.then_some(of_consensus));
        let (head, people) = match start {
            Start::Svd => leading_directions(sample, inputs, shape, seed),
            Start::Random => {
                let mut random = ChaCha8Rng::seed_from_u64(seed);
                let head = normals(p, dimensions, &mut random);
                (head, normals(sample.people(), dimensions, &mut random))
            }
        };
        let rms = (head.norm_squared() / (p * dimensions) as f64).sqrt();
        let head = head * (variance.sqrt() / rms);
        let common = if shape.consensus { p } else { dimensions };
        let start = [head.as_slice(), people.as_slice(), &vec![0.0; common]].concat();
        let problem = Problem {
            sample,
            inputs,
            model,
            variances,
            dimensions,
        };
        let minimum = minimise(&problem, start, progress)?;
        let parameters = problem.unpack(&minimum.parameters);
        Ok(Factors {
            head: parameters.full_head(),
            weights: parameters.weights(),
            losses: minimum.losses,
        })
    }
}

/// The variance of each number of a base reward that everybody shares: such that reward differences
/// have a standard deviation of [`UTILITY_SD`].
pub fn consensus_variance(inputs: &Inputs) -> f64 {
    UTILITY_SD * UTILITY_SD / inputs.total_variance()
}

/// W and λ to start from: the leading right singular vectors of the matrix A of people × inputs
/// whose rows are people's preferences, by subspace iteration (Halko, Martinsson & Tropp 2011), and
/// AW scaled to unit variance. With consensus, the mean row of A is taken off.
fn leading_directions(
    sample: &Sample,
    inputs: &Inputs,
    shape: FactorShape,
    seed: u64,
) -> (DMatrix<f64>, DMatrix<f64>) {
    let (p, dimensions) = (inputs.count(), shape.dimensions);
    let preferences = |basis: &DMatrix<f64>| {
        let mut people = sample.gradient_at_equal_rewards(&inputs.scores(basis));
        if shape.consensus {
            let mean = people.row_mean();
            people.row_iter_mut().for_each(|mut row| row -= &mean);
        }
        people
    };
    let width = (dimensions + OVERSAMPLING).min(p);
    let mut basis = normals(p, width, &mut ChaCha8Rng::seed_from_u64(seed))
        .qr()
        .q();
    for _ in 0..ROUNDS {
        let people = preferences(&basis);
        basis = inputs
            .scores_transposed(&sample.gradient_transposed(&people))
            .qr()
            .q();
    }
    let people = preferences(&basis);
    let eigen = people.tr_mul(&people).symmetric_eigen();
    let mut order: Vec<usize> = (0..width).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let mut head = DMatrix::zeros(p, dimensions);
    for (j, &place) in order.iter().take(dimensions).enumerate() {
        head.set_column(j, &(&basis * eigen.eigenvectors.column(place)));
    }
    let mut people = preferences(&head);
    for mut column in people.column_iter_mut() {
        let rms = (column.norm_squared() / column.len().max(1) as f64).sqrt();
        if rms > 0.0 {
            column /= rms;
        }
    }
    (head, people)
}

fn normals(rows: usize, columns: usize, random: &mut impl Rng) -> DMatrix<f64> {
    DMatrix::from_fn(rows, columns, |_, _| random.sample(StandardNormal))
}

/// The loss to minimise.
struct Problem<'a> {
    sample: &'a Sample,
    inputs: &'a Inputs,
    model: &'a AnswerModel,
    /// v/κ, and the variance of c if there is consensus.
    variances: (f64, Option<f64>),
    dimensions: usize,
}

struct Parameters {
    /// W, p × d.
    head: DMatrix<f64>,
    /// δ, people × d.
    deviations: DMatrix<f64>,
    common: Common,
}

/// The part that everybody shares.
enum Common {
    /// m, d.
    Weights(RowDVector<f64>),
    /// c, p: a base reward that everybody weighs by 1.
    Consensus(DVector<f64>),
}

impl Parameters {
    /// W, or (W, c).
    fn full_head(&self) -> DMatrix<f64> {
        match &self.common {
            Common::Weights(_) => self.head.clone(),
            Common::Consensus(consensus) => with_column(&self.head, consensus),
        }
    }

    /// λ, people × d; or (δ, 1), people × (d + 1).
    fn weights(&self) -> DMatrix<f64> {
        match &self.common {
            Common::Weights(mean) => {
                let mut weights = self.deviations.clone();
                for (mut column, mean) in weights.column_iter_mut().zip(mean) {
                    column.add_scalar_mut(*mean);
                }
                weights
            }
            Common::Consensus(_) => {
                let ones = DVector::repeat(self.deviations.nrows(), 1.0);
                with_column(&self.deviations, &ones)
            }
        }
    }
}

/// The matrix with another column at its end.
fn with_column(matrix: &DMatrix<f64>, column: &DVector<f64>) -> DMatrix<f64> {
    let d = matrix.ncols();
    let mut wider = matrix.clone().insert_column(d, 0.0);
    wider.set_column(d, column);
    wider
}

impl Problem<'_> {
    fn unpack(&self, packed: &[f64]) -> Parameters {
        let (p, d, people) = (self.inputs.count(), self.dimensions, self.sample.people());
        let (head, rest) = packed.split_at(p * d);
        let (deviations, common) = rest.split_at(people * d);
        let common = match self.variances.1 {
            None => Common::Weights(RowDVector::from_row_slice(common)),
            Some(_) => Common::Consensus(DVector::from_column_slice(common)),
        };
        Parameters {
            head: DMatrix::from_column_slice(p, d, head),
            deviations: DMatrix::from_column_slice(people, d, deviations),
            common,
        }
    }
}

impl Objective for &Problem<'_> {
    fn evaluate(&self, packed: &[f64]) -> (f64, Vec<f64>) {
        let parameters = self.unpack(packed);
        let Parameters {
            head,
            deviations,
            common,
        } = &parameters;
        let (d, (variance, of_consensus)) = (self.dimensions, self.variances);
        let scores = self.inputs.scores(&parameters.full_head());
        let loss = self.sample.loss(self.model, &scores, &parameters.weights());
        let by_full_head = self.inputs.scores_transposed(&loss.by_scores);
        let mut penalty = 0.5 * (deviations.norm_squared() + head.norm_squared() / variance);
        let by_head = by_full_head.columns(0, d) + head / variance;
        let by_deviations = loss.by_weights.columns(0, d) + deviations;
        let by_common: Vec<f64> = match (common, of_consensus) {
            (Common::Consensus(consensus), Some(variance)) => {
                penalty += 0.5 * consensus.norm_squared() / variance;
                let by_consensus = by_full_head.column(d) + consensus / variance;
                by_consensus.as_slice().to_vec()
            }
            _ => loss.by_weights.row_sum().as_slice().to_vec(),
        };
        let gradient = [by_head.as_slice(), by_deviations.as_slice(), &by_common].concat();
        (loss.value + penalty, gradient)
    }
}
