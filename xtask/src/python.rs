//! Python: the environments of the tests, and the checks of the Python package.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::npm;
use crate::paths;
use crate::process::{command, find, install, output, run};

const BY_HAND: &str = "install Python 3.10 or later with its module venv";

/// A virtual environment in the target folder.
struct Environment {
    folder: &'static str,
    /// The packages, with their versions.
    requirements: &'static str,
    /// More of them for thorough tests.
    thorough: Option<&'static str>,
}

/// For the test of the gateway with a client in Python.
const CLIENTS: Environment = Environment {
    folder: "python",
    requirements: "tests/requirements.txt",
    thorough: None,
};

/// For the Python package, its tests and their tools.
const PACKAGE: Environment = Environment {
    folder: "python-package",
    requirements: "python/tests/requirements.txt",
    thorough: Some("python/tests/requirements-thorough.txt"),
};

/// A Python with the official client of the gateway.
pub fn for_clients() -> Result<PathBuf> {
    CLIENTS.interpreter()
}

/// A Python with everything that the tests of the package need.
pub fn for_package() -> Result<PathBuf> {
    PACKAGE.interpreter()
}

/// Builds the wheel, and checks it: types, tests beside the command line `program`, and the examples in a fresh
/// environment, which has the wheel and what it asks for.
pub fn check_package(python: &Path, program: &Path) -> Result<()> {
    let module = |name: &str| {
        let mut command = command(python);
        command.args(["-m", name]);
        command
    };
    let settings = [
        "--config",
        "python/pyproject.toml",
        "python",
        "examples/python",
    ];
    run(module("ruff").args(["format", "--check"]).args(settings))?;
    run(module("ruff").arg("check").args(settings))?;
    run(module("mypy").args(["--config-file", "python/pyproject.toml", "python/leaning"]))?;
    run(module("pyright")
        .args(["--pythonpath".as_ref(), python.as_os_str()])
        .args(["--project", "python/pyproject.toml"]))?;
    let wheel = build_wheel(python)?;
    run(module("pip")
        .args(["install", "--quiet", "--force-reinstall", "--no-deps"])
        .arg(&wheel))?;
    // Outside of python/, so that the installed package is tested and not the folder.
    run(module("pytest")
        .args([
            "-q",
            "--rootdir",
            "python",
            "-c",
            "python/pyproject.toml",
            "python/tests",
        ])
        .env("LEANING_CLI", program))?;
    let fresh = make("python-fresh")?;
    install(
        "the wheel in target/python-fresh/",
        command(&fresh)
            .args(["-m", "pip", "install", "--quiet"])
            .arg(&wheel),
        "`pip install` of the wheel in target/python-wheels/",
    )?;
    for example in examples()? {
        run(command(&fresh).arg(example))?;
    }
    Ok(())
}

/// Builds the wheel of the package, with the profile of other tests.
fn build_wheel(python: &Path) -> Result<PathBuf> {
    let folder = paths::target_dir().join("python-wheels");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("could not remove {}", folder.display()))?;
    }
    run(command(python)
        .args(["-m", "maturin", "build", "--quiet", "--profile", "dev"])
        .args(["--manifest-path", "python/Cargo.toml", "--out"])
        .arg(&folder))?;
    let wheels = files_with_ending(&folder, "whl")?;
    match &wheels[..] {
        [wheel] => Ok(wheel.clone()),
        _ => bail!(
            "expected one wheel in {}, found {}",
            folder.display(),
            wheels.len()
        ),
    }
}

fn examples() -> Result<Vec<PathBuf>> {
    files_with_ending(&paths::root().join("examples/python"), "py")
}

fn files_with_ending(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("could not list {}", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    let mut paths = paths.collect::<Result<Vec<PathBuf>>>()?;
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    Ok(paths)
}

impl Environment {
    /// Its Python. The packages are installed unless the last installation was of the same files, or of these and more.
    fn interpreter(&self) -> Result<PathBuf> {
        let folder = self.folder;
        let thorough = self.thorough.filter(|_| npm::is_thorough());
        let files = || [self.requirements].into_iter().chain(thorough);
        let mut wanted = Vec::new();
        for file in files() {
            wanted.extend(fs::read(paths::root().join(file)).context(file)?);
        }
        let python = inside(folder);
        let stamp = paths::target_dir()
            .join(folder)
            .join(".leaning-requirements");
        if fs::read(&stamp).is_ok_and(|installed| installed.starts_with(&wanted))
            && python.is_file()
        {
            return Ok(python);
        }
        make(folder)?;
        let mut pip = command(&python);
        pip.args(["-m", "pip", "install", "--quiet"]);
        pip.args(files().flat_map(|file| ["--requirement", file]));
        let list = files().collect::<Vec<_>>().join(" and ");
        let what = format!("the Python packages of {list} in target/{folder}/");
        install(&what, &mut pip, &format!("`pip install -r` of {list}"))?;
        fs::write(&stamp, wanted)
            .with_context(|| format!("could not write {}", stamp.display()))?;
        Ok(python)
    }
}

/// Makes an empty environment in the target folder.
fn make(folder: &str) -> Result<PathBuf> {
    let is_recent = |python: &PathBuf| {
        let check = "import sys; sys.exit(sys.version_info < (3, 10))";
        output(command(python).args(["-c", check])).is_ok()
    };
    let Some(system) = ["python3", "python"]
        .into_iter()
        .filter_map(find)
        .find(is_recent)
    else {
        bail!("missing: Python 3.10 or later; to get it: {BY_HAND}");
    };
    let mut make = command(system);
    make.args(["-m", "venv", "--clear"])
        .arg(paths::target_dir().join(folder));
    install(
        &format!("an environment for Python in target/{folder}/"),
        &mut make,
        BY_HAND,
    )?;
    Ok(inside(folder))
}

/// The Python of an environment.
fn inside(folder: &str) -> PathBuf {
    let python = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    paths::target_dir().join(folder).join(python)
}
