//! `leaning simulate`

use crate::{DEMO, Folder, demo, numbers, plain_deck};
use serde_json::Value;
use std::fs;

/// Means of a quantity for one strategy after each number of answers.
fn means(result: &Value, name: &str, quantity: &str) -> Vec<f64> {
    let curves = result["curves"].as_array().unwrap();
    let curve = curves.iter().find(|curve| curve["name"] == name).unwrap();
    let estimates = curve[quantity].as_array().unwrap();
    assert_eq!(estimates.len(), numbers(&result["after"]).len());
    assert!(estimates.iter().all(|of| of["error"].is_number()));
    let mean = |estimate: &Value| estimate["mean"].as_f64().unwrap();
    estimates.iter().map(mean).collect()
}

/// Mean regret of one strategy after each number of answers.
fn curve(result: &Value, name: &str) -> Vec<f64> {
    means(result, name, "regret")
}

#[test]
fn regret_falls_with_every_question_and_faster_for_chosen_ones() {
    let strategies = "--strategy random --strategy information-gain";
    let result = Folder::new()
        .run(&format!(
            "simulate --deck {DEMO} --people 40 --answers 10 {strategies}"
        ))
        .result();
    assert_eq!(
        numbers(&result["after"]),
        [0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0]
    );
    let (random, chosen) = (curve(&result, "random"), curve(&result, "information-gain"));
    // Before any answer, and without a prior in the demo deck.
    assert!((random[0] - 1.0).abs() < 0.15 && random[0] == chosen[0]);
    assert!(chosen[6] < 0.5 * chosen[0] && chosen[6] < random[6]);
}

#[test]
fn nobody_is_harmed_before_any_answer_and_fewer_as_more_is_known() {
    let people = "--dimensions 4 --prompts 100 --others 50 --people 40 --answers 20";
    let result = Folder::new()
        .run(&format!("simulate {people} --strategy information-gain"))
        .result();
    let after = numbers(&result["after"]);
    let at = |answers: f64| after.iter().position(|&after| after == answers).unwrap();
    let harm = means(&result, "information-gain", "harm");
    // Before any answer the personal pick is the population's.
    assert_eq!(harm[0], 0.0);
    let (one, twenty) = (harm[at(1.0)], harm[at(20.0)]);
    assert!(0.0 < twenty && twenty < one && one < 0.5, "{harm:?}");
}

