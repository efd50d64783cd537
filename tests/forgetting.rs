#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! For somebody whose taste changes: what is forgotten with time is what the half-life says.

mod common;

use common::{Parts, bits, choice_probabilities, probabilities};
use leaning::{Answer, Belief, Evidence, Interview, Options, Posterior};

/// Pairs and threes about one weight.
fn one_weight() -> Parts {
    let mut parts = Parts::new(&[
        &[&[1.0], &[0.0], &[-0.6]],
        &[&[0.4], &[-0.8], &[0.1]],
        &[&[1.3], &[-0.2], &[0.5]],
        &[&[0.9], &[0.3], &[-1.1]],
    ]);
    parts.prior = Some((vec![0.5], vec![vec![2.0]]));
    parts
}

/// What was said: to choices of three and of two.
fn changing_tastes(parts: &Parts) -> Vec<serde_json::Value> {
    use common::Said::{Chose, Verdict};
    vec![
        parts.record("one", 0, &[0, 1, 2], Chose(0)),
        parts.record("two", 1, &[1, 0], Chose(1)),
        parts.record("skipped", 1, &[2, 0], Verdict("skip")),
        parts.record("three", 2, &[0, 1], Verdict("tie")),
        parts.record("four", 3, &[2, 0, 1], Chose(0)),
        serde_json::json!({ "id": "slip", "shown": ["p1/a", "p1/b"], "scores": [[1.0], [0.0]], "chose": "p1/a" }),
        serde_json::json!({ "id": "undone", "kind": "retract", "of": "slip" }),
        parts.record("five", 3, &[1, 2], Chose(1)),
    ]
}

fn forgetting(parts: &Parts, half_life: Option<f64>) -> Interview {
    let options = Options {
        half_life,
        ..Options::default()
    };
    Interview::open(parts.deck(), parts.log(&changing_tastes(parts)), options).unwrap()
}

#[test]
fn with_a_half_life_the_mode_is_that_of_the_weighted_likelihood() {
    let parts = one_weight();
    let model = parts.deck().answer_model();
    let mut modes = Vec::new();
    for half_life in [0.5, 1.0, 2.5, 20.0, f64::INFINITY] {
        // Five pieces of evidence, the last of which counts in full.
        let counts: Vec<f64> = (0..5)
            .rev()
            .map(|since| 0.5_f64.powf(f64::from(since) / half_life))
            .collect();
        let log_posterior = |weight: f64| {
            let three = |scores: [f64; 3]| {
                choice_probabilities(&model, &scores.map(|score| score * weight))[0]
            };
            let two = |difference: f64, outcome: usize| {
                probabilities(&model, difference * weight, true)[outcome]
            };
            let told = [
                three([1.0, 0.0, -0.6]),
                two(-1.2, 1),
                two(1.5, 2),
                three([-1.1, 0.9, 0.3]),
                two(1.4, 1),
            ];
            let told: f64 = told
                .iter()
                .zip(&counts)
                .map(|(p, count)| count * p.ln())
                .sum();
            told - 0.25 * (weight - 0.5).powi(2)
        };
        let grid = (-40_000..=40_000).map(|node| f64::from(node) * 1e-4);
        let mode = grid
            .max_by(|a, b| log_posterior(*a).total_cmp(&log_posterior(*b)))
            .unwrap();
        let found = forgetting(&parts, Some(half_life)).belief().mean()[0];
        assert!(
            (found - mode).abs() < 2e-4,
            "half-life {half_life}: {found}, not {mode}"
        );
        modes.push(mode);
    }
    assert!(
        (modes[0] - modes[4]).abs() > 0.1,
        "the test needs tastes that change: {modes:?}"
    );
}

#[test]
fn an_answer_counts_half_after_each_half_life() {
    let parts = one_weight();
    let (deck, model) = (parts.deck(), parts.deck().answer_model());
    let evidence = parts.log(&changing_tastes(&parts)).evidence(&model);
    assert_eq!(
        evidence.len(),
        5,
        "neither what was skipped nor what was taken back"
    );
    for half_life in [0.5, 1.0, 2.0, 3.7] {
        let counts: Vec<f64> = (0..5)
            .rev()
            .map(|since| 0.5_f64.powf(f64::from(since) / half_life))
            .collect();
        let expected = Belief::infer_weighted(deck.prior(), model, &evidence, &counts).unwrap();
        let found = forgetting(&parts, Some(half_life));
        assert!((found.belief().mean()[0] - expected.mean()[0]).abs() < 1e-12);
        assert!((found.belief().covariance()[0][0] - expected.covariance()[0][0]).abs() < 1e-12);
    }
    // What counts for nothing is as if it had not been said; what counts half twice, as if once.
    let weighted = |evidence: &[Evidence], counts: &[f64]| {
        Belief::infer_weighted(deck.prior(), model, evidence, counts).unwrap()
    };
    let (none, without) = (
        weighted(&evidence, &[0.0, 1.0, 1.0, 0.0, 1.0]),
        [1, 2, 4].map(|index: usize| evidence[index].clone()),
    );
    assert!((none.mean()[0] - weighted(&without, &[1.0; 3]).mean()[0]).abs() < 1e-9);
    let twice = [&evidence[..], &evidence[..]].concat();
    let (halves, once) = (weighted(&twice, &[0.5; 10]), weighted(&evidence, &[1.0; 5]));
    assert!((halves.mean()[0] - once.mean()[0]).abs() < 1e-9);
    assert!((halves.covariance()[0][0] - once.covariance()[0][0]).abs() < 1e-9);
}

