//! What the elements show. Every text of a deck is set as text, never as markup.

mod dom;
mod picture;
mod quiz;
mod words;

pub use quiz::QuizView;
