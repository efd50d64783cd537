//! A fit over partitions gives the same bits however many there are.

use leaning::numeric::Random;
use leaning::{Answer, AnswerModel, Prior};
use leaning_population::{
    BLOCK, FitOptions, HeadStep, Partition, PriorStep, Sample, Step, Sums, fit, fit_partitions,
};
use nalgebra::{DMatrix, DVector};
use std::borrow::Cow;
use std::ops::Range;

const RESPONSES: usize = 30;
const INPUTS: usize = 4;
const PEOPLE: usize = 7 * BLOCK + 11;

/// Inputs that single precision holds.
fn inputs() -> DMatrix<f64> {
    let mut random = Random::new(1, 0);
    DMatrix::from_fn(RESPONSES, INPUTS, |_, _| f64::from(random.normal() as f32))
}

fn columns() -> DMatrix<f32> {
    inputs().transpose().map(|input| input as f32)
}

fn head() -> DMatrix<f64> {
    let mut random = Random::new(2, 0);
    DMatrix::from_fn(INPUTS, 2, |_, _| random.normal())
}

/// Some of the people, each with 12 choices among two or three, and a tie.
fn people(range: Range<usize>) -> Sample {
    let scores = inputs() * head();
    let mut sample = Sample::new(RESPONSES);
    for person in range {
        let mut random = Random::new(3, person as u64);
        let weights = DVector::from_vec(vec![0.5 + random.normal(), 0.7 * random.normal()]);
        let answers = (0..13).map(|place| {
            let count = 2 + place % 2;
            let mut shown: Vec<u32> = (0..RESPONSES as u32).collect();
            random.shuffle(&mut shown);
            shown.truncate(count);
            let reward = |response: u32| scores.row(response as usize).transpose().dot(&weights);
            let noisy = |response: u32| reward(response) - (-random_log(person, response)).ln();
            let best = (0..count).max_by(|&a, &b| noisy(shown[a]).total_cmp(&noisy(shown[b])));
            let answer = match best {
                Some(best) if place > 0 => Answer::Chose(best),
                _ => Answer::Tie,
            };
            (shown, answer)
        });
        sample.push(answers.collect::<Vec<_>>());
    }
    sample
}

/// The logarithm of a uniform number.
fn random_log(person: usize, response: u32) -> f64 {
    Random::new(4, person as u64 * 1000 + u64::from(response)).log_uniform()
}

fn partition(range: Range<usize>) -> Partition<'static> {
    let first = range.start;
    Partition::new(Cow::Owned(people(range)), columns(), first).unwrap()
}

/// Partitions that begin at these blocks.
fn partitions(starts: &[usize]) -> Vec<Partition<'static>> {
    let starts = starts.iter().map(|block| block * BLOCK);
    let ends = starts.clone().skip(1).chain([PEOPLE]);
    starts
        .zip(ends)
        .map(|(start, end)| partition(start..end))
        .collect()
}

fn model() -> AnswerModel {
    AnswerModel::new(0.02, 0.3).unwrap()
}

fn steps() -> [Step; 2] {
    let mean = DVector::from_vec(vec![0.4, -0.1]);
    let prior = Prior::gaussian(mean.clone(), DMatrix::identity(2, 2)).unwrap();
    let (model, head) = (model(), head());
    [
        Step::Head(HeadStep {
            model,
            head: head.clone(),
            mean,
        }),
        Step::Prior(PriorStep {
            model,
            head,
            prior,
            samples: 64,
        }),
    ]
}

const SPLITS: [&[usize]; 4] = [&[0], &[0, 3], &[0, 1, 2, 3, 4, 5, 6, 7], &[0, 5, 6]];

#[test]
fn sums_are_the_same_bits_with_one_two_or_eight_partitions() {
    for step in steps() {
        let whole = partitions(SPLITS[0])[..].sum(&step).unwrap();
        for starts in SPLITS {
            assert_eq!(partitions(starts)[..].sum(&step).unwrap(), whole);
        }
    }
}

