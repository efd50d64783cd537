//! The M step: the prior under which the estimates of everybody are most likely.

use crate::statistics::ComponentMoments;
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
    mut components: Vec<ComponentMoments>,
    variance_floor: &DVector<f64>,
) -> Result<Prior, Error> {
    let people: f64 = components.iter().map(|component| component.people).sum();
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
        let covariance = shrunk(&component, &pooled) + &floor;
        MixtureComponent::new(component.people / people, component.mean, covariance)
    });
    components
        .collect::<Result<_, _>>()
        .and_then(Prior::mixture)
        .map_err(|_| Error::NotConverged)
}

/// The covariance as if d more people with the `pooled` covariance had been seen. A component of few
/// people keeps a covariance that is positive definite, and does not close in on them.
fn shrunk(component: &ComponentMoments, pooled: &DMatrix<f64>) -> DMatrix<f64> {
    let own = component.people / (component.people + component.mean.len() as f64);
    own * &component.covariance + (1.0 - own) * pooled
}
