//! Stated uncertainty is right: the exact posterior is integrated here on a fine grid.

use crate::common::{
    self, ask, choice_probabilities, dot, drafts, gaussian, laplace, matrix, nine_pairs, pair,
    pair_probabilities, rule, start, variance, vector,
};
use leaning::decision::ranking::{best_of, rank};
use leaning::decision::regret::expected_regret;
use leaning::model::evidence::columns;
use leaning::nalgebra::DMatrix;
use leaning::profile::{Confidence, Direction};
use leaning::{
    Answer, AnswerModel, Evidence, Interview, LaplaceApproximation, PosteriorSamples, RankOptions,
    RankedCandidate,
};

/// More than one, so that a lucky run does not pass for a right one.
const SEEDS: [u64; 3] = [4, 5, 6];
/// Samples for checks that are sharper than the numbers a person is shown.
const SAMPLES: usize = 4000;
/// The worth of a sample of a Markov chain, in independent ones.
const WORTH: f64 = 0.5;
/// Standard errors by which a number from samples may be off.
const SIGMAS: f64 = 4.0;

/// The answer about a score difference z: z, whether a tie was possible, outcome.
type PairAnswer = (f64, bool, usize);

fn evidence(answers: &[PairAnswer]) -> Vec<Evidence> {
    answers
        .iter()
        .map(|&(z, tie, outcome)| pair(&[z], tie, outcome))
        .collect()
}

/// The exact posterior of one weight on a grid.
struct Exact {
    weights: Vec<f64>,
    /// They sum to 1.
    masses: Vec<f64>,
}

impl Exact {
    /// The prior is N(mean, sd²).
    fn new(mean: f64, sd: f64, model: &AnswerModel, answers: &[PairAnswer]) -> Self {
        let nodes = 8001;
        let at = |node: usize| mean + sd * (20.0 * node as f64 / (nodes - 1) as f64 - 10.0);
        let weights: Vec<f64> = (0..nodes).map(at).collect();
        let log_mass = |weight: f64| {
            let away = (weight - mean) / sd;
            let log_likelihood: f64 = answers
                .iter()
                .map(|&(z, tie, outcome)| pair_probabilities(model, weight * z, tie)[outcome].ln())
                .sum();
            log_likelihood - 0.5 * away * away
        };
        let logs: Vec<f64> = weights.iter().map(|&weight| log_mass(weight)).collect();
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logs.iter().map(|log| (log - largest).exp()).sum();
        let masses = logs.iter().map(|log| (log - largest).exp() / sum).collect();
        Exact { weights, masses }
    }

    fn expect(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.weights
            .iter()
            .zip(&self.masses)
            .map(|(&weight, mass)| mass * f(weight))
            .sum()
    }

    /// P(λ ≤ weight), with half of the node itself.
    fn below(&self, weight: f64) -> f64 {
        let half_step = 0.5 * (self.weights[1] - self.weights[0]);
        self.expect(|other| ((weight - other + half_step) / (2.0 * half_step)).clamp(0.0, 1.0))
    }
}

struct Case {
    name: &'static str,
    sd: f64,
    lapse: f64,
    indifference: f64,
    answers: Vec<PairAnswer>,
}

impl Case {
    fn laplace(&self) -> LaplaceApproximation {
        let prior = gaussian([0.0], [[self.sd * self.sd]]);
        LaplaceApproximation::infer(&prior, self.model(), &evidence(&self.answers)).unwrap()
    }

    fn model(&self) -> AnswerModel {
        AnswerModel::new(self.lapse, self.indifference).unwrap()
    }

    fn exact(&self) -> Exact {
        Exact::new(0.0, self.sd, &self.model(), &self.answers)
    }
}

/// `agreeing` answers for more of the dimension, about small and large differences, and `against` the
/// opposite.
fn mostly(agreeing: usize, against: usize) -> Vec<PairAnswer> {
    let difference = |index: usize, count: usize| 0.4 + 1.2 * index as f64 / count as f64;
    let agreeing = (0..agreeing).map(|index| (difference(index, agreeing), true, 0));
    agreeing
        .chain((0..against).map(|index| (1.0 + 0.1 * index as f64, true, 1)))
        .collect()
}

