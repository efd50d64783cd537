//! A person's own word about their weights, the effect of each entry, and the picks under a weight
//! of the other sign.

use crate::common::{DeckParts, Reply, ask, bits, dot, laplace, matrix, vector};
use leaning::interview::STATEMENT_SD;
use leaning::{Answer, Candidate, Interview, Options};
use serde_json::Value;

fn two_weights() -> DeckParts {
    let mut parts = DeckParts::new(&[
        &[&[1.0, 0.2], &[0.0, -0.4]],
        &[&[0.4, -1.0], &[-0.8, 0.3]],
        &[&[1.3, 0.5], &[-0.2, 1.1], &[0.6, -0.7]],
    ]);
    parts.prior = Some((vector(&[0.3, -0.2]), matrix([[2.0, 0.6], [0.6, 1.0]])));
    parts
}

fn open(parts: &DeckParts, entries: &[Value]) -> Interview {
    Interview::open(parts.deck(), parts.log(entries), Options::default()).unwrap()
}

#[test]
fn a_statement_alone_conditions_the_prior_as_a_gaussian_observation_does() {
    let mut interview = open(&two_weights(), &[]);
    interview.set_weight("d0", 1.5).unwrap();
    // Kalman's update for an observation of the first weight, whose variance under the prior is 2.
    let observed = 2.0 + 2.0 * STATEMENT_SD * STATEMENT_SD;
    let gain = vector(&[2.0 / observed, 0.6 / observed]);
    let mean = vector(&[0.3, -0.2]) + (1.5 - 0.3) * &gain;
    let prior = matrix([[2.0, 0.6], [0.6, 1.0]]);
    let covariance = &prior - &gain * prior.row(0);
    assert!((laplace(&interview).mean() - mean).amax() < 1e-9);
    assert!((laplace(&interview).covariance() - covariance).amax() < 1e-9);
}

#[test]
fn a_later_statement_replaces_an_earlier_one_and_retracting_it_leaves_the_answers() {
    let parts = two_weights();
    let entries = [
        parts.entry("one", 0, &[0, 1], Reply::Chose(0)),
        parts.entry("two", 1, &[0, 1], Reply::Chose(1)),
    ];
    let (mut twice, mut once) = (open(&parts, &entries), open(&parts, &entries));
    let before = bits(laplace(&twice));
    twice.set_weight("d1", -2.0).unwrap();
    twice.set_weight("d1", 0.7).unwrap();
    once.set_weight("d1", 0.7).unwrap();
    assert_eq!(bits(laplace(&twice)), bits(laplace(&once)));
    assert_ne!(bits(laplace(&twice)), before);
    let [None, Some((entry, weight))] = twice.statements()[..] else {
        panic!("one of two")
    };
    assert_eq!(weight, 0.7);
    let id = entry.id.clone();
    assert!(twice.retract(&id));
    assert_eq!(bits(laplace(&twice)), before);
    assert_eq!(twice.statements(), [None, None]);
    assert!(!twice.retract(&id), "it no longer holds");
    assert_eq!(bits(laplace(&twice)), before);
}

#[test]
fn any_answer_can_be_retracted_and_its_question_may_come_again() {
    let parts = DeckParts::new(&[
        &[&[1.0], &[0.0]],
        &[&[0.4], &[-0.8]],
        &[&[1.3], &[-0.2]],
        &[&[0.9], &[0.3]],
        &[&[0.2], &[-1.0]],
        &[&[-0.5], &[0.6]],
    ]);
    let answer = |i: usize| parts.entry(&format!("r{i}"), i, &[0, 1], Reply::Chose(i % 2));
    let entries: Vec<Value> = (0..4).map(answer).collect();
    let mut interview = open(&parts, &entries);
    assert!(interview.retract("r1"));
    let without = [0, 2, 3].map(answer);
    assert_eq!(
        bits(laplace(&interview)),
        bits(laplace(&open(&parts, &without)))
    );
    assert_eq!(interview.counts(), (3, 3));
    let mut asked = Vec::new();
    while let Some(question) = ask(&mut interview) {
        asked.push(question.prompt.unwrap());
        interview.answer(Answer::Tie).unwrap();
    }
    asked.sort_unstable();
    assert_eq!(asked, [1, 4, 5]);
    assert!(!interview.retract("nothing"));
}

#[test]
fn the_shifts_of_all_entries_sum_to_the_way_from_the_prior() {
    let parts = two_weights();
    let entries = [
        parts.entry("one", 0, &[0, 1], Reply::Chose(0)),
        parts.entry("two", 1, &[1, 0], Reply::Verdict("skip")),
        parts.entry("three", 2, &[2, 0, 1], Reply::Chose(2)),
    ];
    let mut interview = open(&parts, &entries);
    interview.set_weight("d0", -1.0).unwrap();
    let reports = interview.entry_reports(usize::MAX).unwrap();
    assert_eq!(reports.len(), 4);
    assert_eq!(reports[0].entry.id, "one");
    assert_eq!(
        reports[1].shift,
        vector(&[0.0, 0.0]),
        "a skip shifts nothing"
    );
    assert_eq!(reports[2].question, Some((2, vec![2, 0, 1])));
    assert_eq!(reports[3].question, None);
    let total = &reports[0].shift + &reports[1].shift + &reports[2].shift + &reports[3].shift;
    let way = (laplace(&interview).mean() - vector(&[0.3, -0.2]))
        .component_mul(&vector(parts.deck().rms_differences()));
    assert!((&total - &way).amax() < 1e-9, "{total}, not {way}");
    assert_eq!(interview.entry_reports(2).unwrap(), reports[2..]);
}