#[test]
fn the_same_seed_gives_the_same_people_and_another_gives_others() {
    let run = |seed: u64| {
        let command = format!(
            "simulate --deck {DEMO} --people 4 --answers 2 --strategy d-optimal --seed {seed}"
        );
        Folder::new().run(&command).result()
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}

#[test]
fn a_deck_that_runs_out_of_questions_leaves_no_numbers() {
    let folder = Folder::new().with("deck.json", &plain_deck());
    let command = "simulate --deck deck.json --people 3 --answers 50 --strategy random --out out";
    let page = folder.run(&format!("{command} --format text")).stdout;
    assert!(
        page.contains('–') && page.contains("no questions left"),
        "{page}"
    );
    let read = |name: &str| fs::read_to_string(folder.0.join("out").join(name)).unwrap();
    for text in [
        page,
        read("regret.md"),
        read("regret.csv"),
        read("harm.md"),
        read("regret.svg"),
    ] {
        assert!(!text.contains("NaN"), "{text}");
    }
    let result = folder.run(command).result();
    let last = &result["curves"][0]["regret"].as_array().unwrap()[10];
    assert_eq!(last, &serde_json::json!({ "mean": null, "error": null }));
}

#[test]
fn tables_and_curves_are_written_into_the_folder() {
    let folder = Folder::new();
    let made_up = "--dimensions 2 --prompts 20 --candidates 2 --others 10 --people 3 --answers 3";
    let result = folder
        .run(&format!(
            "simulate {made_up} --strategy random --out curves"
        ))
        .result();
    let read = |name: &str| fs::read_to_string(folder.0.join("curves").join(name)).unwrap();
    let (csv, markdown, svg) = (read("regret.csv"), read("regret.md"), read("regret.svg"));
    let harm = read("harm.csv");
    let row: Vec<&str> = harm.lines().nth(1).unwrap().split(',').collect();
    let harms = means(&result, "random", "harm");
    assert_eq!(row[1].parse::<f64>().unwrap(), harms[0]);
    assert_eq!(row[7].parse::<f64>().unwrap(), harms[3]);
    assert!(read("harm.md").starts_with("| strategy") && read("harm.svg").starts_with("<svg"));
    let first = csv.lines().next().unwrap();
    assert_eq!(first, "strategy,0,0_se,1,1_se,2,2_se,3,3_se");
    let row: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
    assert_eq!(row[0], "random");
    assert_eq!(row[1].parse::<f64>().unwrap(), curve(&result, "random")[0]);
    assert!(markdown.starts_with("| strategy"));
    assert!(svg.starts_with("<svg") && svg.contains("random"));
}

#[test]
fn people_who_answer_at_random_lose_more() {
    let run = |habit: &str| {
        let command = format!(
            "simulate --deck {DEMO} --people 40 --answers 10 --strategy information-gain {habit}"
        );
        curve(&Folder::new().run(&command).result(), "information-gain")[6]
    };
    let (careful, careless, biased) = (run(""), run("--lapse 0.5"), run("--left-bias 0.5"));
    assert!(
        careful < careless && careful < biased,
        "{careful}, {careless}, {biased}"
    );
}

/// A small made-up world without a prior.
const SMALL: &str = "--dimensions 3 --prompts 30 --others 0 --strategy information-gain";

#[test]
fn people_answer_each_kind_of_question() {
    let run = |options: &str| {
        let command = format!("simulate {SMALL} --people 20 --answers 5 {options}");
        curve(&Folder::new().run(&command).result(), "information-gain")
    };
    let choice = run("");
    assert_eq!(run("--kind choice"), choice);
    for kind in [
        "grades",
        "rating",
        "rating --ratings 2",
        "best-worst",
        "order",
        "order --candidates-per-question 4",
    ] {
        let regrets = run(&format!("--kind {kind}"));
        assert_eq!(regrets[0], choice[0], "{kind}: the same people and prompts");
        assert!(regrets[4] < 0.7 * regrets[0], "{kind}: {regrets:?}");
        assert_ne!(regrets[1..], choice[1..], "{kind}");
    }
    let four = run("--kind order --candidates-per-question 4");
    assert!(four[4] < choice[4], "{four:?}, {choice:?}");
}

#[test]
fn a_prior_is_fitted_to_any_kind_of_answers() {
    // So small that the others run out of questions.
    let world = "--dimensions 2 --prompts 6 --others 15 --people 10 --answers 1";
    for kind in ["grades", "rating", "best-worst", "order"] {
        let command = format!("simulate {world} --strategy information-gain --kind {kind}");
        let regrets = curve(&Folder::new().run(&command).result(), "information-gain");
        // The others have something in common.
        assert!(regrets[0] < 0.95, "{kind}: {regrets:?}");
    }
}

#[test]
fn people_may_draw_the_lines_elsewhere() {
    let run = |options: &str| {
        let command = format!("simulate {SMALL} --people 4 --answers 5 {options}");
        curve(&Folder::new().run(&command).result(), "information-gain")
    };
    let far = "--line-spread 1.5";
    assert_ne!(run(&format!("--kind grades {far}")), run("--kind grades"));
    // An order has no such lines.
    assert_eq!(run(&format!("--kind order {far}")), run("--kind order"));
}

#[test]
fn all_strategies_answer_about_a_deck_with_a_curved_dimension() {
    let mut deck = demo();
    deck["dimensions"][0]["curved"] = true.into();
    let folder = Folder::new().with("deck.json", &deck);
    let result = folder
        .run("simulate --deck deck.json --people 2 --answers 2")
        .result();
    assert_eq!(result["curves"].as_array().unwrap().len(), 8);
}

#[test]
fn kinds_that_do_not_fit_are_named() {
    let fails = |options: &str, place: &str| {
        let outcome = Folder::new().run(&format!("simulate {SMALL} --people 2 {options}"));
        assert!(outcome.wrong_option().contains(place), "{outcome:?}");
    };
    fails(
        "--kind grades --candidates-per-question 3",
        "--candidates-per-question: expected 2",
    );
    fails(
        "--kind rating --candidates-per-question 2",
        "--candidates-per-question: leave it out: a rating is about one candidate",
    );
    fails(
        "--kind best-worst --candidates-per-question 2",
        "--candidates-per-question: expected a whole number from 3 to 4",
    );
    fails("--kind rating --ratings 12", "--ratings: ");
    fails(
        "--ratings 5",
        "--ratings: levels are for questions of the kind rating, not choice",
    );
    fails(
        "--kind best-worst --candidates 2",
        "--candidates: expected at least as many as a question shows",
    );
    let ratings = Folder::new().run("simulate --kind rating --strategy pref");
    assert!(
        ratings.wrong_option().contains("not from ratings"),
        "{ratings:?}"
    );
    let folder = Folder::new();
    let unknown = folder.run("simulate --kind stars");
    assert!(unknown.usage().contains("best-worst"), "{unknown:?}");
    // A deck says itself what its questions ask for.
    folder
        .run(&format!("simulate --deck {DEMO} --kind order"))
        .usage();
}

#[test]
fn options_out_of_range_are_named() {
    let folder = Folder::new().with("deck.json", &demo());
    let fails = |options: &str, place: &str| {
        let outcome = folder.run(&format!("simulate --people 2 --answers 1 {options}"));
        assert!(outcome.wrong_option().contains(place), "{outcome:?}");
    };
    fails(
        "--deck deck.json --candidates-per-question 5",
        "--candidates-per-question",
    );
    fails("--deck deck.json --lapse 1", "--lapse: ");
    fails("--deck deck.json --left-bias 2", "--left-bias: ");
    fails("--deck deck.json --line-spread=-1", "--line-spread: ");
    fails("--dimensions 65", "--dimensions: ");
    fails("--correlation 2", "--correlation: ");
}

#[test]
fn less_is_too_early_to_say_after_more_answers() {
    let result = Folder::new()
        .run(&format!(
            "simulate --deck {DEMO} --people 8 --answers 10 --strategy information-gain --open"
        ))
        .result();
    let open = means(&result, "information-gain", "open");
    assert_eq!(open[0], 1.0);
    assert!(0.0 < open[6] && open[6] < open[0], "{open:?}");
}
