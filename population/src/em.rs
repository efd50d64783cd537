//! Expectation and maximisation in turn, until the likelihood rises no further.

use crate::acceleration::Acceleration;
use crate::expectation::Expectation;
use crate::frame::Frame;
use crate::maximisation::maximise;
use crate::people::People;
use crate::statistics::Statistics;
use leaning::{AnswerModel, Error, Prior};
use nalgebra::DVector;

/// How far a climb goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Climb {
    /// The fewest samples for each person and component, an even number.
    pub least_samples: usize,
    /// The fewest of them for each dimension.
    pub samples_per_dimension: usize,
    /// The largest number of steps.
    pub steps: usize,
    /// The climb ends when [`PATIENCE`] steps in a row have raised the log-likelihood of everybody's
    /// answers by less than this.
    pub least_gain: f64,
    /// The farthest that a step goes back, in units of the prior's standard deviations. Variances fall
    /// more slowly than they rise: one that has become too small hardly tells that it should be larger.
    pub farthest_back: f64,
    /// Added to variances in each step, relative to the default prior's.
    pub variance_floor: f64,
}

/// An extrapolation may go wrong once without gain being over.
const PATIENCE: usize = 2;

/// The farthest that a step goes, in units of the prior's standard deviations.
const FARTHEST: f64 = 1.0;
/// Shares of a step to try.
const SHORTER: [f64; 2] = [1.0, 0.25];

/// A prior with what it says about everybody.
#[derive(Debug, Clone)]
pub(crate) struct Summit {
    pub prior: Prior,
    pub statistics: Statistics,
}

impl Summit {
    /// Judges a prior.
    ///
    /// # Errors
    /// As [`Expectation::statistics`].
    pub fn new<P: People + ?Sized>(
        people: &P,
        model: AnswerModel,
        prior: Prior,
        samples: usize,
    ) -> Result<Self, Error> {
        let statistics = Expectation::new(&prior, model, samples)?.statistics(people)?;
        Ok(Summit { prior, statistics })
    }

    /// log P(everybody's answers).
    pub fn log_likelihood(&self) -> f64 {
        self.statistics.log_likelihood()
    }

    /// The prior for a new person, if so many people were fitted to: [`Frame::predictive_prior`].
    ///
    /// # Errors
    /// [`Error::NotConverged`] if a covariance is not positive definite in double precision.
    pub fn predictive_prior(&self, people: usize) -> Result<Prior, Error> {
        Frame::new(&self.prior, &self.statistics.components())?.predictive_prior(people)
    }
}

impl Climb {
    /// Number of samples for each person and component in d dimensions, even.
    pub fn samples(&self, dimensions: usize) -> usize {
        let of_dimensions = self.samples_per_dimension * dimensions;
        self.least_samples.max(of_dimensions.next_multiple_of(2))
    }

    /// Climbs from the prior `start`. `default_variances` has d numbers.
    ///
    /// Each step is one of expectation and maximisation, extrapolated by Anderson acceleration: on
    /// its own EM creeps where answers leave much open, above all along "everybody cares more". An
    /// extrapolation that lowers the likelihood is taken back (Henderson & Varadhan 2019). A person's
    /// samples come from the same random numbers in each step, so likelihoods can be compared.
    ///
    /// # Errors
    /// [`Error::Answer`] for impossible evidence, at the place `people[i]`; [`Error::NotConverged`]
    /// if the numbers are too extreme for double precision.
    pub fn from<P: People + ?Sized>(
        self,
        start: Prior,
        people: &P,
        model: AnswerModel,
        default_variances: &DVector<f64>,
    ) -> Result<Summit, Error> {
        let samples = self.samples(default_variances.len());
        self.by(start, default_variances, |prior| {
            Summit::new(people, model, prior, samples)
        })
    }

