//! Drafts, scores and streams, as the upstream server and the client see them.

use crate::common::{
    Running, Stub, chunk, completion, drafts_of, json_response, message, one_dimension, settings,
    settings_for, stream_response,
};
use leaning_gateway::{Ask, Conversation, Description, Scorer, Scores, Settings, Unlike};
use leaning_scoring::Key;
use serde_json::{Value, json};
use std::pin::Pin;
use std::sync::Arc;

#[tokio::test]
async fn drafts_are_choices_and_their_scores_an_extension() {
    let upstream = Stub::start(|request| drafts_of(request, "draft")).await;
    let gateway = Running::start(settings_for(&upstream)).await;
    let (status, answer) = gateway.ask(&message("Hello")).await;
    assert_eq!(status, 200);
    let mut expected = completion(&["draft 0", "draft 1"]);
    expected["leaning"] = json!({
        "deck": { "id": "lengths", "version": "3" }, "dimensions": ["prompt", "draft"],
        "scores": [[5.0, 7.0], [5.0, 7.0]],
    });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn a_stream_has_chunks_of_all_drafts_then_the_scores_then_the_end() {
    let upstream = Stub::start(|request| drafts_of(request, "draft")).await;
    for ask in [Ask::Once, Ask::Parallel] {
        let gateway = Running::start(Settings {
            ask,
            drafts: 3,
            ..settings_for(&upstream)
        })
        .await;
        let events = gateway.ask_streaming(&message("Hello")).await;
        let (last, rest) = events.split_last().unwrap();
        assert_eq!(last, "[DONE]");
        let (leaning, chunks) = rest.split_last().unwrap();
        assert_eq!(leaning["choices"], json!([]));
        assert_eq!(leaning["id"], "c1");
        assert_eq!(
            leaning["leaning"]["scores"],
            json!([[5.0, 7.0], [5.0, 7.0], [5.0, 7.0]])
        );
        let mut texts = vec![String::new(); 3];
        for chunk in chunks {
            assert!(
                chunk.get("leaning").is_none() && chunk["model"] == "real",
                "{chunk}"
            );
            let choice = &chunk["choices"][0];
            let text = &mut texts[choice["index"].as_u64().unwrap() as usize];
            text.push_str(choice["delta"]["content"].as_str().unwrap());
        }
        let expected = match ask {
            Ask::Once => ["draft 0", "draft 1", "draft 2"],
            Ask::Parallel => ["draft 0"; 3],
        };
        assert_eq!(texts, expected, "{ask:?}");
    }
}

#[tokio::test]
async fn numbers_of_tokens_are_added_up_and_streamed_only_if_asked_for() {
    let upstream = Stub::start(|request| drafts_of(request, "draft")).await;
    let parallel = Settings {
        ask: Ask::Parallel,
        drafts: 3,
        ..settings_for(&upstream)
    };
    let gateway = Running::start(parallel).await;
    let sum = json!({ "prompt_tokens": 30, "completion_tokens": 6, "total_tokens": 36 });
    assert_eq!(gateway.ask(&message("Hello")).await.1["usage"], sum);
    let usages = |events: &[Value]| -> Vec<Value> {
        let usages = events.iter().filter_map(|event| event.get("usage"));
        usages.cloned().collect()
    };
    let events = gateway.ask_streaming(&message("Hello")).await;
    assert_eq!(usages(&events), Vec::<Value>::new());
    let mut asking = message("Hello");
    asking["stream_options"] = json!({ "include_usage": true });
    let events = gateway.ask_streaming(&asking).await;
    assert_eq!(usages(&events), [sum]);
    let place = events.iter().position(|event| event.get("usage").is_some());
    assert_eq!(place, Some(events.len() - 3));
}

#[tokio::test]
async fn what_the_gateway_does_not_know_is_passed_on_and_who_asks_is_not() {
    let upstream = Stub::start(|request| drafts_of(request, "draft")).await;
    let gateway = Running::start(settings_for(&upstream)).await;
    let body = json!({
        "model": "m", "n": 3, "temperature": 0.1, "seed": 9_007_199_254_740_993_u64, "new": { "x": [1, null] },
        "messages": [{ "role": "system", "content": "Be kind.", "also": 1 },
                     { "role": "user", "content": [{ "type": "text", "text": "Hello" }] }],
        "user": "ann", "metadata": { "name": "ann" }, "safety_identifier": "ann",
    });
    let request = gateway.post(&body).header("cookie", "who=ann");
    let request = request
        .header("user-agent", "ann")
        .header("referer", "http://ann.example/");
    let request = request
        .header("x-forwarded-for", "192.0.2.7")
        .header("origin", "http://ann");
    let request = request
        .header("accept-language", "ann")
        .header("authorization", "Bearer own");
    assert_eq!(request.send().await.unwrap().status(), 200);
    let [recorded] = &upstream.recorded()[..] else {
        panic!("one request")
    };
    let mut expected = body;
    for gone in ["user", "metadata", "safety_identifier"] {
        expected.as_object_mut().unwrap().remove(gone);
    }
    assert_eq!(recorded.body, expected);
    assert_eq!(
        recorded.header("authorization").as_deref(),
        Some("Bearer own")
    );
    assert!(
        !recorded.head.contains("ann") && !recorded.head.contains("192.0.2.7"),
        "{}",
        recorded.head
    );
    assert!(
        recorded.head.starts_with("POST /v1/chat/completions HTTP"),
        "{}",
        recorded.head
    );
}

#[tokio::test]
async fn the_gateways_key_and_model_replace_the_clients() {
    let upstream = Stub::start(|request| drafts_of(request, "draft")).await;
    let gateway = Running::start(Settings {
        key: Key::new("secret").unwrap(),
        model: Some("cheap".to_owned()),
        ..settings_for(&upstream)
    })
    .await;
    let request = gateway
        .post(&message("Hello"))
        .header("authorization", "Bearer own");
    assert_eq!(request.send().await.unwrap().status(), 200);
    let [recorded] = &upstream.recorded()[..] else {
        panic!("one request")
    };
    assert_eq!(
        recorded.header("authorization").as_deref(),
        Some("Bearer secret")
    );
    assert_eq!(recorded.body["model"], "cheap");
}

#[tokio::test]
async fn drafts_that_are_asked_for_in_parallel_can_be_made_unlike() {
    let upstream = Stub::start(|request| drafts_of(request, "draft")).await;
    let instruction = |text: &str| Unlike {
        instruction: Some(text.to_owned()),
        temperature: None,
    };
    let gateway = Running::start(Settings {
        ask: Ask::Parallel,
        drafts: 4,
        unlike: vec![
            Unlike::default(),
            instruction("Be brief."),
            Unlike {
                temperature: Some(1.5),
                ..instruction("Be warm.")
            },
        ],
        ..settings_for(&upstream)
    })
    .await;
    let system = |content: Value| json!({ "role": "system", "content": content });
    let user = json!({ "role": "user", "content": "Hello" });
    let part = |text: &str| json!({ "type": "text", "text": text });
    for (given, expected) in [
        (
            None,
            [None, Some(json!("Be brief.")), Some(json!("Be warm."))],
        ),
        (
            Some(json!("Hm.")),
            [
                Some(json!("Hm.")),
                Some(json!("Hm.\n\nBe brief.")),
                Some(json!("Hm.\n\nBe warm.")),
            ],
        ),
        (
            Some(json!([part("Hm.")])),
            [
                Some(json!([part("Hm.")])),
                Some(json!([part("Hm."), part("Be brief.")])),
                Some(json!([part("Hm."), part("Be warm.")])),
            ],
        ),
    ] {
        upstream.requests.lock().unwrap().clear();
        let messages = |first: Option<Value>| -> Vec<Value> {
            first
                .map(system)
                .into_iter()
                .chain([user.clone()])
                .collect()
        };
        let body = json!({ "messages": messages(given.clone()), "seed": 7, "temperature": 0.2 });
        let (status, answer) = gateway.ask(&body).await;
        assert_eq!(
            (status, answer["choices"].as_array().unwrap().len()),
            (200, 4)
        );
        let mut bodies: Vec<Value> = upstream
            .recorded()
            .into_iter()
            .map(|request| request.body)
            .collect();
        bodies.sort_by_key(|body| body["seed"].as_i64());
        let wanted = expected
            .into_iter()
            .chain([given])
            .zip([0.2, 0.2, 1.5, 0.2]);
        let wanted = wanted.enumerate().map(|(draft, (first, temperature))| {
            json!({ "messages": messages(first), "seed": 7 + draft, "temperature": temperature })
        });
        assert_eq!(bodies, wanted.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn drafts_that_fail_are_left_out_and_the_others_returned() {
    let upstream = Stub::start(|request| match request.body["temperature"].as_f64() {
        Some(1.0) => vec![json_response("500 Oops", &json!({}))],
        Some(2.0) if request.is_stream() => {
            vec![stream_response(&[
                chunk(0, "broken", None),
                json!("{\"half"),
            ])]
        }
        Some(2.0) => vec![json_response("200 OK", &json!({ "choices": [] }))],
        _ => drafts_of(request, "fine"),
    })
    .await;
    let unlike = |temperature: f64| Unlike {
        temperature: Some(temperature),
        instruction: None,
    };
    let gateway = Running::start(Settings {
        ask: Ask::Parallel,
        drafts: 4,
        unlike: [0.0, 1.0, 2.0, 3.0].map(unlike).to_vec(),
        ..settings_for(&upstream)
    })
    .await;
    let left_out = |leaning: &Value| -> Vec<(u64, String)> {
        let all = leaning["leftOut"].as_array().unwrap().iter();
        let code = |of: &Value| of["error"]["code"].as_str().unwrap().to_owned();
        all.map(|of| (of["index"].as_u64().unwrap(), code(of)))
            .collect()
    };
    let (status, answer) = gateway.ask(&message("Hello")).await;
    assert_eq!(status, 200);
    let places: Vec<&Value> = answer["choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| &of["index"])
        .collect();
    assert_eq!(places, [0, 3]);
    assert_eq!(
        answer["leaning"]["scores"],
        json!([[5.0, 6.0], null, null, [5.0, 6.0]])
    );
    let code = |code: &str| code.to_owned();
    assert_eq!(
        left_out(&answer["leaning"]),
        [
            (1, code("upstream_failed")),
            (2, code("upstream_no_choices"))
        ]
    );
    let events = gateway.ask_streaming(&message("Hello")).await;
    let leaning = &events[events.len() - 2]["leaning"];
    assert_eq!(
        leaning["scores"],
        json!([[5.0, 6.0], null, null, [5.0, 6.0]])
    );
    assert_eq!(
        left_out(leaning),
        [(1, code("upstream_failed")), (2, code("upstream_invalid"))]
    );
    gateway
        .until_metrics_have("leaning_gateway_requests_total{outcome=\"partial\"} 2")
        .await;
    gateway
        .until_metrics_have("leaning_gateway_drafts_total{outcome=\"ok\"} 4")
        .await;
}

#[tokio::test]
async fn fewer_choices_than_asked_for_are_returned_with_a_word_about_the_rest() {
    let upstream = Stub::start(|request| {
        let mut one = request.clone();
        one.body["n"] = json!(1);
        drafts_of(&one, "only")
    })
    .await;
    let gateway = Running::start(settings_for(&upstream)).await;
    let (status, answer) = gateway.ask(&message("Hello")).await;
    assert_eq!(
        (status, answer["choices"].as_array().unwrap().len()),
        (200, 1)
    );
    assert_eq!(
        answer["leaning"]["leftOut"][0]["error"]["code"],
        "upstream_no_choices"
    );
    let events = gateway.ask_streaming(&message("Hello")).await;
    let leaning = &events[events.len() - 2]["leaning"];
    assert_eq!(leaning["leftOut"][0]["index"], 1);
}

/// Fails, or scores as it should not.
#[derive(Debug)]
struct Odd(Description, Result<Scores, String>);

impl Scorer for Odd {
    fn description(&self) -> &Description {
        &self.0
    }

    fn score(
        &self,
        _: Conversation,
        _: Vec<String>,
    ) -> Pin<Box<dyn Future<Output = Result<Scores, String>> + Send + '_>> {
        Box::pin(async { self.1.clone() })
    }
}

#[tokio::test]
async fn a_scorer_that_fails_costs_no_draft() {
    let upstream = Stub::start(|request| drafts_of(request, "draft")).await;
    for (scored, word) in [
        (Err("the judge is out".to_owned()), "the judge is out"),
        (Ok(vec![Some(vec![1.0])]), "2 drafts"),
        (Ok(vec![Some(vec![1.0]), Some(vec![])]), "scores[1]"),
        (Ok(vec![Some(vec![f64::NAN]), None]), "scores[0]"),
    ] {
        let gateway = Running::start(Settings {
            scorer: Some(Arc::new(Odd(one_dimension(), scored))),
            ..settings_for(&upstream)
        })
        .await;
        let (status, answer) = gateway.ask(&message("Hello")).await;
        assert_eq!(
            (status, answer["choices"].as_array().unwrap().len()),
            (200, 2)
        );
        let leaning = &answer["leaning"];
        assert_eq!(leaning["scores"], json!([null, null]));
        assert_eq!(leaning["error"]["code"], "scoring_failed");
        assert!(
            leaning["error"]["message"].as_str().unwrap().contains(word),
            "{leaning}"
        );
        let line = "leaning_gateway_scorings_total{outcome=\"scoring_failed\"} 1";
        gateway.until_metrics_have(line).await;
    }
}

#[tokio::test]
async fn a_draft_that_cannot_be_scored_leaves_the_others_theirs() {
    let upstream = Stub::start(|request| drafts_of(request, "draft")).await;
    let scored = Ok(vec![None, Some(vec![1.5])]);
    let gateway = Running::start(Settings {
        scorer: Some(Arc::new(Odd(one_dimension(), scored))),
        ..settings_for(&upstream)
    })
    .await;
    let (_, answer) = gateway.ask(&message("Hello")).await;
    let leaning = &answer["leaning"];
    assert_eq!(leaning["scores"], json!([null, [1.5]]));
    assert_eq!(leaning.get("error"), None);
}

#[tokio::test]
async fn without_a_scorer_or_a_text_there_are_no_scores() {
    let upstream = Stub::start(|_| {
        let mut answer = completion(&["a", "b"]);
        answer["choices"][0]["message"] =
            json!({ "role": "assistant", "content": null, "tool_calls": [{}] });
        vec![json_response("200 OK", &answer)]
    })
    .await;
    let gateway = Running::start(settings_for(&upstream)).await;
    let (_, answer) = gateway.ask(&message("Hello")).await;
    assert_eq!(answer["leaning"]["scores"], json!([null, [5.0, 1.0]]));
    assert_eq!(answer["choices"][0]["message"]["tool_calls"], json!([{}]));
    let without = Settings {
        scorer: None,
        ..settings_for(&upstream)
    };
    let (_, answer) = Running::start(without).await.ask(&message("Hello")).await;
    assert_eq!(answer["leaning"], json!({}));
}

#[tokio::test]
async fn models_are_passed_on() {
    let upstream = Stub::start(|request| {
        let path = request.head.split(' ').nth(1).unwrap().to_owned();
        vec![json_response("200 OK", &json!({ "path": path }))]
    })
    .await;
    let gateway = Running::start(settings_for(&upstream)).await;
    for path in ["/v1/models", "/v1/models/a/b-c"] {
        let response = gateway.get(path).await;
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!(body["path"], path);
    }
}

#[tokio::test]
async fn the_stand_in_writes_unlike_drafts_however_they_are_asked_for() {
    for ask in [Ask::Once, Ask::Parallel] {
        let gateway = Running::start(Settings {
            ask,
            drafts: 4,
            ..settings()
        })
        .await;
        let question = message("Why is my homemade bread so dense?");
        let (status, answer) = gateway.ask(&question).await;
        assert_eq!(status, 200);
        let texts: Vec<String> = answer["choices"]
            .as_array()
            .unwrap()
            .iter()
            .map(|choice| choice["message"]["content"].as_str().unwrap().to_owned())
            .collect();
        let different: std::collections::HashSet<&String> = texts.iter().collect();
        assert_eq!(different.len(), 4, "{ask:?}");
        let mut asking = question.clone();
        asking["stream_options"] = json!({ "include_usage": true });
        let events = gateway.ask_streaming(&asking).await;
        let mut streamed = vec![String::new(); 4];
        for choice in events
            .iter()
            .filter_map(|event| event["choices"].as_array())
            .flatten()
        {
            let text = choice["delta"]["content"].as_str().unwrap_or_default();
            streamed[choice["index"].as_u64().unwrap() as usize].push_str(text);
        }
        assert_eq!(streamed, texts);
        let usage = &events[events.len() - 3]["usage"];
        assert_eq!(*usage, answer["usage"]);
        assert_eq!(events[events.len() - 2]["leaning"], answer["leaning"]);
    }
    let gateway = Running::start(settings()).await;
    let response = gateway.get("/v1/models").await;
    assert!(response.text().await.unwrap().contains("stand-in"));
}
