//! Mixture priors: the probability that a person belongs to each component, and the weights given
//! that. The exact posterior, a mixture, is integrated here on a grid, or by importance sampling
//! where there are too many dimensions.

use crate::common::{
    self, Pcg, Reply, ask, bits, likelihood, matrix, nine_pairs, pair, start, vector,
};
use leaning::model::evidence::columns;
use leaning::nalgebra::{DMatrix, DVector};
use leaning::question::acquisition::RULES;
use leaning::{
    Answer, AnswerModel, Deck, Evidence, LaplaceApproximation, MixtureComponent, PosteriorSamples,
    Prior,
};
use serde_json::json;

/// Samples for checks that are sharper than the numbers a person is shown.
const SAMPLES: usize = 4000;
/// The error that a component's probability may have as it is shown.
const CLOSE: f64 = 0.02;

fn component<const D: usize>(
    weight: f64,
    mean: [f64; D],
    covariance: [[f64; D]; D],
) -> MixtureComponent {
    MixtureComponent::new(weight, vector(&mean), matrix(covariance)).expect("it is valid")
}

fn mixture(components: &[MixtureComponent]) -> Prior {
    Prior::mixture(components.to_vec()).expect("it is valid")
}

fn shares(components: &[MixtureComponent]) -> Vec<f64> {
    let sum: f64 = components.iter().map(MixtureComponent::weight).sum();
    components
        .iter()
        .map(|component| component.weight() / sum)
        .collect()
}

/// log N(weights; mean, covariance) of a component, without the π.
struct LogDensity {
    mean: DVector<f64>,
    precision: DMatrix<f64>,
    half_log_determinant: f64,
}

impl LogDensity {
    fn new(component: &MixtureComponent) -> Self {
        let cholesky = component.covariance().cholesky().unwrap();
        LogDensity {
            mean: component.mean().clone(),
            precision: cholesky.inverse(),
            half_log_determinant: cholesky.l().diagonal().iter().map(|x| x.ln()).sum(),
        }
    }

    fn at(&self, weights: &DVector<f64>) -> f64 {
        let away = weights - &self.mean;
        -0.5 * away.dot(&(&self.precision * &away)) - self.half_log_determinant
    }
}

fn likelihood_of_all(evidence: &[Evidence], weights: &DVector<f64>) -> f64 {
    let model = AnswerModel::default();
    evidence
        .iter()
        .map(|one| likelihood(&model, one, weights))
        .product()
}

/// The exact posterior on the nodes of a grid.
struct Exact {
    nodes: Vec<DVector<f64>>,
    /// By component and node. They sum to 1.
    masses: Vec<Vec<f64>>,
}

impl Exact {
    fn new(
        components: &[MixtureComponent],
        evidence: &[Evidence],
        nodes: Vec<DVector<f64>>,
    ) -> Self {
        let likelihoods: Vec<f64> = nodes
            .iter()
            .map(|node| likelihood_of_all(evidence, node))
            .collect();
        let masses_of = |component: &MixtureComponent| -> Vec<f64> {
            let density = LogDensity::new(component);
            let mass =
                |(node, likelihood)| component.weight() * likelihood * density.at(node).exp();
            nodes.iter().zip(&likelihoods).map(mass).collect()
        };
        let mut masses: Vec<Vec<f64>> = components.iter().map(masses_of).collect();
        let total: f64 = masses.iter().flatten().sum();
        masses.iter_mut().flatten().for_each(|mass| *mass /= total);
        Exact { nodes, masses }
    }

    fn component_probabilities(&self) -> Vec<f64> {
        self.masses
            .iter()
            .map(|masses| masses.iter().sum())
            .collect()
    }

    fn expect(&self, f: impl Fn(&DVector<f64>) -> f64) -> f64 {
        let mass = |node: usize| self.masses.iter().map(|masses| masses[node]).sum::<f64>();
        self.nodes
            .iter()
            .enumerate()
            .map(|(index, node)| mass(index) * f(node))
            .sum()
    }
}

fn line() -> Vec<DVector<f64>> {
    (-3000..=3000)
        .map(|node| vector(&[f64::from(node) * 0.006]))
        .collect()
}

fn plane() -> Vec<DVector<f64>> {
    let axis = |node: i32| f64::from(node) * 0.1;
    let nodes = (-90..=90).flat_map(|i| (-90..=90).map(move |j| [axis(i), axis(j)]));
    nodes.map(|node| vector(&node)).collect()
}

/// An answer about two candidates, where a tie was possible.
fn answer(difference: &[f64], outcome: usize) -> Evidence {
    pair(difference, true, outcome)
}

