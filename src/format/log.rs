//! `leaning-answers/1`.

mod summary;

use self::summary::{read_summary, write_summary};
#[cfg(feature = "schema")]
use super::schema;
use super::{Number, Object, doubles, numbers, whole};
use crate::error::{Error, Flaw};
use crate::model::answer::RATING_LEVELS;
use crate::model::deck::check_scores;
use crate::model::log::{EntryKind, Log, LogEntry, Timestamp};
use crate::model::{Answer, AnswerKind, Deck, Grade, Offered, Ranking};
#[cfg(feature = "schema")]
use crate::model::{FoldedIds, GREATEST_KEY, answer_model::MAX_MAGNITUDE, deck::MAX_DIMENSIONS};
use fnv::FnvHasher;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::Hasher;

/// Name and version of the format.
pub const FORMAT: &str = "leaning-answers/1";

/// The kinds of entries.
pub(crate) const KINDS: [&str; 7] = [
    "answer",
    "rating",
    "best-worst",
    "order",
    "retract",
    "statement",
    SUMMARY,
];
/// The kind of what stands for the oldest answers.
pub(super) const SUMMARY: &str = "summary";

/// Scores of one entry may differ by at most this, in standard deviations of reward under the prior: from 1e10 on
/// nothing can be inferred together with them.
const MAX_LOGGED: f64 = 1e9;

/// Statements need a standard deviation of at least this: its inverse square is still a double.
const SMALLEST_SD: f64 = 1e-100;

/// A log as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Log")
)]
#[serde(expecting = "an object")]
pub struct LogFile {
    /// `leaning-answers/1`.
    #[serde(deserialize_with = "format_name")]
    #[cfg_attr(feature = "schema", schemars(extend("const" = FORMAT)))]
    format: String,
    /// The deck that the answers are about.
    deck: Object<DeckReference>,
    /// Entries, oldest first. A summary of older ones may come before them.
    #[cfg_attr(feature = "schema", schemars(transform = schema::summary_first))]
    answers: Vec<Object<EntryFile>>,
}

/// The deck that a log belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "an object")]
struct DeckReference {
    /// The deck's id.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::ID)))]
    id: String,
    /// The deck's version when the log was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// The ids of the deck's dimensions, in order.
    #[cfg_attr(
        feature = "schema",
        schemars(
            length(min = 1, max = MAX_DIMENSIONS),
            inner(regex(pattern = schema::ID)),
            extend("uniqueItems" = true)
        )
    )]
    dimensions: Vec<String>,
}

/// A log entry as it is written: the fields of all kinds, since each kind has only some of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Entry", transform = schema::entry_kinds)
)]
#[serde(expecting = "an object")]
pub struct EntryFile {
    /// Unique within the log. A hash of the content by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// When it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    /// The kind of entry; `answer` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(transform = schema::kind_names))]
    kind: Option<String>,
    /// Full names of the candidates, `prompt/candidate`, in the order in which they were shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    shown: Option<Vec<String>>,
    /// φ(x, y) of each candidate shown, one number per dimension.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(inner(length(min = 1, max = MAX_DIMENSIONS))))]
    scores: Option<Vec<Vec<Number>>>,
    /// The answers that were on offer; those that the deck asks for by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend("items" = { "type": "string", "enum": schema::OFFERS }))
    )]
    offered: Option<Vec<String>>,
    /// The scores that a rating compares with, one number per dimension.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MAX_DIMENSIONS)))]
    reference: Option<Vec<Number>>,
    /// The candidate that was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    chose: Option<String>,
    /// How much better it is than the other of two.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend("enum" = [Grade::Much.name(), Grade::Slightly.name(), null]))
    )]
    grade: Option<String>,
    /// The level, from 1 for the lowest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 1, max = RATING_LEVELS.1), extend("type" = ["integer", "null"]))
    )]
    rating: Option<Number>,
    /// The best candidate of those shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    best: Option<String>,
    /// The worst candidate of those shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    worst: Option<String>,
    /// The candidates from best to worst. Those whose order was left open stand in a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 2)))]
    order: Option<Vec<GroupFile>>,
    /// An answer that is about no candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["tie", "neither", "skip", null])))]
    verdict: Option<String>,
    /// The entry that is taken back, or the number of levels of a rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<OfFile>,
    /// The dimension that a statement is about, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    dimension: Option<String>,
    /// The weight in a statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<Number>,
    /// The standard deviation of the weight in a statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = SMALLEST_SD, max = MAX_MAGNITUDE)))]
    sd: Option<Number>,
    /// The numbers of entries, of questions asked and of skips that a summary stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(
            length(equal = 3),
            extend("items" = {"type": "integer", "minimum": 0, "maximum": summary::MOST})
        )
    )]
    counts: Option<Vec<Number>>,
    /// The number of answers after which one in a summary counts half.
    #[serde(skip_serializing_if = "Option::is_none", rename = "halfLife")]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 0, max = MAX_MAGNITUDE), extend("exclusiveMinimum" = 0))
    )]
    half_life: Option<Number>,
    /// Dimensions whose squares have weights, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    squares: Option<Vec<String>>,
    /// h, and the rows of the lower triangle of P.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 2), inner(length(min = 1))))]
    likelihood: Option<Vec<Vec<Number>>>,
    /// How far older ids are thinned, and hashed ids of entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(
            length(min = 1, max = FoldedIds::MOST_NUMBERS),
            extend(
                "items" = [{"type": "integer", "minimum": 0, "maximum": FoldedIds::MOST_THINNED}],
                "additionalItems" = {"type": "integer", "minimum": 0, "maximum": GREATEST_KEY}
            )
        )
    )]
    folded: Option<Vec<Number>>,
    /// Questions of the deck that were answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    questions: Option<Vec<String>>,
    /// The same, for skips.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<Vec<String>>,
}

