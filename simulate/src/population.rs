//! The people of a world: what their tastes have in common, and how they answer.

use crate::check::check;
use crate::habits::Habits;
use crate::person::Person;
use crate::stream::{Stream, categorical};
use crate::taste::{Shape, Taste};
use crate::world::{SCORE_VARIANCE, World};
use leaning::numeric::Random;
use leaning::{Deck, Error, Features, Flaw, MixtureComponent, Prior};
use nalgebra::{DMatrix, DVector};
use std::f64::consts::FRAC_1_SQRT_2;

/// The eigenvalues of [`Tastes::Alike`] fall by this much from one to the next, in logarithms.
const EIGENVALUE_DECAY: f64 = 0.3;

/// The tastes of a population.
#[derive(Debug, Clone)]
pub enum Tastes {
    /// Linear, weights from one Gaussian N(m, S): people have much in common. S has eigenvalues
    /// ∝ e^(−0.3 j) along random directions, and m = ½ S^½ ε with ε ~ N(0, I).
    Alike,
    /// Linear, weights from N(0, S) with S ∝ I: nothing is known of a person in advance.
    NothingInCommon,
    /// Linear, each person has two of the 2d trait poles, on different dimensions: weights ±s on two
    /// of them, 0 on the others, as in the "Attributes" data of reward factorization. The
    /// 4·d·(d−1)/2 combinations come in turn, so that with d = 7 the first 84 people have one each.
    TwoPoles,
    /// Linear, weights from this prior, which may be a mixture.
    Linear(Prior),
    /// Σ w_j·(φ_j > t_j) with w_j ~ N(0, 1) and a threshold t_j distributed as the scores: enough is
    /// enough.
    Threshold,
    /// −Σ a_j (φ_j − c_j)² with a_j = x², x ~ N(0, 1), and an ideal c_j distributed as the scores:
    /// too much is worse.
    IdealPoint,
    /// Σ w_j φ_j + Σ v_jk φ_j φ_k over ⌊d/2⌋ random disjoint pairs of dimensions, w_j ~ N(0, 1) and
    /// v_jk ~ N(0, 2): brief is good only if it is warm. An interaction matters to a person as much
    /// as a base reward does.
    Interaction,
}

impl Tastes {
    /// All tastes but [`Tastes::Linear`], by name.
    pub const NAMES: [(&'static str, Tastes); 6] = [
        ("alike", Tastes::Alike),
        ("nothing-in-common", Tastes::NothingInCommon),
        ("two-poles", Tastes::TwoPoles),
        ("threshold", Tastes::Threshold),
        ("ideal-point", Tastes::IdealPoint),
        ("interaction", Tastes::Interaction),
    ];

    /// The tastes of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let named = Tastes::NAMES
            .into_iter()
            .find(|(candidate, _)| *candidate == name);
        named.map(|(_, tastes)| tastes)
    }
}

/// Options of a population.
#[derive(Debug, Clone)]
pub struct PopulationOptions {
    /// The tastes of the people.
    pub tastes: Tastes,
    /// How strong the tastes are: rewards are scaled so that the difference of two candidates of one
    /// prompt has this root mean square, over everybody and over pairs of the world.
    pub utility_sd: f64,
    /// How people answer.
    pub habits: Habits,
}

impl Default for PopulationOptions {
    /// [`Tastes::Alike`], a utility standard deviation of 2, default habits.
    fn default() -> Self {
        PopulationOptions {
            tastes: Tastes::Alike,
            utility_sd: 2.0,
            habits: Habits::default(),
        }
    }
}

/// An endless supply of people of one kind.
#[derive(Debug, Clone)]
pub struct Population {
    source: Source,
    habits: Habits,
    /// The features that the weights are of, if they are not of the scores.
    features: Option<Features>,
    /// Standard deviation of each step of what drifts, d numbers.
    steps: DVector<f64>,
    seed: u64,
}

/// Where a person's taste comes from.
#[derive(Debug, Clone)]
enum Source {
    Prior(Prior),
    Poles {
        dimensions: usize,
        weight: f64,
    },
    Shape {
        shape: Shape,
        dimensions: usize,
        scale: f64,
    },
}

