//! The words of a language, ready for looking up.

use crate::class::Classes;
use crate::language::{Language, entries};
use std::collections::HashMap;

/// Longer words, in bytes, belong to no class: they are no words of a language.
const LONGEST_WORD: usize = 32;

/// A language's lists, ready for measuring texts.
#[derive(Debug)]
pub struct Lexicon {
    words: HashMap<&'static str, Classes>,
    /// The phrases that end with a word.
    phrases: HashMap<&'static str, Vec<Phrase>>,
    contraction_endings: Vec<&'static str>,
    adverb_endings: Vec<&'static str>,
    noun_endings: Vec<&'static str>,
    abstract_endings: Vec<&'static str>,
}

#[derive(Debug)]
struct Phrase {
    words: Vec<&'static str>,
    classes: Classes,
}

impl Lexicon {
    /// The lexicon of a language. Make it once and measure many texts with it.
    pub fn new(language: &Language) -> Self {
        let mut lexicon = Lexicon {
            words: HashMap::new(),
            phrases: HashMap::new(),
            contraction_endings: entries(language.contraction_endings).collect(),
            adverb_endings: entries(language.adverb_endings).collect(),
            noun_endings: entries(language.noun_endings).collect(),
            abstract_endings: entries(language.abstract_endings).collect(),
        };
        let lists = [
            (language.abbreviations, Classes::ABBREVIATION),
            (language.address, Classes::ADDRESS | Classes::PRONOUN),
            (
                language.self_mention,
                Classes::SELF_MENTION | Classes::PRONOUN,
            ),
            (language.pronouns, Classes::PRONOUN),
            (language.articles, Classes::ARTICLE),
            (language.prepositions, Classes::PREPOSITION),
            (language.verbs, Classes::VERB),
            (language.adverbs, Classes::ADVERB),
            (language.interjections, Classes::INTERJECTION),
            (language.hedges, Classes::HEDGE),
            (language.boosters, Classes::BOOSTER),
            (language.warm, Classes::WARM),
            (language.imperatives, Classes::IMPERATIVE),
            (language.obligations, Classes::OBLIGATION),
            (language.things, Classes::THING),
            (language.examples, Classes::EXAMPLE),
            (language.reasons, Classes::REASON),
            (language.before_contracted_s, Classes::BEFORE_CONTRACTED_S),
            (language.spelled_out, Classes::SPELLED_OUT),
        ];
        for (list, classes) in lists {
            for entry in entries(list) {
                lexicon.add(entry, classes);
            }
        }
        lexicon
    }

    /// Adds a word, or a phrase whose words are joined by `_`.
    fn add(&mut self, entry: &'static str, classes: Classes) {
        match entry.rsplit_once('_') {
            None => *self.words.entry(entry).or_insert(Classes::empty()) |= classes,
            Some((_, last)) => {
                let phrase = Phrase {
                    words: entry.split('_').collect(),
                    classes,
                };
                self.phrases.entry(last).or_default().push(phrase);
            }
        }
    }

    /// The classes of the last of these words: its own, and those of the phrases that end with it.
    ///
    /// `words` are the words of a sentence up to that one, each as [`lower_case`] gives it.
    pub(crate) fn classes(&self, words: &[String]) -> Classes {
        let Some(last) = words.last() else {
            return Classes::empty();
        };
        let phrases = self.phrases.get(last.as_str()).into_iter().flatten();
        phrases
            .filter(|phrase| ends_with(words, &phrase.words))
            .fold(self.word(last), |classes, phrase| classes | phrase.classes)
    }

    fn word(&self, word: &str) -> Classes {
        // The lists and endings are ASCII.
        if word.len() > LONGEST_WORD || !word.is_ascii() {
            return Classes::empty();
        }
        let mut classes = self.listed(word);
        if let Some(stem) = self.contracted(word) {
            classes |= self.listed(stem) | Classes::CONTRACTION;
        }
        let has_ending = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
        if word.len() >= 5 && has_ending(&self.adverb_endings) {
            classes |= Classes::ADVERB;
        }
        if word.len() >= 7 && has_ending(&self.noun_endings) {
            classes |= Classes::NOMINAL;
        }
        if word.len() >= 7 && has_ending(&self.abstract_endings) {
            classes |= Classes::NOMINAL | Classes::ABSTRACT;
        }
        classes
    }

