//! Information gain (BALD, Houlsby et al. 2011).

use super::{AcquisitionContext, AcquisitionRule, GainTable, d_optimal::d_optimal};
use crate::inference::{ComponentMoments, PosteriorSamples, Projection};
use crate::model::evidence::ordered_pairs;
use crate::model::{AnswerKind, OrdinalScale};
use crate::numeric::quadrature::normal_nodes;
use crate::numeric::{ScoredIndex, descending};
use crate::question::{Places, largest};
use nalgebra::{DMatrix, RowDVector};
use std::f64::consts::LN_2;

/// Under a mixture, pairs that the cheap D-optimal score puts first get the exact score.
pub(crate) const SHORTLIST: usize = 1000;
/// Best pairs that are extended to questions about more candidates: which of them grows to the best
/// question is not certain beforehand.
const STARTS: usize = 8;
/// Bounds of the groups' variances are of use if no more than one group in so many has to be looked at.
const USEFUL: usize = 8;
/// Standard deviations covered by the quadrature.
const REACH: f64 = 5.0;

/// Chooses the pair whose answer tells most about the weights: [`information_gain`].
///
/// It is computed for those pairs alone that may be best by cheap bounds, which leaves nothing out. Under
/// a mixture prior there are no such bounds, and it is computed for the thousand pairs that are best by
/// [`d_optimal`].
#[derive(Debug, Clone, Copy)]
pub struct InformationGain;

impl AcquisitionRule for InformationGain {
    fn name(&self) -> &'static str {
        "information-gain"
    }

    fn is_amount(&self) -> bool {
        true
    }

    fn rank(
        &self,
        context: &mut AcquisitionContext,
        pairs: &Places,
        count: usize,
    ) -> Vec<ScoredIndex> {
        let scale = context.scale();
        let contenders = if context.laplace.is_gaussian() {
            contenders(context, pairs, count)
        } else {
            shortlist(context, pairs, count)
        };
        let mut ranked = context.rank_by(&contenders, |z| {
            information_gain(&scale, &context.project(z))
        });
        // How many more there are depends on how they were found.
        ranked.truncate(count);
        ranked
    }

    fn starts(&self) -> usize {
        STARTS
    }
}

/// The pairs that may be among the best `count`.
fn contenders(context: &AcquisitionContext, pairs: &Places, count: usize) -> Places {
    let mut spreads = context.differences.spreads();
    let mut contenders = Contenders::new(context, count, spreads.is_some());
    let mut projections = context.projections();
    let Some(spreads) = spreads.as_mut() else {
        projections.of_all(pairs, &mut |index, of| contenders.meet(index, of));
        return contenders.into_places();
    };
    let maps = context.reward_maps();
    let factor = spreads.factor(&maps[0]);
    let mut found = Vec::new();
    let mut seen = 0;
    for &ScoredIndex { index, score } in spreads.groups() {
        if factor * score < contenders.least_variance {
            break;
        }
        seen += 1;
        let all = context.differences.pairs_of(index);
        let mut variance = 0.0;
        let mut met = 0;
        for range in pairs.within(all.clone()) {
            met += range.len();
            projections.of_group(index, range, &mut |pair, of| {
                variance = largest(variance, of.moments().1);
                contenders.meet(pair, of);
            });
        }
        if met == all.len() {
            found.push((index, variance));
        }
    }
    // Closer bounds are worth sorting if these were of little use, and closer ones would be of more.
    let would_stay = |(_, variance): &&(usize, f64)| *variance >= contenders.least_variance;
    if seen * USEFUL > spreads.groups().len() && found.iter().filter(would_stay).count() * 2 < seen
    {
        spreads.renew(&maps[0], factor, &found);
    }
    contenders.into_places()
}

