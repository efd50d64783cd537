//! The features that rewards are linear in: the scores, and the squares of those of curved
//! dimensions.
//!
//! Somebody may like the middle of a dimension: not too long, not too short. A reward that is
//! quadratic in a score s is linear in s and (s − m)², so a curved dimension counts as two: its score
//! and its centred square κ·(s − m)². m is the mean score of the deck's candidates, and κ gives
//! squares the RMS difference of the scores, so that their weights have the same unit.
//!
//! Most people's tastes are straight in most dimensions, and many questions would be lost on finding
//! that out for each. So the prior of the squares' weights has two components: people whose tastes are
//! straight, and people whose tastes are curved, mostly towards the middle. Which of them a person is
//! follows from the answers. In the measurements of `docs/experiments.md` this costs people with
//! straight tastes nothing that can be told from noise.

use super::prior::{MixtureComponent, Prior};
use crate::error::Error;
use crate::numeric::descending;
use nalgebra::{DMatrix, DVector};

/// The share of people whose tastes are curved.
const CURVED_SHARE: f64 = 0.25;
/// Mean and standard deviation of their squares' weights, in standard deviations of the score's own
/// weight. The middle is liked more often than the ends.
const CURVED: (f64, f64) = (-0.5, 0.5);
/// Standard deviation of the squares' weights of people with straight tastes, in the same unit. Not 0:
/// covariances have to be positive definite.
const STRAIGHT: f64 = 0.05;

/// The features of a deck's candidates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Features {
    dimensions: usize,
    curves: Vec<Curve>,
}

/// The square of one dimension's scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// Place of the dimension.
    pub dimension: usize,
    /// m: the score at which the square is 0.
    pub centre: f64,
    /// κ.
    pub scale: f64,
    /// The scores between which the middle four fifths of the deck's candidates lie.
    pub middle: (f64, f64),
}

impl Curve {
    /// κ·(s − m)².
    fn square(&self, score: f64) -> f64 {
        let away = score - self.centre;
        self.scale * away * away
    }

    /// The score with the highest reward, for these weights of the score and of its square; `None` if
    /// the reward has no peak.
    pub fn peak(&self, weight: f64, square_weight: f64) -> Option<f64> {
        let curvature = -2.0 * self.scale * square_weight;
        (curvature > 0.0).then(|| self.centre + weight / curvature)
    }

    /// That score, if it lies among those of the middle four fifths of the deck's candidates.
    pub fn peak_in_middle(&self, weight: f64, square_weight: f64) -> Option<f64> {
        let (low, high) = self.middle;
        self.peak(weight, square_weight)
            .filter(|peak| (low..=high).contains(peak))
    }
}

impl Features {
    /// The features where these dimensions of `dimensions` are curved. `prompts` has the scores of
    /// each prompt's candidates.
    pub(super) fn new(dimensions: usize, curved: &[usize], prompts: &[Vec<&[f64]>]) -> Self {
        let curve = |&dimension: &usize| {
            let all = descending(prompts.iter().flatten().map(|one| one[dimension]));
            let centre = all.iter().map(|one| one.score).sum::<f64>() / all.len().max(1) as f64;
            let tenth =
                |tenths: usize| all.get(all.len() * (10 - tenths) / 10).map(|one| one.score);
            let plain = Curve {
                dimension,
                centre,
                scale: 1.0,
                middle: (tenth(1).unwrap_or(centre), tenth(9).unwrap_or(centre)),
            };
            let mean_square = |value: &dyn Fn(f64) -> f64| -> f64 {
                let mut sum = 0.0;
                for prompt in prompts {
                    for (place, a) in prompt.iter().enumerate() {
                        for b in &prompt[..place] {
                            let difference = value(a[dimension]) - value(b[dimension]);
                            sum += difference * difference;
                        }
                    }
                }
                sum
            };
            let ratio = mean_square(&|score| score) / mean_square(&|score| plain.square(score));
            Curve {
                scale: if ratio > 0.0 && ratio.is_finite() {
                    ratio.sqrt()
                } else {
                    1.0
                },
                ..plain
            }
        };
        Features {
            dimensions,
            curves: curved.iter().map(curve).collect(),
        }
    }

    /// The scores and the plain squares s² of these dimensions.
    pub(crate) fn plain(dimensions: usize, squares: &[usize]) -> Self {
        let curve = |&dimension: &usize| Curve {
            dimension,
            centre: 0.0,
            scale: 1.0,
            middle: (0.0, 0.0),
        };
        Features {
            dimensions,
            curves: squares.iter().map(curve).collect(),
        }
    }

