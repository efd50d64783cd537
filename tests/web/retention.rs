//! Retention: whatever is older than so many days is gone from the storage, from the page and from
//! what is exported, and does not come back.

use super::storage::{empty_storage, storage, store, stored, stored_answers};
use super::tab::{DECK, Tab, chose, list_of};
use js_sys::{Function, Object, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

const DAY: f64 = 86_400_000.0;
/// 2026-11-29T23:00:00Z, as `date -u -d 2026-11-29T23:00 +%s` has it.
const EVENING: f64 = 1_795_993_200_000.0;

/// A clock that shows what a test wants until it is dropped.
struct Clock {
    now: JsValue,
}

impl Clock {
    fn at(time: f64) -> Self {
        let now = Reflect::get(&date(), &"now".into()).expect("Date has a clock");
        let clock = Clock { now };
        clock.set(time);
        clock
    }

    fn set(&self, time: f64) {
        let now = Function::new_no_args(&format!("return {time}"));
        Reflect::set(&date(), &"now".into(), &now).expect("it can be replaced");
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        Reflect::set(&date(), &"now".into(), &self.now).expect("it can be replaced");
    }
}

fn date() -> Object {
    let global = js_sys::global();
    let date = Reflect::get(&global, &"Date".into()).expect("there is Date");
    date.into()
}

fn open(key: &str, days: u32) -> Tab {
    Tab::open(json!({ "storageKey": key, "retention": days }))
}

fn log(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

fn days_of(answers: &[Value]) -> Vec<&str> {
    answers
        .iter()
        .map(|entry| entry["at"].as_str().expect("it has a day"))
        .collect()
}

#[wasm_bindgen_test]
fn each_entry_carries_the_day_alone() {
    empty_storage();
    let clock = Clock::at(EVENING);
    let tab = open("days", 30);
    tab.answer_next(chose(0));
    tab.set_weight("warmth", 0.2).expect("it is a dimension");
    clock.set(EVENING + 0.05 * DAY);
    assert!(tab.undo());
    let answers = stored_answers("days");
    assert_eq!(
        days_of(&answers),
        ["2026-11-29", "2026-11-29", "2026-11-30"]
    );
    assert_eq!(log(&tab.export_log()), log(&stored("days").expect("a log")));
}

/// How often a day is read while something happens.
fn days_read(act: impl FnOnce()) -> f64 {
    let own = Reflect::get(&date(), &"parse".into()).expect("Date can parse");
    let count = Function::new_with_args(
        "own",
        "let n = 0; return (text) => (n++, text === undefined ? n - 1 : own(text))",
    );
    let counting = count.call1(&JsValue::NULL, &own).expect("it is a function");
    Reflect::set(&date(), &"parse".into(), &counting).expect("it can be replaced");
    act();
    let counted = Function::from(counting).call0(&JsValue::NULL);
    Reflect::set(&date(), &"parse".into(), &own).expect("it can be replaced");
    counted.ok().and_then(|n| n.as_f64()).expect("a number")
}

#[wasm_bindgen_test]
fn the_days_of_a_log_are_read_when_it_comes_and_not_with_each_change() {
    for storage in ["local", "memory"] {
        empty_storage();
        let clock = Clock::at(EVENING);
        let options = json!({ "storageKey": "often", "storage": storage, "retention": 30 });
        let tab = Tab::open(options);
        for _ in 0..6 {
            tab.answer_next(chose(0));
        }
        let change = || {
            tab.answer_next(chose(1));
            tab.set_weight("warmth", 0.2).expect("it is a dimension");
            assert!(tab.undo());
        };
        assert_eq!(days_read(change), 0.0, "{storage}");
        clock.set(EVENING + DAY);
        assert!(days_read(change) > 0.0, "once on another day");
        assert_eq!(days_read(change), 0.0, "{storage}");
        // The loaded log is read, and nothing else.
        let one = Tab::open(json!({ "storage": "memory" }));
        one.answer_next(chose(0));
        let log = one.export_log();
        let load = || tab.import_log(&log).expect("it is of this deck");
        assert!((1.0..5.0).contains(&days_read(load)), "{storage}");
        assert_eq!(tab.status()["entries"], 6 + 9 + 1);
    }
}

#[wasm_bindgen_test]
fn the_days_are_those_of_the_calendar() {
    // As `date -u -d DAY +%s` has them.
    for (seconds, day) in [
        (0.0, "1970-01-01"),
        (951_782_400.0, "2000-02-29"),
        (951_868_800.0, "2000-03-01"),
        (1_709_164_800.0, "2024-02-29"),
        (1_735_603_200.0, "2024-12-31"),
        (1_735_689_600.0, "2025-01-01"),
        (4_107_456_000.0, "2100-02-28"),
        (4_107_542_400.0, "2100-03-01"),
        (16_725_225_600.0, "2500-01-01"),
    ] {
        let _clock = Clock::at(1000.0 * seconds);
        let tab = Tab::open(json!({ "storage": "memory", "retention": 1 }));
        tab.answer_next(chose(0));
        assert_eq!(days_of(list_of(&log(&tab.export_log())["answers"])), [day]);
    }
}

#[wasm_bindgen_test]
fn without_the_option_no_entry_carries_a_day_and_none_is_removed() {
    empty_storage();
    let clock = Clock::at(EVENING);
    let tab = Tab::open(json!({ "storageKey": "none" }));
    tab.answer_next(chose(0));
    let mut old = log(&tab.export_log());
    old["answers"][0]["id"] = json!("old");
    old["answers"][0]["at"] = json!("1999-01-01");
    tab.import_log(&old.to_string())
        .expect("it is of this deck");
    clock.set(EVENING + 1000.0 * DAY);
    tab.answer_next(chose(0));
    let answers = stored_answers("none");
    assert_eq!(answers.len(), 3);
    for place in [0, 2] {
        assert_eq!(answers[place].get("at"), None);
    }
    assert_eq!(answers[1]["at"], "1999-01-01");
    assert_eq!(storage().length(), Ok(1));
}

#[wasm_bindgen_test]
fn an_entry_is_there_for_that_many_days_and_gone_on_the_next() {
    empty_storage();
    let clock = Clock::at(EVENING);
    open("gone", 30).answer_next(chose(0));
    clock.set(EVENING + DAY);
    open("gone", 30).answer_next(chose(1));
    let before = stored("gone");
    clock.set(EVENING + 30.0 * DAY);
    assert_eq!(open("gone", 30).status()["answered"], 2);
    assert_eq!(stored("gone"), before);
    // Half an hour after midnight.
    clock.set(EVENING + 30.0 * DAY + DAY / 16.0);
    let tab = open("gone", 30);
    assert_eq!(tab.status()["answered"], 1);
    assert_eq!(days_of(&stored_answers("gone")), ["2026-11-30"]);
    assert_eq!(
        days_of(list_of(&log(&tab.export_log())["answers"])),
        ["2026-11-30"]
    );
    // The belief is that of the answer that is left.
    let left = Tab::open(json!({ "storage": "memory" }));
    left.import_log(&tab.export_log())
        .expect("it is of this deck");
    assert_eq!(tab.laplace_approximation(), left.laplace_approximation());
    clock.set(EVENING + 40.0 * DAY);
    assert_eq!(open("gone", 30).status()["entries"], 0);
    assert_eq!(storage().length(), Ok(0));
}

#[wasm_bindgen_test]
fn a_page_that_stays_open_past_midnight_forgets_too() {
    for storage in ["local", "memory"] {
        empty_storage();
        let clock = Clock::at(EVENING);
        let options = json!({ "storageKey": "open", "storage": storage, "retention": 1 });
        let tab = Tab::open(options);
        tab.answer_next(chose(0));
        clock.set(EVENING + DAY);
        assert!(!tab.refresh(), "it is as old as it may be");
        tab.answer_next(chose(1));
        clock.set(EVENING + 2.0 * DAY);
        // A page calls it when it is looked at again.
        assert!(tab.refresh());
        assert_eq!(
            days_of(list_of(&log(&tab.export_log())["answers"])),
            ["2026-11-30"]
        );
        assert_eq!(tab.status()["answered"], 1);
        if storage == "local" {
            assert_eq!(days_of(&stored_answers("open")), ["2026-11-30"]);
        }
        clock.set(EVENING + 3.0 * DAY);
        tab.answer_next(chose(1));
        assert_eq!(tab.status()["entries"], 1);
    }
}

#[wasm_bindgen_test]
fn a_deleted_answer_does_not_hold_again_when_its_retraction_is_old() {
    empty_storage();
    let clock = Clock::at(EVENING);
    let tab = open("retracted", 5);
    tab.answer_next(chose(0));
    // The clock was wrong when it was taken back.
    clock.set(EVENING - 4.0 * DAY);
    assert!(tab.undo());
    clock.set(EVENING + 3.0 * DAY);
    assert_eq!(open("retracted", 5).status()["answered"], 0);
    assert_eq!(stored_answers("retracted").len(), 2);
    clock.set(EVENING + 6.0 * DAY);
    assert_eq!(open("retracted", 5).status()["entries"], 0);
    assert_eq!(stored("retracted"), None);
}

#[wasm_bindgen_test]
fn entries_without_a_day_get_that_of_the_first_time() {
    empty_storage();
    let clock = Clock::at(EVENING);
    Tab::open(json!({ "storageKey": "older" })).answer_next(chose(0));
    for (at, day) in [
        (Value::Null, "2026-12-09"),
        (json!("soon"), "2026-12-09"),
        (json!("2026-12-01"), "2026-12-01"),
    ] {
        clock.set(EVENING);
        let mut older = log(&stored("older").expect("a log"));
        older["answers"][0]["at"] = at;
        store("older", &older.to_string());
        clock.set(EVENING + 10.0 * DAY);
        open("older", 20);
        assert_eq!(days_of(&stored_answers("older")), [day]);
        clock.set(EVENING + 12.0 * DAY);
        open("older", 20);
        assert_eq!(days_of(&stored_answers("older")), [day], "once");
    }
    // Times of other programs count, and stay as they are.
    for (at, left) in [
        (json!("2026-11-29T23:00:00.000Z"), 1),
        (json!(EVENING), 1),
        (json!("2026-11-20T00:00:00Z"), 0),
        (json!(EVENING - 9.0 * DAY), 0),
    ] {
        clock.set(EVENING + DAY);
        empty_storage();
        Tab::open(json!({ "storageKey": "older" })).answer_next(chose(0));
        let mut older = log(&stored("older").expect("a log"));
        older["answers"][0]["at"] = at.clone();
        store("older", &older.to_string());
        let tab = open("older", 5);
        assert_eq!(tab.status()["entries"], left, "{at}");
        if left == 1 {
            assert_eq!(stored_answers("older")[0]["at"], at);
        }
    }
}

#[wasm_bindgen_test]
fn an_entry_from_the_future_counts_from_its_own_day() {
    empty_storage();
    let clock = Clock::at(EVENING + 100.0 * DAY);
    open("future", 10).answer_next(chose(0));
    clock.set(EVENING);
    assert_eq!(open("future", 10).status()["answered"], 1);
    clock.set(EVENING + 110.0 * DAY);
    assert_eq!(open("future", 10).status()["answered"], 1);
    clock.set(EVENING + 111.0 * DAY);
    assert_eq!(open("future", 10).status()["answered"], 0);
}

#[wasm_bindgen_test]
fn nothing_old_comes_back_from_an_export_or_another_tab() {
    empty_storage();
    let clock = Clock::at(EVENING);
    let tab = open("back", 10);
    tab.answer_next(chose(0));
    let old = tab.export_log();
    clock.set(EVENING + 10.0 * DAY);
    tab.answer_next(chose(0));
    clock.set(EVENING + 11.0 * DAY);
    let check = |what: &str| {
        assert_eq!(tab.status()["entries"], 1, "{what}");
        assert_eq!(days_of(&stored_answers("back")), ["2026-12-09"], "{what}");
        assert_eq!(
            log(&tab.export_log())["answers"].as_array().map(Vec::len),
            Some(1)
        );
    };
    tab.import_log(&old).expect("it is of this deck");
    check("an old export");
    let now = stored("back").expect("a log");
    store("back", &old);
    tab.refresh();
    check("the text of a tab that had not noticed");
    let mut both = log(&now);
    both["answers"]
        .as_array_mut()
        .expect("a list")
        .push(log(&old)["answers"][0].clone());
    store("back", &both.to_string());
    assert!(!tab.refresh(), "nothing has changed here");
    check("with the newer entry");
}

#[wasm_bindgen_test]
fn two_tabs_with_different_retentions_come_to_rest_with_the_shorter_one() {
    for other_days in [Some(90), None] {
        empty_storage();
        let clock = Clock::at(EVENING);
        let one = open("two", 10);
        let other = Tab::open(json!({ "storageKey": "two", "retention": other_days }));
        for _ in 0..2 {
            one.answer_next(chose(0));
            other.refresh();
        }
        clock.set(EVENING + 9.0 * DAY);
        other.answer_next(chose(0));
        one.refresh();
        clock.set(EVENING + 11.0 * DAY);
        // Each event of the storage lets the other look; a third look changes nothing any more.
        one.refresh();
        let rest = stored("two");
        for _ in 0..3 {
            other.refresh();
            one.refresh();
            assert_eq!(stored("two"), rest);
        }
        assert_eq!(stored_answers("two").len(), 1);
        for tab in [&one, &other] {
            assert_eq!(tab.status()["answered"], 1);
        }
        // New answers stay in both.
        other.answer_next(chose(1));
        one.answer_next(chose(1));
        for tab in [&one, &other] {
            assert_eq!(tab.status()["answered"], 3);
        }
    }
}

#[wasm_bindgen_test]
fn entries_and_fields_of_other_versions_grow_old_as_well() {
    empty_storage();
    let clock = Clock::at(EVENING);
    let tab = open("others", 10);
    tab.answer_next(chose(0));
    let mut others = log(&tab.export_log());
    others["answers"][0]["mood"] = json!("good");
    let answers = others["answers"].as_array_mut().expect("a list");
    answers.push(json!({ "id": "u1", "kind": "glance", "at": "2026-11-25" }));
    answers.push(json!({ "id": "u2", "kind": "glance" }));
    store("others", &others.to_string());
    tab.refresh();
    let kept = || stored("others").unwrap_or_default();
    assert_eq!(
        days_of(&stored_answers("others")),
        ["2026-11-29", "2026-11-25", "2026-11-29"]
    );
    clock.set(EVENING + 7.0 * DAY);
    tab.refresh();
    assert!(!kept().contains("u1") && kept().contains("u2") && kept().contains("good"));
    clock.set(EVENING + 11.0 * DAY);
    tab.refresh();
    assert_eq!(stored("others"), None);
    tab.answer_next(chose(0));
    assert!(!kept().contains("u2") && !kept().contains("good"));
}

#[wasm_bindgen_test]
fn texts_that_are_set_aside_go_days_after_the_first_of_them() {
    empty_storage();
    let clock = Clock::at(EVENING);
    let tab = open("aside", 10);
    tab.answer_next(chose(0));
    store("aside", "{ broken");
    tab.refresh();
    assert_eq!(stored("aside:damaged").as_deref(), Some("{ broken"));
    assert_eq!(stored("aside:damaged-0").as_deref(), Some("2026-11-29"));
    clock.set(EVENING + 9.0 * DAY);
    store("aside", "oops");
    let tab = open("aside", 10);
    assert_eq!(stored("aside:damaged-2").as_deref(), Some("oops"));
    clock.set(EVENING + 10.0 * DAY);
    tab.refresh();
    assert!(stored("aside:damaged").is_some());
    clock.set(EVENING + 11.0 * DAY);
    tab.refresh();
    assert_eq!(storage().length(), Ok(0), "nor is there any answer left");
    // One that was set aside before the option is dated when it is first seen.
    store("aside:damaged", "older");
    open("aside", 10);
    assert_eq!(stored("aside:damaged-0").as_deref(), Some("2026-12-10"));
    open("aside", 10).forget();
    assert_eq!(storage().length(), Ok(0));
}

#[wasm_bindgen_test]
fn a_log_of_another_deck_is_left_as_it_is_when_days_pass() {
    empty_storage();
    let clock = Clock::at(EVENING);
    let tab = open("deck", 1);
    tab.answer_next(chose(0));
    let mut other = log(&tab.export_log());
    other["deck"]["id"] = json!("another");
    store("deck", &other.to_string());
    clock.set(EVENING + 5.0 * DAY);
    assert_eq!(tab.status()["entries"], 0);
    assert_eq!(stored("deck"), Some(other.to_string()));
}

#[wasm_bindgen_test]
fn what_cannot_be_written_when_it_grows_old_is_written_later() {
    empty_storage();
    let clock = Clock::at(EVENING);
    let tab = open("later", 1);
    tab.answer_next(chose(0));
    clock.set(EVENING + DAY);
    tab.answer_next(chose(0));
    let set_item = Function::new_no_args("throw new Error('full')");
    let prototype = Object::get_prototype_of(&storage());
    let own = Reflect::get(&prototype, &"setItem".into()).expect("it has the method");
    Reflect::set(&prototype, &"setItem".into(), &set_item).expect("it can be replaced");
    clock.set(EVENING + 2.0 * DAY);
    tab.refresh();
    let status = tab.status();
    Reflect::set(&prototype, &"setItem".into(), &own).expect("it can be replaced");
    assert_eq!(
        (&status["entries"], &status["stored"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(stored_answers("later").len(), 2);
    assert_eq!(tab.status()["entries"], 1);
    assert_eq!(stored_answers("later").len(), 1, "the next look writes it");
    assert_eq!(tab.status()["stored"], true);
}

#[wasm_bindgen_test]
fn other_numbers_of_days_are_errors_about_retention() {
    for days in [
        json!(0),
        json!(-1),
        json!(0.5),
        json!(36501),
        json!("90"),
        json!([1]),
        json!(true),
    ] {
        empty_storage();
        store("kept", "x");
        let options = json!({ "storageKey": "kept", "startOver": true, "retention": days });
        let error = Tab::open_deck(&DECK, options).err().expect("it is refused");
        assert_eq!(
            (error.code.as_str(), error.path.as_deref()),
            ("options", Some("retention")),
            "{days}"
        );
        assert_eq!(stored("kept").as_deref(), Some("x"));
    }
    for days in [json!(1), json!(36500), Value::Null] {
        assert!(Tab::open_deck(&DECK, json!({ "retention": days })).is_ok());
    }
}
