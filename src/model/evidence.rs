//! Answers and statements, reduced to what their likelihood needs.

use super::answer::{Answer, Offered};
use super::answer_model::AnswerModel;
use crate::error::{Error, Flaw};
use nalgebra::{DMatrix, DVector, DVectorView};

/// Something observed about a person, reduced to what its likelihood needs.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// One of two candidates was preferred, or neither.
    Pair {
        /// z = φ₁ − φ₂, d numbers.
        difference: DVector<f64>,
        /// A third outcome, "about the same", was possible.
        tie: bool,
        /// 0: the first, 1: the second, 2: a tie.
        outcome: usize,
    },
    /// One of three or more candidates was chosen.
    Choice {
        /// φ of the candidates shown, d × K: a column per candidate.
        scores: DMatrix<f64>,
        /// Place of the chosen one, from 0.
        chose: usize,
    },
    /// A Gaussian observation of one weight: what people say about themselves.
    Statement {
        /// Place of the dimension, from 0.
        dimension: usize,
        /// The weight that was stated.
        weight: f64,
        /// Its standard deviation, above 0.
        sd: f64,
    },
}

impl Evidence {
    /// The evidence in `answer` to a question about candidates with these `scores` (d numbers each)
    /// under `model`.
    ///
    /// `None` if it tells nothing: a skip, a tie between more than two candidates, or a tie that the
    /// model has no room for.
    ///
    /// # Errors
    /// [`Error::Answer`] if the answer was not offered or chose a candidate that was not shown.
    pub fn from_answer(
        model: &AnswerModel,
        scores: &[Vec<f64>],
        offered: Offered,
        answer: Answer,
    ) -> Result<Option<Evidence>, Error> {
        let wrong = |message| Err(Error::Answer(Flaw::new("", message)));
        if !offered.allows(answer) {
            return wrong("this answer was not offered");
        }
        if let Answer::Chose(chose) = answer
            && chose >= scores.len()
        {
            return wrong("the chosen candidate was not shown");
        }
        let [first, second] = scores else {
            return Ok(match answer {
                Answer::Chose(chose) => Some(Evidence::Choice {
                    scores: columns(scores),
                    chose,
                }),
                Answer::Tie | Answer::Neither | Answer::Skip => None,
            });
        };
        let tie = model.has_tie(offered.tie || offered.neither);
        let outcome = match answer {
            Answer::Chose(chose) => chose,
            Answer::Tie | Answer::Neither if tie => 2,
            Answer::Tie | Answer::Neither | Answer::Skip => return Ok(None),
        };
        let difference = first
            .iter()
            .zip(second)
            .map(|(a, b)| a - b)
            .collect::<Vec<_>>();
        Ok(Some(Evidence::Pair {
            difference: difference.into(),
            tie,
            outcome,
        }))
    }

    /// log P(this | λ = `weights`) under `model`, for d weights. A statement's density lacks the
    /// factor 1 / (sd·√(2π)).
    ///
    /// # Panics
    /// If the evidence is of other dimensions or chose a candidate that was not shown.
    pub fn log_likelihood(&self, model: &AnswerModel, weights: DVectorView<f64>) -> f64 {
        match self {
            Evidence::Pair {
                difference,
                tie,
                outcome,
            } => model.pair_log_probability(difference.dot(&weights), *tie, *outcome),
            Evidence::Choice { scores, chose } => {
                model.choice_log_probability(scores.tr_mul(&weights).as_slice(), *chose)
            }
            Evidence::Statement {
                dimension,
                weight,
                sd,
            } => {
                let distance = (weights[*dimension] - weight) / sd;
                -0.5 * distance * distance
            }
        }
    }
}

/// Evidence, and the candidates that it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The evidence itself.
    pub evidence: Evidence,
    /// φ of the candidates in the order in which they were shown, d × K: a column per candidate. No
    /// columns for a statement.
    pub scores: DMatrix<f64>,
}

/// Scores of several candidates (d numbers each) as a d × K matrix: a column per candidate.
pub fn columns(scores: &[impl AsRef<[f64]>]) -> DMatrix<f64> {
    let dimensions = scores.first().map_or(0, |scores| scores.as_ref().len());
    let numbers = scores
        .iter()
        .flat_map(|scores| scores.as_ref().iter().copied());
    DMatrix::from_iterator(dimensions, scores.len(), numbers)
}
