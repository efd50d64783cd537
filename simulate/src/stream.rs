//! Random numbers: one generator for each use of a seed.

use leaning::numeric::Random;

/// The uses of one seed.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Deck,
    Fresh,
    Kind,
    People,
    Taste,
    Drift,
    Answers,
    Habits,
}

impl Stream {
    /// The generator of a seed for this use.
    pub fn random(self, seed: u64) -> Random {
        Random::new(seed, self as u64)
    }

    /// The generator number `index` of a seed for this use.
    pub fn random_at(self, seed: u64, index: usize) -> Random {
        Random::new(self.random(seed).next_u64(), index as u64)
    }
}

/// A place drawn by these probabilities, which sum to 1.
pub(crate) fn categorical(probabilities: &[f64], random: &mut Random) -> usize {
    let mut rest = random.uniform();
    for (place, probability) in probabilities.iter().enumerate() {
        rest -= probability;
        if rest < 0.0 {
            return place;
        }
    }
    probabilities.len().saturating_sub(1)
}
