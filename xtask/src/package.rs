//! `cargo xtask package`: from the library and js/ to pkg/.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::process::{cargo, command, output, run};
use crate::{no_arguments, paths, setup};

/// The entries of the package; each becomes a module of the same name.
const ENTRIES: [&str; 5] = ["index.js", "slim.js", "element.js", "markdown.js", "style.js"];
/// The library.
pub const LIBRARY: Module = Module { package: "leaning", file: "leaning" };
/// The style scores, a module of their own: the quiz does without them.
pub const STYLE: Module = Module { package: "leaning-style", file: "leaning_style" };
/// Taken into the package as they are, where they exist.
const DOCUMENTS: [&str; 3] = ["README.md", "LICENSE-MIT", "LICENSE-APACHE"];
/// What Rust's wasm target may emit: wasm-opt refuses what it is not told of.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
];

/// What wasm-opt calls each module that the wasm imports from.
const SHORT_MODULE: &str = "a";

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
    build.arg("--target-dir").arg(&target_dir);
    // Of all thresholds tried the one that makes the smallest module; the compiler's own for this profile makes more.
    run(build.args(["--", "-Cllvm-args=-inline-threshold=10"]))?;

    let mut bindgen = command("wasm-bindgen");
    bindgen.args(["--target", "web", "--omit-default-module-path", "--out-name", module.file, "--out-dir"]);
    let compiled = target_dir.join("wasm32-unknown-unknown").join("web").join(format!("{}.wasm", module.file));
    run(bindgen.arg(&web_dir).arg(compiled))?;

    let wasm = Wasm { glue: web_dir.join(format!("{}.js", module.file)), binary: module.binary() };
    let mut optimise = command("wasm-opt");
    optimise
        // Flattened and put together anew, code is smaller than by -Oz alone; the second -Oz still finds some after that.
        .args(["--flatten", "--rereloop", "-Oz", "-Oz", "--converge", "--one-caller-inline-max-function-size=20"])
        // What is called most gets the shortest numbers.
        .args(["--always-inline-max-function-size=4", "--reorder-functions"])
        // The lowest kilobyte is the far end of the stack: nothing but a stack about to overflow would use it.
        .args(["--low-memory-unused", "--strip-debug", "--strip-producers", "--strip-target-features"])
        .args(WASM_FEATURES);
    run(optimise.arg(&wasm.binary).arg("-o").arg(&wasm.binary))?;
    shorten_names(&wasm)?;
    Ok(wasm)
}

/// Gives the wasm's imports and exports names of a letter or two, in the wasm and in the glue: nobody else uses them.
fn shorten_names(wasm: &Wasm) -> Result<()> {
    let mut minify = command("wasm-opt");
    minify.arg("--minify-imports-and-exports-and-modules").args(WASM_FEATURES);
    let map = output(minify.arg(&wasm.binary).arg("-o").arg(&wasm.binary))?;
    let glue = fs::read_to_string(&wasm.glue).with_context(|| format!("could not read {}", wasm.glue.display()))?;
    fs::write(&wasm.glue, renamed(&glue, &map)?).with_context(|| format!("could not write {}", wasm.glue.display()))
}

/// The glue with the names that wasm-opt's map gives. Fails where the two do not fit together, so that a glue written in
/// another way by a later wasm-bindgen cannot go unnoticed.
fn renamed(glue: &str, map: &str) -> Result<String> {
    let mut glue = glue.to_owned();
    let mut module = None;
    let mut exports = Vec::new();
    for line in map.lines() {
        // A line is `["module", "import", "short"]` or `["export", "short"]`, or a bracket.
        match line.split('"').skip(1).step_by(2).collect::<Vec<_>>()[..] {
            [from, import, short] => {
                replace_once(&mut glue, &format!(" {import}: function"), &format!(" {short}: function"))?;
                module = Some(from);
            }
            [export, short] => exports.push((export, short)),
            _ => {}
        }
    }
    let module = module.context("wasm-opt printed no map of names")?;
    replace_once(&mut glue, &format!("\"{module}\": "), &format!("\"{SHORT_MODULE}\": "))?;

    let mut pieces = glue.split("wasm.");
    let mut renamed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let inside_a_name = renamed.ends_with(|before: char| before.is_alphanumeric() || "_$.".contains(before));
        let end = piece.find(|after: char| !after.is_alphanumeric() && after != '_').unwrap_or(piece.len());
        let (name, rest) = piece.split_at(end);
        renamed.push_str("wasm.");
        if inside_a_name || name.is_empty() {
            renamed.push_str(piece);
            continue;
        }
        let export = exports.iter().find(|(export, _)| *export == name);
        let (_, short) = export.with_context(|| format!("the glue uses {name}, which the wasm does not export"))?;
        renamed.push_str(short);
        renamed.push_str(rest);
    }
    Ok(renamed)
}

