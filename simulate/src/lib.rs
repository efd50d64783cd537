//! Simulated people in a made-up world, so that what is inferred can be held against the truth.
//!
//! ```ignore-wasm32
//! use leaning::simulate::{Population, PopulationOptions, World, WorldOptions, play, regret};
//! use leaning::{Interview, Options};
//!
//! let world = World::new(&WorldOptions { dimensions: 4, ..WorldOptions::default() }, 1)?;
//! let population = Population::new(&world, PopulationOptions::default(), 1)?;
//! let person = population.person(0);
//!
//! // Best of 16, on prompts that they were never asked about.
//! let fresh = world.fresh(50, 16, 1);
//! let mut interview = Interview::start(world.deck().clone(), Options { seed: Some(1), ..Options::default() })?;
//! let mut curve = vec![];
//! play(&mut interview, &person, 12, |_, interview| {
//!     let weights = interview.belief().mean();
//!     let reward = |scores: &[f64]| -> f64 { weights.iter().zip(scores).map(|(weight, score)| weight * score).sum() };
//!     let best = |shown: &[Vec<f64>]| {
//!         (1..shown.len()).fold(0, |best, k| if reward(&shown[k]) > reward(&shown[best]) { k } else { best })
//!     };
//!     curve.push(regret(&person, &fresh, best));
//! })?;
//! assert_eq!(curve.len(), 13);
//! assert!(curve[12] < 0.5 * curve[0]);
//! # Ok::<(), leaning::Error>(())
//! ```
//!
//! Everything comes from seeds: a person from their population's and their place in it, what they say from that and the
//! number of answers before. So callers may spread people over threads, and two strategies meet the same people.

mod measures;
mod person;
mod population;
mod taste;
mod world;

pub use measures::{auc, best_linear, regret};
pub use person::{Person, play};
pub use population::{Habits, Population, PopulationOptions, Tastes};
pub use world::{Correlation, World, WorldOptions};

use crate::error::{Error, Flaw};
use crate::random::Random;

/// What one seed is used for.
#[derive(Clone, Copy)]
enum Stream {
    Deck,
    Fresh,
    Kind,
    People,
    Taste,
    Drift,
    Answers,
}

impl Stream {
    fn random(self, seed: u64) -> Random {
        Random::new(seed, self as u64)
    }

    /// One of many generators for the same use.
    fn random_at(self, seed: u64, index: usize) -> Random {
        Random::new(self.random(seed).next(), index as u64)
    }
}

/// A place, by chances that sum to 1.
fn pick(chances: &[f64], random: &mut Random) -> usize {
    let mut rest = random.uniform();
    for (place, chance) in chances.iter().enumerate() {
        rest -= chance;
        if rest < 0.0 {
            return place;
        }
    }
    chances.len().saturating_sub(1)
}

fn check(holds: bool, option: &str, message: &str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(wrong(option, message)) }
}

fn wrong(option: &str, message: &str) -> Error {
    Error::Options(Flaw::new(option, message))
}
