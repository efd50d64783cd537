//! Leaning learns which way a person leans from a handful of choices, wholly on their device, and ranks whatever is
//! offered next by it.
//!
//! A person's reward for a response y to a prompt x is a weighted sum λᵀφ(x, y) of a few *base rewards* that are the
//! same for everybody (reward factorization, [arXiv 2503.06358](https://arxiv.org/abs/2503.06358)). A publisher scores
//! candidates beforehand and delivers them as a [`Deck`]. An [`Interview`] asks the person to choose between
//! candidates, infers the weights λ from the answers as a [`Belief`], decides what to ask next, and ranks.
//!
//! ```ignore-wasm32
//! use leaning::{Answer, Deck, Interview, Offer, Options};
//!
//! let deck = Deck::from_json(r#"{
//!     "format": "leaning-deck/1", "id": "replies", "version": "1",
//!     "dimensions": [{ "id": "brevity", "low": "thorough", "high": "brief" },
//!                    { "id": "warmth", "low": "reserved", "high": "warm" }],
//!     "prompts": [
//!         { "id": "p1", "candidates": [{ "id": "a", "scores": [1.0, 0.2] }, { "id": "b", "scores": [-1.0, 0.1] }] },
//!         { "id": "p2", "candidates": [{ "id": "a", "scores": [0.1, 1.0] }, { "id": "b", "scores": [0.3, -1.0] }] }
//!     ] }"#)?;
//! let mut interview = Interview::start(deck, Options::default())?;
//!
//! // Somebody who always takes the briefer one.
//! while let Some(question) = interview.next() {
//!     let briefer = if question.shown[0].scores[0] > question.shown[1].scores[0] { 0 } else { 1 };
//!     interview.answer(Answer::Chose(briefer))?;
//! }
//!
//! let profile = interview.profile();
//! assert!(profile.dimensions[0].mean > 0.0 && profile.dimensions[0].sure > 0.8);
//!
//! let candidates = r#"[{ "id": "long", "scores": [-0.8, 0.0] }, { "id": "short", "scores": [0.9, 0.0] }]"#;
//! let candidates = Offer::read_list(&candidates.parse()?, 2)?;
//! let best = interview.rank(&candidates, None)?[0].index;
//! assert_eq!(candidates[best].id.as_deref(), Some("short"));
//! # Ok::<(), leaning::Error>(())
//! ```
//!
//! | to | see |
//! |---|---|
//! | read what a publisher delivers | [`deck`] |
//! | know what an answer means | [`answer`] |
//! | infer weights, and know how sure that is | [`Belief`], [`Posterior`] |
//! | choose questions | [`question`] |
//! | rank | [`ranking`] |
//! | try it on people whose weights are known | [`simulate`] |
//! | fit a prior to many people's answers | [`population`] |
//! | notice odd answers | [`diagnosis`] |
//! | run one person's session | [`Interview`], [`Log`] |
//!
//! Everything that decides is computed in `f64` with `libm`, without threads or platform arithmetic, so the same log
//! gives the same belief bit for bit natively and in every browser.

#![no_std]
#![warn(missing_docs)]
// `!(x <= bound)` is meant where x may be NaN.
#![allow(clippy::neg_cmp_op_on_partial_ord)]

#[macro_use]
extern crate alloc;
// The standard library brings a panic handler; what browsers download has its own, in `web`.
#[cfg(not(all(feature = "small", target_arch = "wasm32", target_os = "unknown")))]
extern crate std;

#[macro_use]
mod text;

pub mod answer;
mod belief;
pub mod deck;
pub mod diagnosis;
mod error;
mod filter;
mod forecast;
mod id;
mod interview;
pub mod json;
mod linear;
mod list;
pub mod log;
mod math;
mod offer;
mod order;
pub mod population;
mod posterior;
mod prior;
pub mod profile;
pub mod question;
mod random;
pub mod ranking;
pub mod simulate;
pub mod stopping;
mod target;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub mod web;

pub use answer::{Answer, AnswerModel, Evidence, Offered};
pub use belief::Belief;
pub use deck::Deck;
pub use error::{Error, Flaw};
pub use interview::{Interview, Options, STATED, Said, Status};
pub use log::Log;
pub use offer::Offer;
pub use posterior::Posterior;
pub use prior::{Prior, Segment};
pub use profile::Profile;
pub use question::{Question, Strategy};
pub use ranking::Ranked;
pub use stopping::{Reason, StopRule};
