//! Tail probabilities of sums of discrete scores.

use super::stats::{log_sum_exp, softmax};

/// Sums less than this many standard deviations above their expectation are not worth a closer look.
const WORTH_A_LOOK: f64 = 1.5;
/// Doublings and bisections of the search for the tilt.
const DOUBLINGS: usize = 20;
const BISECTIONS: usize = 50;

/// One term of a sum: the log-probability of each outcome, and the outcome's score minus the
/// expected score.
pub(crate) struct Term {
    pub log_probabilities: Vec<f64>,
    pub scores: Vec<f64>,
}

/// P(sum ≥ `observed`) for a sum of independent terms with mean 0.
///
/// By a saddlepoint approximation (Barndorff-Nielsen 1986: Φ(−w − log(v/w)/w)), or Chernoff's bound
/// where that is smaller, as it is next to the largest possible sum. 1 for sums that are not large.
/// A normal tail would not do: a dozen terms of two outcomes each are so skewed that it would give
/// up to three times too many false alarms.
pub(crate) fn tail_probability(terms: &[Term], observed: f64) -> f64 {
    let deviation = cumulants(terms, 0.0).variance.sqrt();
    // NaN, from no terms, is not large either.
    if !(observed > WORTH_A_LOOK * deviation) {
        return 1.0;
    }
    let tilt = tilt_of_mean(terms, observed, deviation);
    let Cumulants {
        log_moment,
        variance,
        ..
    } = cumulants(terms, tilt);
    let exponent = tilt * observed - log_moment;
    let (w, v) = ((2.0 * exponent).sqrt(), tilt * variance.sqrt());
    let corrected = w + libm::log(v / w) / w;
    let bound = libm::exp(-exponent);
    // Next to the largest possible sum v is close to 0, and the correction means nothing.
    if corrected > 1.0 {
        normal_tail(corrected).min(bound)
    } else {
        bound
    }
}

/// θ at which the observed sum is the expected one.
fn tilt_of_mean(terms: &[Term], observed: f64, deviation: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0 / deviation);
    for _ in 0..DOUBLINGS {
        if cumulants(terms, high).mean < observed {
            low = high;
            high *= 2.0;
        }
    }
    for _ in 0..BISECTIONS {
        let middle = 0.5 * (low + high);
        if cumulants(terms, middle).mean < observed {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// log E e^{θ·sum}, and its first and second derivative by θ.
struct Cumulants {
    log_moment: f64,
    mean: f64,
    variance: f64,
}

fn cumulants(terms: &[Term], tilt: f64) -> Cumulants {
    let mut sum = Cumulants {
        log_moment: 0.0,
        mean: 0.0,
        variance: 0.0,
    };
    for Term {
        log_probabilities,
        scores,
    } in terms
    {
        let tilted: Vec<f64> = log_probabilities
            .iter()
            .zip(scores)
            .map(|(log, score)| log + tilt * score)
            .collect();
        let probabilities = softmax(&tilted);
        let mean: f64 = probabilities
            .iter()
            .zip(scores)
            .map(|(p, score)| p * score)
            .sum();
        sum.log_moment += log_sum_exp(&tilted);
        sum.mean += mean;
        for (p, score) in probabilities.iter().zip(scores) {
            sum.variance += p * (score - mean) * (score - mean);
        }
    }
    sum
}

/// Φ(−x) for x ≥ 1, by Laplace's continued fraction: 100 terms give eight digits at x = 1, more above.
fn normal_tail(x: f64) -> f64 {
    let fraction = (1..=100).rev().fold(x, |rest, k| x + f64::from(k) / rest);
    libm::exp(-0.5 * x * x) / (std::f64::consts::TAU.sqrt() * fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_tail_agrees_with_published_values() {
        // Φ(−x) to seven digits (Abramowitz & Stegun, table 26.1).
        for (x, expected) in [(1.0, 0.158_655_3), (2.0, 0.022_750_13), (4.0, 3.167_124e-5)] {
            assert!((normal_tail(x) / expected - 1.0).abs() < 1e-6, "{x}");
        }
    }

    #[test]
    fn the_tail_of_fair_coins_is_close_to_the_binomial() {
        let coin = || Term {
            log_probabilities: vec![0.5_f64.ln(); 2],
            scores: vec![-0.5, 0.5],
        };
        let coins: Vec<Term> = (0..20).map(|_| coin()).collect();
        // P(at least 16 heads of 20) = 6196 / 2^20, and of 17: 1351 / 2^20. A continuous
        // approximation lies between the tails with and without the observed value.
        let found = tail_probability(&coins, 6.0);
        assert!(
            (1351.0..6196.0).contains(&(found * f64::from(1 << 20))),
            "{found}"
        );
        assert_eq!(tail_probability(&coins, 0.0), 1.0);
        assert_eq!(tail_probability(&[], 0.0), 1.0);
    }
}
