//! Broken decks and logs: each gives one line that names the place, and none a panic.

use crate::common::{self, ask, bits, is_one_line, laplace};
use crate::formats;
use leaning::{Answer, Candidate, Deck, Error, Interview, Log, Options, RankOptions};
use proptest::prelude::*;
use serde_json::{Value, json};

const VALID_DECK: &str = include_str!("bad/deck.json");
const VALID_LOG: &str = include_str!("bad/log.json");

/// A longer message only echoes its input.
const LONGEST_MESSAGE: usize = 500;

fn valid_deck() -> Deck {
    Deck::from_json(VALID_DECK).unwrap()
}

fn seeded() -> Options {
    Options {
        seed: Some(1),
        ..Options::default()
    }
}

fn read(kind: &str, text: &str) -> Result<(), Error> {
    match kind {
        "deck" => Deck::from_json(text).map(drop),
        "log" => Log::from_json(text, &valid_deck()).map(drop),
        other => panic!("unknown kind {other}"),
    }
}

/// How the answer to a row of the table differs from the expected one, if it does.
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
    assert_eq!(table.len(), 170);
    let complaints: Vec<String> = table
        .iter()
        .filter_map(|row| {
            let complaint = complaint(row)?;
            Some(format!("{} {}: {complaint}", row["kind"], row["name"]))
        })
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn the_deck_and_the_log_that_the_bad_ones_are_made_of_are_valid() {
    assert_eq!(read("deck", VALID_DECK), Ok(()));
    assert_eq!(read("log", VALID_LOG), Ok(()));
}

#[test]
fn text_that_is_not_json_is_refused_in_one_line_without_a_place() {
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
        let error = leaning::format::parse_json(text).unwrap_err();
        assert_eq!((error.code(), error.path()), ("json", None), "{text:?}");
        assert!(is_one_line(&error.to_string()), "{error:?}");
    }
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
fn unknown_fields_may_hold_anything_up_to_the_depth_that_serde_json_allows() {
    let nested = |levels: usize| {
        let list = ["[".repeat(levels), "]".repeat(levels)].concat();
        VALID_DECK.replacen('{', &format!("{{\"extra\":{list},"), 1)
    };
    for levels in [1, 64, 126] {
        assert_eq!(read("deck", &nested(levels)), Ok(()), "{levels} levels");
    }
    for levels in [127, 128, 10_000] {
        let error = read("deck", &nested(levels)).unwrap_err();
        assert_eq!(error.code(), "json", "{levels} levels");
    }
}

#[test]
fn a_message_does_not_echo_an_input_of_any_length() {
    let long = "x".repeat(1_000_000);
    let deck = |change: &dyn Fn(&mut Value)| {
        let mut deck: Value = serde_json::from_str(VALID_DECK).unwrap();
        change(&mut deck);
        ("deck", deck.to_string())
    };
    let log = |change: &dyn Fn(&mut Value)| {
        let mut log: Value = serde_json::from_str(VALID_LOG).unwrap();
        change(&mut log);
        ("log", log.to_string())
    };
    let inputs = [
        deck(&|deck| deck["format"] = json!(long)),
        deck(&|deck| deck["dimensions"] = json!([{ "id": long }, { "id": long }])),
        deck(&|deck| deck["prior"] = json!(long)),
        deck(&|deck| deck["prompts"][0]["candidates"][0]["scores"] = json!([1, long])),
        log(&|log| log["deck"]["id"] = json!(long)),
        log(&|log| log["deck"]["dimensions"] = json!([long])),
        log(&|log| log["answers"][0]["chose"] = json!(long)),
        log(&|log| log["answers"][0]["kind"] = json!(long)),
        log(&|log| log["answers"][1]["verdict"] = json!(long)),
    ];
    for (kind, text) in inputs {
        let message = read(kind, &text).unwrap_err().to_string();
        assert!(
            message.len() <= LONGEST_MESSAGE,
            "{} characters",
            message.len()
        );
    }
}

#[test]
fn unknown_fields_and_absent_or_null_optional_ones_are_no_error() {
    let bare = r#"{
        "format": "leaning-deck/1", "id": "bare", "x-mine": [1],
        "dimensions": [{ "id": "d", "label": null, "y": {} }],
        "prior": null, "answers": null, "title": null, "version": null,
        "candidatesPerQuestion": null,
        "prompts": [{
            "id": "p", "text": null, "z": 1,
            "candidates": [{ "id": "a", "scores": [0] }, { "id": "b", "scores": [1], "w": 0 }]
        }]
    }"#;
    let deck = Deck::from_json(bare).unwrap();
    let model = deck.answer_model();
    assert_eq!((model.lapse(), model.indifference()), (0.02, 0.5));
    assert_eq!(deck.prior().mean().as_slice(), [0.0]);
    assert_eq!(
        (deck.version(), deck.title(), deck.candidates_per_question()),
        ("1", None, 2)
    );
}

