//! The message of a command that gives up.

use crate::terminal::{clean, colour};
use std::fmt::{self, Display};
use std::io::Write as _;
use std::process::ExitCode;

/// Longer messages are cut: they can quote the content of a file.
const MAX_CHARACTERS: usize = 1000;
/// The exit code of wrong usage, which is also clap's.
const WRONG_USAGE: u8 = 2;

/// Why a command gave up.
#[derive(Debug)]
pub struct Failure {
    /// The name of a file or an option.
    subject: String,
    message: String,
    is_wrong_usage: bool,
    /// The code of the library's error, if it is one.
    code: Option<&'static str>,
}

impl Failure {
    /// A message about `subject`, usually the name of a file.
    pub fn new(subject: impl Display, message: impl Display) -> Self {
        Failure {
            subject: subject.to_string(),
            message: message.to_string(),
            is_wrong_usage: false,
            code: None,
        }
    }

    /// A message about an option that has a wrong value.
    pub fn of_option(option: impl Display, message: impl Display) -> Self {
        Failure {
            is_wrong_usage: true,
            ..Failure::new(option, message)
        }
    }

    /// An error of the library, found in this file. A wrong option is not the file's fault.
    pub fn found_in(file: impl Display, error: leaning::Error) -> Self {
        use leaning::Error::{Candidates, Deck, DeckMismatch, Log, Options};
        match error {
            Options(flaw) => Failure::of_flaw(&flaw),
            // The name of the file already says what these errors put before the place.
            Deck(ref flaw) | Log(ref flaw) | DeckMismatch(ref flaw) | Candidates(ref flaw) => {
                Failure {
                    code: Some(error.code()),
                    ..Failure::new(file, flaw)
                }
            }
            other => Failure {
                code: Some(other.code()),
                ..Failure::new(file, other)
            },
        }
    }

    /// The name of the file or option that it is about.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The code of the library's error; `options` for wrong usage.
    pub fn code(&self) -> Option<&'static str> {
        if self.is_wrong_usage {
            Some("options")
        } else {
            self.code
        }
    }

    /// An error of the library where no file is read, and every number is an option's.
    pub fn of_options(subject: impl Display, error: leaning::Error) -> Self {
        use leaning::Error::{Deck, Model};
        match error {
            Deck(flaw) | Model(flaw) if !flaw.path().is_empty() => Failure::of_flaw(&flaw),
            other => Failure::found_in(subject, other),
        }
    }

    fn of_flaw(flaw: &leaning::Flaw) -> Self {
        Failure::of_option(option(flaw.path()), flaw.message())
    }

    /// Writes it to standard error, or nowhere if that is closed. Returns the exit code.
    pub fn report(&self) -> ExitCode {
        let style = colour::BAD.bold();
        let _ = writeln!(anstream::stderr(), "{style}leaning:{style:#} {self}");
        if self.is_wrong_usage {
            ExitCode::from(WRONG_USAGE)
        } else {
            ExitCode::FAILURE
        }
    }
}

/// The option that sets what the library calls `stop.regret`, `halfLife` or `left_bias`.
fn option(path: &str) -> String {
    let name = path.rsplit('.').next().unwrap_or(path);
    let mut option = String::from("--");
    for character in name.chars() {
        match character {
            '_' => option.push('-'),
            'A'..='Z' => option.extend(['-', character.to_ascii_lowercase()]),
            _ => option.push(character),
        }
    }
    option
}

impl Display for Failure {
    /// One line, whatever the files contain: line breaks, terminal sequences and characters that
    /// nobody sees appear escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = clean::escaped(&format!("{}: {}", self.subject, self.message));
        match message.char_indices().nth(MAX_CHARACTERS) {
            Some((end, _)) => write!(f, "{}…", &message[..end]),
            None => f.write_str(&message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::option;

    #[test]
    fn the_option_of_a_place_is_its_last_name_in_the_style_of_a_command_line() {
        assert_eq!(option("candidatesPerQuestion"), "--candidates-per-question");
        assert_eq!(option("stop.regret"), "--regret");
        assert_eq!(option("left_bias"), "--left-bias");
    }
}
