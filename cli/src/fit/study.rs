use super::factors::{Factors, Start};
use super::inputs::Inputs;
use super::sample::Sample;
use super::watch::Watch;
use crate::simulate::engine::fit_prior;
use leaning::population::log_evidence;
use leaning::simulate::{Habits, Population};
use leaning::{AnswerModel, Evidence, Prior, Segment};
use nalgebra::DMatrix;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use std::time::Instant;

pub struct Made {
    pub sample: Sample,
    pub test: Sample,
    pub features: DMatrix<f64>,
    pub head: DMatrix<f64>,
    pub prior: Prior,
}

pub fn make(seed: u64, d: usize, f: usize, people: usize, each: usize, n: usize, model: AnswerModel) -> Made {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut normals = |a, b| DMatrix::from_fn(a, b, |_, _| random.sample::<f64, _>(StandardNormal));
    let features = normals(n, f);
    let head = normals(f, d).qr().q();
    let basis = normals(d, d).qr().q();
    let raw: Vec<f64> = (0..d).map(|j| (-0.3 * j as f64).exp()).collect();
    let total: f64 = raw.iter().sum();
    let values: Vec<f64> = raw.iter().map(|x| x / total * 2.0).collect();
    let root = &basis
        * DMatrix::from_diagonal(&nalgebra::DVector::from_vec(values.iter().map(|x| x.sqrt()).collect()))
        * basis.transpose();
    let cov = &root * &root;
    let mean = &root * normals(d, 1) * 0.5;
    let rows: Vec<Vec<f64>> = (0..d).map(|i| (0..d).map(|j| 0.5 * (cov[(i, j)] + cov[(j, i)])).collect()).collect();
    let prior = Prior::mixture(vec![Segment::new(1.0, mean.as_slice(), &rows).unwrap()]).unwrap();
    let population = Population::of_prior(prior.clone(), Habits { model, ..Habits::default() }, seed).unwrap();
    let phi = &features * &head;
    let mut draw = |from: usize, count: usize| {
        let mut sample = Sample::new(n);
        for index in from..from + count {
            let person = population.person(index);
            let said: Vec<(Vec<usize>, leaning::Answer)> = (0..each)
                .map(|t| {
                    let a = random.random_range(0..n);
                    let b = (a + random.random_range(1..n)) % n;
                    let shown: Vec<Vec<f64>> = [a, b].iter().map(|&r| phi.row(r).iter().copied().collect()).collect();
                    (vec![a, b], person.answer(&shown, model.offered(), t))
                })
                .collect();
            sample.push(said.iter().map(|(s, a)| (&s[..], *a)));
        }
        sample
    };
    let sample = draw(0, people);
    let test = draw(1_000_000, 300);
    Made { sample, test, features, head, prior }
}

/// mean log P(last `held` | first rest) per answer = (log_ev(all) - log_ev(first))/held
pub fn predictive(evidence: &[Vec<Evidence>], model: AnswerModel, prior: &Prior, given: usize) -> f64 {
    let first: Vec<Vec<Evidence>> = evidence.iter().map(|e| e[..given.min(e.len())].to_vec()).collect();
    let count: usize = evidence.iter().map(|e| e.len() - given.min(e.len())).sum();
    (log_evidence(evidence, model, prior).unwrap() - log_evidence(&first, model, prior).unwrap()) / count as f64
}

#[test]
#[ignore]
fn trial() {
    let model = AnswerModel::new(0.02, 0.0).unwrap();
    let d = 6;
    for seed in 0..3 {
        let made = make(seed, d, 20, 500, 30, 1000, model);
        let truth = made.test.evidence(&model, &(&made.features * &made.head));
        let after = [0, 10, 20];
        let best: Vec<f64> = after.iter().map(|&a| predictive(&truth, model, &made.prior, a)).collect();
        println!("seed {seed} truth {best:.4?}");
        let inputs = Inputs::linear(&made.sample, &made.features);
        for start in [Start::Svd, Start::Random] {
            let t = Instant::now();
            let factors = Factors::fit(&made.sample, &inputs, &model, d, (start, seed), &Watch::hidden()).unwrap();
            let t1 = t.elapsed();
            let phi = inputs.scores(&factors.head);
            let prior = fit_prior(&made.sample.evidence(&model, &phi), model, d, 1).unwrap();
            let t2 = t.elapsed();
            let test = made.test.evidence(&model, &phi);
            let got: Vec<f64> = after.iter().map(|&a| predictive(&test, model, &prior, a)).collect();
            println!(
                "  {start:?} steps {} loss {:?} {t1:?} {t2:?}: {got:.4?} ratio {:.4?}",
                factors.losses.len(),
                factors.losses.last(),
                got.iter().zip(&best).map(|(a, b)| a / b).collect::<Vec<_>>()
            );
        }
        // the start alone
        let w = super::factors::leading(&made.sample, &inputs, d, seed).0;
        let phi = inputs.scores(&w);
        let prior = fit_prior(&made.sample.evidence(&model, &phi), model, d, 1).unwrap();
        let got: Vec<f64> =
            after.iter().map(|&a| predictive(&made.test.evidence(&model, &phi), model, &prior, a)).collect();
        println!("  svd alone: {got:.4?} ratio {:.4?}", got.iter().zip(&best).map(|(a, b)| a / b).collect::<Vec<_>>());
    }
}

#[test]
#[ignore]
fn dims() {
    let model = AnswerModel::new(0.02, 0.0).unwrap();
    for (d, f, people, each) in [(6, 20, 500, 30), (3, 20, 500, 30), (6, 10, 500, 30)] {
        for seed in 0..6 {
            let made = make(seed, d, f, people, each, 1000, model);
            let inputs = Inputs::linear(&made.sample, &made.features);
            let t = Instant::now();
            let scored = super::select::cross_validate(&made.sample, &inputs, &model, 9, 1, &Watch::hidden()).unwrap();
            println!("true {d} of {f} seed {seed} {:?}", t.elapsed());
            for s in &scored {
                print!(" {}:{:.2}±{:.2}", s.dimensions, s.gain.mean * 1000.0, s.gain.error * 1000.0);
            }
            println!();
        }
    }
}
