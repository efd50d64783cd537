//! `leaning fit`: base rewards and a population prior from many people's choices.

mod factors;
mod fitted;
mod gather;
mod held_out;
mod inputs;
mod minimise;
mod model;
mod names;
mod pooled;
mod report;
mod rotate;
mod sample;
mod select;
#[cfg(test)]
mod study;
mod watch;

use crate::assembly::{Prompt, check_id, checked, default_id, deliver, object, scores, text, value};
use crate::build::dimensions::{Dimension, Labels};
use crate::choices::Tables;
use crate::failure::Failure;
use crate::input::Source;
use crate::replay::prior_value;
use crate::whole;
use factors::Start;
use fitted::{Dimensions, Fitted, Wanted};
use gather::Gathered;
use held_out::{HeldOut, New, measure_held_out};
use leaning::Deck;
use leaning::deck::MAX_DIMENSIONS;
use leaning::json::Value;
use leaning::question::MOST_SHOWN;
use model::total_covariance;
use report::Found;
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;
use watch::{Watch, is_interrupted, listen};

/// Learn base rewards, and how people differ in what they weigh, from what many people chose
///
/// With features of the responses (columns of numbers, --features, or --style) a base reward is a weighted sum of
/// features, and the deck keeps the weights in `basis`: `leaning build --basis` scores new responses by it. Without
/// features, base rewards are a table of a number for each response that was shown.
///
/// Base rewards and everybody's weights are fitted together by penalised maximum likelihood of the answer model, from
/// the leading singular vectors of who preferred what; then the population's mean and covariance by EM, each person's
/// weights integrated out. Dimensions are turned by varimax to rest on few features each, and ordered by how much people
/// differ in them. Ties decide the band of indifference.
///
/// The deck goes to standard output, or to --out; then what was found is printed:
///   id, people, comparisons, responses   what was fitted to
///   dimensions   for each its id and label, and the mean and sd of its weight over people
///   answers      how people answer: lapse as given, indifference as fitted
///   tried        with --dimensions auto: numbers of dimensions, the log-likelihood an answer of people who were
///                not fitted to, and the gain over one less, each {mean, error}
///   heldOut      with --report: on known and on new responses, the number of people and the gain in accuracy and
///                log-likelihood over one weight for all, {mean, error}
///   verdict      with --report: whether personalising pays, in words
///
/// Ctrl-C ends the fit with what it has by then; a second one ends it with nothing.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning fit --responses responses.csv --comparisons comparisons.csv --dimensions auto --report report --out deck.json"
)]
pub struct Arguments {
    #[command(flatten)]
    tables: Tables,

    /// How many base rewards: a number, or auto for as many as people who were not fitted to bear out
    #[arg(long, value_name = "NUMBER", default_value = "6")]
    dimensions: Dimensions,

    /// Keep the features as the dimensions, and fit the prior alone
    #[arg(long, conflicts_with = "dimensions")]
    as_is: bool,

    /// Add to the features style measured in the texts (docs/style.md)
    #[arg(long)]
    style: bool,

    /// Groups that the population may fall into: a mixture of so many Gaussians
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    segments: u8,

    /// How often people slip, from 0 to below 1
    #[arg(long, value_name = "RATE", default_value_t = 0.02, value_parser = lapse)]
    lapse: f64,

    /// Where the search for base rewards starts
    #[arg(long, value_enum, default_value = "svd")]
    start: Start,

    /// Decides all that is drawn: folds, and where the search starts
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// The deck's id; unless given, the file's name and a number that changes with the dimensions and their scale
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

    /// Measure what personalising gains on people and responses held out, and write it as report.md with its pictures
    #[arg(long, value_name = "FOLDER")]
    report: Option<PathBuf>,
}

fn lapse(text: &str) -> Result<f64, String> {
    let lapse = text.parse::<f64>().ok().filter(|lapse| (0.0..1.0).contains(lapse));
    lapse.ok_or_else(|| "expected a number from 0 to below 1".to_owned())
}

