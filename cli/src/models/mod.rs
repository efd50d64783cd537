//! Models that score texts, as command lines name them: judges, reward models and models of embeddings.

mod arguments;
mod embeddings;
mod key;
mod rewards;

pub use arguments::{Kind, ModelArguments};
pub use embeddings::EmbeddingModel;
pub use key::{key, key_or_default, note_about_key, variable};
pub use rewards::RewardModel;

use crate::failure::Failure;
use crate::input::Source;
use leaning_scoring::Rubric;
use serde_json::{Map, Value};

/// Reads a rubric.
pub fn read_rubric_file(source: &Source) -> Result<Rubric, Failure> {
    let rubric: Value = source.read_json()?;
    Rubric::read(&rubric).map_err(|message| Failure::new(source, message))
}

/// The rubric of the dimensions among a deck's fields whose ids are wanted.
///
/// # Errors
/// A message with the place of the flaw, such as a dimension without words for its ends.
pub fn rubric_of_deck(
    fields: &Map<String, Value>,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Rubric, String> {
    let dimensions = fields.get("dimensions").and_then(Value::as_array);
    let dimensions = dimensions.into_iter().flatten();
    let dimensions = dimensions.filter_map(Value::as_object);
    let wanted = dimensions.filter(|of| of["id"].as_str().is_some_and(&is_wanted));
    let wanted: Vec<Map<String, Value>> = wanted.cloned().collect();
    Rubric::of_dimensions(&wanted).map_err(|message| format!("dimensions: {message}"))
}
