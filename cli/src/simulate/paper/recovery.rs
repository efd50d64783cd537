//! The paper's first experiments: are the weights recovered, do chosen questions beat random ones, and how many base
//! rewards does it take?

use super::Size;
use crate::report::Section;
use crate::simulate::engine::{Run, asking};
use crate::simulate::regret::{Curves, Tally};
use crate::simulate::setting::{PriorFrom, Setting};
use leaning::ranking::best_of;
use leaning::simulate::{Person, Tastes, World, regret};
use leaning::{Deck, Error, Interview, Options, Prior, Strategy};

const AFTER: [usize; 8] = [0, 3, 5, 10, 15, 20, 30, 40];
/// Base rewards that matter to people, the first of them most.
const TRUE_DIMENSIONS: usize = 6;

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("recovery", "Weights recovered, and active against random");
    section.text(
        "Correlation of the inferred weights with the true ones, by number of answers: d = 6, 1,000 pairs, the true \
         prior for whoever uses one, and without any.",
    );
    let strategy = Strategy::default();
    let ways = [
        (strategy.name(), asking(strategy), true),
        ("random", asking(Strategy::Random), true),
        ("no prior", asking(strategy), false),
        ("random, no prior", asking(Strategy::Random), false),
        ("pref", asking(Strategy::Pref), true),
    ];
    let setting = size.of(Setting { prior: PriorFrom::Truth, ..Setting::pairs(TRUE_DIMENSIONS, Tastes::Alike) });
    let mut found = vec![Tally::new(&AFTER); ways.len()];
    setting.in_each_world("weights recovered", ways.len(), |bar, instance| {
        for ((_, options, informed), found) in ways.iter().zip(&mut found) {
            let deck = if *informed { &instance.deck } else { instance.world.deck() };
            let (population, people) = (&instance.population, instance.people.clone());
            let run = Run { deck, population, people, options: options.clone(), after: &AFTER };
            found.add(run.measure(bar, |person, _, weights| correlation(weights, person.weights().unwrap_or(&[])))?);
        }
        Ok(())
    })?;
    let curves = Curves::of(&AFTER, ways.map(|(name, ..)| name), found);
    section.chart("weights", curves.chart("Weights recovered", "correlation with the true weights"));
    section.table("weights", "Correlation after so many answers.", curves.table(""));
    dimensions(size, &mut section)?;
    Ok(section)
}

/// A deck that knows only the first few of the base rewards that matter, or a few that do not.
fn dimensions(size: Size, section: &mut Section) -> Result<(), Error> {
    section.text(
        "How many base rewards. Six matter, with weights of standard deviation ∝ e^(−0.15 j); the deck knows the first \
         k of them, or all and some that matter to nobody. Best-of-16 regret, with the prior of those that the deck knows.",
    );
    let known = [1, 2, 3, 4, 5, 6, 8];
    let after = [5, 10, 20, 40];
    let setting = Setting { prior: PriorFrom::Nobody, ..Setting::pairs(8, Tastes::Linear(decaying()?)) };
    let mut regrets = vec![Tally::new(&after); known.len()];
    size.of(setting).in_each_world("number of base rewards", known.len(), |bar, instance| {
        let truth = instance.population.prior().ok_or(Error::NotConverged)?;
        let picks = instance.picks();
        for (&k, regrets) in known.iter().zip(&mut regrets) {
            let deck = truncated(&instance.world, &truth, k)?;
            for index in instance.people.clone() {
                let person = instance.population.person(index);
                let of = |weights: &Vec<f64>| regret(&person, &picks, |scores| best_of(weights, scores).unwrap_or(0));
                let weights = weights_from(&deck, &person, index as u64, &after)?;
                regrets.add([weights.iter().map(of).collect()]);
                bar.inc(1);
            }
        }
        Ok(())
    })?;
    let curves = Curves::of(&after, known.map(|k| k.to_string()), regrets);
    section.table(
        "dimensions",
        "Regret after so many answers, by number of base rewards.",
        curves.table("base rewards"),
    );
    Ok(())
}

/// The weights inferred from an interview about a deck that knows fewer base rewards than people have, after so many
/// answers, with zeros for those that it does not know.
fn weights_from(deck: &Deck, person: &Person, seed: u64, after: &[usize]) -> Result<Vec<Vec<f64>>, Error> {
    let options = Options { seed: Some(seed), ..asking(Strategy::default()) };
    let mut interview = Interview::start(deck.clone(), options)?;
    let mut found = Vec::new();
    for answers in 0..=after.last().copied().unwrap_or(0) {
        if after.contains(&answers) {
            let mut weights = interview.belief().mean().to_vec();
            weights.resize(8, 0.0);
            found.push(weights);
        }
        let Some(question) = interview.next() else { break };
        // The person sees the whole response: its scores are in its text.
        let shown: Vec<Vec<f64>> = question.shown.iter().map(|shown| whole(&shown.text)).collect();
        let answer = person.answer(&shown, question.offered, answers);
        interview.answer(answer)?;
    }
    Ok(found)
}

fn whole(text: &str) -> Vec<f64> {
    text.split(' ').filter_map(|number| number.parse().ok()).collect()
}

/// The world's deck with the first `k` base rewards, and the full scores in the candidates' texts.
fn truncated(world: &World, prior: &Prior, k: usize) -> Result<Deck, Error> {
    let candidates = |prompt: &leaning::deck::Prompt| -> Vec<serde_json::Value> {
        let one = |candidate: &leaning::deck::Candidate| {
            let text: Vec<String> = candidate.scores.iter().map(f64::to_string).collect();
            serde_json::json!({ "id": candidate.id, "text": text.join(" "), "scores": candidate.scores[..k] })
        };
        prompt.candidates.iter().map(one).collect()
    };
    let prompts = world.deck().prompts().iter();
    let prompts: Vec<serde_json::Value> =
        prompts.map(|prompt| serde_json::json!({ "id": prompt.id, "candidates": candidates(prompt) })).collect();
    let dimensions: Vec<serde_json::Value> = (0..k).map(|j| serde_json::json!({ "id": format!("d{j}") })).collect();
    let covariance = prior.segments()[0].covariance();
    let covariance: Vec<&[f64]> = covariance[..k].iter().map(|row| &row[..k]).collect();
    let deck = serde_json::json!({
        "format": "leaning-deck/1", "id": "truncated", "version": "1", "dimensions": dimensions, "prompts": prompts,
        "prior": { "mean": prior.mean()[..k], "covariance": covariance },
        "answers": { "lapse": 0.0, "indifference": 0.0 },
    });
    Deck::from_json(&deck.to_string())
}

fn decaying() -> Result<Prior, Error> {
    // What matters to nobody still needs a variance.
    let variance = |j: usize| if j < TRUE_DIMENSIONS { f64::exp(-0.3 * j as f64) } else { 1e-6 };
    let row = |j: usize| (0..8).map(|k| if j == k { variance(j) } else { 0.0 }).collect();
    Prior::new(&[0.0; 8], &(0..8).map(row).collect::<Vec<_>>()).map_err(|_| Error::NotConverged)
}

/// Pearson's, of deviations from 0: the cosine of the angle between them.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let scale = (dot(a, a) * dot(b, b)).sqrt();
    if scale > 0.0 { dot(a, b) / scale } else { 0.0 }
}
