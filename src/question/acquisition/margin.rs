//! Margin sampling (Lewis & Gale 1994).

use super::{AcquisitionContext, AcquisitionRule};
use crate::model::OrdinalScale;
use crate::numeric::ScoredIndex;
use crate::question::Places;

/// Chooses the pair whose answer is least predictable: [`margin`].
#[derive(Debug, Clone, Copy)]
pub struct Margin;

impl AcquisitionRule for Margin {
    fn name(&self) -> &'static str {
        "margin"
    }

    fn rank(
        &self,
        context: &mut AcquisitionContext,
        pairs: &Places,
        _count: usize,
    ) -> Vec<ScoredIndex> {
        let scale = context.scale();
        context.rank_by_moments(pairs, |mean, _| margin(&scale, mean))
    }
}

/// −|p − ½|; with more than two outcomes −|P(upper half) − P(lower half)| / 2.
pub fn margin(scale: &OrdinalScale, mean: f64) -> f64 {
    -0.5 * scale.outcomes(mean).imbalance().abs()
}
