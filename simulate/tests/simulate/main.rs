//! Simulated people are as described: worlds, tastes, habits, measures and the published method.

mod common;
mod measures;
mod person;
mod play;
mod population;
mod pref;
mod world;
