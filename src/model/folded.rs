//! The ids of the entries that a summary stands for, as 48-bit hashes.
//!
//! Another tab or an older export may still have such an entry. Its id says that it must not count
//! again. The latest ids are all kept; of older ones a sample, so that a log does not grow for ever.

use fnv::FnvHasher;
use std::collections::HashSet;
use std::hash::Hasher;

/// Number of the latest ids that are all kept.
const COMPLETE: usize = 2048;
/// The most older ids that are kept.
const SAMPLED: usize = 2048;
const BITS: u32 = 48;
/// The digits of an id in a text, six bits each.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const DIGITS_PER_KEY: usize = 8;

/// The 48-bit hash of an entry's id.
pub fn key(id: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(id.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> BITS)) & ((1 << BITS) - 1)
}

/// The hashed ids of entries that are no longer in a log, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FoldedIds {
    keys: Vec<u64>,
    /// Of all but the latest ids, those whose hash is divisible by 2 to this power are kept.
    thinned: u32,
}

impl FoldedIds {
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

    /// Whether each of these hashed ids, in the order of their log, is among those that were added.
    /// Once older ids are a sample, those before one of the sample count as added, too, if they are
    /// marked with `true`.
    pub(super) fn covers(&self, others: &[(u64, bool)]) -> Vec<bool> {
        let all: HashSet<u64> = self.keys.iter().copied().collect();
        let sample: HashSet<u64> = self.sample().iter().copied().collect();
        let last = others.iter().rposition(|(key, _)| sample.contains(key));
        let is_covered = |(place, (key, by_place)): (usize, &(u64, bool))| {
            all.contains(key) || *by_place && last.is_some_and(|last| place < last)
        };
        others.iter().enumerate().map(is_covered).collect()
    }

    /// Takes over the ids that only `other` has, but for those in `kept`. Returns their share of all
    /// that were added to `other`, from 0 to 1.
    pub(super) fn merge(&mut self, other: &FoldedIds, kept: &HashSet<u64>) -> f64 {
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
            if !is_covered && !kept.contains(&key) {
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

    /// The ids as a text: a digit for how far older ones are thinned, and eight for each id, of the
    /// alphabet base64url.
    pub(crate) fn text(&self) -> String {
        let mut text = String::with_capacity(1 + DIGITS_PER_KEY * self.keys.len());
        text.push(char::from(DIGITS[self.thinned as usize & 63]));
        for key in &self.keys {
            for place in (0..DIGITS_PER_KEY).rev() {
                text.push(char::from(DIGITS[(key >> (6 * place)) as usize & 63]));
            }
        }
        text
    }

    /// Reads what [`FoldedIds::text`] wrote. `None` for anything else.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (thinned, digits) = text.as_bytes().split_first()?;
        let value = |digit: &u8| DIGITS.iter().position(|other| other == digit);
        let mut keys = Vec::with_capacity(digits.len() / DIGITS_PER_KEY);
        for digits in digits.chunks(DIGITS_PER_KEY) {
            let mut key = 0;
            for digit in digits {
                key = key << 6 | value(digit)? as u64;
            }
            keys.push(key);
        }
        let is_whole = digits.len() % DIGITS_PER_KEY == 0 && keys.len() <= COMPLETE + SAMPLED;
        let thinned = value(thinned)? as u32;
        is_whole.then_some(FoldedIds { keys, thinned })
    }
}
