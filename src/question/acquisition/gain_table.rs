//! Information gain by interpolation, to find the best of very many questions.

use super::information_gain::information_gain;
use crate::inference::Projection;
use crate::model::OrdinalScale;
use std::cell::Cell;
use std::f64::consts::LN_2;

/// Nodes for each unit of |mean| / (1 + sd).
const COLUMNS_PER_UNIT: f64 = 8.0;
/// Nodes by mean. Beyond the last one a gain is less than there.
const COLUMNS: usize = 65;
/// Nodes by standard deviation: as floating-point numbers are spaced, eight with each doubling of 1 + sd.
const ROW_DIGITS: u32 = 3;
/// ... up to 1 + sd = 2¹⁰.
const ROWS: usize = 10 * (1 << ROW_DIGITS) + 1;
/// Stands for a standard deviation of 0.
const NARROWEST: f64 = 1e-3;
/// By how much an interpolated gain may be wrong, as a share of variance / (1 + variance); ...
const TOLERANCE: f64 = 0.006;
/// ... and where 1 + sd is larger than this, where the quadrature is not exact either.
const WIDE: f64 = 64.0;
const TOLERANCE_WHERE_WIDE: f64 = 0.03;
/// The Fisher information about the location of a logistic distribution. An answer tells in which
/// interval such a number lies, so it cannot have more.
const LOGISTIC_INFORMATION: f64 = 1.0 / 3.0;

/// The information gain of an answer on one scale for u ~ N(mean, variance), for any mean and
/// variance.
///
/// It is a smooth function of two numbers. One quadrature takes as long as hundreds of interpolations,
/// so nodes are computed when they are first needed and kept from question to question.
#[derive(Debug, Clone)]
pub(crate) struct GainTable {
    scale: OrdinalScale,
    /// Gain / (variance / (1 + variance)), by rows. NaN until it is needed.
    nodes: Vec<Cell<f64>>,
    /// The largest node of each row. NaN until it is needed.
    largest: Vec<Cell<f64>>,
}

impl GainTable {
    pub fn new(scale: OrdinalScale) -> Self {
        GainTable {
            scale,
            nodes: vec![Cell::new(f64::NAN); ROWS * COLUMNS],
            largest: vec![Cell::new(f64::NAN); ROWS],
        }
    }

    /// The outcomes of an answer.
    pub fn scale(&self) -> &OrdinalScale {
        &self.scale
    }

    /// A variance up to which no gain exceeds this many bits, whatever the mean and the scale. A gain is at
    /// most half the variance times the expected Fisher information, by the logarithmic Sobolev inequality
    /// (Gross 1975).
    pub fn rough_variance_for(gain: f64) -> f64 {
        2.0 * gain * LN_2 / LOGISTIC_INFORMATION
    }

    /// The same, closer, on this scale.
    pub fn variance_for(&self, gain: f64) -> f64 {
        let variance_at = |row: usize| (row_start(row) - 1.0) * (row_start(row) - 1.0);
        // Of this row and those above: where people are so different that there are hardly any ties, an
        // answer tells less again.
        let mut largest = self.largest_in(0);
        for row in 0..ROWS - 1 {
            largest = largest.max(self.largest_in(row + 1));
            let end = variance_at(row + 1);
            let share = gain / (largest + tolerance(row_start(row + 1)));
            if share < end / (1.0 + end) {
                return (share / (1.0 - share)).max(variance_at(row));
            }
        }
        variance_at(ROWS - 1)
    }

    fn largest_in(&self, row: usize) -> f64 {
        let largest = &self.largest[row];
        if largest.get().is_nan() {
            // Gains are largest where it is open what will be answered, and fall beyond all cuts.
            let last = self.scale.cuts().last().copied().unwrap_or(0.0);
            let column = last / row_start(row) * COLUMNS_PER_UNIT;
            let columns = (column.ceil() as usize).min(COLUMNS - 1);
            let nodes = (0..=columns).map(|column| self.node(row, column));
            largest.set(nodes.fold(0.0, f64::max));
        }
        largest.get()
    }

    /// Two numbers that the gain lies between, in bits.
    pub fn bounds(&self, mean: f64, variance: f64) -> (f64, f64) {
        let widened = 1.0 + variance.sqrt();
        let x = mean.abs() / widened * COLUMNS_PER_UNIT;
        let last = (COLUMNS - 1) as f64;
        let size = variance / (1.0 + variance);
        let gain = size * self.interpolate(x.min(last), widened);
        let margin = size * tolerance(widened);
        let low = if x > last { 0.0 } else { gain - margin };
        (low, gain + margin)
    }

    fn interpolate(&self, x: f64, widened: f64) -> f64 {
        let column = (x as usize).min(COLUMNS - 2);
        let x = x - column as f64;
        let row = row_of(widened);
        let (start, end) = (row_start(row), row_start(row + 1));
        let y = ((widened - start) / (end - start)).min(1.0);
        let in_row = |row: usize| {
            let left = self.node(row, column);
            left + x * (self.node(row, column + 1) - left)
        };
        let above = in_row(row);
        above + y * (in_row(row + 1) - above)
    }

