//! Kinds of answers side by side: what each tells, and what it costs the person who gives it.

use super::poles;
use super::size::Size;
use crate::report::{Cell, Chart, Estimate, Point, Section, Series, Table, Target};
use crate::simulate::interviews::{Interviews, endless};
use crate::simulate::regret::{Curves, Measurements, NamedCurve, PickQuality};
use crate::simulate::setting::{Instance, PriorFrom, Setting};
use crate::simulate::training::TrainingPeople;
use indicatif::ProgressBar;
use leaning::question::acquisition::DEFAULT;
use leaning::{AnswerKind, AnswerModel, Deck, DeckCandidate, Dimension, Error};
use leaning_simulate::{Habits, Population, PopulationOptions, Tastes, World, WorldOptions};

/// Number of worlds, with 20 people each.
const WORLDS: usize = 5;
/// Number of decks that two-pole people are asked about.
const POLE_WORLDS: usize = 2;
/// Numbers of answers in the tables.
const AFTER: [usize; 7] = [0, 3, 5, 8, 10, 15, 20];
/// The same where only the first answers matter.
const FEW: [usize; 5] = [0, 3, 5, 8, 10];
/// Numbers of answers after which regret is measured. The first ones matter for [`SECONDS`].
const MEASURED: [usize; 13] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20];
/// Number of first questions whose information is measured.
const QUESTIONS: usize = 10;
/// Times after which regret is compared.
const SECONDS: [f64; 2] = [60.0, 120.0];
/// The end of the chart by time, in seconds.
const CHART_SECONDS: f64 = 300.0;

/// Words of a prompt and of a candidate.
const PROMPT_WORDS: f64 = 10.0;
const CANDIDATE_WORDS: f64 = 50.0;
/// Silent reading of non-fiction (Brysbaert 2019).
const WORDS_PER_MINUTE: f64 = 238.0;
/// Deciding, pointing and pressing, in seconds (Card, Moran & Newell 1983).
const TAP_SECONDS: f64 = 1.35 + 1.1 + 0.1;

/// A kind of question, under the name that it has in the tables.
#[derive(Debug, Clone, Copy)]
struct Kind {
    name: &'static str,
    kind: AnswerKind,
    shown: usize,
    /// Whether two can be about the same.
    tie: bool,
    taps: u8,
}

const fn kind(name: &'static str, kind: AnswerKind, shown: usize, taps: u8) -> Kind {
    Kind {
        name,
        kind,
        shown,
        tie: false,
        taps,
    }
}

const PLAIN: Kind = kind("one of 2", AnswerKind::Choice, 2, 1);
const TIE: Kind = Kind {
    name: "one of 2, or a tie",
    tie: true,
    ..PLAIN
};
const FOUR_GRADES: Kind = kind("4 grades", AnswerKind::Graded, 2, 1);
const FIVE_GRADES: Kind = Kind {
    name: "5 grades",
    tie: true,
    ..FOUR_GRADES
};
const STARS: Kind = kind("rating, 5 levels", AnswerKind::Rating { of: 5 }, 1, 1);
const ORDER_OF_FOUR: Kind = kind("order of 4", AnswerKind::Order, 4, 3);

const KINDS: [Kind; 12] = [
    PLAIN,
    TIE,
    FOUR_GRADES,
    FIVE_GRADES,
    STARS,
    kind("rating, 2 levels", AnswerKind::Rating { of: 2 }, 1, 1),
    kind("best of 3", AnswerKind::Choice, 3, 1),
    kind("best of 4", AnswerKind::Choice, 4, 1),
    kind("best and worst of 3", AnswerKind::BestWorst, 3, 2),
    kind("best and worst of 4", AnswerKind::BestWorst, 4, 2),
    kind("order of 3", AnswerKind::Order, 3, 2),
    ORDER_OF_FOUR,
];
/// The kinds about two, which differ only in what people say of them.
const OF_TWO: [Kind; 4] = [PLAIN, TIE, FOUR_GRADES, FIVE_GRADES];
/// The kinds in the charts, which have no room for more.
const CHARTED: [&str; 7] = [
    "one of 2",
    "one of 2, or a tie",
    "5 grades",
    "rating, 5 levels",
    "best of 4",
    "best and worst of 4",
    "order of 4",
];

