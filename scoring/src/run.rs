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
    let fingerprints = (0..count).map(|number| request(number).fingerprint());
    let mut run = Run::new(client, cache, fingerprints.collect(), limits);
    on_event(Event::Started, &run.totals);
    let mut is_interrupted = false;
    loop {
        if run.stopped_at.is_none() && !run.is_done() && is_stopped() {
            is_interrupted = true;
            run.stop();
            on_event(Event::Stopping(run.under_way.len()), &run.totals);
        }
        run.send(&request);
        if run.is_done() || run.stopped_at.is_some_and(|at| at.elapsed() > GRACE) {
            break;
        }
        let ended = tokio::select! {
            ended = run.under_way.join_next() => ended,
            () = sleep(LOOK) => continue,
        };
        // A task that panicked has no answer; its requests are sent in the next run.
        if let Some(Ok((numbers, replies))) = ended {
            run.take(&numbers, replies)?;
            on_event(Event::Went, &run.totals);
        }
    }
    match run.end {
        Some(error) => Err(error),
        None => Ok(Finished {
            fingerprints: run.fingerprints,
            failures: run.failures,
            totals: run.totals,
            is_interrupted,
        }),
    }
}

/// Requests that were sent as one, by their numbers, and what came back.
type Ended = (Vec<usize>, Result<Vec<Reply>, Error>);

/// A run that is under way.
struct Run<'a> {
    client: Arc<Client>,
    cache: &'a mut Cache,
    limits: &'a Limits,
    fingerprints: Vec<Fingerprint>,
    /// Requests that have not been sent.
    queue: VecDeque<usize>,
    /// Those of a batch that was refused, which go one by one: perhaps a single text is to blame.
    alone: VecDeque<usize>,
    under_way: JoinSet<Ended>,
    failures: HashMap<Fingerprint, Error>,
    totals: Totals,
    failures_in_a_row: usize,
    /// Whether any answer was of use.
    is_understood: bool,
    /// From then on nothing is sent, and what is under way comes to its end.
    stopped_at: Option<Instant>,
    end: Option<RunError>,
}

impl<'a> Run<'a> {
    /// Looks up what is in the cache.
    fn new(
        client: Arc<Client>,
        cache: &'a mut Cache,
        fingerprints: Vec<Fingerprint>,
        limits: &'a Limits,
    ) -> Self {
        let mut totals = Totals::default();
        let mut queue = VecDeque::new();
        let mut known = HashSet::new();
        let mut is_understood = false;
        for (number, fingerprint) in fingerprints.iter().enumerate() {
            if !known.insert(*fingerprint) {
                continue;
            }
            totals.requests += 1;
            match cache.get(fingerprint) {
                Some(reply) if !(limits.again && is_unrated(reply)) => {
                    totals.cached += 1;
                    totals.cached_tokens += reply.tokens;
                    is_understood |= !is_unrated(reply);
                }
                _ => queue.push_back(number),
            }
        }
        Run {
            client,
            cache,
            limits,
            fingerprints,
            queue,
            alone: VecDeque::new(),
            under_way: JoinSet::new(),
            failures: HashMap::new(),
            totals,
            failures_in_a_row: 0,
            is_understood,
            stopped_at: None,
            end: None,
        }
    }

    fn is_done(&self) -> bool {
        let has_more = !(self.queue.is_empty() && self.alone.is_empty());
        self.under_way.is_empty() && (self.stopped_at.is_some() || !has_more)
    }

    fn stop(&mut self) {
        self.stopped_at = Some(Instant::now());
        self.client.stop_retrying();
    }

    /// Sends as many requests as may be under way.
    fn send(&mut self, request: impl Fn(usize) -> Request) {
        while self.stopped_at.is_none() && self.under_way.len() < self.limits.concurrency.max(1) {
            let batch = self.next_batch(&request);
            if batch.is_empty() {
                break;
            }
            let client = Arc::clone(&self.client);
            self.under_way.spawn(async move {
                let requests: Vec<&Request> = batch.iter().map(|(_, request)| request).collect();
                let replies = client.ask(&requests).await;
                (batch.iter().map(|(number, _)| *number).collect(), replies)
            });
        }
    }

    /// The next requests that can be sent as one, with their numbers.
    fn next_batch(&mut self, request: impl Fn(usize) -> Request) -> Vec<(usize, Request)> {
        if let Some(number) = self.alone.pop_front() {
            return vec![(number, request(number))];
        }
        let mut batch: Vec<(usize, Request)> = Vec::new();
        while let Some(number) = self.queue.pop_front() {
            let next = request(number);
            let has_batches = next.protocol.has_batches();
            batch.push((number, next));
            if !has_batches || batch.len() >= self.limits.batch.max(1) {
                break;
            }
        }
        batch
    }

    /// Keeps replies, or counts a failure.
    fn take(
        &mut self,
        numbers: &[usize],
        replies: Result<Vec<Reply>, Error>,
    ) -> Result<(), RunError> {
        match replies {
            Ok(replies) => self.keep(numbers, replies).map_err(RunError::Cache),
            Err(error) => {
                self.fail(numbers, error);
                Ok(())
            }
        }
    }

    fn keep(&mut self, numbers: &[usize], replies: Vec<Reply>) -> Result<(), CacheError> {
        self.failures_in_a_row = 0;
        self.totals.answered += numbers.len();
        let mut refusal = None;
        for (&number, reply) in numbers.iter().zip(replies) {
            self.totals.tokens += reply.tokens;
            match &reply.answer {
                Answer::Unrated { because } => refusal = Some(because.clone()),
                Answer::Numbers { .. } => self.is_understood = true,
            }
            self.cache.keep(self.fingerprints[number], reply)?;
        }
        if let Some(because) = refusal
            && !self.is_understood
            && self.totals.answered >= WITHOUT_A_RATING
        {
            self.end_with(RunError::Unrated(because));
        }
        Ok(())
    }

    fn fail(&mut self, numbers: &[usize], error: Error) {
        // A stopped run has given it up, which is not the server's failure.
        if self.stopped_at.is_some() {
            return;
        }
        let is_refused = matches!(error, Error::Refused { .. }) && !error.concerns_all();
        if is_refused && numbers.len() > 1 {
            self.alone.extend(numbers);
            return;
        }
        self.failures_in_a_row += 1;
        self.totals.failed += numbers.len();
        let failed = numbers
            .iter()
            .map(|&number| (self.fingerprints[number], error.clone()));
        self.failures.extend(failed);
        let all_failed = self.is_done() && self.totals.answered + self.totals.cached == 0;
        if error.concerns_all() || self.failures_in_a_row >= IN_A_ROW || all_failed {
            self.end_with(RunError::Server(error));
        }
    }

    /// Ends the run when what is under way has come to its end: it is paid for.
    fn end_with(&mut self, error: RunError) {
        if self.stopped_at.is_none() {
            self.end = Some(error);
            self.stop();
        }
    }
}

fn is_unrated(reply: &Reply) -> bool {
    matches!(reply.answer, Answer::Unrated { .. })
}
