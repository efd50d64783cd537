//! Orders of a few candidates, perhaps partial ones, and their likelihood by Plackett and Luce.
//!
//! Somebody who puts all candidates in order chooses the best, then the best of the others, and so
//! on: P = Π softmax(u of those that are left) (Plackett 1975). A partial order leaves the order
//! within groups open: its probability is the sum over all full orders that agree with it. With a
//! lapse rate ε, P becomes (1−ε)·P + ε/n for n partial orders with groups of these sizes.

use crate::error::{Error, Flaw};
use crate::numeric::exponential::exp;
use crate::numeric::log_sum_exp;
use nalgebra::{DMatrix, DVector};
use std::sync::LazyLock;

/// The largest number of candidates that a question shows side by side.
pub const MAX_SHOWN: usize = 4;
/// Utilities that are closer than this have exponentials with all digits.
const FARTHEST: f64 = 700.0;

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
            // A rank counts once however many candidates have it.
            let first = |other: usize| !ranks[..other].contains(&ranks[other]);
            let better = (0..ranks.len()).filter(|&other| ranks[other] < *rank && first(other));
            order.ranks[place] = better.count() as u8;
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

    /// Number of [`Ranking::alternatives`]: K! / Π (size of each group)!.
    pub(crate) fn outcomes(&self) -> usize {
        let within: usize = (0..self.count)
            .map(|rank| {
                let size = self.ranks().filter(|&other| other == rank).count();
                permutations(size).len()
            })
            .product();
        permutations(self.count).len() / within
    }

    /// Whether a full order (places from best to worst) agrees with this one.
    fn agrees(&self, order: &[usize]) -> bool {
        order
            .windows(2)
            .all(|pair| self.ranks[pair[0]] <= self.ranks[pair[1]])
    }

    /// All full orders that agree with this one, places from best to worst.
    pub(crate) fn full_orders(&self) -> Vec<&'static [usize]> {
        permutations(self.count)
            .iter()
            .map(Vec::as_slice)
            .filter(|order| self.agrees(order))
            .collect()
    }

    /// log P of this order at these utilities, without lapses.
    pub(super) fn log_probability(&self, utilities: &[f64]) -> f64 {
        let log = |order| log_plackett_luce(utilities, order);
        log_sum_exp(&self.full_orders().into_iter().map(log).collect::<Vec<_>>())
    }

    /// P and ∇log P, without lapses, from all full orders in their order.
    fn outcome(&self, full: &[FullOrder]) -> RankingOutcome {
        let agreeing = || full.iter().filter(|full| self.agrees(full.order));
        let log = log_sum_exp(&agreeing().map(|full| full.log).collect::<Vec<_>>());
        let mut slope = DVector::zeros(self.count);
        for full in agreeing() {
            slope.axpy(libm::exp(full.log - log), &full.slope, 1.0);
        }
        RankingOutcome { log, slope }
    }

    /// ∇²log P, without lapses: of a mixture of full orders.
    fn curvature(&self, utilities: &[f64], full: &[FullOrder]) -> DMatrix<f64> {
        let RankingOutcome { log, slope } = self.outcome(full);
        let mut curvature = DMatrix::zeros(self.count, self.count);
        for full in full.iter().filter(|full| self.agrees(full.order)) {
            let share = libm::exp(full.log - log);
            curvature += share * full.curvature(utilities);
            curvature.ger(share, &full.slope, &full.slope, 1.0);
        }
        curvature.ger(-1.0, &slope, &slope, 1.0);
        curvature
    }

    /// The derivatives of log P, with this lapse rate, by the utilities, and the expected Fisher
    /// information about them.
    pub(crate) fn derivatives(&self, utilities: &[f64], lapse: f64) -> RankingDerivatives {
        let full: Vec<FullOrder> = permutations(self.count)
            .iter()
            .map(|order| FullOrder::new(utilities, order))
            .collect();
        let alternatives = self.alternatives();
        let slip = lapse / alternatives.len() as f64;
        // P, and the share of it that is not a lapse.
        let with_lapse = |log: f64| {
            let meant = (1.0 - lapse) * libm::exp(log);
            let share = if slip == 0.0 {
                1.0
            } else {
                meant / (meant + slip)
            };
            (meant + slip, share)
        };
        let mut information = DMatrix::zeros(self.count, self.count);
        for other in &alternatives {
            let RankingOutcome { log, slope } = other.outcome(&full);
            let (probability, share) = with_lapse(log);
            information.ger(probability * share * share, &slope, &slope, 1.0);
        }
        let RankingOutcome { log, slope } = self.outcome(&full);
        let (_, share) = with_lapse(log);
        let mut curvature = self.curvature(utilities, &full);
        curvature.ger(1.0 - share, &slope, &slope, 1.0);
        RankingDerivatives {
            slope: share * slope,
            curvature: share * curvature,
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

/// log P of one order, and ∇ of it by the K utilities.
struct RankingOutcome {
    log: f64,
    slope: DVector<f64>,
}

/// The same of a full order.
struct FullOrder {
    /// Places from best to worst.
    order: &'static [usize],
    log: f64,
    slope: DVector<f64>,
}

impl FullOrder {
    fn new(utilities: &[f64], order: &'static [usize]) -> Self {
        let mut slope = DVector::zeros(order.len());
        for stage in 0..order.len() {
            slope[order[stage]] += 1.0;
            for (place, share) in shares_of_left(utilities, &order[stage..]) {
                slope[place] -= share;
            }
        }
        FullOrder {
            order,
            log: log_plackett_luce(utilities, order),
            slope,
        }
    }

    /// ∇²log P, K × K: each stage adds s·sᵀ − diag(s) with the shares s of those that are left.
    fn curvature(&self, utilities: &[f64]) -> DMatrix<f64> {
        let count = self.order.len();
        let mut curvature = DMatrix::zeros(count, count);
        for stage in 0..count {
            let mut shares = DVector::zeros(count);
            for (place, share) in shares_of_left(utilities, &self.order[stage..]) {
                shares[place] = share;
                curvature[(place, place)] -= share;
            }
            curvature.ger(1.0, &shares, &shares, 1.0);
        }
        curvature
    }
}

/// All orders of `count` places, from best to worst, in lexical order. They are needed at every
/// sample of the weights, so they are made once.
fn permutations(count: usize) -> &'static [Vec<usize>] {
    static PERMUTATIONS: LazyLock<[Vec<Vec<usize>>; MAX_SHOWN + 1]> =
        LazyLock::new(|| std::array::from_fn(permute));
    &PERMUTATIONS[count]
}

fn permute(count: usize) -> Vec<Vec<usize>> {
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

/// P, without lapses, that candidates with these utilities stand in one of these full orders. It
/// allocates nothing.
pub(super) fn probability_of_orders(utilities: &[f64], orders: &[&[usize]]) -> f64 {
    let shares = exact_shares(utilities);
    let probability = |order: &&[usize]| match &shares {
        Some(shares) => plackett_luce(shares, order),
        None => libm::exp(log_plackett_luce(utilities, order)),
    };
    orders.iter().map(probability).sum()
}

/// P, without lapses, that candidates stand in one of these full orders, at many points, to thirteen
/// digits. `utilities` has a vector per candidate, with a number per point.
pub(crate) fn probabilities_of_orders(
    mut utilities: Vec<DVector<f64>>,
    orders: &[&[usize]],
) -> DVector<f64> {
    let points = utilities.first().map_or(0, DVector::len);
    let mut largest = DVector::repeat(points, f64::NEG_INFINITY);
    let mut smallest = DVector::repeat(points, f64::INFINITY);
    for utilities in &utilities {
        largest.zip_apply(utilities, |largest, u| *largest = f64::max(*largest, u));
        smallest.zip_apply(utilities, |smallest, u| *smallest = f64::min(*smallest, u));
    }
    // There e^u has no digits left.
    let is_far = |&point: &usize| !(largest[point] - smallest[point] < FARTHEST);
    let far: Vec<(usize, f64)> = (0..points)
        .filter(is_far)
        .map(|point| {
            let there: Vec<f64> = utilities.iter().map(|utilities| utilities[point]).collect();
            (point, probability_of_orders(&there, orders))
        })
        .collect();
    for utilities in &mut utilities {
        utilities.zip_apply(&largest, |u, largest| *u = exp(*u - largest));
    }
    let shares = utilities;
    let mut sum = DVector::zeros(points);
    for order in orders {
        let mut probability = DVector::repeat(points, 1.0);
        let mut left = DVector::zeros(points);
        for &place in order.iter().rev() {
            left += &shares[place];
            probability.component_mul_assign(&shares[place]);
            probability.component_div_assign(&left);
        }
        sum += probability;
    }
    for (point, probability) in far {
        sum[point] = probability;
    }
    sum
}

/// Fills `probabilities` with P, without lapses, of each full order of candidates with these
/// utilities: K! numbers, of orders in lexical order.
pub(super) fn full_order_probabilities(utilities: &[f64], probabilities: &mut [f64]) {
    for (probability, order) in probabilities.iter_mut().zip(permutations(utilities.len())) {
        *probability = probability_of_orders(utilities, &[order]);
    }
}

/// e^u of each, divided by the largest, and zeros after them. `None` if one is so small that it has
/// lost digits: 0 / 0 is no probability.
fn exact_shares(utilities: &[f64]) -> Option<[f64; MAX_SHOWN]> {
    let largest = utilities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut shares = [0.0; MAX_SHOWN];
    for (share, utility) in shares.iter_mut().zip(utilities) {
        *share = libm::exp(utility - largest);
        if *share < f64::MIN_POSITIVE {
            return None;
        }
    }
    Some(shares)
}

/// P of a full order, places from best to worst, with these shares e^u.
fn plackett_luce(shares: &[f64], order: &[usize]) -> f64 {
    let (mut probability, mut left) = (1.0, 0.0);
    for &place in order.iter().rev() {
        left += shares[place];
        probability *= shares[place] / left;
    }
    probability
}

/// log P of a full order, places from best to worst.
fn log_plackett_luce(utilities: &[f64], order: &[usize]) -> f64 {
    let (count, left) = (order.len(), of_places(utilities, order));
    (0..count)
        .map(|stage| left[stage] - log_sum_exp(&left[stage..count]))
        .sum()
}

/// The softmax of the utilities at these places, each beside its place.
fn shares_of_left<'a>(
    utilities: &[f64],
    places: &'a [usize],
) -> impl Iterator<Item = (usize, f64)> + use<'a> {
    let left = of_places(utilities, places);
    let log_sum = log_sum_exp(&left[..places.len()]);
    let share = move |(&place, utility)| (place, libm::exp(utility - log_sum));
    places.iter().zip(left).map(share)
}

