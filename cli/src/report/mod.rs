//! What a study found, for people to read: tables for documents and spreadsheets, and charts.
//!
//! Both only write down the numbers that they are given: they compute no statistics.

mod axis;
mod chart;
mod table;

pub use chart::{Chart, Point, Series};
pub use table::{Cell, Table};
