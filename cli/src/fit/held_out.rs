//! Is it worth personalising? Measured on people that nothing was fitted to, and on responses that nothing was fitted to.
//!
//! People are parted into three; two parts are fitted to, the third is replayed, each in turn, so that everybody is
//! foretold once. On *known responses* four answers of each of them are held out, and those of the others can be asked
//! about that show nothing of what the four show. On *new responses* these are parted into three as well, by prompt where there are enough prompts; fitted is only to
//! comparisons without the third part, by people of two parts. Of people of the third part, answers about new responses
//! only are held out, and answers about known responses only can be asked about. Even the number of dimensions, where
//! that is to be found, is found anew each time.

use super::fitted::{Fitted, Wanted};
use super::gather::Gathered;
use super::pooled::fit_pooled;
use super::watch::{Watch, is_interrupted};
use crate::choices::Comparison;
use crate::progress::progress;
use crate::replay::{Case, Choice, Curve, Means, Measured, Plan, Tally, Way, measure, order, split};
use crate::report::Estimate;
use argmin::core::Error;
use leaning::{Answer, AnswerModel, Strategy};
use nalgebra::DMatrix;
use std::collections::HashMap;

const FOLDS: usize = 3;
/// Answers of each person that are held out on known responses.
const TEST: usize = 4;
/// Numbers of answers after which to measure, as far as people have them.
const AFTER: [usize; 6] = [0, 3, 5, 8, 12, 20];
/// Of more people than this in a fold a part is replayed: fitted is to all.
const MOST_REPLAYED: usize = 1000;
/// With fewer prompts, responses are parted one by one.
const LEAST_PROMPTS: usize = 4 * FOLDS;

pub const POOLED: &str = "one weight for all";
pub const RANDOM: &str = "random questions";
pub const CHOSEN: &str = "chosen questions";

/// What was found.
#[derive(Debug)]
pub struct HeldOut {
    pub people: usize,
    /// Held-out answers of all of them.
    pub answers: usize,
    pub after: Vec<usize>,
    /// [`POOLED`], [`RANDOM`] and [`CHOSEN`].
    pub curves: Vec<Curve>,
    /// By how much the last is better than the first after the most answers: share of choices, and nats an answer.
    pub accuracy: Estimate,
    pub log_likelihood: Estimate,
    /// Number of dimensions in each fold.
    pub dimensions: Vec<usize>,
}

/// What is new to a fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum New {
    People,
    PeopleAndResponses,
}

/// Measures, or finds nobody who could be measured. Ends early, with nothing, on Ctrl-C.
pub fn measure_held_out(gathered: &Gathered, wanted: &Wanted, new: New) -> Result<Option<HeldOut>, Error> {
    let everybody = gathered.choices.people.len();
    let parts = Parts { people: thirds(everybody, &[wanted.seed, 1]), responses: parted(gathered, wanted.seed), new };
    let after = parts.after(gathered);
    let mut measured: Vec<Vec<Vec<Measured>>> = Vec::new();
    let mut answers = 0;
    let mut dimensions = Vec::new();
    for fold in 0..FOLDS {
        let (own, others): (Vec<usize>, Vec<usize>) = (0..everybody).partition(|&person| parts.people[person] == fold);
        let train = gathered.sample(&others, |one| parts.is_known(one, fold));
        let drawn = order(own.len(), &[wanted.seed, 2, fold as u64]);
        let own: Vec<usize> = drawn.into_iter().map(|place| own[place]).collect();
        let able = own.into_iter().filter(|&person| parts.case(gathered, person, fold, &[]).is_some());
        let own: Vec<usize> = able.take(MOST_REPLAYED).collect();
        if own.is_empty() || train.comparisons() == 0 || train.share_of_ties() == 1.0 {
            continue;
        }
        let what = if new == New::People { "new people" } else { "new people and responses" };
        let watch = Watch::new(&format!("{what}, part {} of {FOLDS}: ", fold + 1));
        let fitted = wanted.fit(gathered, &train, &watch)?;
        if is_interrupted() {
            return Ok(None);
        }
        dimensions.push(fitted.model.dimensions());
        let model = fitted.model.answers;
        let inputs = wanted.inputs(gathered, &train);
        let pooled = rows(&fit_pooled(&train, &inputs, &model, &watch.of("one weight for all"))?);
        let scores = rows(&fitted.model.scores);
        let plan = Plan { after: &after, likelihood: true };
        let bar = progress(2 * own.len(), &format!("{what}, part {}", fold + 1));
        let case = |scores: &[Vec<f64>], place: usize| {
            // Everybody here has one.
            parts.case(gathered, own[place], fold, scores).unwrap_or(Case { pool: vec![], held_out: vec![], seed: 0 })
        };
        let same = measure(own.len(), |place| case(&pooled, place), &[pooled_way(model)], plan, &bar)?;
        let personal = measure(own.len(), |place| case(&scores, place), &personal_ways(&fitted, model), plan, &bar)?;
        bar.finish_and_clear();
        answers += (0..own.len()).map(|place| case(&pooled, place).held_out.len()).sum::<usize>();
        measured.extend(same.into_iter().zip(personal).map(|(same, personal)| [same, personal].concat()));
    }
    Ok((!measured.is_empty()).then(|| summary(&measured, answers, after, dimensions)))
}

fn pooled_way(model: AnswerModel) -> Way {
    Way { name: POOLED.to_owned(), model, means: Means::Weights(vec![1.0]) }
}

fn personal_ways(fitted: &Fitted, model: AnswerModel) -> [Way; 2] {
    [(RANDOM, Strategy::Random), (CHOSEN, Strategy::default())].map(|(name, strategy)| {
        let means = Means::Asking { strategy, prior: fitted.model.prior.clone() };
        Way { name: name.to_owned(), model, means }
    })
}

