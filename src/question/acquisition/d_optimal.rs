//! D-optimal design.

use super::{AcquisitionContext, AcquisitionRule};
use crate::model::AnswerModel;
use crate::numeric::ScoredIndex;

/// Chooses the pair that is expected to shrink the volume of the approximation most: [`d_optimal`].
#[derive(Debug, Clone, Copy)]
pub struct DOptimal;

impl AcquisitionRule for DOptimal {
    fn name(&self) -> &'static str {
        "d-optimal"
    }

    fn rank(
        &self,
        context: &mut AcquisitionContext,
        pairs: &[usize],
        _count: usize,
    ) -> Vec<ScoredIndex> {
        let (model, tie) = (context.model, context.tie());
        context.rank_by_moments(pairs, |mean, variance| {
            d_optimal(&model, tie, mean, variance)
        })
    }
}

/// log(1 + I·v), twice the expected gain in the log determinant of the precision. In nats.
pub fn d_optimal(model: &AnswerModel, tie: bool, mean: f64, variance: f64) -> f64 {
    libm::log1p(model.pair(mean, tie).information() * variance)
}
