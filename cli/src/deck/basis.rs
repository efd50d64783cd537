//! The `basis` of a built or fitted deck: the linear map from features of a response to its scores.
//!
//! ```json
//! "basis": { "features": ["price", "style:words"], "mean": [10.0, 80.0], "scale": [2.0, 30.0],
//!            "head": [[0.5, -0.5], [0.0, 1.0]] }
//! ```
//!
//! score_j = Σ_k head\[j\]\[k\] · (x_k − mean_k) / scale_k for the features x of a response.
//! Features whose name begins with [`STYLE`] are measured in its text, the others are columns of
//! the publisher's table. Only differences within a prompt mean anything, so `mean` changes no
//! ranking; it keeps the numbers small.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The beginning of the name of a feature that is measured in the text.
pub const STYLE: &str = "style:";

/// A linear map from f features to d scores. Valid by construction: all sizes agree, numbers are
/// finite, scales above 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "BasisFile", try_from = "BasisFile")]
pub struct Basis {
    features: Vec<String>,
    mean: DVector<f64>,
    scale: DVector<f64>,
    /// d × f.
    head: DMatrix<f64>,
}

/// A basis as it is written.
#[derive(Serialize, Deserialize)]
struct BasisFile {
    features: Vec<String>,
    mean: Vec<f64>,
    scale: Vec<f64>,
    head: Vec<Vec<f64>>,
}

impl Basis {
    /// A basis with f names, means and scales, and a head of d × f.
    ///
    /// # Errors
    /// A message with the place of the flaw: `scale[1]: …`.
    pub fn new(
        features: Vec<String>,
        mean: DVector<f64>,
        scale: DVector<f64>,
        head: DMatrix<f64>,
    ) -> Result<Self, String> {
        let f = features.len();
        if f == 0 {
            return Err("features: expected at least one name".to_owned());
        }
        if let Some(again) = (1..f).find(|&k| features[..k].contains(&features[k])) {
            return Err(format!(
                "features[{again}]: {:?} is there already",
                features[again]
            ));
        }
        if head.nrows() == 0 {
            return Err("head: expected a row per dimension".to_owned());
        }
        let check = |place: &str, numbers: &[f64]| {
            if numbers.len() != f {
                return Err(format!(
                    "{place}: expected {f} numbers, found {}",
                    numbers.len()
                ));
            }
            match numbers.iter().position(|number| !number.is_finite()) {
                Some(k) => Err(format!("{place}[{k}]: expected a finite number")),
                None => Ok(()),
            }
        };
        check("mean", mean.as_slice())?;
        check("scale", scale.as_slice())?;
        if let Some(k) = scale.iter().position(|scale| *scale <= 0.0) {
            return Err(format!("scale[{k}]: expected a number above 0"));
        }
        for (j, row) in head.row_iter().enumerate() {
            check(&format!("head[{j}]"), row.transpose().as_slice())?;
        }
        Ok(Basis {
            features,
            mean,
            scale,
            head,
        })
    }

    /// The `basis` among the fields of a deck of d dimensions; `None` if the deck has none.
    ///
    /// # Errors
    /// A message with the place of the flaw: `basis.scale[1]: …`.
    pub fn of_deck(fields: &Map<String, Value>, dimensions: usize) -> Result<Option<Self>, String> {
        let Some(basis) = fields.get("basis") else {
            return Ok(None);
        };
        let file: BasisFile = serde_path_to_error::deserialize(basis).map_err(|error| {
            match error.path().to_string().as_str() {
                // The whole of it.
                "." => format!("basis: {}", error.inner()),
                path => format!("basis.{path}: {}", error.inner()),
            }
        })?;
        let basis = Basis::try_from(file).map_err(|message| format!("basis.{message}"))?;
        let found = basis.head.nrows();
        if found != dimensions {
            return Err(format!(
                "basis.head: expected {dimensions} rows as dimensions, found {found}"
            ));
        }
        Ok(Some(basis))
    }

    /// Names of the f features.
    pub fn features(&self) -> &[String] {
        &self.features
    }

