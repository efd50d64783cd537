//! Person fit: findings about people who answer as the model expects are rare, and about others as
//! frequent as documented.
//!
//! `LEANING_THOROUGH=1 cargo test --release --test integration person_fit -- --nocapture` measures
//! with 2000 ordinary people and 400 of each other sort, and prints the table in
//! `src/profile/person_fit.rs`.

use crate::common::{Pcg, dot, gaussian, matrix, vector};
use leaning::model::Observation;
use leaning::model::evidence::columns;
use leaning::nalgebra::{DMatrix, DVector};
use leaning::profile::PersonFitKind;
use leaning::profile::person_fit::{FALSE_ALARM, person_fit};
use leaning::{AnswerModel, Evidence, LaplaceApproximation, MixtureComponent, Prior};

const DIMENSIONS: usize = 6;
const PAIRS: usize = 200;
/// Person fit is tested after these numbers of questions.
const AFTER: [usize; 2] = [12, 30];
const KINDS: [PersonFitKind; 4] = [
    PersonFitKind::Inconsistent,
    PersonFitKind::Nonlinear,
    PersonFitKind::Indifferent,
    PersonFitKind::PositionBias,
];
/// For people that had no part in the choice of the constants in `src/profile/person_fit.rs`.
const SEED: u64 = 1 << 40;
/// Standard errors by which a share may be off.
const SIGMAS: f64 = 3.0;

fn root_mean_square(numbers: impl Iterator<Item = f64>) -> f64 {
    let squares: Vec<f64> = numbers.map(|number| number * number).collect();
    (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
}

/// Pairs within prompts of four candidates, whose scores have something in common.
struct Pool {
    pairs: Vec<[Vec<f64>; 2]>,
    rms_differences: Vec<f64>,
}

impl Pool {
    fn new(seed: u64) -> Self {
        let mut random = Pcg::new(seed);
        let mut pairs = Vec::new();
        while pairs.len() < PAIRS {
            let prompt = random.normals(DIMENSIONS);
            let mut candidate = || -> Vec<f64> {
                prompt
                    .iter()
                    .map(|shared| 0.6 * shared + random.normal())
                    .collect()
            };
            let candidates: [Vec<f64>; 4] = std::array::from_fn(|_| candidate());
            for i in 0..4 {
                for j in 0..i {
                    pairs.push([candidates[i].clone(), candidates[j].clone()]);
                }
            }
        }
        pairs.truncate(PAIRS);
        let rms = |j: usize| root_mean_square(pairs.iter().map(|[a, b]| a[j] - b[j]));
        Pool {
            rms_differences: (0..DIMENSIONS).map(rms).collect(),
            pairs,
        }
    }
}

/// A way to answer.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sort {
    Ordinary,
    /// One of the two at random, never a tie.
    Random,
    /// One of the two at random, since no tie is on offer.
    RandomWithoutTies,
    /// In 40% of answers any outcome.
    Lapses,
    Left,
    /// In half of the answers.
    OftenLeft,
    /// Always a tie.
    Ties,
    /// −Σ a_j (φ_j − c_j)².
    IdealPoint,
    /// Σ a_j [φ_j > c_j].
    Thresholds,
    /// φ_i φ_j, and some of a linear reward.
    Interaction,
}

const SORTS: [(Sort, &str); 10] = [
    (Sort::Ordinary, "ordinary people"),
    (Sort::Random, "one of the two at random"),
    (Sort::RandomWithoutTies, "the same, no tie offered"),
    (Sort::Lapses, "40% lapses"),
    (Sort::Left, "always left"),
    (Sort::OftenLeft, "left in half of the answers"),
    (Sort::Ties, "always a tie"),
    (Sort::IdealPoint, "an ideal point in each dimension"),
    (Sort::Thresholds, "a threshold in each dimension"),
    (Sort::Interaction, "a product of two dimensions"),
];

struct Person {
    sort: Sort,
    weights: Vec<f64>,
    centres: Vec<f64>,
    two: [usize; 2],
    scale: f64,
}

impl Person {
    /// A person whose weights are drawn from the prior. Rewards that are not linear have the same
    /// spread over the pool as those of an ordinary person who is 1.25 times as decided as usual.
    fn new(sort: Sort, pool: &Pool, random: &mut Pcg) -> Self {
        let typical = 2.0 / (DIMENSIONS as f64).sqrt();
        let rms = &pool.rms_differences;
        let weights = rms
            .iter()
            .map(|rms| random.normal() * typical / rms)
            .collect();
        let centres = rms.iter().map(|rms| 0.6 * rms * random.normal()).collect();
        let first = random.below(DIMENSIONS);
        let two = [
            first,
            (first + 1 + random.below(DIMENSIONS - 1)) % DIMENSIONS,
        ];
        let mut person = Person {
            sort,
            weights,
            centres,
            two,
            scale: 1.0,
        };
        if matches!(
            sort,
            Sort::IdealPoint | Sort::Thresholds | Sort::Interaction
        ) {
            let differences = pool
                .pairs
                .iter()
                .map(|[a, b]| person.reward(a) - person.reward(b));
            person.scale = 2.5 / root_mean_square(differences);
        }
        person
    }

