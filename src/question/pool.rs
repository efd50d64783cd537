//! The pairs that may be asked about, and those that a person has been asked.

use crate::model::Deck;
use nalgebra::DMatrix;

/// A pair that was skipped this often is not asked again.
const MAX_SKIPS: u32 = 2;

/// An unordered pair of candidates of one prompt that differ in their scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pair {
    /// Place of the prompt in the deck.
    pub prompt: usize,
    /// Places of the candidates in the prompt, the smaller first.
    pub candidates: (usize, usize),
}

/// All pairs of a deck that can be asked about, in its order. Candidates with the same scores have
/// the same reward, so no answer about the two could teach anything: they are no pair.
pub fn pairs(deck: &Deck) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (prompt, content) in deck.prompts().iter().enumerate() {
        for (first, a) in content.candidates.iter().enumerate() {
            for (second, b) in content.candidates.iter().enumerate().skip(first + 1) {
                if a.scores != b.scores {
                    pairs.push(Pair {
                        prompt,
                        candidates: (first, second),
                    });
                }
            }
        }
    }
    pairs
}

/// All pairs of a deck, in its order, with their score differences.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    pairs: Vec<Pair>,
    /// z = φ₁ − φ₂, d × n: a column per pair.
    differences: DMatrix<f64>,
}

/// How often one pair has come up so far.
#[derive(Debug, Clone, Copy, Default)]
struct History {
    answered: bool,
    skips: u32,
}

/// Everything that has been asked of one person so far.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// By the pair's place in the pool.
    history: Vec<History>,
    last_prompt: Option<usize>,
}

impl Pool {
    pub fn new(deck: &Deck) -> Self {
        let pairs = pairs(deck);
        let differences = pairs.iter().flat_map(|pair| {
            let candidates = &deck.prompts()[pair.prompt].candidates;
            let (a, b) = (
                &candidates[pair.candidates.0],
                &candidates[pair.candidates.1],
            );
            a.scores.iter().zip(&b.scores).map(|(a, b)| a - b)
        });
        let differences = DMatrix::from_iterator(deck.dimensions().len(), pairs.len(), differences);
        Pool { pairs, differences }
    }

    pub fn pair(&self, index: usize) -> Pair {
        self.pairs[index]
    }

    /// The place of a pair (the smaller place first) of a prompt's candidates.
    pub fn place(&self, prompt: usize, candidates: (usize, usize)) -> Option<usize> {
        let key = |pair: &Pair| (pair.prompt, pair.candidates);
        self.pairs
            .binary_search_by_key(&(prompt, candidates), key)
            .ok()
    }

    /// z = φ₁ − φ₂ of all pairs, d × n: a column per pair.
    pub fn differences(&self) -> &DMatrix<f64> {
        &self.differences
    }

    /// The history of a person who has not been asked anything.
    pub fn unasked(&self) -> Asked {
        Asked {
            history: vec![History::default(); self.pairs.len()],
            last_prompt: None,
        }
    }

    /// Records a question about these candidates of one prompt: all pairs among them are answered,
    /// or skipped.
    pub fn record(&self, asked: &mut Asked, prompt: usize, candidates: &[usize], skipped: bool) {
        asked.last_prompt = Some(prompt);
        // The pairs of a prompt lie together, in the deck's order.
        let start = self.pairs.partition_point(|pair| pair.prompt < prompt);
        for (pair, history) in self.pairs[start..].iter().zip(&mut asked.history[start..]) {
            if pair.prompt != prompt {
                break;
            }
            if candidates.contains(&pair.candidates.0) && candidates.contains(&pair.candidates.1) {
                history.answered |= !skipped;
                history.skips += u32::from(skipped);
            }
        }
    }

    /// Places of the pairs that may be asked next: those that never came up, or, if none is left,
    /// those that were skipped. They are of another prompt than the last question's if possible.
    pub fn eligible(&self, asked: &Asked) -> Vec<usize> {
        let open = |skips: std::ops::Range<u32>| -> Vec<usize> {
            let fits = |history: &History| !history.answered && skips.contains(&history.skips);
            (0..self.pairs.len())
                .filter(|&index| fits(&asked.history[index]))
                .collect()
        };
        let mut eligible = open(0..1);
        if eligible.is_empty() {
            eligible = open(1..MAX_SKIPS);
        }
        let elsewhere = |index: &usize| Some(self.pairs[*index].prompt) != asked.last_prompt;
        if eligible.iter().any(elsewhere) {
            eligible.retain(elsewhere);
        }
        eligible
    }
}

impl Asked {
    /// Number of pairs that can still be asked.
    pub fn remaining(&self) -> usize {
        let open = |history: &&History| !history.answered && history.skips < MAX_SKIPS;
        self.history.iter().filter(open).count()
    }
}
