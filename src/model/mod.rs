//! Data and likelihood: decks, answers, logs and priors.

pub mod answer;
pub mod deck;
pub mod log;
pub mod prior;

pub use answer::{Answer, AnswerModel, Evidence, Observation, Offered};
pub use deck::{Deck, DeckBuilder, DeckCandidate, Dimension, Prompt};
pub use log::{EntryKind, Log, LogEntry};
pub use prior::{MixtureComponent, Prior};
