//! How right the posterior samples are: a draw as people are shown it, beside far more samples and
//! beside Markov chains that share no code with it.

use super::size::Size;
use crate::report::{Cell, Section, Table};
use leaning::decision::ranking::rank;
use leaning::model::evidence::ordered_pairs;
use leaning::numeric::{Random, softmax};
use leaning::{
    Answer, AnswerKind, AnswerModel, Error, Evidence, Grade, LaplaceApproximation,
    PosteriorSamples, Prior, RankOptions, Ranking,
};
use nalgebra::{DMatrix, DVector};
use std::time::Instant;

const DIMENSIONS: [usize; 4] = [4, 8, 16, 32];
const ANSWERS: [usize; 3] = [3, 12, 30];
/// The standard deviation of people's reward differences between two candidates.
const DIFFERENCE_SD: f64 = 2.0;
/// Pairs whose chances are compared, for each person.
const PAIRS: usize = 20;
/// Candidates of which one is best.
const CANDIDATES: usize = 8;
const LEVEL: f64 = 0.9;

/// The reference: the mean of independent draws.
const REFERENCE_DRAWS: u64 = 8;
const REFERENCE_SAMPLES: usize = 100_000;
/// The seeds of the reference; the library's own is another.
const FIRST_SEED: u64 = 100;
/// The shortest of so many draws is their time.
const TIMED: usize = 3;

/// The people whose chances Markov chains check.
const CHAIN_DIMENSIONS: usize = 8;
const CHAIN_ANSWERS: usize = 12;
/// Chains of a person, the steps of each, and the first steps, which do not count.
const CHAINS: u64 = 16;
const STEPS: usize = 20_000;
const WARM_UP: usize = 1000;

/// The questions that a person is asked, one after another, in turns.
struct Kind {
    name: &'static str,
    questions: &'static [(AnswerKind, usize)],
}

const RATING: (AnswerKind, usize) = (AnswerKind::Rating { of: 5 }, 1);

const KINDS: [Kind; 7] = [
    Kind {
        name: "pairs",
        questions: &[(AnswerKind::Choice, 2)],
    },
    Kind {
        name: "choice of 4",
        questions: &[(AnswerKind::Choice, 4)],
    },
    Kind {
        name: "grades",
        questions: &[(AnswerKind::Graded, 2)],
    },
    Kind {
        name: "ratings",
        questions: &[RATING],
    },
    Kind {
        name: "best–worst of 4",
        questions: &[(AnswerKind::BestWorst, 4)],
    },
    Kind {
        name: "orders of 4",
        questions: &[(AnswerKind::Order, 4)],
    },
    Kind {
        name: "mixed",
        questions: &[
            (AnswerKind::Choice, 2),
            (AnswerKind::Choice, 4),
            (AnswerKind::Graded, 2),
            RATING,
            (AnswerKind::BestWorst, 4),
            (AnswerKind::Order, 3),
        ],
    },
];

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("draws", "The posterior's samples");
    section.text(format!(
        "A draw as people are shown it, beside {REFERENCE_DRAWS} draws of at least {} samples \
         each. Questions are drawn at random; {} people for each row. Chances are those of \
         each weight's sign and of the better one of {PAIRS} pairs; \"best\" is the chance of being \
         the best of {CANDIDATES}; ends are those of 90% intervals, in posterior standard \
         deviations. Each has its root mean square error and its largest. Worth is the number of \
         equally weighted samples that would be worth as much (Kong 1992), a share of their number.",
        reference_samples(size),
        size.worlds,
    ));
    let mut all = Errors::default();
    let mut rows = Vec::new();
    for kind in &KINDS {
        for d in DIMENSIONS {
            for answers in ANSWERS {
                let mut of_row = Errors::default();
                for index in 0..size.worlds {
                    let person = Person::new(kind, d, answers, index as u64)?;
                    of_row.add(&person, reference_samples(size));
                }
                let mut row = vec![
                    Cell::Text(kind.name.to_owned()),
                    Cell::Count(d as u64),
                    Cell::Count(answers as u64),
                ];
                row.extend(of_row.cells());
                rows.push(row);
                all.extend(of_row);
            }
        }
    }
    let text = |text: &str| Cell::Text(text.to_owned());
    let mut row = vec![text("all"), Cell::Empty, Cell::Empty];
    row.extend(all.cells());
    rows.push(row);
    let names = [
        "kind",
        "d",
        "answers",
        "chances",
        "largest",
        "best",
        "largest ",
        "ends",
        "largest  ",
        "worth",
        "ms",
    ];
    section.table(
        "errors",
        "Errors of a draw, and its time.",
        Table {
            columns: names.map(str::to_owned).to_vec(),
            rows,
            decimals: 4,
        },
    );
    section.text(format!(
        "Of all chances, {:.2}% are off by more than 0.01 and {:.2}% by more than 0.015; of all \
         ends, {:.2}% by more than 0.1.",
        100.0 * share_above(&all.chances, 0.01),
        100.0 * share_above(&all.chances, 0.015),
        100.0 * share_above(&all.ends, 0.1),
    ));
    chains(size, &mut section)?;
    Ok(section)
}

