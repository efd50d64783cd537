//! Ranking candidates: rewards, best-of-N, the probability of being best, and the probability of
//! being better than the population's pick.

use crate::error::{Error, Flaw};
use crate::inference::{LaplaceApproximation, PosteriorSamples};
use crate::numeric::{ScoredIndex, descending};
use nalgebra::{DMatrix, DVector, DVectorView};

/// How candidates are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RankOptions {
    /// Above 0, in units of reward: each candidate also gets its probability under soft best-of-N,
    /// for callers who want to vary what is shown.
    pub temperature: Option<f64>,
    /// From 0 to 1: the population's pick comes first unless the best candidate for the person is
    /// better with at least this probability. Without it the best candidate always comes first.
    pub at_least: Option<f64>,
}

impl RankOptions {
    /// Fails if an option is out of range.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let wrong = |place: &str, message: &str| Err(Error::Options(Flaw::new(place, message)));
        if self
            .temperature
            .is_some_and(|number| !(number > 0.0 && number.is_finite()))
        {
            return wrong("temperature", "expected a number above 0");
        }
        if self
            .at_least
            .is_some_and(|probability| !(0.0..=1.0).contains(&probability))
        {
            return wrong("atLeast", "expected a number from 0 to 1");
        }
        Ok(())
    }
}

/// One candidate in a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedCandidate {
    /// Its place in the list that was handed in, from 0.
    pub index: usize,
    /// λᵀφ at the mean of the Laplace approximation. Only differences between candidates of one
    /// prompt mean anything.
    pub reward: f64,
    /// Posterior standard deviation of its reward minus the average reward of the candidates.
    pub sd: f64,
    /// The posterior probability that it is the best of the candidates. Equals share theirs.
    pub probability_best: f64,
    /// The posterior probability that it is better than the population's pick. Equals count half,
    /// so it is ½ for that pick itself.
    pub probability_better: f64,
    /// Whether it is the population's pick: the candidate with the highest reward at the prior's
    /// mean weights, the first of equals. Everybody would get it if nothing were known about
    /// anybody. Under the default prior, whose mean is 0, it is the first that was handed in.
    pub population_pick: bool,
    /// The contribution of each dimension to its reward minus the average candidate's: d numbers
    /// that sum to its reward minus the average reward.
    pub contributions: DVector<f64>,
    /// Its scores minus the average candidate's: d numbers.
    pub deviation: DVector<f64>,
    /// For each dimension, whether a contribution is for lying nearer the middle, or against lying
    /// farther from it: d truth values, all false where tastes are straight.
    pub middle: Vec<bool>,
    /// Its share in softmax(reward / temperature), soft best-of-N. `None` without a temperature.
    pub softmax_probability: Option<f64>,
}

/// Why a candidate stands where it does, as far as one dimension goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankingReason {
    /// Place of the dimension in the deck, from 0.
    pub dimension: usize,
    /// Whether the candidate lies on the `high` side of the average candidate, or on the `low` side.
    pub towards_high: bool,
    /// Whether the person likes the middle of the dimension best. A positive contribution is then for
    /// lying nearer the middle, and a negative one against lying farther from it.
    pub middle: bool,
    /// The contribution to its reward.
    pub contribution: f64,
}

impl RankedCandidate {
    /// The dimensions that make the candidate better or worse than the average one, the largest
    /// contribution first.
    pub fn reasons(&self) -> Vec<RankingReason> {
        descending(
            self.contributions
                .iter()
                .map(|contribution| contribution.abs()),
        )
        .into_iter()
        .filter(|scored| scored.score > 0.0)
        .map(|ScoredIndex { index, .. }| RankingReason {
            dimension: index,
            towards_high: self.deviation[index] > 0.0,
            middle: self.middle[index],
            contribution: self.contributions[index],
        })
        .collect()
    }
}

