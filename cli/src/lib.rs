//! The command `leaning`: decks for publishers, inference and simulation for researchers.
//!
//! Results go to standard output: as text to a terminal, else as JSON, one line per command.
//! Messages go to standard error.
//!
//! | folder | holds |
//! |---|---|
//! | `render/` | what each command says at a terminal |
//! | `experiments/` | the experiments behind `docs/experiments.md` and `docs/real-data.md` |
//! | `gateway/` | the server between a chat page and a language model |
//! | `simulate/` | interviews with simulated people, and their regret |
//! | `score/` | numbers for texts, from models |
//! | `fit/` | base rewards and priors from many people's choices |
//! | `sharing/` | priors from weights that people shared |
//! | `build/` | decks from tables and texts |
//! | `deck/` | parts of a deck file that several commands make |
//! | `models/` | models that score texts, as command lines name them |
//! | `choices/` | tables of responses and of people's choices |
//! | `report/` | tables and charts |
//! | `terminal/` | pages of text for people at a terminal |
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
pub mod embedded;
mod evaluate;
mod experiments;
mod failure;
mod fit;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gateway;
mod guess;
mod infer;
mod input;
mod interrupt;
mod memory;
mod models;
mod output;
mod per;
mod person;
mod pool_replay;
mod prior;
mod progress;
mod rank;
mod render;
mod report;
mod schema;
mod score;
mod sharing;
mod shell;
mod simulate;
mod stand_in;
mod strategy;
mod terminal;
mod usage;
mod words;

use crate::failure::Failure;
use crate::input::Source;
use crate::output::{Output, OutputArguments};
use crate::score::Scored;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use std::path::Path;
use std::process::ExitCode;

/// Check decks, infer a person's weights, choose the next question, rank candidates, simulate
/// people.
#[derive(Parser)]
#[command(name = "leaning", version, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    output: OutputArguments,
}

const AFTER_HELP: &str = "\
A file named - is standard input. The result goes to standard output: as text to a terminal, else as
one line of JSON, whose numbers read back as the same doubles. The exit status is 0; 1 for a failure,
with one line on standard error; 2 for wrong usage. NO_COLOR and COLUMNS are respected.

Example:
  leaning ask --deck deck.json --answers answers.json
  leaning ask --deck deck.json --answers answers.json | jq .shown";

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Infer(infer::Arguments),
    Ask(ask::Arguments),
    Rank(rank::Arguments),
    Summary(words::SummaryArguments),
    Instructions(words::InstructionsArguments),
    Simulate(simulate::Arguments),
    Evaluate(evaluate::Arguments),
    Score(score::Arguments),
    Build(build::Arguments),
    Fit(fit::Arguments),
    Prior(prior::Arguments),
    Schema(schema::Arguments),
    Gateway(gateway::Arguments),
    Experiments(experiments::Arguments),
    StandIn(stand_in::Arguments),
    Completions(shell::CompletionsArguments),
    Man(shell::ManArguments),
}

