//! The pairs that are worth keeping: a D-optimal design, chosen greedily.
//!
//! The information that answers about a set of pairs are expected to give, under the deck's prior
//! N(μ, Σ), is about M = Σ⁻¹ + Σ_z w_z zzᵀ. The weight w_z = (1−ε)·E σ′(λᵀz) is the information of
//! a logistic choice averaged over people, so a pair on which nearly everybody agrees counts for
//! little however far apart its candidates are. For u ~ N(m, s²), E σ′(u) ≈ ¼ κ exp(−π κ² m² / 16)
//! with κ = 1/√(1 + π s²/8) (from σ(u) ≈ Φ(u√(π/8)), MacKay 1992).
//!
//! The pair that adds most to log det M is added next. log det is submodular, so the greedy set is
//! within a factor of 1 − 1/e of the best (Nemhauser, Wolsey & Fisher 1978). A gain only falls as
//! other pairs are added, so most gains need not be computed again (Minoux 1978).

use leaning::Deck;
use leaning::numeric::Random;
use leaning::question::{self, Pair};
use nalgebra::{DMatrix, DVector};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::f64::consts::PI;

/// Of more pairs than this, a sample is considered.
const MAX_CONSIDERED: usize = 2_000_000;

/// A pair, and its gain when the set had `picked` pairs.
struct Candidate {
    gain: f64,
    place: usize,
    picked: usize,
}

