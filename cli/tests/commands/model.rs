//! A server of models that answers as a test says, and remembers what it was asked.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
}

/// A status, and a body.
pub type Reply = (u16, Value);

type Shared = (
    Arc<Mutex<Vec<Arrived>>>,
    Arc<dyn Fn(usize, &Arrived) -> Reply + Send + Sync>,
);

/// A server on a free port. It ends with the process.
pub struct Model {
    pub url: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Model {
    /// `answer` gets the number of the request, from 0, and the request.
    pub fn start(answer: impl Fn(usize, &Arrived) -> Reply + Send + Sync + 'static) -> Self {
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let state: Shared = (Arc::clone(&arrived), Arc::new(answer));
        Model::serve(arrived, Router::new().fallback(take).with_state(state))
    }

    fn serve(arrived: Arc<Mutex<Vec<Arrived>>>, router: Router) -> Self {
        let (send, receive) = channel();
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                send.send(listener.local_addr().unwrap()).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        Model {
            url: format!("http://{}/v1", receive.recv().unwrap()),
            arrived,
        }
    }

    /// A server that answers everything with this body, as it is, and these headers.
    pub fn raw(status: u16, header: (&'static str, &'static str), body: &'static str) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        let answer = move || async move { (status, [header], body) };
        Model::serve(Arc::default(), Router::new().fallback(answer))
    }

    /// A judge that answers with a text about each text.
    pub fn judge(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Model::start(move |_, arrived| (200, chat(&answer(&text_of(arrived)))))
    }

    /// Number of requests so far.
    pub fn count(&self) -> usize {
        self.arrived.lock().unwrap().len()
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

async fn take(State((all, answer)): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
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
    let (status, body) = answer(number, &arrived);
    (StatusCode::from_u16(status).unwrap(), body.to_string()).into_response()
}

/// A chat completion.
pub fn chat(content: &str) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1741569952, "model": "m",
        "choices": [{
            "index": 0, "message": { "role": "assistant", "content": content, "refusal": null },
            "logprobs": null, "finish_reason": "stop"
        }],
        "usage": { "prompt_tokens": 100, "completion_tokens": 1, "total_tokens": 101 }
    })
}

/// The text that a judge is asked about.
pub fn text_of(arrived: &Arrived) -> String {
    let content = arrived.body["messages"][0]["content"].as_str().unwrap();
    let (_, after) = content.split_once("<text>\n").unwrap();
    after.split_once("\n</text>").unwrap().0.to_owned()
}