/// The id of an entry, or a number of levels.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(untagged)]
enum OfFile {
    Entry(String),
    Levels(Number),
}

/// A candidate in an order, or several whose order was left open.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(untagged)]
enum GroupFile {
    One(String),
    Several(Vec<String>),
}

// Derived, each would first keep a copy of anything.

impl<'de> Deserialize<'de> for OfFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfVisitor;
        impl Visitor<'_> for OfVisitor {
            type Value = OfFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id or a number of levels")
            }

            fn visit_str<E: de::Error>(self, id: &str) -> Result<OfFile, E> {
                Ok(OfFile::Entry(id.to_owned()))
            }

            fn visit_f64<E: de::Error>(self, levels: f64) -> Result<OfFile, E> {
                Ok(OfFile::Levels(Number(levels)))
            }

            fn visit_u64<E: de::Error>(self, levels: u64) -> Result<OfFile, E> {
                self.visit_f64(levels as f64)
            }

            fn visit_i64<E: de::Error>(self, levels: i64) -> Result<OfFile, E> {
                self.visit_f64(levels as f64)
            }
        }
        deserializer.deserialize_any(OfVisitor)
    }
}

impl<'de> Deserialize<'de> for GroupFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct GroupVisitor;
        impl<'de> Visitor<'de> for GroupVisitor {
            type Value = GroupFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a candidate or a list of names")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<GroupFile, E> {
                Ok(GroupFile::One(name.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<GroupFile, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(GroupFile::Several(names))
            }
        }
        deserializer.deserialize_any(GroupVisitor)
    }
}

impl GroupFile {
    fn names(&self) -> &[String] {
        match self {
            GroupFile::One(name) => std::slice::from_ref(name),
            GroupFile::Several(names) => names,
        }
    }
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
    #[cfg(any(not(target_family = "wasm"), feature = "json"))]
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
            summary: None,
            entries: Vec::new(),
        };
        log.check_deck(deck)?;
        let (mut ids, mut retractable) = (HashSet::new(), HashSet::new());
        for (place, Object(mut entry)) in file.answers.into_iter().enumerate() {
            let at_entry = |flaw: Flaw| Error::Log(flaw.within(&format!("answers[{place}]")));
            if place == 0 && entry.kind.as_deref() == Some(SUMMARY) {
                log.summary = Some(read_summary(&mut entry, deck).map_err(at_entry)?);
                continue;
            }
            let entry = read_entry(&mut entry, deck, &retractable)
                .and_then(|entry| {
                    if entry.id.is_empty() || ids.insert(entry.id.clone()) {
                        Ok(entry)
                    } else {
                        entry_flaw("id", format!("\"{}\" is there twice", entry.id))
                    }
                })
                .map_err(at_entry)?;
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
        LogFile {
            format: FORMAT.to_owned(),
            deck: Object(deck),
            answers: self.entries_to_file(0),
        }
    }

    /// The summary, if there is one, and the entries, from place `from` on, as they are written.
    pub fn entries_to_file(&self, from: usize) -> Vec<Object<EntryFile>> {
        let summary = self.summary.iter();
        let summary = summary.map(|summary| write_summary(summary, &self.dimensions));
        let entries = self.entries.iter();
        let entries = entries.map(|entry| write_entry(entry, &self.dimensions));
        summary.chain(entries).skip(from).map(Object).collect()
    }

    /// The log as JSON text, on one line.
    #[cfg(any(not(target_family = "wasm"), feature = "json"))]
    pub fn to_json(&self) -> String {
        // Strings and finite numbers can always be written.
        serde_json::to_string(&self.to_file()).unwrap_or_default()
    }
}

