//! Stopping when enough is known: what is lost after that, and how well the number of questions left is told.

use super::Size;
use crate::report::Estimate;
use crate::report::{Cell, Table};
use crate::report::{Section, Target};
use crate::simulate::engine::{Others, Run};
use crate::simulate::regret::{BEST_OF, FRESH_PROMPTS};
use crate::simulate::setting::{Instance, PriorFrom, Setting};
use indicatif::ProgressBar;
use leaning::ranking::best_of;
use leaning::simulate::{Habits, Tastes, WorldOptions, regret};
use leaning::{AnswerModel, Error, Options, StopRule};

const MOST: usize = 60;
const REGRET: f64 = 0.1;
const GAIN: f64 = 0.15;
/// What was picked is judged by so many prompts.
const JUDGED: usize = 100;
/// After so many answers the estimate of what is left is held against the truth.
const AFTER: [usize; 3] = [3, 5, 8];
const FITTED: PriorFrom = PriorFrom::Others(Others::USUAL);

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("stopping", "When enough is known");
    realised(size, &mut section)?;
    left(size, &mut section)?;
    Ok(section)
}

/// A kind of people, and what the deck says of them.
struct Kind {
    name: &'static str,
    tastes: Tastes,
    /// How they answer.
    habits: AnswerModel,
    /// How the deck believes that they do.
    model: AnswerModel,
    prior: PriorFrom,
}

impl Kind {
    fn new(name: &'static str, tastes: Tastes, prior: PriorFrom) -> Self {
        let model = AnswerModel::default();
        Kind { name, tastes, habits: model, model, prior }
    }

    /// All people's interviews, over several worlds.
    fn courses(&self, size: Size, rule: StopRule) -> Result<Vec<Course>, Error> {
        let setting = size.of(Setting {
            world: WorldOptions { model: self.model, ..WorldOptions::default() },
            tastes: self.tastes.clone(),
            habits: Habits { model: self.habits, ..Habits::default() },
            prior: self.prior,
            ..Setting::default()
        });
        let mut courses = Vec::new();
        setting.in_each_world(self.name, 1, |bar, instance| {
            courses.extend(interviews(bar, instance, size.people, rule)?);
            Ok(())
        })?;
        Ok(courses)
    }
}

/// One person's interview.
struct Course {
    /// How many questions were said to be left, after each number of answers from 0 on.
    left: Vec<f64>,
    /// When it was over, what was expected to be lost, and what was.
    expected: f64,
    realised: f64,
}

impl Course {
    fn questions(&self) -> usize {
        self.left.len() - 1
    }
}

/// Everybody's interview until the rule ends it.
fn interviews(bar: &ProgressBar, instance: &Instance, people: usize, stop: StopRule) -> Result<Vec<Course>, Error> {
    let Instance { seed, world, population, deck, .. } = instance;
    let drawn = world.fresh(FRESH_PROMPTS + JUDGED, BEST_OF, *seed);
    let (sample, judged) = drawn.split_at(FRESH_PROMPTS);
    let after: Vec<usize> = (0..=stop.questions).collect();
    let options = Options { stop, sample: sample.to_vec(), ..Options::default() };
    let run = Run { deck, population, people: 0..people, options, after: &after };
    let measured = run.measure(bar, |person, interview, weights| {
        let status = interview.status();
        let over = status.reason.map(|_| regret(person, judged, |scores| best_of(weights, scores).unwrap_or(0)));
        (status.remaining as f64, status.expected_regret, over)
    })?;
    let course = |steps: Vec<(f64, f64, Option<f64>)>| {
        let &(_, expected, realised) = steps.last()?;
        Some(Course { left: steps.iter().map(|step| step.0).collect(), expected, realised: realised? })
    };
    Ok(measured.into_iter().filter_map(course).collect())
}

/// What is lost once the regret rule has ended the interview, by the kind of people.
fn realised(size: Size, section: &mut Section) -> Result<(), Error> {
    section.text(format!(
        "An interview ends when the expected regret over a sample of {FRESH_PROMPTS} prompts of {BEST_OF} candidates \
         falls below {REGRET}, or after {MOST} answers. What is really lost is measured on {JUDGED} other prompts of \
         the same kind. Decks of 250 prompts of 4 candidates, d = 8, default answer model (lapse 0.02, band of \
         indifference 0.5). Where tastes are linear the prior is fitted to what 500 other people answered to 30 random \
         questions each; elsewhere the deck brings none.",
    ));
    let rule = StopRule { questions: MOST, regret: Some(REGRET), gain: None };
    let lapsing = AnswerModel::new(0.1, 0.5).unwrap_or_default();
    let kinds = [
        Kind::new("alike", Tastes::Alike, FITTED),
        Kind::new("nothing in common", Tastes::NothingInCommon, FITTED),
        Kind::new("two poles", Tastes::TwoPoles, FITTED),
        Kind { habits: lapsing, model: lapsing, ..Kind::new("alike, lapses 0.1", Tastes::Alike, FITTED) },
        Kind { habits: lapsing, ..Kind::new("alike, lapses 0.1, deck says 0.02", Tastes::Alike, FITTED) },
        Kind::new("threshold", Tastes::Threshold, PriorFrom::Nobody),
        Kind::new("ideal point", Tastes::IdealPoint, PriorFrom::Nobody),
    ];
    let columns =
        ["people", "questions", "quartile", "median", "quartile ", "not over", "expected regret", "realised regret"];
    let mut table = Table { columns: columns.map(str::to_owned).to_vec(), ..Table::default() };
    let mut targets = Vec::new();
    for kind in &kinds {
        let courses = kind.courses(size, rule)?;
        let mut questions: Vec<usize> = courses.iter().map(Course::questions).collect();
        questions.sort_unstable();
        let quartile = |quarter: usize| Cell::Count(questions[quarter * (questions.len() - 1) / 4] as u64);
        let realised = Estimate::of(courses.iter().map(|course| course.realised));
        let never = courses.iter().filter(|course| course.expected >= REGRET).count();
        table.rows.push(vec![
            Cell::Text(kind.name.to_owned()),
            Estimate::of(questions.iter().map(|&count| count as f64)).into(),
            quartile(1),
            quartile(2),
            quartile(3),
            share(never, courses.len()),
            Estimate::of(courses.iter().map(|course| course.expected)).into(),
            realised.into(),
        ]);
        targets.push(Target {
            what: format!("{}: realised regret from 0.05 to 0.12 on average", kind.name),
            reached: format!("{:.3} ± {:.3}", realised.mean, realised.error),
            met: (0.05..=0.12).contains(&realised.mean),
            reason: match kind.prior {
                PriorFrom::Nobody => MISFIT,
                _ if kind.habits != kind.model => BELIEVED,
                _ => EARLY,
            },
        });
    }
    let caption = format!(
        "Questions asked (mean, quartiles), share of people for whom it was not over after {MOST}, and regret at the end."
    );
    section.table("realised", caption, table);
    section.targets(targets);
    Ok(())
}

