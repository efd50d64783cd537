//! Posterior samples beside long Markov chain runs, on decks like those that people meet.
//!
//! `golden/make_posterior.py` wrote the reference: sixty decks of one to sixteen dimensions, and
//! summaries of the exact posterior after 3, 5, 10 and 20 entries of a log; and six decks with logs of
//! every kind of answer, after 8, 15 and 25 entries. Run with `--nocapture`,
//! the tests print the errors of the library beside those of the plain Laplace approximation.

use crate::common::{Pcg, dot, variance, vector};
use leaning::decision::ranking::rank;
use leaning::model::evidence::columns;
use leaning::nalgebra::{DMatrix, DVector};
use leaning::{
    Answer, AnswerKind, AnswerModel, Evidence, Grade, LaplaceApproximation, Offered,
    PosteriorSamples, Prior, RankOptions, Ranking,
};
use serde::Deserialize;
use std::f64::consts::SQRT_2;
use std::sync::LazyLock;

const ENTRIES: [usize; 4] = [3, 5, 10, 20];
/// Those of the logs with every kind of answer.
const MIXED_ENTRIES: [usize; 3] = [8, 15, 25];
/// The level of the intervals that people are shown, and the probability on either side.
const LEVEL: f64 = 0.9;
const TAIL: f64 = 0.05;
/// The 95% quantile of the standard normal distribution.
const NORMAL_95: f64 = 1.6448536269514722;
/// Draws of the Gaussian for its probabilities of being best, which have no closed form.
const GAUSSIAN_DRAWS: usize = 5000;

/// `golden/posterior.json`.
#[derive(Deserialize)]
struct File {
    levels: Vec<f64>,
    decks: Vec<DeckRow>,
}

