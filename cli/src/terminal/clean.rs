//! Texts from files, made safe to print.
//!
//! A terminal obeys escape sequences: a text that holds them could move the cursor, rename the
//! window or answer for the person. Marks that turn the direction of text could show it in another
//! order than it has, and characters that nobody sees could make two texts look the same.

use unicode_general_category::{GeneralCategory, get_general_category};

/// The text on one line: line breaks and tabs are spaces, other control characters a replacement
/// character.
pub fn one_line(text: &str) -> String {
    let lines: Vec<String> = lines(text)
        .into_iter()
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}

/// The lines of the text, without control characters.
pub fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    lines
        .map(|line| line.chars().filter_map(safe).collect())
        .collect()
}

/// The text with everything escaped that a message cannot show as it is: control characters, line
/// breaks, and characters that have no shape of their own. Then nobody takes one name for another.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match get_general_category(character) {
            GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator => escaped.extend(character.escape_default()),
            _ if is_blank_letter(character) => escaped.extend(character.escape_unicode()),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Whether this counts as a letter or a mark, and nobody sees it.
fn is_blank_letter(character: char) -> bool {
    matches!(
        character,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
            | '\u{180b}'..='\u{180f}' | '\u{e0100}'..='\u{e01ef}'
    )
}

fn safe(character: char) -> Option<char> {
    match character {
        '\t' => Some(' '),
        // Embeddings, overrides and isolates last until they are closed, which a text may fail to do.
        // The others are invisible: spaces without width, a mark of byte order, and tags.
        '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{200b}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => None,
        _ if character.is_control() => Some('\u{fffd}'),
        _ => Some(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_get_through() {
        let text = "a\u{1b}]0;title\u{7}b\u{9b}31mc\td\u{202e}e\u{7f}";
        assert_eq!(
            one_line(text),
            "a\u{fffd}]0;title\u{fffd}b\u{fffd}31mc de\u{fffd}"
        );
    }

    #[test]
    fn characters_that_nobody_sees_are_dropped_from_pages_and_escaped_in_messages() {
        let text = "user\u{200b}name\u{feff}\u{e0041} \u{202e}cod.exe";
        assert_eq!(
            escaped("a\u{3164}b\u{34f}"),
            r"a\u{3164}b\u{34f}",
            "letters that are blank"
        );
        assert_eq!(one_line(text), "username cod.exe");
        let escaped = escaped(text);
        assert_eq!(
            escaped,
            r"user\u{200b}name\u{feff}\u{e0041} \u{202e}cod.exe"
        );
        assert_eq!(
            super::escaped("é 短い 👍 \u{661}\n"),
            "é 短い 👍 \u{661}\\n"
        );
    }

    #[test]
    fn line_breaks_of_every_kind_are_kept_apart_or_become_spaces() {
        assert_eq!(lines("a\r\nb\rc\u{2028}\nd"), ["a", "b", "c", "", "d"]);
        assert_eq!(one_line("a\n\n b\n"), "a  b");
    }
}
