#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! Each strategy asks what its formula in the paper would ask, found here by trying every pair; and questions about
//! three and four are told apart by our own draws.

mod common;

use common::{
    Dice, Parts, bits, choice_probabilities, dot, pair, probabilities, read_log, sigmoid,
};
use leaning::log::Entry;
use leaning::question::{Published, score};
use leaning::{
    Answer, AnswerModel, Belief, Evidence, Interview, Offer, Options, Posterior, Question,
    StopRule, Strategy,
};
use nalgebra::{DMatrix, DVector};
use std::collections::{BTreeMap, BTreeSet};

const ENOUGH: usize = 1000;

/// Prompts of so many candidates in three dimensions, with a prior that is neither round nor centred.
fn some_parts(sizes: &[usize], seed: u64) -> Parts {
    let mut dice = Dice(seed);
    let prompts = sizes
        .iter()
        .map(|&size| (0..size).map(|_| dice.normals(3)).collect())
        .collect();
    let mean = vec![0.6, -0.3, 0.1];
    let covariance = vec![
        vec![2.0, 0.5, -0.3],
        vec![0.5, 1.0, 0.1],
        vec![-0.3, 0.1, 0.4],
    ];
    Parts {
        prompts,
        prior: Some((mean, covariance)),
        lapse: 0.0,
        indifference: 0.0,
    }
}

fn start(parts: &Parts, strategy: Strategy, choose: usize, seed: u64) -> Interview {
    let stop = StopRule {
        questions: ENOUGH,
        ..StopRule::default()
    };
    let options = Options {
        strategy,
        stop,
        choose: Some(choose),
        seed: Some(seed),
        ..Options::default()
    };
    Interview::start(parts.deck(), options).expect("opens")
}

fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn vector(numbers: &[f64]) -> DVector<f64> {
    DVector::from_column_slice(numbers)
}

fn covariance(belief: &Belief) -> DMatrix<f64> {
    let rows = belief.covariance();
    DMatrix::from_fn(rows.len(), rows.len(), |i, j| rows[i][j])
}

/// The pairs that may be asked, by their names, with their differences: those that were not answered, of another prompt
/// than the last one's wherever there is one.
fn eligible(interview: &Interview) -> BTreeMap<Vec<String>, Vec<f64>> {
    let (mut asked, mut last) = (Vec::new(), None);
    for record in interview.log().live() {
        if let Entry::Answer { shown, .. } = &record.entry {
            asked.push(shown.clone());
            last = shown[0].split('/').next().map(str::to_owned);
        }
    }
    let mut open = BTreeMap::new();
    for prompt in interview.deck().prompts() {
        for (i, a) in prompt.candidates.iter().enumerate() {
            for b in &prompt.candidates[i + 1..] {
                let names = [&a.id, &b.id]
                    .map(|id| format!("{}/{id}", prompt.id))
                    .to_vec();
                if !asked
                    .iter()
                    .any(|shown| names.iter().all(|name| shown.contains(name)))
                {
                    open.insert(names, minus(&a.scores, &b.scores));
                }
            }
        }
    }
    let elsewhere =
        |names: &Vec<String>| Some(names[0].split('/').next().unwrap()) != last.as_deref();
    if open.keys().any(elsewhere) {
        open.retain(|names, _| elsewhere(names));
    }
    open
}

fn best(
    pairs: &BTreeMap<Vec<String>, Vec<f64>>,
    score: impl Fn(&[f64]) -> f64,
) -> (Vec<String>, f64) {
    let scored = pairs.iter().map(|(names, z)| (names.clone(), score(z)));
    scored
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .expect("there are pairs")
}

/// H(E p) − E H(p) in bits for u ~ N(mean, variance).
fn information(model: &AnswerModel, mean: f64, variance: f64) -> f64 {
    let tie = model.indifference() > 0.0;
    let (mut expected, mut entropy, mut total) = (vec![0.0; if tie { 3 } else { 2 }], 0.0, 0.0);
    for node in -1000..=1000 {
        let x = f64::from(node) * 0.008;
        let weight = (-0.5 * x * x).exp();
        total += weight;
        for (sum, p) in
            expected
                .iter_mut()
                .zip(probabilities(model, mean + variance.sqrt() * x, tie))
        {
            *sum += weight * p;
            entropy += weight * surprise(p);
        }
    }
    expected
        .iter()
        .map(|sum| surprise(sum / total))
        .sum::<f64>()
        - entropy / total
}

fn surprise(p: f64) -> f64 {
    if p > 0.0 { -p * p.log2() } else { 0.0 }
}