impl Ord for Candidate {
    /// By gain. Of equals, the first in the deck is the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_place = || Reverse(self.place).cmp(&Reverse(other.place));
        self.gain.total_cmp(&other.gain).then_with(by_place)
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

/// The `count` most informative pairs of a deck, in the order in which they are picked; all of them
/// if there are fewer. The seed decides which are considered if there are more than two million.
pub fn most_informative(deck: &Deck, count: usize, seed: u64) -> Vec<Pair> {
    let pairs = sample(deck, MAX_CONSIDERED.max(count), seed);
    // M⁻¹
    let mut inverse = deck.prior().covariance();
    let weights: Vec<f64> = pairs
        .iter()
        .map(|pair| weight(deck, &inverse, &difference(deck, pair)))
        .collect();
    let gain = |inverse: &DMatrix<f64>, place: usize| {
        let z = difference(deck, &pairs[place]);
        (weights[place] * z.dot(&(inverse * &z))).ln_1p()
    };
    let mut candidates: BinaryHeap<Candidate> = (0..pairs.len())
        .map(|place| Candidate {
            gain: gain(&inverse, place),
            place,
            picked: 0,
        })
        .collect();
    let mut picked = Vec::new();
    while picked.len() < count {
        let Some(best) = candidates.pop() else { break };
        if best.picked < picked.len() {
            let gain = gain(&inverse, best.place);
            candidates.push(Candidate {
                gain,
                picked: picked.len(),
                ..best
            });
            continue;
        }
        let pair = pairs[best.place];
        add(&mut inverse, weights[best.place], &difference(deck, &pair));
        picked.push(pair);
    }
    picked
}

/// About `count` pairs of a deck, each with the same probability; all of them if there are no more.
fn sample(deck: &Deck, count: usize, seed: u64) -> Vec<Pair> {
    let mut pairs = question::pairs(deck);
    if pairs.len() > count {
        let share = count as f64 / pairs.len() as f64;
        let mut random = Random::new(seed, 0);
        pairs.retain(|_| random.uniform() < share);
    }
    pairs
}

/// w_z.
fn weight(deck: &Deck, covariance: &DMatrix<f64>, z: &DVector<f64>) -> f64 {
    let mean = deck.prior().mean().dot(z);
    let squared = 1.0 / (1.0 + PI / 8.0 * z.dot(&(covariance * z)));
    let slope = 0.25 * squared.sqrt() * (-PI / 16.0 * squared * mean * mean).exp();
    (1.0 - deck.answer_model().lapse()) * slope
}

/// Updates M⁻¹ as w zzᵀ is added to M (Sherman & Morrison 1950).
fn add(inverse: &mut DMatrix<f64>, weight: f64, z: &DVector<f64>) {
    let across = &*inverse * z;
    let factor = weight / (1.0 + weight * z.dot(&across));
    inverse.ger(-factor, &across, &across, 1.0);
}

fn difference(deck: &Deck, pair: &Pair) -> DVector<f64> {
    let candidates = &deck.prompts()[pair.prompt].candidates;
    let (a, b) = (
        &candidates[pair.candidates.0],
        &candidates[pair.candidates.1],
    );
    DVector::from_column_slice(&a.scores) - DVector::from_column_slice(&b.scores)
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::{AnswerModel, DeckCandidate, Dimension, Prior};
    use nalgebra::{dmatrix, dvector};

    /// A deck with one prompt for each of these differences; the second candidate is at 0. The
    /// prior is N(mean, 1).
    fn deck(mean: [f64; 2], differences: &[[f64; 2]]) -> Deck {
        let prior = Prior::gaussian(DVector::from_column_slice(&mean), DMatrix::identity(2, 2));
        let mut builder = Deck::builder("d")
            .dimension(Dimension::new("x"))
            .dimension(Dimension::new("y"))
            .prior(prior.unwrap())
            .answer_model(AnswerModel::BRADLEY_TERRY);
        for (place, difference) in differences.iter().enumerate() {
            let candidates = [
                DeckCandidate::new("a", *difference),
                DeckCandidate::new("b", [0.0, 0.0]),
            ];
            builder = builder.prompt(place.to_string(), candidates);
        }
        builder.build().unwrap()
    }

    fn picked(deck: &Deck, count: usize) -> Vec<usize> {
        most_informative(deck, count, 1)
            .iter()
            .map(|pair| pair.prompt)
            .collect()
    }

    #[test]
    fn a_new_direction_comes_before_more_of_the_same() {
        let far = deck([0.0; 2], &[[2.0, 0.0], [2.1, 0.0], [0.0, 0.8], [0.0, 0.7]]);
        assert_eq!(picked(&far, 2), [1, 0]);
        let level = deck([0.0; 2], &[[2.0, 0.0], [2.1, 0.0], [0.0, 1.9], [0.0, 0.7]]);
        assert_eq!(picked(&level, 2), [1, 2]);
    }

    #[test]
    fn a_pair_on_which_nearly_everybody_agrees_has_little_information() {
        assert_eq!(picked(&deck([9.0, 0.0], &[[3.0, 0.0], [0.0, 1.0]]), 1), [1]);
    }

    #[test]
    fn all_pairs_are_picked_if_more_are_asked_for_and_of_equals_the_first() {
        let deck = deck([0.0; 2], &[[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]);
        assert_eq!(picked(&deck, 9), [0, 1, 2]);
    }

    #[test]
    fn the_expected_information_is_that_of_an_integral() {
        // E σ'(u) for u ~ N(0, 4) and N(2, 4), by the trapezoid rule on ±12 standard deviations.
        for mean in [0.0, 1.0] {
            let step = 1e-3;
            let density = |t: f64| (-0.5 * t * t).exp() / (2.0 * PI).sqrt();
            let slope = |u: f64| 0.25 / (0.5 * u).cosh().powi(2);
            let integral: f64 = (-12_000..=12_000)
                .map(|k| f64::from(k) * step)
                .map(|t| slope(2.0 * (mean + t)) * density(t) * step)
                .sum();
            let deck = deck([mean, 0.0], &[[2.0, 0.0]]);
            let found = weight(&deck, &deck.prior().covariance(), &dvector![2.0, 0.0]);
            assert!(
                (found - integral).abs() < 0.02 * 0.25,
                "{found}, {integral}"
            );
        }
    }

    #[test]
    fn of_very_many_pairs_a_sample_is_considered() {
        let deck = deck([0.0; 2], &vec![[1.0, 0.5]; 10_000]);
        assert_eq!(sample(&deck, 10_000, 1).len(), 10_000);
        let few = sample(&deck, 1000, 1);
        // Binomial: 1000 with a standard deviation of 30.
        assert!((850..=1150).contains(&few.len()), "{}", few.len());
        assert_eq!(few, sample(&deck, 1000, 1));
        assert_ne!(few, sample(&deck, 1000, 2));
    }

    #[test]
    fn the_inverse_stays_the_inverse() {
        let mut inverse = dmatrix![2.0, 0.0; 0.0, 1.0];
        add(&mut inverse, 0.5, &dvector![1.0, 2.0]);
        // M = [[0.5 + 0.5, 1], [1, 1 + 2]], whose determinant is 2.
        let expected = dmatrix![1.5, -0.5; -0.5, 0.5];
        assert!((&inverse - expected).amax() < 1e-15, "{inverse}");
    }
}
