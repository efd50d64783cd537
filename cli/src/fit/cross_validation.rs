//! The number of base rewards and the penalty on them, by cross-validation over people.
//!
//! With d base rewards fitted to the people of the other folds, how likely are a person's answers?
//! The log-likelihood of all of them, with the weights integrated out under the prior of the other
//! folds, is compared between numbers person by person. More base rewards are worthwhile if they gain
//! more than noise would. The penalty is raised for as long as that makes them likelier.

use super::factors::{FactorShape, Factors, Start};
use super::inputs::Inputs;
use super::prior::fit_rough_prior;
use super::progress::FitProgress;
use super::single_answers::ScoresAndPrior;
use super::spread::{Judged, most_likely_spread};
use crate::interrupt::is_interrupted;
use crate::report::Estimate;
use argmin::core::Error;
use leaning::{AnswerModel, Prior};
use leaning_population::Sample;
use leaning_population::{People, log_evidence};
use rayon::prelude::*;

const FOLDS: usize = 5;
/// Penalty and spread are judged by as many of the folds as have this many people together.
const ENOUGH_PEOPLE: usize = 200;
/// Penalties to try, as multiples of the usual one, until one is worse than the one before.
const PENALTIES: [f64; 6] = [1.0, 4.0, 16.0, 64.0, 256.0, 1024.0];
/// The search ends after this many base rewards in a row that gain nothing.
const PATIENCE: usize = 2;
/// More base rewards are worthwhile if they gain more than this many standard errors: noise gains
/// more than one error every sixth time.
const CERTAIN: f64 = 3.0;
/// Each also has to gain this many nats per answer: with many people any gain is certain, however
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
    /// The log-likelihood of each person's answers, per answer of a person's mean number.
    pub by_person: Vec<f64>,
}

/// The mean gain over people, person by person.
fn mean_gain(now: &[f64], before: &[f64]) -> Estimate {
    Estimate::of(now.iter().zip(before).map(|(now, before)| now - before))
}

/// Number of base rewards that are worthwhile, at least 1. One that gains nothing by itself may
/// stand before several that do, since each takes up what the others leave: so a number is
/// compared with the best one before, not with its neighbour.
pub fn worthwhile(trials: &[Trial]) -> usize {
    let Some((first, others)) = trials.split_first() else {
        return 1;
    };
    let mut best = first;
    for trial in others {
        let gain = mean_gain(&trial.by_person, &best.by_person);
        let more = (trial.dimensions - best.dimensions) as f64;
        if gain.mean > CERTAIN * gain.error && gain.mean >= NOTICEABLE * more {
            best = trial;
        }
    }
    best.dimensions
}

/// Tries 1, 2, … base rewards, up to `most`; none if one fold has all answers.
pub fn cross_validate(
    sample: &Sample,
    inputs: &Inputs,
    model: &AnswerModel,
    most: FactorShape,
    seed: u64,
    progress: &FitProgress,
) -> Result<Vec<Trial>, Error> {
    if one_fold_has_all(sample) {
        return Ok(Vec::new());
    }
    let answers: usize = (0..sample.people())
        .map(|person| sample.count(person))
        .sum();
    let mean_answers = answers as f64 / sample.people() as f64;
    let per_answer =
        |logs: Vec<f64>| -> Vec<f64> { logs.into_iter().map(|log| log / mean_answers).collect() };
    let of_equal_rewards = per_answer(sample.log_likelihoods_of_equal_rewards(model));
    let mut trials: Vec<Trial> = Vec::new();
    let mut without_gain = 0;
    for dimensions in 1..=most.dimensions {
        let shape = FactorShape { dimensions, ..most };
        let logs = log_likelihoods(sample, inputs, model, (shape, seed), FOLDS, progress)?;
        if is_interrupted() {
            break;
        }
        let by_person = per_answer(logs);
        let before = trials
            .last()
            .map_or(&of_equal_rewards, |trial| &trial.by_person);
        let gain = mean_gain(&by_person, before);
        without_gain = if gain.mean > gain.error {
            0
        } else {
            without_gain + 1
        };
        trials.push(Trial {
            dimensions,
            log_likelihood: Estimate::of(by_person.iter().copied()),
            gain,
            by_person,
        });
        if without_gain == PATIENCE {
            break;
        }
    }
    Ok(trials)
}

