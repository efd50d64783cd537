//! One person's session: asking, answering, undoing, stopping, and the log behind it.

mod ahead;
mod asking;
mod options;
mod telling;

pub use options::Options;
pub use telling::{Said, Status};

use crate::answer::{Answer, AnswerModel, Evidence, Offered};
use crate::belief::Belief;
use crate::deck::{Deck, Prompt};
use crate::error::{Error, Flaw};
use crate::id::base36;
use crate::json::MOST;
use crate::list::List;
use crate::log::{Entry, Log, Record};
use crate::offer::Offer;
use crate::order::Texts;
use crate::posterior::Posterior;
use crate::question::{Asked, Pool, Question};
use crate::random::Random;
use ahead::Ahead;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, OnceCell};
use core::mem;

/// The standard deviation of what a person says of a weight, as a share of the prior's: where nothing else is known,
/// 1 / (1 + STATED²), or 96%, of the way from the prior's mean to what was said is gone.
pub const STATED: f64 = 0.2;

/// One person's interview about one deck. Its state is its log; everything else is computed from that.
#[derive(Debug, Clone)]
pub struct Interview {
    deck: Deck,
    pool: Pool,
    options: Options,
    seed: u64,
    log: Log,
    known: Known,
    /// The last estimate of how many questions are to come, and the number of answers by then.
    last_estimate: Cell<Option<(usize, usize)>>,
    pending: Option<Question>,
    ahead: Ahead,
}

/// What follows from the log.
#[derive(Debug, Clone)]
struct Known {
    asked: Asked,
    belief: Belief,
    posterior: OnceCell<Posterior>,
    expected_regret: OnceCell<f64>,
    best_gain: OnceCell<f64>,
}

impl Known {
    fn new(asked: Asked, belief: Belief) -> Self {
        let (posterior, expected_regret, best_gain) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Known { asked, belief, posterior, expected_regret, best_gain }
    }
}

impl Interview {
    /// Opens an interview with somebody who has said nothing yet.
    ///
    /// # Errors
    /// As [`Interview::open`].
    pub fn start(deck: Deck, options: Options) -> Result<Self, Error> {
        options.check(&deck)?;
        let pool = Pool::new(&deck);
        Ok(Interview {
            known: Known::new(pool.unasked(), Belief::infer(deck.prior(), deck.answer_model(), &[])?),
            pool,
            seed: options.seed.unwrap_or_else(Random::entropy),
            options,
            log: Log::new(&deck),
            last_estimate: Cell::new(None),
            pending: None,
            ahead: Ahead::default(),
            deck,
        })
    }

    /// Opens an interview at where `log` left it; [`Log::new`] for a new one.
    ///
    /// # Errors
    /// [`Error::DeckMismatch`] where the log is not of this deck, [`Error::NotConverged`] where its scores are too
    /// extreme, [`Error::Options`] for options out of range.
    pub fn open(deck: Deck, log: Log, options: Options) -> Result<Self, Error> {
        let mut interview = Interview::start(deck, options)?;
        interview.replace(log)?;
        Ok(interview)
    }

    /// Goes on under other options with what was said. A seed that they do not give stays as it was; the open question is
    /// chosen anew.
    ///
    /// # Errors
    /// As [`Interview::open`]. Nothing has changed then.
    pub fn configure(&mut self, mut options: Options) -> Result<(), Error> {
        options.check(&self.deck)?;
        mem::swap(&mut self.options, &mut options);
        if let Err(error) = self.infer() {
            self.options = options;
            return Err(error);
        }
        self.seed = self.options.seed.unwrap_or(self.seed);
        self.last_estimate.set(None);
        self.pending = None;
        Ok(())
    }

    /// The deck it is about.
    pub fn deck(&self) -> &Deck {
        &self.deck
    }

    /// Everything that was said.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// What is believed about the weights.
    pub fn belief(&self) -> &Belief {
        &self.known.belief
    }

    /// How sure that is. Drawn when first asked for, then kept until the next answer.
    pub fn posterior(&self) -> &Posterior {
        self.known.posterior.get_or_init(|| Posterior::sample(self.belief()))
    }

