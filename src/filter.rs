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
use crate::linear::{Cholesky, Matrix, dot, plus};
use crate::prior::Prior;
use crate::random::Random;
use alloc::vec::Vec;

/// The integral over one reward difference: the trapezoid rule on ±8 standard deviations, since what is learned from an
/// unexpected answer lies far out; the step is at most a unit of reward, and at most 0.4 standard deviations.
const REACH: f64 = 8.0;
const NODES: (f64, f64) = (20.0, 500.0);
/// The integral over several reward differences: so many normal draws, and their reflections.
const DRAWS: usize = 256;
/// Added to the covariance of reward differences, relative to its trace: candidates may lie on one line.
const RIDGE: f64 = 1e-9;
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
        let segments = prior.segments().iter();
        let part = |(mean, covariance)| Part { mean, covariance };
        Filter {
            parts: segments.clone().map(|s| part((s.mean().to_vec(), s.gaussian().factor.square()))).collect(),
            logs: segments.map(|segment| libm::log(segment.weight())).collect(),
        }
    }

    /// The same with `keep` of the covariance, and with further weights behind: independent ones with mean 0 and these
    /// variances.
    pub fn widen(&self, keep: f64, variances: &[f64]) -> Self {
        let widen = |part: &Part| {
            let d = part.mean.len();
            let covariance = |i: usize, j: usize| match i.checked_sub(d) {
                None if j < d => keep * part.covariance.at(i, j),
                Some(further) if i == j => variances[further],
                _ => 0.0,
            };
            Part {
                mean: [&part.mean[..], &vec![0.0; variances.len()]].concat(),
                covariance: Matrix::from_fn(d + variances.len(), covariance),
            }
        };
        Filter { parts: self.parts.iter().map(widen).collect(), logs: self.logs.clone() }
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
        let mut expected = Vec::new();
        let shares = self.shares();
        for ((part, log), share) in self.parts.iter_mut().zip(&mut self.logs).zip(shares) {
            let (outcome, probabilities) = match evidence {
                Evidence::Pair { difference, tie, outcome } => {
                    let probabilities = |u: &[f64]| model.pair_probabilities(u[0], *tie);
                    (*outcome, part.observe(core::slice::from_ref(difference), *outcome, &probabilities))
                }
                Evidence::Choice { scores, chose } => {
                    let Some((last, others)) = scores.split_last() else { return expected };
                    let differences: Vec<Vec<f64>> = others.iter().map(|scores| plus(scores, -1.0, last)).collect();
                    let probabilities = |u: &[f64]| model.choice_probabilities(&[u, &[0.0]].concat());
                    (*chose, part.observe(&differences, *chose, &probabilities))
                }
                Evidence::Statement { dimension, weight, sd } => {
                    *log += part.observe_weight(*dimension, *weight, *sd);
                    continue;
                }
            };
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
        // u ~ N(centre, LLᵀ): u = centre + Lx with x ~ N(0, I).
        let centre: Vec<f64> = differences.iter().map(|z| dot(z, &self.mean)).collect();
        let spread: Vec<Vec<f64>> = differences.iter().map(|z| self.covariance.times(z)).collect();
        let product = |j: usize, k: usize| dot(&differences[j], &spread[k]);
        let count = differences.len();
        if count == 0 {
            return probabilities(&centre);
        }
        let ridge = RIDGE * (0..count).map(|k| product(k, k)).sum::<f64>();
        let covariance = Matrix::from_fn(count, |j, k| product(j, k) + if j == k { ridge } else { 0.0 });
        let Some(root) = Cholesky::new(&covariance) else { return probabilities(&centre) };

        let mut total = 0.0;
        let mut sums = vec![0.0; probabilities(&centre).len()];
        let mut first = vec![0.0; count];
        let mut second = Matrix::diagonal(&first);
        for (x, weight) in nodes(&root.0) {
            let probabilities = probabilities(&root.0.times_plus(&x, &centre));
            let observed = weight * probabilities.get(outcome).unwrap_or(&0.0);
            total += weight;
            sums = plus(&sums, weight, &probabilities);
            first = plus(&first, observed, &x);
            second.add_square(observed, &x);
        }
        let observed = sums.get(outcome).copied().unwrap_or(0.0);
        if observed > 0.0 {
            let mean: Vec<f64> = first.iter().map(|sum| sum / observed).collect();
            let mut change = Matrix::from_fn(count, |j, k| second.at(j, k) / observed - if j == k { 1.0 } else { 0.0 });
            change.add_square(-1.0, &mean);
            self.shift(&spread, &root.inverse_root(), &mean, &change);
        }
        sums.iter().map(|sum| sum / total).collect()
    }

    /// x, which was N(0, I), now has this mean, and a covariance of I + `change`; the weights and x had the covariance
    /// (Sz…)L⁻ᵀ, with Sz… the columns of `spread` and L⁻ᵀ = `inverse_root`.
    fn shift(&mut self, spread: &[Vec<f64>], inverse_root: &Matrix, mean: &[f64], change: &Matrix) {
        let d = self.mean.len();
        let combine = |weights: &[f64]| {
            spread.iter().zip(weights).fold(vec![0.0; d], |sum, (spread, weight)| plus(&sum, *weight, spread))
        };
        self.mean = plus(&self.mean, 1.0, &combine(&inverse_root.times(mean)));
        let along: Vec<Vec<f64>> = inverse_root.transpose().rows().map(combine).collect();
        let added = |i: usize, l: usize| -> f64 {
            let row = |(j, along_j): (usize, &Vec<f64>)| -> f64 {
                along_j[i] * change.row(j).iter().zip(&along).map(|(c, along_k)| c * along_k[l]).sum::<f64>()
            };
            along.iter().enumerate().map(row).sum()
        };
        self.covariance = Matrix::from_fn(d, |i, l| self.covariance.at(i, l) + added(i, l));
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

/// Points x with weights that stand for N(0, I), where u = centre + `root`·x.
fn nodes(root: &Matrix) -> Vec<(Vec<f64>, f64)> {
    let count = root.rows().len();
    if count == 1 {
        let nodes = libm::ceil((REACH * root.at(0, 0)).clamp(NODES.0, NODES.1)) as i32;
        let node = |node: i32| {
            let x = REACH * f64::from(node) / f64::from(nodes);
            (vec![x], libm::exp(-0.5 * x * x))
        };
        return (-nodes..=nodes).map(node).collect();
    }
    // The same draws every time, and made to have exactly the mean 0 and the covariance I: their chance deviations
    // would add up over the answers.
    let mut random = Random::new(0, 0);
    let draws: Vec<Vec<f64>> = (0..DRAWS).map(|_| random.normals(count)).collect();
    let mut covariance = Matrix::diagonal(&vec![0.0; count]);
    for draw in &draws {
        covariance.add_square(1.0 / DRAWS as f64, draw);
    }
    let Some(whiten) = Cholesky::new(&covariance).map(|root| root.inverse_root()) else { return Vec::new() };
    let both = |draw: &Vec<f64>| {
        let x = whiten.transpose_times(draw);
        [(plus(&vec![0.0; count], -1.0, &x), 1.0), (x, 1.0)]
    };
    draws.iter().flat_map(both).collect()
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
