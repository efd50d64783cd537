//! Which pairs are worth keeping: a D-optimal design, picked greedily.
//!
//! The information that answers about a set of pairs are expected to give, under the deck's prior N(μ, Σ), is about
//! M = Σ⁻¹ + Σ_z w_z zzᵀ with w_z = (1−ε)·E σ′(λᵀz): how much a logistic choice tells, averaged over who may be asked, so
//! that a pair on which nearly everybody agrees counts for little however far it lies apart. For u ~ N(m, s²),
//! E σ′(u) ≈ ¼ κ exp(−π κ² m² / 16) with κ = 1/√(1 + π s²/8) (σ(u) ≈ Φ(u√(π/8)), MacKay 1992). The pair that adds most to
//! log det M is added next. log det is submodular, so the greedy set is within a factor of 1 − 1/e of the best (Nemhauser,
//! Wolsey & Fisher 1978), and a gain only falls as others are added, which spares looking at most pairs again (Minoux
//! 1978).

use leaning::question::{self, Pair};
use leaning::{Deck, Prior};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::f64::consts::PI;

/// Of more pairs than this a sample is looked at.
const MOST: usize = 2_000_000;

/// A pair whose gain was reckoned when so many others were in the set.
struct Open {
    gain: f64,
    place: usize,
    known: usize,
}

