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
        "leaning: new.json: expected a column of scores for each dimension (brevity), found no \
         brevity"
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

/// A deck that `build` made of raw columns: prices differ by √((1 + 9 + 4 + 16) / 4) in root mean
/// square, sizes by √(600 / 4).
fn built() -> (Folder, Value) {
    let table = "id,prompt,price,size\na,p,1,10\nb,p,2,30\nc,p,4,20\nd,q,10,0\ne,q,14,0\n";
    let folder = Folder::new().with_bytes("r.csv", table);
    let outcome = folder.run("build --responses r.csv --scores price,size --id d --out deck.json");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let deck = std::fs::read(folder.0.join("deck.json")).unwrap();
    let deck: Value = serde_json::from_slice(&deck).unwrap();
    // Somebody who is known to like what is dear.
    let says = json!([{ "kind": "statement", "dimension": "price", "weight": 3, "sd": 0.1 },
                      { "kind": "statement", "dimension": "size", "weight": 0, "sd": 0.1 }]);
    let log = log(&deck, says);
    (folder.with("answers.json", &log), deck)
}

const RANK: &str = "rank --deck deck.json --answers answers.json --candidates";

#[test]
fn a_table_of_raw_columns_is_put_on_the_scale_of_the_deck() {
    let (folder, deck) = built();
    let raw = [[3.0, 5.0], [9.0, 25.0], [1.0, 15.0]];
    let scores = raw.map(|row| {
        [0, 1].map(|j| {
            let number = |field: &str| numbers(&deck["basis"][field])[j];
            (row[j] - number("mean")) / number("scale")
        })
    });
    let ids = ["n1", "n2", "n3"];
    let list: Vec<Value> = ids
        .iter()
        .zip(scores)
        .map(|(id, scores)| json!({ "id": id, "scores": scores }))
        .collect();
    let folder = folder
        .with("list.json", &json!(list))
        .with_bytes(
            "new.csv",
            "size;id;note;price\n5;n1;x;3\n25;n2;y;9,0\n15;n3;z;1\n;;;\n",
        )
        .with_bytes(
            "new.jsonl",
            "{\"id\":\"n1\",\"price\":3,\"size\":5}\n{\"id\":\"n2\",\"price\":9,\"size\":25}\n\
             {\"id\":\"n3\",\"price\":1,\"size\":15}\n",
        )
        .with_bytes("texts.csv", "text,price,size\nn1,3,5\nn2,9,25\nn3,1,15\n");
    let expected = folder.run(&format!("{RANK} list.json")).result();
    let order: Vec<&Value> = expected
        .as_array()
        .unwrap()
        .iter()
        .map(|of| &of["id"])
        .collect();
    assert_eq!(order, ["n2", "n1", "n3"], "the dearest first");
    let csv = folder.run(&format!("{RANK} new.csv"));
    assert_eq!(csv.result_and_notes(), expected);
    assert_eq!(csv.stderr, "leaning: new.csv: skipped 1 empty row\n");
    for name in ["new.jsonl", "texts.csv"] {
        assert_eq!(
            folder.run(&format!("{RANK} {name}")).result(),
            expected,
            "{name}"
        );
    }
    let page = folder.run(&format!("{RANK} new.csv --format text")).stdout;
    assert!(
        page.contains("put on the deck's scale by its basis"),
        "{page}"
    );
}

#[test]
fn without_a_basis_columns_are_taken_for_scores_and_a_note_says_on_which_scale() {
    let folder = Folder::new()
        .with("deck.json", &deck_with_prior())
        .with(
            "list.json",
            &json!([{ "id": "long", "scores": [-1] }, { "id": "short", "scores": [1] }]),
        )
        .with_bytes("new.csv", "id,brevity\nlong,-1\nshort,1\n")
        .with_bytes(
            "lists.jsonl",
            "{\"id\":\"long\",\"scores\":[-1]}\n{\"id\":\"short\",\"scores\":[1]}\n",
        );
    let rank = |name: &str| folder.run(&format!("rank --deck deck.json --candidates {name}"));
    let expected = rank("list.json").result();
    for name in ["new.csv", "lists.jsonl"] {
        let outcome = rank(name);
        assert_eq!(outcome.result_and_notes(), expected, "{name}");
        let note = format!(
            "leaning: {name}: its columns are taken for scores on the scale of deck.json, whose own \
             go from -1.00 to 1.00\n"
        );
        assert_eq!(outcome.stderr, note);
    }
}

