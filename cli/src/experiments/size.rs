//! The size of the experiments.

use crate::simulate::setting::{PriorFrom, Setting};
use crate::simulate::training::TrainingPeople;

/// How large the experiments are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Number of simulated worlds, each with its own deck and population.
    pub worlds: usize,
    /// Number of people in each world.
    pub people: usize,
    /// Number of people whose probabilities are checked.
    pub many: usize,
    /// Number of other people whose answers the prior is fitted to, where it is the usual one.
    pub others: usize,
}

impl Size {
    /// The size of the published figures.
    pub const FULL: Size = Size {
        worlds: 10,
        people: 20,
        many: 2000,
        others: 500,
    };
    /// Just enough to see that everything runs.
    pub const TINY: Size = Size {
        worlds: 2,
        people: 3,
        many: 10,
        others: 20,
    };

    /// The setting in this size.
    pub fn of(self, setting: Setting) -> Setting {
        let prior = match setting.prior {
            PriorFrom::Fit(training) => PriorFrom::Fit(TrainingPeople {
                people: training.people * self.others / TrainingPeople::USUAL.people,
                ..training
            }),
            other => other,
        };
        Setting {
            worlds: self.worlds,
            people: self.people,
            prior,
            ..setting
        }
    }
}