fn cases() -> Vec<Case> {
    let case = |name, sd, lapse, indifference, answers| Case {
        name,
        sd,
        lapse,
        indifference,
        answers,
    };
    vec![
        case("no answers", 2.0, 0.02, 0.5, vec![]),
        case("one answer", 2.0, 0.02, 0.5, mostly(1, 0)),
        case("one tie", 2.0, 0.02, 0.5, vec![(1.0, true, 2)]),
        case("five alike", 2.0, 0.02, 0.5, mostly(5, 0)),
        case("five against one", 2.0, 0.02, 0.5, mostly(5, 1)),
        case("twelve alike", 2.0, 0.02, 0.5, mostly(12, 0)),
        case("twelve against two", 2.0, 0.02, 0.5, mostly(12, 2)),
        case("without lapse", 2.0, 0.0, 0.5, mostly(8, 2)),
        case("without ties", 2.0, 0.02, 0.0, mostly(5, 1)),
        case("many slips", 2.0, 0.2, 0.5, mostly(5, 2)),
        case(
            "a strong dimension, one against one",
            4.0,
            0.02,
            0.5,
            mostly(1, 1),
        ),
        case(
            "a strong dimension, five against one",
            4.0,
            0.02,
            0.5,
            mostly(5, 1),
        ),
        case(
            "a strong dimension, twelve against two",
            4.0,
            0.02,
            0.5,
            mostly(12, 2),
        ),
        case(
            "a wide prior, twelve against one",
            10.0,
            0.02,
            0.5,
            mostly(12, 1),
        ),
    ]
}

/// The numbers that are further from the exact posterior than [`SIGMAS`] standard errors of `draws`
/// independent draws.
fn complaints(case: &Case, samples: &PosteriorSamples, draws: f64) -> Vec<String> {
    let exact = case.exact();
    let mean = exact.expect(|weight| weight);
    let variance = exact.expect(|weight| (weight - mean).powi(2));
    let fourth = exact.expect(|weight| (weight - mean).powi(4));
    let positive = 1.0 - exact.below(0.0);
    let (low, high) = samples.interval(0, 0.9);
    let (found_mean, found_sd) = samples.weight_moments(0);
    let found_positive = samples.probability_weight_positive(0);
    let error_of = |p: f64| (p * (1.0 - p) / draws).sqrt();
    let variance_error = ((fourth - variance * variance) / draws).sqrt();
    let rows = [
        ("mean", found_mean, mean, (variance / draws).sqrt()),
        ("variance", found_sd * found_sd, variance, variance_error),
        (
            "P(positive)",
            found_positive,
            positive,
            error_of(positive.clamp(0.0, 1.0)),
        ),
        (
            "P(below the interval)",
            exact.below(low),
            0.05,
            error_of(0.05),
        ),
        (
            "P(above the interval)",
            1.0 - exact.below(high),
            0.05,
            error_of(0.05),
        ),
    ];
    let complaint = |(what, found, expected, error): (&str, f64, f64, f64)| {
        let sigmas = (found - expected) / (error + 1e-12);
        let wrong = (found - expected).abs() > SIGMAS * error + 1e-3;
        let numbers = format!("{found:.4}, exactly {expected:.4}: {sigmas:.1} sigmas");
        wrong.then(|| format!("{}: {what} {numbers}", case.name))
    };
    rows.into_iter().filter_map(complaint).collect()
}

