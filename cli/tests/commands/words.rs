//! `leaning summary` and `leaning instructions`.

use crate::{Folder, log, plain_deck};
use serde_json::{Value, json};

fn deck() -> Value {
    let mut deck = plain_deck();
    deck["language"] = json!("de");
    deck["dimensions"][0] =
        json!({ "id": "brevity", "label": "Länge", "low": "ausführlich", "high": "knapp" });
    deck
}

/// The output of a command about somebody who said so themselves.
fn words(command: &str, answers: Value) -> String {
    let folder = Folder::new()
        .with("deck.json", &deck())
        .with("answers.json", &log(&deck(), answers));
    let outcome = folder.run(&format!(
        "{command} --deck deck.json --answers answers.json"
    ));
    assert_eq!((outcome.code, &outcome.stderr[..]), (Some(0), ""));
    outcome.stdout
}

fn stated(weight: f64) -> Value {
    json!([{ "id": "k1", "kind": "statement", "dimension": "brevity", "weight": weight, "sd": 0.05 }])
}

#[test]
fn a_taste_is_told_in_the_language_of_the_deck_or_another() {
    assert_eq!(
        words("summary", stated(2.5)),
        "Vorlieben: vor allem knapp.\n"
    );
    assert_eq!(
        words("summary --language en", stated(-0.45)),
        "Your taste: leaning towards ausführlich.\n"
    );
    assert_eq!(
        words("summary", stated(0.0)),
        "Keine starke Vorliebe: Länge.\n"
    );
    let text = words("instructions --language fr", stated(2.5));
    assert!(
        text.ends_with("\nForte préférence : knapp (et non ausführlich).\n"),
        "{text}"
    );
}

#[test]
fn nothing_is_told_before_an_answer() {
    let text = words("summary --language en", json!([]));
    assert_eq!(text, "It is too early to say what you like.\n");
    assert_eq!(words("instructions", json!([])), "");
}
