use crate::common::{
    CHOICE_ONLY, EVERYTHING, columns, independent, mean_and_error, person_of, plain, population,
};
use leaning::{Answer, AnswerModel, Offered};
use leaning_simulate::{Habits, Person, Tastes};
use nalgebra::{DMatrix, DVector};

/// Fails unless the counts are plausible for these probabilities, by a chi-squared test that gives a
/// false alarm in about one of ten thousand cases.
fn assert_drawn_from(counts: &[usize], probabilities: &[f64]) {
    let total = counts.iter().sum::<usize>() as f64;
    let term = |(count, probability): (&usize, &f64)| {
        let expected = total * probability;
        (*count as f64 - expected).powi(2) / expected
    };
    let chi_squared: f64 = counts.iter().zip(probabilities).map(term).sum();
    let bound = [15.1, 18.4, 21.1][counts.len() - 2];
    assert!(
        chi_squared < bound,
        "{counts:?} of {probabilities:?}: {chi_squared}"
    );
}

/// How often a person gives each answer: the candidates in turn, then `Tie`, then `Neither`.
fn count_answers(
    person: &Person,
    scores: &DMatrix<f64>,
    offered: Offered,
    answers: usize,
) -> Vec<usize> {
    let candidates = scores.ncols();
    let mut counts = vec![0; candidates + 2];
    for n in 0..answers {
        match person.answer(scores, offered, n) {
            Answer::Chose(chose) => counts[chose] += 1,
            Answer::Tie => counts[candidates] += 1,
            Answer::Neither => counts[candidates + 1] += 1,
            other => panic!("{other:?} was not asked for"),
        }
    }
    counts
}

#[test]
fn answers_about_two_have_the_probabilities_of_the_model() {
    let scores = columns(&[[0.5, 0.1], [0.1, 0.4]]);
    let u = 1.5 * (0.5 - 0.1) - 0.5 * (0.1 - 0.4);
    for (lapse, indifference) in [(0.02, 0.5), (0.2, 1.0), (0.0, 0.0)] {
        let model = AnswerModel::new(lapse, indifference).expect("in range");
        let person = person_of(
            &[1.5, -0.5],
            Habits {
                model,
                ..Habits::default()
            },
        );
        for offered in [EVERYTHING, CHOICE_ONLY] {
            let probabilities = model.pair_probabilities(u, offered.tie);
            let counts = count_answers(&person, &scores, offered, 20_000);
            let (possible, impossible) = counts.split_at(probabilities.len());
            assert_drawn_from(possible, &probabilities);
            assert!(impossible.iter().all(|count| *count == 0), "{counts:?}");
        }
    }
}

#[test]
fn answers_about_four_have_the_probabilities_of_the_model() {
    let scores = columns(&[[0.5, 0.1], [0.1, 0.4], [-0.3, 0.2], [0.0, -0.9]]);
    let model = AnswerModel::new(0.1, 0.5).expect("in range");
    let person = person_of(
        &[1.5, -0.5],
        Habits {
            model,
            ..Habits::default()
        },
    );
    let rewards = scores.tr_mul(&DVector::from_vec(vec![1.5, -0.5]));
    let counts = count_answers(&person, &scores, EVERYTHING, 20_000);
    assert_drawn_from(
        &counts[..4],
        &model.choice_probabilities(rewards.as_slice()),
    );
}

#[test]
fn a_tie_is_expressed_as_neither_if_only_that_is_offered() {
    let person = person_of(&[1.0], Habits::default());
    let offered = Offered {
        tie: false,
        ..EVERYTHING
    };
    let counts = count_answers(&person, &columns(&[[0.1], [0.0]]), offered, 5000);
    let probabilities = AnswerModel::default().pair_probabilities(0.1, true);
    assert_drawn_from(&[counts[0], counts[1], counts[3]], &probabilities);
    assert_eq!(counts[2], 0);
}

#[test]
fn a_left_bias_is_the_probability_of_taking_the_first_blindly() {
    let habits = Habits {
        left_bias: 0.3,
        ..Habits::default()
    };
    let scores = columns(&[[-0.5], [0.5]]);
    let counts = count_answers(&person_of(&[2.0], habits), &scores, EVERYTHING, 20_000);
    let mut probabilities = habits.model.pair_probabilities(-2.0, true);
    probabilities
        .iter_mut()
        .for_each(|probability| *probability *= 0.7);
    probabilities[0] += 0.3;
    assert_drawn_from(&counts[..3], &probabilities);
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
        let sd = population
            .prior()
            .expect("linear tastes")
            .standard_deviations();
        for answers in [1, 16] {
            // In units of the stated size.
            let unit = 0.1 * f64::from(answers).sqrt() * &sd;
            let mut steps = Vec::new();
            for index in 0..1500 {
                let person = population.person(index);
                let later = person.after(answers as usize);
                let step = later.weights().expect("linear tastes")
                    - person.weights().expect("linear tastes");
                steps.extend(step.component_div(&unit).iter());
            }
            let (mean, error) = mean_and_error(&steps);
            let count = steps.len() as f64;
            let deviation = error * count.sqrt();
            assert!(mean.abs() < 4.0 * error, "{mean}");
            assert!(
                (deviation - 1.0).abs() < 4.0 / (2.0 * count).sqrt(),
                "{deviation}"
            );
        }
    }
}

#[test]
fn a_drifting_person_answers_by_the_taste_of_the_moment() {
    let world = independent(3);
    let habits = Habits {
        drift: 0.5,
        ..Habits::default()
    };
    let person = population(&world, Tastes::IdealPoint, habits, 4).person(0);
    let mut changed = 0;
    for (n, pair) in world.fresh(200, 2, 6).iter().enumerate() {
        let answer = person.answer(pair, EVERYTHING, n);
        assert_eq!(answer, person.after(n).answer(pair, EVERYTHING, n));
        changed += usize::from(answer != person.after(0).answer(pair, EVERYTHING, n));
    }
    assert!(changed > 20, "{changed}");
}

#[test]
fn a_person_without_drift_stays_the_same() {
    let person = plain(&independent(3), Tastes::Alike).person(0);
    assert_eq!(person.after(1000).weights(), person.weights());
}

#[test]
fn a_seed_and_a_place_decide_the_answers() {
    let world = independent(8);
    let pairs = world.fresh(60, 2, 1);
    for (name, tastes) in Tastes::NAMES {
        let habits = Habits {
            drift: 0.1,
            left_bias: 0.1,
            ..Habits::default()
        };
        let answers = |seed: u64, index: usize| -> Vec<Answer> {
            let person = population(&world, tastes.clone(), habits, seed).person(index);
            let questions = pairs.iter().enumerate();
            questions
                .map(|(n, pair)| person.answer(pair, EVERYTHING, n))
                .collect()
        };
        assert_eq!(answers(1, 0), answers(1, 0), "{name}");
        assert_ne!(answers(1, 0), answers(2, 0), "{name}");
        assert_ne!(answers(1, 0), answers(1, 1), "{name}");
    }
}
