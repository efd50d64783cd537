//! Notes about the fields of a deck's file: what is read otherwise than its author may think.

use crate::guess::did_you_mean;
use serde_json::{Map, Value};

/// The fields of a deck: those of the format, the basis, two for people and one for editors.
const KNOWN: [&str; 16] = [
    "$schema",
    "format",
    "id",
    "version",
    "language",
    "title",
    "dimensions",
    "prior",
    "answers",
    "candidatesPerQuestion",
    "words",
    "archetypes",
    "prompts",
    "basis",
    "about",
    "license",
];
/// The name of `candidatesPerQuestion` in older decks.
const OLD: &str = "choose";

/// Notes about a deck with these fields.
pub fn about(fields: &Map<String, Value>) -> Vec<String> {
    let mut notes: Vec<String> = unnamed_ends(fields).into_iter().collect();
    notes.extend(blank_prompts(fields));
    notes.extend(blank_candidates(fields));
    notes.extend(unknown_fields(fields));
    notes
}

/// A note about dimensions without names for their ends.
fn unnamed_ends(fields: &Map<String, Value>) -> Option<String> {
    let dimensions = fields.get("dimensions").and_then(Value::as_array)?;
    let is_named = |dimension: &Value, end: &str| {
        let name = dimension.get(end).and_then(Value::as_str);
        name.is_some_and(|name| !name.is_empty())
    };
    let unnamed = dimensions
        .iter()
        .filter(|dimension| !is_named(dimension, "low") || !is_named(dimension, "high"));
    let ids: Vec<&str> = unnamed.filter_map(|of| of.get("id")?.as_str()).collect();
    let (ids, rest) = match ids[..] {
        [] => return None,
        [only] => (only.to_owned(), "has no names for its ends"),
        [ref first @ .., last] => (
            format!("{} and {last}", first.join(", ")),
            "have no names for their ends",
        ),
    };
    Some(format!(
        "{ids} {rest}: people will read “low” and “high” (--labels)"
    ))
}

/// A note about prompts that nobody can read.
fn blank_prompts(fields: &Map<String, Value>) -> Option<String> {
    let prompts = fields.get("prompts").and_then(Value::as_array)?;
    let is_blank = |prompt: &&Value| {
        prompt["text"]
            .as_str()
            .unwrap_or_default()
            .trim()
            .is_empty()
    };
    let blank: Vec<&Value> = prompts.iter().filter(is_blank).collect();
    let id = |prompt: &Value| prompt["id"].as_str().unwrap_or_default().to_owned();
    let share = match blank[..] {
        [] => return None,
        [only] => format!("prompt {} has no text: nothing stands", id(only)),
        _ if blank.len() == prompts.len() => "the prompts have no texts: nothing stands".to_owned(),
        [first, ..] => format!(
            "{} of {} prompts, such as {}, have no text: nothing stands",
            blank.len(),
            prompts.len(),
            id(first)
        ),
    };
    Some(format!("{share} above their candidates (--prompts)"))
}

/// A note about candidates that nobody can see.
fn blank_candidates(fields: &Map<String, Value>) -> Option<String> {
    let list = |of: &Value, name: &str| of[name].as_array().cloned().unwrap_or_default();
    let prompts = fields.get("prompts").and_then(Value::as_array)?;
    let (mut count, mut blank) = (0, Vec::new());
    for prompt in prompts {
        for candidate in list(prompt, "candidates") {
            count += 1;
            let text = candidate["text"].as_str().unwrap_or_default();
            if text.trim().is_empty() && !candidate["image"].is_object() {
                let id = |of: &Value| of["id"].as_str().unwrap_or_default().to_owned();
                blank.push(format!("{}/{}", id(prompt), id(&candidate)));
            }
        }
    }
    let first = blank.first()?;
    let (share, rest) = match blank.len() {
        1 => (
            format!("candidate {first}"),
            "has neither a text nor an image: it is shown empty",
        ),
        all if all == count => (
            "the candidates".to_owned(),
            "have neither texts nor images: they are shown empty",
        ),
        some => (
            format!("{some} of {count} candidates, such as {first},"),
            "have neither a text nor an image: they are shown empty",
        ),
    };
    Some(format!("{share} {rest}"))
}

