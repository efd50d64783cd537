//! How much the reward differences of a group of pairs can vary at most.

use crate::inference::RewardMap;
use crate::numeric::{ScoredIndex, descending};
use nalgebra::{Cholesky, DMatrix};

/// The factors that are tried. The first is for what only falls, beyond rounding.
const FACTORS: [f64; 6] = [1.0 + 1e-6, 1.05, 1.25, 1.6, 2.5, 5.0];

/// Upper bounds of the variance of u in each group of pairs, so that a search for a large variance need not
/// look at all groups.
///
/// They were computed under covariances S̃ of the weights: those of the prior, or the posterior's at an earlier
/// question. Under a covariance S with S ≼ c·S̃ no variance is larger than c times the bound, and answers
/// hardly ever add to what is uncertain, so c is about 1.
#[derive(Debug, Clone)]
pub(crate) struct Spreads {
    /// S̃, one of each component; with an offset, of (λ, 1).
    covariances: Vec<DMatrix<f64>>,
    /// The bounds of the groups, largest first.
    groups: Vec<ScoredIndex>,
}

impl Spreads {
    /// Bounds by group under these maps, in the order of the groups.
    pub fn new(maps: &[RewardMap], bounds: Vec<f64>) -> Self {
        Spreads {
            covariances: maps.iter().map(covariance).collect(),
            groups: descending(bounds),
        }
    }

    /// The groups by their bounds, largest first.
    pub fn groups(&self) -> &[ScoredIndex] {
        &self.groups
    }

    /// A number by which to multiply the bounds for a map; infinite if none is known.
    pub fn factor(&self, map: &RewardMap) -> f64 {
        let now = covariance(map);
        let holds = |factor: &f64| {
            let mut earlier = self.covariances.iter();
            earlier.any(|earlier| {
                earlier.shape() == now.shape() && Cholesky::new(earlier * *factor - &now).is_some()
            })
        };
        FACTORS.into_iter().find(holds).unwrap_or(f64::INFINITY)
    }

    /// Bounds for a map whose factor is `factor`: those in `found`, by group, and the old ones of all others.
    pub fn renew(&mut self, map: &RewardMap, factor: f64, found: &[(usize, f64)]) {
        let mut bounds = vec![0.0; self.groups.len()];
        for group in &self.groups {
            bounds[group.index] = factor * group.score;
        }
        for &(group, bound) in found {
            bounds[group] = bound;
        }
        *self = Spreads::new(std::slice::from_ref(map), bounds);
    }
}

/// The larger of two variances. What is too extreme to be computed has no bound.
pub(crate) fn largest(one: f64, other: f64) -> f64 {
    if one.is_nan() || other.is_nan() {
        return f64::INFINITY;
    }
    one.max(other)
}

/// S, or with an offset that of (λ, 1): u has the variance (z, 1)ᵀS(z, 1).
fn covariance(map: &RewardMap) -> DMatrix<f64> {
    let of_weights = map.root * map.root.transpose();
    if map.root_offset.is_none() && map.variance_offset == 0.0 {
        return of_weights;
    }
    let d = of_weights.nrows();
    let mut all = of_weights.resize(d + 1, d + 1, 0.0);
    all[(d, d)] = map.variance_offset;
    if let Some(offset) = map.root_offset {
        let shared = map.root * offset;
        all.view_mut((0, d), (d, 1)).copy_from(&shared);
        all.view_mut((d, 0), (1, d)).copy_from(&shared.transpose());
        all[(d, d)] += offset.norm_squared();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Spreads, largest};
    use crate::inference::RewardMap;
    use nalgebra::{DMatrix, DVector};

    fn map<'a>(mean: &'a DVector<f64>, root: &'a DMatrix<f64>) -> RewardMap<'a> {
        RewardMap {
            probability: 1.0,
            mean,
            root,
            mean_offset: 0.0,
            root_offset: None,
            variance_offset: 0.0,
        }
    }

    #[test]
    fn the_factor_covers_every_direction() {
        let mean = DVector::zeros(2);
        let earlier = DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 0.5, 0.7]);
        let spreads = Spreads::new(&[map(&mean, &earlier)], vec![1.0, 3.0, 2.0]);
        let order: Vec<usize> = spreads.groups().iter().map(|group| group.index).collect();
        assert_eq!(order, [1, 2, 0]);
        for (now, most) in [
            (earlier.clone(), 1.0 + 1e-5),
            (&earlier * 0.3, 1.0 + 1e-5),
            // More than before, but for one direction.
            (
                &earlier * DMatrix::from_row_slice(2, 2, &[1.1, 0.0, 0.0, 0.2]),
                1.25,
            ),
            (&earlier * 2.0, 5.0),
            (&earlier * 10.0, f64::INFINITY),
        ] {
            let factor = spreads.factor(&map(&mean, &now));
            assert!(factor <= most, "{factor}");
            for step in 0..60 {
                let angle = f64::from(step) * std::f64::consts::PI / 60.0;
                let z = DVector::from_vec(vec![angle.cos(), angle.sin()]);
                let [after, before] = [&now, &earlier].map(|root| root.tr_mul(&z).norm_squared());
                assert!(after <= factor * before, "{angle}");
            }
        }
    }

    #[test]
    fn leniency_is_part_of_what_varies() {
        let mean = DVector::zeros(1);
        let root = DMatrix::repeat(1, 1, 1.0);
        let offset = DVector::repeat(1, 0.5);
        let with = |root_offset, variance_offset| RewardMap {
            root_offset,
            variance_offset,
            ..map(&mean, &root)
        };
        let spreads = Spreads::new(&[with(None, 0.5)], vec![1.0]);
        assert!(spreads.factor(&with(None, 0.4)) < 1.01);
        // At z = 1 the variance is 1.5² + .4 instead of 1 + .5.
        let factor = spreads.factor(&with(Some(&offset), 0.4));
        assert!(
            factor >= (2.25 + 0.4) / 1.5 && factor.is_finite(),
            "{factor}"
        );
    }

    #[test]
    fn new_bounds_replace_those_that_were_found() {
        let mean = DVector::zeros(1);
        let (wide, narrow) = (DMatrix::repeat(1, 1, 2.0), DMatrix::repeat(1, 1, 1.0));
        let mut spreads = Spreads::new(&[map(&mean, &wide)], vec![4.0, 3.0, 2.0]);
        spreads.renew(&map(&mean, &narrow), 1.0, &[(0, 1.0)]);
        let bounds: Vec<(usize, f64)> = spreads
            .groups()
            .iter()
            .map(|group| (group.index, group.score))
            .collect();
        assert_eq!(bounds, [(1, 3.0), (2, 2.0), (0, 1.0)]);
        assert!(spreads.factor(&map(&mean, &wide)) > 3.9);
    }

    #[test]
    fn what_cannot_be_computed_has_no_bound() {
        assert_eq!(largest(1.0, 2.0), 2.0);
        assert_eq!(largest(f64::NAN, 2.0), f64::INFINITY);
        assert_eq!(largest(f64::INFINITY, f64::NAN), f64::INFINITY);
    }
}
