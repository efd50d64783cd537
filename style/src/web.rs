//! The binding for browsers.

use crate::{ENGLISH, Lexicon};
use wasm_bindgen::prelude::wasm_bindgen;

/// Measures the style of English texts.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Style {
    lexicon: Lexicon,
}

#[wasm_bindgen]
#[expect(clippy::new_without_default, reason = "JavaScript has no `Default`")]
impl Style {
    /// Loads the word lists.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Style {
        Style {
            lexicon: Lexicon::new(&ENGLISH),
        }
    }

    /// The features of a text, in the order of `STYLE`.
    pub fn measure(&self, text: &str) -> Vec<f64> {
        self.lexicon.measure(text).to_vec()
    }
}
