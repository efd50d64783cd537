//! Additions of a publisher to a built deck: more fields, and pictures of candidates.

use crate::failure::Failure;
use crate::input::Source;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Fields of a deck that `build` itself makes.
const BUILT: [&str; 4] = ["format", "dimensions", "basis", "prompts"];

/// More fields of a deck, and pictures by the ids of responses.
#[derive(Debug, Default)]
pub struct Extras {
    fields: Map<String, Value>,
    /// The name of the file of fields.
    fields_source: String,
    /// The name of the file of pictures.
    source: String,
    images: BTreeMap<String, Value>,
}

impl Extras {
    /// Reads both files, where there are any.
    ///
    /// # Errors
    /// Fails if a file cannot be read, or if the fields have one that `build` makes.
    pub fn read(fields: Option<&Source>, images: Option<&Source>) -> Result<Self, Failure> {
        let mut extras = Extras::default();
        if let Some(source) = fields {
            extras.fields_source = source.to_string();
            extras.fields = source.read_json()?;
            if let Some(name) = BUILT.iter().find(|name| extras.fields.contains_key(**name)) {
                return Err(Failure::new(
                    source,
                    format!("{name}: build makes this field itself"),
                ));
            }
        }
        if let Some(source) = images {
            extras.source = source.to_string();
            extras.images = source.read_json()?;
        }
        Ok(extras)
    }

    /// Fails if there is a picture of a response that is not among these ids.
    pub fn check<'a>(&self, ids: impl Iterator<Item = &'a str> + Clone) -> Result<(), Failure> {
        let is_unknown = |id: &&String| ids.clone().all(|known| known != id.as_str());
        match self.images.keys().find(is_unknown) {
            Some(id) => Err(Failure::new(
                &self.source,
                format!("{id:?}: there is no such response"),
            )),
            None => Ok(()),
        }
    }

    /// The file that a place of the built deck comes from, if it is one of these two.
    pub fn source_of(&self, path: &str) -> Option<&str> {
        let first = path.split(['.', '[']).next().unwrap_or_default();
        if self.fields.contains_key(first) {
            Some(&self.fields_source)
        } else if path.split('.').any(|step| step == "image") {
            Some(&self.source)
        } else {
            None
        }
    }

    /// Adds the fields to those of a deck, and replaces those of the same name.
    pub fn set_fields(&self, deck: &mut Map<String, Value>) {
        deck.extend(self.fields.clone());
    }

    /// Adds the pictures to the candidates of a deck's `prompts`.
    pub fn set_images(&self, prompts: &mut Value) {
        let prompts = prompts.as_array_mut().into_iter().flatten();
        let candidates = prompts
            .filter_map(|prompt| prompt.get_mut("candidates")?.as_array_mut())
            .flatten();
        for candidate in candidates {
            let image = candidate["id"].as_str().and_then(|id| self.images.get(id));
            if let Some(image) = image.cloned() {
                candidate["image"] = image;
            }
        }
    }
}
