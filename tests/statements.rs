#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! What people say of themselves, what each answer has moved, and what would be picked if a weight had the other sign.

mod common;

use common::{Parts, Said, bits, dot};
use leaning::{Answer, Error, Interview, Options, STATED};

fn two_weights() -> Parts {
    let mut parts = Parts::new(&[
        &[&[1.0, 0.2], &[0.0, -0.4]],
        &[&[0.4, -1.0], &[-0.8, 0.3]],
        &[&[1.3, 0.5], &[-0.2, 1.1], &[0.6, -0.7]],
    ]);
    parts.prior = Some((vec![0.3, -0.2], vec![vec![2.0, 0.6], vec![0.6, 1.0]]));
    parts
}

fn open(parts: &Parts, records: &[serde_json::Value]) -> Interview {
    Interview::open(parts.deck(), parts.log(records), Options::default()).unwrap()
}

#[test]
fn a_statement_alone_conditions_the_prior_as_a_gaussian_observation_does() {
    let parts = two_weights();
    let id = parts.deck().dimensions()[0].id.clone();
    let mut interview = open(&parts, &[]);
    interview.state(&id, 1.5).unwrap();
    // Kalman's update for an observation of the first weight, whose variance under the prior is 2.
    let noise = 2.0 * STATED * STATED;
    let gain = [2.0 / (2.0 + noise), 0.6 / (2.0 + noise)];
    let mean = [0.3 + gain[0] * (1.5 - 0.3), -0.2 + gain[1] * (1.5 - 0.3)];
    let covariance = [
        [2.0 - gain[0] * 2.0, 0.6 - gain[0] * 0.6],
        [0.6 - gain[1] * 2.0, 1.0 - gain[1] * 0.6],
    ];
    for j in 0..2 {
        assert!((interview.belief().mean()[j] - mean[j]).abs() < 1e-9);
        for (found, expected) in interview.belief().covariance()[j].iter().zip(covariance[j]) {
            assert!((found - expected).abs() < 1e-9);
        }
    }
}

#[test]
fn a_later_statement_takes_the_place_of_an_earlier_one_and_taking_it_back_leaves_the_answers() {
    let parts = two_weights();
    let id = parts.deck().dimensions()[1].id.clone();
    let records = [
        parts.record("one", 0, &[0, 1], Said::Chose(0)),
        parts.record("two", 1, &[0, 1], Said::Chose(1)),
    ];
    let (mut twice, mut once) = (open(&parts, &records), open(&parts, &records));
    let before = bits(twice.belief());
    twice.state(&id, -2.0).unwrap();
    twice.state(&id, 0.7).unwrap();
    once.state(&id, 0.7).unwrap();
    assert_eq!(bits(twice.belief()), bits(once.belief()));
    assert_ne!(bits(twice.belief()), before);
    let statement = twice.said(1).unwrap()[0].record.id.clone();
    assert!(twice.retract(&statement).unwrap());
    assert_eq!(bits(twice.belief()), before);
    assert!(!twice.retract(&statement).unwrap(), "it no longer holds");
    assert_eq!(bits(twice.belief()), before);
}

#[test]
fn any_answer_can_be_taken_back_and_its_question_may_come_again() {
    let pairs: [&[&[f64]]; 6] = [
        &[&[1.0], &[0.0]],
        &[&[0.4], &[-0.8]],
        &[&[1.3], &[-0.2]],
        &[&[0.9], &[0.3]],
        &[&[0.2], &[-1.0]],
        &[&[-0.5], &[0.6]],
    ];
    let parts = Parts::new(&pairs);
    let records: Vec<_> = (0..4)
        .map(|i| parts.record(&format!("r{i}"), i, &[0, 1], Said::Chose(i % 2)))
        .collect();
    let mut interview = open(&parts, &records);
    assert!(interview.retract("r1").unwrap());
    let without: Vec<_> = records
        .iter()
        .filter(|record| record["id"] != "r1")
        .cloned()
        .collect();
    assert_eq!(
        bits(interview.belief()),
        bits(open(&parts, &without).belief())
    );
    assert_eq!(interview.counts(), (3, 3));
    let mut asked = Vec::new();
    while let Some(question) = interview.next() {
        asked.push(question.prompt.unwrap());
        interview.answer(Answer::Tie).unwrap();
    }
    asked.sort_unstable();
    assert_eq!(asked, [1, 4, 5]);
    assert!(!interview.retract("nothing").unwrap());
}

