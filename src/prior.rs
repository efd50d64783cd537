//! What is believed of a person who has said nothing yet.

use crate::linear::{Cholesky, Matrix, norm_squared};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The Gaussian N(μ₀, Σ₀) over the weights of a person who has said nothing yet.
#[derive(Debug, Clone)]
pub struct Prior {
    mean: Vec<f64>,
    /// Lower triangular L with LLᵀ = Σ₀.
    factor: Matrix,
}

impl Prior {
    /// The prior of the given mean (d numbers) and covariance (d rows of d).
    ///
    /// # Errors
    /// In words, where the covariance is not symmetric or not positive definite, or the lengths differ.
    pub fn new(mean: &[f64], covariance: &[Vec<f64>]) -> Result<Self, String> {
        let d = mean.len();
        if d == 0 || covariance.len() != d || covariance.iter().any(|row| row.len() != d) {
            return Err(text!["expected ", d, " rows of ", d, " numbers"]);
        }
        let matrix = Matrix::from_fn(d, |i, j| 0.5 * (covariance[i][j] + covariance[j][i]));
        for (i, row) in covariance.iter().enumerate() {
            for (j, number) in row[..i].iter().enumerate() {
                let scale = libm::sqrt((matrix.at(i, i) * matrix.at(j, j)).abs());
                if !((number - covariance[j][i]).abs() <= 1e-9 * scale) {
                    return Err(text!["not symmetric in row ", i, ", column ", j]);
                }
            }
        }
        match Cholesky::new(&matrix) {
            Some(Cholesky(factor)) if factor.is_finite() => Ok(Prior { mean: mean.to_vec(), factor }),
            _ => Err("not positive definite".to_owned()),
        }
    }

    /// The prior for decks that bring none: independent λ_j ~ N(0, 4 / (d·v_j)) with v_j = `spread[j]`², so that a
    /// typical pair's reward difference has a standard deviation of 2. A dimension without spread gets 4 / d.
    pub fn by_spread(spread: &[f64]) -> Self {
        let d = spread.len();
        let deviation = |&spread: &f64| 2.0 / (libm::sqrt(d as f64) * if spread == 0.0 { 1.0 } else { spread });
        let deviations: Vec<f64> = spread.iter().map(deviation).collect();
        Prior { mean: vec![0.0; d], factor: Matrix::diagonal(&deviations) }
    }

    /// Number of dimensions.
    pub fn dimensions(&self) -> usize {
        self.mean.len()
    }

    /// μ₀.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// L, lower triangular with LLᵀ = Σ₀.
    pub(crate) fn factor(&self) -> &Matrix {
        &self.factor
    }

    /// Standard deviation of each weight.
    pub fn deviations(&self) -> Vec<f64> {
        self.factor.rows().map(|row| libm::sqrt(norm_squared(row))).collect()
    }
}
