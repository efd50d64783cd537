//! `leaning-answers/1`.

use super::{Number, Object, doubles, numbers};
use crate::error::{Error, Flaw};
use crate::model::deck::check_scores;
use crate::model::log::{EntryKind, Log, LogEntry, Timestamp};
use crate::model::{Answer, AnswerModel, Deck, Evidence, Offered};
use fnv::FnvHasher;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{HashMap, HashSet};
use std::hash::Hasher;

/// Name and version of the format.
pub const FORMAT: &str = "leaning-answers/1";

/// Statements need a standard deviation of at least this: its inverse square is still a double.
const SMALLEST_SD: f64 = 1e-100;

/// A log as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(expecting = "an object")]
pub struct LogFile {
    #[serde(deserialize_with = "format_name")]
    format: String,
    deck: Object<DeckReference>,
    answers: Vec<Object<EntryFile>>,
}

/// The deck that a log belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(expecting = "an object")]
struct DeckReference {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    dimensions: Vec<String>,
}

/// A log entry as it is written: the fields of all kinds, since each kind has only some of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(expecting = "an object")]
struct EntryFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<Vec<Vec<Number>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offered: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chose: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dimension: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sd: Option<Number>,
}

fn format_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    super::format_name(deserializer, FORMAT)
}

/// A flaw at a place within an entry.
fn entry_flaw<T>(place: impl Into<String>, message: impl Into<String>) -> Result<T, Flaw> {
    Err(Flaw::new(place, message))
}

fn required<T>(field: Option<T>, name: &str) -> Result<T, Flaw> {
    field.ok_or_else(|| Flaw::new(name, "missing"))
}

impl Log {
    /// Reads the log of a person who used `deck` from the text of a `leaning-answers/1` file.
    ///
    /// # Errors
    /// [`Error::Json`] if the text is not JSON, else as [`Log::read`].
    #[cfg(not(target_family = "wasm"))]
    pub fn from_json(text: &str, deck: &Deck) -> Result<Self, Error> {
        Log::read(super::parse_json(text)?, deck)
    }

    /// Reads the log of a person who used `deck` from a deserializer.
    ///
    /// # Errors
    /// [`Error::Log`] if a rule of the format is broken; [`Error::DeckMismatch`] if the log belongs
    /// to another deck id or to other dimensions.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D, deck: &Deck) -> Result<Self, Error> {
        let Object(file): Object<LogFile> =
            super::read_file(deserializer, FORMAT).map_err(Error::Log)?;
        let Object(DeckReference { id, dimensions, .. }) = file.deck;
        let mut log = Log {
            deck_id: id,
            deck_version: deck.version().to_owned(),
            dimensions,
            entries: Vec::new(),
        };
        log.check_deck(deck)?;
        let (mut ids, mut retractable) = (HashSet::new(), HashSet::new());
        for (place, Object(entry)) in file.answers.into_iter().enumerate() {
            let entry = read_entry(entry, &log.dimensions, &deck.answer_model(), &retractable)
                .and_then(|entry| {
                    if entry.id.is_empty() || ids.insert(entry.id.clone()) {
                        Ok(entry)
                    } else {
                        entry_flaw("id", format!("\"{}\" is there twice", entry.id))
                    }
                })
                .map_err(|flaw| Error::Log(flaw.within(&format!("answers[{place}]"))))?;
            if !matches!(entry.kind, EntryKind::Retraction { .. }) {
                retractable.insert(entry.id.clone());
            }
            log.entries.push(entry);
        }
        name_the_nameless(&mut log.entries);
        Ok(log)
    }

    /// The log as it is written, for any serializer.
    pub fn to_file(&self) -> LogFile {
        let deck = DeckReference {
            id: self.deck_id.clone(),
            version: Some(self.deck_version.clone()),
            dimensions: self.dimensions.clone(),
        };
        let entry = |entry| Object(write_entry(entry, &self.dimensions));
        LogFile {
            format: FORMAT.to_owned(),
            deck: Object(deck),
            answers: self.entries().iter().map(entry).collect(),
        }
    }

    /// The log as JSON text, on one line.
    #[cfg(not(target_family = "wasm"))]
    pub fn to_json(&self) -> String {
        // Strings and finite numbers can always be written.
        serde_json::to_string(&self.to_file()).unwrap_or_default()
    }
}

