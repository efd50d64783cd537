//! `leaning prior`: a prior from weights that people shared.

use crate::deck::read::read_deck;
use crate::failure::Failure;
use crate::input::Source;
use crate::sharing::{Moments, SharedRecord, standardised_prior, unstandardised};
use leaning::Deck;
use nalgebra::DMatrix;
use serde::Serialize;
use serde_json::Value;

/// Make a prior from weights that people shared under local differential privacy
///
/// Reads records of the format leaning-shared/1, which `shareable` of the npm package makes, one a
/// line or in a JSON list. The noise is taken off the covariance, and each number moves away from the
/// deck's prior only as far as its error allows: with few records the prior stays as it is.
///
/// Prints
///   deck        id of the deck
///   records     number of records
///   dimensions  for each its id, the records about it, the mean of its weight in standard deviations
///               of the deck's prior from the prior's mean, the standard error of that, and the share
///               of it that the new prior takes over
///   prior       mean and covariance, for the deck
///
/// Anybody can send records, also false ones: each moves the mean by at most one record's noise.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning prior --deck deck.json --shared records.jsonl --json | jq .prior"
)]
pub struct Arguments {
    /// The deck that people answered about
    #[arg(long, value_name = "FILE")]
    pub deck: Source,

    /// The records; repeat it for several files
    #[arg(long, value_name = "FILE", required = true)]
    pub shared: Vec<Source>,
}

impl Arguments {
    pub fn sources(&self) -> Vec<&Source> {
        [&self.deck].into_iter().chain(&self.shared).collect()
    }
}

#[derive(Debug, Serialize)]
pub struct Report {
    pub deck: String,
    pub records: usize,
    pub dimensions: Vec<Learned>,
    prior: PriorReport,
}

/// The estimates of one dimension from records.
#[derive(Debug, Serialize)]
pub struct Learned {
    pub id: String,
    pub records: usize,
    /// Absent with fewer than two records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<Estimate>,
    pub used: f64,
}

#[derive(Debug, Serialize)]
pub struct Estimate {
    pub value: f64,
    pub error: f64,
}

#[derive(Debug, Serialize)]
struct PriorReport {
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
}

pub fn run(arguments: &Arguments) -> Result<Report, Failure> {
    let deck = read_deck(&arguments.deck)?;
    if deck.prior().dimensions() != deck.dimensions().len() {
        let message = "weights of a deck with curved dimensions cannot be shared";
        return Err(Failure::new(&arguments.deck, message));
    }
    let mut records = Vec::new();
    for source in &arguments.shared {
        records.extend(read_records(source, &deck)?);
    }
    let (correlations, _) = standardised_prior(deck.prior());
    let moments = Moments::estimate(&records, deck.dimensions().len());
    let (mean, covariance) = moments.shrunk(&correlations);
    let prior = unstandardised(deck.prior(), &mean, &covariance)
        .map_err(|error| Failure::found_in(&arguments.deck, error))?;
    let dimensions = deck.dimensions().iter().enumerate();
    let dimensions = dimensions.map(|(place, dimension)| {
        let (value, error) = (moments.mean[place], moments.mean_error[place]);
        Learned {
            id: dimension.id.clone(),
            records: moments.records[place],
            mean: error.is_finite().then_some(Estimate { value, error }),
            used: if value == 0.0 {
                0.0
            } else {
                mean[place] / value
            },
        }
    });
    Ok(Report {
        deck: deck.id().to_owned(),
        records: records.len(),
        dimensions: dimensions.collect(),
        prior: PriorReport {
            mean: prior.mean().as_slice().to_vec(),
            covariance: rows(&prior.covariance()),
        },
    })
}

fn rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    let rows = matrix.row_iter();
    rows.map(|row| row.iter().copied().collect()).collect()
}

/// Records in a JSON list, or one a line.
fn read_records(source: &Source, deck: &Deck) -> Result<Vec<SharedRecord>, Failure> {
    let bytes = source.read_bytes()?;
    let is_list = bytes.trim_ascii_start().starts_with(b"[");
    let (name, values) = if is_list {
        match source.parse(bytes)? {
            Value::Array(values) => ("record", values),
            _ => ("record", Vec::new()),
        }
    } else {
        let lines = bytes.split(|&byte| byte == b'\n');
        let lines = lines.filter(|line| !line.trim_ascii().is_empty());
        let values = lines.map(|line| source.parse(line.to_vec()));
        ("line", values.collect::<Result<_, _>>()?)
    };
    let records = values.iter().enumerate().map(|(index, value)| {
        SharedRecord::read(value, deck)
            .map_err(|message| Failure::new(source, format!("{name} {}: {message}", index + 1)))
    });
    records.collect()
}
