//! The example decks: whether the commands of their guide still make the committed files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::paths;
use crate::process::{cargo, output};

/// The guide that tells how the example decks were made.
const GUIDE: &str = "docs/example-decks.md";

/// Runs each `leaning build` command of the guide, into another folder, and fails if a file comes
/// out that differs from the committed one.
pub fn check() -> Result<()> {
    let root = paths::root();
    let guide = fs::read_to_string(root.join(GUIDE)).context(GUIDE)?;
    let commands = build_commands(&guide);
    ensure!(
        !commands.is_empty(),
        "{GUIDE} has no command that begins with `leaning build`"
    );
    let folder = paths::target_dir().join("decks");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    for mut command in commands {
        let out = command.iter().position(|word| word == "--out");
        let out = out.and_then(|place| command.get_mut(place + 1));
        let out = out.with_context(|| format!("a command in {GUIDE} has no --out FILE"))?;
        let committed = out.clone();
        let name = Path::new(&committed).file_name().unwrap_or_default();
        let made = folder.join(name);
        *out = made.display().to_string();
        output(
            cargo()
                .args(["run", "--quiet", "--package", "leaning-cli", "--"])
                .args(&command),
        )?;
        let read = |file: &Path| {
            fs::read(file).with_context(|| format!("could not read {}", file.display()))
        };
        ensure!(
            read(&made)? == read(&root.join(&committed))?,
            "{committed} is not what its command in {GUIDE} makes; run the command to write it again"
        );
        println!("{committed} is what its command makes");
    }
    Ok(())
}

/// The words after `leaning` of each command in a text that builds a deck. A backslash continues a
/// line.
fn build_commands(text: &str) -> Vec<Vec<String>> {
    text.replace("\\\n", " ")
        .lines()
        .filter_map(|line| line.strip_prefix("leaning build "))
        .map(|arguments| {
            ["build"]
                .into_iter()
                .chain(arguments.split_whitespace())
                .map(str::to_owned)
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_goes_on_after_a_backslash() {
        let text = "Run `leaning build`:\n```sh\nleaning build --id a \\\n  --out a.json\nleaning check a.json\n```\n";
        assert_eq!(
            build_commands(text),
            [["build", "--id", "a", "--out", "a.json"]]
        );
    }
}