    /// The question to ask now: the same until it is answered, `None` when the interview is over.
    #[allow(clippy::should_implement_trait, reason = "the question lends from the interview, which no iterator can")]
    pub fn next(&mut self) -> Option<&Question> {
        if self.reason().is_some() {
            self.pending = None;
        } else if self.pending.is_none() {
            self.pending = self.choose();
        }
        self.pending.as_ref()
    }

    /// The question that is open, without choosing one.
    pub fn pending(&self) -> Option<&Question> {
        self.pending.as_ref()
    }

    /// Takes the answer to the question that [`Interview::next`] gave.
    ///
    /// # Errors
    /// [`Error::Answer`] where no question is open or the answer is not on offer. Nothing has changed then.
    pub fn answer(&mut self, answer: Answer) -> Result<(), Error> {
        let Some(question) = self.pending.clone() else {
            return Err(Error::Answer(Flaw::new("", "there is no open question: ask for the next one first")));
        };
        self.answer_to(&question, answer)
    }

    /// Takes the answer to a question that this interview gave, even if the log has moved on since.
    ///
    /// # Errors
    /// [`Error::Answer`] where the answer is not on offer. Nothing has changed then.
    pub fn answer_to(&mut self, question: &Question, answer: Answer) -> Result<(), Error> {
        if self.was_prepared(question, answer) {
            return Ok(());
        }
        self.note(answered(question, answer))?;
        self.pending = None;
        Ok(())
    }

    /// Learns from a choice made elsewhere, e.g. between two drafts in a chat, and leaves the open question open.
    ///
    /// # Errors
    /// [`Error::Candidates`] for fewer than two candidates, two of one name or scores of other dimensions,
    /// [`Error::Answer`] for an answer that is not on offer.
    pub fn observe(&mut self, candidates: &[Offer], answer: Answer) -> Result<(), Error> {
        if candidates.len() < 2 {
            return Err(Error::Candidates(Flaw::new("", text!["expected at least 2, found ", candidates.len()])));
        }
        self.check(candidates)?;
        let (shown, scores) = candidates.iter().map(|offer| (offer.name.clone(), offer.scores.clone())).unzip();
        self.note(Entry::Answer { shown, scores, offered: self.model().offered(), answer })
    }

    /// Takes back the last answer or statement that holds. What the deck asked is then asked again, on the same sides;
    /// for anything else an open question stays open.
    /// `false` where there is nothing to take back.
    ///
    /// # Errors
    /// As [`Interview::open`].
    pub fn undo(&mut self) -> Result<bool, Error> {
        let Some(last) = self.log.live().next_back() else { return Ok(false) };
        let again = match &last.entry {
            Entry::Answer { shown, offered, .. } => self.question_again(shown, *offered),
            Entry::Statement { .. } | Entry::Retract { .. } => None,
        };
        let of = last.id.clone();
        self.append(vec![Entry::Retract { of }])?;
        self.pending = again.or(self.pending.take());
        Ok(true)
    }

    /// Takes back any one answer or statement, by the id of its record: nothing is believed because of it any more, and
    /// the deck's question may come again. An open question stays open. `false` where nothing that holds has this id.
    ///
    /// # Errors
    /// As [`Interview::open`].
    pub fn retract(&mut self, id: &str) -> Result<bool, Error> {
        let holds = self.log.live().any(|record| record.id == id);
        if holds {
            self.append(vec![Entry::Retract { of: id.to_owned() }])?;
        }
        Ok(holds)
    }

