//! Results on standard output, messages on standard error.

use crate::failure::Failure;
use serde::Serialize;
use std::io::{self, ErrorKind, Write};

/// Prints a result as one line of JSON.
///
/// # Errors
/// Fails if standard output cannot be written to. A reader who has gone away has seen enough, so a
/// broken pipe is no failure.
pub fn print(result: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string(result).map_err(|error| failure(error.into()))?;
    print_text(&format!("{json}\n"))
}

/// Prints a text.
///
/// # Errors
/// As [`print`].
pub fn print_text(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(failure(error)),
        _ => Ok(()),
    }
}

fn failure(error: io::Error) -> Failure {
    Failure::new("standard output", error)
}

/// Writes notes to standard error, a line each, or nowhere if that is closed.
pub fn note(notes: &[String]) {
    for note in notes {
        // One line, whatever the files contain.
        let note = note.replace(char::is_control, " ");
        let _ = writeln!(io::stderr(), "leaning: {note}");
    }
}
