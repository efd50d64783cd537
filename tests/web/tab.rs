//! A tab of the browser in which somebody is interviewed.

#![expect(
    clippy::needless_pass_by_value,
    reason = "tests write JSON where they call"
)]

use leaning::web::WebSession;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::LazyLock;
use tsify::Ts;
use wasm_bindgen::{JsCast, JsValue};

/// The text of the deck that most tests are about: the demo's, which asks for plain choices here.
pub static DECK: LazyLock<String> = LazyLock::new(|| {
    let demo = include_str!("../../www/decks/assistant-style-en.json");
    let mut deck: Value = serde_json::from_str(demo).expect("the deck is JSON");
    deck.as_object_mut()
        .expect("a deck is an object")
        .remove("answers");
    deck.to_string()
});

/// A text for a deck of two dimensions and two prompts.
pub const SMALL_DECK: &str = include_str!("../bad/deck.json");

/// A session as a page holds it. Arguments and results are JSON, and as in JavaScript all who hold it
/// may change it.
pub struct Tab(RefCell<WebSession>);

/// An error that the module has thrown.
#[derive(Debug)]
pub struct Thrown {
    pub code: String,
    pub path: Option<String>,
    pub message: String,
}

impl Tab {
    /// Opens the deck of [`DECK`].
    pub fn open(options: Value) -> Tab {
        Tab::open_deck(&DECK, options).expect("deck and options are valid")
    }

    /// Opens the deck of a JSON text.
    pub fn open_deck(deck: &str, options: Value) -> Result<Tab, Thrown> {
        Tab::open_object(parse(deck), to_js(&options))
    }

    pub fn open_object(deck: JsValue, options: JsValue) -> Result<Tab, Thrown> {
        let session = WebSession::open(Ts::new_unchecked(deck), options, None, None, None, None)?;
        Ok(Tab(RefCell::new(session)))
    }

    pub fn question(&self) -> Option<Value> {
        let question = self.0.borrow_mut().question();
        question
            .expect("the weights can be inferred")
            .map(|question| from_js(question.into()))
    }

    pub fn answer(&self, answer: Value) -> Result<(), Thrown> {
        let answer = Ts::new_unchecked(to_js(&fields(answer)));
        Ok(self.0.borrow_mut().answer(answer)?)
    }

    /// Answers the next question.
    pub fn answer_next(&self, answer: Value) {
        self.question().expect("the interview is not over");
        self.answer(answer).expect("the answer is on offer");
    }

    pub fn undo(&self) -> bool {
        self.0.borrow_mut().undo().expect("the stored log is valid")
    }

    pub fn retract(&self, id: &str) -> bool {
        let retracted = self.0.borrow_mut().retract(id);
        retracted.expect("the stored log is valid")
    }

    pub fn set_weight(&self, dimension: &str, weight: f64) -> Result<(), Thrown> {
        Ok(self.0.borrow_mut().set_weight(dimension, weight)?)
    }

    pub fn entries(&self, last: Option<usize>) -> Vec<Value> {
        let entries = self.0.borrow_mut().entries(last);
        list(entries.expect("the weights can be inferred"))
    }

    pub fn what_if(&self, dimension: &str) -> Result<Value, Thrown> {
        Ok(from_js(
            self.0.borrow_mut().what_if(dimension, None)?.into(),
        ))
    }

    pub fn status(&self) -> Value {
        self.try_status().expect("the weights can be inferred")
    }

    pub fn try_status(&self) -> Result<Value, Thrown> {
        Ok(from_js(self.0.borrow_mut().status()?.into()))
    }

    pub fn expected_regret(&self) -> f64 {
        let regret = self.0.borrow_mut().expected_regret();
        regret
            .expect("the weights can be inferred")
            .expect("some weights describe the person")
    }

    pub fn rank(&self, candidates: Value, options: Option<Value>) -> Result<Vec<Value>, Thrown> {
        let options = options.map(|options| Ts::new_unchecked(to_js(&options)));
        let ranked = self.0.borrow_mut().rank(to_js(&candidates), options)?;
        Ok(list(ranked))
    }

    pub fn compare(&self, candidates: Value) -> Result<Option<Value>, Thrown> {
        let question = self.0.borrow_mut().compare(to_js(&candidates))?;
        Ok(question.map(|question| from_js(question.into())))
    }

