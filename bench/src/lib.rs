//! The decks and people that the benchmarks measure with.

use leaning::{Error, Interview, Options};
use leaning_simulate::{Population, PopulationOptions, World, WorldOptions, play};

/// Candidates of each prompt: six pairs.
const CANDIDATES: usize = 4;
const PAIRS_OF_PROMPT: usize = CANDIDATES * (CANDIDATES - 1) / 2;

/// An interview about at least `pairs` pairs in `dimensions` dimensions, after this many answers of a simulated person.
///
/// # Errors
/// As [`World::new`].
pub fn interview(pairs: usize, dimensions: usize, answers: usize) -> Result<Interview, Error> {
    let options = WorldOptions {
        dimensions,
        prompts: pairs.div_ceil(PAIRS_OF_PROMPT),
        candidates: CANDIDATES,
        ..WorldOptions::default()
    };
    let world = World::new(&options, 1)?;
    let person = Population::new(&world, PopulationOptions::default(), 1)?.person(0);
    let options = Options {
        seed: Some(1),
        ..Options::default()
    };
    let mut interview = Interview::start(world.deck().clone(), options)?;
    play(&mut interview, &person, answers, |_, _| Ok(()))?;
    Ok(interview)
}
