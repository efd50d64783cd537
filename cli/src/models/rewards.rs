//! A reward model.

use super::ModelArguments;
use super::arguments::ProtocolName;
use crate::failure::Failure;
use leaning_scoring::rewards::{classify, nim, pooling, sglang};
use leaning_scoring::{Protocol, Request, Template};
use serde_json::{Map, Value};

/// A reward model, and how it is asked.
#[derive(Debug)]
pub struct RewardModel {
    pub protocol: Protocol,
    model: Option<String>,
    pub template: Option<Template>,
    /// Names for its heads; empty if none are given.
    pub names: Vec<String>,
    fields: Map<String, Value>,
}

impl RewardModel {
    /// The model that an option names, asked as the arguments say.
    pub fn new(
        arguments: &ModelArguments,
        (option, model): (&str, Option<&str>),
        fields: Map<String, Value>,
    ) -> Result<Self, Failure> {
        let wrong = |message: &str| Err(Failure::of_option("--protocol", message));
        let protocol = match arguments.protocol {
            None | Some(ProtocolName::Classify) => Protocol::Classify,
            Some(ProtocolName::Pooling) => Protocol::Pooling,
            Some(ProtocolName::Sglang) => Protocol::Sglang,
            Some(ProtocolName::Nim) => Protocol::Nim,
            Some(ProtocolName::Openai) => {
                return wrong(
                    "with --rewards, expected classify, pooling, sglang or nim, found openai",
                );
            }
        };
        let template = arguments.read_template()?;
        if protocol == Protocol::Sglang && template.is_none() {
            return wrong("sglang takes one text and no messages, so it needs --template");
        }
        if protocol == Protocol::Nim && template.is_some() {
            return Err(Failure::of_option(
                "--template",
                "nim takes messages, so it needs none",
            ));
        }
        if protocol == Protocol::Nim && model.is_none() {
            return wrong(&format!("nim needs {option}"));
        }
        let names = &arguments.names;
        if let Some(again) = (1..names.len()).find(|&place| names[..place].contains(&names[place]))
        {
            let message = format!("expected other names, found {} twice", names[again]);
            return Err(Failure::of_option("--names", message));
        }
        Ok(RewardModel {
            protocol,
            model: model.map(str::to_owned),
            template,
            names: names.clone(),
            fields,
        })
    }

    /// The request for the heads of a text that answers a prompt.
    pub fn request(&self, prompt: &str, text: &str) -> Request {
        let (model, template) = (self.model.as_deref(), self.template.as_ref());
        let request = match (self.protocol, template) {
            (Protocol::Pooling, template) => pooling::request(model, template, prompt, text),
            (Protocol::Sglang, Some(template)) => sglang::request(model, template, prompt, text),
            (Protocol::Nim, _) => nim::request(model.unwrap_or_default(), prompt, text),
            (_, template) => classify::request(model, template, prompt, text),
        };
        request.with_fields(&self.fields)
    }

    /// The names of a text's numbers: those that are given, else the server's own, else made up.
    ///
    /// # Errors
    /// A message, if another number of names is given.
    pub fn named(&self, numbers: &[f64], names: &[String]) -> Result<Vec<String>, String> {
        if !self.names.is_empty() {
            if self.names.len() != numbers.len() {
                let (expected, found) = (numbers.len(), self.names.len());
                return Err(format!(
                    "expected {expected} names, as the model has heads, found {found}"
                ));
            }
            return Ok(self.names.clone());
        }
        Ok(match (names, numbers) {
            ([_, ..], _) => names.to_vec(),
            (_, [_]) => vec!["reward".to_owned()],
            (_, numbers) => (0..numbers.len())
                .map(|head| format!("reward{head}"))
                .collect(),
        })
    }
}
