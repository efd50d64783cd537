//! A population is recovered from its people's answers.

use leaning::numeric::Random;
use leaning::{
    AnswerKind, AnswerModel, Error, Evidence, LaplaceApproximation, MixtureComponent, Prior,
};
use leaning_population::{FitOptions, fit, log_evidence};
use leaning_simulate::{Population, PopulationOptions, Tastes, World, WorldOptions};
use nalgebra::{DMatrix, DVector};
use std::f64::consts::PI;

/// The answers of `people` simulated people to `questions` random pairs each, and the population
/// that they come from.
fn answers(
    tastes: Tastes,
    dimensions: usize,
    people: usize,
    questions: usize,
) -> (Vec<Vec<Evidence>>, Prior) {
    let options = WorldOptions {
        dimensions,
        ..WorldOptions::default()
    };
    let world = World::new(&options, 1).expect("valid options");
    let options = PopulationOptions {
        tastes,
        ..PopulationOptions::default()
    };
    let population = Population::new(&world, options, 2).expect("valid options");
    let offered = AnswerModel::default().offered(AnswerKind::Choice);
    let of_person = |index: usize| {
        let person = population.person(index);
        let pairs = world.fresh(questions, 2, 1000 + index as u64);
        let evidence = pairs.iter().enumerate().map(|(n, pair)| {
            let scores = [0, 1].map(|k| pair.column(k).as_slice().to_vec());
            let answer = person.answer(pair, offered, n);
            Evidence::from_answer(&AnswerModel::default(), &scores, None, offered, answer)
                .expect("is on offer")
                .pop()
                .expect("tells something")
        });
        evidence.collect()
    };
    (
        (0..people).map(of_person).collect(),
        population.prior().expect("linear tastes"),
    )
}

fn fit_default(people: &[Vec<Evidence>], dimensions: usize, options: FitOptions) -> Prior {
    fit(people, AnswerModel::default(), dimensions, options).expect("the fit converges")
}

fn component<const D: usize>(weight: f64, mean: [f64; D], variance: f64) -> MixtureComponent {
    let covariance = DMatrix::from_diagonal_element(D, D, variance);
    MixtureComponent::new(weight, DVector::from_column_slice(&mean), covariance)
        .expect("positive definite")
}

/// Every bit of a prior.
fn bits(prior: &Prior) -> Vec<u64> {
    let numbers = prior.components().iter().flat_map(|of| {
        let covariance = of.covariance();
        let moments = of
            .mean()
            .iter()
            .chain(&covariance)
            .map(|number| number.to_bits());
        moments.chain([of.weight().to_bits()]).collect::<Vec<_>>()
    });
    numbers.collect()
}

