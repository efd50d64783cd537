//! `leaning fit`, on simulated people whose tastes are known.

use crate::{Folder, Outcome, assert_close, demo, numbers};
use flate2::Compression;
use flate2::write::GzEncoder;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;

const TABLES: &str = "--responses r.csv --comparisons c.csv";
const FEATURES: [&str; 3] = ["length", "warmth_of_tone", "jargon"];
const PROMPTS: usize = 20;
const EACH: usize = 4;

/// Simulated people and their comparisons.
#[derive(Clone, Copy)]
struct Made {
    people: usize,
    answers: usize,
    /// Number of responses in a comparison.
    shown: usize,
    /// δ: closer rewards are a tie.
    band: f64,
    seed: u64,
}

const USUAL: Made = Made {
    people: 60,
    answers: 12,
    shown: 2,
    band: 0.0,
    seed: 1,
};

/// Rows of features, a row per response. Those of a prompt lie together.
type Rows = Vec<[f64; 3]>;

fn id(response: usize) -> String {
    format!("r{response}")
}

fn rows(seed: u64) -> Rows {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // Numbers as in a table, to a thousandth.
    let mut number = || (1000.0 * random.sample::<f64, _>(StandardNormal)).round() / 1000.0;
    (0..PROMPTS * EACH)
        .map(|_| [number(), number(), number()])
        .collect()
}

fn responses(rows: &Rows) -> String {
    let row = |(place, [a, b, c]): (usize, &[f64; 3])| {
        format!("{},p{},{a},{b},{c}\n", id(place), place / EACH)
    };
    format!(
        "id,prompt,{}\n{}",
        FEATURES.join(","),
        rows.iter().enumerate().map(row).collect::<String>()
    )
}

impl Made {
    /// The person, the responses shown, and the answer of each comparison: a place among those
    /// shown, or a tie.
    fn answer(
        &self,
        rows: &Rows,
        weights: impl Fn(usize) -> [f64; 3],
    ) -> Vec<(usize, Vec<usize>, Option<usize>)> {
        let mut random = ChaCha8Rng::seed_from_u64(1000 + self.seed);
        let mut answers = Vec::new();
        for (person, _) in (0..self.people)
            .flat_map(|person| (0..self.answers).map(move |answer| (person, answer)))
        {
            let prompt = random.random_range(0..PROMPTS);
            let drawn = rand::seq::index::sample(&mut random, EACH, self.shown);
            let shown: Vec<usize> = drawn.iter().map(|place| prompt * EACH + place).collect();
            // Luce's choice rule, by Gumbel noise.
            let noise = rand_distr::Gumbel::new(0.0, 1.0).unwrap();
            let reward = |&response: &usize| -> f64 {
                weights(person)
                    .iter()
                    .zip(&rows[response])
                    .map(|(weight, number)| weight * number)
                    .sum()
            };
            let felt: Vec<f64> = shown
                .iter()
                .map(|place| reward(place) + noise.sample(&mut random))
                .collect();
            let best = (0..felt.len())
                .max_by(|&a, &b| felt[a].total_cmp(&felt[b]))
                .unwrap();
            let alike = self.shown == 2 && (felt[0] - felt[1]).abs() < self.band;
            answers.push((person, shown, (!alike).then_some(best)));
        }
        answers
    }

    fn comparisons(&self, rows: &Rows, weights: impl Fn(usize) -> [f64; 3]) -> String {
        let line = |(person, shown, best): (usize, Vec<usize>, Option<usize>)| {
            let ids: Vec<String> = shown.iter().map(|&response| id(response)).collect();
            match best {
                Some(best) => format!("u{person},{},{},\n", ids.join("|"), ids[best]),
                None => format!("u{person},{},,tie\n", ids.join("|")),
            }
        };
        format!(
            "user,shown,chose,verdict\n{}",
            self.answer(rows, weights)
                .into_iter()
                .map(line)
                .collect::<String>()
        )
    }

    /// A folder with the two tables.
    fn folder(&self, weights: impl Fn(usize) -> [f64; 3]) -> Folder {
        let rows = rows(self.seed);
        let folder = Folder::new().with_bytes("r.csv", responses(&rows));
        folder.with_bytes("c.csv", self.comparisons(&rows, weights))
    }

