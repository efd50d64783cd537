//! The tables, made ready for a fit.

use super::sample::Sample;
use crate::basis::{Basis, STYLE};
use crate::choices::{Choices, Comparison, Tables};
use crate::failure::Failure;
use crate::measure::measure;
use leaning_style::FEATURES;
use nalgebra::DMatrix;

/// A feature that varies less than this between what is shown, relative to its largest number, is constant.
const ROUNDING: f64 = 1e-12;

/// Who chose what, and what is known of the responses.
#[derive(Debug)]
pub struct Gathered {
    pub choices: Choices,
    /// Nothing where responses are no more than their names: base rewards are then a table.
    pub features: Option<Features>,
    /// What to say about them.
    pub words: Vec<String>,
}

/// Features that vary, f of them.
#[derive(Debug)]
pub struct Features {
    pub names: Vec<String>,
    /// Over all responses.
    pub mean: Vec<f64>,
    /// Root mean square difference between two that were shown together.
    pub scale: Vec<f64>,
    /// A row a response, as they were measured.
    pub rows: Vec<Vec<f64>>,
    /// The same less `mean` and over `scale`, n × f.
    pub standard: DMatrix<f64>,
}

impl Gathered {
    /// Reads the tables; with `style` in this language, a BCP 47 tag, style measured in the texts is among the features.
    pub fn open(tables: &Tables, style: bool, language: Option<&str>) -> Result<Self, Failure> {
        let choices = Choices::open(tables)?;
        let file = &tables.responses.responses;
        let mut words = choices.notes.clone();
        let mut names = choices.features.clone();
        if style {
            names.extend(FEATURES.iter().map(|feature| feature.name.to_owned()));
        }
        let rows = measure(&names, &choices.features, &choices.responses, language)
            .map_err(|what| Failure::new(file, what))?;
        let mut gathered = Gathered { choices, features: None, words: Vec::new() };
        let everybody: Vec<usize> = (0..gathered.choices.people.len()).collect();
        let sample = gathered.sample(&everybody, |_| true);
        if sample.comparisons() == 0 {
            let what = "expected at least one answer that says something, found none";
            return Err(Failure::new(&tables.comparisons, what));
        }
        if sample.share_of_ties() == 1.0 {
            let what = "expected somebody who chose, found ties only: they say nothing about who likes what";
            return Err(Failure::new(&tables.comparisons, what));
        }
        if !names.is_empty() {
            let (features, constant) = Features::new(names, rows, &sample);
            words.extend(constant.iter().map(|name| {
                Failure::new(file, format!("{name}: the same in everything that was shown together, so left out"))
                    .to_string()
            }));
            if features.names.is_empty() {
                return Err(Failure::new(file, "no feature differs between responses that were shown together"));
            }
            gathered.features = Some(features);
        }
        gathered.words = words;
        Ok(gathered)
    }

    /// What these people said of the comparisons that are wanted, of everybody at least an empty list.
    pub fn sample(&self, people: &[usize], wanted: impl Fn(&Comparison) -> bool) -> Sample {
        let mut sample = Sample::new(self.choices.responses.len());
        for &person in people {
            let said = self.choices.people[person].comparisons.iter().filter(|comparison| wanted(comparison));
            sample.push(said.map(|comparison| (comparison.shown.as_slice(), comparison.answer)));
        }
        sample
    }

    /// Which responses somebody was shown.
    pub fn shown(&self) -> Vec<bool> {
        let mut shown = vec![false; self.choices.responses.len()];
        let all = self.choices.people.iter().flat_map(|person| &person.comparisons).flat_map(|one| &one.shown);
        all.for_each(|&response| shown[response] = true);
        shown
    }
}

impl Features {
    /// Those that vary, and the names of those that do not.
    fn new(names: Vec<String>, rows: Vec<Vec<f64>>, sample: &Sample) -> (Self, Vec<String>) {
        let (n, all) = (rows.len(), names.len());
        let spread = sample.spread(&DMatrix::from_fn(n, all, |r, k| rows[r][k]));
        let most = |k: usize| rows.iter().map(|row| row[k].abs()).fold(0.0, f64::max);
        let (varying, constant): (Vec<usize>, Vec<usize>) =
            (0..all).partition(|&k| spread[(k, k)].sqrt() > ROUNDING * most(k));
        let pick = |places: &[usize]| places.iter().map(|&k| names[k].clone()).collect();
        let rows: Vec<Vec<f64>> = rows.iter().map(|row| varying.iter().map(|&k| row[k]).collect()).collect();
        let mean: Vec<f64> = (0..varying.len()).map(|k| rows.iter().map(|row| row[k] / n as f64).sum()).collect();
        let scale: Vec<f64> = varying.iter().map(|&k| spread[(k, k)].sqrt()).collect();
        let standard = DMatrix::from_fn(n, varying.len(), |r, k| (rows[r][k] - mean[k]) / scale[k]);
        (Features { names: pick(&varying), mean, scale, rows, standard }, pick(&constant))
    }

    /// What makes scores of features: a head, f × d, over the standardised ones.
    pub fn basis(&self, head: &DMatrix<f64>) -> Result<Basis, String> {
        let rows = head.column_iter().map(|column| column.iter().copied().collect()).collect();
        Basis::new(self.names.clone(), self.mean.clone(), self.scale.clone(), rows)
    }
}

/// A feature's name without what says that it is measured in the text, and with spaces.
pub fn readable(name: &str) -> String {
    name.strip_prefix(STYLE).unwrap_or(name).replace(['_', '-', '.'], " ").trim().to_owned()
}
