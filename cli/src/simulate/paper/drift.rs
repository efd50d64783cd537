//! People whose taste changes, and what forgetting old answers is worth and costs.

use super::Size;
use crate::report::Section;
use crate::simulate::engine::asking;
use crate::simulate::regret::{Curves, Group, Tally};
use crate::simulate::setting::{PriorFrom, Setting};
use leaning::simulate::{Habits, WorldOptions};
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
    let setting = size.of(Setting {
        world: WorldOptions { prompts: PROMPTS, ..WorldOptions::default() },
        habits: Habits { drift, ..Habits::default() },
        prior: PriorFrom::Truth,
        ..Setting::default()
    });
    let ways = HALF_LIVES.map(|half_life| {
        let name = half_life.map_or("none".to_owned(), |answers| format!("{answers} answers"));
        (name, Options { half_life, ..asking(Strategy::default()) })
    });
    let mut regrets = vec![Tally::new(&AFTER); ways.len()];
    setting.in_each_world(what, ways.len(), |bar, instance| {
        let picks = instance.picks();
        let group = Group { people: 0..size.people, ..instance.group(&picks) };
        group.add_regrets(bar, &AFTER, &ways, &mut regrets)
    })?;
    Ok(Curves::of(&AFTER, ways.map(|(name, _)| name), regrets))
}
