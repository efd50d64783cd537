//! Best-of-16 regret on prompts that were never asked, by strategy.

use super::engine::{Run, asking};
use crate::report::Estimate;
use crate::report::{Cell, Chart, Point, Series, Table};
use indicatif::ProgressBar;
use leaning::ranking::best_of;
use leaning::simulate::{Population, regret};
use leaning::{Deck, Error, Options, Strategy};
use serde::{Serialize, Serializer};
use serde_json::json;
use std::ops::Range;

/// Candidates of each prompt to pick from, and number of prompts.
pub const BEST_OF: usize = 16;
pub const FRESH_PROMPTS: usize = 40;

/// People of one population who answer questions about one deck.
pub struct Group<'a> {
    pub deck: &'a Deck,
    pub population: &'a Population,
    pub people: Range<usize>,
    /// Prompts, as their candidates' scores, of which the best is to be picked.
    pub picks: &'a [Vec<Vec<f64>>],
}

impl Group<'_> {
    /// Adds everybody's regret to the tally of each way of asking. With tastes that drift, regret is about what they
    /// like by then.
    pub fn add_regrets(
        &self,
        bar: &ProgressBar,
        after: &[usize],
        ways: &[(String, Options)],
        regrets: &mut [Tally],
    ) -> Result<(), Error> {
        for ((_, options), regrets) in ways.iter().zip(regrets) {
            let (people, options) = (self.people.clone(), options.clone());
            let run = Run { deck: self.deck, population: self.population, people, options, after };
            regrets.add(run.measure(bar, |person, interview, weights| {
                let person = person.after(interview.counts().1);
                regret(&person, self.picks, |scores| best_of(weights, scores).unwrap_or(0))
            })?);
        }
        Ok(())
    }
}

/// All strategies, each under its name.
pub fn all_strategies() -> Vec<(String, Options)> {
    Strategy::NAMES.iter().map(|&(name, strategy)| (name.to_owned(), asking(strategy))).collect()
}

/// What was measured of everybody by one way of asking, after each number of answers.
#[derive(Debug, Clone)]
pub struct Tally(Vec<Vec<f64>>);

impl Tally {
    pub fn new(after: &[usize]) -> Self {
        Tally(vec![Vec::new(); after.len()])
    }

    /// Adds what was measured of some people: one list each, which ends early where their questions did.
    pub fn add(&mut self, people: impl IntoIterator<Item = Vec<f64>>) {
        for person in people {
            self.0.iter_mut().zip(person).for_each(|(all, one)| all.push(one));
        }
    }

    fn estimates(self) -> Vec<Estimate> {
        self.0.into_iter().map(Estimate::of).collect()
    }
}

/// Something measured after so many answers, one curve a way of asking.
#[derive(Debug, Clone)]
pub struct Curves {
    pub after: Vec<usize>,
    pub curves: Vec<(String, Vec<Estimate>)>,
}

impl Serialize for Curves {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let curve = |(name, curve): &(String, Vec<Estimate>)| {
            let mean: Vec<f64> = curve.iter().map(|one| one.mean).collect();
            let error: Vec<f64> = curve.iter().map(|one| one.error).collect();
            json!({ "name": name, "mean": mean, "error": error })
        };
        let curves: Vec<serde_json::Value> = self.curves.iter().map(curve).collect();
        json!({ "after": self.after, "curves": curves }).serialize(serializer)
    }
}

impl Curves {
    /// The means of what was measured of everybody, by way of asking and number of answers.
    pub fn of(after: &[usize], names: impl IntoIterator<Item = impl Into<String>>, measured: Vec<Tally>) -> Self {
        let estimates = measured.into_iter().map(Tally::estimates);
        Curves { after: after.to_vec(), curves: names.into_iter().map(Into::into).zip(estimates).collect() }
    }

    /// What the way of this name had after so many answers.
    pub fn at(&self, name: &str, answers: usize) -> Estimate {
        let curve = self.curves.iter().find(|(candidate, _)| candidate == name).map(|(_, curve)| curve);
        let place = self.after.iter().position(|&after| after == answers);
        curve.zip(place).map_or(Estimate { mean: f64::NAN, error: f64::NAN }, |(curve, place)| curve[place])
    }

    pub fn table(&self, first: &str) -> Table {
        let columns = [first.to_owned()].into_iter().chain(self.after.iter().map(usize::to_string)).collect();
        let row = |(name, curve): &(String, Vec<Estimate>)| {
            [Cell::Text(name.clone())].into_iter().chain(curve.iter().copied().map(Cell::from)).collect()
        };
        Table { columns, rows: self.curves.iter().map(row).collect(), ..Table::default() }
    }

    pub fn chart(&self, title: &str, y_label: &str) -> Chart {
        let series = self.curves.iter().map(|(name, curve)| {
            let points = self.after.iter().zip(curve);
            let points = points.map(|(&x, one)| Point { x: x as f64, mean: one.mean, error: one.error }).collect();
            let emphasis = name == Strategy::default().name();
            let dashed = name == Strategy::Pref.name() || name == Strategy::Random.name();
            Series { name: name.clone(), points, emphasis, dashed }
        });
        Chart {
            title: title.to_owned(),
            x_label: "answers".to_owned(),
            y_label: y_label.to_owned(),
            series: series.collect(),
            ..Chart::default()
        }
    }
}
