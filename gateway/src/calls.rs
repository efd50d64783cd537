//! The upstream requests that ask for the drafts of a message.

use crate::request::ChatRequest;
use crate::settings::{Ask, Settings, Unlike};
use serde_json::{Map, Value, json};
use std::ops::Range;

/// An upstream request.
#[derive(Debug)]
pub struct Call {
    /// The drafts that it asks for.
    pub drafts: Range<usize>,
    pub body: Vec<u8>,
}

/// The upstream requests for all drafts.
pub fn calls(request: &ChatRequest, settings: &Settings) -> Vec<Call> {
    match settings.ask {
        Ask::Once => vec![Call {
            drafts: 0..request.drafts,
            body: body(request, request.drafts, None, &Unlike::default()),
        }],
        Ask::Parallel => (0..request.drafts)
            .map(|draft| {
                let plain = Unlike::default();
                let unlike = settings.unlike.get(draft).unwrap_or(&plain);
                // A real server draws at random. The stand-in knows its drafts apart by the seed alone.
                let given = request.fields.get("seed").and_then(Value::as_i64);
                let base = given.or(settings.upstream.is_none().then_some(0));
                let seed = base.map(|base| base.wrapping_add(draft as i64));
                Call {
                    drafts: draft..draft + 1,
                    body: body(request, 1, seed, unlike),
                }
            })
            .collect(),
    }
}

/// The body of a request for `n` drafts. With one seed for all of them, drafts that are asked for
/// one by one would all be the same, so `seed` replaces it.
fn body(request: &ChatRequest, n: usize, seed: Option<i64>, unlike: &Unlike) -> Vec<u8> {
    let mut fields = request.fields.clone();
    fields.remove("n");
    if n > 1 {
        fields.insert("n".to_owned(), Value::from(n));
    }
    if let Some(seed) = seed {
        fields.insert("seed".to_owned(), Value::from(seed));
    }
    if let Some(temperature) = unlike.temperature {
        fields.insert("temperature".to_owned(), Value::from(temperature));
    }
    if let Some(instruction) = &unlike.instruction {
        instruct(&mut fields, instruction);
    }
    Value::Object(fields).to_string().into_bytes()
}

/// Adds a sentence to the system message, which is made if there is none. Many models take only one
/// such message, and take it first.
fn instruct(fields: &mut Map<String, Value>, instruction: &str) {
    let Some(Value::Array(messages)) = fields.get_mut("messages") else {
        return;
    };
    let first = messages.first_mut().filter(|first| {
        let role = first["role"].as_str().unwrap_or_default();
        role == "system" || role == "developer"
    });
    match first.map(|first| &mut first["content"]) {
        Some(Value::String(text)) => {
            text.push_str("\n\n");
            text.push_str(instruction);
        }
        Some(Value::Array(parts)) => parts.push(json!({ "type": "text", "text": instruction })),
        Some(content) => *content = Value::from(instruction),
        None => messages.insert(0, json!({ "role": "system", "content": instruction })),
    }
}