impl Arguments {
    /// Every file that is to be read.
    pub fn sources(&self) -> Vec<&Source> {
        self.tables.sources().into_iter().chain(self.labels.as_ref()).collect()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    id: String,
    people: usize,
    comparisons: usize,
    responses: usize,
    dimensions: Vec<Weighed>,
    answers: serde_json::Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tried: Vec<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held_out: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<String>,
}

#[derive(Debug, Serialize)]
struct Weighed {
    id: String,
    label: String,
    mean: f64,
    sd: f64,
}

pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    // A fit takes long. What can be known to be wrong is better known before.
    arguments.out.as_deref().map_or(Ok(()), whole::check)?;
    arguments.report.as_deref().map_or(Ok(()), whole::check_folder)?;
    let labels = Labels::read(arguments.labels.as_ref())?;
    let gathered = Gathered::open(&arguments.tables, arguments.style, arguments.language.as_deref())?;
    if arguments.as_is {
        check_as_is(&gathered).map_err(|what| Failure::new(&arguments.tables.responses.responses, what))?;
    }
    let failed = |error: argmin::core::Error| Failure::new(&arguments.tables.comparisons, error);
    let wanted = Wanted {
        dimensions: arguments.dimensions,
        as_is: arguments.as_is,
        segments: arguments.segments.into(),
        lapse: arguments.lapse,
        start: arguments.start,
        seed: arguments.seed,
    };
    let everybody: Vec<usize> = (0..gathered.choices.people.len()).collect();
    let sample = gathered.sample(&everybody, |_| true);
    let sketch = wanted.sketch(&gathered, &sample).map_err(failed)?;
    labels.check(&dimensions(arguments, &gathered, &sketch))?;
    assemble(arguments, &gathered, &sketch, &labels, &mut Vec::new())?;
    listen();
    let fitted = wanted.fit(&gathered, &sample, &Watch::new("")).map_err(failed)?;
    let mut words = gathered.words.clone();
    // Fewer dimensions may have been found than were looked for. That is no reason to lose them.
    words.extend(labels.check(&dimensions(arguments, &gathered, &fitted)).err().map(|failure| failure.to_string()));
    let (value, deck) = assemble(arguments, &gathered, &fitted, &labels, &mut words)?;
    let mut summary = summary(&gathered, &fitted, &deck);
    if is_interrupted() {
        words.push("stopped before the loss had settled: this is what there was by then".to_owned());
    } else if let Some(folder) = &arguments.report {
        let known = measure_held_out(&gathered, &wanted, New::People).map_err(failed)?;
        let has_head = gathered.features.is_some();
        let new = if has_head { measure_held_out(&gathered, &wanted, New::PeopleAndResponses) } else { Ok(None) };
        let new = new.map_err(failed)?;
        if is_interrupted() {
            words.push(format!("stopped while measuring: nothing is written to {}", folder.display()));
        } else {
            let (known, new) = (known.as_ref(), new.as_ref());
            let found = Found { gathered: &gathered, fitted: &fitted, deck: &deck, known, new };
            found.write(folder)?;
            summary.verdict = Some(found.verdict());
            summary.held_out = Some(json!({ "known": known.map(gains), "new": new.map(gains) }));
        }
    }
    deliver(value, arguments.out.as_deref(), &summary, &words)
}

fn gains(held_out: &HeldOut) -> serde_json::Value {
    json!({
        "people": held_out.people,
        "answers": held_out.answers,
        "after": held_out.after.last(),
        "dimensions": held_out.dimensions,
        "accuracy": held_out.accuracy,
        "logLikelihood": held_out.log_likelihood,
    })
}

fn summary(gathered: &Gathered, fitted: &Fitted, deck: &Deck) -> Summary {
    let covariance = total_covariance(&fitted.model.prior);
    let weighed = |(j, dimension): (usize, &leaning::deck::Dimension)| Weighed {
        id: dimension.id.clone(),
        label: dimension.label.clone(),
        mean: fitted.model.prior.mean()[j],
        sd: covariance[(j, j)].sqrt(),
    };
    let tried = fitted.tried.iter().map(|scored| {
        json!({ "dimensions": scored.dimensions, "logLikelihood": scored.log_likelihood, "gain": scored.gain })
    });
    Summary {
        id: deck.id().to_owned(),
        people: gathered.choices.people.len(),
        comparisons: gathered.choices.people.iter().map(|person| person.comparisons.len()).sum(),
        responses: gathered.choices.responses.len(),
        dimensions: deck.dimensions().iter().enumerate().map(weighed).collect(),
        answers: answers(fitted),
        tried: tried.collect(),
        held_out: None,
        verdict: None,
    }
}

