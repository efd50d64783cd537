//! What one person likes: a reward for each candidate.

use super::world::{SCORE_VARIANCE, WorldOptions, draw_candidate};
use crate::linear::{dot, plus};
use crate::math;
use crate::random::Random;
use alloc::vec::Vec;

/// Rewards without a closed form are scaled by so many people with a pair each: to a hundredth or so.
const SCALING_DRAWS: usize = 20_000;

/// Rewards that are not linear.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Threshold,
    IdealPoint,
    Interaction,
}

impl Shape {
    pub fn draw(self, dimensions: usize, scale: f64, random: &mut Random) -> Taste {
        let mut scaled =
            |sd: f64| -> Vec<f64> { random.normals(dimensions).iter().map(|number| sd * number).collect() };
        let like_scores = math::sqrt(SCORE_VARIANCE);
        match self {
            Shape::Threshold => Taste::Threshold { weights: scaled(scale), thresholds: scaled(like_scores) },
            Shape::IdealPoint => {
                let strengths = scaled(1.0).iter().map(|number| scale * number * number).collect();
                Taste::IdealPoint { strengths, ideals: scaled(like_scores) }
            }
            Shape::Interaction => {
                let weights = scaled(scale);
                let mut order: Vec<usize> = (0..dimensions).collect();
                random.shuffle(&mut order);
                // Differences of φ_j φ_k have half the variance of differences of φ_j.
                let sd = scale * core::f64::consts::SQRT_2;
                let interaction = |pair: &[usize]| (pair[0], pair[1], sd * random.normal());
                Taste::Interaction { weights, interactions: order.chunks_exact(2).map(interaction).collect() }
            }
        }
    }

    /// E[(r(φ₁) − r(φ₂))²] over people and pairs, before scaling.
    pub fn mean_square(self, options: &WorldOptions, random: &mut Random) -> f64 {
        let mut sum = 0.0;
        for _ in 0..SCALING_DRAWS {
            let taste = self.draw(options.dimensions, 1.0, random);
            let mut reward = || taste.reward(&draw_candidate(options, random));
            let difference = reward() - reward();
            sum += difference * difference;
        }
        sum / SCALING_DRAWS as f64
    }
}

/// What one person likes.
#[derive(Debug, Clone)]
pub(super) enum Taste {
    Linear(Vec<f64>),
    Threshold { weights: Vec<f64>, thresholds: Vec<f64> },
    IdealPoint { strengths: Vec<f64>, ideals: Vec<f64> },
    Interaction { weights: Vec<f64>, interactions: Vec<(usize, usize, f64)> },
}

impl Taste {
    pub fn reward(&self, scores: &[f64]) -> f64 {
        match self {
            Taste::Linear(weights) => dot(weights, scores),
            Taste::Threshold { weights, thresholds } => {
                let over = scores.iter().zip(thresholds).map(|(score, threshold)| score > threshold);
                over.zip(weights).map(|(over, weight)| if over { *weight } else { 0.0 }).sum()
            }
            Taste::IdealPoint { strengths, ideals } => {
                let away = plus(scores, -1.0, ideals);
                -away.iter().zip(strengths).map(|(away, strength)| strength * away * away).sum::<f64>()
            }
            Taste::Interaction { weights, interactions } => {
                let both = interactions.iter().map(|&(j, k, weight)| weight * scores[j] * scores[k]);
                dot(weights, scores) + both.sum::<f64>()
            }
        }
    }

    /// The numbers that drift.
    pub fn moving(&mut self) -> &mut [f64] {
        match self {
            Taste::Linear(weights) | Taste::Threshold { weights, .. } | Taste::Interaction { weights, .. } => weights,
            Taste::IdealPoint { ideals, .. } => ideals,
        }
    }
}
