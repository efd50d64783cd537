//! How well somebody was understood.

use super::person::Person;
use crate::linear::{Cholesky, Matrix, plus};
use alloc::vec::Vec;

/// Ridge of [`best_linear`], relative to the largest diagonal element: base rewards may be copies of each other.
const RIDGE: f64 = 1e-12;

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
