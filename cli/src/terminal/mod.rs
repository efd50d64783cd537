//! Text for people at a terminal: pages of paragraphs, tables and small pictures.
//!
//! Styles are always written, and taken out again by the stream where colours are not wanted. No
//! control character of a deck or a table gets here: see [`clean`].

mod bars;
pub mod clean;
pub mod colour;
mod page;
mod table;
mod text;
mod window;

pub use bars::{interval_bar, share_bar, sparkline};
pub use page::Page;
pub use table::{Column, Table};
pub use text::Text;
pub use window::width;
