//! Ratings by a judge.

use super::arguments::Arguments;
use super::asking::{Asked, Asking};
use super::metadata::Metadata;
use super::outputs::Outputs;
use super::{Report, Scores, Unrated, table};
use crate::choices::Texts;
use crate::deck::read::read_deck_and_fields;
use crate::failure::Failure;
use crate::models::{read_rubric_file, rubric_of_deck};
use leaning_scoring::judge::MOST_TOGETHER;
use leaning_scoring::{Cache, Judge, Request, Rubric, instruction};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The requests for the ratings of texts: by group, then by scale, then by phrasing.
pub struct Judging {
    judge: Judge,
    /// Texts that are asked about together, as places.
    groups: Vec<Vec<usize>>,
    /// The prompt of each group.
    prompts: Vec<String>,
    texts: Vec<String>,
    metadata: Metadata,
}

impl Judging {
    pub fn new(
        arguments: &Arguments,
        texts: &Texts,
        fields: Map<String, Value>,
    ) -> Result<Self, Failure> {
        let rubric = read_rubric(arguments)?;
        let model = arguments.model.as_deref().unwrap_or_default();
        let phrasings = usize::from(arguments.asked.phrasings);
        let groups = if arguments.asked.together {
            groups(texts)
        } else {
            (0..texts.rows.len()).map(|place| vec![place]).collect()
        };
        let mut metadata = Metadata::new("judge", arguments, &fields);
        metadata.add("instruction", json!(instruction::VERSION));
        metadata.add("phrasings", json!(phrasings));
        metadata.add("together", json!(arguments.asked.together));
        metadata.add("rubric", json!(rubric));
        Ok(Judging {
            prompts: groups
                .iter()
                .map(|members| texts.rows[members[0]].prompt_text.clone())
                .collect(),
            groups,
            texts: texts.rows.iter().map(|row| row.text.clone()).collect(),
            judge: Judge::new(model, rubric, phrasings).with_fields(fields),
            metadata,
        })
    }

    fn scales(&self) -> usize {
        self.judge.rubric().scales().len()
    }

    fn number(&self, group: usize, scale: usize, phrasing: usize) -> usize {
        (group * self.scales() + scale) * self.judge.phrasings() + phrasing
    }

    /// The ratings of all texts.
    fn scores(&self, texts: &Texts, asked: Asked, cache: &Cache) -> Scores {
        let (count, scales, phrasings) = (texts.rows.len(), self.scales(), self.judge.phrasings());
        let ids: Vec<String> = self
            .judge
            .rubric()
            .scales()
            .iter()
            .map(|of| of.id.clone())
            .collect();
        let mut by_phrasing = vec![vec![vec![None; scales]; count]; phrasings];
        let mut unrated = Vec::new();
        for (group, members) in self.groups.iter().enumerate() {
            for (scale, id) in ids.iter().enumerate() {
                let mut because = None;
                for (phrasing, ratings) in by_phrasing.iter_mut().enumerate() {
                    let number = self.number(group, scale, phrasing);
                    let reply = asked.answer(number, cache);
                    let found = reply.and_then(|reply| self.judge.ratings(phrasing, &reply.answer));
                    match found {
                        Ok(found) => {
                            for (&place, rating) in members.iter().zip(found) {
                                ratings[place][scale] = Some(rating);
                            }
                        }
                        Err(reason) => because = because.or(Some(reason)),
                    }
                }
                if let Some(because) = because {
                    unrated.extend(members.iter().map(|&place| Unrated {
                        id: texts.rows[place].id.clone(),
                        dimension: Some(id.clone()),
                        because: because.clone(),
                    }));
                }
            }
        }
        // A phrasing that is missing would move the mean, so the mean is missing, too.
        let mean = |place: usize, scale: usize| {
            let sum: Option<f64> = by_phrasing.iter().map(|of| of[place][scale]).sum();
            sum.map(|sum| sum / phrasings as f64)
        };
        let row = |place: usize| (0..scales).map(|scale| mean(place, scale)).collect();
        Scores {
            rows: (0..count).map(row).collect(),
            dimensions: ids,
            phrasings: by_phrasing,
            unrated,
            asked,
        }
    }
}

impl Asking for Judging {
    fn count(&self) -> usize {
        self.groups.len() * self.scales() * self.judge.phrasings()
    }

    fn request(&self, number: usize) -> Request {
        let phrasing = number % self.judge.phrasings();
        let rest = number / self.judge.phrasings();
        let (group, scale) = (rest / self.scales(), rest % self.scales());
        let texts: Vec<&str> = self.groups[group]
            .iter()
            .map(|&place| &*self.texts[place])
            .collect();
        self.judge
            .request(scale, phrasing, &self.prompts[group], &texts)
    }

    fn check_columns(&self, texts: &Texts) -> Result<(), Failure> {
        let scales = self.judge.rubric().scales().iter();
        table::check_columns(texts, scales.map(|scale| scale.id.as_str()))
    }

    fn finish(
        &self,
        texts: &Texts,
        asked: Asked,
        cache: &Cache,
        outputs: &Outputs,
    ) -> Result<(Report, Vec<String>), Failure> {
        let scores = self.scores(texts, asked, cache);
        let (report, notes) = table::finish(texts, &scores, outputs, &self.metadata, |report| {
            report.instruction = Some(instruction::VERSION);
            report.phrasings = Some(self.judge.phrasings());
        })?;
        Ok((report, notes))
    }
}

/// The texts of each prompt, in parts of at most as many as can be asked about together.
fn groups(texts: &Texts) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut open: HashMap<&str, usize> = HashMap::new();
    for (place, row) in texts.rows.iter().enumerate() {
        match open.get(&*row.prompt) {
            Some(&group) if groups[group].len() < MOST_TOGETHER => groups[group].push(place),
            _ => {
                open.insert(&row.prompt, groups.len());
                groups.push(vec![place]);
            }
        }
    }
    groups
}

fn read_rubric(arguments: &Arguments) -> Result<Rubric, Failure> {
    match (&arguments.deck, &arguments.asked.rubric) {
        (Some(source), _) => {
            let (_, fields) = read_deck_and_fields(source)?;
            rubric_of_deck(&fields, |_| true).map_err(|message| Failure::new(source, message))
        }
        (None, Some(source)) => read_rubric_file(source),
        (None, None) => {
            let message = "expected --rubric or --deck, whose dimensions are rated, found neither";
            Err(Failure::of_option("--judge", message))
        }
    }
}
