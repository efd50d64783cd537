//! What a person can say, and how likely that is.
//!
//! With u_k = λᵀφ_k for the K candidates shown, lapse rate ε and band of indifference δ:
//!
//! - chose k of K: P = (1−ε)·softmax(u)_k + ε/K, for K = 2 without a tie on offer (1−ε)·σ(u₁−u₂) + ε/2;
//! - two shown, tie on offer: first (1−ε)·σ(u−δ) + ε/3, second (1−ε)·σ(−u−δ) + ε/3,
//!   tie (1−ε)·(e^{2δ}−1)·σ(u−δ)·σ(−u−δ) + ε/3, with u = u₁−u₂ (Rao & Kupper 1967, with a lapse).

use crate::error::Flaw;
use crate::linear::plus;
use crate::list::List;
use alloc::vec::Vec;

/// What a person said to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Chose the candidate at this place of those shown, from 0.
    Chose(usize),
    /// They are about the same to me.
    Tie,
    /// I want none of them. For two candidates it counts as a tie.
    Neither,
    /// Ask me something else. Says nothing about the person.
    Skip,
}

/// What a question offered beside choosing one of the candidates.
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
}

impl Default for AnswerModel {
    /// ε = 0.02, δ = 0.5.
    fn default() -> Self {
        AnswerModel { lapse: 0.02, indifference: 0.5 }
    }
}

impl AnswerModel {
    /// Bradley and Terry's: nobody slips, and nothing is about the same.
    pub const PLAIN: AnswerModel = AnswerModel { lapse: 0.0, indifference: 0.0 };

    /// The model with lapse rate `lapse` (the chance of a slip of the finger, 0 ≤ ε < 1) and band of indifference
    /// `indifference` (0 ≤ δ ≤ 1e100, in units of reward). `None` outside these ranges.
    pub fn new(lapse: f64, indifference: f64) -> Option<Self> {
        let valid = (0.0..1.0).contains(&lapse) && (0.0..=1e100).contains(&indifference);
        valid.then_some(AnswerModel { lapse, indifference })
    }

    /// ε, the chance that an answer is a slip of the finger.
    pub fn lapse(&self) -> f64 {
        self.lapse
    }

    /// δ: rewards closer than about this are "about the same".
    pub fn indifference(&self) -> f64 {
        self.indifference
    }

    /// What a question offers under this model; a tie only where the model can make sense of one.
    pub fn offered(&self) -> Offered {
        Offered { tie: self.indifference > 0.0, neither: true, skip: true }
    }

    /// P(first), P(second) and, where `tie` is on offer and δ > 0, P(tie), for two candidates whose rewards differ by
    /// `u`.
    pub fn pair_probabilities(&self, u: f64, tie: bool) -> Vec<f64> {
        self.pair(u, self.has_tie(tie)).iter().map(|outcome| outcome.probability).list()
    }

    pub(crate) fn has_tie(&self, offered: bool) -> bool {
        offered && self.indifference > 0.0
    }

    /// The outcomes that two candidates can have: first, second and, with `tie`, tie.
    pub(crate) fn pair(&self, u: f64, tie: bool) -> Outcomes {
        let band = if tie { self.indifference } else { 0.0 };
        let (first, second) = (Sigmoid::at(u - band), Sigmoid::at(-u - band));
        let mut terms = [
            Term { probability: first.value, slope: first.complement, curvature: -first.slope() },
            Term { probability: second.value, slope: -second.complement, curvature: -second.slope() },
            Term::default(),
        ];
        let count = if tie {
            terms[2] = Term {
                probability: tie_factor(band) * first.complement * second.complement,
                slope: first.complement - second.complement,
                curvature: -first.slope() - second.slope(),
            };
            3
        } else {
            2
        };
        Outcomes { outcomes: terms.map(|term| self.outcome(term, count)), count }
    }

    /// P(chose k) for each of K candidates of the given rewards, by the formula for choices: with two of them no tie is
    /// on offer.
    pub fn choice_probabilities(&self, rewards: &[f64]) -> Vec<f64> {
        let mut chances = log_softmax(rewards.to_vec());
        for chance in &mut chances {
            *chance = self.with_lapse(libm::exp(*chance), rewards.len()).0;
        }
        chances
    }

