//! The random sides on which candidates are shown, and the other uses of an interview's seed.

use super::Interview;
use crate::numeric::Random;

impl Interview {
    /// Puts candidates in a random order, so that no side is favoured.
    pub(super) fn shuffle_sides(&self, candidates: &mut [usize]) {
        self.random(Stream::Sides).shuffle(candidates);
    }

    /// The generator for one use at this point of the log, so that the effects of a seed survive a
    /// reload.
    pub(super) fn random(&self, stream: Stream) -> Random {
        Random::new(self.seed, 2 * self.log.length() as u64 + stream as u64)
    }
}

/// The uses of one seed.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Sides,
    Choice,
}
