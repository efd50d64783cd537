//! Each feature of texts that were counted by hand.

use crate::feature;
use leaning_style::{ENGLISH, FEATURES, Language, Lexicon};

#[track_caller]
fn assert_measures(name: &str, text: &str, expected: f64) {
    let found = feature(&Lexicon::new(&ENGLISH).measure(text), name);
    let tolerance = 1e-12 * expected.abs().max(1.0);
    assert!(
        (found - expected).abs() <= tolerance,
        "{name} of {text:?}: {found}, not {expected}"
    );
}

/// √(100 · count / (words + 20))
fn rate(count: f64, words: f64) -> f64 {
    (100.0 * count / (words + 20.0)).sqrt()
}

#[test]
fn a_text_without_words_has_the_neutral_value_of_every_feature() {
    for text in ["", "  \n\n", "---", "***"] {
        for feature in FEATURES {
            let neutral = match feature.name {
                "style:formality" => 50.0,
                "style:contractions" => 0.5,
                _ => 0.0,
            };
            assert_measures(feature.name, text, neutral);
        }
    }
}

#[test]
fn words_are_runs_of_letters_and_digits() {
    let words = |text: &str, count: f64| assert_measures("style:words", text, (1.0 + count).ln());
    words("one two, three", 3.0);
    words("don't well-known e.g. 1,000 3.5 it’s", 6.0);
    words("a,b x--y snake_case 'quoted'", 7.0);
    words("- item\n2. second\n# heading\n> quote", 4.0);
    words(
        "see https://example.org/a/b?c and [here](https://example.org) www.example.org",
        3.0,
    );
    words("before\n```\ncode is not read\n```\nafter", 2.0);
    words("naïve cafe\u{301} Привет 我喜欢", 4.0);
    words("| a | b |\n|---|---|\n| c | d |", 4.0);
}

#[test]
fn sentences_end_at_marks_before_space_and_with_their_block() {
    let length = |text: &str, words: f64, sentences: f64| {
        assert_measures(
            "style:sentence-length",
            text,
            (1.0 + words / sentences).ln(),
        );
    };
    length("One two. Three four five six.", 6.0, 2.0);
    length("It is 3.5 m by a.b. Yes", 7.0, 2.0);
    length("Ask Dr. Smith or J. Doe, e.g. today.", 8.0, 1.0);
    length("- one two\n- three four", 4.0, 2.0);
    length("wrapped\nline here", 3.0, 1.0);
    length("One paragraph\n\nanother one", 4.0, 2.0);
    length("# A heading of words\nOne two three.", 3.0, 1.0);
    length("He said \"Stop.\" (Then he left.) Gone!", 7.0, 3.0);
    length("Really?! Yes... 真的吗？是的。", 4.0, 4.0);
}

#[test]
fn word_length_counts_letters_only() {
    assert_measures(
        "style:word-length",
        "to be, don't 42",
        (2.0 + 2.0 + 4.0) / 4.0,
    );
    assert_measures("style:word-length", "extraordinary", 13.0);
}

#[test]
fn paragraphs_items_and_rows_are_blocks() {
    let length = |text: &str, words: f64, blocks: f64| {
        assert_measures("style:paragraph-length", text, (1.0 + words / blocks).ln());
    };
    length("one two\nthree\n\nfour", 4.0, 2.0);
    length("one:\n- two three\n- four\nfive", 5.0, 3.0);
    length("# heading\none two", 2.0, 1.0);
    length("| a | b |\n| c | d |", 4.0, 2.0);
}

#[test]
fn lists_are_the_share_of_words_in_items_and_rows() {
    assert_measures("style:lists", "one two\n- three\n- four", 0.5);
    assert_measures(
        "style:lists",
        "1. one\n   and more\n\n   and more\n\nnot that",
        5.0 / 7.0,
    );
    assert_measures("style:lists", "1234567890. no list - at all", 0.0);
    assert_measures("style:lists", "* a\n+ b\n• c\n3) d\n| e |", 1.0);
}