/// Regrets to subtract from each other, person by person.
const COMPARED: [(&str, &str); 14] = [
    ("one of 2, or a tie", "one of 2"),
    ("4 grades", "one of 2"),
    ("5 grades", "one of 2"),
    ("5 grades", "one of 2, or a tie"),
    ("5 grades", "4 grades"),
    ("order of 4", "5 grades"),
    ("one of 2, twice the contrast", "one of 2"),
    ("one of 2, or a tie, lines elsewhere", "one of 2, or a tie"),
    ("4 grades, lines elsewhere", "4 grades"),
    ("5 grades, lines elsewhere", "5 grades"),
    ("5 grades, lines elsewhere", "4 grades, lines elsewhere"),
    (
        "one of 2, or a tie, told their lines",
        "one of 2, or a tie, lines elsewhere",
    ),
    ("4 grades, told their lines", "4 grades, lines elsewhere"),
    ("5 grades, told their lines", "5 grades, lines elsewhere"),
];

impl Kind {
    fn words(self) -> f64 {
        PROMPT_WORDS + CANDIDATE_WORDS * self.shown as f64
    }

    fn seconds(self) -> f64 {
        self.words() * 60.0 / WORDS_PER_MINUTE + TAP_SECONDS * f64::from(self.taps)
    }

    /// The same world with this kind of question, and this model.
    fn world(self, instance: &Instance, model: AnswerModel) -> Result<World, Error> {
        let options = WorldOptions {
            model,
            kind: self.kind,
            candidates_per_question: Some(self.shown),
            ..*instance.world.options()
        };
        World::new(&options, instance.seed)
    }

