//! Long commands.

use crate::background::{LOOK, in_background, look_for_ctrl_c};
use crate::error;
use crate::objects::to_python;
use crate::table::source;
use leaning_cli::embedded::{self, Command, Inputs, Turn};
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
) -> PyResult<(Option<String>, Bound<'py, PyAny>, Vec<String>)> {
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
    let turn = loop {
        match Turn::take() {
            Some(turn) => break turn,
            None => {
                py.detach(|| thread::sleep(LOOK));
                look_for_ctrl_c(py)?;
            }
        }
    };
    let outcome = in_background(
        py,
        move || turn.run(command, &arguments, inputs),
        |py| look(py, progress.as_ref()),
        embedded::interrupt,
    )?;
    let outcome = outcome.map_err(|failure| error::of_command(py, &failure))?;
    let deck = outcome
        .deck
        .map(|fields| serde_json::Value::Object(fields).to_string());
    Ok((deck, to_python(py, &outcome.report)?, outcome.notes))
}

/// Looks for Ctrl-C, and tells the progress.
fn look(py: Python<'_>, progress: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    look_for_ctrl_c(py)?;
    let (Some(progress), Some(latest)) = (progress, embedded::latest_progress()) else {
        return Ok(());
    };
    progress.call1((latest.message, latest.done, latest.total))?;
    Ok(())
}

fn read_inputs(objects: &Bound<'_, PyDict>) -> PyResult<Inputs> {
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
