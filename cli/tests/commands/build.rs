//! `leaning build`, and decks as safetensors.

use crate::{Folder, assert_close, demo, log, numbers, plain_deck};
use leaning_style::{ENGLISH, FEATURES, Lexicon};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// Two prompts with three and two responses, a prompt with one response, and one whose responses
/// are alike.
const RESPONSES: &str = "\
id,prompt,price,size,same
a,p,1,10,5
b,p,2,30,5
c,p,4,20,5
d,q,10,0,7
e,q,14,0,7
f,alone,99,99,7
g,alike,3,3,5
h,alike,3,3,5
";

fn table() -> Folder {
    Folder::new().with_bytes("r.csv", RESPONSES)
}

fn read(folder: &Folder, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.0.join(name)).unwrap()).unwrap()
}

/// Runs a build that writes a file, and returns its report and notes.
#[track_caller]
fn build(folder: &Folder, arguments: &str) -> (Value, String) {
    let outcome = folder.run(&format!("build {arguments}"));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    (
        serde_json::from_str(&outcome.stdout).unwrap(),
        outcome.stderr,
    )
}

fn names(deck: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for prompt in deck["prompts"].as_array().unwrap() {
        for candidate in prompt["candidates"].as_array().unwrap() {
            names.push(format!(
                "{}/{}",
                prompt["id"].as_str().unwrap(),
                candidate["id"].as_str().unwrap()
            ));
        }
    }
    names
}

#[test]
fn columns_are_standardised_by_the_differences_within_prompts() {
    let folder = table();
    let (report, _) = build(
        &folder,
        "--responses r.csv --scores price,size --id d --title T --language de --out d.json",
    );
    let deck = read(&folder, "d.json");
    assert_eq!(
        (&deck["id"], &deck["title"], &deck["language"]),
        (&json!("d"), &json!("T"), &json!("de"))
    );
    assert_eq!(names(&deck), ["p/a", "p/b", "p/c", "q/d", "q/e"]);
    // The differences of five pairs: three of p, one of q, one of the prompt with equal responses.
    let price = ((1.0 + 9.0 + 4.0 + 16.0 + 0.0_f64) / 5.0).sqrt();
    let size = ((400.0 + 100.0 + 100.0 + 0.0 + 0.0_f64) / 5.0).sqrt();
    assert_eq!(deck["basis"]["features"], json!(["price", "size"]));
    assert_close(numbers(&deck["basis"]["scale"])[0], price, 1e-12);
    assert_close(numbers(&deck["basis"]["scale"])[1], size, 1e-12);
    assert_close(numbers(&deck["basis"]["mean"])[0], 136.0 / 8.0, 1e-12);
    assert_eq!(deck["basis"]["head"], json!([[1.0, 0.0], [0.0, 1.0]]));
    let score = |prompt: usize, candidate: usize| {
        numbers(&deck["prompts"][prompt]["candidates"][candidate]["scores"])
    };
    assert_close(score(0, 2)[0] - score(0, 0)[0], 3.0 / price, 1e-12);
    assert_close(score(0, 2)[1] - score(0, 1)[1], -10.0 / size, 1e-12);
    assert_eq!(
        (&report["prompts"], &report["candidates"], &report["pairs"]),
        (&json!(2), &json!(5), &json!(4))
    );
    // Over the remaining four pairs: Σ z_price z_size / √(Σ z_price² Σ z_size²).
    let expected = (20.0 + 30.0 - 20.0) / (30.0 * 600.0_f64).sqrt();
    assert_close(
        report["correlations"][1][0].as_f64().unwrap(),
        expected,
        1e-12,
    );
}

#[test]
fn dimensions_and_prompts_without_differences_are_left_out_with_a_note() {
    let folder = table();
    let (report, words) = build(&folder, "--responses r.csv --scores all --out d.json");
    assert_eq!(report["leftOut"]["dimensions"][0]["id"], "same");
    assert_eq!(
        (
            &report["leftOut"]["prompts"],
            &report["leftOut"]["candidates"]
        ),
        (&json!(2), &json!(3))
    );
    assert!(
        words.contains("same is left out: it does not vary within any prompt"),
        "{words}"
    );
    assert!(
        words.contains("2 prompts, such as \"alone\", are left out, for lack of two"),
        "{words}"
    );
    assert_eq!(
        read(&folder, "d.json")["dimensions"],
        json!([{ "id": "price" }, { "id": "size" }])
    );
    assert_eq!(folder.run("check d.json").result_and_notes()["pairs"], 4);
    let failure = folder.run("build --responses r.csv --scores same --out e.json");
    assert!(
        failure
            .failure()
            .ends_with("r.csv: no dimension varies within any prompt, so there is nothing to ask")
    );
    assert!(!folder.0.join("e.json").exists());
}

