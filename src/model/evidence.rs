//! Answers and statements, reduced to what their likelihood needs.

use super::answer::{Answer, AnswerKind, Grade, Offered};
use super::answer_model::AnswerModel;
use super::ordinal::OrdinalScale;
use super::quadratic::QuadraticLikelihood;
use super::ranking::Ranking;
use crate::error::Error;
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
    /// A level of a utility: how much better one of two is, or how good one candidate is.
    Ordinal {
        /// φ₁ − φ₂ of two candidates, or φ − φ̄ of one, d numbers.
        scores: DVector<f64>,
        /// Whether the person's leniency is part of the utility.
        lenient: bool,
        /// The levels.
        scale: OrdinalScale,
        /// The one that was given, 0 for the lowest.
        level: usize,
    },
    /// Candidates were put in order, perhaps a partial one.
    Order {
        /// φ of the candidates shown, d × K: a column per candidate.
        scores: DMatrix<f64>,
        /// Their order.
        ranking: Ranking,
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
    /// Many old answers, summed up.
    Summary {
        /// Their log-likelihood.
        likelihood: QuadraticLikelihood,
        /// The number of answers.
        answers: usize,
        /// The half-life by which they have faded already.
        half_life: Option<f64>,
    },
}

impl Evidence {
    /// The evidence in `answer` to a question about candidates with these `scores` (d numbers each)
    /// under `model`. `reference` (d numbers) is what a rating compares its candidate with, 0 if there
    /// is none.
    ///
    /// None if it tells nothing: a skip, a tie between more than two candidates, or a tie that the
    /// model has no room for. Somebody who rejects several candidates says something about each.
    ///
    /// # Errors
    /// [`Error::Answer`] if the answer was not offered or is about a candidate that was not shown.
    pub fn from_answer(
        model: &AnswerModel,
        scores: &[Vec<f64>],
        reference: Option<&[f64]>,
        offered: Offered,
        answer: Answer,
    ) -> Result<Vec<Evidence>, Error> {
        offered.check(scores.len(), answer)?;
        let rating = |scores: &[f64], of: usize, level: usize| Evidence::Ordinal {
            scores: match reference {
                Some(reference) => difference(scores, reference),
                None => DVector::from_column_slice(scores),
            },
            lenient: true,
            scale: model.rating_scale(of),
            level,
        };
        let tie = model.has_tie(offered.tie || offered.neither && !model.neither_rejects());
        Ok(match (answer, scores) {
            (Answer::Neither, _) if model.neither_rejects() => {
                scores.iter().map(|scores| rating(scores, 2, 0)).collect()
            }
            (Answer::Rated { rating: level, of }, [scores]) => vec![rating(scores, of, level - 1)],
            (Answer::Graded(chose, grade), [first, second]) => {
                let scale = model.graded_scale(tie);
                // From the end on the side of the chosen one.
                let from_end = usize::from(grade == Grade::Slightly);
                vec![Evidence::Ordinal {
                    scores: difference(first, second),
                    lenient: false,
                    scale,
                    level: match chose {
                        0 => scale.levels() - 1 - from_end,
                        _ => from_end,
                    },
                }]
            }
            (Answer::BestWorst { best, worst }, _) => {
                vec![best_worst(&columns(scores), best, worst)]
            }
            (Answer::Ordered(ranking), _) => vec![Evidence::Order {
                scores: columns(scores),
                ranking,
            }],
            (Answer::Chose(chose), [first, second]) => vec![Evidence::Pair {
                difference: difference(first, second),
                tie,
                outcome: chose,
            }],
            (Answer::Chose(chose), _) => vec![Evidence::Choice {
                scores: columns(scores),
                chose,
            }],
            // One of five outcomes; the plain tie below is one of three.
            (Answer::Tie | Answer::Neither, [first, second])
                if tie && offered.kind == AnswerKind::Graded =>
            {
                vec![Evidence::Ordinal {
                    scores: difference(first, second),
                    lenient: false,
                    scale: model.graded_scale(tie),
                    level: 2,
                }]
            }
            (Answer::Tie | Answer::Neither, [first, second])
                if tie && offered.kind == AnswerKind::Choice =>
            {
                vec![Evidence::Pair {
                    difference: difference(first, second),
                    tie,
                    outcome: 2,
                }]
            }
            _ => Vec::new(),
        })
    }

