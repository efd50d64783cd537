//! How much the questions of a deck can tell: the contrast between the candidates of a prompt.
//!
//! An answer about two candidates tells the more, the more people differ about them: the wider the
//! distribution of the reward difference λᵀz over people, N(mᵀz, zᵀSz) under the prior N(m, S). For
//! λᵀz ~ N(0, s²) and a plain choice it is 0.13 bits at s = 1, 0.33 at s = 2 and 0.58 at s = 4.

use leaning::inference::LaplaceApproximation;
use leaning::question::acquisition::d_optimal::d_optimal;
use leaning::question::acquisition::information_gain::information_gain;
use leaning::question::{Pair, pairs};
use leaning::{Answer, AnswerKind, Deck, Error, Interview, Options};
use nalgebra::DVector;
use std::collections::HashSet;

/// Number of questions that are averaged: about as many as a quiz has.
pub const QUESTIONS: usize = 10;
/// Most questions that are asked to find as many of different prompts.
const ASKED: usize = 3 * QUESTIONS;
/// The pairs that the cheap D-optimal score puts first get the exact information.
const SHORTLIST: usize = 20_000;

/// How much the questions of a deck can tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// The questions that tell most before any answer, of different prompts, best first: at most
    /// [`QUESTIONS`]. They ask what the deck asks for.
    pub best: Vec<Informative>,
    /// The standard deviation over people of the reward difference: the median over all pairs.
    pub typical_spread: f64,
    /// The largest.
    pub largest_spread: f64,
    /// For each dimension, the share of its variance over candidates that lies within prompts.
    /// Questions compare candidates of one prompt, so the rest cannot be asked about. `None` if the
    /// dimension does not vary.
    pub within_prompts: Vec<Option<f64>>,
}

/// A question, and the information that its answer is expected to give, in bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Informative {
    pub prompt: usize,
    /// Places in the prompt.
    pub candidates: Vec<usize>,
    pub bits: f64,
}

impl Contrast {
    /// Measures a deck under its prior and answer model.
    ///
    /// # Errors
    /// As [`LaplaceApproximation::infer`].
    pub fn of(deck: &Deck) -> Result<Self, Error> {
        let (model, pairs) = (deck.answer_model(), pairs(deck));
        let kind = match deck.answer_kind() {
            AnswerKind::Graded => AnswerKind::Graded,
            _ => AnswerKind::Choice,
        };
        let asks_pairs = deck.answer_kind() == kind && deck.candidates_per_question() == 2;
        let scale = model.scale(model.offered(kind));
        // Without evidence it is the prior.
        let prior = LaplaceApproximation::infer(deck.prior(), model, &[])?;
        let project = |pair: &Pair| prior.project(difference(deck, pair).as_view());
        let mut spreads = Vec::with_capacity(pairs.len());
        let mut shortlist = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let (mean, variance) = project(&pair).moments();
            spreads.push(variance.sqrt());
            shortlist.push((d_optimal(&scale, mean, variance), pair));
        }
        spreads.sort_by(f64::total_cmp);
        // Stable sorts: of equals the first in the deck stays first.
        shortlist.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        shortlist.truncate(SHORTLIST);
        let best = if asks_pairs {
            let told = shortlist.into_iter().map(|(_, pair)| Informative {
                prompt: pair.prompt,
                candidates: vec![pair.candidates.0, pair.candidates.1],
                bits: information_gain(&scale, &project(&pair)),
            });
            best_of_prompts(told.collect())
        } else {
            first_asked(deck)?
        };
        Ok(Contrast {
            best,
            typical_spread: median(&spreads),
            largest_spread: spreads.last().copied().unwrap_or(0.0),
            within_prompts: within_prompts(deck),
        })
    }

    /// Bits of the question that tells most. Every deck has one.
    pub fn best_bits(&self) -> f64 {
        self.best.first().map_or(0.0, |best| best.bits)
    }

    /// The average bits of the best questions of different prompts.
    pub fn mean_bits(&self) -> f64 {
        let sum: f64 = self.best.iter().map(|best| best.bits).sum();
        sum / self.best.len() as f64
    }
}