/// Reads an entry, and takes the texts and lists out of it.
fn read_entry(
    file: &mut EntryFile,
    deck: &Deck,
    retractable: &HashSet<String>,
) -> Result<LogEntry, Flaw> {
    let id = file.id.take().unwrap_or_default();
    let at = file.at.take();
    let kind = match file.kind.as_deref().unwrap_or("answer") {
        "answer" => {
            let graded = file.grade.is_some();
            read_answer(
                file,
                deck,
                if graded {
                    AnswerKind::Graded
                } else {
                    AnswerKind::Choice
                },
            )?
        }
        "rating" => {
            let of = read_levels(file.of.as_ref())?;
            read_answer(file, deck, AnswerKind::Rating { of })?
        }
        "best-worst" => read_answer(file, deck, AnswerKind::BestWorst)?,
        "order" => read_answer(file, deck, AnswerKind::Order)?,
        "statement" => read_statement(file, deck)?,
        "retract" => {
            let OfFile::Entry(of) = required(file.of.take(), "of")? else {
                return entry_flaw("of", "expected a string");
            };
            // The empty id stands for entries that came without one: they cannot be named.
            if of.is_empty() || !retractable.contains(&of) {
                return entry_flaw("of", "no earlier answer or statement has this id");
            }
            EntryKind::Retraction { of }
        }
        SUMMARY => return entry_flaw("kind", "a summary comes before all entries"),
        other => {
            let [kinds @ .., last] = KINDS;
            let kinds = kinds.join(", ");
            let message = format!("expected {kinds} or {last}, found \"{other}\"");
            return entry_flaw("kind", message);
        }
    };
    Ok(LogEntry { id, at, kind })
}

fn read_levels(of: Option<&OfFile>) -> Result<usize, Flaw> {
    let (fewest, most) = RATING_LEVELS;
    match required(of, "of")? {
        OfFile::Levels(levels) => whole(*levels, fewest as u64, most as u64)
            .map(|levels| levels as usize)
            .map_err(|flaw| flaw.within("of")),
        OfFile::Entry(_) => entry_flaw("of", "expected a number"),
    }
}

/// Reads an answer to a question that asks for `kind`, or for more if the entry says so.
fn read_answer(file: &mut EntryFile, deck: &Deck, kind: AnswerKind) -> Result<EntryKind, Flaw> {
    let (model, d) = (deck.answer_model(), deck.dimensions().len());
    let shown = required(file.shown.take(), "shown")?;
    for (place, name) in shown.iter().enumerate() {
        if shown[..place].contains(name) {
            return entry_flaw(
                format!("shown[{place}]"),
                format!("\"{name}\" is shown twice"),
            );
        }
    }
    let (fewest, most) = kind.shown();
    // Elsewhere than in a quiz people choose among any number.
    if shown.len() < fewest || shown.len() > most && kind != AnswerKind::Choice {
        let found = shown.len();
        let message = if fewest == most {
            format!("expected {fewest} of them, found {found}")
        } else if kind == AnswerKind::Choice {
            format!("expected at least {fewest} candidates, found {found}")
        } else {
            format!("expected {fewest} to {most} candidates, found {found}")
        };
        return entry_flaw("shown", message);
    }
    let scores: Vec<Vec<f64>> = required(file.scores.take(), "scores")?
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
    let offered = match &file.offered {
        Some(names) => read_offered(names, kind)?,
        None => model.offered(kind),
    };
    let (field, answer) = read_given(file, &shown, kind)?;
    offered
        .check(shown.len(), answer)
        .map_err(|error| match error.flaw() {
            Some(flaw) => Flaw::new(field, flaw.message()),
            None => Flaw::new(field, error.to_string()),
        })?;
    let reference = match file.reference.take().map(doubles) {
        Some(reference) => {
            check_scores(&reference, d).map_err(|flaw| flaw.within("reference"))?;
            Some(reference)
        }
        None => (deck.has_reference(offered.kind, answer)).then(|| deck.mean_scores().to_vec()),
    };
    (deck.check_scale(
        &scores,
        reference.as_ref().unwrap_or(&scores[0]),
        MAX_LOGGED,
    ))
    .map_err(|flaw| Flaw::new("scores", flaw.message()))?;
    Ok(EntryKind::Answer {
        shown,
        scores,
        reference,
        offered,
        answer,
    })
}

