//! Simulated people in a made-up world, so that what is inferred can be held against the truth.
//!
//! ```ignore-wasm32
//! use leaning::simulate::{Population, PopulationOptions, World, WorldOptions, play, regret};
//! use leaning::{Interview, Options};
//!
//! let world = World::new(&WorldOptions { dimensions: 4, ..WorldOptions::default() }, 1)?;
//! let population = Population::new(&world, PopulationOptions::default(), 1)?;
//! let person = population.person(0);
//!
//! // Best of 16, on prompts that they were never asked about.
//! let fresh = world.fresh(50, 16, 1);
//! let mut interview = Interview::start(world.deck().clone(), Options { seed: Some(1), ..Options::default() })?;
//! let mut curve = vec![];
//! play(&mut interview, &person, 12, |_, interview| {
//!     let weights = interview.belief().mean();
//!     let reward = |scores: &[f64]| -> f64 { weights.iter().zip(scores).map(|(weight, score)| weight * score).sum() };
//!     let best = |shown: &[Vec<f64>]| {
//!         (1..shown.len()).fold(0, |best, k| if reward(&shown[k]) > reward(&shown[best]) { k } else { best })
//!     };
//!     curve.push(regret(&person, &fresh, best));
//! })?;
//! assert_eq!(curve.len(), 13);
//! assert!(curve[12] < 0.5 * curve[0]);
//! # Ok::<(), leaning::Error>(())
//! ```
//!
//! Everything comes from seeds: a person from their population's and their place in it, what they say from that and the
//! number of answers before. So callers may spread people over threads, and two strategies meet the same people.

use crate::answer::{Answer, AnswerModel, Offered};
use crate::deck::{Deck, FORMAT, MAX_DIMENSIONS};
use crate::error::{Error, Flaw};
use crate::interview::Interview;
use crate::json::Value;
use crate::linear::{Cholesky, Matrix, dot, plus};
use crate::prior::{Prior, Segment};
use crate::random::Random;
use alloc::vec::Vec;

