//! Choice data sets: what many people chose, and between what.
//!
//! A data set is a folder of two tables, as they are or compressed with gzip. In both the header names the columns, in
//! any order:
//!
//! - `responses.csv`: `id`, `prompt`, and one column of numbers a feature. A column `text` is the response itself, and
//!   no feature.
//! - `comparisons.csv`: `user`, `shown` (two or more response ids joined by `|`), `chose` (the id picked, or empty) and
//!   `verdict` (`tie`, `neither` or `skip` where `chose` is empty). A table without `verdict` has choices only. Other
//!   columns are ignored.

mod comparisons;
mod responses;

pub use comparisons::Person;
pub use responses::Response;

use crate::failure::Failure;
use csv::{ReaderBuilder, StringRecord};
use flate2::read::MultiGzDecoder;
use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// What the first bytes of every gzip file are.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A choice data set, sound by construction: ids are unique, scores are finite, answers are about what was shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Names of the scores; empty where responses are text only.
    pub features: Vec<String>,
    /// In the order of the file.
    pub responses: Vec<Response>,
    /// In the order of their first comparisons; nobody if there are none.
    pub people: Vec<Person>,
}

impl Choices {
    /// Reads the tables at these two paths, whatever they are called. Fails with the file, the line and what was expected
    /// there.
    pub fn read(responses: &Path, comparisons: &Path) -> Result<Self, Failure> {
        let (features, responses) = responses::read(&Table::read(responses)?)?;
        let people = comparisons::read(&Table::read(comparisons)?, &responses)?;
        Ok(Choices { features, responses, people })
    }

    /// Reads the data set in a folder. Where a table is there both as it is and compressed, the former counts.
    pub fn read_folder(folder: &Path) -> Result<Self, Failure> {
        Choices::read(&find(folder, "responses")?, &find(folder, "comparisons")?)
    }
}

/// The path of a table in a folder.
fn find(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let paths = [".csv", ".csv.gz"].map(|extension| folder.join(format!("{name}{extension}")));
    paths.into_iter().find(|path| path.exists()).ok_or_else(|| {
        let what = format!("expected a folder with {name}.csv or {name}.csv.gz, found neither");
        Failure::new(folder.display(), what)
    })
}

/// A table of text: a header, and rows that have as many cells each.
struct Table {
    path: PathBuf,
    text: String,
    header: StringRecord,
    rows: Vec<StringRecord>,
}

impl Table {
    fn read(path: &Path) -> Result<Self, Failure> {
        let (header, rows) = (StringRecord::new(), Vec::new());
        let mut table = Table { path: path.to_owned(), text: read_text(path)?, header, rows };
        table.split()?;
        Ok(table)
    }

    /// Fills in the header and the rows.
    fn split(&mut self) -> Result<(), Failure> {
        // Two line breaks: a row takes the first and leaves the second, unless a quote is open.
        let text = self.text.as_bytes().chain(&b"\n\n"[..]);
        let whole = self.text.len() as u64 + 2;
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        let mut row = StringRecord::new();
        while reader.read_record(&mut row).map_err(|error| Failure::new(self.path.display(), error))? {
            if reader.position().byte() == whole {
                return Err(self.flaw(&row, "expected a closing quote, found the end of the file"));
            }
            if self.header.is_empty() {
                self.header = row.clone();
            } else if row.len() == self.header.len() {
                self.rows.push(row.clone());
            } else {
                let what = format!("expected {} fields as in the header, found {}", self.header.len(), row.len());
                return Err(self.flaw(&row, what));
            }
        }
        Ok(())
    }

    /// The place of a column. Fails if there is none, or more than one.
    fn column(&self, name: &str) -> Result<usize, Failure> {
        let column = self.optional_column(name)?;
        column.ok_or_else(|| self.header_flaw(format!("expected a column {name}, found none")))
    }

    /// The place of a column that may be absent. Fails if there is more than one.
    fn optional_column(&self, name: &str) -> Result<Option<usize>, Failure> {
        let mut places = (0..self.header.len()).filter(|&place| &self.header[place] == name);
        let first = places.next();
        match places.next() {
            Some(_) => Err(self.header_flaw(format!("expected one column {name}, found several"))),
            None => Ok(first),
        }
    }

    /// What is wrong with the header.
    fn header_flaw(&self, what: impl Display) -> Failure {
        self.flaw(&self.header, what)
    }

    /// What is wrong in a row of this table.
    fn flaw(&self, row: &StringRecord, what: impl Display) -> Failure {
        Failure::new(self.path.display(), format!("line {}: {what}", self.line(row)))
    }

    /// The line on which a row begins, from 1.
    fn line(&self, row: &StringRecord) -> usize {
        let bytes = self.text.as_bytes();
        // A row's position is where the row before it ended: before the rest of its line break, and before blank lines.
        let end = row.position().map_or(0, |position| position.byte() as usize);
        let breaks = bytes[end..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line(bytes, end + breaks)
    }
}

/// The line that a byte is on, from 1.
fn line(bytes: &[u8], place: usize) -> usize {
    // Lines end as other tools count them: a carriage return counts only where there is nothing else.
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    1 + bytes[..place].iter().filter(|&&byte| byte == end).count()
}

/// The text of a file, decompressed if need be, without a byte order mark.
fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::new(path.display(), explain(path, &error)))?;
    let bytes = if bytes.starts_with(&GZIP) { decompress(path, &bytes)? } else { bytes };
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let (bytes, place) = (error.as_bytes(), error.utf8_error().valid_up_to());
        let what = format!("line {}: expected UTF-8 text, found the byte {:#04x}", line(bytes, place), bytes[place]);
        Failure::new(path.display(), what)
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

