//! Everything that can go wrong: each fault is one error in the protocol's form, and a count.

use crate::common::{
    Act, FOREVER, LOOPBACK, Recorded, Running, Stub, chunk, completion, in_time, json_response,
    message, one_dimension, response, settings, settings_for, stream_response,
};
use leaning_gateway::{
    Ask, BoxFuture, Conversation, Description, Limits, Scorer, Scores, Settings, UpstreamUrl,
};
use leaning_scoring::Key;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Checks an error's form and returns its code.
#[track_caller]
fn code(answer: &Value) -> String {
    let error = answer["error"].as_object().expect("an error");
    // Their order is that of the build: another crate may ask for theirs to be kept.
    let mut names: Vec<&str> = error.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["code", "message", "param", "type"]);
    assert!(!error["message"].as_str().unwrap().is_empty());
    assert!(error["param"].is_null() || error["param"].is_string());
    error["code"].as_str().unwrap().to_owned()
}

async fn counted(gateway: &Running, code: &str, times: usize) {
    let line = format!("leaning_gateway_requests_total{{outcome=\"{code}\"}} {times}");
    gateway.until_metrics_have(&line).await;
    gateway
        .until_metrics_have("leaning_gateway_in_flight 0")
        .await;
}

/// Sends bytes and returns all that comes back.
async fn raw(gateway: &Running, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(gateway.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_wrong_request_is_told_the_place() {
    let gateway = Running::start(settings()).await;
    let user = json!({ "role": "user", "content": "x" });
    let with = |name: &str, value: Value| {
        let mut body = message("x");
        body[name] = value;
        body
    };
    for (body, param) in [
        (json!([]), Value::Null),
        (json!({}), json!("messages")),
        (with("messages", json!("x")), json!("messages")),
        (with("messages", json!([])), json!("messages")),
        (with("messages", json!([user, "x"])), json!("messages[1]")),
        (
            with("messages", json!([user, user, {}])),
            json!("messages[2].role"),
        ),
        (
            with("messages", json!([{ "role": 1 }])),
            json!("messages[0].role"),
        ),
        (
            with("messages", json!([{ "role": "user", "content": 1 }])),
            json!("messages[0].content"),
        ),
        (with("n", json!(0)), json!("n")),
        (with("n", json!(1.5)), json!("n")),
        (with("n", json!(-1)), json!("n")),
        (with("n", json!("2")), json!("n")),
        (with("n", json!(9)), json!("n")),
        (with("stream", json!("yes")), json!("stream")),
        (with("stream_options", json!(true)), json!("stream_options")),
        (
            with("stream_options", json!({ "include_usage": 1 })),
            json!("stream_options.include_usage"),
        ),
    ] {
        let (status, answer) = gateway.ask(&body).await;
        assert_eq!(
            (status, code(&answer).as_str()),
            (400, "invalid_field"),
            "{body}"
        );
        assert_eq!(answer["error"]["param"], param, "{answer}");
        if let Value::String(place) = &param {
            let words = answer["error"]["message"].as_str().unwrap();
            assert!(words.starts_with(&format!("{place}: expected ")), "{words}");
        }
    }
    counted(&gateway, "invalid_field", 16).await;
}

#[tokio::test]
async fn a_body_that_is_no_json_is_told_where_and_not_quoted() {
    let gateway = Running::start(settings()).await;
    let sent = gateway.post(&json!(0)).body("{\n \"messages\": [secret");
    let response = sent.send().await.unwrap();
    assert_eq!(response.status(), 400);
    let text = response.text().await.unwrap();
    assert_eq!(code(&serde_json::from_str(&text).unwrap()), "invalid_json");
    assert!(
        text.contains("line 2, column 15") && !text.contains("secret"),
        "{text}"
    );
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        // A browser sends these to any origin without asking first.
        let request = gateway.client.post(gateway.url("/v1/chat/completions"));
        let request = request
            .header("content-type", kind)
            .body(message("x").to_string());
        assert_eq!(request.send().await.unwrap().status(), 415);
    }
    counted(&gateway, "invalid_json", 1).await;
    counted(&gateway, "unsupported_content_type", 2).await;
}

#[tokio::test]
async fn a_body_that_is_too_large_or_breaks_off_or_never_comes_is_refused() {
    let limits = Limits {
        body: 1000,
        timeout: Duration::from_secs(1),
        ..settings().limits
    };
    let gateway = Running::start(Settings {
        limits,
        ..settings()
    })
    .await;
    let (status, answer) = gateway.ask(&message(&"x".repeat(3_000_000))).await;
    assert_eq!((status, code(&answer).as_str()), (413, "body_too_large"));
    let head = "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    let chunked = format!(
        "{head}transfer-encoding: chunked\r\n\r\n7d0\r\n{}\r\n0\r\n\r\n",
        "x".repeat(2000)
    );
    let mut stream = TcpStream::connect(gateway.address).await.unwrap();
    stream.write_all(chunked.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let count = stream.read(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer[..count]).starts_with("HTTP/1.1 413"));
    counted(&gateway, "body_too_large", 2).await;

    raw(
        &gateway,
        format!("{head}content-length: 500\r\n\r\n{{\"mess").as_bytes(),
    )
    .await;
    counted(&gateway, "body_broke_off", 1).await;

    let mut stream = TcpStream::connect(gateway.address).await.unwrap();
    let part = format!("{head}content-length: 500\r\n\r\n{{\"mess");
    stream.write_all(part.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let count = stream.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..count]).into_owned();
    assert!(
        answer.starts_with("HTTP/1.1 408") && answer.contains("body_timeout"),
        "{answer}"
    );
    counted(&gateway, "body_timeout", 1).await;
}

