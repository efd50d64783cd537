//! Columns of numbers: features.
//!
//! Columns that a data frame or spreadsheet adds by itself, which count the rows, are no features.

use super::table::{Cell, Flaw, Place, Table};
use crate::failure::Failure;
pub use leaning::model::answer_model::MAX_MAGNITUDE;
use std::borrow::Cow;
use std::collections::HashSet;

/// Columns that may be features. The first row decides the kind of a column: numbers, lists of
/// numbers of one length, or something else, which is not a feature and has no number in any row.
pub struct Numbers {
    columns: Vec<Column>,
    /// Whether numbers may have a comma in place of the point.
    commas: bool,
    marks: Marks,
}

/// The decimal marks of the numbers so far.
#[derive(Default)]
struct Marks {
    comma: bool,
    point: bool,
}

struct Column {
    name: String,
    kind: Kind,
}

enum Kind {
    /// No row has been read.
    Unknown,
    Number(Range),
    List(Vec<Range>),
    /// Not a feature: the place and content of its first row.
    Other(Place, String),
    /// The row numbers of a data frame.
    Index,
}

/// The smallest and the largest number so far.
#[derive(Clone, Copy)]
struct Range(f64, f64);

impl Range {
    fn widen(&mut self, number: f64) {
        *self = Range(self.0.min(number), self.1.max(number));
    }
}

impl Numbers {
    /// These columns of a table.
    ///
    /// # Errors
    /// Fails if one has no name, or the name of another.
    pub fn of(table: &Table, columns: &[usize]) -> Result<Self, Failure> {
        let mut names = HashSet::new();
        for &place in columns {
            let name = &table.header()[place];
            if is_index(name, place) {
                continue;
            }
            if name.is_empty() {
                let what = format!(
                    "column {}: expected the name of a feature, found nothing",
                    place + 1
                );
                return Err(table.header_flaw(what));
            }
            if !names.insert(name) {
                return Err(table.header_flaw(format!("expected one column {name}, found several")));
            }
        }
        let column = |&place: &usize| {
            let name = table.header()[place].clone();
            let kind = if is_index(&name, place) {
                Kind::Index
            } else {
                Kind::Unknown
            };
            Column { name, kind }
        };
        Ok(Numbers {
            columns: columns.iter().map(column).collect(),
            commas: table.has_decimal_commas(),
            marks: Marks::default(),
        })
    }

    /// Number of features so far.
    pub fn count(&self) -> usize {
        self.columns
            .iter()
            .map(|column| column.kind.ranges().len())
            .sum()
    }

    /// Adds the numbers of a row.
    pub fn read(
        &mut self,
        place: Place,
        cells: &[Cell],
        numbers: &mut Vec<f64>,
    ) -> Result<(), Flaw> {
        let columns = self.columns.iter_mut().zip(cells);
        for (column, cell) in columns {
            let name = &column.name;
            let with_point = decimal_point(cell);
            // One of two marks would stand between thousands.
            if self.commas && !self.marks.are_one_with(cell, with_point.is_some()) {
                let message = format!(
                    "{name}: expected every number with a decimal comma, or every one with a \
                     point, found {cell}"
                );
                return Err((place, message));
            }
            let is_open = matches!(column.kind, Kind::Unknown | Kind::Other(..));
            match with_point {
                Some(number) if self.commas => {
                    let number = Cell::Text(Cow::Owned(number));
                    column.read(place, &number, numbers)?;
                }
                Some(_) if is_open => {
                    let message =
                        format!("{name}: expected a number with a decimal point, found {cell}");
                    return Err((place, message));
                }
                None if is_open && cell.number().is_none() && looks_like_number(cell) => {
                    return Err((place, column.expected(&cell.to_string())));
                }
                _ => column.read(place, cell, numbers)?,
            }
        }
        Ok(())
    }

    /// The names of the features. Those of a list have its name and a number from 0.
    pub fn names(&self) -> Vec<String> {
        let names = self
            .columns
            .iter()
            .flat_map(|Column { name, kind }| match kind {
                Kind::Number(_) => vec![name.clone()],
                Kind::List(ranges) => (0..ranges.len())
                    .map(|place| format!("{name}{place}"))
                    .collect(),
                Kind::Unknown | Kind::Other(..) | Kind::Index => Vec::new(),
            });
        names.collect()
    }

    /// Columns that are not features: the name, and the place and content of the first row.
    pub fn others(&self) -> impl Iterator<Item = (&str, Place, &str)> {
        self.columns.iter().filter_map(|column| match &column.kind {
            Kind::Other(place, found) => Some((column.name.as_str(), *place, found.as_str())),
            _ => None,
        })
    }

    /// Notes about columns that are not features, and about features that never vary.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let others = self
            .columns
            .iter()
            .filter(|column| matches!(column.kind, Kind::Other(..) | Kind::Index));
        notes.extend(ignored(others.map(|column| match column.name.as_str() {
            "" => "without a name",
            name => name,
        })));
        let ranges = self.columns.iter().flat_map(|column| column.kind.ranges());
        let constant =
            |name: &String| format!("column {name}: the same in every row, so it says nothing");
        notes.extend(
            self.names()
                .iter()
                .zip(ranges)
                .filter(|(_, range)| range.0 == range.1)
                .map(|(name, _)| constant(name)),
        );
        notes
    }
}