/// The answer that was given, and the field that has it.
fn read_given(
    file: &EntryFile,
    shown: &[String],
    kind: AnswerKind,
) -> Result<(&'static str, Answer), Flaw> {
    let given = match kind {
        AnswerKind::Choice | AnswerKind::Graded => ("chose", file.chose.is_some()),
        AnswerKind::Rating { .. } => ("rating", file.rating.is_some()),
        AnswerKind::BestWorst => ("best", file.best.is_some() || file.worst.is_some()),
        AnswerKind::Order => ("order", file.order.is_some()),
    };
    let place = |name: &str, field: &str| match shown.iter().position(|shown| shown == name) {
        Some(place) => Ok(place),
        None => entry_flaw(field, format!("\"{name}\" was not shown")),
    };
    match (given, &file.verdict) {
        ((_, true), Some(_)) => entry_flaw(
            "verdict",
            "there is a choice already: only one of them is possible",
        ),
        ((field, false), None) => {
            let message = "missing, and so is verdict: expected one of them";
            entry_flaw(field, message)
        }
        (_, Some(verdict)) => {
            let answer = read_verdict(verdict).map_err(|flaw| flaw.within("verdict"))?;
            Ok(("verdict", answer))
        }
        ((field, true), None) => {
            let name = |name: &Option<String>, field| place(&required(name.clone(), field)?, field);
            let answer = match kind {
                AnswerKind::Choice | AnswerKind::Graded => {
                    let chose = name(&file.chose, "chose")?;
                    match file.grade.as_deref() {
                        None => Answer::Chose(chose),
                        Some(grade) => {
                            let grade = read_grade(grade).map_err(|flaw| flaw.within("grade"))?;
                            Answer::Graded(chose, grade)
                        }
                    }
                }
                AnswerKind::Rating { of } => {
                    let rating = required(file.rating, "rating")?;
                    let level =
                        whole(rating, 1, of as u64).map_err(|flaw| flaw.within("rating"))?;
                    let rating = level as usize;
                    Answer::Rated { rating, of }
                }
                AnswerKind::BestWorst => Answer::BestWorst {
                    best: name(&file.best, "best")?,
                    worst: name(&file.worst, "worst")?,
                },
                AnswerKind::Order => {
                    let groups = file.order.as_deref().unwrap_or_default();
                    Answer::Ordered(read_order(groups, shown)?)
                }
            };
            Ok((field, answer))
        }
    }
}

fn read_order(groups: &[GroupFile], shown: &[String]) -> Result<Ranking, Flaw> {
    let mut ranks = vec![None; shown.len()];
    for (rank, group) in groups.iter().enumerate() {
        for name in group.names() {
            let at = format!("order[{rank}]");
            match shown.iter().position(|shown| shown == name) {
                None => return entry_flaw(at, format!("\"{name}\" was not shown")),
                Some(place) if ranks[place].is_some() => {
                    return entry_flaw(at, format!("\"{name}\" is there twice"));
                }
                Some(place) => ranks[place] = Some(rank),
            }
        }
    }
    let Some(ranks) = ranks.iter().copied().collect::<Option<Vec<usize>>>() else {
        return entry_flaw("order", "expected each candidate shown, once");
    };
    Ranking::new(&ranks).map_err(|error| Flaw::new("order", error.flaw().map_or("", Flaw::message)))
}

