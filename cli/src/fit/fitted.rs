//! A model fitted to some of the people, with features or without.

use super::cross_validation::{Trial, choose_penalty, choose_spread, cross_validate, worthwhile};
use super::factors::{FactorShape, Start};
use super::inputs::Inputs;
use super::many_people::{ENOUGH_PEOPLE, Everybody, Here, some_people, step_of_some};
use super::model::{Model, Plan, answer_model_of_ties};
use super::progress::FitProgress;
use super::training_data::TrainingData;
use argmin::core::Error;
use leaning::model::deck::MAX_DIMENSIONS;
use leaning::{AnswerModel, Prior};
use leaning_population::Sample;
use nalgebra::{DMatrix, DVector};
use std::borrow::Cow;
use std::str::FromStr;

/// The most gradients by everybody's scores, and vectors of a search, that are in memory at a time.
const GRADIENTS: usize = 20;
const SEARCHES: usize = 32;
/// The largest number of dimensions that cross-validation tries.
const MAX_TRIED: usize = 10;

/// The number of base rewards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimensions {
    /// As many as are worthwhile, by cross-validation over people.
    Auto,
    Count(usize),
}

impl FromStr for Dimensions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            _ if text == "auto" => Ok(Dimensions::Auto),
            Ok(count) if (1..=MAX_DIMENSIONS).contains(&count) => Ok(Dimensions::Count(count)),
            _ => Err(format!(
                "expected auto or a number from 1 to {MAX_DIMENSIONS}"
            )),
        }
    }
}

/// The penalty on base rewards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Penalty {
    /// For a table, the best by cross-validation over people; for features, the usual one.
    Auto,
    /// This multiple of the usual one.
    Times(f64),
}

impl FromStr for Penalty {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            _ if text == "auto" => Ok(Penalty::Auto),
            Ok(times) if times > 0.0 && f64::is_finite(times) => Ok(Penalty::Times(times)),
            _ => Err("expected auto or a number above 0".to_owned()),
        }
    }
}

/// The fit that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct FitRequest {
    pub dimensions: Dimensions,
    /// Whether the features are the dimensions.
    pub as_is: bool,
    pub penalty: Penalty,
    /// Whether a table gets a base reward of what everybody thinks of a response.
    pub consensus: bool,
    /// Mixture components of the prior.
    pub components: usize,
    pub lapse: f64,
    pub start: Start,
    pub seed: u64,
}

/// The result of a fit.
#[derive(Debug)]
pub struct Fitted {
    pub inputs: Inputs,
    pub model: Model,
    /// The numbers of dimensions that were tried; empty if the number was given.
    pub trials: Vec<Trial>,
    /// The penalty on base rewards, as a multiple of the usual one; `None` if they were given.
    pub penalty: Option<f64>,
}

impl FitRequest {
    /// Fits to a sample of the people. If they are very many and base rewards are made of features,
    /// some of them are searched with first.
    pub fn fit(
        &self,
        data: &TrainingData,
        sample: &Sample,
        progress: &FitProgress,
    ) -> Result<Fitted, Error> {
        match (&data.features, some_people(sample)) {
            (Some(features), Cow::Owned(some)) if !self.as_is => {
                let everybody = Here { sample, features };
                self.fit_everybody(data, &some, Some(&everybody), progress)
            }
            _ => self.fit_everybody(data, sample, None, progress),
        }
    }

    /// Fits to `everybody`, of whom the sample has some; it has all without. Base rewards are made of
    /// features then.
    pub fn fit_everybody(
        &self,
        data: &TrainingData,
        sample: &Sample,
        everybody: Option<&dyn Everybody>,
        progress: &FitProgress,
    ) -> Result<Fitted, Error> {
        let inputs = inputs(data, sample);
        let mut plan = Plan {
            shape: self.most(data, &inputs),
            spread: None,
            components: self.components,
            lapse: self.lapse,
            start: self.start,
            seed: self.seed,
        };
        if self.as_is {
            let features = data.features.as_ref();
            let features =
                features.ok_or_else(|| Error::msg("there is no feature to take as it is"))?;
            let model = Model::of_scores(sample, features.standardised.clone(), plan, progress)?;
            return Ok(Fitted {
                inputs,
                model,
                trials: Vec::new(),
                penalty: None,
            });
        }
        let answers = answer_model_of_ties(sample, self.lapse)?;
        let judged = some_people(sample);
        let mut trials = Vec::new();
        if self.dimensions == Dimensions::Auto {
            let (most, seed) = (plan.shape, self.seed);
            trials = cross_validate(&judged, &inputs, &answers, most, seed, progress)?;
            plan.shape.dimensions = worthwhile(&trials);
        }
        if self.penalty == Penalty::Auto && data.features.is_none() {
            let (shape, seed) = (plan.shape, self.seed);
            let penalty = choose_penalty(&judged, &inputs, &answers, shape, seed, progress)?;
            plan.shape.penalty = penalty;
        }
        if data.features.is_none() {
            let (shape, seed) = (plan.shape, self.seed);
            plan.spread = choose_spread(&judged, &inputs, &answers, shape, seed, progress)?;
        }
        let sums = match (everybody, &inputs, &data.features) {
            (Some(everybody), Inputs::Linear { whitening, .. }, Some(features)) => {
                let basis = features.basis(whitening).map_err(Error::msg)?;
                Some((everybody.sums(&basis)?, everybody.comparisons()))
            }
            _ => None,
        };
        let everybody = sums
            .as_ref()
            .map(|(sums, comparisons)| (&**sums, *comparisons));
        Ok(Fitted {
            model: Model::fit(sample, &inputs, plan, everybody, progress)?,
            inputs,
            trials,
            penalty: Some(plan.shape.penalty),
        })
    }

