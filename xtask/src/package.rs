//! `cargo xtask package`: builds the npm package in pkg/ from the library and js/.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{command, run};
use crate::wasm::{Build, Wasm};
use crate::{no_arguments, paths, setup};

/// Typings for the frameworks' markup. They are written by hand, because they extend the frameworks' own.
const FRAMEWORKS: [&str; 3] = ["react.d.ts", "svelte.d.ts", "vue.d.ts"];
/// Copied into the package if they exist.
const DOCUMENTS: [&str; 3] = ["README.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// `cargo xtask package`
pub fn command_line(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    build()?;
    println!("pkg/ is ready for `npm pack`.");
    Ok(())
}

/// Installs the tools that are missing and builds pkg/. A build that fails leaves the old pkg/ whole.
pub fn build() -> Result<()> {
    setup::for_building()?;
    let library = Build::published("leaning").run()?;
    Build::published("leaning-style").run()?;
    let fresh = paths::target_dir().join("pkg");
    remake(&fresh)?;
    bundle(&fresh)?;
    copy(&library.binary, &fresh.join("leaning.wasm"))?;
    declare_types(&library, &fresh)?;
    copy_hand_written(&fresh)?;
    run(command("node")
        .arg("js/manifest.mjs")
        .arg(fresh.join("custom-elements.json")))?;
    run(command("node")
        .arg("xtask/notices.mjs")
        .arg(&fresh)
        .arg(paths::web_dir().join("bundled.json")))?;
    replace_package(&fresh)
}

/// Bundles the entries, and the script of the sealed frame into its page.
fn bundle(into: &Path) -> Result<()> {
    let web = paths::web_dir();
    // The style sheets become strings in the bundles, which are not minified there.
    let element = paths::root().join("js").join("element");
    let is_sheet = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "css");
    let mut minify = command("esbuild");
    minify.args(files_below(&element)?.into_iter().filter(is_sheet));
    minify
        .arg(option("--outbase=", &element))
        .arg(option("--outdir=", &web.join("css")));
    run(minify.args(["--minify", "--target=es2022", "--log-level=warning"]))?;
    run(command("node")
        .arg("xtask/bundle.mjs")
        .args([web.as_path(), into]))?;
    run(command("node")
        .arg("js/frame-html.mjs")
        .args([web.join("frame-page.js"), into.join("frame.html")]))
}

/// Checks the types of js/ and writes the typings of the package.
fn declare_types(library: &Wasm, into: &Path) -> Result<()> {
    run(command("tsc")
        .args(["--project", "js/tsconfig.json", "--outDir"])
        .arg(into))?;
    copy(&library.typings, &into.join("wasm.d.ts"))
}

fn copy_hand_written(into: &Path) -> Result<()> {
    let root = paths::root();
    let js = root.join("js");
    for name in FRAMEWORKS.into_iter().chain(["package.json"]) {
        copy(&js.join(name), &into.join(name))?;
    }
    let themes = js.join("themes");
    for name in names_in(&themes)? {
        copy(
            &themes.join(&name),
            &into.join(format!("theme-{}", name.to_string_lossy())),
        )?;
    }
    let schemas = root.join("schemas");
    for name in names_in(&schemas)? {
        copy(&schemas.join(&name), &into.join(name))?;
    }
    for name in DOCUMENTS {
        if root.join(name).is_file() {
            copy(&root.join(name), &into.join(name))?;
        }
    }
    Ok(())
}

/// Replaces the contents of pkg/ by the fresh package, except for pkg/.gitignore, which belongs to the
/// repository.
fn replace_package(fresh: &Path) -> Result<()> {
    let pkg = paths::pkg_dir();
    fs::create_dir_all(&pkg)?;
    for name in names_in(&pkg)?
        .into_iter()
        .filter(|name| name != ".gitignore")
    {
        let old = pkg.join(name);
        let removed = if old.is_dir() {
            fs::remove_dir_all(&old)
        } else {
            fs::remove_file(&old)
        };
        removed.with_context(|| format!("could not remove {}", old.display()))?;
    }
    for file in files_below(fresh)? {
        copy(&file, &pkg.join(file.strip_prefix(fresh)?))?;
    }
    Ok(())
}

pub fn remake(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("could not empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))
}

pub fn names_in(folder: &Path) -> Result<Vec<OsString>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("could not list {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.file_name())).collect()
}

/// All files in a folder and its folders.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for name in names_in(folder)? {
        let path = folder.join(name);
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// Copies a file, and makes the folder that it goes to.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    let context = || format!("could not copy {} to {}", from.display(), to.display());
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(context)?;
    }
    fs::copy(from, to).with_context(context)?;
    Ok(())
}

fn option(name: &str, value: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(value);
    option
}
