//! `leaning simulate`: interviews with simulated people.

pub mod interviews;
mod open;
pub mod regret;
pub mod setting;
pub mod training;

use crate::atomic_write::{check_folder, save};
use crate::deck::read::read_deck_with_reading;
use crate::failure::Failure;
use crate::input::Source;
use crate::per::Per;
use crate::progress::progress;
use crate::strategy::{self, is_pref};
use clap::builder::PossibleValuesParser;
use interviews::endless;
use leaning::model::answer::DEFAULT_LEVELS;
use leaning::question::WordCounts;
use leaning::{AnswerKind, AnswerModel, Error, Flaw, Options, Prompt, Strategy};
use leaning_simulate::{Correlation, Habits, Population, Tastes, WorldOptions, strategies};
use nalgebra::DMatrix;
use regret::{Group, PickCurves, PickMeasurements, Report, Variant};
use setting::{PriorFrom, Setting};
use std::fs;
use std::path::{Path, PathBuf};
use training::TrainingPeople;

/// Interview simulated people, and measure regret and harm of the picks for them
///
/// With a deck, people are drawn from its prior, and regret is about its own prompts. Without one,
/// a world is made up, and regret is about the best of 16 candidates of prompts that were never
/// asked about. Regret is the loss from picking by the inferred weights, as a share of the loss
/// from picking blindly. Harm is how often that pick is worse for the person than the population's
/// pick: the best by the mean weights of the deck's prior, or the first if the deck has none.
///
/// Prints:
///   after    numbers of answers
///   curves   for each strategy its name, regret and harm: for each number of `after` {mean, error},
///            with the standard error over people; with --open also the share of dimensions whose
///            standing is open. Means are null once the deck has no questions left for anybody, and
///            are over those it has questions left for
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning simulate --deck deck.json --strategy information-gain --strategy random --out curves
  leaning simulate --dimensions 8 --tastes two-poles --people 84"
)]
pub struct Arguments {
    /// The deck, a leaning-deck/1 file
    #[arg(long, value_name = "FILE", conflicts_with_all = MADE_UP)]
    pub deck: Option<Source>,

    /// Also print the share of dimensions about which the profile says that it is too early
    #[arg(long, requires = "deck")]
    open: bool,

    /// How questions are chosen; repeat it to compare. By default all strategies
    #[arg(long, value_parser = strategy::parser())]
    strategy: Vec<Strategy>,

    /// Choose by the score of a question, or by its score per word read. `word` needs a deck with texts
    #[arg(long, value_name = "UNIT", default_value = "question")]
    per: Per,

    /// Number of people, the same for each strategy
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 200,
        value_parser = clap::value_parser!(u32).range(2..)
    )]
    pub people: u32,

    /// Number of answers of each person
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    answers: u16,

    /// Number of candidates that a question shows, 2 to 4; the deck's number by default
    #[arg(long, value_name = "NUMBER")]
    candidates_per_question: Option<usize>,

    /// An answer counts half after this many further answers
    #[arg(long, value_name = "ANSWERS")]
    half_life: Option<f64>,

    /// Probability that people answer at random; the deck's lapse rate by default
    #[arg(long, value_name = "PROBABILITY")]
    lapse: Option<f64>,

    /// Rewards closer than about this are the same to people; the deck's indifference by default
    #[arg(long, value_name = "REWARD")]
    indifference: Option<f64>,

    /// Probability that people take the first candidate without looking
    #[arg(long, value_name = "PROBABILITY", default_value_t = 0.0)]
    left_bias: f64,

    /// People draw the lines "about the same" and "much better" elsewhere than the deck: standard
    /// deviation of the logarithm of each person's factor
    #[arg(long, value_name = "SD", default_value_t = 0.0)]
    line_spread: f64,

    /// How far people's weights move from one answer to the next, in standard deviations of the
    /// population
    #[arg(long, value_name = "SD", default_value_t = 0.0)]
    drift: f64,

    /// The kind of answer that the made-up deck asks for
    #[arg(long, value_name = "KIND", value_parser = kinds(), default_value = CHOICE)]
    kind: String,

    /// Number of levels of a rating in the made-up deck, 2 to 11; 5 by default
    #[arg(long, value_name = "NUMBER")]
    ratings: Option<usize>,

    /// Number of base rewards of the made-up world
    #[arg(long, value_name = "NUMBER", default_value_t = 8)]
    dimensions: usize,

    /// Tastes of the people in the made-up world
    #[arg(long, value_parser = tastes(), default_value = "alike")]
    tastes: String,

    /// Number of prompts of the made-up deck
    #[arg(long, value_name = "NUMBER", default_value_t = 250)]
    prompts: usize,

    /// Number of candidates of each prompt of the made-up deck
    #[arg(long, value_name = "NUMBER", default_value_t = 4)]
    candidates: usize,

    /// Correlation of any two base rewards of the made-up world
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    correlation: f64,

    /// Number of other people, with 30 answers each, that the made-up deck's prior is fitted to; 0
    /// for a deck without a prior
    #[arg(long, value_name = "NUMBER", default_value_t = 500)]
    others: usize,

    /// Decides everything that is drawn
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// Also write regret and harm as .csv, .md and .svg into this folder
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// The arguments about a made-up world.
const MADE_UP: [&str; 8] = [
    "kind",
    "ratings",
    "dimensions",
    "tastes",
    "prompts",
    "candidates",
    "correlation",
    "others",
];

