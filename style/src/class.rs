//! The classes of words that the features count.

use bitflags::bitflags;

bitflags! {
    /// A set of classes: all those that a word, or a phrase that ends with it, belongs to.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct Classes: u32 {
        /// A full stop after it does not end the sentence.
        const ABBREVIATION = 1;
        const ADDRESS = 1 << 1;
        const SELF_MENTION = 1 << 2;
        const PRONOUN = 1 << 3;
        const ARTICLE = 1 << 4;
        const PREPOSITION = 1 << 5;
        const VERB = 1 << 6;
        const ADVERB = 1 << 7;
        const INTERJECTION = 1 << 8;
        const HEDGE = 1 << 9;
        const BOOSTER = 1 << 10;
        const WARM = 1 << 11;
        const IMPERATIVE = 1 << 12;
        const OBLIGATION = 1 << 13;
        const THING = 1 << 14;
        const EXAMPLE = 1 << 15;
        const REASON = 1 << 16;
        /// `'s` after it is a contraction and not a possessive.
        const BEFORE_CONTRACTED_S = 1 << 17;
        const CONTRACTION = 1 << 18;
        /// It could have been contracted.
        const SPELLED_OUT = 1 << 19;
        /// It has the ending of a noun.
        const NOMINAL = 1 << 20;
        /// It has the ending of an abstract noun.
        const ABSTRACT = 1 << 21;
    }
}
