//! The log-likelihood of many answers as a quadratic function of the weights.

use super::log_posterior::{Derivatives, LogPosterior};
use crate::error::Error;
use crate::model::{AnswerModel, Evidence, MixtureComponent, QuadraticLikelihood};
use nalgebra::{DMatrix, DVector};

/// Expands the log-likelihood of `evidence`, with a factor for each piece, around d weights and a
/// leniency.
///
/// The slope there is exact. The curvature is the expected Fisher information, as in the precision of the
/// Laplace approximation: if it is expanded at the mode, mode and precision stay what they are. Unlike
/// the observed information it is positive semidefinite whatever was answered.
///
/// # Errors
/// [`Error::Answer`] for impossible evidence, [`Error::NotConverged`] if a number is not finite.
pub fn expand(
    model: AnswerModel,
    evidence: &[Evidence],
    factors: &[f64],
    weights: &DVector<f64>,
    leniency: f64,
) -> Result<QuadraticLikelihood, Error> {
    let d = weights.len();
    // With this prior η is λ, and b.
    let plain = MixtureComponent::new(1.0, DVector::zeros(d), DMatrix::identity(d, d))?;
    let model = model.with_ratings(model.spread(), 1.0)?;
    let posterior = LogPosterior::new(&plain, model, evidence, factors)?;
    let lenient = posterior.dimensions > d;
    let theta = if lenient {
        weights.push(leniency)
    } else {
        weights.clone()
    };
    let Derivatives {
        gradient,
        expected: mut precision,
        ..
    } = posterior.derivatives_of_evidence(&theta);
    precision.fill_upper_triangle_with_lower_triangle();
    let shift = &precision * theta - gradient;
    // Formats have no −0.
    let expansion = QuadraticLikelihood {
        precision: precision.add_scalar(0.0),
        shift: shift.add_scalar(0.0),
        lenient,
    };
    if expansion.numbers().all(f64::is_finite) {
        Ok(expansion)
    } else {
        Err(Error::NotConverged)
    }
}
