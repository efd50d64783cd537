//! Files to read, standard input, and what another program holds in memory.

use crate::choices::Rows;
use crate::failure::Failure;
use leaning::format;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::PathBuf;
use std::sync::Arc;

/// A file to read.
#[derive(Debug, Clone)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file on disk.
    File(PathBuf),
    /// The content of a file, by a name for messages.
    Bytes(String, Arc<[u8]>),
    /// A table, by a name for messages.
    Table(String, Arc<dyn Rows>),
}

impl From<OsString> for Source {
    fn from(name: OsString) -> Self {
        if name == "-" {
            Source::Stdin
        } else {
            Source::File(name.into())
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Stdin => f.write_str("standard input"),
            Source::File(path) => path.display().fmt(f),
            Source::Bytes(name, _) | Source::Table(name, _) => f.write_str(name),
        }
    }
}

impl Source {
    /// Reads JSON of any form.
    ///
    /// # Errors
    /// The failure names it.
    pub fn read_value(&self) -> Result<Value, Failure> {
        self.parse(self.read_bytes()?)
    }

    /// Reads JSON of a certain form.
    ///
    /// # Errors
    /// The failure names it.
    pub fn read_json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let text = self.text(self.read_bytes()?)?;
        serde_json::from_str(without_mark(&text)).map_err(|error| Failure::new(self, error))
    }

    /// Reads text.
    ///
    /// # Errors
    /// The failure names it.
    pub fn read_text(&self) -> Result<String, Failure> {
        let text = self.text(self.read_bytes()?)?;
        Ok(without_mark(&text).to_owned())
    }

    /// Parses bytes that were read from it as JSON.
    ///
    /// # Errors
    /// The failure names it.
    pub fn parse(&self, bytes: Vec<u8>) -> Result<Value, Failure> {
        let text = self.text(bytes)?;
        format::parse_json(without_mark(&text)).map_err(|error| Failure::found_in(self, error))
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// The failure names it.
    pub fn read_bytes(&self) -> Result<Vec<u8>, Failure> {
        let bytes = match self {
            Source::File(path) => fs::read(path),
            Source::Stdin => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
            Source::Bytes(_, bytes) => Ok(bytes.to_vec()),
            Source::Table(..) => {
                return Err(Failure::new(
                    self,
                    "expected a file, found a table in memory",
                ));
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
            // The error of opening a directory differs from system to system.
            Source::File(path) if path.is_dir() => "is a directory, not a file".to_owned(),
            Source::File(_) if error.kind() == ErrorKind::NotFound => {
                "there is no such file".to_owned()
            }
            _ => error.to_string(),
        }
    }
}

/// Some editors begin a file with a byte order mark, which is no part of its content.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
