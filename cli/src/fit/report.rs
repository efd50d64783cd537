//! The report of a fit, for people to read.

use super::cross_validation::Trial;
use super::curves::{self, CurveGain};
use super::dimension_names::{extremes, text_of};
use super::fitted::Fitted;
use super::held_out::{CHOSEN, Gain, HeldOut, POOLED, by_prompt};
use super::training_data::{TrainingData, readable};
use crate::atomic_write::save;
use crate::failure::Failure;
use crate::pool_replay::MethodCurve;
use crate::report::{Cell, Chart, Estimate, Point, Section, Series, Table};
use leaning::{Deck, Dimension};
use std::fs;
use std::path::Path;

/// A gain counts if it is larger than this many standard errors.
const SIGNIFICANT: f64 = 2.0;
/// Number of responses to quote at each end of a dimension.
const QUOTED: usize = 3;

/// Everything to report.
pub struct FitReport<'a> {
    pub data: &'a TrainingData,
    pub fitted: &'a Fitted,
    pub deck: &'a Deck,
    /// The gain of each dimension from a curve; empty if it was not measured.
    pub curves: &'a [CurveGain],
    /// On known responses.
    pub known: Option<&'a HeldOut>,
    /// On new responses.
    pub new: Option<&'a HeldOut>,
}

