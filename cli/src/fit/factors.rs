//! Base rewards and weights together, by penalised maximum likelihood: reward factorization (PReF,
//! arXiv 2503.06358).
//!
//! φ_r = Wᵀx_r, with x_r the inputs of response r, and u = λ_iᵀφ_r with λ_i = m + δ_i for person i.
//! The loss over W, m and all δ_i is −Σ log P(answer | u) + ½ Σ |δ_i|² + ½ |W|²/v: Gaussian priors
//! on δ_i and W, with v such that reward differences have a standard deviation of [`UTILITY_SD`].
//! It is minimised by L-BFGS, from the leading singular vectors of people's preferences.

use super::inputs::Inputs;
use super::minimise::{Objective, minimise};
use super::progress::FitProgress;
use super::sample::Sample;
use argmin::core::Error;
use leaning::AnswerModel;
use nalgebra::{DMatrix, RowDVector};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// The standard deviation of reward differences that the penalty assumes.
pub const UTILITY_SD: f64 = 2.0;
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

/// Base rewards, and people's weights over them.
#[derive(Debug, Clone)]
pub struct Factors {
    /// W, p × d.
    pub head: DMatrix<f64>,
    /// λ, people × d.
    pub weights: DMatrix<f64>,
    /// The penalised loss, by step.
    pub losses: Vec<f64>,
}

impl Factors {
    /// Fits d base rewards. Ctrl-C ends the fit early, with the state so far.
    pub fn fit(
        sample: &Sample,
        inputs: &Inputs,
        model: &AnswerModel,
        dimensions: usize,
        (start, seed): (Start, u64),
        progress: &FitProgress,
    ) -> Result<Self, Error> {
        let p = inputs.count();
        let variance = UTILITY_SD * UTILITY_SD / (dimensions as f64 * inputs.total_variance());
        let (head, people) = match start {
            Start::Svd => leading_directions(sample, inputs, dimensions, seed),
            Start::Random => {
                let mut random = ChaCha8Rng::seed_from_u64(seed);
                let head = normals(p, dimensions, &mut random);
                (head, normals(sample.people(), dimensions, &mut random))
            }
        };
        let rms = (head.norm_squared() / (p * dimensions) as f64).sqrt();
        let head = head * (variance.sqrt() / rms);
        let start = [head.as_slice(), people.as_slice(), &vec![0.0; dimensions]].concat();
        let problem = Problem {
            sample,
            inputs,
            model,
            variance,
            dimensions,
        };
        let minimum = minimise(problem, start, progress)?;
        let parameters = Parameters::unpack(&minimum.parameters, p, dimensions, sample.people());
        let weights = parameters.weights();
        Ok(Factors {
            head: parameters.head,
            weights,
            losses: minimum.losses,
        })
    }
}

/// W and λ to start from: the leading right singular vectors of the matrix A of people × inputs
/// whose rows are people's preferences, by subspace iteration (Halko, Martinsson & Tropp 2011), and
/// AW scaled to unit variance.
fn leading_directions(
    sample: &Sample,
    inputs: &Inputs,
    dimensions: usize,
    seed: u64,
) -> (DMatrix<f64>, DMatrix<f64>) {
    let p = inputs.count();
    let preferences =
        |basis: &DMatrix<f64>| sample.gradient_at_equal_rewards(&inputs.scores(basis));
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
    /// v.
    variance: f64,
    dimensions: usize,
}

struct Parameters {
    /// W, p × d.
    head: DMatrix<f64>,
    /// δ, people × d.
    deviations: DMatrix<f64>,
    /// m, d.
    mean: RowDVector<f64>,
}

impl Parameters {
    fn unpack(packed: &[f64], p: usize, d: usize, people: usize) -> Self {
        let (head, rest) = packed.split_at(p * d);
        let (deviations, mean) = rest.split_at(people * d);
        Parameters {
            head: DMatrix::from_column_slice(p, d, head),
            deviations: DMatrix::from_column_slice(people, d, deviations),
            mean: RowDVector::from_row_slice(mean),
        }
    }

    /// λ, people × d.
    fn weights(&self) -> DMatrix<f64> {
        let mut weights = self.deviations.clone();
        for (mut column, mean) in weights.column_iter_mut().zip(&self.mean) {
            column.add_scalar_mut(*mean);
        }
        weights
    }
}

impl Objective for Problem<'_> {
    fn evaluate(&self, packed: &[f64]) -> (f64, Vec<f64>) {
        let (p, people) = (self.inputs.count(), self.sample.people());
        let parameters = Parameters::unpack(packed, p, self.dimensions, people);
        let Parameters {
            head, deviations, ..
        } = &parameters;
        let loss = self
            .sample
            .loss(self.model, &self.inputs.scores(head), &parameters.weights());
        let penalty = 0.5 * (deviations.norm_squared() + head.norm_squared() / self.variance);
        let by_head = self.inputs.scores_transposed(&loss.by_scores) + head / self.variance;
        let by_mean = loss.by_weights.row_sum();
        let by_deviations = loss.by_weights + deviations;
        let gradient = [
            by_head.as_slice(),
            by_deviations.as_slice(),
            by_mean.as_slice(),
        ]
        .concat();
        (loss.value + penalty, gradient)
    }
}