impl Command {
    fn run(&self, output: Output) -> Result<(), Failure> {
        match self {
            Command::Check(arguments) => {
                let checked = check::run(arguments)?;
                // A page has them with everything else.
                if !output.is_text() {
                    output.note(&checked.report.warnings);
                }
                output.print(&checked.report, |page| {
                    render::check::draw(page, &checked, &arguments.deck);
                    Ok(())
                })
            }
            Command::Infer(arguments) => {
                let inferred = infer::run(arguments)?;
                output.print(&inferred.report, |page| {
                    render::infer::draw(page, &inferred, &arguments.person)
                })
            }
            Command::Ask(arguments) => {
                let asked = ask::run(arguments)?;
                output.print(&asked.report, |page| {
                    render::ask::draw(page, &asked, &arguments.person)
                })
            }
            Command::Rank(arguments) => {
                let ranked = rank::run(arguments)?;
                output.note(&ranked.notes);
                output.print(&ranked.places, |page| {
                    render::rank::draw(page, &ranked);
                    Ok(())
                })
            }
            Command::Summary(arguments) => arguments.run(output),
            Command::Instructions(arguments) => arguments.run(output),
            Command::Evaluate(arguments) => {
                let report = evaluate::run(arguments, |notes| output.note(notes))?;
                output.print(&report, |page| {
                    render::evaluate::draw(page, &report);
                    Ok(())
                })
            }
            Command::Simulate(arguments) => {
                let report = simulate::run(arguments)?;
                output.print(&report, |page| {
                    render::simulate::draw(page, &report, arguments.people);
                    Ok(())
                })
            }
            Command::Score(arguments) => match score::run(arguments, output)? {
                Scored::DryRun(request) => output.print(&request, |page| {
                    render::score::draw_request(page, &request);
                    Ok(())
                }),
                Scored::Report(report) => output.print(&report, |page| {
                    render::score::draw(page, &report, arguments);
                    Ok(())
                }),
            },
            Command::Build(arguments) => {
                build::run(arguments)?.deliver(output, render::build::draw)
            }
            Command::Fit(arguments) => {
                fit::run(arguments, output)?.deliver(output, render::fit::draw)
            }
            Command::Prior(arguments) => {
                let report = prior::run(arguments)?;
                output.print(&report, |page| {
                    render::prior::draw(page, &report);
                    Ok(())
                })
            }
            Command::Schema(arguments) => schema::run(arguments, output),
            Command::Gateway(arguments) => gateway::run(arguments, output, |report| {
                output.print(report, |page| {
                    render::gateway::draw(page, report);
                    Ok(())
                })
            }),
            Command::Experiments(arguments) => {
                let finished = experiments::run(arguments)?;
                output.print_text(&finished.markdown, |page| {
                    render::experiments::draw(page, &finished);
                    Ok(())
                })
            }
            Command::StandIn(arguments) => stand_in::run(arguments, output),
            Command::Completions(arguments) => {
                shell::completions(arguments, Cli::command(), output)
            }
            Command::Man(arguments) => shell::man(arguments, Cli::command(), output),
        }
    }

    /// Every file that the command reads.
    fn sources(&self) -> Vec<&Source> {
        match self {
            Command::Check(arguments) => vec![&arguments.deck],
            Command::Infer(arguments) => arguments.person.sources(),
            Command::Ask(arguments) => arguments.person.sources(),
            Command::Summary(arguments) => arguments.person().sources(),
            Command::Instructions(arguments) => arguments.person().sources(),
            Command::Rank(arguments) => {
                let mut sources = arguments.person.sources();
                sources.push(&arguments.candidates);
                sources
            }
            Command::Evaluate(arguments) => arguments.sources(),
            Command::Simulate(arguments) => arguments.deck.iter().collect(),
            Command::Score(arguments) => arguments.sources(),
            Command::Build(arguments) => arguments.sources(),
            Command::Fit(arguments) => arguments.sources(),
            Command::Prior(arguments) => arguments.sources(),
            Command::Gateway(arguments) => arguments.sources(),
            Command::Experiments(_)
            | Command::StandIn(_)
            | Command::Schema(_)
            | Command::Completions(_)
            | Command::Man(_) => Vec::new(),
        }
    }

    /// The file that a deck is written to.
    fn out(&self) -> Option<&Path> {
        match self {
            Command::Build(arguments) => arguments.out(),
            Command::Fit(arguments) => arguments.out(),
            _ => None,
        }
    }
}

/// Checks that a deck is not written over a file that it is made of.
fn check_out(out: &Path, sources: &[&Source]) -> Result<(), Failure> {
    let refuse = |message: String| Err(Failure::of_option("--out", message));
    if out == "-" {
        return refuse("leave it out to print the deck".to_owned());
    }
    let real = |path: &Path| path.canonicalize().ok().filter(|path| path.is_file());
    let is_out = |source: &&&Source| match source {
        Source::File(path) => real(path).is_some_and(|path| real(out) == Some(path)),
        Source::Stdin | Source::Bytes(..) | Source::Table(..) => false,
    };
    match sources.iter().find(is_out) {
        Some(source) => refuse(format!("{source} is read, so the deck needs another file")),
        None => Ok(()),
    }
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let Cli { command, output } = usage::parse();
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
    let checked = command
        .out()
        .map_or(Ok(()), |out| check_out(out, &command.sources()));
    match checked.and_then(|()| command.run(output.output())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
