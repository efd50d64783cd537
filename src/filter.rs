//! What is expected of the next answer: an assumed-density filter, which takes in one answer at a time.
//!
//! It holds a Gaussian N(m, S) over the weights for each segment of the prior. An answer of probability P(o | u), with u
//! the reward differences between the candidates, turns it into something that is no Gaussian; the filter goes on with
//! the Gaussian of the same mean and covariance (Opper 1998; Minka 2001). Since answers only know the weights through u,
//! these moments need an integral over u alone. A segment's probability follows Bayes' rule.
//!
//! [`crate::Belief`] has a mode and a curvature instead, and is exact about them; but what it expects of an answer is
//! off by what the Gaussian at the mode is off, and it starts afresh for every number of answers. Against numerical
//! integration its probabilities of the next answer are off by 0.005 in one dimension and 0.011 in two (root mean square
//! over the first dozen answers of people drawn from the prior, whose weights have a deviation of 1 to 2; at most by 0.04
//! and 0.08, after answers that contradict each other), and the probabilities of two segments by at most 0.04.

use crate::answer::{AnswerModel, Evidence};
use crate::belief::shares;
use crate::linear::{Cholesky, Matrix, dot, norm_squared, plus};
use crate::list::List;
use crate::math;
use crate::prior::Prior;
use crate::random::Random;
use alloc::vec::Vec;

/// The integral over one reward difference: the trapezoid rule on ±8 standard deviations, since what is learned from an
/// unexpected answer lies far out; the step is at most a unit of reward, and at most 0.4 standard deviations.
const REACH: f64 = 8.0;
const NODES: (f64, f64) = (20.0, 500.0);
/// The integral over several reward differences: so many normal draws, and their reflections.
const DRAWS: usize = 256;
/// A reward difference of which the others leave no more than this share of its variance is taken to follow from them:
/// candidates may lie on one line.
const SAME: f64 = 1e-9;
/// Where an outcome has no chance at all, its logarithm is that of this.
const LEAST: f64 = 1e-300;

/// What is known of the weights after the answers so far.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    parts: Vec<Part>,
    /// The logarithm of each segment's probability, up to a constant.
    logs: Vec<f64>,
}

/// N(mean, covariance).
#[derive(Debug, Clone)]
struct Part {
    mean: Vec<f64>,
    covariance: Matrix,
}

impl Filter {
    /// What is known before any answer.
    pub fn new(prior: &Prior) -> Self {
        let (mut parts, mut logs) = (Vec::new(), Vec::new());
        for segment in prior.segments() {
            parts.push(Part { mean: segment.mean().to_vec(), covariance: segment.gaussian().factor.square() });
            logs.push(libm::log(segment.weight()));
        }
        Filter { parts, logs }
    }

    /// The same with `keep` of the covariance, and with so many `further` weights behind: independent ones with mean 0
    /// and this variance.
    pub fn widen(&self, keep: f64, further: usize, variance: f64) -> Self {
        let mut widened = self.clone();
        for Part { mean, covariance } in &mut widened.parts {
            let d = mean.len();
            mean.resize(d + further, 0.0);
            *covariance = Matrix::from_fn(d + further, |i, j| {
                if i < d && j < d {
                    keep * covariance.at(i, j)
                } else if i == j {
                    variance
                } else {
                    0.0
                }
            });
        }
        widened
    }

    /// The variance of λᵀz within segments.
    pub fn variance(&self, z: &[f64]) -> f64 {
        self.shares().iter().zip(&self.parts).map(|(share, part)| share * part.covariance.quadratic(z)).sum()
    }

    /// The probability of each segment.
    pub fn shares(&self) -> Vec<f64> {
        shares(&self.logs)
    }

    /// Takes in a piece of evidence, and gives the probability that each of its outcomes had before. Empty for a
    /// statement, which has no outcomes.
    pub fn observe(&mut self, model: &AnswerModel, evidence: &Evidence) -> Vec<f64> {
        let shares = self.shares();
        let mut expected = Vec::new();
        let (differences, outcome) = match evidence {
            Evidence::Pair { difference, outcome, .. } => (vec![difference.clone()], *outcome),
            Evidence::Choice { scores, chose } => {
                let Some((last, others)) = scores.split_last() else { return expected };
                (others.iter().map(|scores| plus(scores, -1.0, last)).list(), *chose)
            }
            Evidence::Statement { dimension, weight, sd } => {
                for (part, log) in self.parts.iter_mut().zip(&mut self.logs) {
                    *log += part.observe_weight(*dimension, *weight, *sd);
                }
                return expected;
            }
        };
        let probabilities = |u: &[f64]| match evidence {
            Evidence::Pair { tie, .. } => model.pair_probabilities(u[0], *tie),
            _ => model.choice_probabilities(&[u, &[0.0]].concat()),
        };
        for ((part, log), share) in self.parts.iter_mut().zip(&mut self.logs).zip(shares) {
            let probabilities = part.observe(&differences, outcome, &probabilities);
            expected.resize(probabilities.len(), 0.0);
            expected = plus(&expected, share, &probabilities);
            *log += libm::log(probabilities.get(outcome).map_or(1.0, |p| p.max(LEAST)));
        }
        expected
    }
}

