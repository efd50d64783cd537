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
use super::many_people::{HeadAndMean, fit_head};
use super::minimise::{Objective, minimise};
use super::progress::FitProgress;
use crate::interrupt::is_interrupted;
use argmin::core::Error;
use leaning::AnswerModel;
use leaning_population::{Partition, Sample};
use nalgebra::{DMatrix, DVector, RowDVector};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use std::borrow::Cow;

/// The standard deviation of reward differences that the penalty assumes.
const UTILITY_SD: f64 = 2.0;
/// With twice as many people or more, the joint search over everybody's weights is over so many of them.
pub const ENOUGH_PEOPLE: usize = 4000;
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
    pub weights: Weights,
    /// The penalised loss, by step.
    pub losses: Vec<f64>,
}

/// The weights of the people of a fit.
#[derive(Debug, Clone)]
pub enum Weights {
    /// λ, people × d; or (δ, 1), people × (d + 1), with consensus.
    OfEverybody(DMatrix<f64>),
    /// Their mean m, d numbers. Each person's are at their best given m and W.
    Mean(DVector<f64>),
}

impl Factors {
    /// Fits d base rewards. Ctrl-C ends the fit early, with the state so far.
    ///
    /// If people are many and base rewards are linear, the joint search is over some of them, and only
    /// W and m are then fitted to everybody.
    pub fn fit(
        sample: &Sample,
        inputs: &Inputs,
        model: &AnswerModel,
        shape: FactorShape,
        start: (Start, u64),
        progress: &FitProgress,
    ) -> Result<Self, Error> {
        let every = sample.people() / ENOUGH_PEOPLE;
        let Inputs::Linear { inputs: rows, .. } = inputs else {
            return Self::fit_jointly(sample, inputs, model, shape, start, progress);
        };
        if every < 2 || shape.consensus {
            return Self::fit_jointly(sample, inputs, model, shape, start, progress);
        }
        let some: Vec<usize> = (0..sample.people()).step_by(every).collect();
        let some = sample.of_people(&some);
        let of_some = Self::fit_jointly(&some, inputs, model, shape, start, progress)?;
        if is_interrupted() {
            return Ok(of_some);
        }
        let start = HeadAndMean {
            mean: of_some.weights.mean(),
            head: of_some.head,
        };
        let variance = consensus_variance(inputs) / (shape.dimensions as f64 * shape.penalty);
        let people = [Partition::new(Cow::Borrowed(sample), rows, 0)?];
        let comparisons = sample.comparisons();
        let progress = progress.of(", everybody");
        let (found, losses) =
            fit_head(&people[..], comparisons, model, variance, start, &progress)?;
        Ok(Factors {
            head: found.head,
            weights: Weights::Mean(found.mean),
            losses,
        })
    }

    /// Fits d base rewards and everybody's weights in one search.
    fn fit_jointly(
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
            weights: Weights::OfEverybody(parameters.weights()),
            losses: minimum.losses,
        })
    }
}

impl Weights {
    /// The mean over people, d numbers.
    pub fn mean(&self) -> DVector<f64> {
        match self {
            Weights::OfEverybody(weights) => weights.row_mean().transpose(),
            Weights::Mean(mean) => mean.clone(),
        }
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
