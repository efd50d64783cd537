//! The words and marks of a block.
//!
//! The Unicode rules for word boundaries (UAX 29) are not used: they split *well-known* and *e.g*,
//! which count as one word here.

/// A piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    Word(&'t str),
    /// A mark that ends the sentence if a space, quotes or brackets follow.
    Stop(char),
    Space,
    /// A run of `*` or `_`.
    Emphasis {
        mark: char,
        can_open: bool,
        can_close: bool,
    },
    Emoji,
    /// Part of a sentence but not a word: a web address, or any other mark.
    Other,
    /// Seen but without a meaning of its own: quotes, closing brackets, the target of a link, and
    /// the characters that modify an emoji.
    Silent,
}

/// The tokens of a text.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut place = 0;
    while place < text.len() {
        let (read, rest) = text.split_at(place);
        let before = read.chars().next_back().unwrap_or(' ');
        let (token, length) = first_token(rest, before);
        tokens.push(token);
        place += length;
    }
    tokens
}

/// The token that a text begins with, and its length in bytes. `before` precedes the text.
fn first_token(text: &str, before: char) -> (Token<'_>, usize) {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return (Token::Space, 0);
    };
    if let Some(length) = web_address_length(text) {
        return (Token::Other, length);
    }
    if is_in_word(first) {
        let length = word_length(text);
        return (Token::Word(&text[..length]), length);
    }
    if text.starts_with("](") {
        let ends = |c: char| c == ')' || c.is_whitespace();
        return (Token::Silent, text.find(ends).unwrap_or(text.len()));
    }
    if first == '\\'
        && characters
            .next()
            .is_some_and(|next| next.is_ascii_punctuation())
    {
        // An escaped mark has no meaning in Markdown.
        return (Token::Other, 2);
    }
    if matches!(first, '*' | '_') {
        let rest = text.trim_start_matches(first);
        let after = rest.chars().next().unwrap_or(' ');
        let can_open = !after.is_whitespace() && !is_in_word(before);
        let can_close = !before.is_whitespace();
        let token = Token::Emphasis {
            mark: first,
            can_open,
            can_close,
        };
        return (token, text.len() - rest.len());
    }
    (mark(first, before), first.len_utf8())
}

fn mark(mark: char, before: char) -> Token<'static> {
    const ZERO_WIDTH_JOINER: char = '\u{200d}';
    match mark {
        '.' | '…' | '!' | '?' | '。' | '！' | '？' | '؟' | '।' => Token::Stop(mark),
        '"' | '\'' | '”' | '’' | '»' | ')' | ']' => Token::Silent,
        _ if mark.is_whitespace() => Token::Space,
        // Skin tones, the joiner, and the selector that asks for a picture.
        '\u{1f3fb}'..='\u{1f3ff}' | ZERO_WIDTH_JOINER | '\u{fe0f}' => Token::Silent,
        _ if is_emoji(mark) && before == ZERO_WIDTH_JOINER => Token::Silent,
        _ if is_emoji(mark) => Token::Emoji,
        _ => Token::Other,
    }
}

/// The length in bytes of the web address that a text begins with.
fn web_address_length(text: &str) -> Option<usize> {
    let starts = ["http://", "https://", "www."];
    let ends = |c: char| matches!(c, ')' | '>' | '"' | '|') || c.is_whitespace();
    let is_address = starts.iter().any(|start| text.starts_with(start));
    is_address.then(|| text.find(ends).unwrap_or(text.len()))
}

/// Letters, digits, and the accents that are characters of their own.
fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// The length in bytes of the word that a text begins with: letters and digits, with apostrophes,
/// hyphens and full stops between two of them, and commas between digits.
fn word_length(text: &str) -> usize {
    let mut length = 0;
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let after = characters.peek().copied().unwrap_or(' ');
        let joins = match c {
            '\'' | '’' | '-' | '.' => is_in_word(before) && is_in_word(after),
            ',' => before.is_numeric() && after.is_numeric(),
            _ => false,
        };
        if !is_in_word(c) && !joins {
            break;
        }
        length += c.len_utf8();
        before = c;
    }
    length
}

/// Pictures and dingbats.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{1f300}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let word = |token| match token {
            Token::Word(word) => Some(word),
            _ => None,
        };
        tokens(text).into_iter().filter_map(word).collect()
    }

    #[test]
    fn apostrophes_hyphens_and_stops_join_a_word_and_commas_a_number() {
        assert_eq!(
            words("don't well-known e.g. it’s"),
            ["don't", "well-known", "e.g", "it’s"]
        );
        assert_eq!(
            words("1,000 3.5 a,b 1,b"),
            ["1,000", "3.5", "a", "b", "1", "b"]
        );
        assert_eq!(
            words("x--y 'quoted' snake_case"),
            ["x", "y", "quoted", "snake", "case"]
        );
        assert_eq!(words("cafe\u{301}"), ["cafe\u{301}"]);
    }

    #[test]
    fn addresses_and_targets_of_links_are_not_words() {
        assert_eq!(
            words("see (https://example.org/a?b) or www.example.org"),
            ["see", "or"]
        );
        assert_eq!(words("[here](https://example.org/x y)"), ["here", "y"]);
    }

    #[test]
    fn an_emoji_of_several_characters_is_one() {
        let emoji = |text| {
            tokens(text)
                .into_iter()
                .filter(|&token| token == Token::Emoji)
                .count()
        };
        assert_eq!(emoji("👩‍👩‍👧"), 1);
        assert_eq!(emoji("👍🏽❤️"), 2);
    }

    #[test]
    fn emphasis_opens_before_text_and_closes_after_it() {
        let emphasis = |can_open, can_close| Token::Emphasis {
            mark: '*',
            can_open,
            can_close,
        };
        assert_eq!(
            tokens("**a** *"),
            [
                emphasis(true, false),
                Token::Word("a"),
                emphasis(false, true),
                Token::Space,
                emphasis(false, false),
            ]
        );
        assert_eq!(tokens("\\*"), [Token::Other]);
    }
}
