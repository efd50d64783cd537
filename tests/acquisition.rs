//! Each acquisition rule asks the question that its published formula would ask, found here by
//! trying every pair. Questions about three and four candidates are compared by independent draws.

use crate::common::{
    DeckParts, Pcg, Reply, ask, bits, candidate_name, choice_probabilities, dot, drafts,
    entropy_term, laplace, likelihood, matrix, pair_probabilities, rule, sigmoid, sorted_names,
    variance, vector,
};
use leaning::inference::Projection;
use leaning::model::EntryKind;
use leaning::model::evidence::columns;
use leaning::nalgebra::{DMatrix, DVector};
use leaning::question::acquisition::RULES;
use leaning::question::acquisition::a_optimal::a_optimal;
use leaning::question::acquisition::d_optimal::d_optimal;
use leaning::question::acquisition::decision::v_optimal;
use leaning::question::acquisition::information_gain::information_gain;
use leaning::question::acquisition::margin::margin;
use leaning::question::acquisition::thompson::thompson;
use leaning::{
    Answer, AnswerModel, Candidate, Deck, Evidence, Interview, LaplaceApproximation, Log, Options,
    PosteriorSamples, Question, StopRule,
};
use std::collections::{BTreeMap, BTreeSet};

const ENOUGH: usize = 1000;

/// Bradley and Terry's model, for which the formulas are published.
const MODEL: AnswerModel = AnswerModel::BRADLEY_TERRY;

/// Prompts with these numbers of candidates in three dimensions, and a prior that is neither round
/// nor centred.
fn some_parts(sizes: &[usize], seed: u64) -> DeckParts {
    let mut random = Pcg::new(seed);
    let mut prompt = |&size: &usize| (0..size).map(|_| random.normals(3)).collect();
    let covariance = matrix([[2.0, 0.5, -0.3], [0.5, 1.0, 0.1], [-0.3, 0.1, 0.4]]);
    DeckParts {
        prompts: sizes.iter().map(&mut prompt).collect(),
        prior: Some((vector(&[0.6, -0.3, 0.1]), covariance)),
        lapse: 0.0,
        indifference: 0.0,
    }
}

fn start(parts: &DeckParts, strategy: &str, shown: usize, seed: u64) -> Interview {
    let options = Options {
        strategy: rule(strategy),
        stop: StopRule {
            questions: ENOUGH,
            ..StopRule::default()
        },
        candidates_per_question: Some(shown),
        seed: Some(seed),
        ..Options::default()
    };
    Interview::start(parts.deck(), options).expect("the options are valid")
}

/// Score differences by the names of pairs.
type Pairs = BTreeMap<Vec<String>, DVector<f64>>;

/// The pairs that may be asked: those that were not answered, of another prompt than the last one's
/// if possible.
fn eligible(interview: &Interview) -> Pairs {
    let (mut asked, mut last) = (Vec::new(), None);
    for entry in interview.log().live() {
        if let EntryKind::Answer { shown, .. } = &entry.kind {
            asked.push(shown.clone());
            last = shown[0].split('/').next().map(str::to_owned);
        }
    }
    let mut open = Pairs::new();
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
                    open.insert(names, vector(&a.scores) - vector(&b.scores));
                }
            }
        }
    }
    let elsewhere = |names: &Vec<String>| names[0].split('/').next() != last.as_deref();
    if open.keys().any(elsewhere) {
        open.retain(|names, _| elsewhere(names));
    }
    open
}

/// The names of the pair with the highest score, and that score.
fn best(pairs: &Pairs, score: impl Fn(&DVector<f64>) -> f64) -> (Vec<String>, f64) {
    let scored = pairs.iter().map(|(names, z)| (names.clone(), score(z)));
    scored
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .expect("there are pairs")
}

