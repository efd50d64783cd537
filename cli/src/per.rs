//! What a question's score is divided by, on a command line.

use clap::ValueEnum;

/// What questions are weighed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Per {
    /// The score of a question as it is
    Question,
    /// The score per word of the candidates shown
    Word,
}
