//! Simulated people in a made-up world. Their true tastes are known, so inference can be checked
//! against them.
//!
//! A [`World`] has a deck and the distribution that its candidates come from. A [`Population`] has
//! people with [`Tastes`] and [`Habits`]. [`play`] lets a [`Person`] answer an interview's questions,
//! and [`regret`] tells how well the result serves them on prompts that they were never asked about.
//! [`PREF`] is the published method, to compare with.
//!
//! ```
//! use leaning::decision::ranking::best_of;
//! use leaning::{Interview, Options};
//! use leaning_simulate::{Population, PopulationOptions, World, WorldOptions, play, regret};
//!
//! let world = World::new(&WorldOptions { dimensions: 4, ..WorldOptions::default() }, 1)?;
//! let population = Population::new(&world, PopulationOptions::default(), 1)?;
//! let person = population.person(0);
//!
//! // Best of 16, on prompts that they were never asked about.
//! let fresh = world.fresh(50, 16, 1);
//! let options = Options { seed: Some(1), ..Options::default() };
//! let mut interview = Interview::start(world.deck().clone(), options)?;
//! let mut curve = vec![];
//! play(&mut interview, &person, 12, |_, interview| {
//!     let weights = interview.laplace_approximation()?.mean();
//!     curve.push(regret(&person, &fresh, |scores| best_of(weights, scores).unwrap_or(0)));
//!     Ok(())
//! })?;
//! assert_eq!(curve.len(), 13);
//! assert!(curve[12] < 0.5 * curve[0]);
//! # Ok::<(), leaning::Error>(())
//! ```
//!
//! Everything follows from seeds: a person from the seed of their population and their place in it,
//! and an answer from that and the number of answers before. Callers may therefore spread people over
//! threads, and two strategies meet the same people.

#![warn(missing_docs)]

mod check;
mod habits;
mod measures;
mod person;
mod play;
mod population;
mod pref;
mod strategies;
mod stream;
mod taste;
mod world;

pub use habits::Habits;
pub use measures::{auc, best_linear, best_weights, harm, regret};
pub use person::Person;
pub use play::{play, shown_scores};
pub use population::{Population, PopulationOptions, Tastes};
pub use pref::{PREF, Pref, PrefFit};
pub use strategies::{strategies, strategy_by_name};
pub use world::{Correlation, World, WorldOptions};
