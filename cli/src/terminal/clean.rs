//! Texts from files, made safe to print.
//!
//! A terminal obeys escape sequences: a text that holds them could move the cursor, rename the
//! window or answer for the person. Marks that turn the direction of text could show it in another
//! order than it has.

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

fn safe(character: char) -> Option<char> {
    match character {
        '\t' => Some(' '),
        // Embeddings, overrides and isolates last until they are closed, which a text may fail to do.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
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
    fn line_breaks_of_every_kind_are_kept_apart_or_become_spaces() {
        assert_eq!(lines("a\r\nb\rc\u{2028}\nd"), ["a", "b", "c", "", "d"]);
        assert_eq!(one_line("a\n\n b\n"), "a  b");
    }
}
