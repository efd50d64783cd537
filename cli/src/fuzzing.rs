//! One input for each kind of file that the command line reads: whatever the bytes are, they are read, or refused
//! in one line. `cargo xtask fuzz` makes inputs up; `cargo test` reads those in `fuzz/seeds`.

use crate::choices::fuzzing::{Kind, features, read_table};
use crate::deck::safetensors as deck_file;
use leaning::Deck;

/// A table in CSV or JSON Lines, perhaps compressed. The first byte says which table it is.
pub fn tables(bytes: &[u8]) {
    let Some((kind, table)) = bytes.split_first() else {
        return;
    };
    let kind = [
        Kind::Responses,
        Kind::Comparisons,
        Kind::Prompts,
        Kind::Features,
    ][usize::from(*kind) % 4];
    check(read_table(kind, table));
}

/// A Parquet table, as each of the tables.
pub fn parquet(bytes: &[u8]) {
    for kind in [
        Kind::Responses,
        Kind::Comparisons,
        Kind::Prompts,
        Kind::Features,
    ] {
        check(read_table(kind, bytes));
    }
}

/// A deck or features in a safetensors file.
pub fn safetensors(bytes: &[u8]) {
    let deck = deck_file::read(bytes).and_then(|deck| match Deck::read(deck) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    });
    check(deck);
    check(features(bytes));
}

fn check(result: Result<(), String>) {
    if let Err(message) = result {
        assert!(!message.contains(['\n', '\r']), "{message:?}");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// Every seed of a target, and the number of them.
    fn replay(target: &str, read: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../fuzz/seeds")
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
    fn inputs_that_fuzzing_found_are_read_or_refused() {
        replay("tables", super::tables);
        replay("parquet", super::parquet);
        replay("safetensors", super::safetensors);
    }
}
