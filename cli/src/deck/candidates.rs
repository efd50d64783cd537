//! Candidates to rank, from a table, a deck, or a JSON list with scores.

use super::basis::{Basis, STYLE};
use super::features::{note_about_language, response_features};
use super::read::check;
use super::safetensors;
use crate::choices::{CandidateTable, Candidates, read_bytes};
use crate::failure::Failure;
use crate::guess::did_you_mean;
use crate::input::Source;
use leaning::{Candidate, Deck};
use serde_json::{Map, Value};

/// The column of a table that has all scores of a candidate, a list.
const SCORES: &str = "scores";

/// The deck on whose scale candidates are wanted.
pub struct Target<'a> {
    pub source: &'a Source,
    pub deck: &'a Deck,
    /// The fields of its file.
    pub fields: &'a Map<String, Value>,
}

/// Candidates with scores on the scale of a deck.
pub struct ScoredCandidates {
    pub candidates: Vec<Candidate>,
    /// How scores came about that were not given.
    pub origin: Option<String>,
    pub notes: Vec<String>,
}

impl From<Vec<Candidate>> for ScoredCandidates {
    fn from(candidates: Vec<Candidate>) -> Self {
        ScoredCandidates {
            candidates,
            origin: None,
            notes: Vec::new(),
        }
    }
}

/// Reads candidates. The content of the file decides its format. A note names scores that are probably
/// not on the deck's scale.
///
/// # Errors
/// The failure names the file and the place.
pub fn read(source: &Source, target: &Target) -> Result<ScoredCandidates, Failure> {
    let mut read = of_any_format(source, target)?;
    let note = target.note_about_scale(&read.candidates);
    read.notes
        .extend(note.map(|note| format!("{source}: {note}")));
    Ok(read)
}

fn of_any_format(source: &Source, target: &Target) -> Result<ScoredCandidates, Failure> {
    let bytes = read_bytes(source)?;
    if safetensors::is_safetensors(&bytes) {
        let value = safetensors::read(&bytes).map_err(|message| Failure::new(source, message))?;
        return of_deck(source, value, target);
    }
    match first_character(&bytes) {
        Some(b'[') => {
            let list = source.parse(bytes.clone())?;
            if is_scored(&list) {
                let candidates = Candidate::read_list(&list, target.deck.dimensions().len());
                let candidates = candidates.map_err(|error| Failure::found_in(source, error))?;
                return Ok(candidates.into());
            }
        }
        Some(b'{') => {
            // Objects on more than one line are no JSON as a whole.
            if let Ok(value) = source.parse(bytes.clone())
                && value.get("format").is_some()
            {
                return of_deck(source, value, target);
            }
        }
        _ => {}
    }
    of_table(source, bytes, target)
}

/// The first character that is not white space, after a byte order mark.
fn first_character(bytes: &[u8]) -> Option<u8> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes
        .iter()
        .copied()
        .find(|byte| !byte.is_ascii_whitespace())
}

/// Whether a JSON list is one of candidates with scores, perhaps a broken one, and no table.
fn is_scored(list: &Value) -> bool {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let scored = |item: &Value| !item.is_object() || item.get(SCORES).is_some();
    items.is_empty() || items.iter().any(scored)
}

/// All candidates of another deck of the same dimensions and scale.
fn of_deck(source: &Source, value: Value, target: &Target) -> Result<ScoredCandidates, Failure> {
    let (deck, fields) = check(source, value)?;
    let (found, expected) = (ids(&deck), ids(target.deck));
    if found != expected {
        let message = format!(
            "expected the dimensions of {}, {}, found {}",
            target.source,
            expected.join(", "),
            found.join(", ")
        );
        return Err(Failure::new(source, message));
    }
    let theirs = Basis::of_deck(&fields, found.len()).map_err(|flaw| Failure::new(source, flaw))?;
    let mut notes = Vec::new();
    match (theirs, target.basis()?) {
        (Some(theirs), Some(ours)) if theirs != ours => {
            let message = format!(
                "its scores are on a scale of its own: make it with build --basis {}, or rank its \
                 table",
                target.source
            );
            return Err(Failure::new(source, message));
        }
        (Some(_), Some(_)) => {}
        _ if deck.id() == target.deck.id() => {}
        _ => notes.push(format!(
            "{source}: its scores are taken to be on the scale of {}",
            target.range()
        )),
    }
    if deck.prompts().len() > 1 {
        notes.push(format!(
            "{source}: it has {} prompts; rewards can be compared within a prompt only",
            deck.prompts().len()
        ));
    }
    let mut candidates = Vec::new();
    for prompt in deck.prompts() {
        for candidate in &prompt.candidates {
            let name = format!("{}/{}", prompt.id, candidate.id);
            let mut ranked = Candidate::new(name, candidate.scores.clone());
            ranked.id = Some(match deck.prompts() {
                [_] => candidate.id.clone(),
                _ => ranked.name.clone(),
            });
            candidates.push(ranked);
        }
    }
    Ok(ScoredCandidates {
        candidates,
        origin: None,
        notes,
    })
}

