#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! What is worked out ahead changes nothing but when it is worked out.

mod common;

use common::{Dice, bits, sides};
use leaning::{Answer, Deck, Interview, Options, StopRule, Strategy};

/// Twelve prompts of four candidates over three dimensions.
fn deck(choose: usize) -> Deck {
    let mut draw = Dice(7);
    let prompts: Vec<_> = (0..12)
        .map(|i| {
            let candidates: Vec<_> = (0..4)
                .map(|k| serde_json::json!({ "id": format!("c{k}"), "text": "", "scores": draw.normals(3) }))
                .collect();
            serde_json::json!({ "id": format!("p{i}"), "text": "", "candidates": candidates })
        })
        .collect();
    let deck = serde_json::json!({
        "format": "leaning-deck/1", "id": "deck", "choose": choose, "prompts": prompts,
        "dimensions": [{ "id": "a" }, { "id": "b" }, { "id": "c" }]
    });
    Deck::from_json(&deck.to_string()).unwrap()
}

/// The settings that make a difference to what is worked out.
fn settings() -> Vec<(usize, Options)> {
    let stop = |regret, gain| StopRule {
        questions: 9,
        regret,
        gain,
    };
    let with = |strategy, stop| Options {
        strategy,
        stop,
        seed: Some(5),
        ..Options::default()
    };
    vec![
        (2, with(Strategy::InformationGain, stop(None, None))),
        (2, with(Strategy::InformationGain, stop(Some(0.15), None))),
        (2, with(Strategy::Decision, stop(None, Some(0.2)))),
        (2, with(Strategy::Thompson, stop(None, None))),
        (2, with(Strategy::Random, stop(None, None))),
        (3, with(Strategy::InformationGain, stop(None, None))),
        (
            2,
            Options {
                half_life: Some(3.0),
                ..with(Strategy::InformationGain, stop(None, None))
            },
        ),
    ]
}

/// Everything that can be seen of an interview.
fn seen(interview: &mut Interview) -> impl PartialEq + std::fmt::Debug + use<> {
    let question = interview.next().map(sides);
    let status = format!("{:?}", interview.status());
    // The ids are random.
    let said: Vec<_> = interview
        .log()
        .live()
        .map(|record| record.entry.clone())
        .collect();
    (question, status, bits(interview.belief()), said)
}

#[test]
fn an_interview_that_works_ahead_asks_believes_and_ends_as_one_that_does_not() {
    for (choose, options) in settings() {
        let start = || Interview::start(deck(choose), options.clone()).unwrap();
        let (mut ahead, mut plain) = (start(), start());
        let mut draw = Dice(3);
        for step in 0..25 {
            assert_eq!(
                seen(&mut ahead),
                seen(&mut plain),
                "{options:?}, step {step}"
            );
            // Now and then only some of it is done.
            let pieces = if step % 3 == 0 {
                (draw.uniform() * 8.0) as usize
            } else {
                usize::MAX
            };
            let mut done = 0;
            while done < pieces && ahead.prepare() {
                done += 1;
            }
            assert_eq!(
                seen(&mut ahead),
                seen(&mut plain),
                "{options:?}, prepared in step {step}"
            );
            let Some(question) = plain.next() else { break };
            let answer = match (draw.uniform() * 8.0) as usize {
                0 if question.offered.tie => Answer::Tie,
                1 => Answer::Neither,
                2 => Answer::Skip,
                place => Answer::Chose(place % question.shown.len()),
            };
            for interview in [&mut ahead, &mut plain] {
                interview.answer(answer).unwrap();
                if step == 4 || step == 9 {
                    assert!(interview.undo().unwrap());
                }
            }
        }
    }
}

