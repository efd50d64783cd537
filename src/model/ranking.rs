//! Orders of a few candidates, perhaps partial ones, and their likelihood by Plackett and Luce.
//!
//! Somebody who puts all candidates in order chooses the best, then the best of the others, and so
//! on: P = Π softmax(u of those that are left) (Plackett 1975). A partial order leaves the order
//! within groups open: its probability is the sum over all full orders that agree with it. With a
//! lapse rate ε, P becomes (1−ε)·P + ε/n for n partial orders with groups of these sizes.

use crate::error::{Error, Flaw};
use crate::numeric::log_sum_exp;
use nalgebra::{DMatrix, DVector};

/// The largest number of candidates that a question shows side by side.
pub const MAX_SHOWN: usize = 4;

/// Below it a sum of e^u has lost digits. The largest is 1.
const SMALLEST_TOTAL: f64 = 1e-100;

/// The rank of each candidate shown: 0 for the best, equal where the order is left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranking {
    ranks: [u8; MAX_SHOWN],
    count: usize,
}

impl Ranking {
    /// The order in which each candidate has its rank in `ranks`; candidates of equal rank are left in
    /// no particular order. Only the order of the ranks counts, not their size.
    ///
    /// # Errors
    /// [`Error::Answer`] unless there are 2 to 4 candidates of at least two different ranks.
    pub fn new(ranks: &[usize]) -> Result<Self, Error> {
        let wrong = |message: String| Err(Error::Answer(Flaw::new("order", message)));
        if !(2..=MAX_SHOWN).contains(&ranks.len()) {
            let found = ranks.len();
            return wrong(format!(
                "expected 2 to {MAX_SHOWN} candidates, found {found}"
            ));
        }
        let mut order = Ranking {
            ranks: [0; MAX_SHOWN],
            count: ranks.len(),
        };
        for (place, rank) in ranks.iter().enumerate() {
            let mut better: Vec<usize> =
                ranks.iter().copied().filter(|other| other < rank).collect();
            better.sort_unstable();
            better.dedup();
            order.ranks[place] = better.len() as u8;
        }
        if order.ranks().all(|rank| rank == 0) {
            return wrong("expected an order of at least two groups".to_owned());
        }
        Ok(order)
    }

    /// The rank of each candidate in the order shown.
    pub fn ranks(&self) -> impl Iterator<Item = usize> {
        self.ranks[..self.count].iter().map(|&rank| rank.into())
    }