/// A person's answers, and the numbers that are asked of the posterior.
struct Person {
    prior: Prior,
    model: AnswerModel,
    evidence: Vec<Evidence>,
    laplace: LaplaceApproximation,
    /// z of each weight and of each pair.
    differences: Vec<DVector<f64>>,
    candidates: DMatrix<f64>,
}

impl Person {
    fn new(kind: &Kind, d: usize, answers: usize, index: u64) -> Result<Self, Error> {
        let mut random = Random::new(index, (d * 100 + answers) as u64);
        // Some dimensions matter more than others, and people agree a little.
        let variances = DVector::from_fn(d, |_, _| 0.2 + random.uniform());
        let scale = 0.5 * DIFFERENCE_SD * DIFFERENCE_SD / variances.sum();
        let variances = scale * variances;
        let sds = variances.map(f64::sqrt);
        let mean = 0.5 * sds.component_mul(&random.normals(d));
        let weights = &mean + sds.component_mul(&random.normals(d));
        let prior = Prior::gaussian(mean, DMatrix::from_diagonal(&variances))?;
        let model = AnswerModel::default();
        let leniency = model.leniency() * random.normal();
        let mut evidence = Vec::new();
        for number in 0..answers {
            let (kind, shown) = kind.questions[number % kind.questions.len()];
            let scores: Vec<Vec<f64>> = (0..shown)
                .map(|_| random.normals(d).as_slice().to_vec())
                .collect();
            let possible = possible_evidence(&model, kind, &scores)?;
            let logs: Vec<f64> = possible
                .iter()
                .map(|one| one.log_likelihood_with(&model, weights.as_view(), leniency))
                .collect();
            let mut left = random.uniform();
            let given = softmax(&logs).iter().position(|probability| {
                left -= probability;
                left < 0.0
            });
            evidence.push(possible[given.unwrap_or(0)].clone());
        }
        let laplace = LaplaceApproximation::infer(&prior, model, &evidence)?;
        let mut unit = |j: usize| DVector::from_fn(d, |k, _| if j == k { 1.0 } else { 0.0 });
        let mut differences: Vec<_> = (0..d).map(&mut unit).collect();
        differences.extend((0..PAIRS).map(|_| random.normals(d) - random.normals(d)));
        let candidates: Vec<DVector<f64>> = (0..CANDIDATES).map(|_| random.normals(d)).collect();
        Ok(Person {
            prior,
            model,
            evidence,
            laplace,
            differences,
            candidates: DMatrix::from_columns(&candidates),
        })
    }

    fn summaries(&self, samples: &PosteriorSamples) -> Summaries {
        let mut best = vec![0.0; CANDIDATES];
        let options = RankOptions::default();
        let (laplace, candidates) = (&self.laplace, &self.candidates);
        for ranked in rank(laplace, samples, laplace.mean(), candidates, options) {
            best[ranked.index] = ranked.probability_best;
        }
        let dimensions = 0..self.laplace.dimensions();
        let ends = dimensions.clone().flat_map(|j| {
            let (low, high) = samples.interval(j, LEVEL);
            [low, high]
        });
        Summaries(vec![
            self.differences
                .iter()
                .map(|z| samples.probability_positive(z))
                .collect(),
            best,
            ends.collect(),
            dimensions.map(|j| samples.weight_moments(j).1).collect(),
        ])
    }

