//! vLLM's `/pooling`, of a reward model.
//!
//! `data` is a list of numbers, a list per token (then the last token counts, which reward models are trained on), or
//! base64. Fields are those of `PoolingChatRequest`, `PoolingCompletionRequest` and `PoolingResponse` in
//! `vllm/entrypoints/pooling/pooling/protocol.py` (vLLM 0.16).

use crate::answer::{Answer, Reply};
use crate::error::Error;
use crate::lists::{Item, Numbers, in_order, parse};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::template::Template;
use crate::tokens::Usage;
use serde::Deserialize;
use serde_json::Value;

/// The request for the heads of one text: as messages, or as one text if there is a template.
pub fn request(
    model: Option<&str>,
    template: Option<&Template>,
    prompt: &str,
    text: &str,
) -> Request {
    super::vllm_request(Protocol::Pooling, model, template, prompt, text)
}

#[derive(Deserialize)]
struct PoolingReply {
    data: Vec<Pooled>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Pooled {
    index: usize,
    data: Numbers,
}

impl Item for Pooled {
    fn index(&self) -> usize {
        self.index
    }
}

pub(crate) fn read(reply: &Value) -> Result<Reply, Error> {
    let PoolingReply { data, usage } = parse(reply)?;
    let rows = in_order(data, 1)?
        .into_iter()
        .map(|pooled| pooled.data.read());
    Ok(Reply {
        answer: Answer::numbers(rows.collect::<Result<_, _>>()?),
        tokens: usage.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_come_as_a_list_by_token_or_as_base64() {
        for (data, expected) in [
            (json!([1.5, -2.0]), vec![1.5, -2.0]),
            (json!([[9.0], [1.5]]), vec![1.5]),
            (json!("AACAPwAAIMA="), vec![1.0, -2.5]),
        ] {
            let reply = json!({
                "id": "pool-1", "object": "list", "created": 1, "model": "m",
                "data": [{ "index": 0, "object": "pooling", "data": data }],
                "usage": { "prompt_tokens": 7, "total_tokens": 7 }
            });
            let read = read(&reply).unwrap();
            assert_eq!(read.answer, Answer::numbers(vec![expected]));
            assert_eq!(read.tokens.prompt, 7);
        }
    }

    #[test]
    fn the_activation_is_off() {
        let body = request(None, None, "Tea?", "Yes.").body;
        assert_eq!(body["use_activation"], false);
        assert_eq!(body["messages"][1]["content"], "Yes.");
    }
}