/// The best questions of different prompts.
fn best_of_prompts(mut questions: Vec<Informative>) -> Vec<Informative> {
    questions.sort_by(|a, b| b.bits.total_cmp(&a.bits));
    let mut prompts = HashSet::new();
    questions.retain(|question| prompts.insert(question.prompt));
    questions.truncate(QUESTIONS);
    questions
}

/// The questions that an interview asks of somebody who skips them all, so that nothing is known.
fn first_asked(deck: &Deck) -> Result<Vec<Informative>, Error> {
    let options = Options {
        seed: Some(0),
        ..Options::default()
    };
    let mut interview = Interview::start(deck.clone(), options)?;
    let (mut asked, mut prompts) = (Vec::new(), HashSet::new());
    while asked.len() < ASKED && prompts.len() < QUESTIONS {
        let Some(question) = interview.question()?.cloned() else {
            break;
        };
        if let Some(prompt) = question.prompt {
            prompts.insert(prompt);
            asked.push(Informative {
                prompt,
                candidates: question.candidates.iter().map(|one| one.index).collect(),
                bits: question.score,
            });
        }
        interview.answer_to(&question, Answer::Skip)?;
    }
    Ok(best_of_prompts(asked))
}

fn difference(deck: &Deck, pair: &Pair) -> DVector<f64> {
    let candidates = &deck.prompts()[pair.prompt].candidates;
    let features = |place: usize| DVector::from_vec(deck.features().of(&candidates[place].scores));
    features(pair.candidates.0) - features(pair.candidates.1)
}

/// The median of sorted numbers, at least one.
fn median(sorted: &[f64]) -> f64 {
    0.5 * (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2])
}

