//! Curved dimensions: tastes for the middle.

use crate::common::*;
use leaning::decision::ranking::best_of;
use leaning::nalgebra::DMatrix;
use leaning::profile::DimensionEstimate;
use leaning::{
    Answer, Candidate, Deck, DeckCandidate, Dimension, Interview, Log, Options, Prompt,
    RankOptions, StopRule,
};

/// Scores from −2 to 2 in the first dimension, and alternating ones in the second.
fn deck(curved: bool) -> Deck {
    let first = Dimension::new("length");
    let score = |place: usize| -2.0 + 0.2 * place as f64;
    let prompt = |place: usize| {
        let candidates = [0, 7, 14].map(|step| {
            let at = (place + step) % 21;
            let side = if (place + step).is_multiple_of(2) {
                0.5
            } else {
                -0.5
            };
            DeckCandidate::new(format!("c{step}"), [score(at), side])
        });
        Prompt {
            id: format!("p{place}"),
            text: String::new(),
            candidates: candidates.to_vec(),
        }
    };
    Deck::builder("curved")
        .dimension(if curved { first.curved() } else { first })
        .dimension(Dimension::new("warmth"))
        .prompts((0..21).map(prompt))
        .build()
        .unwrap()
}

/// An interview of this many answers with somebody of this reward.
fn interview(deck: Deck, answers: usize, reward: impl Fn(&[f64]) -> f64) -> Interview {
    let options = Options {
        seed: Some(3),
        stop: StopRule {
            questions: answers,
            ..StopRule::default()
        },
        ..Options::default()
    };
    let mut interview = Interview::start(deck, options).unwrap();
    while let Some(question) = interview.question().unwrap() {
        let rewards: Vec<f64> = question
            .candidates
            .iter()
            .map(|candidate| reward(&candidate.scores))
            .collect();
        let answer = if rewards[0] == rewards[1] {
            Answer::Tie
        } else {
            Answer::Chose(usize::from(rewards[1] > rewards[0]))
        };
        interview.answer(answer).unwrap();
    }
    interview
}

#[test]
fn a_square_is_centred_and_as_large_as_the_score() {
    let deck = deck(true);
    let features = deck.features();
    assert_eq!(features.count(), 3);
    let curve = features.curves()[0];
    assert_eq!(curve.dimension, 0);
    assert!(curve.centre.abs() < 1e-12, "{}", curve.centre);
    assert_eq!(features.of(&[0.5, -3.0])[..2], [0.5, -3.0]);
    let square = features.of(&[0.5, -3.0])[2];
    assert!((square - curve.scale * 0.25).abs() < 1e-12);
    // The same root mean square of differences within prompts, by their definition.
    let (mut squares, mut scores) = (0.0, 0.0);
    for place in 0..deck.prompts().len() {
        let columns = deck.prompt_features(place);
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            scores += (columns[(0, a)] - columns[(0, b)]).powi(2);
            squares += (columns[(2, a)] - columns[(2, b)]).powi(2);
        }
    }
    assert!((squares / scores - 1.0).abs() < 1e-12);
    assert!(curve.middle.0 < -1.0 && curve.middle.1 > 1.0);
}

#[test]
fn a_reason_says_that_somebody_likes_the_middle() {
    // Two ends and the middle, for somebody who likes the middle and for one who likes an end.
    let ranked = |reward: fn(&[f64]) -> f64| {
        let drafts = [[-1.5, 0.0], [0.0, 0.0], [1.5, 0.0]];
        let drafts = drafts.map(|scores| Candidate::new(format!("{scores:?}"), scores));
        let interview = interview(deck(true), 30, reward);
        interview.rank(&drafts, RankOptions::default()).unwrap()
    };
    let likes_middle = ranked(|scores| -4.0 * scores[0] * scores[0]);
    assert_eq!(likes_middle[0].index, 1);
    for candidate in &likes_middle {
        let reason = candidate.reasons()[0];
        assert!(reason.middle && reason.dimension == 0, "{reason:?}");
        assert_eq!(
            reason.contribution > 0.0,
            candidate.index == 1,
            "{reason:?}"
        );
    }
    let likes_high = ranked(|scores| 4.0 * scores[0]);
    let reason = likes_high[0].reasons()[0];
    assert!(!reason.middle && reason.towards_high, "{reason:?}");
}