#[test]
fn what_each_has_moved_sums_up_to_the_way_from_the_prior() {
    let parts = two_weights();
    let deck = parts.deck();
    let mut interview = open(
        &parts,
        &[
            parts.record("one", 0, &[0, 1], Said::Chose(0)),
            parts.record("two", 1, &[1, 0], Said::Verdict("skip")),
            parts.record("three", 2, &[2, 0, 1], Said::Chose(2)),
        ],
    );
    interview.state(&deck.dimensions()[0].id, -1.0).unwrap();
    let said = interview.said(usize::MAX).unwrap();
    assert_eq!(said.len(), 4);
    assert_eq!(said[1].moved, [0.0, 0.0], "a skip moves nothing");
    assert_eq!(said[2].question, Some((2, vec![2, 0, 1])));
    for j in 0..2 {
        let total: f64 = said.iter().map(|said| said.moved[j]).sum();
        let way = (interview.belief().mean()[j] - [0.3, -0.2][j]) * deck.spread()[j];
        assert!(
            (total - way).abs() < 1e-9,
            "dimension {j}: {total}, not {way}"
        );
    }
    let last = interview.said(2).unwrap();
    assert_eq!(last, said[2..]);
}

#[test]
fn the_other_way_changes_the_picks_that_a_count_by_hand_says() {
    let parts = two_weights();
    let deck = parts.deck();
    let records = [
        parts.record("one", 0, &[0, 1], Said::Chose(0)),
        parts.record("two", 1, &[0, 1], Said::Chose(0)),
    ];
    let interview = open(&parts, &records);
    let now = interview.belief().mean().to_vec();
    for (place, dimension) in deck.dimensions().iter().enumerate() {
        let mut then = now.clone();
        then[place] = -then[place];
        let mut changed = Vec::new();
        for (prompt, content) in deck.prompts().iter().enumerate() {
            let rewards = |weights: &[f64]| -> Vec<f64> {
                content
                    .candidates
                    .iter()
                    .map(|candidate| dot(weights, &candidate.scores))
                    .collect()
            };
            let best = |rewards: &[f64]| {
                (0..rewards.len())
                    .max_by(|&a, &b| rewards[a].total_cmp(&rewards[b]))
                    .unwrap()
            };
            let (picked, preferred) = (best(&rewards(&now)), best(&rewards(&then)));
            if picked != preferred {
                let lost = rewards(&then)[preferred] - rewards(&then)[picked];
                changed.push((lost, prompt, picked, preferred));
            }
        }
        let other = interview.other_way(&dimension.id).unwrap();
        assert_eq!(other.changed, changed.len());
        let most = changed.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
        let found = other
            .example
            .map(|example| (example.prompt, example.now, example.then));
        assert_eq!(
            found,
            most.map(|(_, prompt, picked, preferred)| (prompt, picked, preferred))
        );
    }
    assert!(
        interview
            .other_way(&deck.dimensions()[0].id)
            .unwrap()
            .changed
            > 0
    );
}

#[test]
fn a_statement_about_nothing_or_out_of_range_changes_nothing() {
    let parts = two_weights();
    let id = parts.deck().dimensions()[0].id.clone();
    let mut interview = open(&parts, &[]);
    let told = |error: Error| error.to_string();
    assert!(
        told(interview.state("nowhere", 1.0).unwrap_err()).contains("no dimension \"nowhere\"")
    );
    for weight in [f64::NAN, f64::INFINITY, 1e300] {
        assert!(told(interview.state(&id, weight).unwrap_err()).contains("weight: out of range"));
    }
    assert!(interview.other_way("nowhere").is_err());
    assert!(interview.log().records().is_empty());
}
