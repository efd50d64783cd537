//! Half-lives, for people whose taste changes.

use crate::common::{
    DeckParts, Reply, ask, bits, choice_probabilities, infer, laplace, matrix, pair_probabilities,
    vector,
};
use leaning::{
    Answer, AnswerModel, Evidence, Interview, LaplaceApproximation, Options, PosteriorSamples,
};
use serde_json::{Value, json};

/// Pairs and threes about one weight, whose prior is N(0.5, 2).
fn one_weight() -> DeckParts {
    let mut parts = DeckParts::new(&[
        &[&[1.0], &[0.0], &[-0.6]],
        &[&[0.4], &[-0.8], &[0.1]],
        &[&[1.3], &[-0.2], &[0.5]],
        &[&[0.9], &[0.3], &[-1.1]],
    ]);
    parts.prior = Some((vector(&[0.5]), matrix([[2.0]])));
    parts
}

/// Answers that contradict each other, with a skip and a retraction among them.
fn changing_taste(parts: &DeckParts) -> Vec<Value> {
    use Reply::{Chose, Verdict};
    vec![
        parts.entry("one", 0, &[0, 1, 2], Chose(0)),
        parts.entry("two", 1, &[1, 0], Chose(1)),
        parts.entry("skipped", 1, &[2, 0], Verdict("skip")),
        parts.entry("three", 2, &[0, 1], Verdict("tie")),
        parts.entry("four", 3, &[2, 0, 1], Chose(0)),
        parts.entry("slip", 0, &[0, 1], Chose(0)),
        json!({ "id": "undone", "kind": "retract", "of": "slip" }),
        parts.entry("five", 3, &[1, 2], Chose(1)),
    ]
}

/// The probabilities of the five answers of [`changing_taste`] for a weight.
fn probabilities(model: &AnswerModel, weight: f64) -> [f64; 5] {
    let first_of_three =
        |scores: [f64; 3]| choice_probabilities(model, &scores.map(|s| s * weight))[0];
    let of_two = |z: f64, outcome: usize| pair_probabilities(model, z * weight, true)[outcome];
    [
        first_of_three([1.0, 0.0, -0.6]),
        of_two(-1.2, 1),
        of_two(1.5, 2),
        first_of_three([-1.1, 0.9, 0.3]),
        of_two(1.4, 1),
    ]
}

/// 0.5 to the number of later answers per half-life, of `count` answers.
fn half_life_weights(half_life: f64, count: i32) -> Vec<f64> {
    (0..count)
        .rev()
        .map(|later| 0.5_f64.powf(f64::from(later) / half_life))
        .collect()
}

fn forgetting(parts: &DeckParts, half_life: Option<f64>) -> Interview {
    let options = Options {
        half_life,
        ..Options::default()
    };
    Interview::open(parts.deck(), parts.log(&changing_taste(parts)), options).unwrap()
}

fn mean(interview: &Interview) -> f64 {
    laplace(interview).mean()[0]
}

#[test]
fn with_a_half_life_the_mode_is_that_of_the_weighted_likelihood() {
    let parts = one_weight();
    let model = parts.deck().answer_model();
    let mut modes = Vec::new();
    for half_life in [0.5, 1.0, 2.5, 20.0, f64::INFINITY] {
        let weights = half_life_weights(half_life, 5);
        let log_posterior = |weight: f64| {
            let terms = probabilities(&model, weight);
            let log_likelihood: f64 = terms.iter().zip(&weights).map(|(p, w)| w * p.ln()).sum();
            log_likelihood - 0.25 * (weight - 0.5).powi(2)
        };
        let grid = (-40_000..=40_000).map(|node| f64::from(node) * 1e-4);
        let mode = grid
            .max_by(|a, b| log_posterior(*a).total_cmp(&log_posterior(*b)))
            .unwrap();
        let found = mean(&forgetting(&parts, Some(half_life)));
        assert!(
            (found - mode).abs() < 2e-4,
            "half-life {half_life}: {found}, not {mode}"
        );
        modes.push(mode);
    }
    assert!(
        (modes[0] - modes[4]).abs() > 0.1,
        "the test needs a taste that changes: {modes:?}"
    );
}

