//! The population prior: what is known of the weights before a person has answered.

use crate::error::{Error, Flaw};
use nalgebra::{Cholesky, DMatrix, DVector};

/// Two entries of a covariance that should be the same may differ by this, relative to the standard
/// deviations.
const SYMMETRY_TOLERANCE: f64 = 1e-9;

/// A Gaussian N(μ₀, Σ₀) over the weights, or a mixture of several.
#[derive(Debug, Clone)]
pub struct Prior {
    components: Vec<MixtureComponent>,
    mean: DVector<f64>,
}

/// One Gaussian of a mixture: a segment of the population.
#[derive(Debug, Clone)]
pub struct MixtureComponent {
    weight: f64,
    mean: DVector<f64>,
    factor: DMatrix<f64>,
}

impl MixtureComponent {
    /// A component with its share of the population (above 0, relative to the others'), mean (d) and
    /// covariance (d × d).
    ///
    /// # Errors
    /// [`Error::Model`] if the sizes differ or the covariance is not symmetric and positive definite
    /// in double precision.
    pub fn new(weight: f64, mean: DVector<f64>, covariance: DMatrix<f64>) -> Result<Self, Error> {
        let wrong = |message: String| Err(Error::Model(Flaw::new("covariance", message)));
        let d = mean.len();
        if d == 0 || covariance.shape() != (d, d) {
            return wrong(format!("expected {d} rows of {d} numbers"));
        }
        for i in 0..d {
            for j in 0..i {
                let scale = (covariance[(i, i)] * covariance[(j, j)]).abs().sqrt();
                let apart = (covariance[(i, j)] - covariance[(j, i)]).abs();
                // Written so that NaN is refused, too.
                if !(apart <= SYMMETRY_TOLERANCE * scale) {
                    return wrong(format!("not symmetric in row {i}, column {j}"));
                }
            }
        }
        let transposed = covariance.transpose();
        let symmetric = 0.5 * (covariance + transposed);
        match Cholesky::new(symmetric).map(|cholesky| cholesky.l()) {
            Some(factor) if factor.iter().all(|number| number.is_finite()) => {
                Ok(MixtureComponent {
                    weight,
                    mean,
                    factor,
                })
            }
            _ => wrong("not positive definite".to_owned()),
        }
    }

    /// Its share of the population. Within a prior the shares sum to 1.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// μ₀, d numbers.
    pub fn mean(&self) -> &DVector<f64> {
        &self.mean
    }

    /// L, lower triangular d × d, with LLᵀ = Σ₀.
    pub fn factor(&self) -> &DMatrix<f64> {
        &self.factor
    }

    /// Σ₀, d × d.
    pub fn covariance(&self) -> DMatrix<f64> {
        &self.factor * self.factor.transpose()
    }
}

impl Prior {
    /// The Gaussian with this mean (d) and covariance (d × d).
    ///
    /// # Errors
    /// As [`MixtureComponent::new`].
    pub fn gaussian(mean: DVector<f64>, covariance: DMatrix<f64>) -> Result<Self, Error> {
        Prior::mixture(vec![MixtureComponent::new(1.0, mean, covariance)?])
    }

    /// The mixture of at least one component. Their shares are taken relative to their sum.
    ///
    /// # Errors
    /// [`Error::Model`] if there is no component, a share is not above 0 or the dimensions differ.
    pub fn mixture(mut components: Vec<MixtureComponent>) -> Result<Self, Error> {
        let wrong = |message: String| Err(Error::Model(Flaw::new("components", message)));
        let Some(first) = components.first() else {
            return wrong("expected at least one component".to_owned());
        };
        let d = first.mean.len();
        let sum: f64 = components.iter().map(|component| component.weight).sum();
        for (index, component) in components.iter_mut().enumerate() {
            if !(component.weight > 0.0 && sum.is_finite()) {
                return wrong(format!("the share of component {index} is not above 0"));
            }
            if component.mean.len() != d {
                return wrong(format!(
                    "component {index} has other dimensions than the first"
                ));
            }
            component.weight /= sum;
        }
        let mean = match &components[..] {
            // Unchanged, bit for bit.
            [only] => only.mean.clone(),
            _ => components.iter().fold(DVector::zeros(d), |sum, component| {
                sum + component.weight * &component.mean
            }),
        };
        Ok(Prior { components, mean })
    }

    /// The prior for decks without one: independent λ_j ~ N(0, 4 / (d·v_j)), v_j being the square of
    /// `rms_differences[j]`, so that a typical pair's reward difference has a standard deviation of
    /// 2. A dimension that never varies gets 4 / d.
    pub fn from_rms_differences(rms_differences: &[f64]) -> Self {
        let d = rms_differences.len();
        let sd = |rms: &f64| 2.0 / ((d as f64).sqrt() * if *rms == 0.0 { 1.0 } else { *rms });
        let factor =
            DMatrix::from_diagonal(&DVector::from_iterator(d, rms_differences.iter().map(sd)));
        let mean = DVector::zeros(d);
        let component = MixtureComponent {
            weight: 1.0,
            mean: mean.clone(),
            factor,
        };
        Prior {
            components: vec![component],
            mean,
        }
    }

    /// Number of dimensions d.
    pub fn dimensions(&self) -> usize {
        self.mean.len()
    }

    /// The components of the mixture; one if the prior is a Gaussian.
    pub fn components(&self) -> &[MixtureComponent] {
        &self.components
    }

    /// The mean of the weights over everybody, d numbers.
    pub fn mean(&self) -> &DVector<f64> {
        &self.mean
    }

    /// The covariance of the weights over everybody, d × d.
    pub fn covariance(&self) -> DMatrix<f64> {
        let d = self.dimensions();
        self.components
            .iter()
            .fold(DMatrix::zeros(d, d), |sum, component| {
                let away = &component.mean - &self.mean;
                sum + component.weight * (component.covariance() + &away * away.transpose())
            })
    }

    /// The standard deviation of each weight over everybody, d numbers.
    pub fn standard_deviations(&self) -> DVector<f64> {
        self.covariance().diagonal().map(f64::sqrt)
    }
}
