//! What a fit found, for people to read.

use super::fitted::Fitted;
use super::gather::{Gathered, readable};
use super::held_out::{CHOSEN, HeldOut, POOLED, by_prompt};
use super::model::total_covariance;
use super::names::{extremes, text_of};
use crate::failure::Failure;
use crate::report::{Cell, Chart, Estimate, Point, Section, Series, Table};
use crate::whole::save;
use leaning::Deck;
use std::fs;
use std::path::Path;

/// A gain beyond so many standard errors is one.
const BEYOND: f64 = 2.0;
/// Responses and features to name at each end.
const NAMED: usize = 3;

/// What there is to tell.
pub struct Found<'a> {
    pub gathered: &'a Gathered,
    pub fitted: &'a Fitted,
    pub deck: &'a Deck,
    /// On known responses, and on new ones.
    pub known: Option<&'a HeldOut>,
    pub new: Option<&'a HeldOut>,
}

impl Found<'_> {
    /// Writes report.md and its pictures and tables into a folder, which is made if need be.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        let sections = self.sections();
        let failure = |error: std::io::Error| Failure::new(folder.display(), error);
        fs::create_dir_all(folder).map_err(failure)?;
        for section in &sections {
            section.write_files(folder)?;
        }
        let title = self.deck.title().unwrap_or(self.deck.id());
        let body: String = sections.iter().map(|section| format!("\n{}", section.to_markdown("."))).collect();
        save(&folder.join("report.md"), format!("# {title}\n{body}"))
    }

    fn sections(&self) -> Vec<Section> {
        let mut sections = vec![self.summary(), self.known_section(), self.new_section(), self.dimensions()];
        sections.extend(self.scree());
        sections
    }

    /// In words: is it worth it?
    pub fn verdict(&self) -> String {
        let of = |held_out: &HeldOut, whom: &str| {
            let [accuracy, log] = [held_out.accuracy, held_out.log_likelihood];
            let answers = held_out.after.last().copied().unwrap_or(0);
            let (pooled, chosen) = (last_accuracy(held_out, POOLED), last_accuracy(held_out, CHOSEN));
            let found = match (pays(log), pays(accuracy)) {
                (true, _) | (_, true) => "Personalising pays",
                _ => "No personal signal was found",
            };
            format!(
                "{found} on {whom}: after {answers} answers {} of their choices are foretold, {} with one weight for all, \
                 a gain of {} ({} nats an answer).",
                share(chosen),
                share(pooled),
                signed(accuracy),
                signed(log),
            )
        };
        let known = self.known.map(|held_out| of(held_out, "new people and known responses"));
        let new = self.new.map(|held_out| of(held_out, "new people and new responses"));
        let mut sentences: Vec<String> = known.into_iter().chain(new).collect();
        if sentences.is_empty() {
            sentences
                .push("Nobody has answers enough to be held out: whether personalising pays is not known.".to_owned());
        } else if self.new.is_none() {
            sentences.push(self.why_no_new_responses());
        }
        sentences.join(" ")
    }

    fn why_no_new_responses(&self) -> String {
        match self.gathered.features {
            None => {
                "Of responses that nobody chose about nothing can be said: without features, base rewards are a table."
                    .to_owned()
            }
            Some(_) => "Nobody has answers about new responses only, so of those nothing is known.".to_owned(),
        }
    }

    fn summary(&self) -> Section {
        let mut section = Section::new("summary", "Is it worth it?");
        section.text(self.verdict());
        let choices = &self.gathered.choices;
        let comparisons: usize = choices.people.iter().map(|person| person.comparisons.len()).sum();
        let answers = self.fitted.model.answers;
        section.text(format!(
            "Fitted to {comparisons} answers of {} people about {} responses, with {} dimensions. People are taken to slip in \
             {} of their answers{}.",
            choices.people.len(),
            choices.responses.len(),
            self.fitted.model.dimensions(),
            percent(answers.lapse()),
            match answers.indifference() {
                0.0 => String::new(),
                band => format!(", and to call two alike within a band of {band:.2} (fitted to their ties)"),
            },
        ));
        section.text(
            "How it was measured: people are parted into three; two parts are fitted to and the third is replayed, each in \
             turn, so that nobody is foretold by a fit that saw them. Gains are differences person by person, with their \
             standard error over people.",
        );
        section
    }

    fn known_section(&self) -> Section {
        let mut section = Section::new("known", "New people, known responses");
        match self.known {
            None => section.text("Nobody has more answers than the four that would be held out."),
            Some(held_out) => {
                section.text(format!(
                    "Of each of {} people four answers are held out. Asked can be about the others, except where one of the \
                     responses in those four is shown: a person's word on a response would tell of it anyway.",
                    held_out.people
                ));
                curves(&mut section, held_out);
            }
        }
        section
    }

    fn new_section(&self) -> Section {
        let mut section = Section::new("new", "New people, new responses");
        let Some(held_out) = self.new else {
            section.text(self.why_no_new_responses());
            return section;
        };
        let parted = if by_prompt(self.gathered) { "Prompts, with all their responses," } else { "Responses" };
        section.text(format!(
            "{parted} are parted into three as well, and fitted is only to answers in which nothing of the third part was \
             shown. Of {} people, {} answers about the third part only are foretold, from answers about the other two \
             only: neither the person nor anything that was shown is known to the fit.",
            held_out.people, held_out.answers
        ));
        curves(&mut section, held_out);
        section
    }

    fn dimensions(&self) -> Section {
        let mut section = Section::new("dimensions", "Dimensions");
        section.text(
            "In the order of how much people differ in them. A typical difference between two responses is 1 in each, so \
             that a weight's mean and standard deviation over people say how much it moves a choice (1 turns even odds \
             into 73%).",
        );
        let covariance = total_covariance(&self.fitted.model.prior);
        let mean = self.fitted.model.prior.mean();
        let row = |(j, dimension): (usize, &leaning::deck::Dimension)| {
            vec![
                Cell::Text(dimension.id.clone()),
                Cell::Text(dimension.label.clone()),
                Cell::Text(dimension.low.clone()),
                Cell::Text(dimension.high.clone()),
                Cell::Figure { value: mean[j], error: None },
                Cell::Figure { value: covariance[(j, j)].sqrt(), error: None },
            ]
        };
        let columns = ["dimension", "label", "low", "high", "mean weight", "standard deviation"].map(str::to_owned);
        let rows = self.deck.dimensions().iter().enumerate().map(row).collect();
        section.table("weights", "", Table { columns: columns.to_vec(), rows, decimals: 2 });
        if let (Some(features), Some(head)) = (&self.gathered.features, self.fitted.head()) {
            let columns = ["feature".to_owned()].into_iter();
            let columns = columns.chain(self.deck.dimensions().iter().map(|dimension| dimension.id.clone())).collect();
            let row = |(k, name): (usize, &String)| {
                let effects = (0..head.ncols()).map(|j| Cell::Figure { value: head[(k, j)], error: None });
                [Cell::Text(readable(name))].into_iter().chain(effects).collect()
            };
            let rows = features.names.iter().enumerate().map(row).collect();
            let caption = "What a typical difference in each feature adds to each dimension.";
            section.table("head", caption, Table { columns, rows, decimals: 2 });
        }
        section.text(self.ends());
        section
    }

    /// The responses at each end of each dimension.
    fn ends(&self) -> String {
        let responses = &self.gathered.choices.responses;
        let shown = self.gathered.shown();
        let mut lines = vec!["Responses at each end:".to_owned(), String::new()];
        for (j, dimension) in self.deck.dimensions().iter().enumerate() {
            let scores = self.fitted.model.scores.column(j);
            let numbers: Vec<f64> =
                scores.iter().zip(&shown).map(|(score, shown)| if *shown { *score } else { 0.0 }).collect();
            let (low, high) = extremes(&numbers, NAMED);
            let texts = |places: Vec<usize>| -> String {
                places
                    .into_iter()
                    .map(|place| format!("“{}”", text_of(&responses[place])))
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            lines.push(format!("- **{}**, low: {}", dimension.label, texts(low)));
            lines.push(format!("  high: {}", texts(high)));
        }
        lines.join("\n")
    }

    /// How many dimensions?
    fn scree(&self) -> Option<Section> {
        let tried = &self.fitted.tried;
        if tried.is_empty() {
            return None;
        }
        let mut section = Section::new("scree", "How many dimensions?");
        section.text(
            "By cross-validation over people in five parts: the mean of log P(all that a person said), by answer, with \
             their weights integrated out under a prior that was fitted to the others. A further dimension is taken if it \
             gains more than three standard errors and .001 nats an answer.",
        );
        let points = tried.iter().map(|scored| Point {
            x: scored.dimensions as f64,
            mean: scored.log_likelihood.mean,
            error: scored.log_likelihood.error,
        });
        section.chart(
            "likelihood",
            Chart {
                title: "People who were not fitted to, by number of dimensions".to_owned(),
                x_label: "dimensions".to_owned(),
                y_label: "log-likelihood an answer".to_owned(),
                series: vec![Series { name: "held out".to_owned(), points: points.collect(), ..Series::default() }],
                ..Chart::default()
            },
        );
        let row = |scored: &super::select::Scored| {
            vec![
                Cell::Count(scored.dimensions as u64),
                scored.log_likelihood.into(),
                Cell::Figure { value: scored.gain.mean, error: Some(scored.gain.error) },
            ]
        };
        let columns = ["dimensions", "log-likelihood", "gain over one less"].map(str::to_owned).to_vec();
        let caption = "The gain's error is that of differences person by person.";
        section.table("gains", caption, Table { columns, rows: tried.iter().map(row).collect(), decimals: 4 });
        Some(section)
    }
}

