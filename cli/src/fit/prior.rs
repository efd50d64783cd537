//! The population prior of a fit.

use leaning::{AnswerModel, Error, Evidence, Prior};
use leaning_population::{FitOptions, fit};

/// After this many rounds the likelihood of several components hardly rises any more, and each
/// round takes long.
const MIXTURE_ROUNDS: usize = 8;

/// Fits a prior with this many mixture components to people's answers, a list of evidence per
/// person.
pub fn fit_prior(
    people: &[Vec<Evidence>],
    model: AnswerModel,
    dimensions: usize,
    components: usize,
) -> Result<Prior, Error> {
    let single = FitOptions::default();
    let iterations = if components > 1 {
        MIXTURE_ROUNDS
    } else {
        single.iterations
    };
    fit(
        people,
        model,
        dimensions,
        FitOptions {
            components,
            iterations,
            ..single
        },
    )
}
