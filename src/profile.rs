//! What was learned about a person, for the person.

use crate::belief::Belief;
use crate::deck::Deck;
use crate::diagnosis::Finding;
use crate::linear::dot;
use crate::list::List;
use crate::order::descending;
use crate::posterior::Posterior;
use alloc::string::String;
use alloc::vec::Vec;

/// The chance with which an interval of a profile holds the weight.
pub const LEVEL: f64 = 0.9;

/// From so sure on a leaning is called clear, or at least said.
const CLEARLY: f64 = 0.95;
const RATHER: f64 = 0.8;

/// What was learned about a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// One a dimension, in the deck's order.
    pub dimensions: Vec<Leaning>,
    /// Number of answers it rests on, without skips.
    pub answers: usize,
    /// How far to either side a picture has to reach: weight × spread of nearly everybody lies within ±`reach`, by the
    /// deck's prior. It does not change with the answers.
    pub reach: f64,
    /// What is odd about the answers, the oddest first; mostly nothing.
    pub diagnosis: Vec<Finding>,
}

/// Which way a person leans in one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaning {
    /// The weight at the belief's mean; positive leans to the dimension's `high` end.
    pub mean: f64,
    /// Standard deviation of the weight over the posterior.
    pub sd: f64,
    /// Central interval that holds the weight with the chance [`LEVEL`].
    pub interval: (f64, f64),
    /// The chance that the weight has the sign that it more likely has: at least 0.5.
    pub sure: f64,
    /// Root mean square score difference in the deck: weight × spread is what this dimension typically adds to the
    /// reward difference of two candidates, and can be compared across dimensions.
    pub spread: f64,
    /// How much can be said by that.
    pub degree: Degree,
    /// The end to which the weight more likely leans.
    pub end: String,
    /// "clearly brief", "rather brief" or "thorough or brief: not clear yet".
    pub words: String,
}

/// How much can be said about which way somebody leans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Degree {
    /// So sure that it is called clear.
    Clearly,
    /// Sure enough to be said at all.
    Rather,
    /// Not clear yet.
    Unclear,
}

impl Degree {
    /// By the chance that the weight has the sign that it more likely has.
    pub fn of(sure: f64) -> Self {
        match sure {
            CLEARLY.. => Degree::Clearly,
            RATHER.. => Degree::Rather,
            _ => Degree::Unclear,
        }
    }

    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Degree::Clearly => "clearly",
            Degree::Rather => "rather",
            Degree::Unclear => "unclear",
        }
    }
}

impl Leaning {
    /// Whether the answers say at all which way.
    pub fn is_clear(&self) -> bool {
        self.degree != Degree::Unclear
    }
}

/// What would be picked from the deck's prompts if one weight of a person had the other sign.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherWay {
    /// In so many prompts another candidate would be the best.
    pub changed: usize,
    /// That prompt of them in which most would be lost by going on with the pick of now, with its two picks.
    pub example: Option<Example>,
}

/// A prompt of the deck and the candidates picked from it, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// The prompt.
    pub prompt: usize,
    /// What is picked by the weights as they are.
    pub now: usize,
    /// What would be picked.
    pub then: usize,
}

impl OtherWay {
    pub(crate) fn new(deck: &Deck, now: &[f64], dimension: usize) -> Self {
        let mut then = now.to_vec();
        then[dimension] = -then[dimension];
        let mut other = OtherWay { changed: 0, example: None };
        let mut most = 0.0;
        for (place, prompt) in deck.prompts().iter().enumerate() {
            let best =
                |weights: &[f64]| descending(prompt.candidates.iter().map(|candidate| dot(weights, &candidate.scores)));
            let (before, after) = (best(now), best(&then));
            let (Some(picked), Some(preferred)) = (before.first(), after.first()) else { continue };
            if picked.index == preferred.index {
                continue;
            }
            other.changed += 1;
            let lost = preferred.key - dot(&then, &prompt.candidates[picked.index].scores);
            if lost > most {
                most = lost;
                other.example = Some(Example { prompt: place, now: picked.index, then: preferred.index });
            }
        }
        other
    }
}

impl Profile {
    pub(crate) fn new(
        deck: &Deck,
        belief: &Belief,
        posterior: &Posterior,
        answers: usize,
        diagnosis: Vec<Finding>,
    ) -> Self {
        let dimensions = deck.dimensions().iter().enumerate().map(|(j, dimension)| {
            let positive = posterior.chance_weight_positive(j);
            let (end, sure) =
                if positive < 0.5 { (&dimension.low, 1.0 - positive) } else { (&dimension.high, positive) };
            let degree = Degree::of(sure);
            let words = match degree {
                Degree::Unclear => text![&dimension.low, " or ", &dimension.high, ": not clear yet"],
                _ => text![degree.name(), " ", end],
            };
            Leaning {
                mean: belief.mean()[j],
                sd: posterior.weight_moments(j).1,
                interval: posterior.interval(j, LEVEL),
                sure,
                spread: deck.spread()[j],
                degree,
                end: end.clone(),
                words,
            }
        });
        let prior = deck.prior();
        let reach = prior.mean().iter().zip(prior.deviations()).zip(deck.spread());
        let reach = reach.map(|((mean, deviation), spread)| (mean.abs() + 2.5 * deviation) * spread);
        Profile { dimensions: dimensions.list(), answers, reach: reach.fold(0.0, f64::max), diagnosis }
    }
}
