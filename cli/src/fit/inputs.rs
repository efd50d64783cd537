//! What base rewards are made of: features of responses, or the responses themselves.

use super::sample::Sample;
use nalgebra::DMatrix;

/// Directions of features with less than this part of the largest's variance are left out: there features only repeat
/// each other.
const LEAST: f64 = 1e-9;

/// The inputs x of each response.
#[derive(Debug, Clone)]
pub enum Inputs {
    /// No features: each response is its own. φ is a table.
    Table(usize),
    /// Features, turned and scaled so that score differences in the comparisons have the covariance I.
    Linear {
        /// n × p.
        inputs: DMatrix<f64>,
        /// f × p: inputs = features · this.
        turn: DMatrix<f64>,
        /// Root mean square difference of each feature in the comparisons, f.
        spread: Vec<f64>,
    },
}

impl Inputs {
    /// From features, n × f, of which at least one varies. Features are best scaled to 1 before: what is left out as too
    /// small is judged by the largest.
    pub fn linear(sample: &Sample, features: &DMatrix<f64>) -> Self {
        let covariance = sample.spread(features);
        let spread = covariance.diagonal().iter().map(|variance| variance.sqrt()).collect();
        let eigen = covariance.symmetric_eigen();
        let most = eigen.eigenvalues.iter().copied().fold(0.0, f64::max);
        let kept: Vec<usize> = (0..features.ncols()).filter(|&k| eigen.eigenvalues[k] > LEAST * most).collect();
        let turn = DMatrix::from_fn(features.ncols(), kept.len(), |k, j| {
            eigen.eigenvectors[(k, kept[j])] / eigen.eigenvalues[kept[j]].sqrt()
        });
        Inputs::Linear { inputs: features * &turn, turn, spread }
    }

    /// p.
    pub fn count(&self) -> usize {
        match self {
            Inputs::Table(responses) => *responses,
            Inputs::Linear { inputs, .. } => inputs.ncols(),
        }
    }

    /// Σ over the inputs of the variance of their difference between two responses that are shown.
    pub fn total_variance(&self) -> f64 {
        match self {
            Inputs::Table(_) => 2.0,
            Inputs::Linear { inputs, .. } => inputs.ncols() as f64,
        }
    }

    /// What a head W, p × d, makes of a typical difference in each feature, f × d, or of each response.
    pub fn loadings(&self, head: &DMatrix<f64>) -> DMatrix<f64> {
        match self {
            Inputs::Table(_) => head.clone(),
            Inputs::Linear { turn, spread, .. } => {
                let mut loadings = turn * head;
                loadings.row_iter_mut().zip(spread).for_each(|(mut row, spread)| row *= *spread);
                loadings
            }
        }
    }

    /// φ, n × d, of a head W, p × d.
    pub fn scores(&self, head: &DMatrix<f64>) -> DMatrix<f64> {
        match self {
            Inputs::Table(_) => head.clone(),
            Inputs::Linear { inputs, .. } => inputs * head,
        }
    }

    /// The transpose of [`Inputs::scores`] as a linear map: n × d to p × d.
    pub fn back(&self, by_scores: &DMatrix<f64>) -> DMatrix<f64> {
        match self {
            Inputs::Table(_) => by_scores.clone(),
            Inputs::Linear { inputs, .. } => inputs.tr_mul(by_scores),
        }
    }
}
