//! One input for each format that the library reads: whatever the bytes are, they are read and used, or refused
//! in one line. `cargo xtask fuzz` makes inputs up; `cargo test` reads those in `fuzz/seeds`.

#![allow(dead_code, reason = "each fuzz target uses one of the functions")]

use leaning::{Answer, Candidate, Deck, Error, Interview, Log, Options, RankOptions};

/// Two dimensions, one of them curved, a mixture prior and ties.
pub const DECK: &str = r#"{"format":"leaning-deck/1","id":"fuzz","version":"1",
"dimensions":[{"id":"brevity"},{"id":"warmth","curved":true}],
"prior":{"components":[{"weight":1,"mean":[0.5,0],"covariance":[[1,0],[0,1]]},{"weight":2,"mean":[-0.5,1],"covariance":[[2,0.1],[0.1,1]]}]},
"prompts":[{"id":"p1","candidates":[{"id":"a","scores":[1,0]},{"id":"b","scores":[0,1]},{"id":"c","scores":[-1,0.5]}]},
{"id":"p2","candidates":[{"id":"a","scores":[0.5,-1]},{"id":"b","scores":[-0.5,0.25]}]}]}"#;

/// Work grows with these, and an input of a few kilobytes need not take seconds.
const MOST_DIMENSIONS: usize = 8;
const MOST_CANDIDATES: usize = 40;
const MOST_ENTRIES: usize = 30;

/// A deck, and a short interview about it.
pub fn deck(bytes: &[u8]) {
    let Some(deck) = text(bytes).and_then(|text| accepted(Deck::from_json(text))) else {
        return;
    };
    let candidates = deck.prompts().iter().map(|prompt| prompt.candidates.len());
    if deck.dimensions().len() <= MOST_DIMENSIONS && candidates.sum::<usize>() <= MOST_CANDIDATES {
        let log = Log::new(&deck);
        interview(deck, log);
    }
}

/// A log about a small deck. Its text reads back as the same entries.
pub fn log(bytes: &[u8]) {
    let deck = small_deck();
    let Some(log) = text(bytes).and_then(|text| accepted(Log::from_json(text, &deck))) else {
        return;
    };
    let again = Log::from_json(&log.to_json(), &deck).expect("a log that was written can be read");
    assert_eq!(again.entries(), log.entries());
    if log.entries().len() <= MOST_ENTRIES {
        interview(deck, log);
    }
}

/// A list of candidates, which is ranked, compared and observed.
pub fn candidates(bytes: &[u8]) {
    let Some(list) = text(bytes).and_then(|text| accepted(Candidate::list_from_json(text, 2)))
    else {
        return;
    };
    if list.len() > MOST_CANDIDATES {
        return;
    }
    let deck = small_deck();
    let mut interview = Interview::start(deck, options()).expect("the small deck is valid");
    if let Some(ranked) = accepted(interview.rank(&list, RankOptions::default())) {
        assert_eq!(ranked.len(), list.len());
        assert!(ranked.iter().all(|one| one.reward.is_finite()));
    }
    accepted(interview.compare(&list));
    for answer in [Answer::Chose(0), Answer::Tie, Answer::Neither] {
        let before = interview.log().entries().len();
        let taken = accepted(interview.observe(&list, answer)).is_some();
        assert_eq!(interview.log().entries().len(), before + usize::from(taken));
    }
    use_up(&mut interview);
}

fn small_deck() -> Deck {
    Deck::from_json(DECK).expect("the small deck is valid")
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn options() -> Options {
    Options {
        seed: Some(1),
        ..Options::default()
    }
}

fn interview(deck: Deck, log: Log) {
    if let Some(mut interview) = accepted(Interview::open(deck, log, options())) {
        use_up(&mut interview);
    }
}

/// Asks, answers and reports. An interview with extreme numbers may fail, but only by an error.
fn use_up(interview: &mut Interview) {
    for place in 0..3 {
        let Some(Some(question)) = accepted(
            interview
                .question()
                .map(Option::<&leaning::question::Question>::cloned),
        ) else {
            break;
        };
        let first = Answer::Chose(place % question.candidates.len());
        if accepted(interview.answer(first)).is_none() {
            accepted(interview.answer(Answer::Skip));
        }
    }
    accepted(interview.status());
    if let Some(profile) = accepted(interview.profile()) {
        assert!(
            profile
                .dimensions
                .iter()
                .all(|one| one.mean.is_finite() && one.sd.is_finite())
        );
    }
    accepted(interview.entry_reports(usize::MAX));
    accepted(interview.archetype());
    accepted(interview.expected_regret());
    while interview.undo() {}
    accepted(interview.question());
}

/// The value, unless it was refused. The message has one line.
fn accepted<T>(result: Result<T, Error>) -> Option<T> {
    result
        .inspect_err(|error| {
            let message = error.to_string();
            assert!(
                !message.contains(['\n', '\r', '\u{2028}', '\u{2029}']),
                "{message:?}"
            );
        })
        .ok()
}
