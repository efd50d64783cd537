//! The two robustness checks: correlated base rewards, and people whose tastes are not linear.

use super::Size;
use crate::simulate::engine::{Estimate, Others, Run, asking, progress};
use crate::simulate::regret::{BEST_OF, Curves, FRESH_PROMPTS};
use crate::simulate::section::Section;
use leaning::ranking::best_of;
use leaning::simulate::{
    Correlation, Habits, Population, PopulationOptions, Tastes, World, WorldOptions, best_linear, regret,
};
use leaning::{AnswerModel, Error, Strategy};

const AFTER: [usize; 8] = [0, 3, 5, 10, 15, 20, 30, 40];
/// The best that linear weights can do is fitted on so many prompts.
const FITTED_ON: usize = 400;

/// A kind of world and people.
struct Kind {
    name: &'static str,
    title: &'static str,
    tastes: Tastes,
    correlation: Correlation,
}

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("misspecified", "Correlated base rewards, and people who are not linear");
    section.text(
        "Best-of-16 regret, d = 8, 1,000 pairs, prior fitted to 500 others' answers to 30 random questions each. \"Best \
         linear\" is what any linear weights could do for these people, fitted to their true rewards: what lies below \
         it is lost to the model, what lies above to the number of answers.",
    );
    let independent = Correlation::Equal(0.0);
    let kinds = [
        Kind {
            name: "correlated",
            title: "All correlations 0.7",
            tastes: Tastes::NothingInCommon,
            correlation: Correlation::Equal(0.7),
        },
        Kind {
            name: "overlapping",
            title: "Each base reward overlaps with its neighbours",
            tastes: Tastes::NothingInCommon,
            correlation: Correlation::Neighbours,
        },
        Kind { name: "threshold", title: "Thresholds", tastes: Tastes::Threshold, correlation: independent },
        Kind { name: "ideal-point", title: "Ideal points", tastes: Tastes::IdealPoint, correlation: independent },
        Kind { name: "interaction", title: "Interactions", tastes: Tastes::Interaction, correlation: independent },
    ];
    for kind in kinds {
        let curves = measure(size, &kind)?;
        section.chart(kind.name, curves.chart(kind.title, "best-of-16 regret"));
        section.table(kind.name, format!("{}: regret after so many answers.", kind.title), curves.table("strategy"));
    }
    Ok(section)
}

fn measure(size: Size, kind: &Kind) -> Result<Curves, Error> {
    let strategies = [Strategy::default(), Strategy::DOptimal, Strategy::Random, Strategy::Pref];
    let bar = progress(size.worlds * (size.others + size.people * strategies.len()), kind.title);
    let mut found = vec![vec![Vec::new(); AFTER.len()]; strategies.len() + 1];
    for seed in 0..size.worlds as u64 {
        let model = AnswerModel::PLAIN;
        let options =
            WorldOptions { dimensions: 8, prompts: 1000, candidates: 2, model, correlation: kind.correlation };
        let world = World::new(&options, seed)?;
        let habits = Habits { model, ..Habits::default() };
        let options = PopulationOptions { tastes: kind.tastes.clone(), habits, ..PopulationOptions::default() };
        let population = Population::new(&world, options, seed)?;
        let others = Others { people: size.others, answers: 30, segments: 1 };
        let deck = world.deck_with(&others.fit_prior(&bar, &world, &population)?)?;
        let fresh = world.fresh(FRESH_PROMPTS, BEST_OF, seed);
        let people = seed as usize * size.people..(seed as usize + 1) * size.people;
        for (strategy, found) in strategies.iter().zip(&mut found) {
            let options = asking(*strategy);
            let run = Run { deck: &deck, population: &population, people: people.clone(), options, after: &AFTER };
            let regrets = run.measure(&bar, |person, _, weights| {
                regret(person, &fresh, |scores| best_of(weights, scores).unwrap_or(0))
            })?;
            for person in regrets {
                found.iter_mut().zip(person).for_each(|(all, one)| all.push(one));
            }
        }
        let fitted_on = world.fresh(FITTED_ON, BEST_OF, seed + 1000);
        for person in people.map(|index| population.person(index)) {
            let weights = best_linear(&person, &fitted_on);
            let least = regret(&person, &fresh, |scores| best_of(&weights, scores).unwrap_or(0));
            found[strategies.len()].iter_mut().for_each(|all| all.push(least));
        }
    }
    bar.finish_and_clear();
    let names = strategies.iter().map(|strategy| strategy.name()).chain(["best linear"]).map(str::to_owned);
    let estimates = found.into_iter().map(|way| way.into_iter().map(Estimate::of).collect());
    Ok(Curves { after: AFTER.to_vec(), curves: names.zip(estimates).collect() })
}
