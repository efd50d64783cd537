//! Contrast: how much it helps to ask about candidates that people differ about.

use super::size::Size;
use crate::build::design::most_informative;
use crate::deck::contrast::{Contrast, QUESTIONS};
use crate::progress::progress;
use crate::report::{Cell, Section, Table};
use crate::simulate::interviews::endless;
use crate::simulate::regret::{Group, PickCurves, PickMeasurements, Variant};
use crate::simulate::setting::{Instance, PriorFrom, Setting};
use leaning::model::evidence::columns;
use leaning::numeric::{Random, descending};
use leaning::question::acquisition::DEFAULT;
use leaning::question::{Pair, pairs};
use leaning::{Deck, DeckCandidate, Dimension, Error, Prompt};
use leaning_simulate::{Habits, Population, WorldOptions};
use nalgebra::{DMatrix, DVector};
use std::collections::HashSet;

const PROMPTS: usize = 60;
const DRAFTS: usize = 12;
/// Number of pairs that are kept of all.
const KEPT: usize = 16;
const AFTER: [usize; 4] = [0, 5, 10, 20];
/// By this much the candidates of the demo deck are moved away from the mean of their prompt.
const FACTORS: [f64; 5] = [0.25, 0.5, 1.0, 1.5, 2.0];
const DEMO: &str = include_str!("../../../www/decks/assistant-style-en.json");

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("contrast", "Candidates that tell something apart");
    section.text(format!(
        "The demo deck (d = 6), with every candidate moved towards or away from the mean of its \
         prompt by a factor, so that the same replies are less or more unlike, for {} people drawn \
         from the default prior of the deck as it is. Regret and harm are about the deck's own \
         prompts; a factor changes no pick and no regret by itself. The spread is the standard \
         deviation over people of the reward difference of the typical pair; bits are those of the \
         first question, and the average of the {QUESTIONS} best of different prompts \
         (`leaning check`).",
        size.worlds * size.people,
    ));
    section.table("demo", "Contrast within prompts.", demo(size)?);
    section.text(format!(
        "Choosing from many drafts: {PROMPTS} prompts with {DRAFTS} drafts each, d = 8, people \
         alike, the true prior. The deck keeps only the candidates of {KEPT} of the {} pairs: \
         chosen at random; those with the most distant scores; those that people differ about \
         most, each by itself; or those that tell most together, as `leaning build --pairs` \
         chooses.",
        PROMPTS * DRAFTS * (DRAFTS - 1) / 2,
    ));
    let curves = chosen(size)?;
    let caption = "Best-of-16 regret by number of answers.";
    curves.add_tables(&mut section, "chosen", caption, "pairs");
    Ok(section)
}

fn variant() -> [Variant; 1] {
    [Variant {
        name: String::new(),
        options: endless(DEFAULT),
    }]
}

/// The deck with the same prior, and for each candidate the scores that `scores` returns for the
/// places of prompt and candidate. Candidates without scores are left out.
fn changed(deck: &Deck, scores: impl Fn(usize, usize) -> Option<Vec<f64>>) -> Result<Deck, Error> {
    let mut builder = Deck::builder(deck.id())
        .prior(deck.prior().clone())
        .answer_model(deck.answer_model());
    for dimension in deck.dimensions() {
        builder = builder.dimension(Dimension::new(dimension.id.clone()));
    }
    for (place, prompt) in deck.prompts().iter().enumerate() {
        let candidates = prompt.candidates.iter().enumerate();
        let candidates: Vec<DeckCandidate> = candidates
            .filter_map(|(k, of)| Some(DeckCandidate::new(of.id.clone(), scores(place, k)?)))
            .collect();
        if !candidates.is_empty() {
            builder = builder.prompt(prompt.id.clone(), candidates);
        }
    }
    builder.build()
}

