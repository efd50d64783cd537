//! `leaning build` at a terminal.

use super::{counted, next, signed};
use crate::build::Report;
use crate::terminal::colour::{BAD, GOOD, PLAIN, QUIET, STRONG, WARNING};
use crate::terminal::{Column, Page, Table, Text, share_bar};
use std::path::Path;

const BAR: usize = 12;

pub fn draw(page: &mut Page, report: &Report, out: Option<&Path>) {
    page.heading("A new deck", &report.id);
    let counts = format!(
        "{} with {}: {} of two candidates.",
        counted(report.prompts, "prompt"),
        counted(report.candidates, "candidate"),
        counted(report.pairs, "question")
    );
    page.paragraph(PLAIN, &counts);
    page.space();
    page.table(&dimensions(report));
    let left_out = [
        (report.left_out.dimensions.len(), "dimension"),
        (report.left_out.prompts, "prompt"),
        (report.left_out.candidates, "candidate"),
    ];
    let left_out = left_out.into_iter().filter(|(count, _)| *count > 0);
    let left_out: Vec<String> = left_out.map(|(count, noun)| counted(count, noun)).collect();
    if !left_out.is_empty() {
        page.space();
        page.paragraph(QUIET, &format!("Left out: {}.", left_out.join(", ")));
    }
    page.space();
    match out {
        Some(file) => {
            let file = file.display().to_string();
            page.item(GOOD, "✓", &format!("It is in {file}."));
            next::suggest(
                page,
                "See how much it can tell:",
                &["leaning", "check", &file],
            );
        }
        None => {
            let text = "It is not written yet: run this again with --out FILE, or send it into a \
                        file or a pipe.";
            page.item(WARNING, "!", text);
        }
    }
}

/// A row for each dimension: how far candidates of a prompt differ in it, and the dimension that
/// goes with it most.
fn dimensions(report: &Report) -> Table {
    let rows = report.dimensions.iter().enumerate().map(|(j, dimension)| {
        let others = report.correlations[j]
            .iter()
            .enumerate()
            .filter(|(k, _)| *k != j);
        let closest = others.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        let is_notable = |k: usize| {
            let names = [&dimension.id, &report.dimensions[k].id];
            report
                .correlated
                .iter()
                .any(|of| of.dimensions.iter().all(|id| names.contains(&id)))
        };
        let rms = dimension.rms_difference;
        let mut row = vec![
            Text::new(STRONG, &dimension.id),
            Text::new(if rms == 0.0 { BAD } else { GOOD }, &format!("{rms:.2}")),
        ];
        if let Some((k, correlation)) = closest {
            let style = if is_notable(k) { WARNING } else { QUIET };
            row.extend([
                Text::new(style, &share_bar(correlation.abs(), BAR)),
                Text::new(style, &signed(*correlation, 2)),
                Text::new(style, &report.dimensions[k].id),
            ]);
        }
        row
    });
    Table {
        columns: vec![
            Column::words("Dimension"),
            Column::numbers("differs by"),
            Column::picture("goes with").expendable(3),
            Column::numbers("").expendable(1),
            Column::words("").expendable(2),
        ],
        rows: rows.collect(),
    }
}
