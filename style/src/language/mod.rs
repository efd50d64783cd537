//! Everything that depends on the language of a text, one table a language.

mod english;

pub use english::ENGLISH;

use crate::feature::FEATURE_COUNT;

/// A language: its words, and the names of the dimensions in it.
///
/// A list is one string: words and phrases separated by spaces, the words of a phrase joined by
/// `_`, all in lower case and ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// BCP 47 tag of the language alone.
    pub tag: &'static str,
    /// Its name in English.
    pub name: &'static str,
    /// Abbreviations whose full stop does not end a sentence.
    pub abbreviations: &'static str,
    /// Pronouns for the reader.
    pub address: &'static str,
    /// Pronouns for the writer.
    pub self_mention: &'static str,
    /// All other pronouns.
    pub pronouns: &'static str,
    /// Articles and determiners.
    pub articles: &'static str,
    /// Prepositions.
    pub prepositions: &'static str,
    /// Auxiliaries and the verbs of everyday talk.
    pub verbs: &'static str,
    /// Adverbs that have none of the `adverb_endings`.
    pub adverbs: &'static str,
    /// Cries, fillers and greetings.
    pub interjections: &'static str,
    /// Words and phrases that soften a claim or a suggestion.
    pub hedges: &'static str,
    /// Words and phrases that strengthen a claim.
    pub boosters: &'static str,
    /// Thanks, sympathy, praise and wishes.
    pub warm: &'static str,
    /// Verbs that begin an instruction.
    pub imperatives: &'static str,
    /// Words and phrases that express an obligation.
    pub obligations: &'static str,
    /// Things that can be seen, heard or touched, and units of measure.
    pub things: &'static str,
    /// Words and phrases that announce an example.
    pub examples: &'static str,
    /// Connectives of reason, consequence and contrast.
    pub reasons: &'static str,
    /// Endings that make a contraction of any word.
    pub contraction_endings: &'static str,
    /// Words after which `'s` is a contraction; after any other word it may be a possessive.
    pub before_contracted_s: &'static str,
    /// Words and phrases that could have been contracted.
    pub spelled_out: &'static str,
    /// Endings of abstract nouns of at least seven letters.
    pub abstract_endings: &'static str,
    /// Other endings of nouns of at least seven letters.
    pub noun_endings: &'static str,
    /// Endings of adverbs of at least five letters.
    pub adverb_endings: &'static str,
    /// The names of the dimensions, in the order of [`FEATURES`](crate::FEATURES).
    pub dimensions: [DimensionNames; FEATURE_COUNT],
}

/// The names that a deck gives a dimension and its two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DimensionNames {
    /// The topic, in a word or two.
    pub label: &'static str,
    /// The end of low scores.
    pub low: &'static str,
    /// The end of high scores.
    pub high: &'static str,
    /// A sentence that explains the dimension.
    pub description: &'static str,
}

/// The languages in which style can be measured.
pub const LANGUAGES: &[&Language] = &[&ENGLISH];

impl Language {
    /// The language of a BCP 47 tag such as `en-GB`, whatever its region; `None` if it is unknown.
    pub fn of_tag(tag: &str) -> Option<&'static Language> {
        let primary = tag.split(['-', '_']).next()?;
        LANGUAGES
            .iter()
            .copied()
            .find(|language| language.tag.eq_ignore_ascii_case(primary))
    }
}

/// The words and phrases of a list, each phrase with its words joined by `_`.
pub(crate) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_whitespace()
}
