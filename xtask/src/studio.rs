//! The parts that the site's deck studio loads with a file: `leaning build` and `leaning check` as a module for browsers,
//! and a reader of Parquet files. They are for the site alone, and no part of the npm package.

use anyhow::Result;

use crate::package::{copy, remake};
use crate::process::{command, run};
use crate::wasm::Build;
use crate::{no_arguments, paths, setup};

const PACKAGE: &str = "leaning-studio";

/// `cargo xtask studio`
pub fn command_line(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    build()?;
    println!("www/studio/made is ready.");
    Ok(())
}

/// Builds them into `www/studio/made`.
pub fn build() -> Result<()> {
    setup::for_building()?;
    let module = Build::published(PACKAGE).run()?;
    let made = paths::root().join("www").join("studio").join("made");
    remake(&made)?;
    copy(&module.binary, &made.join("studio.wasm"))?;
    let bundled = paths::web_dir().join(PACKAGE).join("bundled.json");
    run(command("node")
        .arg("xtask/bundle-studio.mjs")
        .args([&module.glue, &made, &bundled]))?;
    run(command("node")
        .arg("xtask/notices.mjs")
        .args([&made, &bundled])
        .arg(PACKAGE))
}
