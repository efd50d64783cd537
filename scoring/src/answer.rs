//! Answers of models.

use crate::tokens::Tokens;

/// A model's answer about the texts of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Numbers, as they were asked for.
    Numbers {
        /// A row per text, all as long.
        rows: Vec<Vec<f64>>,
        /// A name per column, where the server says them; else empty.
        names: Vec<String>,
    },
    /// The model answered, but not with what was asked for: a refusal, or words.
    Unrated {
        /// For people. It may quote the answer.
        because: String,
    },
}

impl Answer {
    /// Numbers without names.
    pub fn numbers(rows: Vec<Vec<f64>>) -> Self {
        Answer::Numbers {
            rows,
            names: Vec::new(),
        }
    }
}

/// An answer, and what it cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The answer itself.
    pub answer: Answer,
    /// As the server has counted them.
    pub tokens: Tokens,
}
