//! Half-lives, for people whose taste changes.

use crate::model::Evidence;
use std::f64::consts::LN_2;

/// The weight of each piece of evidence: half for each `half_life` of later answers, in answers. 1
/// for everything without a half-life.
///
/// A statement keeps its weight, since it holds until the person takes it back.
pub fn half_life_weights(evidence: &[Evidence], half_life: Option<f64>) -> Vec<f64> {
    let Some(half_life) = half_life else {
        return vec![1.0; evidence.len()];
    };
    let mut later_answers = 0.0;
    let mut weights: Vec<f64> = Vec::with_capacity(evidence.len());
    for evidence in evidence.iter().rev() {
        if matches!(evidence, Evidence::Statement { .. }) {
            weights.push(1.0);
        } else {
            weights.push(libm::exp(-LN_2 * later_answers / half_life));
            later_answers += 1.0;
        }
    }
    weights.reverse();
    weights
}
