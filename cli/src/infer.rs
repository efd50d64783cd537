//! `leaning infer`: what is believed about a person's weights.

use crate::failure::Failure;
use crate::input::Person;
use leaning::diagnosis::{Finding, diagnose};
use leaning::log::{Entry, Log};
use leaning::{Answer, Belief};
use serde::Serialize;

/// Infer a person's weights from their answers
///
/// Prints the belief N(mean, covariance) over the weights, in the order of `dimensions`. `answers`
/// counts what the person said to questions and has not taken back, without what they skipped. Where the
/// answers are odd, `diagnosis` says how: noisy, misfit, flat or one-sided, the chance that somebody who
/// answers as expected looks so, and a sentence.
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnosis: Vec<Oddity>,
}

/// What is odd about the answers.
#[derive(Debug, Serialize)]
struct Oddity {
    kind: &'static str,
    chance: f64,
    words: String,
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
        diagnosis: diagnose(deck.prior(), model, &log.seen(&model)).into_iter().map(Oddity::from).collect(),
    })
}

impl From<Finding> for Oddity {
    fn from(Finding { kind, chance, words }: Finding) -> Self {
        Oddity { kind: kind.name(), chance, words }
    }
}

fn answers(log: &Log) -> usize {
    let answered = |entry: &Entry| matches!(entry, Entry::Answer { answer, .. } if *answer != Answer::Skip);
    log.live().filter(|record| answered(&record.entry)).count()
}