#[tokio::test]
async fn too_many_at_once_are_told_to_come_back() {
    let upstream = Stub::start(|_| vec![Act::Hang]).await;
    let limits = Limits {
        concurrency: 2,
        ..settings().limits
    };
    let gateway = Running::start(Settings {
        limits,
        ..settings_for(&upstream)
    })
    .await;
    let hanging = [gateway.post(&message("x")), gateway.post(&message("x"))];
    let hanging = hanging.map(|request| tokio::spawn(request.send()));
    gateway
        .until_metrics_have("leaning_gateway_in_flight 2")
        .await;
    let response = gateway.post(&message("x")).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "1");
    let text = response.text().await.unwrap();
    assert_eq!(code(&serde_json::from_str(&text).unwrap()), "overloaded");
    for hanging in hanging {
        hanging.abort();
    }
    // The room is given back.
    counted(&gateway, "client_gone", 2).await;
    counted(&gateway, "overloaded", 1).await;
}

#[tokio::test]
async fn an_unknown_path_or_method_is_an_error_in_the_protocols_form() {
    let gateway = Running::start(settings()).await;
    let response = gateway.get("/v1/x").await;
    assert_eq!(response.status(), 404);
    assert_eq!(
        code(&serde_json::from_str(&response.text().await.unwrap()).unwrap()),
        "not_found"
    );
    let get = gateway.client.get(gateway.url("/v1/chat/completions"));
    let response = get.send().await.unwrap();
    assert_eq!(response.status(), 405);
    let answer = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(code(&answer), "method_not_allowed");
}

