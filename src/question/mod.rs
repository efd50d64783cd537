//! Questions, and the choice of the next one.

pub mod acquisition;
mod differences;
mod places;
mod pool;
pub mod reading;
pub(crate) mod remaining;
pub(crate) mod selection;
mod spreads;

pub use acquisition::{AcquisitionContext, AcquisitionRule, Strategy};
pub use differences::Differences;
pub use places::Places;
pub(crate) use pool::{Asked, Item, Pool};
pub use pool::{Pair, pairs};
pub use reading::WordCounts;
pub(crate) use spreads::{Spreads, largest};

use crate::model::Offered;

/// Candidates of one prompt to show side by side, or one to rate, and the answers on offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Place of the prompt in the deck. `None` for candidates from outside the deck.
    pub prompt: Option<usize>,
    /// The candidates in the order in which to show them: one for a rating, else two or more.
    pub candidates: Vec<ShownCandidate>,
    /// The kind of answer to ask for, and the answers on offer besides.
    pub offered: Offered,
    /// The scores that a rating compares its candidate with, and that rejected ones fall short of: the
    /// mean of all candidates that could have been shown, d numbers.
    pub reference: Vec<f64>,
    /// The name of the acquisition rule that chose it.
    pub strategy: &'static str,
    /// Its score under that rule; for three or more candidates the bits that the answer is expected
    /// to tell. 0 for a question that is asked again after an undo.
    pub score: f64,
}

impl Question {
    /// The full names of the candidates, in the order in which to show them.
    pub fn names(&self) -> Vec<String> {
        self.candidates
            .iter()
            .map(|candidate| candidate.name.clone())
            .collect()
    }
}

/// A candidate in a question.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownCandidate {
    /// Its full name, `prompt/candidate`.
    pub name: String,
    /// Its place in its prompt, or in the caller's list.
    pub index: usize,
    /// φ(x, y), d numbers.
    pub scores: Vec<f64>,
}
