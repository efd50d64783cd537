//! NVIDIA NIM's reward models, behind chat completions.
//!
//! The message of the reply has attributes with their scores in place of a text: `helpfulness:1.6171875,correctness:…`
//! (<https://docs.nvidia.com/nim/large-language-models/1.13.0/reward-model.html>).

use crate::answer::{Answer, Reply};
use crate::digits::content;
use crate::error::Error;
use crate::message::short;
use crate::protocol::Protocol;
use crate::request::Request;
use serde_json::{Map, Value};

/// The request for the scores of one text.
pub fn request(model: &str, prompt: &str, text: &str) -> Request {
    let mut body = Map::new();
    body.insert("model".to_owned(), model.into());
    body.insert("messages".to_owned(), super::messages(prompt, text));
    Request {
        protocol: Protocol::Nim,
        body,
        texts: 1,
    }
}

pub(crate) fn read(reply: &Value) -> Result<Reply, Error> {
    let content = content(reply)?;
    let answer = match attributes(&content.text) {
        Some((names, scores)) if !content.is_refusal => Answer::Numbers {
            rows: vec![scores],
            names,
        },
        _ => Answer::Unrated {
            because: format!(
                "expected attribute:score pairs, found {:?}",
                short(&content.text)
            ),
        },
    };
    Ok(Reply {
        answer,
        tokens: content.usage.into(),
    })
}

fn attributes(text: &str) -> Option<(Vec<String>, Vec<f64>)> {
    let (mut names, mut scores) = (Vec::<String>::new(), Vec::new());
    for pair in text.split(',') {
        let (name, score) = pair.rsplit_once(':')?;
        let (name, score) = (name.trim(), score.trim().parse::<f64>().ok()?);
        if name.is_empty() || !score.is_finite() || names.iter().any(|other| other == name) {
            return None;
        }
        names.push(name.to_owned());
        scores.push(score);
    }
    Some((names, scores))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(content: &str) -> Answer {
        let message = json!({ "role": "assistant", "content": content });
        let reply = json!({
            "id": "chat-1", "object": "chat.completion", "model": "nvidia/nemotron-4-340b-reward",
            "choices": [{ "index": 0, "message": message, "logprobs": null, "finish_reason": "stop" }],
            "usage": { "prompt_tokens": 78, "completion_tokens": 1, "total_tokens": 79 }
        });
        read(&reply).unwrap().answer
    }

    #[test]
    fn attributes_have_names_and_scores() {
        let content = "helpfulness:1.6171875,correctness:1.6484375, coherence:-3.3125";
        let expected = Answer::Numbers {
            rows: vec![vec![1.6171875, 1.6484375, -3.3125]],
            names: ["helpfulness", "correctness", "coherence"]
                .map(str::to_owned)
                .to_vec(),
        };
        assert_eq!(answer(content), expected);
    }

    #[test]
    fn words_are_no_scores() {
        for content in [
            "",
            "I cannot do that.",
            "a:1,b",
            "a:x",
            "a:1,a:2",
            "a:NaN",
            ":1",
        ] {
            assert!(
                matches!(answer(content), Answer::Unrated { .. }),
                "{content}"
            );
        }
    }
}
