//! Each protocol over a connection, with the fields of its documentation.

use crate::stub::{Stub, chat, judge, ok};
use leaning_scoring::rewards::{classify, nim, pooling, sglang};
use leaning_scoring::{
    Address, Answer, Client, Protocol, Reply, Request, Settings, Template, embeddings,
};
use leaning_scoring::{Tokens, stand_in};
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// Sends a request to a server with this reply. Returns the path and body that arrived, and the answer.
async fn exchange(request: Request, reply: Value) -> (String, Value, Reply) {
    let stub = Stub::start(move |_, _| ok(&reply)).await;
    let answer = stub.client().ask(&[&request]).await.unwrap().remove(0);
    let arrived = stub.arrived().remove(0);
    assert_eq!(arrived.headers["content-type"], "application/json");
    assert_eq!(arrived.headers.get("authorization"), None);
    (arrived.path, arrived.body, answer)
}

#[tokio::test]
async fn a_judge_with_log_probabilities() {
    let alternative =
        |token: &str, logprob: f64| json!({ "token": token, "logprob": logprob, "bytes": [48] });
    let mut reply = chat("4");
    reply["choices"][0]["logprobs"] = json!({
        "content": [{
            "token": "4", "logprob": -1.25, "bytes": [52],
            "top_logprobs": [alternative("4", -1.25), alternative("2", -1.25)]
        }],
        "refusal": null
    });
    let (path, body, answer) = exchange(judge().request(0, 0, "Tea?", &["Yes."]), reply).await;
    assert_eq!(path, "/v1/chat/completions");
    assert_eq!(
        (&body["logprobs"], &body["top_logprobs"]),
        (&json!(true), &json!(10))
    );
    let Answer::Numbers { rows, .. } = answer.answer else {
        panic!()
    };
    assert!((rows[0][0] - 3.0).abs() < 1e-12);
    assert_eq!((answer.tokens.prompt, answer.tokens.completion), (19, 1));
}

#[tokio::test]
async fn a_judge_without() {
    let (_, _, reply) = exchange(judge().request(0, 0, "Tea?", &["Yes."]), chat("4")).await;
    assert_eq!(reply.answer, Answer::numbers(vec![vec![4.0]]));
}

