#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! Broken decks and logs: each gives one line that names the place, and none a panic.

mod common;

use common::{is_one_line, read_log};
use leaning::{Answer, Deck, Error, Interview, Log, Offer, Options};
use proptest::prelude::*;
use serde_json::{Value, json};

const SOUND_DECK: &str = include_str!("bad/deck.json");
const SOUND_LOG: &str = include_str!("bad/log.json");

/// Longer than this is no message but an echo.
const LONGEST_MESSAGE: usize = 500;

fn sound_deck() -> Deck {
    Deck::from_json(SOUND_DECK).unwrap()
}

fn read(kind: &str, text: &str) -> Result<(), Error> {
    match kind {
        "deck" => Deck::from_json(text).map(drop),
        "log" => read_log(text, &sound_deck()).map(drop),
        other => panic!("unknown kind {other}"),
    }
}

/// What is wrong with how a row of the table was answered.
fn complaint(row: &Value) -> Option<String> {
    let text = row["text"]
        .as_str()
        .map_or_else(|| row["value"].to_string(), str::to_owned);
    let Err(error) = read(row["kind"].as_str()?, &text) else {
        return Some("was accepted".to_owned());
    };
    let message = error.to_string();
    let (code, path, says) = (
        row["code"].as_str()?,
        row["path"].as_str(),
        row["says"].as_str()?,
    );
    if error.code() != code {
        Some(format!("code {}, expected {code}: {message}", error.code()))
    } else if error.path() != path {
        Some(format!(
            "path {:?}, expected {path:?}: {message}",
            error.path()
        ))
    } else if !message.contains(says) || !message.contains(path.unwrap_or("")) {
        Some(format!("says {message:?}, expected {says:?} at {path:?}"))
    } else if !is_one_line(&message) {
        Some(format!("is not one line: {message:?}"))
    } else {
        None
    }
}

#[test]
fn every_bad_input_gives_one_line_that_names_the_place() {
    let table: Vec<Value> = serde_json::from_str(include_str!("bad/inputs.json")).unwrap();
    assert!(table.len() >= 100);
    let complaints: Vec<String> = table
        .iter()
        .filter_map(|row| {
            complaint(row).map(|complaint| format!("{} {}: {complaint}", row["kind"], row["name"]))
        })
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn the_deck_and_the_log_that_the_bad_ones_are_made_from_are_sound() {
    assert_eq!(read("deck", SOUND_DECK), Ok(()));
    assert_eq!(read("log", SOUND_LOG), Ok(()));
}

#[test]
fn nesting_of_any_depth_is_an_error_and_no_crash() {
    const SIZE: usize = 50_000_000;
    for opening in ["[", "{\"a\":", "[{\"format\":"] {
        let text = opening.repeat(SIZE / opening.len());
        for kind in ["deck", "log"] {
            let error = read(kind, &text).unwrap_err();
            assert!(
                error.code() == "json" && is_one_line(&error.to_string()),
                "{error}"
            );
        }
    }
}

#[test]
fn unknown_fields_may_hold_anything_up_to_a_depth_that_is_the_same_everywhere() {
    let nested = |levels: usize| {
        let list = ["[".repeat(levels), "]".repeat(levels)].concat();
        SOUND_DECK.replacen('{', &format!("{{\"extra\":{list},"), 1)
    };
    assert_eq!(read("deck", &nested(leaning::json::MAX_DEPTH - 1)), Ok(()));
    for levels in [leaning::json::MAX_DEPTH, 100, 126, 127, 128, 129, 10_000] {
        assert_eq!(
            read("deck", &nested(levels)).unwrap_err().code(),
            "json",
            "{levels} levels"
        );
    }
}

#[test]
fn a_message_does_not_echo_an_input_of_any_length() {
    let long = "x".repeat(1_000_000);
    let deck = |change: &dyn Fn(&mut Value)| {
        let mut deck: Value = serde_json::from_str(SOUND_DECK).unwrap();
        change(&mut deck);
        ("deck", deck.to_string())
    };
    let log = |change: &dyn Fn(&mut Value)| {
        let mut log: Value = serde_json::from_str(SOUND_LOG).unwrap();
        change(&mut log);
        ("log", log.to_string())
    };
    let inputs = [
        deck(&|deck| deck["format"] = json!(long)),
        deck(&|deck| deck["dimensions"] = json!([{ "id": long }, { "id": long }])),
        log(&|log| log["deck"]["id"] = json!(long)),
        log(&|log| log["deck"]["dimensions"] = json!([long])),
        log(&|log| log["answers"][0]["chose"] = json!(long)),
        log(&|log| log["answers"][0]["kind"] = json!(long)),
        log(&|log| log["answers"][1]["verdict"] = json!(long)),
    ];
    let lengths: Vec<usize> = inputs
        .iter()
        .map(|(kind, text)| read(kind, text).unwrap_err().to_string().len())
        .collect();
    assert!(
        lengths.iter().all(|&length| length <= LONGEST_MESSAGE),
        "{lengths:?}"
    );
}

#[test]
fn sixty_four_dimensions_are_still_a_deck() {
    let dimensions: Vec<Value> = (0..64).map(|j| json!({ "id": format!("d{j}") })).collect();
    let (ones, zeros) = (vec![1.0; 64], vec![0.0; 64]);
    let candidates = json!([{ "id": "a", "scores": ones }, { "id": "b", "scores": zeros }]);
    let deck = json!({ "format": "leaning-deck/1", "id": "wide", "dimensions": dimensions,
                       "prompts": [{ "id": "p", "candidates": candidates }] });
    assert_eq!(read("deck", &deck.to_string()), Ok(()));
}

#[test]
fn unknown_fields_and_absent_optional_ones_are_no_error() {
    let bare = r#"{ "format": "leaning-deck/1", "id": "bare", "x-mine": [1], "dimensions": [{ "id": "d", "y": {} }],
        "prior": null, "answers": null, "title": null,
        "prompts": [{ "id": "p", "z": 1, "candidates": [{ "id": "a", "scores": [0] }, { "id": "b", "scores": [1], "w": 0 }] }] }"#;
    let deck = Deck::from_json(bare).unwrap();
    assert_eq!(
        (
            deck.answer_model().lapse(),
            deck.answer_model().indifference()
        ),
        (0.02, 0.5)
    );
    assert_eq!(deck.prior().mean(), [0.0]);
}

