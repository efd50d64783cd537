use crate::common::{independent, mean_and_error, plain, population, world};
use leaning::{MixtureComponent, Prior};
use leaning_simulate::{Correlation, Habits, Person, Population, PopulationOptions, Tastes};
use nalgebra::{DMatrix, DVector};
use std::collections::HashSet;

#[test]
fn reward_differences_over_everybody_have_a_root_mean_square_of_two() {
    for correlation in [Correlation::Equal(0.7), Correlation::Neighbours] {
        let world = world(5, correlation);
        let pairs = world.fresh(12 * 3000, 2, 9);
        for (name, tastes) in Tastes::NAMES {
            let population = plain(&world, tastes);
            let of_person = |(index, pairs): (usize, &[DMatrix<f64>])| {
                let person = population.person(index);
                let square = |pair: &DMatrix<f64>| {
                    let rewards = person.rewards(pair);
                    (rewards[0] - rewards[1]).powi(2)
                };
                pairs.iter().map(square).sum::<f64>() / pairs.len() as f64
            };
            let squares: Vec<f64> = pairs.chunks(12).enumerate().map(of_person).collect();
            let (mean, error) = mean_and_error(&squares);
            // Tastes that are not linear are scaled by 20,000 samples themselves.
            assert!(
                (mean - 4.0).abs() < 4.0 * error + 0.08,
                "{name}: {mean} ± {error}"
            );
        }
    }
}

#[test]
fn the_prior_of_a_population_has_the_moments_of_its_people() {
    let world = world(4, Correlation::Equal(0.5));
    let component = |weight, mean: [f64; 4]| {
        let covariance = DMatrix::from_fn(4, 4, |i, j| if i == j { 0.3 } else { 0.1 });
        MixtureComponent::new(weight, DVector::from_column_slice(&mean), covariance)
            .expect("positive definite")
    };
    let components = vec![
        component(0.3, [1.0, 0.0, -1.0, 0.0]),
        component(0.7, [0.0, 1.0, 0.0, 1.0]),
    ];
    let mixture = Tastes::Linear(Prior::mixture(components).expect("valid shares"));
    for tastes in [
        Tastes::Alike,
        Tastes::NothingInCommon,
        Tastes::TwoPoles,
        mixture,
    ] {
        let population = plain(&world, tastes);
        let prior = population.prior().expect("linear tastes");
        let people = 6000;
        let weights: Vec<DVector<f64>> = (0..people)
            .map(|index| {
                population
                    .person(index)
                    .weights()
                    .expect("linear tastes")
                    .clone()
            })
            .collect();
        for (j, sd) in prior.standard_deviations().iter().enumerate() {
            let column: Vec<f64> = weights.iter().map(|weights| weights[j]).collect();
            let (mean, error) = mean_and_error(&column);
            assert!(
                (mean - prior.mean()[j]).abs() < 4.0 * error,
                "mean {j}: {mean}"
            );
            let found = error * f64::from(people as u32).sqrt();
            assert!((found / sd - 1.0).abs() < 0.05, "sd {j}: {found}, not {sd}");
        }
    }
}

#[test]
fn people_who_are_alike_have_a_covariance_of_falling_eigenvalues() {
    let prior = plain(&independent(6), Tastes::Alike)
        .prior()
        .expect("linear tastes");
    let covariance = prior.covariance();
    let mut eigenvalues = covariance.symmetric_eigenvalues().as_slice().to_vec();
    eigenvalues.sort_by(|a, b| b.total_cmp(a));
    for pair in eigenvalues.windows(2) {
        assert!((pair[1] / pair[0] - (-0.3_f64).exp()).abs() < 1e-9);
    }
    assert!(
        covariance[(0, 1)].abs() > 1e-3,
        "the directions are not the axes"
    );
    // With independent base rewards E‖λ‖² is the variance of the utility.
    let total = covariance.trace() + prior.mean().norm_squared();
    assert!((total - 4.0).abs() < 1e-9);
}

#[test]
fn eighty_four_people_have_two_of_fourteen_poles_each() {
    let population = plain(&independent(7), Tastes::TwoPoles);
    let poles = |index: usize| -> Vec<i32> {
        let person = population.person(index);
        let weights = person.weights().expect("linear tastes");
        let size = 2.0_f64.sqrt();
        assert!(
            weights
                .iter()
                .all(|w| *w == 0.0 || (w.abs() - size).abs() < 1e-12)
        );
        weights
            .iter()
            .map(|weight| (weight / size).round() as i32)
            .collect()
    };
    let all: HashSet<Vec<i32>> = (0..84).map(poles).collect();
    assert_eq!(all.len(), 84);
    assert!(
        all.iter()
            .all(|poles| poles.iter().filter(|pole| **pole != 0).count() == 2)
    );
    assert_eq!(poles(84), poles(0));
}

