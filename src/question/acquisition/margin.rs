//! Margin sampling (Lewis & Gale 1994).

use super::{AcquisitionContext, AcquisitionRule};
use crate::model::AnswerModel;
use crate::numeric::ScoredIndex;

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
        pairs: &[usize],
        _count: usize,
    ) -> Vec<ScoredIndex> {
        let (model, tie) = (context.model, context.tie());
        context.rank_by_moments(pairs, |mean, _| margin(&model, tie, mean))
    }
}

/// −|p − ½|; with ties −|P(first) − P(second)| / 2.
pub fn margin(model: &AnswerModel, tie: bool, mean: f64) -> f64 {
    let outcomes = model.pair(mean, tie);
    -0.5 * (outcomes[0].probability - outcomes[1].probability).abs()
}
