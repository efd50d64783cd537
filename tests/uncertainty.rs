#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! Promise 4: it says how sure it is, and is right about it. The exact posterior is integrated here on a fine grid.

mod common;

use common::{dot, interview, nine_pairs, probabilities};
use leaning::ranking::{expected_regret, rank};
use leaning::{Answer, AnswerModel, Belief, Evidence, Offer, Posterior, Prior, Strategy};

/// More than one, so that a lucky run of draws does not pass for a right one.
const SEEDS: [u64; 3] = [4, 5, 6];
/// Draws for checks that are sharper than what a person is shown.
const DRAWS: usize = 4000;
/// What a draw of a Markov chain may be worth, in independent ones.
const WORTH: f64 = 0.5;

/// Standard errors that a draw-based number may be off.
const SIGMAS: f64 = 4.0;

/// One weight, with a grid on which its exact posterior is tabulated.
struct Exact {
    weights: Vec<f64>,
    /// Sums to one.
    masses: Vec<f64>,
}

impl Exact {
    /// `answers`: difference z, whether a tie was possible, outcome. The prior is N(mean, deviation²).
    fn new(mean: f64, deviation: f64, model: &AnswerModel, answers: &[(f64, bool, usize)]) -> Self {
        let nodes = 8001;
        let at = |node: usize| mean + deviation * (20.0 * node as f64 / (nodes - 1) as f64 - 10.0);
        let weights: Vec<f64> = (0..nodes).map(at).collect();
        let log_mass = |weight: f64| {
            let away = (weight - mean) / deviation;
            let told = answers
                .iter()
                .map(|&(z, tie, outcome)| probabilities(model, weight * z, tie)[outcome].ln());
            told.sum::<f64>() - 0.5 * away * away
        };
        let logs: Vec<f64> = weights.iter().map(|&weight| log_mass(weight)).collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logs.iter().map(|log| (log - most).exp()).sum();
        Exact {
            masses: logs.iter().map(|log| (log - most).exp() / sum).collect(),
            weights,
        }
    }

    fn expect(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.weights
            .iter()
            .zip(&self.masses)
            .map(|(&weight, mass)| mass * f(weight))
            .sum()
    }

    /// P(λ ≤ weight), half of the node itself counted.
    fn below(&self, weight: f64) -> f64 {
        let half_step = 0.5 * (self.weights[1] - self.weights[0]);
        self.expect(|other| ((weight - other + half_step) / (2.0 * half_step)).clamp(0.0, 1.0))
    }
}

struct Case {
    name: &'static str,
    deviation: f64,
    lapse: f64,
    indifference: f64,
    answers: Vec<(f64, bool, usize)>,
}

impl Case {
    fn belief(&self) -> Belief {
        let prior = Prior::new(&[0.0], &[vec![self.deviation * self.deviation]]).unwrap();
        let evidence: Vec<Evidence> = self
            .answers
            .iter()
            .map(|&(z, tie, outcome)| Evidence::Pair {
                difference: vec![z],
                tie,
                outcome,
            })
            .collect();
        Belief::infer(&prior, self.model(), &evidence).unwrap()
    }

    fn model(&self) -> AnswerModel {
        AnswerModel::new(self.lapse, self.indifference).unwrap()
    }

    fn exact(&self) -> Exact {
        Exact::new(0.0, self.deviation, &self.model(), &self.answers)
    }
}

/// `agreeing` answers for more of the dimension, spread over small and large differences, and `against` the opposite.
fn mostly(agreeing: usize, against: usize) -> Vec<(f64, bool, usize)> {
    let spread = |index: usize, count: usize| 0.4 + 1.2 * index as f64 / count as f64;
    let agreeing = (0..agreeing).map(|index| (spread(index, agreeing), true, 0));
    agreeing
        .chain((0..against).map(|index| (1.0 + 0.1 * index as f64, true, 1)))
        .collect()
}

