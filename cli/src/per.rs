//! The divisor of a question's score, on a command line.

use clap::ValueEnum;

/// The cost that questions are weighed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Per {
    /// The score of a question as it is
    Question,
    /// The score per word of the candidates shown
    Word,
}
