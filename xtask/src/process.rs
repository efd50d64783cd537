//! Running other programs.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::paths;

/// A command that runs in the repository's root and finds the project's own tools first.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    // On Windows npm's tools are .cmd files, which are only found by their full path.
    let program =
        find(&program).map_or_else(|| program.as_ref().to_owned(), PathBuf::into_os_string);
    let mut command = Command::new(program);
    command
        .current_dir(paths::root())
        .env("PATH", search_path());
    // `cargo run` describes xtask in these variables. Build scripts that watch them would run again
    // for nothing.
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Prints and runs the command, passes its output through, and fails if the command does.
pub fn run(command: &mut Command) -> Result<()> {
    let line = describe(command);
    eprintln!("$ {line}");
    let status = command
        .status()
        .with_context(|| format!("could not run `{}`", name(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", shortened(&line));
    }
    Ok(())
}

/// Becomes the command where the system can do that, so that whoever ends this program ends that one.
/// Elsewhere it runs the command. It returns only if that fails.
pub fn become_program(command: &mut Command) -> Result<()> {
    #[cfg(unix)]
    {
        let error = std::os::unix::process::CommandExt::exec(command);
        Err(error).with_context(|| format!("could not run `{}`", name(command)))
    }
    #[cfg(not(unix))]
    run(command)
}

/// Runs the command and returns its standard output as text, trimmed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not run `{}`", name(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` failed: {}",
            shortened(&describe(command)),
            reason(&output.stdout, &output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs an installer without showing its output. Its error is one line that says what is missing,
/// why it could not be installed, and how to get it.
pub fn install(what: &str, installer: &mut Command, how_to_get_it: &str) -> Result<()> {
    eprintln!("Installing {what} …");
    let why = match installer.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => reason(&output.stdout, &output.stderr),
        Err(error) => error.to_string(),
    };
    bail!("missing: {what}; it could not be installed ({why}); to get it: {how_to_get_it}")
}

/// The first program of this name in the project's tools or on `PATH`, as the children of
/// [`command`] find it.
pub fn find(program: impl AsRef<OsStr>) -> Option<PathBuf> {
    let program = Path::new(program.as_ref());
    if program.components().count() > 1 {
        return program.is_file().then(|| program.to_path_buf());
    }
    let endings: &[&str] = if cfg!(windows) {
        &[".exe", ".cmd", ".bat"]
    } else {
        &[""]
    };
    env::split_paths(&search_path()).find_map(|folder| {
        endings.iter().find_map(|ending| {
            let mut file = folder.join(program).into_os_string();
            file.push(ending);
            let file = PathBuf::from(file);
            is_executable(&file).then_some(file)
        })
    })
}

fn search_path() -> OsString {
    let own = [
        paths::tools_dir().join("bin"),
        paths::root().join("node_modules").join(".bin"),
    ];
    let inherited = env::var_os("PATH").unwrap_or_default();
    // Joining fails only if a folder's name contains the separator. The project's own tools are then
    // out of reach.
    env::join_paths(own.into_iter().chain(env::split_paths(&inherited))).unwrap_or(inherited)
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

/// The most telling line of a failed program's output: its first error, or else its last line.
fn reason(stdout: &[u8], stderr: &[u8]) -> String {
    const MARKS: [&str; 4] = ["error", "npm error", "npm ERR!", "E: "];
    let text = format!(
        "{}\n{}",
        String::from_utf8_lossy(stdout),
        String::from_utf8_lossy(stderr)
    );
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let telling = lines().find(|line| MARKS.iter().any(|mark| line.starts_with(mark)));
    telling
        .or_else(|| lines().next_back())
        .unwrap_or("it gave no reason")
        .to_owned()
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program
        .file_stem()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// The command as a person would type it in the repository's root.
fn describe(command: &Command) -> String {
    let root = format!("{}{}", paths::root().display(), std::path::MAIN_SEPARATOR);
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy().replace(&root, ""));
    std::iter::once(name(command))
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

fn shortened(line: &str) -> String {
    const ENOUGH: usize = 90;
    match line.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_first_error_rather_than_the_last_line() {
        let stderr = b"    Updating index\nerror: no such crate\n\nCaused by:\n  something\n";
        assert_eq!(reason(b"", stderr), "error: no such crate");
        assert_eq!(reason(b"one\ntwo\n\n", b""), "two");
        assert_eq!(reason(b"", b""), "it gave no reason");
    }

    #[test]
    fn a_program_that_does_not_exist_is_not_found() {
        assert_eq!(find("no-program-has-this-name"), None);
    }

    #[test]
    fn a_failed_installation_is_told_in_one_line() {
        let mut absent = Command::new("no-program-has-this-name");
        let error = install("a thing", &mut absent, "buy it")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("missing: a thing; it could not be installed ("),
            "{error}"
        );
        assert!(
            error.ends_with("); to get it: buy it") && !error.contains('\n'),
            "{error}"
        );
    }
}
