//! The mean of the population, as it predicts people before their first answer.
//!
//! Base rewards and prior are fitted to all answers of a person together. Real people are not as the
//! model says, which leaves errors in what it says of a new person:
//!
//! - A person's answers about the same response repeat one opinion, which need not follow from the
//!   person's weights. Taken for independent, they make people differ far more than they do. So does
//!   a table of base rewards that follows the people it was fitted to.
//! - The likelihood of a person's answers together is mostly that of the later ones, given the
//!   earlier. The mean that serves them best lies too close to 0 for the first.
//!
//! So for a table, cross-validation chooses by how much to scale the covariance of people (the
//! *spread*). Then the mean is fitted again, to single answers: it maximises Σ log E P(answer | λ) over
//! λ ~ N(m, S) with S fixed. This is a composite likelihood (Varin, Reid & Firth 2011), which is
//! right for the mean however a person's answers depend on each other. With a consensus, what
//! everybody thinks of each response is fitted instead of m: Σ log E P(answer | c + φδ) − ½ |c|²/v over
//! δ ~ N(0, S).

use super::factors::consensus_variance;
use super::inputs::Inputs;
use super::minimise::{Objective, minimise};
use super::progress::FitProgress;
use argmin::core::Error;
use leaning::numeric::Random;
use leaning::{AnswerModel, MixtureComponent, Prior};
use leaning_population::{OutcomeLikelihood, Sample};
use nalgebra::{Cholesky, DMatrix, DVector};
use rayon::prelude::*;

/// Nodes of the trapezoid rule to either side of the mean, and their distance in standard deviations.
/// Its error is of the order exp(−2π²/(distance · sd)) for a reward difference of this deviation.
const NODES: i32 = 8;
const DISTANCE: f64 = 0.5;
/// An even number of draws of δ, for choices among more than two.
const DRAWS: usize = 256;
/// About as many answers are enough for the d numbers of a mean.
const ANSWERS: usize = 50_000;
/// People are summed over in as many parts, whatever the number of processors.
const PARTS: usize = 16;

/// Base rewards, n × d, and a prior over their weights.
#[derive(Debug, Clone)]
pub struct ScoresAndPrior {
    pub scores: DMatrix<f64>,
    pub prior: Prior,
    /// Whether the last base reward is what everybody thinks.
    pub consensus: bool,
}

impl ScoresAndPrior {
    /// The same with the covariance scaled by `spread`, and with the mean that fits single answers
    /// best. With a consensus, the mean is the consensus alone.
    pub fn fitted_to_single_answers(
        mut self,
        sample: &Sample,
        model: &AnswerModel,
        spread: f64,
        progress: &FitProgress,
    ) -> Result<Self, Error> {
        let d = self.scores.ncols();
        let problem = Problem::new(sample, model, &self, spread)?;
        let minimum = minimise(&problem, problem.start(), progress)?;
        let mut map = DMatrix::from_diagonal_element(d, d, spread.sqrt());
        let mean = if self.consensus {
            let consensus = DVector::from_vec(minimum.parameters);
            let (before, now) = (self.scores.column(d - 1).norm(), consensus.norm());
            self.scores.set_column(d - 1, &consensus);
            // People keep their deviations along the consensus, in its new unit.
            if before > 0.0 && now > 0.0 {
                map[(d - 1, d - 1)] *= before / now;
            }
            DVector::from_fn(d, |j, _| f64::from(u8::from(j == d - 1)))
        } else {
            let away = DVector::from_vec(minimum.parameters);
            self.prior.mean() + &problem.factor * away
        };
        let component = |component: &MixtureComponent| {
            let covariance = &map * component.covariance() * &map;
            let away = &map * (component.mean() - self.prior.mean());
            MixtureComponent::new(component.weight(), &mean + away, covariance)
        };
        let components = self.prior.components().iter().map(component);
        self.prior = Prior::mixture(components.collect::<Result<_, _>>()?)?;
        Ok(self)
    }
}

/// The loss to minimise: over c, n numbers, with a consensus; and over x, d numbers, without. The
/// mean is then m + Fx with the m and FFᵀ = S of the prior, and the penalty ½ |x|² that of one more
/// person, who weighs as everybody does.
struct Problem<'a> {
    sample: &'a Sample,
    likelihood: OutcomeLikelihood,
    /// The people whose answers are used.
    people: Vec<usize>,
    consensus: bool,
    /// φm, n numbers.
    mean_rewards: DVector<f64>,
    /// F, d × d.
    factor: DMatrix<f64>,
    /// (φF)ᵀ, d × n.
    deviations: DMatrix<f64>,
    /// F⁻¹δ of each draw, d × draws.
    draws: DMatrix<f64>,
}

