//! A population is found again from what its people said.
#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]

mod common;

use common::{bits, choice_probabilities, probabilities};
use leaning::population::{FitOptions, Inferred, fit, fit_with, log_evidence};
use leaning::simulate::{Population, PopulationOptions, Tastes, World, WorldOptions};
use leaning::{AnswerModel, Belief, Error, Evidence, Prior, Segment};
use std::f64::consts::PI;

/// So many people's answers to so many random pairs each, and the population that they are of.
fn answers(
    tastes: Tastes,
    dimensions: usize,
    people: usize,
    each: usize,
) -> (Vec<Vec<Evidence>>, Prior) {
    let world = World::new(
        &WorldOptions {
            dimensions,
            ..WorldOptions::default()
        },
        1,
    )
    .expect("sound options");
    let options = PopulationOptions {
        tastes,
        ..PopulationOptions::default()
    };
    let population = Population::new(&world, options, 2).expect("sound options");
    let model = AnswerModel::default();
    let of_person = |index: usize| {
        let person = population.person(index);
        let pairs = world.fresh(each, 2, 1000 + index as u64);
        let evidence = pairs.iter().enumerate().map(|(n, pair)| {
            let answer = person.answer(pair, model.offered(), n);
            Evidence::from_answer(&model, pair, model.offered(), answer)
                .expect("on offer")
                .expect("tells something")
        });
        evidence.collect()
    };
    (
        (0..people).map(of_person).collect(),
        population.prior().expect("linear"),
    )
}

fn fit_default(people: &[Vec<Evidence>], dimensions: usize, options: FitOptions) -> Prior {
    fit(people, AnswerModel::default(), dimensions, options).expect("fits")
}

/// Every bit of a prior.
fn prior_bits(prior: &Prior) -> Vec<u64> {
    let numbers = prior.segments().iter().flat_map(|segment| {
        let covariance = segment.covariance().into_iter().flatten();
        segment
            .mean()
            .iter()
            .copied()
            .chain(covariance)
            .chain([segment.weight()])
            .collect::<Vec<_>>()
    });
    numbers.map(f64::to_bits).collect()
}

fn diagonal(variances: &[f64]) -> Vec<Vec<f64>> {
    let d = variances.len();
    (0..d)
        .map(|i| {
            (0..d)
                .map(|j| if i == j { variances[i] } else { 0.0 })
                .collect()
        })
        .collect()
}

/// Integral of N(λ; mean, sd²)·P(evidence | λ) over a fine grid, one dimension.
fn log_evidence_on_grid(model: &AnswerModel, (mean, sd): (f64, f64), evidence: &[Evidence]) -> f64 {
    let likelihood = |weight: f64| -> f64 {
        let of = |evidence: &Evidence| match evidence {
            Evidence::Pair {
                difference,
                tie,
                outcome,
            } => probabilities(model, weight * difference[0], *tie)[*outcome],
            Evidence::Choice { scores, chose } => choice_probabilities(
                model,
                &scores.iter().map(|s| weight * s[0]).collect::<Vec<_>>(),
            )[*chose],
            Evidence::Statement {
                weight: stated, sd, ..
            } => (-0.5 * ((weight - stated) / sd).powi(2)).exp(),
        };
        evidence.iter().map(of).product()
    };
    let (from, steps) = (-8.0, 1600);
    let width = -2.0 * from / f64::from(steps);
    let points = (0..=steps).map(|i| from + width * f64::from(i));
    let sum: f64 = points
        .map(|x| (-0.5 * x * x).exp() * likelihood(mean + sd * x))
        .sum();
    (sum * width / (2.0 * PI).sqrt()).ln()
}

#[test]
fn a_known_population_is_found_again() {
    for tastes in [Tastes::Alike, Tastes::NothingInCommon] {
        let (people, truth) = answers(tastes, 4, 500, 30);
        let found = fit_default(&people, 4, FitOptions::default());
        let (deviations, covariance) = (truth.deviations(), found.segments()[0].covariance());
        for (i, row) in covariance.iter().enumerate() {
            let away = (found.mean()[i] - truth.mean()[i]) / deviations[i];
            assert!(away.abs() < 0.15, "mean {i}: {away}");
            for (j, number) in row.iter().enumerate() {
                let away = (number - truth.segments()[0].covariance()[i][j])
                    / deviations[i]
                    / deviations[j];
                assert!(away.abs() < 0.2, "covariance {i} {j}: {away}");
            }
        }
        // Laplace's approximation alone would end at 0.7.
        let ratio = |(j, row): (usize, &Vec<f64>)| row[j] / (deviations[j] * deviations[j]);
        let ratio = covariance.iter().enumerate().map(ratio).sum::<f64>() / 4.0;
        assert!((ratio - 1.0).abs() < 0.1, "{ratio}");
    }
}