    fn node(&self, row: usize, column: usize) -> f64 {
        let node = &self.nodes[row * COLUMNS + column];
        if node.get().is_nan() {
            node.set(self.compute(row, column));
        }
        node.get()
    }

    fn compute(&self, row: usize, column: usize) -> f64 {
        let sd = (row_start(row) - 1.0).max(NARROWEST);
        let mean = column as f64 / COLUMNS_PER_UNIT * (1.0 + sd);
        let variance = sd * sd;
        let gain = information_gain(&self.scale, &Projection::gaussian(mean, variance));
        gain / (variance / (1.0 + variance))
    }
}

/// By how much an interpolated node may be wrong.
fn tolerance(widened: f64) -> f64 {
    if widened > WIDE {
        TOLERANCE_WHERE_WIDE
    } else {
        TOLERANCE
    }
}

/// The row that begins at or before `widened` = 1 + sd, which is at least 1.
fn row_of(widened: f64) -> usize {
    let digits = (widened.to_bits() - 1.0_f64.to_bits()) >> (f64::MANTISSA_DIGITS - 1 - ROW_DIGITS);
    (digits as usize).min(ROWS - 2)
}

/// Where a row begins.
fn row_start(row: usize) -> f64 {
    let digits = (row as u64) << (f64::MANTISSA_DIGITS - 1 - ROW_DIGITS);
    f64::from_bits(1.0_f64.to_bits() + digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AnswerKind, AnswerModel};

    /// Scales of pairs with and without ties and grades, and of ratings.
    fn scales() -> Vec<OrdinalScale> {
        let models = [AnswerModel::default(), AnswerModel::BRADLEY_TERRY];
        let kinds = [
            AnswerKind::Choice,
            AnswerKind::Graded,
            AnswerKind::Rating { of: 5 },
            AnswerKind::Rating { of: 11 },
        ];
        let of = |model: AnswerModel| kinds.map(|kind| model.scale(model.offered(kind)));
        models.into_iter().flat_map(of).collect()
    }

    #[test]
    fn gains_lie_between_the_bounds() {
        for scale in scales() {
            let table = GainTable::new(scale);
            for i in 0..40 {
                // Standard deviations from 0.006 to 2000, between the nodes.
                let sd = 0.006 * libm::exp(0.32 * f64::from(i));
                for j in 0..24 {
                    let mean = (f64::from(j) + 0.41) / 2.4 * (1.0 + sd);
                    let exact = information_gain(&scale, &Projection::gaussian(mean, sd * sd));
                    let (low, high) = table.bounds(mean, sd * sd);
                    assert!(
                        (low..=high).contains(&exact),
                        "{mean}, {sd}: {exact}, {low}, {high}"
                    );
                    assert_eq!(table.bounds(-mean, sd * sd), (low, high));
                }
            }
        }
    }

    #[test]
    fn with_less_variance_no_gain_is_as_large() {
        let gain = |scale: &OrdinalScale, mean: f64, variance: f64| {
            information_gain(scale, &Projection::gaussian(mean, variance))
        };
        for scale in scales() {
            let table = GainTable::new(scale);
            for bits in [1e-6, 0.003, 0.1, 0.5, 0.8, 1.0] {
                let (close, rough) = (
                    table.variance_for(bits),
                    GainTable::rough_variance_for(bits),
                );
                for place in 0..12 {
                    let (mean, share) = (0.3 * f64::from(place), 1.0 - 0.07 * f64::from(place));
                    for variance in [close, share * close, rough, share * rough] {
                        let found = gain(&scale, mean, variance);
                        assert!(found <= bits, "{bits}: {found} at {mean}, {variance}");
                    }
                }
                let means = (0..30).map(|place| 0.2 * f64::from(place));
                let most = means.map(|mean| gain(&scale, mean, 1.2 * close));
                assert!(most.fold(0.0, f64::max) > 0.9 * bits, "{bits}: {close}");
            }
        }
    }

    #[test]
    fn the_bounds_are_close() {
        let table = GainTable::new(scales()[0]);
        for (mean, variance) in [(0.0, 1.0), (0.3, 4.0), (2.0, 0.5)] {
            let (low, high) = table.bounds(mean, variance);
            let exact = information_gain(table.scale(), &Projection::gaussian(mean, variance));
            assert!(
                high - low < 0.01 && low > 0.9 * exact,
                "{low}, {exact}, {high}"
            );
        }
    }

    #[test]
    fn rows_begin_where_they_are_found() {
        for row in 0..ROWS - 1 {
            assert_eq!(row_of(row_start(row)), row);
        }
        assert_eq!(row_start(0), 1.0);
        assert_eq!(row_start(ROWS - 1), 1024.0);
        assert_eq!(row_of(1e300), ROWS - 2);
    }
}
