//! `leaning check`

use crate::{DEMO, Folder, assert_close, demo, plain_deck};
use serde_json::json;

/// Bits of a plain choice between two candidates whose reward difference is N(0, s²) over people, by
/// the trapezoid rule.
fn bits(s: f64) -> f64 {
    let entropy = |p: f64| -p * p.log2() - (1.0 - p) * (1.0 - p).log2();
    let (mut sum, mut total) = (0.0, 0.0);
    for step in -7000..=7000 {
        let t = f64::from(step) / 1000.0;
        let density = (-0.5 * t * t).exp();
        total += density;
        sum += density * entropy(1.0 / (1.0 + (s * t).exp()));
    }
    1.0 - sum / total
}

/// The warning about decks without texts.
const BLANK_PROMPTS: &str =
    "the prompts have no texts: nothing stands above their candidates (--prompts)";
const BLANK: &str = "the candidates have neither texts nor images: they are shown empty";

#[test]
fn the_content_of_a_deck_is_counted_and_its_information_measured() {
    let mut deck = plain_deck();
    deck["prior"]["covariance"] = json!([[4]]);
    let mut result = Folder::new()
        .with("deck.json", &deck)
        .run("check deck.json")
        .result_and_notes();
    // Differences 2 in p1, and 0.75 twice in p2; a weight has a standard deviation of 2.
    let (best, other) = (bits(4.0), bits(1.5));
    for (field, expected) in [("best", best), ("bestTen", 0.5 * (best + other))] {
        let found = result["bits"][field].take();
        assert_close(found.as_f64().unwrap(), expected, 1e-4);
    }
    // About the prompts' means 0 and 0.25, of that and the squares about the mean of all, 0.15.
    let within = result["withinPrompts"][0].take();
    assert_close(within.as_f64().unwrap(), 2.375 / 2.45, 1e-12);
    // p1 has one pair. p2 has three, one of which has equal scores and cannot be asked about.
    let expected = json!({ "valid": true, "id": "plain", "version": "7", "dimensions": ["brevity"],
                           "prompts": 2, "candidates": 5, "pairs": 3,
                           "bits": { "best": null, "bestTen": null },
                           "spread": { "typical": 1.5, "largest": 4.0 },
                           "withinPrompts": [null],
                           "reading": { "wordsPerCandidate": 0.0, "wordsPerQuestion": 0.0, "minutes": 0.0 },
                           "correlated": [], "warnings": [BLANK_PROMPTS, BLANK] });
    assert_eq!(result, expected);
}