/// The utilities at these places, and zeros after them.
fn of_places(utilities: &[f64], places: &[usize]) -> [f64; MAX_SHOWN] {
    let mut there = [0.0; MAX_SHOWN];
    for (there, &place) in there.iter_mut().zip(places) {
        *there = utilities[place];
    }
    there
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Alike, usual, far apart, and too far apart for exponentials.
    const UTILITIES: [[f64; MAX_SHOWN]; 4] = [
        [0.0; MAX_SHOWN],
        [0.3, -1.2, 0.9, 0.1],
        [30.0, -20.0, 5.0, 5.0],
        [800.0, 0.0, -3.0, -900.0],
    ];

    /// One ranking for each way to leave an order open.
    fn rankings() -> Vec<Ranking> {
        let ranks: [&[usize]; 10] = [
            &[1, 0],
            &[2, 0, 1],
            &[0, 1, 1],
            &[0, 1, 0],
            &[3, 1, 0, 2],
            &[0, 1, 2, 2],
            &[1, 0, 1, 2],
            &[0, 0, 1, 2],
            &[0, 1, 0, 1],
            &[1, 1, 0, 1],
        ];
        ranks.map(|ranks| Ranking::new(ranks).unwrap()).to_vec()
    }

    #[test]
    fn exponentials_give_orders_the_probabilities_that_logarithms_give() {
        for utilities in UTILITIES {
            for count in 2..=MAX_SHOWN {
                let utilities = &utilities[..count];
                let mut probabilities = vec![0.0; permutations(count).len()];
                full_order_probabilities(utilities, &mut probabilities);
                for (found, order) in probabilities.iter().zip(permutations(count)) {
                    let expected = log_plackett_luce(utilities, order).exp();
                    assert!(
                        (found - expected).abs() <= 1e-12 * expected,
                        "{utilities:?}, {order:?}: {found}, expected {expected}"
                    );
                }
                assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn orders_at_many_points_have_the_probabilities_of_each_point() {
        for ranking in rankings() {
            let count = ranking.count();
            let columns = (0..count).map(|place| {
                DVector::from_iterator(UTILITIES.len(), UTILITIES.iter().map(|u| u[place]))
            });
            let orders = ranking.full_orders();
            let found = probabilities_of_orders(columns.collect(), &orders);
            for (found, utilities) in found.iter().zip(&UTILITIES) {
                let expected = probability_of_orders(&utilities[..count], &orders);
                assert!(
                    (found - expected).abs() <= 1e-12 * expected,
                    "{ranking:?} at {utilities:?}: {found}, expected {expected}"
                );
            }
        }
    }

    #[test]
    fn all_outcomes_are_counted() {
        for ranking in rankings() {
            assert_eq!(
                ranking.outcomes(),
                ranking.alternatives().len(),
                "{ranking:?}"
            );
        }
    }

    /// The derivative of `f` by each utility, by central differences.
    fn differences(utilities: &[f64], f: impl Fn(&[f64]) -> f64) -> DVector<f64> {
        const STEP: f64 = 1e-5;
        let at = |place: usize, step: f64| {
            let mut moved = utilities.to_vec();
            moved[place] += step;
            f(&moved)
        };
        DVector::from_fn(utilities.len(), |place, _| {
            (at(place, STEP) - at(place, -STEP)) / (2.0 * STEP)
        })
    }

    #[test]
    fn derivatives_are_those_of_the_log_probability() {
        for lapse in [0.0, 0.1] {
            for ranking in rankings() {
                let utilities = &UTILITIES[1][..ranking.count()];
                let log = |ranking: &Ranking, utilities: &[f64]| {
                    let meant = (1.0 - lapse) * ranking.log_probability(utilities).exp();
                    (meant + lapse / ranking.outcomes() as f64).ln()
                };
                let slope_of = |ranking: &Ranking| differences(utilities, |u| log(ranking, u));
                let found = ranking.derivatives(utilities, lapse);
                assert!((&found.slope - slope_of(&ranking)).amax() < 1e-8);
                for (place, column) in found.curvature.column_iter().enumerate() {
                    let slope = |u: &[f64]| ranking.derivatives(u, lapse).slope[place];
                    assert!((column - differences(utilities, slope)).amax() < 1e-8);
                }
                let mut information = DMatrix::zeros(utilities.len(), utilities.len());
                for other in ranking.alternatives() {
                    let slope = slope_of(&other);
                    information.ger(log(&other, utilities).exp(), &slope, &slope, 1.0);
                }
                assert!((found.information - information).amax() < 1e-8);
            }
        }
    }

    #[test]
    fn the_probability_is_that_of_the_sum_of_full_orders_however_far_rewards_are_apart() {
        for utilities in UTILITIES {
            for ranking in rankings() {
                let utilities = &utilities[..ranking.count()];
                let expected = ranking.log_probability(utilities).exp();
                let probability =
                    |one: &Ranking| probability_of_orders(utilities, &one.full_orders());
                let found = probability(&ranking);
                assert!((found - expected).abs() < 1e-13, "{found} {expected}");
                let all = ranking.alternatives();
                let sum: f64 = all.iter().map(probability).sum();
                assert!((sum - 1.0).abs() < 1e-12, "{sum}");
            }
        }
    }
}
