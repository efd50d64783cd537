//! V-optimal design, aimed at the decisions to come.

use super::{AcquisitionContext, AcquisitionRule, reduction};
use crate::decision::regret::contention;
use crate::model::OrdinalScale;
use crate::numeric::ScoredIndex;
use crate::question::Places;
use nalgebra::DVector;

/// Samples that tell which candidates are in contention.
const SAMPLES: usize = 200;

/// Chooses the pair that tells most about the decisions to come: [`v_optimal`], aimed at the
/// differences between the candidates that are picked now and those that may be the best.
#[derive(Debug, Clone, Copy)]
pub struct Decision;

impl AcquisitionRule for Decision {
    fn name(&self) -> &'static str {
        "decision"
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
        let prompts = (context.prompts)();
        let aim = contention(context.laplace, (context.samples)(), SAMPLES, &prompts);
        let scale = context.scale();
        context.rank_by(pairs, |z| {
            let (mean, variance, shift) = context.shift(z);
            v_optimal(&scale, mean, variance, &shift, &(&aim * &shift))
        })
    }
}

/// I·zᵀSASz / (1 + I·v): the fall of the mean variance of the reward differences whose outer products
/// have the mean A. `shift` is Sz and `aimed` is ASz, d numbers each.
pub fn v_optimal(
    scale: &OrdinalScale,
    mean: f64,
    variance: f64,
    shift: &DVector<f64>,
    aimed: &DVector<f64>,
) -> f64 {
    reduction(scale, mean, variance) * shift.dot(aimed)
}
