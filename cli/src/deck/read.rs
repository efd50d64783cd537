//! Decks from JSON or safetensors files.

use super::basis::Basis;
use super::reading::Reading;
use super::safetensors;
use crate::failure::Failure;
use crate::input::Source;
use leaning::Deck;
use serde_json::{Map, Value};
use std::fmt::Display;

/// A deck with all fields of its file, unknown ones included.
#[derive(Debug)]
pub struct DeckWithFields {
    pub deck: Deck,
    pub fields: Map<String, Value>,
    /// The map from features to scores, if the file has one.
    pub basis: Option<Basis>,
}

/// Reads a deck. The content of the file decides its format, not its name.
pub fn read_deck(source: &Source) -> Result<Deck, Failure> {
    Ok(read_deck_and_fields(source)?.0)
}

/// Reads a deck, and counts what there is to read in it.
pub fn read_deck_with_reading(source: &Source) -> Result<(Deck, Reading), Failure> {
    let (deck, fields) = read_deck_and_fields(source)?;
    let reading = Reading::of(&deck, &fields);
    Ok((deck, reading))
}

/// Reads a deck, and keeps all fields of its file.
pub fn read_deck_with_fields(source: &Source) -> Result<DeckWithFields, Failure> {
    let (deck, fields) = read_deck_and_fields(source)?;
    let basis = Basis::of_deck(&fields, deck.dimensions().len())
        .map_err(|message| Failure::new(source, message))?;
    Ok(DeckWithFields {
        deck,
        fields,
        basis,
    })
}

/// Reads a deck with all fields of its file, whether or not its basis can be used.
pub fn read_deck_and_fields(source: &Source) -> Result<(Deck, Map<String, Value>), Failure> {
    check(source, read_file(source)?)
}

/// Reads the basis for a deck from another file: a deck of the same dimensions, or an object with a
/// `basis` and perhaps the id of its `deck`.
pub fn read_basis_for(deck: &Deck, source: &Source) -> Result<Basis, Failure> {
    let basis = match read_file(source)? {
        Value::Object(fields) => basis_for(deck, &fields),
        _ => Err("expected an object with a basis".to_owned()),
    };
    basis.map_err(|message| Failure::new(source, message))
}

fn basis_for(deck: &Deck, fields: &Map<String, Value>) -> Result<Basis, String> {
    if let Some(id) = fields.get("deck").and_then(Value::as_str)
        && id != deck.id()
    {
        return Err(format!("deck: expected {:?}, found {id:?}", deck.id()));
    }
    let expected = deck.dimensions().iter().map(|of| of.id.as_str());
    if let Some(dimensions) = fields.get("dimensions").and_then(Value::as_array) {
        let id = |of: &Value| of["id"].as_str().unwrap_or_default().to_owned();
        let found: Vec<String> = dimensions.iter().map(id).collect();
        if !expected.clone().eq(&found) {
            let expected: Vec<&str> = expected.collect();
            let (expected, found) = (expected.join(", "), found.join(", "));
            return Err(format!("dimensions: expected {expected}, found {found}"));
        }
    }
    let basis = Basis::of_deck(fields, deck.dimensions().len())?;
    basis.ok_or_else(|| "basis: missing".to_owned())
}

/// The JSON of a file, or what stands for it in safetensors data.
fn read_file(source: &Source) -> Result<Value, Failure> {
    let bytes = source.read_bytes()?;
    if safetensors::is_safetensors(&bytes) {
        safetensors::read(&bytes).map_err(|message| Failure::new(source, message))
    } else if is_table(&bytes) {
        let message = "expected a deck, found a table, of which `leaning build` makes a deck";
        Err(Failure::new(source, message))
    } else {
        source.parse(bytes)
    }
}

/// Whether a text begins with names that are separated as in a CSV file. No deck begins with a letter.
fn is_table(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let header = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let separates = |byte: &u8| matches!(byte, b',' | b';' | b'\t');
    header.first().is_some_and(u8::is_ascii_alphabetic) && header.iter().any(separates)
}

/// The deck in the JSON of a file, and its fields.
pub fn check(source: &Source, value: Value) -> Result<(Deck, Map<String, Value>), Failure> {
    match value {
        Value::Object(fields) => {
            let deck = Deck::read(&fields).map_err(|error| failure(source, error, &fields))?;
            Ok((deck, fields))
        }
        // The format's own error says what was expected.
        other => Deck::read(&other)
            .map(|deck| (deck, Map::new()))
            .map_err(|error| Failure::found_in(source, error)),
    }
}

/// The failure of a deck with these fields. After a place such as `prompts[1].candidates[0]` it has
/// the ids there, which are easier to find in a table.
pub fn failure(
    subject: impl Display,
    error: leaning::Error,
    fields: &Map<String, Value>,
) -> Failure {
    match &error {
        leaning::Error::Deck(flaw) => match ids_at(flaw.path(), fields) {
            Some(ids) => Failure::new(subject, format!("{flaw} ({ids})")),
            None => Failure::found_in(subject, error),
        },
        _ => Failure::found_in(subject, error),
    }
}

/// The ids on the way to a place: `prompt "p2", candidate "a"`.
fn ids_at(path: &str, fields: &Map<String, Value>) -> Option<String> {
    let mut ids = Vec::new();
    let mut object = fields;
    for step in path.split('.') {
        let Some((list, rest)) = step.split_once('[') else {
            break;
        };
        let place = rest.split(']').next()?.parse::<usize>().ok()?;
        let Some(item) = object.get(list).and_then(|list| list.get(place)) else {
            break;
        };
        if let Some(id) = item.get("id").and_then(Value::as_str) {
            ids.push(format!("{} {id:?}", list.strip_suffix('s').unwrap_or(list)));
        }
        match item {
            Value::Object(fields) => object = fields,
            _ => break,
        }
    }
    (!ids.is_empty()).then(|| ids.join(", "))
}
