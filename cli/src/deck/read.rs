//! Decks from JSON or safetensors files.

use super::basis::Basis;
use super::reading::Reading;
use super::safetensors;
use crate::failure::Failure;
use crate::input::Source;
use leaning::Deck;
use serde_json::{Map, Value};

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
    check(source, &read_value(source)?)
}

/// Reads a deck, and counts what there is to read in it.
pub fn read_deck_with_reading(source: &Source) -> Result<(Deck, Reading), Failure> {
    let value = read_value(source)?;
    let deck = check(source, &value)?;
    let none = Map::new();
    let reading = Reading::of(&deck, value.as_object().unwrap_or(&none));
    Ok((deck, reading))
}

/// Reads a deck, and keeps all fields of its file.
pub fn read_deck_with_fields(source: &Source) -> Result<DeckWithFields, Failure> {
    let value = read_value(source)?;
    let deck = check(source, &value)?;
    let basis = Basis::of_deck(&value, deck.dimensions().len())
        .map_err(|message| Failure::new(source, message))?;
    // A valid deck is an object.
    let fields = if let Value::Object(fields) = value {
        fields
    } else {
        Map::new()
    };
    Ok(DeckWithFields {
        deck,
        fields,
        basis,
    })
}

fn read_value(source: &Source) -> Result<Value, Failure> {
    let bytes = source.read_bytes()?;
    if safetensors::is_safetensors(&bytes) {
        safetensors::read(&bytes).map_err(|message| Failure::new(source, message))
    } else {
        source.parse(bytes)
    }
}

fn check(source: &Source, value: &Value) -> Result<Deck, Failure> {
    Deck::read(value).map_err(|error| Failure::found_in(source, error))
}
