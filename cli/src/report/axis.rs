//! The axes of a chart: their ranges and ticks.

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// Larger numbers are left out: the difference of two numbers on an axis must be finite, too.
pub const LARGEST: f64 = 1e300;
/// Smaller numbers have no place on a logarithmic axis, and no axis is shorter.
pub const SMALLEST: f64 = 1e-300;

enum Scale {
    /// The distance from tick to tick.
    Linear(f64),
    Logarithmic,
}

/// The range of an axis, and its ticks.
pub struct Axis {
    scale: Scale,
    low: f64,
    high: f64,
    pub ticks: Vec<f64>,
}

impl Axis {
    pub fn linear(low: f64, high: f64, step: f64) -> Self {
        // An end that is a tick except for rounding is one.
        let (first, last) = ((low / step - NEARLY).ceil(), (high / step + NEARLY).floor());
        let ticks = (0..=(last - first) as usize)
            .map(|index| (first + index as f64) * step)
            .collect();
        Axis {
            scale: Scale::Linear(step),
            low,
            high,
            ticks,
        }
    }

    /// From the last tick below to the first above.
    pub fn linear_to_ticks((low, high): (f64, f64)) -> Self {
        let step = step_between(low, high);
        Axis::linear(
            (low / step + NEARLY).floor() * step,
            (high / step - NEARLY).ceil() * step,
            step,
        )
    }

    pub fn logarithmic(low: f64, high: f64) -> Self {
        let mut ticks = decimal_ticks(low.log10(), high.log10());
        if ticks.len() < 2 {
            ticks = Axis::linear(low, high, step_between(low, high)).ticks;
        }
        Axis {
            scale: Scale::Logarithmic,
            low,
            high,
            ticks,
        }
    }

    /// From the last tick below to the first above.
    pub fn logarithmic_to_ticks((low, high): (f64, f64)) -> Self {
        let (low, high) = if is_wide(low, high) {
            (low, high)
        } else {
            (low / 2.0, high * 2.0)
        };
        let around = one_two_five(low.log10().floor() as i32, high.log10().ceil() as i32);
        let below = around
            .iter()
            .rev()
            .find(|&&tick| tick <= low.log10() + NEARLY);
        let above = around.iter().find(|&&tick| tick >= high.log10() - NEARLY);
        Axis::logarithmic(
            below.map_or(low, |&tick| power(tick)),
            above.map_or(high, |&tick| power(tick)),
        )
    }

    /// The place of a value on the axis, from 0 to 1. Outside values are at the edge.
    fn place(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        match self.scale {
            Scale::Linear(_) => (value - self.low) / (self.high - self.low),
            Scale::Logarithmic => {
                (value.log10() - self.low.log10()) / (self.high.log10() - self.low.log10())
            }
        }
    }

    /// The label of a tick.
    fn label(&self, tick: f64) -> String {
        // Powers and multiples are exact except for their last digits.
        let rounded = format!("{tick:.8e}").parse().unwrap_or(tick);
        let label = match self.scale {
            _ if rounded != 0.0 && !(1e-4..1e6).contains(&rounded.abs()) => format!("{rounded:e}"),
            Scale::Linear(step) => {
                let decimals = (-(step.log10() + NEARLY).floor()).clamp(0.0, 9.0) as usize;
                format!("{rounded:.decimals$}")
            }
            Scale::Logarithmic => rounded.to_string(),
        };
        label.replace('-', "−")
    }

    pub fn longest_label(&self) -> usize {
        self.ticks
            .iter()
            .map(|&tick| self.label(tick).chars().count())
            .max()
            .unwrap_or(0)
    }
}

/// The axes of plotters do not let one choose both ticks and labels.
impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        start + (self.place(*value) * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            Vec::new()
        } else {
            self.ticks.clone()
        }
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, tick: &f64) -> String {
        self.label(*tick)
    }
}

