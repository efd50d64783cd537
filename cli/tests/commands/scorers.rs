//! `leaning gateway` with models that score: judges, reward models and embeddings.

use crate::gateway::{Gateway, message};
use crate::model::{Arrived, Model, chat, text_of};
use crate::{Folder, assert_close};
use axum::http::header::AUTHORIZATION;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Child;

/// Two prompts with texts that differ in everything that the stand-in counts.
const TEXTS: [(&str, &str, [&str; 3]); 2] = [
    (
        "tea",
        "How do I make tea?",
        [
            "Boil it. You'll see!",
            "Certainly: one should pour water at a boil over the leaves, and wait for four minutes.",
            "- Boil water\n- You wait\n- That's it, you're done… isn't it nice?",
        ],
    ),
    (
        "bread",
        "Why is my bread dense?",
        [
            "Your dough hasn't risen. Don't worry!",
            "- Warm it\n- Wait",
            "It is the yeast.",
        ],
    ),
];

/// The server that stands in for models. It runs until it is dropped.
struct StandIn {
    child: Child,
    url: String,
}

impl StandIn {
    fn start(folder: &Folder) -> Self {
        let mut child = folder.command("stand-in --port 0").spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.as_mut().unwrap());
        stdout.read_line(&mut line).unwrap();
        let started: Value = serde_json::from_str(&line).unwrap();
        let url = started["url"].as_str().unwrap().to_owned();
        StandIn { child, url }
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A language model that writes these drafts.
fn writer(drafts: &'static [&'static str]) -> Model {
    Model::start(move |_, arrived| {
        assert_eq!(arrived.path, "/v1/chat/completions");
        let choice = |(k, draft): (usize, &&str)| json!({ "index": k, "message": { "role": "assistant", "content": draft } });
        let choices: Vec<Value> = drafts.iter().enumerate().map(choice).collect();
        (200, json!({ "choices": choices }))
    })
}

/// The tables of the texts, a rubric and a template.
fn folder() -> Folder {
    let (mut texts, mut prompts) = (Vec::new(), Vec::new());
    for (prompt, words, answers) in TEXTS {
        prompts.push(json!({ "id": prompt, "text": words }).to_string());
        for (k, text) in answers.iter().enumerate() {
            let row = json!({ "id": format!("{prompt}{k}"), "prompt": prompt, "text": text });
            texts.push(row.to_string());
        }
    }
    Folder::new()
        .with_bytes("t.jsonl", texts.join("\n"))
        .with_bytes("p.jsonl", prompts.join("\n"))
        .with_bytes("template.txt", "User: {prompt}\nAssistant: {text}\n")
        .with("rubric.json", &rubric())
}

fn rubric() -> Value {
    json!({
        "brevity": { "label": "Length", "low": "thorough", "high": "brief", "anchors": { "5": "A line." } },
        "warmth": { "low": "reserved", "high": "warm" }
    })
}

