//! The rows of a table with a column for each dimension.

use super::asking::Asked;
use super::metadata::Metadata;
use super::outputs::{Form, Outputs};
use super::reliability::Reliability;
use super::{DimensionReport, Report, Scores};
use crate::atomic_write::save;
use crate::choices::Texts;
use crate::deck::differences::{self, Correlated, Differences};
use crate::deck::prompts::PromptGroup;
use crate::failure::Failure;
use nalgebra::DMatrix;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Phrasings that agree less than this measure something else than the dimension.
pub const LITTLE_AGREEMENT: f64 = 0.5;
/// Texts that a note names.
const NAMED: usize = 3;

/// Fails if a table has one of the columns that are to be added.
pub fn check_columns<'a>(
    texts: &Texts,
    mut dimensions: impl Iterator<Item = &'a str>,
) -> Result<(), Failure> {
    let is_there = |name: &&str| texts.columns.iter().any(|column| column == name);
    match dimensions.find(is_there) {
        Some(name) => {
            let message = format!("column {name}: it is there already, and would be written again");
            Err(Failure::new(&texts.file, message))
        }
        None => Ok(()),
    }
}

/// A report without numbers.
pub fn report(texts: &Texts, asked: &Asked, outputs: &Outputs) -> Report {
    Report {
        out: outputs.out.clone(),
        metadata: outputs.metadata.clone(),
        cache: outputs.cache.clone(),
        instruction: None,
        phrasings: None,
        texts: texts.rows.len(),
        scored: 0,
        width: None,
        dimensions: Vec::new(),
        correlations: Vec::new(),
        correlated: Vec::new(),
        unrated: Vec::new(),
        requests: asked.requests(),
        tokens: asked.totals().tokens,
        cached_tokens: asked.totals().cached_tokens,
    }
}

/// Writes the table and its metadata. Returns the report, to which `complete` adds, and notes.
pub fn finish(
    texts: &Texts,
    scores: &Scores,
    outputs: &Outputs,
    metadata: &Metadata,
    complete: impl FnOnce(&mut Report),
) -> Result<(Report, Vec<String>), Failure> {
    let mut report = report(texts, &scores.asked, outputs);
    measure(texts, scores, &mut report);
    report.unrated.clone_from(&scores.unrated);
    complete(&mut report);
    let mut notes: Vec<String> = notes_about_unrated(&report).into_iter().collect();
    notes.extend(note_about_agreement(&report));
    notes.extend(differences::note_about(&report.correlated));
    if report.scored == 0 {
        let because = report.unrated.first().map_or("", |first| &first.because);
        let message = format!("none of {} texts was rated: {because}", report.texts);
        return Err(Failure::new(&texts.file, message));
    }
    let bytes = match outputs.form {
        Form::Csv => csv(texts, scores),
        Form::Lines | Form::Matrix => Ok(lines(texts, scores)),
    };
    let bytes = bytes.map_err(|message| Failure::new(outputs.out.display(), message))?;
    save(&outputs.out, bytes)?;
    save(&outputs.metadata, metadata.with_report(&report))?;
    Ok((report, notes))
}

/// A note about texts that are left out.
pub fn notes_about_unrated(report: &Report) -> Option<String> {
    let left_out = report.texts - report.scored;
    let first = report.unrated.first()?;
    let mut ids: Vec<&str> = report.unrated.iter().map(|of| of.id.as_str()).collect();
    ids.dedup();
    let mut named = ids
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if ids.len() > NAMED {
        named.push('…');
    }
    let count = if left_out == 1 {
        "1 text is".to_owned()
    } else {
        format!("{left_out} texts are")
    };
    Some(format!("{count} left out ({named}): {}", first.because))
}

/// A note about dimensions in which a judge does not agree with itself.
fn note_about_agreement(report: &Report) -> Option<String> {
    let low = report.dimensions.iter().filter_map(|of| {
        let agreement = of
            .agreement
            .filter(|agreement| *agreement < LITTLE_AGREEMENT)?;
        Some(format!("{} ({agreement:.2})", of.id))
    });
    let low: Vec<String> = low.collect();
    (!low.is_empty()).then(|| {
        let low = low.join(", ");
        format!("phrasings agree by less than {LITTLE_AGREEMENT} about {low}: other words for the ends, anchors or another \
                 model may help")
    })
}

