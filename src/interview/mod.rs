//! One person's session: asking, answering, undoing, stopping, and the log behind it.

mod ask;
mod compare;
mod entry_shifts;
mod fold;
mod options;
mod report;
mod sides;

pub use entry_shifts::EntryReport;
pub use fold::{KEPT_ANSWERS, MOST_ENTRIES};
pub use options::Options;
pub use report::Status;

use crate::error::{Error, Flaw};
use crate::format::candidates::Candidate;
use crate::inference::{LaplaceApproximation, PosteriorSamples, half_life_weights};
use crate::model::answer::check_levels;
use crate::model::answer_model::MAX_MAGNITUDE;
use crate::model::deck::mean;
use crate::model::log::{EntryKind, Log, LogEntry, Timestamp};
use crate::model::{Answer, AnswerKind, AnswerModel, Deck, Offered};
use crate::numeric::Random;
use crate::question::acquisition::GainTable;
use crate::question::{Asked, Pool, Question};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::mem;

/// The standard deviation of a stated weight, as a share of the prior's. If nothing else is known,
/// 1 / (1 + 0.2²) = 96% of the way from the prior's mean to the statement is taken.
pub const STATEMENT_SD: f64 = 0.2;

/// A stated weight lies at most this many of the prior's standard deviations from its mean. Thousands would drown
/// every answer in rounding errors.
const MAX_STATEMENT: f64 = 100.0;

/// Scores observed elsewhere may differ by at most this, in standard deviations of reward under the prior. Scores on
/// another scale than the deck's are a mistake. A log may hold more, since the prior of the deck that they were
/// observed with need not be this one's.
const MAX_OBSERVED: f64 = 1e6;

/// One person's interview about one deck.
///
/// The log is its state. An answer is appended to the log and nothing else; everything that follows
/// from it is inferred when it is first asked for.
#[derive(Debug, Clone)]
pub struct Interview {
    deck: Deck,
    pool: Pool,
    options: Options,
    seed: u64,
    log: Log,
    /// Everything that follows from the log; empty after a change.
    derived: OnceCell<Derived>,
    /// The question that was asked and not yet answered.
    open: Option<Question>,
    /// The time that new entries carry.
    time: Option<Timestamp>,
    /// Information gains, for the scale of the last question.
    gains: RefCell<Option<GainTable>>,
    /// The last estimate of the number of remaining questions, and the number of answers by then.
    last_estimate: Cell<Option<(usize, usize)>>,
}

/// Everything that follows from the log.
#[derive(Debug, Clone)]
struct Derived {
    asked: Asked,
    laplace: LaplaceApproximation,
    samples: OnceCell<PosteriorSamples>,
    expected_regret: OnceCell<f64>,
    is_nonlinear: OnceCell<bool>,
    best_gain: OnceCell<f64>,
}

impl Interview {
    /// Opens an interview with a person who has not said anything yet.
    ///
    /// # Errors
    /// As [`Interview::open`].
    pub fn start(deck: Deck, options: Options) -> Result<Self, Error> {
        let log = Log::new(&deck);
        Interview::open(deck, log, options)
    }

    /// Opens an interview where `log` left it.
    ///
    /// # Errors
    /// [`Error::DeckMismatch`] if the log is not of this deck, [`Error::NotConverged`] if its scores
    /// are too extreme, [`Error::Options`] for options out of range.
    pub fn open(deck: Deck, log: Log, options: Options) -> Result<Self, Error> {
        options.check(&deck)?;
        log.check_deck(&deck)?;
        let interview = Interview {
            pool: Pool::new(
                &deck,
                matches!(deck.answer_kind(), AnswerKind::Rating { .. }),
            ),
            seed: options.seed.unwrap_or_else(Random::entropy),
            options,
            log,
            derived: OnceCell::new(),
            open: None,
            time: None,
            gains: RefCell::default(),
            last_estimate: Cell::new(None),
            deck,
        };
        interview.derived()?;
        Ok(interview)
    }

