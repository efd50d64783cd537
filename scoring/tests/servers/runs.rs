//! Many requests: interrupted, resumed, with some that fail.

use crate::stub::{Arrived, Stub, about, chat, judge, key, number_of, ok, status};
use leaning_scoring::{
    Address, Answer, Cache, Client, Error, Event, Finished, Limits, Protocol, RunError, Settings,
};
use leaning_scoring::{Totals, embeddings, run};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const LIMITS: Limits = Limits {
    concurrency: 8,
    batch: 16,
    again: false,
};

async fn run_all(
    client: &Arc<Client>,
    cache: &mut Cache,
    count: usize,
) -> Result<Finished, RunError> {
    run(
        Arc::clone(client),
        cache,
        (count, about),
        &LIMITS,
        |_, _| (),
        || false,
    )
    .await
}

/// A judge whose rating of a text is known.
fn rate(number: usize) -> Value {
    chat(&(1 + number % 5).to_string())
}

#[tokio::test]
async fn ten_thousand_requests_that_are_interrupted_anywhere_are_each_sent_once() {
    const COUNT: usize = 10_000;
    let stub = Stub::start(|_, arrived| ok(&rate(number_of(arrived)))).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache");
    let stop_at = fastrand::usize(1..COUNT);
    println!("stopped after {stop_at} answers");
    let answered = AtomicUsize::new(0);
    let mut cache = Cache::open(&path).unwrap();
    let on_event = |event, totals: &Totals| {
        if matches!(event, Event::Went) {
            answered.store(totals.answered, Ordering::Relaxed);
        }
    };
    let is_stopped = || answered.load(Ordering::Relaxed) >= stop_at;
    let first = run(
        stub.client(),
        &mut cache,
        (COUNT, about),
        &LIMITS,
        on_event,
        is_stopped,
    );
    let first = first.await.unwrap();
    assert!(first.is_interrupted);
    let asked: HashSet<usize> = stub.arrived().iter().map(number_of).collect();
    // Those under way were waited for.
    assert_eq!(asked.len(), first.totals.answered);
    assert!((stop_at..stop_at + LIMITS.concurrency + 1).contains(&asked.len()));
    drop(cache);

    let mut cache = Cache::open(&path).unwrap();
    let second = run_all(&stub.client(), &mut cache, COUNT).await.unwrap();
    assert!(!second.is_interrupted);
    let all = stub.arrived();
    assert_eq!(all.len(), COUNT, "each text is asked about once");
    let rest: HashSet<usize> = all[asked.len()..].iter().map(number_of).collect();
    let expected: HashSet<usize> = (0..COUNT)
        .filter(|number| !asked.contains(number))
        .collect();
    assert_eq!(rest, expected);
    assert_eq!(
        (second.totals.cached, second.totals.answered),
        (asked.len(), rest.len())
    );
    let tokens = first.totals.tokens.prompt + second.totals.tokens.prompt;
    assert_eq!(tokens, 19 * COUNT as u64);
    for number in [0, 1, stop_at, COUNT - 1] {
        let reply = second.answer(number, &cache).unwrap().unwrap();
        let expected = (1 + number % 5) as f64;
        assert_eq!(judge().ratings(0, &reply.answer), Ok(vec![expected]));
    }
}

#[tokio::test]
async fn equal_requests_are_sent_once() {
    let stub = Stub::start(|_, _| ok(&chat("3"))).await;
    let mut cache = Cache::in_memory();
    let twice = |number: usize| about(number / 2);
    let finished = run(
        stub.client(),
        &mut cache,
        (10, twice),
        &LIMITS,
        |_, _| (),
        || false,
    );
    let finished = finished.await.unwrap();
    assert_eq!((stub.arrived().len(), finished.totals.requests), (5, 5));
    assert!((0..10).all(|number| finished.answer(number, &cache).is_some_and(|of| of.is_ok())));
}

