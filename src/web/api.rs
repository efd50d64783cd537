//! The class `Leaning` of the JavaScript package, synchronous: `js/core.js` adds the promises, and reads decks that come as
//! bytes.

use super::store::{News, Store, read};
use super::value::{self, Record};
use crate::answer::Answer;
use crate::deck::{Deck, Prompt};
use crate::error::{Error, Flaw};
use crate::interview::{Interview, Options, Said};
use crate::json::{self, Node, Value};
use crate::log::{Log, offered_to_value, read_verdict};
use crate::offer::Offer;
use crate::profile::{Example, Profile};
use crate::question::{MOST_SHOWN, Question, Strategy};
use crate::ranking::Ranked;
use crate::stopping::Reason;
use crate::text::listed;
use alloc::borrow::ToOwned;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{RefCell, RefMut};
use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// One person's interview, and where its log is kept.
pub(super) struct Session {
    pub interview: Interview,
    store: Store,
    /// It may end before the number of answers is reached, so that how many are to come is an estimate.
    pub may_end_early: bool,
}

/// One person's interview in a browser.
#[wasm_bindgen]
pub struct Leaning {
    pub(super) session: Rc<RefCell<Session>>,
}

#[wasm_bindgen]
impl Leaning {
    /// Opens the interview about a deck at where the stored log left it.
    #[wasm_bindgen(unchecked_return_type = "Leaning")]
    pub fn open(#[wasm_bindgen(unchecked_param_type = "OpenOptions")] options: &JsValue) -> Result<Leaning, JsValue> {
        Ok(Leaning { session: Rc::new(RefCell::new(Session::open(options)?)) })
    }

    /// The question to ask now, the same until it is answered; null when the interview is over.
    #[wasm_bindgen(unchecked_return_type = "Question | null")]
    pub fn next(&self) -> JsValue {
        let mut session = self.up_to_date();
        session.interview.next();
        question_to_js(session.interview.pending(), session.interview.deck())
    }

    /// The question that would come after an answer to the open one, once it has been prepared; else null.
    #[wasm_bindgen(unchecked_return_type = "Question | null")]
    pub fn foresee(
        &self,
        #[wasm_bindgen(unchecked_param_type = "AnswerInput")] answer: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let answer = read_answer(answer)?;
        let session = self.session.borrow();
        Ok(question_to_js(session.interview.foresee(answer), session.interview.deck()))
    }

    /// Takes the answer to the question that `next` gave.
    pub fn answer(
        &self,
        #[wasm_bindgen(unchecked_param_type = "AnswerInput")] answer: &JsValue,
    ) -> Result<(), JsValue> {
        let answer = read_answer(answer)?;
        Ok(self.session.borrow_mut().answer(answer)?)
    }

    /// Works ahead for some milliseconds; false when nothing is left to do.
    pub fn prepare(&self) -> bool {
        self.session.borrow_mut().interview.prepare()
    }

    /// Takes back the last answer; false where there is none.
    pub fn undo(&self) -> Result<bool, JsValue> {
        Ok(self.session.borrow_mut().change(Interview::undo)?)
    }

    /// Takes back any one answer or statement; false where nothing that holds has this id.
    pub fn retract(&self, id: &str) -> Result<bool, JsValue> {
        Ok(self.session.borrow_mut().change(|interview| interview.retract(id))?)
    }

    /// Takes in what the person says of themselves: that the weight of a dimension is about so large.
    pub fn state(&self, dimension: &str, weight: f64) -> Result<(), JsValue> {
        Ok(self.session.borrow_mut().change(|interview| interview.state(dimension, weight))?)
    }

    /// What was said and holds, oldest first, and what each has moved.
    #[wasm_bindgen(unchecked_return_type = "Said[]")]
    pub fn answers(&self, last: Option<usize>) -> Result<JsValue, JsValue> {
        let session = self.up_to_date();
        let said = session.interview.said(last.unwrap_or(usize::MAX))?;
        Ok(said.iter().map(|said| said_to_js(said, &session.interview)).collect::<Array>().into())
    }

    /// What would change if a dimension were the other way.
    #[wasm_bindgen(js_name = whatIf, unchecked_return_type = "WhatIf")]
    pub fn what_if(&self, dimension: &str) -> Result<JsValue, JsValue> {
        let session = self.up_to_date();
        let other = session.interview.other_way(dimension)?;
        let prompts = session.interview.deck().prompts();
        let example = other.example.map(|Example { prompt, now, then }| {
            let Prompt { id, text, candidates } = &prompts[prompt];
            let texts = [("id", id), ("text", text), ("now", &candidates[now].text), ("then", &candidates[then].text)];
            texts.iter().fold(Record::new(), |record, (name, text)| record.text(name, Some(text))).into()
        });
        Ok(Record::new()
            .count("prompts", prompts.len())
            .count("changed", other.changed)
            .set("example", &example.unwrap_or(JsValue::NULL))
            .into())
    }

