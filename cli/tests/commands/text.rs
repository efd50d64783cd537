//! The pages that commands print at a terminal. `--format text` is the same without one.

use crate::{DEMO, Folder, demo, log};
use serde_json::{Value, json};
use std::fs;
use textwrap::core::display_width;

/// Recorded outputs, a line each: the command, a tab, and what it printed.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/commands/outputs.tsv");

/// Commands whose outputs are recorded.
const COMMANDS: [&str; 7] = [
    "check d.json",
    "infer --deck d.json --answers a.json",
    "ask --deck d.json --answers a.json --seed 1",
    "ask --deck d.json --questions 0",
    "rank --deck d.json --answers a.json --candidates c.json",
    "simulate --deck d.json --people 2 --answers 2 --strategy random",
    "build --responses r.csv --scores all --id d",
];

/// Commands whose outputs are not recorded: they take their numbers from other crates.
const OTHERS: [&str; 4] = [
    "build --responses r.csv --scores all --id d --out built.json",
    "fit --responses r.csv --comparisons choices.csv --dimensions 1 --out fitted.json",
    "evaluate --deck columns.json --responses r.csv --comparisons choices.csv --answers 0,2 --test 1 --seeds 1",
    "experiments --tiny --only shared",
];

/// A deck of two dimensions with texts, a person's answers, candidates, and people's choices.
fn folder() -> Folder {
    let deck = deck();
    let shown = |prompt: &str| [format!("{prompt}/a"), format!("{prompt}/b")];
    let chose = |prompt: &str| json!({ "shown": shown(prompt), "scores": [[1, 0.5], [-1, 0]], "chose": format!("{prompt}/a") });
    let answers = json!([chose("p1"), chose("p2")]);
    let candidates =
        json!([{ "id": "long", "scores": [-0.8, 0] }, { "id": "short", "scores": [0.9, 1] }]);
    let mut responses = "id,prompt,x,y\n".to_owned();
    let mut choices = "user,shown,chose\n".to_owned();
    for prompt in 0..3 {
        for (place, name) in ["a", "b"].into_iter().enumerate() {
            let (x, y) = (place * 2 + prompt, (place + prompt) % 2);
            responses.push_str(&format!("{prompt}{name},{prompt},{x},{y}\n"));
        }
    }
    for (place, user) in ["ann", "bob", "cleo", "dan", "eve", "fay"]
        .into_iter()
        .enumerate()
    {
        for prompt in 0..3 {
            let taken = if (place + prompt) % 3 == 0 { "a" } else { "b" };
            choices.push_str(&format!("{user},{prompt}a|{prompt}b,{prompt}{taken}\n"));
        }
    }
    let mut columns = deck.clone();
    columns["dimensions"] = json!([{ "id": "x" }, { "id": "y" }]);
    Folder::new()
        .with("a.json", &log(&deck, answers))
        .with("d.json", &deck)
        .with("columns.json", &columns)
        .with("c.json", &candidates)
        .with_bytes("r.csv", responses)
        .with_bytes("choices.csv", choices)
}

fn deck() -> Value {
    let prompt = |id: &str| {
        json!({ "id": id, "text": "How do I boil an egg?", "candidates": [
            { "id": "a", "text": "Seven minutes.", "scores": [1, 0.5] },
            { "id": "b", "text": "It depends on the egg.\n\nTake a pot.", "scores": [-1, 0] },
        ] })
    };
    json!({
        "format": "leaning-deck/1", "id": "eggs", "version": "7", "title": "Eggs",
        "dimensions": [
            { "id": "brevity", "label": "Length", "low": "thorough", "high": "brief" },
            { "id": "warmth", "label": "Warmth", "low": "cool", "high": "warm" },
        ],
        "prompts": [prompt("p1"), prompt("p2"), prompt("p3")],
    })
}

/// The standard output of a command at a width.
#[track_caller]
fn printed(folder: &Folder, arguments: &str, width: usize) -> String {
    let mut command = folder.command(arguments);
    let output = command
        .env("COLUMNS", width.to_string())
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn text(folder: &Folder, arguments: &str, width: usize) -> String {
    printed(folder, &format!("{arguments} --format text"), width)
}

fn every_command() -> impl Iterator<Item = &'static str> {
    COMMANDS.into_iter().chain(OTHERS)
}

#[test]
fn a_pipe_gets_json_bit_for_bit_as_before() {
    let recorded = fs::read_to_string(RECORDED).unwrap();
    let folder = folder();
    let found: String = COMMANDS
        .iter()
        .map(|command| format!("{command}\t{}", printed(&folder, command, 80)))
        .collect();
    let differing = found
        .lines()
        .zip(recorded.lines())
        .find(|(found, recorded)| found != recorded);
    assert_eq!(differing, None);
    assert_eq!(found.lines().count(), recorded.lines().count());
}

