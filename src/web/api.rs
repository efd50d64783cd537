//! The class `Session` of the wasm module. `js/core.ts` makes the package's class `Leaning` of it.

#![expect(
    clippy::missing_errors_doc,
    reason = "every call throws the errors of this crate, which js/error.ts lists"
)]

use super::convert::{
    self, AnswerFields, ConfigureOptions, Entry, LaplaceApproximation, NearestArchetype, Profile,
    Question, RankOptions, RankedCandidate, Status, StorageOptions, WhatIf,
};
use super::prompts;
use super::session::Session;
use super::storage::Area;
use crate::error::Error;
use crate::format::candidates::Candidate;
use crate::format::deck::DeckFile;
use crate::model::{self, Deck};
use js_sys::Array;
use serde_wasm_bindgen::Deserializer;
use tsify::Ts;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Types that no struct stands for.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The acquisition rules by name. */
export type Strategy =
    | "random"
    | "margin"
    | "d-optimal"
    | "a-optimal"
    | "information-gain"
    | "decision"
    | "thompson";

/** The answers that are about no candidate. */
export type Verdict = "tie" | "neither" | "skip";

/** How much better the chosen one of two is. */
export type Grade = "slightly" | "much";

/** The elements' texts that a deck may replace, for each language. */
export type DeckWord =
    | "ask"
    | "answer"
    | "choose"
    | "prefer"
    | "tie"
    | "neither"
    | "none"
    | "skip"
    | "done"
    | "askRating"
    | "ratingLow"
    | "ratingHigh"
    | "askBestWorst"
    | "askOrder"
    | "much"
    | "slightly";

/** What a question asks for: which is best, how much better, how good, best and worst, or an order. */
export type QuestionKind = "choice" | "grades" | "rating" | "best-worst" | "order";

/** The options that an interview is opened with. */
export type OpenOptions = ConfigureOptions & StorageOptions;
"#;

/// One person's interview in a browser. Errors are thrown as `Error` objects with `code` and `path`.
#[wasm_bindgen(js_name = Session)]
#[derive(Debug)]
pub struct WebSession {
    session: Session,
}