#[derive(Deserialize)]
struct DeckRow {
    prior: PriorRow,
    lapse: f64,
    indifference: f64,
    /// The decks whose logs have every kind of answer have these three.
    much: Option<f64>,
    spread: Option<f64>,
    leniency: Option<f64>,
    entries: Vec<EntryRow>,
    pairs: Vec<Vec<f64>>,
    candidates: Vec<Vec<f64>>,
    after: Vec<Exact>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PriorRow {
    Gaussian {
        mean: Vec<f64>,
        covariance: Vec<Vec<f64>>,
    },
    Default {
        #[serde(rename = "rmsDifferences")]
        rms_differences: Vec<f64>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum EntryRow {
    Pair {
        difference: Vec<f64>,
        tie: bool,
        outcome: usize,
    },
    Choice {
        scores: Vec<Vec<f64>>,
        chose: usize,
    },
    Statement {
        dimension: usize,
        weight: f64,
        sd: f64,
    },
    /// A graded pair: `level` 0 is "the second, much better".
    Graded {
        difference: Vec<f64>,
        tie: bool,
        level: usize,
    },
    Rating {
        scores: Vec<Vec<f64>>,
        reference: Vec<f64>,
        rating: usize,
        of: usize,
    },
    BestWorst {
        scores: Vec<Vec<f64>>,
        best: usize,
        worst: usize,
    },
    Order {
        scores: Vec<Vec<f64>>,
        ranks: Vec<usize>,
    },
    /// "Neither", in a deck with ratings.
    Rejection {
        rejected: Vec<Vec<f64>>,
        reference: Vec<f64>,
    },
}

/// Summaries of the exact posterior after the first `entries` entries.
#[derive(Deserialize)]
struct Exact {
    entries: usize,
    /// Standard deviation of each weight.
    sd: Vec<f64>,
    /// P(weight > 0).
    positive: Vec<f64>,
    /// Quantiles of each weight, at [`File::levels`].
    quantiles: Vec<Vec<f64>>,
    /// P(first beats second) of each pair.
    beats: Vec<f64>,
    /// P(best) of each candidate.
    best: Vec<f64>,
}

/// A log with its approximation and the exact posterior.
struct Case {
    laplace: LaplaceApproximation,
    pairs: Vec<DVector<f64>>,
    candidates: DMatrix<f64>,
    exact: Exact,
}

struct Reference {
    levels: Vec<f64>,
    cases: Vec<Case>,
}

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
    let file: File = serde_json::from_str(include_str!("golden/posterior.json"))
        .expect("posterior.json has decks");
    Reference {
        levels: file.levels,
        cases: file.decks.into_iter().flat_map(cases_of).collect(),
    }
});

fn cases_of(deck: DeckRow) -> Vec<Case> {
    let model = deck.model();
    let prior = match deck.prior {
        PriorRow::Gaussian { mean, covariance } => {
            Prior::gaussian(mean.into(), columns(&covariance)).expect("the prior is valid")
        }
        PriorRow::Default { rms_differences } => Prior::from_rms_differences(&rms_differences),
    };
    let evidence: Vec<Vec<Evidence>> = deck
        .entries
        .iter()
        .map(|entry| entry.evidence(&model))
        .collect();
    let case = |exact: Exact| Case {
        laplace: LaplaceApproximation::infer(&prior, model, &evidence[..exact.entries].concat())
            .expect("the weights can be inferred"),
        pairs: deck.pairs.iter().map(|z| vector(z)).collect(),
        candidates: columns(&deck.candidates),
        exact,
    };
    deck.after.into_iter().map(case).collect()
}

impl DeckRow {
    fn model(&self) -> AnswerModel {
        let model = AnswerModel::new(self.lapse, self.indifference).expect("the model is valid");
        let (Some(much), Some(spread), Some(leniency)) = (self.much, self.spread, self.leniency)
        else {
            return model;
        };
        model
            .with_much(much)
            .and_then(|model| model.with_ratings(spread, leniency))
            .expect("the model is valid")
            .with_rejection()
    }
}

impl EntryRow {
    fn evidence(&self, model: &AnswerModel) -> Vec<Evidence> {
        let from_answer = |scores: &[Vec<f64>], reference, kind, tie, answer| {
            let offered = Offered {
                kind,
                tie,
                neither: true,
                skip: true,
            };
            Evidence::from_answer(model, scores, reference, offered, answer)
                .expect("the answer is possible")
        };
        match self {
            EntryRow::Pair {
                difference,
                tie,
                outcome,
            } => vec![Evidence::Pair {
                difference: vector(difference),
                tie: *tie,
                outcome: *outcome,
            }],
            EntryRow::Choice { scores, chose } => vec![Evidence::Choice {
                scores: columns(scores),
                chose: *chose,
            }],
            EntryRow::Statement {
                dimension,
                weight,
                sd,
            } => vec![Evidence::Statement {
                dimension: *dimension,
                weight: *weight,
                sd: *sd,
            }],
            EntryRow::Graded {
                difference,
                tie,
                level,
            } => {
                let mut levels = vec![
                    Answer::Graded(1, Grade::Much),
                    Answer::Graded(1, Grade::Slightly),
                    Answer::Graded(0, Grade::Slightly),
                    Answer::Graded(0, Grade::Much),
                ];
                if *tie {
                    levels.insert(2, Answer::Tie);
                }
                let scores = [difference.clone(), vec![0.0; difference.len()]];
                from_answer(&scores, None, AnswerKind::Graded, *tie, levels[*level])
            }
            EntryRow::Rating {
                scores,
                reference,
                rating,
                of,
            } => {
                let (kind, answer) = (
                    AnswerKind::Rating { of: *of },
                    Answer::Rated {
                        rating: *rating,
                        of: *of,
                    },
                );
                from_answer(scores, Some(reference), kind, false, answer)
            }
            EntryRow::BestWorst {
                scores,
                best,
                worst,
            } => {
                let answer = Answer::BestWorst {
                    best: *best,
                    worst: *worst,
                };
                from_answer(scores, None, AnswerKind::BestWorst, false, answer)
            }
            EntryRow::Order { scores, ranks } => {
                let ranking = Ranking::new(ranks).expect("the ranks are of an order");
                let answer = Answer::Ordered(ranking);
                from_answer(scores, None, AnswerKind::Order, false, answer)
            }
            EntryRow::Rejection {
                rejected,
                reference,
            } => {
                let kind = AnswerKind::Choice;
                from_answer(rejected, Some(reference), kind, false, Answer::Neither)
            }
        }
    }
}

impl Reference {
    /// P(λ_j ≤ weight) by the quantiles of λ_j, interpolated; beyond the outermost, the probability
    /// there.
    fn below(&self, quantiles: &[f64], weight: f64) -> f64 {
        let next = quantiles.partition_point(|&quantile| quantile <= weight);
        if next == 0 || next == quantiles.len() {
            return self.levels[next.min(quantiles.len() - 1)];
        }
        let share = (weight - quantiles[next - 1]) / (quantiles[next] - quantiles[next - 1]);
        self.levels[next - 1] + share * (self.levels[next] - self.levels[next - 1])
    }

