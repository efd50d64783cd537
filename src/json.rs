//! JSON values, and reading them so that an error can name the place.
//!
//! The text itself is parsed and written by whoever has a parser already: serde_json natively, the browser's own
//! `JSON` in `src/web`. Both read the nearest double and write the shortest text that reads back as the same one.

use crate::error::Flaw;
use crate::list::List;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::OnceCell;

/// How deep lists and objects may lie in each other. Decks and logs need six levels.
pub const MAX_DEPTH: usize = 64;

/// The largest number read, either way: its square is far from overflow.
pub(crate) const MOST: f64 = 1e100;

/// What to say of a text or an object that lies deeper.
pub(crate) fn too_deep() -> String {
    text!["lists and objects lie more than ", MAX_DEPTH, " deep"]
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number; infinite where the text held one too large for a double.
    Number(f64),
    /// A string
    String(String),
    /// A list
    Array(Vec<Value>),
    /// Fields in the order of the text; of two with one name the later counts.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// A copy of a string or a number, null of anything else. A copy of everything takes more code than all its uses.
    pub(crate) fn leaf(&self) -> Value {
        match self {
            Value::String(text) => Value::String(text.clone()),
            Value::Number(number) => Value::Number(*number),
            _ => Value::Null,
        }
    }

    /// An object of the given fields.
    pub(crate) fn object(fields: Vec<(&str, Value)>) -> Value {
        Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).list())
    }

    /// A list of numbers.
    pub(crate) fn numbers(numbers: &[f64]) -> Value {
        Value::Array(numbers.iter().map(|&number| Value::Number(number)).list())
    }

    /// A list of strings.
    pub(crate) fn texts(texts: &[String]) -> Value {
        Value::Array(texts.iter().map(|text| text.as_str().into()).list())
    }

    /// A list of lists of numbers.
    pub(crate) fn rows(rows: &[Vec<f64>]) -> Value {
        Value::Array(rows.iter().map(|row| Value::numbers(row)).list())
    }

    fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        }
    }
}

/// The fields of an object that is being filled.
#[derive(Default)]
pub(crate) struct Fields(pub Vec<(String, Value)>);

impl Fields {
    pub fn set(&mut self, name: &str, value: Value) {
        self.0.push((name.to_owned(), value));
    }

    pub fn text(&mut self, name: &str, text: &str) {
        self.set(name, text.into());
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.to_owned())
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        Value::Number(count as f64)
    }
}

/// Reads a value: what `reading` makes of it, or the first flaw that it noted on its way.
pub(crate) fn read<T>(value: &Value, reading: impl FnOnce(&Node) -> T) -> Result<T, Flaw> {
    let first = OnceCell::new();
    let result = reading(&Node { value: Some(value), step: Step::Root, parent: None, first: &first });
    first.into_inner().map_or(Ok(result), Err)
}

/// A value, or the lack of one, together with the way to it from the root.
///
/// Reading something that is not there notes a flaw and gives something harmless in its place, so that readers say
/// what they expect and nothing else; with a flaw noted, nobody gets to see what they made.
#[derive(Clone, Copy)]
pub(crate) struct Node<'v, 'p> {
    value: Option<&'v Value>,
    step: Step<'p>,
    parent: Option<&'p Node<'v, 'p>>,
    first: &'p OnceCell<Flaw>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Field(&'p str),
    Index(usize),
}

impl<'v, 'p> Node<'v, 'p> {
    /// Notes what is wrong at this place.
    pub fn flaw(&self, message: impl Into<String>) {
        self.note(message.into());
    }

    fn note(&self, message: String) {
        self.first.get_or_init(|| {
            let mut path = String::new();
            self.write_path(&mut path);
            Flaw::new(path, message)
        });
    }

    fn write_path(&self, path: &mut String) {
        if let Some(parent) = self.parent {
            parent.write_path(path);
        }
        match self.step {
            Step::Root => {}
            Step::Field(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Step::Index(index) => {
                path.push_str(&text!["[", index, "]"]);
            }
        }
    }

    fn expected(&self, what: &str) {
        match self.value {
            None => self.flaw("missing"),
            Some(value) => self.flaw(text!["expected ", what, ", found ", value.kind()]),
        }
    }

    /// Itself, unless it is absent or null.
    pub fn present(&self) -> Option<&Self> {
        match self.value {
            None | Some(Value::Null) => None,
            Some(_) => Some(self),
        }
    }

    /// Makes sure that this is an object, so that a misplaced list is not taken for an object without fields.
    pub fn expect_object(&self) {
        if !matches!(self.value, Some(Value::Object(_))) {
            self.expected("an object");
        }
    }

    /// Makes sure that this is an object of that format, by its field `format`.
    pub fn expect_format(&self, expected: &str) {
        self.expect_object();
        let format = self.field("format");
        let found = format.text();
        if found != expected {
            format.flaw(text!["expected \"", expected, "\", found \"", found, "\""]);
        }
    }

    /// The field of that name; absent where this is no object or has no such field.
    pub fn field<'q>(&'q self, name: &'q str) -> Node<'v, 'q> {
        let value = match self.value {
            Some(Value::Object(fields)) => fields.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        };
        Node { value, step: Step::Field(name), parent: Some(self), first: self.first }
    }

