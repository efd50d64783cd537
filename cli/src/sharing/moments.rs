//! Mean and covariance of a population's weights, from records with noise.

use super::record::SharedRecord;
use leaning::{Error, Prior};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// How far a population usually is from the deck's prior: a standard deviation for the numbers of its mean,
/// and one for those of its covariance, in units of the deck's prior.
const PLAUSIBLE_MEAN: f64 = 0.5;
const PLAUSIBLE_COVARIANCE: f64 = 0.5;
/// The least variance in any direction, in units of the deck's prior.
const LEAST_VARIANCE: f64 = 0.05;

/// Estimates of a population from records. Weights count in standard deviations of the deck's prior from
/// its mean, so that the prior itself has mean 0 and ones on the diagonal of its covariance.
#[derive(Debug, Clone)]
pub struct Moments {
    /// Records that have each dimension.
    pub records: Vec<usize>,
    /// The mean as estimated, and the standard error of each number.
    pub mean: DVector<f64>,
    pub mean_error: DVector<f64>,
    /// The covariance as estimated, with the variance of the noise taken off.
    pub covariance: DMatrix<f64>,
    pub covariance_error: DMatrix<f64>,
}

/// A weighted mean of numbers and its standard error; `None` for fewer than two. A few numbers may be
/// close together by accident: the error is at least the one that `least` times the inverse of the
/// weights gives, as variances.
fn weighted(numbers: &[(f64, f64)], least: f64) -> Option<(f64, f64)> {
    if numbers.len() < 2 {
        return None;
    }
    let total: f64 = numbers.iter().map(|(weight, _)| weight).sum();
    let mean = numbers.iter().map(|(w, x)| w * x).sum::<f64>() / total;
    let spread: f64 = numbers.iter().map(|(w, x)| (w * (x - mean)).powi(2)).sum();
    let known = least * total;
    Some((mean, spread.max(known).sqrt() / total))
}

impl Moments {
    /// The moments of the population behind the records, in `dimensions` dimensions. What no record
    /// tells about is 0 with an infinite error.
    pub fn estimate(records: &[SharedRecord], dimensions: usize) -> Self {
        let d = dimensions;
        let mut firsts = vec![Vec::new(); d];
        let mut seconds = vec![Vec::new(); d * d];
        for SharedRecord {
            places,
            values,
            noise,
        } in records
        {
            // The weights of least variance: people with more noise count less.
            let weight = 1.0 / (1.0 + noise);
            for (&i, &x) in places.iter().zip(values) {
                firsts[i].push((weight, x));
                seconds[i * d + i].push((weight * weight, x * x - noise));
            }
            if let ([i, j], [x, y]) = (&places[..], &values[..]) {
                seconds[i.min(j) * d + i.max(j)].push((weight * weight, x * y));
            }
        }
        let mut moments = Moments {
            records: firsts.iter().map(Vec::len).collect(),
            mean: DVector::zeros(d),
            mean_error: DVector::repeat(d, f64::INFINITY),
            covariance: DMatrix::zeros(d, d),
            covariance_error: DMatrix::repeat(d, d, f64::INFINITY),
        };
        for (i, numbers) in firsts.iter().enumerate() {
            if let Some((mean, error)) = weighted(numbers, 1.0) {
                moments.mean[i] = mean;
                moments.mean_error[i] = error;
            }
        }
        for i in 0..d {
            for j in i..d {
                // The variance of the square of a Gaussian number is 2, and that of a product 1.
                let least = if i == j { 2.0 } else { 1.0 };
                let Some((second, error)) = weighted(&seconds[i * d + j], least) else {
                    continue;
                };
                // The square of a mean with an error is too large by the square of the error.
                let excess = if i == j {
                    moments.mean_error[i].powi(2)
                } else {
                    0.0
                };
                let covariance = second - moments.mean[i] * moments.mean[j] + excess;
                for place in [(i, j), (j, i)] {
                    moments.covariance[place] = covariance;
                    moments.covariance_error[place] = error;
                }
            }
        }
        moments
    }