fn explain(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        // What opening a directory gives differs from system to system.
        _ if path.is_dir() => "is a directory, not a file".to_owned(),
        ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    }
}

fn decompress(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut whole = Vec::new();
    // Several gzip files one after the other are one gzip file.
    match MultiGzDecoder::new(bytes).read_to_end(&mut whole) {
        Ok(_) => Ok(whole),
        Err(error) => {
            let end = line(&whole, whole.len());
            Err(Failure::new(path.display(), format!("line {end}: expected sound gzip data, found it broken: {error}")))
        }
    }
}

#[cfg(test)]
mod fixtures {
    //! Data sets to read in tests.

    use super::Choices;
    use std::fs;
    use std::path::{MAIN_SEPARATOR, Path, PathBuf};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Three responses on lines 2 to 4.
    pub const RESPONSES: &str = "id,prompt,short,kind\na,p,1,0\nb,p,-0.5,2\nc,q,0,1e-3\n";

    /// One comparison on line 2.
    pub const COMPARISONS: &str = "user,shown,chose,verdict\nann,a|b,b,\n";

    /// A folder of its own, gone when dropped.
    pub struct Folder(PathBuf);

    impl Folder {
        pub fn new() -> Self {
            static NEXT: AtomicUsize = AtomicUsize::new(0);
            let name = format!("leaning-choices-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).unwrap();
            Folder(path)
        }

        pub fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
            fs::write(self.0.join(name), bytes).unwrap();
            self
        }

        pub fn path(&self) -> &Path {
            &self.0
        }

        pub fn read(&self) -> Choices {
            Choices::read_folder(&self.0).unwrap()
        }

        /// What reading it fails with, without the name of the folder.
        pub fn failure(&self) -> String {
            let failure = Choices::read_folder(&self.0).unwrap_err().to_string();
            failure
                .replace(&format!("{}{MAIN_SEPARATOR}", self.0.display()), "")
                .replace(&self.0.display().to_string(), "folder")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    pub fn responses(text: impl AsRef<[u8]>) -> Folder {
        Folder::new().with("responses.csv", text).with("comparisons.csv", COMPARISONS)
    }

    pub fn comparisons(text: impl AsRef<[u8]>) -> Folder {
        Folder::new().with("responses.csv", RESPONSES).with("comparisons.csv", text)
    }
}

#[cfg(test)]
mod tests {
    use super::fixtures::{COMPARISONS, Folder, RESPONSES, comparisons, responses};
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use leaning::Answer;
    use std::env;
    use std::io::Write;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn compressed_tables_read_as_plain_ones_whatever_their_names() {
        let plain = responses(RESPONSES).read();
        let named =
            Folder::new().with("responses.csv.gz", gzip(RESPONSES)).with("comparisons.csv.gz", gzip(COMPARISONS));
        assert_eq!(named.read(), plain);
        let misnamed = Folder::new().with("responses.csv", gzip(RESPONSES)).with("comparisons.csv.gz", COMPARISONS);
        assert_eq!(misnamed.read(), plain);
    }

    #[test]
    fn gzip_files_one_after_the_other_are_one() {
        let (start, end) = RESPONSES.split_at(30);
        assert_eq!(responses([gzip(start), gzip(end)].concat()).read(), responses(RESPONSES).read());
    }

    #[test]
    fn a_byte_order_mark_and_carriage_returns_and_blank_lines_and_a_missing_last_break_change_nothing() {
        let text = format!("\u{feff}{}", RESPONSES.trim_end().replace('\n', "\r\n\r\n"));
        assert_eq!(responses(text).read(), responses(RESPONSES).read());
    }

    #[test]
    fn a_plain_table_counts_before_a_compressed_one() {
        let both = comparisons(COMPARISONS).with("comparisons.csv.gz", gzip("not,a,table"));
        assert_eq!(both.read(), comparisons(COMPARISONS).read());
    }

    #[test]
    fn a_missing_table_is_named_with_its_folder() {
        let expected = |name| format!("folder: expected a folder with {name}.csv or {name}.csv.gz, found neither");
        assert_eq!(Folder::new().failure(), expected("responses"));
        assert_eq!(Folder::new().with("responses.csv", RESPONSES).failure(), expected("comparisons"));
    }

    #[test]
    fn a_path_that_is_no_file_says_why() {
        let folder = comparisons(COMPARISONS);
        let failure = |path: &Path| Choices::read(path, path).unwrap_err().to_string();
        assert!(failure(&folder.path().join("else.csv")).ends_with("else.csv: there is no such file"));
        assert!(failure(folder.path()).ends_with(": is a directory, not a file"));
    }

