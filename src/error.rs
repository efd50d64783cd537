//! What can go wrong, and where.

use std::fmt;

/// Characters of a message.
const MAX_MESSAGE: usize = 300;

/// A flaw in something that was handed in: the place, and what is wrong there.
///
/// Boxed, so that the many results that carry one stay small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw(Box<(String, String)>);

impl Flaw {
    /// A flaw at `path`. The message may quote what was handed in, so it is made one line of readable length.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        let mut message: String = message.into();
        if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
            message.truncate(end);
            message.push('…');
        }
        let message = message
            .chars()
            .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
            .collect();
        Flaw(Box::new((path.into(), message)))
    }

    /// Where, as one would write it in JavaScript: `prompts[3].candidates[1].scores`. Empty for the whole.
    pub fn path(&self) -> &str {
        &self.0.0
    }

    /// What is wrong there, in words.
    pub fn message(&self) -> &str {
        &self.0.1
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path().is_empty() {
            f.write_str(self.path())?;
            f.write_str(": ")?;
        }
        f.write_str(self.message())
    }
}

/// Every error of this crate. Whatever was asked for when it came up has not happened, in whole or in part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not JSON, or lies too deep to be read.
    #[error("not usable as JSON: {0}")]
    Json(String),
    /// A deck breaks a rule of `leaning-deck/1`.
    #[error("deck: {0}")]
    Deck(Flaw),
    /// A log breaks a rule of `leaning-answers/1`.
    #[error("log: {0}")]
    Log(Flaw),
    /// A sound log, but of another deck or of other dimensions.
    #[error("log: {0}")]
    DeckMismatch(Flaw),
    /// Candidates to rank, compare or observe that do not fit the deck.
    #[error("candidates: {0}")]
    Candidates(Flaw),
    /// An answer to a question that was not asked, or one that the question does not offer.
    #[error("answer: {0}")]
    Answer(Flaw),
    /// An option that is not known, or out of its range.
    #[error("options: {0}")]
    Options(Flaw),
    /// The weights could not be inferred: the numbers are too extreme for double precision.
    #[error("the weights did not settle: the scores or the prior are too extreme for double precision")]
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
            Error::NotConverged => "not-converged",
        }
    }

    /// The place of the flaw, where there is one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Error::Json(_) | Error::NotConverged => None,
            Error::Deck(flaw)
            | Error::Log(flaw)
            | Error::DeckMismatch(flaw)
            | Error::Candidates(flaw)
            | Error::Answer(flaw)
            | Error::Options(flaw) => Some(flaw.path()),
        }
    }
}
