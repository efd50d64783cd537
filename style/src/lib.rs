//! Style features measured in the text alone: its length, how long its sentences are, how much of
//! it stands in lists, how it hedges, warms and instructs.
//!
//! [`Lexicon::measure`] turns a text into the [`FEATURE_COUNT`] numbers that [`FEATURES`] documents,
//! each with its formula and source. They serve people who have texts but no scores:
//! `leaning build --style` makes a deck of them, and `scoreStyle` measures the same in a browser.
//!
//! ```
//! use leaning_style::{ENGLISH, FEATURES, Lexicon};
//!
//! let lexicon = Lexicon::new(&ENGLISH);
//! let features = lexicon.measure("Perhaps try it again. You might like it!");
//! let hedging = FEATURES.iter().position(|feature| feature.name == "style:hedging").unwrap();
//! assert_eq!(features[hedging], f64::sqrt(100.0 * 2.0 / (8.0 + 20.0))); // 2 hedges in 8 words
//! ```
//!
//! A text passes through one module after another: `markdown` finds its blocks, `token` the words
//! and marks of a block, `sentence` groups them, `count` counts, and `measure` holds the formulas.
//! `docs/style.md` describes the rules.
//!
//! The counts are integers, and the formulas use only arithmetic, square roots and `libm`'s
//! logarithm. That is why natively and in every browser the features have the same bits. Measuring
//! takes time proportional to the length of the text, and every text has finite features.

#![warn(missing_docs)]

mod class;
mod count;
pub mod document;
mod feature;
mod language;
mod lexicon;
mod markdown;
mod measure;
mod sentence;
mod token;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub mod web;

pub use feature::{FEATURE_COUNT, FEATURES, Feature};
pub use language::{DimensionNames, ENGLISH, LANGUAGES, Language};
pub use lexicon::Lexicon;