    fn listed(&self, word: &str) -> Classes {
        self.words.get(word).copied().unwrap_or(Classes::empty())
    }

    /// The word to which a contraction joins another: *do* in *don't*. `None` for other words.
    fn contracted<'w>(&self, word: &'w str) -> Option<&'w str> {
        let takes_s = |stem: &&str| self.listed(stem).contains(Classes::BEFORE_CONTRACTED_S);
        let before_s = word.strip_suffix("'s").filter(takes_s);
        let mut endings = self.contraction_endings.iter();
        let stem = before_s.or_else(|| endings.find_map(|ending| word.strip_suffix(ending)));
        stem.filter(|stem| !stem.is_empty())
    }
}

/// A word as [`Lexicon::classes`] looks it up: in lower case, with straight apostrophes.
pub(crate) fn lower_case(word: &str) -> String {
    // `to_lowercase` would make ASCII of letters that are not, such as the sign of the kelvin.
    word.replace('’', "'").to_ascii_lowercase()
}

fn ends_with(words: &[String], phrase: &[&str]) -> bool {
    words.len() >= phrase.len() && words[words.len() - phrase.len()..] == *phrase
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ENGLISH, LANGUAGES};

    fn classes(words: &str) -> Classes {
        let words: Vec<String> = words.split(' ').map(lower_case).collect();
        Lexicon::new(&ENGLISH).classes(&words)
    }

    #[test]
    fn a_word_has_the_classes_of_all_its_lists() {
        assert_eq!(classes("yours"), Classes::ADDRESS | Classes::PRONOUN);
        assert_eq!(classes("Well"), Classes::ADVERB | Classes::INTERJECTION);
        assert_eq!(classes("zebra"), Classes::empty());
    }

    #[test]
    fn a_contraction_has_the_classes_of_its_stem() {
        let everybody = Classes::PRONOUN | Classes::BEFORE_CONTRACTED_S;
        assert_eq!(classes("everybody’s"), everybody | Classes::CONTRACTION);
        assert_eq!(
            classes("shouldn't"),
            classes("should") | Classes::CONTRACTION
        );
        assert_eq!(classes("john's"), Classes::empty());
        assert_eq!(classes("'ll"), Classes::empty());
    }

    #[test]
    fn endings_count_in_words_that_are_long_enough() {
        assert_eq!(classes("kindness"), Classes::NOMINAL | Classes::ABSTRACT);
        assert_eq!(classes("payment"), Classes::NOMINAL);
        assert_eq!(classes("lotion"), Classes::empty());
        assert_eq!(classes("sadly"), Classes::ADVERB);
        assert_eq!(classes("ugly"), Classes::empty());
    }

    #[test]
    fn a_word_with_other_than_ascii_letters_or_of_more_than_32_has_no_class() {
        assert_eq!(classes("coöperation"), Classes::empty());
        assert_eq!(classes("i\u{212a}e"), Classes::empty());
        assert!(!classes(&format!("{}tion", "a".repeat(28))).is_empty());
        assert!(classes(&format!("{}tion", "a".repeat(29))).is_empty());
    }

    #[test]
    fn a_phrase_counts_at_its_last_word() {
        assert_eq!(classes("this is for example"), Classes::EXAMPLE);
        assert_eq!(classes("for"), Classes::PREPOSITION);
        assert_eq!(classes("example"), Classes::empty());
        assert_eq!(classes("for an example"), Classes::empty());
    }

    #[test]
    fn every_entry_can_be_found() {
        for language in LANGUAGES {
            let lexicon = Lexicon::new(language);
            let phrases = lexicon.phrases.values().flatten();
            let in_phrases = phrases.flat_map(|phrase| phrase.words.iter().copied());
            for word in lexicon.words.keys().copied().chain(in_phrases) {
                assert!(!word.is_empty() && word.len() <= LONGEST_WORD, "{word:?}");
                assert!(word.is_ascii() && lower_case(word) == word, "{word:?}");
            }
        }
    }
}