/// The places of the texts that have all of their numbers.
fn complete(scores: &Scores) -> Vec<usize> {
    let is_complete = |place: &usize| scores.rows[*place].iter().all(Option::is_some);
    (0..scores.rows.len()).filter(is_complete).collect()
}

/// Fills in how reliable the dimensions are, and how they go together.
fn measure(texts: &Texts, scores: &Scores, report: &mut Report) {
    let places = complete(scores);
    report.scored = places.len();
    let (n, d) = (places.len(), scores.dimensions.len());
    let number = |row: &[Option<f64>], j: usize| row[j].unwrap_or(0.0);
    let matrix = DMatrix::from_fn(n, d, |i, j| number(&scores.rows[places[i]], j));
    let groups = groups(texts, &places);
    let members: Vec<&[usize]> = groups.iter().map(|group| &*group.members).collect();
    for (j, id) in scores.dimensions.iter().enumerate() {
        let column: Vec<f64> = matrix.column(j).iter().copied().collect();
        let phrasings: Vec<Vec<f64>> = scores
            .phrasings
            .iter()
            .map(|ratings| {
                places
                    .iter()
                    .map(|&place| number(&ratings[place], j))
                    .collect()
            })
            .collect();
        let reliability = Reliability::of(&column, &phrasings, &members);
        let is_unrated = |row: &&Vec<Option<f64>>| row[j].is_none();
        report.dimensions.push(DimensionReport {
            id: id.clone(),
            mean: reliability.mean,
            sd: reliability.sd,
            within_prompts: reliability.within_prompts,
            agreement: reliability.agreement,
            reliability: reliability.reliability,
            unrated: scores.rows.iter().filter(is_unrated).count(),
        });
    }
    let differences = Differences::new(&matrix, &groups);
    let row = |j: usize| (0..d).map(|k| differences.correlation(j, k)).collect();
    report.correlations = (0..d).map(row).collect();
    let names = &scores.dimensions;
    let pairs = (0..d).flat_map(|j| (0..j).map(move |k| (k, j)));
    report.correlated = pairs
        .map(|(k, j)| Correlated {
            dimensions: [names[k].clone(), names[j].clone()],
            correlation: report.correlations[k][j],
        })
        .filter(Correlated::is_notable)
        .collect();
}

/// The texts at these places by prompt; members are places among the places.
fn groups(texts: &Texts, places: &[usize]) -> Vec<PromptGroup> {
    let mut groups: Vec<PromptGroup> = Vec::new();
    let mut known = HashMap::new();
    for (member, &place) in places.iter().enumerate() {
        let id = &texts.rows[place].prompt;
        let group = *known.entry(id).or_insert_with(|| {
            groups.push(PromptGroup {
                id: id.clone(),
                members: Vec::new(),
            });
            groups.len() - 1
        });
        groups[group].members.push(member);
    }
    groups
}

fn csv(texts: &Texts, scores: &Scores) -> Result<Vec<u8>, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| error.to_string();
    let header = texts.columns.iter().chain(&scores.dimensions);
    writer.write_record(header).map_err(failed)?;
    for place in complete(scores) {
        let cells = texts.rows[place].cells.iter().map(cell);
        let numbers = scores.rows[place]
            .iter()
            .flatten()
            .map(|&number| json!(number).to_string());
        writer.write_record(cells.chain(numbers)).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

/// A value in a cell of a CSV file.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn lines(texts: &Texts, scores: &Scores) -> Vec<u8> {
    let mut bytes = Vec::new();
    for place in complete(scores) {
        let columns = texts.columns.iter().cloned();
        let cells = texts.rows[place].cells.iter().cloned();
        let numbers = scores.rows[place]
            .iter()
            .flatten()
            .map(|&number| json!(number));
        let row: Map<String, Value> = columns
            .zip(cells)
            .chain(scores.dimensions.iter().cloned().zip(numbers))
            .collect();
        bytes.extend(format!("{}\n", Value::Object(row)).into_bytes());
    }
    bytes
}
