//! Fits a population prior to many people's answers: given everybody else, where are a new person's
//! weights likely to be?
//!
//! This is empirical Bayes by expectation and maximisation (Dempster, Laird & Rubin 1977), as
//! Birlutiu, Groot & Heskes (2013) do it for preferences. With the mean λ_i and the covariance C_i of
//! each person's weights, given their answers and the prior N(m, S), a step sets
//!
//! - m to the mean of λ_i,
//! - S to the mean of C_i + (λ_i − m)(λ_i − m)ᵀ.
//!
//! In a mixture each component has its own N(m_k, S_k), and a person counts for it by the
//! probability of belonging to it, ∝ w_k · P(answers | m_k, S_k).
//!
//! The Laplace approximation alone would not do. Its mode lies closer to m than the mean does, so
//! the population would shrink from round to round, to ½–¾ of its variances for 30 answers in 4–16
//! dimensions (measured). Moments and likelihood therefore come from samples around the mode,
//! weighted to the exact posterior (importance sampling). Samples are drawn again in each step: a
//! prior that is fitted to the same ones for several steps follows their noise.
//!
//! EM creeps where answers leave much open. Its steps are therefore extrapolated (L-BFGS), in
//! coordinates in which the information that people's answers hold is known roughly. It climbs from
//! the weights that would fit best if everybody had the same, from narrow and from wide covariances,
//! and ends when the likelihood rises no further.
//!
//! The prior is for a new person, so its covariance is a little wider than the most likely one, by
//! how uncertain the fit is.
//!
//! People are sampled on all processors. The result is the same, bit for bit, on any number of them.
//!
//! ```
//! use leaning::nalgebra::DVector;
//! use leaning::{AnswerModel, Evidence};
//! use leaning_population::{FitOptions, fit};
//!
//! // Twenty people who all prefer the higher score in four answers of five.
//! let difference = DVector::from_element(1, 1.0);
//! let answer = |outcome| Evidence::Pair { difference: difference.clone(), tie: false, outcome };
//! let people = vec![[0, 0, 1, 0, 0].map(answer).to_vec(); 20];
//!
//! let prior = fit(&people, AnswerModel::default(), 1, FitOptions::default())?;
//! assert!((prior.mean()[0] - 1.4).abs() < 0.1);
//! assert!(prior.standard_deviations()[0] < 0.3);
//! # Ok::<(), leaning::Error>(())
//! ```

#![warn(missing_docs)]

mod acceleration;
mod em;
mod expectation;
mod frame;
mod importance;
mod k_means;
mod maximisation;
mod options;
mod start;

pub use options::FitOptions;

use em::{Climb, Summit};
use expectation::{PersonEstimate, expect, sample_everybody};
use k_means::k_means;
use leaning::numeric::Random;
use leaning::{AnswerModel, Error, Evidence, Flaw, Prior};
use maximisation::maximise;
use nalgebra::DVector;
use start::starts;

/// Samples for each person and component where only a likelihood is asked for, an even number.
const EVIDENCE_SAMPLES: usize = 256;
/// Climbs with more and more samples for each person: few find the way, many the place. With too few, the
/// fit follows their noise, and variances that collapse by it come back slowly. The floor keeps variances
/// up before the rest has found its place.
const CLIMBS: [Climb; 3] = [
    Climb {
        least_samples: 64,
        samples_per_dimension: 5,
        steps: 60,
        least_gain: 2.0,
        farthest_back: 0.25,
        variance_floor: 1e-2,
    },
    Climb {
        least_samples: 64,
        samples_per_dimension: 18,
        steps: 60,
        least_gain: 0.5,
        farthest_back: 0.5,
        variance_floor: 3e-4,
    },
    Climb {
        least_samples: 128,
        samples_per_dimension: 40,
        steps: 100,
        least_gain: 0.1,
        farthest_back: 0.5,
        variance_floor: 3e-4,
    },
];

