//! What is believed about a person's weights: a Gaussian, from a prior and answers.
//!
//! The mean is the posterior's mode. The covariance is the inverse of the prior's precision plus the expected Fisher
//! information of every answer at the mode. Both are exact by definition: the same log gives the same bits on every
//! machine. What people are *shown* comes from [`crate::Posterior`], which is right where this Gaussian is
//! overconfident.

use crate::answer::{AnswerModel, Evidence};
use crate::error::{Error, Flaw};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

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

/// The Gaussian N(μ₀, Σ₀) over the weights of a person who has said nothing yet.
#[derive(Debug, Clone)]
pub struct Prior {
    mean: DVector<f64>,
    /// Lower triangular L with LLᵀ = Σ₀.
    factor: DMatrix<f64>,
}

impl Prior {
    /// The prior of the given mean (d numbers) and covariance (d rows of d).
    ///
    /// # Errors
    /// In words, where the covariance is not symmetric or not positive definite, or the lengths differ.
    pub fn new(mean: &[f64], covariance: &[Vec<f64>]) -> Result<Self, String> {
        let d = mean.len();
        if d == 0 || covariance.len() != d || covariance.iter().any(|row| row.len() != d) {
            return Err(format!("expected {d} rows of {d} numbers"));
        }
        let matrix = DMatrix::from_fn(d, d, |i, j| 0.5 * (covariance[i][j] + covariance[j][i]));
        for i in 0..d {
            for j in 0..i {
                let scale = libm::sqrt((matrix[(i, i)] * matrix[(j, j)]).abs());
                if !((covariance[i][j] - covariance[j][i]).abs() <= 1e-9 * scale) {
                    return Err(format!("not symmetric in row {i}, column {j}"));
                }
            }
        }
        let factor = Cholesky::new(matrix).ok_or("not positive definite")?.unpack();
        if factor.iter().any(|number| !number.is_finite()) {
            return Err("not positive definite".to_owned());
        }
        Ok(Prior { mean: DVector::from_column_slice(mean), factor })
    }

    /// The prior for decks that bring none: independent λ_j ~ N(0, 4 / (d·v_j)) with v_j = `spread[j]`², so that a
    /// typical pair's reward difference has a standard deviation of 2. A dimension without spread gets 4 / d.
    pub fn by_spread(spread: &[f64]) -> Self {
        let d = spread.len();
        let deviation = |&spread: &f64| 2.0 / (libm::sqrt(d as f64) * if spread == 0.0 { 1.0 } else { spread });
        let deviations = DVector::from_iterator(d, spread.iter().map(deviation));
        Prior { mean: DVector::zeros(d), factor: DMatrix::from_diagonal(&deviations) }
    }

    /// Number of dimensions.
    pub fn dimensions(&self) -> usize {
        self.mean.len()
    }

    /// μ₀.
    pub fn mean(&self) -> &[f64] {
        self.mean.as_slice()
    }

    /// Standard deviation of each weight.
    pub fn deviations(&self) -> Vec<f64> {
        self.factor.row_iter().map(|row| row.norm()).collect()
    }
}

/// The Gaussian N(mean, covariance) over the weights, and the exact posterior that it approximates.
#[derive(Debug, Clone)]
pub struct Belief {
    mean: DVector<f64>,
    /// R with RRᵀ = covariance.
    factor: DMatrix<f64>,
    target: Target,
    /// η at the mode.
    mode: DVector<f64>,
    /// W with WWᵀ = H⁻¹, the covariance of η.
    root: DMatrix<f64>,
    /// C with CCᵀ = H, so that W = C⁻ᵀ.
    precision_factor: DMatrix<f64>,
}

