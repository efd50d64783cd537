//! Curves by number of answers, as a table with a small picture for each.

use crate::report::Estimate;
use crate::terminal::colour::{ACCENT, GOOD, PLAIN, QUIET};
use crate::terminal::{Column, Page, Table, Text, sparkline};

const PICTURE: usize = 20;
/// Stands for a mean over nobody.
pub const NOBODY: &str = "–";

/// Whether small or large values are good.
#[derive(Clone, Copy, PartialEq)]
pub enum Best {
    Smallest,
    Largest,
}

/// A quantity by number of answers, a named curve per row, with how to write its values. The best
/// value of each column is marked.
pub struct Curves<'a> {
    pub first_column: &'a str,
    pub after: &'a [usize],
    pub curves: Vec<(&'a str, &'a [Estimate])>,
    pub best: Best,
    pub write: fn(f64) -> String,
}

impl Curves<'_> {
    /// Draws the table, and says how far off its values may be.
    pub fn draw(&self, page: &mut Page) {
        page.table(&self.table());
        let errors = self.estimates().map(|estimate| estimate.error);
        let largest = errors.filter(|error| error.is_finite()).fold(0.0, f64::max);
        if largest > 0.0 {
            let text = format!(
                "By number of answers; standard errors up to {}.",
                (self.write)(largest)
            );
            page.paragraph(QUIET, &text);
        }
    }

    fn estimates(&self) -> impl Iterator<Item = &Estimate> {
        self.curves.iter().flat_map(|(_, estimates)| *estimates)
    }

    fn table(&self) -> Table {
        let means = || {
            self.estimates()
                .map(|estimate| estimate.mean)
                .filter(|mean| mean.is_finite())
        };
        let range = (
            means().fold(f64::INFINITY, f64::min),
            means().fold(f64::NEG_INFINITY, f64::max),
        );
        let last = self.after.len().saturating_sub(1);
        let best = |column: usize| {
            let values = self
                .curves
                .iter()
                .filter_map(|(_, estimates)| estimates.get(column));
            let values = values.map(|estimate| estimate.mean);
            match self.best {
                Best::Smallest => values.fold(f64::INFINITY, f64::min),
                Best::Largest => values.fold(f64::NEG_INFINITY, f64::max),
            }
        };
        // Where there is no room, the last number stays longest.
        let numbers =
            self.after.iter().enumerate().map(|(place, answers)| {
                Column::numbers(&answers.to_string()).expendable(last - place)
            });
        let head = [
            Column::words(self.first_column),
            Column::picture("").expendable(1),
        ];
        let row = |(name, estimates): &(&str, &[Estimate])| {
            let points: Vec<(f64, f64)> = self
                .after
                .iter()
                .zip(*estimates)
                .map(|(&x, estimate)| (x as f64, estimate.mean))
                .collect();
            let known = points.iter().filter(|point| !point.1.is_nan());
            let picture = if known.count() > 1 {
                sparkline(&points, range, PICTURE)
            } else {
                String::new()
            };
            let cells = estimates.iter().enumerate().map(|(column, estimate)| {
                let is_best = self.curves.len() > 1 && estimate.mean == best(column);
                let style = if is_best { GOOD } else { PLAIN };
                let mean = Some(estimate.mean).filter(|mean| !mean.is_nan());
                Text::new(style, &mean.map_or(NOBODY.to_owned(), self.write))
            });
            [Text::from(*name), Text::new(ACCENT, &picture)]
                .into_iter()
                .chain(cells)
                .collect()
        };
        Table {
            columns: head.into_iter().chain(numbers).collect(),
            rows: self.curves.iter().map(row).collect(),
        }
    }
}
