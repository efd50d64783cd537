//! The task runner: `cargo xtask COMMAND`. What a command needs, it sets up first.

mod browsers;
mod npm;
mod package;
mod paths;
mod process;
mod rust;
mod serve;
mod setup;
mod site;
mod size;
mod test;

use std::fmt;
use std::process::ExitCode;

use anyhow::Result;

/// One row of the table that `cargo xtask --help` prints.
struct Command {
    name: &'static str,
    arguments: &'static str,
    what: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        arguments: "[--port N]",
        what: "build the package and serve the site on this machine until Ctrl-C",
        run: serve::demo,
    },
    Command {
        name: "package",
        arguments: "",
        what: "build the npm package into pkg/, ready for `npm pack`",
        run: package::command_line,
    },
    Command {
        name: "size",
        arguments: "",
        what: "what a visitor of the quiz downloads; fails when it is too much",
        run: size::command_line,
    },
    Command {
        name: "test",
        arguments: "[STEP…]",
        what: "all the tests, or only these steps: native, deck, wasm, package, e2e",
        run: test::command_line,
    },
    Command {
        name: "screenshots",
        arguments: "[FOLDER [STATE…]]",
        what: "pictures of the widget's states and the pages in every look, into target/screenshots unless given",
        run: test::screenshots,
    },
    Command {
        name: "setup",
        arguments: "[--browsers]",
        what: "only install what building needs; with --browsers, what testing needs too",
        run: setup::command_line,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(if error.is::<WrongUsage>() { 2 } else { 1 })
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let wants_help = arguments.iter().any(|argument| argument == "--help" || argument == "-h");
    let Some((name, rest)) = arguments.split_first().filter(|_| !wants_help) else {
        print_help();
        return Ok(());
    };
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(rest),
        None => Err(WrongUsage(format!("there is no command `{name}`; `cargo xtask --help` lists them")).into()),
    }
}

fn print_help() {
    println!("Usage: cargo xtask COMMAND\n");
    for Command { name, arguments, what, .. } in COMMANDS {
        println!("  {:<34}{what}", format!("{name} {arguments}"));
    }
}

/// The caller typed something that no command understands: exit code 2 instead of 1.
#[derive(Debug)]
pub struct WrongUsage(pub String);

impl fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}

/// Refuses arguments, for the commands that take none.
pub fn no_arguments(arguments: &[String]) -> Result<()> {
    match arguments.first() {
        None => Ok(()),
        Some(first) => {
            Err(WrongUsage(format!("`{first}` means nothing here; `cargo xtask --help` has the table")).into())
        }
    }
}