#[test]
fn correlated_dimensions_are_named() {
    let table = "id,prompt,x,y,z\na,p,0,0,0\nb,p,1,-2,5\nc,p,2,-4.1,1\n";
    let folder = Folder::new().with_bytes("r.csv", table);
    let (report, words) = build(&folder, "--responses r.csv --scores all --out d.json");
    assert_eq!(report["correlated"].as_array().unwrap().len(), 1);
    assert_eq!(report["correlated"][0]["dimensions"], json!(["x", "y"]));
    assert!(words.contains("x and y correlate -1.00"), "{words}");
}

#[test]
fn notes_of_one_kind_are_one_line() {
    let table = "id,prompt,text\na,p,Yes it is.\nb,p,No it is not so.\nc,p,Perhaps it might be.\n";
    let folder = Folder::new().with_bytes("r.csv", table);
    let (report, words) = build(&folder, "--responses r.csv --style --out d.json");
    let left_out = report["leftOut"]["dimensions"].as_array().unwrap();
    assert!(left_out.len() > 3, "{report}");
    // One about those that do not vary, one about those like others, one about correlations, one about prompts.
    assert!(words.lines().count() <= 4, "{words}");
    let is_named = |of: &Value| words.contains(of["id"].as_str().unwrap());
    assert!(left_out.iter().all(is_named), "{words}");
}

#[test]
fn without_a_file_the_deck_is_the_result() {
    let outcome = table().run("build --responses r.csv --scores price");
    let deck: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        (outcome.code, &deck["format"]),
        (Some(0), &json!("leaning-deck/1"))
    );
    let folder = Folder::new();
    assert_eq!(
        folder
            .run_with_input("check -", &outcome.stdout)
            .result_and_notes()["valid"],
        true
    );
    assert!(
        folder
            .run_with_input("ask --deck -", &outcome.stdout)
            .result()["shown"]
            .is_array()
    );
}

