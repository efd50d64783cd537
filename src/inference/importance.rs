//! Weighted samples of the exact posterior, by importance sampling.
//!
//! Points come from a mixture of three distributions: a Gaussian around the mode, the same one
//! wider, and the prior. A point's weight is the posterior density there over the mixture's. Where
//! the answers leave a long tail or a second mode, few points have most of the weight; then the
//! Gaussian is fitted to mean and covariance of the weighted points, and all are drawn again
//! (adaptive importance sampling, Oh & Berger 1992). The posterior is never above a multiple of the
//! prior, so that the weights are bounded (defensive importance sampling, Hesterberg 1995).
//!
//! The points of each distribution are a lattice, which is more even than independent draws.

use super::laplace::{GaussianApproximation, affine};
use crate::numeric::lattice::normal_lattice;
use crate::numeric::{Random, log_sum_exp, softmax};
use nalgebra::{Cholesky, DMatrix, DVector};

/// One point in this many comes from the prior.
const FROM_PRIOR: usize = 8;
/// The worth of the weighted points, in equally weighted ones, below which the Gaussian is fitted
/// to them: a share of their number.
const EFFECTIVE: f64 = 0.5;
/// Times that points are drawn at most. Of the 240 logs in the test against long Markov chains, 213
/// need one.
const ROUNDS: usize = 4;

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
    /// `count` samples, at least 1.
    pub fn draw(gaussian: &GaussianApproximation, random: &mut Random, count: usize) -> Self {
        let d = gaussian.dimensions();
        if gaussian.is_prior() {
            return ImportanceSample {
                weights: gaussian.weights(&normal_lattice(count, d, random)),
                probabilities: vec![1.0 / count as f64; count],
                log_evidence_correction: 0.0,
            };
        }
        let mut proposal = Proposal::at_mode(d);
        let mut points = proposal.draw(gaussian, random, count);
        for _ in 1..ROUNDS {
            if points.effective() >= EFFECTIVE * count as f64 {
                break;
            }
            let Some(fitted) = proposal.fitted(&points) else {
                break;
            };
            proposal = fitted;
            points = proposal.draw(gaussian, random, count);
        }
        ImportanceSample {
            weights: gaussian.weights(&points.x),
            probabilities: points.probabilities,
            log_evidence_correction: points.log_evidence_correction,
        }
    }
}

/// The Gaussian from which points are drawn, in coordinates x of [`GaussianApproximation`].
#[derive(Debug)]
struct Proposal {
    mean: DVector<f64>,
    /// A, lower triangular, with AAᵀ = covariance.
    factor: DMatrix<f64>,
}

/// Weighted points.
#[derive(Debug)]
struct Points {
    /// n × d: a row per point.
    x: DMatrix<f64>,
    probabilities: Vec<f64>,
    log_evidence_correction: f64,
}

impl Points {
    /// The number of equally weighted points that would be worth as much (Kong 1992).
    fn effective(&self) -> f64 {
        1.0 / self.probabilities.iter().map(|p| p * p).sum::<f64>()
    }
}

impl Proposal {
    fn at_mode(d: usize) -> Self {
        Proposal {
            mean: DVector::zeros(d),
            factor: DMatrix::identity(d, d),
        }
    }

    /// The Gaussian with mean and covariance of `points`. The fewer they are worth, the more the
    /// covariance leans to the present one. `None` if it is singular.
    fn fitted(&self, points: &Points) -> Option<Self> {
        let d = self.mean.len();
        let (x, probabilities) = (&points.x, &points.probabilities);
        let mean = x.tr_mul(&DVector::from_column_slice(probabilities));
        let mut covariance = DMatrix::zeros(d, d);
        for (x, probability) in x.row_iter().zip(probabilities) {
            let away = x.transpose() - &mean;
            covariance.ger(*probability, &away, &away, 1.0);
        }
        let trust = points.effective() / (points.effective() + 0.5 * d as f64);
        covariance = trust * covariance + (1.0 - trust) * &self.factor * self.factor.transpose();
        let factor = Cholesky::new(covariance)?.l();
        Some(Proposal { mean, factor })
    }

    /// `count` points, weighted.
    fn draw(&self, gaussian: &GaussianApproximation, random: &mut Random, count: usize) -> Points {
        let d = self.mean.len();
        // Wider by about the standard deviation of ‖z‖ around √d.
        let wide = 1.0 + 1.0 / (d as f64).sqrt();
        let from_prior = count / FROM_PRIOR;
        let from_wide = (count - from_prior) / 2;
        let from_narrow = count - from_prior - from_wide;

        // z with x = mean + Az.
        let mut z = DMatrix::zeros(count, d);
        z.rows_mut(0, from_narrow)
            .copy_from(&normal_lattice(from_narrow, d, random));
        z.rows_mut(from_narrow, from_wide)
            .copy_from(&(wide * normal_lattice(from_wide, d, random)));
        let start = count - from_prior;
        let mut away = gaussian
            .x_of(&normal_lattice(from_prior, d, random))
            .transpose();
        away.column_iter_mut()
            .for_each(|mut away| away -= &self.mean);
        self.factor.solve_lower_triangular_unchecked_mut(&mut away);
        z.rows_mut(start, from_prior).tr_copy_from(&away);
        let x = affine(&z, &self.factor, &self.mean);
        let eta = gaussian.eta_of(&x);

        let log_share = |points: usize| libm::log(points as f64 / count as f64);
        let log_determinant: f64 = self.factor.diagonal().iter().map(|a| libm::log(*a)).sum();
        let log_scales = [
            log_share(from_narrow) - log_determinant,
            log_share(from_wide) - log_determinant - d as f64 * libm::log(wide),
            log_share(from_prior) + gaussian.log_volume(),
        ];
        let log_likelihoods = gaussian.log_likelihoods(&eta);
        let objective = gaussian.objective();
        let log_ratios: Vec<f64> = (0..count)
            .map(|i| {
                let distance = z.row(i).norm_squared();
                let log_prior = -0.5 * eta.row(i).norm_squared();
                let log_proposal = log_sum_exp(&[
                    log_scales[0] - 0.5 * distance,
                    log_scales[1] - 0.5 * distance / (wide * wide),
                    log_scales[2] + log_prior,
                ]);
                log_likelihoods[i] + log_prior + objective - log_proposal
            })
            .collect();
        Points {
            x,
            log_evidence_correction: log_sum_exp(&log_ratios) - libm::log(count as f64),
            probabilities: softmax(&log_ratios),
        }
    }
}
