//! Whether a fit recovers the truth: simulated people whose base rewards and prior are known.

use super::size::Size;
use crate::fit::factors::{FactorShape, Start};
use crate::fit::inputs::Inputs;
use crate::fit::model::{Model, Plan};
use crate::fit::progress::FitProgress;
use crate::fit::{cross_validate, log_evidences, worthwhile};
use crate::report::{Cell, Section, Table};
use argmin::core::Error;
use leaning::{Answer, AnswerKind, AnswerModel, Evidence, Prior};
use leaning_population::{People, Sample};
use leaning_simulate::{Habits, Person, Population};
use nalgebra::{DMatrix, DVector};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use std::ops::Range;

/// Number of answers of each person.
const ANSWERS: usize = 30;
/// Numbers of answers that predictions are based on.
const AFTER: [usize; 3] = [0, 10, 20];
const LAPSE: f64 = 0.02;
/// The size of most worlds.
const USUAL: Shape = Shape {
    dimensions: 6,
    features: 20,
    responses: 1000,
    people: 500,
    new_people: 300,
};

/// Runs the study. A tiny one has fewer kinds of worlds.
pub fn run(size: Size) -> Result<Section, Error> {
    let full = size == Size::FULL;
    let worlds = size.worlds as u64;
    let mut section = Section::new("fit-study", "Does the fit recover the truth?");
    section.text(format!(
        "{} simulated people give {ANSWERS} answers each. Base rewards are linear in 20 \
         features, d = 6. Both the fit and the true base rewards and prior then predict new \
         people's held-out answers from their first 0, 10 and 20. The table has the ratio of the \
         two mean log-likelihoods, the fit's to the truth's; 1 is best. The ranges are over \
         {worlds} simulated worlds.",
        USUAL.people,
    ));
    let starts = (0..worlds).map(|seed| compare_starts(seed, USUAL));
    let starts: Vec<StartComparison> = starts.collect::<Result<_, _>>()?;
    section.table("recovery", "", recovery_table(&starts));
    let first = &starts[0];
    section.text(format!(
        "In the first world, the penalised loss is {:.0} after {} steps from singular vectors, and \
         {:.0} after {} steps from a random start.",
        first.svd.loss, first.svd.steps, first.random.loss, first.random.steps
    ));

    let shape = |(dimensions, features)| Shape {
        dimensions,
        features,
        ..USUAL
    };
    let (shapes, most) = if full {
        (vec![(6, 20), (3, 20), (6, 10)], 9)
    } else {
        (vec![(3, 8)], 5)
    };
    let mut rows = Vec::new();
    for shape in shapes.into_iter().map(shape) {
        let mut right = 0;
        for seed in 0..worlds {
            right += usize::from(number_of_dimensions(seed, shape, most)? == shape.dimensions);
        }
        let counts = [shape.dimensions, shape.features, right, worlds as usize];
        rows.push(counts.map(|count| Cell::Count(count as u64)).to_vec());
    }
    let columns = ["dimensions", "features", "found right", "worlds"]
        .map(str::to_owned)
        .to_vec();
    let table = Table {
        columns,
        rows,
        ..Table::default()
    };
    section.table(
        "dimensions",
        "Worlds in which the right number of dimensions is found.",
        table,
    );

    let (sizes, worlds): (&[usize], u64) = if full {
        (&[15, 30, 60, 120, 240, 480], 3)
    } else {
        (&[15, 30], 1)
    };
    let mut rows = Vec::new();
    for &responses in sizes {
        let ratios = ratios_of_table(Shape { responses, ..USUAL }, worlds)?;
        let figures = ratios
            .iter()
            .map(|&value| Cell::Figure { value, error: None });
        rows.push(
            [Cell::Count(responses as u64)]
                .into_iter()
                .chain(figures)
                .collect(),
        );
    }
    let after = AFTER.iter().map(|after| format!("after {after}"));
    let columns = ["responses".to_owned()].into_iter().chain(after).collect();
    let table = Table {
        columns,
        rows,
        ..Table::default()
    };
    let caption = format!(
        "The same ratio without features, d = 6, by number of responses. Base rewards are a table \
         with a row for each response, and {} answers have to fill it.",
        USUAL.people * ANSWERS
    );
    section.table("table", caption, table);
    Ok(section)
}

fn recovery_table(starts: &[StartComparison]) -> Table {
    let range = |after: usize, of: fn(&StartComparison) -> &Outcome| {
        let ratios = starts.iter().map(|start| of(start).ratios[after]);
        let low = ratios.clone().fold(f64::INFINITY, f64::min);
        let high = ratios.fold(f64::NEG_INFINITY, f64::max);
        Cell::Text(format!("{low:.3}–{high:.3}"))
    };
    let row = |(place, &after): (usize, &usize)| {
        let svd = range(place, |start| &start.svd);
        vec![
            Cell::Count(after as u64),
            svd,
            range(place, |start| &start.random),
        ]
    };
    let columns = ["answers", "from singular vectors", "from a random start"];
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: AFTER.iter().enumerate().map(row).collect(),
        ..Table::default()
    }
}

