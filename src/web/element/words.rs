//! What the elements say, in one place.

use alloc::borrow::ToOwned;
use alloc::string::String;

/// Above the candidates.
pub const ASK: &str = "Which answer would you rather get?";
/// Undoes the last answer.
pub const UNDO: &str = "Undo";
/// Says that the two are equally good.
pub const TIE: &str = "About the same";
/// Asks for another question.
pub const SKIP: &str = "Skip";
/// Names the picture, while the questions go on.
pub const SO_FAR: &str = "What your answers say so far";
/// Above the picture at the end.
pub const DONE: &str = "How you lean";
/// Below the picture at the end.
pub const KEPT: &str = "Your answers are kept on this device and nowhere else.";
/// The same where there is no storage, by the page's choice or the browser's.
pub const NOT_KEPT: &str = "Your answers are kept in this page alone, and gone when you leave it.";

/// How far it has come.
#[derive(Clone, Copy)]
pub struct Progress {
    /// Questions answered.
    pub answered: usize,
    /// Questions to come, the open one included.
    pub remaining: usize,
    /// That many, by an estimate.
    pub about: bool,
}

/// Over the prompt.
pub fn progress(so_far: Progress) -> String {
    let question = so_far.answered + 1;
    match so_far.remaining.saturating_sub(1) {
        more if !so_far.about => text!["Question ", question, " of ", question + more],
        0 => text!["Question ", question, ", perhaps the last"],
        more => text!["Question ", question, ", about ", more, " more"],
    }
}

/// Says that none of so many is wanted.
pub fn neither(shown: usize) -> &'static str {
    if shown == 2 { "Neither" } else { "None of these" }
}

/// The keys, for those who have some.
pub fn keys(shown: usize, tie: bool) -> String {
    let and = if shown == 2 { " and " } else { " to " };
    text!["Keys: 1", and, shown, " choose, ", if tie { "0 about the same, " } else { "" }, "arrows move, U undoes."]
}

/// On the button below a candidate.
pub fn choose(place: usize) -> String {
    text!["Choose answer ", place]
}

/// The heading of a candidate, for those who do not see where it stands.
pub fn answer(place: usize) -> String {
    text!["Answer ", place]
}

/// Said to those who do not see the picture, after an answer.
pub fn answered(so_far: Progress, undone: bool) -> String {
    let what = if undone { "Taken back." } else { "Noted." };
    text![what, " ", progress(so_far), "."]
}

/// How sure the words about one dimension are.
pub fn sure(share: f64) -> String {
    // Rounded down, so that it never says 100%.
    text![(share * 100.0) as usize, "% sure"]
}

/// At the end.
pub fn rests_on(answers: usize) -> String {
    if answers == 1 { "From 1 answer".to_owned() } else { text!["From ", answers, " answers"] }
}
