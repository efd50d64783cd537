//! The place of a log between visits: localStorage, or memory if there is none.
//!
//! A text that is stored is never destroyed unless the person deletes it. One that cannot be read is
//! set aside under another key, and one of a newer version stays where it is.

use super::archive::{Archive, Broken, ReadLog, is_newer, restored_at};
use super::convert::StorageOptions;
use super::retention::{self, day_of};
use crate::error::{Error, Flaw};
use crate::model::log::Timestamp;
use crate::model::{Deck, Log};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// The methods of `Storage` that are used here: localStorage, or an object of `js/` that encrypts
    /// what it hands on.
    #[derive(Debug)]
    pub type Area;

    #[wasm_bindgen(method, catch, js_name = getItem)]
    fn get_item(this: &Area, key: &str) -> Result<Option<String>, JsValue>;

    #[wasm_bindgen(method, catch, js_name = setItem)]
    fn set_item(this: &Area, key: &str, text: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = removeItem)]
    fn remove_item(this: &Area, key: &str) -> Result<(), JsValue>;
}

/// Texts that are set aside have the key of the log and this behind it, with a number from the second
/// on.
const ASIDE: &str = ":damaged";
/// In place of a number: the key of the day on which the first was set aside, with a retention.
const ASIDE_ON: usize = 0;
/// The most texts that are set aside. The last is replaced then.
const MOST_ASIDE: usize = 9;

/// One person's log on their device.
#[derive(Debug)]
pub(super) struct Store {
    /// The storage and the key; `None` for memory alone.
    place: Option<(Area, String)>,
    /// The text that was last read or written. Any other text comes from another tab.
    known: Option<String>,
    /// Whether the last write succeeded.
    written: bool,
    /// Whether the stored log was made by a newer version. Nothing is written over it.
    newer: bool,
    /// Whether the stored text cannot be read and there is no room to set it aside. Nothing is written
    /// over it either.
    stuck: bool,
    /// Whether the storage could not be read at the last try. What is there may be longer than what is
    /// here, so nothing is written over it.
    unread: bool,
    /// Whether that was so since the log was last read.
    was_unread: bool,
    /// Number of stored entries that could not be read.
    broken: usize,
    archive: Archive,
}

/// The changes that another tab has made since the log was last read or written here.
pub(super) enum StoreChange {
    /// No change.
    None,
    /// The log that the other tab wrote.
    Written(Log),
    /// The entries that could be read of a damaged text, which is set aside.
    Damaged(Log),
    /// Everything was deleted elsewhere.
    Removed,
}

impl Store {
    /// The place that the options ask for. `area` is the one that encrypts, if the page has it.
    ///
    /// # Errors
    /// [`Error::Options`] for a storage of another name.
    pub fn open(options: &StorageOptions, area: Option<Area>, deck: &Deck) -> Result<Self, Error> {
        let area = match options.storage.as_deref().unwrap_or("local") {
            "local" => local_storage(),
            "encrypted" => area,
            "memory" => None,
            other => {
                let message =
                    format!("expected \"local\", \"encrypted\" or \"memory\", found \"{other}\"");
                return Err(Error::Options(Flaw::new("storage", message)));
            }
        };
        let default_key = || format!("leaning:{}", deck.id());
        let key = options.storage_key.clone().unwrap_or_else(default_key);
        Ok(Store::at(area.map(|area| (area, key))))
    }

    fn at(place: Option<(Area, String)>) -> Self {
        Store {
            written: place.is_some(),
            place,
            known: None,
            newer: false,
            stuck: false,
            unread: false,
            was_unread: false,
            broken: 0,
            archive: Archive::default(),
        }
    }

    /// Whether everything that was said so far outlives this page.
    pub fn is_stored(&self) -> bool {
        self.place.is_some() && self.written && !self.newer && !self.stuck && !self.unread
    }

    /// Whether the last write failed.
    pub fn is_behind(&self) -> bool {
        self.place.is_some() && !self.written
    }

