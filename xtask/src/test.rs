//! `cargo xtask test`: all the tests, step by step.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::browsers::{Drivers, WebKit};
use crate::process::{cargo, command, output, run};
use crate::{WrongUsage, browsers, decks, npm, package, paths, python, setup, site, size, studio};

/// Runs in Firefox what the other files run in the other browsers.
const IN_FIREFOX: &str = "tests/e2e/firefox-at-once.mjs";

/// Folders of examples that are built. The first empties the folder that all are built into.
const EXAMPLES: [&str; 3] = ["examples", "examples/chats", "examples/surveys"];

/// A part of the tests that can be run by itself.
struct Step {
    name: &'static str,
    covers: &'static str,
    /// Gets the steps that were chosen.
    run: fn(&[&Step]) -> Result<()>,
}

const STEPS: &[Step] = &[
    Step {
        name: "native",
        covers: "formatting, lints, native tests, dependencies",
        run: native,
    },
    Step {
        name: "web",
        covers: "formatting and lints of TypeScript, JavaScript and CSS",
        run: web,
    },
    Step {
        name: "spelling",
        covers: "spelling in documents, comments and texts",
        run: spelling,
    },
    Step {
        name: "deck",
        covers: "the committed scores of the decks",
        run: deck,
    },
    Step {
        name: "python",
        covers: "the Python package: its wheel, types and tests",
        run: python_package,
    },
    Step {
        name: "wasm",
        covers: "the library in Chromium, Firefox and WebKit",
        run: wasm,
    },
    Step {
        name: "package",
        covers: "the npm package, its size and its typings; clients of the gateway",
        run: package,
    },
    Step {
        name: "e2e",
        covers: "the site and the elements in Chromium, Firefox and WebKit",
        run: e2e,
    },
];

/// `cargo xtask test [STEP…]`
pub fn command_line(arguments: &[String]) -> Result<()> {
    let chosen = chosen(arguments)?;
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for step in &chosen {
        println!("== {}: {}", step.name, step.covers);
        let start = Instant::now();
        (step.run)(&chosen).with_context(|| {
            format!(
                "the step {0} failed; `cargo xtask test {0}` repeats it",
                step.name
            )
        })?;
        times.push((step.name, start.elapsed()));
    }
    println!();
    for (name, time) in &times {
        println!("{name:<10}passed in {} s", time.as_secs());
    }
    let total: Duration = times.iter().map(|(_, time)| time).sum();
    println!(
        "Tests passed: {} of {} steps, {} s.",
        times.len(),
        STEPS.len(),
        total.as_secs()
    );
    Ok(())
}

/// The named steps in the order in which they run, or all steps if none is named.
fn chosen(names: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = names
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != name.as_str()))
    {
        let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(WrongUsage(format!(
            "there is no step `{unknown}`; the steps are {}",
            known.join(", ")
        ))
        .into());
    }
    Ok(STEPS
        .iter()
        .filter(|step| names.is_empty() || names.iter().any(|name| name == step.name))
        .collect())
}

