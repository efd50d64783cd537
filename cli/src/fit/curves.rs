//! The dimensions of a fit that would gain from a curve.
//!
//! How much likelier do people's answers become if one dimension counts with its square as well? The
//! prior of the square is the one that every deck has for its curved dimensions; it is not fitted.
//! The mean ratio of the two likelihoods, over people whose tastes are straight, is therefore 1, and
//! the mean of its logarithm is below 0: straight tastes gain nothing on average, and no people have
//! to be held out.

use super::cross_validation::log_evidences;
use crate::failure::Failure;
use crate::report::{Cell, Estimate, Section, Table};
use leaning::{Deck, Dimension, Error, MixtureComponent, Prior};
use leaning_population::Sample;
use nalgebra::DMatrix;
use serde::Serialize;
use serde_json::{Map, Value};
use std::str::FromStr;

/// A curve is proposed if it gains more than this many standard errors.
const CERTAIN: f64 = 3.0;
/// It also has to gain this many nats per answer: with many people any gain is certain, however
/// small.
const NOTICEABLE: f64 = 0.001;
/// Of more people than this only some are asked, evenly spaced.
const MAX_PEOPLE: usize = 1000;

/// The dimensions to curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Curved {
    /// None, but those that would gain are named.
    Propose,
    /// Those that gain.
    Auto,
    /// None, and nothing is measured.
    None,
    /// Those with these ids.
    Ids(Vec<String>),
}

impl FromStr for Curved {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "propose" => Ok(Curved::Propose),
            "auto" => Ok(Curved::Auto),
            "none" => Ok(Curved::None),
            ids => {
                let ids: Vec<String> = ids.split(',').map(|id| id.trim().to_owned()).collect();
                if ids.iter().any(String::is_empty) {
                    return Err("expected propose, auto, none, or ids of dimensions".to_owned());
                }
                Ok(Curved::Ids(ids))
            }
        }
    }
}

impl Curved {
    /// The places of the dimensions to curve, given what was measured.
    ///
    /// # Errors
    /// If the deck has no dimension with one of the ids.
    pub fn places(&self, deck: &Deck, gains: &[CurveGain]) -> Result<Vec<usize>, String> {
        match self {
            Curved::Propose | Curved::None => Ok(Vec::new()),
            Curved::Auto => Ok(gains
                .iter()
                .filter(|gain| gain.proposed)
                .filter_map(|gain| deck.dimension_place(&gain.id))
                .collect()),
            Curved::Ids(ids) => ids
                .iter()
                .map(|id| {
                    deck.dimension_place(id).ok_or_else(|| {
                        let all: Vec<&str> = deck
                            .dimensions()
                            .iter()
                            .map(|dimension| &dimension.id[..])
                            .collect();
                        let all = all.join(", ");
                        format!("--curved: the deck has no dimension {id:?}, only {all}")
                    })
                })
                .collect(),
        }
    }
}

/// The gain from the curve of one dimension.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CurveGain {
    /// The dimension.
    pub id: String,
    /// In nats per answer: the mean over people, and its standard error.
    pub gain: Estimate,
    /// Whether it is more than noise.
    pub proposed: bool,
}

/// The gain from the curve of each dimension of a straight deck, in turn. `scores` has a row for each
/// response of the sample, n × d.
pub fn measure_curves(
    deck: &Deck,
    sample: &Sample,
    scores: &DMatrix<f64>,
) -> Result<Vec<CurveGain>, Error> {
    let step = sample.people().div_ceil(MAX_PEOPLE).max(1);
    let has_answers = |&person: &usize| sample.count(person) > 0;
    let people: Vec<usize> = (0..sample.people())
        .step_by(step)
        .filter(has_answers)
        .collect();
    let sample = sample.of_people(&people);
    let mean_answers = sample.comparisons() as f64 / sample.people() as f64;
    let columns = scores.transpose();
    let gain = |(place, dimension): (usize, &Dimension)| {
        let curved = with_curve(deck, place)?;
        let features = curved.features().map_columns(&columns).transpose();
        let model = curved.answer_model();
        let evidence = sample.evidence(&model, &features);
        let straight = log_evidences(&evidence, &model, &straight_prior(curved.prior())?)?;
        let curved = log_evidences(&evidence, &model, curved.prior())?;
        let gains = curved.iter().zip(&straight);
        let gain = Estimate::of(gains.map(|(curved, straight)| (curved - straight) / mean_answers));
        Ok(CurveGain {
            id: dimension.id.clone(),
            proposed: gain.mean > CERTAIN * gain.error && gain.mean >= NOTICEABLE,
            gain,
        })
    };
    deck.dimensions().iter().enumerate().map(gain).collect()
}

/// The prior of a deck with one curved dimension, without the people whose tastes are curved: each of
/// its components comes twice. Likelihoods come from samples of each component. Their errors are
/// alike under priors with as many components, and cancel out.
fn straight_prior(curved: &Prior) -> Result<Prior, Error> {
    // A straight component is followed by the curved one of the same people.
    let pairs = curved.components().chunks_exact(2);
    let twice = pairs.flat_map(|pair| {
        let straight = &pair[0];
        pair.iter().map(|of| {
            MixtureComponent::new(of.weight(), straight.mean().clone(), straight.covariance())
        })
    });
    Prior::mixture(twice.collect::<Result<_, _>>()?)
}

/// A straight deck with one curved dimension.
fn with_curve(deck: &Deck, place: usize) -> Result<Deck, Error> {
    let mut builder = Deck::builder(deck.id())
        .answer_model(deck.answer_model())
        .answer_kind(deck.answer_kind())
        .candidates_per_question(deck.candidates_per_question())
        .prior(deck.prior().clone())
        .prompts(deck.prompts().iter().cloned());
    for (j, dimension) in deck.dimensions().iter().enumerate() {
        let dimension = dimension.clone();
        builder = builder.dimension(if j == place {
            dimension.curved()
        } else {
            dimension
        });
    }
    builder.build()
}

