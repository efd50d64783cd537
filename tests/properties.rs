#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! What holds for every deck and every log.

mod common;

use common::{
    Parts, Said, belief_of, bits, choice_probabilities, dot, infer, interview, probabilities,
    read_log,
};
use leaning::{
    Answer, AnswerModel, Belief, Deck, Evidence, Interview, Offer, Options, Posterior, Prior,
};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;
use serde_json::{Value, json};

const CASES: u32 = 64;

/// A deck and a log about it.
#[derive(Debug, Clone)]
struct Case {
    parts: Parts,
    records: Vec<Value>,
}

impl Case {
    fn belief(&self) -> Belief {
        infer(&self.parts, &self.records)
    }
}

fn a_model() -> impl Strategy<Value = (f64, f64)> {
    (
        prop::sample::select(vec![0.0, 0.02, 0.2]),
        prop::sample::select(vec![0.0, 0.5, 1.5]),
    )
}

fn some_numbers(count: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-2.0..2.0_f64, count)
}

/// A positive definite covariance: AAᵀ + 0.1·I.
fn a_covariance(d: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    some_numbers(d * d).prop_map(move |numbers| {
        let a = DMatrix::from_vec(d, d, numbers);
        rows(&(&a * a.transpose() + DMatrix::identity(d, d) * 0.1))
    })
}

fn some_parts(d: usize) -> impl Strategy<Value = Parts> {
    let candidates = prop::collection::vec(some_numbers(d), 2..=4);
    let prompts = prop::collection::vec(candidates, 1..=4);
    let prior = prop::option::of((some_numbers(d), a_covariance(d)));
    (prompts, prior, a_model()).prop_map(|(prompts, prior, (lapse, indifference))| Parts {
        prompts,
        prior,
        lapse,
        indifference,
    })
}

/// Records of all kinds about the candidates of a deck. The numbers are drawn blindly and fitted to the deck.
fn some_records(parts: &Parts) -> impl Strategy<Value = Vec<Value>> + use<> {
    let parts = parts.clone();
    let one = (
        0..100_usize,
        0..100_usize,
        0..100_usize,
        0..7_u8,
        -2.0..2.0_f64,
    );
    prop::collection::vec(one, 0..10).prop_map(move |blind| {
        let records = blind.into_iter().enumerate().map(|(index, (prompt, first, more, kind, weight))| {
            let id = format!("k{index}");
            if kind == 6 {
                let dimension = format!("d{}", first % parts.dimensions());
                return json!({ "id": id, "kind": "statement", "dimension": dimension, "weight": weight, "sd": 0.7 });
            }
            let prompt = prompt % parts.prompts.len();
            let count = parts.prompts[prompt].len();
            let shown: Vec<usize> = (0..2 + more % (count - 1)).map(|place| (first + place) % count).collect();
            let tie = if parts.indifference > 0.0 { "tie" } else { "neither" };
            let said = match kind {
                0..=2 => Said::Chose(more % shown.len()),
                3 => Said::Verdict(tie),
                4 => Said::Verdict("neither"),
                _ => Said::Verdict(if more % 2 == 0 { "skip" } else { tie }),
            };
            parts.record(&id, prompt, &shown, said)
        });
        records.collect()
    })
}

fn a_case() -> impl Strategy<Value = Case> {
    (1..=4_usize)
        .prop_flat_map(some_parts)
        .prop_flat_map(|parts| {
            let records = some_records(&parts);
            records.prop_map(move |records| Case {
                parts: parts.clone(),
                records,
            })
        })
}

fn rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    matrix
        .row_iter()
        .map(|row| row.iter().copied().collect())
        .collect()
}

fn matrix(rows: &[Vec<f64>]) -> DMatrix<f64> {
    DMatrix::from_fn(rows.len(), rows.len(), |i, j| rows[i][j])
}

fn inverse(rows: &[Vec<f64>]) -> DMatrix<f64> {
    matrix(rows)
        .try_inverse()
        .expect("a covariance can be inverted")
}

/// The prior's own covariance, as the belief of somebody who has said nothing.
fn prior_covariance(deck: &Deck) -> DMatrix<f64> {
    matrix(
        &Belief::infer(deck.prior(), deck.answer_model(), &[])
            .unwrap()
            .covariance(),
    )
}

