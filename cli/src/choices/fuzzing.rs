//! Tables from bytes, for inputs that are made up.

use super::features::Features;
use super::table::{Table, unpacked};
use super::wanted::Wanted;
use super::{comparisons, prompts, responses};
use crate::failure::Failure;

/// The responses that comparisons are about.
const RESPONSES: &[u8] = b"id,prompt,x\na,p,1\nb,p,2\nc,p,3\n";

/// A made-up file may hold this many bytes.
const LIMIT: u64 = 1 << 22;

const EVERYTHING: Wanted = Wanted(&[]);

/// The tables of a data set.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `id`, `prompt`, features.
    Responses,
    /// `user`, `shown`, `chose`, `verdict`.
    Comparisons,
    /// `id`, `text`.
    Prompts,
    /// `id`, features.
    Features,
}

/// Reads a table of this kind.
///
/// # Errors
/// The message of its failure.
pub fn read_table(kind: Kind, bytes: &[u8]) -> Result<(), String> {
    let read = || -> Result<(), Failure> {
        let table = table(bytes)?;
        match kind {
            Kind::Responses => responses::read(&table, &EVERYTHING, false).map(drop),
            Kind::Comparisons => {
                let known = responses::read(&self::table(RESPONSES)?, &EVERYTHING, false)?;
                comparisons::read(&table, &known.responses, "responses").map(drop)
            }
            Kind::Prompts => prompts::of_table(&table).map(drop),
            Kind::Features => {
                Features::of("fuzz".to_owned(), bytes.to_vec(), &EVERYTHING).map(drop)
            }
        }
    };
    read().map_err(|failure| failure.to_string())
}

/// Reads features from a safetensors file or a table.
///
/// # Errors
/// The message of its failure.
pub fn features(bytes: &[u8]) -> Result<(), String> {
    Features::of("fuzz".to_owned(), bytes.to_vec(), &EVERYTHING)
        .map(drop)
        .map_err(|failure| failure.to_string())
}

fn table(bytes: &[u8]) -> Result<Table, Failure> {
    Table::of("fuzz".to_owned(), unpacked("fuzz", bytes.to_vec(), LIMIT)?)
}