    /// The place of a level among the quantiles.
    fn place(&self, level: f64) -> usize {
        self.levels
            .iter()
            .position(|&other| other == level)
            .expect("it is in the reference")
    }
}

/// The summaries that one method gives of a log.
struct Summaries {
    positive: Vec<f64>,
    intervals: Vec<(f64, f64)>,
    beats: Vec<f64>,
    best: Vec<f64>,
}

/// The summaries by posterior samples.
fn by_samples(case: &Case, samples: &PosteriorSamples) -> Summaries {
    let dimensions = 0..case.laplace.dimensions();
    let mut best = vec![0.0; case.candidates.ncols()];
    let everybody = case.laplace.mean();
    for ranked in rank(
        &case.laplace,
        samples,
        everybody,
        &case.candidates,
        RankOptions::default(),
    ) {
        best[ranked.index] = ranked.probability_best;
    }
    Summaries {
        positive: dimensions
            .clone()
            .map(|j| samples.probability_weight_positive(j))
            .collect(),
        intervals: dimensions.map(|j| samples.interval(j, LEVEL)).collect(),
        beats: case
            .pairs
            .iter()
            .map(|z| samples.probability_positive(z))
            .collect(),
        best,
    }
}

fn by_library(case: &Case) -> Summaries {
    by_samples(case, &PosteriorSamples::draw(&case.laplace))
}

/// The summaries by N(mean, covariance) alone.
fn by_gaussian(case: &Case) -> Summaries {
    let (mean, covariance) = (case.laplace.mean(), case.laplace.covariance());
    let positive = |mean: f64, sd: f64| 0.5 * libm::erfc(-mean / (sd * SQRT_2));
    let sds = covariance.diagonal().map(f64::sqrt);
    let weights = || mean.iter().zip(&sds);
    let beats = |z: &DVector<f64>| positive(mean.dot(z), variance(&covariance, z).sqrt());
    Summaries {
        positive: weights().map(|(&mean, &sd)| positive(mean, sd)).collect(),
        intervals: weights()
            .map(|(mean, sd)| (mean - NORMAL_95 * sd, mean + NORMAL_95 * sd))
            .collect(),
        beats: case.pairs.iter().map(beats).collect(),
        best: gaussian_best(mean, covariance.clone(), &case.candidates),
    }
}

fn gaussian_best(
    mean: &DVector<f64>,
    covariance: DMatrix<f64>,
    candidates: &DMatrix<f64>,
) -> Vec<f64> {
    let factor = covariance.cholesky().expect("it is positive definite").l();
    // Rewards are a + Bᵀx with x ~ N(0, I).
    let origins = candidates.tr_mul(mean);
    let slopes = factor.tr_mul(candidates);
    let slopes: Vec<&[f64]> = slopes.as_slice().chunks(mean.len()).collect();
    let mut random = Pcg::new(1);
    let mut best = vec![0.0; candidates.ncols()];
    for _ in 0..GAUSSIAN_DRAWS {
        let x = random.normals(mean.len());
        let rewards = origins
            .iter()
            .zip(&slopes)
            .map(|(origin, slope)| origin + dot(slope, &x));
        let largest = rewards.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        best[largest.expect("there are candidates").0] += 1.0 / GAUSSIAN_DRAWS as f64;
    }
    best
}

/// The errors of one kind of number.
#[derive(Default)]
struct Errors(Vec<f64>);

impl Errors {
    fn add(&mut self, found: &[f64], exact: &[f64]) {
        assert_eq!(found.len(), exact.len());
        self.0
            .extend(found.iter().zip(exact).map(|(found, exact)| found - exact));
    }

    fn average(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.0.iter().map(|&error| of(error)).sum::<f64>() / self.0.len() as f64
    }

    fn mean(&self) -> f64 {
        self.average(f64::abs)
    }

    fn root_mean_square(&self) -> f64 {
        self.average(|error| error * error).sqrt()
    }

    fn share_above(&self, bound: f64) -> f64 {
        self.average(|error| f64::from(u8::from(error.abs() > bound)))
    }

