//! A server that answers as a test says, and remembers what it was asked.

use axum::Router;
use axum::extract::{Request as Asked, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use leaning_scoring::{Address, Client, Judge, Key, Request, Retry, Rubric, Settings};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
}

type Answer = dyn Fn(usize, &Arrived) -> Response + Send + Sync;

/// A server on a free port. It ends with the test's runtime.
pub struct Stub {
    pub address: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Stub {
    /// `answer` gets the number of the request, from 0, and the request.
    pub async fn start(
        answer: impl Fn(usize, &Arrived) -> Response + Send + Sync + 'static,
    ) -> Self {
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let answer: Arc<Answer> = Arc::new(answer);
        let state = (Arc::clone(&arrived), answer);
        let router = Router::new().fallback(take).with_state(state);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Stub { address, arrived }
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    /// A client that hardly waits.
    pub fn client(&self) -> Arc<Client> {
        self.client_with(|settings| settings)
    }

    pub fn client_with(&self, change: impl Fn(Settings) -> Settings) -> Arc<Client> {
        let settings = Settings {
            retry: Retry {
                limit: 3,
                first: Duration::from_millis(1),
                longest: Duration::from_millis(2),
                ..Retry::default()
            },
            ..Settings::new(Address::parse(&self.address).unwrap())
        };
        Arc::new(Client::new(change(settings)).unwrap())
    }
}

type Shared = (Arc<Mutex<Vec<Arrived>>>, Arc<Answer>);

async fn take(State((all, answer)): State<Shared>, asked: Asked) -> Response {
    let (parts, body) = asked.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let arrived = Arrived {
        path: parts.uri.path().to_owned(),
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap(),
    };
    let number = {
        let mut all = all.lock().unwrap();
        all.push(arrived.clone());
        all.len() - 1
    };
    answer(number, &arrived)
}

pub fn status(status: u16, body: impl Into<String>) -> Response {
    (StatusCode::from_u16(status).unwrap(), body.into()).into_response()
}

pub fn ok(body: &Value) -> Response {
    status(200, body.to_string())
}

/// A chat completion with the fields of OpenAI's documentation.
pub fn chat(content: &str) -> Value {
    json!({
        "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion", "created": 1741569952,
        "model": "gpt-4.1-2025-04-14",
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": content, "refusal": null, "annotations": [] },
            "logprobs": null, "finish_reason": "stop"
        }],
        "usage": {
            "prompt_tokens": 19, "completion_tokens": 1, "total_tokens": 20,
            "prompt_tokens_details": { "cached_tokens": 0, "audio_tokens": 0 },
            "completion_tokens_details": { "reasoning_tokens": 0, "audio_tokens": 0 }
        },
        "service_tier": "default"
    })
}

pub fn judge() -> Judge {
    let rubric = json!({ "brevity": { "low": "thorough", "high": "brief" } });
    Judge::new("m", Rubric::read(&rubric).unwrap(), 1)
}

/// The judge's request about a text of this number.
pub fn about(number: usize) -> Request {
    judge().request(0, 0, "Tea?", &[&format!("Text {number}.")])
}

/// The number of the text that a request is about.
pub fn number_of(arrived: &Arrived) -> usize {
    let content = arrived.body["messages"][0]["content"].as_str().unwrap();
    let (_, after) = content.split_once("Text ").unwrap();
    after.split_once('.').unwrap().0.parse().unwrap()
}

pub fn key() -> Option<Key> {
    Key::new("sk-secret").unwrap()
}
