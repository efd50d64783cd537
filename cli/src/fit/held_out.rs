//! Whether personalising pays, measured on people and responses that nothing was fitted to.
//!
//! People are split into three parts at random. The fit is to two parts, and the people of the
//! third are replayed, in turn, so everybody is predicted once.
//!
//! On *known responses*, four answers of each of them are held out. Questions come from the other
//! answers, without those about a response that the four are about.
//!
//! On *new responses*, responses are split into three parts as well, by prompt if there are enough
//! prompts. The fit is to comparisons without the third part, by people of two parts. The people of
//! the third part are predicted in their answers about new responses only, based on answers about
//! known responses only. If the number of dimensions is to be found, it is found again each time.

use super::fitted::{FitRequest, Fitted, inputs};
use super::pooled::fit_pooled;
use super::progress::FitProgress;
use super::training_data::TrainingData;
use crate::choices::Comparison;
use crate::interrupt::is_interrupted;
use crate::pool_replay::{
    AnsweredQuestion, Case, Learning, Measured, Method, MethodCurve, PersonMeans,
    PersonMeasurements, Plan, measure, order, split,
};
use crate::progress::progress;
use crate::report::Estimate;
use argmin::core::Error;
use leaning::question::acquisition::{DEFAULT, random::RandomPair};
use leaning::{Answer, AnswerModel, Strategy};
use nalgebra::{DMatrix, DVector};
use std::collections::HashMap;

const PARTS: usize = 3;
/// Held-out answers of each person on known responses.
const TEST: usize = 4;
/// Numbers of answers after which to measure, as far as people have them.
const AFTER: [usize; 6] = [0, 3, 5, 8, 12, 20];
/// Of more people than this in a part, only some are replayed. The fit is to all.
const MAX_REPLAYED: usize = 1000;
/// With fewer prompts, responses are split one by one.
const MIN_PROMPTS: usize = 4 * PARTS;

pub const POOLED: &str = "one weight for all";
const RANDOM: &str = "random questions";
pub const CHOSEN: &str = "chosen questions";

/// The results on held-out answers.
#[derive(Debug)]
pub struct HeldOut {
    pub people: usize,
    /// Number of held-out answers of all people.
    pub answers: usize,
    pub after: Vec<usize>,
    /// One weight for all, random questions, and chosen questions.
    pub curves: Vec<MethodCurve>,
    /// The gain of chosen questions over one weight for all, by number of answers.
    pub gains: Vec<Gain>,
    /// The gain after the most answers, as a share of choices.
    pub accuracy: Estimate,
    /// The same gain in nats per answer.
    pub log_likelihood: Estimate,
    /// Number of dimensions of each fit.
    pub dimensions: Vec<usize>,
}

/// How much more is predicted, as a mean of differences person by person.
#[derive(Debug, Clone, Copy)]
pub struct Gain {
    /// As a share of choices.
    pub accuracy: Estimate,
    /// In nats per answer.
    pub log_likelihood: Estimate,
}

/// Everything that is new to a fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum New {
    People,
    PeopleAndResponses,
}

/// Measures on held-out answers. `None` if nobody has enough of them, or after Ctrl-C.
pub fn measure_held_out(
    data: &TrainingData,
    request: &FitRequest,
    new: New,
) -> Result<Option<HeldOut>, Error> {
    let parts = Parts {
        people: random_parts(data.choices.people.len(), &[request.seed, 1]),
        responses: response_parts(data, request.seed),
        new,
    };
    let after = parts.after(data);
    let mut results = Vec::new();
    for part in 0..PARTS {
        results.extend(measure_part(data, request, &parts, part, &after)?);
        if is_interrupted() {
            return Ok(None);
        }
    }
    Ok((!results.is_empty()).then(|| summarise(results, after)))
}

/// The results on the people of one part.
struct PartResult {
    measured: Vec<PersonMeasurements>,
    /// Number of held-out answers.
    answers: usize,
    /// Number of dimensions of the fit.
    dimensions: usize,
}

