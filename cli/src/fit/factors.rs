//! Base rewards and weights together, by penalised maximum likelihood: reward factorization (PReF, arXiv 2503.06358).
//!
//! φ_r = Wᵀx_r, with x_r the inputs of response r, and u = λ_iᵀφ_r with λ_i = m + δ_i for person i. What is minimised
//! over W, m and all δ_i is −Σ log P(answer | u) + ½ Σ |δ_i|² + ½ |W|²/v: Gaussian priors on δ_i and W, with v such that
//! rewards of two responses then differ by a standard deviation of [`UTILITY_SD`]. By L-BFGS, from the leading singular
//! vectors of who preferred what.

use super::inputs::Inputs;
use super::minimise::{Objective, minimise};
use super::sample::Sample;
use super::watch::Watch;
use argmin::core::Error;
use leaning::AnswerModel;
use nalgebra::DMatrix;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// Reward differences that people may have, for the penalty.
pub const UTILITY_SD: f64 = 2.0;
/// Rounds of subspace iteration, and further directions that are carried along.
const ROUNDS: usize = 12;
const FURTHER: usize = 8;

/// Where the search starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Start {
    /// At the leading singular vectors of the matrix of people × what they preferred
    Svd,
    /// Anywhere: for comparison
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
    /// Fits d base rewards. `watch` sees the loss of each step and may end it early: then with what there is.
    pub fn fit(
        sample: &Sample,
        inputs: &Inputs,
        model: &AnswerModel,
        dimensions: usize,
        (start, seed): (Start, u64),
        watch: &Watch,
    ) -> Result<Self, Error> {
        let p = inputs.count();
        let variance = UTILITY_SD * UTILITY_SD / (dimensions as f64 * inputs.total_variance());
        let (head, people) = match start {
            Start::Svd => leading(sample, inputs, dimensions, seed),
            Start::Random => {
                let mut random = ChaCha8Rng::seed_from_u64(seed);
                (normals(p, dimensions, &mut random), normals(sample.people(), dimensions, &mut random))
            }
        };
        let length = (head.norm_squared() / (p * dimensions) as f64).sqrt();
        let head = head * (variance.sqrt() / length);
        let problem = Problem { sample, inputs, model, variance, dimensions };
        let start = [head.as_slice(), people.as_slice(), &vec![0.0; dimensions]].concat();
        let minimum = minimise(problem, start, watch)?;
        Ok(unpack(&minimum.parameters, p, dimensions, sample.people()).into_factors(minimum.losses))
    }
}

/// W and λ to start from: of the matrix A of people × inputs, whose rows say what somebody preferred, the leading right
/// singular vectors, by subspace iteration (Halko, Martinsson & Tropp 2011), and AW scaled to unit variance.
pub(super) fn leading(sample: &Sample, inputs: &Inputs, dimensions: usize, seed: u64) -> (DMatrix<f64>, DMatrix<f64>) {
    let p = inputs.count();
    let wide = (dimensions + FURTHER).min(p);
    let mut basis = normals(p, wide, &mut ChaCha8Rng::seed_from_u64(seed)).qr().q();
    for _ in 0..ROUNDS {
        let people = sample.pull(&inputs.scores(&basis));
        basis = inputs.back(&sample.push_back(&people)).qr().q();
    }
    let people = sample.pull(&inputs.scores(&basis));
    let eigen = (people.transpose() * &people).symmetric_eigen();
    let mut order: Vec<usize> = (0..wide).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let mut head = DMatrix::zeros(p, dimensions);
    for (j, &place) in order.iter().take(dimensions).enumerate() {
        head.set_column(j, &(&basis * eigen.eigenvectors.column(place)));
    }
    let mut people = sample.pull(&inputs.scores(&head));
    for mut column in people.column_iter_mut() {
        let scale = (column.norm_squared() / column.len().max(1) as f64).sqrt();
        if scale > 0.0 {
            column /= scale;
        }
    }
    (head, people)
}

fn normals(rows: usize, columns: usize, random: &mut impl Rng) -> DMatrix<f64> {
    DMatrix::from_fn(rows, columns, |_, _| random.sample(StandardNormal))
}

/// What is minimised.
struct Problem<'a> {
    sample: &'a Sample,
    inputs: &'a Inputs,
    model: &'a AnswerModel,
    /// v.
    variance: f64,
    dimensions: usize,
}

/// W, δ and m.
struct Parts {
    head: DMatrix<f64>,
    away: DMatrix<f64>,
    mean: DMatrix<f64>,
}

fn unpack(parameters: &[f64], p: usize, d: usize, people: usize) -> Parts {
    let (head, rest) = parameters.split_at(p * d);
    let (away, mean) = rest.split_at(people * d);
    Parts {
        head: DMatrix::from_column_slice(p, d, head),
        away: DMatrix::from_column_slice(people, d, away),
        mean: DMatrix::from_row_slice(1, d, mean),
    }
}

impl Parts {
    /// λ, people × d.
    fn weights(&self) -> DMatrix<f64> {
        let mut weights = self.away.clone();
        for (mut column, mean) in weights.column_iter_mut().zip(self.mean.iter()) {
            column.add_scalar_mut(*mean);
        }
        weights
    }

    fn into_factors(self, losses: Vec<f64>) -> Factors {
        Factors { weights: self.weights(), head: self.head, losses }
    }
}

impl Objective for Problem<'_> {
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let parts = unpack(parameters, self.inputs.count(), self.dimensions, self.sample.people());
        let loss = self.sample.loss(self.model, &self.inputs.scores(&parts.head), &parts.weights());
        let penalty = 0.5 * (parts.away.norm_squared() + parts.head.norm_squared() / self.variance);
        let by_head = self.inputs.back(&loss.by_scores) + &parts.head / self.variance;
        let by_mean = loss.by_weights.row_sum();
        let by_away = loss.by_weights + &parts.away;
        (loss.value + penalty, [by_head.as_slice(), by_away.as_slice(), by_mean.as_slice()].concat())
    }
}
