//! Decks that are built, read, or refused.

use crate::common::{DeckParts, ask, gaussian, matrix, nine_pairs, rows, vector};
use leaning::format::deck::PriorFile;
use leaning::model::DeckBuilder;
use leaning::model::deck::MAX_COMPONENTS;
use leaning::nalgebra::{DMatrix, DVector};
use leaning::{
    AnswerKind, AnswerModel, Deck, DeckCandidate, Dimension, Error, Interview, MixtureComponent,
    Options, Prior, Prompt,
};
use serde_json::{Value, json};

fn two_prompts() -> DeckBuilder {
    Deck::builder("replies")
        .dimension(Dimension::new("brevity").ends("thorough", "brief"))
        .dimension(Dimension::new("warmth"))
        .prompt(
            "p1",
            [
                DeckCandidate::new("a", [1.0, 0.2]),
                DeckCandidate::new("b", [-1.0, 0.1]),
            ],
        )
        .prompt(
            "p2",
            [
                DeckCandidate::new("a", [0.1, 1.0]),
                DeckCandidate::new("b", [0.3, -1.0]),
            ],
        )
}

/// The place and the message of the flaw that keeps a deck from being built.
fn build_flaw(builder: DeckBuilder) -> (String, String) {
    deck_flaw(builder.build())
}

fn deck_flaw(deck: Result<Deck, Error>) -> (String, String) {
    match deck {
        Err(Error::Deck(flaw)) => (flaw.path().to_owned(), flaw.message().to_owned()),
        other => panic!("no flaw was found: {other:?}"),
    }
}

#[test]
fn a_deck_that_is_built_is_the_deck_that_is_read_from_the_same_content() {
    let built = two_prompts()
        .version("7")
        .language("de")
        .title("Antworten")
        .prior(gaussian([0.5, -1.0], [[2.0, 0.5], [0.5, 1.0]]))
        .answer_model(AnswerModel::new(0.1, 0.25).unwrap())
        .candidates_per_question(3)
        .build()
        .unwrap();
    let read = Deck::from_json(
        r#"{
            "format": "leaning-deck/1", "id": "replies", "version": "7", "language": "de",
            "title": "Antworten", "candidatesPerQuestion": 3,
            "dimensions": [{ "id": "brevity", "low": "thorough", "high": "brief" },
                           { "id": "warmth" }],
            "prior": { "mean": [0.5, -1], "covariance": [[2, 0.5], [0.5, 1]] },
            "answers": { "lapse": 0.1, "indifference": 0.25 },
            "prompts": [
                { "id": "p1", "candidates": [{ "id": "a", "scores": [1, 0.2] },
                                             { "id": "b", "scores": [-1, 0.1] }] },
                { "id": "p2", "candidates": [{ "id": "a", "scores": [0.1, 1] },
                                             { "id": "b", "scores": [0.3, -1] }] }
            ]
        }"#,
    )
    .unwrap();
    assert_eq!((built.id(), built.version()), (read.id(), read.version()));
    assert_eq!(
        (built.language(), built.title()),
        (Some("de"), Some("Antworten"))
    );
    assert_eq!(
        (read.language(), read.title()),
        (Some("de"), Some("Antworten"))
    );
    assert_eq!(built.dimensions(), read.dimensions());
    assert_eq!(built.prompts(), read.prompts());
    assert_eq!(built.answer_model(), read.answer_model());
    assert_eq!(
        built.candidates_per_question(),
        read.candidates_per_question()
    );
    assert_eq!(built.rms_differences(), read.rms_differences());
    assert_eq!(built.prior().mean(), read.prior().mean());
    assert_eq!(built.prior().covariance(), read.prior().covariance());
}

