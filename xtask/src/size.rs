//! `cargo xtask size`: the bytes that a visitor of the quiz downloads.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::process::{command, output};
use crate::{no_arguments, package, paths, site};

/// The most that everything but the deck may weigh, compressed: a deck is its publisher's, and its texts are as long as
/// people want to read.
const BUDGET: usize = 64 * 1000;
const PAGE: &str = "/index.html";
/// What the page fetches without a reference that could be found in the sources of page and modules.
const FETCHED: [&str; 2] = ["/pkg/element.js", "/pkg/leaning.wasm"];
/// The deck of the demo.
const DECK: &str = "/decks/assistant-style-en.json";
/// The entry that has the wasm inside. The quiz does not load it; its size is told beside.
const INLINED: &str = "/pkg/index.js";
/// The entry of the style scores, which the quiz does not load either.
const STYLE: &str = "/pkg/style.js";

/// `cargo xtask size`
pub fn command_line(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    package::build()?;
    check()
}

/// Prints the table for the package as it is now, and fails when the total is over the budget.
pub fn check() -> Result<()> {
    let root = paths::root();
    let files = weigh(&root, closure(&root, [PAGE].into_iter().chain(FETCHED))?)?;
    let inlined = weigh(&root, closure(&root, [INLINED])?)?;
    let style = weigh(&root, closure(&root, [STYLE])?)?;
    let style_wasm = weigh_files(&[package::STYLE.binary()])?;

    println!("{:<44}{:>9}{:>9}", "file", "raw", "brotli");
    for (path, weight) in &files {
        print_row(&path[1..], weight);
    }
    let all = total(&files, "/");
    let deck = weigh(&root, BTreeSet::from([DECK.to_owned()]))?;
    print_row("library", &total(&files, "/pkg/"));
    print_row("all but the deck", &all);
    print_row(&DECK[1..], &total(&deck, "/"));
    print_row("beside: pkg/index.js and its chunks", &total(&inlined, "/"));
    print_row("beside: pkg/style.js and its chunks", &total(&style, "/"));
    for weight in &style_wasm {
        print_row("the wasm inside pkg/style.js", weight);
    }

    match BUDGET.checked_sub(all.brotli) {
        Some(left) => println!("{left} bytes are left of {BUDGET}."),
        None => {
            bail!("the quiz downloads {} bytes beside its deck, which is more than the {BUDGET} it may", all.brotli)
        }
    }
    Ok(())
}

/// Bytes, as they are and compressed.
struct Weight {
    raw: usize,
    brotli: usize,
}

fn weigh(root: &Path, paths: BTreeSet<String>) -> Result<Vec<(String, Weight)>> {
    let files: Vec<PathBuf> = paths.iter().filter_map(|path| site::file_behind(root, path)).collect();
    ensure!(files.len() == paths.len(), "the quiz loads what is no path of the site");
    Ok(paths.into_iter().zip(weigh_files(&files)?).collect())
}

fn weigh_files(files: &[PathBuf]) -> Result<Vec<Weight>> {
    // Node.js has the reference encoder; a crate for it would take longer to compile than all of xtask.
    let mut measure = command("node");
    let sizes = output(measure.arg(paths::root().join("xtask").join("brotli.mjs")).args(files))?;
    ensure!(sizes.lines().count() == files.len(), "brotli.mjs did not print one line a file");
    sizes.lines().map(parse_weight).collect()
}

fn parse_weight(line: &str) -> Result<Weight> {
    let (raw, brotli) = line.split_once(' ').context("brotli.mjs did not print two numbers a line")?;
    Ok(Weight { raw: raw.parse()?, brotli: brotli.parse()? })
}

fn total(files: &[(String, Weight)], within: &str) -> Weight {
    let counted = files.iter().filter(|(path, _)| path.starts_with(within));
    counted.fold(Weight { raw: 0, brotli: 0 }, |sum, (_, weight)| Weight {
        raw: sum.raw + weight.raw,
        brotli: sum.brotli + weight.brotli,
    })
}

/// These files of the site and all that they load at once: scripts, styles and pictures that a page refers to,
/// and modules that a module imports statically.
fn closure<'a>(root: &Path, starts: impl IntoIterator<Item = &'a str>) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<String> = starts.into_iter().map(str::to_owned).collect();
    while let Some(path) = waiting.pop() {
        if !found.insert(path.clone()) {
            continue;
        }
        // Read whatever it is: a reference to a file that is not there is told here, by its name.
        let contents = read(root, &path)?;
        let is_page = path.ends_with(".html");
        if !is_page && !is_script(&path) {
            continue;
        }
        let text = String::from_utf8_lossy(&contents);
        let mut references = imports(&text);
        if is_page {
            references.extend(loaded_by_tags(&text));
        }
        waiting.extend(references.iter().filter_map(|reference| site::resolved(&path, reference)));
    }
    Ok(found)
}

