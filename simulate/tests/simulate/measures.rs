use crate::common::{columns, independent, person_of, plain, world};
use leaning_simulate::{Correlation, Habits, Tastes, auc, best_linear, best_weights, harm, regret};
use nalgebra::{DMatrix, DVector};

#[test]
fn regret_is_zero_for_the_best_and_one_for_blind_picks() {
    let world = independent(4);
    let fresh = world.fresh(2000, 16, 7);
    for (name, tastes) in Tastes::NAMES {
        let person = plain(&world, tastes).person(1);
        let best = |scores: &DMatrix<f64>| person.rewards(scores).imax();
        assert_eq!(regret(&person, &fresh, best), 0.0, "{name}");
        let blind = regret(&person, &fresh, |_| 0);
        assert!((blind - 1.0).abs() < 0.08, "{name}: {blind}");
    }
}

#[test]
fn regret_is_the_ratio_of_the_definition() {
    let person = person_of(&[2.0], Habits::default());
    let prompts = [columns(&[[1.0], [0.0], [-1.0]]), columns(&[[0.5], [0.2]])];
    // Best − picked: 2·1 and 2·0.3; best − average: 2·1 and 2·0.15.
    let found = regret(&person, &prompts, |_| 1);
    assert!((found - 2.6 / 2.3).abs() < 1e-9, "{found}");
    assert_eq!(regret(&person, &[columns(&[[0.4], [0.4]])], |_| 0), 0.0);
    assert_eq!(regret(&person, &[], |_| 0), 0.0);
}

#[test]
fn harm_is_the_share_of_prompts_in_which_the_populations_pick_is_strictly_better() {
    let person = person_of(&[2.0], Habits::default());
    let pair = |a: f64, b: f64| columns(&[[a], [b]]);
    // Better, worse, the same reward, and no candidates.
    let prompts = [
        pair(1.0, 0.0),
        pair(0.0, 1.0),
        pair(0.5, 0.5),
        DMatrix::zeros(1, 0),
        pair(-1.0, -0.9),
    ];
    assert_eq!(harm(&person, &prompts, |_| 0, |_| 1), 0.5);
    assert_eq!(harm(&person, &prompts, |_| 1, |_| 0), 0.25);
    assert_eq!(harm(&person, &prompts, |_| 1, |_| 1), 0.0);
    assert_eq!(harm(&person, &[], |_| 0, |_| 1), 0.0);
}

#[test]
fn the_best_linear_weights_of_a_linear_person_are_their_own() {
    for correlation in [Correlation::Equal(0.7), Correlation::Neighbours] {
        let world = world(6, correlation);
        let person = plain(&world, Tastes::Alike).person(3);
        let found = best_linear(&person, &world.fresh(100, 4, 8));
        assert!((found - person.weights().expect("linear tastes")).amax() < 1e-6);
    }
}

#[test]
fn no_other_linear_weights_come_closer_to_a_person_who_is_not_linear() {
    let world = independent(3);
    let fresh = world.fresh(500, 4, 8);
    for tastes in [Tastes::Threshold, Tastes::IdealPoint, Tastes::Interaction] {
        let person = plain(&world, tastes).person(3);
        let residual = |weights: &DVector<f64>| -> f64 {
            let of_prompt = |scores: &DMatrix<f64>| {
                let rest = person.rewards(scores) - scores.tr_mul(weights);
                rest.add_scalar(-rest.mean()).norm_squared()
            };
            fresh.iter().map(of_prompt).sum()
        };
        let best = best_linear(&person, &fresh);
        assert!(residual(&best) > 1.0, "the person is linear");
        for j in 0..3 {
            for by in [-0.01, 0.01] {
                let mut other = best.clone();
                other[j] += by;
                assert!(residual(&other) > residual(&best));
            }
        }
    }
}

#[test]
fn the_best_weights_of_scores_and_squares_are_those_of_an_ideal_point() {
    let world = independent(3);
    let deck = world.curved_deck().unwrap();
    let person = plain(&world, Tastes::IdealPoint).person(3);
    let fresh = world.fresh(200, 4, 8);
    let best = best_weights(&person, &fresh, deck.features());
    let lost = regret(&person, &fresh, |scores| {
        deck.features().map_columns(scores).tr_mul(&best).imax()
    });
    assert_eq!(lost, 0.0);
    assert!(best.rows(3, 3).iter().all(|weight| *weight < 0.0), "{best}");
}

#[test]
fn the_best_linear_weights_are_zero_if_nothing_varies() {
    let person = person_of(&[1.0, 1.0], Habits::default());
    let same = columns(&[[0.3, 0.1]; 3]);
    assert_eq!(best_linear(&person, &[same]), DVector::zeros(2));
    assert!(best_linear(&person, &[]).is_empty());
}

#[test]
fn auc_is_the_probability_that_true_is_above_false() {
    assert_eq!(
        auc(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]),
        0.75
    );
    assert_eq!(auc(&[1.0, 2.0], &[true, true]), 0.5);
    // Many scores, many of them equal, compared with a count of every pair.
    let scores: Vec<f64> = (0..300).map(|i| f64::from(i * 7919 % 83 % 20)).collect();
    let labels: Vec<bool> = (0..300)
        .map(|i| i * 104_729 % 97 % 3 == 0 || i % 20 > 15)
        .collect();
    let (mut wins, mut pairs) = (0.0, 0.0);
    for (a, _) in scores.iter().zip(&labels).filter(|(_, label)| **label) {
        for (b, _) in scores.iter().zip(&labels).filter(|(_, label)| !**label) {
            wins += match a.total_cmp(b) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
            pairs += 1.0;
        }
    }
    assert!((auc(&scores, &labels) - wins / pairs).abs() < 1e-12);
}
