//! Reward models: servers that give a text one number per head.
//!
//! | module | server |
//! |---|---|
//! | [`classify`] | vLLM's `/classify` |
//! | [`pooling`] | vLLM's `/pooling` |
//! | [`sglang`] | SGLang's own `/classify` |
//! | [`nim`] | NVIDIA NIM's chat completions |
//!
//! Heads are read before any softmax or sigmoid: these would tie the heads to each other, and flatten what lies far from
//! the middle.

pub mod classify;
pub mod nim;
pub mod pooling;
pub mod sglang;

use crate::protocol::Protocol;
use crate::request::Request;
use crate::template::Template;
use serde_json::{Map, Value, json};

/// A prompt and a text as messages, as chat templates take them.
pub(crate) fn messages(prompt: &str, text: &str) -> Value {
    json!([{ "role": "user", "content": prompt }, { "role": "assistant", "content": text }])
}

/// A request of vLLM's protocols for the heads of one text: as messages, or as one text if there is a template.
fn vllm_request(
    protocol: Protocol,
    model: Option<&str>,
    template: Option<&Template>,
    prompt: &str,
    text: &str,
) -> Request {
    let mut body = Map::new();
    if let Some(model) = model {
        body.insert("model".to_owned(), model.into());
    }
    match template {
        Some(template) => body.insert("input".to_owned(), template.fill(prompt, text).into()),
        None => body.insert("messages".to_owned(), messages(prompt, text)),
    };
    body.insert("use_activation".to_owned(), false.into());
    Request {
        protocol,
        body,
        texts: 1,
    }
}
