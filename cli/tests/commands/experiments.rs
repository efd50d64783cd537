//! `leaning experiments`

use crate::Folder;
use std::fs;

#[test]
fn the_report_is_written_with_its_pictures() {
    let folder = Folder::new();
    let outcome = folder.run("experiments --tiny --only several --out docs");
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(0), ""),
        "{outcome:?}"
    );
    let report = fs::read_to_string(folder.0.join("docs/experiments.md")).unwrap();
    assert!(
        report.starts_with("# ") && report.contains("\n## Two, three or four"),
        "{report}"
    );
    let pictures: Vec<&str> = report
        .lines()
        .filter_map(|line| line.strip_prefix("!["))
        .collect();
    assert_eq!(pictures.len(), 1);
    for picture in pictures {
        let file = picture.split_once("](").unwrap().1.trim_end_matches(')');
        assert!(folder.0.join("docs").join(file).exists(), "{file}");
    }
}

#[test]
fn without_a_folder_the_report_is_printed() {
    let folder = Folder::new();
    let command = folder.command("experiments --tiny --only shared").output();
    let output = command.unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        report.starts_with("# ") && report.contains("\n## Weights shared"),
        "{report}"
    );
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
}

#[test]
fn an_unknown_experiment_is_wrong_usage_and_the_known_ones_are_named() {
    let outcome = Folder::new().run("experiments --only nothing");
    let message = outcome.usage();
    assert!(
        message.contains("recovery") && message.contains("fit-study"),
        "{message}"
    );
}

#[test]
fn without_its_figures_the_comparison_with_others_fails_if_it_is_named() {
    let folder = Folder::new();
    for out in ["", " --out docs"] {
        let outcome = folder.run(&format!("experiments --only peers{out}"));
        let message = outcome.wrong_option();
        assert!(message.contains("experiments/peers.csv"), "{message}");
    }
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
}

#[test]
fn without_real_choices_the_experiment_about_them_fails() {
    let folder = Folder::new();
    let mut command = folder.command("experiments --only real");
    let output = command.env_remove("LEANING_DATA").output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(
        message.contains("--data") && message.lines().count() == 1,
        "{message}"
    );
}
