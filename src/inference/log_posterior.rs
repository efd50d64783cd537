//! The exact log posterior of the weights, and its derivatives.

use crate::error::{Error, Flaw};
use crate::model::evidence::pair_level;
use crate::model::ranking::probabilities_of_orders;
use crate::model::{
    AnswerModel, Evidence, MixtureComponent, OrdinalScale, QuadraticLikelihood, Ranking,
    add_multiple,
};
use crate::numeric::exponential::exp;
use crate::numeric::log_softmax;
use nalgebra::{DMatrix, DVector};

/// Below it a product of probabilities gives way to its logarithm. A double holds its product with
/// any probability that allows for lapses.
const SMALL_PRODUCT: f64 = 1e-150;

/// Points that are computed together: few enough that they stay in the fastest cache.
pub(super) const BLOCK: usize = 128;

/// The log posterior under one Gaussian prior, in coordinates η with λ = μ₀ + Lη, in which the prior
/// is N(0, I). If ratings are part of the evidence, η has one more coordinate: the person's leniency
/// in units of its standard deviation, b = τ·η_{d+1}.
#[derive(Debug, Clone)]
pub(super) struct LogPosterior {
    /// Number of coordinates of η.
    pub(super) dimensions: usize,
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
    Ordinal {
        utility: Linear,
        scale: OrdinalScale,
        level: usize,
    },
    Choice {
        utilities: Vec<Linear>,
        chose: usize,
    },
    Order {
        utilities: Vec<Linear>,
        ranking: Ranking,
    },
    /// Normal, with this precision, of the distance between the weight and the stated one.
    Statement { distance: Linear, precision: f64 },
    /// Quadratic in η, with this logarithm at the origin.
    Summary {
        likelihood: QuadraticLikelihood,
        origin: f64,
    },
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

    /// u at each point, a row each.
    fn at_points(&self, eta: &DMatrix<f64>) -> DVector<f64> {
        let mut utilities = DVector::repeat(eta.nrows(), self.origin);
        utilities.gemv(1.0, eta, &self.row, 1.0);
        utilities
    }
}

/// Gradient of the objective, and two kinds of information: expected, which is always positive
/// definite, and observed.
pub(super) struct Derivatives {
    pub gradient: DVector<f64>,
    pub expected: DMatrix<f64>,
    pub observed: DMatrix<f64>,
}

