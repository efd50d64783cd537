//! The log of what a person said: append-only, and the only state there is.
//!
//! A log carries the scores that were shown, so it means the same to every later version of its deck
//! and to candidates from outside the deck. Taking something back appends a retraction. Nothing is
//! removed, but in a long log the oldest answers are summed up: [`Summary`].

use super::answer::{Answer, Offered};
use super::deck::Deck;
use super::evidence::{Evidence, Observation, columns};
use super::features::Features;
use super::folded::key;
use super::summary::{Summary, SummaryCounts};
use crate::error::{Error, Flaw};
use nalgebra::DMatrix;
use std::collections::HashSet;

/// Everything a person said, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    pub(crate) deck_id: String,
    pub(crate) deck_version: String,
    pub(crate) dimensions: Vec<String>,
    /// Stands for entries before the others.
    pub(crate) summary: Option<Summary>,
    pub(crate) entries: Vec<LogEntry>,
}

/// One entry of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// Unique within the log. Random, so that two logs can be merged.
    pub id: String,
    /// When it was, as the writer put it. Only the browser module writes it, for its option `retention`.
    pub at: Option<Timestamp>,
    /// An answer, a statement or a retraction.
    pub kind: EntryKind,
}

/// A time as another program wrote it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a string or a number")]
pub enum Timestamp {
    /// Such as an ISO 8601 date.
    Text(String),
    /// Such as milliseconds since 1970.
    Number(f64),
}

/// The content of a log entry.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryKind {
    /// A question, and the answer to it.
    Answer {
        /// Full names of the candidates, in the order in which they were shown.
        shown: Vec<String>,
        /// Their scores, d numbers each.
        scores: Vec<Vec<f64>>,
        /// The scores that a rating compares its candidate with, d numbers.
        reference: Option<Vec<f64>>,
        /// The answers that were offered.
        offered: Offered,
        /// The answer that was given.
        answer: Answer,
    },
    /// Takes back an earlier answer or statement.
    Retraction {
        /// The id of the entry that no longer holds.
        of: String,
    },
    /// A Gaussian observation of one weight, stated by the person.
    Statement {
        /// Place of the dimension in the deck, from 0.
        dimension: usize,
        /// The weight.
        weight: f64,
        /// Its standard deviation, above 0.
        sd: f64,
    },
}

impl LogEntry {
    /// The evidence in the entry about the weights of `deck`, with the candidates that it is about:
    /// none if it tells nothing.
    pub fn observations(&self, deck: &Deck) -> Vec<Observation> {
        self.observations_of(deck, deck.features())
    }

    /// The same with other features of the candidates.
    pub(crate) fn observations_of(&self, deck: &Deck, features: &Features) -> Vec<Observation> {
        let model = deck.answer_model();
        match &self.kind {
            EntryKind::Answer {
                scores,
                reference,
                offered,
                answer,
                ..
            } => {
                let scores: Vec<Vec<f64>> =
                    scores.iter().map(|scores| features.of(scores)).collect();
                let reference = reference.as_ref().map(|scores| features.of(scores));
                // Reading or appending the entry has checked that the answer was offered.
                let evidence =
                    Evidence::from_answer(&model, &scores, reference.as_deref(), *offered, *answer);
                let observation = |evidence| Observation {
                    evidence,
                    scores: columns(&scores),
                };
                evidence
                    .unwrap_or_default()
                    .into_iter()
                    .map(observation)
                    .collect()
            }
            &EntryKind::Statement {
                dimension,
                weight,
                sd,
            } => vec![Observation {
                evidence: Evidence::Statement {
                    dimension,
                    weight,
                    sd,
                },
                scores: DMatrix::zeros(0, 0),
            }],
            EntryKind::Retraction { .. } => Vec::new(),
        }
    }
}

impl Log {
    /// The empty log of a person who is about to use `deck`.
    pub fn new(deck: &Deck) -> Self {
        Log {
            deck_id: deck.id().to_owned(),
            deck_version: deck.version().to_owned(),
            dimensions: deck
                .dimensions()
                .iter()
                .map(|dimension| dimension.id.clone())
                .collect(),
            summary: None,
            entries: Vec::new(),
        }
    }