/// A candidate's scores have this variance, so that the difference of two has a variance of 1.
const SCORE_VARIANCE: f64 = 0.5;
/// Rewards without a closed form are scaled by so many people with a pair each: to a hundredth or so.
const SCALING_DRAWS: usize = 20_000;
/// The eigenvalues of [`Tastes::Alike`] fall by this much from one to the next, in logarithms.
const EIGENVALUE_DECAY: f64 = 0.3;
/// Ridge of [`best_linear`], relative to the largest diagonal element: base rewards may be copies of each other.
const RIDGE: f64 = 1e-12;

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
                let shared = libm::sqrt(correlation) * random.normal();
                let own = libm::sqrt(1.0 - correlation);
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
    options: WorldOptions,
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
    fn mean_square(&self, people: &Prior) -> f64 {
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
fn draw_candidate(options: &WorldOptions, random: &mut Random) -> Vec<f64> {
    let mut scores = options.correlation.draw(options.dimensions, random);
    scores.iter_mut().for_each(|score| *score *= libm::sqrt(SCORE_VARIANCE));
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

/// What the people of a population like.
#[derive(Debug, Clone)]
pub enum Tastes {
    /// Linear, weights from one Gaussian: people have much in common. S has eigenvalues ∝ e^(−0.3 j) along random
    /// directions, and m = ½ S^½ ε with ε ~ N(0, I).
    Alike,
    /// Linear, weights from N(0, S) with S ∝ I: nothing is known of a person in advance.
    NothingInCommon,
    /// Linear, each person has two of the 2d trait poles, on different dimensions: weights ±s on two of them, 0 on the
    /// others, as in the "Attributes" data of reward factorization. The 4·d·(d−1)/2 combinations come in turn, so that
    /// with d = 7 the first 84 people are each of them once.
    TwoPoles,
    /// Linear, weights from this prior, which may be a mixture.
    Linear(Prior),
    /// Σ w_j·(φ_j > t_j) with w_j ~ N(0, 1) and a threshold t_j distributed as the scores: enough is enough.
    Threshold,
    /// −Σ a_j (φ_j − c_j)² with a_j = x², x ~ N(0, 1), and an ideal c_j distributed as the scores: too much is worse.
    IdealPoint,
    /// Σ w_j φ_j + Σ v_jk φ_j φ_k over ⌊d/2⌋ random disjoint pairs of dimensions, w_j ~ N(0, 1) and v_jk ~ N(0, 2): brief
    /// is good only if it is warm. An interaction matters to a person as much as a base reward does.
    Interaction,
}

impl Tastes {
    /// Those that need nothing else, by name.
    pub const NAMES: [(&'static str, Tastes); 6] = [
        ("alike", Tastes::Alike),
        ("nothing-in-common", Tastes::NothingInCommon),
        ("two-poles", Tastes::TwoPoles),
        ("threshold", Tastes::Threshold),
        ("ideal-point", Tastes::IdealPoint),
        ("interaction", Tastes::Interaction),
    ];

    /// The tastes of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Tastes::NAMES.into_iter().find(|(candidate, _)| *candidate == name).map(|(_, tastes)| tastes)
    }
}

/// How people answer, beside what they like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// Their own lapse rate and band of indifference, whatever the deck believes.
    pub model: AnswerModel,
    /// The chance that they take the first one shown without looking, 0 to 1.
    pub left_bias: f64,
    /// Standard deviation by which each weight moves from one answer to the next, at random, relative to the
    /// population's standard deviation of that weight. With [`Tastes::IdealPoint`] the ideals move.
    pub drift: f64,
}

impl Default for Habits {
    /// The default answer model, without bias and drift.
    fn default() -> Self {
        Habits { model: AnswerModel::default(), left_bias: 0.0, drift: 0.0 }
    }
}

/// What a population is like.
#[derive(Debug, Clone)]
pub struct PopulationOptions {
    /// What they like.
    pub tastes: Tastes,
    /// How much: rewards are scaled so that the difference of two candidates of one prompt has this root mean square,
    /// over everybody and over pairs of the world.
    pub utility_sd: f64,
    /// How they answer.
    pub habits: Habits,
}

impl Default for PopulationOptions {
    /// [`Tastes::Alike`], a utility standard deviation of 2, default habits.
    fn default() -> Self {
        PopulationOptions { tastes: Tastes::Alike, utility_sd: 2.0, habits: Habits::default() }
    }
}

/// As many people as one wants, of one kind.
#[derive(Debug, Clone)]
pub struct Population {
    source: Source,
    habits: Habits,
    /// Standard deviation of what moves from one answer to the next, d numbers.
    steps: Vec<f64>,
    seed: u64,
}

/// Where a person's taste comes from.
#[derive(Debug, Clone)]
enum Source {
    Prior(Prior),
    Poles { dimensions: usize, weight: f64 },
    Shape { shape: Shape, dimensions: usize, scale: f64 },
}

/// Rewards that are not linear.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Threshold,
    IdealPoint,
    Interaction,
}

impl Population {
    /// The population of a seed, in a world. Person `i` of it is the same whoever else is drawn.
    ///
    /// # Errors
    /// [`Error::Options`] for a number outside its range, a prior of other dimensions than the world's, and two poles of
    /// fewer than two dimensions.
    pub fn new(world: &World, options: PopulationOptions, seed: u64) -> Result<Self, Error> {
        let PopulationOptions { tastes, utility_sd, habits } = options;
        check(utility_sd > 0.0 && utility_sd.is_finite(), "utility_sd", "expected a number above 0")?;
        check_habits(&habits)?;
        Ok(Population::from_source(Source::new(world, tastes, utility_sd, seed)?, habits, seed))
    }

    /// People whose weights are drawn from `prior`, as they are.
    ///
    /// # Errors
    /// [`Error::Options`] for habits out of range.
    pub fn of_prior(prior: Prior, habits: Habits, seed: u64) -> Result<Self, Error> {
        check_habits(&habits)?;
        Ok(Population::from_source(Source::Prior(prior), habits, seed))
    }

    fn from_source(source: Source, habits: Habits, seed: u64) -> Self {
        let steps = source.deviations().iter().map(|deviation| habits.drift * deviation).collect();
        Population { source, habits, steps, seed }
    }

    /// The distribution of people's weights: what a perfect prior would be, where tastes are linear. For two poles, the
    /// Gaussian of their moments.
    pub fn prior(&self) -> Option<Prior> {
        match &self.source {
            Source::Prior(prior) => Some(prior.clone()),
            Source::Poles { dimensions, .. } => {
                let d = *dimensions;
                let deviation = self.source.deviations()[0];
                let covariance = Matrix::diagonal(&vec![deviation * deviation; d]);
                Prior::new(&vec![0.0; d], &to_rows(&covariance)).ok()
            }
            Source::Shape { .. } => None,
        }
    }

