//! Tables in any of three formats, recognised by their content: CSV, JSON (an object a line, or a
//! list of objects) or Parquet; and tables that another program holds in memory.
//!
//! A table is read row by row, so only what is made of the rows stays in memory. Each row has a
//! [`Place`], which the table turns into a line of a text or a row of a Parquet file for messages.

mod bytes;
mod cell;
mod csv;
mod lines;
mod memory;
#[cfg_attr(target_family = "wasm", path = "parquet_rows.rs")]
mod parquet;
#[cfg(not(target_family = "wasm"))]
mod parquet_pages;
mod place;

#[cfg(any(test, fuzzing))]
pub use bytes::unpacked;
pub use bytes::{other_format, read, text};
pub use cell::Cell;
pub use memory::Rows;
pub use place::{Flaw, Place};

use crate::failure::Failure;
use crate::guess::did_you_mean;
use crate::input::Source;
use csv::Csv;
use lines::Lines;
use parquet::Parquet;
use std::fmt::Display;
use std::sync::Arc;

/// A table: named columns, and rows.
pub struct Table {
    /// The name of the file.
    name: String,
    format: Format,
    /// The names of the columns. A name may be there twice, so that a message can say so.
    header: Vec<String>,
}

enum Format {
    Csv(Csv),
    Lines(Lines),
    Parquet(Parquet),
    Memory(Arc<dyn Rows>),
}

impl Table {
    /// Reads a file, and finds its format and columns.
    pub fn open(source: &Source) -> Result<Self, Failure> {
        if let Source::Table(name, rows) = source {
            return Ok(Table {
                name: name.clone(),
                header: rows.header().to_vec(),
                format: Format::Memory(rows.clone()),
            });
        }
        Table::of(source.to_string(), read(source)?)
    }

    /// The table in the decompressed bytes of a file.
    pub fn of(name: String, bytes: Vec<u8>) -> Result<Self, Failure> {
        if let Some(message) = other_format(&bytes) {
            return Err(Failure::new(name, message));
        }
        let (format, header) = if bytes.starts_with(parquet::MAGIC) {
            let (parquet, header) =
                Parquet::open(bytes).map_err(|message| Failure::new(&name, message))?;
            (Format::Parquet(parquet), header)
        } else {
            let text = text(&name, bytes)?;
            if text.trim_start().starts_with(['{', '[']) {
                let (lines, header) =
                    Lines::open(text).map_err(|message| Failure::new(&name, message))?;
                (Format::Lines(lines), header)
            } else {
                let (csv, header) =
                    Csv::open(text).map_err(|message| Failure::new(&name, message))?;
                (Format::Csv(csv), header)
            }
        };
        Ok(Table {
            name,
            format,
            header,
        })
    }

    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the columns, in the order of the table.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Whether a row may leave out columns.
    pub fn rows_vary(&self) -> bool {
        matches!(self.format, Format::Lines(_))
    }

    /// Number of rows, where the format says so at the start.
    pub fn rows(&self) -> Option<u64> {
        match &self.format {
            Format::Parquet(parquet) => Some(parquet.rows()),
            Format::Memory(rows) => Some(rows.count() as u64),
            Format::Csv(_) | Format::Lines(_) => None,
        }
    }

    /// Whether numbers have a comma in place of the point.
    pub fn has_decimal_commas(&self) -> bool {
        matches!(&self.format, Format::Csv(csv) if csv.has_decimal_commas())
    }

    /// The place of a column.
    ///
    /// # Errors
    /// Fails if there is none, or more than one.
    pub fn column(&self, name: &str) -> Result<usize, Failure> {
        let column = self.optional_column(name)?;
        column.ok_or_else(|| {
            let message = match &self.header[..] {
                [only] if !only.is_empty() && !self.rows_vary() => format!(
                    "expected a column {name}, found only the column {only:?}; fields are separated \
                     by commas, semicolons or tabs"
                ),
                header => {
                    let guess = did_you_mean(name, header.iter().map(String::as_str));
                    format!("expected a column {name}, found none{guess}")
                }
            };
            self.header_flaw(message)
        })
    }

    /// The place of a column that may be absent.
    ///
    /// # Errors
    /// Fails if there is more than one.
    pub fn optional_column(&self, name: &str) -> Result<Option<usize>, Failure> {
        let mut places = (0..self.header.len()).filter(|&place| self.header[place] == name);
        let first = places.next();
        match places.next() {
            Some(_) => Err(self.header_flaw(format!("expected one column {name}, found several"))),
            None => Ok(first),
        }
    }

    /// Calls `on_row` for each row, with its place and its cells of the `wanted` columns in that
    /// order. Wholly empty rows of a CSV file are skipped; returns a note about them.
    pub fn each(
        &self,
        wanted: &[usize],
        mut on_row: impl FnMut(Place, &[Cell]) -> Result<(), Flaw>,
    ) -> Result<Option<String>, Failure> {
        let empty = match &self.format {
            Format::Csv(csv) => csv.each(wanted, &mut on_row),
            Format::Lines(lines) => lines.each(wanted, &self.header, &mut on_row).map(|()| 0),
            Format::Parquet(parquet) => parquet.each(wanted, &mut on_row).map(|()| 0),
            Format::Memory(rows) => memory::each(&**rows, wanted, &mut on_row).map(|()| 0),
        };
        match empty.map_err(|(place, message)| self.flaw(place, message))? {
            0 => Ok(None),
            1 => Ok(Some("skipped 1 empty row".to_owned())),
            count => Ok(Some(format!("skipped {count} empty rows"))),
        }
    }

    /// A failure about the columns.
    pub fn header_flaw(&self, message: impl Display) -> Failure {
        match &self.format {
            Format::Csv(csv) => {
                Failure::new(&self.name, format!("line {}: {message}", csv.header_line()))
            }
            Format::Lines(_) | Format::Parquet(_) | Format::Memory(_) => {
                Failure::new(&self.name, message)
            }
        }
    }

    /// A failure about a row.
    pub fn flaw(&self, place: Place, message: impl Display) -> Failure {
        Failure::new(&self.name, format!("{}: {message}", self.describe(place)))
    }

    /// `line 3` or `row 3`, from 1; rows in memory from 0.
    pub fn describe(&self, place: Place) -> String {
        match &self.format {
            Format::Csv(csv) => format!("line {}", csv.line(place)),
            Format::Lines(_) => format!("line {}", place.0),
            Format::Parquet(_) => format!("row {}", place.0),
            // As data frames count.
            Format::Memory(rows) => format!("row {}", rows.number(place.0 as usize - 1)),
        }
    }
}
