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
use crate::belief::shares;
use crate::filter::Filter;
use crate::linear::{dot, norm_squared, plus};
use crate::list::List;
use crate::math;
use crate::posterior::moments;
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
const SQRT_3: f64 = 1.732_050_807_568_877_2;

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
    let records: Vec<&Seen> = records.iter().filter(|seen| fits(prior.dimensions(), seen)).list();
    let answers = answered(prior, &model, &records);
    let mut findings: Vec<Finding> = Vec::new();
    if answers.len() < FEWEST {
        return findings;
    }
    let choices: Vec<Choice> = answers.iter().filter_map(Answered::choice).list();
    let noisy = tail(&choices, SCATTER, &|choice, k| -log(choice.chances[k]));
    let misfit = tail(&choices, 1.0, &|choice, k| log(choice.curved[k]) - log(choice.chances[k]));
    let [to_first, to_last] = [1.0, -1.0].map(|sign| tail(&choices, 1.0, &|choice, k| sign * choice.side(k)));
    let flat = flat(&model, &answers);

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
    for (kind, chance, words) in found {
        if chance <= FALSE_ALARM {
            let place = findings.partition_point(|other| other.chance <= chance);
            findings.insert(place, Finding { kind, chance, words: sentence(words, chance) });
        }
    }
    findings
}

/// Whether a prior of `d` dimensions can make sense of it.
fn fits(d: usize, seen: &Seen) -> bool {
    let scores = &seen.scores;
    let evidence_fits = match &seen.evidence {
        Evidence::Pair { difference, tie, outcome } => {
            difference.len() == d && *outcome < 2 + usize::from(*tie) && scores.len() == 2
        }
        Evidence::Choice { scores: same, chose } => *chose < scores.len() && same == scores,
        Evidence::Statement { dimension, .. } => *dimension < d,
    };
    evidence_fits && scores.iter().all(|scores| scores.len() == d)
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
struct Answered {
    /// The probability of each outcome, as the filter had it.
    expected: Vec<f64>,
    /// The same, as the alternative to a linear reward had it.
    curved: Vec<f64>,
    outcome: usize,
    /// So many of the outcomes are a candidate; the others, a tie.
    shown: usize,
}

/// The answers among records that fit the prior, but for outcomes that were not to be expected at all.
fn answered(prior: &Prior, model: &AnswerModel, records: &[&Seen]) -> Vec<Answered> {
    let mut answers = Vec::new();
    let mut filter = Filter::new(prior);
    let mut alternative = None;
    for (place, seen) in records.iter().enumerate() {
        if place == records.len().saturating_sub(LAST) {
            alternative = Some(Curved::new(prior, &filter, &records[place..]));
        }
        let expected = filter.observe(model, &seen.evidence);
        // Before the last records the alternative is the same.
        let curved = alternative.as_mut().map_or_else(|| expected.clone(), |curved| curved.observe(model, seen));
        let outcome = match &seen.evidence {
            Evidence::Pair { outcome, .. } => *outcome,
            Evidence::Choice { chose, .. } => *chose,
            Evidence::Statement { .. } => continue,
        };
        if outcome < expected.len() {
            answers.push(Answered { expected, curved, outcome, shown: seen.scores.len() });
        }
    }
    answers
}

impl Answered {
    /// Which candidate was taken, given that one was.
    fn choice(&self) -> Option<Choice> {
        let given_a_choice = |probabilities: &[f64]| -> Vec<f64> {
            let chosen = &probabilities[..self.shown];
            let sum: f64 = chosen.iter().sum();
            chosen.iter().map(|p| p / sum).list()
        };
        (self.outcome < self.shown).then(|| Choice {
            chances: given_a_choice(&self.expected),
            curved: given_a_choice(&self.curved),
            chose: self.outcome,
        })
    }
}

/// A choice, and the chance that each of the candidates had.
struct Choice {
    chances: Vec<f64>,
    /// The same, as the alternative to a linear reward had it.
    curved: Vec<f64>,
    chose: usize,
}

impl Choice {
    /// 1 for the first candidate, −1 for the last, 0 for those between.
    fn side(&self, k: usize) -> f64 {
        f64::from(u8::from(k == 0)) - f64::from(u8::from(k + 1 == self.chances.len()))
    }
}

/// One step of a martingale: the logarithm of each outcome's chance, and its score, less the expected score.
struct Step {
    logs: Vec<f64>,
    scores: Vec<f64>,
}

/// log E e^{θ·score} of a sum of scores, and its first and second derivative by θ.
fn cumulants(steps: &[Step], theta: f64) -> [f64; 3] {
    let [mut log, mut mean, mut variance] = [0.0; 3];
    for Step { logs, scores } in steps {
        let tilted = plus(logs, theta, scores);
        let chances = shares(&tilted);
        let expected = dot(&chances, scores);
        log += log_sum_exp(&tilted);
        mean += expected;
        for (p, score) in chances.iter().zip(scores) {
            variance += p * (score - expected) * (score - expected);
        }
    }
    [log, mean, variance]
}

/// The chance of a sum of the choices' scores at least as large as the one observed, if sums scatter `scatter` times as
/// much as their chances say: by a saddlepoint approximation (Barndorff-Nielsen 1986: Φ(−w − log(v/w)/w)), or Chernoff's
/// bound where that is smaller, as it is next to the largest sum there can be. 1 for sums that are not large.
///
/// A dozen steps of two outcomes each are too skewed for a normal tail: it would alarm falsely up to three times as
/// often as it says.
fn tail(choices: &[Choice], scatter: f64, score: &dyn Fn(&Choice, usize) -> f64) -> f64 {
    let mut steps = Vec::new();
    let mut observed = 0.0;
    for choice in choices {
        let (mut logs, mut scores) = (Vec::new(), Vec::new());
        for (k, p) in choice.chances.iter().enumerate() {
            logs.push(log(*p));
            scores.push(score(choice, k));
        }
        let expected = dot(&choice.chances, &scores);
        scores.iter_mut().for_each(|score| *score -= expected);
        observed += scores[choice.chose] / scatter;
        steps.push(Step { logs, scores });
    }
    let deviation = math::sqrt(cumulants(&steps, 0.0)[2]);
    if !(observed > WORTH_A_LOOK * deviation) {
        return 1.0;
    }
    // θ at which the observed sum is the expected one.
    let (mut low, mut high) = (0.0, 1.0 / deviation);
    for _ in 0..20 {
        if cumulants(&steps, high)[1] < observed {
            low = high;
            high *= 2.0;
        }
    }
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        *(if cumulants(&steps, middle)[1] < observed { &mut low } else { &mut high }) = middle;
    }
    let [log_mean, _, variance] = cumulants(&steps, low);
    let exponent = low * observed - log_mean;
    let (w, v) = (math::sqrt(2.0 * exponent), low * math::sqrt(variance));
    let corrected = w + libm::log(v / w) / w;
    // Next to the largest sum v is next to 0, and the correction means nothing.
    let bound = libm::exp(-exponent);
    if corrected > 1.0 { normal_tail(corrected).min(bound) } else { bound }
}