/// The two agree to `tolerance` in units of the standard deviations: means, and covariances as correlations.
fn agree(a: &Belief, b: &Belief, tolerance: f64) -> Result<(), TestCaseError> {
    let (one, other) = (a.covariance(), b.covariance());
    let deviations: Vec<f64> = (0..a.dimensions()).map(|j| one[j][j].sqrt()).collect();
    for i in 0..a.dimensions() {
        let away = (a.mean()[i] - b.mean()[i]).abs() / deviations[i];
        prop_assert!(
            away < tolerance,
            "weight {i}: {:?} and {:?}",
            a.mean(),
            b.mean()
        );
        for j in 0..a.dimensions() {
            let away = (one[i][j] - other[i][j]).abs() / (deviations[i] * deviations[j]);
            prop_assert!(
                away < tolerance,
                "covariance {i}, {j}: {one:?} and {other:?}"
            );
        }
    }
    Ok(())
}

/// −log P(evidence | weights), in the test's own words.
fn surprise(model: &AnswerModel, evidence: &[Evidence], weights: &[f64]) -> f64 {
    let one = |evidence: &Evidence| match evidence {
        Evidence::Pair {
            difference,
            tie,
            outcome,
        } => -probabilities(model, dot(weights, difference), *tie)[*outcome].ln(),
        Evidence::Choice { scores, chose } => -choice(model, scores, weights)[*chose].ln(),
        Evidence::Statement {
            dimension,
            weight,
            sd,
        } => {
            let away = (weights[*dimension] - weight) / sd;
            0.5 * away * away
        }
    };
    evidence.iter().map(one).sum()
}

fn choice(model: &AnswerModel, scores: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let utilities: Vec<f64> = scores.iter().map(|scores| dot(weights, scores)).collect();
    choice_probabilities(model, &utilities)
}

/// The gradient by central differences with Richardson's extrapolation.
fn gradient(f: impl Fn(&[f64]) -> f64, at: &[f64]) -> DVector<f64> {
    DVector::from_fn(at.len(), |j, _| {
        let slope = |step: f64| {
            let (mut up, mut down) = (at.to_vec(), at.to_vec());
            up[j] += step;
            down[j] -= step;
            (f(&up) - f(&down)) / (2.0 * step)
        };
        (4.0 * slope(1e-3) - slope(2e-3)) / 3.0
    })
}

/// Σ_o ∇P_o ∇P_oᵀ / P_o over the possible answers of each piece of evidence, by differences.
fn fisher(model: &AnswerModel, evidence: &[Evidence], weights: &[f64]) -> DMatrix<f64> {
    let d = weights.len();
    let mut sum = DMatrix::zeros(d, d);
    let mut add = |all: &dyn Fn(&[f64]) -> Vec<f64>| {
        for (outcome, probability) in all(weights).into_iter().enumerate() {
            let slope = gradient(|weights| all(weights)[outcome], weights);
            sum += &slope * slope.transpose() / probability;
        }
    };
    for evidence in evidence {
        match evidence {
            Evidence::Pair {
                difference, tie, ..
            } => {
                add(&|weights| model.pair_probabilities(dot(weights, difference), *tie));
            }
            Evidence::Choice { scores, .. } => add(&|weights| choice(model, scores, weights)),
            Evidence::Statement { .. } => {}
        }
    }
    for evidence in evidence {
        if let Evidence::Statement { dimension, sd, .. } = evidence {
            sum[(*dimension, *dimension)] += 1.0 / (sd * sd);
        }
    }
    sum
}

fn offers(scores: &[Vec<f64>]) -> Vec<Offer> {
    let list: Vec<Value> = scores
        .iter()
        .map(|scores| json!({ "scores": scores }))
        .collect();
    Offer::read_list(&json!(list).to_string().parse().unwrap(), scores[0].len()).unwrap()
}

fn open(parts: &Parts, records: &[Value]) -> Interview {
    Interview::open(
        parts.deck(),
        parts.log(records),
        Options {
            seed: Some(1),
            ..Options::default()
        },
    )
    .unwrap()
}

