//! A made-up world: its deck, and what its candidates are drawn from.

use super::{Stream, check};
use crate::answer::AnswerModel;
use crate::deck::{Deck, FORMAT, MAX_DIMENSIONS};
use crate::error::Error;
use crate::json::Value;
use crate::math;
use crate::prior::{Prior, Segment};
use crate::random::Random;
use alloc::vec::Vec;

/// A candidate's scores have this variance, so that the difference of two has a variance of 1.
pub(super) const SCORE_VARIANCE: f64 = 0.5;

/// How the base rewards of a world hang together: their correlation matrix R.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Correlation {
    /// Any two have this correlation, 0 to 1.
    Equal(f64),
    /// They overlap: each is the sum of two latent ones, and shares one of these with either neighbour. Neighbours have
    /// a correlation of ½, others of 0.
    Neighbours,
}

impl Correlation {
    /// R_jk.
    pub fn between(self, j: usize, k: usize) -> f64 {
        match self {
            _ if j == k => 1.0,
            Correlation::Equal(correlation) => correlation,
            Correlation::Neighbours if j.abs_diff(k) == 1 => 0.5,
            Correlation::Neighbours => 0.0,
        }
    }

    /// d numbers drawn from N(0, R).
    fn draw(self, dimensions: usize, random: &mut Random) -> Vec<f64> {
        match self {
            Correlation::Equal(correlation) => {
                let shared = math::sqrt(correlation) * random.normal();
                let own = math::sqrt(1.0 - correlation);
                (0..dimensions).map(|_| shared + own * random.normal()).collect()
            }
            Correlation::Neighbours => {
                let latent = random.normals(dimensions + 1);
                latent.windows(2).map(|pair| core::f64::consts::FRAC_1_SQRT_2 * (pair[0] + pair[1])).collect()
            }
        }
    }
}

/// What a world is like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorldOptions {
    /// Number of base rewards, 1 to 64.
    pub dimensions: usize,
    /// Prompts of the deck, at least 1.
    pub prompts: usize,
    /// Candidates of each prompt, at least 2.
    pub candidates: usize,
    /// How the base rewards hang together.
    pub correlation: Correlation,
    /// The deck's answer model: what inference believes of how people answer.
    pub model: AnswerModel,
}

impl Default for WorldOptions {
    /// 8 independent base rewards, 250 prompts of 4 candidates (1500 pairs), the default answer model.
    fn default() -> Self {
        let correlation = Correlation::Equal(0.0);
        WorldOptions { dimensions: 8, prompts: 250, candidates: 4, correlation, model: AnswerModel::default() }
    }
}

/// A made-up deck, and the distribution that its candidates were drawn from: scores φ ~ N(0, ½R), hence pair differences
/// z ~ N(0, R).
#[derive(Debug, Clone)]
pub struct World {
    pub(super) options: WorldOptions,
    deck: Deck,
}

impl World {
    /// Draws a world. Its prompts are p0, p1, …, the candidates of each c0, c1, …; the deck brings no prior.
    ///
    /// # Errors
    /// [`Error::Options`] for a number outside the range that [`WorldOptions`] gives.
    pub fn new(options: &WorldOptions, seed: u64) -> Result<Self, Error> {
        let &WorldOptions { dimensions, prompts, candidates, correlation, .. } = options;
        check((1..=MAX_DIMENSIONS).contains(&dimensions), "dimensions", "expected 1 to 64")?;
        check(prompts >= 1, "prompts", "expected at least 1")?;
        check(candidates >= 2, "candidates", "expected at least 2")?;
        if let Correlation::Equal(correlation) = correlation {
            check((0.0..=1.0).contains(&correlation), "correlation", "expected a number from 0 to 1")?;
        }
        let scores = draw_prompts(options, prompts, candidates, &mut Stream::Deck.random(seed));
        let deck = Deck::from_value(&deck_value(options, &scores, None))?;
        Ok(World { options: *options, deck })
    }

    /// The deck, without a prior of its own.
    pub fn deck(&self) -> &Deck {
        &self.deck
    }