fn cases() -> Vec<Case> {
    let case = |name, deviation, lapse, indifference, answers| Case {
        name,
        deviation,
        lapse,
        indifference,
        answers,
    };
    vec![
        case("nothing said", 2.0, 0.02, 0.5, vec![]),
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

/// What is further from the exact posterior than `SIGMAS` standard errors of so many independent draws.
fn complaints(case: &Case, posterior: &Posterior, draws: f64) -> Vec<String> {
    let exact = case.exact();
    let mean = exact.expect(|weight| weight);
    let variance = exact.expect(|weight| (weight - mean).powi(2));
    let fourth = exact.expect(|weight| (weight - mean).powi(4));
    let chance = 1.0 - exact.below(0.0);
    let (low, high) = posterior.interval(0, 0.9);
    let (found_mean, found_sd) = posterior.weight_moments(0);
    let of_chance = |p: f64| (p * (1.0 - p) / draws).sqrt();
    let rows = [
        ("mean", found_mean, mean, (variance / draws).sqrt()),
        (
            "variance",
            found_sd * found_sd,
            variance,
            ((fourth - variance * variance) / draws).sqrt(),
        ),
        (
            "P(positive)",
            posterior.chance_weight_positive(0),
            chance,
            of_chance(chance.clamp(0.0, 1.0)),
        ),
        (
            "P(below the interval)",
            exact.below(low),
            0.05,
            of_chance(0.05),
        ),
        (
            "P(above the interval)",
            1.0 - exact.below(high),
            0.05,
            of_chance(0.05),
        ),
    ];
    let complaint = |(what, found, expected, error): (&str, f64, f64, f64)| {
        let sigmas = (found - expected) / (error + 1e-12);
        let wrong = (found - expected).abs() > SIGMAS * error + 1e-3;
        wrong.then(|| {
            format!(
                "{}: {what} {found:.4}, exactly {expected:.4}: {sigmas:.1} sigmas",
                case.name
            )
        })
    };
    rows.into_iter().filter_map(complaint).collect()
}

#[test]
fn draws_have_the_exact_posteriors_moments_chances_and_intervals() {
    let wrong: Vec<String> = cases()
        .iter()
        .flat_map(|case| {
            let belief = case.belief();
            SEEDS.map(|seed| {
                complaints(
                    case,
                    &Posterior::sample_seeded(&belief, seed, DRAWS),
                    WORTH * DRAWS as f64,
                )
            })
        })
        .flatten()
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_a_person_is_shown_is_as_right_as_its_number_of_draws_allows() {
    let wrong: Vec<String> = cases()
        .iter()
        .flat_map(|case| {
            let posterior = Posterior::sample(&case.belief());
            complaints(case, &posterior, WORTH * posterior.draws().len() as f64)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_interval_of_nine_tenths_holds_nine_tenths() {
    let mut wrong = Vec::new();
    for case in cases() {
        let (exact, belief) = (case.exact(), case.belief());
        let shown = Posterior::sample(&belief);
        let others = SEEDS.map(|seed| Posterior::sample_seeded(&belief, seed, shown.draws().len()));
        for posterior in std::iter::once(shown).chain(others) {
            let (low, high) = posterior.interval(0, 0.9);
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
fn the_chances_that_are_shown_are_right_to_a_twentieth_where_the_gaussian_is_not() {
    // Of the posterior's mode and its Fisher information alone, a single tie against a prior away from zero.
    let model = AnswerModel::default();
    for (mean, answers) in [
        (1.0, vec![(1.5, true, 2)]),
        (1.0, vec![(2.0, true, 1)]),
        (0.5, mostly(2, 3)),
    ] {
        let prior = Prior::new(&[mean], &[vec![4.0]]).unwrap();
        let evidence: Vec<Evidence> = answers
            .iter()
            .map(|&(z, tie, outcome)| Evidence::Pair {
                difference: vec![z],
                tie,
                outcome,
            })
            .collect();
        let posterior = Posterior::sample(&Belief::infer(&prior, model, &evidence).unwrap());
        let exact = 1.0 - Exact::new(mean, 2.0, &model, &answers).below(0.0);
        let shown = posterior.chance_positive(&[1.0]);
        assert!(
            (shown - exact).abs() < 0.05,
            "{answers:?}: {shown} and {exact}"
        );
    }
}

/// Two weights: the mean, the chances and the variances of a posterior on a grid.
#[test]
fn in_two_dimensions_draws_agree_with_integration_over_the_plane() {
    let model = AnswerModel::default();
    let covariance = [[3.0, 1.0], [1.0, 2.0]];
    let prior = Prior::new(&[0.3, -0.2], &covariance.map(|row| row.to_vec())).unwrap();
    let answers = [
        ([1.0, 0.3], 0),
        ([-0.4, 1.2], 0),
        ([0.9, -1.0], 2),
        ([1.4, 0.2], 0),
        ([0.1, 1.1], 1),
        ([1.2, 1.2], 0),
    ];
    let evidence = answers.map(|(z, outcome)| Evidence::Pair {
        difference: z.to_vec(),
        tie: true,
        outcome,
    });
    let choice = Evidence::Choice {
        scores: vec![vec![1.0, 0.0], vec![0.0, 1.0], vec![-0.5, -0.5]],
        chose: 0,
    };
    let belief = Belief::infer(&prior, model, &[&evidence[..], &[choice]].concat()).unwrap();
    let posterior = Posterior::sample_seeded(&belief, SEEDS[0], DRAWS);

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
                mass *= probabilities(&model, z[0] * x + z[1] * y, true)[*outcome];
            }
            mass *= common::choice_probabilities(&model, &[x, y, -0.5 * x - 0.5 * y])[0];
            let u = z[0] * x + z[1] * y;
            total += mass;
            mean += mass * u;
            square += mass * u * u;
            positive += if u > 0.0 { mass } else { 0.0 };
        }
    }
    let (mean, chance) = (mean / total, positive / total);
    let deviation = (square / total - mean * mean).sqrt();
    let draws = WORTH * DRAWS as f64;
    let (found_mean, found_deviation) = posterior.moments(&z);
    assert!(
        (found_mean - mean).abs() < SIGMAS * deviation / draws.sqrt(),
        "{found_mean} {mean}"
    );
    // Close to Gaussian: the standard error of a standard deviation is σ / √(2n).
    let error = deviation / (2.0 * draws).sqrt();
    assert!(
        (found_deviation - deviation).abs() < 1.5 * SIGMAS * error,
        "{found_deviation} {deviation}"
    );
    let found = posterior.chance_positive(&z);
    assert!(
        (found - chance).abs() < SIGMAS * (chance * (1.0 - chance) / draws).sqrt() + 2e-3,
        "{found} {chance}"
    );
}

#[test]
fn with_no_answers_the_draws_are_those_of_the_prior() {
    let (mean, covariance) = ([1.0, -3.0], [vec![4.0, -1.5], vec![-1.5, 1.0]]);
    let prior = Prior::new(&mean, &covariance).unwrap();
    let posterior = Posterior::sample_seeded(
        &Belief::infer(&prior, AnswerModel::default(), &[]).unwrap(),
        SEEDS[0],
        DRAWS,
    );
    for z in [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.5, -2.0]] {
        let expected = dot(&mean, &z);
        let variance: f64 = z
            .iter()
            .zip(&covariance)
            .map(|(z_i, row)| z_i * dot(row, &z))
            .sum();
        let (found, deviation) = posterior.moments(&z);
        let error = (variance / DRAWS as f64).sqrt();
        assert!(
            (found - expected).abs() < SIGMAS * error,
            "{z:?}: {found} {expected}"
        );
        assert!(
            (deviation / variance.sqrt() - 1.0).abs() < SIGMAS / (2.0 * DRAWS as f64).sqrt(),
            "{z:?}: {deviation}"
        );
    }
}

#[test]
fn the_same_belief_gives_the_same_draws_and_another_seed_others() {
    let belief = cases()[4].belief();
    let draws = |posterior: &Posterior| {
        posterior
            .draws()
            .map(|draw| draw[0].to_bits())
            .collect::<Vec<u64>>()
    };
    assert_eq!(
        draws(&Posterior::sample(&belief)),
        draws(&Posterior::sample(&belief))
    );
    let (one, other) = (
        Posterior::sample_seeded(&belief, 1, 50),
        Posterior::sample_seeded(&belief, 2, 50),
    );
    assert_ne!(draws(&one), draws(&other));
    assert_eq!(one.draws().len(), 50);
    assert_eq!(Posterior::sample_seeded(&belief, 1, 0).draws().len(), 1);
}

#[test]
fn intervals_are_nested_and_chances_complementary() {
    for case in cases() {
        let posterior = Posterior::sample(&case.belief());
        let mut last = (f64::NEG_INFINITY, f64::INFINITY);
        for level in [0.999, 0.95, 0.9, 0.5, 0.1] {
            let (low, high) = posterior.interval(0, level);
            assert!(
                last.0 <= low && low <= high && high <= last.1,
                "{} {level}",
                case.name
            );
            last = (low, high);
        }
        let (one, other) = (
            posterior.chance_positive(&[1.0]),
            posterior.chance_positive(&[-2.0]),
        );
        assert!((one + other - 1.0).abs() < 1e-12);
        assert_eq!(posterior.chance_positive(&[0.0]), 0.5);
    }
}

fn told() -> leaning::Interview {
    let mut interview = interview(nine_pairs().deck(), Strategy::InformationGain, 100, 6);
    for answer in [
        Answer::Chose(0),
        Answer::Tie,
        Answer::Chose(1),
        Answer::Chose(1),
    ] {
        interview.next();
        interview.answer(answer).unwrap();
    }
    interview
}

fn offers(scores: &[[f64; 2]]) -> Vec<Offer> {
    let list: Vec<_> = scores
        .iter()
        .map(|scores| serde_json::json!({ "scores": scores }))
        .collect();
    Offer::read_list(&serde_json::json!(list).to_string().parse().unwrap(), 2).unwrap()
}

#[test]
fn the_chances_of_being_best_sum_to_one_and_identical_candidates_share() {
    let scores = [[1.0, 0.2], [-0.4, 0.9], [1.0, 0.2], [0.3, 0.3], [1.0, 0.2]];
    let ranked = told().rank(&offers(&scores), None).unwrap();
    assert!((ranked.iter().map(|ranked| ranked.chance_best).sum::<f64>() - 1.0).abs() < 1e-12);
    let of = |index: usize| ranked.iter().find(|ranked| ranked.index == index).unwrap();
    assert!((of(0).chance_best - of(2).chance_best).abs() < 1e-12);
    assert!((of(0).chance_best - of(4).chance_best).abs() < 1e-12);
    assert_eq!((of(0).reward, of(0).sd), (of(2).reward, of(2).sd));
    let equals: Vec<usize> = ranked
        .iter()
        .map(|ranked| ranked.index)
        .filter(|index| index % 2 == 0)
        .collect();
    assert_eq!(equals, [0, 2, 4], "equals stay in the caller's order");
}

#[test]
fn of_two_candidates_the_chance_of_being_best_is_the_chance_of_beating_the_other() {
    let interview = told();
    let ranked = interview
        .rank(&offers(&[[0.9, -0.2], [-0.3, 0.8]]), None)
        .unwrap();
    let of = |index: usize| ranked.iter().find(|ranked| ranked.index == index).unwrap();
    let beats = interview.posterior().chance_positive(&[1.2, -1.0]);
    assert!((of(0).chance_best - beats).abs() < 1e-12);
    // Each is half the difference away from the average, on opposite sides.
    let deviation = interview.posterior().moments(&[1.2, -1.0]).1;
    assert!(
        (of(0).sd - 0.5 * deviation).abs() < 1e-12 && (of(1).sd - 0.5 * deviation).abs() < 1e-12
    );
}

#[test]
fn contributions_sum_to_the_reward_over_the_average_and_probabilities_to_one() {
    let interview = told();
    let scores = [[1.0, 0.2], [-0.4, 0.9], [0.3, -1.3]];
    for temperature in [1e-300, 0.1, 1.0, 1e300] {
        let ranked = interview.rank(&offers(&scores), Some(temperature)).unwrap();
        let average = ranked.iter().map(|ranked| ranked.reward).sum::<f64>() / 3.0;
        for one in &ranked {
            let sum: f64 = one.contributions.iter().sum();
            assert!((sum - (one.reward - average)).abs() < 1e-12);
            assert!(
                (one.reward - dot(interview.belief().mean(), &scores[one.index])).abs() < 1e-12
            );
        }
        let total: f64 = ranked
            .iter()
            .map(|ranked| ranked.probability.unwrap())
            .sum();
        assert!(
            (total - 1.0).abs() < 1e-12,
            "temperature {temperature}: {total}"
        );
        assert!(
            ranked
                .windows(2)
                .all(|pair| pair[0].reward >= pair[1].reward)
        );
        assert!(
            ranked
                .windows(2)
                .all(|pair| pair[0].probability >= pair[1].probability)
        );
    }
}

/// The definition of [`expected_regret`], over the same draws.
fn regret_by_definition(belief: &Belief, posterior: &Posterior, prompts: &[Vec<Vec<f64>>]) -> f64 {
    let (mut lost, mut at_stake) = (0.0, 0.0);
    for scores in prompts {
        let picked = rank(belief, posterior, scores, None)[0].index;
        for draw in posterior.draws() {
            let rewards: Vec<f64> = scores.iter().map(|scores| dot(draw, scores)).collect();
            let best = rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            lost += best - rewards[picked];
            at_stake += best - rewards.iter().sum::<f64>() / rewards.len() as f64;
        }
    }
    lost / at_stake
}

#[test]
fn the_expected_regret_is_of_what_the_ranking_puts_first() {
    let interview = told();
    let prompts = [
        nine_pairs().prompts,
        vec![vec![vec![0.5, 0.5]; 3], vec![vec![1.0, 1.0]]],
    ]
    .concat();
    let regret = |belief: &Belief| {
        let posterior = Posterior::sample(belief);
        let found = expected_regret(belief, &posterior, prompts.iter().map(Vec::as_slice));
        (found, regret_by_definition(belief, &posterior, &prompts))
    };
    let (found, expected) = regret(interview.belief());
    assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    // Where nothing is known every candidate has the same reward; the ranking then puts the first one first.
    let deck = nine_pairs().deck();
    let (found, expected) = regret(&Belief::infer(deck.prior(), deck.answer_model(), &[]).unwrap());
    assert!((found - expected).abs() < 1e-12, "{found} {expected}");
}

#[test]
fn nothing_is_lost_where_there_is_nothing_to_choose() {
    let interview = told();
    let same = vec![vec![0.4, 0.1]; 3];
    assert_eq!(
        expected_regret(interview.belief(), interview.posterior(), [same.as_slice()]),
        0.0
    );
    assert_eq!(
        expected_regret(interview.belief(), interview.posterior(), []),
        0.0
    );
}

#[test]
fn a_profile_says_what_the_posterior_says() {
    let interview = told();
    let (profile, posterior) = (interview.profile(), interview.posterior());
    for (j, dimension) in profile.dimensions.iter().enumerate() {
        let positive = posterior.chance_weight_positive(j);
        let sure = if dimension.mean < 0.0 {
            1.0 - positive
        } else {
            positive
        };
        assert_eq!(
            (dimension.sure, dimension.interval),
            (sure, posterior.interval(j, 0.9))
        );
        assert_eq!(dimension.mean, interview.belief().mean()[j]);
    }
    assert_eq!(profile.answers, 4);
}