/// log of the integral of N(λ; mean, sd²)·P(evidence | λ) over a fine grid, in one dimension.
fn log_evidence_on_grid(model: &AnswerModel, (mean, sd): (f64, f64), evidence: &[Evidence]) -> f64 {
    let likelihood = |weight: f64| -> f64 {
        let of = |evidence: &Evidence| match evidence {
            Evidence::Pair {
                difference,
                tie,
                outcome,
            } => model.pair_probabilities(weight * difference[0], *tie)[*outcome],
            Evidence::Choice { scores, chose } => {
                model.choice_probabilities((weight * scores).as_slice())[*chose]
            }
            other => other
                .log_likelihood(model, DVector::from_element(1, weight).as_view())
                .exp(),
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
fn a_known_population_is_recovered() {
    for tastes in [Tastes::Alike, Tastes::NothingInCommon] {
        let (people, truth) = answers(tastes, 4, 500, 30);
        let found = fit_default(&people, 4, FitOptions::default());
        let sd = truth.standard_deviations();
        let away = (found.mean() - truth.mean()).component_div(&sd);
        assert!(away.amax() < 0.15, "the mean is off by {away}");
        let away = (found.covariance() - truth.covariance()).component_div(&(&sd * sd.transpose()));
        assert!(away.amax() < 0.2, "the covariance is off by {away}");
        // With the Laplace approximation alone the fit would end at 0.7.
        let ratio = found
            .covariance()
            .diagonal()
            .component_div(&truth.covariance().diagonal())
            .mean();
        assert!((ratio - 1.0).abs() < 0.1, "{ratio}");
    }
}

#[test]
fn the_likelihood_of_the_answers_does_not_fall_from_round_to_round() {
    let (people, truth) = answers(Tastes::Alike, 4, 200, 20);
    let model = AnswerModel::default();
    let likelihood = |prior: &Prior| log_evidence(&people, model, prior).expect("is finite");
    let climb = [1, 2, 3, 5, 10].map(|iterations| {
        let options = FitOptions {
            iterations,
            ..FitOptions::default()
        };
        likelihood(&fit_default(&people, 4, options))
    });
    // The likelihood is estimated with other samples than those of the fit, hence the tolerance.
    assert!(
        climb.windows(2).all(|pair| pair[1] > pair[0] - 0.2),
        "{climb:?}"
    );
    // The fit maximises the likelihood, so it beats the true prior, by about half a unit for each of
    // its 14 parameters.
    let gain = climb[4] - likelihood(&truth);
    assert!(gain > 0.0 && gain < 20.0, "{gain}");
}

#[test]
fn in_one_dimension_the_fit_is_the_peak_of_the_exact_likelihood() {
    let (people, _) = answers(Tastes::Alike, 1, 150, 12);
    let model = AnswerModel::default();
    let found = fit_default(&people, 1, FitOptions::default());
    let (mean, sd) = (found.mean()[0], found.standard_deviations()[0]);
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
    let estimate = log_evidence(&people, model, &found).expect("is finite");
    assert!((estimate - peak).abs() < 0.2, "{estimate}, not {peak}");
}

/// log P(answers) of people with strong tastes, over a fine grid in two dimensions: a mean, two
/// standard deviations and a correlation.
fn log_evidence_on_plane(
    people: &[Vec<Evidence>],
    [first, second, sd_first, sd_second, correlation]: [f64; 5],
) -> f64 {
    let model = AnswerModel::default();
    let across = (1.0 - correlation * correlation).sqrt();
    let axis = || (-16..=16).map(|step| 0.3 * f64::from(step));
    let points: Vec<(DVector<f64>, f64)> = axis()
        .flat_map(|x| axis().map(move |y| (x, y)))
        .map(|(x, y)| {
            let weights = [
                first + sd_first * x,
                second + sd_second * (correlation * x + across * y),
            ];
            let density = (-0.5 * (x * x + y * y)).exp() * 0.09 / (2.0 * PI);
            (DVector::from_column_slice(&weights), density)
        })
        .collect();
    let of_person = |evidence: &Vec<Evidence>| -> f64 {
        let likelihood = |weights: &DVector<f64>| -> f64 {
            evidence
                .iter()
                .map(|of| of.log_likelihood(&model, weights.as_view()))
                .sum()
        };
        let sum: f64 = points
            .iter()
            .map(|(weights, density)| density * likelihood(weights).exp())
            .sum();
        sum.ln()
    };
    people.iter().map(of_person).sum()
}

#[test]
fn strong_tastes_are_fitted_to_the_peak_of_the_exact_likelihood() {
    // Far from the default prior, which has a mean of 0 and standard deviations of 1.4.
    let mut random = Random::new(7, 0);
    let people: Vec<Vec<Evidence>> = (0..120)
        .map(|_| {
            let weights = DVector::from_vec(vec![
                -7.0 + 5.0 * random.normal(),
                3.0 + 2.0 * random.normal(),
            ]);
            let mut answer = || {
                let difference = random.normals(2);
                let first = 1.0 / (1.0 + (-weights.dot(&difference)).exp());
                Evidence::Pair {
                    outcome: usize::from(random.uniform() > first),
                    difference,
                    tie: false,
                }
            };
            (0..10).map(|_| answer()).collect()
        })
        .collect();
    let found = fit_default(&people, 2, FitOptions::default());
    let (mean, sd) = (found.mean(), found.standard_deviations());
    let correlation = found.covariance()[(0, 1)] / (sd[0] * sd[1]);
    let at = [mean[0], mean[1], sd[0], sd[1], correlation];
    let peak = log_evidence_on_plane(&people, at);
    for (place, by) in [0.2 * sd[0], 0.2 * sd[1], 0.2 * sd[0], 0.25 * sd[1], 0.25]
        .into_iter()
        .enumerate()
    {
        for sign in [-1.0, 1.0] {
            let mut away = at;
            away[place] += sign * by;
            let exact = log_evidence_on_plane(&people, away);
            assert!(exact < peak, "{exact} at {away:?}, {peak} at {at:?}");
        }
    }
    // Both together: everybody cares more or less.
    for scale in [0.75, 1.3] {
        let away = [
            at[0] * scale,
            at[1] * scale,
            at[2] * scale,
            at[3] * scale,
            at[4],
        ];
        let exact = log_evidence_on_plane(&people, away);
        assert!(exact < peak, "{exact} at {away:?}, {peak} at {at:?}");
    }
}

#[test]
fn the_likelihood_of_every_kind_of_evidence_is_the_integral() {
    let model = AnswerModel::new(0.05, 0.4).expect("in range");
    let pair = |z: f64, tie, outcome| Evidence::Pair {
        difference: DVector::from_vec(vec![z]),
        tie,
        outcome,
    };
    let choice = Evidence::Choice {
        scores: DMatrix::from_row_slice(1, 3, &[0.5, -0.2, 0.1]),
        chose: 0,
    };
    let answers = vec![
        pair(1.0, true, 0),
        pair(-0.5, false, 1),
        pair(0.3, true, 2),
        choice,
    ];
    let statement = vec![Evidence::Statement {
        dimension: 0,
        weight: 0.7,
        sd: 0.5,
    }];
    for evidence in [answers, statement, vec![]] {
        let components = vec![
            component(0.25, [0.4], 1.5 * 1.5),
            component(0.75, [-1.0], 0.5 * 0.5),
        ];
        let prior = Prior::mixture(components).expect("valid shares");
        let exact = 0.25 * log_evidence_on_grid(&model, (0.4, 1.5), &evidence).exp()
            + 0.75 * log_evidence_on_grid(&model, (-1.0, 0.5), &evidence).exp();
        let found = log_evidence(&[evidence], model, &prior).expect("is finite");
        assert!(
            (found - exact.ln()).abs() < 0.02,
            "{found}, not {}",
            exact.ln()
        );
    }
}

#[test]
fn statements_of_many_people_give_the_closed_form() {
    // With Gaussian observations of sd s, the most likely prior is N(average, v) with v = variance
    // − s². The estimate of v has the variance 2·variance²/n, that of the mean variance/n, so the
    // second moment of a new person's weight is v·(1 + variance/(n·v) + 2·variance²/(n·v²)).
    let stated = DVector::from_fn(200, |i, _| {
        0.3 + 2.0 * ((i * 37 % 200) as f64 / 199.0 - 0.5)
    });
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
    let found = fit_default(&people, 1, FitOptions::default());
    assert!((found.mean()[0] - stated.mean()).abs() < 0.01);
    let (total, own) = (stated.variance(), stated.variance() - 0.09);
    let grown = 1.0 + total / (200.0 * own) + 2.0 * (total / own).powi(2) / 200.0;
    let (sd, expected) = (found.standard_deviations()[0], (own * grown).sqrt());
    assert!((sd / expected - 1.0).abs() < 0.01, "{sd}, not {expected}");
}

#[test]
fn a_choice_of_two_counts_as_a_pair() {
    let (people, _) = answers(Tastes::Alike, 2, 40, 10);
    let rewrite = |as_choice: bool| -> Vec<Vec<Evidence>> {
        let of = |evidence: &Evidence| {
            let Evidence::Pair {
                difference,
                outcome,
                ..
            } = evidence
            else {
                return evidence.clone();
            };
            let (difference, chose) = (difference.clone(), outcome % 2);
            if as_choice {
                let scores = DMatrix::from_columns(&[difference, DVector::zeros(2)]);
                Evidence::Choice { scores, chose }
            } else {
                Evidence::Pair {
                    difference,
                    tie: false,
                    outcome: chose,
                }
            }
        };
        people
            .iter()
            .map(|evidence| evidence.iter().map(of).collect())
            .collect()
    };
    let [pairs, choices] =
        [false, true].map(|as_choice| fit_default(&rewrite(as_choice), 2, FitOptions::default()));
    assert!((pairs.mean() - choices.mean()).amax() < 1e-6);
    assert!((pairs.covariance() - choices.covariance()).amax() < 1e-6);
}

#[test]
fn a_prior_from_some_people_predicts_others() {
    let (people, _) = answers(Tastes::Alike, 4, 240, 15);
    let (others, unseen) = people.split_at(200);
    let likelihood =
        |prior: &Prior| log_evidence(unseen, AnswerModel::default(), prior).expect("is finite");
    let learned = fit_default(others, 4, FitOptions::default());
    assert!(likelihood(&learned) > likelihood(&Prior::from_rms_differences(&[1.0; 4])) + 5.0);
}

/// Three components far apart, with shares of 0.5, 0.3 and 0.2.
/// More than a fit begins with.
#[test]
fn a_fit_to_many_people_is_as_close_as_their_number_allows() {
    let mut random = Random::new(5, 0);
    let count = 4_200;
    let people: Vec<Vec<Evidence>> = (0..count)
        .map(|_| {
            let weight = 0.8 + 1.5 * random.normal();
            let mut answer = || {
                let difference = random.normal();
                let first = 1.0 / (1.0 + (-weight * difference).exp());
                Evidence::Pair {
                    outcome: usize::from(random.uniform() > first),
                    difference: DVector::from_element(1, difference),
                    tie: false,
                }
            };
            (0..6).map(|_| answer()).collect()
        })
        .collect();
    let model = AnswerModel::BRADLEY_TERRY;
    let found = fit(&people, model, 1, FitOptions::default()).expect("the fit converges");
    // An answer tells less than the weight itself, which would give 1.5/√4200 = 0.023.
    assert!((found.mean()[0] - 0.8).abs() < 0.1, "{}", found.mean()[0]);
    let sd = found.standard_deviations()[0];
    assert!((sd - 1.5).abs() < 0.15, "{sd}");
    // It is a maximum of the likelihood of everybody's answers, not of those of some.
    let likelihood = |mean: f64, sd: f64| {
        let prior = Prior::mixture(vec![component(1.0, [mean], sd * sd)]).expect("is valid");
        log_evidence(&people, model, &prior).expect("is finite")
    };
    let peak = likelihood(found.mean()[0], sd);
    for (by_mean, by_sd) in [(0.08, 1.0), (-0.08, 1.0), (0.0, 1.08), (0.0, 0.92)] {
        assert!(likelihood(found.mean()[0] + by_mean, sd * by_sd) < peak);
    }
}

fn three_components() -> Prior {
    let components = vec![
        component(0.5, [1.5, 0.0, 0.0], 0.1),
        component(0.3, [-1.0, 1.2, 0.0], 0.1),
        component(0.2, [0.0, -1.0, -1.5], 0.1),
    ];
    Prior::mixture(components).expect("valid shares")
}

#[test]
fn components_that_are_far_apart_are_found_with_their_shares() {
    let (people, truth) = answers(Tastes::Linear(three_components()), 3, 300, 20);
    let options = FitOptions {
        components: 3,
        iterations: 8,
        ..FitOptions::default()
    };
    let found = fit_default(&people, 3, options);
    assert_eq!(found.components().len(), 3);
    for component in truth.components() {
        let distance = |other: &MixtureComponent| (other.mean() - component.mean()).norm();
        let nearest = found
            .components()
            .iter()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
            .expect("there are three");
        assert!(
            distance(nearest) < 0.4,
            "{}, not {}",
            nearest.mean(),
            component.mean()
        );
        // Three standard errors of a share of 300 people.
        let (share, expected) = (nearest.weight(), component.weight());
        assert!((share - expected).abs() < 0.087, "{share}, not {expected}");
    }
    let likelihood =
        |prior: &Prior| log_evidence(&people, AnswerModel::default(), prior).expect("is finite");
    let gaussian = fit_default(&people, 3, FitOptions::default());
    assert!(likelihood(&found) > likelihood(&gaussian) + 20.0);
}

#[test]
fn more_components_than_people_still_give_a_valid_prior() {
    let (people, _) = answers(Tastes::NothingInCommon, 3, 4, 8);
    let found = fit_default(
        &people,
        3,
        FitOptions {
            components: 9,
            ..FitOptions::default()
        },
    );
    assert!((1..=4).contains(&found.components().len()));
    let shares: f64 = found
        .components()
        .iter()
        .map(MixtureComponent::weight)
        .sum();
    assert!((shares - 1.0).abs() < 1e-12);
    LaplaceApproximation::infer(&found, AnswerModel::default(), &people[0])
        .expect("the prior is positive definite");
}

#[test]
fn people_who_are_all_the_same_keep_a_positive_variance() {
    let evidence: Vec<Evidence> = (0..40)
        .map(|i| Evidence::Pair {
            difference: DVector::from_vec(vec![1.0, 0.0]),
            tie: false,
            outcome: usize::from(i % 4 == 0),
        })
        .collect();
    let options = FitOptions {
        components: 2,
        iterations: 10,
        ..FitOptions::default()
    };
    let found = fit_default(&vec![evidence; 30], 2, options);
    let sd = found.standard_deviations();
    assert!(sd.min() > 0.0, "{sd}");
    // (1−ε)σ(λ) + ε/2 = ¾
    let expected = (0.74_f64 / 0.24).ln();
    assert!(
        (found.mean()[0] - expected).abs() < 0.1,
        "{}, not {expected}",
        found.mean()[0]
    );
    assert!(
        sd[0] < 0.3,
        "they do not differ, but the standard deviation is {}",
        sd[0]
    );
}

#[test]
fn people_without_answers_hardly_change_the_fit() {
    let (mut people, _) = answers(Tastes::Alike, 2, 60, 12);
    let without = fit_default(&people, 2, FitOptions::default());
    people.extend(vec![vec![]; 2]);
    let with = fit_default(&people, 2, FitOptions::default());
    assert!((with.mean() - without.mean()).amax() < 0.05);
}

#[test]
fn the_same_answers_give_the_same_bits_on_any_number_of_threads() {
    let (people, _) = answers(Tastes::Linear(three_components()), 3, 40, 8);
    let options = FitOptions {
        components: 2,
        iterations: 3,
        ..FitOptions::default()
    };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("starts");
        pool.install(|| {
            let prior = fit_default(&people, 3, options);
            let likelihood = log_evidence(&people, AnswerModel::default(), &prior);
            (bits(&prior), likelihood.expect("is finite").to_bits())
        })
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn an_error_names_its_place() {
    let (people, _) = answers(Tastes::Alike, 2, 3, 4);
    let model = AnswerModel::default();
    let options = FitOptions::default();
    let place = |people: &[Vec<Evidence>], dimensions, options| {
        let error = fit(people, model, dimensions, options).expect_err("is refused");
        (error.code(), error.path().unwrap_or_default().to_owned())
    };
    let is = |found: (&str, String), code: &str, path: &str| {
        assert_eq!((found.0, found.1.as_str()), (code, path));
    };
    is(place(&people, 0, options), "options", "dimensions");
    is(
        place(
            &people,
            2,
            FitOptions {
                components: 0,
                ..options
            },
        ),
        "options",
        "components",
    );
    is(
        place(
            &people,
            2,
            FitOptions {
                iterations: 0,
                ..options
            },
        ),
        "options",
        "iterations",
    );
    is(place(&[], 2, options), "answer", "people");
    is(place(&[vec![], vec![]], 2, options), "answer", "people");
    is(place(&people, 3, options), "answer", "people[0]");
    let impossible = Evidence::Pair {
        difference: DVector::from_vec(vec![1.0, 0.0]),
        tie: false,
        outcome: 2,
    };
    is(
        place(&[people[0].clone(), vec![impossible]], 2, options),
        "answer",
        "people[1]",
    );
}

#[test]
fn numbers_too_extreme_for_double_precision_are_an_error() {
    let far = Evidence::Pair {
        difference: DVector::from_vec(vec![1e300, 0.0]),
        tie: false,
        outcome: 0,
    };
    let error = fit(
        &[vec![far]],
        AnswerModel::default(),
        2,
        FitOptions::default(),
    );
    assert_eq!(error.expect_err("is refused"), Error::NotConverged);
}

#[test]
fn the_evidence_of_ratings_is_integrated_over_the_weight_and_the_leniency() {
    let model = AnswerModel::default()
        .with_ratings(1.4, 0.8)
        .expect("in range");
    let rating = |score: f64, rating| {
        let offered = model.offered(AnswerKind::Rating { of: 5 });
        let answer = leaning::Answer::Rated { rating, of: 5 };
        Evidence::from_answer(&model, &[vec![score]], None, offered, answer)
            .expect("is on offer")
            .remove(0)
    };
    let evidence = vec![rating(1.5, 5), rating(-0.5, 4), rating(0.8, 4)];
    let (mean, sd) = (0.3, 1.2);
    let prior = Prior::gaussian(
        DVector::from_element(1, mean),
        DMatrix::from_element(1, 1, sd * sd),
    )
    .expect("positive definite");
    let found = log_evidence(std::slice::from_ref(&evidence), model, &prior).expect("it converges");
    // Both on a grid over ±6 standard deviations.
    let steps = 240;
    let at = |step: i32| 12.0 * f64::from(step) / f64::from(steps) - 6.0;
    let density = |x: f64| (-0.5 * x * x).exp() / (2.0 * PI).sqrt() * 12.0 / f64::from(steps);
    let mut sum = 0.0;
    for (i, j) in (0..=steps).flat_map(|i| (0..=steps).map(move |j| (i, j))) {
        let weights = DVector::from_element(1, mean + sd * at(i));
        let log: f64 = evidence
            .iter()
            .map(|one| one.log_likelihood_with(&model, weights.as_view(), 0.8 * at(j)))
            .sum();
        sum += density(at(i)) * density(at(j)) * log.exp();
    }
    assert!((found - sum.ln()).abs() < 0.01, "{found}, {}", sum.ln());
}
