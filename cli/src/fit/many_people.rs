//! Base rewards of more people than a joint search over everybody's weights is needed for.
//!
//! The loss of [`super::factors`] is minimised over W and m alone: people's own weights are at their
//! best given these, which leaves the minimum where it is (variable projection). Each evaluation is a
//! [`Step`] over partitions of the people. The search starts from the base rewards of some of the
//! people, so it is near its end already.

use super::minimise::{Convergence, Objective, minimise_to};
use super::progress::FitProgress;
use argmin::core::Error;
use leaning::AnswerModel;
use leaning_population::{HeadStep, Step, Sums};
use nalgebra::{DMatrix, DVector};

/// The search ends when three steps have lowered the loss by less than this many nats for each number
/// that is fitted. A parameter that is one standard error off costs half a nat.
const NATS: f64 = 0.02;
const STEPS: usize = 3;
/// About the information that an answer holds about a number of W or m.
const INFORMATION: f64 = 0.1;

/// W, p × d, and m, d numbers.
#[derive(Debug, Clone)]
pub struct HeadAndMean {
    pub head: DMatrix<f64>,
    pub mean: DVector<f64>,
}

/// Goes on from `start` with everybody in `people`. `variance` is v/κ, that of a number of W.
///
/// # Errors
/// If a step fails.
pub fn fit_head<S: Sums + ?Sized>(
    people: &S,
    comparisons: usize,
    model: &AnswerModel,
    variance: f64,
    start: HeadAndMean,
    progress: &FitProgress,
) -> Result<(HeadAndMean, Vec<f64>), Error> {
    let problem = Problem {
        people,
        model,
        variance,
        unit: 1.0 / (INFORMATION * comparisons as f64).sqrt(),
        start,
    };
    let count = problem.start.head.len() + problem.start.mean.len();
    let at_start = problem.sum(&problem.start)?[0];
    let convergence = Convergence {
        steps: STEPS,
        fraction: NATS * count as f64 / at_start.abs().max(1.0),
    };
    let minimum = minimise_to(convergence, &problem, vec![0.0; count], progress)?;
    Ok((problem.at(&minimum.parameters), minimum.losses))
}

/// The loss to minimise, over how far W and m are from the start, in units in which their standard
/// errors are about 1.
struct Problem<'a, S: ?Sized> {
    people: &'a S,
    model: &'a AnswerModel,
    variance: f64,
    unit: f64,
    start: HeadAndMean,
}

impl<S: Sums + ?Sized> Problem<'_, S> {
    fn at(&self, away: &[f64]) -> HeadAndMean {
        let HeadAndMean { head, mean } = &self.start;
        let (of_head, of_mean) = away.split_at(head.len());
        let (p, d) = head.shape();
        HeadAndMean {
            head: head + self.unit * DMatrix::from_column_slice(p, d, of_head),
            mean: mean + self.unit * DVector::from_column_slice(of_mean),
        }
    }

    /// The loss and its gradients by W and m, without the penalty.
    fn sum(&self, at: &HeadAndMean) -> Result<Vec<f64>, leaning::Error> {
        self.people.sum(&Step::Head(HeadStep {
            model: *self.model,
            head: at.head.clone(),
            mean: at.mean.clone(),
        }))
    }
}

impl<S: Sums + ?Sized> Objective for &Problem<'_, S> {
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let at = self.at(parameters);
        let Ok(sums) = self.sum(&at) else {
            // Too far away for double precision: the line search comes back.
            return (f64::INFINITY, vec![0.0; parameters.len()]);
        };
        let penalty = 0.5 * at.head.norm_squared() / self.variance;
        let mut gradient = sums[1..].to_vec();
        for (sum, number) in gradient.iter_mut().zip(at.head.as_slice()) {
            *sum += number / self.variance;
        }
        gradient.iter_mut().for_each(|number| *number *= self.unit);
        (sums[0] + penalty, gradient)
    }
}

#[cfg(test)]
mod tests {
    use super::super::factors::{FactorShape, Factors, Start};
    use super::super::inputs::Inputs;
    use super::*;
    use leaning::Answer;
    use leaning::numeric::Random;
    use leaning_population::{Partition, Sample};
    use std::borrow::Cow;

    /// People who choose between 40 responses of three features, by two tastes.
    fn sample(people: usize, features: &DMatrix<f64>) -> Sample {
        let mut random = Random::new(2, 0);
        let head = DMatrix::from_row_slice(3, 2, &[1.0, 0.0, 0.5, -0.5, 0.0, 1.0]);
        let scores = features * head;
        let mut sample = Sample::new(40);
        for _ in 0..people {
            let weights = DVector::from_vec(vec![0.5 + random.normal(), random.normal()]);
            let answers: Vec<([u32; 2], Answer)> = (0..20)
                .map(|_| {
                    let (a, b) = (random.below(40), random.below(40));
                    let difference = (scores.row(b) - scores.row(a)).transpose();
                    let first = 1.0 / (1.0 + difference.dot(&weights).exp());
                    let chose = usize::from(random.uniform() > first);
                    ([a as u32, b as u32], Answer::Chose(chose))
                })
                .filter(|([a, b], _)| a != b)
                .collect();
            sample.push(answers);
        }
        sample
    }

    #[test]
    fn the_search_ends_where_the_joint_search_does() {
        let mut random = Random::new(1, 0);
        let features = DMatrix::from_fn(40, 3, |_, _| random.normal());
        let (everybody, some) = (sample(300, &features), sample(100, &features));
        let inputs = Inputs::linear(&everybody, &features);
        let Inputs::Linear { inputs: rows, .. } = &inputs else {
            panic!("linear");
        };
        let (model, progress) = (AnswerModel::BRADLEY_TERRY, FitProgress::hidden());
        let shape = FactorShape::usual(2);
        let fit = |sample: &Sample| {
            Factors::fit(sample, &inputs, &model, shape, (Start::Svd, 1), &progress).unwrap()
        };
        let (joint, of_some) = (fit(&everybody), fit(&some));
        let people = [Partition::new(Cow::Borrowed(&everybody), rows, 0).unwrap()];
        let start = HeadAndMean {
            head: of_some.head.clone(),
            mean: of_some.weights.mean(),
        };
        let variance = super::super::factors::consensus_variance(&inputs) / 2.0;
        let comparisons = everybody.comparisons();
        let (found, losses) =
            fit_head(&people[..], comparisons, &model, variance, start, &progress).unwrap();
        let (expected, loss) = (joint.losses.last().unwrap(), losses.last().unwrap());
        // The joint search ends within 1e-4 of the loss.
        assert!(
            loss - expected < 0.5 && expected - loss < 2.0,
            "{loss}, {expected}"
        );
        assert!(losses[0] > loss + 0.5);
        // The rewards that the two heads can express are nearly the same plane.
        let plane = |head: &DMatrix<f64>| head.clone().qr().q();
        let cosines = plane(&found.head)
            .tr_mul(&plane(&joint.head))
            .singular_values();
        assert!(cosines.min() > 0.99, "{cosines}");
    }
}
