//! Properties of every deck and every log.

use crate::common::{
    DeckParts, Reply, bits, drafts, infer, infer_log, laplace, likelihood, nine_pairs, rule, start,
    vector,
};
use leaning::decision::ranking::rank;
use leaning::model::evidence::columns;
use leaning::nalgebra::{DMatrix, DVector};
use leaning::{
    Answer, AnswerModel, Evidence, Interview, LaplaceApproximation, Log, Options, PosteriorSamples,
    Prior, RankOptions, RankedCandidate,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const CASES: u32 = 64;

/// A deck and a log about it.
#[derive(Debug, Clone)]
pub struct Case {
    pub parts: DeckParts,
    pub entries: Vec<Value>,
}

impl Case {
    fn laplace(&self) -> LaplaceApproximation {
        infer(&self.parts, &self.entries)
    }

    fn evidence(&self) -> Vec<Evidence> {
        self.parts.log(&self.entries).evidence(&self.parts.deck())
    }
}

fn a_model() -> impl Strategy<Value = (f64, f64)> {
    let (lapses, bands) = (vec![0.0, 0.02, 0.2], vec![0.0, 0.5, 1.5]);
    (prop::sample::select(lapses), prop::sample::select(bands))
}

fn some_numbers(count: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-2.0..2.0_f64, count)
}

/// A positive definite covariance: AAᵀ + 0.1·I.
fn a_covariance(d: usize) -> impl Strategy<Value = DMatrix<f64>> {
    some_numbers(d * d).prop_map(move |numbers| {
        let a = DMatrix::from_vec(d, d, numbers);
        &a * a.transpose() + 0.1 * DMatrix::identity(d, d)
    })
}

fn some_parts(d: usize) -> impl Strategy<Value = DeckParts> {
    let candidates = prop::collection::vec(some_numbers(d), 2..=4);
    let prompts = prop::collection::vec(candidates, 1..=4);
    let mean = some_numbers(d).prop_map(DVector::from_vec);
    let prior = prop::option::of((mean, a_covariance(d)));
    (prompts, prior, a_model()).prop_map(|(prompts, prior, (lapse, indifference))| DeckParts {
        prompts,
        prior,
        lapse,
        indifference,
    })
}

/// Entries of all kinds about the candidates of a deck. The numbers are drawn without a look at the
/// deck, and then fitted to it.
fn some_entries(parts: &DeckParts) -> impl Strategy<Value = Vec<Value>> + use<> {
    let parts = parts.clone();
    let one = (
        0..100_usize,
        0..100_usize,
        0..100_usize,
        0..7_u8,
        -2.0..2.0_f64,
    );
    type Numbers = (usize, usize, usize, u8, f64);
    let entry = move |(index, (prompt, first, more, kind, weight)): (usize, Numbers)| -> Value {
        let id = format!("k{index}");
        if kind == 6 {
            let dimension = format!("d{}", first % parts.dimensions());
            return json!({ "id": id, "kind": "statement", "dimension": dimension,
                           "weight": weight, "sd": 0.7 });
        }
        let prompt = prompt % parts.prompts.len();
        let count = parts.prompts[prompt].len();
        let places = 0..2 + more % (count - 1);
        let shown: Vec<usize> = places.map(|place| (first + place) % count).collect();
        let tie = if parts.indifference > 0.0 {
            "tie"
        } else {
            "neither"
        };
        let reply = match kind {
            0..=2 => Reply::Chose(more % shown.len()),
            3 => Reply::Verdict(tie),
            4 => Reply::Verdict("neither"),
            _ => Reply::Verdict(if more % 2 == 0 { "skip" } else { tie }),
        };
        parts.entry(&id, prompt, &shown, reply)
    };
    prop::collection::vec(one, 0..10)
        .prop_map(move |numbers| numbers.into_iter().enumerate().map(&entry).collect())
}

pub fn a_case() -> impl Strategy<Value = Case> {
    (1..=4_usize)
        .prop_flat_map(some_parts)
        .prop_flat_map(|parts| {
            some_entries(&parts).prop_map(move |entries| Case {
                parts: parts.clone(),
                entries,
            })
        })
}

