//! The pages of the commands at a terminal, one command per file.

pub mod ask;
pub mod build;
pub mod check;
mod curves;
pub mod evaluate;
pub mod experiments;
pub mod fit;
pub mod gateway;
pub mod infer;
mod next;
pub mod prior;
pub mod rank;
pub mod score;
pub mod simulate;

use leaning::Dimension;

/// The heading of a dimension for people.
fn label(dimension: &Dimension) -> &str {
    if dimension.label.is_empty() {
        &dimension.id
    } else {
        &dimension.label
    }
}

/// The name of the end of low or of high scores, as far as the deck has one.
fn end(dimension: &Dimension, is_high: bool) -> String {
    let (name, word) = if is_high {
        (&dimension.high, "high")
    } else {
        (&dimension.low, "low")
    };
    if name.is_empty() {
        format!("{word} {}", label(dimension))
    } else {
        name.clone()
    }
}

/// A count with its noun: "1 answer", "3 answers".
fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A share in whole percent.
fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

/// A number with its sign.
fn signed(number: f64, decimals: usize) -> String {
    let sign = if number < 0.0 { '−' } else { '+' };
    format!("{sign}{:.decimals$}", number.abs())
}
