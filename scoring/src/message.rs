//! Messages of servers, made fit for one line.

use serde_json::Value;

/// Longer messages are cut: they can quote a whole request, or be a page.
const MAX_CHARACTERS: usize = 200;

/// The message in the body of an error.
///
/// OpenAI, vLLM and SGLang have `{"error": {"message": …}}`; older vLLM has `{"message": …}`, and FastAPI, on which
/// many servers are built, `{"detail": …}`.
pub fn of_body(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let message = serde_json::from_str::<Value>(&text)
        .ok()
        .and_then(|value| {
            [
                "/error/message",
                "/error",
                "/message",
                "/detail/0/msg",
                "/detail",
            ]
            .into_iter()
            .find_map(|place| value.pointer(place)?.as_str().map(str::to_owned))
        })
        .unwrap_or_else(|| text.into_owned());
    match short(&message).as_str() {
        "" => "it says no more".to_owned(),
        message => message.to_owned(),
    }
}

/// The text on one line, cut to what a message has room for, with control characters escaped.
pub fn short(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    let mut short = String::new();
    for (place, character) in line.chars().enumerate() {
        if place == MAX_CHARACTERS {
            short.push('…');
            break;
        }
        if character.is_control() {
            short.extend(character.escape_default());
        } else {
            short.push(character);
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_found_where_servers_put_it() {
        let rows = [
            (
                r#"{"error":{"message":"no such model","type":"x","code":404}}"#,
                "no such model",
            ),
            (
                r#"{"object":"error","message":"too long","code":400}"#,
                "too long",
            ),
            (r#"{"detail":"Not Found"}"#, "Not Found"),
            (
                r#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#,
                "field required",
            ),
            (r#"{"error":"model not found"}"#, "model not found"),
            (
                "<html>\n  <b>502</b>\u{1b}[0m</html>",
                r"<html> <b>502</b>\u{1b}[0m</html>",
            ),
            ("", "it says no more"),
        ];
        for (body, expected) in rows {
            assert_eq!(of_body(body.as_bytes()), expected);
        }
    }

    #[test]
    fn a_long_message_is_cut() {
        let short = short(&"é".repeat(1000));
        assert_eq!(short.chars().count(), MAX_CHARACTERS + 1);
        assert!(short.ends_with('…'));
    }
}
