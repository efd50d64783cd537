//! `leaning score`: numbers for texts, from models that the publisher runs or rents.

mod arguments;
mod asking;
mod dry_run;
mod embed;
mod judge;
mod metadata;
mod outputs;
mod progress;
mod reliability;
mod rewards;
mod table;

pub use arguments::Arguments;
pub use dry_run::DryRun;
pub use progress::tokens;
pub use table::LITTLE_AGREEMENT;

use crate::choices::Texts;
use crate::deck::differences::Correlated;
use crate::failure::Failure;
use crate::models::{key_or_default, note_about_key, variable};
use crate::output::Output;
use asking::Asked;
use leaning_scoring::Tokens;
use outputs::Outputs;
use serde::Serialize;
use std::path::PathBuf;

/// The result of a command.
pub enum Scored {
    /// Nothing was sent.
    DryRun(DryRun),
    Report(Report),
}

/// A finished run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub out: PathBuf,
    pub metadata: PathBuf,
    pub cache: PathBuf,
    /// The version of the instruction of a judge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruction: Option<&'static str>,
    /// The number of ways in which a judge was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phrasings: Option<usize>,
    pub texts: usize,
    /// Texts with all of their numbers.
    pub scored: usize,
    /// Numbers of an embedding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<usize>,
    pub dimensions: Vec<DimensionReport>,
    pub correlations: Vec<Vec<f64>>,
    pub correlated: Vec<Correlated>,
    pub unrated: Vec<Unrated>,
    pub requests: Requests,
    pub tokens: Tokens,
    pub cached_tokens: Tokens,
}

/// How reliable a dimension is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DimensionReport {
    pub id: String,
    pub mean: f64,
    /// The standard deviation over texts.
    pub sd: f64,
    /// The share of the variance that lies within prompts; `None` if it does not vary.
    pub within_prompts: Option<f64>,
    /// The mean correlation of two phrasings within prompts; `None` of one phrasing.
    pub agreement: Option<f64>,
    /// The reliability of the phrasings' mean.
    pub reliability: Option<f64>,
    /// Texts without a number.
    pub unrated: usize,
}

/// A text that has no number.
#[derive(Debug, Clone, Serialize)]
pub struct Unrated {
    pub id: String,
    /// `None` if it has none at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<String>,
    pub because: String,
}

/// Numbers of requests.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Requests {
    /// Different requests that the texts need.
    pub needed: usize,
    /// Those whose answers were in the cache.
    pub cached: usize,
    pub answered: usize,
    pub failed: usize,
    /// Attempts at what had been tried before.
    pub retried: u64,
}

/// The numbers of texts.
struct Scores {
    dimensions: Vec<String>,
    /// For each text as many numbers as dimensions, where it has them.
    rows: Vec<Vec<Option<f64>>>,
    /// For each phrasing of a judge, its own ratings as above.
    phrasings: Vec<Vec<Vec<Option<f64>>>>,
    unrated: Vec<Unrated>,
    asked: Asked,
}

/// Asks a model about texts.
///
/// # Errors
/// For wrong arguments and files, if the server refuses or is down, and if Ctrl-C ends it.
pub fn run(arguments: &Arguments, output: Output) -> Result<Scored, Failure> {
    let mut texts = Texts::open(&arguments.responses, arguments.prompts.as_ref())?;
    if let Some(limit) = arguments.limit {
        texts.rows.truncate(limit.get());
    }
    check_ids(&texts)?;
    let fields = arguments.asked.read_fields()?;
    let (kind, address) = arguments.server()?;
    let named = arguments.key_from.as_deref();
    let key = key_or_default("--key-from", named)?;
    let source = arguments.source(kind, &texts, fields)?;
    if arguments.dry_run {
        output.note(&texts.notes);
        let requests = source.count();
        let request = source.request(0);
        let variable = key.as_ref().map(|_| variable(named).to_owned());
        return Ok(Scored::DryRun(DryRun::new(
            &address, &request, variable, requests,
        )));
    }
    let outputs = Outputs::of(arguments, kind)?;
    outputs.check()?;
    source.check_columns(&texts)?;
    let mut notes = texts.notes.clone();
    notes.extend(note_about_key(key.as_ref(), &address));
    output.note(&notes);
    let (asked, cache) = asking::ask(
        arguments,
        address,
        key,
        &outputs.cache,
        source.as_ref(),
        output,
    )?;
    let (report, notes) = source.finish(&texts, asked, &cache, &outputs)?;
    output.note(&notes);
    Ok(Scored::Report(report))
}

/// Fails for an id that a deck cannot have: better now than after everything was paid for.
fn check_ids(texts: &Texts) -> Result<(), Failure> {
    for row in &texts.rows {
        for id in [&row.id, &row.prompt] {
            crate::deck::prompts::check_id(id).map_err(|message| {
                Failure::new(&texts.file, format!("response {:?}: {message}", row.id))
            })?;
        }
    }
    Ok(())
}