    /// Number of candidates.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Places of the candidates from best to worst; those whose order is open stand together.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for rank in 0..self.count {
            let group: Vec<usize> = self
                .ranks()
                .enumerate()
                .filter(|&(_, other)| other == rank)
                .map(|(place, _)| place)
                .collect();
            if !group.is_empty() {
                groups.push(group);
            }
        }
        groups
    }

    /// All orders with groups of the same sizes, this one among them: the answers that somebody could
    /// have given who says as much.
    pub fn alternatives(&self) -> Vec<Ranking> {
        let sizes: Vec<usize> = self.groups().iter().map(Vec::len).collect();
        let mut found: Vec<Ranking> = Vec::new();
        for order in permutations(self.count) {
            let mut ranks = [0; MAX_SHOWN];
            let mut places = order.iter();
            for (rank, size) in sizes.iter().enumerate() {
                for &place in places.by_ref().take(*size) {
                    ranks[place] = rank as u8;
                }
            }
            let ranking = Ranking { ranks, ..*self };
            if !found.contains(&ranking) {
                found.push(ranking);
            }
        }
        found
    }

    /// Number of [`Ranking::alternatives`]: K! over the factorials of the sizes of the groups.
    pub(crate) fn alternatives_count(&self) -> usize {
        let factorial = |count: usize| (1..=count).product::<usize>();
        let sizes = self
            .groups()
            .into_iter()
            .map(|group| factorial(group.len()));
        factorial(self.count) / sizes.product::<usize>()
    }

    /// P of this order at these utilities, without lapses. It allocates nothing.
    pub(super) fn probability(&self, utilities: &[f64]) -> f64 {
        let placed = [false; MAX_SHOWN];
        self.probability_of_rest(utilities, &self.shares(utilities, placed), placed)
    }

    /// e^u of those who are not placed yet, divided by the largest of them.
    fn shares(&self, utilities: &[f64], placed: [bool; MAX_SHOWN]) -> [f64; MAX_SHOWN] {
        let left = || (0..self.count).filter(|&place| !placed[place]);
        let largest = left()
            .map(|place| utilities[place])
            .fold(f64::NEG_INFINITY, f64::max);
        let mut shares = [0.0; MAX_SHOWN];
        left().for_each(|place| shares[place] = libm::exp(utilities[place] - largest));
        shares
    }

    /// The probability that those who are not placed yet follow in this order.
    fn probability_of_rest(
        &self,
        utilities: &[f64],
        shares: &[f64; MAX_SHOWN],
        placed: [bool; MAX_SHOWN],
    ) -> f64 {
        let left = || (0..self.count).filter(|&place| !placed[place]);
        let Some(rank) = left().map(|place| self.ranks[place]).min() else {
            return 1.0;
        };
        if left().count() == 1 {
            return 1.0;
        }
        let total: f64 = left().map(|place| shares[place]).sum();
        if total < SMALLEST_TOTAL {
            // Those who are left are far below the best, but the largest of them is 1 to itself.
            let shares = self.shares(utilities, placed);
            return self.probability_of_rest(utilities, &shares, placed);
        }
        left()
            .filter(|&place| self.ranks[place] == rank)
            .map(|place| {
                let mut then = placed;
                then[place] = true;
                shares[place] / total * self.probability_of_rest(utilities, shares, then)
            })
            .sum()
    }

    /// Whether a full order (places from best to worst) agrees with this one.
    fn agrees(&self, order: &[usize]) -> bool {
        order
            .windows(2)
            .all(|pair| self.ranks[pair[0]] <= self.ranks[pair[1]])
    }

    /// log P of this order at these utilities, without lapses.
    pub(super) fn log_probability(&self, utilities: &[f64]) -> f64 {
        let logs: Vec<f64> = permutations(self.count)
            .into_iter()
            .filter(|order| self.agrees(order))
            .map(|order| log_plackett_luce(utilities, &order))
            .collect();
        log_sum_exp(&logs)
    }

    /// P and the derivatives of log P by the utilities, without lapses.
    fn outcome(&self, utilities: &[f64]) -> RankingOutcome {
        let count = self.count;
        let (mut logs, mut parts) = (Vec::new(), Vec::new());
        for order in permutations(count)
            .iter()
            .filter(|order| self.agrees(order))
        {
            logs.push(log_plackett_luce(utilities, order));
            parts.push(plackett_luce_derivatives(utilities, order));
        }
        let log = log_sum_exp(&logs);
        let mut slope = DVector::zeros(count);
        let mut curvature = DMatrix::zeros(count, count);
        for (one, (gradient, hessian)) in logs.iter().zip(parts) {
            let share = libm::exp(one - log);
            slope.axpy(share, &gradient, 1.0);
            curvature += share * hessian;
            curvature.ger(share, &gradient, &gradient, 1.0);
        }
        curvature.ger(-1.0, &slope, &slope, 1.0);
        RankingOutcome {
            probability: libm::exp(log),
            slope,
            curvature,
        }
    }

    /// The derivatives of log P, with this lapse rate, by the utilities, and the expected Fisher
    /// information about them.
    pub(crate) fn derivatives(&self, utilities: &[f64], lapse: f64) -> RankingDerivatives {
        let alternatives = self.alternatives();
        let outcomes = alternatives.len();
        let mut information = DMatrix::zeros(self.count, self.count);
        for other in &alternatives {
            let outcome = other.outcome(utilities).with_lapse(lapse, outcomes);
            information.ger(outcome.probability, &outcome.slope, &outcome.slope, 1.0);
        }
        let RankingOutcome {
            slope, curvature, ..
        } = self.outcome(utilities).with_lapse(lapse, outcomes);
        RankingDerivatives {
            slope,
            curvature,
            information,
        }
    }
}

/// ∇ and ∇² of log P by the K utilities, and the expected Fisher information, K × K.
pub(crate) struct RankingDerivatives {
    pub slope: DVector<f64>,
    pub curvature: DMatrix<f64>,
    pub information: DMatrix<f64>,
}

/// P of one order, with ∇ and ∇² of log P by the K utilities.
struct RankingOutcome {
    probability: f64,
    slope: DVector<f64>,
    curvature: DMatrix<f64>,
}

impl RankingOutcome {
    fn with_lapse(mut self, lapse: f64, outcomes: usize) -> Self {
        if lapse == 0.0 {
            return self;
        }
        let meant = (1.0 - lapse) * self.probability;
        self.probability = meant + lapse / outcomes as f64;
        // The share of P that is not a lapse.
        let share = meant / self.probability;
        self.curvature *= share;
        self.curvature
            .ger(share * (1.0 - share), &self.slope, &self.slope, 1.0);
        self.slope *= share;
        self
    }
}

