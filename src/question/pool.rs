//! What may be asked: the pairs within prompts, and which of them a person has been asked.

use crate::deck::Deck;
use crate::linear::plus;
use crate::list::List;
use alloc::vec::Vec;

/// An unordered pair of candidates of one prompt that differ in their scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pair {
    /// Place of the prompt in the deck.
    pub prompt: usize,
    /// Places of the candidates in the prompt, the smaller first.
    pub candidates: (usize, usize),
}

/// All pairs of a deck that can be asked about, in its order. Candidates of the same scores have the same reward: no
/// answer about two of them could teach anything, so they are no pair.
pub fn pairs(deck: &Deck) -> impl ExactSizeIterator<Item = Pair> {
    let mut pairs = Vec::new();
    for (prompt, content) in deck.prompts().iter().enumerate() {
        for (first, a) in content.candidates.iter().enumerate() {
            for (second, b) in content.candidates.iter().enumerate().skip(first + 1) {
                if a.scores != b.scores {
                    pairs.push(Pair { prompt, candidates: (first, second) });
                }
            }
        }
    }
    pairs.into_iter()
}

/// All pairs of a deck, in its order, with their score differences.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    pairs: Vec<Pair>,
    /// z = φ₁ − φ₂ of each pair, one after another, d numbers each.
    differences: Vec<f64>,
    dimensions: usize,
}

/// How often one pair has come up so far.
#[derive(Debug, Clone, Copy, Default)]
struct History {
    answered: bool,
    skips: u32,
}

/// What has been asked of one person so far.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// By the pair's place in the pool.
    history: Vec<History>,
    last_prompt: Option<usize>,
}

/// A pair skipped this often is left in peace.
const MOST_SKIPS: u32 = 2;

impl Pool {
    pub fn new(deck: &Deck) -> Self {
        let dimensions = deck.dimensions().len();
        let mut pool = Pool { pairs: Vec::new(), differences: Vec::new(), dimensions };
        for pair in pairs(deck) {
            let candidates = &deck.prompts()[pair.prompt].candidates;
            let (a, b) = (&candidates[pair.candidates.0].scores, &candidates[pair.candidates.1].scores);
            pool.differences.extend(plus(a, -1.0, b));
            pool.pairs.push(pair);
        }
        pool
    }

    pub fn pair(&self, index: usize) -> Pair {
        self.pairs[index]
    }

    /// The place of a pair (the smaller place first) of a prompt's candidates.
    pub fn place(&self, prompt: usize, candidates: (usize, usize)) -> Option<usize> {
        let key = |pair: &Pair| (pair.prompt, pair.candidates);
        self.pairs.binary_search_by(|pair| key(pair).cmp(&(prompt, candidates))).ok()
    }

    fn difference(&self, index: usize) -> &[f64] {
        &self.differences[index * self.dimensions..][..self.dimensions]
    }

    /// The differences of these pairs.
    pub fn differences(&self, places: &[usize]) -> Vec<&[f64]> {
        places.iter().map(|&index| self.difference(index)).list()
    }

    /// Nothing asked yet.
    pub fn unasked(&self) -> Asked {
        Asked { history: vec![History::default(); self.pairs.len()], last_prompt: None }
    }

    /// Notes a question about these candidates of one prompt: all pairs among them are answered, or skipped.
    pub fn note(&self, asked: &mut Asked, prompt: usize, candidates: &[usize], skipped: bool) {
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

    /// Places of the pairs that may be asked next: those that never came up, and only when none is left those that
    /// were skipped; another prompt than the last one's wherever there is one.
    pub fn eligible(&self, asked: &Asked) -> Vec<usize> {
        let open = |skipped: bool| -> Vec<usize> {
            let fits = |history: &History| {
                !history.answered && if skipped { (1..MOST_SKIPS).contains(&history.skips) } else { history.skips == 0 }
            };
            (0..self.pairs.len()).filter(|&index| fits(&asked.history[index])).list()
        };
        let mut eligible = open(false);
        if eligible.is_empty() {
            eligible = open(true);
        }
        let elsewhere = |index: &usize| Some(self.pairs[*index].prompt) != asked.last_prompt;
        if eligible.iter().any(elsewhere) {
            eligible.retain(elsewhere);
        }
        eligible
    }

    /// Number of pairs that can still be asked.
    pub fn left(&self, asked: &Asked) -> usize {
        asked.history.iter().filter(|history| !history.answered && history.skips < MOST_SKIPS).count()
    }
}
