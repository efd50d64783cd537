//! Questions: every pair once, in a sensible order, and the most informative first.

use crate::common::{
    DeckParts, Reply, ask, drafts, entropy_term, laplace, nine_pairs, pair_probabilities, rule,
    sigmoid, sorted_names, start, variance, vector,
};
use leaning::inference::Projection;
use leaning::model::EntryKind;
use leaning::nalgebra::DVector;
use leaning::question::AcquisitionRule;
use leaning::question::acquisition::d_optimal::d_optimal;
use leaning::question::acquisition::information_gain::information_gain;
use leaning::question::acquisition::{RULES, by_name};
use leaning::{
    Answer, AnswerModel, Interview, Log, Options, Question, RankOptions, StopReason, StopRule,
    Strategy,
};
use proptest::prelude::any;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// One that needs nothing, one that needs moments, and the default.
const STRATEGIES: [&str; 3] = ["random", "d-optimal", "information-gain"];
const ENOUGH: usize = 1000;
const PAIRS: usize = 9;

fn nine(strategy: &str, seed: u64) -> Interview {
    start(nine_pairs().deck(), rule(strategy), ENOUGH, seed)
}

fn stop_reason(interview: &Interview) -> Option<StopReason> {
    interview.stop_reason().unwrap()
}

/// Asks to the end, and returns all questions.
fn ask_all(
    interview: &mut Interview,
    mut answer: impl FnMut(&Question) -> Answer,
) -> Vec<Question> {
    let mut asked = Vec::new();
    while let Some(question) = ask(interview) {
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
            let different: BTreeSet<Vec<String>> = asked.iter().map(sorted_names).collect();
            assert_eq!(
                (asked.len(), different.len()),
                (PAIRS, PAIRS),
                "{strategy} {seed}"
            );
            assert_eq!(stop_reason(&interview), Some(StopReason::Exhausted));
        }
    }
}

#[test]
fn candidates_with_the_same_scores_are_never_a_question() {
    let parts = DeckParts::new(&[&[&[1.0], &[1.0], &[0.0]], &[&[2.0], &[2.0]]]);
    let mut interview = start(parts.deck(), rule("random"), ENOUGH, 1);
    let asked = ask_all(&mut interview, |_| Answer::Tie);
    let pairs: BTreeSet<Vec<String>> = asked.iter().map(sorted_names).collect();
    let expected = [["p1/a", "p1/c"], ["p1/b", "p1/c"]].map(|pair| pair.map(String::from).to_vec());
    assert_eq!(pairs, BTreeSet::from(expected));
}

#[test]
fn a_skipped_pair_comes_back_once_and_only_when_nothing_else_is_left() {
    for strategy in STRATEGIES {
        let mut skipped = BTreeSet::new();
        let mut interview = nine(strategy, 3);
        let asked = ask_all(&mut interview, |question| {
            // Skips three of the nine, each time they come.
            if skipped.len() < 3 || skipped.contains(&sorted_names(question)) {
                skipped.insert(sorted_names(question));
                Answer::Skip
            } else {
                Answer::Chose(0)
            }
        });
        assert_eq!(asked.len(), PAIRS + 3, "{strategy}");
        let again: BTreeSet<Vec<String>> = asked[PAIRS..].iter().map(sorted_names).collect();
        assert_eq!(again, skipped);
        assert_eq!(interview.counts(), (PAIRS + 3, PAIRS - 3));
    }
}

#[test]
fn a_person_who_skips_everything_is_asked_everything_twice_and_then_left_in_peace() {
    let mut interview = nine("information-gain", 3);
    let asked = ask_all(&mut interview, |_| Answer::Skip);
    let first: BTreeSet<Vec<String>> = asked[..PAIRS].iter().map(sorted_names).collect();
    assert_eq!((asked.len(), first.len()), (2 * PAIRS, PAIRS));
    assert_eq!(stop_reason(&interview), Some(StopReason::Exhausted));
    assert_eq!(
        interview.log().entries().len(),
        2 * PAIRS,
        "skips are in the log"
    );
}

#[test]
fn the_same_prompt_does_not_come_twice_in_a_row_if_another_will_do() {
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
            // The first round asks every pair, so the pairs that are open in it are those still to
            // come.
            for now in 1..PAIRS {
                if asked[now].prompt == asked[now - 1].prompt {
                    let mut later = asked[now..PAIRS].iter();
                    let elsewhere = later.any(|later| later.prompt != asked[now].prompt);
                    assert!(!elsewhere, "{strategy} seed {seed}, question {now}");
                }
            }
        }
    }
}

