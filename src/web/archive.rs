//! The text of a log, together with what this version does not know in it: fields and kinds of
//! entries that a newer version or another program wrote. They say nothing here and are written back.

use super::convert;
use super::retention;
use crate::error::{Error, Flaw};
use crate::format::log::{FORMAT, KINDS};
use crate::model::log::Timestamp;
use crate::model::{Deck, Log};
use js_sys::{Array, JSON, Object, Reflect};
use serde_wasm_bindgen::Deserializer;
use std::collections::{HashMap, HashSet};
use std::mem;
use wasm_bindgen::{JsCast, JsValue};

/// The parts of a log that are not known here.
#[derive(Debug, Default)]
pub(super) struct Archive {
    /// The objects of the log and of its `deck`, if they have other fields.
    file: Option<Object>,
    /// The objects of entries by their ids, if they have other fields.
    entries: HashMap<String, Object>,
    /// The texts of entries of other kinds, in the order in which they were read.
    unknown: Vec<String>,
}

/// A text that was read.
pub(super) struct ReadLog {
    pub log: Log,
    pub archive: Archive,
    /// Number of entries that are broken.
    pub broken: usize,
}

/// How to take an entry that is broken.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Broken {
    /// The text is refused.
    Refuse,
    /// The others count.
    LeaveOut,
}

/// The field of a log with the time at which deleted entries were brought back.
const RESTORED: &str = "restored";

/// When deleted entries were brought back to the log with this text, as in [`Archive::mark_restored`].
pub(super) fn restored_at(text: &str) -> Option<f64> {
    field(&JSON::parse(text).ok()?, RESTORED).as_f64()
}

/// Whether a text is a log of a later version of the format.
pub(super) fn is_newer(text: &str) -> bool {
    let format = JSON::parse(text)
        .ok()
        .and_then(|log| field(&log, "format").as_string());
    let newer = format.and_then(|format| {
        let (name, version) = FORMAT.split_once('/')?;
        let found: u32 = format.strip_prefix(name)?.strip_prefix('/')?.parse().ok()?;
        Some(found > version.parse().ok()?)
    });
    newer == Some(true)
}

impl ReadLog {
    /// Reads a log from the text of a file or of the storage.
    ///
    /// # Errors
    /// [`Error::Log`] if the text is not JSON or breaks a rule of the format, [`Error::DeckMismatch`]
    /// if it is about another deck.
    pub fn of(text: &str, deck: &Deck, broken: Broken) -> Result<Self, Error> {
        let value = JSON::parse(text).map_err(|error| {
            let message = String::from(js_sys::Error::from(error).message());
            Error::Log(Flaw::new("", format!("not usable as JSON: {message}")))
        })?;
        let answers = field(&value, "answers");
        let Some(answers) = answers.dyn_ref::<Array>() else {
            // The error says so.
            let log = Log::read(Deserializer::from(value), deck)?;
            return Ok(ReadLog {
                log,
                archive: Archive::default(),
                broken: 0,
            });
        };
        let (unknown, mut known): (Vec<_>, Vec<_>) = answers
            .iter()
            .enumerate()
            .partition(|(_, entry)| is_of_unknown_kind(entry));
        let mut left_out = 0;
        let log = loop {
            let copy = Object::assign(&Object::new(), value.unchecked_ref());
            set(
                &copy,
                "answers",
                &known.iter().map(|(_, entry)| entry).collect::<Array>(),
            );
            match Log::read(Deserializer::from(JsValue::from(copy)), deck) {
                Ok(log) => break log,
                Err(error) => match place_of_entry(&error) {
                    Some(place) if broken == Broken::LeaveOut && place < known.len() => {
                        known.remove(place);
                        left_out += 1;
                    }
                    Some(place) if place < known.len() => {
                        return Err(at_place(error, place, known[place].0));
                    }
                    _ => return Err(error),
                },
            }
        };
        let mut archive = Archive {
            file: has_other_fields(&value, &["format", "deck", "answers"])
                .then(|| value.clone().unchecked_into()),
            entries: HashMap::new(),
            unknown: unknown
                .iter()
                .filter_map(|(_, entry)| to_text(entry))
                .collect(),
        };
        for (id, (_, read)) in log.written_ids().zip(&known) {
            if has_other_fields(read, &ENTRY_FIELDS) {
                archive
                    .entries
                    .insert(id.to_owned(), read.clone().unchecked_into());
            }
        }
        Ok(ReadLog {
            log,
            archive,
            broken: left_out,
        })
    }

    /// The entries that can be read in a text that is no JSON, such as one that was cut off.
    pub fn salvage(text: &str, deck: &Deck) -> Self {
        let mut entries: Vec<String> = Vec::new();
        for part in objects_in(text) {
            // The log itself begins before its entries and may never end.
            let value = JSON::parse(part).unwrap_or(JsValue::UNDEFINED);
            if !field(&value, "id").is_undefined() && !field(&value, "dimensions").is_truthy() {
                entries.push(part.to_owned());
            }
        }
        let empty = convert::write(&Log::new(deck).to_file());
        let empty = to_text(&empty).unwrap_or_default();
        let whole = empty.replace(
            "\"answers\":[]",
            &format!("\"answers\":[{}]", entries.join(",")),
        );
        ReadLog::of(&whole, deck, Broken::LeaveOut).unwrap_or_else(|_| ReadLog {
            log: Log::new(deck),
            archive: Archive::default(),
            broken: entries.len(),
        })
    }
}

