//! The blocks of a text, read line by line as Markdown.
//!
//! A Markdown library is of no use here. The features need a few structures only, among them some
//! that are not Markdown but that people and models write: bullets such as `•` and lines in bold as
//! headings. And a deck's scores must not change with a library's version.

/// A text as its reader sees it: blocks without their markers.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Document {
    pub blocks: Vec<Block>,
    /// Lines that are not blank, without rules and fences.
    pub lines: usize,
    /// Those of the lines that stand in fenced code.
    pub code_lines: usize,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Block {
    pub kind: BlockKind,
    /// Its lines, separated by `\n`.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockKind {
    Paragraph,
    /// An item of a list, a paragraph within one, or a row of a table.
    Item,
    Heading,
}

impl Document {
    pub fn parse(text: &str) -> Self {
        let mut parser = Parser::default();
        for line in text.split('\n') {
            parser.line(line);
        }
        parser.end_block();
        parser.document
    }
}

#[derive(Default)]
struct Parser<'t> {
    document: Document,
    /// The opening fence, while the lines are code.
    fence: Option<&'t str>,
    /// The block that the next line may continue.
    block: Option<Block>,
    /// The last block was an item, and an indented one still belongs to it.
    in_list: bool,
}

impl<'t> Parser<'t> {
    fn line(&mut self, line: &'t str) {
        let content = line.trim();
        if let Some(opening) = self.fence {
            self.code(content, opening);
        } else if let Some(opening) = opening_fence(content) {
            self.end_block();
            self.fence = Some(opening);
        } else if is_blank_or_rule(content) {
            self.end_block();
        } else {
            self.document.lines += 1;
            let is_indented = line.starts_with("  ") || line.starts_with('\t');
            let quote_marker = |c: char| c == '>' || c.is_whitespace();
            self.prose(content.trim_start_matches(quote_marker), is_indented);
        }
    }

    fn code(&mut self, content: &str, opening: &str) {
        // A closing fence is at least as long as the opening one and stands alone.
        if fence(content) == Some(content) && content.starts_with(opening) {
            self.fence = None;
        } else if !content.is_empty() {
            self.document.code_lines += 1;
            self.document.lines += 1;
        }
    }

    fn prose(&mut self, content: &str, is_indented: bool) {
        if let Some(heading) = heading(content) {
            self.begin_block(BlockKind::Heading, heading);
            self.end_block();
            self.in_list = false;
        } else if let Some(item) = item(content) {
            self.begin_block(BlockKind::Item, item);
            self.in_list = true;
        } else if let Some(block) = &mut self.block {
            block.text.push('\n');
            block.text.push_str(content);
        } else {
            self.in_list &= is_indented;
            let kind = if self.in_list {
                BlockKind::Item
            } else {
                BlockKind::Paragraph
            };
            self.begin_block(kind, content);
        }
    }

    fn begin_block(&mut self, kind: BlockKind, text: &str) {
        self.end_block();
        self.block = Some(Block {
            kind,
            text: text.to_owned(),
        });
    }

    fn end_block(&mut self) {
        self.document.blocks.extend(self.block.take());
    }
}

/// The run of at least three backticks or tildes that a line begins with.
fn fence(content: &str) -> Option<&str> {
    let mark = content
        .chars()
        .next()
        .filter(|mark| matches!(mark, '`' | '~'))?;
    let (run, _) = content.split_at(content.len() - content.trim_start_matches(mark).len());
    (run.len() >= 3).then_some(run)
}

/// The fence of a line that begins a block of code.
fn opening_fence(content: &str) -> Option<&str> {
    // A line with more backticks after the first run is code within prose.
    fence(content).filter(|run| run.starts_with('~') || !content[run.len()..].contains('`'))
}

fn is_blank_or_rule(content: &str) -> bool {
    content
        .chars()
        .all(|c| "-*_=|:+>".contains(c) || c.is_whitespace())
}

/// The text of a heading: of a line after one to six `#`, or of a line that is bold as a whole.
fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    if (1..=6).contains(&(line.len() - text.len())) && text.starts_with(char::is_whitespace) {
        return Some(text);
    }
    let line = line.strip_suffix(':').unwrap_or(line);
    let bold = line.strip_prefix("**")?;
    let bold = bold
        .strip_suffix("**")
        .or_else(|| bold.strip_suffix("**:"))?;
    (!bold.is_empty() && !bold.contains('*')).then_some(bold)
}

/// The text of a list item, after its bullet or number, or a whole row of a table.
fn item(line: &str) -> Option<&str> {
    if line.starts_with('|') {
        return Some(line);
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let text = match digits {
        0 => line.strip_prefix(['-', '*', '+', '•', '–']),
        // Markdown's limit; it keeps long numbers in prose from being markers.
        1..=9 => line[digits..].strip_prefix(['.', ')']),
        _ => None,
    };
    text.filter(|text| text.starts_with(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::BlockKind::{Heading, Item, Paragraph};
    use super::*;

    #[track_caller]
    fn assert_blocks(text: &str, expected: &[(BlockKind, &str)]) {
        let blocks = Document::parse(text).blocks;
        let found: Vec<_> = blocks
            .iter()
            .map(|block| (block.kind, block.text.trim()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn blank_lines_and_rules_separate_paragraphs() {
        assert_blocks(
            "one\n two\n\nthree\n---\nfour",
            &[
                (Paragraph, "one\ntwo"),
                (Paragraph, "three"),
                (Paragraph, "four"),
            ],
        );
    }

    #[test]
    fn headings_have_hashes_or_are_bold_as_a_whole() {
        assert_blocks(
            "# One\n**Two:**\n**Three**:\n#four",
            &[
                (Heading, "One"),
                (Heading, "Two:"),
                (Heading, "Three"),
                (Paragraph, "#four"),
            ],
        );
    }

    #[test]
    fn an_indented_paragraph_after_an_item_belongs_to_the_list() {
        assert_blocks(
            "1. one\nlazy\n\n   two\n\nthree\n\n   four",
            &[
                (Item, "one\nlazy"),
                (Item, "two"),
                (Paragraph, "three"),
                (Paragraph, "four"),
            ],
        );
    }

    #[test]
    fn markers_of_quotes_are_not_part_of_the_text() {
        assert_blocks("> > - one\n> two", &[(Item, "one\ntwo")]);
    }

    #[test]
    fn code_is_counted_by_line_and_not_read() {
        let document = Document::parse("before\n~~~~ rust\none\n\n~~~\n```\n~~~~~\nafter");
        assert_eq!((document.lines, document.code_lines), (5, 3));
        let texts: Vec<&str> = document
            .blocks
            .iter()
            .map(|block| block.text.as_str())
            .collect();
        assert_eq!(texts, ["before", "after"]);
    }

    #[test]
    fn a_fence_that_is_never_closed_holds_the_rest() {
        let document = Document::parse("```\none\n``` two");
        assert_eq!((document.blocks.len(), document.code_lines), (0, 2));
    }
}
