//! Interviews with many simulated people, on all processors.

use crate::interrupt::go_on;
use crate::strategy::is_pref;
use indicatif::ProgressBar;
use leaning::{Deck, Error, Interview, Options, StopRule, Strategy};
use leaning_simulate::{Person, Population, PrefFit, play};
use nalgebra::DVector;
use rayon::prelude::*;
use std::ops::Range;

/// Interviews with some people of a population about one deck.
#[derive(Debug, Clone)]
pub struct Interviews<'a> {
    pub deck: &'a Deck,
    pub population: &'a Population,
    pub people: Range<usize>,
    pub options: Options,
    /// Numbers of answers after which to measure, in ascending order.
    pub after: &'a [usize],
}

impl Interviews<'_> {
    /// Interviews everybody, and measures after each number of answers. `measure` gets the person,
    /// the interview, and the weights by which candidates are picked for them: the mean of the
    /// Laplace approximation, or the published method's own weights under `pref`. Returns a list
    /// per person, in their order; it is shorter if the deck ran out of questions.
    pub fn measure<T: Send>(
        &self,
        bar: &ProgressBar,
        measure: impl Fn(&Person, &mut Interview, &DVector<f64>) -> Result<T, Error> + Sync,
    ) -> Result<Vec<Vec<T>>, Error> {
        let most = self.after.last().copied().unwrap_or(0);
        let one = |index: usize| {
            go_on()?;
            let person = self.population.person(index);
            let options = Options {
                seed: Some(index as u64),
                ..self.options.clone()
            };
            let mut interview = Interview::start(self.deck.clone(), options)?;
            let mut measured = Vec::with_capacity(self.after.len());
            play(&mut interview, &person, most, |answers, interview| {
                if self.after.contains(&answers) {
                    let weights = self.weights(interview, index)?;
                    measured.push(measure(&person, interview, &weights)?);
                }
                Ok(())
            })?;
            bar.inc(1);
            Ok(measured)
        };
        self.people.clone().into_par_iter().map(one).collect()
    }

    fn weights(&self, interview: &Interview, index: usize) -> Result<DVector<f64>, Error> {
        if !is_pref(self.options.strategy) {
            return Ok(interview.laplace_approximation()?.mean().clone());
        }
        let evidence = interview.log().evidence(interview.deck());
        let fit = PrefFit::new(interview.deck().features().count(), &evidence, index as u64);
        Ok(fit.weights().clone())
    }
}

/// Options for questions by a strategy, without an end.
pub fn endless(strategy: Strategy) -> Options {
    let stop = StopRule {
        questions: usize::MAX,
        ..StopRule::default()
    };
    Options {
        strategy,
        stop,
        ..Options::default()
    }
}
