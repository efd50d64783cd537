//! Kinds of made-up worlds and people, and regret in them.

use super::engine::Others;
use super::regret::{BEST_OF, Curves, FRESH_PROMPTS, Group, Tally};
use crate::progress::progress;
use indicatif::ProgressBar;
use leaning::simulate::{Habits, Population, PopulationOptions, Tastes, World, WorldOptions};
use leaning::{AnswerModel, Deck, Error, Options};
use std::ops::Range;

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

/// A kind of world and people to measure something in.
#[derive(Debug, Clone)]
pub struct Setting {
    pub world: WorldOptions,
    pub tastes: Tastes,
    pub habits: Habits,
    pub prior: PriorFrom,
    /// Worlds, each with its own deck and population, and people in each.
    pub worlds: usize,
    pub people: usize,
    /// After how many answers regret is measured.
    pub after: Vec<usize>,
    pub seed: u64,
}

impl Default for Setting {
    /// The default world and habits, people alike, and a prior fitted to others.
    fn default() -> Self {
        Setting {
            world: WorldOptions::default(),
            tastes: Tastes::Alike,
            habits: Habits::default(),
            prior: PriorFrom::Others(Others::USUAL),
            worlds: 10,
            people: 20,
            after: vec![0, 3, 5, 8, 10, 15, 20, 25],
            seed: 0,
        }
    }
}

impl Setting {
    /// 1,000 pairs to ask about, plain answers.
    pub fn pairs(dimensions: usize, tastes: Tastes) -> Self {
        let model = AnswerModel::PLAIN;
        Setting {
            world: WorldOptions { dimensions, prompts: 1000, candidates: 2, model, ..WorldOptions::default() },
            tastes,
            habits: Habits { model, ..Habits::default() },
            ..Setting::default()
        }
    }

    /// Does something in each of the worlds, with a bar that counts the others and `rounds` of everybody.
    pub fn in_each_world(
        &self,
        what: &str,
        rounds: usize,
        mut act: impl FnMut(&ProgressBar, &Instance) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let others = if let PriorFrom::Others(others) = self.prior { others.people } else { 0 };
        let bar = progress(self.worlds * (others + rounds * self.people), what);
        for index in 0..self.worlds {
            act(&bar, &self.instance(&bar, index)?)?;
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn instance(&self, bar: &ProgressBar, index: usize) -> Result<Instance, Error> {
        let seed = self.seed * 1000 + index as u64;
        let world = World::new(&self.world, seed)?;
        let options =
            PopulationOptions { tastes: self.tastes.clone(), habits: self.habits, ..PopulationOptions::default() };
        let population = Population::new(&world, options, seed)?;
        let prior = match self.prior {
            PriorFrom::Nobody => None,
            PriorFrom::Truth => population.prior(),
            PriorFrom::Others(others) => Some(others.fit_prior(bar, &world, &population)?),
        };
        let deck = prior.map_or_else(|| Ok(world.deck().clone()), |prior| world.deck_with(&prior))?;
        let people = index * self.people..(index + 1) * self.people;
        Ok(Instance { seed, world, population, people, deck })
    }

    /// Everybody's regret under each of these options, in the order of `after`.
    pub fn regrets(&self, what: &str, ways: &[(String, Options)]) -> Result<Curves, Error> {
        let mut regrets = vec![Tally::new(&self.after); ways.len()];
        self.in_each_world(what, ways.len(), |bar, instance| {
            instance.group(&instance.picks()).add_regrets(bar, &self.after, ways, &mut regrets)
        })?;
        Ok(Curves::of(&self.after, ways.iter().map(|(name, _)| name), regrets))
    }
}

/// One of a setting's worlds.
pub struct Instance {
    pub seed: u64,
    pub world: World,
    pub population: Population,
    /// Other numbers in each world: with two poles another number is another kind of person.
    pub people: Range<usize>,
    /// The world's, with the setting's prior.
    pub deck: Deck,
}

impl Instance {
    /// Prompts that were never asked about, of which the best is to be picked.
    pub fn picks(&self) -> Vec<Vec<Vec<f64>>> {
        self.world.fresh(FRESH_PROMPTS, BEST_OF, self.seed)
    }

    /// The people, to be asked about the deck.
    pub fn group<'a>(&'a self, picks: &'a [Vec<Vec<f64>>]) -> Group<'a> {
        Group { deck: &self.deck, population: &self.population, people: self.people.clone(), picks }
    }
}
