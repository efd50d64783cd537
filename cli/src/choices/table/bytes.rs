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

/// Formats that are no tables here, by their first bytes.
const OTHER_FORMATS: [(&[u8], &str); 12] = [
    (b"\x28\xb5\x2f\xfd", "a zstd file: decompress it first"),
    (b"BZh", "a bzip2 file: decompress it first"),
    (b"\xfd7zXZ\0", "an xz file: decompress it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (b"ARROW1", "an Arrow file: save it as Parquet first"),
    (b"ORC", "an ORC file: save it as Parquet first"),
    (
        b"\x93NUMPY",
        "a NumPy array: save it as CSV or Parquet first",
    ),
    (
        b"\x80\x04\x95",
        "a Python pickle: save it as CSV or Parquet first",
    ),
    (
        b"SQLite format 3\0",
        "an SQLite database: save the table as CSV first",
    ),
    (b"%PDF-", "a PDF file, and no table"),
    (
        b"version https://git-lfs",
        "a pointer of Git LFS: run git lfs pull first",
    ),
    (b"\x89HDF", "an HDF5 file: save it as CSV or Parquet first"),
];

/// A message about a file that is no table yet, as those of spreadsheet programs; `None` for other
/// files.
pub fn other_format(bytes: &[u8]) -> Option<String> {
    const EXCEL: &str = "an Excel workbook: save it as CSV UTF-8 first";
    let mut others = OTHER_FORMATS.iter();
    let what = if bytes.starts_with(OLD_WORKBOOK) {
        EXCEL
    } else if bytes.starts_with(ZIP) {
        let part = b"xl/workbook";
        let is_excel = bytes.windows(part.len()).any(|window| window == part);
        if is_excel {
            EXCEL
        } else {
            "a zip file, such as a workbook: save it as CSV UTF-8 first"
        }
    } else if let Some((_, what)) = others.find(|(magic, _)| bytes.starts_with(magic)) {
        what
    } else if is_unmarked_utf16(bytes) {
        "UTF-16 or UTF-32 text without a byte order mark: save it as UTF-8 first"
    } else if is_web_page(bytes) {
        "a web page, as of a download that asked to log in, and no table"
    } else {
        return None;
    };
    Some(format!("this is {what}"))
}

/// Whether the first letters are ASCII in two or four bytes each.
fn is_unmarked_utf16(bytes: &[u8]) -> bool {
    bytes.len().is_multiple_of(2)
        && matches!(bytes, [0, first, 0, ..] | [first, 0, _, 0, ..] if *first != 0)
        || bytes.starts_with(&[0, 0, 0xfe, 0xff])
        || bytes.starts_with(&[0xff, 0xfe, 0, 0])
}

fn is_web_page(bytes: &[u8]) -> bool {
    let begins = |tag: &[u8]| {
        let start = bytes.trim_ascii_start().get(..tag.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(tag))
    };
    begins(b"<!doctype html") || begins(b"<html")
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
