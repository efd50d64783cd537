//! The population prior of a fit.

use leaning::{AnswerModel, Error, Prior};
use leaning_population::{FitOptions, People, fit};

/// Fits a Gaussian prior to people's answers, to compare how likely others are under it.
pub fn fit_rough_prior<P: People + ?Sized>(
    people: &P,
    model: AnswerModel,
    dimensions: usize,
) -> Result<Prior, Error> {
    let options = FitOptions {
        rough: true,
        ..FitOptions::default()
    };
    fit(people, model, dimensions, options)
}

/// Fits a prior with this many mixture components to people's answers.
pub fn fit_prior<P: People + ?Sized>(
    people: &P,
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