#[wasm_bindgen(js_class = Session)]
impl WebSession {
    /// Opens the interview about a deck where the stored log left it. `area` is the storage that encrypts. The deck's
    /// prompts may come in `ids`, `counts` and `scores` instead.
    pub fn open(
        deck: Ts<DeckFile>,
        #[wasm_bindgen(unchecked_optional_param_type = "OpenOptions")] options: JsValue,
        #[wasm_bindgen(
            unchecked_optional_param_type = "Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>"
        )]
        area: Option<Area>,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] ids: Option<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "Uint32Array")] counts: Option<Vec<u32>>,
        #[wasm_bindgen(unchecked_optional_param_type = "Float64Array")] scores: Option<Vec<f64>>,
    ) -> Result<WebSession, JsValue> {
        let prompts = match (ids, counts, scores) {
            (Some(ids), Some(counts), Some(scores)) => prompts::unpack(&ids, &counts, &scores),
            _ => Vec::new(),
        };
        let deck = Deck::read_with(Deserializer::from(deck.js_value()), prompts)?;
        let storage: StorageOptions = convert::read(options.clone(), Error::Options)?;
        let options: ConfigureOptions = convert::read(options, Error::Options)?;
        Ok(WebSession {
            session: Session::open(deck, &storage, area, options)?,
        })
    }

    /// The question to ask now, the same until it is answered; undefined when the interview is over.
    pub fn question(&mut self) -> Result<Option<Ts<Question>>, JsValue> {
        let question = self.session.up_to_date().question()?;
        Ok(question.map(|question| to_js(&Question::from(question))))
    }

    /// Takes the answer to the question that `question` gave. It is stored when this returns; nothing
    /// is inferred from it yet.
    pub fn answer(&mut self, answer: Ts<AnswerFields>) -> Result<(), JsValue> {
        let fields = read_fields(&answer)?;
        let question = self.session.interview().open_question();
        // Here already: only a question about a rating has the levels that are missing.
        if let Some(question) = question.filter(|_| fields.lacks_levels())
            && question.offered.kind.levels().is_none()
        {
            return Err(question.offered.refusal().into());
        }
        let answer = self.with_levels(fields)?;
        Ok(self.session.answer(answer)?)
    }

    /// Takes back the last answer; false if there is none.
    pub fn undo(&mut self) -> Result<bool, JsValue> {
        Ok(self.session.change(|interview| Ok(interview.undo()))?)
    }

    /// Takes back any one answer or statement; false if nothing that holds has this id.
    pub fn retract(&mut self, id: &str) -> Result<bool, JsValue> {
        Ok(self.session.change(|interview| Ok(interview.retract(id)))?)
    }

    /// Takes in a person's own word that the weight of a dimension, by its id, is about so large.
    #[wasm_bindgen(js_name = setWeight)]
    pub fn set_weight(&mut self, dimension: &str, weight: f64) -> Result<(), JsValue> {
        Ok(self
            .session
            .change(|interview| interview.set_weight(dimension, weight))?)
    }

    /// The answers and statements that hold, oldest first, and the effect of each; the last `last` of
    /// them, or all.
    #[wasm_bindgen(unchecked_return_type = "Entry[]")]
    pub fn entries(&mut self, last: Option<usize>) -> Result<JsValue, JsValue> {
        let reports = self
            .session
            .up_to_date()
            .entry_reports(last.unwrap_or(usize::MAX))?;
        let entries: Vec<Entry> = reports.into_iter().map(Entry::from).collect();
        Ok(convert::write(&entries))
    }

    /// The changes in the picks if the weight of a dimension, by its id, were `weight`, or if it had the
    /// other sign.
    #[wasm_bindgen(js_name = whatIf)]
    pub fn what_if(&mut self, dimension: &str, weight: Option<f64>) -> Result<Ts<WhatIf>, JsValue> {
        let what_if = WhatIf::new(self.session.up_to_date(), dimension, weight)?;
        Ok(to_js(&what_if))
    }

    /// The state of the interview.
    pub fn status(&mut self) -> Result<Ts<Status>, JsValue> {
        self.session.up_to_date();
        Ok(to_js(&Status::new(
            self.session.interview(),
            self.session.store(),
        )?))
    }

    /// The expected loss of picking for this person, as a share of the possible loss; undefined if no
    /// weights describe the person.
    #[wasm_bindgen(js_name = expectedRegret)]
    pub fn expected_regret(&mut self) -> Result<Option<f64>, JsValue> {
        Ok(self.session.up_to_date().expected_regret()?)
    }

    /// Ranks candidates of one prompt, best first.
    #[wasm_bindgen(unchecked_return_type = "RankedCandidate[]")]
    pub fn rank(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Candidate[]")] candidates: JsValue,
        options: Option<Ts<RankOptions>>,
    ) -> Result<JsValue, JsValue> {
        let candidates = self.read_candidates(candidates)?;
        let options = options.map_or(JsValue::UNDEFINED, |options| options.js_value());
        let options: RankOptions = convert::read(options, Error::Options)?;
        let ranked = self
            .session
            .up_to_date()
            .rank(&candidates, options.into())?;
        let ranked: Vec<RankedCandidate> = ranked.iter().map(RankedCandidate::from).collect();
        Ok(convert::write(&ranked))
    }

    /// The candidates of a fresh list whose comparison would tell most; undefined if asking is not
    /// worth a person's time.
    pub fn compare(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Candidate[]")] candidates: JsValue,
    ) -> Result<Option<Ts<Question>>, JsValue> {
        let candidates = self.read_candidates(candidates)?;
        let question = self.session.up_to_date().compare(&candidates)?;
        Ok(question.map(|question| to_js(&Question::from(&question))))
    }

    /// Learns from an answer given elsewhere. A rating is about the first candidate; the others could
    /// have been shown instead.
    pub fn observe(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Candidate[]")] candidates: JsValue,
        answer: Ts<AnswerFields>,
    ) -> Result<(), JsValue> {
        let candidates = self.read_candidates(candidates)?;
        let answer = self.with_levels(read_fields(&answer)?)?;
        Ok(self
            .session
            .change(|interview| interview.observe(&candidates, answer))?)
    }

    /// The weights of the person, for the person.
    pub fn profile(&mut self) -> Result<Ts<Profile>, JsValue> {
        Ok(to_js(&Profile::new(self.session.up_to_date())?))
    }

    /// The archetype that the person is most probably closest to; undefined if none is with a
    /// probability of at least 0.5.
    pub fn archetype(&mut self) -> Result<Option<Ts<NearestArchetype>>, JsValue> {
        let found = self.session.up_to_date().archetype()?;
        Ok(found.map(|found| to_js(&NearestArchetype::from(found))))
    }

    /// The Laplace approximation of the posterior.
    #[wasm_bindgen(js_name = laplaceApproximation)]
    pub fn laplace_approximation(&mut self) -> Result<Ts<LaplaceApproximation>, JsValue> {
        Ok(to_js(&LaplaceApproximation::new(
            self.session.up_to_date(),
        )?))
    }

    /// The log as a text of the format `leaning-answers/1`.
    #[wasm_bindgen(js_name = exportLog)]
    pub fn export_log(&mut self) -> String {
        self.session.export()
    }

    /// Adds the entries of an exported log that are not here yet.
    #[wasm_bindgen(js_name = importLog)]
    pub fn import_log(&mut self, log: &str) -> Result<(), JsValue> {
        Ok(self.session.import(log)?)
    }

    /// The place of the first new entry of the log, and the new entries, as in the format `leaning-answers/1`.
    /// All are new unless the log begins with `known` entries, the first and last of which have the ids
    /// `first` and `last`. Undefined if the storage has the log: then the page need not keep it, should this
    /// module crash.
    #[wasm_bindgen(
        unchecked_return_type = "[from: number, entries: { id?: string }[]] | undefined"
    )]
    pub fn unstored(
        &self,
        known: usize,
        first: Option<String>,
        last: Option<String>,
    ) -> Option<Array> {
        if self.session.store().is_stored() {
            return None;
        }
        let log = self.session.interview().log();
        let has = |place: Option<usize>, id: &Option<String>| {
            let found = place.and_then(|place| log.written_ids().nth(place));
            found.is_some() && found == id.as_deref()
        };
        let begins_so = has(Some(0), &first) && has(known.checked_sub(1), &last);
        let from = if begins_so { known } else { 0 };
        let entries = convert::write(&log.entries_to_file(from));
        Some(Array::of2(&JsValue::from_f64(from as f64), &entries))
    }

    /// Changes the options; everything that was said stays.
    pub fn configure(&mut self, options: Ts<ConfigureOptions>) -> Result<(), JsValue> {
        let options = convert::read(options.js_value(), Error::Options)?;
        Ok(self.session.configure(options)?)
    }

    /// Writes the log again if the last write failed.
    pub fn save(&mut self) -> Result<(), JsValue> {
        Ok(self.session.save()?)
    }

    /// Takes over what another tab has written; whether that has changed anything.
    pub fn refresh(&mut self) -> Result<bool, JsValue> {
        self.noticing_changes(Session::sync)
    }

    /// Takes over that the log was removed from localStorage elsewhere, in another tab or by another
    /// interview of this page; whether that has changed anything.
    #[wasm_bindgen(js_name = removedElsewhere)]
    pub fn removed_elsewhere(&mut self) -> Result<bool, JsValue> {
        self.noticing_changes(Session::removed_elsewhere)
    }

    /// The key in localStorage; undefined if the log is in memory alone.
    #[wasm_bindgen(getter, js_name = storageKey)]
    pub fn storage_key(&self) -> Option<String> {
        self.session.store().key().map(str::to_owned)
    }

    /// Forgets everything that was said, here and in the storage.
    pub fn forget(&mut self) -> Result<(), JsValue> {
        Ok(self.session.forget()?)
    }
}

impl WebSession {
    fn noticing_changes(
        &mut self,
        act: impl FnOnce(&mut Session) -> Result<(), Error>,
    ) -> Result<bool, JsValue> {
        let before = self.session.interview().log().clone();
        act(&mut self.session)?;
        Ok(before != *self.session.interview().log())
    }

    fn read_candidates(&self, candidates: JsValue) -> Result<Vec<Candidate>, Error> {
        let dimensions = self.session.interview().deck().dimensions().len();
        Candidate::read_list(Deserializer::from(candidates), dimensions)
    }

    fn with_levels(&self, answer: AnswerFields) -> Result<model::Answer, Error> {
        answer.read(self.session.interview().deck().answer_kind().levels())
    }
}

fn read_fields(answer: &Ts<AnswerFields>) -> Result<AnswerFields, Error> {
    crate::format::read(Deserializer::from(answer.js_value())).map_err(Error::Answer)
}

fn to_js<T: serde::Serialize + tsify::Tsify>(value: &T) -> Ts<T> {
    Ts::new_unchecked(convert::write(value))
}
