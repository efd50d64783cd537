//! Choice data sets: what many people chose, and between what.
//!
//! A data set is two tables, and maybe two more. Each is CSV with a header, JSON Lines (an object a line) or Parquet, as
//! it is or compressed with gzip; what is in a file decides, not its name. Columns come in any order:
//!
//! - responses: `id`, `prompt`, and one column of numbers (or lists of numbers) a feature. A column `text` is the response
//!   itself, and no feature.
//! - comparisons: `user`, `shown` (two or more response ids joined by `|`, or a list of them), `chose` (the id picked, or
//!   empty) and `verdict` (`tie`, `neither` or `skip` where `chose` is empty). A table without `verdict` has choices only.
//! - prompts: `id`, `text`.
//! - features: `id`, and columns of numbers; or a safetensors file.
//!
//! Other columns are ignored with a word in the notes.

mod comparisons;
mod features;
#[cfg(test)]
mod forms;
mod numbers;
mod prompts;
mod responses;
mod table;

pub use comparisons::{Comparison, Person};
pub use prompts::Prompt;
pub use responses::Response;

use crate::failure::Failure;
use crate::input::Source;
use features::Features;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use table::Table;

/// The tables that describe responses, on a command line.
#[derive(Debug, clap::Args)]
pub struct ResponseTables {
    /// What people can be shown: id, prompt, maybe text, and a column of numbers a feature (CSV, JSON Lines or Parquet)
    #[arg(long, value_name = "FILE")]
    pub responses: Source,

    /// The prompts' texts: id, text
    #[arg(long, value_name = "FILE")]
    pub prompts: Option<Source>,

    /// More features by response id: a safetensors file (tensor `features`, metadata `ids`) or a table
    #[arg(long, value_name = "FILE")]
    pub features: Option<Source>,
}

/// The tables of a choice data set, on a command line.
#[derive(Debug, clap::Args)]
pub struct Tables {
    #[command(flatten)]
    pub responses: ResponseTables,

    /// Who chose what: user, shown (ids with | between them), chose, verdict (tie or neither where none was chosen)
    #[arg(long, value_name = "FILE")]
    pub comparisons: Source,
}

impl ResponseTables {
    /// Every file that is to be read.
    pub fn sources(&self) -> Vec<&Source> {
        [Some(&self.responses), self.prompts.as_ref(), self.features.as_ref()].into_iter().flatten().collect()
    }
}

impl Tables {
    /// Every file that is to be read.
    pub fn sources(&self) -> Vec<&Source> {
        self.responses.sources().into_iter().chain([&self.comparisons]).collect()
    }
}

/// What people can be shown, sound by construction: ids are unique, scores are finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Responses {
    /// Names of the scores; empty where responses are text only.
    pub features: Vec<String>,
    /// In the order of the file.
    pub responses: Vec<Response>,
    /// In the order of the file; empty unless there is one, otherwise every response's prompt is among them.
    pub prompts: Vec<Prompt>,
    /// Words about what was read, each naming its file: columns that were ignored.
    pub notes: Vec<String>,
}

impl Responses {
    /// Reads the tables. Fails with the file, the line or row, and what was expected there.
    pub fn open(tables: &ResponseTables) -> Result<Self, Failure> {
        let table = Table::open(&tables.responses)?;
        let features = tables.features.as_ref().map(Features::read).transpose()?;
        let mut read = responses::read(&table, features.is_some())?;
        let mut notes: Vec<String> = read.notes.iter().map(|note| noted(table.name(), note)).collect();
        if let Some(features) = features {
            notes.extend(features.notes.iter().map(|note| noted(&features.file, note)));
            add(&mut read, features)?;
        }
        let prompts = tables.prompts.as_ref().map(prompts::read).transpose()?;
        if let Some(prompts) = &prompts {
            prompts::check(prompts, &table, &read)?;
        }
        let (features, responses) = (read.features, read.responses);
        Ok(Responses { features, responses, prompts: prompts.unwrap_or_default(), notes })
    }
}

/// Adds the features of a file of their own, which has a row for every response.
fn add(read: &mut responses::Read, mut features: Features) -> Result<(), Failure> {
    if let Some(name) = features.names.iter().find(|name| read.features.contains(name)) {
        let what = format!("column {name}: the responses have a feature of this name already");
        return Err(Failure::new(features.file, what));
    }
    for response in &mut read.responses {
        let Some(row) = features.rows.remove(&response.id) else {
            let what = format!("expected a row for every response, found none for {:?}", response.id);
            return Err(Failure::new(features.file, what));
        };
        response.scores.extend(row);
    }
    read.features.extend(features.names);
    Ok(())
}

/// One line, whatever stood in the file.
fn noted(file: &str, note: &str) -> String {
    Failure::new(file, note).to_string()
}

/// A choice data set, sound by construction: ids are unique, scores are finite, answers are about what was shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Names of the scores; empty where responses are text only.
    pub features: Vec<String>,
    /// In the order of the file.
    pub responses: Vec<Response>,
    /// In the order of their first comparisons; nobody if there are none.
    pub people: Vec<Person>,
    /// As in [`Responses`].
    pub prompts: Vec<Prompt>,
    /// As in [`Responses`].
    pub notes: Vec<String>,
}

impl Choices {
    /// Reads the tables. Fails with the file, the line or row, and what was expected there.
    pub fn open(tables: &Tables) -> Result<Self, Failure> {
        let Responses { features, responses, prompts, mut notes } = Responses::open(&tables.responses)?;
        let table = Table::open(&tables.comparisons)?;
        let (people, note) = comparisons::read(&table, &responses)?;
        notes.extend(note.map(|note| noted(table.name(), &note)));
        Ok(Choices { features, responses, people, prompts, notes })
    }

    /// Reads the tables at these two paths, whatever they are called.
    pub fn read(responses: &Path, comparisons: &Path) -> Result<Self, Failure> {
        let file = |path: &Path| Source::File(path.to_owned());
        let responses = ResponseTables { responses: file(responses), prompts: None, features: None };
        Choices::open(&Tables { responses, comparisons: file(comparisons) })
    }

    /// Reads the two tables in a folder, by their usual names. Where one is there both as it is and compressed, the
    /// former counts.
    pub fn read_folder(folder: &Path) -> Result<Self, Failure> {
        Choices::read(&find(folder, "responses")?, &find(folder, "comparisons")?)
    }
}

/// Writes words about what was read to standard error, or nowhere if that is closed.
pub fn report(notes: &[String]) {
    for note in notes {
        let _ = writeln!(io::stderr(), "leaning: {note}");
    }
}

/// What the names of tables end in, in a folder.
const EXTENSIONS: [&str; 5] = ["csv", "csv.gz", "jsonl", "jsonl.gz", "parquet"];

/// The path of a table in a folder.
fn find(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let paths = EXTENSIONS.map(|extension| folder.join(format!("{name}.{extension}")));
    paths.into_iter().find(|path| path.exists()).ok_or_else(|| {
        let extensions = EXTENSIONS.join(", ");
        Failure::new(folder.display(), format!("expected a folder with a table {name} ({extensions}), found none"))
    })
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
        let extensions = "csv, csv.gz, jsonl, jsonl.gz, parquet";
        let expected = |name| format!("folder: expected a folder with a table {name} ({extensions}), found none");
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