/// Fails unless the two agree to `tolerance` in units of the standard deviations: means, and
/// covariances as correlations.
fn agree(
    a: &LaplaceApproximation,
    b: &LaplaceApproximation,
    tolerance: f64,
) -> Result<(), TestCaseError> {
    let sd = a.covariance().diagonal().map(f64::sqrt);
    let means = (a.mean() - b.mean()).component_div(&sd);
    prop_assert!(means.amax() < tolerance, "{} and {}", a.mean(), b.mean());
    let correlations = (a.covariance() - b.covariance()).component_div(&(&sd * sd.transpose()));
    prop_assert!(
        correlations.amax() < tolerance,
        "{} and {}",
        a.covariance(),
        b.covariance()
    );
    Ok(())
}

/// −log P(evidence | weights), up to a constant.
fn surprise(model: &AnswerModel, evidence: &[Evidence], weights: &DVector<f64>) -> f64 {
    let surprise = |evidence: &Evidence| match evidence {
        Evidence::Statement {
            dimension,
            weight,
            sd,
        } => 0.5 * ((weights[*dimension] - weight) / sd).powi(2),
        _ => -likelihood(model, evidence, weights).ln(),
    };
    evidence.iter().map(surprise).sum()
}

/// The gradient by central differences with Richardson's extrapolation.
fn gradient(f: impl Fn(&DVector<f64>) -> f64, at: &DVector<f64>) -> DVector<f64> {
    DVector::from_fn(at.len(), |j, _| {
        let slope = |step: f64| {
            let (mut up, mut down) = (at.clone(), at.clone());
            up[j] += step;
            down[j] -= step;
            (f(&up) - f(&down)) / (2.0 * step)
        };
        (4.0 * slope(1e-3) - slope(2e-3)) / 3.0
    })
}

/// The same evidence with each of its possible outcomes. A statement has none.
fn outcomes(model: &AnswerModel, evidence: &Evidence) -> Vec<Evidence> {
    match evidence {
        Evidence::Pair {
            difference, tie, ..
        } => (0..2 + usize::from(model.has_tie(*tie)))
            .map(|outcome| Evidence::Pair {
                difference: difference.clone(),
                tie: *tie,
                outcome,
            })
            .collect(),
        Evidence::Choice { scores, .. } => (0..scores.ncols())
            .map(|chose| Evidence::Choice {
                scores: scores.clone(),
                chose,
            })
            .collect(),
        Evidence::Ordinal {
            scores,
            lenient,
            scale,
            ..
        } => (0..scale.levels())
            .map(|level| Evidence::Ordinal {
                scores: scores.clone(),
                lenient: *lenient,
                scale: *scale,
                level,
            })
            .collect(),
        Evidence::Order { scores, ranking } => ranking
            .alternatives()
            .into_iter()
            .map(|ranking| Evidence::Order {
                scores: scores.clone(),
                ranking,
            })
            .collect(),
        Evidence::Statement { .. } | Evidence::Summary { .. } => Vec::new(),
    }
}

/// Σ_o ∇P_o ∇P_oᵀ / P_o over the possible answers of each piece of evidence, by differences.
fn fisher_information(
    model: &AnswerModel,
    evidence: &[Evidence],
    weights: &DVector<f64>,
) -> DMatrix<f64> {
    let d = weights.len();
    let mut sum = DMatrix::zeros(d, d);
    for evidence in evidence {
        if let Evidence::Statement { dimension, sd, .. } = evidence {
            sum[(*dimension, *dimension)] += 1.0 / (sd * sd);
        }
        for outcome in outcomes(model, evidence) {
            let probability = |weights: &DVector<f64>| likelihood(model, &outcome, weights);
            let slope = gradient(probability, weights);
            sum += &slope * slope.transpose() / probability(weights);
        }
    }
    sum
}

fn open(parts: &DeckParts, entries: &[Value]) -> Interview {
    let options = Options {
        seed: Some(1),
        ..Options::default()
    };
    Interview::open(parts.deck(), parts.log(entries), options).unwrap()
}