fn pays(gain: Estimate) -> bool {
    gain.mean > BEYOND * gain.error
}

fn last_accuracy(held_out: &HeldOut, name: &str) -> f64 {
    let curve = held_out.curves.iter().find(|curve| curve.name == name);
    curve.and_then(|curve| curve.accuracy.last()).map_or(f64::NAN, |estimate| estimate.mean)
}

/// `.749`
fn share(value: f64) -> String {
    let text = format!("{value:.3}");
    text.strip_prefix('0').map_or(text.clone(), str::to_owned)
}

fn percent(value: f64) -> String {
    format!("{:.0}%", 100.0 * value)
}

/// `.050 ± .004`, with the sign of a loss.
fn signed(estimate: Estimate) -> String {
    let sign = if estimate.mean < 0.0 { "−" } else { "" };
    format!("{sign}{} ± {}", share(estimate.mean.abs()), share(estimate.error))
}

/// A chart and a table of accuracy, and the same of log-likelihood.
fn curves(section: &mut Section, held_out: &HeldOut) {
    let kinds = [("accuracy", "share of choices foretold"), ("likelihood", "log-likelihood an answer")];
    for (kind, label) in kinds {
        let estimates = |curve: &crate::replay::Curve| match kind {
            "accuracy" => curve.accuracy.clone(),
            _ => curve.log_likelihood.clone(),
        };
        let series = held_out.curves.iter().map(|curve| {
            let points = held_out.after.iter().zip(estimates(curve));
            Series {
                name: curve.name.clone(),
                points: points.map(|(&x, of)| Point { x: x as f64, mean: of.mean, error: of.error }).collect(),
                emphasis: curve.name == CHOSEN,
                dashed: curve.name == POOLED,
            }
        });
        section.chart(
            kind,
            Chart {
                title: format!("{}: {label}", section.title),
                x_label: "answers".to_owned(),
                y_label: label.to_owned(),
                series: series.collect(),
                ..Chart::default()
            },
        );
        let columns = ["", label].map(str::to_owned);
        let after = held_out.after.iter().map(|after| format!("after {after}"));
        let row = |curve: &crate::replay::Curve| {
            let estimates = estimates(curve).into_iter().map(Cell::from);
            [Cell::Text(curve.name.clone())].into_iter().chain(estimates).collect()
        };
        let rows = held_out.curves.iter().map(row).collect();
        let table = Table { columns: columns.into_iter().take(1).chain(after).collect(), rows, decimals: 3 };
        section.table(
            &format!("{kind}-table"),
            format!("{}, with standard errors over people.", capital(label)),
            table,
        );
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}
