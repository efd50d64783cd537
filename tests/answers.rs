#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! What answers mean: their probabilities, and what an answer leaves as evidence.

mod common;

use common::{Parts, Said, choice_probabilities, dot, probabilities, sigmoid};
use leaning::{Answer, AnswerModel, Belief, Evidence, Offered, Prior};

const LAPSES: [f64; 6] = [0.0, 1e-300, 1e-9, 0.02, 0.5, 0.999_999];
const BANDS: [f64; 9] = [0.0, 1e-300, 1e-9, 0.5, 3.0, 40.0, 700.0, 1500.0, 1e100];
const ALL: Offered = Offered {
    tie: true,
    neither: true,
    skip: true,
};

fn models() -> impl Iterator<Item = AnswerModel> {
    LAPSES.into_iter().flat_map(|lapse| {
        BANDS
            .into_iter()
            .map(move |band| AnswerModel::new(lapse, band).unwrap())
    })
}

fn utilities() -> impl Iterator<Item = f64> {
    let coarse = (-200..=200).map(|step| 10.0 * f64::from(step));
    coarse.chain((-60..=60).map(|step| 0.37 * f64::from(step)))
}

#[test]
fn probabilities_sum_to_one_and_are_never_nan_however_far_apart_the_candidates_are() {
    for model in models() {
        for u in utilities() {
            for tie in [false, true] {
                let all = model.pair_probabilities(u, tie);
                assert_eq!(
                    all.len(),
                    if tie && model.indifference() > 0.0 {
                        3
                    } else {
                        2
                    }
                );
                assert!(
                    all.iter().all(|p| (0.0..=1.0 + 1e-12).contains(p)),
                    "{model:?} {u} {tie} {all:?}"
                );
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
        let Some(model) = AnswerModel::new(0.02, band) else {
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
        for u in utilities() {
            for tie in [false, true] {
                let (here, there) = (
                    model.pair_probabilities(u, tie),
                    model.pair_probabilities(-u, tie),
                );
                assert_eq!(
                    (here[0].to_bits(), here[1].to_bits()),
                    (there[1].to_bits(), there[0].to_bits())
                );
                if let [_, _, a] = here[..] {
                    assert!(
                        (a - there[2]).abs() <= 1e-12 * a,
                        "{model:?} {u}: {a} {}",
                        there[2]
                    );
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
                    let expected = probabilities(&model, u, tie);
                    let found = model.pair_probabilities(u, tie);
                    for (found, expected) in found.iter().zip(&expected) {
                        assert!(
                            (found - expected).abs() <= 1e-12 * expected,
                            "{model:?} {u} {tie}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_tie_is_what_the_other_two_leave_where_that_difference_has_digits() {
    for band in [0.3, 0.5, 1.0, 3.0] {
        let model = AnswerModel::new(0.0, band).unwrap();
        for u in (-40..=40).map(|step| 0.1 * f64::from(step)) {
            let left = 1.0 - sigmoid(u - band) - sigmoid(-u - band);
            let tie = model.pair_probabilities(u, true)[2];
            assert!(
                (tie - left).abs() < 1e-14,
                "band {band} u {u}: {tie} {left}"
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
fn only_sound_answer_models_can_be_made() {
    for lapse in [-1e-9, 1.0, 1.5, f64::NAN, f64::INFINITY] {
        assert!(AnswerModel::new(lapse, 0.5).is_none(), "lapse {lapse}");
    }
    for indifference in [-1e-9, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(
            AnswerModel::new(0.02, indifference).is_none(),
            "indifference {indifference}"
        );
    }
    let default = AnswerModel::default();
    assert_eq!((default.lapse(), default.indifference()), (0.02, 0.5));
}

#[test]
fn a_model_without_a_band_of_indifference_offers_no_tie() {
    assert_eq!(
        AnswerModel::new(0.1, 0.0).unwrap().offered(),
        Offered {
            tie: false,
            neither: true,
            skip: true
        }
    );
    assert_eq!(AnswerModel::new(0.1, 0.1).unwrap().offered(), ALL);
}

fn two() -> Vec<Vec<f64>> {
    vec![vec![1.0, 0.5], vec![-0.5, 0.25]]
}

fn three() -> Vec<Vec<f64>> {
    vec![vec![1.0, 0.5], vec![-0.5, 0.25], vec![0.0, 0.0]]
}

fn told(
    model: AnswerModel,
    scores: &[Vec<f64>],
    offered: Offered,
    answer: Answer,
) -> Option<Evidence> {
    Evidence::from_answer(&model, scores, offered, answer).unwrap()
}

fn of_pair(tie: bool, outcome: usize) -> Option<Evidence> {
    Some(Evidence::Pair {
        difference: vec![1.5, 0.25],
        tie,
        outcome,
    })
}

#[test]
fn two_candidates_leave_their_difference_and_what_was_said() {
    let model = AnswerModel::default();
    assert_eq!(told(model, &two(), ALL, Answer::Chose(0)), of_pair(true, 0));
    assert_eq!(told(model, &two(), ALL, Answer::Chose(1)), of_pair(true, 1));
    assert_eq!(told(model, &two(), ALL, Answer::Tie), of_pair(true, 2));
    assert_eq!(told(model, &two(), ALL, Answer::Neither), of_pair(true, 2));
    assert_eq!(told(model, &two(), ALL, Answer::Skip), None);
}

#[test]
fn without_a_tie_on_offer_a_choice_between_two_has_two_outcomes() {
    let offered = Offered {
        tie: false,
        neither: false,
        skip: true,
    };
    assert_eq!(
        told(AnswerModel::default(), &two(), offered, Answer::Chose(1)),
        of_pair(false, 1)
    );
}

#[test]
fn where_neither_is_on_offer_there_is_a_third_outcome_even_without_a_tie() {
    let offered = Offered {
        tie: false,
        neither: true,
        skip: true,
    };
    assert_eq!(
        told(AnswerModel::default(), &two(), offered, Answer::Chose(1)),
        of_pair(true, 1)
    );
    assert_eq!(
        told(AnswerModel::default(), &two(), offered, Answer::Neither),
        of_pair(true, 2)
    );
}

#[test]
fn without_a_band_of_indifference_ties_and_neither_say_nothing() {
    let model = AnswerModel::new(0.02, 0.0).unwrap();
    assert_eq!(
        told(model, &two(), ALL, Answer::Chose(0)),
        of_pair(false, 0)
    );
    assert_eq!(
        told(model, &two(), ALL, Answer::Tie),
        None,
        "offered under an earlier answer model"
    );
    assert_eq!(told(model, &two(), model.offered(), Answer::Neither), None);
}

#[test]
fn of_three_candidates_only_a_choice_tells() {
    let model = AnswerModel::default();
    let chose = told(model, &three(), ALL, Answer::Chose(2));
    assert_eq!(
        chose,
        Some(Evidence::Choice {
            scores: three(),
            chose: 2
        })
    );
    for answer in [Answer::Tie, Answer::Neither, Answer::Skip] {
        assert_eq!(told(model, &three(), ALL, answer), None);
    }
}

#[test]
fn an_answer_that_was_not_on_offer_is_refused() {
    let nothing = Offered {
        tie: false,
        neither: false,
        skip: false,
    };
    for scores in [two(), three()] {
        for answer in [Answer::Tie, Answer::Neither, Answer::Skip] {
            assert!(
                Evidence::from_answer(&AnswerModel::default(), &scores, nothing, answer).is_err(),
                "{answer:?}"
            );
        }
        let beyond = Answer::Chose(scores.len());
        assert!(Evidence::from_answer(&AnswerModel::default(), &scores, ALL, beyond).is_err());
        assert!(
            Evidence::from_answer(&AnswerModel::default(), &scores, nothing, Answer::Chose(0))
                .is_ok()
        );
    }
}

/// −log P of the evidence at the belief's mean, found by taking the prior's part off the objective.
fn surprise(belief: &Belief, prior_mean: &[f64], prior_deviation: f64) -> f64 {
    let away = belief
        .mean()
        .iter()
        .zip(prior_mean)
        .map(|(a, b)| (a - b) * (a - b))
        .sum::<f64>();
    belief.objective() - 0.5 * away / (prior_deviation * prior_deviation)
}

#[test]
fn a_choice_among_many_is_a_softmax_with_a_lapse() {
    let scores = vec![
        vec![0.7, -0.2],
        vec![-0.4, 1.1],
        vec![0.3, 0.3],
        vec![-1.0, -0.5],
    ];
    let prior = Prior::new(&[0.2, -0.3], &[vec![4.0, 0.0], vec![0.0, 4.0]]).unwrap();
    for lapse in [0.0, 0.02, 0.4] {
        let model = AnswerModel::new(lapse, 0.5).unwrap();
        for chose in 0..4 {
            let evidence = Evidence::Choice {
                scores: scores.clone(),
                chose,
            };
            let belief = Belief::infer(&prior, model, &[evidence]).unwrap();
            let utilities: Vec<f64> = scores
                .iter()
                .map(|scores| dot(belief.mean(), scores))
                .collect();
            let expected = -choice_probabilities(&model, &utilities)[chose].ln();
            assert!(
                (surprise(&belief, &[0.2, -0.3], 2.0) - expected).abs() < 1e-12,
                "lapse {lapse} chose {chose}"
            );
        }
    }
}

#[test]
fn a_statement_is_a_gaussian_observation() {
    // One weight: precision 1/4 + 1/0.09, mean the precision-weighted average. The other weight does not move.
    let prior = Prior::new(&[0.5, 1.0], &[vec![4.0, 0.0], vec![0.0, 1.0]]).unwrap();
    let stated = Evidence::Statement {
        dimension: 0,
        weight: -2.0,
        sd: 0.3,
    };
    let belief = Belief::infer(&prior, AnswerModel::default(), &[stated]).unwrap();
    let precision = 1.0 / 4.0 + 1.0 / 0.09;
    let mean = (0.5 / 4.0 - 2.0 / 0.09) / precision;
    assert!((belief.mean()[0] - mean).abs() < 1e-12 && (belief.mean()[1] - 1.0).abs() < 1e-12);
    assert!((belief.covariance()[0][0] - 1.0 / precision).abs() < 1e-12);
    assert!((belief.covariance()[1][1] - 1.0).abs() < 1e-12);
}

#[test]
fn neither_counts_as_a_tie_and_is_kept_apart_in_the_log() {
    let parts = Parts::new(&[&[&[1.0], &[-0.5]]]);
    let log = |verdict| parts.log(&[parts.record("k", 0, &[0, 1], Said::Verdict(verdict))]);
    let infer = |log: &leaning::Log| {
        let deck = parts.deck();
        Belief::infer(
            deck.prior(),
            deck.answer_model(),
            &log.evidence(&deck.answer_model()),
        )
        .unwrap()
    };
    let (tie, neither) = (log("tie"), log("neither"));
    assert_eq!(common::bits(&infer(&tie)), common::bits(&infer(&neither)));
    assert_ne!(tie, neither);
    assert!(
        neither
            .to_value()
            .to_string()
            .contains(r#""verdict":"neither""#)
    );
}

#[test]
fn evidence_that_makes_no_sense_is_an_error_and_no_panic() {
    let prior = Prior::new(&[0.0], &[vec![1.0]]).unwrap();
    let nonsense = [
        Evidence::Pair {
            difference: vec![1.0, 2.0],
            tie: true,
            outcome: 0,
        },
        Evidence::Pair {
            difference: vec![],
            tie: true,
            outcome: 0,
        },
        Evidence::Pair {
            difference: vec![f64::NAN],
            tie: true,
            outcome: 0,
        },
        Evidence::Pair {
            difference: vec![f64::INFINITY],
            tie: true,
            outcome: 0,
        },
        Evidence::Pair {
            difference: vec![1.0],
            tie: false,
            outcome: 2,
        },
        Evidence::Pair {
            difference: vec![1.0],
            tie: true,
            outcome: 3,
        },
        Evidence::Choice {
            scores: vec![vec![1.0], vec![2.0], vec![3.0]],
            chose: 3,
        },
        Evidence::Choice {
            scores: vec![],
            chose: 0,
        },
        Evidence::Statement {
            dimension: 1,
            weight: 0.0,
            sd: 1.0,
        },
        Evidence::Statement {
            dimension: 0,
            weight: 0.0,
            sd: 0.0,
        },
        Evidence::Statement {
            dimension: 0,
            weight: f64::NAN,
            sd: 1.0,
        },
    ];
    let wrong: Vec<String> = nonsense
        .into_iter()
        .filter_map(|evidence| {
            let words = format!("{evidence:?}");
            let inferred = std::panic::catch_unwind(|| {
                Belief::infer(&prior, AnswerModel::default(), &[evidence]).is_err()
            });
            match inferred {
                Ok(true) => None,
                Ok(false) => Some(format!("accepted {words}")),
                Err(_) => Some(format!("panicked at {words}")),
            }
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
