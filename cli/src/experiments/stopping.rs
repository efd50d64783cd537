//! Stopping when enough is known: the realised regret, and the estimate of the number of questions
//! left.

use super::size::Size;
use crate::report::{Cell, Estimate, Section, Table, Target};
use crate::simulate::interviews::Interviews;
use crate::simulate::regret::{BEST_OF, FRESH_PROMPTS, PickQuality};
use crate::simulate::setting::{Instance, PriorFrom, Setting};
use crate::simulate::training::TrainingPeople;
use indicatif::ProgressBar;
use leaning::{AnswerModel, Error, Options, StopRule};
use leaning_simulate::{Habits, Tastes, WorldOptions};

const MAX_QUESTIONS: usize = 60;
const REGRET: f64 = 0.1;
const GAIN: f64 = 0.15;
/// Number of prompts that the realised regret is measured on.
const JUDGED: usize = 100;
/// Numbers of answers after which the estimate of what is left is compared with the truth.
const AFTER: [usize; 3] = [3, 5, 8];
const FITTED: PriorFrom = PriorFrom::Fit(TrainingPeople::USUAL);

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("stopping", "Stopping when enough is known");
    realised(size, &mut section)?;
    left(size, &mut section)?;
    Ok(section)
}

/// A kind of people, and the deck's assumptions about them.
struct Kind {
    name: &'static str,
    tastes: Tastes,
    /// How they answer.
    habits: AnswerModel,
    /// The answer model of the deck.
    model: AnswerModel,
    prior: PriorFrom,
    /// Whether all dimensions of the deck are curved.
    curved: bool,
}

impl Kind {
    fn new(name: &'static str, tastes: Tastes, prior: PriorFrom) -> Self {
        let model = AnswerModel::default();
        Kind {
            name,
            tastes,
            habits: model,
            model,
            prior,
            curved: false,
        }
    }

    /// The same people, asked about a deck with all dimensions curved.
    fn curved(self, name: &'static str) -> Self {
        Kind {
            name,
            curved: true,
            ..self
        }
    }

    /// Everybody's interviews, in several worlds.
    fn courses(&self, size: Size, rule: StopRule) -> Result<Vec<Course>, Error> {
        let setting = size.of(Setting {
            world: WorldOptions {
                model: self.model,
                ..WorldOptions::default()
            },
            tastes: self.tastes.clone(),
            habits: Habits {
                model: self.habits,
                ..Habits::default()
            },
            prior: self.prior,
            curved: self.curved,
            ..Setting::default()
        });
        let mut courses = Vec::new();
        setting.in_each_world(self.name, 1, |bar, instance| {
            courses.extend(interview_everybody(bar, instance, size.people, rule)?);
            Ok(())
        })?;
        Ok(courses)
    }
}

/// The course of one person's interview.
struct Course {
    /// The estimated number of questions left, after each number of answers from 0.
    left: Vec<f64>,
    /// The expected regret at the end; `None` if it is withheld.
    expected: Option<f64>,
    /// The true regret and harm at the end.
    realised: PickQuality,
}

impl Course {
    fn questions(&self) -> usize {
        self.left.len() - 1
    }

    /// The estimates after the third answer and later, each with the next.
    fn steps(&self) -> impl Iterator<Item = (f64, f64)> {
        let pairs = self.left.iter().zip(self.left.iter().skip(1));
        pairs
            .skip(AFTER[0])
            .map(|(&before, &after)| (before, after))
    }

    /// How often the estimate rises by more than two.
    fn jumps(&self) -> usize {
        self.steps()
            .filter(|(before, after)| after - before > 2.0)
            .count()
    }
}

/// The state of an interview after an answer.
struct Step {
    left: f64,
    expected: Option<f64>,
    /// The true regret and harm, if the interview is over.
    realised: Option<PickQuality>,
}

/// Interviews everybody until the rule ends it.
fn interview_everybody(
    bar: &ProgressBar,
    instance: &Instance,
    people: usize,
    stop: StopRule,
) -> Result<Vec<Course>, Error> {
    let Instance {
        seed,
        world,
        population,
        deck,
        ..
    } = instance;
    let drawn = world.fresh(FRESH_PROMPTS + JUDGED, BEST_OF, *seed);
    let (sample, judged) = drawn.split_at(FRESH_PROMPTS);
    let after: Vec<usize> = (0..=stop.questions).collect();
    let options = Options {
        stop,
        sample: sample.to_vec(),
        ..Options::default()
    };
    let interviews = Interviews {
        deck,
        population,
        people: 0..people,
        options,
        after: &after,
    };
    let measured = interviews.measure(bar, |person, interview, weights| {
        let status = interview.status()?;
        Ok(Step {
            left: status.remaining as f64,
            // Person fit takes longer than the rest, and only the end is reported.
            expected: match status.stop_reason {
                Some(_) => interview.expected_regret()?,
                None => None,
            },
            realised: status.stop_reason.map(|_| {
                let (features, population) = (deck.features(), deck.prior().mean());
                PickQuality::of(person, judged, features, weights, population)
            }),
        })
    })?;
    let course = |steps: Vec<Step>| {
        let last = steps.last()?;
        let (expected, realised) = (last.expected, last.realised?);
        Some(Course {
            left: steps.iter().map(|step| step.left).collect(),
            expected,
            realised,
        })
    };
    Ok(measured.into_iter().filter_map(course).collect())
}

