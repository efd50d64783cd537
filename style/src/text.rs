//! Reading a text once, from beginning to end, as people see it, and counting.

use crate::lexicon::{self, Classes, LONGEST_PHRASE, LONGEST_WORD, Lexicon};
use alloc::string::String;

/// What was counted in a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Counts {
    /// All words.
    pub words: usize,
    /// Letters of all words.
    pub letters: usize,
    /// Words of list items and rows of tables.
    pub item_words: usize,
    /// Words outside of headings.
    pub running: usize,
    /// Sentences outside of headings.
    pub sentences: usize,
    /// Paragraphs, list items and rows of tables.
    pub blocks: usize,
    pub headings: usize,
    /// Bold and italic spans.
    pub emphases: usize,
    /// Lines in fenced blocks of code, blank ones left out.
    pub code_lines: usize,
    /// All lines with anything on them.
    pub lines: usize,
    /// Sentences that end in a question mark.
    pub questions: usize,
    /// Sentences that end in an exclamation mark and no question mark.
    pub exclamations: usize,
    pub emoji: usize,
    pub address: usize,
    pub self_mention: usize,
    pub hedges: usize,
    pub boosters: usize,
    pub warm: usize,
    pub articles: usize,
    pub prepositions: usize,
    /// Words with an ending that makes nouns.
    pub nominal: usize,
    pub pronouns: usize,
    /// Auxiliaries and verbs of everyday talk; a contraction is one.
    pub verbs: usize,
    pub adverbs: usize,
    pub interjections: usize,
    pub contracted: usize,
    pub spelled_out: usize,
    /// Sentences that begin with an imperative and are no questions, or hold an obligation.
    pub directing: usize,
    /// Things, numerals, and names within sentences.
    pub concrete: usize,
    /// Words with an ending that makes notions.
    pub notions: usize,
    pub examples: usize,
    pub reasons: usize,
}

/// Counts what is in a text.
pub(crate) fn count(lexicon: &Lexicon, text: &str) -> Counts {
    let mut reader = Reader::new(lexicon);
    for line in text.split('\n') {
        reader.line(line);
    }
    reader.end_block();
    reader.counts
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Prose,
    Item,
    Heading,
}

/// The sentence that is being read.
#[derive(Default)]
struct Sentence {
    words: usize,
    /// It begins with an imperative.
    imperative: bool,
    obliging: bool,
    /// A mark that may end a sentence has been read and nothing but quotes and brackets since; space ends it.
    ending: bool,
    question: bool,
    exclamation: bool,
    /// Nothing but "please" and its like so far.
    leading: bool,
    /// Its latest words in lower case, joined by `_`; `?` for words that are in no list for their length or letters.
    text: String,
    /// Where in `text` the latest words begin, the last first.
    starts: [usize; LONGEST_PHRASE],
}

struct Reader<'l> {
    lexicon: &'l Lexicon,
    counts: Counts,
    /// Character and length of the fence that a block of code began with.
    fence: Option<(char, usize)>,
    block: Option<Block>,
    block_has_words: bool,
    /// The last block was an item, so that what is indented belongs to it.
    in_list: bool,
    /// The character of the emphasis that has begun.
    emphasis: Option<char>,
    sentence: Sentence,
}

impl<'l> Reader<'l> {
    fn new(lexicon: &'l Lexicon) -> Self {
        Reader {
            lexicon,
            counts: Counts::default(),
            fence: None,
            block: None,
            block_has_words: false,
            in_list: false,
            emphasis: None,
            sentence: Sentence::new(),
        }
    }

