//! The sentences of a block.

use crate::class::Classes;
use crate::lexicon::{Lexicon, lower_case};
use crate::token::Token;

/// A sentence; it has at least one word.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Sentence<'t> {
    pub words: Vec<Word<'t>>,
    /// A question mark ends it, perhaps among other marks.
    pub question: bool,
    /// An exclamation mark ends it, perhaps among other marks.
    pub exclamation: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Word<'t> {
    pub text: &'t str,
    pub classes: Classes,
}

impl Sentence<'_> {
    /// Whether it tells the reader what to do: it begins with an imperative and is no question, or
    /// it expresses an obligation.
    pub fn is_directive(&self) -> bool {
        let courtesy = Classes::WARM | Classes::INTERJECTION; // "please" is both
        let is_courtesy = |word: &&Word| word.classes.contains(courtesy);
        // Courtesies may precede the imperative.
        let mut rest = self.words.iter().skip_while(is_courtesy);
        let begins_with_imperative = rest
            .next()
            .is_some_and(|word| word.classes.contains(Classes::IMPERATIVE));
        (begins_with_imperative && !self.question) || self.has(Classes::OBLIGATION)
    }

    fn has(&self, classes: Classes) -> bool {
        self.words.iter().any(|word| word.classes.contains(classes))
    }
}

/// The sentences among the tokens of a block. One ends at a stop before a space, or with the block.
pub(crate) fn sentences<'t>(tokens: &[Token<'t>], lexicon: &Lexicon) -> Vec<Sentence<'t>> {
    let mut reader = Reader {
        lexicon,
        sentences: Vec::new(),
        sentence: Sentence::default(),
        lower_case: Vec::new(),
        stopped: false,
        after_abbreviation: false,
    };
    for &token in tokens {
        reader.token(token);
    }
    reader.end();
    reader.sentences
}

struct Reader<'t, 'l> {
    lexicon: &'l Lexicon,
    sentences: Vec<Sentence<'t>>,
    /// The sentence that is being read.
    sentence: Sentence<'t>,
    /// Its words in lower case.
    lower_case: Vec<String>,
    /// A stop was read; a space ends the sentence unless something continues it first.
    stopped: bool,
    /// The last token was an abbreviation or an initial.
    after_abbreviation: bool,
}

impl<'t> Reader<'t, '_> {
    fn token(&mut self, token: Token<'t>) {
        let after_abbreviation = std::mem::take(&mut self.after_abbreviation);
        match token {
            Token::Word(text) => self.word(text),
            Token::Stop('.') if after_abbreviation => {}
            Token::Stop(mark) => self.stop(mark),
            Token::Space if self.stopped => self.end(),
            Token::Other => self.go_on(),
            Token::Space | Token::Emphasis { .. } | Token::Emoji | Token::Silent => {}
        }
    }

    fn word(&mut self, text: &'t str) {
        self.go_on();
        self.lower_case.push(lower_case(text));
        let classes = self.lexicon.classes(&self.lower_case);
        self.sentence.words.push(Word { text, classes });
        self.after_abbreviation = classes.contains(Classes::ABBREVIATION) || is_initial(text);
    }

    fn stop(&mut self, mark: char) {
        if self.sentence.words.is_empty() {
            return;
        }
        self.stopped = true;
        self.sentence.question |= matches!(mark, '?' | '？' | '؟');
        self.sentence.exclamation |= matches!(mark, '!' | '！');
        // No space follows the full-width stops.
        if matches!(mark, '。' | '！' | '？') {
            self.end();
        }
    }

    /// The sentence goes on: the stop before did not end it.
    fn go_on(&mut self) {
        self.stopped = false;
        self.sentence.question = false;
        self.sentence.exclamation = false;
    }

    fn end(&mut self) {
        let sentence = std::mem::take(&mut self.sentence);
        if !sentence.words.is_empty() {
            self.sentences.push(sentence);
        }
        self.lower_case.clear();
        self.stopped = false;
    }
}

/// A single capital such as the *J* in *J. Doe*; *I* is the pronoun.
fn is_initial(word: &str) -> bool {
    matches!(word.as_bytes(), [letter] if letter.is_ascii_uppercase() && *letter != b'I')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ENGLISH;
    use crate::token::tokens;

    /// The sentences of a text, each with its words joined by spaces.
    fn split(text: &str) -> Vec<String> {
        let join = |sentence: &Sentence| {
            let words: Vec<&str> = sentence.words.iter().map(|word| word.text).collect();
            words.join(" ")
        };
        sentences(&tokens(text), &Lexicon::new(&ENGLISH))
            .iter()
            .map(join)
            .collect()
    }

    fn are_directive(text: &str) -> Vec<bool> {
        let sentences = sentences(&tokens(text), &Lexicon::new(&ENGLISH));
        sentences.iter().map(Sentence::is_directive).collect()
    }

    #[test]
    fn a_stop_before_a_space_ends_a_sentence() {
        assert_eq!(
            split("One... Two?! \"Three.\" Four"),
            ["One", "Two", "Three", "Four"]
        );
        assert_eq!(
            split("It is (about 3.5 m.) by a.b"),
            ["It is about 3.5 m", "by a.b"]
        );
        assert_eq!(split("真的吗？是的。"), ["真的吗", "是的"]);
    }

    #[test]
    fn a_full_stop_after_an_abbreviation_or_initial_does_not() {
        assert_eq!(
            split("Ask Dr. Smith or J. Doe, e.g. today."),
            ["Ask Dr Smith or J Doe e.g today"]
        );
        assert_eq!(split("So did I. You too"), ["So did I", "You too"]);
    }

    #[test]
    fn marks_within_a_sentence_make_it_no_question() {
        let sentences = sentences(&tokens("a?b c. Why?"), &Lexicon::new(&ENGLISH));
        assert!(!sentences[0].question && sentences[1].question);
    }

    #[test]
    fn imperatives_and_obligations_direct_the_reader() {
        assert_eq!(
            are_directive("Open it. Please open it. It opens."),
            [true, true, false]
        );
        assert_eq!(
            are_directive("Do it. Do you? Must you?"),
            [true, false, true]
        );
    }
}