#[test]
fn without_a_half_life_nothing_is_forgotten_and_with_a_very_long_one_hardly_anything() {
    let parts = one_weight();
    let never = forgetting(&parts, None);
    assert_eq!(
        bits(never.belief()),
        bits(&common::infer(&parts, &changing_tastes(&parts)))
    );
    assert_eq!(
        bits(forgetting(&parts, Some(f64::INFINITY)).belief()),
        bits(never.belief())
    );
    let long = forgetting(&parts, Some(1e9));
    assert!((long.belief().mean()[0] - never.belief().mean()[0]).abs() < 1e-7);
    // With a very short one only the last answer counts.
    let short = forgetting(&parts, Some(1e-3));
    let last = common::infer(&parts, &changing_tastes(&parts)[7..]);
    assert!((short.belief().mean()[0] - last.mean()[0]).abs() < 1e-9);
}

#[test]
fn the_posterior_forgets_as_the_belief_does() {
    let parts = one_weight();
    let model = parts.deck().answer_model();
    let counts: Vec<f64> = (0..5)
        .rev()
        .map(|since| 0.5_f64.powf(f64::from(since)))
        .collect();
    let density = |weight: f64| {
        let three =
            |scores: [f64; 3]| choice_probabilities(&model, &scores.map(|score| score * weight))[0];
        let two = |difference: f64, outcome: usize| {
            probabilities(&model, difference * weight, true)[outcome]
        };
        let told = [
            three([1.0, 0.0, -0.6]),
            two(-1.2, 1),
            two(1.5, 2),
            three([-1.1, 0.9, 0.3]),
            two(1.4, 1),
        ];
        let told: f64 = told
            .iter()
            .zip(&counts)
            .map(|(p, count)| p.powf(*count))
            .product();
        told * (-0.25 * (weight - 0.5).powi(2)).exp()
    };
    let expect = |f: &dyn Fn(f64) -> f64| -> f64 {
        (-2000..=2000)
            .map(|node| 0.005 * f64::from(node))
            .map(|weight| density(weight) * f(weight))
            .sum()
    };
    let total = expect(&|_| 1.0);
    let mean = expect(&|weight| weight) / total;
    let deviation = (expect(&|weight| (weight - mean).powi(2)) / total).sqrt();
    let posterior = Posterior::sample_seeded(forgetting(&parts, Some(1.0)).belief(), 7, 4000);
    let (found, spread) = posterior.weight_moments(0);
    // 4000 draws worth half as many.
    assert!(
        (found - mean).abs() < 4.0 * deviation / 2000_f64.sqrt(),
        "{found}, not {mean}"
    );
    assert!(
        (spread / deviation - 1.0).abs() < 0.08,
        "{spread}, not {deviation}"
    );
}

#[test]
fn forgetting_goes_on_with_every_answer_and_undo_brings_it_back() {
    let parts = one_weight();
    let mut interview = forgetting(&parts, Some(1.5));
    let before = bits(interview.belief());
    interview.next().unwrap();
    interview.answer(Answer::Skip).unwrap();
    assert_eq!(bits(interview.belief()), before, "a skip is no answer");
    interview.next().unwrap();
    interview.answer(Answer::Chose(0)).unwrap();
    let evidence = interview.log().evidence(&parts.deck().answer_model());
    let counts: Vec<f64> = (0..6)
        .rev()
        .map(|since| 0.5_f64.powf(f64::from(since) / 1.5))
        .collect();
    let expected = Belief::infer_weighted(
        parts.deck().prior(),
        parts.deck().answer_model(),
        &evidence,
        &counts,
    )
    .unwrap();
    assert!((interview.belief().mean()[0] - expected.mean()[0]).abs() < 1e-12);
    assert!(interview.undo().unwrap());
    assert_eq!(bits(interview.belief()), before);
}
