//! Reading decks, answers and candidates from files or standard input.

use crate::basis::Basis;
use crate::deck_file;
use crate::failure::Failure;
use leaning::json::Value;
use leaning::{Deck, Error, Log, Offer};
use serde::de::DeserializeOwned;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::PathBuf;

/// Where to read from.
#[derive(Debug, Clone)]
pub enum Source {
    Stdin,
    File(PathBuf),
}

impl From<OsString> for Source {
    fn from(name: OsString) -> Self {
        if name == "-" { Source::Stdin } else { Source::File(name.into()) }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Stdin => f.write_str("standard input"),
            Source::File(path) => path.display().fmt(f),
        }
    }
}

impl Source {
    /// Reads a deck, from JSON or safetensors: what is in the file decides, not its name.
    pub fn read_deck(&self) -> Result<Deck, Failure> {
        Ok(self.read_deck_as_written()?.0)
    }

    /// Reads a deck, gives its JSON beside it, and what made its scores if the deck says so.
    pub fn read_deck_and_basis(&self) -> Result<(Deck, Value, Option<Basis>), Failure> {
        let (deck, value) = self.read_deck_as_written()?;
        let json = serde_json::to_value(&value).map_err(|error| Failure::new(self, error))?;
        let basis = Basis::of_deck(&json, deck.dimensions().len(), self)?;
        Ok((deck, value, basis))
    }

    fn read_deck_as_written(&self) -> Result<(Deck, Value), Failure> {
        let bytes = self.read_bytes()?;
        let value = if deck_file::is_safetensors(&bytes) {
            deck_file::read(&bytes).map_err(|what| Failure::new(self, what))?
        } else {
            self.parse(bytes)?
        };
        let deck = Deck::from_value(&value).map_err(|error| Failure::found_in(self, error))?;
        Ok((deck, value))
    }

    fn read_log(&self, deck: &Deck) -> Result<Log, Failure> {
        self.read(|value| Log::from_value(value, deck))
    }

    /// Reads candidates to rank, of `dimensions` scores each.
    pub fn read_candidates(&self, dimensions: usize) -> Result<Vec<Offer>, Failure> {
        self.read(|value| Offer::read_list(value, dimensions))
    }

    /// Reads JSON of some other form.
    pub fn read_json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let text = self.text(self.read_bytes()?)?;
        serde_json::from_str(without_mark(&text)).map_err(|error| Failure::new(self, error))
    }

    fn read<T>(&self, read: impl FnOnce(&Value) -> Result<T, Error>) -> Result<T, Failure> {
        let value = self.parse(self.read_bytes()?)?;
        read(&value).map_err(|error| Failure::found_in(self, error))
    }

    fn parse(&self, bytes: Vec<u8>) -> Result<Value, Failure> {
        let text = self.text(bytes)?;
        without_mark(&text).parse().map_err(|error| Failure::found_in(self, error))
    }

    fn read_bytes(&self) -> Result<Vec<u8>, Failure> {
        let bytes = match self {
            Source::File(path) => fs::read(path),
            Source::Stdin => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
        };
        bytes.map_err(|error| Failure::new(self, self.explain(&error)))
    }

    fn text(&self, bytes: Vec<u8>) -> Result<String, Failure> {
        String::from_utf8(bytes).map_err(|error| {
            let place = error.utf8_error().valid_up_to() + 1;
            Failure::new(self, format!("not UTF-8 text: byte {place} is wrong"))
        })
    }

    fn explain(&self, error: &io::Error) -> String {
        match self {
            // What opening a directory gives differs from system to system.
            Source::File(path) if path.is_dir() => "is a directory, not a file".to_owned(),
            Source::File(_) if error.kind() == ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => error.to_string(),
        }
    }
}

/// Some editors begin a file with a byte order mark; JSON knows none.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// One person's answers about one deck.
#[derive(Debug, clap::Args)]
pub struct Person {
    /// The deck, a leaning-deck/1 file
    #[arg(long, value_name = "FILE")]
    pub deck: Source,

    /// What the person said, a leaning-answers/1 file; without it, nothing so far
    #[arg(long, value_name = "FILE")]
    pub answers: Option<Source>,
}

impl Person {
    pub fn sources(&self) -> Vec<&Source> {
        [Some(&self.deck), self.answers.as_ref()].into_iter().flatten().collect()
    }

    pub fn read(&self) -> Result<(Deck, Log), Failure> {
        let deck = self.deck.read_deck()?;
        let log = match &self.answers {
            Some(answers) => answers.read_log(&deck)?,
            None => Log::new(&deck),
        };
        Ok((deck, log))
    }

    /// The failure of an inference from what was read: its numbers are sound one by one, but not together.
    pub fn failure(&self, error: Error) -> Failure {
        Failure::found_in(self.answers.as_ref().unwrap_or(&self.deck), error)
    }
}