    /// As [`Climb::from`], with priors judged by `judge`.
    ///
    /// # Errors
    /// Those of `judge`.
    pub fn by(
        self,
        start: Prior,
        default_variances: &DVector<f64>,
        judge: impl Fn(Prior) -> Result<Summit, Error>,
    ) -> Result<Summit, Error> {
        let variance_floor = self.variance_floor * default_variances;
        let mut best = judge(start)?;
        let mut acceleration = Acceleration::default();
        let mut without_gain = 0;
        for _ in 0..self.steps {
            let moments = best.statistics.components();
            let plain = maximise(moments.clone(), &variance_floor)?;
            let dropped = plain.components().len() < best.prior.components().len();
            let proposed = if dropped {
                acceleration.clear();
                None
            } else {
                let frame = Frame::new(&best.prior, &moments)?;
                let step = acceleration.propose(&frame, &best.prior, &plain);
                let step = step.map(|number| number.clamp(-self.farthest_back, FARTHEST));
                let mut shorter = SHORTER.iter().map(|factor| *factor * &step);
                shorter.find_map(|step| {
                    let proposed = frame.prior(&step).and_then(&judge);
                    proposed
                        .ok()
                        .filter(|of| of.log_likelihood() >= best.log_likelihood())
                })
            };
            let next = if let Some(proposed) = proposed {
                proposed
            } else {
                acceleration.clear();
                judge(plain)?
            };
            let gain = next.log_likelihood() - best.log_likelihood();
            best = next;
            without_gain = if gain < self.least_gain && !dropped {
                without_gain + 1
            } else {
                0
            };
            if without_gain == PATIENCE {
                break;
            }
        }
        Ok(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::Evidence;
    use leaning::numeric::Random;
    use nalgebra::DMatrix;

    #[test]
    fn the_summit_does_not_depend_on_the_start() {
        let mut random = Random::new(3, 0);
        let mut answer = |weights: &DVector<f64>| {
            let difference = random.normals(2);
            let first = 1.0 / (1.0 + libm::exp(-weights.dot(&difference)));
            let outcome = usize::from(random.uniform() > first);
            let tie = false;
            Evidence::Pair {
                difference,
                tie,
                outcome,
            }
        };
        let mut tastes = Random::new(4, 0);
        let people: Vec<Vec<Evidence>> = (0..150)
            .map(|_| {
                let weights = DVector::from_vec(vec![
                    5.0 + 4.0 * tastes.normal(),
                    -2.0 + 2.0 * tastes.normal(),
                ]);
                (0..12).map(|_| answer(&weights)).collect()
            })
            .collect();
        let climb = Climb {
            least_samples: 64,
            samples_per_dimension: 0,
            steps: 100,
            least_gain: 1e-3,
            farthest_back: 0.5,
            variance_floor: 1e-6,
        };
        let summit = |mean: [f64; 2], sd: f64| {
            let covariance = DMatrix::from_diagonal_element(2, 2, sd * sd);
            let start = Prior::gaussian(DVector::from_column_slice(&mean), covariance).unwrap();
            let model = AnswerModel::BRADLEY_TERRY;
            let ones = DVector::from_element(2, 1.0);
            climb.from(start, &people, model, &ones).unwrap()
        };
        let usual = summit([0.0, 0.0], 1.4);
        for (mean, sd) in [([0.0, 0.0], 0.2), ([3.0, -1.0], 0.5), ([-2.0, 4.0], 3.0)] {
            let other = summit(mean, sd);
            let apart = other.log_likelihood() - usual.log_likelihood();
            assert!(apart.abs() < 0.05, "{apart} from {mean:?}");
            let sds = usual.prior.standard_deviations();
            let away = (other.prior.mean() - usual.prior.mean()).component_div(&sds);
            assert!(away.amax() < 0.05, "{away} from {mean:?}");
            let away = other.prior.standard_deviations().component_div(&sds);
            assert!(
                (away.add_scalar(-1.0)).amax() < 0.05,
                "{away} from {mean:?}"
            );
        }
    }
}