impl Population {
    /// The population of a seed, in a world. Each person of it is the same whoever else is drawn.
    ///
    /// # Errors
    /// [`Error::Options`] for a number out of its range, a prior that has other dimensions than the
    /// world or is too extreme for double precision, or two poles in fewer than two dimensions.
    pub fn new(world: &World, options: PopulationOptions, seed: u64) -> Result<Self, Error> {
        let PopulationOptions {
            tastes,
            utility_sd,
            habits,
        } = options;
        let in_range = utility_sd > 0.0 && utility_sd.is_finite();
        check(in_range, "utility_sd", "expected a number above 0")?;
        habits.check()?;
        Ok(Population::from_source(
            Source::new(world, tastes, utility_sd, seed)?,
            habits,
            seed,
        ))
    }

    /// People with weights drawn from `prior` as it is, without scaling.
    ///
    /// # Errors
    /// [`Error::Options`] for habits out of range.
    pub fn of_prior(prior: Prior, habits: Habits, seed: u64) -> Result<Self, Error> {
        habits.check()?;
        Ok(Population::from_source(Source::Prior(prior), habits, seed))
    }

    /// People with weights drawn from a deck's prior, whose tastes are quadratic in its curved
    /// dimensions.
    ///
    /// # Errors
    /// [`Error::Options`] for habits out of range.
    pub fn of_deck(deck: &Deck, habits: Habits, seed: u64) -> Result<Self, Error> {
        let population = Population::of_prior(deck.prior().clone(), habits, seed)?;
        Ok(Population {
            features: Some(deck.features().clone()),
            ..population
        })
    }

    fn from_source(source: Source, habits: Habits, seed: u64) -> Self {
        let steps = habits.drift * source.standard_deviations();
        Population {
            source,
            habits,
            features: None,
            steps,
            seed,
        }
    }

    /// The distribution of people's weights: a perfect prior, if tastes are linear. For two poles it
    /// is the Gaussian with their moments.
    pub fn prior(&self) -> Option<Prior> {
        match &self.source {
            Source::Prior(prior) => Some(prior.clone()),
            Source::Poles { dimensions, .. } => {
                let sd = self.source.standard_deviations();
                let covariance = DMatrix::from_diagonal(&sd.component_mul(&sd));
                Prior::gaussian(DVector::zeros(*dimensions), covariance).ok()
            }
            Source::Shape { .. } => None,
        }
    }

    /// Person number `index`.
    pub fn person(&self, index: usize) -> Person {
        let seed = Stream::People.random_at(self.seed, index).next_u64();
        let taste = self.source.draw(index, &mut Stream::Taste.random(seed));
        let person = Person::new(taste, self.habits, self.steps.clone(), seed);
        match &self.features {
            Some(features) => person.of_features(features.clone()),
            None => person,
        }
    }
}

impl Source {
    fn new(world: &World, tastes: Tastes, utility_sd: f64, seed: u64) -> Result<Self, Error> {
        let dimensions = world.options().dimensions;
        let random = &mut Stream::Kind.random(seed);
        let scaled = |prior: &Prior| scaled_prior(world, prior, utility_sd).map(Source::Prior);
        let shape = match tastes {
            Tastes::Alike => return scaled(&alike(dimensions, random)?),
            Tastes::NothingInCommon => {
                let identity = DMatrix::identity(dimensions, dimensions);
                return scaled(&Prior::gaussian(DVector::zeros(dimensions), identity)?);
            }
            Tastes::Linear(prior) => {
                let fits = prior.dimensions() == dimensions;
                check(fits, "prior", "is not of the world's dimensions")?;
                return scaled(&prior);
            }
            Tastes::TwoPoles => {
                let message = "two poles on different dimensions need at least 2";
                check(dimensions >= 2, "dimensions", message)?;
                // E[λᵀRλ] = 2s²: the signs of the two cancel over everybody.
                return Ok(Source::Poles {
                    dimensions,
                    weight: utility_sd * FRAC_1_SQRT_2,
                });
            }
            Tastes::Threshold => Shape::Threshold,
            Tastes::IdealPoint => Shape::IdealPoint,
            Tastes::Interaction => Shape::Interaction,
        };
        let scale = utility_sd / shape.mean_square(world.options(), random).sqrt();
        Ok(Source::Shape {
            shape,
            dimensions,
            scale,
        })
    }

    /// Standard deviation over people of each number that drifts, d numbers.
    fn standard_deviations(&self) -> DVector<f64> {
        match *self {
            Source::Prior(ref prior) => prior.standard_deviations(),
            Source::Poles { dimensions, weight } => {
                // ±s on two of the d dimensions.
                DVector::from_element(dimensions, weight * (2.0 / dimensions as f64).sqrt())
            }
            Source::Shape {
                shape: Shape::IdealPoint,
                dimensions,
                ..
            } => DVector::from_element(dimensions, SCORE_VARIANCE.sqrt()),
            Source::Shape {
                dimensions, scale, ..
            } => DVector::from_element(dimensions, scale),
        }
    }

