//! The place of a log between visits: localStorage, or memory if there is none.

use super::convert::{self, StorageOptions};
use crate::error::{Error, Flaw};
use crate::model::{Deck, Log};
use web_sys::Storage;

/// One person's log on their device.
#[derive(Debug)]
pub(super) struct Store {
    /// The storage and the key; `None` for memory alone.
    place: Option<(Storage, String)>,
    /// The text that was last read or written. Any other text comes from another tab.
    known: Option<String>,
    /// Whether the last write succeeded.
    written: bool,
}

/// The changes that another tab has made since the log was last read or written here.
pub(super) enum StoreChange {
    /// No change.
    None,
    /// The log that the other tab wrote.
    Written(Log),
    /// The other tab has forgotten everything.
    Removed,
}

impl Store {
    /// The place that the options ask for.
    ///
    /// # Errors
    /// [`Error::Options`] for a storage of another name.
    pub fn open(options: &StorageOptions, deck: &Deck) -> Result<Self, Error> {
        match options.storage.as_deref().unwrap_or("local") {
            "local" => {
                let default_key = || format!("leaning:{}", deck.id());
                Ok(Store::local(
                    options.storage_key.clone().unwrap_or_else(default_key),
                ))
            }
            "memory" => Ok(Store::memory()),
            other => {
                let message = format!("expected \"local\" or \"memory\", found \"{other}\"");
                Err(Error::Options(Flaw::new("storage", message)))
            }
        }
    }

    /// Keeps the log in memory alone.
    fn memory() -> Self {
        Store {
            place: None,
            known: None,
            written: false,
        }
    }

    /// Keeps the log in localStorage under `key`; in memory if the browser has no localStorage or
    /// forbids it, as in a sandboxed frame.
    fn local(key: String) -> Self {
        let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
        let written = storage.is_some();
        Store {
            place: storage.map(|storage| (storage, key)),
            known: None,
            written,
        }
    }

    /// Whether everything that was said so far outlives this page.
    pub fn is_stored(&self) -> bool {
        self.place.is_some() && self.written
    }

    /// The changes by other tabs since the last call or write; at first, the stored log.
    ///
    /// # Errors
    /// [`Error::Log`] or [`Error::DeckMismatch`] for a text that cannot be read. It stays as it is.
    pub fn read_changes(&mut self, deck: &Deck) -> Result<StoreChange, Error> {
        let Some((storage, key)) = &self.place else {
            return Ok(StoreChange::None);
        };
        let Ok(stored) = storage.get_item(key) else {
            return Ok(StoreChange::None);
        };
        if stored == self.known {
            return Ok(StoreChange::None);
        }
        let change = match &stored {
            None => StoreChange::Removed,
            Some(text) => StoreChange::Written(read_log(text, deck)?),
        };
        self.known = stored;
        Ok(change)
    }

    /// Writes the log. If that fails, as in a full storage, the log stays in memory and every later
    /// write tries again.
    pub fn write(&mut self, log: &Log) {
        let Some((storage, key)) = &self.place else {
            return;
        };
        let text = write_log(log);
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
///
/// # Errors
/// [`Error::Log`] if the text is not JSON or breaks a rule of the format, [`Error::DeckMismatch`] if
/// it is about another deck.
pub(super) fn read_log(text: &str, deck: &Deck) -> Result<Log, Error> {
    let value = js_sys::JSON::parse(text).map_err(|error| {
        let message = js_sys::Error::from(error).message();
        Error::Log(Flaw::new(
            "",
            format!("not usable as JSON: {}", String::from(message)),
        ))
    })?;
    Log::read(serde_wasm_bindgen::Deserializer::from(value), deck)
}

/// The text of a log, on one line.
pub(super) fn write_log(log: &Log) -> String {
    // Plain objects, strings and numbers can always be written.
    js_sys::JSON::stringify(&convert::write(&log.to_file()))
        .map(String::from)
        .unwrap_or_default()
}
