//! Parquet tables in browsers, where the page has a reader of its own: after the first bytes of such a
//! file stand its rows as JSON Lines.

use super::lines::Lines;
use super::place::{Flaw, OnRow};

/// The first bytes of every Parquet file.
pub const MAGIC: &[u8] = b"PAR1";

pub struct Parquet {
    lines: Lines,
    count: u64,
    header: Vec<String>,
}

impl Parquet {
    /// The table, and the names of its columns.
    pub fn open(mut bytes: Vec<u8>) -> Result<(Self, Vec<String>), String> {
        bytes.drain(..MAGIC.len());
        let rows = String::from_utf8(bytes)
            .map_err(|_| "expected the rows of a Parquet file, found the file itself")?;
        let count = rows.lines().count() as u64;
        let (lines, header) = Lines::open(rows)?;
        let parquet = Parquet {
            lines,
            count,
            header: header.clone(),
        };
        Ok((parquet, header))
    }

    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.count
    }

    pub fn each(&self, wanted: &[usize], call: &mut OnRow) -> Result<(), Flaw> {
        self.lines.each(wanted, &self.header, call)
    }
}
