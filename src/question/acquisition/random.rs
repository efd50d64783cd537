//! Any pair: the baseline.

use super::{AcquisitionContext, AcquisitionRule};
use crate::inference::PosteriorSamples;
use crate::numeric::ScoredIndex;
use crate::question::Places;
use nalgebra::DMatrix;

/// Chooses pairs at random.
#[derive(Debug, Clone, Copy)]
pub struct RandomPair;

impl AcquisitionRule for RandomPair {
    fn name(&self) -> &'static str {
        "random"
    }

    fn rank(
        &self,
        context: &mut AcquisitionContext,
        pairs: &Places,
        _count: usize,
    ) -> Vec<ScoredIndex> {
        let mut all: Vec<ScoredIndex> = pairs
            .iter()
            .map(|index| ScoredIndex { score: 0.0, index })
            .collect();
        context.random.shuffle(&mut all);
        all
    }

    /// A random number.
    fn score_group(
        &self,
        context: &mut AcquisitionContext,
        _samples: &PosteriorSamples,
        _scores: &DMatrix<f64>,
    ) -> f64 {
        context.random.uniform()
    }
}
