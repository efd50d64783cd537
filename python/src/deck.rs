//! A deck, with all fields of its file.

use crate::error;
use crate::matrix::{Matrix, Vector, of_array, to_array, to_vector};
use crate::objects::{of_python, to_python};
use leaning_cli::embedded::{Basis, is_safetensors, read_safetensors, write_safetensors};
use numpy::{PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde_json::Value;

/// A deck, valid by construction.
#[pyclass(frozen, module = "leaning._leaning")]
#[expect(unnameable_types, reason = "Python names it")]
#[derive(Debug)]
pub struct Deck {
    pub deck: leaning::Deck,
    fields: Value,
}

#[pymethods]
impl Deck {
    /// Reads the bytes of a file, JSON or safetensors.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        if is_safetensors(bytes) {
            let fields =
                read_safetensors(bytes).map_err(|message| error::flaw(py, "deck", "", &message))?;
            return Deck::of_fields(py, fields);
        }
        let text = std::str::from_utf8(bytes).map_err(|problem| {
            let place = problem.valid_up_to() + 1;
            error::flaw(
                py,
                "json",
                "",
                &format!("not UTF-8 text: byte {place} is wrong"),
            )
        })?;
        // Some editors begin a file with a byte order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let fields =
            leaning::format::parse_json(text).map_err(|problem| error::of_library(py, &problem))?;
        Deck::of_fields(py, fields)
    }

    /// Reads plain objects.
    #[staticmethod]
    fn from_object(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        Deck::of_fields(object.py(), of_python(object, "deck")?)
    }

    /// All fields as plain objects.
    fn to_object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.fields)
    }

    /// All fields as JSON text.
    fn to_json(&self) -> String {
        self.fields.to_string()
    }

    /// The bytes of a safetensors file.
    fn to_safetensors<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let fields = self.fields.as_object().cloned().unwrap_or_default();
        let bytes =
            write_safetensors(fields).map_err(|message| error::flaw(py, "deck", "", &message))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The scores of a prompt's candidates, n × d.
    fn scores<'py>(&self, py: Python<'py>, prompt: usize) -> PyResult<Matrix<'py>> {
        let Some(prompt) = self.deck.prompts().get(prompt) else {
            return Err(error::flaw(
                py,
                "deck",
                "prompts",
                "there is no such prompt",
            ));
        };
        to_array(py, &prompt.scores().transpose())
    }

    /// Mean and covariance of the prior, of d and d × d.
    fn prior<'py>(&self, py: Python<'py>) -> PyResult<(Vector<'py>, Matrix<'py>)> {
        let prior = self.deck.prior();
        Ok((
            to_vector(py, prior.mean()),
            to_array(py, &prior.covariance())?,
        ))
    }

    /// The scores, n × d, of responses with these features of the basis, n × f.
    fn score<'py>(
        &self,
        py: Python<'py>,
        features: PyReadonlyArray2<'py, f64>,
    ) -> PyResult<Matrix<'py>> {
        let empty = serde_json::Map::new();
        let fields = self.fields.as_object().unwrap_or(&empty);
        let basis = Basis::of_deck(fields, self.deck.dimensions().len())
            .map_err(|message| error::flaw(py, "deck", "", &message))?;
        let Some(basis) = basis else {
            return Err(error::flaw(py, "deck", "basis", "missing"));
        };
        let (expected, found) = (basis.features().len(), features.shape()[1]);
        if expected != found {
            let message = format!("expected {expected} features, found {found}");
            return Err(error::flaw(py, "candidates", "", &message));
        }
        to_array(py, &basis.scores(&of_array(&features)))
    }
}

impl Deck {
    fn of_fields(py: Python<'_>, fields: Value) -> PyResult<Self> {
        let deck =
            leaning::Deck::read(&fields).map_err(|problem| error::of_library(py, &problem))?;
        Ok(Deck { deck, fields })
    }
}
