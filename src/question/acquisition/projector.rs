//! Mean and variance of the reward differences of very many pairs.

use crate::inference::{ComponentMoments, Projection, RewardMap};
use crate::question::differences::ResponseGroup;
use crate::question::{Differences, Places};
use std::ops::Range;

/// Numbers that are added up side by side. The order of a sum is fixed, so that it has the same bits
/// everywhere, and leaves a processor room to compute several at once.
const LANES: usize = 4;

/// The distributions of the reward differences of pairs.
///
/// Responses are projected, of which there are fewer than pairs: for d dimensions and n pairs of R
/// responses this takes about R·d² + n·d multiplications instead of n·d².
pub(crate) struct Projections<'a> {
    differences: &'a Differences,
    projectors: Vec<Projector<'a>>,
    projection: Projection,
}

impl<'a> Projections<'a> {
    /// One map for each component of the posterior.
    pub fn new(maps: Vec<RewardMap<'a>>, differences: &'a Differences) -> Self {
        let parts = maps.iter().map(|map| ComponentMoments {
            probability: map.probability,
            mean: 0.0,
            variance: 0.0,
        });
        Projections {
            differences,
            projection: Projection(parts.collect()),
            projectors: maps.into_iter().map(Projector::new).collect(),
        }
    }

    /// Calls `visit` with the place of each of `pairs`, in ascending order, and the distribution of its u.
    pub fn of_all(&mut self, pairs: &Places, visit: &mut dyn FnMut(usize, &Projection)) {
        for range in pairs.ranges() {
            let mut next = range.start;
            let mut group = self.differences.group_of(next);
            while next < range.end {
                let end = range.end.min(self.differences.pairs_of(group).end);
                self.of_group(group, next..end, visit);
                next = end;
                group += 1;
            }
        }
    }

    /// The same for pairs of one group.
    pub fn of_group(
        &mut self,
        group: usize,
        pairs: Range<usize>,
        visit: &mut dyn FnMut(usize, &Projection),
    ) {
        if pairs.is_empty() {
            return;
        }
        let group = self.differences.group(group);
        for projector in &mut self.projectors {
            projector.project(&group);
        }
        for pair in pairs {
            let (a, b) = group.pairs[pair - group.first_pair];
            for (part, projector) in self.projection.0.iter_mut().zip(&self.projectors) {
                (part.mean, part.variance) = projector.moments(a as usize, b as usize);
            }
            visit(pair, &self.projection);
        }
    }
}

/// The responses of one group, projected by one component's map.
struct Projector<'a> {
    map: RewardMap<'a>,
    /// Rᵀ, k numbers and zeros for each dimension.
    root: Vec<f64>,
    root_offset: Vec<f64>,
    /// k, or a little more.
    stride: usize,
    /// μᵀ(φ − φ₀) of each response φ, φ₀ being the first of the group.
    means: Vec<f64>,
    /// Rᵀ(φ − φ₀) of each.
    roots: Vec<f64>,
}

impl<'a> Projector<'a> {
    fn new(map: RewardMap<'a>) -> Self {
        let stride = map.root.ncols().next_multiple_of(LANES);
        let mut root = Vec::with_capacity(map.root.nrows() * stride);
        for row in map.root.row_iter() {
            root.extend(row.iter());
            root.resize(root.len().next_multiple_of(stride), 0.0);
        }
        let mut root_offset: Vec<f64> = map
            .root_offset
            .map_or_else(Vec::new, |offset| offset.iter().copied().collect());
        root_offset.resize(stride, 0.0);
        Projector {
            map,
            root,
            root_offset,
            stride,
            means: Vec::new(),
            roots: Vec::new(),
        }
    }

    /// Differences from the first response, since only differences matter: what all responses share
    /// would cost digits.
    fn project(&mut self, group: &ResponseGroup) {
        let d = self.map.mean.len();
        let count = group.responses.len() / d;
        self.means.clear();
        self.roots.clear();
        self.roots.resize(count * self.stride, 0.0);
        let first = &group.responses[..d];
        self.means.push(0.0);
        let responses = group.responses.chunks_exact(d);
        let roots = self.roots.chunks_exact_mut(self.stride);
        for (response, root) in responses.zip(roots).skip(1) {
            let mut mean = 0.0;
            let of_dimensions = self
                .root
                .chunks_exact(self.stride)
                .zip(self.map.mean.iter());
            for ((of_root, of_mean), (x, origin)) in of_dimensions.zip(response.iter().zip(first)) {
                let x = x - origin;
                mean += of_mean * x;
                for (sum, factor) in root.iter_mut().zip(of_root) {
                    *sum += factor * x;
                }
            }
            self.means.push(mean);
        }
    }

    /// Mean and variance of u for two responses of the group.
    fn moments(&self, a: usize, b: usize) -> (f64, f64) {
        let root = |place: usize| &self.roots[place * self.stride..][..self.stride];
        let (first, second) = (lanes(root(a)), lanes(root(b)));
        let offsets = lanes(&self.root_offset);
        let mut squares = [0.0; LANES];
        for ((first, second), offset) in first.iter().zip(second).zip(offsets) {
            for lane in 0..LANES {
                let x = first[lane] - second[lane] + offset[lane];
                squares[lane] += x * x;
            }
        }
        let variance = (squares[0] + squares[1]) + (squares[2] + squares[3]);
        (
            self.means[a] - self.means[b] + self.map.mean_offset,
            variance + self.map.variance_offset,
        )
    }
}

fn lanes(numbers: &[f64]) -> &[[f64; LANES]] {
    numbers.as_chunks().0
}
