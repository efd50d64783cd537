//! Candidates from outside the deck: what a chat or a page has to offer right now.

use crate::error::Error;
use crate::id::{base36, fnv, push_bits};
use crate::json::{self, Node, Value};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// A candidate that somebody hands in to be ranked, compared or observed.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The caller's own id, if any.
    pub id: Option<String>,
    /// Full name in the log, `prompt/candidate`.
    pub name: String,
    /// The response itself; may be empty.
    pub text: String,
    /// φ(x, y), d numbers on the scale of the deck.
    pub scores: Vec<f64>,
}

impl Offer {
    /// Reads a list of `{"scores": [...], "id"?, "prompt"?, "name"?, "text"?}`. Without a `name` it is
    /// `prompt/id`, with `chat` for a missing prompt and a name made of the content for a missing id.
    ///
    /// # Errors
    /// [`Error::Candidates`] names the first place that is wrong.
    pub fn read_list(value: &Value, dimensions: usize) -> Result<Vec<Offer>, Error> {
        let mut place = 0;
        let read_next = |item: &Node| {
            place += 1;
            read_offer(item, place, dimensions)
        };
        json::read(value, |root| root.list(read_next)).map_err(Error::Candidates)
    }
}

fn read_offer(item: &Node, place: usize, dimensions: usize) -> Offer {
    item.expect_object();
    let id = item.field("id").optional_text();
    let scores = item.field("scores").numbers(dimensions);
    let text = item.field("text").text_or("").to_owned();
    let name = match item.field("name").optional_text() {
        Some(name) => name,
        None => {
            let content = content_name(&text, &scores, place);
            text![item.field("prompt").text_or("chat"), "/", id.as_deref().unwrap_or(&content)]
        }
    };
    Offer { id, name, text, scores }
}

/// The next list of drafts without ids must not be taken for this one.
fn content_name(text: &str, scores: &[f64], place: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    push_bits(&mut bytes, scores);
    text![base36(fnv(&bytes)), "-", place]
}
