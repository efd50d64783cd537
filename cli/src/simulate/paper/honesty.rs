//! Whether what is said to be known is known: coverage of intervals, and calibration of chances.

use super::Size;
use crate::report::Estimate;
use crate::report::{Cell, Chart, Point, Series, Table};
use crate::report::{Section, Target};
use crate::simulate::engine::{Others, Run, asking};
use crate::simulate::regret::BEST_OF;
use crate::simulate::setting::{Instance, PriorFrom, Setting};
use leaning::ranking::{best_of, rank};
use leaning::simulate::Person;
use leaning::{AnswerModel, Belief, Error, Interview, Posterior, Prior, Strategy};

const AFTER: [usize; 4] = [3, 5, 10, 20];
/// Coverage is held against its aim from here on.
const COVERED_FROM: usize = 5;
const LEVEL: f64 = 0.9;
/// In each world everybody is asked about so many new pairs and new prompts of 16: several for each person, so that
/// each of ten bins holds thousands.
const PAIRS: usize = 50;
const PROMPTS: usize = 25;
const BINS: usize = 10;
/// A bin that is not known to this says nothing about an aim of 0.02.
const KNOWN: f64 = 0.01;
/// The two readings of what is known that are compared.
const READINGS: [&str; 2] = ["Posterior", "Gaussian"];

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("honesty", "As sure as it should be");
    let people = (size.many / size.worlds).max(1);
    section.text(format!(
        "{} people (alike, d = 8, {} worlds, decks of 250 prompts of 4 candidates, default answer model with ties). \
         After so many answers: the share of weights that lie in their 90% interval; and of {PAIRS} new pairs and \
         {PROMPTS} new prompts of {BEST_OF} candidates for each person, how often the first of the pair is better and \
         how often each candidate is the best, in ten bins of the chance that was given for it. The calibration error \
         of a bin is |mean chance − frequency|; in the tables the largest of the ten bins, with the standard error of \
         that bin's, and the average weighted by the number of entries. Standard errors are over people. Bins whose \
         standard error is above {KNOWN} are left out of the largest, and counted. `Posterior` is what people are shown; \
         `Gaussian` is the mean and covariance of the belief, read with as many draws.",
        people * size.worlds,
        size.worlds,
    ));
    for (name, title, fitted) in [
        ("true", "The deck's prior is the distribution that people are drawn from.", false),
        ("fitted", "The deck's prior is fitted to 500 other people's answers to 30 random questions each.", true),
    ] {
        let measured = measure(size, people, fitted)?;
        section.text(title);
        section.table(name, "", table(&measured));
        if !fitted {
            section.chart("pairs", chart("Chance that one is better, after 5 answers", &measured, |of| &of.pairs));
            section.chart("best", chart("Chance of being the best of 16, after 5 answers", &measured, |of| &of.best));
        }
        section.targets(targets(&measured, fitted));
    }
    Ok(section)
}

/// What was found after so many answers by each of the two readings.
type Measured = Vec<[Reading; 2]>;

/// How one reading did, over all people.
#[derive(Default)]
struct Reading {
    /// One person's share of weights within their intervals.
    covered: Vec<f64>,
    pairs: Bins,
    best: Bins,
}

/// Chances and what came of them, by person and bin.
#[derive(Default)]
struct Bins(Vec<[Bin; BINS]>);

#[derive(Default, Clone, Copy)]
struct Bin {
    count: f64,
    chance: f64,
    came: f64,
}

/// Of all people's entries in one bin: mean chance, frequency, and the standard error of their difference.
struct Summary {
    count: f64,
    chance: f64,
    frequency: f64,
    error: f64,
}

impl Summary {
    fn gap(&self) -> f64 {
        (self.chance - self.frequency).abs()
    }
}

