//! The two robustness checks: correlated base rewards, and people whose tastes are not linear.

use super::Size;
use crate::report::Section;
use crate::simulate::engine::asking;
use crate::simulate::regret::{BEST_OF, Curves, Tally};
use crate::simulate::setting::Setting;
use leaning::ranking::best_of;
use leaning::simulate::{Correlation, Tastes, best_linear, regret};
use leaning::{Error, Strategy};

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
    let mut setting = size.of(Setting::pairs(8, kind.tastes.clone()));
    setting.world.correlation = kind.correlation;
    let strategies = [Strategy::default(), Strategy::DOptimal, Strategy::Random, Strategy::Pref];
    let ways = strategies.map(|strategy| (strategy.name().to_owned(), asking(strategy)));
    let mut regrets = vec![Tally::new(&AFTER); ways.len()];
    let mut least = Tally::new(&AFTER);
    setting.in_each_world(kind.title, ways.len(), |bar, instance| {
        let picks = instance.picks();
        instance.group(&picks).add_regrets(bar, &AFTER, &ways, &mut regrets)?;
        let fitted_on = instance.world.fresh(FITTED_ON, BEST_OF, instance.seed + 1000);
        least.add(instance.people.clone().map(|index| {
            let person = instance.population.person(index);
            let weights = best_linear(&person, &fitted_on);
            vec![regret(&person, &picks, |scores| best_of(&weights, scores).unwrap_or(0)); AFTER.len()]
        }));
        Ok(())
    })?;
    regrets.push(least);
    let names = strategies.iter().map(|strategy| strategy.name()).chain(["best linear"]);
    Ok(Curves::of(&AFTER, names, regrets))
}
