use crate::common::{
    CHOICE_ONLY, EVERYTHING, columns, independent, mean_and_error, person_of, plain, population,
};
use leaning::{Answer, AnswerKind, AnswerModel, Grade, Offered, Ranking};
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
    // Quantiles of chi-squared with one degree of freedom less than there are counts.
    let bound = match counts.len() {
        2 => 15.1,
        3 => 18.4,
        4 => 21.1,
        5 => 23.5,
        6 => 25.7,
        12 => 37.4,
        24 => 57.0,
        count => panic!("no bound for {count} counts"),
    };
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

/// A person of two weights who answers by this model, and four candidates with their rewards.
fn judge(model: AnswerModel) -> (Person, DMatrix<f64>, Vec<f64>) {
    let weights = [1.5, -0.5];
    let habits = Habits {
        model,
        ..Habits::default()
    };
    let scores = columns(&[[0.5, 0.1], [0.1, 0.4], [-0.3, 0.2], [0.0, -0.9]]);
    let rewards = scores.tr_mul(&DVector::from_row_slice(&weights));
    let rewards = rewards.as_slice().to_vec();
    (person_of(&weights, habits), scores, rewards)
}

/// Fails unless the person gives these answers, and no others, with these probabilities.
fn assert_answers(
    probabilities: &[(Answer, f64)],
    answers: usize,
    answer: impl Fn(usize) -> Answer,
) {
    let mut counts = vec![0; probabilities.len()];
    for n in 0..answers {
        let given = answer(n);
        let place = probabilities.iter().position(|(one, _)| *one == given);
        counts[place.unwrap_or_else(|| panic!("{given:?} was not asked for"))] += 1;
    }
    let probabilities: Vec<f64> = probabilities.iter().map(|(_, p)| *p).collect();
    assert_drawn_from(&counts, &probabilities);
}

fn asked_for(kind: AnswerKind, tie: bool) -> Offered {
    Offered {
        kind,
        tie,
        neither: tie,
        skip: true,
    }
}

/// σ(u).
fn sigmoid(u: f64) -> f64 {
    1.0 / (1.0 + (-u).exp())
}

/// P of each level, the lowest first: differences of σ(u − cut), with lapses.
fn levels(u: f64, cuts: &[f64], lapse: f64) -> Vec<f64> {
    let above = |cut: Option<&f64>| cut.map_or(0.0, |cut| sigmoid(u - cut));
    (0..=cuts.len())
        .map(|level| {
            let from = if level == 0 {
                1.0
            } else {
                above(cuts.get(level - 1))
            };
            (1.0 - lapse) * (from - above(cuts.get(level))) + lapse / (cuts.len() + 1) as f64
        })
        .collect()
}

#[test]
fn grades_have_the_probabilities_of_the_model() {
    let (lapse, indifference, much) = (0.1, 0.5, 1.5);
    let model = AnswerModel::new(lapse, indifference)
        .and_then(|model| model.with_much(much))
        .expect("in range");
    let (person, scores, rewards) = judge(model);
    let pair = scores.columns(0, 2).into_owned();
    let u = rewards[0] - rewards[1];
    for tie in [false, true] {
        let mut answers = vec![
            Answer::Graded(1, Grade::Much),
            Answer::Graded(1, Grade::Slightly),
            Answer::Graded(0, Grade::Slightly),
            Answer::Graded(0, Grade::Much),
        ];
        let mut cuts = vec![-much, 0.0, much];
        if tie {
            answers.insert(2, Answer::Tie);
            cuts = vec![-much, -indifference, indifference, much];
        }
        let expected: Vec<_> = answers.into_iter().zip(levels(u, &cuts, lapse)).collect();
        let offered = asked_for(AnswerKind::Graded, tie);
        assert_answers(&expected, 5000, |n| person.answer(&pair, offered, n));
    }
}