impl Belief {
    /// Infers the weights: finds the mode by Fisher scoring from μ₀, in the coordinates in which the prior is
    /// N(0, I), so that neither the units of the scores nor a nearly singular prior matter.
    ///
    /// Each step solves with the expected information and is halved until the objective falls enough. Once close, or
    /// after many steps, it solves with the observed information where that is positive definite: with a lapse the
    /// expected information can be a tenth of the curvature, and Fisher steps would then circle the mode instead of
    /// reaching it.
    ///
    /// # Errors
    /// [`Error::NotConverged`] where the numbers are too extreme for double precision, and [`Error::Answer`] for
    /// evidence that cannot be: of other dimensions than the prior's, or of an outcome that is not there.
    pub fn infer(prior: &Prior, model: AnswerModel, evidence: &[Evidence]) -> Result<Self, Error> {
        let target = Target::new(prior, model, evidence)?;
        let (mode, precision) = target.find_mode()?;
        let mean = &prior.mean + &prior.factor * &mode;
        // H⁻¹ = WWᵀ with W = C⁻ᵀ, H = CCᵀ; covariance = L H⁻¹ Lᵀ = RRᵀ with R = LW.
        let d = prior.dimensions();
        let inverse = precision.l().solve_lower_triangular(&DMatrix::identity(d, d));
        let root = inverse.ok_or(Error::NotConverged)?.transpose();
        let factor = &prior.factor * &root;
        if mean.iter().chain(factor.iter()).any(|number| !number.is_finite()) {
            return Err(Error::NotConverged);
        }
        Ok(Belief { mean, factor, target, mode, root, precision_factor: precision.l() })
    }

    /// Number of dimensions d.
    pub fn dimensions(&self) -> usize {
        self.mean.len()
    }

    /// The posterior's mode, d weights.
    pub fn mean(&self) -> &[f64] {
        self.mean.as_slice()
    }

    /// The covariance, d rows of d; symmetric positive definite.
    pub fn covariance(&self) -> Vec<Vec<f64>> {
        let covariance = &self.factor * self.factor.transpose();
        covariance.row_iter().map(|row| row.iter().copied().collect()).collect()
    }

    /// Negative log posterior density at the mean, up to the constant that makes the prior's part zero at μ₀.
    pub fn objective(&self) -> f64 {
        self.target.objective(&self.mode)
    }

    /// Mean and variance of the reward difference λᵀz under the Gaussian.
    pub(crate) fn project(&self, z: &[f64]) -> (f64, f64) {
        let mean = self.mean.iter().zip(z).map(|(weight, z)| weight * z).sum();
        let mut variance = 0.0;
        for column in self.factor.column_iter() {
            let part: f64 = column.iter().zip(z).map(|(r, z)| r * z).sum();
            variance += part * part;
        }
        (mean, variance)
    }

    /// The mode as a point of the exact posterior.
    pub(crate) fn mode_point(&self) -> Point {
        self.point_from_mode(DVector::zeros(self.dimensions()))
    }

    /// The point at a distance from the mode, in units of the Gaussian's spread.
    pub(crate) fn point_from_mode(&self, from_mode: DVector<f64>) -> Point {
        let from_prior = &self.mode + &self.root * &from_mode;
        Point { log_density: -self.target.objective(&from_prior), from_mode, from_prior }
    }

    /// The point at a distance from the prior's mean, in units of the prior's spread.
    pub(crate) fn point_from_prior(&self, from_prior: DVector<f64>) -> Point {
        let from_mode = self.precision_factor.tr_mul(&(&from_prior - &self.mode));
        Point { log_density: -self.target.objective(&from_prior), from_mode, from_prior }
    }

    /// λ at a point.
    pub(crate) fn weights(&self, point: &Point) -> DVector<f64> {
        &self.mean + &self.factor * &point.from_mode
    }
}

/// A point of the exact posterior, in both coordinates in which it is sampled.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    /// x with η = mode + Wx, in which the Gaussian is N(0, I).
    pub from_mode: DVector<f64>,
    /// η, in which the prior is N(0, I).
    pub from_prior: DVector<f64>,
    /// log of the posterior density, up to a constant.
    pub log_density: f64,
}

/// The exact posterior in coordinates η with λ = μ₀ + Lη, in which the prior is N(0, I).
#[derive(Debug, Clone)]
struct Target {
    dimensions: usize,
    model: AnswerModel,
    terms: Vec<Term>,
}

