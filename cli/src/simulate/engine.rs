//! Many simulated people, side by side on all processors.

use crate::failure::Failure;
use indicatif::ProgressBar;
use leaning::population::{FitOptions, Inferred, fit_with};
use leaning::question::{Published, pairs};
use leaning::simulate::{Person, Population, World, play};
use leaning::{AnswerModel, Deck, Error, Evidence, Interview, Options, Prior, StopRule, Strategy};
use rayon::prelude::*;
use std::ops::Range;

/// What is done with some people.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    pub deck: &'a Deck,
    pub population: &'a Population,
    pub people: Range<usize>,
    pub options: Options,
    /// After how many answers to measure, in ascending order.
    pub after: &'a [usize],
}

impl Run<'_> {
    /// Interviews everybody, and measures after so many answers. `measure` gets the person, the interview, and the
    /// weights by which candidates are picked for them: the mean of the belief, or under [`Strategy::Pref`] those that
    /// the published method infers. One list a person, in their order.
    pub fn measure<T: Send>(
        &self,
        bar: &ProgressBar,
        measure: impl Fn(&Person, &Interview, &[f64]) -> T + Sync,
    ) -> Result<Vec<Vec<T>>, Error> {
        let most = self.after.last().copied().unwrap_or(0);
        let one = |index: usize| {
            let person = self.population.person(index);
            let options = Options { seed: Some(index as u64), ..self.options.clone() };
            let mut interview = Interview::start(self.deck.clone(), options)?;
            let mut measured = Vec::with_capacity(self.after.len());
            play(&mut interview, &person, most, |answers, interview| {
                if self.after.contains(&answers) {
                    measured.push(measure(&person, interview, &self.weights(interview, index)));
                }
            })?;
            bar.inc(1);
            Ok(measured)
        };
        self.people.clone().into_par_iter().map(one).collect()
    }

    fn weights(&self, interview: &Interview, index: usize) -> Vec<f64> {
        if self.options.strategy != Strategy::Pref {
            return interview.belief().mean().to_vec();
        }
        let evidence = interview.log().evidence(&interview.deck().answer_model());
        let published = Published::fit(interview.belief().dimensions(), &evidence, index as u64);
        published.weights().to_vec()
    }
}

/// Options for so many questions by a strategy, whatever they tell.
pub fn asking(strategy: Strategy) -> Options {
    Options { strategy, stop: StopRule { questions: usize::MAX, ..StopRule::default() }, ..Options::default() }
}

/// How the population's prior was learned: from so many people's answers to so many random questions each.
#[derive(Debug, Clone, Copy)]
pub struct Others {
    pub people: usize,
    pub answers: usize,
    pub segments: usize,
}

/// After so many rounds the likelihood of several segments hardly rises any more, and each takes long.
const SEGMENT_ROUNDS: usize = 8;

/// The first of those people: far from all that are measured.
const FIRST_OTHER: usize = 1_000_000;

impl Others {
    /// As many as the experiments take, unless they say otherwise.
    pub const USUAL: Others = Others { people: 500, answers: 30, segments: 1 };

    /// Lets them answer random questions about the world's deck, and fits a prior to what they said.
    pub fn fit_prior(&self, bar: &ProgressBar, world: &World, population: &Population) -> Result<Prior, Error> {
        // A small deck may have fewer questions.
        let answers = self.answers.min(pairs(world.deck()).count());
        let run = Run {
            deck: world.deck(),
            population,
            people: FIRST_OTHER..FIRST_OTHER + self.people,
            options: asking(Strategy::Random),
            after: &[answers],
        };
        let model = world.deck().answer_model();
        let said = run.measure(bar, |_, interview, _| interview.log().evidence(&model))?;
        let said: Vec<Vec<Evidence>> = said.into_iter().flatten().collect();
        fit_prior(&said, model, world.options().dimensions, self.segments)
    }
}

/// A prior from what people said, fitted on all processors.
pub fn fit_prior(
    said: &[Vec<Evidence>],
    model: AnswerModel,
    dimensions: usize,
    segments: usize,
) -> Result<Prior, Error> {
    let each = |count: usize, infer: &(dyn Fn(usize) -> Inferred + Sync)| -> Vec<Inferred> {
        (0..count).into_par_iter().map(infer).collect()
    };
    let iterations = if segments > 1 { SEGMENT_ROUNDS } else { FitOptions::default().iterations };
    fit_with(said, model, dimensions, FitOptions { segments, iterations, ..FitOptions::default() }, &each)
}

/// The failure of a simulation: its numbers are its own, so there is no file to name.
pub fn failure(error: Error) -> Failure {
    Failure::new("simulation", error)
}
