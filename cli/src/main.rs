//! `leaning`: the publisher's and the researcher's side, on the command line.
//!
//! Results go to standard output as JSON, one line a command; words go to standard error.

mod ask;
mod assembly;
mod basis;
mod build;
mod check;
mod choices;
mod deck_file;
mod evaluate;
mod failure;
mod fit;
mod infer;
mod input;
mod measure;
mod output;
mod progress;
mod rank;
mod replay;
mod report;
mod simulate;
mod whole;

use crate::failure::Failure;
use crate::input::Source;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// Check decks, infer what a person's answers say, choose the next question, rank candidates, simulate people.
#[derive(Parser)]
#[command(name = "leaning", version, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
A file named - is standard input. The result is one line of JSON on standard output; numbers read back as the same
doubles. The exit status is 0, or 1 with one line on standard error, or 2 for wrong usage.

Example:
  leaning ask --deck deck.json --answers answers.json | jq .shown";

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Infer(infer::Arguments),
    Ask(ask::Arguments),
    Rank(rank::Arguments),
    Simulate(simulate::Arguments),
    Evaluate(evaluate::Arguments),
    Build(build::Arguments),
    Fit(fit::Arguments),
}

impl Command {
    fn run(&self) -> Result<(), Failure> {
        match self {
            Command::Check(arguments) => output::print(&check::run(arguments)?),
            Command::Infer(arguments) => output::print(&infer::run(arguments)?),
            Command::Ask(arguments) => output::print(&ask::run(arguments)?),
            Command::Rank(arguments) => output::print(&rank::run(arguments)?),
            Command::Evaluate(arguments) => output::print(&evaluate::run(arguments)?),
            Command::Simulate(arguments) => simulate::run(arguments)?.map_or(Ok(()), |curves| output::print(&curves)),
            Command::Build(arguments) => build::run(arguments),
            Command::Fit(arguments) => fit::run(arguments),
        }
    }

    /// Every file that the command is to read.
    fn sources(&self) -> Vec<&Source> {
        match self {
            Command::Check(arguments) => vec![&arguments.deck],
            Command::Infer(arguments) => arguments.person.sources(),
            Command::Ask(arguments) => arguments.person.sources(),
            Command::Rank(arguments) => {
                let mut sources = arguments.person.sources();
                sources.push(&arguments.candidates);
                sources
            }
            Command::Evaluate(arguments) => arguments.sources(),
            Command::Simulate(arguments) => arguments.deck.iter().collect(),
            Command::Build(arguments) => arguments.sources(),
            Command::Fit(arguments) => arguments.sources(),
        }
    }
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    if command.sources().into_iter().filter(|source| matches!(source, Source::Stdin)).count() > 1 {
        let message = "standard input can be read only once: use - for one file only";
        Cli::command().error(ErrorKind::ArgumentConflict, message).exit();
    }
    match command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report();
            ExitCode::FAILURE
        }
    }
}
