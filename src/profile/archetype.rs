//! The kind of person that somebody is closest to.

use crate::inference::PosteriorSamples;
use crate::model::Deck;

/// An archetype that is less probable is not named.
const LEAST: f64 = 0.5;

/// The archetype of the deck that a person is closest to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearestArchetype {
    /// Its place in the deck.
    pub archetype: usize,
    /// The posterior probability that no other archetype is closer, and that it is on the person's
    /// side: at least 0.5.
    pub probability: f64,
}

/// The archetype that is most probably the nearest by direction: the cosine between the person's
/// weights × RMS differences and the archetype's weights. `None` if no probability reaches 0.5.
pub fn nearest_archetype(deck: &Deck, samples: &PosteriorSamples) -> Option<NearestArchetype> {
    let directions: Vec<Vec<f64>> = (0..deck.archetypes().len())
        .map(|place| unit(&deck.archetype_weights(place)))
        .collect();
    let mut probabilities = vec![0.0; directions.len()];
    for (weights, probability) in samples.weights().row_iter().zip(samples.probabilities()) {
        let mut nearest = None;
        for (place, direction) in directions.iter().enumerate() {
            // A cosine, times the length of the person's weights, which all of them share.
            let cosine: f64 = direction
                .iter()
                .zip(deck.rms_differences())
                .zip(weights.iter())
                .map(|((direction, rms), weight)| direction * rms * weight)
                .sum();
            let best = nearest.map_or(0.0, |(_, best)| best);
            if cosine > best {
                nearest = Some((place, cosine));
            }
        }
        if let Some((place, _)) = nearest {
            probabilities[place] += probability;
        }
    }
    let mut best: Option<NearestArchetype> = None;
    for (archetype, probability) in probabilities.into_iter().enumerate() {
        let least = best.map_or(LEAST, |best| best.probability);
        if probability > least || best.is_none() && probability == least {
            best = Some(NearestArchetype {
                archetype,
                probability: probability.min(1.0),
            });
        }
    }
    best
}

fn unit(weights: &[f64]) -> Vec<f64> {
    let largest = weights
        .iter()
        .fold(0.0, |most: f64, weight| most.max(weight.abs()));
    let scaled: Vec<f64> = weights.iter().map(|weight| weight / largest).collect();
    let length = scaled
        .iter()
        .map(|weight| weight * weight)
        .sum::<f64>()
        .sqrt();
    scaled.into_iter().map(|weight| weight / length).collect()
}
