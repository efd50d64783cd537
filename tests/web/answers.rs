//! An answer of each kind, from the question to the log and the entry that a page shows.

use super::tab::{DECK, Tab, index, list_of};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

/// An interview about the deck of [`DECK`] with this answer model.
fn open(model: Value, candidates: usize) -> Tab {
    let mut deck: Value = serde_json::from_str(&DECK).expect("the deck is JSON");
    deck["answers"] = model;
    let mut options = json!({ "storage": "memory", "seed": 2 });
    if candidates >= 2 {
        options["candidatesPerQuestion"] = json!(candidates);
    }
    Tab::open_deck(&deck.to_string(), options).expect("deck and options are valid")
}

/// Asks, gives answers that are refused with their paths, then a valid one. Returns the question, the
/// log entry and the entry that a page gets.
fn ask(tab: &Tab, refused: &[(Value, &str)], answer: Value) -> (Value, Value, Value) {
    let question = tab.question().expect("the interview is not over");
    for (wrong, path) in refused {
        let error = tab.answer(wrong.clone()).expect_err("it is not on offer");
        assert_eq!(error.code, "answer", "{wrong}: {}", error.message);
        assert_eq!(error.path.unwrap_or_default(), *path, "{wrong}");
    }
    assert_eq!(
        tab.question(),
        Some(question.clone()),
        "nothing has changed"
    );
    tab.answer(answer.clone()).expect("the answer is on offer");
    let log: Value = serde_json::from_str(&tab.export_log()).expect("a log is JSON");
    let entry = list_of(&log["answers"])
        .last()
        .expect("it was answered")
        .clone();
    let reported = tab.entries(Some(1)).remove(0);
    assert_eq!(reported["answer"], answer);
    assert_eq!(reported["prompt"], question["prompt"]);
    assert_eq!(reported["candidates"], question["candidates"]);
    assert_ne!(tab.question(), Some(question.clone()), "the next is asked");
    assert!(tab.undo());
    let again = tab.question().expect("it is asked again");
    for field in ["prompt", "candidates", "kind", "of", "offered"] {
        assert_eq!(again.get(field), question.get(field), "{field}");
    }
    (question, entry, reported)
}

/// Whether the answer moved any estimate.
fn tells(reported: &Value) -> bool {
    list_of(&reported["shift"]).iter().any(|shift| shift != 0.0)
}

#[wasm_bindgen_test]
fn a_grade_says_how_much_better_one_of_two_is() {
    let tab = open(json!({ "grades": 4 }), 2);
    let refused = [
        (json!({ "chose": 2, "grade": "much" }), "chose"),
        (json!({ "rating": 1 }), ""),
        (json!({ "best": 0, "worst": 1 }), ""),
    ];
    let answer = json!({ "chose": 1, "grade": "much" });
    let (question, entry, reported) = ask(&tab, &refused, answer);
    assert_eq!(question["kind"], "grades");
    assert!(question.get("of").is_none());
    let offered = json!(["choice", "grades", "tie", "neither", "skip"]);
    assert_eq!(question["offered"], offered);
    assert_eq!(entry["chose"], entry["shown"][1]);
    assert_eq!(entry["grade"], "much");
    assert!(tells(&reported));
    // Only which one is better, without a grade.
    let (_, entry, _) = ask(&tab, &[], json!({ "chose": 0 }));
    assert_eq!(entry["chose"], entry["shown"][0]);
    assert!(entry.get("grade").is_none());
}

#[wasm_bindgen_test]
fn a_rating_says_how_good_one_candidate_is() {
    let tab = open(json!({ "kind": "rating", "ratings": 7 }), 0);
    let refused = [
        (json!({ "rating": 8, "of": 7 }), "rating"),
        (json!({ "rating": 0, "of": 7 }), "rating"),
        (json!({ "rating": 3, "of": 5 }), ""),
        (json!({ "chose": 0 }), ""),
        (json!("tie"), ""),
        (json!("neither"), ""),
    ];
    let (question, entry, reported) = ask(&tab, &refused, json!({ "rating": 6, "of": 7 }));
    assert_eq!(
        (&question["kind"], &question["of"]),
        (&json!("rating"), &json!(7))
    );
    assert_eq!(list_of(&question["candidates"]).len(), 1);
    assert_eq!(question["offered"], json!(["rating", "skip"]));
    assert_eq!(
        [&entry["kind"], &entry["rating"], &entry["of"]],
        [&json!("rating"), &json!(6), &json!(7)]
    );
    assert_eq!(list_of(&entry["shown"]).len(), 1);
    assert!(tells(&reported));
    // A rating that does not say of how many levels is of as many as the question says.
    tab.answer_next(json!({ "rating": 2 }));
    assert_eq!(
        tab.entries(Some(1))[0]["answer"],
        json!({ "rating": 2, "of": 7 })
    );
}

