//! The number of base rewards, by cross-validation over people.
//!
//! With d base rewards fitted to the people of the other folds, how likely are a person's answers?
//! The log-likelihood of all of them, with the weights integrated out under the prior of the other
//! folds, is compared between d − 1 and d person by person. Another base reward is worthwhile while
//! it gains more than noise would.

use super::factors::{Factors, Start};
use super::inputs::Inputs;
use super::interrupt::is_interrupted;
use super::prior::fit_prior;
use super::progress::FitProgress;
use super::sample::Sample;
use crate::report::Estimate;
use argmin::core::Error;
use leaning::{AnswerModel, Evidence, Prior};
use leaning_population::log_evidence;
use rayon::prelude::*;

const FOLDS: usize = 5;
/// The search ends after this many base rewards in a row that gain nothing.
const PATIENCE: usize = 2;
/// A base reward is worthwhile if it gains more than this many standard errors: noise gains more
/// than one error every sixth time.
const CERTAIN: f64 = 3.0;
/// It also has to gain this many nats per answer: with many people any gain is certain, however
/// small.
const NOTICEABLE: f64 = 0.001;

/// How well a number of base rewards explains people that they were not fitted to.
#[derive(Debug, Clone)]
pub struct Trial {
    pub dimensions: usize,
    /// Mean over people of the log-likelihood of all their answers, per answer.
    pub log_likelihood: Estimate,
    /// The gain over one base reward less; for the first, over equal rewards.
    pub gain: Estimate,
}

/// Number of base rewards that are worthwhile, at least 1.
pub fn worthwhile(trials: &[Trial]) -> usize {
    let is_worthwhile = |trial: &&Trial| {
        trial.gain.mean > CERTAIN * trial.gain.error && trial.gain.mean >= NOTICEABLE
    };
    trials.iter().take_while(is_worthwhile).count().max(1)
}

/// Tries 1, 2, … base rewards, up to `most`; none if one fold has all answers.
pub fn cross_validate(
    sample: &Sample,
    inputs: &Inputs,
    model: &AnswerModel,
    most: usize,
    seed: u64,
    progress: &FitProgress,
) -> Result<Vec<Trial>, Error> {
    let has_all = |fold: usize| sample.of_people(&split(sample, fold).1).comparisons() == 0;
    if (0..FOLDS).any(has_all) {
        return Ok(Vec::new());
    }
    let answers: usize = (0..sample.people())
        .map(|person| sample.count(person))
        .sum();
    let mean_answers = answers as f64 / sample.people() as f64;
    let mut before = sample.log_likelihoods_of_equal_rewards(model);
    let mut trials: Vec<Trial> = Vec::new();
    let mut without_gain = 0;
    for dimensions in 1..=most {
        let now = log_likelihoods(sample, inputs, model, dimensions, seed, progress)?;
        if is_interrupted() {
            break;
        }
        let gains = now
            .iter()
            .zip(&before)
            .map(|(now, before)| (now - before) / mean_answers);
        let gain = Estimate::of(gains);
        let log_likelihood = Estimate::of(now.iter().map(|log| log / mean_answers));
        without_gain = if gain.mean > gain.error {
            0
        } else {
            without_gain + 1
        };
        trials.push(Trial {
            dimensions,
            log_likelihood,
            gain,
        });
        before = now;
        if without_gain == PATIENCE {
            break;
        }
    }
    Ok(trials)
}

/// The people of a fold, and the others.
fn split(sample: &Sample, fold: usize) -> (Vec<usize>, Vec<usize>) {
    (0..sample.people()).partition(|person| person % FOLDS == fold)
}

/// For each person, the log-likelihood of their answers under a fit to the other folds.
fn log_likelihoods(
    sample: &Sample,
    inputs: &Inputs,
    model: &AnswerModel,
    dimensions: usize,
    seed: u64,
    progress: &FitProgress,
) -> Result<Vec<f64>, Error> {
    let mut logs = vec![0.0; sample.people()];
    for fold in 0..FOLDS {
        let (own, others) = split(sample, fold);
        let train = sample.of_people(&others);
        let progress = progress.of(&format!(
            "{dimensions} dimensions, fold {} of {FOLDS}",
            fold + 1
        ));
        let start = (Start::Svd, seed);
        let factors = Factors::fit(&train, inputs, model, dimensions, start, &progress)?;
        let scores = inputs.scores(&factors.head);
        let prior = fit_prior(&train.evidence(model, &scores), *model, dimensions, 1)?;
        let evidence = sample.of_people(&own).evidence(model, &scores);
        for (&person, log) in own.iter().zip(log_evidences(&evidence, model, &prior)?) {
            logs[person] = log;
        }
    }
    Ok(logs)
}

/// For each person, the log-likelihood of their answers with the weights integrated out.
pub fn log_evidences(
    people: &[Vec<Evidence>],
    model: &AnswerModel,
    prior: &Prior,
) -> Result<Vec<f64>, leaning::Error> {
    let log = |person: &Vec<Evidence>| log_evidence(std::slice::from_ref(person), *model, prior);
    people.par_iter().map(log).collect()
}
