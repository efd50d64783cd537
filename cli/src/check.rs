//! `leaning check`: whether a deck is valid, and its content in numbers.

use crate::deck::read::read_deck;
use crate::failure::Failure;
use crate::input::Source;
use leaning::question;
use serde::Serialize;

/// Check whether a deck is valid
///
/// Prints what the deck holds. `pairs` counts what can be asked about: two candidates of one
/// prompt whose scores differ. For a broken deck, one line on standard error names the place.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning check deck.json
  {\"valid\":true,\"id\":\"replies\",\"version\":\"1\",\"dimensions\":[\"brevity\"],\"prompts\":8,\
\"candidates\":32,\"pairs\":48}"
)]
pub struct Arguments {
    /// The deck, a leaning-deck/1 file
    #[arg(value_name = "DECK")]
    pub deck: Source,
}

/// The content of a valid deck.
#[derive(Debug, Serialize)]
pub struct Report {
    valid: bool,
    id: String,
    version: String,
    dimensions: Vec<String>,
    prompts: usize,
    candidates: usize,
    pairs: usize,
}

pub fn run(arguments: &Arguments) -> Result<Report, Failure> {
    let deck = read_deck(&arguments.deck)?;
    Ok(Report {
        valid: true,
        id: deck.id().to_owned(),
        version: deck.version().to_owned(),
        dimensions: deck
            .dimensions()
            .iter()
            .map(|dimension| dimension.id.clone())
            .collect(),
        prompts: deck.prompts().len(),
        candidates: deck
            .prompts()
            .iter()
            .map(|prompt| prompt.candidates.len())
            .sum(),
        pairs: question::pairs(&deck).len(),
    })
}