    /// The items of a list.
    pub fn items<'q>(&'q self) -> impl ExactSizeIterator<Item = Node<'v, 'q>> {
        let items: &[Value] = match self.value {
            Some(Value::Array(items)) => items,
            _ => {
                self.expected("a list");
                &[]
            }
        };
        items.iter().enumerate().map(move |(index, value)| Node {
            value: Some(value),
            step: Step::Index(index),
            parent: Some(self),
            first: self.first,
        })
    }

    /// What `read` makes of each item of a list.
    pub fn list<T>(&self, mut read: impl FnMut(&Node<'v, '_>) -> T) -> Vec<T> {
        let mut list = Vec::new();
        self.each(&mut |item| list.push(read(item)));
        list
    }

    /// Shows each item of a list to `read`; not generic, so that the program has it once.
    pub fn each(&self, read: &mut dyn FnMut(&Node<'v, '_>)) {
        for item in self.items() {
            read(&item);
        }
    }

    /// A string.
    pub fn text(&self) -> &'v str {
        match self.value {
            Some(Value::String(text)) => text,
            _ => {
                self.expected("a string");
                ""
            }
        }
    }

    /// A string or a number, as it is.
    pub fn string_or_number(&self) -> Value {
        match self.value {
            Some(value @ (Value::String(_) | Value::Number(_))) => value.leaf(),
            _ => {
                self.expected("a string or a number");
                Value::Null
            }
        }
    }

    /// The text of an optional field.
    pub fn text_or<'q>(&self, default: &'q str) -> &'q str
    where
        'v: 'q,
    {
        self.present().map_or(default, |node| node.text())
    }

    /// The text of an optional field that has no default.
    pub fn optional_text(&self) -> Option<String> {
        self.present().map(|node| node.text().to_owned())
    }

    /// A string that can be part of a full name: not empty, without `/`.
    pub fn identifier(&self) -> &'v str {
        let text = self.text();
        if text.is_empty() {
            self.flaw("must not be empty");
        }
        if text.as_bytes().contains(&b'/') {
            self.flaw("must not contain \"/\"");
        }
        text
    }

    /// A number of at most [`MOST`] either way.
    pub fn number(&self) -> f64 {
        match self.value {
            // -0 becomes 0: some writers of JSON drop its sign, and a log must give the same bits after a round trip.
            Some(&Value::Number(number)) if number.abs() <= MOST => number + 0.0,
            Some(Value::Number(_)) => {
                self.flaw("out of range: expected a finite number of at most 1e100 either way");
                0.0
            }
            _ => {
                self.expected("a number");
                0.0
            }
        }
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&self, least: u64, most: u64) -> u64 {
        let number = self.number();
        if number < least as f64 || number > most as f64 || libm::trunc(number) != number {
            self.flaw(text!["expected a whole number from ", least, " to ", most]);
        }
        number as u64
    }

    /// The number of an optional field.
    pub fn optional_number(&self) -> Option<f64> {
        self.present().map(Node::number)
    }

    /// Exactly `length` numbers.
    pub fn numbers(&self, length: usize) -> Vec<f64> {
        let count = self.items().len();
        if count != length {
            let noun = if length == 1 { "number" } else { "numbers" };
            self.flaw(text!["expected ", length, " ", noun, ", found ", count]);
        }
        let mut numbers = self.list(|item| item.number());
        numbers.resize(length, 0.0);
        numbers
    }
}

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod native {
    use super::{MAX_DEPTH, Value, too_deep};
    use crate::error::Error;
    use alloc::borrow::ToOwned;
    use alloc::string::ToString;
    use alloc::vec::Vec;
    use core::fmt;
    use core::str::FromStr;
    use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
    use serde::ser::{Serialize, SerializeMap, Serializer};

    impl FromStr for Value {
        type Err = Error;

        /// Parses a text.
        ///
        /// # Errors
        /// [`Error::Json`] with line and column.
        fn from_str(text: &str) -> Result<Self, Error> {
            // serde_json's own limit is 128 levels, so neither it nor `depth` can exhaust the stack.
            let value: Value = serde_json::from_str(text).map_err(|error| Error::Json(error.to_string()))?;
            if depth(&value) > MAX_DEPTH { Err(Error::Json(too_deep())) } else { Ok(value) }
        }
    }

    fn depth(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
            Value::Object(fields) => 1 + fields.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
            _ => 0,
        }
    }

    impl fmt::Display for Value {
        /// The text, on one line.
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
        }
    }

    impl Serialize for Value {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Value::Null => serializer.serialize_unit(),
                Value::Bool(truth) => serializer.serialize_bool(*truth),
                // Counts are written without a trailing ".0", as JavaScript writes them.
                Value::Number(number) if libm::trunc(*number) == *number && number.abs() < 9e15 => {
                    serializer.serialize_i64(*number as i64)
                }
                Value::Number(number) => serializer.serialize_f64(*number),
                Value::String(text) => serializer.serialize_str(text),
                Value::Array(items) => serializer.collect_seq(items),
                Value::Object(fields) => {
                    let mut map = serializer.serialize_map(Some(fields.len()))?;
                    for (name, value) in fields {
                        map.serialize_entry(name, value)?;
                    }
                    map.end()
                }
            }
        }
    }

    impl<'de> Deserialize<'de> for Value {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(AnyValue)
        }
    }

    struct AnyValue;

    impl<'de> Visitor<'de> for AnyValue {
        type Value = Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON value")
        }
        fn visit_unit<E>(self) -> Result<Value, E> {
            Ok(Value::Null)
        }
        fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
            Ok(Value::Bool(truth))
        }
        fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
            Ok(Value::Number(number as f64))
        }
        fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
            Ok(Value::Number(number as f64))
        }
        fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
            Ok(Value::Number(number))
        }
        fn visit_str<E>(self, text: &str) -> Result<Value, E> {
            Ok(Value::String(text.to_owned()))
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = seq.next_element()? {
                items.push(item);
            }
            Ok(Value::Array(items))
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
            let mut fields = Vec::new();
            while let Some(field) = map.next_entry()? {
                fields.push(field);
            }
            Ok(Value::Object(fields))
        }
    }
}
