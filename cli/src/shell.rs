//! `leaning completions` and `leaning man`: what a shell and `man` know about the command line.

use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{Page, colour};
use clap::Command;
use clap_complete::Shell;

/// Print the completions for a shell
///
/// At a terminal, a line says how to install them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  leaning completions bash > ~/.local/share/bash-completion/completions/leaning
  leaning completions zsh > ~/.zfunc/_leaning
  leaning completions fish > ~/.config/fish/completions/leaning.fish")]
pub struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

/// Print a manual page
///
/// At a terminal, a line says how to read it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  leaning man | man -l -
  leaning man fit | man -l -
  leaning man > ~/.local/share/man/man1/leaning.1")]
pub struct ManArguments {
    /// The command that the page is about; the whole if absent
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

/// Prints completions for the command line `command`.
pub fn completions(
    arguments: &CompletionsArguments,
    mut command: Command,
    output: Output,
) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "leaning", &mut script);
    let file = match arguments.shell {
        Shell::Bash => "~/.local/share/bash-completion/completions/leaning",
        Shell::Zsh => "~/.zfunc/_leaning",
        Shell::Fish => "~/.config/fish/completions/leaning.fish",
        _ => "leaning-completions",
    };
    let shell = arguments.shell.to_string();
    print(
        output,
        &script,
        &["leaning", "completions", &shell, ">", file],
    )
}

/// Prints a page of the manual of the command line `command`.
pub fn man(arguments: &ManArguments, mut command: Command, output: Output) -> Result<(), Failure> {
    command.build();
    let mut words = vec!["leaning", "man"];
    if let Some(name) = &arguments.command {
        let known: Vec<String> = command
            .get_subcommands()
            .map(|of| of.get_name().to_owned())
            .collect();
        let Some(found) = command.find_subcommand(name) else {
            let guess = crate::guess::did_you_mean(name, known.iter().map(String::as_str));
            let message = format!("there is no command {name:?}{guess}");
            return Err(Failure::of_option("man", message));
        };
        command = found.clone();
        words.push(name);
    }
    words.extend(["|", "man", "-l", "-"]);
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| Failure::new("manual", error))?;
    print(output, &page, &words)
}

/// Prints a file for a program, or tells a person what to do with it.
pub fn print(output: Output, file: &[u8], words: &[&str]) -> Result<(), Failure> {
    output.print_text(&String::from_utf8_lossy(file), |page: &mut Page| {
        page.paragraph(colour::PLAIN, "This is for a program to read:");
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        page.command(colour::ACCENT, &words);
        Ok(())
    })
}
