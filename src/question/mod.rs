//! What to ask next.

mod pool;
pub mod score;

pub(crate) use pool::{Asked, Pool};
pub use pool::{Pair, pairs};

use crate::answer::{AnswerModel, Offered};
use crate::order::{Keyed, descending};
use crate::random::Random;
use alloc::string::String;
use alloc::vec::Vec;

/// Pairs that the cheap score puts ahead of the rest are worth the exact one.
const SHORTLIST: usize = 1000;

/// How the next question is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strategy {
    /// Any pair: the baseline.
    Random,
    /// The pair that is expected to shrink the belief's volume most: [`score::d_optimal`].
    DOptimal,
    /// The pair whose answer tells most about the weights: [`score::information_gain`], computed for the thousand
    /// pairs that are best by [`score::d_optimal`].
    #[default]
    InformationGain,
}

impl Strategy {
    /// All of them, by name.
    pub const NAMES: [(&'static str, Strategy); 3] = [
        ("random", Strategy::Random),
        ("d-optimal", Strategy::DOptimal),
        ("information-gain", Strategy::InformationGain),
    ];

    /// Its name in options and output.
    pub fn name(self) -> &'static str {
        Strategy::NAMES.iter().find(|(_, strategy)| *strategy == self).map_or("", |(name, _)| name)
    }

    /// The strategy of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Strategy::NAMES.iter().find(|(candidate, _)| *candidate == name).map(|(_, strategy)| *strategy)
    }
}

/// The best pairs by `strategy`, best first, at most `count`: `moments` are mean and variance of the pairs' reward
/// differences, as the belief has them (`Belief::project`).
/// `key` is the score. Of equals the one that the cheap score or else the deck puts first comes first, so that the
/// choice is the same on every machine.
pub(crate) fn best_pairs(
    strategy: Strategy,
    model: &AnswerModel,
    moments: &[(f64, f64)],
    count: usize,
    random: &mut Random,
) -> Vec<Keyed> {
    let tie = model.has_tie(true);
    let by_volume = || descending(moments.iter().map(|&(m, v)| score::d_optimal(model, tie, m, v)));
    let mut best = match strategy {
        Strategy::Random => {
            let mut all = descending(moments.iter().map(|_| 0.0));
            random.shuffle(&mut all);
            all
        }
        Strategy::DOptimal => by_volume(),
        Strategy::InformationGain => {
            let mut shortlist = by_volume();
            shortlist.truncate(SHORTLIST.max(count));
            let gain = |pair: &Keyed| {
                let (m, v) = moments[pair.index];
                score::information_gain(model, tie, m, v)
            };
            let best = descending(shortlist.iter().map(gain));
            best.into_iter().map(|Keyed { key, index }| Keyed { key, index: shortlist[index].index }).collect()
        }
    };
    best.truncate(count);
    best
}

/// Two or more candidates of one prompt to show side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Place of the prompt in the deck, for a question about the deck.
    pub prompt: Option<usize>,
    /// The candidates in the order in which to show them.
    pub shown: Vec<Shown>,
    /// What the person may say beside choosing.
    pub offered: Offered,
    /// The strategy that chose it.
    pub strategy: Strategy,
    /// Its score under that strategy.
    pub score: f64,
}

/// A candidate in a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its full name, `prompt/candidate`.
    pub name: String,
    /// Its place in its prompt, or in the caller's list.
    pub index: usize,
    /// The response itself.
    pub text: String,
    /// φ(x, y), d numbers.
    pub scores: Vec<f64>,
}
