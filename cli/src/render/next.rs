//! The next steps that a page suggests.

use crate::input::Source;
use crate::person::Person;
use crate::terminal::{Page, colour};

/// A command to type next, after a few words about it.
pub fn suggest(page: &mut Page, about: &str, words: &[&str]) {
    page.space();
    page.paragraph(colour::QUIET, about);
    page.command(
        colour::ACCENT,
        &words
            .iter()
            .map(|&word| word.to_owned())
            .collect::<Vec<_>>(),
    );
}

/// A command about the same person to type next.
pub fn suggest_for(page: &mut Page, about: &str, command: &str, person: &Person, rest: &[&str]) {
    let deck = name(&person.deck);
    let answers = person.answers.as_ref().map(name);
    let mut words = vec!["leaning", command, "--deck", &deck];
    if let Some(answers) = &answers {
        words.extend(["--answers", answers]);
    }
    words.extend(rest);
    suggest(page, about, &words);
}

/// The name of a file as a command takes it.
pub fn name(source: &Source) -> String {
    match source {
        Source::Stdin => "-".to_owned(),
        Source::File(path) => path.display().to_string(),
        Source::Bytes(name, _) | Source::Table(name, _) => name.clone(),
    }
}