fn native(_: &[&Step]) -> Result<()> {
    setup::for_native_tests()?;
    run(cargo().args(["fmt", "--all", "--check"]))?;
    run(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    let wasm = [
        "--package",
        "leaning",
        "--package",
        "leaning-style",
        "--target",
        "wasm32-unknown-unknown",
        "--lib",
    ];
    run(cargo()
        .arg("clippy")
        .args(wasm)
        .args(["--", "-D", "warnings"]))?;
    // On its own: it takes the library without the module for pages.
    run(cargo().args([
        "clippy",
        "--package",
        "leaning-studio",
        "--target",
        "wasm32-unknown-unknown",
        "--lib",
        "--",
        "-D",
        "warnings",
    ]))?;
    run(cargo().args(["test", "--workspace"]))?;
    forbid_matrixmultiply()
}

/// `matrixmultiply` picks its kernel by processor. With it, results would differ in their last bits
/// between machines.
fn forbid_matrixmultiply() -> Result<()> {
    for target in [&[][..], &["--target", "wasm32-unknown-unknown"]] {
        let tree = output(
            cargo()
                .args(["tree", "--workspace", "--edges", "normal"])
                // ndarray, below NumPy's arrays, brings it along; nothing is multiplied there.
                .args(["--exclude", "leaning-python"])
                .args(target),
        )?;
        ensure!(
            !tree.contains("matrixmultiply"),
            "matrixmultiply is a dependency; `cargo tree --workspace --exclude leaning-python -e normal -i matrixmultiply` \
             shows of what"
        );
    }
    let above = output(cargo().args([
        "tree",
        "--workspace",
        "--edges",
        "normal",
        "--invert",
        "matrixmultiply",
        "--depth",
        "1",
        "--prefix",
        "none",
    ]))?;
    ensure!(
        above
            .lines()
            .skip(1)
            .all(|line| line.starts_with("ndarray ")),
        "more than NumPy's arrays depends on matrixmultiply: {above}"
    );
    Ok(())
}

fn web(_: &[&Step]) -> Result<()> {
    npm::packages()?;
    run(command("biome").args(["check", "--error-on-warnings"]))
}

fn spelling(_: &[&Step]) -> Result<()> {
    npm::packages()?;
    run(command("cspell").args(["lint", "--quiet", "--no-progress"]))
}

fn deck(_: &[&Step]) -> Result<()> {
    npm::node()?;
    run(command("node").args(["www/decks/score.mjs", "--check"]))?;
    decks::check()
}

/// Goes without the Python package where its tools cannot be installed.
fn python_package(_: &[&Step]) -> Result<()> {
    match python::for_package() {
        Ok(python) => python::check_package(&python, &build_program()?),
        Err(error) => {
            println!("The tests go without the Python package: {error:#}");
            Ok(())
        }
    }
}

fn wasm(_: &[&Step]) -> Result<()> {
    setup::for_browser_tests()?;
    let drivers = drivers()?;
    let mut tests = vec![
        (
            command("wasm-pack"),
            ["--chrome", "--chromedriver"],
            &drivers.chromedriver,
        ),
        (
            command("wasm-pack"),
            ["--firefox", "--geckodriver"],
            &drivers.geckodriver,
        ),
    ];
    if let Some(webkit) = &drivers.webkit {
        tests.push((
            in_webkit(webkit)?,
            ["--safari", "--safaridriver"],
            &webkit.driver,
        ));
    }
    for (mut test, browser, driver) in tests {
        // Everything is installed already, and wasm-pack must not download anything else.
        test.args(["test", "--mode", "no-install", "--headless"])
            .args(browser)
            .arg(driver);
        // The runner's limits, 20 s for the tests and 5 s to start the browser, are short for a busy
        // machine.
        for (variable, seconds) in [
            ("WASM_BINDGEN_TEST_TIMEOUT", "300"),
            ("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60"),
        ] {
            if std::env::var_os(variable).is_none_or(|value| value.is_empty()) {
                test.env(variable, seconds);
            }
        }
        // A browser on a busy machine may fail to start. A fault of the project fails both times.
        if let Err(error) = run(&mut test) {
            println!("{error:#}; it runs once more");
            run(&mut test)?;
        }
    }
    Ok(())
}

/// Finds the drivers, and says so if WebKit's is missing.
fn drivers() -> Result<Drivers> {
    let drivers = browsers::drivers()?;
    if drivers.webkit.is_none() {
        println!(
            "The tests go without WebKit. They need the Debian packages webkit2gtk-driver, xvfb and xauth."
        );
    }
    Ok(drivers)
}

/// wasm-pack on a display of its own. The capabilities name the browser that WebKit's driver starts,
/// whose path differs from machine to machine, so that webdriver.json cannot.
fn in_webkit(WebKit { browser, .. }: &WebKit) -> Result<Command> {
    let capabilities = paths::target_dir().join("webkit.json");
    let text = format!(
        r#"{{ "webkitgtk:browserOptions": {{ "binary": {browser:?}, "args": ["--automation"] }} }}"#
    );
    fs::write(&capabilities, text)
        .with_context(|| format!("could not write {}", capabilities.display()))?;
    let mut test = command("xvfb-run");
    test.args(["-a", "wasm-pack"])
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    // WebKit's sandbox does not start as root.
    test.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
    Ok(test)
}

fn package(_: &[&Step]) -> Result<()> {
    package::build()?;
    size::check()?;
    run(command("node").args(["docs/element.mjs", "--check"]))?;
    run(command("node").args(["xtask/site/navigation.mjs", "--check"]))?;
    site::assemble()?;
    let program = build_program()?;
    let results = results("unit")?;
    let mut test = node_tests(&results);
    test.args(test_files("tests/unit")?);
    match python::for_clients() {
        Ok(python) => {
            test.env("LEANING_PYTHON", python);
        }
        Err(error) => println!("The tests go without a client in Python: {error:#}"),
    }
    run(test.env("LEANING_CLI", program))?;
    check_claims("tests/unit", &[results])?;
    run(command("tsc").args(["--noEmit", "--project", "tests/types/tsconfig.json"]))
}

/// Builds the command line, and returns where it is.
fn build_program() -> Result<PathBuf> {
    run(cargo().args(["build", "--package", "leaning-cli"]))?;
    let name = format!("leaning{}", std::env::consts::EXE_SUFFIX);
    Ok(paths::target_dir().join("debug").join(name))
}

fn e2e(chosen: &[&Step]) -> Result<()> {
    npm::packages()?;
    setup::for_browser_tests()?;
    if chosen.iter().all(|step| step.name != "package") {
        package::build()?;
    }
    site::assemble()?;
    build_examples()?;
    build_bundles()?;
    let program = build_program()?;
    let drivers = drivers()?;
    // Two files at a time, because they mostly wait for their browsers. The measurement of latency
    // runs alone.
    let (timed, mut others): (Vec<_>, Vec<_>) = test_files("tests/e2e")?
        .into_iter()
        .partition(|file| file.contains("latency"));
    others.insert(0, IN_FIREFOX.to_owned());
    let results = [results("e2e")?, results("e2e-timed")?];
    for ((files, at_a_time), results) in [(others, "2"), (timed, "1")].into_iter().zip(&results) {
        let mut test = command("node");
        test.arg("tests/run-twice.mjs").arg(results);
        test.arg(at_a_time).args(files);
        test.env("LEANING_CLI", &program);
        test.env("LEANING_BROWSERS", "chromium,webkit");
        test.env("LEANING_CHROMEDRIVER", &drivers.chromedriver);
        test.env("LEANING_GECKODRIVER", &drivers.geckodriver);
        if let Some(webkit) = &drivers.webkit {
            test.env("LEANING_WEBKITDRIVER", &webkit.driver);
            test.env("LEANING_MINIBROWSER", &webkit.browser);
        }
        run(&mut test)?;
    }
    check_claims("tests/e2e", &results)
}

/// Node.js’s tests, which also leave their results in a file.
fn node_tests(results: &Path) -> Command {
    let mut test = command("node");
    test.args([
        "--test",
        "--test-reporter=spec",
        "--test-reporter-destination=stdout",
        "--test-reporter=./tests/reporter.mjs",
    ]);
    let mut destination = OsString::from("--test-reporter-destination=");
    destination.push(results);
    test.arg(destination);
    test
}

/// The file with the results of some tests.
fn results(name: &str) -> Result<PathBuf> {
    let folder = paths::target_dir().join("results");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    Ok(folder.join(format!("{name}.jsonl")))
}

/// Fails if a claim of tests/claims.toml lacks a test in this folder that passed.
fn check_claims(folder: &str, results: &[PathBuf]) -> Result<()> {
    run(command("node")
        .args(["tests/claims.mjs", folder])
        .args(results))
}

/// Builds a page by each bundler. The tests go without the bundles if the bundlers cannot be installed, but for thorough ones.
fn build_bundles() -> Result<()> {
    if let Err(error) = npm::bundlers() {
        if npm::is_thorough() {
            return Err(error);
        }
        println!("The tests go without bundlers: {error:#}");
        return remove(&paths::root().join("target").join("bundlers"));
    }
    run(command("node").arg("tests/bundlers/build.mjs"))
}

/// Removes a folder, if it is there.
fn remove(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    fs::remove_dir_all(folder).with_context(|| format!("could not remove {}", folder.display()))
}

/// Builds the examples. They need other people's frameworks, and the tests go without the examples
/// if those cannot be installed.
fn build_examples() -> Result<()> {
    remove(&paths::root().join("target").join("examples"))?;
    if let Err(error) = npm::examples(&EXAMPLES) {
        println!("The tests go without the examples: {error:#}");
        return Ok(());
    }
    EXAMPLES
        .iter()
        .try_for_each(|folder| run(command("node").arg(format!("{folder}/build.mjs"))))
}

/// `cargo xtask screenshots [FOLDER [STATE…]]`: pictures for people to look at.
pub fn screenshots(arguments: &[String]) -> Result<()> {
    npm::packages()?;
    setup::for_browser_tests()?;
    package::build()?;
    studio::build()?;
    let program = build_program()?;
    let drivers = browsers::drivers()?;
    let mut take = command("node");
    take.arg("tests/e2e/screenshots.mjs");
    match arguments {
        [] => take.arg(paths::target_dir().join("screenshots")),
        given => take.args(given),
    };
    take.env("LEANING_CLI", program);
    run(take.env("LEANING_CHROMEDRIVER", drivers.chromedriver))
}

/// The test files one by one, because `node --test FOLDER` differs between versions of Node.js.
fn test_files(folder: &str) -> Result<Vec<String>> {
    let entries = fs::read_dir(paths::root().join(folder))
        .with_context(|| format!("could not list {folder}"))?;
    let mut files = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.js") || name.ends_with(".test.mjs") {
            files.push(format!("{folder}/{name}"));
        }
    }
    ensure!(
        !files.is_empty(),
        "{folder} has no file that ends in .test.js or .test.mjs"
    );
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(asked_for: &[&str]) -> Vec<&'static str> {
        let asked_for: Vec<String> = asked_for.iter().map(|&name| name.to_owned()).collect();
        chosen(&asked_for)
            .unwrap()
            .iter()
            .map(|step| step.name)
            .collect()
    }

    #[test]
    fn steps_run_in_their_own_order_and_once() {
        assert_eq!(
            names(&[]),
            [
                "native", "web", "spelling", "deck", "python", "wasm", "package", "e2e"
            ]
        );
        assert_eq!(names(&["e2e", "deck", "deck"]), ["deck", "e2e"]);
        assert!(chosen(&["all".to_owned()]).is_err_and(|error| error.is::<WrongUsage>()));
    }
}