    /// Goes on under other options. The log and, unless they give one, the seed stay; the open
    /// question is chosen again.
    ///
    /// # Errors
    /// As [`Interview::open`]. Nothing has changed then.
    pub fn configure(&mut self, options: Options) -> Result<(), Error> {
        options.check(&self.deck)?;
        let before = mem::replace(&mut self.options, options);
        match self.derive() {
            Ok(derived) => self.derived = derived.into(),
            Err(error) => {
                self.options = before;
                return Err(error);
            }
        }
        self.seed = self.options.seed.unwrap_or(self.seed);
        self.last_estimate.set(None);
        self.open = None;
        Ok(())
    }

    /// The deck.
    pub fn deck(&self) -> &Deck {
        &self.deck
    }

    /// Everything that was said.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The Laplace approximation of the posterior over the weights.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if the weights cannot be inferred.
    pub fn laplace_approximation(&self) -> Result<&LaplaceApproximation, Error> {
        Ok(&self.derived()?.laplace)
    }

    /// Samples of the exact posterior. Drawn when first asked for, then kept until the next answer.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn posterior_samples(&self) -> Result<&PosteriorSamples, Error> {
        Ok(self.derived()?.samples())
    }

    /// The question to ask now: the same until it is answered, `None` when the interview is over.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn question(&mut self) -> Result<Option<&Question>, Error> {
        if self.stop_reason()?.is_some() {
            self.open = None;
        } else if self.open.is_none() {
            self.open = self.choose()?;
        }
        Ok(self.open.as_ref())
    }

    /// The question that was asked and not yet answered, without choosing one.
    pub fn open_question(&self) -> Option<&Question> {
        self.open.as_ref()
    }

    /// Takes the answer to the question that [`Interview::question`] gave.
    ///
    /// # Errors
    /// [`Error::Answer`] if no question is open or the answer is not on offer. Nothing has changed
    /// then.
    pub fn answer(&mut self, answer: Answer) -> Result<(), Error> {
        let Some(question) = self.open.clone() else {
            let message = "there is no open question: ask for the next one first";
            return Err(Error::Answer(Flaw::new("", message)));
        };
        self.answer_to(&question, answer)
    }

    /// Takes the answer to a question that this interview gave, even if the log has grown since.
    ///
    /// # Errors
    /// [`Error::Answer`] if the answer is not on offer. Nothing has changed then.
    pub fn answer_to(&mut self, question: &Question, answer: Answer) -> Result<(), Error> {
        self.take_answer(question, answer)?;
        self.fold();
        Ok(())
    }

    /// As [`Interview::answer_to`] without [`Interview::fold`], so that nothing is inferred: for callers
    /// that store the answer first.
    ///
    /// # Errors
    /// As [`Interview::answer_to`].
    pub fn take_answer(&mut self, question: &Question, answer: Answer) -> Result<(), Error> {
        let scores = question
            .candidates
            .iter()
            .map(|candidate| candidate.scores.clone());
        let kind = EntryKind::Answer {
            shown: question.names(),
            scores: scores.collect(),
            reference: self.reference(question.offered, answer, &question.reference),
            offered: question.offered,
            answer,
        };
        question.offered.check(question.candidates.len(), answer)?;
        self.append(kind);
        self.open = None;
        Ok(())
    }

    /// Learns from an answer given elsewhere, such as a choice between two drafts in a chat. An open
    /// question stays open.
    ///
    /// A rating is about the first candidate; the others are those that could have been shown instead.
    /// Other answers are about all of them.
    ///
    /// # Errors
    /// [`Error::Candidates`] for too few candidates, equal names or scores of other dimensions,
    /// [`Error::Answer`] for an answer that is not on offer, [`Error::NotConverged`] if the weights
    /// cannot be inferred with it. Nothing has changed then.
    pub fn observe(&mut self, candidates: &[Candidate], answer: Answer) -> Result<(), Error> {
        let kind = answer.kind();
        if let AnswerKind::Rating { of } = kind {
            check_levels(of).map_err(|flaw| Error::Answer(flaw.within("of")))?;
        }
        let shown = match kind {
            AnswerKind::Rating { .. } => 1,
            _ => candidates.len(),
        };
        let least = kind.shown().0;
        if candidates.len() < least {
            let message = format!("expected at least {least}, found {}", candidates.len());
            return Err(Error::Candidates(Flaw::new("", message)));
        }
        self.check_candidates(candidates)?;
        let offered = self.model().offered(kind);
        let reference = match candidates {
            [_] => self.deck.mean_scores().to_vec(),
            several => mean(several.iter().map(|candidate| &candidate.scores[..])),
        };
        offered.check(shown, answer)?;
        let scores = candidates.iter().map(|candidate| &candidate.scores);
        (self.deck)
            .check_scale(scores, &reference, MAX_OBSERVED)
            .map_err(Error::Candidates)?;
        let shown = &candidates[..shown];
        let kind = EntryKind::Answer {
            shown: shown.iter().map(|one| one.name.clone()).collect(),
            scores: shown.iter().map(|one| one.scores.clone()).collect(),
            reference: self.reference(offered, answer, &reference),
            offered,
            answer,
        };
        self.extend(|interview| interview.append(kind))
    }

    /// The reference that the log has to keep with an answer, if any.
    fn reference(&self, offered: Offered, answer: Answer, mean: &[f64]) -> Option<Vec<f64>> {
        let compares = self.deck.has_reference(offered.kind, answer);
        compares.then(|| mean.to_vec())
    }

    /// Takes back the last answer or statement that holds. The deck's question is then asked again,
    /// on the same sides; otherwise an open question stays open. `false` if there is nothing to take
    /// back.
    pub fn undo(&mut self) -> bool {
        let Some(last) = self.log.live().next_back() else {
            return false;
        };
        let again = match &last.kind {
            EntryKind::Answer { shown, offered, .. } => self.question_again(shown, *offered),
            EntryKind::Statement { .. } | EntryKind::Retraction { .. } => None,
        };
        let of = last.id.clone();
        self.append(EntryKind::Retraction { of });
        self.open = again.or(self.open.take());
        self.fold();
        true
    }

    /// Takes back any one answer or statement, by the id of its log entry. The deck's question may
    /// come again; an open question stays open. `false` if nothing that holds has this id.
    pub fn retract(&mut self, id: &str) -> bool {
        let holds = self.log.live().any(|entry| entry.id == id);
        if holds {
            self.append(EntryKind::Retraction { of: id.to_owned() });
            self.fold();
        }
        holds
    }

    /// Takes in a person's own word that the weight of a dimension, by its id, is about `weight`.
    ///
    /// This is a Gaussian observation of the weight whose standard deviation is [`STATEMENT_SD`]
    /// times the prior's: strong, but answers can still speak against it. It replaces an earlier
    /// statement about this dimension, and is taken back like an answer.
    ///
    /// # Errors
    /// [`Error::Answer`] for an unknown dimension or a weight that is out of range,
    /// [`Error::NotConverged`] if the weights cannot be inferred with it. Nothing has changed then.
    pub fn set_weight(&mut self, dimension: &str, weight: f64) -> Result<(), Error> {
        let place = self.dimension(dimension)?;
        let weight = checked_weight(weight)?;
        let about_dimension = |entry: &&LogEntry| matches!(entry.kind, EntryKind::Statement { dimension, .. } if dimension == place);
        let earlier: Vec<String> = self
            .log
            .live()
            .filter(about_dimension)
            .map(|entry| entry.id.clone())
            .collect();
        let prior_sd = self.deck.prior().standard_deviations()[place];
        if (weight - self.deck.prior().mean()[place]).abs() > MAX_STATEMENT * prior_sd {
            return Err(Error::Answer(Flaw::new("weight", "out of range")));
        }
        let sd = STATEMENT_SD * prior_sd;
        self.extend(|interview| {
            for of in earlier {
                interview.append(EntryKind::Retraction { of });
            }
            interview.append(EntryKind::Statement {
                dimension: place,
                weight,
                sd,
            });
        })
    }

    /// Takes over the entries of another log of this person and deck that are not yet here. An open
    /// question stays open unless the other log has dealt with it.
    ///
    /// # Errors
    /// As [`Interview::open`]. Nothing has changed then.
    pub fn merge(&mut self, other: Log) -> Result<(), Error> {
        other.check_deck(&self.deck)?;
        let mut log = self.log.clone();
        log.merge(other);
        self.replace(log)?;
        self.fold();
        Ok(())
    }

    /// Goes on from `log` instead. An open question stays open unless `log` has dealt with it.
    ///
    /// # Errors
    /// As [`Interview::open`]. Nothing has changed then.
    pub fn replace(&mut self, log: Log) -> Result<(), Error> {
        log.check_deck(&self.deck)?;
        let before = mem::replace(&mut self.log, log);
        match self.derive() {
            Ok(derived) => {
                self.log_changed();
                self.derived = derived.into();
                Ok(())
            }
            Err(error) => {
                self.log = before;
                Err(error)
            }
        }
    }

    /// Goes on from a log that lacks entries of the one here, or has other times. Nothing is inferred
    /// from the rest yet.
    pub fn set_log(&mut self, log: Log) {
        let is_shorter = log.length() < self.log.length();
        self.log = log;
        if is_shorter {
            self.log_changed();
        }
    }

    /// Lets entries that are written from now on carry this time.
    pub fn set_time(&mut self, time: Timestamp) {
        self.time = Some(time);
    }

    /// Forgets everything that was said.
    pub fn forget(&mut self) {
        self.log = Log::new(&self.deck);
        self.log_changed();
        self.open = None;
    }

    fn derived(&self) -> Result<&Derived, Error> {
        if let Some(derived) = self.derived.get() {
            return Ok(derived);
        }
        let derived = self.derive()?;
        Ok(self.derived.get_or_init(|| derived))
    }

    fn derive(&self) -> Result<Derived, Error> {
        let evidence = self.log.evidence(&self.deck);
        let weights = half_life_weights(&evidence, self.options.half_life);
        let prior = self.deck.prior();
        Ok(Derived {
            asked: self.replay_asked(),
            laplace: LaplaceApproximation::infer_weighted(
                prior,
                self.model(),
                &evidence,
                &weights,
            )?,
            samples: OnceCell::new(),
            expected_regret: OnceCell::new(),
            is_nonlinear: OnceCell::new(),
            best_gain: OnceCell::new(),
        })
    }

    /// Appends an entry. Nothing is inferred from it yet.
    fn append(&mut self, kind: EntryKind) {
        let id = format!("{:x}", Random::entropy());
        let at = self.time.clone();
        self.log.append(LogEntry { id, at, kind });
        self.log_changed();
    }

    /// Makes a change that only adds to the log, and takes it back if inference fails with it.
    fn extend(&mut self, change: impl FnOnce(&mut Self)) -> Result<(), Error> {
        // Taken, not cloned: the samples are large, and the change drops them anyway.
        let derived = mem::take(&mut self.derived);
        let (length, open) = (self.log.entries().len(), self.open.clone());
        change(self);
        if let Err(error) = self.derived() {
            self.log.truncate(length);
            (self.derived, self.open) = (derived, open);
            return Err(error);
        }
        self.fold();
        Ok(())
    }

    /// Drops everything that followed from the log before it changed.
    fn log_changed(&mut self) {
        self.derived = OnceCell::new();
        if self
            .open
            .as_ref()
            .is_some_and(|open| self.has_shown(&open.names()))
        {
            self.open = None;
        }
    }

    fn model(&self) -> AnswerModel {
        self.deck.answer_model()
    }

    /// The question of an entry that was taken back, if the deck still has its candidates.
    fn question_again(&self, shown: &[String], offered: Offered) -> Option<Question> {
        let (prompt, candidates) = self.deck.find_candidates(shown)?;
        let candidates = candidates
            .into_iter()
            .map(|place| self.shown(prompt, place))
            .collect();
        let strategy = self.options.strategy.name();
        Some(Question {
            prompt: Some(prompt),
            candidates,
            offered,
            reference: self.deck.prompts()[prompt].mean_scores(),
            strategy,
            score: 0.0,
        })
    }

    fn replay_asked(&self) -> Asked {
        let mut asked = Asked::default();
        let summed_up = self.log.summary().into_iter();
        for (names, skipped) in summed_up.flat_map(|summary| summary.questions.iter()) {
            if let Some((prompt, candidates)) = self.deck.find_candidates(&names) {
                self.pool.record(&mut asked, prompt, &candidates, skipped);
            }
        }
        for entry in self.log.live() {
            if let EntryKind::Answer { shown, answer, .. } = &entry.kind
                && let Some((prompt, candidates)) = self.deck.find_candidates(shown)
            {
                self.pool
                    .record(&mut asked, prompt, &candidates, *answer == Answer::Skip);
            }
        }
        asked
    }

    /// Whether candidates with these names have been shown side by side.
    fn has_shown(&self, names: &[String]) -> bool {
        let mut questions = self.shown_together();
        questions.any(|shown| names.iter().all(|name| shown.contains(name)))
    }

    /// The full names of the candidates that were shown side by side, as far as the log has them.
    fn shown_together(&self) -> impl Iterator<Item = Cow<'_, [String]>> {
        let summed_up = self.log.summary().into_iter();
        let summed_up = summed_up.flat_map(|summary| summary.questions.iter());
        let answers = self.log.live().filter_map(|entry| match &entry.kind {
            EntryKind::Answer { shown, .. } => Some(Cow::Borrowed(&shown[..])),
            EntryKind::Retraction { .. } | EntryKind::Statement { .. } => None,
        });
        let summed_up = summed_up.map(|(names, _)| Cow::Owned(names));
        summed_up.chain(answers)
    }

    fn check_candidates(&self, candidates: &[Candidate]) -> Result<(), Error> {
        Candidate::check_list(candidates, self.deck.dimensions().len())
    }

    /// The place of the dimension with this id.
    fn dimension(&self, id: &str) -> Result<usize, Error> {
        self.deck.dimension_place(id).ok_or_else(|| {
            let message = format!("the deck has no dimension \"{id}\"");
            Error::Answer(Flaw::new("dimension", message))
        })
    }
}