/// The pairs that are best by the D-optimal score.
fn shortlist(context: &AcquisitionContext, pairs: &Places, count: usize) -> Places {
    let scale = context.scale();
    let mut shortlist =
        context.rank_by_moments(pairs, |mean, variance| d_optimal(&scale, mean, variance));
    shortlist.truncate(SHORTLIST.max(count));
    let mut places: Vec<usize> = shortlist.into_iter().map(|scored| scored.index).collect();
    places.sort_unstable();
    places.into_iter().collect()
}

/// Those of many amounts, each known to lie between two bounds, that may be among the largest `count`.
struct Contenders<'a, 'c> {
    context: &'a AcquisitionContext<'c>,
    count: usize,
    /// Whether they come from so many that it pays to know the least variance closely.
    are_many: bool,
    /// Place, lower and upper bound of each.
    all: Vec<(usize, f64, f64)>,
    /// As many as `count` are at least this large.
    least: f64,
    /// With less variance no gain is as large.
    least_variance: f64,
    /// The number of them above which it is time to leave some out.
    room: usize,
}

impl<'a, 'c> Contenders<'a, 'c> {
    fn new(context: &'a AcquisitionContext<'c>, count: usize, are_many: bool) -> Self {
        Contenders {
            context,
            count: count.max(1),
            are_many,
            all: Vec::new(),
            least: f64::NEG_INFINITY,
            least_variance: f64::NEG_INFINITY,
            room: 0,
        }
    }

    /// Adds a pair if its gain may be among the largest.
    fn meet(&mut self, index: usize, projection: &Projection) {
        let (mean, variance) = projection.moments();
        if variance < self.least_variance {
            return;
        }
        let (low, high) = self.context.gains.bounds(mean, variance);
        if self.has_room(high) {
            let worth = self.context.worth_of(index);
            self.add(index, worth * low, worth * high);
        }
    }

    /// Whether an amount with this upper bound may be among them. What is too extreme to be computed has no
    /// bound.
    fn has_room(&self, high: f64) -> bool {
        !(high < self.least)
    }

    fn add(&mut self, index: usize, low: f64, high: f64) {
        if self.has_room(high) {
            self.all.push((index, low, high));
            if self.all.len() > self.room {
                self.narrow();
                // Twice as many before the next time, so that all of them cost little even if none is left out.
                self.room = 2 * self.all.len().max(self.count) + 30;
            }
        }
    }

    /// Leaves out what can no longer be among the largest.
    fn narrow(&mut self) {
        if self.all.len() > self.count {
            let lows = descending(self.all.iter().map(|(_, low, _)| *low));
            self.least = self.least.max(lows[self.count - 1].score);
            let least = self.least;
            self.all.retain(|(_, _, high)| !(*high < least));
            self.least_variance = if self.are_many {
                self.context.gains.variance_for(least)
            } else {
                GainTable::rough_variance_for(least)
            };
        }
    }

    fn into_places(mut self) -> Places {
        self.narrow();
        let mut places: Vec<usize> = self.all.into_iter().map(|(index, ..)| index).collect();
        places.sort_unstable();
        places.into_iter().collect()
    }
}

/// H(E P) − E H(P), the mutual information of the answer and the weights for u distributed as
/// `projection`, by one-dimensional quadrature. In bits.
pub fn information_gain(scale: &OrdinalScale, projection: &Projection) -> f64 {
    let mut gain = Gain::new(scale.levels());
    for &ComponentMoments {
        probability,
        mean,
        variance,
    } in &projection.0
    {
        let sd = variance.sqrt();
        for (x, weight) in normal_nodes(sd, REACH) {
            let outcomes = scale.outcomes(mean + sd * x);
            gain.add(
                probability * weight,
                outcomes.iter().map(|outcome| outcome.probability),
            );
        }
    }
    gain.bits()
}

/// The expected Fisher information about u of an answer, for u ~ N(`mean`, `variance`).
pub(crate) fn mean_information(scale: &OrdinalScale, mean: f64, variance: f64) -> f64 {
    let sd = variance.sqrt();
    let (mut sum, mut total) = (0.0, 0.0);
    for (x, weight) in normal_nodes(sd, REACH) {
        total += weight;
        sum += weight * scale.outcomes(mean + sd * x).information();
    }
    sum / total
}