/// All orders of `count` places, in lexical order.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..count {
        orders = orders
            .iter()
            .flat_map(|order| {
                (0..count)
                    .filter(|place| !order.contains(place))
                    .map(|place| [&order[..], &[place]].concat())
            })
            .collect();
    }
    orders
}

/// log P of a full order, places from best to worst.
fn log_plackett_luce(utilities: &[f64], order: &[usize]) -> f64 {
    (0..order.len())
        .map(|stage| {
            let left: Vec<f64> = order[stage..]
                .iter()
                .map(|&place| utilities[place])
                .collect();
            left[0] - log_sum_exp(&left)
        })
        .sum()
}

/// ∇ and ∇² of log P of a full order by the utilities.
fn plackett_luce_derivatives(utilities: &[f64], order: &[usize]) -> (DVector<f64>, DMatrix<f64>) {
    let count = utilities.len();
    let (mut gradient, mut hessian) = (DVector::zeros(count), DMatrix::zeros(count, count));
    for stage in 0..order.len() {
        let left: Vec<f64> = order[stage..]
            .iter()
            .map(|&place| utilities[place])
            .collect();
        let log_sum = log_sum_exp(&left);
        gradient[order[stage]] += 1.0;
        let mut shares = DVector::zeros(count);
        for (&place, utility) in order[stage..].iter().zip(&left) {
            shares[place] = libm::exp(utility - log_sum);
        }
        gradient -= &shares;
        hessian -= DMatrix::from_diagonal(&shares);
        hessian.ger(1.0, &shares, &shares, 1.0);
    }
    (gradient, hessian)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probability_is_that_of_the_sum_of_full_orders_however_far_rewards_are_apart() {
        for utilities in [
            [0.3, -1.2, 2.0, 0.0],
            [0.0, -800.0, -900.0, -899.0],
            [5.0, 5.0, 5.0, 5.0],
        ] {
            for ranks in [[0, 1, 2, 3], [3, 1, 0, 2], [0, 1, 1, 1], [1, 0, 0, 2]] {
                let ranking = Ranking::new(&ranks).unwrap();
                let expected = ranking.log_probability(&utilities).exp();
                let found = ranking.probability(&utilities);
                assert!((found - expected).abs() < 1e-13, "{found} {expected}");
                let all: Vec<Ranking> = ranking.alternatives();
                assert_eq!(all.len(), ranking.alternatives_count());
                let sum: f64 = all.iter().map(|one| one.probability(&utilities)).sum();
                assert!((sum - 1.0).abs() < 1e-12, "{sum}");
            }
        }
    }

    #[test]
    fn derivatives_are_those_of_differences() {
        let utilities = [0.3, -1.2, 2.0, 0.1];
        let (lapse, step) = (0.1, 1e-5);
        for ranks in [&[0, 1, 2, 3][..], &[1, 0, 0, 2], &[0, 1, 1], &[1, 0]] {
            let ranking = Ranking::new(ranks).unwrap();
            let at = &utilities[..ranks.len()];
            let log = |u: &[f64]| {
                let outcomes = ranking.alternatives_count() as f64;
                ((1.0 - lapse) * ranking.probability(u) + lapse / outcomes).ln()
            };
            let found = ranking.derivatives(at, lapse);
            for j in 0..at.len() {
                let moved = |by: f64| {
                    let mut u = at.to_vec();
                    u[j] += by;
                    u
                };
                let slope = (log(&moved(step)) - log(&moved(-step))) / (2.0 * step);
                assert!((found.slope[j] - slope).abs() < 1e-8);
                let before = ranking.derivatives(&moved(-step), lapse).slope;
                let after = ranking.derivatives(&moved(step), lapse).slope;
                let curvature = (after - before) / (2.0 * step);
                assert!((found.curvature.column(j) - curvature).amax() < 1e-8);
            }
            // The information is the mean of −∇² log P over all orders.
            let mut mean = DMatrix::zeros(at.len(), at.len());
            let all = ranking.alternatives();
            for other in &all {
                let p = (1.0 - lapse) * other.probability(at) + lapse / all.len() as f64;
                mean -= p * other.derivatives(at, lapse).curvature;
            }
            assert!((found.information - mean).amax() < 1e-12);
        }
    }
}
