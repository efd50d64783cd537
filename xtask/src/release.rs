//! `cargo xtask release`: one version for the crates, the npm package, the wheel and the citation.

use std::fs;
use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use semver::Version;

use crate::process::{cargo, command, output, run};
use crate::{WrongUsage, paths};

/// Files that have the version. Cargo.lock follows Cargo.toml, and so does the wheel.
const FILES: [&str; 3] = ["Cargo.toml", "js/package.json", "CITATION.cff"];
const CHANGELOG: &str = "CHANGELOG.md";
/// The heading of what no release has yet.
const UNRELEASED: &str = "## Unreleased";

/// `cargo xtask release VERSION`, `--check [VERSION]` or `--notes VERSION`
pub fn command_line(arguments: &[String]) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--check"] => {
            println!("Everything has the version {}.", check()?);
            Ok(())
        }
        ["--check", wanted] => {
            let (found, wanted) = (check()?, parse(wanted)?);
            ensure!(found == wanted, "the version is {found}, not {wanted}");
            changes(&read(CHANGELOG)?, &heading(&wanted))?;
            println!("Everything is ready for the release of {found}.");
            Ok(())
        }
        ["--notes", version] => {
            let log = read(CHANGELOG)?;
            println!("{}", changes(&log, &heading(&parse(version)?))?.trim());
            Ok(())
        }
        [version] if !version.starts_with('-') => release(&parse(version)?),
        _ => Err(WrongUsage(
            "release takes a version, --check [VERSION] or --notes VERSION".to_owned(),
        )
        .into()),
    }
}

/// Writes the version to all files, and moves the changes that no release has below its heading.
fn release(version: &Version) -> Result<()> {
    let changed = output(command("git").args(["status", "--porcelain"]))?;
    ensure!(
        changed.is_empty(),
        "there are changes that are not committed; commit them first"
    );
    let before = check()?;
    let log = read(CHANGELOG)?;
    let is_first = before == *version && !log.contains(&heading(version));
    ensure!(
        *version > before || is_first,
        "{version} is not above {before}, which is the version now"
    );
    // Nothing is written before everything is known to be right.
    let log = released(&log, version, &today()?)?;
    let mut texts = vec![(CHANGELOG, log)];
    for file in FILES {
        texts.push((file, with_version(file, &read(file)?, version)?));
    }
    for (file, text) in texts {
        fs::write(paths::root().join(file), text)
            .with_context(|| format!("could not write {file}"))?;
    }
    run(cargo().args(["update", "--workspace", "--offline"]))?;
    ensure!(check()? == *version, "the versions differ");
    println!(
        "Look at `git diff`. Then: git commit -am 'Release {version}' && git tag v{version}; \
         pushing the tag publishes."
    );
    Ok(())
}

/// The version that all files, all crates and the lock have.
///
/// # Errors
/// The first place that has another.
fn check() -> Result<Version> {
    let mut found: Option<Version> = None;
    for file in FILES {
        let text = read(file)?;
        for place in places(file, &text)? {
            let version = parse(&text[place])?;
            let expected = found.get_or_insert_with(|| version.clone());
            ensure!(
                version == *expected,
                "{file} has the version {version}, {} has {expected}",
                FILES[0]
            );
        }
    }
    let version = found.context("no file has a version")?;
    // With `--locked` it fails if the lock is behind.
    let mut tree = cargo();
    tree.args(["tree", "--locked", "--offline", "--workspace"]);
    let crates = output(tree.args(["--depth", "0", "--prefix", "none"]))?;
    for line in crates.lines().filter(|line| !line.is_empty()) {
        let own = line.split(' ').nth(1);
        let is_same = own == Some(format!("v{version}").as_str());
        ensure!(is_same, "the crate {line} has not the version {version}");
    }
    Ok(version)
}

/// Where the versions stand in the text of a file.
fn places(file: &str, text: &str) -> Result<Vec<Range<usize>>> {
    let mark = match file {
        "CITATION.cff" => "version: ",
        "js/package.json" => "\"version\": \"",
        _ => "version = \"",
    };
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // A crate of the workspace as a dependency has the version for those who publish it.
        let is_own = file == "Cargo.toml" && line.starts_with("leaning");
        if line.trim_start().starts_with(mark) || (is_own && line.contains("path = ")) {
            let Some(at) = line.find(mark) else {
                bail!("{file} has a crate without a version: {}", line.trim());
            };
            let version = &line[at + mark.len()..];
            let end = version.find(['"', '\n']).unwrap_or(version.len());
            let from = start + at + mark.len();
            found.push(from..from + end);
        }
        start += line.len();
    }
    ensure!(!found.is_empty(), "{file} has no version");
    Ok(found)
}

