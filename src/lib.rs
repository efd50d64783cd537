//! Leaning learns a person's taste from a handful of choices, wholly on their device, and ranks
//! whatever is offered next by it.
//!
//! A person's reward for a response y to a prompt x is a weighted sum λᵀφ(x, y) of a few *base
//! rewards* that everybody shares (reward factorization, [arXiv
//! 2503.06358](https://arxiv.org/abs/2503.06358)). A publisher scores candidates beforehand and
//! delivers them as a [`Deck`]. An [`Interview`] asks the person to choose between candidates, infers
//! the weights λ from the answers, decides what to ask next, and ranks.
//!
//! ```
//! use leaning::{Answer, Candidate, Deck, DeckCandidate, Dimension, Interview, Options, RankOptions};
//!
//! let deck = Deck::builder("replies")
//!     .dimension(Dimension::new("brevity").ends("thorough", "brief"))
//!     .dimension(Dimension::new("warmth").ends("reserved", "warm"))
//!     .prompt("p1", [DeckCandidate::new("a", [1.0, 0.2]), DeckCandidate::new("b", [-1.0, 0.1])])
//!     .prompt("p2", [DeckCandidate::new("a", [0.1, 1.0]), DeckCandidate::new("b", [0.3, -1.0])])
//!     .build()?;
//! let mut interview = Interview::start(deck, Options::default())?;
//!
//! // A person who always takes the briefer one.
//! while let Some(question) = interview.question()? {
//!     let brevity = |place: usize| question.candidates[place].scores[0];
//!     let briefer = if brevity(0) > brevity(1) { 0 } else { 1 };
//!     interview.answer(Answer::Chose(briefer))?;
//! }
//!
//! let brevity = &interview.profile()?.dimensions[0];
//! assert!(brevity.mean > 0.0 && brevity.probability_of_direction > 0.8);
//!
//! let drafts = [Candidate::new("long", [-0.8, 0.0]), Candidate::new("short", [0.9, 0.0])];
//! let best = &interview.rank(&drafts, RankOptions::default())?[0];
//! assert_eq!(drafts[best.index].name, "short");
//! # Ok::<(), leaning::Error>(())
//! ```
//!
//! | to | see |
//! |---|---|
//! | put a deck together, or read one | [`Deck`], [`mod@format`] |
//! | know what an answer means | [`model::answer_model`] |
//! | infer weights, and know how sure that is | [`inference`] |
//! | choose questions | [`question`] |
//! | rank, and know when to stop | [`decision`] |
//! | tell a person about themselves | [`profile`] |
//! | run one person's session | [`Interview`], [`Log`] |
//!
//! Each module uses only those below it in this list: `interview`, `format`, `question`, `profile`,
//! `decision`, `inference`, `model`, `numeric`.
//!
//! Everything that decides is computed in `f64` with exp and log from `libm`, sums in one order, and
//! without threads, so the same log gives the same posterior bit for bit natively and in every
//! browser.

// The platform's exp and log differ in their last bits between machines: clippy.toml.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod decision;
mod error;
pub mod format;
pub mod inference;
pub mod interview;
pub mod model;
pub mod numeric;
pub mod profile;
pub mod question;
#[cfg(all(target_family = "wasm", not(feature = "json")))]
pub mod web;

pub use decision::{RankOptions, RankedCandidate, StopReason, StopRule};
pub use error::{Error, Flaw};
pub use format::candidates::Candidate;
pub use inference::{LaplaceApproximation, PosteriorSamples};
pub use interview::{Interview, Options};
pub use model::{
    Answer, AnswerKind, AnswerModel, Archetype, Deck, DeckCandidate, Dimension, Evidence, Features,
    Grade, Log, LogEntry, MixtureComponent, Offered, OrdinalScale, Prior, Prompt, Ranking,
};
pub use nalgebra;
pub use profile::Profile;
pub use question::{Question, Strategy};
