//! `leaning prior` at a terminal.

use super::{counted, percent};
use crate::prior::Report;
use crate::terminal::colour::{PLAIN, QUIET};
use crate::terminal::{Column, Page, Table, Text};

pub fn draw(page: &mut Page, report: &Report) {
    page.heading(&report.deck, &counted(report.records, "record"));
    page.space();
    let rows = report.dimensions.iter().map(|learned| {
        let (mean, error) = match &learned.mean {
            Some(mean) => (
                format!("{:+.2}", mean.value),
                format!("± {:.2}", mean.error),
            ),
            None => (String::new(), String::new()),
        };
        vec![
            Text::new(PLAIN, &learned.id),
            learned.records.to_string().into(),
            mean.into(),
            error.into(),
            percent(learned.used).into(),
        ]
    });
    let columns = vec![
        Column::words("Dimension"),
        Column::numbers("records"),
        Column::numbers("mean"),
        Column::numbers("error"),
        Column::numbers("used"),
    ];
    page.table(&Table {
        columns,
        rows: rows.collect(),
    });
    page.space();
    let legend = "mean: in standard deviations of the deck's prior from its mean; used: the share \
                  of it that the new prior takes over. The prior itself: --json.";
    page.paragraph(QUIET, legend);
}
