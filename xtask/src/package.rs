//! `cargo xtask package`: from the library and js/ to pkg/.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::process::{cargo, command, run};
use crate::{no_arguments, paths, setup};

/// The entries of the package; each becomes a module of the same name.
const ENTRIES: [&str; 4] = ["index.js", "slim.js", "element.js", "style.js"];
/// The library.
pub const LIBRARY: Module = Module { package: "leaning", file: "leaning" };
/// The style scores, a module of their own: the quiz does without them.
pub const STYLE: Module = Module { package: "leaning-style", file: "leaning_style" };
/// Taken into the package as they are, where they exist.
const DOCUMENTS: [&str; 3] = ["README.md", "LICENSE-MIT", "LICENSE-APACHE"];
/// What Rust's wasm target may emit: wasm-opt refuses what it is not told of.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// `cargo xtask package`
pub fn command_line(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    build()?;
    println!("pkg/ is ready for `npm pack`.");
    Ok(())
}

/// Sets up what is missing and builds pkg/. A build that fails leaves the old pkg/ whole.
pub fn build() -> Result<()> {
    setup::for_building()?;
    let library = compile(&LIBRARY)?;
    let style = compile(&STYLE)?;
    let fresh = paths::target_dir().join("pkg");
    remake(&fresh)?;
    bundle(&library, &style, &fresh)?;
    copy(&library.binary, &fresh.join("leaning.wasm"))?;
    copy_hand_written(&fresh)?;
    replace_package(&fresh)
}

/// A crate that becomes a wasm module: its package, and the name of its library as a file.
pub struct Module {
    package: &'static str,
    file: &'static str,
}

impl Module {
    /// Where its wasm lies once it is built.
    pub fn binary(&self) -> PathBuf {
        paths::web_dir().join(format!("{}_bg.wasm", self.file))
    }
}

/// A compiled module: wasm-bindgen's glue and the wasm that belongs to it.
struct Wasm {
    glue: PathBuf,
    binary: PathBuf,
}

fn compile(module: &Module) -> Result<Wasm> {
    let (target_dir, web_dir) = (paths::target_dir(), paths::web_dir());
    let mut build = cargo();
    build.args([
        "rustc",
        "--package",
        module.package,
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        "web",
    ]);
    // With the rlib beside it, cargo would leave out the link-time optimisation.
    build.args(["--crate-type", "cdylib", "--features", "small"]);
    // Said aloud, so that a setting elsewhere cannot put the result where the next step does not look.
    run(build.arg("--target-dir").arg(&target_dir))?;

    let mut bindgen = command("wasm-bindgen");
    bindgen.args(["--target", "web", "--omit-default-module-path", "--out-name", module.file, "--out-dir"]);
    let compiled = target_dir.join("wasm32-unknown-unknown").join("web").join(format!("{}.wasm", module.file));
    run(bindgen.arg(&web_dir).arg(compiled))?;

    let wasm = Wasm { glue: web_dir.join(format!("{}.js", module.file)), binary: module.binary() };
    let mut optimise = command("wasm-opt");
    optimise
        // Flattened and put together anew, code is smaller than by -Oz alone; the second -Oz still finds some after that.
        .args(["--flatten", "--rereloop", "-Oz", "-Oz", "--converge", "--one-caller-inline-max-function-size=40"])
        // The lowest kilobyte is the far end of the stack: nothing but a stack about to overflow would use it.
        .args(["--low-memory-unused", "--strip-debug", "--strip-producers", "--strip-target-features"])
        .args(WASM_FEATURES);
    run(optimise.arg(&wasm.binary).arg("-o").arg(&wasm.binary))?;
    Ok(wasm)
}

/// Bundles the entries. `leaning-wasm` is the library's glue, `leaning-wasm-binary` the wasm itself, inlined,
/// `leaning-style-wasm` and `leaning-style-wasm-binary` the same of the style scores, and `leaning-css` the widget's
/// styles.
fn bundle(library: &Wasm, style: &Wasm, into: &Path) -> Result<()> {
    let js = paths::root().join("js");
    // The widget's styles become a string in its module, and a string is not minified on its way.
    let styles = paths::web_dir().join("quiz.css");
    let mut minify = command("esbuild");
    minify.arg(js.join("quiz.css")).args(["--minify", "--target=es2022", "--log-level=warning"]);
    run(minify.arg(option("--outfile=", &styles)))?;

    let mut esbuild = command("esbuild");
    for entry in ENTRIES {
        ensure!(js.join(entry).is_file(), "js/{entry} is missing");
        esbuild.arg(js.join(entry));
    }
    esbuild.args(["--bundle", "--splitting", "--format=esm", "--minify", "--target=es2022", "--log-level=warning"]);
    // Chunks lie beside the entries: an `import.meta.url` that ends up in one still points into the same folder.
    esbuild.args(["--chunk-names=[name]-[hash]", "--loader:.wasm=binary", "--loader:.css=text"]);
    esbuild.arg(option("--alias:leaning-wasm=", &library.glue));
    esbuild.arg(option("--alias:leaning-wasm-binary=", &library.binary));
    esbuild.arg(option("--alias:leaning-style-wasm=", &style.glue));
    esbuild.arg(option("--alias:leaning-style-wasm-binary=", &style.binary));
    esbuild.arg(option("--alias:leaning-css=", &styles));
    run(esbuild.arg(option("--outdir=", into)))
}

fn copy_hand_written(into: &Path) -> Result<()> {
    let root = paths::root();
    let js = root.join("js");
    for name in names_in(&js)? {
        if name == "package.json" || name.to_string_lossy().ends_with(".d.ts") {
            copy(&js.join(&name), &into.join(&name))?;
        }
    }
    for name in DOCUMENTS {
        if root.join(name).is_file() {
            copy(&root.join(name), &into.join(name))?;
        }
    }
    Ok(())
}

/// Puts the fresh package in place of what is in pkg/, except pkg/.gitignore, which belongs to the repository.
fn replace_package(fresh: &Path) -> Result<()> {
    let pkg = paths::pkg_dir();
    fs::create_dir_all(&pkg)?;
    for name in names_in(&pkg)?.into_iter().filter(|name| name != ".gitignore") {
        let old = pkg.join(name);
        let removed = if old.is_dir() { fs::remove_dir_all(&old) } else { fs::remove_file(&old) };
        removed.with_context(|| format!("could not remove {}", old.display()))?;
    }
    for name in names_in(fresh)? {
        copy(&fresh.join(&name), &pkg.join(&name))?;
    }
    Ok(())
}

fn remake(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("could not empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))
}

fn names_in(folder: &Path) -> Result<Vec<OsString>> {
    let entries = fs::read_dir(folder).with_context(|| format!("could not list {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.file_name())).collect()
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("could not copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

fn option(name: &str, value: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(value);
    option
}
