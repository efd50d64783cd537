//! `<leaning-quiz>`: the interview as a person sees it.

use super::dom::{Dom, ElementExt};
use super::picture;
use super::words::{self, Progress};
use crate::answer::Answer;
use crate::error::Error;
use crate::question::{MOST_SHOWN, Question};
use crate::stopping::Reason;
use crate::web::api::{Leaning, Session};
use alloc::borrow::ToOwned;
use alloc::rc::Rc;
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
    /// The question that is shown. An answer is one to this, whatever the interview would ask by now.
    question: Option<Question>,
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
        let mut view = QuizView { session, dom, stage, live, question: None };
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
            _ => match (0..MOST_SHOWN).find(|place| text![*place] == action) {
                Some(place) => self.answer(Answer::Chose(place))?,
                None => false,
            },
        };
        if done {
            self.draw();
            self.announce(action == "undo");
        }
        Ok(done)
    }

    /// Draws what there is to show now.
    pub fn draw(&mut self) {
        let question = self.session.borrow_mut().interview.next().cloned();
        self.stage.set_text_content(None);
        self.stage.set("class", if question.is_some() { "quiz asking" } else { "quiz over" });
        match &question {
            Some(question) => self.draw_question(question),
            None => self.draw_end(),
        }
        self.question = question;
    }
}

impl QuizView {
    fn answer(&self, answer: Answer) -> Result<bool, Error> {
        let offered = |question: &&Question| match answer {
            Answer::Chose(place) => place < question.shown.len(),
            answer => question.offered.allows(answer),
        };
        let Some(question) = self.question.as_ref().filter(offered) else { return Ok(false) };
        self.session.borrow_mut().change(|interview| interview.answer_to(question, answer))?;
        Ok(true)
    }

    fn progress(&self) -> Progress {
        let session = self.session.borrow();
        Progress {
            answered: session.interview.counts().1,
            remaining: session.interview.remaining(),
            about: session.may_end_early,
        }
    }

    fn draw_question(&self, question: &Question) {
        let dom = &self.dom;
        let so_far = self.progress();
        let bar = dom.element("progress", "progress");
        bar.set("max", &text![so_far.answered + so_far.remaining.max(1)]);
        bar.set("value", &text![so_far.answered]);
        bar.set("aria-hidden", "true");
        let session = self.session.borrow();
        let deck = session.interview.deck();
        let prompt = question.prompt.map_or("", |prompt| deck.prompts()[prompt].text.as_str());
        let heading = dom.foreign("h2", "prompt", prompt, deck.language());
        // It takes the focus when the button that had it is gone.
        heading.set("tabindex", "-1");
        let candidates = dom.element("div", "candidates");
        for (place, shown) in question.shown.iter().enumerate() {
            let card = dom.element("article", "candidate");
            card.add(&[
                &dom.text("h3", "answer", &words::answer(place + 1)),
                &dom.foreign("p", "text", &shown.text, deck.language()),
                &dom.button("choose", &text![place], &words::choose(place + 1)),
            ]);
            candidates.add(&[&card]);
        }
        let others = dom.element("div", "others");
        let offered = question.offered;
        for (on, action, text) in [
            (offered.tie, "tie", words::TIE),
            (offered.neither, "neither", words::neither(question.shown.len())),
            (offered.skip, "skip", words::SKIP),
            (session.interview.log().live().next().is_some(), "undo", words::UNDO),
        ] {
            if on {
                others.add(&[&dom.button("other", action, text)]);
            }
        }
        let picture = picture::draw(dom, &session.interview.profile(), deck);
        picture.set("aria-label", words::SO_FAR);
        self.stage.add(&[
            &dom.text("p", "count", &words::progress(so_far)),
            &bar,
            &heading,
            &dom.text("p", "ask", words::ASK),
            &candidates,
            &others,
            &dom.text("p", "keys", &words::keys(question.shown.len(), offered.tie)),
            &picture,
        ]);
    }

    fn draw_end(&self) {
        let dom = &self.dom;
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
            &dom.text("p", "reason", session.interview.reason().map_or("", Reason::words)),
            &dom.text("p", "count", &words::rests_on(profile.answers)),
            &picture::draw(dom, &profile, session.interview.deck()),
            &dom.text("p", "kept", if session.is_kept() { words::KEPT } else { words::NOT_KEPT }),
            &others,
        ]);
    }

    fn announce(&self, undone: bool) {
        let reason = self.session.borrow().interview.reason();
        let text = match reason {
            Some(reason) => reason.words().to_owned(),
            None => words::answered(self.progress(), undone),
        };
        self.live.set_text_content(Some(&text));
    }
}
