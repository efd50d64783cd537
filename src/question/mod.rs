//! What to ask next.

mod choose;
mod pool;
#[cfg(not(feature = "small"))]
mod published;
pub mod score;

pub(crate) use choose::{Choosing, SHORTLIST, Scored};
pub(crate) use pool::{Asked, Pool};
pub use pool::{Pair, pairs};
#[cfg(not(feature = "small"))]
pub use published::Published;

use crate::answer::Offered;
use alloc::string::String;
use alloc::vec::Vec;

/// The most candidates that a question shows side by side.
pub const MOST_SHOWN: usize = 4;

/// How the next question is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strategy {
    /// Any pair: the baseline.
    Random,
    /// The pair whose answer is least predictable: [`score::margin`].
    Margin,
    /// The published method's rule, with the weights that it infers itself: [`Published`]. An interview ranks by its
    /// own belief all the same. Not in what browsers download: it is there to compare with.
    #[cfg(not(feature = "small"))]
    Pref,
    /// The pair that is expected to shrink the belief's volume most: [`score::d_optimal`].
    DOptimal,
    /// The pair that is expected to shrink the sum of the weights' variances most: [`score::a_optimal`].
    AOptimal,
    /// The pair whose answer tells most about the weights: [`score::information_gain`], computed for the thousand
    /// pairs that are best by [`score::d_optimal`].
    #[default]
    InformationGain,
    /// The pair that tells most about what will have to be picked: [`score::v_optimal`], aimed at the differences
    /// between the candidates that are picked now and those that may be the best.
    Decision,
    /// The pair on which two draws of the weights disagree most: [`score::thompson`].
    Thompson,
}

impl Strategy {
    /// All of them, by name.
    pub const NAMES: [(&'static str, Strategy); if cfg!(feature = "small") { 7 } else { 8 }] = [
        ("random", Strategy::Random),
        ("margin", Strategy::Margin),
        #[cfg(not(feature = "small"))]
        ("pref", Strategy::Pref),
        ("d-optimal", Strategy::DOptimal),
        ("a-optimal", Strategy::AOptimal),
        ("information-gain", Strategy::InformationGain),
        ("decision", Strategy::Decision),
        ("thompson", Strategy::Thompson),
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
    /// Its score under that strategy; for three or more candidates the bits that the answer is expected to tell. 0 for a
    /// question that is asked again after an undo.
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
