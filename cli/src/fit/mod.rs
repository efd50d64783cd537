//! `leaning fit`: base rewards and a population prior from many people's choices.

mod cross_validation;
mod curves;
mod dimension_names;
pub mod elsewhere;
pub mod factors;
pub mod fitted;
pub mod held_out;
pub mod inputs;
pub mod many_people;
mod minimise;
pub mod model;
mod pooled;
pub mod prior;
pub mod progress;
mod report;
mod single_answers;
mod spread;
pub mod training_data;
mod varimax;

pub use cross_validation::{cross_validate, log_evidences, worthwhile};

use crate::atomic_write;
use crate::choices::{Tables, column_name};
use crate::deck::arguments::DeckArguments;
use crate::deck::dimensions::{Labels, NewDimension};
use crate::deck::prompts::{check_id, group_by_prompt, prompt_files, retain_usable};
use crate::deck::write::{Made, check, default_id};
use crate::failure::Failure;
use crate::input::Source;
use crate::interrupt::{is_interrupted, listen};
use crate::memory;
use crate::output::Output;
use crate::report::Estimate;
use curves::{CurveGain, Curved, curve, measure_curves, proposal};
use factors::Start;
use fitted::{Dimensions, FitRequest, Fitted, Penalty};
use held_out::{HeldOut, New, measure_held_out};
use inputs::Inputs;
use leaning::format::Number;
use leaning::format::deck::{AnswerModelFile, PriorFile};
use leaning::model::deck::MAX_DIMENSIONS;
use leaning::model::ranking::MAX_SHOWN;
use leaning::{AnswerModel, Deck, Dimension};
use many_people::{Everybody, some_people};
use model::Model;
use nalgebra::DMatrix;
use progress::FitProgress;
use report::FitReport;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use training_data::TrainingData;

/// Learn base rewards and a prior from the choices of many people
///
/// With features of the responses (columns of numbers, --features, or --style) a base reward is a
/// weighted sum of features, and the deck's `basis` keeps it: `leaning build --basis` scores new
/// responses with it. Without features, base rewards are a table with a number for each response
/// that was shown. The last of them is the consensus, what everybody thinks of a response, besides
/// the --dimensions that people differ in.
///
/// Base rewards and everybody's weights are fitted together by penalised maximum likelihood, from
/// the leading singular vectors of people's preferences. A table has many numbers, so its penalty
/// is raised for as long as that makes the answers of people held out of the fit more likely. The
/// population's mean and covariance follow by EM, with each person's weights integrated out. The
/// covariance is then scaled, and the mean (or the consensus) fitted again to answers one by one,
/// so that the deck also predicts people before their first answer. Varimax rotates the dimensions so that
/// each rests on few features; they are ordered by how much people differ in them. Ties decide the
/// band of indifference.
///
/// The deck goes to standard output, or to --out. Then the results are printed:
///   id, people, comparisons, responses   the deck, and the numbers behind the fit
///   features     the features that base rewards are made of
///   dimensions   for each its id and label, and the mean and sd of its weight over people
///   answers      how people answer: lapse as given, indifference as fitted
///   penalty      the penalty on base rewards, as a multiple of the usual one
///   tried        with --dimensions auto: numbers of dimensions, the log-likelihood per answer of
///                people held out of the fit, and the gain over one less, {mean, error} each
///   curves       for each dimension the gain in nats per answer, {mean, error}, if it were curved, and
///                whether that is proposed
///   heldOut      with --report: on known and on new responses, the number of people and the gain
///                in accuracy and log-likelihood over one weight for all, {mean, error} each
///   verdict      with --report: whether personalising pays, in words
///
/// Ctrl-C ends the fit with its state so far; a second Ctrl-C ends it without a deck.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning fit --responses responses.csv --comparisons comparisons.csv --dimensions auto \\
    --report report --out deck.json"
)]
pub struct Arguments {
    #[command(flatten)]
    pub tables: Tables,

    /// Columns of the responses that are features, separated by commas; by default all columns of
    /// numbers
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', value_parser = column_name)]
    scores: Vec<String>,

