//! A log-likelihood that is quadratic in the weights.

use nalgebra::{DMatrix, DVector};

/// hᵀθ − ½ θᵀPθ, up to a constant: the log-likelihood of many answers around a point, as a function of
/// the weights θ = λ, with the person's leniency b at the end if that is part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct QuadraticLikelihood {
    /// P, symmetric and positive semidefinite: the expected Fisher information.
    pub precision: DMatrix<f64>,
    /// h: P times the point at which it is largest, if there is one.
    pub shift: DVector<f64>,
    /// Whether the last coordinate is the leniency.
    pub lenient: bool,
}

impl QuadraticLikelihood {
    /// Number of weights, without the leniency.
    pub fn dimensions(&self) -> usize {
        self.shift.len() - usize::from(self.lenient)
    }

    /// hᵀθ − ½ θᵀPθ at θ.
    pub fn at(&self, theta: &DVector<f64>) -> f64 {
        self.shift.dot(theta) - 0.5 * theta.dot(&(&self.precision * theta))
    }

    /// All its numbers.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = f64> {
        self.precision.iter().chain(&self.shift).copied()
    }

    /// The same as a function of other coordinates x, with θ = origin + map·x; and its value at x = 0.
    pub(crate) fn in_coordinates(
        &self,
        map: &DMatrix<f64>,
        origin: &DVector<f64>,
    ) -> (QuadraticLikelihood, f64) {
        let transformed = QuadraticLikelihood {
            precision: map.tr_mul(&(&self.precision * map)),
            shift: map.tr_mul(&(&self.shift - &self.precision * origin)),
            lenient: self.lenient,
        };
        (transformed, self.at(origin))
    }

    /// The same as a function of other coordinates, each of which is one of these (its place) or one that
    /// it does not depend on.
    pub(crate) fn with_places(&self, places: &[Option<usize>], lenient: bool) -> Self {
        let count = places.len();
        QuadraticLikelihood {
            precision: DMatrix::from_fn(count, count, |i, j| {
                let place = places[i].zip(places[j]);
                place.map_or(0.0, |place| self.precision[place])
            }),
            shift: DVector::from_fn(count, |i, _| places[i].map_or(0.0, |i| self.shift[i])),
            lenient,
        }
    }

    /// `map`, which is about the weights alone, with the leniency as another coordinate of both sides
    /// if that is part of it.
    pub(crate) fn with_leniency(&self, map: DMatrix<f64>) -> DMatrix<f64> {
        if !self.lenient {
            return map;
        }
        let (rows, columns) = map.shape();
        DMatrix::from_fn(rows + 1, columns + 1, |i, j| {
            match (i < rows, j < columns) {
                (true, true) => map[(i, j)],
                (false, false) => 1.0,
                _ => 0.0,
            }
        })
    }
}

/// Adds a multiple of a matrix to another, without a matrix for the multiple.
pub(crate) fn add_multiple(sum: &mut DMatrix<f64>, factor: f64, matrix: &DMatrix<f64>) {
    sum.zip_apply(matrix, |sum, number| *sum += factor * number);
}
