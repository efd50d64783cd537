//! Plain Python objects (dicts, lists, numbers) as JSON values, and back.

use crate::error;
use pyo3::prelude::*;
use serde::Serialize;
use serde_json::Value;

/// A value as plain Python objects.
pub fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize::pythonize(py, value)?)
}

/// Plain Python objects as a value.
///
/// # Errors
/// `LeaningError` of this code if there is something else among them.
pub fn of_python(object: &Bound<'_, PyAny>, code: &str) -> PyResult<Value> {
    pythonize::depythonize(object)
        .map_err(|problem| error::flaw(object.py(), code, "", &problem.to_string()))
}
