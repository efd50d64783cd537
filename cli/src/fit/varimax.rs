//! Rotation to simple structure.

use nalgebra::DMatrix;

const MAX_ROUNDS: usize = 500;
/// Converged when the largest angle of a round is below this.
const CONVERGED_BELOW: f64 = 1e-10;

/// The orthogonal rotation R, d × d, that makes the squared loadings in LR vary most within
/// columns, so that few features load high on a dimension and the others hardly do. Kaiser's
/// varimax (1958) without row normalisation, pairs of columns at a time in closed form.
pub fn varimax(loadings: &DMatrix<f64>) -> DMatrix<f64> {
    let (n, d) = loadings.shape();
    let mut rotated = loadings.clone();
    let mut rotation = DMatrix::identity(d, d);
    for _ in 0..MAX_ROUNDS {
        let mut largest = 0.0_f64;
        for j in 0..d {
            for k in 0..j {
                let (mut a, mut b, mut c, mut e) = (0.0, 0.0, 0.0, 0.0);
                for row in 0..n {
                    let (x, y) = (rotated[(row, j)], rotated[(row, k)]);
                    let (u, v) = (x * x - y * y, 2.0 * x * y);
                    a += u;
                    b += v;
                    c += u * u - v * v;
                    e += 2.0 * u * v;
                }
                let (up, across) = (e - 2.0 * a * b / n as f64, c - (a * a - b * b) / n as f64);
                let angle = 0.25 * up.atan2(across);
                if angle.is_finite() {
                    largest = largest.max(angle.abs());
                    rotate_columns(&mut rotated, (j, k), angle);
                    rotate_columns(&mut rotation, (j, k), angle);
                }
            }
        }
        if largest < CONVERGED_BELOW {
            break;
        }
    }
    rotation
}

/// Rotates two columns by an angle.
fn rotate_columns(matrix: &mut DMatrix<f64>, (j, k): (usize, usize), angle: f64) {
    let (sin, cos) = angle.sin_cos();
    for row in 0..matrix.nrows() {
        let (x, y) = (matrix[(row, j)], matrix[(row, k)]);
        matrix[(row, j)] = cos * x + sin * y;
        matrix[(row, k)] = cos * y - sin * x;
    }
}

#[cfg(test)]
mod tests {
    use super::varimax;
    use nalgebra::DMatrix;

    fn criterion(loadings: &DMatrix<f64>) -> f64 {
        let variance = |column: &[f64]| {
            let squares: Vec<f64> = column.iter().map(|x| x * x).collect();
            let mean = squares.iter().sum::<f64>() / squares.len() as f64;
            squares.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>()
        };
        (0..loadings.ncols())
            .map(|j| variance(loadings.column(j).into_owned().as_slice()))
            .sum()
    }

    #[test]
    fn a_rotated_simple_structure_is_recovered() {
        let simple = DMatrix::from_row_slice(
            6,
            2,
            &[0.9, 0.0, 0.8, 0.0, 0.7, 0.0, 0.0, 0.9, 0.0, 0.8, 0.0, 0.6],
        );
        let (sin, cos) = 0.6_f64.sin_cos();
        let rotated = &simple * DMatrix::from_row_slice(2, 2, &[cos, sin, -sin, cos]);
        let found = &rotated * varimax(&rotated);
        for row in 0..6 {
            let (a, b) = (found[(row, 0)].abs(), found[(row, 1)].abs());
            assert!(
                a.min(b) < 1e-9 && (a.max(b) - simple.row(row).max()).abs() < 1e-9,
                "{found}"
            );
        }
    }

    #[test]
    fn no_small_rotation_of_two_columns_is_better() {
        let loadings = DMatrix::from_fn(20, 4, |i, j| ((i * 7 + j * 13) % 11) as f64 / 11.0 - 0.4);
        let rotation = varimax(&loadings);
        assert!((rotation.transpose() * &rotation - DMatrix::identity(4, 4)).amax() < 1e-12);
        let found = &loadings * rotation;
        let best = criterion(&found);
        for (j, k) in [(1, 0), (2, 0), (3, 1), (3, 2)] {
            for angle in [-0.01, 0.01] {
                let mut other = found.clone();
                super::rotate_columns(&mut other, (j, k), angle);
                assert!(criterion(&other) <= best + 1e-12);
            }
        }
    }
}
