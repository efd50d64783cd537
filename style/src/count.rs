//! The counts that the features are made of.

use crate::class::Classes;
use crate::lexicon::Lexicon;
use crate::markdown::{Block, BlockKind, Document};
use crate::sentence::{Sentence, Word, sentences};
use crate::token::{Token, tokens};

/// How often each thing occurs in a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Counts {
    /// All words.
    pub words: usize,
    /// Letters of all words.
    pub letters: usize,
    /// Words of list items and table rows.
    pub item_words: usize,
    /// Words outside headings.
    pub body_words: usize,
    /// Sentences outside headings.
    pub sentences: usize,
    /// Paragraphs, list items and table rows that have words.
    pub blocks: usize,
    pub headings: usize,
    /// Spans in bold or italics outside headings.
    pub emphases: usize,
    /// Lines of fenced code that are not blank.
    pub code_lines: usize,
    /// All lines that are not blank, without rules and fences.
    pub lines: usize,
    pub questions: usize,
    /// Sentences with an exclamation mark and without a question mark.
    pub exclamations: usize,
    /// Sentences that tell the reader what to do.
    pub directives: usize,
    pub emoji: usize,
    pub address: usize,
    pub self_mention: usize,
    pub hedges: usize,
    pub boosters: usize,
    pub warm: usize,
    pub articles: usize,
    pub prepositions: usize,
    pub nominal: usize,
    pub pronouns: usize,
    /// Auxiliaries and everyday verbs; a contraction counts as one.
    pub verbs: usize,
    pub adverbs: usize,
    pub interjections: usize,
    pub contractions: usize,
    pub spelled_out: usize,
    /// Things, numerals, and names within sentences.
    pub concrete: usize,
    pub abstract_nouns: usize,
    pub examples: usize,
    pub reasons: usize,
}

/// The counts of a text.
pub(crate) fn count(text: &str, lexicon: &Lexicon) -> Counts {
    let document = Document::parse(text);
    let mut counts = Counts {
        lines: document.lines,
        code_lines: document.code_lines,
        ..Counts::default()
    };
    for block in &document.blocks {
        counts.add_block(block, lexicon);
    }
    counts
}

impl Counts {
    fn add_block(&mut self, block: &Block, lexicon: &Lexicon) {
        let tokens = tokens(&block.text);
        let sentences = sentences(&tokens, lexicon);
        self.emoji += tokens
            .iter()
            .filter(|&&token| token == Token::Emoji)
            .count();
        for sentence in &sentences {
            self.add_words(sentence, block.kind);
        }
        if block.kind == BlockKind::Heading {
            self.headings += 1;
            return;
        }
        self.blocks += usize::from(!sentences.is_empty());
        self.emphases += emphases(&tokens);
        for sentence in &sentences {
            self.sentences += 1;
            self.questions += usize::from(sentence.question);
            self.exclamations += usize::from(sentence.exclamation && !sentence.question);
            self.directives += usize::from(sentence.is_directive());
        }
    }

    fn add_words(&mut self, sentence: &Sentence, kind: BlockKind) {
        for (place, word) in sentence.words.iter().enumerate() {
            self.words += 1;
            self.letters += word.text.chars().filter(|c| c.is_alphabetic()).count();
            self.item_words += usize::from(kind == BlockKind::Item);
            self.body_words += usize::from(kind != BlockKind::Heading);
            self.add_classes(word.classes);
            // Sentences and the words of headings begin with a capital anyway.
            let can_be_name = place > 0 && kind != BlockKind::Heading;
            self.concrete += usize::from(is_concrete(word, can_be_name));
        }
    }

    fn add_classes(&mut self, classes: Classes) {
        let has = |class: Classes| usize::from(classes.intersects(class));
        self.address += has(Classes::ADDRESS);
        self.self_mention += has(Classes::SELF_MENTION);
        self.hedges += has(Classes::HEDGE);
        self.boosters += has(Classes::BOOSTER);
        self.warm += has(Classes::WARM);
        self.articles += has(Classes::ARTICLE);
        self.prepositions += has(Classes::PREPOSITION);
        self.nominal += has(Classes::NOMINAL);
        self.pronouns += has(Classes::PRONOUN);
        self.verbs += has(Classes::VERB | Classes::CONTRACTION);
        self.adverbs += has(Classes::ADVERB);
        self.interjections += has(Classes::INTERJECTION);
        self.contractions += has(Classes::CONTRACTION);
        self.spelled_out += has(Classes::SPELLED_OUT);
        self.abstract_nouns += has(Classes::ABSTRACT);
        self.examples += has(Classes::EXAMPLE);
        self.reasons += has(Classes::REASON);
    }
}

/// A thing, a numeral, or a name: a word with a capital that is not a pronoun.
fn is_concrete(word: &Word, can_be_name: bool) -> bool {
    let first = word.text.chars().next().unwrap_or(' ');
    let is_capital = first.is_ascii_uppercase() || ('À'..='Þ').contains(&first);
    let is_name = can_be_name && is_capital && !word.classes.contains(Classes::PRONOUN);
    is_name || first.is_ascii_digit() || word.classes.contains(Classes::THING)
}

/// The number of emphasised spans in a block.
fn emphases(tokens: &[Token]) -> usize {
    let mut spans = 0;
    let mut opened = None;
    for token in tokens {
        if let &Token::Emphasis {
            mark,
            can_open,
            can_close,
        } = token
        {
            if opened == Some(mark) && can_close {
                spans += 1;
                opened = None;
            } else if can_open {
                opened = Some(mark);
            }
        }
    }
    spans
}