    /// Number of base rewards, 6 by default; auto for as many as cross-validation over people
    /// supports
    #[arg(long, value_name = "NUMBER")]
    dimensions: Option<Dimensions>,

    /// Penalty on base rewards, as a multiple of the usual one; auto for the best by
    /// cross-validation over people if base rewards are a table, and for 1 with features
    #[arg(
        long,
        value_name = "NUMBER",
        default_value = "auto",
        conflicts_with = "as_is"
    )]
    penalty: Penalty,

    /// Give a table no base reward of what everybody thinks of a response
    #[arg(long, conflicts_with = "as_is")]
    no_consensus: bool,

    /// Keep the features as the dimensions, and fit the prior alone
    #[arg(long, conflicts_with = "dimensions")]
    as_is: bool,

    /// Add style features measured in the texts (docs/style.md)
    #[arg(long)]
    style: bool,

    /// Dimensions whose middle, or whose ends, somebody may like: ids with commas between them, auto
    /// for those that gain, none, or propose to name those that would gain and curve none
    #[arg(long, value_name = "IDS", default_value = "propose")]
    curved: Curved,

    /// Number of components of the prior, for a population with several kinds of people
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 1,
        value_parser = clap::value_parser!(u8).range(1..=20)
    )]
    components: u8,

    /// Probability that an answer is given at random, from 0 to below 1
    #[arg(long, value_name = "PROBABILITY", default_value_t = 0.02, value_parser = lapse)]
    lapse: f64,

    /// Start of the search for base rewards
    #[arg(long, value_enum, default_value = "svd")]
    start: Start,

    /// Decides everything that is drawn: folds, and the start of the search
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    #[command(flatten)]
    pub deck: DeckArguments,

    /// Measure what personalising gains on people and responses held out, and write it as report.md
    /// with its pictures
    #[arg(long, value_name = "FOLDER")]
    report: Option<PathBuf>,
}

fn lapse(text: &str) -> Result<f64, String> {
    let lapse = text
        .parse::<f64>()
        .ok()
        .filter(|lapse| (0.0..1.0).contains(lapse));
    lapse.ok_or_else(|| "expected a number from 0 to below 1".to_owned())
}

impl Arguments {
    /// The file that the deck is written to.
    pub fn out(&self) -> Option<&Path> {
        self.deck.out.as_deref()
    }

    /// Every file that is read.
    pub fn sources(&self) -> Vec<&Source> {
        self.tables
            .sources()
            .into_iter()
            .chain(self.deck.labels.as_ref())
            .collect()
    }

    fn responses(&self) -> &Source {
        &self.tables.responses.responses
    }
}

