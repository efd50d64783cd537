//! Acquisition scores: how much is expected from asking about a pair. One function each; the higher the better.
//!
//! All take the Gaussian belief about the pair's reward difference, u ~ N(`mean`, `variance`).

use crate::answer::AnswerModel;

/// The quadrature over N(mean, variance): the trapezoid rule on ±5 standard deviations, which for smooth integrands
/// converges faster than any power of the step.
const REACH: f64 = 5.0;
/// Nodes to either side of the mean, for beliefs that are narrow or extremely wide. In between there is a node for
/// each unit of reward, since that is how sharply the probabilities bend.
const NODES: (f64, f64) = (20.0, 500.0);

/// D-optimal: log(1 + I·v), twice the expected gain in the log determinant of the precision, with I the answer's
/// Fisher information at the mean. In nats.
pub fn d_optimal(model: &AnswerModel, tie: bool, mean: f64, variance: f64) -> f64 {
    libm::log1p(model.pair(mean, tie).information() * variance)
}

/// Information gain (BALD, Houlsby et al. 2011): H(E P) − E H(P), the mutual information of the answer and the
/// weights, by one-dimensional quadrature. In bits.
pub fn information_gain(model: &AnswerModel, tie: bool, mean: f64, variance: f64) -> f64 {
    let deviation = libm::sqrt(variance);
    let nodes = libm::ceil((REACH * deviation).clamp(NODES.0, NODES.1)) as i32;
    let (mut total, mut expected, mut entropy) = (0.0, [0.0; 3], 0.0);
    for node in -nodes..=nodes {
        let x = REACH * f64::from(node) / f64::from(nodes);
        let weight = libm::exp(-0.5 * x * x);
        total += weight;
        let outcomes = model.pair(mean + deviation * x, tie);
        for (sum, outcome) in expected.iter_mut().zip(outcomes.iter()) {
            *sum += weight * outcome.probability;
            // p·log p → 0 as p → 0; the product of 0 and −∞ would be NaN.
            if outcome.probability > 0.0 {
                entropy -= weight * outcome.probability * libm::log(outcome.probability);
            }
        }
    }
    let entropy_of_expected: f64 =
        expected.iter().map(|sum| sum / total).filter(|&p| p > 0.0).map(|p| -p * libm::log(p)).sum();
    // Rounding can leave a hair below zero where there is nothing to learn.
    ((entropy_of_expected - entropy / total) / core::f64::consts::LN_2).max(0.0)
}