#[test]
fn an_answer_counts_half_after_each_half_life() {
    let parts = one_weight();
    let (deck, model) = (parts.deck(), parts.deck().answer_model());
    let evidence = parts.log(&changing_taste(&parts)).evidence(&parts.deck());
    assert_eq!(
        evidence.len(),
        5,
        "the skip and the retracted answer are no evidence"
    );
    let weighted = |evidence: &[Evidence], weights: &[f64]| {
        LaplaceApproximation::infer_weighted(deck.prior(), model, evidence, weights).unwrap()
    };
    for half_life in [0.5, 1.0, 2.0, 3.7] {
        let expected = weighted(&evidence, &half_life_weights(half_life, 5));
        let interview = forgetting(&parts, Some(half_life));
        let found = laplace(&interview);
        assert!((found.mean() - expected.mean()).amax() < 1e-12);
        assert!((found.covariance() - expected.covariance()).amax() < 1e-12);
    }
    // An answer with the weight 0 might as well be absent.
    let absent = [1, 2, 4].map(|index: usize| evidence[index].clone());
    let none = weighted(&evidence, &[0.0, 1.0, 1.0, 0.0, 1.0]);
    assert!((none.mean() - weighted(&absent, &[1.0; 3]).mean()).amax() < 1e-9);
    // Two answers of half the weight are one.
    let twice = [&evidence[..], &evidence[..]].concat();
    let (halves, once) = (weighted(&twice, &[0.5; 10]), weighted(&evidence, &[1.0; 5]));
    assert!((halves.mean() - once.mean()).amax() < 1e-9);
    assert!((halves.covariance() - once.covariance()).amax() < 1e-9);
}

#[test]
fn without_a_half_life_nothing_is_forgotten_and_with_a_very_long_one_hardly_anything() {
    let parts = one_weight();
    let entries = changing_taste(&parts);
    let never = forgetting(&parts, None);
    assert_eq!(bits(laplace(&never)), bits(&infer(&parts, &entries)));
    let infinite = forgetting(&parts, Some(f64::INFINITY));
    assert_eq!(bits(laplace(&infinite)), bits(laplace(&never)));
    let long = forgetting(&parts, Some(1e9));
    assert!((mean(&long) - mean(&never)).abs() < 1e-7);
    // With a very short one only the last answer counts.
    let short = forgetting(&parts, Some(1e-3));
    assert!((mean(&short) - infer(&parts, &entries[7..]).mean()[0]).abs() < 1e-9);
}

#[test]
fn posterior_samples_forget_as_the_approximation_does() {
    let parts = one_weight();
    let model = parts.deck().answer_model();
    let weights = half_life_weights(1.0, 5);
    let density = |weight: f64| {
        let terms = probabilities(&model, weight);
        let likelihood: f64 = terms
            .iter()
            .zip(&weights)
            .map(|(p, w)| p.powf(*w))
            .product();
        likelihood * (-0.25 * (weight - 0.5).powi(2)).exp()
    };
    let integral = |f: &dyn Fn(f64) -> f64| -> f64 {
        let grid = (-2000..=2000).map(|node| 0.005 * f64::from(node));
        grid.map(|weight| density(weight) * f(weight)).sum()
    };
    let total = integral(&|_| 1.0);
    let mean = integral(&|weight| weight) / total;
    let sd = (integral(&|weight| (weight - mean).powi(2)) / total).sqrt();
    let interview = forgetting(&parts, Some(1.0));
    let samples = PosteriorSamples::draw_seeded(laplace(&interview), 7, 4000);
    let (found_mean, found_sd) = samples.weight_moments(0);
    // 4000 samples are worth half as many independent ones.
    let error = sd / 2000_f64.sqrt();
    assert!(
        (found_mean - mean).abs() < 4.0 * error,
        "{found_mean}, not {mean}"
    );
    assert!((found_sd / sd - 1.0).abs() < 0.08, "{found_sd}, not {sd}");
}

#[test]
fn forgetting_goes_on_with_every_answer_and_undo_reverts_it() {
    let parts = one_weight();
    let mut interview = forgetting(&parts, Some(1.5));
    let before = bits(laplace(&interview));
    ask(&mut interview).unwrap();
    interview.answer(Answer::Skip).unwrap();
    assert_eq!(bits(laplace(&interview)), before, "a skip is no answer");
    ask(&mut interview).unwrap();
    interview.answer(Answer::Chose(0)).unwrap();
    let (deck, model) = (parts.deck(), parts.deck().answer_model());
    let evidence = interview.log().evidence(&deck);
    let weights = half_life_weights(1.5, 6);
    let expected =
        LaplaceApproximation::infer_weighted(deck.prior(), model, &evidence, &weights).unwrap();
    assert!((laplace(&interview).mean() - expected.mean()).amax() < 1e-12);
    assert!(interview.undo());
    assert_eq!(bits(laplace(&interview)), before);
}
