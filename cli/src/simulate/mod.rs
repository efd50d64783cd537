//! `leaning simulate`: simulated people, and the experiments with them.

pub mod engine;
mod paper;
mod regret;
mod setting;

use crate::ask::strategy;
use crate::failure::Failure;
use crate::input::Source;
use crate::progress::progress;
use crate::whole::{check_folder, save};
use engine::{Others, asking, failure};
use leaning::simulate::{Correlation, Habits, Population, Tastes, WorldOptions};
use leaning::{AnswerModel, Error, Options, Strategy};
use regret::{Curves, Group, Tally};
use setting::{PriorFrom, Setting};
use std::fs;
use std::path::{Path, PathBuf};

/// Let simulated people answer, and measure what is lost by picking for them
///
/// With a deck, people are drawn from its prior, and regret is about its own prompts. Without one, a world is made
/// up, and regret is about the best of 16 candidates of prompts that were never asked. Regret is what is lost by
/// picking by what was learned, as a share of what a blind pick loses. Prints the curves: mean and standard error
/// over people, by strategy and number of answers.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning simulate --deck deck.json --strategy information-gain --strategy random --out curves
  leaning simulate --dimensions 8 --tastes two-poles --people 84
  leaning simulate --paper docs/experiments.md"
)]
pub struct Arguments {
    /// The deck, a leaning-deck/1 file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dimensions", "tastes", "prompts", "candidates", "correlation", "others"])]
    pub deck: Option<Source>,

    /// How questions are chosen, once for each to compare; all strategies unless given
    #[arg(long, value_parser = strategy())]
    strategy: Vec<Strategy>,

    /// Number of people for each strategy: the same for all
    #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..))]
    people: u32,

    /// Answers that each gives
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    answers: u16,

    /// Candidates that a question shows, 2 to 4; what the deck says unless given
    #[arg(long, value_name = "NUMBER")]
    choose: Option<usize>,

    /// After so many further answers an answer counts half
    #[arg(long, value_name = "ANSWERS")]
    half_life: Option<f64>,

    /// The share of their answers that people draw blindly; what the deck says unless given
    #[arg(long, value_name = "SHARE")]
    lapse: Option<f64>,

    /// Rewards closer than about this are the same to people; what the deck says unless given
    #[arg(long, value_name = "REWARD")]
    indifference: Option<f64>,

    /// The chance that people take the first one shown without looking
    #[arg(long, value_name = "CHANCE", default_value_t = 0.0)]
    left_bias: f64,

    /// By how much people's weights move from one answer to the next, in standard deviations of the population
    #[arg(long, value_name = "SD", default_value_t = 0.0)]
    drift: f64,

    /// Base rewards of the made-up world
    #[arg(long, value_name = "NUMBER", default_value_t = 8)]
    dimensions: usize,

    /// What people in the made-up world like
    #[arg(long, value_parser = tastes(), default_value = "alike")]
    tastes: String,

    /// Prompts of the made-up deck
    #[arg(long, value_name = "NUMBER", default_value_t = 250)]
    prompts: usize,

    /// Candidates of each prompt of the made-up deck
    #[arg(long, value_name = "NUMBER", default_value_t = 4)]
    candidates: usize,

    /// Correlation of any two base rewards of the made-up world
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    correlation: f64,

    /// Number of other people whose 30 answers each the made-up deck's prior is fitted to; 0 for no prior
    #[arg(long, value_name = "NUMBER", default_value_t = 500)]
    others: usize,

    /// Decides everything that is drawn
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// Also write regret.csv, regret.md and regret.svg into this folder
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,

    #[command(flatten)]
    paper: PaperArguments,
}

/// The experiments behind the documentation.
#[derive(Debug, clap::Args)]
struct PaperArguments {
    /// Run the experiments instead, and write this report, with its pictures and tables in a folder of its name
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "docs/experiments.md", conflicts_with = "deck")]
    paper: Option<PathBuf>,

    /// Only these experiments
    #[arg(long, value_name = "NAME", requires = "paper", value_parser = paper::names())]
    only: Vec<String>,

    /// With --paper: a folder of real people's choices for the experiment that replays them
    #[arg(long, value_name = "FOLDER", env = "LEANING_DATA")]
    data: Option<PathBuf>,

    /// With a handful of people each: shows that everything runs, and no more
    #[arg(long, requires = "paper")]
    tiny: bool,
}

fn tastes() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(Tastes::NAMES.map(|(name, _)| name))
}

