//! Files that commands write.

use crate::{Folder, Outcome};
use serde_json::Value;
use std::fs;

const BUILD: &str = "build --responses r.csv --scores x --id d --out";

fn folder() -> Folder {
    Folder::new().with_bytes("r.csv", "id,prompt,x\na,p,1\nb,p,2\n")
}

fn names(folder: &Folder) -> Vec<String> {
    let files = fs::read_dir(&folder.0).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The deck of every build in this file.
fn deck() -> String {
    let folder = folder();
    build(&folder, "d.json");
    fs::read_to_string(folder.0.join("d.json")).unwrap()
}

#[track_caller]
fn build(folder: &Folder, out: &str) -> Outcome {
    let outcome = folder.run(&format!("{BUILD} {out}"));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    outcome
}

#[test]
fn a_folder_or_a_missing_folder_cannot_be_written_to() {
    let folder = folder();
    assert_eq!(
        folder.run(&format!("{BUILD} .")).failure(),
        "leaning: .: is a directory, not a file"
    );
    let outcome = folder.run(&format!("{BUILD} nowhere/d.json"));
    assert!(
        outcome.failure().starts_with("leaning: nowhere/d.json: "),
        "{outcome:?}"
    );
    assert_eq!(names(&folder), ["r.csv"]);
}

#[test]
fn curves_replace_older_ones_and_a_file_in_the_way_is_named_before_anything_is_computed() {
    let folder = Folder::new().with_bytes("taken", "old");
    // This number of people would take hours.
    let outcome = folder.run("simulate --people 4000000000 --out taken/curves");
    assert_eq!(
        outcome.failure(),
        "leaning: taken: expected a folder, found a file"
    );
    let run =
        || folder.run("simulate --people 2 --answers 1 --others 0 --strategy random --out curves");
    assert_eq!(run().code, Some(0));
    let curves = |name: &str| fs::read_to_string(folder.0.join("curves").join(name)).unwrap();
    let (table, picture) = (curves("regret.csv"), curves("regret.svg"));
    assert!(
        table.starts_with("strategy")
            && picture.trim_end().ends_with("</svg>")
            && !curves("regret.md").is_empty()
    );
    fs::write(folder.0.join("curves/regret.csv"), "cut sho").unwrap();
    assert_eq!(run().code, Some(0));
    assert_eq!(
        (curves("regret.csv"), curves("regret.svg")),
        (table, picture)
    );
    assert_eq!(fs::read_dir(folder.0.join("curves")).unwrap().count(), 6);
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::{Command, Stdio};

    #[test]
    fn a_link_stays_and_its_target_is_replaced() {
        let folder = folder();
        fs::create_dir(folder.0.join("far")).unwrap();
        fs::write(folder.0.join("far/d.json"), "old").unwrap();
        // Links are relative to where they stand.
        symlink("d.json", folder.0.join("far/link.json")).unwrap();
        symlink("far/link.json", folder.0.join("link.json")).unwrap();
        build(&folder, "link.json");
        for link in ["link.json", "far/link.json"] {
            assert!(
                fs::symlink_metadata(folder.0.join(link))
                    .unwrap()
                    .is_symlink(),
                "{link}"
            );
        }
        assert!(
            fs::symlink_metadata(folder.0.join("far/d.json"))
                .unwrap()
                .is_file()
        );
        assert_eq!(
            fs::read_to_string(folder.0.join("far/d.json")).unwrap(),
            deck()
        );
        assert_eq!(names(&folder), ["far", "link.json", "r.csv"]);
        assert_eq!(fs::read_dir(folder.0.join("far")).unwrap().count(), 2);
    }

    #[test]
    fn a_link_to_a_missing_file_makes_it() {
        let folder = folder();
        symlink("d.json", folder.0.join("link.json")).unwrap();
        build(&folder, "link.json");
        assert!(
            fs::symlink_metadata(folder.0.join("link.json"))
                .unwrap()
                .is_symlink()
        );
        assert_eq!(fs::read_to_string(folder.0.join("d.json")).unwrap(), deck());
    }

    #[test]
    fn links_in_a_circle_are_a_failure() {
        let folder = folder();
        symlink("b.json", folder.0.join("a.json")).unwrap();
        symlink("a.json", folder.0.join("b.json")).unwrap();
        let outcome = folder.run(&format!("{BUILD} a.json"));
        assert!(
            outcome.failure().starts_with("leaning: a.json: "),
            "{outcome:?}"
        );
        assert_eq!(names(&folder), ["a.json", "b.json", "r.csv"]);
    }

    #[test]
    fn a_new_file_has_the_permissions_that_new_files_have() {
        let folder = Folder::new().with_bytes("r.csv", "id,prompt,x\na,p,1\nb,p,2\n");
        let made = folder.run("build --responses r.csv --scores x --out d.json");
        assert_eq!(made.code, Some(0), "{made:?}");
        let mode = |name: &str| {
            fs::metadata(folder.0.join(name))
                .unwrap()
                .permissions()
                .mode()
        };
        assert_eq!(mode("d.json"), mode("r.csv"));
        let names = fs::read_dir(&folder.0).unwrap();
        let hidden = names.filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with('.')
        });
        assert_eq!(hidden.count(), 0);
    }

    #[test]
    fn the_permissions_of_a_file_stay() {
        let folder = folder().with_bytes("d.json", "old");
        let mode = || {
            fs::metadata(folder.0.join("d.json"))
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        for private in [0o600, 0o640] {
            fs::set_permissions(folder.0.join("d.json"), PermissionsExt::from_mode(private))
                .unwrap();
            build(&folder, "d.json");
            assert_eq!(mode(), private);
        }
        assert_eq!(fs::read_to_string(folder.0.join("d.json")).unwrap(), deck());
    }

    #[test]
    fn a_pipe_is_written_to_and_stays_one() {
        let folder = folder();
        let pipe = folder.0.join("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let mut reader = Command::new("cat")
            .arg(&pipe)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let outcome = folder.run(&format!("{BUILD} pipe"));
        let still = !fs::metadata(&pipe).unwrap().is_file();
        if outcome.code != Some(0) || !still {
            // Nothing will ever be written to the pipe.
            reader.kill().unwrap();
        }
        let read = reader.wait_with_output().unwrap().stdout;
        assert!(outcome.code == Some(0) && still, "{outcome:?}");
        assert_eq!(String::from_utf8(read).unwrap(), deck());
        assert_eq!(names(&folder), ["pipe", "r.csv"]);
    }

    /// The output of a shell command in the folder. `$out` is a build up to the name of the file.
    #[track_caller]
    fn shell(folder: &Folder, script: &str) -> String {
        let build = format!("{} {BUILD}", env!("CARGO_BIN_EXE_leaning"));
        let mut command = Command::new("sh");
        let output = command
            .args(["-c", script])
            .env("out", build)
            .current_dir(&folder.0)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn deck_and_report_can_both_go_to_standard_output() {
        let folder = folder();
        let report: Value = serde_json::from_str(&build(&folder, "d.json").stdout).unwrap();
        fs::remove_file(folder.0.join("d.json")).unwrap();
        let check = |printed: &str| {
            let (first, second) = printed.split_once('\n').unwrap();
            assert_eq!(format!("{first}\n"), deck());
            assert_eq!(serde_json::from_str::<Value>(second).unwrap(), report);
        };
        check(&shell(&folder, "$out /dev/stdout"));
        // In a file, too, one must not overwrite the other.
        check(&shell(&folder, "$out /dev/stdout > both; cat both"));
        check(&shell(&folder, "$out both > both; cat both"));
        check(
            shell(
                &folder,
                "echo before > both; $out /dev/stdout >> both; cat both",
            )
            .strip_prefix("before\n")
            .unwrap(),
        );
        assert_eq!(names(&folder), ["both", "r.csv"]);
    }

    #[test]
    fn a_file_that_a_shell_has_opened_is_written_to() {
        let folder = folder();
        assert_eq!(
            shell(&folder, "$out /dev/fd/3 3> d.json > /dev/null; cat d.json"),
            deck()
        );
        assert_eq!(shell(&folder, "$out /dev/null > /dev/null"), "");
        assert_eq!(names(&folder), ["d.json", "r.csv"]);
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}

#[test]
fn a_deck_is_not_written_over_a_file_that_it_is_made_of() {
    let table = "id,prompt,x\na,p,1\nb,p,2\n";
    let folder = Folder::new().with_bytes("r.csv", table);
    fs::create_dir(folder.0.join("sub")).unwrap();
    let mut names = vec!["r.csv", "./r.csv", "sub/../r.csv"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("r.csv", folder.0.join("link")).unwrap();
        names.push("link");
    }
    for name in names {
        let made = folder.run(&format!("build --responses r.csv --scores x --out {name}"));
        assert_eq!(
            made.wrong_option(),
            "leaning: --out: r.csv is read, so the deck needs another file"
        );
        assert_eq!(fs::read_to_string(folder.0.join("r.csv")).unwrap(), table);
    }
    let fitted = folder.run("fit --responses r.csv --comparisons r.csv --out r.csv");
    assert!(fitted.wrong_option().contains("r.csv is read"));
    let printed = folder.run("build --responses r.csv --scores x --out -");
    assert_eq!(
        printed.wrong_option(),
        "leaning: --out: leave it out to print the deck"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_is_read_only_is_not_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder().with_bytes("kept.json", "kept");
    let kept = folder.0.join("kept.json");
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o444)).unwrap();
    let made = folder.run(&format!("{BUILD} kept.json"));
    assert_eq!(made.failure(), "leaning: kept.json: is read-only");
    assert_eq!(fs::read_to_string(kept).unwrap(), "kept");
}