    fn reward(&self, scores: &[f64]) -> f64 {
        let sum = |term: &dyn Fn(usize) -> f64| (0..DIMENSIONS).map(term).sum::<f64>();
        let (weights, centres) = (&self.weights, &self.centres);
        let reward = match self.sort {
            Sort::IdealPoint => -sum(&|j| weights[j].abs() * (scores[j] - centres[j]).powi(2)),
            Sort::Thresholds => sum(&|j| weights[j] * f64::from(u8::from(scores[j] > centres[j]))),
            Sort::Interaction => {
                2.0 * scores[self.two[0]] * scores[self.two[1]] + 0.3 * dot(weights, scores)
            }
            _ => dot(weights, scores),
        };
        self.scale * reward
    }

    /// The outcome of a question about the pair.
    fn answer(
        &self,
        model: &AnswerModel,
        [a, b]: &[Vec<f64>; 2],
        tie: bool,
        random: &mut Pcg,
    ) -> usize {
        match self.sort {
            Sort::Random | Sort::RandomWithoutTies => random.below(2),
            Sort::Lapses if random.uniform() < 0.4 => random.below(if tie { 3 } else { 2 }),
            Sort::Left => 0,
            Sort::OftenLeft if random.uniform() < 0.5 => 0,
            Sort::Ties => 2,
            _ => {
                let u = self.reward(a) - self.reward(b);
                draw(&model.pair_probabilities(u, tie), random)
            }
        }
    }
}

/// An outcome with these probabilities.
fn draw(probabilities: &[f64], random: &mut Pcg) -> usize {
    let mut rest = random.uniform();
    for (outcome, p) in probabilities.iter().enumerate() {
        rest -= p;
        if rest < 0.0 {
            return outcome;
        }
    }
    probabilities.len() - 1
}

/// The kinds found about one person after each number of questions in [`AFTER`].
fn session(sort: Sort, adaptive: bool, seed: u64) -> Vec<Vec<PersonFitKind>> {
    let mut random = Pcg::new(SEED + 10_000 * seed + 10 * sort as u64 + u64::from(adaptive));
    let pool = Pool::new(SEED + seed / 40);
    let prior = Prior::from_rms_differences(&pool.rms_differences);
    let model = AnswerModel::default();
    let person = Person::new(sort, &pool, &mut random);
    let tie = sort != Sort::RandomWithoutTies;
    let mut left: Vec<usize> = (0..PAIRS).collect();
    let (mut evidence, mut observations, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for asked in 1..=AFTER[AFTER.len() - 1] {
        let place = if adaptive {
            most_informative(&prior, model, &evidence, &pool, &left)
        } else {
            random.below(left.len())
        };
        let mut pair = pool.pairs[left.swap_remove(place)].clone();
        if random.uniform() < 0.5 {
            pair.reverse();
        }
        let outcome = person.answer(&model, &pair, tie, &mut random);
        let difference = vector(&pair[0]) - vector(&pair[1]);
        let one = Evidence::Pair {
            difference,
            tie,
            outcome,
        };
        evidence.push(one.clone());
        observations.push(Observation {
            evidence: one,
            scores: columns(&pair),
        });
        if AFTER.contains(&asked) {
            let findings = person_fit(&prior, model, &observations);
            assert!(findings.is_sorted_by(|a, b| a.probability <= b.probability));
            for finding in &findings {
                assert!(
                    (0.0..=FALSE_ALARM).contains(&finding.probability),
                    "{finding:?}"
                );
            }
            found.push(findings.iter().map(|finding| finding.kind).collect());
        }
    }
    found
}

/// The place in `left` of the pair whose reward difference is uncertain and whose answers are about
/// equally probable.
fn most_informative(
    prior: &Prior,
    model: AnswerModel,
    evidence: &[Evidence],
    pool: &Pool,
    left: &[usize],
) -> usize {
    let laplace =
        LaplaceApproximation::infer(prior, model, evidence).expect("the weights can be inferred");
    let covariance = laplace.covariance();
    let score = |&index: &usize| {
        let z = vector(&pool.pairs[index][0]) - vector(&pool.pairs[index][1]);
        let p = model.pair_probabilities(laplace.mean().dot(&z), true);
        p[0] * p[1] * z.dot(&(&covariance * &z))
    };
    let scores: Vec<f64> = left.iter().map(score).collect();
    (0..left.len())
        .max_by(|&a, &b| scores[a].total_cmp(&scores[b]))
        .expect("a pair is left")
}

/// The share of `people` of this sort with a finding of each of [`KINDS`], after each of [`AFTER`].
fn rates(sort: Sort, adaptive: bool, people: usize) -> [[f64; 4]; 2] {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let sessions_of = |thread: usize| {
        let seeds = (thread..people).step_by(threads);
        seeds
            .map(|seed| session(sort, adaptive, seed as u64))
            .collect::<Vec<_>>()
    };
    let found: Vec<Vec<Vec<PersonFitKind>>> = std::thread::scope(|scope| {
        #[expect(
            clippy::needless_collect,
            reason = "all threads start before one is joined"
        )]
        let threads: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || sessions_of(thread)))
            .collect();
        let sessions = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        sessions.flatten().collect()
    });
    let rate = |after: usize, kind: PersonFitKind| {
        let count = found
            .iter()
            .filter(|found| found[after].contains(&kind))
            .count();
        count as f64 / people as f64
    };
    [0, 1].map(|after| KINDS.map(|kind| rate(after, kind)))
}

