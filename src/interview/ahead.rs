//! Working out, while the person reads a question, what would be believed and asked after each answer to it.

use super::{Interview, Known, answered};
use crate::answer::Answer;
use crate::log::Record;
use crate::question::Question;
use alloc::string::String;
use core::mem;

/// What an answer to the open question would lead to.
#[derive(Debug, Clone)]
pub(super) struct Ahead {
    answer: Answer,
    /// What is known then, and what is asked. `None` where the answer could not be taken, which who gives it is told.
    then: Option<(Known, Option<Question>)>,
}

impl Interview {
    /// Does a piece of the work that would otherwise have to be waited for: draws of the posterior, the expected regret,
    /// and for each answer to the open question what would be known and asked after it. For idle moments: nothing comes
    /// out otherwise because of it. `false` where nothing is left to do.
    pub fn prepare(&mut self) -> bool {
        if self.known.posterior.get().is_none() {
            self.posterior();
            return true;
        }
        if self.known.expected_regret.get().is_none() {
            self.expected_regret();
            return true;
        }
        let Some(question) = self.pending.clone() else { return false };
        let next = possible(&question).find(|answer| self.ahead.iter().all(|ahead| ahead.answer != *answer));
        let Some(answer) = next else { return false };
        let then = self.after(&question, answer);
        self.ahead.push(Ahead { answer, then });
        true
    }

    /// As if it had been answered, and then not.
    fn after(&mut self, question: &Question, answer: Answer) -> Option<(Known, Option<Question>)> {
        let records = self.log.records().len();
        let estimate = self.last_estimate.get();
        self.log.append(Record { id: String::new(), at: None, entry: answered(question, answer) });
        let then = self.known().ok().map(|known| {
            let (known, open) = (mem::replace(&mut self.known, known), self.pending.take());
            self.next();
            (mem::replace(&mut self.known, known), mem::replace(&mut self.pending, open))
        });
        self.log.truncate(records);
        self.last_estimate.set(estimate);
        then
    }

    /// Takes an answer that was prepared for; `false` where it was not.
    pub(super) fn was_prepared(&mut self, question: &Question, answer: Answer) -> bool {
        if self.pending.as_ref() != Some(question) {
            return false;
        }
        let Some(place) = self.ahead.iter().position(|ahead| ahead.answer == answer) else { return false };
        let Some((known, next)) = self.ahead.swap_remove(place).then else { return false };
        self.log.append(Record { id: self.new_id(), at: None, entry: answered(question, answer) });
        self.known = known;
        self.pending = next;
        self.ahead.clear();
        true
    }
}

/// Every answer that the question offers, those first that people give most.
fn possible(question: &Question) -> impl Iterator<Item = Answer> {
    let choices = (0..question.shown.len()).map(Answer::Chose);
    let verdicts = [Answer::Tie, Answer::Skip, Answer::Neither];
    choices.chain(verdicts.into_iter().filter(|verdict| question.offered.allows(*verdict)))
}