impl Bins {
    /// One bin over all people: a ratio of sums, whose error comes from people's residuals, since one person's entries
    /// go astray together; of few entries it is at least that of as many coins with these chances.
    fn summary(&self, bin: usize) -> Summary {
        let total = |number: fn(&Bin) -> f64| self.0.iter().map(|person| number(&person[bin])).sum::<f64>();
        let (count, chance, came) = (total(|bin| bin.count), total(|bin| bin.chance), total(|bin| bin.came));
        let difference = (chance - came) / count;
        let residual = |person: &[Bin; BINS]| person[bin].chance - person[bin].came - difference * person[bin].count;
        let squares: f64 = self.0.iter().map(|person| residual(person) * residual(person)).sum();
        let coins = chance * (1.0 - chance / count);
        Summary { count, chance: chance / count, frequency: came / count, error: squares.max(coins).sqrt() / count }
    }

    fn summaries(&self) -> impl Iterator<Item = Summary> {
        (0..BINS).map(|bin| self.summary(bin)).filter(|bin| bin.count > 0.0)
    }

    /// The bin that is furthest off, of those that are known well enough.
    fn worst(&self) -> Option<Summary> {
        let known = self.summaries().filter(|bin| bin.error <= KNOWN);
        known.max_by(|a, b| a.gap().total_cmp(&b.gap()))
    }

    /// How many bins are not.
    fn unknown(&self) -> usize {
        BINS - self.summaries().filter(|bin| bin.error <= KNOWN).count()
    }

    /// The expected calibration error.
    fn average(&self) -> f64 {
        let (off, count) =
            self.summaries().fold((0.0, 0.0), |(off, count), bin| (off + bin.count * bin.gap(), count + bin.count));
        off / count
    }
}

fn add(bins: &mut [Bin; BINS], chance: f64, came: bool) {
    let bin = &mut bins[((chance * BINS as f64) as usize).min(BINS - 1)];
    bin.count += 1.0;
    bin.chance += chance;
    bin.came += f64::from(u8::from(came));
}

/// What one person's belief says by one reading, held against the truth.
struct Check {
    covered: f64,
    pairs: [Bin; BINS],
    best: [Bin; BINS],
}

fn measure(size: Size, people: usize, fitted: bool) -> Result<Measured, Error> {
    let prior = if fitted { PriorFrom::Others(Others::USUAL) } else { PriorFrom::Truth };
    let setting = Setting { people, ..size.of(Setting { prior, ..Setting::default() }) };
    let what = if fitted { "honesty, fitted prior" } else { "honesty" };
    let mut measured: Measured = AFTER.iter().map(|_| Default::default()).collect();
    setting.in_each_world(what, 1, |bar, Instance { seed, world, population, deck, .. }| {
        let pairs = world.fresh(PAIRS, 2, *seed);
        let prompts = world.fresh(PROMPTS, BEST_OF, seed + 1_000_000);
        let options = asking(Strategy::default());
        let run = Run { deck, population, people: 0..people, options, after: &AFTER };
        let checks = run.measure(bar, |person, interview, _| {
            let gaussian = gaussian(interview)?;
            let check = |posterior| check(person, interview.belief(), posterior, &pairs, &prompts);
            Ok([check(interview.posterior()), check(&gaussian)])
        })?;
        for person in checks {
            for (all, one) in measured.iter_mut().zip(person) {
                for (reading, check) in all.iter_mut().zip(one?) {
                    reading.covered.push(check.covered);
                    reading.pairs.0.push(check.pairs);
                    reading.best.0.push(check.best);
                }
            }
        }
        Ok(())
    })?;
    Ok(measured)
}

/// Draws of the belief's Gaussian: of the posterior under it as a prior, with nothing said.
fn gaussian(interview: &Interview) -> Result<Posterior, Error> {
    let belief = interview.belief();
    let prior = Prior::new(belief.mean(), &belief.covariance()).map_err(|_| Error::NotConverged)?;
    Ok(Posterior::sample(&Belief::infer(&prior, AnswerModel::default(), &[])?))
}

