//! `leaning schema`: the JSON Schemas of the formats.

use crate::failure::Failure;
use crate::output::Output;
use crate::shell;
use leaning::format::schema;

/// Print the JSON Schema of decks or of answers
///
/// Editors complete and check a file by it. The npm package has the same as leaning/deck.schema.json
/// and leaning/answers.schema.json.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  leaning schema deck > deck.schema.json")]
pub struct Arguments {
    /// The kind of file
    kind: Kind,
}

/// A kind of file that has a schema.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// leaning-deck/1
    Deck,
    /// leaning-answers/1
    Answers,
}

/// Prints the schema of a kind of file.
pub fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let (name, schema) = match arguments.kind {
        Kind::Deck => ("deck", schema::deck()),
        Kind::Answers => ("answers", schema::answers()),
    };
    let file = format!("{name}.schema.json");
    let words = ["leaning", "schema", name, ">", &file];
    shell::print(output, format!("{schema:#}\n").as_bytes(), &words)
}
