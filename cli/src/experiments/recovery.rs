//! The paper's first experiments: recovery of the weights, chosen against random questions, and the
//! number of base rewards.

use super::size::Size;
use crate::report::Section;
use crate::simulate::interviews::{Interviews, endless};
use crate::simulate::regret::{Curves, Measurements, PickCurves, PickMeasurements, PickQuality};
use crate::simulate::setting::{PriorFrom, Setting};
use leaning::question::acquisition::{DEFAULT, random::RandomPair};
use leaning::{
    AnswerModel, Deck, DeckCandidate, Dimension, Error, Interview, Options, Prior, Question,
    Strategy,
};
use leaning_simulate::{PREF, Person, Tastes};
use nalgebra::{DMatrix, DVector};

const AFTER: [usize; 8] = [0, 3, 5, 10, 15, 20, 30, 40];
/// Number of base rewards that matter to people, the first of them most.
const TRUE_DIMENSIONS: usize = 6;
/// Number of base rewards in the worlds where some matter to nobody.
const ALL_DIMENSIONS: usize = 8;

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("recovery", "Weight recovery, active against random");
    section.text(
        "Correlation of the inferred weights with the true ones, by number of answers: d = 6, \
         1,000 pairs. The prior is the true one; the rows with \"no prior\" and `pref` have none.",
    );
    let variants: [(&str, Strategy, bool); 5] = [
        (DEFAULT.name(), DEFAULT, true),
        ("random", &RandomPair, true),
        ("no prior", DEFAULT, false),
        ("random, no prior", &RandomPair, false),
        ("pref", &PREF, true),
    ];
    let setting = Setting::pairs(TRUE_DIMENSIONS, Tastes::Alike);
    let setting = size.of(Setting {
        prior: PriorFrom::Truth,
        ..setting
    });
    let mut correlations = vec![Measurements::new(&AFTER); variants.len()];
    setting.in_each_world("weights recovered", variants.len(), |bar, instance| {
        for ((_, strategy, has_prior), correlations) in variants.iter().zip(&mut correlations) {
            let interviews = Interviews {
                deck: if *has_prior {
                    &instance.deck
                } else {
                    instance.world.deck()
                },
                population: &instance.population,
                people: instance.people.clone(),
                options: endless(*strategy),
                after: &AFTER,
            };
            correlations.add(interviews.measure(bar, |person, _, weights| {
                Ok(person
                    .weights()
                    .map_or(f64::NAN, |truth| correlation(weights, truth)))
            })?);
        }
        Ok(())
    })?;
    let curves = Curves::new(&AFTER, variants.map(|(name, ..)| name), correlations);
    let y_label = "correlation with the true weights";
    section.chart("weights", curves.chart("Weights recovered", y_label));
    section.table(
        "weights",
        "Correlation by number of answers.",
        curves.table(""),
    );
    dimensions(size, &mut section)?;
    Ok(section)
}

/// Decks with only the first few of the base rewards that matter, or with a few that do not.
fn dimensions(size: Size, section: &mut Section) -> Result<(), Error> {
    section.text(
        "Number of base rewards. Six matter, and the standard deviation of their weights is \
         ∝ e^(−0.15 j). The deck has the first k of them, or all six and some that matter to \
         nobody. The table has the best-of-16 regret, with the true prior of the base rewards in \
         the deck.",
    );
    let known = [1, 2, 3, 4, 5, 6, 8];
    let after = [5, 10, 20, 40];
    let setting = Setting::pairs(ALL_DIMENSIONS, Tastes::Linear(decaying_weights()?));
    let setting = size.of(Setting {
        prior: PriorFrom::Nothing,
        ..setting
    });
    let mut picks = vec![PickMeasurements::new(&after); known.len()];
    setting.in_each_world("number of base rewards", known.len(), |bar, instance| {
        let truth = instance.population.prior().ok_or(Error::NotConverged)?;
        let prompts = instance.fresh_prompts();
        let full = instance.world.deck();
        for (&k, picks) in known.iter().zip(&mut picks) {
            let deck = truncate(full, &truth, k)?;
            let population = deck.prior().mean().clone();
            let population = population.resize_vertically(ALL_DIMENSIONS, 0.0);
            for index in instance.people.clone() {
                let person = instance.population.person(index);
                let weights = infer_weights(&deck, full, &person, index as u64, &after)?;
                let quality = |weights: &DVector<f64>| {
                    PickQuality::of(&person, &prompts, full.features(), weights, &population)
                };
                picks.add([weights.iter().map(quality).collect()]);
                bar.inc(1);
            }
        }
        Ok(())
    })?;
    let curves = PickCurves::new(&after, known.map(|k| k.to_string()), picks);
    let caption = "Regret by number of base rewards and number of answers.";
    curves.add_tables(section, "dimensions", caption, "base rewards");
    Ok(())
}

