//! Long commands for a program that links this crate, such as the Python package: files or tables in
//! memory go in, values come out. The program shows the progress and decides about interruptions.
//!
//! Arguments are those of the command line, so both have the same defaults, checks and results.

pub use crate::choices::{Cell, ResponseTables, Rows};
pub use crate::deck::basis::Basis;
pub use crate::deck::safetensors::{
    is_safetensors, read as read_safetensors, write as write_safetensors,
};
pub use crate::failure::Failure;
pub use crate::fit::Totals;
pub use crate::fit::elsewhere::{PeoplePartition, Rounds};
pub use crate::fit::many_people::{ENOUGH_PEOPLE, step_of_some};
pub use crate::input::Source;

use crate::output::Output;
use crate::{evaluate, fit, interrupt, progress, simulate};
use clap::Parser;
use clap::error::ContextKind;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::ffi::OsString;
use std::sync::atomic::{AtomicBool, Ordering};

/// The commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// `leaning fit`
    Fit,
    /// `leaning evaluate`
    Evaluate,
    /// `leaning simulate`
    Simulate,
}

/// The inputs of a command. Those that it does not have are left alone.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The deck.
    pub deck: Option<Source>,
    /// The table of responses.
    pub responses: Option<Source>,
    /// The table of comparisons.
    pub comparisons: Option<Source>,
    /// The table of prompts.
    pub prompts: Option<Source>,
    /// More features of the responses.
    pub features: Option<Source>,
    /// Names for dimensions.
    pub labels: Option<Source>,
}

/// The results of a command.
#[derive(Debug)]
pub struct Outcome {
    /// The fields of the deck, if the command makes one.
    pub deck: Option<Map<String, Value>>,
    /// Everything that the command line prints.
    pub report: Value,
    /// Notes about the inputs, a line each.
    pub notes: Vec<String>,
}

/// How far a command has come.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The work at hand.
    pub message: String,
    /// Steps done.
    pub done: u64,
    /// Number of steps, at most.
    pub total: u64,
}

/// Whether a command is running. Each uses all processors, and they share the progress.
static IS_BUSY: AtomicBool = AtomicBool::new(false);

/// The right to run a command, which only one has at a time.
#[derive(Debug)]
pub struct Turn(());

impl Turn {
    /// The right to run a command; `None` while another one runs.
    pub fn take() -> Option<Self> {
        let is_free = IS_BUSY.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed);
        is_free.ok()?;
        interrupt::leave_to_host();
        interrupt::set(false);
        progress::watch();
        progress::forget();
        Some(Turn(()))
    }

    /// Runs a command. `arguments` are as on the command line, but without files, which are `inputs`.
    ///
    /// # Errors
    /// As the command line.
    pub fn run(
        self,
        command: Command,
        arguments: &[String],
        inputs: Inputs,
    ) -> Result<Outcome, Failure> {
        match command {
            Command::Fit => run_fit(arguments, inputs, None),
            Command::Evaluate => run_evaluate(arguments, inputs),
            Command::Simulate => run_simulate(arguments, inputs),
        }
    }

    /// Fits to the people of `rounds`. The table of comparisons has some of them, [`step_of_some`] apart.
    ///
    /// # Errors
    /// As [`Turn::run`], and those of the rounds.
    pub fn fit_elsewhere(
        self,
        arguments: &[String],
        inputs: Inputs,
        rounds: &Rounds,
    ) -> Result<Outcome, Failure> {
        run_fit(arguments, inputs, Some(rounds))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        progress::forget();
        IS_BUSY.store(false, Ordering::Release);
    }
}

/// Asks the command that runs to end soon. A fit ends with its state so far, the others fail.
pub fn interrupt() {
    interrupt::set(true);
}

/// How far the command that runs has come, if it has said so.
pub fn latest_progress() -> Option<Progress> {
    let bar = progress::latest()?;
    Some(Progress {
        message: bar.message(),
        done: bar.position(),
        total: bar.length().unwrap_or(0),
    })
}

fn run_fit(
    arguments: &[String],
    inputs: Inputs,
    rounds: Option<&Rounds>,
) -> Result<Outcome, Failure> {
    let mut arguments: fit::Arguments = parse(arguments, &["responses", "comparisons"])?;
    place(inputs.responses, &mut arguments.tables.responses.responses);
    place(inputs.comparisons, &mut arguments.tables.comparisons);
    arguments.tables.responses.prompts = inputs.prompts;
    arguments.tables.responses.features = inputs.features;
    arguments.deck.labels = inputs.labels;
    let elsewhere = rounds.map(Rounds::elsewhere);
    let made = fit::run_with(&arguments, Output::JSON, elsewhere.as_ref())?;
    Ok(Outcome {
        deck: Some(made.deck),
        report: json!(made.report),
        notes: made.notes,
    })
}

