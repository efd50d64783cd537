//! An interview ends as soon as its rule says so, and says why.

use crate::common::{
    DeckParts, ask, bits, dot, entropy_term, is_one_line, laplace, matrix, nine_pairs,
    pair_probabilities, rule, sorted_names, start, variance, vector,
};
use leaning::decision::regret::expected_regret;
use leaning::model::EntryKind;
use leaning::model::evidence::columns;
use leaning::nalgebra::DMatrix;
use leaning::{
    Answer, AnswerKind, AnswerModel, Deck, DeckCandidate, Dimension, Error, Interview, Log,
    Options, PosteriorSamples, Question, StopReason, StopRule,
};
use std::collections::BTreeSet;

const ENOUGH: usize = 1000;
const PAIRS: usize = 9;

fn open(parts: &DeckParts, options: Options) -> Interview {
    Interview::start(parts.deck(), options).expect("the options are valid")
}

fn start_with(parts: &DeckParts, stop: StopRule) -> Interview {
    open(
        parts,
        Options {
            stop,
            seed: Some(5),
            ..Options::default()
        },
    )
}

fn stop_rule(questions: usize, regret: Option<f64>, gain: Option<f64>) -> StopRule {
    StopRule {
        questions,
        regret,
        gain,
    }
}

/// The answer of a person with these weights who never errs, and says "about the same" if it nearly
/// is.
fn reply(question: &Question) -> Answer {
    let reward = |place: usize| dot(&[1.4, -0.6], &question.candidates[place].scores);
    let difference = reward(0) - reward(1);
    if difference.abs() < 0.3 {
        Answer::Tie
    } else {
        Answer::Chose(usize::from(difference < 0.0))
    }
}

/// Answers one question; `false` if the interview is over.
fn go_on(interview: &mut Interview) -> bool {
    let Some(question) = ask(interview) else {
        return false;
    };
    interview.answer(reply(&question)).unwrap();
    true
}

/// Answers to the end. Returns the number of answers.
fn go_to_the_end(interview: &mut Interview) -> usize {
    std::iter::from_fn(|| go_on(interview).then_some(())).count()
}

fn stop_reason(interview: &Interview) -> Option<StopReason> {
    interview.stop_reason().unwrap()
}

/// A number before each question of an interview that goes on to the end.
fn course(parts: &DeckParts, number: impl Fn(&Interview) -> f64) -> Vec<f64> {
    let mut interview = start_with(parts, stop_rule(ENOUGH, None, None));
    let mut course = Vec::new();
    loop {
        course.push(number(&interview));
        if !go_on(&mut interview) {
            return course;
        }
    }
}

/// The place of the first number below the limit.
fn first_below(course: &[f64], limit: f64) -> usize {
    course
        .iter()
        .position(|&value| value < limit)
        .expect("the course falls below the limit")
}

/// Thresholds between the values of a course, in the middle of the gaps, where rounding decides
/// nothing.
fn thresholds(course: &[f64]) -> Vec<f64> {
    let mut sorted = course.to_vec();
    sorted.sort_by(f64::total_cmp);
    let gaps = sorted.windows(2).filter(|gap| gap[1] - gap[0] > 1e-3);
    gaps.map(|gap| 0.5 * (gap[0] + gap[1])).collect()
}

/// The scores of each prompt, d × K.
fn all_scores(prompts: &[Vec<Vec<f64>>]) -> Vec<DMatrix<f64>> {
    prompts.iter().map(|scores| columns(scores)).collect()
}

/// The expected regret by its definition, over the samples that the interview itself looks at.
fn regret_by_definition(interview: &Interview, prompts: &[DMatrix<f64>]) -> f64 {
    let samples = PosteriorSamples::draw(laplace(interview));
    let (mut lost, mut at_stake) = (0.0, 0.0);
    for scores in prompts {
        let picked = scores.tr_mul(laplace(interview).mean()).argmax().0;
        for (weights, probability) in samples.weights().row_iter().zip(samples.probabilities()) {
            let rewards = weights * scores;
            lost += probability * (rewards.max() - rewards[picked]);
            at_stake += probability * (rewards.max() - rewards.mean());
        }
    }
    lost / at_stake
}

