//! The public API in a real browser: `wasm-pack test --headless --chrome` (or `--firefox`).
#![cfg(all(target_arch = "wasm32", target_os = "unknown"))]

mod golden;

use golden::{get, items, text};
use js_sys::{Array, JSON, Object, Reflect};
use leaning::json::Value;
use leaning::web::{Leaning, from_js, parse};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const DECK: &str = include_str!("../www/decks/assistant-style-en.json");

fn reference() -> Value {
    parse(include_str!("golden/belief.json")).expect("belief.json is JSON")
}

fn js(text: &str) -> JsValue {
    JSON::parse(text).expect("a literal of this file")
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).expect("an object")
}

/// Options for the demo deck, with some of them given as JSON.
fn options(others: &str) -> JsValue {
    let options = js(others);
    Reflect::set(&options, &"deck".into(), &DECK.into()).expect("a plain object");
    options
}

fn open(others: &str) -> Leaning {
    Leaning::open(&options(others)).unwrap_or_else(|error| panic!("{}", message(&error)))
}

fn code(error: &JsValue) -> String {
    field(error, "code").as_string().unwrap_or_default()
}

fn message(error: &JsValue) -> String {
    field(error, "message").as_string().unwrap_or_default()
}

fn storage() -> web_sys::Storage {
    web_sys::window()
        .expect("a window")
        .local_storage()
        .expect("allowed")
        .expect("there")
}

