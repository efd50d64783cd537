//! Where a person stands on a dimension, and how much it matters to them.
//!
//! Certainty and strength are two things: one can be sure of a slight preference, and guess at a
//! strong one. The strength is measured in shares of the axis limit, which is the same for all
//! dimensions and comes from the prior alone.

use super::{Confidence, Middle};

/// The probability of a liking for the middle from which it is told: as for a direction.
const MIDDLE: f64 = 0.8;
/// weight × RMS difference within this share of the axis limit matters little.
const LITTLE: f64 = 0.2;
/// From this share on it is strong.
const STRONG: f64 = 0.5;

/// The statement that the belief allows about where a person stands on a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Towards one end: its probability is at least 0.8.
    Leans,
    /// In the middle of a curved dimension: the probability of liking it is at least 0.8.
    Middle,
    /// No strong preference: 90% intervals of weight × RMS difference lie within ± a fifth of the
    /// axis limit.
    Indifferent,
    /// It is too early to say.
    Open,
}

/// How much a dimension matters, if the estimate is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// |weight × RMS difference| is below a fifth of the axis limit.
    Slight,
    /// It is below half of it.
    Fair,
    /// It is more.
    Strong,
}

/// The estimate of a dimension, as far as its standing depends on it. A curved dimension has two
/// weights, that of the score and that of its square.
pub(super) struct Estimate<'a> {
    pub confidence: Confidence,
    pub middle: Option<Middle>,
    /// The interval of each weight × RMS difference.
    pub effects: &'a [(f64, f64)],
    pub axis_limit: f64,
}

impl Standing {
    /// Not caring comes first: a lean that hardly matters is none.
    pub(super) fn of(estimate: &Estimate) -> Self {
        let band = LITTLE * estimate.axis_limit;
        let is_little = |&(low, high): &(f64, f64)| -band <= low && high <= band;
        // A dimension that does not vary in the deck has no effect, but nobody was asked about it.
        let varies = estimate.effects.iter().any(|effect| *effect != (0.0, 0.0));
        if varies && estimate.effects.iter().all(is_little) {
            return Standing::Indifferent;
        }
        match (estimate.middle, estimate.confidence) {
            (Some(middle), _) if middle.probability >= MIDDLE => Standing::Middle,
            (_, Confidence::High | Confidence::Moderate) if varies => Standing::Leans,
            _ => Standing::Open,
        }
    }

    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Leans => "leans",
            Standing::Middle => "middle",
            Standing::Indifferent => "indifferent",
            Standing::Open => "open",
        }
    }
}

impl Strength {
    /// The strength of a weight × RMS difference.
    pub(super) fn of(effect: f64, axis_limit: f64) -> Self {
        let share = effect.abs() / axis_limit;
        if share >= STRONG {
            Strength::Strong
        } else if share >= LITTLE {
            Strength::Fair
        } else {
            Strength::Slight
        }
    }

    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Strength::Slight => "slight",
            Strength::Fair => "fair",
            Strength::Strong => "strong",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(confidence: Confidence, middle: Option<f64>, effects: &[(f64, f64)]) -> Standing {
        Standing::of(&Estimate {
            confidence,
            middle: middle.map(|probability| Middle {
                probability,
                ideal: 0.0,
            }),
            effects,
            axis_limit: 2.0,
        })
    }

    #[test]
    fn a_clear_direction_leans_unless_it_hardly_matters() {
        assert_eq!(
            standing(Confidence::High, None, &[(0.1, 1.0)]),
            Standing::Leans
        );
        assert_eq!(
            standing(Confidence::Moderate, None, &[(-0.1, 1.0)]),
            Standing::Leans
        );
        assert_eq!(
            standing(Confidence::High, None, &[(0.1, 0.4)]),
            Standing::Indifferent
        );
    }

    #[test]
    fn an_unclear_direction_is_open_unless_the_interval_is_narrow() {
        assert_eq!(
            standing(Confidence::Low, None, &[(-0.41, 0.3)]),
            Standing::Open
        );
        assert_eq!(
            standing(Confidence::Low, None, &[(-0.4, 0.4)]),
            Standing::Indifferent
        );
    }

    #[test]
    fn a_curved_dimension_is_indifferent_only_if_its_square_hardly_matters_either() {
        let narrow = (-0.2, 0.2);
        let middle =
            |square, probability| standing(Confidence::Low, Some(probability), &[narrow, square]);
        assert_eq!(middle((-0.3, 0.1), 0.9), Standing::Indifferent);
        assert_eq!(middle((-2.0, -0.5), 0.9), Standing::Middle);
        assert_eq!(middle((-2.0, 0.5), 0.79), Standing::Open);
    }

    #[test]
    fn nothing_is_said_about_a_dimension_that_does_not_vary() {
        assert_eq!(
            standing(Confidence::High, None, &[(0.0, 0.0)]),
            Standing::Open
        );
    }

    #[test]
    fn strength_is_a_share_of_the_axis_limit() {
        let names =
            [0.0, 0.39, -0.4, 0.99, -1.0, 3.0].map(|effect| Strength::of(effect, 2.0).name());
        assert_eq!(
            names,
            ["slight", "slight", "fair", "fair", "strong", "strong"]
        );
        // A deck whose scores never vary has an axis of no length.
        assert_eq!(Strength::of(0.0, 0.0), Strength::Slight);
    }
}