fn run_evaluate(arguments: &[String], inputs: Inputs) -> Result<Outcome, Failure> {
    let mut arguments: evaluate::Arguments =
        parse(arguments, &["deck", "responses", "comparisons"])?;
    place(inputs.deck, &mut arguments.deck);
    place(inputs.responses, &mut arguments.tables.responses.responses);
    place(inputs.comparisons, &mut arguments.tables.comparisons);
    arguments.tables.responses.prompts = inputs.prompts;
    arguments.tables.responses.features = inputs.features;
    let mut notes = Vec::new();
    let report = evaluate::run(&arguments, |found| notes.extend_from_slice(found))?;
    Ok(without_deck(&report, notes))
}

fn run_simulate(arguments: &[String], inputs: Inputs) -> Result<Outcome, Failure> {
    let with_deck: &[&str] = if inputs.deck.is_some() {
        &["deck"]
    } else {
        &[]
    };
    let mut arguments: simulate::Arguments = parse(arguments, with_deck)?;
    arguments.deck = inputs.deck;
    Ok(without_deck(&simulate::run(&arguments)?, Vec::new()))
}

fn without_deck(report: &impl Serialize, notes: Vec<String>) -> Outcome {
    Outcome {
        deck: None,
        report: json!(report),
        notes,
    }
}

/// Replaces the name of a file on the command line by the input.
fn place(input: Option<Source>, place: &mut Source) {
    if let Some(input) = input {
        *place = input;
    }
}

/// A command line of one command's arguments.
#[derive(Debug, Parser)]
#[command(no_binary_name = true)]
struct Line<Arguments: clap::Args> {
    #[command(flatten)]
    arguments: Arguments,
}

/// Reads the arguments of a command. The command line requires `files`, whose names are only for messages.
fn parse<Arguments: clap::Args>(
    arguments: &[String],
    files: &[&str],
) -> Result<Arguments, Failure> {
    let files = files.iter().map(|name| format!("--{name}={name}"));
    let line: Vec<OsString> = files
        .chain(arguments.iter().cloned())
        .map(OsString::from)
        .collect();
    match Line::try_parse_from(line) {
        Ok(Line { arguments }) => Ok(arguments),
        Err(error) => Err(wrong_usage(&error)),
    }
}

/// The first line of clap's message, about the option that it names.
fn wrong_usage(error: &clap::Error) -> Failure {
    let text = error.to_string();
    let message = text.lines().next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let option = error
        .get(ContextKind::InvalidArg)
        .map(ToString::to_string)
        .unwrap_or_default();
    let option = option.split([' ', '=']).next().unwrap_or_default();
    Failure::of_option(option, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;
    use std::sync::Arc;

    /// A table of texts.
    #[derive(Debug)]
    struct Texts {
        header: Vec<String>,
        rows: Vec<Vec<&'static str>>,
    }

    impl Rows for Texts {
        fn header(&self) -> &[String] {
            &self.header
        }

        fn count(&self) -> usize {
            self.rows.len()
        }

        fn cell(&self, row: usize, column: usize) -> Cell<'_> {
            Cell::Text(Cow::Borrowed(self.rows[row][column]))
        }
    }

    fn table(name: &str, text: &'static str) -> Source {
        let mut lines = text.lines().map(|line| line.split(',').collect());
        let header: Vec<&str> = lines.next().unwrap();
        let texts = Texts {
            header: header.into_iter().map(str::to_owned).collect(),
            rows: lines.collect(),
        };
        Source::Table(name.to_owned(), Arc::new(texts))
    }

    fn inputs(comparisons: &'static str) -> Inputs {
        Inputs {
            responses: Some(table("responses", "id,prompt,x\na,p,1\nb,p,0\nc,p,-1\n")),
            comparisons: Some(table("comparisons", comparisons)),
            ..Inputs::default()
        }
    }

    /// Waits for the turn, since tests run beside each other.
    fn run(arguments: &[&str], inputs: Inputs) -> Result<Outcome, Failure> {
        let arguments: Vec<String> = arguments.iter().map(|&one| one.to_owned()).collect();
        loop {
            match Turn::take() {
                Some(turn) => return turn.run(Command::Fit, &arguments, inputs),
                None => std::thread::yield_now(),
            }
        }
    }

    #[test]
    fn a_fit_of_tables_in_memory_makes_a_deck() {
        let comparisons = "user,shown,chose\nu,a|b,a\nu,b|c,b\nv,a|c,a\nv,a|b,b\n";
        let outcome = run(&["--as-is"], inputs(comparisons)).unwrap();
        assert_eq!(outcome.report["people"], 2);
        assert_eq!(outcome.deck.unwrap()["dimensions"][0]["id"], "x");
    }

    #[test]
    fn failures_tell_the_table_and_the_row_from_0_or_the_option() {
        let failure = run(&[], inputs("user,shown,chose\nu,a|b,a\nu,a|z,a\n")).unwrap_err();
        assert_eq!(failure.subject(), "comparisons");
        assert!(
            failure.to_string().starts_with("comparisons: row 1: "),
            "{failure}"
        );
        let failure = run(&["--lapse=2"], inputs("user,shown,chose\nu,a|b,a\n")).unwrap_err();
        assert_eq!(
            (failure.subject(), failure.code()),
            ("--lapse", Some("options"))
        );
    }
}