/// Marks the dimensions at these places of a deck's file as curved.
pub fn mark_curved(fields: &mut Map<String, Value>, places: &[usize]) {
    let Some(Value::Array(dimensions)) = fields.get_mut("dimensions") else {
        return;
    };
    for &place in places {
        if let Some(Value::Object(dimension)) = dimensions.get_mut(place) {
            dimension.insert("curved".to_owned(), true.into());
        }
    }
}

/// A note that names the dimensions that would gain; `None` if none would.
pub fn proposal(gains: &[CurveGain]) -> Option<String> {
    let proposed = gains.iter().filter(|gain| gain.proposed);
    let ids: Vec<&str> = proposed.map(|gain| &gain.id[..]).collect();
    let ids = ids.join(",");
    (!ids.is_empty()).then(|| {
        format!(
            "many people like the middle, or both ends, of {ids}: --curved auto marks such \
             dimensions as curved"
        )
    })
}

/// The gains for people to read; `None` if nothing was measured.
pub fn section(gains: &[CurveGain]) -> Option<Section> {
    if gains.is_empty() {
        return None;
    }
    let mut section = Section::new("curves", "Tastes that are not straight");
    section.text(
        "Some people like the middle of a dimension, or both of its ends. The gain is that of each \
         person's log-likelihood, in nats per answer, if the dimension is curved and all others are \
         straight. A curve is proposed if it gains more than three standard errors and .001 nats \
         per answer.",
    );
    let row = |gain: &CurveGain| {
        let proposed = if gain.proposed { "yes" } else { "no" };
        vec![
            Cell::Text(gain.id.clone()),
            gain.gain.into(),
            Cell::Text(proposed.to_owned()),
        ]
    };
    let table = Table {
        columns: ["id", "gain", "proposed"].map(str::to_owned).to_vec(),
        rows: gains.iter().map(row).collect(),
        decimals: 4,
    };
    section.table("curves", "The gain from a curve, by dimension.", table);
    Some(section)
}

/// Fails if the marked deck cannot be read again.
pub fn curve(
    fields: &mut Map<String, Value>,
    deck: &Deck,
    places: &[usize],
) -> Result<Deck, Failure> {
    if places.is_empty() {
        return Ok(deck.clone());
    }
    mark_curved(fields, places);
    crate::deck::write::check(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::Answer;
    use leaning_simulate::{
        Habits, Population, PopulationOptions, Tastes, World, WorldOptions, play,
    };

    /// The gains from some people's answers to random pairs, as many each, under a prior that knows
    /// nothing of them.
    fn gains(tastes: Tastes, (people, answers): (usize, usize), seed: u64) -> Vec<CurveGain> {
        let options = WorldOptions {
            dimensions: 3,
            prompts: 100,
            candidates: 2,
            ..WorldOptions::default()
        };
        let world = World::new(&options, seed).unwrap();
        let options = PopulationOptions {
            tastes,
            habits: Habits::default(),
            ..PopulationOptions::default()
        };
        let population = Population::new(&world, options, seed).unwrap();
        let deck = world.deck();
        let mut sample = Sample::new(2 * deck.prompts().len());
        for index in 0..people {
            let person = population.person(index);
            let options = leaning::Options {
                strategy: &leaning::question::acquisition::random::RandomPair,
                seed: Some(index as u64),
                stop: leaning::StopRule {
                    questions: answers,
                    ..leaning::StopRule::default()
                },
                ..leaning::Options::default()
            };
            let mut interview = leaning::Interview::start(deck.clone(), options).unwrap();
            play(&mut interview, &person, answers, |_, _| Ok(())).unwrap();
            let answers: Vec<(Vec<u32>, Answer)> = interview
                .log()
                .live()
                .filter_map(|entry| match &entry.kind {
                    leaning::model::EntryKind::Answer { shown, answer, .. } => {
                        let (prompt, places) = deck.find_candidates(shown)?;
                        let row = |place| (2 * prompt + place) as u32;
                        let rows = places.iter().map(row).collect();
                        Some((rows, *answer))
                    }
                    _ => None,
                })
                .collect();
            sample.push(answers.iter().map(|(shown, answer)| (&shown[..], *answer)));
        }
        let rows = deck.prompts().iter().flat_map(|prompt| &prompt.candidates);
        let numbers: Vec<f64> = rows.flat_map(|row| row.scores.iter().copied()).collect();
        let scores = DMatrix::from_row_slice(2 * deck.prompts().len(), 3, &numbers);
        measure_curves(deck, &sample, &scores).unwrap()
    }

    #[test]
    fn a_curve_is_proposed_for_people_with_ideal_points() {
        let gains = gains(Tastes::IdealPoint, (200, 24), 1);
        assert!(gains.iter().all(|gain| gain.proposed), "{gains:?}");
    }

    #[test]
    fn no_curve_is_proposed_for_people_with_straight_tastes() {
        for seed in 1..=5 {
            let gains = gains(Tastes::Alike, (40, 12), seed);
            assert!(gains.iter().all(|gain| !gain.proposed), "{gains:?}");
        }
    }

    #[test]
    fn ids_and_the_three_words_are_understood() {
        assert_eq!("auto".parse(), Ok(Curved::Auto));
        assert_eq!("none".parse(), Ok(Curved::None));
        let ids = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!("a, b".parse(), Ok(Curved::Ids(ids)));
        assert!("a,,b".parse::<Curved>().is_err());
    }
}
