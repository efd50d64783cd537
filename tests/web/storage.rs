//! The log in localStorage: nothing that was said is lost, and nothing that was forgotten comes back.

use super::tab::{DECK, SMALL_DECK, Tab, chose, list_of};
use js_sys::{Object, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Storage;

pub fn storage() -> Storage {
    let window = web_sys::window().expect("the tests run in a window");
    let storage = window.local_storage().expect("localStorage is allowed");
    storage.expect("there is localStorage")
}

pub fn empty_storage() {
    storage().clear().expect("localStorage is allowed");
}

pub fn stored(key: &str) -> Option<String> {
    storage().get_item(key).expect("localStorage is allowed")
}

pub fn store(key: &str, text: &str) {
    storage().set_item(key, text).expect("there is room");
}

/// The answers of a stored log.
pub fn stored_answers(key: &str) -> Vec<Value> {
    let text = stored(key).expect("a log is stored");
    let log: Value = serde_json::from_str(&text).expect("the stored log is JSON");
    list_of(&log["answers"]).to_vec()
}

fn open_at(key: &str) -> Tab {
    Tab::open(json!({ "storageKey": key }))
}

#[wasm_bindgen_test]
fn an_answer_is_stored_when_answer_returns() {
    empty_storage();
    let tab = open_at("at-once");
    for place in [0, 1] {
        tab.question().expect("the interview is not over");
        tab.answer(chose(place)).expect("a choice is on offer");
        // Nothing is called in between.
        let answers = stored_answers("at-once");
        assert_eq!(answers.len(), place + 1);
        assert_eq!(answers[place]["chose"], answers[place]["shown"][place]);
    }
    assert_eq!(stored("at-once"), Some(tab.export_log()));
    assert_eq!(tab.status()["stored"], true);
}

#[wasm_bindgen_test]
fn an_answer_is_stored_before_anything_is_inferred_from_it() {
    empty_storage();
    // Beside the square of such a difference the precision of the prior is lost to rounding.
    let deck = json!({
        "format": "leaning-deck/1",
        "id": "extreme",
        "dimensions": [{ "id": "x" }, { "id": "y" }],
        "prior": { "mean": [0, 0], "covariance": [[1, 0], [0, 1]] },
        "prompts": [{
            "id": "p",
            "candidates": [{ "id": "a", "scores": [1e50, 1e50] }, { "id": "b", "scores": [0, 0] }]
        }]
    });
    let tab = Tab::open_deck(&deck.to_string(), json!({})).expect("the deck is valid");
    tab.question().expect("the interview is not over");
    tab.answer(chose(0)).expect("a choice is on offer");
    assert_eq!(stored_answers("leaning:extreme").len(), 1);
    let error = tab.try_status().expect_err("nothing can be inferred");
    assert_eq!(error.code, "not-converged");
    assert!(tab.undo());
    assert_eq!(tab.status()["answered"], 0);
}

#[wasm_bindgen_test]
fn an_interview_continues_where_it_was_left() {
    empty_storage();
    let first = Tab::open(json!({}));
    first.answer_next(json!("tie"));
    first.answer_next(chose(1));
    let again = Tab::open(json!({}));
    assert_eq!(again.export_log(), first.export_log());
    assert_eq!(again.laplace_approximation(), first.laplace_approximation());
    assert_eq!(again.status()["asked"], 2);
    assert!(stored("leaning:assistant-style-en").is_some());
    again.forget();
    assert_eq!(stored("leaning:assistant-style-en"), None);
    assert_eq!(Tab::open(json!({})).status()["entries"], 0);
}

#[wasm_bindgen_test]
fn a_session_in_memory_stores_nothing() {
    empty_storage();
    let tab = Tab::open(json!({ "storage": "memory" }));
    tab.answer_next(chose(0));
    assert_eq!(tab.status()["stored"], false);
    assert_eq!(storage().length(), Ok(0));
}

#[wasm_bindgen_test]
fn starting_over_removes_the_stored_log_even_one_that_cannot_be_read() {
    for log in [None, Some("{ broken")] {
        empty_storage();
        open_at("over").answer_next(chose(0));
        if let Some(log) = log {
            store("over", log);
        }
        let tab = Tab::open(json!({ "storageKey": "over", "startOver": true }));
        assert_eq!(stored("over"), None);
        assert_eq!(tab.status()["entries"], 0);
        tab.answer_next(chose(0));
        assert_eq!(stored_answers("over").len(), 1);
    }
}

#[wasm_bindgen_test]
fn options_out_of_range_leave_the_stored_log_as_it_is() {
    empty_storage();
    open_at("options").answer_next(chose(0));
    let before = stored("options");
    for options in [json!({ "halfLife": 0 }), json!({ "seed": -1 })] {
        let mut options = options;
        options["storageKey"] = json!("options");
        options["startOver"] = json!(true);
        assert!(Tab::open_deck(&DECK, options).is_err());
        assert_eq!(stored("options"), before);
    }
}

#[wasm_bindgen_test]
fn two_tabs_lose_no_answer() {
    empty_storage();
    let (one, other) = (open_at("tabs"), open_at("tabs"));
    one.question().expect("the interview is not over");
    other.question().expect("the interview is not over");
    one.answer(json!("tie")).expect("it is on offer");
    other.answer(json!("neither")).expect("it is on offer");
    assert_eq!(open_at("tabs").status()["asked"], 2);
    assert_eq!(one.status()["asked"], 2);
    assert_eq!(one.export_log(), other.export_log());
}

#[wasm_bindgen_test]
fn another_tab_does_not_bring_back_what_was_forgotten() {
    empty_storage();
    let (one, other) = (open_at("forgotten"), open_at("forgotten"));
    one.answer_next(json!("tie"));
    other.answer_next(json!("neither"));
    one.forget();
    other.answer_next(json!("tie"));
    assert_eq!(other.status()["asked"], 1);
    assert_eq!(stored_answers("forgotten").len(), 1);
    // Nor does it if the first has started over before the other looks.
    one.forget();
    assert!(other.removed_elsewhere());
    one.answer_next(json!("tie"));
    other.answer_next(json!("neither"));
    assert_eq!(other.status()["asked"], 2);
    assert_eq!(stored_answers("forgotten").len(), 2);
}

#[wasm_bindgen_test]
fn an_answer_to_a_question_from_before_another_tab_forgot_still_counts() {
    empty_storage();
    let (one, other) = (open_at("open"), open_at("open"));
    one.answer_next(json!("tie"));
    other.question().expect("the interview is not over");
    one.forget();
    other
        .answer(chose(1))
        .expect("the question was on the screen");
    assert_eq!(stored_answers("open").len(), 1);
    assert_eq!(other.status()["asked"], 1);
}

#[wasm_bindgen_test]
fn a_log_that_the_person_deletes_in_the_browser_is_gone() {
    empty_storage();
    let tab = open_at("deleted");
    tab.answer_next(chose(0));
    tab.answer_next(chose(0));
    empty_storage();
    assert_eq!(tab.status()["entries"], 0);
    assert!(!tab.undo());
    tab.answer_next(chose(1));
    assert_eq!(stored_answers("deleted").len(), 1);
}

#[wasm_bindgen_test]
fn the_whole_log_is_stored_after_every_change() {
    empty_storage();
    let elsewhere = Tab::open(json!({ "storage": "memory" }));
    elsewhere.answer_next(json!("tie"));
    let drafts = json!([
        { "id": "a", "scores": [1, 0, 0, 0, 0, 0] },
        { "id": "b", "scores": [0, 1, 0, 0, 0, 0] }
    ]);
    let (one, other) = (open_at("whole"), open_at("whole"));
    let check = |entries: usize| {
        assert_eq!(stored_answers("whole").len(), entries);
        for tab in [&one, &other, &open_at("whole")] {
            assert_eq!(stored("whole"), Some(tab.export_log()), "{entries} entries");
        }
    };
    one.answer_next(chose(0));
    check(1);
    one.answer_next(chose(0));
    check(2);
    assert!(one.undo());
    check(3);
    one.set_weight("brevity", 0.5).expect("it is a dimension");
    check(4);
    // The retraction of the first statement, and the second statement.
    one.set_weight("brevity", 0.25).expect("it is a dimension");
    check(6);
    other.answer_next(chose(0));
    check(7);
    one.import_log(&elsewhere.export_log())
        .expect("the log is of this deck");
    check(8);
    one.answer_next(chose(0));
    check(9);
    assert!(other.undo());
    check(10);
    one.observe(drafts, chose(1)).expect("the drafts are valid");
    check(11);
    let newest = other.entries(Some(1))[0]["id"].clone();
    assert!(other.retract(newest.as_str().expect("an entry has an id")));
    check(12);
}

#[wasm_bindgen_test]
fn the_log_of_another_deck_is_left_as_it_is() {
    empty_storage();
    let tab = open_at("kept");
    tab.answer_next(json!("tie"));
    let mut log: Value = serde_json::from_str(&tab.export_log()).expect("it is JSON");
    log["deck"]["id"] = json!("another");
    let log = log.to_string();
    store("kept", &log);
    let error = Tab::open_deck(&DECK, json!({ "storageKey": "kept" }));
    assert_eq!(error.err().expect("it is refused").code, "deck-mismatch");
    // A tab that was opened before still reads, and does not write over it.
    assert_eq!(tab.status()["answered"], 1);
    tab.question().expect("the interview is not over");
    let error = tab
        .answer(json!("tie"))
        .expect_err("the stored log is another's");
    assert_eq!(error.code, "deck-mismatch");
    assert_eq!(stored("kept"), Some(log));
    assert_eq!(tab.status()["answered"], 1);
}

#[wasm_bindgen_test]
fn a_text_that_is_no_log_is_set_aside_and_the_answers_of_the_page_are_written_again() {
    for text in ["oops", "{ broken", "{}", "null", "[1]", "{\"answers\":5}"] {
        empty_storage();
        let tab = open_at("set");
        tab.answer_next(json!("tie"));
        store("set", text);
        tab.answer_next(chose(0));
        assert_eq!(stored_answers("set").len(), 2, "{text}");
        assert_eq!(stored("set:damaged").as_deref(), Some(text));
        let status = tab.status();
        assert_eq!(
            (&status["stored"], &status["broken"]),
            (&json!(true), &json!(1))
        );
        // Before anything is asked, too.
        store("set", text);
        let opened = open_at("set");
        assert_eq!(opened.status()["answered"], 0, "{text}");
        assert_eq!(stored("set:damaged").as_deref(), Some(text));
        assert_eq!(stored("set"), None);
        opened.forget();
        assert_eq!(storage().length(), Ok(0), "{text}");
    }
}

#[wasm_bindgen_test]
fn entries_that_can_be_read_outlive_those_that_cannot() {
    empty_storage();
    let tab = open_at("part");
    for _ in 0..3 {
        tab.answer_next(chose(0));
    }
    let whole = stored("part").expect("it is stored");
    let mut broken: Value = serde_json::from_str(&whole).expect("it is JSON");
    broken["answers"][1]["scores"] = json!("none");
    let cut = &whole[..whole.len() - 30];
    for (text, left) in [(broken.to_string().as_str(), 2), (cut, 2)] {
        empty_storage();
        store("part", text);
        let opened = open_at("part");
        let status = opened.status();
        assert_eq!(status["answered"], left, "{text}");
        assert!(status["broken"].as_u64() >= Some(1));
        assert_eq!(stored("part:damaged").as_deref(), Some(text));
        opened.answer_next(chose(0));
        assert_eq!(open_at("part").status()["answered"], left + 1);
        assert_eq!(stored("part:damaged").as_deref(), Some(text));
    }
}

#[wasm_bindgen_test]
fn fields_and_kinds_of_other_versions_are_written_back() {
    empty_storage();
    let tab = open_at("newer");
    tab.answer_next(chose(0));
    let mut log: Value = serde_json::from_str(&tab.export_log()).expect("it is JSON");
    log["extra"] = json!({ "since": 2 });
    log["answers"][0]["mood"] = json!("good");
    let mut unknown = log["answers"][0].clone();
    (unknown["id"], unknown["kind"]) = (json!("u1"), json!("glance"));
    log["answers"]
        .as_array_mut()
        .expect("a list")
        .push(unknown.clone());
    let check = |text: &str| {
        let log: Value = serde_json::from_str(text).expect("it is JSON");
        assert_eq!(log["extra"]["since"], 2);
        assert_eq!(log["answers"][0]["mood"], "good");
        assert!(list_of(&log["answers"]).contains(&unknown));
    };
    store("newer", &log.to_string());
    tab.answer_next(chose(1));
    check(&stored("newer").expect("it is stored"));
    let opened = open_at("newer");
    assert_eq!(
        opened.status()["answered"],
        2,
        "an unknown kind says nothing"
    );
    assert!(opened.undo());
    check(&stored("newer").expect("it is stored"));
    // From a file, too.
    let elsewhere = Tab::open(json!({ "storage": "memory" }));
    elsewhere
        .import_log(&opened.export_log())
        .expect("the log is of this deck");
    check(&elsewhere.export_log());
}

#[wasm_bindgen_test]
fn a_log_of_a_newer_format_is_only_read_past() {
    empty_storage();
    let tab = open_at("format");
    tab.answer_next(chose(0));
    let newer = tab
        .export_log()
        .replace("leaning-answers/1", "leaning-answers/2");
    store("format", &newer);
    for tab in [tab, open_at("format")] {
        tab.answer_next(chose(0));
        let status = tab.status();
        assert_eq!(
            (&status["stored"], &status["newer"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(stored("format").as_ref(), Some(&newer));
    }
    // Unless the person deletes it.
    let opened = open_at("format");
    opened.forget();
    assert_eq!(stored("format"), None);
    opened.answer_next(chose(0));
    assert_eq!(opened.status()["stored"], true);
}

/// A text that a tab writes which has not seen yet what others did.
fn written_late(tab: &Tab) -> String {
    tab.export_log()
}

#[wasm_bindgen_test]
fn an_answer_that_another_tab_has_overwritten_is_written_again() {
    empty_storage();
    let (one, other) = (open_at("late"), open_at("late"));
    one.answer_next(chose(0));
    other.answer_next(chose(1));
    let late = written_late(&other);
    one.answer_next(chose(0));
    // The other tab had not seen the third answer.
    store("late", &late);
    assert!(!one.refresh(), "it has all answers");
    assert_eq!(stored_answers("late").len(), 3);
    assert_eq!(other.status()["answered"], 3);
}

#[wasm_bindgen_test]
fn first_answers_in_two_tabs_at_once_both_stay() {
    empty_storage();
    let one = open_at("first");
    one.answer_next(chose(0));
    let late = written_late(&one);
    empty_storage();
    let other = open_at("first");
    other.answer_next(chose(1));
    // The first had not seen that the other began.
    store("first", &late);
    assert!(other.refresh() && one.refresh());
    assert_eq!(stored_answers("first").len(), 2);
    for tab in [&one, &other, &open_at("first")] {
        assert_eq!(tab.status()["answered"], 2);
    }
}

#[wasm_bindgen_test]
fn deleted_answers_do_not_come_back_with_the_text_of_a_tab_that_had_not_noticed() {
    empty_storage();
    let (one, other) = (open_at("gone"), open_at("gone"));
    one.answer_next(chose(0));
    other.answer_next(chose(1));
    let late = written_late(&other);
    one.forget();
    store("gone", &late);
    assert!(other.removed_elsewhere());
    assert!(!one.refresh());
    assert_eq!(stored("gone"), None);
    for tab in [&one, &other] {
        assert_eq!(tab.status()["entries"], 0);
    }
    // Whatever is said then is new.
    other.answer_next(chose(0));
    assert!(one.refresh());
    assert_eq!(one.status()["answered"], 1);
    assert_eq!(stored_answers("gone").len(), 1);
}

#[wasm_bindgen_test]
fn what_was_deleted_by_mistake_can_be_brought_back_at_once_beside_another_tab() {
    // The other tab may hear of the deletion before the answers are back, after it, or look by itself.
    for (key, hears_before, hears_after) in [
        ("before", true, false),
        ("after", false, true),
        ("looks", false, false),
    ] {
        empty_storage();
        let (one, other) = (open_at(key), open_at(key));
        one.answer_next(chose(0));
        other.answer_next(chose(1));
        let log = one.export_log();
        one.forget();
        if hears_before {
            assert!(other.removed_elsewhere());
        }
        one.import_log(&log).expect("the log is of this deck");
        if hears_after {
            other.removed_elsewhere();
        }
        other.refresh();
        one.refresh();
        assert_eq!(stored_answers(key).len(), 2, "{key}");
        for tab in [&one, &other, &open_at(key)] {
            assert_eq!(tab.status()["answered"], 2, "{key}");
        }
        // And they can be deleted again.
        one.forget();
        other.removed_elsewhere();
        assert_eq!(stored(key), None, "{key}");
        assert_eq!(other.status()["answered"], 0, "{key}");
    }
}

#[wasm_bindgen_test]
fn an_exported_log_gives_the_same_approximation_when_imported() {
    empty_storage();
    let tab = Tab::open(json!({ "storage": "memory" }));
    for place in [0, 1, 1, 0, 1] {
        tab.answer_next(chose(place));
    }
    tab.set_weight("warmth", -0.3).expect("it is a dimension");
    tab.undo();
    let log = tab.export_log();
    let other = open_at("import");
    for times in 1..=2 {
        other.import_log(&log).expect("the log is of this deck");
        assert_eq!(other.laplace_approximation(), tab.laplace_approximation());
        assert_eq!(other.export_log(), log, "imported {times} times");
        assert_eq!(stored("import").as_ref(), Some(&log));
    }
}

#[wasm_bindgen_test]
fn a_full_storage_loses_nothing_while_the_page_is_open() {
    empty_storage();
    let tab = open_at("full");
    tab.answer_next(chose(0));
    fill_storage();
    for _ in 0..3 {
        tab.answer_next(chose(0));
    }
    let status = tab.status();
    assert_eq!(
        (&status["answered"], &status["stored"]),
        (&json!(4), &json!(false))
    );
    assert_eq!(stored_answers("full").len(), 1, "the last log that fitted");
    make_room();
    tab.answer_next(chose(0));
    assert_eq!(tab.status()["stored"], true);
    assert_eq!(stored_answers("full").len(), 5);
    empty_storage();
}

/// Fills localStorage up to the last characters.
fn fill_storage() {
    let mut length = 1 << 22;
    let mut place = 0;
    while length > 0 {
        let text = "x".repeat(length);
        if storage()
            .set_item(&format!("filler {place}"), &text)
            .is_err()
        {
            length /= 2;
        }
        place += 1;
    }
}

fn make_room() {
    let keys = (0..storage().length().expect("localStorage is allowed"))
        .filter_map(|place| storage().key(place).ok().flatten());
    let fillers: Vec<String> = keys.filter(|key| key.starts_with("filler")).collect();
    for key in fillers {
        storage()
            .remove_item(&key)
            .expect("localStorage is allowed");
    }
}

/// Methods of the storage that throw until this is dropped.
struct Failing {
    own: Vec<(&'static str, JsValue)>,
}

impl Failing {
    fn new(methods: &[&'static str]) -> Self {
        let prototype = Object::get_prototype_of(&storage());
        let replace = |&name: &&'static str| {
            let own = Reflect::get(&prototype, &name.into()).expect("it has the method");
            let throws = js_sys::Function::new_no_args("throw new Error('the storage fails')");
            Reflect::set(&prototype, &name.into(), &throws).expect("it can be replaced");
            (name, own)
        };
        Failing {
            own: methods.iter().map(replace).collect(),
        }
    }
}

impl Drop for Failing {
    fn drop(&mut self) {
        let prototype = Object::get_prototype_of(&storage());
        for (name, own) in &self.own {
            Reflect::set(&prototype, &(*name).into(), own).expect("it can be replaced");
        }
    }
}

#[wasm_bindgen_test]
fn a_log_that_cannot_be_removed_is_emptied() {
    empty_storage();
    let (tab, other) = (open_at("emptied"), open_at("emptied"));
    tab.answer_next(chose(0));
    store("emptied:damaged", "{ broken");
    let failing = Failing::new(&["removeItem"]);
    tab.forget();
    for key in ["emptied", "emptied:damaged"] {
        assert_eq!(stored(key).as_deref(), Some(""), "{key}");
    }
    for tab in [&tab, &other, &open_at("emptied")] {
        let status = tab.status();
        assert_eq!(
            (&status["entries"], &status["broken"], &status["stored"]),
            (&json!(0), &json!(0), &json!(true))
        );
    }
    drop(failing);
    other.answer_next(chose(0));
    assert_eq!(stored_answers("emptied").len(), 1);
    assert_eq!(tab.status()["answered"], 1);
    // The empty text is no text that was set aside.
    store("emptied", "oops");
    tab.refresh();
    assert_eq!(stored("emptied:damaged").as_deref(), Some("oops"));
}

#[wasm_bindgen_test]
fn what_cannot_be_deleted_is_not_said_to_be_deleted() {
    empty_storage();
    let tab = open_at("undeleted");
    tab.answer_next(chose(0));
    let before = stored("undeleted");
    let failing = Failing::new(&["removeItem", "setItem"]);
    let error = tab.try_forget().expect_err("nothing could be deleted");
    assert_eq!(error.code, "not-deleted");
    assert_eq!(tab.status()["answered"], 1);
    assert_eq!(stored("undeleted"), before);
    let options = json!({ "storageKey": "undeleted", "startOver": true });
    let error = Tab::open_deck(&DECK, options).err().expect("it is refused");
    assert_eq!(error.code, "not-deleted");
    drop(failing);
    tab.forget();
    assert_eq!(stored("undeleted"), None);
    assert_eq!(tab.status()["entries"], 0);
}

#[wasm_bindgen_test]
fn a_browser_that_forbids_storage_keeps_the_log_in_memory() {
    let forbidden = NoStorage::new();
    let tab = Tab::open_deck(SMALL_DECK, json!({})).expect("the deck is valid");
    assert_eq!(tab.status()["stored"], false);
    tab.answer_next(chose(0));
    tab.answer_next(chose(0));
    let status = tab.status();
    assert_eq!(
        (&status["answered"], &status["stored"]),
        (&json!(2), &json!(false))
    );
    assert!(tab.undo());
    tab.forget();
    assert_eq!(tab.status()["entries"], 0);
    drop(forbidden);
    assert_eq!(storage().get_item("leaning:replies"), Ok(None));
}

/// Forbids localStorage until it is dropped, as a sandboxed frame does.
struct NoStorage {
    allowed: JsValue,
}

const STORAGE: &str = "localStorage";

impl NoStorage {
    fn new() -> Self {
        let window = js_sys::global();
        let allowed = Object::get_own_property_descriptor(&window, &STORAGE.into());
        let forbidden = Object::new();
        let getter = js_sys::Function::new_no_args("throw new DOMException('', 'SecurityError')");
        for (name, value) in [("get", getter.into()), ("configurable", JsValue::TRUE)] {
            Reflect::set(&forbidden, &name.into(), &value).expect("it is an object");
        }
        Object::define_property(&window, &STORAGE.into(), &forbidden);
        NoStorage { allowed }
    }
}

impl Drop for NoStorage {
    fn drop(&mut self) {
        let window = js_sys::global();
        if self.allowed.is_undefined() {
            Reflect::delete_property(&window, &STORAGE.into()).expect("it is configurable");
        } else {
            Object::define_property(&window, &STORAGE.into(), self.allowed.unchecked_ref());
        }
    }
}
