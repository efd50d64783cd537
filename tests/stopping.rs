#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! An interview ends when its rule says so, at the first moment at which it does, and says why.

mod common;

use common::{Parts, bits, dot, interview, nine_pairs, pair, probabilities};
use leaning::ranking::expected_regret;
use leaning::{
    Answer, Belief, Error, Interview, Options, Posterior, Question, Reason, StopRule, Strategy,
};
use std::collections::BTreeSet;

const ENOUGH: usize = 1000;
const PAIRS: usize = 9;

fn start(parts: &Parts, stop: StopRule) -> Interview {
    open(
        parts,
        Options {
            stop,
            seed: Some(5),
            ..Options::default()
        },
    )
}

fn open(parts: &Parts, options: Options) -> Interview {
    Interview::start(parts.deck(), options).expect("opens")
}

fn rule(questions: usize, regret: Option<f64>, gain: Option<f64>) -> StopRule {
    StopRule {
        questions,
        regret,
        gain,
    }
}

/// Somebody with these weights who never errs, and says "about the same" of what is nearly so.
fn reply(question: &Question) -> Answer {
    let reward = |place: usize| dot(&[1.4, -0.6], &question.shown[place].scores);
    let difference = reward(0) - reward(1);
    if difference.abs() < 0.3 {
        Answer::Tie
    } else {
        Answer::Chose(usize::from(difference < 0.0))
    }
}

/// Answers once; `false` where nothing is asked any more.
fn go_on(interview: &mut Interview) -> bool {
    let Some(answer) = interview.next().map(reply) else {
        return false;
    };
    interview.answer(answer).unwrap();
    true
}

/// What something was before each question of an interview that goes on to the end.
fn course(parts: &Parts, of: impl Fn(&Interview) -> f64) -> Vec<f64> {
    let mut interview = start(parts, rule(ENOUGH, None, None));
    let mut course = Vec::new();
    loop {
        course.push(of(&interview));
        if !go_on(&mut interview) {
            return course;
        }
    }
}

/// Thresholds between the values of a course, and in the middle of the gaps, where rounding decides nothing.
fn thresholds(course: &[f64]) -> Vec<f64> {
    let mut sorted = course.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .windows(2)
        .filter(|gap| gap[1] - gap[0] > 1e-3)
        .map(|gap| 0.5 * (gap[0] + gap[1]))
        .collect()
}

/// The definition, over the draws that the interview itself would look at.
fn regret_by_definition(interview: &Interview, prompts: &[Vec<Vec<f64>>]) -> f64 {
    let posterior = Posterior::sample(interview.belief());
    let (mut lost, mut at_stake) = (0.0, 0.0);
    for scores in prompts {
        let rewards = |weights: &[f64]| -> Vec<f64> {
            scores.iter().map(|scores| dot(weights, scores)).collect()
        };
        let picked = first_largest(&rewards(interview.belief().mean()));
        for draw in posterior.draws() {
            let rewards = rewards(draw);
            let best = rewards[first_largest(&rewards)];
            lost += best - rewards[picked];
            at_stake += best - rewards.iter().sum::<f64>() / rewards.len() as f64;
        }
    }
    lost / at_stake
}

fn first_largest(numbers: &[f64]) -> usize {
    let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    numbers.iter().position(|&number| number == most).unwrap()
}

/// H(E P) − E H(P) in bits for u ~ N(mean, variance), on a fine grid.
fn information(model: &leaning::AnswerModel, mean: f64, variance: f64) -> f64 {
    let (mut expected, mut entropy, mut total) = ([0.0; 3], 0.0, 0.0);
    for node in -800..=800 {
        let x = f64::from(node) / 100.0;
        let weight = (-0.5 * x * x).exp();
        total += weight;
        for (sum, p) in
            expected
                .iter_mut()
                .zip(probabilities(model, mean + variance.sqrt() * x, true))
        {
            *sum += weight * p;
            entropy -= weight * p * p.log2();
        }
    }
    expected
        .iter()
        .map(|sum| -(sum / total) * (sum / total).log2())
        .sum::<f64>()
        - entropy / total
}