#[test]
fn the_default_id_changes_with_the_scale() {
    let id = |table: &str, columns: &str| {
        let folder = Folder::new().with_bytes("r.v2.csv", table);
        build(
            &folder,
            &format!("--responses r.v2.csv --scores {columns} --out d.json"),
        )
        .0["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = id(RESPONSES, "price,size");
    assert!(first.starts_with("r-") && first.len() == 10, "{first}");
    assert_eq!(id(RESPONSES, "price,size"), first);
    assert_ne!(
        id(&RESPONSES.replace("c,p,4", "c,p,5"), "price,size"),
        first
    );
    assert_ne!(id(RESPONSES, "price"), first);
}

#[test]
fn labels_and_prompts_get_into_the_deck() {
    let labels = json!({ "price": { "label": "Price", "low": "cheap", "high": "dear", "description": "In euros." } });
    let folder = table()
        .with("labels.json", &labels)
        .with("wrong.json", &json!({ "prize": {} }));
    let folder = folder.with("odd.json", &json!({ "price": { "lable": "x" } }));
    let folder = folder.with_bytes(
        "prompts.csv",
        "id,text\np,\"Which, then?\"\nq,And now?\nalone,\nalike,\n",
    );
    build(
        &folder,
        "--responses r.csv --prompts prompts.csv --scores price --labels labels.json --out d.json",
    );
    let deck = read(&folder, "d.json");
    let expected = json!({ "id": "price", "label": "Price", "low": "cheap", "high": "dear", "description": "In euros." });
    assert_eq!(deck["dimensions"][0], expected);
    assert_eq!(deck["prompts"][0]["text"], "Which, then?");
    let wrong = folder.run("build --responses r.csv --scores price --labels wrong.json");
    assert_eq!(
        wrong.failure(),
        "leaning: wrong.json: \"prize\": the deck has no such dimension, only price"
    );
    assert!(
        folder
            .run("build --responses r.csv --scores price --labels odd.json")
            .failure()
            .contains("lable")
    );
    // A dimension that is left out says so, and its names do no harm.
    let folder = folder.with("same.json", &json!({ "price": {}, "same": { "low": "x" } }));
    let (_, words) = build(
        &folder,
        "--responses r.csv --scores price,same --labels same.json --out d.json",
    );
    assert!(words.contains("same is left out"), "{words}");
}

#[test]
fn more_fields_and_pictures_get_into_the_deck() {
    let image = json!({ "src": "a.svg", "alt": "A lake.", "width": 3, "height": 2 });
    let folder = table()
        .with(
            "fields.json",
            &json!({ "title": "Given", "about": "Sums." }),
        )
        .with("taken.json", &json!({ "prompts": [] }))
        .with("images.json", &json!({ "a": image }))
        .with("unknown.json", &json!({ "nobody": image }));
    build(
        &folder,
        "--responses r.csv --scores price --fields fields.json --images images.json --out d.json",
    );
    let deck = read(&folder, "d.json");
    assert_eq!(
        (&deck["title"], &deck["about"]),
        (&json!("Given"), &json!("Sums."))
    );
    let candidates = deck["prompts"][0]["candidates"].as_array().unwrap();
    assert_eq!(
        (&candidates[0]["id"], &candidates[0]["image"]),
        (&json!("a"), &image)
    );
    assert!(candidates[1].get("image").is_none());

    // An argument counts more.
    build(
        &folder,
        "--responses r.csv --scores price --fields fields.json --title Said --out e.json",
    );
    assert_eq!(read(&folder, "e.json")["title"], "Said");

    let fails = |arguments: &str, message: &str| {
        let outcome = folder.run(&format!(
            "build --responses r.csv --scores price {arguments}"
        ));
        assert_eq!(outcome.failure(), message);
    };
    fails(
        "--fields taken.json",
        "leaning: taken.json: prompts: build makes this field itself",
    );
    fails(
        "--images unknown.json",
        "leaning: unknown.json: \"nobody\": there is no such response",
    );
}

#[test]
fn a_basis_scores_new_responses_on_the_scale_of_its_deck() {
    let mut fitted = plain_deck();
    fitted["basis"] = json!({
        "features": ["size", "price"], "mean": [10.0, 2.0], "scale": [5.0, 4.0],
        "head": [[1.0, -2.0]]
    });
    fitted["title"] = json!("Fitted");
    fitted["licence"] = json!({ "name": "CC0" });
    fitted["dimensions"][0]["unit"] = json!("words");
    let folder = table()
        .with("fitted.json", &fitted)
        .with("bare.json", &plain_deck());
    build(
        &folder,
        "--responses r.csv --basis fitted.json --out d.json",
    );
    let deck = read(&folder, "d.json");
    // (10 − 10)/5 − 2(1 − 2)/4, and so on.
    let scores = |k: usize| numbers(&deck["prompts"][0]["candidates"][k]["scores"])[0];
    assert_eq!([scores(0), scores(1), scores(2)], [0.5, 4.0, 1.0]);
    // Every field but the prompts is kept, known or not, in its place.
    let names = |deck: &Value| {
        deck.as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&deck), names(&fitted));
    for name in names(&fitted).iter().filter(|name| *name != "prompts") {
        assert_eq!(deck[name], fitted[name], "{name}");
    }
    build(
        &folder,
        "--responses r.csv --basis fitted.json --out d.safetensors",
    );
    build(
        &folder,
        "--responses r.csv --basis d.safetensors --out again.json",
    );
    assert_eq!(read(&folder, "again.json"), deck);
    // A log of the fitted deck fits the new one.
    let folder = folder.with(
        "log.json",
        &log(&fitted, json!([{ "id": "k1", "shown": ["p1/a", "p1/b"], "scores": [[1], [-1]], "chose": "p1/a" }])),
    );
    assert_eq!(
        folder
            .run("infer --deck d.json --answers log.json")
            .result()["answers"],
        1
    );
    assert_eq!(
        folder
            .run("build --responses r.csv --basis bare.json")
            .failure(),
        "leaning: bare.json: basis: missing"
    );
    let folder = folder.with_bytes("less.csv", "id,prompt,size\na,p,1\nb,p,2\n");
    let outcome = folder.run("build --responses less.csv --basis fitted.json");
    assert_eq!(
        outcome.failure(),
        "leaning: less.csv: expected the feature \"price\", found none of that name"
    );
}

#[test]
fn only_the_candidates_of_the_most_informative_pairs_are_kept() {
    let table = "id,prompt,x,y\na,p,0,0\nb,p,0.1,0\nc,p,3,0\nd,q,0,0\ne,q,0,1\nf,q,0,2\ng,r,0,0\nh,r,0.2,0.1\n";
    let folder = Folder::new().with_bytes("r.csv", table);
    let (report, _) = build(
        &folder,
        "--responses r.csv --scores all --pairs 2 --out d.json",
    );
    assert_eq!(
        names(&read(&folder, "d.json")),
        ["p/a", "p/c", "q/d", "q/f"]
    );
    assert_eq!(
        (
            &report["leftOut"]["prompts"],
            &report["leftOut"]["candidates"]
        ),
        (&json!(1), &json!(4))
    );
    build(
        &folder,
        "--responses r.csv --scores all --pairs 500 --out all.json",
    );
    assert_eq!(names(&read(&folder, "all.json")).len(), 8);
    assert!(
        folder
            .run("build --responses r.csv --scores all --pairs 0")
            .usage()
            .contains("--pairs")
    );
}

/// The texts of the demo deck as a table.
fn demo_texts() -> Folder {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["id", "prompt", "text"]).unwrap();
    for prompt in demo()["prompts"].as_array().unwrap() {
        for candidate in prompt["candidates"].as_array().unwrap() {
            let prompt = prompt["id"].as_str().unwrap();
            let id = format!("{prompt}-{}", candidate["id"].as_str().unwrap());
            table
                .write_record([&id, prompt, candidate["text"].as_str().unwrap()])
                .unwrap();
        }
    }
    Folder::new().with_bytes("texts.csv", table.into_inner().unwrap())
}