#[tokio::test]
async fn a_request_that_fails_does_not_end_the_run() {
    let stub = Stub::start(|_, arrived| match number_of(arrived) {
        7 => status(
            400,
            r#"{"error":{"message":"This model's maximum context length is 512 tokens."}}"#,
        ),
        9 => status(500, "crash"),
        11 => ok(&chat("I'm sorry, but I can't help with that.")),
        13 => ok(&chat("7")),
        number => ok(&rate(number)),
    })
    .await;
    let mut cache = Cache::in_memory();
    let finished = run_all(&stub.client(), &mut cache, 40).await.unwrap();
    let totals = finished.totals;
    assert_eq!((totals.answered, totals.failed), (38, 2));
    let failure = |number: usize| {
        finished
            .answer(number, &cache)
            .unwrap()
            .unwrap_err()
            .to_string()
    };
    assert!(
        failure(7).ends_with("(400): This model's maximum context length is 512 tokens."),
        "{}",
        failure(7)
    );
    assert_eq!(failure(9), "no answer after 4 attempts: 500: crash");
    for (number, quote) in [(11, "I'm sorry"), (13, "\"7\"")] {
        let reply = finished.answer(number, &cache).unwrap().unwrap();
        assert!(matches!(&reply.answer, Answer::Unrated { because } if because.contains(quote)));
    }
}

#[tokio::test]
async fn an_answer_that_is_no_rating_is_paid_for_once_unless_it_is_wanted_again() {
    let stub = Stub::start(|number, _| ok(&chat(if number == 0 { "No." } else { "2" }))).await;
    let mut cache = Cache::in_memory();
    for _ in 0..2 {
        run_all(&stub.client(), &mut cache, 1).await.unwrap();
        assert_eq!(stub.arrived().len(), 1);
    }
    let limits = Limits {
        again: true,
        ..LIMITS
    };
    for _ in 0..2 {
        let again = run(
            stub.client(),
            &mut cache,
            (1, about),
            &limits,
            |_, _| (),
            || false,
        );
        let again = again.await.unwrap();
        let reply = again.answer(0, &cache).unwrap().unwrap();
        assert_eq!(reply.answer, Answer::numbers(vec![vec![2.0]]));
        assert_eq!(stub.arrived().len(), 2);
    }
}

#[tokio::test]
async fn a_failure_that_concerns_all_ends_the_run_and_what_was_answered_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache");
    let stub = Stub::start(|number, arrived| match number {
        0..50 => ok(&rate(number_of(arrived))),
        _ => status(
            402,
            r#"{"error":{"message":"Out of credit for sk-secret."}}"#,
        ),
    })
    .await;
    let client = stub.client_with(|settings| Settings {
        key: key(),
        ..settings
    });
    let mut cache = Cache::open(&path).unwrap();
    let error = run_all(&client, &mut cache, 1000)
        .await
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "the server refused the request (402): Out of credit for …."
    );
    assert!(stub.arrived().len() <= 50 + LIMITS.concurrency);
    assert_eq!(cache.len(), 50);
    drop(cache);
    assert!(!fs::read_to_string(&path).unwrap().contains("secret"));
    assert_eq!(Cache::open(&path).unwrap().len(), 50);
}

#[tokio::test]
async fn a_server_that_fails_each_time_ends_the_run() {
    let stub = Stub::start(|_, _| status(400, "logprobs is not supported")).await;
    let error = run_all(&stub.client(), &mut Cache::in_memory(), 1000).await;
    assert!(matches!(
        error,
        Err(RunError::Server(Error::Refused { status: 400, .. }))
    ));
    assert!(stub.arrived().len() < 3 * LIMITS.concurrency);
    // Fewer than are needed to tell.
    let error = run_all(&stub.client(), &mut Cache::in_memory(), 2).await;
    assert!(matches!(error, Err(RunError::Server(_))));
}

#[tokio::test]
async fn a_model_that_never_rates_is_not_paid_for_ten_thousand_times() {
    let stub = Stub::start(|_, _| ok(&chat("Sure! Let me think."))).await;
    let mut cache = Cache::in_memory();
    let error = run_all(&stub.client(), &mut cache, 10_000)
        .await
        .unwrap_err();
    let expected = "none of 32 answers was of use: expected a digit from 1 to 5, found \"Sure! Let me think.\"";
    assert_eq!(error.to_string(), expected);
    assert!(stub.arrived().len() < 32 + LIMITS.concurrency);
    // One rating is enough to go on.
    let stub = Stub::start(|number, _| ok(&chat(if number == 5 { "3" } else { "Hm." }))).await;
    let finished = run_all(&stub.client(), &mut Cache::in_memory(), 100)
        .await
        .unwrap();
    assert_eq!(finished.totals.answered, 100);
}

