//! Does this person answer as the model expects? Contradictions, tastes that no weights describe, choices that mean
//! nothing to them, and one side taken for its own sake.
//!
//! All of it is prequential (Dawid 1984): a filter (`src/filter.rs`) says before each answer how likely each outcome is,
//! and what is looked at is by how much a score of the answer differs from its expectation. For somebody who is as the
//! model expects these differences are a martingale's, however the questions were chosen, so the chance of so large a
//! sum follows from the probabilities alone, nearly (`tail`). A finding is reported where that chance is at most
//! [`FALSE_ALARM`].
//!
//! But for `flat`, only the direction counts: which of the candidates was taken, given that one was. Otherwise somebody
//! who presses at random would pass for one who has strong preferences, because they never say "about the same".
//!
//! | kind | score of an answer |
//! |---|---|
//! | noisy | −log p, p the probability of what was said: less is expected of those who answer with care |
//! | misfit | log q/p, with q from a filter that grants half of the reward to a quadratic function of the scores |
//! | one-sided | 1 for the first shown, −1 for the last |
//! | flat | log q/p, with q the probability where all candidates are worth the same: an e-value |
//!
//! How often, in per cent, after 12 · 30 questions, in six dimensions and 200 pairs (`tests/diagnosis.rs`: 2000 ordinary
//! people and 400 of each other sort; standard errors are 0.2 to 0.3 and up to 2.5):
//!
//! | | found | random questions | adaptive questions |
//! |---|---|---|---|
//! | ordinary people | noisy | 0.9 · 1.3 | 0.2 · 0.4 |
//! | | misfit | 1.0 · 1.7 | 0.9 · 0.9 |
//! | | flat | 0.0 · 0.1 | 0.1 · 0.0 |
//! | | one-sided | 0.8 · 1.1 | 0.9 · 1.3 |
//! | one of the two at random | noisy | 10.8 · 59.0 | 2.8 · 22.5 |
//! | the same, no tie on offer | noisy | 2.5 · 26.0 | 4.0 · 21.2 |
//! | 40% lapses | noisy | 1.5 · 6.5 | 1.0 · 5.8 |
//! | always left | one-sided | 100.0 · 100.0 | 100.0 · 100.0 |
//! | left in half of the answers | one-sided | 26.5 · 69.8 | 23.2 · 69.2 |
//! | always a tie | flat | 100.0 · 100.0 | 100.0 · 100.0 |
//! | an ideal point in each dimension | misfit | 5.8 · 30.5 | 6.5 · 37.8 |
//! | a threshold in each dimension | misfit | 2.5 · 11.0 | 1.2 · 6.8 |
//! | a product of two dimensions | misfit | 11.8 · 45.5 | 5.0 · 40.0 |
//!
//! So that nothing is found says little, above all after a dozen questions: there are then always some weights that
//! explain much of what was pressed at random. Counting unexpected ties as noise would find more of the lapses (some 20%
//! after 30 questions, in a smaller trial), but nobody who presses at random and never says that it is a tie. And what is
//! found need not be the cause: those who press at random are found a misfit in up to 28% after 30 questions,
//! those who like products of two dimensions noisy in up to 32%, and those who press at random hardly ever flat.

use crate::answer::{AnswerModel, Evidence, log_sum_exp};
use crate::filter::Filter;
use crate::linear::{dot, plus};
use crate::order::{Keyed, descending};
use crate::prior::Prior;
use alloc::string::String;
use alloc::vec::Vec;

/// A finding is reported where people who are as the model expects would give cause for it with at most this chance.
pub const FALSE_ALARM: f64 = 0.01;

