//! vLLM's `/classify`.
//!
//! `use_activation: false` leaves out the softmax or sigmoid, and `probs` then holds the heads themselves. Fields are those
//! of `ClassificationChatRequest`, `ClassificationCompletionRequest` and `ClassificationResponse` in vLLM 0.16
//! (<https://docs.vllm.ai/en/v0.16.0/api/vllm/entrypoints/pooling/classify/protocol/>).

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
    super::vllm_request(Protocol::Classify, model, template, prompt, text)
}

#[derive(Deserialize)]
struct ClassifyReply {
    data: Vec<Class>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Class {
    index: usize,
    probs: Vec<f64>,
}

impl Item for Class {
    fn index(&self) -> usize {
        self.index
    }
}

pub(crate) fn read(reply: &Value) -> Result<Reply, Error> {
    let ClassifyReply { data, usage } = parse(reply)?;
    let rows = in_order(data, 1)?
        .into_iter()
        .map(|class| Numbers::List(class.probs).read());
    Ok(Reply {
        answer: Answer::numbers(rows.collect::<Result<_, _>>()?),
        tokens: usage.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Tokens;
    use serde_json::json;

    #[test]
    fn the_conversation_is_sent_as_messages_or_as_one_text() {
        let request = |template| Value::Object(request(Some("m"), template, "Tea?", "Yes.").body);
        assert_eq!(
            request(None),
            json!({
                "model": "m",
                "messages": [{ "role": "user", "content": "Tea?" }, { "role": "assistant", "content": "Yes." }],
                "use_activation": false
            })
        );
        let template = Template::new("{prompt}|{text}").unwrap();
        assert_eq!(request(Some(&template))["input"], "Tea?|Yes.");
        assert_eq!(super::request(None, None, "", "").body.get("model"), None);
    }

    #[test]
    fn the_heads_stand_in_probs() {
        // As the documentation has it, with heads in place of probabilities.
        let reply = json!({
            "id": "classify-9bf17f2847b046c7b2d5495f4b4f9682", "object": "list", "created": 1745383213, "model": "m",
            "data": [{ "index": 0, "label": "LABEL_0", "probs": [2.5, -11.25], "num_classes": 2 }],
            "usage": { "prompt_tokens": 10, "total_tokens": 10, "completion_tokens": 0, "prompt_tokens_details": null }
        });
        let read = read(&reply).unwrap();
        assert_eq!(read.answer, Answer::numbers(vec![vec![2.5, -11.25]]));
        assert_eq!(
            read.tokens,
            Tokens {
                prompt: 10,
                completion: 0
            }
        );
        let none = json!({ "data": [], "usage": null });
        assert!(super::read(&none).is_err());
    }
}
