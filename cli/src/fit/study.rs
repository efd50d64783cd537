//! Does a fit find what is there? Made-up people whose base rewards and prior are known.
//!
//! Run with `LEANING_THOROUGH=1 cargo test --release -p leaning-cli study -- --nocapture --test-threads 1` for the
//! tables of docs/real-data.md.

use super::factors::Start;
use super::inputs::Inputs;
use super::model::{Model, Plan};
use super::sample::Sample;
use super::select::{cross_validate, log_evidences, worthwhile};
use super::watch::Watch;
use leaning::simulate::{Habits, Population};
use leaning::{Answer, AnswerModel, Evidence, Prior, Segment};
use nalgebra::{DMatrix, DVector};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

const PEOPLE: usize = 500;
const ANSWERS: usize = 30;
/// People whose answers are foretold, and after how many answers.
const NEW: usize = 300;
const AFTER: [usize; 3] = [0, 10, 20];
const LAPSE: f64 = 0.02;

fn is_thorough() -> bool {
    std::env::var_os("LEANING_THOROUGH").is_some()
}

/// What is to be found, and people who answer by it.
struct World {
    fitted_to: Sample,
    new: Sample,
    features: DMatrix<f64>,
    /// n × d.
    scores: DMatrix<f64>,
    prior: Prior,
    model: AnswerModel,
}

impl World {
    /// Responses with independent features, and d base rewards of them: a random orthogonal head. What people weigh has a
    /// total variance of 2, less in each further direction by a factor of e^−0.6, and directions that are no base
    /// reward's.
    fn new(seed: u64, dimensions: usize, features: usize, responses: usize) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut normals =
            |rows, columns| DMatrix::from_fn(rows, columns, |_, _| random.sample::<f64, _>(StandardNormal));
        let features = normals(responses, features);
        let head = normals(features.ncols(), dimensions).qr().q();
        let basis = normals(dimensions, dimensions).qr().q();
        let parts: Vec<f64> = (0..dimensions).map(|j| (-0.3 * j as f64).exp()).collect();
        let total: f64 = parts.iter().sum();
        let deviations = DVector::from_iterator(dimensions, parts.iter().map(|part| (2.0 * part / total).sqrt()));
        let root = &basis * DMatrix::from_diagonal(&deviations) * basis.transpose();
        let covariance = &root * &root;
        let mean = &root * normals(dimensions, 1) * 0.5;
        let entry = |i: usize, j: usize| 0.5 * (covariance[(i, j)] + covariance[(j, i)]);
        let rows: Vec<Vec<f64>> = (0..dimensions).map(|i| (0..dimensions).map(|j| entry(i, j)).collect()).collect();
        let prior = Prior::mixture(vec![Segment::new(1.0, mean.as_slice(), &rows).unwrap()]).unwrap();
        let model = AnswerModel::new(LAPSE, 0.0).unwrap();
        let population = Population::of_prior(prior.clone(), Habits { model, ..Habits::default() }, seed).unwrap();
        let scores = &features * &head;
        let mut answer = |people: std::ops::Range<usize>| {
            let mut sample = Sample::new(responses);
            for person in people {
                let person = population.person(person);
                let mut said = |question: usize| {
                    let first = random.random_range(0..responses);
                    let shown = vec![first, (first + random.random_range(1..responses)) % responses];
                    let rows: Vec<Vec<f64>> =
                        shown.iter().map(|&place| scores.row(place).iter().copied().collect()).collect();
                    let answer = person.answer(&rows, model.offered(), question);
                    (shown, answer)
                };
                let said: Vec<(Vec<usize>, Answer)> = (0..ANSWERS).map(&mut said).collect();
                sample.push(said.iter().map(|(shown, answer)| (&shown[..], *answer)));
            }
            sample
        };
        let fitted_to = answer(0..PEOPLE);
        let new = answer(PEOPLE..PEOPLE + NEW);
        World { fitted_to, new, features, scores, prior, model }
    }

    fn inputs(&self) -> Inputs {
        Inputs::linear(&self.fitted_to, &self.features)
    }

    fn fit(&self, inputs: &Inputs, start: Start) -> Model {
        let dimensions = self.scores.ncols();
        let plan = Plan { dimensions, segments: 1, lapse: LAPSE, start, seed: 1 };
        Model::fit(&self.fitted_to, inputs, plan, &Watch::hidden()).unwrap()
    }

    /// Log-likelihood of new people's further answers under a fit over that under the truth, after the first so many:
    /// above 1 is worse than the truth.
    fn ratios(&self, fit: &Model) -> Vec<f64> {
        let truth = self.new.evidence(&self.model, &self.scores);
        let found = self.new.evidence(&self.model, &fit.scores);
        let ratio = |&after: &usize| {
            foretold(&found, &self.model, &fit.prior, after) / foretold(&truth, &self.model, &self.prior, after)
        };
        AFTER.iter().map(ratio).collect()
    }
}

