//! D-optimal design.

use super::{AcquisitionContext, AcquisitionRule};
use crate::model::OrdinalScale;
use crate::numeric::ScoredIndex;
use crate::question::Places;

/// Chooses the pair that is expected to shrink the volume of the approximation most: [`d_optimal`].
#[derive(Debug, Clone, Copy)]
pub struct DOptimal;

impl AcquisitionRule for DOptimal {
    fn name(&self) -> &'static str {
        "d-optimal"
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
        context.rank_by_moments(pairs, |mean, variance| d_optimal(&scale, mean, variance))
    }
}

/// log(1 + I·v), twice the expected gain in the log determinant of the precision. In nats.
pub fn d_optimal(scale: &OrdinalScale, mean: f64, variance: f64) -> f64 {
    libm::log1p(scale.outcomes(mean).information() * variance)
}
