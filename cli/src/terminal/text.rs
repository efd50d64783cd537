//! A line of text in several styles.

use super::clean;
use super::colour::PLAIN;
use anstyle::Style;
use textwrap::core::display_width;

/// One line of text in styles. It holds no control characters, whatever it is made of.
#[derive(Debug, Clone, Default)]
pub struct Text(Vec<(Style, String)>);

impl Text {
    pub fn new(style: Style, text: &str) -> Self {
        Text::default().and(style, text)
    }

    /// The line with more text at its end.
    #[must_use]
    pub fn and(mut self, style: Style, text: &str) -> Self {
        self.push(style, text);
        self
    }

    pub fn push(&mut self, style: Style, text: &str) {
        self.0.push((style, clean::one_line(text)));
    }

    /// Adds another line at its end.
    pub fn join(&mut self, other: Text) {
        self.0.extend(other.0);
    }

    /// Columns that it takes: wide characters count two.
    pub fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| display_width(text)).sum()
    }

    /// The text without styles.
    #[cfg(test)]
    pub fn plain(&self) -> String {
        self.0.iter().map(|(_, text)| text.as_str()).collect()
    }

    /// Cut to at most `width` columns, with … in place of what is lost.
    #[must_use]
    pub fn fitted(&self, width: usize) -> Self {
        if self.width() <= width {
            return self.clone();
        }
        let mut left = width.saturating_sub(1);
        let mut kept = Vec::new();
        let mut last = PLAIN;
        for (style, text) in &self.0 {
            let part = start(text, left);
            left -= display_width(part);
            kept.push((*style, part.to_owned()));
            last = *style;
            if part.len() < text.len() {
                break;
            }
        }
        if width > 0 {
            kept.push((last, "…".to_owned()));
        }
        Text(kept)
    }

    /// Followed, or preceded, by spaces up to `width` columns.
    #[must_use]
    pub fn padded(mut self, width: usize, right: bool) -> Self {
        let spaces = " ".repeat(width.saturating_sub(self.width()));
        self.0
            .insert(if right { 0 } else { self.0.len() }, (PLAIN, spaces));
        self
    }

    /// With its styles as escape sequences.
    pub fn styled(&self) -> String {
        let part = |(style, text): &(Style, String)| {
            if text.trim().is_empty() {
                text.clone()
            } else {
                format!("{style}{text}{style:#}")
            }
        };
        self.0.iter().map(part).collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::new(PLAIN, text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::new(PLAIN, &text)
    }
}

/// The longest start of a text that takes at most `width` columns.
fn start(text: &str, width: usize) -> &str {
    let ends = text.char_indices().map(|(place, _)| place).skip(1);
    let ends = ends.chain([text.len()]);
    let fitting = ends.take_while(|&end| display_width(&text[..end]) <= width);
    &text[..fitting.last().unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_two_and_are_never_cut_in_half() {
        let text = Text::from("短い答え");
        assert_eq!(text.width(), 8);
        assert_eq!(text.fitted(8).plain(), "短い答え");
        assert_eq!(text.fitted(6).plain(), "短い…");
        assert_eq!(text.fitted(6).padded(6, false).width(), 6);
        assert_eq!(text.fitted(1).plain(), "…");
        assert_eq!(text.fitted(0).plain(), "");
    }
}
