//! The formulas of the features.

use crate::count::{Counts, count};
use crate::feature::FEATURE_COUNT;
use crate::lexicon::Lexicon;

/// Added to the words of a text where a rate is taken, so that one word of a short text does not
/// make a high rate.
const RATE_PRIOR_WORDS: usize = 20;

impl Lexicon {
    /// The features of a text, in the order of [`FEATURES`](crate::FEATURES), all finite.
    pub fn measure(&self, text: &str) -> [f64; FEATURE_COUNT] {
        features(&count(text, self))
    }

    /// The numbers of function words and of all words of a text. Function words are the language's
    /// articles, prepositions, pronouns and everyday verbs; a contraction can count as two.
    ///
    /// Their share tells texts in another language: they are 43% of the words of the demo deck's
    /// replies, and 4 to 6% of those of German, French and Spanish prose.
    pub fn function_words(&self, text: &str) -> (usize, usize) {
        let counts = count(text, self);
        let function_words = counts.articles + counts.prepositions + counts.pronouns + counts.verbs;
        (function_words, counts.words)
    }
}

/// The features in the order of [`FEATURES`](crate::FEATURES), which gives their formulas in words.
fn features(counts: &Counts) -> [f64; FEATURE_COUNT] {
    let rate = |count: usize| rate(count, counts.words);
    [
        ln_1p(counts.words as f64),
        ln_1p(ratio(counts.body_words, counts.sentences)),
        ratio(counts.letters, counts.words),
        ln_1p(ratio(counts.body_words, counts.blocks)),
        ratio(counts.item_words, counts.words),
        ln_1p(counts.headings as f64),
        rate(counts.emphases),
        ratio(counts.code_lines, counts.lines),
        ratio(counts.questions, counts.sentences).sqrt(),
        ratio(counts.exclamations, counts.sentences).sqrt(),
        rate(counts.emoji),
        rate(counts.address),
        rate(counts.self_mention),
        rate(counts.hedges),
        rate(counts.boosters),
        rate(counts.warm),
        formality(counts),
        contractions(counts),
        ratio(counts.directives, counts.sentences),
        concreteness(counts),
        rate(counts.examples),
        rate(counts.reasons),
    ]
}

fn formality(counts: &Counts) -> f64 {
    let formal = counts.articles + counts.prepositions + counts.nominal;
    let deictic = counts.pronouns + counts.verbs + counts.adverbs + counts.interjections;
    let difference = formal as f64 - deictic as f64;
    0.5 * (100.0 + 100.0 * difference / counts.words.max(1) as f64)
}

fn contractions(counts: &Counts) -> f64 {
    let (contracted, spelled_out) = (counts.contractions as f64, counts.spelled_out as f64);
    (contracted + 0.5) / (contracted + spelled_out + 1.0)
}

fn concreteness(counts: &Counts) -> f64 {
    let (concrete, abstract_) = (counts.concrete as f64, counts.abstract_nouns as f64);
    (concrete - abstract_) / (concrete + abstract_ + 1.0)
}

/// √(100 · count / (words + 20))
fn rate(count: usize, words: usize) -> f64 {
    (100.0 * count as f64 / (words + RATE_PRIOR_WORDS) as f64).sqrt()
}

/// ln(1 + x) by `libm`, as the platforms' own logarithms differ in their last bits.
fn ln_1p(x: f64) -> f64 {
    libm::log(1.0 + x)
}

/// A share or a mean; a divisor of 0 counts as 1.
fn ratio(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}
