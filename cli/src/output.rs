//! Results on standard output, messages on standard error.

use crate::failure::Failure;
use crate::terminal::{Page, clean, colour, width};
use clap::ValueEnum;
use serde::Serialize;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// How results are printed, on a command line.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArguments {
    /// Print text for people or JSON for programs; auto prints text at a terminal, JSON elsewhere
    #[arg(long, value_enum, default_value_t = Format::Auto, global = true, hide_possible_values = true,
          value_name = "auto|text|json")]
    format: Format,

    /// Print JSON, as --format json does
    #[arg(long, global = true, conflicts_with = "format")]
    json: bool,

    #[command(flatten)]
    color: colorchoice_clap::Color,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Auto,
    Text,
    Json,
}

impl OutputArguments {
    /// The output that is asked for. Colours are chosen for the whole process.
    pub fn output(&self) -> Output {
        self.color.write_global();
        let is_text = match self.format {
            Format::Auto => !self.json && io::stdout().is_terminal(),
            Format::Text => true,
            Format::Json => false,
        };
        Output {
            page_width: is_text.then(width),
        }
    }
}

impl Output {
    /// Results that no person reads.
    pub const JSON: Output = Output { page_width: None };
}

/// Where results go: as text to a person, or as JSON to a program.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Columns of the page; `None` for JSON.
    page_width: Option<usize>,
}

impl Output {
    /// Whether a person reads it.
    pub fn is_text(self) -> bool {
        self.page_width.is_some()
    }

    /// Prints a result: as one line of JSON, or as a page that `draw` fills.
    ///
    /// # Errors
    /// Fails if `draw` does, or if standard output cannot be written to. A reader who has gone away
    /// has seen enough, so a broken pipe is no failure.
    pub fn print(
        self,
        result: &impl Serialize,
        draw: impl FnOnce(&mut Page) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match self.page_width {
            Some(_) => self.print_page(draw),
            None => print_json(result),
        }
    }

    /// Prints a text for programs as it is, or a page for people.
    ///
    /// # Errors
    /// As [`Output::print`].
    pub fn print_text(
        self,
        text: &str,
        draw: impl FnOnce(&mut Page) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match self.page_width {
            Some(_) => self.print_page(draw),
            None => write(io::stdout().lock(), text),
        }
    }

    fn print_page(
        self,
        draw: impl FnOnce(&mut Page) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut page = Page::new(self.page_width.unwrap_or_else(width));
        draw(&mut page)?;
        write(anstream::stdout().lock(), &page.into_text())
    }

    /// Writes notes to standard error, or nowhere if that is closed.
    pub fn note(self, notes: &[String]) {
        let mut stderr = anstream::stderr().lock();
        for note in notes {
            let _ = match self.page_width {
                Some(width) => {
                    let mut page = Page::new(width);
                    page.item(colour::WARNING, "!", note);
                    write!(stderr, "{}", page.into_text())
                }
                // One line, whatever the files contain.
                None => writeln!(stderr, "leaning: {}", clean::escaped(note)),
            };
        }
    }
}

/// Prints a result as one line of JSON, for programs.
///
/// # Errors
/// As [`Output::print`].
pub fn print_json(result: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string(result).map_err(|error| failure(error.into()))?;
    write(io::stdout().lock(), &format!("{json}\n"))
}

fn write(mut stdout: impl Write, text: &str) -> Result<(), Failure> {
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(failure(error)),
        _ => Ok(()),
    }
}

fn failure(error: io::Error) -> Failure {
    Failure::new("standard output", error)
}