impl FitReport<'_> {
    /// Writes report.md with its pictures and tables into a folder, which is made if need be.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        let sections = self.sections();
        let failure = |error: std::io::Error| Failure::new(folder.display(), error);
        fs::create_dir_all(folder).map_err(failure)?;
        for section in &sections {
            section.write_files(folder)?;
        }
        let title = self.deck.title().unwrap_or(self.deck.id());
        let body: String = sections
            .iter()
            .map(|section| format!("\n{}", section.to_markdown(".")))
            .collect();
        save(&folder.join("report.md"), format!("# {title}\n{body}"))
    }

    fn sections(&self) -> Vec<Section> {
        let mut sections = vec![
            self.summary(),
            self.known_section(),
            self.new_section(),
            self.dimensions(),
        ];
        sections.extend(curves::section(self.curves));
        sections.extend(self.number_of_dimensions());
        sections
    }

    /// Whether personalising pays, in words.
    pub fn verdict(&self) -> String {
        let sentence = |held_out: &HeldOut, whom: &str| {
            let HeldOut {
                accuracy,
                log_likelihood,
                ..
            } = held_out;
            let answers = held_out.after.last().copied().unwrap_or(0);
            let found = if is_gain(accuracy) || is_gain(log_likelihood) {
                "Personalising pays"
            } else {
                "No personal signal was found"
            };
            let nats = signed(log_likelihood);
            let accuracies = last_accuracy(held_out, POOLED).zip(last_accuracy(held_out, CHOSEN));
            let Some((pooled, chosen)) = accuracies else {
                return format!(
                    "{found} on {whom}: none of their answers that are held out is a choice. The \
                     gain after {answers} answers is {nats} nats per answer."
                );
            };
            format!(
                "{found} on {whom}: the fit predicts {} of their choices after {answers} \
                 answers, and one weight for all predicts {}. The gain is {} ({nats} nats per \
                 answer).",
                share(chosen),
                share(pooled),
                signed(accuracy),
            )
        };
        let known = self
            .known
            .map(|held_out| sentence(held_out, "new people and known responses"));
        let new = self
            .new
            .map(|held_out| sentence(held_out, "new people and new responses"));
        let mut sentences: Vec<String> = known.into_iter().chain(new).collect();
        if sentences.is_empty() {
            let unknown = "Nobody has enough answers to hold some out, so whether personalising \
                           pays is not known.";
            sentences.push(unknown.to_owned());
        } else if self.new.is_none() {
            sentences.push(self.why_no_new_responses().to_owned());
        }
        sentences.join(" ")
    }

    fn why_no_new_responses(&self) -> &'static str {
        match self.data.features {
            None => {
                "Without features, base rewards are a table, which says nothing about responses \
                 that were never shown."
            }
            Some(_) => {
                "Nobody has answers about new responses only, so nothing is known about those."
            }
        }
    }

    fn summary(&self) -> Section {
        let mut section = Section::new("summary", "Does personalising pay?");
        section.text(self.verdict());
        let choices = &self.data.choices;
        let comparisons = choices.people.comparisons();
        let answers = self.fitted.model.answers;
        let penalty = match (&self.data.features, self.fitted.penalty) {
            (None, Some(times)) => format!(" The penalty on base rewards is {times} × the usual."),
            _ => String::new(),
        };
        let ties = match answers.indifference() {
            0.0 => String::new(),
            band => format!(" Their ties are fitted by a band of indifference of {band:.2}."),
        };
        section.text(format!(
            "The fit is to {comparisons} answers of {} people about {} responses, with {} \
             dimensions. It assumes a lapse in {:.0}% of the answers.{ties}{penalty}",
            choices.people.len(),
            choices.responses.len(),
            self.fitted.model.dimensions(),
            100.0 * answers.lapse(),
        ));
        section.text(
            "People are split into three parts at random. A fit to two parts predicts the people \
             of the third, in turn, so nobody is predicted by a fit that has seen their answers. \
             Gains are differences person by person, with their standard error over people.",
        );
        section
    }

    fn known_section(&self) -> Section {
        let mut section = Section::new("known", "New people, known responses");
        let Some(held_out) = self.known else {
            section.text("Nobody has more answers than the four that would be held out.");
            return section;
        };
        section.text(format!(
            "Four answers of each of {} people are held out. Questions come from the other \
             answers, without those about a response that the four are about: an answer about a \
             response would predict them even without base rewards.",
            held_out.people
        ));
        add_curves(&mut section, held_out);
        section
    }

    fn new_section(&self) -> Section {
        let mut section = Section::new("new", "New people, new responses");
        let Some(held_out) = self.new else {
            section.text(self.why_no_new_responses());
            return section;
        };
        let by_prompt = by_prompt(self.data);
        let split = if by_prompt {
            "Prompts, with all their responses,"
        } else {
            "Responses"
        };
        section.text(format!(
            "{split} are split into three parts as well, and the fit is only to answers that show \
             nothing of the third part. It predicts {} answers of {} people about the third part \
             only, based on their answers about the other two only. The fit has seen neither the \
             person nor anything that was shown.",
            held_out.answers, held_out.people
        ));
        add_curves(&mut section, held_out);
        section
    }

    fn dimensions(&self) -> Section {
        let mut section = Section::new("dimensions", "Dimensions");
        section.text(
            "Dimensions are in the order of how much people differ in them, consensus at the end. A \
             typical difference \
             between two responses is 1 in each, so the mean and standard deviation of a weight \
             say how much the dimension moves a choice. A weight of 1 turns even odds into 73%.",
        );
        let prior = &self.fitted.model.prior;
        let (mean, sd) = (prior.mean(), prior.standard_deviations());
        let row = |(j, dimension): (usize, &Dimension)| {
            vec![
                Cell::Text(dimension.id.clone()),
                Cell::Text(dimension.label.clone()),
                Cell::Text(dimension.low.clone()),
                Cell::Text(dimension.high.clone()),
                Cell::Figure {
                    value: mean[j],
                    error: None,
                },
                Cell::Figure {
                    value: sd[j],
                    error: None,
                },
            ]
        };
        let columns = [
            "dimension",
            "label",
            "low",
            "high",
            "mean weight",
            "standard deviation",
        ];
        let table = Table {
            columns: columns.map(str::to_owned).to_vec(),
            rows: self.deck.dimensions().iter().enumerate().map(row).collect(),
            decimals: 2,
        };
        section.table("weights", "", table);
        if let (Some(features), Some(head)) = (&self.data.features, self.fitted.head()) {
            let ids = self
                .deck
                .dimensions()
                .iter()
                .map(|dimension| dimension.id.clone());
            let row = |(k, name): (usize, &String)| {
                let effects = head
                    .row(k)
                    .iter()
                    .map(|&value| Cell::Figure { value, error: None })
                    .collect();
                [vec![Cell::Text(readable(name))], effects].concat()
            };
            let table = Table {
                columns: ["feature".to_owned()].into_iter().chain(ids).collect(),
                rows: features.names.iter().enumerate().map(row).collect(),
                decimals: 2,
            };
            section.table(
                "head",
                "Effect of a typical difference in each feature.",
                table,
            );
        }
        section.text(self.quoted_responses());
        section
    }

    /// The responses at each end of each dimension.
    fn quoted_responses(&self) -> String {
        let responses = &self.data.choices.responses;
        let was_shown = self.data.was_shown();
        let mut lines = vec!["Responses at each end:".to_owned(), String::new()];
        for (j, dimension) in self.deck.dimensions().iter().enumerate() {
            let scores = self.fitted.model.scores.column(j);
            let shown = scores.iter().zip(&was_shown);
            let numbers: Vec<f64> = shown
                .map(|(score, shown)| if *shown { *score } else { 0.0 })
                .collect();
            let (low, high) = extremes(&numbers, QUOTED);
            let quote = |places: Vec<usize>| -> String {
                let texts = places.into_iter().map(|place| text_of(&responses[place]));
                texts
                    .map(|text| format!("“{text}”"))
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            lines.push(format!("- **{}**, low: {}", dimension.label, quote(low)));
            lines.push(format!("  high: {}", quote(high)));
        }
        lines.join("\n")
    }

    fn number_of_dimensions(&self) -> Option<Section> {
        let trials = &self.fitted.trials;
        if trials.is_empty() {
            return None;
        }
        let mut section = Section::new("scree", "Number of dimensions");
        section.text(
            "Cross-validation over five parts of the people: the mean log-likelihood per answer \
             of all answers of a person, with the weights integrated out under a prior that was \
             fitted to the others. A further dimension is taken if it gains more than three \
             standard errors and .001 nats per answer.",
        );
        let points = trials.iter().map(|trial| Point {
            x: trial.dimensions as f64,
            mean: trial.log_likelihood.mean,
            error: trial.log_likelihood.error,
        });
        let series = Series {
            name: "held out".to_owned(),
            points: points.collect(),
            ..Series::default()
        };
        let chart = Chart {
            title: "People held out of the fit, by number of dimensions".to_owned(),
            x_label: "dimensions".to_owned(),
            y_label: "log-likelihood per answer".to_owned(),
            series: vec![series],
            ..Chart::default()
        };
        section.chart("likelihood", chart);
        let row = |trial: &Trial| {
            let count = Cell::Count(trial.dimensions as u64);
            vec![count, trial.log_likelihood.into(), trial.gain.into()]
        };
        let columns = ["dimensions", "log-likelihood", "gain over one less"].map(str::to_owned);
        let table = Table {
            columns: columns.to_vec(),
            rows: trials.iter().map(row).collect(),
            decimals: 4,
        };
        let caption = "The standard error of the gain is that of differences person by person.";
        section.table("gains", caption, table);
        Some(section)
    }
}

