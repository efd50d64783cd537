//! Simulated people are what they are said to be: tastes, habits, and what is measured of them.
#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]

mod common;

use common::{choice_probabilities, dot, interview, nine_pairs, probabilities};
use leaning::simulate::{
    Correlation, Habits, Person, Population, PopulationOptions, Tastes, World, WorldOptions, auc,
    best_linear, play, regret,
};
use leaning::{Answer, AnswerModel, Deck, Error, Offered, Prior, Segment, Strategy};
use nalgebra::DMatrix;
use std::collections::HashSet;

const EVERYTHING: Offered = Offered {
    tie: true,
    neither: true,
    skip: true,
};
const CHOICE_ONLY: Offered = Offered {
    tie: false,
    neither: false,
    skip: false,
};

fn world(dimensions: usize, correlation: Correlation) -> World {
    World::new(
        &WorldOptions {
            dimensions,
            correlation,
            ..WorldOptions::default()
        },
        1,
    )
    .expect("sound options")
}

fn independent(dimensions: usize) -> World {
    world(dimensions, Correlation::Equal(0.0))
}

fn population(world: &World, tastes: Tastes, habits: Habits, seed: u64) -> Population {
    let options = PopulationOptions {
        tastes,
        habits,
        ..PopulationOptions::default()
    };
    Population::new(world, options, seed).expect("sound options")
}

fn plain(world: &World, tastes: Tastes) -> Population {
    population(world, tastes, Habits::default(), 2)
}

/// Somebody of exactly these weights: the population's scale is the length of the weights.
fn person_of(weights: &[f64], habits: Habits) -> Person {
    let d = weights.len();
    let world = independent(d);
    let covariance: Vec<Vec<f64>> = (0..d)
        .map(|i| (0..d).map(|j| if i == j { 1e-24 } else { 0.0 }).collect())
        .collect();
    let tastes = Tastes::Linear(Prior::new(weights, &covariance).expect("positive definite"));
    let utility_sd = dot(weights, weights).sqrt();
    let options = PopulationOptions {
        tastes,
        utility_sd,
        habits,
    };
    Population::new(&world, options, 3)
        .expect("sound options")
        .person(0)
}

fn difference(pair: &[Vec<f64>]) -> Vec<f64> {
    pair[0].iter().zip(&pair[1]).map(|(a, b)| a - b).collect()
}

/// Mean and its standard error.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / (count - 1.0);
    (mean, (variance / count).sqrt())
}

/// Second moments of vectors around 0.
fn moments(vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let d = vectors[0].len();
    let moment = |i: usize, j: usize| {
        vectors.iter().map(|v| v[i] * v[j]).sum::<f64>() / vectors.len() as f64
    };
    (0..d)
        .map(|i| (0..d).map(|j| moment(i, j)).collect())
        .collect()
}

/// Fails where counts are not those of so many draws with these chances: chi squared at about one in ten thousand.
fn assert_drawn_from(counts: &[usize], chances: &[f64]) {
    let total = counts.iter().sum::<usize>() as f64;
    let square = |(count, chance): (&usize, &f64)| {
        (*count as f64 - total * chance).powi(2) / (total * chance)
    };
    let chi_squared: f64 = counts.iter().zip(chances).map(square).sum();
    let bound = [15.1, 18.4, 21.1][counts.len() - 2];
    assert!(
        chi_squared < bound,
        "{counts:?} of {chances:?}: {chi_squared}"
    );
}

/// How often a person gives each answer: the candidates in turn, then `Tie`, then `Neither`.
fn count_answers(
    person: &Person,
    shown: &[Vec<f64>],
    offered: Offered,
    answers: usize,
) -> Vec<usize> {
    let mut counts = vec![0; shown.len() + 2];
    for n in 0..answers {
        match person.answer(shown, offered, n) {
            Answer::Chose(chose) => counts[chose] += 1,
            Answer::Tie => counts[shown.len()] += 1,
            Answer::Neither => counts[shown.len() + 1] += 1,
            Answer::Skip => panic!("nobody skips"),
        }
    }
    counts
}