/// Whether a column is the index of a data frame as pandas writes it to Parquet and CSV: the latter
/// puts it first, without a name, and reading it back names it.
fn is_index(name: &str, place: usize) -> bool {
    name.starts_with("__index_level_")
        || name.starts_with("Unnamed: ")
        || (name.is_empty() && place == 0)
}

impl Marks {
    /// Adds the mark of a number. `false` if there are two by now.
    fn are_one_with(&mut self, cell: &Cell, has_comma: bool) -> bool {
        let has_point = matches!(cell, Cell::Text(text) if text.contains('.'));
        self.comma |= has_comma;
        self.point |= has_point && cell.number().is_some();
        !(self.comma && self.point)
    }
}

/// A number such as `-0,5` or `1,5e-3` with a point; `None` for everything else.
fn decimal_point(cell: &Cell) -> Option<String> {
    let Cell::Text(text) = cell else { return None };
    let (whole, fraction) = text.trim().split_once(',')?;
    let is_right = whole.ends_with(|last: char| last.is_ascii_digit())
        && fraction.starts_with(|first: char| first.is_ascii_digit())
        && !text.contains('.');
    let number = format!("{whole}.{fraction}");
    (is_right && number.parse::<f64>().is_ok()).then_some(number)
}

/// Whether a text is a number as people write them, such as `12%`, `$1,234.50` or `1 234`. It is no
/// date and no version: groups of digits have three.
fn looks_like_number(cell: &Cell) -> bool {
    const AROUND: &[char] = &[
        '+', '-', '\u{2212}', '%', '$', '€', '£', '¥', '=', '"', '\'', '(', ')', ' ', '\u{a0}',
        '\u{202f}',
    ];
    const BETWEEN: &[char] = &['.', ',', ' ', '\'', '\u{2019}', '\u{a0}', '\u{202f}', '_'];
    let Cell::Text(text) = cell else { return false };
    let mut groups = text.trim().trim_matches(AROUND).split(BETWEEN);
    let is_number = |group: &str| !group.is_empty() && group.chars().all(char::is_numeric);
    let Some(first) = groups.next() else {
        return false;
    };
    let others: Vec<&str> = groups.collect();
    let thousands = others.split_last().map_or(&[][..], |(_, before)| before);
    is_number(first)
        && others.iter().all(|group| is_number(group))
        && thousands.iter().all(|group| group.chars().count() == 3)
        && (others.is_empty() || first.chars().count() <= 3 || others.len() == 1)
}

/// A note about columns that are ignored, if there are any.
pub fn ignored<'a>(columns: impl Iterator<Item = &'a str>) -> Option<String> {
    let columns: Vec<&str> = columns.collect();
    match columns.len() {
        0 => None,
        1 => Some(format!("ignored the column {}", columns[0])),
        _ => Some(format!("ignored the columns {}", columns.join(", "))),
    }
}

impl Kind {
    fn ranges(&self) -> &[Range] {
        match self {
            Kind::Number(range) => std::slice::from_ref(range),
            Kind::List(ranges) => ranges,
            Kind::Unknown | Kind::Other(..) | Kind::Index => &[],
        }
    }
}

impl Column {
    fn read(&mut self, place: Place, cell: &Cell, numbers: &mut Vec<f64>) -> Result<(), Flaw> {
        let start = numbers.len();
        match &self.kind {
            Kind::Unknown => {
                self.kind = match cell {
                    Cell::List(items) => {
                        Kind::List(vec![Range(f64::INFINITY, f64::NEG_INFINITY); items.len()])
                    }
                    _ if cell.number().is_some() => {
                        Kind::Number(Range(f64::INFINITY, f64::NEG_INFINITY))
                    }
                    _ => Kind::Other(place, cell.to_string()),
                };
                return self.read(place, cell, numbers);
            }
            Kind::Other(first, found) => {
                // The column has numbers after all.
                return if cell.number().is_some() {
                    Err((*first, self.expected(found)))
                } else {
                    Ok(())
                };
            }
            Kind::Index => return Ok(()),
            Kind::Number(_) => numbers.push(self.number(cell).map_err(|message| (place, message))?),
            Kind::List(ranges) => match cell {
                Cell::List(items) if items.len() == ranges.len() => {
                    for item in items {
                        numbers.push(self.number(item).map_err(|message| (place, message))?);
                    }
                }
                _ => {
                    let (name, count) = (&self.name, ranges.len());
                    return Err((
                        place,
                        format!("{name}: expected a list of {count} numbers, found {cell}"),
                    ));
                }
            },
        }
        if let Kind::Number(range) = &mut self.kind {
            range.widen(numbers[start]);
        } else if let Kind::List(ranges) = &mut self.kind {
            ranges
                .iter_mut()
                .zip(&numbers[start..])
                .for_each(|(range, number)| range.widen(*number));
        }
        Ok(())
    }

    fn number(&self, cell: &Cell) -> Result<f64, String> {
        let name = &self.name;
        match cell.number() {
            Some(number) if number.abs() <= MAX_MAGNITUDE => Ok(number),
            Some(_) => Err(format!(
                "{name}: expected a finite number of at most 1e100 either way, found {cell}"
            )),
            None => Err(self.expected(&cell.to_string())),
        }
    }

    fn expected(&self, found: &str) -> String {
        format!("{}: expected a number, found {found}", self.name)
    }
}
