//! Tables that another program holds in memory.

use super::cell::Cell;
use super::place::{Flaw, OnRow, Place};
use std::fmt::Debug;

/// A table in memory. Cells are made when they are read, and borrow from it.
pub trait Rows: Debug + Send + Sync {
    /// The names of the columns.
    fn header(&self) -> &[String];

    /// Number of rows.
    fn count(&self) -> usize;

    /// The cell of a row, from 0 and below [`Rows::count`], in a column by its place in the header.
    fn cell(&self, row: usize, column: usize) -> Cell<'_>;

    /// The number of a row in messages: another one than its place if these are rows of a larger table.
    fn number(&self, row: usize) -> usize {
        row
    }
}

/// Calls `call` for each row, with its cells of the `wanted` columns.
pub fn each(rows: &dyn Rows, wanted: &[usize], call: &mut OnRow) -> Result<(), Flaw> {
    let mut cells = Vec::with_capacity(wanted.len());
    for row in 0..rows.count() {
        cells.clear();
        cells.extend(wanted.iter().map(|&column| rows.cell(row, column)));
        call(Place(row as u64 + 1), &cells)?;
    }
    Ok(())
}
