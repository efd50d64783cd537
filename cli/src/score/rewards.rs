//! The heads of a reward model.

use super::arguments::Arguments;
use super::asking::{Asked, Asking};
use super::metadata::Metadata;
use super::outputs::Outputs;
use super::{Report, Scores, Unrated, table};
use crate::choices::Texts;
use crate::failure::Failure;
use crate::models::RewardModel;
use leaning_scoring::{Answer, Cache, Request};
use serde_json::{Map, Value};

/// How far the sum of probabilities is from 1 at most.
const ROUNDING: f64 = 1e-3;
/// Fewer texts say nothing about how numbers are spread.
const ENOUGH_TEXTS: usize = 10;

/// The requests for the heads of texts, one per text.
pub struct Rewarding {
    model: RewardModel,
    /// Prompts and texts.
    texts: Vec<(String, String)>,
    metadata: Metadata,
}

impl Rewarding {
    pub fn new(
        arguments: &Arguments,
        texts: &Texts,
        fields: Map<String, Value>,
    ) -> Result<Self, Failure> {
        let name = ("--model", arguments.model.as_deref());
        let model = RewardModel::new(&arguments.asked, name, fields.clone())?;
        let mut metadata = Metadata::new(model.protocol.name(), arguments, &fields);
        if let Some(template) = &model.template {
            metadata.add("template", template.as_str().into());
        }
        Ok(Rewarding {
            model,
            texts: texts.with_prompts(),
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
                    let named = self.model.named(&numbers, names);
                    let names = named.map_err(|flaw| Failure::of_option("--names", flaw))?;
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
        let dimensions = dimensions.unwrap_or_else(|| self.model.names.clone());
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
}

impl Asking for Rewarding {
    fn count(&self) -> usize {
        self.texts.len()
    }

    fn request(&self, number: usize) -> Request {
        let (prompt, text) = &self.texts[number];
        self.model.request(prompt, text)
    }

    fn check_columns(&self, texts: &Texts) -> Result<(), Failure> {
        table::check_columns(texts, self.model.names.iter().map(String::as_str))
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
