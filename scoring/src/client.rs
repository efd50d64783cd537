//! Sending requests, and trying again.

use crate::address::Address;
use crate::answer::Reply;
use crate::error::Error;
use crate::http::{client_builder, describe, refused_certificate};
use crate::key::Key;
use crate::message::of_body;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::retry::{Retry, asked, may_pass};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Response, Url};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// The most bytes of a reply: many times what any of them needs.
const MOST_BYTES: usize = 64 << 20;
/// Attempts after the first to reach a server that has never answered. Its address is probably wrong.
const UNREACHED: u32 = 2;

/// A server, and how it is asked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it is.
    pub address: Address,
    /// If it wants one.
    pub key: Option<Key>,
    /// The longest time from a request to the end of its reply.
    pub time_limit: Duration,
    /// When a request is sent again.
    pub retry: Retry,
}

impl Settings {
    /// Without a key, with two minutes for a reply.
    pub fn new(address: Address) -> Self {
        Settings {
            address,
            key: None,
            time_limit: Duration::from_secs(120),
            retry: Retry::default(),
        }
    }
}

/// A client of one server. It can be shared: a wait that the server asks for holds for all requests.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    settings: Settings,
    /// No request is sent before.
    pause: Mutex<Option<Instant>>,
    has_answered: AtomicBool,
    sent: AtomicU64,
    retried: AtomicU64,
    stop: watch::Sender<bool>,
}

/// The failure of one attempt.
enum Failed {
    Finally(Error),
    /// It may pass.
    Passing {
        how: String,
        asked: Option<Duration>,
        is_unreached: bool,
    },
}

