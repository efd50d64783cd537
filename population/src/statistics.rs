//! Sufficient statistics of the M step: sums over people.

use crate::expectation::PersonEstimate;
use leaning::Prior;
use nalgebra::{DMatrix, DVector};

/// Sums over some people, given a prior: of log P(evidence) and, for each component, of r, r·a,
/// r·(C + aaᵀ) and r·C. A person belongs to the component with probability r and has weights with the
/// mean m + a and the covariance C, m being the component's mean.
#[derive(Debug, Clone)]
pub(crate) struct Statistics {
    /// m of each component.
    means: Vec<DVector<f64>>,
    /// One after the other.
    sums: Vec<f64>,
}

/// Moments of the weights of the people of one component.
#[derive(Debug, Clone)]
pub(crate) struct ComponentMoments {
    /// Number of people: the sum of their probabilities of belonging to it.
    pub people: f64,
    pub mean: DVector<f64>,
    /// d × d.
    pub covariance: DMatrix<f64>,
    /// The mean of people's posterior covariances, d × d.
    pub unknown: DMatrix<f64>,
}

impl Statistics {
    /// Those of nobody.
    pub fn new(prior: &Prior) -> Self {
        let components = prior.components().iter();
        let means: Vec<DVector<f64>> = components.map(|of| of.mean().clone()).collect();
        let sums = vec![0.0; 1 + means.len() * length(means[0].len())];
        Statistics { means, sums }
    }

    /// Those with these sums.
    pub fn with_sums(prior: &Prior, sums: Vec<f64>) -> Self {
        Statistics {
            sums,
            ..Statistics::new(prior)
        }
    }

    pub fn into_sums(self) -> Vec<f64> {
        self.sums
    }

    pub fn add(&mut self, person: &PersonEstimate) {
        let d = self.means[0].len();
        self.sums[0] += person.log_evidence;
        let sums = self.sums[1..].chunks_exact_mut(length(d));
        let people = person.component_probabilities.iter().zip(&person.moments);
        for ((sums, mean), (&share, moments)) in sums.zip(&self.means).zip(people) {
            if share == 0.0 {
                continue;
            }
            let away = &moments.mean - mean;
            let (people, sums) = sums.split_at_mut(1);
            let (first, sums) = sums.split_at_mut(d);
            let (second, unknown) = sums.split_at_mut(d * d);
            people[0] += share;
            for j in 0..d {
                first[j] += share * away[j];
                for i in 0..d {
                    let covariance = moments.covariance[(i, j)];
                    second[i + d * j] += share * (covariance + away[i] * away[j]);
                    unknown[i + d * j] += share * covariance;
                }
            }
        }
    }

    /// log P(everybody's evidence).
    pub fn log_likelihood(&self) -> f64 {
        self.sums[0]
    }

    /// The moments of each component. An empty one has the mean of the prior and no covariance.
    pub fn components(&self) -> Vec<ComponentMoments> {
        let d = self.means[0].len();
        let of_component = |(sums, mean): (&[f64], &DVector<f64>)| {
            let people = sums[0];
            let share = if people > 0.0 { 1.0 / people } else { 0.0 };
            let (first, sums) = sums[1..].split_at(d);
            let (second, unknown) = sums.split_at(d * d);
            let away = share * DVector::from_column_slice(first);
            let second = share * DMatrix::from_column_slice(d, d, second);
            ComponentMoments {
                people,
                mean: mean + &away,
                covariance: second - &away * away.transpose(),
                unknown: share * DMatrix::from_column_slice(d, d, unknown),
            }
        };
        let sums = self.sums[1..].chunks_exact(length(d));
        sums.zip(&self.means).map(of_component).collect()
    }
}

/// Number of sums of a component.
fn length(d: usize) -> usize {
    1 + d + 2 * d * d
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::importance::PosteriorMoments;

    fn vector(numbers: &[f64]) -> DVector<f64> {
        DVector::from_column_slice(numbers)
    }

    fn square(numbers: &[f64]) -> DMatrix<f64> {
        DMatrix::from_row_slice(2, 2, numbers)
    }

    #[test]
    fn moments_are_those_of_people_by_their_shares() {
        let prior = Prior::gaussian(vector(&[10.0, -3.0]), DMatrix::identity(2, 2)).unwrap();
        let mut statistics = Statistics::new(&prior);
        let people = [
            (1.0, vector(&[1.0, 2.0]), square(&[0.5, 0.1, 0.1, 0.3])),
            (0.5, vector(&[-2.0, 0.0]), square(&[0.2, 0.0, 0.0, 0.4])),
        ];
        for (share, mean, covariance) in people {
            statistics.add(&PersonEstimate {
                component_probabilities: vec![share],
                moments: vec![PosteriorMoments {
                    mean,
                    covariance,
                    log_evidence: -1.0,
                }],
                log_evidence: -1.5,
            });
        }
        let [found] = &statistics.components()[..] else {
            panic!("one component");
        };
        assert_eq!(statistics.log_likelihood(), -3.0);
        assert_eq!(found.people, 1.5);
        assert!((&found.mean - vector(&[0.0, 4.0 / 3.0])).amax() < 1e-12);
        let unknown = square(&[0.6, 0.1, 0.1, 0.5]) / 1.5;
        assert!((&found.unknown - &unknown).amax() < 1e-12);
        // (1·(1, 2/3)(1, 2/3)ᵀ + ½·(−2, −4/3)(−2, −4/3)ᵀ) / 1.5
        let between = square(&[2.0, 4.0 / 3.0, 4.0 / 3.0, 8.0 / 9.0]);
        assert!((&found.covariance - unknown - between).amax() < 1e-12);
    }
}
