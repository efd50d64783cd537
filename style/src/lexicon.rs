//! A language's words, to look up while reading.

use crate::language::Language;
use alloc::vec::Vec;

/// What a word or phrase is, one bit a class.
pub(crate) type Classes = u32;

pub(crate) const ABBREVIATION: Classes = 1;
pub(crate) const ADDRESS: Classes = 1 << 1;
pub(crate) const SELF_MENTION: Classes = 1 << 2;
pub(crate) const PRONOUN: Classes = 1 << 3;
pub(crate) const ARTICLE: Classes = 1 << 4;
pub(crate) const PREPOSITION: Classes = 1 << 5;
pub(crate) const VERB: Classes = 1 << 6;
pub(crate) const ADVERB: Classes = 1 << 7;
pub(crate) const INTERJECTION: Classes = 1 << 8;
pub(crate) const HEDGE: Classes = 1 << 9;
pub(crate) const BOOSTER: Classes = 1 << 10;
pub(crate) const WARM: Classes = 1 << 11;
pub(crate) const IMPERATIVE: Classes = 1 << 12;
pub(crate) const OBLIGATION: Classes = 1 << 13;
pub(crate) const THING: Classes = 1 << 14;
pub(crate) const EXAMPLE: Classes = 1 << 15;
pub(crate) const REASON: Classes = 1 << 16;
pub(crate) const BEFORE_S: Classes = 1 << 17;
pub(crate) const SPELLED_OUT: Classes = 1 << 18;
pub(crate) const NOMINAL: Classes = 1 << 19;
pub(crate) const NOTION: Classes = 1 << 20;
pub(crate) const CONTRACTION: Classes = 1 << 21;
/// A phrase ends with this word.
const LAST: Classes = 1 << 22;

/// The most words of a phrase.
pub(crate) const LONGEST_PHRASE: usize = 5;

/// Longer words, in bytes, are in no list.
pub(crate) const LONGEST_WORD: usize = 32;

/// A power of two, at least twice the entries.
const SLOTS: usize = 4096;

/// A language's lists, ready to measure texts with.
pub struct Lexicon {
    // Not the language: browsers would download the names of its dimensions with it.
    contractions: &'static str,
    noun_endings: &'static str,
    notion_endings: &'static str,
    adverb_endings: &'static str,
    /// Open addressing: an entry lies at the hash of its word or in the next free slot after it.
    slots: Vec<(&'static str, Classes)>,
}

impl Lexicon {
    /// The lexicon of a language. Takes some microseconds: make it once.
    pub fn new(language: &'static Language) -> Self {
        let mut lexicon = Lexicon {
            contractions: language.contractions,
            noun_endings: language.noun_endings,
            notion_endings: language.notion_endings,
            adverb_endings: language.adverb_endings,
            slots: vec![("", 0); SLOTS],
        };
        let lists = [
            (language.abbreviations, ABBREVIATION),
            (language.address, ADDRESS | PRONOUN),
            (language.self_mention, SELF_MENTION | PRONOUN),
            (language.pronouns, PRONOUN),
            (language.articles, ARTICLE),
            (language.prepositions, PREPOSITION),
            (language.verbs, VERB),
            (language.adverbs, ADVERB),
            (language.interjections, INTERJECTION),
            (language.hedges, HEDGE),
            (language.boosters, BOOSTER),
            (language.warm, WARM),
            (language.imperatives, IMPERATIVE),
            (language.obligations, OBLIGATION),
            (language.things, THING),
            (language.examples, EXAMPLE),
            (language.reasons, REASON),
            (language.before_s, BEFORE_S),
            (language.spelled_out, SPELLED_OUT),
        ];
        for (list, class) in lists {
            for entry in items(list) {
                lexicon.add(entry, class);
                if let Some((_, last)) = entry.rsplit_once('_') {
                    lexicon.add(last, LAST);
                }
            }
        }
        lexicon
    }

    fn add(&mut self, entry: &'static str, class: Classes) {
        let slot = self.slot(entry);
        let known = self.slots[slot].1;
        self.slots[slot] = (entry, known | class);
    }

    /// The place of an entry, or the free one where it would lie.
    fn slot(&self, entry: &str) -> usize {
        let mut slot = hash(entry) % SLOTS;
        while !self.slots[slot].0.is_empty() && self.slots[slot].0 != entry {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }

    fn look_up(&self, entry: &str) -> Classes {
        self.slots[self.slot(entry)].1
    }

    /// The classes of a word in lower case.
    pub(crate) fn word(&self, word: &str) -> Classes {
        let mut classes = self.look_up(word);
        if let Some(stem) = self.contracted(word) {
            classes |= self.look_up(stem) | CONTRACTION;
        }
        let ends = |list: &'static str| items(list).any(|ending| word.ends_with(ending));
        if word.len() >= 5 && ends(self.adverb_endings) {
            classes |= ADVERB;
        }
        if word.len() >= 7 && ends(self.noun_endings) {
            classes |= NOMINAL;
        }
        if word.len() >= 7 && ends(self.notion_endings) {
            classes |= NOMINAL | NOTION;
        }
        classes
    }

    /// What a contraction joins something to.
    fn contracted<'w>(&self, word: &'w str) -> Option<&'w str> {
        let stem = word.strip_suffix("'s").filter(|stem| self.look_up(stem) & BEFORE_S != 0);
        let ending = || items(self.contractions).find_map(|ending| word.strip_suffix(ending));
        stem.or_else(ending).filter(|stem| !stem.is_empty())
    }

    /// The classes of the phrases that end with the last of these words, which has these `classes`. `words` are the words
    /// of a sentence so far, joined by `_`, and `starts` the places at which its latest words begin, the last word first.
    pub(crate) fn phrases(&self, classes: Classes, words: &str, starts: &[usize]) -> Classes {
        if classes & LAST == 0 {
            return 0;
        }
        starts.iter().skip(1).fold(0, |found, &start| found | self.look_up(&words[start..]))
    }
}

fn items(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(' ').filter(|item| !item.is_empty())
}

/// FNV-1a.
fn hash(text: &str) -> usize {
    text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ENGLISH;

    #[test]
    fn words_are_found_in_all_their_lists_and_phrases_by_their_last_word() {
        let lexicon = Lexicon::new(&ENGLISH);
        assert_eq!(lexicon.word("yours"), ADDRESS | PRONOUN);
        assert_eq!(lexicon.word("zebra"), 0);
        assert_eq!(lexicon.word("everybody's"), PRONOUN | BEFORE_S | CONTRACTION);
        assert_eq!(lexicon.word("john's"), 0);
        let words = "this_is_for_example";
        let classes = lexicon.phrases(lexicon.word("example"), words, &[12, 8, 5, 0]);
        assert_eq!(classes, EXAMPLE);
        assert_eq!(lexicon.phrases(lexicon.word("example"), "example", &[0]), 0);
    }

    #[test]
    fn the_table_is_at_most_half_full_and_its_entries_can_be_found() {
        for language in crate::LANGUAGES {
            let lexicon = Lexicon::new(language);
            let entries = lexicon.slots.iter().filter(|(entry, _)| !entry.is_empty());
            assert!(entries.clone().count() <= SLOTS / 2);
            for (entry, _) in entries {
                assert!(entry.split('_').count() <= LONGEST_PHRASE, "{entry}");
                assert!(entry.split('_').all(|word| word.len() <= LONGEST_WORD), "{entry}");
                assert!(!entry.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()), "{entry}");
            }
        }
    }
}
