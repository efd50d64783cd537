//! The log of what a person said: append-only, and the only state there is.
//!
//! A log carries the scores that were shown, so it means the same to every later version of its deck and to candidates
//! that no deck knows. Taking something back appends a `retract`; nothing is ever removed.

use crate::answer::{Answer, AnswerModel, Evidence, Offered};
use crate::deck::Deck;
use crate::diagnosis::Seen;
use crate::error::{Error, Flaw};
use crate::id::{base36, fnv, push_bits};
use crate::json::{self, Fields, Node, Value};
use crate::list::List;
use crate::order::Texts;
use crate::text::listed;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The name and version of the format.
pub const FORMAT: &str = "leaning-answers/1";

/// What a person said, in the order of saying.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    deck_id: String,
    deck_version: String,
    dimensions: Vec<String>,
    records: Vec<Record>,
}

/// One line of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Unique within the log; random, so that two logs can be merged.
    pub id: String,
    /// When it was, as whoever wrote the record put it. This crate writes none.
    pub at: Option<Value>,
    /// What it says.
    pub entry: Entry,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A question and what was said to it.
    Answer {
        /// Full names of the candidates, in the order in which they were shown.
        shown: Vec<String>,
        /// Their scores, d numbers each.
        scores: Vec<Vec<f64>>,
        /// What could have been said.
        offered: Offered,
        /// What was said.
        answer: Answer,
    },
    /// Takes back an earlier answer or statement.
    Retract {
        /// The id of what is taken back.
        of: String,
    },
    /// A Gaussian observation of one weight, stated by the person.
    Statement {
        /// Place of the dimension in the deck.
        dimension: usize,
        /// The weight.
        weight: f64,
        /// Its standard deviation, above 0.
        sd: f64,
    },
}

impl Record {
    /// What it tells about the weights, with the candidates that it is about. `None` where it tells nothing.
    pub(crate) fn seen(&self, model: &AnswerModel) -> Option<Seen> {
        match &self.entry {
            // Reading or appending the record has checked the answer against what was offered.
            Entry::Answer { scores, offered, answer, .. } => {
                let evidence = Evidence::from_answer(model, scores, *offered, *answer).ok().flatten()?;
                Some(Seen { evidence, scores: scores.clone() })
            }
            &Entry::Statement { dimension, weight, sd } => {
                Some(Seen { evidence: Evidence::Statement { dimension, weight, sd }, scores: Vec::new() })
            }
            Entry::Retract { .. } => None,
        }
    }
}

impl Log {
    /// The log of somebody who has said nothing yet.
    pub fn new(deck: &Deck) -> Self {
        Log {
            deck_id: deck.id().to_owned(),
            deck_version: deck.version().to_owned(),
            dimensions: deck.dimensions().iter().map(|dimension| dimension.id.clone()).list(),
            records: Vec::new(),
        }
    }

    /// Reads the log of a person who used `deck`.
    ///
    /// # Errors
    /// [`Error::Log`] where a rule of the format is broken; [`Error::DeckMismatch`] where the log belongs to another
    /// deck id or to other dimensions.
    pub fn from_value(value: &Value, deck: &Deck) -> Result<Self, Error> {
        let mut log = json::read(value, read_header).map_err(Error::Log)?;
        log.check_deck(deck)?;
        deck.version().clone_into(&mut log.deck_version);
        let read_records = |root: &Node| log.read_records(&root.field("answers"), &deck.answer_model());
        log.records = json::read(value, read_records).map_err(Error::Log)?;
        log.name_the_nameless();
        Ok(log)
    }

    /// The log as a JSON value.
    pub fn to_value(&self) -> Value {
        let mut deck = Fields::default();
        deck.text("id", &self.deck_id);
        deck.text("version", &self.deck_version);
        deck.set("dimensions", Value::texts(&self.dimensions));
        let mut log = Fields::default();
        log.text("format", FORMAT);
        log.set("deck", Value::Object(deck.0));
        log.set(
            "answers",
            Value::Array(self.records.iter().map(|record| Value::Object(self.record_to_fields(record).0)).list()),
        );
        Value::Object(log.0)
    }

    /// Everything that was ever written.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// What holds: answers and statements that nothing has taken back.
    pub fn live(&self) -> impl DoubleEndedIterator<Item = &Record> {
        let mut retracted = Texts::default();
        for record in &self.records {
            if let Entry::Retract { of } = &record.entry {
                retracted.insert(of);
            }
        }
        let holds =
            |record: &&Record| !matches!(record.entry, Entry::Retract { .. }) && !retracted.contains(&record.id);
        self.records.iter().filter(holds).list().into_iter()
    }