#[test]
fn a_deck_cannot_be_built_from_invalid_content() {
    let candidates = |scores: [&[f64]; 2]| {
        [
            DeckCandidate::new("a", scores[0]),
            DeckCandidate::new("b", scores[1]),
        ]
    };
    let with = |scores| two_prompts().prompt("p3", candidates(scores));
    let cases = [
        (Deck::builder(""), "id", "empty"),
        (Deck::builder("a/b"), "id", "/"),
        (Deck::builder("none"), "dimensions", "found 0"),
        (
            two_prompts().dimension(Dimension::new("warmth")),
            "dimensions[2].id",
            "twice",
        ),
        (
            two_prompts().dimension(Dimension::new("")),
            "dimensions[2].id",
            "empty",
        ),
        (two_prompts().prompt("p1", []), "prompts[2].id", "twice"),
        (
            with([&[1.0], &[0.0, 0.0]]),
            "prompts[2].candidates[0].scores",
            "2 numbers, found 1",
        ),
        (
            with([&[0.0, 0.0], &[0.0, f64::NAN]]),
            "prompts[2].candidates[1].scores[1]",
            "range",
        ),
        (
            with([&[0.0, 2e100], &[0.0, 0.0]]),
            "prompts[2].candidates[0].scores[1]",
            "range",
        ),
        (
            two_prompts().candidates_per_question(1),
            "candidatesPerQuestion",
            "2 to 4",
        ),
        (
            two_prompts().candidates_per_question(5),
            "candidatesPerQuestion",
            "2 to 4",
        ),
        (
            two_prompts().prior(gaussian([0.0], [[1.0]])),
            "prior",
            "expected 2 dimensions, found 1",
        ),
    ];
    for (builder, place, says) in cases {
        let (path, message) = build_flaw(builder);
        assert_eq!(path, place, "{message}");
        assert!(message.contains(says), "{message}");
    }
    let wide = (0..65).fold(Deck::builder("wide"), |builder, j| {
        builder.dimension(Dimension::new(format!("d{j}")))
    });
    assert_eq!(build_flaw(wide).0, "dimensions");
    let alike = Deck::builder("alike")
        .dimension(Dimension::new("d"))
        .prompt(
            "p",
            [
                DeckCandidate::new("a", [1.0]),
                DeckCandidate::new("b", [1.0]),
            ],
        );
    assert!(build_flaw(alike).1.contains("nothing to ask"));
}

#[test]
fn sixty_four_dimensions_are_still_a_deck() {
    let dimensions: Vec<Value> = (0..64).map(|j| json!({ "id": format!("d{j}") })).collect();
    let (ones, zeros) = (vec![1.0; 64], vec![0.0; 64]);
    let candidates = json!([{ "id": "a", "scores": ones }, { "id": "b", "scores": zeros }]);
    let deck = json!({ "format": "leaning-deck/1", "id": "wide", "dimensions": dimensions,
                       "prompts": [{ "id": "p", "candidates": candidates }] });
    assert_eq!(Deck::read(deck).unwrap().dimensions().len(), 64);
}

#[test]
fn candidates_are_found_by_their_full_names_within_one_prompt() {
    let deck = nine_pairs().deck();
    let find = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        deck.find_candidates(&names)
    };
    assert_eq!(deck.candidate_name(1, 2), "p2/c");
    assert_eq!(find(&["p2/c", "p2/a"]), Some((1, vec![2, 0])));
    for unknown in [
        &[][..],
        &["p2/a", "p1/b"],
        &["p2/d"],
        &["p9/a"],
        &["p2"],
        &["p2/a/b"],
    ] {
        assert_eq!(find(unknown), None, "{unknown:?}");
    }
}

#[test]
fn the_rms_difference_is_taken_over_all_pairs_within_prompts() {
    let deck = DeckParts::new(&[
        &[&[1.0, 5.0], &[3.0, 5.0]],
        &[&[0.0, 5.0], &[1.0, 5.0], &[3.0, 5.0]],
    ])
    .deck();
    // (2² + 1² + 3² + 2²) / 4 pairs.
    assert!((deck.rms_differences()[0] - 4.5_f64.sqrt()).abs() < 1e-15);
    assert_eq!(deck.rms_differences()[1], 0.0);
    // N(0, 4 / (d·v)), and 4 / d for a dimension that never varies.
    let expected = matrix([[4.0 / (2.0 * 4.5), 0.0], [0.0, 4.0 / 2.0]]);
    assert!((deck.prior().covariance() - expected).amax() < 1e-15);
    assert_eq!(deck.prior().mean(), &vector(&[0.0, 0.0]));
}

