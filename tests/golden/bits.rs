//! Beliefs as bits: the same log has to give the same doubles on every machine.

use super::{get, infer, items, text};
use leaning::json::Value;
use leaning::{Belief, Posterior};

/// One line a case: its name, the first weight as hex, and hashes (FNV-1a over the doubles' bits) of mean and
/// covariance and of the posterior's first draws.
pub fn lines(golden: &Value) -> String {
    let line = |case: &Value| {
        let belief = infer(case).expect("every case of the reference converges");
        let draws = Posterior::sample_seeded(&belief, 1, 20);
        let name = text(get(case, "name"));
        let drawn = hash(draws.draws().flatten().copied());
        format!(
            "{name} {:016x} {:016x} {drawn:016x}\n",
            belief.mean()[0].to_bits(),
            hash(numbers(&belief))
        )
    };
    items(get(golden, "cases")).iter().map(line).collect()
}

fn numbers(belief: &Belief) -> impl Iterator<Item = f64> {
    belief
        .mean()
        .to_vec()
        .into_iter()
        .chain(belief.covariance().into_iter().flatten())
}

fn hash(numbers: impl Iterator<Item = f64>) -> u64 {
    let bytes = numbers.flat_map(|number| number.to_bits().to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