/// The usual kind of questions.
const CHOICE: &str = "choice";

fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new([CHOICE, "grades", "rating", "best-worst", "order"])
}

fn tastes() -> PossibleValuesParser {
    PossibleValuesParser::new(Tastes::NAMES.map(|(name, _)| name))
}

/// Numbers of answers after which to measure, up to the number of answers.
const AFTER: [usize; 14] = [0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100, 200, 500];

pub fn run(arguments: &Arguments) -> Result<Report, Failure> {
    arguments.out.as_deref().map_or(Ok(()), check_folder)?;
    let curves = match &arguments.deck {
        Some(source) => arguments.with_deck(source)?,
        None => arguments.made_up().map_err(failure)?,
    };
    if let Some(folder) = &arguments.out {
        write(&curves, folder)?;
    }
    Ok(curves.report())
}

/// The failure of a simulation. Its numbers do not come from a file, but from options.
pub fn failure(error: Error) -> Failure {
    Failure::of_options("simulation", error)
}

impl Arguments {
    fn with_deck(&self, source: &Source) -> Result<PickCurves, Failure> {
        let (deck, reading) = read_deck_with_reading(source)?;
        let words = (self.per == Per::Word).then(|| reading.word_counts());
        let after = self.after();
        let variants = self
            .variants(deck.answer_kind(), words.as_ref())
            .map_err(failure)?;
        let prompts: Vec<DMatrix<f64>> = deck.prompts().iter().map(Prompt::scores).collect();
        let measure = || -> Result<PickCurves, Error> {
            let habits = self.habits(deck.answer_model())?;
            let population = Population::of_deck(&deck, habits, self.seed)?;
            let people = 0..self.people as usize;
            let bar = progress(people.len() * variants.len(), "simulated people");
            let mut picks = vec![PickMeasurements::new(&after); variants.len()];
            let group = Group {
                deck: &deck,
                population: &population,
                people,
                prompts: &prompts,
            };
            group.add_picks(&bar, &after, &variants, &mut picks)?;
            let names = variants.iter().map(|variant| variant.name.clone());
            let mut curves = PickCurves::new(&after, names, picks);
            if self.open {
                bar.reset();
                let people = group.people;
                let open = open::measure(&bar, &deck, &population, people, &after, &variants)?;
                curves.open = Some(open);
            }
            bar.finish_and_clear();
            Ok(curves)
        };
        measure().map_err(failure)
    }