/// A note for each field that no part of Leaning reads.
fn unknown_fields(fields: &Map<String, Value>) -> impl Iterator<Item = String> {
    let is_known = |name: &str| KNOWN.contains(&name) || name == OLD;
    let unknown = fields.keys().filter(move |name| !is_known(name));
    unknown.map(|name| format!("{name}: unknown field{}", did_you_mean(name, KNOWN)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::format::deck::DeckFile;
    use serde_json::json;

    fn notes(deck: &Value) -> Vec<String> {
        about(deck.as_object().unwrap())
    }

    #[test]
    fn every_field_of_the_format_is_known() {
        let deck = json!({
            "$schema": "./node_modules/leaning/deck.schema.json",
            "format": "leaning-deck/1", "id": "d", "version": "1", "language": "en", "title": "T",
            "dimensions": [{ "id": "x", "low": "cheap", "high": "dear" }],
            "prior": { "mean": [0], "covariance": [[1]] }, "answers": {}, "choose": 3,
            "words": {}, "archetypes": [], "prompts": []
        });
        assert_eq!(notes(&deck), [""; 0]);
        // With the names that are written today.
        let file: DeckFile = serde_json::from_value(deck).unwrap();
        let written = json!(file);
        assert_eq!(written.as_object().unwrap().len(), 12);
        assert_eq!(notes(&written), [""; 0]);
    }

    #[test]
    fn an_unknown_field_is_guessed() {
        let deck = json!({ "archetype": [], "candidatePerQuestion": 3, "x-shop": 1 });
        assert_eq!(
            notes(&deck),
            [
                "archetype: unknown field; did you mean archetypes?",
                "candidatePerQuestion: unknown field; did you mean candidatesPerQuestion?",
                "x-shop: unknown field",
            ]
        );
    }

    #[test]
    fn candidates_without_a_text_or_an_image_are_told() {
        let candidate =
            |id: &str, text: Value, image: Value| json!({ "id": id, "text": text, "image": image });
        let image = json!({ "src": "a.png", "alt": "A" });
        let text = candidate("t", json!("Yes."), json!(null));
        let picture = candidate("i", json!(""), image);
        let [one, two] = ["a", "b"].map(|id| candidate(id, json!(" \n"), json!(null)));
        let found = |candidates: Value| {
            notes(&json!({ "prompts": [{ "id": "p", "text": "P?", "candidates": candidates }] }))
        };
        assert_eq!(found(json!([text, picture])), [""; 0]);
        assert_eq!(
            found(json!([text, one])),
            ["candidate p/a has neither a text nor an image: it is shown empty"]
        );
        assert_eq!(
            found(json!([one, text, { "id": "n" }, two])),
            [
                "3 of 4 candidates, such as p/a, have neither a text nor an image: they are shown empty"
            ]
        );
        assert_eq!(
            found(json!([one, two])),
            ["the candidates have neither texts nor images: they are shown empty"]
        );
    }

    #[test]
    fn prompts_that_nobody_can_read_are_told() {
        let found = |texts: &[Value]| {
            let one = json!({ "id": "a", "text": "A" });
            let prompt = |(place, text): (usize, &Value)| json!({ "id": format!("p{place}"), "text": text, "candidates": [one] });
            let prompts: Vec<Value> = texts.iter().enumerate().map(prompt).collect();
            notes(&json!({ "prompts": prompts }))
        };
        let rest = "nothing stands above their candidates (--prompts)";
        assert_eq!(found(&[json!("A?"), json!("B?")]), [""; 0]);
        assert_eq!(
            found(&[json!("A?"), json!(" ")]),
            [format!("prompt p1 has no text: {rest}")]
        );
        assert_eq!(
            found(&[json!("A?"), json!(null), json!("")]),
            [format!("2 of 3 prompts, such as p1, have no text: {rest}")]
        );
        assert_eq!(
            found(&[json!(""), json!("")]),
            [format!("the prompts have no texts: {rest}")]
        );
    }

    #[test]
    fn ends_without_names_are_told() {
        let deck = |dimensions: Value| json!({ "dimensions": dimensions });
        let named = json!({ "id": "n", "low": "few", "high": "many" });
        assert_eq!(
            notes(&deck(
                json!([named, { "id": "x", "low": "", "high": "dear" }])
            )),
            ["x has no names for its ends: people will read “low” and “high” (--labels)"]
        );
        assert_eq!(
            notes(&deck(
                json!([{ "id": "x" }, { "id": "y" }, { "id": "z", "low": null }])
            )),
            [
                "x, y and z have no names for their ends: people will read “low” and “high” (--labels)"
            ]
        );
    }
}
