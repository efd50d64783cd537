//! Many requests, a few at a time.

use crate::answer::{Answer, Reply};
use crate::cache::{Cache, CacheError};
use crate::client::Client;
use crate::error::Error;
use crate::request::{Fingerprint, Request};
use crate::tokens::Tokens;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error as ThisError;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// How often it is looked whether the run is to stop.
const LOOK: Duration = Duration::from_millis(50);
/// The longest time that a stopped run waits for what is under way.
const GRACE: Duration = Duration::from_secs(30);
/// As many failures in a row are a server that is down, or requests that it does not understand.
const IN_A_ROW: usize = 8;
/// As many answers without a single rating are a model that does not understand what is asked.
const WITHOUT_A_RATING: usize = 32;

/// Limits of a run.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests under way at once.
    pub concurrency: usize,
    /// Requests for embeddings that are sent as one.
    pub batch: usize,
    /// Whether models are asked again that did not answer with what they were asked for.
    pub again: bool,
}

/// Numbers of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Different requests.
    pub requests: usize,
    /// Those whose answers were in the cache.
    pub cached: usize,
    /// Those that were answered now.
    pub answered: usize,
    /// Those that failed.
    pub failed: usize,
    /// Tokens of the answers of now.
    pub tokens: Tokens,
    /// Tokens of the answers from the cache.
    pub cached_tokens: Tokens,
}

/// Something that a progress bar shows.
#[derive(Debug, Clone, Copy)]
pub enum Event {
    /// It has been found out what is in the cache.
    Started,
    /// Something was answered or failed.
    Went,
    /// No more requests are sent; as many are under way.
    Stopping(usize),
}

/// The end of a run.
#[derive(Debug)]
pub struct Finished {
    /// By request.
    fingerprints: Vec<Fingerprint>,
    failures: HashMap<Fingerprint, Error>,
    /// Its numbers.
    pub totals: Totals,
    /// Whether it was stopped before all requests were sent.
    pub is_interrupted: bool,
}

impl Finished {
    /// The answer to a request; `None` if it was never sent.
    pub fn answer<'a>(
        &'a self,
        request: usize,
        cache: &'a Cache,
    ) -> Option<Result<&'a Reply, &'a Error>> {
        let fingerprint = &self.fingerprints[request];
        match cache.get(fingerprint) {
            Some(reply) => Some(Ok(reply)),
            None => self.failures.get(fingerprint).map(Err),
        }
    }
}

/// Why a run ended early. What was answered before is in the cache.
#[derive(Debug, ThisError)]
pub enum RunError {
    /// The server refuses all requests, or is down.
    #[error("{0}")]
    Server(Error),
    /// The model has not answered once with what it was asked for. Holds why, for the last time.
    #[error("none of {WITHOUT_A_RATING} answers was of use: {0}")]
    Unrated(String),
    /// The cache cannot be written.
    #[error("{0}")]
    Cache(CacheError),
}

