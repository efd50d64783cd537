//! A prior from many people's answers: who, from all that is known of the others, is a new person likely to be?
//!
//! Empirical Bayes by expectation and maximisation (Dempster, Laird & Rubin 1977), as Birlutiu, Groot & Heskes (2013)
//! do it for preferences:
//!
//! - E: mean λ_i and covariance C_i of everybody's weights, given what they said and the prior N(m, S);
//! - M: m = mean of λ_i, S = mean of C_i + (λ_i − m)(λ_i − m)ᵀ.
//!
//! With several segments each has its own N(m_k, S_k), and a person counts for it by the chance that they are of it,
//! ∝ w_k · P(what they said | m_k, S_k).
//!
//! [`Belief`]'s Gaussian alone would not do: its mode lies closer to m than the mean does, so that from round to round
//! the population would shrink, to ½–¾ of its variances for 30 answers in 4–16 dimensions (measured). So the moments
//! and the likelihood are those of draws around that Gaussian, weighted to the exact posterior (importance sampling).
//! Since the weights can follow the prior, the draws serve for several rounds (Levine & Casella 2001).
//!
//! ```ignore-wasm32
//! use leaning::population::{FitOptions, fit};
//! use leaning::{AnswerModel, Evidence};
//!
//! // Twenty people who prefer what scores higher four times of five, and all to the same degree.
//! let answer = |outcome| Evidence::Pair { difference: vec![1.0], tie: false, outcome };
//! let people = vec![[0, 0, 1, 0, 0].map(answer).to_vec(); 20];
//! let prior = fit(&people, AnswerModel::default(), 1, FitOptions::default())?;
//! assert!((prior.mean()[0] - 1.4).abs() < 0.1 && prior.deviations()[0] < 0.3);
//! # Ok::<(), leaning::Error>(())
//! ```

use crate::answer::{AnswerModel, Evidence, log_softmax, log_sum_exp};
use crate::belief::{Belief, shares};
use crate::error::{Error, Flaw};
use crate::linear::{Cholesky, Matrix, dot, norm_squared, plus};
use crate::math;
use crate::prior::{Prior, Segment};
use crate::random::Random;
use alloc::string::String;
use alloc::vec::Vec;

/// Draws for each person and segment, an even number. They are worth about 85 of 100 in 4–8 dimensions, and what noise
/// they leave averages out over people.
const DRAWS: usize = 64;
/// Where a likelihood is all that is asked for.
const EVIDENCE_DRAWS: usize = 256;
/// They come from a Student t distribution of so many degrees of freedom, whose tails are heavier than the posterior's.
const FREEDOM: usize = 12;
/// Their seed is fixed: they are a means of integration, and the same answers always make the same prior.
const SEED: u64 = 0x1ea9;
/// So many steps of expectation and maximisation are made with the same draws.
const STEPS: usize = 5;
/// The fit is found once in the last of them no mean has moved by more than this in units of its segment's standard deviation, no
/// covariance relative to the two standard deviations, and no share.
const SETTLED_BELOW: f64 = 1e-3;
/// Each variance is kept above this part of the default prior's: where people do not differ at all it would shrink
/// towards 0 for ever.
const RIDGE: f64 = 1e-6;
/// Of so many starts the segments begin with the best.
const STARTS: usize = 10;
/// Steps of k-means for each start; what it leaves undone is for the fit to do.
const START_STEPS: usize = 10;

/// How to fit a population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FitOptions {
    /// Segments to look for, at least 1. Those that shrink to less than one person are dropped.
    pub segments: usize,
    /// At most so many rounds, each of fresh draws and five steps of expectation and maximisation, at least 1; with
    /// several segments, as many again.
    pub iterations: usize,
    /// Decides where the search for several segments starts.
    pub seed: u64,
}

impl Default for FitOptions {
    /// One segment, 20 rounds.
    fn default() -> Self {
        FitOptions { segments: 1, iterations: 20, seed: 0 }
    }
}

