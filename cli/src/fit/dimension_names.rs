//! Proposed names for fitted dimensions, based on their strongest features or most extreme texts.

use super::training_data::{Features, readable};
use crate::choices::Response;
use crate::deck::dimensions::NewDimension;
use nalgebra::DMatrix;

/// A feature names a dimension if it has at least this part of the strongest effect.
const STRONG: f64 = 0.5;
/// The largest number of features that name a dimension.
const MAX_FEATURES: usize = 3;
/// Longer texts are cut to this many characters.
const MAX_CHARACTERS: usize = 90;

/// A dimension per feature.
pub fn of_features(features: &Features) -> Vec<NewDimension> {
    let dimension = |name: &String| {
        let label = readable(name);
        let (low, high) = (format!("less {label}"), format!("more {label}"));
        NewDimension::new(name, &label, Some(low), Some(high))
    };
    features.names.iter().map(dimension).collect()
}

/// The dimensions of a head, f × d over standardised features.
pub fn of_head(features: &Features, head: &DMatrix<f64>) -> Vec<NewDimension> {
    let dimension = |(j, column): (usize, nalgebra::DVectorView<f64>)| {
        let strongest = strongest(column.as_slice());
        let named: Vec<(String, bool)> = strongest
            .iter()
            .map(|&k| (readable(&features.names[k]), column[k] > 0.0))
            .collect();
        let label = named
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        let end = |high: bool| {
            let parts: Vec<String> = named
                .iter()
                .map(|(name, positive)| {
                    format!("{} {name}", if *positive == high { "more" } else { "less" })
                })
                .collect();
            Some(parts.join(", "))
        };
        NewDimension::new(&id(j), &label, end(false), end(true))
    };
    head.column_iter().enumerate().map(dimension).collect()
}

/// The dimensions of a table of scores, n × d, with the texts at their ends. The last one may be
/// consensus.
pub fn of_table(
    responses: &[Response],
    scores: &DMatrix<f64>,
    consensus: bool,
) -> Vec<NewDimension> {
    let dimension = |j: usize| {
        let column: Vec<f64> = scores.column(j).iter().copied().collect();
        let name = |place: Option<usize>| place.map(|place| text_of(&responses[place]));
        let (low, high) = extremes(&column, 1);
        let (low, high) = (name(low.first().copied()), name(high.first().copied()));
        if consensus && j + 1 == scores.ncols() {
            return NewDimension::new("consensus", "Consensus", low, high);
        }
        NewDimension::new(&id(j), &format!("Dimension {}", j + 1), low, high)
    };
    (0..scores.ncols()).map(dimension).collect()
}

fn id(j: usize) -> String {
    format!("dimension-{}", j + 1)
}

/// The places of the strongest effects, the strongest first.
pub fn strongest(effects: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..effects.len()).collect();
    places.sort_by(|&a, &b| effects[b].abs().total_cmp(&effects[a].abs()));
    let least = STRONG * places.first().map_or(0.0, |&first| effects[first].abs());
    places
        .into_iter()
        .take(MAX_FEATURES)
        .filter(|&k| effects[k].abs() >= least)
        .collect()
}

/// The places of the `count` lowest and of the `count` highest numbers, the most extreme first.
/// Zeros are left out: nothing is known of a response that was never shown.
pub fn extremes(numbers: &[f64], count: usize) -> (Vec<usize>, Vec<usize>) {
    let mut places: Vec<usize> = (0..numbers.len())
        .filter(|&place| numbers[place] != 0.0)
        .collect();
    places.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    let low = places.iter().take(count).copied().collect();
    (low, places.into_iter().rev().take(count).collect())
}

/// The beginning of a response's text, or its id.
pub fn text_of(response: &Response) -> String {
    let text = response.text.as_deref().unwrap_or(&response.id);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= MAX_CHARACTERS {
        return text;
    }
    let cut: String = text.chars().take(MAX_CHARACTERS).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} …", &cut[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dimension_is_named_after_its_strongest_features() {
        assert_eq!(strongest(&[0.1, -2.0, 1.1, 0.9]), [1, 2]);
        assert_eq!(strongest(&[1.0, 1.0, 1.0, 1.0]), [0, 1, 2]);
    }

    #[test]
    fn the_most_extreme_come_first_and_zeros_are_left_out() {
        assert_eq!(
            extremes(&[0.0, 3.0, -1.0, 2.0], 2),
            (vec![2, 3], vec![1, 3])
        );
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        let response = |text: &str| Response {
            id: "a".to_owned(),
            prompt: "p".to_owned(),
            scores: Vec::new(),
            text: Some(text.to_owned()),
        };
        assert_eq!(text_of(&response("one\n two")), "one two");
        let long = text_of(&response(&"word ".repeat(40)));
        assert!(
            long.ends_with("word …") && long.chars().count() <= MAX_CHARACTERS + 2,
            "{long}"
        );
    }
}