/// After a change that means to change them:
/// `cargo test -p leaning-cli -- --ignored write_the_recorded_outputs`.
#[test]
#[ignore = "writes the file of recorded outputs"]
fn write_the_recorded_outputs() {
    let folder = folder();
    let outputs = COMMANDS.map(|command| format!("{command}\t{}", printed(&folder, command, 80)));
    fs::write(RECORDED, outputs.concat()).unwrap();
}

#[test]
fn json_is_the_output_of_a_pipe() {
    let folder = folder();
    for command in every_command() {
        let piped = printed(&folder, command, 40);
        assert!(!piped.is_empty(), "{command}");
        assert_eq!(
            printed(&folder, &format!("{command} --json"), 80),
            piped,
            "{command}"
        );
        assert_eq!(
            printed(&folder, &format!("--format json {command}"), 80),
            piped,
            "{command}"
        );
    }
    folder.run("check d.json --json --format text").usage();
}

#[test]
fn no_line_is_wider_than_the_window() {
    let folder = folder().with("demo.json", &demo());
    let demo = [
        "check demo.json",
        "infer --deck demo.json",
        "ask --deck demo.json --seed 1",
    ];
    for width in [40, 80, 200] {
        for command in every_command().chain(demo) {
            let text = text(&folder, command, width);
            let widest = text.lines().map(display_width).max().unwrap();
            assert!(0 < widest && widest <= width, "{command}: {widest}\n{text}");
            assert!(!text.contains('\u{1b}'), "{command}: {text:?}");
        }
    }
}

#[test]
fn texts_say_what_a_person_wants_to_know() {
    let folder = folder();
    let says = |command: &str, phrases: &[&str]| {
        let text = text(&folder, command, 80);
        for phrase in phrases {
            assert!(text.contains(phrase), "{command}: {phrase}\n{text}");
        }
    };
    says(
        COMMANDS[0],
        &[
            "Eggs",
            "✓",
            "Length",
            "thorough – brief",
            "leaning ask --deck d.json",
        ],
    );
    says(
        COMMANDS[1],
        &[
            "2 answers",
            "brief",
            "●",
            "━",
            "leaning ask --deck d.json --answers a.json",
        ],
    );
    says(
        COMMANDS[2],
        &[
            "Question 3",
            "How do I boil an egg?",
            "Seven minutes.",
            "Take a pot.",
            "bits",
            "a.json",
        ],
    );
    says(COMMANDS[3], &["over", "leaning infer --deck d.json"]);
    says(COMMANDS[4], &["1  short", "2  long", "%", "brief +"]);
    says(
        COMMANDS[5],
        &["Regret", "Harm", "random", "2 simulated people"],
    );
    // Nothing is written, and nobody wants a deck on the screen.
    says(COMMANDS[6], &["--out FILE", "differs by"]);
    says(OTHERS[0], &["leaning check built.json"]);
    says(
        OTHERS[1],
        &["A fitted deck", "±", "leaning check fitted.json"],
    );
    says(
        OTHERS[2],
        &["Accuracy", "one-weight-for-all", "Log-likelihood"],
    );
    says(OTHERS[3], &["Weights shared under differential privacy"]);
}

#[test]
fn the_entry_to_add_is_an_answer_that_counts() {
    let folder = folder();
    let text = text(&folder, "ask --deck d.json --seed 1", 60);
    // The entry, and then the rest of a new file.
    let (_, rest) = text.split_once("like this").unwrap();
    let mut objects = Vec::new();
    for (place, _) in rest.match_indices("\n  {") {
        let mut values = serde_json::Deserializer::from_str(&rest[place..]).into_iter::<Value>();
        objects.push(values.next().unwrap().unwrap());
    }
    let [entry, file] = &objects[..] else {
        panic!("{text}")
    };
    let mut file = file.clone();
    file["answers"] = json!([entry]);
    let folder = folder.with("new.json", &file);
    let result = folder
        .run("infer --deck d.json --answers new.json")
        .result();
    assert_eq!(result["answers"], 1);
}

#[test]
fn a_fit_at_a_terminal_is_told_where_to_put_the_deck_before_it_starts() {
    let command = OTHERS[1].replace("--out fitted.json", "--format text");
    let outcome = folder().run(&command);
    assert!(
        outcome.wrong_option().starts_with("leaning: --out: "),
        "{outcome:?}"
    );
}

#[test]
fn colours_come_and_go_with_the_option_and_the_environment() {
    let folder = folder();
    let run = |option: &str, variables: &[(&str, &str)]| {
        let mut command = folder.command(&format!("check d.json --format text {option}"));
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        let output = command
            .env("COLUMNS", "80")
            .envs(variables.iter().copied())
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let plain = run("", &[]);
    assert!(!plain.contains('\u{1b}'));
    let coloured = run("--color always", &[]);
    assert!(coloured.contains("\u{1b}[32m✓"), "{coloured:?}");
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    assert_eq!(run("", &[("CLICOLOR_FORCE", "1")]), coloured);
    assert_eq!(
        run("", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]),
        plain
    );
    assert_eq!(run("--color never", &[("CLICOLOR_FORCE", "1")]), plain);
}