#[test]
fn a_deck_without_curved_dimensions_has_its_scores_as_features() {
    let deck = deck(false);
    assert_eq!(deck.features().count(), 2);
    assert_eq!(deck.features().of(&[0.3, -1.5]), [0.3, -1.5]);
    assert_eq!(deck.prior().components().len(), 1);
    let profile = interview(deck, 5, |scores| scores[0]).profile().unwrap();
    assert!(profile.dimensions.iter().all(|one| one.middle.is_none()));
}

#[test]
fn the_prior_keeps_the_square_at_zero_for_most_and_the_score_as_it_was() {
    let (plain, curved) = (deck(false), deck(true));
    let (before, after) = (plain.prior(), curved.prior());
    assert_eq!(after.dimensions(), 3);
    let [straight, bent] = after.components() else {
        panic!("expected two components");
    };
    assert!((straight.weight() - 0.75).abs() < 1e-12);
    for component in [straight, bent] {
        let within = component.covariance().view((0, 0), (2, 2)).into_owned();
        assert!((within - before.covariance()).amax() < 1e-12);
        assert_eq!(component.mean().rows(0, 2), before.mean().rows(0, 2));
    }
    let sd = before.standard_deviations()[0];
    assert_eq!(straight.mean()[2], 0.0);
    assert!((straight.covariance()[(2, 2)].sqrt() / sd - 0.05).abs() < 1e-9);
    assert!((bent.mean()[2] / sd + 0.5).abs() < 1e-9);
}

#[test]
fn before_any_answer_the_middle_is_liked_by_as_many_as_the_prior_says() {
    let deck = deck(true);
    let curve = &deck.features().curves()[0];
    let below = |x: f64| 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
    // The peak is at centre + w/curvature, so given the square's weight q < 0 it lies in the middle
    // for w between two bounds. The trapezoid rule over q.
    let (centre, steps) = (curve.peak(0.0, -1.0).unwrap(), 20_000);
    let mut expected = 0.0;
    for component in deck.prior().components() {
        let (mean, covariance) = (component.mean(), component.covariance());
        let (sd, square_sd) = (covariance[(0, 0)].sqrt(), covariance[(2, 2)].sqrt());
        assert_eq!(covariance[(0, 2)], 0.0);
        let step = 16.0 * square_sd / f64::from(steps);
        for k in 0..=steps {
            let q = mean[2] - 8.0 * square_sd + step * f64::from(k);
            let Some(offset) = curve.peak(1.0, q) else {
                continue;
            };
            let curvature = 1.0 / (offset - centre);
            let bound = |score: f64| below((curvature * (score - centre) - mean[0]) / sd);
            let z = (q - mean[2]) / square_sd;
            let density =
                libm::exp(-0.5 * z * z) / (square_sd * (2.0 * std::f64::consts::PI).sqrt());
            let inside = bound(curve.middle.1) - bound(curve.middle.0);
            expected += component.weight() * density * step * inside;
        }
    }
    let interview = Interview::start(deck, Options::default()).unwrap();
    let middle = interview.profile().unwrap().dimensions[0].middle.unwrap();
    assert!(
        (middle.probability - expected).abs() < 0.02,
        "{}, {expected}",
        middle.probability
    );
}

#[test]
fn somebody_who_likes_the_middle_is_told_so_and_gets_it() {
    let reward = |scores: &[f64]| -3.0 * (scores[0] - 0.3).powi(2) + scores[1];
    let interview_of = |curved| interview(deck(curved), 16, reward);
    let curved = interview_of(true);
    let middle = curved.profile().unwrap().dimensions[0].middle.unwrap();
    assert!(middle.probability > 0.9, "{middle:?}");
    assert!((middle.ideal - 0.3).abs() < 0.4, "{middle:?}");
    let drafts = [-1.5, 0.3, 1.5].map(|length| Candidate::new(length.to_string(), [length, 0.0]));
    let ranked = curved.rank(&drafts, RankOptions::default()).unwrap();
    assert_eq!(ranked[0].index, 1);
    // The contributions of a score and its square count together, and add up to the reward.
    for one in &ranked {
        assert_eq!(one.contributions.len(), 2);
        assert_eq!(one.deviation.len(), 2);
        let average = ranked.iter().map(|one| one.reward).sum::<f64>() / 3.0;
        assert!((one.contributions.sum() - (one.reward - average)).abs() < 1e-9);
    }
    let straight = interview_of(false)
        .rank(&drafts, RankOptions::default())
        .unwrap();
    assert_ne!(
        straight[0].index, 1,
        "no weights without squares like the middle"
    );
}