    fn max(&self) -> f64 {
        self.0
            .iter()
            .fold(0.0, |largest, error| error.abs().max(largest))
    }
}

/// The errors of one method over many logs.
#[derive(Default)]
struct Report {
    beats: Errors,
    /// Probabilities of the direction that the method takes for the more probable one.
    direction: Errors,
    best: Errors,
    /// The intervals' ends, in units of the posterior's standard deviation.
    ends: Errors,
    /// The posterior mass in the intervals.
    held: Errors,
}

impl Report {
    fn add(&mut self, case: &Case, found: &Summaries) {
        let (reference, exact) = (&*REFERENCE, &case.exact);
        self.beats.add(&found.beats, &exact.beats);
        let towards = |positive: f64, found: f64| {
            if found < 0.5 {
                1.0 - positive
            } else {
                positive
            }
        };
        for (&found, &positive) in found.positive.iter().zip(&exact.positive) {
            self.direction
                .add(&[towards(found, found)], &[towards(positive, found)]);
        }
        self.best.add(&found.best, &exact.best);
        let (low_place, high_place) = (reference.place(TAIL), reference.place(1.0 - TAIL));
        let intervals = found.intervals.iter().zip(&exact.quantiles).zip(&exact.sd);
        for ((&(low, high), quantiles), sd) in intervals {
            let exact_ends = [quantiles[low_place] / sd, quantiles[high_place] / sd];
            self.ends.add(&[low / sd, high / sd], &exact_ends);
            let held = reference.below(quantiles, high) - reference.below(quantiles, low);
            self.held.add(&[held], &[LEVEL]);
        }
    }

    fn of<'a>(
        cases: impl IntoIterator<Item = &'a Case>,
        method: impl Fn(&Case) -> Summaries,
    ) -> Report {
        let mut report = Report::default();
        for case in cases {
            report.add(case, &method(case));
        }
        report
    }

