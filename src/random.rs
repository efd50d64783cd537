//! Chance: one small seeded generator, the same stream on every machine.

use crate::math;
use alloc::vec::Vec;

/// SplitMix64 (Steele, Lea & Flood 2014): 64 bits of state, passes BigCrush, and every seed is a good one.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
    spare: Option<f64>,
}

impl Random {
    /// The generator of a seed; `stream` tells apart what one seed is used for.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut random = Random { state: seed, spare: None };
        random.state = random.next() ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        random
    }

    /// A seed that nobody can guess, or an arbitrary fixed one where the platform has no randomness to give.
    pub fn entropy() -> u64 {
        let mut bytes = [0; 8];
        match getrandom::fill(&mut bytes) {
            Ok(()) => u64::from_le_bytes(bytes),
            Err(_) => 0x6c65_616e_696e_6721,
        }
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform on [0, 1), 53 bits.
    pub fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform on 0..bound; the bias of at most bound / 2⁶⁴ does not matter here.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// Standard normal, by Marsaglia's polar method.
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let (x, y, square) = self.in_disc();
        let factor = math::sqrt(-2.0 * libm::log(square) / square);
        self.spare = Some(y * factor);
        x * factor
    }

    /// So many standard normal numbers.
    pub fn normals(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.normal()).collect()
    }

    /// The logarithm of a number that is uniform on (0, 1].
    pub fn log_uniform(&mut self) -> f64 {
        libm::log(1.0 - self.uniform())
    }

    /// Chi squared of at least 2 degrees of freedom: any two of them are −2 log of a uniform number, a last one is the
    /// square of a normal one.
    pub fn chi_squared(&mut self, freedom: usize) -> f64 {
        let product: f64 = (0..freedom / 2).map(|_| 1.0 - self.uniform()).product();
        let last = if freedom % 2 == 1 { self.normal() } else { 0.0 };
        last * last - 2.0 * libm::log(product)
    }

    /// Cosine and sine of a uniform angle, by doubling the angle of a point in the disc: no trigonometry needed.
    pub fn direction(&mut self) -> (f64, f64) {
        let (x, y, square) = self.in_disc();
        ((x * x - y * y) / square, 2.0 * x * y / square)
    }

    /// A uniform point of the unit disc, and the square of its distance from the centre, which is not 0.
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