fn read(root: &Path, path: &str) -> Result<Vec<u8>> {
    let file = site::file_behind(root, path).with_context(|| format!("{path} is no path of the site"))?;
    fs::read(file).with_context(|| format!("the quiz loads {path}, which could not be read"))
}

fn is_script(path: &str) -> bool {
    path.ends_with(".js") || path.ends_with(".mjs")
}

/// What `import … from "x"`, `import "x"` and `export … from "x"` name, where it is a path. Rough: text in comments
/// and strings counts as well. `import("x")` does not: it loads later.
fn imports(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for keyword in ["from", "import"] {
        for (at, _) in source.match_indices(keyword) {
            let part_of_a_word =
                source[..at].ends_with(|before: char| before.is_alphanumeric() || "_$.".contains(before));
            let after = source[at + keyword.len()..].trim_start();
            if let Some(name) = quoted(after).filter(|_| !part_of_a_word) {
                found.push(name);
            }
        }
    }
    // Other names are packages, which a browser cannot load.
    found.retain(|name| name.starts_with("./") || name.starts_with("../") || name.starts_with('/'));
    found
}

/// The scripts, styles and pictures that a page's tags load. Where a link leads (`<a href>`) is not loaded.
fn loaded_by_tags(page: &str) -> Vec<&str> {
    const ENDINGS: [&str; 8] = [".js", ".mjs", ".css", ".svg", ".png", ".jpg", ".ico", ".woff2"];
    let loaded = page.split('<').skip(1).filter_map(|tag| {
        let end = tag.find(|after: char| !after.is_ascii_alphanumeric())?;
        let attribute = match tag[..end].to_ascii_lowercase().as_str() {
            "script" | "img" => "src",
            "link" => "href",
            _ => return None,
        };
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        value_of(tag, attribute)
    });
    loaded
        .filter(|value| {
            ENDINGS.iter().any(|ending| value.split(['?', '#']).next().unwrap_or_default().ends_with(ending))
        })
        .collect()
}

/// The value of an attribute inside a tag, with or without quotes.
fn value_of<'a>(tag: &'a str, attribute: &str) -> Option<&'a str> {
    tag.match_indices(attribute).find_map(|(at, _)| {
        let is_whole_name = tag[..at].ends_with(|before: char| before.is_ascii_whitespace());
        let value = tag[at + attribute.len()..].trim_start().strip_prefix('=').filter(|_| is_whole_name)?.trim_start();
        quoted(value).or_else(|| value.split_ascii_whitespace().next())
    })
}

/// What stands between the quotes that the text begins with.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    text[1..].split_once(quote).map(|(inside, _)| inside)
}

fn print_row(name: &str, weight: &Weight) {
    println!("{name:<44}{:>9}{:>9}", weight.raw, weight.brotli);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_imports_are_found_in_written_and_in_minified_modules() {
        let written =
            "import { a } from './a.js';\nimport \"../b.js\"\nexport * from \"/pkg/c.js\";\nimport x from 'package';";
        assert_eq!(imports(written), ["./a.js", "/pkg/c.js", "../b.js"]);
        let minified = "import{a as b}from\"./chunk-A.js\";import\"./chunk-B.js\";export{b as c}from\"./d.js\"";
        assert_eq!(imports(minified), ["./chunk-A.js", "./d.js", "./chunk-B.js"]);
    }

    #[test]
    fn what_loads_later_or_only_looks_like_an_import_does_not_count() {
        assert!(
            imports("import('./late.js'); x.from('./a.js'); Array.from \"./b.js\"; const infrom = \"./c.js\"")
                .is_empty()
        );
    }

    #[test]
    fn a_page_loads_scripts_styles_and_pictures_but_not_where_its_links_lead() {
        let page = "<link rel=\"stylesheet\" href='site.css'><script type=module src=site.js></script>\
                    <a href=\"other.js\">x</a><link rel=canonical href=\"about.html\">\n<IMG data-src=\"no.png\" src = \"yes.png\">\
                    <!-- a < b --><script>let a = 1;</script>";
        assert_eq!(loaded_by_tags(page), ["site.css", "site.js", "yes.png"]);
    }
}
