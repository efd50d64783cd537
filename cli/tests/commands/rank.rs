//! `leaning rank`

use crate::{DEMO, Folder, assert_close, demo, log, numbers, plain_deck};
use leaning::{Candidate, Deck, Interview, Log, Options, RankOptions};
use serde_json::{Value, json};

/// [`plain_deck`] with the prior N(2, 0.25).
fn deck_with_prior() -> Value {
    let mut deck = plain_deck();
    deck["prior"] = json!({ "mean": [2], "covariance": [[0.25]] });
    deck
}

fn rank(deck: &Value, candidates: Value, options: &str) -> Vec<Value> {
    let folder = Folder::new()
        .with("deck.json", deck)
        .with("new.json", &candidates);
    let result = folder
        .run(&format!(
            "rank --deck deck.json --candidates new.json {options}"
        ))
        .result();
    result.as_array().unwrap().clone()
}

fn column(ranked: &[Value], field: &str) -> Vec<f64> {
    ranked
        .iter()
        .map(|place| place[field].as_f64().unwrap())
        .collect()
}

#[test]
fn the_best_comes_first_with_its_contributions() {
    let candidates = json!([{ "id": "long", "scores": [-1] }, { "id": "short", "scores": [1] },
                            { "id": "middling", "scores": [0.75] }]);
    let ranked = rank(&deck_with_prior(), candidates, "");
    assert_eq!(
        ranked.iter().map(|place| &place["id"]).collect::<Vec<_>>(),
        ["short", "middling", "long"]
    );
    assert_eq!(
        ranked
            .iter()
            .map(|place| &place["index"])
            .collect::<Vec<_>>(),
        [1, 2, 0]
    );
    // Mean weight 2, average score 0.25.
    assert_eq!(column(&ranked, "reward"), [2.0, 1.5, -2.0]);
    let contributions: Vec<Vec<f64>> = ranked
        .iter()
        .map(|place| numbers(&place["contributions"]))
        .collect();
    assert_eq!(contributions, [[1.5], [1.0], [-2.5]]);
    // Without answers, the weight has the standard deviation of the prior, 0.5; a thousand samples
    // estimate it to about 2%.
    for (sd, away) in column(&ranked, "sd").into_iter().zip([0.75, 0.5, 1.25]) {
        assert_close(sd, 0.5 * away, 0.05 * away);
    }
    // The weight is 4 standard deviations above 0, so the shortest is almost certainly the best.
    let probabilities = column(&ranked, "probabilityBest");
    assert!(probabilities[0] > 0.99, "{probabilities:?}");
    assert_close(probabilities.iter().sum(), 1.0, 1e-12);
    assert!(
        ranked
            .iter()
            .all(|place| place.get("softmaxProbability").is_none())
    );
}

#[test]
fn a_temperature_adds_softmax_probabilities() {
    let candidates = json!([{ "scores": [-1] }, { "scores": [1] }]);
    let ranked = rank(&deck_with_prior(), candidates, "--temperature 2");
    // Rewards 2 and −2: σ(4 / 2) and the rest.
    let p = 1.0 / (1.0 + (-2_f64).exp());
    let probabilities = column(&ranked, "softmaxProbability");
    assert_close(probabilities[0], p, 1e-14);
    assert_close(probabilities[1], 1.0 - p, 1e-14);
}