    /// The matrix that turns weights of these features into the weights of the scores and of the plain
    /// squares of the dimensions `squares` with the same reward differences: κ·(s − m)² is κ·s² − 2κm·s
    /// and a constant.
    pub(crate) fn to_plain(&self, squares: &[usize]) -> DMatrix<f64> {
        let d = self.dimensions;
        let mut map = DMatrix::zeros(d + squares.len(), self.count());
        for j in 0..d {
            map[(j, j)] = 1.0;
        }
        for (place, square) in squares.iter().enumerate() {
            let Some(column) = self.square_place(*square) else {
                continue;
            };
            let Curve { centre, scale, .. } = self.curves[column - d];
            map[(*square, column)] = -2.0 * scale * centre;
            map[(d + place, column)] = scale;
        }
        map
    }

    /// Places of the dimensions that are curved.
    pub(crate) fn squares(&self) -> Vec<usize> {
        self.curves.iter().map(|curve| curve.dimension).collect()
    }

    /// Number of features: one for each dimension, and another for each curved one.
    pub fn count(&self) -> usize {
        self.dimensions + self.curves.len()
    }

    /// The squares, in the order in which they follow the scores.
    pub fn curves(&self) -> &[Curve] {
        &self.curves
    }

    /// The place of a dimension's square among the features, if it is curved.
    pub fn square_place(&self, dimension: usize) -> Option<usize> {
        let curved = |curve: &Curve| curve.dimension == dimension;
        Some(self.dimensions + self.curves.iter().position(curved)?)
    }

    /// The features of a candidate with these scores: the scores, followed by the squares.
    pub fn of(&self, scores: &[f64]) -> Vec<f64> {
        self.each_of(scores).collect()
    }

    fn each_of<'a>(&'a self, scores: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        let squares = self
            .curves
            .iter()
            .map(|curve| curve.square(scores[curve.dimension]));
        scores.iter().copied().chain(squares)
    }

    /// The features of several candidates, a column each.
    pub fn columns(&self, scores: &[impl AsRef<[f64]>]) -> DMatrix<f64> {
        let numbers = scores
            .iter()
            .flat_map(|scores| self.each_of(scores.as_ref()));
        DMatrix::from_iterator(self.count(), scores.len(), numbers)
    }

    /// The features of candidates with these scores, d × N, a column each.
    pub fn map_columns(&self, scores: &DMatrix<f64>) -> DMatrix<f64> {
        if self.curves.is_empty() {
            return scores.clone();
        }
        let columns: Vec<DVector<f64>> = scores
            .column_iter()
            .map(|scores| DVector::from_vec(self.of(scores.into_owned().as_slice())))
            .collect();
        if columns.is_empty() {
            return DMatrix::zeros(self.count(), 0);
        }
        DMatrix::from_columns(&columns)
    }

    /// For each dimension, whether rewards with these weights have their peak in its middle: among
    /// the middle four fifths of the deck's candidates.
    pub fn likes_middle(&self, weights: &DVector<f64>) -> Vec<bool> {
        let mut likes = vec![false; self.dimensions];
        for (place, curve) in self.curves.iter().enumerate() {
            let (weight, square) = (weights[curve.dimension], weights[self.dimensions + place]);
            likes[curve.dimension] = curve.peak_in_middle(weight, square).is_some();
        }
        likes
    }

    /// A number for each feature, summed up by dimension: a square counts
    /// for its dimension.
    pub fn by_dimension(&self, numbers: &DVector<f64>) -> DVector<f64> {
        let mut sums = numbers.rows(0, self.dimensions).into_owned();
        for (place, curve) in self.curves.iter().enumerate() {
            sums[curve.dimension] += numbers[self.dimensions + place];
        }
        sums
    }

    /// The prior of all weights, given that of the scores' weights.
    ///
    /// # Errors
    /// [`Error::Model`] if the covariance is too extreme for double precision.
    pub(super) fn extend(&self, prior: Prior) -> Result<Prior, Error> {
        if self.curves.is_empty() {
            return Ok(prior);
        }
        let kinds = [
            (1.0 - CURVED_SHARE, 0.0, STRAIGHT),
            (CURVED_SHARE, CURVED.0, CURVED.1),
        ];
        let mut components = Vec::new();
        for component in prior.components() {
            for (share, mean, sd) in kinds {
                components.push(self.component(component, share, mean, sd)?);
            }
        }
        Prior::mixture(components)
    }

    fn component(
        &self,
        of: &MixtureComponent,
        share: f64,
        mean: f64,
        sd: f64,
    ) -> Result<MixtureComponent, Error> {
        let (d, count) = (self.dimensions, self.count());
        let covariance_of_scores = of.covariance();
        let mut means = DVector::zeros(count);
        means.rows_mut(0, d).copy_from(of.mean());
        let mut covariance = DMatrix::zeros(count, count);
        covariance
            .view_mut((0, 0), (d, d))
            .copy_from(&covariance_of_scores);
        for (place, curve) in self.curves.iter().enumerate() {
            let variance = covariance_of_scores[(curve.dimension, curve.dimension)];
            means[d + place] = mean * variance.sqrt();
            covariance[(d + place, d + place)] = sd * sd * variance;
        }
        MixtureComponent::new(share * of.weight(), means, covariance)
    }
}