/// Fails unless two rankings of the same candidates have one order, except for candidates whose
/// rewards rounding cannot tell apart, and the same contributions.
fn same_ranking(
    a: &Interview,
    b: &Interview,
    of_a: &[Vec<f64>],
    of_b: &[Vec<f64>],
) -> Result<(), TestCaseError> {
    let ranked = |interview: &Interview, scores: &[Vec<f64>]| {
        // Neither order nor contributions depend on the samples, so a few will do.
        let samples = PosteriorSamples::draw_seeded(laplace(interview), 1, 10);
        let everybody = interview.deck().prior().mean();
        rank(
            laplace(interview),
            &samples,
            everybody,
            &columns(scores),
            RankOptions::default(),
        )
    };
    let (a, b) = (ranked(a, of_a), ranked(b, of_b));
    let total = |ranked: &RankedCandidate| ranked.contributions.sum();
    for (x, y) in a.iter().zip(&b) {
        let x_there = b.iter().find(|ranked| ranked.index == x.index).unwrap();
        let same_place = x.index == y.index || (total(x) - total(y)).abs() < 1e-8;
        prop_assert!(same_place, "{a:?}\n{b:?}");
        for (here, there) in x.contributions.iter().zip(&x_there.contributions) {
            let off = (here - there).abs();
            prop_assert!(off < 1e-8 * (1.0 + here.abs()), "{a:?}\n{b:?}");
        }
    }
    Ok(())
}

/// The candidates of a deck's first prompt, and one more.
fn to_rank(parts: &DeckParts) -> Vec<Vec<f64>> {
    let mut scores = parts.prompts[0].clone();
    scores.push(vec![0.37; parts.dimensions()]);
    scores
}

