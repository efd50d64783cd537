#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
//! Populations of several segments: who a person is likely to be, and what is then believed of their weights. The exact
//! posterior, a mixture, is integrated here on a grid, or by importance sampling where there are too many dimensions.

mod common;

use common::{
    Dice, Parts, Said, bits, choice_probabilities, dot, interview, nine_pairs, probabilities,
};
use leaning::deck::MAX_SEGMENTS;
use leaning::{
    Answer, AnswerModel, Belief, Deck, Error, Evidence, Options, Posterior, Prior, Segment,
    Strategy,
};
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

/// Draws for checks that are sharper than what a person is shown.
const DRAWS: usize = 4000;
/// What a chance of a segment may be off by, as it is shown.
const CLOSE: f64 = 0.02;

/// A segment: share, mean, covariance.
type Part = (f64, Vec<f64>, Vec<Vec<f64>>);

fn part<const D: usize>(share: f64, mean: [f64; D], covariance: [[f64; D]; D]) -> Part {
    (
        share,
        mean.to_vec(),
        covariance.map(|row| row.to_vec()).to_vec(),
    )
}

fn prior(parts: &[Part]) -> Prior {
    let segment = |(share, mean, covariance): &Part| {
        Segment::new(*share, mean, covariance).expect("is sound")
    };
    Prior::mixture(parts.iter().map(segment).collect()).expect("is sound")
}

fn shares(parts: &[Part]) -> Vec<f64> {
    let sum: f64 = parts.iter().map(|part| part.0).sum();
    parts.iter().map(|part| part.0 / sum).collect()
}

fn likelihood(model: &AnswerModel, evidence: &[Evidence], weights: &[f64]) -> f64 {
    let chance = |evidence: &Evidence| match evidence {
        Evidence::Pair {
            difference,
            tie,
            outcome,
        } => probabilities(model, dot(weights, difference), *tie)[*outcome],
        Evidence::Choice { scores, chose } => {
            let rewards: Vec<f64> = scores.iter().map(|scores| dot(weights, scores)).collect();
            choice_probabilities(model, &rewards)[*chose]
        }
        Evidence::Statement {
            dimension,
            weight,
            sd,
        } => {
            let away = (weights[*dimension] - weight) / sd;
            (-0.5 * away * away).exp() / sd
        }
    };
    evidence.iter().map(chance).product()
}

/// log N(weights; mean, covariance), without the π.
struct Normal {
    mean: DVector<f64>,
    precision: DMatrix<f64>,
    factor: DMatrix<f64>,
    half_log_determinant: f64,
}

impl Normal {
    fn new((_, mean, covariance): &Part) -> Self {
        let covariance = DMatrix::from_fn(mean.len(), mean.len(), |i, j| covariance[i][j]);
        let cholesky = covariance.cholesky().unwrap();
        let factor = cholesky.l();
        Normal {
            mean: DVector::from_column_slice(mean),
            precision: cholesky.inverse(),
            half_log_determinant: factor.diagonal().iter().map(|x| x.ln()).sum(),
            factor,
        }
    }

    fn log_density(&self, weights: &[f64]) -> f64 {
        let away = DVector::from_column_slice(weights) - &self.mean;
        -0.5 * away.dot(&(&self.precision * &away)) - self.half_log_determinant
    }
}

/// The exact posterior on the nodes of a grid: masses by segment, in all summing to one.
struct Exact {
    nodes: Vec<Vec<f64>>,
    masses: Vec<Vec<f64>>,
}

impl Exact {
    fn new(
        parts: &[Part],
        model: &AnswerModel,
        evidence: &[Evidence],
        nodes: Vec<Vec<f64>>,
    ) -> Self {
        let told: Vec<f64> = nodes
            .iter()
            .map(|node| likelihood(model, evidence, node))
            .collect();
        let of = |part: &Part| -> Vec<f64> {
            let normal = Normal::new(part);
            nodes
                .iter()
                .zip(&told)
                .map(|(node, told)| part.0 * told * normal.log_density(node).exp())
                .collect()
        };
        let mut masses: Vec<Vec<f64>> = parts.iter().map(of).collect();
        let total: f64 = masses.iter().flatten().sum();
        masses.iter_mut().flatten().for_each(|mass| *mass /= total);
        Exact { nodes, masses }
    }

