//! The content of a file, decompressed.

use super::place::line_number;
use crate::failure::Failure;
use crate::input::Source;
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// The first bytes of every gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads a file, and decompresses it if it is a gzip file.
pub fn read(source: &Source) -> Result<Vec<u8>, Failure> {
    let bytes = source.read_bytes()?;
    if bytes.starts_with(&GZIP) {
        decompress(source, &bytes)
    } else {
        Ok(bytes)
    }
}

fn decompress(source: &Source, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    // Several gzip files one after the other are one gzip file.
    match MultiGzDecoder::new(bytes).read_to_end(&mut content) {
        Ok(_) => Ok(content),
        Err(error) => {
            let end = line_number(&content, content.len());
            let message = format!("line {end}: expected valid gzip data, found it broken: {error}");
            Err(Failure::new(source, message))
        }
    }
}

/// Bytes as text, without a byte order mark.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let (bytes, place) = (error.as_bytes(), error.utf8_error().valid_up_to());
        let (line, byte) = (line_number(bytes, place), bytes[place]);
        Failure::new(
            name,
            format!("line {line}: expected UTF-8 text, found the byte {byte:#04x}"),
        )
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}
