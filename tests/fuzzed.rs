//! The inputs of `fuzz/seeds`: the valid ones that fuzzing starts from, and those at which something broke.

use std::fs;
use std::path::Path;

#[path = "../fuzz/inputs.rs"]
pub mod inputs;

/// Gives every seed of a target to `read`, which panics if something is wrong.
fn replay(target: &str, read: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(target);
    let seeds: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(!seeds.is_empty());
    for seed in seeds {
        read(&fs::read(seed).unwrap());
    }
}

#[test]
fn inputs_that_fuzzing_starts_from_or_found_are_used_or_refused() {
    replay("deck", inputs::deck);
    replay("log", inputs::log);
    replay("candidates", inputs::candidates);
}