/// H(E P) − E H(P) in bits for u ~ N(mean, variance).
fn mutual_information(mean: f64, variance: f64) -> f64 {
    let (mut expected, mut entropy, mut total) = ([0.0; 2], 0.0, 0.0);
    for node in -1000..=1000 {
        let x = f64::from(node) * 0.008;
        let weight = (-0.5 * x * x).exp();
        total += weight;
        let probabilities = pair_probabilities(&MODEL, mean + variance.sqrt() * x, false);
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

/// p(1−p), the Fisher information of an answer.
fn fisher_information(u: f64) -> f64 {
    sigmoid(u) * sigmoid(-u)
}

/// N(m, S), and the matrix A for the rule that aims at decisions.
struct Gaussian {
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
    aim: DMatrix<f64>,
}

impl Gaussian {
    fn of(laplace: &LaplaceApproximation) -> Self {
        let d = laplace.dimensions();
        Gaussian {
            mean: laplace.mean().clone(),
            covariance: laplace.covariance(),
            aim: DMatrix::zeros(d, d),
        }
    }

    /// The published formula of a rule at z.
    fn formula(&self, strategy: &str, z: &DVector<f64>) -> f64 {
        let (mean, shift) = (self.mean.dot(z), &self.covariance * z);
        let (information, variance) = (fisher_information(mean), z.dot(&shift));
        let divisor = 1.0 + information * variance;
        match strategy {
            "margin" => -(sigmoid(mean) - 0.5).abs(),
            "d-optimal" => divisor.ln(),
            "a-optimal" => information * shift.norm_squared() / divisor,
            "decision" => information * shift.dot(&(&self.aim * &shift)) / divisor,
            "information-gain" => mutual_information(mean, variance),
            other => panic!("no formula for {other}"),
        }
    }
}

#[test]
fn the_scores_of_plain_pairs_are_the_published_formulas() {
    let mut random = Pcg::new(1);
    for _ in 0..200 {
        let d = 3;
        let [covariance, aim] = [0, 1].map(|_| {
            let root = DMatrix::from_fn(d, d, |_, _| random.normal());
            &root * root.transpose()
        });
        let mean = vector(&random.normals(d));
        let gaussian = Gaussian {
            mean,
            covariance,
            aim,
        };
        let Gaussian {
            mean: m,
            covariance: s,
            aim: a,
        } = &gaussian;
        let z = vector(&random.normals(d));
        let shift = s * &z;
        let (mean, variance, aimed) = (m.dot(&z), z.dot(&shift), a * &shift);
        let by_a_optimal = a_optimal(&MODEL.pair_scale(false), mean, variance, &shift);
        let by_v_optimal = v_optimal(&MODEL.pair_scale(false), mean, variance, &shift, &aimed);
        for (strategy, found) in [
            ("margin", margin(&MODEL.pair_scale(false), mean)),
            (
                "d-optimal",
                d_optimal(&MODEL.pair_scale(false), mean, variance),
            ),
            ("a-optimal", by_a_optimal),
            ("decision", by_v_optimal),
        ] {
            let expected = gaussian.formula(strategy, &z);
            let off = (found - expected).abs();
            assert!(
                off < 1e-10 * (1.0 + expected.abs()),
                "{strategy}: {found} {expected}"
            );
        }
        let found = information_gain(
            &MODEL.pair_scale(false),
            &Projection::gaussian(mean, variance),
        );
        assert!((found - gaussian.formula("information-gain", &z)).abs() < 1e-4);
        // An answer takes this much from tr S and from tr AS: the covariance after it is
        // (S⁻¹ + p(1−p)zzᵀ)⁻¹.
        let precision = s.clone().try_inverse().unwrap();
        let after = (&precision + fisher_information(mean) * &z * z.transpose())
            .try_inverse()
            .unwrap();
        let condition = s.norm() * precision.norm();
        for (found, expected) in [
            (by_a_optimal, (s - &after).trace()),
            (by_v_optimal, (a * (s - &after)).trace()),
        ] {
            let tolerance = 1e-13 * condition * (1.0 + expected.abs()) * 100.0;
            assert!((found - expected).abs() < tolerance, "{found} {expected}");
        }
        let other = vector(&random.normals(d)).dot(&z);
        let found = thompson(&MODEL.pair_scale(false), mean, other);
        assert!((found - (sigmoid(mean) - sigmoid(other)).abs()).abs() < 1e-14);
    }
}

/// A, the mean outer product of φ_best − φ_picked over all prompts and two hundred samples, evenly
/// spaced by their probabilities: those that an interview looks at. With all of them another pair may
/// be the best.
fn aim(interview: &Interview) -> DMatrix<f64> {
    let samples = PosteriorSamples::draw(laplace(interview));
    let d = laplace(interview).dimensions();
    let mut sum = DMatrix::zeros(d, d);
    let mut count = 0.0;
    let drawn: Vec<usize> = (0..200)
        .map(|k| {
            let mut left = (f64::from(k) + 0.5) / 200.0;
            let place = samples.probabilities().iter().position(|probability| {
                left -= probability;
                left <= 0.0
            });
            place.expect("the probabilities sum to 1")
        })
        .collect();
    for prompt in interview.deck().prompts() {
        let scores = prompt.scores();
        let picked = scores.tr_mul(laplace(interview).mean()).argmax().0;
        for &place in &drawn {
            let rewards = (samples.weights().row(place) * &scores).transpose();
            let best = rewards.argmax().0;
            let z = scores.column(best) - scores.column(picked);
            sum += &z * z.transpose();
            count += 1.0;
        }
    }
    sum / count
}

/// The answer of a person with these weights who never errs.
fn reply(question: &Question) -> Answer {
    let reward = |place: usize| dot(&[0.9, -1.1, 0.5], &question.candidates[place].scores);
    let places = 0..question.candidates.len();
    Answer::Chose(
        places
            .max_by(|&a, &b| reward(a).total_cmp(&reward(b)))
            .unwrap(),
    )
}

#[test]
fn each_rule_asks_the_pair_that_is_best_by_its_formula() {
    for (strategy, tolerance) in [
        ("margin", 1e-9),
        ("d-optimal", 1e-9),
        ("a-optimal", 1e-9),
        ("information-gain", 1e-4),
    ] {
        for world in 0..4 {
            let parts = some_parts(&[4, 3, 5, 2], world);
            let mut interview = start(&parts, strategy, 2, world);
            let mut asked = BTreeSet::new();
            for _ in 0..16 {
                let pairs = eligible(&interview);
                let gaussian = Gaussian::of(laplace(&interview));
                let score = |z: &DVector<f64>| gaussian.formula(strategy, z);
                let (_, most) = best(&pairs, score);
                let question = ask(&mut interview).expect("there are 20 pairs");
                let z = pairs
                    .get(&sorted_names(&question))
                    .expect("it may be asked");
                let found = score(z);
                assert!(
                    (found - most).abs() < tolerance,
                    "{strategy}: {found} of {most}"
                );
                let found = question.score;
                assert!(
                    (found - most).abs() < tolerance,
                    "{strategy}: {found} {most}"
                );
                assert_eq!(question.strategy, strategy);
                assert!(asked.insert(sorted_names(&question)));
                interview.answer(reply(&question)).unwrap();
            }
        }
    }
}

#[test]
fn the_decision_rule_aims_at_candidates_that_may_be_better_than_the_pick() {
    let mut elsewhere = 0;
    for world in 0..4 {
        let parts = some_parts(&[4, 3, 5, 2], world);
        let mut interview = start(&parts, "decision", 2, world);
        for _ in 0..8 {
            let pairs = eligible(&interview);
            let gaussian = Gaussian {
                aim: aim(&interview),
                ..Gaussian::of(laplace(&interview))
            };
            let score = |z: &DVector<f64>| gaussian.formula("decision", z);
            let question = ask(&mut interview).unwrap();
            let found = score(
                pairs
                    .get(&sorted_names(&question))
                    .expect("it may be asked"),
            );
            let (_, most) = best(&pairs, score);
            assert!(found > (1.0 - 1e-9) * most, "{found} of {most}");
            // The scores of all pairs are in the proportion of ours.
            for (mut names, theirs) in interview.alternatives(4).unwrap() {
                names.sort();
                let ours = score(&pairs[names.as_slice()]) / found;
                let theirs = theirs / question.score;
                assert!(
                    (ours - theirs).abs() < 1e-9,
                    "{names:?}: {theirs}, not {ours}"
                );
            }
            let (names, _) = best(&pairs, |z| gaussian.formula("a-optimal", z));
            elsewhere += usize::from(score(&pairs[&names]) < 0.9 * most);
            interview.answer(reply(&question)).unwrap();
        }
    }
    assert!(
        elsewhere >= 5,
        "the test needs aims that matter: {elsewhere}"
    );
}

/// Counts by the names of pairs.
type Counts = BTreeMap<Vec<String>, f64>;

/// Fails if χ² is 5 standard deviations above its mean.
fn chi_squared_is_usual(counts: &Counts, expected: &Counts) {
    let known = counts.keys().all(|names| expected.contains_key(names));
    assert!(known, "{counts:?} {expected:?}");
    let term = |(names, expected): (&Vec<String>, &f64)| {
        (counts.get(names).unwrap_or(&0.0) - expected).powi(2) / expected
    };
    let sum: f64 = expected.iter().map(term).sum();
    let freedom = expected.len() as f64 - 1.0;
    let bound = freedom + 5.0 * (2.0 * freedom).sqrt();
    assert!(
        sum < bound,
        "χ² {sum} with {freedom} degrees of freedom: {counts:?}"
    );
}

fn count_by_seed(seeds: u64, question: impl Fn(u64) -> Vec<String>) -> Counts {
    let mut counts = Counts::new();
    for seed in 0..seeds {
        *counts.entry(question(seed)).or_insert(0.0) += 1.0;
    }
    counts
}

#[test]
fn random_questions_are_uniform_over_pairs_and_not_over_prompts() {
    let parts = some_parts(&[4, 2, 3], 5);
    let pairs = eligible(&start(&parts, "random", 2, 0));
    assert_eq!(pairs.len(), 10);
    let expected = pairs.into_keys().map(|names| (names, 100.0)).collect();
    let first = |seed| sorted_names(&ask(&mut start(&parts, "random", 2, seed)).unwrap());
    chi_squared_is_usual(&count_by_seed(1000, first), &expected);
    // Later ones are uniform over the pairs that are left.
    let entries = [
        parts.entry("one", 1, &[0, 1], Reply::Chose(0)),
        parts.entry("two", 0, &[1, 3], Reply::Chose(0)),
    ];
    let third = |seed| {
        let mut interview = start(&parts, "random", 2, seed);
        interview.replace(parts.log(&entries)).unwrap();
        sorted_names(&ask(&mut interview).unwrap())
    };
    let names = |pair: [usize; 2]| pair.map(|candidate| candidate_name(2, candidate)).to_vec();
    let expected = [[0, 1], [0, 2], [1, 2]].map(|pair| (names(pair), 200.0));
    chi_squared_is_usual(&count_by_seed(600, third), &Counts::from(expected));
}

#[test]
fn thompson_asks_where_two_samples_of_the_posterior_disagree_most() {
    let parts = some_parts(&[4, 3], 6);
    let entries = [parts.entry("one", 0, &[1, 3], Reply::Chose(0))];
    for entries in [&entries[..0], &entries[..]] {
        let opened = |seed| {
            let mut interview = start(&parts, "thompson", 2, seed);
            interview.replace(parts.log(entries)).unwrap();
            interview
        };
        let first = opened(0);
        let pairs: Vec<(Vec<String>, DVector<f64>)> = eligible(&first).into_iter().collect();
        let samples = PosteriorSamples::draw(laplace(&first));
        let probabilities: Vec<Vec<f64>> = samples
            .weights()
            .row_iter()
            .map(|weights| {
                let weights = weights.transpose();
                pairs.iter().map(|(_, z)| sigmoid(weights.dot(z))).collect()
            })
            .collect();
        // For every two samples: the pair they disagree on most, and by how much.
        let mut wins = vec![0.0; pairs.len()];
        let mut scores = Vec::new();
        for (one, of_one) in probabilities.iter().zip(samples.probabilities()) {
            for (other, of_other) in probabilities.iter().zip(samples.probabilities()) {
                let (mut most, mut place) = (0.0, 0);
                for (index, (p, q)) in one.iter().zip(other).enumerate() {
                    if (p - q).abs() > most {
                        (most, place) = ((p - q).abs(), index);
                    }
                }
                wins[place] += of_one * of_other;
                scores.push(most);
            }
        }
        scores.sort_by(f64::total_cmp);
        let seeds = 200;
        let expected: Counts = pairs
            .iter()
            .zip(&wins)
            .map(|((names, _), wins)| (names.clone(), wins * seeds as f64))
            .filter(|(_, count)| *count > 0.5)
            .collect();
        let counts = count_by_seed(seeds, |seed| {
            let question = ask(&mut opened(seed)).unwrap();
            let place = scores.partition_point(|score| score + 1e-13 < question.score);
            let nearest = scores[place.min(scores.len() - 1)];
            let off = (nearest - question.score).abs();
            assert!(
                off < 1e-12,
                "{} is the score of no two samples",
                question.score
            );
            sorted_names(&question)
        });
        let is_expected = |names: &Vec<String>| expected.contains_key(names);
        let (common, rare): (Counts, Counts) = counts
            .into_iter()
            .partition(|(names, _)| is_expected(names));
        assert!(rare.values().all(|count| *count <= 6.0), "{rare:?}");
        chi_squared_is_usual(&common, &expected);
    }
}

/// Mutual information, in bits, of the choice among candidates and the weights, for draws of the
/// weights with their likelihoods.
fn bits_of_choice(
    model: &AnswerModel,
    draws: &[(DVector<f64>, f64)],
    shown: &[impl AsRef<[f64]>],
) -> f64 {
    let scores = columns(shown);
    let (mut expected, mut entropy, mut total) = (vec![0.0; shown.len()], 0.0, 0.0);
    for (weights, likelihood) in draws {
        let rewards = scores.tr_mul(weights);
        total += likelihood;
        for (sum, p) in expected
            .iter_mut()
            .zip(choice_probabilities(model, rewards.as_slice()))
        {
            *sum += likelihood * p;
            entropy += likelihood * entropy_term(p);
        }
    }
    expected
        .iter()
        .map(|sum| entropy_term(sum / total))
        .sum::<f64>()
        - entropy / total
}

/// Draws of the prior, each with the likelihood of the answers so far.
fn weighted_draws(interview: &Interview, parts: &DeckParts) -> Vec<(DVector<f64>, f64)> {
    let (mean, covariance) = parts.prior.as_ref().unwrap();
    let root = covariance.clone().cholesky().unwrap().l();
    let model = interview.deck().answer_model();
    let evidence = interview.log().evidence(interview.deck());
    let mut random = Pcg::new(99);
    let mut draw = || {
        let weights = mean + &root * vector(&random.normals(3));
        let all = evidence
            .iter()
            .map(|evidence| likelihood(&model, evidence, &weights))
            .product();
        (weights, all)
    };
    (0..3000).map(|_| draw()).collect()
}

/// Bits that may be lost by judging candidates by some two hundred samples.
const NOISE: f64 = 0.04;

fn shown_places(question: &Question) -> Vec<usize> {
    question
        .candidates
        .iter()
        .map(|shown| shown.index)
        .collect()
}

fn shown_scores(question: &Question) -> Vec<&[f64]> {
    question
        .candidates
        .iter()
        .map(|shown| &shown.scores[..])
        .collect()
}

#[test]
fn the_best_pair_is_joined_by_the_candidate_that_makes_the_answer_tell_most() {
    let mut least = f64::INFINITY;
    for world in 0..6 {
        let parts = some_parts(&[6, 6], world);
        let mut interview = start(&parts, "d-optimal", 3, world);
        for _ in 0..2 {
            let gaussian = Gaussian::of(laplace(&interview));
            let (names, _) = best(&eligible(&interview), |z| gaussian.formula("d-optimal", z));
            let question = ask(&mut interview).unwrap();
            let prompt = &parts.prompts[question.prompt.unwrap()];
            let is_of_pair =
                |&place: &usize| names.contains(&candidate_name(question.prompt.unwrap(), place));
            let (two, third): (Vec<usize>, Vec<usize>) =
                shown_places(&question).into_iter().partition(is_of_pair);
            assert_eq!(
                (two.len(), third.len()),
                (2, 1),
                "it extends the best pair {names:?}"
            );
            let model = interview.deck().answer_model();
            let draws = weighted_draws(&interview, &parts);
            let bits = |third: usize| {
                let shown = [&prompt[two[0]], &prompt[two[1]], &prompt[third]];
                bits_of_choice(&model, &draws, &shown)
            };
            let others: Vec<f64> = (0..6)
                .filter(|other| !two.contains(other))
                .map(bits)
                .collect();
            let most = others.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            least = least.min(others.iter().copied().fold(most, f64::min) - most);
            let found = bits(third[0]);
            assert!(found > most - NOISE, "{found} of {others:?}");
            let off = (question.score - found).abs();
            assert!(off < 2.0 * NOISE, "{} {found}", question.score);
            interview.answer(reply(&question)).unwrap();
        }
    }
    assert!(
        least < -3.0 * NOISE,
        "the test needs candidates that are worse: {least}"
    );
}

#[test]
fn information_gain_asks_about_the_best_of_all_sets_that_extend_good_pairs() {
    for (shown, world) in [(3, 0), (3, 1), (4, 2), (4, 3)] {
        let parts = some_parts(&[5, 5], world);
        let mut interview = start(&parts, "information-gain", shown, world);
        for _ in 0..2 {
            let model = interview.deck().answer_model();
            let draws = weighted_draws(&interview, &parts);
            let prompts: BTreeSet<usize> = eligible(&interview)
                .keys()
                .map(|names| usize::from(names[0].starts_with("p2")))
                .collect();
            let question = ask(&mut interview).unwrap();
            assert_eq!(question.candidates.len(), shown);
            let found = bits_of_choice(&model, &draws, &shown_scores(&question));
            let off = (question.score - found).abs();
            assert!(off < 2.0 * NOISE, "{} {found}", question.score);
            // All sets of that size, not only those that a greedy search finds.
            let mut most = 0.0_f64;
            for prompt in prompts {
                for set in (0..1_u32 << 5).filter(|set| set.count_ones() as usize == shown) {
                    let places = (0..5).filter(|place| set >> place & 1 == 1);
                    let scores: Vec<&Vec<f64>> =
                        places.map(|place| &parts.prompts[prompt][place]).collect();
                    most = most.max(bits_of_choice(&model, &draws, &scores));
                }
            }
            assert!(found > most - 1.5 * NOISE, "{found} of {most} bits");
            interview.answer(reply(&question)).unwrap();
        }
    }
}

#[test]
fn questions_about_several_show_candidates_of_one_prompt_and_no_pair_twice() {
    let sizes = [6, 5, 4, 3, 2];
    let parts = DeckParts {
        lapse: 0.02,
        indifference: 0.5,
        ..some_parts(&sizes, 4)
    };
    for strategy in RULES {
        for (count, by_deck) in [(3, true), (4, false)] {
            let mut json = parts.json();
            json["candidatesPerQuestion"] = (if by_deck { count } else { 2 }).into();
            let options = Options {
                strategy,
                stop: StopRule {
                    questions: ENOUGH,
                    ..StopRule::default()
                },
                seed: Some(3),
                candidates_per_question: (!by_deck).then_some(count),
                ..Options::default()
            };
            let mut interview = Interview::start(Deck::read(json).unwrap(), options).unwrap();
            let mut asked: BTreeSet<(usize, usize, usize)> = BTreeSet::new();
            let mut first_sizes = BTreeMap::new();
            while let Some(question) = ask(&mut interview) {
                let prompt = question.prompt.unwrap();
                let shown = shown_places(&question);
                let most = count.min(parts.prompts[prompt].len());
                assert!((2..=most).contains(&shown.len()), "{shown:?}");
                for one in &question.candidates {
                    assert_eq!(one.name, candidate_name(prompt, one.index));
                    assert_eq!(one.scores, parts.prompts[prompt][one.index]);
                }
                for (i, &a) in shown.iter().enumerate() {
                    for &b in &shown[..i] {
                        let is_new = asked.insert((prompt, a.min(b), a.max(b)));
                        assert!(a != b && is_new, "{strategy:?}: {shown:?} again");
                    }
                }
                // A tie between several would tell nothing.
                assert_eq!(question.offered.tie, shown.len() == 2);
                assert!(question.offered.neither && question.offered.skip);
                if shown.len() > 2 {
                    assert!(interview.answer(Answer::Tie).is_err());
                }
                // The first question about a prompt shows as many as it may.
                first_sizes.entry(prompt).or_insert(shown.len());
                interview.answer(reply(&question)).unwrap();
            }
            assert_eq!(asked.len(), 15 + 10 + 6 + 3 + 1, "{strategy:?} {count}");
            let expected = sizes.map(|size: usize| size.min(count));
            let found: Vec<usize> = first_sizes.into_values().collect();
            assert_eq!(found, expected, "{strategy:?}");
            // The answers mean the same when they are read again.
            let log = Log::from_json(&interview.log().to_json(), interview.deck()).unwrap();
            let again = Interview::open(interview.deck().clone(), log, Options::default()).unwrap();
            assert_eq!(bits(laplace(&again)), bits(laplace(&interview)));
            let evidence = again.log().evidence(again.deck());
            assert!(
                evidence
                    .iter()
                    .any(|one| matches!(one, Evidence::Choice { .. }))
            );
        }
    }
}

#[test]
fn neither_of_several_tells_nothing_and_is_not_asked_again() {
    let parts = DeckParts {
        indifference: 0.5,
        ..some_parts(&[3, 3], 4)
    };
    let mut interview = start(&parts, "information-gain", 3, 1);
    let prior = bits(laplace(&interview));
    let first = ask(&mut interview).unwrap();
    interview.answer(Answer::Neither).unwrap();
    assert_eq!(bits(laplace(&interview)), prior);
    assert_eq!(interview.counts(), (1, 1));
    assert_ne!(ask(&mut interview).unwrap().prompt, first.prompt);
    interview.answer(Answer::Chose(2)).unwrap();
    assert_ne!(bits(laplace(&interview)), prior);
    assert!(ask(&mut interview).is_none());
}

#[test]
fn the_three_drafts_whose_comparison_tells_most_are_compared() {
    let parts = some_parts(&[3, 3], 4);
    for world in 0..5 {
        let mut interview = start(&parts, "random", 3, world);
        let mut random = Pcg::new(world);
        let scores: Vec<Vec<f64>> = (0..6).map(|_| random.normals(3)).collect();
        let drafts = drafts(&scores);
        let question = interview
            .compare(&drafts)
            .unwrap()
            .expect("it is worth asking");
        let shown = shown_places(&question);
        assert_eq!(
            (question.prompt, question.offered.tie, shown.len()),
            (None, false, 3)
        );
        for one in &question.candidates {
            assert_eq!(
                (&one.scores, &one.name),
                (&scores[one.index], &drafts[one.index].name)
            );
        }
        assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), 3);
        let draws = weighted_draws(&interview, &parts);
        let bits = |places: &[usize]| {
            let scores: Vec<&Vec<f64>> = places.iter().map(|&place| &scores[place]).collect();
            bits_of_choice(&MODEL, &draws, &scores)
        };
        // Greedily: the best two, and the best third beside them.
        let pairs = (0..6).flat_map(|a| (0..a).map(move |b| [b, a]));
        let two = pairs.max_by(|a, b| bits(a).total_cmp(&bits(b))).unwrap();
        let thirds = (0..6).filter(|third| !two.contains(third));
        let most = thirds
            .map(|third| bits(&[two[0], two[1], third]))
            .fold(0.0, f64::max);
        let found = bits(&shown);
        assert!(found > most - 1.5 * NOISE, "{found} of {most}");
        assert!((question.score - found).abs() < 2.0 * NOISE);
        // Neither the three nor any two of them are compared again.
        let three: Vec<Candidate> = shown.iter().map(|&place| drafts[place].clone()).collect();
        interview.observe(&three, Answer::Chose(0)).unwrap();
        assert_eq!(interview.compare(&three).unwrap(), None);
        if let Some(question) = interview.compare(&drafts).unwrap() {
            let later = shown_places(&question);
            let again = later.iter().filter(|place| shown.contains(place)).count();
            assert!(again < 2, "{shown:?} and {later:?}");
        }
    }
}