#[test]
fn headings_begin_with_hashes_or_are_bold_as_a_whole() {
    let headings =
        |text: &str, count: f64| assert_measures("style:headings", text, (1.0 + count).ln());
    headings("# One\n###### Six\n**Bold:**\n**Bold**:\ntext", 4.0);
    headings(
        "#hashtag\n####### seven\n**bold** and more\n**a** **b**",
        0.0,
    );
}

#[test]
fn emphases_are_spans_within_a_block() {
    assert_measures(
        "style:emphasis",
        "one **two** _three_ *four five*",
        rate(3.0, 5.0),
    );
    assert_measures(
        "style:emphasis",
        "2 * 3 * 4 and snake_case_name, *open \\*no\\* \\_no\\_",
        0.0,
    );
    assert_measures("style:emphasis", "*open\n\nand close*", 0.0);
}

#[test]
fn code_is_the_share_of_lines_between_fences() {
    assert_measures("style:code", "one\n\n```rust\na\n\nb\n```\ntwo", 0.5);
    assert_measures("style:code", "~~~\nall\n```\nof it", 1.0);
    assert_measures("style:code", "```not a fence``` in prose", 0.0);
}

#[test]
fn questions_and_exclamations_are_shares_of_sentences() {
    assert_measures(
        "style:questions",
        "Why? Because. Is it? So.",
        (2.0_f64 / 4.0).sqrt(),
    );
    assert_measures(
        "style:questions",
        "What a day?! \"Why?\" Done",
        (2.0_f64 / 3.0).sqrt(),
    );
    assert_measures("style:exclamations", "What a day?! Wow! Done. Fine.", 0.5);
    assert_measures("style:exclamations", "x = !y and a != b", 0.0);
}

#[test]
fn an_emoji_of_several_characters_counts_once() {
    assert_measures(
        "style:emoji",
        "one two 🎉 three 👍🏽 four 👩‍👩‍👧 ❤️",
        rate(4.0, 4.0),
    );
    assert_measures("style:emoji", "→ © ½ 我", 0.0);
}

#[test]
fn address_and_self_mention_count_pronouns() {
    assert_measures(
        "style:address",
        "You and your friend, you're two",
        rate(3.0, 6.0),
    );
    assert_measures(
        "style:self-mention",
        "I'm sure we like my plan best",
        rate(3.0, 7.0),
    );
}

#[test]
fn hedges_and_boosters_are_words_and_phrases() {
    assert_measures(
        "style:hedging",
        "Perhaps it could, in my opinion, kind of work",
        rate(4.0, 9.0),
    );
    assert_measures("style:hedging", "In my. Opinion", 0.0);
    assert_measures(
        "style:boosting",
        "It is definitely, of course, ALWAYS so",
        rate(3.0, 7.0),
    );
}

#[test]
fn warmth_counts_thanks_care_and_wishes() {
    assert_measures(
        "style:warmth",
        "Thank you, that is wonderful. Don’t worry!",
        rate(3.0, 7.0),
    );
    assert_measures("style:warmth", "The invoice was paid on Monday.", 0.0);
}

#[test]
fn formality_compares_naming_words_with_pointing_words() {
    // "the" and "a" are articles, "of" is a preposition, "implementation" and "regulation" have
    // the endings: 5 of 7 words name, none points.
    assert_measures(
        "style:formality",
        "the implementation of a regulation requires care",
        50.0 + 50.0 * 5.0 / 7.0,
    );
    // "Well" is an adverb and an interjection, "you" and "it" are pronouns, "know" and "go" verbs,
    // and "don't" is one verb.
    assert_measures(
        "style:formality",
        "Well, you know it. Don't go",
        50.0 - 50.0 * 7.0 / 6.0,
    );
    // "quickly" is an adverb by its ending.
    assert_measures("style:formality", "cats quickly climb", 50.0 - 50.0 / 3.0);
}

#[test]
fn contractions_are_a_share_of_the_occasions_for_one() {
    assert_measures(
        "style:contractions",
        "Don't; it's John's. I do not",
        (2.0 + 0.5) / (2.0 + 1.0 + 1.0),
    );
    assert_measures(
        "style:contractions",
        "They’ve said we’ll see",
        (2.0 + 0.5) / 3.0,
    );
    assert_measures(
        "style:contractions",
        "You are here, I am not, cannot",
        0.5 / 4.0,
    );
}