/// The size of a simulated world.
#[derive(Debug, Clone, Copy)]
struct Shape {
    dimensions: usize,
    features: usize,
    responses: usize,
    /// Number of people that models are fitted to.
    people: usize,
    /// Number of people whose answers are predicted.
    new_people: usize,
}

/// The truth, and people who answer by it.
struct Truth {
    fitted_to: Sample,
    new: Sample,
    /// n × f.
    features: DMatrix<f64>,
    /// n × d.
    scores: DMatrix<f64>,
    prior: Prior,
    model: AnswerModel,
}

impl Truth {
    /// Responses with independent features, and d base rewards of them by a random orthogonal head.
    /// The weights have a total variance of 2, along random directions, each with a variance
    /// smaller than the one before by a factor of e^−0.6.
    fn new(seed: u64, shape: Shape) -> Result<Self, Error> {
        let Shape {
            dimensions,
            responses,
            people,
            new_people,
            ..
        } = shape;
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut normals = |rows, columns| {
            DMatrix::from_fn(rows, columns, |_, _| {
                random.sample::<f64, _>(StandardNormal)
            })
        };
        let features = normals(responses, shape.features);
        let head = normals(features.ncols(), dimensions).qr().q();
        let directions = normals(dimensions, dimensions).qr().q();
        let parts = DVector::from_fn(dimensions, |j, _| (-0.3 * j as f64).exp());
        let sds = (2.0 * &parts / parts.sum()).map(f64::sqrt);
        let root = &directions * DMatrix::from_diagonal(&sds) * directions.transpose();
        let mean = &root * normals(dimensions, 1).column(0) * 0.5;
        let prior = Prior::gaussian(mean, &root * root.transpose())?;
        let model = AnswerModel::new(LAPSE, 0.0)?;
        let habits = Habits {
            model,
            ..Habits::default()
        };
        let population = Population::of_prior(prior.clone(), habits, seed)?;
        let scores = &features * &head;
        let mut interview = |people: Range<usize>| {
            let mut sample = Sample::new(responses);
            for index in people {
                let answers =
                    random_answers(&population.person(index), &scores, model, &mut random);
                sample.push(answers.iter().map(|(shown, answer)| (&shown[..], *answer)));
            }
            sample
        };
        let fitted_to = interview(0..people);
        let new = interview(people..people + new_people);
        Ok(Truth {
            fitted_to,
            new,
            features,
            scores,
            prior,
            model,
        })
    }

    fn inputs(&self) -> Inputs {
        Inputs::linear(&self.fitted_to, &self.features)
    }

    fn fit(&self, inputs: &Inputs, start: Start) -> Result<Model, Error> {
        let dimensions = self.scores.ncols();
        let plan = Plan {
            shape: FactorShape::usual(dimensions),
            spread: None,
            components: 1,
            lapse: LAPSE,
            start,
            seed: 1,
        };
        Model::fit(&self.fitted_to, inputs, plan, None, &FitProgress::hidden())
    }

    /// The ratio of the log-likelihoods of new people's further answers under the fit and under the
    /// truth, by number of answers before. It is above 1 if the fit is worse.
    fn ratios(&self, fit: &Model) -> Result<[f64; 3], Error> {
        let truth = self.new.evidence(&self.model, &self.scores);
        let found = self.new.evidence(&self.model, &fit.scores);
        let mut ratios = [0.0; 3];
        for (ratio, after) in ratios.iter_mut().zip(AFTER) {
            *ratio = log_likelihood_after(&found, &self.model, &fit.prior, after)?
                / log_likelihood_after(&truth, &self.model, &self.prior, after)?;
        }
        Ok(ratios)
    }
}

/// A person's answers to questions about two random responses: the responses, and the answer.
fn random_answers(
    person: &Person,
    scores: &DMatrix<f64>,
    model: AnswerModel,
    random: &mut ChaCha8Rng,
) -> Vec<([u32; 2], Answer)> {
    let responses = scores.nrows();
    let answer = |question: usize| {
        let first = random.random_range(0..responses);
        let shown = [
            first,
            (first + random.random_range(1..responses)) % responses,
        ];
        let shown_scores = scores.select_rows(&shown).transpose();
        (
            shown.map(|response| response as u32),
            person.answer(&shown_scores, model.offered(AnswerKind::Choice), question),
        )
    };
    (0..ANSWERS).map(answer).collect()
}

