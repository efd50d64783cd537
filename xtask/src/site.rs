//! `cargo xtask site`: the whole site as a folder for any host of static files.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::{command, run};
use crate::{no_arguments, package, paths, studio};

/// `cargo xtask site`
pub fn command_line(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    build()?;
    Ok(())
}

/// Builds the package, and the site from it, www/ and docs/. Returns the site's folder.
pub fn build() -> Result<PathBuf> {
    package::build()?;
    assemble()
}

/// Makes the site with pkg/ as it is, and what the deck studio loads. Returns the site's folder.
pub fn assemble() -> Result<PathBuf> {
    studio::build()?;
    let folder = paths::target_dir().join("site");
    run(command("node").arg("xtask/site/build.mjs").arg(&folder))?;
    Ok(folder)
}
