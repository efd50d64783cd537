//! A-optimal design (Schein & Ungar 2007).

use super::{AcquisitionContext, AcquisitionRule, reduction};
use crate::model::OrdinalScale;
use crate::numeric::ScoredIndex;
use crate::question::Places;
use nalgebra::DVector;

/// Chooses the pair that is expected to shrink the sum of the weights' variances most:
/// [`a_optimal`].
#[derive(Debug, Clone, Copy)]
pub struct AOptimal;

impl AcquisitionRule for AOptimal {
    fn name(&self) -> &'static str {
        "a-optimal"
    }

    fn is_amount(&self) -> bool {
        true
    }

    fn rank(
        &self,
        context: &mut AcquisitionContext,
        pairs: &Places,
        _count: usize,
    ) -> Vec<ScoredIndex> {
        let scale = context.scale();
        context.rank_by(pairs, |z| {
            let (mean, variance, shift) = context.shift(z);
            a_optimal(&scale, mean, variance, &shift)
        })
    }
}

/// I·‖Sz‖² / (1 + I·v): the fall of the sum of the weights' variances. `shift` is Sz, d numbers.
pub fn a_optimal(scale: &OrdinalScale, mean: f64, variance: f64, shift: &DVector<f64>) -> f64 {
    reduction(scale, mean, variance) * shift.norm_squared()
}
