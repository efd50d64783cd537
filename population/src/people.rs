//! The people whose answers a population is fitted to.

use leaning::Evidence;
use std::borrow::Cow;

/// People's answers. Those who keep them in another form make the evidence of one person at a time, so
/// that memory never holds everybody's.
pub trait People: Sync {
    /// Number of people.
    fn count(&self) -> usize;

    /// The evidence in a person's answers. People are numbered from 0.
    fn evidence(&self, person: usize) -> Cow<'_, [Evidence]>;
}

/// A list of evidence per person: a slice, an array or a vector.
impl<T: AsRef<[Vec<Evidence>]> + Sync + ?Sized> People for T {
    fn count(&self) -> usize {
        self.as_ref().len()
    }

    fn evidence(&self, person: usize) -> Cow<'_, [Evidence]> {
        Cow::Borrowed(&self.as_ref()[person])
    }
}

/// Every so many of the people, from the first on.
#[derive(Debug)]
pub(crate) struct Sampled<'a, P: ?Sized> {
    pub people: &'a P,
    /// At least 1.
    pub every: usize,
}

impl<P: People + ?Sized> People for Sampled<'_, P> {
    fn count(&self) -> usize {
        self.people.count().div_ceil(self.every)
    }

    fn evidence(&self, person: usize) -> Cow<'_, [Evidence]> {
        self.people.evidence(self.every * person)
    }
}
