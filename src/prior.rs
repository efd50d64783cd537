//! What is believed of a person who has said nothing yet.

use crate::linear::{Cholesky, Matrix, norm_squared, plus};
use crate::list::List;
use crate::math;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// What is believed of the weights of a person who has said nothing yet: a Gaussian N(μ₀, Σ₀), or a mixture of one for
/// each segment of the population.
#[derive(Debug, Clone)]
pub struct Prior {
    segments: Vec<Segment>,
    mean: Vec<f64>,
}

/// One segment of a population.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its share of the population, above 0; within a prior they sum to 1.
    weight: f64,
    gaussian: Gaussian,
}

/// N(mean, LLᵀ).
#[derive(Debug, Clone)]
pub(crate) struct Gaussian {
    pub mean: Vec<f64>,
    /// L, lower triangular.
    pub factor: Matrix,
}

impl Segment {
    /// The segment with a share of the population (above 0, relative to the others'), mean (d numbers) and covariance
    /// (d rows of d).
    ///
    /// # Errors
    /// In words, where the covariance is not symmetric or not positive definite, or the lengths differ.
    pub fn new(weight: f64, mean: &[f64], covariance: &[Vec<f64>]) -> Result<Self, String> {
        let d = mean.len();
        if d == 0 || covariance.len() != d || covariance.iter().any(|row| row.len() != d) {
            return Err(text!["expected ", d, " rows of ", d, " numbers"]);
        }
        let matrix = Matrix::from_fn(d, |i, j| 0.5 * (covariance[i][j] + covariance[j][i]));
        for (i, row) in covariance.iter().enumerate() {
            for (j, number) in row[..i].iter().enumerate() {
                let scale = math::sqrt((matrix.at(i, i) * matrix.at(j, j)).abs());
                if !((number - covariance[j][i]).abs() <= 1e-9 * scale) {
                    return Err(text!["not symmetric in row ", i, ", column ", j]);
                }
            }
        }
        match Cholesky::new(&matrix) {
            Some(Cholesky(factor)) if factor.is_finite() => {
                Ok(Segment { weight, gaussian: Gaussian { mean: mean.to_vec(), factor } })
            }
            _ => Err("not positive definite".to_owned()),
        }
    }

    /// Its share of the population.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// The mean of its people's weights.
    pub fn mean(&self) -> &[f64] {
        &self.gaussian.mean
    }

    /// The covariance of its people's weights, d rows of d.
    pub fn covariance(&self) -> Vec<Vec<f64>> {
        self.gaussian.factor.square().to_rows()
    }

    pub(crate) fn gaussian(&self) -> &Gaussian {
        &self.gaussian
    }
}

impl Prior {
    /// The Gaussian of the given mean (d numbers) and covariance (d rows of d).
    ///
    /// # Errors
    /// As [`Segment::new`].
    pub fn new(mean: &[f64], covariance: &[Vec<f64>]) -> Result<Self, String> {
        Prior::mixture(vec![Segment::new(1.0, mean, covariance)?])
    }

    /// The mixture of segments, at least one; their shares are taken relative to their sum.
    ///
    /// # Errors
    /// In words, where there is no segment, a share is not above 0 or the dimensions differ.
    pub fn mixture(mut segments: Vec<Segment>) -> Result<Self, String> {
        let Some(first) = segments.first() else { return Err("expected at least one segment".to_owned()) };
        let d = first.mean().len();
        let sum: f64 = segments.iter().map(|segment| segment.weight).sum();
        for (index, segment) in segments.iter_mut().enumerate() {
            if !(segment.weight > 0.0 && sum.is_finite()) {
                return Err(text!["the share of segment ", index, " is not above 0"]);
            }
            if segment.mean().len() != d {
                return Err(text!["segment ", index, " has other dimensions than the first"]);
            }
            segment.weight /= sum;
        }
        let mean = match &segments[..] {
            // As it is, bit for bit.
            [only] => only.mean().to_vec(),
            _ => segments.iter().fold(vec![0.0; d], |sum, segment| plus(&sum, segment.weight, segment.mean())),
        };
        Ok(Prior { segments, mean })
    }

    /// The prior for decks that bring none: independent λ_j ~ N(0, 4 / (d·v_j)) with v_j = `spread[j]`², so that a
    /// typical pair's reward difference has a standard deviation of 2. A dimension without spread gets 4 / d.
    pub fn by_spread(spread: &[f64]) -> Self {
        let d = spread.len();
        let deviation = |&spread: &f64| 2.0 / (math::sqrt(d as f64) * if spread == 0.0 { 1.0 } else { spread });
        let deviations: Vec<f64> = spread.iter().map(deviation).list();
        let mean = vec![0.0; d];
        let gaussian = Gaussian { mean: mean.clone(), factor: Matrix::diagonal(&deviations) };
        Prior { segments: vec![Segment { weight: 1.0, gaussian }], mean }
    }

    /// Number of dimensions.
    pub fn dimensions(&self) -> usize {
        self.mean.len()
    }

    /// The segments of the population; one where the prior is a Gaussian.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The mean of the weights over everybody: μ₀ where the prior is a Gaussian.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// Standard deviation of each weight over everybody.
    pub fn deviations(&self) -> Vec<f64> {
        let variance = |j: usize| {
            let within = |segment: &Segment| {
                let away = segment.mean()[j] - self.mean[j];
                segment.weight * (norm_squared(segment.gaussian.factor.row(j)) + away * away)
            };
            self.segments.iter().map(within).sum()
        };
        (0..self.dimensions()).map(|j| math::sqrt(variance(j))).list()
    }
}
