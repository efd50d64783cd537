//! `<leaning-quiz>`: the interview as a person sees it.

use super::dom::{Dom, ElementExt};
use super::{picture, words};
use crate::answer::Answer;
use crate::error::Error;
use crate::question::Question;
use crate::web::api::{Leaning, Session};
use alloc::borrow::ToOwned;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;

/// The quiz inside `root`. `js/element.js` hands it clicks and keys; it changes the interview and what is shown.
#[wasm_bindgen]
pub struct QuizView {
    session: Rc<RefCell<Session>>,
    dom: Dom,
    /// Replaced with every question.
    stage: Element,
    /// The live region: it has to stay in place to be heard.
    live: Element,
    heading: Option<Element>,
    choices: Vec<Element>,
}

#[wasm_bindgen]
impl QuizView {
    /// Shows the interview in `root`.
    #[wasm_bindgen(constructor)]
    pub fn new(leaning: &Leaning, root: Element) -> QuizView {
        let dom = Dom::of(&root);
        let (stage, live) = (dom.element("div", "quiz"), dom.element("p", "live"));
        live.set("role", "status");
        root.set_text_content(None);
        root.add(&[&stage, &live]);
        let session = Rc::clone(&leaning.session);
        let mut view = QuizView { session, dom, stage, live, heading: None, choices: Vec::new() };
        view.draw();
        view
    }

    /// Does what a button or a key stands for: "0", "1", … chooses, "tie", "neither" and "skip" answer, "undo" takes
    /// back. Whether anything was there to be done.
    pub fn act(&mut self, action: &str) -> Result<bool, JsValue> {
        let done = match action {
            "undo" => self.session.borrow_mut().change(crate::Interview::undo)?,
            "tie" => self.answer(Answer::Tie)?,
            "neither" => self.answer(Answer::Neither)?,
            "skip" => self.answer(Answer::Skip)?,
            _ => match action.parse() {
                Ok(place) => self.answer(Answer::Chose(place))?,
                Err(_) => false,
            },
        };
        if done {
            self.draw();
            self.announce(action == "undo");
        }
        Ok(done)
    }

    /// Moves the focus to the next choice, or to the one before.
    #[wasm_bindgen(js_name = moveFocus)]
    pub fn move_focus(&self, focused: Option<Element>, forward: bool) {
        let count = self.choices.len();
        if count == 0 {
            return;
        }
        let place = self.choices.iter().position(|choice| Some(choice) == focused.as_ref());
        let next = match place {
            None => 0,
            Some(place) if forward => (place + 1) % count,
            Some(place) => (place + count - 1) % count,
        };
        self.choices[next].take_focus();
    }

    /// What takes the focus when what had it is gone: the heading of the question, or of what was learned.
    #[wasm_bindgen(getter)]
    pub fn heading(&self) -> Option<Element> {
        self.heading.clone()
    }

    /// Draws what there is to show now.
    pub fn draw(&mut self) {
        let question = self.session.borrow_mut().interview.next().cloned();
        self.stage.set_text_content(None);
        self.stage.set("class", if question.is_some() { "quiz asking" } else { "quiz over" });
        self.choices.clear();
        match question {
            Some(question) => self.draw_question(&question),
            None => self.draw_end(),
        }
    }
}

impl QuizView {
    fn answer(&mut self, answer: Answer) -> Result<bool, Error> {
        let mut session = self.session.borrow_mut();
        let offered = session.interview.next().is_some_and(|question| match answer {
            Answer::Chose(place) => place < question.shown.len(),
            answer => question.offered.allows(answer),
        });
        if offered {
            session.answer(answer)?;
        }
        Ok(offered)
    }

    /// The number of this question, and of all.
    fn progress(&self) -> (usize, usize) {
        let interview = &self.session.borrow().interview;
        let answered = interview.counts().1;
        let of = answered + interview.remaining();
        ((answered + 1).min(of), of)
    }

    fn draw_question(&mut self, question: &Question) {
        let dom = self.dom.clone();
        let (number, of) = self.progress();
        let bar = dom.element("progress", "progress");
        bar.set("max", &text![of]);
        bar.set("value", &text![number - 1]);
        bar.set("aria-hidden", "true");
        let session = self.session.borrow();
        let deck = session.interview.deck();
        let prompt = question.prompt.map_or("", |prompt| deck.prompts()[prompt].text.as_str());
        let heading = dom.foreign("h2", "prompt", prompt, deck.language());
        heading.set("tabindex", "-1");
        let candidates = dom.element("div", "candidates");
        for (place, shown) in question.shown.iter().enumerate() {
            let card = dom.element("article", "candidate");
            let choice = dom.button("choose", &text![place], &words::choose(place + 1));
            card.add(&[
                &dom.text("h3", "answer", &words::answer(place + 1)),
                &dom.foreign("p", "text", &shown.text, deck.language()),
                &choice,
            ]);
            candidates.add(&[&card]);
            self.choices.push(choice);
        }
        let others = dom.element("div", "others");
        let offered = question.offered;
        for (on, action, text) in [
            (offered.tie, "tie", words::TIE),
            (offered.neither, "neither", words::NEITHER),
            (offered.skip, "skip", words::SKIP),
            (session.interview.log().live().next().is_some(), "undo", words::UNDO),
        ] {
            if on {
                others.add(&[&dom.button("other", action, text)]);
            }
        }
        let picture = picture::draw(&dom, &session.interview.profile(), deck);
        picture.set("aria-label", words::SO_FAR);
        self.stage.add(&[
            &dom.text("p", "count", &words::progress(number, of)),
            &bar,
            &heading,
            &dom.text("p", "ask", words::ASK),
            &candidates,
            &others,
            &dom.text("p", "keys", words::KEYS),
            &picture,
        ]);
        drop(session);
        self.heading = Some(heading);
    }

    fn draw_end(&mut self) {
        let dom = self.dom.clone();
        let session = self.session.borrow();
        let profile = session.interview.profile();
        let heading = dom.text("h2", "done", words::DONE);
        heading.set("tabindex", "-1");
        let others = dom.element("div", "others");
        if session.interview.log().live().next().is_some() {
            others.add(&[&dom.button("other", "undo", words::UNDO)]);
        }
        self.stage.add(&[
            &heading,
            &dom.text("p", "count", &words::rests_on(profile.answers)),
            &picture::draw(&dom, &profile, session.interview.deck()),
            &dom.text("p", "kept", if session.is_kept() { words::KEPT } else { words::NOT_KEPT }),
            &others,
        ]);
        drop(session);
        self.heading = Some(heading);
    }

    fn announce(&self, undone: bool) {
        let over = self.choices.is_empty();
        let (number, of) = self.progress();
        let text = if over { words::DONE.to_owned() } else { words::answered(number, of, undone) };
        self.live.set_text_content(Some(&text));
    }
}
