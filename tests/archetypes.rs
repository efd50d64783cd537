//! The archetype that a person is closest to.

use leaning::{Answer, Archetype, Deck, DeckCandidate, Dimension, Interview, Options};

fn archetype(id: &str, weights: &[(&str, f64)]) -> Archetype {
    Archetype {
        id: id.to_owned(),
        name: format!("The {id}"),
        text: None,
        weights: weights
            .iter()
            .map(|&(id, weight)| (id.to_owned(), weight))
            .collect(),
    }
}

/// Warmth has scores of a tenth, so that its weights have to be multiplied by their differences.
fn interview(archetypes: &[Archetype]) -> Interview {
    let mut deck = Deck::builder("people")
        .dimension(Dimension::new("brevity"))
        .dimension(Dimension::new("warmth"));
    for place in 0..20 {
        let side = if place % 2 == 0 { 0.1 } else { -0.1 };
        let candidates = [
            DeckCandidate::new("a", [1.0, side]),
            DeckCandidate::new("b", [-1.0, -side]),
        ];
        deck = deck.prompt(format!("p{place}"), candidates);
    }
    for archetype in archetypes {
        deck = deck.archetype(archetype.clone());
    }
    let options = Options {
        seed: Some(1),
        ..Options::default()
    };
    Interview::start(deck.build().unwrap(), options).unwrap()
}

/// Answers as somebody with these weights does.
fn answer_as(interview: &mut Interview, weights: [f64; 2]) {
    while let Some(question) = interview.question().unwrap() {
        let reward = |place: usize| -> f64 {
            let scores = &question.candidates[place].scores;
            weights[0] * scores[0] + weights[1] * scores[1]
        };
        let chose = usize::from(reward(1) > reward(0));
        interview.answer(Answer::Chose(chose)).unwrap();
    }
}

fn four() -> Vec<Archetype> {
    vec![
        archetype("brief", &[("brevity", 1.0)]),
        archetype("thorough", &[("brevity", -3.0)]),
        archetype("warm", &[("warmth", 1.0)]),
        archetype("cool", &[("warmth", -0.5)]),
    ]
}

#[test]
fn a_person_is_closest_to_the_archetype_of_their_direction() {
    for (weights, expected) in [
        ([2.0, 0.0], 0),
        ([-2.0, 0.0], 1),
        ([0.0, 30.0], 2),
        ([1.0, -60.0], 3),
    ] {
        let mut interview = interview(&four());
        answer_as(&mut interview, weights);
        let found = interview.archetype().unwrap().unwrap();
        assert_eq!(found.archetype, expected, "{weights:?}");
        assert!((0.5..=1.0).contains(&found.probability), "{found:?}");
    }
}

#[test]
fn nobody_is_named_before_an_answer_or_without_archetypes() {
    assert_eq!(interview(&four()).archetype().unwrap(), None);
    let mut without = interview(&[]);
    answer_as(&mut without, [2.0, 0.0]);
    assert_eq!(without.archetype().unwrap(), None);
}

#[test]
fn nobody_is_named_who_is_on_the_other_side_or_between_several() {
    let mut brief = interview(&four()[1..2]);
    answer_as(&mut brief, [2.0, 0.0]);
    assert_eq!(brief.archetype().unwrap(), None);
    // Three that are alike share the probability.
    let alike = ["a", "b", "c"].map(|id| {
        let tilt = match id {
            "a" => 1.0,
            "b" => -1.0,
            _ => 0.0,
        };
        archetype(id, &[("brevity", 1.0), ("warmth", tilt)])
    });
    let mut between = interview(&alike);
    between.question().unwrap();
    between.set_weight("brevity", 1.0).unwrap();
    let found = between.archetype().unwrap();
    assert!(
        found.is_none_or(|found| found.probability < 0.7),
        "{found:?}"
    );
}
