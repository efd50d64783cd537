//! Logs of thousands of answers: the oldest are summed up, and nothing counts twice or is lost.

use crate::common::{DeckParts, Pcg, ask, bits, infer_log, laplace, rule, start, vector};
use leaning::interview::{KEPT_ANSWERS, MOST_ENTRIES};
use leaning::{
    Answer, Candidate, Deck, Interview, LaplaceApproximation, Log, Options, PosteriorSamples,
};
use serde_json::{Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A deck with three dimensions, one of them perhaps curved.
fn deck(curved: bool) -> Deck {
    Deck::read(deck_json(curved, Vec::new())).expect("the deck is valid")
}

/// The same, with more prompts: the scores of their candidates.
fn deck_json(curved: bool, more: Vec<Vec<Vec<f64>>>) -> Value {
    let mut random = Pcg::new(1);
    let prompts = (0..300).map(|_| (0..2).map(|_| random.normals(3)).collect());
    let parts = DeckParts {
        prompts: prompts.chain(more).collect(),
        prior: None,
        lapse: 0.02,
        indifference: 0.5,
    };
    let mut json = parts.json();
    json["dimensions"][1]["curved"] = json!(curved);
    json
}

/// Answers of all kinds by a person with these weights, and of a certain leniency.
fn answers(count: usize, seed: u64, weights: &[f64]) -> Vec<(Vec<Candidate>, Answer)> {
    let mut random = Pcg::new(seed);
    let mut answer = |place: usize| {
        let shown = [2, 4, 1][place % 3];
        let scores: Vec<Vec<f64>> = (0..shown).map(|_| random.normals(3)).collect();
        let mut rewards: Vec<f64> = scores
            .iter()
            .map(|scores| scores.iter().zip(weights).map(|(s, w)| s * w).sum())
            .collect();
        for reward in &mut rewards {
            *reward -= (-random.uniform().ln()).ln();
        }
        let best = (0..shown).max_by(|&a, &b| rewards[a].total_cmp(&rewards[b]));
        let answer = match shown {
            1 => Answer::Rated {
                rating: ((rewards[0] + 2.5).clamp(0.0, 4.0)) as usize + 1,
                of: 5,
            },
            2 if (rewards[0] - rewards[1]).abs() < 0.5 => Answer::Tie,
            _ => Answer::Chose(best.expect("something is shown")),
        };
        let candidates = scores.into_iter().enumerate();
        let candidates = candidates.map(|(k, scores)| Candidate::new(format!("chat/{k}"), scores));
        (candidates.collect(), answer)
    };
    (0..count).map(&mut answer).collect()
}

fn observe(interview: &mut Interview, answers: &[(Vec<Candidate>, Answer)]) {
    for (candidates, answer) in answers {
        interview.observe(candidates, *answer).expect("it is valid");
    }
}

const WEIGHTS: [f64; 3] = [1.2, -0.6, 0.3];

fn open(deck: &Deck, log: Log, options: Options) -> Interview {
    Interview::open(deck.clone(), log, options).expect("the weights can be inferred")
}

fn plain(deck: &Deck) -> Interview {
    Interview::start(deck.clone(), Options::default()).expect("the options are valid")
}

/// The log of these answers without a summary: it is put together of logs that are too short for one.
///
/// The ids of its entries depend on the answers alone. Random ones would make the sample of those that
/// a summary keeps, and how many answers it counts twice, another in each run.
fn unfolded(deck: &Deck, answers: &[(Vec<Candidate>, Answer)]) -> Log {
    let mut whole = Log::new(deck);
    for part in answers.chunks(64) {
        let mut interview = plain(deck);
        observe(&mut interview, part);
        let mut log: Value = serde_json::from_str(&interview.log().to_json()).unwrap();
        for entry in log["answers"].as_array_mut().unwrap() {
            let mut hasher = DefaultHasher::new();
            (entry["shown"].to_string(), entry["scores"].to_string()).hash(&mut hasher);
            entry["id"] = json!(format!("{:x}", hasher.finish()));
        }
        whole.merge(Log::read(log, deck).unwrap());
    }
    assert_eq!(whole.live().count(), answers.len());
    whole
}

/// As [`observe`], in groups: after each of them the weights are inferred once.
fn append(interview: &mut Interview, answers: &[(Vec<Candidate>, Answer)]) {
    for part in answers.chunks(32) {
        let log = unfolded(interview.deck(), part);
        interview.merge(log).expect("it is valid");
    }
}

fn written(log: &Log, deck: &Deck) -> Log {
    Log::from_json(&log.to_json(), deck).expect("what is written can be read")
}

#[test]
fn a_log_of_thousands_of_answers_stays_short_and_gives_the_same_bits_when_it_is_opened_again() {
    for (curved, half_life) in [(false, None), (true, None), (false, Some(300.0))] {
        let deck = deck(curved);
        let options = Options {
            half_life,
            ..Options::default()
        };
        let answers = answers(1500, 3, &WEIGHTS);
        let begun = 700;
        let mut interview = open(&deck, unfolded(&deck, &answers[..begun]), options.clone());
        let mut longest = 0;
        for (place, answer) in answers.iter().enumerate().skip(begun) {
            let begun = interview.log().length();
            // One by one where it folds, and in groups between.
            if place < MOST_ENTRIES + 10 {
                observe(&mut interview, std::slice::from_ref(answer));
            } else if place % 50 == 0 {
                append(&mut interview, &answers[begun..=place]);
            } else if place + 1 == answers.len() {
                append(&mut interview, &answers[begun..]);
            }
            longest = longest.max(interview.log().entries().len());
            if place % 300 == 0 || place + 1 == MOST_ENTRIES {
                let log = written(interview.log(), &deck);
                assert_eq!(&log, interview.log());
                let again = open(&deck, log, options.clone());
                assert_eq!(bits(laplace(&again)), bits(laplace(&interview)));
                let shown = again.profile().unwrap();
                assert_eq!(shown, interview.profile().unwrap());
                assert_eq!(interview.counts(), (place + 1, place + 1));
            }
        }
        assert!(longest < MOST_ENTRIES, "{longest} entries");
        assert_eq!(interview.log().length(), 1500);
        let kept = interview.log().entries().len();
        assert!((KEPT_ANSWERS..MOST_ENTRIES).contains(&kept));
        assert_eq!(interview.log().summed_up().asked, 1500 - kept);
        assert_eq!(interview.entry_reports(usize::MAX).unwrap().len(), kept);
    }
}

/// How far one approximation is from another, in the standard deviations of the first: of the mean; of the
/// standard deviations, as a share; and of the chance that a candidate is better, over 50 pairs.
fn distance(from: &LaplaceApproximation, to: &LaplaceApproximation) -> [f64; 3] {
    let d = from.dimensions();
    let sds = |of: &LaplaceApproximation| of.covariance().diagonal().map(f64::sqrt);
    let (sds, others) = (sds(from), sds(to));
    let most = |of: &dyn Fn(usize) -> f64| (0..d).map(of).fold(0.0, f64::max);
    let (draws, other_draws) = (PosteriorSamples::draw(from), PosteriorSamples::draw(to));
    let mut random = Pcg::new(9);
    let chances = (0..50).map(|_| {
        let z = vector(&random.normals(d));
        (draws.probability_positive(&z) - other_draws.probability_positive(&z)).abs()
    });
    [
        most(&|j| (from.mean()[j] - to.mean()[j]).abs() / sds[j]),
        most(&|j| (others[j] / sds[j] - 1.0).abs()),
        chances.fold(0.0, f64::max),
    ]
}

#[test]
fn a_summary_moves_the_belief_by_a_fraction_of_its_standard_deviation() {
    let deck = deck(false);
    let mut furthest = [0.0_f64; 3];
    for (count, seed) in [(MOST_ENTRIES, 1), (1300, 2), (2000, 3)] {
        let answers = answers(count, seed, &WEIGHTS);
        let exact = infer_log(&deck, &unfolded(&deck, &answers));
        let mut interview = plain(&deck);
        if count == MOST_ENTRIES {
            // It is summed up at the last of them.
            observe(&mut interview, &answers);
        } else {
            append(&mut interview, &answers);
        }
        assert!(interview.log().summary().is_some());
        let off = distance(&exact, laplace(&interview));
        if count == MOST_ENTRIES {
            // Slope and information are exact where it was expanded.
            assert!(off[0] < 1e-6 && off[1] < 1e-6, "at once: {off:?}");
        }
        for (most, off) in furthest.iter_mut().zip(off) {
            *most = most.max(off);
        }
    }
    assert!(
        furthest[0] < 0.2 && furthest[1] < 0.05 && furthest[2] < 0.03,
        "off by {furthest:?}"
    );
}

#[test]
fn the_import_of_a_long_log_is_summed_up_once() {
    let deck = deck(false);
    let log = unfolded(&deck, &answers(3000, 5, &WEIGHTS));
    let mut interview = plain(&deck);
    interview.merge(log.clone()).unwrap();
    assert_eq!(interview.log().entries().len(), KEPT_ANSWERS);
    assert_eq!(interview.log().length(), 3000);
    let exact = infer_log(&deck, &log);
    let [mean, sd, _] = distance(&exact, laplace(&interview));
    assert!(mean < 1e-6 && sd < 1e-6, "off by {mean}, {sd}");
    let before = interview.log().clone();
    interview.merge(log).unwrap();
    assert_eq!(interview.log(), &before, "nothing comes twice");
}

#[test]
fn a_log_that_was_merged_folds_when_it_next_changes_and_not_when_it_is_opened() {
    let deck = deck(false);
    let log = unfolded(&deck, &answers(900, 6, &WEIGHTS));
    let mut interview = open(&deck, log.clone(), Options::default());
    assert_eq!(interview.log(), &log);
    assert_eq!(bits(laplace(&interview)), bits(&infer_log(&deck, &log)));
    observe(&mut interview, &answers(1, 7, &WEIGHTS));
    assert_eq!(interview.log().entries().len(), KEPT_ANSWERS);
    assert_eq!(interview.counts(), (901, 901));
}

#[test]
fn what_was_taken_back_is_gone_and_does_not_come_back_with_another_log() {
    let deck = deck(false);
    let mut interview = plain(&deck);
    append(&mut interview, &answers(MOST_ENTRIES - 3, 8, &WEIGHTS));
    interview.set_weight("d1", 0.4).unwrap();
    let first = interview.log().entries()[0].id.clone();
    let older = interview.log().clone();
    assert!(interview.retract(&first));
    assert!(interview.undo(), "the statement is the last to hold");
    interview.set_weight("d2", 0.1).unwrap();
    append(&mut interview, &answers(1, 9, &WEIGHTS));
    let log = interview.log().clone();
    let summed_up = log.summed_up();
    assert!(summed_up.asked > 0);
    assert_eq!(
        log.entries().len(),
        KEPT_ANSWERS + 2,
        "the answer since, and the statement that holds"
    );
    assert_eq!(interview.statements().iter().flatten().count(), 1);
    assert_eq!(interview.counts(), (MOST_ENTRIES - 3, MOST_ENTRIES - 3));
    for (mut one, other) in [(older.clone(), log.clone()), (log.clone(), older)] {
        one.merge(other);
        assert_eq!(infer_log(&deck, &one).mean(), infer_log(&deck, &log).mean());
        assert_eq!(one.summed_up(), summed_up);
        assert_eq!(one.entries().len(), log.entries().len());
    }
    assert!(!interview.retract(&first));
    assert_eq!(written(&log, &deck), log);
}

#[test]
fn nothing_is_taken_back_that_is_summed_up() {
    let deck = deck(false);
    let mut interview = plain(&deck);
    append(&mut interview, &answers(1000, 10, &WEIGHTS));
    let summed_up = interview.log().summed_up().asked;
    let kept = interview.log().live().count();
    let mut undone = 0;
    while interview.undo() {
        undone += 1;
    }
    assert!(undone >= kept.min(KEPT_ANSWERS));
    assert!(interview.counts().0 >= summed_up);
    assert!(interview.counts().0 + undone <= 1000);
}

#[test]
fn questions_of_the_deck_do_not_come_again_once_they_are_summed_up() {
    let deck = deck(false);
    let mut interview = start(deck.clone(), rule("random"), 100_000, 4);
    let mut asked = std::collections::HashSet::new();
    for round in 0..250 {
        let question = ask(&mut interview).expect("there are questions left");
        assert!(
            asked.insert(question.prompt),
            "a prompt with one pair came twice"
        );
        let answer = if round % 50 == 0 {
            Answer::Skip
        } else {
            Answer::Chose(0)
        };
        interview.answer(answer).unwrap();
    }
    observe(&mut interview, &answers(1000, 11, &WEIGHTS));
    assert!(interview.log().summed_up().asked > 250 && interview.log().summed_up().skips == 5);
    assert_eq!(interview.counts(), (1250, 1245));
    let log = written(interview.log(), &deck);
    let mut again = start(deck, rule("random"), 100_000, 4);
    again.replace(log).unwrap();
    let mut fresh = 0;
    while let Some(question) = ask(&mut again) {
        if asked.insert(question.prompt) {
            fresh += 1;
        } else {
            assert_eq!(fresh, 50, "skipped questions come again after all others");
        }
        again.answer(Answer::Chose(1)).unwrap();
    }
    assert_eq!(asked.len(), 300);
}

/// The log of one interview with `first` answers, and those of two devices that went on from there.
fn apart(deck: &Deck, first: usize, more: [usize; 2]) -> [Log; 2] {
    let mut interview = plain(deck);
    append(&mut interview, &answers(first, 12, &WEIGHTS));
    let mut seed = 20;
    more.map(|count| {
        seed += 1;
        let mut device = open(deck, interview.log().clone(), Options::default());
        append(&mut device, &answers(count, seed, &WEIGHTS));
        device.log().clone()
    })
}

fn merged(one: &Log, other: &Log) -> Log {
    let mut merged = one.clone();
    merged.merge(other.clone());
    merged
}

#[test]
fn two_devices_that_summed_up_apart_count_every_answer_once() {
    let deck = deck(false);
    for (first, more) in [
        (700, [0, 900]),
        (700, [100, 120]),
        (300, [1400, 900]),
        (0, [900, 800]),
    ] {
        let [one, other] = apart(&deck, first, more);
        let both = merged(&one, &other);
        let total = first + more[0] + more[1];
        let counted = both.summed_up().asked + both.live().count();
        assert!(counted.abs_diff(total) <= 2, "{counted} of {total} answers");
        // The same belief on both devices, and no change when they meet again.
        let reverse = merged(&other, &one);
        assert_eq!(reverse.summary(), both.summary());
        let (a, b) = (infer_log(&deck, &both), infer_log(&deck, &reverse));
        assert!((a.mean() - b.mean()).amax() < 1e-9);
        for log in [&one, &other, &both] {
            assert_eq!(&merged(&both, log), &both);
        }
        assert_eq!(written(&both, &deck), both);
        let mut device = open(&deck, both, Options::default());
        observe(&mut device, &answers(1, 13, &WEIGHTS));
        assert!(device.log().entries().len() < MOST_ENTRIES);
        assert!(device.counts().0.abs_diff(total + 1) <= 2);
    }
}

#[test]
fn an_old_export_does_not_count_again_even_when_most_ids_are_gone() {
    let deck = deck(false);
    let all = answers(9000, 15, &WEIGHTS);
    let old = unfolded(&deck, &all[..600]);
    let mut interview = open(&deck, old.clone(), Options::default());
    let (mut whole, mut backup) = (old.clone(), None);
    for part in all[600..].chunks(700) {
        let part = unfolded(&deck, part);
        whole.merge(part.clone());
        interview.merge(part).unwrap();
        if interview.counts().0 > 2500 {
            backup.get_or_insert_with(|| interview.log().clone());
        }
    }
    let text = interview.log().to_json().len();
    assert!(text < 400_000, "{text} characters");
    let counted = |again: Log| {
        let mut log = interview.log().clone();
        log.merge(again);
        log.summed_up().asked + log.live().count()
    };
    assert_eq!(counted(whole), 9000, "nothing comes twice");
    for again in [old, backup.expect("it is long enough")] {
        let counted = counted(again);
        assert!(counted.abs_diff(9000) < 16, "{counted} answers count");
    }
}

#[test]
fn the_shifts_of_a_long_log_are_near_the_exact_ones_and_sum_to_its_belief() {
    let deck = deck(false);
    let log = unfolded(&deck, &answers(600, 15, &WEIGHTS));
    let interview = open(&deck, log, Options::default());
    let reports = interview.entry_reports(usize::MAX).unwrap();
    let laplace = laplace(&interview);
    let rms = vector(deck.rms_differences());
    let mut sum = vector(&[0.0; 3]);
    for report in &reports {
        sum += &report.shift;
    }
    let way = (laplace.mean() - deck.prior().mean()).component_mul(&rms);
    assert!((&sum - &way).amax() < 1e-9);
    // Against inference from each beginning of the log.
    let evidence = interview.log().evidence(&deck);
    let mean = |count: usize| {
        let model = deck.answer_model();
        let after = LaplaceApproximation::infer(deck.prior(), model, &evidence[..count]).unwrap();
        (after.mean().clone(), after.covariance())
    };
    for place in [50, 130, 200, 333, 447, 448, 599] {
        let ((before, covariance), (after, _)) = (mean(place), mean(place + 1));
        for j in 0..3 {
            let exact = (after[j] - before[j]) * rms[j];
            let sd = covariance[(j, j)].sqrt() * rms[j];
            let off = (reports[place].shift[j] - exact).abs() / sd;
            assert!(
                off < 0.05,
                "answer {place}: off by {off} standard deviations"
            );
        }
    }
}

#[test]
fn a_newer_prior_and_a_newer_curve_apply_to_what_was_summed_up() {
    let mut interview = plain(&deck(true));
    append(&mut interview, &answers(1000, 16, &WEIGHTS));
    let text = interview.log().to_json();
    // Another candidate moves the centre and the scale of the squares.
    let another = vec![vec![0.0, 60.0, 0.0], vec![0.0, 50.0, 0.0]];
    let mut json = deck_json(true, vec![another]);
    json["prior"] = json!({ "mean": [0.0, 0.0, 0.0], "covariance": [[4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 4.0]] });
    let newer = Deck::read(json).unwrap();
    let before = interview.deck().features().curves()[0];
    let after = newer.features().curves()[0];
    assert!(before.scale / after.scale > 2.0 || after.centre - before.centre > 0.1);
    let log = Log::from_json(&text, &newer).unwrap();
    // λ·s + μ·κ(s − m)² has the slope λ − 2μκm at 0, whatever the centre.
    let slope = |deck: &Deck, log: &Log| {
        let mean = infer_log(deck, log).mean().clone();
        let curve = deck.features().curves()[0];
        mean[1] - 2.0 * mean[3] * curve.scale * curve.centre
    };
    let (old, new) = (
        slope(interview.deck(), interview.log()),
        slope(&newer, &log),
    );
    assert!((old - new).abs() < 0.1, "{old} became {new}");
}

#[test]
fn a_broken_summary_is_an_error_that_names_the_place() {
    let deck = deck(false);
    let mut interview = plain(&deck);
    append(&mut interview, &answers(MOST_ENTRIES, 17, &WEIGHTS));
    let log: Value = serde_json::from_str(&interview.log().to_json()).unwrap();
    assert_eq!(log["answers"][0]["kind"], "summary");
    let cases = [
        ("counts", json!([1, 2, 0])),
        ("counts", json!([1, 0])),
        ("likelihood", json!([[0, 0]])),
        ("likelihood", json!([[0, 0, 0], [0], [0, 0], [0]])),
        ("folded", json!([])),
        ("folded", json!([49])),
        ("folded", json!([0, 0.5])),
        ("folded", json!([0, -1])),
        ("folded", json!([0, 281_474_976_710_656_u64])),
        ("folded", json!(vec![0; 4098])),
        ("halfLife", json!(0)),
        ("squares", json!(["d9"])),
    ];
    for (field, value) in cases {
        let mut broken = log.clone();
        broken["answers"][0][field] = value;
        let error = Log::read(broken, &deck).expect_err(field);
        let path = error.flaw().expect("it has a place").path().to_owned();
        assert!(path.starts_with(&format!("answers[0].{field}")), "{path}");
    }
    let mut late = log;
    let entries = late["answers"].as_array_mut().unwrap();
    entries.swap(0, 1);
    let error = Log::read(late, &deck).expect_err("a summary comes first");
    assert_eq!(error.flaw().unwrap().path(), "answers[1].kind");
}