    /// Mean and covariance to use in place of the deck's, whose covariance is `prior` in these units.
    /// Each number moves from the deck's as far as its error allows, and the covariance is the nearest one
    /// without small or negative variances.
    pub fn shrunk(&self, prior: &DMatrix<f64>) -> (DVector<f64>, DMatrix<f64>) {
        let mean = self.mean.zip_map(&self.mean_error, |mean, error| {
            shrink(mean, error, PLAUSIBLE_MEAN)
        });
        let apart = &self.covariance - prior;
        let moved = apart.zip_map(&self.covariance_error, |apart, error| {
            shrink(apart, error, PLAUSIBLE_COVARIANCE)
        });
        (mean, projected(prior + moved))
    }
}

/// The posterior mean of a difference that is N(0, `plausible`²) before it is measured with an error.
fn shrink(difference: f64, error: f64, plausible: f64) -> f64 {
    difference * plausible.powi(2) / (plausible.powi(2) + error.powi(2))
}

/// The nearest symmetric matrix whose eigenvalues are at least [`LEAST_VARIANCE`].
fn projected(matrix: DMatrix<f64>) -> DMatrix<f64> {
    let SymmetricEigen {
        eigenvectors,
        eigenvalues,
    } = matrix.symmetric_eigen();
    let scaled = DMatrix::from_diagonal(&eigenvalues.map(|value| value.max(LEAST_VARIANCE)));
    let projected = &eigenvectors * scaled * eigenvectors.transpose();
    0.5 * (&projected + projected.transpose())
}

/// The correlations of a prior, and its standard deviations.
pub fn standardised_prior(prior: &Prior) -> (DMatrix<f64>, DVector<f64>) {
    let covariance = prior.covariance();
    let sds = covariance.diagonal().map(f64::sqrt);
    let correlations = DMatrix::from_fn(sds.len(), sds.len(), |i, j| {
        covariance[(i, j)] / (sds[i] * sds[j])
    });
    (correlations, sds)
}

/// The prior with these moments, in the deck's own units.
///
/// # Errors
/// As [`Prior::gaussian`].
pub fn unstandardised(
    prior: &Prior,
    mean: &DVector<f64>,
    covariance: &DMatrix<f64>,
) -> Result<Prior, Error> {
    let (_, sds) = standardised_prior(prior);
    let mean = prior.mean() + mean.component_mul(&sds);
    let covariance = DMatrix::from_fn(sds.len(), sds.len(), |i, j| {
        covariance[(i, j)] * sds[i] * sds[j]
    });
    Prior::gaussian(mean, covariance)
}

#[cfg(test)]
mod tests {
    use super::super::record::discrete_laplace_variance;
    use super::*;

    #[test]
    fn the_variance_of_the_noise_is_that_of_its_probabilities() {
        for scale in [0.3, 1.0, 7.5, 64.0] {
            let p = |n: f64| (-n.abs() / scale).exp();
            let range = || (-5000..=5000).map(f64::from);
            let total: f64 = range().map(p).sum();
            let variance: f64 = range().map(|n| n * n * p(n)).sum::<f64>() / total;
            let found = discrete_laplace_variance(scale);
            assert!((found / variance - 1.0).abs() < 1e-9, "{scale}: {found}");
        }
    }

    /// Records without noise of these points, each about both dimensions.
    fn exact(points: &[[f64; 2]]) -> Vec<SharedRecord> {
        let record = |point: &[f64; 2]| SharedRecord {
            places: vec![0, 1],
            values: point.to_vec(),
            noise: 0.0,
        };
        points.iter().map(record).collect()
    }

    #[test]
    fn without_noise_the_moments_are_those_of_the_points() {
        let moments =
            Moments::estimate(&exact(&[[1.0, 0.0], [3.0, 4.0], [1.0, 0.0], [3.0, 4.0]]), 3);
        assert_eq!(moments.mean.as_slice(), [2.0, 2.0, 0.0]);
        assert_eq!(moments.records, [4, 4, 0]);
        // Σ(x − 2)² / 4 = 1, with the squared error of the mean, 1/4, beside it.
        assert!((moments.covariance[(0, 0)] - 1.25).abs() < 1e-12);
        assert!((moments.covariance[(0, 1)] - 2.0).abs() < 1e-12);
        assert_eq!(moments.mean_error[0], 0.5);
        assert_eq!(moments.covariance_error[(1, 2)], f64::INFINITY);
    }

