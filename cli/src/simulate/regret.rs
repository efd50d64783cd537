//! Best-of-16 regret on prompts that were never asked, by strategy.

use super::engine::{Estimate, Others, Run, asking, progress};
use crate::report::{Cell, Chart, Point, Series, Table};
use indicatif::ProgressBar;
use leaning::ranking::best_of;
use leaning::simulate::{Habits, Population, PopulationOptions, Tastes, World, WorldOptions, regret};
use leaning::{AnswerModel, Deck, Error, Options, Strategy};
use serde::{Serialize, Serializer};
use serde_json::json;
use std::ops::Range;

/// Candidates of each prompt to pick from, and number of prompts.
pub const BEST_OF: usize = 16;
pub const FRESH_PROMPTS: usize = 40;

/// Where a deck's prior comes from.
#[derive(Debug, Clone, Copy)]
pub enum PriorFrom {
    /// The deck brings none.
    Nobody,
    /// It is what people are really drawn from.
    Truth,
    /// It is fitted to what others have answered.
    Others(Others),
}

/// A kind of world and people to measure regret in.
#[derive(Debug, Clone)]
pub struct Setting {
    pub world: WorldOptions,
    pub tastes: Tastes,
    pub habits: Habits,
    pub prior: PriorFrom,
    /// Worlds, each with its own deck and population, and people in each.
    pub worlds: usize,
    pub people: usize,
    pub after: Vec<usize>,
    pub seed: u64,
}

impl Setting {
    /// 1,000 pairs to ask about, plain answers.
    pub fn pairs(dimensions: usize, tastes: Tastes) -> Self {
        let model = AnswerModel::PLAIN;
        let world = WorldOptions { dimensions, prompts: 1000, candidates: 2, model, ..WorldOptions::default() };
        Setting {
            world,
            tastes,
            habits: Habits { model, ..Habits::default() },
            prior: PriorFrom::Others(Others { people: 500, answers: 30, segments: 1 }),
            worlds: 10,
            people: 20,
            after: vec![0, 3, 5, 8, 10, 15, 20, 25],
            seed: 1,
        }
    }

    /// Everybody's regret under each of these options, in the order of `after`.
    pub fn regrets(&self, what: &str, ways: &[(String, Options)]) -> Result<Curves, Error> {
        let others = if let PriorFrom::Others(others) = self.prior { others.people } else { 0 };
        let bar = progress(self.worlds * (others + self.people * ways.len()), what);
        let mut regrets = vec![vec![Vec::new(); self.after.len()]; ways.len()];
        for world_index in 0..self.worlds {
            let seed = self.seed * 1000 + world_index as u64;
            let world = World::new(&self.world, seed)?;
            let options =
                PopulationOptions { tastes: self.tastes.clone(), habits: self.habits, ..PopulationOptions::default() };
            let population = Population::new(&world, options, seed)?;
            let prior = match self.prior {
                PriorFrom::Nobody => None,
                PriorFrom::Truth => population.prior(),
                PriorFrom::Others(others) => Some(others.fit_prior(&bar, &world, &population)?),
            };
            let deck = prior.map_or_else(|| Ok(world.deck().clone()), |prior| world.deck_with(&prior))?;
            let fresh = world.fresh(FRESH_PROMPTS, BEST_OF, seed);
            let start = world_index * self.people;
            let group =
                Group { deck: &deck, population: &population, people: start..start + self.people, picks: &fresh };
            group.add_regrets(&bar, &self.after, ways, &mut regrets)?;
        }
        bar.finish_and_clear();
        Ok(Curves::of(&self.after, ways, regrets))
    }
}

/// People of one population who answer questions about one deck.
pub struct Group<'a> {
    pub deck: &'a Deck,
    pub population: &'a Population,
    pub people: Range<usize>,
    /// Prompts, as their candidates' scores, of which the best is to be picked.
    pub picks: &'a [Vec<Vec<f64>>],
}

