//! The smooth distribution of a number that is known by weighted samples.

use nalgebra::DVector;
use std::cmp::Ordering;

/// Standard deviation of the kernel, in that of the values, if they are normal. In decks of four to
/// 32 dimensions it takes a third off the errors of chances.
const BANDWIDTH: f64 = 0.5;
/// How fast the kernel narrows as values depart from a normal distribution. The cumulants beyond the
/// fourth, which nothing restores, grow about so.
const NARROWING: f64 = 25.0;
/// Epanechnikov's kernel is ¾(1 − u²) for |u| < 1, with variance 1/5 and a fourth cumulant of −6/7
/// in units of its variance squared.
const VARIANCE: f64 = 0.2;
const FOURTH_CUMULANT: f64 = -6.0 / 7.0;
/// From here on all of the probability but a rounding error is on one value, and what the others say
/// about the spread is rounding too.
const ONE_VALUE: f64 = 1e24;
/// Standard deviations from the mean beyond which nothing is expected.
const FAR: f64 = 30.0;
/// Newton's steps to a quantile, the longest of them and the least density, both in standard
/// deviations.
const STEPS: usize = 3;
const LONGEST_STEP: f64 = 0.5;
const LEAST_DENSITY: f64 = 0.02;

/// Values with their probabilities, each spread by a kernel, and drawn together so that mean and
/// variance stay as they are (West 1993). The third and fourth cumulants, which that lessens, are
/// restored by the terms of the Gram–Charlier series.
#[derive(Debug)]
pub(crate) struct SmoothDistribution<'a> {
    /// Each value in standard deviations from the mean, drawn together.
    values: DVector<f64>,
    probabilities: &'a DVector<f64>,
    mean: f64,
    sd: f64,
    /// Half the width of the kernel, in standard deviations.
    width: f64,
    /// The cumulants κ that were lost, as κ / k!.
    third: f64,
    fourth: f64,
}

impl<'a> SmoothDistribution<'a> {
    /// `probabilities` sum to 1.
    pub fn new(mut values: DVector<f64>, probabilities: &'a DVector<f64>) -> Self {
        let mean = values.dot(probabilities);
        values.add_scalar_mut(-mean);
        let sd = values.component_mul(&values).dot(probabilities).sqrt();
        values /= sd;
        let squares = values.component_mul(&values);
        let weighted = squares.component_mul(probabilities);
        let third = weighted.dot(&values);
        let fourth = weighted.dot(&squares) - 3.0;
        let departure = third.abs() * third * third + fourth.abs() * fourth.abs().sqrt();
        let sd = if departure < ONE_VALUE { sd } else { 0.0 };
        let variance = BANDWIDTH * BANDWIDTH / (1.0 + NARROWING * departure);
        let kept = 1.0 - variance;
        let shrinkage = kept.sqrt();
        values *= shrinkage;
        SmoothDistribution {
            values,
            probabilities,
            mean,
            sd,
            width: (variance / VARIANCE).sqrt(),
            third: third * (1.0 - kept * shrinkage) / 6.0,
            fourth: (fourth * (1.0 - kept * kept) - variance * variance * FOURTH_CUMULANT) / 24.0,
        }
    }

    /// Each value's distance from `at` in units of the kernel's half width, between −1 and 1.
    fn distances(&self, at: f64) -> DVector<f64> {
        let scale = 1.0 / self.width;
        self.values
            .map(|value| ((value - at) * scale).clamp(-1.0, 1.0))
    }

    /// P(value > `at`), with `at` in standard deviations from the mean.
    fn above(&self, at: f64, distances: &DVector<f64>) -> f64 {
        let kernel = distances.map(|u| u * (0.75 - 0.25 * u * u));
        // Hermite's polynomials.
        let correction = self.third * (at * at - 1.0) + self.fourth * at * (at * at - 3.0);
        0.5 + kernel.dot(self.probabilities) + normal_density(at) * correction
    }

    /// The density at `at`, as [`SmoothDistribution::above`].
    fn density(&self, at: f64, distances: &DVector<f64>) -> f64 {
        let kernel = distances.map(|u| 1.0 - u * u);
        let third = at * (at * at - 3.0);
        let fourth = at * third - 3.0 * (at * at - 1.0);
        let correction = self.third * third + self.fourth * fourth;
        0.75 / self.width * kernel.dot(self.probabilities) + normal_density(at) * correction
    }

    /// P(value > 0). Where all values are 0 it is one half.
    pub fn probability_positive(&self) -> f64 {
        if self.sd > 0.0 {
            let at = (-self.mean / self.sd).clamp(-FAR, FAR);
            return self.above(at, &self.distances(at)).clamp(0.0, 1.0);
        }
        match self.mean.partial_cmp(&0.0) {
            Some(Ordering::Greater) => 1.0,
            Some(Ordering::Less) => 0.0,
            _ => 0.5,
        }
    }