#[test]
fn samples_have_the_exact_posteriors_moments_probabilities_and_intervals() {
    let mut wrong = Vec::new();
    for case in cases() {
        let laplace = case.laplace();
        for seed in SEEDS {
            let samples = PosteriorSamples::draw_seeded(&laplace, seed, SAMPLES);
            wrong.extend(complaints(&case, &samples, WORTH * SAMPLES as f64));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_numbers_that_a_person_is_shown_are_as_right_as_the_number_of_samples_allows() {
    let mut wrong = Vec::new();
    for case in cases() {
        let samples = PosteriorSamples::draw(&case.laplace());
        wrong.extend(complaints(&case, &samples, WORTH * samples.count() as f64));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_interval_of_nine_tenths_holds_nine_tenths() {
    let mut wrong = Vec::new();
    for case in cases() {
        let (exact, laplace) = (case.exact(), case.laplace());
        let shown = PosteriorSamples::draw(&laplace);
        let others = SEEDS.map(|seed| PosteriorSamples::draw_seeded(&laplace, seed, shown.count()));
        for samples in std::iter::once(shown).chain(others) {
            let (low, high) = samples.interval(0, 0.9);
            let held = exact.below(high) - exact.below(low);
            // 0.9 of 500 independent draws has a standard error of 0.0134.
            if (held - 0.9).abs() > SIGMAS * 0.0134 {
                wrong.push(format!("{}: {held:.3}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn shown_probabilities_are_right_to_a_twentieth_even_where_the_gaussian_is_not() {
    // With a prior away from 0, mode and Fisher information alone are off after a single tie.
    let model = AnswerModel::default();
    for (mean, answers) in [
        (1.0, vec![(1.5, true, 2)]),
        (1.0, vec![(2.0, true, 1)]),
        (0.5, mostly(2, 3)),
    ] {
        let prior = gaussian([mean], [[4.0]]);
        let laplace = LaplaceApproximation::infer(&prior, model, &evidence(&answers)).unwrap();
        let exact = 1.0 - Exact::new(mean, 2.0, &model, &answers).below(0.0);
        let shown = PosteriorSamples::draw(&laplace).probability_positive(&vector(&[1.0]));
        assert!(
            (shown - exact).abs() < 0.05,
            "{answers:?}: {shown} and {exact}"
        );
    }
}

#[test]
fn both_modes_of_a_posterior_are_sampled() {
    // Three answers against a firm prior: either they were slips or the prior is wrong.
    let model = AnswerModel::new(0.1, 0.5).unwrap();
    let answers = mostly(3, 0);
    for mean in [-7.0, -6.0] {
        let prior = gaussian([mean], [[4.0]]);
        let laplace = LaplaceApproximation::infer(&prior, model, &evidence(&answers)).unwrap();
        let exact = 1.0 - Exact::new(mean, 2.0, &model, &answers).below(-1.5);
        assert!(
            (0.2..0.8).contains(&exact),
            "the test needs two modes: {exact}"
        );
        for seed in SEEDS {
            let samples = PosteriorSamples::draw_seeded(&laplace, seed, 2000);
            let found: f64 = samples
                .weights()
                .iter()
                .zip(samples.probabilities())
                .filter(|(weight, _)| **weight > -1.5)
                .map(|(_, probability)| probability)
                .sum();
            assert!((found - exact).abs() < 0.02, "{mean}: {found}, {exact}");
        }
    }
}

#[test]
fn samples_of_two_weights_agree_with_integration_over_the_plane() {
    let model = AnswerModel::default();
    let prior = gaussian([0.3, -0.2], [[3.0, 1.0], [1.0, 2.0]]);
    let answers = [
        ([1.0, 0.3], 0),
        ([-0.4, 1.2], 0),
        ([0.9, -1.0], 2),
        ([1.4, 0.2], 0),
        ([0.1, 1.1], 1),
        ([1.2, 1.2], 0),
    ];
    let pairs = answers.map(|(z, outcome)| pair(&z, true, outcome));
    let choice = Evidence::Choice {
        scores: columns(&[[1.0, 0.0], [0.0, 1.0], [-0.5, -0.5]]),
        chose: 0,
    };
    let evidence = [&pairs[..], &[choice]].concat();
    let laplace = LaplaceApproximation::infer(&prior, model, &evidence).unwrap();
    let samples = PosteriorSamples::draw_seeded(&laplace, SEEDS[0], SAMPLES);

    let z = [0.7, -1.3];
    let (mut total, mut mean, mut square, mut positive) = (0.0, 0.0, 0.0, 0.0);
    let determinant = 3.0 * 2.0 - 1.0;
    for i in -160..=160 {
        for j in -160..=160 {
            let (x, y) = (0.06 * f64::from(i), 0.06 * f64::from(j));
            let (dx, dy) = (x - 0.3, y + 0.2);
            let distance = (2.0 * dx * dx - 2.0 * dx * dy + 3.0 * dy * dy) / determinant;
            let mut mass = (-0.5 * distance).exp();
            for (z, outcome) in &answers {
                mass *= pair_probabilities(&model, z[0] * x + z[1] * y, true)[*outcome];
            }
            mass *= choice_probabilities(&model, &[x, y, -0.5 * x - 0.5 * y])[0];
            let u = z[0] * x + z[1] * y;
            total += mass;
            mean += mass * u;
            square += mass * u * u;
            positive += if u > 0.0 { mass } else { 0.0 };
        }
    }
    let (mean, positive) = (mean / total, positive / total);
    let sd = (square / total - mean * mean).sqrt();
    let draws = WORTH * SAMPLES as f64;
    let z = vector(&z);
    let (found_mean, found_sd) = samples.moments(&z);
    let off = (found_mean - mean).abs();
    assert!(off < SIGMAS * sd / draws.sqrt(), "{found_mean} {mean}");
    // Close to Gaussian: the standard error of a standard deviation is σ / √(2n).
    let error = sd / (2.0 * draws).sqrt();
    assert!(
        (found_sd - sd).abs() < 1.5 * SIGMAS * error,
        "{found_sd} {sd}"
    );
    let found = samples.probability_positive(&z);
    let error = (positive * (1.0 - positive) / draws).sqrt();
    assert!(
        (found - positive).abs() < SIGMAS * error + 2e-3,
        "{found} {positive}"
    );
}

#[test]
fn without_answers_the_samples_are_those_of_the_prior() {
    let (mean, covariance) = ([1.0, -3.0], [[4.0, -1.5], [-1.5, 1.0]]);
    let prior = gaussian(mean, covariance);
    let laplace = LaplaceApproximation::infer(&prior, AnswerModel::default(), &[]).unwrap();
    let samples = PosteriorSamples::draw_seeded(&laplace, SEEDS[0], SAMPLES);
    for z in [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.5, -2.0]].map(|z| vector(&z)) {
        let expected = vector(&mean).dot(&z);
        let variance = variance(&matrix(covariance), &z);
        let (found, sd) = samples.moments(&z);
        let error = (variance / SAMPLES as f64).sqrt();
        assert!(
            (found - expected).abs() < SIGMAS * error,
            "{z}: {found} {expected}"
        );
        let bound = SIGMAS / (2.0 * SAMPLES as f64).sqrt();
        assert!((sd / variance.sqrt() - 1.0).abs() < bound, "{z}: {sd}");
    }
}

#[test]
fn the_same_approximation_gives_the_same_samples_and_another_seed_others() {
    let laplace = cases()[4].laplace();
    let draw = || PosteriorSamples::draw(&laplace);
    assert_eq!(draw().weights(), draw().weights());
    let seeded = |seed, count| PosteriorSamples::draw_seeded(&laplace, seed, count);
    assert_ne!(seeded(1, 50).weights(), seeded(2, 50).weights());
    assert!((50..=100).contains(&seeded(1, 50).count()));
    assert_eq!(seeded(1, 0).count(), 1);
}

#[test]
fn intervals_are_nested_and_probabilities_complementary() {
    for case in cases() {
        let samples = PosteriorSamples::draw(&case.laplace());
        let mut last = (f64::NEG_INFINITY, f64::INFINITY);
        for level in [0.999, 0.95, 0.9, 0.5, 0.1] {
            let (low, high) = samples.interval(0, level);
            let nested = last.0 <= low && low <= high && high <= last.1;
            assert!(nested, "{} {level}", case.name);
            last = (low, high);
        }
        let positive = |z: f64| samples.probability_positive(&vector(&[z]));
        assert!((positive(1.0) + positive(-2.0) - 1.0).abs() < 1e-12);
        assert_eq!(positive(0.0), 0.5);
    }
}

/// An interview after four answers about [`nine_pairs`].
fn after_four_answers() -> Interview {
    let mut interview = start(nine_pairs().deck(), rule("information-gain"), 100, 6);
    for answer in [
        Answer::Chose(0),
        Answer::Tie,
        Answer::Chose(1),
        Answer::Chose(1),
    ] {
        ask(&mut interview);
        interview.answer(answer).unwrap();
    }
    interview
}

fn find(ranked: &[RankedCandidate], index: usize) -> &RankedCandidate {
    ranked.iter().find(|ranked| ranked.index == index).unwrap()
}

#[test]
fn the_probabilities_of_being_best_sum_to_one_and_identical_candidates_share() {
    let scores = [[1.0, 0.2], [-0.4, 0.9], [1.0, 0.2], [0.3, 0.3], [1.0, 0.2]];
    let ranked = after_four_answers()
        .rank(&drafts(&scores), RankOptions::default())
        .unwrap();
    let sum: f64 = ranked.iter().map(|ranked| ranked.probability_best).sum();
    assert!((sum - 1.0).abs() < 1e-12);
    let [a, b, c] = [0, 2, 4].map(|index| find(&ranked, index));
    assert!((a.probability_best - b.probability_best).abs() < 1e-12);
    assert!((a.probability_best - c.probability_best).abs() < 1e-12);
    assert_eq!((a.reward, a.sd), (b.reward, b.sd));
    let order = ranked.iter().map(|ranked| ranked.index);
    let equals: Vec<usize> = order.filter(|index| index % 2 == 0).collect();
    assert_eq!(equals, [0, 2, 4], "equals stay in the caller's order");
}

#[test]
fn the_better_of_two_candidates_is_the_one_that_beats_the_other() {
    let interview = after_four_answers();
    let ranked = interview
        .rank(&drafts(&[[0.9, -0.2], [-0.3, 0.8]]), RankOptions::default())
        .unwrap();
    let (first, second) = (find(&ranked, 0), find(&ranked, 1));
    let (samples, z) = (interview.posterior_samples().unwrap(), vector(&[1.2, -1.0]));
    assert!((first.probability_best - samples.probability_positive(&z)).abs() < 1e-12);
    // Each is half the difference away from the average, on opposite sides.
    let half = 0.5 * samples.moments(&z).1;
    assert!((first.sd - half).abs() < 1e-12 && (second.sd - half).abs() < 1e-12);
}

/// With a temperature.
fn at(temperature: f64) -> RankOptions {
    RankOptions {
        temperature: Some(temperature),
        at_least: None,
    }
}

#[test]
fn contributions_sum_to_the_reward_above_average_and_softmax_probabilities_to_one() {
    let interview = after_four_answers();
    let scores = [[1.0, 0.2], [-0.4, 0.9], [0.3, -1.3]];
    for temperature in [1e-300, 0.1, 1.0, 1e300] {
        let ranked = interview.rank(&drafts(&scores), at(temperature)).unwrap();
        let average = ranked.iter().map(|ranked| ranked.reward).sum::<f64>() / 3.0;
        let weights = laplace(&interview).mean();
        for one in &ranked {
            assert!((one.contributions.sum() - (one.reward - average)).abs() < 1e-12);
            assert!((one.reward - dot(weights.as_slice(), &scores[one.index])).abs() < 1e-12);
        }
        let sum: f64 = ranked
            .iter()
            .map(|ranked| ranked.softmax_probability.unwrap())
            .sum();
        assert!(
            (sum - 1.0).abs() < 1e-12,
            "temperature {temperature}: {sum}"
        );
        for pair in ranked.windows(2) {
            assert!(pair[0].reward >= pair[1].reward);
            assert!(pair[0].softmax_probability >= pair[1].softmax_probability);
        }
    }
}

#[test]
fn soft_best_of_n_is_the_softmax_of_rewards_over_temperature() {
    let interview = after_four_answers();
    let scores = [[1.0, 0.2], [-0.4, 0.9], [0.3, -1.3]];
    let ranked = interview.rank(&drafts(&scores), at(0.5)).unwrap();
    let weight = |ranked: &RankedCandidate| (ranked.reward / 0.5).exp();
    let sum: f64 = ranked.iter().map(weight).sum();
    for one in &ranked {
        let found = one.softmax_probability.unwrap();
        assert!((found - weight(one) / sum).abs() < 1e-12, "{found}");
    }
    let plain = interview
        .rank(&drafts(&scores), RankOptions::default())
        .unwrap();
    assert!(
        plain
            .iter()
            .all(|ranked| ranked.softmax_probability.is_none())
    );
}

#[test]
fn the_probability_of_being_better_than_the_populations_pick_is_that_of_the_grid() {
    let tolerance = SIGMAS * (0.25 / (WORTH * SAMPLES as f64)).sqrt();
    // The population wants more of the dimension, so the first of the two at 1 is its pick.
    let (population, scores) = (
        vector(&[0.5]),
        DMatrix::from_row_slice(1, 4, &[-0.5, 1.0, 1.0, 0.2]),
    );
    for case in cases() {
        let laplace = case.laplace();
        let samples = PosteriorSamples::draw_seeded(&laplace, SEEDS[0], SAMPLES);
        let options = RankOptions::default();
        let ranked = rank(&laplace, &samples, &population, &scores, options);
        let picks: Vec<usize> = (0..4)
            .filter(|&index| find(&ranked, index).population_pick)
            .collect();
        assert_eq!(picks, [1], "{}", case.name);
        let negative = case.exact().below(0.0);
        for (index, expected) in [(0, negative), (1, 0.5), (2, 0.5), (3, negative)] {
            let found = find(&ranked, index).probability_better;
            let of = if expected == 0.5 { 0.0 } else { tolerance };
            assert!(
                (found - expected).abs() <= of,
                "{} {index}: {found}, {expected}",
                case.name
            );
        }
    }
}

#[test]
fn the_populations_pick_comes_first_where_another_is_not_surely_enough_better() {
    let interview = after_four_answers();
    let (laplace, samples) = (laplace(&interview), interview.posterior_samples().unwrap());
    let scores = columns(&[[1.0, 0.2], [-0.4, 0.9], [0.3, -1.3], [0.8, 0.1]]);
    // The opposite of the person's weights: the population's pick is the last for the person.
    let population = -laplace.mean();
    let order = |at_least| {
        let options = RankOptions {
            at_least,
            ..RankOptions::default()
        };
        let ranked = rank(laplace, samples, &population, &scores, options);
        let order: Vec<usize> = ranked.iter().map(|ranked| ranked.index).collect();
        (order, ranked[0].probability_better)
    };
    let (plain, probability) = order(None);
    assert!(0.5 < probability && probability < 1.0, "{probability}");
    assert_eq!(order(Some(0.0)), (plain.clone(), probability));
    assert_eq!(order(Some(probability)), (plain.clone(), probability));
    let mut expected = plain.clone();
    expected.rotate_right(1);
    assert_eq!(order(Some(1.0)), (expected, 0.5));
    // Where the person's pick is the population's there is nothing to fall back to.
    let options = RankOptions {
        at_least: Some(1.0),
        ..RankOptions::default()
    };
    let same = rank(laplace, samples, laplace.mean(), &scores, options);
    let same: Vec<usize> = same.iter().map(|ranked| ranked.index).collect();
    assert_eq!(same, plain);
}

#[test]
fn without_a_prior_the_first_candidate_is_what_everybody_gets() {
    let interview = after_four_answers();
    let weights = laplace(&interview).mean();
    // Against the person's taste, by taste, and level.
    let scores = [-1.0, 1.0, 0.0].map(|times| [times * weights[0], times * weights[1]]);
    let options = |at_least| RankOptions {
        at_least: Some(at_least),
        ..RankOptions::default()
    };
    let first = |at_least| {
        let ranked = interview.rank(&drafts(&scores), options(at_least)).unwrap();
        assert!(find(&ranked, 0).population_pick);
        ranked[0].index
    };
    assert_eq!((first(0.5), first(1.0)), (1, 0));
}

#[test]
fn the_reasons_of_a_ranking_are_the_contributions_by_size() {
    let interview = after_four_answers();
    let scores = [[1.0, 0.2], [-0.4, 0.9], [0.5, -1.3]];
    for one in interview
        .rank(&drafts(&scores), RankOptions::default())
        .unwrap()
    {
        let reasons = one.reasons();
        assert_eq!(reasons.len(), 2);
        assert!(reasons[0].contribution.abs() >= reasons[1].contribution.abs());
        for reason in reasons {
            let average = (scores[0][reason.dimension]
                + scores[1][reason.dimension]
                + scores[2][reason.dimension])
                / 3.0;
            let deviation = scores[one.index][reason.dimension] - average;
            assert_eq!(reason.towards_high, deviation > 0.0);
            let weight = laplace(&interview).mean()[reason.dimension];
            assert!((reason.contribution - weight * deviation).abs() < 1e-12);
        }
    }
    // Candidates that do not differ in a dimension give no reason in it.
    let alike = interview
        .rank(&drafts(&[[1.0, 0.5], [0.0, 0.5]]), RankOptions::default())
        .unwrap();
    let dimensions: Vec<usize> = alike[0]
        .reasons()
        .iter()
        .map(|reason| reason.dimension)
        .collect();
    assert_eq!(dimensions, [0]);
}

/// The definition of [`expected_regret`], over the same samples.
fn regret_by_definition(
    laplace: &LaplaceApproximation,
    samples: &PosteriorSamples,
    prompts: &[DMatrix<f64>],
) -> f64 {
    let (mut lost, mut at_stake) = (0.0, 0.0);
    for scores in prompts {
        let picked = best_of(laplace.mean(), scores).unwrap();
        for (weights, probability) in samples.weights().row_iter().zip(samples.probabilities()) {
            let rewards = weights * scores;
            lost += probability * (rewards.max() - rewards[picked]);
            at_stake += probability * (rewards.max() - rewards.mean());
        }
    }
    lost / at_stake
}

#[test]
fn the_expected_regret_is_about_the_candidate_that_ranks_first() {
    let mut prompts: Vec<DMatrix<f64>> = nine_pairs()
        .prompts
        .iter()
        .map(|scores| columns(scores))
        .collect();
    prompts.extend([columns(&[[0.5, 0.5]; 3]), columns(&[[1.0, 1.0]])]);
    let check = |laplace: &LaplaceApproximation| {
        let samples = PosteriorSamples::draw(laplace);
        let found = expected_regret(laplace, &samples, &prompts);
        let expected = regret_by_definition(laplace, &samples, &prompts);
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    };
    check(laplace(&after_four_answers()));
    // By the prior alone every candidate has the same reward; the first one then ranks first.
    check(&common::infer(&nine_pairs(), &[]));
}

#[test]
fn nothing_is_lost_if_there_is_nothing_to_choose() {
    let interview = after_four_answers();
    let samples = interview.posterior_samples().unwrap();
    let same = columns(&[[0.4, 0.1]; 3]);
    assert_eq!(expected_regret(laplace(&interview), samples, [&same]), 0.0);
    assert_eq!(expected_regret(laplace(&interview), samples, []), 0.0);
    assert_eq!(best_of(laplace(&interview).mean(), &same), Some(0));
    assert_eq!(
        best_of(laplace(&interview).mean(), &DMatrix::zeros(2, 0)),
        None
    );
}

#[test]
fn a_profile_reports_the_posterior_samples() {
    let interview = after_four_answers();
    let (profile, samples) = (
        interview.profile().unwrap(),
        interview.posterior_samples().unwrap(),
    );
    let rms_differences = interview.deck().rms_differences();
    for (j, dimension) in profile.dimensions.iter().enumerate() {
        let positive = samples.probability_weight_positive(j);
        let (direction, probability) = if positive < 0.5 {
            (Direction::Low, 1.0 - positive)
        } else {
            (Direction::High, positive)
        };
        assert_eq!(dimension.direction, direction);
        assert_eq!(dimension.probability_of_direction, probability);
        assert_eq!(dimension.confidence, Confidence::of(probability));
        assert_eq!(dimension.interval, samples.interval(j, 0.9));
        assert_eq!(dimension.mean, laplace(&interview).mean()[j]);
        assert_eq!(dimension.sd, samples.weight_moments(j).1);
        assert_eq!(dimension.rms_difference, rms_differences[j]);
    }
    assert_eq!(profile.answers, 4);
}

#[test]
fn confidence_follows_the_probability_of_direction() {
    let names = [0.5, 0.79, 0.8, 0.94, 0.95, 1.0].map(|p| Confidence::of(p).name());
    assert_eq!(
        names,
        ["low", "low", "moderate", "moderate", "high", "high"]
    );
}

#[test]
fn the_axis_limit_comes_from_the_prior_and_does_not_change_with_answers() {
    let before = start(nine_pairs().deck(), rule("information-gain"), 100, 6);
    let limit = before.profile().unwrap().axis_limit;
    // Under the default prior weight × RMS difference has the standard deviation 2 / √d.
    assert!(
        (limit - 2.5 * 2.0 / 2.0_f64.sqrt()).abs() < 1e-12,
        "{limit}"
    );
    assert_eq!(after_four_answers().profile().unwrap().axis_limit, limit);
}
