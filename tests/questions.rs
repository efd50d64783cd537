#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! What is asked: every pair once, sensibly ordered, and the most telling first.

mod common;

use common::{interview, nine_pairs, pair, probabilities, read_log, sides, sigmoid};
use leaning::question::score;
use leaning::stopping::Reason;
use leaning::{Answer, AnswerModel, Interview, Log, Offer, Options, Question, StopRule, Strategy};
use proptest::prelude::any;
use proptest::test_runner::{Config, TestRunner};
use std::collections::{BTreeSet, HashMap};

const STRATEGIES: [Strategy; 3] = [
    Strategy::Random,
    Strategy::DOptimal,
    Strategy::InformationGain,
];
const ENOUGH: usize = 1000;
const PAIRS: usize = 9;

fn nine(strategy: Strategy, seed: u64) -> Interview {
    interview(nine_pairs().deck(), strategy, ENOUGH, seed)
}

/// Asks to the end, answering as `answer` says, and gives back all questions.
fn ask_all(
    interview: &mut Interview,
    mut answer: impl FnMut(&Question) -> Answer,
) -> Vec<Question> {
    let mut asked = Vec::new();
    while let Some(question) = interview.next().cloned() {
        assert!(asked.len() < 100, "it never ends");
        interview.answer(answer(&question)).unwrap();
        asked.push(question);
    }
    asked
}

#[test]
fn neither_a_pair_nor_its_mirror_is_asked_twice_and_all_are_asked() {
    for strategy in STRATEGIES {
        for seed in 0..8 {
            let mut interview = nine(strategy, seed);
            let asked = ask_all(&mut interview, |_| Answer::Chose((seed % 2) as usize));
            let different: BTreeSet<Vec<String>> = asked.iter().map(pair).collect();
            assert_eq!(
                (asked.len(), different.len()),
                (PAIRS, PAIRS),
                "{strategy:?} {seed}"
            );
            assert_eq!(interview.status().reason, Some(Reason::Exhausted));
        }
    }
}

#[test]
fn candidates_of_the_same_scores_are_never_a_question() {
    let parts = common::Parts::new(&[&[&[1.0], &[1.0], &[0.0]], &[&[2.0], &[2.0]]]);
    let asked = ask_all(
        &mut interview(parts.deck(), Strategy::Random, ENOUGH, 1),
        |_| Answer::Tie,
    );
    let pairs: BTreeSet<Vec<String>> = asked.iter().map(pair).collect();
    assert_eq!(
        pairs,
        BTreeSet::from(
            [["p1/a", "p1/c"], ["p1/b", "p1/c"]].map(|pair| pair.map(String::from).to_vec())
        )
    );
}

#[test]
fn a_skipped_pair_comes_back_once_and_only_when_nothing_else_is_left() {
    for strategy in STRATEGIES {
        let mut skipped = BTreeSet::new();
        let mut interview = nine(strategy, 3);
        let asked = ask_all(&mut interview, |question| {
            // Skips three of the nine, each time they come.
            if skipped.len() < 3 || skipped.contains(&pair(question)) {
                skipped.insert(pair(question));
                Answer::Skip
            } else {
                Answer::Chose(0)
            }
        });
        assert_eq!(asked.len(), PAIRS + 3, "{strategy:?}");
        let again: BTreeSet<Vec<String>> = asked[PAIRS..].iter().map(pair).collect();
        assert_eq!(again, skipped);
        assert_eq!(interview.status().answered, PAIRS - 3);
    }
}

#[test]
fn who_skips_everything_is_asked_everything_twice_and_then_left_in_peace() {
    let mut interview = nine(Strategy::InformationGain, 3);
    let asked = ask_all(&mut interview, |_| Answer::Skip);
    let first: BTreeSet<Vec<String>> = asked[..PAIRS].iter().map(pair).collect();
    assert_eq!((asked.len(), first.len()), (2 * PAIRS, PAIRS));
    assert_eq!(interview.status().reason, Some(Reason::Exhausted));
    assert_eq!(
        interview.log().records().len(),
        2 * PAIRS,
        "skips are in the log"
    );
}

