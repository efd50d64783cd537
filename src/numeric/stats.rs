//! Sums of exponentials, moments, quantiles and order.

use std::cmp::Ordering;

/// log Σ e^x, without overflow.
pub fn log_sum_exp(logs: &[f64]) -> f64 {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + libm::log(logs.iter().map(|log| libm::exp(log - largest)).sum())
}

/// log softmax(u), without overflow.
pub fn log_softmax(utilities: &[f64]) -> Vec<f64> {
    let log_sum = log_sum_exp(utilities);
    utilities.iter().map(|utility| utility - log_sum).collect()
}

/// softmax(u): the numbers whose logarithms these are, divided by their sum.
pub fn softmax(logs: &[f64]) -> Vec<f64> {
    log_softmax(logs).into_iter().map(libm::exp).collect()
}

/// Mean and standard deviation, by Welford's update: no cancellation however far the mean is from 0.
pub(crate) fn moments(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let (mut mean, mut squares, mut count) = (0.0, 0.0, 0.0);
    for value in values {
        count += 1.0;
        let deviation = value - mean;
        mean += deviation / count;
        squares += deviation * (value - mean);
    }
    (mean, (squares / count).sqrt())
}

/// The share of values above 0. A value of exactly 0 counts half.
pub(crate) fn share_positive(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut positive, mut count) = (0.0, 0.0);
    for value in values {
        count += 1.0;
        positive += match value.partial_cmp(&0.0) {
            Some(Ordering::Greater) => 1.0,
            Some(Ordering::Equal) => 0.5,
            _ => 0.0,
        };
    }
    positive / count
}

/// The quantile at `probability`, interpolated between order statistics. `ascending` is not empty.
pub(crate) fn quantile(ascending: &[f64], probability: f64) -> f64 {
    let place = probability.clamp(0.0, 1.0) * (ascending.len() - 1) as f64;
    let below = place as usize;
    let above = (below + 1).min(ascending.len() - 1);
    ascending[below] + (place - below as f64) * (ascending[above] - ascending[below])
}

/// A score, and the index that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoredIndex {
    /// The higher, the better.
    pub score: f64,
    /// Place in the list that was scored, from 0.
    pub index: usize,
}

/// The scores in descending order. Equal scores stay in their order (0 and −0 are equal), so that
/// the result is the same on every machine.
pub fn descending(scores: impl IntoIterator<Item = f64>) -> Vec<ScoredIndex> {
    let mut scored: Vec<ScoredIndex> = scores
        .into_iter()
        .enumerate()
        .map(|(index, score)| ScoredIndex {
            score: score + 0.0,
            index,
        })
        .collect();
    sort_descending(&mut scored);
    scored
}

/// Apart from [`descending`], which is generic, so that the sort is compiled once.
fn sort_descending(scored: &mut [ScoredIndex]) {
    scored.sort_by(|a, b| b.score.total_cmp(&a.score));
}
