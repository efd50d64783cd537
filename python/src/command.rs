//! Long commands.

use crate::background::{LOOK, in_background, look_for_ctrl_c};
use crate::error;
use crate::objects::to_python;
use crate::table::source;
use leaning_cli::embedded::{self, Command, Inputs, Outcome, Turn};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::thread;

/// Runs `fit`, `evaluate` or `simulate` with these arguments of the command line. `inputs` has tables,
/// paths, or texts as `bytes`. `progress` is called with what is done, steps done and their number.
///
/// Returns the deck as JSON text if there is one, what the command line prints, and notes.
#[pyfunction]
pub fn run<'py>(
    py: Python<'py>,
    command: &str,
    arguments: Vec<String>,
    inputs: &Bound<'py, PyDict>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Results<'py>> {
    let command = match command {
        "fit" => Command::Fit,
        "evaluate" => Command::Evaluate,
        "simulate" => Command::Simulate,
        other => {
            return Err(error::flaw(
                py,
                "options",
                "command",
                &format!("unknown: {other}"),
            ));
        }
    };
    let inputs = read_inputs(inputs)?;
    let turn = take_turn(py)?;
    let outcome = in_background(
        py,
        move || turn.run(command, &arguments, inputs),
        |py| look(py, progress.as_ref()),
        embedded::interrupt,
    )?;
    results(
        py,
        outcome.map_err(|failure| error::of_command(py, &failure))?,
    )
}

/// The deck as JSON text if there is one, what the command line prints, and notes.
pub type Results<'py> = (Option<String>, Bound<'py, PyAny>, Vec<String>);

/// The results as Python's objects.
///
/// # Errors
/// If there is no memory for them.
pub fn results(py: Python<'_>, outcome: Outcome) -> PyResult<Results<'_>> {
    let deck = outcome
        .deck
        .map(|fields| serde_json::Value::Object(fields).to_string());
    Ok((deck, to_python(py, &outcome.report)?, outcome.notes))
}

/// Waits until no other command runs.
///
/// # Errors
/// Ctrl-C.
pub fn take_turn(py: Python<'_>) -> PyResult<Turn> {
    loop {
        match Turn::take() {
            Some(turn) => return Ok(turn),
            None => {
                py.detach(|| thread::sleep(LOOK));
                look_for_ctrl_c(py)?;
            }
        }
    }
}

/// Looks for Ctrl-C, and tells the progress.
///
/// # Errors
/// Ctrl-C, or the error of `progress`.
pub fn look(py: Python<'_>, progress: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    look_for_ctrl_c(py)?;
    let (Some(progress), Some(latest)) = (progress, embedded::latest_progress()) else {
        return Ok(());
    };
    progress.call1((latest.message, latest.done, latest.total))?;
    Ok(())
}

/// The tables of a command.
///
/// # Errors
/// As [`source`].
pub fn read_inputs(objects: &Bound<'_, PyDict>) -> PyResult<Inputs> {
    let read = |name: &str| {
        let object = objects.get_item(name)?.filter(|object| !object.is_none());
        object.map(|object| source(name, &object)).transpose()
    };
    Ok(Inputs {
        deck: read("deck")?,
        responses: read("responses")?,
        comparisons: read("comparisons")?,
        prompts: read("prompts")?,
        features: read("features")?,
        labels: read("labels")?,
    })
}
