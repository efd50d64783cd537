//! Where a log is kept between visits: localStorage, or memory where there is none.

use super::value::{parse, stringify};
use crate::deck::Deck;
use crate::error::{Error, Flaw};
use crate::json::Value;
use crate::list::List;
use crate::log::Log;
use alloc::string::String;
use js_sys::JsString;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = globalThis)]
    type Global;

    /// The texts stay on the browser's side: what was written here need not be read to know that it is the same.
    type Storage;

    #[wasm_bindgen(method, catch, js_name = getItem)]
    fn get_item(this: &Storage, key: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = setItem)]
    fn set_item(this: &Storage, key: &str, text: &JsString) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = removeItem)]
    fn remove_item(this: &Storage, key: &str) -> Result<(), JsValue>;

    /// Undefined outside browsers, and an error where it is forbidden.
    #[wasm_bindgen(catch, static_method_of = Global, getter, js_name = localStorage)]
    fn local_storage() -> Result<Option<Storage>, JsValue>;
}

/// One person's log on their device.
pub struct Store {
    place: Option<(Storage, String)>,
    /// The text that was last read or written, or null: any other text comes from another tab.
    known: JsValue,
    /// How many records of the log it holds, where it was written here.
    records: usize,
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
        Store { place: None, known: JsValue::NULL, records: 0, written: true }
    }

    /// Keeps the log in localStorage under `key`; in memory where the browser has no localStorage or forbids it, as
    /// in a sandboxed frame.
    pub fn local(key: String) -> Self {
        let storage = Global::local_storage().ok().flatten();
        let written = storage.is_some();
        Store { place: storage.map(|storage| (storage, key)), known: JsValue::NULL, records: 0, written }
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
        let news = match stored.as_string() {
            None => News::Forgotten,
            Some(text) => News::Changed(read(&text, deck)?),
        };
        self.known = stored;
        self.records = 0;
        Ok(news)
    }

    /// Writes the log. Where that fails (a full storage) the log stays in memory, and every later write tries again.
    pub fn write(&mut self, log: &Log) {
        let Some((storage, key)) = &self.place else { return };
        let text = self.text(log);
        self.written = storage.set_item(key, &text).is_ok();
        if self.written {
            self.known = text.into();
            self.records = log.records().len();
        }
    }

    /// The text of the log. Records are only ever added, so that what was written last is its beginning, and to write it
    /// takes no longer after many answers than after one.
    fn text(&self, log: &Log) -> JsString {
        let known = self.known.dyn_ref::<JsString>().filter(|_| self.records > 0);
        let Some((known, added)) = known.zip(log.records().get(self.records..)) else {
            return stringify(&log.to_value());
        };
        let added = added.iter().map(|record| Value::Object(log.record_to_fields(record).0)).list();
        let added = stringify(&Value::Array(added));
        // `…}]}` and `[{…}]` become `…},{…}]}`.
        let known = known.slice(0, known.length() - 2).concat(&JsValue::from_str(","));
        known.concat(&added.slice(1, added.length())).concat(&JsValue::from_str("}"))
    }

    /// Removes the stored log.
    pub fn remove(&mut self) {
        if let Some((storage, key)) = &self.place {
            self.written = storage.remove_item(key).is_ok();
            self.known = JsValue::NULL;
            self.records = 0;
        }
    }
}

/// Reads a log from the text of a file or of the storage.
pub fn read(text: &str, deck: &Deck) -> Result<Log, Error> {
    let value = parse(text).map_err(|error| Error::Log(Flaw::new("", error.line())))?;
    Log::from_value(&value, deck)
}
