//! Weighted samples of the exact posterior, by importance sampling.
//!
//! Points come from a mixture of three distributions: a Gaussian, the same one wider, and the prior.
//! A point's weight is the posterior density there over the mixture's. The Gaussian is first that
//! around the mode; then it is fitted to mean and covariance of a few weighted points (adaptive
//! importance sampling, Oh & Berger 1992). The posterior is never above a multiple of the prior, so
//! that the weights are bounded (defensive importance sampling, Hesterberg 1995).
//!
//! The points of each distribution are a lattice, which is more even than independent draws. It is
//! most even where their number is a power of two.

use super::laplace::{GaussianApproximation, affine};
use crate::numeric::Random;
use crate::numeric::exponential::exp;
use crate::numeric::lattice::normal_lattice;
use nalgebra::{Cholesky, DMatrix, DVector};

/// Number of points from the Gaussian itself for each from the wider one and for each from the prior.
const PER_WIDE: usize = 2;
const PER_PRIOR: usize = 8;
/// The Gaussian is fitted to this share of the points first, if there are at least so many.
const PILOT_SHARE: usize = 4;
const SMALLEST_PILOT: usize = 256;
/// The worth of the weighted points, in equally weighted ones, below which the Gaussian is fitted
/// to them and all are drawn again: a share of their number.
const EFFECTIVE: f64 = 0.5;
/// Times that the Gaussian is fitted at most.
const FITS: usize = 3;

/// Weighted samples of the exact posterior under one component of the prior.
#[derive(Debug, Clone)]
pub(super) struct ImportanceSample {
    /// n × d: a row per sample.
    pub weights: DMatrix<f64>,
    /// The probability of each sample; they sum to 1.
    pub probabilities: Vec<f64>,
    /// log P(evidence) minus its Laplace approximation.
    pub log_evidence_correction: f64,
}

impl ImportanceSample {
    /// At least `count` samples, 1 or more.
    pub fn draw(gaussian: &GaussianApproximation, random: &mut Random, count: usize) -> Self {
        let d = gaussian.dimensions();
        let mut proposal = Proposal::at_mode(gaussian);
        if gaussian.is_prior() {
            let count = count.next_power_of_two();
            return ImportanceSample {
                weights: gaussian.weights(&proposal.eta_of(&normal_lattice(count, d, random))),
                probabilities: vec![1.0 / count as f64; count],
                log_evidence_correction: 0.0,
            };
        }
        let mut narrow = 1;
        while number_of_points(narrow) < count {
            narrow *= 2;
        }
        let pilot = narrow / PILOT_SHARE;
        let has_pilot = pilot >= SMALLEST_PILOT;
        let mut points = proposal.draw(gaussian, random, if has_pilot { pilot } else { narrow });
        for fit in 0..FITS {
            let is_pilot = has_pilot && fit == 0;
            if !is_pilot && points.is_effective() {
                break;
            }
            if let Some(fitted) = proposal.fitted(&points) {
                proposal = fitted;
            }
            points = proposal.draw(gaussian, random, narrow);
        }
        ImportanceSample {
            weights: gaussian.weights(&points.eta),
            probabilities: points.probabilities,
            log_evidence_correction: points.log_evidence_correction,
        }
    }
}

/// The number of points, `narrow` of them from the Gaussian itself.
fn number_of_points(narrow: usize) -> usize {
    narrow + narrow / PER_WIDE + narrow / PER_PRIOR
}

/// The Gaussian from which points are drawn: η = mean + Az with z ~ N(0, I).
#[derive(Debug)]
struct Proposal {
    mean: DVector<f64>,
    factor: DMatrix<f64>,
    /// A⁻¹.
    inverse: DMatrix<f64>,
    /// log |A|.
    log_volume: f64,
}

/// Weighted points.
#[derive(Debug)]
struct Points {
    /// n × d: a row per point.
    z: DMatrix<f64>,
    /// n × d: a row per point.
    eta: DMatrix<f64>,
    probabilities: Vec<f64>,
    log_evidence_correction: f64,
}

impl Points {
    /// The number of equally weighted points that would be worth as much (Kong 1992).
    fn effective(&self) -> f64 {
        1.0 / self.probabilities.iter().map(|p| p * p).sum::<f64>()
    }

    fn is_effective(&self) -> bool {
        self.effective() >= EFFECTIVE * self.probabilities.len() as f64
    }
}

impl Proposal {
    fn at_mode(gaussian: &GaussianApproximation) -> Self {
        Proposal {
            mean: gaussian.mode().clone(),
            factor: gaussian.root().clone(),
            inverse: gaussian.root_inverse().clone(),
            log_volume: gaussian.log_volume(),
        }
    }

    /// η of each point, a row each.
    fn eta_of(&self, z: &DMatrix<f64>) -> DMatrix<f64> {
        affine(z, &self.factor, &self.mean)
    }