impl Part {
    /// Takes in that `outcome` was observed, where the outcomes have `probabilities` given the reward differences λᵀz
    /// for each z of `differences`. Gives the probability that each outcome had before.
    fn observe(
        &mut self,
        differences: &[Vec<f64>],
        outcome: usize,
        probabilities: &dyn Fn(&[f64]) -> Vec<f64>,
    ) -> Vec<f64> {
        // λ = m + Σ x_j·along_j + what does not matter to u, with x ~ N(0, I).
        let mut along: Vec<Vec<f64>> = Vec::new();
        for z in differences {
            let whole = self.covariance.times(z);
            // Sz without what the directions so far explain of it (Cholesky's factorisation, a column at a time).
            let rest = along.iter().fold(whole.clone(), |rest, along| plus(&rest, -dot(along, z), along));
            let variance = dot(&rest, z);
            if variance > SAME * dot(&whole, z) {
                along.push(scaled(1.0 / math::sqrt(variance), &rest));
            }
        }
        let rewards = |weights: &Vec<f64>| -> Vec<f64> { differences.iter().map(|z| dot(weights, z)).list() };
        let centre = rewards(&self.mean);
        if along.is_empty() {
            return probabilities(&centre);
        }
        let steps: Vec<Vec<f64>> = along.iter().map(rewards).list();

        let mut total = 0.0;
        let mut sums = vec![0.0; probabilities(&centre).len()];
        let mut first = vec![0.0; along.len()];
        let mut second = Matrix::zeros(along.len());
        for (x, weight) in nodes(&steps) {
            let probabilities = probabilities(&combined(&centre, &x, &steps));
            let observed = weight * probabilities.get(outcome).unwrap_or(&0.0);
            total += weight;
            sums = plus(&sums, weight, &probabilities);
            first = plus(&first, observed, &x);
            second.add_square(observed, &x);
        }
        let observed = sums.get(outcome).copied().unwrap_or(0.0);
        if observed > 0.0 {
            let mean = scaled(1.0 / observed, &first);
            self.mean = combined(&self.mean, &mean, &along);
            for (j, a) in along.iter().enumerate() {
                for (k, b) in along.iter().enumerate() {
                    let before = if j == k { 1.0 } else { 0.0 };
                    let change = second.at(j, k) / observed - mean[j] * mean[k] - before;
                    self.covariance.add_product(change, a, b);
                }
            }
        }
        scaled(1.0 / total, &sums)
    }

    /// Takes in a Gaussian observation of one weight, which is exact. Gives the logarithm of its density, up to a
    /// constant.
    fn observe_weight(&mut self, dimension: usize, weight: f64, sd: f64) -> f64 {
        let spread = self.covariance.row(dimension).to_vec();
        let variance = spread[dimension] + sd * sd;
        let away = weight - self.mean[dimension];
        self.mean = plus(&self.mean, away / variance, &spread);
        self.covariance.add_square(-1.0 / variance, &spread);
        -0.5 * (libm::log(variance) + away * away / variance)
    }
}

/// s·a.
fn scaled(s: f64, a: &[f64]) -> Vec<f64> {
    plus(&vec![0.0; a.len()], s, a)
}

/// start + Σ x_j·v_j.
fn combined(start: &[f64], x: &[f64], vectors: &[Vec<f64>]) -> Vec<f64> {
    x.iter().zip(vectors).fold(start.to_vec(), |sum, (x, vector)| plus(&sum, *x, vector))
}