/// What one person's weights may be, were they of each segment: what an [`Each`] hands through.
#[derive(Debug)]
pub struct Inferred(Result<Vec<Draws>, Error>);

/// Calls a function for 0, 1, … up to a count, and collects what it gives in this order: the hook for doing so on
/// several threads. With rayon: `&|count, infer| (0..count).into_par_iter().map(infer).collect()`.
pub type Each<'a> = &'a dyn Fn(usize, &(dyn Fn(usize) -> Inferred + Sync)) -> Vec<Inferred>;

/// The prior that makes what these people said most likely; each is a list of what was observed about them, in
/// `dimensions` dimensions.
///
/// # Errors
/// [`Error::Options`] for segments, iterations or dimensions of 0, [`Error::Answer`] where nobody said anything or the
/// evidence of a person, whom it names, cannot be; [`Error::NotConverged`] where the numbers are too extreme.
pub fn fit(
    people: &[Vec<Evidence>],
    model: AnswerModel,
    dimensions: usize,
    options: FitOptions,
) -> Result<Prior, Error> {
    fit_with(people, model, dimensions, options, one_by_one())
}

/// As [`fit`], with people inferred by `each`: on several threads, say. The result is the same, bit for bit.
///
/// # Errors
/// As [`fit`].
pub fn fit_with(
    people: &[Vec<Evidence>],
    model: AnswerModel,
    dimensions: usize,
    options: FitOptions,
    each: Each,
) -> Result<Prior, Error> {
    for (option, value) in
        [("segments", options.segments), ("iterations", options.iterations), ("dimensions", dimensions)]
    {
        if value == 0 {
            return Err(Error::Options(Flaw::new(option, "expected at least 1")));
        }
    }
    if people.iter().all(Vec::is_empty) {
        return Err(Error::Answer(Flaw::new("people", "nobody has said anything")));
    }
    let start = Prior::by_spread(&spread(people, dimensions));
    let fit = Fit { people, model, each, floor: start.deviations().iter().map(|sd| RIDGE * sd * sd).collect() };
    let one = fit.climb(start.segments().to_vec(), options.iterations)?;
    let count = options.segments.min(people.len());
    if count == 1 {
        return mixture(one);
    }
    let known = expect(&one, &fit.draw(&one, DRAWS)?);
    let means: Vec<Vec<f64>> = known.iter().map(|of| of[0].in_units_of(&start.deviations())).collect();
    let groups = groups(&means, count, &mut Random::new(options.seed, 0));
    let chances = |group: usize| (0..count).map(|k| if k == group { 1.0 } else { 0.0 }).collect();
    let chances: Vec<Vec<f64>> = groups.into_iter().map(chances).collect();
    // Whatever their segment turns out to be, until then everybody is known as well as in the one.
    let known: Vec<Vec<Estimate>> = known.iter().map(|of| vec![of[0].clone(); count]).collect();
    mixture(fit.climb(fit.maximise(&known, &chances)?, options.iterations)?)
}

/// log P(what these people said | prior): to compare priors by, best on people that they were not fitted to.
///
/// # Errors
/// As [`Belief::infer`].
pub fn log_evidence(people: &[Vec<Evidence>], model: AnswerModel, prior: &Prior) -> Result<f64, Error> {
    let fit = Fit { people, model, each: one_by_one(), floor: vec![] };
    let segments = prior.segments();
    let known = expect(segments, &fit.draw(segments, EVIDENCE_DRAWS)?);
    Ok(known.iter().map(|of| log_sum_exp(&joint(segments, of))).sum())
}

fn one_by_one<'a>() -> Each<'a> {
    &|count, infer| (0..count).map(infer).collect()
}

fn mixture(segments: Vec<Segment>) -> Result<Prior, Error> {
    Prior::mixture(segments).map_err(|_| Error::NotConverged)
}

