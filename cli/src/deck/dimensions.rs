//! Dimensions of a new deck, and their names.

use super::write::fields;
use crate::failure::Failure;
use crate::input::Source;
use leaning::format::deck::DimensionFile;
use leaning_style::{FEATURES, Language};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A dimension of a new deck.
#[derive(Debug, Clone)]
pub struct NewDimension {
    pub id: String,
    /// Its fields in the file.
    fields: Map<String, Value>,
}

impl NewDimension {
    /// A dimension with a label and, if there are any, names for its ends.
    pub fn new(id: &str, label: &str, low: Option<String>, high: Option<String>) -> Self {
        let label = Some(label.to_owned());
        DimensionFile {
            id: id.to_owned(),
            label,
            low,
            high,
            description: None,
            curved: None,
        }
        .into()
    }

    /// The dimension of a column, without names.
    pub fn of_column(name: &str) -> Self {
        let id = name.to_owned();
        DimensionFile {
            id,
            label: None,
            low: None,
            high: None,
            description: None,
            curved: None,
        }
        .into()
    }

    /// The dimension of a style feature, by its place, with its names in a language.
    pub fn of_style(feature: usize, language: &Language) -> Self {
        let names = &language.dimensions[feature];
        let dimension = DimensionFile {
            id: FEATURES[feature].dimension.to_owned(),
            label: Some(names.label.to_owned()),
            low: Some(names.low.to_owned()),
            high: Some(names.high.to_owned()),
            description: Some(names.description.to_owned()),
            curved: None,
        };
        dimension.into()
    }

    /// A dimension of another deck, with all of its fields.
    pub fn of_fields(id: &str, fields: &Map<String, Value>) -> Self {
        NewDimension {
            id: id.to_owned(),
            fields: fields.clone(),
        }
    }
}

impl From<DimensionFile> for NewDimension {
    fn from(file: DimensionFile) -> Self {
        NewDimension {
            fields: fields(&file),
            id: file.id,
        }
    }
}

/// Names that a publisher gives a dimension. The others stay as they are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    label: Option<String>,
    low: Option<String>,
    high: Option<String>,
    description: Option<String>,
    /// A rubric of `leaning score` can be the file, too. A deck has no place for its anchors.
    #[serde(default, rename = "anchors")]
    _anchors: IgnoredAny,
}

/// Names that a publisher gives dimensions, by their ids.
#[derive(Default)]
pub struct Labels {
    /// The name of the file.
    source: String,
    by_id: BTreeMap<String, Names>,
}

impl Labels {
    /// Reads the file, if there is one.
    pub fn read(source: Option<&Source>) -> Result<Self, Failure> {
        let Some(source) = source else {
            return Ok(Labels::default());
        };
        Ok(Labels {
            source: source.to_string(),
            by_id: source.read_json()?,
        })
    }

    /// Fails if they name a dimension that the deck does not have, unless it was left out.
    pub fn check(&self, dimensions: &[NewDimension], left_out: &[&str]) -> Result<(), Failure> {
        let is_unknown = |id: &&String| {
            dimensions.iter().all(|dimension| dimension.id != **id)
                && !left_out.contains(&id.as_str())
        };
        let Some(id) = self.by_id.keys().find(is_unknown) else {
            return Ok(());
        };
        let ids: Vec<&str> = dimensions
            .iter()
            .map(|dimension| dimension.id.as_str())
            .collect();
        let message = format!(
            "{id:?}: the deck has no such dimension, only {}",
            ids.join(", ")
        );
        Err(Failure::new(&self.source, message))
    }

    /// The `dimensions` of a deck file.
    pub fn apply(&self, dimensions: &[NewDimension]) -> Vec<Value> {
        let named = |dimension: &NewDimension| {
            let mut fields = dimension.fields.clone();
            if let Some(names) = self.by_id.get(&dimension.id) {
                let Names {
                    label,
                    low,
                    high,
                    description,
                    ..
                } = names;
                let names = [
                    ("label", label),
                    ("low", low),
                    ("high", high),
                    ("description", description),
                ];
                for (name, text) in names {
                    if let Some(text) = text {
                        fields.insert(name.to_owned(), text.as_str().into());
                    }
                }
            }
            Value::Object(fields)
        };
        dimensions.iter().map(named).collect()
    }
}