#[test]
fn the_same_prompt_does_not_come_twice_running_where_another_will_do() {
    for strategy in STRATEGIES {
        for seed in 0..8 {
            let mut turn = seed;
            let asked = ask_all(&mut nine(strategy, seed), |_| {
                turn += 1;
                if turn % 4 == 0 {
                    Answer::Skip
                } else {
                    Answer::Chose(0)
                }
            });
            // The first round asks every pair; what is open in it are the pairs still to come.
            for now in 1..PAIRS {
                if asked[now].prompt == asked[now - 1].prompt {
                    let elsewhere = asked[now..PAIRS]
                        .iter()
                        .any(|later| later.prompt != asked[now].prompt);
                    assert!(!elsewhere, "{strategy:?} seed {seed}, question {now}");
                }
            }
        }
    }
}

#[test]
fn the_question_stays_until_it_is_answered_whatever_else_is_looked_at() {
    let mut interview = nine(Strategy::Random, 11);
    let question = interview.next().unwrap().clone();
    let offers = drafts(&[&[1.0, 0.0], &[0.0, 1.0]]);
    interview.status();
    interview.profile();
    interview.alternatives(3);
    interview.rank(&offers, None).unwrap();
    interview.compare(&offers).unwrap();
    assert_eq!(interview.next(), Some(&question));
    assert!(interview.answer(Answer::Chose(9)).is_err());
    assert_eq!(interview.next(), Some(&question));
    interview.answer(Answer::Chose(0)).unwrap();
    assert_ne!(pair(interview.next().unwrap()), pair(&question));
}

#[test]
fn a_choice_made_elsewhere_leaves_the_open_question_open() {
    for strategy in STRATEGIES {
        let mut interview = nine(strategy, 12);
        let question = interview.next().unwrap().clone();
        interview
            .observe(&drafts(&[&[1.0, 0.0], &[0.0, 1.0]]), Answer::Chose(0))
            .unwrap();
        assert_eq!(interview.next(), Some(&question), "{strategy:?}");
        interview.answer(Answer::Chose(1)).unwrap();
    }
}

#[test]
fn an_answer_is_taken_after_a_choice_made_elsewhere_without_asking_again() {
    let mut interview = nine(Strategy::InformationGain, 12);
    let question = interview.next().unwrap().clone();
    interview
        .observe(&drafts(&[&[1.0, 0.0], &[0.0, 1.0]]), Answer::Chose(0))
        .unwrap();
    assert_eq!(
        interview.answer(Answer::Chose(1)),
        Ok(()),
        "the person still sees that question"
    );
    assert_eq!(
        interview
            .next()
            .map(pair)
            .filter(|next| *next == pair(&question)),
        None
    );
}

#[test]
fn taking_back_a_choice_made_elsewhere_leaves_the_open_question_open() {
    let mut interview = nine(Strategy::Random, 13);
    interview
        .observe(&drafts(&[&[1.0, 0.0], &[0.0, 1.0]]), Answer::Chose(0))
        .unwrap();
    let question = interview.next().unwrap().clone();
    assert!(interview.undo().unwrap());
    assert_eq!(interview.next(), Some(&question));
}

#[test]
fn an_import_leaves_the_open_question_open_unless_it_brings_the_answer() {
    let mut interview = nine(Strategy::Random, 13);
    let question = interview.next().unwrap().clone();
    let other_pair = nine_pairs().log(&[elsewhere(&question)]);
    interview.merge(other_pair).unwrap();
    assert_eq!(interview.next(), Some(&question));
    let mut elsewhere = nine(Strategy::Random, 99);
    while elsewhere.next().map(pair) != Some(pair(&question)) {
        elsewhere.answer(Answer::Tie).unwrap();
    }
    elsewhere.answer(Answer::Chose(0)).unwrap();
    interview.merge(elsewhere.log().clone()).unwrap();
    assert_ne!(interview.next().map(pair), Some(pair(&question)));
}

/// The record of an answer about a pair of another prompt than the question's.
fn elsewhere(question: &Question) -> serde_json::Value {
    let prompt = usize::from(question.prompt == Some(0));
    nine_pairs().record("elsewhere", prompt, &[0, 1], common::Said::Chose(0))
}

