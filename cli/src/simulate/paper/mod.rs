//! The experiments behind `docs/experiments.md`, one a file.

mod drift;
mod fewer;
mod honesty;
mod misspecified;
mod poles;
mod real;
mod recovery;
mod several;
mod stopping;

use super::engine::Others;
use super::setting::{PriorFrom, Setting};
use crate::failure::Failure;
use crate::report::{Section, Target};
use crate::whole::save;
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

impl Size {
    /// The setting in this size.
    fn of(self, setting: Setting) -> Setting {
        let prior = match setting.prior {
            PriorFrom::Others(others) => PriorFrom::Others(Others { people: self.others, ..others }),
            other => other,
        };
        Setting { worlds: self.worlds, people: self.people, prior, ..setting }
    }
}

/// Runs one experiment.
type Experiment = fn(Size) -> Result<Section, leaning::Error>;

/// With simulated people, in the order of the report.
const EXPERIMENTS: [(&str, Experiment); 8] = [
    ("recovery", recovery::run),
    ("fewer", fewer::run),
    ("poles", poles::run),
    ("misspecified", misspecified::run),
    ("honesty", honesty::run),
    ("stopping", stopping::run),
    ("several", several::run),
    ("drift", drift::run),
];
/// With real people.
const REAL: &str = "real";

/// The experiments' names, for a command line.
pub fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(EXPERIMENTS.iter().map(|(name, _)| *name).chain([REAL]))
}

/// Runs the experiments (those named in `only`, or all) and writes the report, its pictures and its tables.
pub fn write(file: &Path, size: Size, only: &[String], data: Option<&Path>) -> Result<(), Failure> {
    let pictures = file.with_extension("");
    fs::create_dir_all(&pictures).map_err(|error| Failure::new(pictures.display(), error))?;
    let folder = pictures.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut sections = Vec::new();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|only| only == name);
    let simulated = EXPERIMENTS.iter().filter(|(name, _)| wanted(name));
    let simulated = simulated.map(|(_, experiment)| experiment(size).map_err(super::engine::failure));
    let real = wanted(REAL).then(|| real::run(size, data));
    for section in simulated.chain(real) {
        let section = section?;
        section.write_files(&pictures)?;
        sections.push(section);
    }
    let targets: Vec<&Target> = sections.iter().flat_map(Section::all_targets).collect();
    let met = targets.iter().filter(|target| target.met).count();
    let mut text = format!("{INTRODUCTION}\n{met} of {} aims are met.\n", targets.len());
    for section in &sections {
        text.push('\n');
        text.push_str(&section.to_markdown(&folder));
    }
    save(file, text)
}

const INTRODUCTION: &str = "\
# Experiments

How well Leaning knows people after a few answers, on simulated people whose true weights are known and on real people's
choices. Every figure, table and picture here is written by `leaning simulate --paper`, with `--data` for the real
people; the tables are beside the pictures as CSV. Figures are means over people with one standard error. Regret is what
is lost by picking the best candidate by what was learned, as a share of what is lost by picking blindly. Everything is
drawn from fixed seeds, so a second run writes the same.
";

/// Whether `ours` is at most `bound`, in words.
pub fn at_most(what: &str, ours: f64, bound: f64, reason: &'static str) -> Target {
    Target { what: what.to_owned(), reached: format!("{ours:.3} against {bound:.3}"), met: ours <= bound, reason }
}
