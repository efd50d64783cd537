//! `leaning rank`: candidates, best first for a person.

use crate::deck::candidates::{ScoredCandidates, Target, read};
use crate::deck::read::read_deck_and_fields;
use crate::failure::Failure;
use crate::input::Source;
use crate::person::Person;
use leaning::decision::ranking::RankingReason;
use leaning::{Deck, Interview, Options, RankOptions, RankedCandidate};
use serde::Serialize;

/// Rank candidates of one prompt for a person, best first
///
/// Scores are on the deck's scale, not on that of a sheet: `build` divides a column by the root mean
/// square difference of two candidates of a prompt. A table with the columns of the deck's `basis` is
/// put on that scale; without a basis, the columns are taken for scores as they are.
///
/// Prints a list with, for each candidate:
///   index               its place in the input, from 0
///   reward              only differences between candidates mean anything
///   sd                  standard deviation of its reward minus the average candidate's
///   probabilityBest     the probability that it is the best
///   probabilityBetter   the probability that it is better than the population's pick; 0.5 for that
///   populationPick      whether it is the population's pick: the best by the prior's mean weights,
///                       or the first of the input if the deck has no prior
///   contributions       for each dimension, how much it adds to the reward minus the average
///   softmaxProbability  with --temperature: its share in softmax(reward / temperature)
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning rank --deck deck.json --answers answers.json --candidates new.csv
  echo '[{\"id\":\"long\",\"scores\":[-0.8]},{\"id\":\"short\",\"scores\":[0.9]}]' |
    leaning rank --deck deck.json --answers answers.json --candidates - | jq -r '.[0].id'"
)]
pub struct Arguments {
    #[command(flatten)]
    pub person: Person,

    /// The candidates: a table (CSV, JSON Lines or Parquet) with `id` or `text`, and a column of the
    /// deck's basis or dimensions each; a deck that `build --basis` made; or a JSON list of {"id",
    /// "scores"}, scored on the deck's scale
    #[arg(long, value_name = "FILE")]
    pub candidates: Source,

    /// Also print each candidate's probability in softmax(reward / NUMBER), soft best-of-N
    #[arg(long, value_name = "NUMBER", value_parser = temperature, allow_negative_numbers = true)]
    temperature: Option<f64>,

    /// Put the population's pick first unless the best candidate for the person is better with at
    /// least this probability
    #[arg(long, value_name = "PROBABILITY", value_parser = probability, allow_negative_numbers = true)]
    at_least: Option<f64>,
}

fn probability(text: &str) -> Result<f64, String> {
    let probability = text
        .parse()
        .ok()
        .filter(|number: &f64| (0.0..=1.0).contains(number));
    probability.ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

fn temperature(text: &str) -> Result<f64, String> {
    let temperature = text
        .parse()
        .ok()
        .filter(|number: &f64| *number > 0.0 && number.is_finite());
    temperature.ok_or_else(|| "expected a number above 0".to_owned())
}

/// One candidate of the ranking.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub index: usize,
    pub reward: f64,
    pub sd: f64,
    pub probability_best: f64,
    pub probability_better: f64,
    pub population_pick: bool,
    pub contributions: Vec<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub softmax_probability: Option<f64>,
    /// For people only.
    #[serde(skip)]
    pub reasons: Vec<RankingReason>,
}

/// The ranking, and the deck whose dimensions give its reasons.
#[derive(Debug)]
pub struct Ranked {
    pub deck: Deck,
    pub places: Vec<Place>,
    /// How scores came about that were not given.
    pub origin: Option<String>,
    pub notes: Vec<String>,
}

pub fn run(arguments: &Arguments) -> Result<Ranked, Failure> {
    let (deck, fields) = read_deck_and_fields(&arguments.person.deck)?;
    let log = arguments.person.read_log(&deck)?;
    let flaw = |error| Failure::found_in(&arguments.candidates, error);
    let target = Target {
        source: &arguments.person.deck,
        deck: &deck,
        fields: &fields,
    };
    let ScoredCandidates {
        candidates,
        origin,
        notes,
    } = read(&arguments.candidates, &target)?;
    let interview = Interview::open(deck, log, Options::default())
        .map_err(|error| arguments.person.failure(error))?;
    let options = RankOptions {
        temperature: arguments.temperature,
        at_least: arguments.at_least,
    };
    let ranked = interview.rank(&candidates, options).map_err(flaw)?;
    let place = |ranked: RankedCandidate| Place {
        id: candidates[ranked.index].id.clone(),
        index: ranked.index,
        reward: ranked.reward,
        sd: ranked.sd,
        probability_best: ranked.probability_best,
        probability_better: ranked.probability_better,
        population_pick: ranked.population_pick,
        contributions: ranked.contributions.as_slice().to_vec(),
        softmax_probability: ranked.softmax_probability,
        reasons: ranked.reasons(),
    };
    Ok(Ranked {
        places: ranked.into_iter().map(place).collect(),
        deck: interview.deck().clone(),
        origin,
        notes,
    })
}
