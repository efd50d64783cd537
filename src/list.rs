//! Lists of what iterators give.

use alloc::vec::Vec;

/// What `collect` does for vectors, in half the bytes: that makes room beforehand, by code of its own for each kind of
/// iterator, and the program would have it some hundred times. The few vectors that are made thousands of times a
/// question are still collected, with room for all from the start.
pub(crate) trait List: Iterator + Sized {
    /// All items.
    fn list(self) -> Vec<Self::Item> {
        let mut list = Vec::new();
        // Shorter than a loop, which would keep what `next` leaves of a chain of iterators between two items.
        self.for_each(|item| push(&mut list, item));
        list
    }
}

impl<I: Iterator> List for I {}

/// Apart, so that the program has it once for each type of item.
#[inline(never)]
fn push<T>(list: &mut Vec<T>, item: T) {
    list.push(item);
}