#[test]
fn style_makes_a_deck_of_texts_alone() {
    let folder = demo_texts();
    let (report, words) = build(&folder, "--responses texts.csv --style --out d.json");
    let deck = read(&folder, "d.json");
    assert_eq!(deck["language"], "en");
    // The demo's texts have no emoji, code or markdown headings.
    let left_out: Vec<&str> = report["leftOut"]["dimensions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["id"].as_str().unwrap())
        .collect();
    assert!(
        ["emoji", "code", "headings"]
            .iter()
            .all(|id| left_out.contains(id)),
        "{left_out:?}"
    );
    assert!(words.contains("dimensions are left out"), "{words}");
    assert_eq!(
        deck["dimensions"].as_array().unwrap().len() + left_out.len(),
        FEATURES.len()
    );
    // Standardised: √ mean z² = 1 over the pairs.
    for dimension in report["dimensions"].as_array().unwrap() {
        assert_close(dimension["rmsDifference"].as_f64().unwrap(), 1.0, 1e-9);
    }
    // Each score follows from the measured feature by the basis of the deck.
    let lexicon = Lexicon::new(&ENGLISH);
    let candidate = &deck["prompts"][3]["candidates"][2];
    let measured = lexicon.measure(candidate["text"].as_str().unwrap());
    for (j, dimension) in deck["dimensions"].as_array().unwrap().iter().enumerate() {
        let place = FEATURES
            .iter()
            .position(|feature| feature.dimension == dimension["id"])
            .unwrap();
        assert_eq!(deck["basis"]["features"][j], FEATURES[place].name);
        let standard = (measured[place] - numbers(&deck["basis"]["mean"])[j])
            / numbers(&deck["basis"]["scale"])[j];
        assert_close(
            numbers(&candidate["scores"])[j],
            FEATURES[place].sign * standard,
            1e-12,
        );
    }
    assert!(folder.run("ask --deck d.json").result()["shown"].is_array());
}

#[test]
fn style_agrees_with_the_scores_of_the_demo_deck() {
    let folder = demo_texts();
    build(
        &folder,
        "--responses texts.csv --style --dimensions brevity,lists,hedging,contractions --out d.json",
    );
    let (deck, demo) = (read(&folder, "d.json"), demo());
    let column = |deck: &Value, dimension: &str| -> Vec<f64> {
        let mut dimensions = deck["dimensions"].as_array().unwrap().iter();
        let j = dimensions.position(|of| of["id"] == dimension).unwrap();
        let prompts = deck["prompts"].as_array().unwrap().iter();
        let candidates = prompts.flat_map(|prompt| prompt["candidates"].as_array().unwrap());
        candidates
            .map(|candidate| numbers(&candidate["scores"])[j])
            .collect()
    };
    let correlation = |ours: &str, theirs: &str| {
        let (a, b) = (column(&deck, ours), column(&demo, theirs));
        let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
        let (ma, mb) = (mean(&a), mean(&b));
        let sum = |f: &dyn Fn(f64, f64) -> f64| {
            a.iter()
                .zip(&b)
                .map(|(x, y)| f(x - ma, y - mb))
                .sum::<f64>()
        };
        sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
    };
    assert!(correlation("brevity", "brevity") > 0.99);
    assert!(correlation("lists", "structure") > 0.8);
    assert!(correlation("hedging", "decided") < -0.6);
    assert!(correlation("contractions", "casual") > 0.7);
}

#[test]
fn style_needs_texts_and_a_language_it_knows() {
    let folder = table().with_bytes("t.csv", "id,prompt,text\na,p,Yes.\nb,p,No!\n");
    let outcome = folder.run("build --responses r.csv --style");
    assert_eq!(
        outcome.failure(),
        "leaning: r.csv: response \"a\": expected a text to measure style in, found none"
    );
    let outcome = folder.run("build --responses t.csv --style --language de");
    assert_eq!(
        outcome.wrong_option(),
        "leaning: --language: style cannot be measured in \"de\", only in en"
    );
    let outcome = folder.run("build --responses t.csv --style --dimensions length");
    assert!(
        outcome
            .wrong_option()
            .starts_with("leaning: --dimensions: there is no \"length\", only brevity, ")
    );
    let outcome =
        folder.run("build --responses t.csv --style --language en-GB --dimensions exclamations");
    assert_eq!(
        serde_json::from_str::<Value>(&outcome.stdout).unwrap()["language"],
        "en-GB"
    );
}

#[test]
fn flaws_in_the_tables_and_wrong_usage_are_named() {
    let folder = table()
        .with_bytes("slash.csv", "id,prompt,x\na/b,p,1\n")
        .with_bytes("one.csv", "id,prompt,x\na,p,1\n");
    let outcome = folder.run("build --responses slash.csv --scores x");
    assert!(
        outcome
            .failure()
            .starts_with("leaning: slash.csv: response \"a/b\": \"a/b\" cannot be an id in a deck")
    );
    let outcome = folder.run("build --responses r.csv --scores price,weight");
    assert_eq!(
        outcome.wrong_option(),
        "leaning: --scores: r.csv: expected a column weight of numbers, found none"
    );
    assert!(
        folder
            .run("build --responses r.csv --scores price,price")
            .wrong_option()
            .contains("twice")
    );
    assert!(
        folder
            .run("build --responses nope.csv --style")
            .failure()
            .contains("there is no such file")
    );
    assert!(
        folder
            .run("build --responses one.csv --scores x")
            .failure()
            .contains("nothing to ask")
    );
    assert!(
        folder
            .run("build --responses r.csv")
            .usage()
            .contains("--style")
    );
    assert!(
        folder
            .run("build --responses r.csv --style --scores x")
            .usage()
            .contains("--scores")
    );
    assert!(
        folder
            .run("build --responses r.csv --scores x --dimensions y")
            .usage()
            .contains("--dimensions")
    );
    let outcome = folder.run("build --responses r.csv --scores price --out nowhere/d.json");
    assert!(outcome.stderr.contains("nowhere/d.json: "), "{outcome:?}");
}

#[test]
fn a_build_that_fails_leaves_the_old_file_and_nothing_else() {
    let folder = table()
        .with_bytes("d.json", "old")
        .with("labels.json", &json!({ "weight": {} }));
    let files = || fs::read_dir(&folder.0).unwrap().count();
    folder
        .run("build --responses r.csv --scores price --labels labels.json --out d.json")
        .failure();
    assert_eq!(
        (
            fs::read(folder.0.join("d.json")).unwrap().as_slice(),
            files()
        ),
        (&b"old"[..], 3)
    );
    build(&folder, "--responses r.csv --scores price --out d.json");
    assert_eq!(
        (&read(&folder, "d.json")["format"], files()),
        (&json!("leaning-deck/1"), 3)
    );
}

#[test]
fn a_basis_of_style_scores_new_texts() {
    let folder = demo_texts().with_bytes(
        "new.csv",
        "id,prompt,text\na,p,Yes.\nb,p,\"Perhaps, perhaps not. It depends.\"\n",
    );
    build(
        &folder,
        "--responses texts.csv --style --dimensions brevity,hedging --out fitted.json",
    );
    build(
        &folder,
        "--responses new.csv --basis fitted.json --out new.json",
    );
    let (fitted, new) = (read(&folder, "fitted.json"), read(&folder, "new.json"));
    assert_eq!(
        (&new["id"], &new["basis"], &new["dimensions"]),
        (&fitted["id"], &fitted["basis"], &fitted["dimensions"])
    );
    let score = |k: usize| numbers(&new["prompts"][0]["candidates"][k]["scores"]);
    // −(ln 2 − ln 6) and √0 − √(100 · 3/25), in units of the fitted deck.
    assert_close(
        (score(0)[0] - score(1)[0]) * numbers(&fitted["basis"]["scale"])[0],
        3.0_f64.ln(),
        1e-12,
    );
    assert_close(
        (score(0)[1] - score(1)[1]) * numbers(&fitted["basis"]["scale"])[1],
        -12.0_f64.sqrt(),
        1e-12,
    );
}

#[test]
fn a_deck_as_safetensors_gives_the_results_of_the_same_deck_as_json() {
    let folder = demo_texts();
    let options = "build --responses texts.csv --style --id d --out";
    for name in ["d.json", "d.safetensors"] {
        assert_eq!(folder.run(&format!("{options} {name}")).code, Some(0));
    }
    let deck = read(&folder, "d.json");
    let bytes = fs::read(folder.0.join("d.safetensors")).unwrap();
    assert!(bytes.len() < fs::metadata(folder.0.join("d.json")).unwrap().len() as usize);
    let shown = |k: usize| &deck["prompts"][k]["candidates"];
    let name = |k: usize, c: usize| {
        format!(
            "{}/{}",
            deck["prompts"][k]["id"].as_str().unwrap(),
            shown(k)[c]["id"].as_str().unwrap()
        )
    };
    let answer = |k: usize| json!({ "id": format!("k{k}"), "shown": [name(k, 0), name(k, 1)], "scores": [shown(k)[0]["scores"], shown(k)[1]["scores"]], "chose": name(k, 0) });
    let folder = folder.with("log.json", &log(&deck, (0..5).map(answer).collect()));
    let run = |file: &str, command: &str| {
        folder
            .run(&format!("{command} --deck {file} --answers log.json"))
            .result()
    };
    for command in ["infer", "ask --seed 1"] {
        assert_eq!(run("d.json", command), run("d.safetensors", command));
    }
    assert_eq!(
        folder.run("check d.json").stdout,
        folder.run("check d.safetensors").stdout
    );
}

/// A safetensors file of this header and these numbers.
fn safetensors(header: &Value, numbers: &[u8]) -> Vec<u8> {
    let header = header.to_string();
    [
        &(header.len() as u64).to_le_bytes()[..],
        header.as_bytes(),
        numbers,
    ]
    .concat()
}

#[test]
fn safetensors_of_either_precision_are_read_and_broken_ones_named() {
    let content = json!({
        "format": "leaning-deck/1", "id": "d", "dimensions": [{ "id": "x" }],
        "prompts": [{ "id": "p", "candidates": [{ "id": "a" }, { "id": "b" }] }]
    });
    let scores = |kind: &str, shape: &[usize], end: usize| json!({ "dtype": kind, "shape": shape, "data_offsets": [0, end] });
    let header = |deck: &Value, scores: Value| json!({ "__metadata__": { "deck": deck.to_string() }, "scores": scores });
    let single: Vec<u8> = [0.1_f32, -2.0]
        .iter()
        .flat_map(|x| x.to_le_bytes())
        .collect();
    let fine = safetensors(&header(&content, scores("F32", &[2, 1], 8)), &single);
    let folder = Folder::new().with_bytes("fine", &fine);
    let shown = folder.run("ask --deck fine --seed 1").result().to_string();
    assert!(shown.contains("p/a") && shown.contains("p/b"));
    assert_eq!(folder.run("check fine").result_and_notes()["pairs"], 1);

    let failure = |bytes: &[u8]| {
        let folder = Folder::new().with_bytes("deck", bytes);
        folder
            .run("check deck")
            .failure()
            .trim_start_matches("leaning: deck: ")
            .to_owned()
    };
    let of = |header: &Value, numbers: &[u8]| failure(&safetensors(header, numbers));
    assert!(failure(&fine[..fine.len() - 1]).starts_with("not usable as safetensors: "));
    assert!(failure(&fine[..40]).starts_with("not usable as safetensors: "));
    let sound = scores("F32", &[2, 1], 8);
    assert_eq!(
        of(&json!({ "scores": sound }), &single),
        "metadata: deck: missing"
    );
    assert_eq!(
        of(&json!({ "__metadata__": { "deck": "{}" } }), &[]),
        "tensor scores: missing"
    );
    let expected = "metadata: deck: not usable as JSON: expected value at line 1 column 1";
    assert_eq!(
        of(
            &json!({ "__metadata__": { "deck": "oops" }, "scores": sound }),
            &single
        ),
        expected
    );
    let expected = "tensor scores: expected n×d numbers, found the shape [2]";
    assert_eq!(
        of(&header(&content, scores("F32", &[2], 8)), &single),
        expected
    );
    let expected = "tensor scores: expected 2 rows as candidates, found 1";
    assert_eq!(
        of(&header(&content, scores("F32", &[1, 2], 8)), &single),
        expected
    );
    let expected = "tensor scores: expected numbers of the type F64 or F32, found I32";
    assert_eq!(
        of(&header(&content, scores("I32", &[2, 1], 8)), &single),
        expected
    );
    let mut wide = content.clone();
    wide["dimensions"] = json!([{ "id": "x" }, { "id": "y" }]);
    let expected = "prompts[0].candidates[0].scores: expected 2 numbers, found 1 (prompt \"p\", \
                    candidate \"a\")";
    assert_eq!(of(&header(&wide, sound.clone()), &single), expected);
    let nan: Vec<u8> = [0.1_f32, f32::NAN]
        .iter()
        .flat_map(|x| x.to_le_bytes())
        .collect();
    assert!(
        of(&header(&content, sound), &nan)
            .starts_with("tensor scores: row 2: expected finite numbers, found NaN")
    );
}

/// The browser's side is compared with the same files, in tests/e2e/style.test.mjs.
/// `LEANING_WRITE=1` writes them again.
#[test]
fn the_recorded_deck_is_the_one_that_is_built_now() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join("tests")
        .join("style");
    let texts: Vec<Value> =
        serde_json::from_slice(&fs::read(root.join("texts.json")).unwrap()).unwrap();
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["id", "prompt", "text"]).unwrap();
    for (place, text) in texts.iter().filter_map(Value::as_str).enumerate() {
        table
            .write_record([&place.to_string(), &format!("p{}", place / 5), text])
            .unwrap();
    }
    let folder = Folder::new().with_bytes("texts.csv", table.into_inner().unwrap());
    for name in ["deck.json", "deck.safetensors"] {
        build(
            &folder,
            &format!("--responses texts.csv --style --id style --out {name}"),
        );
        let (found, record): (PathBuf, PathBuf) = (folder.0.join(name), root.join(name));
        if std::env::var_os("LEANING_WRITE").is_some() {
            fs::copy(&found, &record).unwrap();
        }
        assert!(
            fs::read(found).unwrap() == fs::read(record).unwrap(),
            "tests/style/{name} is stale"
        );
    }
}