#[test]
fn directives_have_an_imperative_or_an_obligation() {
    assert_measures(
        "style:directness",
        "Open the lid. Please close it. It opens. You must wait.",
        0.75,
    );
    assert_measures(
        "style:directness",
        "You may open it. They need to rest.",
        0.5,
    );
    assert_measures(
        "style:directness",
        "Do you think so? Do it. Must you?",
        2.0 / 3.0,
    );
    assert_measures(
        "style:directness",
        "- Fill it\n- Stir it\n- Then wait",
        2.0 / 3.0,
    );
}

#[test]
fn concreteness_compares_things_numerals_and_names_with_abstract_words() {
    // "table", "3" and "Oxford" are concrete, "happiness" and "celebration" abstract. "The" begins
    // the sentence and "I" is a pronoun, so neither is a name.
    assert_measures(
        "style:concreteness",
        "The table, 3 of Oxford; happiness, I celebration",
        1.0 / 6.0,
    );
    assert_measures("style:concreteness", "# Big Red House\n", 0.5);
    assert_measures("style:concreteness", "station nation", -0.5);
}

#[test]
fn examples_and_reasons_count_the_phrases_that_announce_them() {
    assert_measures(
        "style:examples",
        "Fruit, for example this one, e.g. that, such as those",
        rate(3.0, 10.0),
    );
    assert_measures(
        "style:reasoning",
        "Because it rains, we stay; therefore, on the other hand",
        rate(3.0, 10.0),
    );
}

#[test]
fn a_language_is_found_by_its_tag_whatever_the_region() {
    assert_eq!(
        Language::of_tag("en-GB").map(|language| language.tag),
        Some("en")
    );
    assert_eq!(
        Language::of_tag("EN").map(|language| language.tag),
        Some("en")
    );
    for unknown in ["de", "", "eng"] {
        assert!(Language::of_tag(unknown).is_none(), "{unknown}");
    }
}

#[test]
fn function_words_tell_english_from_other_languages() {
    let lexicon = Lexicon::new(&ENGLISH);
    let share = |texts: &[&str]| {
        let counts = texts.iter().map(|text| lexicon.function_words(text));
        let (function_words, words) = counts.fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
        function_words as f64 / words as f64
    };
    let file =
        std::fs::read(crate::texts::root().join("www/decks/assistant-style-en.json")).unwrap();
    let deck: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let prompts = deck["prompts"].as_array().unwrap().iter();
    let replies = prompts.flat_map(|prompt| prompt["candidates"].as_array().unwrap());
    let replies: Vec<&str> = replies
        .map(|reply| reply["text"].as_str().unwrap())
        .collect();
    let english = share(&replies);
    assert!((0.38..0.48).contains(&english), "{english}");
    let others = [
        "Koche das Ei sieben Minuten und schrecke es dann mit kaltem Wasser ab. So bleibt der Dotter \
         in der Mitte noch etwas weich. Das kommt auf die Größe an! Vielleicht magst du es lieber \
         hart. Dann lass es noch drei Minuten länger im heißen Wasser. Man kann auch an einem \
         kleinen Ei üben, bevor Gäste da sind.",
        "Faites cuire l'œuf sept minutes, puis passez-le sous l'eau froide. Le jaune reste un peu \
         mou au milieu. Tout dépend de la taille ! Si vous le préférez dur, laissez-le encore trois \
         minutes dans l'eau chaude. On a souvent plus de chance avec un œuf frais, et il ne faut pas \
         oublier le sel.",
        "Cuece el huevo siete minutos y pásalo luego por agua fría. Así la yema queda un poco blanda \
         en el centro. ¡Depende del tamaño! Si lo prefieres duro, déjalo tres minutos más en el agua \
         caliente. No te olvides de la sal, y si me preguntas a mí, con un huevo fresco es más fácil.",
    ];
    for text in others {
        let share = share(&[text]);
        assert!(share < 0.1, "{share}: {text}");
    }
    assert_eq!(lexicon.function_words(""), (0, 0));
    // It, will and I, would: a contraction is the word before it and a verb.
    assert_eq!(lexicon.function_words("It'll do."), (3, 2));
}
