//! How much there is to read in a deck.

use leaning::question::{WordCounts, pairs};
use leaning::{AnswerKind, Deck};
use serde_json::{Map, Value};

/// Silent reading of English non-fiction, in words per minute (Brysbaert, 2019).
const WORDS_PER_MINUTE: f64 = 238.0;
/// A look at a picture takes about as long as reading this many words.
const WORDS_OF_IMAGE: f64 = 5.0;
/// Most questions of an interview whose reading time is told.
const QUESTIONS: usize = 10;

/// The words of a deck's texts and pictures.
#[derive(Debug)]
pub struct Reading {
    /// By prompt, of the prompt itself.
    prompts: Vec<f64>,
    /// By prompt and candidate.
    candidates: Vec<Vec<f64>>,
    shown: usize,
    questions: usize,
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
            questions: questions(deck).min(QUESTIONS),
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

    /// Ten, or as many questions as the deck has.
    pub fn questions(&self) -> usize {
        self.questions
    }

    /// The minutes that these questions take to read.
    pub fn minutes(&self) -> f64 {
        self.questions as f64 * self.words_per_question() / WORDS_PER_MINUTE
    }

    /// For questions by what they tell per word.
    pub fn word_counts(self) -> WordCounts {
        WordCounts::new(self.candidates)
    }
}

/// The number of questions of a deck: pairs that differ, sets of more candidates, or single ones.
fn questions(deck: &Deck) -> usize {
    let shown = match deck.answer_kind() {
        AnswerKind::Rating { .. } => 1,
        _ => deck.candidates_per_question(),
    };
    if shown == 2 {
        return pairs(deck).len();
    }
    let prompts = deck.prompts().iter();
    let sets = prompts.map(|prompt| sets(prompt.candidates.len(), shown));
    sets.fold(0, usize::saturating_add)
}

/// The number of sets of `size` among `count`.
fn sets(count: usize, size: usize) -> usize {
    // Each division leaves no rest.
    (0..size).fold(1, |sets: usize, k| {
        sets.saturating_mul(count.saturating_sub(k)) / (k + 1)
    })
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
    fn a_set_is_a_question() {
        assert_eq!(
            (sets(4, 1), sets(4, 3), sets(5, 4), sets(2, 3)),
            (4, 4, 5, 0)
        );
        assert!(sets(usize::MAX, 4) > QUESTIONS);
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
        // Of the two candidates one question can be made.
        assert_eq!(reading.questions(), 1);
        assert!((reading.minutes() - 12.0 / 238.0).abs() < 1e-12);
        let counts = reading.word_counts();
        assert_eq!(counts.of_question(0, &[0, 1]), 9.0);
    }
}
