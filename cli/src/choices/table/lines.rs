//! JSON Lines: an object a line, its keys in any order. The columns are all keys that any line has.

use super::cell::Cell;
use super::place::{Flaw, OnRow, Place};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::collections::HashMap;
use std::fmt;

pub struct Lines {
    text: String,
}

impl Lines {
    /// The table, and the names of its columns in the order of their first appearance.
    pub fn open(text: String) -> Result<(Self, Vec<String>), String> {
        let lines = Lines { text };
        let (mut header, mut known): (Vec<String>, HashMap<String, usize>) =
            (Vec::new(), HashMap::new());
        let mut last_line = Vec::new();
        for (number, line) in lines.numbered() {
            let columns = Columns {
                header: &mut header,
                known: &mut known,
                last_line: &mut last_line,
                number,
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

    /// The lines that are not blank, with their numbers from 1.
    fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self
            .text
            .split('\n')
            .enumerate()
            .map(|(place, line)| (place + 1, line.trim()));
        lines.filter(|(_, line)| !line.is_empty())
    }
}

/// Reads one line into `into`.
fn parse<'de>(line: &'de str, into: impl DeserializeSeed<'de>) -> Result<(), String> {
    let mut deserializer = serde_json::Deserializer::from_str(line);
    let done = into
        .deserialize(&mut deserializer)
        .and_then(|_| deserializer.end());
    done.map_err(|error| {
        // The caller names the line; serde_json counts from its beginning.
        let (message, character) = (error.to_string(), error.column());
        let message = message.split(" at line ").next().unwrap_or(&message);
        format!("expected a JSON object, found it broken at character {character}: {message}")
    })
}

/// Adds the keys of an object to the columns.
struct Columns<'a> {
    header: &'a mut Vec<String>,
    known: &'a mut HashMap<String, usize>,
    /// The last line with each column.
    last_line: &'a mut Vec<usize>,
    number: usize,
}

impl Columns<'_> {
    /// Adds a key. `false` if this line has had it before.
    fn add(&mut self, key: &str) -> bool {
        let Some(&column) = self.known.get(key) else {
            self.known.insert(key.to_owned(), self.header.len());
            self.header.push(key.to_owned());
            self.last_line.push(self.number);
            return true;
        };
        std::mem::replace(&mut self.last_line[column], self.number) != self.number
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
