//! Models of embeddings: OpenAI's `/v1/embeddings`, and vLLM's `/pooling`.
//!
//! Base64 is asked for, which is a third as long and keeps every bit; servers that do not know it answer with a list, which
//! is read as well. Fields are those of <https://platform.openai.com/docs/api-reference/embeddings/create>, and of
//! `PoolingCompletionRequest` in `vllm/entrypoints/pooling/pooling/protocol.py` (vLLM 0.16).

use crate::answer::{Answer, Reply};
use crate::error::Error;
use crate::lists::{Item, Numbers, in_order, parse, unreadable};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::tokens::{Tokens, Usage};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The request for the embedding of one text. [`Client::ask`](crate::Client::ask) sends several as one.
pub fn request(protocol: Protocol, model: &str, text: &str) -> Request {
    let mut body = Map::new();
    body.insert("model".to_owned(), model.into());
    body.insert("input".to_owned(), json!([text]));
    body.insert("encoding_format".to_owned(), "base64".into());
    if protocol == Protocol::PooledEmbeddings {
        body.insert("task".to_owned(), "embed".into());
    }
    Request {
        protocol,
        body,
        texts: 1,
    }
}

#[derive(Deserialize)]
struct EmbeddingsReply {
    data: Vec<Map<String, Value>>,
    #[serde(default)]
    usage: Option<Usage>,
}

struct Embedded {
    index: usize,
    numbers: Numbers,
}

impl Item for Embedded {
    fn index(&self) -> usize {
        self.index
    }
}

/// Reads the embeddings of as many texts, which stand under `field`.
pub(crate) fn read(reply: &Value, field: &str, texts: usize) -> Result<Vec<Reply>, Error> {
    let EmbeddingsReply { data, usage } = parse(reply)?;
    let items = data.into_iter().map(|mut item| {
        let index = item.get("index").and_then(Value::as_u64);
        let numbers = item.remove(field).unwrap_or_default();
        Ok(Embedded {
            index: index.map_or(usize::MAX, |index| index as usize),
            numbers: parse(&numbers)
                .map_err(|_| unreadable(&format!("data: {field}: expected numbers or base64")))?,
        })
    });
    let items = in_order(items.collect::<Result<Vec<_>, Error>>()?, texts)?;
    let shares = shares(usage.into(), texts as u64);
    let replies = items.into_iter().zip(shares).map(|(item, tokens)| {
        Ok(Reply {
            answer: Answer::numbers(vec![item.numbers.read()?]),
            tokens,
        })
    });
    replies.collect()
}

/// The tokens of a request by text. Servers count them together only.
fn shares(tokens: Tokens, texts: u64) -> impl Iterator<Item = Tokens> {
    let share = move |total: u64, place: u64| total / texts + u64::from(place < total % texts);
    (0..texts).map(move |place| Tokens {
        prompt: share(tokens.prompt, place),
        completion: share(tokens.completion, place),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_in_their_order_as_lists_or_base64() {
        let reply = json!({
            "object": "list", "model": "m",
            "data": [
                { "object": "embedding", "index": 1, "embedding": [0.5, 0.25] },
                { "object": "embedding", "index": 0, "embedding": "AACAPwAAIMA=" },
            ],
            "usage": { "prompt_tokens": 9, "total_tokens": 9 }
        });
        let read = read(&reply, "embedding", 2).unwrap();
        assert_eq!(read[0].answer, Answer::numbers(vec![vec![1.0, -2.5]]));
        assert_eq!(read[1].answer, Answer::numbers(vec![vec![0.5, 0.25]]));
        assert_eq!((read[0].tokens.prompt, read[1].tokens.prompt), (5, 4));
    }

    #[test]
    fn a_text_without_an_embedding_is_an_error() {
        let item = |index: usize| json!({ "index": index, "data": [1.0] });
        for data in [
            json!([item(0)]),
            json!([item(0), item(0)]),
            json!([item(0), item(2)]),
            json!([item(0), { "index": 1 }]),
            json!([item(0), { "data": [1.0] }]),
        ] {
            let reply = json!({ "data": data });
            assert!(read(&reply, "data", 2).is_err(), "{reply}");
        }
    }

    #[test]
    fn only_pooling_needs_to_be_told_its_task() {
        let body = |protocol| Value::Object(request(protocol, "m", "Tea").body);
        let plain = json!({ "model": "m", "input": ["Tea"], "encoding_format": "base64" });
        assert_eq!(body(Protocol::Embeddings), plain);
        assert_eq!(body(Protocol::PooledEmbeddings)["task"], "embed");
    }
}
