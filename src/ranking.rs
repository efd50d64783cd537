//! Ranking what is on offer: rewards, best-of-N, the chance of being best, and what would be lost by being wrong.

use crate::belief::Belief;
use crate::linear::{Matrix, dot, plus};
use crate::list::List;
use crate::order::{Keyed, descending};
use crate::posterior::Posterior;
use alloc::vec::Vec;

/// One candidate in a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Its place in the list that was handed in, from 0.
    pub index: usize,
    /// λᵀφ at the belief's mean. Only differences between candidates of one prompt mean anything.
    pub reward: f64,
    /// Standard deviation of its reward minus the average reward of the candidates, over the posterior.
    pub sd: f64,
    /// The chance, over the posterior, that it is the best of the candidates; equals share theirs.
    pub chance_best: f64,
    /// What each dimension adds to its reward, minus what it adds to the average candidate's: d numbers that sum to
    /// its reward minus the average reward.
    pub contributions: Vec<f64>,
    /// Its scores minus the average candidate's: d numbers.
    pub away: Vec<f64>,
    /// Its share in softmax(reward / temperature): soft best-of-N. `None` without a temperature.
    pub probability: Option<f64>,
}

/// Why a candidate stands where it does, as far as one dimension goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// Place of the dimension in the deck.
    pub dimension: usize,
    /// Whether the candidate lies to the `high` side of the average candidate, or to the `low` side.
    pub towards_high: bool,
    /// What that adds to its reward.
    pub contribution: f64,
}

impl Ranked {
    /// The dimensions that make the candidate better or worse than the average one, the weightiest first.
    pub fn reasons(&self) -> Vec<Reason> {
        descending(self.contributions.iter().map(|contribution| contribution.abs()))
            .into_iter()
            .filter(|keyed| keyed.key > 0.0)
            .map(|Keyed { index, .. }| Reason {
                dimension: index,
                towards_high: self.away[index] > 0.0,
                contribution: self.contributions[index],
            })
            .list()
    }
}

/// Ranks candidates of one prompt, given by their scores (d numbers each), best first; equals stay in their order.
///
/// The first of them is best-of-N. With a `temperature` (above 0, in units of reward) each also gets the probability
/// of soft best-of-N, for whoever wants to vary what is shown.
pub fn rank(belief: &Belief, posterior: &Posterior, scores: &[Vec<f64>], temperature: Option<f64>) -> Vec<Ranked> {
    if scores.is_empty() {
        return Vec::new();
    }
    let average = average(scores);
    let chances = chances_best(posterior, scores);
    let order = descending(scores.iter().map(|scores| dot(belief.mean(), scores)));
    let mut ranked: Vec<Ranked> = order
        .into_iter()
        .map(|Keyed { key: reward, index }| {
            let away = plus(&scores[index], -1.0, &average);
            Ranked {
                index,
                reward,
                sd: posterior.moments(&away).1,
                chance_best: chances[index],
                contributions: belief.mean().iter().zip(&away).map(|(weight, away)| weight * away).list(),
                away,
                probability: None,
            }
        })
        .list();
    if let Some(temperature) = temperature {
        let weight = |reward: f64| libm::exp((reward - ranked[0].reward) / temperature);
        let sum: f64 = ranked.iter().map(|ranked| weight(ranked.reward)).sum();
        let probabilities: Vec<f64> = ranked.iter().map(|ranked| weight(ranked.reward) / sum).list();
        for (ranked, probability) in ranked.iter_mut().zip(probabilities) {
            ranked.probability = Some(probability);
        }
    }
    ranked
}

/// Best-of-N: the place of the candidate with the largest λᵀφ, of equals the first; `None` of no candidates.
pub fn best_of(weights: &[f64], scores: &[Vec<f64>]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (index, scores) in scores.iter().enumerate() {
        let reward = dot(weights, scores);
        if best.is_none_or(|(_, most)| reward > most) {
            best = Some((index, reward));
        }
    }
    best.map(|(index, _)| index)
}

/// The regret that is to be expected when of each prompt's candidates the one is picked that the belief's mean ranks
/// first: E Σ (best − picked) / E Σ (best − average), the sums over prompts, the expectations over the posterior. 0
/// where nothing can be lost. `prompts` are lists of candidates' scores.
pub fn expected_regret<'a>(
    belief: &Belief,
    posterior: &Posterior,
    prompts: impl IntoIterator<Item = &'a [Vec<f64>]>,
) -> f64 {
    let (draws, mean) = (posterior.draws().len() as f64, posterior.mean());
    let (mut lost, mut at_stake) = (0.0, 0.0);
    for scores in prompts {
        let Some(picked) = best_of(belief.mean(), scores) else { continue };
        // With rewards counted from that of the picked one, the best one's is what is lost, and the average one's is
        // linear in the weights, so that its expectation takes no more than their mean.
        let from_picked = |other: &[f64]| plus(other, -1.0, &scores[picked]);
        let others = scores.iter().enumerate().filter(|(index, _)| *index != picked);
        let others: Vec<f64> = others.flat_map(|(_, other)| from_picked(other)).list();
        let best: f64 = posterior.draws().map(|draw| most_above_zero(draw, &others)).sum();
        lost += best;
        at_stake += best - draws * dot(&mean, &from_picked(&average(scores)));
    }
    if at_stake > 0.0 { lost / at_stake } else { 0.0 }
}

/// The mean outer product of the differences z = φ_best − φ_picked, over prompts and about so many draws of the
/// posterior: the directions in which being wrong about the weights would cost something. What all candidates in
/// contention share, such as the length of λ, does not matter to what is picked.
pub(crate) fn contention(belief: &Belief, posterior: &Posterior, draws: usize, prompts: &[Vec<Vec<f64>>]) -> Matrix {
    let mut mean = Matrix::zeros(belief.dimensions());
    for scores in prompts {
        let Some(picked) = best_of(belief.mean(), scores) else { continue };
        let draws = posterior.thinned(draws);
        let share = 1.0 / (prompts.len() * draws.len()) as f64;
        for draw in draws {
            if let Some(best) = best_of(draw, scores).filter(|&best| best != picked) {
                mean.add_square(share, &plus(&scores[best], -1.0, &scores[picked]));
            }
        }
    }
    mean
}

/// The largest λᵀz, or 0 where none is larger, over differences z that lie one after another.
fn most_above_zero(weights: &[f64], differences: &[f64]) -> f64 {
    let gains = differences.chunks_exact(weights.len()).map(|z| dot(weights, z));
    gains.fold(0.0, |most, gain| if gain > most { gain } else { most })
}

pub(crate) fn average(scores: &[Vec<f64>]) -> Vec<f64> {
    let mut average = vec![0.0; scores[0].len()];
    for scores in scores {
        for (sum, score) in average.iter_mut().zip(scores) {
            *sum += score;
        }
    }
    for sum in &mut average {
        *sum /= scores.len() as f64;
    }
    average
}

fn chances_best(posterior: &Posterior, scores: &[Vec<f64>]) -> Vec<f64> {
    let mut chances = vec![0.0; scores.len()];
    let mut rewards = vec![0.0; scores.len()];
    for draw in posterior.draws() {
        for (reward, scores) in rewards.iter_mut().zip(scores) {
            *reward = dot(draw, scores);
        }
        let best = rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let equals = rewards.iter().filter(|&&reward| reward == best).count() as f64;
        for (chance, &reward) in chances.iter_mut().zip(&rewards) {
            if reward == best {
                *chance += 1.0 / equals;
            }
        }
    }
    let draws = posterior.draws().len() as f64;
    chances.into_iter().map(|count| count / draws).list()
}