/// For each dimension, the sum of squares about the prompts' means, over that about the mean of all
/// candidates.
fn within_prompts(deck: &Deck) -> Vec<Option<f64>> {
    let squares = |numbers: &[f64]| {
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        let square = |number: &f64| (number - mean) * (number - mean);
        numbers.iter().map(square).sum::<f64>()
    };
    let share = |j: usize| {
        let scores = deck.prompts().iter().map(|prompt| {
            let candidates = prompt.candidates.iter();
            candidates.map(|candidate| candidate.scores[j]).collect()
        });
        let scores: Vec<Vec<f64>> = scores.collect();
        let total = squares(&scores.concat());
        let within: f64 = scores.iter().map(|scores| squares(scores)).sum();
        (total > 0.0).then(|| (within / total).min(1.0))
    };
    (0..deck.dimensions().len()).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::{AnswerModel, DeckCandidate, Dimension, Prior};
    use nalgebra::{DMatrix, dvector};

    /// A deck of two dimensions with a prompt for each of these lists of candidates, and the prior
    /// N(0, diag(4, 1)).
    fn deck(model: AnswerModel, prompts: &[&[[f64; 2]]]) -> Deck {
        let covariance = DMatrix::from_diagonal(&dvector![4.0, 1.0]);
        let prior = Prior::gaussian(dvector![0.0, 0.0], covariance).unwrap();
        let mut builder = Deck::builder("d")
            .dimension(Dimension::new("x"))
            .dimension(Dimension::new("y"))
            .prior(prior)
            .answer_model(model);
        for (place, prompt) in prompts.iter().enumerate() {
            let candidates = prompt.iter().enumerate();
            let candidates =
                candidates.map(|(k, scores)| DeckCandidate::new(k.to_string(), *scores));
            builder = builder.prompt(place.to_string(), candidates);
        }
        builder.build().unwrap()
    }

    /// Bits of a plain choice with u ~ N(0, s²), by the trapezoid rule.
    fn bits(s: f64) -> f64 {
        let entropy = |p: f64| -p * p.log2() - (1.0 - p) * (1.0 - p).log2();
        let step = 1e-3;
        let term = |t: f64| {
            let density = (-0.5 * t * t).exp() / (2.0 * std::f64::consts::PI).sqrt();
            density * entropy(1.0 / (1.0 + (s * t).exp())) * step
        };
        1.0 - (-8000..=8000)
            .map(|k| term(f64::from(k) * step))
            .sum::<f64>()
    }

    #[test]
    fn the_best_questions_are_those_of_different_prompts_about_which_people_differ() {
        let deck = deck(
            AnswerModel::BRADLEY_TERRY,
            &[
                &[[0.0, 0.0], [0.0, 1.0]],
                // Spreads 2, 2.5 and, of the second and third, √(4·0.25² + 0) = 0.5.
                &[[0.0, 0.0], [1.0, 0.0], [1.25, 0.0]],
                &[[3.0, 0.0], [3.0, 3.0]],
            ],
        );
        let found = Contrast::of(&deck).unwrap();
        let prompts: Vec<usize> = found.best.iter().map(|best| best.prompt).collect();
        assert_eq!(prompts, [2, 1, 0]);
        assert_eq!(found.best[1].candidates, [0, 2]);
        let expected = [3.0, 2.5, 1.0].map(bits);
        for (best, expected) in found.best.iter().zip(expected) {
            assert!((best.bits - expected).abs() < 1e-4, "{best:?}, {expected}");
        }
        assert_eq!(found.best_bits(), found.best[0].bits);
        let mean = expected.iter().sum::<f64>() / 3.0;
        assert!((found.mean_bits() - mean).abs() < 1e-4);
        // Spreads 0.5, 1, 2, 2.5, 3.
        assert!((found.typical_spread - 2.0).abs() < 1e-12);
        assert!((found.largest_spread - 3.0).abs() < 1e-12);
    }

    /// A deck with one prompt of four candidates on one dimension, and the prior N(0, 1).
    fn four(kind: AnswerKind, shown: usize) -> Deck {
        let candidates = [-1.5, -0.5, 0.5, 1.5];
        let candidates = candidates.map(|score| DeckCandidate::new(format!("{score}"), [score]));
        Deck::builder("four")
            .dimension(Dimension::new("x"))
            .prior(Prior::gaussian(dvector![0.0], DMatrix::from_element(1, 1, 1.0)).unwrap())
            .answer_model(AnswerModel::BRADLEY_TERRY)
            .answer_kind(kind)
            .candidates_per_question(shown)
            .prompt("p", candidates)
            .build()
            .unwrap()
    }

    #[test]
    fn the_information_is_that_of_what_the_deck_asks_for() {
        let best = |kind, shown| Contrast::of(&four(kind, shown)).unwrap().best_bits();
        let (choice, order) = (best(AnswerKind::Choice, 2), best(AnswerKind::Order, 4));
        assert!((choice - bits(3.0)).abs() < 1e-4, "{choice}");
        let best_worst = best(AnswerKind::BestWorst, 4);
        let of_four = best(AnswerKind::Choice, 4);
        // On one dimension candidates between the two ends only add noise to a choice.
        let ordered = [of_four, choice, best_worst, order];
        assert!(ordered.is_sorted(), "{ordered:?}");
        // Two levels about 1.5 from the mean: a plain choice from a candidate at the mean.
        let rating = best(AnswerKind::Rating { of: 2 }, 1);
        assert!(0.0 < rating && rating < choice, "{rating}, {choice}");
    }

    #[test]
    fn variance_between_prompts_cannot_be_asked_about() {
        let model = AnswerModel::default();
        // x: ±1 about the means 0 and 4, so 4 of 4 + 4·4; y does not vary.
        let found = Contrast::of(&deck(
            model,
            &[&[[-1.0, 7.0], [1.0, 7.0]], &[[3.0, 7.0], [5.0, 7.0]]],
        ))
        .unwrap();
        let [x, y] = found.within_prompts[..] else {
            panic!("{found:?}")
        };
        assert!((x.unwrap() - 4.0 / 20.0).abs() < 1e-12 && y.is_none());
    }
}
