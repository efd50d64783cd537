//! Parts of a deck file that several commands read or make.

pub mod arguments;
pub mod basis;
pub mod candidates;
pub mod contrast;
#[cfg(not(target_family = "wasm"))]
mod deliver;
pub mod differences;
pub mod dimensions;
pub mod features;
pub mod notes;
pub mod prompts;
pub mod read;
pub mod reading;
pub mod safetensors;
pub mod write;