#[test]
fn two_drafts_are_compared_however_many_candidates_a_question_shows() {
    let parts = DeckParts {
        indifference: 0.5,
        ..some_parts(&[3, 3], 4)
    };
    let interview = start(&parts, "random", 4, 1);
    let two = drafts(&[[1.0, -1.0, 0.0], [-1.0, 0.5, 0.3]]);
    let question = interview.compare(&two).unwrap().unwrap();
    assert_eq!((question.candidates.len(), question.offered.tie), (2, true));
}

#[test]
fn the_variance_of_a_reward_difference_is_that_of_the_approximation() {
    let parts = some_parts(&[4, 3], 6);
    let entries = [parts.entry("one", 0, &[1, 3], Reply::Chose(0))];
    let mut interview = start(&parts, "margin", 2, 1);
    interview.replace(parts.log(&entries)).unwrap();
    let laplace = laplace(&interview);
    for z in eligible(&interview).values() {
        let (mean, found) = laplace.project(z.as_view()).moments();
        let expected = variance(&laplace.covariance(), z);
        assert!((mean - laplace.mean().dot(z)).abs() < 1e-12);
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }
}

/// Beside the gain of every pair, where pairs are many, alike or with hardly anything left to tell; also when
/// answers are taken back, after which more is open than before.
#[test]
fn the_most_telling_question_is_found_among_all() {
    let mut random = Pcg::new(5);
    for (seed, spread, prompts) in [(1, 0.3, 120), (2, 1.0, 600), (3, 6.0, 600)] {
        let mut parts = some_parts(&vec![4; prompts], seed);
        parts.indifference = 0.5;
        for number in parts.prompts.iter_mut().flatten().flatten() {
            *number *= spread;
        }
        let mut interview = start(&parts, "information-gain", 2, seed);
        for step in 0..40 {
            if step == 25 {
                for _ in 0..20 {
                    assert!(interview.undo());
                }
            }
            let question = ask(&mut interview).expect("not all pairs were asked about");
            let laplace = interview.laplace_approximation().unwrap();
            let scale = interview.deck().answer_model().scale(question.offered);
            let gain = |z: &DVector<f64>| information_gain(&scale, &laplace.project(z.as_view()));
            let (_, most) = best(&eligible(&interview), gain);
            let asked = &eligible(&interview)[&sorted_names(&question)];
            // The sides are drawn, and a sum has other last bits from the other side.
            assert!(
                (gain(asked) - most).abs() < 1e-12,
                "{} of {most}",
                gain(asked)
            );
            let first = random.uniform() < 0.5;
            interview.answer(Answer::Chose(usize::from(first))).unwrap();
        }
    }
}
