//! Some of the people, for a fit whose people lie in several places.
//!
//! A driver sends every partition the same [`Step`], adds up the sums that come back in the order of
//! the partitions ([`TreeSum::append`]), and makes the next step of the total. Neither the number of
//! partitions nor that of threads changes a bit of it: a fit on one machine is a driver of one
//! partition.
//!
//! Steps and sums travel as bytes, so any engine can carry them.

use crate::expectation::Expectation;
use crate::mode::{EXACT, Modes};
use crate::tree::{BLOCK, TreeSum, of_blocks};
use crate::{OutcomeLikelihood, People, Sample};
use leaning::{AnswerModel, Error, Evidence, Flaw, MixtureComponent, Prior};
use nalgebra::{DMatrix, DVector};
use std::borrow::Cow;
use std::ops::Range;

mod bytes;

/// People's comparisons, and the inputs of the responses that they are about.
#[derive(Debug)]
pub struct Partition<'a> {
    sample: Cow<'a, Sample>,
    /// The inputs x of each response, p × n: a column per response.
    inputs: DMatrix<f32>,
    /// The place of the first person among those of all partitions.
    first: usize,
}

/// A step of a fit: parameters that everybody is summed up under.
#[derive(Debug, Clone)]
pub enum Step {
    /// Base rewards together with people's weights, at their best given the base rewards.
    Head(HeadStep),
    /// The E step of the population's prior.
    Prior(PriorStep),
}

/// The loss of Σ −log P(answer | λᵀφ) + ½|λ − m|² at each person's best λ, with φ = Wᵀx. Its sums are
/// the loss and its gradients by W (p × d, column by column) and m (d).
#[derive(Debug, Clone)]
pub struct HeadStep {
    /// How people answer.
    pub model: AnswerModel,
    /// W, p × d.
    pub head: DMatrix<f64>,
    /// m, d numbers.
    pub mean: DVector<f64>,
}

/// Sufficient statistics of everybody's weights over the scores φ = Wᵀx under a prior: of
/// log P(answers) and, for each component, of r, r·a, r·(C + aaᵀ) and r·C, column by column. A person
/// belongs to the component with the probability r, and has weights with the mean m + a and the
/// covariance C, m being the component's mean.
#[derive(Debug, Clone)]
pub struct PriorStep {
    /// How people answer.
    pub model: AnswerModel,
    /// W, p × d.
    pub head: DMatrix<f64>,
    /// The prior, over d weights.
    pub prior: Prior,
    /// Number of importance samples for each person and component, even.
    pub samples: usize,
}

impl<'a> Partition<'a> {
    /// A partition whose people follow `first` others, a multiple of [`BLOCK`]. `inputs` is p × n, a
    /// column for each response of the sample.
    ///
    /// # Errors
    /// [`Error::Options`] for another first person, or other numbers of responses.
    pub fn new(sample: Cow<'a, Sample>, inputs: DMatrix<f32>, first: usize) -> Result<Self, Error> {
        if !first.is_multiple_of(BLOCK) {
            let message = format!("expected a multiple of {BLOCK}, found {first}");
            return Err(Error::Options(Flaw::new("first", message)));
        }
        let mut partition = Partition {
            sample,
            inputs: DMatrix::zeros(0, 0),
            first,
        };
        partition.set_inputs(inputs)?;
        Ok(partition)
    }

    /// Replaces the inputs, p × n, by others of the same responses.
    ///
    /// # Errors
    /// [`Error::Options`] for another number of responses.
    pub fn set_inputs(&mut self, inputs: DMatrix<f32>) -> Result<(), Error> {
        let (columns, responses) = (inputs.ncols(), self.sample.responses());
        if columns != responses {
            let message = format!("expected {responses} columns, found {columns}");
            return Err(Error::Options(Flaw::new("inputs", message)));
        }
        self.inputs = inputs;
        Ok(())
    }

    /// Its people and their comparisons.
    pub fn sample(&self) -> &Sample {
        &self.sample
    }

    /// Takes a step, and returns the sums over this partition's people.
    ///
    /// # Errors
    /// [`Error::Options`] for a step with other numbers of inputs or dimensions,
    /// [`Error::NotConverged`] if the numbers are too extreme for double precision.
    pub fn run(&self, step: &Step) -> Result<TreeSum, Error> {
        match step {
            Step::Head(step) => self.head(step),
            Step::Prior(step) => self.prior(step),
        }
    }

