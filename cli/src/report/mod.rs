//! Reports for people to read: tables for documents and spreadsheets, and charts.
//!
//! Tables and charts only present the numbers that they are given.

mod axis;
mod chart;
mod estimate;
mod section;
mod table;

pub use chart::{Chart, Point, Series};
pub use estimate::Estimate;
pub use section::{Part, Section, Target};
pub use table::{Cell, Table};