    /// The summaries by the reference, of so many samples in each of its draws.
    fn reference(&self, samples: usize) -> Summaries {
        let mut sum: Option<Summaries> = None;
        for seed in FIRST_SEED..FIRST_SEED + REFERENCE_DRAWS {
            let samples = PosteriorSamples::draw_seeded(&self.laplace, seed, samples);
            let found = self.summaries(&samples);
            sum = Some(match sum {
                Some(sum) => sum.zip(&found, |a, b| a + b),
                None => found,
            });
        }
        let sum = sum.unwrap_or_else(|| Summaries(Vec::new()));
        sum.zip(&sum, |a, _| a / REFERENCE_DRAWS as f64)
    }
}

/// The evidence in each answer that a question offers, a tie included.
fn possible_evidence(
    model: &AnswerModel,
    kind: AnswerKind,
    scores: &[Vec<f64>],
) -> Result<Vec<Evidence>, Error> {
    let shown = scores.len();
    let answers: Vec<Answer> = match kind {
        AnswerKind::Choice if shown == 2 => {
            vec![Answer::Chose(0), Answer::Chose(1), Answer::Tie]
        }
        AnswerKind::Choice => (0..shown).map(Answer::Chose).collect(),
        AnswerKind::Graded => vec![
            Answer::Graded(0, Grade::Much),
            Answer::Graded(0, Grade::Slightly),
            Answer::Tie,
            Answer::Graded(1, Grade::Slightly),
            Answer::Graded(1, Grade::Much),
        ],
        AnswerKind::Rating { of } => (1..=of)
            .map(|rating| Answer::Rated { rating, of })
            .collect(),
        AnswerKind::BestWorst => ordered_pairs(shown)
            .into_iter()
            .map(|(best, worst)| Answer::BestWorst { best, worst })
            .collect(),
        AnswerKind::Order => {
            let one = Ranking::new(&(0..shown).collect::<Vec<_>>())?;
            one.alternatives()
                .into_iter()
                .map(Answer::Ordered)
                .collect()
        }
    };
    let offered = model.offered(kind);
    let mut possible = Vec::new();
    for answer in answers {
        possible.extend(Evidence::from_answer(model, scores, None, offered, answer)?);
    }
    Ok(possible)
}

/// Chances, chances of being best, ends of intervals, and standard deviations of the weights.
struct Summaries(Vec<Vec<f64>>);

impl Summaries {
    fn zip(&self, other: &Summaries, f: impl Fn(f64, f64) -> f64) -> Summaries {
        let of = |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect();
        Summaries(self.0.iter().zip(&other.0).map(of).collect())
    }
}

/// The errors of several people's draws.
#[derive(Default)]
struct Errors {
    chances: Vec<f64>,
    best: Vec<f64>,
    ends: Vec<f64>,
    worths: Vec<f64>,
    times: Vec<f64>,
}

impl Errors {
    fn add(&mut self, person: &Person, reference_samples: usize) {
        let exact = person.reference(reference_samples);
        let mut time = f64::INFINITY;
        let mut draw = || {
            let start = Instant::now();
            let samples = PosteriorSamples::draw(&person.laplace);
            time = time.min(1e3 * start.elapsed().as_secs_f64());
            samples
        };
        let samples = draw();
        (1..TIMED).for_each(|_| drop(draw()));
        self.times.push(time);
        let squares = samples.probabilities().iter().map(|p| p * p);
        self.worths
            .push(1.0 / squares.sum::<f64>() / samples.count() as f64);
        let errors = person.summaries(&samples).zip(&exact, |a, b| a - b);
        self.chances.extend(&errors.0[0]);
        self.best.extend(&errors.0[1]);
        let sds = exact.0[3].iter().flat_map(|sd| [sd, sd]);
        self.ends
            .extend(errors.0[2].iter().zip(sds).map(|(e, sd)| e / sd));
    }

    fn extend(&mut self, other: Errors) {
        self.chances.extend(other.chances);
        self.best.extend(other.best);
        self.ends.extend(other.ends);
        self.worths.extend(other.worths);
        self.times.extend(other.times);
    }

