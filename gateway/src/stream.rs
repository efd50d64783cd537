//! Answers that are streamed: chunks of all drafts as they grow, then the scores.

use crate::calls::{Call, calls};
use crate::drafts::{missing, none, object};
use crate::error::{ApiError, Code};
use crate::events::Events;
use crate::extension::{Extension, Outcome, extension};
use crate::gateway::Gateway;
use crate::request::ChatRequest;
use crate::usage;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use futures_util::future::join_all;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Chunks that wait for a slow client, or for their turn. After as many, the upstream server waits.
const WAITING: usize = 16;
/// The data of the last event.
pub const DONE: &str = "[DONE]";

/// An event for the client.
#[derive(Debug)]
pub enum Sent {
    Chunk(Value),
    /// All has been sent.
    Done,
    /// Nothing more can be sent.
    Failed(ApiError),
}

/// The news of an upstream request.
struct News {
    call: usize,
    kind: Kind,
}

enum Kind {
    Chunk(Map<String, Value>),
    /// The answer is complete, as the upstream server says itself.
    Done,
    /// The answer has come to its end without a word.
    End,
    Failed(ApiError),
}

/// Asks for the drafts and sends their chunks to `out`. Returns the outcome for the metrics.
///
/// # Errors
/// Fails as the first draft did if there is none.
pub async fn stream(
    gateway: &Gateway,
    request: &ChatRequest,
    authorization: Option<&HeaderValue>,
    out: &Sender<Sent>,
) -> Result<&'static str, ApiError> {
    let calls = calls(request, &gateway.settings);
    let (news, incoming) = mpsc::channel(WAITING);
    let all = calls.iter().enumerate().map(|(call, asked)| {
        let news = news.clone();
        async move {
            let kind = match follow(gateway, call, asked, authorization, &news).await {
                Ok(kind) => kind,
                Err(error) => Kind::Failed(error),
            };
            let _ = news.send(News { call, kind }).await;
        }
    });
    let all = join_all(all);
    drop(news);
    let (_, merged) = tokio::join!(all, merge(request, &calls, incoming, out));
    finish(gateway, request, merged, out).await
}

/// Reads an upstream server's stream to its end.
async fn follow(
    gateway: &Gateway,
    call: usize,
    asked: &Call,
    authorization: Option<&HeaderValue>,
    news: &Sender<News>,
) -> Result<Kind, ApiError> {
    let body = asked.body.clone();
    let sent = gateway
        .upstream
        .post("chat/completions", body, authorization);
    let mut answer = sent.await?;
    let content_type = answer.headers().get(CONTENT_TYPE);
    if content_type.is_some_and(|of| of.as_bytes().starts_with(b"application/json")) {
        let message = "the upstream server answered with a whole instead of a stream";
        return Err(ApiError::new(Code::UpstreamInvalid, message));
    }
    let mut events = Events::default();
    while let Some(bytes) = answer.bytes().await? {
        for data in events.read(&bytes)? {
            if data.trim() == DONE {
                return Ok(Kind::Done);
            }
            let kind = Kind::Chunk(object(data.as_bytes())?);
            if news.send(News { call, kind }).await.is_err() {
                return Ok(Kind::End);
            }
        }
    }
    Ok(Kind::End)
}

/// A draft as far as it has come.
#[derive(Debug, Clone, Default)]
struct Growing {
    has_begun: bool,
    is_finished: bool,
    text: Option<String>,
    error: Option<ApiError>,
}

/// All drafts when their streams have ended.
#[derive(Default)]
struct Merged {
    drafts: Vec<Growing>,
    /// `id`, `created` and `model` of the first chunk, which all others have too.
    head: Map<String, Value>,
    usage: Value,
}

async fn merge(
    request: &ChatRequest,
    calls: &[Call],
    mut incoming: Receiver<News>,
    out: &Sender<Sent>,
) -> Merged {
    let mut merged = Merged {
        drafts: vec![Growing::default(); request.drafts],
        ..Merged::default()
    };
    while let Some(News { call, kind }) = incoming.recv().await {
        let first = calls[call].drafts.start;
        let drafts = &mut merged.drafts[calls[call].drafts.clone()];
        match kind {
            Kind::Chunk(chunk) => {
                let Some(chunk) = merged.take(first, calls[call].drafts.len(), chunk) else {
                    continue;
                };
                // A client that has gone ends all this from outside.
                let _ = out.send(Sent::Chunk(chunk)).await;
            }
            Kind::Done => {
                for draft in drafts.iter_mut().filter(|draft| draft.has_begun) {
                    draft.is_finished = true;
                }
            }
            Kind::End => {
                let message = "the upstream server broke off in the middle of its answer";
                fail(drafts, &ApiError::new(Code::UpstreamBrokeOff, message));
            }
            Kind::Failed(error) => fail(drafts, &error),
        }
    }
    merged
}

