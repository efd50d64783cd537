//! Properties of the features of any text.

use crate::feature;
use leaning_style::{ENGLISH, Lexicon};
use proptest::prelude::*;

const SHARES: [&str; 6] = [
    "style:lists",
    "style:code",
    "style:questions",
    "style:exclamations",
    "style:contractions",
    "style:directness",
];

const AVERAGES: [&str; 9] = [
    "style:sentence-length",
    "style:word-length",
    "style:paragraph-length",
    "style:lists",
    "style:code",
    "style:questions",
    "style:exclamations",
    "style:formality",
    "style:directness",
];

/// Texts full of the marks that reading depends on, in any order, with letters of any script.
fn hostile_text() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(vec![
        "\n",
        "```",
        "~~~\n",
        "# ",
        "\n- ",
        "\n12. ",
        "**",
        "_",
        "](",
        ")",
        "http://",
        "for example",
        "I don’t know",
        "? ",
        "e.g.",
        "\u{200d}\u{1f389}",
    ]);
    let piece = prop_oneof![
        16 => marks.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "\\PC{0,12}",
        1 => "[a-z',.-]{0,40}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_text_has_finite_features_and_its_shares_lie_between_0_and_1(text in hostile_text()) {
        let features = Lexicon::new(&ENGLISH).measure(&text);
        prop_assert!(features.iter().all(|feature| feature.is_finite()), "{features:?}");
        for name in SHARES {
            let share = feature(&features, name);
            prop_assert!((0.0..=1.0).contains(&share), "{name}: {share}");
        }
    }

    #[test]
    fn a_paragraph_given_twice_has_the_averages_of_one(
        text in "[a-z]{1,9}( [a-z]{1,9}){0,20}[.?!]",
    ) {
        let lexicon = Lexicon::new(&ENGLISH);
        let once = lexicon.measure(&text);
        let twice = lexicon.measure(&format!("{text}\n\n{text}"));
        for name in AVERAGES {
            let (once, twice) = (feature(&once, name), feature(&twice, name));
            prop_assert!((once - twice).abs() <= 1e-12 * once.abs(), "{name}: {once}, {twice}");
        }
    }
}