    /// Person number `index`.
    pub fn person(&self, index: usize) -> Person {
        let seed = Stream::People.random_at(self.seed, index).next();
        let taste = self.source.draw(index, &mut Stream::Taste.random(seed));
        Person { taste, habits: self.habits, steps: self.steps.clone(), seed }
    }
}

fn check_habits(habits: &Habits) -> Result<(), Error> {
    check((0.0..=1.0).contains(&habits.left_bias), "left_bias", "expected a number from 0 to 1")?;
    check(habits.drift >= 0.0 && habits.drift.is_finite(), "drift", "expected a number of at least 0")
}

impl Source {
    fn new(world: &World, tastes: Tastes, utility_sd: f64, seed: u64) -> Result<Self, Error> {
        let dimensions = world.options.dimensions;
        let random = &mut Stream::Kind.random(seed);
        let shape = match tastes {
            Tastes::Alike => return Source::scaled_prior(world, &alike(dimensions, random)?, utility_sd),
            Tastes::NothingInCommon => {
                let prior = gaussian(&vec![0.0; dimensions], &Matrix::identity(dimensions))?;
                return Source::scaled_prior(world, &prior, utility_sd);
            }
            Tastes::Linear(prior) => {
                check(prior.dimensions() == dimensions, "prior", "is not of the world's dimensions")?;
                return Source::scaled_prior(world, &prior, utility_sd);
            }
            Tastes::TwoPoles => {
                check(dimensions >= 2, "dimensions", "two poles on different dimensions need at least 2")?;
                // E[λᵀRλ] = 2s²: the signs of the two cancel over everybody.
                return Ok(Source::Poles { dimensions, weight: utility_sd * core::f64::consts::FRAC_1_SQRT_2 });
            }
            Tastes::Threshold => Shape::Threshold,
            Tastes::IdealPoint => Shape::IdealPoint,
            Tastes::Interaction => Shape::Interaction,
        };
        let scale = utility_sd / libm::sqrt(mean_square_of(shape, &world.options, random));
        Ok(Source::Shape { shape, dimensions, scale })
    }

    fn scaled_prior(world: &World, prior: &Prior, utility_sd: f64) -> Result<Self, Error> {
        let scale = utility_sd / libm::sqrt(world.mean_square(prior));
        let scaled = |numbers: &[f64], by: f64| numbers.iter().map(|number| by * number).collect::<Vec<_>>();
        let segment = |of: &Segment| {
            let covariance: Vec<Vec<f64>> = of.covariance().iter().map(|row| scaled(row, scale * scale)).collect();
            Segment::new(of.weight(), &scaled(of.mean(), scale), &covariance)
        };
        let segments = prior.segments().iter().map(segment).collect::<Result<_, _>>();
        segments.and_then(Prior::mixture).map(Source::Prior).map_err(|message| wrong("prior", &message))
    }

    /// Standard deviation over people of each number that drifts.
    fn deviations(&self) -> Vec<f64> {
        match *self {
            Source::Prior(ref prior) => prior.deviations(),
            // ±s for two of the d.
            Source::Poles { dimensions, weight } => vec![weight * libm::sqrt(2.0 / dimensions as f64); dimensions],
            Source::Shape { shape: Shape::IdealPoint, dimensions, .. } => vec![libm::sqrt(SCORE_VARIANCE); dimensions],
            Source::Shape { dimensions, scale, .. } => vec![scale; dimensions],
        }
    }

    fn draw(&self, index: usize, random: &mut Random) -> Taste {
        match *self {
            Source::Prior(ref prior) => Taste::Linear(draw_weights(prior, random)),
            Source::Poles { dimensions, weight } => Taste::Linear(two_poles(dimensions, weight, index)),
            Source::Shape { shape, dimensions, scale } => shape.draw(dimensions, scale, random),
        }
    }
}