/// Two rankings of the same candidates have one order, up to candidates whose rewards rounding cannot tell apart, and
/// the same contributions times `scale`.
fn same_ranking(
    a: &Interview,
    b: &Interview,
    one: &[Vec<f64>],
    other: &[Vec<f64>],
) -> Result<(), TestCaseError> {
    let ranked = |interview: &Interview, scores: &[Vec<f64>]| {
        // Neither order nor contributions depend on the draws, so that a few will do.
        let posterior = Posterior::sample_seeded(interview.belief(), 1, 10);
        leaning::ranking::rank(interview.belief(), &posterior, scores, None)
    };
    let (a, b) = (ranked(a, one), ranked(b, other));
    let contributions = |ranked: &leaning::Ranked| ranked.contributions.clone();
    for (x, y) in a.iter().zip(&b) {
        let x_there = b.iter().find(|ranked| ranked.index == x.index).unwrap();
        let total = |ranked: &leaning::Ranked| contributions(ranked).iter().sum::<f64>();
        prop_assert!(
            x.index == y.index || (total(x) - total(y)).abs() < 1e-8,
            "{a:?}\n{b:?}"
        );
        for (here, there) in contributions(x).iter().zip(contributions(x_there)) {
            prop_assert!(
                (here - there).abs() < 1e-8 * (1.0 + here.abs()),
                "{a:?}\n{b:?}"
            );
        }
    }
    Ok(())
}

