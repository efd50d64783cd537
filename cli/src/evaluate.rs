//! `leaning evaluate`: how well a deck serves people it has never seen.

use crate::choices::{Choices, Response, Tables};
use crate::deck::basis::Basis;
use crate::deck::features::response_features;
use crate::deck::read::{DeckWithFields, read_deck_with_fields};
use crate::failure::Failure;
use crate::input::Source;
use crate::pool_replay::{
    AnsweredQuestion, Learning, Method, MethodCurve, PersonMeans, Plan, measure, split,
};
use crate::progress::progress;
use crate::report::Estimate;
use crate::strategy;
use clap::builder::RangedI64ValueParser;
use leaning::question::acquisition::{DEFAULT, random::RandomPair};
use leaning::{AnswerModel, Deck, Error, Strategy};
use leaning_simulate::PREF;
use nalgebra::DMatrix;
use serde::Serialize;
use std::collections::HashMap;

/// Measure how well a deck serves people it has never seen
///
/// Some of each person's answers are held out, chosen at random for each seed. Questions come from
/// the others, and the recorded answer is the answer. People with too few answers are left out,
/// with a note.
///
/// The scores of a response are the first of these that apply: the deck's `basis` applied to
/// columns of the responses; columns named as the deck's dimensions; the deck's own scores, if ids
/// are full names of its candidates (prompt/candidate), or prompts and ids are those of its prompts
/// and candidates.
///
/// Prints:
///   deck         its id and version
///   people       how many were measured; comparisons counts their answers
///   leftOut      how many have too few answers that tell something under the deck's answer model
///   short        how many have fewer answers than the last number of `after`
///   test, seeds  as given
///   after        numbers of answers
///   curves       for each method its name, accuracy, worse, better and logLikelihood: for each
///                number of `after` {mean, error}, with the standard error over people of their
///                means over seeds
///
/// Accuracy is the share of the held-out choices whose chosen candidate beats all others that were
/// shown, by the mean weights; if k are equally good it counts 1/k, and ties do not count. The
/// shares worse and better are those of the held-out choices that the mean weights of the deck's
/// prior predict and the person's do not, and the reverse. The
/// log-likelihood is the mean of log P(answer) over the held-out answers, with P averaged over the
/// posterior; ties count if the deck's answer model offers them. one-weight-for-all has the mean
/// weights of the deck's prior for everybody; pref is the published method with its own weights.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning evaluate --deck deck.json --responses responses.csv.gz --comparisons comparisons.parquet |
    jq '.curves[] | {name, accuracy}'"
)]
pub struct Arguments {
    /// The deck, a leaning-deck/1 file
    #[arg(long, value_name = "FILE")]
    pub deck: Source,

    #[command(flatten)]
    pub tables: Tables,

    /// Numbers of answers after which to measure
    #[arg(
        long,
        value_name = "NUMBERS",
        value_delimiter = ',',
        default_value = "0,3,5,8"
    )]
    answers: Vec<u16>,

    /// Number of held-out answers per person
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = at_least_one())]
    test: u16,

    /// How often the held-out answers are chosen
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = at_least_one())]
    seeds: u16,

    /// How questions are chosen; repeat it to compare. By default random, information-gain and pref
    #[arg(long, value_parser = strategy::parser())]
    strategy: Vec<Strategy>,
}

fn at_least_one() -> RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(1..)
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub deck: DeckName,
    pub people: usize,
    pub comparisons: usize,
    pub left_out: usize,
    pub short: usize,
    pub test: usize,
    pub seeds: u64,
    pub after: Vec<usize>,
    pub curves: Vec<CurveReport>,
}

