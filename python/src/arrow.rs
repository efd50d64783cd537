//! Arrow tables, whose cells are read where they lie.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field};
use leaning_cli::embedded::{Cell, Rows};
use std::borrow::Cow;
use std::sync::Arc;

/// The batches of a table.
#[derive(Debug)]
pub struct ArrowTable {
    header: Vec<String>,
    /// The columns of each batch.
    batches: Vec<Vec<ArrayRef>>,
    /// The number of rows before each batch, and of all rows.
    starts: Vec<usize>,
}

impl ArrowTable {
    /// The table of these batches.
    ///
    /// # Errors
    /// Fails for a column of a dictionary or of decimals that cannot be unpacked.
    pub fn new(header: Vec<String>, batches: &[RecordBatch]) -> Result<Self, ArrowError> {
        let mut starts = vec![0];
        let mut columns = Vec::with_capacity(batches.len());
        for batch in batches {
            starts.push(starts[starts.len() - 1] + batch.num_rows());
            let unpacked = batch.columns().iter().map(unpacked);
            columns.push(unpacked.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(ArrowTable {
            header,
            batches: columns,
            starts,
        })
    }
}

impl Rows for ArrowTable {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn count(&self) -> usize {
        self.starts[self.starts.len() - 1]
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        // Empty batches start where the next one does.
        let batch = self.starts.partition_point(|&start| start <= row) - 1;
        cell(&self.batches[batch][column], row - self.starts[batch])
    }
}

/// The column in a type that [`cell`] reads. Most are so already, and share their memory.
fn unpacked(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match plain(column.data_type()) {
        Some(plain) => cast(column, &plain),
        None => Ok(Arc::clone(column)),
    }
}

/// The type to unpack a type into; `None` if there is no need.
fn plain(kind: &DataType) -> Option<DataType> {
    match kind {
        DataType::Dictionary(_, values) => {
            Some(plain(values).unwrap_or_else(|| values.as_ref().clone()))
        }
        DataType::RunEndEncoded(_, values) => {
            let kind = values.data_type();
            Some(plain(kind).unwrap_or_else(|| kind.clone()))
        }
        DataType::Float16 => Some(DataType::Float64),
        // By way of text, which rounds once.
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => Some(DataType::Utf8),
        DataType::List(items) | DataType::LargeList(items) => plain(items.data_type()).map(list_of),
        DataType::FixedSizeList(items, _)
        | DataType::ListView(items)
        | DataType::LargeListView(items) => {
            let kind = items.data_type();
            Some(list_of(plain(kind).unwrap_or_else(|| kind.clone())))
        }
        _ => None,
    }
}

fn list_of(items: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("item", items, true)))
}

fn cell(column: &ArrayRef, row: usize) -> Cell<'_> {
    if column.is_null(row) {
        return Cell::Nothing;
    }
    match column.data_type() {
        DataType::Null => Cell::Nothing,
        DataType::Boolean => Cell::Truth(column.as_boolean().value(row)),
        DataType::Int8 => Cell::Integer(column.as_primitive::<Int8Type>().value(row).into()),
        DataType::Int16 => Cell::Integer(column.as_primitive::<Int16Type>().value(row).into()),
        DataType::Int32 => Cell::Integer(column.as_primitive::<Int32Type>().value(row).into()),
        DataType::Int64 => Cell::Integer(column.as_primitive::<Int64Type>().value(row).into()),
        DataType::UInt8 => Cell::Integer(column.as_primitive::<UInt8Type>().value(row).into()),
        DataType::UInt16 => Cell::Integer(column.as_primitive::<UInt16Type>().value(row).into()),
        DataType::UInt32 => Cell::Integer(column.as_primitive::<UInt32Type>().value(row).into()),
        DataType::UInt64 => Cell::Integer(column.as_primitive::<UInt64Type>().value(row).into()),
        DataType::Float32 => Cell::Number(column.as_primitive::<Float32Type>().value(row).into()),
        DataType::Float64 => Cell::Number(column.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => text(column.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => text(column.as_string::<i64>().value(row)),
        DataType::Utf8View => text(column.as_string_view().value(row)),
        DataType::List(_) => {
            let list = column.as_list::<i32>();
            let offsets = list.value_offsets();
            items(
                list.values(),
                offsets[row] as usize,
                offsets[row + 1] as usize,
            )
        }
        DataType::LargeList(_) => {
            let list = column.as_list::<i64>();
            let offsets = list.value_offsets();
            items(
                list.values(),
                offsets[row] as usize,
                offsets[row + 1] as usize,
            )
        }
        DataType::Struct(_) | DataType::Map(..) => Cell::Other("an object"),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Cell::Other("bytes"),
        _ => Cell::Other("a time"),
    }
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

fn items(values: &ArrayRef, from: usize, to: usize) -> Cell<'_> {
    Cell::List((from..to).map(|place| cell(values, place)).collect())
}