    fn line(&mut self, line: &str) {
        let content = line.trim();
        if self.code(content) {
            return;
        }
        if content.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | '|' | ':' | '+' | '>') || c.is_whitespace()) {
            // Blank, or a rule.
            self.end_block();
            return;
        }
        self.counts.lines += 1;
        let content = content.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
        if let Some(heading) = heading(content) {
            self.end_block();
            self.block = Some(Block::Heading);
            self.counts.headings += 1;
            self.in_list = false;
            self.read(heading);
            self.end_block();
            return;
        }
        if let Some(item) = item(content) {
            self.end_block();
            self.block = Some(Block::Item);
            self.in_list = true;
            self.read(item);
        } else {
            if self.block.is_none() {
                self.in_list &= line.starts_with("  ") || line.starts_with('\t');
                self.block = Some(if self.in_list { Block::Item } else { Block::Prose });
            }
            self.read(content);
        }
        self.space();
    }

    /// Whether a line is part of a fenced block of code.
    fn code(&mut self, content: &str) -> bool {
        let mark = content.chars().next().filter(|mark| matches!(mark, '`' | '~'));
        let length = mark.map_or(0, |mark| content.len() - content.trim_start_matches(mark).len());
        let fence = mark.filter(|_| length >= 3);
        if let Some((open, least)) = self.fence {
            if fence == Some(open) && length >= least && length == content.len() {
                self.fence = None;
            } else if !content.is_empty() {
                self.counts.code_lines += 1;
                self.counts.lines += 1;
            }
            return true;
        }
        match fence {
            // With another backtick on the line it is code within prose.
            Some(mark) if mark == '~' || !content[length..].contains('`') => {
                self.end_block();
                self.fence = Some((mark, length));
                true
            }
            _ => false,
        }
    }

    /// Reads the content of a line.
    fn read(&mut self, line: &str) {
        let mut before = ' ';
        let mut place = 0;
        // Whether the character before ended a word after which a full stop ends no sentence.
        let mut abbreviated = false;
        while let Some(c) = line[place..].chars().next() {
            let rest = &line[place..];
            let start = place;
            if in_word(c) {
                place += address_length(rest);
                if place == start {
                    place += word_length(rest);
                    abbreviated = self.word(&line[start..place]);
                    before = 'a';
                    continue;
                }
                self.sentence.go_on();
                before = 'a';
            } else if rest.starts_with("](") {
                // Where a link leads is not seen.
                place += rest.find(|c: char| c == ')' || c.is_whitespace()).unwrap_or(rest.len());
                before = ']';
            } else if c == '\\' && rest[1..].starts_with(|next: char| next.is_ascii_punctuation()) {
                // Markdown's way to have a mark mean nothing.
                place += 2;
                self.sentence.go_on();
                before = c;
            } else if matches!(c, '*' | '_') {
                place += rest.len() - rest.trim_start_matches(c).len();
                self.emphasis_mark(c, before, line[place..].chars().next().unwrap_or(' '));
                before = c;
            } else {
                place += c.len_utf8();
                self.mark(c, before, abbreviated);
                before = c;
            }
            abbreviated = false;
        }
    }

    /// A character that is no part of a word.
    fn mark(&mut self, c: char, before: char, abbreviated: bool) {
        let sentence = &mut self.sentence;
        match c {
            '.' if abbreviated => {}
            '.' | '…' | '!' | '?' | '。' | '！' | '？' | '؟' | '।' => {
                sentence.ending = sentence.words > 0;
                sentence.question |= sentence.ending && matches!(c, '?' | '？' | '؟');
                sentence.exclamation |= sentence.ending && matches!(c, '!' | '！');
                if matches!(c, '。' | '！' | '？') {
                    self.space();
                }
            }
            '"' | '\'' | '”' | '’' | '»' | ')' | ']' => {}
            _ if c.is_whitespace() => self.space(),
            _ if is_emoji(c) => self.counts.emoji += usize::from(before != '\u{200d}'),
            '\u{200d}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' => {}
            _ => sentence.go_on(),
        }
    }

    /// White space: it ends a sentence whose mark has been read.
    fn space(&mut self) {
        if self.sentence.ending {
            self.end_sentence();
        }
    }

    fn emphasis_mark(&mut self, mark: char, before: char, after: char) {
        if self.block == Some(Block::Heading) {
            return;
        }
        if self.emphasis == Some(mark) && !before.is_whitespace() {
            self.counts.emphases += 1;
            self.emphasis = None;
        } else if !after.is_whitespace() && !in_word(before) {
            self.emphasis = Some(mark);
        }
    }

    /// Whether a full stop after this word ends no sentence.
    fn word(&mut self, word: &str) -> bool {
        self.sentence.go_on();
        let mut lower = [0; LONGEST_WORD];
        let lower = lower_case(word, &mut lower);
        let mut classes = lower.map_or(0, |word| self.lexicon.word(word));
        self.sentence.push(lower.unwrap_or("?"));
        classes |= self.lexicon.phrases(classes, &self.sentence.text, self.sentence.starts());
        let first = word.chars().next().unwrap_or(' ');
        self.count_word(word, classes, first);
        // A single capital is an initial, but for the pronoun.
        classes & lexicon::ABBREVIATION != 0 || (word.len() == 1 && first.is_ascii_uppercase() && first != 'I')
    }

    fn count_word(&mut self, word: &str, classes: Classes, first: char) {
        let has = |class: Classes| usize::from(classes & class != 0);
        let counts = &mut self.counts;
        let in_heading = self.block == Some(Block::Heading);
        if !self.block_has_words {
            self.block_has_words = true;
            counts.blocks += usize::from(!in_heading);
        }
        counts.words += 1;
        counts.letters += word.chars().filter(|c| c.is_alphabetic()).count();
        counts.running += usize::from(!in_heading);
        counts.item_words += usize::from(self.block == Some(Block::Item));
        counts.address += has(lexicon::ADDRESS);
        counts.self_mention += has(lexicon::SELF_MENTION);
        counts.hedges += has(lexicon::HEDGE);
        counts.boosters += has(lexicon::BOOSTER);
        counts.warm += has(lexicon::WARM);
        counts.articles += has(lexicon::ARTICLE);
        counts.prepositions += has(lexicon::PREPOSITION);
        counts.nominal += has(lexicon::NOMINAL);
        counts.pronouns += has(lexicon::PRONOUN);
        counts.verbs += has(lexicon::VERB | lexicon::CONTRACTION);
        counts.adverbs += has(lexicon::ADVERB);
        counts.interjections += has(lexicon::INTERJECTION);
        counts.contracted += has(lexicon::CONTRACTION);
        counts.spelled_out += has(lexicon::SPELLED_OUT);
        counts.examples += has(lexicon::EXAMPLE);
        counts.reasons += has(lexicon::REASON);
        counts.notions += has(lexicon::NOTION);
        let sentence = &mut self.sentence;
        let capital = first.is_ascii_uppercase() || ('À'..='Þ').contains(&first);
        let name = capital && !in_heading && sentence.words > 1 && has(lexicon::PRONOUN) == 0;
        counts.concrete += usize::from(name || first.is_ascii_digit() || classes & lexicon::THING != 0);
        sentence.imperative |= sentence.leading && classes & lexicon::IMPERATIVE != 0;
        sentence.obliging |= classes & lexicon::OBLIGATION != 0;
        sentence.leading &= classes & lexicon::WARM != 0 && classes & lexicon::INTERJECTION != 0;
    }

    fn end_sentence(&mut self) {
        let sentence = &mut self.sentence;
        if sentence.words > 0 && self.block != Some(Block::Heading) {
            self.counts.sentences += 1;
            // "Do you …?" is none.
            let instruction = sentence.imperative && !sentence.question;
            self.counts.directing += usize::from(instruction || sentence.obliging);
            self.counts.questions += usize::from(sentence.question);
            self.counts.exclamations += usize::from(sentence.exclamation && !sentence.question);
        }
        sentence.clear();
    }

    fn end_block(&mut self) {
        self.end_sentence();
        self.block = None;
        self.block_has_words = false;
        self.emphasis = None;
    }
}