/// Root mean square of each dimension's score differences, over the pairs that people were shown.
fn spread(people: &[Vec<Evidence>], dimensions: usize) -> Vec<f64> {
    let mut squares = vec![0.0; dimensions];
    let mut pairs = 0.0;
    let mut add = |difference: &[f64]| {
        pairs += 1.0;
        squares.iter_mut().zip(difference).for_each(|(sum, z)| *sum += z * z);
    };
    for evidence in people.iter().flatten() {
        match evidence {
            Evidence::Pair { difference, .. } => add(difference),
            Evidence::Choice { scores, .. } => {
                for (i, a) in scores.iter().enumerate() {
                    scores[..i].iter().for_each(|b| add(&plus(a, -1.0, b)));
                }
            }
            Evidence::Statement { .. } => {}
        }
    }
    squares.iter().map(|sum| if *sum > 0.0 { math::sqrt(sum / pairs) } else { 0.0 }).collect()
}

/// Points that stand for one person's weights.
#[derive(Debug)]
struct Draws {
    points: Vec<Vec<f64>>,
    /// log of P(what they said | λ) / q(λ) at each point λ, with q the density that it was drawn from, times their
    /// number, without the constant (2π)^(−d/2).
    logs: Vec<f64>,
}

impl Draws {
    /// Draws points around the mode that a prior of one segment leads to, each together with its reflection.
    fn new(
        prior: &Prior,
        model: AnswerModel,
        evidence: &[Evidence],
        count: usize,
        index: usize,
    ) -> Result<Self, Error> {
        let belief = Belief::infer(prior, model, evidence)?;
        let factor = factor(&belief.covariance())?;
        let mut random = Random::new(SEED, index as u64);
        let mut draws = Draws { points: Vec::with_capacity(count), logs: Vec::with_capacity(count) };
        for _ in 0..count / 2 {
            let x = student(belief.dimensions(), &mut random);
            let log_q = log_student(&x) - log_determinant(&factor) + libm::log(count as f64);
            let step = factor.times(&x);
            for sign in [1.0, -1.0] {
                let weights = plus(belief.mean(), sign, &step);
                draws.logs.push(log_likelihood(model, evidence, &weights) - log_q);
                draws.points.push(weights);
            }
        }
        Ok(draws)
    }

    /// The moments of these weights under one segment.
    fn under(&self, density: &Density) -> Estimate {
        let d = density.mean.len();
        let logs: Vec<f64> =
            self.points.iter().zip(&self.logs).map(|(weights, log)| log + density.log(weights)).collect();
        let shares = shares(&logs);
        let weighted = || self.points.iter().zip(&shares);
        let mean = weighted().fold(vec![0.0; d], |sum, (weights, share)| plus(&sum, *share, weights));
        let mut covariance = Matrix::diagonal(&vec![0.0; d]);
        for (weights, share) in weighted() {
            covariance.add_square(*share, &plus(weights, -1.0, &mean));
        }
        Estimate { mean, covariance: covariance.to_rows(), log_evidence: log_sum_exp(&logs) }
    }
}

/// d numbers drawn from a Student t distribution.
fn student(dimensions: usize, random: &mut Random) -> Vec<f64> {
    let scale = math::sqrt(FREEDOM as f64 / random.chi_squared(FREEDOM));
    random.normals(dimensions).iter().map(|x| scale * x).collect()
}

/// log of its density, without the constant (2π)^(−d/2).
fn log_student(x: &[f64]) -> f64 {
    let (freedom, d) = (FREEDOM as f64, x.len() as f64);
    let constant = libm::lgamma(0.5 * (freedom + d)) - libm::lgamma(0.5 * freedom) - 0.5 * d * libm::log(0.5 * freedom);
    constant - 0.5 * (freedom + d) * libm::log1p(norm_squared(x) / freedom)
}