/// m = ½ S^½ ε, S = Q diag(e^(−0.3 j)) Qᵀ.
fn alike(dimensions: usize, random: &mut Random) -> Result<Prior, Error> {
    let directions = orthogonal(dimensions, random);
    let mut covariance = Matrix::diagonal(&vec![0.0; dimensions]);
    let mut mean = vec![0.0; dimensions];
    for (j, direction) in directions.iter().enumerate() {
        let eigenvalue = libm::exp(-EIGENVALUE_DECAY * j as f64);
        covariance.add_square(eigenvalue, direction);
        // In these directions the coordinates of ε are independent and standard normal too.
        mean = plus(&mean, 0.5 * libm::sqrt(eigenvalue) * random.normal(), direction);
    }
    gaussian(&mean, &covariance)
}

fn gaussian(mean: &[f64], covariance: &Matrix) -> Result<Prior, Error> {
    Prior::new(mean, &to_rows(covariance)).map_err(|message| wrong("prior", &message))
}

fn to_rows(matrix: &Matrix) -> Vec<Vec<f64>> {
    matrix.rows().map(<[f64]>::to_vec).collect()
}

/// Orthonormal vectors in random directions: Gram and Schmidt's, of normal ones.
fn orthogonal(dimensions: usize, random: &mut Random) -> Vec<Vec<f64>> {
    let mut found: Vec<Vec<f64>> = vec![];
    while found.len() < dimensions {
        let mut next = random.normals(dimensions);
        // Twice, since once leaves the rounding of a subtraction.
        for other in found.iter().chain(&found) {
            next = plus(&next, -dot(&next, other), other);
        }
        let length = libm::sqrt(dot(&next, &next));
        found.push(next.iter().map(|number| number / length).collect());
    }
    found
}

/// λ from the prior: of one of its segments, by their shares.
fn draw_weights(prior: &Prior, random: &mut Random) -> Vec<f64> {
    let shares: Vec<f64> = prior.segments().iter().map(Segment::weight).collect();
    let gaussian = prior.segments()[pick(&shares, random)].gaussian();
    gaussian.factor.times_plus(&random.normals(gaussian.mean.len()), &gaussian.mean)
}

/// Combination `index` of two dimensions and a sign for each.
fn two_poles(dimensions: usize, weight: f64, index: usize) -> Vec<f64> {
    let pairs: Vec<(usize, usize)> = (0..dimensions).flat_map(|k| (0..k).map(move |j| (j, k))).collect();
    let (j, k) = pairs[index / 4 % pairs.len()];
    let mut weights = vec![0.0; dimensions];
    weights[j] = if index & 1 == 0 { weight } else { -weight };
    weights[k] = if index & 2 == 0 { weight } else { -weight };
    weights
}

impl Shape {
    fn draw(self, dimensions: usize, scale: f64, random: &mut Random) -> Taste {
        let mut scaled =
            |sd: f64| -> Vec<f64> { random.normals(dimensions).iter().map(|number| sd * number).collect() };
        let like_scores = libm::sqrt(SCORE_VARIANCE);
        match self {
            Shape::Threshold => Taste::Threshold { weights: scaled(scale), thresholds: scaled(like_scores) },
            Shape::IdealPoint => {
                let strengths = scaled(1.0).iter().map(|number| scale * number * number).collect();
                Taste::IdealPoint { strengths, ideals: scaled(like_scores) }
            }
            Shape::Interaction => {
                let weights = scaled(scale);
                let mut order: Vec<usize> = (0..dimensions).collect();
                random.shuffle(&mut order);
                // Differences of φ_j φ_k have half the variance of differences of φ_j.
                let sd = scale * core::f64::consts::SQRT_2;
                let interaction = |pair: &[usize]| (pair[0], pair[1], sd * random.normal());
                Taste::Interaction { weights, interactions: order.chunks_exact(2).map(interaction).collect() }
            }
        }
    }
}

/// E[(r(φ₁) − r(φ₂))²] over people and pairs, before scaling.
fn mean_square_of(shape: Shape, options: &WorldOptions, random: &mut Random) -> f64 {
    let mut sum = 0.0;
    for _ in 0..SCALING_DRAWS {
        let taste = shape.draw(options.dimensions, 1.0, random);
        let mut reward = || taste.reward(&draw_candidate(options, random));
        let difference = reward() - reward();
        sum += difference * difference;
    }
    sum / SCALING_DRAWS as f64
}

