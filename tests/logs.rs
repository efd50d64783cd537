#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! Logs that are merged, brought back, taken elsewhere or refused.

mod common;

use common::{Parts, Said, belief_of, bits, infer, interview, read_log};
use leaning::{Answer, Deck, Interview, Offer, Options};
use serde_json::json;

#[test]
fn what_one_device_took_back_is_taken_back_on_the_other() {
    let parts = common::nine_pairs();
    let answer = parts.record("k1", 0, &[0, 1], Said::Chose(0));
    let retract = json!({ "id": "k2", "kind": "retract", "of": "k1" });
    let mut here = parts.log(std::slice::from_ref(&answer));
    here.merge(parts.log(&[answer, retract]));
    assert_eq!(here.live().count(), 0);
    assert_eq!(
        here.records().len(),
        2,
        "nothing is ever removed from a log"
    );
    assert_eq!(
        bits(&belief_of(&parts.deck(), &here)),
        bits(&infer(&parts, &[]))
    );
}

#[test]
fn a_log_brought_back_after_everything_was_forgotten_loses_no_answer() {
    let mut interview = interview(
        common::nine_pairs().deck(),
        leaning::Strategy::InformationGain,
        100,
        5,
    );
    let answer = |interview: &mut Interview, answer| {
        interview.next();
        interview.answer(answer).unwrap();
    };
    answer(&mut interview, Answer::Chose(0));
    answer(&mut interview, Answer::Chose(1));
    let old = interview.log().clone();
    interview.forget().unwrap();
    answer(&mut interview, Answer::Tie);
    interview.merge(old).unwrap();
    assert_eq!(
        interview.log().live().count(),
        3,
        "ids must not come again after forgetting"
    );
}

#[test]
fn a_merged_log_can_be_exported_and_imported_even_where_ids_clash() {
    let parts = common::nine_pairs();
    let first = parts.record("x", 0, &[0, 1], Said::Chose(0));
    let second = parts.record("y", 1, &[0, 1], Said::Chose(0));
    let retract = |id: &str, of: &str| json!({ "id": id, "kind": "retract", "of": of });
    let mut merged = parts.log(&[first, retract("y", "x")]);
    merged.merge(parts.log(&[second, retract("z", "y")]));
    let again = read_log(&merged.to_value().to_string(), &parts.deck());
    assert_eq!(again.as_ref(), Ok(&merged));
}

#[test]
fn whatever_an_interview_has_taken_can_be_exported_and_imported() {
    let parts = common::nine_pairs();
    let mut interview = interview(parts.deck(), leaning::Strategy::InformationGain, 100, 1);
    let twice = |scores: Vec<f64>| Offer {
        id: None,
        name: "chat/1".into(),
        text: String::new(),
        scores,
    };
    // Either it is refused, or it comes back.
    let taken = interview.observe(
        &[twice(vec![1.0, 0.0]), twice(vec![0.0, 1.0])],
        Answer::Chose(1),
    );
    let again = read_log(&interview.log().to_value().to_string(), &parts.deck());
    assert_eq!(again.as_ref(), Ok(interview.log()), "after {taken:?}");
}

#[test]
fn an_interview_of_another_decks_log_is_refused() {
    let parts = common::nine_pairs();
    let narrow = Parts::new(&[&[&[1.0], &[-1.0]]]);
    let statement =
        json!({ "id": "s", "kind": "statement", "dimension": "d1", "weight": 1.0, "sd": 0.5 });
    for records in [
        vec![],
        vec![parts.record("k", 0, &[0, 1], Said::Chose(0))],
        vec![statement],
    ] {
        let log = parts.log(&records);
        let words = format!("{records:?}");
        let opened = std::panic::catch_unwind(|| {
            Interview::open(narrow.deck(), log, Options::default()).is_err()
        });
        assert_eq!(opened.ok(), Some(true), "no error for {words}");
    }
}

#[test]
fn merging_another_decks_log_is_refused_and_changes_nothing() {
    let parts = common::nine_pairs();
    let mut json = parts.json();
    json["id"] = json!("another");
    let another = Deck::from_json(&json.to_string()).unwrap();
    let mut other = interview(another, leaning::Strategy::InformationGain, 100, 3);
    other.next();
    other.answer(Answer::Chose(0)).unwrap();
    let mut here = interview(parts.deck(), leaning::Strategy::InformationGain, 100, 4);
    assert!(here.merge(other.log().clone()).is_err());
    assert!(here.log().records().is_empty());
}

#[test]
fn logs_share_a_beginning_where_they_share_a_record_or_one_is_empty() {
    let parts = common::nine_pairs();
    let [k, l] = ["k", "l"].map(|id| parts.record(id, 0, &[0, 1], Said::Chose(0)));
    let (one, both, other) = (
        parts.log(std::slice::from_ref(&k)),
        parts.log(&[k, l.clone()]),
        parts.log(&[l]),
    );
    assert!(one.shares_beginning(&both) && both.shares_beginning(&other));
    assert!(one.shares_beginning(&parts.log(&[])) && parts.log(&[]).shares_beginning(&one));
    assert!(!one.shares_beginning(&other));
}
