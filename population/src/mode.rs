//! The mode of a person's posterior, as closely as it is needed.
//!
//! A proposal need not stand exactly at the mode: importance weights make up for it. The exact mode of
//! [`LaplaceApproximation`] takes several times as long.

use leaning::model::OrdinalScale;
use leaning::{AnswerModel, Error, Evidence, LaplaceApproximation, MixtureComponent, Prior};
use nalgebra::{Cholesky, DMatrix, DVector};

/// Close enough for a proposal, in posterior standard deviations.
pub(crate) const NEAR: f64 = 0.1;
/// Close enough for gradients at the mode.
pub(crate) const EXACT: f64 = 1e-6;
/// After so many steps the exact mode is sought, with shorter steps.
const STEPS: usize = 12;

/// A prior of one component, ready to find modes under it.
pub(crate) struct Modes {
    prior: Prior,
    mean: DVector<f64>,
    /// S⁻¹.
    precision: DMatrix<f64>,
    /// A mode is found when a step is shorter than this, in posterior standard deviations.
    within: f64,
}

/// A Gaussian near the mode: its mean, and L with LLᵀ = covariance.
pub(crate) struct Mode {
    pub mean: DVector<f64>,
    pub factor: DMatrix<f64>,
}

impl Modes {
    /// For modes to within this many posterior standard deviations.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if the covariance is singular in double precision.
    pub fn new(component: &MixtureComponent, within: f64) -> Result<Self, Error> {
        let precision = Cholesky::new(component.covariance()).ok_or(Error::NotConverged)?;
        Ok(Modes {
            prior: Prior::mixture(vec![component.clone()])?,
            mean: component.mean().clone(),
            precision: precision.inverse(),
            within,
        })
    }

    /// The mode given this evidence.
    ///
    /// # Errors
    /// As [`LaplaceApproximation::infer`].
    pub fn find(&self, model: AnswerModel, evidence: &[Evidence]) -> Result<Mode, Error> {
        if let Some(mode) =
            Pairs::new(&model, evidence, self.mean.len()).and_then(|pairs| pairs.mode(self))
        {
            return Ok(mode);
        }
        let laplace = LaplaceApproximation::infer(&self.prior, model, evidence)?;
        let factor = Cholesky::new(laplace.covariance()).ok_or(Error::NotConverged)?;
        Ok(Mode {
            mean: laplace.mean().clone(),
            factor: factor.l(),
        })
    }
}

/// Choices between two.
struct Pairs {
    /// z of each, d × n.
    differences: DMatrix<f64>,
    levels: Vec<(OrdinalScale, usize)>,
}

impl Pairs {
    /// `None` for evidence of another kind, or impossible evidence.
    fn new(model: &AnswerModel, evidence: &[Evidence], d: usize) -> Option<Self> {
        let mut differences = DMatrix::zeros(d, evidence.len());
        let mut levels = Vec::with_capacity(evidence.len());
        for (of, mut column) in evidence.iter().zip(differences.column_iter_mut()) {
            let (difference, tie, outcome) = match of {
                Evidence::Pair {
                    difference,
                    tie,
                    outcome,
                } => (difference.clone(), *tie, *outcome),
                Evidence::Choice { scores, chose } if scores.ncols() == 2 => {
                    (scores.column(0) - scores.column(1), false, *chose)
                }
                _ => return None,
            };
            let scale = model.pair_scale(tie);
            let level = match outcome {
                0 => scale.levels() - 1,
                1 => 0,
                2 if scale.levels() == 3 => 1,
                _ => return None,
            };
            if difference.len() != d {
                return None;
            }
            column.copy_from(&difference);
            levels.push((scale, level));
        }
        Some(Pairs {
            differences,
            levels,
        })
    }

    /// By Fisher scoring from the prior's mean; `None` if it does not come near.
    fn mode(&self, prior: &Modes) -> Option<Mode> {
        let mut mean = prior.mean.clone();
        let mut shorter = f64::INFINITY;
        for _ in 0..STEPS {
            let mut gradient = &prior.precision * (&prior.mean - &mean);
            let mut precision = prior.precision.clone();
            let utilities = self.differences.tr_mul(&mean);
            for ((utility, (scale, level)), z) in utilities
                .iter()
                .zip(&self.levels)
                .zip(self.differences.column_iter())
            {
                let outcomes = scale.outcomes(*utility);
                gradient.axpy(outcomes[*level].slope, &z, 1.0);
                precision.syger(outcomes.information(), &z, &z, 1.0);
            }
            let precision = Cholesky::new(precision)?;
            let step = precision.solve(&gradient);
            let length = gradient.dot(&step).sqrt();
            // Steps that grow lead nowhere, and NaN is not below anything.
            if !(length < shorter) {
                return None;
            }
            shorter = length;
            mean += step;
            if length < prior.within {
                let factor = Cholesky::new(precision.inverse())?;
                return Some(Mode {
                    mean,
                    factor: factor.l(),
                });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::numeric::Random;

    #[test]
    fn a_mode_is_near_the_exact_one() {
        let mut random = Random::new(1, 0);
        let component = MixtureComponent::new(
            1.0,
            DVector::from_vec(vec![0.5, -1.0, 0.0]),
            DMatrix::from_diagonal(&DVector::from_vec(vec![1.0, 4.0, 0.2])),
        )
        .unwrap();
        for within in [NEAR, EXACT] {
            modes_are_within(within, &component, &mut random);
        }
    }

    fn modes_are_within(within: f64, component: &MixtureComponent, random: &mut Random) {
        let modes = Modes::new(component, within).unwrap();
        for (lapse, band) in [(0.0, 0.0), (0.02, 0.0), (0.1, 0.7)] {
            let model = AnswerModel::new(lapse, band).unwrap();
            for count in [0, 1, 5, 60] {
                let tie = band > 0.0;
                let pair = |random: &mut Random| Evidence::Pair {
                    difference: random.normals(3),
                    tie,
                    outcome: random.below(if tie { 3 } else { 2 }),
                };
                let evidence: Vec<Evidence> = (0..count).map(|_| pair(random)).collect();
                let found = modes.find(model, &evidence).unwrap();
                let exact = LaplaceApproximation::infer(&modes.prior, model, &evidence).unwrap();
                let sd = exact.covariance().diagonal().map(f64::sqrt);
                let away = (&found.mean - exact.mean()).component_div(&sd);
                assert!(away.amax() < within, "{away}");
                let covariance = &found.factor * found.factor.transpose();
                let off = (covariance - exact.covariance()).component_div(&(&sd * sd.transpose()));
                assert!(off.amax() < 0.1, "{off}");
            }
        }
    }

    #[test]
    fn impossible_evidence_is_an_error() {
        let component =
            MixtureComponent::new(1.0, DVector::zeros(2), DMatrix::identity(2, 2)).unwrap();
        let modes = Modes::new(&component, NEAR).unwrap();
        let pair = |d, outcome| Evidence::Pair {
            difference: DVector::repeat(d, 1.0),
            tie: false,
            outcome,
        };
        for evidence in [pair(3, 0), pair(2, 2)] {
            assert!(modes.find(AnswerModel::default(), &[evidence]).is_err());
        }
    }
}