    /// How people answer, with this lapse rate.
    fn model(self, lapse: f64) -> Result<AnswerModel, Error> {
        let usual = AnswerModel::default();
        AnswerModel::new(lapse, if self.tie { usual.indifference() } else { 0.0 })
    }
}

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("kinds", "Kinds of answers");
    section.text(format!(
        "Questions ask which of 2 is better (perhaps with a tie on offer, or how much better), for \
         a rating of one candidate, for the best of several, for the best and the worst, or for an \
         order. Decks have 250 prompts of 4 candidates, d = 8, and people are alike: {} of them, \
         the same for each kind, who answer as the deck's answer model says (lapse .02, \
         indifference .5 where there is a tie, much better from 2 on, spread 1.4, leniency 1). The \
         prior is fitted to the answers of 500 other people to 30 random pairs each, and is the \
         same for each kind.",
        people(size),
    ));
    let alike = setting(size, PriorFrom::Fit(TrainingPeople::USUAL));
    let variants: Vec<Variant> = KINDS.into_iter().map(Variant::of).collect();
    let robust = Variant::robust();
    let measured = measure(
        &alike,
        "kinds of answers",
        &[&variants[..], &robust].concat(),
    )?;
    let (kinds, robust) = measured.split_at(variants.len());

    let regrets = curves(kinds, &AFTER);
    section.chart(
        "regret",
        charted(&regrets).chart("Kinds of answers", REGRET),
    );
    section.table(
        "regret",
        "Best-of-16 regret by number of answers.",
        regrets.table("kind"),
    );
    section.text(format!(
        "Bits are the information that an answer is expected to give, averaged over the first ten \
         questions; in a rating they are about the weights and the person's leniency together. \
         Effort is an assumption, not a measurement: a prompt has {PROMPT_WORDS} words and a \
         candidate {CANDIDATE_WORDS} (in the demo deck they have 8 and 39), people read \
         {WORDS_PER_MINUTE} words a minute (Brysbaert 2019), and each tap takes {TAP_SECONDS:.2} \
         seconds (deciding 1.35, pointing 1.1, pressing .1: the keystroke-level model of Card, \
         Moran and Newell 1983). An order of K takes K − 1 taps. Regret after a minute or two lies \
         on straight lines between numbers of answers.",
    ));
    section.chart("time", by_time(kinds));
    section.table("effort", "Information and effort.", effort(kinds));
    section.text(
        "Best and worst of 3 and the order of 3 have the same six outcomes. Their bits differ \
         because their models do: the best and the worst are compared with each other (Marley and \
         Louviere 2005), which has less noise than two choices in turn. Whether real people are as \
         consistent as that, these figures cannot say.",
    );
    section.text("The same people with a deck that has no prior.");
    let nothing = measure(
        &setting(size, PriorFrom::Nothing),
        "kinds of answers, no prior",
        &KINDS.map(Variant::of_few),
    )?;
    let nothing = curves(&nothing, &FEW);
    section.table(
        "no-prior",
        "No prior in the deck: regret by number of answers.",
        nothing.table("kind"),
    );
    section.text(
        "People differ in where they draw the lines \"about the same\" and \"much better\". In \
         these rows each person's two lines are e^x times the deck's, x ~ N(0, .4²), which the \
         deck does not know; in the rows \"told their lines\" each person has a deck that knows \
         theirs, which is more than any prior on a person's lines could achieve. For comparison, a \
         plain choice in a deck whose pairs are twice as contrasting: all scores are doubled, but \
         not those of the prompts that regret is measured on.",
    );
    section.table(
        "lines",
        "Regret by number of answers.",
        curves(robust, &FEW).table("kind"),
    );
    section.table(
        "differences",
        "Differences of regret between two kinds, paired over people, by number of answers.",
        differences(&measured),
    );
    section.text(
        "Where people draw their lines hardly matters. Regret moves by no more than two standard \
         errors if the deck does not know them, and knowing everybody's lines wins no more than \
         two either. A prior on a person's own lines would win less than that, so there is none.",
    );
    section.text(
        "Two-pole people as above: the AUC of the inferred reward difference against plain answers \
         about 200 pairs that were never asked, with the mixture prior.",
    );
    let poles = two_poles(size)?;
    section.table("poles", "AUC by number of answers.", poles.table("kind"));
    let at = |curves: &Curves, kind: Kind, answers| curves.at(kind.name, answers).mean;
    section.targets(vec![
        Target::at_most(
            "d = 8: regret after 10 answers with 5 grades",
            at(&regrets, FIVE_GRADES, 10),
            0.173,
            "",
        ),
        Target::at_most(
            "the same without a prior",
            at(&nothing, FIVE_GRADES, 10),
            0.245,
            "",
        ),
        Target::at_most(
            "d = 8: regret after 10 orders of four",
            at(&regrets, ORDER_OF_FOUR, 10),
            0.087,
            ORDERS,
        ),
        Target::at_least(
            "two-pole people: AUC after 5 answers with 5 grades",
            at(&poles, FIVE_GRADES, 5),
            0.76,
            POLES,
        ),
    ]);
    section.text(
        "Per tap no kind tells more than a pair with grades, which is read like any other pair. \
         Ratings tell more per word, but part of that is about the person's leniency, and their \
         regret after the same time is no lower than with grades. Best and worst and orders tell \
         more per question, for more taps and words; after two minutes they are level with grades. \
         Four and five grades differ by no more than about one standard error. The fifth, a tie, \
         spares people a choice between two that are the same to them. So the kind to prefer is a \
         pair with five grades, wherever the screen has room for them.",
    );
    Ok(section)
}

const ORDERS: &str =
    "The aim was measured on other people, with the true prior, and is one standard error away.";
const POLES: &str = "Grades win .031 over a plain choice after five answers. One of 84 types is \
    6.4 bits, more than five answers can tell. On a straight line between the figures after 5 and \
    8 answers, the sixth answer reaches the aim.";

const REGRET: &str = "best-of-16 regret";

