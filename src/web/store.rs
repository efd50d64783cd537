//! Where a log is kept between visits: localStorage, or memory where there is none.

use super::value::{parse, stringify};
use crate::deck::Deck;
use crate::error::{Error, Flaw};
use crate::log::Log;
use alloc::string::String;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Storage;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = globalThis)]
    type Global;

    /// Undefined outside browsers, and an error where it is forbidden.
    #[wasm_bindgen(catch, static_method_of = Global, getter, js_name = localStorage)]
    fn local_storage() -> Result<Option<Storage>, JsValue>;
}

/// One person's log on their device.
pub struct Store {
    place: Option<(Storage, String)>,
    /// The text that was last read or written: any other text comes from another tab.
    known: Option<String>,
    written: bool,
}

/// What another tab has done to the log since it was last read or written here.
pub enum News {
    /// Nothing.
    None,
    /// It has written this log.
    Changed(Log),
    /// It has forgotten everything.
    Forgotten,
}

impl Store {
    /// Keeps the log in memory alone.
    pub fn memory() -> Self {
        Store { place: None, known: None, written: true }
    }

    /// Keeps the log in localStorage under `key`; in memory where the browser has no localStorage or forbids it, as
    /// in a sandboxed frame.
    pub fn local(key: String) -> Self {
        let storage = Global::local_storage().ok().flatten();
        let written = storage.is_some();
        Store { place: storage.map(|storage| (storage, key)), known: None, written }
    }

    /// Whether what was said so far survives this page.
    pub fn is_kept(&self) -> bool {
        self.place.is_some() && self.written
    }

    /// What another tab has done since the last time; at first, what is stored.
    ///
    /// # Errors
    /// As [`Log::from_value`], with the stored text left as it is.
    pub fn news(&mut self, deck: &Deck) -> Result<News, Error> {
        let Some((storage, key)) = &self.place else { return Ok(News::None) };
        let stored = match storage.get_item(key) {
            Ok(stored) => stored,
            Err(_) => return Ok(News::None),
        };
        if stored == self.known {
            return Ok(News::None);
        }
        let news = match &stored {
            None => News::Forgotten,
            Some(text) => News::Changed(read(text, deck)?),
        };
        self.known = stored;
        Ok(news)
    }

    /// Writes the log. Where that fails (a full storage) the log stays in memory, and every later write tries again.
    pub fn write(&mut self, log: &Log) {
        let Some((storage, key)) = &self.place else { return };
        let text = stringify(&log.to_value());
        self.written = storage.set_item(key, &text).is_ok();
        if self.written {
            self.known = Some(text);
        }
    }

    /// Removes the stored log.
    pub fn remove(&mut self) {
        if let Some((storage, key)) = &self.place {
            self.written = storage.remove_item(key).is_ok();
            self.known = None;
        }
    }
}

/// Reads a log from the text of a file or of the storage.
pub fn read(text: &str, deck: &Deck) -> Result<Log, Error> {
    let value = parse(text).map_err(|error| Error::Log(Flaw::new("", error.line())))?;
    Log::from_value(&value, deck)
}