/// Fewer answers than this say nothing about how somebody answers.
const FEWEST: usize = 5;
/// A misfit is looked for in so many records, the last ones.
const LAST: usize = 100;
/// Up to so many dimensions a misfit is looked for in their products with each other too.
const MOST_MULTIPLIED: usize = 16;
/// The share of the reward's variance that the alternative to a linear reward leaves to the linear part; the rest is
/// the quadratic part's.
const LINEAR: f64 = 0.5;
/// How somebody answers to whom nothing on offer matters, and who says so where they can.
const INDIFFERENT: [f64; 3] = [0.15, 0.15, 0.7];
/// Surprise at what was said scatters more than the filter, a little too sure of itself, has it (measured: by 5%, with a
/// long tail).
const SCATTER: f64 = 1.1;
/// Sums less than so many standard deviations from their expectation are not worth a closer look.
const WORTH_A_LOOK: f64 = 1.5;
/// Where something has no chance at all, its logarithm is that of this.
const LEAST: f64 = 1e-300;
/// No smaller chance than 1 in so many is put into words.
const RAREST: f64 = 10_000.0;

/// Something odd about a person's answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What is odd.
    pub kind: Kind,
    /// The chance that a person who is as the model expects would look at least so odd, of this kind; at most
    /// [`FALSE_ALARM`]. An approximation: for the measured rates see the module.
    pub chance: f64,
    /// The same as a sentence to that person.
    pub words: String,
}

/// What can be odd about a person's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// They contradict each other more than the model's lapses explain.
    Noisy,
    /// No weights explain them: the taste is not a weighted sum of the scores.
    Misfit,
    /// Nothing that the candidates differ in seems to matter.
    Flat,
    /// The place of a candidate, not the candidate, decides.
    OneSided,
}

impl Kind {
    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Noisy => "noisy",
            Kind::Misfit => "misfit",
            Kind::Flat => "flat",
            Kind::OneSided => "one-sided",
        }
    }
}

/// A piece of evidence and the candidates that it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What was observed.
    pub evidence: Evidence,
    /// φ of each candidate shown, d numbers each, in the order in which they were shown. Empty for a statement.
    pub scores: Vec<Vec<f64>>,
}

/// What is odd about a person's answers, the oddest first. Nothing is, of fewer than five. A record that does not fit
/// the prior counts for nothing.
pub fn diagnose(prior: &Prior, model: AnswerModel, records: &[Seen]) -> Vec<Finding> {
    let records: Vec<&Seen> = records.iter().filter(|seen| fits(prior.dimensions(), seen)).collect();
    let (earlier, last) = records.split_at(records.len().saturating_sub(LAST));
    let mut filter = Filter::new(prior);
    let mut expected: Vec<Vec<f64>> = earlier.iter().map(|seen| filter.observe(&model, &seen.evidence)).collect();
    let curved = Curved::new(prior, &filter, last);
    expected.extend(last.iter().map(|seen| filter.observe(&model, &seen.evidence)));

    let answers: Vec<Answered> = records.iter().zip(&expected).filter_map(|(seen, p)| Answered::new(seen, p)).collect();
    if answers.len() < FEWEST {
        return Vec::new();
    }
    let choices: Vec<Choice> = answers.iter().filter_map(Answered::choice).collect();
    let noisy = tail(choices.iter().map(|choice| choice.step(&|k| -log(choice.chances[k]))).collect(), SCATTER);
    let (to_first, to_last) = (one_sided(&choices, 1.0), one_sided(&choices, -1.0));
    let flat = flat(&model, &answers);
    let misfit = curved.misfit(&model, last, &expected[earlier.len()..]);

    let noise = if noisy <= FALSE_ALARM && flat <= FALSE_ALARM {
        "Your answers look as if they were given at random, or as if nothing here mattered to you; they cannot tell \
         which"
    } else {
        "Your answers contradict each other more than people's usually do"
    };
    let side = if to_first < to_last {
        "You took the one on the left, shown first, more often than what you like explains"
    } else {
        "You took the one on the right, shown last, more often than what you like explains"
    };
    let found = [
        (Kind::Noisy, noisy, noise),
        (
            Kind::Misfit,
            misfit,
            "Your taste does not seem to be a matter of more or less of something; perhaps you like a middle, or one \
             thing only together with another",
        ),
        (Kind::Flat, flat, "Nothing that these candidates differ in seems to matter much to you"),
        (Kind::OneSided, (2.0 * to_first.min(to_last)).min(1.0), side),
    ];
    // Descending in −chance.
    let order = descending(found.iter().map(|(_, chance, _)| -chance)).into_iter();
    let found = order.map(|Keyed { index, .. }| found[index]).filter(|(_, chance, _)| *chance <= FALSE_ALARM);
    found.map(|(kind, chance, words)| Finding { kind, chance, words: sentence(words, chance) }).collect()
}