impl Derivatives {
    /// Adds a multiple of `row` to the gradient, and multiples of its square to the informations.
    fn add(&mut self, row: &DVector<f64>, gradient: f64, expected: f64, observed: f64) {
        self.gradient.axpy(gradient, row, 1.0);
        self.expected.ger(expected, row, row, 1.0);
        self.observed.ger(observed, row, row, 1.0);
    }
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
        let coordinates = Coordinates {
            prior,
            leniency: evidence
                .iter()
                .any(Evidence::is_lenient)
                .then(|| model.leniency()),
        };
        let terms = evidence
            .iter()
            .zip(weights)
            .map(|(evidence, &weight)| {
                Ok(Term {
                    likelihood: Likelihood::new(&coordinates, &model, evidence)?,
                    weight,
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(LogPosterior {
            dimensions: coordinates.count(),
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

    /// log P(evidence | η) of each point, a row each. Logarithms cost as much as all else, so
    /// probabilities are multiplied as long as a double holds their product.
    pub fn log_likelihoods(&self, eta: &DMatrix<f64>) -> Vec<f64> {
        let mut logs = Vec::with_capacity(eta.nrows());
        for start in (0..eta.nrows()).step_by(BLOCK) {
            let rows = BLOCK.min(eta.nrows() - start);
            logs.extend(self.log_likelihoods_of_block(&eta.rows(start, rows).into_owned()));
        }
        logs
    }

    fn log_likelihoods_of_block(&self, eta: &DMatrix<f64>) -> Vec<f64> {
        let count = eta.nrows();
        let (mut logs, mut products) = (vec![0.0; count], vec![1.0; count]);
        let mut others = Vec::new();
        for term in &self.terms {
            let Some(probabilities) = self.probabilities(&term.likelihood, eta) else {
                others.push(term);
                continue;
            };
            if term.weight == 1.0 {
                for ((log, product), probability) in
                    logs.iter_mut().zip(&mut products).zip(&probabilities)
                {
                    *product *= probability;
                    if *product < SMALL_PRODUCT {
                        *log += libm::log(*product);
                        *product = 1.0;
                    }
                }
            } else {
                for (log, probability) in logs.iter_mut().zip(&probabilities) {
                    *log += term.weight * libm::log(*probability);
                }
            }
        }
        let mut point = DVector::zeros(eta.ncols());
        for (i, (log, product)) in logs.iter_mut().zip(products).enumerate() {
            *log += libm::log(product);
            if !others.is_empty() {
                point.tr_copy_from(&eta.row(i));
                *log += others
                    .iter()
                    .map(|term| self.term(term, &point))
                    .sum::<f64>();
            }
        }
        logs
    }

    /// P at each point, a row each. `None` where a double may not hold it, or it is a density.
    fn probabilities(&self, likelihood: &Likelihood, eta: &DMatrix<f64>) -> Option<DVector<f64>> {
        if self.model.lapse() == 0.0 {
            return None;
        }
        match likelihood {
            Likelihood::Ordinal {
                utility,
                scale,
                level,
            } => {
                let mut utilities = utility.at_points(eta);
                scale.utilities_to_probabilities(utilities.as_mut_slice(), *level);
                Some(utilities)
            }
            Likelihood::Order { utilities, ranking } => {
                let outcomes = ranking.outcomes();
                let at_points = utilities.iter().map(|utility| utility.at_points(eta));
                let mut meant =
                    probabilities_of_orders(at_points.collect(), &ranking.full_orders());
                meant.apply(|meant| *meant = self.model.with_lapse(*meant, outcomes).0);
                Some(meant)
            }
            Likelihood::Choice { utilities, chose } => {
                // softmax(u)_k = 1 / Σ exp(u_j − u_k)
                let chosen = &utilities[*chose];
                let mut sum = DVector::repeat(eta.nrows(), 1.0);
                for (_, other) in utilities.iter().enumerate().filter(|(k, _)| k != chose) {
                    let difference = Linear {
                        origin: other.origin - chosen.origin,
                        row: &other.row - &chosen.row,
                    };
                    let differences = difference.at_points(eta);
                    for (sum, u) in sum.as_mut_slice().iter_mut().zip(differences.as_slice()) {
                        *sum += exp(*u);
                    }
                }
                sum.apply(|sum| *sum = self.model.with_lapse(1.0 / *sum, utilities.len()).0);
                Some(sum)
            }
            Likelihood::Statement { .. } | Likelihood::Summary { .. } => None,
        }
    }

    fn term(&self, term: &Term, eta: &DVector<f64>) -> f64 {
        let log_likelihood = match &term.likelihood {
            Likelihood::Ordinal {
                utility,
                scale,
                level,
            } => scale.log_probability(utility.at(eta), *level),
            Likelihood::Choice { utilities, chose } => self
                .model
                .choice_log_probability(&at_all(utilities, eta), *chose),
            Likelihood::Order { utilities, ranking } => self
                .model
                .order_log_probability(&at_all(utilities, eta), ranking),
            Likelihood::Statement {
                distance,
                precision,
            } => {
                let distance = distance.at(eta);
                -0.5 * distance * distance * precision
            }
            Likelihood::Summary { likelihood, origin } => origin + likelihood.at(eta),
        };
        term.weight * log_likelihood
    }

    pub(super) fn derivatives(&self, eta: &DVector<f64>) -> Derivatives {
        let prior = DMatrix::identity(eta.len(), eta.len());
        let sum = Derivatives {
            gradient: eta.clone(),
            expected: prior.clone(),
            observed: prior,
        };
        self.add_evidence(sum, eta)
    }

    /// The derivatives of −log P(evidence | η).
    pub(super) fn derivatives_of_evidence(&self, eta: &DVector<f64>) -> Derivatives {
        let zero = DMatrix::zeros(eta.len(), eta.len());
        let sum = Derivatives {
            gradient: DVector::zeros(eta.len()),
            expected: zero.clone(),
            observed: zero,
        };
        self.add_evidence(sum, eta)
    }

    fn add_evidence(&self, mut sum: Derivatives, eta: &DVector<f64>) -> Derivatives {
        for &Term {
            ref likelihood,
            weight,
        } in &self.terms
        {
            match likelihood {
                Likelihood::Ordinal {
                    utility,
                    scale,
                    level,
                } => {
                    let outcomes = scale.outcomes(utility.at(eta));
                    let (observed, information) = (outcomes[*level], outcomes.information());
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
                Likelihood::Order { utilities, ranking } => {
                    let at = ranking.derivatives(&at_all(utilities, eta), self.model.lapse());
                    for (k, Linear { row: a, .. }) in utilities.iter().enumerate() {
                        sum.gradient.axpy(-weight * at.slope[k], a, 1.0);
                        for (l, Linear { row: b, .. }) in utilities.iter().enumerate() {
                            sum.expected.ger(weight * at.information[(k, l)], a, b, 1.0);
                            sum.observed.ger(-weight * at.curvature[(k, l)], a, b, 1.0);
                        }
                    }
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
                Likelihood::Summary { likelihood, .. } => {
                    let QuadraticLikelihood {
                        precision, shift, ..
                    } = likelihood;
                    sum.gradient.gemv(weight, precision, eta, 1.0);
                    sum.gradient.axpy(-weight, shift, 1.0);
                    for information in [&mut sum.expected, &mut sum.observed] {
                        add_multiple(information, weight, precision);
                    }
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
}

/// How λ and the leniency depend on η.
struct Coordinates<'a> {
    prior: &'a MixtureComponent,
    /// τ, if the leniency is one of the coordinates.
    leniency: Option<f64>,
}

impl Coordinates<'_> {
    /// Number of coordinates of η.
    fn count(&self) -> usize {
        self.prior.mean().len() + usize::from(self.leniency.is_some())
    }

    /// A row over the weights' coordinates, and this factor of the leniency's.
    fn row(&self, weights: DVector<f64>, leniency: f64) -> DVector<f64> {
        match self.leniency {
            Some(_) => weights.push(leniency),
            None => weights,
        }
    }

    /// λᵀ`scores`, with the leniency if that is part of it.
    fn utility(&self, scores: &DVector<f64>, lenient: bool) -> Linear {
        let leniency = self.leniency.filter(|_| lenient).unwrap_or(0.0);
        Linear {
            origin: self.prior.mean().dot(scores),
            row: self.row(self.prior.factor().tr_mul(scores), leniency),
        }
    }

    fn utilities(&self, scores: &DMatrix<f64>) -> Vec<Linear> {
        scores
            .column_iter()
            .map(|scores| self.utility(&scores.into_owned(), false))
            .collect()
    }

    /// A function of the weights, and of the leniency if that is part of it, as one of η; and its value at
    /// the origin of η.
    fn quadratic(&self, likelihood: &QuadraticLikelihood) -> (QuadraticLikelihood, f64) {
        let d = self.prior.mean().len();
        let factor = self.prior.factor();
        let rows = d + usize::from(likelihood.lenient);
        let map = DMatrix::from_fn(rows, self.count(), |i, j| match (i < d, j < d) {
            (true, true) => factor[(i, j)],
            (false, false) => self.leniency.unwrap_or(0.0),
            _ => 0.0,
        });
        let mean = self.prior.mean();
        let origin = DVector::from_fn(rows, |i, _| if i < d { mean[i] } else { 0.0 });
        likelihood.in_coordinates(&map, &origin)
    }

    /// λ_j minus a stated weight.
    fn distance(&self, dimension: usize, weight: f64) -> Linear {
        let row = self.prior.factor().row(dimension).transpose();
        Linear {
            origin: self.prior.mean()[dimension] - weight,
            row: self.row(row, 0.0),
        }
    }
}

impl Likelihood {
    fn new(
        coordinates: &Coordinates,
        model: &AnswerModel,
        evidence: &Evidence,
    ) -> Result<Self, Error> {
        let d = coordinates.prior.mean().len();
        let wrong = |message: String| Error::Answer(Flaw::new("", message));
        let expect_dimensions = |found: usize| {
            if found == d {
                Ok(())
            } else {
                Err(wrong(format!("expected {d} scores, found {found}")))
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
                let (scale, level) = pair_level(model, *tie, *outcome);
                Ok(Likelihood::Ordinal {
                    utility: coordinates.utility(difference, false),
                    scale,
                    level,
                })
            }
            Evidence::Ordinal {
                scores,
                lenient,
                scale,
                level,
            } => {
                expect_dimensions(scores.len())?;
                if *level >= scale.levels() {
                    return Err(wrong("the scale has no such level".to_owned()));
                }
                Ok(Likelihood::Ordinal {
                    utility: coordinates.utility(scores, *lenient),
                    scale: *scale,
                    level: *level,
                })
            }
            Evidence::Choice { scores, chose } => {
                expect_dimensions(scores.nrows())?;
                if *chose >= scores.ncols() {
                    return Err(wrong("the chosen candidate was not shown".to_owned()));
                }
                Ok(Likelihood::Choice {
                    utilities: coordinates.utilities(scores),
                    chose: *chose,
                })
            }
            Evidence::Order { scores, ranking } => {
                expect_dimensions(scores.nrows())?;
                if ranking.count() != scores.ncols() {
                    return Err(wrong("the order is not one of those shown".to_owned()));
                }
                Ok(Likelihood::Order {
                    utilities: coordinates.utilities(scores),
                    ranking: *ranking,
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
                Ok(Likelihood::Statement {
                    distance: coordinates.distance(dimension, weight),
                    precision: 1.0 / (sd * sd),
                })
            }
            Evidence::Summary { likelihood, .. } => {
                expect_dimensions(likelihood.dimensions())?;
                let (likelihood, origin) = coordinates.quadratic(likelihood);
                Ok(Likelihood::Summary { likelihood, origin })
            }
        }
    }
}

fn at_all(utilities: &[Linear], eta: &DVector<f64>) -> Vec<f64> {
    utilities.iter().map(|utility| utility.at(eta)).collect()
}
