//! `leaning evaluate`: how well a deck serves people it has never seen.

use crate::ask::strategy;
use crate::basis::Basis;
use crate::choices::{self, Choices, Response, Tables};
use crate::failure::Failure;
use crate::input::Source;
use crate::measure::measure as features_of;
use crate::progress::progress;
use crate::replay::{Choice, Curve, Means, Plan, Tally, Way, measure, split};
use crate::report::Estimate;
use leaning::{AnswerModel, Deck, Strategy};
use serde::Serialize;
use std::collections::HashMap;

/// Measure how well a deck knows people it has never seen, after so many answers
///
/// Of each person some answers are held out, drawn anew for each seed; only the others can be asked about, and
/// what the person said then is their answer. Whoever has too few answers is left out, with a word.
///
/// The scores of a response are, whichever applies first: what the deck's `basis` makes of columns of the
/// responses; columns named as the deck's dimensions; the deck's own, where ids are its candidates' full names
/// (prompt/candidate), or prompts and ids are its prompts' and candidates' ids.
///
/// Prints:
///   deck         its id and version
///   people       how many were measured; comparisons counts their answers
///   leftOut      how many have too few answers that say something under the deck's answer model
///   short        how many run out of answers before the last number of `after`
///   test, seeds  as given
///   after        numbers of answers
///   curves       for each way its name, accuracy and logLikelihood: a list each of {mean, error}, one for each
///                number of `after`, with the standard error over people of their means over seeds
///
/// Accuracy is the share of the held-out choices whose chosen one beats all others shown by the mean weights;
/// where k are equally good it counts 1/k, and ties do not count. The log-likelihood is the mean of
/// log P(answer) over the held-out answers, ties included if the deck's answer model offers them, with P
/// averaged over what the weights may be. one-weight-for-all has the mean weights of the deck's prior for
/// everybody; pref is the published method with its own weights.
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
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_value = "0,3,5,8")]
    answers: Vec<u16>,

    /// Answers of each person that are held out
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..))]
    test: u16,

    /// How often the held-out answers are drawn
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    seeds: u16,

    /// How questions are chosen, once for each to compare; random, the default and pref unless given
    #[arg(long, value_parser = strategy())]
    strategy: Vec<Strategy>,
}

impl Arguments {
    /// Every file that is to be read.
    pub fn sources(&self) -> Vec<&Source> {
        [&self.deck].into_iter().chain(self.tables.sources()).collect()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    deck: DeckName,
    people: usize,
    comparisons: usize,
    left_out: usize,
    short: usize,
    test: usize,
    seeds: u64,
    after: Vec<usize>,
    curves: Vec<CurveReport>,
}

#[derive(Debug, Serialize)]
struct DeckName {
    id: String,
    version: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CurveReport {
    name: String,
    accuracy: Vec<Estimate>,
    log_likelihood: Vec<Estimate>,
}

impl From<Curve> for CurveReport {
    fn from(Curve { name, accuracy, log_likelihood }: Curve) -> Self {
        CurveReport { name, accuracy, log_likelihood }
    }
}

const EVERYBODY: &str = "one-weight-for-all";

pub fn run(arguments: &Arguments) -> Result<Report, Failure> {
    let (deck, _, basis) = arguments.deck.read_deck_and_basis()?;
    let choices = Choices::open(&arguments.tables)?;
    choices::report(&choices.notes);
    let scored = Scored::new(arguments, &deck, basis.as_ref(), &choices)?;
    let test = usize::from(arguments.test);
    let replayable = Replayable { choices: &choices, scored: &scored, model: deck.answer_model() };
    let all = choices.people.len();
    let people: Vec<(usize, usize)> = (0..all)
        .map(|person| (person, replayable.answers(person).count()))
        .filter(|(_, count)| *count > test)
        .collect();
    let left_out = all - people.len();
    if people.is_empty() {
        let what = format!("expected somebody with more than {test} answers that say something, found nobody in {all}");
        return Err(Failure::new(&arguments.tables.comparisons, what));
    }
    if left_out > 0 {
        let what =
            format!("left out {left_out} of {all} people, who have no more than {test} answers that say something");
        choices::report(&[Failure::new(&arguments.tables.comparisons, what).to_string()]);
    }
    let mut after: Vec<usize> = arguments.answers.iter().map(|&answers| answers.into()).collect();
    after.sort_unstable();
    after.dedup();
    let most = after.last().copied().unwrap_or(0);
    let curves = arguments.measure(&deck, &replayable, &people, &after);
    let curves = curves.map_err(|error| Failure::found_in(&arguments.tables.responses.responses, error))?;
    Ok(Report {
        deck: DeckName { id: deck.id().to_owned(), version: deck.version().to_owned() },
        people: people.len(),
        comparisons: people.iter().map(|(_, count)| count).sum(),
        left_out,
        short: people.iter().filter(|(_, count)| *count < test + most).count(),
        test,
        seeds: arguments.seeds.into(),
        after,
        curves: curves.into_iter().map(CurveReport::from).collect(),
    })
}

impl Arguments {
    /// Of these people, each with a place and a number of answers.
    fn measure(
        &self,
        deck: &Deck,
        replayable: &Replayable,
        people: &[(usize, usize)],
        after: &[usize],
    ) -> Result<Vec<Curve>, leaning::Error> {
        let ways = self.ways(deck);
        let bar = progress(people.len() * usize::from(self.seeds), "people replayed");
        let mut tally = Tally::new(people.len(), ways.len(), after.len());
        for seed in 0..u64::from(self.seeds) {
            let case = |place: usize| {
                let person = people[place].0;
                let choices: Vec<Choice> = replayable.answers(person).collect();
                split(&choices, self.test.into(), &[seed, person as u64])
            };
            let measured = measure(people.len(), case, &ways, Plan { after, likelihood: true }, &bar)?;
            measured.iter().enumerate().for_each(|(place, measured)| tally.add(place, measured));
        }
        bar.finish_and_clear();
        Ok(tally.curves(ways.iter().map(|way| way.name.as_str())))
    }

