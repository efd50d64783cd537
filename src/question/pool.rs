//! The items that may be asked about, and those that a person has been asked.

use super::{Differences, Places};
use crate::inference::RewardMap;
use crate::model::{Deck, Prompt};
use nalgebra::DMatrix;
use std::collections::HashSet;

/// An item that was skipped this often is not asked again.
const MAX_SKIPS: u32 = 2;
/// From so many items on it saves time to know beforehand which may tell most.
const MANY: usize = 3000;

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
    let of_prompt = |(prompt, content): (usize, &Prompt)| {
        let pairs = distinct_pairs(content).into_iter();
        pairs.map(move |candidates| Pair { prompt, candidates })
    };
    deck.prompts()
        .iter()
        .enumerate()
        .flat_map(of_prompt)
        .collect()
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
    /// A group for each prompt. Where candidates are rated, they are paired with their mean, which comes
    /// behind them.
    differences: Differences,
    ratings: bool,
}

/// How often one item has come up so far.
#[derive(Debug, Clone, Copy, Default)]
struct History {
    answered: bool,
    skips: u32,
}

/// Everything that has been asked of one person so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// Places in the pool, ascending, and their history. Of those that never came up there are many more.
    history: Vec<(usize, History)>,
    prompts: HashSet<usize>,
    last_prompt: Option<usize>,
}

impl Pool {
    /// All pairs of a deck, or with `ratings` all its candidates.
    pub fn new(deck: &Deck, ratings: bool) -> Self {
        let features = deck.features();
        let groups = deck.prompts().iter().enumerate().map(|(place, prompt)| {
            let candidates = deck.prompt_features(place);
            if ratings {
                let mean = features.of(&prompt.mean_scores());
                let count = candidates.ncols();
                let with_mean = DMatrix::from_iterator(
                    candidates.nrows(),
                    count + 1,
                    candidates.iter().copied().chain(mean),
                );
                (with_mean, rated(prompt))
            } else {
                (candidates, distinct_pairs(prompt))
            }
        });
        let differences = Differences::new(features.count(), groups);
        let leniency = if ratings {
            deck.answer_model().leniency()
        } else {
            0.0
        };
        let of_component = |component| RewardMap::of_prior(component, leniency);
        let differences = if differences.count() < MANY {
            differences
        } else {
            differences.with_spreads(deck.prior().components().iter().map(of_component).collect())
        };
        Pool {
            differences,
            ratings,
        }
    }

    pub fn item(&self, index: usize) -> Item {
        self.item_of(self.differences.group_of(index), index)
    }

    /// The place of a pair (the smaller place first) of a prompt's candidates.
    pub fn place(&self, prompt: usize, candidates: (usize, usize)) -> Option<usize> {
        let place = self.differences.place(prompt, candidates)?;
        (!self.ratings).then_some(place)
    }

    /// z = φ₁ − φ₂ of all pairs, or φ − φ̄ of all candidates to rate.
    pub fn differences(&self) -> &Differences {
        &self.differences
    }

    /// Records a question about these candidates of one prompt: all items among them are answered,
    /// or skipped.
    pub fn record(&self, asked: &mut Asked, prompt: usize, candidates: &[usize], skipped: bool) {
        asked.prompts.insert(prompt);
        asked.last_prompt = Some(prompt);
        for place in self.differences.pairs_of(prompt) {
            let item = self.item_of(prompt, place);
            if item.candidates().iter().all(|one| candidates.contains(one)) {
                let history = asked.history_of(place);
                history.answered |= !skipped;
                history.skips += u32::from(skipped);
            }
        }
    }

    /// The number of questions about up to `count` candidates each that are left to ask. A question
    /// about more than two answers every pair among them, so there are fewer than open pairs; which
    /// candidates meet decides how many, and here they meet in the deck's order.
    pub fn questions_left(&self, asked: &Asked, count: usize) -> usize {
        let closed = asked.history.iter().filter(|(_, of)| !of.is_open());
        if count <= 2 {
            return self.differences.count() - closed.count();
        }
        let mut open = vec![true; self.differences.count()];
        for &(place, history) in &asked.history {
            open[place] = history.is_open();
        }
        let mut questions = 0;
        for index in 0..open.len() {
            let item = self.item(index);
            if !open[index] {
                continue;
            }
            questions += 1;
            let mut shown = item.candidates();
            // A pair begins with its smaller candidate.
            let others = (index..self.differences.pairs_of(item.prompt).end)
                .map(|other| self.item_of(item.prompt, other))
                .take_while(|other| other.first == item.first)
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
    pub fn eligible(&self, asked: &Asked) -> Places {
        let came_up = asked.history.iter().map(|(place, _)| *place);
        let mut eligible = Places::all_but(self.differences.count(), came_up);
        if eligible.is_empty() {
            let again = |history: &History| !history.answered && history.skips < MAX_SKIPS;
            let skipped = asked.history.iter().filter(|(_, history)| again(history));
            eligible = skipped.map(|(place, _)| *place).collect();
        }
        if let Some(last) = asked.last_prompt {
            let elsewhere = eligible.without(&self.differences.pairs_of(last));
            if !elsewhere.is_empty() {
                eligible = elsewhere;
            }
        }
        eligible
    }

    fn item_of(&self, prompt: usize, index: usize) -> Item {
        let (first, second) = self.differences.pair(index);
        Item {
            prompt,
            first,
            second: (!self.ratings).then_some(second),
        }
    }
}

/// The pairs of a prompt's candidates, by place, that differ in their scores.
fn distinct_pairs(prompt: &Prompt) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (first, a) in prompt.candidates.iter().enumerate() {
        for (second, b) in prompt.candidates.iter().enumerate().skip(first + 1) {
            if a.scores != b.scores {
                pairs.push((first, second));
            }
        }
    }
    pairs
}

/// The candidates of a prompt, by place, that differ from the mean, each with the place behind all.
fn rated(prompt: &Prompt) -> Vec<(usize, usize)> {
    let mean = prompt.mean_scores();
    let count = prompt.candidates.len();
    let differs = |&place: &usize| prompt.candidates[place].scores != mean;
    let places = (0..count).filter(differs);
    places.map(|place| (place, count)).collect()
}

impl History {
    fn is_open(self) -> bool {
        !self.answered && self.skips < MAX_SKIPS
    }
}

impl Asked {
    fn history_of(&mut self, place: usize) -> &mut History {
        let at = match self
            .history
            .binary_search_by_key(&place, |(place, _)| *place)
        {
            Ok(at) => at,
            Err(at) => {
                self.history.insert(at, (place, History::default()));
                at
            }
        };
        &mut self.history[at].1
    }

    /// Whether there was a question about this prompt, answered or skipped.
    pub fn has_prompt(&self, prompt: usize) -> bool {
        self.prompts.contains(&prompt)
    }
}
