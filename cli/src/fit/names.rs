//! What a fitted dimension could be called: a proposal, from its strongest features or its most extreme texts.

use super::gather::{Features, readable};
use crate::build::dimensions::Dimension;
use crate::choices::Response;
use nalgebra::DMatrix;

/// Features with at least this part of the strongest one's effect name a dimension, and at most so many.
const STRONG: f64 = 0.5;
const MOST_FEATURES: usize = 3;
/// Texts are cut to so many characters.
const LONGEST: usize = 90;

/// A dimension of its own for each feature.
pub fn of_features(features: &Features) -> Vec<Dimension> {
    let dimension = |name: &String| {
        let label = readable(name);
        let (low, high) = (format!("less {label}"), format!("more {label}"));
        Dimension::new(name, &label, Some(low), Some(high))
    };
    features.names.iter().map(dimension).collect()
}

/// Dimensions that a head, f × d over standardised features, makes.
pub fn of_head(features: &Features, head: &DMatrix<f64>) -> Vec<Dimension> {
    let dimension = |(j, column): (usize, nalgebra::DVectorView<f64>)| {
        let strongest = strongest(column.as_slice());
        let named: Vec<(String, bool)> =
            strongest.iter().map(|&k| (readable(&features.names[k]), column[k] > 0.0)).collect();
        let label = named.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let end = |high: bool| {
            let parts: Vec<String> = named
                .iter()
                .map(|(name, positive)| format!("{} {name}", if *positive == high { "more" } else { "less" }))
                .collect();
            Some(parts.join(", "))
        };
        Dimension::new(&id(j), &label, end(false), end(true))
    };
    head.column_iter().enumerate().map(dimension).collect()
}

/// Dimensions of a table of scores, n × d: named by the texts at their ends.
pub fn of_table(responses: &[Response], scores: &DMatrix<f64>) -> Vec<Dimension> {
    let dimension = |j: usize| {
        let column: Vec<f64> = scores.column(j).iter().copied().collect();
        let name = |place: Option<usize>| place.map(|place| text_of(&responses[place]));
        let (low, high) = extremes(&column, 1);
        let (low, high) = (name(low.first().copied()), name(high.first().copied()));
        Dimension::new(&id(j), &format!("Dimension {}", j + 1), low, high)
    };
    (0..scores.ncols()).map(dimension).collect()
}

fn id(j: usize) -> String {
    format!("dimension-{}", j + 1)
}

/// The places with the greatest effects, the greatest first.
pub fn strongest(effects: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..effects.len()).collect();
    places.sort_by(|&a, &b| effects[b].abs().total_cmp(&effects[a].abs()));
    let least = STRONG * places.first().map_or(0.0, |&first| effects[first].abs());
    places.into_iter().take(MOST_FEATURES).filter(|&k| effects[k].abs() >= least).collect()
}

/// The places of the lowest and of the highest numbers, so many of each, the most extreme first. Those of 0 are left
/// out: of a response that nobody chose about nothing is known.
pub fn extremes(numbers: &[f64], count: usize) -> (Vec<usize>, Vec<usize>) {
    let mut places: Vec<usize> = (0..numbers.len()).filter(|&place| numbers[place] != 0.0).collect();
    places.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    let low = places.iter().take(count).copied().collect();
    (low, places.into_iter().rev().take(count).collect())
}

/// The beginning of a response's text, or its id.
pub fn text_of(response: &Response) -> String {
    let text = response.text.as_deref().unwrap_or(&response.id);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= LONGEST {
        return text;
    }
    let cut: String = text.chars().take(LONGEST).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} …", &cut[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dimension_is_named_by_the_features_that_move_it_most() {
        assert_eq!(strongest(&[0.1, -2.0, 1.1, 0.9]), [1, 2]);
        assert_eq!(strongest(&[1.0, 1.0, 1.0, 1.0]), [0, 1, 2]);
    }

    #[test]
    fn ends_are_the_most_extreme_first_and_what_nobody_chose_about_is_neither() {
        assert_eq!(extremes(&[0.0, 3.0, -1.0, 2.0], 2), (vec![2, 3], vec![1, 3]));
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
        assert!(long.ends_with("word …") && long.chars().count() <= LONGEST + 2, "{long}");
    }
}
