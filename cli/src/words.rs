//! `leaning summary` and `leaning instructions`: a profile in words.
//!
//! The sentences are those of the npm package; `js/summary.ts` says the same, word for word.

use crate::failure::Failure;
use crate::output::Output;
use crate::person::Person;
use crate::terminal::colour::PLAIN;
use leaning::model::log::EntryKind;
use leaning::profile::{Confidence, Direction, Standing, Strength};
use leaning::{Deck, Dimension, Interview, Options};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The sentences of each language.
const TABLES: &str = include_str!("../../js/lang/summary.json");

/// Say in words what a person likes
///
/// Prints what is clear about the person's taste as a few sentences for them. The names of ends and
/// dimensions are the deck's. "Above all" and "leaning towards" tell how much the person cares,
/// "probably" how sure that is.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning summary --deck deck.json --answers answers.json
  Your taste: above all brief; leaning towards casual. No strong preference: Warmth."
)]
pub struct SummaryArguments {
    #[command(flatten)]
    words: Arguments,
}

/// Say in words for an assistant what a person likes
///
/// Prints a text for a system prompt, or nothing if nothing is clear. Whoever pastes it tells the
/// assistant about the person: at most 3 bits for each dimension, or 4 for a curved one.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning instructions --deck deck.json --answers answers.json
  The user's preferences, estimated from a few choices. …
  Strongly prefer brief over thorough.
  Slightly prefer casual over formal."
)]
pub struct InstructionsArguments {
    #[command(flatten)]
    words: Arguments,
}

#[derive(Debug, clap::Args)]
struct Arguments {
    #[command(flatten)]
    person: Person,

    /// The language of the words around the deck's names, as a tag such as de; the deck's by
    /// default, or else English
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
}

impl SummaryArguments {
    pub fn person(&self) -> &Person {
        &self.words.person
    }

    pub fn run(&self, output: Output) -> Result<(), Failure> {
        let (table, told) = self.words.read()?;
        print(output, &summary(&table, &told))
    }
}

impl InstructionsArguments {
    pub fn person(&self) -> &Person {
        &self.words.person
    }

    pub fn run(&self, output: Output) -> Result<(), Failure> {
        let (table, told) = self.words.read()?;
        match instructions(&table, &told) {
            Some(text) => print(output, &text),
            None => Ok(()),
        }
    }
}

/// Prints a text as it is, or at a terminal in lines as wide as the window.
fn print(output: Output, text: &str) -> Result<(), Failure> {
    output.print_text(&format!("{text}\n"), |page| {
        for line in text.lines() {
            page.paragraph(PLAIN, line);
        }
        Ok(())
    })
}

/// The sentences of one language, with names in braces to fill in.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Table {
    likes: String,
    likes_probably: String,
    also_probably: String,
    strong: String,
    fair: String,
    also: String,
    slight: String,
    between: String,
    rather: String,
    indifferent: String,
    nothing: String,
    intro: String,
    prefer_strong: String,
    prefer_fair: String,
    prefer_slight: String,
    comma: String,
    semicolon: String,
    space: String,
}

/// The clear part of a person's taste, in the deck's order.
#[derive(Debug, Default)]
struct Told {
    preferred: Vec<Preferred>,
    /// Labels of dimensions that matter little.
    indifferent: Vec<String>,
}

#[derive(Debug)]
struct Preferred {
    /// An end, or something between both.
    end: String,
    /// The same told against the other end, which explains it to an assistant.
    rather: String,
    strength: Strength,
    is_sure: bool,
}

impl Arguments {
    fn read(&self) -> Result<(Table, Told), Failure> {
        let (deck, log) = self.person.read()?;
        let language = self.language.as_deref().or(deck.language()).unwrap_or("en");
        let table = table(language)?;
        let failure = |error| self.person.failure(error);
        let interview = Interview::open(deck, log, Options::default()).map_err(failure)?;
        let told = told(&interview, &table).map_err(failure)?;
        Ok((table, told))
    }
}

/// The table of a language, or else the English one.
fn table(language: &str) -> Result<Table, Failure> {
    let mut tables: BTreeMap<String, Table> = serde_json::from_str(TABLES)
        .map_err(|error| Failure::new("the table of sentences", error))?;
    let code = language
        .split('-')
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let table = tables.remove(&code).or_else(|| tables.remove("en"));
    table.ok_or_else(|| Failure::new("the table of sentences", "it has no English"))
}

fn told(interview: &Interview, table: &Table) -> Result<Told, leaning::Error> {
    let mut told = Told::default();
    let profile = interview.profile()?;
    let states = |entry: &leaning::LogEntry| matches!(entry.kind, EntryKind::Statement { .. });
    if profile.answers == 0 && !interview.log().live().any(states) {
        return Ok(told);
    }
    let deck: &Deck = interview.deck();
    for (dimension, estimate) in deck.dimensions().iter().zip(&profile.dimensions) {
        let Dimension {
            label, low, high, ..
        } = dimension;
        let sure = estimate.confidence == Confidence::High;
        let (end, other, is_sure) = match (estimate.standing, estimate.direction) {
            (Standing::Open, _) => continue,
            (Standing::Indifferent, _) => {
                told.indifferent.push(label.clone());
                continue;
            }
            (Standing::Middle, _) => {
                let probability = estimate.middle.map_or(0.0, |middle| middle.probability);
                let between = fill(&table.between, &[("low", low), ("high", high)]);
                let is_sure = Confidence::of(probability) == Confidence::High;
                (between, None, is_sure)
            }
            (Standing::Leans, Direction::Low) => (low.clone(), Some(high), sure),
            (Standing::Leans, Direction::High) => (high.clone(), Some(low), sure),
        };
        let rather = match other {
            Some(other) => fill(&table.rather, &[("end", &end), ("other", other)]),
            None => end.clone(),
        };
        told.preferred.push(Preferred {
            end,
            rather,
            strength: estimate.strength,
            is_sure,
        });
    }
    Ok(told)
}