    #[test]
    fn numbers_with_more_noise_count_less() {
        let record = |x: f64, noise: f64| SharedRecord {
            places: vec![0],
            values: vec![x],
            noise,
        };
        let moments = Moments::estimate(&[record(2.0, 0.0), record(-1.0, 1.0)], 1);
        // Weights 1 and 1/2: (2 − 1/2) / (3/2) = 1. The deviations are 1 and −2, each weighted 1, so the error is
        // √2 / (3/2), above the least of √(3/2) / (3/2).
        assert!((moments.mean[0] - 1.0).abs() < 1e-12);
        assert!((moments.mean_error[0] - 2.0_f64.sqrt() / 1.5).abs() < 1e-12);
        // Squares less the noise are 4 and 0, with weights 1 and 1/4: 16/5. Then less 1 and with 8/9 for the error.
        assert!((moments.covariance[(0, 0)] - (16.0 / 5.0 - 1.0 + 8.0 / 9.0)).abs() < 1e-12);
    }

    #[test]
    fn numbers_move_as_far_as_their_errors_allow() {
        // Precisions 4 and 1/error²: the posterior mean of two Gaussian numbers.
        assert_eq!(shrink(3.0, 0.5, 0.5), 1.5);
        assert_eq!(shrink(3.0, 0.0, 0.5), 3.0);
        assert_eq!(shrink(3.0, f64::INFINITY, 0.5), 0.0);
        assert!((shrink(5.0, 1.0, 0.5) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_nearest_matrix_keeps_the_directions_and_lifts_small_variances() {
        // The eigenvalues are 3 and −1, with the directions (1, 1) and (1, −1).
        let matrix = DMatrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 1.0]);
        let expected = DMatrix::from_row_slice(2, 2, &[1.525, 1.475, 1.475, 1.525]);
        assert!((projected(matrix) - expected).abs().max() < 1e-12);
        let sound = DMatrix::from_row_slice(2, 2, &[1.0, 0.5, 0.5, 2.0]);
        assert!((projected(sound.clone()) - sound).abs().max() < 1e-12);
    }

    #[test]
    fn a_prior_in_its_own_units_has_correlations_and_comes_back() {
        let mean = DVector::from_column_slice(&[1.0, -2.0]);
        let covariance = DMatrix::from_row_slice(2, 2, &[4.0, 3.0, 3.0, 9.0]);
        let prior = Prior::gaussian(mean, covariance.clone()).unwrap();
        let (correlations, sds) = standardised_prior(&prior);
        assert!((&sds - DVector::from_column_slice(&[2.0, 3.0])).abs().max() < 1e-12);
        let expected = DMatrix::from_row_slice(2, 2, &[1.0, 0.5, 0.5, 1.0]);
        assert!((&correlations - expected).abs().max() < 1e-12);
        let same = unstandardised(&prior, &DVector::zeros(2), &correlations).unwrap();
        assert_eq!(same.mean(), prior.mean());
        assert!((same.covariance() - covariance).abs().max() < 1e-12);
        // Half a standard deviation more in each.
        let moved = unstandardised(&prior, &DVector::repeat(2, 0.5), &correlations).unwrap();
        assert!(
            (moved.mean() - DVector::from_column_slice(&[2.0, -0.5]))
                .abs()
                .max()
                < 1e-12
        );
    }

    #[test]
    fn what_nobody_tells_stays_as_it_was() {
        let prior = DMatrix::from_row_slice(3, 3, &[1.0, 0.2, 0.1, 0.2, 1.0, 0.3, 0.1, 0.3, 1.0]);
        let (mean, covariance) = Moments::estimate(&[], 3).shrunk(&prior);
        assert_eq!(mean.as_slice(), [0.0; 3]);
        assert!((covariance - prior).abs().max() < 1e-12);
    }

    #[test]
    fn a_covariance_from_noise_alone_has_no_negative_variance() {
        let moments = Moments::estimate(&exact(&[[5.0, 5.0], [-5.0, -5.0], [5.0, 5.1]]), 2);
        let (_, covariance) = moments.shrunk(&DMatrix::identity(2, 2));
        let least = covariance.symmetric_eigenvalues().min();
        assert!(least > 0.049, "{least}");
    }
}