#[test]
fn the_populations_pick_comes_first_unless_the_best_is_surely_enough_better() {
    let candidates = json!([{ "id": "long", "scores": [-1] }, { "id": "short", "scores": [1] }]);
    // The population wants the short one, and this person says the opposite.
    let statement =
        json!([{ "kind": "statement", "dimension": "brevity", "weight": -3, "sd": 0.5 }]);
    let folder = Folder::new()
        .with("deck.json", &deck_with_prior())
        .with("new.json", &candidates)
        .with("answers.json", &log(&deck_with_prior(), statement));
    let rank = |options: &str| {
        let command = "rank --deck deck.json --answers answers.json --candidates new.json";
        folder.run(&format!("{command} {options}")).result()
    };
    let plain = rank("");
    // N(2, 0.25) and the statement N(−3, 0.25) make N(−0.5, 0.125): P(λ < 0) = Φ(√2) = 0.921.
    assert_eq!(plain[0]["id"], "long");
    assert_close(plain[0]["probabilityBetter"].as_f64().unwrap(), 0.921, 0.04);
    assert_eq!(plain[1]["probabilityBetter"], 0.5);
    assert_eq!(
        (&plain[0]["populationPick"], &plain[1]["populationPick"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(rank("--at-least 0.8"), plain);
    let surely = rank("--at-least 0.99");
    assert_eq!((&surely[0], &surely[1]), (&plain[1], &plain[0]));
}

#[test]
fn answers_change_the_ranking() {
    let deck = plain_deck();
    let chose =
        |name: &str| json!([{ "shown": ["p1/a", "p1/b"], "scores": [[1], [-1]], "chose": name }]);
    for (chosen, best) in [("p1/a", "high"), ("p1/b", "low")] {
        let candidates = json!([{ "id": "low", "scores": [-1] }, { "id": "high", "scores": [1] }]);
        let folder = Folder::new()
            .with("deck.json", &deck)
            .with("new.json", &candidates);
        let folder = folder.with("answers.json", &log(&deck, chose(chosen)));
        let result = folder
            .run("rank --deck deck.json --answers answers.json --candidates new.json")
            .result();
        assert_eq!(result[0]["id"], best);
        assert!(result[0]["probabilityBest"].as_f64().unwrap() > 0.6);
    }
}

#[test]
fn equals_keep_their_order_and_share_the_probability() {
    let ranked = rank(
        &plain_deck(),
        json!([{ "scores": [1] }, { "scores": [1] }]),
        "",
    );
    assert_eq!(column(&ranked, "index"), [0.0, 1.0]);
    assert_eq!(column(&ranked, "probabilityBest"), [0.5, 0.5]);
    assert!(
        ranked.iter().all(|place| place.get("id").is_none()),
        "no id was given"
    );
}

#[test]
fn without_candidates_the_ranking_is_empty() {
    assert_eq!(rank(&plain_deck(), json!([]), ""), Vec::<Value>::new());
}

#[test]
fn the_ranking_is_that_of_the_library() {
    let candidates = json!([{ "id": "a", "scores": [0.3, -0.1, 1, 0, 0.7, -2] },
                            { "id": "b", "scores": [1, 1, 0, -1, 0.2, 0] },
                            { "id": "c", "scores": [0, 0, 0, 0, 0, 0] }]);
    let statement =
        json!([{ "kind": "statement", "dimension": "warmth", "weight": 0.9, "sd": 0.3 }]);
    let log = log(&demo(), statement);
    let folder = Folder::new()
        .with("new.json", &candidates)
        .with("answers.json", &log);
    let result = folder
        .run(&format!(
            "rank --deck {DEMO} --answers answers.json --candidates new.json"
        ))
        .result();

    let deck = Deck::from_json(&demo().to_string()).unwrap();
    let log = Log::read(&log, &deck).unwrap();
    let candidates = Candidate::read_list(&candidates, 6).unwrap();
    let interview = Interview::open(deck, log, Options::default()).unwrap();
    let expected = interview.rank(&candidates, RankOptions::default()).unwrap();
    assert_eq!(result.as_array().unwrap().len(), expected.len());
    for (found, expected) in result.as_array().unwrap().iter().zip(expected) {
        assert_eq!(found["index"], expected.index);
        assert_eq!(found["reward"], expected.reward);
        assert_eq!(found["sd"], expected.sd);
        assert_eq!(found["probabilityBest"], expected.probability_best);
        assert_eq!(found["probabilityBetter"], expected.probability_better);
        assert_eq!(found["populationPick"], expected.population_pick);
        assert_eq!(
            numbers(&found["contributions"]),
            expected.contributions.as_slice()
        );
    }
}

#[test]
fn a_flaw_in_the_candidates_is_named_with_file_and_place() {
    let failure = |candidates: Value| {
        let folder = Folder::new()
            .with("deck.json", &plain_deck())
            .with("new.json", &candidates);
        folder
            .run("rank --deck deck.json --candidates new.json")
            .failure()
            .to_owned()
    };
    let short = json!([{ "scores": [1] }, { "scores": [] }]);
    assert_eq!(
        failure(short),
        "leaning: new.json: [1].scores: expected 1 number, found 0"
    );
    assert_eq!(
        failure(json!({})),
        "leaning: new.json: expected a list, found an object"
    );
}

#[test]
fn a_temperature_that_is_not_above_zero_is_wrong_usage() {
    let folder = Folder::new().with("new.json", &json!([]));
    for temperature in ["0", "-1", "NaN", "inf", "warm"] {
        let outcome = folder.run(&format!(
            "rank --deck {DEMO} --candidates new.json --temperature {temperature}"
        ));
        assert!(
            outcome.usage().contains("expected a number above 0"),
            "{outcome:?}"
        );
    }
}

#[test]
fn a_probability_that_is_none_is_wrong_usage() {
    let folder = Folder::new().with("new.json", &json!([]));
    for probability in ["-0.1", "1.1", "NaN", "sure"] {
        let outcome = folder.run(&format!(
            "rank --deck {DEMO} --candidates new.json --at-least {probability}"
        ));
        assert!(
            outcome.usage().contains("expected a number from 0 to 1"),
            "{outcome:?}"
        );
    }
}
