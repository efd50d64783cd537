//! Records of the format `leaning-shared/1`, which `shareable` of the npm package makes.

use leaning::Deck;
use serde::Deserialize;

const FORMAT: &str = "leaning-shared/1";
/// Weights of a record.
const MOST_VALUES: usize = 2;
/// Noise beyond this many times its scale has a probability of e⁻⁵⁰: somebody made it up.
const FARTHEST: f64 = 50.0;
const LARGEST_BOUND: f64 = 100.0;
const MOST_STEPS: f64 = 10_000.0;
const LARGEST_EPSILON: f64 = 1000.0;

#[derive(Debug, Deserialize)]
struct RecordFile {
    format: String,
    deck: DeckId,
    epsilon: f64,
    bound: f64,
    steps: f64,
    dimensions: Vec<String>,
    values: Vec<f64>,
}

#[derive(Debug, Deserialize)]
struct DeckId {
    id: String,
}

/// One person's record.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedRecord {
    /// Places of its dimensions in the deck.
    pub places: Vec<usize>,
    /// The weights with their noise, in standard deviations of the deck's prior from its mean.
    pub values: Vec<f64>,
    /// The variance of the noise in each.
    pub noise: f64,
}

impl SharedRecord {
    /// Reads a record, and checks that it is about this deck.
    ///
    /// # Errors
    /// The fault in it.
    pub fn read(record: &serde_json::Value, deck: &Deck) -> Result<Self, String> {
        let file = RecordFile::deserialize(record).map_err(|error| error.to_string())?;
        if file.format != FORMAT {
            return Err(format!("expected the format {FORMAT}"));
        }
        if file.deck.id != deck.id() {
            return Err(format!("it is about the deck {}", file.deck.id));
        }
        let count = file.values.len();
        if count != file.dimensions.len() || !(1..=MOST_VALUES).contains(&count) {
            return Err(format!(
                "expected a value for each of at most {MOST_VALUES} dimensions"
            ));
        }
        let places = file.dimensions.iter().map(|id| {
            let place = deck.dimension_place(id);
            place.ok_or_else(|| format!("the deck has no dimension {id}"))
        });
        let places: Vec<usize> = places.collect::<Result<_, _>>()?;
        if count == 2 && places[0] == places[1] {
            return Err("expected different dimensions".to_owned());
        }
        for (name, number, most) in [
            ("epsilon", file.epsilon, LARGEST_EPSILON),
            ("bound", file.bound, LARGEST_BOUND),
            ("steps", file.steps, MOST_STEPS),
        ] {
            if !(number > 0.0 && number <= most) {
                return Err(format!("{name}: expected a number above 0, at most {most}"));
            }
        }
        // Any two people differ by at most 2 × steps in each value.
        let scale = 2.0 * file.steps * count as f64 / file.epsilon;
        let reach = file.steps + FARTHEST * scale;
        if !file.values.iter().all(|value| value.abs() <= reach) {
            return Err("a value lies where no noise brings it".to_owned());
        }
        let step = file.bound / file.steps;
        Ok(SharedRecord {
            places,
            values: file.values.iter().map(|value| value * step).collect(),
            noise: step * step * discrete_laplace_variance(scale),
        })
    }
}

/// The variance of the distribution on whole numbers with probabilities proportional to
/// exp(−|n| / scale): 2p / (1 − p)² with p = exp(−1 / scale).
pub fn discrete_laplace_variance(scale: f64) -> f64 {
    let p = (-1.0 / scale).exp();
    2.0 * p / (1.0 - p).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::{DeckCandidate, Dimension};
    use serde_json::{Value, json};

    const FIXTURE: &str = include_str!("../../../tests/fixtures/formats/leaning-shared-1.json");

    fn deck() -> Deck {
        let candidates = |a, b| {
            [
                DeckCandidate::new("a", [a, b, 0.0]),
                DeckCandidate::new("b", [b, a, 1.0]),
            ]
        };
        Deck::builder("shared")
            .dimension(Dimension::new("brevity"))
            .dimension(Dimension::new("warmth"))
            .dimension(Dimension::new("order"))
            .prompt("p", candidates(1.0, -1.0))
            .build()
            .unwrap()
    }

    fn fixture() -> Value {
        serde_json::from_str(FIXTURE).unwrap()
    }

    #[test]
    fn a_record_has_its_weights_in_standard_deviations_and_the_variance_of_its_noise() {
        let record = SharedRecord::read(&fixture(), &deck()).unwrap();
        assert_eq!(record.places, [0, 2]);
        // −3 and 11 steps of 2 / 8.
        assert_eq!(record.values, [-0.75, 2.75]);
        // The scale is 2 · 8 steps · 2 values / ε = 16 steps. Σ n² e^(−|n|/16) / Σ e^(−|n|/16) = 511.83336588…, summed over
        // |n| ≤ 3000 by another program.
        assert!((record.noise - 511.833_365_880_372 / 16.0).abs() < 1e-9);
    }

    #[test]
    fn one_value_has_half_the_noise_of_two() {
        let mut record = fixture();
        record["dimensions"] = json!(["warmth"]);
        record["values"] = json!([4]);
        let read = SharedRecord::read(&record, &deck()).unwrap();
        assert_eq!((read.places, read.values), (vec![1], vec![1.0]));
        // The scale is 8. The variance of a continuous Laplace distribution is 2 · 8², and the steps take 1/6 off.
        let continuous = 128.0 / 16.0;
        assert!((read.noise - continuous).abs() < 0.011 && read.noise < continuous);
    }

    #[test]
    fn what_is_no_record_about_the_deck_is_refused_with_its_flaw() {
        for (field, value, says) in [
            (
                "format",
                json!("leaning-deck/1"),
                "the format leaning-shared/1",
            ),
            (
                "deck",
                json!({ "id": "other", "version": "1" }),
                "the deck other",
            ),
            ("dimensions", json!(["brevity"]), "a value for each"),
            (
                "dimensions",
                json!(["brevity", "speed"]),
                "no dimension speed",
            ),
            (
                "dimensions",
                json!(["order", "order"]),
                "different dimensions",
            ),
            ("values", json!([1, 2, 3]), "a value for each"),
            ("values", json!(["1", "2"]), "invalid type"),
            ("epsilon", json!(0), "epsilon: expected a number above 0"),
            ("epsilon", json!(1001), "at most 1000"),
            ("bound", json!(-2), "bound: expected"),
            ("steps", json!(10_001), "steps: expected"),
            // 8 steps and 50 scales of 16.
            ("values", json!([809, 0]), "where no noise brings it"),
        ] {
            let mut record = fixture();
            record[field] = value;
            let error = SharedRecord::read(&record, &deck()).unwrap_err();
            assert!(error.contains(says), "{field}: {error}");
        }
        let mut farthest = fixture();
        farthest["values"] = json!([808, -808]);
        assert!(SharedRecord::read(&farthest, &deck()).is_ok());
    }

    #[test]
    fn the_variance_of_the_noise_is_that_of_a_difference_of_two_geometric_numbers() {
        // With success probability q each has the variance (1 − q) / q²: 2 at q = 1/2, so the difference has 4.
        let scale = 1.0 / 2.0_f64.ln();
        assert!((discrete_laplace_variance(scale) - 4.0).abs() < 1e-12);
    }
}
