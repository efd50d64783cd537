//! Answers, and how likely they are.
//!
//! With u_k = λᵀφ_k for the K candidates shown, lapse rate ε and band of indifference δ:
//!
//! - chose k of K: P = (1−ε)·softmax(u)_k + ε/K; for K = 2 without a tie on offer this is
//!   (1−ε)·σ(u₁−u₂) + ε/2;
//! - two shown, tie on offer: first (1−ε)·σ(u−δ) + ε/3, second (1−ε)·σ(−u−δ) + ε/3,
//!   tie (1−ε)·(e^{2δ}−1)·σ(u−δ)·σ(−u−δ) + ε/3, with u = u₁−u₂ (Rao & Kupper 1967, with a lapse).

use crate::error::{Error, Flaw};
use crate::numeric::log_softmax;
use nalgebra::{DMatrix, DVector, DVectorView};
use std::ops::Deref;

/// The largest magnitude of any number from outside. Its square is far from overflow.
pub const MAX_MAGNITUDE: f64 = 1e100;

/// The answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Chose the candidate at this place of those shown, from 0.
    Chose(usize),
    /// "They are about the same to me."
    Tie,
    /// "I want none of them." For two candidates it counts as a tie.
    Neither,
    /// "Ask me something else." Says nothing about the person.
    Skip,
}

/// The answers on offer besides choosing one of the candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    /// "About the same" was on offer.
    pub tie: bool,
    /// "Neither" was on offer.
    pub neither: bool,
    /// "Skip" was on offer.
    pub skip: bool,
}

impl Offered {
    /// Whether this answer was on offer.
    pub fn allows(self, answer: Answer) -> bool {
        match answer {
            Answer::Chose(_) => true,
            Answer::Tie => self.tie,
            Answer::Neither => self.neither,
            Answer::Skip => self.skip,
        }
    }
}

/// How people answer: the lapse rate ε and the band of indifference δ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnswerModel {
    lapse: f64,
    indifference: f64,
    tie_factor: f64,
}

impl Default for AnswerModel {
    /// ε = 0.02, δ = 0.5.
    fn default() -> Self {
        AnswerModel::of(0.02, 0.5)
    }
}

impl AnswerModel {
    /// Bradley and Terry's model: no lapses and no ties.
    pub const BRADLEY_TERRY: AnswerModel = AnswerModel {
        lapse: 0.0,
        indifference: 0.0,
        tie_factor: 0.0,
    };

    /// The model with numbers that are known to be in range.
    fn of(lapse: f64, indifference: f64) -> Self {
        // A tie's (e^{2δ}−1)·σ(u−δ)·σ(−u−δ) equals (1 − e^{−2δ})·σ(δ−u)·σ(δ+u), which cannot
        // overflow and keeps its digits.
        let tie_factor = -libm::expm1(-2.0 * indifference);
        AnswerModel {
            lapse,
            indifference,
            tie_factor,
        }
    }

    /// The model with lapse rate `lapse` (the probability of a slip of the finger, 0 ≤ ε < 1) and
    /// band of indifference `indifference` (0 ≤ δ ≤ 1e100, in units of reward).
    ///
    /// # Errors
    /// [`Error::Model`] outside these ranges.
    pub fn new(lapse: f64, indifference: f64) -> Result<Self, Error> {
        let wrong = |path, message| Err(Error::Model(Flaw::new(path, message)));
        if !(0.0..1.0).contains(&lapse) {
            return wrong("lapse", "expected a probability of at least 0 and below 1");
        }
        if !(0.0..=MAX_MAGNITUDE).contains(&indifference) {
            return wrong("indifference", "expected a number of at least 0");
        }
        Ok(AnswerModel::of(lapse, indifference))
    }

    /// ε, the probability that an answer is a slip of the finger.
    pub fn lapse(&self) -> f64 {
        self.lapse
    }

    /// δ: rewards closer than about this are "about the same".
    pub fn indifference(&self) -> f64 {
        self.indifference
    }

    /// The answers that a question offers under this model. A tie is among them if δ > 0.
    pub fn offered(&self) -> Offered {
        Offered {
            tie: self.indifference > 0.0,
            neither: true,
            skip: true,
        }
    }

    /// P(first), P(second) and, if a tie is offered and δ > 0, P(tie), for two candidates whose
    /// rewards differ by `u`.
    pub fn pair_probabilities(&self, u: f64, tie: bool) -> Vec<f64> {
        self.pair(u, self.has_tie(tie))
            .iter()
            .map(|outcome| outcome.probability)
            .collect()
    }

    /// Whether a pair has the outcome "tie" if one is offered.
    pub fn has_tie(&self, offered: bool) -> bool {
        offered && self.indifference > 0.0
    }