/// The penalty under which people held out of the fit are most likely, as a multiple of the usual
/// one; 1 if one fold has all answers. The penalty of `shape` itself does not matter.
pub fn choose_penalty(
    sample: &Sample,
    inputs: &Inputs,
    model: &AnswerModel,
    shape: FactorShape,
    seed: u64,
    progress: &FitProgress,
) -> Result<f64, Error> {
    let mut best = (PENALTIES[0], f64::NEG_INFINITY);
    if one_fold_has_all(sample) {
        return Ok(best.0);
    }
    let folds = enough_folds(sample);
    for penalty in PENALTIES {
        let shape = FactorShape { penalty, ..shape };
        let progress = progress.of(&format!("penalty × {penalty}, "));
        let logs = log_likelihoods(sample, inputs, model, (shape, seed), folds, &progress)?;
        let log_likelihood: f64 = logs.iter().sum();
        if log_likelihood <= best.1 || is_interrupted() {
            break;
        }
        best = (penalty, log_likelihood);
    }
    Ok(best.0)
}

/// Whether the people of one fold have given all answers.
fn one_fold_has_all(sample: &Sample) -> bool {
    let has_all = |fold: usize| sample.of_people(&split(sample, fold).1).comparisons() == 0;
    (0..FOLDS).any(has_all)
}

/// The people of a fold, and the others.
fn split(sample: &Sample, fold: usize) -> (Vec<usize>, Vec<usize>) {
    (0..sample.people()).partition(|person| person % FOLDS == fold)
}

/// By how much to scale the covariance of people: as much as makes people held out of the fit most
/// likely. A table follows the people it was fitted to, who seem to differ more by it than others.
/// `None` if one fold has all answers.
pub fn choose_spread(
    sample: &Sample,
    inputs: &Inputs,
    model: &AnswerModel,
    shape: FactorShape,
    seed: u64,
    progress: &FitProgress,
) -> Result<Option<f64>, Error> {
    if one_fold_has_all(sample) {
        return Ok(None);
    }
    let folds = enough_folds(sample);
    let fit = |fold| {
        let fold = Fold::fit(
            sample,
            inputs,
            model,
            (shape, seed),
            (fold, folds),
            progress,
        )?;
        Ok(Judged {
            fitted: fold.fitted,
            train: fold.train,
            people: sample.of_people(&fold.own),
        })
    };
    let fits: Vec<Judged> = (0..folds).map(fit).collect::<Result<_, Error>>()?;
    most_likely_spread(&fits, model, progress)
}

/// The number of folds that have [`ENOUGH_PEOPLE`] together.
fn enough_folds(sample: &Sample) -> usize {
    (ENOUGH_PEOPLE * FOLDS).div_ceil(sample.people()).min(FOLDS)
}

/// A fit to the people of the other folds.
struct Fold {
    /// The people of this fold.
    own: Vec<usize>,
    /// The others.
    train: Sample,
    fitted: ScoresAndPrior,
}

impl Fold {
    fn fit(
        sample: &Sample,
        inputs: &Inputs,
        model: &AnswerModel,
        (shape, seed): (FactorShape, u64),
        (fold, folds): (usize, usize),
        progress: &FitProgress,
    ) -> Result<Self, Error> {
        let (own, others) = split(sample, fold);
        let train = sample.of_people(&others);
        let progress = progress.of(&format!(
            "{} dimensions, fold {} of {folds}",
            shape.dimensions,
            fold + 1
        ));
        let start = (Start::Svd, seed);
        let factors = Factors::fit(&train, inputs, model, shape, start, &progress)?;
        let scores = inputs.scores(&factors.head);
        let prior = fit_rough_prior(&train.evidence(model, &scores), *model, scores.ncols())?;
        Ok(Fold {
            own,
            train,
            fitted: ScoresAndPrior {
                scores,
                prior,
                consensus: shape.consensus,
            },
        })
    }
}

