//! `leaning infer`: a person's weights.

use crate::failure::Failure;
use crate::output;
use crate::person::Person;
use leaning::model::log::EntryKind;
use leaning::profile::PersonFitFinding;
use leaning::profile::person_fit::{PersonFitKind, person_fit};
use leaning::{Answer, LaplaceApproximation, Log, LogEntry};
use serde::Serialize;
use std::io::{self, IsTerminal};

/// Infer a person's weights from their answers
///
/// Prints the Laplace approximation N(mean, covariance) of the posterior over the weights, in the
/// order of `dimensions`. `answers` counts the answers that hold, without skips.
///
/// `personFit` is there if the answers do not look as the deck's answer model expects. Each finding
/// has its kind (inconsistent, nonlinear, indifferent or position-bias) and the probability that an
/// ordinary person looks at least as odd. At a terminal, a sentence explains it.
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
#[serde(rename_all = "camelCase")]
struct Report {
    dimensions: Vec<String>,
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    answers: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    person_fit: Vec<Finding>,
}

#[derive(Debug, Serialize)]
struct Finding {
    kind: &'static str,
    probability: f64,
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (deck, log) = arguments.person.read()?;
    let model = deck.answer_model();
    let laplace = LaplaceApproximation::infer(deck.prior(), model, &log.evidence(&deck))
        .map_err(|error| arguments.person.failure(error))?;
    let findings = person_fit(deck.prior(), model, &log.observations(&deck));
    let covariance = laplace.covariance();
    output::print(&Report {
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
        person_fit: findings
            .iter()
            .map(|PersonFitFinding { kind, probability }| Finding {
                kind: kind.name(),
                probability: *probability,
            })
            .collect(),
    })?;
    if io::stderr().is_terminal() {
        output::note(
            &findings
                .iter()
                .map(|finding| sentence(finding.kind).to_owned())
                .collect::<Vec<_>>(),
        );
    }
    Ok(())
}

fn sentence(kind: PersonFitKind) -> &'static str {
    match kind {
        PersonFitKind::Inconsistent => {
            "the answers contradict each other more than occasional lapses explain (inconsistent)"
        }
        PersonFitKind::Nonlinear => {
            "the answers agree with each other, but no weighted sum of the scores explains them \
             (nonlinear)"
        }
        PersonFitKind::Indifferent => {
            "no difference between the candidates seems to matter to this person (indifferent)"
        }
        PersonFitKind::PositionBias => {
            "the place of a candidate seems to decide, whatever stands there (position-bias)"
        }
    }
}

/// Number of answers that hold, without skips.
fn answers(log: &Log) -> usize {
    let is_answer = |entry: &&LogEntry| match &entry.kind {
        EntryKind::Answer { answer, .. } => *answer != Answer::Skip,
        EntryKind::Statement { .. } | EntryKind::Retraction { .. } => false,
    };
    log.live().filter(is_answer).count()
}