impl Group<'_> {
    /// Adds everybody's regret to the lists of each way of asking and each number of answers. With tastes that drift,
    /// regret is about what they like by then.
    pub fn add_regrets(
        &self,
        bar: &ProgressBar,
        after: &[usize],
        ways: &[(String, Options)],
        regrets: &mut [Vec<Vec<f64>>],
    ) -> Result<(), Error> {
        for ((_, options), regrets) in ways.iter().zip(regrets) {
            let (people, options) = (self.people.clone(), options.clone());
            let run = Run { deck: self.deck, population: self.population, people, options, after };
            let measured = run.measure(bar, |person, interview, weights| {
                let person = person.after(interview.counts().1);
                regret(&person, self.picks, |scores| best_of(weights, scores).unwrap_or(0))
            })?;
            for person in measured {
                regrets.iter_mut().zip(person).for_each(|(all, one)| all.push(one));
            }
        }
        Ok(())
    }
}

/// All strategies, each under its name.
pub fn all_strategies() -> Vec<(String, Options)> {
    Strategy::NAMES.iter().map(|&(name, strategy)| (name.to_owned(), asking(strategy))).collect()
}

/// Something measured after so many answers, one curve a way of asking.
#[derive(Debug, Clone)]
pub struct Curves {
    pub after: Vec<usize>,
    pub curves: Vec<(String, Vec<Estimate>)>,
}

impl Serialize for Curves {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let curve = |(name, curve): &(String, Vec<Estimate>)| {
            let mean: Vec<f64> = curve.iter().map(|one| one.mean).collect();
            let error: Vec<f64> = curve.iter().map(|one| one.error).collect();
            json!({ "name": name, "mean": mean, "error": error })
        };
        let curves: Vec<serde_json::Value> = self.curves.iter().map(curve).collect();
        json!({ "after": self.after, "curves": curves }).serialize(serializer)
    }
}

impl Curves {
    /// The means of what was measured of everybody, by way of asking and number of answers.
    pub fn of(after: &[usize], ways: &[(String, Options)], measured: Vec<Vec<Vec<f64>>>) -> Self {
        let names = ways.iter().map(|(name, _)| name.clone());
        let estimates = measured.into_iter().map(|way| way.into_iter().map(Estimate::of).collect());
        Curves { after: after.to_vec(), curves: names.zip(estimates).collect() }
    }

    /// What the way of this name had after so many answers.
    pub fn at(&self, name: &str, answers: usize) -> Estimate {
        let curve = self.curves.iter().find(|(candidate, _)| candidate == name).map(|(_, curve)| curve);
        let place = self.after.iter().position(|&after| after == answers);
        curve.zip(place).map_or(Estimate { mean: f64::NAN, error: f64::NAN }, |(curve, place)| curve[place])
    }

    pub fn table(&self, first: &str) -> Table {
        let columns = [first.to_owned()].into_iter().chain(self.after.iter().map(usize::to_string)).collect();
        let row = |(name, curve): &(String, Vec<Estimate>)| {
            let figures = curve.iter().map(|one| Cell::Figure { value: one.mean, error: Some(one.error) });
            [Cell::Text(name.clone())].into_iter().chain(figures).collect()
        };
        Table { columns, rows: self.curves.iter().map(row).collect(), ..Table::default() }
    }

    pub fn chart(&self, title: &str, y_label: &str) -> Chart {
        let series = self.curves.iter().map(|(name, curve)| {
            let points = self.after.iter().zip(curve);
            let points = points.map(|(&x, one)| Point { x: x as f64, mean: one.mean, error: one.error }).collect();
            let emphasis = name == Strategy::default().name();
            let dashed = name == Strategy::Pref.name() || name == Strategy::Random.name();
            Series { name: name.clone(), points, emphasis, dashed }
        });
        Chart {
            title: title.to_owned(),
            x_label: "answers".to_owned(),
            y_label: y_label.to_owned(),
            series: series.collect(),
            ..Chart::default()
        }
    }
}
