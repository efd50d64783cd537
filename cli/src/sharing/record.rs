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
    /// What is wrong with it.
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