impl<'a> Problem<'a> {
    fn new(
        sample: &'a Sample,
        model: &AnswerModel,
        fitted: &ScoresAndPrior,
        spread: f64,
    ) -> Result<Self, Error> {
        let ScoresAndPrior {
            scores,
            prior,
            consensus,
        } = fitted;
        let factor = Cholesky::new(spread * prior.covariance())
            .ok_or_else(|| Error::msg("the prior degenerated"))?
            .l();
        let every = if *consensus {
            1
        } else {
            sample.comparisons().div_ceil(ANSWERS).max(1)
        };
        let mut random = Random::new(0, 0);
        let mut draws = DMatrix::zeros(scores.ncols(), DRAWS);
        for draw in 0..DRAWS / 2 {
            let delta = random.normals(scores.ncols());
            draws.set_column(draw, &delta);
            draws.set_column(DRAWS / 2 + draw, &-delta);
        }
        Ok(Problem {
            sample,
            likelihood: OutcomeLikelihood::new(model),
            people: (0..sample.people()).step_by(every).collect(),
            consensus: *consensus,
            mean_rewards: scores * prior.mean(),
            deviations: (scores * &factor).transpose(),
            factor,
            draws,
        })
    }

    /// The prior's own mean.
    fn start(&self) -> Vec<f64> {
        if self.consensus {
            self.mean_rewards.as_slice().to_vec()
        } else {
            vec![0.0; self.factor.nrows()]
        }
    }

    /// v.
    fn variance(&self) -> f64 {
        if self.consensus {
            consensus_variance(&Inputs::Table(self.mean_rewards.len()))
        } else {
            1.0
        }
    }

    /// Adds −log E P(outcome) to the loss, and its gradient, at these mean rewards, n numbers.
    fn add(&self, mean_rewards: &DVector<f64>, shown: &[u32], outcome: u32, part: &mut LossPart) {
        let LossPart {
            loss,
            gradient,
            rewards,
            slopes,
            mean_slopes,
        } = part;
        mean_slopes.clear();
        mean_slopes.resize(shown.len(), 0.0);
        let mut mean = 0.0;
        let mut add = |rewards: &[f64], weight: f64| {
            let weighted = weight * self.likelihood.probability(rewards, outcome, slopes);
            mean += weighted;
            let slopes = mean_slopes.iter_mut().zip(slopes.iter());
            slopes.for_each(|(sum, slope)| *sum += weighted * slope);
        };
        let mean_reward = |response: u32| mean_rewards[response as usize];
        let deviation = |response: u32| self.deviations.column(response as usize);
        let mut total = 0.0;
        if let &[first, second] = shown {
            let sd = (deviation(first) - deviation(second)).norm();
            let difference = mean_reward(first) - mean_reward(second);
            for node in -NODES..=NODES {
                let x = DISTANCE * f64::from(node);
                let weight = (-0.5 * x * x).exp();
                total += weight;
                add(&[difference + sd * x, 0.0], weight);
            }
        } else {
            for draw in self.draws.column_iter() {
                rewards.clear();
                let reward =
                    |&response: &u32| mean_reward(response) + deviation(response).dot(&draw);
                rewards.extend(shown.iter().map(reward));
                total += 1.0;
                add(rewards, 1.0);
            }
        }
        let mean = mean.max(f64::MIN_POSITIVE);
        *loss -= (mean / total).ln();
        for (&response, slope) in shown.iter().zip(mean_slopes.iter()) {
            gradient[response as usize] -= slope / mean;
        }
    }
}

/// The loss of some people.
struct LossPart {
    loss: f64,
    /// By the mean reward of each response, n.
    gradient: DVector<f64>,
    /// Room for the numbers of one answer, by the responses shown.
    rewards: Vec<f64>,
    slopes: Vec<f64>,
    mean_slopes: Vec<f64>,
}

