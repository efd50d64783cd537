//! Sharing: how many people, at which ε, give how much of the true prior.

use super::size::Size;
use crate::report::{Cell, Section, Table};
use crate::sharing::record::discrete_laplace_variance;
use crate::sharing::{Moments, SharedRecord};
use leaning::Error;
use leaning::numeric::Random;
use nalgebra::{DMatrix, DVector};

const DIMENSIONS: usize = 6;
const EPSILONS: [f64; 4] = [1.0, 2.0, 4.0, 8.0];
const PEOPLE: [usize; 4] = [100, 1000, 10_000, 100_000];
/// The same as `shareable` of the npm package.
const BOUND: f64 = 2.0;
const STEPS: f64 = 8.0;
const SHARED: f64 = 2.0;
/// The spread of the true means, in standard deviations of the deck's prior.
const MEAN_SD: f64 = 0.5;

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("shared", "Weights shared under differential privacy");
    section.text(format!(
        "{} populations in d = {DIMENSIONS}, whose means differ from the deck's prior by {MEAN_SD} of \
         its standard deviations, and whose variances and correlations differ from it too. Each \
         person shares two weights as `shareable` does; their weights are known exactly, so the \
         figures are what the noise alone leaves. Share of the squared difference between the \
         population and the deck's prior that `leaning prior` finds: 1 is the true prior, 0 the \
         deck's.",
        size.worlds
    ));
    let counts = PEOPLE.map(|people| people.min(size.others * 200));
    for (name, caption, place) in [
        ("mean", "How much of the mean.", 0),
        ("covariance", "How much of the covariance.", 1),
    ] {
        let mut columns = vec!["ε".to_owned()];
        columns.extend(counts.map(|people| format!("{people} people")));
        let rows = EPSILONS.map(|epsilon| {
            let mut row = vec![Cell::Text(epsilon.to_string())];
            row.extend(counts.map(|people| figure(size.worlds, people, epsilon, place)));
            row
        });
        let rows = rows.to_vec();
        let table = Table {
            columns,
            rows,
            decimals: 2,
        };
        section.table(name, caption, table);
    }
    Ok(section)
}

/// The average over worlds of the share that is found, of the mean or of the covariance.
fn figure(worlds: usize, people: usize, epsilon: f64, place: usize) -> Cell {
    let shares: Vec<f64> = (0..worlds as u64)
        .map(|world| found(world, people, epsilon)[place])
        .collect();
    let count = shares.len() as f64;
    let mean = shares.iter().sum::<f64>() / count;
    let variance = shares
        .iter()
        .map(|share| (share - mean).powi(2))
        .sum::<f64>()
        / (count - 1.0);
    Cell::Figure {
        value: mean,
        error: Some((variance / count).sqrt()),
    }
}

/// The shares of mean and covariance that are found in one world.
fn found(world: u64, people: usize, epsilon: f64) -> [f64; 2] {
    let mut random = Random::new(world, 0x5a);
    let mean = DVector::from_fn(DIMENSIONS, |_, _| MEAN_SD * random.normal());
    let direction = DVector::from_fn(DIMENSIONS, |_, _| 0.7 * random.normal());
    let identity = DMatrix::<f64>::identity(DIMENSIONS, DIMENSIONS);
    let covariance = 0.4 * &identity + &direction * direction.transpose();
    let records: Vec<SharedRecord> = (0..people)
        .map(|_| {
            let common = random.normal();
            let weights = DVector::from_fn(DIMENSIONS, |i, _| {
                mean[i] + direction[i] * common + 0.4_f64.sqrt() * random.normal()
            });
            record(&weights, epsilon, &mut random)
        })
        .collect();
    let (mean_found, covariance_found) = Moments::estimate(&records, DIMENSIONS).shrunk(&identity);
    let share = |missed: f64, all: f64| 1.0 - missed / all;
    [
        share((mean_found - &mean).norm_squared(), mean.norm_squared()),
        share(
            (covariance_found - &covariance).norm_squared(),
            (&identity - &covariance).norm_squared(),
        ),
    ]
}

fn record(weights: &DVector<f64>, epsilon: f64, random: &mut Random) -> SharedRecord {
    let first = random.below(DIMENSIONS);
    let second = (first + 1 + random.below(DIMENSIONS - 1)) % DIMENSIONS;
    let scale = 2.0 * STEPS * SHARED / epsilon;
    let step = BOUND / STEPS;
    let values = [first, second].map(|place| {
        let exact = weights[place].clamp(-BOUND, BOUND) / step;
        let rounded = exact.floor() + f64::from(u8::from(random.uniform() < exact - exact.floor()));
        step * (rounded + discrete_laplace(scale, random))
    });
    SharedRecord {
        places: vec![first, second],
        values: values.to_vec(),
        noise: step * step * discrete_laplace_variance(scale),
    }
}

/// A whole number with probability proportional to exp(−|n| / scale): the difference of two geometric
/// ones. For simulations only: in floating point it protects nobody.
fn discrete_laplace(scale: f64, random: &mut Random) -> f64 {
    let mut geometric = || (-(1.0 - random.uniform()).ln() * scale).floor();
    geometric() - geometric()
}