#[derive(Debug, Serialize)]
pub struct DeckName {
    pub id: String,
    pub version: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CurveReport {
    pub name: String,
    pub accuracy: Vec<Estimate>,
    pub worse: Vec<Estimate>,
    pub better: Vec<Estimate>,
    pub log_likelihood: Vec<Estimate>,
}

impl From<MethodCurve> for CurveReport {
    fn from(
        MethodCurve {
            name,
            accuracy,
            worse,
            better,
            log_likelihood,
        }: MethodCurve,
    ) -> Self {
        CurveReport {
            name,
            accuracy,
            worse,
            better,
            log_likelihood,
        }
    }
}

const EVERYBODY: &str = "one-weight-for-all";

/// Measures, and hands notes about the tables to `note` before it does.
pub fn run(arguments: &Arguments, mut note: impl FnMut(&[String])) -> Result<Report, Failure> {
    let DeckWithFields { deck, basis, .. } = read_deck_with_fields(&arguments.deck)?;
    let choices = Choices::open(&arguments.tables)?;
    note(&choices.notes);
    let scores = ResponseScores::new(arguments, &deck, basis.as_ref(), &choices)?;
    let test = usize::from(arguments.test);
    let recorded = Recorded {
        choices: &choices,
        scores: &scores,
        model: deck.answer_model(),
    };
    let all = choices.people.len();
    let people: Vec<PersonCount> = (0..all)
        .map(|person| PersonCount {
            person,
            answers: recorded.answers(person).count(),
        })
        .filter(|of| of.answers > test)
        .collect();
    let left_out = all - people.len();
    let file = &arguments.tables.comparisons;
    if people.is_empty() {
        let message = format!(
            "expected a person with more than {test} answers that tell something, found none of \
             {all}"
        );
        return Err(Failure::new(file, message));
    }
    if left_out > 0 {
        let message = format!(
            "left out {left_out} of {all} people, who have at most {test} answers that tell \
             something"
        );
        note(&[Failure::new(file, message).to_string()]);
    }
    let mut after: Vec<usize> = arguments
        .answers
        .iter()
        .map(|&answers| answers.into())
        .collect();
    after.sort_unstable();
    after.dedup();
    let most = after.last().copied().unwrap_or(0);
    let curves = arguments
        .measure(&deck, &recorded, &people, &after)
        .map_err(|error| Failure::found_in(&arguments.tables.responses.responses, error))?;
    Ok(Report {
        deck: DeckName {
            id: deck.id().to_owned(),
            version: deck.version().to_owned(),
        },
        people: people.len(),
        comparisons: people.iter().map(|of| of.answers).sum(),
        left_out,
        short: people.iter().filter(|of| of.answers < test + most).count(),
        test,
        seeds: arguments.seeds.into(),
        after,
        curves: curves.into_iter().map(CurveReport::from).collect(),
    })
}

/// A person by place, and the number of answers that tell something.
struct PersonCount {
    person: usize,
    answers: usize,
}

impl Arguments {
    /// Every file that is read.
    pub fn sources(&self) -> Vec<&Source> {
        [&self.deck]
            .into_iter()
            .chain(self.tables.sources())
            .collect()
    }

    fn measure(
        &self,
        deck: &Deck,
        recorded: &Recorded,
        people: &[PersonCount],
        after: &[usize],
    ) -> Result<Vec<MethodCurve>, Error> {
        let methods = self.methods(deck);
        let bar = progress(people.len() * usize::from(self.seeds), "people replayed");
        let mut means = PersonMeans::new(people.len(), methods.len(), after.len());
        for seed in 0..u64::from(self.seeds) {
            let case = |place: usize| {
                let person = people[place].person;
                let answers: Vec<AnsweredQuestion> = recorded.answers(person).collect();
                split(&answers, self.test.into(), &[seed, person as u64])
            };
            let plan = Plan {
                after,
                likelihood: true,
            };
            let measured = measure(people.len(), case, &methods, plan, &bar)?;
            measured
                .iter()
                .enumerate()
                .for_each(|(place, measured)| means.add(place, measured));
        }
        bar.finish_and_clear();
        Ok(means.curves(methods.iter().map(|method| method.name.as_str())))
    }

    fn methods(&self, deck: &Deck) -> Vec<Method> {
        let model = deck.answer_model();
        let usual: [Strategy; 3] = [&RandomPair, DEFAULT, &PREF];
        let strategies = if self.strategy.is_empty() {
            &usual[..]
        } else {
            &self.strategy
        };
        let interview = |&strategy: &Strategy| {
            let learning = Learning::Interview {
                strategy,
                prior: deck.prior().clone(),
            };
            Method {
                name: strategy.name().to_owned(),
                model,
                learning,
            }
        };
        let everybody = Method {
            name: EVERYBODY.to_owned(),
            model,
            learning: Learning::Fixed(deck.prior().mean().clone()),
        };
        [everybody]
            .into_iter()
            .chain(strategies.iter().map(interview))
            .collect()
    }
}

/// People's recorded answers, and the scores of everything they were shown.
struct Recorded<'a> {
    choices: &'a Choices,
    scores: &'a ResponseScores,
    model: AnswerModel,
}