/// The browser's side is compared with the same files, in tests/unit/basis.test.mjs.
/// `LEANING_WRITE=1` writes the result again.
#[test]
fn the_recorded_scores_are_those_of_the_basis_now() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join("tests")
        .join("basis");
    let read = |name: &str| fs::read(root.join(name)).unwrap();
    let folder = Folder::new()
        .with_bytes("fitted.json", read("fitted.json"))
        .with_bytes("responses.csv", read("responses.csv"));
    build(
        &folder,
        "--responses responses.csv --basis fitted.json --out scored.json",
    );
    let (found, record) = (folder.0.join("scored.json"), root.join("scored.json"));
    if std::env::var_os("LEANING_WRITE").is_some() {
        fs::copy(&found, &record).unwrap();
    }
    assert!(
        fs::read(found).unwrap() == fs::read(record).unwrap(),
        "tests/basis/scored.json is stale"
    );
}

#[test]
fn names_of_columns_have_no_blanks_around_them() {
    let folder =
        Folder::new().with_bytes("r.csv", RESPONSES.replacen("price,size", "price, size", 1));
    let mut command = folder.command("build --responses r.csv --out d.json --scores");
    let output = command.arg("price, size").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        read(&folder, "d.json")["basis"]["features"],
        json!(["price", "size"])
    );
}

