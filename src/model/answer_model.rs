//! The answer model: how likely each answer is.
//!
//! With u_k = λᵀφ_k for the K candidates shown, lapse rate ε and band of indifference δ:
//!
//! - chose k of K: P = (1−ε)·softmax(u)_k + ε/K; for K = 2 without a tie on offer this is
//!   (1−ε)·σ(u₁−u₂) + ε/2;
//! - two shown, tie on offer: first (1−ε)·σ(u−δ) + ε/3, second (1−ε)·σ(−u−δ) + ε/3,
//!   tie (1−ε)·(e^{2δ}−1)·σ(u−δ)·σ(−u−δ) + ε/3, with u = u₁−u₂ (Rao & Kupper 1967, with a lapse);
//! - two shown, much or slightly better: an [`OrdinalScale`] of u with the cuts ±δ, or 0 without a
//!   tie, and ±γ;
//! - a rating, 1 to n: an [`OrdinalScale`] of b + λᵀ(φ − φ̄) with the cuts s·ln(l / (n − l)), where φ̄ is
//!   what candidates are compared with, and b ~ N(0, τ²) the person's own leniency;
//! - the best and the worst of K: a softmax of u_b − u_w over all ordered pairs (Marley & Louviere
//!   2005);
//! - an order: Plackett and Luce's, see [`super::ranking`].

use super::answer::{AnswerKind, Offered};
use super::ordinal::OrdinalScale;
use super::ranking::{Ranking, full_order_probabilities, probability_of_orders};
use crate::error::{Error, Flaw};
use crate::numeric::{log_softmax, log_sum_exp};

/// The largest magnitude of any number from outside. Its square is far from overflow.
pub const MAX_MAGNITUDE: f64 = 1e100;
/// The largest standard deviation of leniency, in units of reward. Beyond, ratings are nothing but leniency, and
/// rounding errors are larger than what they tell.
pub(crate) const MAX_LENIENCY: f64 = 1e6;

/// How people answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnswerModel {
    lapse: f64,
    indifference: f64,
    much: f64,
    spread: f64,
    leniency: f64,
    neither_rejects: bool,
}

impl Default for AnswerModel {
    /// ε = 0.02, δ = 0.5, γ = 2, s = 1.4, τ = 1.
    fn default() -> Self {
        AnswerModel::of(0.02, 0.5)
    }
}

impl AnswerModel {
    /// Bradley and Terry's model: no lapses and no ties.
    pub const BRADLEY_TERRY: AnswerModel = AnswerModel {
        lapse: 0.0,
        indifference: 0.0,
        much: 2.0,
        spread: 1.4,
        leniency: 1.0,
        neither_rejects: false,
    };

    /// The model with numbers that are known to be in range.
    fn of(lapse: f64, indifference: f64) -> Self {
        AnswerModel {
            lapse,
            indifference,
            much: (2.0 * indifference).max(2.0),
            ..AnswerModel::BRADLEY_TERRY
        }
    }

    /// The model with lapse rate `lapse` (the probability of a slip of the finger, 0 ≤ ε < 1) and
    /// band of indifference `indifference` (0 ≤ δ ≤ 1e100, in units of reward).
    ///
    /// # Errors
    /// [`Error::Model`] outside these ranges.
    pub fn new(lapse: f64, indifference: f64) -> Result<Self, Error> {
        if !(0.0..1.0).contains(&lapse) {
            return wrong("lapse", "expected a probability of at least 0 and below 1");
        }
        if !(0.0..=MAX_MAGNITUDE).contains(&indifference) {
            return wrong("indifference", "expected a number of at least 0");
        }
        Ok(AnswerModel::of(lapse, indifference))
    }

    /// The same with the reward difference γ from which "much better" is likelier than "slightly
    /// better". 2, or twice the band of indifference if that is more, unless it is set.
    ///
    /// # Errors
    /// [`Error::Model`] unless δ < γ ≤ 1e100.
    pub fn with_much(self, much: f64) -> Result<Self, Error> {
        if much > self.indifference && much <= MAX_MAGNITUDE {
            Ok(AnswerModel { much, ..self })
        } else {
            wrong("much", "expected a number above the band of indifference")
        }
    }

    /// The same with the spread s > 0 of the cuts between the levels of a rating and the standard
    /// deviation τ ≥ 0 of people's leniency, both in units of reward.
    ///
    /// # Errors
    /// [`Error::Model`] outside these ranges.
    pub fn with_ratings(self, spread: f64, leniency: f64) -> Result<Self, Error> {
        if !(spread > 0.0 && spread <= MAX_MAGNITUDE) {
            return wrong("spread", "expected a number above 0");
        }
        if !(0.0..=MAX_LENIENCY).contains(&leniency) {
            return wrong("leniency", "expected a number from 0 to 1,000,000");
        }
        Ok(AnswerModel {
            spread,
            leniency,
            ..self
        })
    }

    /// The same in which "neither" rejects each candidate shown: it counts as a rating in the lower
    /// half of the scale. Otherwise it counts as a tie.
    #[must_use]
    pub fn with_rejection(self) -> Self {
        AnswerModel {
            neither_rejects: true,
            ..self
        }
    }

    /// ε, the probability that an answer is a slip of the finger.
    pub fn lapse(&self) -> f64 {
        self.lapse
    }