#[test]
fn pair_differences_have_variance_one_and_the_stated_correlations() {
    for correlation in [
        Correlation::Equal(0.7),
        Correlation::Equal(0.0),
        Correlation::Neighbours,
    ] {
        let pairs = world(4, correlation).fresh(20_000, 2, 5);
        let found = moments(
            &pairs
                .iter()
                .map(|pair| difference(pair))
                .collect::<Vec<_>>(),
        );
        for (i, row) in found.iter().enumerate() {
            for (j, moment) in row.iter().enumerate() {
                let stated = match correlation {
                    _ if i == j => 1.0,
                    Correlation::Equal(correlation) => correlation,
                    Correlation::Neighbours => [0.5, 0.0, 0.0][i.abs_diff(j) - 1],
                };
                // Four standard errors of a product of normal numbers.
                assert!(
                    (moment - stated).abs() < 4.0 * (2.0_f64 / 20_000.0).sqrt(),
                    "{correlation:?} {found:?}"
                );
                assert_eq!(correlation.between(i, j), stated);
            }
        }
    }
}

#[test]
fn a_world_is_a_deck_of_the_stated_size() {
    let model = AnswerModel::new(0.1, 0.3).expect("in range");
    let options = WorldOptions {
        dimensions: 3,
        prompts: 5,
        candidates: 4,
        model,
        ..WorldOptions::default()
    };
    let deck = World::new(&options, 1)
        .expect("sound options")
        .deck()
        .clone();
    assert_eq!(
        (
            deck.dimensions().len(),
            deck.prompts().len(),
            deck.answer_model()
        ),
        (3, 5, model)
    );
    assert!(
        deck.prompts()
            .iter()
            .all(|prompt| prompt.candidates.len() == 4)
    );
}

#[test]
fn base_rewards_that_are_copies_of_each_other_still_make_a_world() {
    let world = world(3, Correlation::Equal(1.0));
    let scores = &world.deck().prompts()[0].candidates[0].scores;
    assert!(scores.iter().all(|score| *score == scores[0]));
}

#[test]
fn a_world_takes_any_prior_of_its_dimensions() {
    let world = independent(2);
    let segment =
        |weight, mean: f64| Segment::new(weight, &[mean, 0.0], &[vec![1.0, 0.2], vec![0.2, 2.0]]);
    for segments in [
        vec![segment(1.0, 0.5)],
        vec![segment(1.0, 0.5), segment(3.0, -0.5)],
    ] {
        let prior = Prior::mixture(segments.into_iter().map(|s| s.expect("sound")).collect())
            .expect("sound");
        let deck: Deck = world.deck_with(&prior).expect("sound");
        assert_eq!(deck.prior().mean(), prior.mean());
        assert_eq!(deck.prior().deviations(), prior.deviations());
        assert_eq!(deck.prompts(), world.deck().prompts());
    }
    let wrong = Prior::new(&[0.0], &[vec![1.0]]).expect("sound");
    assert!(matches!(world.deck_with(&wrong), Err(Error::Deck(_))));
}

#[test]
fn rewards_of_everybody_differ_by_two_in_root_mean_square() {
    for correlation in [Correlation::Equal(0.7), Correlation::Neighbours] {
        let world = world(5, correlation);
        let pairs = world.fresh(12 * 3000, 2, 9);
        for (name, tastes) in Tastes::NAMES {
            let population = plain(&world, tastes);
            let of_person = |(index, pairs): (usize, &[Vec<Vec<f64>>])| {
                let person = population.person(index);
                let square = |pair: &Vec<Vec<f64>>| {
                    (person.reward(&pair[0]) - person.reward(&pair[1])).powi(2)
                };
                pairs.iter().map(square).sum::<f64>() / pairs.len() as f64
            };
            let squares: Vec<f64> = pairs.chunks(12).enumerate().map(of_person).collect();
            let (mean, error) = mean_and_error(&squares);
            // What is not linear is scaled by 20,000 draws itself.
            assert!(
                (mean - 4.0).abs() < 4.0 * error + 0.08,
                "{name}: {mean} ± {error}"
            );
        }
    }
}

