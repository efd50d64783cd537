//! The browsers that the tests run in, and the programs that drive them.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

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
const FIREFOX: &[&str] = &["firefox", "firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox"];

/// Where Debian has WebKit's small browser, by version.
const MINIBROWSER: &[&str] =
    &["/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser", "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser"];
/// The packages of Debian that WebKit takes.
const WEBKIT_PACKAGES: [&str; 3] = ["webkit2gtk-driver", "xvfb", "xauth"];

/// The WebDriver programs of the browsers.
pub struct Drivers {
    pub chromedriver: PathBuf,
    pub geckodriver: PathBuf,
    /// Only where it is there: nobody has to install it.
    pub webkit: Option<WebKit>,
}

/// WebKit as on GNOME.
pub struct WebKit {
    pub driver: PathBuf,
    pub browser: PathBuf,
}

/// WebKit's driver and browser, if they and the display that they need are there.
pub fn webkit() -> Option<WebKit> {
    find("xvfb-run")?;
    Some(WebKit { driver: find("WebKitWebDriver")?, browser: MINIBROWSER.iter().find_map(find)? })
}

/// Where the drivers are, once the setup has gone through.
pub fn drivers() -> Result<Drivers> {
    match (driver("CHROMEDRIVER", "chromedriver"), driver("GECKODRIVER", "geckodriver")) {
        (Some(chromedriver), Some(geckodriver)) => Ok(Drivers { chromedriver, geckodriver, webkit: webkit() }),
        _ => bail!("missing: chromedriver or geckodriver; to get it: `cargo xtask setup --browsers`"),
    }
}

/// A driver, from the environment variable that wasm-bindgen's test runner reads too, else from the usual places.
pub fn driver(variable: &str, program: &str) -> Option<PathBuf> {
    let chosen = env::var_os(variable).filter(|value| !value.is_empty());
    chosen.and_then(find).or_else(|| find(program))
}

/// Makes sure that Chromium (or Chrome), its driver and Firefox are there. Where apt may be used, it installs them, and
/// WebKit too, which the tests can do without.
pub fn install() -> Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return install_webkit();
    }
    let what = missing.iter().map(|part| part.name).collect::<Vec<_>>().join(", ");
    let packages: Vec<_> = missing.iter().map(|part| part.debian).collect();
    let by_hand = if find("apt-get").is_some() {
        format!("`apt-get install {}` as root", packages.join(" "))
    } else {
        "install Chrome or Chromium, the chromedriver of the same version, and Firefox, and put them on PATH".to_owned()
    };

    let Some(as_root) = root_prefix() else {
        bail!("missing: {what}; to get it: {by_hand}");
    };
    let apt_get = |arguments: &[&str]| {
        let mut installer = command(as_root[0]);
        installer.args(&as_root[1..]).args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
        installer
    };
    // A failure here is told by the installation that follows, or it does not matter.
    let _ = output(&mut apt_get(&["update"]));
    let arguments = [&["install", "-y", "--no-install-recommends"], packages.as_slice()].concat();
    run_installer(&what, &mut apt_get(&arguments), &by_hand)?;

    install_webkit()?;
    // Some distributions have packages of these names that hold no browser.
    match self::missing().as_slice() {
        [] => Ok(()),
        [part, ..] => {
            bail!("missing: {}, even after `apt-get install`; to get it: install it and put it on PATH", part.name)
        }
    }
}

/// Installs WebKit where it is missing and that takes no password. Where it cannot be had, that is said and no failure.
fn install_webkit() -> Result<()> {
    let Some(as_root) = root_prefix().filter(|_| webkit().is_none()) else { return Ok(()) };
    let mut installer = command(as_root[0]);
    installer.args(&as_root[1..]).args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y"]);
    installer.arg("--no-install-recommends").args(WEBKIT_PACKAGES);
    let by_hand = format!("`apt-get install {}` as root", WEBKIT_PACKAGES.join(" "));
    if let Err(error) = run_installer("WebKit", &mut installer, &by_hand) {
        println!("The tests go without WebKit: {error:#}");
    }
    Ok(())
}

/// A part that may have to be installed, and the package of Debian that has it.
struct Part {
    name: &'static str,
    debian: &'static str,
}

fn missing() -> Vec<Part> {
    let any = |programs: &[&str]| programs.iter().any(|program| find(program).is_some());
    let mut parts = Vec::new();
    if !any(CHROMIUM) {
        parts.push(Part { name: "Chromium", debian: "chromium" });
    }
    if driver("CHROMEDRIVER", "chromedriver").is_none() {
        parts.push(Part { name: "chromedriver", debian: "chromium-driver" });
    }
    if !any(FIREFOX) {
        parts.push(Part { name: "Firefox", debian: "firefox-esr" });
    }
    parts
}

/// What runs a program as root, with variables set before it; nothing where there is no apt or a password is needed.
fn root_prefix() -> Option<&'static [&'static str]> {
    find("apt-get")?;
    if output(command("id").arg("-u")).is_ok_and(|id| id == "0") {
        return Some(&["env"]);
    }
    find("sudo")?;
    output(command("sudo").args(["-n", "true"])).is_ok().then_some(&["sudo", "-n", "env"])
}