#[test]
fn the_likelihood_of_what_was_said_does_not_fall_from_round_to_round() {
    let (people, truth) = answers(Tastes::Alike, 4, 200, 20);
    let model = AnswerModel::default();
    let after = |iterations: usize| {
        let prior = fit_default(
            &people,
            4,
            FitOptions {
                iterations,
                ..FitOptions::default()
            },
        );
        log_evidence(&people, model, &prior).expect("sound")
    };
    let climb: Vec<f64> = [1, 2, 3, 5, 10].map(after).into();
    // The draws that it is estimated with are not those of the fit.
    assert!(
        climb.windows(2).all(|pair| pair[1] > pair[0] - 0.2),
        "{climb:?}"
    );
    // It is the most likely prior, so more likely than the true one, by half a unit or so for each of 14 parameters.
    let gain = climb[4] - log_evidence(&people, model, &truth).expect("sound");
    assert!(gain > 0.0 && gain < 20.0, "{gain}");
}

#[test]
fn in_one_dimension_the_fit_is_the_peak_of_the_exact_likelihood() {
    let (people, _) = answers(Tastes::Alike, 1, 150, 12);
    let model = AnswerModel::default();
    let found = fit_default(&people, 1, FitOptions::default());
    let (mean, sd) = (found.mean()[0], found.deviations()[0]);
    let exact = |mean: f64, sd: f64| -> f64 {
        people
            .iter()
            .map(|evidence| log_evidence_on_grid(&model, (mean, sd), evidence))
            .sum()
    };
    let peak = exact(mean, sd);
    for (by_mean, by_sd) in [(0.06, 1.0), (-0.06, 1.0), (0.0, 1.06), (0.0, 1.0 / 1.06)] {
        assert!(
            exact(mean + by_mean * sd, sd * by_sd) < peak,
            "{by_mean} {by_sd}"
        );
    }
    let estimate = log_evidence(&people, model, &found).expect("sound");
    assert!((estimate - peak).abs() < 0.2, "{estimate} for {peak}");
}

#[test]
fn the_likelihood_of_every_kind_of_evidence_is_the_integral() {
    let model = AnswerModel::new(0.05, 0.4).expect("in range");
    let pair = |z: f64, tie, outcome| Evidence::Pair {
        difference: vec![z],
        tie,
        outcome,
    };
    let choice = Evidence::Choice {
        scores: vec![vec![0.5], vec![-0.2], vec![0.1]],
        chose: 0,
    };
    let said = vec![
        pair(1.0, true, 0),
        pair(-0.5, false, 1),
        pair(0.3, true, 2),
        choice,
    ];
    let stated = vec![Evidence::Statement {
        dimension: 0,
        weight: 0.7,
        sd: 0.5,
    }];
    for evidence in [said, stated, vec![]] {
        let segment = |weight, mean: f64, sd: f64| {
            Segment::new(weight, &[mean], &[vec![sd * sd]]).expect("sound")
        };
        let prior =
            Prior::mixture(vec![segment(0.25, 0.4, 1.5), segment(0.75, -1.0, 0.5)]).expect("sound");
        let exact = 0.25 * log_evidence_on_grid(&model, (0.4, 1.5), &evidence).exp()
            + 0.75 * log_evidence_on_grid(&model, (-1.0, 0.5), &evidence).exp();
        let found = log_evidence(&[evidence], model, &prior).expect("sound");
        assert!(
            (found - exact.ln()).abs() < 0.02,
            "{found} for {}",
            exact.ln()
        );
    }
}