/// p(1−p), by which the paper's formulas know the answer.
fn slope(u: f64) -> f64 {
    sigmoid(u) * sigmoid(-u)
}

/// The paper's formula at z for N(m, S), with A where it aims.
fn formula(strategy: Strategy, m: &[f64], s: &DMatrix<f64>, a: &DMatrix<f64>, z: &[f64]) -> f64 {
    let (mean, z) = (dot(m, z), vector(z));
    let shift = s * &z;
    let (information_at_mean, variance) = (slope(mean), z.dot(&shift));
    let divisor = 1.0 + information_at_mean * variance;
    match strategy {
        Strategy::Margin => -(sigmoid(mean) - 0.5).abs(),
        Strategy::DOptimal => divisor.ln(),
        Strategy::AOptimal => information_at_mean * shift.norm_squared() / divisor,
        Strategy::Decision => information_at_mean * shift.dot(&(a * &shift)) / divisor,
        Strategy::InformationGain => information(&AnswerModel::PLAIN, mean, variance),
        Strategy::Random | Strategy::Pref | Strategy::Thompson => panic!("no formula of a belief"),
    }
}

#[test]
fn the_scores_of_plain_pairs_are_the_papers_formulas() {
    let plain = AnswerModel::PLAIN;
    let mut dice = Dice(1);
    for _ in 0..200 {
        let d = 3;
        let [s, a] = [0, 1].map(|_| {
            let root = DMatrix::from_fn(d, d, |_, _| dice.normal());
            &root * root.transpose()
        });
        let (m, z) = (dice.normals(d), dice.normals(d));
        let shift = &s * vector(&z);
        let (mean, variance, aimed) = (dot(&m, &z), vector(&z).dot(&shift), &a * &shift);
        let cases = [
            (Strategy::Margin, score::margin(&plain, false, mean)),
            (
                Strategy::DOptimal,
                score::d_optimal(&plain, false, mean, variance),
            ),
            (
                Strategy::AOptimal,
                score::a_optimal(&plain, false, mean, variance, shift.as_slice()),
            ),
            (
                Strategy::Decision,
                score::v_optimal(
                    &plain,
                    false,
                    mean,
                    variance,
                    shift.as_slice(),
                    aimed.as_slice(),
                ),
            ),
        ];
        for (strategy, found) in cases {
            let expected = formula(strategy, &m, &s, &a, &z);
            assert!(
                (found - expected).abs() < 1e-10 * (1.0 + expected.abs()),
                "{strategy:?}: {found} {expected}"
            );
        }
        let found = score::information_gain(&plain, false, mean, variance);
        assert!((found - formula(Strategy::InformationGain, &m, &s, &a, &z)).abs() < 1e-4);
        // What an answer takes from tr S and from tr AS, the covariance after it being (S⁻¹ + p(1−p)zzᵀ)⁻¹.
        let information = slope(mean);
        let after = (s.clone().try_inverse().unwrap()
            + information * vector(&z) * vector(&z).transpose())
        .try_inverse()
        .unwrap();
        let condition = s.norm() * s.clone().try_inverse().unwrap().norm();
        for (found, expected) in [
            (cases[2].1, (&s - &after).trace()),
            (cases[3].1, (&a * (&s - &after)).trace()),
        ] {
            assert!(
                (found - expected).abs() < 1e-13 * condition * (1.0 + expected.abs()) * 100.0,
                "{found} {expected}"
            );
        }
        let other = dice.normals(d);
        let found = score::thompson(&plain, false, mean, dot(&other, &z));
        assert!((found - (sigmoid(mean) - sigmoid(dot(&other, &z))).abs()).abs() < 1e-14);
    }
}

/// A = the mean outer product of φ_best − φ_picked, over all prompts and every fifth of the thousand draws: the two
/// hundred, evenly spaced, that an interview looks at. By all of them another pair may be the best.
fn aim(interview: &Interview) -> DMatrix<f64> {
    let posterior = Posterior::sample(interview.belief());
    let d = interview.belief().dimensions();
    let mut sum = DMatrix::zeros(d, d);
    let mut count = 0.0;
    for prompt in interview.deck().prompts() {
        let best = |weights: &[f64]| -> &[f64] {
            let rewards = prompt
                .candidates
                .iter()
                .map(|candidate| (dot(weights, &candidate.scores), &candidate.scores));
            rewards.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap().1
        };
        let picked = best(interview.belief().mean());
        for draw in posterior.draws().step_by(5) {
            let z = vector(best(draw)) - vector(picked);
            sum += &z * z.transpose();
            count += 1.0;
        }
    }
    sum / count
}

