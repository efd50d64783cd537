//! `leaning infer`: what is believed about a person's weights.

use crate::failure::Failure;
use crate::input::Person;
use leaning::log::{Entry, Log};
use leaning::{Answer, Belief};
use serde::Serialize;

/// Infer a person's weights from their answers
///
/// Prints the belief N(mean, covariance) over the weights, in the order of `dimensions`. `answers`
/// counts what the person said to questions and has not taken back, without what they skipped.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning infer --deck deck.json --answers answers.json
  {\"dimensions\":[\"brevity\"],\"mean\":[0.884],\"covariance\":[[0.877]],\"answers\":1}"
)]
pub struct Arguments {
    #[command(flatten)]
    pub person: Person,
}

#[derive(Debug, Serialize)]
pub struct Report {
    dimensions: Vec<String>,
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    answers: usize,
}

pub fn run(arguments: &Arguments) -> Result<Report, Failure> {
    let (deck, log) = arguments.person.read()?;
    let model = deck.answer_model();
    let belief = Belief::infer(deck.prior(), model, &log.evidence(&model));
    let belief = belief.map_err(|error| arguments.person.failure(error))?;
    Ok(Report {
        dimensions: deck.dimensions().iter().map(|dimension| dimension.id.clone()).collect(),
        mean: belief.mean().to_vec(),
        covariance: belief.covariance(),
        answers: answers(&log),
    })
}

fn answers(log: &Log) -> usize {
    let answered = |entry: &Entry| matches!(entry, Entry::Answer { answer, .. } if *answer != Answer::Skip);
    log.live().filter(|record| answered(&record.entry)).count()
}
