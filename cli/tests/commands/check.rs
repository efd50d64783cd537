//! `leaning check`

use crate::{DEMO, Folder, demo, plain_deck};
use serde_json::json;

#[test]
fn the_content_of_a_deck_is_counted() {
    let result = Folder::new()
        .with("deck.json", &plain_deck())
        .run("check deck.json")
        .result();
    // p1 has one pair. p2 has three, one of which has equal scores and cannot be asked about.
    let expected = json!({ "valid": true, "id": "plain", "version": "7", "dimensions": ["brevity"],
                           "prompts": 2, "candidates": 5, "pairs": 3 });
    assert_eq!(result, expected);
}

#[test]
fn the_demo_deck_is_valid() {
    let result = Folder::new().run(&format!("check {DEMO}")).result();
    let deck = demo();
    let prompts = deck["prompts"].as_array().unwrap();
    let sizes: Vec<usize> = prompts
        .iter()
        .map(|prompt| prompt["candidates"].as_array().unwrap().len())
        .collect();
    assert_eq!(result["valid"], true);
    assert_eq!(
        result["dimensions"],
        json!([
            "brevity",
            "casual",
            "warmth",
            "decided",
            "structure",
            "playful"
        ])
    );
    assert_eq!(result["prompts"], sizes.len());
    assert_eq!(result["candidates"], sizes.iter().sum::<usize>());
    assert_eq!(
        result["pairs"],
        sizes.iter().map(|n| n * (n - 1) / 2).sum::<usize>()
    );
}

#[test]
fn a_missing_score_is_named_with_file_and_place() {
    let mut deck = demo();
    deck["prompts"][3]["candidates"][1]["scores"]
        .as_array_mut()
        .unwrap()
        .pop();
    let outcome = Folder::new()
        .with("deck.json", &deck)
        .run("check deck.json");
    let expected =
        "leaning: deck.json: prompts[3].candidates[1].scores: expected 6 numbers, found 5";
    assert_eq!(outcome.failure(), expected);
}

#[test]
fn other_flaws_are_named_with_file_and_place() {
    let failure = |pointer: &str, value| {
        let mut deck = plain_deck();
        *deck.pointer_mut(pointer).unwrap() = value;
        Folder::new()
            .with("deck.json", &deck)
            .run("check deck.json")
            .failure()
            .to_owned()
    };
    let place = |line: String| {
        line.strip_prefix("leaning: deck.json: ")
            .unwrap()
            .split(": ")
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        failure("/format", json!(null)),
        "leaning: deck.json: format: expected a string, found null"
    );
    assert_eq!(place(failure("/id", json!("a/b"))), "id");
    assert_eq!(
        place(failure("/prompts/1/candidates/2/id", json!("a"))),
        "prompts[1].candidates[2].id"
    );
    assert_eq!(
        place(failure("/prior/covariance/0/0", json!(-1))),
        "prior.covariance"
    );
    assert_eq!(place(failure("/answers/lapse", json!(1))), "answers.lapse");
    assert_eq!(
        place(failure("/prompts/0/candidates/0/scores/0", json!("1"))),
        "prompts[0].candidates[0].scores[0]"
    );
}

#[test]
fn a_deck_that_is_not_an_object_is_refused() {
    let folder = Folder::new().with("deck.json", &json!([1, 2]));
    assert_eq!(
        folder.run("check deck.json").failure(),
        "leaning: deck.json: expected an object, found a list"
    );
}