/// By how much the reward rises if one score is raised by `by`.
fn rise(person: &Person, scores: &DVector<f64>, j: usize, by: f64) -> f64 {
    let mut raised = scores.clone();
    raised[j] += by;
    person.reward(raised.as_view()) - person.reward(scores.as_view())
}

#[test]
fn a_threshold_makes_one_step_in_each_dimension() {
    let person = plain(&independent(3), Tastes::Threshold).person(0);
    assert!(person.weights().is_none());
    for j in 0..3 {
        let at = |i: i32| rise(&person, &DVector::zeros(3), j, -8.0 + 0.02 * f64::from(i));
        let mut levels: Vec<f64> = (0..800).map(at).collect();
        levels.dedup();
        assert_eq!(levels.len(), 2, "{levels:?}");
    }
}

#[test]
fn no_candidate_is_better_than_the_ideal_point() {
    let person = plain(&independent(3), Tastes::IdealPoint).person(0);
    // Each dimension is a parabola. Its values at three places give the ideal.
    let ideal = DVector::from_fn(3, |j, _| {
        let [up, down] = [1.0, -1.0].map(|by| rise(&person, &DVector::zeros(3), j, by));
        assert!(up + down < 0.0);
        0.5 * (down - up) / (up + down)
    });
    assert!(person.reward(ideal.as_view()).abs() < 1e-9);
    assert!(person.rewards(&independent(3).fresh(1, 100, 4)[0]).max() < 0.0);
}

#[test]
fn each_base_reward_interacts_with_at_most_one_other() {
    let person = plain(&independent(5), Tastes::Interaction).person(0);
    let interact = |j: usize, k: usize| {
        let mut elsewhere = DVector::zeros(5);
        elsewhere[k] = 1.0;
        let apart = rise(&person, &elsewhere, j, 1.0) - rise(&person, &DVector::zeros(5), j, 1.0);
        apart.abs() > 1e-9
    };
    let partners: Vec<usize> = (0..5)
        .map(|j| (0..5).filter(|&k| k != j && interact(j, k)).count())
        .collect();
    assert_eq!(partners.iter().sum::<usize>(), 4);
    assert!(partners.iter().all(|count| *count <= 1));
    // In each single dimension the reward is linear.
    let scores = DVector::from_element(5, 0.3);
    for j in 0..5 {
        let (once, twice) = (
            rise(&person, &scores, j, 1.0),
            rise(&person, &scores, j, 2.0),
        );
        assert!((twice - 2.0 * once).abs() < 1e-9);
    }
}

#[test]
fn tastes_are_found_by_their_names() {
    for (name, tastes) in Tastes::NAMES {
        let found = Tastes::from_name(name).expect("is known");
        assert_eq!(format!("{found:?}"), format!("{tastes:?}"));
    }
    assert!(Tastes::from_name("nobody").is_none());
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    let one = independent(1);
    let refused = |options: PopulationOptions, name: &str| {
        let error = Population::new(&one, options, 1).expect_err("is refused");
        assert_eq!((error.code(), error.path()), ("options", Some(name)));
    };
    let options = PopulationOptions::default;
    for utility_sd in [0.0, f64::INFINITY] {
        refused(
            PopulationOptions {
                utility_sd,
                ..options()
            },
            "utility_sd",
        );
    }
    let habits = Habits {
        left_bias: 1.5,
        ..Habits::default()
    };
    refused(
        PopulationOptions {
            habits,
            ..options()
        },
        "left_bias",
    );
    let habits = Habits {
        drift: -0.1,
        ..Habits::default()
    };
    refused(
        PopulationOptions {
            habits,
            ..options()
        },
        "drift",
    );
    refused(
        PopulationOptions {
            tastes: Tastes::TwoPoles,
            ..options()
        },
        "dimensions",
    );
    let two = Prior::gaussian(DVector::zeros(2), DMatrix::identity(2, 2)).expect("is valid");
    refused(
        PopulationOptions {
            tastes: Tastes::Linear(two),
            ..options()
        },
        "prior",
    );
    refused(
        PopulationOptions {
            utility_sd: 1e-200,
            ..options()
        },
        "prior",
    );
}

#[test]
fn a_seed_and_a_place_decide_the_weights() {
    let world = independent(3);
    let weights = |seed: u64, index: usize| {
        let person = population(&world, Tastes::Alike, Habits::default(), seed).person(index);
        person.weights().expect("linear tastes").clone()
    };
    assert_eq!(weights(1, 5), weights(1, 5));
    assert_ne!(weights(1, 5), weights(1, 6));
    assert_ne!(weights(1, 5), weights(2, 5));
}