    fn ways(&self, deck: &Deck) -> Vec<Way> {
        let model = deck.answer_model();
        let usual = [Strategy::Random, Strategy::default(), Strategy::Pref];
        let strategies = if self.strategy.is_empty() { &usual[..] } else { &self.strategy };
        let asking = |&strategy: &Strategy| {
            let means = Means::Asking { strategy, prior: deck.prior().clone() };
            Way { name: strategy.name().to_owned(), model, means }
        };
        let weights = Means::Weights(deck.prior().mean().to_vec());
        let everybody = Way { name: EVERYBODY.to_owned(), model, means: weights };
        [everybody].into_iter().chain(strategies.iter().map(asking)).collect()
    }
}

/// What people said, with the scores of what they were shown.
struct Replayable<'a> {
    choices: &'a Choices,
    scored: &'a Scored,
    model: AnswerModel,
}

impl Replayable<'_> {
    /// What a person said that says something under the answer model. Nothing is kept: of a million answers the scores
    /// would fill the memory.
    fn answers(&self, person: usize) -> impl Iterator<Item = Choice> {
        let comparisons = self.choices.people[person].comparisons.iter();
        let choices = comparisons.filter_map(|comparison| {
            let scores: Option<Vec<_>> = comparison.shown.iter().map(|&place| self.scored.0[place].clone()).collect();
            Some(Choice { scores: scores?, answer: comparison.answer })
        });
        choices.filter(|choice| choice.evidence(&self.model).is_some())
    }
}

/// The scores of each response under a deck, of those that have any.
struct Scored(Vec<Option<Vec<f64>>>);

impl Scored {
    fn new(arguments: &Arguments, deck: &Deck, basis: Option<&Basis>, choices: &Choices) -> Result<Self, Failure> {
        let column = |name: &String| choices.features.iter().position(|feature| feature == name);
        let places = |names: &[String]| {
            names.iter().map(|name| column(name).ok_or_else(|| name.clone())).collect::<Result<Vec<_>, _>>()
        };
        let pick = |response: &Response, places: &[usize]| -> Vec<f64> {
            places.iter().map(|&place| response.scores[place]).collect()
        };
        let mut missed = Vec::new();
        if let Some(basis) = basis {
            match features_of(basis.features(), &choices.features, &choices.responses, deck.language()) {
                Ok(features) => return Ok(Scored(features.iter().map(|of| Some(basis.scores(of))).collect())),
                Err(what) => missed.push(what),
            }
        }
        let dimensions: Vec<String> = deck.dimensions().iter().map(|dimension| dimension.id.clone()).collect();
        match places(&dimensions) {
            Ok(places) => {
                return Ok(Scored(choices.responses.iter().map(|response| Some(pick(response, &places))).collect()));
            }
            Err(name) => missed.push(format!("there is no column {name} as the deck's dimension")),
        }
        let scored = Scored::by_name(deck, &choices.responses);
        if scored.0.iter().any(Option::is_some) {
            let shown = choices.people.iter().flat_map(|person| &person.comparisons).flat_map(|one| &one.shown);
            return match shown.copied().find(|&place| scored.0[place].is_none()) {
                None => Ok(scored),
                Some(place) => {
                    let id = &choices.responses[place].id;
                    let what = format!("id: expected candidates of the deck wherever they are shown, found {id:?}");
                    Err(Failure::new(&arguments.tables.responses.responses, what))
                }
            };
        }
        missed.push("no id is the name of a candidate of the deck".to_owned());
        let what = format!("expected responses that the deck has scores for: {}", missed.join("; "));
        Err(Failure::new(&arguments.tables.responses.responses, what))
    }

    /// The deck's own scores, of its candidates.
    fn by_name(deck: &Deck, responses: &[Response]) -> Self {
        let candidates = deck.prompts().iter().flat_map(|prompt| {
            prompt.candidates.iter().map(|candidate| ((prompt.id.as_str(), candidate.id.as_str()), &candidate.scores))
        });
        let known: HashMap<(&str, &str), &Vec<f64>> = candidates.collect();
        let scores = |response: &Response| {
            let full = response.id.split_once('/').and_then(|name| known.get(&name));
            full.or_else(|| known.get(&(&*response.prompt, &*response.id))).map(|scores| (*scores).clone())
        };
        Scored(responses.iter().map(scores).collect())
    }
}