    /// δ: rewards closer than about this are "about the same".
    pub fn indifference(&self) -> f64 {
        self.indifference
    }

    /// γ: rewards that differ by more than about this are "much better".
    pub fn much(&self) -> f64 {
        self.much
    }

    /// s: the spread of the cuts between the levels of a rating.
    pub fn spread(&self) -> f64 {
        self.spread
    }

    /// τ: the standard deviation of people's leniency.
    pub fn leniency(&self) -> f64 {
        self.leniency
    }

    /// Whether "neither" rejects each candidate shown, instead of counting as a tie.
    pub fn neither_rejects(&self) -> bool {
        self.neither_rejects
    }

    /// The answers that a question of this kind offers under this model. Between two, a tie is among
    /// them if δ > 0.
    pub fn offered(&self, kind: AnswerKind) -> Offered {
        Offered {
            kind,
            tie: self.indifference > 0.0 && matches!(kind, AnswerKind::Choice | AnswerKind::Graded),
            neither: !matches!(kind, AnswerKind::Rating { .. }),
            skip: true,
        }
    }

    /// Whether a pair has the outcome "tie" if one is offered.
    pub fn has_tie(&self, offered: bool) -> bool {
        offered && self.indifference > 0.0
    }

    /// The outcomes of a pair by the reward difference of the first from the second: second, perhaps
    /// tie, first.
    pub fn pair_scale(&self, tie: bool) -> OrdinalScale {
        if self.has_tie(tie) {
            OrdinalScale::new(&[-self.indifference, self.indifference], self.lapse)
        } else {
            OrdinalScale::new(&[0.0], self.lapse)
        }
    }

    /// The outcomes of a graded pair by the reward difference of the first from the second: second
    /// much, second slightly, perhaps tie, first slightly, first much.
    pub fn graded_scale(&self, tie: bool) -> OrdinalScale {
        let (band, much) = (self.indifference, self.much);
        if self.has_tie(tie) {
            OrdinalScale::new(&[-much, -band, band, much], self.lapse)
        } else {
            OrdinalScale::new(&[-much, 0.0, much], self.lapse)
        }
    }

    /// The levels of a rating, 2 to 11 of them, by b + λᵀ(φ − φ̄).
    pub fn rating_scale(&self, of: usize) -> OrdinalScale {
        let cut = |below: usize| self.spread * libm::log(below as f64 / (of - below) as f64);
        OrdinalScale::new(&(1..of).map(cut).collect::<Vec<_>>(), self.lapse)
    }

    /// The outcomes of a question about one or two candidates, the first of which is the higher end.
    pub fn scale(&self, offered: Offered) -> OrdinalScale {
        let tie = offered.tie || offered.neither && !self.neither_rejects;
        match offered.kind {
            AnswerKind::Rating { of } => self.rating_scale(of),
            AnswerKind::Graded => self.graded_scale(tie),
            AnswerKind::Choice | AnswerKind::BestWorst | AnswerKind::Order => self.pair_scale(tie),
        }
    }

    /// P(first), P(second) and, if a tie is offered and δ > 0, P(tie), for two candidates whose
    /// rewards differ by `u`.
    pub fn pair_probabilities(&self, u: f64, tie: bool) -> Vec<f64> {
        match self.pair_scale(tie).outcomes(u)[..] {
            [second, tie, first] => vec![first.probability, second.probability, tie.probability],
            [second, first] => vec![first.probability, second.probability],
            _ => Vec::new(),
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

    /// P of each order that somebody could have given who says as much as `ranking`, in the order of
    /// [`Ranking::alternatives`].
    pub fn order_probabilities(&self, rewards: &[f64], ranking: &Ranking) -> Vec<f64> {
        let alternatives = ranking.alternatives();
        let probability = |other: &Ranking| {
            self.order_probability(rewards, &other.full_orders(), alternatives.len())
        };
        alternatives.iter().map(probability).collect()
    }

    /// P of one of `outcomes` orders that somebody could have given, with which these full orders
    /// agree.
    pub(crate) fn order_probability(
        &self,
        rewards: &[f64],
        full_orders: &[&[usize]],
        outcomes: usize,
    ) -> f64 {
        let meant = probability_of_orders(rewards, full_orders);
        self.with_lapse(meant, outcomes).0
    }

    /// Fills `probabilities` with P of each full order of K candidates, 2 to 4, with these rewards: K!
    /// numbers, of orders in lexical order. For loops that should not allocate.
    pub(crate) fn full_order_probabilities(&self, rewards: &[f64], probabilities: &mut [f64]) {
        full_order_probabilities(rewards, probabilities);
        let orders = probabilities.len();
        for probability in probabilities {
            *probability = self.with_lapse(*probability, orders).0;
        }
    }

    /// log P of an order of candidates with these rewards.
    pub(crate) fn order_log_probability(&self, rewards: &[f64], ranking: &Ranking) -> f64 {
        if self.lapse == 0.0 {
            // Exact however small P is.
            return ranking.log_probability(rewards);
        }
        libm::log(self.order_probability(rewards, &ranking.full_orders(), ranking.outcomes()))
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

fn wrong<T>(path: &str, message: &str) -> Result<T, Error> {
    Err(Error::Model(Flaw::new(path, message)))
}
