//! Fits to people who lie in partitions, perhaps on several machines.

use crate::background::in_background;
use crate::command::{Results, look, read_inputs, results, take_turn};
use crate::error;
use crate::table::{rows_of, source};
use leaning::{Error, Flaw};
use leaning_cli::embedded::{self, PeoplePartition, ResponseTables, Rounds, Source, Totals};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::sync::{Arc, Mutex, PoisonError};

/// Rows of a table of comparisons: the table's name, the rows, and their numbers in it.
type Piece<'py> = (String, Bound<'py, PyAny>, PyReadonlyArray1<'py, i64>);

/// Some of the people of a fit.
#[pyclass(frozen, module = "leaning._leaning")]
#[expect(unnameable_types, reason = "Python names it")]
#[derive(Debug)]
pub struct Partition(PeoplePartition);

#[pymethods]
impl Partition {
    /// Reads the people of a table, who follow `first` others.
    #[staticmethod]
    #[pyo3(signature = (responses, comparisons, first = 0, *, features = None, scores = Vec::new(), memory = None))]
    fn from_arrow(
        responses: &Bound<'_, PyAny>,
        comparisons: &Bound<'_, PyAny>,
        first: usize,
        features: Option<&Bound<'_, PyAny>>,
        scores: Vec<String>,
        memory: Option<u64>,
    ) -> PyResult<Self> {
        let people = [source("comparisons", comparisons)?];
        let tables = response_tables(responses, features)?;
        Partition::read(responses.py(), &tables, &scores, &people, first, memory)
    }

    /// Reads the people in pieces of tables, who follow `first` others. Nobody is in two pieces.
    #[staticmethod]
    fn from_pieces(
        responses: &Bound<'_, PyAny>,
        features: Option<&Bound<'_, PyAny>>,
        scores: Vec<String>,
        pieces: Vec<Piece<'_>>,
        first: usize,
        memory: Option<u64>,
    ) -> PyResult<Self> {
        let pieces = pieces.into_iter().map(|(name, rows, numbers)| {
            let numbers = numbers.as_array();
            let numbers = numbers.iter().map(|&number| number.max(0) as usize);
            rows_of(&name, &rows, numbers.collect())
        });
        let people: Vec<_> = pieces.collect::<PyResult<_>>()?;
        let tables = response_tables(responses, features)?;
        Partition::read(responses.py(), &tables, &scores, &people, first, memory)
    }

    /// The numbers of people, of comparisons, of those that tell something, and of the most responses
    /// shown at once; and a number that changes with any comparison.
    #[getter]
    fn totals(&self) -> (usize, usize, usize, usize, u64) {
        let Totals {
            people,
            comparisons,
            most_shown,
        } = self.0.totals();
        let (telling, digest) = (self.0.telling(), self.0.digest());
        (people, comparisons, telling, most_shown, digest)
    }

    /// Answers the request of a round.
    fn step<'py>(&self, py: Python<'py>, request: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let sums = py.detach(|| self.0.step(request));
        let sums = sums.map_err(|problem| error::of_library(py, &problem))?;
        Ok(PyBytes::new(py, &sums))
    }
}

impl Partition {
    fn read(
        py: Python<'_>,
        responses: &ResponseTables,
        scores: &[String],
        comparisons: &[Source],
        first: usize,
        memory: Option<u64>,
    ) -> PyResult<Self> {
        py.detach(|| PeoplePartition::read(responses, scores, comparisons, first, memory))
            .map(Partition)
            .map_err(|failure| error::of_command(py, &failure))
    }
}

fn response_tables(
    responses: &Bound<'_, PyAny>,
    features: Option<&Bound<'_, PyAny>>,
) -> PyResult<ResponseTables> {
    let features = features.map(|table| source("features", table));
    Ok(ResponseTables {
        responses: source("responses", responses)?,
        prompts: None,
        features: features.transpose()?,
    })
}

/// The distance between the people that the driver of a fit holds: 1 for everybody.
#[pyfunction]
pub fn step_of_some(people: usize, comparisons: usize, enough: Option<usize>) -> usize {
    let enough = enough.unwrap_or(embedded::ENOUGH_PEOPLE);
    embedded::step_of_some(people, comparisons, enough)
}

/// Fits as `run("fit", …)` does, to people of whom the table of comparisons has some. `round` is called
/// with a request, and returns the sums of all partitions, one after the other. `totals` are the numbers
/// of people, of comparisons, of those that tell something, and of the most responses shown at once.
#[pyfunction]
pub fn fit_rounds<'py>(
    py: Python<'py>,
    arguments: Vec<String>,
    inputs: &Bound<'py, PyDict>,
    totals: (usize, usize, usize, usize),
    round: Py<PyAny>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Results<'py>> {
    let inputs = read_inputs(inputs)?;
    let turn = take_turn(py)?;
    let raised: Arc<Mutex<Option<PyErr>>> = Arc::default();
    let keep = Arc::clone(&raised);
    let work = move || {
        let ask = |request: &[u8]| ask(&round, request, &keep);
        let (people, comparisons, telling, most_shown) = totals;
        let rounds = Rounds {
            totals: Totals {
                people,
                comparisons,
                most_shown,
            },
            telling,
            round: &ask,
        };
        turn.fit_elsewhere(&arguments, inputs, &rounds)
    };
    let outcome = in_background(
        py,
        work,
        |py| look(py, progress.as_ref()),
        embedded::interrupt,
    )?;
    if let Some(error) = lock(&raised).take() {
        return Err(error);
    }
    results(
        py,
        outcome.map_err(|failure| error::of_command(py, &failure))?,
    )
}

/// Calls `round`. Its first error ends the fit, so it is kept, and nobody is asked again.
fn ask(round: &Py<PyAny>, request: &[u8], raised: &Mutex<Option<PyErr>>) -> Result<Vec<u8>, Error> {
    let failed = || Error::Options(Flaw::new("round", "failed"));
    if lock(raised).is_some() {
        return Err(failed());
    }
    let answer = Python::attach(|py| {
        let answer = round.call1(py, (PyBytes::new(py, request),))?;
        answer.extract::<Vec<u8>>(py)
    });
    answer.map_err(|error| {
        *lock(raised) = Some(error);
        failed()
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
