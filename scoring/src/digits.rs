//! A judge's reply: a digit from 1 to 5 for each text, or the expected digit.
//!
//! A model that is sure of a 4 and one that hesitates between 3 and 4 write the same digit. Their log-probabilities tell
//! them apart: the expected digit is Σ k p_k / Σ p_k over the digits k from 1 to 5 at the position where the digit stands,
//! with p_k the sum over the tokens that are this digit, such as `4` and ` 4` (Liu et al. 2023, G-Eval, arXiv 2303.16634).
//! Where a server gives none, the digit itself counts.
//!
//! Fields of the reply are those of <https://platform.openai.com/docs/api-reference/chat/object>:
//! `choices[0].message.content`, `choices[0].logprobs.content[]` with `token`, `logprob` and `top_logprobs[]`, and `usage`.

use crate::answer::{Answer, Reply};
use crate::error::Error;
use crate::lists::{parse, unreadable};
use crate::message::short;
use crate::tokens::Usage;
use serde::Deserialize;
use serde_json::Value;

/// The lowest and the highest digit.
pub const DIGITS: [u8; 2] = [1, 5];

#[derive(Debug, Deserialize)]
struct ChatReply {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    message: Message,
    #[serde(default)]
    logprobs: Option<LogProbabilities>,
}

#[derive(Debug, Deserialize)]
struct Message {
    #[serde(default)]
    content: Option<String>,
    /// OpenAI's word for an answer that its model will not give.
    #[serde(default)]
    refusal: Option<String>,
}

#[derive(Debug, Deserialize)]
struct LogProbabilities {
    #[serde(default)]
    content: Option<Vec<Position>>,
}

#[derive(Debug, Deserialize)]
struct Position {
    token: String,
    logprob: f64,
    #[serde(default)]
    top_logprobs: Vec<Alternative>,
}

#[derive(Debug, Deserialize)]
struct Alternative {
    token: String,
    logprob: f64,
}

/// The content of a chat reply.
pub(crate) struct Content {
    pub text: String,
    pub is_refusal: bool,
    positions: Vec<Position>,
    pub usage: Option<Usage>,
}

/// Takes a chat reply apart.
pub(crate) fn content(reply: &Value) -> Result<Content, Error> {
    let ChatReply { choices, usage } = parse(reply)?;
    let first = choices.into_iter().next();
    let Choice { message, logprobs } =
        first.ok_or_else(|| unreadable("expected choices, found none"))?;
    let refusal = message.refusal.filter(|refusal| !refusal.is_empty());
    let is_refusal = refusal.is_some();
    Ok(Content {
        text: refusal.or(message.content).unwrap_or_default(),
        is_refusal,
        positions: logprobs.and_then(|of| of.content).unwrap_or_default(),
        usage,
    })
}

/// Reads a judge's reply about as many texts.
pub(crate) fn read_reply(reply: &Value, texts: usize) -> Result<Reply, Error> {
    let content = content(reply)?;
    let quoted = || format!("{:?}", short(&content.text));
    let answer = if content.is_refusal {
        Answer::Unrated {
            because: format!("the model refused: {}", quoted()),
        }
    } else {
        match digits(&content.text, texts) {
            Some(digits) => {
                let expected = expected(&digits, &content.positions);
                Answer::numbers(expected.into_iter().map(|digit| vec![digit]).collect())
            }
            None => {
                let (low, high) = (DIGITS[0], DIGITS[1]);
                let expected = match texts {
                    1 => format!("a digit from {low} to {high}"),
                    texts => format!("{texts} digits from {low} to {high}"),
                };
                Answer::Unrated {
                    because: format!("expected {expected}, found {}", quoted()),
                }
            }
        }
    };
    Ok(Reply {
        answer,
        tokens: content.usage.into(),
    })
}

/// The digits of an answer that has as many and nothing else. What stands around and between them may be white space,
/// commas, full stops, line breaks and marks of Markdown.
fn digits(text: &str, texts: usize) -> Option<Vec<u8>> {
    let words = text.split(is_around).filter(|word| !word.is_empty());
    let digits: Option<Vec<u8>> = words.map(digit).collect();
    digits.filter(|digits| digits.len() == texts)
}

fn is_around(character: char) -> bool {
    character.is_whitespace() || ",;.*_`\"'()[]".contains(character)
}

/// The digit that a word is.
fn digit(word: &str) -> Option<u8> {
    let digit = word.parse().ok().filter(|_| word.len() == 1)?;
    (DIGITS[0]..=DIGITS[1]).contains(&digit).then_some(digit)
}

/// The digit that a token is, without what stands around it.
fn digit_of_token(token: &str) -> Option<u8> {
    // SentencePiece writes a space as ▁, and some servers pass it on.
    digit(token.trim_matches(|character| is_around(character) || character == '▁'))
}

/// The expected digit of each text, or the digits where the positions are not those of these digits.
fn expected(digits: &[u8], positions: &[Position]) -> Vec<f64> {
    let at: Vec<(u8, &Position)> = positions
        .iter()
        .filter_map(|position| Some((digit_of_token(&position.token)?, position)))
        .collect();
    if !at.iter().map(|(digit, _)| digit).eq(digits) {
        return digits.iter().map(|&digit| digit.into()).collect();
    }
    at.into_iter()
        .map(|(digit, position)| expected_at(digit, position))
        .collect()
}

