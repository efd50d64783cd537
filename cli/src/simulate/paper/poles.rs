//! The paper's simulated people: two of 14 trait poles each.

use super::Size;
use crate::report::{Section, Target};
use crate::simulate::engine::{Others, Run, asking};
use crate::simulate::regret::{Curves, Tally};
use crate::simulate::setting::{Instance, Setting};
use leaning::simulate::{Person, Tastes, auc};
use leaning::{Answer, AnswerModel, Error, Prior, Segment, Strategy};

/// 7·6/2 pairs of traits, each with two poles.
const PEOPLE: usize = 84;
const PAIRS_TO_JUDGE: usize = 200;
/// Decks to ask about: the people are always the same.
const WORLDS: usize = 3;
const AFTER: [usize; 7] = [0, 3, 5, 8, 10, 15, 20];
/// As many kinds of people as there are trait poles: what a publisher would try who knows of the poles.
const SEGMENTS: usize = 14;

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("poles", "Two-pole people");
    section.text(
        "As in the paper's Attributes set: 84 people, each with two of 14 trait poles in 7 dimensions. AUC of the \
         inferred reward difference against what they say about 200 pairs that were never asked. The priors are fitted \
         to 500 other people's answers to 30 random questions each: one Gaussian, or as many segments as there are \
         poles. \"The 84 types\" is the prior of somebody who knows all there is to know beforehand, a narrow segment \
         for each of the 84 people: a bound for what any prior can do.",
    );
    let mut setting = size.of(Setting::pairs(7, Tastes::TwoPoles));
    setting.world.prompts = 300;
    setting.worlds = size.worlds.min(WORLDS);
    setting.people = if size.people < 20 { size.people } else { PEOPLE };
    let ways = ["pref", "no prior", "one Gaussian", "segments", "the 84 types", "random, one Gaussian"];
    let mut aucs = vec![Tally::new(&AFTER); ways.len()];
    setting.in_each_world("two-pole people", ways.len(), |bar, instance| {
        let Instance { seed, world, population, deck: one, .. } = instance;
        let others = Others { people: size.others, segments: SEGMENTS, ..Others::USUAL };
        bar.inc_length(others.people as u64);
        let several = world.deck_with(&others.fit_prior(bar, world, population)?)?;
        let types = world.deck_with(&all_types()?)?;
        let judged = world.fresh(PAIRS_TO_JUDGE, 2, *seed);
        let default = Strategy::default();
        let asked = [
            (one, Strategy::Pref),
            (world.deck(), default),
            (one, default),
            (&several, default),
            (&types, default),
            (one, Strategy::Random),
        ];
        for ((deck, strategy), aucs) in asked.into_iter().zip(&mut aucs) {
            let run = Run { deck, population, people: 0..setting.people, options: asking(strategy), after: &AFTER };
            aucs.add(run.measure(bar, |person, _, weights| auc_of(person, weights, &judged))?);
        }
        Ok(())
    })?;
    let curves = Curves::of(&AFTER, ways, aucs);
    section.chart("auc", curves.chart("Two-pole people", "AUC"));
    section.table("auc", "AUC after so many answers.", curves.table(""));
    let (ours, theirs) = (curves.at("segments", 5).mean, curves.at("pref", 15).mean);
    section.targets(vec![Target {
        what: "AUC after 5 answers at least that of `pref` after 15".to_owned(),
        reached: format!("{ours:.3} against {theirs:.3}"),
        met: ours >= theirs,
        reason: TYPES,
    }]);
    Ok(section)
}

const TYPES: &str = "One of 84 types is 6.4 bits, more than five answers can tell: even with the 84 types known beforehand five \
    answers do not reach it.";

/// A narrow segment for each of the 84 people.
fn all_types() -> Result<Prior, Error> {
    const WIDTH: f64 = 0.1;
    let mut segments = Vec::new();
    for first in 0..7 {
        for second in first + 1..7 {
            for (a, b) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
                let mut mean = vec![0.0; 7];
                // Rewards then have a standard deviation of 2.
                mean[first] = a * f64::sqrt(2.0);
                mean[second] = b * f64::sqrt(2.0);
                let row = |j: usize| (0..7).map(|k| if j == k { WIDTH * WIDTH } else { 0.0 }).collect();
                segments.push(Segment::new(1.0, &mean, &(0..7).map(row).collect::<Vec<_>>()));
            }
        }
    }
    let wrong = |_| Error::NotConverged;
    Prior::mixture(segments.into_iter().collect::<Result<_, _>>().map_err(wrong)?).map_err(wrong)
}

/// How well the weights tell what the person says about pairs that they were not asked.
fn auc_of(person: &Person, weights: &[f64], pairs: &[Vec<Vec<f64>>]) -> f64 {
    let reward = |scores: &[f64]| -> f64 { weights.iter().zip(scores).map(|(weight, score)| weight * score).sum() };
    let differences: Vec<f64> = pairs.iter().map(|pair| reward(&pair[0]) - reward(&pair[1])).collect();
    let offered = AnswerModel::PLAIN.offered();
    // Answers of their own, far from those of the interview.
    let said = pairs.iter().enumerate();
    let said: Vec<bool> =
        said.map(|(index, pair)| person.answer(pair, offered, 10_000 + index) == Answer::Chose(0)).collect();
    auc(&differences, &said)
}
