//! Many conversations at once: no message is lost or gets into another conversation, and the memory
//! stays as it is. Its memory is measured, so nothing else is tested in this process.
// The package is empty for wasm32; see `src/lib.rs`.
#![cfg(not(target_family = "wasm"))]

mod common;

use common::{Running, Stub, drafts_of, settings, settings_for};
use leaning_gateway::{Limits, Settings};
use serde_json::{Value, json};
use std::fs;
use tokio::task::JoinSet;

const CONVERSATIONS: usize = 500;
const TURNS: usize = 3;
const ROUNDS: usize = 6;
const DRAFTS: usize = 3;
/// After the second round the process may grow by as much, in kB: what an allocator keeps.
const GROWTH: usize = 16_384;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_conversations_at_once_stay_apart_and_the_memory_flat() {
    // A conversation has four sockets here: both ends of two connections.
    let room = open_files().map_or(CONVERSATIONS, |most| most.saturating_sub(100) / 5);
    let conversations = CONVERSATIONS.min(room);
    if conversations < CONVERSATIONS {
        println!("only {conversations} conversations: this process may open no more files");
    }
    // It answers with what the conversation has in it.
    let upstream = Stub::start_with(
        |request| {
            let messages = request.body["messages"].as_array().unwrap();
            let texts: Vec<&str> = messages
                .iter()
                .map(|of| of["content"].as_str().unwrap())
                .collect();
            drafts_of(request, &texts.join(" "))
        },
        false,
    )
    .await;
    let limits = Limits {
        concurrency: conversations,
        ..settings().limits
    };
    let gateway = Running::start(Settings {
        limits,
        drafts: DRAFTS,
        ..settings_for(&upstream)
    })
    .await;
    let gateway = std::sync::Arc::new(gateway);
    let mut peaks = Vec::new();
    for round in 0..ROUNDS {
        let mut all = JoinSet::new();
        for place in 0..conversations {
            let gateway = std::sync::Arc::clone(&gateway);
            all.spawn(async move { converse(&gateway, &format!("mark-{round}-{place};")).await });
        }
        let ended = all.join_all().await;
        assert_eq!(ended.len(), conversations);
        peaks.push(peak_memory());
    }
    let asked = conversations * TURNS * ROUNDS;
    let line = format!("leaning_gateway_requests_total{{outcome=\"ok\"}} {asked}");
    gateway.until_metrics_have(&line).await;
    let line = format!(
        "leaning_gateway_drafts_total{{outcome=\"ok\"}} {}",
        asked * DRAFTS
    );
    gateway.until_metrics_have(&line).await;
    match (peaks[1], peaks[ROUNDS - 1]) {
        (Some(early), Some(late)) => {
            println!("peak memory in kB after each round: {peaks:?}");
            assert!(late < early + GROWTH, "{peaks:?}");
        }
        _ => println!("the memory was not measured: there is no /proc here"),
    }
}

/// A conversation of some turns, each of which the upstream server answers with all messages so far.
async fn converse(gateway: &Running, mark: &str) {
    let mut messages: Vec<Value> = Vec::new();
    let mut said = String::new();
    for turn in 0..TURNS {
        let text = format!("{mark}{turn}");
        messages.push(json!({ "role": "user", "content": text }));
        said.push_str(&text);
        let body = json!({ "model": "m", "messages": messages });
        let expected: Vec<String> = (0..DRAFTS).map(|draft| format!("{said} {draft}")).collect();
        let (drafts, leaning) = if turn % 2 == 0 {
            let (status, answer) = gateway.ask(&body).await;
            assert_eq!(status, 200, "{answer}");
            let texts = answer["choices"].as_array().unwrap().iter();
            let text = |choice: &Value| choice["message"]["content"].as_str().unwrap().to_owned();
            (texts.map(text).collect(), answer["leaning"].clone())
        } else {
            let events = gateway.ask_streaming(&body).await;
            assert_eq!(events.last(), Some(&json!("[DONE]")));
            let mut texts = vec![String::new(); DRAFTS];
            let choices = events
                .iter()
                .filter_map(|event| event["choices"].as_array())
                .flatten();
            for choice in choices {
                let text = &mut texts[choice["index"].as_u64().unwrap() as usize];
                text.push_str(choice["delta"]["content"].as_str().unwrap());
            }
            (texts, events[events.len() - 2]["leaning"].clone())
        };
        assert_eq!(drafts, expected);
        let length = |draft: &String| json!([text.len() as f64, draft.len() as f64]);
        let scores: Vec<Value> = expected.iter().map(length).collect();
        assert_eq!(leaning["scores"], json!(scores));
        messages.push(json!({ "role": "assistant", "content": "|" }));
        said = format!("{said} | ");
    }
}

/// The number of files that this process may open, where the system says it.
fn open_files() -> Option<usize> {
    number_in("/proc/self/limits", "Max open files")
}

/// The most memory that this process has had, in kB.
fn peak_memory() -> Option<usize> {
    number_in("/proc/self/status", "VmHWM:")
}

fn number_in(file: &str, name: &str) -> Option<usize> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
