//! Interviews with each kind of question, under the circumstances that the experiment compares.

use super::FEW;
use super::kinds::{FIVE_GRADES, FOUR_GRADES, Kind, PLAIN, TIE};
use crate::report::Estimate;
use crate::simulate::interviews::{Interviews, endless};
use crate::simulate::regret::PickQuality;
use crate::simulate::setting::{Instance, Setting};
use indicatif::ProgressBar;
use leaning::question::acquisition::DEFAULT;
use leaning::{AnswerModel, Deck, DeckCandidate, Dimension, Error};
use leaning_simulate::{Habits, Population, PopulationOptions, World};

/// Numbers of answers after which regret is measured. The first ones matter for [`SECONDS`].
pub const MEASURED: [usize; 13] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20];
/// Number of first questions whose information is measured.
const QUESTIONS: usize = 10;

/// A kind of question under one circumstance.
#[derive(Debug, Clone)]
pub struct Variant {
    pub name: String,
    pub kind: Kind,
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
    pub fn of(kind: Kind) -> Self {
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
    pub fn of_few(kind: Kind) -> Self {
        Variant {
            after: &FEW,
            ..Variant::of(kind)
        }
    }

    /// Circumstances that the default does not know of.
    pub fn robust() -> Vec<Variant> {
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
pub struct Moment {
    regret: f64,
    bits: Option<f64>,
}

/// One interview: a moment after each of the variant's numbers of answers.
pub type Interviewed = Vec<Moment>;

/// All interviews under one variant.
pub struct Measured {
    pub variant: Variant,
    interviews: Vec<Interviewed>,
}

pub fn measure(
    setting: &Setting,
    message: &str,
    variants: &[Variant],
) -> Result<Vec<Measured>, Error> {
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
    pub fn regret_at(&self, seconds: f64) -> Estimate {
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
    pub fn bits_by(&self, effort: f64) -> Estimate {
        let mean = |interview: &Interviewed| {
            let bits: Vec<f64> = interview.iter().filter_map(|moment| moment.bits).collect();
            bits.iter().sum::<f64>() / (bits.len() as f64 * effort)
        };
        Estimate::of(self.interviews.iter().map(mean))
    }

    pub fn regret_after(&self, answers: usize) -> Vec<f64> {
        let place = self
            .variant
            .after
            .iter()
            .position(|&after| after == answers);
        let regret = |interview: &Interviewed| Some(interview.get(place?)?.regret);
        self.interviews.iter().filter_map(regret).collect()
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
