//! Bad decks, logs, options, answers and candidates are refused with a code and a place.

use super::tab::{DECK, SMALL_DECK, Tab, Thrown, chose, to_js};
use js_sys::{Array, ArrayBuffer, Function, JSON, Object, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// The places of the rows that `js/deck.ts` refuses before the module sees them: the texts of a deck,
/// which the module ignores, and a list that would be an answer model without fields.
const CHECKED_BY_THE_PAGE: [&str; 5] = [
    "title",
    "language",
    "dimensions[0].label",
    "prompts[0].candidates[1].text",
    "answers",
];

/// The beginnings of further places, of words and pictures.
const LOOKED_AT_BY_THE_PAGE: [&str; 5] = [
    "words",
    "archetypes[0].name",
    "archetypes[0].text",
    "prompts[0].candidates[1].image",
    "prompts[1].image",
];

fn in_memory() -> Value {
    json!({ "storage": "memory" })
}

fn refusal<T>(result: Result<T, Thrown>) -> Thrown {
    result.err().expect("it is refused")
}

/// Opens the deck of a row. A text that is not JSON is found by the browser, before the module.
fn open_deck(text: &str) -> Result<Tab, Thrown> {
    match JSON::parse(text) {
        Ok(deck) => Tab::open_object(deck, to_js(&in_memory())),
        Err(error) => Err(Thrown {
            code: "json".to_owned(),
            path: None,
            message: js_sys::Error::from(error).message().into(),
        }),
    }
}

/// Imports the log of a row.
fn import_log(text: &str) -> Result<(), Thrown> {
    let tab = Tab::open_deck(SMALL_DECK, in_memory()).expect("the small deck is valid");
    let before = tab.export_log();
    let result = tab.import_log(text);
    assert_eq!(tab.export_log(), before, "{text}");
    result
}

/// How the error for a row of the table differs from the expected one, if it does.
fn complaint(row: &Value) -> Option<String> {
    let text = row["text"]
        .as_str()
        .map_or_else(|| row["value"].to_string(), str::to_owned);
    let result = match row["kind"].as_str()? {
        "deck" => open_deck(&text).map(drop),
        "log" => import_log(&text),
        other => panic!("unknown kind {other}"),
    };
    let Err(error) = result else {
        return Some("was accepted".to_owned());
    };
    let expected = row.get("web").unwrap_or(row);
    let differs = |found: &str, field: &str| {
        let expected = expected[field].as_str()?;
        (found != expected).then(|| format!("{field} {found:?}, expected {expected:?}"))
    };
    let found = &error.message;
    let message = || {
        let says = expected["says"].as_str().unwrap_or("");
        (!found.contains(says) || found.contains('\n')).then(|| format!("expected {says:?}"))
    };
    let complaint = differs(&error.code, "code")
        .or_else(|| differs(error.path.as_deref().unwrap_or(""), "path"))
        .or_else(message)?;
    Some(format!("{complaint}: {found:?}"))
}

#[wasm_bindgen_test]
fn bad_decks_and_logs_are_refused_with_code_and_place() {
    let table: Vec<Value> =
        serde_json::from_str(include_str!("../bad/inputs.json")).expect("the table is JSON");
    assert_eq!(table.len(), 170);
    // A browser keeps entries of other kinds: a newer version may have written them.
    let is_of_unknown_kind = |row: &&Value| {
        let name = row["name"].as_str().unwrap_or("");
        name.starts_with("an unknown kind")
    };
    let (skipped, rows): (Vec<&Value>, Vec<&Value>) = table
        .iter()
        .filter(|row| !is_of_unknown_kind(row))
        .partition(|row| {
            let path = row["path"].as_str().unwrap_or("");
            let looked_at = LOOKED_AT_BY_THE_PAGE
                .iter()
                .any(|start| path.starts_with(start));
            row["kind"] == "deck" && (looked_at || CHECKED_BY_THE_PAGE.contains(&path))
        });
    assert_eq!(skipped.len(), CHECKED_BY_THE_PAGE.len() + 18);
    let complaints: Vec<String> = rows
        .into_iter()
        .filter_map(|row| {
            let complaint = complaint(row)?;
            Some(format!("{} {}: {complaint}", row["kind"], row["name"]))
        })
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[wasm_bindgen_test]
fn the_texts_of_a_deck_are_ignored() {
    let mut deck: Value = serde_json::from_str(SMALL_DECK).expect("it is JSON");
    deck["title"] = json!(5);
    deck["prompts"][0]["text"] = json!({});
    deck["dimensions"][0]["label"] = json!([]);
    assert!(Tab::open_object(to_js(&deck), to_js(&in_memory())).is_ok());
}

#[wasm_bindgen_test]
fn anything_that_is_not_a_deck_is_refused() {
    let knot: JsValue = Object::new().into();
    Reflect::set(&knot, &"format".into(), &knot).expect("it is an object");
    for deck in [
        JsValue::UNDEFINED,
        JsValue::NULL,
        5.into(),
        "leaning-deck/1".into(),
        Array::new().into(),
        ArrayBuffer::new(3).into(),
        Function::new_no_args("").into(),
        knot,
    ] {
        let error = refusal(Tab::open_object(deck.clone(), to_js(&in_memory())));
        assert_eq!(error.code, "deck", "{deck:?}: {}", error.message);
    }
}

#[wasm_bindgen_test]
fn an_option_out_of_range_is_refused_with_its_place() {
    let rows = [
        (json!({ "storage": "cloud" }), "storage"),
        (json!({ "storageKey": 5 }), "storageKey"),
        (json!({ "startOver": "yes" }), "startOver"),
        (json!({ "seed": -1 }), "seed"),
        (json!({ "seed": 0.5 }), "seed"),
        (json!({ "seed": "x" }), "seed"),
        (json!({ "strategy": "best" }), "strategy"),
        (json!({ "strategy": 1 }), "strategy"),
        (json!({ "stop": { "questions": 0 } }), "stop.questions"),
        (json!({ "stop": { "questions": 2.5 } }), "stop.questions"),
        (json!({ "stop": 5 }), "stop"),
        (json!({ "stop": { "regret": -0.1 } }), "stop.regret"),
        (json!({ "stop": { "regret": "x" } }), "stop.regret"),
        (json!({ "stop": { "gain": -1 } }), "stop.gain"),
        (
            json!({ "candidatesPerQuestion": 1 }),
            "candidatesPerQuestion",
        ),
        (
            json!({ "candidatesPerQuestion": 2.5 }),
            "candidatesPerQuestion",
        ),
        (json!({ "halfLife": 0 }), "halfLife"),
        (json!({ "halfLife": "long" }), "halfLife"),
        (json!({ "repeatWorth": 0 }), "repeatWorth"),
        (json!({ "repeatWorth": 1.1 }), "repeatWorth"),
        (json!({ "sample": 5 }), "sample"),
        (json!({ "sample": [5] }), "sample[0]"),
        (json!({ "sample": [[], [], [5]] }), "sample[2][0]"),
        (
            json!({ "sample": [[], [], [{ "scores": [1] }]] }),
            "sample[2][0].scores",
        ),
        (
            json!({ "sample": [[{ "id": "a" }]] }),
            "sample[0][0].scores",
        ),
    ];
    let open = Tab::open(in_memory());
    open.answer_next(json!("tie"));
    let (question, log) = (open.question(), open.export_log());
    for (options, path) in rows {
        let error = refusal(Tab::open_deck(&DECK, options.clone()));
        assert_eq!(error.code, "options", "{options}: {}", error.message);
        assert_eq!(error.path.as_deref(), Some(path), "{options}");
        if !["storage", "storageKey", "startOver"].contains(&path) {
            let error = refusal(open.configure(options.clone()));
            assert_eq!(error.code, "options", "{options}: {}", error.message);
            assert_eq!(error.path.as_deref(), Some(path), "{options}");
        }
    }
    assert_eq!((open.question(), open.export_log()), (question, log));
}

#[wasm_bindgen_test]
fn options_may_be_left_out() {
    for options in [JsValue::UNDEFINED, JsValue::NULL] {
        let deck = JSON::parse(SMALL_DECK).expect("it is JSON");
        let tab = Tab::open_object(deck, options).expect("nothing is wrong");
        assert_eq!(tab.status()["stored"], true);
        tab.forget();
    }
}

#[wasm_bindgen_test]
fn an_answer_that_is_not_on_offer_is_refused_and_changes_nothing() {
    let tab = Tab::open(in_memory());
    let question = tab.question();
    for answer in [
        chose(2),
        json!({ "chose": -1 }),
        json!({ "chose": 0.5 }),
        json!({ "chose": "0" }),
        json!({}),
        json!("maybe"),
        json!(null),
        json!(1),
    ] {
        let error = refusal(tab.answer(answer.clone()));
        assert_eq!(error.code, "answer", "{answer}: {}", error.message);
    }
    assert_eq!(tab.status()["entries"], 0);
    assert_eq!(tab.question(), question);
}

#[wasm_bindgen_test]
fn a_dimension_that_the_deck_does_not_have_is_refused() {
    let tab = Tab::open(in_memory());
    let errors = [
        refusal(tab.set_weight("humour", 1.0)),
        refusal(tab.what_if("humour")),
    ];
    for error in errors {
        assert_eq!(error.code, "answer");
        assert_eq!(error.path.as_deref(), Some("dimension"));
    }
    let error = refusal(tab.set_weight("warmth", f64::NAN));
    assert_eq!(
        (error.code.as_str(), error.path.as_deref()),
        ("answer", Some("weight"))
    );
    assert_eq!(tab.status()["entries"], 0);
}

#[wasm_bindgen_test]
fn candidates_that_do_not_fit_the_deck_are_refused_with_their_place() {
    let tab = Tab::open(in_memory());
    let zeros = [0; 6];
    let rows = [
        (json!({}), None),
        (json!([{ "scores": zeros }, 7]), Some("[1]")),
        (
            json!([{ "scores": zeros }, { "id": "b" }]),
            Some("[1].scores"),
        ),
        (
            json!([{ "scores": zeros }, { "scores": [0, 0] }]),
            Some("[1].scores"),
        ),
        (
            json!([{ "scores": zeros }, { "scores": [0, 0, "x"] }]),
            Some("[1].scores[2]"),
        ),
        (
            json!([{ "scores": zeros, "id": "a" }, { "scores": zeros, "id": "a" }]),
            Some("[1]"),
        ),
    ];
    for (candidates, path) in rows {
        let errors = [
            refusal(tab.rank(candidates.clone(), None)),
            refusal(tab.compare(candidates.clone())),
            refusal(tab.observe(candidates.clone(), chose(0))),
        ];
        for error in errors {
            assert_eq!(error.code, "candidates", "{candidates}: {}", error.message);
            assert_eq!(error.path.as_deref(), path, "{candidates}");
        }
    }
    assert_eq!(tab.status()["entries"], 0);
}

#[wasm_bindgen_test]
fn a_temperature_that_is_not_above_zero_is_refused() {
    let tab = Tab::open(in_memory());
    let candidates = json!([{ "scores": [0, 0, 0, 0, 0, 0] }]);
    for temperature in [json!(0), json!(-1), json!("warm")] {
        let options = json!({ "temperature": temperature });
        let error = refusal(tab.rank(candidates.clone(), Some(options)));
        assert_eq!(
            (error.code.as_str(), error.path.as_deref()),
            ("options", Some("temperature"))
        );
    }
}

#[wasm_bindgen_test]
fn a_probability_that_is_none_is_refused() {
    let tab = Tab::open(in_memory());
    let candidates = json!([{ "scores": [0, 0, 0, 0, 0, 0] }]);
    for probability in [json!(-0.1), json!(1.5), json!("sure")] {
        let options = json!({ "atLeast": probability });
        let error = refusal(tab.rank(candidates.clone(), Some(options)));
        assert_eq!(
            (error.code.as_str(), error.path.as_deref()),
            ("options", Some("atLeast"))
        );
    }
}
