//! A language model that rates texts on a rubric, behind OpenAI's chat completions.
//!
//! One request asks for one scale, in one phrasing, about one text or about several of a prompt together. It asks for a
//! digit per text and nothing else, at temperature 0, with the log-probabilities of the digit: see [`crate::digits`].
//!
//! Fields are those of <https://platform.openai.com/docs/api-reference/chat/create>; vLLM, SGLang, llama.cpp, Ollama and
//! most providers speak the same protocol.

use crate::answer::Answer;
use crate::instruction::{self, instruction};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::rubric::Rubric;
use serde_json::{Map, Value, json};

/// Alternatives of a digit that are asked for: five digits, each with and without a space before it. OpenAI and vLLM give
/// at most 20.
const ALTERNATIVES: u32 = 10;
/// Texts that are rated together. More make an order that a model cannot keep.
pub const MOST_TOGETHER: usize = 12;

/// A judge with its rubric.
#[derive(Debug, Clone, PartialEq)]
pub struct Judge {
    model: String,
    rubric: Rubric,
    phrasings: usize,
    fields: Map<String, Value>,
}

impl Judge {
    /// A judge that asks in as many phrasings, from 1 to [`instruction::PHRASINGS`].
    pub fn new(model: &str, rubric: Rubric, phrasings: usize) -> Self {
        Judge {
            model: model.to_owned(),
            rubric,
            phrasings: phrasings.clamp(1, instruction::PHRASINGS),
            fields: Map::new(),
        }
    }

    /// More fields of each request. Null takes one out.
    #[must_use]
    pub fn with_fields(self, fields: Map<String, Value>) -> Self {
        Judge { fields, ..self }
    }

    /// The scales.
    pub fn rubric(&self) -> &Rubric {
        &self.rubric
    }

    /// The number of ways in which it asks.
    pub fn phrasings(&self) -> usize {
        self.phrasings
    }

    /// The request for the ratings of some texts of a prompt on one scale, in one phrasing.
    ///
    /// # Panics
    /// If there is no such scale, or no text.
    pub fn request(&self, scale: usize, phrasing: usize, prompt: &str, texts: &[&str]) -> Request {
        assert!(!texts.is_empty(), "a request is about some text");
        // A model favours some places of a list, so each phrasing begins with another text.
        let mut turned = texts.to_vec();
        turned.rotate_left(phrasing % texts.len());
        let content = instruction(&self.rubric.scales()[scale], phrasing, prompt, &turned);
        // A digit, a separator, and what some models put before and after.
        let most_tokens = 2 * texts.len() + 4;
        let mut body = Map::new();
        for (name, value) in [
            ("model", json!(self.model)),
            ("messages", json!([{ "role": "user", "content": content }])),
            ("max_tokens", json!(most_tokens)),
            ("temperature", json!(0)),
            ("logprobs", json!(true)),
            ("top_logprobs", json!(ALTERNATIVES)),
        ] {
            body.insert(name.to_owned(), value);
        }
        Request {
            protocol: Protocol::Chat,
            body,
            texts: texts.len(),
        }
        .with_fields(&self.fields)
    }

    /// The ratings in the answer to a request in this phrasing, from 1 at the low end to 5 at the high one, in the order of
    /// the texts.
    ///
    /// # Errors
    /// Why they were not rated.
    pub fn ratings(&self, phrasing: usize, answer: &Answer) -> Result<Vec<f64>, String> {
        let rows = match answer {
            Answer::Numbers { rows, .. } => rows,
            Answer::Unrated { because } => return Err(because.clone()),
        };
        let digit = |row: &Vec<f64>| match row[..] {
            [digit] if (1.0..=5.0).contains(&digit) => Ok(digit),
            _ => Err("expected a digit per text".to_owned()),
        };
        let mut ratings = rows.iter().map(digit).collect::<Result<Vec<f64>, _>>()?;
        if instruction::is_turned(phrasing) {
            for rating in &mut ratings {
                *rating = 6.0 - *rating;
            }
        }
        let shift = phrasing % ratings.len().max(1);
        ratings.rotate_right(shift);
        Ok(ratings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge() -> Judge {
        let rubric = json!({ "brevity": { "low": "thorough", "high": "brief" } });
        Judge::new("m", Rubric::read(&rubric).unwrap(), 4)
    }

    #[test]
    fn a_request_asks_for_digits_with_their_probabilities() {
        let request = judge().request(0, 0, "Tea?", &["Yes.", "No."]);
        let body = Value::Object(request.body);
        assert_eq!(body["model"], "m");
        assert_eq!(
            (&body["max_tokens"], &body["temperature"]),
            (&json!(8), &json!(0))
        );
        assert_eq!(
            (&body["logprobs"], &body["top_logprobs"]),
            (&json!(true), &json!(10))
        );
        let content = body["messages"][0]["content"].as_str().unwrap();
        assert!(content.contains("Tea?") && content.contains("<text number=\"2\">\nNo."));
        assert_eq!(request.texts, 2);
    }

    #[test]
    fn fields_are_added_and_taken_out() {
        let fields = json!({ "logprobs": null, "top_logprobs": null, "seed": 7 });
        let Value::Object(fields) = fields else {
            panic!()
        };
        let body = judge().with_fields(fields).request(0, 0, "", &["x"]).body;
        assert!(!body.contains_key("logprobs") && body["seed"] == 7);
    }

    #[test]
    fn ratings_come_back_in_the_order_of_the_texts_with_the_high_end_at_5() {
        let judge = judge();
        let texts = ["long", "short", "shortest"];
        for phrasing in 0..4 {
            let request = judge.request(0, phrasing, "", &texts);
            let content = request.body["messages"][0]["content"].as_str().unwrap();
            // A judge that knows the texts answers in the order of the request, on its scale.
            let mut found: Vec<(usize, f64)> = texts
                .iter()
                .zip([1.0, 4.0, 5.0])
                .map(|(text, rating)| (content.find(&format!("\n{text}\n")).unwrap(), rating))
                .collect();
            found.sort_by_key(|(place, _)| *place);
            let turned =
                content.contains("to 5 (thorough)") || content.contains("5 = clearly thorough");
            let digit = |rating: f64| if turned { 6.0 - rating } else { rating };
            let rows = found
                .iter()
                .map(|(_, rating)| vec![digit(*rating)])
                .collect();
            let ratings = judge.ratings(phrasing, &Answer::numbers(rows));
            assert_eq!(ratings, Ok(vec![1.0, 4.0, 5.0]), "{phrasing}");
        }
    }

    #[test]
    fn numbers_out_of_range_are_no_ratings() {
        for rows in [
            vec![vec![7.0]],
            vec![vec![f64::NAN]],
            vec![vec![1.0, 2.0]],
            vec![vec![]],
        ] {
            assert!(judge().ratings(0, &Answer::numbers(rows)).is_err());
        }
    }
}