/// The entries with changed scores.
fn with_scores(entries: &[Value], change: impl Fn(&Value, &mut Vec<f64>)) -> Vec<Value> {
    let changed = |entry: &Value| {
        let mut changed = entry.clone();
        if let Some(rows) = entry.get("scores") {
            let mut scores: Vec<Vec<f64>> = serde_json::from_value(rows.clone()).unwrap();
            scores.iter_mut().for_each(|scores| change(entry, scores));
            changed["scores"] = json!(scores);
        }
        changed
    };
    entries.iter().map(changed).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: CASES, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn the_order_of_answers_does_not_matter(
        (case, shuffled) in a_case().prop_flat_map(|case| {
            let shuffled = Just(case.entries.clone()).prop_shuffle();
            (Just(case), shuffled)
        })
    ) {
        agree(&case.laplace(), &infer(&case.parts, &shuffled), 1e-9)?;
    }

    #[test]
    fn nothing_near_the_mean_is_more_probable(
        case in a_case(), directions in prop::collection::vec(some_numbers(4), 8)
    ) {
        let (deck, evidence, laplace) = (case.parts.deck(), case.evidence(), case.laplace());
        let (model, prior) = (deck.answer_model(), deck.prior());
        let precision = prior.covariance().try_inverse().unwrap();
        let objective = |weights: &DVector<f64>| {
            let away = weights - prior.mean();
            0.5 * away.dot(&(&precision * &away)) + surprise(&model, &evidence, weights)
        };
        let (least, found) = (objective(laplace.mean()), laplace.objective());
        prop_assert!((least - found).abs() < 1e-9 * (1.0 + least), "{least} {found}");
        let d = case.parts.dimensions();
        for direction in directions {
            for step in [1e-3, 1e-2] {
                let there = laplace.mean() + step * vector(&direction[..d]);
                let higher = objective(&there) >= least - 1e-12 * (1.0 + least);
                prop_assert!(higher, "{there} beats {}", laplace.mean());
            }
        }
    }

    #[test]
    fn the_precision_is_the_priors_plus_the_fisher_information_of_every_answer(case in a_case()) {
        let (deck, laplace) = (case.parts.deck(), case.laplace());
        let found = laplace.covariance().try_inverse().unwrap();
        let prior = deck.prior().covariance().try_inverse().unwrap();
        let expected =
            prior + fisher_information(&deck.answer_model(), &case.evidence(), laplace.mean());
        prop_assert!((&found - &expected).norm() < 1e-6 * expected.norm(), "{found} {expected}");
    }

    #[test]
    fn the_covariance_is_symmetric_and_positive_definite(case in a_case()) {
        let covariance = case.laplace().covariance();
        prop_assert_eq!(&covariance, &covariance.transpose());
        prop_assert!(covariance.clone().cholesky().is_some(), "{covariance}");
    }

    #[test]
    fn at_fixed_weights_an_added_answer_enlarges_the_covariance_in_no_direction(case in a_case()) {
        // For any evidence, the prior whose mean is `fixed` + Σ₀·(gradient of −log P at `fixed`) has
        // its mode there.
        let deck = case.parts.deck();
        let (model, covariance) = (deck.answer_model(), deck.prior().covariance());
        let evidence = case.evidence();
        let fixed = DVector::from_element(case.parts.dimensions(), 0.3);
        let at_fixed = |evidence: &[Evidence]| {
            let pull = gradient(|weights| surprise(&model, evidence, weights), &fixed);
            let mean = &fixed + &covariance * pull;
            let prior = Prior::gaussian(mean, covariance.clone()).unwrap();
            let laplace = LaplaceApproximation::infer(&prior, model, evidence).unwrap();
            // With a lapse there can be another mode, at other weights.
            ((laplace.mean() - &fixed).amax() < 1e-6).then(|| laplace.covariance())
        };
        for count in 1..=evidence.len() {
            let (before, after) = (at_fixed(&evidence[..count - 1]), at_fixed(&evidence[..count]));
            if let (Some(before), Some(after)) = (before, after) {
                let shrunk = (&before - &after).symmetric_eigenvalues().min();
                prop_assert!(shrunk > -1e-5 * before.norm(), "answer {count}: {before} {after}");
            }
        }
    }

    #[test]
    fn an_exported_log_gives_the_same_bits_when_imported(case in a_case()) {
        let (deck, log) = (case.parts.deck(), case.parts.log(&case.entries));
        let text = log.to_json();
        let again = Log::from_json(&text, &deck).unwrap();
        prop_assert_eq!(&again, &log);
        prop_assert_eq!(bits(&infer_log(&deck, &again)), bits(&infer_log(&deck, &log)));
        prop_assert_eq!(again.to_json(), text);
    }

    #[test]
    fn undo_restores_every_bit_of_the_approximation(
        parts in (1..=3_usize).prop_flat_map(some_parts),
        answers in prop::collection::vec(0..5_u8, 1..6),
        seed: u64,
    ) {
        let mut interview = start(parts.deck(), rule("d-optimal"), 100, seed);
        let mut before = Vec::new();
        for answer in answers {
            if interview.question().unwrap().is_none() {
                break;
            }
            before.push(bits(laplace(&interview)));
            let answer = match answer {
                0 => Answer::Chose(0),
                1 => Answer::Chose(1),
                2 => Answer::Tie,
                3 => Answer::Neither,
                _ => Answer::Skip,
            };
            // Without a band of indifference no tie is on offer.
            interview.answer(answer).or_else(|_| interview.answer(Answer::Skip)).unwrap();
        }
        while let Some(before) = before.pop() {
            prop_assert!(interview.undo());
            prop_assert_eq!(bits(laplace(&interview)), before);
            let text = interview.log().to_json();
            let reloaded = Log::from_json(&text, interview.deck()).unwrap();
            let reloaded = infer_log(interview.deck(), &reloaded);
            prop_assert_eq!(bits(&reloaded), bits(laplace(&interview)));
        }
        prop_assert!(!interview.undo());
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
            covariance.column_mut(which).unscale_mut(scale);
            covariance.row_mut(which).unscale_mut(scale);
        }
        let mut entries = with_scores(&case.entries, |_, scores| stretch(scores));
        for entry in &mut entries {
            if entry["dimension"] == format!("d{which}") {
                entry["weight"] = json!(entry["weight"].as_f64().unwrap() / scale);
                entry["sd"] = json!(entry["sd"].as_f64().unwrap() / scale);
            }
        }
        let (plain, other) = (open(&case.parts, &case.entries), open(&scaled, &entries));
        let (a, b) = (laplace(&plain), laplace(&other));
        for (j, (a, b)) in a.mean().iter().zip(b.mean()).enumerate() {
            let back = if j == which { b * scale } else { *b };
            prop_assert!((a - back).abs() < 1e-8 * (1.0 + a.abs()), "weight {j}: {a} and {back}");
        }
        let sd = |laplace: &LaplaceApproximation| laplace.covariance()[(which, which)].sqrt();
        let back = sd(b) * scale;
        prop_assert!((sd(a) / back - 1.0).abs() < 1e-8, "{} {back}", sd(a));
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
            let constants = &constants[prompt];
            scores.iter_mut().zip(constants).for_each(|(score, constant)| *score += constant);
        };
        for (prompt, candidates) in moved.prompts.iter_mut().enumerate() {
            candidates.iter_mut().for_each(|scores| add(scores, prompt));
        }
        let entries = with_scores(&case.entries, |entry, scores| {
            let prompt = entry["shown"][0].as_str().unwrap()[1..2].parse::<usize>().unwrap() - 1;
            add(scores, prompt);
        });
        let (plain, other) = (open(&case.parts, &case.entries), open(&moved, &entries));
        agree(laplace(&plain), laplace(&other), 1e-8)?;
        let candidates = to_rank(&case.parts);
        let mut lifted = candidates.clone();
        lifted.iter_mut().for_each(|scores| add(scores, 0));
        same_ranking(&plain, &other, &candidates, &lifted)?;
    }

    #[test]
    fn the_weights_can_be_inferred_for_every_deck_and_log_of_usual_size(
        case in a_case(), lapse in 0.0..0.95_f64, band in 0.0..5.0_f64, exponent in -7.0..3.0_f64
    ) {
        let mut case = case;
        let scale = exponent.exp();
        case.parts.lapse = lapse;
        case.parts.indifference = band.max(0.01);
        if let Some((mean, covariance)) = &mut case.parts.prior {
            *mean /= scale;
            *covariance /= scale * scale;
        }
        let (deck, evidence) = (case.parts.deck(), case.evidence());
        let laplace = LaplaceApproximation::infer(deck.prior(), deck.answer_model(), &evidence);
        prop_assert!(laplace.is_ok(), "{laplace:?}");
    }

    #[test]
    fn merging_a_log_into_itself_adds_nothing(case in a_case()) {
        let log = case.parts.log(&case.entries);
        let mut merged = log.clone();
        merged.merge(log.clone());
        prop_assert_eq!(merged, log);
    }

    #[test]
    fn entries_without_ids_are_not_doubled_by_a_second_import(case in a_case()) {
        let mut entries = case.entries.clone();
        // The same answer twice in one log is two answers.
        entries.extend(entries.first().cloned());
        for entry in &mut entries {
            entry.as_object_mut().unwrap().remove("id");
        }
        let log = case.parts.log(&entries);
        prop_assert_eq!(log.entries().len(), entries.len());
        let mut merged = log.clone();
        merged.merge(case.parts.log(&entries));
        prop_assert_eq!(&merged, &log);
        // Nor if the first import has been exported, ids and all, in between.
        let mut merged = Log::from_json(&log.to_json(), &case.parts.deck()).unwrap();
        merged.merge(case.parts.log(&entries));
        prop_assert_eq!(&merged, &log);
    }

    #[test]
    fn the_logs_of_two_devices_merge_to_their_union(
        case in a_case(), cut in 0..10_usize, shared in 0..10_usize
    ) {
        let cut = cut % (case.entries.len() + 1);
        let shared = shared % (cut + 1);
        // Both have the first `shared` entries; one also has those up to `cut`, the other those
        // after it.
        let mut merged = case.parts.log(&case.entries[..cut]);
        let other = [&case.entries[..shared], &case.entries[cut..]].concat();
        merged.merge(case.parts.log(&other));
        prop_assert_eq!(&merged, &case.parts.log(&case.entries));
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
        let parts = DeckParts::new(&[&[&[*a, 1.0], &[*b, -1.0]]]);
        let statement = json!({ "id": "s", "kind": "statement", "dimension": "d1",
                                "weight": -0.0, "sd": 0.1 + 0.2, "at": 1.5e12 });
        let log = parts.log(&[parts.entry("k", 0, &[0, 1], Reply::Chose(0)), statement]);
        let again = Log::from_json(&log.to_json(), &parts.deck()).unwrap();
        let [one, other] = [&log, &again].map(|log| bits(&infer_log(&parts.deck(), log)));
        assert_eq!(one, other, "{a} {b}");
        // −0 equals 0, but not in print.
        assert_eq!(format!("{again:?}"), format!("{log:?}"));
    }
}

#[test]
fn a_ranking_by_the_prior_alone_keeps_the_callers_order() {
    let interview = start(nine_pairs().deck(), rule("information-gain"), 100, 1);
    let scores = [[-1.0, -0.5], [1.0, 0.5], [-0.3, 0.2], [-2.0, -2.0]];
    let ranked = interview
        .rank(&drafts(&scores), RankOptions::default())
        .unwrap();
    assert!(ranked.iter().all(|ranked| ranked.reward == 0.0));
    let order: Vec<usize> = ranked.iter().map(|ranked| ranked.index).collect();
    assert_eq!(order, [0, 1, 2, 3]);
}
