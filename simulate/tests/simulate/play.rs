use crate::common::person_of;
use leaning::question::AcquisitionRule;
use leaning::{Deck, DeckCandidate, Dimension, Error, Flaw, Interview, Options, StopRule};
use leaning_simulate::{Habits, PREF, play, strategies, strategy_by_name};
use std::collections::HashSet;

/// Two prompts of three candidates: six pairs.
fn six_pairs() -> Deck {
    let candidate = |id: &str, scores: [f64; 2]| DeckCandidate::new(id, scores);
    Deck::builder("six")
        .dimension(Dimension::new("first"))
        .dimension(Dimension::new("second"))
        .prompt(
            "p0",
            [
                candidate("a", [1.0, 0.2]),
                candidate("b", [-0.7, 0.9]),
                candidate("c", [0.1, -1.1]),
            ],
        )
        .prompt(
            "p1",
            [
                candidate("a", [0.4, -0.8]),
                candidate("b", [-1.2, -0.3]),
                candidate("c", [0.9, 1.3]),
            ],
        )
        .build()
        .expect("a valid deck")
}

fn interview(questions: usize) -> Interview {
    let stop = StopRule {
        questions,
        ..StopRule::default()
    };
    let strategy = strategy_by_name("random").expect("is known");
    let options = Options {
        strategy,
        stop,
        seed: Some(1),
        ..Options::default()
    };
    Interview::start(six_pairs(), options).expect("valid options")
}

#[test]
fn play_reports_every_answer_and_stops_with_the_interview() {
    let person = person_of(&[1.0, -1.0], Habits::default());
    let reported = |answers: usize, questions: usize| {
        let mut interview = interview(questions);
        let mut reported = vec![];
        play(&mut interview, &person, answers, |n, now| {
            assert_eq!(now.log().entries().len(), n);
            reported.push(n);
            Ok(())
        })
        .expect("every answer is on offer");
        reported
    };
    assert_eq!(reported(0, 12), [0]);
    assert_eq!(reported(3, 12), [0, 1, 2, 3]);
    assert_eq!(reported(12, 4), [0, 1, 2, 3, 4]);
    assert_eq!(reported(100, 100), [0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn play_passes_on_an_error_of_its_observer() {
    let person = person_of(&[1.0, -1.0], Habits::default());
    let stop = Error::Options(Flaw::new("observer", "has seen enough"));
    let mut interview = interview(12);
    let result = play(&mut interview, &person, 5, |n, _| {
        if n == 2 { Err(stop.clone()) } else { Ok(()) }
    });
    assert_eq!(result, Err(stop));
    assert_eq!(interview.log().entries().len(), 2);
}

#[test]
fn strategies_are_the_librarys_rules_and_pref_each_under_its_own_name() {
    let names: HashSet<&str> = strategies()
        .iter()
        .map(|strategy| strategy.name())
        .collect();
    assert_eq!(names.len(), strategies().len());
    assert!(names.contains(PREF.name()) && names.contains("information-gain"));
    for name in names {
        assert_eq!(strategy_by_name(name).expect("is known").name(), name);
    }
    assert!(strategy_by_name("nothing").is_none());
}

#[test]
fn every_strategy_asks_every_pair_of_a_small_deck() {
    let person = person_of(&[1.0, -1.0], Habits::default());
    for strategy in strategies() {
        let mut interview = interview(100);
        let options = Options {
            strategy,
            ..interview.options().clone()
        };
        interview.configure(options).expect("valid options");
        let mut answers = 0;
        play(&mut interview, &person, 100, |n, _| {
            answers = n;
            Ok(())
        })
        .expect("every answer is on offer");
        assert_eq!(answers, 6, "{}", strategy.name());
    }
}