#[test]
fn wide_characters_stay_in_their_columns() {
    let mut deck = deck();
    deck["dimensions"] = json!([
        { "id": "brevity", "label": "長さ", "low": "くわしい", "high": "短い" },
        { "id": "warmth", "label": "Warmth", "low": "cool", "high": "あたたかい" },
    ]);
    for prompt in deck["prompts"].as_array_mut().unwrap() {
        prompt["text"] = "卵はどうやってゆでますか。".repeat(6).into();
        prompt["candidates"][0]["text"] = "七分間ゆでてください。".repeat(9).into();
    }
    let folder = Folder::new().with("d.json", &deck);
    for width in [40, 80, 200] {
        let ask = text(&folder, "ask --deck d.json --seed 1", width);
        assert!(
            ask.lines().all(|line| display_width(line) <= width),
            "{ask}"
        );
    }
    let infer = text(&folder, "infer --deck d.json", 80);
    let before_picture: Vec<usize> = infer
        .lines()
        .filter(|line| line.contains('●') && line.contains('·'))
        .map(|line| display_width(&line[..line.find(['·', '━']).unwrap()]))
        .collect();
    assert_eq!(before_picture.len(), 2, "{infer}");
    assert_eq!(before_picture[0], before_picture[1], "{infer}");
}

#[test]
fn control_characters_of_a_deck_never_reach_the_terminal() {
    let evil = "\u{1b}]0;owned\u{7}\u{9b}31m\u{1b}[2J\r\u{8}\u{202e}x";
    let mut deck = deck();
    deck["title"] = evil.into();
    for dimension in deck["dimensions"].as_array_mut().unwrap() {
        for field in ["label", "low", "high"] {
            dimension[field] = evil.into();
        }
    }
    for prompt in deck["prompts"].as_array_mut().unwrap() {
        prompt["text"] = format!("{evil}\nmore").into();
        for candidate in prompt["candidates"].as_array_mut().unwrap() {
            candidate["text"] = format!("{evil}\nmore\tmore").into();
        }
    }
    let candidates = json!([{ "id": evil, "scores": [1, 0] }, { "id": "b", "scores": [0, 1] }]);
    let folder = Folder::new()
        .with("d.json", &deck)
        .with("c.json", &candidates);
    for command in [
        "check d.json",
        "infer --deck d.json",
        "ask --deck d.json",
        "rank --deck d.json --candidates c.json",
    ] {
        let text = text(&folder, &format!("{command} --color always"), 80);
        // The styles of the page itself, and nothing else.
        let mut rest = text.replace('\n', "");
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            let (style, after) = after.split_once('m').unwrap();
            assert!(
                style.chars().all(|c| c.is_ascii_digit() || c == ';'),
                "{command}: {style:?}"
            );
            // An escaped sequence of the deck has lost its escape character.
            assert!(
                ["0", "1", "2", "31", "32", "33", "36"].contains(&style),
                "{command}: {style:?}"
            );
            rest = format!("{before}{after}");
        }
        let unsafe_one = rest.chars().find(|c| c.is_control() || *c == '\u{202e}');
        assert_eq!(unsafe_one, None, "{command}: {rest:?}");
        assert!(text.contains('\u{fffd}'), "{command}: {text}");
    }
}

#[test]
fn notes_of_a_page_are_wrapped_and_marked() {
    let folder = Folder::new().with_bytes("r.csv", "id,prompt,x,same\na,p,1,1\nb,p,2,1\n");
    let mut command = folder.command("build --responses r.csv --scores all --format text");
    let output = command.env("COLUMNS", "40").output().unwrap();
    let notes = String::from_utf8(output.stderr).unwrap();
    assert!(notes.contains("\n! same is left out"), "{notes}");
    assert!(
        notes.lines().all(|line| display_width(line) <= 40),
        "{notes}"
    );
}

/// A real terminal, where the program `script` makes one.
#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_the_page_is_the_default() {
    use std::process::{Command, Stdio};
    let run = |variable: &str| {
        let command = format!("{} check {DEMO}", env!("CARGO_BIN_EXE_leaning"));
        let output = Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .env_remove("CLICOLOR_FORCE")
            .env_remove("NO_COLOR")
            .env("TERM", "xterm")
            .env("COLUMNS", "60")
            .env(variable, "1")
            .stdin(Stdio::null())
            .output();
        output
            .ok()
            .map(|output| String::from_utf8(output.stdout).unwrap())
    };
    let (Some(coloured), Some(plain)) = (run("LEANING_TEST"), run("NO_COLOR")) else {
        eprintln!("skipped: there is no program script");
        return;
    };
    assert!(
        coloured.contains("The deck is valid.") && coloured.contains("\u{1b}[32m"),
        "{coloured:?}"
    );
    assert!(
        plain.contains("The deck is valid.") && !plain.contains('\u{1b}'),
        "{plain:?}"
    );
}
