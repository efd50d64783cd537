//! One part of a report: text, tables, charts, and targets with the figures that were reached.

use super::chart::Chart;
use super::table::{Cell, Table};
use crate::atomic_write::save;
use crate::failure::Failure;
use std::fmt::Write as _;
use std::path::Path;

/// One part of a report.
#[derive(Debug, Default)]
pub struct Section {
    /// The beginning of the names of its files.
    pub id: &'static str,
    pub title: &'static str,
    pub parts: Vec<Part>,
}

#[derive(Debug)]
pub enum Part {
    Text(String),
    Table {
        file: String,
        caption: String,
        table: Table,
    },
    Chart {
        file: String,
        chart: Chart,
    },
    Targets(Vec<Target>),
}

/// A figure to reach, and the figure that was reached.
#[derive(Debug)]
pub struct Target {
    pub what: String,
    pub reached: String,
    pub met: bool,
    /// The reason if it was missed: a paragraph below the table.
    pub reason: &'static str,
}

impl Target {
    /// A figure that should not exceed a bound.
    pub fn at_most(what: &str, figure: f64, bound: f64, reason: &'static str) -> Self {
        Target {
            what: what.to_owned(),
            reached: format!("{figure:.3} against {bound:.3}"),
            met: figure <= bound,
            reason,
        }
    }

    /// A figure that should reach a bound.
    pub fn at_least(what: &str, figure: f64, bound: f64, reason: &'static str) -> Self {
        Target {
            met: figure >= bound,
            ..Target::at_most(what, figure, bound, reason)
        }
    }
}

impl Section {
    pub fn new(id: &'static str, title: &'static str) -> Self {
        Section {
            id,
            title,
            parts: Vec::new(),
        }
    }

    pub fn text(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Text(text.into()));
    }

    pub fn table(&mut self, name: &str, caption: impl Into<String>, table: Table) {
        let file = format!("{}-{name}", self.id);
        self.parts.push(Part::Table {
            file,
            caption: caption.into(),
            table,
        });
    }

    pub fn chart(&mut self, name: &str, chart: Chart) {
        let file = format!("{}-{name}", self.id);
        self.parts.push(Part::Chart { file, chart });
    }

    pub fn targets(&mut self, targets: Vec<Target>) {
        self.parts.push(Part::Targets(targets));
    }

    /// Its Markdown, with pictures in the folder `pictures`.
    pub fn to_markdown(&self, pictures: &str) -> String {
        let mut text = format!("## {}\n", self.title);
        for part in &self.parts {
            text.push('\n');
            // Writing to a string cannot fail.
            let _ = match part {
                Part::Text(paragraph) => writeln!(text, "{paragraph}"),
                Part::Table { caption, table, .. } if caption.is_empty() => {
                    write!(text, "{}", table.to_markdown())
                }
                Part::Table { caption, table, .. } => {
                    write!(text, "{caption}\n\n{}", table.to_markdown())
                }
                Part::Chart { file, chart } => {
                    writeln!(text, "![{}]({pictures}/{file}.svg)", chart.title)
                }
                Part::Targets(targets) => write!(text, "{}", targets_table(targets)),
            };
        }
        text
    }

    /// Writes its pictures as SVG and its tables as CSV.
    pub fn write_files(&self, folder: &Path) -> Result<(), Failure> {
        for part in &self.parts {
            match part {
                Part::Chart { file, chart } => {
                    save(&folder.join(file).with_extension("svg"), chart.to_svg())?;
                }
                Part::Table { file, table, .. } => {
                    let file = folder.join(file).with_extension("csv");
                    let csv = table.to_csv();
                    save(
                        &file,
                        csv.map_err(|error| Failure::new(file.display(), error))?,
                    )?;
                }
                Part::Text(_) | Part::Targets(_) => {}
            }
        }
        Ok(())
    }

    /// All targets.
    pub fn all_targets(&self) -> impl Iterator<Item = &Target> {
        self.parts.iter().flat_map(|part| match part {
            Part::Targets(targets) => &targets[..],
            _ => &[],
        })
    }
}

fn targets_table(targets: &[Target]) -> String {
    let columns = ["Aim", "Reached", ""].map(str::to_owned).to_vec();
    let row = |target: &Target| {
        let verdict = if target.met { "met" } else { "missed" };
        vec![
            Cell::Text(target.what.clone()),
            Cell::Text(target.reached.clone()),
            Cell::Text(verdict.to_owned()),
        ]
    };
    let table = Table {
        columns,
        rows: targets.iter().map(row).collect(),
        ..Table::default()
    };
    let mut text = table.to_markdown();
    let mut reasons: Vec<&str> = Vec::new();
    for target in targets
        .iter()
        .filter(|target| !target.met && !target.reason.is_empty())
    {
        if !reasons.contains(&target.reason) {
            reasons.push(target.reason);
        }
    }
    for reason in reasons {
        text.push_str(&format!("\n{reason}\n"));
    }
    text
}
