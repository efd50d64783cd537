//! `leaning build`: a deck from candidates and their features.

pub mod design;
mod extras;
mod selection;

use crate::choices::{ResponseTables, Responses, column_name};
use crate::deck::arguments::DeckArguments;
use crate::deck::basis::Basis;
use crate::deck::differences::{self, Correlated, Differences};
use crate::deck::dimensions::{Labels, NewDimension};
use crate::deck::features::{language, note_about_language, response_features};
use crate::deck::notes;
use crate::deck::prompts::{PromptGroup, group_by_prompt, prompt_files, retain_usable};
use crate::deck::read::{DeckWithFields, read_deck_with_fields};
use crate::deck::write::{Made, check_with_sources, default_id};
use crate::failure::Failure;
use crate::input::Source;
use extras::Extras;
use leaning::{Deck, question};
use nalgebra::{DMatrix, DVector};
use selection::{CandidateDimension, LeftOut, select};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::Path;

/// Make a deck from candidates
///
/// Scores come from columns of the table, from another deck's basis, or from the texts alone. They
/// are standardised: two candidates of a prompt differ by 1 in root mean square. The deck's `basis`
/// keeps how its scores came about. Dimensions that do not vary within any prompt are left out, as
/// are prompts without two candidates of different scores.
///
/// With --basis, everything but the prompts comes from that deck: id, dimensions, scale, prior,
/// answer model, and any other field.
///
/// With --pairs, only the candidates of the most informative pairs are kept: those from which,
/// under the deck's prior, most is expected to be learned together (D-optimal, picked greedily).
///
/// The deck goes to standard output, or to --out. Then a report is printed:
///   prompts, candidates, pairs   numbers of each in the deck
///   dimensions                   with the root mean square of their score differences
///   correlations                 of the score differences, a row per dimension
///   correlated                   pairs of dimensions beyond .7 either way
///   leftOut                      dimensions with reasons, numbers of prompts and candidates
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    group(clap::ArgGroup::new("measure").required(true).args(["scores", "basis", "style"])),
    after_help = "\
Example:
  leaning build --responses responses.csv --style --pairs 500 --out deck.json
  leaning build --responses responses.csv --scores price,warranty --out deck.safetensors
  leaning build --responses places.csv --scores all --fields words.json --images images.json
  leaning build --responses new.csv --basis fitted.json --out new-deck.json"
)]
pub struct Arguments {
    #[command(flatten)]
    tables: ResponseTables,

    /// Columns of the responses to make dimensions of, separated by commas, or `all`
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', value_parser = column_name)]
    scores: Vec<String>,

    /// A fitted or built deck, whose dimensions are measured in these responses
    #[arg(long, value_name = "DECK")]
    basis: Option<Source>,

    /// Measure style in the texts: length, structure, hedging, warmth and so on (docs/style.md)
    #[arg(long)]
    style: bool,

    /// With --style, only these dimensions, such as brevity,warmth; by default all that vary, and
    /// the first of two that correlate beyond .95
    #[arg(
        long,
        value_name = "IDS",
        value_delimiter = ',',
        conflicts_with_all = ["scores", "basis"]
    )]
    dimensions: Vec<String>,

    /// Keep only the candidates of this many most informative pairs
    #[arg(long, value_name = "NUMBER")]
    pairs: Option<NonZeroUsize>,

    /// Decides which pairs --pairs considers if there are more than two million
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// More fields of the deck, JSON: title, about, license, answers, words, archetypes and others
    #[arg(long, value_name = "FILE")]
    fields: Option<Source>,

    /// Pictures of candidates by response id, JSON: {"ID": {"src", "alt", "width", "height"}}
    #[arg(long, value_name = "FILE")]
    images: Option<Source>,

    #[command(flatten)]
    deck: DeckArguments,
}

impl Arguments {
    /// The file that the deck is written to.
    pub fn out(&self) -> Option<&Path> {
        self.deck.out.as_deref()
    }

    /// Every file that is read.
    pub fn sources(&self) -> Vec<&Source> {
        let others = [&self.basis, &self.deck.labels, &self.fields, &self.images];
        self.tables
            .sources()
            .into_iter()
            .chain(others.into_iter().flatten())
            .collect()
    }
}