/// Bits that the most telling question tells of those that may be asked: pairs that were not asked yet, of another
/// prompt than the last wherever there is one.
fn best_gain(interview: &Interview) -> f64 {
    let (mut asked, mut last) = (BTreeSet::new(), None);
    for record in interview.log().live() {
        if let leaning::log::Entry::Answer { shown, .. } = &record.entry {
            asked.insert(shown.iter().cloned().collect::<BTreeSet<_>>());
            last = shown[0].split('/').next().map(str::to_owned);
        }
    }
    let covariance = interview.belief().covariance();
    let (mut here, mut elsewhere) = (0.0_f64, None);
    for prompt in interview.deck().prompts() {
        for (i, a) in prompt.candidates.iter().enumerate() {
            for b in &prompt.candidates[..i] {
                if asked.contains(&BTreeSet::from(
                    [&a.id, &b.id].map(|id| format!("{}/{id}", prompt.id)),
                )) {
                    continue;
                }
                let z: Vec<f64> = a.scores.iter().zip(&b.scores).map(|(x, y)| x - y).collect();
                let variance = z
                    .iter()
                    .zip(&covariance)
                    .map(|(z_i, row)| z_i * dot(row, &z))
                    .sum();
                let gain = information(
                    &interview.deck().answer_model(),
                    dot(interview.belief().mean(), &z),
                    variance,
                );
                if Some(&prompt.id) == last.as_ref() {
                    here = here.max(gain);
                } else {
                    elsewhere = Some(gain.max(elsewhere.unwrap_or(0.0)));
                }
            }
        }
    }
    elsewhere.unwrap_or(here)
}

/// Every threshold ends the interview at the first value below it, with this reason.
fn ends_at_the_first_below(
    parts: &Parts,
    course: &[f64],
    reason: Reason,
    rule: impl Fn(f64) -> StopRule,
) {
    let thresholds = thresholds(course);
    assert!(
        thresholds.len() >= 4,
        "the test needs a course that varies: {course:?}"
    );
    let mut ends = BTreeSet::new();
    for threshold in thresholds {
        let mut interview = start(parts, rule(threshold));
        let mut answered = 0;
        while go_on(&mut interview) {
            answered += 1;
        }
        let first = course.iter().position(|&value| value < threshold).unwrap();
        assert_eq!(answered, first, "below {threshold} in {course:?}");
        let expected = if first == PAIRS {
            Reason::Exhausted
        } else {
            reason
        };
        assert_eq!(
            (interview.reason(), interview.status().reason),
            (Some(expected), Some(expected))
        );
        ends.insert(answered);
    }
    assert!(ends.len() >= 3, "it ends sooner or later: {ends:?}");
}

#[test]
fn it_ends_as_soon_as_the_expected_regret_is_below_the_share() {
    let parts = nine_pairs();
    let course = course(&parts, |interview| {
        regret_by_definition(interview, &parts.prompts)
    });
    ends_at_the_first_below(&parts, &course, Reason::Regret, |share| {
        rule(ENOUGH, Some(share), None)
    });
}

#[test]
fn it_ends_as_soon_as_the_best_question_tells_less_than_the_bits() {
    let parts = nine_pairs();
    let course = course(&parts, best_gain);
    ends_at_the_first_below(&parts, &course, Reason::Gain, |bits| {
        rule(ENOUGH, None, Some(bits))
    });
}

#[test]
fn the_first_part_of_the_rule_to_be_met_ends_it() {
    let parts = nine_pairs();
    let regrets = course(&parts, |interview| {
        regret_by_definition(interview, &parts.prompts)
    });
    let gains = course(&parts, best_gain);
    let mut reasons = BTreeSet::new();
    for &share in &thresholds(&regrets) {
        for &bits in &thresholds(&gains) {
            for questions in [2, 5, ENOUGH] {
                let mut interview = start(&parts, rule(questions, Some(share), Some(bits)));
                let mut answered = 0;
                while go_on(&mut interview) {
                    answered += 1;
                }
                let first =
                    |course: &[f64], limit| course.iter().position(|&value| value < limit).unwrap();
                let (by_regret, by_gain) = (first(&regrets, share), first(&gains, bits));
                assert_eq!(
                    answered,
                    questions.min(by_regret).min(by_gain),
                    "{share} {bits} {questions}"
                );
                let reason = interview.reason().unwrap();
                let named = match reason {
                    Reason::Questions => questions,
                    Reason::Regret => by_regret,
                    Reason::Gain => by_gain,
                    Reason::Exhausted => PAIRS,
                };
                assert_eq!(
                    named, answered,
                    "{reason:?} is no reason yet: {share} {bits} {questions}"
                );
                reasons.insert(reason.name());
            }
        }
    }
    assert!(
        ["questions", "regret", "gain"]
            .iter()
            .all(|name| reasons.contains(name)),
        "{reasons:?}"
    );
}

