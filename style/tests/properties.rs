//! Whatever the text.

use leaning_style::{ENGLISH, FEATURES, Lexicon};
use proptest::prelude::*;

/// What reading decides by, in any order, among letters of any script.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("```".to_owned()),
        Just("~~~\n".to_owned()),
        Just("# ".to_owned()),
        Just("\n- ".to_owned()),
        Just("\n12. ".to_owned()),
        Just("**".to_owned()),
        Just("_".to_owned()),
        Just("](".to_owned()),
        Just(")".to_owned()),
        Just("http://".to_owned()),
        Just("for example".to_owned()),
        Just("I don’t know".to_owned()),
        Just("? ".to_owned()),
        Just("e.g.".to_owned()),
        Just("\u{200d}\u{1f389}".to_owned()),
        any::<char>().prop_map(String::from),
        "\\PC{0,12}",
        "[a-z',.-]{0,40}",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_text_has_finite_features_and_shares_are_shares(text in nasty()) {
        let features = Lexicon::new(&ENGLISH).measure(&text);
        prop_assert!(features.iter().all(|x| x.is_finite()), "{features:?}");
        for share in ["style:lists", "style:code", "style:questions", "style:exclamations", "style:contractions",
                      "style:directness"] {
            let place = FEATURES.iter().position(|feature| feature.name == share).unwrap();
            prop_assert!((0.0..=1.0).contains(&features[place]), "{share}: {}", features[place]);
        }
    }

    #[test]
    fn another_paragraph_of_the_same_text_changes_no_average(text in "[a-z]{1,9}( [a-z]{1,9}){0,20}[.?!]") {
        let lexicon = Lexicon::new(&ENGLISH);
        let (once, twice) = (lexicon.measure(&text), lexicon.measure(&format!("{text}\n\n{text}")));
        for name in ["style:sentence-length", "style:word-length", "style:paragraph-length", "style:lists", "style:code",
                     "style:questions", "style:exclamations", "style:formality", "style:directness"] {
            let place = FEATURES.iter().position(|feature| feature.name == name).unwrap();
            let (once, twice) = (once[place], twice[place]);
            prop_assert!((once - twice).abs() <= 1e-12 * once.abs(), "{name}: {once}, {twice}");
        }
    }
}
