//! How people answer, apart from their taste.

use crate::check::check;
use leaning::{AnswerModel, Error};

/// How people answer, apart from their taste.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// Their own lapse rate, bands and the spread of their leniency. The deck may assume others.
    pub model: AnswerModel,
    /// The probability that they take the first candidate shown without looking, 0 to 1.
    pub left_bias: f64,
    /// Standard deviation of the random step that each weight takes from one answer to the next,
    /// relative to the population's standard deviation of that weight. Under
    /// [`crate::Tastes::IdealPoint`] the ideals take the steps.
    pub drift: f64,
    /// People draw the lines "about the same" and "much better" elsewhere: standard deviation of the
    /// logarithm of the factor that somebody's own lines have beside the model's.
    pub line_spread: f64,
}

impl Default for Habits {
    /// The default answer model, without bias and drift.
    fn default() -> Self {
        Habits {
            model: AnswerModel::default(),
            left_bias: 0.0,
            drift: 0.0,
            line_spread: 0.0,
        }
    }
}

impl Habits {
    /// Fails for numbers out of range.
    ///
    /// # Errors
    /// [`Error::Options`] for a number out of its range.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let is_probability = (0.0..=1.0).contains(&self.left_bias);
        check(is_probability, "left_bias", "expected a number from 0 to 1")?;
        let is_step = self.drift >= 0.0 && self.drift.is_finite();
        check(is_step, "drift", "expected a number of at least 0")?;
        let is_spread = self.line_spread >= 0.0 && self.line_spread.is_finite();
        check(is_spread, "line_spread", "expected a number of at least 0")
    }
}
