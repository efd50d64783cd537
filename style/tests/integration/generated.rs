//! The files that are generated from the source are up to date, and the features have the bits on
//! record.

use crate::texts::{root, texts};
use leaning_style::{ENGLISH, FEATURES, LANGUAGES, Lexicon, document};
use std::collections::HashSet;
use std::fs;

#[track_caller]
fn assert_up_to_date(file: &str, expected: &str) {
    let found = fs::read_to_string(root().join(file)).unwrap();
    let command = "cargo run -p leaning-style --example document";
    assert!(
        found == expected,
        "{file} is out of date; `{command}` writes it again"
    );
}

#[test]
fn the_documentation_is_up_to_date() {
    assert_up_to_date("docs/style.md", &document::markdown());
    assert_up_to_date("js/style-features.ts", &document::javascript());
}

#[test]
fn every_feature_has_its_own_name_and_dimension_and_is_documented() {
    let names: HashSet<&str> = FEATURES.iter().map(|feature| feature.name).collect();
    let dimensions: HashSet<&str> = FEATURES.iter().map(|feature| feature.dimension).collect();
    assert_eq!(
        (names.len(), dimensions.len()),
        (FEATURES.len(), FEATURES.len())
    );
    for feature in FEATURES {
        assert!(feature.name.starts_with("style:"), "{}", feature.name);
        assert!(
            feature.sign == 1.0 || feature.sign == -1.0,
            "{}",
            feature.name
        );
        assert!(
            !feature.formula.is_empty() && !feature.source.is_empty(),
            "{}",
            feature.name
        );
    }
}

#[test]
fn every_language_has_its_own_tag_and_names_every_dimension() {
    let tags: HashSet<&str> = LANGUAGES.iter().map(|language| language.tag).collect();
    assert_eq!(tags.len(), LANGUAGES.len());
    for names in LANGUAGES.iter().flat_map(|language| language.dimensions) {
        let texts = [names.label, names.low, names.high, names.description];
        assert!(texts.iter().all(|text| !text.is_empty()), "{names:?}");
    }
}

/// tests/e2e/style.test.mjs compares the wasm module with the same file. `LEANING_WRITE=1` writes
/// it again.
#[test]
fn the_features_have_the_bits_on_record() {
    let lexicon = Lexicon::new(&ENGLISH);
    let line = |text: &String| {
        let hex = lexicon
            .measure(text)
            .map(|feature| format!("{:016x}", feature.to_bits()));
        hex.join(" ") + "\n"
    };
    let found: String = texts().iter().map(line).collect();
    let path = root().join("tests/style/bits.txt");
    if std::env::var_os("LEANING_WRITE").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap();
    assert_eq!(found.lines().count(), expected.lines().count());
    for (place, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "text {place}");
    }
}
