//! The profile: everything a person is told about themselves.

pub mod archetype;
pub mod person_fit;
pub mod standing;
pub mod what_if;

pub use archetype::NearestArchetype;
pub use person_fit::{PersonFitFinding, PersonFitKind};
pub use standing::{Standing, Strength};
pub use what_if::{WhatIf, WhatIfExample};

use crate::inference::{LaplaceApproximation, PosteriorSamples};
use crate::model::Deck;

/// The probability with which an interval of a profile holds the weight.
pub const INTERVAL_LEVEL: f64 = 0.9;

/// Probabilities of direction from which confidence is high, or at least moderate.
const HIGH: f64 = 0.95;
const MODERATE: f64 = 0.8;

/// Standard deviations of the prior that a picture of a weight has to cover.
const AXIS_REACH: f64 = 2.5;

/// The weights of a person, for the person.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// One per dimension, in the deck's order.
    pub dimensions: Vec<DimensionEstimate>,
    /// Number of answers that it is based on, without skips.
    pub answers: usize,
    /// The limit of a picture's axis to either side: weight × RMS difference of nearly everybody
    /// lies within ± this, by the deck's prior. It does not change with the answers.
    pub axis_limit: f64,
    /// Answers that do not look like the model's, the least probable first. Usually none.
    pub person_fit: Vec<PersonFitFinding>,
}

/// The estimate of one weight.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionEstimate {
    /// The weight at the mean of the Laplace approximation. Positive weights lean to the
    /// dimension's `high` end.
    pub mean: f64,
    /// Posterior standard deviation of the weight.
    pub sd: f64,
    /// Central interval that holds the weight with probability [`INTERVAL_LEVEL`].
    pub interval: (f64, f64),
    /// The end to which the weight more probably leans.
    pub direction: Direction,
    /// The probability that it leans to that end: at least 0.5.
    pub probability_of_direction: f64,
    /// How much that probability allows to say.
    pub confidence: Confidence,
    /// The statement that the belief allows about where the person stands.
    pub standing: Standing,
    /// How much the dimension matters, if the estimate is right; for a liking for the middle, how
    /// much the middle matters.
    pub strength: Strength,
    /// Root mean square score difference in the deck. weight × RMS difference is the dimension's
    /// typical contribution to the reward difference of two candidates, and can be compared across
    /// dimensions.
    pub rms_difference: f64,
    /// The liking for the middle, as far as it is known. `None` if the dimension is not curved.
    pub middle: Option<Middle>,
}

/// A liking for the middle of a dimension, neither end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Middle {
    /// The probability that the reward has its peak between the scores within which the middle four
    /// fifths of the deck's candidates lie.
    pub probability: f64,
    /// The score at the peak: the mean over those weights for which it lies there, or that range's
    /// middle if it never does.
    pub ideal: f64,
}

/// An end of a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The end of low scores.
    Low,
    /// The end of high scores.
    High,
}

impl Direction {
    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Low => "low",
            Direction::High => "high",
        }
    }
}

/// How much can be said about the direction of a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// The direction is clear: a probability of at least 0.95.
    High,
    /// The direction is worth telling: at least 0.8.
    Moderate,
    /// Nothing can be said yet.
    Low,
}

impl Confidence {
    /// The confidence that a probability of direction allows.
    pub fn of(probability_of_direction: f64) -> Self {
        match probability_of_direction {
            HIGH.. => Confidence::High,
            MODERATE.. => Confidence::Moderate,
            _ => Confidence::Low,
        }
    }

    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::High => "high",
            Confidence::Moderate => "moderate",
            Confidence::Low => "low",
        }
    }
}

impl Profile {
    pub(crate) fn new(
        deck: &Deck,
        laplace: &LaplaceApproximation,
        samples: &PosteriorSamples,
        answers: usize,
        person_fit: Vec<PersonFitFinding>,
    ) -> Self {
        let axis_limit = axis_limit(deck);
        let estimate = |j: usize| {
            let positive = samples.probability_weight_positive(j);
            let (direction, probability_of_direction) = if positive < 0.5 {
                (Direction::Low, 1.0 - positive)
            } else {
                (Direction::High, positive)
            };
            let confidence = Confidence::of(probability_of_direction);
            let middle = middle(deck, samples, j);
            let rms_difference = deck.rms_differences()[j];
            let square = deck.features().square_place(j);
            let effect = |place: usize| {
                let (low, high) = samples.interval(place, INTERVAL_LEVEL);
                (low * rms_difference, high * rms_difference)
            };
            let standing = Standing::of(&standing::Estimate {
                confidence,
                middle,
                effects: &[j]
                    .into_iter()
                    .chain(square)
                    .map(effect)
                    .collect::<Vec<_>>(),
                axis_limit,
            });
            let weight = match (standing, square) {
                (Standing::Middle, Some(square)) => laplace.mean()[square],
                _ => laplace.mean()[j],
            };
            DimensionEstimate {
                mean: laplace.mean()[j],
                sd: samples.weight_moments(j).1,
                interval: samples.interval(j, INTERVAL_LEVEL),
                direction,
                probability_of_direction,
                confidence,
                standing,
                strength: Strength::of(weight * rms_difference, axis_limit),
                rms_difference,
                middle,
            }
        };
        let d = deck.dimensions().len();
        let dimensions = (0..d).map(estimate).collect();
        Profile {
            dimensions,
            answers,
            axis_limit,
            person_fit,
        }
    }
}

fn middle(deck: &Deck, samples: &PosteriorSamples, dimension: usize) -> Option<Middle> {
    let curves = deck.features().curves();
    let place = curves
        .iter()
        .position(|curve| curve.dimension == dimension)?;
    let (curve, square) = (curves[place], deck.dimensions().len() + place);
    let (low, high) = curve.middle;
    let (mut sum, mut probability) = (0.0, 0.0);
    for (weights, share) in samples.weights().row_iter().zip(samples.probabilities()) {
        if let Some(peak) = curve.peak_in_middle(weights[dimension], weights[square]) {
            sum += share * peak;
            probability += share;
        }
    }
    Some(Middle {
        probability: probability.min(1.0),
        ideal: if probability > 0.0 {
            sum / probability
        } else {
            0.5 * (low + high)
        },
    })
}

fn axis_limit(deck: &Deck) -> f64 {
    let (mean, sd) = (deck.prior().mean(), deck.prior().standard_deviations());
    let reach = |(j, rms): (usize, &f64)| (mean[j].abs() + AXIS_REACH * sd[j]) * rms;
    deck.rms_differences()
        .iter()
        .enumerate()
        .map(reach)
        .fold(0.0, f64::max)
}
