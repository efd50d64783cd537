//! The bytes of a file, decompressed.

use super::line;
use crate::failure::Failure;
use crate::input::Source;
use flate2::read::MultiGzDecoder;
use std::fs;
use std::io::{self, ErrorKind, Read};

/// What the first bytes of every gzip file are.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What is in a file, decompressed if need be.
pub fn read(source: &Source) -> Result<Vec<u8>, Failure> {
    let bytes = match source {
        Source::File(path) => fs::read(path),
        Source::Stdin => {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        }
    };
    let bytes = bytes.map_err(|error| Failure::new(source, explain(source, &error)))?;
    if bytes.starts_with(&GZIP) { decompress(source, &bytes) } else { Ok(bytes) }
}

fn explain(source: &Source, error: &io::Error) -> String {
    match source {
        // What opening a directory gives differs from system to system.
        Source::File(path) if path.is_dir() => "is a directory, not a file".to_owned(),
        Source::File(_) if error.kind() == ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    }
}

fn decompress(source: &Source, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut whole = Vec::new();
    // Several gzip files one after the other are one gzip file.
    match MultiGzDecoder::new(bytes).read_to_end(&mut whole) {
        Ok(_) => Ok(whole),
        Err(error) => {
            let end = line(&whole, whole.len());
            Err(Failure::new(source, format!("line {end}: expected sound gzip data, found it broken: {error}")))
        }
    }
}

/// The text that these bytes are, without a byte order mark.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let (bytes, place) = (error.as_bytes(), error.utf8_error().valid_up_to());
        let what = format!("line {}: expected UTF-8 text, found the byte {:#04x}", line(bytes, place), bytes[place]);
        Failure::new(name, what)
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}