#[test]
fn both_sides_occur_and_vary_with_the_seed() {
    let (mut first, mut total) = (0, 0);
    let mut by_pair: HashMap<Vec<String>, BTreeSet<Vec<String>>> = HashMap::new();
    for seed in 0..60 {
        for question in ask_all(&mut nine(Strategy::DOptimal, seed), |_| Answer::Tie) {
            first += usize::from(sides(&question) == pair(&question));
            total += 1;
            by_pair
                .entry(pair(&question))
                .or_default()
                .insert(sides(&question));
        }
    }
    assert!(
        by_pair.len() == PAIRS && by_pair.values().all(|sides| sides.len() == 2),
        "{by_pair:?}"
    );
    // Half of 540, with a standard deviation of √540 / 2 = 11.6.
    let away = (first as f64 - 0.5 * total as f64).abs();
    assert!(
        away < 4.0 * 0.5 * f64::from(total as u32).sqrt(),
        "{first} of {total} in the deck's order"
    );
}

#[test]
fn without_a_seed_the_sides_vary_too() {
    let first = |_| {
        let deck = nine_pairs().deck();
        let log = Log::new(&deck);
        let mut interview = Interview::open(
            deck,
            log,
            Options {
                seed: None,
                ..Options::default()
            },
        )
        .unwrap();
        sides(interview.next().unwrap())
    };
    // All alike with a chance of 2⁻³⁹.
    assert_eq!((0..40).map(first).collect::<BTreeSet<_>>().len(), 2);
}

#[test]
fn question_and_sides_survive_a_reload_with_the_same_seed() {
    for strategy in STRATEGIES {
        let mut interview = nine(strategy, 21);
        for answered in 0..PAIRS {
            let question = interview.next().unwrap().clone();
            let text = interview.log().to_value().to_string();
            let deck = nine_pairs().deck();
            let log = read_log(&text, &deck).unwrap();
            let stop = StopRule {
                questions: ENOUGH,
                ..StopRule::default()
            };
            let options = Options {
                strategy,
                stop,
                seed: Some(21),
                ..Options::default()
            };
            let mut reloaded = Interview::open(deck, log, options).unwrap();
            assert_eq!(
                reloaded.next(),
                Some(&question),
                "{strategy:?} after {answered}"
            );
            interview.answer(Answer::Chose(0)).unwrap();
        }
    }
}

#[test]
fn undo_brings_back_the_same_question_on_the_same_sides() {
    let shown = |question: &Question| (question.prompt, question.shown.clone(), question.offered);
    for strategy in STRATEGIES {
        for seed in 0..4 {
            let mut interview = nine(strategy, seed);
            let answers = [
                Answer::Chose(1),
                Answer::Skip,
                Answer::Tie,
                Answer::Neither,
                Answer::Chose(0),
            ];
            let mut asked = Vec::new();
            for answer in answers {
                asked.push(shown(interview.next().unwrap()));
                interview.answer(answer).unwrap();
            }
            interview.next();
            while let Some(before) = asked.pop() {
                assert!(interview.undo().unwrap());
                assert_eq!(
                    interview.next().map(shown),
                    Some(before),
                    "{strategy:?} {seed}"
                );
                assert_eq!(interview.status().asked, asked.len());
            }
            assert!(!interview.undo().unwrap(), "nothing is left to take back");
            assert_eq!(interview.log().records().len(), 10, "a log only grows");
        }
    }
}