#[test]
fn the_question_stays_until_it_is_answered() {
    let mut interview = nine("random", 11);
    assert_eq!(interview.open_question(), None);
    let question = ask(&mut interview).unwrap();
    let drafts = drafts(&[[1.0, 0.0], [0.0, 1.0]]);
    interview.status().unwrap();
    interview.profile().unwrap();
    interview.alternatives(3).unwrap();
    interview.rank(&drafts, RankOptions::default()).unwrap();
    interview.compare(&drafts).unwrap();
    assert_eq!(ask(&mut interview).as_ref(), Some(&question));
    assert!(interview.answer(Answer::Chose(9)).is_err());
    assert_eq!(interview.open_question(), Some(&question));
    assert_eq!(ask(&mut interview).as_ref(), Some(&question));
    interview.answer(Answer::Chose(0)).unwrap();
    assert_eq!(interview.open_question(), None);
    assert_ne!(
        sorted_names(&ask(&mut interview).unwrap()),
        sorted_names(&question)
    );
}

#[test]
fn a_choice_made_elsewhere_leaves_the_open_question_open() {
    for strategy in STRATEGIES {
        let mut interview = nine(strategy, 12);
        let question = ask(&mut interview);
        interview
            .observe(&drafts(&[[1.0, 0.0], [0.0, 1.0]]), Answer::Chose(0))
            .unwrap();
        assert_eq!(ask(&mut interview), question, "{strategy}");
        interview.answer(Answer::Chose(1)).unwrap();
    }
}

#[test]
fn an_answer_is_taken_after_a_choice_made_elsewhere_without_asking_again() {
    let mut interview = nine("information-gain", 12);
    let question = ask(&mut interview).unwrap();
    interview
        .observe(&drafts(&[[1.0, 0.0], [0.0, 1.0]]), Answer::Chose(0))
        .unwrap();
    let taken = interview.answer(Answer::Chose(1));
    assert_eq!(taken, Ok(()), "the person still sees that question");
    assert_ne!(
        sorted_names(&ask(&mut interview).unwrap()),
        sorted_names(&question)
    );
}

#[test]
fn taking_back_a_choice_made_elsewhere_leaves_the_open_question_open() {
    let mut interview = nine("random", 13);
    interview
        .observe(&drafts(&[[1.0, 0.0], [0.0, 1.0]]), Answer::Chose(0))
        .unwrap();
    let question = ask(&mut interview);
    assert!(interview.undo());
    assert_eq!(ask(&mut interview), question);
}

#[test]
fn an_import_leaves_the_open_question_open_unless_it_brings_the_answer() {
    let mut interview = nine("random", 13);
    let question = ask(&mut interview).unwrap();
    interview
        .merge(nine_pairs().log(&[about_another_prompt(&question)]))
        .unwrap();
    assert_eq!(ask(&mut interview).as_ref(), Some(&question));
    let same_pair = |asked: Option<Question>| {
        asked.is_some_and(|q| sorted_names(&q) == sorted_names(&question))
    };
    let mut elsewhere = nine("random", 99);
    while !same_pair(ask(&mut elsewhere)) {
        elsewhere.answer(Answer::Tie).unwrap();
    }
    elsewhere.answer(Answer::Chose(0)).unwrap();
    interview.merge(elsewhere.log().clone()).unwrap();
    assert!(!same_pair(ask(&mut interview)));
}

/// The entry of an answer about a pair of another prompt than the question's.
fn about_another_prompt(question: &Question) -> Value {
    let prompt = usize::from(question.prompt == Some(0));
    nine_pairs().entry("elsewhere", prompt, &[0, 1], Reply::Chose(0))
}

#[test]
fn both_sides_occur_and_vary_with_the_seed() {
    let (mut in_order, mut total) = (0, 0_u32);
    let mut by_pair: HashMap<Vec<String>, BTreeSet<Vec<String>>> = HashMap::new();
    for seed in 0..60 {
        for question in ask_all(&mut nine("d-optimal", seed), |_| Answer::Tie) {
            in_order += u32::from(question.names() == sorted_names(&question));
            total += 1;
            by_pair
                .entry(sorted_names(&question))
                .or_default()
                .insert(question.names());
        }
    }
    assert_eq!(by_pair.len(), PAIRS);
    assert!(
        by_pair.values().all(|sides| sides.len() == 2),
        "{by_pair:?}"
    );
    // Half of 540, with a standard deviation of √540 / 2 = 11.6.
    let away = (f64::from(in_order) - 0.5 * f64::from(total)).abs();
    let sd = 0.5 * f64::from(total).sqrt();
    assert!(away < 4.0 * sd, "{in_order} of {total} in the deck's order");
}

