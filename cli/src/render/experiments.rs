//! `leaning experiments` at a terminal.

use crate::experiments::Finished;
use crate::report::{Cell, Chart, Part, Section, Table as ReportTable, Target};
use crate::terminal::colour::{ACCENT, BAD, GOOD, PLAIN, QUIET};
use crate::terminal::{Column, Page, Table, Text, sparkline};

const PICTURE: usize = 40;

/// The sections, or where they are.
pub fn draw(page: &mut Page, finished: &Finished) {
    let Finished { sections, file, .. } = finished;
    let targets: Vec<&Target> = sections.iter().flat_map(Section::all_targets).collect();
    for section in sections {
        page.heading(section.title, section.id);
        if file.is_none() {
            for part in &section.parts {
                page.space();
                draw_part(page, part);
            }
            page.space();
        }
    }
    if !targets.is_empty() {
        let met = targets.iter().filter(|target| target.met).count();
        let (style, mark) = if met == targets.len() {
            (GOOD, "✓")
        } else {
            (BAD, "✗")
        };
        page.item(
            style,
            mark,
            &format!("{met} of {} aims are met.", targets.len()),
        );
    }
    if let Some(file) = file {
        let text = format!("The report is in {}.", file.display());
        page.item(GOOD, "✓", &text);
    }
}

fn draw_part(page: &mut Page, part: &Part) {
    match part {
        // A paragraph may be a list or a table of its own, line by line.
        Part::Text(text) if text.contains('\n') => {
            for line in text.lines() {
                page.line(&Text::from(line));
            }
        }
        Part::Text(text) => page.paragraph(PLAIN, text),
        Part::Table { caption, table, .. } => {
            if !caption.is_empty() {
                page.paragraph(QUIET, caption);
            }
            page.table(&of_report(table));
        }
        Part::Chart { chart, .. } => draw_chart(page, chart),
        Part::Targets(targets) => {
            for target in targets {
                let (style, mark) = if target.met {
                    (GOOD, "✓")
                } else {
                    (BAD, "✗")
                };
                page.item(style, mark, &format!("{}: {}", target.what, target.reached));
                if !target.met && !target.reason.is_empty() {
                    page.paragraph(QUIET, target.reason);
                }
            }
        }
    }
}

fn of_report(table: &ReportTable) -> Table {
    let last = table.columns.len().saturating_sub(1);
    let column = |(place, name): (usize, &String)| match place {
        0 => Column::words(name),
        _ => Column::numbers(name).expendable(last + 1 - place),
    };
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => Text::from(text.as_str()),
        Cell::Figure { value, .. } if value.is_nan() => Text::default(),
        Cell::Figure { value, .. } => Text::from(format!("{value:.*}", table.decimals)),
        Cell::Count(count) => Text::from(count.to_string()),
        Cell::Empty => Text::default(),
    };
    Table {
        columns: table.columns.iter().enumerate().map(column).collect(),
        rows: table
            .rows
            .iter()
            .map(|row| row.iter().map(cell).collect())
            .collect(),
    }
}

/// A line for each series, all on one scale.
fn draw_chart(page: &mut Page, chart: &Chart) {
    page.paragraph(
        QUIET,
        &format!("{}, {} by {}", chart.title, chart.y_label, chart.x_label),
    );
    let points = || chart.series.iter().flat_map(|series| &series.points);
    let means = || {
        points()
            .map(|point| point.mean)
            .filter(|mean| mean.is_finite())
    };
    let all = (
        means().fold(f64::INFINITY, f64::min),
        means().fold(f64::NEG_INFINITY, f64::max),
    );
    let range = chart.y_range.unwrap_or(all);
    let rows = chart.series.iter().map(|series| {
        let points: Vec<(f64, f64)> = series
            .points
            .iter()
            .map(|point| (point.x, point.mean))
            .collect();
        let style = if series.emphasis {
            ACCENT.bold()
        } else {
            ACCENT
        };
        vec![
            Text::from(series.name.as_str()),
            Text::new(style, &sparkline(&points, range, PICTURE)),
        ]
    });
    page.table(&Table {
        columns: vec![Column::words(""), Column::picture("")],
        rows: rows.collect(),
    });
}
