//! Comma-separated values: a header, and rows with as many fields. Spreadsheets separate fields by
//! semicolons where a comma is the decimal point, and by tabs when cells are copied.

use super::cell::Cell;
use super::place::{Flaw, OnRow, Place, line_number};
use csv::{Reader, ReaderBuilder, StringRecord};
use std::borrow::Cow;
use std::io::Read;

pub struct Csv {
    text: String,
    separator: u8,
    header: Place,
    /// Number of fields of the header.
    columns: usize,
}

impl Csv {
    /// The table, and the names of its columns; none if the text is empty.
    pub fn open(mut text: String) -> Result<(Self, Vec<String>), String> {
        let declared = declared_separator(&text);
        if declared.is_some() {
            // The line stays, so that later lines keep their numbers.
            text.drain(.."sep=;".len());
        }
        let mut csv = Csv {
            separator: declared.unwrap_or_else(|| likely_separator(&text)),
            text,
            header: Place(0),
            columns: 0,
        };
        let mut row = StringRecord::new();
        csv.next(&mut csv.reader(), &mut row)
            .map_err(|(place, what)| format!("line {}: {what}", csv.line(place)))?;
        (csv.header, csv.columns) = (place(&row), row.len());
        Ok((csv, row.iter().map(|name| name.trim().to_owned()).collect()))
    }

    /// Calls for each row but those that are wholly empty, and returns the number of these.
    pub fn each(&self, wanted: &[usize], call: &mut OnRow) -> Result<usize, Flaw> {
        let mut empty = 0;
        let (mut reader, mut row) = (self.reader(), StringRecord::new());
        // The header.
        self.next(&mut reader, &mut row)?;
        while self.next(&mut reader, &mut row)? {
            // Spreadsheets write the rows below a table, too, where somebody once typed something.
            if row.iter().all(|field| field.trim().is_empty()) {
                empty += 1;
                continue;
            }
            if row.len() != self.columns {
                let what = format!(
                    "expected {} fields as in the header, found {}",
                    self.columns,
                    row.len()
                );
                return Err((place(&row), what));
            }
            let cells: Vec<Cell> = wanted
                .iter()
                .map(|&column| Cell::Text(Cow::Borrowed(&row[column])))
                .collect();
            call(place(&row), &cells)?;
        }
        Ok(empty)
    }

    fn reader(&self) -> Reader<impl Read> {
        // With two line breaks at the end, a row takes the first and leaves the second, unless a
        // quote is open.
        let text = self.text.as_bytes().chain(&b"\n\n"[..]);
        ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .from_reader(text)
    }

    /// Reads the next row. `false` at the end.
    fn next(&self, reader: &mut Reader<impl Read>, row: &mut StringRecord) -> Result<bool, Flaw> {
        let more = reader
            .read_record(row)
            .map_err(|error| (place(row), error.to_string()))?;
        if more && reader.position().byte() == self.text.len() as u64 + 2 {
            return Err((
                place(row),
                "expected a closing quote, found the end of the file".to_owned(),
            ));
        }
        Ok(more)
    }

    /// Whether numbers have a comma in place of the point: where spreadsheets write so, commas cannot
    /// separate fields.
    pub fn has_decimal_commas(&self) -> bool {
        self.separator == b';'
    }

    pub fn header_line(&self) -> usize {
        self.line(self.header)
    }

    /// The line on which a row begins, from 1.
    pub fn line(&self, place: Place) -> usize {
        let bytes = self.text.as_bytes();
        // The position of a row is the end of the row before: before the rest of its line break,
        // and before blank lines.
        let end = place.0 as usize;
        let breaks = bytes[end..]
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        line_number(bytes, end + breaks)
    }
}

fn place(row: &StringRecord) -> Place {
    Place(row.position().map_or(0, csv::Position::byte))
}

/// The separator of a first line such as `sep=;`, which tells it to a spreadsheet.
fn declared_separator(text: &str) -> Option<u8> {
    let line = text.lines().next()?.strip_prefix("sep=")?.as_bytes();
    match *line {
        [separator] if SEPARATORS.contains(&separator) => Some(separator),
        _ => None,
    }
}

/// The separators in the order of preference.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The separator that the header has most of outside quotes.
fn likely_separator(text: &str) -> u8 {
    let mut lines = text.split(['\r', '\n']);
    let header = lines.find(|line| !line.is_empty()).unwrap_or_default();
    let unquoted = header.split('"').step_by(2);
    let bytes: Vec<u8> = unquoted.flat_map(str::bytes).collect();
    let count = |separator: u8| bytes.iter().filter(|&&byte| byte == separator).count();
    // The last of equal ones is taken.
    let most = SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|&separator| count(separator));
    most.unwrap_or(b',')
}