fn summary(measured: &[Vec<Vec<Measured>>], answers: usize, after: Vec<usize>, dimensions: Vec<usize>) -> HeldOut {
    let names = [POOLED, RANDOM, CHOSEN];
    let mut tally = Tally::new(measured.len(), names.len(), after.len());
    measured.iter().enumerate().for_each(|(person, measured)| tally.add(person, measured));
    let gain = |of: fn(&Measured) -> f64| {
        let last = |ways: &Vec<Measured>| ways.last().map_or(f64::NAN, of);
        let gains = measured.iter().map(|person| last(&person[2]) - last(&person[0]));
        Estimate::of(gains.filter(|gain| !gain.is_nan()))
    };
    HeldOut {
        people: measured.len(),
        answers,
        curves: tally.curves(names.into_iter()),
        accuracy: gain(|measured| measured.accuracy),
        log_likelihood: gain(|measured| measured.log_likelihood),
        after,
        dimensions,
    }
}

/// Which third each person and each response is in.
struct Parts {
    people: Vec<usize>,
    responses: Vec<usize>,
    new: New,
}

impl Parts {
    /// Whether a comparison may be fitted to, or asked about, when this third of the responses is new.
    fn is_known(&self, comparison: &Comparison, fold: usize) -> bool {
        self.new == New::People || comparison.shown.iter().all(|&response| self.responses[response] != fold)
    }

    fn is_new(&self, comparison: &Comparison, fold: usize) -> bool {
        comparison.shown.iter().all(|&response| self.responses[response] == fold)
    }

    /// What can be asked of a person, and what is to be foretold; nothing where nothing is. The same whatever the scores
    /// are, of each response or of none.
    fn case(&self, gathered: &Gathered, person: usize, fold: usize, scores: &[Vec<f64>]) -> Option<Case> {
        let said: Vec<&Comparison> =
            gathered.choices.people[person].comparisons.iter().filter(|one| says_something(one)).collect();
        let seeds = [fold as u64, person as u64];
        let (held_out, pool): (Vec<&Comparison>, Vec<&Comparison>) = match self.new {
            New::People => {
                let order = order(said.len(), &seeds);
                let (held_out, others) = order.split_at(TEST.min(said.len()));
                let held_out: Vec<&Comparison> = held_out.iter().map(|&place| said[place]).collect();
                let told = |one: &&Comparison| held_out.iter().any(|other| share_a_response(one, other));
                let pool = others.iter().map(|&place| said[place]).filter(|one| !told(one)).collect();
                (held_out, pool)
            }
            New::PeopleAndResponses => (
                said.iter().copied().filter(|one| self.is_new(one, fold)).collect(),
                said.iter().copied().filter(|one| self.is_known(one, fold)).collect(),
            ),
        };
        let choice = |comparison: &Comparison| {
            let row = |&response: &usize| scores.get(response).cloned().unwrap_or_default();
            Choice { scores: comparison.shown.iter().map(row).collect(), answer: comparison.answer }
        };
        let pool: Vec<Choice> = pool.into_iter().map(choice).collect();
        let case = Case { held_out: held_out.into_iter().map(choice).collect(), ..split(&pool, 0, &seeds) };
        (!case.pool.is_empty() && !case.held_out.is_empty()).then_some(case)
    }

    /// The numbers of answers that at least half of those who can be measured have.
    fn after(&self, gathered: &Gathered) -> Vec<usize> {
        let case = |person: usize| self.case(gathered, person, self.people[person], &[]);
        let mut sizes: Vec<usize> = (0..self.people.len()).filter_map(case).map(|case| case.pool.len()).collect();
        sizes.sort_unstable();
        let median = sizes.get(sizes.len() / 2).copied().unwrap_or(0);
        AFTER.into_iter().filter(|&after| after <= median).collect()
    }
}

/// Whether what was said of one tells something of the other even without any base reward.
fn share_a_response(one: &Comparison, other: &Comparison) -> bool {
    one.shown.iter().any(|response| other.shown.contains(response))
}

/// As in a fit: skips, and ties among more than two, say nothing.
fn says_something(comparison: &Comparison) -> bool {
    match comparison.answer {
        Answer::Chose(_) => true,
        Answer::Tie | Answer::Neither => comparison.shown.len() == 2,
        _ => false,
    }
}

/// A third for each of so many, of equal sizes, drawn.
fn thirds(count: usize, seeds: &[u64]) -> Vec<usize> {
    let mut thirds = vec![0; count];
    order(count, seeds).into_iter().enumerate().for_each(|(rank, place)| thirds[place] = rank % FOLDS);
    thirds
}

/// Whether responses are parted by prompt.
pub fn by_prompt(gathered: &Gathered) -> bool {
    prompts(gathered).1 >= LEAST_PROMPTS
}

/// The prompt of each response, as a number, and how many there are.
fn prompts(gathered: &Gathered) -> (Vec<usize>, usize) {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let responses = gathered.choices.responses.iter();
    let of = responses
        .map(|response| {
            let next = numbers.len();
            *numbers.entry(&response.prompt).or_insert(next)
        })
        .collect();
    (of, numbers.len())
}

fn parted(gathered: &Gathered, seed: u64) -> Vec<usize> {
    let (prompts, count) = prompts(gathered);
    if count >= LEAST_PROMPTS {
        let thirds = thirds(count, &[seed, 3]);
        prompts.into_iter().map(|prompt| thirds[prompt]).collect()
    } else {
        thirds(prompts.len(), &[seed, 3])
    }
}

fn rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    matrix.row_iter().map(|row| row.iter().copied().collect()).collect()
}
