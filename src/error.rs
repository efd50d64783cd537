//! What can go wrong, and where.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

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
        Flaw(Box::new((path.into(), readable(&message.into()))))
    }

    /// Where, as one would write it in JavaScript: `prompts[3].candidates[1].scores`. Empty for the whole.
    pub fn path(&self) -> &str {
        &self.0.0
    }

    /// What is wrong there, in words.
    pub fn message(&self) -> &str {
        &self.0.1
    }

    /// Place and words.
    fn line(&self) -> String {
        if self.path().is_empty() { self.message().to_owned() } else { text![self.path(), ": ", self.message()] }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line())
    }
}

/// One line of readable length.
fn readable(message: &str) -> String {
    let mut line = String::new();
    for (count, c) in message.chars().enumerate() {
        if count == MAX_MESSAGE {
            line.push('…');
            break;
        }
        line.push(if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    }
    line
}

/// Every error of this crate. Whatever was asked for when it came up has not happened, in whole or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The text is not JSON, or lies too deep to be read.
    Json(String),
    /// A deck breaks a rule of `leaning-deck/1`.
    Deck(Flaw),
    /// A log breaks a rule of `leaning-answers/1`.
    Log(Flaw),
    /// A sound log, but of another deck or of other dimensions.
    DeckMismatch(Flaw),
    /// Candidates to rank, compare or observe that do not fit the deck.
    Candidates(Flaw),
    /// An answer to a question that was not asked, or one that the question does not offer.
    Answer(Flaw),
    /// An option that is not known, or out of its range.
    Options(Flaw),
    /// The weights could not be inferred: the numbers are too extreme for double precision.
    NotConverged,
}

impl core::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line())
    }
}

impl Error {
    /// What went wrong, in one line.
    pub(crate) fn line(&self) -> String {
        let (what, flaw) = match self {
            Error::Json(message) => return text!["not usable as JSON: ", message],
            Error::Deck(flaw) => ("deck: ", flaw),
            Error::Log(flaw) | Error::DeckMismatch(flaw) => ("log: ", flaw),
            Error::Candidates(flaw) => ("candidates: ", flaw),
            Error::Answer(flaw) => ("answer: ", flaw),
            Error::Options(flaw) => ("options: ", flaw),
            Error::NotConverged => {
                let message =
                    "the weights did not settle: the scores or the prior are too extreme for double precision";
                return message.to_owned();
            }
        };
        text![what, flaw.line()]
    }

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