#[test]
fn a_deck_with_another_prior_is_the_same_otherwise() {
    let deck = nine_pairs().deck();
    let other = deck
        .with_prior(gaussian([1.0, 2.0], [[1.0, 0.0], [0.0, 1.0]]))
        .unwrap();
    assert_eq!(other.prior().mean(), &vector(&[1.0, 2.0]));
    assert_eq!((other.prompts(), other.id()), (deck.prompts(), deck.id()));
    assert_eq!(
        deck_flaw(deck.with_prior(gaussian([1.0], [[1.0]]))).0,
        "prior"
    );
}

#[test]
fn a_prior_that_is_written_and_read_again_is_the_same_distribution() {
    let component = |weight, mean: [f64; 2], covariance| {
        MixtureComponent::new(weight, vector(&mean), matrix(covariance)).unwrap()
    };
    let mixture = vec![
        component(0.25, [1.0, -1.0], [[1.0, 0.5], [0.5, 2.0]]),
        component(0.75, [-2.0, 0.5], [[3.0, -1.0], [-1.0, 0.75]]),
    ];
    for prior in [
        gaussian([0.3, -0.2], [[3.0, 1.0], [1.0, 2.0]]),
        Prior::mixture(mixture).unwrap(),
    ] {
        let mut json = nine_pairs().json();
        json["prior"] = serde_json::to_value(PriorFile::from(&prior)).unwrap();
        let again = Deck::read(json).unwrap().prior().clone();
        assert_eq!(again.components().len(), prior.components().len());
        for (again, prior) in again.components().iter().zip(prior.components()) {
            assert_eq!(
                (again.weight(), again.mean()),
                (prior.weight(), prior.mean())
            );
            assert!((again.covariance() - prior.covariance()).amax() < 1e-15);
        }
    }
}

/// A deck with a prior of one component.
fn one_component() -> Value {
    let mut deck = nine_pairs().json();
    deck["prior"] = json!({ "components": [
        { "weight": 0.7, "mean": [0.3, -0.2], "covariance": [[3.0, 1.0], [1.0, 2.0]] }
    ] });
    deck
}

#[test]
fn a_broken_component_is_named_by_its_place() {
    let valid = json!({ "weight": 1, "mean": [0, 0], "covariance": [[1, 0], [0, 1]] });
    let with = |components: Value| {
        let mut deck = one_component();
        deck["prior"] = json!({ "components": components });
        deck_flaw(Deck::read(deck))
    };
    let second = |change: &dyn Fn(&mut Value)| {
        let mut broken = valid.clone();
        change(&mut broken);
        with(json!([valid, broken, valid]))
    };
    let without = |name: &'static str| {
        second(&|component| drop(component.as_object_mut().unwrap().remove(name)))
    };
    let setting =
        |name: &'static str, value: Value| second(&|component| component[name] = value.clone());
    let is = |(path, message): (String, String), place: &str, says: &str| {
        assert_eq!((path.as_str(), message.as_str()), (place, says));
    };
    let weight = "prior.components[1].weight";
    is(
        setting("weight", json!(0)),
        weight,
        "expected a number above 0",
    );
    is(
        setting("weight", json!(-2.5)),
        weight,
        "expected a number above 0",
    );
    for (path, _) in [
        without("weight"),
        setting("weight", json!("much")),
        setting("weight", json!(2e100)),
    ] {
        assert_eq!(path, weight);
    }
    let mean = "prior.components[1].mean";
    is(without("mean"), mean, "missing");
    is(
        setting("mean", json!([1])),
        mean,
        "expected 2 numbers, found 1",
    );
    is(
        setting("mean", json!([1, 2, 3])),
        mean,
        "expected 2 numbers, found 3",
    );
    assert_eq!(
        setting("mean", json!([1, "2"])).0,
        "prior.components[1].mean[1]"
    );
    let covariance = "prior.components[1].covariance";
    let set = |rows: Value| setting("covariance", rows);
    is(without("covariance"), covariance, "missing");
    is(set(json!([[1, 0]])), covariance, "expected 2 rows, found 1");
    is(
        set(json!([[1, 0], [0, 1], [0, 0]])),
        covariance,
        "expected 2 rows, found 3",
    );
    let row = format!("{covariance}[1]");
    is(
        set(json!([[1, 0], [0]])),
        &row,
        "expected 2 numbers, found 1",
    );
    is(
        set(json!([[1, 0.5], [0, 1]])),
        covariance,
        "not symmetric in row 1, column 0",
    );
    is(
        set(json!([[1, 2], [2, 1]])),
        covariance,
        "not positive definite",
    );
    is(
        set(json!([[0, 0], [0, 1]])),
        covariance,
        "not positive definite",
    );
    assert_eq!(with(json!([valid, 7])).0, "prior.components[1]");
    assert_eq!(with(json!({})).0, "prior.components");
}

