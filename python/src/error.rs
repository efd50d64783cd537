//! Errors across the boundary: `leaning.LeaningError` with `code` and `path`.

use leaning::Error;
use leaning_cli::embedded::Failure;
use pyo3::prelude::*;
use pyo3::types::PyType;

/// The code of a flaw in a table, which JavaScript has no code for.
const TABLE: &str = "table";

/// An error of the library.
pub fn of_library(py: Python<'_>, error: &Error) -> PyErr {
    new(py, error.code(), &error.to_string(), error.path())
}

/// An error of a command. Options have the names that Python's arguments have.
pub fn of_command(py: Python<'_>, failure: &Failure) -> PyErr {
    let code = failure.code().unwrap_or(TABLE);
    let message = failure.to_string();
    if code != "options" {
        return new(py, code, &message, Some(failure.subject()));
    }
    let path = failure.subject().trim_start_matches('-').replace('-', "_");
    let message = message
        .strip_prefix(failure.subject())
        .and_then(|rest| rest.strip_prefix(": "))
        .unwrap_or(&message);
    // The command line's own message quotes its option.
    let message = match message.split_once(">': ") {
        Some((_, reason)) => reason,
        None => message,
    };
    new(
        py,
        code,
        &format!("options: {path}: {message}"),
        Some(&path),
    )
}

/// An error about a place of an argument.
pub fn flaw(py: Python<'_>, code: &str, path: &str, message: &str) -> PyErr {
    let place = if path.is_empty() {
        String::new()
    } else {
        format!("{path}: ")
    };
    new(py, code, &format!("{code}: {place}{message}"), Some(path))
}

/// An error about a table.
pub fn of_table(py: Python<'_>, name: &str, message: &str) -> PyErr {
    new(py, TABLE, &format!("{name}: {message}"), Some(name))
}

fn new(py: Python<'_>, code: &str, message: &str, path: Option<&str>) -> PyErr {
    let path = path.filter(|path| !path.is_empty());
    let class = py
        .import("leaning.errors")
        .and_then(|module| module.getattr("LeaningError"))
        .and_then(|class| Ok(class.cast_into::<PyType>()?));
    match class {
        Ok(class) => PyErr::from_type(
            class,
            (message.to_owned(), code.to_owned(), path.map(str::to_owned)),
        ),
        Err(error) => error,
    }
}
