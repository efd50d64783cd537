//! The pages of a Parquet file, looked at before they are read: the reader makes room for what their headers claim, and the
//! program would end if there is not as much memory.

use bytes::Bytes;
use bytes::buf::Reader;
use parquet::basic::Compression;
use parquet::column::page::PageReader;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{ChunkReader, FileReader, Length};
use parquet::file::serialized_reader::{SerializedFileReader, SerializedPageReader};
use std::sync::Arc;

/// The most bytes of a page, as of a file in gzip.
const MOST: u64 = 1 << 30;
/// Levels of a page's header. It has three.
const MOST_LEVELS: usize = 8;

/// Fails for a page that claims more bytes than its column chunk has, or than its compressed bytes could become, and for a
/// dictionary that claims more values than it has bytes.
pub fn check(bytes: &Bytes, reader: &SerializedFileReader<Bytes>) -> Result<()> {
    for (place, group) in reader.metadata().row_groups().iter().enumerate() {
        for chunk in group.columns() {
            check_sizes(bytes, chunk, group.num_rows())?;
        }
        let group = reader.get_row_group(place)?;
        for column in 0..group.num_columns() {
            check_dictionary(group.get_column_page_reader(column)?)?;
        }
    }
    Ok(())
}

/// Looks at the headers alone.
fn check_sizes(bytes: &Bytes, chunk: &ColumnChunkMetaData, rows: i64) -> Result<()> {
    let pages = Arc::new(Pages {
        bytes: bytes.clone(),
        most: most_bytes(chunk, bytes.len() as u64),
    });
    let mut pages = SerializedPageReader::new(pages, chunk, rows.try_into()?, None)?;
    while pages.peek_next_page()?.is_some() {
        pages.skip_next_page()?;
    }
    Ok(())
}

fn check_dictionary(mut pages: Box<dyn PageReader>) -> Result<()> {
    while let Some(page) = pages.peek_next_page()? {
        if !page.is_dict {
            pages.skip_next_page()?;
            continue;
        }
        let page = pages.get_next_page()?;
        if page.is_some_and(|page| page.num_values() as usize > page.buffer().len()) {
            return Err(general("a dictionary has more values than bytes"));
        }
    }
    Ok(())
}

/// The most bytes that a page of a chunk can have when it is decompressed; any number without compression, as no room is
/// made then.
fn most_bytes(chunk: &ColumnChunkMetaData, length: u64) -> u64 {
    // Bytes that one compressed byte can become, rounded up. Of other codecs there is no such number.
    let most_times = match chunk.compression() {
        Compression::UNCOMPRESSED => return u64::MAX,
        Compression::SNAPPY => 64,
        Compression::LZ4 | Compression::LZ4_RAW => 256,
        Compression::GZIP(_) => 1100,
        _ => MOST,
    };
    let claimed = |size: i64| u64::try_from(size).unwrap_or(0);
    let compressed = claimed(chunk.compressed_size()).min(length);
    claimed(chunk.uncompressed_size())
        .min(compressed.saturating_mul(most_times))
        .min(MOST)
}

/// The bytes of a file, which are not handed on at a header that claims too much.
struct Pages {
    bytes: Bytes,
    most: u64,
}

impl Length for Pages {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }
}

impl ChunkReader for Pages {
    type T = Reader<Bytes>;

    /// The reader calls it at each header, and nowhere else as long as it skips the pages.
    fn get_read(&self, start: u64) -> Result<Self::T> {
        let header = usize::try_from(start)
            .ok()
            .and_then(|start| self.bytes.get(start..));
        match header.and_then(claimed_size) {
            None => Err(general("a page has no valid header")),
            Some(size) if size > self.most => {
                Err(general("a page claims more bytes than its column can have"))
            }
            Some(_) => self.bytes.get_read(start),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.bytes.get_bytes(start, length)
    }
}

fn general(message: &str) -> ParquetError {
    ParquetError::General(message.to_owned())
}

/// The size of a page when it is decompressed, as its header claims: the second field of a struct in Thrift's compact
/// protocol. Of several such fields it is the largest. `None` if there is no such struct.
///
/// <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>
fn claimed_size(header: &[u8]) -> Option<u64> {
    const SIZE: i64 = 2;
    let mut header = Compact(header);
    let mut size = None;
    let mut id = 0;
    while let Some(kind) = header.field(&mut id)? {
        if id == SIZE && (I16..=I64).contains(&kind) {
            // A negative size is an error of the reader's.
            let found = u64::try_from(header.number()?).unwrap_or(0);
            size = size.max(Some(found));
        } else {
            header.skip(kind, MOST_LEVELS)?;
        }
    }
    size
}

const STOP: u8 = 0;
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;

/// Bytes in Thrift's compact protocol. Each method is `None` if they are not.
struct Compact<'a>(&'a [u8]);

