//! How an interview goes.

use crate::decision::StopRule;
use crate::error::{Error, Flaw};
use crate::model::answer::AnswerKind;
use crate::model::answer_model::MAX_MAGNITUDE;
use crate::model::{Deck, Prompt};
use crate::question::acquisition;
use crate::question::{Strategy, WordCounts};
use nalgebra::DMatrix;

/// How an interview goes.
#[derive(Debug, Clone)]
pub struct Options {
    /// The acquisition rule that chooses questions; information gain by default.
    pub strategy: Strategy,
    /// When the interview ends.
    pub stop: StopRule,
    /// Number of candidates that a question shows, as many as the deck's kind of question allows. The
    /// deck's number by default.
    pub candidates_per_question: Option<usize>,
    /// For people whose taste changes: an answer counts half after this many further answers. `None`
    /// forgets nothing.
    pub half_life: Option<f64>,
    /// Prompts that stand for the decisions to come, for the expected regret: the scores of each
    /// one's candidates, d × N, a column per candidate. The deck's own prompts if empty.
    pub sample: Vec<DMatrix<f64>>,
    /// The number of words of each candidate of the deck: questions are then chosen by what they tell
    /// per word ([`crate::question::reading`]). `None` chooses by what they tell.
    pub words: Option<WordCounts>,
    /// The share of its score at which a question counts if its prompt has been asked about before, above 0 and
    /// up to 1, for rules whose scores are amounts. 1 asks by the rule alone.
    pub repeat_worth: f64,
    /// Makes the sides on which candidates are shown, and random questions, predictable. For tests.
    /// The ids in the log stay random: two logs with one seed must not be taken for one.
    pub seed: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            strategy: acquisition::DEFAULT,
            stop: StopRule::default(),
            candidates_per_question: None,
            half_life: None,
            sample: Vec::new(),
            words: None,
            repeat_worth: 1.0,
            seed: None,
        }
    }
}

impl Options {
    /// A `repeat_worth` for people, who take a prompt that comes again for a mistake. Of simulated people
    /// who are asked about the demo's deck, 0.07 instead of 0.36 see one again within eight questions. Their
    /// regret differs by 0.0014 ± 0.0008 after eight answers, and by 0.002 ± 0.002 after twelve.
    pub const REPEAT_WORTH: f64 = 0.9;

    /// Fails if an option is out of range or does not fit the deck.
    pub(super) fn check(&self, deck: &Deck) -> Result<(), Error> {
        let wrong = |place: &str, message: String| Err(Error::Options(Flaw::new(place, message)));
        if let Some(count) = self.candidates_per_question {
            let (fewest, most) = match deck.answer_kind() {
                // Among three or four the person chooses, for grades compare two.
                AnswerKind::Graded => AnswerKind::Choice.shown(),
                kind => kind.shown(),
            };
            if !(fewest..=most).contains(&count) {
                let expected = if fewest == most {
                    format!("{fewest}, since the deck's questions show no other number")
                } else {
                    format!("{fewest} to {most}")
                };
                return wrong("candidatesPerQuestion", format!("expected {expected}"));
            }
        }
        if self.half_life.is_some_and(|answers| !(answers > 0.0)) {
            return wrong("halfLife", "expected a number above 0".to_owned());
        }
        if self.stop.regret.is_some_and(|share| !(share >= 0.0)) {
            return wrong("stop.regret", "expected a number of at least 0".to_owned());
        }
        if self.stop.gain.is_some_and(|bits| !(bits >= 0.0)) {
            return wrong("stop.gain", "expected a number of at least 0".to_owned());
        }
        if !(self.repeat_worth > 0.0 && self.repeat_worth <= 1.0) {
            return wrong(
                "repeatWorth",
                "expected a number above 0, at most 1".to_owned(),
            );
        }
        if let Some(words) = &self.words {
            let fits = |(place, prompt): (usize, &Prompt)| {
                words.of_prompt(place).len() == prompt.candidates.len()
                    && words.of_prompt(place).iter().all(|count| count.is_finite())
            };
            let prompts = deck.prompts();
            if words.prompts() != prompts.len() || !prompts.iter().enumerate().all(fits) {
                return wrong("words", "expected a number for each candidate".to_owned());
            }
            if !self.strategy.is_amount() {
                let message = format!(
                    "word needs a strategy whose scores are amounts, such as information-gain, \
                     not {}",
                    self.strategy.name()
                );
                return wrong("per", message);
            }
        }
        let d = deck.dimensions().len();
        for (place, prompt) in self.sample.iter().enumerate() {
            let in_range = prompt.iter().all(|score| score.abs() <= MAX_MAGNITUDE);
            if prompt.ncols() > 0 && prompt.nrows() != d || !in_range {
                return wrong(
                    &format!("sample[{place}]"),
                    format!("expected {d} scores per candidate"),
                );
            }
        }
        Ok(())
    }
}
