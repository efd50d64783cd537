//! The clients against servers on this machine: sound ones, and such that fail in each way.
// The package is empty for wasm32.
#![cfg(not(target_family = "wasm"))]

mod faults;
mod protocols;
mod runs;
mod stub;
