//! The gateway from outside: a client on one side, an upstream server on the other.
// The package is empty for wasm32; see `src/lib.rs`.
#![cfg(not(target_family = "wasm"))]

#[path = "../common/mod.rs"]
mod common;
mod faults;
mod pages;
mod protocol;
mod shutdown;