#[test]
fn of_two_fields_of_one_name_the_later_counts_as_in_a_browser() {
    let text = SOUND_DECK.replacen('{', "{\"id\":\"first\",", 1);
    assert_eq!(Deck::from_json(&text).unwrap().id(), "replies");
}

#[test]
fn candidates_that_do_not_fit_are_refused_with_their_place() {
    let rows = [
        (json!({}), "", "expected a list"),
        (
            json!([{ "scores": [1, 2] }, 3]),
            "[1]",
            "expected an object",
        ),
        (json!([{}]), "[0].scores", "missing"),
        (
            json!([{ "scores": [1] }]),
            "[0].scores",
            "expected 2 numbers, found 1",
        ),
        (
            json!([{ "scores": [1, "2"] }]),
            "[0].scores[1]",
            "expected a number",
        ),
        (
            json!([{ "scores": [1, 1e200] }]),
            "[0].scores[1]",
            "out of range",
        ),
        (
            json!([{ "scores": [1, 2], "id": 7 }]),
            "[0].id",
            "expected a string",
        ),
    ];
    for (value, path, says) in rows {
        let error = Offer::read_list(&value.to_string().parse().unwrap(), 2).unwrap_err();
        let message = error.to_string();
        assert_eq!(
            (error.code(), error.path()),
            ("candidates", Some(path)),
            "{message}"
        );
        assert!(
            message.contains(says) && is_one_line(&message),
            "{message:?}"
        );
    }
}

#[test]
fn what_an_interview_refuses_changes_nothing() {
    let deck = sound_deck();
    let log = Log::new(&deck);
    let mut interview = Interview::open(
        deck,
        log,
        Options {
            seed: Some(1),
            ..Options::default()
        },
    )
    .unwrap();
    assert_eq!(
        interview.answer(Answer::Chose(0)).unwrap_err().code(),
        "answer",
        "no question is open"
    );
    let question = interview.next().unwrap().clone();
    let offers = Offer::read_list(
        &r#"[{ "scores": [1, 0] }, { "scores": [0, 1] }]"#.parse().unwrap(),
        2,
    )
    .unwrap();
    let before = (interview.log().clone(), common::bits(interview.belief()));
    let errors = [
        interview.answer(Answer::Chose(2)).unwrap_err(),
        interview
            .observe(&offers[..1], Answer::Chose(0))
            .unwrap_err(),
        interview.observe(&offers, Answer::Chose(2)).unwrap_err(),
        interview.rank(&offers, Some(0.0)).unwrap_err(),
        interview.rank(&offers, Some(f64::NAN)).unwrap_err(),
    ];
    let codes: Vec<&str> = errors.iter().map(Error::code).collect();
    assert_eq!(
        codes,
        ["answer", "candidates", "answer", "options", "options"]
    );
    assert!(errors.iter().all(|error| is_one_line(&error.to_string())));
    assert_eq!(
        (interview.log().clone(), common::bits(interview.belief())),
        before
    );
    assert_eq!(interview.next(), Some(&question));
}