#[test]
fn the_population_says_what_its_people_are_drawn_from() {
    let world = world(4, Correlation::Equal(0.5));
    let segment = |weight, mean: [f64; 4]| {
        let rows = (0..4)
            .map(|i| (0..4).map(|j| if i == j { 0.3 } else { 0.1 }).collect())
            .collect::<Vec<Vec<f64>>>();
        Segment::new(weight, &mean, &rows).expect("positive definite")
    };
    let mixture = vec![
        segment(0.3, [1.0, 0.0, -1.0, 0.0]),
        segment(0.7, [0.0, 1.0, 0.0, 1.0]),
    ];
    let mixture = Tastes::Linear(Prior::mixture(mixture).expect("sound"));
    for tastes in [
        Tastes::Alike,
        Tastes::NothingInCommon,
        Tastes::TwoPoles,
        mixture,
    ] {
        let population = plain(&world, tastes);
        let prior = population.prior().expect("linear");
        let people = 6000;
        let weights: Vec<Vec<f64>> = (0..people)
            .map(|index| population.person(index).weights().expect("linear").to_vec())
            .collect();
        for (j, deviation) in prior.deviations().iter().enumerate() {
            let column: Vec<f64> = weights.iter().map(|weights| weights[j]).collect();
            let (mean, error) = mean_and_error(&column);
            assert!(
                (mean - prior.mean()[j]).abs() < 4.0 * error,
                "mean {j}: {mean}"
            );
            let found = error * (people as f64).sqrt();
            assert!(
                (found / deviation - 1.0).abs() < 0.05,
                "deviation {j}: {found} for {deviation}"
            );
        }
    }
}

#[test]
fn people_who_are_alike_have_a_covariance_of_falling_eigenvalues() {
    let prior = plain(&independent(6), Tastes::Alike)
        .prior()
        .expect("linear");
    let covariance = prior.segments()[0].covariance();
    let mut eigenvalues: Vec<f64> = DMatrix::from_fn(6, 6, |i, j| covariance[i][j])
        .symmetric_eigenvalues()
        .iter()
        .copied()
        .collect();
    eigenvalues.sort_by(|a, b| b.total_cmp(a));
    for pair in eigenvalues.windows(2) {
        assert!((pair[1] / pair[0] - (-0.3_f64).exp()).abs() < 1e-9);
    }
    assert!(
        covariance[0][1].abs() > 1e-3,
        "the directions are not the axes"
    );
    // mᵀS⁻¹m = ¼‖ε‖², and with independent base rewards E‖λ‖² is the variance of the utility.
    let total: f64 = eigenvalues.iter().sum::<f64>() + dot(prior.mean(), prior.mean());
    assert!((total - 4.0).abs() < 1e-9);
}

