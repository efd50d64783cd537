//! Choice data sets: the choices of many people, and the responses that they chose between.
//!
//! A data set is two tables, and up to two more. Each is CSV with a header (separated by commas,
//! semicolons or tabs), JSON (an object per line, or a list of objects) or Parquet, plain or
//! compressed with gzip; the content of a file decides, not its name. Columns come in any order:
//!
//! - responses: `id`, `prompt`, and a column of numbers (or of lists of numbers) per feature. A
//!   column `text` is the response itself, and not a feature.
//! - comparisons: `user`, `shown` (two or more response ids joined by `|`, or a list of them),
//!   `chose` (the id that was picked, or empty) and `verdict` (`tie`, `neither` or `skip` if
//!   `chose` is empty). A table without `verdict` has choices only.
//! - prompts: `id`, `text`.
//! - features: `id`, and columns of numbers; or a safetensors file.
//!
//! Other columns are ignored, with a note.

mod candidates;
mod comparisons;
mod features;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod ids;
mod numbers;
mod oddities;
mod people;
mod prompts;
mod responses;
mod table;
#[cfg(test)]
mod tests;
mod texts;
mod wanted;

pub use candidates::{CandidateTable, Candidates};
pub use people::{Comparison, People};
pub use prompts::Prompt;
pub use responses::Response;
pub use table::read as read_bytes;
pub use table::{Cell, Rows};
pub use texts::Texts;
pub use wanted::column_name;

use crate::failure::Failure;
use crate::input::Source;
use crate::memory;
use features::Features;
use ids::Places;
use std::path::{Path, PathBuf};
use table::Table;
use wanted::Wanted;

/// The tables that describe responses, on a command line.
#[derive(Debug, Clone, clap::Args)]
pub struct ResponseTables {
    /// The responses: id, prompt, optionally text, and a column of numbers per feature (CSV, JSON
    /// Lines or Parquet)
    #[arg(long, value_name = "FILE")]
    pub responses: Source,

    /// The texts of the prompts: id, text
    #[arg(long, value_name = "FILE")]
    pub prompts: Option<Source>,

    /// More features by response id: a safetensors file (tensor `features`, metadata `ids`) or a
    /// table
    #[arg(long, value_name = "FILE")]
    pub features: Option<Source>,
}

/// The tables of a choice data set, on a command line.
#[derive(Debug, clap::Args)]
pub struct Tables {
    #[command(flatten)]
    pub responses: ResponseTables,

    /// People's choices: user, shown (ids with | between them), chose, verdict (tie or neither if
    /// nothing was chosen)
    #[arg(long, value_name = "FILE")]
    pub comparisons: Source,
}

impl ResponseTables {
    /// Every file that is read.
    pub fn sources(&self) -> Vec<&Source> {
        let others = [self.prompts.as_ref(), self.features.as_ref()];
        [&self.responses]
            .into_iter()
            .chain(others.into_iter().flatten())
            .collect()
    }
}

impl Tables {
    /// The two tables in a folder by their usual names. A plain file counts before a compressed
    /// one.
    pub fn in_folder(folder: &Path) -> Result<Self, Failure> {
        let file = |name: &str| Ok(Source::File(find(folder, name)?));
        let responses = ResponseTables {
            responses: file("responses")?,
            prompts: None,
            features: None,
        };
        Ok(Tables {
            responses,
            comparisons: file("comparisons")?,
        })
    }

    /// Every file that is read.
    pub fn sources(&self) -> Vec<&Source> {
        self.responses
            .sources()
            .into_iter()
            .chain([&self.comparisons])
            .collect()
    }
}

/// Responses, valid by construction: ids are unique, scores are finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Responses {
    /// Names of the features; empty if the table has texts only.
    pub features: Vec<String>,
    /// In the order of the file.
    pub responses: Vec<Response>,
    /// In the order of the file; empty without one. Otherwise every response's prompt is among
    /// them.
    pub prompts: Vec<Prompt>,
    /// Notes about the tables, each with the name of its file.
    pub notes: Vec<String>,
}

