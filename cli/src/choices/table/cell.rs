//! The content of one row in one column.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Floats tell all whole numbers apart up to this one, 2⁵³.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// One cell. It borrows from the row that is being read.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Null, or absent from an object.
    Nothing,
    /// A text.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Number(f64),
    /// True or false.
    Truth(bool),
    /// A list of cells.
    List(Vec<Cell<'a>>),
    /// A value of no use here, in words.
    Other(&'static str),
}

impl Cell<'_> {
    /// Whether it is empty. Data frames write NaN for a missing value of a column of numbers.
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Nothing => true,
            Cell::Text(text) => text.is_empty(),
            Cell::Number(number) => number.is_nan(),
            _ => false,
        }
    }

    /// The cell as a name or text. Ids may be whole numbers, also as floats: a column of integers
    /// becomes one of floats where some are missing.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Cell::Text(text) => Some(Cow::Borrowed(text)),
            Cell::Integer(number) => Some(Cow::Owned(number.to_string())),
            Cell::Number(number) if number.fract() == 0.0 && number.abs() <= MAX_WHOLE => {
                Some(Cow::Owned(format!("{number:.0}")))
            }
            _ => None,
        }
    }

    /// The cell as a number, which may be infinite or NaN. True is 1, false 0.
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Text(text) => match text.trim() {
                "true" | "True" | "TRUE" => Some(1.0),
                "false" | "False" | "FALSE" => Some(0.0),
                number => number.parse().ok(),
            },
            Cell::Integer(number) => Some(*number as f64),
            Cell::Number(number) => Some(*number),
            Cell::Truth(truth) => Some((*truth).into()),
            _ => None,
        }
    }
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Nothing => f.write_str("nothing"),
            Cell::Text(text) => write!(f, "{text:?}"),
            Cell::Integer(number) => write!(f, "{number}"),
            Cell::Number(number) => write!(f, "{number}"),
            Cell::Truth(truth) => write!(f, "{truth}"),
            Cell::List(cells) => write!(f, "a list of {}", cells.len()),
            Cell::Other(what) => f.write_str(what),
        }
    }
}

impl<'de> Deserialize<'de> for Cell<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Nothing)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Integer(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell<'de>, E> {
        Ok(Cell::Integer(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Cell<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Cell::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Cell<'de>, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Other("an object"))
    }
}
