//! The exact posterior over the weights, and its mode.

use crate::answer::{AnswerModel, Evidence, log_softmax};
use crate::error::{Error, Flaw};
use crate::linear::{Cholesky, Matrix, dot, norm_squared, plus};
use crate::list::List;
use crate::math;
use crate::prior::Gaussian;
use alloc::vec::Vec;

/// Below this decrement, full steps need no check: the objective's own rounding would hide whether it falls.
const FULL_STEPS_BELOW: f64 = 1e-4;
/// At this decrement √(gᵀH⁻¹g) the mode is found. In units of posterior standard deviations, so free of scale.
const CONVERGED_BELOW: f64 = 1e-11;
/// A decrement that small but no longer falling has met the rounding of the gradient itself.
const ROUNDING_BELOW: f64 = 1e-6;
/// Where so many steps of Fisher scoring have not come close, the observed information takes over.
const SCORING_STEPS: usize = 50;
const MAX_STEPS: usize = 500;
/// In units of prior standard deviations.
const NUDGE: f64 = 1e-3;
const MAX_HALVINGS: usize = 60;

/// The exact posterior in coordinates η with λ = μ₀ + Lη, in which the prior is N(0, I).
#[derive(Debug, Clone)]
pub(crate) struct Target {
    dimensions: usize,
    model: AnswerModel,
    terms: Vec<Term>,
}

/// One piece of evidence.
#[derive(Debug, Clone)]
struct Term {
    kind: Kind,
    /// What its log-likelihood is multiplied by.
    weight: f64,
}

/// What a piece of evidence says, as a function of utilities that are linear in η: u = origin + rowᵀη.
#[derive(Debug, Clone)]
enum Kind {
    Pair {
        utility: Linear,
        tie: bool,
        outcome: usize,
    },
    Choice {
        utilities: Vec<Linear>,
        chose: usize,
    },
    /// (u − 0)² · precision / 2, with u the weight's distance from what was stated.
    Statement {
        distance: Linear,
        precision: f64,
    },
}

#[derive(Debug, Clone)]
struct Linear {
    origin: f64,
    row: Vec<f64>,
}

impl Linear {
    fn at(&self, eta: &[f64]) -> f64 {
        self.origin + dot(&self.row, eta)
    }
}

/// Gradient of the objective, and the two kinds of information: expected (always positive definite) and observed.
struct Derivatives {
    gradient: Vec<f64>,
    expected: Matrix,
    observed: Matrix,
}

impl Derivatives {
    /// Adds what is known along `row`: a multiple of it to the gradient, and of its square to the informations.
    fn add(&mut self, row: &[f64], gradient: f64, expected: f64, observed: f64) {
        self.gradient = plus(&self.gradient, gradient, row);
        self.expected.add_square(expected, row);
        self.observed.add_square(observed, row);
    }
}

impl Target {
    pub fn new(prior: &Gaussian, model: AnswerModel, evidence: &[Evidence], weights: &[f64]) -> Result<Self, Error> {
        let d = prior.mean.len();
        let factor_transpose = prior.factor.transpose();
        let linear = |scores: &[f64]| -> Result<Linear, Error> {
            if scores.len() != d {
                return Err(Error::Answer(Flaw::new("", text!["expected ", d, " scores, found ", scores.len()])));
            }
            Ok(Linear { origin: dot(&prior.mean, scores), row: factor_transpose.times(scores) })
        };
        let wrong = |message: &str| Err(Error::Answer(Flaw::new("", message)));
        let mut terms = Vec::with_capacity(evidence.len());
        for (evidence, &weight) in evidence.iter().zip(weights) {
            let kind = match evidence {
                Evidence::Pair { difference, tie, outcome } => {
                    if *outcome > 1 + usize::from(*tie) {
                        return wrong("two candidates have no such outcome");
                    }
                    Kind::Pair { utility: linear(difference)?, tie: *tie, outcome: *outcome }
                }
                Evidence::Choice { scores, chose } => {
                    if *chose >= scores.len() {
                        return wrong("the chosen candidate was not shown");
                    }
                    let mut utilities = Vec::new();
                    for scores in scores {
                        utilities.push(linear(scores)?);
                    }
                    Kind::Choice { utilities, chose: *chose }
                }
                &Evidence::Statement { dimension, weight, sd } => {
                    if dimension >= d || !(sd > 0.0) {
                        return wrong("a statement needs a dimension that is there and a standard deviation above 0");
                    }
                    let row = prior.factor.row(dimension).to_vec();
                    let distance = Linear { origin: prior.mean[dimension] - weight, row };
                    Kind::Statement { distance, precision: 1.0 / (sd * sd) }
                }
            };
            terms.push(Term { kind, weight });
        }
        Ok(Target { dimensions: d, model, terms })
    }

    /// Whether there is no evidence.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// −log P(evidence | η) + ½‖η‖².
    pub fn objective(&self, eta: &[f64]) -> f64 {
        0.5 * norm_squared(eta) - self.log_likelihood(eta)
    }

    /// log P(evidence | η).
    pub fn log_likelihood(&self, eta: &[f64]) -> f64 {
        self.terms.iter().map(|term| self.log_likelihood_of(term, eta)).sum()
    }

    /// log P(evidence | η) where it is above `floor`: no term is above 0, so most points that fail do after a few.
    pub fn log_likelihood_above(&self, floor: f64, eta: &[f64]) -> Option<f64> {
        let mut sum = 0.0;
        for term in &self.terms {
            if !(sum > floor) {
                return None;
            }
            sum += self.log_likelihood_of(term, eta);
        }
        (sum > floor).then_some(sum)
    }

