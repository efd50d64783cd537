//! The texts of prompts.

use super::ids::Places;
use super::responses::{Read, check_ids, id};
use super::table::Table;
use crate::failure::Failure;
use crate::input::Source;

/// A prompt with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Unique.
    pub id: String,
    /// The question or request itself.
    pub text: String,
}

/// The prompts of a file, in its order, and a note about it.
pub(super) fn read(source: &Source) -> Result<(Vec<Prompt>, Option<String>), Failure> {
    of_table(&Table::open(source)?)
}

/// The prompts of a table, in its order, and a note about it.
pub(super) fn of_table(table: &Table) -> Result<(Vec<Prompt>, Option<String>), Failure> {
    let wanted = [table.column("id")?, table.column("text")?];
    let (mut prompts, mut places) = (Vec::new(), Vec::new());
    let skipped = table.each(&wanted, |place, cells| {
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
        table,
        prompts.iter().map(|prompt: &Prompt| prompt.id.as_str()),
        &places,
    )?;
    Ok((prompts, skipped))
}

/// Gives each response the id of its prompt as the prompts of the file `source` have it.
///
/// # Errors
/// Fails if a response is to none of them.
pub(super) fn assign(
    prompts: &[Prompt],
    source: &Source,
    table: &Table,
    read: &mut Read,
) -> Result<(), Failure> {
    let places = Places::of(prompts.iter().map(|prompt| prompt.id.as_str()));
    for (response, &place) in read.responses.iter_mut().zip(&read.places) {
        let Some(prompt) = places.get(&response.prompt) else {
            let message = format!(
                "prompt: expected the id of a prompt in {source}, found {:?}",
                response.prompt
            );
            return Err(table.flaw(place, message));
        };
        response.prompt.clone_from(&prompts[prompt].id);
    }
    Ok(())
}