/// In other worlds than those of the other experiments.
fn setting(size: Size, prior: PriorFrom) -> Setting {
    let setting = size.of(Setting {
        seed: 2,
        prior,
        ..Setting::default()
    });
    Setting {
        worlds: size.worlds.min(WORLDS),
        ..setting
    }
}

fn people(size: Size) -> usize {
    size.worlds.min(WORLDS) * size.people
}

/// A kind of question under one circumstance.
#[derive(Debug, Clone)]
struct Variant {
    name: String,
    kind: Kind,
    /// As [`Habits::line_spread`].
    line_spread: f64,
    /// Each person's deck knows their lines.
    told: bool,
    /// Factor of the deck's scores.
    contrast: f64,
    /// Numbers of answers after which to measure.
    after: &'static [usize],
}

impl Variant {
    fn of(kind: Kind) -> Self {
        Variant {
            name: kind.name.to_owned(),
            kind,
            line_spread: 0.0,
            told: false,
            contrast: 1.0,
            after: &MEASURED,
        }
    }

    /// The same, without the later answers.
    fn of_few(kind: Kind) -> Self {
        Variant {
            after: &FEW,
            ..Variant::of(kind)
        }
    }

    /// Circumstances that the default does not know of.
    fn robust() -> Vec<Variant> {
        let mut variants = Vec::new();
        for kind in [TIE, FOUR_GRADES, FIVE_GRADES] {
            for told in [false, true] {
                let whose = if told {
                    "told their lines"
                } else {
                    "lines elsewhere"
                };
                variants.push(Variant {
                    name: format!("{}, {whose}", kind.name),
                    line_spread: 0.4,
                    told,
                    ..Variant::of_few(kind)
                });
            }
        }
        variants.push(Variant {
            name: format!("{}, twice the contrast", PLAIN.name),
            contrast: 2.0,
            ..Variant::of_few(PLAIN)
        });
        variants
    }

    /// Everybody's interview.
    fn measure(&self, bar: &ProgressBar, instance: &Instance) -> Result<Vec<Interviewed>, Error> {
        let model = self.kind.model(AnswerModel::default().lapse())?;
        let world = self.kind.world(instance, model)?;
        let options = PopulationOptions {
            habits: Habits {
                model,
                line_spread: self.line_spread,
                ..Habits::default()
            },
            ..PopulationOptions::default()
        };
        let population = &Population::new(&world, options, instance.seed)?;
        let prompts = instance.fresh_prompts();
        let interview = |world: &World, people| {
            let deck = with_contrast(world.deck(), self.contrast)?;
            let interviews = Interviews {
                deck: &deck.with_prior(instance.deck.prior().clone())?,
                population,
                people,
                options: endless(DEFAULT),
                after: self.after,
            };
            let everybody = instance.deck.prior().mean();
            interviews.measure(bar, |person, interview, weights| {
                let (_, answers) = interview.counts();
                let question = if answers < QUESTIONS {
                    interview.question()?
                } else {
                    None
                };
                Ok(Moment {
                    regret: PickQuality::of(person, &prompts, deck.features(), weights, everybody)
                        .regret,
                    bits: question.map(|question| question.score),
                })
            })
        };
        if !self.told {
            return interview(&world, instance.people.clone());
        }
        let mut everybody = Vec::new();
        for index in instance.people.clone() {
            let own = self
                .kind
                .world(instance, population.person(index).answer_model())?;
            everybody.extend(interview(&own, index..index + 1)?);
        }
        Ok(everybody)
    }
}

/// A moment of an interview: the regret, and the bits of the next question if it is an early one.
#[derive(Debug, Clone, Copy)]
struct Moment {
    regret: f64,
    bits: Option<f64>,
}

/// One interview: a moment after each of the variant's numbers of answers.
type Interviewed = Vec<Moment>;

/// All interviews under one variant.
struct Measured {
    variant: Variant,
    interviews: Vec<Interviewed>,
}