    /// The scores, n × d, of responses with these features, n × f.
    pub fn scores(&self, features: &DMatrix<f64>) -> DMatrix<f64> {
        let mut standardised = features.clone();
        for (k, mut column) in standardised.column_iter_mut().enumerate() {
            column.add_scalar_mut(-self.mean[k]);
            column /= self.scale[k];
        }
        // −0 becomes 0, as it does when a deck is read.
        (standardised * self.head.transpose()).map(|score| score + 0.0)
    }

    /// The scores, d × n, of responses with these features, n × f, one response at a time: its scores
    /// are the same bits whichever others are there.
    pub fn scores_one_by_one(&self, features: &DMatrix<f64>) -> DMatrix<f32> {
        let mut scores = DMatrix::zeros(self.head.nrows(), features.nrows());
        for (mut scores, features) in scores.column_iter_mut().zip(features.row_iter()) {
            let away = features.transpose() - &self.mean;
            let of_one = &self.head * away.component_div(&self.scale);
            scores.copy_from(&of_one.map(|score| score as f32));
        }
        scores
    }
}

impl TryFrom<BasisFile> for Basis {
    type Error = String;

    fn try_from(
        BasisFile {
            features,
            mean,
            scale,
            head,
        }: BasisFile,
    ) -> Result<Self, String> {
        let f = features.len();
        if let Some((j, row)) = head.iter().enumerate().find(|(_, row)| row.len() != f) {
            return Err(format!(
                "head[{j}]: expected {f} numbers, found {}",
                row.len()
            ));
        }
        let head = DMatrix::from_row_iterator(head.len(), f, head.into_iter().flatten());
        Basis::new(features, mean.into(), scale.into(), head)
    }
}

impl From<Basis> for BasisFile {
    fn from(
        Basis {
            features,
            mean,
            scale,
            head,
        }: Basis,
    ) -> Self {
        BasisFile {
            features,
            mean: mean.as_slice().to_vec(),
            scale: scale.as_slice().to_vec(),
            head: head
                .row_iter()
                .map(|row| row.iter().copied().collect())
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Basis;
    use nalgebra::dmatrix;
    use serde_json::{Map, Value, json};

    fn fields(deck: &Value) -> &Map<String, Value> {
        deck.as_object().unwrap()
    }

    fn basis() -> Value {
        json!({
            "features": ["a", "b"], "mean": [1.0, 0.0], "scale": [2.0, 1.0],
            "head": [[1.0, 2.0], [0.0, -1.0]]
        })
    }

    fn flaw(place: &str, value: Value) -> String {
        let mut deck = json!({ "basis": basis() });
        deck["basis"][place] = value;
        Basis::of_deck(fields(&deck), 2).expect_err("should be refused")
    }

    #[test]
    fn scores_are_the_head_times_the_standardised_features() {
        let basis = Basis::of_deck(fields(&json!({ "basis": basis() })), 2)
            .unwrap()
            .unwrap();
        assert_eq!(
            basis.scores(&dmatrix![5.0, 3.0; 1.0, 1.0]),
            dmatrix![8.0, -3.0; 2.0, -1.0]
        );
    }

    #[test]
    fn a_basis_is_written_as_it_was_read() {
        let read = Basis::of_deck(fields(&json!({ "basis": basis() })), 2)
            .unwrap()
            .unwrap();
        assert_eq!(json!(read), basis());
    }

    #[test]
    fn a_deck_may_have_no_basis() {
        assert_eq!(Basis::of_deck(&Map::new(), 2), Ok(None));
    }

    #[test]
    fn a_flaw_is_named_with_its_place() {
        assert_eq!(
            flaw("mean", json!([1.0])),
            "basis.mean: expected 2 numbers, found 1"
        );
        assert_eq!(
            flaw("scale", json!([1.0, 0.0])),
            "basis.scale[1]: expected a number above 0"
        );
        let few = "basis.head: expected 2 rows as dimensions, found 1";
        assert_eq!(flaw("head", json!([[1.0, 2.0]])), few);
        let ragged = "basis.head[1]: expected 2 numbers, found 1";
        assert_eq!(flaw("head", json!([[1.0, 2.0], [1.0]])), ragged);
        let twice = "basis.features[1]: \"a\" is there already";
        assert_eq!(flaw("features", json!(["a", "a"])), twice);
        let text = flaw("mean", json!([1.0, "2"]));
        assert!(
            text.starts_with("basis.mean[1]: invalid type: string"),
            "{text}"
        );
    }
}
