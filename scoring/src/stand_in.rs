//! A server that stands in for models: for trying commands out where there is none, and for tests.
//!
//! It speaks each of the protocols, and counts: words, lines of a list, contractions, words to the person. As a judge it
//! leans a little, another way for each instruction. Nobody should take its numbers for a judgement.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;

/// The address that it listens at, unless another is asked for.
pub const PORT: u16 = 8377;
/// Numbers of an embedding, and of a reward model's heads.
const MEASURES: usize = 5;

/// Answers requests on this machine at a port until the future is dropped; port 0 is any that is free. `on_start` gets the
/// base address, such as `http://127.0.0.1:8377/v1`.
///
/// # Errors
/// If the port cannot be had.
pub async fn serve(port: u16, on_start: impl FnOnce(&str)) -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    on_start(&format!("http://{}/v1", listener.local_addr()?));
    axum::serve(listener, router()).await
}

/// The server's routes.
pub fn router() -> Router {
    Router::new()
        .route("/v1/chat/completions", post(chat))
        .route("/v1/embeddings", post(embeddings))
        .route("/classify", post(classify))
        .route("/pooling", post(pooling))
        .with_state(Arc::new(AtomicU64::new(0)))
}

type Numbered = State<Arc<AtomicU64>>;
type Answered = Result<Json<Value>, (StatusCode, Json<Value>)>;

fn refusal(message: &str) -> (StatusCode, Json<Value>) {
    let error = json!({ "error": { "message": message, "type": "invalid_request_error" } });
    (StatusCode::BAD_REQUEST, Json(error))
}

/// Rates as a judge, or as NIM's reward models if the last message is an assistant's.
async fn chat(State(number): Numbered, Json(body): Json<Value>) -> Answered {
    let messages = body["messages"].as_array().map(Vec::as_slice);
    let Some(last) = messages.and_then(<[Value]>::last) else {
        return Err(refusal("messages: expected at least one"));
    };
    let content = last["content"].as_str().unwrap_or_default();
    let (answer, positions) = if last["role"] == "assistant" {
        (attributes(content), Value::Null)
    } else {
        let digits = digits(content);
        let written: Vec<String> = digits.iter().map(|(digit, _)| digit.to_string()).collect();
        (written.join(" "), positions(&digits))
    };
    let logprobs = if body["logprobs"] == true {
        json!({ "content": positions })
    } else {
        Value::Null
    };
    let number = number.fetch_add(1, Ordering::Relaxed);
    let message = json!({ "role": "assistant", "content": answer });
    Ok(Json(json!({
        "id": format!("chatcmpl-{number}"), "object": "chat.completion", "created": 0, "model": body["model"],
        "choices": [{ "index": 0, "message": message, "logprobs": logprobs, "finish_reason": "stop" }],
        "usage": usage(content, answer.split_whitespace().count())
    })))
}

async fn embeddings(Json(body): Json<Value>) -> Answered {
    data(&body, "embedding")
}

async fn pooling(Json(body): Json<Value>) -> Answered {
    data(&body, "data")
}

/// vLLM's reply, or SGLang's if there is a `text`.
async fn classify(Json(body): Json<Value>) -> Answered {
    if let Some(texts) = body["text"].as_array() {
        let texts = texts.iter().filter_map(Value::as_str);
        let items = texts.map(|text| {
            let tokens = text.split_whitespace().count();
            json!({ "embedding": measures(text), "meta_info": { "prompt_tokens": tokens } })
        });
        return Ok(Json(items.collect()));
    }
    let texts = texts(&body).ok_or_else(|| refusal("expected input or messages"))?;
    let items = texts.iter().enumerate().map(|(index, text)| {
        json!({ "index": index, "label": "LABEL_0", "probs": measures(text), "num_classes": MEASURES })
    });
    let items: Vec<Value> = items.collect();
    Ok(Json(json!({
        "id": "classify-0", "object": "list", "created": 0, "model": body["model"], "data": items,
        "usage": usage(&texts.join(" "), 0)
    })))
}

fn data(body: &Value, field: &str) -> Answered {
    let texts = texts(body).ok_or_else(|| refusal("expected input or messages"))?;
    let items = texts.iter().enumerate().map(|(index, text)| {
        let numbers = measures(text);
        let numbers = match crate::lists::to_base64(&numbers) {
            Some(base64) if body["encoding_format"] == "base64" => json!(base64),
            _ => json!(numbers),
        };
        json!({ "index": index, "object": field, field: numbers })
    });
    let items: Vec<Value> = items.collect();
    Ok(Json(json!({
        "id": "data-0", "object": "list", "created": 0, "model": body["model"], "data": items,
        "usage": usage(&texts.join(" "), 0)
    })))
}