    /// Whether it is about this deck.
    ///
    /// # Errors
    /// [`Error::DeckMismatch`] for another deck id or other dimensions.
    pub fn check_deck(&self, deck: &Deck) -> Result<(), Error> {
        let mismatch = |path: &str, message: String| Err(Error::DeckMismatch(Flaw::new(path, message)));
        if self.deck_id != deck.id() {
            let message = text!["the log is of the deck \"", self.deck_id, "\", not of \"", deck.id(), "\""];
            return mismatch("deck.id", message);
        }
        let expected = Log::new(deck);
        if self.dimensions != expected.dimensions {
            let [found, expected] = [self, &expected].map(|log| listed(log.dimensions.iter().map(String::as_str)));
            let message = text!["the log has the dimensions ", found, "; the deck has ", expected];
            return mismatch("deck.dimensions", message);
        }
        Ok(())
    }

    /// What the live records tell about the weights.
    pub fn evidence(&self, model: &AnswerModel) -> Vec<Evidence> {
        self.seen(model).into_iter().map(|seen| seen.evidence).list()
    }

    /// The same with the candidates that it is about.
    pub fn seen(&self, model: &AnswerModel) -> Vec<Seen> {
        self.live().filter_map(|record| record.seen(model)).list()
    }

    pub(crate) fn append(&mut self, record: Record) {
        self.records.push(record);
    }

    /// Takes off all but the first `length` records: those that were appended in vain.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.records.truncate(length);
    }

    /// Whether it has a record of the other log, or either has none: logs that share nothing have different beginnings.
    pub fn shares_beginning(&self, other: &Log) -> bool {
        let known = |record: &Record| self.records.iter().any(|ours| ours.id == record.id);
        self.records.is_empty() || other.records.is_empty() || other.records.iter().any(known)
    }

    /// Takes over what the other log has and this one has not, by the records' ids, in the other's order.
    pub fn merge(&mut self, other: Log) {
        for record in other.records {
            let known = |id: &str| self.records.iter().find(|record| record.id == id);
            let fits = match &record.entry {
                Entry::Retract { of } => known(of).is_some_and(|of| !matches!(of.entry, Entry::Retract { .. })),
                Entry::Answer { .. } | Entry::Statement { .. } => true,
            };
            if fits && known(&record.id).is_none() {
                self.records.push(record);
            }
        }
    }

    fn read_records(&self, node: &Node, model: &AnswerModel) -> Vec<Record> {
        let (mut ids, mut retractable) = (Texts::default(), Texts::default());
        node.list(|item| {
            item.expect_object();
            let (id_node, kind_node) = (item.field("id"), item.field("kind"));
            let id = id_node.text_or("");
            if !id.is_empty() && !ids.insert(id) {
                id_node.flaw(text!["\"", id, "\" is there twice"]);
            }
            let entry = match kind_node.text_or("answer") {
                "answer" => self.read_answer(item, model),
                "statement" => self.read_statement(item),
                kind => {
                    if kind != "retract" {
                        kind_node.flaw(text!["expected answer, retract or statement, found \"", kind, "\""]);
                    }
                    let of = item.field("of");
                    if !retractable.contains(of.text()) {
                        of.flaw("no earlier answer or statement has this id");
                    }
                    Entry::Retract { of: of.text().to_owned() }
                }
            };
            // What has no id yet cannot be named.
            if !id.is_empty() && !matches!(entry, Entry::Retract { .. }) {
                retractable.insert(id);
            }
            let at = item.field("at").present().map(Node::string_or_number);
            Record { id: id.to_owned(), at, entry }
        })
    }

    /// Gives ids to the records that came without one, made of their content, so that importing the same log twice
    /// adds nothing the second time.
    fn name_the_nameless(&mut self) {
        let hashes: Vec<u64> = self.records.iter().map(|record| content_hash(&record.entry, 0)).list();
        for (place, record) in self.records.iter_mut().enumerate() {
            if record.id.is_empty() {
                // Equals are told apart by how many of them came before.
                let before = hashes[..place].iter().filter(|&&hash| hash == hashes[place]).count();
                record.id = base36(content_hash(&record.entry, before));
            }
        }
    }

    fn read_answer(&self, item: &Node, model: &AnswerModel) -> Entry {
        let shown_node = item.field("shown");
        let mut shown: Vec<String> = Vec::new();
        for node in shown_node.items() {
            let name = node.text();
            if shown.iter().any(|other| other == name) {
                node.flaw(text!["\"", name, "\" is shown twice"]);
            }
            shown.push(name.to_owned());
        }
        if shown.len() < 2 {
            shown_node.flaw(text!["expected at least 2 candidates, found ", shown.len()]);
        }
        let scores_node = item.field("scores");
        let scores = scores_node.list(|row| row.numbers(self.dimensions.len()));
        if scores.len() != shown.len() {
            let message = text!["expected ", shown.len(), " lists, one a candidate shown, found ", scores.len()];
            scores_node.flaw(message);
        }
        let offered = item.field("offered").present().map_or(model.offered(), read_offered);
        let (node, answer) = read_said(item, &shown);
        if let Err(flaw) = Evidence::from_answer(model, &scores, offered, answer) {
            item.field(node).flaw(flaw.message());
        }
        Entry::Answer { shown, scores, offered, answer }
    }

    fn read_statement(&self, item: &Node) -> Entry {
        let field = item.field("dimension");
        let id = field.text();
        let dimension = self.dimensions.iter().position(|dimension| dimension == id);
        if dimension.is_none() {
            field.flaw(text!["the deck has no dimension \"", id, "\""]);
        }
        let sd_node = item.field("sd");
        let sd = sd_node.number();
        if sd < 1e-100 {
            sd_node.flaw("expected a number above 0");
        }
        Entry::Statement { dimension: dimension.unwrap_or(0), weight: item.field("weight").number(), sd }
    }

    /// The fields of one of its records.
    pub(crate) fn record_to_fields(&self, record: &Record) -> Fields {
        let mut fields = Fields::default();
        fields.text("id", &record.id);
        if let Some(at) = &record.at {
            fields.set("at", at.leaf());
        }
        match &record.entry {
            Entry::Answer { shown, scores, offered, answer } => {
                fields.set("shown", Value::texts(shown));
                fields.set("scores", Value::rows(scores));
                fields.set("offered", offered_to_value(*offered));
                match *answer {
                    Answer::Chose(place) => fields.text("chose", &shown[place]),
                    Answer::Tie => fields.text("verdict", "tie"),
                    Answer::Neither => fields.text("verdict", "neither"),
                    Answer::Skip => fields.text("verdict", "skip"),
                }
            }
            Entry::Retract { of } => {
                fields.text("kind", "retract");
                fields.text("of", of);
            }
            Entry::Statement { dimension, weight, sd } => {
                fields.text("kind", "statement");
                fields.text("dimension", &self.dimensions[*dimension]);
                fields.set("weight", Value::Number(*weight));
                fields.set("sd", Value::Number(*sd));
            }
        }
        fields
    }
}