#[test]
fn what_is_foreseen_is_what_is_asked() {
    for (choose, options) in settings() {
        let mut interview = Interview::start(deck(choose), options.clone()).unwrap();
        assert_eq!(interview.foresee(Answer::Chose(0)), None, "nothing is open");
        let mut foreseen = 0;
        for step in 0..25 {
            let Some(question) = interview.next().cloned() else {
                break;
            };
            assert_eq!(interview.foresee(Answer::Skip), None, "not yet prepared");
            while interview.prepare() {}
            assert_eq!(
                interview.foresee(Answer::Chose(question.shown.len())),
                None,
                "not on offer"
            );
            let answer = [Answer::Chose(1), Answer::Skip, Answer::Chose(0)][step % 3];
            let before = seen(&mut interview);
            let following = interview.foresee(answer).cloned();
            assert_eq!(seen(&mut interview), before, "looking changes nothing");
            foreseen += usize::from(following.is_some());
            interview.answer(answer).unwrap();
            assert_eq!(
                interview.next().cloned(),
                following,
                "{options:?}, step {step}"
            );
        }
        assert!(foreseen > 3, "{options:?}: {foreseen}");
    }
}

#[test]
fn there_is_an_end_to_working_ahead_and_it_is_done_once() {
    let (_, options) = settings().remove(0);
    let mut interview = Interview::start(deck(2), options).unwrap();
    interview.next();
    let pieces = (0..100).take_while(|_| interview.prepare()).count();
    // Draws in three pieces, expected regret, and two choices, a tie, neither and a skip.
    assert_eq!(pieces, 9);
    assert!(!interview.prepare());
}

#[test]
fn draws_made_ahead_are_those_made_at_once_and_those_of_the_last_answer() {
    let (_, options) = settings().remove(0);
    let start = || Interview::start(deck(3), options.clone()).unwrap();
    let (mut ahead, mut plain) = (start(), start());
    for step in 0..6 {
        for interview in [&mut ahead, &mut plain] {
            interview.next();
        }
        // To the end, not at all, and broken off in the middle: by the next answer, or by whoever needs them all.
        for _ in 0..[3, 0, 1, 2][step % 4] {
            assert!(ahead.prepare());
        }
        if step != 2 {
            assert!(
                ahead.posterior().draws().eq(plain.posterior().draws()),
                "step {step}"
            );
        }
        for interview in [&mut ahead, &mut plain] {
            interview.answer(Answer::Chose(step % 2)).unwrap();
        }
    }
    while ahead.prepare() {}
    assert!(ahead.posterior().draws().eq(plain.posterior().draws()));
}

#[test]
fn what_was_worked_out_for_one_question_is_not_taken_for_another() {
    let (_, options) = settings().remove(0);
    let start = || Interview::start(deck(2), options.clone()).unwrap();
    let (mut ahead, mut plain) = (start(), start());
    let first = ahead.next().unwrap().clone();
    plain.next();
    for interview in [&mut ahead, &mut plain] {
        interview.answer(Answer::Chose(0)).unwrap();
        interview.next();
    }
    while ahead.prepare() {}
    // Once more an answer to the first question, as from a page that was open twice.
    for interview in [&mut ahead, &mut plain] {
        interview.answer_to(&first, Answer::Chose(1)).unwrap();
    }
    assert_eq!(seen(&mut ahead), seen(&mut plain));
}

#[test]
fn other_options_take_over_what_was_said_and_leave_the_rest() {
    let (_, options) = settings().remove(0);
    let mut interview = Interview::start(deck(2), options.clone()).unwrap();
    for place in [0, 1, 0] {
        interview.next();
        interview.answer(Answer::Chose(place)).unwrap();
    }
    let mut opened =
        Interview::open(deck(2), interview.log().clone(), settings().remove(4).1).unwrap();
    interview.next();
    while interview.prepare() {}
    interview.configure(settings().remove(4).1).unwrap();
    assert_eq!(seen(&mut interview), seen(&mut opened));
    let before = seen(&mut interview);
    assert!(
        interview
            .configure(Options {
                choose: Some(7),
                ..options
            })
            .is_err()
    );
    assert_eq!(seen(&mut interview), before, "nothing has changed");
}
