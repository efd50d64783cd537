//! The JSON Schemas of the formats say what the types say, and agree with the validator.

use crate::fuzzed::inputs;
use crate::properties::a_case;
use jsonschema::Validator;
use leaning::format::schema;
use leaning::{Deck, Error, Log};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Rules of the formats that no schema can say: a part of the validator's message, and why.
const UNSAID: [(&str, &str); 26] = [
    ("is there twice", "ids are compared with each other"),
    (
        "with different scores",
        "scores are compared with each other",
    ),
    (
        "for double precision",
        "scores are compared with each other",
    ),
    (
        "for the scale of the deck's scores",
        "scores are compared with each other",
    ),
    ("number, found", "there are as many numbers as dimensions"),
    ("numbers, found", "there are as many numbers as dimensions"),
    ("rows, found", "there are as many rows as dimensions"),
    ("symmetric", "numbers are compared with each other"),
    (
        "positive definite",
        "it is a property of all numbers together",
    ),
    (
        "the deck has no such dimension",
        "the name of a field is an id elsewhere",
    ),
    (
        "above the band of indifference",
        "numbers are compared with each other",
    ),
    ("pairs of candidates", "sizes of several lists are added up"),
    (
        "components, found",
        "the limit depends on the number of dimensions",
    ),
    ("the log is of the deck", "it depends on the deck"),
    ("the log has the dimensions", "it depends on the deck"),
    ("the deck has no dimension", "it depends on the deck"),
    (
        "this answer was not offered",
        "without `offered` it depends on the deck",
    ),
    ("was not shown", "a name is one of another list"),
    ("lists, one per candidate", "two lists have the same length"),
    (
        "no earlier answer or statement has this id",
        "an id is one of another entry",
    ),
    (
        "expected each candidate shown, once",
        "two lists have the same names",
    ),
    (
        "expected an order of at least two groups",
        "empty groups do not count",
    ),
    (
        "expected another candidate than the best",
        "two fields differ",
    ),
    (
        "expected a whole number from 1 to",
        "a rating is at most its number of levels",
    ),
    ("triangle of rows", "each row is longer than the one before"),
    (
        "expected a whole number from 0 to",
        "no count of a summary is greater than the one before",
    ),
];

static DECK: LazyLock<Validator> = LazyLock::new(|| validator(&schema::deck()));
static ANSWERS: LazyLock<Validator> = LazyLock::new(|| validator(&schema::answers()));

fn validator(schema: &Value) -> Validator {
    jsonschema::draft7::meta::validate(schema).expect("it is a schema");
    jsonschema::draft7::new(schema).expect("its references are there")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read_json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// The reason why a value breaks a schema, if it does.
fn complaint(validator: &Validator, value: &Value) -> Option<String> {
    let error = validator.iter_errors(value).next()?;
    Some(format!("{}: {error}", error.instance_path()))
}

/// Why schema and validator disagree about a value, if they do.
fn disagreement(validator: &Validator, value: &Value, read: Result<(), Error>) -> Option<String> {
    match (complaint(validator, value), read) {
        (None, Ok(())) | (Some(_), Err(_)) => None,
        (Some(complaint), Ok(())) => Some(format!("only the schema refuses it: {complaint}")),
        (None, Err(error)) => {
            let message = error.to_string();
            let is_unsaid = UNSAID.iter().any(|(part, _)| message.contains(part));
            (!is_unsaid).then(|| format!("only the validator refuses it: {message}"))
        }
    }
}

/// `LEANING_WRITE=1` writes the files again.
#[test]
fn the_schemas_of_the_package_are_those_of_the_types() {
    for (name, schema) in [("deck", schema::deck()), ("answers", schema::answers())] {
        let path = root().join(format!("schemas/{name}.schema.json"));
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("LEANING_WRITE").is_some() {
            fs::write(&path, text).unwrap();
            continue;
        }
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            text,
            "LEANING_WRITE=1 writes it"
        );
    }
}

/// The JSON files below some folders of the repository.
fn json_files() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = ["docs", "examples", "fuzz/seeds", "tests", "www"]
        .map(|folder| root().join(folder))
        .into();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "json") {
                files.push(path);
            }
        }
    }
    files
}