fn check(
    person: &Person,
    belief: &Belief,
    posterior: &Posterior,
    pairs: &[Vec<Vec<f64>>],
    prompts: &[Vec<Vec<f64>>],
) -> Check {
    let truth = person.weights().unwrap_or_default();
    let holds = |&(j, weight): &(usize, &f64)| {
        let (low, high) = posterior.interval(j, LEVEL);
        (low..=high).contains(weight)
    };
    let covered = truth.iter().enumerate().filter(holds).count() as f64 / truth.len() as f64;
    let mut check = Check { covered, pairs: Default::default(), best: Default::default() };
    for pair in pairs {
        let z: Vec<f64> = pair[0].iter().zip(&pair[1]).map(|(first, second)| first - second).collect();
        let first_is_better = person.reward(&pair[0]) > person.reward(&pair[1]);
        add(&mut check.pairs, posterior.chance_positive(&z), first_is_better);
    }
    for scores in prompts {
        let best = best_of(truth, scores);
        for ranked in rank(belief, posterior, scores, None) {
            add(&mut check.best, ranked.chance_best, Some(ranked.index) == best);
        }
    }
    check
}

fn table(measured: &Measured) -> Table {
    let columns = [
        "answers",
        "read by",
        "90% intervals hold",
        "a better, largest",
        "a better, average",
        "bins left out",
        "best of 16, largest",
        "best of 16, average",
        "bins left out ",
    ];
    let mut table = Table { columns: columns.map(str::to_owned).to_vec(), ..Table::default() };
    for (after, readings) in AFTER.iter().zip(measured) {
        for (name, reading) in READINGS.iter().zip(readings) {
            let covered = Estimate::of(reading.covered.iter().copied());
            let mut row = vec![Cell::Count(*after as u64), Cell::Text((*name).to_owned()), covered.into()];
            for bins in [&reading.pairs, &reading.best] {
                row.push(
                    bins.worst()
                        .map_or(Cell::Empty, |worst| Cell::Figure { value: worst.gap(), error: Some(worst.error) }),
                );
                row.push(Cell::Figure { value: bins.average(), error: None });
                row.push(Cell::Count(bins.unknown() as u64));
            }
            table.rows.push(row);
        }
    }
    table
}

/// Frequency against chance, after 5 answers.
fn chart(title: &str, measured: &Measured, bins: fn(&Reading) -> &Bins) -> Chart {
    let readings = READINGS.iter().zip(&measured[1]).map(|(name, reading)| {
        let point = |bin: Summary| Point { x: bin.chance, mean: bin.frequency, error: bin.error };
        let points = bins(reading).summaries().map(point).collect();
        Series { name: (*name).to_owned(), points, emphasis: *name == READINGS[0], dashed: false }
    });
    let straight = [0.0, 1.0].map(|x| Point { x, mean: x, error: 0.0 }).to_vec();
    let perfect = Series { name: "as it should be".to_owned(), points: straight, emphasis: false, dashed: true };
    Chart {
        title: title.to_owned(),
        x_label: "chance".to_owned(),
        y_label: "frequency".to_owned(),
        series: readings.chain([perfect]).collect(),
        ..Chart::default()
    }
}

const GUESSED: &str = "a prior fitted to 500 people is a guess itself, and the belief takes it for certain.";

fn targets(measured: &Measured, fitted: bool) -> Vec<Target> {
    let prior = if fitted { "fitted prior" } else { "true prior" };
    let mut targets = Vec::new();
    for (after, [shown, _]) in AFTER.iter().zip(measured) {
        if *after >= COVERED_FROM {
            let covered = Estimate::of(shown.covered.iter().copied());
            targets.push(Target {
                what: format!("{prior}, {after} answers: 90% intervals hold 88% to 92%"),
                reached: format!("{:.1}% ± {:.1}", 100.0 * covered.mean, 100.0 * covered.error),
                met: (0.88..=0.92).contains(&covered.mean),
                reason: if fitted { GUESSED } else { "" },
            });
        }
        for (what, bins) in [("the chance that one is better", &shown.pairs), ("`chanceBest`", &shown.best)] {
            let (gap, error) = bins.worst().map_or((f64::NAN, f64::NAN), |worst| (worst.gap(), worst.error));
            targets.push(Target {
                what: format!("{prior}, {after} answers: {what} is right to 0.02 in each bin"),
                reached: format!("{gap:.3} ± {error:.3}"),
                met: gap <= 0.02,
                reason: if fitted { GUESSED } else { "" },
            });
        }
    }
    targets
}
