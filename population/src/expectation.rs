//! The E step: what each person's answers tell, given the prior.

use crate::importance::{ComponentDensity, ImportanceSamples, PosteriorMoments};
use leaning::numeric::{log_sum_exp, softmax};
use leaning::{AnswerModel, Error, Evidence, Flaw, Prior};
use rayon::prelude::*;

/// One person, given the prior.
#[derive(Debug, Clone)]
pub(crate) struct PersonEstimate {
    /// The probability that the person belongs to each component of the prior.
    pub component_probabilities: Vec<f64>,
    /// The moments of the person's weights given each component.
    pub moments: Vec<PosteriorMoments>,
    /// log P(evidence).
    pub log_evidence: f64,
}

/// Importance samples of each person's weights under each component of the prior: a list per person.
///
/// # Errors
/// [`Error::Answer`] for impossible evidence, at the place `people[i]`; [`Error::NotConverged`] if
/// the numbers are too extreme for double precision.
pub(crate) fn sample_everybody(
    people: &[Vec<Evidence>],
    model: AnswerModel,
    prior: &Prior,
    count: usize,
) -> Result<Vec<Vec<ImportanceSamples>>, Error> {
    let components: Vec<Prior> = prior
        .components()
        .iter()
        .map(|component| Prior::mixture(vec![component.clone()]))
        .collect::<Result<_, _>>()?;
    let sample = |(person, evidence): (usize, &Vec<Evidence>)| {
        components
            .iter()
            .map(|component| ImportanceSamples::draw(component, model, evidence, count, person))
            .collect::<Result<Vec<_>, Error>>()
            .map_err(|error| naming(error, person))
    };
    // All results are collected first, so that an error is always that of the first person.
    let sampled: Vec<Result<_, Error>> = people.par_iter().enumerate().map(sample).collect();
    sampled.into_iter().collect()
}

/// An estimate per person, from samples under the components of this prior or of an earlier one.
///
/// # Errors
/// [`Error::NotConverged`] if a component is singular in double precision.
pub(crate) fn expect(
    prior: &Prior,
    samples: &[Vec<ImportanceSamples>],
) -> Result<Vec<PersonEstimate>, Error> {
    let components = prior.components();
    let densities: Vec<ComponentDensity> = components
        .iter()
        .map(ComponentDensity::new)
        .collect::<Result<_, _>>()?;
    let estimate = |samples: &Vec<ImportanceSamples>| {
        let moments: Vec<PosteriorMoments> = samples
            .iter()
            .zip(&densities)
            .map(|(samples, density)| samples.moments(density))
            .collect();
        // log (w_k · P(evidence | component k))
        let logs: Vec<f64> = components
            .iter()
            .zip(&moments)
            .map(|(component, moments)| libm::log(component.weight()) + moments.log_evidence)
            .collect();
        PersonEstimate {
            component_probabilities: softmax(&logs),
            moments,
            log_evidence: log_sum_exp(&logs),
        }
    };
    Ok(samples.par_iter().map(estimate).collect())
}

/// The error, with the person whose evidence it is about.
fn naming(error: Error, person: usize) -> Error {
    match error {
        Error::Answer(flaw) => {
            Error::Answer(Flaw::new(format!("people[{person}]"), flaw.message()))
        }
        other => other,
    }
}