    /// The base rewards, with the largest number of dimensions to try if it is to be found.
    fn most(&self, data: &TrainingData, inputs: &Inputs) -> FactorShape {
        let consensus = self.consensus && data.features.is_none();
        let most = MAX_DIMENSIONS - usize::from(consensus);
        let dimensions = match (&data.features, self.dimensions) {
            (Some(features), _) if self.as_is => features.names.len(),
            (_, Dimensions::Count(count)) => count.min(inputs.count()).min(most),
            (_, Dimensions::Auto) => MAX_TRIED.min(inputs.count()),
        };
        let penalty = match self.penalty {
            Penalty::Auto => 1.0,
            Penalty::Times(times) => times,
        };
        FactorShape {
            dimensions,
            consensus,
            penalty,
        }
    }

    /// About the bytes that a fit takes at most, besides the data.
    pub fn memory(&self, data: &TrainingData) -> u64 {
        let people = &data.choices.people;
        // A comparison of two in the sample, and in another one without some of the people.
        let samples = 2 * 12 * people.comparisons();
        let d = match self.dimensions {
            Dimensions::Count(count) => count,
            Dimensions::Auto => MAX_TRIED,
        };
        let rows = data.choices.responses.len();
        let (searched, inputs) = match &data.features {
            _ if self.as_is => (0, 0),
            Some(features) => (
                people.len().div_ceil(step_of_some(
                    people.len(),
                    people.comparisons(),
                    ENOUGH_PEOPLE,
                )),
                2 * rows * features.names.len(),
            ),
            None => (people.len() + rows, 0),
        };
        let numbers = inputs + GRADIENTS * rows * d + SEARCHES * searched * d;
        (samples + 8 * numbers) as u64
    }

    /// A result of the right shape with arbitrary numbers. A deck that cannot be made of it cannot
    /// be made of the fit either, so it is worth checking before the fit takes its time.
    pub fn dry_run(&self, data: &TrainingData, sample: &Sample) -> Result<Fitted, Error> {
        let inputs = inputs(data, sample);
        let shape = self.most(data, &inputs);
        let d = shape.dimensions + usize::from(shape.consensus);
        // Responses with different inputs get different scores.
        let head = DMatrix::from_fn(inputs.count(), d, |k, j| ((1 + k * d + j) as f64).sqrt());
        let features = data.features.as_ref().filter(|_| self.as_is);
        let scores = features.map_or_else(
            || inputs.scores(&head),
            |features| features.standardised.clone(),
        );
        let model = Model {
            head: (!self.as_is).then_some(head),
            consensus: shape.consensus,
            scores,
            prior: Prior::gaussian(DVector::zeros(d), DMatrix::identity(d, d))?,
            answers: AnswerModel::BRADLEY_TERRY,
            losses: Vec::new(),
        };
        Ok(Fitted {
            inputs,
            model,
            trials: Vec::new(),
            penalty: None,
        })
    }
}

/// The inputs of base rewards.
pub fn inputs(data: &TrainingData, sample: &Sample) -> Inputs {
    match &data.features {
        Some(features) => Inputs::linear(sample, &features.standardised),
        None => Inputs::Table(data.choices.responses.len()),
    }
}

impl Fitted {
    /// The head over standardised features, f × d; `None` if base rewards are a table.
    pub fn head(&self) -> Option<DMatrix<f64>> {
        let d = self.model.dimensions();
        match (&self.inputs, &self.model.head) {
            (Inputs::Linear { whitening, .. }, Some(head)) => Some(whitening * head),
            (Inputs::Linear { .. }, None) => Some(DMatrix::identity(d, d)),
            (Inputs::Table(_), _) => None,
        }
    }
}
