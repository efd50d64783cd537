//! Answers of models.

use crate::tokens::Tokens;

/// What a model said about the texts of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// What was asked for.
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
    /// What the model said.
    pub answer: Answer,
    /// What the server counted for it.
    pub tokens: Tokens,
}
