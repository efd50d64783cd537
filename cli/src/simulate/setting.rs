//! Kinds of simulated worlds and people, and the quality of picks in them.

use super::regret::{BEST_OF, FRESH_PROMPTS, Group, PickCurves, PickMeasurements, Variant};
use super::training::TrainingPeople;
use crate::progress::progress;
use indicatif::ProgressBar;
use leaning::{AnswerModel, Deck, Error};
use leaning_simulate::{Habits, Population, PopulationOptions, Tastes, World, WorldOptions};
use nalgebra::DMatrix;
use std::ops::Range;

/// The origin of a deck's prior.
#[derive(Debug, Clone, Copy)]
pub enum PriorFrom {
    /// The deck has none.
    Nothing,
    /// The distribution that people are drawn from.
    Truth,
    /// Fitted to the answers of other people.
    Fit(TrainingPeople),
}

/// A kind of world and people to measure something in.
#[derive(Debug, Clone)]
pub struct Setting {
    pub world: WorldOptions,
    pub tastes: Tastes,
    pub habits: Habits,
    pub prior: PriorFrom,
    /// Whether all dimensions of the deck are curved.
    pub curved: bool,
    /// Number of worlds, each with its own deck and population.
    pub worlds: usize,
    /// Number of people in each world.
    pub people: usize,
    /// Numbers of answers after which regret is measured.
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
            prior: PriorFrom::Fit(TrainingPeople::USUAL),
            curved: false,
            worlds: 10,
            people: 20,
            after: vec![0, 3, 5, 8, 10, 15, 20, 25],
            seed: 0,
        }
    }
}

impl Setting {
    /// 1,000 pairs to ask about, answers without lapses and ties.
    pub fn pairs(dimensions: usize, tastes: Tastes) -> Self {
        let model = AnswerModel::BRADLEY_TERRY;
        let (prompts, candidates) = (1000, 2);
        Setting {
            world: WorldOptions {
                dimensions,
                prompts,
                candidates,
                model,
                ..WorldOptions::default()
            },
            tastes,
            habits: Habits {
                model,
                ..Habits::default()
            },
            ..Setting::default()
        }
    }

    /// Calls `act` in each of the worlds, with a bar that counts the training people and `rounds`
    /// of everybody else.
    pub fn in_each_world(
        &self,
        message: &str,
        rounds: usize,
        mut act: impl FnMut(&ProgressBar, &Instance) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let training = if let PriorFrom::Fit(training) = self.prior {
            training.people
        } else {
            0
        };
        let bar = progress(self.worlds * (training + rounds * self.people), message);
        for index in 0..self.worlds {
            act(&bar, &self.instance(&bar, index)?)?;
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn instance(&self, bar: &ProgressBar, index: usize) -> Result<Instance, Error> {
        let seed = self.seed * 1000 + index as u64;
        let world = World::new(&self.world, seed)?;
        let options = PopulationOptions {
            tastes: self.tastes.clone(),
            habits: self.habits,
            ..PopulationOptions::default()
        };
        let population = Population::new(&world, options, seed)?;
        let prior = match self.prior {
            PriorFrom::Nothing => None,
            PriorFrom::Truth => population.prior(),
            PriorFrom::Fit(training) => Some(training.fit_prior(bar, &world, &population)?),
        };
        let deck = if self.curved {
            world.curved_deck()?
        } else {
            world.deck().clone()
        };
        let deck = match prior {
            Some(prior) => deck.with_prior(prior)?,
            None => deck,
        };
        let people = index * self.people..(index + 1) * self.people;
        Ok(Instance {
            seed,
            world,
            population,
            people,
            deck,
        })
    }

    /// Regret and harm of the picks for everybody under each variant.
    pub fn picks(&self, message: &str, variants: &[Variant]) -> Result<PickCurves, Error> {
        let mut picks = vec![PickMeasurements::new(&self.after); variants.len()];
        self.in_each_world(message, variants.len(), |bar, instance| {
            let prompts = instance.fresh_prompts();
            instance
                .group(&prompts)
                .add_picks(bar, &self.after, variants, &mut picks)
        })?;
        let names = variants.iter().map(|variant| variant.name.clone());
        Ok(PickCurves::new(&self.after, names, picks))
    }
}

/// One of a setting's worlds.
pub struct Instance {
    pub seed: u64,
    pub world: World,
    pub population: Population,
    /// Other numbers in each world: with two poles another number is another kind of person.
    pub people: Range<usize>,
    /// The world's deck, with the setting's prior.
    pub deck: Deck,
}

impl Instance {
    /// Prompts that were never asked about, to pick the best candidate of.
    pub fn fresh_prompts(&self) -> Vec<DMatrix<f64>> {
        self.world.fresh(FRESH_PROMPTS, BEST_OF, self.seed)
    }

    /// The people, to be asked about the deck.
    pub fn group<'a>(&'a self, prompts: &'a [DMatrix<f64>]) -> Group<'a> {
        Group {
            deck: &self.deck,
            population: &self.population,
            people: self.people.clone(),
            prompts,
        }
    }
}
