//! Expectation and maximisation in turn, until the prior stays the same.

use crate::expectation::{expect, sample_everybody};
use crate::maximisation::maximise;
use leaning::{AnswerModel, Error, Evidence, MixtureComponent, Prior};
use nalgebra::DVector;

/// Samples for each person and component, an even number. In 4 to 8 dimensions they are worth about
/// 85 independent samples of 100, and their noise averages out over people.
pub(crate) const SAMPLES: usize = 64;
/// Steps of expectation and maximisation with the same samples.
const STEPS: usize = 5;
/// The fit has converged once the last step of a round changed every mean (in standard deviations of
/// its component), every covariance (relative to the two standard deviations) and every share by
/// less than this.
const CONVERGED_BELOW: f64 = 1e-3;

/// Climbs from the prior `start` for at most `rounds` rounds. Each draws samples for everybody and
/// takes a few steps with them. `variance_floor` has d numbers.
///
/// # Errors
/// [`Error::Answer`] for impossible evidence, at the place `people[i]`; [`Error::NotConverged`] if
/// the numbers are too extreme for double precision.
pub(crate) fn climb(
    people: &[Vec<Evidence>],
    model: AnswerModel,
    start: Prior,
    rounds: usize,
    variance_floor: &DVector<f64>,
) -> Result<Prior, Error> {
    let mut prior = start;
    for _ in 0..rounds {
        let samples = sample_everybody(people, model, &prior, SAMPLES)?;
        let mut converged = false;
        for _ in 0..STEPS {
            let next = maximise(&expect(&prior, &samples)?, variance_floor)?;
            let dropped = next.components().len() < prior.components().len();
            converged = !dropped && largest_change(&prior, &next) < CONVERGED_BELOW;
            prior = next;
            if dropped {
                // Some of the samples are those of a component that is gone.
                break;
            }
        }
        if converged {
            break;
        }
    }
    Ok(prior)
}

/// The largest change of a share, of a mean in standard deviations, and of a covariance relative to
/// the two standard deviations.
fn largest_change(before: &Prior, after: &Prior) -> f64 {
    let change = |(before, after): (&MixtureComponent, &MixtureComponent)| {
        let (old, new) = (before.covariance(), after.covariance());
        let sd = new.diagonal().map(f64::sqrt);
        let of_mean = (after.mean() - before.mean()).component_div(&sd).amax();
        let of_covariance = (new - old).component_div(&(&sd * sd.transpose())).amax();
        (after.weight() - before.weight())
            .abs()
            .max(of_mean)
            .max(of_covariance)
    };
    before
        .components()
        .iter()
        .zip(after.components())
        .map(change)
        .fold(0.0, f64::max)
}