    /// Where the interview stands; in brief, without the expected regret, which takes long to work out.
    #[wasm_bindgen(unchecked_return_type = "Status")]
    pub fn status(&self, brief: bool) -> JsValue {
        self.up_to_date().status(brief)
    }

    /// Ranks candidates of one prompt, best first.
    #[wasm_bindgen(unchecked_return_type = "Ranked[]")]
    pub fn rank(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Candidate[]")] candidates: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RankOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let session = self.up_to_date();
        let offers = session.read_offers(candidates)?;
        let options = value::from_js(options)?;
        let read_temperature = |root: &Node| root.field("temperature").optional_number();
        let temperature = json::read(&options, read_temperature).map_err(Error::Options)?;
        let ranked = session.interview.rank(&offers, temperature)?;
        let deck = session.interview.deck();
        let list: Array = ranked.iter().map(|ranked| ranked_to_js(ranked, &offers, deck)).collect();
        Ok(list.into())
    }

    /// From a fresh list, the candidates most useful to ask about; null when it is not worth asking.
    #[wasm_bindgen(unchecked_return_type = "Question | null")]
    pub fn compare(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Candidate[]")] candidates: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let session = self.up_to_date();
        let question = session.interview.compare(&session.read_offers(candidates)?)?;
        Ok(question_to_js(question.as_ref(), session.interview.deck()))
    }

    /// Learns from a choice made elsewhere.
    #[wasm_bindgen(unchecked_return_type = "Status")]
    pub fn observe(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Candidate[]")] candidates: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "AnswerInput")] answer: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let answer = read_answer(answer)?;
        let mut session = self.session.borrow_mut();
        let offers = session.read_offers(candidates)?;
        session.change(|interview| interview.observe(&offers, answer))?;
        Ok(session.status(false))
    }

    /// What was learned.
    #[wasm_bindgen(unchecked_return_type = "Profile")]
    pub fn profile(&self) -> JsValue {
        let session = self.up_to_date();
        profile_to_js(&session.interview.profile(), session.interview.deck())
    }

    /// The Gaussian belief: exact by definition, the same bits for the same log on every machine.
    #[wasm_bindgen(unchecked_return_type = "Belief")]
    pub fn belief(&self) -> JsValue {
        let session = self.up_to_date();
        let belief = session.interview.belief();
        let covariance = value::to_js(&Value::rows(&belief.covariance()));
        Record::new()
            .numbers("mean", belief.mean())
            .set("covariance", &covariance)
            .numbers("segments", &belief.segments())
            .into()
    }

    /// The log as a text of the format `leaning-answers/1`.
    #[wasm_bindgen(unchecked_return_type = "string")]
    pub fn export(&self) -> JsString {
        value::stringify(&self.up_to_date().interview.log().to_value())
    }

    /// Adds the records of an exported log that are not here yet.
    pub fn import(&self, log: &str) -> Result<(), JsValue> {
        let mut session = self.session.borrow_mut();
        let log = read(log, session.interview.deck())?;
        session.change(|interview| interview.merge(log))?;
        Ok(())
    }

    /// Sets all options but the deck and the storage anew; what was said stays.
    pub fn configure(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ConfigureOptions")] options: &JsValue,
    ) -> Result<(), JsValue> {
        Ok(self.session.borrow_mut().configure(options)?)
    }

    /// Forgets everything that was said, here and in the storage.
    pub fn forget(&self) -> Result<(), JsValue> {
        let mut session = self.session.borrow_mut();
        session.interview.forget()?;
        session.store.remove();
        Ok(())
    }
}

impl Leaning {
    /// The session with what another tab has said meanwhile. A stored log that cannot be read is of no concern to
    /// somebody who only asks: the next change will tell.
    fn up_to_date(&self) -> RefMut<'_, Session> {
        let mut session = self.session.borrow_mut();
        let _ = session.sync();
        session
    }
}

