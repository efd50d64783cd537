//! The tables of a choice data set, made ready for a fit.

use super::many_people::some_people;
use crate::choices::{Choices, Comparison, Tables};
use crate::deck::basis::{Basis, STYLE};
use crate::deck::features::response_features;
use crate::failure::Failure;
use leaning_population::Sample;
use leaning_style::FEATURES;
use nalgebra::{DMatrix, DVector};
use std::borrow::Cow;

/// A feature is constant if its differences are smaller than this, relative to its largest number.
const ROUNDING: f64 = 1e-12;

/// People's choices, and the features of the responses.
#[derive(Debug)]
pub struct TrainingData {
    pub choices: Choices,
    /// `None` if responses have nothing but their ids. Base rewards are a table then.
    pub features: Option<Features>,
    pub notes: Vec<String>,
}

/// The f features that vary.
#[derive(Debug)]
pub struct Features {
    pub names: Vec<String>,
    /// Over all responses, f.
    pub mean: DVector<f64>,
    /// Root mean square difference between two responses shown together, f.
    pub scale: DVector<f64>,
    /// As measured, n × f.
    pub raw: DMatrix<f64>,
    /// (raw − mean) / scale, n × f.
    pub standardised: DMatrix<f64>,
}

impl TrainingData {
    /// Reads the tables. The columns `wanted` are features, or all of numbers if there are none.
    /// With `style`, style features measured in the texts in this language (a BCP 47 tag) are
    /// added. Notes say so if the table of comparisons has some of the people (`are_some`).
    pub fn open(
        tables: &Tables,
        wanted: &[String],
        style: bool,
        language: Option<&str>,
        are_some: bool,
    ) -> Result<Self, Failure> {
        let choices = Choices::open_with(tables, wanted)?;
        let file = &tables.responses.responses;
        let mut notes = choices.notes.clone();
        let mut names = choices.features.clone();
        if style {
            names.extend(FEATURES.iter().map(|feature| feature.name.to_owned()));
        }
        let raw = response_features(&names, &choices.features, &choices.responses, language)
            .map_err(|message| Failure::new(file, message))?;
        let mut data = TrainingData {
            choices,
            features: None,
            notes: Vec::new(),
        };
        let sample = data.sample_of_everybody();
        if sample.comparisons() == 0 {
            let message = "expected at least one answer that tells something, found none";
            return Err(Failure::new(&tables.comparisons, message));
        }
        if sample.share_of_ties() == 1.0 {
            let message = "expected choices, found only ties, which do not tell what people like";
            return Err(Failure::new(&tables.comparisons, message));
        }
        if !names.is_empty() {
            let some = some_people(&sample);
            let (features, constant) = Features::new(names, raw, &some);
            let whom = match some {
                Cow::Borrowed(_) if !are_some => String::new(),
                some => format!(" to {} of the people", some.people()),
            };
            notes.extend(constant.iter().map(|name| {
                let note = format!(
                    "{name} is left out: it never differs between responses shown together{whom}"
                );
                Failure::new(file, note).to_string()
            }));
            if features.names.is_empty() {
                let message = "no feature differs between responses that were shown together";
                return Err(Failure::new(file, message));
            }
            data.features = Some(features);
        }
        data.notes = notes;
        Ok(data)
    }

    /// The wanted comparisons of these people. People without any are included.
    pub fn sample(&self, people: &[usize], is_wanted: impl Fn(Comparison) -> bool) -> Sample {
        let mut sample = Sample::new(self.choices.responses.len());
        for &person in people {
            let wanted = self.choices.people.of(person).filter(|&of| is_wanted(of));
            sample.push(wanted.map(|comparison| (comparison.shown, comparison.answer)));
        }
        sample
    }

    /// All comparisons.
    pub fn sample_of_everybody(&self) -> Sample {
        let everybody: Vec<usize> = (0..self.choices.people.len()).collect();
        self.sample(&everybody, |_| true)
    }

    /// Whether each response was shown to anybody.
    pub fn was_shown(&self) -> Vec<bool> {
        let mut shown = vec![false; self.choices.responses.len()];
        for comparison in self.choices.people.all() {
            comparison
                .shown
                .iter()
                .for_each(|&response| shown[response as usize] = true);
        }
        shown
    }
}

impl Features {
    /// The features that vary, and the names of the others.
    fn new(names: Vec<String>, raw: DMatrix<f64>, sample: &Sample) -> (Self, Vec<String>) {
        let rms = sample
            .mean_square_differences(&raw)
            .diagonal()
            .map(f64::sqrt);
        let varies = |&k: &usize| rms[k] > ROUNDING * raw.column(k).amax();
        let (varying, constant): (Vec<usize>, Vec<usize>) = (0..names.len()).partition(varies);
        let names_of = |places: &[usize]| places.iter().map(|&k| names[k].clone()).collect();
        let raw = raw.select_columns(&varying);
        let mean = raw.row_mean().transpose();
        let scale = rms.select_rows(&varying);
        let standardise = |r, k| (raw[(r, k)] - mean[k]) / scale[k];
        let standardised = DMatrix::from_fn(raw.nrows(), varying.len(), standardise);
        let features = Features {
            names: names_of(&varying),
            mean,
            scale,
            raw,
            standardised,
        };
        (features, names_of(&constant))
    }

    /// The basis of a head, f × d over the standardised features.
    pub fn basis(&self, head: &DMatrix<f64>) -> Result<Basis, String> {
        let (names, mean, scale) = (self.names.clone(), self.mean.clone(), self.scale.clone());
        Basis::new(names, mean, scale, head.transpose())
    }
}

/// The name of a feature with spaces, and without the prefix of style features.
pub fn readable(name: &str) -> String {
    name.strip_prefix(STYLE)
        .unwrap_or(name)
        .replace(['_', '-', '.'], " ")
        .trim()
        .to_owned()
}