#[tokio::test]
async fn classes_of_vllm() {
    let reply = json!({
        "id": "classify-7c87cac407b749a6935d8c7ce2a8fba2", "object": "list", "created": 1745383065, "model": "m",
        "data": [{ "index": 0, "label": "LABEL_0", "probs": [4.5, -2.25, 0.5], "num_classes": 3 }],
        "usage": { "prompt_tokens": 10, "total_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null }
    });
    let (path, body, reply) =
        exchange(classify::request(Some("m"), None, "Tea?", "Yes."), reply).await;
    assert_eq!(
        (&*path, &body["use_activation"]),
        ("/classify", &json!(false))
    );
    assert_eq!(reply.answer, Answer::numbers(vec![vec![4.5, -2.25, 0.5]]));
}

#[tokio::test]
async fn pooled_numbers_of_vllm() {
    let reply = json!({
        "id": "pool-1", "object": "list", "created": 1745383065, "model": "m",
        "data": [{ "index": 0, "object": "pooling", "data": [[0.5], [-3.5]] }],
        "usage": { "prompt_tokens": 5, "total_tokens": 5, "completion_tokens": 0, "prompt_tokens_details": null }
    });
    let (path, body, reply) =
        exchange(pooling::request(Some("m"), None, "Tea?", "Yes."), reply).await;
    assert_eq!(
        (&*path, &body["use_activation"]),
        ("/pooling", &json!(false))
    );
    assert_eq!(reply.answer, Answer::numbers(vec![vec![-3.5]]));
}

#[tokio::test]
async fn rewards_of_sglang() {
    let reply = json!([{
        "embedding": [-24.375],
        "meta_info": { "id": "3f2504e0", "finish_reason": null, "prompt_tokens": 63, "weight_version": "default" }
    }]);
    let template = Template::new("{prompt}\n{text}").unwrap();
    let (path, body, reply) =
        exchange(sglang::request(Some("m"), &template, "Tea?", "Yes."), reply).await;
    assert_eq!(
        (&*path, &body["text"]),
        ("/classify", &json!(["Tea?\nYes."]))
    );
    assert_eq!(reply.answer, Answer::numbers(vec![vec![-24.375]]));
    assert_eq!(reply.tokens.prompt, 63);
}

#[tokio::test]
async fn attributes_of_nim() {
    let reply = chat(
        "helpfulness:1.6171875,correctness:1.6484375,coherence:3.3125,complexity:0.546875,verbosity:0.515625",
    );
    let (path, body, reply) = exchange(
        nim::request("nvidia/nemotron-4-340b-reward", "Tea?", "Yes."),
        reply,
    )
    .await;
    assert_eq!(path, "/v1/chat/completions");
    assert_eq!(
        body["messages"][1],
        json!({ "role": "assistant", "content": "Yes." })
    );
    let Answer::Numbers { rows, names } = reply.answer else {
        panic!()
    };
    assert_eq!(
        names,
        [
            "helpfulness",
            "correctness",
            "coherence",
            "complexity",
            "verbosity"
        ]
    );
    assert_eq!(rows, [[1.6171875, 1.6484375, 3.3125, 0.546875, 0.515625]]);
}

#[tokio::test]
async fn embeddings_are_asked_for_together_and_come_back_in_order() {
    for (protocol, path, field) in [
        (Protocol::Embeddings, "/v1/embeddings", "embedding"),
        (Protocol::PooledEmbeddings, "/pooling", "data"),
    ] {
        let stub = Stub::start(move |_, arrived| {
            let count = arrived.body["input"].as_array().unwrap().len();
            let item = |index: usize| {
                // Half of them as a list, as servers do that know no base64.
                let numbers = if index.is_multiple_of(2) { json!("AACAPwAAIMA=") } else { json!([0.5, index]) };
                json!({ "object": "embedding", "index": index, field: numbers })
            };
            let data: Vec<Value> = (0..count).rev().map(item).collect();
            let usage = json!({ "prompt_tokens": 8, "total_tokens": 8 });
            ok(&json!({ "object": "list", "data": data, "model": "text-embedding-ada-002", "usage": usage }))
        })
        .await;
        let requests = ["a", "b", "c"].map(|text| embeddings::request(protocol, "m", text));
        let replies = stub.client().ask(&requests.each_ref()).await.unwrap();
        let rows = [vec![1.0, -2.5], vec![0.5, 1.0], vec![1.0, -2.5]];
        for (reply, row) in replies.iter().zip(rows) {
            assert_eq!(reply.answer, Answer::numbers(vec![row]));
        }
        let tokens: Tokens = replies.iter().map(|reply| reply.tokens).sum();
        assert_eq!(tokens.prompt, 8);
        let arrived = stub.arrived();
        assert_eq!((arrived.len(), &*arrived[0].path), (1, path));
        assert_eq!(arrived[0].body["input"], json!(["a", "b", "c"]));
    }
}

#[tokio::test]
async fn the_stand_in_speaks_them_all() {
    let (send, receive) = oneshot::channel();
    let server = stand_in::serve(0, |address| {
        send.send(address.to_owned()).unwrap();
    });
    tokio::select! {
        ended = server => panic!("{ended:?}"),
        () = ask_all(receive) => {}
    }
}

async fn ask_all(address: oneshot::Receiver<String>) {
    let address = Address::parse(&address.await.unwrap()).unwrap();
    let client = Client::new(Settings::new(address)).unwrap();
    let template = Template::new("{prompt}\n{text}").unwrap();
    let long = "You've got this! ".repeat(20);
    for (request, width) in [
        (judge().request(0, 0, "Tea?", &["Yes."]), 1),
        (classify::request(Some("m"), None, "Tea?", &long), 5),
        (pooling::request(Some("m"), None, "Tea?", &long), 5),
        (sglang::request(Some("m"), &template, "Tea?", &long), 5),
        (nim::request("m", "Tea?", &long), 5),
        (embeddings::request(Protocol::Embeddings, "m", &long), 5),
        (
            embeddings::request(Protocol::PooledEmbeddings, "m", &long),
            5,
        ),
    ] {
        let reply = client.ask(&[&request]).await.unwrap().remove(0);
        let Answer::Numbers { rows, .. } = reply.answer else {
            panic!("{request:?}")
        };
        assert_eq!(rows[0].len(), width, "{request:?}");
        assert!(reply.tokens.prompt > 0, "{request:?}");
    }
    let request = judge().request(0, 0, "", &["Yes.", &long]);
    let reply = client.ask(&[&request]).await.unwrap().remove(0);
    let ratings = judge().ratings(0, &reply.answer).unwrap();
    assert!(ratings[0] > 4.5 && ratings[1] < 2.0, "{ratings:?}");
}