/// The number of base rewards that a fit looks for unless somebody says otherwise.
const USUAL_DIMENSIONS: Dimensions = Dimensions::Count(6);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    pub id: String,
    pub people: usize,
    pub comparisons: usize,
    pub responses: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    pub dimensions: Vec<DimensionSummary>,
    pub answers: AnswerModelFile,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalty: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<TrialSummary>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<CurveGain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_out: Option<HeldOutSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct DimensionSummary {
    pub id: String,
    pub label: String,
    pub mean: f64,
    pub sd: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrialSummary {
    pub dimensions: usize,
    pub log_likelihood: Estimate,
    pub gain: Estimate,
}

#[derive(Debug, Serialize)]
pub struct HeldOutSummary {
    pub known: Option<Gains>,
    pub new: Option<Gains>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gains {
    pub people: usize,
    pub answers: usize,
    pub after: Option<usize>,
    pub dimensions: Vec<usize>,
    pub accuracy: Estimate,
    pub log_likelihood: Estimate,
}

impl From<&HeldOut> for Gains {
    fn from(held_out: &HeldOut) -> Self {
        Gains {
            people: held_out.people,
            answers: held_out.answers,
            after: held_out.after.last().copied(),
            dimensions: held_out.dimensions.clone(),
            accuracy: held_out.accuracy,
            log_likelihood: held_out.log_likelihood,
        }
    }
}

/// People whom the tables have some of.
pub struct Elsewhere<'a> {
    pub everybody: &'a dyn Everybody,
    pub totals: Totals,
}

/// The numbers of a fit.
#[derive(Debug, Clone, Copy)]
pub struct Totals {
    /// The number of people.
    pub people: usize,
    /// The number of their comparisons.
    pub comparisons: usize,
    /// The most responses that anybody was shown at once, at least 2.
    pub most_shown: usize,
}

impl Totals {
    fn of(data: &TrainingData) -> Self {
        let people = &data.choices.people;
        Totals {
            people: people.len(),
            comparisons: people.comparisons(),
            most_shown: people.most_shown(),
        }
    }
}

pub fn run(arguments: &Arguments, output: Output) -> Result<Made<Summary>, Failure> {
    run_with(arguments, output, None)
}

/// As [`run`]. With people `elsewhere`, the tables have some of them; those are then all that the
/// report and the proposed curves are about, and responses need features.
pub fn run_with(
    arguments: &Arguments,
    output: Output,
    elsewhere: Option<&Elsewhere>,
) -> Result<Made<Summary>, Failure> {
    if output.is_text() && arguments.deck.out.is_none() {
        let message =
            "expected a file for the deck: a fit takes long, and a terminal keeps nothing";
        return Err(Failure::of_option("--out", message));
    }
    // A fit takes long, so flaws are better found before.
    arguments
        .deck
        .out
        .as_deref()
        .map_or(Ok(()), atomic_write::check)?;
    arguments
        .report
        .as_deref()
        .map_or(Ok(()), atomic_write::check_folder)?;
    let labels = arguments.deck.read_labels()?;
    let language = arguments.deck.language.as_deref();
    let data = TrainingData::open(
        &arguments.tables,
        &arguments.scores,
        arguments.style,
        language,
        elsewhere.is_some(),
    )?;
    if elsewhere.is_some() && data.features.is_none() {
        let message =
            "expected a column of numbers: a fit to people on several machines needs features";
        return Err(Failure::new(arguments.responses(), message));
    }
    let totals = elsewhere.map_or_else(|| Totals::of(&data), |elsewhere| elsewhere.totals);
    if arguments.as_is {
        check_as_is(&data).map_err(|message| Failure::new(arguments.responses(), message))?;
    }
    let failure = |error: argmin::core::Error| Failure::new(&arguments.tables.comparisons, error);
    let request = FitRequest {
        dimensions: arguments.dimensions.unwrap_or(USUAL_DIMENSIONS),
        as_is: arguments.as_is,
        penalty: arguments.penalty,
        consensus: !arguments.no_consensus,
        components: arguments.components.into(),
        lapse: arguments.lapse,
        start: arguments.start,
        seed: arguments.seed,
    };
    let needed = request.memory(&data);
    let task = format!(
        "a fit to {} comparisons by {} people",
        data.choices.people.comparisons(),
        data.choices.people.len()
    );
    memory::check(needed, &task)
        .map_err(|message| Failure::new(&arguments.tables.comparisons, message))?;
    let sample = data.sample_of_everybody();
    let dry_run = request.dry_run(&data, &sample).map_err(failure)?;
    labels.check(&dimensions(arguments, &data, &dry_run), &[])?;
    let straight = assemble(arguments, &data, &dry_run, &labels, totals)?.deck;
    let places = arguments.curved.places(&straight, &[]);
    places.map_err(|message| Failure::new(arguments.responses(), message))?;

    listen();
    let progress = FitProgress::new("");
    let fitted = match elsewhere {
        None => request.fit(&data, &sample, &progress),
        Some(elsewhere) => {
            let everybody = Some(elsewhere.everybody);
            request.fit_everybody(&data, &sample, everybody, &progress)
        }
    };
    let fitted = fitted.map_err(failure)?;
    let mut notes = data.notes.clone();
    notes.extend(fewer_dimensions(arguments.dimensions, &fitted));
    // The fit may have found fewer dimensions than the labels have, which is no reason to lose it.
    let unknown_label = labels
        .check(&dimensions(arguments, &data, &fitted), &[])
        .err();
    notes.extend(unknown_label.map(|failure| failure.to_string()));
    let mut assembled = assemble(arguments, &data, &fitted, &labels, totals)?;
    notes.extend(assembled.notes);
    let mut gains = Vec::new();
    if matches!(arguments.curved, Curved::Propose | Curved::Auto) && !is_interrupted() {
        gains = measure_curves(&assembled.deck, &some_people(&sample), &assembled.scores)
            .map_err(|error| Failure::new(&arguments.tables.comparisons, error))?;
    }
    if arguments.curved == Curved::Propose {
        notes.extend(proposal(&gains));
    }
    match arguments.curved.places(&assembled.deck, &gains) {
        Ok(places) => assembled.deck = curve(&mut assembled.fields, &assembled.deck, &places)?,
        // As for labels: the fit may have found fewer dimensions.
        Err(message) => notes.push(message),
    }
    let mut summary = summarise(&data, &fitted, &assembled.deck, totals);
    summary.curves.clone_from(&gains);
    if is_interrupted() {
        notes
            .push("interrupted before the loss had converged: this is the state so far".to_owned());
    } else if let Some(folder) = &arguments.report {
        let known = measure_held_out(&data, &request, New::People).map_err(failure)?;
        let new = if data.features.is_some() {
            measure_held_out(&data, &request, New::PeopleAndResponses).map_err(failure)?
        } else {
            None
        };
        if is_interrupted() {
            let folder = folder.display();
            notes.push(format!(
                "interrupted while measuring: nothing is written to {folder}"
            ));
        } else {
            let report = FitReport {
                data: &data,
                fitted: &fitted,
                deck: &assembled.deck,
                curves: &gains,
                known: known.as_ref(),
                new: new.as_ref(),
            };
            report.write(folder)?;
            summary.verdict = Some(report.verdict());
            let (known, new) = (
                known.as_ref().map(Gains::from),
                new.as_ref().map(Gains::from),
            );
            summary.held_out = Some(HeldOutSummary { known, new });
        }
    }
    Ok(Made {
        deck: assembled.fields,
        out: arguments.deck.out.clone(),
        report: summary,
        notes,
    })
}

fn summarise(data: &TrainingData, fitted: &Fitted, deck: &Deck, totals: Totals) -> Summary {
    let prior = &fitted.model.prior;
    let sd = prior.standard_deviations();
    let dimension = |(j, dimension): (usize, &Dimension)| DimensionSummary {
        id: dimension.id.clone(),
        label: dimension.label.clone(),
        mean: prior.mean()[j],
        sd: sd[j],
    };
    let trials = fitted.trials.iter().map(|trial| TrialSummary {
        dimensions: trial.dimensions,
        log_likelihood: trial.log_likelihood,
        gain: trial.gain,
    });
    Summary {
        id: deck.id().to_owned(),
        people: totals.people,
        comparisons: totals.comparisons,
        responses: data.choices.responses.len(),
        features: data
            .features
            .iter()
            .flat_map(|of| of.names.clone())
            .collect(),
        dimensions: deck
            .dimensions()
            .iter()
            .enumerate()
            .map(dimension)
            .collect(),
        answers: answer_model_file(fitted.model.answers),
        penalty: fitted.penalty,
        tried: trials.collect(),
        curves: Vec::new(),
        held_out: None,
        verdict: None,
    }
}

fn answer_model_file(model: AnswerModel) -> AnswerModelFile {
    AnswerModelFile {
        lapse: Some(Number(model.lapse())),
        indifference: Some(Number(model.indifference())),
        ..AnswerModelFile::default()
    }
}

/// A note if the fit has fewer dimensions than were asked for.
fn fewer_dimensions(asked: Option<Dimensions>, fitted: &Fitted) -> Option<String> {
    let Some(Dimensions::Count(count)) = asked else {
        return None;
    };
    let model = &fitted.model;
    let found = model.dimensions() - usize::from(model.consensus);
    let what = match fitted.inputs {
        Inputs::Table(_) => "responses",
        Inputs::Linear { .. } => "features",
    };
    (found < count).then(|| {
        format!("{count} dimensions were asked for: the {what} of these answers allow {found}")
    })
}

/// Checks that the features can be dimensions of a deck.
fn check_as_is(data: &TrainingData) -> Result<(), String> {
    let Some(features) = &data.features else {
        return Err("expected a column of numbers to take as it is, found none".to_owned());
    };
    let count = features.names.len();
    if count > MAX_DIMENSIONS {
        return Err(format!(
            "expected at most {MAX_DIMENSIONS} columns of numbers to take as they are, found \
             {count}"
        ));
    }
    let check =
        |name: &String| check_id(name).map_err(|message| format!("column {name}: {message}"));
    features.names.iter().try_for_each(check)
}

/// The dimensions of a fit, with proposed names.
fn dimensions(arguments: &Arguments, data: &TrainingData, fitted: &Fitted) -> Vec<NewDimension> {
    match (&data.features, fitted.head()) {
        (Some(features), _) if arguments.as_is => dimension_names::of_features(features),
        (Some(features), Some(head)) => dimension_names::of_head(features, &head),
        _ => {
            let Model {
                scores, consensus, ..
            } = &fitted.model;
            dimension_names::of_table(&data.choices.responses, scores, *consensus)
        }
    }
}

/// A deck, with the fields of its file.
struct Assembled {
    fields: Map<String, Value>,
    deck: Deck,
    /// The scores of each response, n × d.
    scores: DMatrix<f64>,
    notes: Vec<String>,
}

fn assemble(
    arguments: &Arguments,
    data: &TrainingData,
    fitted: &Fitted,
    labels: &Labels,
    totals: Totals,
) -> Result<Assembled, Failure> {
    let (file, choices) = (arguments.responses(), &data.choices);
    let dimensions = dimensions(arguments, data, fitted);
    let basis = match (&data.features, fitted.head()) {
        (Some(features), Some(head)) => {
            let basis = features
                .basis(&head)
                .map_err(|message| Failure::new(file, message))?;
            Some((features, basis))
        }
        _ => None,
    };
    let scores = match &basis {
        Some((features, basis)) => basis.scores(&features.raw),
        // −0 becomes 0, as it does when a deck is read.
        None => fitted.model.scores.map(|score| score + 0.0),
    };
    let was_shown = data.was_shown();
    let has_scores = |place: usize| basis.is_some() || was_shown[place];
    let without_scores = (0..was_shown.len())
        .filter(|&place| !has_scores(place))
        .count();
    let mut notes = Vec::new();
    if without_scores > 0 {
        notes.push(format!(
            "{without_scores} responses are left out: they were never shown, so they have no scores"
        ));
    }
    let mut prompts = group_by_prompt(&choices.responses, has_scores, file)?;
    notes.extend(retain_usable(&mut prompts, &scores, file)?);

    let mut fields = Map::new();
    let default_id = || {
        let ids = dimensions.iter().map(|dimension| dimension.id.as_str());
        match &basis {
            Some((_, basis)) => default_id(file, ids, basis),
            None => default_id(file, ids, &scores_by_row(&scores)),
        }
    };
    arguments
        .deck
        .set_fields(&mut fields, default_id, arguments.style.then_some("en"));
    fields.insert("dimensions".to_owned(), labels.apply(&dimensions).into());
    fields.insert(
        "prior".to_owned(),
        json!(PriorFile::from(&fitted.model.prior)),
    );
    fields.insert(
        "answers".to_owned(),
        json!(answer_model_file(fitted.model.answers)),
    );
    if let Some((_, basis)) = &basis {
        fields.insert("basis".to_owned(), json!(basis));
    }
    if totals.most_shown > 2 {
        fields.insert(
            "candidatesPerQuestion".to_owned(),
            json!(totals.most_shown.min(MAX_SHOWN)),
        );
    }
    let prompts = prompt_files(&prompts, &choices.responses, &choices.prompts, &scores);
    fields.insert("prompts".to_owned(), json!(prompts));
    let deck = check(&fields)?;
    Ok(Assembled {
        fields,
        deck,
        scores,
        notes,
    })
}

fn scores_by_row(scores: &DMatrix<f64>) -> Vec<Vec<f64>> {
    scores
        .row_iter()
        .map(|row| row.iter().copied().collect())
        .collect()
}
