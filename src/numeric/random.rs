//! One small seeded generator with the same stream on every machine.
//!
//! Written by hand because the bits matter: no crate promises the same normal draws natively and in
//! every browser, since their logarithms come from the platform. Here they come from `libm`.

use nalgebra::DVector;

/// 2⁶⁴ divided by the golden ratio, the increment of SplitMix64.
const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64 (Steele, Lea & Flood 2014): 64 bits of state, passes BigCrush, and every seed is a
/// good one.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
    spare_normal: Option<f64>,
}

impl Random {
    /// The generator of a seed; `stream` tells apart the uses of one seed.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut random = Random {
            state: seed,
            spare_normal: None,
        };
        random.state = random.next_u64() ^ stream.wrapping_mul(GOLDEN_GAMMA);
        random
    }

    /// A seed that nobody can guess, or a fixed one where the platform has no randomness to give.
    pub fn entropy() -> u64 {
        getrandom::u64().unwrap_or(0x6c65_616e_696e_6721)
    }

    /// 64 uniform bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform on [0, 1), 53 bits.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform on 0..bound. The bias of at most bound / 2⁶⁴ does not matter here.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next_u64()) * bound as u128) >> 64) as usize
    }

    /// Standard normal, by Marsaglia's polar method.
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        let (x, y, square) = self.in_disc();
        let factor = (-2.0 * libm::log(square) / square).sqrt();
        self.spare_normal = Some(y * factor);
        x * factor
    }

    /// `count` independent standard normal numbers.
    pub fn normals(&mut self, count: usize) -> DVector<f64> {
        let mut normals = DVector::zeros(count);
        self.fill_normal(normals.as_mut_slice());
        normals
    }

    /// Fills with independent standard normal numbers.
    pub fn fill_normal(&mut self, numbers: &mut [f64]) {
        for number in numbers {
            *number = self.normal();
        }
    }

    /// The logarithm of a number that is uniform on (0, 1].
    pub fn log_uniform(&mut self) -> f64 {
        libm::log(1.0 - self.uniform())
    }

    /// Chi squared with at least 2 degrees of freedom. Each pair of them is −2 log of a uniform
    /// number, and an odd one is the square of a normal number.
    pub fn chi_squared(&mut self, degrees_of_freedom: usize) -> f64 {
        let product: f64 = (0..degrees_of_freedom / 2)
            .map(|_| 1.0 - self.uniform())
            .product();
        let odd = if degrees_of_freedom % 2 == 1 {
            self.normal()
        } else {
            0.0
        };
        odd * odd - 2.0 * libm::log(product)
    }

    /// Cosine and sine of a uniform angle. Doubling the angle of a point in the disc avoids
    /// trigonometry, whose last bits differ between platforms.
    pub fn direction(&mut self) -> (f64, f64) {
        let (x, y, square) = self.in_disc();
        ((x * x - y * y) / square, 2.0 * x * y / square)
    }

    /// A uniform point of the unit disc, and the square of its distance from the centre, never 0.
    fn in_disc(&mut self) -> (f64, f64, f64) {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                return (x, y, square);
            }
        }
    }

    /// Puts the items in random order (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_splitmix64() {
        // The first numbers of the reference implementation (Vigna 2015) for the seed 1234567.
        let mut random = Random {
            state: 1_234_567,
            spare_normal: None,
        };
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(expected.map(|_| random.next_u64()), expected);
    }

    #[test]
    fn seeds_and_streams_have_numbers_of_their_own() {
        let first = |seed, stream| Random::new(seed, stream).next_u64();
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(2, 2));
        assert_ne!(first(1, 2), first(1, 1));
    }

    /// Fails unless mean and variance of many draws are within 4 standard errors.
    fn check_moments(mean: f64, variance: f64, kurtosis: f64, draw: impl Fn(&mut Random) -> f64) {
        let (mut random, count) = (Random::new(7, 0), 20_000);
        let draws: Vec<f64> = (0..count).map(|_| draw(&mut random)).collect();
        let found_mean = draws.iter().sum::<f64>() / f64::from(count);
        let squares = draws.iter().map(|x| (x - mean) * (x - mean));
        let found_variance = squares.sum::<f64>() / f64::from(count);
        let error = (variance / f64::from(count)).sqrt();
        assert!((found_mean - mean).abs() < 4.0 * error, "{found_mean}");
        let error = variance * ((kurtosis - 1.0) / f64::from(count)).sqrt();
        assert!(
            (found_variance - variance).abs() < 4.0 * error,
            "{found_variance}"
        );
    }

    #[test]
    fn draws_have_the_moments_of_their_distributions() {
        check_moments(0.5, 1.0 / 12.0, 1.8, Random::uniform);
        check_moments(0.0, 1.0, 3.0, Random::normal);
        // An exponential distribution.
        check_moments(-1.0, 1.0, 9.0, Random::log_uniform);
        check_moments(0.0, 0.5, 1.5, |random| random.direction().0);
        check_moments(0.0, 0.5, 1.5, |random| random.direction().1);
        check_moments(2.0, 2.0, 1.7, |random| random.below(5) as f64);
        for degrees in [2, 5, 8] {
            let k = degrees as f64;
            check_moments(k, 2.0 * k, 3.0 + 12.0 / k, |random| {
                random.chi_squared(degrees)
            });
        }
    }

    #[test]
    fn a_direction_has_length_one_and_a_shuffle_loses_nothing() {
        let mut random = Random::new(3, 0);
        for _ in 0..100 {
            let (cos, sin) = random.direction();
            assert!((cos * cos + sin * sin - 1.0).abs() < 1e-14);
        }
        let mut items: Vec<usize> = (0..50).collect();
        random.shuffle(&mut items);
        assert!(!items.is_sorted());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