#[test]
fn without_a_seed_the_sides_vary_too() {
    let first = |_| {
        let mut interview = Interview::start(nine_pairs().deck(), Options::default()).unwrap();
        ask(&mut interview).unwrap().names()
    };
    // All alike with a probability of 2⁻³⁹.
    assert_eq!((0..40).map(first).collect::<BTreeSet<_>>().len(), 2);
}

#[test]
fn question_and_sides_survive_a_reload_with_the_same_seed() {
    for strategy in STRATEGIES {
        let mut interview = nine(strategy, 21);
        for answered in 0..PAIRS {
            let question = ask(&mut interview);
            let deck = nine_pairs().deck();
            let log = Log::from_json(&interview.log().to_json(), &deck).unwrap();
            let options = interview.options().clone();
            let mut reloaded = Interview::open(deck, log, options).unwrap();
            assert_eq!(ask(&mut reloaded), question, "{strategy} after {answered}");
            interview.answer(Answer::Chose(0)).unwrap();
        }
    }
}

#[test]
fn undo_asks_the_same_question_on_the_same_sides_again() {
    let view = |q: &Question| (q.prompt, q.candidates.clone(), q.offered);
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
                asked.push(view(&ask(&mut interview).unwrap()));
                interview.answer(answer).unwrap();
            }
            ask(&mut interview);
            while let Some(before) = asked.pop() {
                assert!(interview.undo());
                let again = view(&ask(&mut interview).unwrap());
                assert_eq!(again, before, "{strategy} {seed}");
                assert_eq!(interview.counts().0, asked.len());
            }
            assert!(!interview.undo(), "nothing is left to take back");
            assert_eq!(interview.log().entries().len(), 10, "a log only grows");
        }
    }
}

