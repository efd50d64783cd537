//! Style measured in the text alone: how long it is, how its sentences run, what stands in lists, how it hedges, warms
//! and instructs.
//!
//! A text becomes [`COUNT`] numbers, the raw features that [`FEATURES`] documents one by one with formula and source.
//! They are what somebody can start from who has texts but no scores: `leaning build --style` makes a deck of them, and
//! `scoreStyle` measures the same in a browser. Everything is counted in whole numbers and put together with `libm`, so
//! both give the same bits.
//!
//! ```
//! use leaning_style::{ENGLISH, FEATURES, Lexicon};
//!
//! let lexicon = Lexicon::new(&ENGLISH);
//! let features = lexicon.measure("Perhaps try it again. You might like it!");
//! let hedging = FEATURES.iter().position(|feature| feature.name == "style:hedging").unwrap();
//! assert_eq!(features[hedging], f64::sqrt(100.0 * 2.0 / (8.0 + 20.0))); // two hedges in eight words
//! ```
//!
//! Markdown is read as people see it: markers of lists and headings are no words, blocks of code are counted and not
//! read, links count by their text. Reading takes time in proportion to the text, whatever is in it, and gives finite
//! numbers for any text.

#![no_std]
#![warn(missing_docs)]

#[macro_use]
extern crate alloc;
// The standard library brings a panic handler; what browsers download has its own, in `web`.
#[cfg(not(all(feature = "small", target_arch = "wasm32", target_os = "unknown")))]
extern crate std;

pub mod document;
mod feature;
mod language;
mod lexicon;
mod measure;
mod text;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod web;

pub use feature::{COUNT, FEATURES, Feature};
pub use language::{ENGLISH, LANGUAGES, Language, Words};
pub use lexicon::Lexicon;