/// Marks the drafts that are not finished.
fn fail(drafts: &mut [Growing], error: &ApiError) {
    for draft in drafts.iter_mut().filter(|draft| !draft.is_finished) {
        draft.error = Some(error.clone());
    }
}

impl Merged {
    /// Notes what a chunk says about the drafts from `first` on, and returns it as it is sent on.
    /// `None` if nothing in it is for the client.
    fn take(&mut self, first: usize, count: usize, mut chunk: Map<String, Value>) -> Option<Value> {
        let Some(Value::Array(choices)) = chunk.remove("choices") else {
            return None;
        };
        if choices.is_empty() {
            // It may be the last one of several requests, so it waits for the others.
            usage::add(&mut self.usage, &chunk.remove("usage").unwrap_or_default());
            return None;
        }
        let mut kept = Vec::new();
        for (order, mut choice) in choices.into_iter().enumerate() {
            let index = choice.get("index").and_then(Value::as_u64);
            let index = index.map_or(Some(order), |index| usize::try_from(index).ok());
            let Some(index) = index.filter(|index| *index < count) else {
                continue;
            };
            let Value::Object(fields) = &mut choice else {
                continue;
            };
            fields.insert("index".to_owned(), Value::from(first + index));
            self.drafts[first + index].grow(fields);
            kept.push(choice);
        }
        if kept.is_empty() {
            return None;
        }
        chunk.insert("choices".to_owned(), Value::Array(kept));
        Some(self.with_head(chunk))
    }

    /// The chunk with the id, the time and the model of the first one: to a client it is one answer.
    fn with_head(&mut self, mut chunk: Map<String, Value>) -> Value {
        for name in ["id", "created", "model"] {
            match (self.head.get(name), chunk.get(name)) {
                (Some(value), _) => {
                    chunk.insert(name.to_owned(), value.clone());
                }
                (None, Some(value)) => {
                    self.head.insert(name.to_owned(), value.clone());
                }
                (None, None) => {}
            }
        }
        Value::Object(chunk)
    }

    /// A chunk without choices.
    fn last(&mut self, name: &str, value: Value) -> Value {
        let chunk = json!({ "object": "chat.completion.chunk", "choices": [], name: value });
        match chunk {
            Value::Object(chunk) => self.with_head(chunk),
            other => other,
        }
    }
}

impl Growing {
    fn grow(&mut self, choice: &Map<String, Value>) {
        self.has_begun = true;
        let delta = choice.get("delta").and_then(|delta| delta.get("content"));
        if let Some(Value::String(text)) = delta {
            self.text.get_or_insert_default().push_str(text);
        }
        self.is_finished |= choice
            .get("finish_reason")
            .is_some_and(|reason| !reason.is_null());
    }

    fn outcome(self) -> Outcome {
        match self.error {
            Some(error) => Err(error),
            None if self.has_begun => Ok(self.text),
            None => Err(missing()),
        }
    }
}

/// Sends the numbers of tokens and the scores.
async fn finish(
    gateway: &Gateway,
    request: &ChatRequest,
    mut merged: Merged,
    out: &Sender<Sent>,
) -> Result<&'static str, ApiError> {
    let growing = std::mem::take(&mut merged.drafts);
    let all_failed = growing.iter().all(|draft| draft.error.is_some());
    let drafts: Vec<Outcome> = growing.into_iter().map(Growing::outcome).collect();
    if drafts.iter().all(Result::is_err) {
        let first = drafts.into_iter().find_map(Result::err);
        return Err(first.filter(|_| all_failed).unwrap_or_else(none));
    }
    if request.include_usage && !merged.usage.is_null() {
        let usage = merged.usage.take();
        let _ = out.send(Sent::Chunk(merged.last("usage", usage))).await;
    }
    let Extension { object, outcome } = extension(gateway, request.messages(), &drafts).await;
    let _ = out.send(Sent::Chunk(merged.last("leaning", object))).await;
    Ok(outcome)
}