/// Somebody of these weights who never errs.
fn reply(question: &Question) -> Answer {
    let reward = |place: usize| dot(&[0.9, -1.1, 0.5], &question.shown[place].scores);
    Answer::Chose(
        (0..question.shown.len())
            .max_by(|&a, &b| reward(a).total_cmp(&reward(b)))
            .unwrap(),
    )
}

#[test]
fn each_strategy_asks_the_pair_that_is_best_by_its_formula() {
    let tolerances = [
        (Strategy::Margin, 1e-9),
        (Strategy::DOptimal, 1e-9),
        (Strategy::AOptimal, 1e-9),
        (Strategy::InformationGain, 1e-4),
    ];
    for (strategy, tolerance) in tolerances {
        for world in 0..4 {
            let parts = some_parts(&[4, 3, 5, 2], world);
            let mut interview = start(&parts, strategy, 2, world);
            let mut asked = BTreeSet::new();
            for _ in 0..16 {
                let (belief, pairs) = (interview.belief().clone(), eligible(&interview));
                let (s, none) = (covariance(&belief), DMatrix::zeros(3, 3));
                let score = |z: &[f64]| formula(strategy, belief.mean(), &s, &none, z);
                let (_, most) = best(&pairs, score);
                let question = interview.next().expect("there are 20 pairs").clone();
                let z = pairs.get(&pair(&question)).expect("it may be asked");
                assert!(
                    (score(z) - most).abs() < tolerance,
                    "{strategy:?}: {} of {most}",
                    score(z)
                );
                assert!(
                    (question.score - most).abs() < tolerance,
                    "{strategy:?}: {} {most}",
                    question.score
                );
                assert_eq!(question.strategy, strategy);
                assert!(asked.insert(pair(&question)));
                interview.answer(reply(&question)).unwrap();
            }
        }
    }
}

#[test]
fn decisions_are_aimed_at_what_may_be_best_instead_of_what_is_picked() {
    let mut elsewhere = 0;
    for world in 0..4 {
        let parts = some_parts(&[4, 3, 5, 2], world);
        let mut interview = start(&parts, Strategy::Decision, 2, world);
        for _ in 0..8 {
            let (belief, pairs, a) = (
                interview.belief().clone(),
                eligible(&interview),
                aim(&interview),
            );
            let s = covariance(&belief);
            let score = |z: &[f64]| formula(Strategy::Decision, belief.mean(), &s, &a, z);
            let question = interview.next().unwrap().clone();
            let z = pairs.get(&pair(&question)).expect("it may be asked");
            let (_, most) = best(&pairs, score);
            assert!(score(z) > (1.0 - 1e-9) * most, "{} of {most}", score(z));
            // The scores of all pairs are in the proportion of ours.
            for (mut names, found) in interview.alternatives(4) {
                names.sort();
                let (ours, theirs) = (
                    score(&pairs[names.as_slice()]) / score(z),
                    found / question.score,
                );
                assert!(
                    (ours - theirs).abs() < 1e-9,
                    "{names:?}: {theirs}, not {ours}"
                );
            }
            let (names, _) = best(&pairs, |z| {
                formula(Strategy::AOptimal, belief.mean(), &s, &a, z)
            });
            elsewhere += usize::from(score(&pairs[&names]) < 0.9 * most);
            interview.answer(reply(&question)).unwrap();
        }
    }
    assert!(
        elsewhere >= 5,
        "the test needs aims that matter: {elsewhere}"
    );
}

/// 5 standard deviations of χ² above its mean.
fn chi_squared_is_usual(
    counts: &BTreeMap<Vec<String>, f64>,
    expected: &BTreeMap<Vec<String>, f64>,
) {
    assert!(
        counts.keys().all(|names| expected.contains_key(names)),
        "{counts:?} {expected:?}"
    );
    let term = |(names, expected): (&Vec<String>, &f64)| {
        (counts.get(names).unwrap_or(&0.0) - expected).powi(2) / expected
    };
    let (sum, freedom): (f64, f64) = (expected.iter().map(term).sum(), expected.len() as f64 - 1.0);
    assert!(
        sum < freedom + 5.0 * (2.0 * freedom).sqrt(),
        "χ² {sum} of {freedom}: {counts:?}"
    );
}

fn counted(seeds: u64, question: impl Fn(u64) -> Vec<String>) -> BTreeMap<Vec<String>, f64> {
    let mut counts = BTreeMap::new();
    for seed in 0..seeds {
        *counts.entry(question(seed)).or_insert(0.0) += 1.0;
    }
    counts
}

