//! `leaning infer`

use crate::{DEMO, Folder, assert_close, demo, log, numbers, plain_deck};
use leaning::{Deck, LaplaceApproximation, Log};
use serde_json::{Value, json};

fn infer(deck: &Value, answers: Value) -> Value {
    let folder = Folder::new()
        .with("deck.json", deck)
        .with("answers.json", &log(deck, answers));
    folder
        .run("infer --deck deck.json --answers answers.json")
        .result()
}

#[test]
fn without_answers_the_result_is_the_prior() {
    let mut deck = plain_deck();
    deck["prior"] = json!({ "mean": [0.25], "covariance": [[2.25]] });
    let result = Folder::new()
        .with("deck.json", &deck)
        .run("infer --deck deck.json")
        .result();
    let expected =
        json!({ "dimensions": ["brevity"], "mean": [0.25], "covariance": [[2.25]], "answers": 0 });
    assert_eq!(result, expected);
}

#[test]
fn one_choice_moves_the_mean_to_the_mode() {
    let chose_a = json!([{ "shown": ["p1/a", "p1/b"], "scores": [[1], [-1]], "chose": "p1/a" }]);
    let result = infer(&plain_deck(), chose_a);
    // With z = 2 the mode of log σ(2λ) − λ²/2 solves λ = 2σ(−2λ). The left side rises, the right
    // one falls.
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (mut low, mut high) = (0.0, 2.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if middle < 2.0 * sigmoid(-2.0 * middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    let p = sigmoid(2.0 * low);
    assert_close(numbers(&result["mean"])[0], low, 1e-12);
    assert_close(
        numbers(&result["covariance"][0])[0],
        1.0 / (1.0 + 4.0 * p * (1.0 - p)),
        1e-12,
    );
    assert_eq!(result["answers"], 1);
}

/// σ(u).
fn sigmoid(u: f64) -> f64 {
    1.0 / (1.0 + (-u).exp())
}

/// The mode of a log density with one maximum between −5 and 5, by ternary search.
fn mode(log_density: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-5.0, 5.0);
    for _ in 0..200 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if log_density(a) < log_density(b) {
            low = a;
        } else {
            high = b;
        }
    }
    0.5 * (low + high)
}

#[test]
fn each_kind_of_answer_moves_the_mean_to_the_mode() {
    let mut deck = plain_deck();
    deck["answers"] =
        json!({ "lapse": 0, "indifference": 0, "much": 1.5, "spread": 1, "leniency": 0 });
    let (pair, three) = (json!(["p1/a", "p1/b"]), json!(["p2/a", "p2/b", "p2/c"]));
    let (scores, of_three) = (json!([[1], [-1]]), json!([[0.5], [0.5], [-0.25]]));
    type Likelihood = fn(f64) -> f64;
    let cases: [(Value, Likelihood); 4] = [
        (
            json!({ "shown": pair, "scores": scores, "chose": "p1/b", "grade": "slightly" }),
            |w| sigmoid(2.0 * w + 1.5) - sigmoid(2.0 * w),
        ),
        (
            // Level 2 of 4 lies between the cuts ln ⅓ and 0.
            json!({ "kind": "rating", "shown": ["p1/a"], "scores": [[1]], "reference": [0.25],
                    "rating": 2, "of": 4 }),
            |w| sigmoid(0.75 * w + 3_f64.ln()) - sigmoid(0.75 * w),
        ),
        (
            json!({ "kind": "best-worst", "shown": three, "scores": of_three, "best": "p2/a",
                    "worst": "p2/c" }),
            |w| {
                let up = (0.75 * w).exp();
                // Two of the six pairs are alike, two differ upwards, two downwards.
                up / (2.0 * up + 2.0 / up + 2.0)
            },
        ),
        (
            json!({ "kind": "order", "shown": three, "scores": of_three,
                    "order": ["p2/c", ["p2/a", "p2/b"]] }),
            |w| (-0.25 * w).exp() / ((-0.25 * w).exp() + 2.0 * (0.5 * w).exp()),
        ),
    ];
    for (entry, likelihood) in cases {
        let result = infer(&deck, json!([entry]));
        let expected = mode(|w| likelihood(w).ln() - 0.5 * w * w);
        assert_close(numbers(&result["mean"])[0], expected, 1e-7);
        assert_eq!(result["answers"], 1);
    }
}

#[test]
fn a_statement_is_averaged_with_the_prior_and_is_not_an_answer() {
    let result = infer(
        &plain_deck(),
        json!([{ "kind": "statement", "dimension": "brevity", "weight": 0.8, "sd": 0.5 }]),
    );
    // Precisions 1 and 4: mean = 4·0.8 / 5, variance = 1 / 5.
    assert_close(numbers(&result["mean"])[0], 0.64, 1e-14);
    assert_close(numbers(&result["covariance"][0])[0], 0.2, 1e-14);
    assert_eq!(result["answers"], 0);
}

#[test]
fn skipped_and_retracted_answers_leave_the_prior() {
    let answers = json!([
        { "id": "k1", "shown": ["p1/a", "p1/b"], "scores": [[1], [-1]], "chose": "p1/a" },
        { "id": "k2", "shown": ["p2/a", "p2/c"], "scores": [[0.5], [-0.25]], "verdict": "skip" },
        { "id": "k3", "kind": "retract", "of": "k1" }
    ]);
    let expected =
        json!({ "dimensions": ["brevity"], "mean": [0.0], "covariance": [[1.0]], "answers": 0 });
    assert_eq!(infer(&plain_deck(), answers), expected);
}