#[test]
fn candidates_of_other_dimensions_are_refused_wherever_they_come_from() {
    let deck = sound_deck();
    let log = Log::new(&deck);
    let mut interview = Interview::open(deck, log, Options::default()).unwrap();
    let offer = |name: &str, scores: &[f64]| Offer {
        id: None,
        name: name.to_owned(),
        text: String::new(),
        scores: scores.to_vec(),
    };
    for odd in [&[][..], &[1.0], &[1.0, 2.0, 3.0], &[f64::NAN, 0.0]] {
        let offers = [offer("chat/1", &[0.0, 1.0]), offer("chat/2", odd)];
        assert!(
            interview.observe(&offers, Answer::Chose(0)).is_err(),
            "observed {odd:?}"
        );
        assert!(interview.rank(&offers, None).is_err(), "ranked {odd:?}");
    }
}

#[test]
fn candidates_of_one_name_are_refused_with_their_place() {
    let mut interview = Interview::start(sound_deck(), Options::default()).unwrap();
    for name in ["x", "x\ny"] {
        let twice = json!([{ "scores": [1, 2], "name": name }, { "scores": [1, 3], "name": name }]);
        let offers = Offer::read_list(&twice.to_string().parse().unwrap(), 2).unwrap();
        for error in [
            interview.rank(&offers, None).unwrap_err(),
            interview.compare(&offers).unwrap_err(),
            interview.observe(&offers, Answer::Chose(0)).unwrap_err(),
        ] {
            assert_eq!((error.code(), error.path()), ("candidates", Some("[1]")));
            assert!(error.to_string().contains("twice") && is_one_line(&error.to_string()));
        }
    }
}

/// Whatever can be done with a text that may be a deck or a log; only a panic is a failure.
fn use_it(deck: &str, log: &str) -> Result<(), TestCaseError> {
    let deck = match Deck::from_json(deck) {
        Ok(deck) => deck,
        Err(error) => return one_line(&error),
    };
    let log = match read_log(log, &deck) {
        Ok(log) => log,
        Err(error) => return one_line(&error),
    };
    let again = read_log(&log.to_value().to_string(), &deck);
    prop_assert_eq!(again.as_ref(), Ok(&log));
    let mut interview = match Interview::open(
        deck,
        log,
        Options {
            seed: Some(1),
            ..Options::default()
        },
    ) {
        Ok(interview) => interview,
        Err(error) => return one_line(&error),
    };
    if interview.next().is_some() {
        let _ = interview.answer(Answer::Chose(0));
    }
    let _ = interview.undo();
    let candidates = interview.deck().prompts()[0].candidates.iter().enumerate();
    let offers: Vec<Offer> = candidates
        .map(|(index, candidate)| Offer {
            id: None,
            name: index.to_string(),
            text: String::new(),
            scores: candidate.scores.clone(),
        })
        .collect();
    let _ = interview.rank(&offers, Some(1.0));
    let _ = interview.compare(&offers);
    let (status, profile) = (interview.status(), interview.profile());
    // Of two candidates, always picking the worse one costs twice the average's loss.
    prop_assert!(
        (0.0..=2.0 + 1e-9).contains(&status.expected_regret),
        "{status:?}"
    );
    for dimension in profile.dimensions {
        prop_assert!(
            (0.0..=1.0).contains(&dimension.sure) && dimension.mean.is_finite(),
            "{dimension:?}"
        );
        prop_assert!(
            dimension.interval.0 <= dimension.interval.1,
            "{dimension:?}"
        );
    }
    Ok(())
}

fn one_line(error: &Error) -> Result<(), TestCaseError> {
    prop_assert!(is_one_line(&error.to_string()), "{error:?}");
    Ok(())
}

