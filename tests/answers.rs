//! The meaning of answers: their probabilities, and the evidence in them.

use crate::common::{
    self, DeckParts, Reply, choice_probabilities, gaussian, pair, pair_probabilities, sigmoid,
    vector,
};
use leaning::model::evidence::columns;
use leaning::{
    Answer, AnswerKind, AnswerModel, Error, Evidence, LaplaceApproximation, Offered, Prior,
};

const LAPSES: [f64; 6] = [0.0, 1e-300, 1e-9, 0.02, 0.5, 0.999_999];
const BANDS: [f64; 9] = [0.0, 1e-300, 1e-9, 0.5, 3.0, 40.0, 700.0, 1500.0, 1e100];
const ALL: Offered = Offered {
    kind: AnswerKind::Choice,
    tie: true,
    neither: true,
    skip: true,
};

fn models() -> impl Iterator<Item = AnswerModel> {
    let with_lapse = |lapse| {
        BANDS
            .into_iter()
            .map(move |band| AnswerModel::new(lapse, band).unwrap())
    };
    LAPSES.into_iter().flat_map(with_lapse)
}

fn reward_differences() -> impl Iterator<Item = f64> {
    let coarse = (-200..=200).map(|step| 10.0 * f64::from(step));
    coarse.chain((-60..=60).map(|step| 0.37 * f64::from(step)))
}

#[test]
fn probabilities_sum_to_one_and_are_never_nan_however_far_apart_the_candidates_are() {
    for model in models() {
        for u in reward_differences() {
            for tie in [false, true] {
                let all = model.pair_probabilities(u, tie);
                let count = if tie && model.indifference() > 0.0 {
                    3
                } else {
                    2
                };
                assert_eq!(all.len(), count);
                let valid = all.iter().all(|p| (0.0..=1.0 + 1e-12).contains(p));
                assert!(valid, "{model:?} {u} {tie} {all:?}");
                let sum: f64 = all.iter().sum();
                assert!(
                    (sum - 1.0).abs() < 1e-12,
                    "{model:?} u {u} tie {tie}: sum {sum}"
                );
            }
        }
    }
}

#[test]
fn every_model_that_can_be_made_gives_probabilities() {
    for band in [1e200, 1e308, f64::MAX] {
        let Ok(model) = AnswerModel::new(0.02, band) else {
            continue;
        };
        let all = model.pair_probabilities(1.0, true);
        assert!(
            all.iter().all(|p| (0.0..=1.0 + 1e-12).contains(p)),
            "band {band}: {all:?}"
        );
    }
}

#[test]
fn swapping_the_sides_swaps_the_probabilities_and_keeps_the_tie() {
    for model in models() {
        for u in reward_differences() {
            for tie in [false, true] {
                let here = model.pair_probabilities(u, tie);
                let there = model.pair_probabilities(-u, tie);
                assert_eq!(here[0].to_bits(), there[1].to_bits());
                assert_eq!(here[1].to_bits(), there[0].to_bits());
                if let [_, _, a] = here[..] {
                    let b = there[2];
                    assert!((a - b).abs() <= 1e-12 * a, "{model:?} {u}: {a} {b}");
                }
            }
        }
    }
}

