//! `leaning infer`: a person's weights.

use crate::failure::Failure;
use crate::person::Person;
use leaning::model::log::EntryKind;
use leaning::profile::PersonFitFinding;
use leaning::profile::person_fit::person_fit;
use leaning::{Answer, Deck, LaplaceApproximation, Log, LogEntry};
use serde::Serialize;

/// Infer a person's weights from their answers
///
/// Prints the Laplace approximation N(mean, covariance) of the posterior over the weights, in the
/// order of `dimensions`. `answers` counts the answers that hold, without skips. In a long log,
/// `summedUp` of them are the oldest ones, which it keeps as a sum.
///
/// `personFit` is there if the answers do not look as the deck's answer model expects. Each finding
/// has its kind (inconsistent, nonlinear, indifferent or position-bias) and the probability that an
/// ordinary person looks at least as odd.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning infer --deck deck.json --answers answers.json
  leaning infer --deck deck.json --answers answers.json --json
  {\"dimensions\":[\"brevity\"],\"mean\":[0.884],\"covariance\":[[0.877]],\"answers\":1}"
)]
pub struct Arguments {
    #[command(flatten)]
    pub person: Person,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub dimensions: Vec<String>,
    pub mean: Vec<f64>,
    pub covariance: Vec<Vec<f64>>,
    pub answers: usize,
    /// Number of these that the log keeps as a sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summed_up: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub person_fit: Vec<Finding>,
}

#[derive(Debug, Serialize)]
pub struct Finding {
    pub kind: &'static str,
    pub probability: f64,
}

/// The weights of a person, with deck and log.
#[derive(Debug)]
pub struct Inferred {
    pub deck: Deck,
    pub log: Log,
    pub report: Report,
}

pub fn run(arguments: &Arguments) -> Result<Inferred, Failure> {
    let (deck, log) = arguments.person.read()?;
    let model = deck.answer_model();
    let laplace = LaplaceApproximation::infer(deck.prior(), model, &log.evidence(&deck))
        .map_err(|error| arguments.person.failure(error))?;
    let findings = person_fit(deck.prior(), model, &log.observations(&deck));
    let covariance = laplace.covariance();
    let report = Report {
        dimensions: deck
            .dimensions()
            .iter()
            .map(|dimension| dimension.id.clone())
            .collect(),
        mean: laplace.mean().as_slice().to_vec(),
        covariance: covariance
            .row_iter()
            .map(|row| row.iter().copied().collect())
            .collect(),
        answers: answers(&log),
        summed_up: log.summary().map(|summary| summary.counts().answered()),
        person_fit: findings
            .iter()
            .map(|PersonFitFinding { kind, probability }| Finding {
                kind: kind.name(),
                probability: *probability,
            })
            .collect(),
    };
    Ok(Inferred { deck, log, report })
}

/// Number of answers that hold, without skips.
fn answers(log: &Log) -> usize {
    let is_answer = |entry: &&LogEntry| match &entry.kind {
        EntryKind::Answer { answer, .. } => *answer != Answer::Skip,
        EntryKind::Statement { .. } | EntryKind::Retraction { .. } => false,
    };
    log.summed_up().answered() + log.live().filter(is_answer).count()
}