#[test]
fn a_deck_whose_questions_tell_little_is_warned_about() {
    let mut deck = plain_deck();
    deck["dimensions"] = json!([{ "id": "brevity", "low": "l", "high": "h" },
                                { "id": "topic", "low": "l", "high": "h" },
                                { "id": "language", "low": "l", "high": "h" }]);
    deck["prior"] = json!({ "mean": [0, 0, 0],
                            "covariance": [[1, 0, 0], [0, 1, 0], [0, 0, 1]] });
    // The topic differs between prompts, and hardly within them.
    deck["prompts"] = json!([
        { "id": "p1", "candidates": [{ "id": "a", "scores": [0.5, 2, 3] },
                                     { "id": "b", "scores": [-0.5, 2.2, 3] }] },
        { "id": "p2", "candidates": [{ "id": "a", "scores": [-0.4, -2, 3] },
                                     { "id": "b", "scores": [0.4, -2.2, 3] }] }
    ]);
    let outcome = Folder::new()
        .with("deck.json", &deck)
        .run("check deck.json");
    let result = outcome.result_and_notes();
    let warnings: Vec<&str> = result["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| warning.as_str().unwrap())
        .collect();
    let [bits, topic, language, correlated, BLANK_PROMPTS, BLANK] = warnings[..] else {
        panic!("{warnings:?}")
    };
    assert!(bits.starts_with("the best questions tell 0.1"), "{bits}");
    // 0.2² / 2 twice, of that and 4·2.1².
    assert!(topic.starts_with("0% of the variance of topic"), "{topic}");
    assert!(language.starts_with("language does not vary"), "{language}");
    // (−0.2 − 0.16) / √((1 + 0.64)(0.04 + 0.04))
    assert_eq!(
        correlated,
        "brevity and topic correlate -0.99: answers can hardly separate them"
    );
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    assert_eq!(
        lines,
        warnings
            .iter()
            .map(|warning| format!("leaning: {warning}"))
            .collect::<Vec<_>>()
    );
}

#[test]
fn the_demo_deck_is_valid() {
    let result = Folder::new().run(&format!("check {DEMO}")).result();
    let deck = demo();
    let prompts = deck["prompts"].as_array().unwrap();
    let sizes: Vec<usize> = prompts
        .iter()
        .map(|prompt| prompt["candidates"].as_array().unwrap().len())
        .collect();
    assert_eq!(result["valid"], true);
    assert_eq!(
        result["dimensions"],
        json!([
            "brevity",
            "casual",
            "warmth",
            "decided",
            "structure",
            "playful"
        ])
    );
    assert_eq!(result["prompts"], sizes.len());
    assert_eq!(result["candidates"], sizes.iter().sum::<usize>());
    assert_eq!(
        result["pairs"],
        sizes.iter().map(|n| n * (n - 1) / 2).sum::<usize>()
    );
}

#[test]
fn a_missing_score_is_named_with_file_and_place() {
    let mut deck = demo();
    deck["prompts"][3]["candidates"][1]["scores"]
        .as_array_mut()
        .unwrap()
        .pop();
    let outcome = Folder::new()
        .with("deck.json", &deck)
        .run("check deck.json");
    let (prompt, candidate) = (&deck["prompts"][3], &deck["prompts"][3]["candidates"][1]);
    let expected = format!(
        "leaning: deck.json: prompts[3].candidates[1].scores: expected 6 numbers, found 5 \
         (prompt {}, candidate {})",
        prompt["id"], candidate["id"]
    );
    assert_eq!(outcome.failure(), expected);
    // Without ids there are none to name.
    deck["prompts"][3]["candidates"][1]["id"] = json!(null);
    let folder = Folder::new().with("deck.json", &deck);
    let failure = folder.run("check deck.json").failure().to_owned();
    assert!(
        failure.ends_with(&format!("(prompt {})", deck["prompts"][3]["id"])),
        "{failure}"
    );
    deck["prompts"][3] = json!(7);
    let folder = Folder::new().with("deck.json", &deck);
    assert!(!folder.run("check deck.json").failure().contains('('));
}

#[test]
fn other_flaws_are_named_with_file_and_place() {
    let failure = |pointer: &str, value| {
        let mut deck = plain_deck();
        *deck.pointer_mut(pointer).unwrap() = value;
        Folder::new()
            .with("deck.json", &deck)
            .run("check deck.json")
            .failure()
            .to_owned()
    };
    let place = |line: String| {
        line.strip_prefix("leaning: deck.json: ")
            .unwrap()
            .split(": ")
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        failure("/format", json!(null)),
        "leaning: deck.json: format: expected a string, found null"
    );
    assert_eq!(place(failure("/id", json!("a/b"))), "id");
    assert_eq!(
        place(failure("/prompts/1/candidates/2/id", json!("a"))),
        "prompts[1].candidates[2].id"
    );
    assert_eq!(
        place(failure("/prior/covariance/0/0", json!(-1))),
        "prior.covariance"
    );
    assert_eq!(place(failure("/answers/lapse", json!(1))), "answers.lapse");
    assert_eq!(
        place(failure("/prompts/0/candidates/0/scores/0", json!("1"))),
        "prompts[0].candidates[0].scores[0]"
    );
}

#[test]
fn a_deck_that_is_not_an_object_is_refused() {
    let folder = Folder::new().with("deck.json", &json!([1, 2]));
    assert_eq!(
        folder.run("check deck.json").failure(),
        "leaning: deck.json: expected an object, found a list"
    );
}

#[test]
fn the_reading_time_of_a_deck_is_told_and_long_texts_are_warned_about() {
    let check = |words: usize| {
        let mut deck = plain_deck();
        deck["prompts"][0]["text"] = json!("Ten words. ".repeat(5));
        for candidate in [0, 1] {
            deck["prompts"][0]["candidates"][candidate]["text"] = json!("word ".repeat(words));
        }
        for candidate in [0, 1, 2] {
            deck["prompts"][1]["candidates"][candidate]["text"] = json!("word ".repeat(words));
        }
        Folder::new()
            .with("deck.json", &deck)
            .run("check deck.json")
            .result_and_notes()
    };
    let short = check(60);
    assert_eq!(short["reading"]["wordsPerCandidate"], 60.0);
    // Two candidates, and ten words of a prompt in every other question.
    assert_eq!(short["reading"]["wordsPerQuestion"], 125.0);
    // The deck has three pairs that differ, so three questions.
    assert_close(
        short["reading"]["minutes"].as_f64().unwrap(),
        375.0 / 238.0,
        1e-12,
    );
    let count = |result: &serde_json::Value| result["warnings"].as_array().unwrap().len();
    let long = check(110);
    assert_eq!(count(&long), count(&short) + 1);
    let warning =
        "candidates have 110 words on average, more than 60: people then choose by the first lines";
    assert!(
        long["warnings"]
            .as_array()
            .unwrap()
            .contains(&json!(warning))
    );
}

#[test]
fn what_people_would_read_wrongly_is_warned_about() {
    let mut deck = plain_deck();
    deck["prior"]["covariance"] = json!([[4]]);
    deck["dimensions"] = json!([{ "id": "brevity" }]);
    deck["candidatePerQuestion"] = json!(3);
    let folder = Folder::new().with("deck.json", &deck);
    let result = folder.run("check deck.json").result_and_notes();
    assert_eq!(
        result["warnings"],
        json!([
            "brevity has no names for its ends: people will read “low” and “high” (--labels)",
            BLANK_PROMPTS,
            BLANK,
            "candidatePerQuestion: unknown field; did you mean candidatesPerQuestion?"
        ])
    );
    // None makes its questions tell less.
    let page = folder.run("check deck.json --format text").stdout;
    assert!(
        page.contains("✓ Its questions tell something about every dimension."),
        "{page}"
    );
}

#[test]
fn correlations_are_those_that_build_reports() {
    let table = "id,prompt,x,y,z\na,p,0,0,0\nb,p,1,-2,5\nc,p,2,-4.1,1\n";
    let folder = Folder::new().with_bytes("r.csv", table);
    let built = folder.run("build --responses r.csv --scores all --out d.json");
    let report: serde_json::Value = serde_json::from_str(&built.stdout).unwrap();
    let checked = folder.run("check d.json").result_and_notes();
    let (found, expected) = (&checked["correlated"], &report["correlated"]);
    assert_eq!(found[0]["dimensions"], json!(["x", "y"]));
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(expected.as_array().unwrap().len(), 1);
    let correlation = |of: &serde_json::Value| of[0]["correlation"].as_f64().unwrap();
    assert_close(correlation(found), correlation(expected), 1e-12);
    let page = folder.run("check d.json --format text").stdout;
    assert!(page.contains("! x and y correlate -1.00"), "{page}");
    assert!(!page.contains("Its questions tell something"), "{page}");
}

#[test]
fn a_page_tells_the_reading_time_once_with_the_questions_that_the_deck_has() {
    let mut deck = plain_deck();
    deck["prompts"] = json!([{ "id": "p", "candidates": [
        { "id": "a", "text": "One two three.", "scores": [0] },
        { "id": "b", "text": "Four five six.", "scores": [1] },
    ] }]);
    let folder = Folder::new().with("deck.json", &deck);
    let page = folder.run("check deck.json --format text").stdout;
    assert!(
        page.contains("Reading time of 1 question: 0.0 min, with 6 words each."),
        "{page}"
    );
    assert_eq!(page.matches(" min").count(), 1, "{page}");
    assert!(!page.contains("10 questions"), "{page}");
}
