//! Ordered levels of a utility: a choice between two, with or without a tie or grades, and ratings.
//!
//! With cuts c₁ < … < c_{L−1}, level l of L (from 0) has the probability
//! P = σ(u − c_l) − σ(u − c_{l+1}), c₀ = −∞ and c_L = ∞: the ordered logit (McCullagh 1980). With a
//! lapse rate ε it is (1−ε)·P + ε/L.

use super::answer::RATING_LEVELS;
use super::sigmoid::{Sigmoid, log_sigmoid};
use crate::numeric::exponential::exp;
use std::ops::Deref;

const MAX_LEVELS: usize = RATING_LEVELS.1;
const MAX_CUTS: usize = MAX_LEVELS - 1;

/// The cuts between the levels, and the lapse rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrdinalScale {
    cuts: [f64; MAX_CUTS],
    /// 1 − e^{−(c_{l+1} − c_l)} of each inner level l, at l − 1.
    widths: [f64; MAX_CUTS],
    levels: usize,
    lapse: f64,
}

/// One level at some utility u: its probability P, and the derivatives of log P by u.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    /// P.
    pub probability: f64,
    /// (log P)′.
    pub slope: f64,
    /// (log P)″.
    pub curvature: f64,
}

/// All levels at some utility, the lowest first.
#[derive(Debug, Clone, Copy)]
pub struct Outcomes {
    outcomes: [Outcome; MAX_LEVELS],
    count: usize,
}

impl Deref for Outcomes {
    type Target = [Outcome];

    fn deref(&self) -> &[Outcome] {
        &self.outcomes[..self.count]
    }
}

impl Outcomes {
    /// Expected Fisher information about u: Σ P′² / P over the levels.
    pub fn information(&self) -> f64 {
        self.iter()
            .map(|outcome| outcome.probability * outcome.slope * outcome.slope)
            .sum()
    }

    /// P(upper half) − P(lower half): the probability of the levels above the middle minus that of
    /// those below.
    pub fn imbalance(&self) -> f64 {
        let half = self.count / 2;
        let sum = |levels: &[Outcome]| levels.iter().map(|level| level.probability).sum::<f64>();
        sum(&self[self.count - half..]) - sum(&self[..half])
    }
}

impl OrdinalScale {
    /// The scale with these cuts, 1 to 10 of them and ascending, and this lapse rate.
    pub(crate) fn new(cuts: &[f64], lapse: f64) -> Self {
        let mut scale = OrdinalScale {
            cuts: [0.0; MAX_CUTS],
            widths: [0.0; MAX_CUTS],
            levels: cuts.len() + 1,
            lapse,
        };
        scale.cuts[..cuts.len()].copy_from_slice(cuts);
        for (width, pair) in scale.widths.iter_mut().zip(cuts.windows(2)) {
            *width = -libm::expm1(pair[0] - pair[1]);
        }
        scale
    }

    /// Number of levels.
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// The cuts between the levels, ascending.
    pub(crate) fn cuts(&self) -> &[f64] {
        &self.cuts[..self.levels - 1]
    }

    /// All levels at utility `u`.
    pub fn outcomes(&self, u: f64) -> Outcomes {
        let mut outcomes = Outcomes {
            outcomes: [Outcome::default(); MAX_LEVELS],
            count: self.levels,
        };
        // The level below a cut needs the sigmoid above it, and so does the level above.
        let mut below: Option<Sigmoid> = None;
        for level in 0..self.levels {
            let above = self.cuts().get(level).map(|cut| Sigmoid::at(u - cut));
            outcomes.outcomes[level] = self.with_lapse(self.between(level, &below, &above));
            below = above;
        }
        outcomes
    }

    /// One level at utility `u`.
    pub fn outcome(&self, u: f64, level: usize) -> Outcome {
        let below = level
            .checked_sub(1)
            .map(|cut| Sigmoid::at(u - self.cuts[cut]));
        let above = self.cuts().get(level).map(|cut| Sigmoid::at(u - cut));
        self.with_lapse(self.between(level, &below, &above))
    }

