//! `cargo xtask bench`: how long Leaning takes, natively and in browsers, beside other ways. It writes docs/performance.md.

use std::fs;

use anyhow::{Context, Result};

use crate::process::{cargo, command, run};
use crate::{WrongUsage, browsers, package, paths, setup};

const QUICK: &str = "--quick";
/// The native measurements of a quick run, as a regular expression for criterion.
const QUICKLY: &str = "^(posterior|rank|open_log)/|/(1000|10000|100000)x8$";

/// Measures builds of the module with other settings instead.
const BUILDS: &str = "--builds";

/// `cargo xtask bench [--quick | --builds]`
pub fn command_line(arguments: &[String]) -> Result<()> {
    let quick = match arguments {
        [] => false,
        [flag] if flag == QUICK => true,
        [flag] if flag == BUILDS => return builds(),
        _ => {
            let usage = format!("bench takes nothing but {QUICK} or {BUILDS}");
            return Err(WrongUsage(usage).into());
        }
    };
    setup::for_building()?;
    setup::for_browser_tests()?;
    // Figures of an earlier run are no part of this one.
    let earlier = paths::target_dir().join("criterion");
    if earlier.exists() {
        fs::remove_dir_all(&earlier)
            .with_context(|| format!("could not remove {}", earlier.display()))?;
    }
    let mut native = cargo();
    native.args(["bench", "--package", "leaning-bench", "--"]);
    if quick {
        native.args([QUICK, QUICKLY]);
    }
    run(&mut native)?;
    package::build()?;
    let drivers = browsers::drivers()?;
    let mut measure = command("node");
    measure.arg("bench/measure.mjs").arg(paths::target_dir());
    if quick {
        measure.arg(QUICK);
    }
    measure.env("LEANING_CHROMEDRIVER", &drivers.chromedriver);
    measure.env("LEANING_GECKODRIVER", &drivers.geckodriver);
    if let Some(webkit) = &drivers.webkit {
        measure.env("LEANING_WEBKITDRIVER", &webkit.driver);
        measure.env("LEANING_MINIBROWSER", &webkit.browser);
    }
    run(&mut measure)
}

fn builds() -> Result<()> {
    package::build()?;
    run(command("node")
        .arg("bench/builds.mjs")
        .arg(paths::target_dir()))
}
