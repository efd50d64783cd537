//! How measured numbers vary within prompts, and with each other.

/// Smaller spreads, relative to the largest number, are rounding.
const ROUNDING: f64 = 1e-12;

/// Products of the features' differences, summed over the unordered pairs within prompts.
pub struct Spread {
    /// Σ z_j z_k
    products: Vec<Vec<f64>>,
    pairs: f64,
    /// The largest number either way, by feature.
    most: Vec<f64>,
}

impl Spread {
    /// Of rows of `width` numbers; `prompts` are lists of places of rows.
    pub fn new(rows: &[Vec<f64>], prompts: &[Vec<usize>], width: usize) -> Self {
        let mut spread = Spread { products: vec![vec![0.0; width]; width], pairs: 0.0, most: vec![0.0; width] };
        for members in prompts {
            let m = members.len() as f64;
            spread.pairs += m * (m - 1.0) / 2.0;
            let mean = |j: usize| members.iter().map(|&row| rows[row][j]).sum::<f64>() / m;
            let means: Vec<f64> = (0..width).map(mean).collect();
            for &row in members {
                let away: Vec<f64> = rows[row].iter().zip(&means).map(|(x, mean)| x - mean).collect();
                for (j, sums) in spread.products.iter_mut().enumerate() {
                    // Over all pairs of m numbers Σ (x_a − x_b)² = m Σ (x_a − x̄)², and likewise for products.
                    sums.iter_mut().zip(&away).for_each(|(sum, other)| *sum += m * away[j] * other);
                    spread.most[j] = spread.most[j].max(rows[row][j].abs());
                }
            }
        }
        spread
    }

    /// Root mean square of a feature's differences; 0 where it does not vary within any prompt.
    pub fn deviation(&self, j: usize) -> f64 {
        let deviation = (self.products[j][j] / self.pairs.max(1.0)).sqrt();
        if deviation > ROUNDING * self.most[j] { deviation } else { 0.0 }
    }

    /// Σ z_j z_k / √(Σ z_j² Σ z_k²), within −1 and 1; 0 where one does not vary. No mean is taken off: which of a pair
    /// comes first is arbitrary.
    pub fn correlation(&self, j: usize, k: usize) -> f64 {
        if self.deviation(j) == 0.0 || self.deviation(k) == 0.0 {
            return 0.0;
        }
        (self.products[j][k] / self.products[j][j].sqrt() / self.products[k][k].sqrt()).clamp(-1.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn deviations_and_correlations_are_those_of_the_pairs() {
        // Differences within {0, 1, 2}: (1, 2), (3, 1), (2, −1); within {3, 4}: (4, 0).
        let rows =
            vec![vec![0.0, 5.0], vec![1.0, 7.0], vec![3.0, 6.0], vec![10.0, 1.0], vec![14.0, 1.0], vec![99.0, 0.0]];
        let spread = Spread::new(&rows, &[vec![0, 1, 2], vec![3, 4], vec![5]], 2);
        let (x, y, xy): (f64, f64, f64) = (1.0 + 9.0 + 4.0 + 16.0, 4.0 + 1.0 + 1.0, 2.0 + 3.0 - 2.0);
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-14, "{found}, {expected}");
        close(spread.deviation(0), (x / 4.0).sqrt());
        close(spread.deviation(1), (y / 4.0).sqrt());
        close(spread.correlation(0, 1), xy / (x * y).sqrt());
        close(spread.correlation(1, 1), 1.0);
    }

    #[test]
    fn rounding_is_no_variation() {
        let rows = vec![vec![0.1 + 0.2], vec![0.3]];
        assert_eq!(Spread::new(&rows, &[vec![0, 1]], 1).deviation(0), 0.0);
    }
}
