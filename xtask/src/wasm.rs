//! A crate compiled for browsers: its module, with JavaScript and typings by wasm-bindgen.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::package::names_in;
use crate::paths;
use crate::process::{cargo, command, run};

/// Features of wasm that the compiler may use. wasm-opt refuses the others.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
];

/// How a crate is compiled.
#[derive(Debug, Clone)]
pub struct Build {
    pub package: &'static str,
    /// Settings of cargo beside those of Cargo.toml, such as `profile.web.opt-level=3`.
    pub settings: &'static [&'static str],
    /// More flags of the compiler.
    pub flags: &'static [&'static str],
    /// The level of wasm-opt, such as `-O3`.
    pub level: &'static str,
    /// The folder that cargo compiles into.
    pub target_dir: PathBuf,
    /// The folder of the results.
    pub folder: PathBuf,
}

/// The result of a build.
pub struct Wasm {
    /// The JavaScript of wasm-bindgen.
    pub glue: PathBuf,
    pub typings: PathBuf,
    pub binary: PathBuf,
}

impl Build {
    /// As in the npm package.
    pub fn published(package: &'static str) -> Self {
        Build {
            package,
            settings: &[],
            flags: &[],
            level: "-O3",
            target_dir: paths::target_dir(),
            folder: paths::web_dir().join(package),
        }
    }

    /// Compiles, and checks that the module names no folder of this machine.
    pub fn run(&self) -> Result<Wasm> {
        let cargo_home = cargo_home()?;
        self.compile(&cargo_home)?;
        self.bind()?;
        let binary = self.folder.join("wasm_bg.wasm");
        self.optimise(&binary)?;
        for private in [paths::root(), cargo_home] {
            let private = private.display().to_string();
            ensure!(
                !contains(&binary, &private)?,
                "{} names the folder {private}",
                binary.display()
            );
        }
        Ok(Wasm {
            glue: self.folder.join("wasm.js"),
            typings: self.folder.join("wasm.d.ts"),
            binary,
        })
    }

    fn compile(&self, cargo_home: &Path) -> Result<()> {
        let mut build = cargo();
        build.args(["rustc", "--package", self.package, "--lib"]);
        build.args(["--profile", "web", "--target", "wasm32-unknown-unknown"]);
        // Without the rlib, which cargo does not optimise at link time.
        build.args(["--crate-type", "cdylib"]);
        // A setting elsewhere could put the result where the next step does not look.
        build.arg("--target-dir").arg(&self.target_dir);
        for setting in self.settings {
            build.args(["--config", setting]);
        }
        let mut flags = without_paths(cargo_home)?;
        flags.extend(self.flags.iter().map(|&flag| flag.to_owned()));
        build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        run(&mut build)
    }

    fn bind(&self) -> Result<()> {
        let file = self.package.replace('-', "_");
        let compiled = self
            .target_dir
            .join("wasm32-unknown-unknown")
            .join("web")
            .join(format!("{file}.wasm"));
        let mut bindgen = command("wasm-bindgen");
        bindgen.args([
            "--target",
            "web",
            "--omit-default-module-path",
            // A crash leaves the memory in any state. js/core.ts then goes on with a new instance.
            "--experimental-reset-state-function",
            "--out-name",
            "wasm",
            "--out-dir",
        ]);
        run(bindgen.arg(&self.folder).arg(compiled))
    }

    fn optimise(&self, binary: &Path) -> Result<()> {
        // With the names of functions, which xtask/size.mjs reads.
        let named = self.folder.join("named.wasm");
        let mut optimise = command("wasm-opt");
        // A function that is used once stays a function: inlined, its copies in other instances of
        // the same generic code look less alike, and the library takes 13% more when compressed.
        optimise
            .args([self.level, "--converge", "--debuginfo"])
            .args(["--one-caller-inline-max-function-size", "1"])
            .args(FEATURES);
        run(optimise.arg(binary).arg("-o").arg(&named))?;
        let mut strip = command("wasm-opt");
        strip
            .args([
                "--strip-debug",
                "--strip-producers",
                "--strip-target-features",
            ])
            .args(FEATURES);
        run(strip.arg(&named).arg("-o").arg(binary))
    }
}

/// Flags for the compiler. The messages of panics name source files. They need not name the folders
/// of this machine, nor the registry that it uses: then two machines build the same bytes.
fn without_paths(cargo_home: &Path) -> Result<Vec<String>> {
    // The folder of the registry is there once something is downloaded.
    run(cargo().args(["fetch", "--target", "wasm32-unknown-unknown"]))?;
    let sources = cargo_home.join("registry").join("src");
    let registries = if sources.is_dir() {
        names_in(&sources)?
    } else {
        Vec::new()
    };
    let folders = registries.iter().map(|name| sources.join(name));
    // The last one that fits is taken.
    let flags = [cargo_home.to_owned()]
        .into_iter()
        .chain(folders)
        .map(|folder| format!("--remap-path-prefix={}=cargo", folder.display()));
    Ok(flags.collect())
}

/// The folder of the sources of dependencies.
fn cargo_home() -> Result<PathBuf> {
    match env::var_os("CARGO_HOME").filter(|value| !value.is_empty()) {
        Some(folder) => Ok(folder.into()),
        None => Ok(env::home_dir()
            .context("could not find the home folder")?
            .join(".cargo")),
    }
}

fn contains(file: &Path, text: &str) -> Result<bool> {
    let bytes = fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
    Ok(bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes()))
}