impl Ord for Open {
    /// By gain; of equal ones the first of the deck is the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        self.gain.total_cmp(&other.gain).then_with(|| Reverse(self.place).cmp(&Reverse(other.place)))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Open {}

/// The `count` most informative pairs of a deck in the order in which they are picked; all of them if there are fewer.
/// `seed` decides which are looked at where there are more than two million.
pub fn most_informative(deck: &Deck, count: usize, seed: u64) -> Vec<Pair> {
    let pairs = sample(deck, MOST.max(count), seed);
    let prior = covariance(deck.prior());
    let weights: Vec<f64> = pairs.iter().map(|pair| weight(deck, &prior, &difference(deck, pair))).collect();
    // M⁻¹
    let mut inverse = prior;
    let gain = |inverse: &[Vec<f64>], place: usize| {
        let z = difference(deck, &pairs[place]);
        (weights[place] * dot(&z, &times(inverse, &z))).ln_1p()
    };
    let mut open: BinaryHeap<Open> =
        (0..pairs.len()).map(|place| Open { gain: gain(&inverse, place), place, known: 0 }).collect();
    let mut picked = Vec::new();
    while picked.len() < count {
        let Some(best) = open.pop() else { break };
        if best.known < picked.len() {
            open.push(Open { gain: gain(&inverse, best.place), known: picked.len(), ..best });
            continue;
        }
        picked.push(pairs[best.place]);
        add(&mut inverse, weights[best.place], &difference(deck, &pairs[best.place]));
    }
    picked
}

/// About `most` pairs of a deck, each with the same chance; all of them if there are no more.
fn sample(deck: &Deck, most: usize, seed: u64) -> Vec<Pair> {
    let all = question::pairs(deck).count();
    if all <= most {
        return question::pairs(deck).collect();
    }
    let bound = (u128::from(u64::MAX) * most as u128 / all as u128) as u64;
    let drawn = |place: &(usize, Pair)| random(seed, place.0 as u64) < bound;
    question::pairs(deck).enumerate().filter(drawn).map(|(_, pair)| pair).collect()
}

/// The number at a place of a seed's stream: SplitMix64 (Steele, Lea & Flood 2014).
fn random(seed: u64, place: u64) -> u64 {
    let mut z = seed.wrapping_add(place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Covariance of the weights over everybody, the segments' means included.
fn covariance(prior: &Prior) -> Vec<Vec<f64>> {
    let d = prior.dimensions();
    let mut sum = vec![vec![0.0; d]; d];
    for segment in prior.segments() {
        let covariance = segment.covariance();
        let away: Vec<f64> = segment.mean().iter().zip(prior.mean()).map(|(mean, overall)| mean - overall).collect();
        for i in 0..d {
            for j in 0..d {
                sum[i][j] += segment.weight() * (covariance[i][j] + away[i] * away[j]);
            }
        }
    }
    sum
}

fn weight(deck: &Deck, prior: &[Vec<f64>], z: &[f64]) -> f64 {
    let mean = dot(deck.prior().mean(), z);
    let squared = 1.0 / (1.0 + PI / 8.0 * dot(z, &times(prior, z)));
    (1.0 - deck.answer_model().lapse()) * 0.25 * squared.sqrt() * (-PI / 16.0 * squared * mean * mean).exp()
}

/// M⁻¹ after w zzᵀ is added to M (Sherman & Morrison 1950).
fn add(inverse: &mut [Vec<f64>], weight: f64, z: &[f64]) {
    let across = times(inverse, z);
    let factor = weight / (1.0 + weight * dot(z, &across));
    for (row, a) in inverse.iter_mut().zip(&across) {
        row.iter_mut().zip(&across).for_each(|(entry, b)| *entry -= factor * a * b);
    }
}

fn difference(deck: &Deck, pair: &Pair) -> Vec<f64> {
    let candidates = &deck.prompts()[pair.prompt].candidates;
    let (a, b) = (&candidates[pair.candidates.0].scores, &candidates[pair.candidates.1].scores);
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn times(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| dot(row, vector)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A deck of one prompt for each of these differences, the second candidate at 0. Prior N(mean, 1).
    fn deck(mean: [f64; 2], differences: &[[f64; 2]]) -> Deck {
        let prompt = |(place, scores): (usize, &[f64; 2])| {
            let candidates = json!([{ "id": "a", "scores": scores }, { "id": "b", "scores": [0, 0] }]);
            json!({ "id": place.to_string(), "candidates": candidates })
        };
        let prompts: Vec<_> = differences.iter().enumerate().map(prompt).collect();
        let deck = json!({
            "format": "leaning-deck/1", "id": "d", "dimensions": [{ "id": "x" }, { "id": "y" }], "prompts": prompts,
            "prior": { "mean": mean, "covariance": [[1, 0], [0, 1]] }, "answers": { "lapse": 0, "indifference": 0 }
        });
        Deck::from_json(&deck.to_string()).unwrap()
    }

    fn picked(deck: &Deck, count: usize) -> Vec<usize> {
        most_informative(deck, count, 1).iter().map(|pair| pair.prompt).collect()
    }

    #[test]
    fn what_says_something_new_comes_before_more_of_the_same() {
        let deck = deck([0.0; 2], &[[2.0, 0.0], [2.1, 0.0], [0.0, 0.8], [0.0, 0.7]]);
        assert_eq!(picked(&deck, 2), [1, 0]);
        let level = self::deck([0.0; 2], &[[2.0, 0.0], [2.1, 0.0], [0.0, 1.9], [0.0, 0.7]]);
        assert_eq!(picked(&level, 2), [1, 2]);
    }

    #[test]
    fn a_pair_on_which_nearly_everybody_agrees_says_little() {
        let deck = deck([9.0, 0.0], &[[3.0, 0.0], [0.0, 1.0]]);
        assert_eq!(picked(&deck, 1), [1]);
    }

    #[test]
    fn there_are_no_more_than_there_are_and_of_equals_the_first_is_picked() {
        let deck = deck([0.0; 2], &[[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]);
        assert_eq!(picked(&deck, 9), [0, 1, 2]);
    }

    #[test]
    fn the_expected_information_is_that_of_an_integral() {
        // E σ'(u) for u ~ N(0, 4) and N(2, 4), by the trapezoid rule on ±12 standard deviations.
        let deck = |mean: f64| deck([mean, 0.0], &[[2.0, 0.0]]);
        for mean in [0.0, 1.0] {
            let step = 1e-3;
            let density = |t: f64| (-0.5 * t * t).exp() / (2.0 * PI).sqrt();
            let slope = |u: f64| 0.25 / (0.5 * u).cosh().powi(2);
            let integral: f64 = (-12_000..=12_000)
                .map(|k| f64::from(k) * step)
                .map(|t| slope(2.0 * (mean + t)) * density(t) * step)
                .sum();
            let deck = deck(mean);
            let found = weight(&deck, &covariance(deck.prior()), &[2.0, 0.0]);
            assert!((found - integral).abs() < 0.02 * 0.25, "{found}, {integral}");
        }
    }

    #[test]
    fn of_very_many_pairs_a_sample_is_looked_at() {
        let deck = deck([0.0; 2], &vec![[1.0, 0.5]; 10_000]);
        let drawn = |most: usize, seed: u64| sample(&deck, most, seed);
        assert_eq!(drawn(10_000, 1).len(), 10_000);
        // Binomial: 1000 with a standard deviation of 30.
        assert!((850..=1150).contains(&drawn(1000, 1).len()), "{}", drawn(1000, 1).len());
        assert_eq!(drawn(1000, 1), drawn(1000, 1));
        assert_ne!(drawn(1000, 1), drawn(1000, 2));
    }

    #[test]
    fn the_stream_is_that_of_the_published_generator() {
        // The reference code's first numbers for the seed 1234567.
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!([0, 1, 2].map(|place| random(1_234_567, place)), expected);
    }

    #[test]
    fn the_inverse_stays_the_inverse() {
        let mut inverse = vec![vec![2.0, 0.0], vec![0.0, 1.0]];
        add(&mut inverse, 0.5, &[1.0, 2.0]);
        // M = [[0.5 + 0.5, 1], [1, 1 + 2]], its determinant 2.
        let expected = [[1.5, -0.5], [-0.5, 0.5]];
        for (row, expected) in inverse.iter().zip(expected) {
            assert!(row.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{inverse:?}");
        }
    }
}
