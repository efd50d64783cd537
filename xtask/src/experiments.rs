//! `cargo xtask experiments`: the simulations and studies behind the figures in docs/.

use anyhow::Result;

use crate::process::{cargo, run};

/// `cargo xtask experiments [NAME…]`: passes its arguments on to `leaning experiments`, optimised.
pub fn command_line(arguments: &[String]) -> Result<()> {
    let leaning = [
        "run",
        "--release",
        "--package",
        "leaning-cli",
        "--",
        "experiments",
    ];
    run(cargo().args(leaning).args(arguments))
}