impl Session {
    fn open(options: &JsValue) -> Result<Session, Error> {
        // The deck may be a text, and large: it is read apart from the other options.
        let field = |name: &str| Reflect::get(options, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let deck = field("deck");
        if deck.is_undefined() || deck.is_null() {
            return Err(Error::Options(Flaw::new("deck", "missing")));
        }
        let deck = Deck::from_value(&value::read(&deck)?)?;
        let mut others = Vec::new();
        for name in ["storage", "storageKey", "seed", "strategy", "choose", "halfLife", "sample", "stop"] {
            others.push((name.to_owned(), value::from_js(&field(name))?));
        }
        let others = Value::Object(others);
        let read = |root: &Node| (read_store(root, &deck), read_options(root, deck.dimensions().len()));
        let (store, options) = json::read(&others, read).map_err(Error::Options)?;
        let may_end_early = may_end_early(&options);
        let mut session = Session { interview: Interview::start(deck, options)?, store, may_end_early };
        if field("startOver").is_truthy() {
            session.store.remove();
        }
        session.sync()?;
        Ok(session)
    }

    /// Goes on with what was said under other options.
    fn configure(&mut self, options: &JsValue) -> Result<(), Error> {
        let deck = self.interview.deck();
        let read = |root: &Node| read_options(root, deck.dimensions().len());
        let options = json::read(&value::from_js(options)?, read).map_err(Error::Options)?;
        let early = may_end_early(&options);
        self.interview.configure(options)?;
        self.may_end_early = early;
        Ok(())
    }

    /// Takes the answer to the open question, whatever another tab has said meanwhile.
    fn answer(&mut self, answer: Answer) -> Result<(), Error> {
        let open = self.interview.pending().cloned();
        self.change(|interview| match &open {
            Some(question) => interview.answer_to(question, answer),
            None => interview.answer(answer),
        })
    }

    /// Brings in what another tab has written, then makes a change, then writes. Nothing has changed where that fails,
    /// and nothing is written over a log that cannot be read.
    pub fn change<T>(&mut self, change: impl FnOnce(&mut Interview) -> Result<T, Error>) -> Result<T, Error> {
        self.sync()?;
        let result = change(&mut self.interview)?;
        self.store.write(self.interview.log());
        Ok(result)
    }

    /// Whether what was said outlives this page.
    pub fn is_kept(&self) -> bool {
        self.store.is_kept()
    }

    fn sync(&mut self) -> Result<(), Error> {
        match self.store.news(self.interview.deck())? {
            News::None => Ok(()),
            News::Changed(log) if self.interview.log().shares_beginning(&log) => self.interview.merge(log),
            // Another tab has forgotten everything and begun anew: what this one still knows must not come back.
            News::Changed(log) => self.interview.replace(log),
            News::Forgotten => self.interview.replace(Log::new(self.interview.deck())),
        }
    }

    fn read_offers(&self, candidates: &JsValue) -> Result<Vec<Offer>, Error> {
        Offer::read_list(&value::from_js(candidates)?, self.interview.deck().dimensions().len())
    }

    /// The status as an object.
    fn status(&self, brief: bool) -> JsValue {
        let interview = &self.interview;
        let (asked, answered) = interview.counts();
        let reason = interview.reason();
        Record::new()
            .count("asked", asked)
            .count("answered", answered)
            .count("records", self.interview.log().records().len())
            .set("done", &reason.is_some().into())
            .text("reason", reason.map(Reason::name))
            .text("words", reason.map(Reason::words))
            .number("expectedRegret", if brief { f64::NAN } else { interview.expected_regret() })
            .count("remaining", interview.remaining())
            .set("stored", &self.is_kept().into())
            .set("mayEndEarly", &self.may_end_early.into())
            .set("undoable", &self.interview.log().live().next().is_some().into())
            .text("language", self.interview.deck().language())
            .into()
    }
}

fn may_end_early(options: &Options) -> bool {
    options.stop.regret.is_some() || options.stop.gain.is_some()
}

fn read_store(root: &Node, deck: &Deck) -> Store {
    let storage = root.field("storage");
    match storage.text_or("local") {
        "local" => {
            let key = root.field("storageKey").optional_text();
            Store::local(key.unwrap_or_else(|| text!["leaning:", deck.id()]))
        }
        other => {
            if other != "memory" {
                storage.flaw(text!["expected \"local\" or \"memory\", found \"", other, "\""]);
            }
            Store::memory()
        }
    }
}

/// What the options say, their ranges apart: [`Interview::start`] sees to those.
fn read_options(root: &Node, dimensions: usize) -> Options {
    let mut options = Options {
        seed: root.field("seed").present().map(|seed| seed.whole(0, 1 << 53)),
        choose: root.field("choose").present().map(|choose| choose.whole(2, MOST_SHOWN as u64) as usize),
        half_life: root.field("halfLife").optional_number(),
        ..Options::default()
    };
    let strategy = root.field("strategy");
    if let Some(strategy) = strategy.present() {
        match Strategy::from_name(strategy.text()) {
            Some(known) => options.strategy = known,
            None => {
                strategy.flaw(text!["expected one of ", listed(Strategy::NAMES.iter().map(|(name, _)| *name))]);
            }
        }
    }
    let stop = root.field("stop");
    if let Some(stop) = stop.present() {
        stop.expect_object();
        if let Some(questions) = stop.field("questions").present() {
            options.stop.questions = questions.whole(1, 1_000_000) as usize;
        }
        options.stop.regret = stop.field("regret").optional_number();
        options.stop.gain = stop.field("gain").optional_number();
    }
    let sample = root.field("sample");
    if let Some(sample) = sample.present() {
        options.sample = sample.list(|prompt| prompt.list(|candidate| read_scores(candidate, dimensions)));
    }
    options
}

/// The scores of a candidate of which nothing else matters.
fn read_scores(candidate: &Node, dimensions: usize) -> Vec<f64> {
    candidate.expect_object();
    candidate.field("scores").numbers(dimensions)
}

fn read_answer(answer: &JsValue) -> Result<Answer, Error> {
    let value = value::from_js(answer)?;
    let read = |root: &Node| match &value {
        Value::Object(_) => Answer::Chose(root.field("chose").whole(0, u64::from(u32::MAX)) as usize),
        _ => read_verdict(root),
    };
    json::read(&value, read).map_err(Error::Answer)
}

/// Null where there is none.
fn question_to_js(question: Option<&Question>, deck: &Deck) -> JsValue {
    let Some(question) = question else { return JsValue::NULL };
    let prompt = question.prompt.map(|index| &deck.prompts()[index]);
    let prompt =
        prompt.map(|prompt| Record::new().text("id", Some(&prompt.id)).text("text", Some(&prompt.text)).into());
    let candidates: Array = question
        .shown
        .iter()
        .map(|shown| {
            Record::new()
                .text("name", Some(&shown.name))
                .count("index", shown.index)
                .text("text", Some(&shown.text))
                .numbers("scores", &shown.scores)
                .0
        })
        .collect();
    Record::new()
        .set("prompt", &prompt.unwrap_or(JsValue::NULL))
        .set("candidates", &candidates)
        .set("offered", &value::to_js(&offered_to_value(question.offered)))
        .text("strategy", Some(question.strategy.name()))
        .number("score", question.score)
        .into()
}

/// The record of the log, with the deck's texts to it and what it has moved.
fn said_to_js(said: &Said, interview: &Interview) -> JsValue {
    let record = Record(value::to_js(&Value::Object(interview.log().record_to_fields(said.record).0)).into());
    let question = said.question.as_ref().map(|(prompt, candidates)| {
        let prompt = &interview.deck().prompts()[*prompt];
        let texts: Array = candidates.iter().map(|&place| JsValue::from_str(&prompt.candidates[place].text)).collect();
        Record::new().text("id", Some(&prompt.id)).text("text", Some(&prompt.text)).set("texts", &texts).into()
    });
    record.set("prompt", &question.unwrap_or(JsValue::NULL)).numbers("moved", &said.moved).into()
}

fn ranked_to_js(ranked: &Ranked, offers: &[Offer], deck: &Deck) -> Object {
    let reasons: Array = ranked
        .reasons()
        .iter()
        .map(|reason| {
            let dimension = &deck.dimensions()[reason.dimension];
            let end = if reason.towards_high { &dimension.high } else { &dimension.low };
            Record::new()
                .text("dimension", Some(&dimension.id))
                .text("end", Some(end))
                .number("contribution", reason.contribution)
                .0
        })
        .collect();
    Record::new()
        .count("index", ranked.index)
        .text("id", offers[ranked.index].id.as_deref())
        .number("reward", ranked.reward)
        .number("sd", ranked.sd)
        .number("chanceBest", ranked.chance_best)
        .numbers("contributions", &ranked.contributions)
        .set("reasons", &reasons)
        .set("probability", &ranked.probability.map_or(JsValue::NULL, JsValue::from_f64))
        .0
}

fn profile_to_js(profile: &Profile, deck: &Deck) -> JsValue {
    let dimensions: Array = profile
        .dimensions
        .iter()
        .zip(deck.dimensions())
        .map(|(leaning, dimension)| {
            Record::new()
                .text("id", Some(&dimension.id))
                .text("label", Some(&dimension.label))
                .text("low", Some(&dimension.low))
                .text("high", Some(&dimension.high))
                .number("mean", leaning.mean)
                .number("sd", leaning.sd)
                .numbers("interval", &[leaning.interval.0, leaning.interval.1])
                .number("sure", leaning.sure)
                .number("spread", leaning.spread)
                .text("degree", Some(leaning.degree.name()))
                .text("end", Some(&leaning.end))
                .text("words", Some(&leaning.words))
                .0
        })
        .collect();
    let diagnosis: Array = profile
        .diagnosis
        .iter()
        .map(|finding| {
            Record::new()
                .text("kind", Some(finding.kind.name()))
                .number("chance", finding.chance)
                .text("words", Some(&finding.words))
                .0
        })
        .collect();
    Record::new()
        .set("dimensions", &dimensions)
        .count("answers", profile.answers)
        .number("reach", profile.reach)
        .set("diagnosis", &diagnosis)
        .into()
}
