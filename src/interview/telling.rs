//! What an interview tells: where it stands, what was said, what was learned, and which candidates are best.

use super::{Interview, scores_of};
use crate::answer::Answer;
use crate::belief::Belief;
use crate::deck::Prompt;
use crate::diagnosis::{Finding, diagnose};
use crate::error::{Error, Flaw};
use crate::linear::plus;
use crate::list::List;
use crate::log::{Entry, Record};
use crate::offer::Offer;
use crate::profile::{OtherWay, Profile};
use crate::ranking::{Ranked, expected_regret, rank};
use crate::stopping::{Reason, Standing};
use alloc::vec::Vec;

/// What the expected regret is averaged over: at most so many prompts of the deck, evenly spaced.
const REGRET_PROMPTS: usize = 64;

/// Where an interview stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Status {
    /// Questions that the person has dealt with, skipped ones included.
    pub asked: usize,
    /// Questions answered.
    pub answered: usize,
    /// Why it is over, if it is.
    pub reason: Option<Reason>,
    /// [`expected_regret`] over the sample of the options, or else over the deck's own prompts.
    pub expected_regret: f64,
    /// How many questions are still to come: an estimate wherever the stopping rule asks for more than a number of them.
    pub remaining: usize,
}

/// Something that a person said and that holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Said<'a> {
    /// The log's record of it.
    pub record: &'a Record,
    /// The prompt of the deck that it is about and the places of the candidates shown, where the deck has them.
    pub question: Option<(usize, Vec<usize>)>,
    /// By how much the mean of each weight × spread has moved from what was believed before it to what was believed
    /// after it: d numbers. Over all that holds they sum up to the way from the prior's mean to what is believed now.
    pub moved: Vec<f64>,
}

impl Interview {
    /// The last `last` answers and statements that hold, oldest first, each with what it has moved.
    ///
    /// # Errors
    /// As [`Interview::open`].
    pub fn said(&self, last: usize) -> Result<Vec<Said<'_>>, Error> {
        let records: Vec<&Record> = self.log.live().list();
        let from = records.len().saturating_sub(last);
        let (mut evidence, mut said) = (Vec::new(), Vec::new());
        let mut before = Vec::new();
        for place in 0..=records.len() {
            // What is believed after so many of them, by the answers' weights of that time.
            if place >= from {
                let weights = self.options.weights(&evidence);
                let belief = Belief::infer_weighted(self.deck.prior(), self.model(), &evidence, &weights)?;
                if place > from {
                    let moved = plus(belief.mean(), -1.0, &before);
                    let moved = moved.iter().zip(self.deck.spread()).map(|(moved, spread)| moved * spread).list();
                    let record = records[place - 1];
                    let question = match &record.entry {
                        Entry::Answer { shown, .. } => self.find(shown),
                        Entry::Statement { .. } | Entry::Retract { .. } => None,
                    };
                    said.push(Said { record, question, moved });
                }
                before = belief.mean().to_vec();
            }
            if let Some(seen) = records.get(place).and_then(|record| record.seen(&self.model())) {
                evidence.push(seen.evidence);
            }
        }
        Ok(said)
    }

    /// What would change if the weight of a dimension, by its id, had the other sign.
    ///
    /// # Errors
    /// [`Error::Answer`] for a dimension that the deck has not.
    pub fn other_way(&self, dimension: &str) -> Result<OtherWay, Error> {
        Ok(OtherWay::new(&self.deck, self.belief().mean(), self.dimension(dimension)?))
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        let (asked, answered) = self.counts();
        Status {
            asked,
            answered,
            reason: self.reason(),
            expected_regret: self.expected_regret(),
            remaining: self.remaining(),
        }
    }

    /// Questions dealt with, and those of them that were answered.
    pub fn counts(&self) -> (usize, usize) {
        let (mut asked, mut answered) = (0, 0);
        for record in self.log.live() {
            if let Entry::Answer { answer, .. } = &record.entry {
                asked += 1;
                answered += usize::from(*answer != Answer::Skip);
            }
        }
        (asked, answered)
    }

    /// Why it is over, if it is.
    pub fn reason(&self) -> Option<Reason> {
        let standing = Standing {
            answered: self.counts().1,
            left: self.pool.left(&self.known.asked),
            expected_regret: &|| self.expected_regret(),
            best_gain: &|| self.best_gain(),
        };
        self.options.stop.check(&standing)
    }

    /// The expected regret ([`expected_regret`]) over the sample of the options, or else over the deck's own prompts.
    pub fn expected_regret(&self) -> f64 {
        *self.known.expected_regret.get_or_init(|| {
            let sample = self.sample();
            expected_regret(self.belief(), self.posterior(), sample.iter().map(Vec::as_slice))
        })
    }

    /// Ranks candidates of one prompt for this person, best first.
    ///
    /// # Errors
    /// [`Error::Options`] for a temperature that is not above 0, [`Error::Candidates`] for scores of other dimensions.
    pub fn rank(&self, candidates: &[Offer], temperature: Option<f64>) -> Result<Vec<Ranked>, Error> {
        if let Some(temperature) = temperature
            && !(temperature > 0.0 && temperature.is_finite())
        {
            return Err(Error::Options(Flaw::new("temperature", "expected a number above 0")));
        }
        self.check(candidates)?;
        Ok(rank(self.belief(), self.posterior(), &scores_of(candidates), temperature))
    }

    /// What was learned.
    pub fn profile(&self) -> Profile {
        Profile::new(&self.deck, self.belief(), self.posterior(), self.counts().1, self.diagnosis())
    }

    /// What is odd about the answers, the oddest first; mostly nothing.
    pub fn diagnosis(&self) -> Vec<Finding> {
        diagnose(self.deck.prior(), self.model(), &self.log.seen(&self.model()))
    }

    /// What will have to be picked from.
    pub(super) fn sample(&self) -> Vec<Vec<Vec<f64>>> {
        let stride = |count: usize| count.div_ceil(REGRET_PROMPTS).max(1);
        if !self.options.sample.is_empty() {
            return self.options.sample.iter().step_by(stride(self.options.sample.len())).cloned().list();
        }
        let prompts = self.deck.prompts();
        prompts.iter().step_by(stride(prompts.len())).map(Prompt::scores).list()
    }
}
