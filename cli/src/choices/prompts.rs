//! The texts of prompts.

use super::responses::{Read, check_ids, id};
use super::table::Table;
use crate::failure::Failure;
use crate::input::Source;
use std::collections::HashSet;

/// A prompt with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Unique.
    pub id: String,
    /// The question or request itself.
    pub text: String,
}

/// The prompts of a table, in its order.
pub(super) fn read(source: &Source) -> Result<Vec<Prompt>, Failure> {
    let table = Table::open(source)?;
    let wanted = [table.column("id")?, table.column("text")?];
    let (mut prompts, mut places) = (Vec::new(), Vec::new());
    table.each(&wanted, |place, cells| {
        let text = cells[1]
            .text()
            .ok_or_else(|| (place, format!("text: expected a text, found {}", cells[1])))?;
        prompts.push(Prompt {
            id: id(&cells[0]).map_err(|message| (place, message))?,
            text: text.into_owned(),
        });
        places.push(place);
        Ok(())
    })?;
    check_ids(
        &table,
        prompts.iter().map(|prompt: &Prompt| prompt.id.as_str()),
        &places,
    )?;
    Ok(prompts)
}

/// Fails if a response is to none of these prompts.
pub(super) fn check(prompts: &[Prompt], table: &Table, read: &Read) -> Result<(), Failure> {
    let known: HashSet<&str> = prompts.iter().map(|prompt| prompt.id.as_str()).collect();
    let stray = read
        .responses
        .iter()
        .zip(&read.places)
        .find(|(of, _)| !known.contains(of.prompt.as_str()));
    stray.map_or(Ok(()), |(of, &place)| {
        Err(table.flaw(
            place,
            format!("prompt: expected the id of a prompt, found {:?}", of.prompt),
        ))
    })
}