#[test]
fn ratings_have_the_probabilities_of_the_model_with_the_persons_leniency() {
    let (lapse, spread) = (0.1, 0.8);
    let model = AnswerModel::new(lapse, 0.5)
        .and_then(|model| model.with_ratings(spread, 1.0))
        .expect("in range");
    let (person, scores, rewards) = judge(model);
    let one = scores.columns(3, 1).into_owned();
    // The second candidate stands for the average.
    let reference = scores.column(1).into_owned();
    let u = person.leniency() + rewards[3] - rewards[1];
    assert!(person.leniency().abs() > 0.1, "{}", person.leniency());
    for of in [2, 5] {
        let cut = |below: usize| spread * (below as f64 / (of - below) as f64).ln();
        let cuts: Vec<f64> = (1..of).map(cut).collect();
        let expected: Vec<_> = (1..=of)
            .map(|rating| Answer::Rated { rating, of })
            .zip(levels(u, &cuts, lapse))
            .collect();
        let offered = asked_for(AnswerKind::Rating { of }, false);
        assert_answers(&expected, 5000, |n| {
            person.rate(&one, &reference, offered, n)
        });
    }
}

#[test]
fn best_and_worst_have_the_probabilities_of_the_model() {
    let lapse = 0.1;
    let (person, scores, rewards) = judge(AnswerModel::new(lapse, 0.5).expect("in range"));
    let offered = asked_for(AnswerKind::BestWorst, false);
    for shown in [3, 4] {
        let scores = scores.columns(0, shown).into_owned();
        let pairs = (0..shown).flat_map(|best| (0..shown).map(move |worst| (best, worst)));
        let pairs: Vec<_> = pairs.filter(|(best, worst)| best != worst).collect();
        let odds = |(best, worst): (usize, usize)| (rewards[best] - rewards[worst]).exp();
        let total: f64 = pairs.iter().copied().map(odds).sum();
        let slip = lapse / pairs.len() as f64;
        let expected: Vec<_> = pairs
            .into_iter()
            .map(|(best, worst)| {
                let p = (1.0 - lapse) * odds((best, worst)) / total + slip;
                (Answer::BestWorst { best, worst }, p)
            })
            .collect();
        assert_answers(&expected, 5000, |n| person.answer(&scores, offered, n));
    }
}

#[test]
fn orders_have_the_probabilities_of_the_model() {
    let lapse = 0.1;
    let (person, scores, rewards) = judge(AnswerModel::new(lapse, 0.5).expect("in range"));
    let offered = asked_for(AnswerKind::Order, false);
    for shown in [2, 3, 4] {
        let scores = scores.columns(0, shown).into_owned();
        let ranking = Ranking::new(&(0..shown).collect::<Vec<_>>()).expect("an order");
        let orders = ranking.alternatives();
        let slip = lapse / orders.len() as f64;
        let expected: Vec<_> = orders
            .into_iter()
            .map(|order| {
                // The best, then the best of the others, and so on.
                let mut p = 1.0 - lapse;
                let mut left: Vec<usize> = order.groups().concat();
                while !left.is_empty() {
                    let total: f64 = left.iter().map(|&place| rewards[place].exp()).sum();
                    p *= rewards[left.remove(0)].exp() / total;
                }
                (Answer::Ordered(order), p + slip)
            })
            .collect();
        assert_answers(&expected, 5000, |n| person.answer(&scores, offered, n));
    }
}

