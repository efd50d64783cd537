//! `cargo xtask size`: the bytes that a visitor of the quiz downloads.

use anyhow::Result;

use crate::process::{command, run};
use crate::{no_arguments, package};

/// `cargo xtask size`
pub fn command_line(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    package::build()?;
    check()
}

/// Prints the table of sizes for pkg/ as it is, and fails if the total is over the budget.
pub fn check() -> Result<()> {
    run(command("node").arg("xtask/size.mjs"))
}