fn summary(table: &Table, told: &Told) -> String {
    let groups = |is_sure: bool| {
        let frames = [
            (Strength::Strong, &table.strong),
            (Strength::Fair, &table.fair),
            (Strength::Slight, &table.slight),
        ];
        let mut filled: Vec<String> = Vec::new();
        for (strength, frame) in frames {
            let wanted = |one: &Preferred| one.strength == strength && one.is_sure == is_sure;
            let Some(ends) = ends(table, told, wanted, |one| &one.end) else {
                continue;
            };
            // After "above all …", an end without a word of its own would seem to belong to that.
            let follows = strength == Strength::Fair && !filled.is_empty();
            let frame = if follows { &table.also } else { frame };
            filled.push(fill(frame, &[("ends", &ends)]));
        }
        filled.join(&table.semicolon)
    };
    let (sure, likely) = (groups(true), groups(false));
    let mut sentences = Vec::new();
    if !sure.is_empty() {
        sentences.push(fill(&table.likes, &[("groups", &sure)]));
    }
    if !likely.is_empty() {
        let frame = if sure.is_empty() {
            &table.likes_probably
        } else {
            &table.also_probably
        };
        sentences.push(fill(frame, &[("groups", &likely)]));
    }
    sentences.extend(indifferent(table, told));
    if sentences.is_empty() {
        return table.nothing.clone();
    }
    sentences.join(&table.space)
}

fn instructions(table: &Table, told: &Told) -> Option<String> {
    let frames = [
        (Strength::Strong, &table.prefer_strong),
        (Strength::Fair, &table.prefer_fair),
        (Strength::Slight, &table.prefer_slight),
    ];
    let preferred = frames.into_iter().filter_map(|(strength, frame)| {
        let wanted = |one: &Preferred| one.strength == strength;
        let ends = ends(table, told, wanted, |one| &one.rather)?;
        Some(fill(frame, &[("ends", &ends)]))
    });
    let lines: Vec<String> = preferred.chain(indifferent(table, told)).collect();
    (!lines.is_empty()).then(|| format!("{}\n{}", table.intro, lines.join("\n")))
}

/// The wanted preferences in the words of `name`, as a list. `None` if there are none.
fn ends(
    table: &Table,
    told: &Told,
    wanted: impl Fn(&Preferred) -> bool,
    name: impl Fn(&Preferred) -> &str,
) -> Option<String> {
    let ends = told.preferred.iter().filter(|one| wanted(one));
    let ends: Vec<&str> = ends.map(name).collect();
    (!ends.is_empty()).then(|| ends.join(&table.comma))
}

fn indifferent(table: &Table, told: &Told) -> Option<String> {
    let labels = told.indifferent.join(&table.comma);
    (!labels.is_empty()).then(|| fill(&table.indifferent, &[("labels", &labels)]))
}

/// Fills in the names in braces. A deck's own braces stay as they are.
fn fill(frame: &str, values: &[(&str, &String)]) -> String {
    let mut text = String::new();
    let mut rest = frame;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
            text.push_str(value);
        }
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(preferred: &[(&str, Strength, bool)], indifferent: &[&str]) -> Told {
        let preferred = preferred.iter().map(|&(end, strength, is_sure)| Preferred {
            end: end.to_owned(),
            rather: format!("{end} over …"),
            strength,
            is_sure,
        });
        Told {
            preferred: preferred.collect(),
            indifferent: indifferent.iter().map(|&label| label.to_owned()).collect(),
        }
    }

    #[test]
    fn the_strongest_comes_first_and_what_is_likely_apart() {
        let english = table("en-GB").unwrap();
        let told = told(
            &[
                ("casual", Strength::Slight, true),
                ("brief", Strength::Strong, true),
                ("decided", Strength::Fair, true),
                ("{prose}", Strength::Fair, false),
            ],
            &["Warmth"],
        );
        assert_eq!(
            summary(&english, &told),
            "Your taste: above all brief; also decided; leaning towards casual. Probably also: {prose}. \
             No strong preference: Warmth."
        );
        let expected = format!(
            "{}\nStrongly prefer brief over ….\nPrefer decided over …, {{prose}} over ….\nSlightly prefer casual over ….\n\
             No strong preference: Warmth.",
            english.intro
        );
        assert_eq!(instructions(&english, &told), Some(expected));
    }

    #[test]
    fn nothing_is_said_where_nothing_is_clear() {
        let german = table("de").unwrap();
        assert_eq!(summary(&german, &Told::default()), german.nothing);
        assert_eq!(instructions(&german, &Told::default()), None);
        // A language without a table.
        assert_eq!(table("tlh").unwrap().likes, table("en").unwrap().likes);
    }
}