    /// Whether the person's leniency is part of it.
    pub fn is_lenient(&self) -> bool {
        match self {
            Evidence::Ordinal { lenient, .. } => *lenient,
            Evidence::Summary { likelihood, .. } => likelihood.lenient,
            _ => false,
        }
    }

    /// log P(this | λ = `weights`, b = 0) under `model`, for d weights and a person of average
    /// leniency b. A statement's density lacks the factor 1 / (sd·√(2π)), and a summary's likelihood a
    /// factor of its own.
    ///
    /// # Panics
    /// If the evidence is of other dimensions or chose a candidate that was not shown.
    pub fn log_likelihood(&self, model: &AnswerModel, weights: DVectorView<f64>) -> f64 {
        self.log_likelihood_with(model, weights, 0.0)
    }

    /// As [`Evidence::log_likelihood`], for a person of this leniency b.
    ///
    /// # Panics
    /// If the evidence is of other dimensions or chose a candidate that was not shown.
    pub fn log_likelihood_with(
        &self,
        model: &AnswerModel,
        weights: DVectorView<f64>,
        leniency: f64,
    ) -> f64 {
        match self {
            Evidence::Pair {
                difference,
                tie,
                outcome,
            } => {
                let (scale, level) = pair_level(model, *tie, *outcome);
                scale.log_probability(difference.dot(&weights), level)
            }
            Evidence::Choice { scores, chose } => {
                model.choice_log_probability(scores.tr_mul(&weights).as_slice(), *chose)
            }
            Evidence::Ordinal {
                scores,
                lenient,
                scale,
                level,
            } => {
                let leniency = if *lenient { leniency } else { 0.0 };
                scale.log_probability(scores.dot(&weights) + leniency, *level)
            }
            Evidence::Order { scores, ranking } => {
                model.order_log_probability(scores.tr_mul(&weights).as_slice(), ranking)
            }
            Evidence::Statement {
                dimension,
                weight,
                sd,
            } => {
                let distance = (weights[*dimension] - weight) / sd;
                -0.5 * distance * distance
            }
            Evidence::Summary { likelihood, .. } => {
                let weights = weights.into_owned();
                likelihood.at(&if likelihood.lenient {
                    weights.push(leniency)
                } else {
                    weights
                })
            }
        }
    }
}

/// The scale of a pair's reward difference, and the level of an outcome: 0 for the first, 1 for the
/// second, 2 for a tie.
pub(crate) fn pair_level(model: &AnswerModel, tie: bool, outcome: usize) -> (OrdinalScale, usize) {
    let scale = model.pair_scale(tie);
    let level = match outcome {
        0 => scale.levels() - 1,
        1 => 0,
        _ => 1,
    };
    (scale, level)
}

/// Best and worst of K candidates (d × K): a choice among the differences of all ordered pairs.
fn best_worst(scores: &DMatrix<f64>, best: usize, worst: usize) -> Evidence {
    let pairs = ordered_pairs(scores.ncols());
    let differences: Vec<DVector<f64>> = pairs
        .iter()
        .map(|&(better, worse)| scores.column(better) - scores.column(worse))
        .collect();
    Evidence::Choice {
        scores: DMatrix::from_columns(&differences),
        chose: pairs
            .iter()
            .position(|&pair| pair == (best, worst))
            .unwrap_or_default(),
    }
}

/// All ordered pairs of different places below `count`.
pub fn ordered_pairs(count: usize) -> Vec<(usize, usize)> {
    (0..count)
        .flat_map(|first| (0..count).map(move |second| (first, second)))
        .filter(|(first, second)| first != second)
        .collect()
}

fn difference(a: &[f64], b: &[f64]) -> DVector<f64> {
    DVector::from_iterator(a.len(), a.iter().zip(b).map(|(a, b)| a - b))
}

/// Evidence, and the candidates that it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The evidence itself.
    pub evidence: Evidence,
    /// The features of the candidates in the order in which they were shown, a column each. No columns
    /// for a statement.
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
