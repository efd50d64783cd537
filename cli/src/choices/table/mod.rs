//! Tables in whatever form they come: CSV, JSON Lines or Parquet, told apart by what is in them.
//!
//! A table is read row by row, so that only what is made of the rows stays in memory. Each row has a [`Place`], which the
//! table turns into the words of a message: a line of a text, a row of Parquet.

mod bytes;
mod cell;
mod csv;
mod lines;
mod parquet;

pub use bytes::{read, text};
pub use cell::Cell;

use crate::failure::Failure;
use crate::input::Source;
use csv::Csv;
use lines::Lines;
use parquet::Parquet;
use std::fmt::Display;

/// Where a row is, in a way that only its table understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(u64);

/// What is wrong, and where.
pub type Flaw = (Place, String);

/// What takes a row: its place, and its cells of the wanted columns.
type ToRow<'a> = dyn FnMut(Place, &[Cell]) -> Result<(), Flaw> + 'a;

/// A table: columns that have names, and rows.
pub struct Table {
    /// How messages call it.
    name: String,
    form: Form,
    /// The columns' names as they stand there; messages are about them when one is there twice.
    header: Vec<String>,
}

enum Form {
    Csv(Csv),
    Lines(Lines),
    Parquet(Parquet),
}

impl Table {
    /// Finds out the form and the columns. Fails where the file cannot be read or is broken.
    pub fn open(source: &Source) -> Result<Self, Failure> {
        Table::of(source.to_string(), read(source)?)
    }

    /// The same of a file's bytes, decompressed.
    pub fn of(name: String, bytes: Vec<u8>) -> Result<Self, Failure> {
        let (form, header) = if bytes.starts_with(parquet::MAGIC) {
            let (parquet, header) = Parquet::open(bytes).map_err(|what| Failure::new(&name, what))?;
            (Form::Parquet(parquet), header)
        } else {
            let text = text(&name, bytes)?;
            if text.trim_start().starts_with('{') {
                let (lines, header) = Lines::open(text).map_err(|what| Failure::new(&name, what))?;
                (Form::Lines(lines), header)
            } else {
                let (csv, header) = Csv::open(text).map_err(|what| Failure::new(&name, what))?;
                (Form::Csv(csv), header)
            }
        };
        Ok(Table { name, form, header })
    }

    /// How messages call the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The columns' names, in the order of the table.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Whether a row may leave out columns that it has nothing for.
    pub fn rows_vary(&self) -> bool {
        matches!(self.form, Form::Lines(_))
    }

    /// The place of a column. Fails if there is none, or more than one.
    pub fn column(&self, name: &str) -> Result<usize, Failure> {
        let column = self.optional_column(name)?;
        column.ok_or_else(|| self.header_flaw(format!("expected a column {name}, found none")))
    }

    /// The place of a column that may be absent. Fails if there is more than one.
    pub fn optional_column(&self, name: &str) -> Result<Option<usize>, Failure> {
        let mut places = (0..self.header.len()).filter(|&place| self.header[place] == name);
        let first = places.next();
        match places.next() {
            Some(_) => Err(self.header_flaw(format!("expected one column {name}, found several"))),
            None => Ok(first),
        }
    }

    /// Calls `row` for each, with its place and its cells of the `wanted` columns in that order.
    pub fn each(
        &self,
        wanted: &[usize],
        mut row: impl FnMut(Place, &[Cell]) -> Result<(), Flaw>,
    ) -> Result<(), Failure> {
        let done = match &self.form {
            Form::Csv(csv) => csv.each(wanted, &mut row),
            Form::Lines(lines) => lines.each(wanted, &self.header, &mut row),
            Form::Parquet(parquet) => parquet.each(wanted, &mut row),
        };
        done.map_err(|(place, what)| self.flaw(place, what))
    }

    /// What is wrong with the columns.
    pub fn header_flaw(&self, what: impl Display) -> Failure {
        match &self.form {
            Form::Csv(csv) => Failure::new(&self.name, format!("line {}: {what}", csv.header_line())),
            Form::Lines(_) | Form::Parquet(_) => Failure::new(&self.name, what),
        }
    }

    /// What is wrong in a row.
    pub fn flaw(&self, place: Place, what: impl Display) -> Failure {
        Failure::new(&self.name, format!("{}: {what}", self.words(place)))
    }

    /// `line 3` or `row 3`, from 1.
    pub fn words(&self, place: Place) -> String {
        match &self.form {
            Form::Csv(csv) => format!("line {}", csv.line(place)),
            Form::Lines(_) => format!("line {}", place.0),
            Form::Parquet(_) => format!("row {}", place.0),
        }
    }
}

/// The line that a byte is on, from 1.
fn line(bytes: &[u8], place: usize) -> usize {
    // Lines end as other tools count them: a carriage return counts only where there is nothing else.
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    1 + bytes[..place].iter().filter(|&&byte| byte == end).count()
}
