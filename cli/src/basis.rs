//! From what is measured of a response to its scores: the linear head that a fitted or built deck carries as `basis`.
//!
//! ```json
//! "basis": { "features": ["price", "style:words"], "mean": [10.0, 80.0], "scale": [2.0, 30.0],
//!            "head": [[0.5, -0.5], [0.0, 1.0]] }
//! ```
//!
//! score_j = Σ_k head\[j\]\[k\] · (x_k − mean_k) / scale_k for the features x of a response. Features whose name begins
//! with [`STYLE`] are measured in its text, the others are columns of the publisher's table. Only differences within a
//! prompt mean anything, so `mean` changes no ranking; it keeps the numbers small.

use crate::failure::Failure;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// What the name of a feature that is measured in the text begins with.
pub const STYLE: &str = "style:";

/// A linear map from f features to d scores. Sound by construction: all sizes agree, numbers are finite, scales above 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Basis {
    features: Vec<String>,
    mean: Vec<f64>,
    scale: Vec<f64>,
    head: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Unchecked {
    features: Vec<String>,
    mean: Vec<f64>,
    scale: Vec<f64>,
    head: Vec<Vec<f64>>,
}

impl TryFrom<Unchecked> for Basis {
    type Error = String;

    fn try_from(Unchecked { features, mean, scale, head }: Unchecked) -> Result<Self, String> {
        Basis::new(features, mean, scale, head)
    }
}

impl Basis {
    /// f names, means and scales, and d rows of f. Fails with the place of what does not fit: `scale[1]: …`.
    pub fn new(features: Vec<String>, mean: Vec<f64>, scale: Vec<f64>, head: Vec<Vec<f64>>) -> Result<Self, String> {
        if features.is_empty() {
            return Err("features: expected at least one name".to_owned());
        }
        if let Some(again) = (1..features.len()).find(|&k| features[..k].contains(&features[k])) {
            return Err(format!("features[{again}]: {:?} is there already", features[again]));
        }
        if head.is_empty() {
            return Err("head: expected a row for each dimension".to_owned());
        }
        let check = |place: String, numbers: &[f64]| {
            if numbers.len() != features.len() {
                return Err(format!("{place}: expected {} numbers, found {}", features.len(), numbers.len()));
            }
            match numbers.iter().position(|x| !x.is_finite()) {
                Some(k) => Err(format!("{place}[{k}]: expected a finite number")),
                None => Ok(()),
            }
        };
        check("mean".to_owned(), &mean)?;
        check("scale".to_owned(), &scale)?;
        if let Some(k) = scale.iter().position(|scale| *scale <= 0.0) {
            return Err(format!("scale[{k}]: expected a number above 0"));
        }
        head.iter().enumerate().try_for_each(|(j, row)| check(format!("head[{j}]"), row))?;
        Ok(Basis { features, mean, scale, head })
    }

    /// The `basis` of a deck of so many dimensions, parsed from `deck`'s JSON; `None` where it has none. `file` is named
    /// where it is wrong.
    pub fn of_deck(deck: &serde_json::Value, dimensions: usize, file: impl Display) -> Result<Option<Self>, Failure> {
        let Some(basis) = deck.get("basis") else { return Ok(None) };
        let basis = Basis::deserialize(basis).map_err(|error| Failure::new(&file, format!("basis.{error}")))?;
        if basis.dimensions() != dimensions {
            let what = format!("basis.head: expected {dimensions} rows as dimensions, found {}", basis.dimensions());
            return Err(Failure::new(file, what));
        }
        Ok(Some(basis))
    }

    /// d, the number of scores.
    pub fn dimensions(&self) -> usize {
        self.head.len()
    }

    /// Names of the f features.
    pub fn features(&self) -> &[String] {
        &self.features
    }

    /// d scores of a response with these f features.
    pub fn scores(&self, features: &[f64]) -> Vec<f64> {
        let standard: Vec<f64> =
            features.iter().zip(&self.mean).zip(&self.scale).map(|((x, mean), scale)| (x - mean) / scale).collect();
        self.head.iter().map(|row| row.iter().zip(&standard).map(|(h, x)| h * x).sum()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Basis;
    use serde_json::json;

    fn basis() -> serde_json::Value {
        json!({ "features": ["a", "b"], "mean": [1.0, 0.0], "scale": [2.0, 1.0], "head": [[1.0, 2.0], [0.0, -1.0]] })
    }

    fn flaw(place: &str, value: serde_json::Value) -> String {
        let mut deck = json!({ "basis": basis() });
        deck["basis"][place] = value;
        Basis::of_deck(&deck, 2, "deck.json").expect_err("should be refused").to_string()
    }

    #[test]
    fn scores_are_the_head_times_the_standardised_features() {
        let basis = Basis::of_deck(&json!({ "basis": basis() }), 2, "deck.json").ok().flatten();
        assert_eq!(basis.map(|basis| basis.scores(&[5.0, 3.0])), Some(vec![8.0, -3.0]));
    }

    #[test]
    fn a_deck_may_have_none() {
        assert!(matches!(Basis::of_deck(&json!({}), 2, "deck.json"), Ok(None)));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert_eq!(flaw("mean", json!([1.0])), "deck.json: basis.mean: expected 2 numbers, found 1");
        assert_eq!(flaw("scale", json!([1.0, 0.0])), "deck.json: basis.scale[1]: expected a number above 0");
        assert_eq!(flaw("head", json!([[1.0, 2.0]])), "deck.json: basis.head: expected 2 rows as dimensions, found 1");
        assert_eq!(flaw("head", json!([[1.0, 2.0], [1.0]])), "deck.json: basis.head[1]: expected 2 numbers, found 1");
        assert_eq!(flaw("features", json!(["a", "a"])), "deck.json: basis.features[1]: \"a\" is there already");
    }
}
