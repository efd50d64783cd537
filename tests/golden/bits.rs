//! The bits of Laplace approximations and posterior samples: the same log has to give the same
//! doubles on every machine.

use super::{Case, infer};
use fnv::FnvHasher;
use leaning::PosteriorSamples;
use std::hash::Hasher;

/// The lines that every platform has to give.
pub const EXPECTED: &str = include_str!("bits.txt");

/// A line for each case: its name, the first weight as hex, and hashes (FNV-1a over the bits) of
/// mean and covariance, and of the first posterior samples.
pub fn lines(cases: &[Case]) -> String {
    let line = |case: &Case| {
        let laplace = infer(case).expect("every case of the reference converges");
        let samples = PosteriorSamples::draw_seeded(&laplace, 1, 20);
        let covariance = laplace.covariance();
        format!(
            "{} {:016x} {:016x} {:016x}\n",
            case.name,
            laplace.mean()[0].to_bits(),
            hash(laplace.mean().iter().chain(&covariance)),
            hash(samples.weights().iter().chain(samples.probabilities())),
        )
    };
    cases.iter().map(line).collect()
}

fn hash<'a>(numbers: impl Iterator<Item = &'a f64>) -> u64 {
    let mut hasher = FnvHasher::default();
    numbers.for_each(|number| hasher.write(&number.to_bits().to_le_bytes()));
    hasher.finish()
}
