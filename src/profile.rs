//! What was learned about a person, for the person.

use crate::belief::Belief;
use crate::deck::Deck;
use crate::diagnosis::Finding;
use crate::list::List;
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
    /// "clearly brief", "rather brief" or "thorough or brief: not clear yet".
    pub words: String,
}

impl Leaning {
    /// Whether the answers say at all which way.
    pub fn is_clear(&self) -> bool {
        self.sure >= RATHER
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
            let words = match sure {
                CLEARLY.. => text!["clearly ", end],
                RATHER.. => text!["rather ", end],
                _ => text![&dimension.low, " or ", &dimension.high, ": not clear yet"],
            };
            Leaning {
                mean: belief.mean()[j],
                sd: posterior.weight_moments(j).1,
                interval: posterior.interval(j, LEVEL),
                sure,
                spread: deck.spread()[j],
                words,
            }
        });
        let prior = deck.prior();
        let reach = prior.mean().iter().zip(prior.deviations()).zip(deck.spread());
        let reach = reach.map(|((mean, deviation), spread)| (mean.abs() + 2.5 * deviation) * spread);
        Profile { dimensions: dimensions.list(), answers, reach: reach.fold(0.0, f64::max), diagnosis }
    }
}