/// For each person, the log-likelihood of their answers under a fit to the other folds. Only the
/// people of the first `folds` are predicted; the others have 0.
fn log_likelihoods(
    sample: &Sample,
    inputs: &Inputs,
    model: &AnswerModel,
    (shape, seed): (FactorShape, u64),
    folds: usize,
    progress: &FitProgress,
) -> Result<Vec<f64>, Error> {
    let mut logs = vec![0.0; sample.people()];
    for fold in 0..folds {
        let fold = Fold::fit(
            sample,
            inputs,
            model,
            (shape, seed),
            (fold, folds),
            progress,
        )?;
        let ScoresAndPrior { scores, prior, .. } = &fold.fitted;
        let own = sample.of_people(&fold.own);
        let own = log_evidences(&own.evidence(model, scores), model, prior)?;
        for (&person, log) in fold.own.iter().zip(own) {
            logs[person] = log;
        }
    }
    Ok(logs)
}

/// For each person, the log-likelihood of their answers with the weights integrated out.
pub fn log_evidences<P: People + ?Sized>(
    people: &P,
    model: &AnswerModel,
    prior: &Prior,
) -> Result<Vec<f64>, leaning::Error> {
    let log = |person| log_evidence(&[people.evidence(person).into_owned()], *model, prior);
    (0..people.count()).into_par_iter().map(log).collect()
}

#[cfg(test)]
mod tests {
    use super::super::prior::fit_prior;
    use super::*;
    use leaning::Answer;
    use leaning::numeric::Random;
    use nalgebra::DMatrix;

    const RESPONSES: usize = 40;

    /// People who choose between statements without features. They agree about most of a statement
    /// (`consensus`), and differ in one direction (`divide`).
    struct Town {
        consensus: Vec<f64>,
        divide: Vec<f64>,
    }

    impl Town {
        fn new() -> Self {
            let mut random = Random::new(1, 0);
            let mut normals =
                |sd: f64| -> Vec<f64> { (0..RESPONSES).map(|_| sd * random.normal()).collect() };
            Town {
                consensus: normals(1.2),
                divide: normals(1.2),
            }
        }

        /// `people` of them, with 20 answers each.
        fn sample(&self, people: usize, seed: u64) -> Sample {
            let mut random = Random::new(seed, 0);
            let mut sample = Sample::new(RESPONSES);
            for _ in 0..people {
                let taste = random.normal();
                let answers: Vec<([u32; 2], Answer)> = (0..20)
                    .map(|_| {
                        let a = random.below(RESPONSES);
                        let b = (a + 1 + random.below(RESPONSES - 1)) % RESPONSES;
                        let reward = |k: usize| self.consensus[k] + taste * self.divide[k];
                        let first = 1.0 / (1.0 + (reward(b) - reward(a)).exp());
                        let chose = usize::from(random.uniform() > first);
                        ([a as u32, b as u32], Answer::Chose(chose))
                    })
                    .collect();
                sample.push(answers.iter().map(|(shown, answer)| (&shown[..], *answer)));
            }
            sample
        }
    }

    fn factors(sample: &Sample, shape: FactorShape) -> Factors {
        let (model, progress) = (AnswerModel::BRADLEY_TERRY, FitProgress::hidden());
        let inputs = Inputs::Table(RESPONSES);
        Factors::fit(sample, &inputs, &model, shape, (Start::Svd, 1), &progress).unwrap()
    }

    /// The log-likelihood of each of these people's answers under a fit to others.
    fn log_likelihoods(fitted_to: &Sample, shape: FactorShape, people: &Sample) -> Vec<f64> {
        let model = AnswerModel::BRADLEY_TERRY;
        let scores = factors(fitted_to, shape).head;
        let evidence = fitted_to.evidence(&model, &scores);
        let prior = fit_prior(&evidence, model, scores.ncols(), 1).unwrap();
        log_evidences(&people.evidence(&model, &scores), &model, &prior).unwrap()
    }