    /// log P of one outcome of a pair.
    pub(crate) fn pair_log_probability(&self, u: f64, tie: bool, outcome: usize) -> f64 {
        let (band, outcomes) = if tie { (self.indifference, 3) } else { (0.0, 2) };
        if self.lapse == 0.0 {
            // However small P is.
            return match outcome {
                0 => log_sigmoid(u - band),
                1 => log_sigmoid(-u - band),
                _ => libm::log(tie_factor(band)) + log_sigmoid(band - u) + log_sigmoid(band + u),
            };
        }
        let meant = match outcome {
            0 => sigmoid(u - band),
            1 => sigmoid(-u - band),
            _ => tie_factor(band) * sigmoid(band - u) * sigmoid(band + u),
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

    /// P = (1−ε)·p + ε/K, and the share of it that is not a slip.
    pub(crate) fn with_lapse(&self, p: f64, outcomes: usize) -> (f64, f64) {
        let slip = self.lapse / outcomes as f64;
        if slip == 0.0 {
            return (p, 1.0);
        }
        let meant = (1.0 - self.lapse) * p;
        (meant + slip, meant / (meant + slip))
    }

    /// log P for the same P, with log p given: without a lapse, p may be too small for a double.
    pub(crate) fn log_with_lapse(&self, log: f64, outcomes: usize) -> f64 {
        if self.lapse == 0.0 { log } else { libm::log(self.with_lapse(libm::exp(log), outcomes).0) }
    }
}

/// p of an outcome, with the first and second derivative of log p by u.
#[derive(Default, Clone, Copy)]
struct Term {
    probability: f64,
    slope: f64,
    curvature: f64,
}

/// One outcome of a pair: its probability at u, and the derivatives of log P by u.
#[derive(Clone, Copy)]
pub(crate) struct Outcome {
    pub probability: f64,
    pub slope: f64,
    pub curvature: f64,
}

/// The two or three outcomes of a pair.
#[derive(Clone, Copy)]
pub(crate) struct Outcomes {
    outcomes: [Outcome; 3],
    count: usize,
}

impl core::ops::Deref for Outcomes {
    type Target = [Outcome];

    fn deref(&self) -> &[Outcome] {
        &self.outcomes[..self.count]
    }
}

impl Outcomes {
    /// Expected Fisher information about u: Σ_o P_o′² / P_o.
    pub fn information(&self) -> f64 {
        self.iter().map(|outcome| outcome.probability * outcome.slope * outcome.slope).sum()
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

/// log softmax(u), without overflow.
pub(crate) fn log_softmax(mut utilities: Vec<f64>) -> Vec<f64> {
    let log_sum = log_sum_exp(&utilities);
    for utility in &mut utilities {
        *utility -= log_sum;
    }
    utilities
}

/// log Σ e^x, without overflow.
pub(crate) fn log_sum_exp(logs: &[f64]) -> f64 {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    most + libm::log(logs.iter().map(|log| libm::exp(log - most)).sum())
}

/// 1 − e^{−2δ}. A tie's (e^{2δ}−1)·σ(u−δ)·σ(−u−δ) is (1 − e^{−2δ})·σ(δ−u)·σ(δ+u), where nothing can overflow and no
/// digits are lost, as they would be in the difference of the other two.
fn tie_factor(indifference: f64) -> f64 {
    -libm::expm1(-2.0 * indifference)
}

/// Something observed about a person, reduced to what its likelihood needs.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// One of two candidates was preferred, or neither.
    Pair {
        /// z = φ₁ − φ₂, d numbers.
        difference: Vec<f64>,
        /// A third outcome, "about the same", was possible.
        tie: bool,
        /// 0: the first, 1: the second, 2: a tie.
        outcome: usize,
    },
    /// One of three or more candidates was chosen.
    Choice {
        /// φ of each candidate shown, d numbers each.
        scores: Vec<Vec<f64>>,
        /// Which, from 0.
        chose: usize,
    },
    /// A Gaussian observation of one weight: what a person says of themselves.
    Statement {
        /// Which dimension, from 0.
        dimension: usize,
        /// The weight that was stated.
        weight: f64,
        /// Its standard deviation, above 0.
        sd: f64,
    },
}

impl Evidence {
    /// What `answer` to a question that showed candidates of these `scores` tells under `model`; `None` where it tells
    /// nothing: a skip, a tie between more than two, a tie that the model has no room for.
    ///
    /// # Errors
    /// A [`Flaw`] whose path is empty where the answer was not on offer or chose a candidate that is not there.
    pub fn from_answer(
        model: &AnswerModel,
        scores: &[Vec<f64>],
        offered: Offered,
        answer: Answer,
    ) -> Result<Option<Evidence>, Flaw> {
        if !offered.allows(answer) {
            return Err(Flaw::new("", "this answer was not on offer"));
        }
        if let Answer::Chose(chose) = answer
            && chose >= scores.len()
        {
            return Err(Flaw::new("", "the chosen candidate was not shown"));
        }
        let [first, second] = scores else {
            return Ok(match answer {
                Answer::Chose(chose) => Some(Evidence::Choice { scores: scores.to_vec(), chose }),
                Answer::Tie | Answer::Neither | Answer::Skip => None,
            });
        };
        let tie = model.has_tie(offered.tie || offered.neither);
        let outcome = match answer {
            Answer::Chose(chose) => chose,
            Answer::Tie | Answer::Neither if tie => 2,
            Answer::Tie | Answer::Neither | Answer::Skip => return Ok(None),
        };
        Ok(Some(Evidence::Pair { difference: plus(first, -1.0, second), tie, outcome }))
    }
}
