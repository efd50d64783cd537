//! Somebody who does not exist.

use crate::habits::Habits;
use crate::stream::{Stream, categorical};
use crate::taste::Taste;
use leaning::model::evidence::ordered_pairs;
use leaning::{Answer, AnswerKind, AnswerModel, Features, Grade, Offered, Ranking};
use nalgebra::{DMatrix, DVector, DVectorView};

/// Somebody who does not exist.
#[derive(Debug, Clone)]
pub struct Person {
    taste: Taste,
    /// The features that the taste is of, if it is not of the scores.
    features: Option<Features>,
    habits: Habits,
    /// The answer model with their own lines.
    model: AnswerModel,
    /// Their own leniency b.
    leniency: f64,
    /// Standard deviation of each step of what drifts, d numbers.
    steps: DVector<f64>,
    seed: u64,
}

impl Person {
    pub(crate) fn new(taste: Taste, habits: Habits, steps: DVector<f64>, seed: u64) -> Self {
        let mut random = Stream::Habits.random(seed);
        let leniency = habits.model.leniency() * random.normal();
        let factor = libm::exp(habits.line_spread * random.normal());
        Person {
            taste,
            features: None,
            model: own_lines(habits.model, factor),
            leniency,
            habits,
            steps,
            seed,
        }
    }

    /// The true reward for a candidate of these scores (d numbers) before the first answer. Only
    /// differences within one prompt mean anything.
    pub fn reward(&self, scores: DVectorView<f64>) -> f64 {
        match &self.features {
            Some(features) => {
                let features = DVector::from_vec(features.of(scores.as_slice()));
                self.taste.reward(features.as_view())
            }
            None => self.taste.reward(scores),
        }
    }

    /// The same person, whose weights are those of these features: a taste that is quadratic in the
    /// scores of a deck's curved dimensions.
    #[must_use]
    pub fn of_features(self, features: Features) -> Self {
        Person {
            features: Some(features),
            ..self
        }
    }

    /// The true reward for each candidate of a prompt before the first answer. `scores` is d × N: a
    /// column per candidate.
    pub fn rewards(&self, scores: &DMatrix<f64>) -> DVector<f64> {
        let rewards = scores.column_iter().map(|scores| self.reward(scores));
        DVector::from_iterator(scores.ncols(), rewards)
    }

    /// The model that they answer by: their habits', with their own lines.
    pub fn answer_model(&self) -> AnswerModel {
        self.model
    }

    /// Their leniency b as a judge of single candidates, in units of reward.
    pub fn leniency(&self) -> f64 {
        self.leniency
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
    /// is d × K: a column per candidate, in the order in which they are shown. A single candidate is
    /// compared with one of scores 0; [`Person::rate`] compares it with another.
    ///
    /// It follows the answer model of [`leaning::model::answer_model`] with the person's own lapse
    /// rate, lines and leniency, unless they take the first candidate blindly. They never skip. The
    /// same question after as many answers gets the same answer.
    pub fn answer(&self, scores: &DMatrix<f64>, offered: Offered, answers: usize) -> Answer {
        self.answer_beside(scores, None, offered, answers)
    }

    /// As [`Person::answer`], about a candidate (d × 1) that is compared with the scores `reference`, d
    /// numbers.
    pub fn rate(
        &self,
        scores: &DMatrix<f64>,
        reference: &DVector<f64>,
        offered: Offered,
        answers: usize,
    ) -> Answer {
        self.answer_beside(scores, Some(reference), offered, answers)
    }

    fn answer_beside(
        &self,
        scores: &DMatrix<f64>,
        reference: Option<&DVector<f64>>,
        offered: Offered,
        answers: usize,
    ) -> Answer {
        let mut random = Stream::Answers.random_at(self.seed, answers);
        let blindly = random.uniform() < self.habits.left_bias;
        let person = self.after(answers);
        let rewards = person.rewards(scores);
        let count = rewards.len();
        let tie = offered.tie || offered.neither;
        let (probabilities, outcomes): (Vec<f64>, Vec<Answer>) = match (offered.kind, count) {
            (AnswerKind::Rating { of }, _) => {
                let zero = DVector::zeros(scores.nrows());
                let at = person.reward(reference.unwrap_or(&zero).as_view());
                let scale = self.model.rating_scale(of);
                let levels = scale.outcomes(self.leniency + rewards[0] - at);
                let probability = |level: usize| levels[level - 1].probability;
                ((1..=of).rev())
                    .map(|level| (probability(level), Answer::Rated { rating: level, of }))
                    .unzip()
            }
            (AnswerKind::Graded, _) => {
                let scale = self.model.graded_scale(tie);
                let levels = scale.outcomes(rewards[0] - rewards[1]);
                let much = |place| Answer::Graded(place, Grade::Much);
                let slightly = |place| Answer::Graded(place, Grade::Slightly);
                let between = if offered.tie {
                    Answer::Tie
                } else {
                    Answer::Neither
                };
                let answers = match levels.len() {
                    4 => vec![much(1), slightly(1), slightly(0), much(0)],
                    _ => vec![much(1), slightly(1), between, slightly(0), much(0)],
                };
                (
                    levels.iter().map(|level| level.probability).rev().collect(),
                    { answers.into_iter().rev().collect() },
                )
            }
            (AnswerKind::BestWorst, _) => {
                let pairs = ordered_pairs(count);
                let differences: Vec<f64> = pairs
                    .iter()
                    .map(|&(best, worst)| rewards[best] - rewards[worst])
                    .collect();
                let answers = pairs
                    .into_iter()
                    .map(|(best, worst)| Answer::BestWorst { best, worst });
                (
                    self.model.choice_probabilities(&differences),
                    answers.collect(),
                )
            }
            (AnswerKind::Order, _) => {
                let Ok(as_shown) = Ranking::new(&(0..count).collect::<Vec<_>>()) else {
                    return Answer::Skip;
                };
                let orders = as_shown.alternatives().into_iter().map(Answer::Ordered);
                (
                    self.model
                        .order_probabilities(rewards.as_slice(), &as_shown),
                    orders.collect(),
                )
            }
            (AnswerKind::Choice, 2) => {
                let between = if offered.tie {
                    Answer::Tie
                } else {
                    Answer::Neither
                };
                (
                    self.model.pair_probabilities(rewards[0] - rewards[1], tie),
                    vec![Answer::Chose(0), Answer::Chose(1), between],
                )
            }
            (AnswerKind::Choice, _) => (
                self.model.choice_probabilities(rewards.as_slice()),
                (0..count).map(Answer::Chose).collect(),
            ),
        };
        if blindly {
            return outcomes[0];
        }
        outcomes[categorical(&probabilities, &mut random)]
    }
}

/// The model with both lines moved by this factor.
fn own_lines(model: AnswerModel, factor: f64) -> AnswerModel {
    if factor == 1.0 {
        return model;
    }
    AnswerModel::new(model.lapse(), factor * model.indifference())
        .and_then(|moved| moved.with_much(factor * model.much()))
        .and_then(|moved| moved.with_ratings(model.spread(), model.leniency()))
        // A factor so extreme that the lines are out of range is never drawn.
        .unwrap_or(model)
}