static DECKS: LazyLock<Vec<(PathBuf, Value)>> = LazyLock::new(|| {
    let mut decks = files_of("leaning-deck/1");
    let fuzzed = serde_json::from_str(inputs::DECK).unwrap();
    decks.push((PathBuf::from("fuzz/inputs.rs"), fuzzed));
    decks
});

/// Logs without entries of unknown kinds: only browsers keep those.
static LOGS: LazyLock<Vec<(PathBuf, Value)>> = LazyLock::new(|| {
    let mut logs = files_of("leaning-answers/1");
    for (_, log) in &mut logs {
        let entries = log["answers"].as_array_mut().unwrap();
        let is_unknown = |entry: &Value| {
            entry["kind"]
                .as_str()
                .is_some_and(|kind| kind.starts_with("x-"))
        };
        entries.retain(|entry| !is_unknown(entry));
    }
    logs
});

/// The files of a format in the repository.
fn files_of(format: &str) -> Vec<(PathBuf, Value)> {
    let files = json_files().into_iter().map(|path| {
        let file = read_json(&path);
        (path, file)
    });
    files.filter(|(_, file)| file["format"] == format).collect()
}

/// The deck that a log is about.
fn deck_of(log: &Value) -> Deck {
    let id = &log["deck"]["id"];
    let deck = DECKS.iter().find(|(_, deck)| deck["id"] == *id);
    Deck::read(&deck.expect("its deck is there").1).unwrap()
}

#[test]
fn every_deck_and_log_of_the_repository_keeps_its_schema() {
    assert!(DECKS.len() >= 10 && LOGS.len() >= 4);
    for (path, deck) in DECKS.iter() {
        assert_eq!(Deck::read(deck).err(), None, "{}", path.display());
        assert_eq!(complaint(&DECK, deck), None, "{}", path.display());
    }
    for (path, log) in LOGS.iter() {
        let read = Log::read(log, &deck_of(log));
        assert_eq!(read.err(), None, "{}", path.display());
        assert_eq!(complaint(&ANSWERS, log), None, "{}", path.display());
    }
}

#[test]
fn every_bad_input_breaks_its_schema_or_a_rule_that_no_schema_can_say() {
    let table: Vec<Value> = serde_json::from_str(include_str!("bad/inputs.json")).unwrap();
    let deck = Deck::from_json(include_str!("bad/deck.json")).unwrap();
    // The others are no JSON.
    let mut rows: Vec<&Value> = table
        .iter()
        .filter(|row| row.get("value").is_some())
        .collect();
    rows.retain(|row| !row["value"].is_null() || row["name"] == "null");
    assert!(rows.len() > 150, "{}", rows.len());
    let disagreements: Vec<String> = rows
        .into_iter()
        .filter_map(|row| {
            let value = &row["value"];
            let disagreement = if row["kind"] == "deck" {
                disagreement(&DECK, value, Deck::read(value).map(drop))
            } else {
                disagreement(&ANSWERS, value, Log::read(value, &deck).map(drop))
            };
            Some(format!("{}: {}", row["name"], disagreement?))
        })
        .collect();
    assert!(disagreements.is_empty(), "{disagreements:#?}");
}

/// A change of one place of a JSON value.
#[derive(Debug, Clone)]
struct Change {
    place: Index,
    replacement: Option<Value>,
}

fn a_change() -> impl Strategy<Value = Change> {
    let values = json!([
        null,
        true,
        -1,
        0,
        1,
        2,
        2.0,
        2.5,
        3,
        4,
        5,
        12,
        1e100,
        1e101,
        -1e101,
        "",
        " ",
        "a/b",
        "p1/a",
        "d0",
        "tie",
        "neither",
        "skip",
        "much",
        "slightly",
        "choice",
        "grades",
        "answer",
        "rating",
        "best-worst",
        "order",
        "retract",
        "statement",
        "summary",
        "en",
        "//host/a.png",
        "data:image/png,",
        [],
        {},
        [[]],
        ["tie"],
        ["grades"],
        [1.0],
        ["p1/a", "p1/b"]
    ]);
    let values = values.as_array().unwrap().clone();
    let replacement = prop::option::weighted(0.8, prop::sample::select(values));
    (any::<Index>(), replacement).prop_map(|(place, replacement)| Change { place, replacement })
}

