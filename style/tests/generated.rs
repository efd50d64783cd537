//! What is generated from the source is as it would be generated now, and what is measured is as it was.

mod common;

use common::{root, texts};
use leaning_style::{ENGLISH, FEATURES, Lexicon, document};
use std::fs;

#[test]
fn the_documentation_is_that_of_the_source() {
    let how = "`cargo run -p leaning-style --example document` writes it anew";
    for (file, expected) in [("docs/style.md", document::markdown()), ("js/style-features.js", document::javascript())]
    {
        assert!(fs::read_to_string(root().join(file)).unwrap() == expected, "{file} is stale: {how}");
    }
}

#[test]
fn every_feature_has_a_name_a_dimension_a_formula_and_a_source_of_its_own() {
    for (k, feature) in FEATURES.iter().enumerate() {
        assert!(feature.name.starts_with("style:") && feature.sign.abs() == 1.0);
        assert!(!feature.formula.is_empty() && !feature.source.is_empty());
        for other in &FEATURES[..k] {
            assert!(feature.name != other.name && feature.dimension != other.dimension, "{}", feature.name);
        }
    }
}

/// The same file is what the browser's side is held to, in tests/e2e/style.test.mjs. `LEANING_WRITE=1` writes it anew.
#[test]
fn the_texts_have_the_bits_on_record() {
    let lexicon = Lexicon::new(&ENGLISH);
    let line = |text: &String| {
        let bits: Vec<String> = lexicon.measure(text).iter().map(|x| format!("{:016x}", x.to_bits())).collect();
        bits.join(" ") + "\n"
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