#[test]
fn after_undo_another_answer_can_be_given_and_no_pair_comes_twice() {
    let config = Config {
        cases: 32,
        failure_persistence: None,
        ..Config::default()
    };
    let input = (any::<u64>(), proptest::collection::vec(any::<bool>(), 30));
    let outcome = TestRunner::new(config).run(&input, |(seed, undos)| {
        let mut interview = nine("d-optimal", seed);
        for undo in undos {
            if undo {
                interview.undo();
            } else if ask(&mut interview).is_some() {
                interview.answer(Answer::Chose(1)).unwrap();
            }
        }
        ask_all(&mut interview, |_| Answer::Chose(0));
        assert_eq!(interview.log().live().count(), PAIRS);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn an_interview_ends_after_n_answers_and_goes_on_after_undo() {
    let mut interview = start(nine_pairs().deck(), rule("information-gain"), 4, 1);
    let mut turn = 0;
    let asked = ask_all(&mut interview, |_| {
        turn += 1;
        if turn == 2 {
            Answer::Skip
        } else {
            Answer::Chose(0)
        }
    });
    assert_eq!(asked.len(), 5, "a skip does not count");
    let status = interview.status().unwrap();
    assert_eq!((status.asked, status.answered, status.remaining), (5, 4, 0));
    assert_eq!(status.stop_reason, Some(StopReason::Questions));
    assert!(interview.undo());
    let status = interview.status().unwrap();
    assert_eq!((status.stop_reason, status.remaining), (None, 1));
    assert!(ask(&mut interview).is_some());
}

#[test]
fn the_runners_up_are_other_pairs_than_the_question_and_no_better() {
    let mut interview = nine("information-gain", 5);
    let question = ask(&mut interview).unwrap();
    let others = interview.alternatives(100).unwrap();
    assert_eq!(
        others.len(),
        PAIRS - 1,
        "nothing was asked before, so all others are eligible"
    );
    let mut last = question.score;
    for (names, score) in others {
        let mut names = names.clone();
        names.sort();
        assert_ne!(names, sorted_names(&question));
        assert!(score <= last);
        last = score;
    }
}

#[test]
fn random_questions_are_of_every_kind() {
    let first = |seed| sorted_names(&ask(&mut nine("random", seed)).unwrap());
    // One of nine is missed by all of 200 with a probability of 5e-10.
    assert_eq!((0..200).map(first).collect::<BTreeSet<_>>().len(), PAIRS);
}

/// E f(u) for u ~ N(mean, variance), on a fine and wide grid.
fn expectation(mean: f64, variance: f64, f: impl Fn(f64) -> f64) -> f64 {
    let sd = variance.sqrt();
    let step = (sd / 50.0).min(0.02);
    let reach = (9.0 * sd / step).ceil() as i64;
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
    probabilities.iter().map(|&p| entropy_term(p)).sum()
}

/// Mutual information of the answer and the reward difference, in bits.
fn mutual_information(model: &AnswerModel, tie: bool, mean: f64, variance: f64) -> f64 {
    let outcomes = pair_probabilities(model, 0.0, tie).len();
    let expect = |o| expectation(mean, variance, |u| pair_probabilities(model, u, tie)[o]);
    let expected: Vec<f64> = (0..outcomes).map(expect).collect();
    let remaining = expectation(mean, variance, |u| {
        entropy(&pair_probabilities(model, u, tie))
    });
    entropy(&expected) - remaining
}

/// The library's information gain for u ~ N(mean, variance).
fn gain(model: &AnswerModel, tie: bool, mean: f64, variance: f64) -> f64 {
    information_gain(
        &model.pair_scale(tie),
        &Projection::gaussian(mean, variance),
    )
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
fn information_gain_is_the_mutual_information_for_posteriors_of_usual_width() {
    for (model, tie) in models() {
        for mean in [0.0, 0.4, -3.0, 8.0] {
            for variance in [1e-6, 0.01, 1.0, 4.0, 16.0] {
                let found = gain(&model, tie, mean, variance);
                let expected = mutual_information(&model, tie, mean, variance);
                let off = (found - expected).abs();
                assert!(
                    off < 1e-4,
                    "{model:?} {tie} N({mean}, {variance}): {found} {expected}"
                );
            }
        }
    }
}

#[test]
fn information_gain_is_the_mutual_information_for_posteriors_of_any_width() {
    for (model, tie) in models() {
        for mean in [0.0, 30.0] {
            for variance in [100.0, 400.0, 1e4] {
                let found = gain(&model, tie, mean, variance);
                let expected = mutual_information(&model, tie, mean, variance);
                let off = (found - expected).abs();
                assert!(
                    off <= 2e-3,
                    "{model:?} {tie} N({mean}, {variance}): {found} {expected}"
                );
            }
        }
    }
}

#[test]
fn information_gain_keeps_to_its_closed_form_limits() {
    for (model, tie) in models() {
        let outcomes = pair_probabilities(&model, 0.0, tie).len() as f64;
        for mean in [0.0, 0.7, -5.0, 700.0] {
            let bits = gain(&model, tie, mean, 0.0);
            assert!(
                (0.0..1e-14).contains(&bits),
                "nothing unknown, nothing to learn: {bits}"
            );
            for variance in [1e-12, 1.0, 25.0, 1e4, 1e8, 1e200] {
                let bits = gain(&model, tie, mean, variance);
                let possible = 0.0..=outcomes.log2() + 1e-12;
                assert!(
                    possible.contains(&bits),
                    "{model:?} {mean} {variance}: {bits}"
                );
                let mirrored = gain(&model, tie, -mean, variance);
                let off = (bits - mirrored).abs();
                assert!(
                    off < 1e-12,
                    "{model:?} {mean} {variance}: {bits} {mirrored}"
                );
            }
        }
    }
    // A small variance v teaches I·v/2 nats; at mean 0, without lapse and tie, I = 1/4.
    let bits = gain(&AnswerModel::BRADLEY_TERRY, false, 0.0, 1e-4);
    let expected = 1e-4 / 8.0 / std::f64::consts::LN_2;
    assert!((bits / expected - 1.0).abs() < 1e-3, "{bits}");
}

#[test]
fn d_optimal_has_its_closed_form() {
    for mean in [0.0, 0.3, -2.0, 20.0] {
        for variance in [0.0, 0.5, 10.0, 1e6] {
            let expected = (sigmoid(mean) * sigmoid(-mean) * variance).ln_1p();
            let found = d_optimal(
                &AnswerModel::BRADLEY_TERRY.pair_scale(false),
                mean,
                variance,
            );
            let off = (found - expected).abs();
            assert!(
                off <= 1e-12 * (1.0 + expected),
                "{mean} {variance}: {found} {expected}"
            );
        }
    }
    // With lapse and ties I = Σ_o P_o′² / P_o, by differences.
    for (model, tie) in models() {
        for mean in [0.0, 0.3, -2.0, 6.0] {
            let step = 1e-4;
            let [down, here, up] =
                [-step, 0.0, step].map(|step| pair_probabilities(&model, mean + step, tie));
            let term = |o: usize| ((up[o] - down[o]) / (2.0 * step)).powi(2) / here[o];
            let information: f64 = (0..here.len()).map(term).sum();
            let found = d_optimal(&model.pair_scale(tie), mean, 3.0);
            let off = (found - (3.0 * information).ln_1p()).abs();
            assert!(off < 1e-7, "{model:?} {tie} {mean}");
        }
    }
}

/// The names, sorted, that each answer in the log was about.
fn asked_about(interview: &Interview) -> Vec<Vec<String>> {
    let names = |kind: &EntryKind| match kind {
        EntryKind::Answer { shown, .. } => {
            let mut names = shown.clone();
            names.sort();
            Some(names)
        }
        _ => None,
    };
    interview
        .log()
        .live()
        .filter_map(|entry| names(&entry.kind))
        .collect()
}

#[test]
fn the_question_is_the_one_that_scores_best() {
    for (strategy, tolerance) in [("d-optimal", 1e-7), ("information-gain", 1e-4)] {
        let mut interview = nine(strategy, 8);
        for _ in 0..5 {
            let question = ask(&mut interview).unwrap();
            let model = interview.deck().answer_model();
            let covariance = laplace(&interview).covariance();
            let score = |z: &DVector<f64>| {
                let (mean, variance) =
                    (laplace(&interview).mean().dot(z), variance(&covariance, z));
                match strategy {
                    "d-optimal" => d_optimal(&model.pair_scale(true), mean, variance),
                    _ => mutual_information(&model, true, mean, variance),
                }
            };
            let asked = asked_about(&interview);
            let last_prompt = asked.last().map(|names| names[0][..2].to_owned());
            let mut best = f64::NEG_INFINITY;
            for prompt in interview.deck().prompts() {
                if Some(&prompt.id) == last_prompt.as_ref() {
                    continue;
                }
                for (i, a) in prompt.candidates.iter().enumerate() {
                    for b in &prompt.candidates[i + 1..] {
                        let names = [&a.id, &b.id]
                            .map(|id| format!("{}/{id}", prompt.id))
                            .to_vec();
                        if !asked.contains(&names) {
                            best = best.max(score(&(vector(&a.scores) - vector(&b.scores))));
                        }
                    }
                }
            }
            let found = question.score;
            assert!(
                (found - best).abs() < tolerance,
                "{strategy}: {found} and {best}"
            );
            interview.answer(Answer::Chose(0)).unwrap();
        }
    }
}

#[test]
fn every_acquisition_rule_is_found_by_its_name() {
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name()).collect();
    assert_eq!(names.len(), RULES.len());
    for name in names {
        assert_eq!(by_name(name).map(AcquisitionRule::name), Some(name));
    }
    assert!(by_name("Random").is_none());
}

#[test]
fn the_most_informative_pair_of_drafts_is_asked_about() {
    let interview = nine("information-gain", 1);
    let drafts = drafts(&[[0.1, 0.0], [0.0, 0.1], [2.0, 1.0], [-2.0, -1.0]]);
    let question = interview.compare(&drafts).unwrap().unwrap();
    let mut places: Vec<usize> = question
        .candidates
        .iter()
        .map(|shown| shown.index)
        .collect();
    places.sort_unstable();
    assert_eq!(places, [2, 3]);
    assert_eq!(question.prompt, None);
}

#[test]
fn drafts_that_are_alike_or_alone_are_not_worth_a_question() {
    let interview = nine("information-gain", 1);
    assert_eq!(interview.compare(&[]).unwrap(), None);
    let alone = [[1.0, 0.0]];
    let same = [[1.0, 0.0], [1.0, 0.0]];
    let close = [[1e-3, 0.0], [0.0, 1e-3]];
    for scores in [&alone[..], &same, &close] {
        assert_eq!(
            interview.compare(&drafts(scores)).unwrap(),
            None,
            "{scores:?}"
        );
    }
}

#[test]
fn drafts_are_not_compared_once_more() {
    let mut interview = nine("information-gain", 1);
    let two = drafts(&[[1.0, -0.5], [-0.5, 1.0]]);
    assert!(interview.compare(&two).unwrap().is_some());
    interview.observe(&two, Answer::Tie).unwrap();
    assert_eq!(interview.compare(&two).unwrap(), None);
}

#[test]
fn new_drafts_without_ids_are_not_taken_for_the_last_ones() {
    let mut interview = nine("information-gain", 1);
    let new = drafts(&[[1.5, 1.0], [-1.0, -1.5]]);
    assert!(interview.compare(&new).unwrap().is_some());
    interview
        .observe(&drafts(&[[1.0, -0.5], [-0.5, 1.0]]), Answer::Tie)
        .unwrap();
    assert!(
        interview.compare(&new).unwrap().is_some(),
        "they have other scores"
    );
}

#[test]
fn a_candidate_is_named_by_its_prompt_and_id_or_by_the_name_that_it_brings() {
    let list = serde_json::json!([
        { "scores": [1.0], "id": "x" },
        { "scores": [2.0], "id": "x", "prompt": "mail" },
        { "scores": [3.0], "id": "x", "name": "own/name" },
        { "scores": [4.0] },
    ]);
    let candidates = leaning::Candidate::read_list(list, 1).unwrap();
    let names: Vec<&str> = candidates.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names[..3], ["chat/x", "mail/x", "own/name"]);
    assert!(
        names[3].starts_with("chat/") && names[3].ends_with("-4"),
        "{}",
        names[3]
    );
    let ids: Vec<Option<&str>> = candidates.iter().map(|one| one.id.as_deref()).collect();
    assert_eq!(ids, [Some("x"), Some("x"), Some("x"), None]);
    assert_eq!(candidates[3].scores, [4.0]);
}

#[test]
fn a_strategy_can_be_chosen_by_its_name_and_is_named_in_the_question() {
    for strategy in RULES {
        let strategy: Strategy = strategy;
        let mut interview = start(nine_pairs().deck(), strategy, 3, 1);
        assert_eq!(ask(&mut interview).unwrap().strategy, strategy.name());
        let stop = StopRule {
            questions: 3,
            ..StopRule::default()
        };
        assert_eq!(interview.options().stop, stop);
    }
}

/// The first prompt tells much more than the others.
fn one_telling_prompt() -> DeckParts {
    DeckParts::new(&[
        &[&[2.0, 0.4], &[-1.5, 1.9], &[0.3, -2.2]],
        &[&[0.3, 0.1], &[-0.2, 0.3], &[0.1, -0.3]],
        &[&[0.2, -0.2], &[-0.3, 0.1], &[0.2, 0.3]],
        &[&[-0.1, 0.2], &[0.3, 0.2], &[-0.2, -0.3]],
    ])
}

#[test]
fn a_prompt_comes_again_only_if_it_tells_so_much_more_than_a_new_one() {
    let prompt_of = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
    let repeats = [1.0, 0.9, 0.01].map(|share| {
        let options = Options {
            strategy: rule("information-gain"),
            repeat_worth: share,
            seed: Some(1),
            ..Options::default()
        };
        let mut interview = Interview::start(one_telling_prompt().deck(), options).unwrap();
        let (mut seen, mut repeats) = (BTreeSet::new(), 0);
        for _ in 0..4 {
            let question = ask(&mut interview).unwrap();
            // All questions that could have come.
            let mut all = interview.alternatives(ENOUGH).unwrap();
            all.push((question.names(), question.score));
            let worth = |(names, score): &(Vec<String>, f64)| {
                let again = seen.contains(&prompt_of(&names[0]));
                score * if again { share } else { 1.0 }
            };
            let best = all.iter().map(worth).fold(0.0, f64::max);
            assert_eq!(worth(all.last().unwrap()), best, "{share}: {question:?}");
            repeats += usize::from(!seen.insert(prompt_of(&question.names()[0])));
            interview.answer(Answer::Chose(0)).unwrap();
        }
        repeats
    });
    // By the rule alone the first prompt comes in every other question.
    assert_eq!((repeats[0], repeats[2]), (1, 0));
}
