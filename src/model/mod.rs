//! Data and likelihood: decks, answers, logs and priors.

pub mod answer;
pub mod answer_model;
pub mod deck;
pub mod evidence;
pub mod features;
pub mod log;
mod merge;
pub mod ordinal;
pub mod prior;
pub mod ranking;
mod sigmoid;

pub use answer::{Answer, AnswerKind, Grade, Offered};
pub use answer_model::AnswerModel;
pub use deck::{Archetype, Deck, DeckBuilder, DeckCandidate, Dimension, Prompt};
pub use evidence::{Evidence, Observation};
pub use features::Features;
pub use log::{EntryKind, Log, LogEntry};
pub use ordinal::OrdinalScale;
pub use prior::{MixtureComponent, Prior};
pub use ranking::Ranking;