#[test]
fn random_questions_and_the_published_methods_first_are_uniform_over_pairs_not_prompts() {
    let parts = some_parts(&[4, 2, 3], 5);
    for strategy in [Strategy::Random, Strategy::Pref] {
        let first = start(&parts, strategy, 2, 0);
        let expected: BTreeMap<_, _> = eligible(&first)
            .into_keys()
            .map(|names| (names, 100.0))
            .collect();
        assert_eq!(expected.len(), 10);
        let counts = counted(1000, |seed| {
            pair(start(&parts, strategy, 2, seed).next().unwrap())
        });
        chi_squared_is_usual(&counts, &expected);
    }
    // Later ones are, too, over what is left.
    let told = [
        parts.record("one", 1, &[0, 1], common::Said::Chose(0)),
        parts.record("two", 0, &[1, 3], common::Said::Chose(0)),
    ];
    let question = |seed| {
        let mut interview = start(&parts, Strategy::Random, 2, seed);
        interview.replace(parts.log(&told)).unwrap();
        pair(interview.next().unwrap())
    };
    let expected = [[0, 1], [0, 2], [1, 2]].map(|pair| {
        (
            pair.map(|candidate| common::name(2, candidate)).to_vec(),
            200.0,
        )
    });
    chi_squared_is_usual(&counted(600, question), &BTreeMap::from(expected));
}

#[test]
fn thompson_asks_where_two_draws_of_the_posterior_disagree_most() {
    let parts = some_parts(&[4, 3], 6);
    let told = [parts.record("one", 0, &[1, 3], common::Said::Chose(0))];
    for records in [&told[..0], &told[..]] {
        let opened = |seed| {
            let mut interview = start(&parts, Strategy::Thompson, 2, seed);
            interview.replace(parts.log(records)).unwrap();
            interview
        };
        let first = opened(0);
        let pairs: Vec<(Vec<String>, Vec<f64>)> = eligible(&first).into_iter().collect();
        let posterior = Posterior::sample(first.belief());
        let chances: Vec<Vec<f64>> = posterior
            .draws()
            .map(|draw| pairs.iter().map(|(_, z)| sigmoid(dot(draw, z))).collect())
            .collect();
        // Every two draws: which pair they disagree on most, and by how much.
        let mut wins = vec![0.0; pairs.len()];
        let mut scores = Vec::new();
        for one in &chances {
            for other in &chances {
                let (mut most, mut place) = (0.0, 0);
                for (index, (p, q)) in one.iter().zip(other).enumerate() {
                    if (p - q).abs() > most {
                        (most, place) = ((p - q).abs(), index);
                    }
                }
                wins[place] += 1.0;
                scores.push(most);
            }
        }
        scores.sort_by(f64::total_cmp);
        let seeds = 200;
        let total = (chances.len() * chances.len()) as f64;
        let expected = |(names, wins): (&(Vec<String>, Vec<f64>), &f64)| {
            (names.0.clone(), wins / total * seeds as f64)
        };
        let expected: BTreeMap<_, _> = pairs
            .iter()
            .zip(&wins)
            .map(expected)
            .filter(|(_, count)| *count > 0.5)
            .collect();
        let mut off = Vec::new();
        let counts = counted(seeds, |seed| {
            let mut interview = opened(seed);
            let question = interview.next().unwrap();
            let place = scores.partition_point(|score| score + 1e-13 < question.score);
            assert!(
                (scores[place.min(scores.len() - 1)] - question.score).abs() < 1e-12,
                "{} is of no draws",
                question.score
            );
            pair(question)
        });
        for (names, count) in &counts {
            if !expected.contains_key(names) && *count > 6.0 {
                off.push(names.clone());
            }
        }
        assert!(off.is_empty(), "{off:?}");
        let common: BTreeMap<_, _> = counts
            .into_iter()
            .filter(|(names, _)| expected.contains_key(names))
            .collect();
        chi_squared_is_usual(&common, &expected);
    }
}

fn plain_pair(difference: &[f64], outcome: usize) -> Evidence {
    Evidence::Pair {
        difference: difference.to_vec(),
        tie: outcome == 2,
        outcome,
    }
}

/// What the paper says of the authors' code, from the start that this seed gives.
fn published_by_hand(d: usize, pairs: &[(Vec<f64>, f64)], seed: u64) -> Vec<f64> {
    let mut weights = vector(Published::fit(d, &[], seed).weights());
    for _ in 0..5000 {
        let gradient = pairs
            .iter()
            .fold(DVector::zeros(d), |sum: DVector<f64>, (z, label)| {
                sum + (sigmoid(weights.dot(&vector(z))) - label) * vector(z)
            });
        weights -= 0.01 / pairs.len() as f64 * gradient;
    }
    weights.as_slice().to_vec()
}

