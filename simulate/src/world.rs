//! A made-up world: its deck, and the distribution of its candidates.

use crate::check::check;
use crate::stream::Stream;
use leaning::model::deck::MAX_DIMENSIONS;
use leaning::numeric::Random;
use leaning::{AnswerKind, AnswerModel, Deck, DeckCandidate, Dimension, Error};
use nalgebra::{DMatrix, DVector};
use std::f64::consts::FRAC_1_SQRT_2;

/// The variance of a candidate's scores. The difference of two then has a variance of 1.
pub(crate) const SCORE_VARIANCE: f64 = 0.5;

/// The correlation matrix R of a world's base rewards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Correlation {
    /// Any two have this correlation, 0 to 1.
    Equal(f64),
    /// They overlap: each is the sum of two latent ones, and shares one of these with either
    /// neighbour. Neighbours have a correlation of ½, others of 0.
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

    /// R, d × d.
    pub(crate) fn matrix(self, dimensions: usize) -> DMatrix<f64> {
        DMatrix::from_fn(dimensions, dimensions, |j, k| self.between(j, k))
    }

    /// A sample of N(0, R), d numbers.
    fn sample(self, dimensions: usize, random: &mut Random) -> DVector<f64> {
        match self {
            Correlation::Equal(correlation) => {
                let shared = correlation.sqrt() * random.normal();
                let own = (1.0 - correlation).sqrt();
                DVector::from_fn(dimensions, |_, _| shared + own * random.normal())
            }
            Correlation::Neighbours => {
                let latent = random.normals(dimensions + 1);
                DVector::from_fn(dimensions, |j, _| {
                    FRAC_1_SQRT_2 * (latent[j] + latent[j + 1])
                })
            }
        }
    }
}

/// Options of a world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorldOptions {
    /// Number of base rewards, 1 to 64.
    pub dimensions: usize,
    /// Prompts of the deck, at least 1.
    pub prompts: usize,
    /// Candidates of each prompt, at least 2.
    pub candidates: usize,
    /// How the base rewards are correlated.
    pub correlation: Correlation,
    /// The deck's answer model: how inference assumes people to answer.
    pub model: AnswerModel,
    /// The kind of answer that the deck asks for. A rating has 2 to 11 levels.
    pub kind: AnswerKind,
    /// The number of candidates that a question shows, if not the kind's usual number.
    pub candidates_per_question: Option<usize>,
}

impl Default for WorldOptions {
    /// 8 independent base rewards, 250 prompts of 4 candidates (1500 pairs), the default answer
    /// model.
    fn default() -> Self {
        WorldOptions {
            dimensions: 8,
            prompts: 250,
            candidates: 4,
            correlation: Correlation::Equal(0.0),
            model: AnswerModel::default(),
            kind: AnswerKind::Choice,
            candidates_per_question: None,
        }
    }
}

/// A made-up deck, and the distribution that its candidates were drawn from: scores φ ~ N(0, ½R),
/// hence pair differences z ~ N(0, R).
#[derive(Debug, Clone)]
pub struct World {
    options: WorldOptions,
    deck: Deck,
}

impl World {
    /// Draws a world. Its prompts are p0, p1, … with candidates c0, c1, … each. The deck has no prior
    /// of its own.
    ///
    /// # Errors
    /// [`Error::Options`] for a number outside the range that [`WorldOptions`] gives, or fewer
    /// candidates of a prompt than a question shows; [`Error::Deck`] if a question of the kind cannot
    /// show as many.
    pub fn new(options: &WorldOptions, seed: u64) -> Result<Self, Error> {
        let &WorldOptions {
            dimensions,
            prompts,
            candidates,
            correlation,
            model,
            kind,
            candidates_per_question,
        } = options;
        check(
            (1..=MAX_DIMENSIONS).contains(&dimensions),
            "dimensions",
            "expected 1 to 64",
        )?;
        check(prompts >= 1, "prompts", "expected at least 1")?;
        check(candidates >= 2, "candidates", "expected at least 2")?;
        if let Correlation::Equal(correlation) = correlation {
            let in_range = (0.0..=1.0).contains(&correlation);
            check(in_range, "correlation", "expected a number from 0 to 1")?;
        }
        let mut builder = Deck::builder("simulated")
            .answer_model(model)
            .answer_kind(kind);
        if let Some(count) = candidates_per_question {
            builder = builder.candidates_per_question(count);
        }
        for j in 0..dimensions {
            builder = builder.dimension(Dimension::new(format!("d{j}")));
        }
        let scores = draw_prompts(options, prompts, candidates, &mut Stream::Deck.random(seed));
        for (p, scores) in scores.iter().enumerate() {
            let candidates = scores
                .column_iter()
                .enumerate()
                .map(|(k, scores)| DeckCandidate::new(format!("c{k}"), scores.as_slice()));
            builder = builder.prompt(format!("p{p}"), candidates);
        }
        let deck = builder.build()?;
        let shown = deck.candidates_per_question();
        let message = "expected at least as many as a question shows";
        check(candidates >= shown, "candidates", message)?;
        Ok(World {
            options: *options,
            deck,
        })
    }

    /// The deck, without a prior of its own.
    pub fn deck(&self) -> &Deck {
        &self.deck
    }

    /// The same deck, in which all dimensions are curved.
    ///
    /// # Errors
    /// [`Error::Deck`] for scores that are too extreme for double precision.
    pub fn curved_deck(&self) -> Result<Deck, Error> {
        let mut builder = Deck::builder(self.deck.id())
            .answer_model(self.deck.answer_model())
            .answer_kind(self.deck.answer_kind())
            .candidates_per_question(self.deck.candidates_per_question())
            .prompts(self.deck.prompts().iter().cloned());
        for dimension in self.deck.dimensions() {
            builder = builder.dimension(dimension.clone().curved());
        }
        builder.build()
    }

    /// The options that it was drawn with.
    pub fn options(&self) -> &WorldOptions {
        &self.options
    }

    /// More prompts of the same distribution, none of them in the deck, to evaluate on: the scores of
    /// each one's candidates, d × N, a column per candidate.
    pub fn fresh(&self, prompts: usize, candidates: usize, seed: u64) -> Vec<DMatrix<f64>> {
        draw_prompts(
            &self.options,
            prompts,
            candidates,
            &mut Stream::Fresh.random(seed),
        )
    }
}

/// φ of one candidate, d numbers.
pub(crate) fn draw_candidate(options: &WorldOptions, random: &mut Random) -> DVector<f64> {
    SCORE_VARIANCE.sqrt() * options.correlation.sample(options.dimensions, random)
}

/// Scores of each prompt's candidates, d × N: a column per candidate.
fn draw_prompts(
    options: &WorldOptions,
    prompts: usize,
    candidates: usize,
    random: &mut Random,
) -> Vec<DMatrix<f64>> {
    let mut prompt = || {
        let columns: Vec<DVector<f64>> = (0..candidates)
            .map(|_| draw_candidate(options, random))
            .collect();
        DMatrix::from_columns(&columns)
    };
    (0..prompts).map(|_| prompt()).collect()
}
