//! From what was counted to the features.

use crate::feature::COUNT;
use crate::lexicon::Lexicon;
use crate::text::{self, Counts};

/// Words by which every text is lengthened where a rate is taken.
const SHORT: usize = 20;

impl Lexicon {
    /// The features of a text, in the order of [`FEATURES`](crate::FEATURES). All are finite, whatever the text; it takes
    /// time in proportion to its length.
    pub fn measure(&self, text: &str) -> [f64; COUNT] {
        features(&text::count(self, text))
    }
}

fn features(counts: &Counts) -> [f64; COUNT] {
    let rate = |count: usize| libm::sqrt(100.0 * count as f64 / (counts.words + SHORT) as f64);
    let formal = (counts.articles + counts.prepositions + counts.nominal) as f64;
    let pointing = (counts.pronouns + counts.verbs + counts.adverbs + counts.interjections) as f64;
    let (concrete, notions) = (counts.concrete as f64, counts.notions as f64);
    let (contracted, spelled_out) = (counts.contracted as f64, counts.spelled_out as f64);
    [
        log_of(counts.words as f64),
        log_of(ratio(counts.running, counts.sentences)),
        ratio(counts.letters, counts.words),
        log_of(ratio(counts.running, counts.blocks)),
        ratio(counts.item_words, counts.words),
        log_of(counts.headings as f64),
        rate(counts.emphases),
        ratio(counts.code_lines, counts.lines),
        libm::sqrt(ratio(counts.questions, counts.sentences)),
        libm::sqrt(ratio(counts.exclamations, counts.sentences)),
        rate(counts.emoji),
        rate(counts.address),
        rate(counts.self_mention),
        rate(counts.hedges),
        rate(counts.boosters),
        rate(counts.warm),
        0.5 * (100.0 + 100.0 * (formal - pointing) / counts.words.max(1) as f64),
        (contracted + 0.5) / (contracted + spelled_out + 1.0),
        ratio(counts.directing, counts.sentences),
        (concrete - notions) / (concrete + notions + 1.0),
        rate(counts.examples),
        rate(counts.reasons),
    ]
}

/// ln(1 + x)
fn log_of(x: f64) -> f64 {
    libm::log(1.0 + x)
}

/// A share or an average; 1 stands for a divisor of 0.
fn ratio(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}
