//! The M step: the prior under which the estimates of everybody are most likely.

use crate::expectation::PersonEstimate;
use leaning::{Error, MixtureComponent, Prior};
use nalgebra::{DMatrix, DVector};

/// The prior whose components have the moments of the people who belong to them.
///
/// Components of less than one person are dropped. `variance_floor` (d numbers) is added to the
/// variances of each component: where people do not differ at all they would shrink to 0.
///
/// # Errors
/// [`Error::NotConverged`] if a covariance is not positive definite in double precision.
pub(crate) fn maximise(
    estimates: &[PersonEstimate],
    variance_floor: &DVector<f64>,
) -> Result<Prior, Error> {
    let people = estimates.len() as f64;
    let count = estimates[0].component_probabilities.len();
    let mut components: Vec<ComponentMoments> = (0..count)
        .map(|k| ComponentMoments::new(estimates, k))
        .collect();
    // The largest of at most as many components as people never has less than one person.
    components.retain(|component| component.people >= 1.0 - 1e-9);
    let d = variance_floor.len();
    let pooled = components
        .iter()
        .fold(DMatrix::zeros(d, d), |sum, component| {
            sum + component.people / people * &component.covariance
        });
    let floor = DMatrix::from_diagonal(variance_floor);
    let components = components.into_iter().map(|component| {
        let covariance = component.shrunk_towards(&pooled) + &floor;
        MixtureComponent::new(component.people / people, component.mean, covariance)
    });
    components
        .collect::<Result<_, _>>()
        .and_then(Prior::mixture)
        .map_err(|_| Error::NotConverged)
}

/// The mean of the posterior covariances of the people of component `k`, d × d; 0 without people.
pub(crate) fn mean_covariance(estimates: &[PersonEstimate], k: usize) -> DMatrix<f64> {
    let d = estimates[0].moments[k].mean.len();
    let (mut sum, mut people) = (DMatrix::zeros(d, d), 0.0);
    for of in estimates {
        let share = of.component_probabilities[k];
        sum += share * &of.moments[k].covariance;
        people += share;
    }
    if people > 0.0 { sum / people } else { sum }
}

/// Moments of the weights of the people of one component.
struct ComponentMoments {
    /// Number of people: the sum of their probabilities of belonging to it.
    people: f64,
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
}

impl ComponentMoments {
    /// The moments of component `k`: m = mean of λ_i and S = mean of C_i + (λ_i − m)(λ_i − m)ᵀ, each
    /// person weighted by the probability of belonging to it.
    fn new(estimates: &[PersonEstimate], k: usize) -> Self {
        let d = estimates[0].moments[k].mean.len();
        let people: f64 = estimates
            .iter()
            .map(|of| of.component_probabilities[k])
            .sum();
        // An empty component gets the mean 0, not 0/0. It is dropped later.
        let share = |of: &PersonEstimate| {
            if people > 0.0 {
                of.component_probabilities[k] / people
            } else {
                0.0
            }
        };
        let mut mean = DVector::zeros(d);
        for of in estimates {
            mean.axpy(share(of), &of.moments[k].mean, 1.0);
        }
        let mut covariance = DMatrix::zeros(d, d);
        for of in estimates
            .iter()
            .filter(|of| of.component_probabilities[k] > 0.0)
        {
            let away = &of.moments[k].mean - &mean;
            covariance += share(of) * &of.moments[k].covariance;
            covariance.ger(share(of), &away, &away, 1.0);
        }
        ComponentMoments {
            people,
            mean,
            covariance,
        }
    }

    /// The covariance as if d more people with the `pooled` covariance had been seen. A component of
    /// few people keeps a covariance that is positive definite, and does not close in on them.
    fn shrunk_towards(&self, pooled: &DMatrix<f64>) -> DMatrix<f64> {
        let own = self.people / (self.people + self.mean.len() as f64);
        own * &self.covariance + (1.0 - own) * pooled
    }
}
