//! How many base rewards? By cross-validation over people.
//!
//! With d of them fitted to the people of the other folds, how likely is all that somebody else said? The logarithm of
//! it, their weights integrated out under the prior of the other folds, is compared between d − 1 and d person by
//! person. Another base reward is worth having while it gains more than chance would.

use super::factors::{Factors, Start};
use super::inputs::Inputs;
use super::sample::Sample;
use super::watch::{Watch, is_interrupted};
use crate::report::Estimate;
use crate::simulate::engine::fit_prior;
use argmin::core::Error;
use leaning::population::log_evidence;
use leaning::{AnswerModel, Evidence, Prior};
use rayon::prelude::*;

const FOLDS: usize = 5;
/// After so many base rewards in a row that gain nothing no more are tried.
const PATIENCE: usize = 2;

/// What so many base rewards explain of people that they were not fitted to.
#[derive(Debug, Clone)]
pub struct Scored {
    pub dimensions: usize,
    /// Mean of log P(all that a person said) over people, by the number of their answers.
    pub log_likelihood: Estimate,
    /// By how much it is above that of one base reward less; above that of equal rewards for the first.
    pub gain: Estimate,
}

/// A base reward is worth having if it gains more than so many standard errors, and nats an answer: chance finds a gain
/// above one error every sixth time, and many people make any gain certain, however small.
const CERTAIN: f64 = 3.0;
const NOTICEABLE: f64 = 0.001;

/// How many of those that were tried are worth having, in a row; at least 1.
pub fn worthwhile(tried: &[Scored]) -> usize {
    let worth = |scored: &&Scored| scored.gain.mean > CERTAIN * scored.gain.error && scored.gain.mean >= NOTICEABLE;
    tried.iter().take_while(worth).count().max(1)
}

/// Tries 1, 2, … base rewards, up to `most`; none where a fold has all that was said.
pub fn cross_validate(
    sample: &Sample,
    inputs: &Inputs,
    model: &AnswerModel,
    most: usize,
    seed: u64,
    watch: &Watch,
) -> Result<Vec<Scored>, Error> {
    if (0..FOLDS).any(|fold| sample.of_people(&parted(sample, fold).1).comparisons() == 0) {
        return Ok(Vec::new());
    }
    let answers: Vec<f64> = (0..sample.people()).map(|person| sample.count(person) as f64).collect();
    let mean_answers = answers.iter().sum::<f64>() / answers.len() as f64;
    let mut before = sample.log_likelihood_at_nothing(model);
    let mut scored: Vec<Scored> = Vec::new();
    let mut idle = 0;
    for dimensions in 1..=most {
        let now = held_out(sample, inputs, model, dimensions, seed, watch)?;
        if is_interrupted() {
            break;
        }
        let gain = Estimate::of(now.iter().zip(&before).map(|(now, before)| (now - before) / mean_answers));
        let log_likelihood = Estimate::of(now.iter().map(|log| log / mean_answers));
        idle = if gain.mean > gain.error { 0 } else { idle + 1 };
        scored.push(Scored { dimensions, log_likelihood, gain });
        before = now;
        if idle == PATIENCE {
            break;
        }
    }
    Ok(scored)
}

/// The people of a fold, and the others.
fn parted(sample: &Sample, fold: usize) -> (Vec<usize>, Vec<usize>) {
    (0..sample.people()).partition(|person| person % FOLDS == fold)
}

/// Of each person, log P(all that they said) under what is fitted to the other folds.
fn held_out(
    sample: &Sample,
    inputs: &Inputs,
    model: &AnswerModel,
    dimensions: usize,
    seed: u64,
    watch: &Watch,
) -> Result<Vec<f64>, Error> {
    let mut logs = vec![0.0; sample.people()];
    for fold in 0..FOLDS {
        let (own, others) = parted(sample, fold);
        let train = sample.of_people(&others);
        let watch = watch.of(&format!("{dimensions} dimensions, fold {} of {FOLDS}", fold + 1));
        let factors = Factors::fit(&train, inputs, model, dimensions, (Start::Svd, seed), &watch)?;
        let scores = inputs.scores(&factors.head);
        let prior = fit_prior(&train.evidence(model, &scores), *model, dimensions, 1)?;
        let evidence = sample.of_people(&own).evidence(model, &scores);
        for (&person, log) in own.iter().zip(log_evidences(&evidence, model, &prior)?) {
            logs[person] = log;
        }
    }
    Ok(logs)
}

/// log P(what a person said) of each of these people.
pub fn log_evidences(people: &[Vec<Evidence>], model: &AnswerModel, prior: &Prior) -> Result<Vec<f64>, leaning::Error> {
    people.par_iter().map(|said| log_evidence(std::slice::from_ref(said), *model, prior)).collect()
}
