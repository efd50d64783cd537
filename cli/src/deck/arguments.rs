//! Arguments of commands that make a deck.

use super::dimensions::Labels;
use crate::failure::Failure;
use crate::input::Source;
use leaning::format::deck::FORMAT;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// The deck to make: what it is called, and its file.
#[derive(Debug, Default, clap::Args)]
pub struct DeckArguments {
    /// The deck's id; by default the name of the responses' file and a number that changes with the
    /// dimensions and their scale
    #[arg(long)]
    id: Option<String>,

    /// A heading for people
    #[arg(long)]
    title: Option<String>,

    /// BCP 47 tag of the language of the texts; en by default with --style
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,

    /// Names for dimensions, JSON: {"ID": {"label", "low", "high", "description"}}
    #[arg(long, value_name = "FILE")]
    pub labels: Option<Source>,

    /// The file to write, as safetensors if its name ends in .safetensors
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

impl DeckArguments {
    /// Reads the names for dimensions.
    pub fn read_labels(&self) -> Result<Labels, Failure> {
        Labels::read(self.labels.as_ref())
    }

    /// Sets format, id, version, language and title. Values of the arguments replace those that are
    /// already among the fields; the defaults do not.
    pub fn set_fields(
        &self,
        fields: &mut Map<String, Value>,
        default_id: impl FnOnce() -> String,
        default_language: Option<&str>,
    ) {
        fields.insert("format".to_owned(), FORMAT.into());
        let given = self.id.clone().map(Value::from);
        let id = given.or_else(|| fields.get("id").cloned());
        fields.insert("id".to_owned(), id.unwrap_or_else(|| default_id().into()));
        fields.entry("version").or_insert("1".into());
        let default_language = default_language.filter(|_| !fields.contains_key("language"));
        let language = self.language.as_deref().or(default_language);
        for (name, value) in [("language", language), ("title", self.title.as_deref())] {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value.into());
            }
        }
    }
}
