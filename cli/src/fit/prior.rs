//! The population prior of a fit.

use leaning::{AnswerModel, Error, Evidence, Prior};
use leaning_population::{FitOptions, fit};

/// Fits a prior with this many mixture components to people's answers, a list of evidence per
/// person.
pub fn fit_prior(
    people: &[Vec<Evidence>],
    model: AnswerModel,
    dimensions: usize,
    components: usize,
) -> Result<Prior, Error> {
    let options = FitOptions {
        components,
        ..FitOptions::default()
    };
    fit(people, model, dimensions, options)
}