/// σ′(λᵀz)²·zᵀM⁻¹z with M = 0.001·I + Σ σ′(λᵀz_s)·z_s·z_sᵀ.
fn published_score(weights: &[f64], pairs: &[(Vec<f64>, f64)], z: &[f64]) -> f64 {
    let d = weights.len();
    let m = pairs.iter().fold(
        0.001 * DMatrix::identity(d, d),
        |sum: DMatrix<f64>, (z, _)| {
            sum + slope(dot(weights, z)) * vector(z) * vector(z).transpose()
        },
    );
    slope(dot(weights, z)).powi(2) * vector(z).dot(&(m.try_inverse().unwrap() * vector(z)))
}

#[test]
fn the_published_weights_are_those_of_five_thousand_gradient_steps() {
    let mut dice = Dice(3);
    for (seed, count) in [(1, 1), (2, 3), (3, 8), (4, 20)] {
        let pairs: Vec<(Vec<f64>, f64)> = (0..count)
            .map(|_| {
                (
                    dice.normals(3),
                    [1.0, 0.0, 0.5][(3.0 * dice.uniform()) as usize],
                )
            })
            .collect();
        let outcome = |label: f64| {
            if label == 0.5 {
                2
            } else {
                usize::from(label == 0.0)
            }
        };
        let evidence: Vec<Evidence> = pairs
            .iter()
            .map(|(z, label)| plain_pair(z, outcome(*label)))
            .collect();
        let published = Published::fit(3, &evidence, seed);
        let expected = published_by_hand(3, &pairs, seed);
        let away = minus(published.weights(), &expected);
        assert!(
            dot(&away, &away) < 1e-16,
            "{:?}, not {expected:?}",
            published.weights()
        );
        for _ in 0..10 {
            let z = dice.normals(3);
            let (found, expected) = (published.score(&z), published_score(&expected, &pairs, &z));
            assert!(
                (found - expected).abs() < 1e-8 * (1.0 + expected),
                "{found}, not {expected}"
            );
        }
    }
}

#[test]
fn where_the_data_are_separable_the_length_of_the_published_weights_is_set_by_the_steps() {
    for seed in 0..5 {
        let start = Published::fit(1, &[], seed).weights()[0];
        // dλ/dt = σ(−λ) is solved by e^λ + λ = t + e^λ₀ + λ₀, and t = 5000 · 0.01.
        let found = Published::fit(1, &[plain_pair(&[1.0], 0)], seed).weights()[0];
        let (time, expected) = (found.exp() + found, 50.0 + start.exp() + start);
        assert!((time - expected).abs() < 0.1, "{time}, not {expected}");
        // Twice the same says nothing new to a mean.
        let twice =
            Published::fit(1, &[plain_pair(&[1.0], 0), plain_pair(&[-1.0], 1)], seed).weights()[0];
        assert!((twice - found).abs() < 1e-9);
        // A tie is half a win: alone it draws the weight to 0, with a win to log(0.75 / 0.25).
        let tie = Published::fit(1, &[plain_pair(&[2.0], 2)], seed).weights()[0];
        assert!(tie.abs() < 1e-6, "{tie}");
        let both =
            Published::fit(1, &[plain_pair(&[2.0], 2), plain_pair(&[2.0], 0)], seed).weights()[0];
        assert!((2.0 * both - 3.0_f64.ln()).abs() < 1e-6, "{both}");
        // The chosen one of three was preferred to each of the others; statements count for nothing.
        let choice = Evidence::Choice {
            scores: vec![vec![0.5], vec![1.5], vec![-1.0]],
            chose: 1,
        };
        let statement = Evidence::Statement {
            dimension: 0,
            weight: -3.0,
            sd: 0.1,
        };
        let of_three = Published::fit(1, &[choice, statement], seed).weights()[0];
        let pairs =
            Published::fit(1, &[plain_pair(&[1.0], 0), plain_pair(&[2.5], 0)], seed).weights()[0];
        assert!((of_three - pairs).abs() < 1e-12);
    }
    assert_ne!(
        Published::fit(1, &[], 1).weights(),
        Published::fit(1, &[], 2).weights()
    );
}