#[test]
fn live_scores_are_on_the_scale_of_the_deck() {
    let folder = folder();
    let models = StandIn::start(&folder);
    let (_, prompt, texts) = &TEXTS[0];
    let writer = writer(texts);
    for (kind, name, rest) in [
        (
            "judge",
            "--judge-model",
            "--rubric rubric.json --phrasings 2",
        ),
        (
            "judge",
            "--judge-model",
            "--rubric rubric.json --phrasings 2 --together",
        ),
        ("rewards", "--rewards-model", "--names a,b,c,d,e"),
        ("rewards", "--rewards-model", "--protocol pooling"),
        (
            "rewards",
            "--rewards-model",
            "--protocol sglang --template template.txt",
        ),
        ("rewards", "--rewards-model", "--protocol nim"),
        ("embed", "--embed-model", ""),
        (
            "embed",
            "--embed-model",
            "--protocol pooling --template template.txt",
        ),
    ] {
        let asked = format!("--{kind} {} {rest}", models.url);
        let tables = "--responses t.jsonl --prompts p.jsonl";
        let is_embedding = kind == "embed";
        let scored = if is_embedding {
            "scored.safetensors"
        } else {
            "scored.jsonl"
        };
        let score =
            format!("score {tables} {asked} --model stand-in --out {scored} --cache {kind}.cache");
        folder.run(&score).result_and_notes();
        let built = if is_embedding {
            format!("build {tables} --features {scored} --scores all")
        } else {
            let meta = fs::read_to_string(folder.0.join("scored.meta.json")).unwrap();
            let meta: Value = serde_json::from_str(&meta).unwrap();
            let dimensions = meta["report"]["dimensions"].as_array().unwrap();
            let ids: Vec<&str> = dimensions
                .iter()
                .map(|of| of["id"].as_str().unwrap())
                .collect();
            format!(
                "build --responses {scored} --prompts p.jsonl --scores {}",
                ids.join(",")
            )
        };
        folder
            .run(&format!("{built} --out d.json"))
            .result_and_notes();
        let deck = fs::read_to_string(folder.0.join("d.json")).unwrap();
        let deck: Value = serde_json::from_str(&deck).unwrap();
        let candidates = deck["prompts"][0]["candidates"].as_array().unwrap();
        let expected: Vec<&Value> = candidates.iter().map(|of| &of["scores"]).collect();
        assert_eq!(expected.len(), 3, "{deck}");

        let url = &writer.url;
        let arguments =
            format!("--upstream {url} --drafts 3 --deck d.json {asked} {name} stand-in");
        let gateway = Gateway::start(&folder, &arguments);
        let answer = gateway.ask("/v1/chat/completions", &message(prompt));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let leaning = &answer["leaning"];
        assert_eq!(leaning["scores"], json!(expected), "{asked}: {leaning}");
        let said = gateway.report["scorer"].as_str().unwrap();
        assert!(said.ends_with(&format!(" at {}", models.url)), "{said}");
    }
}

/// A deck with features of style and of a judge. Scores are words, and ratings above 3.
fn mixed_deck() -> Value {
    json!({
        "format": "leaning-deck/1", "id": "mixed", "version": "1", "language": "en",
        "dimensions": [{ "id": "words" }, { "id": "brevity", "low": "thorough", "high": "brief" }],
        "prompts": [{ "id": "p", "candidates": [{ "id": "a", "scores": [1, 1] }, { "id": "b", "scores": [0, 0] }] }],
        "basis": {
            "features": ["style:words", "brevity"], "mean": [0, 3], "scale": [1, 1],
            "head": [[1, 0], [0, 1]]
        }
    })
}

/// A judge that does as the texts say: `rate 4`.
fn obedient() -> Model {
    Model::judge(|text| {
        text.split_once("rate ")
            .map_or("well…", |(_, digit)| &digit[..1])
            .to_owned()
    })
}

fn with_judge(folder: &Folder, writer: &Model, judge: &str, rest: &str) -> Gateway {
    let url = &writer.url;
    let scores = format!("--deck mixed.json --judge {judge} --judge-model m");
    Gateway::start(
        folder,
        &format!("--upstream {url} --drafts 3 {scores} {rest}"),
    )
}

#[test]
fn features_of_style_and_of_a_model_go_together_and_equal_drafts_are_asked_about_once() {
    let folder = Folder::new().with("mixed.json", &mixed_deck());
    let (writer, judge) = (writer(&["rate 5", "I will not", "rate 5"]), obedient());
    let gateway = with_judge(&folder, &writer, &judge.url, "");
    let answer = gateway.ask("/v1/chat/completions", &message("Tea?"));
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let leaning = &answer["leaning"];
    let scores = &leaning["scores"];
    // Two words: ln 3.
    assert_close(scores[0][0].as_f64().unwrap(), 3f64.ln(), 1e-12);
    assert_eq!(scores[0][1], 2.0, "{leaning}");
    assert_eq!((&scores[1], &scores[2]), (&Value::Null, &scores[0]));
    assert_eq!(leaning.get("error"), None);
    let about: HashSet<String> = judge.arrived().iter().map(text_of).collect();
    assert_eq!((judge.count(), about.len()), (2, 2));
}