#[test]
fn a_prior_has_one_to_a_hundred_components() {
    let component = json!({ "weight": 1, "mean": [0, 0], "covariance": [[1, 0], [0, 1]] });
    let with = |count: usize| {
        let mut deck = one_component();
        deck["prior"] = json!({ "components": vec![component.clone(); count] });
        Deck::read(deck)
    };
    assert_eq!(MAX_COMPONENTS, 100);
    assert_eq!(
        with(MAX_COMPONENTS).unwrap().prior().components().len(),
        MAX_COMPONENTS
    );
    let (path, message) = deck_flaw(with(MAX_COMPONENTS + 1));
    assert_eq!(path, "prior.components");
    assert_eq!(message, "expected at most 100 components, found 101");
    let (path, message) = deck_flaw(with(0));
    assert_eq!(path, "prior.components");
    assert_eq!(message, "expected at least one component");
}

#[test]
fn components_are_refused_if_their_shares_have_no_positive_finite_sum() {
    let part = |share| MixtureComponent::new(share, vector(&[0.0]), matrix([[1.0]])).unwrap();
    for shares in [
        vec![],
        vec![0.0],
        vec![1.0, -1.0],
        vec![f64::NAN],
        vec![1.0, f64::INFINITY],
        vec![f64::MAX; 2],
    ] {
        let components = shares.iter().map(|&share| part(share)).collect();
        let error = Prior::mixture(components).unwrap_err();
        assert_eq!(
            (error.code(), error.path()),
            ("model", Some("components")),
            "{shares:?}"
        );
    }
    let unit = matrix([[1.0, 0.0], [0.0, 1.0]]);
    let other = MixtureComponent::new(1.0, vector(&[0.0, 0.0]), unit).unwrap();
    let error = Prior::mixture(vec![part(1.0), other]).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("component 1 has other dimensions than the first")
    );
}

#[test]
fn a_question_shows_two_to_four_candidates() {
    let with = |name: &str, count: Value| {
        let mut deck = one_component();
        deck[name] = count;
        Deck::read(deck)
    };
    assert_eq!(
        Deck::read(one_component())
            .unwrap()
            .candidates_per_question(),
        2
    );
    // Decks of earlier versions call it `choose`.
    for name in ["candidatesPerQuestion", "choose"] {
        for count in [2, 3, 4] {
            assert_eq!(
                with(name, json!(count)).unwrap().candidates_per_question(),
                count
            );
        }
        for count in [json!(0), json!(1), json!(5), json!(-3), json!(2.5)] {
            let (path, message) = deck_flaw(with(name, count));
            assert_eq!(
                (path.as_str(), &message[..]),
                (name, "expected a whole number from 2 to 4")
            );
        }
        for count in [json!("3"), json!(true), json!([3]), json!({})] {
            assert_eq!(deck_flaw(with(name, count)).0, name);
        }
    }
    // The options take precedence over the deck.
    let shown = |candidates_per_question| {
        let deck = with("candidatesPerQuestion", json!(3)).unwrap();
        let options = Options {
            candidates_per_question,
            seed: Some(1),
            ..Options::default()
        };
        let mut interview = Interview::start(deck, options).unwrap();
        ask(&mut interview).unwrap().candidates.len()
    };
    assert_eq!((shown(None), shown(Some(2)), shown(Some(3))), (3, 2, 3));
}