impl Sentence {
    fn new() -> Self {
        Sentence { leading: true, ..Sentence::default() }
    }

    fn clear(&mut self) {
        // The text keeps its memory.
        self.text.clear();
        *self = Sentence { text: core::mem::take(&mut self.text), ..Sentence::new() };
    }

    /// Another word follows, so the mark before it was none that ends a sentence.
    fn go_on(&mut self) {
        if self.ending {
            (self.ending, self.question, self.exclamation) = (false, false, false);
        }
    }

    fn push(&mut self, word: &str) {
        // Only the latest words are ever looked at.
        let oldest = self.starts[LONGEST_PHRASE - 1];
        if self.words >= LONGEST_PHRASE && oldest > 1024 {
            self.text.drain(..oldest);
            self.starts = self.starts.map(|start| start - oldest);
        }
        if !self.text.is_empty() {
            self.text.push('_');
        }
        self.starts.rotate_right(1);
        self.starts[0] = self.text.len();
        self.text.push_str(word);
        self.words += 1;
    }

    fn starts(&self) -> &[usize] {
        &self.starts[..self.words.min(LONGEST_PHRASE)]
    }
}

/// What a heading says: a line after one to six `#`, or a short line that is bold as a whole.
fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    if (1..=6).contains(&(line.len() - text.len())) && text.starts_with(char::is_whitespace) {
        return Some(text);
    }
    let line = line.strip_suffix(':').unwrap_or(line);
    let bold = line.strip_prefix("**")?;
    let bold = bold.strip_suffix("**").or_else(|| bold.strip_suffix("**:"))?;
    (!bold.is_empty() && !bold.contains('*')).then_some(bold)
}