impl Client {
    /// # Errors
    /// A message, if the system's certificates cannot be read.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let builder = client_builder(settings.address.url()).timeout(settings.time_limit);
        let http = builder
            .build()
            .map_err(|error| format!("{}: {}", settings.address, describe(&error)))?;
        Ok(Client {
            http,
            settings,
            pause: Mutex::new(None),
            has_answered: AtomicBool::new(false),
            sent: AtomicU64::new(0),
            retried: AtomicU64::new(0),
            stop: watch::Sender::new(false),
        })
    }

    /// Where it sends.
    pub fn address(&self) -> &Address {
        &self.settings.address
    }

    /// Attempts so far.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Attempts so far at what had been tried before.
    pub fn retried(&self) -> u64 {
        self.retried.load(Ordering::Relaxed)
    }

    /// From now on nothing is tried again: what is under way comes to its end.
    pub fn stop_retrying(&self) {
        self.stop.send_replace(true);
    }

    /// The answers to requests that are sent as one. Only those for embeddings may be several, of one model.
    ///
    /// # Errors
    /// The failure of the request.
    pub async fn ask(&self, requests: &[&Request]) -> Result<Vec<Reply>, Error> {
        let Some((first, rest)) = requests.split_first() else {
            return Ok(Vec::new());
        };
        let protocol = first.protocol;
        let mut body = first.body.clone();
        if !rest.is_empty() && protocol.has_batches() {
            let inputs = requests
                .iter()
                .filter_map(|of| of.body.get("input")?.as_array());
            let inputs: Vec<Value> = inputs.flatten().cloned().collect();
            body.insert("input".to_owned(), inputs.into());
        } else if !rest.is_empty() {
            return Err(Error::Unreadable("these requests cannot be one".to_owned()));
        }
        let texts = requests.iter().map(|request| request.texts).sum();
        let body = Value::Object(body).to_string();
        let reply = self.post(protocol, body).await?;
        // Some providers report a failure of theirs as a success.
        if reply.get("error").is_some_and(|error| !error.is_null()) {
            let message = self.hide(&of_body(reply.to_string().as_bytes()));
            return Err(Error::Unreadable(format!("the server says: {message}")));
        }
        protocol.read(&reply, texts)
    }

    /// Sends a body until there is a reply.
    async fn post(&self, protocol: Protocol, body: String) -> Result<Value, Error> {
        let url = self.settings.address.endpoint(protocol);
        let mut attempts = 0;
        loop {
            self.wait_for_pause().await;
            attempts += 1;
            self.sent.fetch_add(1, Ordering::Relaxed);
            let (how, asked, is_unreached) = match self.attempt(url.clone(), body.clone()).await {
                Ok(reply) => {
                    self.has_answered.store(true, Ordering::Relaxed);
                    return Ok(reply);
                }
                Err(Failed::Finally(error)) => return Err(error),
                Err(Failed::Passing {
                    how,
                    asked,
                    is_unreached,
                }) => (how, asked, is_unreached),
            };
            let gives_up =
                is_unreached && attempts > UNREACHED && !self.has_answered.load(Ordering::Relaxed);
            let wait = self.settings.retry.wait(attempts, asked, fastrand::f64());
            let wait = wait.filter(|_| !gives_up && !*self.stop.borrow());
            let Some(wait) = wait else {
                return Err(Error::Unanswered {
                    attempts,
                    last: how,
                });
            };
            if asked.is_some() {
                self.pause_for(wait);
            }
            let mut stopped = self.stop.subscribe();
            tokio::select! {
                () = sleep(wait) => {}
                _ = stopped.wait_for(|stopped| *stopped) => {
                    return Err(Error::Unanswered { attempts, last: how });
                }
            }
            self.retried.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn attempt(&self, url: Url, body: String) -> Result<Value, Failed> {
        let mut request = self
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        if let Some(key) = &self.settings.key {
            request = request.header(AUTHORIZATION, key.header());
        }
        let passing = |how: String, asked| Failed::Passing {
            how,
            asked,
            is_unreached: false,
        };
        let mut response = request.send().await.map_err(|error| {
            if let Some(because) = refused_certificate(&error) {
                return Failed::Finally(Error::Untrusted { because });
            }
            Failed::Passing {
                how: self.describe(&error),
                asked: None,
                is_unreached: error.is_connect(),
            }
        })?;
        let status = response.status().as_u16();
        let wait = response.headers().get(RETRY_AFTER);
        let wait = wait.and_then(|wait| asked(wait.to_str().ok()?, SystemTime::now()));
        let bytes = match body_of(&mut response).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                let message = format!("more than {} MB", MOST_BYTES >> 20);
                return Err(Failed::Finally(Error::Unreadable(message)));
            }
            Err(error) => {
                let how = format!("the reply broke off: {}", self.describe(&error));
                return Err(passing(how, wait));
            }
        };
        if !response.status().is_success() {
            let message = self.hide(&of_body(&bytes));
            return Err(if may_pass(status) {
                passing(format!("{status}: {message}"), wait)
            } else {
                Failed::Finally(Error::Refused { status, message })
            });
        }
        // A proxy that is cut off sends half of it as if it were the whole.
        serde_json::from_slice(&bytes)
            .map_err(|error| passing(format!("expected JSON, found it broken: {error}"), None))
    }

    fn describe(&self, error: &reqwest::Error) -> String {
        if error.is_timeout() {
            let seconds = self.settings.time_limit.as_secs_f64();
            return format!("no reply within {seconds} s");
        }
        self.hide(&describe(error))
    }

    /// A message without the key, in case a server repeats it.
    fn hide(&self, message: &str) -> String {
        match &self.settings.key {
            Some(key) => key.hidden_in(message),
            None => message.to_owned(),
        }
    }

    fn pause_for(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        *pause = Some(pause.map_or(until, |other| other.max(until)));
    }

    async fn wait_for_pause(&self) {
        let pause = *self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = pause {
            let mut stopped = self.stop.subscribe();
            tokio::select! {
                () = sleep_until(until) => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            }
        }
    }
}

/// The bytes of a reply; `None` if they are too many.
async fn body_of(response: &mut Response) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}