/// Numbers of answers after which is measured, as far as they go.
const AFTER: [usize; 14] = [0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100, 200, 500];

pub fn run(arguments: &Arguments) -> Result<Option<Curves>, Failure> {
    let PaperArguments { paper, only, data, tiny } = &arguments.paper;
    if let Some(file) = paper {
        let size = if *tiny { paper::Size::TINY } else { paper::Size::FULL };
        paper::write(file, size, only, data.as_deref())?;
        return Ok(None);
    }
    arguments.out.as_deref().map_or(Ok(()), check_folder)?;
    let curves = match &arguments.deck {
        Some(source) => arguments.with_deck(source)?,
        None => arguments.made_up().map_err(failure)?,
    };
    if let Some(folder) = &arguments.out {
        write(&curves, folder)?;
    }
    Ok(Some(curves))
}

impl Arguments {
    fn with_deck(&self, source: &Source) -> Result<Curves, Failure> {
        let deck = source.read_deck()?;
        let after = self.after();
        let ways = self.ways();
        let picks: Vec<Vec<Vec<f64>>> = deck
            .prompts()
            .iter()
            .map(|prompt| prompt.candidates.iter().map(|candidate| candidate.scores.clone()).collect())
            .collect();
        let measure = || -> Result<Curves, Error> {
            let habits = self.habits(deck.answer_model())?;
            let population = Population::of_prior(deck.prior().clone(), habits, self.seed)?;
            let people = 0..self.people as usize;
            let bar = progress(people.len() * ways.len(), "simulated people");
            let mut regrets = vec![Tally::new(&after); ways.len()];
            let group = Group { deck: &deck, population: &population, people, picks: &picks };
            group.add_regrets(&bar, &after, &ways, &mut regrets)?;
            bar.finish_and_clear();
            Ok(Curves::of(&after, ways.iter().map(|(name, _)| name), regrets))
        };
        measure().map_err(failure)
    }

    fn made_up(&self) -> Result<Curves, Error> {
        let correlation = Correlation::Equal(self.correlation);
        let world = WorldOptions {
            dimensions: self.dimensions,
            prompts: self.prompts,
            candidates: self.candidates,
            correlation,
            ..WorldOptions::default()
        };
        let setting = Setting {
            habits: self.habits(world.model)?,
            world,
            tastes: Tastes::from_name(&self.tastes).unwrap_or(Tastes::Alike),
            prior: match self.others {
                0 => PriorFrom::Nobody,
                people => PriorFrom::Others(Others { people, ..Others::USUAL }),
            },
            worlds: 1,
            people: self.people as usize,
            after: self.after(),
            seed: self.seed,
        };
        setting.regrets("simulated people", &self.ways())
    }

    fn after(&self) -> Vec<usize> {
        let most = usize::from(self.answers);
        let mut after: Vec<usize> = AFTER.into_iter().filter(|&answers| answers < most).collect();
        after.push(most);
        after
    }

    fn ways(&self) -> Vec<(String, Options)> {
        let strategies = if self.strategy.is_empty() {
            Strategy::NAMES.iter().map(|(_, strategy)| *strategy).collect()
        } else {
            self.strategy.clone()
        };
        let options = |strategy| Options { choose: self.choose, half_life: self.half_life, ..asking(strategy) };
        strategies.into_iter().map(|strategy| (strategy.name().to_owned(), options(strategy))).collect()
    }

    /// How people answer: as `model` unless the arguments say otherwise.
    fn habits(&self, model: AnswerModel) -> Result<Habits, Error> {
        let (lapse, indifference) =
            (self.lapse.unwrap_or(model.lapse()), self.indifference.unwrap_or(model.indifference()));
        let out_of_range =
            || Error::Options(leaning::Flaw::new("lapse", "expected 0 to below 1, and indifference 0 or more"));
        let model = AnswerModel::new(lapse, indifference).ok_or_else(out_of_range)?;
        Ok(Habits { model, left_bias: self.left_bias, drift: self.drift })
    }
}

fn write(curves: &Curves, folder: &Path) -> Result<(), Failure> {
    let failure = |error: std::io::Error| Failure::new(folder.display(), error);
    fs::create_dir_all(folder).map_err(failure)?;
    let table = curves.table("strategy");
    save(&folder.join("regret.svg"), curves.chart("Regret by number of answers", "regret").to_svg())?;
    save(&folder.join("regret.csv"), table.to_csv().map_err(failure)?)?;
    save(&folder.join("regret.md"), table.to_markdown())
}