/// The demo deck with less and with more contrast.
fn demo(size: Size) -> Result<Table, Error> {
    let deck = Deck::from_json(DEMO)?;
    let habits = Habits {
        model: deck.answer_model(),
        ..Habits::default()
    };
    let population = Population::of_prior(deck.prior().clone(), habits, 1)?;
    let prompts: Vec<DMatrix<f64>> = deck.prompts().iter().map(Prompt::scores).collect();
    let people = 0..size.worlds * size.people;
    let bar = progress(people.len() * FACTORS.len(), "contrast, demo");
    let after = [5, 10];
    let heads = [
        "factor",
        "spread",
        "bits, best",
        "bits, ten",
        "regret, 5",
        "regret, 10",
        "harm, 5",
        "harm, 10",
    ];
    let mut table = Table {
        columns: heads.map(str::to_owned).to_vec(),
        ..Table::default()
    };
    for factor in FACTORS {
        let scaled = changed(&deck, |prompt, candidate| {
            let mean = prompts[prompt].column_mean();
            let moved = &mean + factor * (prompts[prompt].column(candidate) - &mean);
            Some(moved.as_slice().to_vec())
        })?;
        let mut picks = vec![PickMeasurements::new(&after)];
        let group = Group {
            deck: &scaled,
            population: &population,
            people: people.clone(),
            prompts: &prompts,
        };
        group.add_picks(&bar, &after, &variant(), &mut picks)?;
        let PickCurves { regret, harm, .. } = PickCurves::new(&after, [""], picks);
        let contrast = Contrast::of(&scaled)?;
        let figure = |value| Cell::Figure { value, error: None };
        let mut row = vec![
            Cell::Text(factor.to_string()),
            figure(contrast.typical_spread),
            figure(contrast.best_bits()),
            figure(contrast.mean_bits()),
        ];
        for curves in [regret, harm] {
            row.extend(after.map(|answers| Cell::from(curves.at("", answers))));
        }
        table.rows.push(row);
    }
    bar.finish_and_clear();
    Ok(table)
}

/// Ways to choose pairs from many drafts.
fn chosen(size: Size) -> Result<PickCurves, Error> {
    let setting = size.of(Setting {
        world: WorldOptions {
            prompts: PROMPTS,
            candidates: DRAFTS,
            ..WorldOptions::default()
        },
        prior: PriorFrom::Truth,
        ..Setting::default()
    });
    let names = ["all", "at random", "most distant", "one by one", "together"];
    let mut picks = vec![PickMeasurements::new(&AFTER); names.len()];
    setting.in_each_world("contrast, drafts", names.len(), |bar, instance| {
        let prompts = instance.fresh_prompts();
        let decks = decks(instance)?;
        for (deck, picks) in decks.iter().zip(&mut picks) {
            let group = Group {
                deck,
                ..instance.group(&prompts)
            };
            let picks = std::slice::from_mut(picks);
            group.add_picks(bar, &AFTER, &variant(), picks)?;
        }
        Ok(())
    })?;
    Ok(PickCurves::new(&AFTER, names, picks))
}

/// The deck with all drafts, and with the pairs that are chosen in each way.
fn decks(Instance { deck, seed, .. }: &Instance) -> Result<Vec<Deck>, Error> {
    let all = pairs(deck);
    let covariance = deck.prior().covariance();
    let best_by = |score: &dyn Fn(&DVector<f64>) -> f64| -> Vec<Pair> {
        let scores = all.iter().map(|pair| score(&difference(deck, pair)));
        let best = descending(scores).into_iter().take(KEPT);
        best.map(|scored| all[scored.index]).collect()
    };
    let mut at_random = all.clone();
    Random::new(*seed, 0).shuffle(&mut at_random);
    at_random.truncate(KEPT);
    let ways = [
        at_random,
        best_by(&|z| z.norm_squared()),
        best_by(&|z| z.dot(&(&covariance * z))),
        most_informative(deck, KEPT, *seed),
    ];
    let narrowed = |kept: &Vec<Pair>| {
        let places: HashSet<(usize, usize)> = kept
            .iter()
            .flat_map(|pair| {
                let (a, b) = pair.candidates;
                [(pair.prompt, a), (pair.prompt, b)]
            })
            .collect();
        changed(deck, |prompt, candidate| {
            let scores = &deck.prompts()[prompt].candidates[candidate].scores;
            places
                .contains(&(prompt, candidate))
                .then(|| scores.clone())
        })
    };
    let mut decks = vec![deck.clone()];
    for kept in &ways {
        decks.push(narrowed(kept)?);
    }
    Ok(decks)
}

fn difference(deck: &Deck, pair: &Pair) -> DVector<f64> {
    let candidates = &deck.prompts()[pair.prompt].candidates;
    let scores = columns(&[
        &candidates[pair.candidates.0].scores[..],
        &candidates[pair.candidates.1].scores[..],
    ]);
    scores.column(0) - scores.column(1)
}
