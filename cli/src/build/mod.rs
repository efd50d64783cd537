//! `leaning build`: a deck from candidates and what is measured of them.

mod design;
pub mod dimensions;
mod spread;

use crate::assembly::{Prompt, checked, default_id, deliver, object, scores, text, value};
use crate::basis::Basis;
use crate::choices::{ResponseTables, Responses};
use crate::failure::Failure;
use crate::input::Source;
use crate::measure::{self, measure};
use dimensions::{Dimension, Labels, Selection};
use leaning::json::Value;
use leaning::{Deck, question};
use serde::Serialize;
use spread::Spread;
use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Dimensions whose scores correlate more than this, either way, are named.
const NOTABLE: f64 = 0.7;

/// Make a deck from candidates, with scores from a table, from another deck's basis, or from the texts alone
///
/// Scores are standardised: two candidates of a prompt differ by 1 in root mean square, and the deck keeps in `basis`
/// how its scores came about. Dimensions that do not vary within any prompt are left out, as are prompts without two
/// candidates of different scores. With --basis, dimensions, their scale, prior and answer model are that deck's.
///
/// With --pairs, only the candidates of that many pairs are kept: those from which, under the deck's prior, most is
/// expected to be learned together (D-optimal, picked one after the other).
///
/// The deck goes to standard output, or to --out; then a report is printed:
///   prompts, candidates, pairs   what the deck holds
///   dimensions                   with the root mean square of their score differences
///   correlations                 of the score differences, a row a dimension
///   correlated                   pairs of dimensions beyond .7 either way
///   leftOut                      dimensions, prompts and candidates, and why
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    group(clap::ArgGroup::new("measure").required(true).args(["scores", "basis", "style"])),
    after_help = "\
Example:
  leaning build --responses responses.csv --style --pairs 500 --title 'How do you like your answers?' --out deck.json
  leaning build --responses responses.csv --scores price,warranty --labels labels.json --out deck.safetensors
  leaning build --responses new.csv --basis fitted.json --out new-deck.json"
)]
pub struct Arguments {
    #[command(flatten)]
    tables: ResponseTables,

    /// Columns of the responses to make dimensions of, with commas between them, or `all`
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    scores: Vec<String>,

    /// A fitted or built deck, whose dimensions are measured anew
    #[arg(long, value_name = "DECK")]
    basis: Option<Source>,

    /// Measure style in the texts: length, structure, hedging, warmth and so on (docs/style.md)
    #[arg(long)]
    style: bool,

    /// With --style, these dimensions, such as brevity,warmth; unless given, all that vary, and of two that correlate
    /// beyond .95 the first
    #[arg(long, value_name = "IDS", value_delimiter = ',', conflicts_with_all = ["scores", "basis"])]
    dimensions: Vec<String>,

    /// Keep only the candidates of the so many most informative pairs
    #[arg(long, value_name = "NUMBER")]
    pairs: Option<NonZeroUsize>,

    /// Decides which pairs --pairs looks at where there are more than two million
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// The deck's id; unless given, the file's name and a number that changes with the dimensions and their scale, or
    /// the id of --basis
    #[arg(long)]
    id: Option<String>,

    /// A heading for people
    #[arg(long)]
    title: Option<String>,

    /// BCP 47 tag of the language of the texts; en with --style unless given
    #[arg(long, value_name = "TAG")]
    language: Option<String>,

    /// Names for dimensions, JSON: {"ID": {"label", "low", "high", "description"}}
    #[arg(long, value_name = "FILE")]
    labels: Option<Source>,

