//! What a command says when it gives up.

use std::fmt::{self, Display, Write as _};
use std::io::{self, Write as _};

/// Longer messages than this are cut: they can quote what stood in a file.
const MOST_CHARACTERS: usize = 1000;

/// Why a command gave up.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// What is wrong with `subject`, the name of a file.
    pub fn new(subject: impl Display, what: impl Display) -> Self {
        Failure(format!("{subject}: {what}"))
    }

    /// What this library error says about the file it was found in.
    pub fn found_in(file: impl Display, error: leaning::Error) -> Self {
        use leaning::Error::{Candidates, Deck, DeckMismatch, Log};
        match error {
            // The file's name says already what these errors put in front of the place.
            Deck(flaw) | Log(flaw) | DeckMismatch(flaw) | Candidates(flaw) => Failure::new(file, flaw),
            other => Failure::new(file, other),
        }
    }

    /// Writes it to standard error, or nowhere if that is closed.
    pub fn report(&self) {
        let _ = writeln!(io::stderr(), "leaning: {self}");
    }
}

impl Display for Failure {
    /// One line, whatever stood in the files: line breaks and terminal sequences appear escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, character) in self.0.chars().enumerate() {
            if place == MOST_CHARACTERS {
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