/// A prompt on which the first two candidates of a deck's first prompt are joined by a third.
fn to_rank(parts: &Parts) -> Vec<Vec<f64>> {
    let mut scores = parts.prompts[0].clone();
    scores.push(vec![0.37; parts.dimensions()]);
    scores
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_answers_does_not_matter(
        (case, shuffled) in a_case().prop_flat_map(|case| {
            let shuffled = Just(case.records.clone()).prop_shuffle();
            (Just(case), shuffled)
        })
    ) {
        agree(&case.belief(), &infer(&case.parts, &shuffled), 1e-9)?;
    }

    #[test]
    fn nothing_near_the_mean_is_more_likely(case in a_case(), directions in prop::collection::vec(some_numbers(4), 8)) {
        let (deck, log) = (case.parts.deck(), case.parts.log(&case.records));
        let (model, evidence) = (deck.answer_model(), log.evidence(&deck.answer_model()));
        let belief = case.belief();
        let (precision, start) = (prior_covariance(&deck).try_inverse().unwrap(), deck.prior().mean().to_vec());
        let objective = |weights: &[f64]| {
            let away = DVector::from_iterator(start.len(), weights.iter().zip(&start).map(|(a, b)| a - b));
            0.5 * (away.transpose() * &precision * &away)[0] + surprise(&model, &evidence, weights)
        };
        let least = objective(belief.mean());
        prop_assert!((least - belief.objective()).abs() < 1e-9 * (1.0 + least), "{least} {}", belief.objective());
        for direction in directions {
            for step in [1e-3, 1e-2] {
                let there: Vec<f64> = belief.mean().iter().zip(&direction).map(|(a, b)| a + step * b).collect();
                prop_assert!(objective(&there) >= least - 1e-12 * (1.0 + least), "{there:?} beats {:?}", belief.mean());
            }
        }
    }

    #[test]
    fn the_precision_is_the_priors_plus_the_fisher_information_of_every_answer(case in a_case()) {
        let (deck, belief) = (case.parts.deck(), case.belief());
        let evidence = case.parts.log(&case.records).evidence(&deck.answer_model());
        let found = inverse(&belief.covariance());
        let expected = prior_covariance(&deck).try_inverse().unwrap()
            + fisher(&deck.answer_model(), &evidence, belief.mean());
        prop_assert!((&found - &expected).norm() < 1e-6 * expected.norm(), "{found} {expected}");
    }

    #[test]
    fn the_covariance_is_symmetric_and_positive_definite(case in a_case()) {
        let rows = case.belief().covariance();
        for (i, row) in rows.iter().enumerate() {
            for (j, number) in row.iter().enumerate() {
                prop_assert_eq!(number.to_bits(), rows[j][i].to_bits());
            }
        }
        prop_assert!(matrix(&rows).cholesky().is_some(), "{rows:?}");
    }

    #[test]
    fn at_fixed_weights_an_added_answer_enlarges_the_covariance_in_no_direction(case in a_case()) {
        // For any evidence, the prior whose mean is `fixed` + Σ₀·(gradient of −log P at `fixed`) has its mode there.
        let (deck, fixed) = (case.parts.deck(), vec![0.3; case.parts.dimensions()]);
        let (model, start) = (deck.answer_model(), prior_covariance(&deck));
        let evidence = case.parts.log(&case.records).evidence(&model);
        let at_fixed = |evidence: &[Evidence]| {
            let pull = gradient(|weights| surprise(&model, evidence, weights), &fixed);
            let mean = DVector::from_column_slice(&fixed) + &start * pull;
            let prior = Prior::new(mean.as_slice(), &rows(&start)).unwrap();
            let belief = Belief::infer(&prior, model, evidence).unwrap();
            // With a lapse there can be another mode, at other weights.
            let there = belief.mean().iter().zip(&fixed).all(|(a, b)| (a - b).abs() < 1e-6);
            there.then(|| matrix(&belief.covariance()))
        };
        for count in 1..=evidence.len() {
            if let (Some(before), Some(after)) = (at_fixed(&evidence[..count - 1]), at_fixed(&evidence[..count])) {
                let shrunk = (&before - &after).symmetric_eigenvalues().min();
                prop_assert!(shrunk > -1e-5 * before.norm(), "answer {count}: {before} {after}");
            }
        }
    }

    #[test]
    fn export_and_import_give_the_same_bits(case in a_case()) {
        let (deck, log) = (case.parts.deck(), case.parts.log(&case.records));
        let text = log.to_value().to_string();
        let again = read_log(&text, &deck).unwrap();
        prop_assert_eq!(&again, &log);
        prop_assert_eq!(bits(&belief_of(&deck, &again)), bits(&belief_of(&deck, &log)));
        prop_assert_eq!(again.to_value().to_string(), text);
    }

    #[test]
    fn undo_gives_back_every_bit_of_the_belief(
        parts in (1..=3_usize).prop_flat_map(some_parts), answers in prop::collection::vec(0..5_u8, 1..6), seed: u64
    ) {
        let mut interview = interview(parts.deck(), leaning::Strategy::DOptimal, 100, seed);
        let mut before = Vec::new();
        for answer in answers {
            if interview.next().is_none() {
                break;
            }
            before.push(bits(interview.belief()));
            let said = [Answer::Chose(0), Answer::Chose(1), Answer::Tie, Answer::Neither, Answer::Skip];
            let said = said[usize::from(answer)];
            // Without a band of indifference no tie is on offer.
            interview.answer(said).or_else(|_| interview.answer(Answer::Skip)).unwrap();
        }
        while let Some(before) = before.pop() {
            prop_assert!(interview.undo().unwrap());
            prop_assert_eq!(bits(interview.belief()), before);
            let reloaded = read_log(&interview.log().to_value().to_string(), interview.deck()).unwrap();
            prop_assert_eq!(bits(&belief_of(interview.deck(), &reloaded)), bits(interview.belief()));
        }
        prop_assert!(!interview.undo().unwrap());
    }

    #[test]
    fn scaling_a_dimension_scales_its_weight_by_the_inverse(
        case in a_case(), which in 0..4_usize, exponent in -12.0..12.0_f64
    ) {
        let (which, scale) = (which % case.parts.dimensions(), exponent.exp());
        let stretch = |scores: &mut Vec<f64>| scores[which] *= scale;
        let mut scaled = case.parts.clone();
        scaled.prompts.iter_mut().flatten().for_each(stretch);
        if let Some((mean, covariance)) = &mut scaled.prior {
            mean[which] /= scale;
            covariance.iter_mut().for_each(|row| row[which] /= scale);
            covariance[which].iter_mut().for_each(|number| *number /= scale);
        }
        let records: Vec<Value> = case.records.iter().cloned().map(|mut record| {
            if let Some(rows) = record.get_mut("scores") {
                let mut scores: Vec<Vec<f64>> = serde_json::from_value(rows.clone()).unwrap();
                scores.iter_mut().for_each(stretch);
                *rows = json!(scores);
            } else if record["dimension"] == format!("d{which}") {
                record["weight"] = json!(record["weight"].as_f64().unwrap() / scale);
                record["sd"] = json!(record["sd"].as_f64().unwrap() / scale);
            }
            record
        }).collect();
        let (plain, other) = (open(&case.parts, &case.records), open(&scaled, &records));
        let deviation = plain.belief().covariance()[which][which].sqrt();
        for (j, (a, b)) in plain.belief().mean().iter().zip(other.belief().mean()).enumerate() {
            let back = if j == which { b * scale } else { *b };
            prop_assert!((a - back).abs() < 1e-8 * (1.0 + a.abs()), "weight {j}: {a} and {back}");
        }
        let back = other.belief().covariance()[which][which].sqrt() * scale;
        prop_assert!((deviation / back - 1.0).abs() < 1e-8, "{deviation} {back}");
        let candidates = to_rank(&case.parts);
        let mut stretched = candidates.clone();
        stretched.iter_mut().for_each(stretch);
        same_ranking(&plain, &other, &candidates, &stretched)?;
    }

    #[test]
    fn adding_a_constant_to_all_scores_of_a_prompt_changes_nothing(
        case in a_case(), constants in prop::collection::vec(some_numbers(4), 4)
    ) {
        let mut moved = case.parts.clone();
        let add = |scores: &mut Vec<f64>, prompt: usize| {
            scores.iter_mut().zip(&constants[prompt]).for_each(|(score, constant)| *score += constant);
        };
        for (prompt, candidates) in moved.prompts.iter_mut().enumerate() {
            candidates.iter_mut().for_each(|scores| add(scores, prompt));
        }
        let records: Vec<Value> = case.records.iter().cloned().map(|mut record| {
            if let Some(rows) = record.get("scores") {
                let prompt = record["shown"][0].as_str().unwrap()[1..2].parse::<usize>().unwrap() - 1;
                let mut scores: Vec<Vec<f64>> = serde_json::from_value(rows.clone()).unwrap();
                scores.iter_mut().for_each(|scores| add(scores, prompt));
                record["scores"] = json!(scores);
            }
            record
        }).collect();
        let (plain, other) = (open(&case.parts, &case.records), open(&moved, &records));
        agree(plain.belief(), other.belief(), 1e-8)?;
        let candidates = to_rank(&case.parts);
        let mut lifted = candidates.clone();
        lifted.iter_mut().for_each(|scores| add(scores, 0));
        same_ranking(&plain, &other, &candidates, &lifted)?;
    }

    #[test]
    fn every_sane_deck_and_log_has_a_belief(
        case in a_case(), lapse in 0.0..0.95_f64, band in 0.0..5.0_f64, exponent in -7.0..3.0_f64
    ) {
        let mut case = case;
        let scale = exponent.exp();
        case.parts.lapse = lapse;
        case.parts.indifference = band.max(0.01);
        if let Some((mean, covariance)) = &mut case.parts.prior {
            mean.iter_mut().for_each(|mean| *mean /= scale);
            covariance.iter_mut().flatten().for_each(|number| *number /= scale * scale);
        }
        let (deck, log) = (case.parts.deck(), case.parts.log(&case.records));
        let model = deck.answer_model();
        let belief = Belief::infer(deck.prior(), model, &log.evidence(&model));
        prop_assert!(belief.is_ok(), "{belief:?}");
    }

    #[test]
    fn merging_a_log_into_itself_adds_nothing(case in a_case()) {
        let log = case.parts.log(&case.records);
        let mut merged = log.clone();
        merged.merge(log.clone());
        prop_assert_eq!(merged, log);
    }

    #[test]
    fn records_without_ids_are_not_doubled_on_a_second_import(case in a_case()) {
        let mut records = case.records.clone();
        // The same answer twice in one log is two answers.
        records.extend(records.first().cloned());
        for record in &mut records {
            record.as_object_mut().unwrap().remove("id");
        }
        let log = case.parts.log(&records);
        prop_assert_eq!(log.records().len(), records.len());
        let mut merged = log.clone();
        merged.merge(case.parts.log(&records));
        prop_assert_eq!(&merged, &log);
        // Nor where the first import has been exported, ids and all, in between.
        let mut merged = read_log(&log.to_value().to_string(), &case.parts.deck()).unwrap();
        merged.merge(case.parts.log(&records));
        prop_assert_eq!(&merged, &log);
    }

    #[test]
    fn the_logs_of_two_devices_merge_to_their_union(case in a_case(), cut in 0..10_usize, shared in 0..10_usize) {
        let cut = cut % (case.records.len() + 1);
        let shared = shared % (cut + 1);
        // Both have the first `shared` records; one has those up to `cut` too, the other those after it.
        let one = case.parts.log(&case.records[..cut]);
        let other = [&case.records[..shared], &case.records[cut..]].concat();
        let mut merged = one;
        merged.merge(case.parts.log(&other));
        prop_assert_eq!(&merged, &case.parts.log(&case.records));
    }
}

