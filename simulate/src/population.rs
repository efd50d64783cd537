//! The people of a world: what they have in common, and how they answer.

use super::person::Person;
use super::taste::{Shape, Taste};
use super::world::{SCORE_VARIANCE, World};
use super::{Stream, check, pick, wrong};
use crate::answer::AnswerModel;
use crate::error::Error;
use crate::linear::{Matrix, dot, plus};
use crate::math;
use crate::prior::{Prior, Segment};
use crate::random::Random;
use alloc::vec::Vec;

/// The eigenvalues of [`Tastes::Alike`] fall by this much from one to the next, in logarithms.
const EIGENVALUE_DECAY: f64 = 0.3;

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
                Prior::new(&vec![0.0; d], &covariance.to_rows()).ok()
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
        let scale = utility_sd / math::sqrt(shape.mean_square(&world.options, random));
        Ok(Source::Shape { shape, dimensions, scale })
    }

    fn scaled_prior(world: &World, prior: &Prior, utility_sd: f64) -> Result<Self, Error> {
        let scale = utility_sd / math::sqrt(world.mean_square(prior));
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
            Source::Poles { dimensions, weight } => vec![weight * math::sqrt(2.0 / dimensions as f64); dimensions],
            Source::Shape { shape: Shape::IdealPoint, dimensions, .. } => vec![math::sqrt(SCORE_VARIANCE); dimensions],
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
        mean = plus(&mean, 0.5 * math::sqrt(eigenvalue) * random.normal(), direction);
    }
    gaussian(&mean, &covariance)
}

fn gaussian(mean: &[f64], covariance: &Matrix) -> Result<Prior, Error> {
    Prior::new(mean, &covariance.to_rows()).map_err(|message| wrong("prior", &message))
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
        let length = math::sqrt(dot(&next, &next));
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