#[tokio::test]
async fn no_path_leads_with_the_key_to_other_endpoints() {
    let upstream = Stub::start(|_| vec![json_response("200 OK", &json!({}))]).await;
    let gateway = with_key(&upstream, Ask::Once, &[]).await;
    for path in [
        "../files",
        "%2e%2e/files",
        "a/..%2Ffiles/../../files",
        ".%2E/../files",
        "./a",
    ] {
        let mut stream = TcpStream::connect(gateway.address).await.unwrap();
        let request = format!(
            "GET /v1/models/{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    assert_eq!(upstream.recorded().len(), 0);
}

/// The statuses and codes of an upstream server's faults before its first chunk.
fn faults() -> Vec<(Vec<Act>, u16, &'static str)> {
    let refused = |status: &str| {
        let error =
            json!({ "error": { "message": "no such model: m (key s3cret)", "param": "model" } });
        vec![json_response(status, &error)]
    };
    let limited = "retry-after: 7\r\ncontent-type: application/json\r\n";
    vec![
        (refused("401 Unauthorized"), 502, "upstream_unauthorized"),
        (refused("403 Forbidden"), 502, "upstream_unauthorized"),
        (refused("404 Not Found"), 404, "upstream_refused"),
        (refused("422 Unprocessable"), 422, "upstream_refused"),
        (
            vec![Act::Send(response("400 Bad Request", "", "[1"))],
            400,
            "upstream_refused",
        ),
        (
            vec![Act::Send(response("429 Too Many", limited, "{}"))],
            429,
            "upstream_rate_limited",
        ),
        (refused("500 Oops"), 502, "upstream_failed"),
        (refused("503 Busy"), 502, "upstream_failed"),
        (
            vec![Act::Send(response(
                "302 Found",
                "location: /elsewhere\r\n",
                "",
            ))],
            502,
            "upstream_failed",
        ),
        (
            vec![json_response(
                "200 OK",
                &json!({ "error": { "message": "s3cret" } }),
            )],
            502,
            "upstream_failed",
        ),
        (vec![], 502, "upstream_broke_off"),
        (
            vec![Act::Send("no HTTP at all\r\n\r\n".to_owned())],
            502,
            "upstream_broke_off",
        ),
        (vec![Act::Hang], 504, "upstream_timeout"),
        (
            vec![Act::Send(response("200 OK", "", "")), Act::Hang],
            504,
            "upstream_timeout",
        ),
    ]
}

/// A gateway with a key, which no error may show. It waits for little only where the upstream server's acts end in silence, so
/// that a busy machine cannot turn another fault into that one.
async fn with_key(upstream: &Stub, ask: Ask, acts: &[Act]) -> Running {
    let usual = settings().limits;
    let timeout = match acts.last() {
        Some(Act::Hang) => Duration::from_secs(1),
        _ => usual.timeout,
    };
    let limits = Limits { timeout, ..usual };
    let key = Key::new("s3cret").unwrap();
    Running::start(Settings {
        ask,
        limits,
        key,
        ..settings_for(upstream)
    })
    .await
}

#[tokio::test]
async fn each_fault_of_the_upstream_server_has_its_error() {
    let broken = "content-type: application/json\r\ncontent-length: 500\r\n";
    let whole = [
        (
            vec![Act::Send(response("200 OK", "", "{\"choices\": [{\"mess"))],
            502,
            "upstream_invalid",
        ),
        (
            vec![Act::Send(response("200 OK", broken, "{\"choices\": ["))],
            502,
            "upstream_broke_off",
        ),
        (
            vec![Act::Send(response("200 OK", "", "<html>"))],
            502,
            "upstream_invalid",
        ),
        (
            vec![json_response("200 OK", &json!({ "choices": [] }))],
            502,
            "upstream_no_choices",
        ),
        (
            vec![json_response("200 OK", &json!({ "choices": "x" }))],
            502,
            "upstream_no_choices",
        ),
        (
            vec![json_response("200 OK", &json!({ "choices": [1] }))],
            502,
            "upstream_invalid",
        ),
    ];
    for (acts, status, expected) in faults().into_iter().chain(whole) {
        for ask in [Ask::Once, Ask::Parallel] {
            let script = acts.clone();
            let upstream = Stub::start(move |_| script.clone()).await;
            let gateway = with_key(&upstream, ask, &acts).await;
            let (found, answer) = gateway.ask(&message("x")).await;
            assert_eq!(
                (found, code(&answer).as_str()),
                (status, expected),
                "{acts:?}"
            );
            assert!(!answer.to_string().contains("s3cret"), "{answer}");
            counted(&gateway, expected, 1).await;
        }
    }
}

#[tokio::test]
async fn a_fault_before_the_first_chunk_of_a_stream_has_its_status_too() {
    let done = json!("[DONE]");
    let streams = [
        (vec![stream_response(&[])], 502, "upstream_broke_off"),
        (vec![stream_response(&[done])], 502, "upstream_no_choices"),
        (
            vec![stream_response(&[json!("{\"choices\": [")])],
            502,
            "upstream_invalid",
        ),
        (
            vec![stream_response(&[json!({ "error": { "message": "x" } })])],
            502,
            "upstream_failed",
        ),
        (
            vec![json_response("200 OK", &completion(&["x", "y"]))],
            502,
            "upstream_invalid",
        ),
    ];
    let faults = faults().into_iter().filter(|(acts, ..)| {
        // A whole answer with an error in it is no stream.
        !matches!(&acts[..], [Act::Send(text)] if text.starts_with("HTTP/1.1 200 OK"))
    });
    for (acts, status, expected) in faults.chain(streams) {
        for ask in [Ask::Once, Ask::Parallel] {
            let script = acts.clone();
            let upstream = Stub::start(move |_| script.clone()).await;
            let gateway = with_key(&upstream, ask, &acts).await;
            let mut body = message("x");
            body["stream"] = json!(true);
            let (found, answer) = gateway.ask(&body).await;
            assert_eq!(
                (found, code(&answer).as_str()),
                (status, expected),
                "{acts:?}"
            );
            counted(&gateway, expected, 1).await;
        }
    }
}

#[tokio::test]
async fn a_fault_in_the_middle_of_a_stream_is_an_event_and_the_end() {
    let begun = || chunk(0, "Well", None);
    let other = || chunk(1, "Now", None);
    for (acts, expected) in [
        (
            vec![stream_response(&[begun(), other()])],
            "upstream_broke_off",
        ),
        (
            vec![stream_response(&[begun(), other()]), Act::Hang],
            "upstream_timeout",
        ),
        (
            vec![stream_response(&[begun(), other(), json!("{\"half")])],
            "upstream_invalid",
        ),
        (
            vec![stream_response(&[
                begun(),
                json!({ "error": { "message": "x" } }),
            ])],
            "upstream_failed",
        ),
    ] {
        let script = acts.clone();
        let upstream = Stub::start(move |_| script.clone()).await;
        let gateway = with_key(&upstream, Ask::Once, &acts).await;
        let events = gateway.ask_streaming(&message("x")).await;
        assert_eq!(events[0]["choices"][0]["delta"]["content"], "Well");
        let last = events.last().unwrap();
        assert_eq!(code(last), expected, "{acts:?}");
        assert!(
            events
                .iter()
                .all(|event| event != "[DONE]" && event.get("leaning").is_none())
        );
        counted(&gateway, expected, 1).await;
    }
}

#[tokio::test]
async fn without_the_gateways_key_the_clients_own_is_refused_with_the_status() {
    let upstream = Stub::start(|_| vec![json_response("401 Unauthorized", &json!({}))]).await;
    let gateway = Running::start(settings_for(&upstream)).await;
    let (status, answer) = gateway.ask(&message("x")).await;
    assert_eq!((status, code(&answer).as_str()), (401, "unauthorized"));
    assert_eq!(answer["error"]["type"], "authentication_error");
}

#[tokio::test]
async fn the_upstream_servers_own_words_and_times_are_passed_on() {
    let error = json!({ "error": { "message": "no such model (s3cret)", "param": "model" } });
    let upstream = Stub::start(move |request: &Recorded| {
        if request.body["n"] == 2 {
            vec![json_response("404 Not Found", &error)]
        } else {
            vec![Act::Send(response(
                "429 Too Many",
                "retry-after: 7\r\n",
                "",
            ))]
        }
    })
    .await;
    let gateway = with_key(&upstream, Ask::Once, &[]).await;
    let (_, answer) = gateway.ask(&message("x")).await;
    let words = "the upstream server refused the request: no such model (…)";
    assert_eq!(answer["error"]["message"], words);
    assert_eq!(answer["error"]["param"], "model");
    let mut one = message("x");
    one["n"] = json!(1);
    let response = gateway.post(&one).send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "7");
}

#[tokio::test]
async fn an_upstream_server_that_is_down_is_told() {
    let listener = TcpListener::bind(LOOPBACK).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let upstream = Some(UpstreamUrl::read(&format!("http://{address}/v1")).unwrap());
    let gateway = Running::start(Settings {
        upstream,
        ..settings()
    })
    .await;
    let (status, answer) = gateway.ask(&message("x")).await;
    assert_eq!(
        (status, code(&answer).as_str()),
        (502, "upstream_unreachable")
    );
    assert!(!answer.to_string().contains("127.0.0.1"), "{answer}");
    let response = gateway.get("/v1/models").await;
    assert_eq!(response.status(), 502);
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut_off() {
    let endless = format!("data: {}\n\n", "x".repeat(2 << 20));
    let head = response("200 OK", "content-type: text/event-stream\r\n", "");
    let upstream =
        Stub::start(move |_| vec![Act::Send(head.clone()), Act::Send(endless.clone())]).await;
    let gateway = Running::start(settings_for(&upstream)).await;
    let mut body = message("x");
    body["stream"] = json!(true);
    let (status, answer) = gateway.ask(&body).await;
    assert_eq!(
        (status, code(&answer).as_str()),
        (502, "upstream_too_large")
    );
    // Drop by drop: never silent for long, and never at an end.
    let head = response("200 OK", "content-type: text/event-stream\r\n", "");
    let first = format!("{head}data: {}\n\n", chunk(0, "Well", None));
    let acts = [Act::Send(first), Act::Drip(": wait\n\n".to_owned())];
    let upstream = Stub::start(move |_| acts.to_vec()).await;
    let limits = Limits {
        timeout: Duration::from_millis(500),
        ..settings().limits
    };
    let gateway = Running::start(Settings {
        limits,
        ..settings_for(&upstream)
    })
    .await;
    let events = gateway.ask_streaming(&message("x")).await;
    assert_eq!(code(events.last().unwrap()), "upstream_timeout");
    let words = events.last().unwrap()["error"]["message"].as_str().unwrap();
    assert!(words.contains("took longer than 5 s"), "{words}");
}

/// Scores for ever. Work that is under way holds the second field.
#[derive(Debug)]
struct Endless(Description, Arc<()>);

impl Scorer for Endless {
    fn description(&self) -> &Description {
        &self.0
    }

    fn score(&self, _: Conversation, _: Vec<String>) -> BoxFuture<'_, Result<Scores, String>> {
        let held = Arc::clone(&self.1);
        Box::pin(async move {
            std::future::pending::<()>().await;
            drop(held);
            Err("for ever is over".to_owned())
        })
    }
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_scores() {
    let limits = Limits {
        timeout: FOREVER,
        ..settings().limits
    };
    for stream in [false, true] {
        let work = Arc::new(());
        let scorer: Arc<dyn Scorer> = Arc::new(Endless(one_dimension(), Arc::clone(&work)));
        let gateway = Running::start(Settings {
            scorer: Some(scorer),
            limits,
            ..settings()
        })
        .await;
        let mut body = message("x");
        body["stream"] = json!(stream);
        let request = tokio::spawn(gateway.post(&body).send());
        let until = async |count: usize| {
            while Arc::strong_count(&work) != count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        in_time(until(3)).await;
        if stream {
            drop(request.await.unwrap().unwrap());
        } else {
            request.abort();
        }
        in_time(until(2)).await;
        counted(&gateway, "client_gone", 1).await;
    }
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_upstream_requests() {
    let limits = Limits {
        timeout: FOREVER,
        ..settings().limits
    };
    for (stream, n) in [(false, 3), (true, 3)] {
        let upstream = Stub::start(move |_| match stream {
            true => vec![stream_response(&[chunk(0, "Well", None)]), Act::Hang],
            false => vec![Act::Hang],
        })
        .await;
        let ask = Ask::Parallel;
        let gateway = Running::start(Settings {
            ask,
            limits,
            ..settings_for(&upstream)
        })
        .await;
        let mut body = message("x");
        body["stream"] = json!(stream);
        body["n"] = json!(n);
        let request = tokio::spawn(gateway.post(&body).send());
        gateway
            .until_metrics_have("leaning_gateway_in_flight 1")
            .await;
        while upstream.recorded().len() < n {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if stream {
            // The first chunk has come; the rest is not waited for.
            drop(request.await.unwrap().unwrap());
        } else {
            request.abort();
        }
        in_time(async {
            while *upstream.gone.lock().unwrap() < n {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        counted(&gateway, "client_gone", 1).await;
    }
}
