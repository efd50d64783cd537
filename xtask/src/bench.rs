//! `cargo xtask bench`: how long Leaning takes, natively and in browsers, beside other ways. It writes docs/performance.md.

use std::fs;

use anyhow::{Context, Result};

use crate::process::{cargo, command, run};
use crate::wasm::Build;
use crate::{WrongUsage, browsers, package, paths, python, setup};

const QUICK: &str = "--quick";
/// The native measurements of a quick run, as a regular expression for criterion.
const QUICKLY: &str = "^(posterior|rank|open_log)/|/(1000|10000|100000)x8$";

/// Measures builds of the module with other settings instead.
const BUILDS: &str = "--builds";

const SIMD: &[&str] = &["-Ctarget-feature=+simd128"];
const FAST: &[&str] = &["profile.web.opt-level=3"];
const FAST_LIBRARY: &[&str] = &["profile.web.package.leaning.opt-level=3"];
/// A build's name in the table, settings of cargo, flags of the compiler, and level of wasm-opt.
type Variant = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);
const VARIANTS: [Variant; 7] = [
    ("`opt-level` s: as published", &[], &[], "-O3"),
    ("s, SIMD", &[], SIMD, "-O3"),
    ("s, `wasm-opt -Os`", &[], &[], "-Os"),
    ("s, `wasm-opt -O4`", &[], &[], "-O4"),
    (
        "3 for the library, s for the rest",
        FAST_LIBRARY,
        &[],
        "-O3",
    ),
    ("3 for all", FAST, &[], "-O3"),
    ("3 for all, SIMD", FAST, SIMD, "-O3"),
];

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
    // It has NumPy and SciPy, for other ways to choose a question.
    match python::for_package() {
        Ok(python) => {
            measure.env("LEANING_PYTHON", python);
        }
        Err(error) => println!("The bench goes without other programs in Python: {error:#}"),
    }
    measure.env("LEANING_CHROMEDRIVER", &drivers.chromedriver);
    measure.env("LEANING_GECKODRIVER", &drivers.geckodriver);
    if let Some(webkit) = &drivers.webkit {
        measure.env("LEANING_WEBKITDRIVER", &webkit.driver);
        measure.env("LEANING_MINIBROWSER", &webkit.browser);
    }
    run(&mut measure)
}

/// Compiles the library in several ways and times the modules, which take turns.
fn builds() -> Result<()> {
    package::build()?;
    let folder = paths::target_dir().join("builds");
    let mut measure = command("node");
    measure.arg("bench/builds.mjs").arg(&folder);
    for (place, &(name, settings, flags, level)) in VARIANTS.iter().enumerate() {
        let build = Build {
            settings,
            flags,
            level,
            // Apart from what is published, which would have to be compiled again.
            target_dir: folder.join("target"),
            folder: folder.join(place.to_string()),
            ..Build::published("leaning")
        };
        measure.arg(name).arg(build.run()?.binary);
    }
    run(&mut measure)
}
