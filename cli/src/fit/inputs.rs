//! The inputs of base rewards: features of responses, or the responses themselves.

use leaning_population::Sample;
use nalgebra::DMatrix;

/// Directions of features with less than this part of the largest variance are left out: there,
/// features only repeat each other.
const LEAST_VARIANCE: f64 = 1e-9;

/// The inputs x of each response.
#[derive(Debug, Clone)]
pub enum Inputs {
    /// No features: each of n responses is its own input, and φ is a table.
    Table(usize),
    /// Features, rotated and scaled so that score differences in the comparisons have the
    /// covariance I.
    Linear {
        /// n × p.
        inputs: DMatrix<f64>,
        /// f × p: inputs = features · whitening.
        whitening: DMatrix<f64>,
        /// Root mean square difference of each feature in the comparisons, f numbers.
        rms: Vec<f64>,
    },
}

impl Inputs {
    /// Makes inputs of features, n × f, at least one of which varies. Features should have similar
    /// scales: the largest decides which directions are left out as too small.
    pub fn linear(sample: &Sample, features: &DMatrix<f64>) -> Self {
        let covariance = sample.mean_square_differences(features);
        let rms = covariance
            .diagonal()
            .iter()
            .map(|variance| variance.sqrt())
            .collect();
        let eigen = covariance.symmetric_eigen();
        let most = eigen.eigenvalues.max();
        let kept: Vec<usize> = (0..features.ncols())
            .filter(|&k| eigen.eigenvalues[k] > LEAST_VARIANCE * most)
            .collect();
        let whitening = DMatrix::from_fn(features.ncols(), kept.len(), |k, j| {
            eigen.eigenvectors[(k, kept[j])] / eigen.eigenvalues[kept[j]].sqrt()
        });
        Inputs::Linear {
            inputs: features * &whitening,
            whitening,
            rms,
        }
    }

    /// p.
    pub fn count(&self) -> usize {
        match self {
            Inputs::Table(responses) => *responses,
            Inputs::Linear { inputs, .. } => inputs.ncols(),
        }
    }

    /// Σ over the inputs of the variance of their difference between two responses shown together.
    pub fn total_variance(&self) -> f64 {
        match self {
            Inputs::Table(_) => 2.0,
            Inputs::Linear { inputs, .. } => inputs.ncols() as f64,
        }
    }

    /// The effects of a head W (p × d) by feature, f × d: those of a typical difference. Without
    /// features, those of each response.
    pub fn loadings(&self, head: &DMatrix<f64>) -> DMatrix<f64> {
        match self {
            Inputs::Table(_) => head.clone(),
            Inputs::Linear { whitening, rms, .. } => {
                let mut loadings = whitening * head;
                loadings
                    .row_iter_mut()
                    .zip(rms)
                    .for_each(|(mut row, rms)| row *= *rms);
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
    pub fn scores_transposed(&self, by_scores: &DMatrix<f64>) -> DMatrix<f64> {
        match self {
            Inputs::Table(_) => by_scores.clone(),
            Inputs::Linear { inputs, .. } => inputs.tr_mul(by_scores),
        }
    }
}