fn measure(setting: &Setting, message: &str, variants: &[Variant]) -> Result<Vec<Measured>, Error> {
    let mut measured: Vec<Measured> = variants
        .iter()
        .map(|variant| Measured {
            variant: variant.clone(),
            interviews: Vec::new(),
        })
        .collect();
    setting.in_each_world(message, variants.len(), |bar, instance| {
        for of in &mut measured {
            of.interviews.extend(of.variant.measure(bar, instance)?);
        }
        Ok(())
    })?;
    Ok(measured)
}

impl Measured {
    /// The mean regret at a time, on a line between numbers of answers; NaN after the last.
    fn regret_at(&self, seconds: f64) -> Estimate {
        let answers = seconds / self.variant.kind.seconds();
        let after = MEASURED.map(|after| after as f64);
        let end = after.partition_point(|&after| after <= answers);
        let regret = |interview: &Interviewed| match interview.get(end) {
            Some(next) => {
                let before = interview[end - 1].regret;
                let share = (answers - after[end - 1]) / (after[end] - after[end - 1]);
                before + share * (next.regret - before)
            }
            None => f64::NAN,
        };
        Estimate::of(self.interviews.iter().map(regret))
    }

    /// Bits of each of the first questions, a mean per person, divided by `effort`.
    fn bits_by(&self, effort: f64) -> Estimate {
        let mean = |interview: &Interviewed| {
            let bits: Vec<f64> = interview.iter().filter_map(|moment| moment.bits).collect();
            bits.iter().sum::<f64>() / (bits.len() as f64 * effort)
        };
        Estimate::of(self.interviews.iter().map(mean))
    }

    fn regret_after(&self, answers: usize) -> Vec<f64> {
        let place = self
            .variant
            .after
            .iter()
            .position(|&after| after == answers);
        let regret = |interview: &Interviewed| Some(interview.get(place?)?.regret);
        self.interviews.iter().filter_map(regret).collect()
    }
}

/// Regret by number of answers.
fn curves(measured: &[Measured], after: &[usize]) -> Curves {
    let curve = |of: &Measured| NamedCurve {
        name: of.variant.name.clone(),
        estimates: after
            .iter()
            .map(|&answers| Estimate::of(of.regret_after(answers)))
            .collect(),
    };
    Curves {
        after: after.to_vec(),
        curves: measured.iter().map(curve).collect(),
    }
}

/// The curves that the charts have room for.
fn charted(curves: &Curves) -> Curves {
    let mut curves = curves.clone();
    curves
        .curves
        .retain(|curve| CHARTED.contains(&&curve.name[..]));
    curves
}

/// Regret under one variant minus that under another.
fn differences(measured: &[Measured]) -> Table {
    let of = |name: &str| measured.iter().find(|of| of.variant.name == name);
    let after = &FEW[1..];
    let row = |(one, other): (&str, &str)| {
        let difference = |&answers: &usize| {
            let regrets = |name| of(name).map_or(Vec::new(), |of| of.regret_after(answers));
            let pairs = regrets(one).into_iter().zip(regrets(other));
            Cell::from(Estimate::of(pairs.map(|(one, other)| one - other)))
        };
        [Cell::Text(format!("{one} − {other}"))]
            .into_iter()
            .chain(after.iter().map(difference))
            .collect()
    };
    Table {
        columns: ["difference".to_owned()]
            .into_iter()
            .chain(after.iter().map(usize::to_string))
            .collect(),
        rows: COMPARED.into_iter().map(row).collect(),
        ..Table::default()
    }
}

fn by_time(measured: &[Measured]) -> Chart {
    let charted = measured
        .iter()
        .filter(|of| CHARTED.contains(&of.variant.kind.name));
    let series = charted.map(|of| {
        let times = MEASURED.map(|answers| answers as f64 * of.variant.kind.seconds());
        let point = |(answers, x): (usize, f64)| {
            let Estimate { mean, error } = Estimate::of(of.regret_after(answers));
            Point { x, mean, error }
        };
        Series {
            name: of.variant.name.clone(),
            points: MEASURED
                .into_iter()
                .zip(times)
                .filter(|(_, time)| *time <= CHART_SECONDS)
                .map(point)
                .collect(),
            ..Series::default()
        }
    });
    Chart {
        title: "Kinds of answers, by time".to_owned(),
        x_label: "seconds".to_owned(),
        y_label: REGRET.to_owned(),
        series: series.collect(),
        ..Chart::default()
    }
}

