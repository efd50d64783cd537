//! Estimates of means over people.

use super::table::Cell;
use serde::Serialize;

/// A mean over people, and its standard error, which is NaN for a single person. Both are NaN for
/// nobody.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    pub mean: f64,
    pub error: f64,
}

impl Estimate {
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.into_iter().collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values
            .iter()
            .map(|value| (value - mean) * (value - mean))
            .sum();
        Estimate {
            mean,
            error: (squares / (count - 1.0) / count).sqrt(),
        }
    }
}

impl From<Estimate> for Cell {
    fn from(estimate: Estimate) -> Self {
        Cell::Figure {
            value: estimate.mean,
            error: Some(estimate.error),
        }
    }
}
