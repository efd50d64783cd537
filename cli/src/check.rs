//! `leaning check`: is this a valid deck, and what is in it?

use crate::failure::Failure;
use crate::input::Source;
use leaning::question;
use serde::Serialize;

/// Say whether a deck is valid, and where not
///
/// Prints what the deck holds. `pairs` counts what can be asked about: two candidates of one prompt
/// whose scores differ. A broken deck gives one line on standard error that names the place.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning check deck.json
  {\"valid\":true,\"id\":\"replies\",\"version\":\"1\",\"dimensions\":[\"brevity\"],\"prompts\":8,\"candidates\":32,\"pairs\":48}"
)]
pub struct Arguments {
    /// The deck, a leaning-deck/1 file
    #[arg(value_name = "DECK")]
    pub deck: Source,
}

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
    let deck = arguments.deck.read_deck()?;
    Ok(Report {
        valid: true,
        id: deck.id().to_owned(),
        version: deck.version().to_owned(),
        dimensions: deck.dimensions().iter().map(|dimension| dimension.id.clone()).collect(),
        prompts: deck.prompts().len(),
        candidates: deck.prompts().iter().map(|prompt| prompt.candidates.len()).sum(),
        pairs: question::pairs(&deck).count(),
    })
}