const BELIEVED: &str = "the belief is surer than it should be, since the deck is wrong about how these people answer";
const MISFIT: &str = "these rewards are not linear in the scores: what even the best weights lose is not expected";

const EARLY: &str = "the interview ends the first time that the estimate is low enough, which is sometimes only its \
    draws and its sample of prompts";

/// How well it is told how many questions are left.
fn left(size: Size, section: &mut Section) -> Result<(), Error> {
    section.text(format!(
        "How many questions are left is an estimate (`status().remaining`). For the regret rule above and for the gain \
         rule (over when no question left would tell {GAIN} bits), the same deck: how often the estimate goes up by \
         more than two from one answer to the next, from the third answer on, and its error after so many answers, in \
         questions, over those whose interviews were not yet over and ended before question {MOST}. Also how far the \
         number of questions varies between people: an estimate that knew nothing of the person would be that far off.",
    ));
    let rules = [
        ("regret", StopRule { questions: MOST, regret: Some(REGRET), gain: None }),
        ("gain", StopRule { questions: MOST, regret: None, gain: Some(GAIN) }),
    ];
    let kinds = [
        Kind::new("alike, the prior they come from", Tastes::Alike, PriorFrom::Truth),
        Kind::new("nothing in common, the same", Tastes::NothingInCommon, PriorFrom::Truth),
        Kind::new("alike, no prior", Tastes::Alike, PriorFrom::Nobody),
    ];
    let columns = ["rule", "people", "questions", "sd", "jumps", "people with one"].map(str::to_owned);
    let errors = AFTER.iter().flat_map(|after| [format!("mean error, {after}"), format!("mean |error|, {after}")]);
    let mut table = Table { columns: columns.into_iter().chain(errors).collect(), ..Table::default() };
    table.decimals = 2;
    let mut targets = Vec::new();
    for (rule_name, rule) in rules {
        for kind in &kinds {
            let courses = kind.courses(size, rule)?;
            let jumps: Vec<usize> = courses.iter().map(jumps).collect();
            let (jumped, steps) = (jumps.iter().sum(), courses.iter().map(|course| steps(course).count()).sum());
            let questions = Estimate::of(courses.iter().map(|course| course.questions() as f64));
            let deviation = questions.error * (courses.len() as f64).sqrt();
            let mut row = vec![
                Cell::Text(rule_name.to_owned()),
                Cell::Text(kind.name.to_owned()),
                questions.into(),
                Cell::Figure { value: deviation, error: None },
                share(jumped, steps),
                share(jumps.iter().filter(|&&count| count > 0).count(), courses.len()),
            ];
            for after in AFTER {
                let open = courses.iter().filter(|course| (after + 1..MOST).contains(&course.questions()));
                let errors: Vec<f64> =
                    open.map(|course| course.left[after] - (course.questions() - after) as f64).collect();
                row.push(Estimate::of(errors.iter().copied()).into());
                row.push(Estimate::of(errors.iter().map(|error| error.abs())).into());
            }
            table.rows.push(row);
            if matches!(kind.prior, PriorFrom::Truth) {
                targets.push(Target {
                    what: format!("{rule_name} rule, {}: the estimate never goes up by more than two", kind.name),
                    reached: format!("{jumped} of {steps} answers"),
                    met: jumped == 0,
                    reason: SURPRISES,
                });
            }
        }
    }
    section.table("left", "How well it is told how many questions are left.", table);
    section.targets(targets);
    Ok(())
}

const SURPRISES: &str = "people differ in how many questions it takes, and only their answers tell: one that was not \
    to be expected moves the estimate by more than two";

/// The estimates after the third answer and later, each with the next.
fn steps(course: &Course) -> impl Iterator<Item = (f64, f64)> {
    course.left.iter().zip(course.left.iter().skip(1)).skip(AFTER[0]).map(|(&before, &after)| (before, after))
}

fn jumps(course: &Course) -> usize {
    steps(course).filter(|(before, after)| after - before > 2.0).count()
}

fn share(count: usize, of: usize) -> Cell {
    Cell::Figure { value: count as f64 / of.max(1) as f64, error: None }
}