fn read_entry(
    file: EntryFile,
    dimensions: &[String],
    model: &AnswerModel,
    retractable: &HashSet<String>,
) -> Result<LogEntry, Flaw> {
    let id = file.id.clone().unwrap_or_default();
    let at = file.at.clone();
    let kind = match file.kind.as_deref().unwrap_or("answer") {
        "answer" => read_answer(file, dimensions.len(), model)?,
        "statement" => read_statement(file, dimensions)?,
        "retract" => {
            let of = required(file.of, "of")?;
            // The empty id stands for entries that came without one: they cannot be named.
            if of.is_empty() || !retractable.contains(&of) {
                return entry_flaw("of", "no earlier answer or statement has this id");
            }
            EntryKind::Retraction { of }
        }
        other => {
            let message = format!("expected answer, retract or statement, found \"{other}\"");
            return entry_flaw("kind", message);
        }
    };
    Ok(LogEntry { id, at, kind })
}

fn read_answer(file: EntryFile, d: usize, model: &AnswerModel) -> Result<EntryKind, Flaw> {
    let shown = required(file.shown, "shown")?;
    for (place, name) in shown.iter().enumerate() {
        if shown[..place].contains(name) {
            return entry_flaw(
                format!("shown[{place}]"),
                format!("\"{name}\" is shown twice"),
            );
        }
    }
    if shown.len() < 2 {
        let message = format!("expected at least 2 candidates, found {}", shown.len());
        return entry_flaw("shown", message);
    }
    let scores: Vec<Vec<f64>> = required(file.scores, "scores")?
        .into_iter()
        .map(doubles)
        .collect();
    if scores.len() != shown.len() {
        let (expected, found) = (shown.len(), scores.len());
        let message = format!("expected {expected} lists, one per candidate, found {found}");
        return entry_flaw("scores", message);
    }
    for (place, scores) in scores.iter().enumerate() {
        check_scores(scores, d).map_err(|flaw| flaw.within(&format!("scores[{place}]")))?;
    }
    let offered = match file.offered {
        Some(names) => read_offered(&names)?,
        None => model.offered(),
    };
    let (field, answer) = match (file.chose, file.verdict) {
        (Some(_), Some(_)) => {
            return entry_flaw(
                "verdict",
                "there is a choice already: only one of them is possible",
            );
        }
        (None, None) => {
            return entry_flaw("chose", "missing, and so is verdict: expected one of them");
        }
        (Some(name), None) => match shown.iter().position(|shown| *shown == name) {
            Some(place) => ("chose", Answer::Chose(place)),
            None => return entry_flaw("chose", format!("\"{name}\" was not shown")),
        },
        (None, Some(verdict)) => ("verdict", read_verdict(&verdict)?),
    };
    if let Err(error) = Evidence::from_answer(model, &scores, offered, answer) {
        return entry_flaw(field, error.flaw().map_or("", Flaw::message));
    }
    Ok(EntryKind::Answer {
        shown,
        scores,
        offered,
        answer,
    })
}

fn read_statement(file: EntryFile, dimensions: &[String]) -> Result<EntryKind, Flaw> {
    let id = required(file.dimension, "dimension")?;
    let Some(dimension) = dimensions.iter().position(|dimension| *dimension == id) else {
        return entry_flaw("dimension", format!("the deck has no dimension \"{id}\""));
    };
    let Number(weight) = required(file.weight, "weight")?;
    let Number(sd) = required(file.sd, "sd")?;
    if sd < SMALLEST_SD {
        return entry_flaw("sd", "expected a number above 0");
    }
    Ok(EntryKind::Statement {
        dimension,
        weight,
        sd,
    })
}

fn read_offered(names: &[String]) -> Result<Offered, Flaw> {
    let mut offered = Offered {
        tie: false,
        neither: false,
        skip: false,
    };
    for (place, name) in names.iter().enumerate() {
        match name.as_str() {
            "choice" => {}
            "tie" => offered.tie = true,
            "neither" => offered.neither = true,
            "skip" => offered.skip = true,
            other => {
                let message = format!("expected choice, tie, neither or skip, found \"{other}\"");
                return entry_flaw(format!("offered[{place}]"), message);
            }
        }
    }
    Ok(offered)
}

