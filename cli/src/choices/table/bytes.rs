//! The content of a file, decompressed.

use super::place::line_number;
use crate::failure::Failure;
use crate::input::Source;
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// The first bytes of every gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The first bytes of a zip file, which a workbook of Excel is.
const ZIP: &[u8] = b"PK\x03\x04";
/// The first bytes of a workbook of older versions.
const OLD_WORKBOOK: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The most bytes that a compressed file may hold. A few megabytes of gzip can hold gigabytes of nothing, and
/// tables are read in memory.
const MAX_UNPACKED: u64 = 1 << 30;

/// Reads a file, and decompresses it if it is a gzip file.
pub fn read(source: &Source) -> Result<Vec<u8>, Failure> {
    unpacked(&source.to_string(), source.read_bytes()?, MAX_UNPACKED)
}

/// The bytes of a file, decompressed if it is a gzip file of at most `limit` bytes.
pub fn unpacked(name: &str, bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, Failure> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut content = Vec::new();
    // Several gzip files one after the other are one gzip file.
    let mut decoder = MultiGzDecoder::new(&bytes[..]).take(limit + 1);
    if let Err(error) = decoder.read_to_end(&mut content) {
        let end = line_number(&content, content.len());
        let message = format!("line {end}: expected valid gzip data, found it broken: {error}");
        return Err(Failure::new(name, message));
    }
    if content.len() as u64 > limit {
        let message = format!(
            "holds more than {limit} bytes when decompressed: decompress it first if that is meant"
        );
        return Err(Failure::new(name, message));
    }
    Ok(content)
}

/// A message about the file of a spreadsheet program, which is no table yet; `None` for other files.
pub fn workbook(bytes: &[u8]) -> Option<&'static str> {
    const EXCEL: &str = "this is an Excel workbook: save it as CSV UTF-8 first";
    if bytes.starts_with(OLD_WORKBOOK) {
        return Some(EXCEL);
    }
    if !bytes.starts_with(ZIP) {
        return None;
    }
    let part = b"xl/workbook";
    let is_excel = bytes.windows(part.len()).any(|window| window == part);
    Some(if is_excel {
        EXCEL
    } else {
        "this is a zip file, such as a workbook: save it as CSV UTF-8 first"
    })
}

/// Bytes as text, UTF-8 or UTF-16, without a byte order mark.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    if let Some(text) = utf16(&bytes) {
        let message = "expected UTF-8 text, found UTF-16 text that is broken";
        return text.ok_or_else(|| Failure::new(name, message));
    }
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

/// The text after a byte order mark of UTF-16, as spreadsheets save "Unicode text"; `Some(None)` if
/// it is broken, `None` without such a mark.
fn utf16(bytes: &[u8]) -> Option<Option<String>> {
    let unit = match bytes.first_chunk()? {
        [0xff, 0xfe] => u16::from_le_bytes,
        [0xfe, 0xff] => u16::from_be_bytes,
        _ => return None,
    };
    let (units, rest) = bytes[2..].as_chunks();
    let units: Vec<u16> = units.iter().map(|&bytes| unit(bytes)).collect();
    Some(String::from_utf16(&units).ok().filter(|_| rest.is_empty()))
}