/// The candidates of a table: its columns are the features of the deck's basis, or else scores on the
/// deck's scale.
fn of_table(source: &Source, bytes: Vec<u8>, target: &Target) -> Result<ScoredCandidates, Failure> {
    let table = CandidateTable::of(source.to_string(), bytes)?;
    let dimensions: Vec<String> = ids(target.deck).into_iter().map(str::to_owned).collect();
    let scores: Vec<String> = (0..dimensions.len())
        .map(|j| format!("{SCORES}{j}"))
        .collect();
    let basis = target.basis()?;
    let basis = basis
        .as_ref()
        .filter(|basis| table_has(&table, basis.features()));
    let names = match basis {
        Some(basis) => basis.features(),
        None if table_has(&table, &dimensions) => &dimensions,
        None if table_has(&table, &scores) => &scores,
        None => return Err(missing(&table, target)?),
    };
    let Candidates {
        features,
        responses,
        notes,
    } = table.read(names)?;
    let flaw = |message: String| Failure::new(source, message);
    let language = target.deck.language();
    let numbers = response_features(names, &features, &responses, language).map_err(flaw)?;
    let mut notes: Vec<String> = notes
        .into_iter()
        .chain(note_about_language(names, &responses, language))
        .map(|note| format!("{source}: {note}"))
        .collect();
    let (numbers, origin) = match basis {
        Some(basis) => {
            let text = "The columns are put on the deck's scale by its basis.".to_owned();
            (basis.scores(&numbers), Some(text))
        }
        None => {
            notes.push(format!(
                "{source}: its columns are taken for scores on the scale of {}",
                target.range()
            ));
            (numbers, None)
        }
    };
    let candidate = |(row, response): (usize, &crate::choices::Response)| {
        let scores: Vec<f64> = numbers.row(row).iter().copied().collect();
        let mut candidate = Candidate::new(format!("chat/{}", response.id), scores);
        candidate.id = Some(response.id.clone());
        candidate
    };
    Ok(ScoredCandidates {
        candidates: responses.iter().enumerate().map(candidate).collect(),
        origin,
        notes,
    })
}

/// Whether a table has a column for each of these features, or a text to measure it in.
fn table_has(table: &CandidateTable, features: &[String]) -> bool {
    let has = |feature: &String| table.has(column_of(feature));
    features.iter().all(has)
}

/// The column that a feature needs: its own, or the text.
fn column_of(feature: &str) -> &str {
    if feature.starts_with(STYLE) {
        "text"
    } else {
        feature
    }
}

/// The failure of a table without the columns that are needed.
fn missing(table: &CandidateTable, target: &Target) -> Result<Failure, Failure> {
    let basis = target.basis()?;
    let dimensions: Vec<&str> = ids(target.deck);
    let mut columns: Vec<&str> = match &basis {
        Some(basis) => basis
            .features()
            .iter()
            .map(|name| column_of(name))
            .collect(),
        None => dimensions,
    };
    columns.dedup();
    let absent = columns.iter().find(|column| !table.has(column)).copied();
    let absent = absent.unwrap_or_default();
    let guess = did_you_mean(absent, table.header().iter().map(String::as_str));
    let kind = if basis.is_some() {
        "the columns of the deck's basis"
    } else {
        "a column of scores for each dimension"
    };
    let message = format!(
        "expected {kind} ({}), found no {absent}{guess}",
        columns.join(", ")
    );
    Ok(table.flaw(&message))
}

impl Target<'_> {
    fn basis(&self) -> Result<Option<Basis>, Failure> {
        Basis::of_deck(self.fields, self.deck.dimensions().len())
            .map_err(|message| Failure::new(self.source, message))
    }

    /// The deck with the range of its scores: `deck.json, whose own go from -1.20 to 2.50`.
    fn range(&self) -> String {
        let candidates = self.deck.prompts().iter().flat_map(|of| &of.candidates);
        let scores = candidates.flat_map(|candidate| candidate.scores.iter().copied());
        range_of(scores).map_or_else(
            || self.source.to_string(),
            |(low, high)| format!("{}, whose own go from {low:.2} to {high:.2}", self.source),
        )
    }

    /// A note about the score that lies farthest outside the range that the deck's own have on its
    /// dimension, in widths of that range, if it is more than one width.
    fn note_about_scale(&self, candidates: &[Candidate]) -> Option<String> {
        let own = |j: usize| {
            let candidates = self.deck.prompts().iter().flat_map(|of| &of.candidates);
            range_of(candidates.map(move |candidate| candidate.scores[j]))
        };
        let far = self
            .deck
            .dimensions()
            .iter()
            .enumerate()
            .filter_map(|(j, dimension)| {
                let (low, high) = own(j).filter(|(low, high)| low < high)?;
                let beyond = |candidate: &Candidate| {
                    let score = candidate.scores[j];
                    (low - score).max(score - high) / (high - low)
                };
                let farthest = candidates
                    .iter()
                    .max_by(|a, b| beyond(a).total_cmp(&beyond(b)))?;
                let widths = beyond(farthest);
                (widths > 1.0).then(|| {
                    let note = format!(
                        "{}: {:.2} for {:?} is far from the scores of {}, which go from {low:.2} to \
                         {high:.2} there: is it on the deck's scale?",
                        dimension.id,
                        farthest.scores[j],
                        farthest.id.as_ref().unwrap_or(&farthest.name),
                        self.source
                    );
                    (widths, note)
                })
            });
        let farthest = far.max_by(|(a, _), (b, _)| a.total_cmp(b));
        farthest.map(|(_, note)| note)
    }
}

/// The smallest and the largest of some numbers.
fn range_of(numbers: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    numbers.fold(None, |range, number| {
        let (low, high) = range.unwrap_or((number, number));
        Some((low.min(number), high.max(number)))
    })
}

fn ids(deck: &Deck) -> Vec<&str> {
    let dimensions = deck.dimensions().iter();
    dimensions.map(|dimension| dimension.id.as_str()).collect()
}
