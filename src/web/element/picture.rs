//! The picture of a profile: one row a dimension, the estimate as a dot, its interval as a bar.

use super::dom::{Dom, ElementExt};
use super::words;
use crate::deck::Deck;
use crate::profile::{Leaning, Profile};
use alloc::string::String;
use web_sys::Element;

/// Where a weight lies on the way from the low end (0) to the high end (100), in percent.
fn place(leaning: &Leaning, reach: f64, weight: f64) -> f64 {
    if reach > 0.0 { (50.0 + 50.0 * weight * leaning.spread / reach).clamp(0.0, 100.0) } else { 50.0 }
}

fn percent(share: f64) -> String {
    // Tenths of a percent are finer than a pixel, and whole numbers are all the formatting this needs.
    let tenths = libm::round(share * 10.0) as usize;
    text![tenths / 10, ".", tenths % 10, "%"]
}

/// The list of dimensions, each with its two ends, its picture, and what that means in words.
pub fn draw(dom: &Dom, profile: &Profile, deck: &Deck) -> Element {
    let list = dom.element("ul", "dimensions");
    for (leaning, dimension) in profile.dimensions.iter().zip(deck.dimensions()) {
        let row = dom.element("li", "dimension");
        let meaning = dom.element("p", "meaning");
        meaning.add(&[&dom.text("span", "label", &dimension.label), &dom.text("span", "words", &leaning.words)]);
        // A coin's chance beside "not clear yet" would only confuse.
        if leaning.is_clear() {
            meaning.add(&[&dom.text("span", "sure", &words::sure(leaning.sure))]);
        }
        let scale = dom.element("div", "scale");
        scale.add(&[
            &dom.text("span", "low", &dimension.low),
            &bar(dom, leaning, profile.reach),
            &dom.text("span", "high", &dimension.high),
        ]);
        row.add(&[&meaning, &scale]);
        list.add(&[&row]);
    }
    list
}

fn bar(dom: &Dom, leaning: &Leaning, reach: f64) -> Element {
    let at = |weight: f64| place(leaning, reach, weight);
    let (from, to) = (at(leaning.interval.0), at(leaning.interval.1));
    let svg = dom.svg("svg", "bar");
    // The words beside it say the same.
    svg.set("aria-hidden", "true");
    let axis = shape(dom, "rect", "axis", &[("x", "0"), ("y", "9"), ("width", "100%"), ("height", "2")]);
    let middle = shape(dom, "rect", "middle", &[("x", "50%"), ("y", "3"), ("width", "1"), ("height", "14")]);
    let (x, width) = (percent(from), percent(to - from));
    let bar = [("x", x.as_str()), ("y", "6"), ("width", width.as_str()), ("height", "8"), ("rx", "4")];
    let interval = shape(dom, "rect", "interval", &bar);
    let center = percent(at(leaning.mean));
    let dot = shape(dom, "circle", "dot", &[("cx", center.as_str()), ("cy", "10"), ("r", "5")]);
    svg.add(&[&axis, &middle, &interval, &dot]);
    svg
}

fn shape(dom: &Dom, tag: &str, class: &str, attributes: &[(&str, &str)]) -> Element {
    let shape = dom.svg(tag, class);
    for (name, value) in attributes {
        shape.set(name, value);
    }
    shape
}
