//! Files, standard input and standard output, good and bad.

use crate::{Folder, log, plain_deck};
use serde_json::json;

#[test]
fn a_minus_reads_standard_input() {
    let deck = plain_deck();
    let nothing = log(&deck, json!([]));
    let candidates = json!([{ "id": "only", "scores": [1] }]);
    let folder = Folder::new()
        .with("deck.json", &deck)
        .with("answers.json", &nothing);
    assert_eq!(
        folder
            .run_with_input("check -", &deck.to_string())
            .result_and_notes()["id"],
        "plain"
    );
    let result = folder
        .run_with_input("infer --deck deck.json --answers -", &nothing.to_string())
        .result();
    assert_eq!(result["answers"], 0);
    let result = folder
        .run_with_input(
            "rank --deck deck.json --candidates -",
            &candidates.to_string(),
        )
        .result();
    assert_eq!(result[0]["id"], "only");
}

#[test]
fn a_flaw_in_standard_input_is_named() {
    let outcome = Folder::new().run_with_input("check -", "{}");
    assert_eq!(
        outcome.failure(),
        "leaning: standard input: format: missing"
    );
}

#[test]
fn standard_input_cannot_be_two_files() {
    let folder = Folder::new();
    for arguments in [
        "infer --deck - --answers -",
        "rank --deck deck.json --answers - --candidates -",
    ] {
        assert!(folder.run(arguments).usage().contains("only once"));
    }
}

#[test]
fn a_missing_file_is_named() {
    let folder = Folder::new().with("deck.json", &plain_deck());
    assert_eq!(
        folder.run("check nope.json").failure(),
        "leaning: nope.json: there is no such file"
    );
    let outcome = folder.run("infer --deck deck.json --answers nope.json");
    assert_eq!(
        outcome.failure(),
        "leaning: nope.json: there is no such file"
    );
    let outcome = folder.run("rank --deck deck.json --candidates nope.json");
    assert_eq!(
        outcome.failure(),
        "leaning: nope.json: there is no such file"
    );
}

#[test]
fn a_directory_is_not_a_file() {
    assert_eq!(
        Folder::new().run("check .").failure(),
        "leaning: .: is a directory, not a file"
    );
}

#[test]
fn text_that_is_not_utf_8_is_refused() {
    let folder = Folder::new().with_bytes("deck.json", b"{\"id\": \"caf\xe9\"}");
    assert_eq!(
        folder.run("check deck.json").failure(),
        "leaning: deck.json: not UTF-8 text: byte 12 is wrong"
    );
}

#[test]
fn text_that_is_not_json_is_refused_with_line_and_column() {
    let folder = Folder::new()
        .with_bytes("deck.json", "{\n  \"format\": oops\n}")
        .with_bytes("empty.json", "");
    let outcome = folder.run("check deck.json");
    assert_eq!(
        outcome.failure(),
        "leaning: deck.json: not usable as JSON: expected value at line 2 column 13"
    );
    assert!(
        folder
            .run("check empty.json")
            .failure()
            .starts_with("leaning: empty.json: not usable as JSON: ")
    );
}

#[test]
fn a_table_in_place_of_a_deck_is_told_from_broken_json() {
    for table in [
        "id,prompt,x\na,p,1\n",
        "\u{feff}id;prompt;x\n",
        "id\tprompt",
    ] {
        let folder = Folder::new().with_bytes("ways.csv", table);
        for command in ["check ways.csv", "ask --deck ways.csv"] {
            assert_eq!(
                folder.run(command).failure(),
                "leaning: ways.csv: expected a deck, found a table, of which `leaning build` makes a deck"
            );
        }
    }
}

#[test]
fn a_byte_order_mark_is_ignored() {
    let folder = Folder::new().with_bytes("deck.json", format!("\u{feff}{}", plain_deck()));
    assert_eq!(
        folder.run("check deck.json").result_and_notes()["valid"],
        true
    );
}

#[test]
fn very_deep_lists_are_refused() {
    let folder = Folder::new().with_bytes("bomb.json", "[".repeat(50_000_000));
    assert!(
        folder
            .run("check bomb.json")
            .failure()
            .starts_with("leaning: bomb.json: not usable as JSON: ")
    );
}

#[test]
fn a_message_that_quotes_a_file_stays_on_one_line_and_short() {
    let mut deck = plain_deck();
    deck["format"] = json!("first\nsecond\u{1b}[31m");
    let folder = Folder::new().with("deck.json", &deck);
    let outcome = folder.run("check deck.json");
    assert!(
        outcome.failure().ends_with(r#"found "first second [31m""#),
        "{outcome:?}"
    );
    deck["format"] = json!("x".repeat(100_000));
    let folder = folder.with("deck.json", &deck);
    assert!(folder.run("check deck.json").failure().len() < 1100);
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use crate::demo;
    use std::fs::{self, File};
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Stdio;

    #[test]
    fn a_closed_standard_output_is_not_a_failure() {
        let mut child = Folder::new()
            .command("check -")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        // The command waits for its input, so it has not written anything yet.
        drop(child.stdout.take());
        child
            .stdin
            .take()
            .unwrap()
            .write_all(demo().to_string().as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    }

    #[test]
    fn a_closed_standard_error_changes_nothing_about_the_exit_code() {
        let mut child = Folder::new()
            .command("check -")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stderr.take());
        drop(child.stdin.take());
        assert_eq!(child.wait().unwrap().code(), Some(1));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_a_failure() {
        let folder = Folder::new().with("deck.json", &demo());
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = folder
            .command("check deck.json")
            .stdout(full)
            .output()
            .unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            words.starts_with("leaning: standard output: ") && words.lines().count() == 1,
            "{words}"
        );
    }

    #[test]
    fn a_file_that_may_not_be_read_is_named() {
        let folder = Folder::new().with("deck.json", &plain_deck());
        let path = folder.0.join("deck.json");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        // Root can read it anyway.
        if File::open(&path).is_err() {
            assert!(
                folder
                    .run("check deck.json")
                    .failure()
                    .starts_with("leaning: deck.json: ")
            );
        }
    }
}