#[test]
fn the_last_of_two_fields_with_one_name_counts_as_in_browsers() {
    let text = VALID_DECK.replacen('{', "{\"id\":\"first\",", 1);
    assert_eq!(Deck::from_json(&text).unwrap().id(), "replies");
    let text = VALID_DECK.replacen("\"scores\"", "\"scores\":[7,7],\"scores\"", 1);
    let scores = |deck: Deck| deck.prompts()[0].candidates[0].scores.clone();
    assert_eq!(
        scores(Deck::from_json(&text).unwrap()),
        scores(valid_deck())
    );
    let text = VALID_LOG.replacen('{', "{\"format\":7,", 1);
    assert_eq!(read("log", &text), Ok(()));
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
        let error = Candidate::read_list(value, 2).unwrap_err();
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
fn a_refused_call_changes_nothing() {
    let mut interview = Interview::start(valid_deck(), seeded()).unwrap();
    let error = interview.answer(Answer::Chose(0)).unwrap_err();
    assert_eq!(error.code(), "answer", "no question is open");
    let question = ask(&mut interview);
    let drafts = common::drafts(&[[1.0, 0.0], [0.0, 1.0]]);
    let before = (interview.log().clone(), bits(laplace(&interview)));
    let refused = |temperature, at_least| {
        let options = RankOptions {
            temperature,
            at_least,
        };
        interview.rank(&drafts, options).unwrap_err()
    };
    let refused = [
        refused(Some(0.0), None),
        refused(Some(f64::NAN), None),
        refused(None, Some(-0.1)),
        refused(None, Some(1.1)),
        refused(None, Some(f64::NAN)),
    ];
    let errors = [
        interview.answer(Answer::Chose(2)).unwrap_err(),
        interview
            .observe(&drafts[..1], Answer::Chose(0))
            .unwrap_err(),
        interview.observe(&drafts, Answer::Chose(2)).unwrap_err(),
    ];
    let errors: Vec<Error> = errors.into_iter().chain(refused).collect();
    let codes: Vec<&str> = errors.iter().map(Error::code).collect();
    assert_eq!(
        codes,
        [&["answer", "candidates", "answer"][..], &["options"; 5]].concat()
    );
    let paths: Vec<Option<&str>> = errors[3..].iter().map(Error::path).collect();
    assert_eq!(
        paths,
        [&[Some("temperature"); 2][..], &[Some("atLeast"); 3]].concat()
    );
    assert!(errors.iter().all(|error| is_one_line(&error.to_string())));
    assert_eq!((interview.log().clone(), bits(laplace(&interview))), before);
    assert_eq!(ask(&mut interview), question);
}

#[test]
fn candidates_of_other_dimensions_are_refused_wherever_they_come_from() {
    let mut interview = Interview::start(valid_deck(), Options::default()).unwrap();
    for odd in [&[][..], &[1.0], &[1.0, 2.0, 3.0], &[f64::NAN, 0.0]] {
        let candidates = [
            Candidate::new("chat/1", [0.0, 1.0]),
            Candidate::new("chat/2", odd),
        ];
        for refused in [
            interview.observe(&candidates, Answer::Chose(0)).is_err(),
            interview.rank(&candidates, RankOptions::default()).is_err(),
            interview.compare(&candidates).is_err(),
        ] {
            assert!(refused, "{odd:?}");
        }
    }
}

#[test]
fn candidates_with_one_name_are_refused_with_their_place() {
    let mut interview = Interview::start(valid_deck(), Options::default()).unwrap();
    for name in ["x", "x\ny"] {
        let twice = json!([{ "scores": [1, 2], "name": name }, { "scores": [1, 3], "name": name }]);
        let candidates = Candidate::read_list(twice, 2).unwrap();
        for error in [
            interview
                .rank(&candidates, RankOptions::default())
                .unwrap_err(),
            interview.compare(&candidates).unwrap_err(),
            interview
                .observe(&candidates, Answer::Chose(0))
                .unwrap_err(),
        ] {
            assert_eq!((error.code(), error.path()), ("candidates", Some("[1]")));
            assert!(error.to_string().contains("twice") && is_one_line(&error.to_string()));
        }
    }
}

/// A deck with a prior and rates of its own.
fn rich_deck() -> String {
    VALID_DECK.replacen(
        "\"prompts\"",
        "\"prior\":{\"mean\":[0.5,-1],\"covariance\":[[2,0.5],[0.5,1]]},\
         \"answers\":{\"lapse\":0.02,\"indifference\":0.5},\"prompts\"",
        1,
    )
}

/// Does whatever can be done with two texts that may be a deck and a log.
fn use_it(deck: &str, log: &str) -> Result<(), TestCaseError> {
    let deck = match Deck::from_json(deck) {
        Ok(deck) => deck,
        Err(error) => return one_line(&error),
    };
    let log = match Log::from_json(log, &deck) {
        Ok(log) => log,
        Err(error) => return one_line(&error),
    };
    let again = Log::from_json(&log.to_json(), &deck);
    prop_assert_eq!(again.as_ref(), Ok(&log));
    let mut interview = match Interview::open(deck, log, seeded()) {
        Ok(interview) => interview,
        Err(error) => return one_line(&error),
    };
    let question = match interview.question() {
        Ok(question) => question,
        Err(error) => return one_line(&error),
    };
    if question.is_some() {
        let _ = interview.answer(Answer::Chose(0));
    }
    interview.undo();
    let deck_candidates = interview.deck().prompts()[0].candidates.clone();
    let candidates: Vec<Candidate> = deck_candidates
        .into_iter()
        .map(|one| Candidate::new(one.id, one.scores))
        .collect();
    let options = RankOptions {
        temperature: Some(1.0),
        at_least: Some(0.9),
    };
    let _ = interview.rank(&candidates, options);
    let _ = interview.compare(&candidates);
    interview.status().unwrap();
    let regret = interview.expected_regret().unwrap().unwrap_or(0.0);
    // Always picking the worse one of two candidates costs twice the average's loss.
    prop_assert!((0.0..=2.0 + 1e-9).contains(&regret), "{regret}");
    for dimension in interview.profile().unwrap().dimensions {
        let probability = dimension.probability_of_direction;
        prop_assert!((0.5..=1.0).contains(&probability), "{dimension:?}");
        prop_assert!(dimension.mean.is_finite(), "{dimension:?}");
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

/// All texts with `LEANING_THOROUGH=1`, else every 11th, which takes each place and each value in turn.
#[test]
fn whatever_one_value_is_replaced_by_is_read_or_refused_and_never_a_panic() {
    let replaced = |text: &str| -> Vec<String> {
        let tokens = tokens(text);
        let values = (0..tokens.len()).filter(|&place| is_value(&tokens, place));
        (0..values.count())
            .flat_map(|place| (0..REPLACEMENTS.len()).map(move |with| (place, with)))
            .map(|(place, with)| change(text, &[Change::Replace(place, with)]))
            .collect()
    };
    // A deck and a log with every kind of entry, without spaces, which are no tokens.
    let compact = |text: String| serde_json::from_str::<Value>(&text).unwrap().to_string();
    let every_kind = (
        compact(formats::read("leaning-deck-1")),
        formats::known_log("leaning-answers-1"),
    );
    let pairs = [(rich_deck(), VALID_LOG.to_owned()), every_kind];
    let step = if std::env::var_os("LEANING_THOROUGH").is_some() {
        1
    } else {
        11
    };
    let found: Vec<String> = pairs
        .into_iter()
        .flat_map(|(deck, log)| {
            assert!(use_it(&deck, &log).is_ok());
            let decks = replaced(&deck).into_iter().map(|deck| (deck, log.clone()));
            let logs = replaced(&log).into_iter().map(|log| (deck.clone(), log));
            decks.chain(logs).step_by(step).collect::<Vec<_>>()
        })
        .filter_map(|(deck, log)| {
            let error = use_it(&deck, &log).err()?;
            Some(format!("{deck} {log}: {error}"))
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// Strings, numbers and words as one piece each, everything else character by character.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => 2 + rest[1..].find('"').expect("the text is valid"),
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

const REPLACEMENTS: [&str; 28] = [
    "null",
    "true",
    "0",
    "-0.0",
    "-1",
    "-1e6",
    "1e9",
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

/// Numbers and strings are exchanged for each other, so that many texts stay JSON and reach deeper
/// checks.
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

/// Whether the token is neither punctuation nor the name of a field.
fn is_value(tokens: &[String], place: usize) -> bool {
    !"[]{}:,".contains(&tokens[place]) && tokens.get(place + 1).is_none_or(|next| next != ":")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn a_mutated_deck_is_read_or_refused_and_never_a_panic(
        changes in prop::collection::vec(a_change(), 1..4)
    ) {
        use_it(&change(&rich_deck(), &changes), VALID_LOG)?;
    }

    #[test]
    fn a_mutated_log_is_read_or_refused_and_never_a_panic(
        changes in prop::collection::vec(a_change(), 1..4)
    ) {
        use_it(VALID_DECK, &change(VALID_LOG, &changes))?;
    }
}
