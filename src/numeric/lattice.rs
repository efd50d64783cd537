//! Points that fill a normal distribution more evenly than random ones.

use super::Random;
use nalgebra::DMatrix;

/// Of an extensible Korobov lattice that is good for every power of two (Hong & Hickernell 2003).
const GENERATOR: u32 = 17797;

/// `count` points of N(0, I), one in each row: the first points of an extensible rank-1 lattice of
/// the unit cube, shifted at random (Cranley & Patterson 1976), each coordinate mapped by the normal
/// quantiles. `count` is 0 or a power of two.
///
/// The shifts are whole steps of the lattice, so that each coordinate takes the same `count`
/// quantiles, in another order: they are computed once.
pub(crate) fn normal_lattice(count: usize, dimensions: usize, random: &mut Random) -> DMatrix<f64> {
    let quantiles = even_quantiles(count);
    let mut points = DMatrix::zeros(count, dimensions);
    let mut multiplier = 1_u32;
    for mut coordinates in points.column_iter_mut() {
        let shift = (random.next_u64() >> 32) as u32;
        for (i, coordinate) in coordinates.iter_mut().enumerate() {
            // In units of 2⁻³², modulo 1.
            let place = (i as u32).reverse_bits().wrapping_mul(multiplier);
            let place = u64::from(place.wrapping_add(shift));
            *coordinate = quantiles[((place * count as u64) >> 32) as usize];
        }
        multiplier = multiplier.wrapping_mul(GENERATOR);
    }
    points
}

/// The quantiles of N(0, 1) in the middles of `count` equal shares of probability, in ascending
/// order. `count` is even, or at most 1.
fn even_quantiles(count: usize) -> Vec<f64> {
    let lower = (0..count.div_ceil(2)).map(|i| lower_quantile((i as f64 + 0.5) / count as f64));
    let upper = lower.clone().rev().map(|quantile| -quantile);
    lower.chain(upper).take(count).collect()
}

/// The quantile of N(0, 1) at a probability up to one half, to nine digits, by rational functions
/// (Acklam 2003).
fn lower_quantile(probability: f64) -> f64 {
    let horner = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    if probability < 0.02425 {
        let q = (-2.0 * libm::log(probability)).sqrt();
        let above = [
            -7.784894002430293e-3,
            -3.223964580411365e-1,
            -2.400758277161838,
            -2.549732539343734,
            4.374664141464968,
            2.938163982698783,
        ];
        let below = [
            7.784695709041462e-3,
            3.224671290700398e-1,
            2.445134137142996,
            3.754408661907416,
            1.0,
        ];
        return horner(&above, q) / horner(&below, q);
    }
    let q = probability - 0.5;
    let above = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.38357751867269e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    let below = [
        -5.447609879822406e1,
        1.615858368580409e2,
        -1.556989798598866e2,
        6.680131188771972e1,
        -1.328068155288572e1,
        1.0,
    ];
    q * horner(&above, q * q) / horner(&below, q * q)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(x: f64) -> f64 {
        0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
    }

    #[test]
    fn quantiles_are_those_of_the_normal_distribution() {
        for k in 1..=500 {
            let probability = f64::from(k * k) / 500_000.0;
            let found = below(lower_quantile(probability));
            assert!((found / probability - 1.0).abs() < 1e-7, "{probability}");
        }
        assert!(even_quantiles(0).is_empty());
        assert_eq!(even_quantiles(1), [0.0]);
        let four = even_quantiles(4);
        assert_eq!(four, [-four[3], -four[2], four[2], four[3]]);
        assert!((below(four[0]) - 0.125).abs() < 1e-9 && (below(four[1]) - 0.375).abs() < 1e-9);
    }

    #[test]
    fn each_coordinate_of_a_lattice_is_evenly_spaced() {
        for count in [0, 1, 64, 1024] {
            let points = normal_lattice(count, 20, &mut Random::new(1, 0));
            for coordinates in points.column_iter() {
                let mut places: Vec<f64> = coordinates.iter().map(|x| below(*x)).collect();
                places.sort_by(f64::total_cmp);
                for pair in places.windows(2) {
                    let off = (pair[1] - pair[0]) * count as f64 - 1.0;
                    assert!(off.abs() < 1e-4, "{off}");
                }
            }
        }
    }

    #[test]
    fn a_lattice_integrates_better_than_random_points() {
        // E cos(Σ x_j / 2) = exp(−d/8) for x ~ N(0, I).
        let (count, d) = (1024, 4);
        let mean = |points: &DMatrix<f64>| {
            let cosines = points.row_iter().map(|x| (0.5 * x.sum()).cos());
            cosines.sum::<f64>() / count as f64
        };
        let exact = (-(d as f64) / 8.0).exp();
        let (mut by_lattice, mut by_random) = (0.0, 0.0);
        for seed in 0..20 {
            let mut random = Random::new(seed, 0);
            let lattice = normal_lattice(count, d, &mut random);
            by_lattice += (mean(&lattice) - exact).powi(2);
            let points = DMatrix::from_fn(count, d, |_, _| random.normal());
            by_random += (mean(&points) - exact).powi(2);
        }
        assert!(by_lattice < 0.05 * by_random, "{by_lattice} {by_random}");
    }
}