fn answers(fitted: &Fitted) -> serde_json::Value {
    let answers = fitted.model.answers;
    json!({ "lapse": answers.lapse(), "indifference": answers.indifference() })
}

/// Whether the features can be dimensions of a deck.
fn check_as_is(gathered: &Gathered) -> Result<(), String> {
    let Some(features) = &gathered.features else {
        return Err("expected a column of numbers to take as it is, found none".to_owned());
    };
    if features.names.len() > MAX_DIMENSIONS {
        let count = features.names.len();
        return Err(format!("expected at most {MAX_DIMENSIONS} columns of numbers to take as they are, found {count}"));
    }
    features.names.iter().try_for_each(|name| check_id(name).map_err(|what| format!("column {name}: {what}")))
}

/// The dimensions of a fit, with what they could be called.
fn dimensions(arguments: &Arguments, gathered: &Gathered, fitted: &Fitted) -> Vec<Dimension> {
    match (&gathered.features, fitted.head()) {
        (Some(features), _) if arguments.as_is => names::of_features(features),
        (Some(features), Some(head)) => names::of_head(features, &head),
        _ => names::of_table(&gathered.choices.responses, &fitted.model.scores),
    }
}

/// The deck as JSON, and as the library reads it.
fn assemble(
    arguments: &Arguments,
    gathered: &Gathered,
    fitted: &Fitted,
    labels: &Labels,
    words: &mut Vec<String>,
) -> Result<(Value, Deck), Failure> {
    let file = &arguments.tables.responses.responses;
    let choices = &gathered.choices;
    let dimensions = dimensions(arguments, gathered, fitted);
    let basis = match (&gathered.features, fitted.head()) {
        (Some(features), Some(head)) => Some(features.basis(&head).map_err(|what| Failure::new(file, what))?),
        _ => None,
    };
    let scores: Vec<Vec<f64>> = match (&gathered.features, &basis) {
        (Some(features), Some(basis)) => scores(basis, &features.rows),
        _ => fitted.model.scores.row_iter().map(|row| row.iter().map(|score| score + 0.0).collect()).collect(),
    };
    let shown = gathered.shown();
    let without_scores = shown.iter().filter(|shown| !**shown).count();
    if basis.is_none() && without_scores > 0 {
        words.push(format!("{without_scores} responses were never shown, so they have no scores and are left out"));
    }
    let mut prompts = Prompt::group(&choices.responses, |place| basis.is_some() || shown[place], file)?;
    words.extend(Prompt::retain_usable(&mut prompts, &scores, file)?);

    let ids = dimensions.iter().map(|dimension: &Dimension| dimension.id.as_str());
    let id = arguments.id.clone().unwrap_or_else(|| match &basis {
        Some(basis) => default_id(file, ids, basis),
        None => default_id(file, ids, &scores),
    });
    let language = arguments.language.clone().or_else(|| arguments.style.then(|| "en".to_owned()));
    let mut fields = vec![("format", text(leaning::deck::FORMAT)), ("id", text(&id)), ("version", text("1"))];
    fields.extend(language.as_deref().map(|language| ("language", text(language))));
    fields.extend(arguments.title.as_deref().map(|title| ("title", text(title))));
    fields.push(("dimensions", Value::Array(dimensions.iter().map(|of| labels.object(of)).collect())));
    fields.extend(value(&prior_value(&fitted.model.prior)).map(|prior| ("prior", prior)));
    fields.extend(value(&answers(fitted)).map(|answers| ("answers", answers)));
    fields.extend(basis.as_ref().and_then(value).map(|basis| ("basis", basis)));
    let most = choices.people.iter().flat_map(|person| &person.comparisons).map(|one| one.shown.len()).max();
    if let Some(most @ 3..) = most {
        fields.push(("choose", Value::Number(most.min(MOST_SHOWN) as f64)));
    }
    fields.push(("prompts", Prompt::list(&prompts, &choices.responses, &choices.prompts, &scores)));
    let value = object(fields);
    let deck = checked(&value)?;
    Ok((value, deck))
}
