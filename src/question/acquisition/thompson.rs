//! Dueling Thompson sampling for a pool of pairs (Wu & Liu 2016).

use super::{AcquisitionContext, AcquisitionRule};
use crate::model::OrdinalScale;
use crate::numeric::ScoredIndex;
use crate::question::Places;

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
        pairs: &Places,
        _count: usize,
    ) -> Vec<ScoredIndex> {
        let samples = (context.samples)();
        let first = samples.pick(&mut context.random);
        let second = samples.pick(&mut context.random);
        let scale = context.scale();
        context.rank_by(pairs, |z| thompson(&scale, first.dot(&z), second.dot(&z)))
    }
}

/// The distance between two people with reward differences `first` and `second` in what they would
/// answer: half the difference of P(upper half) − P(lower half) between them, which for a pair is
/// P(first) − P(second).
pub fn thompson(scale: &OrdinalScale, first: f64, second: f64) -> f64 {
    let preference = |u: f64| scale.outcomes(u).imbalance();
    0.5 * (preference(first) - preference(second)).abs()
}
