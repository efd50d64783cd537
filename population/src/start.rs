//! Where the search for a prior starts.

use crate::people::People;
use leaning::{AnswerModel, Error, Evidence, LaplaceApproximation, Prior};
use nalgebra::DMatrix;

/// Standard deviations of people's weights to start from, relative to the default prior's.
const WIDTHS: [f64; 2] = [0.3, 1.0];
/// About as many answers are enough to start from.
const ANSWERS: usize = 10_000;

/// Gaussians around the weights that fit best if everybody has the same, narrow and wide.
///
/// # Errors
/// [`Error::NotConverged`] if the numbers are too extreme for double precision.
pub(crate) fn starts<P: People + ?Sized>(
    people: &P,
    model: AnswerModel,
    default: &Prior,
) -> Result<Vec<Prior>, Error> {
    let answers: usize = (0..people.count())
        .map(|person| people.evidence(person).len())
        .sum();
    let evidence: Vec<Evidence> = (0..people.count())
        .flat_map(|person| people.evidence(person).into_owned())
        .step_by(answers.div_ceil(ANSWERS).max(1))
        .collect();
    // Evidence that is impossible is found again in the climb, which names the person.
    let mean = LaplaceApproximation::infer(default, model, &evidence)
        .map_or_else(|_| default.mean().clone(), |same| same.mean().clone());
    let around = |width: f64| {
        let variances = (width * default.standard_deviations()).map(|sd| sd * sd);
        Prior::gaussian(mean.clone(), DMatrix::from_diagonal(&variances))
            .map_err(|_| Error::NotConverged)
    };
    WIDTHS.into_iter().map(around).collect()
}
