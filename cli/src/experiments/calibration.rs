//! Calibration: coverage of credible intervals, and probabilities against frequencies.

use super::size::Size;
use crate::report::{Cell, Chart, Estimate, Point, Section, Series, Table, Target};
use crate::simulate::interviews::{Interviews, endless};
use crate::simulate::regret::BEST_OF;
use crate::simulate::setting::{Instance, PriorFrom, Setting};
use crate::simulate::training::TrainingPeople;
use leaning::decision::ranking::{best_of, rank};
use leaning::question::acquisition::DEFAULT;
use leaning::{AnswerModel, Error, LaplaceApproximation, PosteriorSamples, Prior, RankOptions};
use leaning_simulate::Person;
use nalgebra::{DMatrix, DVector};

const AFTER: [usize; 4] = [3, 5, 10, 20];
/// Numbers of other people that a prior is fitted to.
const TRAINING: [usize; 3] = [300, 500, 2000];
/// Coverage has a target from this number of answers.
const COVERED_FROM: usize = 5;
const LEVEL: f64 = 0.9;
/// New pairs and new prompts of 16 for each person: several, so that each of ten bins holds
/// thousands.
const PAIRS: usize = 50;
const PROMPTS: usize = 25;
const BINS: usize = 10;
/// A bin with a larger standard error says nothing about a target of 0.02.
const MAX_ERROR: f64 = 0.01;
/// The two distributions that are compared.
const BASES: [&str; 2] = ["posterior samples", "Laplace approximation"];

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("calibration", "Calibration");
    let people = (size.many / size.worlds).max(1);
    section.text(format!(
        "{} people (alike, d = 8, {} worlds, decks of 250 prompts of 4 candidates, default answer \
         model with ties). \"90% intervals hold\" is the share of weights that lie in their 90% \
         interval. Each person also has {PAIRS} new pairs and {PROMPTS} new prompts of {BEST_OF} \
         candidates. The predicted probabilities, that the first of a pair is better and that a \
         candidate is the best, fall into ten bins. The calibration error of a bin is |mean \
         probability − frequency|. The tables have the largest error of the ten bins, with its \
         standard error, and the average weighted by the number of entries. Standard errors are \
         over people. Bins whose standard error is above {MAX_ERROR} are left out of the largest, \
         and counted. People are shown the posterior samples; the Laplace approximation is read \
         with as many draws.",
        people * size.worlds,
        size.worlds,
    ));
    let readings = measure(size, people, PriorFrom::Truth)?;
    section.text("The deck's prior is the distribution that people are drawn from.");
    section.table("true", "", table(&readings));
    let title = "Probability that the first is better, after 5 answers";
    section.chart("pairs", chart(title, &readings, |of| &of.pairs));
    let title = "Probability of being the best of 16, after 5 answers";
    section.chart("best", chart(title, &readings, |of| &of.best));
    section.targets(targets(&readings, "true prior", ""));

    for training in TRAINING {
        let others = TrainingPeople {
            people: training,
            ..TrainingPeople::USUAL
        };
        let readings = measure(size, people, PriorFrom::Fit(others))?;
        section.text(format!(
            "The deck's prior is fitted to {training} other people's answers to {} random questions \
             each.",
            others.answers
        ));
        section.table(&format!("fitted-{training}"), "", table(&readings));
        let prior = format!("prior of {training} people");
        section.targets(targets(&readings, &prior, ESTIMATED));
    }
    Ok(section)
}

/// For each number of answers, the results on each of the two bases.
type Readings = Vec<[Reading; 2]>;

/// The results on one basis, over all people.
#[derive(Default)]
struct Reading {
    /// Each person's share of weights within their intervals.
    covered: Vec<f64>,
    pairs: Bins,
    best: Bins,
}

/// Predicted probabilities and what happened, by person and bin.
#[derive(Default)]
struct Bins(Vec<[Bin; BINS]>);

/// The predictions within one range of probabilities.
#[derive(Default, Clone, Copy)]
struct Bin {
    count: f64,
    /// Sum of the predicted probabilities.
    probability: f64,
    /// Number of predictions that came true.
    came_true: f64,
}

/// One bin over all people: mean probability, frequency, and the standard error of their
/// difference.
struct BinSummary {
    count: f64,
    probability: f64,
    frequency: f64,
    error: f64,
}

impl BinSummary {
    fn calibration_error(&self) -> f64 {
        (self.probability - self.frequency).abs()
    }
}