    /// P without lapses, as a product, which cannot cancel:
    /// σ(a) − σ(b) = (1 − e^{b−a})·σ(a)·σ(−b).
    fn between(&self, level: usize, below: &Option<Sigmoid>, above: &Option<Sigmoid>) -> Outcome {
        let mut outcome = Outcome {
            probability: 1.0,
            slope: 0.0,
            curvature: 0.0,
        };
        if let Some(below) = below {
            outcome.probability *= below.value;
            outcome.slope += below.complement;
            outcome.curvature -= below.slope();
        }
        if let Some(above) = above {
            outcome.probability *= above.complement;
            outcome.slope -= above.value;
            outcome.curvature -= above.slope();
        }
        if below.is_some() && above.is_some() {
            outcome.probability *= self.widths[level - 1];
        }
        outcome
    }

    fn with_lapse(&self, meant: Outcome) -> Outcome {
        if self.lapse == 0.0 {
            return meant;
        }
        let slip = self.lapse / self.levels as f64;
        let probability = (1.0 - self.lapse) * meant.probability + slip;
        // The share of P that is not a lapse.
        let share = (1.0 - self.lapse) * meant.probability / probability;
        Outcome {
            probability,
            slope: share * meant.slope,
            curvature: share * ((1.0 - share) * meant.slope * meant.slope + meant.curvature),
        }
    }

    /// log P of one level at utility `u`.
    pub fn log_probability(&self, u: f64, level: usize) -> f64 {
        if self.lapse > 0.0 {
            return libm::log(self.probability(u, level));
        }
        // Exact however small P is.
        let mut log = 0.0;
        if level > 0 {
            log += log_sigmoid(u - self.cuts[level - 1]);
        }
        if level < self.levels - 1 {
            log += log_sigmoid(self.cuts[level] - u);
        }
        if level > 0 && level < self.levels - 1 {
            log += libm::log(self.widths[level - 1]);
        }
        log
    }

    /// Replaces each utility by P of one level there, to thirteen digits: P without lapses is
    /// 1 / (1 + e^{c_l − u}) · 1 / (1 + e^{u − c_{l+1}}) · (1 − e^{c_l − c_{l+1}}).
    pub fn utilities_to_probabilities(&self, utilities: &mut [f64], level: usize) {
        let is_inner = level > 0 && level < self.levels - 1;
        let width = if is_inner {
            self.widths[level - 1]
        } else {
            1.0
        };
        let below = level
            .checked_sub(1)
            .map_or(0.0, |cut| libm::exp(self.cuts[cut]));
        let above = self.cuts().get(level).map_or(0.0, |&cut| libm::exp(-cut));
        let slip = self.lapse / self.levels as f64;
        let meant = (1.0 - self.lapse) * width;
        for u in utilities {
            let e = exp(*u);
            // e^u/(e^u + e^{c_l}), so that one exponential is enough.
            *u = meant * (e / (e + below)) / (1.0 + e * above) + slip;
        }
    }

    /// P of one level at utility `u`, without its derivatives.
    fn probability(&self, u: f64, level: usize) -> f64 {
        let mut meant = 1.0;
        if level > 0 {
            meant *= Sigmoid::at(u - self.cuts[level - 1]).value;
        }
        if level < self.levels - 1 {
            meant *= Sigmoid::at(self.cuts[level] - u).value;
        }
        if level > 0 && level < self.levels - 1 {
            meant *= self.widths[level - 1];
        }
        (1.0 - self.lapse) * meant + self.lapse / self.levels as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_of_many_utilities_are_those_of_each() {
        for cuts in [&[0.0][..], &[-0.5, 0.5], &[-2.0, -0.5, 0.5, 2.0]] {
            let scale = OrdinalScale::new(cuts, 0.02);
            let utilities: Vec<f64> = (-2000..=2000).map(|u| f64::from(u) * 0.5).collect();
            for level in 0..scale.levels() {
                let mut found = utilities.clone();
                scale.utilities_to_probabilities(&mut found, level);
                for (found, u) in found.iter().zip(&utilities) {
                    let expected = scale.probability(*u, level);
                    assert!((found / expected - 1.0).abs() < 1e-12, "{level} at {u}");
                }
            }
        }
    }
}