/// log P(evidence | λ).
fn log_likelihood(model: AnswerModel, evidence: &[Evidence], weights: &[f64]) -> f64 {
    let of = |evidence: &Evidence| match evidence {
        Evidence::Pair { difference, tie, outcome } => {
            model.pair_log_probability(dot(weights, difference), *tie, *outcome)
        }
        Evidence::Choice { scores, chose } => {
            let logs = log_softmax(scores.iter().map(|scores| dot(weights, scores)).collect());
            model.log_with_lapse(logs[*chose], logs.len())
        }
        Evidence::Statement { dimension, weight, sd } => {
            let away = (weights[*dimension] - weight) / sd;
            -0.5 * away * away
        }
    };
    evidence.iter().map(of).sum()
}

/// N(m, S) of a segment, ready to be evaluated.
struct Density<'a> {
    mean: &'a [f64],
    /// M with MᵀM = S⁻¹.
    whiten: Matrix,
    /// −½ log det S.
    log_constant: f64,
}

impl<'a> Density<'a> {
    fn of(segment: &'a Segment) -> Self {
        let factor = &segment.gaussian().factor;
        let whiten = Cholesky(factor.clone()).inverse_root().transpose();
        Density { mean: segment.mean(), whiten, log_constant: -log_determinant(factor) }
    }

    /// Its logarithm, without the constant (2π)^(−d/2).
    fn log(&self, weights: &[f64]) -> f64 {
        self.log_constant - 0.5 * norm_squared(&self.whiten.times(&plus(weights, -1.0, self.mean)))
    }
}

/// L, lower triangular, with LLᵀ = M, d rows of d.
fn factor(rows: &[Vec<f64>]) -> Result<Matrix, Error> {
    Cholesky::new(&Matrix::from_rows(rows)).map(|Cholesky(factor)| factor).ok_or(Error::NotConverged)
}

/// log det L of a triangular matrix.
fn log_determinant(factor: &Matrix) -> f64 {
    factor.rows().enumerate().map(|(j, row)| libm::log(row[j])).sum()
}

/// One person's weights if they are of one segment.
#[derive(Debug, Clone)]
struct Estimate {
    mean: Vec<f64>,
    /// d rows of d.
    covariance: Vec<Vec<f64>>,
    /// log P(what they said | the segment).
    log_evidence: f64,
}

impl Estimate {
    fn in_units_of(&self, deviations: &[f64]) -> Vec<f64> {
        self.mean.iter().zip(deviations).map(|(mean, deviation)| mean / deviation).collect()
    }
}

/// What is known of each person if they are of each segment.
fn expect(segments: &[Segment], draws: &[Vec<Draws>]) -> Vec<Vec<Estimate>> {
    let densities: Vec<Density> = segments.iter().map(Density::of).collect();
    let of_person = |draws: &Vec<Draws>| {
        draws.iter().zip(&densities).map(|(draws, density)| draws.under(density)).collect::<Vec<_>>()
    };
    draws.iter().map(of_person).collect()
}

/// Everything that stays the same from round to round.
struct Fit<'a> {
    people: &'a [Vec<Evidence>],
    model: AnswerModel,
    each: Each<'a>,
    /// Added to the variances, d numbers.
    floor: Vec<f64>,
}

