//! Many conversations at once: no message is lost or gets into another conversation, and nothing of them is kept. The memory
//! of this process is counted, so nothing else is tested in it.
// The package is empty for wasm32; see `src/lib.rs`.
#![cfg(not(target_family = "wasm"))]

mod common;

use common::{Act, Running, Stub, drafts_of, settings, settings_for};
use leaning_gateway::{Limits, Settings};
use reqwest::Client;
use serde_json::{Value, json};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// Counts what is held. The memory that the system gives the process also depends on the allocator and the machine.
#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CONVERSATIONS: usize = 500;
const TURNS: usize = 3;
const ROUNDS: usize = 6;
const DRAFTS: usize = 3;
/// The most that may be held more after the last round than after the second, in bytes for each request between them.
const GROWTH: usize = 16;
/// The time between two looks at the memory.
const LOOK: Duration = Duration::from_millis(50);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_conversations_at_once_stay_apart_and_the_memory_flat() {
    let conversations = CONVERSATIONS.min(room());
    if conversations < CONVERSATIONS {
        println!("only {conversations} conversations: this process may open no more files");
    }
    // It answers with what the conversation has in it. The first turns of a round are answered when all have come, so that
    // every round has as many connections.
    let all = Arc::new(Barrier::new(conversations));
    let upstream = Stub::start_with(
        move |request| {
            let messages = request.body["messages"].as_array().unwrap();
            let texts: Vec<&str> = messages
                .iter()
                .map(|of| of["content"].as_str().unwrap())
                .collect();
            let mut acts = drafts_of(request, &texts.join(" "));
            if messages.len() == 1 {
                acts.insert(0, Act::Together(Arc::clone(&all)));
            }
            acts
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
    // A connection that is kept for the next request holds memory, and how many there are is luck.
    let unkept = Client::builder().no_proxy().pool_max_idle_per_host(0);
    let gateway = Arc::new(Running {
        client: unkept.build().unwrap(),
        ..gateway
    });
    let mut after = Vec::new();
    for round in 0..ROUNDS {
        let mut all = JoinSet::new();
        for place in 0..conversations {
            let gateway = Arc::clone(&gateway);
            all.spawn(async move { converse(&gateway, &format!("mark-{round}-{place};")).await });
        }
        let ended = all.join_all().await;
        assert_eq!(ended.len(), conversations);
        after.push(when_settled().await);
    }
    let asked = conversations * TURNS * ROUNDS;
    let line = format!("leaning_gateway_requests_total{{outcome=\"ok\"}} {asked}");
    gateway.until_metrics_have(&line).await;
    let line = format!(
        "leaning_gateway_drafts_total{{outcome=\"ok\"}} {}",
        asked * DRAFTS
    );
    gateway.until_metrics_have(&line).await;
    println!("held after each round, in bytes: {after:?}");
    let most = after[1] + GROWTH * conversations * TURNS * (ROUNDS - 2);
    for _ in 0..600 {
        if held() <= most {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
    panic!("{} bytes are held in the end: {after:?}", held());
}

/// The number of bytes that this process holds.
fn held() -> usize {
    let memory = MEMORY.stats();
    memory.bytes_allocated - memory.bytes_deallocated
}

/// The same, once the ends of connections have been dealt with.
async fn when_settled() -> usize {
    loop {
        let before = held();
        tokio::time::sleep(LOOK).await;
        if held() == before {
            return before;
        }
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

/// The number of conversations for which this process may open files, as many as the system lets it: four for both ends of
/// two connections.
#[cfg(unix)]
fn room() -> usize {
    let limit = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    usize::try_from(limit.saturating_sub(100) / 5).unwrap_or(usize::MAX)
}

#[cfg(not(unix))]
fn room() -> usize {
    usize::MAX
}