    /// The Gaussian with mean and covariance of `points`. The fewer they are worth, the more the
    /// covariance leans to the present one. `None` if it is singular.
    fn fitted(&self, points: &Points) -> Option<Self> {
        let d = self.mean.len();
        let (z, probabilities) = (&points.z, &points.probabilities);
        let mean = z.tr_mul(&DVector::from_column_slice(probabilities));
        let mut covariance = DMatrix::zeros(d, d);
        for (z, probability) in z.row_iter().zip(probabilities) {
            let away = z.transpose() - &mean;
            covariance.ger(*probability, &away, &away, 1.0);
        }
        // In 32 dimensions the covariance of a few hundred points makes things worse.
        let trust = points.effective() / (points.effective() + (d * d) as f64);
        covariance *= trust;
        for j in 0..d {
            covariance[(j, j)] += 1.0 - trust;
        }
        // An upper triangle, as the factor at the mode is: of their product half are zeros.
        let factor = reversed(&Cholesky::new(reversed(&covariance))?.l());
        let inverse = factor.solve_upper_triangular(&DMatrix::identity(d, d))?;
        let log_determinant: f64 = factor.diagonal().iter().map(|a| libm::log(*a)).sum();
        Some(Proposal {
            mean: &self.mean + &self.factor * mean,
            factor: &self.factor * &factor,
            inverse: &inverse * &self.inverse,
            log_volume: self.log_volume + log_determinant,
        })
    }

    /// Weighted points, `narrow` of them from the Gaussian itself.
    fn draw(&self, gaussian: &GaussianApproximation, random: &mut Random, narrow: usize) -> Points {
        let d = self.mean.len();
        // Wider by about the standard deviation of ‖z‖ around √d.
        let scale = 1.0 + 1.0 / (d as f64).sqrt();
        let (wide, prior) = (narrow / PER_WIDE, narrow / PER_PRIOR);
        let count = number_of_points(narrow);
        let from_proposal = narrow + wide;

        let mut z = DMatrix::zeros(count, d);
        z.rows_mut(0, narrow)
            .copy_from(&normal_lattice(narrow, d, random));
        z.rows_mut(narrow, wide)
            .copy_from(&(scale * normal_lattice(wide, d, random)));
        let eta_of_prior = normal_lattice(prior, d, random);
        let origin = -(&self.inverse * &self.mean);
        z.rows_mut(from_proposal, prior)
            .copy_from(&affine(&eta_of_prior, &self.inverse, &origin));
        let eta = self.eta_of(&z);

        let log_share = |points: usize| libm::log(points as f64 / count as f64);
        let log_scales = [
            log_share(narrow) - self.log_volume,
            log_share(wide) - self.log_volume - d as f64 * libm::log(scale),
            log_share(prior),
        ];
        let (distances, from_mean) = (squared_lengths(&z), squared_lengths(&eta));
        let log_volume_at_mode = gaussian.log_volume();
        let log_likelihoods = gaussian.log_likelihoods(&eta);
        let objective = gaussian.objective();
        let log_ratios: Vec<f64> = (0..count)
            .map(|i| {
                let distance = distances[i];
                let log_prior = -0.5 * from_mean[i];
                let log_proposal = log_sum_of_three([
                    log_scales[0] - 0.5 * distance,
                    log_scales[1] - 0.5 * distance / (scale * scale),
                    log_scales[2] + log_prior,
                ]);
                log_likelihoods[i] + log_prior + objective - log_volume_at_mode - log_proposal
            })
            .collect();
        let largest = log_ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut probabilities = log_ratios;
        for ratio in &mut probabilities {
            *ratio = exp(*ratio - largest);
        }
        let sum: f64 = probabilities.iter().sum();
        for probability in &mut probabilities {
            *probability /= sum;
        }
        Points {
            z,
            eta,
            probabilities,
            log_evidence_correction: largest + libm::log(sum / count as f64),
        }
    }
}

/// log Σ e^l. There are thousands of them.
fn log_sum_of_three(logs: [f64; 3]) -> f64 {
    let largest = logs[0].max(logs[1]).max(logs[2]);
    largest + libm::log(logs.map(|log| exp(log - largest)).iter().sum())
}

/// The matrix with its rows and its columns in reverse order.
fn reversed(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let last = matrix.nrows() - 1;
    DMatrix::from_fn(matrix.nrows(), matrix.ncols(), |i, j| {
        matrix[(last - i, last - j)]
    })
}

/// ‖x‖² of each point, a row each.
fn squared_lengths(points: &DMatrix<f64>) -> DVector<f64> {
    let mut sums = DVector::zeros(points.nrows());
    for column in points.column_iter() {
        sums.zip_apply(&column, |sum, x| *sum += x * x);
    }
    sums
}
