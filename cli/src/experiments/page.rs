//! The page of all experiments, of which a run may renew some sections.

use super::NAME;
use crate::report::Section;

/// Where a section begins.
const HEADING: &str = "\n## ";
/// How the line ends that counts the aims.
const COUNTED: &str = " aims are met.";

/// The page in which these sections replace those with the same titles. New ones come last.
pub fn renewed(page: &str, sections: &[Section]) -> String {
    let mut parts = page.split(HEADING).map(str::to_owned);
    let introduction = parts.next().unwrap_or_default();
    let mut parts: Vec<String> = parts.collect();
    for section in sections {
        let markdown = section.to_markdown(NAME);
        let text = markdown.trim_start_matches("## ").to_owned();
        let is_same = |part: &&mut String| part.lines().next() == Some(section.title);
        match parts.iter_mut().find(is_same) {
            Some(part) => *part = text,
            None => parts.push(text),
        }
    }
    let verdicts: Vec<bool> = parts
        .iter()
        .flat_map(|part| part.lines())
        .filter_map(verdict)
        .collect();
    let met = verdicts.iter().filter(|met| **met).count();
    let count = format!("{met} of {}{COUNTED}", verdicts.len());
    let lines = introduction.lines().map(|line| {
        if line.ends_with(COUNTED) {
            count.as_str()
        } else {
            line
        }
    });
    let introduction = lines.collect::<Vec<_>>().join("\n");
    let mut text = introduction.trim_end().to_owned() + "\n";
    for part in parts {
        text.push_str(&format!("{HEADING}{}\n", part.trim_end()));
    }
    text
}

/// Whether the aim in this row of a table is met.
fn verdict(line: &str) -> Option<bool> {
    let last = line.trim_end().strip_suffix('|')?.rsplit('|').next()?;
    match last.trim() {
        "met" => Some(true),
        "missed" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Target;

    fn section(id: &'static str, title: &'static str, met: bool) -> Section {
        let mut section = Section::new(id, title);
        section.text(format!("About {title}."));
        let reached = if met { 1.0 } else { 3.0 };
        section.targets(vec![Target::at_most("a", reached, 2.0, "")]);
        section
    }

    #[test]
    fn sections_are_renewed_in_their_place_and_aims_counted_again() {
        let introduction = "# Experiments\n\n0 of 0 aims are met.\n\nSome are old.\n";
        let first = [section("a", "One", true), section("b", "Two", false)];
        let page = renewed(introduction, &first);
        assert!(
            page.starts_with("# Experiments\n\n1 of 2 aims are met.\n\nSome are old.\n\n## One\n")
        );
        assert_eq!(renewed(&page, &first), page);
        let again = renewed(
            &page,
            &[section("a", "One", false), section("c", "Three", true)],
        );
        assert!(again.contains("\n1 of 3 aims are met.\n"), "{again}");
        let titles: Vec<&str> = again
            .lines()
            .filter(|line| line.starts_with("## "))
            .collect();
        assert_eq!(titles, ["## One", "## Two", "## Three"]);
    }
}
