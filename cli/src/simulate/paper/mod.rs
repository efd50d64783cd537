//! The experiments behind `docs/experiments.md`, one a file.

mod fewer;
mod misspecified;
mod poles;
mod recovery;

use super::section::{Section, Target};
use crate::failure::Failure;
use clap::builder::PossibleValuesParser;
use std::fs;
use std::path::Path;

/// How large the experiments are.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Made-up worlds, each with its own deck and population.
    pub worlds: usize,
    /// People in each.
    pub people: usize,
    /// People where chances are checked.
    pub many: usize,
    /// Other people whose answers the prior is fitted to.
    pub others: usize,
}

impl Size {
    /// That of the published figures.
    pub const FULL: Size = Size { worlds: 10, people: 20, many: 2000, others: 500 };
    /// Just enough to see that everything runs.
    pub const TINY: Size = Size { worlds: 2, people: 3, many: 10, others: 20 };
}

/// Runs one experiment.
type Experiment = fn(Size) -> Result<Section, leaning::Error>;

/// In the order of the report.
const EXPERIMENTS: [(&str, Experiment); 4] =
    [("recovery", recovery::run), ("fewer", fewer::run), ("poles", poles::run), ("misspecified", misspecified::run)];

/// The experiments' names, for a command line.
pub fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(EXPERIMENTS.map(|(name, _)| name))
}

/// Runs the experiments (those named in `only`, or all) and writes the report, its pictures and its tables.
pub fn write(file: &Path, size: Size, only: &[String], data: Option<&Path>) -> Result<(), Failure> {
    let pictures = file.with_extension("");
    let failure = |path: &Path, error: std::io::Error| Failure::new(path.display(), error);
    fs::create_dir_all(&pictures).map_err(|error| failure(&pictures, error))?;
    let folder = pictures.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut sections = Vec::new();
    for (name, experiment) in EXPERIMENTS {
        if !only.is_empty() && !only.iter().any(|only| only == name) {
            continue;
        }
        let section = experiment(size).map_err(super::engine::failure)?;
        section.write_files(&pictures).map_err(|error| failure(&pictures, error))?;
        sections.push(section);
    }
    let mut text = String::from(INTRODUCTION);
    for section in &sections {
        text.push('\n');
        text.push_str(&section.to_markdown(&folder));
    }
    fs::write(file, text).map_err(|error| failure(file, error))
}

const INTRODUCTION: &str = "\
# Experiments

Every figure and picture here is written by `leaning simulate --paper docs/experiments.md`.
";

/// Whether `ours` is at most `bound`, in words.
pub fn at_most(what: &str, ours: f64, bound: f64, reason: &'static str) -> Target {
    Target { what: what.to_owned(), reached: format!("{ours:.3} against {bound:.3}"), met: ours <= bound, reason }
}
