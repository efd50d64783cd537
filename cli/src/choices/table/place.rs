//! Places in a table.

use super::cell::Cell;

/// The place of a row. Only the table that it belongs to can tell a line or row from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(pub(super) u64);

/// A message, and the row that it is about.
pub type Flaw = (Place, String);

/// A function that takes a row: its place, and its cells of the wanted columns.
pub(super) type OnRow<'a> = dyn FnMut(Place, &[Cell]) -> Result<(), Flaw> + 'a;

/// The line that a byte is on, from 1.
pub(super) fn line_number(bytes: &[u8], place: usize) -> usize {
    // As editors count: a carriage return ends a line only if there is no line feed anywhere.
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    1 + bytes[..place].iter().filter(|&&byte| byte == end).count()
}