#[test]
fn the_number_of_questions_is_a_cap() {
    for questions in [0, 1, 4, PAIRS, PAIRS + 1] {
        let mut interview = start(&nine_pairs(), rule(questions, None, None));
        let mut answered = 0;
        while go_on(&mut interview) {
            answered += 1;
        }
        assert_eq!(answered, questions.min(PAIRS));
        let reason = if questions <= PAIRS {
            Reason::Questions
        } else {
            Reason::Exhausted
        };
        assert_eq!(interview.reason(), Some(reason), "{questions}");
        assert_eq!(interview.next(), None);
    }
}

#[test]
fn every_reason_has_a_name_and_words_of_its_own() {
    let reasons = [
        Reason::Questions,
        Reason::Exhausted,
        Reason::Regret,
        Reason::Gain,
    ];
    let names: BTreeSet<&str> = reasons.iter().map(|reason| reason.name()).collect();
    let words: BTreeSet<&str> = reasons.iter().map(|reason| reason.words()).collect();
    assert_eq!((names.len(), words.len()), (4, 4));
    assert!(names.iter().all(|name| !name.is_empty()));
    assert!(
        words
            .iter()
            .all(|words| words.ends_with('.') && words.len() > 10),
        "{words:?}"
    );
}

#[test]
fn by_number_alone_what_remains_is_known_exactly() {
    let mut interview = start(&nine_pairs(), rule(5, None, None));
    for left in (0..=5).rev() {
        assert_eq!(
            (interview.remaining(), interview.status().remaining),
            (left, left)
        );
        assert_eq!(go_on(&mut interview), left > 0);
    }
    // There is no more to ask than there is in the deck.
    assert_eq!(
        start(&nine_pairs(), rule(50, None, None)).remaining(),
        PAIRS
    );
}

#[test]
fn what_is_skipped_does_not_count_towards_the_number() {
    let mut interview = start(&nine_pairs(), rule(3, None, None));
    interview.next();
    interview.answer(Answer::Skip).unwrap();
    assert_eq!(
        (
            interview.status().asked,
            interview.status().answered,
            interview.remaining()
        ),
        (1, 0, 3)
    );
}

#[test]
fn what_remains_is_within_the_cap_and_nothing_once_it_is_over() {
    for share in [None, Some(0.0), Some(0.05), Some(0.2), Some(2.0)] {
        for bits in [None, Some(0.0), Some(0.1), Some(0.3), Some(2.0)] {
            for questions in [1, 4, 20] {
                let mut interview = start(&nine_pairs(), rule(questions, share, bits));
                loop {
                    let status = interview.status();
                    let most = questions
                        .saturating_sub(status.answered)
                        .min(PAIRS - status.answered);
                    assert!(status.remaining <= most, "{share:?} {bits:?}: {status:?}");
                    if status.reason.is_some() {
                        assert_eq!(status.remaining, 0);
                        break;
                    }
                    assert!(go_on(&mut interview), "{status:?} but nothing is asked");
                }
                assert!(!go_on(&mut interview));
            }
        }
    }
}