/// Room for sampling error around a share of `people`.
fn slack(share: f64, people: usize) -> f64 {
    SIGMAS * (share * (1.0 - share) / people as f64).sqrt()
}

/// The least rates, for random and for adaptive questions: sort, kind, after 12 and after 30.
const LEAST_RATES: [(Sort, PersonFitKind, [[f64; 2]; 2]); 9] = [
    (
        Sort::Random,
        PersonFitKind::Inconsistent,
        [[0.10, 0.59], [0.02, 0.22]],
    ),
    (
        Sort::RandomWithoutTies,
        PersonFitKind::Inconsistent,
        [[0.02, 0.26], [0.04, 0.21]],
    ),
    (
        Sort::Lapses,
        PersonFitKind::Inconsistent,
        [[0.01, 0.06], [0.01, 0.05]],
    ),
    (
        Sort::Left,
        PersonFitKind::PositionBias,
        [[0.99, 0.99], [0.99, 0.99]],
    ),
    (
        Sort::OftenLeft,
        PersonFitKind::PositionBias,
        [[0.26, 0.69], [0.23, 0.69]],
    ),
    (
        Sort::Ties,
        PersonFitKind::Indifferent,
        [[0.99, 0.99], [0.99, 0.99]],
    ),
    (
        Sort::IdealPoint,
        PersonFitKind::Nonlinear,
        [[0.05, 0.30], [0.06, 0.37]],
    ),
    (
        Sort::Thresholds,
        PersonFitKind::Nonlinear,
        [[0.02, 0.11], [0.01, 0.06]],
    ),
    (
        Sort::Interaction,
        PersonFitKind::Nonlinear,
        [[0.11, 0.45], [0.05, 0.40]],
    ),
];

