//! People whose taste changes, and what forgetting old answers is worth and costs.

use super::Size;
use crate::simulate::engine::{Estimate, Run, asking, progress};
use crate::simulate::regret::{BEST_OF, Curves, FRESH_PROMPTS};
use crate::simulate::section::Section;
use leaning::ranking::best_of;
use leaning::simulate::{Habits, Population, PopulationOptions, World, WorldOptions, regret};
use leaning::{Error, Options, Strategy};

/// Standard deviation of one step of a weight, in those of the population: after 100 answers it has moved by 1.
const DRIFT: f64 = 0.1;
const HALF_LIVES: [Option<f64>; 4] = [None, Some(100.0), Some(50.0), Some(25.0)];
const AFTER: [usize; 5] = [10, 25, 50, 100, 200];
/// Pairs enough that the last of 200 questions are still worth asking: 6 to a prompt.
const PROMPTS: usize = 100;

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("drift", "People who change");
    section.text(format!(
        "Each weight does a random walk with steps of {DRIFT} of its standard deviation over people, so that after 100 \
         answers it has moved by one of these. Regret is measured against what the person is when it is measured. With \
         a half-life, an answer counts half after so many others. Beside them people who do not change: what forgetting \
         costs. Decks of {PROMPTS} prompts of 4 candidates ({} pairs), d = 8, default answer model, people alike; the \
         deck's prior is the distribution that people are drawn from before they drift.",
        6 * PROMPTS,
    ));
    for (name, title, drift) in [("drifting", "People who drift", DRIFT), ("steady", "People who do not", 0.0)] {
        let curves = measure(size, drift, title)?;
        section.chart(name, curves.chart(title, "best-of-16 regret"));
        section.table(name, format!("{title}: regret after so many answers."), curves.table("half-life"));
    }
    Ok(section)
}

fn measure(size: Size, drift: f64, what: &str) -> Result<Curves, Error> {
    let bar = progress(size.worlds * size.people * HALF_LIVES.len(), what);
    let mut regrets = vec![vec![Vec::new(); AFTER.len()]; HALF_LIVES.len()];
    for seed in 0..size.worlds as u64 {
        let world = World::new(&WorldOptions { prompts: PROMPTS, ..WorldOptions::default() }, seed)?;
        let habits = Habits { drift, ..Habits::default() };
        let population = Population::new(&world, PopulationOptions { habits, ..PopulationOptions::default() }, seed)?;
        let deck = population.prior().map_or_else(|| Ok(world.deck().clone()), |prior| world.deck_with(&prior))?;
        let fresh = world.fresh(FRESH_PROMPTS, BEST_OF, seed);
        for (half_life, regrets) in HALF_LIVES.into_iter().zip(&mut regrets) {
            let options = Options { half_life, ..asking(Strategy::default()) };
            let run = Run { deck: &deck, population: &population, people: 0..size.people, options, after: &AFTER };
            let measured = run.measure(&bar, |person, interview, weights| {
                let now = person.after(interview.counts().1);
                regret(&now, &fresh, |scores| best_of(weights, scores).unwrap_or(0))
            })?;
            for person in measured {
                for (all, one) in regrets.iter_mut().zip(person) {
                    all.push(one);
                }
            }
        }
    }
    bar.finish_and_clear();
    let names = HALF_LIVES.map(|half_life| half_life.map_or("none".to_owned(), |answers| format!("{answers} answers")));
    let estimates = regrets.into_iter().map(|way| way.into_iter().map(Estimate::of).collect());
    Ok(Curves { after: AFTER.to_vec(), curves: names.into_iter().zip(estimates).collect() })
}