#[test]
fn opposite_answers_to_the_same_question_cancel_but_add_information() {
    let answer =
        |chose: &str| json!({ "shown": ["p1/a", "p1/b"], "scores": [[1], [-1]], "chose": chose });
    let result = infer(&plain_deck(), json!([answer("p1/a"), answer("p1/b")]));
    // At λ = 0 each adds z²·¼ = 1 to the precision of 1.
    assert_close(numbers(&result["mean"])[0], 0.0, 1e-14);
    assert_close(numbers(&result["covariance"][0])[0], 1.0 / 3.0, 1e-14);
    assert_eq!(result["answers"], 2);
}

#[test]
fn numbers_read_back_as_the_same_doubles() {
    let deck = demo();
    let answers: Vec<Value> = (0..8)
        .map(|place| {
            let prompt = &deck["prompts"][place];
            let [a, b] = [0, 1 + place % 3].map(|candidate| &prompt["candidates"][candidate]);
            let name =
                |candidate: &Value| format!("{}/{}", prompt["id"].as_str().unwrap(), candidate["id"].as_str().unwrap());
            json!({ "shown": [name(a), name(b)], "scores": [a["scores"], b["scores"]], "chose": name(a) })
        })
        .collect();
    let log = log(&deck, json!(answers));
    let folder = Folder::new().with("answers.json", &log);
    let result = folder
        .run(&format!("infer --deck {DEMO} --answers answers.json"))
        .result();

    let deck = Deck::from_json(&deck.to_string()).unwrap();
    let log = Log::read(&log, &deck).unwrap();
    let model = deck.answer_model();
    let laplace = LaplaceApproximation::infer(deck.prior(), model, &log.evidence(&deck)).unwrap();
    let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(
        bits(&numbers(&result["mean"])),
        bits(laplace.mean().as_slice())
    );
    let rows = result["covariance"].as_array().unwrap();
    for (row, expected) in rows.iter().zip(laplace.covariance().row_iter()) {
        assert_eq!(bits(&numbers(row)), bits(expected.transpose().as_slice()));
    }
    assert_eq!(result["answers"], 8);
}

#[test]
fn a_flaw_in_the_answers_is_named_with_file_and_place() {
    let deck = plain_deck();
    let failure = |log: &Value| {
        let folder = Folder::new()
            .with("deck.json", &deck)
            .with("mine.json", log);
        folder
            .run("infer --deck deck.json --answers mine.json")
            .failure()
            .to_owned()
    };
    let unseen = json!([{ "shown": ["p1/a", "p1/b"], "scores": [[1], [-1]], "chose": "p1/c" }]);
    assert_eq!(
        failure(&log(&deck, unseen)),
        r#"leaning: mine.json: answers[0].chose: "p1/c" was not shown"#
    );
    let mut other = log(&deck, json!([]));
    other["deck"]["id"] = json!("another");
    let expected =
        r#"leaning: mine.json: deck.id: the log is of the deck "another", not of "plain""#;
    assert_eq!(failure(&other), expected);
}

#[test]
fn answers_with_extreme_numbers_are_named() {
    let deck = plain_deck();
    // The square of the distance in standard deviations, 1e400, is no double.
    let log = log(
        &deck,
        json!([{ "kind": "statement", "dimension": "brevity", "weight": 1e100, "sd": 1e-100 }]),
    );
    let folder = Folder::new()
        .with("deck.json", &deck)
        .with("mine.json", &log);
    let outcome = folder.run("infer --deck deck.json --answers mine.json");
    assert!(
        outcome
            .failure()
            .starts_with("leaning: mine.json: the weights could not be inferred")
    );
}

#[test]
fn a_position_bias_is_found() {
    let deck = demo();
    let prompts = deck["prompts"].as_array().unwrap();
    let pair = |prompt: &Value, sides: [usize; 2]| {
        let shown = sides.map(|side| prompt["candidates"][side].clone());
        let names = shown.clone().map(|one| {
            format!(
                "{}/{}",
                prompt["id"].as_str().unwrap(),
                one["id"].as_str().unwrap()
            )
        });
        let scores = shown.map(|one| one["scores"].clone());
        json!({ "shown": names, "scores": scores, "chose": names[0] })
    };
    // Every pair comes both ways round, so no taste explains it.
    let answers: Vec<Value> = prompts
        .iter()
        .take(12)
        .flat_map(|p| [pair(p, [0, 1]), pair(p, [1, 0])])
        .collect();
    let folder = Folder::new().with("answers.json", &log(&deck, json!(answers)));
    let result = folder
        .run(&format!("infer --deck {DEMO} --answers answers.json"))
        .result();
    let findings = result["personFit"].as_array().unwrap();
    let bias = findings
        .iter()
        .find(|finding| finding["kind"] == "position-bias")
        .unwrap();
    // Of 24 fair coins all heads or all tails.
    assert!(bias["probability"].as_f64().unwrap() < 1e-5, "{result}");
}
