//! The interface of everything that can score drafts.

use futures_util::future::BoxFuture;
use serde_json::Value;
use std::fmt::Debug;

/// Scores the drafts of a message: a style measure, a judge, a reward model, a head on embeddings.
pub trait Scorer: Debug + Send + Sync {
    /// The dimensions that it scores.
    fn description(&self) -> &Description;

    /// The scores of these drafts, n × d: a row for each draft in their order, with a number for each
    /// dimension; `None` for a draft that cannot be scored while others can. Work that takes a
    /// processor for long belongs on a thread of its own. The future is dropped when the time is over
    /// or the client has gone.
    ///
    /// # Errors
    /// A message for the client, so without a key or a word of the conversation. The drafts are then
    /// returned without scores.
    fn score(
        &self,
        conversation: Conversation,
        drafts: Vec<String>,
    ) -> BoxFuture<'_, Result<Scores, String>>;
}

/// A row for each draft, with a number for each dimension.
pub type Scores = Vec<Option<Vec<f64>>>;

/// The dimensions of a deck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The deck's `id`.
    pub deck: String,
    /// The deck's `version`.
    pub version: String,
    /// The d ids of its dimensions.
    pub dimensions: Vec<String>,
}

/// The messages that the drafts answer.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// In the protocol's form, as the client sent them.
    pub messages: Vec<Value>,
}

impl Conversation {
    /// The text of the person's last message; empty if there is none.
    pub fn prompt(&self) -> String {
        let of_user = |message: &&Value| message["role"] == "user";
        let last = self.messages.iter().rev().find(of_user);
        last.map(|message| text_of(&message["content"]))
            .unwrap_or_default()
    }
}

/// The text of a message's content: a text, or a list of parts of which some are texts.
pub fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| part["text"].as_str());
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}
