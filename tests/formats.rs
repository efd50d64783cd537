//! Files of each version of each format are read, and give the same bits for ever: `tests/fixtures/formats`.

use leaning::{Candidate, Deck, Interview, Log, Options, RankOptions};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// The versions of the log's format, each with the version of its deck's.
const LOGS: [(&str, &str); 2] = [
    ("leaning-answers-1", "leaning-deck-1"),
    (SUMMED_UP, "leaning-deck-1"),
];
/// The log whose oldest answers are summed up.
const SUMMED_UP: &str = "leaning-answers-1-summary";

fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    folder.join(name).with_extension("json")
}

pub fn read(name: &str) -> String {
    fs::read_to_string(path(name)).expect("the fixture is there")
}

/// A log without the kinds of entries that are for other versions: in a file of the command line they are errors.
pub fn known_log(name: &str) -> String {
    let mut log: Value = serde_json::from_str(&read(name)).expect("it is JSON");
    let answers = log["answers"].as_array_mut().expect("it has a list");
    let before = answers.len();
    answers.retain(|entry| {
        !entry["kind"]
            .as_str()
            .is_some_and(|kind| kind.starts_with("x-"))
    });
    assert_eq!(answers.len(), before - 1);
    log.to_string()
}

/// The bits that each log gives.
fn bits() -> Value {
    let hex = |numbers: Vec<f64>| -> Vec<String> {
        numbers
            .iter()
            .map(|number| format!("{:016x}", number.to_bits()))
            .collect()
    };
    let of_log = |(log, deck_name): (&str, &str)| {
        let deck = Deck::from_json(&read(deck_name)).expect("the deck is valid");
        let entries = Log::from_json(&known_log(log), &deck).expect("the log is valid");
        let options = Options {
            seed: Some(1),
            ..Options::default()
        };
        let candidates = Candidate::list_from_json(&read("candidates"), deck.dimensions().len());
        let interview = Interview::open(deck, entries, options).expect("the log is of this deck");
        let laplace = interview.laplace_approximation().expect("it converges");
        let variances = laplace.covariance().diagonal();
        let mean = hex(laplace.mean().as_slice().to_vec());
        let variances = hex(variances.as_slice().to_vec());
        let ranked = interview
            .rank(&candidates.expect("they are valid"), RankOptions::default())
            .expect("they can be ranked");
        let ranked: Vec<usize> = ranked.iter().map(|one| one.index).collect();
        let value =
            json!({ "deck": deck_name, "mean": mean, "variances": variances, "ranked": ranked });
        (log.to_owned(), value)
    };
    LOGS.into_iter().map(of_log).collect()
}

#[test]
fn logs_of_each_version_give_the_recorded_bits() {
    let expected: Value = serde_json::from_str(&read("expected")).expect("it is JSON");
    assert_eq!(bits(), expected);
}

/// Run it after a change that is meant to change bits:
/// `cargo test --test integration -- --ignored write_the_expected_bits`.
#[test]
#[ignore = "writes tests/fixtures/formats/expected.json"]
fn write_the_expected_bits() {
    let text = serde_json::to_string_pretty(&bits()).expect("it is plain data");
    fs::write(path("expected"), text + "\n").expect("the folder can be written to");
}

#[test]
fn a_stored_summary_stands_for_its_answers() {
    let deck = Deck::from_json(&read("leaning-deck-1")).expect("the deck is valid");
    let log = Log::from_json(&known_log(SUMMED_UP), &deck).expect("the log is valid");
    let summary = log.summary().expect("it has one");
    assert_eq!(summary.counts().answered(), 277);
    assert_eq!(
        log.entries().len(),
        5,
        "four answers and a statement follow"
    );
    let again = Log::from_json(&log.to_json(), &deck).expect("it was written here");
    assert_eq!(again, log);
}

#[test]
fn everything_in_the_log_counts_as_it_should() {
    let deck = Deck::from_json(&read("leaning-deck-1")).expect("the deck is valid");
    let log = Log::from_json(&known_log("leaning-answers-1"), &deck).expect("the log is valid");
    let ids: Vec<&str> = log.live().map(|entry| entry.id.as_str()).collect();
    assert_eq!(log.entries().len(), 13);
    assert_eq!(ids.len(), 11, "one is taken back, and the other takes it");
    assert!(!ids.contains(&"k1"));
    // A log that was written is read as the same.
    let again = Log::from_json(&log.to_json(), &deck).expect("it was written here");
    assert_eq!(again, log);
}
