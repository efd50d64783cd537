//! Tools from npm: wasm-opt, Rolldown, esbuild, the TypeScript compiler, Biome, cspell, and
//! selenium-webdriver for the end-to-end tests.

use std::path::Path;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::{command, find, install, output};

/// The oldest Node.js that Rolldown runs on.
const NODE: (u32, u32) = (20, 19);

/// Fails unless Node.js is installed and new enough.
pub fn node() -> Result<()> {
    let (major, minor) = NODE;
    let Some(program) = find("node") else {
        bail!("missing: Node.js; to get it: install Node.js {major}.{minor} or newer, with npm");
    };
    let version = output(command(program).arg("--version"))?;
    if parse_version(&version).is_none_or(|found| found < NODE) {
        bail!(
            "Node.js is {version}, which is too old; to get it: install Node.js {major}.{minor} or newer"
        );
    }
    Ok(())
}

/// Installs the packages of package-lock.json, unless the last installation was of the same file.
pub fn packages() -> Result<()> {
    install_in(&paths::root(), "the JavaScript tools in node_modules/")
}

/// Installs what the examples in these folders need, in the same way.
pub fn examples(folders: &[&str]) -> Result<()> {
    folders.iter().try_for_each(|folder| {
        let what = format!("what {folder} needs in {folder}/node_modules/");
        install_in(&paths::root().join(folder), &what)
    })
}

/// Installs the bundlers of the tests in the same way.
pub fn bundlers() -> Result<()> {
    let folder = paths::root().join("tests").join("bundlers");
    install_in(&folder, "the bundlers in tests/bundlers/node_modules/")?;
    if is_thorough() {
        install_in(
            &folder.join("thorough"),
            "more bundlers in tests/bundlers/thorough/node_modules/",
        )?;
        install_in(
            &folder.join("rendered"),
            "frameworks in tests/bundlers/rendered/node_modules/",
        )?;
    }
    Ok(())
}

/// Whether the tests that take longer run as well, and none of them may be left out.
pub fn is_thorough() -> bool {
    env::var_os("LEANING_THOROUGH").is_some_and(|value| !value.is_empty())
}

fn install_in(folder: &Path, what: &str) -> Result<()> {
    node()?;
    let wanted =
        fs::read(folder.join("package-lock.json")).context("could not read package-lock.json")?;
    let stamp = folder.join("node_modules").join(".leaning-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if find("npm").is_none() {
        bail!(
            "missing: {what}; there is no npm to install them; to get it: install npm, which comes with Node.js"
        );
    }
    let by_hand = format!("`npm ci --ignore-scripts` in {}", folder.display());
    install(
        what,
        command("npm")
            .args(["ci", "--ignore-scripts"])
            .current_dir(folder),
        &by_hand,
    )?;
    fs::write(&stamp, wanted).context("could not write node_modules/.leaning-lock")
}

fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text
        .strip_prefix('v')?
        .split('.')
        .map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(parse_version("v20.9.0") < Some(NODE));
        assert!(parse_version("v20.20.2") >= Some(NODE));
        assert!(parse_version("v100.0.0-nightly") >= Some(NODE));
        assert_eq!(parse_version("twenty"), None);
    }
}