impl Responses {
    /// Reads the tables. The columns of these names are features, or all of numbers without any.
    ///
    /// # Errors
    /// The failure names the file, and the line or row.
    pub fn open(tables: &ResponseTables, wanted: &[String]) -> Result<Self, Failure> {
        let wanted = Wanted(wanted);
        let table = Table::open(&tables.responses)?;
        let features = tables.features.as_ref();
        let features = features
            .map(|source| Features::read(source, &wanted))
            .transpose()?;
        let mut read = responses::read(&table, &wanted, features.is_some())?;
        let mut notes: Vec<String> = read
            .notes
            .iter()
            .map(|note| note_about(table.name(), note))
            .collect();
        if let Some(features) = features {
            notes.extend(
                features
                    .notes
                    .iter()
                    .map(|note| note_about(&features.file, note)),
            );
            add_features(&mut read, table.name(), features)?;
        }
        let mut prompts = Vec::new();
        if let Some(source) = &tables.prompts {
            let (found, note) = prompts::read(source)?;
            notes.extend(note.map(|note| note_about(&source.to_string(), &note)));
            prompts::assign(&found, source, &table, &mut read)?;
            prompts = found;
        }
        let (features, responses) = (read.features, read.responses);
        let file = tables.responses.to_string();
        wanted.check(&file, &features, table.header(), &read.others)?;
        let oddities = oddities::notes(&features, &responses);
        notes.extend(oddities.iter().map(|note| note_about(&file, note)));
        Ok(Responses {
            features,
            responses,
            prompts,
            notes,
        })
    }
}

/// Adds features from a separate file, which has a row for every response of `file`.
fn add_features(read: &mut responses::Read, file: &str, features: Features) -> Result<(), Failure> {
    if let Some(name) = features
        .names
        .iter()
        .find(|name| read.features.contains(name))
    {
        let message = format!("column {name}: {file} has a feature of this name already");
        return Err(Failure::new(features.file, message));
    }
    let places = Places::of(features.ids.iter().map(String::as_str));
    for response in &mut read.responses {
        let Some(place) = places.get(&response.id) else {
            let id = &response.id;
            let message =
                format!("expected a row for every response of {file}, found none for {id:?}");
            return Err(Failure::new(features.file, message));
        };
        response.scores.extend(&features.rows[place]);
    }
    read.features.extend(features.names);
    Ok(())
}

/// A note on one line, whatever the file contains.
fn note_about(file: &str, note: &str) -> String {
    Failure::new(file, note).to_string()
}

/// A choice data set, valid by construction: ids are unique, scores are finite, answers are about
/// responses that were shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Names of the features; empty if the table has texts only.
    pub features: Vec<String>,
    /// In the order of the file.
    pub responses: Vec<Response>,
    /// In the order of their first comparisons.
    pub people: People,
    /// As in [`Responses`].
    pub prompts: Vec<Prompt>,
    /// As in [`Responses`].
    pub notes: Vec<String>,
}

impl Choices {
    /// Reads the tables, with all columns of numbers as features.
    ///
    /// # Errors
    /// The failure names the file, and the line or row.
    pub fn open(tables: &Tables) -> Result<Self, Failure> {
        Choices::open_with(tables, &[])
    }

    /// Reads the tables, with the columns of these names as features.
    ///
    /// # Errors
    /// As [`Choices::open`].
    pub fn open_with(tables: &Tables, wanted: &[String]) -> Result<Self, Failure> {
        let Responses {
            features,
            responses,
            prompts,
            mut notes,
        } = Responses::open(&tables.responses, wanted)?;
        let table = Table::open(&tables.comparisons)?;
        let file = tables.responses.responses.to_string();
        if let Some(rows) = table.rows() {
            let task = format!("{rows} comparisons");
            memory::check(rows.saturating_mul(BYTES_PER_ROW), &task)
                .map_err(|message| Failure::new(table.name(), message))?;
        }
        let (people, found) = comparisons::read(&table, &responses, &file)?;
        notes.extend(found.iter().map(|note| note_about(table.name(), note)));
        Ok(Choices {
            features,
            responses,
            people,
            prompts,
            notes,
        })
    }

    /// Reads the two tables in a folder.
    pub fn read_folder(folder: &Path) -> Result<Self, Failure> {
        Choices::open(&Tables::in_folder(folder)?)
    }
}

/// The number of rows of a table, where its format says so at the start; else 0.
///
/// # Errors
/// The failure names the file.
pub fn count_rows(source: &Source) -> Result<u64, Failure> {
    Ok(Table::open(source)?.rows().unwrap_or(0))
}

/// The people in a table of comparisons between the responses of `file`.
///
/// # Errors
/// The failure names the table, and the line or row.
pub fn read_people(source: &Source, responses: &[Response], file: &str) -> Result<People, Failure> {
    let (people, _) = comparisons::read(&Table::open(source)?, responses, file)?;
    Ok(people)
}

/// Memory that a comparison of two takes while a table is read.
const BYTES_PER_ROW: u64 = 16;

/// The endings of the names of tables in a folder.
const EXTENSIONS: [&str; 5] = ["csv", "csv.gz", "jsonl", "jsonl.gz", "parquet"];

/// The path of a table in a folder.
fn find(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let paths = EXTENSIONS.map(|extension| folder.join(format!("{name}.{extension}")));
    paths.into_iter().find(|path| path.exists()).ok_or_else(|| {
        let extensions = EXTENSIONS.join(", ");
        let message = format!("expected a folder with a table {name} ({extensions}), found none");
        Failure::new(folder.display(), message)
    })
}