/// Whether a prior of `d` dimensions can make sense of it.
fn fits(d: usize, seen: &Seen) -> bool {
    let all_fit = |scores: &[Vec<f64>]| scores.iter().all(|scores| scores.len() == d);
    let evidence_fits = match &seen.evidence {
        Evidence::Pair { difference, tie, outcome } => difference.len() == d && *outcome < 2 + usize::from(*tie),
        Evidence::Choice { scores, chose } => *chose < scores.len() && all_fit(scores),
        Evidence::Statement { dimension, .. } => *dimension < d,
    };
    evidence_fits && all_fit(&seen.scores)
}

fn log(x: f64) -> f64 {
    libm::log(x.max(LEAST))
}

/// "…: fewer than 1 in 200 people who answer with care would look like this.", with one digit that counts.
fn sentence(words: &str, chance: f64) -> String {
    let mut count = libm::floor((1.0 / chance).min(RAREST)) as u64;
    let mut unit = 1;
    while count >= 10 {
        count /= 10;
        unit *= 10;
    }
    text![words, ": fewer than 1 in ", count * unit, " people who answer with care would look like this."]
}

/// What was said to a question, and what was expected.
struct Answered<'a> {
    /// The probability of each outcome, as the filter had it.
    expected: &'a [f64],
    outcome: usize,
    /// So many of the outcomes are a candidate; the others, a tie.
    shown: usize,
}

impl<'a> Answered<'a> {
    /// `None` for what is no answer, and for an outcome that was not to be expected at all.
    fn new(seen: &Seen, expected: &'a [f64]) -> Option<Self> {
        let (outcome, shown) = match &seen.evidence {
            Evidence::Pair { outcome, .. } => (*outcome, 2),
            Evidence::Choice { scores, chose } => (*chose, scores.len()),
            Evidence::Statement { .. } => return None,
        };
        (outcome < expected.len()).then_some(Answered { expected, outcome, shown })
    }

    /// Which candidate was taken, given that one was.
    fn choice(&self) -> Option<Choice> {
        (self.outcome < self.shown).then(|| Choice { chances: self.given_a_choice(self.expected), chose: self.outcome })
    }

    fn given_a_choice(&self, probabilities: &[f64]) -> Vec<f64> {
        let chosen = &probabilities[..self.shown];
        let sum: f64 = chosen.iter().sum();
        chosen.iter().map(|p| p / sum).collect()
    }
}

/// A choice, and the chance that each of the candidates had.
struct Choice {
    chances: Vec<f64>,
    chose: usize,
}

impl Choice {
    /// The score that each candidate would have had, less the expected score.
    fn step(&self, score: &dyn Fn(usize) -> f64) -> Step<'_> {
        let scores: Vec<f64> = (0..self.chances.len()).map(score).collect();
        let expected = dot(&self.chances, &scores);
        Step { choice: self, scores: scores.iter().map(|score| score - expected).collect() }
    }
}

/// One step of a martingale: a score with an expectation of 0.
struct Step<'a> {
    choice: &'a Choice,
    scores: Vec<f64>,
}

impl Step<'_> {
    /// log E e^{θ·score}, and its first and second derivative by θ.
    fn cumulants(&self, theta: f64) -> [f64; 3] {
        let logs = self.choice.chances.iter().zip(&self.scores).map(|(p, score)| log(*p) + theta * score);
        let total = log_sum_exp(logs.clone());
        let tilted: Vec<f64> = logs.map(|log| libm::exp(log - total)).collect();
        let mean = dot(&tilted, &self.scores);
        let square: f64 = tilted.iter().zip(&self.scores).map(|(p, score)| p * (score - mean) * (score - mean)).sum();
        [total, mean, square]
    }
}

