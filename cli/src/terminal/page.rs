//! A page: what a command says at a terminal.

use super::clean;
use super::colour::{PLAIN, QUIET, STRONG};
use super::table::Table;
use super::text::Text;
use anstyle::Style;
use textwrap::core::display_width;
use textwrap::{Options, wrap};

/// Longer lines of prose are hard to read.
const PROSE: usize = 100;
/// Tables and commands stand in from the edge.
const INDENT: usize = 2;

/// A page of a certain width, from top to bottom. No line is wider, but for a command with a file
/// name that is.
#[derive(Debug)]
pub struct Page {
    width: usize,
    text: String,
}

impl Page {
    pub fn new(width: usize) -> Self {
        Page {
            width,
            text: String::new(),
        }
    }

    /// Columns within the indent of tables.
    pub fn inner_width(&self) -> usize {
        self.width - INDENT
    }

    /// The page, with styles as escape sequences.
    pub fn into_text(self) -> String {
        self.text
    }

    /// An empty line.
    pub fn space(&mut self) {
        self.text.push('\n');
    }

    /// A line, cut if it is too wide.
    pub fn line(&mut self, line: &Text) {
        let line = line.fitted(self.width).styled();
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// A heading, with something quiet beside it or, for lack of room, below.
    pub fn heading(&mut self, heading: &str, beside: &str) {
        let line = Text::new(STRONG, heading);
        let both = line.and(QUIET, "  ").and(QUIET, beside);
        if both.width() <= self.width {
            self.line(&both);
        } else {
            self.paragraph(STRONG, heading);
            self.paragraph(QUIET, beside);
        }
    }

    /// A paragraph of prose.
    pub fn paragraph(&mut self, style: Style, text: &str) {
        self.wrapped(style, "", style, text);
    }

    /// A paragraph after a mark, such as ✓, with its lines below the first word.
    pub fn item(&mut self, mark_style: Style, mark: &str, text: &str) {
        self.wrapped(mark_style, &format!("{mark} "), PLAIN, text);
    }

    fn wrapped(&mut self, mark_style: Style, mark: &str, style: Style, text: &str) {
        let indent = display_width(mark);
        let width = self.width.min(PROSE).saturating_sub(indent);
        for (place, line) in lines(&clean::one_line(text), width).iter().enumerate() {
            let start = if place == 0 {
                mark
            } else {
                &" ".repeat(indent)
            };
            self.line(&Text::new(mark_style, start).and(style, line));
        }
    }

    /// A table.
    pub fn table(&mut self, table: &Table) {
        for line in table.lines(self.inner_width()) {
            let mut indented = Text::from(" ".repeat(INDENT));
            indented.join(line);
            self.line(&indented);
        }
    }

    /// Texts under headings, side by side if there is room, else one below the other.
    pub fn cards(&mut self, cards: &[(Text, &str)], style: Style) {
        let count = cards.len().max(1);
        let gap = 2 * INDENT;
        let width = (self.inner_width() + gap) / count;
        // About five words a line.
        let is_side_by_side = width >= 36 + gap;
        let width = if is_side_by_side {
            width - gap
        } else {
            self.inner_width()
        };
        let blocks: Vec<Vec<Text>> = cards
            .iter()
            .map(|(heading, text)| {
                let rule = "─".repeat(width.saturating_sub(heading.width() + 1));
                let mut block = vec![heading.clone().and(QUIET, " ").and(QUIET, &rule)];
                for line in clean::lines(text) {
                    block.extend(
                        lines(&line, width)
                            .iter()
                            .map(|line| Text::new(style, line)),
                    );
                }
                block
            })
            .collect();
        if is_side_by_side {
            let height = blocks.iter().map(Vec::len).max().unwrap_or(0);
            for row in 0..height {
                let mut line = Text::default();
                for (place, block) in blocks.iter().enumerate() {
                    line = line.padded(INDENT + place * (width + gap), false);
                    line.join(block.get(row).cloned().unwrap_or_default());
                }
                self.line(&line);
            }
        } else {
            for (place, block) in blocks.into_iter().enumerate() {
                if place > 0 {
                    self.space();
                }
                for line in block {
                    let mut indented = Text::from(" ".repeat(INDENT));
                    indented.join(line);
                    self.line(&indented);
                }
            }
        }
    }

    /// A command to type. It is broken between words, as a shell allows it; a word is never broken.
    pub fn command(&mut self, style: Style, words: &[String]) {
        let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
        self.fill(style, &words, " \\");
    }

    /// Words to copy, such as the parts of a JSON object. A word is never broken.
    pub fn words(&mut self, style: Style, words: &[String]) {
        self.fill(style, words, "");
    }

    /// Fills lines with words. All lines but the last end in `more`.
    fn fill(&mut self, style: Style, words: &[String], more: &str) {
        let mut lines: Vec<String> = Vec::new();
        for word in words {
            let indent = " ".repeat(if lines.is_empty() { INDENT } else { 2 * INDENT });
            match lines.last_mut() {
                Some(line)
                    if display_width(line) + 1 + display_width(word) + more.len() <= self.width =>
                {
                    line.push(' ');
                    line.push_str(word);
                }
                last => {
                    if let Some(line) = last {
                        line.push_str(more);
                    }
                    lines.push(format!("{indent}{word}"));
                }
            }
        }
        for line in lines {
            let rest = line.trim_start();
            self.text.push_str(&line[..line.len() - rest.len()]);
            self.text.push_str(&Text::new(style, rest).styled());
            self.text.push('\n');
        }
    }
}

/// The lines of a paragraph.
fn lines(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(1)).word_splitter(textwrap::WordSplitter::NoHyphenation);
    let lines = wrap(text, options);
    lines
        .into_iter()
        .map(std::borrow::Cow::into_owned)
        .collect()
}

/// A word as a shell reads it.
fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./,:=@+~|>".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", clean::one_line(word).replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::colour::ACCENT;

    fn plain(page: Page) -> String {
        anstream::adapter::strip_str(&page.into_text()).to_string()
    }

    #[test]
    fn commands_are_broken_between_words() {
        let mut page = Page::new(30);
        let words = [
            "leaning",
            "ask",
            "--deck",
            "my deck.json",
            "--answers",
            "a.json",
        ];
        page.command(ACCENT, &words.map(str::to_owned));
        assert_eq!(
            plain(page),
            "  leaning ask --deck \\\n    'my deck.json' --answers \\\n    a.json\n"
        );
    }

    #[test]
    fn cards_stand_side_by_side_where_there_is_room() {
        let page = |width| {
            let mut page = Page::new(width);
            let card = |name: &str| Text::from(name);
            page.cards(&[(card("1"), "one two\nthree"), (card("2"), "四")], PLAIN);
            plain(page)
        };
        let wide = page(90);
        assert_eq!(wide.lines().count(), 3, "{wide}");
        assert!(wide.lines().nth(1).unwrap().contains("one two") && wide.contains('四'));
        let narrow = page(40);
        assert_eq!(narrow.lines().count(), 6, "{narrow}");
        for (text, width) in [(wide, 90), (narrow, 40)] {
            assert!(
                text.lines().all(|line| display_width(line) <= width),
                "{text}"
            );
        }
    }
}
