//! Vectors and matrices as NumPy arrays, and back.

use nalgebra::{DMatrix, DVector};
use numpy::{
    PyArray1, PyArray2, PyArray3, PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods,
};
use pyo3::prelude::*;

/// An array of one axis.
pub type Vector<'py> = Bound<'py, PyArray1<f64>>;
/// An array of two axes.
pub type Matrix<'py> = Bound<'py, PyArray2<f64>>;
/// An array of three axes.
pub type Stack<'py> = Bound<'py, PyArray3<f64>>;

/// A matrix as an array of its rows.
pub fn to_array<'py>(py: Python<'py>, matrix: &DMatrix<f64>) -> PyResult<Matrix<'py>> {
    let rows: Vec<f64> = matrix.transpose().as_slice().to_vec();
    PyArray1::from_vec(py, rows).reshape([matrix.nrows(), matrix.ncols()])
}

/// A vector as an array.
pub fn to_vector<'py>(py: Python<'py>, vector: &DVector<f64>) -> Vector<'py> {
    PyArray1::from_slice(py, vector.as_slice())
}

/// Equally large matrices as one array of three axes.
pub fn to_stack<'py>(
    py: Python<'py>,
    matrices: &[DMatrix<f64>],
    side: usize,
) -> PyResult<Stack<'py>> {
    let rows: Vec<f64> = matrices
        .iter()
        .flat_map(|matrix| matrix.transpose().as_slice().to_vec())
        .collect();
    PyArray1::from_vec(py, rows).reshape([matrices.len(), side, side])
}

/// The rows of an array as a matrix.
pub fn of_array(array: &PyReadonlyArray2<'_, f64>) -> DMatrix<f64> {
    let [rows, columns] = [array.shape()[0], array.shape()[1]];
    DMatrix::from_row_iterator(rows, columns, array.as_array().iter().copied())
}