#[test]
fn ends_without_names_and_unknown_fields_are_told() {
    let price = json!({ "low": "cheap", "high": "dear" });
    let folder = table()
        .with("one.json", &json!({ "price": price }))
        .with(
            "all.json",
            &json!({ "price": price, "size": { "low": "small", "high": "big" } }),
        )
        .with("fields.json", &json!({ "archetype": [], "about": "Sums." }));
    let notes = |options: &str| {
        let options = format!("--responses r.csv --scores price,size --out d.json {options}");
        build(&folder, &options).1
    };
    let ends = "people will read “low” and “high” (--labels)";
    assert!(notes("").contains(&format!(
        "price and size have no names for their ends: {ends}"
    )));
    let one = notes("--labels one.json");
    assert!(
        one.contains(&format!("leaning: size has no names for its ends: {ends}")),
        "{one}"
    );
    let all = notes("--labels all.json --fields fields.json");
    assert!(!all.contains("ends"), "{all}");
    assert!(
        all.contains("leaning: archetype: unknown field; did you mean archetypes?\n"),
        "{all}"
    );
    assert!(!all.contains("about: "), "{all}");
    assert!(
        all.contains(
            "the prompts have no texts: nothing stands above their candidates (--prompts)"
        ),
        "{all}"
    );
    // The field is there all the same.
    assert_eq!(read(&folder, "d.json")["archetype"], json!([]));
}