    /// Whether the stored log was made by a newer version.
    pub fn is_newer(&self) -> bool {
        self.newer
    }

    /// Number of stored entries that could not be read.
    pub fn broken(&self) -> usize {
        self.broken
    }

    /// The key of the log in localStorage.
    pub fn key(&self) -> Option<&str> {
        self.place.as_ref().map(|(_, key)| key.as_str())
    }

    /// The changes by other tabs since the last call or write; at first, the stored log.
    ///
    /// # Errors
    /// [`Error::DeckMismatch`] for the log of another deck. It stays as it is.
    pub fn read_changes(&mut self, deck: &Deck) -> Result<StoreChange, Error> {
        let Some((storage, key)) = &self.place else {
            return Ok(StoreChange::None);
        };
        let found = storage.get_item(key);
        self.unread = found.is_err();
        self.was_unread |= self.unread;
        let Ok(stored) = found else {
            return Ok(StoreChange::None);
        };
        // An empty text stands for one that could not be removed.
        let stored = stored.filter(|text| !text.is_empty());
        if stored == self.known {
            return Ok(StoreChange::None);
        }
        self.stuck = false;
        self.newer = stored.as_deref().is_some_and(is_newer);
        let change = match &stored {
            None => StoreChange::Removed,
            Some(_) if self.newer => StoreChange::None,
            Some(text) => self.read(text, deck)?,
        };
        self.known = stored;
        Ok(change)
    }

    fn read(&mut self, text: &str, deck: &Deck) -> Result<StoreChange, Error> {
        match ReadLog::of(text, deck, Broken::LeaveOut) {
            Ok(read) if read.broken == 0 => {
                self.archive.merge(read.archive);
                Ok(StoreChange::Written(read.log))
            }
            Err(error @ Error::DeckMismatch(_)) => Err(error),
            damaged => {
                self.stuck = !self.set_aside(text);
                let read = damaged.unwrap_or_else(|_| ReadLog::salvage(text, deck));
                self.broken += read.broken.max(1);
                self.archive.merge(read.archive);
                Ok(StoreChange::Damaged(read.log))
            }
        }
    }

    /// Keeps a text that cannot be read under a key of its own. `false` if there is no room.
    fn set_aside(&self, text: &str) -> bool {
        let Some((storage, key)) = &self.place else {
            return true;
        };
        // The same text again is kept once.
        let is_free = |aside: &String| get(storage, aside).is_none_or(|other| other == text);
        let mut keys = keys_aside(key);
        let free = keys.find(is_free).or_else(|| keys_aside(key).last());
        free.is_some_and(|free| storage.set_item(&free, text).is_ok())
    }

    /// Whether the storage could not be read for a while before the log that was read last. Asking ends
    /// that.
    pub fn take_was_unread(&mut self) -> bool {
        std::mem::take(&mut self.was_unread)
    }

    /// Lets the next [`Store::read_changes`] read the stored text whatever it is.
    pub fn read_again(&mut self) {
        self.known = None;
    }

    /// When deleted entries were last brought back to the stored log by hand, in milliseconds since 1970.
    pub fn restored_at(&self) -> Option<f64> {
        let (storage, key) = self.place.as_ref()?;
        restored_at(&get(storage, key)?)
    }

    /// Lets the stored log say that deleted entries were brought back at this time.
    pub fn mark_restored(&mut self, time: f64) {
        self.archive.mark_restored(time);
    }

    /// The text of a log with everything that other versions wrote in it.
    pub fn text(&self, log: &Log) -> String {
        self.archive.write(log)
    }

    /// Reads the text of an exported log, and keeps what this version does not know in it.
    ///
    /// # Errors
    /// As [`ReadLog::of`].
    pub fn import(&mut self, text: &str, deck: &Deck) -> Result<Log, Error> {
        let read = ReadLog::of(text, deck, Broken::Refuse)?;
        self.archive.merge(read.archive);
        Ok(read.log)
    }

