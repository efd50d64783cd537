//! Tables that fit the window.

use super::colour::QUIET;
use super::text::Text;

/// Columns between two columns.
const GAP: usize = 2;
/// A flexible column is not cut below this while another can go.
const SHORTEST: usize = 8;

/// The head of a column.
#[derive(Debug, Clone)]
pub struct Column {
    name: String,
    right: bool,
    flexible: bool,
    /// Columns of the greatest number go first where there is no room; those of 0 stay.
    expendable: usize,
}

impl Column {
    /// A column of words, cut where there is no room.
    pub fn words(name: &str) -> Self {
        Column {
            name: name.to_owned(),
            right: false,
            flexible: true,
            expendable: 0,
        }
    }

    /// A column of numbers.
    pub fn numbers(name: &str) -> Self {
        Column {
            right: true,
            ..Column::picture(name)
        }
    }

    /// A column that is never cut while others can be.
    pub fn picture(name: &str) -> Self {
        Column {
            flexible: false,
            ..Column::words(name)
        }
    }

    /// It goes where there is no room, before those of smaller numbers.
    #[must_use]
    pub fn expendable(self, order: usize) -> Self {
        Column {
            expendable: order,
            ..self
        }
    }
}

/// Rows of cells under the heads of their columns. A cell that is missing is empty.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Text>>,
}

impl Table {
    /// The lines of the table, none wider than `width`.
    pub fn lines(&self, width: usize) -> Vec<Text> {
        let widths = self.widths(width);
        let mut lines = Vec::new();
        if self.columns.iter().any(|column| !column.name.is_empty()) {
            let head = |place: usize| Text::new(QUIET, &self.columns[place].name);
            lines.push(self.line(&widths, head));
        }
        for row in &self.rows {
            let cell = |place: usize| row.get(place).cloned().unwrap_or_default();
            lines.push(self.line(&widths, cell));
        }
        lines
    }

    fn line(&self, widths: &[(usize, usize)], cell: impl Fn(usize) -> Text) -> Text {
        let mut line = Text::default();
        for (position, &(place, width)) in widths.iter().enumerate() {
            if position > 0 {
                line.join("  ".into());
            }
            let right = self.columns[place].right;
            let is_last = position + 1 == widths.len();
            let cell = cell(place).fitted(width);
            // Nobody needs spaces at the end of a line.
            line.join(if is_last && !right {
                cell
            } else {
                cell.padded(width, right)
            });
        }
        line
    }

    /// The columns that there is room for, by place, and their widths.
    fn widths(&self, width: usize) -> Vec<(usize, usize)> {
        let natural = |place: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(place));
            let cells = cells.map(Text::width);
            cells.fold(Text::from(&*self.columns[place].name).width(), usize::max)
        };
        let mut widths: Vec<(usize, usize)> = (0..self.columns.len())
            .map(|place| (place, natural(place)))
            .collect();
        let total = |widths: &[(usize, usize)]| {
            let cells: usize = widths.iter().map(|(_, width)| width).sum();
            cells + GAP * widths.len().saturating_sub(1)
        };
        loop {
            let excess = total(&widths).saturating_sub(width);
            if excess == 0 {
                return widths;
            }
            let column = |&(place, _): &(usize, usize)| &self.columns[place];
            let spare = |of: &(usize, usize)| {
                if column(of).flexible {
                    of.1.saturating_sub(SHORTEST)
                } else {
                    0
                }
            };
            let can_shrink = widths.iter().map(spare).sum::<usize>() >= excess;
            let goes = widths
                .iter()
                .enumerate()
                .filter(|(_, of)| column(of).expendable > 0)
                .max_by_key(|(_, of)| column(of).expendable)
                .map(|(position, _)| position);
            let widest = widths
                .iter()
                .enumerate()
                .filter(|(_, of)| !can_shrink || column(of).flexible)
                .max_by_key(|(_, of)| of.1)
                .map(|(position, _)| position);
            match (goes, widest) {
                (Some(position), _) if !can_shrink => {
                    widths.remove(position);
                }
                (_, Some(position)) if widths[position].1 > 1 => widths[position].1 -= 1,
                _ => {
                    widths.pop();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            columns: vec![
                Column::words("name"),
                Column::numbers("1").expendable(2),
                Column::numbers("2").expendable(1),
            ],
            rows: vec![
                vec!["a rather long name".into(), "0.25".into(), "0.5".into()],
                vec!["短い".into(), "10".into()],
            ],
        }
    }

    fn plain(width: usize) -> Vec<String> {
        let lines = table().lines(width);
        lines.iter().map(Text::plain).collect()
    }

    #[test]
    fn columns_are_aligned_by_the_width_of_their_characters() {
        assert_eq!(
            plain(80),
            [
                "name                   1    2",
                "a rather long name  0.25  0.5",
                "短い                  10     ",
            ]
        );
    }

    #[test]
    fn words_are_cut_first_and_then_columns_go() {
        assert_eq!(plain(20)[1], "a rather…  0.25  0.5");
        assert_eq!(plain(14)[1], "a rather…  0.5");
        for width in 1..40 {
            assert!(
                table()
                    .lines(width)
                    .iter()
                    .all(|line| line.width() <= width),
                "{width}"
            );
        }
    }
}
