//! `leaning ask`: the next question to ask a person.

use crate::failure::Failure;
use crate::input::Person;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use leaning::{Interview, Options, StopRule, Strategy};
use serde::Serialize;

/// Choose the next question to ask
///
/// Prints the candidates to show, in the order in which to show them, the question's score under the
/// strategy, and the runners-up, best first. When the interview is over it prints {"done":true} and the
/// reason: `questions` where enough were answered, `exhausted` where the deck has none left, `regret` and `gain`
/// where the rules of these names say so.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning ask --deck deck.json --answers answers.json --alternatives 1
  {\"shown\":[\"p2/b\",\"p2/a\"],\"strategy\":\"information-gain\",\"score\":0.214,\"alternatives\":\
[{\"shown\":[\"p2/a\",\"p2/c\"],\"score\":0.172}]}"
)]
pub struct Arguments {
    #[command(flatten)]
    pub person: Person,

    /// How to choose
    #[arg(long, value_parser = strategy(), default_value = Strategy::default().name())]
    strategy: Strategy,

    /// Draw sides, and `random` questions, the same way each time; otherwise they differ from run to run
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

    /// End the interview after so many answers; what was skipped does not count
    #[arg(long, value_name = "NUMBER", default_value_t = StopRule::default().questions)]
    questions: usize,

    /// End the interview when the expected regret over the deck's prompts is below this share
    #[arg(long, value_name = "SHARE")]
    regret: Option<f64>,

    /// End the interview when the best question left would tell less than so many bits
    #[arg(long, value_name = "BITS")]
    gain: Option<f64>,

    /// How many candidates to show, 2 to 4; what the deck says unless given
    #[arg(long, value_name = "NUMBER")]
    choose: Option<usize>,

    /// After so many further answers an answer counts half
    #[arg(long, value_name = "ANSWERS")]
    half_life: Option<f64>,

    /// How many runners-up to print, at most
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    alternatives: u16,
}

pub fn strategy() -> impl TypedValueParser<Value = Strategy> {
    let names = PossibleValuesParser::new(Strategy::NAMES.map(|(name, _)| name));
    names.try_map(|name| Strategy::from_name(&name).ok_or("there is no such strategy"))
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Report {
    Question { shown: Vec<String>, strategy: &'static str, score: f64, alternatives: Vec<Alternative> },
    Over { done: bool, reason: Option<&'static str> },
}

#[derive(Debug, Serialize)]
pub struct Alternative {
    shown: [String; 2],
    score: f64,
}

pub fn run(arguments: &Arguments) -> Result<Report, Failure> {
    let (deck, log) = arguments.person.read()?;
    let &Arguments { strategy, seed, questions, regret, gain, choose, half_life, .. } = arguments;
    let stop = StopRule { questions, regret, gain };
    let options = Options { strategy, stop, seed, choose, half_life, sample: Vec::new() };
    let mut interview = Interview::open(deck, log, options).map_err(|error| arguments.person.failure(error))?;
    let Some(question) = interview.next().cloned() else {
        return Ok(Report::Over { done: true, reason: interview.status().reason.map(|reason| reason.name()) });
    };
    let alternatives = interview.alternatives(arguments.alternatives.into());
    Ok(Report::Question {
        shown: question.shown.into_iter().map(|shown| shown.name).collect(),
        strategy: question.strategy.name(),
        score: question.score,
        alternatives: alternatives.into_iter().map(|(shown, score)| Alternative { shown, score }).collect(),
    })
}