#[test]
fn awkward_numbers_survive_export_and_import() {
    let numbers = [
        -0.0,
        0.0,
        5e-324,
        -1e-300,
        0.1 + 0.2,
        1.0 / 3.0,
        9_007_199_254_740_993.0,
        1e16,
        123_456_789.123_456_78,
    ];
    for (a, b) in numbers.iter().zip(numbers.iter().rev()) {
        let parts = Parts::new(&[&[&[*a, 1.0], &[*b, -1.0]]]);
        let statement = json!({ "id": "s", "kind": "statement", "dimension": "d1", "weight": -0.0, "sd": 0.1 + 0.2, "at": 1.5e12 });
        let log = parts.log(&[parts.record("k", 0, &[0, 1], Said::Chose(0)), statement]);
        let again = read_log(&log.to_value().to_string(), &parts.deck()).unwrap();
        assert_eq!(
            bits(&belief_of(&parts.deck(), &again)),
            bits(&belief_of(&parts.deck(), &log)),
            "{a} {b}"
        );
        assert_eq!(
            format!("{again:?}"),
            format!("{log:?}"),
            "-0.0 equals 0.0, but not in print"
        );
    }
}

/// One answer either way balances exactly at the prior's mean, where the density is lowest between two modes.
#[test]
fn the_mean_is_a_mode_and_not_the_saddle_between_two() {
    let prior = Prior::new(&[0.0], &[vec![100.0]]).unwrap();
    let pair = |outcome| Evidence::Pair {
        difference: vec![1.0],
        tie: true,
        outcome,
    };
    let belief = Belief::infer(
        &prior,
        AnswerModel::new(0.02, 3.0).unwrap(),
        &[pair(0), pair(1)],
    )
    .unwrap();
    // The objective at 0 is 5.87.
    assert!(
        belief.objective() < 5.3 && belief.mean()[0].abs() > 1.0,
        "{} {:?}",
        belief.objective(),
        belief.mean()
    );
}