impl Bins {
    /// Sums up one bin. The mean is a ratio of sums, whose standard error comes from people's
    /// residuals, since one person's predictions go wrong together. With few predictions it is at
    /// least the error of as many coins with these probabilities.
    fn summary(&self, bin: usize) -> BinSummary {
        let total = |of: fn(&Bin) -> f64| self.0.iter().map(|person| of(&person[bin])).sum::<f64>();
        let (count, probability) = (total(|bin| bin.count), total(|bin| bin.probability));
        let came_true = total(|bin| bin.came_true);
        let difference = (probability - came_true) / count;
        let residual = |person: &[Bin; BINS]| {
            let Bin {
                count,
                probability,
                came_true,
            } = person[bin];
            probability - came_true - difference * count
        };
        let squares: f64 = self.0.iter().map(|person| residual(person).powi(2)).sum();
        let coins = probability * (1.0 - probability / count);
        BinSummary {
            count,
            probability: probability / count,
            frequency: came_true / count,
            error: squares.max(coins).sqrt() / count,
        }
    }

    fn summaries(&self) -> impl Iterator<Item = BinSummary> {
        (0..BINS)
            .map(|bin| self.summary(bin))
            .filter(|bin| bin.count > 0.0)
    }

    /// The bins with a small standard error.
    fn known(&self) -> impl Iterator<Item = BinSummary> {
        self.summaries().filter(|bin| bin.error <= MAX_ERROR)
    }

    /// The known bin with the largest calibration error.
    fn worst(&self) -> Option<BinSummary> {
        self.known()
            .max_by(|a, b| a.calibration_error().total_cmp(&b.calibration_error()))
    }

    /// Number of bins that are not known.
    fn left_out(&self) -> usize {
        BINS - self.known().count()
    }

    /// The expected calibration error.
    fn average(&self) -> f64 {
        let (sum, count) = self.summaries().fold((0.0, 0.0), |(sum, count), bin| {
            (sum + bin.count * bin.calibration_error(), count + bin.count)
        });
        sum / count
    }
}

/// Adds a prediction to its bin.
fn add(bins: &mut [Bin; BINS], probability: f64, came_true: bool) {
    let bin = &mut bins[((probability * BINS as f64) as usize).min(BINS - 1)];
    bin.count += 1.0;
    bin.probability += probability;
    bin.came_true += f64::from(u8::from(came_true));
}

/// The predictions for one person on one basis, compared with the truth.
struct Check {
    covered: f64,
    pairs: [Bin; BINS],
    best: [Bin; BINS],
}

fn measure(size: Size, people: usize, prior: PriorFrom) -> Result<Readings, Error> {
    let setting = Setting {
        people,
        ..size.of(Setting {
            prior,
            ..Setting::default()
        })
    };
    let mut readings: Readings = AFTER.iter().map(|_| Default::default()).collect();
    setting.in_each_world("calibration", 1, |bar, instance| {
        let Instance {
            seed,
            world,
            population,
            deck,
            ..
        } = instance;
        let pairs = world.fresh(PAIRS, 2, *seed);
        let prompts = world.fresh(PROMPTS, BEST_OF, seed + 1_000_000);
        let options = endless(DEFAULT);
        let interviews = Interviews {
            deck,
            population,
            people: 0..people,
            options,
            after: &AFTER,
        };
        let checks = interviews.measure(bar, |person, interview, _| {
            let laplace = interview.laplace_approximation()?;
            let gaussian = samples_of_gaussian(laplace)?;
            let check = |samples| check(person, laplace, samples, &pairs, &prompts);
            Ok([check(interview.posterior_samples()?), check(&gaussian)])
        })?;
        for person in checks {
            for (readings, checks) in readings.iter_mut().zip(person) {
                for (reading, check) in readings.iter_mut().zip(checks) {
                    reading.covered.push(check.covered);
                    reading.pairs.0.push(check.pairs);
                    reading.best.0.push(check.best);
                }
            }
        }
        Ok(())
    })?;
    Ok(readings)
}

/// Samples of the Laplace approximation: those of the posterior under it as a prior, without
/// answers.
fn samples_of_gaussian(laplace: &LaplaceApproximation) -> Result<PosteriorSamples, Error> {
    let prior = Prior::gaussian(laplace.mean().clone(), laplace.covariance())?;
    let unchanged = LaplaceApproximation::infer(&prior, AnswerModel::default(), &[])?;
    Ok(PosteriorSamples::draw(&unchanged))
}

