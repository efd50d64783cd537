//! Two-pole people, asked in each of the ways that are about two candidates.

use super::FEW;
use super::kinds::OF_TWO;
use crate::experiments::poles;
use crate::experiments::size::Size;
use crate::simulate::interviews::{Interviews, endless};
use crate::simulate::regret::{Curves, Measurements};
use crate::simulate::setting::PriorFrom;
use leaning::Error;
use leaning::question::acquisition::DEFAULT;
use leaning_simulate::{Habits, Population, PopulationOptions, Tastes};

/// Number of decks that the people are asked about.
const WORLDS: usize = 2;

/// Two-pole people in `poles.rs`: the AUC with the mixture prior, by kind of answer.
pub fn two_poles(size: Size) -> Result<Curves, Error> {
    let mut setting = poles::setting(size);
    setting.worlds = setting.worlds.min(WORLDS);
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