#[test]
fn what_people_state_of_themselves_gives_their_moments() {
    // With Gaussian observations of sd s, the most likely prior is N(average, variance − s²).
    let stated: Vec<f64> = (0..200)
        .map(|i| 0.3 + 2.0 * (f64::from(i * 37 % 200) / 199.0 - 0.5))
        .collect();
    let people: Vec<Vec<Evidence>> = stated
        .iter()
        .map(|&weight| {
            vec![Evidence::Statement {
                dimension: 0,
                weight,
                sd: 0.3,
            }]
        })
        .collect();
    let mean = stated.iter().sum::<f64>() / 200.0;
    let variance = stated
        .iter()
        .map(|weight| (weight - mean).powi(2))
        .sum::<f64>()
        / 200.0
        - 0.09;
    let found = fit_default(&people, 1, FitOptions::default());
    assert!((found.mean()[0] - mean).abs() < 0.01);
    assert!(
        (found.deviations()[0] / variance.sqrt() - 1.0).abs() < 0.02,
        "{:?}",
        found.deviations()
    );
}

#[test]
fn a_choice_of_two_is_a_pair() {
    let (people, _) = answers(Tastes::Alike, 2, 40, 10);
    let rewrite = |as_choice: bool| -> Vec<Vec<Evidence>> {
        let of = |evidence: &Evidence| match evidence {
            Evidence::Pair {
                difference,
                outcome,
                ..
            } if as_choice => {
                let scores = vec![difference.clone(), vec![0.0; 2]];
                Evidence::Choice {
                    scores,
                    chose: *outcome % 2,
                }
            }
            Evidence::Pair {
                difference,
                outcome,
                ..
            } => Evidence::Pair {
                difference: difference.clone(),
                tie: false,
                outcome: *outcome % 2,
            },
            other => other.clone(),
        };
        people
            .iter()
            .map(|evidence| evidence.iter().map(of).collect())
            .collect()
    };
    let [pairs, choices] =
        [false, true].map(|as_choice| fit_default(&rewrite(as_choice), 2, FitOptions::default()));
    for (a, b) in pairs
        .mean()
        .iter()
        .chain(&pairs.deviations())
        .zip(choices.mean().iter().chain(&choices.deviations()))
    {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
}

#[test]
fn a_prior_from_others_predicts_people_it_has_not_seen() {
    let (people, _) = answers(Tastes::Alike, 4, 240, 15);
    let (others, unseen) = people.split_at(200);
    let model = AnswerModel::default();
    let likelihood = |prior: &Prior| log_evidence(unseen, model, prior).expect("sound");
    let learned = fit_default(others, 4, FitOptions::default());
    assert!(likelihood(&learned) > likelihood(&Prior::by_spread(&[1.0; 4])) + 5.0);
}

/// Three segments far apart, of shares 0.5, 0.3 and 0.2.
fn three_segments() -> Prior {
    let segment =
        |share, mean: [f64; 3]| Segment::new(share, &mean, &diagonal(&[0.1; 3])).expect("sound");
    let segments = vec![
        segment(0.5, [1.5, 0.0, 0.0]),
        segment(0.3, [-1.0, 1.2, 0.0]),
        segment(0.2, [0.0, -1.0, -1.5]),
    ];
    Prior::mixture(segments).expect("sound")
}

#[test]
fn segments_that_are_far_apart_are_found_with_their_shares() {
    let (people, truth) = answers(Tastes::Linear(three_segments()), 3, 300, 20);
    let options = FitOptions {
        segments: 3,
        iterations: 8,
        ..FitOptions::default()
    };
    let found = fit_default(&people, 3, options);
    assert_eq!(found.segments().len(), 3);
    for segment in truth.segments() {
        let away = |other: &&Segment| -> f64 {
            other
                .mean()
                .iter()
                .zip(segment.mean())
                .map(|(a, b)| (a - b).powi(2))
                .sum::<f64>()
                .sqrt()
        };
        let near = found
            .segments()
            .iter()
            .min_by(|a, b| away(a).total_cmp(&away(b)))
            .expect("three");
        assert!(
            away(&near) < 0.4,
            "{:?} for {:?}",
            near.mean(),
            segment.mean()
        );
        // Three standard errors of a share of 300 people.
        assert!(
            (near.weight() - segment.weight()).abs() < 0.087,
            "{} for {}",
            near.weight(),
            segment.weight()
        );
    }
    let likelihood =
        |prior: &Prior| log_evidence(&people, AnswerModel::default(), prior).expect("sound");
    let one = fit_default(&people, 3, FitOptions::default());
    assert!(likelihood(&found) > likelihood(&one) + 20.0);
}

#[test]
fn more_segments_than_people_make_a_sound_prior() {
    let (people, _) = answers(Tastes::NothingInCommon, 3, 4, 8);
    let found = fit_default(
        &people,
        3,
        FitOptions {
            segments: 9,
            ..FitOptions::default()
        },
    );
    assert!((1..=4).contains(&found.segments().len()));
    assert!((found.segments().iter().map(Segment::weight).sum::<f64>() - 1.0).abs() < 1e-12);
    Belief::infer(&found, AnswerModel::default(), &people[0])
        .expect("the prior is positive definite");
}

#[test]
fn people_who_are_all_the_same_keep_a_positive_variance() {
    let said: Vec<Evidence> = (0..40)
        .map(|i| Evidence::Pair {
            difference: vec![1.0, 0.0],
            tie: false,
            outcome: usize::from(i % 4 == 0),
        })
        .collect();
    let found = fit_default(
        &vec![said; 30],
        2,
        FitOptions {
            segments: 2,
            iterations: 10,
            ..FitOptions::default()
        },
    );
    assert!(found.deviations().iter().all(|deviation| *deviation > 0.0));
    // (1−ε)σ(λ) + ε/2 = ¾
    assert!(
        (found.mean()[0] - (0.74_f64 / 0.24).ln()).abs() < 0.1,
        "{:?}",
        found.mean()
    );
    assert!(
        found.deviations()[0] < 0.3,
        "they do not differ: {:?}",
        found.deviations()
    );
}

#[test]
fn somebody_who_said_nothing_does_no_harm() {
    let (mut people, _) = answers(Tastes::Alike, 2, 60, 12);
    let without = fit_default(&people, 2, FitOptions::default());
    people.extend(vec![vec![]; 2]);
    let with = fit_default(&people, 2, FitOptions::default());
    for (a, b) in with.mean().iter().zip(without.mean()) {
        assert!((a - b).abs() < 0.05);
    }
}

#[test]
fn the_same_answers_make_the_same_prior_on_any_number_of_threads() {
    let (people, _) = answers(Tastes::Linear(three_segments()), 3, 40, 8);
    let options = FitOptions {
        segments: 2,
        iterations: 3,
        ..FitOptions::default()
    };
    let model = AnswerModel::default();
    let on_threads = |count: usize, infer: &(dyn Fn(usize) -> Inferred + Sync)| -> Vec<Inferred> {
        let half = count / 2;
        std::thread::scope(|scope| {
            let second = scope.spawn(move || (half..count).map(infer).collect::<Vec<_>>());
            let mut all: Vec<Inferred> = (0..half).map(infer).collect();
            all.extend(second.join().expect("does not panic"));
            all
        })
    };
    let threaded = fit_with(&people, model, 3, options, &on_threads).expect("fits");
    let once = fit(&people, model, 3, options).expect("fits");
    assert_eq!(prior_bits(&threaded), prior_bits(&once));
    let belief = |prior: &Prior| bits(&Belief::infer(prior, model, &people[0]).expect("sound"));
    assert_eq!(belief(&threaded), belief(&once));
}

#[test]
fn nobody_and_nothing_are_errors() {
    let (people, _) = answers(Tastes::Alike, 2, 3, 4);
    let options = FitOptions::default();
    let model = AnswerModel::default();
    let none = FitOptions {
        segments: 0,
        ..options
    };
    for (people, dimensions, options, code, path) in [
        (&people[..0], 2, options, "answer", "people"),
        (&[vec![], vec![]], 2, options, "answer", "people"),
        (&people[..], 0, options, "options", "dimensions"),
        (&people[..], 2, none, "options", "segments"),
        (
            &people[..],
            2,
            FitOptions {
                iterations: 0,
                ..options
            },
            "options",
            "iterations",
        ),
        (&people[..], 3, options, "answer", "people[0]"),
    ] {
        let error = fit(people, model, dimensions, options).expect_err("is refused");
        assert_eq!((error.code(), error.path()), (code, Some(path)), "{error}");
    }
    let odd = vec![
        people[0].clone(),
        vec![Evidence::Pair {
            difference: vec![1.0, 0.0],
            tie: false,
            outcome: 2,
        }],
    ];
    let error = fit(&odd, model, 2, options).expect_err("is refused");
    assert_eq!(error.path(), Some("people[1]"));
    let far = vec![vec![Evidence::Pair {
        difference: vec![1e300, 0.0],
        tie: false,
        outcome: 0,
    }]];
    assert_eq!(
        fit(&far, model, 2, options).expect_err("is refused"),
        Error::NotConverged
    );
}
