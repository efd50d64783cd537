//! Putting numbers in order, with what they belong to.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// A number, and the place that it came from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Keyed {
    pub key: f64,
    pub index: usize,
}

impl Eq for Keyed {}

impl Ord for Keyed {
    /// The largest number first; of equals the one that came first, so that the order is the same on every machine.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.total_cmp(&self.key).then(self.index.cmp(&other.index))
    }
}

impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The numbers in descending order; 0 and −0 are equal. A heap, since in the browser the standard sorts cost some four kilobytes for each
/// type that is sorted.
pub(crate) fn descending(numbers: impl Iterator<Item = f64>) -> Vec<Keyed> {
    let keyed: Vec<Keyed> = numbers.enumerate().map(|(index, key)| Keyed { key: key + 0.0, index }).collect();
    BinaryHeap::from(keyed).into_sorted_vec()
}
