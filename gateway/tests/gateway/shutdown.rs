//! The end of a gateway.

use crate::common::{
    Act, FOREVER, Running, Stub, chunk, events, in_time, message, settings, settings_for,
    stream_response,
};
use leaning_gateway::{Limits, Settings};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Notify;

#[tokio::test]
async fn what_is_in_work_is_finished_and_nothing_new_is_taken() {
    let word = Arc::new(Notify::new());
    let waiting = Arc::clone(&word);
    let upstream = Stub::start(move |_| {
        let rest = [
            chunk(0, "fine", Some("stop")),
            chunk(1, "fine", Some("stop")),
            json!("[DONE]"),
        ];
        let rest: String = rest.iter().map(crate::common::event).collect();
        vec![
            stream_response(&[chunk(0, "All ", None)]),
            Act::Wait(Arc::clone(&waiting)),
            Act::Send(rest),
        ]
    })
    .await;
    let mut gateway = Running::start(settings_for(&upstream)).await;
    let mut body = message("x");
    body["stream"] = json!(true);
    // The head comes with the first chunk, so the request is in work.
    let response = gateway.post(&body).send().await.unwrap();
    gateway.end.take().unwrap().send(()).unwrap();
    while TcpStream::connect(gateway.address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(!gateway.task.is_finished());
    word.notify_one();
    let events = events(&response.text().await.unwrap());
    assert_eq!(events.last(), Some(&json!("[DONE]")));
    assert_eq!(
        events[events.len() - 2]["leaning"]["scores"][0],
        json!([1.0, 8.0])
    );
    in_time(gateway.task).await.unwrap();
}

#[tokio::test]
async fn what_is_not_finished_in_time_ends_with_an_error() {
    let upstream = Stub::start(|request| match request.is_stream() {
        true => vec![stream_response(&[chunk(0, "Well", None)]), Act::Hang],
        false => vec![Act::Hang],
    })
    .await;
    let limits = Limits {
        timeout: FOREVER,
        grace: Duration::from_millis(200),
        ..settings().limits
    };
    let mut gateway = Running::start(Settings {
        limits,
        ..settings_for(&upstream)
    })
    .await;
    let whole = tokio::spawn(gateway.post(&message("x")).send());
    let mut body = message("x");
    body["stream"] = json!(true);
    let stream = gateway.post(&body).send().await.unwrap();
    gateway
        .until_metrics_have("leaning_gateway_in_flight 2")
        .await;
    gateway.end.take().unwrap().send(()).unwrap();
    let events = events(&in_time(stream.text()).await.unwrap());
    assert_eq!(events.last().unwrap()["error"]["code"], "shutting_down");
    let whole = in_time(whole).await.unwrap().unwrap();
    assert_eq!(whole.status(), 503);
    assert!(whole.text().await.unwrap().contains("shutting_down"));
    in_time(gateway.task).await.unwrap();
}

#[tokio::test]
async fn an_idle_gateway_ends_at_once_even_with_connections_open() {
    let limits = Limits {
        grace: FOREVER,
        ..settings().limits
    };
    let mut gateway = Running::start(Settings {
        limits,
        ..settings()
    })
    .await;
    // The client keeps the connection of this request.
    gateway.metrics().await;
    let silent = TcpStream::connect(gateway.address).await.unwrap();
    gateway.end.take().unwrap().send(()).unwrap();
    in_time(gateway.task).await.unwrap();
    drop(silent);
}