impl Derived {
    fn samples(&self) -> &PosteriorSamples {
        self.samples
            .get_or_init(|| PosteriorSamples::draw(&self.laplace))
    }
}

/// The weight of a statement, if it is in range.
fn checked_weight(weight: f64) -> Result<f64, Error> {
    if weight.abs() <= MAX_MAGNITUDE {
        Ok(weight)
    } else {
        Err(Error::Answer(Flaw::new("weight", "out of range")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DeckCandidate, Dimension};

    fn interview() -> Interview {
        let candidates = |a, b| [DeckCandidate::new("a", [a]), DeckCandidate::new("b", [b])];
        let deck = Deck::builder("deck")
            .dimension(Dimension::new("brevity"))
            .prompt("p1", candidates(1.0, -1.0))
            .prompt("p2", candidates(0.5, 0.1))
            .build();
        Interview::start(deck.unwrap(), Options::default()).unwrap()
    }

    #[test]
    fn an_answer_is_appended_and_nothing_is_inferred_before_it_is_asked_for() {
        let mut interview = interview();
        interview.question().unwrap();
        interview.answer(Answer::Chose(0)).unwrap();
        assert_eq!(interview.log.entries().len(), 1);
        assert!(interview.derived.get().is_none());
        assert_eq!(interview.counts(), (1, 1));
        assert!(interview.derived.get().is_none());
        interview.laplace_approximation().unwrap();
        let derived = interview.derived.get().expect("it has been inferred");
        assert!(derived.samples.get().is_none());
        interview.posterior_samples().unwrap();
        assert!(interview.derived.get().unwrap().samples.get().is_some());
    }

    #[test]
    fn undo_and_retract_are_appended_and_nothing_is_inferred_either() {
        let mut interview = interview();
        for _ in 0..2 {
            interview.question().unwrap();
            interview.answer(Answer::Tie).unwrap();
        }
        let first = interview.log.entries()[0].id.clone();
        interview.laplace_approximation().unwrap();
        assert!(interview.undo());
        assert!(interview.derived.get().is_none());
        interview.laplace_approximation().unwrap();
        assert!(interview.retract(&first));
        assert!(interview.derived.get().is_none());
        assert_eq!(interview.log.entries().len(), 4);
    }
}
