//! Somebody who does not exist.

use crate::habits::Habits;
use crate::stream::{Stream, categorical};
use crate::taste::Taste;
use leaning::{Answer, AnswerModel, Offered};
use nalgebra::{DMatrix, DVector, DVectorView};

/// Somebody who does not exist.
#[derive(Debug, Clone)]
pub struct Person {
    taste: Taste,
    habits: Habits,
    /// Standard deviation of each step of what drifts, d numbers.
    steps: DVector<f64>,
    seed: u64,
}

impl Person {
    pub(crate) fn new(taste: Taste, habits: Habits, steps: DVector<f64>, seed: u64) -> Self {
        Person {
            taste,
            habits,
            steps,
            seed,
        }
    }

    /// The true reward for a candidate of these scores (d numbers) before the first answer. Only
    /// differences within one prompt mean anything.
    pub fn reward(&self, scores: DVectorView<f64>) -> f64 {
        self.taste.reward(scores)
    }

    /// The true reward for each candidate of a prompt before the first answer. `scores` is d × N: a
    /// column per candidate.
    pub fn rewards(&self, scores: &DMatrix<f64>) -> DVector<f64> {
        let rewards = scores.column_iter().map(|scores| self.reward(scores));
        DVector::from_iterator(scores.ncols(), rewards)
    }

    /// The true weights, d numbers; `None` if the taste is not linear.
    pub fn weights(&self) -> Option<&DVector<f64>> {
        match &self.taste {
            Taste::Linear(weights) => Some(weights),
            _ => None,
        }
    }

    /// The person after this many answers, who drifts no further. Without drift nothing changes.
    #[must_use]
    pub fn after(&self, answers: usize) -> Person {
        let habits = Habits {
            drift: 0.0,
            ..self.habits
        };
        let mut person = Person {
            habits,
            ..self.clone()
        };
        if self.habits.drift > 0.0 {
            let mut random = Stream::Drift.random(self.seed);
            for _ in 0..answers {
                let step = random.normals(self.steps.len()).component_mul(&self.steps);
                *person.taste.drifting() += step;
            }
        }
        person
    }

    /// The answer to a question about these candidates, after this many answers to others. `scores`
    /// is d × K: a column per candidate, in the order in which they are shown.
    ///
    /// It follows the answer model of [`leaning::model::answer`] with the person's own lapse rate and
    /// band of indifference, unless they take the first candidate blindly. They never skip. The same
    /// question after as many answers gets the same answer.
    pub fn answer(&self, scores: &DMatrix<f64>, offered: Offered, answers: usize) -> Answer {
        let mut random = Stream::Answers.random_at(self.seed, answers);
        if random.uniform() < self.habits.left_bias {
            return Answer::Chose(0);
        }
        let rewards = self.after(answers).rewards(scores);
        let probabilities = probabilities(&self.habits.model, rewards.as_slice(), offered);
        match categorical(&probabilities, &mut random) {
            chose if chose < scores.ncols() => Answer::Chose(chose),
            _ if offered.tie => Answer::Tie,
            _ => Answer::Neither,
        }
    }
}

/// The probability of each candidate and, for two with a tie on offer, of a tie.
fn probabilities(model: &AnswerModel, rewards: &[f64], offered: Offered) -> Vec<f64> {
    match rewards {
        [first, second] => model.pair_probabilities(first - second, offered.tie || offered.neither),
        _ => model.choice_probabilities(rewards),
    }
}