/// What an item of a list says, after its bullet or number, or a row of a table.
fn item(line: &str) -> Option<&str> {
    if line.starts_with('|') {
        return Some(line);
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marker = match digits {
        0 => line.strip_prefix(['-', '*', '+', '•', '–']),
        1..=9 => line[digits..].strip_prefix(['.', ')']),
        _ => None,
    };
    marker.filter(|text| text.starts_with(char::is_whitespace))
}

/// Bytes of the web address that the text begins with; 0 if it begins with none.
fn address_length(text: &str) -> usize {
    if ["http://", "https://", "www."].iter().any(|start| text.starts_with(start)) {
        text.find(|c: char| matches!(c, ')' | '>' | '"' | '|') || c.is_whitespace()).unwrap_or(text.len())
    } else {
        0
    }
}

/// Letters, digits, and the accents that are characters of their own.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Bytes of the word that the text begins with: letters and digits, with apostrophes, hyphens and full stops between.
fn word_length(text: &str) -> usize {
    let mut end = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((place, c)) = characters.next() {
        let joins = matches!(c, '\'' | '’' | '-' | '.' | ',');
        let after = characters.peek().map_or(' ', |&(_, after)| after);
        let between = if c == ',' { char::is_numeric(after) } else { in_word(after) };
        // A comma joins digits only, and those it has before it too.
        let before = c != ',' || text[..place].ends_with(|c: char| c.is_numeric());
        if in_word(c) || (joins && between && before && end > 0) {
            end = place + c.len_utf8();
        } else {
            break;
        }
    }
    end
}

/// A word in lower case with straight apostrophes; `None` where it is too long or has other than ASCII letters.
fn lower_case<'b>(word: &str, buffer: &'b mut [u8; LONGEST_WORD]) -> Option<&'b str> {
    let mut length = 0;
    for c in word.chars() {
        let byte = if c == '’' { b'\'' } else { u8::try_from(c).ok().filter(u8::is_ascii)? };
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    core::str::from_utf8(&buffer[..length]).ok()
}

/// Pictures and dingbats; skin tones only change the picture before them.
fn is_emoji(c: char) -> bool {
    match c {
        '\u{1f3fb}'..='\u{1f3ff}' => false,
        '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{1f300}'..='\u{1faff}' => true,
        _ => false,
    }
}