#[wasm_bindgen_test]
fn the_best_and_the_worst_are_named_together() {
    let tab = open(json!({ "kind": "best-worst" }), 3);
    let refused = [
        (json!({ "best": 1, "worst": 1 }), "worst"),
        (json!({ "best": 3, "worst": 1 }), "best"),
        (json!({ "best": 0, "worst": 3 }), "worst"),
        (json!({ "chose": 0 }), ""),
        (json!({ "best": 2, "worst": 0, "chose": 2 }), "best"),
        (json!({ "rating": 2, "of": 5, "chose": 2 }), "rating"),
    ];
    let (question, entry, reported) = ask(&tab, &refused, json!({ "best": 2, "worst": 0 }));
    assert_eq!(question["kind"], "best-worst");
    assert_eq!(list_of(&question["candidates"]).len(), 3);
    assert_eq!(entry["kind"], "best-worst");
    assert_eq!(entry["best"], entry["shown"][2]);
    assert_eq!(entry["worst"], entry["shown"][0]);
    assert!(tells(&reported));
}

#[wasm_bindgen_test]
fn an_order_may_leave_some_of_it_open() {
    let tab = open(json!({ "kind": "order" }), 4);
    let refused = [
        (json!({ "ranks": [0, 1, 2] }), "order"),
        (json!({ "ranks": [0, 1, 2, -1] }), "order"),
        (json!({ "ranks": [0, 0, 0, 0] }), "order"),
        (json!({ "ranks": [0, 1, 2, 3, 4] }), "order"),
    ];
    let (question, entry, reported) = ask(&tab, &refused, json!({ "ranks": [1, 3, 2, 0] }));
    assert_eq!(question["kind"], "order");
    let shown = list_of(&entry["shown"]);
    assert_eq!(entry["kind"], "order");
    assert_eq!(
        entry["order"],
        json!([shown[3], shown[0], shown[2], shown[1]])
    );
    assert!(tells(&reported));
    let (_, entry, reported) = ask(&tab, &[], json!({ "ranks": [1, 1, 0, 1] }));
    let shown = list_of(&entry["shown"]);
    let partial = json!([shown[2], [shown[0], shown[1], shown[3]]]);
    assert_eq!(entry["order"], partial);
    assert!(tells(&reported));
}

#[wasm_bindgen_test]
fn a_thumb_in_a_chat_is_a_rating_of_two_levels() {
    let tab = open(json!({}), 2);
    let reply = json!([{ "id": "reply", "scores": [1.5, 0, 0, 0, 0, 0] }]);
    tab.observe(reply.clone(), json!({ "rating": 2, "of": 2 }))
        .expect("a thumb is an answer");
    let entry = tab.entries(None).remove(0);
    assert_eq!(entry["answer"], json!({ "rating": 2, "of": 2 }));
    assert!(tells(&entry));
    assert_eq!(index(&tab.status()["answered"]), 1);
    for (wrong, path) in [
        (json!({ "rating": 2 }), "of"),
        (json!({ "rating": 1.5, "of": 2 }), "rating"),
        (json!({ "rating": 3, "of": 2 }), "rating"),
        (json!({ "rating": 1, "of": 12 }), "of"),
    ] {
        let error = tab
            .observe(reply.clone(), wrong)
            .expect_err("no such level");
        assert_eq!(
            (&error.code[..], error.path.as_deref()),
            ("answer", Some(path))
        );
    }
}

#[wasm_bindgen_test]
fn drafts_in_a_chat_are_chosen_between_whatever_the_deck_asks_for() {
    let drafts = json!([
        { "id": "a", "scores": [1.5, 0, 0, 0, 0, 0] },
        { "id": "b", "scores": [-1.5, 0, 0, 0, 0, 0] },
        { "id": "c", "scores": [0, 1.5, 0, 0, 0, 0] },
    ]);
    for (model, kind) in [
        (json!({ "kind": "order" }), "choice"),
        (json!({ "kind": "best-worst" }), "choice"),
        (json!({ "kind": "rating" }), "choice"),
        (json!({ "grades": 4 }), "grades"),
    ] {
        let tab = open(model, 0);
        let question = tab
            .compare(drafts.clone())
            .expect("the drafts are valid")
            .expect("asking is worth it");
        assert_eq!(question["kind"], kind);
        assert_eq!(list_of(&question["candidates"]).len(), 2);
    }
}