fn effort(measured: &[Measured]) -> Table {
    let columns = [
        "kind",
        "bits per question",
        "taps",
        "bits per tap",
        "words",
        "bits per hundred words",
        "seconds",
        "bits per minute",
        "regret after 60 s",
        "regret after 120 s",
    ];
    let row = |of: &Measured| {
        let kind = of.variant.kind;
        let taps = f64::from(kind.taps);
        let fact = |value| Cell::Figure { value, error: None };
        let mut row = vec![
            Cell::Text(kind.name.to_owned()),
            of.bits_by(1.0).into(),
            Cell::Count(kind.taps.into()),
            of.bits_by(taps).into(),
            Cell::Count(kind.words() as u64),
            of.bits_by(kind.words() / 100.0).into(),
            fact(kind.seconds()),
            of.bits_by(kind.seconds() / 60.0).into(),
        ];
        row.extend(SECONDS.map(|seconds| Cell::from(of.regret_at(seconds))));
        row
    };
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: measured.iter().map(row).collect(),
        decimals: 2,
    }
}

/// The deck with this factor of all its scores.
fn with_contrast(deck: &Deck, factor: f64) -> Result<Deck, Error> {
    if factor == 1.0 {
        return Ok(deck.clone());
    }
    let mut builder = Deck::builder(deck.id())
        .answer_model(deck.answer_model())
        .answer_kind(deck.answer_kind());
    for dimension in deck.dimensions() {
        builder = builder.dimension(Dimension::new(dimension.id.clone()));
    }
    for prompt in deck.prompts() {
        let candidates = prompt.candidates.iter().map(|candidate| {
            let scores: Vec<f64> = candidate
                .scores
                .iter()
                .map(|score| factor * score)
                .collect();
            DeckCandidate::new(candidate.id.clone(), scores)
        });
        builder = builder.prompt(prompt.id.clone(), candidates);
    }
    builder.build()
}

/// Two-pole people in `poles.rs`: the AUC with the mixture prior, by kind of answer.
fn two_poles(size: Size) -> Result<Curves, Error> {
    let mut setting = poles::setting(size);
    setting.worlds = setting.worlds.min(POLE_WORLDS);
    setting.prior = PriorFrom::Fit(poles::mixture(size));
    let mut aucs = vec![Measurements::new(&FEW); OF_TWO.len()];
    setting.in_each_world("two-pole people, by kind", OF_TWO.len(), |bar, instance| {
        let judged = poles::pairs_to_judge(instance);
        for (kind, aucs) in OF_TWO.into_iter().zip(&mut aucs) {
            let model = kind.model(0.0)?;
            let world = kind.world(instance, model)?;
            let options = PopulationOptions {
                tastes: Tastes::TwoPoles,
                habits: Habits {
                    model,
                    ..Habits::default()
                },
                ..PopulationOptions::default()
            };
            let interviews = Interviews {
                deck: &world.deck().with_prior(instance.deck.prior().clone())?,
                population: &Population::new(&world, options, instance.seed)?,
                people: 0..setting.people,
                options: endless(DEFAULT),
                after: &FEW,
            };
            let weights = interviews.measure(bar, |_, _, weights| Ok(weights.clone()))?;
            // The same people answer all pairs plainly, whatever they were asked for before.
            aucs.add(weights.into_iter().enumerate().map(|(index, weights)| {
                let person = instance.population.person(index);
                let auc = |weights| poles::auc_of(&person, weights, &judged);
                weights.iter().map(auc).collect()
            }));
        }
        Ok(())
    })?;
    Ok(Curves::new(&FEW, OF_TWO.map(|kind| kind.name), aucs))
}