#[cfg(target_family = "wasm")]
impl Arguments {
    /// Columns of tables as dimensions, or without any the style measured in their texts.
    pub fn of_tables(tables: ResponseTables, columns: Vec<String>) -> Self {
        Arguments {
            tables,
            style: columns.is_empty(),
            scores: columns,
            basis: None,
            dimensions: Vec::new(),
            pairs: None,
            seed: 1,
            fields: None,
            images: None,
            deck: DeckArguments::default(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub id: String,
    pub prompts: usize,
    pub candidates: usize,
    pub pairs: usize,
    pub dimensions: Vec<DimensionReport>,
    pub correlations: Vec<Vec<f64>>,
    pub correlated: Vec<Correlated>,
    pub left_out: LeftOutReport,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DimensionReport {
    pub id: String,
    pub rms_difference: f64,
}

#[derive(Debug, Serialize)]
pub struct LeftOutReport {
    pub dimensions: Vec<LeftOut>,
    pub prompts: usize,
    pub candidates: usize,
}

pub fn run(arguments: &Arguments) -> Result<Made<Report>, Failure> {
    let file = &arguments.tables.responses;
    let wanted = match arguments.scores.as_slice() {
        [all] if all == "all" => &[],
        columns => columns,
    };
    let tables = Responses::open(&arguments.tables, wanted)?;
    let mut notes = tables.notes.clone();
    let mut prompts = group_by_prompt(&tables.responses, |_| true, file)?;
    let scored = match &arguments.basis {
        Some(source) => Scored::by_basis(arguments, source, &tables)?,
        None => Scored::standardised(arguments, &tables, &prompts)?,
    };
    notes.extend(scored.note.as_ref().map(|note| format!("{file}: {note}")));
    notes.extend(notes_about_left_out(&scored.left_out));
    let labels = arguments.deck.read_labels()?;
    let left_out: Vec<&str> = scored.left_out.iter().map(|of| of.id.as_str()).collect();
    labels.check(&scored.dimensions, &left_out)?;
    let extras = Extras::read(arguments.fields.as_ref(), arguments.images.as_ref())?;
    extras.check(tables.responses.iter().map(|response| response.id.as_str()))?;

    let all_prompts = prompts.len();
    notes.extend(retain_usable(&mut prompts, &scored.scores, file)?);
    let (mut fields, mut deck) =
        assemble(arguments, &tables, &scored, (&labels, &extras), &prompts)?;
    if let Some(count) = arguments.pairs {
        prompts = most_informative(&deck, prompts, count.get(), arguments.seed);
        (fields, deck) = assemble(arguments, &tables, &scored, (&labels, &extras), &prompts)?;
    }

    let candidates: usize = prompts.iter().map(|prompt| prompt.members.len()).sum();
    let left_out = LeftOutReport {
        dimensions: scored.left_out,
        prompts: all_prompts - prompts.len(),
        candidates: tables.responses.len() - candidates,
    };
    let report = report(&deck, &Differences::new(&scored.scores, &prompts), left_out);
    notes.extend(notes_about(&report));
    notes.extend(notes::about(&fields));
    Ok(Made {
        deck: fields,
        out: arguments.deck.out.clone(),
        report,
        notes,
    })
}

/// Why dimensions are left out: a note for each reason.
fn notes_about_left_out(left_out: &[LeftOut]) -> Vec<String> {
    let (like_others, constant): (Vec<_>, Vec<_>) =
        left_out.iter().partition(|of| of.twin.is_some());
    let mut notes = Vec::new();
    if let [only] = constant[..] {
        notes.push(format!("{} is left out: {}", only.id, only.because));
    } else if !constant.is_empty() {
        let ids: Vec<&str> = constant.iter().map(|of| of.id.as_str()).collect();
        let (count, ids) = (ids.len(), ids.join(", "));
        notes.push(format!(
            "{count} dimensions are left out, since they do not vary within any prompt: {ids}"
        ));
    }
    if let [only] = like_others[..] {
        notes.push(format!("{} is left out: {}", only.id, only.because));
    } else if !like_others.is_empty() {
        let names = like_others.iter().filter_map(|of| {
            let (other, correlation) = of.twin.as_ref()?;
            Some(format!("{} ({other}, {correlation:.2})", of.id))
        });
        let (count, names) = (like_others.len(), names.collect::<Vec<_>>().join(", "));
        notes.push(format!(
            "{count} dimensions are left out, since they correlate with another: {names}"
        ));
    }
    notes
}

/// Correlated dimensions, and such that do not vary: a note for each kind.
fn notes_about(report: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(differences::note_about(&report.correlated));
    let constant = report
        .dimensions
        .iter()
        .filter(|of| of.rms_difference == 0.0);
    let constant: Vec<&str> = constant.map(|of| of.id.as_str()).collect();
    if !constant.is_empty() {
        let (verb, pronoun) = if constant.len() == 1 {
            ("does", "it")
        } else {
            ("do", "them")
        };
        let constant = constant.join(", ");
        notes.push(format!(
            "{constant} {verb} not vary within any prompt: no answer says anything about {pronoun}"
        ));
    }
    notes
}

/// The responses with their scores.
struct Scored {
    dimensions: Vec<NewDimension>,
    basis: Basis,
    /// n × d: a row per response.
    scores: DMatrix<f64>,
    left_out: Vec<LeftOut>,
    /// The fields of the deck that the basis is from.
    origin: Map<String, Value>,
    /// About the language of the texts.
    note: Option<String>,
}

impl Scored {
    /// Measures the dimensions of another deck.
    fn by_basis(
        arguments: &Arguments,
        source: &Source,
        tables: &Responses,
    ) -> Result<Self, Failure> {
        let DeckWithFields {
            deck,
            fields,
            basis,
        } = read_deck_with_fields(source)?;
        let basis = basis.ok_or_else(|| Failure::new(source, "basis: missing"))?;
        let language = arguments.deck.language.as_deref().or(deck.language());
        let features = features(arguments, tables, basis.features(), language)?;
        let note = note_about_language(basis.features(), &tables.responses, language);
        let objects = fields
            .get("dimensions")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let dimensions = deck
            .dimensions()
            .iter()
            .zip(objects.filter_map(Value::as_object));
        Ok(Scored {
            dimensions: dimensions
                .map(|(dimension, fields)| NewDimension::of_fields(&dimension.id, fields))
                .collect(),
            scores: basis.scores(&features),
            basis,
            left_out: Vec::new(),
            origin: fields,
            note,
        })
    }

    /// Makes a dimension of each column or style feature, standardised.
    fn standardised(
        arguments: &Arguments,
        tables: &Responses,
        prompts: &[PromptGroup],
    ) -> Result<Self, Failure> {
        let file = &arguments.tables.responses;
        let tag = arguments.deck.language.as_deref();
        let candidates = if arguments.style {
            let language =
                language(tag).map_err(|message| Failure::of_option("--language", message))?;
            CandidateDimension::of_style(&arguments.dimensions, language)
                .map_err(|message| Failure::of_option("--dimensions", message))?
        } else {
            CandidateDimension::of_columns(&arguments.scores, &tables.features)
                .map_err(|message| Failure::of_option("--scores", format!("{file}: {message}")))?
        };
        let names: Vec<String> = candidates
            .iter()
            .map(|candidate| candidate.feature.clone())
            .collect();
        let features = features(arguments, tables, &names, tag)?;
        let note = note_about_language(&names, &tables.responses, tag);
        let differences = Differences::new(&features, prompts);
        let drop_redundant = arguments.style && arguments.dimensions.is_empty();
        let (kept, left_out) = select(&candidates, &differences, drop_redundant);
        if kept.is_empty() {
            let message = "no dimension varies within any prompt, so there is nothing to ask";
            return Err(Failure::new(file, message));
        }
        let features = features.select_columns(&kept);
        let of_kept = |number: &dyn Fn(usize) -> f64| {
            DVector::from_iterator(kept.len(), kept.iter().map(|&j| number(j)))
        };
        let basis = Basis::new(
            kept.iter().map(|&j| names[j].clone()).collect(),
            features.row_mean().transpose(),
            of_kept(&|j| differences.rms(j)),
            DMatrix::from_diagonal(&of_kept(&|j| candidates[j].sign)),
        );
        let basis = basis.map_err(|message| Failure::new(file, message))?;
        Ok(Scored {
            dimensions: kept
                .iter()
                .map(|&j| candidates[j].dimension.clone())
                .collect(),
            scores: basis.scores(&features),
            basis,
            left_out,
            origin: Map::new(),
            note,
        })
    }
}

/// These features of each response, n × f.
fn features(
    arguments: &Arguments,
    tables: &Responses,
    names: &[String],
    language: Option<&str>,
) -> Result<DMatrix<f64>, Failure> {
    response_features(names, &tables.features, &tables.responses, language)
        .map_err(|message| Failure::new(&arguments.tables.responses, message))
}

/// The prompts with only the candidates of the most informative pairs.
fn most_informative(
    deck: &Deck,
    prompts: Vec<PromptGroup>,
    count: usize,
    seed: u64,
) -> Vec<PromptGroup> {
    let mut kept: HashSet<(usize, usize)> = HashSet::new();
    for pair in design::most_informative(deck, count, seed) {
        kept.extend([
            (pair.prompt, pair.candidates.0),
            (pair.prompt, pair.candidates.1),
        ]);
    }
    let narrowed = prompts.into_iter().enumerate().map(|(place, prompt)| {
        let members = prompt.members.into_iter().enumerate();
        let members = members.filter(|(member, _)| kept.contains(&(place, *member)));
        PromptGroup {
            id: prompt.id,
            members: members.map(|(_, response)| response).collect(),
        }
    });
    narrowed
        .filter(|prompt| !prompt.members.is_empty())
        .collect()
}

/// The fields of the deck file, and the deck.
fn assemble(
    arguments: &Arguments,
    tables: &Responses,
    scored: &Scored,
    (labels, extras): (&Labels, &Extras),
    prompts: &[PromptGroup],
) -> Result<(Map<String, Value>, Deck), Failure> {
    let mut fields = scored.origin.clone();
    extras.set_fields(&mut fields);
    let default_id = || {
        let ids = scored
            .dimensions
            .iter()
            .map(|dimension| dimension.id.as_str());
        default_id(&arguments.tables.responses, ids, &scored.basis)
    };
    arguments
        .deck
        .set_fields(&mut fields, default_id, arguments.style.then_some("en"));
    fields.insert(
        "dimensions".to_owned(),
        labels.apply(&scored.dimensions).into(),
    );
    fields.insert("basis".to_owned(), json!(scored.basis));
    let prompts = prompt_files(prompts, &tables.responses, &tables.prompts, &scored.scores);
    let mut prompts = json!(prompts);
    extras.set_images(&mut prompts);
    fields.insert("prompts".to_owned(), prompts);
    let subject = |error: &leaning::Error| {
        let source = error.path().and_then(|path| extras.source_of(path));
        source.map(str::to_owned)
    };
    let deck = check_with_sources(&fields, subject)?;
    Ok((fields, deck))
}

fn report(deck: &Deck, differences: &Differences, left_out: LeftOutReport) -> Report {
    let ids: Vec<&String> = deck
        .dimensions()
        .iter()
        .map(|dimension| &dimension.id)
        .collect();
    let d = ids.len();
    Report {
        id: deck.id().to_owned(),
        prompts: deck.prompts().len(),
        candidates: deck
            .prompts()
            .iter()
            .map(|prompt| prompt.candidates.len())
            .sum(),
        pairs: question::pairs(deck).len(),
        dimensions: (0..d)
            .map(|j| DimensionReport {
                id: ids[j].clone(),
                rms_difference: differences.rms(j),
            })
            .collect(),
        correlations: (0..d)
            .map(|j| (0..d).map(|k| differences.correlation(j, k)).collect())
            .collect(),
        correlated: differences.correlated(deck),
        left_out,
    }
}
