//! `leaning ask`

use crate::{DEMO, Folder, assert_close, demo, log, plain_deck};
use leaning_simulate::strategies;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The two names without regard to sides.
fn pair(question: &Value) -> BTreeSet<String> {
    question["shown"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

fn scores(deck: &Value, name: &str) -> Value {
    let (prompt, candidate) = name.split_once('/').unwrap();
    let find = |list: &Value, id| {
        list.as_array()
            .unwrap()
            .iter()
            .find(|item| item["id"] == id)
            .unwrap()
            .clone()
    };
    find(&find(&deck["prompts"], prompt)["candidates"], candidate)["scores"].clone()
}

/// Asks until the interview is over, and always chooses the left one. Returns the pairs, and the
/// last output.
fn interview(deck: &Value, options: &str) -> (Vec<BTreeSet<String>>, Value) {
    let mut answers = Vec::new();
    let mut asked = Vec::new();
    let mut folder = Folder::new().with("deck.json", deck);
    loop {
        folder = folder.with("answers.json", &log(deck, json!(answers)));
        let result = folder
            .run(&format!(
                "ask --deck deck.json --answers answers.json {options}"
            ))
            .result();
        if result["done"] == true {
            return (asked, result);
        }
        asked.push(pair(&result));
        assert!(asked.len() < 1000, "no end to it");
        let [left, right] = [0, 1].map(|side| result["shown"][side].as_str().unwrap());
        let shown_scores = [scores(deck, left), scores(deck, right)];
        answers.push(json!({ "shown": [left, right], "scores": shown_scores, "chose": left }));
    }
}

#[test]
fn a_question_comes_with_its_runners_up_best_first() {
    let result = Folder::new().run(&format!("ask --deck {DEMO}")).result();
    assert_eq!(result.as_object().unwrap().len(), 5);
    assert_eq!(result["strategy"], "information-gain");
    assert_eq!(result["kind"], "grades");
    let alternatives = result["alternatives"].as_array().unwrap();
    assert_eq!(alternatives.len(), 5);
    let mut before = result["score"].as_f64().unwrap();
    let mut seen = BTreeSet::from([pair(&result)]);
    // The answer to a question of five outcomes cannot tell more than log₂ 5 bits.
    assert!(before <= 5_f64.log2());
    for alternative in alternatives {
        let score = alternative["score"].as_f64().unwrap();
        assert!(0.0 < score && score <= before);
        assert!(seen.insert(pair(alternative)), "a pair came twice");
        before = score;
    }
    let of_one_prompt = |pair: &BTreeSet<String>| {
        let prompts: BTreeSet<&str> = pair
            .iter()
            .map(|name| name.split_once('/').unwrap().0)
            .collect();
        pair.len() == 2 && prompts.len() == 1
    };
    assert!(seen.iter().all(of_one_prompt));
}

#[test]
fn a_question_says_what_it_asks_for() {
    let ask = |answers: Value, options: &str| {
        let mut deck = demo();
        deck["answers"] = answers;
        let folder = Folder::new().with("deck.json", &deck);
        let result = folder
            .run(&format!("ask --deck deck.json {options}"))
            .result();
        let shown = result["shown"].as_array().unwrap().len();
        (result["kind"].clone(), shown, result["of"].clone())
    };
    let cases = [
        (json!({ "grades": 4 }), "grades", 2, Value::Null),
        (json!({ "kind": "rating" }), "rating", 1, json!(5)),
        (
            json!({ "kind": "rating", "ratings": 2 }),
            "rating",
            1,
            json!(2),
        ),
        (
            json!({ "kind": "best-worst" }),
            "best-worst",
            3,
            Value::Null,
        ),
        (json!({ "kind": "order" }), "order", 3, Value::Null),
    ];
    for (answers, kind, shown, of) in cases {
        assert_eq!(ask(answers, ""), (json!(kind), shown, of));
    }
    let order = json!({ "kind": "order" });
    let four = "--candidates-per-question 4";
    assert_eq!(ask(order, four), (json!("order"), 4, Value::Null));
    // Nobody says how much better one of three is.
    let grades = json!({ "grades": 4 });
    let three = "--candidates-per-question 3";
    assert_eq!(ask(grades, three), (json!("choice"), 3, Value::Null));
}

#[test]
fn under_a_vague_prior_the_largest_difference_is_asked_about_first() {
    let folder = Folder::new().with("deck.json", &plain_deck());
    let expected = BTreeSet::from(["p1/a".to_owned(), "p1/b".to_owned()]);
    for strategy in ["information-gain", "d-optimal"] {
        let result = folder
            .run(&format!("ask --deck deck.json --strategy {strategy}"))
            .result();
        assert_eq!(
            (pair(&result), &result["strategy"]),
            (expected.clone(), &json!(strategy))
        );
    }
}

#[test]
fn the_d_optimal_score_is_the_log_of_one_plus_information_times_variance() {
    let folder = Folder::new().with("deck.json", &plain_deck());
    let result = folder
        .run("ask --deck deck.json --strategy d-optimal")
        .result();
    // The pair of p1 has z = 2: information ¼ at u = 0, variance z² = 4.
    assert_close(result["score"].as_f64().unwrap(), 2_f64.ln(), 1e-14);
    // The pairs of p2 have z = 0.75; two of them are alike.
    let alternatives = result["alternatives"].as_array().unwrap();
    assert_eq!(alternatives.len(), 2);
    for alternative in alternatives {
        assert_close(
            alternative["score"].as_f64().unwrap(),
            (1.0 + 0.5625 / 4.0_f64).ln(),
            1e-14,
        );
    }
}

#[test]
fn the_number_of_alternatives_is_as_asked_for() {
    let folder = Folder::new();
    for count in [0, 1, 65535] {
        let result = folder
            .run(&format!("ask --deck {DEMO} --alternatives {count}"))
            .result();
        // The demo deck has 204 pairs, one of which is the question.
        assert_eq!(
            result["alternatives"].as_array().unwrap().len(),
            count.min(203)
        );
    }
}

#[test]
fn an_answered_pair_is_never_repeated_and_the_interview_ends_when_none_is_left() {
    for strategy in strategies().iter().map(|strategy| strategy.name()) {
        let (asked, end) = interview(&plain_deck(), &format!("--strategy {strategy}"));
        assert_eq!(asked.len(), 3);
        assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), 3);
        assert_eq!(end, json!({ "done": true, "reason": "exhausted" }));
    }
}