/// log P(further answers | the first `after`), summed over people.
fn log_likelihood_after(
    people: &impl People,
    model: &AnswerModel,
    prior: &Prior,
    after: usize,
) -> Result<f64, Error> {
    let first: Vec<Vec<Evidence>> = (0..people.count())
        .map(|person| people.evidence(person)[..after].to_vec())
        .collect();
    let all: f64 = log_evidences(people, model, prior)?.iter().sum();
    let first: f64 = log_evidences(&first, model, prior)?.iter().sum();
    Ok(all - first)
}

/// The fits of one world from the two starts.
struct StartComparison {
    svd: Outcome,
    random: Outcome,
}

/// One fit.
struct Outcome {
    /// By number of answers before.
    ratios: [f64; 3],
    /// The penalised loss at the end.
    loss: f64,
    steps: usize,
}

fn compare_starts(seed: u64, shape: Shape) -> Result<StartComparison, Error> {
    let truth = Truth::new(seed, shape)?;
    let inputs = truth.inputs();
    let outcome = |start| -> Result<Outcome, Error> {
        let fit = truth.fit(&inputs, start)?;
        let (ratios, loss) = (truth.ratios(&fit)?, fit.losses.last().copied());
        Ok(Outcome {
            ratios,
            loss: loss.unwrap_or(f64::NAN),
            steps: fit.losses.len(),
        })
    };
    Ok(StartComparison {
        svd: outcome(Start::Svd)?,
        random: outcome(Start::Random)?,
    })
}

/// The number of dimensions that cross-validation finds, of at most `most`.
fn number_of_dimensions(seed: u64, shape: Shape, most: usize) -> Result<usize, Error> {
    let truth = Truth::new(seed, shape)?;
    let (inputs, progress) = (truth.inputs(), FitProgress::hidden());
    let trials = cross_validate(
        &truth.fitted_to,
        &inputs,
        &truth.model,
        FactorShape::usual(most),
        1,
        &progress,
    )?;
    Ok(worthwhile(&trials))
}

/// The mean ratios of fits without features, by number of answers before.
fn ratios_of_table(shape: Shape, worlds: u64) -> Result<[f64; 3], Error> {
    let mut means = [0.0; 3];
    for seed in 0..worlds {
        let truth = Truth::new(seed, shape)?;
        let ratios = truth.ratios(&truth.fit(&Inputs::Table(shape.responses), Start::Svd)?)?;
        means
            .iter_mut()
            .zip(ratios)
            .for_each(|(mean, ratio)| *mean += ratio / worlds as f64);
    }
    Ok(means)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Shape = Shape {
        dimensions: 2,
        features: 6,
        responses: 200,
        people: 200,
        new_people: 200,
    };

    /// `LEANING_THOROUGH` asks for the worlds of the study instead of a small one.
    fn is_thorough() -> bool {
        std::env::var_os("LEANING_THOROUGH").is_some()
    }

    #[test]
    fn a_fit_predicts_new_people_within_two_percent_of_the_truth() {
        let (shape, worlds) = if is_thorough() {
            (USUAL, 10)
        } else {
            (SMALL, 1)
        };
        for seed in 0..worlds {
            let StartComparison { svd, random } = compare_starts(seed, shape).unwrap();
            assert!(
                svd.ratios.iter().all(|ratio| *ratio < 1.02),
                "{:?}",
                svd.ratios
            );
            // A random start is no better.
            assert!(
                svd.loss <= random.loss * 1.001,
                "{} and {}",
                svd.loss,
                random.loss
            );
        }
    }

    #[test]
    fn the_number_of_dimensions_is_found() {
        if !is_thorough() {
            // The tests of the command find it in a small world.
            eprintln!("skipped: it takes minutes; LEANING_THOROUGH=1 runs it");
            return;
        }
        for (dimensions, features) in [(6, 20), (3, 20), (6, 10)] {
            let shape = Shape {
                dimensions,
                features,
                ..USUAL
            };
            let found: Vec<usize> = (0..10)
                .map(|seed| number_of_dimensions(seed, shape, dimensions + 3).unwrap())
                .collect();
            let right = found
                .iter()
                .filter(|&&found| found == shape.dimensions)
                .count();
            assert!(10 * right >= 9 * found.len(), "{shape:?}: {found:?}");
        }
    }

    #[test]
    fn a_table_of_scores_predicts_worse_with_more_responses() {
        let (shape, sizes, worlds): (Shape, &[usize], u64) = if is_thorough() {
            (USUAL, &[15, 30, 60, 120, 240, 480], 3)
        } else {
            (SMALL, &[15, 120], 1)
        };
        let ratio =
            |&responses: &usize| ratios_of_table(Shape { responses, ..shape }, worlds).unwrap()[2];
        let ratios: Vec<f64> = sizes.iter().map(ratio).collect();
        assert!(
            ratios.windows(2).all(|pair| pair[0] < pair[1]),
            "{ratios:?}"
        );
    }
}