/// Information gain of asking about these candidates (d × K, a column each). Two are asked about as a
/// pair; for more the expectation is over `samples` of the weights. In bits.
pub(crate) fn of_group(
    context: &AcquisitionContext,
    samples: &PosteriorSamples,
    scores: &DMatrix<f64>,
) -> f64 {
    if scores.ncols() == 2 {
        let z = scores.column(0) - scores.column(1);
        let projection = context.laplace.project(z.as_view());
        return information_gain(&context.scale(), &projection);
    }
    let rewards = (samples.weights() * scores).transpose();
    let shares = samples.probabilities().as_slice();
    match context.offered.kind {
        AnswerKind::Order => of_order(context, &rewards, shares),
        AnswerKind::BestWorst => of_choice(context, best_minus_worst(&rewards), shares),
        AnswerKind::Choice | AnswerKind::Graded | AnswerKind::Rating { .. } => {
            of_choice(context, rewards, shares)
        }
    }
}

/// Information gain of a choice with these utilities (K × n, a column for each sample, which has this
/// share).
fn of_choice(context: &AcquisitionContext, mut utilities: DMatrix<f64>, shares: &[f64]) -> f64 {
    let mut gain = Gain::new(utilities.nrows());
    for (mut utilities, probability) in utilities.column_iter_mut().zip(shares) {
        let probabilities = utilities.as_mut_slice();
        context.model.rewards_to_probabilities(probabilities);
        gain.add(*probability, probabilities.iter().copied());
    }
    gain.bits()
}

/// Information gain of putting all candidates with these rewards (K × n) in order.
fn of_order(context: &AcquisitionContext, rewards: &DMatrix<f64>, shares: &[f64]) -> f64 {
    let mut probabilities = vec![0.0; (1..=rewards.nrows()).product()];
    let mut gain = Gain::new(probabilities.len());
    for (rewards, share) in rewards.column_iter().zip(shares) {
        context
            .model
            .full_order_probabilities(rewards.as_slice(), &mut probabilities);
        gain.add(*share, probabilities.iter().copied());
    }
    gain.bits()
}

/// u_b − u_w for all ordered pairs of K candidates: K(K − 1) × n of K × n.
fn best_minus_worst(rewards: &DMatrix<f64>) -> DMatrix<f64> {
    let rows: Vec<RowDVector<f64>> = ordered_pairs(rewards.nrows())
        .into_iter()
        .map(|(best, worst)| rewards.row(best) - rewards.row(worst))
        .collect();
    DMatrix::from_rows(&rows)
}

/// H(E P) − E H(P), summed over the distribution of the weights.
struct Gain {
    probabilities: Vec<f64>,
    entropy: f64,
    total: f64,
}

impl Gain {
    fn new(outcomes: usize) -> Self {
        Gain {
            probabilities: vec![0.0; outcomes],
            entropy: 0.0,
            total: 0.0,
        }
    }

    fn add(&mut self, weight: f64, probabilities: impl Iterator<Item = f64>) {
        self.total += weight;
        for (sum, p) in self.probabilities.iter_mut().zip(probabilities) {
            *sum += weight * p;
            self.entropy += weight * entropy_term(p);
        }
    }

    fn bits(&self) -> f64 {
        let of_mean: f64 = self
            .probabilities
            .iter()
            .map(|sum| entropy_term(sum / self.total))
            .sum();
        // Rounding can leave a hair below 0 where there is nothing to learn.
        ((of_mean - self.entropy / self.total) / LN_2).max(0.0)
    }
}

/// −p·log p, which goes to 0 with p. The product of 0 and −∞ would be NaN.
fn entropy_term(p: f64) -> f64 {
    if p > 0.0 { -p * libm::log(p) } else { 0.0 }
}
