//! The message of a command that gives up.

use std::fmt::{self, Display, Write as _};
use std::io::{self, Write as _};

/// Longer messages are cut: they can quote the content of a file.
const MAX_CHARACTERS: usize = 1000;

/// Why a command gave up.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A message about `subject`, usually the name of a file.
    pub fn new(subject: impl Display, message: impl Display) -> Self {
        Failure(format!("{subject}: {message}"))
    }

    /// An error of the library, found in this file.
    pub fn found_in(file: impl Display, error: leaning::Error) -> Self {
        use leaning::Error::{Candidates, Deck, DeckMismatch, Log};
        match error {
            // The name of the file already says what these errors put before the place.
            Deck(flaw) | Log(flaw) | DeckMismatch(flaw) | Candidates(flaw) => {
                Failure::new(file, flaw)
            }
            other => Failure::new(file, other),
        }
    }

    /// Writes it to standard error, or nowhere if that is closed.
    pub fn report(&self) {
        let _ = writeln!(io::stderr(), "leaning: {self}");
    }
}

impl Display for Failure {
    /// One line, whatever the files contain: line breaks and terminal sequences appear escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, character) in self.0.chars().enumerate() {
            if place == MAX_CHARACTERS {
                return f.write_char('…');
            }
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}