impl Recorded<'_> {
    /// The answers of a person that tell something under the answer model. They are made again each
    /// time, since the scores of a million answers would fill the memory.
    fn answers(&self, person: usize) -> impl Iterator<Item = AnsweredQuestion> {
        let comparisons = self.choices.people.of(person);
        let answers = comparisons.filter_map(|comparison| {
            let scores = comparison
                .shown
                .iter()
                .map(|&place| self.scores.0[place as usize].clone());
            Some(AnsweredQuestion {
                scores: scores.collect::<Option<_>>()?,
                answer: comparison.answer,
            })
        });
        answers.filter(|answer| answer.evidence(&self.model).is_some())
    }
}

/// The scores of each response under a deck; `None` for a response that has none.
struct ResponseScores(Vec<Option<Vec<f64>>>);

impl ResponseScores {
    fn new(
        arguments: &Arguments,
        deck: &Deck,
        basis: Option<&Basis>,
        choices: &Choices,
    ) -> Result<Self, Failure> {
        let failure =
            |message: String| Failure::new(&arguments.tables.responses.responses, message);
        let Choices {
            features: columns,
            responses,
            people,
            ..
        } = choices;
        let features =
            |names: &[String]| response_features(names, columns, responses, deck.language());
        let mut missed = Vec::new();
        if let Some(basis) = basis {
            match features(basis.features()) {
                Ok(features) => return Ok(ResponseScores::of_rows(&basis.scores(&features))),
                Err(message) => missed.push(message),
            }
        }
        let dimensions: Vec<String> = deck
            .dimensions()
            .iter()
            .map(|dimension| dimension.id.clone())
            .collect();
        match dimensions.iter().find(|id| !columns.contains(id)) {
            None => {
                return features(&dimensions)
                    .map(|scores| ResponseScores::of_rows(&scores))
                    .map_err(failure);
            }
            Some(id) => missed.push(format!("there is no column {id} as the deck's dimension")),
        }
        let by_name = ResponseScores::by_name(deck, responses);
        if by_name.0.iter().any(Option::is_some) {
            let mut shown = people.all().flat_map(|of| of.shown);
            return match shown.find(|&&place| by_name.0[place as usize].is_none()) {
                None => Ok(by_name),
                Some(&place) => {
                    let id = &responses[place as usize].id;
                    let message = format!(
                        "id: expected only candidates of the deck to be shown, found {id:?}"
                    );
                    Err(failure(message))
                }
            };
        }
        missed.push("no id is the name of a candidate of the deck".to_owned());
        let missed = missed.join("; ");
        Err(failure(format!(
            "expected responses that the deck has scores for: {missed}"
        )))
    }

    /// Scores of n × d: a row per response.
    fn of_rows(scores: &DMatrix<f64>) -> Self {
        let rows = scores
            .row_iter()
            .map(|row| Some(row.iter().copied().collect()));
        ResponseScores(rows.collect())
    }

    /// The deck's own scores of its candidates.
    fn by_name(deck: &Deck, responses: &[Response]) -> Self {
        let candidates = deck.prompts().iter().flat_map(|prompt| {
            let name = |id| (prompt.id.as_str(), id);
            prompt
                .candidates
                .iter()
                .map(move |candidate| (name(candidate.id.as_str()), &candidate.scores))
        });
        let known: HashMap<(&str, &str), &Vec<f64>> = candidates.collect();
        let scores = |response: &Response| {
            let full_name = response
                .id
                .split_once('/')
                .and_then(|name| known.get(&name));
            full_name
                .or_else(|| known.get(&(&*response.prompt, &*response.id)))
                .copied()
                .cloned()
        };
        ResponseScores(responses.iter().map(scores).collect())
    }
}
