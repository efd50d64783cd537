//! The paper's first experiments: are the weights recovered, do chosen questions beat random ones, and how many base
//! rewards does it take?

use super::Size;
use crate::simulate::engine::{Estimate, Run, asking, progress};
use crate::simulate::regret::{BEST_OF, Curves, FRESH_PROMPTS};
use crate::simulate::section::Section;
use leaning::ranking::best_of;
use leaning::simulate::{Habits, Population, PopulationOptions, Tastes, World, WorldOptions, regret};
use leaning::{AnswerModel, Deck, Error, Options, Prior, Strategy};

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
    let bar = progress(size.worlds * size.people * ways.len(), "weights recovered");
    let mut found: Vec<Found> = ways.iter().map(|_| Found::default()).collect();
    for seed in 0..size.worlds as u64 {
        let world = World::new(&pairs_of(TRUE_DIMENSIONS), seed)?;
        let population = Population::new(&world, plain(Tastes::Alike), seed)?;
        let informed = population.prior().map_or_else(|| Ok(world.deck().clone()), |prior| world.deck_with(&prior))?;
        for ((_, options, prior), found) in ways.iter().zip(&mut found) {
            let deck = if *prior { &informed } else { world.deck() };
            let start = seed as usize * size.people;
            let people = start..start + size.people;
            let run = Run { deck, population: &population, people, options: options.clone(), after: &AFTER };
            found.add(run.measure(&bar, |person, _, weights| correlation(weights, person.weights().unwrap_or(&[])))?);
        }
    }
    bar.finish_and_clear();
    let names = ways.iter().map(|(name, ..)| (*name).to_owned());
    let curves = names.zip(found.into_iter().map(Found::estimates)).collect();
    let curves = Curves { after: AFTER.to_vec(), curves };
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
    let bar = progress(size.worlds * size.people * known.len(), "number of base rewards");
    let mut found: Vec<Found> = known.iter().map(|_| Found::default()).collect();
    for seed in 0..size.worlds as u64 {
        let full = World::new(&pairs_of(8), seed)?;
        let population = Population::new(&full, plain(Tastes::Linear(decaying()?)), seed)?;
        let truth = population.prior().ok_or(Error::NotConverged)?;
        let fresh = full.fresh(FRESH_PROMPTS, BEST_OF, seed);
        for (&k, found) in known.iter().zip(&mut found) {
            let start = seed as usize * size.people;
            let deck = truncated(&full, &truth, k)?;
            let run = Truncated { deck: &deck, population: &population, dimensions: k, after: &after };
            for index in start..start + size.people {
                let weights = run.weights(index)?;
                let person = population.person(index);
                let of = |weights: &Vec<f64>| regret(&person, &fresh, |scores| best_of(weights, scores).unwrap_or(0));
                found.add(vec![weights.iter().map(of).collect()]);
                bar.inc(1);
            }
        }
    }
    bar.finish_and_clear();
    let curves = known.iter().map(|k| k.to_string()).zip(found.into_iter().map(Found::estimates)).collect();
    let curves = Curves { after: after.to_vec(), curves };
    section.table(
        "dimensions",
        "Regret after so many answers, by number of base rewards.",
        curves.table("base rewards"),
    );
    Ok(())
}

/// Interviews about a deck that knows fewer base rewards than people have.
struct Truncated<'a> {
    deck: &'a Deck,
    population: &'a Population,
    dimensions: usize,
    after: &'a [usize],
}

impl Truncated<'_> {
    /// The weights inferred, with zeros for what the deck does not know, after so many answers.
    fn weights(&self, index: usize) -> Result<Vec<Vec<f64>>, Error> {
        let options = Options { seed: Some(index as u64), ..asking(Strategy::default()) };
        let mut interview = leaning::Interview::start(self.deck.clone(), options)?;
        let person = self.population.person(index);
        let mut found = Vec::new();
        for answers in 0..=self.after.last().copied().unwrap_or(0) {
            if self.after.contains(&answers) {
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
        debug_assert!(self.dimensions <= 8);
        Ok(found)
    }
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

fn pairs_of(dimensions: usize) -> WorldOptions {
    WorldOptions { dimensions, prompts: 1000, candidates: 2, model: AnswerModel::PLAIN, ..WorldOptions::default() }
}

fn plain(tastes: Tastes) -> PopulationOptions {
    let habits = Habits { model: AnswerModel::PLAIN, ..Habits::default() };
    PopulationOptions { tastes, habits, ..PopulationOptions::default() }
}

/// Pearson's, of deviations from 0: the cosine of the angle between them.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let scale = (dot(a, a) * dot(b, b)).sqrt();
    if scale > 0.0 { dot(a, b) / scale } else { 0.0 }
}

/// What was measured of everybody, after each number of answers.
#[derive(Default)]
struct Found(Vec<Vec<f64>>);

impl Found {
    fn add(&mut self, people: Vec<Vec<f64>>) {
        for person in people {
            self.0.resize(person.len(), Vec::new());
            for (all, one) in self.0.iter_mut().zip(person) {
                all.push(one);
            }
        }
    }

    fn estimates(self) -> Vec<Estimate> {
        self.0.into_iter().map(Estimate::of).collect()
    }
}
