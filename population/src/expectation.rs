//! The E step: what each person's answers tell, given the prior.

use crate::importance::{ComponentDensity, ImportanceSamples, PosteriorMoments};
use crate::mode::{Modes, NEAR};
use crate::people::People;
use crate::statistics::Statistics;
use crate::tree::{TreeSum, of_blocks};
use leaning::numeric::{log_sum_exp, softmax};
use leaning::{AnswerModel, Error, Flaw, Prior};
use rayon::prelude::*;
use std::ops::Range;

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

impl PersonEstimate {
    /// The same person, estimated under one component, as a member of another of `count` for certain.
    pub fn of_component(self, component: usize, count: usize) -> Self {
        let mut component_probabilities = vec![0.0; count];
        component_probabilities[component] = 1.0;
        let moments = vec![self.moments[0].clone(); count];
        PersonEstimate {
            component_probabilities,
            moments,
            ..self
        }
    }
}

/// A prior, ready to estimate people by.
pub(crate) struct Expectation {
    prior: Prior,
    model: AnswerModel,
    /// Even number of importance samples for each person and component.
    samples: usize,
    components: Vec<Component>,
}

struct Component {
    modes: Modes,
    density: ComponentDensity,
    log_weight: f64,
}

impl Expectation {
    /// # Errors
    /// [`Error::NotConverged`] if a component is singular in double precision.
    pub fn new(prior: &Prior, model: AnswerModel, samples: usize) -> Result<Self, Error> {
        let components = prior.components().iter().map(|component| {
            Ok(Component {
                modes: Modes::new(component, NEAR)?,
                density: ComponentDensity::new(component)?,
                log_weight: libm::log(component.weight()),
            })
        });
        Ok(Expectation {
            prior: prior.clone(),
            model,
            samples,
            components: components.collect::<Result<_, Error>>()?,
        })
    }

    /// Estimates a person from their answers.
    ///
    /// # Errors
    /// [`Error::Answer`] for impossible evidence, at the place `people[i]`; [`Error::NotConverged`] if
    /// the numbers are too extreme for double precision.
    fn person<P: People + ?Sized>(
        &self,
        people: &P,
        person: usize,
    ) -> Result<PersonEstimate, Error> {
        let evidence = people.evidence(person);
        let moments = self.components.iter().map(|component| {
            let (modes, model) = (&component.modes, self.model);
            ImportanceSamples::draw(modes, model, &evidence, self.samples, person)
                .map(|samples| samples.moments(&component.density))
        });
        let moments: Vec<PosteriorMoments> = moments
            .collect::<Result<_, Error>>()
            .map_err(|error| naming(error, person))?;
        // log (w_k · P(evidence | component k))
        let logs: Vec<f64> = self
            .components
            .iter()
            .zip(&moments)
            .map(|(component, moments)| component.log_weight + moments.log_evidence)
            .collect();
        Ok(PersonEstimate {
            component_probabilities: softmax(&logs),
            moments,
            log_evidence: log_sum_exp(&logs),
        })
    }

    /// An estimate of each person.
    ///
    /// # Errors
    /// As for a person, of the first with one.
    pub fn everybody<P: People + ?Sized>(&self, people: &P) -> Result<Vec<PersonEstimate>, Error> {
        // All results are collected first, so that an error is always that of the first person.
        let estimates: Vec<Result<_, Error>> = (0..people.count())
            .into_par_iter()
            .map(|person| self.person(people, person))
            .collect();
        estimates.into_iter().collect()
    }

    /// The statistics of everybody, without keeping an estimate of anybody.
    ///
    /// # Errors
    /// As [`Expectation::everybody`].
    pub fn statistics<P: People + ?Sized>(&self, people: &P) -> Result<Statistics, Error> {
        let sums = self.sums(people, 0..people.count())?;
        Ok(Statistics::with_sums(&self.prior, sums.total()))
    }

    /// The statistics of some people, from the first of a block on.
    ///
    /// # Errors
    /// As [`Expectation::everybody`].
    pub fn sums<P: People + ?Sized>(
        &self,
        people: &P,
        some: Range<usize>,
    ) -> Result<TreeSum, Error> {
        of_blocks(some, &|block| {
            let mut statistics = Statistics::new(&self.prior);
            for person in block {
                statistics.add(&self.person(people, person)?);
            }
            Ok(statistics.into_sums())
        })
    }
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