/// Strings, numbers and words as one piece each, everything else character by character.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => 2 + rest[1..].find('"').expect("a sound text"),
            c if c.is_ascii_alphanumeric() || c == '-' => rest
                .find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c))
                .unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        tokens.push(rest[..length].to_owned());
        rest = &rest[length..];
    }
    tokens
}

const REPLACEMENTS: [&str; 26] = [
    "null",
    "true",
    "0",
    "-0.0",
    "-1",
    "1e100",
    "-1e100",
    "1e-100",
    "1e-320",
    "5e-324",
    "1e999",
    "0.9999999999999999",
    "18446744073709551616",
    "\"\"",
    "\"a\"",
    "\"p1/a\"",
    "\"k1\"",
    "\"skip\"",
    "\"brevity\"",
    "\"\\ud800\"",
    "[]",
    "[[]]",
    "{}",
    "[1,2]",
    ",",
    "]",
];

#[derive(Debug, Clone)]
enum Change {
    Delete(usize),
    Duplicate(usize),
    Swap(usize, usize),
    Replace(usize, usize),
    /// Sets one byte of the text, once the tokens are together again.
    Byte(usize, u8),
}

fn a_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => any::<usize>().prop_map(Change::Delete),
        1 => any::<usize>().prop_map(Change::Duplicate),
        2 => any::<(usize, usize)>().prop_map(|(a, b)| Change::Swap(a, b)),
        6 => any::<(usize, usize)>().prop_map(|(a, b)| Change::Replace(a, b)),
        1 => any::<(usize, u8)>().prop_map(|(a, b)| Change::Byte(a, b)),
    ]
}

/// Numbers and strings are changed for each other, so that many texts stay JSON and reach deeper checks.
fn change(text: &str, changes: &[Change]) -> String {
    let mut tokens = tokens(text);
    for change in changes {
        let count = tokens.len().max(1);
        match *change {
            Change::Delete(place) if tokens.len() > 1 => drop(tokens.remove(place % count)),
            Change::Duplicate(place) => tokens.insert(place % count, tokens[place % count].clone()),
            Change::Swap(a, b) => tokens.swap(a % count, b % count),
            Change::Replace(place, with) => {
                let values: Vec<usize> = (0..count)
                    .filter(|&place| is_value(&tokens, place))
                    .collect();
                if !values.is_empty() {
                    tokens[values[place % values.len()]] =
                        REPLACEMENTS[with % REPLACEMENTS.len()].to_owned();
                }
            }
            Change::Delete(_) | Change::Byte(..) => {}
        }
    }
    let mut bytes = tokens.concat().into_bytes();
    for change in changes {
        if let Change::Byte(place, byte) = *change {
            let place = place % bytes.len();
            bytes[place] = byte;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Neither punctuation nor the name of a field.
fn is_value(tokens: &[String], place: usize) -> bool {
    !"[]{}:,".contains(&tokens[place]) && tokens.get(place + 1).is_none_or(|next| next != ":")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_deck_is_read_or_refused_and_never_a_panic(changes in prop::collection::vec(a_change(), 1..4)) {
        let rich = SOUND_DECK.replacen(
            "\"prompts\"",
            "\"prior\":{\"mean\":[0.5,-1],\"covariance\":[[2,0.5],[0.5,1]]},\
             \"answers\":{\"lapse\":0.02,\"indifference\":0.5},\"prompts\"",
            1,
        );
        use_it(&change(&rich, &changes), SOUND_LOG)?;
    }

    #[test]
    fn a_mutated_log_is_read_or_refused_and_never_a_panic(changes in prop::collection::vec(a_change(), 1..4)) {
        use_it(SOUND_DECK, &change(SOUND_LOG, &changes))?;
    }
}

#[test]
fn what_is_no_json_is_refused_in_one_line_without_a_place() {
    for text in [
        "\n\n{",
        "{\n\"a\"\n",
        "\"\\q\"",
        "\"\n\"",
        "\"\u{1}\"",
        "nul",
        "01",
        "+1",
        "\u{feff}{}",
        "\"\\ud800\"",
    ] {
        let error = text.parse::<leaning::json::Value>().unwrap_err();
        assert!(
            error.code() == "json" && error.path().is_none() && is_one_line(&error.to_string()),
            "{error:?}"
        );
    }
}
