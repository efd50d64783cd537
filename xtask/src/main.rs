//! The task runner: `cargo xtask COMMAND`. Each command first sets up what it needs.

mod audit;
mod bench;
mod browsers;
mod decks;
mod demo;
mod experiments;
mod fuzz;
mod npm;
mod package;
mod paths;
mod process;
mod python;
mod release;
#[cfg(test)]
mod repository;
mod rust;
mod setup;
mod site;
mod size;
mod studio;
mod test;
mod wasm;

use std::fmt;
use std::process::ExitCode;

use anyhow::Result;

/// One row of the table that `cargo xtask --help` prints.
struct Command {
    name: &'static str,
    arguments: &'static str,
    help: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        arguments: "[--port N] [OPTION…]",
        help: "serve the site on this machine until Ctrl-C; --upstream URL and other options of `leaning gateway` for a model of your own",
        run: demo::demo,
    },
    Command {
        name: "test",
        arguments: "[STEP…]",
        help: "run all the tests, or only these steps: native, web, spelling, deck, python, wasm, package, e2e",
        run: test::command_line,
    },
    Command {
        name: "package",
        arguments: "",
        help: "build the npm package into pkg/, ready for `npm pack`",
        run: package::command_line,
    },
    Command {
        name: "studio",
        arguments: "",
        help: "build what the site's deck studio loads into www/studio/made",
        run: studio::command_line,
    },
    Command {
        name: "site",
        arguments: "",
        help: "build the site with its documents into target/site, for any host of static files",
        run: site::command_line,
    },
    Command {
        name: "size",
        arguments: "",
        help: "print what a visitor of the quiz downloads, and fail if it is too much",
        run: size::command_line,
    },
    Command {
        name: "audit",
        arguments: "",
        help: "check licences and advisories of dependencies, and that a second build gives the same bytes",
        run: audit::command_line,
    },
    Command {
        name: "release",
        arguments: "VERSION | --check [VERSION] | --notes VERSION",
        help: "give crates, npm package and wheel a version, and the changelog its heading; or check that all have the same, or print the changes of one",
        run: release::command_line,
    },
    Command {
        name: "experiments",
        arguments: "[NAME…]",
        help: "run the simulations and studies behind the figures in docs/",
        run: experiments::command_line,
    },
    Command {
        name: "bench",
        arguments: "[--quick | --builds]",
        help: "measure how long everything takes, natively and in browsers, and write docs/performance.md",
        run: bench::command_line,
    },
    Command {
        name: "fuzz",
        arguments: "[TARGET] [--minutes N]",
        help: "make up decks, logs, candidates, tables, Parquet and safetensors files, or calls, and look for crashes",
        run: fuzz::command_line,
    },
    Command {
        name: "screenshots",
        arguments: "[FOLDER [STATE…]]",
        help: "take pictures of the widget and the pages in every look, into target/screenshots",
        run: test::screenshots,
    },
    Command {
        name: "setup",
        arguments: "[--browsers]",
        help: "only install what building needs, and with --browsers what testing needs too",
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
    let is_help = |argument: &String| argument == "--help" || argument == "-h";
    let Some((name, rest)) = arguments.split_first().filter(|(name, _)| !is_help(name)) else {
        print_help();
        return Ok(());
    };
    // The experiments have a help of their own.
    if name != "experiments" && rest.iter().any(is_help) {
        print_help();
        return Ok(());
    }
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(rest),
        None => Err(WrongUsage(format!(
            "there is no command `{name}`; `cargo xtask --help` lists them"
        ))
        .into()),
    }
}

fn print_help() {
    println!("Usage: cargo xtask COMMAND\n");
    for Command {
        name,
        arguments,
        help,
        ..
    } in COMMANDS
    {
        println!("  {:<32}{help}", format!("{name} {arguments}"));
    }
}

/// The command line is wrong. The exit code is then 2 instead of 1.
#[derive(Debug)]
struct WrongUsage(String);

impl fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}

/// Fails if there are arguments, for the commands that take none.
fn no_arguments(arguments: &[String]) -> Result<()> {
    match arguments.first() {
        None => Ok(()),
        Some(first) => {
            let problem = format!("unexpected argument `{first}`; `cargo xtask --help` lists them");
            Err(WrongUsage(problem).into())
        }
    }
}