/// log P(further answers | the first so many), summed over people.
fn foretold(people: &[Vec<Evidence>], model: &AnswerModel, prior: &Prior, after: usize) -> f64 {
    let first: Vec<Vec<Evidence>> = people.iter().map(|said| said[..after].to_vec()).collect();
    let total = |said: &[Vec<Evidence>]| log_evidences(said, model, prior).unwrap().iter().sum::<f64>();
    total(people) - total(&first)
}

fn print(what: &str, ratios: &[f64]) {
    println!("{what}: {}", ratios.iter().map(|ratio| format!("{ratio:.4}")).collect::<Vec<_>>().join(", "));
}

#[test]
fn new_people_are_foretold_within_two_percent_of_what_the_truth_would_reach() {
    let seeds = if is_thorough() { 10 } else { 1 };
    for seed in 0..seeds {
        let world = World::new(seed, 6, 20, 1000);
        let ratios = world.ratios(&world.fit(&world.inputs(), Start::Svd));
        print(&format!("recovery, seed {seed}, after {AFTER:?}"), &ratios);
        assert!(ratios.iter().all(|ratio| *ratio < 1.02), "{ratios:?}");
    }
}

#[test]
fn the_singular_vectors_are_a_better_start_than_chance() {
    let seeds = if is_thorough() { 10 } else { 1 };
    for seed in 0..seeds {
        let world = World::new(seed, 6, 20, 1000);
        let inputs = world.inputs();
        let (svd, random) = (world.fit(&inputs, Start::Svd), world.fit(&inputs, Start::Random));
        let loss = |fit: &Model| fit.losses.last().copied().unwrap();
        println!("start, seed {seed}: steps {} and {}", svd.losses.len(), random.losses.len());
        println!("start, seed {seed}: losses {:.1} and {:.1}", loss(&svd), loss(&random));
        print("  from singular vectors", &world.ratios(&svd));
        print("  from anywhere", &world.ratios(&random));
        assert!(loss(&svd) <= loss(&random) * 1.001);
    }
}

#[test]
fn the_number_of_dimensions_is_found() {
    let (cases, seeds): (&[(usize, usize)], u64) =
        if is_thorough() { (&[(6, 20), (3, 20), (6, 10)], 10) } else { (&[(3, 8)], 1) };
    for &(dimensions, features) in cases {
        let found = |seed: u64| {
            let world = World::new(seed, dimensions, features, 1000);
            let most = if is_thorough() { 9 } else { 5 };
            let tried =
                cross_validate(&world.fitted_to, &world.inputs(), &world.model, most, 1, &Watch::hidden()).unwrap();
            worthwhile(&tried)
        };
        let found: Vec<usize> = (0..seeds).map(found).collect();
        println!("dimensions, {dimensions} of {features} features: {found:?}");
        let right = found.iter().filter(|&&found| found == dimensions).count();
        assert!(10 * right >= 9 * found.len(), "{dimensions} of {features}: {found:?}");
    }
}

#[test]
fn a_table_of_scores_costs_more_the_more_responses_there_are() {
    let (sizes, seeds): (&[usize], u64) =
        if is_thorough() { (&[15, 30, 60, 120, 240, 480], 3) } else { (&[15, 120], 1) };
    let mut means = Vec::new();
    for &responses in sizes {
        let mut sums = vec![0.0; AFTER.len()];
        for seed in 0..seeds {
            let world = World::new(seed, 6, 20, responses);
            let fit = world.fit(&Inputs::Table(responses), Start::Svd);
            sums.iter_mut().zip(world.ratios(&fit)).for_each(|(sum, ratio)| *sum += ratio / seeds as f64);
        }
        print(&format!("table of {responses} responses, after {AFTER:?}"), &sums);
        means.push(sums[2]);
    }
    assert!(means.windows(2).all(|pair| pair[0] < pair[1]), "{means:?}");
}