#[test]
fn the_texts_of_a_deck_are_read() {
    let mut json = nine_pairs().json();
    json["dimensions"][0] = json!({ "id": "d0", "label": "Length", "low": "thorough",
                                    "high": "brief", "description": "How long it is." });
    json["prompts"][0]["text"] = json!("How do I boil an egg?");
    json["prompts"][0]["candidates"][1]["text"] = json!("Eight minutes.");
    let deck = Deck::read(&json).unwrap();
    let expected = Dimension {
        id: "d0".to_owned(),
        label: "Length".to_owned(),
        low: "thorough".to_owned(),
        high: "brief".to_owned(),
        description: Some("How long it is.".to_owned()),
        curved: false,
    };
    assert_eq!(deck.dimensions()[0], expected);
    assert_eq!(deck.dimensions()[1], Dimension::new("d1"));
    let Prompt {
        text, candidates, ..
    } = &deck.prompts()[0];
    assert_eq!(text, "How do I boil an egg?");
    assert_eq!(
        (&candidates[0].text[..], &candidates[1].text[..]),
        ("", "Eight minutes.")
    );
    assert_eq!(
        rows(&deck.prompts()[0].scores()),
        [[1.0, -0.7, 0.1], [0.2, 0.9, -1.1]]
    );
}

/// A deck of prompts with these numbers of candidates, in one dimension.
fn sized(candidates: &[usize], kind: AnswerKind) -> Result<Deck, Error> {
    let prompts = candidates.iter().enumerate().map(|(place, &count)| Prompt {
        id: place.to_string(),
        text: String::new(),
        candidates: (0..count)
            .map(|place| DeckCandidate::new(place.to_string(), [place as f64]))
            .collect(),
    });
    let builder = Deck::builder("sized").dimension(Dimension::new("d"));
    builder.prompts(prompts).answer_kind(kind).build()
}

#[test]
fn a_deck_has_a_largest_size() {
    // 1,414 candidates make 998,991 pairs, one more 1,000,405.
    assert!(sized(&[1414], AnswerKind::Choice).is_ok());
    let (path, message) = deck_flaw(sized(&[1415], AnswerKind::Choice));
    assert_eq!(path, "prompts");
    assert!(
        message.ends_with("pairs of candidates, found 1000405"),
        "{message}"
    );
    // Ratings are about one candidate at a time.
    assert!(sized(&[10_000], AnswerKind::Rating { of: 5 }).is_ok());
    let (path, message) = deck_flaw(sized(&[2, 10_001], AnswerKind::Rating { of: 5 }));
    assert_eq!(path, "prompts[1].candidates");
    assert_eq!(message, "expected at most 10000, found 10001");
    let (path, message) = deck_flaw(sized(&[1; 100_001], AnswerKind::Choice));
    assert_eq!(path, "prompts");
    assert_eq!(message, "expected at most 100000, found 100001");
}

#[test]
fn a_prior_has_fewer_components_the_more_dimensions_there_are() {
    let with = |d: usize, count: usize| {
        let part = MixtureComponent::new(1.0, DVector::zeros(d), DMatrix::identity(d, d)).unwrap();
        let scores = |sign: f64| vec![sign; d];
        let builder = Deck::builder("wide").prior(Prior::mixture(vec![part; count]).unwrap());
        let dimensions = (0..d).map(|j| Dimension::new(j.to_string()));
        dimensions
            .fold(builder, DeckBuilder::dimension)
            .prompt(
                "p",
                [
                    DeckCandidate::new("a", scores(1.0)),
                    DeckCandidate::new("b", scores(-1.0)),
                ],
            )
            .build()
    };
    assert!(with(16, 100).is_ok() && with(64, 25).is_ok());
    let (path, message) = deck_flaw(with(64, 26));
    assert_eq!(path, "prior.components");
    assert_eq!(message, "expected at most 25 components, found 26");
}
