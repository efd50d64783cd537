//! The published method as its authors coded it, the baseline that the other strategies are measured against.

use crate::answer::{AnswerModel, Evidence};
use crate::linear::{Cholesky, Matrix, dot, norm_squared, plus};
use crate::random::Random;
use alloc::vec::Vec;

const STEPS: usize = 5000;
const STEP_LENGTH: f64 = 0.01;
/// M before any answer, as a multiple of I.
const START: f64 = 0.001;

/// The weights and the question rule of arXiv 2503.06358, as in the code released with it: unregularised logistic
/// regression by 5,000 gradient steps of 0.01 from a start that is drawn anew after every answer, and the pair with the
/// largest σ′(λᵀz)²·zᵀM⁻¹z, M = 0.001·I + Σ σ′(λᵀz_s)·z_s·z_sᵀ. It knows neither a prior nor how sure it is.
#[derive(Debug, Clone)]
pub struct Published {
    weights: Vec<f64>,
    information: Option<Cholesky>,
}

/// z of a pair, and the label that the answer is taken for: 1 the first, 0 the second, ½ a tie.
struct Labelled {
    difference: Vec<f64>,
    label: f64,
}

impl Published {
    /// Fits the weights (d = `dimensions`) to the evidence from a start that `seed` draws. The chosen one of several
    /// counts as preferred to each of the others. Statements count for nothing.
    pub fn fit(dimensions: usize, evidence: &[Evidence], seed: u64) -> Self {
        let pairs: Vec<Labelled> = evidence.iter().flat_map(labelled).collect();
        let mut weights = Random::new(seed, 0).normals(dimensions);
        for _ in 0..if pairs.is_empty() { 0 } else { STEPS } {
            let mut gradient = vec![0.0; dimensions];
            for Labelled { difference, label } in &pairs {
                gradient = plus(&gradient, preferred(dot(&weights, difference)) - label, difference);
            }
            weights = plus(&weights, -STEP_LENGTH / pairs.len() as f64, &gradient);
        }
        let mut information = Matrix::diagonal(&vec![START; dimensions]);
        for Labelled { difference, .. } in &pairs {
            information.add_square(slope(dot(&weights, difference)), difference);
        }
        Published { weights, information: Cholesky::new(&information) }
    }

    /// λ, d numbers.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// σ′(λᵀz)²·zᵀM⁻¹z; 0 where the scores are so large that the gradient steps have diverged.
    pub fn score(&self, z: &[f64]) -> f64 {
        let slope = slope(dot(&self.weights, z));
        let uncertainty = self.information.as_ref().map_or(0.0, |m| norm_squared(&m.solve_lower(z)));
        let score = slope * slope * uncertainty;
        if score.is_finite() { score } else { 0.0 }
    }
}

fn labelled(evidence: &Evidence) -> Vec<Labelled> {
    match evidence {
        Evidence::Pair { difference, outcome, .. } => {
            let label = [1.0, 0.0, 0.5][*outcome];
            vec![Labelled { difference: difference.clone(), label }]
        }
        Evidence::Choice { scores, chose } => {
            let others = scores.iter().enumerate().filter(|(index, _)| index != chose);
            others.map(|(_, other)| Labelled { difference: plus(&scores[*chose], -1.0, other), label: 1.0 }).collect()
        }
        Evidence::Statement { .. } => Vec::new(),
    }
}

/// σ(u).
fn preferred(u: f64) -> f64 {
    PLAIN.pair(u, false)[0].probability
}

/// σ′(u).
fn slope(u: f64) -> f64 {
    PLAIN.pair(u, false).information()
}

/// Neither lapses nor ties.
const PLAIN: AnswerModel = AnswerModel::PLAIN;