/// The places of a value and all values in it, as JSON pointers.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{place}"), all);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(field, &format!("{at}/{name}"), all);
            }
        }
        _ => {}
    }
}

/// Puts another value in a place, or takes the field or item away.
fn change(value: &mut Value, change: &Change) {
    let mut all = Vec::new();
    pointers(value, "", &mut all);
    let place = change.place.get(&all);
    if let Some(replacement) = &change.replacement {
        *value.pointer_mut(place).unwrap() = replacement.clone();
        return;
    }
    let Some((parent, last)) = place.rsplit_once('/') else {
        return;
    };
    match value.pointer_mut(parent).unwrap() {
        Value::Array(items) => drop(items.remove(last.parse().unwrap())),
        Value::Object(fields) => drop(fields.remove(&last.replace("~1", "/").replace("~0", "~"))),
        _ => {}
    }
}

/// The smaller of some files. Large ones have the same fields.
fn small(files: &[(PathBuf, Value)]) -> Vec<Value> {
    let files = files.iter().map(|(_, file)| file.clone());
    files
        .filter(|file| file.to_string().len() < 20_000)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn changed_decks_of_the_repository_keep_both_or_neither(
        deck in prop::sample::select(small(&DECKS)),
        changes in prop::collection::vec(a_change(), 1..3),
    ) {
        let mut deck = deck;
        changes.iter().for_each(|one| change(&mut deck, one));
        let disagreement = disagreement(&DECK, &deck, Deck::read(&deck).map(drop));
        prop_assert_eq!(disagreement, None);
    }

    #[test]
    fn changed_logs_of_the_repository_keep_both_or_neither(
        log in prop::sample::select(small(&LOGS)),
        changes in prop::collection::vec(a_change(), 1..3),
    ) {
        let deck = deck_of(&log);
        let mut log = log;
        changes.iter().for_each(|one| change(&mut log, one));
        let disagreement = disagreement(&ANSWERS, &log, Log::read(&log, &deck).map(drop));
        prop_assert_eq!(disagreement, None);
    }

    #[test]
    fn changed_decks_and_logs_that_were_generated_keep_both_or_neither(
        case in a_case(),
        changes in prop::collection::vec(a_change(), 0..3),
    ) {
        let mut deck = case.parts.json();
        changes.iter().for_each(|one| change(&mut deck, one));
        prop_assert_eq!(disagreement(&DECK, &deck, Deck::read(&deck).map(drop)), None);
        let mut log = case.parts.log_json(&case.entries);
        changes.iter().for_each(|one| change(&mut log, one));
        let read = Log::read(&log, &case.parts.deck()).map(drop);
        prop_assert_eq!(disagreement(&ANSWERS, &log, read), None);
    }

    #[test]
    fn texts_with_a_rule_of_their_own_keep_both_or_neither(
        id in "[a/ \n]{0,3}",
        tag in "[a-zA-Z0-9_-]{0,12}",
        src in "(data:image/|DATA:Image/|data:)?[a:/?#.\\\\ \t\u{85}\u{a0}é-]{0,5}",
        alt in "[ \t\u{85}\u{a0}\u{feff}\u{3000}a]{0,2}",
    ) {
        let deck: Value = serde_json::from_str(include_str!("bad/deck.json")).unwrap();
        let image = json!({ "src": src, "alt": alt, "width": 1, "height": 1 });
        let changes = [
            ("/id", json!(id)),
            ("/prompts/0/candidates/0/id", json!(id)),
            ("/words", json!({ tag: {} })),
            ("/prompts/0/image", image.clone()),
            ("/prompts/0/candidates/0/image", image),
        ];
        for (place, text) in changes {
            let mut deck = deck.clone();
            let (parent, field) = place.rsplit_once('/').unwrap();
            deck.pointer_mut(parent).unwrap()[field] = text;
            prop_assert_eq!(disagreement(&DECK, &deck, Deck::read(&deck).map(drop)), None);
        }
    }
}
