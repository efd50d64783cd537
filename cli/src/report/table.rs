//! Tables, as GitHub's Markdown and as CSV.

use std::io;

/// One cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    /// An estimate, with one standard error if that is known. NaN is unknown: a mean over nobody has
    /// an empty cell, and one over a single person no error.
    Figure {
        value: f64,
        error: Option<f64>,
    },
    Count(u64),
    Empty,
}

/// Rows of cells under the names of their columns.
///
/// # Panics
/// Writing a table panics unless every row has a cell for each column.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// Number of decimals of figures in Markdown. CSV has all digits.
    pub decimals: usize,
}

impl Default for Table {
    fn default() -> Self {
        Table {
            columns: Vec::new(),
            rows: Vec::new(),
            decimals: 3,
        }
    }
}

impl Table {
    /// A table for GitHub, padded so that the raw text reads well too. Columns of numbers are
    /// right-aligned.
    pub fn to_markdown(&self) -> String {
        let columns: Vec<_> = (0..self.columns.len())
            .map(|index| self.markdown_column(index))
            .collect();
        let lines = (0..self.rows.len() + 2).map(|line| {
            let cells: String = columns
                .iter()
                .map(|column| format!(" {} |", column[line]))
                .collect();
            format!("|{cells}\n")
        });
        lines.collect()
    }

    /// Comma-separated values; every number reads back unchanged. A column with errors becomes two,
    /// `name` and `name_se`.
    pub fn to_csv(&self) -> io::Result<Vec<u8>> {
        let errors: Vec<_> = (0..self.columns.len())
            .map(|index| self.has_errors(index))
            .collect();
        let mut csv = csv::Writer::from_writer(Vec::new());
        for (name, &has_errors) in self.columns.iter().zip(&errors) {
            csv.write_field(name)?;
            if has_errors {
                csv.write_field(format!("{name}_se"))?;
            }
        }
        csv.write_record(None::<&[u8]>)?;
        for row in 0..self.rows.len() {
            for (column, &has_errors) in errors.iter().enumerate() {
                let (value, error) = csv_fields(self.cell(row, column));
                csv.write_field(value)?;
                if has_errors {
                    csv.write_field(error)?;
                }
            }
            csv.write_record(None::<&[u8]>)?;
        }
        csv.into_inner().map_err(csv::IntoInnerError::into_error)
    }

    fn cell(&self, row: usize, column: usize) -> &Cell {
        let cells = &self.rows[row];
        assert_eq!(
            cells.len(),
            self.columns.len(),
            "row {row} needs a cell for each column"
        );
        &cells[column]
    }

    fn column(&self, index: usize) -> impl Iterator<Item = &Cell> {
        (0..self.rows.len()).map(move |row| self.cell(row, index))
    }

    /// The name, the rule below it and the cells, all with the same width.
    fn markdown_column(&self, index: usize) -> Vec<String> {
        let name = escape(&self.columns[index]);
        let cells: Vec<_> = self
            .column(index)
            .map(|cell| markdown_cell(cell, self.decimals))
            .collect();
        // GitHub needs three characters in a rule.
        let width = cells
            .iter()
            .chain([&name])
            .map(|text| text.chars().count())
            .fold(3, usize::max);
        let numeric = self.is_numeric(index);
        let rule = if numeric {
            format!("{:->width$}", ":")
        } else {
            "-".repeat(width)
        };
        let pad = |text: String| {
            if numeric {
                format!("{text:>width$}")
            } else {
                format!("{text:<width$}")
            }
        };
        [pad(name), rule]
            .into_iter()
            .chain(cells.into_iter().map(pad))
            .collect()
    }

    fn is_numeric(&self, index: usize) -> bool {
        let mut cells = self
            .column(index)
            .filter(|cell| **cell != Cell::Empty)
            .peekable();
        cells.peek().is_some() && cells.all(|cell| !matches!(cell, Cell::Text(_)))
    }

    fn has_errors(&self, index: usize) -> bool {
        self.column(index)
            .any(|cell| matches!(cell, Cell::Figure { error: Some(_), .. }))
    }
}

fn markdown_cell(cell: &Cell, decimals: usize) -> String {
    match cell {
        Cell::Text(text) => escape(text),
        Cell::Figure { value, .. } if value.is_nan() => String::new(),
        Cell::Figure {
            value,
            error: Some(error),
        } if !error.is_nan() => {
            format!("{} ± {}", round(*value, decimals), round(*error, decimals))
        }
        Cell::Figure { value, .. } => round(*value, decimals),
        Cell::Count(count) => count.to_string(),
        Cell::Empty => String::new(),
    }
}