fn offers(scores: &[Vec<f64>]) -> Vec<Offer> {
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
fn the_published_rule_asks_by_its_own_weights() {
    let mut parts = some_parts(&[4, 3, 3], 8);
    parts.prior = None;
    let mut interview = start(&parts, Strategy::Pref, 2, 2);
    // Contradictions about large differences: the steps then arrive, wherever they start.
    let mut pairs = Vec::new();
    for (z, wins) in [
        ([3.0, 0.5, 0.0], 2),
        ([0.0, 3.5, -0.5], 1),
        ([0.7, 0.0, 3.0], 2),
        ([2.0, 2.0, -2.0], 1),
    ] {
        for index in 0..3 {
            let chose = usize::from(index >= wins);
            interview
                .observe(&offers(&[z.to_vec(), vec![0.0; 3]]), Answer::Chose(chose))
                .unwrap();
            pairs.push((z.to_vec(), 1.0 - chose as f64));
        }
    }
    let mut asked = BTreeSet::new();
    for count in 0..12 {
        let eligible = eligible(&interview);
        let Some(question) = interview.next().cloned() else {
            break;
        };
        assert!(asked.insert(pair(&question)), "it is asked again");
        if count < 4 {
            let weights = published_by_hand(3, &pairs, 77);
            let (names, most) = best(&eligible, |z| published_score(&weights, &pairs, z));
            assert_eq!(pair(&question), names);
            assert!(
                (question.score / most - 1.0).abs() < 1e-2,
                "{}, not {most}",
                question.score
            );
        }
        interview.answer(Answer::Chose(0)).unwrap();
        pairs.push((
            minus(&question.shown[0].scores, &question.shown[1].scores),
            1.0,
        ));
    }
    assert_eq!(asked.len(), 12, "all pairs are asked");
}

/// Mutual information, in bits, of the choice among candidates and the weights, which these draws stand for.
fn bits_of_choice(model: &AnswerModel, draws: &[(Vec<f64>, f64)], shown: &[&[f64]]) -> f64 {
    let (mut expected, mut entropy, mut total) = (vec![0.0; shown.len()], 0.0, 0.0);
    for (draw, weight) in draws {
        let rewards: Vec<f64> = shown.iter().map(|scores| dot(draw, scores)).collect();
        total += weight;
        for (sum, p) in expected
            .iter_mut()
            .zip(choice_probabilities(model, &rewards))
        {
            *sum += weight * p;
            entropy += weight * surprise(p);
        }
    }
    expected
        .iter()
        .map(|sum| surprise(sum / total))
        .sum::<f64>()
        - entropy / total
}

/// Draws of our own from the prior, each with the likelihood of what was said.
fn weighted_draws(interview: &Interview, parts: &Parts) -> Vec<(Vec<f64>, f64)> {
    let (mean, rows) = parts.prior.as_ref().unwrap();
    let root = DMatrix::from_fn(3, 3, |i, j| rows[i][j])
        .cholesky()
        .unwrap()
        .l();
    let model = interview.deck().answer_model();
    let evidence = interview.log().evidence(&model);
    let mut dice = Dice(99);
    let mut draw = || {
        let weights = (vector(mean) + &root * vector(&dice.normals(3)))
            .as_slice()
            .to_vec();
        let told = evidence.iter().map(|evidence| match evidence {
            Evidence::Pair {
                difference,
                tie,
                outcome,
            } => probabilities(&model, dot(&weights, difference), *tie)[*outcome],
            Evidence::Choice { scores, chose } => {
                let rewards: Vec<f64> = scores.iter().map(|scores| dot(&weights, scores)).collect();
                choice_probabilities(&model, &rewards)[*chose]
            }
            Evidence::Statement { .. } => 1.0,
        });
        let told = told.product();
        (weights, told)
    };
    (0..3000).map(|_| draw()).collect()
}

/// So much may be lost, in bits, by judging candidates by some two hundred draws.
const NOISE: f64 = 0.04;

#[test]
fn beside_the_best_pair_stands_whoever_makes_the_answer_tell_most() {
    let mut least = f64::INFINITY;
    for world in 0..6 {
        let parts = some_parts(&[6, 6], world);
        let mut interview = start(&parts, Strategy::DOptimal, 3, world);
        for _ in 0..2 {
            let (belief, pairs) = (interview.belief().clone(), eligible(&interview));
            let (s, none) = (covariance(&belief), DMatrix::zeros(3, 3));
            let (names, _) = best(&pairs, |z| {
                formula(Strategy::DOptimal, belief.mean(), &s, &none, z)
            });
            let question = interview.next().unwrap().clone();
            let prompt = &parts.prompts[question.prompt.unwrap()];
            let shown: Vec<usize> = question.shown.iter().map(|shown| shown.index).collect();
            let is_start =
                |&place: &usize| names.contains(&common::name(question.prompt.unwrap(), place));
            let (two, third): (Vec<usize>, Vec<usize>) = shown.into_iter().partition(is_start);
            assert_eq!(
                (two.len(), third.len()),
                (2, 1),
                "it grows from the best pair {names:?}"
            );
            let (model, draws) = (
                interview.deck().answer_model(),
                weighted_draws(&interview, &parts),
            );
            let told = |third: usize| {
                bits_of_choice(
                    &model,
                    &draws,
                    &[&prompt[two[0]], &prompt[two[1]], &prompt[third]],
                )
            };
            let others: Vec<f64> = (0..6)
                .filter(|other| !two.contains(other))
                .map(told)
                .collect();
            let most = others.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            least = least.min(others.iter().copied().fold(most, f64::min) - most);
            assert!(
                told(third[0]) > most - NOISE,
                "{} of {others:?}",
                told(third[0])
            );
            assert!(
                (question.score - told(third[0])).abs() < 2.0 * NOISE,
                "{} {}",
                question.score,
                told(third[0])
            );
            interview.answer(reply(&question)).unwrap();
        }
    }
    assert!(
        least < -3.0 * NOISE,
        "the test needs candidates that are worse: {least}"
    );
}

#[test]
fn by_information_gain_the_best_of_all_that_grow_from_good_pairs_is_asked() {
    for (choose, world) in [(3, 0), (3, 1), (4, 2), (4, 3)] {
        let parts = some_parts(&[5, 5], world);
        let mut interview = start(&parts, Strategy::InformationGain, choose, world);
        for _ in 0..2 {
            let (model, draws) = (
                interview.deck().answer_model(),
                weighted_draws(&interview, &parts),
            );
            let may: Vec<usize> = eligible(&interview)
                .keys()
                .map(|names| usize::from(names[0].starts_with("p2")))
                .collect();
            let question = interview.next().unwrap().clone();
            assert_eq!(question.shown.len(), choose);
            let scores: Vec<&[f64]> = question
                .shown
                .iter()
                .map(|shown| &shown.scores[..])
                .collect();
            let found = bits_of_choice(&model, &draws, &scores);
            assert!(
                (question.score - found).abs() < 2.0 * NOISE,
                "{} {found}",
                question.score
            );
            // All sets of that many, not only what greed finds.
            let mut most = 0.0_f64;
            for prompt in (0..2).filter(|prompt| may.contains(prompt)) {
                for set in (0..1_u32 << 5).filter(|set| set.count_ones() as usize == choose) {
                    let places = (0..5).filter(|place| set >> place & 1 == 1);
                    let scores: Vec<&[f64]> = places
                        .map(|place| &parts.prompts[prompt][place][..])
                        .collect();
                    most = most.max(bits_of_choice(&model, &draws, &scores));
                }
            }
            assert!(found > most - 1.5 * NOISE, "{found} of {most} bits");
            interview.answer(reply(&question)).unwrap();
        }
    }
}

#[test]
fn questions_about_several_show_one_prompts_candidates_and_no_pair_twice() {
    let mut parts = some_parts(&[6, 5, 4, 3, 2], 4);
    parts.lapse = 0.02;
    parts.indifference = 0.5;
    for (_, strategy) in Strategy::NAMES {
        for (choose, by_deck) in [(3, true), (4, false)] {
            let mut json = parts.json();
            json["choose"] = serde_json::json!(if by_deck { choose } else { 2 });
            let deck = leaning::Deck::from_json(&json.to_string()).unwrap();
            let stop = StopRule {
                questions: ENOUGH,
                ..StopRule::default()
            };
            let options = Options {
                strategy,
                stop,
                seed: Some(3),
                choose: (!by_deck).then_some(choose),
                ..Options::default()
            };
            let mut interview = Interview::start(deck, options).unwrap();
            let mut asked: BTreeSet<(usize, usize, usize)> = BTreeSet::new();
            let mut sizes = BTreeMap::new();
            while let Some(question) = interview.next().cloned() {
                let prompt = question.prompt.unwrap();
                let shown: Vec<usize> = question.shown.iter().map(|shown| shown.index).collect();
                assert!(
                    (2..=choose.min(parts.prompts[prompt].len())).contains(&shown.len()),
                    "{shown:?}"
                );
                for one in &question.shown {
                    assert_eq!(one.name, common::name(prompt, one.index));
                    assert_eq!(one.scores, parts.prompts[prompt][one.index]);
                }
                for (i, &a) in shown.iter().enumerate() {
                    for &b in &shown[..i] {
                        assert!(
                            a != b && asked.insert((prompt, a.min(b), a.max(b))),
                            "{strategy:?}: {shown:?} again"
                        );
                    }
                }
                assert_eq!(
                    question.offered.tie,
                    shown.len() == 2,
                    "a tie of several says nothing"
                );
                assert!(question.offered.neither && question.offered.skip);
                if shown.len() > 2 {
                    assert!(interview.answer(Answer::Tie).is_err());
                }
                // The first question about a prompt shows as many as it may.
                sizes.entry(prompt).or_insert(shown.len());
                interview.answer(reply(&question)).unwrap();
            }
            assert_eq!(asked.len(), 15 + 10 + 6 + 3 + 1, "{strategy:?} {choose}");
            let expected = [6, 5, 4, 3, 2].map(|size: usize| size.min(choose));
            assert_eq!(
                sizes.into_values().collect::<Vec<_>>(),
                expected,
                "{strategy:?}"
            );
            // What was said means the same when it is read again.
            let log = read_log(&interview.log().to_value().to_string(), interview.deck()).unwrap();
            let again = Interview::open(interview.deck().clone(), log, Options::default()).unwrap();
            assert_eq!(bits(again.belief()), bits(interview.belief()));
            assert!(
                again
                    .log()
                    .evidence(&again.deck().answer_model())
                    .iter()
                    .any(|e| matches!(e, Evidence::Choice { .. }))
            );
        }
    }
}

#[test]
fn of_several_neither_says_nothing_and_is_not_asked_again() {
    let mut parts = some_parts(&[3, 3], 4);
    parts.indifference = 0.5;
    let mut interview = start(&parts, Strategy::InformationGain, 3, 1);
    let (prior, first) = (bits(interview.belief()), interview.next().unwrap().clone());
    interview.answer(Answer::Neither).unwrap();
    assert_eq!(bits(interview.belief()), prior);
    assert_eq!(interview.status().answered, 1);
    assert_ne!(interview.next().unwrap().prompt, first.prompt);
    interview.answer(Answer::Chose(2)).unwrap();
    assert_ne!(bits(interview.belief()), prior);
    assert!(interview.next().is_none());
}

#[test]
fn of_fresh_drafts_the_three_whose_comparison_tells_most_are_compared() {
    let parts = some_parts(&[3, 3], 4);
    for world in 0..5 {
        let mut interview = start(&parts, Strategy::Random, 3, world);
        let mut dice = Dice(world);
        let scores: Vec<Vec<f64>> = (0..6).map(|_| dice.normals(3)).collect();
        let drafts = offers(&scores);
        let question = interview
            .compare(&drafts)
            .unwrap()
            .expect("it is worth asking");
        let shown: Vec<usize> = question.shown.iter().map(|shown| shown.index).collect();
        assert_eq!(
            (question.prompt, question.offered.tie, shown.len()),
            (None, false, 3)
        );
        assert!(
            question
                .shown
                .iter()
                .all(|shown| shown.scores == scores[shown.index]
                    && shown.name == drafts[shown.index].name)
        );
        assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), 3);
        let draws = weighted_draws(&interview, &parts);
        let told = |places: &[usize]| {
            let scores: Vec<&[f64]> = places.iter().map(|&place| &scores[place][..]).collect();
            bits_of_choice(&AnswerModel::PLAIN, &draws, &scores)
        };
        // Greedy: the best two, and the best third beside them.
        let pairs = (0..6).flat_map(|a| (0..a).map(move |b| vec![b, a]));
        let two = pairs.max_by(|a, b| told(a).total_cmp(&told(b))).unwrap();
        let thirds = (0..6)
            .filter(|third| !two.contains(third))
            .map(|third| told(&[two[0], two[1], third]));
        let most = thirds.fold(0.0, f64::max);
        assert!(
            told(&shown) > most - 1.5 * NOISE,
            "{} of {most}",
            told(&shown)
        );
        assert!((question.score - told(&shown)).abs() < 2.0 * NOISE);
        // What was compared is not compared again, nor is any two of it.
        let three: Vec<Offer> = shown.iter().map(|&place| drafts[place].clone()).collect();
        interview.observe(&three, Answer::Chose(0)).unwrap();
        assert_eq!(interview.compare(&three).unwrap(), None);
        if let Some(question) = interview.compare(&drafts).unwrap() {
            let again = question
                .shown
                .iter()
                .filter(|now| shown.contains(&now.index))
                .count();
            assert!(again < 2, "{shown:?} and {:?}", question.shown);
        }
    }
}

#[test]
fn of_two_drafts_two_are_compared_however_many_a_question_shows() {
    let parts = Parts {
        indifference: 0.5,
        ..some_parts(&[3, 3], 4)
    };
    let interview = start(&parts, Strategy::Random, 4, 1);
    let question = interview
        .compare(&offers(&[vec![1.0, -1.0, 0.0], vec![-1.0, 0.5, 0.3]]))
        .unwrap()
        .unwrap();
    assert_eq!((question.shown.len(), question.offered.tie), (2, true));
}