#[test]
fn eighty_four_people_have_two_of_fourteen_poles_each() {
    let population = plain(&independent(7), Tastes::TwoPoles);
    let poles = |index: usize| -> Vec<i32> {
        let person = population.person(index);
        let weights = person.weights().expect("linear");
        assert!(
            weights
                .iter()
                .all(|w| *w == 0.0 || (w.abs() - 2.0_f64.sqrt()).abs() < 1e-12)
        );
        weights
            .iter()
            .map(|weight| {
                if *weight == 0.0 {
                    0
                } else {
                    weight.signum() as i32
                }
            })
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

/// r with one score raised by `by`, minus r.
fn rise(person: &Person, scores: &[f64], j: usize, by: f64) -> f64 {
    let mut raised = scores.to_vec();
    raised[j] += by;
    person.reward(&raised) - person.reward(scores)
}

#[test]
fn a_threshold_makes_one_step_in_each_dimension() {
    let person = plain(&independent(3), Tastes::Threshold).person(0);
    assert!(person.weights().is_none());
    for j in 0..3 {
        let mut levels: Vec<f64> = (0..800)
            .map(|i| rise(&person, &[0.0; 3], j, -8.0 + 0.02 * i as f64))
            .collect();
        levels.dedup();
        assert_eq!(levels.len(), 2, "{levels:?}");
    }
}

#[test]
fn an_ideal_point_is_the_best_place_there_is() {
    let person = plain(&independent(3), Tastes::IdealPoint).person(0);
    // Each dimension is a parabola: from its values at three places, the ideal.
    let vertex = |j: usize| {
        let (up, down) = (
            rise(&person, &[0.0; 3], j, 1.0),
            rise(&person, &[0.0; 3], j, -1.0),
        );
        assert!(up + down < 0.0);
        0.5 * (down - up) / (up + down)
    };
    let ideal: Vec<f64> = (0..3).map(vertex).collect();
    assert!(person.reward(&ideal).abs() < 1e-9);
    for scores in independent(3).fresh(1, 100, 4).concat() {
        assert!(person.reward(&scores) < 0.0);
    }
}

#[test]
fn with_interactions_what_a_base_reward_is_worth_depends_on_one_other() {
    let person = plain(&independent(5), Tastes::Interaction).person(0);
    let mixed = |j: usize, k: usize| {
        let mut elsewhere = [0.0; 5];
        elsewhere[k] = 1.0;
        (rise(&person, &elsewhere, j, 1.0) - rise(&person, &[0.0; 5], j, 1.0)).abs() > 1e-9
    };
    let partners: Vec<usize> = (0..5)
        .map(|j| (0..5).filter(|&k| k != j && mixed(j, k)).count())
        .collect();
    assert_eq!(partners.iter().sum::<usize>(), 4);
    assert!(partners.iter().all(|count| *count <= 1));
    assert!((0..5).all(|j| {
        (rise(&person, &[0.3; 5], j, 2.0) - 2.0 * rise(&person, &[0.3; 5], j, 1.0)).abs() < 1e-9
    }));
}

#[test]
fn answers_about_two_come_with_the_chances_of_the_model() {
    let shown = [vec![0.5, 0.1], vec![0.1, 0.4]];
    for (lapse, indifference) in [(0.02, 0.5), (0.2, 1.0), (0.0, 0.0)] {
        let model = AnswerModel::new(lapse, indifference).expect("in range");
        let person = person_of(
            &[1.5, -0.5],
            Habits {
                model,
                ..Habits::default()
            },
        );
        let u = dot(&[1.5, -0.5], &difference(&shown));
        for offered in [EVERYTHING, CHOICE_ONLY] {
            let chances = probabilities(&model, u, offered.tie);
            let counts = count_answers(&person, &shown, offered, 20_000);
            assert_drawn_from(&counts[..chances.len()], &chances);
            assert_eq!(counts[..chances.len()].iter().sum::<usize>(), 20_000);
        }
    }
}

#[test]
fn answers_about_four_come_with_the_chances_of_the_model() {
    let shown = [
        vec![0.5, 0.1],
        vec![0.1, 0.4],
        vec![-0.3, 0.2],
        vec![0.0, -0.9],
    ];
    let model = AnswerModel::new(0.1, 0.5).expect("in range");
    let person = person_of(
        &[1.5, -0.5],
        Habits {
            model,
            ..Habits::default()
        },
    );
    let rewards: Vec<f64> = shown
        .iter()
        .map(|scores| dot(&[1.5, -0.5], scores))
        .collect();
    let counts = count_answers(&person, &shown, EVERYTHING, 20_000);
    assert_drawn_from(&counts[..4], &choice_probabilities(&model, &rewards));
}

#[test]
fn who_can_only_say_neither_says_it_for_a_tie() {
    let person = person_of(&[1.0], Habits::default());
    let counts = count_answers(
        &person,
        &[vec![0.1], vec![0.0]],
        Offered {
            tie: false,
            ..EVERYTHING
        },
        5000,
    );
    let chances = probabilities(&AnswerModel::default(), 0.1, true);
    assert_drawn_from(&[counts[0], counts[1], counts[3]], &chances);
}

#[test]
fn a_left_bias_takes_the_first_one_that_often_beside() {
    let habits = Habits {
        left_bias: 0.3,
        ..Habits::default()
    };
    let counts = count_answers(
        &person_of(&[2.0], habits),
        &[vec![-0.5], vec![0.5]],
        EVERYTHING,
        20_000,
    );
    let mut chances: Vec<f64> = probabilities(&habits.model, -2.0, true)
        .iter()
        .map(|chance| 0.7 * chance)
        .collect();
    chances[0] += 0.3;
    assert_drawn_from(&counts[..3], &chances);
}

#[test]
fn drift_is_a_random_walk_of_the_stated_size() {
    let world = independent(3);
    let habits = Habits {
        drift: 0.1,
        ..Habits::default()
    };
    for tastes in [Tastes::Alike, Tastes::TwoPoles] {
        let population = population(&world, tastes, habits, 4);
        let deviations = population.prior().expect("linear").deviations();
        for answers in [1, 16] {
            // In units of what it should be.
            let mut steps = Vec::new();
            for index in 0..1500 {
                let person = population.person(index);
                let later = person.after(answers);
                let weights = later
                    .weights()
                    .expect("linear")
                    .iter()
                    .zip(person.weights().expect("linear"));
                let expected = 0.1 * (answers as f64).sqrt();
                steps.extend(
                    weights
                        .zip(&deviations)
                        .map(|((now, then), sd)| (now - then) / sd / expected),
                );
            }
            let (mean, error) = mean_and_error(&steps);
            let deviation = error * (steps.len() as f64).sqrt();
            assert!(mean.abs() < 4.0 * error, "{mean}");
            assert!(
                (deviation - 1.0).abs() < 4.0 / (2.0 * steps.len() as f64).sqrt(),
                "{deviation}"
            );
        }
    }
}

#[test]
fn who_drifts_answers_as_what_they_have_become() {
    let world = independent(3);
    let person = population(
        &world,
        Tastes::IdealPoint,
        Habits {
            drift: 0.5,
            ..Habits::default()
        },
        4,
    )
    .person(0);
    let pairs = world.fresh(200, 2, 6);
    let mut changed = 0;
    for (n, pair) in pairs.iter().enumerate() {
        let said = person.answer(pair, EVERYTHING, n);
        assert_eq!(said, person.after(n).answer(pair, EVERYTHING, n));
        changed += usize::from(said != person.after(0).answer(pair, EVERYTHING, n));
    }
    assert!(changed > 20, "{changed}");
}

#[test]
fn who_does_not_drift_stays_the_same() {
    let person = plain(&independent(3), Tastes::Alike).person(0);
    assert_eq!(person.after(1000).weights(), person.weights());
}

#[test]
fn regret_is_none_for_the_truth_and_one_for_blind_picks() {
    let world = independent(4);
    let fresh = world.fresh(2000, 16, 7);
    for (name, tastes) in Tastes::NAMES {
        let person = plain(&world, tastes).person(1);
        let best = |candidates: &[Vec<f64>]| {
            let rewards: Vec<f64> = candidates
                .iter()
                .map(|scores| person.reward(scores))
                .collect();
            (0..rewards.len())
                .max_by(|&a, &b| rewards[a].total_cmp(&rewards[b]))
                .expect("not empty")
        };
        assert_eq!(regret(&person, &fresh, best), 0.0, "{name}");
        let blind = regret(&person, &fresh, |_| 0);
        assert!((blind - 1.0).abs() < 0.08, "{name}: {blind}");
    }
}

#[test]
fn regret_is_what_the_definition_says() {
    let person = person_of(&[2.0], Habits::default());
    let prompts = vec![
        vec![vec![1.0], vec![0.0], vec![-1.0]],
        vec![vec![0.5], vec![0.2]],
    ];
    // Best − picked: 2·1 and 2·0.3; best − average: 2·1 and 2·0.15.
    let found = regret(&person, &prompts, |candidates| {
        usize::from(candidates.len() > 1)
    });
    assert!((found - 2.6 / 2.3).abs() < 1e-9, "{found}");
    assert_eq!(regret(&person, &[vec![vec![0.4], vec![0.4]]], |_| 0), 0.0);
    assert_eq!(regret(&person, &[], |_| 0), 0.0);
}

#[test]
fn the_best_linear_weights_of_a_linear_person_are_theirs() {
    for correlation in [Correlation::Equal(0.7), Correlation::Neighbours] {
        let world = world(6, correlation);
        let person = plain(&world, Tastes::Alike).person(3);
        let found = best_linear(&person, &world.fresh(100, 4, 8));
        for (found, weight) in found.iter().zip(person.weights().expect("linear")) {
            assert!((found - weight).abs() < 1e-6, "{found} for {weight}");
        }
    }
}

#[test]
fn no_other_linear_weights_come_closer_to_a_person_who_is_not() {
    let world = independent(3);
    let fresh = world.fresh(500, 4, 8);
    for tastes in [Tastes::Threshold, Tastes::IdealPoint, Tastes::Interaction] {
        let person = plain(&world, tastes).person(3);
        let residual = |weights: &[f64]| -> f64 {
            let of_prompt = |candidates: &Vec<Vec<f64>>| {
                let rest: Vec<f64> = candidates
                    .iter()
                    .map(|scores| person.reward(scores) - dot(weights, scores))
                    .collect();
                let mean = rest.iter().sum::<f64>() / rest.len() as f64;
                rest.iter().map(|rest| (rest - mean).powi(2)).sum::<f64>()
            };
            fresh.iter().map(of_prompt).sum()
        };
        let best = best_linear(&person, &fresh);
        assert!(residual(&best) > 1.0, "it is not linear");
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
fn best_linear_has_nothing_to_say_where_nothing_varies() {
    let person = person_of(&[1.0, 1.0], Habits::default());
    assert_eq!(best_linear(&person, &[vec![vec![0.3, 0.1]; 3]]), [0.0, 0.0]);
    assert!(best_linear(&person, &[]).is_empty());
}

#[test]
fn auc_is_the_chance_that_true_is_above_false() {
    assert_eq!(
        auc(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]),
        0.75
    );
    assert_eq!(auc(&[1.0, 2.0], &[true, true]), 0.5);
    // Many scores, many of them equal, against every pair counted.
    let scores: Vec<f64> = (0..300).map(|i| f64::from(i * 7919 % 83 % 20)).collect();
    let labels: Vec<bool> = (0..300)
        .map(|i| i * 104_729 % 97 % 3 == 0 || i % 20 > 15)
        .collect();
    let (mut wins, mut pairs) = (0.0, 0.0);
    for (a, _) in scores.iter().zip(&labels).filter(|(_, label)| **label) {
        for (b, _) in scores.iter().zip(&labels).filter(|(_, label)| !**label) {
            wins += if a > b {
                1.0
            } else if a == b {
                0.5
            } else {
                0.0
            };
            pairs += 1.0;
        }
    }
    assert!((auc(&scores, &labels) - wins / pairs).abs() < 1e-12);
}

#[test]
fn play_tells_of_every_answer_and_stops_with_the_interview() {
    let person = person_of(&[1.0, -1.0], Habits::default());
    let after = |answers: usize, questions: usize| {
        let mut interview = interview(nine_pairs().deck(), Strategy::Random, questions, 1);
        let mut seen = vec![];
        play(&mut interview, &person, answers, |n, now| {
            assert_eq!(now.counts().1, n);
            seen.push(n);
        })
        .expect("answers what is offered");
        seen
    };
    assert_eq!(after(0, 12), [0]);
    assert_eq!(after(3, 12), [0, 1, 2, 3]);
    assert_eq!(after(12, 5), (0..=5).collect::<Vec<_>>());
    assert_eq!(after(100, 100), (0..=9).collect::<Vec<_>>());
}

#[test]
fn a_seed_decides_everything_and_another_seed_something_else() {
    let world_of = |seed| World::new(&WorldOptions::default(), seed).expect("sound options");
    let scores = |seed| world_of(seed).deck().prompts().to_vec();
    assert_eq!(scores(1), scores(1));
    assert_ne!(scores(1), scores(2));
    let world = world_of(1);
    assert_eq!(world.fresh(3, 2, 1), world.fresh(3, 2, 1));
    assert_ne!(world.fresh(3, 2, 1), world.fresh(3, 2, 2));
    assert_ne!(
        world.fresh(1, 4, 1)[0][0],
        scores(1)[0].candidates[0].scores
    );

    let pairs = world.fresh(60, 2, 1);
    for (name, tastes) in Tastes::NAMES {
        let habits = Habits {
            drift: 0.1,
            left_bias: 0.1,
            ..Habits::default()
        };
        let said = |seed: u64, index: usize| -> Vec<Answer> {
            let person = population(&world, tastes.clone(), habits, seed).person(index);
            pairs
                .iter()
                .enumerate()
                .map(|(n, pair)| person.answer(pair, EVERYTHING, n))
                .collect()
        };
        assert_eq!(said(1, 0), said(1, 0), "{name}");
        assert_ne!(said(1, 0), said(2, 0), "{name}");
        assert_ne!(said(1, 0), said(1, 1), "{name}");
    }
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    let refused = |error: Option<Error>| match error {
        Some(Error::Options(flaw)) => flaw.path().to_owned(),
        other => panic!("{other:?}"),
    };
    let d = WorldOptions::default();
    for (options, name) in [
        (WorldOptions { dimensions: 0, ..d }, "dimensions"),
        (
            WorldOptions {
                dimensions: 65,
                ..d
            },
            "dimensions",
        ),
        (WorldOptions { prompts: 0, ..d }, "prompts"),
        (WorldOptions { candidates: 1, ..d }, "candidates"),
        (
            WorldOptions {
                correlation: Correlation::Equal(1.1),
                ..d
            },
            "correlation",
        ),
        (
            WorldOptions {
                correlation: Correlation::Equal(f64::NAN),
                ..d
            },
            "correlation",
        ),
    ] {
        assert_eq!(refused(World::new(&options, 1).err()), name);
    }
    let (one, d) = (independent(1), PopulationOptions::default());
    let habits = Habits::default();
    let prior = Prior::new(&[0.0, 0.0], &[vec![1.0, 0.0], vec![0.0, 1.0]]).expect("sound");
    for (options, name) in [
        (
            PopulationOptions {
                utility_sd: 0.0,
                ..d.clone()
            },
            "utility_sd",
        ),
        (
            PopulationOptions {
                utility_sd: f64::INFINITY,
                ..d.clone()
            },
            "utility_sd",
        ),
        (
            PopulationOptions {
                habits: Habits {
                    left_bias: 1.5,
                    ..habits
                },
                ..d.clone()
            },
            "left_bias",
        ),
        (
            PopulationOptions {
                habits: Habits {
                    drift: -0.1,
                    ..habits
                },
                ..d.clone()
            },
            "drift",
        ),
        (
            PopulationOptions {
                tastes: Tastes::TwoPoles,
                ..d.clone()
            },
            "dimensions",
        ),
        (
            PopulationOptions {
                tastes: Tastes::Linear(prior),
                ..d
            },
            "prior",
        ),
    ] {
        assert_eq!(refused(Population::new(&one, options, 1).err()), name);
    }
}

#[test]
fn tastes_are_found_by_their_names() {
    for (name, _) in Tastes::NAMES {
        assert!(Tastes::from_name(name).is_some());
    }
    assert!(Tastes::from_name("nobody").is_none());
}
