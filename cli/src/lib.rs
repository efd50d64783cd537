//! The command `leaning`: decks for publishers, inference and simulation for researchers.
//!
//! Results go to standard output as JSON, one line per command. Messages go to standard error.
//!
//! | folder | holds |
//! |---|---|
//! | `experiments/` | the experiments behind `docs/experiments.md` and `docs/real-data.md` |
//! | `simulate/` | interviews with simulated people, and their regret |
//! | `fit/` | base rewards and priors from many people's choices |
//! | `build/` | decks from tables and texts |
//! | `deck/` | parts of a deck file that several commands make |
//! | `choices/` | tables of responses and of people's choices |
//! | `report/` | tables and charts |
//!
//! A folder uses only those below it and the files beside them.
// See `main.rs`.
#![cfg(not(target_family = "wasm"))]

mod ask;
mod atomic_write;
mod build;
mod check;
mod choices;
mod deck;
mod evaluate;
mod experiments;
mod failure;
mod fit;
mod infer;
mod input;
mod output;
mod person;
mod pool_replay;
mod progress;
mod rank;
mod report;
mod simulate;
mod strategy;

use crate::failure::Failure;
use crate::input::Source;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// Check decks, infer a person's weights, choose the next question, rank candidates, simulate
/// people.
#[derive(Parser)]
#[command(name = "leaning", version, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
A file named - is standard input. The result is one line of JSON on standard output; numbers read
back as the same doubles. The exit status is 0; 1 for a failure, with one line on standard error;
2 for wrong usage.

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
    Experiments(experiments::Arguments),
}

impl Command {
    fn run(&self) -> Result<(), Failure> {
        match self {
            Command::Check(arguments) => output::print(&check::run(arguments)?),
            Command::Infer(arguments) => infer::run(arguments),
            Command::Ask(arguments) => output::print(&ask::run(arguments)?),
            Command::Rank(arguments) => output::print(&rank::run(arguments)?),
            Command::Evaluate(arguments) => output::print(&evaluate::run(arguments)?),
            Command::Simulate(arguments) => output::print(&simulate::run(arguments)?),
            Command::Build(arguments) => build::run(arguments),
            Command::Fit(arguments) => fit::run(arguments),
            Command::Experiments(arguments) => experiments::run(arguments),
        }
    }

    /// Every file that the command reads.
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
            Command::Experiments(_) => Vec::new(),
        }
    }
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let command = Cli::parse().command;
    let from_stdin = command
        .sources()
        .into_iter()
        .filter(|source| matches!(source, Source::Stdin));
    if from_stdin.count() > 1 {
        let message = "standard input can be read only once: use - for one file only";
        Cli::command()
            .error(ErrorKind::ArgumentConflict, message)
            .exit();
    }
    match command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report();
            ExitCode::FAILURE
        }
    }
}