/// One piece of evidence as a function of utilities that are linear in η: u = origin + rowᵀη.
#[derive(Debug, Clone)]
enum Term {
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
    row: DVector<f64>,
}

impl Linear {
    fn at(&self, eta: &DVector<f64>) -> f64 {
        self.origin + self.row.dot(eta)
    }
}

/// Gradient of the objective, and the two kinds of information: expected (always positive definite) and observed.
struct Derivatives {
    gradient: DVector<f64>,
    expected: DMatrix<f64>,
    observed: DMatrix<f64>,
}

impl Target {
    fn new(prior: &Prior, model: AnswerModel, evidence: &[Evidence]) -> Result<Self, Error> {
        let d = prior.dimensions();
        let linear = |scores: &[f64]| -> Result<Linear, Error> {
            if scores.len() != d {
                return Err(Error::Answer(Flaw::new("", format!("expected {d} scores, found {}", scores.len()))));
            }
            let scores = DVector::from_column_slice(scores);
            Ok(Linear { origin: prior.mean.dot(&scores), row: prior.factor.tr_mul(&scores) })
        };
        let wrong = |message: &str| Err(Error::Answer(Flaw::new("", message)));
        let mut terms = Vec::with_capacity(evidence.len());
        for evidence in evidence {
            terms.push(match evidence {
                Evidence::Pair { difference, tie, outcome } => {
                    if *outcome > 1 + usize::from(*tie) {
                        return wrong("two candidates have no such outcome");
                    }
                    Term::Pair { utility: linear(difference)?, tie: *tie, outcome: *outcome }
                }
                Evidence::Choice { scores, chose } => {
                    if *chose >= scores.len() {
                        return wrong("the chosen candidate was not shown");
                    }
                    let utilities = scores.iter().map(|scores| linear(scores)).collect::<Result<_, _>>()?;
                    Term::Choice { utilities, chose: *chose }
                }
                &Evidence::Statement { dimension, weight, sd } => {
                    if dimension >= d || !(sd > 0.0) {
                        return wrong("a statement needs a dimension that is there and a standard deviation above 0");
                    }
                    let row = prior.factor.row(dimension).transpose();
                    let distance = Linear { origin: prior.mean[dimension] - weight, row };
                    Term::Statement { distance, precision: 1.0 / (sd * sd) }
                }
            });
        }
        Ok(Target { dimensions: d, model, terms })
    }

    /// −log P(evidence | η) + ½‖η‖².
    fn objective(&self, eta: &DVector<f64>) -> f64 {
        0.5 * eta.norm_squared() - self.terms.iter().map(|term| self.log_likelihood(term, eta)).sum::<f64>()
    }

    fn log_likelihood(&self, term: &Term, eta: &DVector<f64>) -> f64 {
        match term {
            Term::Pair { utility, tie, outcome } => self.model.pair_log_probability(utility.at(eta), *tie, *outcome),
            Term::Choice { utilities, chose } => {
                let logs = log_softmax(utilities.iter().map(|utility| utility.at(eta)).collect());
                self.model.mix(logs[*chose], logs.len()).0
            }
            Term::Statement { distance, precision } => {
                let distance = distance.at(eta);
                -0.5 * distance * distance * precision
            }
        }
    }

    fn derivatives(&self, eta: &DVector<f64>) -> Derivatives {
        let d = eta.len();
        let mut sum =
            Derivatives { gradient: eta.clone(), expected: DMatrix::identity(d, d), observed: DMatrix::identity(d, d) };
        for term in &self.terms {
            match term {
                Term::Pair { utility, tie, outcome } => {
                    let outcomes = self.model.pair(utility.at(eta), *tie);
                    let (row, observed) = (&utility.row, &outcomes[*outcome]);
                    sum.gradient.axpy(-observed.slope, row, 1.0);
                    sum.expected.ger(outcomes.information(), row, row, 1.0);
                    sum.observed.ger(-observed.curvature, row, row, 1.0);
                }
                Term::Choice { utilities, chose } => self.add_choice(&mut sum, utilities, *chose, eta),
                Term::Statement { distance, precision } => {
                    sum.gradient.axpy(distance.at(eta) * precision, &distance.row, 1.0);
                    sum.expected.ger(*precision, &distance.row, &distance.row, 1.0);
                    sum.observed.ger(*precision, &distance.row, &distance.row, 1.0);
                }
            }
        }
        sum
    }

