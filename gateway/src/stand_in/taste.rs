//! The styles that a system message asks for, in words for the ends of the dimensions of the
//! site's deck, as in "Prefer brief over thorough".

use serde_json::Value;

/// The words for the low and the high end of each dimension of the site's deck.
pub const ENDS: [[&str; 2]; 6] = [
    ["thorough", "brief"],
    ["formal", "casual"],
    ["reserved", "warm"],
    ["cautious", "decided"],
    ["prose", "structured"],
    ["plain", "playful"],
];

/// A number for each of these dimensions. Negative is towards the low end.
pub type Leanings = [f64; ENDS.len()];

/// A word after one of these is what is not asked for.
const INSTEAD_OF: [&str; 4] = ["over", "than", "not", "less"];

/// A draft and its style.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its text.
    pub text: String,
    /// Its style.
    pub leanings: Leanings,
}

/// −1, 0 or 1 for each dimension: the ends that the system messages ask for.
pub fn asked_for(messages: &[Value]) -> Leanings {
    let of_system = |message: &&Value| message["role"] == "system";
    let texts = messages.iter().filter(of_system);
    let text: String = texts
        .filter_map(|message| message["content"].as_str())
        .map(|text| text.to_lowercase() + "\n")
        .collect();
    let words: Vec<&str> = text
        .split(|character: char| !character.is_alphabetic())
        .filter(|word| !word.is_empty())
        .collect();
    let asks = |end: &str| {
        let named = |place: usize| words[place] == end;
        let is_asked = |place: usize| place == 0 || !INSTEAD_OF.contains(&words[place - 1]);
        (0..words.len()).any(|place| named(place) && is_asked(place))
    };
    ENDS.map(|[low, high]| f64::from(asks(high)) - f64::from(asks(low)))
}

/// How much a draft is as asked for.
pub fn fit(draft: &Draft, asked_for: &Leanings) -> f64 {
    let both = draft.leanings.iter().zip(asked_for);
    both.map(|(leaning, asked)| leaning * asked).sum()
}

#[cfg(test)]
mod tests {
    use super::{ENDS, asked_for};
    use serde_json::{Value, json};

    fn system(text: &str) -> Vec<Value> {
        vec![json!({ "role": "system", "content": text })]
    }

    #[test]
    fn the_ends_are_those_of_the_sites_deck() {
        let deck = include_str!("../../../www/decks/assistant-style-en.json");
        let deck: Value = serde_json::from_str(deck).unwrap();
        let ends = deck["dimensions"].as_array().unwrap().iter();
        let ends: Vec<_> = ends.map(|one| [&one["low"], &one["high"]]).collect();
        assert_eq!(ends, ENDS);
    }

    #[test]
    fn a_system_message_asks_for_the_end_before_over() {
        let text =
            "Strongly prefer brief over thorough, plain over playful.\nPrefer warm over reserved.";
        assert_eq!(asked_for(&system(text)), [1.0, 0.0, 1.0, 0.0, 0.0, -1.0]);
        assert_eq!(asked_for(&system("Be formal, not casual!"))[1], -1.0);
        assert_eq!(asked_for(&system("You are helpful.")), [0.0; 6]);
        let by_person = [json!({ "role": "user", "content": "brief" })];
        assert_eq!(asked_for(&by_person), [0.0; 6]);
    }
}