    /// Writes the log. If that fails, as in a full storage, the log stays in memory and every later
    /// write tries again.
    pub fn write(&mut self, log: &Log) {
        let Some((storage, key)) = &self.place else {
            return;
        };
        if self.newer || self.stuck {
            return;
        }
        if self.unread {
            self.written = false;
            return;
        }
        if log.is_empty() && self.archive.unknown() == 0 {
            // Nothing was said, or all of it was deleted elsewhere.
            self.written = erase(storage, key);
            self.known = None;
            return;
        }
        let text = self.archive.write(log);
        // A page or an extension may have replaced the storage by one that takes texts and drops them.
        let is_kept =
            || !matches!(storage.get_item(key), Ok(found) if found.as_ref() != Some(&text));
        self.written = storage.set_item(key, &text).is_ok() && is_kept();
        if self.written {
            self.known = Some(text);
        }
    }

    /// Gives everything a day that has none, and removes what is of before `first_day`: from the log, and
    /// from what is kept beside it. Whether the log has to be written again.
    pub fn age(&mut self, first_day: f64, log: &mut Log) -> bool {
        let is_dated = retention::date(log);
        let old = retention::older(log, first_day, None);
        log.remove(&old);
        self.archive.age(first_day, &old) || is_dated || !old.is_empty()
    }

    /// Removes the texts that are aside once the first of them is of before `first_day`.
    pub fn age_aside(&self, first_day: f64) {
        let Some((storage, key)) = &self.place else {
            return;
        };
        let dated = aside(key, ASIDE_ON);
        match day_of(get(storage, &dated).map(Timestamp::Text).as_ref()) {
            None if get(storage, &aside(key, 1)).is_some() => {
                let _ = storage.set_item(&dated, &retention::today_as_text());
            }
            Some(day) if day < first_day => drop(remove_aside(storage, key)),
            _ => {}
        }
    }

    /// Removes the stored log, and all texts that were set aside.
    ///
    /// # Errors
    /// [`Error::NotDeleted`] if one of them is still there. The log stays then.
    pub fn remove(&mut self) -> Result<(), Error> {
        if let Some((storage, key)) = &self.place
            && !(remove_aside(storage, key) && erase(storage, key))
        {
            return Err(Error::NotDeleted);
        }
        self.archive = Archive::default();
        (self.broken, self.newer, self.stuck) = (0, false, false);
        (self.written, self.known) = (self.place.is_some(), None);
        Ok(())
    }
}

/// A text that can be read and is not empty: an empty one stands for one that could not be removed.
fn get(storage: &Area, key: &str) -> Option<String> {
    let text = storage.get_item(key).ok().flatten();
    text.filter(|text| !text.is_empty())
}

/// Removes a text, or else puts an empty one in its place. `false` if neither works.
fn erase(storage: &Area, key: &str) -> bool {
    let is_gone = || get(storage, key).is_none();
    storage.remove_item(key).is_ok() && is_gone()
        || matches!(storage.get_item(key), Ok(None))
        || storage.set_item(key, "").is_ok() && is_gone()
}

/// `None` if the browser has no localStorage or forbids it, as in a sandboxed frame.
fn local_storage() -> Option<Area> {
    let storage = web_sys::window()?.local_storage().ok().flatten()?;
    Some(storage.unchecked_into())
}

/// Removes the texts that are aside. `false` if one is still there.
fn remove_aside(storage: &Area, key: &str) -> bool {
    (ASIDE_ON..=MOST_ASIDE).all(|number| erase(storage, &aside(key, number)))
}

/// The keys of texts that are set aside.
fn keys_aside(key: &str) -> impl Iterator<Item = String> {
    (1..=MOST_ASIDE).map(move |number| aside(key, number))
}

fn aside(key: &str, number: usize) -> String {
    match number {
        1 => format!("{key}{ASIDE}"),
        number => format!("{key}{ASIDE}-{number}"),
    }
}