    fn cells(&self) -> Vec<Cell> {
        let mut figures = Vec::new();
        for errors in [&self.chances, &self.best, &self.ends] {
            figures.extend([root_mean_square(errors), largest(errors)]);
        }
        figures.extend([mean(&self.worths), mean(&self.times)]);
        let cell = |value| Cell::Figure { value, error: None };
        figures.into_iter().map(cell).collect()
    }
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

fn root_mean_square(errors: &[f64]) -> f64 {
    mean(&errors.iter().map(|error| error * error).collect::<Vec<_>>()).sqrt()
}

fn largest(errors: &[f64]) -> f64 {
    errors
        .iter()
        .fold(0.0, |largest, error| error.abs().max(largest))
}

fn share_above(errors: &[f64], bound: f64) -> f64 {
    let above = errors.iter().filter(|error| error.abs() > bound).count();
    above as f64 / errors.len() as f64
}

/// The reference beside Markov chains.
fn chains(size: Size, section: &mut Section) -> Result<(), Error> {
    section.text(format!(
        "Is the reference itself right? Elliptical slice sampling (Murray, Adams & MacKay 2010) of \
         one person for each kind, d = {CHAIN_DIMENSIONS}, {CHAIN_ANSWERS} answers: {CHAINS} chains \
         of {} steps. Differences of chances from the reference, in the chains' standard errors: \
         about 1 if both are right.",
        steps(size)
    ));
    let mut rows = Vec::new();
    for kind in &KINDS {
        let person = Person::new(kind, CHAIN_DIMENSIONS, CHAIN_ANSWERS, 0)?;
        let exact = person.reference(reference_samples(size));
        let found: Vec<Vec<f64>> = (0..CHAINS)
            .map(|seed| chances_by_chain(&person, seed, steps(size)))
            .collect();
        let (mut errors, mut differences) = (Vec::new(), Vec::new());
        for (place, exact) in exact.0[0].iter().enumerate() {
            let of_chains: Vec<f64> = found.iter().map(|of| of[place]).collect();
            let middle = mean(&of_chains);
            let squares = of_chains.iter().map(|p| (p - middle) * (p - middle));
            let n = CHAINS as f64;
            let error = (squares.sum::<f64>() / (n * (n - 1.0))).sqrt();
            errors.push(error);
            differences.push((middle - exact) / error);
        }
        let figure = |value| Cell::Figure { value, error: None };
        rows.push(vec![
            Cell::Text(kind.name.to_owned()),
            figure(root_mean_square(&errors)),
            figure(root_mean_square(&differences)),
            figure(largest(&differences)),
        ]);
    }
    let names = [
        "kind",
        "standard error of the chains",
        "difference, root mean square",
        "largest difference",
    ];
    section.table(
        "chains",
        "The reference beside Markov chains.",
        Table {
            columns: names.map(str::to_owned).to_vec(),
            rows,
            decimals: 4,
        },
    );
    Ok(())
}

fn reference_samples(size: Size) -> usize {
    if size == Size::TINY {
        REFERENCE_SAMPLES / 8
    } else {
        REFERENCE_SAMPLES
    }
}

fn steps(size: Size) -> usize {
    if size == Size::TINY {
        STEPS / 10
    } else {
        STEPS
    }
}

/// The chances of a person by elliptical slice sampling of the weights and the leniency.
fn chances_by_chain(person: &Person, seed: u64, steps: usize) -> Vec<f64> {
    let mut random = Random::new(seed, 77);
    let d = person.laplace.dimensions();
    let sds = person.prior.covariance().diagonal().map(f64::sqrt);
    let log_likelihood = |x: &DVector<f64>| -> f64 {
        let weights = person.prior.mean() + sds.component_mul(&x.rows(0, d));
        let leniency = person.model.leniency() * x[d];
        person
            .evidence
            .iter()
            .map(|one| one.log_likelihood_with(&person.model, weights.as_view(), leniency))
            .sum()
    };
    let mut x = random.normals(d + 1);
    let mut log = log_likelihood(&x);
    let mut positive = vec![0.0; person.differences.len()];
    for step in 0..WARM_UP + steps {
        let other = random.normals(d + 1);
        let threshold = log + random.log_uniform();
        let mut angle = std::f64::consts::TAU * random.uniform();
        let (mut low, mut high) = (angle - std::f64::consts::TAU, angle);
        loop {
            let proposed = angle.cos() * &x + angle.sin() * &other;
            let proposed_log = log_likelihood(&proposed);
            if proposed_log > threshold {
                (x, log) = (proposed, proposed_log);
                break;
            }
            if angle < 0.0 {
                low = angle;
            } else {
                high = angle;
            }
            angle = low + (high - low) * random.uniform();
        }
        if step >= WARM_UP {
            let weights = person.prior.mean() + sds.component_mul(&x.rows(0, d));
            for (count, z) in positive.iter_mut().zip(&person.differences) {
                if weights.dot(z) > 0.0 {
                    *count += 1.0 / steps as f64;
                }
            }
        }
    }
    positive
}