fn check(
    person: &Person,
    laplace: &LaplaceApproximation,
    samples: &PosteriorSamples,
    pairs: &[DMatrix<f64>],
    prompts: &[DMatrix<f64>],
) -> Check {
    let truth = person.weights().cloned().unwrap_or_default();
    let is_covered = |&(j, weight): &(usize, &f64)| {
        let (low, high) = samples.interval(j, LEVEL);
        (low..=high).contains(weight)
    };
    let covered = truth.iter().enumerate().filter(is_covered).count() as f64 / truth.len() as f64;
    let mut check = Check {
        covered,
        pairs: Default::default(),
        best: Default::default(),
    };
    for pair in pairs {
        let z: DVector<f64> = pair.column(0) - pair.column(1);
        let rewards = person.rewards(pair);
        add(
            &mut check.pairs,
            samples.probability_positive(&z),
            rewards[0] > rewards[1],
        );
    }
    for scores in prompts {
        let best = best_of(&truth, scores);
        let options = RankOptions::default();
        for ranked in rank(laplace, samples, laplace.mean(), scores, options) {
            add(
                &mut check.best,
                ranked.probability_best,
                Some(ranked.index) == best,
            );
        }
    }
    check
}

fn table(readings: &Readings) -> Table {
    let columns = [
        "answers",
        "based on",
        "90% intervals hold",
        "pairs, largest error",
        "pairs, average error",
        "bins left out",
        "best of 16, largest error",
        "best of 16, average error",
        "bins left out ",
    ];
    let mut table = Table {
        columns: columns.map(str::to_owned).to_vec(),
        ..Table::default()
    };
    for (after, readings) in AFTER.iter().zip(readings) {
        for (basis, reading) in BASES.iter().zip(readings) {
            let covered = Estimate::of(reading.covered.iter().copied());
            let mut row = vec![
                Cell::Count(*after as u64),
                Cell::Text((*basis).to_owned()),
                covered.into(),
            ];
            for bins in [&reading.pairs, &reading.best] {
                row.push(bins.worst().map_or(Cell::Empty, |worst| Cell::Figure {
                    value: worst.calibration_error(),
                    error: Some(worst.error),
                }));
                row.push(Cell::Figure {
                    value: bins.average(),
                    error: None,
                });
                row.push(Cell::Count(bins.left_out() as u64));
            }
            table.rows.push(row);
        }
    }
    table
}

/// Frequency by predicted probability, after 5 answers.
fn chart(title: &str, readings: &Readings, bins: fn(&Reading) -> &Bins) -> Chart {
    let curves = BASES.iter().zip(&readings[1]).map(|(basis, reading)| {
        let point = |bin: BinSummary| Point {
            x: bin.probability,
            mean: bin.frequency,
            error: bin.error,
        };
        Series {
            name: (*basis).to_owned(),
            points: bins(reading).summaries().map(point).collect(),
            emphasis: *basis == BASES[0],
            dashed: false,
        }
    });
    let diagonal = Series {
        name: "perfect calibration".to_owned(),
        points: [0.0, 1.0]
            .map(|x| Point {
                x,
                mean: x,
                error: 0.0,
            })
            .to_vec(),
        emphasis: false,
        dashed: true,
    };
    Chart {
        title: title.to_owned(),
        x_label: "predicted probability".to_owned(),
        y_label: "frequency".to_owned(),
        series: curves.chain([diagonal]).collect(),
        ..Chart::default()
    }
}

const ESTIMATED: &str = "A fitted prior is an estimate. `leaning fit` widens it by its own \
                         uncertainty, but its mean stays off.";

/// `reason` is why a target of this prior may be missed.
fn targets(readings: &Readings, prior: &str, reason: &'static str) -> Vec<Target> {
    let mut targets = Vec::new();
    for (after, [samples, _]) in AFTER.iter().zip(readings) {
        if *after >= COVERED_FROM {
            let covered = Estimate::of(samples.covered.iter().copied());
            targets.push(Target {
                what: format!("{prior}, {after} answers: 90% intervals hold 88% to 92%"),
                reached: format!(
                    "{:.1}% ± {:.1}",
                    100.0 * covered.mean,
                    100.0 * covered.error
                ),
                met: (0.88..=0.92).contains(&covered.mean),
                reason,
            });
        }
        let kinds = [
            ("the probability that the first is better", &samples.pairs),
            ("`probabilityBest`", &samples.best),
        ];
        for (what, bins) in kinds {
            let worst = bins.worst();
            let (off, error) = worst.map_or((f64::NAN, f64::NAN), |worst| {
                (worst.calibration_error(), worst.error)
            });
            targets.push(Target {
                what: format!("{prior}, {after} answers: {what} is right to 0.02 in each bin"),
                reached: format!("{off:.3} ± {error:.3}"),
                met: off <= 0.02,
                reason,
            });
        }
    }
    targets
}