    /// The file to write, safetensors if its name ends in .safetensors
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Arguments {
    /// Every file that is to be read.
    pub fn sources(&self) -> Vec<&Source> {
        let others = [self.basis.as_ref(), self.labels.as_ref()];
        self.tables.sources().into_iter().chain(others.into_iter().flatten()).collect()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    id: String,
    prompts: usize,
    candidates: usize,
    pairs: usize,
    dimensions: Vec<Varying>,
    correlations: Vec<Vec<f64>>,
    correlated: Vec<Correlated>,
    left_out: LeftOut,
}

#[derive(Debug, Serialize)]
struct Varying {
    id: String,
    spread: f64,
}

#[derive(Debug, Serialize)]
struct Correlated {
    dimensions: [String; 2],
    correlation: f64,
}

#[derive(Debug, Default, Serialize)]
struct LeftOut {
    dimensions: Vec<dimensions::LeftOut>,
    prompts: usize,
    candidates: usize,
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let tables = Responses::open(&arguments.tables)?;
    let mut words = tables.notes.clone();
    let mut prompts = Prompt::group(&tables.responses, |_| true, &arguments.tables.responses)?;
    let model = match &arguments.basis {
        Some(source) => Model::of_deck(arguments, source, &tables)?,
        None => Model::standardised(arguments, &tables, &prompts)?,
    };
    words.extend(model.left_out.iter().map(|of| format!("{} is left out: {}", of.id, of.because)));
    let labels = Labels::read(arguments.labels.as_ref())?;
    labels.check(&model.dimensions)?;

    let (all_prompts, all_candidates) = (prompts.len(), tables.responses.len());
    words.extend(Prompt::retain_usable(&mut prompts, &model.scores, &arguments.tables.responses)?);
    let (mut value, mut deck) = assemble(arguments, &tables, &model, &labels, &prompts)?;
    if let Some(pairs) = arguments.pairs {
        prompts = most_informative(&deck, prompts, pairs.get(), arguments.seed);
        (value, deck) = assemble(arguments, &tables, &model, &labels, &prompts)?;
    }

    let candidates: usize = prompts.iter().map(|prompt| prompt.members.len()).sum();
    let left_out = LeftOut {
        dimensions: model.left_out,
        prompts: all_prompts - prompts.len(),
        candidates: all_candidates - candidates,
    };
    let members: Vec<Vec<usize>> = prompts.into_iter().map(|prompt| prompt.members).collect();
    let report = report(&deck, &Spread::new(&model.scores, &members, deck.dimensions().len()), left_out);
    for Correlated { dimensions: [a, b], correlation } in &report.correlated {
        words.push(format!("{a} and {b} correlate {correlation:.2}: answers can hardly tell them apart"));
    }
    for constant in report.dimensions.iter().filter(|dimension| dimension.spread == 0.0) {
        words.push(format!("{} does not vary within any prompt: no answer says anything about it", constant.id));
    }
    deliver(value, arguments.out.as_deref(), &report, &words)
}

/// What makes scores of responses, and the scores.
struct Model {
    dimensions: Vec<Dimension>,
    basis: Basis,
    /// A row a response.
    scores: Vec<Vec<f64>>,
    left_out: Vec<dimensions::LeftOut>,
    /// The deck that brought the basis.
    origin: Option<(Deck, Value)>,
}

impl Model {
    /// The dimensions of a deck, measured by its basis.
    fn of_deck(arguments: &Arguments, source: &Source, tables: &Responses) -> Result<Self, Failure> {
        let (deck, value, basis) = source.read_deck_and_basis()?;
        let basis = basis.ok_or_else(|| Failure::new(source, "basis: missing"))?;
        let language = arguments.language.as_deref().or(deck.language());
        let rows = measured(arguments, tables, basis.features(), language)?;
        let dimensions = deck.dimensions().iter().map(Dimension::of_deck).collect();
        let scores = scores(&basis, &rows);
        Ok(Model { dimensions, basis, scores, left_out: Vec::new(), origin: Some((deck, value)) })
    }

    /// Columns or features of style, each standardised and a dimension.
    fn standardised(arguments: &Arguments, tables: &Responses, prompts: &[Prompt]) -> Result<Self, Failure> {
        let file = &arguments.tables.responses;
        let candidates = if arguments.style {
            let language = measure::language(arguments.language.as_deref());
            let language = language.map_err(|what| Failure::new("--language", what))?;
            Dimension::of_style(&arguments.dimensions, language).map_err(|what| Failure::new("--dimensions", what))?
        } else {
            Dimension::of_columns(&arguments.scores, &tables.features).map_err(|what| Failure::new(file, what))?
        };
        let features: Vec<String> = candidates.iter().map(|dimension| dimension.feature.clone()).collect();
        let rows = measured(arguments, tables, &features, arguments.language.as_deref())?;
        let members: Vec<Vec<usize>> = prompts.iter().map(|prompt| prompt.members.clone()).collect();
        let spread = Spread::new(&rows, &members, features.len());
        let may_drop = arguments.style && arguments.dimensions.is_empty();
        let Selection { kept, left_out } = Selection::new(&candidates, &spread, may_drop);
        if kept.is_empty() {
            return Err(Failure::new(file, "no dimension varies within any prompt, so there is nothing to ask"));
        }
        let rows: Vec<Vec<f64>> = rows.iter().map(|row| kept.iter().map(|&j| row[j]).collect()).collect();
        let mean = |j: usize| rows.iter().map(|row| row[j] / rows.len() as f64).sum();
        let head = |i: usize| (0..kept.len()).map(|j| if i == j { candidates[kept[i]].sign } else { 0.0 }).collect();
        let basis = Basis::new(
            kept.iter().map(|&j| features[j].clone()).collect(),
            (0..kept.len()).map(mean).collect(),
            kept.iter().map(|&j| spread.deviation(j)).collect(),
            (0..kept.len()).map(head).collect(),
        );
        let basis = basis.map_err(|what| Failure::new(file, what))?;
        let dimensions = kept.iter().map(|&j| candidates[j].clone()).collect();
        let scores = scores(&basis, &rows);
        Ok(Model { dimensions, basis, scores, left_out, origin: None })
    }
}

/// These features of each response.
fn measured(
    arguments: &Arguments,
    tables: &Responses,
    features: &[String],
    language: Option<&str>,
) -> Result<Vec<Vec<f64>>, Failure> {
    measure(features, &tables.features, &tables.responses, language)
        .map_err(|what| Failure::new(&arguments.tables.responses, what))
}

/// The prompts with the candidates of the most informative pairs only.
fn most_informative(deck: &Deck, prompts: Vec<Prompt>, count: usize, seed: u64) -> Vec<Prompt> {
    let pairs = design::most_informative(deck, count, seed);
    let ends = pairs.iter().flat_map(|pair| [(pair.prompt, pair.candidates.0), (pair.prompt, pair.candidates.1)]);
    let kept: HashSet<(usize, usize)> = ends.collect();
    let narrowed = prompts.into_iter().enumerate().map(|(place, prompt)| {
        let members = prompt.members.iter().enumerate();
        let members = members.filter(|(member, _)| kept.contains(&(place, *member))).map(|(_, &row)| row).collect();
        Prompt { members, ..prompt }
    });
    narrowed.filter(|prompt| !prompt.members.is_empty()).collect()
}

/// The deck as JSON, and as the library reads it.
fn assemble(
    arguments: &Arguments,
    tables: &Responses,
    model: &Model,
    labels: &Labels,
    prompts: &[Prompt],
) -> Result<(Value, Deck), Failure> {
    let origin = model.origin.as_ref();
    let (file, ids) = (&arguments.tables.responses, model.dimensions.iter().map(|dimension| dimension.id.as_str()));
    let inherited = |given: &Option<String>, of_deck: Option<&str>| given.clone().or(of_deck.map(str::to_owned));
    let id = inherited(&arguments.id, origin.map(|(deck, _)| deck.id()))
        .unwrap_or_else(|| default_id(file, ids, &model.basis));
    let title = inherited(&arguments.title, origin.and_then(|(deck, _)| deck.title()));
    let language = inherited(&arguments.language, origin.and_then(|(deck, _)| deck.language()));
    let language = language.or_else(|| arguments.style.then(|| "en".to_owned()));

    let mut fields = vec![("format", text(leaning::deck::FORMAT)), ("id", text(&id))];
    fields.push(("version", text(origin.map_or("1", |(deck, _)| deck.version()))));
    fields.extend(language.map(|language| ("language", Value::String(language))));
    fields.extend(title.map(|title| ("title", Value::String(title))));
    fields.push(("dimensions", Value::Array(model.dimensions.iter().map(|of| labels.object(of)).collect())));
    fields.extend(value(&model.basis).map(|basis| ("basis", basis)));
    if let Some((_, Value::Object(inherited))) = origin {
        for name in ["prior", "answers", "choose"] {
            let value = inherited.iter().rev().find(|(key, _)| key == name);
            fields.extend(value.map(|(_, value)| (name, value.clone())));
        }
    }
    fields.push(("prompts", Prompt::list(prompts, &tables.responses, &tables.prompts, &model.scores)));
    let value = object(fields);
    let deck = checked(&value)?;
    Ok((value, deck))
}

fn report(deck: &Deck, spread: &Spread, left_out: LeftOut) -> Report {
    let ids: Vec<&String> = deck.dimensions().iter().map(|dimension| &dimension.id).collect();
    let d = ids.len();
    let below = (0..d).flat_map(|j| (0..j).map(move |k| (k, j)));
    let correlated = below.map(|(k, j)| (k, j, spread.correlation(k, j))).filter(|(.., r)| r.abs() > NOTABLE);
    Report {
        id: deck.id().to_owned(),
        prompts: deck.prompts().len(),
        candidates: deck.prompts().iter().map(|prompt| prompt.candidates.len()).sum(),
        pairs: question::pairs(deck).count(),
        dimensions: (0..d).map(|j| Varying { id: ids[j].clone(), spread: spread.deviation(j) }).collect(),
        correlations: (0..d).map(|j| (0..d).map(|k| spread.correlation(j, k)).collect()).collect(),
        correlated: correlated
            .map(|(k, j, correlation)| Correlated { dimensions: [ids[k].clone(), ids[j].clone()], correlation })
            .collect(),
        left_out,
    }
}