/// Fits to the other parts, and replays the people of this one. `None` if there is nobody to replay
/// or nothing to fit to, or after Ctrl-C.
fn measure_part(
    data: &TrainingData,
    request: &FitRequest,
    parts: &Parts,
    part: usize,
    after: &[usize],
) -> Result<Option<PartResult>, Error> {
    let (own, others): (Vec<usize>, Vec<usize>) =
        (0..parts.people.len()).partition(|&person| parts.people[person] == part);
    let train = data.sample(&others, |comparison| parts.is_known(comparison, part));
    let can_be_replayed = |&person: &usize| parts.case(data, person, part, &[]).is_some();
    let own: Vec<usize> = order(own.len(), &[request.seed, 2, part as u64])
        .into_iter()
        .map(|place| own[place])
        .filter(can_be_replayed)
        .take(MAX_REPLAYED)
        .collect();
    if own.is_empty() || train.comparisons() == 0 || train.share_of_ties() == 1.0 {
        return Ok(None);
    }
    let purpose = match parts.new {
        New::People => "new people",
        New::PeopleAndResponses => "new people and responses",
    };
    let purpose = format!("{purpose}, part {} of {PARTS}", part + 1);
    let fit_progress = FitProgress::new(&format!("{purpose}: "));
    let fitted = request.fit(data, &train, &fit_progress)?;
    if is_interrupted() {
        return Ok(None);
    }
    let model = fitted.model.answers;
    let train_inputs = inputs(data, &train);
    let pooled = fit_pooled(&train, &train_inputs, &model, &fit_progress.of(POOLED))?;

    let bar = progress(2 * own.len(), &purpose);
    let replay = |scores: &DMatrix<f64>, methods: &[Method]| {
        let scores = rows(scores);
        let case = |place: usize| {
            let nothing = Case {
                pool: Vec::new(),
                held_out: Vec::new(),
                seed: 0,
            };
            // Everybody here has a case.
            parts
                .case(data, own[place], part, &scores)
                .unwrap_or(nothing)
        };
        measure(
            own.len(),
            case,
            methods,
            Plan {
                after,
                likelihood: true,
            },
            &bar,
        )
    };
    let same = replay(&pooled, &[pooled_method(model)])?;
    let personal = replay(&fitted.model.scores, &personal_methods(&fitted, model))?;
    bar.finish_and_clear();
    let cases = own
        .iter()
        .filter_map(|&person| parts.case(data, person, part, &[]));
    Ok(Some(PartResult {
        answers: cases.map(|case| case.held_out.len()).sum(),
        measured: same
            .into_iter()
            .zip(personal)
            .map(|(same, own)| [same, own].concat())
            .collect(),
        dimensions: fitted.model.dimensions(),
    }))
}

fn pooled_method(model: AnswerModel) -> Method {
    Method {
        name: POOLED.to_owned(),
        model,
        learning: Learning::Fixed(DVector::from_element(1, 1.0)),
    }
}

fn personal_methods(fitted: &Fitted, model: AnswerModel) -> [Method; 2] {
    let strategies: [(&str, Strategy); 2] = [(RANDOM, &RandomPair), (CHOSEN, DEFAULT)];
    strategies.map(|(name, strategy)| {
        let learning = Learning::Interview {
            strategy,
            prior: fitted.model.prior.clone(),
        };
        Method {
            name: name.to_owned(),
            model,
            learning,
        }
    })
}

fn summarise(results: Vec<PartResult>, after: Vec<usize>) -> HeldOut {
    let answers = results.iter().map(|result| result.answers).sum();
    let dimensions = results.iter().map(|result| result.dimensions).collect();
    let measured: Vec<PersonMeasurements> = results
        .into_iter()
        .flat_map(|result| result.measured)
        .collect();
    let names = [POOLED, RANDOM, CHOSEN];
    let mut means = PersonMeans::new(measured.len(), names.len(), after.len());
    measured
        .iter()
        .enumerate()
        .for_each(|(person, measured)| means.add(person, measured));
    let gain = |place: usize, of: fn(&Measured) -> f64| {
        let gains = measured
            .iter()
            .map(|methods| of(&methods[2][place]) - of(&methods[0][place]));
        Estimate::of(gains.filter(|gain| !gain.is_nan()))
    };
    let gains: Vec<Gain> = (0..after.len())
        .map(|place| Gain {
            accuracy: gain(place, |measured| measured.accuracy),
            log_likelihood: gain(place, |measured| measured.log_likelihood),
        })
        .collect();
    // `after` is never empty.
    let last = gains[after.len() - 1];
    HeldOut {
        people: measured.len(),
        answers,
        curves: means.curves(names.into_iter()),
        accuracy: last.accuracy,
        log_likelihood: last.log_likelihood,
        gains,
        after,
        dimensions,
    }
}

/// The part of each person and of each response.
struct Parts {
    people: Vec<usize>,
    responses: Vec<usize>,
    new: New,
}

impl Parts {
    /// Whether the fit and the questions may use a comparison if this part of the responses is new.
    fn is_known(&self, comparison: Comparison, part: usize) -> bool {
        self.new == New::People
            || comparison
                .shown
                .iter()
                .all(|&response| self.responses[response as usize] != part)
    }

