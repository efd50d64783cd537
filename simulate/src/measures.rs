//! How well a person was understood.

use crate::person::Person;
use leaning::model::Features;
use nalgebra::{Cholesky, DMatrix, DVector};

/// Ridge of [`best_weights`], relative to the largest diagonal element. Base rewards may be copies of
/// each other.
const RIDGE: f64 = 1e-12;

/// The regret of a way to pick, by the person's true reward: Σ (best − picked) / Σ (best − average),
/// both sums over prompts. 0 for the best of each prompt, 1 for picking blindly, and 0 if the divisor
/// is 0.
///
/// Each prompt is given by its candidates' scores, d × N: a column per candidate. `pick` returns the
/// place of its choice. Prompts without candidates are left out.
///
/// # Panics
/// If `pick` returns a place that does not exist.
pub fn regret(
    person: &Person,
    prompts: &[DMatrix<f64>],
    mut pick: impl FnMut(&DMatrix<f64>) -> usize,
) -> f64 {
    let (mut lost, mut at_stake) = (0.0, 0.0);
    for scores in prompts.iter().filter(|scores| scores.ncols() > 0) {
        let rewards = person.rewards(scores);
        let best = rewards.max();
        lost += best - rewards[pick(scores)];
        at_stake += best - rewards.mean();
    }
    if at_stake == 0.0 {
        0.0
    } else {
        lost / at_stake
    }
}

/// The harm of a way to pick: the share of prompts in which its pick has a strictly lower true reward
/// for the person than the population's pick. 0 if there are no candidates.
///
/// Each prompt is given by its candidates' scores, d × N: a column per candidate. `pick` and
/// `population_pick` return the place of their choice. Prompts without candidates are left out.
///
/// # Panics
/// If a place does not exist.
pub fn harm(
    person: &Person,
    prompts: &[DMatrix<f64>],
    mut pick: impl FnMut(&DMatrix<f64>) -> usize,
    mut population_pick: impl FnMut(&DMatrix<f64>) -> usize,
) -> f64 {
    let (mut worse, mut count) = (0.0, 0.0);
    for scores in prompts.iter().filter(|scores| scores.ncols() > 0) {
        let rewards = person.rewards(scores);
        worse += f64::from(rewards[pick(scores)] < rewards[population_pick(scores)]);
        count += 1.0;
    }
    if count == 0.0 { 0.0 } else { worse / count }
}

/// The linear weights (d numbers) that come closest to a person's reward on these prompts: least
/// squares of rewards on scores, both centred within each prompt. A loss with these weights is due to
/// the linear model, not to the number of answers. Zeros if nothing varies; empty without candidates.
///
/// Each prompt is given by its candidates' scores, d × N: a column per candidate.
pub fn best_linear(person: &Person, prompts: &[DMatrix<f64>]) -> DVector<f64> {
    best_weights(person, prompts, &Features::default())
}

/// The same for weights of other features than the scores, such as those of a deck with curved
/// dimensions: a number per feature.
pub fn best_weights(
    person: &Person,
    prompts: &[DMatrix<f64>],
    features: &Features,
) -> DVector<f64> {
    let mapped: Vec<DMatrix<f64>> = prompts
        .iter()
        .map(|scores| features.map_columns(scores))
        .collect();
    let d = mapped.first().map_or(0, DMatrix::nrows);
    let mut squares = DMatrix::zeros(d, d);
    let mut products = DVector::zeros(d);
    let with_candidates = prompts
        .iter()
        .zip(&mapped)
        .filter(|(scores, _)| scores.ncols() > 0);
    for (scores, mapped) in with_candidates {
        let average = mapped.column_mean();
        let rewards = person.rewards(scores);
        let centred_rewards = rewards.add_scalar(-rewards.mean());
        for (mapped, reward) in mapped.column_iter().zip(&centred_rewards) {
            let centred = mapped - &average;
            squares.ger(1.0, &centred, &centred, 1.0);
            products.axpy(*reward, &centred, 1.0);
        }
    }
    let ridge = RIDGE * squares.diagonal().iter().copied().fold(0.0, f64::max);
    let ridged = squares + DMatrix::from_diagonal_element(d, d, ridge);
    Cholesky::new(ridged).map_or(DVector::zeros(d), |cholesky| cholesky.solve(&products))
}

/// Area under the ROC curve: the probability that something labelled true has a higher score than
/// something labelled false. Equal scores count half. ½ if one of the labels is missing.
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
    if positives * below == 0.0 {
        0.5
    } else {
        wins / (positives * below)
    }
}