/// Sends requests, those alone whose answers are not in the cache, and each once. `request` makes the one of a number; it
/// always makes the same.
///
/// A request that fails does not end the run, unless the failure concerns all.
///
/// # Errors
/// If the server refuses all requests or is down, the model does not understand what is asked, or the cache cannot be
/// written.
pub async fn run(
    client: Arc<Client>,
    cache: &mut Cache,
    (count, request): (usize, impl Fn(usize) -> Request),
    limits: &Limits,
    mut on_event: impl FnMut(Event, &Totals),
    is_stopped: impl Fn() -> bool,
) -> Result<Finished, RunError> {
    let fingerprints: Vec<_> = (0..count)
        .map(|number| request(number).fingerprint())
        .collect();
    let mut totals = Totals::default();
    let mut queue = VecDeque::new();
    let mut known = HashSet::new();
    for (number, fingerprint) in fingerprints.iter().enumerate() {
        if !known.insert(*fingerprint) {
            continue;
        }
        totals.requests += 1;
        match cache.get(fingerprint) {
            Some(reply) if !(limits.again && is_unrated(reply)) => {
                totals.cached += 1;
                totals.cached_tokens += reply.tokens;
            }
            _ => queue.push_back(number),
        }
    }
    on_event(Event::Started, &totals);
    let mut failures = HashMap::new();
    let mut under_way = JoinSet::new();
    let mut in_a_row = 0;
    let is_of_use = |fingerprint| {
        cache
            .get(fingerprint)
            .is_some_and(|reply| !is_unrated(reply))
    };
    let mut is_understood = known.iter().any(is_of_use);
    let mut stopped_at: Option<Instant> = None;
    loop {
        if stopped_at.is_none() && is_stopped() && !(queue.is_empty() && under_way.is_empty()) {
            stopped_at = Some(Instant::now());
            client.stop_retrying();
            on_event(Event::Stopping(under_way.len()), &totals);
        }
        while stopped_at.is_none() && under_way.len() < limits.concurrency.max(1) {
            let batch: Vec<(Fingerprint, Request)> = next_batch(&mut queue, &request, limits.batch)
                .into_iter()
                .map(|(number, request)| (fingerprints[number], request))
                .collect();
            if batch.is_empty() {
                break;
            }
            let client = Arc::clone(&client);
            under_way.spawn(async move {
                let requests: Vec<&Request> = batch.iter().map(|(_, request)| request).collect();
                let replies = client.ask(&requests).await;
                let fingerprints: Vec<_> = batch.iter().map(|(of, _)| *of).collect();
                (fingerprints, replies)
            });
        }
        if under_way.is_empty() || stopped_at.is_some_and(|at| at.elapsed() > GRACE) {
            break;
        }
        let ended = tokio::select! {
            ended = under_way.join_next() => ended,
            () = sleep(LOOK) => continue,
        };
        // A task that panicked has no answer; its requests are asked for in the next run.
        let Some(Ok((asked, replies))) = ended else {
            continue;
        };
        match replies {
            Ok(replies) => {
                in_a_row = 0;
                totals.answered += asked.len();
                let mut refusal = None;
                for (fingerprint, reply) in asked.into_iter().zip(replies) {
                    totals.tokens += reply.tokens;
                    match &reply.answer {
                        Answer::Unrated { because } => refusal = Some(because.clone()),
                        Answer::Numbers { .. } => is_understood = true,
                    }
                    cache.keep(fingerprint, reply).map_err(RunError::Cache)?;
                }
                if let Some(because) = refusal
                    && !is_understood
                    && totals.answered >= WITHOUT_A_RATING
                {
                    return Err(RunError::Unrated(because));
                }
            }
            // A stopped run has given it up, which is not the server's failure.
            Err(_) if stopped_at.is_some() => {}
            Err(error) => {
                in_a_row += 1;
                totals.failed += asked.len();
                let is_last = queue.is_empty() && under_way.is_empty();
                let all_failed = is_last && totals.answered + totals.cached == 0;
                if error.concerns_all() || in_a_row >= IN_A_ROW || all_failed {
                    return Err(RunError::Server(error));
                }
                failures.extend(asked.into_iter().map(|of| (of, error.clone())));
            }
        }
        on_event(Event::Went, &totals);
    }
    Ok(Finished {
        fingerprints,
        failures,
        totals,
        is_interrupted: stopped_at.is_some(),
    })
}

fn is_unrated(reply: &Reply) -> bool {
    matches!(reply.answer, Answer::Unrated { .. })
}

/// The next requests that can be sent as one.
fn next_batch(
    queue: &mut VecDeque<usize>,
    request: impl Fn(usize) -> Request,
    most: usize,
) -> Vec<(usize, Request)> {
    let mut batch: Vec<(usize, Request)> = Vec::new();
    while let Some(number) = queue.pop_front() {
        let next = request(number);
        let has_batches = next.protocol.has_batches();
        batch.push((number, next));
        if !has_batches || batch.len() >= most.max(1) {
            break;
        }
    }
    batch
}
