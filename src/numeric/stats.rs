//! Sums of exponentials, moments, quantiles and order.

use nalgebra::DVector;

/// log Σ e^x, without overflow.
pub fn log_sum_exp(logs: &[f64]) -> f64 {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + libm::log(logs.iter().map(|log| libm::exp(log - largest)).sum())
}

/// log softmax(u), without overflow.
pub fn log_softmax(utilities: &[f64]) -> Vec<f64> {
    let log_sum = log_sum_exp(utilities);
    utilities.iter().map(|utility| utility - log_sum).collect()
}

/// softmax(u): the numbers whose logarithms these are, divided by their sum.
pub fn softmax(logs: &[f64]) -> Vec<f64> {
    log_softmax(logs).into_iter().map(libm::exp).collect()
}

/// Mean and standard deviation of values with their probabilities, which sum to 1. The mean is taken
/// first, so that no digits cancel however far it is from 0.
pub(crate) fn moments(values: &DVector<f64>, probabilities: &DVector<f64>) -> (f64, f64) {
    let mean = values.dot(probabilities);
    let away = values.add_scalar(-mean);
    (mean, away.component_mul(&away).dot(probabilities).sqrt())
}

/// The quantile at `probability` of values with their probabilities, which sum to 1. A value stands
/// in the middle of its probability; between the middles it is interpolated. `ascending` is not
/// empty.
pub(crate) fn quantile(ascending: &[(f64, f64)], probability: f64) -> f64 {
    let (mut value_below, mut middle_below) = (ascending[0].0, 0.0);
    let mut below = 0.0;
    for &(value, of_value) in ascending {
        let middle = below + 0.5 * of_value;
        if middle > probability {
            let share = (probability - middle_below) / (middle - middle_below);
            return value_below + share * (value - value_below);
        }
        below += of_value;
        (value_below, middle_below) = (value, middle);
    }
    value_below
}

/// A score, and the index that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoredIndex {
    /// The higher, the better.
    pub score: f64,
    /// Place in the list that was scored, from 0.
    pub index: usize,
}

/// The scores in descending order. Equal scores stay in their order (0 and −0 are equal), so that
/// the result is the same on every machine.
pub fn descending(scores: impl IntoIterator<Item = f64>) -> Vec<ScoredIndex> {
    let mut scored: Vec<ScoredIndex> = scores
        .into_iter()
        .enumerate()
        .map(|(index, score)| ScoredIndex {
            score: score + 0.0,
            index,
        })
        .collect();
    sort_descending(&mut scored);
    scored
}

/// Apart from [`descending`], which is generic, so that the sort is compiled once.
fn sort_descending(scored: &mut [ScoredIndex]) {
    scored.sort_by(|a, b| b.score.total_cmp(&a.score));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_exponentials_do_not_overflow() {
        let ln_3 = 3.0_f64.ln();
        assert!((log_sum_exp(&[0.0; 3]) - ln_3).abs() < 1e-15);
        assert!((log_sum_exp(&[1e4; 3]) - (1e4 + ln_3)).abs() < 1e-11);
        assert!((log_sum_exp(&[-1e4; 3]) - (-1e4 + ln_3)).abs() < 1e-11);
        assert_eq!(softmax(&[1e300, 0.0]), [1.0, 0.0]);
        let [a, b] = softmax(&[3.0_f64.ln(), 0.0])[..] else {
            panic!("two numbers")
        };
        assert!((a - 0.75).abs() < 1e-15 && (b - 0.25).abs() < 1e-15);
    }

    #[test]
    fn moments_keep_their_digits_far_from_zero() {
        let found = |values: &[f64], probabilities: &[f64]| {
            let [values, probabilities] = [values, probabilities].map(DVector::from_column_slice);
            moments(&values, &probabilities)
        };
        let equal = [0.25; 4];
        assert_eq!(found(&[1.0, 2.0, 3.0, 4.0], &equal), (2.5, 1.25_f64.sqrt()));
        let (mean, sd) = found(&[1.0, 2.0, 3.0, 4.0].map(|value| 1e9 + value), &equal);
        assert!((mean - 1e9 - 2.5).abs() < 1e-6);
        assert!((sd - 1.25_f64.sqrt()).abs() < 1e-6);
        let weighted = found(&[1.0, 7.0, 5.0], &[0.75, 0.0, 0.25]);
        assert_eq!(weighted, (2.0, 3.0_f64.sqrt()));
    }

    #[test]
    fn quantiles_are_interpolated_and_end_at_the_extremes() {
        let ascending = [(1.0, 0.25), (2.0, 0.5), (4.0, 0.25)];
        let found = [-1.0, 0.0, 0.125, 0.3125, 0.5, 0.6875, 0.875, 1.0, 2.0]
            .map(|p| quantile(&ascending, p));
        assert_eq!(found, [1.0, 1.0, 1.0, 1.5, 2.0, 3.0, 4.0, 4.0, 4.0]);
    }

    #[test]
    fn equal_scores_stay_in_their_order() {
        let order = |scores: &[f64]| -> Vec<usize> {
            let scored = descending(scores.iter().copied());
            scored.iter().map(|scored| scored.index).collect()
        };
        assert_eq!(order(&[1.0, 3.0, 1.0, 2.0, 3.0]), [1, 4, 3, 0, 2]);
        assert_eq!(order(&[-0.0, 0.0, -0.0]), [0, 1, 2]);
    }
}
