//! Putting numbers in order, with what they belong to, and telling texts apart. The standard library's sorts and sets cost
//! kilobytes each in the browser.

use crate::list::List;
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

/// The numbers in descending order; 0 and −0 are equal.
pub(crate) fn descending(numbers: impl Iterator<Item = f64>) -> Vec<Keyed> {
    sorted(numbers.list())
}

/// Apart from the iterator, so that the program has it once.
fn sorted(numbers: Vec<f64>) -> Vec<Keyed> {
    let keyed = numbers.into_iter().enumerate().map(|(index, key)| Keyed { key: key + 0.0, index });
    BinaryHeap::from_iter(keyed).into_sorted_vec()
}

/// A set of texts.
#[derive(Default)]
pub(crate) struct Texts<'a>(Vec<&'a str>);

impl<'a> Texts<'a> {
    /// Adds a text; `false` where it is there already.
    pub fn insert(&mut self, text: &'a str) -> bool {
        let place = self.0.binary_search(&text);
        if let Err(place) = place {
            self.0.insert(place, text);
        }
        place.is_err()
    }

    pub fn contains(&self, text: &str) -> bool {
        self.0.binary_search(&text).is_ok()
    }
}
