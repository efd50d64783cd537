//! Somebody who does not exist, and an interview with them.

use super::population::Habits;
use super::taste::Taste;
use super::{Stream, pick};
use crate::answer::{Answer, AnswerModel, Offered};
use crate::error::Error;
use crate::interview::Interview;
use alloc::vec::Vec;

/// Somebody who does not exist.
#[derive(Debug, Clone)]
pub struct Person {
    pub(super) taste: Taste,
    pub(super) habits: Habits,
    pub(super) steps: Vec<f64>,
    pub(super) seed: u64,
}

impl Person {
    /// Their true reward for a candidate of these scores, d numbers, before the first answer. Only differences within
    /// one prompt mean anything.
    pub fn reward(&self, scores: &[f64]) -> f64 {
        self.taste.reward(scores)
    }

    /// Their true weights, d numbers; `None` where their taste is not linear.
    pub fn weights(&self) -> Option<&[f64]> {
        match &self.taste {
            Taste::Linear(weights) => Some(weights),
            _ => None,
        }
    }

    /// What they have become after so many answers, to stay so: themselves where nothing drifts.
    pub fn after(&self, answers: usize) -> Person {
        let mut person = Person { habits: Habits { drift: 0.0, ..self.habits }, ..self.clone() };
        if self.habits.drift > 0.0 {
            let mut random = Stream::Drift.random(self.seed);
            for _ in 0..answers {
                for (number, step) in person.taste.moving().iter_mut().zip(&self.steps) {
                    *number += step * random.normal();
                }
            }
        }
        person
    }

    /// What they say to a question that shows candidates of these scores (d numbers each) after so many answers to
    /// others: by the answer model of [`crate::answer`] with their own lapse rate and band of indifference, unless they
    /// take the first one blindly. They never skip. The same question after as many answers gets the same answer.
    pub fn answer(&self, shown: &[Vec<f64>], offered: Offered, answers: usize) -> Answer {
        let mut random = Stream::Answers.random_at(self.seed, answers);
        if random.uniform() < self.habits.left_bias {
            return Answer::Chose(0);
        }
        let person = self.after(answers);
        let rewards: Vec<f64> = shown.iter().map(|scores| person.reward(scores)).collect();
        let chances = chances(&self.habits.model, &rewards, offered);
        match pick(&chances, &mut random) {
            chose if chose < shown.len() => Answer::Chose(chose),
            _ if offered.tie => Answer::Tie,
            _ => Answer::Neither,
        }
    }
}

/// The chance of each candidate and, for two with a tie on offer, of a tie.
fn chances(model: &AnswerModel, rewards: &[f64], offered: Offered) -> Vec<f64> {
    if let [first, second] = rewards {
        return model.pair_probabilities(first - second, offered.tie || offered.neither);
    }
    model.choice_probabilities(rewards)
}

/// Lets a person answer an interview's questions until so many answers are given or it is over, and calls `after` with
/// the number of answers given, 0 first, and the interview as it then is.
///
/// # Errors
/// As [`Interview::answer`].
pub fn play(
    interview: &mut Interview,
    person: &Person,
    answers: usize,
    mut after: impl FnMut(usize, &Interview),
) -> Result<(), Error> {
    after(0, interview);
    for given in 0..answers {
        let Some(question) = interview.next() else { break };
        let shown: Vec<Vec<f64>> = question.shown.iter().map(|shown| shown.scores.clone()).collect();
        let answer = person.answer(&shown, question.offered, given);
        interview.answer(answer)?;
        after(given + 1, interview);
    }
    Ok(())
}
