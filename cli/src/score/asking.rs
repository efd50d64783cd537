//! Asking a model: all requests of a run, with a progress bar and Ctrl-C.

use super::arguments::Arguments;
use super::outputs::Outputs;
use super::progress::AskingBar;
use super::{Report, Requests};
use crate::choices::Texts;
use crate::failure::Failure;
use crate::interrupt::{is_interrupted, listen};
use crate::output::Output;
use leaning_scoring::{
    Address, Cache, Client, Finished, Key, Limits, Reply, Request, Retry, RunError, Settings,
    Totals, run,
};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Something to ask a model, and what becomes of the answers.
pub trait Asking {
    /// Number of requests.
    fn count(&self) -> usize;

    /// The request of a number.
    fn request(&self, number: usize) -> Request;

    /// Fails if the table has a column already that is to be written.
    fn check_columns(&self, texts: &Texts) -> Result<(), Failure>;

    /// Writes what came out. Returns the report, and notes.
    fn finish(
        &self,
        texts: &Texts,
        asked: Asked,
        cache: &Cache,
        outputs: &Outputs,
    ) -> Result<(Report, Vec<String>), Failure>;
}

/// The answers of a run.
pub struct Asked {
    finished: Finished,
    retried: u64,
}

impl Asked {
    /// The answer to the request of a number, or why there is none.
    pub fn answer<'a>(&'a self, number: usize, cache: &'a Cache) -> Result<&'a Reply, String> {
        match self.finished.answer(number, cache) {
            Some(Ok(reply)) => Ok(reply),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("it was not asked about".to_owned()),
        }
    }

    pub fn totals(&self) -> &Totals {
        &self.finished.totals
    }

    pub fn requests(&self) -> Requests {
        let totals = self.totals();
        Requests {
            needed: totals.requests,
            cached: totals.cached,
            answered: totals.answered,
            failed: totals.failed,
            retried: self.retried,
        }
    }
}

/// Asks what is not in the cache.
///
/// # Errors
/// If the cache cannot be used, the server refuses or is down, or Ctrl-C ends it.
pub fn ask(
    arguments: &Arguments,
    address: Address,
    key: Option<Key>,
    cache_file: &Path,
    source: &dyn Asking,
    output: Output,
) -> Result<(Asked, Cache), Failure> {
    let cache_failure = |error: &dyn std::fmt::Display| Failure::new(cache_file.display(), error);
    let shown = address.to_string();
    let failure = |message: &dyn std::fmt::Display| Failure::new(&shown, message);
    let settings = Settings {
        key,
        time_limit: Duration::from_secs_f64(arguments.time_limit),
        retry: Retry {
            limit: arguments.retries,
            ..Retry::default()
        },
        ..Settings::new(address)
    };
    let client = Arc::new(Client::new(settings).map_err(|message| failure(&message))?);
    let mut cache = Cache::open(cache_file).map_err(|error| cache_failure(&error))?;
    if let broken @ 1.. = cache.broken_lines() {
        let lines = if broken == 1 { "line" } else { "lines" };
        let file = cache_file.display();
        output.note(&[format!(
            "{file}: {broken} {lines} could not be read, and count for nothing"
        )]);
    }
    let limits = Limits {
        concurrency: arguments.concurrency.get(),
        batch: arguments.batch.get(),
        again: arguments.again,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failure(&error))?;
    listen();
    let bar = AskingBar::new();
    let requests = (source.count(), |number| source.request(number));
    let finished = runtime.block_on(run(
        Arc::clone(&client),
        &mut cache,
        requests,
        &limits,
        |event, totals| bar.show(event, totals),
        is_interrupted,
    ));
    bar.finish();
    let kept = |count: usize| {
        let answers = if count == 1 {
            "answer is"
        } else {
            "answers are"
        };
        let file = cache_file.display();
        format!("{count} {answers} in {file}, and the same command goes on from there")
    };
    let finished = finished.map_err(|error| match &error {
        RunError::Server(error) if cache.is_empty() => failure(error),
        RunError::Server(error) => failure(&format!("{error}; {}", kept(cache.len()))),
        RunError::Unrated(_) => failure(&format!("{error}; --dry-run shows what is asked")),
        RunError::Cache(error) => cache_failure(error),
    })?;
    if finished.is_interrupted {
        let totals = finished.totals;
        let needed = totals.requests;
        let message = format!(
            "{} of {needed}: {}",
            totals.cached + totals.answered,
            kept(cache.len())
        );
        return Err(Failure::new("interrupted", message));
    }
    let retried = client.retried();
    Ok((Asked { finished, retried }, cache))
}