/// The regret that is left when the regret rule ends the interview, by kind of people.
fn realised(size: Size, section: &mut Section) -> Result<(), Error> {
    section.text(format!(
        "An interview ends when the expected regret over a sample of {FRESH_PROMPTS} prompts of \
         {BEST_OF} candidates falls below {REGRET}, or after {MAX_QUESTIONS} answers. The \
         realised regret is measured on {JUDGED} other prompts of the same kind. Decks have 250 \
         prompts of 4 candidates, d = 8 and the default answer model (lapse 0.02, indifference \
         0.5). Where tastes are linear, the prior is fitted to the answers of 500 other people \
         to 30 random questions each; elsewhere the deck has none.",
    ));
    let rule = StopRule {
        questions: MAX_QUESTIONS,
        regret: Some(REGRET),
        gain: None,
    };
    let lapsing = AnswerModel::new(0.1, 0.5)?;
    let alike = |name| Kind::new(name, Tastes::Alike, FITTED);
    let kinds = [
        alike("alike"),
        Kind::new("nothing in common", Tastes::NothingInCommon, FITTED),
        Kind::new("two poles", Tastes::TwoPoles, FITTED),
        Kind {
            habits: lapsing,
            model: lapsing,
            ..alike("alike, lapses 0.1")
        },
        Kind {
            habits: lapsing,
            ..alike("alike, lapses 0.1, deck says 0.02")
        },
        alike("alike").curved("alike, curved"),
        Kind::new("threshold", Tastes::Threshold, PriorFrom::Nothing),
        Kind::new("threshold", Tastes::Threshold, PriorFrom::Nothing).curved("threshold, curved"),
        Kind::new("ideal point", Tastes::IdealPoint, PriorFrom::Nothing),
        Kind::new("ideal point", Tastes::IdealPoint, PriorFrom::Nothing)
            .curved("ideal point, curved"),
    ];
    let columns = [
        "people",
        "questions",
        "quartile",
        "median",
        "quartile ",
        "not over",
        "withheld",
        "expected regret",
        "realised regret",
        "harm",
    ];
    let mut table = Table {
        columns: columns.map(str::to_owned).to_vec(),
        ..Table::default()
    };
    let mut targets = Vec::new();
    for kind in &kinds {
        let courses = kind.courses(size, rule)?;
        let mut questions: Vec<usize> = courses.iter().map(Course::questions).collect();
        questions.sort_unstable();
        let quartile =
            |quarter: usize| Cell::Count(questions[quarter * (questions.len() - 1) / 4] as u64);
        let realised = Estimate::of(courses.iter().map(|course| course.realised.regret));
        let not_over = courses
            .iter()
            .filter(|course| course.questions() == MAX_QUESTIONS)
            .count();
        let expected: Vec<f64> = courses
            .iter()
            .filter_map(|course| course.expected)
            .collect();
        let withheld = courses.len() - expected.len();
        table.rows.push(vec![
            Cell::Text(kind.name.to_owned()),
            Estimate::of(questions.iter().map(|&count| count as f64)).into(),
            quartile(1),
            quartile(2),
            quartile(3),
            share(not_over, courses.len()),
            share(withheld, courses.len()),
            Estimate::of(expected).into(),
            realised.into(),
            Estimate::of(courses.iter().map(|course| course.realised.harm)).into(),
        ]);
        targets.push(Target {
            what: format!(
                "{}: realised regret from 0.05 to 0.12 on average",
                kind.name
            ),
            reached: format!("{:.3} ± {:.3}", realised.mean, realised.error),
            met: (0.05..=0.12).contains(&realised.mean),
            reason: match kind.prior {
                PriorFrom::Nothing if kind.curved => NOT_CURVED,
                PriorFrom::Nothing => NOT_LINEAR,
                _ if kind.habits != kind.model => OVERCONFIDENT,
                _ => EARLY,
            },
        });
    }
    let caption = format!(
        "Questions asked (mean, quartiles), share of people whose interview took all \
         {MAX_QUESTIONS}, share of people whose expected regret is withheld because person fit \
         finds that no weights describe them, regret at the end (the expected one of everybody \
         else), and the share of prompts in which the personal pick is \
         worse than the population's."
    );
    section.table("realised", caption, table);
    section.targets(targets);
    Ok(())
}

