//! Embeddings, as a matrix of features.

use super::arguments::Arguments;
use super::asking::{Asked, Asking};
use super::metadata::Metadata;
use super::outputs::Outputs;
use super::{Report, Unrated, table};
use crate::atomic_write::save;
use crate::choices::Texts;
use crate::failure::Failure;
use crate::models::EmbeddingModel;
use leaning_scoring::{Answer, Cache, Request};
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The tensor that `leaning fit --features` reads, and the metadata with the ids of its rows.
const TENSOR: &str = "features";
const IDS: &str = "ids";

/// The requests for the embeddings of texts, one per text.
pub struct Embedding {
    model: EmbeddingModel,
    /// Prompts and texts.
    texts: Vec<(String, String)>,
    metadata: Metadata,
}

impl Embedding {
    pub fn new(
        arguments: &Arguments,
        texts: &Texts,
        fields: Map<String, Value>,
    ) -> Result<Self, Failure> {
        let name = arguments.model.as_deref().unwrap_or_default();
        let model = EmbeddingModel::new(&arguments.asked, name, fields.clone())?;
        let mut metadata = Metadata::new(model.protocol.name(), arguments, &fields);
        if let Some(template) = &model.template {
            metadata.add("template", template.as_str().into());
        }
        Ok(Embedding {
            model,
            texts: texts.with_prompts(),
            metadata,
        })
    }
}

impl Asking for Embedding {
    fn count(&self) -> usize {
        self.texts.len()
    }

    fn request(&self, number: usize) -> Request {
        let (prompt, text) = &self.texts[number];
        self.model.request(prompt, text)
    }

    fn check_columns(&self, _: &Texts) -> Result<(), Failure> {
        Ok(())
    }

    fn finish(
        &self,
        texts: &Texts,
        asked: Asked,
        cache: &Cache,
        outputs: &Outputs,
    ) -> Result<(Report, Vec<String>), Failure> {
        let (mut ids, mut rows, mut unrated) = (Vec::new(), Vec::<&[f64]>::new(), Vec::new());
        for (number, row) in texts.rows.iter().enumerate() {
            let reply = asked.answer(number, cache);
            let found = reply.and_then(|reply| match &reply.answer {
                Answer::Unrated { because } => Err(because.clone()),
                Answer::Numbers { rows, .. } => Ok(rows.first().map_or(&[][..], Vec::as_slice)),
            });
            match found {
                Ok(numbers) => {
                    if let Some(first) = rows.first()
                        && first.len() != numbers.len()
                    {
                        let (expected, found, id) = (first.len(), numbers.len(), &row.id);
                        let message =
                            format!("expected {expected} for each text, found {found} for {id:?}");
                        return Err(Failure::new("the server's numbers", message));
                    }
                    ids.push(&row.id);
                    rows.push(numbers);
                }
                Err(because) => unrated.push(Unrated {
                    id: row.id.clone(),
                    dimension: None,
                    because,
                }),
            }
        }
        let file =
            matrix(&ids, &rows).map_err(|message| Failure::new(outputs.out.display(), message))?;
        let mut report = table::report(texts, &asked, outputs);
        report.scored = ids.len();
        report.width = rows.first().map(|row| row.len());
        report.unrated = unrated;
        let notes = table::notes_about_unrated(&report).into_iter().collect();
        save(&outputs.out, file)?;
        save(&outputs.metadata, self.metadata.with_report(&report))?;
        Ok((report, notes))
    }
}

/// A safetensors file of a row per text, in four bytes a number if none needs more.
fn matrix(ids: &[&String], rows: &[&[f64]]) -> Result<Vec<u8>, String> {
    let numbers = || rows.iter().flat_map(|row| row.iter().copied());
    let is_narrow = numbers().all(|number| f64::from(number as f32) == number);
    let (dtype, bytes): (Dtype, Vec<u8>) = if is_narrow {
        (
            Dtype::F32,
            numbers()
                .flat_map(|number| (number as f32).to_le_bytes())
                .collect(),
        )
    } else {
        (Dtype::F64, numbers().flat_map(f64::to_le_bytes).collect())
    };
    let shape = vec![rows.len(), rows.first().map_or(0, |row| row.len())];
    let tensor = TensorView::new(dtype, shape, &bytes).map_err(|error| error.to_string())?;
    // A single entry: the order of several, and with it the bytes, would vary.
    let metadata = HashMap::from([(IDS.to_owned(), json!(ids).to_string())]);
    safetensors::serialize([(TENSOR, tensor)], Some(metadata)).map_err(|error| error.to_string())
}
