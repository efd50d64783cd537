//! The browsers that the tests run in, the programs that drive them, and the fonts that pages need.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

use crate::process::{command, find, install as run_installer, output};

const CHROMIUM: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const FIREFOX: &[&str] = &[
    "firefox",
    "firefox-esr",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/// Debian's paths of WebKit's small browser, by processor.
const MINIBROWSER: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
];
/// The programs that WebKit needs.
const WEBKIT: &[&str] = &["WebKitWebDriver", "xvfb-run", "xauth"];

/// Everything that tests in browsers need besides what cargo and npm install.
const PARTS: &[Part] = &[
    Part {
        name: "Chromium",
        debian: &["chromium"],
        found: || any(CHROMIUM),
    },
    Part {
        name: "chromedriver",
        debian: &["chromium-driver"],
        found: || driver("CHROMEDRIVER", "chromedriver").is_some(),
    },
    Part {
        name: "Firefox",
        debian: &["firefox-esr"],
        found: || any(FIREFOX),
    },
    // Lists the fonts, for the parts below. Other systems do without it.
    Part {
        name: "fontconfig",
        debian: &["fontconfig"],
        found: || any(&["fc-list"]) || !any(&["apt-get"]),
    },
    // Tests that measure a layout run in three Latin families of different widths.
    Part {
        name: "the font Liberation Sans",
        debian: &["fonts-liberation2"],
        found: || font("Liberation Sans"),
    },
    Part {
        name: "the font DejaVu Sans",
        debian: &["fonts-dejavu-core"],
        found: || font("DejaVu Sans"),
    },
    // The elements also come in Arabic and Hindi, which Noto Sans has companions for,
    Part {
        name: "the font Noto Sans",
        debian: &["fonts-noto-core"],
        found: || font("Noto Sans"),
    },
    // and in Chinese and Japanese.
    Part {
        name: "the font Noto Sans CJK",
        debian: &["fonts-noto-cjk"],
        found: || font("Noto Sans CJK JP"),
    },
];
/// The tests can do without it.
const OPTIONAL: Part = Part {
    name: "WebKit",
    debian: &["webkit2gtk-driver", "xvfb", "xauth"],
    found: || WEBKIT.iter().all(|program| find(program).is_some()),
};

/// A part that may have to be installed, with the Debian packages that have it.
struct Part {
    name: &'static str,
    debian: &'static [&'static str],
    found: fn() -> bool,
}

/// The WebDriver programs of the browsers.
pub struct Drivers {
    pub chromedriver: PathBuf,
    pub geckodriver: PathBuf,
    /// Optional: the tests can do without WebKit.
    pub webkit: Option<WebKit>,
}

/// WebKit as on GNOME.
pub struct WebKit {
    pub driver: PathBuf,
    pub browser: PathBuf,
}

/// WebKit's driver and browser, if they and the display that they need are installed.
pub fn webkit() -> Option<WebKit> {
    if !(OPTIONAL.found)() {
        return None;
    }
    Some(WebKit {
        driver: find("WebKitWebDriver")?,
        browser: MINIBROWSER.iter().find_map(find)?,
    })
}

/// Finds the drivers. Call [`install`] first.
pub fn drivers() -> Result<Drivers> {
    match (
        driver("CHROMEDRIVER", "chromedriver"),
        driver("GECKODRIVER", "geckodriver"),
    ) {
        (Some(chromedriver), Some(geckodriver)) => Ok(Drivers {
            chromedriver,
            geckodriver,
            webkit: webkit(),
        }),
        _ => {
            bail!("missing: chromedriver or geckodriver; to get it: `cargo xtask setup --browsers`")
        }
    }
}

/// A driver: the one that the environment variable names, which wasm-bindgen's test runner also
/// reads, or else the first on `PATH`.
pub fn driver(variable: &str, program: &str) -> Option<PathBuf> {
    let chosen = env::var_os(variable).filter(|value| !value.is_empty());
    chosen.and_then(find).or_else(|| find(program))
}

/// Installs missing browsers, drivers and fonts where apt can be used without a password. Elsewhere
/// a missing part is an error, except WebKit.
pub fn install() -> Result<()> {
    let missing: Vec<_> = PARTS.iter().filter(|part| !(part.found)()).collect();
    let without_webkit = !(OPTIONAL.found)();
    if missing.is_empty() && !without_webkit {
        return Ok(());
    }
    let Some(as_root) = root_prefix() else {
        ensure!(missing.is_empty(), "{}", missing_line(&missing));
        return Ok(());
    };
    let apt_get = |arguments: &[&str]| {
        let mut installer = command(as_root[0]);
        installer
            .args(&as_root[1..])
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        installer.args(arguments);
        installer
    };
    let install = |parts: &[&Part]| {
        let packages = packages(parts);
        let arguments = [
            &["install", "-y", "--no-install-recommends"],
            packages.as_slice(),
        ]
        .concat();
        run_installer(&names(parts), &mut apt_get(&arguments), &by_hand(parts))
    };
    // If this fails and matters, the installation that follows fails too and says why.
    let _ = output(&mut apt_get(&["update"]));
    if !missing.is_empty() {
        install(&missing)?;
    }
    if without_webkit && let Err(error) = install(&[&OPTIONAL]) {
        println!("The tests go without WebKit: {error:#}");
    }
    // Some distributions have packages of these names that hold no browser.
    let still_missing: Vec<_> = missing.into_iter().filter(|part| !(part.found)()).collect();
    ensure!(
        still_missing.is_empty(),
        "missing: {}, even after `apt-get install`; to get it: install it by hand, programs on PATH",
        names(&still_missing)
    );
    Ok(())
}

fn missing_line(parts: &[&Part]) -> String {
    format!("missing: {}; to get it: {}", names(parts), by_hand(parts))
}

fn by_hand(parts: &[&Part]) -> String {
    if find("apt-get").is_some() {
        format!("`apt-get install {}` as root", packages(parts).join(" "))
    } else {
        "install it by hand, programs on PATH, and chromedriver in the version of the browser"
            .to_owned()
    }
}

fn names(parts: &[&Part]) -> String {
    parts
        .iter()
        .map(|part| part.name)
        .collect::<Vec<_>>()
        .join(", ")
}

fn packages(parts: &[&Part]) -> Vec<&'static str> {
    parts.iter().flat_map(|part| part.debian).copied().collect()
}

fn any(programs: &[&str]) -> bool {
    programs.iter().any(|program| find(program).is_some())
}

/// Whether fontconfig has a family of this name. Without fontconfig nothing can be said here, and
/// the tests that need the family say that it is missing.
fn font(family: &str) -> bool {
    match find("fc-list") {
        Some(program) => output(command(program).args([family, "family"]))
            .is_ok_and(|families| !families.is_empty()),
        None => !any(&["apt-get"]),
    }
}

/// The command that runs a program as root, with variables set before it. `None` without apt, or
/// if a password is needed.
fn root_prefix() -> Option<&'static [&'static str]> {
    find("apt-get")?;
    if output(command("id").arg("-u")).is_ok_and(|id| id == "0") {
        return Some(&["env"]);
    }
    find("sudo")?;
    output(command("sudo").args(["-n", "true"]))
        .is_ok()
        .then_some(&["sudo", "-n", "env"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_part_is_told_in_one_line_with_a_way_to_get_it() {
        let line = missing_line(&[&PARTS[0], &OPTIONAL]);
        assert!(
            line.starts_with("missing: Chromium, WebKit; to get it: "),
            "{line}"
        );
        assert!(!line.contains('\n'), "{line}");
    }
}