fn read_verdict(verdict: &str) -> Result<Answer, Flaw> {
    match verdict {
        "tie" => Ok(Answer::Tie),
        "neither" => Ok(Answer::Neither),
        "skip" => Ok(Answer::Skip),
        other => entry_flaw(
            "verdict",
            format!("expected tie, neither or skip, found \"{other}\""),
        ),
    }
}

impl Offered {
    /// The names that the format has for the answers on offer.
    pub fn names(self) -> Vec<&'static str> {
        let all = [
            (true, "choice"),
            (self.tie, "tie"),
            (self.neither, "neither"),
            (self.skip, "skip"),
        ];
        all.into_iter()
            .filter(|(offered, _)| *offered)
            .map(|(_, name)| name)
            .collect()
    }
}

fn write_entry(entry: &LogEntry, dimensions: &[String]) -> EntryFile {
    let file = EntryFile {
        id: Some(entry.id.clone()),
        at: entry.at.clone(),
        ..EntryFile::default()
    };
    match &entry.kind {
        EntryKind::Answer {
            shown,
            scores,
            offered,
            answer,
        } => {
            let verdict = match answer {
                Answer::Chose(_) => None,
                Answer::Tie => Some("tie".to_owned()),
                Answer::Neither => Some("neither".to_owned()),
                Answer::Skip => Some("skip".to_owned()),
            };
            let chose = match answer {
                Answer::Chose(place) => Some(shown[*place].clone()),
                Answer::Tie | Answer::Neither | Answer::Skip => None,
            };
            EntryFile {
                shown: Some(shown.clone()),
                scores: Some(scores.iter().map(|scores| numbers(scores)).collect()),
                offered: Some(offered.names().into_iter().map(str::to_owned).collect()),
                chose,
                verdict,
                ..file
            }
        }
        EntryKind::Retraction { of } => EntryFile {
            kind: Some("retract".to_owned()),
            of: Some(of.clone()),
            ..file
        },
        EntryKind::Statement {
            dimension,
            weight,
            sd,
        } => EntryFile {
            kind: Some("statement".to_owned()),
            dimension: Some(dimensions[*dimension].clone()),
            weight: Some(Number(*weight)),
            sd: Some(Number(*sd)),
            ..file
        },
    }
}

/// Gives ids to the entries that came without one. They are hashes of the content, so that importing
/// the same log twice adds nothing the second time.
fn name_the_nameless(entries: &mut [LogEntry]) {
    let mut occurrences: HashMap<u64, u64> = HashMap::new();
    for entry in entries {
        // Equal entries are told apart by the number of those before.
        let occurrence = occurrences.entry(content_hash(&entry.kind, 0)).or_default();
        if entry.id.is_empty() {
            entry.id = format!("{:x}", content_hash(&entry.kind, *occurrence));
        }
        *occurrence += 1;
    }
}

fn content_hash(kind: &EntryKind, occurrence: u64) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write_u64(occurrence);
    let mut write_all = |numbers: &[f64]| {
        numbers
            .iter()
            .for_each(|number| hasher.write_u64(number.to_bits()));
    };
    match kind {
        EntryKind::Answer {
            shown,
            scores,
            answer,
            ..
        } => {
            scores.iter().for_each(|scores| write_all(scores));
            shown.iter().for_each(|name| hasher.write(name.as_bytes()));
            hasher.write_u64(match *answer {
                Answer::Chose(place) => place as u64,
                Answer::Tie => u64::MAX,
                Answer::Neither => u64::MAX - 1,
                Answer::Skip => u64::MAX - 2,
            });
        }
        EntryKind::Retraction { of } => hasher.write(of.as_bytes()),
        EntryKind::Statement {
            dimension,
            weight,
            sd,
        } => {
            write_all(&[*weight, *sd]);
            hasher.write_u64(*dimension as u64);
        }
    }
    hasher.finish()
}
