//! Integration tests, in one binary. They run natively; those of the browser module run in browsers.

#[cfg(not(target_family = "wasm"))]
mod acquisition;
#[cfg(not(target_family = "wasm"))]
mod answer_kinds;
#[cfg(not(target_family = "wasm"))]
mod answers;
#[cfg(not(target_family = "wasm"))]
mod archetypes;
#[cfg(not(target_family = "wasm"))]
mod bad_input;
#[cfg(not(target_family = "wasm"))]
mod common;
#[cfg(not(target_family = "wasm"))]
mod curved;
#[cfg(not(target_family = "wasm"))]
mod decks;
#[cfg(not(target_family = "wasm"))]
mod forgetting;
#[cfg(not(target_family = "wasm"))]
mod formats;
#[cfg(not(target_family = "wasm"))]
mod fuzzed;
mod golden;
#[cfg(not(target_family = "wasm"))]
mod interview;
#[cfg(not(target_family = "wasm"))]
mod laplace;
#[cfg(not(target_family = "wasm"))]
mod logs;
#[cfg(not(target_family = "wasm"))]
mod long_logs;
#[cfg(not(target_family = "wasm"))]
mod mcmc;
#[cfg(not(target_family = "wasm"))]
mod merged_summaries;
#[cfg(not(target_family = "wasm"))]
mod mixtures;
#[cfg(not(target_family = "wasm"))]
mod person_fit;
#[cfg(not(target_family = "wasm"))]
mod properties;
#[cfg(not(target_family = "wasm"))]
mod questions;
#[cfg(not(target_family = "wasm"))]
mod reading;
#[cfg(all(feature = "schema", not(target_family = "wasm")))]
mod schema;
#[cfg(not(target_family = "wasm"))]
mod statements;
#[cfg(not(target_family = "wasm"))]
mod stopping;
#[cfg(not(target_family = "wasm"))]
mod uncertainty;
#[cfg(target_family = "wasm")]
mod web;
