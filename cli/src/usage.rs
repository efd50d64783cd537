//! The command line as it was typed, and errors about it.

use crate::terminal::clean;
use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error, Parser};
use std::ffi::OsString;

/// The options that files are usually given by, most likely first.
const FILES: [&str; 3] = ["deck", "responses", "shared"];

/// Parses the command line of this process. Wrong usage ends the process.
pub fn parse<Cli: Parser>() -> Cli {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    Cli::try_parse_from(&arguments).unwrap_or_else(|error| {
        // Errors quote what was typed, perhaps the name of a file that somebody else has named.
        let escaped = arguments
            .iter()
            .map(|argument| clean::escaped(&argument.to_string_lossy()));
        let error = Cli::try_parse_from(escaped).err().unwrap_or(error);
        with_hint(error, &Cli::command(), &arguments).exit()
    })
}

/// Says by which option a file is given, if one was given without.
fn with_hint(mut error: Error, command: &Command, arguments: &[OsString]) -> Error {
    let Some(ContextValue::String(found)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let subcommand = arguments
        .iter()
        .find_map(|argument| command.find_subcommand(argument));
    let is_given = |option: &str| {
        let typed = format!("--{option}");
        arguments.iter().any(|argument| *argument == *typed)
    };
    let option = FILES.into_iter().find(|option| {
        subcommand.is_some_and(|subcommand| {
            let mut options = subcommand.get_arguments();
            options.any(|known| known.get_long() == Some(option)) && !is_given(option)
        })
    });
    if let Some(option) = option.filter(|_| !found.starts_with('-')) {
        let hint = format!("files are given by options, such as '--{option} {found}'");
        let hints = ContextValue::StyledStrs(vec![hint.into()]);
        error.insert(ContextKind::Suggested, hints);
    }
    error
}
