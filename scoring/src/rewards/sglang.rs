//! SGLang's own `/classify`, of a reward model.
//!
//! It takes a text that is a whole conversation in the model's form, and gives `embedding`: the heads, without an
//! activation. (Its `/v1/classify` copies vLLM's and applies a softmax.) Fields are those of
//! <https://docs.sglang.io/basic_usage/native_api.html>, under "Classify (reward model)".

use crate::answer::{Answer, Reply};
use crate::error::Error;
use crate::lists::{Numbers, parse, unreadable};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::template::Template;
use crate::tokens::Tokens;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The request for the heads of one text.
pub fn request(model: Option<&str>, template: &Template, prompt: &str, text: &str) -> Request {
    let mut body = Map::new();
    if let Some(model) = model {
        body.insert("model".to_owned(), model.into());
    }
    // A list, so that the reply is one in every version.
    body.insert("text".to_owned(), json!([template.fill(prompt, text)]));
    Request {
        protocol: Protocol::Sglang,
        body,
        texts: 1,
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SglangReply {
    List(Vec<Encoded>),
    One(Encoded),
}

#[derive(Deserialize)]
struct Encoded {
    embedding: Numbers,
    #[serde(default)]
    meta_info: Option<MetaInfo>,
}

#[derive(Deserialize)]
struct MetaInfo {
    #[serde(default)]
    prompt_tokens: Option<u64>,
}

pub(crate) fn read(reply: &Value) -> Result<Reply, Error> {
    let encoded = match parse(reply)? {
        SglangReply::One(encoded) => encoded,
        SglangReply::List(list) => match <[Encoded; 1]>::try_from(list) {
            Ok([encoded]) => encoded,
            Err(list) => {
                let found = list.len();
                return Err(unreadable(&format!("expected one item, found {found}")));
            }
        },
    };
    let tokens = encoded.meta_info.and_then(|info| info.prompt_tokens);
    Ok(Reply {
        answer: Answer::numbers(vec![encoded.embedding.read()?]),
        tokens: Tokens {
            prompt: tokens.unwrap_or(0),
            completion: 0,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heads_stand_in_embedding() {
        let one =
            json!({ "embedding": [-3.5, 0.25], "meta_info": { "id": "x", "prompt_tokens": 42 } });
        for reply in [json!([one]), one] {
            let read = read(&reply).unwrap();
            assert_eq!(read.answer, Answer::numbers(vec![vec![-3.5, 0.25]]));
            assert_eq!(read.tokens.prompt, 42);
        }
        assert!(read(&json!([])).is_err());
    }

    #[test]
    fn the_conversation_is_one_text() {
        let template = Template::new("U: {prompt}\nA: {text}").unwrap();
        let request = request(Some("m"), &template, "Tea?", "Yes.");
        let expected = json!({ "model": "m", "text": ["U: Tea?\nA: Yes."] });
        assert_eq!(Value::Object(request.body), expected);
    }
}
