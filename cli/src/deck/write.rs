//! New decks.

use super::read::failure;
use crate::failure::Failure;
use crate::input::Source;
use fnv::FnvHasher;
use leaning::Deck;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::hash::Hasher;
use std::path::PathBuf;

/// The fields of anything that is an object in JSON.
pub fn fields(object: &impl Serialize) -> Map<String, Value> {
    match json!(object) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// An id for a deck that is made of these responses: the name of the file, and a number that
/// changes with the dimensions and their `scale`. Answers about scores on another scale belong to
/// another deck.
pub fn default_id<'a>(
    responses: &Source,
    dimensions: impl Iterator<Item = &'a str>,
    scale: &impl Serialize,
) -> String {
    let name = match responses {
        Source::File(path) => path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        Source::Stdin => String::new(),
        Source::Bytes(name, _) | Source::Table(name, _) => name.clone(),
    };
    let name = name
        .split('.')
        .find(|part| !part.is_empty())
        .unwrap_or("deck");
    let mut hasher = FnvHasher::default();
    hasher.write(
        json!([dimensions.collect::<Vec<_>>(), scale])
            .to_string()
            .as_bytes(),
    );
    format!("{name}-{:08x}", hasher.finish() as u32)
}

/// The deck with these fields, checked so that every command can read it.
pub fn check(fields: &Map<String, Value>) -> Result<Deck, Failure> {
    check_with_sources(fields, |_| None)
}

/// As [`check`]. The failure is about the file that `source` finds for the error, if there is one.
pub fn check_with_sources(
    fields: &Map<String, Value>,
    source: impl Fn(&leaning::Error) -> Option<String>,
) -> Result<Deck, Failure> {
    Deck::read(fields).map_err(|error| {
        let source = source(&error);
        let subject = source
            .as_deref()
            .unwrap_or("the deck that was to be written");
        failure(subject, error, fields)
    })
}

/// A deck that was made, and what there is to say about it.
#[derive(Debug)]
pub struct Made<R> {
    /// The fields of its file.
    pub deck: Map<String, Value>,
    /// The file to write.
    pub out: Option<PathBuf>,
    pub report: R,
    pub notes: Vec<String>,
}
