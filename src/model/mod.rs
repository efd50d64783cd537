//! Data and likelihood: decks, answers, logs and priors.

pub mod answer;
pub mod answer_model;
pub mod deck;
pub mod evidence;
pub mod log;
mod merge;
pub mod prior;

pub use answer::{Answer, Offered};
pub use answer_model::AnswerModel;
pub use deck::{Deck, DeckBuilder, DeckCandidate, Dimension, Prompt};
pub use evidence::{Evidence, Observation};
pub use log::{EntryKind, Log, LogEntry};
pub use prior::{MixtureComponent, Prior};
