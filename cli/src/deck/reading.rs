//! How much there is to read in a deck.

use leaning::Deck;
use leaning::question::WordCounts;
use serde_json::{Map, Value};

/// Silent reading of English non-fiction, in words per minute (Brysbaert, 2019).
const WORDS_PER_MINUTE: f64 = 238.0;
/// A look at a picture takes about as long as reading this many words.
const WORDS_OF_IMAGE: f64 = 5.0;
/// Questions of an interview whose reading time is told.
pub const QUESTIONS: usize = 10;

/// The words of a deck's texts and pictures.
#[derive(Debug)]
pub struct Reading {
    /// By prompt, of the prompt itself.
    prompts: Vec<f64>,
    /// By prompt and candidate.
    candidates: Vec<Vec<f64>>,
    shown: usize,
}

impl Reading {
    /// Counts the words of a deck. `fields` are those of its file, which has the pictures.
    pub fn of(deck: &Deck, fields: &Map<String, Value>) -> Self {
        let image = |item: &Value| f64::from(u8::from(item["image"].is_object())) * WORDS_OF_IMAGE;
        let files = &fields.get("prompts").unwrap_or(&Value::Null);
        let prompts = deck.prompts().iter().enumerate();
        let candidates = prompts.clone().map(|(place, prompt)| {
            let candidates = prompt.candidates.iter().enumerate();
            let words = candidates.map(|(k, candidate)| {
                words(&candidate.text) + image(&files[place]["candidates"][k])
            });
            words.collect()
        });
        Reading {
            candidates: candidates.collect(),
            prompts: prompts
                .map(|(place, prompt)| words(&prompt.text) + image(&files[place]))
                .collect(),
            shown: deck.candidates_per_question(),
        }
    }

    /// The mean over all candidates.
    pub fn words_per_candidate(&self) -> f64 {
        mean(self.candidates.iter().flatten().copied())
    }

    /// The mean over prompts of the prompt and as many of its candidates as a question shows.
    pub fn words_per_question(&self) -> f64 {
        let questions = self.prompts.iter().zip(&self.candidates);
        mean(
            questions
                .filter(|(_, all)| !all.is_empty())
                .map(|(prompt, all)| {
                    let shown = self.shown.min(all.len());
                    prompt + shown as f64 * mean(all.iter().copied())
                }),
        )
    }

    /// The minutes that ten questions take to read.
    pub fn minutes(&self) -> f64 {
        QUESTIONS as f64 * self.words_per_question() / WORDS_PER_MINUTE
    }

    /// For questions by what they tell per word.
    pub fn word_counts(self) -> WordCounts {
        WordCounts::new(self.candidates)
    }
}

/// Words between white space. Chinese and Japanese have none: there a word is two characters.
pub fn words(text: &str) -> f64 {
    let is_dense = |c: &char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
    let count = |token: &str| match token.chars().filter(is_dense).count() {
        0 => 1.0,
        dense => (dense as f64 / 2.0).ceil(),
    };
    // A dash or a bullet on its own is not read.
    let is_read = |token: &&str| token.chars().any(char::is_alphanumeric);
    text.split_whitespace().filter(is_read).map(count).sum()
}

fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = numbers.fold((0.0, 0.0), |(count, sum), number| {
        (count + 1.0, sum + number)
    });
    if count > 0.0 { sum / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_are_counted_as_they_are_read() {
        let rows = [
            ("", 0.0),
            ("- Two  words.\n— ", 2.0),
            ("don't 3", 2.0),
            ("我喜欢茶。", 2.0),
            ("カフェ", 2.0),
        ];
        for (text, expected) in rows {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_question_is_the_prompt_and_the_candidates_shown_and_a_picture_five_words() {
        let deck = json!({
            "format": "leaning-deck/1", "id": "x", "dimensions": [{ "id": "d" }],
            "prompts": [
                { "id": "p", "text": "Which of these?", "candidates": [
                    { "id": "a", "text": "One two three four", "scores": [0] },
                    { "id": "b", "scores": [1], "image": { "src": "a.svg", "alt": "A", "width": 1, "height": 1 } },
                ] },
                { "id": "q", "candidates": [] },
            ]
        });
        let fields = deck.as_object().unwrap();
        let reading = Reading::of(&Deck::read(&deck).unwrap(), fields);
        assert_eq!(reading.words_per_candidate(), 4.5);
        assert_eq!(reading.words_per_question(), 12.0);
        assert!((reading.minutes() - 120.0 / 238.0).abs() < 1e-12);
        let counts = reading.word_counts();
        assert_eq!(counts.of_question(0, &[0, 1]), 9.0);
    }
}