impl Fit<'_> {
    /// Rounds of drawing, and of expectation and maximisation with what was drawn, from these segments on.
    fn climb(&self, mut segments: Vec<Segment>, rounds: usize) -> Result<Vec<Segment>, Error> {
        for _ in 0..rounds {
            let draws = self.draw(&segments, DRAWS)?;
            let mut settled = false;
            for _ in 0..STEPS {
                let known = expect(&segments, &draws);
                let chances: Vec<Vec<f64>> = known.iter().map(|of| shares(&joint(&segments, of))).collect();
                let next = self.maximise(&known, &chances)?;
                let dropped = next.len() < segments.len();
                settled = !dropped && change(&segments, &next) < SETTLED_BELOW;
                segments = next;
                if dropped {
                    // The draws are those of segments that are no longer all there.
                    break;
                }
            }
            if settled {
                break;
            }
        }
        Ok(segments)
    }

    /// Draws what each person's weights may be under each segment.
    fn draw(&self, segments: &[Segment], count: usize) -> Result<Vec<Vec<Draws>>, Error> {
        let alone = |segment: &Segment| mixture(vec![segment.clone()]);
        let priors: Vec<Prior> = segments.iter().map(alone).collect::<Result<_, _>>()?;
        let (people, model) = (self.people, self.model);
        let infer = |index: usize| {
            let under = |prior| Draws::new(prior, model, &people[index], count, index);
            Inferred(priors.iter().map(under).collect())
        };
        let inferred = (self.each)(people.len(), &infer);
        inferred
            .into_iter()
            .enumerate()
            .map(|(index, Inferred(draws))| draws.map_err(|e| of_person(e, index)))
            .collect()
    }

    /// The segments that people of these chances to be of each of them make up.
    fn maximise(&self, known: &[Vec<Estimate>], chances: &[Vec<f64>]) -> Result<Vec<Segment>, Error> {
        let d = self.floor.len();
        let moments = |k: usize| Moments::of(d, chances.iter().zip(known).map(|(chances, of)| (chances[k], &of[k])));
        let people = known.len() as f64;
        let mut segments: Vec<Moments> = (0..chances[0].len()).map(moments).collect();
        // Less than one person; the share of the largest of at most as many segments as people is never below.
        segments.retain(|segment| segment.people >= 1.0 - 1e-9);
        let share = |segment: &Moments| segment.people / people;
        let mut pooled = vec![vec![0.0; d]; d];
        segments.iter().for_each(|segment| add(&mut pooled, share(segment), &segment.covariance));
        let segment = |of: &Moments| {
            let mut covariance = of.shrunk(&pooled);
            covariance.iter_mut().enumerate().for_each(|(j, row)| row[j] += self.floor[j]);
            Segment::new(share(of), &of.mean, &covariance).map_err(|_| Error::NotConverged)
        };
        segments.iter().map(segment).collect()
    }
}

/// The error, with the person whose evidence it is about.
fn of_person(error: Error, index: usize) -> Error {
    match error {
        Error::Answer(flaw) => Error::Answer(Flaw::new(text!["people[", index, "]"], String::from(flaw.message()))),
        other => other,
    }
}

/// log (w_k · P(what a person said | segment k)) of each segment.
fn joint(segments: &[Segment], known: &[Estimate]) -> Vec<f64> {
    segments.iter().zip(known).map(|(segment, of)| libm::log(segment.weight()) + of.log_evidence).collect()
}

/// Moments of the weights of a segment's people.
struct Moments {
    /// How many they are: the sum of their chances to be of it.
    people: f64,
    mean: Vec<f64>,
    /// d rows of d.
    covariance: Vec<Vec<f64>>,
}

impl Moments {
    /// m = mean of λ_i, S = mean of C_i + (λ_i − m)(λ_i − m)ᵀ, each person counted by their chance.
    fn of<'a>(d: usize, known: impl Iterator<Item = (f64, &'a Estimate)> + Clone) -> Self {
        let people: f64 = known.clone().map(|(chance, _)| chance).sum();
        // Of nobody, whose segment is dropped, the mean is 0 and not 0/0.
        let share = |chance: f64| if people > 0.0 { chance / people } else { 0.0 };
        let zero = vec![0.0; d];
        let mean = known.clone().fold(zero.clone(), |sum, (chance, of)| plus(&sum, share(chance), &of.mean));
        let mut covariance = vec![zero.clone(); d];
        for (chance, of) in known.filter(|(chance, _)| *chance > 0.0) {
            let away = plus(&of.mean, -1.0, &mean);
            let square: Vec<Vec<f64>> = away.iter().map(|x| plus(&zero, *x, &away)).collect();
            add(&mut covariance, share(chance), &of.covariance);
            add(&mut covariance, share(chance), &square);
        }
        Moments { people, mean, covariance }
    }

    /// The covariance as if d more people of the `pooled` one had been seen: a segment of few people keeps one that is
    /// positive definite, and does not close in on them.
    fn shrunk(&self, pooled: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let d = self.mean.len();
        let own = self.people / (self.people + d as f64);
        let mut sum = vec![vec![0.0; d]; d];
        add(&mut sum, own, &self.covariance);
        add(&mut sum, 1.0 - own, pooled);
        sum
    }
}

