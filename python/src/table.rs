//! Tables as Python hands them in: anything with the Arrow PyCapsule interface, a dict of columns, or
//! the path of a file.

use crate::arrow::ArrowTable;
use crate::error;
use arrow_array::builder::{Float64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use leaning_cli::embedded::{Cell, Rows, Source};
use numpy::{PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use pyo3_arrow::PyTable;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

/// An input of a command: the text of a file as `bytes`, a path, or a table.
///
/// # Errors
/// `LeaningError` with the name as its path if the object is nothing of these.
pub fn source(name: &str, object: &Bound<'_, PyAny>) -> PyResult<Source> {
    let py = object.py();
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(Source::Bytes(name.to_owned(), bytes.as_bytes().into()));
    }
    if let Ok(path) = object.extract::<PathBuf>() {
        // Only the command line reads standard input, by the name -.
        return Ok(match OsString::from(path) {
            path if path == "-" => Source::File(PathBuf::from("./-")),
            path => Source::from(path),
        });
    }
    let (header, batches) = if let Ok(columns) = object.cast::<PyDict>() {
        of_columns(name, columns)?
    } else {
        let table: PyTable = object.extract().map_err(|error: PyErr| {
            if !error.is_instance_of::<PyTypeError>(py) && !error.is_instance_of::<pyo3::exceptions::PyValueError>(py) {
                return error;
            }
            let message = "expected a table (pandas, Polars, PyArrow, DuckDB, or anything else with \
                           __arrow_c_stream__), a dict of columns, or the path of a file";
            error::of_table(py, name, message)
        })?;
        let (batches, schema) = table.into_inner();
        let fields = schema.fields().iter();
        (fields.map(|field| field.name().clone()).collect(), batches)
    };
    let table = ArrowTable::new(header, &batches)
        .map_err(|problem| error::of_table(py, name, &problem.to_string()))?;
    Ok(Source::Table(name.to_owned(), Arc::new(table)))
}

/// Rows of a larger table, by its name and their numbers there.
///
/// # Errors
/// As [`source`].
pub fn rows_of(name: &str, object: &Bound<'_, PyAny>, numbers: Vec<usize>) -> PyResult<Source> {
    Ok(match source(name, object)? {
        Source::Table(name, rows) => Source::Table(name, Arc::new(RowsOf { rows, numbers })),
        other => other,
    })
}

/// Rows with their numbers in a larger table.
#[derive(Debug)]
struct RowsOf {
    rows: Arc<dyn Rows>,
    numbers: Vec<usize>,
}

impl Rows for RowsOf {
    fn header(&self) -> &[String] {
        self.rows.header()
    }

    fn count(&self) -> usize {
        self.rows.count()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        self.rows.cell(row, column)
    }

    fn number(&self, row: usize) -> usize {
        self.numbers.get(row).copied().unwrap_or(row)
    }
}

/// A table of lists and NumPy arrays by their names.
fn of_columns(
    name: &str,
    columns: &Bound<'_, PyDict>,
) -> PyResult<(Vec<String>, Vec<RecordBatch>)> {
    let py = columns.py();
    let mut named: Vec<(String, ArrayRef)> = Vec::new();
    for (column, values) in columns {
        let column: String = column
            .extract()
            .map_err(|_| error::of_table(py, name, "expected columns with names"))?;
        let array = array(&values)
            .map_err(|message| error::of_table(py, name, &format!("column {column}: {message}")))?;
        named.push((column, array));
    }
    let lengths: Vec<usize> = named.iter().map(|(_, array)| array.len()).collect();
    if let Some(place) = (1..lengths.len()).find(|&place| lengths[place] != lengths[0]) {
        let message = format!(
            "expected columns of one length, found {} of {} and {} of {}",
            named[0].0, lengths[0], named[place].0, lengths[place]
        );
        return Err(error::of_table(py, name, &message));
    }
    let header = named.iter().map(|(name, _)| name.clone()).collect();
    let batches = match RecordBatch::try_from_iter_with_nullable(
        named.into_iter().map(|(name, array)| (name, array, true)),
    ) {
        Ok(batch) => vec![batch],
        // A table without columns has no rows.
        Err(_) => Vec::new(),
    };
    Ok((header, batches))
}

/// A column: an array of numbers of one axis or, with a list in each row, of two; or a list of texts,
/// numbers, truth values, lists of texts, and None.
fn array(values: &Bound<'_, PyAny>) -> Result<ArrayRef, String> {
    if let Ok(numbers) = values.extract::<PyReadonlyArray1<'_, f64>>() {
        return Ok(Arc::new(Float64Array::from_iter_values(
            numbers.as_array().iter().copied(),
        )));
    }
    if let Ok(numbers) = values.extract::<PyReadonlyArray1<'_, i64>>() {
        return Ok(Arc::new(Int64Array::from_iter_values(
            numbers.as_array().iter().copied(),
        )));
    }
    if let Ok(rows) = values.extract::<PyReadonlyArray2<'_, f64>>() {
        let mut builder = ListBuilder::new(Float64Builder::with_capacity(rows.len()));
        for row in rows.as_array().rows() {
            builder.append_value(row.iter().copied().map(Some));
        }
        return Ok(Arc::new(builder.finish()));
    }
    // Other arrays as lists of Python's own objects.
    let list = match values.call_method0("tolist") {
        Ok(list) => list,
        Err(_) => values.clone(),
    };
    let list = list
        .cast_into::<PyList>()
        .or_else(|_| {
            let items = values
                .try_iter()
                .and_then(Iterator::collect::<PyResult<Vec<_>>>);
            items.and_then(|items| PyList::new(values.py(), items))
        })
        .map_err(|_| "expected a list or an array".to_owned())?;
    if let Ok(truths) = list.extract::<Vec<Option<bool>>>() {
        return Ok(Arc::new(BooleanArray::from(truths)));
    }
    if let Ok(numbers) = list.extract::<Vec<Option<i64>>>() {
        return Ok(Arc::new(Int64Array::from(numbers)));
    }
    if let Ok(numbers) = list.extract::<Vec<Option<f64>>>() {
        return Ok(Arc::new(Float64Array::from(numbers)));
    }
    if let Ok(texts) = list.extract::<Vec<Option<String>>>() {
        return Ok(Arc::new(StringArray::from(texts)));
    }
    if let Ok(lists) = list.extract::<Vec<Vec<f64>>>() {
        let mut builder = ListBuilder::new(Float64Builder::new());
        for list in lists {
            builder.append_value(list.into_iter().map(Some));
        }
        return Ok(Arc::new(builder.finish()));
    }
    if let Ok(lists) = list.extract::<Vec<Vec<String>>>() {
        let mut builder = ListBuilder::new(StringBuilder::new());
        for list in lists {
            builder.append_value(list.into_iter().map(Some));
        }
        return Ok(Arc::new(builder.finish()));
    }
    Err("expected numbers, texts, truth values, or lists of numbers or of texts".to_owned())
}