    /// ∇log P_k = w_k·(φ_k − φ̄) with φ̄ = Σ s_j φ_j, s = softmax(u) and w_k the share of P_k that is no slip.
    fn add_choice(&self, sum: &mut Derivatives, utilities: &[Linear], chose: usize, eta: &DVector<f64>) {
        let logs = log_softmax(utilities.iter().map(|utility| utility.at(eta)).collect());
        let mut average = DVector::zeros(eta.len());
        for (log, utility) in logs.iter().zip(utilities) {
            average.axpy(libm::exp(*log), &utility.row, 1.0);
        }
        let chosen_share = self.model.mix(logs[chose], logs.len()).2;
        for (k, (&log, utility)) in logs.iter().zip(utilities).enumerate() {
            let away = &utility.row - &average;
            let (_, probability, share) = self.model.mix(log, logs.len());
            sum.expected.ger(probability * share * share, &away, &away, 1.0);
            // −∇²log P = w·Cov(φ) − w(1−w)·(φ_k − φ̄)(φ_k − φ̄)ᵀ
            sum.observed.ger(chosen_share * libm::exp(log), &away, &away, 1.0);
            if k == chose {
                sum.gradient.axpy(-share, &away, 1.0);
                sum.observed.ger(-share * (1.0 - share), &away, &away, 1.0);
            }
        }
    }

    /// The mode, and the Cholesky factorisation of the expected precision there.
    fn find_mode(&self) -> Result<(DVector<f64>, Cholesky<f64, Dyn>), Error> {
        let mut eta = DVector::zeros(self.dimensions);
        let mut objective = self.objective(&eta);
        let mut last = f64::INFINITY;
        let mut nudged = false;
        for taken in 0..MAX_STEPS {
            let Derivatives { gradient, expected, observed } = self.derivatives(&eta);
            let expected = Cholesky::new(expected).ok_or(Error::NotConverged)?;
            let mut step = expected.solve(&gradient);
            let decrement = libm::sqrt(gradient.dot(&step));
            if !decrement.is_finite() {
                return Err(Error::NotConverged);
            }
            let observed = Cholesky::new(observed);
            if decrement < CONVERGED_BELOW || (decrement < ROUNDING_BELOW && decrement >= last) {
                if observed.is_some() || nudged {
                    return Ok((eta, expected));
                }
                // Answers that balance exactly can make a saddle or a peak of μ₀: any step leads down from it.
                nudged = true;
                eta.add_scalar_mut(NUDGE);
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
                eta -= step;
                objective = self.objective(&eta);
            } else {
                last = f64::INFINITY;
                let slope = gradient.dot(&step);
                (eta, objective) = self.descend(&eta, objective, &step, slope).ok_or(Error::NotConverged)?;
            }
        }
        Err(Error::NotConverged)
    }

    /// Goes along −`step`, halved until the objective falls by a quarter of what `slope` promises (Armijo's rule). A
    /// fall however small is not enough: where the curvature is twice the expected information, as for ties, a full
    /// step lands as high on the other side.
    fn descend(
        &self,
        eta: &DVector<f64>,
        objective: f64,
        step: &DVector<f64>,
        slope: f64,
    ) -> Option<(DVector<f64>, f64)> {
        let mut length = 1.0;
        for _ in 0..MAX_HALVINGS {
            let there = eta - step * length;
            let value = self.objective(&there);
            if value < objective - 0.25 * length * slope {
                return Some((there, value));
            }
            length *= 0.5;
        }
        None
    }
}

/// log softmax(u), without overflow.
fn log_softmax(mut utilities: Vec<f64>) -> Vec<f64> {
    let most = utilities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let log_sum = most + libm::log(utilities.iter().map(|u| libm::exp(u - most)).sum());
    for utility in &mut utilities {
        *utility -= log_sum;
    }
    utilities
}