    /// For each feature, the root mean square difference between the two of a comparison.
    fn scale(&self) -> [f64; 3] {
        let rows = rows(self.seed);
        let answers = self.answer(&rows, |_| [0.0; 3]);
        std::array::from_fn(|k| {
            let squares = answers
                .iter()
                .map(|(_, shown, _)| (rows[shown[0]][k] - rows[shown[1]][k]).powi(2));
            (squares.sum::<f64>() / answers.len() as f64).sqrt()
        })
    }
}

/// One half of the people likes warmth, the other does not. Nothing else matters to anybody.
fn two_camps(person: usize) -> [f64; 3] {
    [0.0, if person.is_multiple_of(2) { 2.0 } else { -2.0 }, 0.0]
}

/// The weight of warmth is normally distributed over people. Nothing else matters to anybody.
fn warmth(person: usize) -> [f64; 3] {
    [0.0, tastes(person)[1], 0.0]
}

/// Tastes differ in all features.
fn tastes(person: usize) -> [f64; 3] {
    let mut random = ChaCha8Rng::seed_from_u64(5000 + person as u64);
    let mut normal = || random.sample::<f64, _>(StandardNormal);
    [1.0 + normal(), 2.0 * normal(), 0.5 * normal() - 0.5]
}

fn read(folder: &Folder, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.0.join(name)).unwrap()).unwrap()
}

fn run(folder: &Folder, options: &str) -> Outcome {
    folder.run(&format!("fit {TABLES} {options}"))
}

/// Runs a fit that writes d.json, and returns its report and the deck.
#[track_caller]
fn fit(folder: &Folder, options: &str) -> (Value, Value) {
    let outcome = run(folder, &format!("{options} --out d.json"));
    let report = outcome.result();
    assert_eq!(
        folder.run("check d.json").result_and_notes()["id"],
        report["id"]
    );
    (report, read(folder, "d.json"))
}

