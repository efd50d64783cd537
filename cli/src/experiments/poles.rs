//! The paper's simulated people: two of 14 trait poles each.

use super::size::Size;
use crate::report::{Section, Target};
use crate::simulate::interviews::{Interviews, endless};
use crate::simulate::regret::{Curves, Measurements};
use crate::simulate::setting::{Instance, Setting};
use crate::simulate::training::TrainingPeople;
use leaning::question::acquisition::{DEFAULT, random::RandomPair};
use leaning::{Answer, AnswerKind, AnswerModel, Deck, Error, MixtureComponent, Prior, Strategy};
use leaning_simulate::{PREF, Person, Tastes, auc};
use nalgebra::{DMatrix, DVector};

const DIMENSIONS: usize = 7;
/// 7·6/2 pairs of traits, each with two poles.
const PEOPLE: usize = 84;
const PAIRS_TO_JUDGE: usize = 200;
/// Number of decks to ask about. The people are always the same.
const WORLDS: usize = 3;
const AFTER: [usize; 7] = [0, 3, 5, 8, 10, 15, 20];
/// A component for each trait pole, as a publisher would try who knows of the poles.
const COMPONENTS: usize = 2 * DIMENSIONS;

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("poles", "Two-pole people");
    section.text(
        "As in the paper's Attributes set, there are 84 people, each with two of 14 trait poles in \
         7 dimensions. The figure is the AUC of the inferred reward difference against their \
         answers about 200 pairs that were never asked. The priors are fitted to 500 other \
         people's answers to 30 random questions each: one Gaussian, or a mixture with a component \
         for each pole. \"The 84 types\" is a mixture that knows everything beforehand, with a \
         narrow component for each of the 84 people. It bounds what any prior can do.",
    );
    let setting = setting(size);
    let names = [
        "pref",
        "no prior",
        "one Gaussian",
        "mixture",
        "the 84 types",
        "random, one Gaussian",
    ];
    let mut aucs = vec![Measurements::new(&AFTER); names.len()];
    setting.in_each_world("two-pole people", names.len(), |bar, instance| {
        let Instance {
            world,
            population,
            deck: gaussian,
            ..
        } = instance;
        let training = mixture(size);
        bar.inc_length(training.people as u64);
        let without = world.deck();
        let mixture = without.with_prior(training.fit_prior(bar, world, population)?)?;
        let types = without.with_prior(all_types()?)?;
        let judged = pairs_to_judge(instance);
        let variants: [(&Deck, Strategy); 6] = [
            (gaussian, &PREF),
            (without, DEFAULT),
            (gaussian, DEFAULT),
            (&mixture, DEFAULT),
            (&types, DEFAULT),
            (gaussian, &RandomPair),
        ];
        for ((deck, strategy), aucs) in variants.into_iter().zip(&mut aucs) {
            let (people, options) = (0..setting.people, endless(strategy));
            let interviews = Interviews {
                deck,
                population,
                people,
                options,
                after: &AFTER,
            };
            aucs.add(interviews.measure(bar, |person, _, weights| {
                Ok(auc_of(person, weights, &judged))
            })?);
        }
        Ok(())
    })?;
    let curves = Curves::new(&AFTER, names, aucs);
    section.chart("auc", curves.chart("Two-pole people", "AUC"));
    section.table("auc", "AUC by number of answers.", curves.table(""));
    let (ours, theirs) = (curves.at("mixture", 5).mean, curves.at("pref", 15).mean);
    section.targets(vec![Target {
        what: "AUC after 5 answers at least that of `pref` after 15".to_owned(),
        reached: format!("{ours:.3} against {theirs:.3}"),
        met: ours >= theirs,
        reason: TYPES,
    }]);
    Ok(section)
}

const TYPES: &str = "One of 84 types is 6.4 bits, more than five answers can tell. Even with \
    the 84 types known beforehand, five answers do not reach it.";

/// Everybody, with 300 pairs to ask about.
pub(super) fn setting(size: Size) -> Setting {
    let mut setting = size.of(Setting::pairs(DIMENSIONS, Tastes::TwoPoles));
    setting.world.prompts = 300;
    setting.worlds = size.worlds.min(WORLDS);
    setting.people = if size == Size::FULL {
        PEOPLE
    } else {
        size.people
    };
    setting
}

/// Whose answers the mixture is fitted to.
pub(super) fn mixture(size: Size) -> TrainingPeople {
    TrainingPeople {
        people: size.others,
        components: COMPONENTS,
        ..TrainingPeople::USUAL
    }
}

/// Pairs that are never asked about.
pub(super) fn pairs_to_judge(instance: &Instance) -> Vec<DMatrix<f64>> {
    instance.world.fresh(PAIRS_TO_JUDGE, 2, instance.seed)
}

/// A narrow component for each of the 84 people.
fn all_types() -> Result<Prior, Error> {
    const VARIANCE: f64 = 0.01;
    let covariance = DMatrix::from_diagonal_element(DIMENSIONS, DIMENSIONS, VARIANCE);
    let mut components = Vec::new();
    for first in 0..DIMENSIONS {
        for second in first + 1..DIMENSIONS {
            for (a, b) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
                let mut mean = DVector::zeros(DIMENSIONS);
                // Rewards have a standard deviation of 2 then.
                mean[first] = a * f64::sqrt(2.0);
                mean[second] = b * f64::sqrt(2.0);
                components.push(MixtureComponent::new(1.0, mean, covariance.clone())?);
            }
        }
    }
    Prior::mixture(components)
}

/// How well the weights predict the person's answers about pairs that were not asked.
pub(super) fn auc_of(person: &Person, weights: &DVector<f64>, pairs: &[DMatrix<f64>]) -> f64 {
    let difference = |pair: &DMatrix<f64>| weights.dot(&(pair.column(0) - pair.column(1)));
    let differences: Vec<f64> = pairs.iter().map(difference).collect();
    let offered = AnswerModel::BRADLEY_TERRY.offered(AnswerKind::Choice);
    let answered_first = |(index, pair): (usize, &DMatrix<f64>)| {
        // These answers have numbers far from those of the interview.
        person.answer(pair, offered, 10_000 + index) == Answer::Chose(0)
    };
    let answers: Vec<bool> = pairs.iter().enumerate().map(answered_first).collect();
    auc(&differences, &answers)
}