#[test]
fn scores_far_from_those_of_the_deck_get_a_note() {
    let (folder, _) = built();
    let rank = |candidates: &str| folder.run_with_input(&format!("{RANK} -"), candidates);
    // The columns of the table, without its scale.
    let raw = rank(r#"[{"id":"n1","scores":[3,5]},{"id":"n2","scores":[9,25]}]"#);
    assert_eq!(raw.result_and_notes()[0]["id"], "n2");
    assert_eq!(
        raw.stderr,
        "leaning: standard input: size: 25.00 for \"n2\" is far from the scores of deck.json, which go \
         from -0.98 to 1.47 there: is it on the deck's scale?\n"
    );
    let slip = rank("id,price,size\nn1,3,5\nn2,90,25\n");
    assert!(
        slip.stderr.contains("price: ") && slip.stderr.contains("for \"n2\" is far"),
        "{slip:?}"
    );
    // Somewhat dearer than anything in the deck.
    rank("id,price,size\nn1,3,5\nn2,20,25\n").result();
}

#[test]
fn a_deck_on_the_same_scale_can_be_ranked() {
    let (folder, mut deck) = built();
    let folder = folder.with_bytes(
        "new.csv",
        "id,prompt,price,size\nn1,x,3,5\nn2,x,9,25\nn3,x,1,15\n",
    );
    let table = folder.run(&format!("{RANK} new.csv")).result();
    for name in ["new.json", "new.safetensors"] {
        let made = folder.run(&format!(
            "build --responses new.csv --basis deck.json --out {name}"
        ));
        assert_eq!(made.code, Some(0), "{made:?}");
        assert_eq!(
            folder.run(&format!("{RANK} {name}")).result(),
            table,
            "{name}"
        );
    }
    // With several prompts ids need theirs.
    let outcome = folder.run(&format!("{RANK} deck.json"));
    assert_eq!(outcome.result_and_notes()[0]["id"], "q/e");
    assert!(outcome.stderr.contains("it has 2 prompts"), "{outcome:?}");
    // A deck that was built alone has a scale of its own.
    folder.run("build --responses new.csv --scores price,size --out alone.json");
    let outcome = folder.run(&format!("{RANK} alone.json"));
    assert!(
        outcome.failure().starts_with(
            "leaning: alone.json: its scores are on a scale of its own: make it with build --basis \
             deck.json"
        ),
        "{outcome:?}"
    );
    deck["dimensions"][1]["id"] = json!("weight");
    deck.as_object_mut().unwrap().remove("basis");
    let folder = folder.with("heavy.json", &deck);
    assert_eq!(
        folder.run(&format!("{RANK} heavy.json")).failure(),
        "leaning: heavy.json: expected the dimensions of deck.json, price, size, found price, weight"
    );
}

#[test]
fn a_flaw_in_a_table_of_candidates_is_named() {
    let (folder, _) = built();
    let failure = |table: &str| {
        let outcome = folder.run_with_input(&format!("{RANK} -"), table);
        outcome
            .failure()
            .trim_start_matches("leaning: standard input: ")
            .to_owned()
    };
    assert_eq!(
        failure("id,price,sise\nn1,1,2\n"),
        "line 1: expected the columns of the deck's basis (price, size), found no size; did you \
         mean sise?"
    );
    assert_eq!(
        failure("price,size\n1,2\n"),
        "line 1: expected a column id or text, found neither"
    );
    assert_eq!(
        failure("id,price,size\nn1,1,2\nn2,1,\n"),
        "line 3: size: expected a number, found \"\""
    );
    assert_eq!(
        failure("id,price,size\nn1,1,big\n"),
        "line 1: expected a column size of numbers, found none"
    );
    assert_eq!(
        failure("id,price,size\nn1,1,2\nn1,1,2\n"),
        "line 3: id: expected a new one, found \"n1\" as on line 2"
    );
    assert_eq!(
        failure("PK\u{3}\u{4} xl/workbook.xml"),
        "this is an Excel workbook: save it as CSV UTF-8 first"
    );
}

#[test]
fn style_is_measured_in_the_texts_of_candidates() {
    let table = "id,prompt,text\na,p,Yes.\nb,p,\"Perhaps, perhaps not. It depends.\"\n";
    let folder = Folder::new().with_bytes("r.csv", table);
    folder.run("build --responses r.csv --style --dimensions brevity --out deck.json");
    let ranked = folder
        .run("rank --deck deck.json --candidates r.csv")
        .result();
    let built = folder.run("build --responses r.csv --basis deck.json --out same.json");
    assert_eq!(built.code, Some(0), "{built:?}");
    assert_eq!(
        folder
            .run("rank --deck deck.json --candidates same.json")
            .result(),
        ranked
    );
}
