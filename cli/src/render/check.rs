//! `leaning check` at a terminal.

use super::{counted, end, label, next, percent};
use crate::check::Checked;
use crate::input::Source;
use crate::terminal::colour::{BAD, GOOD, PLAIN, QUIET, STRONG, WARNING};
use crate::terminal::{Column, Page, Table, Text, share_bar};

/// Dimensions of which a smaller share of the variance lies within prompts get a warning sign. The
/// sentence about it is among the warnings.
const LITTLE_WITHIN: f64 = 0.2;
const BAR: usize = 12;

pub fn draw(page: &mut Page, checked: &Checked, file: &Source) {
    let (deck, report) = (&checked.deck, &checked.report);
    let name = format!("{}, version {}", report.id, report.version);
    page.heading(deck.title().unwrap_or(&report.id), &name);
    page.item(GOOD, "✓", "The deck is valid.");
    page.space();
    let counts = format!(
        "{} with {}: {} of two candidates.",
        counted(report.prompts, "prompt"),
        counted(report.candidates, "candidate"),
        counted(report.pairs, "question")
    );
    page.paragraph(PLAIN, &counts);
    let reading = &report.reading;
    if reading.words_per_question > 0.0 {
        let time = format!(
            "Reading time of {}: {:.1} min, with {:.0} words each.",
            counted(checked.questions, "question"),
            reading.minutes,
            reading.words_per_question
        );
        page.paragraph(PLAIN, &time);
    }
    page.space();
    page.table(&dimensions(checked));
    page.space();
    let row = |name: &str, number: String, about: &str| {
        vec![Text::from(name), number.into(), Text::new(QUIET, about)]
    };
    let bits = |bits: f64| format!("{bits:.2} bits");
    page.table(&Table {
        columns: vec![
            Column::picture("An answer tells"),
            Column::numbers(""),
            Column::picture("").expendable(1),
        ],
        rows: vec![
            row("best question", bits(report.bits.best), "before any other"),
            row("best ten", bits(report.bits.best_ten), "on average"),
        ],
    });
    page.space();
    if checked.tells_enough {
        page.item(
            GOOD,
            "✓",
            "Its questions tell something about every dimension.",
        );
    }
    for warning in &report.warnings {
        page.item(WARNING, "!", warning);
    }
    let file = next::name(file);
    next::suggest(
        page,
        "See its first question:",
        &["leaning", "ask", "--deck", &file],
    );
    let about = "See how many answers it takes to know somebody:";
    next::suggest(page, about, &["leaning", "simulate", "--deck", &file]);
}

/// A row for each dimension: its ends, and how much of it questions can tell.
fn dimensions(checked: &Checked) -> Table {
    let shares = &checked.report.within_prompts;
    let rows = checked.deck.dimensions().iter().zip(shares);
    let rows = rows.map(|(dimension, share)| {
        let (style, mark) = match share {
            None | Some(0.0) => (BAD, "✗"),
            Some(share) if *share < LITTLE_WITHIN => (WARNING, "!"),
            Some(_) => (GOOD, "✓"),
        };
        let ends = format!("{} – {}", end(dimension, false), end(dimension, true));
        let number = share.map_or("constant".to_owned(), percent);
        vec![
            Text::new(style, mark)
                .and(PLAIN, " ")
                .and(STRONG, label(dimension)),
            Text::from(ends),
            Text::new(style, &share_bar(share.unwrap_or(0.0), BAR)),
            number.into(),
        ]
    });
    Table {
        columns: vec![
            Column::words("Dimension"),
            Column::words("from – to").expendable(1),
            Column::picture("within prompts").expendable(2),
            Column::numbers(""),
        ],
        rows: rows.collect(),
    }
}