/// What one person likes.
#[derive(Debug, Clone)]
enum Taste {
    Linear(Vec<f64>),
    Threshold { weights: Vec<f64>, thresholds: Vec<f64> },
    IdealPoint { strengths: Vec<f64>, ideals: Vec<f64> },
    Interaction { weights: Vec<f64>, interactions: Vec<(usize, usize, f64)> },
}

impl Taste {
    fn reward(&self, scores: &[f64]) -> f64 {
        match self {
            Taste::Linear(weights) => dot(weights, scores),
            Taste::Threshold { weights, thresholds } => {
                let over = scores.iter().zip(thresholds).map(|(score, threshold)| score > threshold);
                over.zip(weights).map(|(over, weight)| if over { *weight } else { 0.0 }).sum()
            }
            Taste::IdealPoint { strengths, ideals } => {
                let away = plus(scores, -1.0, ideals);
                -away.iter().zip(strengths).map(|(away, strength)| strength * away * away).sum::<f64>()
            }
            Taste::Interaction { weights, interactions } => {
                let both = interactions.iter().map(|&(j, k, weight)| weight * scores[j] * scores[k]);
                dot(weights, scores) + both.sum::<f64>()
            }
        }
    }

    /// The numbers that drift.
    fn moving(&mut self) -> &mut [f64] {
        match self {
            Taste::Linear(weights) | Taste::Threshold { weights, .. } | Taste::Interaction { weights, .. } => weights,
            Taste::IdealPoint { ideals, .. } => ideals,
        }
    }
}

/// Somebody who does not exist.
#[derive(Debug, Clone)]
pub struct Person {
    taste: Taste,
    habits: Habits,
    steps: Vec<f64>,
    seed: u64,
}

impl Person {
    /// Their true reward for a candidate of these scores, d numbers, before the first answer. Only differences within
    /// one prompt mean anything.
    pub fn reward(&self, scores: &[f64]) -> f64 {
        self.taste.reward(scores)
    }

    /// Their true weights, d numbers; `None` where their taste is not linear.
    pub fn weights(&self) -> Option<&[f64]> {
        match &self.taste {
            Taste::Linear(weights) => Some(weights),
            _ => None,
        }
    }

    /// What they have become after so many answers, to stay so: themselves where nothing drifts.
    pub fn after(&self, answers: usize) -> Person {
        let mut person = Person { habits: Habits { drift: 0.0, ..self.habits }, ..self.clone() };
        if self.habits.drift > 0.0 {
            let mut random = Stream::Drift.random(self.seed);
            for _ in 0..answers {
                for (number, step) in person.taste.moving().iter_mut().zip(&self.steps) {
                    *number += step * random.normal();
                }
            }
        }
        person
    }

    /// What they say to a question that shows candidates of these scores (d numbers each) after so many answers to
    /// others: by the answer model of [`crate::answer`] with their own lapse rate and band of indifference, unless they
    /// take the first one blindly. They never skip. The same question after as many answers gets the same answer.
    pub fn answer(&self, shown: &[Vec<f64>], offered: Offered, answers: usize) -> Answer {
        let mut random = Stream::Answers.random_at(self.seed, answers);
        if random.uniform() < self.habits.left_bias {
            return Answer::Chose(0);
        }
        let person = self.after(answers);
        let rewards: Vec<f64> = shown.iter().map(|scores| person.reward(scores)).collect();
        let chances = chances(&self.habits.model, &rewards, offered);
        match pick(&chances, &mut random) {
            chose if chose < shown.len() => Answer::Chose(chose),
            _ if offered.tie => Answer::Tie,
            _ => Answer::Neither,
        }
    }
}

/// The chance of each candidate and, for two with a tie on offer, of a tie.
fn chances(model: &AnswerModel, rewards: &[f64], offered: Offered) -> Vec<f64> {
    if let [first, second] = rewards {
        return model.pair_probabilities(first - second, offered.tie || offered.neither);
    }
    model.choice_probabilities(rewards)
}

/// A place, by chances that sum to 1.
fn pick(chances: &[f64], random: &mut Random) -> usize {
    let mut rest = random.uniform();
    for (place, chance) in chances.iter().enumerate() {
        rest -= chance;
        if rest < 0.0 {
            return place;
        }
    }
    chances.len().saturating_sub(1)
}

