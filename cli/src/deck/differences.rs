//! Differences of features within prompts: how large they are, and how they correlate.

use super::prompts::PromptGroup;
use leaning::Deck;
use nalgebra::{DMatrix, DVector};
use serde::Serialize;

/// A smaller RMS difference, relative to the largest number, is rounding.
const ROUNDING: f64 = 1e-12;
/// A correlation that is stronger than this, either way, is named.
const NOTABLE: f64 = 0.7;

/// Two dimensions that answers can hardly separate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Correlated {
    pub dimensions: [String; 2],
    pub correlation: f64,
}

impl Correlated {
    /// Whether they go together so far that it is worth a note.
    pub fn is_notable(&self) -> bool {
        self.correlation.abs() > NOTABLE
    }
}

/// The differences z of features over the unordered pairs within prompts.
#[derive(Debug)]
pub struct Differences {
    /// Σ zzᵀ, f × f.
    products: DMatrix<f64>,
    pairs: f64,
    /// The largest magnitude of each feature, f.
    largest: DVector<f64>,
}

impl Differences {
    /// Sums up the differences of features, n × f: a row per response.
    pub fn new(features: &DMatrix<f64>, prompts: &[PromptGroup]) -> Self {
        let f = features.ncols();
        let mut differences = Differences {
            products: DMatrix::zeros(f, f),
            pairs: 0.0,
            largest: DVector::zeros(f),
        };
        for PromptGroup { members, .. } in prompts {
            let m = members.len() as f64;
            let mut rows = features.select_rows(members);
            for (largest, column) in differences.largest.iter_mut().zip(rows.column_iter()) {
                *largest = largest.max(column.amax());
            }
            for mut column in rows.column_iter_mut() {
                column.add_scalar_mut(-column.mean());
            }
            // Over all pairs of m numbers Σ (x_a − x_b)² = m Σ (x_a − x̄)², and likewise for
            // products.
            differences.products += m * rows.tr_mul(&rows);
            differences.pairs += m * (m - 1.0) / 2.0;
        }
        differences
    }

    /// The differences of a deck's scores.
    pub fn of_deck(deck: &Deck) -> Self {
        let d = deck.dimensions().len();
        let (mut groups, mut scores) = (Vec::new(), Vec::new());
        let mut first = 0;
        for prompt in deck.prompts() {
            let end = first + prompt.candidates.len();
            groups.push(PromptGroup {
                id: prompt.id.clone(),
                members: (first..end).collect(),
            });
            first = end;
            scores.extend(prompt.candidates.iter().flat_map(|one| one.scores.iter()));
        }
        let scores = DMatrix::from_row_iterator(first, d, scores.into_iter().copied());
        Differences::new(&scores, &groups)
    }

    /// The pairs of these dimensions whose correlation is notable.
    pub fn correlated(&self, deck: &Deck) -> Vec<Correlated> {
        let id = |j: usize| deck.dimensions()[j].id.clone();
        let pairs = (0..deck.dimensions().len()).flat_map(|j| (0..j).map(move |k| (k, j)));
        pairs
            .map(|(k, j)| Correlated {
                dimensions: [id(k), id(j)],
                correlation: self.correlation(k, j),
            })
            .filter(Correlated::is_notable)
            .collect()
    }

    /// Root mean square difference of a feature; 0 if it does not vary within any prompt.
    pub fn rms(&self, j: usize) -> f64 {
        let rms = (self.products[(j, j)] / self.pairs.max(1.0)).sqrt();
        if rms > ROUNDING * self.largest[j] {
            rms
        } else {
            0.0
        }
    }

    /// Σ z_j z_k / √(Σ z_j² Σ z_k²), from −1 to 1; 0 if one of them does not vary. No mean is
    /// subtracted, since the order within a pair is arbitrary.
    pub fn correlation(&self, j: usize, k: usize) -> f64 {
        if self.rms(j) == 0.0 || self.rms(k) == 0.0 {
            return 0.0;
        }
        let scale = self.products[(j, j)].sqrt() * self.products[(k, k)].sqrt();
        (self.products[(j, k)] / scale).clamp(-1.0, 1.0)
    }
}

/// A note about dimensions that correlate, if there are any.
pub fn note_about(correlated: &[Correlated]) -> Option<String> {
    let pairs = correlated.iter().map(|of| {
        let [a, b] = &of.dimensions;
        format!("{a} and {b} correlate {:.2}", of.correlation)
    });
    let pairs: Vec<String> = pairs.collect();
    (!pairs.is_empty()).then(|| format!("{}: answers can hardly separate them", pairs.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::Differences;
    use crate::deck::prompts::PromptGroup;
    use nalgebra::{DMatrix, dmatrix};

    fn differences(features: &DMatrix<f64>, prompts: &[&[usize]]) -> Differences {
        let group = |members: &&[usize]| PromptGroup {
            id: String::new(),
            members: members.to_vec(),
        };
        Differences::new(features, &prompts.iter().map(group).collect::<Vec<_>>())
    }

    #[test]
    fn rms_and_correlation_are_those_of_the_pairs() {
        // Differences within {0, 1, 2}: (1, 2), (3, 1), (2, −1); within {3, 4}: (4, 0).
        let features = dmatrix![0.0, 5.0; 1.0, 7.0; 3.0, 6.0; 10.0, 1.0; 14.0, 1.0; 99.0, 0.0];
        let found = differences(&features, &[&[0, 1, 2], &[3, 4], &[5]]);
        let x: f64 = 1.0 + 9.0 + 4.0 + 16.0;
        let y: f64 = 4.0 + 1.0 + 1.0;
        let xy: f64 = 2.0 + 3.0 - 2.0;
        let close = |found: f64, expected: f64| {
            assert!((found - expected).abs() < 1e-14, "{found}, {expected}");
        };
        close(found.rms(0), (x / 4.0).sqrt());
        close(found.rms(1), (y / 4.0).sqrt());
        close(found.correlation(0, 1), xy / (x * y).sqrt());
        close(found.correlation(1, 1), 1.0);
    }

    #[test]
    fn rounding_errors_are_not_taken_for_variation() {
        assert_eq!(
            differences(&dmatrix![0.1 + 0.2; 0.3], &[&[0, 1]]).rms(0),
            0.0
        );
    }
}