/// The texts of a request: those under `input`, or the last message.
fn texts(body: &Value) -> Option<Vec<String>> {
    match (&body["input"], body["messages"].as_array()) {
        (Value::String(text), _) => Some(vec![text.clone()]),
        (Value::Array(texts), _) => texts
            .iter()
            .map(|text| text.as_str().map(str::to_owned))
            .collect(),
        (_, Some(messages)) => Some(vec![messages.last()?["content"].as_str()?.to_owned()]),
        _ => None,
    }
}

/// A word counts as a token.
fn usage(prompt: &str, completion: usize) -> Value {
    let prompt = prompt.split_whitespace().count();
    json!({ "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion })
}

/// Five numbers from 0 to 1: length, lists, contractions, words to the person, and marks of a voice.
fn measures(text: &str) -> [f64; MEASURES] {
    let words = text.split_whitespace().count() as f64;
    let lines = text
        .lines()
        .filter(|line| line.trim_start().starts_with("- "));
    let share = |count: usize, most: f64| (count as f64 / most).min(1.0);
    let of_words = |is: &dyn Fn(&str) -> bool| {
        let words =
            text.split(|character: char| !(character.is_alphanumeric() || character == '\''));
        words.filter(|word| is(&word.to_lowercase())).count()
    };
    let to_person = |word: &str| {
        matches!(
            word,
            "you" | "your" | "you've" | "you're" | "you'll" | "sorry" | "please"
        )
    };
    let voice = text.matches(['!', '?', '…']).count();
    // Four bytes hold them.
    [
        (words / 60.0).min(1.0),
        share(lines.count(), 3.0),
        share(of_words(&|word| word.contains('\'')), 4.0),
        share(of_words(&to_person), 4.0),
        share(voice, 3.0),
    ]
    .map(|number| f64::from(number as f32))
}

/// Words for the end of a scale, the measure that they are about, and whether they are its high end.
const WORDS: [(&str, usize, bool); 10] = [
    ("brief", 0, false),
    ("thorough", 0, true),
    ("structured", 1, true),
    ("prose", 1, false),
    ("casual", 2, true),
    ("formal", 2, false),
    ("warm", 3, true),
    ("reserved", 3, false),
    ("playful", 4, true),
    ("plain", 4, false),
];

/// The digit of each text in a judge's instruction, and where on the scale it stands.
fn digits(instruction: &str) -> Vec<(u8, f64)> {
    let end = instruction
        .lines()
        .find_map(|line| line.strip_prefix("5 = "))
        .unwrap_or_default();
    let known = WORDS.iter().find(|(word, ..)| end.contains(word));
    let mut texts = Vec::new();
    let mut rest = instruction;
    while let Some((_, after)) = rest.split_once("<text") {
        let Some((text, after)) = after.split_once("\n</text>") else {
            break;
        };
        texts.push(text.split_once(">\n").map_or("", |(_, text)| text));
        rest = after;
    }
    let share = |text: &&str| match known {
        Some((_, measure, true)) => measures(text)[*measure],
        Some((_, measure, false)) => 1.0 - measures(text)[*measure],
        // It has no opinion about other scales.
        None => 0.5,
    };
    let lean = lean(instruction);
    let places = texts
        .iter()
        .map(share)
        .map(|share| 1.0 + 4.0 * share + lean);
    places
        .map(|place| (place.clamp(1.0, 5.0).round() as u8, place))
        .collect()
}

/// Half a digit up or down at most, by the words of the instruction: no model takes two phrasings for the same.
fn lean(instruction: &str) -> f64 {
    // FNV-1a, of 32 bits.
    let hash = instruction.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    f64::from(hash) / f64::from(u32::MAX) - 0.5
}

/// Positions with log-probabilities: p_k falls with the distance of the digit from the place on the scale.
fn positions(digits: &[(u8, f64)]) -> Value {
    let mut positions = Vec::new();
    for (digit, place) in digits {
        if !positions.is_empty() {
            positions
                .push(json!({ "token": " ", "logprob": 0.0, "bytes": [32], "top_logprobs": [] }));
        }
        let weight = |k: u8| (-2.0 * (f64::from(k) - place).powi(2)).exp();
        let total: f64 = (1..=5).map(weight).sum();
        let logprob = |k: u8| (weight(k) / total).ln();
        let top: Vec<Value> = (1..=5)
            .map(|k| json!({ "token": k.to_string(), "logprob": logprob(k), "bytes": [48 + k] }))
            .collect();
        positions.push(json!({
            "token": digit.to_string(), "logprob": logprob(*digit), "bytes": [48 + digit], "top_logprobs": top
        }));
    }
    positions.into()
}

fn attributes(text: &str) -> String {
    let names = ["verbosity", "structure", "casualness", "warmth", "voice"];
    let scores = names.iter().zip(measures(text));
    let pairs: Vec<String> = scores
        .map(|(name, score)| format!("{name}:{score}"))
        .collect();
    pairs.join(",")
}