impl Objective for &Problem<'_> {
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let parameters = DVector::from_column_slice(parameters);
        let mean_rewards = if self.consensus {
            parameters.clone()
        } else {
            &self.mean_rewards + self.deviations.tr_mul(&parameters)
        };
        let part = |people: &[usize]| {
            let mut part = LossPart {
                loss: 0.0,
                gradient: DVector::zeros(mean_rewards.len()),
                rewards: Vec::new(),
                slopes: Vec::new(),
                mean_slopes: Vec::new(),
            };
            for &person in people {
                for (shown, outcome) in self.sample.of(person) {
                    self.add(&mean_rewards, shown, outcome, &mut part);
                }
            }
            if self.consensus {
                (part.loss, part.gradient)
            } else {
                (part.loss, &self.deviations * part.gradient)
            }
        };
        let chunk = self.people.len().div_ceil(PARTS).max(1);
        let parts: Vec<(f64, DVector<f64>)> = self.people.par_chunks(chunk).map(part).collect();
        let variance = self.variance();
        let penalty = 0.5 * parameters.norm_squared() / variance;
        let start = (penalty, parameters / variance);
        let (loss, gradient) = parts.into_iter().fold(start, |(loss, gradient), (of, by)| {
            (loss + of, gradient + by)
        });
        (loss, gradient.as_slice().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::Answer;
    use nalgebra::dmatrix;

    /// A fit of these scores to N(0, covariance).
    fn fitted(scores: DMatrix<f64>, covariance: DMatrix<f64>, consensus: bool) -> ScoresAndPrior {
        let mean = DVector::from_fn(scores.ncols(), |j, _| 0.3 + j as f64);
        let prior = Prior::gaussian(mean, covariance).unwrap();
        ScoresAndPrior {
            scores,
            prior,
            consensus,
        }
    }

    #[test]
    fn the_gradient_is_the_difference_of_the_loss() {
        let mut sample = Sample::new(3);
        sample.push([
            (&[0, 1, 2][..], Answer::Chose(1)),
            (&[2, 0][..], Answer::Tie),
        ]);
        sample.push([(&[1, 2][..], Answer::Chose(0)), (&[0, 1][..], Answer::Skip)]);
        let model = AnswerModel::new(0.05, 0.4).unwrap();
        for (consensus, parameters) in [(true, vec![0.4, -0.3, 1.1]), (false, vec![0.4, -0.3])] {
            let scores = dmatrix![0.5, -1.0; 0.2, 0.9; -0.7, 0.3];
            let fitted = fitted(scores, dmatrix![2.0, 0.5; 0.5, 1.0], consensus);
            let problem = Problem::new(&sample, &model, &fitted, 0.7).unwrap();
            let gradient = (&problem).evaluate(&parameters).1;
            assert_eq!(gradient.len(), problem.start().len());
            for (place, found) in gradient.iter().enumerate() {
                let at = |step: f64| {
                    let mut parameters = parameters.clone();
                    parameters[place] += step;
                    (&problem).evaluate(&parameters).0
                };
                let expected = (at(1e-6) - at(-1e-6)) / 2e-6;
                assert!((found - expected).abs() < 1e-8, "{found}, {expected}");
            }
        }
    }

    #[test]
    fn the_probability_of_an_answer_is_averaged_over_people() {
        // −log of SciPy's quad of (0.98/(1 + e^(−0.8 − sx)) + 0.01)·N(x; 0, 1).
        let mut sample = Sample::new(2);
        sample.push([(&[0, 1][..], Answer::Chose(0))]);
        let model = AnswerModel::new(0.02, 0.0).unwrap();
        for (sd, expected) in [(0.6, 0.395_179_614), (3.0, 0.528_936_669)] {
            let fitted = fitted(dmatrix![sd; 0.0], dmatrix![1.0], true);
            let problem = Problem::new(&sample, &model, &fitted, 1.0).unwrap();
            let penalty = 0.5 * 0.8 * 0.8 / problem.variance();
            let found = (&problem).evaluate(&[0.8, 0.0]).0 - penalty;
            assert!((found - expected).abs() < 1e-3, "{found}, {expected}");
        }
    }

    #[test]
    fn a_choice_among_three_is_averaged_as_one_between_two() {
        // Nobody would choose the third.
        let (mut of_two, mut of_three) = (Sample::new(3), Sample::new(3));
        of_two.push([(&[0, 1][..], Answer::Chose(0))]);
        of_three.push([(&[0, 1, 2][..], Answer::Chose(0))]);
        let model = AnswerModel::BRADLEY_TERRY;
        let scores = dmatrix![1.5, 0.2; 0.0, 1.0; 0.0, 0.0];
        let fitted = fitted(scores, DMatrix::identity(2, 2), true);
        let loss = |sample: &Sample| {
            let problem = Problem::new(sample, &model, &fitted, 1.0).unwrap();
            (&problem).evaluate(&[0.8, 0.0, -60.0]).0
        };
        let (found, expected) = (loss(&of_three), loss(&of_two));
        assert!((found - expected).abs() < 0.02, "{found}, {expected}");
    }

    #[test]
    fn shares_of_single_answers_are_met_and_the_spread_is_scaled() {
        // Three quarters of many people choose the first of two.
        let mut sample = Sample::new(2);
        for person in 0..4000 {
            sample.push([(&[0, 1][..], Answer::Chose(usize::from(person % 4 == 3)))]);
        }
        let model = AnswerModel::BRADLEY_TERRY;
        for consensus in [true, false] {
            let scores = dmatrix![1.0, 0.1; -1.0, -0.1];
            let before = fitted(scores, dmatrix![4.0, 0.0; 0.0, 0.5], consensus);
            let progress = FitProgress::hidden();
            let after = before
                .fitted_to_single_answers(&sample, &model, 0.25, &progress)
                .unwrap();
            let difference = (after.scores.row(0) - after.scores.row(1)).transpose();
            let mean = difference.dot(after.prior.mean());
            let variance = difference.dot(&(after.prior.covariance() * &difference));
            // A quarter of 4·2² + 0.5·0.2².
            assert!((variance - 4.005).abs() < 1e-9, "{variance}");
            let (mut share, mut total) = (0.0, 0.0);
            for node in -4000..=4000 {
                let x = f64::from(node) / 500.0;
                let weight = (-0.5 * x * x).exp();
                share += weight / (1.0 + (-mean - variance.sqrt() * x).exp());
                total += weight;
            }
            assert!((share / total - 0.75).abs() < 2e-3, "{}", share / total);
        }
    }
}
