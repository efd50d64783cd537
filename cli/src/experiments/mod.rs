//! `leaning experiments`: the experiments behind the documentation, one per file.

mod answer_kinds;
mod calibration;
mod contrast;
mod draws;
mod drift;
mod fewer;
mod fit_study;
mod misspecified;
mod page;
mod peers;
mod poles;
mod real;
mod recovery;
mod several;
mod shared;
mod size;
mod stopping;

use crate::atomic_write::{check_folder, save};
use crate::failure::Failure;
use crate::report::{Section, Target};
use crate::simulate::failure;
use clap::builder::PossibleValuesParser;
use page::renewed;
use size::Size;
use std::fs;
use std::path::{Path, PathBuf};

/// Run the experiments behind docs/experiments.md
///
/// Without --only, all experiments of docs/experiments.md run, which takes hours. `real` replays
/// real people's choices from the folder --data, which holds a folder per data set. `peers` shows
/// the figures that tests/reference/peers.py wrote below --out. `fit-study` has the tables of
/// docs/real-data.md about simulated people, `draws` has the errors of the posterior's samples, and
/// `shared` the tables of docs/sharing.md; these three run only if they are named.
///
/// The report goes to standard output as Markdown, or with its pictures and tables to --out. With
/// --only, a page that is there keeps its other sections.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning experiments --data data --out docs
  leaning experiments --only fit-study"
)]
pub struct Arguments {
    /// Run only this experiment; repeat it for several
    #[arg(long, value_name = "NAME", value_parser = names())]
    only: Vec<String>,

    /// The folder with real people's choices
    #[arg(long, value_name = "FOLDER", env = "LEANING_DATA")]
    data: Option<PathBuf>,

    /// Write experiments.md into this folder, and pictures and tables into its folder experiments
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,

    /// With only a few people, to see that everything runs
    #[arg(long)]
    tiny: bool,
}

/// An experiment with simulated people.
type Experiment = fn(Size) -> Result<Section, leaning::Error>;

/// The experiments with simulated people, in the order of the report.
const SIMULATED: [(&str, Experiment); 10] = [
    ("recovery", recovery::run),
    ("fewer", fewer::run),
    ("poles", poles::run),
    ("misspecified", misspecified::run),
    ("calibration", calibration::run),
    ("stopping", stopping::run),
    ("several", several::run),
    ("kinds", answer_kinds::run),
    ("drift", drift::run),
    ("contrast", contrast::run),
];
/// The comparison with other methods, which a script measures.
const PEERS: &str = "peers";
/// The experiment with real people.
const REAL: &str = "real";
/// The study of the fit, which is not a part of the report.
const FIT_STUDY: &str = "fit-study";
/// The errors of the posterior's samples, which are not a part of the report either.
const DRAWS: &str = "draws";
/// How much of a prior shared weights give, which is in docs/sharing.md.
const SHARED: &str = "shared";

fn names() -> PossibleValuesParser {
    let simulated = SIMULATED.iter().map(|(name, _)| *name);
    PossibleValuesParser::new(simulated.chain([PEERS, REAL, FIT_STUDY, DRAWS, SHARED]))
}

/// The report of the experiments that ran.
#[derive(Debug)]
pub struct Finished {
    pub sections: Vec<Section>,
    /// Its Markdown, if it is not in a file.
    pub markdown: String,
    /// The file that it was written to.
    pub file: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<Finished, Failure> {
    let Arguments {
        only,
        data,
        out,
        tiny,
    } = arguments;
    out.as_deref().map_or(Ok(()), check_folder)?;
    let size = if *tiny { Size::TINY } else { Size::FULL };
    let is_named = |name: &str| only.iter().any(|only| only == name);
    if is_named(REAL) && data.is_none() {
        let message = "real needs real people's choices: name their folder by --data FOLDER or \
                       LEANING_DATA";
        return Err(Failure::of_option("--only", message));
    }
    let figures = out.as_deref().map(|out| out.join(NAME));
    if is_named(PEERS) && !figures.as_deref().is_some_and(peers::has_figures) {
        let message = "peers needs the file experiments/peers.csv in the folder --out, which \
                       tests/reference/peers.py writes";
        return Err(Failure::of_option("--only", message));
    }
    let is_wanted = |name: &str| only.is_empty() || is_named(name);
    let mut report = Report {
        out: out.as_deref(),
        sections: Vec::new(),
        is_whole: only.is_empty(),
    };
    for (name, experiment) in SIMULATED {
        if is_wanted(name) {
            report.add(experiment(size).map_err(failure)?)?;
        }
    }
    if is_wanted(PEERS) {
        report.add(peers::run(figures.as_deref())?)?;
    }
    if is_wanted(REAL) {
        report.add(real::run(size, data.as_deref())?)?;
    }
    if is_named(FIT_STUDY) {
        let failure = |error| Failure::new("simulation", error);
        report.add(fit_study::run(size).map_err(failure)?)?;
    }
    if is_named(DRAWS) {
        report.add(draws::run(size).map_err(failure)?)?;
    }
    if is_named(SHARED) {
        report.add(shared::run(size).map_err(failure)?)?;
    }
    report.finish()
}

/// The sections so far.
struct Report<'a> {
    out: Option<&'a Path>,
    sections: Vec<Section>,
    /// Whether all experiments were to run.
    is_whole: bool,
}

/// The name of the report and of the folder with its pictures.
const NAME: &str = "experiments";

impl Report<'_> {
    /// Adds a section, and writes its files: a long run that ends early has the files so far.
    fn add(&mut self, section: Section) -> Result<(), Failure> {
        if let Some(out) = self.out {
            let folder = out.join(NAME);
            fs::create_dir_all(&folder).map_err(|error| Failure::new(folder.display(), error))?;
            section.write_files(&folder)?;
        }
        self.sections.push(section);
        Ok(())
    }

    fn finish(self) -> Result<Finished, Failure> {
        let targets: Vec<&Target> = self
            .sections
            .iter()
            .flat_map(Section::all_targets)
            .collect();
        let met = targets.iter().filter(|target| target.met).count();
        let mut text = INTRODUCTION.to_owned();
        if !targets.is_empty() {
            text.push_str(&format!("\n{met} of {} aims are met.\n", targets.len()));
        }
        for section in &self.sections {
            text.push_str(&format!("\n{}", section.to_markdown(NAME)));
        }
        let file = self.out.map(|out| out.join(NAME).with_extension("md"));
        let markdown = if let Some(file) = &file {
            let text = if self.is_whole || !file.exists() {
                text
            } else {
                let page = fs::read_to_string(file)
                    .map_err(|error| Failure::new(file.display(), error))?;
                renewed(&page, &self.sections)
            };
            save(file, text)?;
            String::new()
        } else {
            text
        };
        Ok(Finished {
            sections: self.sections,
            markdown,
            file,
        })
    }
}

const INTRODUCTION: &str = "\
# Experiments

These experiments measure how well Leaning knows people after a few answers. They use simulated people whose true
weights are known, and real people's choices. `leaning experiments` writes this page; `--data` names the folder with the
real choices. It measures every figure but those of other methods, which `tests/reference/peers.py` does. The tables are
beside the pictures as CSV. Figures are means over people with one standard error. Regret is the loss from picking by
the inferred weights, as a share of the loss from picking blindly. Harm is how often that pick is worse for the person
than the population's pick: the best by the mean weights of the deck's prior, or any candidate if the deck has no prior.
Everything is drawn from fixed seeds, so a second run writes the same, except for times.
";