/// The components of a prior, and evidence.
type Case = (Vec<MixtureComponent>, Vec<Evidence>);

fn combine(priors: Vec<Vec<MixtureComponent>>, evidence: &[Vec<Evidence>]) -> Vec<Case> {
    let with = |prior: Vec<MixtureComponent>| {
        let with = move |evidence: &Vec<Evidence>| (prior.clone(), evidence.clone());
        evidence.iter().map(with)
    };
    priors.into_iter().flat_map(with).collect()
}

fn on_the_line() -> Vec<Case> {
    let poles = vec![
        component(3.0, [2.0], [[0.25]]),
        component(1.0, [-2.0], [[0.5]]),
    ];
    let nested = vec![
        component(0.5, [0.3], [[0.04]]),
        component(0.5, [0.0], [[9.0]]),
    ];
    let three = vec![
        component(0.2, [-3.0], [[0.3]]),
        component(0.5, [0.0], [[1.0]]),
        component(0.3, [2.5], [[2.0]]),
    ];
    let choice = Evidence::Choice {
        scores: columns(&[[0.5], [-0.4], [1.2]]),
        chose: 1,
    };
    let statement = Evidence::Statement {
        dimension: 0,
        weight: -0.5,
        sd: 1.5,
    };
    let answers = |answers: &[(f64, usize)]| -> Vec<Evidence> {
        answers
            .iter()
            .map(|&(z, outcome)| answer(&[z], outcome))
            .collect()
    };
    let evidence = vec![
        answers(&[(1.0, 1)]),
        answers(&[(0.4, 0), (-0.6, 0), (0.5, 2)]),
        answers(&[(0.8, 1), (1.1, 1), (0.3, 0), (0.9, 1), (-0.7, 1)]),
        vec![choice, answer(&[0.5], 1), statement],
        answers(&[(2.0, 0), (1.5, 0), (1.0, 0), (2.5, 0), (0.5, 0), (1.0, 0)]),
    ];
    combine(vec![poles, nested, three], &evidence)
}

fn on_the_plane() -> Vec<Case> {
    let two = vec![
        component(0.6, [1.0, -1.0], [[0.5, 0.3], [0.3, 0.6]]),
        component(0.4, [-1.0, 1.0], [[1.0, -0.4], [-0.4, 0.5]]),
    ];
    let three = vec![
        component(1.0, [1.5, 0.0], [[0.4, 0.0], [0.0, 0.4]]),
        component(1.0, [-0.75, 1.3], [[1.0, 0.5], [0.5, 1.0]]),
        component(2.0, [-0.75, -1.3], [[0.4, 0.1], [0.1, 1.5]]),
    ];
    let choice = Evidence::Choice {
        scores: columns(&[[0.5, 0.1], [-0.4, 0.9], [1.2, -1.0]]),
        chose: 2,
    };
    let evidence = vec![
        vec![answer(&[1.0, 0.2], 1), answer(&[0.3, 1.0], 2)],
        vec![
            answer(&[0.4, -0.8], 0),
            answer(&[-0.6, 1.1], 0),
            answer(&[1.5, 0.2], 1),
            choice,
        ],
    ];
    combine(vec![two, three], &evidence)
}

fn all() -> Vec<(Case, Exact)> {
    let with = |cases: Vec<Case>, nodes: &dyn Fn() -> Vec<DVector<f64>>| -> Vec<(Case, Exact)> {
        let exact = |(components, evidence): Case| {
            let exact = Exact::new(&components, &evidence, nodes());
            ((components, evidence), exact)
        };
        cases.into_iter().map(exact).collect()
    };
    let mut all = with(on_the_line(), &line);
    all.extend(with(on_the_plane(), &plane));
    all
}

fn infer(components: &[MixtureComponent], evidence: &[Evidence]) -> LaplaceApproximation {
    LaplaceApproximation::infer(&mixture(components), AnswerModel::default(), evidence)
        .expect("the weights can be inferred")
}

/// The largest difference between two lists of probabilities.
fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
    (vector(a) - vector(b)).amax()
}