    #[test]
    fn cut_and_damaged_gzip_are_flaws() {
        let whole = gzip(RESPONSES);
        let cut = responses(&whole[..whole.len() - 9]).failure();
        assert!(cut.starts_with("responses.csv: line "), "{cut}");
        assert!(cut.contains("expected sound gzip data, found it broken: "), "{cut}");
        let mut damaged = whole.clone();
        let checksum = whole.len() - 8;
        damaged[checksum] ^= 1;
        assert!(responses(damaged).failure().starts_with("responses.csv: line 5: expected sound gzip data"));
        assert!(responses(&whole[..2]).failure().starts_with("responses.csv: line 1: expected sound gzip data"));
        let trailing = [whole, b"more".to_vec()].concat();
        assert!(responses(trailing).failure().contains("expected sound gzip data"));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_found_on_their_line() {
        let flaw = "responses.csv: line 3: expected UTF-8 text, found the byte 0xe9";
        assert_eq!(responses(b"id,prompt,x\na,p,1\ncaf\xe9,p,1\n").failure(), flaw);
    }

    #[test]
    fn rows_have_as_many_fields_as_the_header() {
        let flaw =
            |line, found| format!("responses.csv: line {line}: expected 3 fields as in the header, found {found}");
        assert_eq!(responses("id,prompt,x\na,p,1\nb,p\n").failure(), flaw(3, 2));
        assert_eq!(responses("id,prompt,x\na,p,1,2\n").failure(), flaw(2, 4));
    }

    #[test]
    fn a_quote_that_never_closes_is_found_where_its_row_begins() {
        let flaw = "responses.csv: line 3: expected a closing quote, found the end of the file";
        for end in ["", "\n", "\r\n", "\n\n", "\"\""] {
            assert_eq!(responses(format!("id,prompt,text\na,p,fine\nb,p,\"open\nc,p,swallowed{end}")).failure(), flaw);
        }
    }

    #[test]
    fn a_quote_that_closes_at_the_end_is_no_flaw() {
        for end in ["", "\n", "\r\n", "\n\n", "\r"] {
            let read = responses(format!("id,prompt,text\na,p,one\nb,p,\"two\n\"\"\n\"{end}")).read();
            assert_eq!(read.responses[1].text.as_deref(), Some("two\n\"\n"));
        }
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        let flaw = |line| format!("responses.csv: line {line}: expected 3 fields as in the header, found 1");
        assert_eq!(responses("\n\nid,prompt,text\n\na,p,\"1\n\n2\"\n\n\nwrong\n").failure(), flaw(10));
        assert_eq!(responses("id,prompt,text\r\na,p,\"1\r\n2\"\r\nwrong\r\n").failure(), flaw(4));
        assert_eq!(responses("id,prompt,text\ra,p,1\rwrong\r").failure(), flaw(3));
        assert_eq!(responses("\u{feff}id,prompt,text\nwrong").failure(), flaw(2));
    }

    /// A data set of `LEANING_DATA`, or nothing and a word where it is absent.
    fn published(name: &str) -> Option<Choices> {
        let folder = env::var_os("LEANING_DATA").map(|data| Path::new(&data).join(name)).filter(|path| path.is_dir());
        if folder.is_none() {
            println!("skipped: LEANING_DATA has no {name}");
        }
        folder.map(|folder| Choices::read_folder(&folder).unwrap())
    }

    fn count(choices: &Choices, holds: impl Fn(&comparisons::Comparison) -> bool) -> usize {
        choices.people.iter().flat_map(|person| &person.comparisons).filter(|comparison| holds(comparison)).count()
    }

    /// People, comparisons and features.
    fn sizes(choices: &Choices) -> (usize, usize, usize) {
        (choices.people.len(), count(choices, |_| true), choices.features.len())
    }

    #[test]
    fn credit_cards_have_their_published_size() {
        let Some(choices) = published("bank") else { return };
        assert_eq!(sizes(&choices), (700, 10_960, 14));
        assert!(choices.responses.iter().all(|response| response.scores.len() == 14 && response.text.is_none()));
    }

    #[test]
    fn electricity_plans_have_their_published_size_and_are_shown_in_fours() {
        let Some(choices) = published("electricity") else { return };
        assert_eq!(sizes(&choices), (361, 4_308, 6));
        assert_eq!(count(&choices, |comparison| comparison.shown.len() == 4), 4_308);
    }

    #[test]
    fn statements_about_a_town_have_their_published_size_and_text() {
        let Some(choices) = published("bowling_green") else { return };
        assert_eq!(sizes(&choices), (1_259, 74_539, 0));
        assert_eq!(choices.responses.len(), 745);
        assert!(choices.responses.iter().all(|response| response.scores.is_empty() && response.text.is_some()));
    }

    #[test]
    fn language_model_answers_have_their_published_size_and_ties() {
        let Some(choices) = published("mtbench") else { return };
        assert_eq!(sizes(&choices), (65, 3_355, 0));
        assert_eq!(choices.responses.len(), 960);
        assert_eq!(count(&choices, |comparison| comparison.answer == Answer::Tie), 780);
    }
}
