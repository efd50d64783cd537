//! A deck and one person's answers about it, on a command line.

use crate::deck::read::{read_deck, read_deck_with_reading};
use crate::deck::reading::Reading;
use crate::failure::Failure;
use crate::input::Source;
use leaning::{Deck, Error, Log};

/// One person's answers about one deck.
#[derive(Debug, clap::Args)]
pub struct Person {
    /// The deck, a leaning-deck/1 file
    #[arg(long, value_name = "FILE")]
    pub deck: Source,

    /// The person's answers, a leaning-answers/1 file; none if absent
    #[arg(long, value_name = "FILE")]
    pub answers: Option<Source>,
}

impl Person {
    pub fn sources(&self) -> Vec<&Source> {
        [Some(&self.deck), self.answers.as_ref()]
            .into_iter()
            .flatten()
            .collect()
    }

    pub fn read(&self) -> Result<(Deck, Log), Failure> {
        let deck = read_deck(&self.deck)?;
        let log = self.read_log(&deck)?;
        Ok((deck, log))
    }

    /// As [`Person::read`], with what there is to read in the deck.
    pub fn read_with_reading(&self) -> Result<(Deck, Reading, Log), Failure> {
        let (deck, reading) = read_deck_with_reading(&self.deck)?;
        let log = self.read_log(&deck)?;
        Ok((deck, reading, log))
    }

    /// Reads the answers about the deck.
    pub fn read_log(&self, deck: &Deck) -> Result<Log, Failure> {
        match &self.answers {
            Some(answers) => Log::read(&answers.read_value()?, deck)
                .map_err(|error| Failure::found_in(answers, error)),
            None => Ok(Log::new(deck)),
        }
    }

    /// The failure of an inference from deck and answers: each number is sound, but together they
    /// are too extreme.
    pub fn failure(&self, error: Error) -> Failure {
        Failure::found_in(self.answers.as_ref().unwrap_or(&self.deck), error)
    }
}