/// Σ k p_k / Σ p_k.
fn expected_at(digit: u8, position: &Position) -> f64 {
    let mut alternatives: Vec<(u8, f64)> = position
        .top_logprobs
        .iter()
        .filter_map(|of| Some((digit_of_token(&of.token)?, of.logprob)))
        .collect();
    // The token itself may be missing from the list.
    if position
        .top_logprobs
        .iter()
        .all(|of| of.token != position.token)
    {
        alternatives.push((digit, position.logprob));
    }
    let mut sums = (0.0, 0.0);
    for (digit, logprob) in alternatives {
        let probability = logprob.min(0.0).exp();
        sums.0 += f64::from(digit) * probability;
        sums.1 += probability;
    }
    if sums.1 > 0.0 {
        sums.0 / sums.1
    } else {
        digit.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Tokens;
    use serde_json::json;

    fn reply(content: &str, positions: Value) -> Value {
        json!({
            "choices": [{ "message": { "role": "assistant", "content": content }, "logprobs": { "content": positions } }],
            "usage": { "prompt_tokens": 90, "completion_tokens": 2 }
        })
    }

    fn position(token: &str, alternatives: &[(&str, f64)]) -> Value {
        let alternative = |&(token, p): &(&str, f64)| json!({ "token": token, "logprob": p.ln() });
        let top: Vec<Value> = alternatives.iter().map(alternative).collect();
        json!({ "token": token, "logprob": -0.5, "bytes": null, "top_logprobs": top })
    }

    fn rated(reply: &Value, texts: usize) -> Vec<f64> {
        match read_reply(reply, texts).unwrap().answer {
            Answer::Numbers { rows, .. } => rows.concat(),
            Answer::Unrated { because } => panic!("{because}"),
        }
    }

    #[test]
    fn the_expected_digit_weighs_the_alternatives() {
        // (4·0.5 + 4·0.1 + 3·0.2 + 5·0.1) / 0.9; "the" is no digit.
        let top = [
            ("4", 0.5),
            ("3", 0.2),
            (" 4", 0.1),
            ("5", 0.1),
            ("the", 0.1),
        ];
        let reply = reply("4", json!([position("4", &top)]));
        assert!((rated(&reply, 1)[0] - 3.5 / 0.9).abs() < 1e-12);
        let tokens = read_reply(&reply, 1).unwrap().tokens;
        assert_eq!(
            tokens,
            Tokens {
                prompt: 90,
                completion: 2
            }
        );
    }

    #[test]
    fn a_digit_after_other_tokens_is_read_where_it_stands() {
        let positions = json!([
            position("\n", &[("\n", 0.9), ("2", 0.1)]),
            position("▁4", &[("▁4", 0.5), ("▁2", 0.5)]),
            position(".", &[(".", 1.0)]),
        ]);
        assert!((rated(&reply("\n 4.", positions), 1)[0] - 3.0).abs() < 1e-12);
    }

    #[test]
    fn several_texts_have_a_digit_each() {
        let positions = json!([
            position("2", &[("2", 0.75), ("4", 0.25)]),
            position(" ", &[]),
            position("5", &[("5", 1.0)]),
        ]);
        let found = rated(&reply("2 5", positions), 2);
        assert!((found[0] - 2.5).abs() < 1e-12 && (found[1] - 5.0).abs() < 1e-12);
    }

    #[test]
    fn without_probabilities_the_digit_counts() {
        let bare = json!({ "choices": [{ "message": { "content": "**3**" } }] });
        assert_eq!(rated(&bare, 1), [3.0]);
        let null = json!({ "choices": [{ "message": { "content": "3" }, "logprobs": null }] });
        assert_eq!(rated(&null, 1), [3.0]);
        // A token of two digits has no position for each.
        let joined = reply("2,5", json!([position("2,5", &[("2,5", 1.0)])]));
        assert_eq!(rated(&joined, 2), [2.0, 5.0]);
        // OpenAI's logarithm of a token that is hardly possible.
        let odd = json!([{ "token": "3", "logprob": -9999.0, "top_logprobs": [] }]);
        assert_eq!(rated(&reply("3", odd), 1), [3.0]);
    }

    #[test]
    fn anything_but_digits_in_range_is_not_taken_for_a_rating() {
        let rows = [
            ("7", 1),
            ("0", 1),
            ("10", 1),
            ("4.5", 1),
            ("-3", 1),
            ("4/5", 1),
            ("I can't rate this.", 1),
            ("Rating: 4", 1),
            ("", 1),
            ("4 4", 1),
            ("4", 2),
            ("4 6", 2),
            ("٤", 1),
        ];
        for (content, texts) in rows {
            let bare = json!({ "choices": [{ "message": { "content": content } }] });
            let answer = read_reply(&bare, texts).unwrap().answer;
            assert!(
                matches!(&answer, Answer::Unrated { because } if because.contains("expected")),
                "{content}"
            );
        }
        let refusal =
            json!({ "choices": [{ "message": { "content": null, "refusal": "No. 4" } }] });
        let Answer::Unrated { because } = read_reply(&refusal, 1).unwrap().answer else {
            panic!()
        };
        assert_eq!(because, r#"the model refused: "No. 4""#);
    }

    #[test]
    fn a_reply_of_another_form_is_an_error() {
        for wrong in [
            json!({}),
            json!([]),
            json!({ "choices": [] }),
            json!({ "choices": [{}] }),
        ] {
            assert!(
                matches!(read_reply(&wrong, 1), Err(Error::Unreadable(_))),
                "{wrong}"
            );
        }
    }
}