fn names(folder: &Folder) -> Vec<String> {
    let files = fs::read_dir(&folder.0).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The ids of all candidates, and their scores in a dimension.
fn scores(deck: &Value, dimension: usize) -> Vec<(String, f64)> {
    let prompts = deck["prompts"].as_array().unwrap().iter();
    let candidates = prompts.flat_map(|prompt| prompt["candidates"].as_array().unwrap());
    let score = |candidate: &Value| {
        (
            candidate["id"].as_str().unwrap().to_owned(),
            numbers(&candidate["scores"])[dimension],
        )
    };
    candidates.map(score).collect()
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let (x, y) = pairs.iter().fold((0.0, 0.0), |(x, y), pair| {
        (x + pair.0 / count, y + pair.1 / count)
    });
    let sum = |of: &dyn Fn(f64, f64) -> f64| {
        pairs
            .iter()
            .map(|pair| of(pair.0 - x, pair.1 - y))
            .sum::<f64>()
    };
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

#[test]
fn the_basis_of_a_fit_scores_its_responses_as_the_fit_does() {
    let folder = USUAL.folder(tastes);
    let (report, deck) = fit(&folder, "--dimensions 2 --title T --language de");
    assert_eq!(
        (&report["people"], &report["comparisons"]),
        (&json!(60), &json!(720))
    );
    assert_eq!(report["responses"], PROMPTS * EACH);
    assert_eq!(
        (&deck["title"], &deck["language"]),
        (&json!("T"), &json!("de"))
    );
    let ids: Vec<&str> = deck["dimensions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["dimension-1", "dimension-2"]);
    let basis = &deck["basis"];
    assert_eq!(basis["features"], json!(FEATURES));
    assert_eq!(
        basis["head"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| numbers(row).len())
            .collect::<Vec<_>>(),
        [3, 3]
    );
    let (rows, scale) = (rows(USUAL.seed), USUAL.scale());
    for k in 0..3 {
        let mean = rows.iter().map(|row| row[k]).sum::<f64>() / rows.len() as f64;
        assert_close(numbers(&basis["mean"])[k], mean, 1e-12);
        assert_close(numbers(&basis["scale"])[k], scale[k], 1e-12);
    }
    // A typical difference is 1 in each dimension.
    let answers = USUAL.answer(&rows, |_| [0.0; 3]);
    for j in 0..2 {
        let scores = scores(&deck, j);
        let squares = answers
            .iter()
            .map(|(_, shown, _)| (scores[shown[0]].1 - scores[shown[1]].1).powi(2));
        assert_close(squares.sum::<f64>() / answers.len() as f64, 1.0, 1e-9);
    }
    let outcome = folder.run("build --responses r.csv --basis d.json --out again.json");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(read(&folder, "again.json"), deck);
    let evaluated = folder
        .run(&format!(
            "evaluate --deck d.json {TABLES} --answers 0,6 --seeds 1"
        ))
        .result();
    assert_eq!(evaluated["people"], 60);
    assert!(folder.run("ask --deck d.json").result()["shown"].is_array());
}

#[test]
fn without_a_file_the_deck_is_the_result() {
    let folder = USUAL.folder(tastes);
    let (_, deck) = fit(&folder, "--dimensions 1");
    assert_eq!(run(&folder, "--dimensions 1").result(), deck);
}

#[test]
fn the_first_dimension_is_the_one_in_which_people_differ_most() {
    let made = Made {
        people: 120,
        ..USUAL
    };
    let folder = made
        .folder(warmth)
        .with("wrong.json", &json!({ "dimension-9": { "label": "x" } }));
    let folder = folder.with(
        "labels.json",
        &json!({ "dimension-1": { "label": "Warmth", "low": "cool" } }),
    );
    let (report, deck) = fit(&folder, "--dimensions 2 --lapse 0");
    let first = json!({ "id": "dimension-1", "label": "warmth of tone", "low": "less warmth of tone", "high": "more warmth of tone" });
    assert_eq!(deck["dimensions"][0], first);
    // The standard deviation that was simulated, in units of a typical difference.
    let sd = |j: usize| report["dimensions"][j]["sd"].as_f64().unwrap();
    let squares = (0..made.people)
        .map(|person| warmth(person)[1].powi(2))
        .sum::<f64>()
        / made.people as f64;
    let planted = squares.sqrt() * made.scale()[1];
    assert!(
        (sd(0) / planted - 1.0).abs() < 0.25,
        "{} for {planted}",
        sd(0)
    );
    assert!(sd(1) < 0.3 * sd(0), "{report}");
    let (_, labelled) = fit(&folder, "--dimensions 2 --lapse 0 --labels labels.json");
    let named = json!({ "id": "dimension-1", "label": "Warmth", "low": "cool", "high": "more warmth of tone" });
    assert_eq!(labelled["dimensions"][0], named);
    assert_eq!(
        (&labelled["id"], &labelled["prompts"]),
        (&deck["id"], &deck["prompts"])
    );
    let wrong = run(&folder, "--dimensions 2 --labels wrong.json");
    let what = "\"dimension-9\": the deck has no such dimension, only dimension-1, dimension-2";
    assert_eq!(wrong.failure(), format!("leaning: wrong.json: {what}"));
}

#[test]
fn the_number_of_dimensions_is_found() {
    let (report, deck) = fit(&USUAL.folder(two_camps), "--dimensions auto");
    assert_eq!(deck["dimensions"].as_array().unwrap().len(), 1);
    let tried = report["tried"].as_array().unwrap();
    assert!(
        (2..=3).contains(&tried.len()) && tried[0]["dimensions"] == 1,
        "{report}"
    );
    assert!(tried[0]["gain"]["mean"].as_f64().unwrap() > 0.1, "{report}");
}

#[test]
fn with_as_is_the_features_are_the_dimensions() {
    let folder = USUAL.folder(|person| {
        let taste = tastes(person);
        [1.5 + 0.3 * taste[0], -1.0 + 0.3 * taste[1], 0.5 * taste[2]]
    });
    let (report, deck) = fit(&folder, "--as-is");
    for (j, name) in FEATURES.iter().enumerate() {
        assert_eq!(deck["dimensions"][j]["id"], *name);
        assert_eq!(report["dimensions"][j]["id"], *name);
    }
    assert_eq!(deck["dimensions"][1]["high"], "more warmth of tone");
    assert_eq!(
        deck["basis"]["head"],
        json!([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    );
    let mean = numbers(&deck["prior"]["mean"]);
    assert!(
        mean[0] > 0.5 && mean[1] < -0.5 && mean[2].abs() < mean[1].abs(),
        "{mean:?}"
    );
    let usage = run(&folder, "--as-is --dimensions 2");
    assert!(usage.usage().contains("--as-is"));
}

#[test]
fn named_dimensions_are_curved_and_their_gains_are_measured_unless_they_are_named() {
    let folder = USUAL.folder(tastes);
    let (report, deck) = fit(&folder, "--as-is --curved length,jargon");
    let curved: Vec<&Value> = deck["dimensions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|dimension| &dimension["curved"])
        .collect();
    assert_eq!(curved, [&json!(true), &Value::Null, &json!(true)]);
    assert_eq!(report["curves"], Value::Null);

    let (report, deck) = fit(&folder, "--as-is --curved auto");
    for (place, gain) in report["curves"].as_array().unwrap().iter().enumerate() {
        assert_eq!(gain["id"], FEATURES[place]);
        assert_eq!(gain["proposed"], json!(false), "these tastes are straight");
        assert!(gain["gain"]["error"].as_f64().unwrap() > 0.0);
        assert_eq!(deck["dimensions"][place]["curved"], Value::Null);
    }

    let unknown = run(&folder, "--as-is --curved warmth");
    assert!(
        unknown.stderr.contains("no dimension \"warmth\""),
        "{unknown:?}"
    );
    assert_eq!(unknown.code, Some(1));
}

#[test]
fn without_features_base_rewards_are_a_table_of_the_responses_shown() {
    let rows = rows(USUAL.seed);
    let made = Made {
        answers: 24,
        ..USUAL
    };
    let text = |place: usize| format!("Text of {}", id(place));
    let mut table: String = (0..rows.len())
        .map(|k| format!("{},p{},{}\n", id(k), k / EACH, text(k)))
        .collect();
    table.push_str("new,p0,Nobody saw this\nnewer,other,Nor this\n");
    let folder = Folder::new().with_bytes("r.csv", format!("id,prompt,text\n{table}"));
    let folder = folder.with_bytes("c.csv", made.comparisons(&rows, two_camps));
    let outcome = run(
        &folder,
        "--dimensions 1 --penalty 3 --out d.json --report report",
    );
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let words =
        "leaning: 2 responses are left out: they were never shown, so they have no scores\n";
    assert_eq!(outcome.stderr, words);
    let deck = read(&folder, "d.json");
    assert_eq!(
        folder.run("check d.json").result_and_notes()["candidates"],
        rows.len()
    );
    assert!(deck.get("basis").is_none());
    let scores = scores(&deck, 0);
    let pairs: Vec<(f64, f64)> = scores
        .iter()
        .map(|(id, score)| (*score, rows[id[1..].parse::<usize>().unwrap()][1]))
        .collect();
    assert!(correlation(&pairs).abs() > 0.8, "{}", correlation(&pairs));
    let most = scores.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    assert_eq!(deck["dimensions"][0]["label"], "Dimension 1");
    assert_eq!(deck["dimensions"][0]["high"], format!("Text of {}", most.0));
    assert_eq!(deck["dimensions"][1]["label"], "Consensus");
    assert_eq!(deck["dimensions"].as_array().unwrap().len(), 2);
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["heldOut"]["new"], Value::Null);
    assert_eq!(report["penalty"], 3.0);
    let found = run(&folder, "--dimensions 1 --no-consensus --out d.json");
    let found: Value = serde_json::from_str(&found.stdout).unwrap();
    assert!(found["penalty"].as_f64().unwrap() >= 1.0);
    assert_eq!(found["dimensions"].as_array().unwrap().len(), 1);
    assert!(
        report["verdict"]
            .as_str()
            .unwrap()
            .contains("Without features, base rewards are a table")
    );
}

#[test]
fn only_ties_make_a_band_of_indifference() {
    let (report, deck) = fit(&USUAL.folder(tastes), "--dimensions 2 --lapse 0");
    assert_eq!(
        deck["answers"],
        json!({ "lapse": 0.0, "indifference": 0.0 })
    );
    assert_eq!(report["answers"]["indifference"], 0.0);
    assert!(deck.get("candidatesPerQuestion").is_none());
    let folder = Made {
        people: 80,
        answers: 30,
        band: 0.8,
        ..USUAL
    }
    .folder(tastes);
    for options in ["--dimensions 3", "--as-is"] {
        let (report, deck) = fit(&folder, &format!("{options} --lapse 0"));
        assert_close(deck["answers"]["indifference"].as_f64().unwrap(), 0.8, 0.06);
        assert_eq!(
            report["answers"]["indifference"],
            deck["answers"]["indifference"]
        );
    }
}

#[test]
fn choices_among_four_make_questions_with_four_candidates() {
    let folder = Made { shown: 4, ..USUAL }.folder(two_camps);
    let (_, deck) = fit(&folder, "--dimensions 1 --lapse 0.01");
    assert_eq!(
        (&deck["candidatesPerQuestion"], &deck["answers"]["lapse"]),
        (&json!(4), &json!(0.01))
    );
    assert_eq!(deck["dimensions"][0]["label"], "warmth of tone");
    assert_eq!(
        folder.run("ask --deck d.json").result()["shown"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn a_fit_by_style_needs_only_texts() {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["id", "prompt", "text"]).unwrap();
    let mut rows = "user,shown,chose\n".to_owned();
    for (place, prompt) in demo()["prompts"].as_array().unwrap().iter().enumerate() {
        let texts: Vec<&str> = prompt["candidates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|candidate| candidate["text"].as_str().unwrap())
            .collect();
        for (number, text) in texts.iter().enumerate() {
            table
                .write_record([
                    &format!("t{place}-{number}"),
                    prompt["id"].as_str().unwrap(),
                    text,
                ])
                .unwrap();
        }
        // Every other person takes the shortest text rather than the longest, the others the longest.
        let words = |&place: &usize| texts[place].split_whitespace().count();
        let shortest = (0..texts.len()).min_by_key(words).unwrap();
        let longest = (0..texts.len()).max_by_key(words).unwrap();
        for person in 0..20 {
            let chosen = if person % 2 == 0 { shortest } else { longest };
            rows +=
                &format!("u{person},t{place}-{shortest}|t{place}-{longest},t{place}-{chosen}\n");
        }
    }
    let folder = Folder::new()
        .with_bytes("r.csv", table.into_inner().unwrap())
        .with_bytes("c.csv", rows);
    let outcome = run(&folder, "--style --dimensions 1 --out d.json");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    // The demo's texts have no emoji.
    assert!(outcome.stderr.contains(
        "r.csv: style:emoji is left out: it never differs between responses shown together"
    ));
    let deck = read(&folder, "d.json");
    assert_eq!(deck["language"], "en");
    let features = deck["basis"]["features"].as_array().unwrap();
    assert!(
        features.contains(&json!("style:words")) && !features.contains(&json!("style:emoji")),
        "{features:?}"
    );
    assert!(
        deck["dimensions"][0]["label"]
            .as_str()
            .unwrap()
            .contains("words"),
        "{}",
        deck["dimensions"]
    );
    let outcome = folder.run("build --responses r.csv --basis d.json");
    assert_eq!(
        serde_json::from_str::<Value>(&outcome.stdout).unwrap()["prompts"],
        deck["prompts"]
    );
}

/// Runs a fit with a report, and returns the verdict and the result. The report has the verdict,
/// and all of its pictures and tables exist.
#[track_caller]
fn verdict(folder: &Folder, options: &str) -> (String, Value) {
    let (result, _) = fit(folder, &format!("{options} --report out/report"));
    let verdict = result["verdict"].as_str().unwrap().to_owned();
    let folder = folder.0.join("out/report");
    let report = fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(report.contains(&verdict), "{report}");
    let pictures: Vec<&str> = report
        .split("](")
        .skip(1)
        .map(|rest| rest.split(')').next().unwrap())
        .collect();
    assert!(
        pictures
            .iter()
            .filter(|name| name.ends_with(".svg"))
            .count()
            >= 2,
        "{report}"
    );
    for name in pictures {
        let content = fs::read_to_string(folder.join(name)).unwrap();
        assert!(
            !name.ends_with(".svg") || content.trim_end().ends_with("</svg>"),
            "{name}"
        );
    }
    (verdict, result)
}

/// The kinds of predictions that a report is about.
const PREDICTED: [&str; 2] = [
    "new people and known responses",
    "new people and new responses",
];

#[test]
fn personalising_pays_for_people_who_differ() {
    let made = Made {
        answers: 16,
        ..USUAL
    };
    let (verdict, result) = verdict(&made.folder(two_camps), "--dimensions 1");
    for whom in PREDICTED {
        assert!(
            verdict.contains(&format!("Personalising pays on {whom}: ")),
            "{verdict}"
        );
    }
    // For two camps, one weight for all predicts half of the choices.
    for of in ["known", "new"] {
        let held_out = &result["heldOut"][of];
        let gain = |what: &str, field: &str| held_out[what][field].as_f64().unwrap();
        assert!(gain("accuracy", "mean") > 0.15, "{held_out}");
        let likelihood = gain("logLikelihood", "mean");
        assert!(
            likelihood > 5.0 * gain("logLikelihood", "error"),
            "{held_out}"
        );
        assert_eq!(held_out["dimensions"], json!([1, 1, 1]));
    }
    assert_eq!(result["heldOut"]["known"]["people"], 60);
}

#[test]
fn no_personal_signal_is_found_in_people_who_are_all_alike() {
    let made = Made {
        answers: 16,
        ..USUAL
    };
    let (verdict, _) = verdict(&made.folder(|_| [1.0, -1.0, 0.5]), "--dimensions 2");
    for whom in PREDICTED {
        assert!(
            verdict.contains(&format!("No personal signal was found on {whom}: ")),
            "{verdict}"
        );
    }
}

#[test]
fn two_components_are_found_in_two_camps() {
    let made = Made {
        people: 120,
        answers: 20,
        ..USUAL
    };
    let (_, deck) = fit(
        &made.folder(two_camps),
        "--dimensions 1 --components 2 --lapse 0",
    );
    let components = deck["prior"]["components"].as_array().unwrap();
    assert_eq!(components.len(), 2);
    let mut means: Vec<f64> = components
        .iter()
        .map(|component| numbers(&component["mean"])[0])
        .collect();
    means.sort_by(f64::total_cmp);
    // ±2 per unit, in units of a typical difference.
    let planted = 2.0 * made.scale()[1];
    assert_close(means[0] / planted, -1.0, 0.2);
    assert_close(means[1] / planted, 1.0, 0.2);
    for component in components {
        assert_close(component["weight"].as_f64().unwrap(), 0.5, 0.1);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let folder = Made {
        people: 20,
        ..USUAL
    }
    .folder(tastes);
    let options = "--dimensions auto --seed 7 --start random";
    let (first, second) = (run(&folder, options), run(&folder, options));
    assert_eq!((first.code, &first.stdout), (Some(0), &second.stdout));
    assert!(run(&folder, "--dimensions auto --seed 8 --start random").stdout != first.stdout);
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = USUAL.folder(tastes);
    let decks = ["1", "3"].map(|threads| {
        let mut command = folder.command(&format!("fit {TABLES} --dimensions 2"));
        let output = command.env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert!(output.status.success());
        output.stdout
    });
    assert!(decks[0] == decks[1]);
}

#[test]
fn the_order_of_the_rows_of_different_people_does_not_matter() {
    let folder = USUAL.folder(tastes);
    let table = fs::read_to_string(folder.0.join("c.csv")).unwrap();
    let (header, rows) = table.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    let (expected, _) = fit(&folder, "--dimensions 2");
    // The first answers of everybody, then the second ones, and so on.
    let person = |row: &&str| row.split(',').next().unwrap_or_default().to_owned();
    let mut order: Vec<usize> = Vec::new();
    let mut seen: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for row in &rows {
        let count = seen.entry(person(row)).or_default();
        order.push(*count);
        *count += 1;
    }
    let mut places: Vec<usize> = (0..rows.len()).collect();
    places.sort_by_key(|&place| order[place]);
    assert!(!places.is_sorted());
    rows = places.iter().map(|&place| rows[place]).collect();
    let folder = folder.with_bytes("c.csv", format!("{header}\n{}\n", rows.join("\n")));
    assert_eq!(fit(&folder, "--dimensions 2").0, expected);
}

#[test]
fn a_deck_can_be_written_as_safetensors() {
    let folder = USUAL.folder(tastes);
    fit(&folder, "--dimensions 2");
    assert_eq!(
        run(&folder, "--dimensions 2 --out d.safetensors").code,
        Some(0)
    );
    assert_eq!(fs::read(folder.0.join("d.safetensors")).unwrap()[8], b'{');
    assert_eq!(
        folder.run("check d.safetensors").result_and_notes(),
        folder.run("check d.json").result_and_notes()
    );
    assert_eq!(
        folder.run("ask --deck d.safetensors --seed 1").result(),
        folder.run("ask --deck d.json --seed 1").result()
    );
}

#[test]
fn people_with_a_single_answer_count() {
    let folder = USUAL.folder(tastes);
    let table = fs::read_to_string(folder.0.join("c.csv")).unwrap() + "late,r0|r1,r0,\n";
    let folder = folder.with_bytes("c.csv", table);
    assert_eq!(
        fit(&folder, "--dimensions 2 --report report").0["people"],
        61
    );
    let folder = folder.with_bytes("c.csv", "user,shown,chose\nonly,r0|r1,r0\n");
    let (report, _) = fit(&folder, "--dimensions 1 --report report");
    assert_eq!(
        (&report["people"], &report["comparisons"]),
        (&json!(1), &json!(1))
    );
    assert!(
        report["verdict"]
            .as_str()
            .unwrap()
            .starts_with("Nobody has enough answers"),
        "{report}"
    );
    // Nobody else is there to fit to while this person is held out.
    let (report, deck) = fit(&folder, "--dimensions auto");
    assert_eq!(
        (
            report.get("tried"),
            deck["dimensions"].as_array().unwrap().len()
        ),
        (None, 1)
    );
}

/// The failure of a fit to these tables. It leaves no files behind.
#[track_caller]
fn failure(files: &[(&str, &[u8])], options: &str) -> String {
    let folder = USUAL.folder(two_camps);
    let folder = files.iter().fold(folder, |folder, (name, bytes)| {
        folder.with_bytes(name, bytes)
    });
    let before = names(&folder);
    let outcome = run(
        &folder,
        &format!("--dimensions 1 --out d.json --report report {options}"),
    )
    .failure()
    .to_owned();
    assert_eq!(names(&folder), before);
    outcome.strip_prefix("leaning: ").unwrap().to_owned()
}

#[test]
fn flaws_in_the_tables_are_named_with_their_place_and_nothing_is_written() {
    let comparisons = |text: &str| failure(&[("c.csv", text.as_bytes())], "");
    let responses = |text: &str| {
        failure(
            &[
                ("r.csv", text.as_bytes()),
                ("c.csv", b"user,shown,chose\nu,a|b,a\n"),
            ],
            "",
        )
    };
    assert_eq!(
        comparisons("user,shown\nu,r0|r1\n"),
        "c.csv: line 1: expected a column chose, found none"
    );
    assert_eq!(
        responses("id,length\na,1\nb,2\n"),
        "r.csv: line 1: expected a column prompt, found none"
    );
    let stray = "c.csv: line 3: shown: expected ids of responses in r.csv, found \"r999\"";
    assert_eq!(
        comparisons("user,shown,chose\nu,r0|r1,r0\nu,r0|r999,r0\n"),
        stray
    );
    let ties = "c.csv: expected choices, found only ties, which do not tell what people like";
    assert_eq!(
        comparisons("user,shown,chose,verdict\nu,r0|r1,,tie\nv,r2|r1,,tie\n"),
        ties
    );
    let nothing = "c.csv: expected at least one answer that tells something, found none";
    assert_eq!(
        comparisons("user,shown,chose,verdict\nu,r0|r1,,skip\n"),
        nothing
    );
    assert_eq!(comparisons("user,shown,chose\n"), nothing);
    let constant = "r.csv: no feature differs between responses that were shown together";
    assert_eq!(
        responses("id,prompt,x,y\na,p,1,2\nb,p,1,2\nc,p,3,4\n"),
        constant
    );
    let nan = responses("id,prompt,x\na,p,1\nb,p,nan\n");
    assert!(
        nan.starts_with("r.csv: line 3: x: expected a finite number"),
        "{nan}"
    );
    let slash = "id,prompt,x\na,p,1\nb,p/q,2\n";
    assert!(
        responses(slash).starts_with("r.csv: response \"b\": \"p/q\" cannot be an id in a deck")
    );
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let rows = rows(USUAL.seed);
    gzip.write_all(USUAL.comparisons(&rows, two_camps).as_bytes())
        .unwrap();
    let whole = gzip.finish().unwrap();
    let cut = failure(&[("c.csv", &whole[..whole.len() / 2])], "");
    assert!(cut.starts_with("c.csv: ") && cut.contains("gzip"), "{cut}");
    assert_eq!(
        run(
            &USUAL.folder(two_camps).with_bytes("c.csv", whole),
            "--dimensions 1"
        )
        .code,
        Some(0)
    );
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_leaves_nothing_behind() {
    let nowhere = failure(&[], "--labels nowhere.json");
    assert_eq!(nowhere, "nowhere.json: there is no such file");
    let folder = USUAL.folder(two_camps).with_bytes("taken", "old");
    let before = names(&folder);
    for options in [
        "--out nowhere/d.json",
        "--out nowhere/d.json --report report",
        "--report taken --out d.json",
    ] {
        let outcome = run(&folder, &format!("--dimensions 1 {options}"));
        let name = if options.contains("taken") {
            "taken"
        } else {
            "nowhere/d.json"
        };
        assert!(
            outcome.failure().starts_with(&format!("leaning: {name}: ")),
            "{outcome:?}"
        );
        assert_eq!(names(&folder), before, "{options}");
    }
    assert_eq!(fs::read(folder.0.join("taken")).unwrap(), b"old");
}

#[test]
fn wrong_usage_is_named() {
    let folder = USUAL
        .folder(two_camps)
        .with_bytes("bare.csv", "id,prompt,text\nr0,p,One\nr1,p,Two\n");
    for (options, expected) in [
        ("--dimensions 0", "expected auto or a number from 1 to"),
        ("--dimensions few", "expected auto or a number from 1 to"),
        ("--components 0", "--components"),
        ("--lapse 1", "expected a number from 0 to below 1"),
        ("--lapse nan", "expected a number from 0 to below 1"),
        ("--start anywhere", "--start"),
    ] {
        let outcome = run(&folder, options);
        assert!(outcome.usage().contains(expected), "{options}: {outcome:?}");
    }
    assert!(
        folder
            .run("fit --responses r.csv")
            .usage()
            .contains("--comparisons")
    );
    let folder = folder.with_bytes("c.csv", "user,shown,chose\nu,r0|r1,r0\n");
    let outcome = folder.run("fit --responses bare.csv --comparisons c.csv --as-is --out d.json");
    assert_eq!(
        outcome.failure(),
        "leaning: bare.csv: expected a column of numbers to take as it is, found none"
    );
    let outcome = run(&folder, "--style");
    assert_eq!(
        outcome.failure(),
        "leaning: r.csv: response \"r0\": expected a text to measure style in, found none"
    );
    assert!(!fs::exists(folder.0.join("d.json")).unwrap());
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_full_disk_is_a_failure_that_leaves_nothing_behind() {
        let folder = USUAL.folder(two_camps);
        let before = names(&folder);
        // Files may not have any content; without the signal, which would end the process.
        let script = format!(
            "trap '' XFSZ; ulimit -f 0; exec {} fit {TABLES} --dimensions 1 --out d.json",
            env!("CARGO_BIN_EXE_leaning")
        );
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(&folder.0)
            .output()
            .unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(1), 0),
            "{words}"
        );
        assert!(
            words.starts_with("leaning: d.json: ") && words.lines().count() == 1,
            "{words}"
        );
        assert_eq!(names(&folder), before);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn ctrl_c_ends_a_fit_with_its_state_so_far() {
        let folder = Made {
            people: 100,
            answers: 40,
            ..USUAL
        }
        .folder(tastes);
        let mut child = folder
            .command(&format!(
                "fit {TABLES} --dimensions auto --report report --out d.json"
            ))
            .spawn()
            .unwrap();
        let status = format!("/proc/{}/status", child.id());
        // Bit 1 of the caught signals is SIGINT. It is set when the fit begins.
        let is_listening = || {
            let status = fs::read_to_string(&status).unwrap();
            let caught = status
                .lines()
                .find_map(|line| line.strip_prefix("SigCgt:"))
                .unwrap()
                .trim();
            u64::from_str_radix(caught, 16).unwrap() & 2 != 0
        };
        while child.try_wait().unwrap().is_none() && !is_listening() {
            std::thread::yield_now();
        }
        assert!(
            Command::new("kill")
                .args(["-INT", &child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
        let output = child.wait_with_output().unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{words}");
        assert_eq!(
            words,
            "leaning: interrupted before the loss had converged: this is the state so far\n"
        );
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            folder.run("check d.json").result_and_notes()["id"],
            report["id"]
        );
        assert_eq!(names(&folder), ["c.csv", "d.json", "r.csv"]);
    }
}

#[test]
fn fewer_dimensions_than_were_asked_for_are_told() {
    let folder = USUAL.folder(warmth);
    let asked = run(&folder, "--dimensions 20 --out d.json");
    let note = "leaning: 20 dimensions were asked for: the features of these answers allow 3\n";
    assert!(asked.stderr.contains(note), "{asked:?}");
    let by_default = run(&folder, "--out d.json");
    assert!(!by_default.stderr.contains("asked for"), "{by_default:?}");
}
