//! Data and likelihood: decks, answers, logs and priors.

pub mod answer;
pub mod answer_model;
pub mod deck;
pub mod evidence;
pub mod features;
mod folded;
pub mod log;
mod merge;
pub mod ordinal;
pub mod prior;
mod quadratic;
pub mod ranking;
mod sigmoid;
mod summary;

pub use answer::{Answer, AnswerKind, Grade, Offered};
pub use answer_model::AnswerModel;
pub use deck::{Archetype, Deck, DeckBuilder, DeckCandidate, Dimension, Prompt};
pub use evidence::{Evidence, Observation};
pub use features::Features;
pub(crate) use folded::{FoldedIds, GREATEST_KEY, key};
pub use log::{EntryKind, Log, LogEntry};
pub use ordinal::OrdinalScale;
pub use prior::{MixtureComponent, Prior};
pub use quadratic::QuadraticLikelihood;
pub(crate) use quadratic::add_multiple;
pub use ranking::Ranking;
pub(crate) use summary::{AskedQuestions, earlier};
pub use summary::{Summary, SummaryCounts};
