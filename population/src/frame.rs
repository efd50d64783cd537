//! A prior as a vector of numbers, in units of another prior.

use crate::statistics::ComponentMoments;
use leaning::{Error, MixtureComponent, Prior};
use nalgebra::{DMatrix, DVector};

/// The least share of what could be known that counts as known.
const LEAST_KNOWN: f64 = 0.02;

/// The units of coordinates: a prior, and how much its people's answers tell.
///
/// Coordinates have 1 + d + d(d + 1)/2 numbers for each component. They are all 0 for the prior of
/// the frame, and any numbers make a valid prior. With m the component's mean, w its share and
/// FFᵀ its covariance, a prior with F·e^K·Fᵀ as covariance has √w times
/// - the log of the ratio of the shares,
/// - F⁻¹(mean − m),
/// - K on and below its diagonal, divided by √2 on the diagonal.
///
/// If people's weights were known exactly, all numbers would have the same Fisher information, 1 a
/// person. F is chosen such that people's posterior covariances are on average F·diag(ρ)·Fᵀ.
#[derive(Debug)]
pub(crate) struct Frame {
    components: Vec<Unit>,
}

/// The units of one component.
#[derive(Debug)]
struct Unit {
    share: f64,
    mean: DVector<f64>,
    /// F, d × d.
    factor: DMatrix<f64>,
    /// F⁻¹.
    inverse: DMatrix<f64>,
    /// 1 − ρ: the share of the variance in each direction that answers explain.
    known: DVector<f64>,
}

impl Frame {
    /// The frame of a prior, and the moments of its components under it.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if the prior is singular in double precision.
    pub fn new(prior: &Prior, moments: &[ComponentMoments]) -> Result<Self, Error> {
        let unit = |(component, moments): (&MixtureComponent, &ComponentMoments)| {
            let factor = component.factor();
            let whiten = |matrix: &DMatrix<f64>| factor.solve_lower_triangular(matrix);
            let left = whiten(&moments.unknown).ok_or(Error::NotConverged)?;
            let unknown = whiten(&left.transpose()).ok_or(Error::NotConverged)?;
            let eigen = (0.5 * (&unknown + unknown.transpose())).symmetric_eigen();
            let d = factor.nrows();
            let inverse = whiten(&DMatrix::identity(d, d)).ok_or(Error::NotConverged)?;
            Ok(Unit {
                share: component.weight(),
                mean: component.mean().clone(),
                factor: factor * &eigen.eigenvectors,
                inverse: eigen.eigenvectors.tr_mul(&inverse),
                known: eigen
                    .eigenvalues
                    .map(|rho| (1.0 - rho).clamp(LEAST_KNOWN, 1.0)),
            })
        };
        let components = prior.components().iter().zip(moments).map(unit);
        Ok(Frame {
            components: components.collect::<Result<_, _>>()?,
        })
    }

    /// The coordinates of a prior with as many components.
    pub fn coordinates(&self, prior: &Prior) -> DVector<f64> {
        let mut numbers = Vec::new();
        for (unit, component) in self.components.iter().zip(prior.components()) {
            let root = unit.share.sqrt();
            numbers.push(root * libm::log(component.weight() / unit.share));
            let away = &unit.inverse * (component.mean() - &unit.mean);
            numbers.extend(away.iter().map(|number| root * number));
            let factor = &unit.inverse * component.factor();
            let log = of_eigenvalues(&factor * factor.transpose(), libm::log);
            for j in 0..log.ncols() {
                numbers.push(root * FRAC_1_SQRT_2 * log[(j, j)]);
                numbers.extend((j + 1..log.nrows()).map(|i| root * log[(i, j)]));
            }
        }
        DVector::from_vec(numbers)
    }

    /// The prior with these coordinates.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if they are too extreme for double precision.
    pub fn prior(&self, coordinates: &DVector<f64>) -> Result<Prior, Error> {
        let mut numbers = coordinates.iter().copied();
        let mut next = || numbers.next().unwrap_or(0.0);
        let mut components = Vec::new();
        for unit in &self.components {
            let (root, d) = (unit.share.sqrt(), unit.mean.len());
            let share = unit.share * libm::exp(next() / root);
            let away = DVector::from_fn(d, |_, _| next() / root);
            let mut log = DMatrix::zeros(d, d);
            for j in 0..d {
                log[(j, j)] = next() / (root * FRAC_1_SQRT_2);
                for i in j + 1..d {
                    log[(i, j)] = next() / root;
                    log[(j, i)] = log[(i, j)];
                }
            }
            let shape = of_eigenvalues(log, libm::exp);
            let covariance = &unit.factor * shape * unit.factor.transpose();
            let mean = &unit.mean + &unit.factor * away;
            components.push(MixtureComponent::new(share, mean, covariance));
        }
        components
            .into_iter()
            .collect::<Result<_, _>>()
            .and_then(Prior::mixture)
            .map_err(|_| Error::NotConverged)
    }