/// Points x with weights that stand for N(0, I), where u goes by `steps`, one of them for each number of x.
fn nodes(steps: &[Vec<f64>]) -> Vec<(Vec<f64>, f64)> {
    let mut nodes = Vec::new();
    if let [step] = steps {
        let count = libm::ceil((REACH * math::sqrt(norm_squared(step))).clamp(NODES.0, NODES.1)) as i32;
        for node in -count..=count {
            let x = REACH * f64::from(node) / f64::from(count);
            nodes.push((vec![x], libm::exp(-0.5 * x * x)));
        }
        return nodes;
    }
    // The same draws every time, and made to have exactly the mean 0 and the covariance I: their chance deviations
    // would add up over the answers.
    let mut random = Random::new(0, 0);
    let mut draws = Vec::new();
    let mut covariance = Matrix::zeros(steps.len());
    for _ in 0..DRAWS {
        let draw = random.normals(steps.len());
        covariance.add_square(1.0 / DRAWS as f64, &draw);
        draws.push(draw);
    }
    if let Some(root) = Cholesky::new(&covariance) {
        for draw in draws {
            let x = root.solve_lower(&draw);
            nodes.push((scaled(-1.0, &x), 1.0));
            nodes.push((x, 1.0));
        }
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prior::Segment;

    /// The exact posterior of one or two weights, on a grid over ±6 standard deviations of each segment.
    struct Exact {
        /// A point, its mass, and the segment that it belongs to.
        points: Vec<(Vec<f64>, f64, usize)>,
    }

    impl Exact {
        /// Independent weights: a share, means and standard deviations for each segment.
        fn new(segments: &[(f64, Vec<f64>, Vec<f64>)]) -> Self {
            let mut points = Vec::new();
            for (index, (share, mean, sd)) in segments.iter().enumerate() {
                let side: usize = if mean.len() == 1 { 2001 } else { 121 };
                let step = |i: usize| 12.0 * i as f64 / (side - 1) as f64 - 6.0;
                let total = (2.0 * core::f64::consts::PI).powf(0.5 * mean.len() as f64);
                for place in 0..side.pow(mean.len() as u32) {
                    let x: Vec<f64> = (0..mean.len()).map(|j| step(place / side.pow(j as u32) % side)).collect();
                    let cell = (12.0 / (side - 1) as f64).powi(mean.len() as i32);
                    let mass = share * cell * (-0.5 * dot(&x, &x)).exp() / total;
                    let point = x.iter().zip(mean).zip(sd).map(|((x, mean), sd)| mean + sd * x).collect();
                    points.push((point, mass, index));
                }
            }
            Exact { points }
        }

        fn observe(&mut self, likelihood: impl Fn(&[f64]) -> f64) {
            for (point, mass, _) in &mut self.points {
                *mass *= likelihood(point);
            }
        }

        fn expect(&self, f: impl Fn(&[f64], usize) -> f64) -> f64 {
            let total: f64 = self.points.iter().map(|(_, mass, _)| mass).sum();
            self.points.iter().map(|(point, mass, segment)| mass * f(point, *segment)).sum::<f64>() / total
        }
    }

    fn prior(segments: &[(f64, Vec<f64>, Vec<f64>)]) -> Prior {
        let covariance = |sd: &[f64]| -> Vec<Vec<f64>> {
            (0..sd.len()).map(|i| (0..sd.len()).map(|j| if i == j { sd[i] * sd[i] } else { 0.0 }).collect()).collect()
        };
        let segments = segments.iter().map(|(share, mean, sd)| Segment::new(*share, mean, &covariance(sd)).unwrap());
        Prior::mixture(segments.collect()).unwrap()
    }

    fn likelihood(model: &AnswerModel, evidence: &Evidence, weights: &[f64], outcome: Option<usize>) -> f64 {
        match evidence {
            Evidence::Pair { difference, tie, outcome: observed } => {
                model.pair_probabilities(dot(weights, difference), *tie)[outcome.unwrap_or(*observed)]
            }
            Evidence::Choice { scores, chose } => {
                let rewards: Vec<f64> = scores.iter().map(|scores| dot(scores, weights)).collect();
                model.choice_probabilities(&rewards)[outcome.unwrap_or(*chose)]
            }
            Evidence::Statement { dimension, weight, sd } => {
                let away = (weights[*dimension] - weight) / sd;
                (-0.5 * away * away).exp()
            }
        }
    }

    /// Answers of somebody drawn from the prior: to pairs, and to one choice of three.
    fn answers(segments: &[(f64, Vec<f64>, Vec<f64>)], count: usize, seed: u64) -> Vec<Evidence> {
        let model = AnswerModel::default();
        let mut random = Random::new(seed, 1);
        let chosen = segments.len() - 1 - usize::from(random.uniform() < segments[0].0 && segments.len() == 2);
        let (_, mean, sd) = &segments[chosen];
        let weights: Vec<f64> = mean.iter().zip(sd).map(|(mean, sd)| mean + sd * random.normal()).collect();
        let mut answer = |mut evidence: Evidence| {
            let mut rest = random.uniform();
            let outcomes = 0..3;
            let said = outcomes.clone().find(|&outcome| {
                rest -= likelihood(&model, &evidence, &weights, Some(outcome));
                rest < 0.0
            });
            if let Evidence::Pair { outcome, .. } | Evidence::Choice { chose: outcome, .. } = &mut evidence {
                *outcome = said.unwrap_or(2);
            }
            evidence
        };
        let mut shown = Random::new(seed, 2);
        let mut question = |place: usize| match place {
            2 => Evidence::Choice { scores: (0..3).map(|_| shown.normals(mean.len())).collect(), chose: 0 },
            _ => Evidence::Pair { difference: shown.normals(mean.len()), tie: true, outcome: 0 },
        };
        (0..count).map(|place| answer(question(place))).collect()
    }

    /// How far the filter's expectations are from the exact ones over all of these people's answers: root mean square,
    /// and at most. The same at most of the segments' probabilities.
    fn distance(segments: &[(f64, Vec<f64>, Vec<f64>)], people: impl Iterator<Item = Vec<Evidence>>) -> [f64; 3] {
        let model = AnswerModel::default();
        let (mut squares, mut count, mut most, mut share) = (0.0, 0.0, 0.0_f64, 0.0_f64);
        for person in people {
            let (mut filter, mut exact) = (Filter::new(&prior(segments)), Exact::new(segments));
            for evidence in person {
                for (outcome, p) in filter.observe(&model, &evidence).into_iter().enumerate() {
                    let away = p - exact.expect(|weights, _| likelihood(&model, &evidence, weights, Some(outcome)));
                    squares += away * away;
                    count += 1.0;
                    most = most.max(away.abs());
                }
                exact.observe(|weights| likelihood(&model, &evidence, weights, None));
                for (segment, p) in filter.shares().into_iter().enumerate() {
                    let truth = exact.expect(|_, other| f64::from(u8::from(other == segment)));
                    share = share.max((p - truth).abs());
                }
            }
        }
        [(squares / count).sqrt(), most, share]
    }

    #[test]
    fn expects_what_integration_over_one_weight_expects() {
        let segments = [(1.0, vec![0.3], vec![1.5])];
        let [typical, most, _] = distance(&segments, (0..20).map(|seed| answers(&segments, 12, seed)));
        assert!(typical < 0.006 && most < 0.05, "off by {typical}, at most {most}");
    }

    #[test]
    fn expects_what_integration_over_two_weights_expects() {
        let segments = [(1.0, vec![0.0, 0.5], vec![2.0, 1.0])];
        let [typical, most, _] = distance(&segments, (0..6).map(|seed| answers(&segments, 12, seed)));
        assert!(typical < 0.012 && most < 0.08, "off by {typical}, at most {most}");
    }

    #[test]
    fn weighs_segments_as_integration_does() {
        let segments = [(0.3, vec![-1.0], vec![0.7]), (0.7, vec![1.5], vec![1.0])];
        let [typical, most, share] = distance(&segments, (0..20).map(|seed| answers(&segments, 12, seed)));
        assert!(typical < 0.005 && most < 0.04 && share < 0.04, "off by {typical}, at most {most}, segments {share}");
    }

    #[test]
    fn a_statement_is_taken_in_exactly() {
        let segments = [(0.4, vec![-1.0, 0.0], vec![0.7, 1.0]), (0.6, vec![1.5, 0.3], vec![1.0, 0.5])];
        let statement = Evidence::Statement { dimension: 0, weight: 0.4, sd: 0.6 };
        let pair = Evidence::Pair { difference: vec![1.0, -0.5], tie: true, outcome: 0 };
        let [_, most, share] = distance(&segments, core::iter::once(vec![statement, pair]));
        assert!(most < 1e-5 && share < 1e-5, "off by {most}, segments by {share}");
    }

    #[test]
    fn candidates_on_one_line_or_all_the_same_do_no_harm() {
        let model = AnswerModel::default();
        let mut filter = Filter::new(&prior(&[(1.0, vec![0.5], vec![1.0])]));
        let scores = [0.0, 1.0, 2.0, 3.0].map(|score| vec![score]).to_vec();
        let p = filter.observe(&model, &Evidence::Choice { scores, chose: 3 });
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12 && p[3] > p[0]);
        let p = filter.observe(&model, &Evidence::Choice { scores: vec![vec![2.0]; 3], chose: 0 });
        assert!(p.iter().all(|p| (p - 1.0 / 3.0).abs() < 1e-12));
        assert!(filter.observe(&model, &Evidence::Choice { scores: Vec::new(), chose: 0 }).is_empty());
        assert!(filter.variance(&[1.0]) > 0.0 && filter.variance(&[1.0]) < 1.0);
    }
}