/// A value and its error.
fn csv_fields(cell: &Cell) -> (String, String) {
    match cell {
        Cell::Text(text) => (as_text(text), String::new()),
        Cell::Figure { value, error } => {
            let known = |number: f64| (!number.is_nan()).then(|| number.to_string());
            let error = error.and_then(known);
            (known(*value).unwrap_or_default(), error.unwrap_or_default())
        }
        Cell::Count(count) => (count.to_string(), String::new()),
        Cell::Empty => Default::default(),
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe before the sign makes it a text.
fn as_text(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A number as in a paper's table: no zero before the point, no minus before zero.
fn round(value: f64, decimals: usize) -> String {
    let digits = format!("{:.decimals$}", value.abs());
    let is_zero = !digits.contains(|character: char| character != '0' && character != '.');
    let digits = digits
        .strip_prefix('0')
        .filter(|rest| !rest.is_empty())
        .unwrap_or(&digits);
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    format!("{sign}{digits}")
}

/// Text that cannot leave its cell.
fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('|', "\\|");
    text.replace("\r\n", "<br>").replace(['\r', '\n'], "<br>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Estimate;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    fn figure(value: f64, error: f64) -> Cell {
        Cell::Figure {
            value,
            error: Some(error),
        }
    }

    fn table(columns: &[&str], rows: Vec<Vec<Cell>>) -> Table {
        Table {
            columns: columns.iter().map(|&name| name.to_owned()).collect(),
            rows,
            ..Table::default()
        }
    }

    fn csv(table: &Table) -> String {
        String::from_utf8(table.to_csv().unwrap()).unwrap()
    }

    fn example() -> Table {
        let rows = vec![
            vec![
                text("random"),
                Cell::Count(1200),
                figure(0.2314, 0.0061),
                Cell::Figure {
                    value: 1.5,
                    error: None,
                },
            ],
            vec![
                text("pref"),
                Cell::Count(80),
                figure(-0.05, 0.0125),
                Cell::Empty,
            ],
        ];
        table(&["method", "people", "regret", "time"], rows)
    }

    #[test]
    fn markdown_is_padded_and_numbers_are_right_aligned() {
        let expected = "\
| method | people |       regret |  time |
| ------ | -----: | -----------: | ----: |
| random |   1200 |  .231 ± .006 | 1.500 |
| pref   |     80 | −.050 ± .013 |       |
";
        // .0125 is not a double; the nearest one is a little larger and rounds up.
        assert_eq!(example().to_markdown(), expected);
    }

    #[test]
    fn figures_have_the_decimals_of_the_table() {
        let decimals = |decimals| markdown_cell(&figure(0.96, 0.31), decimals);
        assert_eq!(decimals(1), "1.0 ± .3");
        assert_eq!(decimals(2), ".96 ± .31");
        assert_eq!(decimals(0), "1 ± 0");
    }

    #[test]
    fn a_number_that_rounds_to_zero_has_no_minus() {
        assert_eq!(round(-0.0004, 3), ".000");
        assert_eq!(round(-0.4, 0), "0");
        assert_eq!(round(-0.0005001, 3), "−.001");
    }

    #[test]
    fn infinity_is_shown_as_such() {
        assert_eq!(round(f64::NEG_INFINITY, 3), "−inf");
    }

    #[test]
    fn a_mean_over_nobody_is_an_empty_cell_and_one_over_a_single_person_has_no_error() {
        let [nobody, one] = [vec![], vec![0.25]].map(|people| Cell::from(Estimate::of(people)));
        let means = table(&["a", "b"], vec![vec![nobody, one]]);
        assert_eq!(means.to_markdown().lines().last(), Some("|     | .250 |"));
        assert_eq!(csv(&means), "a,a_se,b,b_se\n,,0.25,\n");
    }

    #[test]
    fn text_cannot_break_out_of_its_cell() {
        let table = table(
            &["a|b"],
            vec![vec![text("c\\|d")], vec![text("two\r\nlines\n")]],
        );
        let expected = "\
| a\\|b              |
| ----------------- |
| c\\\\\\|d            |
| two<br>lines<br>  |
";
        let without_padding = |text: &str| text.replace([' ', '-'], "");
        assert_eq!(
            without_padding(&table.to_markdown()),
            without_padding(expected)
        );
    }

    #[test]
    fn a_column_with_any_text_is_a_column_of_text() {
        let mixed = table(&["n"], vec![vec![Cell::Count(7)], vec![text("many")]]);
        assert_eq!(
            mixed.to_markdown(),
            "| n    |\n| ---- |\n| 7    |\n| many |\n"
        );
    }

    #[test]
    fn a_table_without_rows_has_a_header() {
        assert_eq!(
            table(&["a", "b"], vec![]).to_markdown(),
            "| a   | b   |\n| --- | --- |\n"
        );
        assert_eq!(csv(&table(&["a", "b"], vec![])), "a,b\n");
    }

    #[test]
    fn a_label_is_never_a_formula() {
        let row = vec![Cell::Text("=1+1".into()), Cell::Text("a-b".into())];
        assert_eq!(csv(&table(&["a", "b"], vec![row])), "a,b\n'=1+1,a-b\n");
    }

    #[test]
    fn csv_gives_errors_a_column_of_their_own_and_keeps_all_digits() {
        let expected = "\
method,people,regret,regret_se,time
random,1200,0.2314,0.0061,1.5
pref,80,-0.05,0.0125,
";
        assert_eq!(csv(&example()), expected);
        let third = csv(&table(
            &["x"],
            vec![vec![Cell::Figure {
                value: 1.0 / 3.0,
                error: None,
            }]],
        ));
        assert_eq!(third.lines().nth(1).unwrap().parse(), Ok(1.0 / 3.0));
    }

    #[test]
    fn csv_quotes_text_with_commas_quotes_or_line_breaks() {
        let table = table(&["a,b"], vec![vec![text("say \"so\"\ntwice")]]);
        assert_eq!(csv(&table), "\"a,b\"\n\"say \"\"so\"\"\ntwice\"\n");
    }

    #[test]
    #[should_panic(expected = "row 1 needs a cell for each column")]
    fn a_row_of_another_length_is_refused() {
        table(
            &["a"],
            vec![vec![Cell::Empty], vec![Cell::Empty, Cell::Count(1)]],
        )
        .to_markdown();
    }
}
