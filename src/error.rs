//! Errors, and their places.

use std::fmt;

/// Characters of a message.
const MAX_MESSAGE: usize = 300;

/// A flaw in something that was handed in: the place, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    path: String,
    message: String,
}

impl Flaw {
    /// A flaw at `path`. The message may quote input, so it becomes one line of readable length.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Flaw {
            path: path.into(),
            message: one_line(&message.into()),
        }
    }

    /// The same flaw, seen from outside: at its path within `outer`.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        let joint = match (outer, self.path.as_str()) {
            ("", _) | (_, "") => "",
            (_, inner) if inner.starts_with('[') => "",
            _ => ".",
        };
        Flaw {
            path: format!("{outer}{joint}{}", self.path),
            message: self.message,
        }
    }

    /// The place as JavaScript writes it: `prompts[3].candidates[1].scores`. Empty for the whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The message without the place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

/// One line of readable length.
pub(crate) fn one_line(message: &str) -> String {
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let mut line: String = message
        .chars()
        .take(MAX_MESSAGE)
        .map(|c| if is_break(c) { ' ' } else { c })
        .collect();
    if message.chars().nth(MAX_MESSAGE).is_some() {
        line.push('…');
    }
    line
}

/// Every error of this crate. A call that fails has changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not JSON, or nested too deeply.
    #[error("not usable as JSON: {0}")]
    Json(String),
    /// A deck breaks a rule of `leaning-deck/1`.
    #[error("deck: {0}")]
    Deck(Flaw),
    /// A log breaks a rule of `leaning-answers/1`.
    #[error("log: {0}")]
    Log(Flaw),
    /// A valid log, but of another deck or of other dimensions.
    #[error("log: {0}")]
    DeckMismatch(Flaw),
    /// Candidates to rank, compare or observe that do not fit the deck.
    #[error("candidates: {0}")]
    Candidates(Flaw),
    /// An answer to a question that was not asked, or that the question does not offer.
    #[error("answer: {0}")]
    Answer(Flaw),
    /// An unknown option, or one out of its range.
    #[error("options: {0}")]
    Options(Flaw),
    /// A prior or an answer model with numbers out of range.
    #[error("model: {0}")]
    Model(Flaw),
    /// The stored answers could not be deleted.
    #[error("the stored answers could not be deleted")]
    NotDeleted,
    /// The weights could not be inferred.
    #[error(
        "the weights could not be inferred: the scores or the prior are too extreme for double \
         precision"
    )]
    NotConverged,
}

impl Error {
    /// A short name that programs can rely on; `code` of the `LeaningError` in JavaScript.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Json(_) => "json",
            Error::Deck(_) => "deck",
            Error::Log(_) => "log",
            Error::DeckMismatch(_) => "deck-mismatch",
            Error::Candidates(_) => "candidates",
            Error::Answer(_) => "answer",
            Error::Options(_) => "options",
            Error::Model(_) => "model",
            Error::NotDeleted => "not-deleted",
            Error::NotConverged => "not-converged",
        }
    }

    /// The flaw, for errors that have a place.
    pub fn flaw(&self) -> Option<&Flaw> {
        match self {
            Error::Json(_) | Error::NotDeleted | Error::NotConverged => None,
            Error::Deck(flaw)
            | Error::Log(flaw)
            | Error::DeckMismatch(flaw)
            | Error::Candidates(flaw)
            | Error::Answer(flaw)
            | Error::Options(flaw)
            | Error::Model(flaw) => Some(flaw),
        }
    }

    /// The place of the flaw, if the error has one.
    pub fn path(&self) -> Option<&str> {
        self.flaw().map(Flaw::path)
    }
}