#[test]
fn false_alarms_are_rare_and_odd_answers_are_found_as_often_as_documented() {
    let thorough = std::env::var_os("LEANING_THOROUGH").is_some();
    let mut failures = Vec::new();
    for adaptive in [false, true] {
        let questions = if adaptive { "adaptive" } else { "random" };
        println!(
            "\n| {questions} questions | {} |",
            KINDS.map(PersonFitKind::name).join(" | ")
        );
        println!("|---|---|---|---|---|");
        for (sort, name) in SORTS {
            let people = match (sort == Sort::Ordinary, thorough) {
                (true, true) => 2000,
                (false, true) => 400,
                (true, false) => 300,
                (false, false) => 40,
            };
            let rates = rates(sort, adaptive, people);
            let percent = |kind: usize| {
                format!(
                    "{:.1} · {:.1}",
                    100.0 * rates[0][kind],
                    100.0 * rates[1][kind]
                )
            };
            println!("| {name} | {} |", [0, 1, 2, 3].map(percent).join(" | "));
            for (after, asked) in AFTER.into_iter().enumerate() {
                for (kind, rate) in KINDS.into_iter().zip(rates[after]) {
                    let found = LEAST_RATES
                        .iter()
                        .find(|row| row.0 == sort && row.1 == kind);
                    let holds = if sort == Sort::Ordinary {
                        rate <= 0.015 + slack(0.015, people)
                    } else if let Some((_, _, least)) = found {
                        let least = least[usize::from(adaptive)][after];
                        rate >= least - slack(least, people)
                    } else {
                        true
                    };
                    if !holds {
                        let kind = kind.name();
                        failures.push(format!("{name}, {kind} after {asked} questions: {rate}"));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// An answer to a question about candidates with these scores in one dimension.
fn observation(shown: &[f64], chose: usize) -> Observation {
    let scores = DMatrix::from_row_slice(1, shown.len(), shown);
    let evidence = match shown {
        [a, b] => Evidence::Pair {
            difference: vector(&[a - b]),
            tie: true,
            outcome: chose,
        },
        _ => Evidence::Choice {
            scores: scores.clone(),
            chose,
        },
    };
    Observation { evidence, scores }
}

fn one_dimension() -> Prior {
    gaussian([0.0], [[1.0]])
}

/// Answers that all take this place.
fn always(place: usize, count: usize) -> Vec<Observation> {
    let mut random = Pcg::new(1);
    (0..count)
        .map(|_| observation(&random.normals(2), place))
        .collect()
}

fn kinds(prior: &Prior, observations: &[Observation]) -> Vec<PersonFitKind> {
    let findings = person_fit(prior, AnswerModel::default(), observations);
    findings.iter().map(|finding| finding.kind).collect()
}

#[test]
fn four_answers_are_too_few_and_none_are_no_error() {
    let prior = one_dimension();
    assert!(kinds(&prior, &[]).is_empty());
    assert!(kinds(&prior, &always(0, 4)).is_empty());
    assert!(!kinds(&prior, &always(0, 20)).is_empty());
}

#[test]
fn taking_one_side_a_dozen_times_is_a_position_bias_whichever_side_it_is() {
    for place in [0, 1] {
        let kinds = kinds(&one_dimension(), &always(place, 12));
        assert!(
            kinds.contains(&PersonFitKind::PositionBias),
            "place {place}: {kinds:?}"
        );
    }
}

#[test]
fn the_first_and_the_last_of_three_are_sides_and_the_middle_is_none() {
    for (place, expected) in [(0, true), (1, false), (2, true)] {
        let mut random = Pcg::new(2);
        let observations: Vec<Observation> = (0..15)
            .map(|_| observation(&random.normals(3), place))
            .collect();
        let kinds = kinds(&one_dimension(), &observations);
        assert_eq!(
            kinds.contains(&PersonFitKind::PositionBias),
            expected,
            "place {place}"
        );
    }
}

#[test]
fn observations_that_do_not_fit_are_ignored_and_extreme_ones_are_no_panic() {
    let (prior, model) = (one_dimension(), AnswerModel::default());
    let observations = always(0, 20);
    let expected = person_fit(&prior, model, &observations);
    let pair = |difference: &[f64], tie, outcome| Evidence::Pair {
        difference: DVector::from_row_slice(difference),
        tie,
        outcome,
    };
    let none = || DMatrix::zeros(0, 0);
    let unfit = [
        (pair(&[1.0, 2.0], true, 0), none()),
        (pair(&[1.0], false, 2), none()),
        (pair(&[1.0], true, 0), DMatrix::zeros(0, 1)),
        (
            Evidence::Choice {
                scores: none(),
                chose: 0,
            },
            none(),
        ),
        (
            Evidence::Statement {
                dimension: 1,
                weight: 0.0,
                sd: 1.0,
            },
            none(),
        ),
    ];
    let unfit = unfit.map(|(evidence, scores)| Observation { evidence, scores });
    let mixed: Vec<Observation> = unfit.iter().chain(&observations).cloned().collect();
    assert_eq!(person_fit(&prior, model, &mixed), expected);

    for scale in [0.0, 1e-200, 1e200, f64::NAN] {
        let extreme: Vec<Observation> = (0..8)
            .map(|place| observation(&[scale, -scale, 0.0][..2 + place % 2], place % 3))
            .collect();
        for model in [model, AnswerModel::BRADLEY_TERRY] {
            for finding in person_fit(&prior, model, &extreme) {
                let probability = finding.probability;
                assert!(
                    (0.0..=FALSE_ALARM).contains(&probability),
                    "{scale}: {finding:?}"
                );
            }
        }
    }
}

#[test]
fn long_logs_of_all_kinds_of_evidence_and_mixture_priors_are_tested_too() {
    let component =
        |mean: f64| MixtureComponent::new(0.5, vector(&[mean]), matrix([[0.5]])).unwrap();
    let prior = Prior::mixture(vec![component(-1.0), component(1.0)]).unwrap();
    let mut random = Pcg::new(3);
    let mut observations: Vec<Observation> = (0..130)
        .map(|place| {
            let shown = random.normals(2 + place % 2);
            let best = (0..shown.len())
                .max_by(|&a, &b| shown[a].total_cmp(&shown[b]))
                .unwrap();
            observation(&shown, best)
        })
        .collect();
    let evidence = Evidence::Statement {
        dimension: 0,
        weight: 1.5,
        sd: 0.5,
    };
    observations.insert(
        40,
        Observation {
            evidence,
            scores: DMatrix::zeros(0, 0),
        },
    );
    let found = kinds(&prior, &observations);
    assert!(
        found.iter().all(|kind| *kind == PersonFitKind::Nonlinear),
        "{found:?}"
    );
}
