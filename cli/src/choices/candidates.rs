//! Candidates to rank: a table with a row each.

use super::numbers::Numbers;
use super::responses::{Response, check_ids, id};
use super::table::{Cell, Table};
use super::wanted::is_of;
use crate::failure::Failure;

/// A table of candidates: `id` or `text`, and columns of numbers or of lists of numbers.
pub struct CandidateTable(Table);

/// Candidates with features, valid by construction: ids are unique, features are finite.
pub struct Candidates {
    /// Names of the features that were found.
    pub features: Vec<String>,
    /// In the order of the table. They belong to no prompt.
    pub responses: Vec<Response>,
    /// Notes about the table.
    pub notes: Vec<String>,
}

impl CandidateTable {
    /// The table in the decompressed bytes of a file.
    pub fn of(name: String, bytes: Vec<u8>) -> Result<Self, Failure> {
        Table::of(name, bytes).map(CandidateTable)
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        let CandidateTable(table) = self;
        table.header()
    }

    /// A failure about the columns.
    pub fn flaw(&self, message: &str) -> Failure {
        let CandidateTable(table) = self;
        table.header_flaw(message)
    }

    /// Whether there is a column for this feature.
    pub fn has(&self, feature: &str) -> bool {
        self.header().iter().any(|column| is_of(feature, column))
    }

    /// Reads the candidates with these features. Without a column `id` the text is the id.
    ///
    /// # Errors
    /// The failure names the file, and the line or row.
    pub fn read(&self, features: &[String]) -> Result<Candidates, Failure> {
        let CandidateTable(table) = self;
        let (id_column, text_column) =
            (table.optional_column("id")?, table.optional_column("text")?);
        let Some(name_column) = id_column.or(text_column) else {
            return Err(table.header_flaw("expected a column id or text, found neither"));
        };
        let mut columns = Vec::new();
        for feature in features {
            // A column of lists has its features' name without the number.
            let list = || {
                table
                    .header()
                    .iter()
                    .position(|column| is_of(feature, column))
            };
            columns.extend(table.optional_column(feature)?.or_else(list));
        }
        columns.sort_unstable();
        columns.dedup();
        let mut numbers = Numbers::of(table, &columns)?;
        let mut wanted = vec![name_column];
        wanted.extend(text_column.filter(|&column| column != name_column));
        let (text_slot, first_number) = (wanted.len() - 1, wanted.len());
        wanted.extend(columns);
        let (mut responses, mut places) = (Vec::new(), Vec::new());
        let skipped = table.each(&wanted, |place, cells| {
            let text = text_column.and_then(|_| cells[text_slot].text());
            let id = if id_column.is_some() {
                id(&cells[0])
            } else {
                text_as_id(&cells[0])
            };
            let mut scores = Vec::with_capacity(numbers.count());
            numbers.read(place, &cells[first_number..], &mut scores)?;
            responses.push(Response {
                id: id.map_err(|message| (place, message))?,
                prompt: String::new(),
                scores,
                text: text.map(std::borrow::Cow::into_owned),
            });
            places.push(place);
            Ok(())
        })?;
        let ids = responses
            .iter()
            .map(|response: &Response| response.id.as_str());
        check_ids(table, ids, &places)?;
        let names = numbers.names();
        let is_absent = |feature: &&String| self.has(feature) && !names.contains(feature);
        if let Some(feature) = features.iter().find(is_absent) {
            let message = format!("expected a column {feature} of numbers, found none");
            return Err(table.header_flaw(message));
        }
        Ok(Candidates {
            features: names,
            responses,
            notes: skipped.into_iter().collect(),
        })
    }
}

fn text_as_id(cell: &Cell) -> Result<String, String> {
    let text = cell.text().filter(|text| !text.trim().is_empty());
    text.map(std::borrow::Cow::into_owned)
        .ok_or_else(|| format!("text: expected a text, found {cell}"))
}
