//! `cargo xtask fuzz`: makes up inputs for the readers, and for the calls of the package.

use std::fs;

use anyhow::{Context, Result};

use crate::process::{cargo, command, run};
use crate::{WrongUsage, paths, rust};

/// The targets of the crate in fuzz/.
const TARGETS: [&str; 6] = [
    "deck",
    "log",
    "candidates",
    "tables",
    "parquet",
    "safetensors",
];
/// Calls of the built package in any order.
const SEQUENCES: &str = "calls";
const DEFAULT_MINUTES: u64 = 5;
/// The longest input. A rule of a format that takes more to break is rare.
const MAX_LENGTH: &str = "20000";

/// `cargo xtask fuzz [TARGET] [--minutes N]`
pub fn command_line(arguments: &[String]) -> Result<()> {
    let (target, minutes) = read(arguments)?;
    if target.as_deref() == Some(SEQUENCES) {
        let mut test = command("node");
        test.args(["--test", "tests/unit/sequences.test.mjs"]);
        return run(test.env("LEANING_THOROUGH", "1"));
    }
    rust::cargo_fuzz()?;
    let all = TARGETS.map(str::to_owned).to_vec();
    for target in target.map_or(all, |target| vec![target]) {
        fuzz(&target, minutes)?;
    }
    Ok(())
}

fn read(arguments: &[String]) -> Result<(Option<String>, u64)> {
    let (mut target, mut minutes) = (None, DEFAULT_MINUTES);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--minutes" {
            let number = rest.next().and_then(|number| number.parse().ok());
            minutes = number.ok_or_else(|| WrongUsage("--minutes takes a whole number".into()))?;
        } else if target.is_none() && (TARGETS.contains(&&**argument) || argument == SEQUENCES) {
            target = Some(argument.clone());
        } else {
            let known = TARGETS.join(", ");
            let message = format!("fuzz takes {known} or {SEQUENCES}, and --minutes N");
            return Err(WrongUsage(message).into());
        }
    }
    Ok((target, minutes))
}

fn fuzz(target: &str, minutes: u64) -> Result<()> {
    let work = paths::target_dir().join("fuzz");
    let (corpus, artifacts) = (
        work.join("corpus").join(target),
        work.join("artifacts").join(target),
    );
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(folder)
            .with_context(|| format!("could not make {}", folder.display()))?;
    }
    let mut fuzz = cargo();
    // cargo-fuzz wants a nightly compiler. This lets the stable one do; with no unsafe code there is nothing for
    // a sanitizer to see.
    fuzz.env("RUSTC_BOOTSTRAP", "1")
        .args(["fuzz", "run", "--sanitizer", "none", "--target-dir"])
        .arg(&work)
        .arg(target)
        .arg(&corpus)
        .arg(paths::root().join("fuzz").join("seeds").join(target))
        .args(["--", "-timeout=60", "-rss_limit_mb=6000"])
        .arg(format!("-max_len={MAX_LENGTH}"))
        .arg(format!("-max_total_time={}", minutes * 60))
        .arg(format!("-artifact_prefix={}/", artifacts.display()));
    run(&mut fuzz)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str]) -> Result<(Option<String>, u64)> {
        read(
            &arguments
                .iter()
                .map(|&one| one.to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn a_target_and_a_number_of_minutes_may_be_given() {
        assert_eq!(of(&[]).unwrap(), (None, DEFAULT_MINUTES));
        let log = || Some("log".to_owned());
        assert_eq!(of(&["log", "--minutes", "20"]).unwrap(), (log(), 20));
        assert_eq!(of(&["--minutes", "1", "log"]).unwrap(), (log(), 1));
        for wrong in [
            &["logs"][..],
            &["log", "deck"],
            &["--minutes"],
            &["--minutes", "x"],
        ] {
            assert!(of(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn every_target_has_a_program_and_seeds() {
        for target in TARGETS {
            let fuzz = paths::root().join("fuzz");
            assert!(fuzz.join("targets").join(format!("{target}.rs")).is_file());
            assert!(fuzz.join("seeds").join(target).is_dir());
        }
    }
}
