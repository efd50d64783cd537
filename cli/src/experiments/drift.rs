//! People whose taste changes: the use and the cost of forgetting old answers.

use super::size::Size;
use crate::report::Section;
use crate::simulate::interviews::endless;
use crate::simulate::regret::{Group, PickCurves, PickMeasurements, Variant};
use crate::simulate::setting::{PriorFrom, Setting};
use leaning::question::acquisition::DEFAULT;
use leaning::{Error, Options};
use leaning_simulate::{Habits, WorldOptions};

/// Standard deviation of one step of a weight, in those of the population: after 100 answers it has
/// moved by 1.
const DRIFT: f64 = 0.1;
const HALF_LIVES: [Option<f64>; 4] = [None, Some(100.0), Some(50.0), Some(25.0)];
const AFTER: [usize; 5] = [10, 25, 50, 100, 200];
/// With 6 pairs per prompt, the last of 200 questions are still worth asking.
const PROMPTS: usize = 100;

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("drift", "People who change");
    section.text(format!(
        "Each weight does a random walk with steps of {DRIFT} of its standard deviation over \
         people, so after 100 answers it has moved by one such standard deviation. Regret is \
         measured against the person's weights at that time. With a half-life, an answer counts \
         half after that many further answers. People who do not change show what forgetting \
         costs. Decks have {PROMPTS} prompts of 4 candidates ({} pairs), d = 8, the default answer \
         model and people alike; the deck's prior is the distribution that people are drawn from \
         before they drift.",
        6 * PROMPTS,
    ));
    let kinds = [
        ("drifting", "People who drift", DRIFT),
        ("steady", "People who do not", 0.0),
    ];
    for (name, title, drift) in kinds {
        let curves = measure(size, drift, title)?;
        section.chart(name, curves.regret.chart(title, "best-of-16 regret"));
        let caption = format!("{title}: regret by number of answers.");
        curves.add_tables(&mut section, name, caption, "half-life");
    }
    Ok(section)
}

fn measure(size: Size, drift: f64, message: &str) -> Result<PickCurves, Error> {
    let setting = size.of(Setting {
        world: WorldOptions {
            prompts: PROMPTS,
            ..WorldOptions::default()
        },
        habits: Habits {
            drift,
            ..Habits::default()
        },
        prior: PriorFrom::Truth,
        ..Setting::default()
    });
    let variants = HALF_LIVES.map(|half_life| Variant {
        name: half_life.map_or("none".to_owned(), |answers| format!("{answers} answers")),
        options: Options {
            half_life,
            ..endless(DEFAULT)
        },
    });
    let mut picks = vec![PickMeasurements::new(&AFTER); variants.len()];
    setting.in_each_world(message, variants.len(), |bar, instance| {
        let prompts = instance.fresh_prompts();
        let group = Group {
            people: 0..size.people,
            ..instance.group(&prompts)
        };
        group.add_picks(bar, &AFTER, &variants, &mut picks)
    })?;
    Ok(PickCurves::new(
        &AFTER,
        variants.map(|variant| variant.name),
        picks,
    ))
}