#[tokio::test]
async fn a_stopped_run_does_not_try_again() {
    let stub = Stub::start(|_, _| status(503, "loading")).await;
    let settings = Settings::new(Address::parse(&stub.address).unwrap());
    // With waits that would take a minute.
    let client = Arc::new(Client::new(settings).unwrap());
    let sent = || client.sent() > 0;
    let mut cache = Cache::in_memory();
    let finished = run(
        Arc::clone(&client),
        &mut cache,
        (100, about),
        &LIMITS,
        |_, _| (),
        sent,
    );
    let finished = finished.await.unwrap();
    assert!(finished.is_interrupted);
    assert_eq!((finished.totals.answered, finished.totals.failed), (0, 0));
    assert!(finished.answer(0, &cache).is_none());
}

#[tokio::test]
async fn embeddings_are_sent_in_batches_of_what_is_not_in_the_cache() {
    let stub = Stub::start(|_, arrived: &Arrived| {
        let texts = arrived.body["input"].as_array().unwrap();
        let items = texts.iter().enumerate().map(|(index, text)| {
            let number: f64 = text.as_str().unwrap().parse().unwrap();
            json!({ "index": index, "embedding": [number, 0.1] })
        });
        ok(&json!({ "data": items.collect::<Vec<_>>() }))
    })
    .await;
    let request =
        |number: usize| embeddings::request(Protocol::Embeddings, "m", &number.to_string());
    let mut cache = Cache::in_memory();
    for (count, sent) in [(40, 3), (50, 4)] {
        let finished = run(
            stub.client(),
            &mut cache,
            (count, request),
            &LIMITS,
            |_, _| (),
            || false,
        );
        let finished = finished.await.unwrap();
        for number in 0..count {
            let reply = finished.answer(number, &cache).unwrap().unwrap();
            assert_eq!(
                reply.answer,
                Answer::numbers(vec![vec![number as f64, 0.1]])
            );
        }
        assert_eq!(stub.arrived().len(), sent);
    }
}

#[tokio::test]
async fn a_text_that_is_refused_does_not_take_its_batch_with_it() {
    let stub = Stub::start(|_, arrived: &Arrived| {
        let texts = arrived.body["input"].as_array().unwrap();
        if texts.contains(&json!("7")) {
            return status(400, r#"{"error":{"message":"too long"}}"#);
        }
        let items = (0..texts.len()).map(|index| json!({ "index": index, "embedding": [1.0] }));
        ok(&json!({ "data": items.collect::<Vec<_>>() }))
    })
    .await;
    let request =
        |number: usize| embeddings::request(Protocol::Embeddings, "m", &number.to_string());
    let mut cache = Cache::in_memory();
    let finished = run(
        stub.client(),
        &mut cache,
        (40, request),
        &LIMITS,
        |_, _| (),
        || false,
    );
    let finished = finished.await.unwrap();
    assert_eq!((finished.totals.answered, finished.totals.failed), (39, 1));
    let failure = finished.answer(7, &cache).unwrap().unwrap_err().to_string();
    assert_eq!(failure, "the server refused the request (400): too long");
    // Three batches, and the sixteen of the first one by one.
    assert_eq!(stub.arrived().len(), 3 + 16);
}

#[tokio::test]
async fn what_is_under_way_when_a_run_ends_is_kept() {
    let stub = Stub::start(|_, arrived| match number_of(arrived) {
        0 => status(401, "no"),
        _ => ok(&chat("3")),
    })
    .await;
    let mut cache = Cache::in_memory();
    let error = run_all(&stub.client(), &mut cache, 1000).await.unwrap_err();
    assert!(matches!(
        error,
        RunError::Server(Error::Refused { status: 401, .. })
    ));
    assert_eq!(cache.len(), stub.arrived().len() - 1);
}