/// Φ(−x) for x ≥ 1, by Laplace's continued fraction, to seven digits.
fn normal_tail(x: f64) -> f64 {
    let fraction = (1..=40).rev().fold(x, |rest, k| x + f64::from(k) / rest);
    libm::exp(-0.5 * x * x) / (math::sqrt(2.0 * core::f64::consts::PI) * fraction)
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
    libm::exp(core::f64::consts::LN_2 - log_sum_exp(&[same, says_so])).min(1.0)
}

/// The alternative to a linear reward: scores φ_j, centred and scaled to 1, squared and multiplied with each other, with
/// weights of their own besides the linear ones. φ_j² and φ_j φ_k have much the same say for each j with variances of 3
/// and 2, that is a Gaussian process with the kernel (φᵀφ′)² + 2·Σ φ_j²φ′_j².
struct Curved {
    filter: Filter,
    /// Mean and standard deviation of each score.
    moments: Vec<(f64, f64)>,
}

impl Curved {
    /// `filter` is what is known of the weights before these records.
    fn new(prior: &Prior, filter: &Filter, records: &[&Seen]) -> Self {
        let mut shown = Vec::new();
        for seen in records {
            shown.extend(&seen.scores);
        }
        let mut curved = Curved { filter: filter.clone(), moments: Vec::new() };
        for j in 0..prior.dimensions() {
            let (mean, deviation) = moments(shown.iter().map(|scores| scores[j]));
            curved.moments.push((mean, if deviation > 0.0 { deviation } else { 1.0 }));
        }

        let before = Filter::new(prior);
        let (mut of_linear, mut of_curved, mut further) = (0.0, 0.0, 0);
        for seen in records {
            if let Some((last, others)) = seen.scores.split_last() {
                let products = curved.products(last);
                further = products.len();
                for scores in others {
                    of_linear += before.variance(&plus(scores, -1.0, last));
                    of_curved += norm_squared(&plus(&curved.products(scores), -1.0, &products));
                }
            }
        }
        let variance = if of_curved > 0.0 { (1.0 - LINEAR) * of_linear / of_curved } else { 0.0 };
        curved.filter = filter.widen(LINEAR, further, variance);
        curved
    }

    /// As [`Filter::observe`].
    fn observe(&mut self, model: &AnswerModel, seen: &Seen) -> Vec<f64> {
        let widened = |scores: &Vec<f64>| [&scores[..], &self.products(scores)].concat();
        let scores: Vec<Vec<f64>> = seen.scores.iter().map(widened).list();
        let evidence = match &seen.evidence {
            Evidence::Pair { tie, outcome, .. } => {
                Evidence::Pair { difference: plus(&scores[0], -1.0, &scores[1]), tie: *tie, outcome: *outcome }
            }
            Evidence::Choice { chose, .. } => Evidence::Choice { scores, chose: *chose },
            statement @ Evidence::Statement { .. } => statement.clone(),
        };
        self.filter.observe(model, &evidence)
    }

    /// The products of a candidate's centred and scaled scores, so scaled that their weights have the same variance.
    ///
    /// Each dimension is multiplied with itself and with those before it. With many dimensions there would be too many
    /// to be quick with; then each with itself only.
    fn products(&self, scores: &[f64]) -> Vec<f64> {
        let scaled = |j: usize| (scores[j] - self.moments[j].0) / self.moments[j].1;
        let mut products = Vec::new();
        for j in 0..scores.len() {
            if scores.len() <= MOST_MULTIPLIED {
                for k in 0..j {
                    products.push(core::f64::consts::SQRT_2 * scaled(j) * scaled(k));
                }
            }
            products.push(SQRT_3 * scaled(j) * scaled(j));
        }
        products
    }
}
