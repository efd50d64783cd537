//! The answer model: how likely each answer is.
//!
//! With u_k = λᵀφ_k for the K candidates shown, lapse rate ε and band of indifference δ:
//!
//! - chose k of K: P = (1−ε)·softmax(u)_k + ε/K; for K = 2 without a tie on offer this is
//!   (1−ε)·σ(u₁−u₂) + ε/2;
//! - two shown, tie on offer: first (1−ε)·σ(u−δ) + ε/3, second (1−ε)·σ(−u−δ) + ε/3,
//!   tie (1−ε)·(e^{2δ}−1)·σ(u−δ)·σ(−u−δ) + ε/3, with u = u₁−u₂ (Rao & Kupper 1967, with a lapse).

use super::answer::Offered;
use crate::error::{Error, Flaw};
use crate::numeric::{log_softmax, log_sum_exp};
use std::ops::Deref;

/// The largest magnitude of any number from outside. Its square is far from overflow.
pub const MAX_MAGNITUDE: f64 = 1e100;

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
        let mut probabilities = rewards.to_vec();
        self.rewards_to_probabilities(&mut probabilities);
        probabilities
    }

    /// Replaces the rewards of K candidates by P(chose k), for loops that should not allocate.
    pub(crate) fn rewards_to_probabilities(&self, rewards: &mut [f64]) {
        let (log_sum, count) = (log_sum_exp(rewards), rewards.len());
        for reward in rewards {
            *reward = self.with_lapse(libm::exp(*reward - log_sum), count).0;
        }
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
