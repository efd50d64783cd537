//! A server that stands in for a model: it speaks the same protocol, and its drafts are prepared
//! texts. So a chat can be shown and tested with nothing installed.

mod general;
mod prepared;
mod replies;
mod taste;

pub use replies::replies;

use crate::request::ChatRequest;
use crate::settings::{Ask, Limits, Settings};
use crate::stream::DONE;
use crate::upstream::UpstreamUrl;
use axum::body::Bytes;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{StreamExt, stream as streams};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// The name of its model.
const MODEL: &str = "stand-in";
/// The time between two words of a streamed draft: about as fast as a model writes.
const PACE: Duration = Duration::from_millis(15);
/// It has no clock: the same request gets the same answer.
const CREATED: u64 = 0;

/// A stand-in that listens on this machine alone. It ends when it is dropped.
#[derive(Debug)]
pub struct StandIn {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl StandIn {
    /// Listens at a port that the system chooses.
    ///
    /// # Errors
    /// Fails if this machine has no port left.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(async move {
            // It serves until it is aborted.
            let _ = axum::serve(listener, router()).await;
        });
        Ok(StandIn { address, serving })
    }

    /// Its address for clients.
    ///
    /// # Errors
    /// None that is known: a socket's address makes a valid one.
    pub fn url(&self) -> Result<UpstreamUrl, String> {
        UpstreamUrl::read(&format!("http://{}/v1", self.address))
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn router() -> Router {
    let model =
        json!({ "id": MODEL, "object": "model", "created": CREATED, "owned_by": "leaning" });
    let list = json!({ "object": "list", "data": [model] });
    Router::new()
        .route("/v1/chat/completions", post(completions))
        .route("/v1/models", get(async || Json(list)))
        .route("/v1/models/stand-in", get(async || Json(model)))
}

/// Where a request has no `n`, one draft is meant, as everywhere.
fn settings() -> Settings {
    Settings {
        upstream: None,
        key: None,
        model: None,
        drafts: 1,
        ask: Ask::Once,
        unlike: Vec::new(),
        scorer: None,
        limits: Limits {
            drafts: 64,
            ..Limits::default()
        },
        allow_origins: Vec::new(),
        hosts: Vec::new(),
        sites: Vec::new(),
    }
}

async fn completions(body: Bytes) -> Response {
    let request = match ChatRequest::read(&body, &settings()) {
        Ok(request) => request,
        Err(error) => return error.into_response(),
    };
    let messages = request.messages();
    let first = request.fields.get("seed").and_then(Value::as_i64);
    let first = first.unwrap_or(0).unsigned_abs() as usize;
    let drafts = replies(&messages, first, request.drafts);
    let usage = usage(&messages, &drafts);
    if request.stream {
        streamed(&drafts, request.include_usage.then_some(usage))
    } else {
        whole(&drafts, &usage)
    }
}

fn whole(drafts: &[String], usage: &Value) -> Response {
    let choice = |(index, text): (usize, &String)| {
        let message = json!({ "role": "assistant", "content": text, "refusal": null });
        json!({ "index": index, "message": message, "logprobs": null, "finish_reason": "stop" })
    };
    let choices: Vec<Value> = drafts.iter().enumerate().map(choice).collect();
    Json(json!({
        "id": "chatcmpl-stand-in", "object": "chat.completion", "created": CREATED, "model": MODEL,
        "choices": choices, "usage": usage,
    }))
    .into_response()
}

/// The drafts word by word, in turn.
fn streamed(drafts: &[String], usage: Option<Value>) -> Response {
    let words: Vec<Vec<&str>> = drafts.iter().map(|draft| words(draft)).collect();
    let longest = words.iter().map(Vec::len).max().unwrap_or(0);
    let mut rounds: Vec<Vec<String>> = Vec::new();
    let all = 0..drafts.len();
    let role = json!({ "role": "assistant", "content": "" });
    rounds.push(all.map(|index| chunk(index, &role, &Value::Null)).collect());
    for place in 0..=longest {
        let mut round = Vec::new();
        for (index, words) in words.iter().enumerate() {
            if let Some(word) = words.get(place) {
                round.push(chunk(index, &json!({ "content": word }), &Value::Null));
            } else if place == words.len() {
                round.push(chunk(index, &json!({}), &json!("stop")));
            }
        }
        rounds.push(round);
    }
    let mut last = Vec::new();
    last.extend(usage.map(|usage| frame(&json!([]), &usage)));
    last.push(DONE.to_owned());
    rounds.push(last);
    let events = streams::iter(rounds).then(async |round| {
        sleep(PACE).await;
        streams::iter(round)
    });
    let events = events.flatten();
    Sse::new(events.map(|data| Ok::<_, Infallible>(Event::default().data(data)))).into_response()
}

fn chunk(index: usize, delta: &Value, finish_reason: &Value) -> String {
    let choice =
        json!({ "index": index, "delta": delta, "logprobs": null, "finish_reason": finish_reason });
    frame(&json!([choice]), &Value::Null)
}

fn frame(choices: &Value, usage: &Value) -> String {
    json!({
        "id": "chatcmpl-stand-in", "object": "chat.completion.chunk", "created": CREATED, "model": MODEL,
        "choices": choices, "usage": usage,
    })
    .to_string()
}

/// The words of a text, each with the spaces after it.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive([' ', '\n']).collect()
}

/// A word counts as a token.
fn usage(messages: &[Value], drafts: &[String]) -> Value {
    let of_prompt: usize = messages
        .iter()
        .map(|message| words(message["content"].as_str().unwrap_or_default()).len())
        .sum();
    let of_drafts: usize = drafts.iter().map(|draft| words(draft).len()).sum();
    json!({
        "prompt_tokens": of_prompt, "completion_tokens": of_drafts,
        "total_tokens": of_prompt + of_drafts,
    })
}
