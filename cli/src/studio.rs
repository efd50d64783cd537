//! `leaning build` and `leaning check` in a browser, for the site's deck studio.
//!
//! The root of a second, smaller crate over the files of the command line: tables and decks are read and
//! checked by the same rules, and refused in the same words. Everything crosses as JSON text.
#![cfg(target_family = "wasm")]
#![allow(
    dead_code,
    unused_imports,
    reason = "the command line uses more of these modules"
)]

mod build;
mod check;
mod choices;
mod deck;
mod failure;
mod guess;
mod input;
mod memory;
mod terminal {
    pub mod clean;
    pub mod colour;
}

use crate::choices::{ResponseTables, Responses};
use crate::failure::Failure;
use crate::input::Source;
use serde::Serialize;
use serde_json::json;
use std::collections::HashSet;
use wasm_bindgen::prelude::wasm_bindgen;

/// Files of responses that a page has read, and what may come with them.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Tables(ResponseTables);

#[wasm_bindgen]
impl Tables {
    /// The table of responses.
    #[wasm_bindgen(constructor)]
    pub fn new(name: String, bytes: Vec<u8>) -> Self {
        Tables(ResponseTables {
            responses: given(name, bytes),
            prompts: None,
            features: None,
        })
    }

    /// Adds the texts of the prompts.
    #[wasm_bindgen(js_name = addPrompts)]
    pub fn add_prompts(&mut self, name: String, bytes: Vec<u8>) {
        self.0.prompts = Some(given(name, bytes));
    }

    /// Adds more features of the responses.
    #[wasm_bindgen(js_name = addFeatures)]
    pub fn add_features(&mut self, name: String, bytes: Vec<u8>) {
        self.0.features = Some(given(name, bytes));
    }

    /// Their content: `rows`, `prompts` and `columns` of numbers, whether each row `hasTexts`, and `notes`.
    ///
    /// # Errors
    /// The message of the command line.
    pub fn read(&self) -> Result<String, String> {
        let read = Responses::open(&self.0, &[]).map_err(message)?;
        let prompts: HashSet<&str> = read.responses.iter().map(|of| of.prompt.as_str()).collect();
        Ok(to_text(&json!({
            "rows": read.responses.len(),
            "prompts": prompts.len(),
            "columns": read.features,
            "hasTexts": read.responses.iter().all(|of| of.text.is_some()),
            "notes": read.notes,
        })))
    }

    /// A `deck` with these columns as dimensions, or with the style of the texts without any, the `report` of
    /// `leaning build` and its `notes`.
    ///
    /// # Errors
    /// The message of the command line.
    pub fn build(&self, columns: Vec<String>) -> Result<String, String> {
        let arguments = build::Arguments::of_tables(self.0.clone(), columns);
        let made = build::run(&arguments).map_err(message)?;
        Ok(to_text(&json!({
            "deck": made.deck,
            "report": made.report,
            "notes": made.notes,
        })))
    }
}

/// The fields of a deck, which is JSON or safetensors.
///
/// # Errors
/// The message of the command line.
#[wasm_bindgen(js_name = readDeck)]
pub fn read_deck(name: String, bytes: Vec<u8>) -> Result<String, String> {
    let (_, fields) = deck::read::read_deck_and_fields(&given(name, bytes)).map_err(message)?;
    Ok(to_text(&fields))
}

/// The `report` of `leaning check` on a deck, the `best` questions, and the `correlations` of all dimensions.
///
/// # Errors
/// The message of the command line.
#[wasm_bindgen]
pub fn check(name: String, bytes: Vec<u8>) -> Result<String, String> {
    let source = given(name, bytes);
    let (deck, fields) = deck::read::read_deck_and_fields(&source).map_err(message)?;
    let measures = check::Measures::of(&deck, &fields)
        .map_err(|error| message(Failure::found_in(&source, error)))?;
    let (report, tells_enough) = measures.report(&deck, &fields);
    let d = deck.dimensions().len();
    let correlations = (0..d).map(|j| {
        let row = (0..d).map(|k| measures.differences.correlation(j, k));
        row.collect::<Vec<f64>>()
    });
    let best = measures.contrast.best.iter().map(|question| {
        json!({ "prompt": question.prompt, "candidates": question.candidates, "bits": question.bits })
    });
    Ok(to_text(&json!({
        "report": report,
        "tellsEnough": tells_enough,
        "questions": measures.reading.questions(),
        "correlations": correlations.collect::<Vec<_>>(),
        "best": best.collect::<Vec<_>>(),
    })))
}

fn given(name: String, bytes: Vec<u8>) -> Source {
    let bytes = bytes.into();
    Source::Bytes(name, bytes)
}

fn message(failure: Failure) -> String {
    failure.to_string()
}

fn to_text(value: &impl Serialize) -> String {
    // Strings, lists and finite numbers can always be written.
    serde_json::to_string(value).unwrap_or_default()
}
