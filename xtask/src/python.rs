//! Python packages of the tests: a client that has to work with the gateway.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::{command, find, install};

/// The packages, with their versions.
const PACKAGES: &str = "tests/requirements.txt";
const WHAT: &str = "the Python packages of tests/requirements.txt in target/python/";
const BY_HAND: &str = "install Python 3 with its module venv";

/// A Python that has the packages, in an environment of its own. They are installed unless the last
/// installation was of the same file.
pub fn interpreter() -> Result<PathBuf> {
    let wanted = fs::read(paths::root().join(PACKAGES)).context(PACKAGES)?;
    let folder = paths::target_dir().join("python");
    let inside = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    let python = folder.join(inside);
    let stamp = folder.join(".leaning-requirements");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) && python.is_file() {
        return Ok(python);
    }
    let Some(system) = ["python3", "python"].into_iter().find_map(find) else {
        bail!("missing: {WHAT}; there is no Python; to get it: {BY_HAND}");
    };
    let mut make = command(system);
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    install(
        "an environment for Python in target/python/",
        &mut make,
        BY_HAND,
    )?;
    let mut pip = command(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--requirement", PACKAGES]);
    install(WHAT, &mut pip, &format!("`pip install -r {PACKAGES}`"))?;
    fs::write(&stamp, wanted).context("could not write target/python/.leaning-requirements")?;
    Ok(python)
}