#[test]
fn the_probabilities_of_the_components_follow_bayes_rule() {
    let mut wrong = Vec::new();
    let mut moved = 0.0_f64;
    for ((components, evidence), exact) in all() {
        let laplace = infer(&components, &evidence);
        let samples = PosteriorSamples::draw(&laplace);
        let exact = exact.component_probabilities();
        let by_samples = samples.component_probabilities();
        let by_laplace = laplace.component_probabilities();
        for probabilities in [by_samples, &by_laplace] {
            let sum: f64 = probabilities.iter().sum();
            assert!((sum - 1.0).abs() < 1e-12, "{probabilities:?}");
        }
        if largest_difference(by_samples, &exact) > CLOSE {
            wrong.push(format!(
                "samples {by_samples:?}, exactly {exact:?}: {evidence:?}"
            ));
        }
        if largest_difference(&by_laplace, &exact) > 0.08 {
            wrong.push(format!(
                "Laplace {by_laplace:?}, exactly {exact:?}: {evidence:?}"
            ));
        }
        moved = moved.max(largest_difference(&exact, &shares(&components)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(moved > 0.3, "the test needs informative answers: {moved}");
}

#[test]
fn the_probabilities_of_the_components_hold_for_any_seed() {
    for ((components, evidence), exact) in all().into_iter().step_by(4) {
        let laplace = infer(&components, &evidence);
        for seed in 1..4 {
            let samples = PosteriorSamples::draw_seeded(&laplace, seed, 100);
            let exact = exact.component_probabilities();
            let off = largest_difference(samples.component_probabilities(), &exact);
            assert!(
                off < 1.5 * CLOSE,
                "seed {seed}: {off} {components:?} {evidence:?}"
            );
        }
    }
}

#[test]
fn samples_are_those_of_the_mixture_by_integration() {
    let mut wrong = Vec::new();
    for ((components, evidence), exact) in all() {
        let samples = PosteriorSamples::draw_seeded(&infer(&components, &evidence), 3, SAMPLES);
        let d = components[0].mean().len();
        for z in [[1.0, 0.0], [0.6, -1.1]]
            .iter()
            .map(|z| vector(&z[..d]))
            .take(d)
        {
            let mean = exact.expect(|weights| weights.dot(&z));
            let sd = exact
                .expect(|weights| (weights.dot(&z) - mean).powi(2))
                .sqrt();
            let (found_mean, found_sd) = samples.moments(&z);
            // Errors of the components' probabilities move the mean, too.
            if (found_mean - mean).abs() > 0.1 * sd || (found_sd / sd - 1.0).abs() > 0.1 {
                let found = format!("{found_mean} ± {found_sd}, exactly {mean} ± {sd}");
                wrong.push(format!("{found}: {components:?} {evidence:?}"));
            }
            let mut sorted: Vec<(f64, f64)> = samples
                .weights()
                .row_iter()
                .map(|weights| weights.transpose().dot(&z))
                .zip(samples.probabilities().iter().copied())
                .collect();
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
            for level in [0.05, 0.25, 0.5, 0.75, 0.95] {
                let mut left = level;
                let quantile = sorted.iter().find(|(_, probability)| {
                    left -= probability;
                    left < 0.0
                });
                let quantile = quantile.expect("the level is below 1").0;
                let below = exact.expect(|weights| f64::from(u8::from(weights.dot(&z) < quantile)));
                // The grid has steps of its own.
                if (below - level).abs() > CLOSE + 0.02 {
                    let found = format!("{below} lie below the {level} quantile");
                    wrong.push(format!("{found}: {components:?} {evidence:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn there_are_at_least_the_samples_requested_however_improbable_a_component_is() {
    let components = [
        component(0.999, [1.0], [[1.0]]),
        component(0.001, [-1.0], [[1.0]]),
        component(1e-9, [0.0], [[1.0]]),
    ];
    for evidence in [vec![], vec![answer(&[1.0], 0)]] {
        let laplace = infer(&components, &evidence);
        for count in [1, 2, 3, 10, 1001] {
            let samples = PosteriorSamples::draw_seeded(&laplace, 1, count);
            // The numbers of points are powers of two.
            assert!((count..=2 * count + 2).contains(&samples.count()));
            assert_eq!(samples.weights().nrows(), samples.count());
            assert_eq!(samples.probabilities().len(), samples.count());
            assert!((samples.probabilities().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}

/// Mean and covariance of a mixture.
fn mixture_moments(
    probabilities: &[f64],
    means: &[DVector<f64>],
    covariances: &[DMatrix<f64>],
) -> (DVector<f64>, DMatrix<f64>) {
    let d = means[0].len();
    let mut mean = DVector::zeros(d);
    for (&p, of) in probabilities.iter().zip(means) {
        mean += p * of;
    }
    let mut covariance = DMatrix::zeros(d, d);
    for ((&p, of), within) in probabilities.iter().zip(means).zip(covariances) {
        let away = of - &mean;
        covariance += p * (within + &away * away.transpose());
    }
    (mean, covariance)
}

#[test]
fn without_answers_a_person_belongs_to_each_component_with_its_share() {
    for (components, _) in on_the_line().into_iter().chain(on_the_plane()).step_by(2) {
        let (laplace, prior) = (infer(&components, &[]), mixture(&components));
        let samples = PosteriorSamples::draw_seeded(&laplace, 9, SAMPLES);
        let shares = shares(&components);
        assert!(largest_difference(&laplace.component_probabilities(), &shares) < 1e-12);
        assert!(largest_difference(samples.component_probabilities(), &shares) < 1e-12);
        let means: Vec<_> = components.iter().map(|one| one.mean().clone()).collect();
        let covariances: Vec<_> = components
            .iter()
            .map(MixtureComponent::covariance)
            .collect();
        let (mean, covariance) = mixture_moments(&shares, &means, &covariances);
        assert!((laplace.mean() - &mean).amax() < 1e-12);
        assert!((prior.mean() - &mean).amax() < 1e-12);
        assert!((laplace.covariance() - &covariance).amax() < 1e-12);
        assert!((prior.covariance() - &covariance).amax() < 1e-12);
        for j in 0..mean.len() {
            let sd = covariance[(j, j)].sqrt();
            assert!((prior.standard_deviations()[j] - sd).abs() < 1e-12);
            let (found_mean, found_sd) = samples.weight_moments(j);
            let error = sd / (SAMPLES as f64).sqrt();
            assert!(
                (found_mean - mean[j]).abs() < 4.0 * error,
                "{found_mean}, not {}",
                mean[j]
            );
            assert!((found_sd / sd - 1.0).abs() < 0.06, "{found_sd}, not {sd}");
        }
    }
}

#[test]
fn the_approximation_has_the_moments_of_the_mixture_of_its_components() {
    for (components, evidence) in on_the_line().into_iter().chain(on_the_plane()) {
        let laplace = infer(&components, &evidence);
        let probabilities = laplace.component_probabilities();
        let alone: Vec<LaplaceApproximation> = components
            .iter()
            .map(|one| infer(std::slice::from_ref(one), &evidence))
            .collect();
        let means: Vec<_> = alone.iter().map(|of| of.mean().clone()).collect();
        let covariances: Vec<_> = alone.iter().map(LaplaceApproximation::covariance).collect();
        let (mean, covariance) = mixture_moments(&probabilities, &means, &covariances);
        assert!((laplace.mean() - mean).amax() < 1e-9);
        assert!((laplace.covariance() - covariance).amax() < 1e-9);
        // Laplace: w_k · exp(−objective_k) · √(|Σ_k| / |Σ_k⁰|), relative to their sum.
        let mass = |(of, component): (&LaplaceApproximation, &MixtureComponent)| {
            let shrunk = of.covariance().determinant() / component.covariance().determinant();
            component.weight() * (-of.objective()).exp() * shrunk.sqrt()
        };
        let masses: Vec<f64> = alone.iter().zip(&components).map(mass).collect();
        let sum: f64 = masses.iter().sum();
        let expected: Vec<f64> = masses.iter().map(|mass| mass / sum).collect();
        let off = largest_difference(&probabilities, &expected);
        assert!(off < 1e-9, "{probabilities:?}, not {expected:?}");
        // The likelihood of the evidence by Laplace's approximation.
        let evidence = sum / components.iter().map(MixtureComponent::weight).sum::<f64>();
        assert!((laplace.objective() + evidence.ln()).abs() < 1e-9);
    }
}

#[test]
fn a_person_whose_component_is_plain_is_taken_to_belong_to_it() {
    let components = [
        component(0.5, [3.0], [[0.2]]),
        component(0.5, [-3.0], [[0.2]]),
    ];
    let evidence = vec![answer(&[1.0], 1); 8];
    let laplace = infer(&components, &evidence);
    let samples = PosteriorSamples::draw(&laplace);
    assert!(laplace.component_probabilities()[1] > 0.999);
    assert!(samples.component_probabilities()[1] > 0.999);
    assert!(samples.weights().iter().all(|weight| *weight < 0.0));
}

#[test]
fn five_components_in_eight_dimensions_agree_with_importance_sampling() {
    let (d, mut random) = (8, Pcg::new(13));
    let components: Vec<MixtureComponent> = (0..5)
        .map(|index| {
            let mean = 0.5 * vector(&random.normals(d));
            let root = DMatrix::from_fn(d, d, |_, _| 0.25 * random.normal());
            let covariance = &root * root.transpose() + 0.2 * DMatrix::identity(d, d);
            MixtureComponent::new(1.0 + f64::from(index), mean, covariance).unwrap()
        })
        .collect();
    let evidence: Vec<Evidence> = (0..7)
        .map(|_| {
            let difference = 0.8 * vector(&random.normals(d));
            answer(difference.as_slice(), [0, 1, 0, 2][random.below(4)])
        })
        .collect();
    // Draws of each component's prior, weighted by the likelihood.
    let (mut masses, mut first) = (Vec::new(), 0.0);
    let mut random = Pcg::new(12);
    for component in &components {
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..20_000 {
            let weights = component.mean() + component.factor() * vector(&random.normals(d));
            let likelihood = likelihood_of_all(&evidence, &weights);
            sum += likelihood;
            squares += likelihood * likelihood;
            first += component.weight() * likelihood * weights[0];
        }
        assert!(
            sum * sum / squares > 1000.0,
            "the test needs more effective draws"
        );
        masses.push(component.weight() * sum);
    }
    let total: f64 = masses.iter().sum();
    let expected: Vec<f64> = masses.iter().map(|mass| mass / total).collect();
    let laplace = infer(&components, &evidence);
    let samples = PosteriorSamples::draw(&laplace);
    let off = largest_difference(samples.component_probabilities(), &expected);
    assert!(
        off < 1.5 * CLOSE,
        "{:?}, not {expected:?}",
        samples.component_probabilities()
    );
    let off = largest_difference(&laplace.component_probabilities(), &expected);
    assert!(
        off < 0.08,
        "{:?}, not {expected:?}",
        laplace.component_probabilities()
    );
    let moved = largest_difference(&expected, &shares(&components));
    assert!(
        moved > 0.05,
        "the test needs informative answers: {expected:?}"
    );
    let (mean, sd) = samples.weight_moments(0);
    let exact = first / total;
    assert!((mean - exact).abs() < 0.15 * sd, "{mean}, not {exact}");
}

#[test]
fn one_component_is_a_plain_prior_bit_for_bit() {
    let mut parts = nine_pairs();
    parts.prior = Some((vector(&[0.3, -0.2]), matrix([[3.0, 1.0], [1.0, 2.0]])));
    let mut json = parts.json();
    json["prior"] = json!({ "components": [
        { "weight": 0.7, "mean": [0.3, -0.2], "covariance": [[3.0, 1.0], [1.0, 2.0]] }
    ] });
    for strategy in RULES {
        let [mut plain, mut component] =
            [parts.deck(), Deck::read(&json).unwrap()].map(|deck| start(deck, strategy, 6, 4));
        for answer in [
            Answer::Chose(0),
            Answer::Tie,
            Answer::Chose(1),
            Answer::Skip,
            Answer::Chose(0),
        ] {
            assert_eq!(ask(&mut plain), ask(&mut component));
            let [a, b] = [&plain, &component].map(common::laplace);
            assert_eq!(bits(a), bits(b));
            assert_eq!(b.component_probabilities(), [1.0]);
            let [a, b] = [&plain, &component].map(|one| one.posterior_samples().unwrap());
            assert_eq!(a.weights(), b.weights());
            assert_eq!(b.component_probabilities(), [1.0]);
            plain.answer(answer).unwrap();
            component.answer(answer).unwrap();
        }
        assert_eq!(
            bits(common::laplace(&plain)),
            bits(common::laplace(&component))
        );
        assert_eq!(plain.status(), component.status());
    }
}

#[test]
fn the_shares_of_a_deck_count_relative_to_each_other() {
    let parts = nine_pairs();
    let probabilities = |shares: [f64; 2]| {
        let unit = [[1.0, 0.0], [0.0, 1.0]];
        let mut json = parts.json();
        json["prior"] = json!({ "components": [
            { "weight": shares[0], "mean": [1.0, 0.5], "covariance": unit },
            { "weight": shares[1], "mean": [-1.0, 0.0], "covariance": unit }
        ] });
        let entries = [
            parts.entry("one", 0, &[0, 1], Reply::Chose(0)),
            parts.entry("two", 1, &[1, 2], Reply::Chose(0)),
        ];
        let deck = Deck::read(json).unwrap();
        common::infer_log(&deck, &parts.log(&entries)).component_probabilities()
    };
    let quarter = probabilities([0.25, 0.75]);
    assert!(largest_difference(&quarter, &probabilities([1.0, 3.0])) < 1e-12);
    assert!(largest_difference(&quarter, &probabilities([3.0, 1.0])) > 0.1);
}
