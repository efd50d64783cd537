//! The items that may be asked about, and those that a person has been asked.

use crate::model::{Deck, DeckCandidate};
use nalgebra::DMatrix;
use std::collections::HashSet;

/// An item that was skipped this often is not asked again.
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

/// The start of a question: a pair of candidates of one prompt, or one candidate to rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    /// Place of the prompt in the deck.
    pub prompt: usize,
    /// Place of the candidate in the prompt; of a pair, the smaller one.
    pub first: usize,
    /// Place of the other candidate of a pair.
    pub second: Option<usize>,
}

impl Item {
    /// Its candidates.
    pub fn candidates(self) -> Vec<usize> {
        [self.first].into_iter().chain(self.second).collect()
    }
}

/// Everything that a deck's questions can start from, in its order.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    items: Vec<Item>,
    /// z = φ₁ − φ₂ of all pairs, or φ − φ̄ of all candidates to rate, d × n: a column each.
    differences: DMatrix<f64>,
}

/// How often one item has come up so far.
#[derive(Debug, Clone, Copy, Default)]
struct History {
    answered: bool,
    skips: u32,
}

/// Everything that has been asked of one person so far.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// By the item's place in the pool.
    history: Vec<History>,
    prompts: HashSet<usize>,
    last_prompt: Option<usize>,
}

impl Pool {
    /// All pairs of a deck, or with `ratings` all its candidates.
    pub fn new(deck: &Deck, ratings: bool) -> Self {
        let items = if ratings {
            candidates(deck)
        } else {
            let item = |pair: Pair| Item {
                prompt: pair.prompt,
                first: pair.candidates.0,
                second: Some(pair.candidates.1),
            };
            pairs(deck).into_iter().map(item).collect()
        };
        let features = deck.features();
        let mut differences = Vec::with_capacity(items.len() * features.count());
        // The items of a prompt lie together.
        for items in items.chunk_by(|a, b| a.prompt == b.prompt) {
            let prompt = &deck.prompts()[items[0].prompt];
            let of = |candidate: &DeckCandidate| features.of(&candidate.scores);
            let candidates: Vec<Vec<f64>> = prompt.candidates.iter().map(of).collect();
            let mean = features.of(&prompt.mean_scores());
            for item in items {
                let other = item.second.map_or(&mean, |place| &candidates[place]);
                let first = &candidates[item.first];
                differences.extend(first.iter().zip(other).map(|(a, b)| a - b));
            }
        }
        Pool {
            differences: DMatrix::from_vec(features.count(), items.len(), differences),
            items,
        }
    }

    pub fn item(&self, index: usize) -> Item {
        self.items[index]
    }

    /// The place of a pair (the smaller place first) of a prompt's candidates.
    pub fn place(&self, prompt: usize, candidates: (usize, usize)) -> Option<usize> {
        let key = |item: &Item| (item.prompt, item.first, item.second);
        self.items
            .binary_search_by_key(&(prompt, candidates.0, Some(candidates.1)), key)
            .ok()
    }

    /// z = φ₁ − φ₂ of all pairs, or φ − φ̄ of all candidates to rate, d × n: a column each.
    pub fn differences(&self) -> &DMatrix<f64> {
        &self.differences
    }

    /// The history of a person who has not been asked anything.
    pub fn unasked(&self) -> Asked {
        Asked {
            history: vec![History::default(); self.items.len()],
            prompts: HashSet::new(),
            last_prompt: None,
        }
    }

    /// Records a question about these candidates of one prompt: all items among them are answered,
    /// or skipped.
    pub fn record(&self, asked: &mut Asked, prompt: usize, candidates: &[usize], skipped: bool) {
        asked.prompts.insert(prompt);
        asked.last_prompt = Some(prompt);
        let start = self.items.partition_point(|item| item.prompt < prompt);
        for (item, history) in self.items[start..].iter().zip(&mut asked.history[start..]) {
            if item.prompt != prompt {
                break;
            }
            if item.candidates().iter().all(|one| candidates.contains(one)) {
                history.answered |= !skipped;
                history.skips += u32::from(skipped);
            }
        }
    }

    /// The number of questions about up to `count` candidates each that are left to ask. A question
    /// about more than two answers every pair among them, so there are fewer than open pairs; which
    /// candidates meet decides how many, and here they meet in the deck's order.
    pub fn questions_left(&self, asked: &Asked, count: usize) -> usize {
        if count <= 2 {
            return asked.remaining();
        }
        let mut open: Vec<bool> = asked
            .history
            .iter()
            .map(|history| history.is_open())
            .collect();
        let mut questions = 0;
        for index in 0..self.items.len() {
            let item = self.items[index];
            if !open[index] {
                continue;
            }
            questions += 1;
            let mut shown = item.candidates();
            // The items of a prompt lie together, and a pair begins with its smaller candidate.
            let others = self.items[index..]
                .iter()
                .take_while(|other| other.prompt == item.prompt && other.first == item.first)
                .filter_map(|other| other.second);
            for other in others {
                let is_open = |&one: &usize| {
                    let pair = (one.min(other), one.max(other));
                    self.place(item.prompt, pair)
                        .is_some_and(|place| open[place])
                };
                if shown.len() < count && !shown.contains(&other) && shown.iter().all(is_open) {
                    shown.push(other);
                }
            }
            for (place, &one) in shown.iter().enumerate() {
                for &other in &shown[place + 1..] {
                    let pair = (one.min(other), one.max(other));
                    if let Some(place) = self.place(item.prompt, pair) {
                        open[place] = false;
                    }
                }
            }
            open[index] = false;
        }
        questions
    }

    /// Places of the items that may be asked about next: those that never came up, or, if none is
    /// left, those that were skipped. They are of another prompt than the last question's if possible.
    pub fn eligible(&self, asked: &Asked) -> Vec<usize> {
        let open = |skips: std::ops::Range<u32>| -> Vec<usize> {
            let fits = |history: &History| !history.answered && skips.contains(&history.skips);
            (0..self.items.len())
                .filter(|&index| fits(&asked.history[index]))
                .collect()
        };
        let mut eligible = open(0..1);
        if eligible.is_empty() {
            eligible = open(1..MAX_SKIPS);
        }
        let elsewhere = |index: &usize| Some(self.items[*index].prompt) != asked.last_prompt;
        if eligible.iter().any(elsewhere) {
            eligible.retain(elsewhere);
        }
        eligible
    }
}

/// All candidates of a deck, in its order, that differ from their prompt's mean.
fn candidates(deck: &Deck) -> Vec<Item> {
    let mut items = Vec::new();
    for (prompt, content) in deck.prompts().iter().enumerate() {
        let mean = content.mean_scores();
        for (first, candidate) in content.candidates.iter().enumerate() {
            if candidate.scores != mean {
                items.push(Item {
                    prompt,
                    first,
                    second: None,
                });
            }
        }
    }
    items
}

impl History {
    fn is_open(self) -> bool {
        !self.answered && self.skips < MAX_SKIPS
    }
}

impl Asked {
    /// Whether there was a question about this prompt, answered or skipped.
    pub fn has_prompt(&self, prompt: usize) -> bool {
        self.prompts.contains(&prompt)
    }

    /// Number of items that can still be asked about.
    pub fn remaining(&self) -> usize {
        self.history
            .iter()
            .filter(|history| history.is_open())
            .count()
    }
}
