//! Tools from the Rust side: parts of the toolchain through rustup, programs through `cargo install`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::{cargo, command, find, install, output};

const WASM_TARGET: &str = "wasm32-unknown-unknown";
const WASM_PACK: &str = "0.15.1";
const CARGO_FUZZ: &str = "0.13.2";
const GECKODRIVER: &str = "0.37.1";

/// Installs a component of the toolchain unless the command that it adds to cargo works.
pub fn component(name: &str, cargo_command: &str) -> Result<()> {
    // Finding the program is not enough: rustup has a stand-in for each component, installed or not.
    if output(cargo().args([cargo_command, "--version"])).is_ok() {
        return Ok(());
    }
    rustup(name, &["component", "add", name])
}

/// Installs the standard library for wasm.
pub fn wasm_target() -> Result<()> {
    let sysroot = output(command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(&sysroot)
        .join("lib")
        .join("rustlib")
        .join(WASM_TARGET)
        .is_dir()
    {
        return Ok(());
    }
    rustup(
        &format!("Rust's target {WASM_TARGET}"),
        &["target", "add", WASM_TARGET],
    )
}

/// Installs wasm-bindgen's programs in the version that the library is built with, since any other
/// refuses to work.
pub fn wasm_bindgen() -> Result<()> {
    let version = locked_version("wasm-bindgen")?;
    let found =
        find("wasm-bindgen").and_then(|program| output(command(program).arg("--version")).ok());
    if found == Some(format!("wasm-bindgen {version}"))
        && find("wasm-bindgen-test-runner").is_some()
    {
        return Ok(());
    }
    // Not --locked: a version in the published lock file is no longer available.
    cargo_install("wasm-bindgen-cli", &["--version", &version])
}

/// Installs wasm-pack, which runs the Rust tests in browsers.
pub fn wasm_pack() -> Result<()> {
    match find("wasm-pack") {
        Some(_) => Ok(()),
        None => cargo_install("wasm-pack", &["--version", WASM_PACK, "--locked"]),
    }
}

/// Installs cargo-fuzz.
pub fn cargo_fuzz() -> Result<()> {
    match find("cargo-fuzz") {
        Some(_) => Ok(()),
        None => cargo_install("cargo-fuzz", &["--version", CARGO_FUZZ, "--locked"]),
    }
}

/// Installs Firefox's WebDriver.
pub fn geckodriver() -> Result<()> {
    match crate::browsers::driver("GECKODRIVER", "geckodriver") {
        Some(_) => Ok(()),
        None => cargo_install("geckodriver", &["--version", GECKODRIVER, "--locked"]),
    }
}

fn rustup(what: &str, arguments: &[&str]) -> Result<()> {
    let by_hand = format!("rustup {}", arguments.join(" "));
    if find("rustup").is_none() {
        bail!(
            "missing: {what}; there is no rustup to install it; to get it: install rustup, then `{by_hand}`"
        );
    }
    install(
        what,
        command("rustup").args(arguments),
        &format!("`{by_hand}`"),
    )
}

fn cargo_install(krate: &str, options: &[&str]) -> Result<()> {
    let by_hand = format!("`cargo install {krate} {}`", options.join(" "));
    let mut installer = cargo();
    installer
        .arg("install")
        .arg("--root")
        .arg(paths::tools_dir())
        .arg(krate)
        .args(options);
    eprintln!("{krate} has to be compiled once, which takes minutes.");
    install(krate, &mut installer, &by_hand)
}

fn locked_version(krate: &str) -> Result<String> {
    let lock_file = paths::root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock_file).context("could not read Cargo.lock")?;
    version_in_lock(&lock, krate).with_context(|| format!("Cargo.lock has no {krate}"))
}

fn version_in_lock(lock: &str, krate: &str) -> Option<String> {
    let name = format!("name = \"{krate}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_belongs_to_the_crate_with_exactly_that_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(
            version_in_lock(lock, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }
}
