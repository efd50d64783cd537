//! Tests of the binary, on the demo deck and on decks small enough to calculate by hand.
// The package is empty for wasm32; see `src/main.rs`.
#![cfg(not(target_family = "wasm"))]

mod ask;
mod build;
mod check;
mod evaluate;
mod experiments;
mod fit;
mod gateway;
mod infer;
mod input;
mod model;
mod output;
mod prior;
mod rank;
mod schema;
mod score;
mod scorers;
mod shell;
mod simulate;
mod text;
mod tls;
mod words;

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio, id};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The deck of the site: six dimensions, no prior of its own.
const DEMO: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../www/decks/assistant-style-en.json"
);

fn demo() -> Value {
    serde_json::from_slice(&fs::read(DEMO).unwrap()).unwrap()
}

/// A deck of one dimension. Prior N(0, 1), no lapses, no ties: P(a over b) = σ(λ·z).
fn plain_deck() -> Value {
    json!({
        "format": "leaning-deck/1", "id": "plain", "version": "7",
        "dimensions": [{ "id": "brevity", "low": "thorough", "high": "brief" }],
        "prior": { "mean": [0], "covariance": [[1]] },
        "answers": { "lapse": 0, "indifference": 0 },
        "prompts": [
            { "id": "p1", "candidates": [{ "id": "a", "scores": [1] }, { "id": "b", "scores": [-1] }] },
            { "id": "p2", "candidates": [{ "id": "a", "scores": [0.5] }, { "id": "b", "scores": [0.5] },
                                         { "id": "c", "scores": [-0.25] }] }
        ]
    })
}

/// The log of a person who gave these answers about `deck`.
fn log(deck: &Value, answers: Value) -> Value {
    let dimensions: Vec<&Value> = deck["dimensions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["id"])
        .collect();
    json!({
        "format": "leaning-answers/1",
        "deck": { "id": deck["id"], "version": deck["version"], "dimensions": dimensions },
        "answers": answers
    })
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}

#[track_caller]
fn assert_close(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "found {found}, expected {expected} ± {tolerance}"
    );
}

/// A folder of files for one test, in which the command runs. It is removed after the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("{}-{}", id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn with(self, name: &str, content: &Value) -> Self {
        self.with_bytes(name, content.to_string())
    }

    fn with_bytes(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(name), content).unwrap();
        self
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leaning"));
        command
            .current_dir(&self.0)
            .args(arguments.split_whitespace());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs `leaning` with these arguments, separated by spaces.
    fn run(&self, arguments: &str) -> Outcome {
        self.run_with_input(arguments, "")
    }

    fn run_with_input(&self, arguments: &str, input: &str) -> Outcome {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read its input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(Debug)]
struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Outcome {
    /// The result: one line of JSON, and no notes.
    #[track_caller]
    fn result(&self) -> Value {
        assert_eq!(self.stderr, "", "{self:?}");
        self.result_and_notes()
    }

    /// The result, with or without notes.
    #[track_caller]
    fn result_and_notes(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        assert!(
            self.stdout.ends_with('\n') && self.stdout.lines().count() == 1,
            "{self:?}"
        );
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The one line that says why there is no result.
    #[track_caller]
    fn failure(&self) -> &str {
        assert_eq!((self.code, self.stdout.as_str()), (Some(1), ""), "{self:?}");
        assert!(
            self.stderr.ends_with('\n') && self.stderr.lines().count() == 1,
            "{self:?}"
        );
        self.stderr.trim_end()
    }

    /// The one line about an option that has a wrong value.
    #[track_caller]
    fn wrong_option(&self) -> &str {
        assert_eq!(self.usage().lines().count(), 1, "{self:?}");
        self.stderr.trim_end()
    }

    /// The message about wrong usage.
    #[track_caller]
    fn usage(&self) -> &str {
        assert_eq!((self.code, self.stdout.as_str()), (Some(2), ""), "{self:?}");
        &self.stderr
    }
}

#[test]
fn help_has_an_example_for_every_command() {
    let folder = Folder::new();
    let commands = [
        "check",
        "infer",
        "ask",
        "rank",
        "summary",
        "instructions",
        "simulate",
        "score",
        "build",
        "evaluate",
        "fit",
        "prior",
        "gateway",
        "experiments",
        "stand-in",
        "completions",
        "man",
    ];
    for command in [""].into_iter().chain(commands) {
        let outcome = folder.run(&format!("{command} --help"));
        assert_eq!(
            (outcome.code, outcome.stderr.as_str()),
            (Some(0), ""),
            "{outcome:?}"
        );
        let (_, example) = outcome.stdout.split_once("Example:").unwrap();
        assert!(example.contains(&format!("leaning {command}")), "{example}");
    }
}

#[test]
fn a_mistyped_word_is_guessed() {
    let table = "id,prompt,price\na,p,1\nb,p,2\n";
    let folder = Folder::new().with_bytes("r.csv", table);
    let guesses = |arguments: &str, guess: &str| {
        let outcome = folder.run(arguments);
        assert!(outcome.usage().contains(guess), "{outcome:?}");
    };
    guesses("chekc deck.json", "'check'");
    guesses("ask --dekc deck.json", "'--deck'");
    guesses(
        "ask --deck d.json --strategy informaton-gain",
        "'information-gain'",
    );
    guesses("simulate --tastes two-pole", "'two-poles'");
    guesses(
        "build --responses r.csv --scores prise",
        "did you mean price?",
    );
    guesses(
        "build --responses r.csv --style --dimensions brevty",
        "did you mean brevity?",
    );
}

#[test]
fn without_a_known_command_the_exit_code_is_2() {
    let folder = Folder::new();
    assert!(folder.run("").usage().contains("Usage: leaning"));
    assert!(folder.run("check").usage().contains("<DECK>"));
    assert!(folder.run("infer").usage().contains("--deck"));
    assert!(
        folder
            .run("rank --deck deck.json")
            .usage()
            .contains("--candidates")
    );
}

#[test]
fn a_file_without_an_option_is_told_by_which_it_is_given() {
    let folder = Folder::new();
    for (arguments, hint) in [
        ("simulate deck.json", "'--deck deck.json'"),
        ("infer deck.json --answers l.json", "'--deck deck.json'"),
        ("fit r.csv c.csv", "'--responses r.csv'"),
        ("prior --deck d.json s.jsonl", "'--shared s.jsonl'"),
    ] {
        let outcome = folder.run(arguments);
        assert!(outcome.usage().contains(hint), "{outcome:?}");
    }
    for arguments in ["check a.json b.json", "ask --dekc deck.json"] {
        let outcome = folder.run(arguments);
        assert!(!outcome.usage().contains("given by"), "{outcome:?}");
    }
}

#[test]
fn wrong_usage_shows_no_character_that_could_deceive() {
    let outcome = Folder::new().run("check a.json b\u{1b}]0;x\u{7}\u{202e}nosj.c\u{9b}1m");
    let message = outcome.usage();
    assert!(
        message.contains(r"'b\u{1b}]0;x\u{7}\u{202e}nosj.c\u{9b}1m'"),
        "{message}"
    );
    let is_plain = |character: char| character == '\n' || !character.is_control();
    assert!(message.chars().all(is_plain), "{message}");
}