fn with_version(file: &str, text: &str, version: &Version) -> Result<String> {
    let mut text = text.to_owned();
    for place in places(file, &text)?.into_iter().rev() {
        text.replace_range(place, &version.to_string());
    }
    Ok(text)
}

/// The changes below a heading, which the next heading of its kind ends.
///
/// # Errors
/// There are none, or there is no such heading.
fn changes<'a>(log: &'a str, heading: &str) -> Result<&'a str> {
    let (_, after) = log
        .split_once(&format!("\n{heading}"))
        .with_context(|| format!("{CHANGELOG} has no heading `{heading}`"))?;
    let (_, below) = after.split_once('\n').unwrap_or_default();
    let section = below.split("\n## ").next().unwrap_or_default();
    let is_change = |line: &str| line.starts_with("- ");
    ensure!(
        section.lines().any(is_change),
        "{CHANGELOG} has no change below `{heading}`"
    );
    Ok(section)
}

/// The changelog with the changes that no release had as those of this one.
fn released(log: &str, version: &Version, date: &str) -> Result<String> {
    let section = changes(log, UNRELEASED)?;
    // The lines before the first kind of change are about the release to come.
    let kinds = section.find("### ").map_or(section, |at| &section[at..]);
    let new = format!("\n{UNRELEASED}\n\n{} - {date}\n\n{kinds}", heading(version));
    Ok(log.replacen(&format!("\n{UNRELEASED}\n{section}"), &new, 1))
}

fn heading(version: &Version) -> String {
    format!("## {version}")
}

fn parse(text: &str) -> Result<Version> {
    let version = text.strip_prefix('v').unwrap_or(text);
    // npm would give a release candidate to everybody.
    Version::parse(version)
        .ok()
        .filter(|version| version.pre.is_empty() && version.build.is_empty())
        .with_context(|| format!("`{text}` is not a version such as 1.2.3"))
}

fn read(file: &str) -> Result<String> {
    fs::read_to_string(paths::root().join(file)).with_context(|| format!("could not read {file}"))
}

/// The day in UTC, as in 2026-11-30.
fn today() -> Result<String> {
    output(command("node").args(["-p", "new Date().toISOString().slice(0, 10)"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "# Changelog\nText.\n\n## Unreleased\nThis becomes the next.\n\n### Added\n- One thing.\n\n## 0.1.0 - 2026-01-01\n\n### Added\n- All.\n";

    #[test]
    fn crates_package_and_citation_have_one_version() {
        let version = check().unwrap();
        let next = Version::new(version.major, version.minor, version.patch + 1);
        let error = command_line(&["--check".to_owned(), format!("v{next}")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the version is {version}, not {next}")
        );
    }

    #[test]
    fn a_release_takes_the_changes_below_its_heading() {
        let text = released(LOG, &Version::new(0, 2, 0), "2026-11-30").unwrap();
        assert_eq!(
            text,
            "# Changelog\nText.\n\n## Unreleased\n\n## 0.2.0 - 2026-11-30\n\n### Added\n- One thing.\n\n## 0.1.0 - 2026-01-01\n\n### Added\n- All.\n"
        );
        let again = released(&text, &Version::new(0, 3, 0), "2026-12-01").unwrap_err();
        assert_eq!(
            again.to_string(),
            "CHANGELOG.md has no change below `## Unreleased`"
        );
        assert!(changes(&text, "## 0.2.0").is_ok());
        assert!(changes(&text, "## 0.2.1").is_err());
    }

    #[test]
    fn the_version_is_replaced_where_it_is_the_projects_own() {
        let manifest = "[workspace.package]\nversion = \"0.1.0\"\n\n[workspace.dependencies]\nleaning = { path = \".\", version = \"0.1.0\" }\nserde = { version = \"1\" }\n";
        let text = with_version("Cargo.toml", manifest, &Version::new(1, 2, 3)).unwrap();
        assert_eq!(text, manifest.replace("0.1.0", "1.2.3"));
        let missing = manifest.replace(", version = \"0.1.0\"", "");
        let error = places("Cargo.toml", &missing).unwrap_err().to_string();
        assert!(error.contains("without a version: leaning"), "{error}");
        for file in ["js/package.json", "CITATION.cff"] {
            let text = with_version(file, &read(file).unwrap(), &Version::new(9, 8, 7)).unwrap();
            assert!(text.contains("9.8.7"), "{file}");
        }
    }

    #[test]
    fn a_wrong_version_is_refused_before_anything_is_written() {
        for text in ["1.2", "1.2.3-rc.1"] {
            let error = parse(text).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`{text}` is not a version such as 1.2.3")
            );
        }
        let wrong = command_line(&["--version".to_owned()]).unwrap_err();
        assert!(wrong.is::<WrongUsage>());
    }
}
