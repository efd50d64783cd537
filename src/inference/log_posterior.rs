//! The exact log posterior of the weights, its derivatives and its mode.

use crate::error::{Error, Flaw};
use crate::model::{AnswerModel, Evidence, MixtureComponent};
use crate::numeric::log_softmax;
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// Below this decrement full steps need no check: the objective's own rounding would hide a descent.
const FULL_STEPS_BELOW: f64 = 1e-4;
/// At this decrement √(gᵀH⁻¹g) the mode is found. It is in units of posterior standard deviations,
/// so free of scale.
const CONVERGED_BELOW: f64 = 1e-11;
/// A decrement that is this small but no longer falls has met the rounding of the gradient.
const ROUNDING_BELOW: f64 = 1e-6;
/// After this many steps of Fisher scoring the observed information takes over.
const SCORING_STEPS: usize = 50;
const MAX_STEPS: usize = 500;
/// In units of prior standard deviations.
const NUDGE: f64 = 1e-3;
const MAX_HALVINGS: usize = 60;

/// The log posterior under one Gaussian prior, in coordinates η with λ = μ₀ + Lη, in which the prior
/// is N(0, I).
#[derive(Debug, Clone)]
pub(super) struct LogPosterior {
    dimensions: usize,
    model: AnswerModel,
    terms: Vec<Term>,
}

/// One piece of evidence.
#[derive(Debug, Clone)]
struct Term {
    likelihood: Likelihood,
    /// Factor of its log-likelihood.
    weight: f64,
}

/// The likelihood of one piece of evidence as a function of utilities that are linear in η.
#[derive(Debug, Clone)]
enum Likelihood {
    Pair {
        utility: Linear,
        tie: bool,
        outcome: usize,
    },
    Choice {
        utilities: Vec<Linear>,
        chose: usize,
    },
    /// Normal, with this precision, of the distance between the weight and the stated one.
    Statement { distance: Linear, precision: f64 },
}

/// u = origin + rowᵀη.
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

/// Gradient of the objective, and two kinds of information: expected, which is always positive
/// definite, and observed.
struct Derivatives {
    gradient: DVector<f64>,
    expected: DMatrix<f64>,
    observed: DMatrix<f64>,
}

impl Derivatives {
    /// Adds a multiple of `row` to the gradient, and multiples of its square to the informations.
    fn add(&mut self, row: &DVector<f64>, gradient: f64, expected: f64, observed: f64) {
        self.gradient.axpy(gradient, row, 1.0);
        self.expected.ger(expected, row, row, 1.0);
        self.observed.ger(observed, row, row, 1.0);
    }
}

/// The mode in the coordinates η, and the Cholesky factorisation of the expected precision there.
pub(super) struct FoundMode {
    pub eta: DVector<f64>,
    pub precision: Cholesky<f64, Dyn>,
}