    /// The deck with this prior.
    ///
    /// # Errors
    /// [`Error::Deck`] for a prior of other dimensions.
    pub fn deck_with(&self, prior: &Prior) -> Result<Deck, Error> {
        let of_prompt = |prompt: &crate::deck::Prompt| prompt.candidates.iter().map(|c| c.scores.clone()).collect();
        let scores: Vec<Vec<Vec<f64>>> = self.deck.prompts().iter().map(of_prompt).collect();
        Deck::from_value(&deck_value(&self.options, &scores, Some(prior)))
    }

    /// What it is like.
    pub fn options(&self) -> &WorldOptions {
        &self.options
    }

    /// Candidates' scores for more prompts of the same distribution, none of them in the deck: what to evaluate on.
    pub fn fresh(&self, prompts: usize, candidates: usize, seed: u64) -> Vec<Vec<Vec<f64>>> {
        draw_prompts(&self.options, prompts, candidates, &mut Stream::Fresh.random(seed))
    }

    /// E[(λᵀz)²] = E[λᵀRλ] over everybody of a population.
    pub(super) fn mean_square(&self, people: &Prior) -> f64 {
        let of_segment = |segment: &Segment| -> f64 {
            let (mean, covariance) = (segment.mean(), segment.covariance());
            let moment = |j: usize, k: usize| covariance[j][k] + mean[j] * mean[k];
            let row = |j| (0..mean.len()).map(|k| self.options.correlation.between(j, k) * moment(j, k)).sum::<f64>();
            segment.weight() * (0..mean.len()).map(row).sum::<f64>()
        };
        people.segments().iter().map(of_segment).sum()
    }
}

/// φ of one candidate.
pub(super) fn draw_candidate(options: &WorldOptions, random: &mut Random) -> Vec<f64> {
    let mut scores = options.correlation.draw(options.dimensions, random);
    scores.iter_mut().for_each(|score| *score *= math::sqrt(SCORE_VARIANCE));
    scores
}

fn draw_prompts(options: &WorldOptions, prompts: usize, candidates: usize, random: &mut Random) -> Vec<Vec<Vec<f64>>> {
    (0..prompts).map(|_| (0..candidates).map(|_| draw_candidate(options, random)).collect()).collect()
}

fn deck_value(options: &WorldOptions, scores: &[Vec<Vec<f64>>], prior: Option<&Prior>) -> Value {
    let named = |name: &str, index: usize, mut fields: Vec<(&str, Value)>| {
        fields.push(("id", Value::String(text![name, index])));
        Value::object(fields)
    };
    let candidate = |(k, scores): (usize, &Vec<f64>)| named("c", k, vec![("scores", Value::numbers(scores))]);
    let prompt = |(p, candidates): (usize, &Vec<Vec<f64>>)| {
        named("p", p, vec![("candidates", Value::Array(candidates.iter().enumerate().map(candidate).collect()))])
    };
    let answers = [("lapse", options.model.lapse()), ("indifference", options.model.indifference())];
    let mut fields = vec![
        ("format", FORMAT.into()),
        ("id", "simulated".into()),
        ("version", "1".into()),
        ("dimensions", Value::Array((0..options.dimensions).map(|j| named("d", j, vec![])).collect())),
        ("answers", Value::object(answers.map(|(name, number)| (name, Value::Number(number))).into())),
        ("prompts", Value::Array(scores.iter().enumerate().map(prompt).collect())),
    ];
    if let Some(prior) = prior {
        fields.push(("prior", prior_value(prior)));
    }
    Value::object(fields)
}

fn prior_value(prior: &Prior) -> Value {
    let moments =
        |of: &Segment| vec![("mean", Value::numbers(of.mean())), ("covariance", Value::rows(&of.covariance()))];
    match prior.segments() {
        [only] => Value::object(moments(only)),
        several => {
            let weighted = |segment: &Segment| {
                let mut fields = moments(segment);
                fields.push(("weight", Value::Number(segment.weight())));
                Value::object(fields)
            };
            Value::object(vec![("components", Value::Array(several.iter().map(weighted).collect()))])
        }
    }
}