#[test]
fn somebody_who_likes_an_end_is_not_told_that_they_like_the_middle() {
    let curved = interview(deck(true), 16, |scores| 2.0 * scores[0] + scores[1]);
    let estimate = &curved.profile().unwrap().dimensions[0];
    let middle = estimate.middle.unwrap();
    assert!(middle.probability < 0.2, "{middle:?}");
    assert!(estimate.probability_of_direction > 0.95);
}

#[test]
fn a_log_carries_scores_and_no_squares() {
    let curved = interview(deck(true), 6, |scores| -scores[0].powi(2));
    let text = curved.log().to_json();
    let again = Log::from_json(&text, curved.deck()).unwrap();
    let reopened = Interview::open(deck(true), again.clone(), Options::default()).unwrap();
    assert_eq!(bits(laplace(&reopened)), bits(laplace(&curved)));
    // The same answers mean as much to the deck without the curve.
    let straight = Interview::open(deck(false), again, Options::default()).unwrap();
    assert_eq!(laplace(&straight).dimensions(), 2);
}

#[test]
fn statements_and_shifts_are_about_dimensions() {
    let mut curved = interview(deck(true), 4, |scores| scores[0]);
    curved.set_weight("warmth", 1.0).unwrap();
    let reports = curved.entry_reports(usize::MAX).unwrap();
    assert_eq!(reports.len(), 5);
    assert!(reports.iter().all(|report| report.shift.len() == 2));
    assert!(curved.expected_regret().unwrap().unwrap() < 1.0);
    curved.what_if("length", None).unwrap();
    let best = best_of(laplace(&curved).mean(), &curved.deck().prompt_features(0));
    assert!(best.is_some());
}

#[test]
fn not_caring_is_told_from_not_knowing_and_from_liking_the_middle() {
    let standings = |deck: Deck, answers, reward: fn(&[f64]) -> f64| {
        let profile = interview(deck, answers, reward).profile().unwrap();
        let names = |one: &DimensionEstimate| (one.standing.name(), one.strength.name());
        profile.dimensions.iter().map(names).collect::<Vec<_>>()
    };
    let length_alone = |scores: &[f64]| scores[0];
    assert_eq!(standings(crossed(), 0, length_alone)[1].0, "open");
    assert_eq!(standings(crossed(), 6, length_alone)[1].0, "open");
    assert_eq!(
        standings(crossed(), 80, length_alone),
        [("leans", "strong"), ("indifferent", "slight")]
    );
    let middle = |scores: &[f64]| -scores[0] * scores[0];
    assert_eq!(standings(deck(true), 40, middle)[0], ("middle", "strong"));
}

/// 40 pairs that differ in length, and 40 in warmth.
fn crossed() -> Deck {
    let pair = |place: usize| {
        let scores = if place.is_multiple_of(2) {
            [[1.0, 0.0], [-1.0, 0.0]]
        } else {
            [[0.0, 1.0], [0.0, -1.0]]
        };
        let candidates = [("a", scores[0]), ("b", scores[1])];
        Prompt {
            id: format!("p{place}"),
            text: String::new(),
            candidates: candidates
                .map(|(id, scores)| DeckCandidate::new(id, scores))
                .to_vec(),
        }
    };
    Deck::builder("crossed")
        .dimension(Dimension::new("length"))
        .dimension(Dimension::new("warmth"))
        .prompts((0..80).map(pair))
        .build()
        .unwrap()
}

#[test]
fn a_sample_may_have_prompts_without_candidates() {
    let prompt = |scores: &[f64]| DMatrix::from_column_slice(2, scores.len() / 2, scores);
    let full = prompt(&[1.0, 0.0, -1.0, 0.5]);
    let open = |sample: Vec<DMatrix<f64>>| {
        let options = Options {
            seed: Some(3),
            sample,
            ..Options::default()
        };
        Interview::start(deck(true), options).unwrap()
    };
    let nothing = open(vec![prompt(&[]), DMatrix::zeros(0, 0)]);
    assert_eq!(nothing.expected_regret().unwrap(), Some(0.0));
    let (one, with_empty) = (open(vec![full.clone()]), open(vec![prompt(&[]), full]));
    assert_eq!(one.expected_regret(), with_empty.expected_regret());
}
