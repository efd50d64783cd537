//! A gateway, and an upstream server that does as it is told.
#![allow(dead_code, reason = "each test binary uses its own part")]

use leaning_gateway::{
    Ask, Conversation, Description, Limits, Scorer, Scores, Server, Settings, UpstreamUrl,
};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Barrier, Notify, oneshot};
use tokio::task::JoinHandle;

/// Longer than any test waits.
pub const FOREVER: Duration = Duration::from_secs(3600);

pub const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// The result of work that would otherwise hang for ever where the gateway is wrong.
pub async fn in_time<T>(work: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(120);
    tokio::time::timeout(limit, work).await.expect("it hangs")
}

/// Settings without an upstream server, which is then the stand-in.
pub fn settings() -> Settings {
    Settings {
        upstream: None,
        key: None,
        model: None,
        drafts: 2,
        ask: Ask::Once,
        unlike: Vec::new(),
        scorer: Some(Arc::new(Lengths::new())),
        limits: Limits {
            timeout: Duration::from_secs(60),
            grace: Duration::from_secs(60),
            ..Limits::default()
        },
        allow_origins: Vec::new(),
        hosts: Vec::new(),
        sites: Vec::new(),
    }
}

/// Settings for this upstream server.
pub fn settings_for(upstream: &Stub) -> Settings {
    Settings {
        upstream: Some(UpstreamUrl::read(&format!("http://{}", upstream.address)).unwrap()),
        ..settings()
    }
}

/// A gateway that runs until it is dropped.
pub struct Running {
    pub address: SocketAddr,
    pub client: Client,
    pub end: Option<oneshot::Sender<()>>,
    pub task: JoinHandle<()>,
}

impl Running {
    pub async fn start(settings: Settings) -> Self {
        let server = Server::bind(LOOPBACK, settings).await.unwrap();
        let address = server.address();
        let (end, ended) = oneshot::channel();
        let task = tokio::spawn(server.run(async {
            let _ = ended.await;
        }));
        Running {
            address,
            client: Client::builder().no_proxy().build().unwrap(),
            end: Some(end),
            task,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub fn post(&self, body: &Value) -> RequestBuilder {
        self.client
            .post(self.url("/v1/chat/completions"))
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    /// The status and the JSON of the answer.
    pub async fn ask(&self, body: &Value) -> (u16, Value) {
        let response = self.post(body).send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).expect(&text))
    }

    /// The data of all events, where `[DONE]` is a text.
    pub async fn ask_streaming(&self, body: &Value) -> Vec<Value> {
        let mut body = body.clone();
        body["stream"] = json!(true);
        let response = self.post(&body).send().await.unwrap();
        let kind = response.headers()["content-type"].clone();
        assert_eq!(kind, "text/event-stream", "{:?}", response.text().await);
        events(&response.text().await.unwrap())
    }

    pub async fn metrics(&self) -> String {
        let response = self.get("/metrics").await;
        response.text().await.unwrap()
    }

    /// Waits until the metrics have this line.
    pub async fn until_metrics_have(&self, line: &str) {
        let mut last = String::new();
        for _ in 0..600 {
            last = self.metrics().await;
            if last.lines().any(|found| found == line) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no line {line:?} in\n{last}");
    }
}

/// The data of the events in a body.
pub fn events(body: &str) -> Vec<Value> {
    let data = body.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).unwrap_or_else(|_| json!(data)))
        .collect()
}

/// Scores a draft by the lengths of the prompt and of itself.
#[derive(Debug)]
pub struct Lengths(Description);

impl Lengths {
    fn new() -> Self {
        Lengths(Description {
            deck: "lengths".to_owned(),
            version: "3".to_owned(),
            dimensions: vec!["prompt".to_owned(), "draft".to_owned()],
        })
    }
}

impl Scorer for Lengths {
    fn description(&self) -> &Description {
        &self.0
    }

    fn score(
        &self,
        conversation: Conversation,
        drafts: Vec<String>,
    ) -> Pin<Box<dyn Future<Output = Result<Scores, String>> + Send + '_>> {
        let prompt = conversation.prompt().len() as f64;
        let scores = drafts.iter();
        let scores = scores.map(|draft| Some(vec![prompt, draft.len() as f64]));
        let scores = scores.collect();
        Box::pin(async move { Ok(scores) })
    }
}

/// A deck of one dimension.
pub fn one_dimension() -> Description {
    Description {
        deck: "d".to_owned(),
        version: String::new(),
        dimensions: vec!["x".to_owned()],
    }
}

/// A request for drafts with one message.
pub fn message(text: &str) -> Value {
    json!({ "model": "m", "messages": [{ "role": "user", "content": text }] })
}

/// A request as the stub got it.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub head: String,
    pub body: Value,
}

impl Recorded {
    pub fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.head.lines();
        lines.find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }

    pub fn is_stream(&self) -> bool {
        self.body["stream"] == true
    }
}

/// A step of an answer.
#[derive(Debug, Clone)]
pub enum Act {
    Send(String),
    /// Sends nothing until the other side goes.
    Hang,
    /// Sends this again and again until the other side goes.
    Drip(String),
    /// Waits for a word from the test.
    Wait(Arc<Notify>),
    /// Waits until as many answers wait for the others.
    Together(Arc<Barrier>),
}

type Script = dyn Fn(&Recorded) -> Vec<Act> + Send + Sync;

