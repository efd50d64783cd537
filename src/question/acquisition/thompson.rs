//! Dueling Thompson sampling for a pool of pairs (Wu & Liu 2016).

use super::{AcquisitionContext, AcquisitionRule};
use crate::model::AnswerModel;
use crate::numeric::ScoredIndex;

/// Chooses the pair about which two posterior samples of the weights disagree most: [`thompson`].
#[derive(Debug, Clone, Copy)]
pub struct Thompson;

impl AcquisitionRule for Thompson {
    fn name(&self) -> &'static str {
        "thompson"
    }

    fn rank(
        &self,
        context: &mut AcquisitionContext,
        pairs: &[usize],
        _count: usize,
    ) -> Vec<ScoredIndex> {
        let samples = (context.samples)();
        let (first, second) = (
            context.random.below(samples.count()),
            context.random.below(samples.count()),
        );
        let (first, second) = (
            samples.weights().column(first),
            samples.weights().column(second),
        );
        context.rank_by(pairs, |z| {
            thompson(&context.model, context.tie(), first.dot(&z), second.dot(&z))
        })
    }
}

/// The distance between two people with reward differences `first` and `second` in what they would
/// answer: half the difference of P(first) − P(second) between them.
pub fn thompson(model: &AnswerModel, tie: bool, first: f64, second: f64) -> f64 {
    let preference = |u: f64| {
        let outcomes = model.pair(u, tie);
        outcomes[0].probability - outcomes[1].probability
    };
    0.5 * (preference(first) - preference(second)).abs()
}