fn regret_of_deck(interview: &Interview) -> f64 {
    regret_by_definition(interview, &all_scores(&nine_pairs().prompts))
}

/// H(E P) − E H(P) in bits for u ~ N(mean, variance), on a fine grid.
fn information(model: &AnswerModel, mean: f64, variance: f64) -> f64 {
    let (mut expected, mut entropy, mut total) = ([0.0; 3], 0.0, 0.0);
    for node in -800..=800 {
        let x = f64::from(node) / 100.0;
        let weight = (-0.5 * x * x).exp();
        total += weight;
        let probabilities = pair_probabilities(model, mean + variance.sqrt() * x, true);
        for (sum, p) in expected.iter_mut().zip(probabilities) {
            *sum += weight * p;
            entropy += weight * entropy_term(p);
        }
    }
    expected
        .iter()
        .map(|sum| entropy_term(sum / total))
        .sum::<f64>()
        - entropy / total
}

/// Bits of the most informative question among those that may be asked: pairs that were not asked
/// yet, of another prompt than the last one if possible.
fn best_gain(interview: &Interview) -> f64 {
    let (mut asked, mut last) = (BTreeSet::new(), None);
    for entry in interview.log().live() {
        if let EntryKind::Answer { shown, .. } = &entry.kind {
            asked.insert(shown.iter().cloned().collect::<BTreeSet<_>>());
            last = shown[0].split('/').next().map(str::to_owned);
        }
    }
    let (mean, covariance) = (laplace(interview).mean(), laplace(interview).covariance());
    let model = interview.deck().answer_model();
    let (mut here, mut elsewhere) = (0.0_f64, None);
    for prompt in interview.deck().prompts() {
        for (i, a) in prompt.candidates.iter().enumerate() {
            for b in &prompt.candidates[..i] {
                let names = [&a.id, &b.id].map(|id| format!("{}/{id}", prompt.id));
                if asked.contains(&BTreeSet::from(names)) {
                    continue;
                }
                let z = vector(&a.scores) - vector(&b.scores);
                let gain = information(&model, mean.dot(&z), variance(&covariance, &z));
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

/// Checks that every threshold ends the interview at the first value below it, for this reason.
fn ends_at_the_first_below(
    parts: &DeckParts,
    course: &[f64],
    reason: StopReason,
    rule: impl Fn(f64) -> StopRule,
) {
    let thresholds = thresholds(course);
    assert!(
        thresholds.len() >= 4,
        "the test needs a course that varies: {course:?}"
    );
    let mut ends = BTreeSet::new();
    for threshold in thresholds {
        let mut interview = start_with(parts, rule(threshold));
        let answered = go_to_the_end(&mut interview);
        let first = first_below(course, threshold);
        assert_eq!(answered, first, "below {threshold} in {course:?}");
        let expected = Some(if first == PAIRS {
            StopReason::Exhausted
        } else {
            reason
        });
        assert_eq!(stop_reason(&interview), expected);
        assert_eq!(interview.status().unwrap().stop_reason, expected);
        ends.insert(answered);
    }
    assert!(ends.len() >= 3, "the test needs ends that differ: {ends:?}");
}

#[test]
fn it_ends_as_soon_as_the_expected_regret_is_below_the_share() {
    let parts = nine_pairs();
    let course = course(&parts, regret_of_deck);
    ends_at_the_first_below(&parts, &course, StopReason::Regret, |share| {
        stop_rule(ENOUGH, Some(share), None)
    });
}

#[test]
fn it_ends_as_soon_as_the_best_question_tells_less_than_the_bits() {
    let parts = nine_pairs();
    let course = course(&parts, best_gain);
    ends_at_the_first_below(&parts, &course, StopReason::Gain, |bits| {
        stop_rule(ENOUGH, None, Some(bits))
    });
}

#[test]
fn the_first_part_of_the_rule_to_hold_ends_it() {
    let parts = nine_pairs();
    let (regrets, gains) = (course(&parts, regret_of_deck), course(&parts, best_gain));
    let mut reasons = BTreeSet::new();
    for &share in &thresholds(&regrets) {
        for &bits in &thresholds(&gains) {
            for questions in [2, 5, ENOUGH] {
                let mut interview =
                    start_with(&parts, stop_rule(questions, Some(share), Some(bits)));
                let answered = go_to_the_end(&mut interview);
                let by_regret = first_below(&regrets, share);
                let by_gain = first_below(&gains, bits);
                let expected = questions.min(by_regret).min(by_gain);
                assert_eq!(answered, expected, "{share} {bits} {questions}");
                let reason = stop_reason(&interview).unwrap();
                let by_reason = match reason {
                    StopReason::Questions => questions,
                    StopReason::Regret => by_regret,
                    StopReason::Gain => by_gain,
                    StopReason::Exhausted => PAIRS,
                };
                assert_eq!(
                    by_reason, answered,
                    "{reason:?}: {share} {bits} {questions}"
                );
                reasons.insert(reason.name());
            }
        }
    }
    assert!(
        reasons.is_superset(&["questions", "regret", "gain"].into()),
        "{reasons:?}"
    );
}

#[test]
fn the_number_of_questions_is_a_limit() {
    for questions in [0, 1, 4, PAIRS, PAIRS + 1] {
        let mut interview = start_with(&nine_pairs(), stop_rule(questions, None, None));
        assert_eq!(go_to_the_end(&mut interview), questions.min(PAIRS));
        let limited = questions <= PAIRS;
        let reason = if limited {
            StopReason::Questions
        } else {
            StopReason::Exhausted
        };
        assert_eq!(stop_reason(&interview), Some(reason), "{questions}");
        assert_eq!(ask(&mut interview), None);
    }
}

#[test]
fn every_stop_reason_has_a_name_of_its_own() {
    let reasons = [
        StopReason::Questions,
        StopReason::Exhausted,
        StopReason::Regret,
        StopReason::Gain,
    ];
    assert_eq!(
        reasons.map(StopReason::name),
        ["questions", "exhausted", "regret", "gain"]
    );
}

#[test]
fn by_number_alone_the_remaining_questions_are_known_exactly() {
    let mut interview = start_with(&nine_pairs(), stop_rule(5, None, None));
    for left in (0..=5).rev() {
        assert_eq!(interview.remaining().unwrap(), left);
        assert_eq!(interview.status().unwrap().remaining, left);
        assert_eq!(go_on(&mut interview), left > 0);
    }
    // There is no more to ask than there is in the deck.
    let many = start_with(&nine_pairs(), stop_rule(50, None, None));
    assert_eq!(many.remaining().unwrap(), PAIRS);
}

#[test]
fn a_question_about_all_candidates_of_a_prompt_leaves_none_of_its_pairs() {
    let options = Options {
        stop: stop_rule(50, None, None),
        seed: Some(5),
        candidates_per_question: Some(3),
        ..Options::default()
    };
    let mut interview = open(&nine_pairs(), options);
    for left in (0..=3).rev() {
        assert_eq!(interview.remaining().unwrap(), left);
        assert_eq!(go_on(&mut interview), left > 0);
    }
}

#[test]
fn a_skip_does_not_count_towards_the_number() {
    let mut interview = start_with(&nine_pairs(), stop_rule(3, None, None));
    ask(&mut interview);
    interview.answer(Answer::Skip).unwrap();
    let status = interview.status().unwrap();
    assert_eq!((status.asked, status.answered, status.remaining), (1, 0, 3));
}

#[test]
fn the_number_of_remaining_questions_is_within_the_limit_and_zero_at_the_end() {
    for share in [None, Some(0.0), Some(0.05), Some(0.2), Some(2.0)] {
        for bits in [None, Some(0.0), Some(0.1), Some(0.3), Some(2.0)] {
            for questions in [1, 4, 20] {
                let mut interview = start_with(&nine_pairs(), stop_rule(questions, share, bits));
                loop {
                    let status = interview.status().unwrap();
                    let open_pairs = PAIRS - status.answered;
                    let most = questions.saturating_sub(status.answered).min(open_pairs);
                    assert!(status.remaining <= most, "{share:?} {bits:?}: {status:?}");
                    if status.stop_reason.is_some() {
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
fn at_least_one_question_remains_while_there_is_one_to_ask() {
    let gains = course(&nine_pairs(), best_gain);
    let mut wrong = Vec::new();
    for share in [None, Some(0.05), Some(0.2)] {
        // Among them the bits that the best question at some point only just tells.
        let just = gains.iter().map(|gain| Some(0.999 * gain));
        for bits in [None, Some(0.05), Some(0.2)].into_iter().chain(just) {
            let mut interview = start_with(&nine_pairs(), stop_rule(ENOUGH, share, bits));
            loop {
                let status = interview.status().unwrap();
                if status.stop_reason.is_none() && status.remaining == 0 {
                    let (answered, gain) = (status.answered, best_gain(&interview));
                    wrong.push(format!("{share:?} {bits:?} after {answered}: {gain}"));
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
fn a_stricter_rule_is_expected_to_need_more_questions() {
    let remaining = |share| {
        let interview = start_with(&nine_pairs(), stop_rule(ENOUGH, Some(share), None));
        interview.remaining().unwrap()
    };
    let counts = [0.6, 0.4, 0.3, 0.2, 0.1, 0.05, 0.01, 0.0].map(remaining);
    assert!(counts.is_sorted(), "{counts:?}");
    assert!(counts[0] < counts[7] && counts[7] == PAIRS, "{counts:?}");
}

#[test]
fn the_number_of_remaining_questions_rises_by_at_most_two_with_an_answer() {
    for share in [0.05, 0.1, 0.2, 0.3] {
        for odd in 0..2 {
            let mut interview = start_with(&nine_pairs(), stop_rule(ENOUGH, Some(share), None));
            let mut before = interview.remaining().unwrap();
            // Answers that contradict each other, so that the end moves away.
            for turn in 0.. {
                if ask(&mut interview).is_none() {
                    break;
                }
                interview.answer(Answer::Chose((turn + odd) % 2)).unwrap();
                let now = interview.remaining().unwrap();
                assert!(now <= before + 2, "{share}: {before}, then {now}");
                assert_eq!(
                    interview.remaining().unwrap(),
                    now,
                    "asking again changes nothing"
                );
                before = now;
            }
        }
    }
}

#[test]
fn no_regret_is_below_zero() {
    let mut interview = start_with(&nine_pairs(), stop_rule(ENOUGH, Some(0.0), None));
    assert_eq!(go_to_the_end(&mut interview), PAIRS);
    assert_eq!(stop_reason(&interview), Some(StopReason::Exhausted));
    // Not even if nothing at all can be lost.
    let nothing = vec![columns(&[[0.3, 0.3]; 3])];
    let options = |share| Options {
        stop: stop_rule(ENOUGH, Some(share), None),
        sample: nothing.clone(),
        ..Options::default()
    };
    let mut never = open(&nine_pairs(), options(0.0));
    assert_eq!(
        (never.expected_regret().unwrap(), stop_reason(&never)),
        (Some(0.0), None)
    );
    assert!(ask(&mut never).is_some());
    let mut at_once = open(&nine_pairs(), options(1e-12));
    assert_eq!(stop_reason(&at_once), Some(StopReason::Regret));
    assert!(ask(&mut at_once).is_none());
}

#[test]
fn the_expected_regret_is_about_the_sample_if_there_is_one() {
    let parts = nine_pairs();
    // Only the second weight decides here, and the most informative first question tells little
    // about it.
    let sample = vec![
        columns(&[[0.0, 1.0], [0.0, -1.0], [0.1, 0.2]]),
        columns(&[[0.2, 0.5], [0.0, 0.6]]),
    ];
    let with = |sample| {
        open(
            &parts,
            Options {
                sample,
                seed: Some(5),
                ..Options::default()
            },
        )
    };
    let (mut of_sample, mut of_deck) = (with(sample.clone()), with(Vec::new()));
    let deck_scores = all_scores(&parts.prompts);
    let expected = |interview: &Interview| interview.expected_regret().unwrap().unwrap();
    for answered in 0..5 {
        let no_evidence = bits(laplace(&of_sample)) == bits(laplace(&of_deck));
        assert!(no_evidence, "the sample is no evidence");
        for (interview, prompts) in [(&of_sample, &sample), (&of_deck, &deck_scores)] {
            let found = interview.expected_regret().unwrap().unwrap();
            let expected = regret_by_definition(interview, prompts);
            let off = (found - expected).abs();
            assert!(
                off < 1e-9,
                "after {answered}: {found}, by definition {expected}"
            );
            let samples = PosteriorSamples::draw(laplace(interview));
            assert_eq!(
                found,
                expected_regret(laplace(interview), &samples, prompts)
            );
        }
        let difference = expected(&of_sample) - expected(&of_deck);
        // Before any answer the regret of anything is 1.
        let differ = answered == 0 || difference.abs() > 1e-4;
        assert!(differ, "the test needs a difference");
        assert!(go_on(&mut of_sample) && go_on(&mut of_deck));
    }
}

#[test]
fn the_sample_decides_when_enough_is_known() {
    let parts = nine_pairs();
    // Only the first weight decides in one, only the second in the other.
    let samples = [[1.0, 0.0], [0.0, 1.0]]
        .map(|z: [f64; 2]| vec![columns(&[[0.0, 0.0], z, z.map(|x| -0.3 * x)])]);
    let courses = samples
        .clone()
        .map(|sample| course(&parts, |interview| regret_by_definition(interview, &sample)));
    let mut counts = Vec::new();
    for (sample, course) in samples.into_iter().zip(&courses) {
        for share in [0.3, 0.1, 0.05] {
            let options = Options {
                stop: stop_rule(ENOUGH, Some(share), None),
                sample: sample.clone(),
                seed: Some(5),
                ..Options::default()
            };
            let answered = go_to_the_end(&mut open(&parts, options));
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

fn three_of(kind: AnswerKind) -> Result<Interview, Error> {
    let candidates =
        [[0.0], [1.0], [2.0]].map(|scores| DeckCandidate::new(format!("{scores:?}"), scores));
    let deck = Deck::builder("kind")
        .dimension(Dimension::new("d"))
        .prompt("p", candidates)
        .answer_kind(kind)
        .build()?;
    let options = Options {
        candidates_per_question: Some(3),
        ..Options::default()
    };
    Interview::start(deck, options)
}

#[test]
fn a_deck_of_ratings_shows_one_candidate_only() {
    let error = three_of(AnswerKind::Rating { of: 5 }).unwrap_err();
    assert_eq!(error.path(), Some("candidatesPerQuestion"));
}

#[test]
fn three_candidates_of_a_deck_with_grades_are_for_a_choice() {
    let mut interview = three_of(AnswerKind::Graded).unwrap();
    let question = interview.question().unwrap().unwrap();
    assert_eq!(question.candidates.len(), 3);
    assert_eq!(question.offered.kind, AnswerKind::Choice);
}

#[test]
fn options_out_of_range_are_refused_by_their_place() {
    let stop = |regret, gain| Options {
        stop: stop_rule(12, regret, gain),
        ..Options::default()
    };
    let show = |count| Options {
        candidates_per_question: Some(count),
        ..Options::default()
    };
    let half_life = |answers| Options {
        half_life: Some(answers),
        ..Options::default()
    };
    let sample = |scores: DMatrix<f64>| Options {
        sample: vec![columns(&[[0.0, 0.0], [1.0, 1.0]]), scores],
        ..Options::default()
    };
    let with_second = |second| sample(columns(&[[0.5, 0.5], second]));
    let cases = [
        ("candidatesPerQuestion", show(0)),
        ("candidatesPerQuestion", show(1)),
        ("candidatesPerQuestion", show(5)),
        ("candidatesPerQuestion", show(usize::MAX)),
        ("halfLife", half_life(0.0)),
        ("halfLife", half_life(-1.0)),
        ("halfLife", half_life(f64::NAN)),
        ("halfLife", half_life(f64::NEG_INFINITY)),
        ("stop.regret", stop(Some(-1e-9), None)),
        ("stop.regret", stop(Some(f64::NAN), None)),
        ("stop.gain", stop(None, Some(-1e-9))),
        ("stop.gain", stop(Some(0.1), Some(f64::NAN))),
        ("sample[1]", sample(columns(&[[0.5], [1.0]]))),
        (
            "sample[1]",
            sample(columns(&[[0.5, 0.5, 0.5], [1.0, 2.0, 3.0]])),
        ),
        ("sample[1]", sample(DMatrix::zeros(0, 2))),
        ("sample[1]", with_second([1.0, f64::NAN])),
        ("sample[1]", with_second([f64::INFINITY, 0.0])),
        ("sample[1]", with_second([2e100, 0.0])),
    ];
    for (place, options) in cases {
        let debug = format!("{options:?}");
        let error = Interview::start(nine_pairs().deck(), options.clone()).unwrap_err();
        let Error::Options(flaw) = &error else {
            panic!("{debug}: {error:?}")
        };
        assert_eq!(flaw.path(), place, "{debug}");
        assert_eq!((error.code(), error.path()), ("options", Some(place)));
        assert!(
            is_one_line(flaw.message()) && error.to_string().contains(place),
            "{error}"
        );
        let deck = nine_pairs().deck();
        let log = Log::new(&deck);
        assert_eq!(Interview::open(deck, log, options).unwrap_err(), error);
    }
    for options in [
        show(2),
        show(4),
        half_life(1e-3),
        half_life(f64::INFINITY),
        stop(Some(0.0), Some(0.0)),
        with_second([1e100, -1e100]),
        stop(Some(f64::INFINITY), None),
    ] {
        assert!(
            Interview::start(nine_pairs().deck(), options.clone()).is_ok(),
            "{options:?}"
        );
    }
}

#[test]
fn after_undo_an_interview_that_was_over_goes_on_whatever_ended_it() {
    let parts = nine_pairs();
    // A threshold that is reached well after the start, and before everything is asked.
    let late = |course: &[f64]| {
        let is_late = |limit: &f64| (2..PAIRS).contains(&first_below(course, *limit));
        thresholds(course)
            .into_iter()
            .find(is_late)
            .expect("there is one")
    };
    let by_regret = late(&course(&parts, regret_of_deck));
    let by_gain = late(&course(&parts, best_gain));
    let rules = [
        (StopReason::Questions, stop_rule(4, None, None)),
        (StopReason::Exhausted, stop_rule(ENOUGH, None, None)),
        (StopReason::Regret, stop_rule(ENOUGH, Some(by_regret), None)),
        (StopReason::Gain, stop_rule(ENOUGH, None, Some(by_gain))),
    ];
    for (reason, rule) in rules {
        let mut interview = start_with(&parts, rule);
        let mut last = None;
        while let Some(question) = ask(&mut interview) {
            interview.answer(reply(&question)).unwrap();
            last = Some(sorted_names(&question));
        }
        assert_eq!(stop_reason(&interview), Some(reason));
        let before = bits(laplace(&interview));
        assert!(interview.undo());
        assert_eq!(stop_reason(&interview), None, "{reason:?}");
        let again = ask(&mut interview).as_ref().map(sorted_names);
        assert_eq!(again, last, "{reason:?}: the same is asked again");
        assert!(interview.counts().1 > 0);
        assert!(go_on(&mut interview));
        assert_eq!(stop_reason(&interview), Some(reason));
        assert_eq!(bits(laplace(&interview)), before);
    }
}

#[test]
fn the_expected_regret_of_one_decision_has_its_closed_form() {
    // One weight λ ~ N(0, 4), no answers, candidates 1 and 0: the first is picked. The expected loss
    // is E max(−λ, 0) = σ/√(2π), and E(max(λ, 0) − λ/2) = σ/√(2π) is at stake: all of it.
    let mut parts = DeckParts::new(&[&[&[1.0], &[0.0]]]);
    let mut regret_for = |mean: f64| {
        parts.prior = Some((vector(&[mean]), matrix([[4.0]])));
        start(parts.deck(), rule("random"), 1, 1)
            .expected_regret()
            .unwrap()
            .unwrap()
    };
    let unknown = regret_for(0.0);
    assert!((unknown - 1.0).abs() < 0.1, "{unknown}");
    // With λ ~ N(m, σ²): the loss is σφ(m/σ) − mΦ(−m/σ), and that plus m/2 is at stake.
    let found = regret_for(2.0);
    let lost = 2.0 * 0.241_970_724_519_143_37 - 2.0 * 0.158_655_253_931_457_05;
    let expected = lost / (lost + 1.0);
    assert!((found - expected).abs() < 0.03, "{found}, not {expected}");
}
