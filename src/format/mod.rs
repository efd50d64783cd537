//! The formats `leaning-deck/1` and `leaning-answers/1`, and candidates from outside a deck.
//!
//! Each is a struct that serde reads and writes: from JSON text natively, from JavaScript objects in
//! browsers. Rules beyond types are checked by the model that is made of it.

pub mod candidates;
pub mod deck;
pub mod log;
pub mod look;
#[cfg(feature = "schema")]
pub mod schema;

use crate::error::Flaw;
#[cfg(any(not(target_family = "wasm"), feature = "json"))]
use crate::error::{Error, one_line};
use crate::model::answer_model::MAX_MAGNITUDE;
use crate::model::deck::OUT_OF_RANGE;
use serde::de::{
    self, Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor,
};
use std::fmt;
use std::marker::PhantomData;

/// Whether the texts and pictures of a deck stay on the page, as in the widget.
const STAYS_ON_PAGE: bool = cfg!(all(target_family = "wasm", not(feature = "json")));

/// Parses a JSON text. Of two fields with the same name the last one counts, as in browsers.
///
/// # Errors
/// [`Error::Json`] with line and column.
#[cfg(any(not(target_family = "wasm"), feature = "json"))]
pub fn parse_json(text: &str) -> Result<serde_json::Value, Error> {
    serde_json::from_str(text).map_err(|error| Error::Json(one_line(&error.to_string())))
}

/// Reads a value of one of the formats.
///
/// # Errors
/// The first flaw: the place of a value with the wrong type, or of a missing field.
pub(crate) fn read<'de, T, D>(deserializer: D) -> Result<T, Flaw>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = match error.path().to_string() {
            // The way serde_path_to_error writes the root.
            root if root == "." => String::new(),
            path => path,
        };
        flaw(path, &error.into_inner().to_string())
    })
}

/// Reads a file of the format `name`. The name comes first: a file of another format has other flaws,
/// too.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_file<'de, T, D>(deserializer: D, name: &str) -> Result<T, Flaw>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    #[cfg(any(not(target_family = "wasm"), feature = "json"))]
    let deserializer = {
        // serde_json keeps fields in alphabetical order. Browsers read them in the order of `T`.
        let value: serde_json::Value = read(deserializer)?;
        if let Some(found @ serde_json::Value::String(_)) = value.get("format") {
            format_name(found, name).map_err(|error| Flaw::new("format", error.to_string()))?;
        }
        value
    };
    #[cfg(all(target_family = "wasm", not(feature = "json")))]
    let _ = name;
    read(deserializer)
}

/// Reads the name of a format.
///
/// # Errors
/// A message, if it is not `expected`.
pub(crate) fn format_name<'de, D: Deserializer<'de>>(
    deserializer: D,
    expected: &str,
) -> Result<String, D::Error> {
    let found = String::deserialize(deserializer)?;
    if found != expected {
        let message = format!("expected \"{expected}\", found \"{found}\"");
        return Err(de::Error::custom(message));
    }
    Ok(found)
}

/// The flaw that one of serde's messages tells, with the place and the words that this crate uses:
/// serde puts a missing field's name into the message, and calls lists sequences.
fn flaw(path: String, message: &str) -> Flaw {
    // In browsers the message is the text of a JavaScript error.
    let message = message.strip_prefix("Error: ").unwrap_or(message);
    // serde-wasm-bindgen asks for the iterator of a value that should be a list. For a number or a
    // string the browser throws.
    if message.starts_with("TypeError: ") {
        return Flaw::new(path, "expected a list");
    }
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split_once('`'));
    if let Some((field, _)) = missing {
        let dot = if path.is_empty() { "" } else { "." };
        return Flaw::new(format!("{path}{dot}{field}"), "missing");
    }
    let types = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.rsplit_once(", expected "));
    match types {
        Some((found, expected)) => {
            let expected = match expected {
                "a sequence" => "a list",
                "a map" => "an object",
                "usize" => "a whole number",
                other => other,
            };
            Flaw::new(
                path,
                format!("expected {expected}, found {}", type_name(found)),
            )
        }
        None => Flaw::new(path, message),
    }
}

fn type_name(found: &str) -> &str {
    let known = [
        ("string", "a string"),
        ("integer", "a number"),
        ("floating point", "a number"),
        ("boolean", "true or false"),
        ("sequence", "a list"),
        ("map", "an object"),
        ("null", "null"),
        ("unit", "null"),
        ("JsValue([", "a list"),
        ("JsValue(", "an object"),
    ];
    known
        .iter()
        .find(|(start, _)| found.starts_with(start))
        .map_or(found, |(_, name)| name)
}

/// A number of at most 1e100 either way. −0 is read as 0, since some writers of JSON drop its sign
/// and a log must give the same bits after a round trip.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct Number(pub f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;
        impl Visitor<'_> for NumberVisitor {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Number, E> {
                if number.abs() <= MAX_MAGNITUDE {
                    Ok(Number(number + 0.0))
                } else {
                    Err(E::custom(OUT_OF_RANGE))
                }
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }
        }
        deserializer.deserialize_f64(NumberVisitor)
    }
}

/// Numbers as plain doubles.
pub(crate) fn doubles(numbers: Vec<Number>) -> Vec<f64> {
    numbers.into_iter().map(|number| number.0).collect()
}

/// The reverse of [`doubles`].
pub(crate) fn numbers(doubles: &[f64]) -> Vec<Number> {
    doubles.iter().copied().map(Number).collect()
}

/// A whole number from `least` to `most`.
///
/// # Errors
/// A flaw without a place.
pub(crate) fn whole(number: Number, least: u64, most: u64) -> Result<u64, Flaw> {
    let Number(number) = number;
    if number.trunc() == number && (least as f64..=most as f64).contains(&number) {
        Ok(number as u64)
    } else {
        let message = format!("expected a whole number from {least} to {most}");
        Err(Flaw::new("", message))
    }
}

/// An object read as `T`. serde would also read a struct from a list of its fields.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(Object)
            }
        }
        if STAYS_ON_PAGE {
            // Asked for a struct, serde-wasm-bindgen fetches only the fields that `T` has: the texts
            // of a deck stay on the page.
            return T::deserialize(deserializer).map(Object);
        }
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

/// A text of a deck. In browsers it is left where it is: the page has it, and numbers are all that
/// inference needs.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    if STAYS_ON_PAGE {
        IgnoredAny::deserialize(deserializer)?;
        return Ok(None);
    }
    Option::deserialize(deserializer)
}