    pub fn observe(&self, candidates: Value, answer: Value) -> Result<(), Thrown> {
        let answer = Ts::new_unchecked(to_js(&fields(answer)));
        let mut session = self.0.borrow_mut();
        Ok(session.observe(to_js(&candidates), answer)?)
    }

    pub fn profile(&self) -> Value {
        let profile = self.0.borrow_mut().profile();
        from_js(profile.expect("the weights can be inferred").into())
    }

    pub fn laplace_approximation(&self) -> Value {
        let laplace = self.0.borrow_mut().laplace_approximation();
        from_js(laplace.expect("the weights can be inferred").into())
    }

    pub fn export_log(&self) -> String {
        self.0.borrow_mut().export_log()
    }

    pub fn import_log(&self, log: &str) -> Result<(), Thrown> {
        Ok(self.0.borrow_mut().import_log(log)?)
    }

    pub fn configure(&self, options: Value) -> Result<(), Thrown> {
        let options = Ts::new_unchecked(to_js(&options));
        Ok(self.0.borrow_mut().configure(options)?)
    }

    /// Called by a page when the browser tells that another tab has removed the log.
    pub fn removed_elsewhere(&self) -> bool {
        let done = self.0.borrow_mut().removed_elsewhere();
        done.expect("the stored log is of this deck")
    }

    /// Called by a page when the browser tells that another tab has written.
    pub fn refresh(&self) -> bool {
        let done = self.0.borrow_mut().refresh();
        done.expect("the stored log is of this deck")
    }

    pub fn forget(&self) {
        self.try_forget().expect("the storage works");
    }

    pub fn try_forget(&self) -> Result<(), Thrown> {
        Ok(self.0.borrow_mut().forget()?)
    }

    /// Answers all questions as somebody who always takes the briefest candidate. Returns the number
    /// of answers.
    pub fn answer_as_the_brief(&self) -> usize {
        let mut answers = 0;
        while let Some(question) = self.question() {
            let count = list_of(&question["candidates"]).len();
            let briefest = (0..count)
                .max_by(|&a, &b| brevity(&question, a).total_cmp(&brevity(&question, b)))
                .expect("there are candidates");
            self.answer(chose(briefest)).expect("a choice is on offer");
            answers += 1;
        }
        answers
    }
}

impl From<JsValue> for Thrown {
    fn from(error: JsValue) -> Self {
        let error: js_sys::Error = error.dyn_into().expect("an Error is thrown");
        let property = |name: &str| {
            let value = js_sys::Reflect::get(&error, &name.into());
            value.expect("errors are objects").as_string()
        };
        Thrown {
            code: property("code").expect("it has a code"),
            path: property("path"),
            message: error.message().into(),
        }
    }
}

/// The answer that chooses the candidate at this place.
pub fn chose(place: usize) -> Value {
    json!({ "chose": place })
}

/// The brevity of the candidate of [`DECK`] that a question shows at this place.
fn brevity(question: &Value, place: usize) -> f64 {
    static PROMPTS: LazyLock<Value> = LazyLock::new(|| from_js(parse(&DECK))["prompts"].take());
    let prompt = &PROMPTS[index(&question["prompt"])];
    let candidate = &prompt["candidates"][index(&question["candidates"][place])];
    number(&candidate["scores"][0])
}

pub fn index(value: &Value) -> usize {
    value.as_u64().expect("it is an index") as usize
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().expect("it is a number")
}

pub fn list_of(value: &Value) -> &[Value] {
    value.as_array().expect("it is a list")
}

fn list(value: JsValue) -> Vec<Value> {
    list_of(&from_js(value)).to_vec()
}

/// The object of a JSON text, by the browser's own parser.
fn parse(text: &str) -> JsValue {
    js_sys::JSON::parse(text).expect("the text is JSON")
}

pub fn to_js(value: &Value) -> JsValue {
    parse(&value.to_string())
}

fn from_js(value: JsValue) -> Value {
    serde_wasm_bindgen::from_value(value).expect("results are plain data")
}

/// The fields of an answer, which may be a verdict by its name.
pub fn fields(answer: Value) -> Value {
    match answer {
        Value::String(verdict) => json!({ "verdict": verdict }),
        answer => answer,
    }
}