#[wasm_bindgen_test]
fn beliefs_agree_with_the_reference() {
    let failures = golden::failures(&reference());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[wasm_bindgen_test]
fn beliefs_have_the_same_bits_as_natively() {
    let found = golden::bits::lines(&reference());
    for (found, expected) in found.lines().zip(include_str!("golden/bits.txt").lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(
        found.lines().count(),
        include_str!("golden/bits.txt").lines().count()
    );
}

#[wasm_bindgen_test]
fn bad_decks_and_logs_are_refused_with_code_and_place() {
    let rows = parse(include_str!("bad/inputs.json")).expect("inputs.json is JSON");
    let sound = include_str!("bad/deck.json");
    for row in items(&rows) {
        let (name, kind) = (text(get(row, "name")), text(get(row, "kind")));
        let Value::Object(fields) = row else {
            panic!("{name}: a row is an object")
        };
        let find = |wanted: &str| {
            fields
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value)
        };
        let input = match find("text") {
            Some(input) => text(input).to_owned(),
            None => String::from(
                JSON::stringify(&leaning::web::to_js(get(row, "value"))).expect("plain data"),
            ),
        };
        let error = match kind {
            "deck" => {
                let options = js(r#"{ "storage": "memory" }"#);
                Reflect::set(&options, &"deck".into(), &input.into()).expect("a plain object");
                Leaning::open(&options).err()
            }
            _ => {
                let options = js(r#"{ "storage": "memory" }"#);
                Reflect::set(&options, &"deck".into(), &sound.into()).expect("a plain object");
                let leaning = Leaning::open(&options)
                    .unwrap_or_else(|error| panic!("{name}: {}", message(&error)));
                let before = leaning.export();
                let error = leaning.import(&input).err();
                assert_eq!(
                    leaning.export(),
                    before,
                    "{name}: a failed import changed the log"
                );
                error
            }
        };
        let error = error.unwrap_or_else(|| panic!("{name}: was accepted"));
        let expected = find("web").unwrap_or(row);
        // A log that is no JSON is a flaw of the log, whoever's parser found it.
        let expected_code = match (kind, text(get(expected, "code"))) {
            ("log", "json") => "log",
            (_, code) => code,
        };
        assert_eq!(code(&error), expected_code, "{name}: {}", message(&error));
        assert!(
            !message(&error).contains('\n'),
            "{name}: {}",
            message(&error)
        );
        if let Value::Object(fields) = expected
            && let Some((_, Value::String(path))) = fields.iter().find(|(name, _)| name == "path")
        {
            assert_eq!(
                field(&error, "path").as_string().unwrap_or_default(),
                *path,
                "{name}: {}",
                message(&error)
            );
        }
    }
}

#[wasm_bindgen_test]
fn what_is_no_deck_at_all_is_refused() {
    for (deck, expected) in [
        (JsValue::UNDEFINED, "options"),
        (JsValue::NULL, "options"),
        (5.into(), "deck"),
        (Array::new().into(), "deck"),
        ("{".into(), "json"),
        // The package's entries read bytes; the bare module finds no deck in them.
        (js_sys::ArrayBuffer::new(3).into(), "deck"),
        (js_sys::Function::new_no_args("").into(), "deck"),
    ] {
        let options = Object::new();
        Reflect::set(&options, &"deck".into(), &deck).expect("a plain object");
        let error = Leaning::open(&options).err().expect("refused");
        assert_eq!(code(&error), expected, "{deck:?}");
    }
    let knot = Object::new();
    Reflect::set(&knot, &"prompts".into(), &knot).expect("a plain object");
    let options = Object::new();
    Reflect::set(&options, &"deck".into(), &knot).expect("a plain object");
    assert_eq!(
        code(&Leaning::open(&options).err().expect("refused")),
        "json"
    );
}

#[wasm_bindgen_test]
fn options_that_are_off_are_named() {
    for (others, path) in [
        (r#"{ "storage": "cloud" }"#, "storage"),
        (r#"{ "seed": -1 }"#, "seed"),
        (r#"{ "seed": "x" }"#, "seed"),
        (r#"{ "strategy": "best" }"#, "strategy"),
        (r#"{ "stop": { "questions": 0 } }"#, "stop.questions"),
        (r#"{ "stop": { "questions": 2.5 } }"#, "stop.questions"),
        (r#"{ "stop": 5 }"#, "stop"),
        (r#"{ "stop": { "regret": -0.1 } }"#, "stop.regret"),
        (r#"{ "stop": { "regret": "x" } }"#, "stop.regret"),
        (r#"{ "stop": { "gain": -1 } }"#, "stop.gain"),
        (r#"{ "choose": 1 }"#, "choose"),
        (r#"{ "choose": 5 }"#, "choose"),
        (r#"{ "choose": 2.5 }"#, "choose"),
        (r#"{ "halfLife": 0 }"#, "halfLife"),
        (r#"{ "halfLife": "long" }"#, "halfLife"),
        (r#"{ "sample": 5 }"#, "sample"),
        (r#"{ "sample": [5] }"#, "sample[0]"),
        (r#"{ "sample": [[], [], [5]] }"#, "sample[2][0]"),
        (
            r#"{ "sample": [[], [], [{ "scores": [1] }]] }"#,
            "sample[2][0].scores",
        ),
        (r#"{ "sample": [[{ "id": "a" }]] }"#, "sample[0][0].scores"),
        (r#"{ "storageKey": 5 }"#, "storageKey"),
    ] {
        let error = Leaning::open(&options(others)).err().expect("refused");
        assert_eq!(code(&error), "options", "{others}");
        assert_eq!(
            field(&error, "path").as_string().as_deref(),
            Some(path),
            "{others}"
        );
    }
}

#[wasm_bindgen_test]
fn an_interview_runs_to_its_end_and_ranks() {
    let leaning = open(r#"{ "storage": "memory", "seed": 7, "stop": { "questions": 10 } }"#);
    let mut asked = 0;
    loop {
        let question = leaning.next();
        if question.is_null() {
            break;
        }
        assert!(Object::is(
            &field(&field(&question, "prompt"), "id"),
            &field(&field(&leaning.next(), "prompt"), "id")
        ));
        // Somebody who always takes the briefer one.
        let brevity = |place: u32| {
            let candidate = Array::from(&field(&question, "candidates")).get(place);
            Array::from(&field(&candidate, "scores"))
                .get(0)
                .as_f64()
                .expect("a score")
        };
        let chose = if brevity(0) > brevity(1) { 0 } else { 1 };
        leaning
            .answer(&js(&format!(r#"{{ "chose": {chose} }}"#)))
            .expect("an answer");
        asked += 1;
    }
    assert_eq!(asked, 10);
    let status = leaning.status(false);
    assert_eq!(
        field(&status, "reason").as_string().as_deref(),
        Some("questions")
    );
    assert_eq!(field(&status, "remaining").as_f64(), Some(0.0));
    let profile = from_js(&leaning.profile()).expect("plain data");
    let brevity = &items(get(&profile, "dimensions"))[0];
    assert_eq!(text(get(brevity, "words")), "clearly brief");
    assert!(items(get(&profile, "diagnosis")).is_empty());

    let candidates = js(
        r#"[{ "id": "long", "scores": [-1, 0, 0, 0, 0, 0] }, { "id": "short", "scores": [1, 0, 0, 0, 0, 0] }]"#,
    );
    let ranked = from_js(
        &leaning
            .rank(&candidates, &JsValue::UNDEFINED)
            .expect("a ranking"),
    )
    .expect("plain data");
    let best = &items(&ranked)[0];
    assert_eq!(text(get(best, "id")), "short");
    assert_eq!(text(get(&items(get(best, "reasons"))[0], "end")), "brief");
    assert_eq!(*get(best, "probability"), Value::Null);

    let error = leaning
        .answer(&"tie".into())
        .err()
        .expect("nothing is being asked");
    assert_eq!(code(&error), "answer");
}

#[wasm_bindgen_test]
fn a_profile_says_that_only_one_side_was_taken() {
    let leaning = open(r#"{ "storage": "memory", "seed": 7, "stop": { "questions": 12 } }"#);
    while !leaning.next().is_null() {
        leaning.answer(&js(r#"{ "chose": 0 }"#)).expect("an answer");
    }
    let profile = from_js(&leaning.profile()).expect("plain data");
    let finding = &items(get(&profile, "diagnosis"))[0];
    assert_eq!(text(get(finding, "kind")), "one-sided");
    assert!(text(get(finding, "words")).starts_with("You took the one on the left"));
    assert!(
        matches!(get(finding, "chance"), Value::Number(chance) if *chance > 0.0 && *chance <= 0.01)
    );
}

/// Answers all the questions as somebody would who always takes the briefest; how many they were.
fn answer_briefly(leaning: &Leaning) -> usize {
    for asked in 0.. {
        let question = leaning.next();
        if question.is_null() {
            return asked;
        }
        let brevity = |candidate: &JsValue| {
            Array::from(&field(candidate, "scores"))
                .get(0)
                .as_f64()
                .expect("a score")
        };
        let shown = Array::from(&field(&question, "candidates"));
        let best = shown
            .iter()
            .map(|candidate| brevity(&candidate))
            .enumerate()
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .expect("a candidate")
            .0;
        leaning
            .answer(&js(&format!(r#"{{ "chose": {best} }}"#)))
            .expect("an answer");
    }
    unreachable!()
}

#[wasm_bindgen_test]
fn an_interview_ends_when_enough_is_known_and_says_so() {
    for (stop, reason) in [
        (r#"{ "regret": 0.3 }"#, "regret"),
        (r#"{ "gain": 0.45 }"#, "gain"),
        (r#"{ "questions": 3, "regret": 0.01 }"#, "questions"),
        (r#"{ "regret": 0 }"#, "questions"),
    ] {
        let leaning = open(&format!(r#"{{ "storage": "memory", "stop": {stop} }}"#));
        assert!(
            field(&leaning.status(false), "reason").is_null()
                && field(&leaning.status(false), "words").is_null()
        );
        let asked = answer_briefly(&leaning);
        let status = leaning.status(false);
        assert_eq!(
            field(&status, "reason").as_string().as_deref(),
            Some(reason),
            "{stop}"
        );
        assert!(
            field(&status, "words")
                .as_string()
                .is_some_and(|words| words.ends_with('.')),
            "{stop}"
        );
        match (reason, stop) {
            // The number of questions stays what it is unless given.
            ("questions", r#"{ "regret": 0 }"#) => assert_eq!(asked, 12),
            ("questions", _) => assert_eq!(asked, 3),
            _ => assert!((1..12).contains(&asked), "{stop}: {asked}"),
        }
    }
}

#[wasm_bindgen_test]
fn a_question_about_several_offers_no_tie() {
    for choose in [3, 4] {
        let leaning = open(&format!(r#"{{ "storage": "memory", "choose": {choose} }}"#));
        let question = from_js(&leaning.next()).expect("plain data");
        assert_eq!(items(get(&question, "candidates")).len(), choose);
        let offered: Vec<&str> = items(get(&question, "offered")).iter().map(text).collect();
        assert_eq!(offered, ["choice", "neither", "skip"]);
        assert_eq!(
            code(&leaning.answer(&"tie".into()).err().expect("refused")),
            "answer"
        );
        leaning
            .answer(&js(&format!(r#"{{ "chose": {} }}"#, choose - 1)))
            .expect("an answer");
        assert_eq!(
            field(&leaning.status(false), "answered").as_f64(),
            Some(1.0)
        );
    }
}

#[wasm_bindgen_test]
fn every_strategy_asks_to_the_end() {
    for strategy in [
        "random",
        "margin",
        "pref",
        "d-optimal",
        "a-optimal",
        "information-gain",
        "decision",
        "thompson",
    ] {
        let leaning = open(&format!(
            r#"{{ "storage": "memory", "strategy": "{strategy}", "stop": {{ "questions": 4 }} }}"#
        ));
        assert_eq!(
            field(&leaning.next(), "strategy").as_string().as_deref(),
            Some(strategy)
        );
        assert_eq!(answer_briefly(&leaning), 4, "{strategy}");
    }
}

#[wasm_bindgen_test]
fn the_expected_regret_is_about_the_sample() {
    // Nothing can be lost among equals, and half of all there is to win among two of unknown reward.
    for (sample, expected) in [
        // Nothing can be lost among equals; of two of unknown reward, all that there is to win over an average pick.
        (
            r#"[[{ "scores": [1, 0, 0, 0, 0, 0] }, { "scores": [0, 0, 0, 0, 0, 0] }]]"#,
            1.0,
        ),
    ] {
        let leaning = open(&format!(r#"{{ "storage": "memory", "sample": {sample} }}"#));
        let regret = field(&leaning.status(false), "expectedRegret")
            .as_f64()
            .expect("a number");
        // From a thousand draws.
        assert!((regret - expected).abs() < 0.1, "{regret}");
    }
}

#[wasm_bindgen_test]
fn what_was_said_half_lives_ago_counts_less() {
    let mean = |others: &str| {
        let leaning = open(&format!(
            r#"{{ "storage": "memory", {others} "choose": 2 }}"#
        ));
        let briefer = js(
            r#"[{ "id": "brief", "scores": [1, 0, 0, 0, 0, 0] }, { "id": "long", "scores": [-1, 0, 0, 0, 0, 0] }]"#,
        );
        for chose in [0, 1] {
            leaning
                .observe(&briefer, &js(&format!(r#"{{ "chose": {chose} }}"#)))
                .expect("an answer");
        }
        let belief = from_js(&leaning.belief()).expect("plain data");
        let Value::Number(brevity) = items(get(&belief, "mean"))[0] else {
            panic!("a number")
        };
        brevity
    };
    // The two cancel, unless the later one counts more.
    assert!(mean("").abs() < 1e-9);
    assert!(mean(r#""halfLife": 1,"#) < -0.1);
}

#[wasm_bindgen_test]
fn a_person_is_told_apart_by_segment() {
    let deck = r#"{ "format": "leaning-deck/1", "id": "segments", "dimensions": [{ "id": "x" }],
        "prior": { "components": [{ "weight": 3, "mean": [2], "covariance": [[0.25]] },
                                  { "weight": 1, "mean": [-2], "covariance": [[0.25]] }] },
        "prompts": [{ "id": "p", "candidates": [{ "id": "a", "scores": [1] }, { "id": "b", "scores": [-1] }] }] }"#;
    let options = js(r#"{ "storage": "memory" }"#);
    Reflect::set(&options, &"deck".into(), &deck.into()).expect("a plain object");
    let leaning = Leaning::open(&options).unwrap_or_else(|error| panic!("{}", message(&error)));
    let segments = || {
        let belief = from_js(&leaning.belief()).expect("plain data");
        let [Value::Number(first), Value::Number(second)] = items(get(&belief, "segments")) else {
            panic!("two numbers")
        };
        (*first, *second)
    };
    assert!((segments().0 - 0.75).abs() < 1e-12 && (segments().1 - 0.25).abs() < 1e-12);
    let question = leaning.next();
    let first = Array::from(&field(&question, "candidates")).get(0);
    let chose = if field(&first, "index").as_f64() == Some(1.0) {
        0
    } else {
        1
    };
    leaning
        .answer(&js(&format!(r#"{{ "chose": {chose} }}"#)))
        .expect("an answer");
    let (_, second) = segments();
    // What only the rarer segment would say turns three to one against it round.
    assert!(second > 0.75, "{second}");
}

#[wasm_bindgen_test]
fn answers_that_are_none_are_refused_and_change_nothing() {
    let leaning = open(r#"{ "storage": "memory" }"#);
    leaning.next();
    for answer in [
        r#"{ "chose": 2 }"#,
        r#"{ "chose": -1 }"#,
        r#"{ "chose": 0.5 }"#,
        "{}",
        r#""maybe""#,
        "null",
        "1",
    ] {
        let error = leaning.answer(&js(answer)).err().expect("refused");
        assert_eq!(code(&error), "answer", "{answer}");
    }
    assert_eq!(field(&leaning.status(false), "asked").as_f64(), Some(0.0));
}

#[wasm_bindgen_test]
fn an_interview_goes_on_where_it_was_left() {
    storage().clear().expect("allowed");
    let first = open("{}");
    first.next();
    first.answer(&"tie".into()).expect("an answer");
    first.next();
    first.answer(&js(r#"{ "chose": 1 }"#)).expect("an answer");
    let again = open("{}");
    assert_eq!(again.export(), first.export());
    assert_eq!(from_js(&again.belief()), from_js(&first.belief()));
    assert_eq!(field(&again.status(false), "asked").as_f64(), Some(2.0));
    again.forget().expect("forgotten");
    assert!(
        storage()
            .get_item("leaning:assistant-style-en")
            .expect("allowed")
            .is_none()
    );
}

#[wasm_bindgen_test]
fn two_tabs_lose_no_answer() {
    storage().clear().expect("allowed");
    let (one, other) = (
        open(r#"{ "storageKey": "tabs" }"#),
        open(r#"{ "storageKey": "tabs" }"#),
    );
    one.next();
    other.next();
    one.answer(&"tie".into()).expect("an answer");
    other.answer(&"neither".into()).expect("an answer");
    let third = open(r#"{ "storageKey": "tabs" }"#);
    assert_eq!(field(&third.status(false), "asked").as_f64(), Some(2.0));
    // What one tab forgets, the other does not bring back.
    one.forget().expect("forgotten");
    other.next();
    other.answer(&"tie".into()).expect("an answer");
    assert_eq!(field(&other.status(false), "asked").as_f64(), Some(1.0));
    // Nor when the one that forgot has begun anew before the other looks.
    one.next();
    one.forget().expect("forgotten");
    one.next();
    one.answer(&"tie".into()).expect("an answer");
    other.next();
    other.answer(&"neither".into()).expect("an answer");
    assert_eq!(field(&other.status(false), "asked").as_f64(), Some(2.0));
}

#[wasm_bindgen_test]
fn what_is_stored_is_the_whole_log_after_every_change() {
    storage().clear().expect("allowed");
    let elsewhere = open(r#"{ "storage": "memory" }"#);
    elsewhere.next();
    elsewhere.answer(&"tie".into()).expect("an answer");
    let (one, other) = (
        open(r#"{ "storageKey": "whole" }"#),
        open(r#"{ "storageKey": "whole" }"#),
    );
    let answer = |leaning: &Leaning| {
        leaning.next();
        leaning.answer(&js(r#"{ "chose": 0 }"#))
    };
    let stored = || {
        storage()
            .get_item("whole")
            .expect("allowed")
            .expect("stored")
    };
    let changes: [&dyn Fn() -> Result<(), JsValue>; 9] = [
        &|| answer(&one),
        &|| answer(&one),
        &|| one.undo().map(|_| ()),
        &|| one.state("brevity", 0.5),
        // This takes the first statement back and makes another: two records.
        &|| one.state("brevity", 0.25),
        &|| answer(&other),
        &|| one.import(&String::from(elsewhere.export())),
        &|| answer(&one),
        &|| other.undo().map(|_| ()),
    ];
    for (place, change) in changes.iter().enumerate() {
        change().unwrap_or_else(|error| panic!("{place}: {}", message(&error)));
        assert_eq!(stored(), String::from(one.export()), "{place}");
        assert_eq!(
            stored(),
            String::from(open(r#"{ "storageKey": "whole" }"#).export()),
            "{place}"
        );
    }
    assert_eq!(Array::from(&field(&js(&stored()), "answers")).length(), 10);
}

#[wasm_bindgen_test]
fn a_stored_log_survives_a_failed_open() {
    let deck_of_another_id =
        DECK.replacen("\"id\": \"assistant-style-en\"", "\"id\": \"another\"", 1);
    assert_ne!(deck_of_another_id, DECK);
    let leaning = open(r#"{ "storageKey": "kept" }"#);
    leaning.next();
    leaning.answer(&"tie".into()).expect("an answer");
    for (stored, deck, expected) in [
        (
            String::from(leaning.export()),
            deck_of_another_id.as_str(),
            "deck-mismatch",
        ),
        ("{ broken".to_owned(), DECK, "log"),
        ("{}".to_owned(), DECK, "log"),
    ] {
        storage().set_item("kept", &stored).expect("allowed");
        let options = js(r#"{ "storageKey": "kept" }"#);
        Reflect::set(&options, &"deck".into(), &deck.into()).expect("a plain object");
        let error = Leaning::open(&options).err().expect("refused");
        assert_eq!(code(&error), expected);
        assert_eq!(storage().get_item("kept").expect("allowed"), Some(stored));
    }
    // Nor is it written over by somebody who opened it before it went bad.
    leaning.next();
    assert_eq!(
        code(&leaning.answer(&"tie".into()).err().expect("refused")),
        "log"
    );
    assert_eq!(
        storage().get_item("kept").expect("allowed").as_deref(),
        Some("{}")
    );
}

#[wasm_bindgen_test]
fn an_exported_log_gives_the_same_bits_when_imported() {
    let leaning = open(r#"{ "storage": "memory" }"#);
    for chose in [0, 1, 1, 0, 1] {
        leaning.next();
        leaning
            .answer(&js(&format!(r#"{{ "chose": {chose} }}"#)))
            .expect("an answer");
    }
    let other = open(r#"{ "storage": "memory" }"#);
    other
        .import(&String::from(leaning.export()))
        .expect("imported");
    assert_eq!(from_js(&other.belief()), from_js(&leaning.belief()));
    other
        .import(&String::from(leaning.export()))
        .expect("imported");
    assert_eq!(
        other.export(),
        leaning.export(),
        "a second import adds nothing"
    );
}

#[wasm_bindgen_test]
fn undo_brings_back_belief_and_question() {
    let leaning = open(r#"{ "storage": "memory", "seed": 3 }"#);
    let (question, belief) = (from_js(&leaning.next()), from_js(&leaning.belief()));
    leaning.answer(&js(r#"{ "chose": 0 }"#)).expect("an answer");
    assert_ne!(from_js(&leaning.belief()), belief);
    assert_eq!(leaning.undo(), Ok(true));
    assert_eq!(from_js(&leaning.belief()), belief);
    let again = from_js(&leaning.next()).expect("plain data");
    assert_eq!(
        get(&again, "candidates"),
        get(&question.expect("plain data"), "candidates")
    );
    assert_eq!(leaning.undo(), Ok(false));
}

#[wasm_bindgen_test]
fn a_chat_asks_about_two_drafts_and_learns() {
    let leaning = open(r#"{ "storage": "memory" }"#);
    let drafts = js(r#"[
        { "id": "a", "scores": [1.5, 0, 0, 0, 0, 0], "text": "Yes." },
        { "id": "b", "scores": [-1.5, 0, 0, 0, 0, 0], "text": "Well, …" },
        { "id": "c", "scores": [-1.5, 0, 0, 0, 0, 0.1], "text": "Hm, …" }]"#);
    let question = leaning.compare(&drafts).expect("sound candidates");
    let shown = field(&question, "candidates");
    assert!(field(&question, "prompt").is_null());
    let status = leaning
        .observe(&shown, &js(r#"{ "chose": 0 }"#))
        .expect("an answer");
    assert_eq!(field(&status, "answered").as_f64(), Some(1.0));
    let alike = js(r#"[{ "scores": [0, 0, 0, 0, 0, 0] }, { "scores": [0, 0, 0, 0, 0, 0] }]"#);
    assert!(leaning.compare(&alike).expect("sound candidates").is_null());
    let typed = Array::of2(&Object::new(), &Object::new());
    for (place, scores) in [[0.5_f32; 6], [0.25; 6]].iter().enumerate() {
        let scores = js_sys::Float32Array::from(scores.as_slice());
        Reflect::set(&typed.get(place as u32), &"scores".into(), &scores).expect("a plain object");
    }
    assert!(leaning.rank(&typed, &JsValue::UNDEFINED).is_ok());
    let broken = js(r#"[{ "scores": [0, 0, 0, 0, 0, 0] }, { "scores": [0, 0, "x"] }]"#);
    let error = leaning
        .rank(&broken, &JsValue::UNDEFINED)
        .err()
        .expect("refused");
    assert_eq!(
        (
            code(&error).as_str(),
            field(&error, "path").as_string().as_deref()
        ),
        ("candidates", Some("[1].scores"))
    );
}
