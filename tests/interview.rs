//! Answers are stored first and inferred from later, and reading an interview never changes it.

use crate::common::{Pcg, ask, bits, drafts, gaussian, laplace, rule, sorted_names};
use leaning::model::{DeckBuilder, EntryKind};
use leaning::{
    Answer, Deck, DeckCandidate, Dimension, Interview, Options, Question, StopReason, StopRule,
};

/// Twelve prompts of four candidates in three dimensions.
fn deck(candidates_per_question: usize) -> Deck {
    let mut random = Pcg::new(7);
    let dimensions = ["a", "b", "c"].map(Dimension::new);
    let builder = dimensions
        .into_iter()
        .fold(Deck::builder("deck"), DeckBuilder::dimension);
    (0..12)
        .fold(builder, |builder, i| {
            let candidates: Vec<DeckCandidate> = (0..4)
                .map(|k| DeckCandidate::new(format!("c{k}"), random.normals(3)))
                .collect();
            builder.prompt(format!("p{i}"), candidates)
        })
        .candidates_per_question(candidates_per_question)
        .build()
        .unwrap()
}

/// Settings that decide what is computed, each with a number of candidates per question.
fn settings() -> Vec<(usize, Options)> {
    let with = |name, regret, gain| Options {
        strategy: rule(name),
        stop: StopRule {
            questions: 9,
            regret,
            gain,
        },
        seed: Some(5),
        ..Options::default()
    };
    let forgetting = Options {
        half_life: Some(3.0),
        ..with("information-gain", None, None)
    };
    vec![
        (2, with("information-gain", None, None)),
        (2, with("information-gain", Some(0.15), None)),
        (2, with("decision", None, Some(0.2))),
        (2, with("thompson", None, None)),
        (2, with("random", None, None)),
        (3, with("information-gain", None, None)),
        (2, forgetting),
    ]
}

/// The visible state of an interview. Ids in the log are left out: they are random.
#[derive(Debug, PartialEq)]
struct View {
    question: Option<Question>,
    stop_reason: Option<StopReason>,
    counts: (usize, usize),
    bits: Vec<u64>,
    entries: Vec<EntryKind>,
}

fn view(interview: &mut Interview) -> View {
    View {
        question: ask(interview),
        stop_reason: interview.stop_reason().unwrap(),
        counts: interview.counts(),
        bits: bits(laplace(interview)),
        entries: interview
            .log()
            .live()
            .map(|entry| entry.kind.clone())
            .collect(),
    }
}

/// Reads everything that takes work.
fn read_all(interview: &Interview) {
    let (asked, answered) = interview.counts();
    let status = interview.status().unwrap();
    assert_eq!((status.asked, status.answered), (asked, answered));
    interview.posterior_samples().unwrap();
    interview.expected_regret().unwrap();
    interview.profile().unwrap();
    interview.alternatives(3).unwrap();
    interview.entry_reports(2).unwrap();
    interview.what_if("b", None).unwrap();
}

#[test]
fn an_interview_that_is_read_all_the_time_goes_as_one_that_is_not() {
    for (candidates_per_question, options) in settings() {
        let start = || Interview::start(deck(candidates_per_question), options.clone()).unwrap();
        let (mut read, mut plain) = (start(), start());
        let mut random = Pcg::new(3);
        for step in 0..25 {
            read_all(&read);
            let question = ask(&mut plain);
            assert_eq!(ask(&mut read), question, "{options:?}, step {step}");
            read_all(&read);
            let Some(question) = question else { break };
            let answer = match random.below(8) {
                0 if question.offered.tie => Answer::Tie,
                1 => Answer::Neither,
                2 => Answer::Skip,
                place => Answer::Chose(place % question.candidates.len()),
            };
            for interview in [&mut read, &mut plain] {
                interview.answer(answer).unwrap();
                if step == 4 || step == 9 {
                    assert!(interview.undo());
                }
            }
        }
        assert_eq!(view(&mut read), view(&mut plain), "{options:?}");
        assert_eq!(
            plain.stop_reason().unwrap().is_some(),
            plain.question().unwrap().is_none()
        );
    }
}

