//! Questions by what they tell per word.

use crate::common::rule;
use leaning::question::WordCounts;
use leaning::{Deck, DeckCandidate, Dimension, Interview, Options};

/// A pair that tells much, p0, one that tells less, p1, and three candidates, p2.
fn deck(shown: usize) -> Deck {
    let prompt = |scores: &[f64]| {
        let candidates = scores.iter().enumerate();
        let candidate = |(k, score): (usize, &f64)| DeckCandidate::new(format!("c{k}"), [*score]);
        candidates.map(candidate).collect::<Vec<_>>()
    };
    Deck::builder("reading")
        .dimension(Dimension::new("brevity"))
        .prompt("p0", prompt(&[1.0, -1.0]))
        .prompt("p1", prompt(&[0.4, -0.4]))
        .prompt("p2", prompt(&[0.2, 0.0, -0.2]))
        .candidates_per_question(shown)
        .build()
        .unwrap()
}

fn interview(strategy: &str, shown: usize, words: Option<[&[f64]; 3]>) -> Interview {
    let words = words.map(|words| WordCounts::new(words.map(<[f64]>::to_vec).to_vec()));
    let options = Options {
        strategy: rule(strategy),
        words,
        seed: Some(1),
        ..Options::default()
    };
    Interview::start(deck(shown), options).unwrap()
}

/// The prompt of the first question, and its score.
fn first(mut interview: Interview) -> (usize, f64) {
    let question = interview.question().unwrap().unwrap();
    (question.prompt.unwrap(), question.score)
}

const LONG: &[f64] = &[1000.0, 1000.0, 1000.0];

#[test]
fn a_question_twice_as_long_comes_first_only_if_it_tells_more_than_twice_as_much() {
    for strategy in ["information-gain", "d-optimal", "a-optimal", "decision"] {
        let (prompt, much) = first(interview(strategy, 2, None));
        assert_eq!(prompt, 0);
        let only_p1 = [&[1000.0, 1000.0][..], &[1.0, 1.0], LONG];
        let (prompt, little) = first(interview(strategy, 2, Some(only_p1)));
        assert_eq!(prompt, 1, "{strategy}");
        let ratio = much / little;
        assert!(ratio > 1.1, "{strategy}: {ratio}");
        for (longer, expected) in [(0.99 * ratio, 0), (1.01 * ratio, 1)] {
            // The longer question's words are spread unevenly: only the sum matters.
            let p0 = [longer * 10.0, longer * 30.0];
            let words = [&p0[..], &[20.0, 20.0], LONG];
            let (prompt, score) = first(interview(strategy, 2, Some(words)));
            assert_eq!(prompt, expected, "{strategy}, {longer} times as long");
            // Its score is said as it is, not per word.
            assert_eq!(score, if expected == 0 { much } else { little });
        }
    }
}

#[test]
fn runners_up_are_in_the_same_order() {
    let words = [&[100.0, 100.0][..], &[10.0, 10.0], LONG];
    let mut per_word = interview("information-gain", 2, Some(words));
    per_word.question().unwrap();
    let names = |one: (Vec<String>, f64)| one.0[0].split('/').next().unwrap().to_owned();
    let others: Vec<String> = per_word
        .alternatives(1)
        .unwrap()
        .into_iter()
        .map(names)
        .collect();
    assert_eq!(others, ["p0"]);
}

#[test]
fn more_than_two_candidates_are_weighed_by_all_their_words() {
    // p2 alone has three.
    let short = [&[40.0, 40.0][..], &[40.0, 40.0], &[1.0, 1.0, 1.0]];
    assert_eq!(first(interview("information-gain", 3, None)).0, 0);
    assert_eq!(first(interview("information-gain", 3, Some(short))).0, 2);
    let one_is_long = [&[40.0, 40.0][..], &[40.0, 40.0], &[1.0, 1.0, 1000.0]];
    let mut interview = interview("information-gain", 2, Some(one_is_long));
    let question = interview.question().unwrap().unwrap();
    let mut shown: Vec<usize> = question.candidates.iter().map(|one| one.index).collect();
    shown.sort_unstable();
    assert_eq!((question.prompt, shown), (Some(2), vec![0, 1]));
}

#[test]
fn counts_that_do_not_fit_and_rules_without_amounts_are_refused() {
    let start = |strategy, words: Vec<Vec<f64>>| {
        let options = Options {
            strategy: rule(strategy),
            words: Some(WordCounts::new(words)),
            ..Options::default()
        };
        let error = Interview::start(deck(2), options).unwrap_err();
        (error.code(), error.path().unwrap_or("").to_owned())
    };
    let fitting = || vec![vec![1.0; 2], vec![1.0; 2], vec![1.0; 3]];
    let words = ("options", "words".to_owned());
    assert_eq!(start("information-gain", fitting()[..2].to_vec()), words);
    assert_eq!(start("information-gain", vec![vec![1.0; 2]; 3]), words);
    let infinite = vec![vec![1.0; 2], vec![1.0, f64::INFINITY], vec![1.0; 3]];
    assert_eq!(start("information-gain", infinite), words);
    for strategy in ["random", "margin", "thompson"] {
        assert_eq!(start(strategy, fitting()), ("options", "per".to_owned()));
    }
}