    fn segments(&self) -> Vec<f64> {
        self.masses
            .iter()
            .map(|masses| masses.iter().sum())
            .collect()
    }

    fn expect(&self, f: impl Fn(&[f64]) -> f64) -> f64 {
        let mass = |node: usize| self.masses.iter().map(|masses| masses[node]).sum::<f64>();
        self.nodes
            .iter()
            .enumerate()
            .map(|(index, node)| mass(index) * f(node))
            .sum()
    }
}

fn line() -> Vec<Vec<f64>> {
    (-3000..=3000)
        .map(|node| vec![f64::from(node) * 0.006])
        .collect()
}

fn plane() -> Vec<Vec<f64>> {
    let axis = |node: i32| f64::from(node) * 0.1;
    (-90..=90)
        .flat_map(|i| (-90..=90).map(move |j| vec![axis(i), axis(j)]))
        .collect()
}

fn pair(difference: &[f64], outcome: usize) -> Evidence {
    Evidence::Pair {
        difference: difference.to_vec(),
        tie: true,
        outcome,
    }
}

fn on_the_line() -> Vec<(Vec<Part>, Vec<Evidence>)> {
    let poles = vec![part(3.0, [2.0], [[0.25]]), part(1.0, [-2.0], [[0.5]])];
    let nested = vec![part(0.5, [0.3], [[0.04]]), part(0.5, [0.0], [[9.0]])];
    let three = vec![
        part(0.2, [-3.0], [[0.3]]),
        part(0.5, [0.0], [[1.0]]),
        part(0.3, [2.5], [[2.0]]),
    ];
    let choice = Evidence::Choice {
        scores: vec![vec![0.5], vec![-0.4], vec![1.2]],
        chose: 1,
    };
    let answers = vec![
        vec![pair(&[1.0], 1)],
        vec![pair(&[0.4], 0), pair(&[-0.6], 0), pair(&[0.5], 2)],
        vec![
            pair(&[0.8], 1),
            pair(&[1.1], 1),
            pair(&[0.3], 0),
            pair(&[0.9], 1),
            pair(&[-0.7], 1),
        ],
        vec![
            choice,
            pair(&[0.5], 1),
            Evidence::Statement {
                dimension: 0,
                weight: -0.5,
                sd: 1.5,
            },
        ],
        vec![
            pair(&[2.0], 0),
            pair(&[1.5], 0),
            pair(&[1.0], 0),
            pair(&[2.5], 0),
            pair(&[0.5], 0),
            pair(&[1.0], 0),
        ],
    ];
    [poles, nested, three]
        .into_iter()
        .flat_map(|parts| answers.clone().into_iter().map(move |a| (parts.clone(), a)))
        .collect()
}

fn on_the_plane() -> Vec<(Vec<Part>, Vec<Evidence>)> {
    let two = vec![
        part(0.6, [1.0, -1.0], [[0.5, 0.3], [0.3, 0.6]]),
        part(0.4, [-1.0, 1.0], [[1.0, -0.4], [-0.4, 0.5]]),
    ];
    let three = vec![
        part(1.0, [1.5, 0.0], [[0.4, 0.0], [0.0, 0.4]]),
        part(1.0, [-0.75, 1.3], [[1.0, 0.5], [0.5, 1.0]]),
        part(2.0, [-0.75, -1.3], [[0.4, 0.1], [0.1, 1.5]]),
    ];
    let choice = Evidence::Choice {
        scores: vec![vec![0.5, 0.1], vec![-0.4, 0.9], vec![1.2, -1.0]],
        chose: 2,
    };
    let answers = vec![
        vec![pair(&[1.0, 0.2], 1), pair(&[0.3, 1.0], 2)],
        vec![
            pair(&[0.4, -0.8], 0),
            pair(&[-0.6, 1.1], 0),
            pair(&[1.5, 0.2], 1),
            choice,
        ],
    ];
    [two, three]
        .into_iter()
        .flat_map(|parts| answers.clone().into_iter().map(move |a| (parts.clone(), a)))
        .collect()
}

