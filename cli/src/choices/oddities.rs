//! Columns of numbers that may be no features, and numbers that may be mistakes.

use super::responses::Response;

/// Rows that a column has to have before its order says anything.
const LEAST_ROWS: usize = 10;
/// A value is odd if it is this many times as far from the median as nine values in ten.
const FAR: f64 = 10.0;
/// How common the distances are that others are compared with.
const COMMON: f64 = 0.9;

/// Notes about these features: those that count the rows, and those with a value far from all
/// others.
pub fn notes(features: &[String], responses: &[Response]) -> Vec<String> {
    let column = |j: usize| -> Vec<f64> { responses.iter().map(|of| of.scores[j]).collect() };
    let columns: Vec<(&String, Vec<f64>)> = features
        .iter()
        .enumerate()
        .map(|(j, name)| (name, column(j)))
        .collect();
    let growing = columns.iter().filter(|(_, numbers)| grows(numbers));
    let growing: Vec<&str> = growing.map(|(name, _)| name.as_str()).collect();
    let mut notes = Vec::new();
    if !growing.is_empty() {
        let (noun, verb) = if growing.len() == 1 {
            ("the column", "grows")
        } else {
            ("the columns", "grow")
        };
        let names = growing.join(", ");
        notes.push(format!(
            "{noun} {names} {verb} row by row, as ids and times do: choose features with --scores \
             if that is not meant"
        ));
    }
    notes.extend(columns.iter().filter_map(|(name, numbers)| {
        let row = outlier(numbers)?;
        let (id, number) = (&responses[row].id, numbers[row]);
        Some(format!(
            "column {name}: {number} for {id:?} is more than {FAR} times as far from the median as \
             nine values in ten; one such value makes the others look alike"
        ))
    }));
    notes
}

/// Whether each whole number is larger than the one before.
fn grows(numbers: &[f64]) -> bool {
    numbers.len() >= LEAST_ROWS
        && numbers.iter().all(|number| number.fract() == 0.0)
        && numbers.is_sorted_by(|a, b| a < b)
}

/// The row with a value far from all others.
fn outlier(numbers: &[f64]) -> Option<usize> {
    let median = quantile(numbers.to_vec(), 0.5)?;
    let distances: Vec<f64> = numbers
        .iter()
        .map(|number| (number - median).abs())
        .collect();
    let common = quantile(distances.clone(), COMMON)?;
    let row = (0..distances.len()).max_by(|&a, &b| distances[a].total_cmp(&distances[b]))?;
    (common > 0.0 && distances[row] > FAR * common).then_some(row)
}

/// The smallest number that at least this share of them do not exceed.
fn quantile(mut numbers: Vec<f64>, share: f64) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let place = (share * numbers.len() as f64).ceil() as usize;
    numbers.get(place.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::{grows, outlier};

    #[test]
    fn ids_and_times_grow_and_measurements_do_not() {
        let ids: Vec<f64> = (0..10)
            .map(|row| 1.7e9 + 86_400.0 * f64::from(row))
            .collect();
        assert!(grows(&ids));
        assert!(!grows(&ids[..9]), "a few rows are in order by chance");
        let lengths: Vec<f64> = ids.iter().map(|id| id / 7.0).collect();
        assert!(!grows(&lengths), "fractions are measured");
        let mut shuffled = ids;
        shuffled.swap(3, 4);
        assert!(!grows(&shuffled));
    }

    #[test]
    fn one_value_of_another_magnitude_is_found_and_rare_values_are_not() {
        let mut prices: Vec<f64> = (0..40).map(|row| 10.0 + f64::from(row % 7)).collect();
        assert_eq!(outlier(&prices), None);
        prices[17] = 1e100;
        assert_eq!(outlier(&prices), Some(17));
        let mut ratings: Vec<f64> = (0..20).map(|row| 1.0 + f64::from(row % 5)).collect();
        assert_eq!(outlier(&ratings), None);
        ratings[6] = 50.0;
        assert_eq!(outlier(&ratings), Some(6), "a slip of the finger");
        // A tail is no mistake: quantiles of a log-normal distribution.
        let long: Vec<f64> = (1..100).map(|k| f64::from(k) / 100.0).collect();
        let long: Vec<f64> = long.iter().map(|p| (p / (1.0 - p)).powf(0.6)).collect();
        assert_eq!(outlier(&long), None, "long texts are rare");
        let rare: Vec<f64> = (0..40).map(|row| f64::from(row == 3)).collect();
        assert_eq!(outlier(&rare), None, "nearly all are the same");
        assert_eq!(outlier(&[]), None);
    }
}