/// The weights inferred from an interview about a deck with fewer base rewards than the full one,
/// after each number of answers, with zeros for the missing base rewards.
fn infer_weights(
    deck: &Deck,
    full: &Deck,
    person: &Person,
    seed: u64,
    after: &[usize],
) -> Result<Vec<DVector<f64>>, Error> {
    let options = Options {
        seed: Some(seed),
        ..endless(DEFAULT)
    };
    let mut interview = Interview::start(deck.clone(), options)?;
    let mut found = Vec::new();
    for answers in 0..=after.last().copied().unwrap_or(0) {
        if after.contains(&answers) {
            let weights = interview.laplace_approximation()?.mean().clone();
            found.push(weights.resize_vertically(ALL_DIMENSIONS, 0.0));
        }
        let Some(question) = interview.question()? else {
            break;
        };
        let answer = person.answer(&full_scores(question, full), question.offered, answers);
        interview.answer(answer)?;
    }
    Ok(found)
}

/// The candidates of a question as the person sees them, with all base rewards: d × K.
fn full_scores(question: &Question, full: &Deck) -> DMatrix<f64> {
    let prompt = question
        .prompt
        .map(|prompt| full.prompts()[prompt].scores())
        .unwrap_or_default();
    let places: Vec<usize> = question
        .candidates
        .iter()
        .map(|candidate| candidate.index)
        .collect();
    prompt.select_columns(&places)
}

/// The full deck with only its first `k` base rewards.
fn truncate(full: &Deck, prior: &Prior, k: usize) -> Result<Deck, Error> {
    let (mean, covariance) = (prior.mean().rows(0, k), prior.covariance());
    let mut builder = Deck::builder("truncated")
        .prior(Prior::gaussian(
            mean.into_owned(),
            covariance.view((0, 0), (k, k)).into_owned(),
        )?)
        .answer_model(AnswerModel::BRADLEY_TERRY);
    for dimension in &full.dimensions()[..k] {
        builder = builder.dimension(Dimension::new(dimension.id.clone()));
    }
    for prompt in full.prompts() {
        let candidates = prompt.candidates.iter().map(|candidate| {
            DeckCandidate::new(candidate.id.clone(), candidate.scores[..k].to_vec())
        });
        builder = builder.prompt(prompt.id.clone(), candidates);
    }
    builder.build()
}

fn decaying_weights() -> Result<Prior, Error> {
    // A base reward that matters to nobody still needs a variance.
    let variance = |j: usize| {
        if j < TRUE_DIMENSIONS {
            f64::exp(-0.3 * j as f64)
        } else {
            1e-6
        }
    };
    let variances = DVector::from_fn(ALL_DIMENSIONS, |j, _| variance(j));
    Prior::gaussian(
        DVector::zeros(ALL_DIMENSIONS),
        DMatrix::from_diagonal(&variances),
    )
}

/// Pearson's correlation of deviations from 0: the cosine of the angle between the vectors.
fn correlation(a: &DVector<f64>, b: &DVector<f64>) -> f64 {
    let scale = a.norm() * b.norm();
    if scale > 0.0 { a.dot(b) / scale } else { 0.0 }
}