fn all() -> Vec<(Vec<Part>, Vec<Evidence>, Exact)> {
    let model = AnswerModel::default();
    let with =
        |cases: Vec<(Vec<Part>, Vec<Evidence>)>, nodes: &dyn Fn() -> Vec<Vec<f64>>| -> Vec<_> {
            let exact = |(parts, evidence): (Vec<Part>, Vec<Evidence>)| {
                let exact = Exact::new(&parts, &model, &evidence, nodes());
                (parts, evidence, exact)
            };
            cases.into_iter().map(exact).collect()
        };
    with(on_the_line(), &line)
        .into_iter()
        .chain(with(on_the_plane(), &plane))
        .collect()
}

fn believe(parts: &[Part], evidence: &[Evidence]) -> Belief {
    Belief::infer(&prior(parts), AnswerModel::default(), evidence).expect("the weights settle")
}

/// The largest difference between two lists of chances.
fn apart(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f64::max)
}

#[test]
fn the_chances_of_the_segments_are_those_of_bayes() {
    let mut wrong = Vec::new();
    let mut moved = 0.0_f64;
    for (parts, evidence, exact) in all() {
        let (belief, exact) = (believe(&parts, &evidence), exact.segments());
        let shown = Posterior::sample(&belief);
        for chances in [shown.segments(), &belief.segments()] {
            assert!(
                (chances.iter().sum::<f64>() - 1.0).abs() < 1e-12,
                "{chances:?}"
            );
        }
        if apart(shown.segments(), &exact) > CLOSE {
            wrong.push(format!(
                "posterior {:?}, exactly {exact:?}: {parts:?} {evidence:?}",
                shown.segments()
            ));
        }
        // Laplace's approximation.
        if apart(&belief.segments(), &exact) > 0.08 {
            wrong.push(format!(
                "belief {:?}, exactly {exact:?}: {parts:?} {evidence:?}",
                belief.segments()
            ));
        }
        moved = moved.max(apart(&exact, &shares(&parts)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(moved > 0.3, "the test needs answers that tell: {moved}");
}

#[test]
fn the_chances_of_the_segments_hold_for_any_seed() {
    for (parts, evidence, exact) in all().into_iter().step_by(4) {
        let belief = believe(&parts, &evidence);
        for seed in 1..4 {
            let found = Posterior::sample_seeded(&belief, seed, 100);
            let off = apart(found.segments(), &exact.segments());
            assert!(
                off < 1.5 * CLOSE,
                "seed {seed}: {off} {parts:?} {evidence:?}"
            );
        }
    }
}

#[test]
fn draws_are_of_the_mixture_that_integration_gives() {
    let mut wrong = Vec::new();
    for (parts, evidence, exact) in all() {
        let posterior = Posterior::sample_seeded(&believe(&parts, &evidence), 3, DRAWS);
        let d = parts[0].1.len();
        for z in [[1.0, 0.0], [0.6, -1.1]]
            .map(|z| z[..d].to_vec())
            .into_iter()
            .take(d)
        {
            let mean = exact.expect(|weights| dot(weights, &z));
            let deviation = exact
                .expect(|weights| (dot(weights, &z) - mean).powi(2))
                .sqrt();
            let (found, spread) = posterior.moments(&z);
            // What the chances of the segments are off by moves the mean, too.
            if (found - mean).abs() > 0.1 * deviation || (spread / deviation - 1.0).abs() > 0.1 {
                wrong.push(format!(
                    "{found} ± {spread}, exactly {mean} ± {deviation}: {parts:?} {evidence:?}"
                ));
            }
            for chance in [0.05, 0.25, 0.5, 0.75, 0.95] {
                let mut sorted: Vec<f64> = posterior.draws().map(|draw| dot(draw, &z)).collect();
                sorted.sort_by(f64::total_cmp);
                let quantile = sorted[(chance * DRAWS as f64) as usize];
                let below = exact.expect(|weights| {
                    if dot(weights, &z) < quantile {
                        1.0
                    } else {
                        0.0
                    }
                });
                // 4000 draws worth half as many: a standard error of at most 0.011.
                if (below - chance).abs() > CLOSE + 0.025 {
                    wrong.push(format!(
                        "{below} are below the {chance} quantile: {parts:?} {evidence:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn draws_are_as_many_as_asked_for_however_few_fall_to_a_segment() {
    let parts = [
        part(0.999, [1.0], [[1.0]]),
        part(0.001, [-1.0], [[1.0]]),
        part(1e-9, [0.0], [[1.0]]),
    ];
    for draws in [1, 2, 3, 10, 1001] {
        for evidence in [vec![], vec![pair(&[1.0], 0)]] {
            assert_eq!(
                Posterior::sample_seeded(&believe(&parts, &evidence), 1, draws)
                    .draws()
                    .len(),
                draws
            );
        }
    }
}

/// Mean and covariance of a mixture.
fn mixture_moments(
    chances: &[f64],
    means: &[Vec<f64>],
    covariances: &[Vec<Vec<f64>>],
) -> (DVector<f64>, DMatrix<f64>) {
    let d = means[0].len();
    let vector = |mean: &Vec<f64>| DVector::from_column_slice(mean);
    let mean = chances
        .iter()
        .zip(means)
        .fold(DVector::zeros(d), |sum, (&c, mean)| sum + c * vector(mean));
    let mut covariance = DMatrix::zeros(d, d);
    for ((&chance, of), within) in chances.iter().zip(means).zip(covariances) {
        let away = vector(of) - &mean;
        covariance +=
            chance * (DMatrix::from_fn(d, d, |i, j| within[i][j]) + &away * away.transpose());
    }
    (mean, covariance)
}

#[test]
fn who_has_said_nothing_is_of_each_segment_with_its_share() {
    for (parts, _) in on_the_line().into_iter().chain(on_the_plane()).step_by(2) {
        let belief = believe(&parts, &[]);
        let posterior = Posterior::sample_seeded(&belief, 9, DRAWS);
        assert!(apart(&belief.segments(), &shares(&parts)) < 1e-12);
        assert!(apart(posterior.segments(), &shares(&parts)) < 1e-12);
        let means: Vec<Vec<f64>> = parts.iter().map(|part| part.1.clone()).collect();
        let covariances: Vec<Vec<Vec<f64>>> = parts.iter().map(|part| part.2.clone()).collect();
        let (mean, covariance) = mixture_moments(&shares(&parts), &means, &covariances);
        let deviations = prior(&parts).deviations();
        for j in 0..mean.len() {
            let deviation = covariance[(j, j)].sqrt();
            assert!(
                (belief.mean()[j] - mean[j]).abs() < 1e-12
                    && (prior(&parts).mean()[j] - mean[j]).abs() < 1e-12
            );
            assert!((deviations[j] - deviation).abs() < 1e-12);
            let (found, spread) = posterior.weight_moments(j);
            let error = deviation / (DRAWS as f64).sqrt();
            assert!(
                (found - mean[j]).abs() < 4.0 * error,
                "{found}, not {}",
                mean[j]
            );
            assert!(
                (spread / deviation - 1.0).abs() < 0.06,
                "{spread}, not {deviation}"
            );
            for i in 0..mean.len() {
                assert!((belief.covariance()[i][j] - covariance[(i, j)]).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn the_belief_has_the_moments_of_the_mixture_of_its_segments() {
    for (parts, evidence) in on_the_line().into_iter().chain(on_the_plane()) {
        let belief = believe(&parts, &evidence);
        let alone: Vec<Belief> = parts
            .iter()
            .map(|part| believe(std::slice::from_ref(part), &evidence))
            .collect();
        let means: Vec<Vec<f64>> = alone.iter().map(|belief| belief.mean().to_vec()).collect();
        let covariances: Vec<Vec<Vec<f64>>> = alone.iter().map(Belief::covariance).collect();
        let (mean, covariance) = mixture_moments(&belief.segments(), &means, &covariances);
        for i in 0..mean.len() {
            assert!((belief.mean()[i] - mean[i]).abs() < 1e-9);
            for j in 0..mean.len() {
                assert!((belief.covariance()[i][j] - covariance[(i, j)]).abs() < 1e-9);
            }
        }
        // Laplace: w_k · exp(−objective_k) · √(|Σ_k| / |Σ_k⁰|), relative to their sum.
        let volume = |rows: &Vec<Vec<f64>>| {
            DMatrix::from_fn(rows.len(), rows.len(), |i, j| rows[i][j]).determinant()
        };
        let laplace =
            alone
                .iter()
                .zip(&parts)
                .zip(&covariances)
                .map(|((belief, part), covariance)| {
                    part.0
                        * (-belief.objective()).exp()
                        * (volume(covariance) / volume(&part.2)).sqrt()
                });
        let laplace: Vec<f64> = laplace.collect();
        let sum: f64 = laplace.iter().sum();
        let laplace: Vec<f64> = laplace.iter().map(|mass| mass / sum).collect();
        assert!(
            apart(&belief.segments(), &laplace) < 1e-9,
            "{:?}, not {laplace:?}",
            belief.segments()
        );
    }
}

#[test]
fn a_person_whose_segment_is_plain_is_taken_for_one_of_it() {
    let parts = [part(0.5, [3.0], [[0.2]]), part(0.5, [-3.0], [[0.2]])];
    let evidence: Vec<Evidence> = (0..8).map(|_| pair(&[1.0], 1)).collect();
    let belief = believe(&parts, &evidence);
    let posterior = Posterior::sample(&belief);
    assert!(
        belief.segments()[1] > 0.999 && posterior.segments()[1] > 0.999,
        "{:?}",
        posterior.segments()
    );
    assert!(posterior.draws().all(|draw| draw[0] < 0.0));
}

#[test]
fn five_segments_of_eight_dimensions_agree_with_importance_sampling() {
    let (d, mut dice) = (8, Dice(11));
    let segment = |index: usize, dice: &mut Dice| -> Part {
        let mean: Vec<f64> = (0..d).map(|_| 0.5 * dice.normal()).collect();
        let root = DMatrix::from_fn(d, d, |_, _| 0.25 * dice.normal());
        let covariance = &root * root.transpose() + DMatrix::identity(d, d) * 0.2;
        let rows = (0..d).map(|i| {
            (0..d)
                .map(|j| 0.5 * (covariance[(i, j)] + covariance[(j, i)]))
                .collect()
        });
        (1.0 + index as f64, mean, rows.collect())
    };
    let parts: Vec<Part> = (0..5).map(|index| segment(index, &mut dice)).collect();
    let mut answer = |_| {
        pair(
            &(0..d).map(|_| 0.8 * dice.normal()).collect::<Vec<_>>(),
            [0, 1, 0, 2][(dice.uniform() * 4.0) as usize],
        )
    };
    let evidence: Vec<Evidence> = (0..7).map(&mut answer).collect();
    // Draws of each segment's prior, weighted by what was said.
    let model = AnswerModel::default();
    let (mut masses, mut first) = (Vec::new(), 0.0);
    let mut dice = Dice(12);
    let draws = 20_000;
    for part in &parts {
        let normal = Normal::new(part);
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..draws {
            let away = DVector::from_fn(d, |_, _| dice.normal());
            let weights = &normal.mean + &normal.factor * away;
            let told = likelihood(&model, &evidence, weights.as_slice());
            sum += told;
            squares += told * told;
            first += part.0 * told * weights[0];
        }
        assert!(
            sum * sum / squares > 1000.0,
            "the test needs more draws that count"
        );
        masses.push(part.0 * sum);
    }
    let total: f64 = masses.iter().sum();
    let expected: Vec<f64> = masses.iter().map(|mass| mass / total).collect();
    let belief = believe(&parts, &evidence);
    let posterior = Posterior::sample(&belief);
    assert!(
        apart(posterior.segments(), &expected) < 1.5 * CLOSE,
        "{:?}, not {expected:?}",
        posterior.segments()
    );
    assert!(
        apart(&belief.segments(), &expected) < 0.08,
        "{:?}, not {expected:?}",
        belief.segments()
    );
    assert!(
        apart(&expected, &shares(&parts)) > 0.05,
        "the test needs answers that tell: {expected:?}"
    );
    let (mean, deviation) = posterior.weight_moments(0);
    assert!(
        (mean - first / total).abs() < 0.15 * deviation,
        "{mean}, not {}",
        first / total
    );
}

fn one_component() -> (Parts, Value) {
    let mut parts = nine_pairs();
    parts.prior = Some((vec![0.3, -0.2], vec![vec![3.0, 1.0], vec![1.0, 2.0]]));
    let mut deck = parts.json();
    deck["prior"] = json!({ "components": [{ "weight": 0.7, "mean": [0.3, -0.2], "covariance": [[3.0, 1.0], [1.0, 2.0]] }] });
    (parts, deck)
}

fn read(deck: &Value) -> Result<Deck, Error> {
    Deck::from_json(&deck.to_string())
}

#[test]
fn one_component_is_a_plain_prior_bit_for_bit() {
    let (parts, deck) = one_component();
    for strategy in Strategy::NAMES.map(|(_, strategy)| strategy) {
        let [mut plain, mut component] =
            [parts.deck(), read(&deck).unwrap()].map(|deck| interview(deck, strategy, 6, 4));
        for answer in [
            Answer::Chose(0),
            Answer::Tie,
            Answer::Chose(1),
            Answer::Skip,
            Answer::Chose(0),
        ] {
            assert_eq!(plain.next(), component.next());
            assert_eq!(bits(plain.belief()), bits(component.belief()));
            assert_eq!(
                plain.posterior().draws().collect::<Vec<_>>(),
                component.posterior().draws().collect::<Vec<_>>()
            );
            assert_eq!(
                (
                    component.belief().segments(),
                    component.posterior().segments()
                ),
                (vec![1.0], &[1.0][..])
            );
            plain.answer(answer).unwrap();
            component.answer(answer).unwrap();
        }
        assert_eq!(bits(plain.belief()), bits(component.belief()));
        assert_eq!(plain.status(), component.status());
    }
}

#[test]
fn the_shares_of_a_deck_count_relative_to_each_other() {
    let (parts, mut deck) = one_component();
    let mut with = |shares: [f64; 2]| {
        let covariance = [[1.0, 0.0], [0.0, 1.0]];
        deck["prior"] = json!({ "components": [{ "weight": shares[0], "mean": [1.0, 0.5], "covariance": covariance },
                                               { "weight": shares[1], "mean": [-1.0, 0.0], "covariance": covariance }] });
        let deck = read(&deck).unwrap();
        let records = [
            parts.record("one", 0, &[0, 1], Said::Chose(0)),
            parts.record("two", 1, &[1, 2], Said::Chose(0)),
        ];
        common::belief_of(&deck, &parts.log(&records)).segments()
    };
    assert!(apart(&with([0.25, 0.75]), &with([1.0, 3.0])) < 1e-12);
    assert!(apart(&with([0.25, 0.75]), &with([3.0, 1.0])) > 0.1);
}

/// Place and words of what is wrong with a deck.
fn flaw(deck: &Value) -> (String, String) {
    match read(deck) {
        Err(Error::Deck(flaw)) => (flaw.path().to_owned(), flaw.message().to_owned()),
        other => panic!("no flaw is found: {other:?}"),
    }
}

#[test]
fn a_broken_component_is_named_by_its_place() {
    let (_, deck) = one_component();
    let sound = json!({ "weight": 1, "mean": [0, 0], "covariance": [[1, 0], [0, 1]] });
    let with = |components: Value| {
        let mut deck = deck.clone();
        deck["prior"] = json!({ "components": components });
        deck
    };
    let second = |change: &dyn Fn(&mut Value)| {
        let mut broken = sound.clone();
        change(&mut broken);
        flaw(&with(json!([sound, broken, sound])))
    };
    let without = |name: &'static str| {
        second(&|component| drop(component.as_object_mut().unwrap().remove(name)))
    };
    let setting =
        |name: &'static str, value: Value| second(&|component| component[name] = value.clone());
    let is = |found: (String, String), place: &str, words: &str| {
        assert_eq!((found.0.as_str(), found.1.as_str()), (place, words));
    };
    let weight = "prior.components[1].weight";
    is(
        setting("weight", json!(0)),
        weight,
        "expected a number above 0",
    );
    is(
        setting("weight", json!(-2.5)),
        weight,
        "expected a number above 0",
    );
    let found = [
        without("weight"),
        setting("weight", json!("much")),
        setting("weight", json!(2e100)),
    ];
    assert!(found.iter().all(|(place, _)| place == weight), "{found:?}");
    let mean = "prior.components[1].mean";
    assert_eq!(without("mean").0, mean);
    is(
        setting("mean", json!([1])),
        mean,
        "expected 2 numbers, found 1",
    );
    is(
        setting("mean", json!([1, 2, 3])),
        mean,
        "expected 2 numbers, found 3",
    );
    assert_eq!(
        setting("mean", json!([1, "2"])).0,
        "prior.components[1].mean[1]"
    );
    let covariance = "prior.components[1].covariance";
    assert_eq!(without("covariance").0, covariance);
    is(
        setting("covariance", json!([[1, 0]])),
        covariance,
        "expected 2 rows, found 1",
    );
    is(
        setting("covariance", json!([[1, 0], [0, 1], [0, 0]])),
        covariance,
        "expected 2 rows, found 3",
    );
    is(
        setting("covariance", json!([[1, 0], [0]])),
        &format!("{covariance}[1]"),
        "expected 2 numbers, found 1",
    );
    is(
        setting("covariance", json!([[1, 0.5], [0, 1]])),
        covariance,
        "not symmetric in row 1, column 0",
    );
    is(
        setting("covariance", json!([[1, 2], [2, 1]])),
        covariance,
        "not positive definite",
    );
    is(
        setting("covariance", json!([[0, 0], [0, 1]])),
        covariance,
        "not positive definite",
    );
    assert_eq!(flaw(&with(json!([sound, 7]))).0, "prior.components[1]");
    assert_eq!(flaw(&with(json!({}))).0, "prior.components");
}

#[test]
fn a_deck_has_one_to_a_hundred_components() {
    let (_, mut deck) = one_component();
    let mut with = |count: usize| {
        let component = json!({ "weight": 1, "mean": [0, 0], "covariance": [[1, 0], [0, 1]] });
        deck["prior"] = json!({ "components": vec![component; count] });
        deck.clone()
    };
    assert_eq!(MAX_SEGMENTS, 100);
    assert_eq!(
        read(&with(MAX_SEGMENTS)).unwrap().prior().segments().len(),
        MAX_SEGMENTS
    );
    let place = "prior.components".to_owned();
    assert_eq!(
        flaw(&with(MAX_SEGMENTS + 1)),
        (
            place.clone(),
            "expected at most 100 components, found 101".to_owned()
        )
    );
    assert_eq!(
        flaw(&with(0)),
        (place, "expected at least one segment".to_owned())
    );
}

#[test]
fn components_whose_shares_add_up_to_no_number_are_refused_in_words() {
    let part = |share| Segment::new(share, &[0.0], &[vec![1.0]]).unwrap();
    for shares in [
        vec![],
        vec![0.0],
        vec![1.0, -1.0],
        vec![f64::NAN],
        vec![1.0, f64::INFINITY],
        vec![f64::MAX; 2],
    ] {
        assert!(
            Prior::mixture(shares.iter().map(|&share| part(share)).collect()).is_err(),
            "{shares:?}"
        );
    }
    let other = Segment::new(1.0, &[0.0, 0.0], &[vec![1.0, 0.0], vec![0.0, 1.0]]).unwrap();
    assert_eq!(
        Prior::mixture(vec![part(1.0), other]).unwrap_err(),
        "segment 1 has other dimensions than the first"
    );
}

#[test]
fn how_many_a_question_shows_is_two_to_four() {
    let (_, deck) = one_component();
    let with = |choose: Value| {
        let mut deck = deck.clone();
        deck["choose"] = choose;
        deck
    };
    assert_eq!(read(&deck).unwrap().choose(), 2);
    for choose in [2, 3, 4] {
        assert_eq!(read(&with(json!(choose))).unwrap().choose(), choose);
    }
    for choose in [json!(0), json!(1), json!(5), json!(-3), json!(2.5)] {
        let expected = (
            "choose".to_owned(),
            "expected a whole number from 2 to 4".to_owned(),
        );
        assert_eq!(flaw(&with(choose.clone())), expected, "{choose}");
    }
    for choose in [json!("3"), json!(true), json!([3]), json!({})] {
        assert_eq!(flaw(&with(choose.clone())).0, "choose", "{choose}");
    }
    // What the caller says goes before what the deck says.
    let options = |choose| Options {
        choose,
        seed: Some(1),
        ..Options::default()
    };
    let shown = |choose| {
        let deck = read(&with(json!(3))).unwrap();
        leaning::Interview::start(deck, options(choose))
            .unwrap()
            .next()
            .unwrap()
            .shown
            .len()
    };
    assert_eq!((shown(None), shown(Some(2)), shown(Some(3))), (3, 2, 3));
}
