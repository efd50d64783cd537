//! Regret of best-of-16 picks on prompts that were never asked about, by strategy.

use super::interviews::{Interviews, endless};
use crate::report::{Cell, Chart, Estimate, Point, Series, Table};
use indicatif::ProgressBar;
use leaning::decision::ranking::best_of;
use leaning::question::acquisition::{DEFAULT, random::RandomPair};
use leaning::{Deck, Error, Features, Options, Strategy};
use leaning_simulate::{PREF, Person, Population, regret, strategies};
use nalgebra::{DMatrix, DVector};
use serde::Serialize;
use std::ops::Range;

/// Candidates of each prompt to pick from.
pub const BEST_OF: usize = 16;
/// Number of prompts to pick from.
pub const FRESH_PROMPTS: usize = 40;

/// Strategies whose curves are dashed.
const BASELINES: [Strategy; 2] = [&RandomPair, &PREF];

/// The regret of picking the best candidate of each prompt (d × N) by these weights.
pub fn pick_regret(person: &Person, prompts: &[DMatrix<f64>], weights: &DVector<f64>) -> f64 {
    regret(person, prompts, |scores| {
        best_of(weights, scores).unwrap_or(0)
    })
}

/// As [`pick_regret`], by weights of a deck's features.
fn pick_regret_by_features(
    person: &Person,
    prompts: &[DMatrix<f64>],
    features: &Features,
    weights: &DVector<f64>,
) -> f64 {
    if features.curves().is_empty() {
        return pick_regret(person, prompts, weights);
    }
    regret(person, prompts, |scores| {
        let candidates: Vec<Vec<f64>> = scores
            .column_iter()
            .map(|scores| scores.iter().copied().collect())
            .collect();
        best_of(weights, &features.columns(&candidates)).unwrap_or(0)
    })
}

/// Options of interviews, under a name.
#[derive(Debug, Clone)]
pub struct Variant {
    pub name: String,
    pub options: Options,
}

impl Variant {
    /// Questions by a strategy, without an end.
    pub fn of_strategy(strategy: Strategy) -> Self {
        Variant {
            name: strategy.name().to_owned(),
            options: endless(strategy),
        }
    }
}

/// All strategies, each under its name.
pub fn all_strategies() -> Vec<Variant> {
    strategies().into_iter().map(Variant::of_strategy).collect()
}

/// People of one population, to be asked about one deck.
pub struct Group<'a> {
    pub deck: &'a Deck,
    pub population: &'a Population,
    pub people: Range<usize>,
    /// Prompts to pick the best candidate of: scores of d × N each.
    pub prompts: &'a [DMatrix<f64>],
}

impl Group<'_> {
    /// Adds everybody's regret under each variant. If tastes drift, it is the regret by the tastes
    /// at that time.
    pub fn add_regrets(
        &self,
        bar: &ProgressBar,
        after: &[usize],
        variants: &[Variant],
        regrets: &mut [Measurements],
    ) -> Result<(), Error> {
        for (variant, regrets) in variants.iter().zip(regrets) {
            let interviews = Interviews {
                deck: self.deck,
                population: self.population,
                people: self.people.clone(),
                options: variant.options.clone(),
                after,
            };
            regrets.add(interviews.measure(bar, |person, interview, weights| {
                let person = person.after(interview.counts().1);
                let features = self.deck.features();
                Ok(pick_regret_by_features(
                    &person,
                    self.prompts,
                    features,
                    weights,
                ))
            })?);
        }
        Ok(())
    }
}

/// Measurements of everybody under one variant: a list per number of answers.
#[derive(Debug, Clone)]
pub struct Measurements(Vec<Vec<f64>>);

impl Measurements {
    pub fn new(after: &[usize]) -> Self {
        Measurements(vec![Vec::new(); after.len()])
    }

    /// Adds the measurements of some people: a list per person, which may end early.
    pub fn add(&mut self, people: impl IntoIterator<Item = Vec<f64>>) {
        for person in people {
            self.0
                .iter_mut()
                .zip(person)
                .for_each(|(all, one)| all.push(one));
        }
    }

    fn estimates(self) -> Vec<Estimate> {
        self.0.into_iter().map(Estimate::of).collect()
    }
}

/// A quantity by number of answers, a curve per variant.
#[derive(Debug, Clone)]
pub struct Curves {
    pub after: Vec<usize>,
    pub curves: Vec<NamedCurve>,
}

/// An estimate for each number of answers.
#[derive(Debug, Clone)]
pub struct NamedCurve {
    pub name: String,
    pub estimates: Vec<Estimate>,
}

impl Curves {
    /// The means of measurements over everybody.
    pub fn new(
        after: &[usize],
        names: impl IntoIterator<Item = impl Into<String>>,
        measured: Vec<Measurements>,
    ) -> Self {
        let curves = names
            .into_iter()
            .zip(measured)
            .map(|(name, measured)| NamedCurve {
                name: name.into(),
                estimates: measured.estimates(),
            });
        Curves {
            after: after.to_vec(),
            curves: curves.collect(),
        }
    }

    /// The estimate of the curve with this name after this many answers; NaN if there is none.
    pub fn at(&self, name: &str, answers: usize) -> Estimate {
        let curve = self.curves.iter().find(|curve| curve.name == name);
        let place = self.after.iter().position(|&after| after == answers);
        let nothing = Estimate {
            mean: f64::NAN,
            error: f64::NAN,
        };
        curve
            .zip(place)
            .map_or(nothing, |(curve, place)| curve.estimates[place])
    }

    pub fn table(&self, first_column: &str) -> Table {
        let numbers = self.after.iter().map(usize::to_string);
        let row = |curve: &NamedCurve| {
            let estimates = curve.estimates.iter().copied().map(Cell::from);
            [Cell::Text(curve.name.clone())]
                .into_iter()
                .chain(estimates)
                .collect()
        };
        Table {
            columns: [first_column.to_owned()]
                .into_iter()
                .chain(numbers)
                .collect(),
            rows: self.curves.iter().map(row).collect(),
            ..Table::default()
        }
    }

    pub fn chart(&self, title: &str, y_label: &str) -> Chart {
        let series = self.curves.iter().map(|curve| {
            let points = self.after.iter().zip(&curve.estimates);
            let point = |(&x, of): (&usize, &Estimate)| Point {
                x: x as f64,
                mean: of.mean,
                error: of.error,
            };
            Series {
                name: curve.name.clone(),
                points: points.map(point).collect(),
                emphasis: curve.name == DEFAULT.name(),
                dashed: BASELINES
                    .iter()
                    .any(|baseline| baseline.name() == curve.name),
            }
        });
        Chart {
            title: title.to_owned(),
            x_label: "answers".to_owned(),
            y_label: y_label.to_owned(),
            series: series.collect(),
            ..Chart::default()
        }
    }

    /// The curves as they are printed.
    pub fn report(&self) -> Report {
        let curve = |curve: &NamedCurve| CurveReport {
            name: curve.name.clone(),
            mean: curve.estimates.iter().map(|of| of.mean).collect(),
            error: curve.estimates.iter().map(|of| of.error).collect(),
        };
        Report {
            after: self.after.clone(),
            curves: self.curves.iter().map(curve).collect(),
        }
    }
}

/// Curves as they are printed.
#[derive(Debug, Serialize)]
pub struct Report {
    after: Vec<usize>,
    curves: Vec<CurveReport>,
}

#[derive(Debug, Serialize)]
struct CurveReport {
    name: String,
    mean: Vec<f64>,
    error: Vec<f64>,
}