    /// Whether a comparison is about new responses only.
    fn is_new(&self, comparison: Comparison, part: usize) -> bool {
        comparison
            .shown
            .iter()
            .all(|&response| self.responses[response as usize] == part)
    }

    /// The questions for a person and the answers to predict; `None` if one of them is missing.
    /// `scores` has a row per response; without rows, the case has the same answers without scores.
    fn case(
        &self,
        data: &TrainingData,
        person: usize,
        part: usize,
        scores: &[Vec<f64>],
    ) -> Option<Case> {
        let comparisons = data.choices.people.of(person);
        let usable: Vec<Comparison> = comparisons.filter(tells_something).collect();
        let seeds = [part as u64, person as u64];
        let (held_out, pool): (Vec<Comparison>, Vec<Comparison>) = match self.new {
            New::People => {
                let order = order(usable.len(), &seeds);
                let (held_out, others) = order.split_at(TEST.min(usable.len()));
                let held_out: Vec<Comparison> =
                    held_out.iter().map(|&place| usable[place]).collect();
                let is_related = |comparison: &Comparison| {
                    held_out
                        .iter()
                        .any(|other| share_a_response(comparison, other))
                };
                let others = others.iter().map(|&place| usable[place]);
                let pool = others
                    .filter(|comparison| !is_related(comparison))
                    .collect();
                (held_out, pool)
            }
            New::PeopleAndResponses => (
                usable
                    .iter()
                    .copied()
                    .filter(|of| self.is_new(*of, part))
                    .collect(),
                usable
                    .iter()
                    .copied()
                    .filter(|of| self.is_known(*of, part))
                    .collect(),
            ),
        };
        let with_scores = |comparison: Comparison| {
            let row = |&response: &u32| scores.get(response as usize).cloned().unwrap_or_default();
            AnsweredQuestion {
                scores: comparison.shown.iter().map(row).collect(),
                answer: comparison.answer,
            }
        };
        let pool: Vec<AnsweredQuestion> = pool.into_iter().map(with_scores).collect();
        let held_out: Vec<AnsweredQuestion> = held_out.into_iter().map(with_scores).collect();
        let case = Case {
            held_out,
            ..split(&pool, 0, &seeds)
        };
        (!case.pool.is_empty() && !case.held_out.is_empty()).then_some(case)
    }

    /// The numbers of answers that at least half of the people have who can be replayed.
    fn after(&self, data: &TrainingData) -> Vec<usize> {
        let case = |person: usize| self.case(data, person, self.people[person], &[]);
        let cases = (0..self.people.len()).filter_map(case);
        let mut sizes: Vec<usize> = cases.map(|case| case.pool.len()).collect();
        sizes.sort_unstable();
        let median = sizes.get(sizes.len() / 2).copied().unwrap_or(0);
        AFTER.into_iter().filter(|&after| after <= median).collect()
    }
}

/// Whether the answer to one comparison says something about the other even without base rewards.
fn share_a_response(one: &Comparison, other: &Comparison) -> bool {
    one.shown
        .iter()
        .any(|response| other.shown.contains(response))
}

/// As in a fit: skips, and ties among more than two, tell nothing.
fn tells_something(comparison: &Comparison) -> bool {
    match comparison.answer {
        Answer::Tie | Answer::Neither => comparison.shown.len() == 2,
        Answer::Skip => false,
        _ => true,
    }
}

/// A random part for each of `count` things. Parts have equal sizes.
fn random_parts(count: usize, seeds: &[u64]) -> Vec<usize> {
    let mut parts = vec![0; count];
    for (rank, place) in order(count, seeds).into_iter().enumerate() {
        parts[place] = rank % PARTS;
    }
    parts
}

/// Whether responses are split by prompt.
pub fn by_prompt(data: &TrainingData) -> bool {
    prompt_numbers(data).1 >= MIN_PROMPTS
}

/// The prompt of each response, as a number, and the number of prompts.
fn prompt_numbers(data: &TrainingData) -> (Vec<usize>, usize) {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut of = Vec::with_capacity(data.choices.responses.len());
    for response in &data.choices.responses {
        let next = numbers.len();
        of.push(*numbers.entry(&response.prompt).or_insert(next));
    }
    (of, numbers.len())
}

fn response_parts(data: &TrainingData, seed: u64) -> Vec<usize> {
    let (prompts, count) = prompt_numbers(data);
    if count >= MIN_PROMPTS {
        let parts = random_parts(count, &[seed, 3]);
        prompts.into_iter().map(|prompt| parts[prompt]).collect()
    } else {
        random_parts(prompts.len(), &[seed, 3])
    }
}

fn rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    matrix
        .row_iter()
        .map(|row| row.iter().copied().collect())
        .collect()
}