/// Ranks candidates of one prompt, best first. Equals stay in their order.
///
/// `scores` is d × N: a column per candidate. `population` is the mean of the prior, d numbers: the
/// weights by which everybody's candidate is picked. The first in the result is best-of-N, or the
/// population's pick if [`RankOptions::at_least`] asks for more certainty than there is.
pub fn rank(
    laplace: &LaplaceApproximation,
    samples: &PosteriorSamples,
    population: &DVector<f64>,
    scores: &DMatrix<f64>,
    options: RankOptions,
) -> Vec<RankedCandidate> {
    // Without candidates the scores may not even have d rows.
    let population_pick = (scores.ncols() > 0).then(|| best_of(population, scores));
    let Some(population_pick) = population_pick.flatten() else {
        return Vec::new();
    };
    let average = scores.column_mean();
    let mut deviations = scores.clone();
    for mut deviation in deviations.column_iter_mut() {
        deviation -= &average;
    }
    // n × N: the reward of each candidate minus the average one's, in each sample.
    let rewards = samples.weights() * &deviations;
    let probabilities = probabilities_best(samples, scores, &rewards);
    let rank_one = |ScoredIndex { score, index }: ScoredIndex| {
        let deviation = deviations.column(index).into_owned();
        let minus_pick = rewards.column(index) - rewards.column(population_pick);
        RankedCandidate {
            index,
            reward: score,
            sd: samples.value_moments(&rewards.column(index).into_owned()).1,
            probability_best: probabilities[index],
            probability_better: samples.probability_above_zero(minus_pick),
            population_pick: index == population_pick,
            contributions: laplace.mean().component_mul(&deviation),
            middle: vec![false; deviation.len()],
            deviation,
            softmax_probability: None,
        }
    };
    let order = descending(scores.tr_mul(laplace.mean()).iter().copied());
    let mut ranked: Vec<RankedCandidate> = order.into_iter().map(rank_one).collect();
    if let Some(temperature) = options.temperature {
        let best = ranked[0].reward;
        let weight = |ranked: &RankedCandidate| libm::exp((ranked.reward - best) / temperature);
        let sum: f64 = ranked.iter().map(weight).sum();
        for ranked in &mut ranked {
            ranked.softmax_probability = Some(weight(ranked) / sum);
        }
    }
    if options
        .at_least
        .is_some_and(|at_least| ranked[0].probability_better < at_least)
    {
        // The others keep their order.
        let first = ranked.iter().position(|ranked| ranked.population_pick);
        ranked[..=first.unwrap_or(0)].rotate_right(1);
    }
    ranked
}

/// Best-of-N: the place of the candidate with the largest λᵀφ, the first of equals. `None` if there
/// are no candidates. `scores` is d × N: a column per candidate.
pub fn best_of(weights: &DVector<f64>, scores: &DMatrix<f64>) -> Option<usize> {
    first_largest(scores.tr_mul(weights).iter().copied())
}

pub(super) fn first_largest(rewards: impl Iterator<Item = f64>) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (index, reward) in rewards.enumerate() {
        if best.is_none_or(|(_, largest)| reward > largest) {
            best = Some((index, reward));
        }
    }
    best.map(|(index, _)| index)
}

/// `rewards` are n × N, a column per candidate.
fn probabilities_best(
    samples: &PosteriorSamples,
    scores: &DMatrix<f64>,
    rewards: &DMatrix<f64>,
) -> Vec<f64> {
    if scores.ncols() == 2 {
        // As for any other question about two, so that the two numbers agree.
        let first = samples.probability_positive(&(scores.column(0) - scores.column(1)));
        return vec![first, 1.0 - first];
    }
    let mut best = DVector::repeat(rewards.nrows(), f64::NEG_INFINITY);
    for rewards in rewards.column_iter() {
        best.zip_apply(&rewards, |best, reward| *best = best.max(reward));
    }
    let is_best = |column: DVectorView<f64>| {
        column.zip_map(&best, |reward, best| f64::from(u8::from(reward == best)))
    };
    let mut shares = DVector::zeros(rewards.nrows());
    for rewards in rewards.column_iter() {
        shares += is_best(rewards);
    }
    // Equals share the probability of a sample.
    shares.zip_apply(samples.probabilities(), |share, probability| {
        *share = probability / *share;
    });
    rewards
        .column_iter()
        .map(|rewards| is_best(rewards).dot(&shares))
        .collect()
}
