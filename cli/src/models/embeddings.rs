//! A model of embeddings.

use super::ModelArguments;
use super::arguments::ProtocolName;
use crate::failure::Failure;
use leaning_scoring::{Protocol, Request, Template, embeddings};
use serde_json::{Map, Value};

/// A model of embeddings, and how it is asked.
#[derive(Debug)]
pub struct EmbeddingModel {
    pub protocol: Protocol,
    model: String,
    pub template: Option<Template>,
    fields: Map<String, Value>,
}

impl EmbeddingModel {
    /// The model of this name, asked as the arguments say.
    pub fn new(
        arguments: &ModelArguments,
        model: &str,
        fields: Map<String, Value>,
    ) -> Result<Self, Failure> {
        let protocol = match arguments.protocol {
            None | Some(ProtocolName::Openai) => Protocol::Embeddings,
            Some(ProtocolName::Pooling) => Protocol::PooledEmbeddings,
            Some(_) => {
                let message = "with --embed, expected openai or pooling, found another";
                return Err(Failure::of_option("--protocol", message));
            }
        };
        Ok(EmbeddingModel {
            protocol,
            model: model.to_owned(),
            template: arguments.read_template()?,
            fields,
        })
    }

    /// The request for the embedding of a text that answers a prompt.
    pub fn request(&self, prompt: &str, text: &str) -> Request {
        let request = match &self.template {
            Some(template) => {
                embeddings::request(self.protocol, &self.model, &template.fill(prompt, text))
            }
            None => embeddings::request(self.protocol, &self.model, text),
        };
        request.with_fields(&self.fields)
    }
}
