//! The rival: one reward for everybody.

use super::factors::UTILITY_SD;
use super::inputs::Inputs;
use super::minimise::{Objective, minimise};
use super::sample::Sample;
use super::watch::Watch;
use argmin::core::Error;
use leaning::AnswerModel;
use nalgebra::DMatrix;

/// The reward of each response, n × 1: wᵀx with −Σ log P(answer) + ½ |w|²/v at its lowest, with as weak a penalty as
/// the base rewards have. It may use all inputs, not only what d base rewards keep of them.
pub fn fit_pooled(sample: &Sample, inputs: &Inputs, model: &AnswerModel, watch: &Watch) -> Result<DMatrix<f64>, Error> {
    let variance = UTILITY_SD * UTILITY_SD / inputs.total_variance();
    let pooled = Pooled { sample, inputs, model, variance, everybody: DMatrix::repeat(sample.people(), 1, 1.0) };
    let minimum = minimise(pooled, vec![0.0; inputs.count()], watch)?;
    Ok(inputs.scores(&DMatrix::from_vec(inputs.count(), 1, minimum.parameters)))
}

struct Pooled<'a> {
    sample: &'a Sample,
    inputs: &'a Inputs,
    model: &'a AnswerModel,
    /// v.
    variance: f64,
    /// Everybody's weight of this reward: 1.
    everybody: DMatrix<f64>,
}

impl Objective for Pooled<'_> {
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let head = DMatrix::from_column_slice(parameters.len(), 1, parameters);
        let loss = self.sample.loss(self.model, &self.inputs.scores(&head), &self.everybody);
        let by_head = self.inputs.back(&loss.by_scores) + &head / self.variance;
        (loss.value + 0.5 * head.norm_squared() / self.variance, by_head.as_slice().to_vec())
    }
}
