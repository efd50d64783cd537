//! The baseline: one reward for everybody.

use super::factors::consensus_variance;
use super::inputs::Inputs;
use super::minimise::{Objective, minimise};
use super::progress::FitProgress;
use argmin::core::Error;
use leaning::AnswerModel;
use leaning_population::Sample;
use nalgebra::DMatrix;

/// The reward of each response, n × 1: wᵀx at the minimum of −Σ log P(answer) + ½ |w|²/v, with a
/// penalty as weak as that of the base rewards. It may use all inputs, not only those that d base
/// rewards keep.
pub fn fit_pooled(
    sample: &Sample,
    inputs: &Inputs,
    model: &AnswerModel,
    progress: &FitProgress,
) -> Result<DMatrix<f64>, Error> {
    let variance = consensus_variance(inputs);
    let everybody = DMatrix::repeat(sample.people(), 1, 1.0);
    let problem = Problem {
        sample,
        inputs,
        model,
        variance,
        everybody,
    };
    let minimum = minimise(problem, vec![0.0; inputs.count()], progress)?;
    Ok(inputs.scores(&DMatrix::from_vec(inputs.count(), 1, minimum.parameters)))
}

/// The loss to minimise.
struct Problem<'a> {
    sample: &'a Sample,
    inputs: &'a Inputs,
    model: &'a AnswerModel,
    /// v.
    variance: f64,
    /// Everybody's weight of this reward: 1.
    everybody: DMatrix<f64>,
}

impl Objective for Problem<'_> {
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let head = DMatrix::from_column_slice(parameters.len(), 1, parameters);
        let loss = self
            .sample
            .loss(self.model, &self.inputs.scores(&head), &self.everybody);
        let by_head = self.inputs.scores_transposed(&loss.by_scores) + &head / self.variance;
        let penalty = 0.5 * head.norm_squared() / self.variance;
        (loss.value + penalty, by_head.as_slice().to_vec())
    }
}
