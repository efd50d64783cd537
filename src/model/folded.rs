//! The ids of the entries that a summary stands for, as 48-bit hashes.
//!
//! Another tab or an older export may still have such an entry. Its id says that it must not count
//! again. The latest ids are all kept; of older ones a sample, so that a log does not grow for ever.

use fnv::FnvHasher;
use std::collections::HashSet;
use std::hash::Hasher;
use std::iter;

/// Number of the latest ids that are all kept.
const COMPLETE: usize = 2048;
/// The most older ids that are kept.
const SAMPLED: usize = 2048;
const BITS: u32 = 48;
/// The greatest hash. Every double holds it.
pub(crate) const GREATEST_KEY: u64 = (1 << BITS) - 1;

/// The 48-bit hash of an entry's id.
pub fn key(id: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(id.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> BITS)) & GREATEST_KEY
}

/// The hashed ids of entries that are no longer in a log, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FoldedIds {
    keys: Vec<u64>,
    /// Of all but the latest ids, those whose hash is divisible by 2 to this power are kept.
    thinned: u32,
}

impl FoldedIds {
    /// The greatest power of 2 by which older ids are thinned.
    pub(crate) const MOST_THINNED: u32 = BITS;
    /// The most numbers that [`FoldedIds::from_numbers`] takes.
    pub(crate) const MOST_NUMBERS: usize = 1 + COMPLETE + SAMPLED;

    /// The hashed ids that are kept.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// Adds ids that come after those that are there.
    pub(crate) fn extend(&mut self, later: impl IntoIterator<Item = u64>) {
        self.keys.extend(later);
        let recent = self
            .keys
            .split_off(self.keys.len().saturating_sub(COMPLETE));
        loop {
            let thinned = self.thinned;
            self.keys.retain(|key| key.trailing_zeros() >= thinned);
            if self.keys.len() <= SAMPLED {
                break;
            }
            self.thinned += 1;
        }
        self.keys.extend(recent);
    }

    /// The sample of older ids.
    fn sample(&self) -> &[u64] {
        match self.thinned {
            0 => &[],
            _ => &self.keys[..self.keys.len().saturating_sub(COMPLETE)],
        }
    }

    /// The sample of older ids and the first of the latest: ids before one of them are older, too.
    fn landmarks(&self) -> &[u64] {
        match self.thinned {
            0 => &[],
            _ => &self.keys[..self.keys.len().saturating_sub(COMPLETE - 1)],
        }
    }

    /// Whether each of these hashed ids, in the order of their log, is among those that were added.
    /// Once older ids are a sample, those before one of the sample, or before the first of the latest,
    /// count as added, too, if they are marked with `true`.
    pub(super) fn covers(&self, others: &[(u64, bool)]) -> Vec<bool> {
        let all: HashSet<u64> = self.keys.iter().copied().collect();
        let landmarks: HashSet<u64> = self.landmarks().iter().copied().collect();
        let last = others.iter().rposition(|(key, _)| landmarks.contains(key));
        let is_covered = |(place, (key, by_place)): (usize, &(u64, bool))| {
            all.contains(key) || *by_place && last.is_some_and(|last| place < last)
        };
        others.iter().enumerate().map(is_covered).collect()
    }

    /// Takes over the ids that only `other` has. Returns their share of all that were added to `other`,
    /// from 0 to 1.
    pub(super) fn merge(&mut self, other: &FoldedIds) -> f64 {
        let sampled = other.sample().len();
        let (mut missing, mut total) = (0.0, 0.0);
        let mut keys = Vec::new();
        let others: Vec<(u64, bool)> = other.keys.iter().map(|&key| (key, true)).collect();
        let covered = self.covers(&others).into_iter().enumerate();
        for (&key, (place, is_covered)) in other.keys.iter().zip(covered) {
            // Each of the sample stands for others.
            let stands_for = if place < sampled {
                libm::exp2(f64::from(other.thinned))
            } else {
                1.0
            };
            total += stands_for;
            if !is_covered {
                missing += stands_for;
                keys.push(key);
            }
        }
        if keys.is_empty() {
            return 0.0;
        }
        self.thinned = self.thinned.max(other.thinned);
        keys.append(&mut self.keys);
        self.extend(keys);
        missing / total
    }

    /// How far older ids are thinned, then all that are kept.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u64> {
        iter::once(u64::from(self.thinned)).chain(self.keys.iter().copied())
    }

    /// The reverse of [`FoldedIds::numbers`]. `None` for anything else.
    pub(crate) fn from_numbers(numbers: &[u64]) -> Option<Self> {
        let (&thinned, keys) = numbers.split_first()?;
        let is_possible =
            thinned <= u64::from(Self::MOST_THINNED) && numbers.len() <= Self::MOST_NUMBERS;
        is_possible.then(|| FoldedIds {
            keys: keys.to_vec(),
            thinned: thinned as u32,
        })
    }
}
