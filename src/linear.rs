//! The linear algebra that inference needs. Vectors are slices, matrices are square, and every sum is taken in the
//! order of its terms, so that the bits are the same on every machine.

use crate::math;
use alloc::vec::Vec;

/// aᵀb.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// ‖a‖².
pub(crate) fn norm_squared(a: &[f64]) -> f64 {
    dot(a, a)
}

/// a + s·b.
pub(crate) fn plus(a: &[f64], s: f64, b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + s * b).collect()
}

/// A square matrix.
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    size: usize,
    /// Row after row.
    numbers: Vec<f64>,
}

impl Matrix {
    /// The matrix of the numbers that `number` gives for row i and column j.
    pub fn from_fn(size: usize, mut number: impl FnMut(usize, usize) -> f64) -> Self {
        Matrix::filled(size, &mut number)
    }

    /// Apart from the type of the function, so that the program has it once.
    fn filled(size: usize, number: &mut dyn FnMut(usize, usize) -> f64) -> Self {
        Matrix { size, numbers: (0..size * size).map(|place| number(place / size, place % size)).collect() }
    }

    /// The matrix of these rows, as many as each is long.
    pub fn from_rows(rows: &[Vec<f64>]) -> Self {
        Matrix { size: rows.len(), numbers: rows.concat() }
    }

    pub fn diagonal(diagonal: &[f64]) -> Self {
        Matrix::from_fn(diagonal.len(), |i, j| if i == j { diagonal[i] } else { 0.0 })
    }

    pub fn zeros(size: usize) -> Self {
        Matrix { size, numbers: vec![0.0; size * size] }
    }

    pub fn identity(size: usize) -> Self {
        Matrix::diagonal(&vec![1.0; size])
    }

    /// The number in row i and column j.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.numbers[i * self.size + j]
    }

    pub fn row(&self, i: usize) -> &[f64] {
        &self.numbers[i * self.size..][..self.size]
    }

    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.numbers.chunks_exact(self.size)
    }

    /// The rows, each by itself.
    pub fn to_rows(&self) -> Vec<Vec<f64>> {
        self.rows().map(<[f64]>::to_vec).collect()
    }

    pub fn is_finite(&self) -> bool {
        self.numbers.iter().all(|number| number.is_finite())
    }

    /// Mᵀ.
    pub fn transpose(&self) -> Matrix {
        Matrix::from_fn(self.size, |i, j| self.at(j, i))
    }

    /// Mx.
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        self.rows().map(|row| dot(row, x)).collect()
    }

    /// xᵀMx.
    pub fn quadratic(&self, x: &[f64]) -> f64 {
        self.rows().zip(x).map(|(row, x_i)| x_i * dot(row, x)).sum()
    }

    /// Mx + b.
    pub fn times_plus(&self, x: &[f64], b: &[f64]) -> Vec<f64> {
        self.rows().zip(b).map(|(row, b)| dot(row, x) + b).collect()
    }

    /// Mᵀx.
    pub fn transpose_times(&self, x: &[f64]) -> Vec<f64> {
        self.rows().zip(x).fold(vec![0.0; self.size], |sum, (row, x)| plus(&sum, *x, row))
    }

    /// MNᵀ.
    pub fn times_transpose(&self, other: &Matrix) -> Matrix {
        Matrix::from_fn(self.size, |i, j| dot(self.row(i), other.row(j)))
    }

    /// MMᵀ.
    pub fn square(&self) -> Matrix {
        self.times_transpose(self)
    }

    /// Adds s·xxᵀ.
    pub fn add_square(&mut self, s: f64, x: &[f64]) {
        self.add_product(s, x, x);
    }

    /// Adds s·xyᵀ.
    pub fn add_product(&mut self, s: f64, x: &[f64], y: &[f64]) {
        for (row, x_i) in self.numbers.chunks_exact_mut(self.size).zip(x) {
            for (number, y_j) in row.iter_mut().zip(y) {
                *number += s * x_i * y_j;
            }
        }
    }
}

/// The Cholesky factor of a symmetric positive definite matrix: L, lower triangular, with LLᵀ = M.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky(pub Matrix);

impl Cholesky {
    /// `None` where the matrix is not positive definite in double precision. Only its lower triangle is read.
    pub fn new(matrix: &Matrix) -> Option<Self> {
        let size = matrix.size;
        let mut factor = Matrix::zeros(size);
        for i in 0..size {
            for j in 0..=i {
                // M_ij = Σ_k≤j L_ik L_jk
                let rest = matrix.at(i, j) - dot(&factor.row(i)[..j], &factor.row(j)[..j]);
                factor.numbers[i * size + j] = if j < i {
                    rest / factor.at(j, j)
                } else if rest > 0.0 {
                    math::sqrt(rest)
                } else {
                    return None;
                };
            }
        }
        Some(Cholesky(factor))
    }

    /// x with LLᵀx = b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        self.solve_transpose(self.solve_lower(b))
    }

    /// y with Ly = b: bᵀM⁻¹b is ‖y‖².
    pub fn solve_lower(&self, b: &[f64]) -> Vec<f64> {
        let mut y = b.to_vec();
        for i in 0..y.len() {
            y[i] = (y[i] - dot(&self.0.row(i)[..i], &y[..i])) / self.0.at(i, i);
        }
        y
    }

    /// x with Lᵀx = y.
    fn solve_transpose(&self, mut y: Vec<f64>) -> Vec<f64> {
        for i in (0..y.len()).rev() {
            let rest: f64 = (i + 1..y.len()).map(|k| self.0.at(k, i) * y[k]).sum();
            y[i] = (y[i] - rest) / self.0.at(i, i);
        }
        y
    }

    /// W with WWᵀ = M⁻¹, namely L⁻ᵀ.
    pub fn inverse_root(&self) -> Matrix {
        let size = self.0.size;
        // The columns of W: w with Lᵀw = e_i.
        let mut columns = Vec::new();
        for unit in Matrix::identity(size).rows() {
            columns.extend(self.solve_transpose(unit.to_vec()));
        }
        Matrix { size, numbers: columns }.transpose()
    }
}
