//! Regret and harm of best-of-16 picks on prompts that were never asked about, by strategy.

use super::interviews::{Interviews, endless};
use crate::report::{Cell, Chart, Estimate, Point, Section, Series, Table};
use indicatif::ProgressBar;
use leaning::decision::ranking::best_of;
use leaning::model::Features;
use leaning::question::acquisition::{DEFAULT, random::RandomPair};
use leaning::{Deck, Error, Options, Strategy};
use leaning_simulate::{PREF, Person, Population, harm, regret, strategies};
use nalgebra::{DMatrix, DVector};
use serde::Serialize;
use std::ops::Range;

/// Candidates of each prompt to pick from.
pub const BEST_OF: usize = 16;
/// Number of prompts to pick from.
pub const FRESH_PROMPTS: usize = 40;

/// Strategies whose curves are dashed.
const BASELINES: [Strategy; 2] = [&RandomPair, &PREF];

/// How well picks serve a person.
#[derive(Debug, Clone, Copy)]
pub struct PickQuality {
    pub regret: f64,
    /// The share of the prompts in which the person would be better off with everybody's pick.
    pub harm: f64,
}

impl PickQuality {
    /// Of picking the best candidate of each prompt (d × N) by `weights`, where everybody's pick is
    /// the best by the weights `population`. The weights are those of `features`.
    pub fn of(
        person: &Person,
        prompts: &[DMatrix<f64>],
        features: &Features,
        weights: &DVector<f64>,
        population: &DVector<f64>,
    ) -> Self {
        PickQuality::by(person, prompts, |scores| {
            let candidates = features.map_columns(scores);
            [weights, population].map(|by| best_of(by, &candidates).unwrap_or(0))
        })
    }

    /// Of the picks that `picks` tells for each prompt: the person's, and everybody's.
    fn by(
        person: &Person,
        prompts: &[DMatrix<f64>],
        picks: impl Fn(&DMatrix<f64>) -> [usize; 2],
    ) -> Self {
        PickQuality {
            regret: regret(person, prompts, |scores| picks(scores)[0]),
            harm: harm(
                person,
                prompts,
                |scores| picks(scores)[0],
                |scores| picks(scores)[1],
            ),
        }
    }
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
    /// Adds the quality of everybody's picks under each variant. If tastes drift, it is judged by
    /// the tastes at that time.
    pub fn add_picks(
        &self,
        bar: &ProgressBar,
        after: &[usize],
        variants: &[Variant],
        picks: &mut [PickMeasurements],
    ) -> Result<(), Error> {
        let population = self.deck.prior().mean();
        for (variant, picks) in variants.iter().zip(picks) {
            let interviews = Interviews {
                deck: self.deck,
                population: self.population,
                people: self.people.clone(),
                options: variant.options.clone(),
                after,
            };
            picks.add(interviews.measure(bar, |person, interview, weights| {
                let person = person.after(interview.counts().1);
                let features = self.deck.features();
                Ok(PickQuality::of(
                    &person,
                    self.prompts,
                    features,
                    weights,
                    population,
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

/// The quality of everybody's picks under one variant.
#[derive(Debug, Clone)]
pub struct PickMeasurements {
    regret: Measurements,
    harm: Measurements,
}

impl PickMeasurements {
    pub fn new(after: &[usize]) -> Self {
        PickMeasurements {
            regret: Measurements::new(after),
            harm: Measurements::new(after),
        }
    }

    /// Adds the picks for some people: a list per person, which may end early.
    pub fn add(&mut self, people: impl IntoIterator<Item = Vec<PickQuality>>) {
        for person in people {
            let of = |quantity: fn(&PickQuality) -> f64| [person.iter().map(quantity).collect()];
            self.regret.add(of(|picks| picks.regret));
            self.harm.add(of(|picks| picks.harm));
        }
    }
}

/// Regret and harm by number of answers, a curve per variant.
#[derive(Debug, Clone)]
pub struct PickCurves {
    pub regret: Curves,
    pub harm: Curves,
    /// The share of dimensions that the profile leaves open, where it was asked for.
    pub open: Option<Curves>,
}

impl PickCurves {
    /// The means of measurements over everybody.
    pub fn new<S: Into<String>>(
        after: &[usize],
        names: impl IntoIterator<Item = S>,
        measured: Vec<PickMeasurements>,
    ) -> Self {
        let names: Vec<String> = names.into_iter().map(S::into).collect();
        let (regrets, harms) = measured.into_iter().map(|of| (of.regret, of.harm)).unzip();
        PickCurves {
            regret: Curves::new(after, names.clone(), regrets),
            harm: Curves::new(after, names, harms),
            open: None,
        }
    }

    /// Adds the curves of others after the same numbers of answers.
    pub fn extend(&mut self, others: PickCurves) {
        self.regret.curves.extend(others.regret.curves);
        self.harm.curves.extend(others.harm.curves);
    }

    /// Adds both tables to a section: `caption` is that of the regret.
    pub fn add_tables(
        &self,
        section: &mut Section,
        name: &str,
        caption: impl Into<String>,
        first_column: &str,
    ) {
        section.table(name, caption, self.regret.table(first_column));
        let name = format!("{name}-harm");
        section.table(&name, HARM_CAPTION, self.harm.table(first_column));
    }

    /// The curves as they are printed.
    pub fn report(&self) -> Report {
        let curves = self.regret.curves.iter().zip(&self.harm.curves);
        let open = |place: usize| Some(self.open.as_ref()?.curves.get(place)?.estimates.clone());
        let curve = |(place, (regret, harm)): (usize, (&NamedCurve, &NamedCurve))| CurveReport {
            name: regret.name.clone(),
            regret: regret.estimates.clone(),
            harm: harm.estimates.clone(),
            open: open(place),
        };
        Report {
            after: self.regret.after.clone(),
            curves: curves.enumerate().map(curve).collect(),
        }
    }
}

const HARM_CAPTION: &str =
    "Harm: the share of prompts in which the personal pick is worse than the population's.";

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
}

/// Curves as they are printed.
#[derive(Debug, Serialize)]
pub struct Report {
    pub after: Vec<usize>,
    pub curves: Vec<CurveReport>,
}

#[derive(Debug, Serialize)]
pub struct CurveReport {
    pub name: String,
    pub regret: Vec<Estimate>,
    pub harm: Vec<Estimate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<Vec<Estimate>>,
}
