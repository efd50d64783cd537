//! The origin of the numbers: model, instruction, settings, and how reliable they turned out.

use super::Report;
use super::arguments::Arguments;
use serde_json::{Map, Value, json};

const FORMAT: &str = "leaning-scores/1";

/// The file beside a table of scores. It says neither where the server is nor what its key is.
pub struct Metadata(Map<String, Value>);

impl Metadata {
    pub fn new(kind: &str, arguments: &Arguments, fields: &Map<String, Value>) -> Self {
        let mut metadata = Metadata(Map::new());
        metadata.add("format", json!(FORMAT));
        metadata.add("kind", json!(kind));
        if let Some(model) = &arguments.model {
            metadata.add("model", json!(model));
        }
        if !fields.is_empty() {
            metadata.add("fields", json!(fields));
        }
        metadata
    }

    pub fn add(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// The file.
    pub fn with_report(&self, report: &Report) -> String {
        let mut file = self.0.clone();
        file.insert("report".to_owned(), json!(report));
        format!("{:#}\n", Value::Object(file))
    }
}
