//! The decks and people that the benchmarks measure with.

use leaning::{Candidate, Deck, Error, Interview, Options, StopRule};
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
        // It would be over after twelve.
        stop: StopRule {
            questions: usize::MAX,
            ..StopRule::default()
        },
        ..Options::default()
    };
    let mut interview = Interview::start(world.deck().clone(), options)?;
    play(&mut interview, &person, answers, |_, _| Ok(()))?;
    Ok(interview)
}

/// Candidates with the scores of the deck's first `count`, as drafts of one prompt.
pub fn drafts(deck: &Deck, count: usize) -> Vec<Candidate> {
    deck.prompts()
        .iter()
        .flat_map(|prompt| &prompt.candidates)
        .take(count)
        .enumerate()
        .map(|(place, candidate)| {
            Candidate::new(format!("draft{place}"), candidate.scores.as_slice())
        })
        .collect()
}

/// The text of a log with this many choices between the first two candidates of the deck's prompts. Two of three take the
/// first.
pub fn log_text(deck: &Deck, answers: usize) -> String {
    let dimensions: Vec<&str> = deck.dimensions().iter().map(|of| of.id.as_str()).collect();
    let prompts = deck.prompts().iter().cycle();
    let entries: Vec<String> = (0..answers)
        .zip(prompts)
        .map(|(place, prompt)| {
            let names = ["c0", "c1"].map(|candidate| format!("{}/{candidate}", prompt.id));
            let scores: Vec<&[f64]> = prompt.candidates[..2]
                .iter()
                .map(|candidate| candidate.scores.as_slice())
                .collect();
            let chose = &names[usize::from(place % 3 == 0)];
            format!(
                r#"{{"id":"a{place}","shown":{names:?},"scores":{scores:?},"chose":{chose:?}}}"#
            )
        })
        .collect();
    format!(
        r#"{{"format":"leaning-answers/1","deck":{{"id":{:?},"version":{:?},"dimensions":{dimensions:?}}},"answers":[{}]}}"#,
        deck.id(),
        deck.version(),
        entries.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::Log;

    #[test]
    fn as_many_answers_are_given_as_are_asked_for() {
        let interview = interview(200, 3, 20).unwrap();
        assert_eq!(interview.log().entries().len(), 20);
    }

    #[test]
    fn a_log_text_is_a_log_of_its_deck() {
        let interview = interview(100, 3, 0).unwrap();
        let text = log_text(interview.deck(), 40);
        let log = Log::from_json(&text, interview.deck()).unwrap();
        assert_eq!(log.entries().len(), 40);
    }
}