#[test]
fn an_answer_is_kept_even_if_nothing_can_be_inferred_from_it() {
    // The variance of this reward difference is no double.
    let candidates = [
        DeckCandidate::new("a", [5e99]),
        DeckCandidate::new("b", [-5e98]),
    ];
    let deck = Deck::builder("extreme")
        .dimension(Dimension::new("a"))
        .prompt("p", candidates)
        .prior(gaussian([0.0], [[1e200]]))
        .build()
        .unwrap();
    let mut interview = Interview::start(deck, Options::default()).unwrap();
    let before = bits(laplace(&interview));
    ask(&mut interview).unwrap();
    interview.answer(Answer::Chose(1)).unwrap();
    assert_eq!(interview.counts(), (1, 1));
    let error = interview.laplace_approximation().unwrap_err();
    assert_eq!(error.code(), "not-converged");
    assert_eq!(interview.question().unwrap_err(), error);
    assert_eq!(interview.status().unwrap_err(), error);
    assert_eq!(interview.log().entries().len(), 1);
    assert!(interview.undo());
    assert_eq!(bits(laplace(&interview)), before);
    // A choice made elsewhere is refused as a whole: its page can tell the person at once.
    let extreme = [[1e100], [-1e100]];
    let refused = interview.observe(&drafts(&extreme), Answer::Chose(0));
    assert_eq!(refused.unwrap_err().code(), "candidates");
    assert_eq!(interview.log().live().count(), 0);
}

#[test]
fn answers_about_candidates_that_the_deck_does_not_have_are_told_apart() {
    let mut interview = Interview::start(deck(2), Options::default()).unwrap();
    let counts = |interview: &Interview| {
        let status = interview.status().unwrap();
        (status.asked, status.answered, status.observed)
    };
    ask(&mut interview).unwrap();
    interview.answer(Answer::Chose(0)).unwrap();
    assert_eq!(counts(&interview), (1, 1, 0));
    let elsewhere = drafts(&[[1.0, 0.0, 0.5], [0.0, 1.0, -0.5]]);
    interview.observe(&elsewhere, Answer::Chose(1)).unwrap();
    interview.observe(&elsewhere, Answer::Skip).unwrap();
    assert_eq!(counts(&interview), (3, 2, 1));
    assert!(interview.undo() && interview.undo());
    assert_eq!(counts(&interview), (1, 1, 0));
}

#[test]
fn samples_are_drawn_once_and_again_after_the_next_answer() {
    let (_, options) = settings().remove(0);
    let mut interview = Interview::start(deck(2), options).unwrap();
    for step in 0..6 {
        ask(&mut interview);
        let samples = interview.posterior_samples().unwrap();
        assert!(std::ptr::eq(
            samples,
            interview.posterior_samples().unwrap()
        ));
        let again = leaning::PosteriorSamples::draw(laplace(&interview));
        assert_eq!(samples.weights(), again.weights(), "step {step}");
        interview.answer(Answer::Chose(step % 2)).unwrap();
    }
}

#[test]
fn an_answer_to_an_earlier_question_counts_and_leaves_the_open_one_as_on_a_page_that_is_open_twice()
{
    let (_, options) = settings().remove(0);
    let mut interview = Interview::start(deck(2), options).unwrap();
    let first = ask(&mut interview).unwrap();
    interview.answer(Answer::Chose(0)).unwrap();
    let second = ask(&mut interview).unwrap();
    assert_ne!(first.names(), second.names());
    interview.answer_to(&first, Answer::Chose(1)).unwrap();
    assert_eq!(interview.counts(), (2, 2));
    let third = ask(&mut interview).unwrap();
    assert_ne!(third.names(), first.names());
    // The second question was never answered, so it may still be asked.
    let options = Options {
        stop: StopRule {
            questions: 1000,
            ..StopRule::default()
        },
        ..interview.options().clone()
    };
    interview.configure(options).unwrap();
    let mut names = Vec::new();
    while let Some(question) = ask(&mut interview) {
        names.push(sorted_names(&question));
        interview.answer(Answer::Chose(0)).unwrap();
    }
    assert!(names.contains(&sorted_names(&second)));
    assert!(!names.contains(&sorted_names(&first)));
}

#[test]
fn other_options_keep_the_log_and_refused_ones_change_nothing() {
    let (_, options) = settings().remove(0);
    let (_, others) = settings().remove(4);
    let mut interview = Interview::start(deck(2), options.clone()).unwrap();
    for place in [0, 1, 0] {
        ask(&mut interview);
        interview.answer(Answer::Chose(place)).unwrap();
    }
    let mut opened = Interview::open(deck(2), interview.log().clone(), others.clone()).unwrap();
    ask(&mut interview);
    interview.configure(others).unwrap();
    assert_eq!(view(&mut interview), view(&mut opened));
    let before = view(&mut interview);
    let refused = Options {
        candidates_per_question: Some(7),
        ..options
    };
    assert_eq!(interview.configure(refused).unwrap_err().code(), "options");
    assert_eq!(view(&mut interview), before);
}