    fn made_up(&self) -> Result<PickCurves, Error> {
        if self.per == Per::Word {
            let message = "word needs a deck, since a made-up one has no texts";
            return Err(Error::Options(Flaw::new("per", message)));
        }
        let world = WorldOptions {
            kind: self.answer_kind()?,
            candidates_per_question: self.candidates_per_question,
            dimensions: self.dimensions,
            prompts: self.prompts,
            candidates: self.candidates,
            correlation: Correlation::Equal(self.correlation),
            ..WorldOptions::default()
        };
        let setting = Setting {
            habits: self.habits(world.model)?,
            world,
            tastes: Tastes::from_name(&self.tastes).unwrap_or(Tastes::Alike),
            prior: match self.others {
                0 => PriorFrom::Nothing,
                people => PriorFrom::Fit(TrainingPeople {
                    people,
                    ..TrainingPeople::USUAL
                }),
            },
            curved: false,
            worlds: 1,
            people: self.people as usize,
            after: self.after(),
            seed: self.seed,
        };
        setting.picks(
            "simulated people",
            &self.variants(self.answer_kind()?, None)?,
        )
    }

    fn answer_kind(&self) -> Result<AnswerKind, Error> {
        let kind = match &self.kind[..] {
            "grades" => AnswerKind::Graded,
            "rating" => AnswerKind::Rating {
                of: self.ratings.unwrap_or(DEFAULT_LEVELS),
            },
            "best-worst" => AnswerKind::BestWorst,
            "order" => AnswerKind::Order,
            _ => AnswerKind::Choice,
        };
        if self.ratings.is_some() && !matches!(kind, AnswerKind::Rating { .. }) {
            let message = format!(
                "levels are for questions of the kind rating, not {}",
                self.kind
            );
            return Err(Error::Options(Flaw::new("ratings", message)));
        }
        Ok(kind)
    }

    fn after(&self) -> Vec<usize> {
        let most = usize::from(self.answers);
        let mut after: Vec<usize> = AFTER
            .into_iter()
            .filter(|&answers| answers < most)
            .collect();
        after.push(most);
        after
    }

    /// The strategies, each under its name. `pref` knows comparisons only, so it has no part where
    /// questions ask for ratings.
    fn variants(
        &self,
        kind: AnswerKind,
        words: Option<&WordCounts>,
    ) -> Result<Vec<Variant>, Error> {
        let rates = matches!(kind, AnswerKind::Rating { .. });
        if rates && self.strategy.iter().any(|strategy| is_pref(*strategy)) {
            let message = "pref learns from comparisons, not from ratings";
            return Err(Error::Options(Flaw::new("strategy", message)));
        }
        let strategies = if self.strategy.is_empty() {
            let all = strategies().into_iter();
            all.filter(|strategy| !(rates && is_pref(*strategy)))
                .filter(|strategy| words.is_none() || strategy.is_amount())
                .collect()
        } else {
            self.strategy.clone()
        };
        let variant = |strategy: Strategy| Variant {
            name: strategy.name().to_owned(),
            options: Options {
                candidates_per_question: self.candidates_per_question,
                half_life: self.half_life,
                words: words.cloned(),
                ..endless(strategy)
            },
        };
        Ok(strategies.into_iter().map(variant).collect())
    }

    /// How people answer: as `model` unless the arguments say otherwise.
    fn habits(&self, model: AnswerModel) -> Result<Habits, Error> {
        let lapse = self.lapse.unwrap_or(model.lapse());
        let indifference = self.indifference.unwrap_or(model.indifference());
        let own = AnswerModel::new(lapse, indifference)?;
        let much = if model.much() > indifference {
            model.much()
        } else {
            own.much()
        };
        let model = own
            .with_much(much)?
            .with_ratings(model.spread(), model.leniency())?;
        Ok(Habits {
            model,
            left_bias: self.left_bias,
            drift: self.drift,
            line_spread: self.line_spread,
        })
    }
}

fn write(curves: &PickCurves, folder: &Path) -> Result<(), Failure> {
    let failure = |error: std::io::Error| Failure::new(folder.display(), error);
    fs::create_dir_all(folder).map_err(failure)?;
    let both = [
        ("regret", "Regret by number of answers", &curves.regret),
        ("harm", "Harm by number of answers", &curves.harm),
    ];
    for (name, title, curves) in both {
        let table = curves.table("strategy");
        let file = |extension| folder.join(name).with_extension(extension);
        save(&file("svg"), curves.chart(title, name).to_svg())?;
        save(&file("csv"), table.to_csv().map_err(failure)?)?;
        save(&file("md"), table.to_markdown())?;
    }
    Ok(())
}
