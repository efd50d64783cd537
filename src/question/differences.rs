//! The score differences that questions can be about.

use super::acquisition::Projections;
use super::{Spreads, largest};
use crate::inference::RewardMap;
use nalgebra::{DMatrix, DVector, DVectorView};
use std::cell::{RefCell, RefMut};
use std::ops::Range;

/// z = φ₁ − φ₂ of many pairs of responses, by groups: the responses to one prompt and the pairs among
/// them.
///
/// There are fewer responses than pairs, so what is linear in z is computed for the responses.
#[derive(Debug, Clone)]
pub struct Differences {
    /// φ of all responses, d × R: a column each.
    responses: DMatrix<f64>,
    /// The first response of each group, and the end of the last.
    first_responses: Vec<usize>,
    /// The two responses of each pair, by their places in the group.
    pairs: Vec<(u32, u32)>,
    /// The first pair of each group, and the end of the last.
    first_pairs: Vec<usize>,
    /// How much u varies in each group at most, if that is known: an earlier search finds it for a later one.
    spreads: RefCell<Option<Spreads>>,
}

/// A group: responses to one prompt, and pairs among them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResponseGroup<'a> {
    /// φ of its responses, d numbers each.
    pub responses: &'a [f64],
    /// Its pairs, by places of responses in the group.
    pub pairs: &'a [(u32, u32)],
    /// The place of its first pair among all.
    pub first_pair: usize,
}

impl Differences {
    /// The differences of groups in d dimensions, each with its responses' φ (d × K, a column each) and its
    /// pairs by places of columns.
    pub fn new(
        dimensions: usize,
        groups: impl IntoIterator<Item = (DMatrix<f64>, Vec<(usize, usize)>)>,
    ) -> Self {
        let (mut numbers, mut pairs) = (Vec::new(), Vec::new());
        let (mut first_responses, mut first_pairs) = (vec![0], vec![0]);
        let mut count = 0;
        for (responses, of_group) in groups {
            count += responses.ncols();
            numbers.extend_from_slice(responses.as_slice());
            pairs.extend(of_group.into_iter().map(|(a, b)| (a as u32, b as u32)));
            first_responses.push(count);
            first_pairs.push(pairs.len());
        }
        Differences {
            responses: DMatrix::from_vec(dimensions, count, numbers),
            first_responses,
            pairs,
            first_pairs,
            spreads: RefCell::default(),
        }
    }

    /// Finds how much u varies in each group at most. `maps` are those of the prior.
    #[must_use]
    pub(crate) fn with_spreads(self, maps: Vec<RewardMap>) -> Self {
        let mut bounds = vec![0.0; self.first_pairs.len() - 1];
        let mut projections = Projections::new(maps.clone(), &self);
        for (group, bound) in bounds.iter_mut().enumerate() {
            projections.of_group(group, self.pairs_of(group), &mut |_, projection| {
                for part in &projection.0 {
                    *bound = largest(*bound, part.variance);
                }
            });
        }
        self.spreads.replace(Some(Spreads::new(&maps, bounds)));
        self
    }

    /// How much u varies in each group at most, if that is known.
    pub(crate) fn spreads(&self) -> RefMut<'_, Option<Spreads>> {
        self.spreads.borrow_mut()
    }

    /// Number of dimensions d.
    pub fn dimensions(&self) -> usize {
        self.responses.nrows()
    }

    /// Number of pairs.
    pub fn count(&self) -> usize {
        self.pairs.len()
    }

    /// z of one pair, d numbers.
    pub fn of(&self, pair: usize) -> DVector<f64> {
        let group = self.group_of(pair);
        let (a, b) = self.pairs[pair];
        let response = |place: u32| -> DVectorView<f64> {
            self.responses
                .column(self.first_responses[group] + place as usize)
        };
        response(a) - response(b)
    }

    /// The group of a pair.
    pub(crate) fn group_of(&self, pair: usize) -> usize {
        self.first_pairs.partition_point(|first| *first <= pair) - 1
    }

    /// The places of the pairs of a group.
    pub(crate) fn pairs_of(&self, group: usize) -> Range<usize> {
        self.first_pairs[group]..self.first_pairs[group + 1]
    }

    /// The two responses of a pair, by their places in its group.
    pub(crate) fn pair(&self, pair: usize) -> (usize, usize) {
        let (a, b) = self.pairs[pair];
        (a as usize, b as usize)
    }

    /// The place of a pair of a group. Pairs of a group are in ascending order.
    pub(crate) fn place(&self, group: usize, pair: (usize, usize)) -> Option<usize> {
        let range = self.pairs_of(group);
        let key = (pair.0 as u32, pair.1 as u32);
        let place = self.pairs[range.clone()].binary_search(&key).ok()?;
        Some(range.start + place)
    }

    /// One group.
    pub(crate) fn group(&self, group: usize) -> ResponseGroup<'_> {
        let d = self.dimensions();
        let (start, end) = (self.first_responses[group], self.first_responses[group + 1]);
        let pairs = self.pairs_of(group);
        ResponseGroup {
            responses: &self.responses.as_slice()[start * d..end * d],
            first_pair: pairs.start,
            pairs: &self.pairs[pairs],
        }
    }
}