/// Lets a person answer an interview's questions until so many answers are given or it is over, and calls `after` with
/// the number of answers given, 0 first, and the interview as it then is.
///
/// # Errors
/// As [`Interview::answer`].
pub fn play(
    interview: &mut Interview,
    person: &Person,
    answers: usize,
    mut after: impl FnMut(usize, &Interview),
) -> Result<(), Error> {
    after(0, interview);
    for given in 0..answers {
        let Some(question) = interview.next() else { break };
        let shown: Vec<Vec<f64>> = question.shown.iter().map(|shown| shown.scores.clone()).collect();
        let answer = person.answer(&shown, question.offered, given);
        interview.answer(answer)?;
        after(given + 1, interview);
    }
    Ok(())
}

/// Regret of what `pick` picks, by the person's true reward: Σ (best − picked) / Σ (best − average), the sums over
/// prompts of candidates of scores; 0 where the divisor is 0. So 0 for the best of each prompt and 1 for picking blindly.
///
/// # Panics
/// Where `pick` gives a place that is not there.
pub fn regret(person: &Person, prompts: &[Vec<Vec<f64>>], mut pick: impl FnMut(&[Vec<f64>]) -> usize) -> f64 {
    let (mut lost, mut at_stake) = (0.0, 0.0);
    for candidates in prompts.iter().filter(|candidates| !candidates.is_empty()) {
        let rewards: Vec<f64> = candidates.iter().map(|scores| person.reward(scores)).collect();
        let best = rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        lost += best - rewards[pick(candidates)];
        at_stake += best - rewards.iter().sum::<f64>() / rewards.len() as f64;
    }
    if at_stake == 0.0 { 0.0 } else { lost / at_stake }
}

/// The linear weights (d numbers) that come closest to a person's reward on these prompts: least squares of rewards on
/// scores, both centred within each prompt. What they lose is lost to the model, not to the number of answers. Zeros
/// where nothing varies.
pub fn best_linear(person: &Person, prompts: &[Vec<Vec<f64>>]) -> Vec<f64> {
    let Some(d) = prompts.iter().flatten().map(Vec::len).next() else { return vec![] };
    let mut squares = Matrix::diagonal(&vec![0.0; d]);
    let mut products = vec![0.0; d];
    for candidates in prompts {
        let share = 1.0 / candidates.len() as f64;
        let average = candidates.iter().fold(vec![0.0; d], |sum, scores| plus(&sum, share, scores));
        let average_reward = share * candidates.iter().map(|scores| person.reward(scores)).sum::<f64>();
        for scores in candidates {
            let centred = plus(scores, -1.0, &average);
            squares.add_square(1.0, &centred);
            products = plus(&products, person.reward(scores) - average_reward, &centred);
        }
    }
    let most = (0..d).map(|j| squares.at(j, j)).fold(0.0, f64::max);
    let ridged = Matrix::from_fn(d, |j, k| squares.at(j, k) + if j == k { RIDGE * most } else { 0.0 });
    Cholesky::new(&ridged).map_or(vec![0.0; d], |factor| factor.solve(&products))
}

/// Area under the ROC curve: the chance that something labelled true has a higher score than something labelled false,
/// where equal scores count half. ½ where one of the labels is missing.
pub fn auc(scores: &[f64], labels: &[bool]) -> f64 {
    let mut items: Vec<(f64, bool)> = scores.iter().copied().zip(labels.iter().copied()).collect();
    items.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins, mut positives) = (0.0, 0.0, 0.0);
    for equals in items.chunk_by(|a, b| a.0 == b.0) {
        let trues = equals.iter().filter(|(_, label)| *label).count() as f64;
        let falses = equals.len() as f64 - trues;
        wins += trues * (below + 0.5 * falses);
        positives += trues;
        below += falses;
    }
    if positives * below == 0.0 { 0.5 } else { wins / (positives * below) }
}

/// What one seed is used for.
#[derive(Clone, Copy)]
enum Stream {
    Deck,
    Fresh,
    Kind,
    People,
    Taste,
    Drift,
    Answers,
}

impl Stream {
    fn random(self, seed: u64) -> Random {
        Random::new(seed, self as u64)
    }

    /// One of many generators for the same use.
    fn random_at(self, seed: u64, index: usize) -> Random {
        Random::new(self.random(seed).next(), index as u64)
    }
}

fn check(holds: bool, option: &str, message: &str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(wrong(option, message)) }
}

fn wrong(option: &str, message: &str) -> Error {
    Error::Options(Flaw::new(option, message))
}