    fn log_likelihood_of(&self, term: &Term, eta: &[f64]) -> f64 {
        let log_likelihood = match &term.kind {
            Kind::Pair { utility, tie, outcome } => self.model.pair_log_probability(utility.at(eta), *tie, *outcome),
            Kind::Choice { utilities, chose } => {
                let logs = log_softmax(utilities.iter().map(|utility| utility.at(eta)).collect());
                self.model.log_with_lapse(logs[*chose], logs.len())
            }
            Kind::Statement { distance, precision } => {
                let distance = distance.at(eta);
                -0.5 * distance * distance * precision
            }
        };
        term.weight * log_likelihood
    }

    fn derivatives(&self, eta: &[f64]) -> Derivatives {
        let start = Matrix::identity(eta.len());
        let mut sum = Derivatives { gradient: eta.to_vec(), expected: start.clone(), observed: start };
        for &Term { ref kind, weight } in &self.terms {
            let mut add = |row: &[f64], gradient: f64, expected: f64, observed: f64| {
                sum.add(row, weight * gradient, weight * expected, weight * observed);
            };
            match kind {
                Kind::Pair { utility, tie, outcome } => {
                    let outcomes = self.model.pair(utility.at(eta), *tie);
                    let observed = &outcomes[*outcome];
                    add(&utility.row, -observed.slope, outcomes.information(), -observed.curvature);
                }
                Kind::Choice { utilities, chose } => self.add_choice(&mut add, utilities, *chose, eta),
                Kind::Statement { distance, precision } => {
                    add(&distance.row, distance.at(eta) * precision, *precision, *precision);
                }
            }
        }
        sum
    }

    /// ∇log P_k = w_k·(φ_k − φ̄) with φ̄ = Σ s_j φ_j, s = softmax(u) and w_k the share of P_k that is no slip.
    fn add_choice(&self, add: &mut impl FnMut(&[f64], f64, f64, f64), utilities: &[Linear], chose: usize, eta: &[f64]) {
        let logs = log_softmax(utilities.iter().map(|utility| utility.at(eta)).list());
        let mut average = vec![0.0; eta.len()];
        for (log, utility) in logs.iter().zip(utilities) {
            average = plus(&average, libm::exp(*log), &utility.row);
        }
        let chosen_share = self.model.with_lapse(libm::exp(logs[chose]), logs.len()).1;
        for (k, (&log, utility)) in logs.iter().zip(utilities).enumerate() {
            let softmax = libm::exp(log);
            let (probability, share) = self.model.with_lapse(softmax, logs.len());
            // −∇²log P = w·Cov(φ) − w(1−w)·(φ_k − φ̄)(φ_k − φ̄)ᵀ
            let (mut slope, mut observed) = (0.0, chosen_share * softmax);
            if k == chose {
                slope = -share;
                observed -= share * (1.0 - share);
            }
            add(&plus(&utility.row, -1.0, &average), slope, probability * share * share, observed);
        }
    }

    /// The mode, and the Cholesky factorisation of the expected precision there.
    pub fn find_mode(&self) -> Result<(Vec<f64>, Cholesky), Error> {
        let mut eta = vec![0.0; self.dimensions];
        let mut objective = self.objective(&eta);
        let mut last = f64::INFINITY;
        let mut nudged = false;
        for taken in 0..MAX_STEPS {
            let Derivatives { gradient, expected, observed } = self.derivatives(&eta);
            let expected = Cholesky::new(&expected).ok_or(Error::NotConverged)?;
            let mut step = expected.solve(&gradient);
            let decrement = math::sqrt(dot(&gradient, &step));
            if !decrement.is_finite() {
                return Err(Error::NotConverged);
            }
            let observed = Cholesky::new(&observed);
            if decrement < CONVERGED_BELOW || (decrement < ROUNDING_BELOW && decrement >= last) {
                if observed.is_some() || nudged {
                    return Ok((eta, expected));
                }
                // Answers that balance exactly can make a saddle or a peak of μ₀: any step leads down from it.
                nudged = true;
                eta = plus(&eta, NUDGE, &vec![1.0; eta.len()]);
                objective = self.objective(&eta);
                last = f64::INFINITY;
                continue;
            }
            let close = decrement < FULL_STEPS_BELOW;
            if (close || taken >= SCORING_STEPS)
                && let Some(observed) = observed
            {
                step = observed.solve(&gradient);
            }
            if close {
                last = decrement;
                eta = plus(&eta, -1.0, &step);
                objective = self.objective(&eta);
            } else {
                last = f64::INFINITY;
                let slope = dot(&gradient, &step);
                (eta, objective) = self.descend(&eta, objective, &step, slope).ok_or(Error::NotConverged)?;
            }
        }
        Err(Error::NotConverged)
    }

    /// Goes along −`step`, halved until the objective falls by a quarter of what `slope` promises (Armijo's rule). A
    /// fall however small is not enough: where the curvature is twice the expected information, as for ties, a full
    /// step lands as high on the other side.
    fn descend(&self, eta: &[f64], objective: f64, step: &[f64], slope: f64) -> Option<(Vec<f64>, f64)> {
        let mut length = 1.0;
        for _ in 0..MAX_HALVINGS {
            let there = plus(eta, -length, step);
            let value = self.objective(&there);
            if value < objective - 0.25 * length * slope {
                return Some((there, value));
            }
            length *= 0.5;
        }
        None
    }
}
