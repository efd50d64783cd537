//! Priors fitted to the answers of other simulated people.

use super::interviews::{Interviews, endless};
use crate::fit::prior::fit_prior;
use indicatif::ProgressBar;
use leaning::question::acquisition::random::RandomPair;
use leaning::{Error, Evidence, Prior};
use leaning_simulate::{Population, World};

/// The first of the training people: far from everybody who is measured.
const FIRST: usize = 1_000_000;

/// People whose answers to random questions a prior is fitted to.
#[derive(Debug, Clone, Copy)]
pub struct TrainingPeople {
    pub people: usize,
    pub answers: usize,
    /// Number of mixture components of the prior.
    pub components: usize,
}

impl TrainingPeople {
    /// The size of the experiments, unless they say otherwise.
    pub const USUAL: TrainingPeople = TrainingPeople {
        people: 500,
        answers: 30,
        components: 1,
    };

    /// Interviews them about the world's deck, and fits a prior to their answers.
    pub fn fit_prior(
        &self,
        bar: &ProgressBar,
        world: &World,
        population: &Population,
    ) -> Result<Prior, Error> {
        let deck = world.deck();
        // A small deck may have fewer questions: the last log is the longest.
        let after: Vec<usize> = (0..=self.answers).collect();
        let interviews = Interviews {
            deck,
            population,
            people: FIRST..FIRST + self.people,
            options: endless(&RandomPair),
            after: &after,
        };
        let model = deck.answer_model();
        let evidence =
            interviews.measure(bar, |_, interview, _| Ok(interview.log().evidence(deck)))?;
        let people: Vec<Vec<Evidence>> = evidence
            .into_iter()
            .filter_map(|mut evidence| evidence.pop())
            .collect();
        fit_prior(&people, model, world.options().dimensions, self.components)
    }
}