/// Where the curvature at the mode is about twice the expected information, a full Fisher step lands on the other side
/// at almost the same height, and one that is halved only where the objective rises hardly gets anywhere.
#[test]
fn the_weights_settle_where_nearly_all_answers_are_ties() {
    let pairs = |answers: &[(f64, usize)]| -> Vec<Evidence> {
        let pair = |&(z, outcome): &(f64, usize)| Evidence::Pair {
            difference: vec![z],
            tie: true,
            outcome,
        };
        answers.iter().map(pair).collect()
    };
    let infer = |mean, variance, lapse, band, answers: &[(f64, usize)]| {
        let prior = Prior::new(&[mean], &[vec![variance]]).unwrap();
        Belief::infer(
            &prior,
            AnswerModel::new(lapse, band).unwrap(),
            &pairs(answers),
        )
        .is_ok()
    };
    let mut wrong = Vec::new();
    for lapse in [0.0, 0.02, 0.1, 0.3] {
        for band in [1e-3, 0.01, 0.1, 0.5] {
            for chosen in 0..6 {
                let answer = |index: usize| {
                    (
                        0.5 + 0.2 * ((index * 3) % 5) as f64,
                        if index < chosen { 0 } else { 2 },
                    )
                };
                let answers: Vec<(f64, usize)> = (0..12).map(answer).collect();
                if !infer(1.0, 100.0, lapse, band, &answers) {
                    wrong.push(format!(
                        "lapse {lapse}, indifference {band}, {chosen} of 12 chosen"
                    ));
                }
            }
        }
    }
    let mut five_ties = vec![(1.0, 2); 5];
    five_ties.push((1.0, 1));
    if !infer(
        1.660_953_565_965_693_5,
        9.109_689_470_207_345,
        0.395_241_920_345_350_7,
        0.723_686_262_009_300_2,
        &five_ties,
    ) {
        wrong.push("five ties and a choice".to_owned());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn with_nothing_known_a_ranking_keeps_the_callers_order() {
    let interview = interview(
        common::nine_pairs().deck(),
        leaning::Strategy::InformationGain,
        100,
        1,
    );
    let scores = vec![
        vec![-1.0, -0.5],
        vec![1.0, 0.5],
        vec![-0.3, 0.2],
        vec![-2.0, -2.0],
    ];
    let ranked = interview.rank(&offers(&scores), None).unwrap();
    assert!(ranked.iter().all(|ranked| ranked.reward == 0.0));
    assert_eq!(
        ranked.iter().map(|ranked| ranked.index).collect::<Vec<_>>(),
        [0, 1, 2, 3]
    );
}