/// A conversation in which everything but the last question is none of the model's business.
fn conversation() -> Value {
    json!({
        "model": "m", "user": "nougat", "metadata": { "who": "nougat" },
        "messages": [
            { "role": "system", "content": "caramel" },
            { "role": "user", "content": "toffee" },
            { "role": "assistant", "content": "praline" },
            { "role": "user", "content": [{ "type": "text", "text": "marzipan" }] },
        ]
    })
}

#[cfg(unix)]
#[test]
fn the_judge_gets_the_last_question_and_a_draft_and_the_log_gets_neither() {
    let folder = Folder::new().with("mixed.json", &mixed_deck());
    let writer = writer(&["truffle rate 1", "truffle rate 2", "truffle rate 3"]);
    let judge = Model::start(|number, arrived| match number {
        // It repeats what it was asked, as some servers do, and the key.
        3.. => (
            400,
            json!({ "error": { "message": format!("{arrived:?}") } }),
        ),
        _ => (200, chat(&text_of(arrived)[13..])),
    });
    let variables = [("JUDGE", "fondant"), ("WRITER", "bonbon")];
    let url = (&writer.url, &judge.url);
    let arguments = format!(
        "--upstream {} --key-from WRITER --drafts 3 --deck mixed.json --judge {} --judge-model m \
         --scorer-key-from JUDGE --log trace",
        url.0, url.1
    );
    let gateway = Gateway::start_with(&folder, &arguments, &variables);
    let path = "/v1/chat/completions";
    let rated: Value = serde_json::from_str(&gateway.ask(path, &conversation())).unwrap();
    assert_eq!(rated["leaning"]["scores"][2][1], 0.0, "{rated}");
    let failed: Value = serde_json::from_str(&gateway.ask(path, &conversation())).unwrap();
    let error = failed["leaning"]["error"].to_string();
    assert!(
        error.contains("scoring_failed") && error.contains("400"),
        "{error}"
    );

    for Arrived { headers, body, .. } in judge.arrived() {
        assert_eq!(headers[AUTHORIZATION], "Bearer fondant");
        let sent = format!("{headers:?}{body}");
        assert!(
            sent.contains("marzipan") && sent.contains("truffle"),
            "{sent}"
        );
        for secret in ["nougat", "caramel", "toffee", "praline", "bonbon"] {
            assert!(!sent.contains(secret), "{secret}: {sent}");
        }
    }
    let report = gateway.report.to_string();
    let (code, written) = gateway.end("-TERM");
    assert_eq!(code, Some(0), "{written}");
    assert!(written.contains("scoring_failed"), "{written}");
    for secret in [
        "nougat", "caramel", "toffee", "praline", "marzipan", "truffle", "fondant", "bonbon",
    ] {
        for place in [&error, &written, &report] {
            assert!(!place.contains(secret), "{secret}: {place}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_can_be_read_on_its_way_is_noted_and_not_shown() {
    let folder = Folder::new().with("mixed.json", &mixed_deck());
    let arguments = "--stand-in --deck mixed.json --judge http://judge.example/v1?token=caramel \
                     --judge-model m";
    let variables = [("LEANING_API_KEY", "fondant")];
    let gateway = Gateway::start_with(&folder, arguments, &variables);
    let report = gateway.report.to_string();
    assert_eq!(
        gateway.report["scorer"],
        "a judge at http://judge.example/v1"
    );
    let (_, written) = gateway.end("-TERM");
    let note = "http://judge.example/v1: the key is sent without encryption";
    assert!(written.contains(note), "{written}");
    for secret in ["fondant", "caramel"] {
        assert!(
            !written.contains(secret) && !report.contains(secret),
            "{written}"
        );
    }
}

#[test]
fn however_the_model_fails_the_drafts_are_returned_with_one_error() {
    let folder = Folder::new().with("mixed.json", &mixed_deck());
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let down = format!("http://{}/v1", nobody.local_addr().unwrap());
    // Connections wait in its queue, and nobody takes them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let slow = format!("http://{}/v1", silent.local_addr().unwrap());
    drop(nobody);
    let answering = |status: u16, body: Value| Model::start(move |_, _| (status, body.clone()));
    let kind = ("content-type", "application/json");
    let half = Model::raw(200, kind, "{\"choices\":[{\"message\":{\"cont");
    let models = [
        (answering(200, json!({ "choices": [] })), "in another form"),
        (answering(200, chat("I cannot do that.")), "no number"),
        (answering(401, json!({})), "401"),
        (answering(404, json!({})), "404"),
        (answering(413, json!({})), "413"),
        (answering(500, json!({})), "no answer"),
        (half, "no answer"),
    ];
    let urls = models
        .iter()
        .map(|(model, words)| (model.url.as_str(), *words));
    let others = [(down.as_str(), "no answer"), (&slow, "in time")];
    for (url, words) in urls.chain(others) {
        let scores = format!("--deck mixed.json --judge {url} --judge-model m");
        let gateway = Gateway::start(
            &folder,
            &format!("--stand-in --drafts 2 --timeout 3 {scores}"),
        );
        let (leaning, drafts) = gateway.scores(&message("Tea?"));
        assert_eq!(drafts, 2, "{words}");
        assert_eq!(leaning["scores"], json!([null, null]), "{leaning}");
        assert_eq!(leaning["error"]["code"], "scoring_failed", "{leaning}");
        let found = leaning["error"]["message"].as_str().unwrap();
        assert!(found.contains(words), "{words}: {found}");
    }
}

#[test]
fn a_server_that_asks_for_a_long_pause_is_not_waited_for() {
    let folder = Folder::new().with("mixed.json", &mixed_deck());
    let judge = Model::raw(429, ("retry-after", "3600"), "{}");
    let scores = format!("--deck mixed.json --judge {} --judge-model m", judge.url);
    let gateway = Gateway::start(
        &folder,
        &format!("--stand-in --drafts 1 --timeout 3600 {scores}"),
    );
    let (leaning, _) = gateway.scores(&message("Tea?"));
    assert_eq!(leaning["error"]["code"], "scoring_failed", "{leaning}");
}

#[test]
fn embeddings_of_another_width_and_rewards_of_other_heads_are_told() {
    let mut deck = mixed_deck();
    let mut features = |first: &str, second: &str| {
        deck["basis"]["features"] = json!([first, second]);
        deck.clone()
    };
    let folder = Folder::new()
        .with("wide.json", &features("features0", "features9"))
        .with("heads.json", &features("reward0", "reward7"));
    let models = StandIn::start(&folder);
    let url = &models.url;
    for (scores, words) in [
        (
            format!("--deck wide.json --embed {url} --embed-model m"),
            "embeddings of 10 numbers, and the model's have 5",
        ),
        (format!("--deck heads.json --rewards {url}"), "other heads"),
        (
            format!("--deck heads.json --rewards {url} --names reward0,reward7"),
            "expected 5 names",
        ),
    ] {
        let gateway = Gateway::start(&folder, &format!("--stand-in --drafts 2 {scores}"));
        let (leaning, drafts) = gateway.scores(&message("Tea?"));
        let found = leaning["error"]["message"].as_str().unwrap();
        assert!(drafts == 2 && found.contains(words), "{found}");
    }
}

#[test]
fn a_text_that_a_server_of_embeddings_refuses_costs_the_others_nothing() {
    let mut deck = mixed_deck();
    deck["basis"]["features"] = json!(["style:words", "features0"]);
    let folder = Folder::new().with("e.json", &deck);
    let writer = writer(&["one", "too long", "three"]);
    let model = Model::start(|_, arrived| {
        let texts = arrived.body["input"].as_array().unwrap();
        if texts.iter().any(|text| text == "too long") {
            return (400, json!({ "error": { "message": "too long" } }));
        }
        let item = |(index, _): (usize, &Value)| json!({ "index": index, "embedding": [5.0] });
        let data: Vec<Value> = texts.iter().enumerate().map(item).collect();
        (200, json!({ "data": data }))
    });
    let scores = format!("--deck e.json --embed {} --embed-model m", model.url);
    let gateway = Gateway::start(
        &folder,
        &format!("--upstream {} --drafts 3 {scores}", writer.url),
    );
    let answer = gateway.ask("/v1/chat/completions", &message("Tea?"));
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let scores = &answer["leaning"]["scores"];
    assert_eq!(
        (&scores[0][1], &scores[1], &scores[2][1]),
        (&json!(2.0), &Value::Null, &json!(2.0))
    );
    // All together, then one by one.
    assert_eq!(model.count(), 4);
}

#[test]
fn wrong_options_about_scores_are_told_before_anything_is_served() {
    let mut foreign = mixed_deck();
    foreign["basis"]["features"] = json!(["style:words", "price"]);
    let mut wordless = mixed_deck();
    wordless["dimensions"][1] = json!({ "id": "brevity" });
    let mut styled = mixed_deck();
    styled["basis"]["features"] = json!(["style:words", "style:lists"]);
    let folder = Folder::new()
        .with("mixed.json", &mixed_deck())
        .with("foreign.json", &foreign)
        .with("wordless.json", &wordless)
        .with("styled.json", &styled)
        .with(
            "rubric.json",
            &json!({ "warmth": { "low": "cool", "high": "warm" } }),
        );
    let judge = "--judge http://localhost:1 --judge-model m";
    for (arguments, expected) in [
        (
            "--deck mixed.json --judge ftp://x --judge-model m",
            "--judge: expected an address such as",
        ),
        (
            "--deck mixed.json --judge http://localhost:1",
            "--judge: expected --judge-model, too",
        ),
        (
            "--deck mixed.json --embed http://localhost:1",
            "--embed: expected --embed-model, too",
        ),
        (
            "--deck mixed.json --rewards http://localhost:1 --protocol nim",
            "--protocol: nim needs --rewards-model",
        ),
        (
            "--deck mixed.json --rewards http://localhost:1 --protocol openai",
            "--protocol: with --rewards, expected classify",
        ),
        (
            &format!("--deck mixed.json {judge} --scorer-key-from NO_SUCH"),
            "--scorer-key-from: the environment variable NO_SUCH is not set",
        ),
        (
            &format!("--deck styled.json {judge}"),
            "--judge: styled.json has features of style alone",
        ),
    ] {
        let outcome = folder.run(&format!("gateway --stand-in {arguments}"));
        let message = outcome.wrong_option();
        assert!(
            message.starts_with(&format!("leaning: {expected}")),
            "{message}"
        );
    }
    for (arguments, expected) in [
        (
            "--deck mixed.json".to_owned(),
            "mixed.json: basis.features[1]: expected a feature of style such as style:words, found \
             \"brevity\"",
        ),
        (
            format!("--deck foreign.json {judge}"),
            "foreign.json: basis.features[1]: expected a dimension of the deck (words, brevity), found \"price\"",
        ),
        (
            format!("--deck mixed.json {judge} --rubric rubric.json"),
            "mixed.json: basis.features[1]: expected a dimension of the rubric (warmth), found \"brevity\"",
        ),
        (
            format!("--deck wordless.json {judge}"),
            "wordless.json: dimensions: brevity.low: expected the words for this end",
        ),
        (
            "--deck mixed.json --rewards http://localhost:1 --names help,style".to_owned(),
            "mixed.json: basis.features[1]: expected one of --names (help, style), found \"brevity\"",
        ),
        (
            "--deck mixed.json --embed http://localhost:1 --embed-model m".to_owned(),
            "mixed.json: basis.features[1]: expected a number of an embedding such as features0",
        ),
    ] {
        let outcome = folder.run(&format!("gateway --stand-in {arguments}"));
        let message = outcome.failure();
        assert!(
            message.starts_with(&format!("leaning: {expected}")),
            "{message}"
        );
    }
    for arguments in [
        judge.to_owned(),
        format!("--deck mixed.json {judge} --embed http://localhost:1"),
        "--deck mixed.json --phrasings 2".to_owned(),
        "--deck mixed.json --rubric rubric.json".to_owned(),
        "--deck mixed.json --judge-model m".to_owned(),
        "--deck mixed.json --scorer-key-from KEY".to_owned(),
        format!("--deck mixed.json {judge} --protocol nim"),
        format!("--deck mixed.json {judge} --scorer-concurrency 0"),
    ] {
        folder
            .run(&format!("gateway --stand-in {arguments}"))
            .usage();
    }
}