#[test]
fn probabilities_follow_the_published_formulas() {
    for lapse in [0.0, 0.02, 0.5] {
        for band in [0.0, 0.1, 0.5, 3.0] {
            let model = AnswerModel::new(lapse, band).unwrap();
            for u in (-100..=100).map(|step| 0.2 * f64::from(step)) {
                for tie in [false, true] {
                    let expected = pair_probabilities(&model, u, tie);
                    let found = model.pair_probabilities(u, tie);
                    for (found, expected) in found.iter().zip(&expected) {
                        let off = (found - expected).abs();
                        assert!(off <= 1e-12 * expected, "{model:?} {u} {tie}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_tie_is_the_complement_of_the_other_two_where_that_difference_has_digits() {
    for band in [0.3, 0.5, 1.0, 3.0] {
        let model = AnswerModel::new(0.0, band).unwrap();
        for u in (-40..=40).map(|step| 0.1 * f64::from(step)) {
            let complement = 1.0 - sigmoid(u - band) - sigmoid(-u - band);
            let tie = model.pair_probabilities(u, true)[2];
            assert!(
                (tie - complement).abs() < 1e-14,
                "band {band} u {u}: {tie} {complement}"
            );
        }
    }
}

#[test]
fn a_tie_keeps_its_digits_where_the_difference_of_the_other_two_has_none() {
    // (e^2δ − 1)·σ(u−δ)·σ(−u−δ) → (e^2δ − 1)·e^(−u−δ) for large u.
    let model = AnswerModel::new(0.0, 0.5).unwrap();
    for u in [50.0_f64, 200.0, 600.0] {
        let limit = 1.0_f64.exp_m1() * (-u - 0.5).exp();
        let tie = model.pair_probabilities(u, true)[2];
        assert!((tie / limit - 1.0).abs() < 1e-12, "u {u}: {tie} {limit}");
    }
}

#[test]
fn answer_models_with_numbers_out_of_range_are_refused_by_the_name_of_the_number() {
    let place = |lapse, indifference| match AnswerModel::new(lapse, indifference) {
        Err(Error::Model(flaw)) => flaw.path().to_owned(),
        other => panic!("{other:?}"),
    };
    for lapse in [-1e-9, 1.0, 1.5, f64::NAN, f64::INFINITY] {
        assert_eq!(place(lapse, 0.5), "lapse", "{lapse}");
    }
    for indifference in [-1e-9, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(place(0.02, indifference), "indifference", "{indifference}");
    }
    let default = AnswerModel::default();
    assert_eq!((default.lapse(), default.indifference()), (0.02, 0.5));
}

#[test]
fn a_model_without_a_band_of_indifference_offers_no_tie() {
    let without = AnswerModel::new(0.1, 0.0).unwrap();
    assert_eq!(
        without.offered(AnswerKind::Choice),
        Offered {
            kind: AnswerKind::Choice,
            tie: false,
            neither: true,
            skip: true
        }
    );
    assert_eq!(
        AnswerModel::new(0.1, 0.1)
            .unwrap()
            .offered(AnswerKind::Choice),
        ALL
    );
}

fn two() -> Vec<Vec<f64>> {
    vec![vec![1.0, 0.5], vec![-0.5, 0.25]]
}

fn three() -> Vec<Vec<f64>> {
    vec![vec![1.0, 0.5], vec![-0.5, 0.25], vec![0.0, 0.0]]
}

fn evidence(
    model: AnswerModel,
    scores: &[Vec<f64>],
    offered: Offered,
    answer: Answer,
) -> Option<Evidence> {
    Evidence::from_answer(&model, scores, None, offered, answer)
        .unwrap()
        .pop()
}

/// Evidence about [`two`].
fn about_two(tie: bool, outcome: usize) -> Option<Evidence> {
    Some(pair(&[1.5, 0.25], tie, outcome))
}

#[test]
fn an_answer_about_two_candidates_gives_their_difference_and_the_outcome() {
    let model = AnswerModel::default();
    assert_eq!(
        evidence(model, &two(), ALL, Answer::Chose(0)),
        about_two(true, 0)
    );
    assert_eq!(
        evidence(model, &two(), ALL, Answer::Chose(1)),
        about_two(true, 1)
    );
    assert_eq!(
        evidence(model, &two(), ALL, Answer::Tie),
        about_two(true, 2)
    );
    assert_eq!(
        evidence(model, &two(), ALL, Answer::Neither),
        about_two(true, 2)
    );
    assert_eq!(evidence(model, &two(), ALL, Answer::Skip), None);
}

#[test]
fn without_a_tie_on_offer_a_choice_between_two_has_two_outcomes() {
    let offered = Offered {
        kind: AnswerKind::Choice,
        tie: false,
        neither: false,
        skip: true,
    };
    let found = evidence(AnswerModel::default(), &two(), offered, Answer::Chose(1));
    assert_eq!(found, about_two(false, 1));
}

#[test]
fn neither_on_offer_is_a_third_outcome_even_without_a_tie() {
    let (model, offered) = (
        AnswerModel::default(),
        Offered {
            kind: AnswerKind::Choice,
            tie: false,
            neither: true,
            skip: true,
        },
    );
    assert_eq!(
        evidence(model, &two(), offered, Answer::Chose(1)),
        about_two(true, 1)
    );
    assert_eq!(
        evidence(model, &two(), offered, Answer::Neither),
        about_two(true, 2)
    );
}

#[test]
fn without_a_band_of_indifference_ties_and_neither_tell_nothing() {
    let model = AnswerModel::new(0.02, 0.0).unwrap();
    assert_eq!(
        evidence(model, &two(), ALL, Answer::Chose(0)),
        about_two(false, 0)
    );
    let offered_by_an_earlier_model = evidence(model, &two(), ALL, Answer::Tie);
    assert_eq!(offered_by_an_earlier_model, None);
    assert_eq!(
        evidence(
            model,
            &two(),
            model.offered(AnswerKind::Choice),
            Answer::Neither
        ),
        None
    );
}

#[test]
fn about_three_candidates_only_a_choice_tells_something() {
    let model = AnswerModel::default();
    let chose = Evidence::Choice {
        scores: columns(&three()),
        chose: 2,
    };
    assert_eq!(
        evidence(model, &three(), ALL, Answer::Chose(2)),
        Some(chose)
    );
    for answer in [Answer::Tie, Answer::Neither, Answer::Skip] {
        assert_eq!(evidence(model, &three(), ALL, answer), None);
    }
}

#[test]
fn an_answer_that_was_not_offered_is_refused() {
    let nothing = Offered {
        kind: AnswerKind::Choice,
        tie: false,
        neither: false,
        skip: false,
    };
    let model = AnswerModel::default();
    for scores in [two(), three()] {
        for answer in [Answer::Tie, Answer::Neither, Answer::Skip] {
            let evidence = Evidence::from_answer(&model, &scores, None, nothing, answer);
            assert!(matches!(evidence, Err(Error::Answer(_))), "{answer:?}");
        }
        let beyond = Answer::Chose(scores.len());
        assert!(Evidence::from_answer(&model, &scores, None, ALL, beyond).is_err());
        assert!(Evidence::from_answer(&model, &scores, None, nothing, Answer::Chose(0)).is_ok());
    }
}

/// −log P of the evidence at the mean: the objective without the prior's part.
fn surprise(laplace: &LaplaceApproximation, prior_mean: [f64; 2], prior_sd: f64) -> f64 {
    let away = (laplace.mean() - vector(&prior_mean)).norm_squared();
    laplace.objective() - 0.5 * away / (prior_sd * prior_sd)
}

#[test]
fn a_choice_among_many_is_a_softmax_with_a_lapse() {
    let scores = columns(&[[0.7, -0.2], [-0.4, 1.1], [0.3, 0.3], [-1.0, -0.5]]);
    let prior = gaussian([0.2, -0.3], [[4.0, 0.0], [0.0, 4.0]]);
    for lapse in [0.0, 0.02, 0.4] {
        let model = AnswerModel::new(lapse, 0.5).unwrap();
        for chose in 0..4 {
            let evidence = Evidence::Choice {
                scores: scores.clone(),
                chose,
            };
            let laplace = LaplaceApproximation::infer(&prior, model, &[evidence]).unwrap();
            let rewards = scores.tr_mul(laplace.mean());
            let expected = -choice_probabilities(&model, rewards.as_slice())[chose].ln();
            let found = surprise(&laplace, [0.2, -0.3], 2.0);
            assert!(
                (found - expected).abs() < 1e-12,
                "lapse {lapse} chose {chose}"
            );
        }
    }
}

#[test]
fn a_statement_is_a_gaussian_observation() {
    // One weight has the precision 1/4 + 1/0.09 and the precision-weighted mean. The other weight
    // does not move.
    let prior = gaussian([0.5, 1.0], [[4.0, 0.0], [0.0, 1.0]]);
    let statement = Evidence::Statement {
        dimension: 0,
        weight: -2.0,
        sd: 0.3,
    };
    let laplace =
        LaplaceApproximation::infer(&prior, AnswerModel::default(), &[statement]).unwrap();
    let precision = 1.0 / 4.0 + 1.0 / 0.09;
    let mean = (0.5 / 4.0 - 2.0 / 0.09) / precision;
    assert!((laplace.mean() - vector(&[mean, 1.0])).amax() < 1e-12);
    assert!((laplace.covariance()[(0, 0)] - 1.0 / precision).abs() < 1e-12);
    assert!((laplace.covariance()[(1, 1)] - 1.0).abs() < 1e-12);
}

#[test]
fn neither_counts_as_a_tie_and_is_told_apart_in_the_log() {
    let parts = DeckParts::new(&[&[&[1.0], &[-0.5]]]);
    let entry = |verdict| parts.entry("k", 0, &[0, 1], Reply::Verdict(verdict));
    let (tie, neither) = ([entry("tie")], [entry("neither")]);
    let [from_tie, from_neither] = [&tie, &neither].map(|entries| common::infer(&parts, entries));
    assert_eq!(common::bits(&from_tie), common::bits(&from_neither));
    assert_ne!(parts.log(&tie), parts.log(&neither));
    assert!(
        parts
            .log(&neither)
            .to_json()
            .contains(r#""verdict":"neither""#)
    );
}

#[test]
fn impossible_evidence_is_an_error_and_no_panic() {
    let prior: Prior = gaussian([0.0], [[1.0]]);
    let choice = |scores: &[[f64; 1]], chose| Evidence::Choice {
        scores: columns(scores),
        chose,
    };
    let statement = |dimension, weight, sd| Evidence::Statement {
        dimension,
        weight,
        sd,
    };
    let impossible = [
        pair(&[1.0, 2.0], true, 0),
        pair(&[], true, 0),
        pair(&[f64::NAN], true, 0),
        pair(&[f64::INFINITY], true, 0),
        pair(&[1.0], false, 2),
        pair(&[1.0], true, 3),
        choice(&[[1.0], [2.0], [3.0]], 3),
        choice(&[], 0),
        statement(1, 0.0, 1.0),
        statement(0, 0.0, 0.0),
        statement(0, f64::NAN, 1.0),
    ];
    let mut wrong = Vec::new();
    for evidence in impossible {
        let debug = format!("{evidence:?}");
        let inferred = std::panic::catch_unwind(|| {
            LaplaceApproximation::infer(&prior, AnswerModel::default(), &[evidence]).is_err()
        });
        match inferred {
            Ok(true) => {}
            Ok(false) => wrong.push(format!("accepted {debug}")),
            Err(_) => wrong.push(format!("panicked at {debug}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