fn read_statement(file: &EntryFile, deck: &Deck) -> Result<EntryKind, Flaw> {
    let id = required(file.dimension.as_deref(), "dimension")?;
    let Some(dimension) = deck.dimension_place(id) else {
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

fn read_offered(names: &[String], kind: AnswerKind) -> Result<Offered, Flaw> {
    let mut offered = Offered {
        kind,
        tie: false,
        neither: false,
        skip: false,
    };
    for (place, name) in names.iter().enumerate() {
        match name.as_str() {
            "grades" if kind == AnswerKind::Choice => offered.kind = AnswerKind::Graded,
            "choice" | "grades" | "rating" | "best-worst" | "order" => {}
            "tie" => offered.tie = true,
            "neither" => offered.neither = true,
            "skip" => offered.skip = true,
            other => {
                let message = format!(
                    "expected choice, grades, tie, neither, skip, rating, best-worst or order, \
                     found \"{other}\""
                );
                return entry_flaw(format!("offered[{place}]"), message);
            }
        }
    }
    Ok(offered)
}

/// A verdict by its name.
///
/// # Errors
/// A flaw without a place for any other name.
pub(crate) fn read_verdict(verdict: &str) -> Result<Answer, Flaw> {
    match verdict {
        "tie" => Ok(Answer::Tie),
        "neither" => Ok(Answer::Neither),
        "skip" => Ok(Answer::Skip),
        other => entry_flaw(
            "",
            format!("expected tie, neither or skip, found \"{other}\""),
        ),
    }
}

/// A grade by its name.
///
/// # Errors
/// A flaw without a place for any other name.
pub(crate) fn read_grade(grade: &str) -> Result<Grade, Flaw> {
    [Grade::Slightly, Grade::Much]
        .into_iter()
        .find(|known| known.name() == grade)
        .ok_or_else(|| Flaw::new("", format!("expected much or slightly, found \"{grade}\"")))
}

impl Offered {
    /// The names that the format has for the answers on offer.
    pub fn names(self) -> Vec<&'static str> {
        let chose = (self.kind == AnswerKind::Graded).then_some(AnswerKind::Choice.name());
        let kinds = chose.into_iter().chain([self.kind.name()]);
        kinds.chain(self.verdicts()).collect()
    }
}

fn write_entry(entry: &LogEntry, dimensions: &[String]) -> EntryFile {
    let mut file = EntryFile {
        id: Some(entry.id.clone()),
        at: entry.at.clone(),
        ..EntryFile::default()
    };
    match &entry.kind {
        EntryKind::Answer {
            shown,
            scores,
            reference,
            offered,
            answer,
        } => {
            let kind = match offered.kind {
                AnswerKind::Choice | AnswerKind::Graded => None,
                other => Some(other.name().to_owned()),
            };
            if let AnswerKind::Rating { of } = offered.kind {
                file.of = Some(OfFile::Levels(level(of)));
            }
            file.kind = kind;
            file.shown = Some(shown.clone());
            file.scores = Some(scores.iter().map(|scores| numbers(scores)).collect());
            file.reference = reference.as_deref().map(numbers);
            file.offered = Some(offered.names().into_iter().map(str::to_owned).collect());
            write_given(*answer, shown, &mut file);
        }
        EntryKind::Retraction { of } => {
            file.kind = Some("retract".to_owned());
            file.of = Some(OfFile::Entry(of.clone()));
        }
        EntryKind::Statement {
            dimension,
            weight,
            sd,
        } => {
            file.kind = Some("statement".to_owned());
            file.dimension = Some(dimensions[*dimension].clone());
            file.weight = Some(Number(*weight));
            file.sd = Some(Number(*sd));
        }
    }
    file
}

fn write_given(answer: Answer, shown: &[String], file: &mut EntryFile) {
    let name = |place: usize| Some(shown[place].clone());
    match answer {
        Answer::Chose(place) => file.chose = name(place),
        Answer::Graded(place, grade) => {
            file.chose = name(place);
            file.grade = Some(grade.name().to_owned());
        }
        Answer::Rated { rating, .. } => file.rating = Some(level(rating)),
        Answer::BestWorst { best, worst } => {
            file.best = name(best);
            file.worst = name(worst);
        }
        Answer::Ordered(ranking) => {
            let group = |places: Vec<usize>| match places[..] {
                [place] => GroupFile::One(shown[place].clone()),
                _ => GroupFile::Several(places.into_iter().filter_map(name).collect()),
            };
            file.order = Some(ranking.groups().into_iter().map(group).collect());
        }
        Answer::Tie => file.verdict = Some("tie".to_owned()),
        Answer::Neither => file.verdict = Some("neither".to_owned()),
        Answer::Skip => file.verdict = Some("skip".to_owned()),
    }
}

fn level(level: usize) -> Number {
    Number(level as f64)
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
            match *answer {
                Answer::Chose(place) => hasher.write_u64(place as u64),
                Answer::Tie => hasher.write_u64(u64::MAX),
                Answer::Neither => hasher.write_u64(u64::MAX - 1),
                Answer::Skip => hasher.write_u64(u64::MAX - 2),
                Answer::Graded(place, grade) => {
                    hasher.write(grade.name().as_bytes());
                    hasher.write_u64(place as u64);
                }
                Answer::Rated { rating, of } => {
                    hasher.write(b"rating");
                    hasher.write_u64(rating as u64);
                    hasher.write_u64(of as u64);
                }
                Answer::BestWorst { best, worst } => {
                    hasher.write(b"best-worst");
                    hasher.write_u64(best as u64);
                    hasher.write_u64(worst as u64);
                }
                Answer::Ordered(ranking) => {
                    hasher.write(b"order");
                    ranking
                        .ranks()
                        .for_each(|rank| hasher.write_u64(rank as u64));
                }
            }
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
