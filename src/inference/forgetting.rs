//! Half-lives, for people whose taste changes.

use crate::model::Evidence;
use std::f64::consts::LN_2;

/// The weight of each piece of evidence: half for each `half_life` of later answers, in answers. 1
/// for everything without a half-life.
///
/// A statement keeps its weight, since it holds until the person takes it back. Answers that are
/// summed up have faded among themselves; if they have not, each gets the same part of what they would
/// weigh together.
pub fn half_life_weights(evidence: &[Evidence], half_life: Option<f64>) -> Vec<f64> {
    let Some(half_life) = half_life else {
        return vec![1.0; evidence.len()];
    };
    let mut later_answers = 0.0;
    let mut weights: Vec<f64> = Vec::with_capacity(evidence.len());
    for evidence in evidence.iter().rev() {
        let weight = libm::exp(-LN_2 * later_answers / half_life);
        match evidence {
            Evidence::Statement { .. } => weights.push(1.0),
            Evidence::Summary {
                answers,
                half_life: faded,
                ..
            } => {
                let answers = *answers as f64;
                let share = if faded.is_some() || half_life.is_infinite() {
                    1.0
                } else {
                    // The mean of 2^(−k/h) over k from 0 to answers − 1.
                    libm::expm1(-LN_2 * answers / half_life)
                        / (answers * libm::expm1(-LN_2 / half_life))
                };
                weights.push(weight * share);
                later_answers += answers;
            }
            _ => {
                weights.push(weight);
                later_answers += 1.0;
            }
        }
    }
    weights.reverse();
    weights
}