#[test]
fn style_of_texts_in_another_language_is_warned_about() {
    let german = "id,prompt,text\n\
        a,p,Koche das Ei sieben Minuten und schrecke es dann mit kaltem Wasser ab.\n\
        b,p,Das kommt auf die Größe an! Vielleicht magst du es lieber hart.\n";
    let folder = Folder::new().with_bytes("r.csv", german);
    let (_, notes) = build(&folder, "--responses r.csv --style --out d.json");
    assert!(
        notes.contains("r.csv: the texts do not look English: "),
        "{notes}"
    );
    let (_, notes) = build(&folder, "--responses r.csv --basis d.json --out e.json");
    assert!(notes.contains("do not look English"), "{notes}");
    let (_, notes) = build(&demo_texts(), "--responses texts.csv --style --out d.json");
    assert!(!notes.contains("look"), "{notes}");
}

#[test]
fn a_flaw_of_another_file_than_the_responses_names_that_file() {
    let folder = Folder::new()
        .with_bytes("r.csv", "id,prompt,x\na,p,1\nb,p,2\n")
        .with("fields.json", &json!({ "answers": { "lapse": 7 } }))
        .with("images.json", &json!({ "a": { "src": 5, "alt": "A" } }))
        .with_bytes("prompts.csv", "id,text\nq,Why?\n")
        .with_bytes("f.csv", "id,y\na,1\n");
    for (options, failure) in [
        (
            "--scores x --fields fields.json",
            "fields.json: answers.lapse: ",
        ),
        (
            "--scores x --images images.json",
            "images.json: prompts[0].candidates[0].image.src: ",
        ),
        (
            "--scores x --prompts prompts.csv",
            "r.csv: line 2: prompt: expected the id of a prompt in prompts.csv, ",
        ),
        (
            "--scores x --features f.csv",
            "f.csv: expected a row for every response of r.csv, ",
        ),
    ] {
        let outcome = folder.run(&format!("build --responses r.csv {options}"));
        assert!(
            outcome
                .failure()
                .starts_with(&format!("leaning: {failure}")),
            "{outcome:?}"
        );
    }
}
