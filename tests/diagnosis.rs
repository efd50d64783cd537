//! Who is told that their answers are odd: hardly anybody who answers as the model expects, and of those who do not, how
//! many.
//!
//! `LEANING_THOROUGH=1 cargo test --release --test diagnosis -- --nocapture` measures with 2000 ordinary people and 400
//! of each other sort, and prints the table that stands in `src/diagnosis.rs`.
#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]

use leaning::diagnosis::{FALSE_ALARM, Kind, Seen, diagnose};
use leaning::{AnswerModel, Belief, Evidence, Prior};

const DIMENSIONS: usize = 6;
const PAIRS: usize = 200;
/// The session is diagnosed after so many questions.
const AFTER: [usize; 2] = [12, 30];
const KINDS: [Kind; 4] = [Kind::Noisy, Kind::Misfit, Kind::Flat, Kind::OneSided];
/// Of people that nobody looked at while the constants of `src/diagnosis.rs` were chosen.
const SEED: u64 = 1 << 40;
/// Standard errors that a share may be off.
const SIGMAS: f64 = 3.0;

/// A generator of its own: PCG XSH RR 64/32 (O'Neill 2014).
struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Self {
        let mut chance = Chance(
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .wrapping_add(0x1234_5678),
        );
        chance.next();
        chance
    }

    fn next(&mut self) -> u32 {
        let old = self.0;
        self.0 = old
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((((old >> 18) ^ old) >> 27) as u32).rotate_right((old >> 59) as u32)
    }

    fn uniform(&mut self) -> f64 {
        (f64::from(self.next()) + 0.5) / 4_294_967_296.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.uniform() * bound as f64) as usize
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn normals(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.normal()).collect()
    }

    /// An outcome of these probabilities.
    fn outcome(&mut self, probabilities: &[f64]) -> usize {
        let mut rest = self.uniform();
        for (outcome, p) in probabilities.iter().enumerate() {
            rest -= p;
            if rest < 0.0 {
                return outcome;
            }
        }
        probabilities.len() - 1
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn root_mean_square(numbers: impl Iterator<Item = f64>) -> f64 {
    let squares: Vec<f64> = numbers.map(|number| number * number).collect();
    (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
}

/// Pairs within prompts of four candidates, whose scores have something in common.
struct Pool {
    pairs: Vec<[Vec<f64>; 2]>,
    spread: Vec<f64>,
}

impl Pool {
    fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let mut pairs = Vec::new();
        while pairs.len() < PAIRS {
            let prompt = chance.normals(DIMENSIONS);
            let mut candidate = || -> Vec<f64> {
                prompt
                    .iter()
                    .map(|shared| 0.6 * shared + chance.normal())
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
        let spread = |j: usize| root_mean_square(pairs.iter().map(|[a, b]| a[j] - b[j]));
        Pool {
            spread: (0..DIMENSIONS).map(spread).collect(),
            pairs,
        }
    }
}

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
    (Sort::RandomWithoutTies, "the same, no tie on offer"),
    (Sort::Lapses, "40% lapses"),
    (Sort::Left, "always left"),
    (Sort::OftenLeft, "left in half of the answers"),
    (Sort::Ties, "always a tie"),
    (Sort::IdealPoint, "ideal point in each dimension"),
    (Sort::Thresholds, "threshold in each dimension"),
    (Sort::Interaction, "product of two dimensions"),
];

struct Person {
    sort: Sort,
    weights: Vec<f64>,
    centres: Vec<f64>,
    two: [usize; 2],
    scale: f64,
}

impl Person {
    /// Their weights are drawn from the prior; rewards that are not linear have the same spread over the pool as an
    /// ordinary person's that is 1.25 times as decided as usual.
    fn new(sort: Sort, pool: &Pool, chance: &mut Chance) -> Self {
        let typical = 2.0 / (DIMENSIONS as f64).sqrt();
        let weights = pool
            .spread
            .iter()
            .map(|spread| chance.normal() * typical / spread)
            .collect();
        let centres = pool
            .spread
            .iter()
            .map(|spread| 0.6 * spread * chance.normal())
            .collect();
        let first = chance.below(DIMENSIONS);
        let two = [
            first,
            (first + 1 + chance.below(DIMENSIONS - 1)) % DIMENSIONS,
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
            person.scale = 2.5
                / root_mean_square(
                    pool.pairs
                        .iter()
                        .map(|[a, b]| person.reward(a) - person.reward(b)),
                );
        }
        person
    }

    fn reward(&self, scores: &[f64]) -> f64 {
        let sum = |term: &dyn Fn(usize) -> f64| (0..DIMENSIONS).map(term).sum::<f64>();
        self.scale
            * match self.sort {
                Sort::IdealPoint => {
                    -sum(&|j| self.weights[j].abs() * (scores[j] - self.centres[j]).powi(2))
                }
                Sort::Thresholds => {
                    sum(&|j| self.weights[j] * f64::from(u8::from(scores[j] > self.centres[j])))
                }
                Sort::Interaction => {
                    2.0 * scores[self.two[0]] * scores[self.two[1]]
                        + 0.3 * dot(&self.weights, scores)
                }
                _ => dot(&self.weights, scores),
            }
    }

    fn answer(
        &self,
        model: &AnswerModel,
        [a, b]: &[Vec<f64>; 2],
        tie: bool,
        chance: &mut Chance,
    ) -> usize {
        match self.sort {
            Sort::Random | Sort::RandomWithoutTies => chance.below(2),
            Sort::Lapses if chance.uniform() < 0.4 => chance.below(if tie { 3 } else { 2 }),
            Sort::Left => 0,
            Sort::OftenLeft if chance.uniform() < 0.5 => 0,
            Sort::Ties => 2,
            _ => chance.outcome(&model.pair_probabilities(self.reward(a) - self.reward(b), tie)),
        }
    }
}

/// What one person is told after [`AFTER`] questions: the kinds found, for each.
fn session(sort: Sort, adaptive: bool, seed: u64) -> Vec<Vec<Kind>> {
    let mut chance = Chance::new(SEED + 10_000 * seed + 10 * sort as u64 + u64::from(adaptive));
    let pool = Pool::new(SEED + seed / 40);
    let (prior, model) = (Prior::by_spread(&pool.spread), AnswerModel::default());
    let person = Person::new(sort, &pool, &mut chance);
    let tie = sort != Sort::RandomWithoutTies;
    let mut left: Vec<usize> = (0..PAIRS).collect();
    let (mut evidence, mut records, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for asked in 1..=AFTER[AFTER.len() - 1] {
        let place = if adaptive {
            useful(&prior, model, &evidence, &pool, &left)
        } else {
            chance.below(left.len())
        };
        let mut pair = pool.pairs[left.swap_remove(place)].clone();
        if chance.uniform() < 0.5 {
            pair.reverse();
        }
        let outcome = person.answer(&model, &pair, tie, &mut chance);
        evidence.push(Evidence::Pair {
            difference: minus(&pair[0], &pair[1]),
            tie,
            outcome,
        });
        records.push(Seen {
            evidence: evidence[asked - 1].clone(),
            scores: pair.to_vec(),
        });
        if AFTER.contains(&asked) {
            let findings = diagnose(&prior, model, &records);
            assert!(findings.is_sorted_by(|a, b| a.chance <= b.chance));
            assert!(
                findings
                    .iter()
                    .all(|finding| (0.0..=FALSE_ALARM).contains(&finding.chance))
            );
            told.push(findings.iter().map(|finding| finding.kind).collect());
        }
    }
    told
}

/// The place in `left` of the pair about which most is to be learned: its reward difference is uncertain, and each answer
/// about as likely.
fn useful(
    prior: &Prior,
    model: AnswerModel,
    evidence: &[Evidence],
    pool: &Pool,
    left: &[usize],
) -> usize {
    let belief = Belief::infer(prior, model, evidence).expect("the answers are sound");
    let covariance = belief.covariance();
    let score = |index: usize| {
        let z = minus(&pool.pairs[index][0], &pool.pairs[index][1]);
        let p = model.pair_probabilities(dot(belief.mean(), &z), true);
        p[0] * p[1]
            * covariance
                .iter()
                .zip(&z)
                .map(|(row, z_i)| z_i * dot(row, &z))
                .sum::<f64>()
    };
    let scores: Vec<f64> = left.iter().map(|&index| score(index)).collect();
    (0..left.len())
        .max_by(|&a, &b| scores[a].total_cmp(&scores[b]))
        .expect("a pair is left")
}

/// The share of `people` of this sort who are told each of [`KINDS`], after each of [`AFTER`].
fn rates(sort: Sort, adaptive: bool, people: usize) -> [[f64; 4]; 2] {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = |thread: usize| {
        (thread..people)
            .step_by(threads)
            .map(|seed| session(sort, adaptive, seed as u64))
    };
    let told: Vec<Vec<Vec<Kind>>> = std::thread::scope(|scope| {
        let spawn = |thread| scope.spawn(move || share(thread).collect::<Vec<_>>());
        let threads: Vec<_> = (0..threads).map(spawn).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("no session panics"))
            .collect()
    });
    let rate = |after: usize, kind: Kind| {
        told.iter()
            .filter(|told| told[after].contains(&kind))
            .count() as f64
    };
    [0, 1].map(|after| KINDS.map(|kind| rate(after, kind) / people as f64))
}

/// Whether it is plausible that the true share is at least, or at most, `bound`.
fn slack(bound: f64, people: usize) -> f64 {
    SIGMAS * (bound * (1.0 - bound) / people as f64).sqrt()
}

/// What is found at least, in random and in adaptive questions: sort, kind, after 12 and after 30.
const FOUND: [(Sort, Kind, [[f64; 2]; 2]); 9] = [
    (Sort::Random, Kind::Noisy, [[0.10, 0.59], [0.02, 0.22]]),
    (
        Sort::RandomWithoutTies,
        Kind::Noisy,
        [[0.02, 0.26], [0.04, 0.21]],
    ),
    (Sort::Lapses, Kind::Noisy, [[0.01, 0.06], [0.01, 0.05]]),
    (Sort::Left, Kind::OneSided, [[0.99, 0.99], [0.99, 0.99]]),
    (
        Sort::OftenLeft,
        Kind::OneSided,
        [[0.26, 0.69], [0.23, 0.69]],
    ),
    (Sort::Ties, Kind::Flat, [[0.99, 0.99], [0.99, 0.99]]),
    (Sort::IdealPoint, Kind::Misfit, [[0.05, 0.30], [0.06, 0.37]]),
    (Sort::Thresholds, Kind::Misfit, [[0.02, 0.11], [0.01, 0.06]]),
    (
        Sort::Interaction,
        Kind::Misfit,
        [[0.11, 0.45], [0.05, 0.40]],
    ),
];

#[test]
fn hardly_anybody_is_told_for_nothing_and_those_who_are_odd_as_often_as_stated() {
    let thorough = std::env::var_os("LEANING_THOROUGH").is_some();
    let mut failures = Vec::new();
    for adaptive in [false, true] {
        println!(
            "\n| {} questions | {} |",
            if adaptive { "adaptive" } else { "random" },
            KINDS.map(Kind::name).join(" | ")
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
            for (after, (kind, rate)) in (0..2)
                .flat_map(|after| KINDS.into_iter().zip(rates[after]).map(move |r| (after, r)))
            {
                let place = format!(
                    "{name}, {} after {} questions: {rate}",
                    kind.name(),
                    AFTER[after]
                );
                if sort == Sort::Ordinary && rate > 0.015 + slack(0.015, people) {
                    failures.push(place);
                } else if let Some((.., found)) = FOUND
                    .iter()
                    .find(|found| found.0 == sort && found.1 == kind)
                {
                    let least = found[usize::from(adaptive)][after];
                    if rate < least - slack(least, people) {
                        failures.push(place);
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// An answer to a question about `shown`, which is of one dimension.
fn seen(shown: &[f64], chose: usize) -> Seen {
    let scores: Vec<Vec<f64>> = shown.iter().map(|&score| vec![score]).collect();
    let evidence = match shown {
        [a, b] => Evidence::Pair {
            difference: vec![a - b],
            tie: true,
            outcome: chose,
        },
        _ => Evidence::Choice {
            scores: scores.clone(),
            chose,
        },
    };
    Seen { evidence, scores }
}

fn one_dimension() -> Prior {
    Prior::new(&[0.0], &[vec![1.0]]).expect("1 is positive")
}

/// So many answers that all take this place.
fn always(place: usize, count: usize) -> Vec<Seen> {
    let mut chance = Chance::new(1);
    (0..count)
        .map(|_| seen(&chance.normals(2), place))
        .collect()
}

#[test]
fn four_answers_are_too_few_and_none_is_no_harm() {
    assert!(diagnose(&one_dimension(), AnswerModel::default(), &[]).is_empty());
    assert!(diagnose(&one_dimension(), AnswerModel::default(), &always(0, 4)).is_empty());
    assert!(!diagnose(&one_dimension(), AnswerModel::default(), &always(0, 20)).is_empty());
}

#[test]
fn the_words_name_the_side_and_a_number_that_the_chance_is_below() {
    for (place, side) in [
        (0, "on the left, shown first"),
        (1, "on the right, shown last"),
    ] {
        let findings = diagnose(&one_dimension(), AnswerModel::default(), &always(place, 12));
        let found = findings
            .iter()
            .find(|finding| finding.kind == Kind::OneSided)
            .expect("one side is taken always");
        assert!(found.words.contains(side), "{}", found.words);
        let number = found
            .words
            .split("fewer than 1 in ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        let number: f64 = number
            .expect("a number is named")
            .parse()
            .expect("it is a number");
        assert!(
            found.chance <= 1.0 / number && (100.0..=10_000.0).contains(&number),
            "{}",
            found.words
        );
    }
}

#[test]
fn the_first_of_three_and_the_last_of_three_are_sides_and_the_middle_is_none() {
    for (place, expected) in [(0, true), (1, false), (2, true)] {
        let mut chance = Chance::new(2);
        let records: Vec<Seen> = (0..15).map(|_| seen(&chance.normals(3), place)).collect();
        let findings = diagnose(&one_dimension(), AnswerModel::default(), &records);
        assert_eq!(
            findings
                .iter()
                .any(|finding| finding.kind == Kind::OneSided),
            expected,
            "place {place}"
        );
    }
}

#[test]
fn what_does_not_fit_counts_for_nothing_and_nothing_makes_it_panic() {
    let (prior, model) = (one_dimension(), AnswerModel::default());
    let records = always(0, 20);
    let expected = diagnose(&prior, model, &records);
    let odd = [
        Seen {
            evidence: Evidence::Pair {
                difference: vec![1.0, 2.0],
                tie: true,
                outcome: 0,
            },
            scores: vec![],
        },
        Seen {
            evidence: Evidence::Pair {
                difference: vec![1.0],
                tie: false,
                outcome: 2,
            },
            scores: vec![],
        },
        Seen {
            evidence: Evidence::Pair {
                difference: vec![1.0],
                tie: true,
                outcome: 0,
            },
            scores: vec![vec![]],
        },
        Seen {
            evidence: Evidence::Choice {
                scores: vec![],
                chose: 0,
            },
            scores: vec![],
        },
        Seen {
            evidence: Evidence::Statement {
                dimension: 1,
                weight: 0.0,
                sd: 1.0,
            },
            scores: vec![],
        },
    ];
    let mixed: Vec<Seen> = odd.iter().chain(&records).cloned().collect();
    assert_eq!(diagnose(&prior, model, &mixed), expected);

    let none = AnswerModel::new(0.0, 0.0).expect("in range");
    for scale in [0.0, 1e-200, 1e200, f64::NAN] {
        let extreme: Vec<Seen> = (0..8)
            .map(|place| seen(&[scale, -scale, 0.0][..2 + place % 2], place % 3))
            .collect();
        for model in [model, none] {
            for finding in diagnose(&prior, model, &extreme) {
                assert!(
                    (0.0..=FALSE_ALARM).contains(&finding.chance),
                    "{scale}: {finding:?}"
                );
            }
        }
    }
}

#[test]
fn long_logs_of_all_kinds_of_evidence_and_a_mixed_population_are_diagnosed() {
    let segment =
        |mean: f64| leaning::Segment::new(0.5, &[mean], &[vec![0.5]]).expect("0.5 is positive");
    let prior = Prior::mixture(vec![segment(-1.0), segment(1.0)]).expect("the segments are sound");
    let mut chance = Chance::new(3);
    let mut records: Vec<Seen> = (0..130)
        .map(|place| {
            let shown = chance.normals(2 + place % 2);
            let best = (0..shown.len())
                .max_by(|&a, &b| shown[a].total_cmp(&shown[b]))
                .expect("some are shown");
            seen(&shown, best)
        })
        .collect();
    let statement = Evidence::Statement {
        dimension: 0,
        weight: 1.5,
        sd: 0.5,
    };
    records.insert(
        40,
        Seen {
            evidence: statement,
            scores: Vec::new(),
        },
    );
    let kinds: Vec<Kind> = diagnose(&prior, AnswerModel::default(), &records)
        .iter()
        .map(|found| found.kind)
        .collect();
    assert!(
        !kinds.contains(&Kind::Noisy)
            && !kinds.contains(&Kind::OneSided)
            && !kinds.contains(&Kind::Flat)
    );
}