impl Archive {
    /// Takes over what only the other holds.
    pub fn merge(&mut self, other: Archive) {
        self.file = other.file.or(self.file.take());
        self.entries.extend(other.entries);
        for entry in other.unknown {
            if !self.unknown.contains(&entry) {
                self.unknown.push(entry);
            }
        }
    }

    /// Forgets the entries that were removed from the log, and those of other kinds that are too old; the
    /// others get a day. Whether anything has changed.
    pub fn age(&mut self, first_day: f64, removed: &HashSet<String>) -> bool {
        for id in removed {
            // The id alone says nothing.
            if let Some(entry) = self.entries.get_mut(id) {
                *entry = Object::new();
            }
        }
        let mut is_changed = false;
        for text in mem::take(&mut self.unknown) {
            let entry = JSON::parse(&text).unwrap_or(JsValue::NULL);
            let at = field(&entry, "at");
            let number = at.as_f64().map(Timestamp::Number);
            let at = number.or_else(|| at.as_string().map(Timestamp::Text));
            match retention::day_of(at.as_ref()) {
                Some(day) if day < first_day => is_changed = true,
                Some(_) => self.unknown.push(text),
                None => {
                    let today = retention::today_as_text();
                    set(entry.unchecked_ref(), "at", &today.into());
                    self.unknown.extend(to_text(&entry));
                    is_changed = true;
                }
            }
        }
        is_changed
    }

    /// Lets the texts that are written from now on say that deleted entries were brought back at this time,
    /// in milliseconds since 1970. Tabs that were told of the deletion then know better.
    pub fn mark_restored(&mut self, time: f64) {
        let file = self.file.take().unwrap_or_default();
        set(&file, RESTORED, &time.into());
        self.file = Some(file);
    }

    /// Number of entries of other kinds.
    pub fn unknown(&self) -> usize {
        self.unknown.len()
    }

    /// The text of a log with everything that is kept here, on one line.
    pub fn write(&self, log: &Log) -> String {
        let written = convert::write(&log.to_file());
        let text = if self.file.is_none() && self.entries.is_empty() && self.unknown.is_empty() {
            to_text(&written)
        } else {
            to_text(&self.completed(log, &written))
        };
        // Plain objects, strings and numbers can always be written.
        text.unwrap_or_default()
    }

    /// The log with the fields and entries that are kept here.
    fn completed(&self, log: &Log, written: &JsValue) -> JsValue {
        let answers: Array = field(written, "answers").unchecked_into();
        for (id, place) in log.written_ids().zip(0..) {
            if let Some(read) = self.entries.get(id) {
                let known = answers.get(place);
                answers.set(place, with_fields_of(read, known.unchecked_ref()).into());
            }
        }
        for entry in &self.unknown {
            answers.push(&JSON::parse(entry).unwrap_or(JsValue::NULL));
        }
        match &self.file {
            Some(file) => with_fields_of(file, written.unchecked_ref()).into(),
            None => written.clone(),
        }
    }
}

/// The fields of `known`, and those of `read` that it does not have.
fn with_fields_of(read: &Object, known: &Object) -> Object {
    Object::assign(&Object::assign(&Object::new(), read), known)
}

/// The fields of all known entries.
const ENTRY_FIELDS: [&str; 25] = [
    "id",
    "at",
    "kind",
    "shown",
    "scores",
    "offered",
    "reference",
    "chose",
    "grade",
    "rating",
    "best",
    "worst",
    "order",
    "verdict",
    "of",
    "dimension",
    "weight",
    "sd",
    "counts",
    "halfLife",
    "squares",
    "likelihood",
    "folded",
    "questions",
    "skipped",
];

fn has_other_fields(value: &JsValue, known: &[&str]) -> bool {
    let Some(object) = value.dyn_ref::<Object>() else {
        return false;
    };
    Object::keys(object).iter().any(|key| {
        key.as_string()
            .is_none_or(|key| !known.contains(&key.as_str()))
    })
}

fn is_of_unknown_kind(entry: &JsValue) -> bool {
    field(entry, "kind")
        .as_string()
        .is_some_and(|kind| !KINDS.contains(&kind.as_str()))
}

/// The place of the entry that an error is about: 3 for `answers[3].scores`.
fn place_of_entry(error: &Error) -> Option<usize> {
    let path = error.flaw()?.path().strip_prefix("answers[")?;
    path.split(']').next()?.parse().ok()
}

/// The error about an entry, by its place in the whole text.
fn at_place(error: Error, found: usize, place: usize) -> Error {
    let (from, to) = (format!("answers[{found}]"), format!("answers[{place}]"));
    match error {
        Error::Log(flaw) => Error::Log(Flaw::new(
            flaw.path().replacen(&from, &to, 1),
            flaw.message(),
        )),
        other => other,
    }
}

/// The parts of a text from each opening brace to its closing one, with those inside others. A brace
/// in a string counts for none.
fn objects_in(text: &str) -> Vec<&str> {
    let (mut open, mut parts) = (Vec::new(), Vec::new());
    let (mut is_in_string, mut is_escaped) = (false, false);
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_in_string,
            b'"' => is_in_string = !is_in_string,
            b'{' if !is_in_string => open.push(place),
            b'}' if !is_in_string => {
                if let Some(start) = open.pop() {
                    parts.push(&text[start..=place]);
                }
            }
            _ => {}
        }
    }
    parts
}

/// A field of an object; undefined for anything else.
fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object takes any field.
    let _ = Reflect::set(object, &name.into(), value);
}

fn to_text(value: &JsValue) -> Option<String> {
    JSON::stringify(value)
        .ok()
        .and_then(|text| text.as_string())
}
