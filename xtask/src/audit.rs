//! `cargo xtask audit`: what the project depends on, and whether its package can be built again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::package::{copy, files_below};
use crate::process::{cargo, command, find, output, run};
use crate::{no_arguments, paths, setup};

/// How a check ended.
enum Outcome {
    Passed,
    /// It could not be made, and why.
    Skipped(String),
}

type Check = fn() -> Result<Outcome>;

const CHECKS: [(&str, Check); 3] = [
    ("crates (licences, advisories, sources)", crates),
    ("npm packages (advisories)", npm_packages),
    ("the package, built in two folders", two_builds),
];

/// `cargo xtask audit`
pub fn command_line(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    setup::for_building()?;
    let mut failed = Vec::new();
    let mut report = Vec::new();
    for (name, check) in CHECKS {
        match check() {
            Ok(Outcome::Passed) => report.push(format!("passed   {name}")),
            Ok(Outcome::Skipped(why)) => report.push(format!("skipped  {name}: {why}")),
            Err(error) => {
                report.push(format!("failed   {name}: {error:#}"));
                failed.push(name);
            }
        }
    }
    println!("{}", report.join("\n"));
    match failed[..] {
        [] => Ok(()),
        _ => bail!("failed: {}", failed.join("; ")),
    }
}

/// Runs cargo-deny by deny.toml. Without the list of advisories, the other checks are made all the
/// same.
fn crates() -> Result<Outcome> {
    if find("cargo-deny").is_none() {
        let why = "cargo-deny is missing; to get it: cargo install cargo-deny --locked";
        return Ok(Outcome::Skipped(why.to_owned()));
    }
    run(cargo().args(["deny", "check", "licenses", "bans", "sources"]))?;
    if let Err(error) = output(cargo().args(["deny", "fetch", "db"])) {
        let why = format!("advisories could not be fetched ({error}); all else passed");
        return Ok(Outcome::Skipped(why));
    }
    run(cargo().args(["deny", "check", "advisories"]))?;
    Ok(Outcome::Passed)
}

fn npm_packages() -> Result<Outcome> {
    let mut audit = command("npm");
    let answer = audit.args(["audit", "--json"]).output();
    let answer = answer.context("could not run `npm`")?;
    if answer.status.success() {
        return Ok(Outcome::Passed);
    }
    let report = String::from_utf8_lossy(&answer.stdout);
    // A report has the flaws that were found; an error, say of a registry without this service, has
    // none.
    if !report.contains("\"auditReportVersion\"") {
        let why = "the registry does not answer `npm audit`";
        return Ok(Outcome::Skipped(why.to_owned()));
    }
    bail!("`npm audit` found flaws; run it to see them")
}

/// Builds the package here and in a copy of the sources elsewhere, and compares all bytes.
fn two_builds() -> Result<Outcome> {
    crate::package::build()?;
    let copy_of_sources = paths::target_dir().join("second build").join("sources");
    if copy_of_sources.exists() {
        fs::remove_dir_all(&copy_of_sources)
            .with_context(|| format!("could not empty {}", copy_of_sources.display()))?;
    }
    let listed =
        output(command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    for name in listed.lines() {
        let file = paths::root().join(name);
        // A file that was deleted and not committed is listed, too.
        if file.is_file() {
            copy(&file, &copy_of_sources.join(name))?;
        }
    }
    let mut install = command("npm");
    run(install
        .args(["ci", "--silent"])
        .current_dir(&copy_of_sources))?;
    let mut build = cargo();
    build
        .args(["xtask", "package"])
        .current_dir(&copy_of_sources);
    run(build.env("CARGO_TARGET_DIR", copy_of_sources.join("target")))?;
    let packages = [paths::pkg_dir(), copy_of_sources.join("pkg")];
    let names = |folder: &PathBuf| -> Result<Vec<PathBuf>> {
        let files = files_below(folder)?;
        let names = files.iter().map(|file| file.strip_prefix(folder));
        let mut names: Vec<PathBuf> = names
            .map(|name| name.map(Path::to_owned))
            .collect::<Result<_, _>>()?;
        names.sort();
        Ok(names)
    };
    let (here, there) = (names(&packages[0])?, names(&packages[1])?);
    if here != there {
        let other = here.iter().chain(&there);
        let other: Vec<_> = other
            .filter(|name| here.contains(name) != there.contains(name))
            .map(|name| name.display().to_string())
            .collect();
        bail!("only in one of the two: {}", other.join(", "));
    }
    for name in &here {
        let [one, other] = packages
            .each_ref()
            .map(|folder| fs::read(folder.join(name)));
        if one? != other? {
            bail!("{} differs", name.display());
        }
    }
    Ok(Outcome::Passed)
}