    /// Takes in what the person says of themselves: that the weight of a dimension, by its id, is about `weight`. That
    /// is a Gaussian observation of the weight whose standard deviation is [`STATED`] of the prior's: strong, but what
    /// they choose can still speak against it. It takes the place of what they have said of this dimension before, and
    /// is taken back like an answer.
    ///
    /// # Errors
    /// [`Error::Answer`] for a dimension that the deck has not and a weight that is out of range, else as
    /// [`Interview::open`]. Nothing has changed then.
    pub fn state(&mut self, dimension: &str, weight: f64) -> Result<(), Error> {
        let place = self.dimension(dimension)?;
        if !(weight.abs() <= MOST) {
            return Err(Error::Answer(Flaw::new("weight", "out of range")));
        }
        let mut entries = Vec::new();
        for record in self.log.live() {
            if matches!(record.entry, Entry::Statement { dimension, .. } if dimension == place) {
                entries.push(Entry::Retract { of: record.id.clone() });
            }
        }
        let sd = STATED * self.deck.prior().deviations()[place];
        entries.push(Entry::Statement { dimension: place, weight, sd });
        self.append(entries)
    }

    /// Takes over the records of another log of this person and deck, those that are not yet here. An open question
    /// stays open unless the other log has dealt with it.
    ///
    /// # Errors
    /// As [`Interview::open`].
    pub fn merge(&mut self, other: Log) -> Result<(), Error> {
        other.check_deck(&self.deck)?;
        let before = self.log.records().len();
        self.log.merge(other);
        self.infer_since(before)
    }

    /// Goes on from `log` as if nothing else had been said. An open question stays open unless `log` has dealt with it.
    ///
    /// # Errors
    /// As [`Interview::open`]. Nothing has changed then.
    pub fn replace(&mut self, log: Log) -> Result<(), Error> {
        log.check_deck(&self.deck)?;
        let before = mem::replace(&mut self.log, log);
        self.infer().inspect_err(|_| self.log = before)
    }

    /// What follows from the log.
    fn known(&self) -> Result<Known, Error> {
        let evidence = self.log.evidence(&self.model());
        let weights = self.options.weights(&evidence);
        let belief = Belief::infer_weighted(self.deck.prior(), self.model(), &evidence, &weights)?;
        Ok(Known::new(self.replay_asked(), belief))
    }

    /// Infers from the log what changes with it. Nothing has changed where that fails.
    fn infer(&mut self) -> Result<(), Error> {
        self.known = self.known()?;
        self.ahead = Ahead::default();
        let dealt_with = |open: &Question| self.has_shown(&open.shown.iter().map(|shown| &shown.name).list());
        if self.pending.as_ref().is_some_and(dealt_with) {
            self.pending = None;
        }
        Ok(())
    }

    /// Infers from the log with its new records, those after the first `before`. Takes them off again where that fails.
    fn infer_since(&mut self, before: usize) -> Result<(), Error> {
        self.infer().inspect_err(|_| self.log.truncate(before))
    }

    /// Forgets everything that was said.
    ///
    /// # Errors
    /// As [`Interview::open`].
    pub fn forget(&mut self) -> Result<(), Error> {
        self.replace(Log::new(&self.deck))?;
        self.pending = None;
        Ok(())
    }

    fn model(&self) -> AnswerModel {
        self.deck.answer_model()
    }

    /// The full name of a candidate of the deck.
    fn name(&self, prompt: usize, candidate: usize) -> String {
        let prompt = &self.deck.prompts()[prompt];
        text![&prompt.id, "/", &prompt.candidates[candidate].id]
    }

    /// The question of a record that was taken back, if the deck still has its candidates.
    fn question_again(&self, shown: &[String], offered: Offered) -> Option<Question> {
        let (prompt, candidates) = self.find(shown)?;
        let shown = candidates.into_iter().map(|candidate| self.shown(prompt, candidate)).list();
        Some(Question { prompt: Some(prompt), shown, offered, strategy: self.options.strategy, score: 0.0 })
    }

    /// The one prompt of the deck and the places of the candidates that these full names mean, if it has them.
    fn find(&self, shown: &[String]) -> Option<(usize, Vec<usize>)> {
        let first = shown.first()?;
        // No id has a "/" in it: only one prompt can fit.
        let is_of = |prompt: &Prompt| first.strip_prefix(&prompt.id[..]).is_some_and(|rest| rest.starts_with('/'));
        let prompt = self.deck.prompts().iter().position(is_of)?;
        let candidates = 0..self.deck.prompts()[prompt].candidates.len();
        let mut places = Vec::new();
        for name in shown {
            places.push(candidates.clone().find(|&candidate| self.name(prompt, candidate) == *name)?);
        }
        Some((prompt, places))
    }

