//! Logs that are merged, restored, moved to another device, or refused.

use crate::common::{DeckParts, Reply, ask, bits, infer, infer_log, nine_pairs, rule, start};
use leaning::{Answer, Candidate, Deck, Interview, Log, Options};
use serde_json::json;

#[test]
fn a_retraction_on_one_device_holds_on_the_other() {
    let parts = nine_pairs();
    let answer = parts.entry("k1", 0, &[0, 1], Reply::Chose(0));
    let retraction = json!({ "id": "k2", "kind": "retract", "of": "k1" });
    let mut here = parts.log(std::slice::from_ref(&answer));
    here.merge(parts.log(&[answer, retraction]));
    assert_eq!(here.live().count(), 0);
    assert_eq!(
        here.entries().len(),
        2,
        "nothing is ever removed from a log"
    );
    assert_eq!(
        bits(&infer_log(&parts.deck(), &here)),
        bits(&infer(&parts, &[]))
    );
}

#[test]
fn a_log_that_is_restored_after_forgetting_loses_no_answer() {
    let mut interview = start(nine_pairs().deck(), rule("information-gain"), 100, 5);
    let answer = |interview: &mut Interview, answer| {
        ask(interview);
        interview.answer(answer).unwrap();
    };
    answer(&mut interview, Answer::Chose(0));
    answer(&mut interview, Answer::Chose(1));
    let old = interview.log().clone();
    interview.forget();
    assert!(interview.log().entries().is_empty());
    answer(&mut interview, Answer::Tie);
    interview.merge(old).unwrap();
    let count = interview.log().live().count();
    assert_eq!(count, 3, "an id must not come again after forgetting");
}

#[test]
fn a_merged_log_can_be_exported_and_imported_even_if_ids_clash() {
    let parts = nine_pairs();
    let first = parts.entry("x", 0, &[0, 1], Reply::Chose(0));
    let second = parts.entry("y", 1, &[0, 1], Reply::Chose(0));
    let retract = |id: &str, of: &str| json!({ "id": id, "kind": "retract", "of": of });
    let mut merged = parts.log(&[first, retract("y", "x")]);
    merged.merge(parts.log(&[second, retract("z", "y")]));
    let again = Log::from_json(&merged.to_json(), &parts.deck());
    assert_eq!(again.as_ref(), Ok(&merged));
}

#[test]
fn everything_that_an_interview_accepts_can_be_exported_and_imported() {
    let parts = nine_pairs();
    let mut interview = start(parts.deck(), rule("information-gain"), 100, 1);
    let one_name = |scores: [f64; 2]| Candidate::new("chat/1", scores);
    // Either it is refused, or it can be read again.
    let taken = interview.observe(
        &[one_name([1.0, 0.0]), one_name([0.0, 1.0])],
        Answer::Chose(1),
    );
    let again = Log::from_json(&interview.log().to_json(), &parts.deck());
    assert_eq!(again.as_ref(), Ok(interview.log()), "after {taken:?}");
}

#[test]
fn the_log_of_another_deck_is_refused() {
    let parts = nine_pairs();
    let narrow = DeckParts::new(&[&[&[1.0], &[-1.0]]]);
    let statement =
        json!({ "id": "s", "kind": "statement", "dimension": "d1", "weight": 1.0, "sd": 0.5 });
    for entries in [
        vec![],
        vec![parts.entry("k", 0, &[0, 1], Reply::Chose(0))],
        vec![statement],
    ] {
        let log = parts.log(&entries);
        let opened = std::panic::catch_unwind(|| {
            let error = Interview::open(narrow.deck(), log, Options::default()).unwrap_err();
            error.code()
        });
        assert_eq!(opened.ok(), Some("deck-mismatch"), "{entries:?}");
    }
}

#[test]
fn merging_the_log_of_another_deck_is_refused_and_changes_nothing() {
    let parts = nine_pairs();
    let mut json = parts.json();
    json["id"] = json!("another");
    let another = Deck::read(json).unwrap();
    let mut other = start(another, rule("information-gain"), 100, 3);
    ask(&mut other);
    other.answer(Answer::Chose(0)).unwrap();
    let mut here = start(parts.deck(), rule("information-gain"), 100, 4);
    assert_eq!(
        here.merge(other.log().clone()).unwrap_err().code(),
        "deck-mismatch"
    );
    assert_eq!(
        here.replace(other.log().clone()).unwrap_err().code(),
        "deck-mismatch"
    );
    assert!(here.log().entries().is_empty());
}

#[test]
fn logs_share_a_beginning_if_they_share_an_entry_or_one_is_empty() {
    let parts = nine_pairs();
    let [k, l] = ["k", "l"].map(|id| parts.entry(id, 0, &[0, 1], Reply::Chose(0)));
    let (one, both, other) = (
        parts.log(std::slice::from_ref(&k)),
        parts.log(&[k, l.clone()]),
        parts.log(&[l]),
    );
    let empty = parts.log(&[]);
    assert!(one.shares_beginning(&both) && both.shares_beginning(&other));
    assert!(one.shares_beginning(&empty) && empty.shares_beginning(&one));
    assert!(!one.shares_beginning(&other));
}

#[test]
fn the_time_of_an_entry_is_kept_as_it_was_written() {
    let parts = nine_pairs();
    let times = [json!("2024-05-01T12:00:00Z"), json!(1.7e12), json!(null)];
    let entries: Vec<_> = times
        .iter()
        .enumerate()
        .map(|(index, at)| {
            let mut entry = parts.entry(&format!("k{index}"), index, &[0, 1], Reply::Chose(0));
            entry["at"] = at.clone();
            entry
        })
        .collect();
    let log = parts.log(&entries);
    let written: serde_json::Value = serde_json::from_str(&log.to_json()).unwrap();
    assert_eq!(written["answers"][0]["at"], times[0]);
    assert_eq!(written["answers"][1]["at"].as_f64(), times[1].as_f64());
    assert_eq!(written["answers"][2].get("at"), None);
    assert_eq!(
        Log::from_json(&log.to_json(), &parts.deck()).as_ref(),
        Ok(&log)
    );
}