/// Tolerance for numbers that are up to a few ticks apart, in ticks or decimal logarithms.
const NEARLY: f64 = 1e-9;
/// The largest number of ticks on an axis.
const MAX_TICKS: usize = 10;

/// The distance of four to ten ticks: 1, 2 or 5 times a power of ten.
pub fn step_between(low: f64, high: f64) -> f64 {
    let least = (high - low) / MAX_TICKS as f64;
    let unit = power(least.log10().floor());
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|factor| factor * unit >= least)
        .unwrap_or(10.0);
    factor * unit
}

/// Ticks between two decimal logarithms: 1, 2 and 5 times the powers of ten, or as many powers as
/// there is room for.
fn decimal_ticks(low: f64, high: f64) -> Vec<f64> {
    let is_inside = |tick: &f64| (low - NEARLY..=high + NEARLY).contains(tick);
    let (first, last) = (low.floor() as i32, high.ceil() as i32);
    let all: Vec<_> = one_two_five(first, last)
        .into_iter()
        .filter(is_inside)
        .collect();
    if all.len() <= MAX_TICKS {
        return all.into_iter().map(power).collect();
    }
    let powers: Vec<_> = (first..=last).map(f64::from).filter(is_inside).collect();
    let step = powers.len().div_ceil(MAX_TICKS);
    powers.into_iter().step_by(step).map(power).collect()
}

/// The decimal logarithms of 1, 2 and 5 times powers of ten.
fn one_two_five(first: i32, last: i32) -> Vec<f64> {
    (first..=last)
        .flat_map(|power| [1f64, 2.0, 5.0].map(|factor| f64::from(power) + factor.log10()))
        .collect()
}

fn power(logarithm: f64) -> f64 {
    10f64.powf(logarithm)
}

pub fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .map(|value| (value, value))
        .reduce(|(low, high), (value, _)| (low.min(value), high.max(value)))
}

/// A range with some width, even around a single number.
pub fn widen((low, high): (f64, f64)) -> (f64, f64) {
    let some = (low.abs() / 20.0).max(0.5);
    if is_wide(low, high) {
        (low, high)
    } else {
        (low - some, high + some)
    }
}

/// Whether there is room for ticks between two numbers.
pub fn is_wide(low: f64, high: f64) -> bool {
    high - low > (NEARLY * low.abs().max(high.abs())).max(SMALLEST)
}

pub fn is_usable(value: f64) -> bool {
    value.abs() <= LARGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_ticks_are_round_numbers_with_the_same_decimals() {
        let labels = |axis: Axis| {
            axis.ticks
                .iter()
                .map(|&tick| axis.label(tick))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            labels(Axis::linear_to_ticks((0.04, 0.58))),
            ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6"]
        );
        assert_eq!(
            labels(Axis::linear(-0.1, 0.1, 0.05)),
            ["−0.10", "−0.05", "0.00", "0.05", "0.10"]
        );
        assert_eq!(
            labels(Axis::linear(1.0, 20.0, 5.0)),
            ["5", "10", "15", "20"]
        );
        assert_eq!(labels(Axis::linear(0.0, 2e6, 1e6)), ["0", "1e6", "2e6"]);
    }

    #[test]
    fn logarithmic_ticks_are_one_two_and_five_times_powers_of_ten() {
        let labels = |axis: Axis| {
            axis.ticks
                .iter()
                .map(|&tick| axis.label(tick))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            labels(Axis::logarithmic_to_ticks((0.06, 0.58))),
            ["0.05", "0.1", "0.2", "0.5", "1"]
        );
        assert_eq!(
            labels(Axis::logarithmic_to_ticks((0.1, 0.1))),
            ["0.05", "0.1", "0.2"]
        );
        assert_eq!(
            labels(Axis::logarithmic(1e-5, 10.0)),
            ["1e−5", "0.0001", "0.001", "0.01", "0.1", "1", "10"]
        );
        assert_eq!(
            labels(Axis::logarithmic(0.21, 0.45)),
            ["0.25", "0.3", "0.35", "0.4", "0.45"]
        );
    }
}