/// The chance of a sum of scores at least as large as the one observed, if sums scatter `scatter` times as much as the
/// steps say: by a saddlepoint approximation (Barndorff-Nielsen
/// 1986: Φ(−w − log(v/w)/w)), or Chernoff's bound where that is smaller, as it is next to the
/// largest sum there can be. 1 for sums that are not large.
///
/// A dozen steps of two outcomes each are too skewed for a normal tail: it would alarm falsely up to three times as
/// often as it says.
fn tail(steps: Vec<Step>, scatter: f64) -> f64 {
    let cumulants = |theta: f64| {
        steps.iter().map(|step| step.cumulants(theta)).fold([0.0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
    };
    let observed = steps.iter().map(|step| step.scores[step.choice.chose]).sum::<f64>() / scatter;
    let deviation = libm::sqrt(cumulants(0.0)[2]);
    if !(observed > WORTH_A_LOOK * deviation) {
        return 1.0;
    }
    // θ at which the observed sum is the expected one.
    let (mut low, mut high) = (0.0, 1.0 / deviation);
    for _ in 0..20 {
        if cumulants(high)[1] < observed {
            low = high;
            high *= 2.0;
        }
    }
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        *(if cumulants(middle)[1] < observed { &mut low } else { &mut high }) = middle;
    }
    let [log_mean, _, variance] = cumulants(low);
    let exponent = low * observed - log_mean;
    let (w, v) = (libm::sqrt(2.0 * exponent), low * libm::sqrt(variance));
    let corrected = w + libm::log(v / w) / w;
    // Next to the largest sum v is next to 0, and the correction means nothing.
    let bound = libm::exp(-exponent);
    if corrected > 1.0 { normal_tail(corrected).min(bound) } else { bound }
}

/// Φ(−x) for x ≥ 1, by Laplace's continued fraction, to seven digits.
fn normal_tail(x: f64) -> f64 {
    let fraction = (1..=40).rev().fold(x, |rest, k| x + f64::from(k) / rest);
    libm::exp(-0.5 * x * x) / (libm::sqrt(2.0 * core::f64::consts::PI) * fraction)
}

/// The chance that the first is taken so much more often than the last, or with `sign` −1 the last than the first.
fn one_sided(choices: &[Choice], sign: f64) -> f64 {
    let side = |choice: &Choice, k: usize| match k {
        0 => sign,
        _ if k + 1 == choice.chances.len() => -sign,
        _ => 0.0,
    };
    tail(choices.iter().map(|choice| choice.step(&|k| side(choice, k))).collect(), 1.0)
}

/// The inverse of an e-value, which bounds the chance of it however often one looks (Ville 1939): the average of how
/// much better the answers are explained by somebody whose every reward is the same, answering as the model has it, and
/// by somebody who says that it is all the same to them.
fn flat(model: &AnswerModel, answers: &[Answered]) -> f64 {
    let (mut same, mut says_so) = (0.0, 0.0);
    for answer in answers {
        let count = answer.expected.len();
        let expected = log(answer.expected[answer.outcome]);
        let by_chance = log(1.0 / count as f64);
        let tie = count > answer.shown;
        same += if tie { log(model.pair_probabilities(0.0, true)[answer.outcome]) } else { by_chance } - expected;
        says_so += if tie { log(INDIFFERENT[answer.outcome]) } else { by_chance } - expected;
    }
    libm::exp(core::f64::consts::LN_2 - log_sum_exp([same, says_so].into_iter())).min(1.0)
}

/// The alternative to a linear reward: scores φ_j, centred and scaled to 1, squared and multiplied with each other, with
/// weights of their own besides the linear ones. Their variances are such that φ_j² and φ_j φ_k have much the same say
/// for each j: 3 and 2, that is a Gaussian process with the kernel (φᵀφ′)² + 2·Σ φ_j²φ′_j².
struct Curved {
    filter: Filter,
    centre: Vec<f64>,
    deviations: Vec<f64>,
}

impl Curved {
    /// `filter` is what is known of the weights before these records.
    fn new(prior: &Prior, filter: &Filter, records: &[&Seen]) -> Self {
        let d = prior.dimensions();
        let shown = || records.iter().flat_map(|seen| &seen.scores);
        let share = 1.0 / shown().count().max(1) as f64;
        let centre = shown().fold(vec![0.0; d], |sum, scores| plus(&sum, share, scores));
        let squares = shown().fold(vec![0.0; d], |sum, scores| {
            let square = |(sum, (x, centre)): (&f64, (&f64, &f64))| sum + (x - centre) * (x - centre);
            sum.iter().zip(scores.iter().zip(&centre)).map(square).collect()
        });
        let deviation = |square: &f64| if *square > 0.0 { libm::sqrt(share * square) } else { 1.0 };
        let deviations = squares.iter().map(deviation).collect();
        let mut curved = Curved { filter: filter.clone(), centre, deviations };

        let variances: Vec<f64> = products(d).map(|(j, k)| if j == k { 3.0 } else { 2.0 }).collect();
        let before = Filter::new(prior);
        let (mut of_linear, mut of_curved) = (0.0, 0.0);
        for seen in records {
            if let Some((last, others)) = seen.scores.split_last() {
                for scores in others {
                    of_linear += before.variance(&plus(scores, -1.0, last));
                    let difference = plus(&curved.products(scores), -1.0, &curved.products(last));
                    of_curved += difference.iter().zip(&variances).map(|(z, variance)| variance * z * z).sum::<f64>();
                }
            }
        }
        let factor = if of_curved > 0.0 { (1.0 - LINEAR) * of_linear / of_curved } else { 0.0 };
        curved.filter = filter.widen(LINEAR, &variances.iter().map(|variance| factor * variance).collect::<Vec<_>>());
        curved
    }

    /// The chance that this explains so much better than the weights alone what was said in these records, of which the
    /// weights alone `expected` this.
    fn misfit(mut self, model: &AnswerModel, records: &[&Seen], expected: &[Vec<f64>]) -> f64 {
        let mut choices: Vec<(Choice, Vec<f64>)> = Vec::new();
        for (seen, expected) in records.iter().zip(expected) {
            let curved = self.filter.observe(model, &self.evidence(seen));
            let answer = Answered::new(seen, expected);
            choices.extend(answer.and_then(|answer| Some((answer.choice()?, answer.given_a_choice(&curved)))));
        }
        tail(
            choices.iter().map(|(choice, curved)| choice.step(&|k| log(curved[k]) - log(choice.chances[k]))).collect(),
            1.0,
        )
    }

    /// The evidence in terms of scores and their products.
    fn evidence(&self, seen: &Seen) -> Evidence {
        let widened = |scores: &Vec<f64>, products: Vec<f64>| [&scores[..], &products].concat();
        match &seen.evidence {
            Evidence::Pair { difference, tie, outcome } => {
                let products = match &seen.scores[..] {
                    [first, second] => plus(&self.products(first), -1.0, &self.products(second)),
                    _ => vec![0.0; products(difference.len()).count()],
                };
                Evidence::Pair { difference: widened(difference, products), tie: *tie, outcome: *outcome }
            }
            Evidence::Choice { scores, chose } => {
                let scores = scores.iter().map(|scores| widened(scores, self.products(scores))).collect();
                Evidence::Choice { scores, chose: *chose }
            }
            statement @ Evidence::Statement { .. } => statement.clone(),
        }
    }

    /// The products of a candidate's centred and scaled scores.
    fn products(&self, scores: &[f64]) -> Vec<f64> {
        let scaled = |j: usize| (scores[j] - self.centre[j]) / self.deviations[j];
        products(scores.len()).map(|(j, k)| scaled(j) * scaled(k)).collect()
    }
}

/// The dimensions that are multiplied with each other: each with itself and with those before it. With many dimensions
/// there would be too many to be quick with; then each with itself only.
fn products(d: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..d).flat_map(move |j| (if d > MOST_MULTIPLIED { j } else { 0 }..=j).map(move |k| (j, k)))
}