/// An upstream server of the tests.
pub struct Stub {
    pub address: SocketAddr,
    pub requests: Arc<Mutex<Vec<Recorded>>>,
    /// Number of connections that the other side has ended while they hung.
    pub gone: Arc<Mutex<usize>>,
    task: JoinHandle<()>,
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Stub {
    /// A server that answers each request as `script` says, on a connection of its own.
    pub async fn start(script: impl Fn(&Recorded) -> Vec<Act> + Send + Sync + 'static) -> Self {
        Stub::start_with(script, true).await
    }

    /// The same, which records requests only if it is told to.
    pub async fn start_with(
        script: impl Fn(&Recorded) -> Vec<Act> + Send + Sync + 'static,
        records: bool,
    ) -> Self {
        let listener = TcpListener::bind(LOOPBACK).await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let gone = Arc::new(Mutex::new(0));
        let script: Arc<Script> = Arc::new(script);
        let (kept, count) = (Arc::clone(&requests), Arc::clone(&gone));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, kept, count) =
                    (Arc::clone(&script), Arc::clone(&kept), Arc::clone(&count));
                tokio::spawn(async move {
                    let kept = records.then_some(&*kept);
                    let _ = answer(stream, &*script, kept, &count).await;
                });
            }
        });
        Stub {
            address,
            requests,
            gone,
            task,
        }
    }

    pub fn recorded(&self) -> Vec<Recorded> {
        self.requests.lock().unwrap().clone()
    }
}

async fn answer(
    mut stream: TcpStream,
    script: &Script,
    kept: Option<&Mutex<Vec<Recorded>>>,
    gone: &Mutex<usize>,
) -> std::io::Result<()> {
    let request = read(&mut stream).await?;
    let acts = script(&request);
    if let Some(kept) = kept {
        kept.lock().unwrap().push(request);
    }
    for act in acts {
        match act {
            Act::Send(text) => stream.write_all(text.as_bytes()).await?,
            Act::Drip(text) => {
                while stream.write_all(text.as_bytes()).await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            Act::Wait(word) => word.notified().await,
            Act::Together(all) => {
                all.wait().await;
            }
            Act::Hang => {
                let mut rest = Vec::new();
                let _ = stream.read_to_end(&mut rest).await;
                *gone.lock().unwrap() += 1;
            }
        }
    }
    stream.shutdown().await
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Recorded> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let recorded = Recorded {
            head: head.to_owned(),
            body: Value::Null,
        };
        let length = recorded.header("content-length");
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            let body = serde_json::from_str(body).unwrap_or_default();
            return Ok(Recorded { body, ..recorded });
        }
    }
}

/// A response that ends with its connection.
pub fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\n\r\n{body}")
}

/// A whole answer.
pub fn json_response(status: &str, body: &Value) -> Act {
    let headers = "content-type: application/json\r\n";
    Act::Send(response(status, headers, &body.to_string()))
}

/// The head of a stream, and these events.
pub fn stream_response(events: &[Value]) -> Act {
    let events: String = events.iter().map(event).collect();
    let headers = "content-type: text/event-stream\r\n";
    Act::Send(response("200 OK", headers, &events))
}

pub fn event(data: &Value) -> String {
    match data {
        Value::String(text) => format!("data: {text}\n\n"),
        data => format!("data: {data}\n\n"),
    }
}

/// A completion with these drafts.
pub fn completion(drafts: &[&str]) -> Value {
    let choice = |(index, text): (usize, &&str)| {
        json!({ "index": index, "message": { "role": "assistant", "content": text },
                "finish_reason": "stop", "extra": "kept" })
    };
    let choices: Vec<Value> = drafts.iter().enumerate().map(choice).collect();
    json!({ "id": "c1", "object": "chat.completion", "created": 5, "model": "real", "choices": choices,
            "usage": { "prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12 } })
}

/// A chunk of a draft; the last has a reason.
pub fn chunk(index: usize, text: &str, reason: Option<&str>) -> Value {
    json!({ "id": "c1", "object": "chat.completion.chunk", "created": 5, "model": "real",
            "choices": [{ "index": index, "delta": { "content": text }, "finish_reason": reason }] })
}

/// Answers a request with as many drafts as it asks for, whose text is `text` and their index.
pub fn drafts_of(request: &Recorded, text: &str) -> Vec<Act> {
    let n = request.body["n"].as_u64().unwrap_or(1) as usize;
    let texts: Vec<String> = (0..n).map(|index| format!("{text} {index}")).collect();
    if request.is_stream() {
        let parts = |part: usize| {
            texts.iter().enumerate().map(move |(index, text)| {
                let (one, other) = text.split_at(text.len() / 2);
                match part {
                    0 => chunk(index, one, None),
                    1 => chunk(index, other, None),
                    _ => chunk(index, "", Some("stop")),
                }
            })
        };
        let mut all: Vec<Value> = (0..3).flat_map(parts).collect();
        if request.body["stream_options"]["include_usage"] == true {
            let usage = json!({ "prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12 });
            all.push(
                json!({ "id": "c1", "object": "chat.completion.chunk", "created": 5,
                             "model": "real", "choices": [], "usage": usage }),
            );
        }
        all.push(json!("[DONE]"));
        vec![stream_response(&all)]
    } else {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        vec![json_response("200 OK", &completion(&texts))]
    }
}
