//! What the elements say, in one place.

use alloc::borrow::ToOwned;
use alloc::string::String;

/// Above the candidates.
pub const ASK: &str = "Which answer would you rather get?";
/// Undoes the last answer.
pub const UNDO: &str = "Undo";
/// Says that the two are equally good.
pub const TIE: &str = "About the same";
/// Says that none is wanted.
pub const NEITHER: &str = "Neither";
/// Asks for another question.
pub const SKIP: &str = "Skip";
/// Names the picture, while the questions go on.
pub const SO_FAR: &str = "What your answers say so far";
/// Above the picture at the end.
pub const DONE: &str = "How you lean";
/// Below the picture at the end.
pub const KEPT: &str = "Your answers are kept on this device and nowhere else.";
/// The same where the browser gives no storage.
pub const NOT_KEPT: &str = "Your answers are kept in this page alone: your browser gives it no storage.";
/// The keys, for those who have some.
pub const KEYS: &str = "Keys: 1 and 2 choose, 0 about the same, arrows move, U undoes.";

/// Over the prompt.
pub fn progress(question: usize, of: usize) -> String {
    text!["Question ", question, " of ", of]
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
pub fn answered(question: usize, of: usize, undone: bool) -> String {
    let what = if undone { "Taken back." } else { "Noted." };
    text![what, " ", progress(question, of), "."]
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
