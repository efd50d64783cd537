//! `leaning rank`: candidates, best first for a person.

use crate::failure::Failure;
use crate::input::{Person, Source};
use leaning::{Interview, Options};
use serde::Serialize;

/// Rank candidates of one prompt for a person, best first
///
/// Prints a list with, for each candidate:
///   index          its place in the input, from 0
///   reward         meaningful only against the others'
///   sd             standard deviation of its reward minus the average one
///   chanceBest     the chance that it is the best
///   contributions  what each dimension adds to its reward minus what it adds to the average one
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  echo '[{\"id\":\"long\",\"scores\":[-0.8]},{\"id\":\"short\",\"scores\":[0.9]}]' |
    leaning rank --deck deck.json --answers answers.json --candidates - | jq -r '.[0].id'"
)]
pub struct Arguments {
    #[command(flatten)]
    pub person: Person,

    /// The candidates, a JSON list of {"id", "scores"}, scored on the deck's scale
    #[arg(long, value_name = "FILE")]
    pub candidates: Source,

    /// Also print each candidate's probability in softmax(reward / NUMBER), soft best-of-N
    #[arg(long, value_name = "NUMBER", value_parser = temperature, allow_negative_numbers = true)]
    temperature: Option<f64>,
}

fn temperature(text: &str) -> Result<f64, String> {
    let temperature = text.parse().ok().filter(|number: &f64| *number > 0.0 && number.is_finite());
    temperature.ok_or_else(|| "expected a number above 0".to_owned())
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    index: usize,
    reward: f64,
    sd: f64,
    chance_best: f64,
    contributions: Vec<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
}

pub fn run(arguments: &Arguments) -> Result<Vec<Place>, Failure> {
    let (deck, log) = arguments.person.read()?;
    let candidates = arguments.candidates.read_candidates(deck.dimensions().len())?;
    let failure = |error| arguments.person.failure(error);
    let interview = Interview::open(deck, log, Options::default()).map_err(failure)?;
    let ranked = interview.rank(&candidates, arguments.temperature).map_err(failure)?;
    let place = |ranked: leaning::Ranked| Place {
        id: candidates[ranked.index].id.clone(),
        index: ranked.index,
        reward: ranked.reward,
        sd: ranked.sd,
        chance_best: ranked.chance_best,
        contributions: ranked.contributions,
        probability: ranked.probability,
    };
    Ok(ranked.into_iter().map(place).collect())
}