/// A log of that header, without its records.
fn read_header(root: &Node) -> Log {
    root.expect_format(FORMAT);
    let deck = root.field("deck");
    deck.expect_object();
    Log {
        deck_id: deck.field("id").text().to_owned(),
        deck_version: String::new(),
        dimensions: deck.field("dimensions").list(|item| item.text().to_owned()),
        records: Vec::new(),
    }
}

/// What was said to a question that showed these candidates, and the name of the field that says so.
fn read_said(item: &Node, shown: &[String]) -> (&'static str, Answer) {
    let (chose, verdict) = (item.field("chose"), item.field("verdict"));
    match (chose.present(), verdict.present()) {
        (Some(_), Some(_)) => verdict.flaw("there is a choice already: only one of the two can be"),
        (None, None) => chose.flaw("missing, and so is verdict: expected one of the two"),
        (None, Some(_)) => return ("verdict", read_verdict(&verdict)),
        (Some(_), None) => {
            let name = chose.text();
            match shown.iter().position(|shown| shown == name) {
                Some(place) => return ("chose", Answer::Chose(place)),
                None => chose.flaw(text!["\"", name, "\" was not shown"]),
            }
        }
    }
    ("chose", Answer::Skip)
}

fn read_offered(node: &Node) -> Offered {
    let mut offered = Offered { tie: false, neither: false, skip: false };
    for item in node.items() {
        match item.text() {
            "choice" => {}
            "tie" => offered.tie = true,
            "neither" => offered.neither = true,
            "skip" => offered.skip = true,
            other => item.flaw(text!["expected choice, tie, neither or skip, found \"", other, "\""]),
        }
    }
    offered
}

/// What was on offer, as the list of the format.
pub(crate) fn offered_to_value(offered: Offered) -> Value {
    let all = [(true, "choice"), (offered.tie, "tie"), (offered.neither, "neither"), (offered.skip, "skip")];
    Value::Array(all.into_iter().filter(|(on, _)| *on).map(|(_, name)| name.into()).list())
}

/// "tie", "neither" or "skip".
pub(crate) fn read_verdict(node: &Node) -> Answer {
    match node.text() {
        "tie" => Answer::Tie,
        "neither" => Answer::Neither,
        "skip" => Answer::Skip,
        other => {
            node.flaw(text!["expected tie, neither or skip, found \"", other, "\""]);
            Answer::Skip
        }
    }
}

/// A hash of what a record says, and of how many before it say the same.
fn content_hash(entry: &Entry, before: usize) -> u64 {
    let mut bytes = (before as u64).to_le_bytes().to_vec();
    match entry {
        Entry::Answer { shown, scores, answer, .. } => {
            shown.iter().for_each(|name| bytes.extend_from_slice(name.as_bytes()));
            scores.iter().for_each(|scores| push_bits(&mut bytes, scores));
            bytes.push(match *answer {
                Answer::Chose(place) => place.min(250) as u8,
                Answer::Tie => 251,
                Answer::Neither => 252,
                Answer::Skip => 253,
            });
        }
        Entry::Retract { of } => bytes.extend_from_slice(of.as_bytes()),
        Entry::Statement { dimension, weight, sd } => {
            bytes.push(*dimension as u8);
            push_bits(&mut bytes, &[*weight, *sd]);
        }
    }
    fnv(&bytes)
}
