//! The mode of the posterior, by Fisher scoring.

use super::log_posterior::{Derivatives, LogPosterior};
use crate::error::Error;
use nalgebra::{Cholesky, DVector, Dyn};

/// Below this decrement full steps need no check: the objective's own rounding would hide a descent.
const FULL_STEPS_BELOW: f64 = 1e-4;
/// At this decrement √(gᵀH⁻¹g) the mode is found. It is in units of posterior standard deviations,
/// so free of scale.
const CONVERGED_BELOW: f64 = 1e-11;
/// A decrement that is this small but no longer falls has met the rounding of the gradient.
const ROUNDING_BELOW: f64 = 1e-6;
/// After this many steps of Fisher scoring the observed information takes over.
const SCORING_STEPS: usize = 50;
const MAX_STEPS: usize = 500;
/// In units of prior standard deviations.
const NUDGE: f64 = 1e-3;
const MAX_HALVINGS: usize = 60;

/// The mode in the coordinates η, and the Cholesky factorisation of the expected precision there.
pub(super) struct FoundMode {
    pub eta: DVector<f64>,
    pub precision: Cholesky<f64, Dyn>,
}

impl LogPosterior {
    /// The mode, by Fisher scoring from μ₀.
    ///
    /// Each step solves with the expected information and is halved until the objective falls
    /// enough. Once close, or after many steps, it solves with the observed information if that is
    /// positive definite: with a lapse the expected information can be a tenth of the curvature, and
    /// Fisher steps would then circle the mode instead of reaching it.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if the numbers are too extreme for double precision.
    pub fn find_mode(&self) -> Result<FoundMode, Error> {
        let mut eta = DVector::zeros(self.dimensions);
        let mut objective = self.objective(&eta);
        let mut last_decrement = f64::INFINITY;
        let mut nudged = false;
        for step_number in 0..MAX_STEPS {
            let Derivatives {
                gradient,
                expected,
                observed,
            } = self.derivatives(&eta);
            // Cholesky accepts infinite numbers, and an infinite precision would pass for certainty.
            if !expected.iter().all(|number| number.is_finite()) {
                return Err(Error::NotConverged);
            }
            let precision = Cholesky::new(expected).ok_or(Error::NotConverged)?;
            let mut step = precision.solve(&gradient);
            let decrement = gradient.dot(&step).sqrt();
            if !decrement.is_finite() {
                return Err(Error::NotConverged);
            }
            let observed = Cholesky::new(observed);
            let stalled = decrement < ROUNDING_BELOW && decrement >= last_decrement;
            if decrement < CONVERGED_BELOW || stalled {
                if observed.is_some() || nudged {
                    return Ok(FoundMode { eta, precision });
                }
                // Answers that balance exactly can make a saddle or a peak of μ₀. Any step leads
                // down from it.
                nudged = true;
                eta.add_scalar_mut(NUDGE);
                objective = self.objective(&eta);
                last_decrement = f64::INFINITY;
                continue;
            }
            let close = decrement < FULL_STEPS_BELOW;
            if (close || step_number >= SCORING_STEPS)
                && let Some(observed) = observed
            {
                step = observed.solve(&gradient);
            }
            if close {
                last_decrement = decrement;
                eta -= step;
                objective = self.objective(&eta);
            } else {
                last_decrement = f64::INFINITY;
                let slope = gradient.dot(&step);
                (eta, objective) = self
                    .descend(&eta, objective, &step, slope)
                    .ok_or(Error::NotConverged)?;
            }
        }
        Err(Error::NotConverged)
    }

    /// Goes along −`step`, halved until the objective falls by a quarter of what `slope` promises
    /// (Armijo's rule). Any fall would not be enough: where the curvature is twice the expected
    /// information, as for ties, a full step lands as high on the other side.
    fn descend(
        &self,
        eta: &DVector<f64>,
        objective: f64,
        step: &DVector<f64>,
        slope: f64,
    ) -> Option<(DVector<f64>, f64)> {
        let mut length = 1.0;
        for _ in 0..MAX_HALVINGS {
            let there = eta - length * step;
            let value = self.objective(&there);
            if value < objective - 0.25 * length * slope {
                return Some((there, value));
            }
            length *= 0.5;
        }
        None
    }
}
