//! Extending a pair to a question about more candidates.

use super::acquisition::{AcquisitionContext, Strategy};
use crate::inference::PosteriorSamples;
use crate::numeric::descending;
use nalgebra::DMatrix;

/// A question that is being extended.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Places of its candidates in their prompt.
    pub candidates: Vec<usize>,
    /// Its worth, in bits.
    pub bits: f64,
}

/// Adds candidates to `start` (places in the columns of `scores`, d × N) until there are `count`,
/// each time the one with which the question is worth most by `strategy`, relative to its `cost`: that of a
/// question about those shown and another one, `None` if it may not stand beside them. Expectations are over `samples`.
pub(crate) fn extend(
    context: &mut AcquisitionContext,
    strategy: Strategy,
    start: Vec<usize>,
    scores: &DMatrix<f64>,
    count: usize,
    samples: &PosteriorSamples,
    cost: &dyn Fn(&[usize], usize) -> Option<f64>,
) -> Group {
    let mut shown = start;
    while shown.len() < count {
        let others: Vec<(usize, f64)> = (0..scores.ncols())
            .filter_map(|other| Some((other, cost(&shown, other)?)))
            .collect();
        let worth: Vec<f64> = others
            .iter()
            .map(|&(other, cost)| {
                let group = scores.select_columns(&[&shown[..], &[other]].concat());
                strategy.score_group(context, samples, &group) / cost
            })
            .collect();
        let Some(best) = descending(worth).first().copied() else {
            break;
        };
        shown.push(others[best.index].0);
    }
    let group = scores.select_columns(&shown);
    let bits = super::acquisition::information_gain::of_group(context, samples, &group);
    Group {
        candidates: shown,
        bits,
    }
}