    /// The quantile at `probability`, by Newton's method from a value near it.
    pub fn quantile(&self, probability: f64, near: f64) -> f64 {
        if !(self.sd > 0.0) {
            return self.mean;
        }
        let mut at = (near - self.mean) / self.sd;
        for _ in 0..STEPS {
            let distances = self.distances(at);
            let excess = self.above(at, &distances) - (1.0 - probability);
            let step = excess / self.density(at, &distances).max(LEAST_DENSITY);
            at += step.clamp(-LONGEST_STEP, LONGEST_STEP);
        }
        self.mean + self.sd * at
    }
}

/// The density of N(0, 1).
fn normal_density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x) / std::f64::consts::TAU.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::Random;
    use crate::numeric::lattice::normal_lattice;

    /// Draws of Gumbel's distribution, whose skewness is 1.14, plus noise that makes it less.
    fn draws(seed: u64, count: usize, noise: f64) -> DVector<f64> {
        let mut random = Random::new(seed, 0);
        DVector::from_fn(count, |_, _| {
            -(-random.log_uniform()).ln() + noise * random.normal()
        })
    }

    fn equal(count: usize) -> DVector<f64> {
        DVector::repeat(count, 1.0 / count as f64)
    }

    #[test]
    fn chances_of_a_normal_distribution_are_exact() {
        let points = normal_lattice(4096, 1, &mut Random::new(1, 0));
        for place in [-2.5, -1.0, 0.0, 0.3, 1.7] {
            let values = points.column(0).map(|x| 2.0 * (x + place));
            let found = SmoothDistribution::new(values, &equal(4096)).probability_positive();
            let exact = 0.5 * libm::erfc(-place / std::f64::consts::SQRT_2);
            assert!((found - exact).abs() < 5e-4, "{place}: {found}, {exact}");
        }
    }

    #[test]
    fn smoothing_makes_chances_righter_and_a_skewed_distribution_does_them_no_harm() {
        // Skewness 0.38 and 1.14.
        for (noise, bound) in [(1.5, 0.95), (0.0, 1.0)] {
            let many = draws(1000, 200_000, noise);
            let (mut smooth_errors, mut plain_errors) = (0.0, 0.0);
            for at in [-0.5, 0.4, 1.5] {
                let share = |values: &DVector<f64>| {
                    let above = values.iter().filter(|value| **value > at).count();
                    above as f64 / values.len() as f64
                };
                let exact = share(&many);
                for seed in 0..200 {
                    let values = draws(seed, 500, noise);
                    let probabilities = equal(500);
                    let moved = SmoothDistribution::new(values.add_scalar(-at), &probabilities);
                    let found = moved.probability_positive();
                    smooth_errors += (found - exact).powi(2);
                    plain_errors += (share(&values) - exact).powi(2);
                }
            }
            let ratio = (smooth_errors / plain_errors).sqrt();
            assert!(ratio < bound, "{noise}: {ratio}");
        }
    }

    #[test]
    fn quantiles_of_a_skewed_distribution_are_right_wherever_the_search_begins() {
        let probabilities = equal(100_000);
        let smooth = SmoothDistribution::new(draws(7, 100_000, 0.0), &probabilities);
        for probability in [0.05, 0.5, 0.95] {
            let exact = -(-f64::ln(probability)).ln();
            for away in [-0.3, 0.0, 0.3] {
                let found = smooth.quantile(probability, exact + away);
                assert!((found - exact).abs() < 0.03, "{found}, exactly {exact}");
            }
        }
    }

    #[test]
    fn a_number_whose_spread_is_rounding_counts_as_one_without() {
        for (away, share) in [
            (0.8, 1e-302),
            (1e-16, 1e-20),
            (1e100, 1e-200),
            (-3.0, 1e-17),
        ] {
            let probabilities = DVector::from_vec(vec![1.0, share]);
            let values = DVector::from_vec(vec![2.0, 2.0 + away]);
            let smooth = SmoothDistribution::new(values, &probabilities);
            for probability in [0.05, 0.95] {
                let found = smooth.quantile(probability, 2.0);
                assert!((found - 2.0).abs() < 1e-9, "{away} {share}: {found}");
            }
            assert_eq!(smooth.probability_positive(), 1.0, "{away} {share}");
        }
    }

    #[test]
    fn a_number_without_spread_is_positive_negative_or_one_half() {
        let found = |value| {
            let probabilities = DVector::from_vec(vec![0.25, 0.75]);
            let smooth = SmoothDistribution::new(DVector::repeat(2, value), &probabilities);
            assert_eq!(smooth.quantile(0.3, value), value);
            smooth.probability_positive()
        };
        assert_eq!([3.0, 0.0, -0.0, -2.0].map(found), [1.0, 0.5, 0.5, 0.0]);
    }
}