    fn correlation(a: &[f64], b: &[f64]) -> f64 {
        let centred = |x: &[f64]| {
            let mean = x.iter().sum::<f64>() / x.len() as f64;
            DMatrix::from_iterator(x.len(), 1, x.iter().map(|x| x - mean))
        };
        let (a, b) = (centred(a), centred(b));
        a.dot(&b) / (a.norm() * b.norm())
    }

    /// A trial with this log-likelihood of each of 100 people, to within a ripple.
    fn trial(dimensions: usize, mean: f64, ripple: f64) -> Trial {
        let by_person: Vec<f64> = (0..100)
            .map(|person| mean + if person % 2 == 0 { ripple } else { -ripple })
            .collect();
        let estimate = Estimate::of(by_person.iter().copied());
        Trial {
            dimensions,
            log_likelihood: estimate,
            gain: estimate,
            by_person,
        }
    }

    #[test]
    fn base_rewards_that_gain_together_are_worthwhile_though_one_of_them_gains_nothing() {
        let up_to = |means: &[f64]| {
            let trials = means.iter().zip(1..).map(|(mean, d)| trial(d, *mean, 0.0));
            worthwhile(&trials.collect::<Vec<_>>())
        };
        assert_eq!(up_to(&[]), 1);
        assert_eq!(up_to(&[-0.53, -0.51, -0.50]), 3);
        assert_eq!(up_to(&[-0.53, -0.51, -0.51, -0.50, -0.49]), 5);
        // Each of them has to be worth a thousandth of a nat.
        assert_eq!(up_to(&[-0.53, -0.51, -0.5095, -0.509, -0.508]), 2);
        assert_eq!(up_to(&[-0.53, -0.54, -0.55]), 1);
    }

    #[test]
    fn a_gain_within_three_standard_errors_is_noise() {
        // The difference is .01 ± .005 for one ripple, and ± .002 for the other.
        for (ripple, expected) in [(0.05, 1), (0.02, 2)] {
            let trials = [trial(1, -0.51, 0.0), trial(2, -0.50, ripple)];
            assert_eq!(worthwhile(&trials), expected);
        }
    }

    const WITH_CONSENSUS: FactorShape = FactorShape {
        dimensions: 1,
        consensus: true,
        penalty: 1.0,
    };

    #[test]
    fn what_everybody_thinks_is_told_apart_from_what_people_differ_in() {
        let town = Town::new();
        let head = factors(&town.sample(150, 2), WITH_CONSENSUS).head;
        let found = |column: usize, truth: &[f64]| {
            let column: Vec<f64> = head.column(column).iter().copied().collect();
            correlation(&column, truth).abs()
        };
        let (divide, consensus) = (found(0, &town.divide), found(1, &town.consensus));
        assert!(divide > 0.8 && consensus > 0.9, "{divide}, {consensus}");
    }

    #[test]
    fn a_base_reward_of_consensus_predicts_new_people_better() {
        let town = Town::new();
        let (some, others) = (town.sample(100, 2), town.sample(100, 3));
        let with = log_likelihoods(&some, WITH_CONSENSUS, &others);
        let without = log_likelihoods(&some, FactorShape::usual(1), &others);
        let gain = mean_gain(&with, &without);
        assert!(gain.mean > 3.0 * gain.error, "{gain:?}");
    }

    #[test]
    fn a_penalty_chosen_by_cross_validation_predicts_new_people_better_than_the_usual_one() {
        let town = Town::new();
        let (some, others) = (town.sample(60, 4), town.sample(50, 5));
        // More directions than people differ in: the table follows the noise.
        let shape = FactorShape {
            dimensions: 3,
            ..WITH_CONSENSUS
        };
        let (inputs, model) = (Inputs::Table(RESPONSES), AnswerModel::BRADLEY_TERRY);
        let progress = FitProgress::hidden();
        let penalty = choose_penalty(&some, &inputs, &model, shape, 1, &progress).unwrap();
        assert!(penalty > 1.0, "{penalty}");
        let chosen = log_likelihoods(&some, FactorShape { penalty, ..shape }, &others);
        let usual = log_likelihoods(&some, shape, &others);
        let gain = mean_gain(&chosen, &usual);
        assert!(gain.mean > 2.0 * gain.error, "{gain:?}");
    }
}
