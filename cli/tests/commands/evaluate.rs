//! `leaning evaluate`

use crate::{Folder, Outcome, assert_close, plain_deck};
use flate2::read::MultiGzDecoder;
use leaning::format::deck::PriorFile;
use leaning::{AnswerModel, Evidence};
use leaning_population::{FitOptions, fit};
use nalgebra::DVector;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::Path;

const TABLES: &str = "--responses responses.csv --comparisons comparisons.csv";

fn evaluate(folder: &Folder, options: &str) -> Outcome {
    folder.run(&format!("evaluate --deck deck.json {TABLES} {options}"))
}

/// The result, with or without notes.
#[track_caller]
fn result(outcome: &Outcome) -> Value {
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// The estimates of one method after each number of answers: means, or errors.
fn curve(result: &Value, name: &str, what: &str, field: &str) -> Vec<f64> {
    let curves = result["curves"].as_array().unwrap();
    let curve = curves.iter().find(|curve| curve["name"] == name).unwrap();
    assert_eq!(
        curve[what].as_array().unwrap().len(),
        result["after"].as_array().unwrap().len()
    );
    curve[what]
        .as_array()
        .unwrap()
        .iter()
        .map(|estimate| estimate[field].as_f64().unwrap())
        .collect()
}

fn means(result: &Value, name: &str, what: &str) -> Vec<f64> {
    curve(result, name, what, "mean")
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// [`plain_deck`] with the prior N(1, 1).
fn deck() -> Value {
    let mut deck = plain_deck();
    deck["prior"] = json!({ "mean": [1], "covariance": [[1]] });
    deck
}

/// Two responses whose difference in brevity is 2.
const RESPONSES: &str = "id,prompt,brevity\nshort,p,1\nlong,p,-1\n";

/// Five answers of one person, the first `shorter` of them for the shorter response, the others for
/// the longer.
fn answers(user: &str, shorter: usize) -> String {
    let row = |place| {
        format!(
            "{user},short|long,{},\n",
            if place < shorter { "short" } else { "long" }
        )
    };
    (0..5).map(row).collect()
}

fn folder(deck: &Value, rows: &str) -> Folder {
    let comparisons = format!("user,shown,chose,verdict\n{rows}");
    let folder = Folder::new()
        .with("deck.json", deck)
        .with_bytes("responses.csv", RESPONSES);
    folder.with_bytes("comparisons.csv", comparisons)
}

#[test]
fn without_answers_accuracy_and_likelihood_are_those_of_the_formula() {
    let rows = answers("ann", 5) + &answers("ben", 5) + &answers("cat", 0);
    let result = evaluate(&folder(&deck(), &rows), "--answers 0 --seeds 2").result();
    assert_eq!(
        (
            &result["people"],
            &result["comparisons"],
            &result["leftOut"]
        ),
        (&json!(3), &json!(15), &json!(0))
    );
    // Weight 1, difference 2: two people always choose as predicted, one never does.
    let (like, unlike) = (sigmoid(2.0).ln(), sigmoid(-2.0).ln());
    let name = "one-weight-for-all";
    assert_close(means(&result, name, "accuracy")[0], 2.0 / 3.0, 1e-12);
    assert_close(
        means(&result, name, "logLikelihood")[0],
        (2.0 * like + unlike) / 3.0,
        1e-12,
    );
    // The standard deviation of 1, 1 and 0 is 1/√3; over √3 people.
    assert_close(
        curve(&result, name, "accuracy", "error")[0],
        1.0 / 3.0,
        1e-12,
    );
    // Under the prior λ ~ N(1, 1) the probability of the shorter one is E σ(2λ), here by the
    // trapezoidal rule.
    let (mut sum, mut total) = (0.0, 0.0);
    for step in -8000..=8000 {
        let z = f64::from(step) / 1000.0;
        let density = (-0.5 * z * z).exp();
        sum += density * sigmoid(2.0 * (1.0 + z));
        total += density;
    }
    let short: f64 = sum / total;
    let expected = (2.0 * short.ln() + (1.0 - short).ln()) / 3.0;
    assert!((expected - (2.0 * like + unlike) / 3.0).abs() > 0.1);
    // The command averages over a thousand samples.
    assert_close(
        means(&result, "information-gain", "logLikelihood")[0],
        expected,
        0.05,
    );
}

#[test]
fn answers_tell_people_apart() {
    let rows = answers("ann", 5) + &answers("ben", 0);
    let options = "--answers 0,1,4 --test 1 --strategy random --strategy d-optimal";
    let result = evaluate(&folder(&deck(), &rows), options).result();
    assert_eq!(result["after"], json!([0, 1, 4]));
    let names: Vec<&str> = result["curves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["one-weight-for-all", "random", "d-optimal"]);
    for name in ["random", "d-optimal"] {
        let accuracy = means(&result, name, "accuracy");
        assert_eq!((accuracy[0], accuracy[2]), (0.5, 1.0), "{name}");
        let likelihood = means(&result, name, "logLikelihood");
        assert!(
            likelihood[1] > likelihood[0] && likelihood[2] > likelihood[1],
            "{name}: {likelihood:?}"
        );
    }
    let everybody = "one-weight-for-all";
    assert_eq!(means(&result, everybody, "accuracy"), [0.5; 3]);
    // Ben's choices are won, and Ann's are not lost.
    let [worse, better] = ["worse", "better"].map(|what| means(&result, "d-optimal", what));
    assert_eq!((better[0], worse[0]), (0.0, 0.0));
    assert_eq!((better[2], worse[2]), (0.5, 0.0));
    assert_eq!(means(&result, everybody, "better"), [0.0; 3]);
}

#[test]
fn ties_count_only_if_the_deck_offers_them() {
    let rows = "ann,short|long,,tie\n".repeat(3) + &answers("ben", 5);
    // Without indifference, Ann's ties tell nothing.
    let outcome = evaluate(&folder(&deck(), &rows), "--answers 0 --test 2");
    let words = "left out 1 of 2 people, who have at most 2 answers that tell something";
    assert_eq!(
        outcome.stderr,
        format!("leaning: comparisons.csv: {words}\n")
    );
    assert_eq!(
        (&result(&outcome)["people"], &result(&outcome)["leftOut"]),
        (&json!(1), &json!(1))
    );
    let mut offering = deck();
    offering["answers"] = json!({ "lapse": 0, "indifference": 0.5 });
    let result = evaluate(&folder(&offering, &rows), "--answers 0 --test 2").result();
    assert_eq!(result["people"], 2);
    // λ = 1, u = 2, δ = ½: tie (e − 1)·σ(1.5)·σ(−2.5), first σ(1.5).
    let tie = (1_f64.exp() - 1.0) * sigmoid(1.5) * sigmoid(-2.5);
    let expected = 0.5 * (tie.ln() + sigmoid(1.5).ln());
    assert_close(
        means(&result, "one-weight-for-all", "logLikelihood")[0],
        expected,
        1e-12,
    );
    // Ann's ties are not choices.
    assert_eq!(means(&result, "one-weight-for-all", "accuracy"), [1.0]);
}

#[test]
fn scores_come_from_a_basis_from_columns_or_from_the_deck() {
    let rows = answers("ann", 5) + &answers("ben", 2);
    let by_column = evaluate(&folder(&deck(), &rows), "").result();
    // The same scores, times ten plus 5, in a column with another name.
    let mut based = deck();
    based["basis"] = json!({ "features": ["length"], "mean": [5], "scale": [10], "head": [[1]] });
    let responses = "id,prompt,length\nshort,p,15\nlong,p,-5\n";
    let by_basis = evaluate(
        &folder(&based, &rows).with_bytes("responses.csv", responses),
        "",
    )
    .result();
    assert_eq!(by_basis["curves"], by_column["curves"]);
    // The deck's own scores: p1/a has 1, p1/b −1, by full name or by prompt and id.
    for (a, b) in [("p1/a", "p1/b"), ("a", "b")] {
        let responses = format!("id,prompt,text\n{a},p1,brief\n{b},p1,wordy\n");
        let rows = rows.replace("short", a).replace("long", b);
        let by_name = evaluate(
            &folder(&deck(), &rows).with_bytes("responses.csv", responses),
            "",
        )
        .result();
        assert_eq!(by_name["curves"], by_column["curves"]);
    }
}

#[test]
fn responses_without_scores_are_refused_with_everything_that_was_tried() {
    let rows = answers("ann", 5);
    let failure = |deck: &Value, responses: &str| {
        evaluate(
            &folder(deck, &rows).with_bytes("responses.csv", responses),
            "",
        )
        .failure()
        .to_owned()
    };
    let expected = "leaning: responses.csv: expected responses that the deck has scores for: ";
    let nothing = "there is no column brevity as the deck's dimension; no id is the name of a candidate of the deck";
    let other = "id,prompt,length\nshort,p,15\nlong,p,-5\n";
    assert_eq!(failure(&deck(), other), format!("{expected}{nothing}"));
    let mut based = deck();
    based["basis"] =
        json!({ "features": ["style:words"], "mean": [0], "scale": [1], "head": [[1]] });
    let texts = "response \"short\": expected a text to measure style in, found none";
    assert_eq!(
        failure(&based, other),
        format!("{expected}{texts}; {nothing}")
    );
    based["basis"]["head"] = json!([[1, 2]]);
    assert!(failure(&based, other).starts_with("leaning: deck.json: basis.head[0]: "));
    let rows = rows.replace("short", "a");
    let folder =
        folder(&deck(), &rows).with_bytes("responses.csv", "id,prompt,text\na,p1,x\nlong,p1,y\n");
    let stray = "leaning: responses.csv: id: expected only candidates of the deck to be shown, found \"long\"";
    assert_eq!(evaluate(&folder, "").failure(), stray);
}

#[test]
fn it_fails_if_nobody_has_enough_answers() {
    let expected = |of: usize| {
        let what = "expected a person with more than 4 answers that tell something, found none of";
        format!("leaning: comparisons.csv: {what} {of}")
    };
    assert_eq!(
        evaluate(&folder(&deck(), "ann,short|long,short,\n"), "").failure(),
        expected(1)
    );
    let ties = "ann,short|long,,tie\n".repeat(9);
    assert_eq!(evaluate(&folder(&deck(), &ties), "").failure(), expected(1));
    assert_eq!(evaluate(&folder(&deck(), ""), "").failure(), expected(0));
}

#[test]
fn flaws_in_the_tables_are_one_line_with_file_row_and_column() {
    let with = |name: &str, text: &str| {
        evaluate(
            &folder(&deck(), &answers("ann", 5)).with_bytes(name, text),
            "",
        )
        .failure()
        .to_owned()
    };
    let nan = with(
        "responses.csv",
        "id,prompt,brevity\nshort,p,1\nlong,p,nan\n",
    );
    assert!(
        nan.starts_with("leaning: responses.csv: line 3: brevity: expected a finite number"),
        "{nan}"
    );
    let stray = with(
        "comparisons.csv",
        "user,shown,chose\nann,short|brief,short\n",
    );
    assert_eq!(
        stray,
        "leaning: comparisons.csv: line 2: shown: expected ids of responses in responses.csv, found \"brief\""
    );
}

#[test]
fn a_table_may_come_from_standard_input() {
    let folder =
        folder(&deck(), &answers("ann", 5)).with_bytes("bare.csv", "id,prompt\nshort,p\nlong,p\n");
    let arguments =
        "evaluate --deck deck.json --responses bare.csv --comparisons comparisons.csv --features -";
    let expected = evaluate(&folder, "").result();
    assert_eq!(
        folder
            .run_with_input(arguments, "id,brevity\nlong,-1\nshort,1\n")
            .result(),
        expected
    );
    assert!(
        folder
            .run(&format!("{arguments} --prompts -"))
            .usage()
            .contains("standard input")
    );
}

#[test]
fn on_credit_cards_answers_help_more_than_the_published_method() {
    let bank = std::env::var_os("LEANING_DATA").map(|data| Path::new(&data).join("bank"));
    let Some(bank) = bank.filter(|bank| bank.is_dir()) else {
        println!("skipped: LEANING_DATA has no bank");
        return;
    };
    let read = |name: &str| -> String {
        let mut text = String::new();
        MultiGzDecoder::new(fs::File::open(bank.join(name)).unwrap())
            .read_to_string(&mut text)
            .unwrap();
        text
    };
    let (responses, comparisons) = (read("responses.csv.gz"), read("comparisons.csv.gz"));
    let rows = |text: &'static str| {
        text.lines()
            .skip(1)
            .map(|line| line.split(',').collect::<Vec<_>>())
    };
    let (responses, comparisons): (&'static str, &'static str) =
        (responses.leak(), comparisons.leak());
    let attributes: Vec<&str> = responses
        .lines()
        .next()
        .unwrap()
        .split(',')
        .skip(2)
        .collect();
    let scores: HashMap<&str, Vec<f64>> = rows(responses)
        .map(|row| {
            (
                row[0],
                row[2..].iter().map(|cell| cell.parse().unwrap()).collect(),
            )
        })
        .collect();
    // The prior is fitted to people number 101 to 300, and measured on those up to 100.
    let number = |user: &str| user.trim_start_matches('u').parse::<usize>().unwrap();
    let mut others: Vec<Vec<Evidence>> = vec![Vec::new(); 301];
    for row in rows(comparisons).filter(|row| (101..=300).contains(&number(row[0]))) {
        let (first, second) = row[1].split_once('|').unwrap();
        let scores = |id: &str| DVector::from_column_slice(&scores[id]);
        let difference = scores(first) - scores(second);
        others[number(row[0])].push(Evidence::Pair {
            difference,
            tie: false,
            outcome: usize::from(row[2] == second),
        });
    }
    others.retain(|answers| !answers.is_empty());
    let prior = fit(
        &others,
        AnswerModel::BRADLEY_TERRY,
        14,
        FitOptions::default(),
    )
    .unwrap();
    let few: Vec<&str> = comparisons
        .lines()
        .enumerate()
        .filter(|(place, line)| *place == 0 || number(line.split(',').next().unwrap()) <= 100)
        .map(|(_, line)| line)
        .collect();
    let deck = json!({
        "format": "leaning-deck/1", "id": "cards",
        "dimensions": attributes.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>(),
        "prior": PriorFile::from(&prior),
        "answers": { "lapse": 0, "indifference": 0 },
        "prompts": [{ "id": "p", "candidates": [{ "id": "a", "scores": vec![0; 14] },
                                                { "id": "b", "scores": vec![1; 14] }] }]
    });
    let folder = Folder::new()
        .with("deck.json", &deck)
        .with_bytes("responses.csv", responses);
    let folder = folder.with_bytes("comparisons.csv", few.join("\n"));
    let options = "--answers 0,8 --seeds 1 --strategy random --strategy pref";
    let result = evaluate(&folder, options).result();
    // Some numbers are missing.
    assert_eq!(result["people"], 70);
    // Published for all 700, with a prior fitted to four fifths of them: .735 with one weight for
    // everybody, .765 after eight random questions, .621 by the published method. The standard
    // error over 70 people is about 0.03.
    let of = |name| means(&result, name, "accuracy")[1];
    let (everybody, ours, theirs) = (of("one-weight-for-all"), of("random"), of("pref"));
    assert_close(everybody, 0.735, 0.07);
    assert_close(ours, 0.765, 0.07);
    assert_close(theirs, 0.621, 0.07);
    assert!(ours > theirs);
    let likelihood = means(&result, "random", "logLikelihood");
    assert!(likelihood[1] > likelihood[0], "{likelihood:?}");
}

#[test]
fn people_who_only_say_tie_leave_no_accuracy_and_the_page_says_why() {
    let ties = "user,shown,chose,verdict\nann,a|b,,tie\nann,c|d,,tie\nbob,a|b,,tie\nbob,c|d,,tie\n";
    let folder = Folder::new()
        .with_bytes("r.csv", "id,prompt,x\na,p,1\nb,p,2\nc,q,1\nd,q,3\n")
        .with_bytes("c.csv", ties);
    let built = folder.run("build --responses r.csv --scores x --id d --out d.json");
    assert_eq!(built.code, Some(0), "{built:?}");
    let command = "evaluate --deck d.json --responses r.csv --comparisons c.csv --answers 0,1 --test 1 --seeds 1";
    let page = folder.run(&format!("{command} --format text")).stdout;
    assert!(!page.contains("NaN"), "{page}");
    assert!(
        page.contains("–: none of the answers that are held out is a choice."),
        "{page}"
    );
}
