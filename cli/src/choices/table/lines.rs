//! JSON Lines, an object a line, or a JSON list of objects. Keys come in any order; the columns are
//! all keys that any object has.

use super::cell::Cell;
use super::place::{Flaw, OnRow, Place};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

pub struct Lines {
    text: String,
    /// The line on which each object begins, from 1, and its place in the text.
    objects: Vec<(usize, Range<usize>)>,
}

impl Lines {
    /// The table, and the names of its columns in the order of their first appearance.
    pub fn open(text: String) -> Result<(Self, Vec<String>), String> {
        let objects = if text.trim_start().starts_with('[') {
            items(&text)?
        } else {
            lines(&text).collect()
        };
        let lines = Lines { text, objects };
        let (mut header, mut known): (Vec<String>, HashMap<String, usize>) =
            (Vec::new(), HashMap::new());
        let mut last_object = Vec::new();
        // Many objects of a list may be on one line.
        for (object, (number, line)) in lines.numbered().enumerate() {
            let columns = Columns {
                header: &mut header,
                known: &mut known,
                last_object: &mut last_object,
                object,
            };
            parse(line, columns).map_err(|message| format!("line {number}: {message}"))?;
        }
        Ok((lines, header))
    }

    pub fn each(&self, wanted: &[usize], header: &[String], call: &mut OnRow) -> Result<(), Flaw> {
        let slots: HashMap<&str, usize> = wanted
            .iter()
            .enumerate()
            .map(|(slot, &column)| (header[column].as_str(), slot))
            .collect();
        for (number, line) in self.numbered() {
            let place = Place(number as u64);
            let mut cells = vec![Cell::Nothing; wanted.len()];
            parse(
                line,
                Cells {
                    slots: &slots,
                    cells: &mut cells,
                },
            )
            .map_err(|message| (place, message))?;
            call(place, &cells)?;
        }
        Ok(())
    }

    /// The objects, with the numbers of their first lines.
    fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        let objects = self.objects.iter();
        objects.map(|(line, range)| (*line, &self.text[range.clone()]))
    }
}

/// The lines that are not blank.
fn lines(text: &str) -> impl Iterator<Item = (usize, Range<usize>)> {
    let mut end = 0;
    let lines = text.split('\n').enumerate().map(move |(place, line)| {
        let start = end;
        end += line.len() + 1;
        (place + 1, start..start + line.len())
    });
    lines.filter(|(_, line)| !text[line.clone()].trim().is_empty())
}

/// The items of a JSON list.
fn items(text: &str) -> Result<Vec<(usize, Range<usize>)>, String> {
    let items: Vec<&RawValue> = serde_json::from_str(text)
        .map_err(|error| format!("expected a JSON list of objects, found it broken: {error}"))?;
    let mut line = 1;
    let mut end = 0;
    let place = |item: &RawValue| {
        // An item borrows from the text.
        let start = item.get().as_ptr() as usize - text.as_ptr() as usize;
        line += text[end..start].matches('\n').count();
        end = start;
        (line, start..start + item.get().len())
    };
    Ok(items.into_iter().map(place).collect())
}

/// Reads one object into `into`.
fn parse<'de>(line: &'de str, into: impl DeserializeSeed<'de>) -> Result<(), String> {
    let mut deserializer = serde_json::Deserializer::from_str(line);
    let done = into
        .deserialize(&mut deserializer)
        .and_then(|_| deserializer.end());
    done.map_err(|error| {
        // As of a file that has one object over many lines.
        if error.is_eof() {
            return "expected a whole JSON object on a line, found the beginning of one".to_owned();
        }
        // The caller names the line; serde_json counts from its beginning.
        let (message, character) = (error.to_string(), error.column());
        let message = message.split(" at line ").next().unwrap_or(&message);
        let further = match error.line() {
            0 | 1 => String::new(),
            line => format!(" {} lines further", line - 1),
        };
        format!(
            "expected a JSON object, found it broken at character {character}{further}: {message}"
        )
    })
}

/// Adds the keys of an object to the columns.
struct Columns<'a> {
    header: &'a mut Vec<String>,
    known: &'a mut HashMap<String, usize>,
    /// The last object with each column.
    last_object: &'a mut Vec<usize>,
    object: usize,
}

impl Columns<'_> {
    /// Adds a key. `false` if this object has had it before.
    fn add(&mut self, key: &str) -> bool {
        let Some(&column) = self.known.get(key) else {
            self.known.insert(key.to_owned(), self.header.len());
            self.header.push(key.to_owned());
            self.last_object.push(self.object);
            return true;
        };
        std::mem::replace(&mut self.last_object[column], self.object) != self.object
    }
}

impl<'de> DeserializeSeed<'de> for Columns<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Columns<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<(), A::Error> {
        while let Some((key, IgnoredAny)) = fields.next_entry::<Cell, _>()? {
            if let Cell::Text(key) = key
                && !self.add(&key)
            {
                return Err(serde::de::Error::custom(format!("{key:?} is there twice")));
            }
        }
        Ok(())
    }
}

/// Puts the values of an object into the cells of the wanted columns.
struct Cells<'a, 'de> {
    slots: &'a HashMap<&'a str, usize>,
    cells: &'a mut [Cell<'de>],
}

impl<'de> DeserializeSeed<'de> for Cells<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Cells<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(key) = fields.next_key::<Cell>()? {
            match key.text().and_then(|key| self.slots.get(&*key)) {
                Some(&slot) => self.cells[slot] = fields.next_value()?,
                None => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_may_share_a_line_but_an_object_has_each_key_once() {
        let header = |text: &str| Lines::open(text.to_owned()).map(|(_, header)| header);
        let list = r#"[{"id":"a","x":1}, {"id":"b","y":2}]"#;
        assert_eq!(header(list).unwrap(), ["id", "x", "y"]);
        let twice = header(r#"[{"id":"a"}, {"id":"b","id":"c"}]"#).unwrap_err();
        assert!(
            twice.starts_with("line 1: ") && twice.contains("\"id\" is there twice"),
            "{twice}"
        );
    }
}
