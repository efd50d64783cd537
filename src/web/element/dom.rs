//! The little of the DOM that the elements need.

use wasm_bindgen::UnwrapThrowExt;
use web_sys::{Document, Element};

const SVG: &str = "http://www.w3.org/2000/svg";

/// Makes elements of one document.
#[derive(Clone)]
pub struct Dom(Document);

impl Dom {
    /// The document that `node` belongs to.
    pub fn of(node: &Element) -> Self {
        Dom(node.owner_document().unwrap_throw())
    }

    /// An HTML element of a class that is also its part name, for the host's styles.
    pub fn element(&self, tag: &str, class: &str) -> Element {
        // Only a tag that is no name could fail, and all tags are written in this folder.
        let element = self.0.create_element(tag).unwrap_throw();
        element.set("class", class);
        element.set("part", class);
        element
    }

    /// An HTML element with a text.
    pub fn text(&self, tag: &str, class: &str, text: &str) -> Element {
        let element = self.element(tag, class);
        element.set_text_content(Some(text));
        element
    }

    /// An HTML element with a text of the deck, whose language and direction may be others than the page's.
    pub fn foreign(&self, tag: &str, class: &str, text: &str, language: Option<&str>) -> Element {
        let element = self.text(tag, class, text);
        element.set("dir", "auto");
        if let Some(language) = language {
            element.set("lang", language);
        }
        element
    }

    /// A button that does `action`, see `js/element.js`.
    pub fn button(&self, class: &str, action: &str, text: &str) -> Element {
        let button = self.text("button", class, text);
        button.set("type", "button");
        button.set("data-action", action);
        button
    }

    /// An SVG element.
    pub fn svg(&self, tag: &str, class: &str) -> Element {
        let element = self.0.create_element_ns(Some(SVG), tag).unwrap_throw();
        element.set("class", class);
        element
    }
}

/// Short names for what is done all the time.
pub trait ElementExt {
    /// Sets an attribute.
    fn set(&self, name: &str, value: &str);
    /// Appends children in order.
    fn add(&self, children: &[&Element]);
}

impl ElementExt for Element {
    fn set(&self, name: &str, value: &str) {
        self.set_attribute(name, value).unwrap_throw();
    }

    fn add(&self, children: &[&Element]) {
        for child in children {
            self.append_child(child).unwrap_throw();
        }
    }
}