    fn draw(&self, index: usize, random: &mut Random) -> Taste {
        match *self {
            Source::Prior(ref prior) => Taste::Linear(draw_weights(prior, random)),
            Source::Poles { dimensions, weight } => {
                Taste::Linear(two_poles(dimensions, weight, index))
            }
            Source::Shape {
                shape,
                dimensions,
                scale,
            } => shape.draw(dimensions, scale, random),
        }
    }
}

/// The prior, scaled so that E[(λᵀz)²] = `utility_sd`².
///
/// # Errors
/// [`Error::Options`] if the scaled covariance is not positive definite in double precision.
fn scaled_prior(world: &World, prior: &Prior, utility_sd: f64) -> Result<Prior, Error> {
    let scale = utility_sd / mean_square(world, prior).sqrt();
    let scaled = |of: &MixtureComponent| {
        MixtureComponent::new(
            of.weight(),
            scale * of.mean(),
            scale * scale * of.covariance(),
        )
    };
    let components = prior
        .components()
        .iter()
        .map(scaled)
        .collect::<Result<_, _>>();
    components.and_then(Prior::mixture).map_err(|_| {
        Error::Options(Flaw::new(
            "prior",
            "too extreme for double precision once it is scaled",
        ))
    })
}

/// E[(λᵀz)²] = E[λᵀRλ] = Σ_jk R_jk·E[λ_j λ_k] over everybody.
fn mean_square(world: &World, prior: &Prior) -> f64 {
    let correlation = world.options().correlation.matrix(prior.dimensions());
    let of_component = |of: &MixtureComponent| {
        let moments = of.covariance() + of.mean() * of.mean().transpose();
        of.weight() * correlation.dot(&moments)
    };
    prior.components().iter().map(of_component).sum()
}

/// N(m, S) with m = ½ S^½ ε, S = Q diag(e^(−0.3 j)) Qᵀ.
fn alike(dimensions: usize, random: &mut Random) -> Result<Prior, Error> {
    let directions = random_rotation(dimensions, random);
    let mut covariance = DMatrix::zeros(dimensions, dimensions);
    let mut mean = DVector::zeros(dimensions);
    for (j, direction) in directions.column_iter().enumerate() {
        let eigenvalue = libm::exp(-EIGENVALUE_DECAY * j as f64);
        covariance.ger(eigenvalue, &direction, &direction, 1.0);
        // In these directions the coordinates of ε are independent and standard normal, too.
        mean.axpy(0.5 * eigenvalue.sqrt() * random.normal(), &direction, 1.0);
    }
    Prior::gaussian(mean, covariance)
}

/// An orthogonal matrix with columns in random directions, d × d: normal vectors, orthogonalised by
/// Gram and Schmidt.
fn random_rotation(dimensions: usize, random: &mut Random) -> DMatrix<f64> {
    let mut columns: Vec<DVector<f64>> = Vec::with_capacity(dimensions);
    while columns.len() < dimensions {
        let mut next = random.normals(dimensions);
        // Twice, since once leaves the rounding error of a subtraction.
        for other in columns.iter().chain(&columns) {
            let along = next.dot(other);
            next.axpy(-along, other, 1.0);
        }
        columns.push(next.normalize());
    }
    DMatrix::from_columns(&columns)
}

/// λ from the prior: from one of its components, drawn by their shares.
fn draw_weights(prior: &Prior, random: &mut Random) -> DVector<f64> {
    let shares: Vec<f64> = prior
        .components()
        .iter()
        .map(MixtureComponent::weight)
        .collect();
    let component = &prior.components()[categorical(&shares, random)];
    component.factor() * random.normals(prior.dimensions()) + component.mean()
}

/// Combination `index` of two dimensions and a sign for each.
fn two_poles(dimensions: usize, weight: f64, index: usize) -> DVector<f64> {
    let pairs: Vec<(usize, usize)> = (0..dimensions)
        .flat_map(|k| (0..k).map(move |j| (j, k)))
        .collect();
    let (j, k) = pairs[index / 4 % pairs.len()];
    let mut weights = DVector::zeros(dimensions);
    weights[j] = if index & 1 == 0 { weight } else { -weight };
    weights[k] = if index & 2 == 0 { weight } else { -weight };
    weights
}