#[test]
fn after_undo_another_answer_can_be_given_and_no_pair_comes_twice() {
    let mut runner = TestRunner::new(Config {
        cases: 32,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(
        &(any::<u64>(), proptest::collection::vec(any::<bool>(), 30)),
        |(seed, undos)| {
            let mut interview = nine(Strategy::DOptimal, seed);
            for undo in undos {
                if undo {
                    interview.undo().unwrap();
                } else if interview.next().is_some() {
                    interview.answer(Answer::Chose(1)).unwrap();
                }
            }
            ask_all(&mut interview, |_| Answer::Chose(0));
            let live: Vec<_> = interview.log().live().cloned().collect();
            assert_eq!(live.len(), PAIRS);
            Ok(())
        },
    );
    outcome.unwrap();
}

#[test]
fn an_interview_ends_after_so_many_answers_and_goes_on_after_undo() {
    let mut interview = interview(nine_pairs().deck(), Strategy::InformationGain, 4, 1);
    let mut turn = 0;
    let asked = ask_all(&mut interview, |_| {
        turn += 1;
        if turn == 2 {
            Answer::Skip
        } else {
            Answer::Chose(0)
        }
    });
    assert_eq!(asked.len(), 5, "what was skipped does not count");
    let status = interview.status();
    assert_eq!((status.asked, status.answered, status.remaining), (5, 4, 0));
    assert_eq!(status.reason, Some(Reason::Questions));
    assert!(interview.undo().unwrap());
    assert_eq!(
        (interview.status().reason, interview.status().remaining),
        (None, 1)
    );
    assert!(interview.next().is_some());
}

#[test]
fn the_runners_up_are_other_pairs_than_the_question_and_no_better() {
    let mut interview = nine(Strategy::InformationGain, 5);
    let question = interview.next().unwrap().clone();
    let others = interview.alternatives(100);
    assert_eq!(
        others.len(),
        PAIRS - 1,
        "nothing has been asked, so all other pairs are eligible"
    );
    let mut last = question.score;
    for (names, score) in others {
        let mut names = names.to_vec();
        names.sort();
        assert_ne!(names, pair(&question));
        assert!(score <= last);
        last = score;
    }
}

#[test]
fn random_questions_are_of_every_kind() {
    let first = |seed| pair(nine(Strategy::Random, seed).next().unwrap());
    // Each of nine is missed by all of 200 with a chance of 6e-11.
    assert_eq!((0..200).map(first).collect::<BTreeSet<_>>().len(), PAIRS);
}

/// E f(u) for u ~ N(mean, variance), on a grid so fine and wide that nothing is left to be desired.
fn expectation(mean: f64, variance: f64, f: impl Fn(f64) -> f64) -> f64 {
    let deviation = variance.sqrt();
    let step = (deviation / 50.0).min(0.02);
    let reach = (9.0 * deviation / step).ceil() as i64;
    let (mut sum, mut total) = (0.0, 0.0);
    for node in -reach..=reach {
        let away = step * node as f64;
        let weight = (-0.5 * away * away / variance).exp();
        total += weight;
        sum += weight * f(mean + away);
    }
    sum / total
}

fn entropy(probabilities: &[f64]) -> f64 {
    probabilities
        .iter()
        .filter(|p| **p > 0.0)
        .map(|p| -p * p.log2())
        .sum()
}

/// Mutual information of answer and reward difference, in bits.
fn information(model: &AnswerModel, tie: bool, mean: f64, variance: f64) -> f64 {
    let outcomes = probabilities(model, 0.0, tie).len();
    let expected: Vec<f64> = (0..outcomes)
        .map(|o| expectation(mean, variance, |u| probabilities(model, u, tie)[o]))
        .collect();
    entropy(&expected) - expectation(mean, variance, |u| entropy(&probabilities(model, u, tie)))
}

fn models() -> Vec<(AnswerModel, bool)> {
    let mut models = Vec::new();
    for (lapse, band) in [(0.0, 0.0), (0.02, 0.0), (0.0, 0.5), (0.02, 0.5), (0.2, 2.0)] {
        for tie in [false, band > 0.0] {
            models.push((AnswerModel::new(lapse, band).unwrap(), tie));
        }
    }
    models
}

#[test]
fn information_gain_is_the_mutual_information_for_beliefs_of_a_usual_width() {
    for (model, tie) in models() {
        for mean in [0.0, 0.4, -3.0, 8.0] {
            for variance in [1e-6, 0.01, 1.0, 4.0, 16.0] {
                let found = score::information_gain(&model, tie, mean, variance);
                let expected = information(&model, tie, mean, variance);
                assert!(
                    (found - expected).abs() < 1e-4,
                    "{model:?} {tie} N({mean}, {variance}): {found} {expected}"
                );
            }
        }
    }
}

#[test]
fn information_gain_is_the_mutual_information_for_beliefs_of_any_width() {
    let mut wrong = Vec::new();
    for (model, tie) in models() {
        for mean in [0.0, 30.0] {
            for variance in [100.0, 400.0, 1e4] {
                let found = score::information_gain(&model, tie, mean, variance);
                let expected = information(&model, tie, mean, variance);
                if (found - expected).abs() > 2e-3 {
                    wrong.push(format!(
                        "{model:?} {tie} N({mean}, {variance}): {found}, not {expected}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn information_gain_keeps_to_its_closed_form_limits() {
    for (model, tie) in models() {
        let outcomes = probabilities(&model, 0.0, tie).len() as f64;
        for mean in [0.0, 0.7, -5.0, 700.0] {
            let bits = score::information_gain(&model, tie, mean, 0.0);
            assert!(
                (0.0..1e-14).contains(&bits),
                "nothing unknown, nothing to learn: {bits}"
            );
            for variance in [1e-12, 1.0, 25.0, 1e4, 1e8, 1e200] {
                let bits = score::information_gain(&model, tie, mean, variance);
                assert!(
                    (0.0..=outcomes.log2() + 1e-12).contains(&bits),
                    "{model:?} {mean} {variance}: {bits}"
                );
                let mirrored = score::information_gain(&model, tie, -mean, variance);
                assert!(
                    (bits - mirrored).abs() < 1e-12,
                    "{model:?} {mean} {variance}: {bits} {mirrored}"
                );
            }
        }
    }
    // A small variance v teaches I·v/2 nats; at mean 0, without lapse and tie, I = 1/4.
    let plain = AnswerModel::new(0.0, 0.0).unwrap();
    let bits = score::information_gain(&plain, false, 0.0, 1e-4);
    assert!(
        (bits / (1e-4 / 8.0 / std::f64::consts::LN_2) - 1.0).abs() < 1e-3,
        "{bits}"
    );
}

#[test]
fn d_optimal_has_its_closed_form() {
    let plain = AnswerModel::new(0.0, 0.0).unwrap();
    for mean in [0.0, 0.3, -2.0, 20.0] {
        for variance in [0.0, 0.5, 10.0, 1e6] {
            let expected = (sigmoid(mean) * sigmoid(-mean) * variance).ln_1p();
            let found = score::d_optimal(&plain, false, mean, variance);
            assert!(
                (found - expected).abs() <= 1e-12 * (1.0 + expected),
                "{mean} {variance}: {found} {expected}"
            );
        }
    }
    // With lapse and ties: I = Σ_o P_o'² / P_o, by differences.
    for (model, tie) in models() {
        for mean in [0.0, 0.3, -2.0, 6.0] {
            let (here, step) = (probabilities(&model, mean, tie), 1e-4);
            let (up, down) = (
                probabilities(&model, mean + step, tie),
                probabilities(&model, mean - step, tie),
            );
            let information: f64 = (0..here.len())
                .map(|o| ((up[o] - down[o]) / (2.0 * step)).powi(2) / here[o])
                .sum();
            let found = score::d_optimal(&model, tie, mean, 3.0);
            assert!(
                (found - (3.0 * information).ln_1p()).abs() < 1e-7,
                "{model:?} {tie} {mean}"
            );
        }
    }
}

#[test]
fn the_question_is_the_one_that_scores_best() {
    for (strategy, tolerance) in [
        (Strategy::DOptimal, 1e-7),
        (Strategy::InformationGain, 1e-4),
    ] {
        let mut interview = nine(strategy, 8);
        for _ in 0..5 {
            let question = interview.next().unwrap().clone();
            let model = interview.deck().answer_model();
            let score = |z: &[f64]| {
                let covariance = interview.belief().covariance();
                let mean = common::dot(interview.belief().mean(), z);
                let variance = z
                    .iter()
                    .zip(&covariance)
                    .map(|(z_i, row)| z_i * common::dot(row, z))
                    .sum();
                match strategy {
                    Strategy::DOptimal => score::d_optimal(&model, true, mean, variance),
                    _ => information(&model, true, mean, variance),
                }
            };
            let asked: BTreeSet<Vec<String>> = interview
                .log()
                .live()
                .filter_map(|record| match &record.entry {
                    leaning::log::Entry::Answer { shown, .. } => {
                        Some(shown.iter().cloned().collect::<BTreeSet<_>>())
                    }
                    _ => None,
                })
                .map(|names| names.into_iter().collect())
                .collect();
            let last = interview
                .log()
                .records()
                .last()
                .and_then(|record| match &record.entry {
                    leaning::log::Entry::Answer { shown, .. } => Some(shown[0][..2].to_owned()),
                    _ => None,
                });
            let mut best = f64::NEG_INFINITY;
            for prompt in interview
                .deck()
                .prompts()
                .iter()
                .filter(|prompt| Some(&prompt.id) != last.as_ref())
            {
                for (i, a) in prompt.candidates.iter().enumerate() {
                    for b in &prompt.candidates[i + 1..] {
                        let names = [&a.id, &b.id].map(|id| format!("{}/{id}", prompt.id));
                        if !asked.contains(names.as_slice()) {
                            let z: Vec<f64> =
                                a.scores.iter().zip(&b.scores).map(|(x, y)| x - y).collect();
                            best = best.max(score(&z));
                        }
                    }
                }
            }
            assert!(
                (question.score - best).abs() < tolerance,
                "{strategy:?}: {} and {best}",
                question.score
            );
            interview.answer(Answer::Chose(0)).unwrap();
        }
    }
}

#[test]
fn strategies_have_names() {
    for strategy in STRATEGIES {
        assert_eq!(Strategy::from_name(strategy.name()), Some(strategy));
    }
    assert_eq!(Strategy::from_name("Random"), None);
}

/// Drafts in a chat, without ids of their own.
fn drafts(scores: &[&[f64]]) -> Vec<Offer> {
    let list: Vec<_> = scores
        .iter()
        .map(|scores| serde_json::json!({ "scores": scores }))
        .collect();
    Offer::read_list(
        &serde_json::json!(list).to_string().parse().unwrap(),
        scores[0].len(),
    )
    .unwrap()
}

#[test]
fn of_drafts_the_most_telling_pair_is_asked_about() {
    let interview = nine(Strategy::InformationGain, 1);
    let question = interview
        .compare(&drafts(&[
            &[0.1, 0.0],
            &[0.0, 0.1],
            &[2.0, 1.0],
            &[-2.0, -1.0],
        ]))
        .unwrap()
        .unwrap();
    let mut places: Vec<usize> = question.shown.iter().map(|shown| shown.index).collect();
    places.sort_unstable();
    assert_eq!(places, [2, 3]);
    assert_eq!(question.prompt, None);
}

#[test]
fn drafts_that_are_alike_or_alone_are_not_worth_a_question() {
    let interview = nine(Strategy::InformationGain, 1);
    assert_eq!(interview.compare(&[]).unwrap(), None);
    assert_eq!(interview.compare(&drafts(&[&[1.0, 0.0]])).unwrap(), None);
    assert_eq!(
        interview
            .compare(&drafts(&[&[1.0, 0.0], &[1.0, 0.0]]))
            .unwrap(),
        None
    );
    assert_eq!(
        interview
            .compare(&drafts(&[&[1e-3, 0.0], &[0.0, 1e-3]]))
            .unwrap(),
        None
    );
}

#[test]
fn drafts_compared_once_are_not_compared_again() {
    let mut interview = nine(Strategy::InformationGain, 1);
    let two = drafts(&[&[1.0, -0.5], &[-0.5, 1.0]]);
    assert!(interview.compare(&two).unwrap().is_some());
    interview.observe(&two, Answer::Tie).unwrap();
    assert_eq!(interview.compare(&two).unwrap(), None);
}

#[test]
fn new_drafts_without_ids_are_not_taken_for_the_last_ones() {
    let mut interview = nine(Strategy::InformationGain, 1);
    let new = drafts(&[&[1.5, 1.0], &[-1.0, -1.5]]);
    assert!(interview.compare(&new).unwrap().is_some());
    interview
        .observe(&drafts(&[&[1.0, -0.5], &[-0.5, 1.0]]), Answer::Tie)
        .unwrap();
    assert!(
        interview.compare(&new).unwrap().is_some(),
        "only their default names are the same"
    );
}
