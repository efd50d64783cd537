//! Numbers in replies: lists of them, or base64.

use crate::error::Error;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A larger number, either way, is a mistake of the server.
const MAX_MAGNITUDE: f64 = 1e30;

/// Numbers as servers write them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Numbers {
    /// A list of numbers.
    List(Vec<f64>),
    /// A list for each token, where a model pools none of them away.
    Tokens(Vec<Vec<f64>>),
    /// Base64 of numbers of four bytes, the least significant first: what `encoding_format` has as `base64`.
    Base64(String),
}

impl Numbers {
    /// The numbers; of tokens, those of the last one, at which reward models are read.
    pub fn read(self) -> Result<Vec<f64>, Error> {
        let numbers = match self {
            Numbers::List(numbers) => numbers,
            Numbers::Tokens(tokens) => tokens.into_iter().next_back().unwrap_or_default(),
            Numbers::Base64(text) => from_base64(&text)
                .ok_or_else(|| unreadable("expected base64 of numbers of four bytes"))?,
        };
        if numbers.is_empty() {
            return Err(unreadable("expected numbers, found none"));
        }
        match numbers
            .iter()
            .find(|number| !(number.abs() <= MAX_MAGNITUDE))
        {
            Some(number) => Err(unreadable(&format!(
                "expected finite numbers, found {number}"
            ))),
            None => Ok(numbers),
        }
    }
}

/// Numbers of four bytes in base64.
pub fn from_base64(text: &str) -> Option<Vec<f64>> {
    let bytes = STANDARD.decode(text).ok()?;
    let (numbers, rest) = bytes.as_chunks();
    rest.is_empty().then(|| {
        numbers
            .iter()
            .map(|&bytes| f32::from_le_bytes(bytes).into())
            .collect()
    })
}

/// Base64 of numbers of four bytes; `None` if a number needs more.
pub fn to_base64(numbers: &[f64]) -> Option<String> {
    let mut bytes = Vec::with_capacity(4 * numbers.len());
    for &number in numbers {
        let narrow = number as f32;
        if f64::from(narrow) != number {
            return None;
        }
        bytes.extend(narrow.to_le_bytes());
    }
    Some(STANDARD.encode(bytes))
}

/// The part of a reply that this reads.
pub fn parse<T: DeserializeOwned>(reply: &Value) -> Result<T, Error> {
    T::deserialize(reply).map_err(|error| unreadable(&error.to_string()))
}

/// An item of the list `data`, which comes in any order.
pub trait Item {
    /// Its place among the texts of the request.
    fn index(&self) -> usize;
}

/// The items of a list in the order of the texts, one for each.
pub fn in_order<T: Item>(mut items: Vec<T>, texts: usize) -> Result<Vec<T>, Error> {
    items.sort_by_key(Item::index);
    let places = items.iter().map(Item::index);
    if places.eq(0..texts) {
        Ok(items)
    } else {
        let found = items.len();
        Err(unreadable(&format!(
            "expected data for {texts} texts, found {found} items"
        )))
    }
}

pub fn unreadable(message: &str) -> Error {
    Error::Unreadable(crate::message::short(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_holds_what_four_bytes_can() {
        // 1.0 is 0x3f800000, −2.5 is 0xc0200000: `printf '\0\0\x80\x3f\0\0\x20\xc0' | base64`
        let text = "AACAPwAAIMA=";
        assert_eq!(from_base64(text), Some(vec![1.0, -2.5]));
        assert_eq!(to_base64(&[1.0, -2.5]).as_deref(), Some(text));
        assert_eq!(to_base64(&[0.1]), None);
        assert_eq!(from_base64("AACAPwA="), None);
        assert_eq!(from_base64("no base64"), None);
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        let read = |json: &str| serde_json::from_str::<Numbers>(json).unwrap().read();
        assert_eq!(read("[[1], [2, 3]]"), Ok(vec![2.0, 3.0]));
        for wrong in [
            "[]",
            "[1e300]",
            "[[1], []]",
            r#""AAAAfw===""#,
            r#""AADAfw==""#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