/// The prior for a new person that follows from these people's answers: the one that makes them most
/// likely, widened by the uncertainty of its mean and covariance. `people` holds a list of evidence per
/// person, all in `dimensions` dimensions.
///
/// # Errors
/// [`Error::Options`] for components, iterations or dimensions of 0, [`Error::Answer`] if there is no
/// evidence at all or a person's is impossible (at the place `people[i]`), [`Error::NotConverged`] if
/// the numbers are too extreme for double precision.
pub fn fit(
    people: &[Vec<Evidence>],
    model: AnswerModel,
    dimensions: usize,
    options: FitOptions,
) -> Result<Prior, Error> {
    options.check()?;
    options::check_positive("dimensions", dimensions)?;
    if people.iter().all(Vec::is_empty) {
        return Err(Error::Answer(Flaw::new(
            "people",
            "nobody has said anything",
        )));
    }
    let default = Prior::from_rms_differences(&rms_differences(people, dimensions));
    let scale = default.standard_deviations();
    let variances = scale.component_mul(&scale);
    let climb = |climb: Climb, start: Prior| {
        let steps = climb.steps.min(options.iterations);
        Climb { steps, ..climb }.from(start, people, model, &variances)
    };
    let [coarse, finer @ ..] = CLIMBS;
    let climb_on = |summit: Summit| {
        finer
            .into_iter()
            .try_fold(summit, |summit, finer| climb(finer, summit.prior))
    };
    let mut best: Option<Summit> = None;
    for start in starts(people, model, &default)? {
        let summit = climb(coarse, start)?;
        let is_higher = |best: &Summit| summit.log_likelihood > best.log_likelihood;
        if best.as_ref().is_none_or(is_higher) {
            best = Some(summit);
        }
    }
    let gaussian = climb_on(best.ok_or(Error::NotConverged)?)?;
    let count = options.components.min(people.len());
    if count == 1 {
        return gaussian.predictive_prior();
    }
    let points: Vec<DVector<f64>> = gaussian
        .estimates
        .iter()
        .map(|of| of.moments[0].mean.component_div(&scale))
        .collect();
    let clusters = k_means(&points, count, &mut Random::new(options.seed, 0));
    let floor = coarse.variance_floor * &variances;
    let start = maximise(&assign(gaussian.estimates, &clusters, count), &floor)?;
    climb_on(climb(coarse, start)?)?.predictive_prior()
}

/// log P(these people's answers | prior), to compare priors by. It is best taken of people whom they
/// were not fitted to.
///
/// # Errors
/// [`Error::Answer`] for impossible evidence, at the place `people[i]`; [`Error::NotConverged`] if
/// the numbers are too extreme for double precision.
pub fn log_evidence(
    people: &[Vec<Evidence>],
    model: AnswerModel,
    prior: &Prior,
) -> Result<f64, Error> {
    let samples = sample_everybody(people, model, prior, EVIDENCE_SAMPLES)?;
    Ok(expect(prior, &samples)?
        .iter()
        .map(|person| person.log_evidence)
        .sum())
}

/// Each person as a member of one of `count` components for certain. The components have no shape
/// yet, so the moments are those under the single Gaussian.
fn assign(estimates: Vec<PersonEstimate>, clusters: &[usize], count: usize) -> Vec<PersonEstimate> {
    let assigned = estimates
        .into_iter()
        .zip(clusters)
        .map(|(estimate, &cluster)| {
            let mut component_probabilities = vec![0.0; count];
            component_probabilities[cluster] = 1.0;
            let moments = vec![estimate.moments[0].clone(); count];
            PersonEstimate {
                component_probabilities,
                moments,
                ..estimate
            }
        });
    assigned.collect()
}

/// Root mean square of each dimension's score differences over all pairs that were shown, d numbers.
/// 0 for a dimension that never varied.
fn rms_differences(people: &[Vec<Evidence>], dimensions: usize) -> Vec<f64> {
    let mut squares = vec![0.0; dimensions];
    let mut pairs = 0_usize;
    let mut add = |difference: DVector<f64>| {
        pairs += 1;
        squares
            .iter_mut()
            .zip(&difference)
            .for_each(|(sum, z)| *sum += z * z);
    };
    for evidence in people.iter().flatten() {
        match evidence {
            Evidence::Pair { difference, .. } => add(difference.clone()),
            Evidence::Ordinal {
                scores,
                lenient: false,
                ..
            } => add(scores.clone()),
            Evidence::Choice { scores, .. } | Evidence::Order { scores, .. } => {
                for (i, a) in scores.column_iter().enumerate() {
                    scores.column_iter().take(i).for_each(|b| add(a - b));
                }
            }
            // A single candidate has no difference from another one, and a summary no candidates.
            Evidence::Ordinal { .. } | Evidence::Statement { .. } | Evidence::Summary { .. } => {}
        }
    }
    let root = |sum: f64| {
        if sum > 0.0 {
            (sum / pairs as f64).sqrt()
        } else {
            0.0
        }
    };
    squares.into_iter().map(root).collect()
}