fn is_gain(gain: &Estimate) -> bool {
    gain.mean > SIGNIFICANT * gain.error
}

/// `None` if nobody has a choice among the answers that are held out.
fn last_accuracy(held_out: &HeldOut, name: &str) -> Option<f64> {
    let curve = held_out.curves.iter().find(|curve| curve.name == name)?;
    let mean = curve.accuracy.last()?.mean;
    (!mean.is_nan()).then_some(mean)
}

/// `.749`
fn share(value: f64) -> String {
    let text = format!("{value:.3}");
    text.strip_prefix('0').map_or(text.clone(), str::to_owned)
}

/// `.050 ± .004`, with the sign of a loss. A single person has no error.
fn signed(estimate: &Estimate) -> String {
    let sign = if estimate.mean < 0.0 { "−" } else { "" };
    let mut text = format!("{sign}{}", share(estimate.mean.abs()));
    if !estimate.error.is_nan() {
        text.push_str(&format!(" ± {}", share(estimate.error)));
    }
    text
}

/// Adds a chart and a table of accuracy, and the same of log-likelihood.
fn add_curves(section: &mut Section, held_out: &HeldOut) {
    let accuracy: fn(&MethodCurve) -> &[Estimate] = |curve| &curve.accuracy;
    add_curve(
        section,
        held_out,
        "accuracy",
        "share of choices predicted",
        accuracy,
    );
    let log_likelihood: fn(&MethodCurve) -> &[Estimate] = |curve| &curve.log_likelihood;
    add_curve(
        section,
        held_out,
        "likelihood",
        "log-likelihood per answer",
        log_likelihood,
    );
    let row = |(after, gain): (&usize, &Gain)| {
        vec![
            Cell::Count(*after as u64),
            gain.accuracy.into(),
            gain.log_likelihood.into(),
        ]
    };
    let table = Table {
        columns: ["answers", "share of choices", "nats per answer"]
            .map(str::to_owned)
            .to_vec(),
        rows: held_out
            .after
            .iter()
            .zip(&held_out.gains)
            .map(row)
            .collect(),
        decimals: 3,
    };
    let caption = format!("Gain of {CHOSEN} over {POOLED}, a difference person by person.");
    section.table("gain-table", caption, table);
}

fn add_curve(
    section: &mut Section,
    held_out: &HeldOut,
    name: &str,
    label: &str,
    estimates: fn(&MethodCurve) -> &[Estimate],
) {
    let series = held_out.curves.iter().map(|curve| {
        let points = held_out.after.iter().zip(estimates(curve));
        let point = |(&x, of): (&usize, &Estimate)| Point {
            x: x as f64,
            mean: of.mean,
            error: of.error,
        };
        Series {
            name: curve.name.clone(),
            points: points.map(point).collect(),
            emphasis: curve.name == CHOSEN,
            dashed: curve.name == POOLED,
        }
    });
    let chart = Chart {
        title: format!("{}: {label}", section.title),
        x_label: "answers".to_owned(),
        y_label: label.to_owned(),
        series: series.collect(),
        ..Chart::default()
    };
    section.chart(name, chart);
    let after = held_out.after.iter().map(|after| format!("after {after}"));
    let row = |curve: &MethodCurve| {
        let estimates = estimates(curve).iter().copied().map(Cell::from);
        [Cell::Text(curve.name.clone())]
            .into_iter()
            .chain(estimates)
            .collect()
    };
    let table = Table {
        columns: [String::new()].into_iter().chain(after).collect(),
        rows: held_out.curves.iter().map(row).collect(),
        decimals: 3,
    };
    let (first, rest) = label.split_at(1);
    let caption = format!(
        "{}{rest}, with standard errors over people.",
        first.to_uppercase()
    );
    section.table(&format!("{name}-table"), caption, table);
}