    /// Everything that was written since what is summed up.
    pub fn entries(&self) -> &[LogEntry] {
        &self.entries
    }

    /// The summary of the oldest answers, in a long log.
    pub fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    /// How much is summed up.
    pub fn summed_up(&self) -> SummaryCounts {
        self.summary
            .as_ref()
            .map(Summary::counts)
            .unwrap_or_default()
    }

    /// The ids of the summary and of the entries, in the order in which they are written.
    pub fn written_ids(&self) -> impl Iterator<Item = &str> {
        let summary = self.summary.iter().map(|summary| summary.id.as_str());
        let entries = self.entries.iter().map(|entry| entry.id.as_str());
        summary.chain(entries)
    }

    /// Whether nothing was ever written.
    pub fn is_empty(&self) -> bool {
        self.summary.is_none() && self.entries.is_empty()
    }

    /// Number of entries that were ever written.
    pub fn length(&self) -> usize {
        self.summed_up().entries + self.entries.len()
    }

    /// The hashed ids of the entries, and of those that are summed up as far as they are known.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u64> {
        let summed_up = self
            .summary
            .iter()
            .flat_map(|summary| summary.folded.keys());
        let entries = self.entries.iter().map(|entry| key(&entry.id));
        summed_up.copied().chain(entries)
    }

    /// The answers and statements that no retraction has taken back, but for those that are summed up.
    pub fn live(&self) -> impl DoubleEndedIterator<Item = &LogEntry> {
        let retracted: HashSet<&str> = self
            .entries
            .iter()
            .filter_map(|entry| match &entry.kind {
                EntryKind::Retraction { of } => Some(of.as_str()),
                EntryKind::Answer { .. } | EntryKind::Statement { .. } => None,
            })
            .collect();
        self.entries.iter().filter(move |entry| {
            !matches!(entry.kind, EntryKind::Retraction { .. })
                && !retracted.contains(entry.id.as_str())
        })
    }

    /// Fails unless the log is about this deck.
    ///
    /// # Errors
    /// [`Error::DeckMismatch`] for another deck id or other dimensions.
    pub fn check_deck(&self, deck: &Deck) -> Result<(), Error> {
        let mismatch = |path, message: String| Err(Error::DeckMismatch(Flaw::new(path, message)));
        if self.deck_id != deck.id() {
            let (found, expected) = (&self.deck_id, deck.id());
            let message = format!("the log is of the deck \"{found}\", not of \"{expected}\"");
            return mismatch("deck.id", message);
        }
        let expected = deck
            .dimensions()
            .iter()
            .map(|dimension| dimension.id.as_str());
        if !self
            .dimensions
            .iter()
            .map(String::as_str)
            .eq(expected.clone())
        {
            let (found, expected) = (self.dimensions.join(", "), expected.collect::<Vec<_>>());
            let expected = expected.join(", ");
            let message = format!("the log has the dimensions {found}; the deck has {expected}");
            return mismatch("deck.dimensions", message);
        }
        Ok(())
    }

    /// The evidence in the summary and in the live entries about the weights of `deck`.
    pub fn evidence(&self, deck: &Deck) -> Vec<Evidence> {
        self.observations(deck)
            .into_iter()
            .map(|observation| observation.evidence)
            .collect()
    }

    /// The evidence in the summary and in the live entries, with the candidates that it is about.
    pub fn observations(&self, deck: &Deck) -> Vec<Observation> {
        let summary = self.summary.as_ref();
        let summed_up = summary.and_then(|summary| summary.evidence(deck));
        let observation = |evidence| Observation {
            evidence,
            scores: DMatrix::zeros(0, 0),
        };
        let entries = self.live().flat_map(|entry| entry.observations(deck));
        summed_up
            .map(observation)
            .into_iter()
            .chain(entries)
            .collect()
    }

    pub(crate) fn append(&mut self, entry: LogEntry) {
        self.entries.push(entry);
    }

    /// Removes all but the first `length` entries: those that were appended in vain.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.entries.truncate(length);
    }
}
