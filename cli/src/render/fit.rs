//! `leaning fit` at a terminal.

use super::curves::NOBODY;
use super::{counted, next, signed};
use crate::fit::{Gains, Summary};
use crate::report::Estimate;
use crate::terminal::colour::{ACCENT, GOOD, PLAIN, QUIET, STRONG};
use crate::terminal::{Column, Page, Table, Text, interval_bar, sparkline};
use std::path::Path;

const PICTURE: usize = 31;

pub fn draw(page: &mut Page, summary: &Summary, out: Option<&Path>) {
    page.heading("A fitted deck", &summary.id);
    let counts = format!(
        "{} with {} about {}.",
        counted(summary.people, "person").replace("persons", "people"),
        counted(summary.comparisons, "answer"),
        counted(summary.responses, "response")
    );
    page.paragraph(PLAIN, &counts);
    page.space();
    page.table(&dimensions(summary));
    page.space();
    let legend =
        "━ holds the weights of most people, the mean (●) ± one standard deviation; ┊ is 0.";
    page.paragraph(QUIET, legend);
    let trials = &summary.tried;
    if !trials.is_empty() {
        page.space();
        page.heading(
            "Numbers of dimensions",
            "log-likelihood per answer of people held out",
        );
        let points: Vec<(f64, f64)> = trials
            .iter()
            .map(|of| (of.dimensions as f64, of.log_likelihood.mean))
            .collect();
        let values = || {
            points
                .iter()
                .map(|point| point.1)
                .filter(|value| value.is_finite())
        };
        let range = (
            values().fold(f64::INFINITY, f64::min),
            values().fold(f64::NEG_INFINITY, f64::max),
        );
        let curve = sparkline(&points, range, 2 * points.len());
        page.line(&Text::from("  ").and(ACCENT, &curve));
        let chosen = summary.dimensions.len();
        let rows = trials.iter().map(|of| {
            let is_chosen = of.dimensions == chosen;
            let style = if is_chosen { GOOD } else { PLAIN };
            vec![
                Text::new(style, &of.dimensions.to_string()),
                estimate(of.log_likelihood),
                estimate(of.gain),
                Text::new(GOOD, if is_chosen { "✓ chosen" } else { "" }),
            ]
        });
        page.table(&Table {
            columns: vec![
                Column::numbers(""),
                Column::numbers("log-likelihood"),
                Column::numbers("gain").expendable(1),
                Column::words(""),
            ],
            rows: rows.collect(),
        });
    }
    if let Some(held_out) = &summary.held_out {
        page.space();
        page.heading("Gain over one weight for all", "people held out of the fit");
        let rows = [
            ("known responses", &held_out.known),
            ("new responses", &held_out.new),
        ];
        let rows = rows
            .into_iter()
            .filter_map(|(name, gains)| Some(gain_row(name, gains.as_ref()?)));
        page.table(&Table {
            columns: vec![
                Column::words(""),
                Column::numbers("accuracy"),
                Column::numbers("log-likelihood"),
                Column::numbers("people").expendable(1),
            ],
            rows: rows.collect(),
        });
    }
    if let Some(verdict) = &summary.verdict {
        page.space();
        page.paragraph(PLAIN, verdict);
    }
    if let Some(file) = out {
        let file = file.display().to_string();
        page.space();
        page.item(GOOD, "✓", &format!("The deck is in {file}."));
        next::suggest(
            page,
            "See how much it can tell:",
            &["leaning", "check", &file],
        );
    }
}

/// A row for each dimension: how people's weights spread.
fn dimensions(summary: &Summary) -> Table {
    let reach = summary.dimensions.iter().map(|of| of.mean.abs() + of.sd);
    let limit = reach.fold(0.0, f64::max);
    let rows = summary.dimensions.iter().map(|of| {
        let interval = (of.mean - of.sd, of.mean + of.sd);
        let name = if of.label.is_empty() {
            &of.id
        } else {
            &of.label
        };
        vec![
            Text::new(STRONG, name),
            Text::new(ACCENT, &interval_bar(interval, of.mean, limit, PICTURE)),
            Text::from(signed(of.mean, 2)),
            Text::new(QUIET, &format!("± {:.2}", of.sd)),
        ]
    });
    Table {
        columns: vec![
            Column::words("Dimension"),
            Column::picture("weights").expendable(1),
            Column::numbers("mean"),
            Column::numbers("sd"),
        ],
        rows: rows.collect(),
    }
}

fn gain_row(name: &str, gains: &Gains) -> Vec<Text> {
    let Estimate { mean, error } = gains.accuracy;
    let accuracy = match (mean.is_nan(), error.is_nan()) {
        (true, _) => NOBODY.to_owned(),
        (false, true) => format!("{} points", signed(100.0 * mean, 1)),
        (false, false) => format!("{} ± {:.1} points", signed(100.0 * mean, 1), 100.0 * error),
    };
    vec![
        name.into(),
        accuracy.into(),
        estimate(gains.log_likelihood),
        gains.people.to_string().into(),
    ]
}

fn estimate(estimate: Estimate) -> Text {
    if estimate.mean.is_nan() {
        return NOBODY.into();
    }
    let mut text = Text::from(signed(estimate.mean, 4));
    if estimate.error.is_finite() {
        text.push(QUIET, &format!(" ± {:.4}", estimate.error));
    }
    text
}
