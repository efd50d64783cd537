//! Worlds, people and statistics that several tests need.

use leaning::{AnswerKind, Offered, Prior};
use leaning_simulate::{
    Correlation, Habits, Person, Population, PopulationOptions, Tastes, World, WorldOptions,
};
use nalgebra::{DMatrix, DVector};

pub const EVERYTHING: Offered = Offered {
    kind: AnswerKind::Choice,
    tie: true,
    neither: true,
    skip: true,
};
pub const CHOICE_ONLY: Offered = Offered {
    kind: AnswerKind::Choice,
    tie: false,
    neither: false,
    skip: false,
};

pub fn world(dimensions: usize, correlation: Correlation) -> World {
    let options = WorldOptions {
        dimensions,
        correlation,
        ..WorldOptions::default()
    };
    World::new(&options, 1).expect("valid options")
}

/// A world of independent base rewards.
pub fn independent(dimensions: usize) -> World {
    world(dimensions, Correlation::Equal(0.0))
}

pub fn population(world: &World, tastes: Tastes, habits: Habits, seed: u64) -> Population {
    let options = PopulationOptions {
        tastes,
        habits,
        ..PopulationOptions::default()
    };
    Population::new(world, options, seed).expect("valid options")
}

/// People of default habits.
pub fn plain(world: &World, tastes: Tastes) -> Population {
    population(world, tastes, Habits::default(), 2)
}

/// A person of exactly these weights.
pub fn person_of(weights: &[f64], habits: Habits) -> Person {
    let weights = DVector::from_column_slice(weights);
    let covariance = DMatrix::from_diagonal_element(weights.len(), weights.len(), 1e-24);
    let prior = Prior::gaussian(weights, covariance).expect("positive definite");
    Population::of_prior(prior, habits, 3)
        .expect("valid habits")
        .person(0)
}

/// The scores of candidates, given one after another, as a column each.
pub fn columns<const D: usize>(candidates: &[[f64; D]]) -> DMatrix<f64> {
    DMatrix::from_fn(D, candidates.len(), |j, k| candidates[k][j])
}

/// Mean and its standard error.
pub fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0) / count).sqrt())
}