    /// The outcomes of a pair whose rewards differ by `u`: first, second and, with `tie`, tie.
    pub fn pair(&self, u: f64, tie: bool) -> Outcomes {
        let band = if tie { self.indifference } else { 0.0 };
        let (first, second) = (Sigmoid::at(u - band), Sigmoid::at(-u - band));
        let mut terms = [
            Term {
                probability: first.value,
                slope: first.complement,
                curvature: -first.slope(),
            },
            Term {
                probability: second.value,
                slope: -second.complement,
                curvature: -second.slope(),
            },
            Term::default(),
        ];
        let count = if tie {
            terms[2] = Term {
                probability: self.tie_factor * first.complement * second.complement,
                slope: first.complement - second.complement,
                curvature: -first.slope() - second.slope(),
            };
            3
        } else {
            2
        };
        Outcomes {
            outcomes: terms.map(|term| self.outcome(term, count)),
            count,
        }
    }

    /// P(chose k) for each of K candidates with these rewards. No tie is on offer, even for K = 2.
    pub fn choice_probabilities(&self, rewards: &[f64]) -> Vec<f64> {
        let probability = |log: f64| self.with_lapse(libm::exp(log), rewards.len()).0;
        log_softmax(rewards).into_iter().map(probability).collect()
    }

    /// log P of one outcome of a pair.
    pub(crate) fn pair_log_probability(&self, u: f64, tie: bool, outcome: usize) -> f64 {
        let (band, outcomes) = if tie {
            (self.indifference, 3)
        } else {
            (0.0, 2)
        };
        if self.lapse == 0.0 {
            // Exact however small P is.
            return match outcome {
                0 => log_sigmoid(u - band),
                1 => log_sigmoid(-u - band),
                _ => libm::log(self.tie_factor) + log_sigmoid(band - u) + log_sigmoid(band + u),
            };
        }
        let meant = match outcome {
            0 => sigmoid(u - band),
            1 => sigmoid(-u - band),
            _ => self.tie_factor * sigmoid(band - u) * sigmoid(band + u),
        };
        libm::log(self.with_lapse(meant, outcomes).0)
    }

    fn outcome(&self, term: Term, outcomes: usize) -> Outcome {
        let (probability, share) = self.with_lapse(term.probability, outcomes);
        Outcome {
            probability,
            slope: share * term.slope,
            curvature: share * ((1.0 - share) * term.slope * term.slope + term.curvature),
        }
    }

    /// P = (1−ε)·p + ε/K, and the share of P that is not a lapse.
    pub(crate) fn with_lapse(&self, p: f64, outcomes: usize) -> (f64, f64) {
        let slip = self.lapse / outcomes as f64;
        if slip == 0.0 {
            return (p, 1.0);
        }
        let meant = (1.0 - self.lapse) * p;
        (meant + slip, meant / (meant + slip))
    }

    /// log P(chose k) of K candidates with these rewards. No tie is on offer, even for K = 2.
    pub(crate) fn choice_log_probability(&self, rewards: &[f64], chose: usize) -> f64 {
        self.log_with_lapse(log_softmax(rewards)[chose], rewards.len())
    }

    /// log P for the same P, given log p: without lapses p may be too small for a double.
    fn log_with_lapse(&self, log: f64, outcomes: usize) -> f64 {
        if self.lapse == 0.0 {
            log
        } else {
            libm::log(self.with_lapse(libm::exp(log), outcomes).0)
        }
    }
}

/// p of an outcome, with the first and second derivative of log p by u.
#[derive(Default, Clone, Copy)]
struct Term {
    probability: f64,
    slope: f64,
    curvature: f64,
}

/// One outcome of a pair: its probability P at u, and the derivatives of log P by u.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// P.
    pub probability: f64,
    /// (log P)′.
    pub slope: f64,
    /// (log P)″.
    pub curvature: f64,
}

/// The two or three outcomes of a pair.
#[derive(Debug, Clone, Copy)]
pub struct Outcomes {
    outcomes: [Outcome; 3],
    count: usize,
}

impl Deref for Outcomes {
    type Target = [Outcome];

    fn deref(&self) -> &[Outcome] {
        &self.outcomes[..self.count]
    }
}

impl Outcomes {
    /// Expected Fisher information about u: Σ_o P_o′² / P_o.
    pub fn information(&self) -> f64 {
        self.iter()
            .map(|outcome| outcome.probability * outcome.slope * outcome.slope)
            .sum()
    }
}

/// σ(x) = 1 / (1 + e^−x) and its complement σ(−x), each to full precision however large |x| is.
struct Sigmoid {
    value: f64,
    complement: f64,
}

impl Sigmoid {
    fn at(x: f64) -> Self {
        let small = libm::exp(-x.abs());
        let (near, far) = (1.0 / (1.0 + small), small / (1.0 + small));
        let (value, complement) = if x >= 0.0 { (near, far) } else { (far, near) };
        Sigmoid { value, complement }
    }

    fn slope(&self) -> f64 {
        self.value * self.complement
    }
}

fn sigmoid(x: f64) -> f64 {
    Sigmoid::at(x).value
}

fn log_sigmoid(x: f64) -> f64 {
    x.min(0.0) - libm::log1p(libm::exp(-x.abs()))
}

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
    /// What `answer` to a question about candidates with these `scores` (d numbers each) tells
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
    /// What was observed.
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
