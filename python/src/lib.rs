//! The native module `leaning._leaning` of the Python package.
//!
//! It holds no logic: it turns Python's objects into those of the crates and back. The package's
//! Python code has the interface, its documentation and its types.

// Browsers have no Python.
#![cfg(not(target_family = "wasm"))]

mod answer;
mod arrow;
mod background;
mod command;
mod deck;
mod error;
mod interview;
mod matrix;
mod objects;
mod partition;
mod ranker;
mod style;
mod table;

use pyo3::prelude::pymodule;

/// The native module.
#[pymodule]
mod _leaning {
    #[pymodule_export]
    use super::command::run;
    #[pymodule_export]
    use super::deck::Deck;
    #[pymodule_export]
    use super::interview::Interview;
    #[pymodule_export]
    use super::partition::{Partition, fit_rounds, step_of_some};
    #[pymodule_export]
    use super::ranker::{fit_population, people_posteriors};
    #[pymodule_export]
    use super::style::{score_style, style_features};
}