fn replace_once(text: &mut String, from: &str, to: &str) -> Result<()> {
    let count = text.matches(from).count();
    ensure!(count == 1, "wasm-bindgen's glue has `{from}` {count} times instead of once");
    *text = text.replacen(from, to, 1);
    Ok(())
}

/// Bundles the entries. `leaning-wasm` is the library's glue, `leaning-wasm-binary` the wasm itself in base64,
/// `leaning-style-wasm` and `leaning-style-wasm-binary` the same of the style scores, and `leaning-css` the folder of the
/// widget's styles.
fn bundle(library: &Wasm, style: &Wasm, into: &Path) -> Result<()> {
    let js = paths::root().join("js");
    // The widget's styles become strings in its modules, and a string is not minified on its way.
    let styles = paths::web_dir().join("css");
    let mut minify = command("esbuild");
    let element = js.join("element");
    let sheets = names_in(&element)?.into_iter().filter(|name| name.to_string_lossy().ends_with(".css"));
    minify.args(sheets.map(|name| element.join(name)));
    minify.args(["--minify", "--target=es2022", "--log-level=warning"]);
    run(minify.arg(option("--outdir=", &styles)))?;

    let mut esbuild = command("esbuild");
    for entry in ENTRIES {
        ensure!(js.join(entry).is_file(), "js/{entry} is missing");
        esbuild.arg(js.join(entry));
    }
    esbuild.args(["--bundle", "--splitting", "--format=esm", "--minify", "--target=es2022", "--log-level=warning"]);
    // wasm-bindgen's glue has its own remarks on the page's server.
    esbuild.arg("--drop:console");
    // Chunks lie beside the entries: an `import.meta.url` that ends up in one still points into the same folder.
    esbuild.args(["--chunk-names=[name]-[hash]", "--loader:.wasm=base64", "--loader:.css=text"]);
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
    let themes = js.join("themes");
    for name in names_in(&themes)? {
        copy(&themes.join(&name), &into.join(format!("theme-{}", name.to_string_lossy())))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "class A { f() { wasm.a_f(wasm.memory.buffer); } } // see leaning.wasm.\n\
                        const import0 = { __wbg_log_1: function(x) {}, };\nreturn { \"./x.js\": import0, };";
    const MAP: &str = "{\n\"imports\": [\n [\"./x.js\", \"__wbg_log_1\", \"b\"]\n],\n\
                       \"exports\": [\n [\"a_f\", \"c\"],\n [\"memory\", \"d\"],\n [\"unused\", \"e\"]\n]\n}";

    #[test]
    fn the_glue_takes_over_the_short_names() {
        let expected = "class A { f() { wasm.c(wasm.d.buffer); } } // see leaning.wasm.\n\
                        const import0 = { b: function(x) {}, };\nreturn { \"a\": import0, };";
        assert_eq!(renamed(GLUE, MAP).unwrap(), expected);
    }

    #[test]
    fn a_glue_that_does_not_fit_the_map_fails_the_build() {
        let error = |glue: &str, map: &str| renamed(glue, map).unwrap_err().to_string();
        assert!(error(&GLUE.replace("__wbg_log_1", "__wbg_log_2"), MAP).contains("__wbg_log_1"));
        assert!(error(&GLUE.replace("wasm.a_f", "wasm.a_g"), MAP).contains("a_g"));
        assert!(error(&GLUE.replace("./x.js", "./y.js"), MAP).contains("./x.js"));
        assert!(error(GLUE, "").contains("no map"));
    }
}
