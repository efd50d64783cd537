//! Parquet tables.

use super::cell::Cell;
use super::parquet_pages;
use super::place::{Flaw, OnRow, Place};
use crate::terminal::clean::one_line;
use bytes::Bytes;
use parquet::data_type::Decimal;
use parquet::errors::ParquetError;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::Type;
use std::borrow::Cow;
use std::cell::Cell as Flag;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once};

/// The first bytes of every Parquet file.
pub const MAGIC: &[u8] = b"PAR1";

pub struct Parquet {
    bytes: Bytes,
    reader: SerializedFileReader<Bytes>,
}

impl Parquet {
    /// The table, and the names of its columns.
    pub fn open(bytes: Vec<u8>) -> Result<(Self, Vec<String>), String> {
        let bytes = Bytes::from(bytes);
        let reader = unless_broken(|| SerializedFileReader::new(bytes.clone()))?;
        let parquet = Parquet { bytes, reader };
        let header = parquet
            .fields()
            .iter()
            .map(|field| field.name().to_owned())
            .collect();
        Ok((parquet, header))
    }

    /// Number of rows, as the file says.
    pub fn rows(&self) -> u64 {
        let rows = self.reader.metadata().file_metadata().num_rows();
        u64::try_from(rows).unwrap_or(0)
    }

    fn fields(&self) -> &[Arc<Type>] {
        self.reader.metadata().file_metadata().schema().get_fields()
    }

    pub fn each(&self, wanted: &[usize], call: &mut OnRow) -> Result<(), Flaw> {
        // The reader has columns in the order of the file, each once.
        let mut columns = wanted.to_vec();
        columns.sort_unstable();
        columns.dedup();
        let slots: Vec<usize> = wanted
            .iter()
            .filter_map(|column| columns.binary_search(column).ok())
            .collect();
        let mut number = 1;
        let rows = unless_broken(|| {
            let fields = columns
                .iter()
                .map(|&column| self.fields()[column].clone())
                .collect();
            parquet_pages::check(&self.bytes, &self.reader)?;
            let name = self.reader.metadata().file_metadata().schema().name();
            let schema = Type::group_type_builder(name).with_fields(fields).build()?;
            RowIter::from_file(Some(schema), &self.reader)
        });
        let mut rows = rows.map_err(|message| (Place(number), message))?;
        loop {
            let place = Place(number);
            let row =
                unless_broken(|| rows.next().transpose()).map_err(|message| (place, message))?;
            let Some(row) = row else { break };
            let fields: Vec<&Field> = columns_of(&row);
            let cells: Vec<Cell> = slots.iter().map(|&slot| cell(fields[slot])).collect();
            call(place, &cells)?;
            number += 1;
        }
        let expected = self.reader.metadata().file_metadata().num_rows();
        if number as i64 - 1 != expected {
            return Err((
                Place(number),
                format!(
                    "expected {expected} rows as the file says, found {}",
                    number - 1
                ),
            ));
        }
        Ok(())
    }
}

fn columns_of(row: &Row) -> Vec<&Field> {
    row.get_column_iter().map(|(_, field)| field).collect()
}

/// Calls `read`. The reader panics at some broken files, which becomes an error here, too.
fn unless_broken<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    let broken = |message: &str| format!("expected valid Parquet data, found it broken: {message}");
    // The messages may quote the file.
    let explain = |error: &ParquetError| match error {
        // The one codec that is left out is LZO.
        ParquetError::NYI(message) => {
            let message = one_line(message);
            format!("expected Parquet data of a kind that can be read: {message}")
        }
        error => broken(&one_line(&error.to_string())),
    };
    silence_panics();
    QUIET.set(true);
    let done = catch_unwind(AssertUnwindSafe(read));
    QUIET.set(false);
    done.map_err(|_| broken("its parts do not fit together"))?
        .map_err(|error| explain(&error))
}

thread_local! {
    /// Whether a panic of this thread is expected, and needs no message.
    static QUIET: Flag<bool> = const { Flag::new(false) };
}

fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                usual(panic);
            }
        }));
    });
}

fn cell(field: &Field) -> Cell<'_> {
    match field {
        Field::Null => Cell::Nothing,
        Field::Byte(number) => Cell::Integer((*number).into()),
        Field::Short(number) => Cell::Integer((*number).into()),
        Field::Int(number) => Cell::Integer((*number).into()),
        Field::Long(number) => Cell::Integer((*number).into()),
        Field::UByte(number) => Cell::Integer((*number).into()),
        Field::UShort(number) => Cell::Integer((*number).into()),
        Field::UInt(number) => Cell::Integer((*number).into()),
        Field::ULong(number) => Cell::Integer((*number).into()),
        Field::Float16(number) => Cell::Number(number.to_f64()),
        Field::Float(number) => Cell::Number((*number).into()),
        Field::Double(number) => Cell::Number(*number),
        Field::Str(text) => Cell::Text(Cow::Borrowed(text)),
        // Some writers do not declare that their bytes are text.
        Field::Bytes(bytes) => std::str::from_utf8(bytes.data())
            .map_or(Cell::Other("bytes"), |text| Cell::Text(Cow::Borrowed(text))),
        Field::ListInternal(list) => Cell::List(list.elements().iter().map(cell).collect()),
        Field::Bool(truth) => Cell::Truth(*truth),
        Field::Decimal(decimal) => self::decimal(decimal),
        Field::Group(_) | Field::MapInternal(_) => Cell::Other("an object"),
        _ => Cell::Other("a time"),
    }
}

/// The number nearest to a decimal, which is stored as a big-endian integer and a scale.
fn decimal(decimal: &Decimal) -> Cell<'static> {
    let bytes = decimal.data();
    let is_negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    let fill = if is_negative { 0xff } else { 0 };
    let mut padded = [fill; 16];
    match padded.len().checked_sub(bytes.len()) {
        Some(start) => padded[start..].copy_from_slice(bytes),
        None => return Cell::Other("a decimal of more than 38 digits"),
    }
    // Parsing rounds once, where a division would round twice.
    let number = format!("{}e{}", i128::from_be_bytes(padded), -decimal.scale());
    number
        .parse()
        .map_or(Cell::Other("a decimal"), Cell::Number)
}
