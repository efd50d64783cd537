//! The heads of a reward model.

use super::arguments::{Arguments, ProtocolName};
use super::asking::{Asked, Asking};
use super::metadata::Metadata;
use super::outputs::Outputs;
use super::{Report, Scores, Unrated, table};
use crate::choices::Texts;
use crate::failure::Failure;
use leaning_scoring::rewards::{classify, nim, pooling, sglang};
use leaning_scoring::{Answer, Cache, Protocol, Request, Template};
use serde_json::{Map, Value};

/// How far the sum of probabilities is from 1 at most.
const ROUNDING: f64 = 1e-3;
/// Fewer texts say nothing about how numbers are spread.
const ENOUGH_TEXTS: usize = 10;

/// The requests for the heads of texts, one per text.
pub struct Rewarding {
    protocol: Protocol,
    model: Option<String>,
    template: Option<Template>,
    names: Vec<String>,
    texts: Vec<(String, String)>,
    fields: Map<String, Value>,
    metadata: Metadata,
}

impl Rewarding {
    pub fn new(
        arguments: &Arguments,
        texts: &Texts,
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
        if protocol == Protocol::Nim && arguments.model.is_none() {
            return wrong("nim needs --model");
        }
        let names = &arguments.names;
        if let Some(again) = (1..names.len()).find(|&place| names[..place].contains(&names[place]))
        {
            let message = format!("expected other names, found {} twice", names[again]);
            return Err(Failure::of_option("--names", message));
        }
        let mut metadata = Metadata::new(protocol.name(), arguments, &fields);
        if let Some(template) = &template {
            metadata.add("template", template.as_str().into());
        }
        Ok(Rewarding {
            protocol,
            model: arguments.model.clone(),
            template,
            names: arguments.names.clone(),
            texts: texts
                .rows
                .iter()
                .map(|row| (row.prompt_text.clone(), row.text.clone()))
                .collect(),
            fields,
            metadata,
        })
    }

    /// The numbers of all texts.
    fn scores(&self, texts: &Texts, asked: Asked, cache: &Cache) -> Result<Scores, Failure> {
        let mut dimensions: Option<Vec<String>> = None;
        let mut rows = Vec::with_capacity(texts.rows.len());
        let mut unrated = Vec::new();
        for (number, row) in texts.rows.iter().enumerate() {
            let reply = asked.answer(number, cache);
            let found = reply.and_then(|reply| match &reply.answer {
                Answer::Unrated { because } => Err(because.clone()),
                Answer::Numbers { rows, names } => Ok((rows.concat(), names)),
            });
            match found {
                Ok((numbers, names)) => {
                    let names = self.named(&numbers, names)?;
                    let known = dimensions.get_or_insert_with(|| names.clone());
                    if *known != names {
                        let message = format!(
                            "expected {} for each text, found {} for {:?}",
                            known.join(", "),
                            names.join(", "),
                            row.id
                        );
                        return Err(Failure::new("the server's numbers", message));
                    }
                    rows.push(numbers.into_iter().map(Some).collect());
                }
                Err(because) => {
                    rows.push(Vec::new());
                    unrated.push(Unrated {
                        id: row.id.clone(),
                        dimension: None,
                        because,
                    });
                }
            }
        }
        let dimensions = dimensions.unwrap_or_else(|| self.names.clone());
        for row in &mut rows {
            row.resize(dimensions.len(), None);
        }
        table::check_columns(texts, dimensions.iter().map(String::as_str))?;
        Ok(Scores {
            dimensions,
            rows,
            phrasings: Vec::new(),
            unrated,
            asked,
        })
    }

    /// The names of a text's numbers: those that are asked for, else the server's own, else made up.
    fn named(&self, numbers: &[f64], names: &[String]) -> Result<Vec<String>, Failure> {
        if !self.names.is_empty() {
            if self.names.len() != numbers.len() {
                let (expected, found) = (numbers.len(), self.names.len());
                let message =
                    format!("expected {expected} names, as the model has heads, found {found}");
                return Err(Failure::of_option("--names", message));
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

impl Asking for Rewarding {
    fn count(&self) -> usize {
        self.texts.len()
    }

    fn request(&self, number: usize) -> Request {
        let (prompt, text) = &self.texts[number];
        let (model, template) = (self.model.as_deref(), self.template.as_ref());
        let request = match (self.protocol, template) {
            (Protocol::Pooling, template) => pooling::request(model, template, prompt, text),
            (Protocol::Sglang, Some(template)) => sglang::request(model, template, prompt, text),
            (Protocol::Nim, _) => nim::request(model.unwrap_or_default(), prompt, text),
            (_, template) => classify::request(model, template, prompt, text),
        };
        request.with_fields(&self.fields)
    }

    fn check_columns(&self, texts: &Texts) -> Result<(), Failure> {
        table::check_columns(texts, self.names.iter().map(String::as_str))
    }

    fn finish(
        &self,
        texts: &Texts,
        asked: Asked,
        cache: &Cache,
        outputs: &Outputs,
    ) -> Result<(Report, Vec<String>), Failure> {
        let scores = self.scores(texts, asked, cache)?;
        let (report, mut notes) = table::finish(texts, &scores, outputs, &self.metadata, |_| ())?;
        notes.extend(note_about_activation(&scores.rows));
        Ok((report, notes))
    }
}

/// A note if the numbers look like probabilities.
fn note_about_activation(rows: &[Vec<Option<f64>>]) -> Option<String> {
    let rows: Vec<Vec<f64>> = rows
        .iter()
        .filter_map(|row| row.iter().copied().collect())
        .collect();
    let in_unit = |row: &Vec<f64>| row.iter().all(|number| (0.0..=1.0).contains(number));
    let sums_to_one = |row: &Vec<f64>| (row.iter().sum::<f64>() - 1.0).abs() < ROUNDING;
    let are_enough = rows.len() >= ENOUGH_TEXTS;
    if !are_enough || !rows.iter().all(in_unit) {
        return None;
    }
    let is_softmax = rows.iter().all(|row| row.len() > 1 && sums_to_one(row));
    let (how, effect) = if is_softmax {
        (
            "the numbers of each text add up to 1",
            "a softmax, which ties them to each other",
        )
    } else {
        (
            "all numbers are between 0 and 1",
            "a sigmoid, which flattens what is far from the middle",
        )
    };
    Some(format!("{how}: perhaps the server applies {effect}"))
}

#[cfg(test)]
mod tests {
    use super::note_about_activation;

    fn note(row: &[f64]) -> String {
        let row: Vec<Option<f64>> = row.iter().copied().map(Some).collect();
        note_about_activation(&vec![row; 10]).unwrap_or_default()
    }

    #[test]
    fn numbers_that_look_like_probabilities_are_noted() {
        assert!(note(&[0.25, 0.75]).contains("softmax"));
        assert!(note(&[0.25, 0.25]).contains("sigmoid"));
        assert!(note(&[0.25]).contains("sigmoid"));
        assert_eq!(note(&[1.25, -0.25]), "");
        let few = vec![vec![Some(0.5)]; 3];
        assert_eq!(note_about_activation(&few), None);
    }
}