const EARLY: &str = "The interview ends the first time that the estimate is low enough. \
    Sometimes it is low only because of its draws and its sample of prompts.";
const OVERCONFIDENT: &str =
    "The posterior is overconfident, because the deck is wrong about how these people answer.";
const NOT_LINEAR: &str = "These rewards are not linear in the scores. The expected regret \
    leaves out the loss that even the best weights have.";
const NOT_CURVED: &str = "Not even weights of scores and squares describe these rewards \
    exactly, and the prior expects tastes that are curved to be a minority.";
const SURPRISES: &str = "People need different numbers of questions, and only their answers \
    tell. A surprising answer moves the estimate by more than two.";

/// Accuracy of the estimated number of questions left.
fn left(size: Size, section: &mut Section) -> Result<(), Error> {
    section.text(format!(
        "The number of questions left is an estimate (`status().remaining`). The table tests it \
         on the same deck, for the regret rule above and for the gain rule (the interview ends \
         when no question left would tell {GAIN} bits). \"Jumps\" is how often the estimate \
         rises by more than two from one answer to the next, from the third answer on. Its error \
         is in questions, after 3, 5 and 8 answers, over people whose interviews were not yet \
         over and ended before question {MAX_QUESTIONS}. \"sd\" is the standard deviation of the \
         number of questions over people: an estimate that knew nothing about the person would \
         be that far off.",
    ));
    let regret = StopRule {
        questions: MAX_QUESTIONS,
        regret: Some(REGRET),
        gain: None,
    };
    let gain = StopRule {
        questions: MAX_QUESTIONS,
        regret: None,
        gain: Some(GAIN),
    };
    let kinds = [
        Kind::new(
            "alike, the prior they come from",
            Tastes::Alike,
            PriorFrom::Truth,
        ),
        Kind::new(
            "nothing in common, the same",
            Tastes::NothingInCommon,
            PriorFrom::Truth,
        ),
        Kind::new("alike, no prior", Tastes::Alike, PriorFrom::Nothing),
    ];
    let columns = [
        "rule",
        "people",
        "questions",
        "sd",
        "jumps",
        "people with one",
    ];
    let errors = AFTER.iter().flat_map(|after| {
        [
            format!("mean error, {after}"),
            format!("mean |error|, {after}"),
        ]
    });
    let columns = columns
        .map(str::to_owned)
        .into_iter()
        .chain(errors)
        .collect();
    let mut table = Table {
        columns,
        decimals: 2,
        ..Table::default()
    };
    let mut targets = Vec::new();
    for (rule_name, rule) in [("regret", regret), ("gain", gain)] {
        for kind in &kinds {
            let courses = kind.courses(size, rule)?;
            let jumps: Vec<usize> = courses.iter().map(Course::jumps).collect();
            let all_jumps = jumps.iter().sum();
            let steps = courses.iter().map(|course| course.steps().count()).sum();
            let with_jumps = jumps.iter().filter(|&&count| count > 0).count();
            let questions = Estimate::of(courses.iter().map(|course| course.questions() as f64));
            let sd = questions.error * (courses.len() as f64).sqrt();
            let mut row = vec![
                Cell::Text(rule_name.to_owned()),
                Cell::Text(kind.name.to_owned()),
                questions.into(),
                Cell::Figure {
                    value: sd,
                    error: None,
                },
                share(all_jumps, steps),
                share(with_jumps, courses.len()),
            ];
            for after in AFTER {
                let is_open =
                    |course: &&Course| (after + 1..MAX_QUESTIONS).contains(&course.questions());
                let error =
                    |course: &Course| course.left[after] - (course.questions() - after) as f64;
                let errors: Vec<f64> = courses.iter().filter(is_open).map(error).collect();
                row.push(Estimate::of(errors.iter().copied()).into());
                row.push(Estimate::of(errors.iter().map(|error| error.abs())).into());
            }
            table.rows.push(row);
            if matches!(kind.prior, PriorFrom::Truth) {
                let name = kind.name;
                targets.push(Target {
                    what: format!(
                        "{rule_name} rule, {name}: the estimate never goes up by more than two"
                    ),
                    reached: format!("{all_jumps} of {steps} answers"),
                    met: all_jumps == 0,
                    reason: SURPRISES,
                });
            }
        }
    }
    section.table(
        "left",
        "Accuracy of the estimated number of questions left.",
        table,
    );
    section.targets(targets);
    Ok(())
}

fn share(count: usize, of: usize) -> Cell {
    Cell::Figure {
        value: count as f64 / of.max(1) as f64,
        error: None,
    }
}
