//! Robustness: correlated base rewards, and tastes that are not linear.

use super::size::Size;
use crate::report::Section;
use crate::simulate::regret::{BEST_OF, Group, PickCurves, PickMeasurements, PickQuality, Variant};
use crate::simulate::setting::Setting;
use leaning::question::acquisition::DEFAULT;
use leaning::question::acquisition::d_optimal::DOptimal;
use leaning::question::acquisition::random::RandomPair;
use leaning::{Error, Strategy};
use leaning_simulate::{Correlation, PREF, Tastes, best_weights};

const AFTER: [usize; 8] = [0, 3, 5, 10, 15, 20, 30, 40];
/// Number of prompts that the best weights are fitted to.
const FITTED_TO: usize = 400;

/// A kind of world and people.
struct Kind {
    name: &'static str,
    title: &'static str,
    tastes: Tastes,
    correlation: Correlation,
}

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new(
        "misspecified",
        "Correlated base rewards, and tastes that are not linear",
    );
    section.text(
        "Best-of-16 regret, d = 8, 1,000 pairs, with a prior fitted to the answers of 500 other \
         people to 30 random questions each. \"Best linear\" is the regret of the best weights for \
         these people, fitted to their true rewards. Regret up to that line is lost to the linear \
         model, and regret above it to the small number of answers.",
    );
    section.text(
        "\"All dimensions curved\" asks by the default rule about the same deck in which the square of \
         each score counts as well (`curved`), with the same prior for the scores. \"Best curved\" is \
         the regret of the best weights of scores and squares. People alike have \
         straight tastes: they show what the squares cost whoever does not need them.",
    );
    let independent = Correlation::Equal(0.0);
    let kinds = [
        Kind {
            name: "straight",
            title: "People alike, with straight tastes",
            tastes: Tastes::Alike,
            correlation: independent,
        },
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
        Kind {
            name: "threshold",
            title: "Thresholds",
            tastes: Tastes::Threshold,
            correlation: independent,
        },
        Kind {
            name: "ideal-point",
            title: "Ideal points",
            tastes: Tastes::IdealPoint,
            correlation: independent,
        },
        Kind {
            name: "interaction",
            title: "Interactions",
            tastes: Tastes::Interaction,
            correlation: independent,
        },
    ];
    for kind in kinds {
        let curves = measure(size, &kind)?;
        let chart = curves.regret.chart(kind.title, "best-of-16 regret");
        section.chart(kind.name, chart);
        let caption = format!("{}: regret by number of answers.", kind.title);
        curves.add_tables(&mut section, kind.name, caption, "strategy");
    }
    Ok(section)
}

fn measure(size: Size, kind: &Kind) -> Result<PickCurves, Error> {
    let mut setting = size.of(Setting::pairs(8, kind.tastes.clone()));
    setting.world.correlation = kind.correlation;
    let strategies: [Strategy; 4] = [DEFAULT, &DOptimal, &RandomPair, &PREF];
    let variants = strategies.map(Variant::of_strategy);
    let mut picks = vec![PickMeasurements::new(&AFTER); variants.len()];
    let mut least = vec![PickMeasurements::new(&AFTER); 2];
    let mut curved = vec![PickMeasurements::new(&AFTER)];
    setting.in_each_world(kind.title, variants.len() + 1, |bar, instance| {
        let prompts = instance.fresh_prompts();
        instance
            .group(&prompts)
            .add_picks(bar, &AFTER, &variants, &mut picks)?;
        let curved_deck = instance.world.curved_deck()?;
        let group = Group {
            deck: &curved_deck.with_prior(instance.deck.prior().clone())?,
            ..instance.group(&prompts)
        };
        group.add_picks(bar, &AFTER, &variants[..1], &mut curved)?;
        let fitted_to = instance
            .world
            .fresh(FITTED_TO, BEST_OF, instance.seed + 1000);
        for (deck, least) in [&instance.deck, group.deck].into_iter().zip(&mut least) {
            let (features, population) = (deck.features(), deck.prior().mean());
            least.add(instance.people.clone().map(|index| {
                let person = instance.population.person(index);
                let weights = best_weights(&person, &fitted_to, features);
                let best = PickQuality::of(&person, &prompts, features, &weights, population);
                vec![best; AFTER.len()]
            }));
        }
        Ok(())
    })?;
    picks.append(&mut curved);
    picks.append(&mut least);
    let names = strategies.iter().map(|strategy| strategy.name()).chain([
        "all dimensions curved",
        "best linear",
        "best curved",
    ]);
    Ok(PickCurves::new(&AFTER, names, picks))
}