    /// The prior for a new person, if that of the frame was fitted to this many people: its
    /// covariance grows by how uncertain mean and covariance are.
    ///
    /// In the direction i, with k_i = 1 − ρ_i and as if each of the n people told the same, people's
    /// answers hold the information n·k_i about the mean and n·k_i·k_j about an entry ij of the
    /// covariance, in units of a person whose weights are known exactly. A weak prior adds as much
    /// as d + 3 such people, the fewest from whom a new person's distribution has a variance. The
    /// estimated mean then has the variance 1/(n·k_i + d + 3), and the estimated covariance I + E
    /// has entries E_ij of the variance (1 + δ_ij)/(n·k_i·k_j + d + 3). A new person's weights, seen
    /// from the estimate, have the second moment E[(I + E)⁻¹] ≈ I + E[E²], plus the variance of the
    /// mean twice: once for itself, and once because people lie closer to the estimated mean. Where
    /// answers tell nothing, a variance doubles.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if a covariance is not positive definite in double precision.
    pub fn predictive_prior(&self, people: usize) -> Result<Prior, Error> {
        let component = |unit: &Unit| {
            let people = unit.share * people as f64;
            let least = unit.mean.len() as f64 + 3.0;
            let grown = DVector::from_fn(unit.mean.len(), |i, _| {
                let of_mean = 1.0 / (people * unit.known[i] + least);
                let of_covariance = unit.known.iter().enumerate().map(|(j, known)| {
                    let twice = if i == j { 2.0 } else { 1.0 };
                    twice / (people * unit.known[i] * known + least)
                });
                1.0 + 2.0 * of_mean + of_covariance.sum::<f64>()
            });
            let covariance =
                &unit.factor * DMatrix::from_diagonal(&grown) * unit.factor.transpose();
            MixtureComponent::new(unit.share, unit.mean.clone(), covariance)
        };
        let components = self.components.iter().map(component);
        components
            .collect::<Result<_, _>>()
            .and_then(Prior::mixture)
            .map_err(|_| Error::NotConverged)
    }

    /// The Fisher information of each number, as a share of what it would be if people's weights
    /// were known exactly: 1 − ρ_i for a mean and (1 − ρ_i)(1 − ρ_j) for a covariance, as if each
    /// person's answers told the same.
    pub fn information(&self) -> DVector<f64> {
        let mut information = Vec::new();
        for Unit { known, .. } in &self.components {
            information.push(1.0);
            information.extend(known);
            for j in 0..known.len() {
                information.extend((j..known.len()).map(|i| known[i] * known[j]));
            }
        }
        DVector::from_vec(information)
    }
}

/// A function of a symmetric matrix, by its eigenvalues.
fn of_eigenvalues(symmetric: DMatrix<f64>, function: fn(f64) -> f64) -> DMatrix<f64> {
    let eigen = symmetric.symmetric_eigen();
    let values = DMatrix::from_diagonal(&eigen.eigenvalues.map(function));
    &eigen.eigenvectors * values * eigen.eigenvectors.transpose()
}

const FRAC_1_SQRT_2: f64 = std::f64::consts::FRAC_1_SQRT_2;

#[cfg(test)]
mod tests {
    use super::*;

    /// The factor by which the first of three variances grows if answers of this many people explain
    /// this share of it, and all of the others.
    fn growth(known: f64, people: usize) -> f64 {
        let prior = Prior::gaussian(DVector::zeros(3), DMatrix::identity(3, 3)).unwrap();
        let moments = ComponentMoments {
            people: people as f64,
            mean: DVector::zeros(3),
            covariance: DMatrix::identity(3, 3),
            unknown: DMatrix::from_diagonal(&DVector::from_vec(vec![1.0 - known, 0.0, 0.0])),
        };
        let frame = Frame::new(&prior, &[moments]).unwrap();
        frame.predictive_prior(people).unwrap().covariance()[(0, 0)]
    }

    #[test]
    fn with_many_people_a_prior_grows_as_the_predictive_t_distribution_of_known_weights() {
        // The variance of the predictive distribution of n normal vectors, over the maximum of the
        // likelihood: (1 + 1/n)·n/(n − d − 2) under Jeffreys' prior.
        let people = 2000;
        let n = people as f64;
        let expected = (1.0 + 1.0 / n) * n / (n - 5.0);
        let found = growth(1.0, people);
        assert!((found - expected).abs() < 2e-5, "{found}, {expected}");
    }

    #[test]
    fn a_prior_grows_more_where_answers_tell_less_and_at_most_twofold() {
        let growths = [1.0, 0.5, 0.2, 0.05].map(|known| growth(known, 300));
        assert!(growths.is_sorted() && growths[3] > 1.1, "{growths:?}");
        assert!(growth(0.5, 3000) < 1.0 + 0.11 * (growths[1] - 1.0) + 1e-3);
        // Twofold but for the least share that counts as known.
        let most = growth(0.0, 1);
        assert!(most > 1.9 && most < 2.0, "{most}");
    }
}