#[test]
fn sums_are_the_same_bits_on_one_thread_or_three() {
    for step in steps() {
        let sum = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            pool.build()
                .unwrap()
                .install(|| partition(0..PEOPLE).run(&step).unwrap())
        };
        assert_eq!(sum(1), sum(3));
    }
}

#[test]
fn steps_and_sums_travel_as_bytes() {
    let partition = partition(0..PEOPLE);
    for step in steps() {
        let sums = partition.run(&step).unwrap();
        assert_eq!(partition.step(&step.to_bytes()).unwrap(), sums.to_bytes());
        for end in 0..step.to_bytes().len() {
            let error = partition.step(&step.to_bytes()[..end]).unwrap_err();
            assert!(error.to_string().contains("the bytes of a step"), "{error}");
        }
    }
}

#[test]
fn a_fit_over_partitions_is_the_fit_to_everybody() {
    let everybody = people(0..PEOPLE);
    let scores = inputs() * head();
    let fit_to = |sample: &Sample| {
        let evidence = sample.evidence(&model(), &scores);
        fit(&evidence, model(), 2, FitOptions::default()).unwrap()
    };
    let expected = fit_to(&everybody);
    let start = fit_to(&people(0..3 * BLOCK));
    let fits: Vec<Prior> = SPLITS
        .iter()
        .map(|starts| {
            fit_partitions(&partitions(starts)[..], model(), &head(), start.clone()).unwrap()
        })
        .collect();
    for found in &fits {
        // The same bits with any partitions.
        assert_eq!(found.mean(), fits[0].mean());
        assert_eq!(found.covariance(), fits[0].covariance());
    }
    // And the same prior, to within a fraction of its standard error, which is sd/√people.
    let sd = expected.standard_deviations();
    let error = 1.0 / (PEOPLE as f64).sqrt();
    let away = (fits[0].mean() - expected.mean()).component_div(&sd);
    assert!(away.amax() < 0.5 * error, "{away}");
    let away = fits[0].standard_deviations().component_div(&sd);
    assert!(away.add_scalar(-1.0).amax() < 0.5 * error, "{away}");
}

#[test]
fn the_gradient_of_the_head_is_the_difference_of_the_loss() {
    let partition = partition(0..BLOCK);
    let [Step::Head(step), _] = steps() else {
        panic!("the first is a step of the head");
    };
    let loss = |head: &DMatrix<f64>, mean: &DVector<f64>| {
        let (head, mean) = (head.clone(), mean.clone());
        let step = HeadStep {
            model: model(),
            head,
            mean,
        };
        partition.run(&Step::Head(step)).unwrap().total()
    };
    let at = loss(&step.head, &step.mean);
    let check = |found: f64, by: [f64; 2]| {
        let expected = (by[1] - by[0]) / 2e-5;
        assert!((found - expected).abs() < 1e-3, "{found}, {expected}");
    };
    for place in 0..step.head.len() {
        check(
            at[1 + place],
            [-1e-5, 1e-5].map(|by| {
                let mut head = step.head.clone();
                head[place] += by;
                loss(&head, &step.mean)[0]
            }),
        );
    }
    for place in 0..2 {
        check(
            at[1 + step.head.len() + place],
            [-1e-5, 1e-5].map(|by| {
                let mut mean = step.mean.clone();
                mean[place] += by;
                loss(&step.head, &mean)[0]
            }),
        );
    }
}

#[test]
fn partitions_that_do_not_follow_each_other_are_refused() {
    let [step, _] = steps();
    let apart = [partition(0..BLOCK), partition(2 * BLOCK..PEOPLE)];
    let error = apart[..].sum(&step).unwrap_err();
    assert!(error.to_string().contains("partitions: "), "{error}");
    let error = Partition::new(Cow::Owned(people(0..1)), columns(), 5).unwrap_err();
    assert!(error.to_string().contains("first: "), "{error}");
    let error = Partition::new(Cow::Owned(people(0..1)), DMatrix::zeros(4, 29), 0).unwrap_err();
    assert!(error.to_string().contains("inputs: "), "{error}");
}
