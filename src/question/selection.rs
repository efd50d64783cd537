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
/// each time the one with which the question is worth most by `strategy`. `fits` tells whether a
/// candidate may stand beside all that are shown. Expectations are over `samples`.
pub(crate) fn extend(
    context: &mut AcquisitionContext,
    strategy: Strategy,
    start: Vec<usize>,
    scores: &DMatrix<f64>,
    count: usize,
    samples: &PosteriorSamples,
    fits: &dyn Fn(&[usize], usize) -> bool,
) -> Group {
    let mut shown = start;
    while shown.len() < count {
        let others: Vec<usize> = (0..scores.ncols())
            .filter(|&other| fits(&shown, other))
            .collect();
        let worth: Vec<f64> = others
            .iter()
            .map(|&other| {
                let group = scores.select_columns(&[&shown[..], &[other]].concat());
                strategy.score_group(context, samples, &group)
            })
            .collect();
        let Some(best) = descending(worth).first().copied() else {
            break;
        };
        shown.push(others[best.index]);
    }
    let group = scores.select_columns(&shown);
    let bits = super::acquisition::information_gain::of_group(context, samples, &group);
    Group {
        candidates: shown,
        bits,
    }
}