#[test]
fn the_other_sign_of_a_weight_changes_the_picks_that_a_count_by_hand_finds() {
    let parts = two_weights();
    let deck = parts.deck();
    let entries = [
        parts.entry("one", 0, &[0, 1], Reply::Chose(0)),
        parts.entry("two", 1, &[0, 1], Reply::Chose(0)),
    ];
    let interview = open(&parts, &entries);
    let current = laplace(&interview).mean().as_slice().to_vec();
    let mut changes = 0;
    for (place, dimension) in deck.dimensions().iter().enumerate() {
        let mut flipped = current.clone();
        flipped[place] = -flipped[place];
        let mut changed = Vec::new();
        for (prompt, content) in deck.prompts().iter().enumerate() {
            let rewards = |weights: &[f64]| -> Vec<f64> {
                content
                    .candidates
                    .iter()
                    .map(|one| dot(weights, &one.scores))
                    .collect()
            };
            let best = |rewards: &[f64]| {
                (0..rewards.len())
                    .max_by(|&a, &b| rewards[a].total_cmp(&rewards[b]))
                    .unwrap()
            };
            let (picked, alternative) = (best(&rewards(&current)), best(&rewards(&flipped)));
            if picked != alternative {
                let loss = rewards(&flipped)[alternative] - rewards(&flipped)[picked];
                changed.push((loss, prompt, picked, alternative));
            }
        }
        let what_if = interview.what_if(&dimension.id, None).unwrap();
        assert_eq!(what_if.changed, changed.len());
        // The same weights given outright, and those of now.
        let flip = -current[place];
        let given = interview.what_if(&dimension.id, Some(flip)).unwrap();
        assert_eq!(given, what_if);
        let unchanged = interview.what_if(&dimension.id, Some(current[place]));
        assert_eq!(unchanged.unwrap().changed, 0);
        changes += what_if.changed;
        let largest = changed.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
        let found = what_if
            .example
            .map(|one| (one.prompt, one.current, one.alternative));
        assert_eq!(
            found,
            largest.map(|(_, prompt, current, other)| (prompt, current, other))
        );
    }
    assert!(changes > 0, "the test needs a pick that changes");
}

#[test]
fn a_statement_about_an_unknown_dimension_or_out_of_range_changes_nothing() {
    let mut interview = open(&two_weights(), &[]);
    let error = interview.set_weight("nowhere", 1.0).unwrap_err();
    assert_eq!((error.code(), error.path()), ("answer", Some("dimension")));
    assert!(error.to_string().contains("no dimension \"nowhere\""));
    for weight in [f64::NAN, f64::INFINITY, 1e300] {
        let error = interview.set_weight("d0", weight).unwrap_err();
        assert!(
            error.to_string().contains("weight: out of range"),
            "{error}"
        );
    }
    assert!(interview.what_if("nowhere", None).is_err());
    assert!(interview.what_if("d0", Some(f64::NAN)).is_err());
    assert!(interview.log().entries().is_empty());
}

#[test]
fn a_weight_beyond_a_hundred_standard_deviations_is_refused() {
    // The prior's mean of the first weight is 0.3, its variance 2.
    let most = 0.3 + 100.0 * 2.0_f64.sqrt();
    let mut interview = open(&two_weights(), &[]);
    for weight in [most * 1.001, 0.6 - most * 1.001, 1e8, -1e99, f64::NAN] {
        let error = interview.set_weight("d0", weight).unwrap_err();
        assert_eq!(
            (error.code(), error.path()),
            ("answer", Some("weight")),
            "{weight}"
        );
    }
    assert!(interview.log().entries().is_empty());
    // Answers to the contrary can still be inferred from.
    interview.set_weight("d0", most * 0.999).unwrap();
    while let Some(question) = interview.question().unwrap() {
        let first = |place: usize| question.candidates[place].scores[0];
        let lower = usize::from(first(1) < first(0));
        interview.answer(Answer::Chose(lower)).unwrap();
    }
    assert!(interview.profile().unwrap().dimensions[0].mean.is_finite());
}

#[test]
fn candidates_on_another_scale_than_the_decks_are_not_observed() {
    let mut interview = open(&two_weights(), &[]);
    let near = Candidate::new("near", [0.0, 0.0]);
    for far in [[1e7, 0.0], [0.0, -1e50], [1e100, 1e100]] {
        let list = [near.clone(), Candidate::new("far", far)];
        let error = interview.observe(&list, Answer::Chose(0)).unwrap_err();
        assert_eq!(error.code(), "candidates");
        assert!(error.path().unwrap().ends_with("].scores"), "{error}");
    }
    assert!(interview.log().entries().is_empty());
    interview
        .observe(&[near, Candidate::new("far", [1e5, 0.0])], Answer::Chose(0))
        .unwrap();
    while interview.question().unwrap().is_some() {
        interview.answer(Answer::Chose(0)).unwrap();
    }
}