#[test]
fn lines_and_leniency_are_spread_over_people_as_stated() {
    let model = AnswerModel::new(0.02, 0.5)
        .and_then(|model| model.with_much(1.5))
        .and_then(|model| model.with_ratings(1.4, 0.7))
        .expect("in range");
    let habits = Habits {
        model,
        line_spread: 0.4,
        ..Habits::default()
    };
    let population = population(&independent(2), Tastes::Alike, habits, 4);
    let (mut lines, mut leniency) = (Vec::new(), Vec::new());
    for index in 0..2000 {
        let person = population.person(index);
        let own = person.answer_model();
        // Both lines have one factor.
        let factor = own.indifference() / model.indifference();
        assert!((own.much() / model.much() - factor).abs() < 1e-12);
        assert_eq!((own.lapse(), own.spread()), (model.lapse(), model.spread()));
        lines.push(factor.ln());
        leniency.push(person.leniency());
    }
    for (values, sd) in [(&lines, 0.4), (&leniency, 0.7)] {
        let (mean, error) = mean_and_error(values);
        let deviation = error * (values.len() as f64).sqrt();
        assert!(mean.abs() < 4.0 * error, "{mean}");
        let tolerance = 4.0 * sd / (2.0 * values.len() as f64).sqrt();
        assert!((deviation - sd).abs() < tolerance, "{deviation} of {sd}");
    }
    // The two have nothing to do with each other.
    let products: Vec<f64> = lines.iter().zip(&leniency).map(|(a, b)| a * b).collect();
    let (mean, error) = mean_and_error(&products);
    assert!(mean.abs() < 4.0 * error, "{mean}");
}

#[test]
fn people_without_spread_draw_the_lines_of_the_model() {
    let population = plain(&independent(2), Tastes::Alike);
    let person = population.person(0);
    assert_eq!(person.answer_model(), Habits::default().model);
    let model = AnswerModel::default()
        .with_ratings(1.4, 0.0)
        .expect("in range");
    let (strict, ..) = judge(model);
    assert_eq!(strict.leniency(), 0.0);
}

#[test]
fn a_left_bias_takes_the_first_outcome_of_every_kind() {
    let habits = Habits {
        left_bias: 1.0,
        ..Habits::default()
    };
    let person = person_of(&[2.0], habits);
    let scores = columns(&[[-0.9], [0.0], [0.9]]);
    let answer = |kind, shown: usize| {
        let scores = scores.columns(0, shown).into_owned();
        person.answer(&scores, asked_for(kind, true), 0)
    };
    assert_eq!(answer(AnswerKind::Choice, 2), Answer::Chose(0));
    assert_eq!(answer(AnswerKind::Choice, 3), Answer::Chose(0));
    assert_eq!(
        answer(AnswerKind::Graded, 2),
        Answer::Graded(0, Grade::Much)
    );
    let Answer::BestWorst { best, .. } = answer(AnswerKind::BestWorst, 3) else {
        panic!("the best and the worst were asked for");
    };
    assert_eq!(best, 0);
    let Answer::Ordered(order) = answer(AnswerKind::Order, 3) else {
        panic!("an order was asked for");
    };
    assert_eq!(order.groups(), [[0], [1], [2]]);
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
fn answers_of_each_kind_do_not_depend_on_what_else_was_drawn() {
    let world = independent(8);
    let habits = Habits {
        line_spread: 0.4,
        ..Habits::default()
    };
    let groups = world.fresh(20, 4, 1);
    let kinds = [
        (AnswerKind::Choice, 2),
        (AnswerKind::Choice, 4),
        (AnswerKind::Graded, 2),
        (AnswerKind::Rating { of: 5 }, 1),
        (AnswerKind::BestWorst, 4),
        (AnswerKind::Order, 3),
    ];
    for (kind, shown) in kinds {
        let offered = asked_for(kind, shown == 2);
        let answer = |person: &Person, n: usize| {
            let scores = groups[n].columns(0, shown).into_owned();
            person.answer(&scores, offered, n)
        };
        let person = population(&world, Tastes::Alike, habits, 2).person(3);
        let forwards: Vec<Answer> = (0..groups.len()).map(|n| answer(&person, n)).collect();
        // Other people come first, and the questions in the other order.
        let population = population(&world, Tastes::Alike, habits, 2);
        for index in 0..3 {
            answer(&population.person(index), 0);
        }
        let again = population.person(3);
        let mut backwards: Vec<Answer> =
            (0..groups.len()).rev().map(|n| answer(&again, n)).collect();
        backwards.reverse();
        assert_eq!(forwards, backwards, "{kind:?}");
        let differs = forwards.iter().any(|answer| *answer != forwards[0]);
        assert!(differs, "{kind:?}: {forwards:?}");
    }
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
