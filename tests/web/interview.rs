//! An interview from its first question to the ranking.

use super::tab::{SMALL_DECK, Tab, chose, fields, index, list_of, number};
use leaning::question::acquisition::RULES;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

/// The strategies that the typings name.
const STRATEGIES: [&str; 7] = [
    "random",
    "margin",
    "d-optimal",
    "a-optimal",
    "information-gain",
    "decision",
    "thompson",
];

fn in_memory() -> Value {
    json!({ "storage": "memory" })
}

/// A long draft and a short one.
fn drafts() -> Value {
    json!([
        { "id": "long", "scores": [-1, 0, 0, 0, 0, 0] },
        { "id": "short", "scores": [1, 0, 0, 0, 0, 0] }
    ])
}

#[wasm_bindgen_test]
fn an_interview_runs_to_its_end_and_ranks() {
    let tab = Tab::open(json!({ "storage": "memory", "seed": 7, "stop": { "questions": 10 } }));
    assert_eq!(tab.question(), tab.question());
    assert_eq!(tab.answer_as_the_brief(), 10);

    let status = tab.status();
    let counts = ["asked", "answered", "remaining", "entries"].map(|name| index(&status[name]));
    assert_eq!(counts, [10, 10, 0, 10]);
    assert_eq!(status["done"], true);
    assert_eq!(status["reason"], "questions");
    assert_eq!(status["stored"], false);
    assert_eq!(status["undoable"], true);

    let profile = tab.profile();
    assert_eq!(profile["answers"], 10);
    assert_eq!(list_of(&profile["dimensions"]).len(), 6);
    let brevity = &profile["dimensions"][0];
    assert_eq!(brevity["direction"], "high");
    assert_eq!(brevity["confidence"], "high");
    assert!(number(&brevity["probabilityOfDirection"]) >= 0.95);
    assert_eq!(
        (&brevity["standing"], &brevity["strength"]),
        (&json!("leans"), &json!("strong"))
    );
    assert!(brevity.get("statement").is_none());
    assert!(list_of(&profile["personFit"]).is_empty());

    let ranked = tab.rank(drafts(), None).expect("the drafts are valid");
    assert_eq!(
        (&ranked[0]["index"], &ranked[1]["index"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(ranked[0]["reasons"][0]["dimension"], 0);
    assert_eq!(ranked[0]["reasons"][0]["direction"], "high");
    assert!(number(&ranked[0]["probabilityBest"]) > 0.9);
    assert!(ranked[0].get("softmaxProbability").is_none());
    // The deck has no prior, so everybody would get the first of the drafts.
    let [better, best] = ["probabilityBetter", "probabilityBest"].map(|of| number(&ranked[0][of]));
    assert!((better - best).abs() < 1e-12);
    assert_eq!(ranked[1]["populationPick"], true);
    let surely = tab.rank(drafts(), Some(json!({ "atLeast": 1 })));
    let surely = surely.expect("the drafts are valid");
    let is_certain = better == 1.0;
    assert_eq!(surely[0]["index"], if is_certain { 1 } else { 0 });

    let error = tab.answer(json!("tie")).expect_err("nothing is asked");
    assert_eq!(error.code, "answer");
}

#[wasm_bindgen_test]
fn a_temperature_adds_the_probabilities_of_soft_best_of_n() {
    let tab = Tab::open(in_memory());
    tab.set_weight("brevity", 1.0).expect("it is a dimension");
    let ranked = tab
        .rank(drafts(), Some(json!({ "temperature": 2 })))
        .expect("the drafts are valid");
    let [best, other] = [0, 1].map(|place: usize| number(&ranked[place]["softmaxProbability"]));
    let difference = number(&ranked[0]["reward"]) - number(&ranked[1]["reward"]);
    assert!((best + other - 1.0).abs() < 1e-12);
    assert!((best / other - (difference / 2.0).exp()).abs() < 1e-9);
}

#[wasm_bindgen_test]
fn the_profile_of_somebody_who_takes_one_side_says_so() {
    let tab = Tab::open(json!({ "storage": "memory", "seed": 7, "stop": { "questions": 12 } }));
    while tab.question().is_some() {
        tab.answer(chose(0)).expect("a choice is on offer");
    }
    let finding = &tab.profile()["personFit"][0];
    assert_eq!(finding["kind"], "position-bias");
    let probability = number(&finding["probability"]);
    assert!(probability > 0.0 && probability <= 0.01, "{probability}");
}

#[wasm_bindgen_test]
fn an_interview_ends_when_enough_is_known_and_says_why() {
    for (stop, reason, most) in [
        (json!({ "regret": 0.3 }), "regret", 11),
        (json!({ "gain": 0.45 }), "gain", 11),
        (json!({ "questions": 3, "regret": 0.01 }), "questions", 3),
        // The number of questions is the usual one unless it is given.
        (json!({ "regret": 0 }), "questions", 12),
    ] {
        let tab = Tab::open(json!({ "storage": "memory", "stop": stop }));
        let status = tab.status();
        assert!(status.get("reason").is_none(), "{stop}");
        assert_eq!(status["done"], false, "{stop}");
        assert_eq!(status["mayEndEarly"], true, "{stop}");
        let answers = tab.answer_as_the_brief();
        let status = tab.status();
        assert_eq!(status["reason"], reason, "{stop}");
        assert_eq!(
            (&status["done"], &status["remaining"]),
            (&json!(true), &json!(0)),
            "{stop}"
        );
        assert!((1..=most).contains(&answers), "{stop}: {answers}");
        assert!(
            reason != "questions" || answers == most,
            "{stop}: {answers}"
        );
    }
}

#[wasm_bindgen_test]
fn a_question_about_several_candidates_offers_no_tie() {
    for count in [3, 4] {
        let tab = Tab::open(json!({ "storage": "memory", "candidatesPerQuestion": count }));
        let question = tab.question().expect("the interview is not over");
        assert_eq!(list_of(&question["candidates"]).len(), count);
        assert_eq!(question["offered"], json!(["choice", "neither", "skip"]));
        let error = tab.answer(json!("tie")).expect_err("it is not on offer");
        assert_eq!(error.code, "answer");
        tab.answer(chose(count - 1)).expect("it is on offer");
        assert_eq!(tab.status()["answered"], 1);
    }
}

#[wasm_bindgen_test]
fn every_strategy_asks_to_the_end() {
    let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name()).collect();
    names.sort_unstable();
    let mut typed = STRATEGIES;
    typed.sort_unstable();
    assert_eq!(names, typed);
    for strategy in STRATEGIES {
        let tab = Tab::open(json!({
            "storage": "memory", "strategy": strategy, "stop": { "questions": 4 }
        }));
        let question = tab.question().expect("the interview is not over");
        assert_eq!(question["strategy"], strategy);
        assert_eq!(tab.answer_as_the_brief(), 4, "{strategy}");
    }
}

#[wasm_bindgen_test]
fn a_skip_is_asked_and_not_answered() {
    let tab = Tab::open(in_memory());
    let before = tab.laplace_approximation();
    tab.answer_next(json!("skip"));
    let status = tab.status();
    assert_eq!(
        (&status["asked"], &status["answered"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(tab.laplace_approximation(), before);
}

#[wasm_bindgen_test]
fn the_expected_regret_is_about_the_sample() {
    let candidate = |brevity| json!({ "scores": [brevity, 0, 0, 0, 0, 0] });
    for (sample, expected) in [
        // Between equals there is nothing to lose. If one of two is better, without any answer the
        // pick is no better than an average one.
        (json!([[candidate(1), candidate(1)]]), 0.0),
        (json!([[candidate(1), candidate(0)]]), 1.0),
    ] {
        let tab = Tab::open(json!({ "storage": "memory", "sample": sample }));
        let regret = tab.expected_regret();
        // Averaged over a thousand samples of the posterior.
        assert!((regret - expected).abs() < 0.1, "{sample}: {regret}");
    }
}

#[wasm_bindgen_test]
fn an_earlier_answer_counts_less_with_a_half_life() {
    let brevity = |half_life: Option<f64>| {
        let tab = Tab::open(json!({ "storage": "memory", "halfLife": half_life }));
        for short_or_long in [1, 0] {
            tab.observe(drafts(), chose(short_or_long))
                .expect("the drafts are valid");
        }
        number(&tab.laplace_approximation()["mean"][0])
    };
    // The two cancel unless the later one counts more.
    assert!(brevity(None).abs() < 1e-9);
    assert!(brevity(Some(1.0)) < -0.1);
}

#[wasm_bindgen_test]
fn answers_tell_the_component_of_the_prior_that_a_person_belongs_to() {
    let deck = json!({
        "format": "leaning-deck/1",
        "id": "mixture",
        "dimensions": [{ "id": "x" }],
        "prior": { "components": [
            { "weight": 3, "mean": [2], "covariance": [[0.25]] },
            { "weight": 1, "mean": [-2], "covariance": [[0.25]] }
        ] },
        "prompts": [{
            "id": "p",
            "candidates": [{ "id": "a", "scores": [1] }, { "id": "b", "scores": [-1] }]
        }]
    });
    let tab = Tab::open_deck(&deck.to_string(), in_memory()).expect("the deck is valid");
    let components = || {
        let components = &tab.laplace_approximation()["components"];
        [0, 1].map(|place: usize| number(&components[place]))
    };
    let [first, second] = components();
    assert!((first - 0.75).abs() < 1e-12 && (second - 0.25).abs() < 1e-12);
    let question = tab.question().expect("the interview is not over");
    // Only the rarer component takes the candidate b.
    let b = usize::from(question["candidates"][0] == 0);
    tab.answer(chose(b)).expect("a choice is on offer");
    let [_, second] = components();
    assert!(second > 0.75, "{second}");
}

#[wasm_bindgen_test]
fn undo_brings_back_the_approximation_and_the_question() {
    let tab = Tab::open(json!({ "storage": "memory", "seed": 3 }));
    let (question, laplace) = (
        tab.question().expect("it begins"),
        tab.laplace_approximation(),
    );
    tab.answer(chose(0)).expect("a choice is on offer");
    assert_ne!(tab.laplace_approximation(), laplace);
    assert!(tab.undo());
    assert_eq!(tab.laplace_approximation(), laplace);
    let again = tab.question().expect("the interview is not over");
    for name in ["prompt", "candidates", "offered"] {
        assert_eq!(again[name], question[name], "{name}");
    }
    assert_eq!(tab.status()["undoable"], false);
    assert!(!tab.undo());
}

#[wasm_bindgen_test]
fn a_statement_counts_as_an_observation_of_the_weight() {
    let tab = Tab::open_deck(SMALL_DECK, in_memory()).expect("the deck is valid");
    let variance = number(&tab.laplace_approximation()["covariance"][0][0]);
    tab.set_weight("brevity", 7.0).expect("it is a dimension");
    tab.set_weight("brevity", 2.0).expect("it is a dimension");
    // The second statement replaces the first. Its standard deviation is a fifth of the prior's.
    let laplace = tab.laplace_approximation();
    assert!((number(&laplace["mean"][0]) - 2.0 / 1.04).abs() < 1e-12);
    assert!((number(&laplace["mean"][1])).abs() < 1e-12);
    let after = number(&laplace["covariance"][0][0]);
    assert!((after / variance - 0.04 / 1.04).abs() < 1e-12);
    let [entry] = &tab.entries(None)[..] else {
        panic!("one statement holds")
    };
    assert_eq!(
        (&entry["kind"], &entry["dimension"]),
        (&json!("statement"), &json!(0))
    );
    assert_eq!(entry["weight"], 2);
    assert!((number(&entry["sd"]) - 0.2 * variance.sqrt()).abs() < 1e-12);
    let profile = tab.profile();
    let statement = &profile["dimensions"][0]["statement"];
    assert_eq!(statement, &json!({ "id": entry["id"], "weight": 2 }));
    assert!(profile["dimensions"][1].get("statement").is_none());
    assert_eq!(profile["answers"], 0);
}

#[wasm_bindgen_test]
fn entries_say_what_was_asked_and_said_and_how_it_moved_the_weights() {
    let tab = Tab::open(in_memory());
    let question = tab.question().expect("the interview is not over");
    tab.answer(chose(1)).expect("a choice is on offer");
    tab.answer_next(json!("neither"));
    tab.set_weight("warmth", 0.5).expect("it is a dimension");
    tab.observe(drafts(), json!("tie"))
        .expect("the drafts are valid");

    let entries = tab.entries(None);
    let kinds: Vec<&Value> = entries.iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["answer", "answer", "statement", "answer"]);
    let first = &entries[0];
    for name in ["prompt", "candidates"] {
        assert_eq!(first[name], question[name], "{name}");
    }
    assert_eq!(first["answer"], chose(1));
    assert_eq!(entries[1]["answer"], fields(json!("neither")));
    assert_eq!(entries[3]["answer"], fields(json!("tie")));
    // The drafts are not of the deck.
    assert!(entries[3].get("prompt").is_none() && entries[3].get("candidates").is_none());

    let (laplace, profile) = (tab.laplace_approximation(), tab.profile());
    for j in 0..6 {
        let way: f64 = entries.iter().map(|entry| number(&entry["shift"][j])).sum();
        let rms = number(&profile["dimensions"][j]["rmsDifference"]);
        let mean = number(&laplace["mean"][j]);
        assert!((way - mean * rms).abs() < 1e-9, "dimension {j}");
    }
    assert_eq!(tab.entries(Some(2)), entries[2..]);
    assert!(tab.entries(Some(0)).is_empty());
}

#[wasm_bindgen_test]
fn any_entry_can_be_retracted_once() {
    let tab = Tab::open(in_memory());
    tab.answer_next(chose(0));
    let without = tab.laplace_approximation();
    tab.set_weight("warmth", 0.5).expect("it is a dimension");
    let open = tab.question();
    let id = tab.entries(Some(1))[0]["id"].clone();
    let id = id.as_str().expect("an entry has an id");
    assert!(tab.retract(id));
    assert_eq!(tab.laplace_approximation(), without);
    assert_eq!(tab.entries(None).len(), 1);
    assert_eq!(tab.question(), open);
    assert!(!tab.retract(id));
    assert!(!tab.retract("unknown"));
    // An answer, a statement and its retraction.
    assert_eq!(tab.status()["entries"], 3);
}

#[wasm_bindgen_test]
fn what_if_counts_the_picks_that_would_change_and_shows_the_costliest() {
    // With weights b and w the first candidate leads by b − w on the first prompt of the deck, and by
    // b − 5/4 w on the second. With −b for b it trails by b + w and by b + 5/4 w.
    for (warmth, costliest) in [(0.5, 1), (-0.5, 0)] {
        let tab = Tab::open_deck(SMALL_DECK, in_memory()).expect("the deck is valid");
        tab.set_weight("brevity", 2.0).expect("it is a dimension");
        tab.set_weight("warmth", warmth).expect("it is a dimension");
        let what_if = tab.what_if("brevity").expect("it is a dimension");
        let example = json!({ "prompt": costliest, "current": 0, "alternative": 1 });
        assert_eq!(
            what_if,
            json!({ "prompts": 2, "changed": 2, "example": example })
        );
        let unchanged = tab.what_if("warmth").expect("it is a dimension");
        assert_eq!(unchanged, json!({ "prompts": 2, "changed": 0 }));
    }
}

#[wasm_bindgen_test]
fn a_chat_asks_about_two_drafts_and_learns() {
    let tab = Tab::open(in_memory());
    let drafts = json!([
        { "id": "a", "scores": [1.5, 0, 0, 0, 0, 0] },
        { "id": "b", "scores": [-1.5, 0, 0, 0, 0, 0] },
        { "id": "c", "scores": [-1.5, 0, 0, 0, 0, 0.1] }
    ]);
    let open = tab.question();
    let question = tab.compare(drafts.clone()).expect("the drafts are valid");
    let question = question.expect("asking is worth it");
    assert!(question.get("prompt").is_none());
    let [first, second] = list_of(&question["candidates"]) else {
        panic!("a question shows two")
    };
    let shown = [first, second].map(|place| &drafts[index(place)]);
    tab.observe(json!(shown), chose(0))
        .expect("a choice is on offer");
    assert_eq!(tab.status()["answered"], 1);
    assert_eq!(tab.question(), open, "the open question stays open");
    let ranked = tab.rank(json!(shown), None).expect("the drafts are valid");
    assert_eq!(ranked[0]["index"], 0);

    let equal = json!([{ "scores": [0, 0, 0, 0, 0, 0] }, { "scores": [0, 0, 0, 0, 0, 0] }]);
    assert_eq!(tab.compare(equal).expect("they are valid"), None);
}

#[wasm_bindgen_test]
fn other_options_hold_from_the_next_question_on() {
    let tab = Tab::open(json!({ "storage": "memory", "seed": 1 }));
    tab.answer_next(chose(0));
    let (log, laplace) = (tab.export_log(), tab.laplace_approximation());
    let options = json!({
        "strategy": "margin", "candidatesPerQuestion": 3, "stop": { "questions": 2 }
    });
    tab.configure(options).expect("the options are valid");
    assert_eq!(
        (tab.export_log(), tab.laplace_approximation()),
        (log, laplace)
    );
    let question = tab.question().expect("the interview is not over");
    assert_eq!(question["strategy"], "margin");
    assert_eq!(list_of(&question["candidates"]).len(), 3);
    tab.answer(chose(2)).expect("a choice is on offer");
    assert_eq!(tab.question(), None);
    tab.configure(json!({})).expect("the options are valid");
    assert_eq!(tab.status()["done"], false);
}