    /// As [`Partition::run`], from the bytes of a step to those of the sums.
    ///
    /// # Errors
    /// As [`Partition::run`], and [`Error::Options`] for other bytes.
    pub fn step(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.run(&Step::from_bytes(bytes)?)?.to_bytes())
    }

    fn people(&self) -> Range<usize> {
        self.first..self.first + self.sample.people()
    }

    /// φ of each response, n × d.
    fn scores(&self, head: &DMatrix<f64>, dimensions: usize) -> Result<DMatrix<f64>, Error> {
        let expected = (self.inputs.nrows(), dimensions);
        if head.shape() != expected {
            let (p, d) = expected;
            let (rows, columns) = head.shape();
            let message = format!("expected {p} × {d} numbers, found {rows} × {columns}");
            return Err(Error::Options(Flaw::new("head", message)));
        }
        let columns = self.inputs.column_iter();
        let rows: Vec<_> = columns
            .map(|inputs| head.tr_mul(&inputs.map(f64::from)).transpose())
            .collect();
        if rows.is_empty() {
            return Ok(DMatrix::zeros(0, dimensions));
        }
        Ok(DMatrix::from_rows(&rows))
    }

    fn prior(&self, step: &PriorStep) -> Result<TreeSum, Error> {
        let scores = self.scores(&step.head, step.prior.mean().len())?;
        let people = Numbered {
            people: &self.sample.evidence(&step.model, &scores),
            first: self.first,
        };
        let expectation = Expectation::new(&step.prior, step.model, step.samples)?;
        expectation.sums(&people, self.people())
    }

    fn head(&self, step: &HeadStep) -> Result<TreeSum, Error> {
        let HeadStep { model, head, mean } = step;
        let (p, d) = (self.inputs.nrows(), mean.len());
        let scores = self.scores(head, d)?;
        let evidence = self.sample.evidence(model, &scores);
        let prior = MixtureComponent::new(1.0, mean.clone(), DMatrix::identity(d, d))?;
        let modes = Modes::new(&prior, EXACT)?;
        let likelihood = OutcomeLikelihood::new(model);
        of_blocks(self.people(), &|people| {
            let mut sum = HeadSum::new(p, d);
            for person in people {
                let person = person - self.first;
                let weights = &modes.find(*model, &evidence.evidence(person))?.mean;
                let mut by_reward = DVector::zeros(p);
                sum.loss += 0.5 * (weights - mean).norm_squared();
                let mut slopes = Vec::new();
                for (shown, outcome) in self.sample.of(person) {
                    let reward = |&response: &u32| -> f64 {
                        let scores = scores.row(response as usize);
                        scores.iter().zip(weights).map(|(s, w)| s * w).sum()
                    };
                    let rewards: Vec<f64> = shown.iter().map(reward).collect();
                    sum.loss -= likelihood.log(&rewards, outcome, &mut slopes);
                    for (&response, slope) in shown.iter().zip(&slopes) {
                        let inputs = self.inputs.column(response as usize);
                        for (sum, input) in by_reward.iter_mut().zip(&inputs) {
                            *sum -= slope * f64::from(*input);
                        }
                    }
                }
                sum.by_head.ger(1.0, &by_reward, weights, 1.0);
                sum.by_mean += mean - weights;
            }
            Ok(sum.into_numbers())
        })
    }
}

/// A loss with its gradients.
struct HeadSum {
    loss: f64,
    /// p × d.
    by_head: DMatrix<f64>,
    /// d numbers.
    by_mean: DVector<f64>,
}

impl HeadSum {
    fn new(p: usize, d: usize) -> Self {
        HeadSum {
            loss: 0.0,
            by_head: DMatrix::zeros(p, d),
            by_mean: DVector::zeros(d),
        }
    }

    fn into_numbers(self) -> Vec<f64> {
        [
            &[self.loss],
            self.by_head.as_slice(),
            self.by_mean.as_slice(),
        ]
        .concat()
    }
}

/// People by their numbers among those of all partitions.
struct Numbered<'a, P> {
    people: &'a P,
    first: usize,
}

impl<P: People> People for Numbered<'_, P> {
    fn count(&self) -> usize {
        self.first + self.people.count()
    }

    fn evidence(&self, person: usize) -> Cow<'_, [Evidence]> {
        self.people.evidence(person - self.first)
    }
}

/// The people of a fit, wherever they lie: sums over all of them.
pub trait Sums {
    /// Number of people.
    fn people(&self) -> usize;

    /// Takes a step everywhere, and adds up the sums.
    ///
    /// # Errors
    /// As [`Partition::run`], and [`Error::Options`] if partitions do not follow each other.
    fn sum(&self, step: &Step) -> Result<Vec<f64>, Error>;
}

impl Sums for Partition<'_> {
    fn people(&self) -> usize {
        self.sample.people()
    }

    fn sum(&self, step: &Step) -> Result<Vec<f64>, Error> {
        Ok(self.run(step)?.total())
    }
}

impl Sums for [Partition<'_>] {
    fn people(&self) -> usize {
        self.iter().map(|partition| partition.sample.people()).sum()
    }

    fn sum(&self, step: &Step) -> Result<Vec<f64>, Error> {
        let mut sum = TreeSum::default();
        for partition in self {
            if !sum.append(partition.run(step)?) {
                let message = "expected partitions of which each begins where the one before ends";
                return Err(Error::Options(Flaw::new("partitions", message)));
            }
        }
        Ok(sum.total())
    }
}