#[test]
fn the_interview_ends_after_twelve_answers_or_as_many_as_asked_for() {
    for (options, count) in [("", 12), ("--questions 2", 2), ("--questions 0", 0)] {
        let (asked, end) = interview(&demo(), options);
        assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), count);
        assert_eq!(end, json!({ "done": true, "reason": "questions" }));
    }
}

#[test]
fn a_seed_makes_sides_and_random_questions_reproducible() {
    let folder = Folder::new();
    let ask = |options: &str| {
        folder
            .run(&format!("ask --deck {DEMO} --strategy random {options}"))
            .stdout
    };
    assert_eq!(ask("--seed 7"), ask("--seed 7"));
    // Five random draws of six of 204 pairs practically never agree.
    let with = |seeds: [&str; 5]| seeds.map(ask).into_iter().collect::<BTreeSet<_>>().len();
    assert!(
        with([
            "--seed 1",
            "--seed 2",
            "--seed 3",
            "--seed 4",
            "--seed 18446744073709551615"
        ]) > 1
    );
    assert!(with([""; 5]) > 1, "without a seed each run differs");
}

#[test]
fn the_runners_up_of_a_random_question_are_other_pairs() {
    let folder = Folder::new().with("deck.json", &plain_deck());
    for seed in 0..10 {
        let result = folder
            .run(&format!(
                "ask --deck deck.json --strategy random --seed {seed}"
            ))
            .result();
        let mut pairs: BTreeSet<_> = result["alternatives"]
            .as_array()
            .unwrap()
            .iter()
            .map(pair)
            .collect();
        assert!(pairs.insert(pair(&result)));
        assert_eq!(pairs.len(), 3);
    }
}

#[test]
fn an_unknown_strategy_is_wrong_usage_and_the_known_ones_are_named() {
    let outcome = Folder::new().run(&format!("ask --deck {DEMO} --strategy best"));
    let words = outcome.usage();
    assert!(
        strategies()
            .iter()
            .all(|strategy| words.contains(strategy.name())),
        "{words}"
    );
}

#[test]
fn numbers_out_of_range_are_wrong_usage() {
    let folder = Folder::new();
    for option in [
        "--questions -1",
        "--questions 1.5",
        "--alternatives 99999",
        "--seed x",
        "--seed=-1",
    ] {
        folder.run(&format!("ask --deck {DEMO} {option}")).usage();
    }
}

#[test]
fn a_wrong_option_is_blamed_and_not_a_file() {
    let wrong = |options: &str, message: &str| {
        let outcome = Folder::new().run(&format!("ask --deck {DEMO} {options}"));
        assert_eq!(outcome.wrong_option(), format!("leaning: {message}"));
    };
    wrong(
        "--candidates-per-question 7",
        "--candidates-per-question: expected 2 to 4",
    );
    wrong("--half-life 0", "--half-life: expected a number above 0");
    wrong("--regret=-1", "--regret: expected a number of at least 0");
}

#[test]
fn questions_may_be_chosen_per_word() {
    let mut deck = plain_deck();
    let long = "word ".repeat(100);
    deck["prompts"][0]["candidates"][0]["text"] = json!(long);
    deck["prompts"][1]["candidates"][0]["text"] = json!("word");
    deck["prompts"][1]["candidates"][1]["text"] = json!(long);
    deck["prompts"][1]["candidates"][1]["scores"] = json!([0.25]);
    let folder = Folder::new().with("deck.json", &deck);
    let ask = |per: &str| folder.run(&format!("ask --deck deck.json {per}"));
    let shown = |per: &str| pair(&ask(per).result());
    let names = |names: [&str; 2]| names.map(str::to_owned).into_iter().collect();
    assert_eq!(shown(""), names(["p1/a", "p1/b"]));
    assert_eq!(shown("--per word"), names(["p2/a", "p2/c"]));
    let refused = ask("--per word --strategy random");
    assert!(
        refused
            .wrong_option()
            .contains("--per: word needs a strategy"),
        "{refused:?}"
    );
    let simulated = folder
        .run("simulate --deck deck.json --per word --people 2 --answers 1")
        .result();
    let curves = simulated["curves"].as_array().unwrap();
    assert_eq!(curves.len(), 4, "those whose scores are amounts");
    let made_up = folder.run("simulate --per word --people 2 --answers 1");
    assert!(
        made_up.wrong_option().contains("needs a deck"),
        "{made_up:?}"
    );
}