#[test]
fn while_a_question_is_to_be_asked_at_least_one_remains() {
    let gains = course(&nine_pairs(), best_gain);
    let mut wrong = Vec::new();
    for share in [None, Some(0.05), Some(0.2)] {
        // Among them what the best question of some moment only just tells.
        let just = gains.iter().map(|gain| Some(0.999 * gain));
        for bits in [None, Some(0.05), Some(0.2)].into_iter().chain(just) {
            let mut interview = start(&nine_pairs(), rule(ENOUGH, share, bits));
            loop {
                let status = interview.status();
                if status.reason.is_none() && status.remaining == 0 {
                    wrong.push(format!(
                        "{share:?} {bits:?} after {}: {}",
                        status.answered,
                        best_gain(&interview)
                    ));
                }
                if !go_on(&mut interview) {
                    break;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn more_is_expected_to_remain_for_a_stricter_rule() {
    let remaining = |share| start(&nine_pairs(), rule(ENOUGH, Some(share), None)).remaining();
    let shares = [0.6, 0.4, 0.3, 0.2, 0.1, 0.05, 0.01, 0.0];
    let counts = shares.map(remaining);
    assert!(counts.is_sorted(), "{counts:?}");
    assert!(counts[0] < counts[7] && counts[7] == PAIRS, "{counts:?}");
}

#[test]
fn no_regret_is_ever_below_none() {
    let mut interview = start(&nine_pairs(), rule(ENOUGH, Some(0.0), None));
    let mut answered = 0;
    while go_on(&mut interview) {
        answered += 1;
    }
    assert_eq!(
        (answered, interview.reason()),
        (PAIRS, Some(Reason::Exhausted))
    );
    // Not even where nothing at all can be lost.
    let nothing = vec![vec![vec![0.3, 0.3]; 3]];
    let options = |stop| Options {
        stop,
        sample: nothing.clone(),
        ..Options::default()
    };
    let mut never = open(&nine_pairs(), options(rule(ENOUGH, Some(0.0), None)));
    assert_eq!((never.expected_regret(), never.reason()), (0.0, None));
    assert!(never.next().is_some());
    let mut at_once = open(&nine_pairs(), options(rule(ENOUGH, Some(1e-12), None)));
    assert_eq!(at_once.reason(), Some(Reason::Regret));
    assert!(at_once.next().is_none());
}

#[test]
fn the_expected_regret_is_of_the_sample_where_there_is_one() {
    let parts = nine_pairs();
    // What only the second weight decides, and the most telling first question says little about.
    let sample = vec![
        vec![vec![0.0, 1.0], vec![0.0, -1.0], vec![0.1, 0.2]],
        vec![vec![0.2, 0.5], vec![0.0, 0.6]],
    ];
    let mut of_sample = open(
        &parts,
        Options {
            sample: sample.clone(),
            seed: Some(5),
            ..Options::default()
        },
    );
    let mut of_deck = open(
        &parts,
        Options {
            seed: Some(5),
            ..Options::default()
        },
    );
    for answered in 0..5 {
        assert_eq!(
            bits(of_sample.belief()),
            bits(of_deck.belief()),
            "the sample is no evidence"
        );
        for (interview, prompts) in [(&of_sample, &sample), (&of_deck, &parts.prompts)] {
            let found = interview.expected_regret();
            let expected = regret_by_definition(interview, prompts);
            assert!(
                (found - expected).abs() < 1e-9,
                "after {answered}: {found}, by definition {expected}"
            );
            let posterior = Posterior::sample(interview.belief());
            let ranked = expected_regret(
                interview.belief(),
                &posterior,
                prompts.iter().map(Vec::as_slice),
            );
            assert_eq!(
                (found, interview.status().expected_regret),
                (ranked, ranked)
            );
        }
        assert!(
            (of_sample.expected_regret() - of_deck.expected_regret()).abs() > 1e-3,
            "the test needs a difference"
        );
        assert!(go_on(&mut of_sample) && go_on(&mut of_deck));
    }
}

#[test]
fn the_sample_decides_when_enough_is_known() {
    let parts = nine_pairs();
    // What only the first weight decides, and what only the second does.
    let samples = [[1.0, 0.0], [0.0, 1.0]].map(|z| {
        vec![vec![
            vec![0.0, 0.0],
            z.to_vec(),
            z.map(|x| -0.3 * x).to_vec(),
        ]]
    });
    let courses = samples
        .clone()
        .map(|sample| course(&parts, |interview| regret_by_definition(interview, &sample)));
    let mut counts = Vec::new();
    for (sample, course) in samples.into_iter().zip(&courses) {
        for share in [0.3, 0.1, 0.05] {
            let stop = rule(ENOUGH, Some(share), None);
            let mut interview = open(
                &parts,
                Options {
                    stop,
                    sample: sample.clone(),
                    seed: Some(5),
                    ..Options::default()
                },
            );
            let mut answered = 0;
            while go_on(&mut interview) {
                answered += 1;
            }
            let expected = course
                .iter()
                .position(|&regret| regret < share)
                .unwrap_or(PAIRS);
            assert_eq!(answered, expected, "below {share} in {course:?}");
            counts.push(answered);
        }
    }
    assert_ne!(
        counts[..3],
        counts[3..],
        "the test needs samples that differ: {courses:?}"
    );
}

#[test]
fn options_out_of_range_are_refused_by_their_place() {
    let stop = |regret, gain| Options {
        stop: rule(12, regret, gain),
        ..Options::default()
    };
    let choose = |choose| Options {
        choose: Some(choose),
        ..Options::default()
    };
    let half_life = |answers| Options {
        half_life: Some(answers),
        ..Options::default()
    };
    let sample = |scores: &[f64]| Options {
        sample: vec![
            vec![vec![0.0, 0.0], vec![1.0, 1.0]],
            vec![vec![0.5, 0.5], scores.to_vec()],
        ],
        ..Options::default()
    };
    let cases = [
        ("choose", choose(0)),
        ("choose", choose(1)),
        ("choose", choose(5)),
        ("choose", choose(usize::MAX)),
        ("halfLife", half_life(0.0)),
        ("halfLife", half_life(-1.0)),
        ("halfLife", half_life(f64::NAN)),
        ("halfLife", half_life(f64::NEG_INFINITY)),
        ("stop.regret", stop(Some(-1e-9), None)),
        ("stop.regret", stop(Some(f64::NAN), None)),
        ("stop.gain", stop(None, Some(-1e-9))),
        ("stop.gain", stop(Some(0.1), Some(f64::NAN))),
        ("sample", sample(&[1.0])),
        ("sample", sample(&[1.0, 2.0, 3.0])),
        ("sample", sample(&[])),
        ("sample", sample(&[1.0, f64::NAN])),
        ("sample", sample(&[f64::INFINITY, 0.0])),
        ("sample", sample(&[2e100, 0.0])),
    ];
    for (place, options) in cases {
        let error = Interview::start(nine_pairs().deck(), options.clone()).unwrap_err();
        let Error::Options(flaw) = &error else {
            panic!("{options:?}: {error:?}")
        };
        assert_eq!(flaw.path(), place, "{options:?}");
        assert_eq!((error.code(), error.path()), ("options", Some(place)));
        assert!(
            common::is_one_line(flaw.message()) && error.to_string().contains(place),
            "{error}"
        );
        let deck = nine_pairs().deck();
        assert_eq!(
            Interview::open(deck.clone(), leaning::Log::new(&deck), options).unwrap_err(),
            error
        );
    }
    let extreme = [
        choose(2),
        choose(4),
        half_life(1e-3),
        half_life(f64::INFINITY),
        stop(Some(0.0), Some(0.0)),
    ];
    for options in extreme
        .into_iter()
        .chain([sample(&[1e100, -1e100]), stop(Some(f64::INFINITY), None)])
    {
        assert!(
            Interview::start(nine_pairs().deck(), options.clone()).is_ok(),
            "{options:?}"
        );
    }
}

#[test]
fn after_undo_an_interview_that_was_over_goes_on_whatever_ended_it() {
    let parts = nine_pairs();
    let regrets = course(&parts, |interview| {
        regret_by_definition(interview, &parts.prompts)
    });
    let gains = course(&parts, best_gain);
    // A threshold that is met for the first time well after the start, and before everything is asked.
    let late = |course: &[f64]| {
        let first = |limit: &f64| course.iter().position(|value| value < limit).unwrap();
        thresholds(course)
            .into_iter()
            .find(|limit| (2..PAIRS).contains(&first(limit)))
            .expect("there is one")
    };
    let rules = [
        (Reason::Questions, rule(4, None, None)),
        (Reason::Exhausted, rule(ENOUGH, None, None)),
        (Reason::Regret, rule(ENOUGH, Some(late(&regrets)), None)),
        (Reason::Gain, rule(ENOUGH, None, Some(late(&gains)))),
    ];
    for (reason, rule) in rules {
        let mut interview = start(&parts, rule);
        let mut last = None;
        while let Some(question) = interview.next().cloned() {
            interview.answer(reply(&question)).unwrap();
            last = Some(question);
        }
        assert_eq!(interview.reason(), Some(reason));
        let belief: Belief = interview.belief().clone();
        assert!(interview.undo().unwrap());
        assert_eq!(interview.reason(), None, "{reason:?}");
        assert_eq!(
            interview.next().map(pair),
            last.as_ref().map(pair),
            "{reason:?}: the same is asked again"
        );
        assert!(interview.status().answered > 0);
        assert!(go_on(&mut interview));
        assert_eq!(
            (interview.reason(), bits(interview.belief())),
            (Some(reason), bits(&belief))
        );
    }
}

#[test]
fn a_regret_that_one_answer_leaves_is_known_in_closed_form() {
    // One weight λ ~ N(0, 4), no answers, candidates 1 and 0: the first is picked. E max(−λ, 0) = σ/√(2π) is lost, and
    // E(max(λ, 0) − λ/2) = σ/√(2π) is at stake: all of it.
    let mut parts = Parts::new(&[&[&[1.0], &[0.0]]]);
    parts.prior = Some((vec![0.0], vec![vec![4.0]]));
    let nothing_known = interview(parts.deck(), Strategy::Random, 1, 1).expected_regret();
    assert!((nothing_known - 1.0).abs() < 0.1, "{nothing_known}");
    // With λ ~ N(m, σ²): lost σφ(m/σ) − mΦ(−m/σ); at stake that plus m/2.
    parts.prior = Some((vec![2.0], vec![vec![4.0]]));
    let found = interview(parts.deck(), Strategy::Random, 1, 1).expected_regret();
    let lost = 2.0 * 0.241_970_724_519_143_37 - 2.0 * 0.158_655_253_931_457_05;
    let expected = lost / (lost + 1.0);
    assert!((found - expected).abs() < 0.03, "{found}, not {expected}");
}
