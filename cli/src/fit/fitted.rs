//! A model fitted to some of the people, whatever base rewards are made of.

use super::factors::Start;
use super::gather::Gathered;
use super::inputs::Inputs;
use super::model::{Model, Plan};
use super::sample::Sample;
use super::select::{Scored, cross_validate, worthwhile};
use super::watch::Watch;
use argmin::core::Error;
use leaning::{AnswerModel, Prior};
use nalgebra::DMatrix;
use std::str::FromStr;

/// More dimensions than this are not tried by cross-validation.
pub const MOST_TRIED: usize = 10;

/// How many base rewards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimensions {
    /// As many as are worth it, by cross-validation over people.
    Auto,
    Count(usize),
}

impl FromStr for Dimensions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let most = leaning::deck::MAX_DIMENSIONS;
        match text.parse() {
            _ if text == "auto" => Ok(Dimensions::Auto),
            Ok(count) if (1..=most).contains(&count) => Ok(Dimensions::Count(count)),
            _ => Err(format!("expected auto or a number from 1 to {most}")),
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub dimensions: Dimensions,
    /// The features are the dimensions.
    pub as_is: bool,
    pub segments: usize,
    pub lapse: f64,
    pub start: Start,
    pub seed: u64,
}

/// What was fitted.
#[derive(Debug)]
pub struct Fitted {
    pub inputs: Inputs,
    pub model: Model,
    /// What was tried, where the number of dimensions was to be found.
    pub tried: Vec<Scored>,
}

impl Wanted {
    /// Fits to a sample of the gathered people. `watch` shows how far it is, or is hidden.
    pub fn fit(&self, gathered: &Gathered, sample: &Sample, watch: &Watch) -> Result<Fitted, Error> {
        let inputs = self.inputs(gathered, sample);
        let mut plan = Plan {
            dimensions: self.most_dimensions(gathered, &inputs),
            segments: self.segments,
            lapse: self.lapse,
            start: self.start,
            seed: self.seed,
        };
        if self.as_is {
            let standard = gathered.features.as_ref().map(|features| features.standard.clone());
            let scores = standard.ok_or_else(|| Error::msg("there is no feature to take as it is"))?;
            return Ok(Fitted { inputs, model: Model::of_scores(sample, scores, plan)?, tried: Vec::new() });
        }
        let mut tried = Vec::new();
        if self.dimensions == Dimensions::Auto {
            let answers = Model::answers_of(sample, self.lapse)?;
            tried = cross_validate(sample, &inputs, &answers, plan.dimensions, self.seed, watch)?;
            plan.dimensions = worthwhile(&tried);
        }
        Ok(Fitted { model: Model::fit(sample, &inputs, plan, watch)?, inputs, tried })
    }

    /// As many dimensions as there will be, or at most where their number is to be found.
    fn most_dimensions(&self, gathered: &Gathered, inputs: &Inputs) -> usize {
        match (&gathered.features, self.dimensions) {
            (Some(features), _) if self.as_is => features.names.len(),
            (_, Dimensions::Count(count)) => count.min(inputs.count()),
            (_, Dimensions::Auto) => MOST_TRIED.min(inputs.count()),
        }
    }

    /// A fit without fitting, in as many dimensions: its numbers mean nothing, but what is wrong with a deck of it will
    /// be wrong with that of the fit.
    pub fn sketch(&self, gathered: &Gathered, sample: &Sample) -> Result<Fitted, Error> {
        let inputs = self.inputs(gathered, sample);
        let d = self.most_dimensions(gathered, &inputs);
        // Such numbers that responses of different inputs have different scores.
        let head = DMatrix::from_fn(inputs.count(), d, |k, j| ((1 + k * d + j) as f64).sqrt());
        let standard = gathered.features.as_ref().filter(|_| self.as_is).map(|features| features.standard.clone());
        let scores = standard.unwrap_or_else(|| inputs.scores(&head));
        let identity: Vec<Vec<f64>> = (0..d).map(|i| (0..d).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        let prior = Prior::new(&vec![0.0; d], &identity).map_err(Error::msg)?;
        let head = (!self.as_is).then_some(head);
        let model = Model { head, scores, prior, answers: AnswerModel::PLAIN, losses: Vec::new() };
        Ok(Fitted { inputs, model, tried: Vec::new() })
    }

    /// What base rewards are made of.
    pub fn inputs(&self, gathered: &Gathered, sample: &Sample) -> Inputs {
        match &gathered.features {
            Some(features) => Inputs::linear(sample, &features.standard),
            None => Inputs::Table(gathered.choices.responses.len()),
        }
    }
}

impl Fitted {
    /// The head over standardised features, f × d; nothing where base rewards are a table.
    pub fn head(&self) -> Option<DMatrix<f64>> {
        match (&self.inputs, &self.model.head) {
            (Inputs::Linear { turn, .. }, Some(head)) => Some(turn * head),
            (Inputs::Linear { .. }, None) => Some(DMatrix::identity(self.model.dimensions(), self.model.dimensions())),
            (Inputs::Table(_), _) => None,
        }
    }
}