impl LogPosterior {
    /// # Errors
    /// [`Error::Answer`] for evidence of other dimensions than the prior's, or of an impossible
    /// outcome.
    pub fn new(
        prior: &MixtureComponent,
        model: AnswerModel,
        evidence: &[Evidence],
        weights: &[f64],
    ) -> Result<Self, Error> {
        let terms = evidence
            .iter()
            .zip(weights)
            .map(|(evidence, &weight)| {
                Ok(Term {
                    likelihood: Likelihood::new(prior, evidence)?,
                    weight,
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(LogPosterior {
            dimensions: prior.mean().len(),
            model,
            terms,
        })
    }

    /// Whether there is no evidence.
    pub fn is_prior(&self) -> bool {
        self.terms.is_empty()
    }

    /// −log P(evidence | η) + ½‖η‖².
    pub fn objective(&self, eta: &DVector<f64>) -> f64 {
        0.5 * eta.norm_squared() - self.log_likelihood(eta)
    }

    /// log P(evidence | η).
    pub fn log_likelihood(&self, eta: &DVector<f64>) -> f64 {
        self.terms.iter().map(|term| self.term(term, eta)).sum()
    }

    /// log P(evidence | η) if it is above `floor`. No term is above 0, so most points that fail do
    /// so after a few terms.
    pub fn log_likelihood_above(&self, floor: f64, eta: &DVector<f64>) -> Option<f64> {
        let mut sum = 0.0;
        for term in &self.terms {
            // Written so that NaN fails, too.
            if !(sum > floor) {
                return None;
            }
            sum += self.term(term, eta);
        }
        (sum > floor).then_some(sum)
    }

    fn term(&self, term: &Term, eta: &DVector<f64>) -> f64 {
        let log_likelihood = match &term.likelihood {
            Likelihood::Pair {
                utility,
                tie,
                outcome,
            } => self
                .model
                .pair_log_probability(utility.at(eta), *tie, *outcome),
            Likelihood::Choice { utilities, chose } => self
                .model
                .choice_log_probability(&at_all(utilities, eta), *chose),
            Likelihood::Statement {
                distance,
                precision,
            } => {
                let distance = distance.at(eta);
                -0.5 * distance * distance * precision
            }
        };
        term.weight * log_likelihood
    }

    fn derivatives(&self, eta: &DVector<f64>) -> Derivatives {
        let prior = DMatrix::identity(eta.len(), eta.len());
        let mut sum = Derivatives {
            gradient: eta.clone(),
            expected: prior.clone(),
            observed: prior,
        };
        for &Term {
            ref likelihood,
            weight,
        } in &self.terms
        {
            match likelihood {
                Likelihood::Pair {
                    utility,
                    tie,
                    outcome,
                } => {
                    let outcomes = self.model.pair(utility.at(eta), *tie);
                    let (observed, information) = (outcomes[*outcome], outcomes.information());
                    sum.add(
                        &utility.row,
                        -weight * observed.slope,
                        weight * information,
                        -weight * observed.curvature,
                    );
                }
                Likelihood::Choice { utilities, chose } => {
                    self.add_choice(&mut sum, weight, utilities, *chose, eta);
                }
                Likelihood::Statement {
                    distance,
                    precision,
                } => {
                    let information = weight * precision;
                    sum.add(
                        &distance.row,
                        distance.at(eta) * information,
                        information,
                        information,
                    );
                }
            }
        }
        sum
    }

    /// ∇log P_k = w_k·(φ_k − φ̄) with φ̄ = Σ s_j φ_j, s = softmax(u) and w_k the share of P_k that is
    /// no lapse.
    fn add_choice(
        &self,
        sum: &mut Derivatives,
        weight: f64,
        utilities: &[Linear],
        chose: usize,
        eta: &DVector<f64>,
    ) {
        let shares: Vec<f64> = log_softmax(&at_all(utilities, eta))
            .into_iter()
            .map(libm::exp)
            .collect();
        let mut average = DVector::zeros(eta.len());
        for (share, utility) in shares.iter().zip(utilities) {
            average.axpy(*share, &utility.row, 1.0);
        }
        let (_, chosen_meant) = self.model.with_lapse(shares[chose], shares.len());
        for (k, (&share, utility)) in shares.iter().zip(utilities).enumerate() {
            let (probability, meant) = self.model.with_lapse(share, shares.len());
            // −∇²log P = w·Cov(φ) − w(1−w)·(φ_k − φ̄)(φ_k − φ̄)ᵀ
            let (mut gradient, mut observed) = (0.0, chosen_meant * share);
            if k == chose {
                gradient = -meant;
                observed -= meant * (1.0 - meant);
            }
            let expected = probability * meant * meant;
            let row = &utility.row - &average;
            sum.add(
                &row,
                weight * gradient,
                weight * expected,
                weight * observed,
            );
        }
    }

    /// The mode, by Fisher scoring from μ₀.
    ///
    /// Each step solves with the expected information and is halved until the objective falls
    /// enough. Once close, or after many steps, it solves with the observed information if that is
    /// positive definite: with a lapse the expected information can be a tenth of the curvature, and
    /// Fisher steps would then circle the mode instead of reaching it.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if the numbers are too extreme for double precision.
    pub fn find_mode(&self) -> Result<FoundMode, Error> {
        let mut eta = DVector::zeros(self.dimensions);
        let mut objective = self.objective(&eta);
        let mut last_decrement = f64::INFINITY;
        let mut nudged = false;
        for step_number in 0..MAX_STEPS {
            let Derivatives {
                gradient,
                expected,
                observed,
            } = self.derivatives(&eta);
            // Cholesky accepts infinite numbers, and an infinite precision would pass for certainty.
            if !expected.iter().all(|number| number.is_finite()) {
                return Err(Error::NotConverged);
            }
            let precision = Cholesky::new(expected).ok_or(Error::NotConverged)?;
            let mut step = precision.solve(&gradient);
            let decrement = gradient.dot(&step).sqrt();
            if !decrement.is_finite() {
                return Err(Error::NotConverged);
            }
            let observed = Cholesky::new(observed);
            let stalled = decrement < ROUNDING_BELOW && decrement >= last_decrement;
            if decrement < CONVERGED_BELOW || stalled {
                if observed.is_some() || nudged {
                    return Ok(FoundMode { eta, precision });
                }
                // Answers that balance exactly can make a saddle or a peak of μ₀. Any step leads
                // down from it.
                nudged = true;
                eta.add_scalar_mut(NUDGE);
                objective = self.objective(&eta);
                last_decrement = f64::INFINITY;
                continue;
            }
            let close = decrement < FULL_STEPS_BELOW;
            if (close || step_number >= SCORING_STEPS)
                && let Some(observed) = observed
            {
                step = observed.solve(&gradient);
            }
            if close {
                last_decrement = decrement;
                eta -= step;
                objective = self.objective(&eta);
            } else {
                last_decrement = f64::INFINITY;
                let slope = gradient.dot(&step);
                (eta, objective) = self
                    .descend(&eta, objective, &step, slope)
                    .ok_or(Error::NotConverged)?;
            }
        }
        Err(Error::NotConverged)
    }

    /// Goes along −`step`, halved until the objective falls by a quarter of what `slope` promises
    /// (Armijo's rule). Any fall would not be enough: where the curvature is twice the expected
    /// information, as for ties, a full step lands as high on the other side.
    fn descend(
        &self,
        eta: &DVector<f64>,
        objective: f64,
        step: &DVector<f64>,
        slope: f64,
    ) -> Option<(DVector<f64>, f64)> {
        let mut length = 1.0;
        for _ in 0..MAX_HALVINGS {
            let there = eta - length * step;
            let value = self.objective(&there);
            if value < objective - 0.25 * length * slope {
                return Some((there, value));
            }
            length *= 0.5;
        }
        None
    }
}

impl Likelihood {
    fn new(prior: &MixtureComponent, evidence: &Evidence) -> Result<Self, Error> {
        let d = prior.mean().len();
        let wrong = |message: String| Error::Answer(Flaw::new("", message));
        let linear = |scores: DVector<f64>| Linear {
            origin: prior.mean().dot(&scores),
            row: prior.factor().tr_mul(&scores),
        };
        let expect_dimensions = |found: usize| {
            let message = || format!("expected {d} scores, found {found}");
            if found == d {
                Ok(())
            } else {
                Err(wrong(message()))
            }
        };
        match evidence {
            Evidence::Pair {
                difference,
                tie,
                outcome,
            } => {
                expect_dimensions(difference.len())?;
                if *outcome > 1 + usize::from(*tie) {
                    return Err(wrong("two candidates have no such outcome".to_owned()));
                }
                let utility = linear(difference.clone());
                Ok(Likelihood::Pair {
                    utility,
                    tie: *tie,
                    outcome: *outcome,
                })
            }
            Evidence::Choice { scores, chose } => {
                expect_dimensions(scores.nrows())?;
                if *chose >= scores.ncols() {
                    return Err(wrong("the chosen candidate was not shown".to_owned()));
                }
                let utilities = scores
                    .column_iter()
                    .map(|scores| linear(scores.into_owned()));
                Ok(Likelihood::Choice {
                    utilities: utilities.collect(),
                    chose: *chose,
                })
            }
            &Evidence::Statement {
                dimension,
                weight,
                sd,
            } => {
                if dimension >= d || !(sd > 0.0) {
                    let message = "a statement needs a dimension of the deck and a standard \
                                   deviation above 0";
                    return Err(wrong(message.to_owned()));
                }
                let row = prior.factor().row(dimension).transpose();
                let distance = Linear {
                    origin: prior.mean()[dimension] - weight,
                    row,
                };
                Ok(Likelihood::Statement {
                    distance,
                    precision: 1.0 / (sd * sd),
                })
            }
        }
    }
}

fn at_all(utilities: &[Linear], eta: &DVector<f64>) -> Vec<f64> {
    utilities.iter().map(|utility| utility.at(eta)).collect()
}
