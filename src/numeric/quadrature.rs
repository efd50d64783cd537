//! Integrals over a normal distribution.

/// Nodes to either side of the mean, for distributions that are narrow or extremely wide.
const NODES: (f64, f64) = (20.0, 500.0);

/// Nodes and weights of the trapezoid rule over N(0, sd²), `reach` standard deviations to either
/// side. Nodes are in units of the standard deviation.
///
/// For smooth integrands the rule converges faster than any power of the step. There is a node for
/// each unit of reward, since that is how sharply answer probabilities bend. The weights sum to
/// about √(2π) / reach; divide by their sum for a mean.
pub fn normal_nodes(sd: f64, reach: f64) -> impl Iterator<Item = (f64, f64)> {
    let count = (reach * sd).clamp(NODES.0, NODES.1).ceil() as i32;
    (-count..=count).map(move |node| {
        let x = reach * f64::from(node) / f64::from(count);
        (x, libm::exp(-0.5 * x * x) / f64::from(count))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrals_over_a_normal_distribution_are_exact() {
        // E cos(tx) = exp(−t²/2) for x ~ N(0, 1). The reach cuts off 6e-7.
        for sd in [0.1, 3.0, 200.0] {
            let (mut total, mut square, mut cosine) = (0.0, 0.0, 0.0);
            for (x, weight) in normal_nodes(sd, 5.0) {
                total += weight;
                square += weight * x * x;
                cosine += weight * (2.0 * x).cos();
            }
            assert!((square / total - 1.0).abs() < 2e-5, "{square}");
            assert!((cosine / total - (-2.0_f64).exp()).abs() < 2e-6, "{cosine}");
            let expected = (2.0 * std::f64::consts::PI).sqrt() / 5.0;
            assert!((total - expected).abs() < 1e-6, "{total}");
        }
    }
}
