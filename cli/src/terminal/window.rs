//! The width of the window.

use std::io::stdout;

/// Columns if neither the terminal nor the person says how many there are.
const USUAL: usize = 80;
/// With fewer, a table has no room for anything.
const LEAST: usize = 20;

/// Number of columns to fill: `COLUMNS` if it is set, else those of the terminal.
pub fn width() -> usize {
    let set = std::env::var("COLUMNS").ok();
    let set = set.and_then(|columns| columns.parse().ok());
    let found = || terminal_size::terminal_size_of(stdout()).map(|(width, _)| width.0.into());
    let width = set.filter(|&width| width > 0).or_else(found);
    width.unwrap_or(USUAL).max(LEAST)
}