    fn probabilities(&self) -> [(&'static str, &Errors); 3] {
        [
            ("P(a beats b)", &self.beats),
            ("probability of direction", &self.direction),
            ("probability of being best", &self.best),
        ]
    }

    fn kinds(&self) -> [(&'static str, &Errors); 4] {
        let [beats, direction, best] = self.probabilities();
        [beats, direction, best, ("ends of intervals", &self.ends)]
    }

    fn row(&self) -> String {
        let probabilities = self
            .probabilities()
            .map(|(_, errors)| format!("{:.3} / {:.3}", errors.mean(), errors.max()));
        let held = format!(
            "{:.3} / {:.3}",
            LEVEL + self.held.average(|e| e),
            self.least_held()
        );
        let ends = format!("{:.2} / {:.2}", self.ends.mean(), self.ends.max());
        format!("{} | {ends} | {held}", probabilities.join(" | "))
    }

    fn least_held(&self) -> f64 {
        self.held
            .0
            .iter()
            .fold(1.0, |least, error| least.min(LEVEL + error))
    }
}

fn after(entries: usize) -> impl Iterator<Item = &'static Case> {
    REFERENCE
        .cases
        .iter()
        .filter(move |case| case.exact.entries == entries)
}

/// A thousand independent draws have a standard error of 0.0158 for a probability of one half, less
/// for others, and of 0.067 standard deviations for the end of an interval, more where a tail is
/// longer than a Gaussian's. The bounds are below that: a thousand draws, and chains of them, fail.
/// The reference itself has standard errors of up to 0.0035.
#[test]
fn samples_after_3_to_20_answers_are_righter_than_a_thousand_draws_and_the_plain_gaussian_is_not() {
    let (plain, mixed) = (ENTRIES.len() * 60, MIXED_ENTRIES.len() * 6);
    assert_eq!(REFERENCE.cases.len(), plain + mixed);
    println!(
        "| entries | by | P(a beats b) | probability of direction | probability of being best \
         | ends of intervals, in sd | mass in a 90% interval |"
    );
    println!("|--:|---|--:|--:|--:|--:|--:|");
    let mut wrong = Vec::new();
    let mut expect = |holds: bool, message: String| {
        if !holds {
            wrong.push(message);
        }
    };
    for entries in ENTRIES {
        let library = Report::of(after(entries), by_library);
        let gaussian = Report::of(after(entries), by_gaussian);
        println!("| {entries} | library | {} |", library.row());
        println!("| {entries} | Gaussian | {} |", gaussian.row());
        for (name, errors) in library.probabilities() {
            let (mean, square, max) = (errors.mean(), errors.root_mean_square(), errors.max());
            let holds =
                mean <= 0.005 && square <= 0.007 && max <= 0.06 && errors.share_above(0.02) <= 0.02;
            let found = format!("mean {mean:.4}, root mean square {square:.4}, max {max:.4}");
            expect(holds, format!("{name} after {entries}: {found}"));
        }
        let ends = &library.ends;
        let holds = ends.mean() <= 0.04 && ends.max() <= 0.4;
        expect(holds, format!("ends after {entries}: {}", library.row()));
        let held = library.held.average(|error| error).abs();
        let holds = held <= 0.003 && library.least_held() >= 0.85;
        expect(
            holds,
            format!("mass held after {entries}: {}", library.row()),
        );

        // The control: by the same measures, the Gaussian fails.
        for ((name, right), (_, wrong)) in library.kinds().into_iter().zip(gaussian.kinds()) {
            let (mean, max) = (wrong.mean() / right.mean(), wrong.max() / right.max());
            let found = format!("{mean:.2} and {max:.2} times");
            let holds = mean >= 1.5 && max >= 1.5;
            expect(holds, format!("Gaussian, {name} after {entries}: {found}"));
        }
        let message = format!("Gaussian, mass held after {entries}: {}", gaussian.row());
        expect(gaussian.least_held() <= 0.8, message);
    }
    println!("\nMean / largest error of each kind; for the mass, mean / smallest.");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// By the same bounds, with the person's leniency integrated out.
#[test]
fn samples_after_answers_of_every_kind_are_as_right() {
    let mixed = || MIXED_ENTRIES.into_iter().flat_map(after);
    assert_eq!(mixed().count(), MIXED_ENTRIES.len() * 6);
    let library = Report::of(mixed(), by_library);
    let gaussian = Report::of(mixed(), by_gaussian);
    println!("library {}\nGaussian {}", library.row(), gaussian.row());
    for (name, errors) in library.probabilities() {
        let (mean, square, max) = (errors.mean(), errors.root_mean_square(), errors.max());
        let found = format!("{name}: mean {mean:.4}, root mean square {square:.4}, max {max:.4}");
        assert!(mean <= 0.015 && square <= 0.018 && max <= 0.1, "{found}");
        assert!(errors.share_above(0.05) <= 0.01, "{found}");
    }
    let (ends, held) = (&library.ends, library.held.average(|error| error).abs());
    let row = library.row();
    assert!(ends.mean() <= 0.1 && ends.max() <= 0.75, "{row}");
    assert!(held <= 0.01 && library.least_held() >= 0.82, "{row}");
}

/// Errors that do not shrink with the number of samples would be a bias. In units of the standard
/// error of independent draws, which halves from 1000 to 4000, the errors stay the same and lean to
/// neither side.
#[test]
fn with_more_samples_the_errors_shrink_below_those_of_independent_draws() {
    let draws = 4000;
    let standardized = |method: &dyn Fn(&Case) -> Summaries| {
        let mut all = Errors::default();
        for case in &REFERENCE.cases {
            let (found, exact) = (method(case), &case.exact);
            for (found, exact) in [
                (&found.beats, &exact.beats),
                (&found.positive, &exact.positive),
            ] {
                let usual = |(_, exact): &(&f64, &f64)| (0.01..=0.99).contains(*exact);
                let in_errors = |(found, exact): (&f64, &f64)| {
                    let towards_half = (0.5 - exact).signum();
                    (found - exact) * towards_half / (exact * (1.0 - exact) / draws as f64).sqrt()
                };
                all.0
                    .extend(found.iter().zip(exact).filter(usual).map(in_errors));
            }
        }
        all
    };
    let library = standardized(&|case| {
        by_samples(
            case,
            &PosteriorSamples::draw_seeded(&case.laplace, 7, draws),
        )
    });
    let gaussian = standardized(&by_gaussian);
    let (spread, lean) = (library.root_mean_square(), library.average(|error| error));
    let control = gaussian.root_mean_square();
    println!("In standard errors of {draws}: {spread:.3}, lean {lean:.3}; Gaussian {control:.3}");
    assert!(spread <= 0.5, "{spread}");
    assert!(lean.abs() <= 0.15, "{lean}");
    assert!(control >= 3.0, "{control}");
}