/// Adds s·M, rows of numbers both.
fn add(sum: &mut [Vec<f64>], s: f64, matrix: &[Vec<f64>]) {
    for (sum, row) in sum.iter_mut().zip(matrix) {
        *sum = plus(sum, s, row);
    }
}

/// The largest change of a share, a mean in standard deviations, and a covariance relative to its two.
fn change(before: &[Segment], after: &[Segment]) -> f64 {
    let of_segment = |(before, after): (&Segment, &Segment)| {
        let (old, new) = (before.covariance(), after.covariance());
        let deviations: Vec<f64> = (0..new.len()).map(|j| math::sqrt(new[j][j])).collect();
        let mut most = (after.weight() - before.weight()).abs();
        for (i, deviation) in deviations.iter().enumerate() {
            most = most.max((after.mean()[i] - before.mean()[i]).abs() / deviation);
            for j in 0..=i {
                most = most.max((new[i][j] - old[i][j]).abs() / (deviation * deviations[j]));
            }
        }
        most
    };
    before.iter().zip(after).map(of_segment).fold(0.0, f64::max)
}

/// Parts points into groups by k-means: the group of each point, from the best of some starts.
fn groups(points: &[Vec<f64>], count: usize, random: &mut Random) -> Vec<usize> {
    let start = |_| k_means(points, spread_out(points, count, random));
    let starts: Vec<(f64, Vec<usize>)> = (0..STARTS).map(start).collect();
    let best = starts.into_iter().min_by(|(a, _), (b, _)| a.total_cmp(b));
    best.map(|(_, groups)| groups).unwrap_or_default()
}

/// Centres to start from, by k-means++ (Arthur & Vassilvitskii 2007): each a point drawn by its squared distance from
/// those before.
fn spread_out(points: &[Vec<f64>], count: usize, random: &mut Random) -> Vec<Vec<f64>> {
    let mut centres = vec![points[random.below(points.len())].clone()];
    while centres.len() < count {
        let distances: Vec<f64> = points.iter().map(|point| nearest(&centres, point).0).collect();
        let mut rest = random.uniform() * distances.iter().sum::<f64>();
        let drawn = distances.iter().position(|distance| {
            rest -= distance;
            rest < 0.0
        });
        // With all points at centres already, any will do.
        centres.push(points[drawn.unwrap_or(0)].clone());
    }
    centres
}

/// Squared distance and place of the nearest centre.
fn nearest(centres: &[Vec<f64>], point: &[f64]) -> (f64, usize) {
    let distance = |centre: &Vec<f64>| centre.iter().zip(point).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    let distances = centres.iter().enumerate().map(|(place, centre)| (distance(centre), place));
    distances.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
}

/// Lloyd's steps from these centres: the sum of squared distances, and the group of each point.
fn k_means(points: &[Vec<f64>], mut centres: Vec<Vec<f64>>) -> (f64, Vec<usize>) {
    for _ in 0..START_STEPS {
        let groups: Vec<usize> = points.iter().map(|point| nearest(&centres, point).1).collect();
        for (place, centre) in centres.iter_mut().enumerate() {
            let members = || points.iter().zip(&groups).filter(|(_, group)| **group == place).map(|(point, _)| point);
            let size = members().count() as f64;
            if size > 0.0 {
                *centre = members().fold(vec![0.0; centre.len()], |sum, point| plus(&sum, 1.0 / size, point));
            }
        }
    }
    let near: Vec<(f64, usize)> = points.iter().map(|point| nearest(&centres, point)).collect();
    (near.iter().map(|(distance, _)| distance).sum(), near.iter().map(|(_, group)| *group).collect())
}
