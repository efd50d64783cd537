//! One person's taste: a reward for each candidate.

use crate::world::{SCORE_VARIANCE, WorldOptions, draw_candidate};
use leaning::numeric::Random;
use nalgebra::{DVector, DVectorView};
use std::f64::consts::SQRT_2;

/// People, with a pair each, over whom rewards without a closed form are scaled. The scale is right
/// to about a hundredth.
const SCALING_SAMPLES: usize = 20_000;

/// Kinds of tastes that are not linear.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    Threshold,
    IdealPoint,
    Interaction,
}

impl Shape {
    /// Draws the taste of one person.
    pub fn draw(self, dimensions: usize, scale: f64, random: &mut Random) -> Taste {
        let score_sd = SCORE_VARIANCE.sqrt();
        match self {
            Shape::Threshold => Taste::Threshold {
                weights: scale * random.normals(dimensions),
                thresholds: score_sd * random.normals(dimensions),
            },
            Shape::IdealPoint => Taste::IdealPoint {
                strengths: random.normals(dimensions).map(|x| scale * x * x),
                ideals: score_sd * random.normals(dimensions),
            },
            Shape::Interaction => {
                let weights = scale * random.normals(dimensions);
                let mut order: Vec<usize> = (0..dimensions).collect();
                random.shuffle(&mut order);
                // Differences of φ_j φ_k have half the variance of differences of φ_j.
                let sd = scale * SQRT_2;
                let interaction = |pair: &[usize]| Interaction {
                    j: pair[0],
                    k: pair[1],
                    weight: sd * random.normal(),
                };
                let interactions = order.chunks_exact(2).map(interaction).collect();
                Taste::Interaction {
                    weights,
                    interactions,
                }
            }
        }
    }

    /// E[(r(φ₁) − r(φ₂))²] over people and pairs, before scaling.
    pub fn mean_square(self, options: &WorldOptions, random: &mut Random) -> f64 {
        let mut sum = 0.0;
        for _ in 0..SCALING_SAMPLES {
            let taste = self.draw(options.dimensions, 1.0, random);
            let mut reward = || taste.reward(draw_candidate(options, random).as_view());
            let difference = reward() - reward();
            sum += difference * difference;
        }
        sum / SCALING_SAMPLES as f64
    }
}

/// One person's taste.
#[derive(Debug, Clone)]
pub(crate) enum Taste {
    /// Σ w_j φ_j.
    Linear(DVector<f64>),
    /// Σ w_j·(φ_j > t_j).
    Threshold {
        weights: DVector<f64>,
        thresholds: DVector<f64>,
    },
    /// −Σ a_j (φ_j − c_j)².
    IdealPoint {
        strengths: DVector<f64>,
        ideals: DVector<f64>,
    },
    /// Σ w_j φ_j + Σ v_jk φ_j φ_k.
    Interaction {
        weights: DVector<f64>,
        interactions: Vec<Interaction>,
    },
}

/// v_jk φ_j φ_k.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Interaction {
    j: usize,
    k: usize,
    weight: f64,
}

impl Taste {
    /// The reward for a candidate of these scores, d numbers.
    pub fn reward(&self, scores: DVectorView<f64>) -> f64 {
        match self {
            Taste::Linear(weights) => weights.dot(&scores),
            Taste::Threshold {
                weights,
                thresholds,
            } => {
                let over = scores.zip_map(
                    thresholds,
                    |score, threshold| {
                        if score > threshold { 1.0 } else { 0.0 }
                    },
                );
                weights.dot(&over)
            }
            Taste::IdealPoint { strengths, ideals } => {
                let away = scores - ideals;
                -strengths.dot(&away.component_mul(&away))
            }
            Taste::Interaction {
                weights,
                interactions,
            } => {
                let product = |of: &Interaction| of.weight * scores[of.j] * scores[of.k];
                weights.dot(&scores) + interactions.iter().map(product).sum::<f64>()
            }
        }
    }

    /// The numbers that drift.
    pub fn drifting(&mut self) -> &mut DVector<f64> {
        match self {
            Taste::Linear(weights)
            | Taste::Threshold { weights, .. }
            | Taste::Interaction { weights, .. } => weights,
            Taste::IdealPoint { ideals, .. } => ideals,
        }
    }
}