impl Compact<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number of at most 64 bits, seven in a byte, the lowest first.
    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for place in 0..10 {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A number with a sign, which is its lowest bit.
    fn number(&mut self) -> Option<i64> {
        let number = self.varint()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The type of the next field of a struct, whose id follows `id`; `Some(None)` at the end.
    #[expect(clippy::option_option, reason = "the end is no mistake")]
    fn field(&mut self, id: &mut i64) -> Option<Option<u8>> {
        let byte = self.byte()?;
        if byte == STOP {
            return Some(None);
        }
        *id = match byte >> 4 {
            0 => self.number()?,
            step => id.checked_add(step.into())?,
        };
        Some(Some(byte & 0xf))
    }

    fn skip(&mut self, kind: u8, levels: usize) -> Option<()> {
        let levels = levels.checked_sub(1)?;
        match kind {
            TRUE | FALSE => {}
            BYTE => drop(self.byte()?),
            I16..=I64 => drop(self.varint()?),
            DOUBLE => self.skip_bytes(8)?,
            BINARY => {
                let length = self.varint()?;
                self.skip_bytes(length)?;
            }
            LIST | SET => {
                let head = self.byte()?;
                let length = match head >> 4 {
                    0xf => self.varint()?,
                    length => length.into(),
                };
                for _ in 0..length {
                    self.skip_item(head & 0xf, levels)?;
                }
            }
            MAP => {
                let length = self.varint()?;
                let kinds = if length > 0 { self.byte()? } else { 0 };
                for _ in 0..length {
                    self.skip_item(kinds >> 4, levels)?;
                    self.skip_item(kinds & 0xf, levels)?;
                }
            }
            STRUCT => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip(kind, levels)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// Skips an item of a list. Truth values have a byte there.
    fn skip_item(&mut self, kind: u8, levels: usize) -> Option<()> {
        match kind {
            TRUE | FALSE => self.byte().map(drop),
            kind => self.skip(kind, levels),
        }
    }

    fn skip_bytes(&mut self, count: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(count).ok()?..)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::claimed_size;

    #[test]
    fn the_size_in_a_header_is_found_wherever_it_stands() {
        // Type 0, size 150 (zigzag 300, as the specification has it), compressed size 20.
        let plain = [0x15, 0x00, 0x15, 0xac, 0x02, 0x15, 0x28, 0x00];
        assert_eq!(claimed_size(&plain), Some(150));
        // After a struct with a list, a map, a double, a text and a truth value.
        let mut after = vec![0x5c];
        after.extend([0x19, 0x25, 2, 4, 0x1b, 1, 0x53, 6, 7, 0x17]);
        after.extend([0; 8]);
        after.extend([0x18, 3, b'a', b'b', b'c', 0x11, 0x00]);
        after.extend([0x05, 4, 0xac, 0x02, 0x00]);
        assert_eq!(claimed_size(&after), Some(150));
        // The larger of two.
        let twice = [0x25, 0x04, 0x05, 0x04, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0x00];
        assert_eq!(claimed_size(&twice), Some(2_147_483_647));
    }

    #[test]
    fn what_is_no_header_has_no_size() {
        assert_eq!(claimed_size(&[]), None);
        assert_eq!(claimed_size(&[0x15, 0x00, 0x00]), None, "no size");
        assert_eq!(claimed_size(&[0x25, 0x02]), None, "no end");
        assert_eq!(claimed_size(&[0x1d, 0x00]), None, "no such type");
        assert_eq!(claimed_size(&[0x1c; 100]), None, "too deep");
        let endless = [0x19, 0xf1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
        assert_eq!(claimed_size(&endless), None);
    }
}
