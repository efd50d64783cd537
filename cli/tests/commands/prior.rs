//! `leaning prior`.

use crate::{Folder, assert_close, numbers, plain_deck};
use serde_json::{Value, json};

/// A record about `plain_deck`, with practically no noise: a step is a quarter of a standard deviation.
fn record(value: f64) -> Value {
    json!({ "format": "leaning-shared/1", "deck": { "id": "plain", "version": "7" }, "epsilon": 900.0,
            "bound": 2, "steps": 8, "dimensions": ["brevity"], "values": [value] })
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

fn folder(records: &str) -> Folder {
    Folder::new()
        .with("deck.json", &plain_deck())
        .with_bytes("r.jsonl", records)
}

const COMMAND: &str = "prior --deck deck.json --shared r.jsonl";

#[test]
fn many_records_give_mean_and_variance() {
    // Half a standard deviation above and one and a half: mean 1, variance 1/4.
    let records: Vec<Value> = (0..2000)
        .map(|i| record(if i % 2 == 0 { 2.0 } else { 6.0 }))
        .collect();
    for text in [lines(&records), Value::from(records.clone()).to_string()] {
        let outcome = folder(&text).run(&format!("{COMMAND} --json"));
        assert_eq!((outcome.code, &outcome.stderr[..]), (Some(0), ""));
        let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(report["records"], 2000);
        assert_close(numbers(&report["prior"]["mean"])[0], 1.0, 0.01);
        assert_close(numbers(&report["prior"]["covariance"][0])[0], 0.25, 0.01);
        assert_close(report["dimensions"][0]["used"].as_f64().unwrap(), 1.0, 0.01);
    }
}

#[test]
fn few_records_with_much_noise_hardly_move_the_prior() {
    let records: Vec<Value> = [-40.0, 38.0, 5.0, -2.0]
        .into_iter()
        .map(|value| {
            let mut record = record(value);
            record["epsilon"] = json!(1);
            record
        })
        .collect();
    let outcome = folder(&lines(&records)).run(&format!("{COMMAND} --json"));
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_close(numbers(&report["prior"]["mean"])[0], 0.0, 0.05);
    assert_close(numbers(&report["prior"]["covariance"][0])[0], 1.0, 0.05);
}

#[test]
fn a_wrong_record_is_named_by_its_line() {
    let changed = |field: &str, value: Value| {
        let mut record = record(1.0);
        record[field] = value;
        lines(&[self::record(2.0), record])
    };
    for (field, value, message) in [
        ("format", json!("leaning-shared/2"), "format"),
        ("deck", json!({ "id": "tea", "version": "1" }), "deck tea"),
        ("dimensions", json!(["warmth"]), "no dimension warmth"),
        ("dimensions", json!([]), "a value for each"),
        ("values", json!([1e9]), "no noise brings it"),
        ("epsilon", json!(0), "epsilon"),
        ("steps", json!(-1), "steps"),
        ("bound", json!("2"), "invalid type"),
    ] {
        let outcome = folder(&changed(field, value)).run(COMMAND);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(
            outcome.stderr.contains("line 2: ") && outcome.stderr.contains(message),
            "{field}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn the_page_says_what_the_records_are_worth() {
    let outcome =
        folder(&lines(&[record(2.0), record(6.0)])).run(&format!("{COMMAND} --format text"));
    assert!(outcome.stdout.contains("brevity"), "{outcome:?}");
    assert!(outcome.stdout.contains("+1.00"), "{outcome:?}");
}
