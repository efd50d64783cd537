//! A fit to more people than a joint search over everybody's weights is needed for.
//!
//! Some of the people are enough for all but base rewards and the prior, which begin with them and end
//! with everybody. They may be all that this machine has: [`Everybody`] sums over the others.
//!
//! The loss of [`super::factors`] is minimised over W and m alone: people's own weights are at their
//! best given these, which leaves the minimum where it is (variable projection). Each evaluation is a
//! [`Step`] over partitions of the people. The search starts from the base rewards of some of the
//! people, so it is near its end already.

use super::minimise::{Convergence, Objective, minimise_to};
use super::progress::{FitBar, FitProgress};
use super::training_data::Features;
use crate::deck::basis::Basis;
use argmin::core::Error;
use leaning::{AnswerModel, Prior};
use leaning_population::{HeadStep, Partition, Sample, Step, Sums, fit_partitions};
use nalgebra::{DMatrix, DVector};
use std::borrow::Cow;
use std::cell::Cell;

/// Twice as many people or more are many: the joint search is over some of them, if these give enough
/// answers.
pub const ENOUGH_PEOPLE: usize = 4000;
/// Where people give fewer answers each, more of them are needed.
const ENOUGH_ANSWERS: usize = 12;

/// The search ends when three steps have lowered the loss by less than this many nats for each number
/// that is fitted. A parameter that is one standard error off costs half a nat.
const NATS: f64 = 0.02;
const STEPS: usize = 3;
/// About the information that an answer holds about a number of W or m.
const INFORMATION: f64 = 0.1;
/// The most priors that a climb tries: up to three in each of 100 steps, and its start.
const MOST_PRIORS: u64 = 301;

/// The distance between the people that a joint search takes, if `enough` people are enough: 1 for
/// everybody.
pub fn step_of_some(people: usize, comparisons: usize, enough: usize) -> usize {
    let who_answer_enough = people.min(comparisons / ENOUGH_ANSWERS);
    (who_answer_enough / enough.max(1)).max(1)
}

/// The people to search with: all, or some of very many.
pub fn some_people(sample: &Sample) -> Cow<'_, Sample> {
    let step = step_of_some(sample.people(), sample.comparisons(), ENOUGH_PEOPLE);
    if step == 1 {
        return Cow::Borrowed(sample);
    }
    let some: Vec<usize> = (0..sample.people()).step_by(step).collect();
    Cow::Owned(sample.of_people(&some))
}

/// All the people of a fit, wherever they lie.
pub trait Everybody {
    /// The number of their comparisons that tell something.
    fn comparisons(&self) -> usize;

    /// Sums over them, where the scores of this basis are the inputs of responses.
    ///
    /// # Errors
    /// If they cannot be reached.
    fn sums(&self, inputs: &Basis) -> Result<Box<dyn Sums + '_>, leaning::Error>;
}

/// Everybody on this machine.
pub struct Here<'a> {
    pub sample: &'a Sample,
    pub features: &'a Features,
}

impl Everybody for Here<'_> {
    fn comparisons(&self) -> usize {
        self.sample.comparisons()
    }

    fn sums(&self, inputs: &Basis) -> Result<Box<dyn Sums + '_>, leaning::Error> {
        let inputs = inputs.scores_one_by_one(&self.features.raw);
        let partition = Partition::new(Cow::Borrowed(self.sample), inputs, 0)?;
        Ok(Box::new(partition))
    }
}

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
        failure: Cell::default(),
    };
    let count = problem.start.head.len() + problem.start.mean.len();
    let at_start = problem.sum(&problem.start)?[0];
    let convergence = Convergence {
        steps: STEPS,
        fraction: NATS * count as f64 / at_start.abs().max(1.0),
    };
    let minimum = minimise_to(convergence, &problem, vec![0.0; count], progress)?;
    if let Some(failure) = problem.failure.take() {
        return Err(failure.into());
    }
    Ok((problem.at(&minimum.parameters), minimum.losses))
}

/// Goes on from the prior `start` with everybody in `people`, for base rewards of this head, p × d.
///
/// # Errors
/// If a step fails.
pub fn fit_prior_to<S: Sums + ?Sized>(
    people: &S,
    model: &AnswerModel,
    head: &DMatrix<f64>,
    start: Prior,
    progress: &FitProgress,
) -> Result<Prior, leaning::Error> {
    let people = Shown {
        people,
        bar: progress.start(MOST_PRIORS),
    };
    let prior = fit_partitions(&people, *model, head, start);
    people.bar.finish();
    prior
}

/// Sums that show themselves in a bar.
struct Shown<'a, S: ?Sized> {
    people: &'a S,
    bar: FitBar,
}

impl<S: Sums + ?Sized> Sums for Shown<'_, S> {
    fn people(&self) -> usize {
        self.people.people()
    }

    fn sum(&self, step: &Step) -> Result<Vec<f64>, leaning::Error> {
        let sums = self.people.sum(step)?;
        // The first sum of a prior is the log-likelihood.
        self.bar.step(-sums.first().copied().unwrap_or(0.0));
        Ok(sums)
    }
}

/// The loss to minimise, over how far W and m are from the start, in units in which their standard
/// errors are about 1.
struct Problem<'a, S: ?Sized> {
    people: &'a S,
    model: &'a AnswerModel,
    variance: f64,
    unit: f64,
    start: HeadAndMean,
    /// Why the people cannot be summed over any more.
    failure: Cell<Option<leaning::Error>>,
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
        let sums = match self.sum(&at) {
            Ok(sums) => sums,
            Err(error) => {
                // Too far away for double precision: the line search comes back.
                if !matches!(error, leaning::Error::NotConverged) {
                    self.failure.set(Some(error));
                }
                return (f64::INFINITY, vec![0.0; parameters.len()]);
            }
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
    fn some_people_are_enough_if_they_answer_enough() {
        let step = |people, comparisons| step_of_some(people, comparisons, ENOUGH_PEOPLE);
        assert_eq!(step(7_999, 1_000_000), 1);
        assert_eq!(step(8_000, 96_000), 2);
        assert_eq!(step(8_000, 95_999), 1);
        assert_eq!(step(100_000, 600_000), 12);
        assert_eq!(step(100_000, 5_000_000), 25);
        assert_eq!(step_of_some(5, 100, 0), 5);
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
        let columns = rows.transpose().map(|input| input as f32);
        let people = Partition::new(Cow::Borrowed(&everybody), columns, 0).unwrap();
        let start = HeadAndMean {
            head: of_some.head.clone(),
            mean: of_some.weights.row_mean().transpose(),
        };
        let variance = super::super::factors::consensus_variance(&inputs) / 2.0;
        let comparisons = everybody.comparisons();
        let (found, losses) =
            fit_head(&people, comparisons, &model, variance, start, &progress).unwrap();
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