    fn replay_asked(&self) -> Asked {
        let mut asked = self.pool.unasked();
        for record in self.log.live() {
            if let Entry::Answer { shown, answer, .. } = &record.entry
                && let Some((prompt, candidates)) = self.find(shown)
            {
                self.pool.note(&mut asked, prompt, &candidates, *answer == Answer::Skip);
            }
        }
        asked
    }

    /// Pairs of candidates that differ and have not been asked about, by place.
    fn open_pairs(&self, candidates: &[Offer]) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for (i, a) in candidates.iter().enumerate() {
            for (j, b) in candidates.iter().enumerate().skip(i + 1) {
                if a.scores != b.scores && !self.has_shown(&[&a.name, &b.name]) {
                    pairs.push((i, j));
                }
            }
        }
        pairs
    }

    /// Whether these names have been shown side by side.
    fn has_shown(&self, names: &[&String]) -> bool {
        self.log.live().any(|record| match &record.entry {
            Entry::Answer { shown, .. } => names.iter().all(|name| shown.contains(name)),
            Entry::Retract { .. } | Entry::Statement { .. } => false,
        })
    }

    /// Fails unless these candidates are of the deck's dimensions and of different names.
    fn check(&self, candidates: &[Offer]) -> Result<(), Error> {
        let d = self.deck.dimensions().len();
        let mut names = Texts::default();
        for (index, offer) in candidates.iter().enumerate() {
            let wrong = |message: String| Err(Error::Candidates(Flaw::new(text!["[", index, "]"], message)));
            if offer.scores.len() != d {
                return wrong(text!["expected ", d, " scores, found ", offer.scores.len()]);
            }
            if offer.scores.iter().any(|score| !(score.abs() <= MOST)) {
                return wrong("a score is out of range".to_owned());
            }
            if !names.insert(&offer.name) {
                return wrong(text!["\"", &offer.name, "\" is there twice"]);
            }
        }
        Ok(())
    }

    /// Takes an answer, if it can be one.
    fn note(&mut self, entry: Entry) -> Result<(), Error> {
        if let Entry::Answer { scores, offered, answer, .. } = &entry {
            Evidence::from_answer(&self.model(), scores, *offered, *answer).map_err(Error::Answer)?;
        }
        self.append(vec![entry])
    }

    /// The place of the dimension of this id.
    fn dimension(&self, id: &str) -> Result<usize, Error> {
        let place = self.deck.dimensions().iter().position(|dimension| dimension.id == id);
        place.ok_or_else(|| Error::Answer(Flaw::new("dimension", text!["the deck has no dimension \"", id, "\""])))
    }

    /// Writes records, and goes on with them.
    fn append(&mut self, entries: Vec<Entry>) -> Result<(), Error> {
        let before = self.log.records().len();
        for entry in entries {
            self.log.append(Record { id: self.new_id(), at: None, entry });
        }
        self.infer_since(before)
    }

    /// The generator for one use at this point of the log, so that what a given seed decides survives a reload.
    fn random(&self, stream: Stream) -> Random {
        Random::new(self.seed, 2 * self.log.records().len() as u64 + stream as u64)
    }

    fn new_id(&self) -> String {
        base36(Random::entropy())
    }
}

/// What the log says of a question that was answered.
fn answered(question: &Question, answer: Answer) -> Entry {
    let (shown, scores) = question.shown.iter().map(|shown| (shown.name.clone(), shown.scores.clone())).unzip();
    Entry::Answer { shown, scores, offered: question.offered, answer }
}

/// The scores of these candidates.
fn scores_of(candidates: &[Offer]) -> Vec<Vec<f64>> {
    candidates.iter().map(|offer| offer.scores.clone()).list()
}

/// What one seed is used for.
#[derive(Clone, Copy)]
enum Stream {
    Sides,
    Choice,
}
