//! Acquisition scores: how much is expected from asking about a pair. One function each; the higher the better.
//!
//! They take what the belief says of the pair's reward difference u = λᵀz: its mean mᵀz, its variance v = zᵀSz, and
//! where they aim at something beyond the answer itself also how far the answer would move the weights, Sz. I is the
//! Fisher information about u of the answer at the mean: p(1−p) for a plain pair, and what the answer model says it is
//! with ties or a lapse.

use crate::answer::AnswerModel;
use crate::belief::{Part, Projection};
use crate::linear::dot;
use crate::list::List;
use crate::math;
use alloc::vec::Vec;

/// The quadrature over N(mean, variance): the trapezoid rule on ±5 standard deviations, which for smooth integrands
/// converges faster than any power of the step.
const REACH: f64 = 5.0;
/// Nodes to either side of the mean, for beliefs that are narrow or extremely wide. In between there is a node for
/// each unit of reward, since that is how sharply the probabilities bend.
const NODES: (f64, f64) = (20.0, 500.0);

/// The nodes of the quadrature over N(0, variance), and their weights; these always sum to about the same.
fn nodes(variance: f64) -> impl Iterator<Item = (f64, f64)> {
    let deviation = math::sqrt(variance);
    let count = libm::ceil((REACH * deviation).clamp(NODES.0, NODES.1)) as i32;
    (-count..=count).map(move |node| {
        let x = REACH * f64::from(node) / f64::from(count);
        (deviation * x, libm::exp(-0.5 * x * x) / f64::from(count))
    })
}

/// Margin (uncertainty) sampling (Lewis & Gale 1994): −|p − ½|, with ties −|P(first) − P(second)| / 2.
pub fn margin(model: &AnswerModel, tie: bool, mean: f64) -> f64 {
    let outcomes = model.pair(mean, tie);
    -0.5 * (outcomes[0].probability - outcomes[1].probability).abs()
}

/// [`margin`] for whoever also knows the variance.
pub(crate) fn margin_at(model: &AnswerModel, tie: bool, mean: f64, _variance: f64) -> f64 {
    margin(model, tie, mean)
}

/// D-optimal: log(1 + I·v), twice the expected gain in the log determinant of the precision. In nats.
pub fn d_optimal(model: &AnswerModel, tie: bool, mean: f64, variance: f64) -> f64 {
    libm::log1p(model.pair(mean, tie).information() * variance)
}

/// A-optimal (Schein & Ungar 2007): I·‖Sz‖² / (1 + I·v), by how much the sum of the weights' variances falls.
/// `shift` is Sz, d numbers.
pub fn a_optimal(model: &AnswerModel, tie: bool, mean: f64, variance: f64, shift: &[f64]) -> f64 {
    reduction(model, tie, mean, variance) * dot(shift, shift)
}

/// V-optimal: I·zᵀSASz / (1 + I·v), by how much the mean variance of the reward differences falls whose outer products
/// have the mean A. `shift` is Sz and `aimed` is ASz, d numbers each.
pub fn v_optimal(model: &AnswerModel, tie: bool, mean: f64, variance: f64, shift: &[f64], aimed: &[f64]) -> f64 {
    reduction(model, tie, mean, variance) * dot(shift, aimed)
}

/// I / (1 + I·v): S falls by this times Sz·(Sz)ᵀ.
fn reduction(model: &AnswerModel, tie: bool, mean: f64, variance: f64) -> f64 {
    let information = model.pair(mean, tie).information();
    information / (1.0 + information * variance)
}

/// Dueling Thompson sampling (Wu & Liu 2016) for a pool of pairs: how far two people who could both be this one, with
/// reward differences `first` and `second`, differ in what they would say: |P(first) − P(second)| between them.
pub fn thompson(model: &AnswerModel, tie: bool, first: f64, second: f64) -> f64 {
    let leaning = |u: f64| {
        let outcomes = model.pair(u, tie);
        outcomes[0].probability - outcomes[1].probability
    };
    0.5 * (leaning(first) - leaning(second)).abs()
}

/// Information gain (BALD, Houlsby et al. 2011): H(E P) − E H(P), the mutual information of the answer and the
/// weights for u ~ N(`mean`, `variance`), by one-dimensional quadrature. In bits.
pub fn information_gain(model: &AnswerModel, tie: bool, mean: f64, variance: f64) -> f64 {
    information_gain_of(model, tie, &Projection(vec![Part { chance: 1.0, mean, variance }]))
}

/// The same where u follows a mixture of Gaussians.
pub(crate) fn information_gain_of(model: &AnswerModel, tie: bool, u: &Projection) -> f64 {
    let mut gain = Gain::new(if tie { 3 } else { 2 });
    for &Part { chance, mean, variance } in &u.0 {
        for (x, weight) in nodes(variance) {
            let outcomes = model.pair(mean + x, tie);
            gain.add(chance * weight, outcomes.iter().map(|outcome| outcome.probability));
        }
    }
    gain.bits()
}

/// The expected Fisher information about u of an answer, for u ~ N(`mean`, `variance`).
pub(crate) fn mean_information(model: &AnswerModel, tie: bool, mean: f64, variance: f64) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (x, weight) in nodes(variance) {
        total += weight;
        sum += weight * model.pair(mean + x, tie).information();
    }
    sum / total
}

/// Information gain of asking which of several candidates is best, over `draws` of the weights; `scores` are those of
/// the candidates, d numbers each. In bits.
pub(crate) fn information_gain_of_choice<'a>(
    model: &AnswerModel,
    draws: impl Iterator<Item = &'a [f64]>,
    scores: &[&[f64]],
) -> f64 {
    let mut gain = Gain::new(scores.len());
    for draw in draws {
        let rewards: Vec<f64> = scores.iter().map(|scores| dot(draw, scores)).list();
        gain.add(1.0, model.choice_probabilities(&rewards).into_iter());
    }
    gain.bits()
}

/// H(E P) − E H(P), summed up over what the weights could be.
struct Gain {
    expected: Vec<f64>,
    entropy: f64,
    total: f64,
}

impl Gain {
    fn new(outcomes: usize) -> Self {
        Gain { expected: vec![0.0; outcomes], entropy: 0.0, total: 0.0 }
    }

    fn add(&mut self, weight: f64, probabilities: impl Iterator<Item = f64>) {
        self.total += weight;
        for (sum, p) in self.expected.iter_mut().zip(probabilities) {
            *sum += weight * p;
            self.entropy += weight * surprise(p);
        }
    }

    fn bits(&self) -> f64 {
        let of_expected: f64 = self.expected.iter().map(|sum| surprise(sum / self.total)).sum();
        // Rounding can leave a hair below zero where there is nothing to learn.
        ((of_expected - self.entropy / self.total) / core::f64::consts::LN_2).max(0.0)
    }
}

/// −p·log p, which goes to 0 with p; the product of 0 and −∞ would be NaN.
fn surprise(p: f64) -> f64 {
    if p > 0.0 { -p * libm::log(p) } else { 0.0 }
}
