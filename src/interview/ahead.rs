//! Working out, while the person reads a question, what would be known and asked after each answer to it.

use super::{Interview, Known, answered};
use crate::answer::Answer;
use crate::log::Record;
use crate::posterior::Drawing;
use crate::question::Question;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

/// Of the posterior's draws so many are a piece of work.
const DRAWN_AT_ONCE: usize = 350;

/// What an answer leads to: what is known then, and what is asked.
type Moment = (Known, Option<Question>);

/// What was worked out so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Ahead {
    /// The posterior, as long as it is not drawn to the end.
    drawing: Option<Drawing>,
    /// What the first of the [`possible`] answers to the open question would lead to. `None` for an answer that could not
    /// be taken, which who gives it is told.
    moments: Vec<Option<Moment>>,
}

impl Interview {
    /// Does a piece of the work that would otherwise have to be waited for: draws of the posterior, the expected regret,
    /// and for each answer to the open question what would be known and asked after it. For idle moments: nothing comes
    /// out otherwise because of it. `false` where nothing is left to do.
    pub fn prepare(&mut self) -> bool {
        let Known { belief, posterior, .. } = &mut self.known;
        if posterior.get().is_none() {
            let mut begun = self.ahead.drawing.take().unwrap_or_else(|| Drawing::begin(belief));
            if begun.go_on(belief, DRAWN_AT_ONCE) {
                self.ahead.drawing = Some(begun);
            } else {
                *posterior = begun.posterior.into();
            }
        } else if self.known.expected_regret.get().is_none() {
            self.expected_regret();
        } else {
            let Some(question) = self.pending.clone() else { return false };
            let Some(answer) = possible(&question).nth(self.ahead.moments.len()) else { return false };
            let moment = self.after(&question, answer);
            self.ahead.moments.push(moment);
        }
        true
    }

    /// What would be asked after `answer` to the open question. `None` where nothing would, and as long as
    /// [`Interview::prepare`] has not come so far.
    pub fn foresee(&self, answer: Answer) -> Option<&Question> {
        let place = possible(self.pending.as_ref()?).position(|other| other == answer)?;
        self.ahead.moments.get(place)?.as_ref()?.1.as_ref()
    }

    /// As if it had been answered, and then not.
    fn after(&mut self, question: &Question, answer: Answer) -> Option<Moment> {
        let estimate = self.last_estimate.get();
        self.log.append(Record { id: String::new(), at: None, entry: answered(question, answer) });
        let then = self.known().ok().map(|known| {
            let now = self.go_to((known, None));
            self.next();
            self.go_to(now)
        });
        self.log.truncate(self.log.records().len() - 1);
        self.last_estimate.set(estimate);
        then
    }

    /// Takes an answer that was prepared for; `false` where it was not.
    pub(super) fn was_prepared(&mut self, question: &Question, answer: Answer) -> bool {
        let place =
            possible(question).position(|other| other == answer).filter(|_| self.pending.as_ref() == Some(question));
        let Some(moment) = place.and_then(|place| self.ahead.moments.get_mut(place)?.take()) else { return false };
        self.log.append(Record { id: self.new_id(), at: None, entry: answered(question, answer) });
        self.go_to(moment);
        self.ahead = Ahead::default();
        true
    }

    /// Has something else known and asked, and gives what was.
    fn go_to(&mut self, (known, question): Moment) -> Moment {
        (mem::replace(&mut self.known, known), mem::replace(&mut self.pending, question))
    }
}

/// Every answer that the question offers, those first that people give most.
fn possible(question: &Question) -> impl Iterator<Item = Answer> {
    let count = question.shown.len();
    let offered = question.offered;
    let all = (0..count + 3).map(move |place| match place {
        choice if choice < count => Answer::Chose(choice),
        tie if tie == count => Answer::Tie,
        skip if skip == count + 1 => Answer::Skip,
        _ => Answer::Neither,
    });
    all.filter(move |&answer| offered.allows(answer))
}
